### What people call the codes of the lists, first those that mean the same everywhere.

## The same everywhere
code-other = Other
code-none = None
code-low = Low
code-normal = Normal
code-high = High
code-urgent = Urgent
code-email = E-mail
code-sms = SMS
code-wechat = WeChat
code-phone = Phone
code-call = Call
code-visit = Visit
code-web = Web
code-notice = Notice
code-new = New
code-draft = Draft
code-planned = Planned
code-active = Active
code-paused = Paused
code-open = Open
code-done = Done
code-closed = Closed
code-cancelled = Cancelled
code-sent = Sent
code-accepted = Accepted
code-rejected = Rejected
code-approved = Approved
code-missed = Missed
code-failed = Failed
code-unknown = Unknown
code-expired = Expired
code-won = Won
code-lost = Lost
code-partial = Partial
code-full = Full
code-user = User
code-customer = Customer
code-contact = Contact
code-lead = Lead
code-opportunity = Opportunity
code-quote = Quote
code-order = Order
code-shipment = Shipment
code-invoice = Invoice
code-payment = Payment
code-ticket = Ticket
code-product = Product
code-company = Company
code-person = Person
code-dealer = Dealer
code-team = Team
code-region = Region
code-service = Service
code-complaint = Complaint

## user_kind, user_status, notify, key_state
code-user-kind--person = Person
code-user-kind--service = Service user
code-user-status--active = Active
code-user-status--suspended = Suspended
code-user-status--left = Left
code-notify--stdout = In the terminal
code-key-state--active = Active
code-key-state--revoked = Revoked

## override, reach
code-override--credit-limit = Credit limit
code-override--negative-stock = Negative stock
code-override--closed-period = Closed period
code-reach--all = All
code-reach--team = Team
code-reach--own = Own
code-reach--none = None

## customer_kind, customer_status, opt_out, address_use
code-customer-kind--company = Company
code-customer-kind--person = Person
code-customer-kind--dealer = Dealer
code-customer-status--normal = Normal
code-customer-status--blocked = Blocked
code-address-use--billing = Billing
code-address-use--shipping = Shipping
code-address-use--site = Site

## industry, size, level, price_level
code-industry--manufacturing = Manufacturing
code-industry--retail = Retail
code-industry--wholesale = Wholesale
code-industry--logistics = Logistics
code-industry--construction = Construction
code-industry--real-estate = Real estate
code-industry--hospitality = Hospitality
code-industry--education = Education
code-industry--health = Health
code-industry--finance = Finance
code-industry--government = Government
code-industry--technology = Technology
code-industry--agriculture = Agriculture
code-industry--energy = Energy
code-industry--services = Services
code-size--1-9 = 1–9
code-size--10-49 = 10–49
code-size--50-249 = 50–249
code-size--250-999 = 250–999
code-size--1000plus = 1000 and more
code-level--A = A
code-level--B = B
code-level--C = C
code-price-level--retail = Retail
code-price-level--dealer = Dealer
code-price-level--vip = VIP

## contact_role
code-contact-role--decision-maker = Decision maker
code-contact-role--evaluator = Evaluator
code-contact-role--influencer = Influencer
code-contact-role--user = User
code-contact-role--finance = Finance

## lead_status, source, lost_reason
code-lead-status--new = New
code-lead-status--contacted = Contacted
code-lead-status--nurture = Nurture
code-lead-status--qualified = Qualified
code-lead-status--converted = Converted
code-lead-status--unqualified = Unqualified
code-lead-status--junk = Junk
code-source--store = Store
code-source--referral = Referral
code-source--exhibition = Exhibition
code-source--ad = Advertisement
code-source--campaign = Campaign
code-source--partner = Partner
code-source--import = Import
code-lost-reason--price = Price
code-lost-reason--competitor = Competitor
code-lost-reason--budget = Budget
code-lost-reason--no-need = No need
code-lost-reason--missing-feature = Missing feature
code-lost-reason--timing = Timing
code-lost-reason--no-decision-maker = No decision maker
code-lost-reason--unreachable = Unreachable
code-lost-reason--poor-fit = Poor fit
code-lost-reason--duplicate = Duplicate
code-lost-reason--spam = Spam

## pool_of, segment_of, assignment_of, assignment_method
code-assignment-method--round-robin = Round robin
code-assignment-method--least-busy = Least busy
code-assignment-method--capacity = Capacity
code-assignment-method--region = Region

## stage_type, amount_source, forecast
code-amount-source--manual = Manual
code-amount-source--products = Products
code-amount-source--quote = Quote
code-forecast--pipeline = Pipeline
code-forecast--best-case = Best case
code-forecast--commit = Commit
code-forecast--omitted = Omitted

## followup_kind, followup_status, direction, outcome
code-followup-kind--meeting = Meeting
code-followup-kind--demo = Demo
code-followup-kind--note = Note
code-followup-kind--task = Task
code-direction--out = Outgoing
code-direction--in = Incoming
code-outcome--connected = Connected
code-outcome--no-answer = No answer
code-outcome--busy = Busy
code-outcome--interested = Interested
code-outcome--not-interested = Not interested
code-outcome--call-back = Call back
code-outcome--refused = Refused
code-outcome--agreed = Agreed

## message_status, purpose, template_channel
code-message-status--queued = Queued
code-message-status--claimed = Being sent
code-message-status--failed = Failed
code-message-status--unknown = Unknown
code-message-status--received = Received
code-purpose--marketing = Marketing
code-purpose--internal = Internal
code-template-channel--document = Document

## campaign_kind, campaign_status
code-campaign-kind--event = Event
code-campaign-kind--exhibition = Exhibition
code-campaign-kind--ad = Advertisement
code-campaign-kind--referral = Referral
code-campaign-kind--content = Content
code-campaign-status--active = Active
code-campaign-status--done = Done

## threat, market_note_kind
code-threat--medium = Medium
code-market-note-kind--industry = Industry
code-market-note-kind--competitor = Competitor
code-market-note-kind--demand = Demand
code-market-note-kind--policy = Policy
code-market-note-kind--survey = Survey

## feedback_kind, feedback_status, rating_scale, about
code-feedback-kind--praise = Praise
code-feedback-kind--idea = Idea
code-feedback-kind--bug = Bug
code-feedback-kind--rating = Rating
code-feedback-status--new = New
code-feedback-status--triaged = Triaged
code-feedback-status--planned = Planned
code-feedback-status--declined = Declined
code-rating-scale--csat = Satisfaction, 1 to 5
code-rating-scale--nps = Recommendation, 0 to 10
code-about--delivery = Delivery
code-about--sales = Sales
code-about--crm = This program

## product_kind, product_status, unit, movement_kind
code-product-kind--good = Good
code-product-status--active = On sale
code-product-status--paused = Paused
code-product-status--discontinued = Discontinued
code-unit--piece = Piece
code-unit--set = Set
code-unit--box = Box
code-unit--kg = kg
code-unit--m = m
code-unit--m2 = m²
code-unit--l = l
code-unit--hour = Hour
code-unit--day = Day
code-unit--month = Month
code-unit--year = Year
code-movement-kind--opening = Opening stock
code-movement-kind--receive = Receipt
code-movement-kind--issue = Issue
code-movement-kind--adjust = Adjustment
code-movement-kind--transfer = Transfer
code-movement-kind--count = Count

## quote_status, order_status, price_mode, tax_rounding
code-quote-status--superseded = Superseded
code-order-status--confirmed = Confirmed
code-order-status--on-hold = On hold
code-price-mode--tax-excl = Without tax
code-price-mode--tax-incl = With tax
code-tax-rounding--line = By line
code-tax-rounding--document = By document

## return_reason, return_effect, invoice_kind, payment_kind, method
code-return-reason--defective = Defective
code-return-reason--wrong-item = Wrong item
code-return-reason--damaged = Damaged
code-return-reason--not-needed = Not needed
code-return-reason--late = Late
code-return-effect--reverse = Sale undone
code-return-effect--replace = Replacement
code-invoice-kind--credit-note = Credit note
code-payment-kind--receipt = Receipt
code-payment-kind--refund = Refund
code-payment-kind--transfer = Transfer
code-payment-kind--write-off = Write-off
code-method--bank = Bank transfer
code-method--cash = Cash
code-method--card = Card
code-method--wechat-pay = WeChat Pay
code-method--alipay = Alipay
code-method--cheque = Cheque

## ticket_kind, ticket_channel, severity, ticket_status, cause, remedy
code-ticket-kind--problem = Problem
code-ticket-kind--question = Question
code-ticket-kind--return = Return
code-ticket-kind--warranty = Warranty
code-ticket-channel--visit = Visit
code-severity--minor = Minor
code-severity--major = Major
code-severity--critical = Critical
code-ticket-status--new = New
code-ticket-status--open = Open
code-ticket-status--pending = Pending
code-ticket-status--resolved = Resolved
code-ticket-status--rejected = Rejected
code-ticket-status--duplicate = Duplicate
code-cause--defect = Defect
code-cause--installation = Installation
code-cause--operation = Operation
code-cause--transport = Transport
code-cause--wear = Wear
code-cause--software = Software
code-remedy--repair = Repair
code-remedy--replace = Replacement
code-remedy--refund = Refund
code-remedy--discount = Discount
code-remedy--explain = Explanation

## weekday
code-weekday--mon = Monday
code-weekday--tue = Tuesday
code-weekday--wed = Wednesday
code-weekday--thu = Thursday
code-weekday--fri = Friday
code-weekday--sat = Saturday
code-weekday--sun = Sunday

## target_scope, measure, basis
code-measure--qty = Quantity
code-measure--amount = Amount
code-measure--margin = Margin
code-measure--new-customers = New customers
code-measure--leads = Leads
code-measure--visits = Visits
code-basis--order = Orders
code-basis--invoice = Invoices
code-basis--payment = Payments
code-basis--won = Won opportunities

## Derived states
code-prospect = Prospect
code-dormant = Dormant
code-life--active = Active
code-to-ship-and-bill = To ship and bill
code-to-ship = To ship
code-to-bill = To bill
code-to-pay = To pay
code-completed = Completed
code-on-hold = On hold
code-confirmed = Confirmed
code-not-needed = Not needed
code-unpaid = Unpaid
code-partly-paid = Partly paid
code-paid = Paid
code-credit = Credit
code-met = Met
code-due = Due
code-response-due = Response due
code-resolution-due = Resolution due
code-fulfilled = Fulfilled
code-agreement--paused = On hold
code-agreement--failed = Failed
code-resolution-state--paused = On hold
code-resolution-state--failed = Failed
code-response-state--failed = Failed
code-warranty--in = In warranty
code-warranty--out = Out of warranty
code-converted = Converted
code-unqualified = Unqualified
code-overdue = Overdue
code-kept = Kept
code-set = Set
code-summed = Summed
code-no-touch = No touch
code-close-date-past = Close date past
code-no-next-step = No next step
code-bought-together = Bought together
code-popular = Popular
code-intent = Buying intent
code-replenish = Replenishment
code-cross-sell = Cross-selling
code-win-back = Win back
code-quote-open = Open quote
code-warranty-end = End of warranty
code-hot-lead = Hot lead
code-lost-again = Lost once

## Leads, their assignment and conversion

## Public pools

## Duplicates and timelines
code-tax-id = Tax number
code-name = Name
code-similar-name = Similar name
code-domain = Domain
code-street = Street
code-birthday = Birthday
code-city = City

## Opportunities
code-qualification = Qualification
code-needs = Needs
code-proposal = Proposal
code-negotiation = Negotiation

## Quotes

## Documents to hand out

## Invoices, returns and payments

## Recommendations

## Targets

## Segments and campaigns

## The page of figures
code-dashboard-section--sales = Sales
code-dashboard-section--targets = Targets
code-dashboard-section--pipeline = Pipeline
code-dashboard-section--leads = Leads
code-dashboard-section--today = Today
code-dashboard-section--orders = Orders
code-dashboard-section--money = Money
code-dashboard-section--stock = Stock
code-dashboard-section--service = Service
code-dashboard-metric--net = Net sales
code-dashboard-metric--margin-pct = Margin
code-dashboard-metric--orders = Orders
code-dashboard-metric--aov = Mean order
code-dashboard-metric--new-customers = New customers
code-dashboard-metric--attainment = Attainment
code-dashboard-metric--pace = Pace
code-dashboard-metric--open = Open opportunities
code-dashboard-metric--open-amount = Open amount
code-dashboard-metric--weighted = Weighted amount
code-dashboard-metric--win-rate = Win rate
code-dashboard-metric--forecast = Forecast of the period
code-dashboard-metric--stale = Neglected opportunities
code-dashboard-metric--leads = New leads
code-dashboard-metric--lead-rate = Lead conversion
code-dashboard-metric--waiting = Leads waiting for an answer
code-dashboard-metric--followups-due = Follow-ups due
code-dashboard-metric--followups-overdue = Follow-ups overdue
code-dashboard-metric--to-ship = Orders to ship
code-dashboard-metric--orders-late = Orders late
code-dashboard-metric--otif = On time in full
code-dashboard-metric--receivable = Receivables
code-dashboard-metric--receivable-overdue = Receivables overdue
code-dashboard-metric--dso = Days sales outstanding
code-dashboard-metric--received = Received
code-dashboard-metric--low-stock = Products low in stock
code-dashboard-metric--backlog = Ticket backlog
code-dashboard-metric--resolution-attainment = Resolved in time
code-dashboard-metric--csat-mean = Mean rating
