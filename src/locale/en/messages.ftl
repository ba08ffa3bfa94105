### What goes wrong, what a command says, and the ways out.

## Words
word-error = error
word-hint = hint
word-warning = warning
word-yes = yes
word-no = no
word-total = Total
word-row = row
word-rows = rows
word-provenance = Provenance
hint-legal = one of { $legal }
hint-candidates = give more of it: { $candidates }
hint-nearest = perhaps { $candidates }

## What a command says
receipt = { $subject } ({ $commit })
committed-untold = committed, but stdout could not take the ids: { $ids }
nothing-changed = nothing to change
dry-run = { $count ->
    [one] one record would change
   *[other] { $count } records would change
    }; nothing was written
confirm-remove = remove { $records }?
confirm-reopen = open it in the editor again?
edit-absent = not filled: { $fields }
title-log = Commits
title-diff = Changes
title-todo = To do: { $user }
title-stock = Stock
title-check = Known customers
title-findings = Findings
title-search = Search: { $words }
title-reports = Reports
title-runs = Scheduled reports
title-status = { $user }, { $day }
check-clean = { $count ->
    [one] one record,
   *[other] { $count } records,
    } nothing wrong
declined = answered no; nothing was written
needs-answer = { $question } needs an answer, and nobody can be asked; give `{ $flag }`
editor-failed = the editor `{ $editor }` failed; nothing was written
initialised = `{ $dir }` is a store now; `{ $user }` is its administrator
without-place-in-calendar = { $count ->
    [one] left out: one follow-up with neither an hour nor a day
   *[other] left out: { $count } follow-ups with neither an hour nor a day
    }
imported = { $noun }: { $made } added{ $updated ->
    [0] {""}
   *[other] , { $updated } changed
    }{ $unchanged ->
    [0] {""}
   *[other] , { $unchanged } unchanged
    }{ $skipped ->
    [0] {""}
   *[other] , { $skipped } skipped
    }{ $besides ->
    [0] {""}
   *[other] , { $besides } made besides
    }{ $rejected ->
    [0] {""}
   *[other] , { $rejected } rejected
    }
demo-there = the sample company is in `{ $dir }` already
demo-next =
    The sample company is in `{ $dir }`. What to try next:
      cd { $dir }
      export CRM_USER=li.na        who is acting; for one command: --as li.na, --as admin.liu
      crm status
      crm customer list --where region=north
      crm order list --where progress=to_ship
      crm report sales --by customer --period 2026
      crm log
      crm help
init-role = Administrator
init-pipeline = Sales

## The day on one screen
status-followups-overdue = Follow-ups overdue
status-followups-today = Follow-ups today
status-leads-new = New leads
status-orders-to-ship = Orders to ship
status-orders-late = Orders late
status-payments-overdue = Orders with payment overdue
status-tickets-open = Open tickets
status-hand-edits = Edits not committed

## Progress
progress-mirror = reading the records
progress-import = importing
progress-check = checking

## Values
bad-bool = `{ $value }` is not true or false
bad-code = `{ $value }` is not a code{ $reason ->
    [length] : it is too long
    [form] : only `a-z`, `0-9` and `_`
   *[other] {""}
    }
bad-country = `{ $value }` is not a country
bad-currency = `{ $value }` is not a currency
bad-day = `{ $value }` is not a day such as `2026-03-01`
bad-decimal = `{ $value }` { $reason ->
    [decimals] has more than six decimals
    [range] is too large
    [negative] must not be negative
   *[form] is not a number
    }
bad-duration = `{ $value }` is not a duration{ $reason ->
    [unit] : it has no known unit
    [range] : it is too long
   *[form] {" "}such as `30m`, `4h`, `2d`
    }
bad-email = `{ $value }` is not an e-mail address{ $reason ->
    [local] : the part before `@` is wrong
    [domain] : the part after `@` is wrong
   *[form] {""}
    }
bad-id = `{ $value }` is not an id
bad-instant = `{ $value }` is not a time such as `2026-03-01T09:00:00+08:00`
bad-int = `{ $value }` { $reason ->
    [range] is too large
   *[form] is not a whole number
    }
bad-money = `{ $value }` { $reason ->
    [decimals] has more decimals than its currency
    [range] is too large
    [negative] must not be negative
   *[form] is not an amount
    }
bad-number = `{ $value }` is not a number
bad-percent = `{ $value }` { $reason ->
    [decimals] has more than six decimals
    [range] is out of range
   *[form] is not a percentage
    }
bad-phone = `{ $value }` is not a phone number
bad-slug = `{ $value }` cannot be an id{ $reason ->
    [length] : it is longer than 64 characters
   *[form] : only letters, digits, `.`, `_` and `-`, beginning with a letter or digit
    }
bad-text = the text { $reason ->
    [lines] must be one line
    [control] has control characters
   *[empty] is empty
    }
bad-url = `{ $value }` is not a web address{ $reason ->
    [character] : it has a character that must not be there
    [host] : its host is wrong
   *[scheme] {" "}such as `https://example.com`
    }
bad-value = `{ $value }` does not fit field `{ $field }`{ $reason ->
    [base] : the base currency has rate 1
    [code] : no such code
    [decimals] : too many decimals
    [form] : not in its canonical form
    [language] : only `en` and `zh-CN`
    [zone] : not a time zone such as `Asia/Shanghai`
    [negative] : must not be negative
    [order-line] : not the product of that order line
    [order] : out of order, or repeated
    [range] : out of range
    [repeated] : given twice
    [scale] : wrong number of decimals
    [seconds] : whole seconds only
    [type] : wrong type
    [working-time] : working time is in `m` and `h`
    [zero] : must be above 0
   *[other] {""}
    }
amount-too-large = the amount is too large
empty-value = field `{ $field }` cannot be empty
missing-field = field `{ $field }` is missing
price-scale = price `{ $value }` needs at least { $digits } and at most six decimals
retired-code = code `{ $value }` of field `{ $field }` is retired
unknown-code = `{ $value }` is none of { $legal }
bad-row = `{ $value }` cannot be read as a row of `{ $field }`
bad-line = `{ $value }` cannot be read as a line{ $reason ->
    [discount] : the discount is wrong
    [price] : the price is wrong
    [qty] : the quantity must be a number above 0
    [quoted] : price and discount are those of the quote
   *[form] , such as `SKU:2@99.00-10%`
    }

## Dates, filters, fields
ambiguous-date = `{ $value }` can be read in two ways
bad-date = `{ $value }` is not a date
bad-zone = `{ $value }` is not a time zone such as `Asia/Shanghai`
dates-help = see `crm help dates`
end-before-start = the end `{ $end }` is before the start `{ $start }`
not-a-day = `{ $value }` is more than one day
open-period = `{ $value }` has no beginning or no end
bad-filter = `{ $value }` is not a filter
bad-element = `{ $value }` cannot be one member of a list
bad-operator = `{ $operator }` does not work on this field
filters-help = see `crm help filters`
bad-fields = `{ $value }` is not a list of fields
bad-sort = `{ $value }` is not a sort order
repeated-field = `{ $name }` is named twice in `{ $value }`
no-such-view = there is no view `{ $value }` of `{ $noun }`
view-of-other-type = the view `{ $value }` is of `{ $of }`, not of `{ $noun }`
view-key = `[views.{ $name }]` cannot have `{ $value }`
unknown-field = no field `{ $field }` is declared
unknown-field-name = `{ $noun }` has no field `{ $value }`
unknown-noun = there is no record type `{ $value }`

## The command line
bad-color = `{ $value }` is not a colour setting
bad-environment = `{ $value }` does not fit `{ $name }`
bad-format = `{ $value }` is not a format
bad-labels = `{ $value }` is not a label setting
bad-language = `{ $value }` is not a language of this program
binary-to-terminal = `{ $format }` is not for the terminal; give `-o FILE`
no-cards = `--format vcf` is for customers and contacts, not for `{ $value }`
no-calendar = `--format ics` is for follow-ups, not for `{ $value }`
missing-argument = `{ $noun }` needs `{ $value }`
missing-flag = `{ $flag }` is needed
unexpected-flag = `{ $verb }` does not take `{ $field }`
missing-command = a command is missing
unknown-command = there is no command `{ $value }`
unknown-flag = there is no flag `{ $value }` here
unexpected-argument = `{ $value }` is one argument too many
flag-twice = `{ $flag }` was given twice, or does not go with another flag
flag-needs-value = `{ $flag }` needs a value
bad-flag-value = `{ $value }` does not fit `{ $flag }`
argument-not-utf8 = an argument is not utf-8
usage-hint = the same command with `--help` shows what it takes
unknown-topic = there is no topic or command `{ $value }`
init-needs-identity = git knows no name or e-mail for you; give `{ $flag }`
demo-not-empty = `{ $dir }` is not empty and no store
no-such-file = no file fits `{ $value }`
bad-glob = `{ $value }` is not a file pattern: { $reason }
bad-delimiter = `{ $value }` is not a separator: one character, or `tab`
not-in-batch = `{ $value }` does not change a record and cannot stand in a batch
unbalanced-quotes = a quote is not closed in `{ $value }`
bad-param = `{ $value }` is not of the form `NAME=VALUE`
bad-sql = the query cannot be run: { $reason }
sql-not-read-only = only queries that read are allowed
reason-needed = `{ $verb }` needs `--reason`
file-error = `{ $path }`: { $reason }
io-error = { $reason }
mirror-error = the mirror of the store failed: { $reason }
no-actor = who is acting is not known
no-actor-hint = give `--as USER`, set `CRM_USER`, or set git's `user.email` to an address of a user
unknown-actor = `{ $value }` is no user of this store
inactive-actor = user `{ $value }` is { $state }
no-store = no store here or above
no-store-hint = make one with `crm init DIR`, or name it with `-C DIR` or `CRM_DIR`
if-match = `{ $record }` is at `{ $found }`, not `{ $wanted }`
key-reused = key `{ $key }` was used for something else in commit `{ $commit }`

## Looking up records
no-such-record = no { $noun } `{ $value }`
ambiguous-record = `{ $value }` means { $count } records of type { $noun }
no-such-row = `{ $record }` has no row `{ $value }`
ambiguous-row = `{ $value }` means { $count } rows of `{ $record }`
no-such-revision = `{ $value }` names no commit
before-history = the store did not exist at `{ $value }`

## Files
bad-toml = not readable as toml: { $reason }
bad-utf8 = not utf-8 at byte { $offset }
byte-order-mark = begins with a byte order mark
duplicate-slug = id `{ $other }` is taken
misplaced-file = `{ $path }` is not where its id belongs
newer-format = the store has format { $format }, newer than this program
record-too-large = the record is too large
carriage-return = has carriage returns at the ends of lines
fmt-hint = `crm fmt` writes it in its canonical form
unresolved-merge = a merge is unresolved here
unresolved-merge-hint = `crm conflicts` lists what is open, `crm resolve` decides it; or edit the file, then `git commit`
bad-custom-field = `{ $field }` in `crm.toml` cannot be a custom field
bad-custom-type = `{ $value }` is not a type for custom field `{ $field }`
bad-working-time = `{ $value }` of `{ $field }` is not working time: it is counted in `m` and `h`
bad-number-pattern = `{ $value }` of `{ $field }` has no `{"{seq:04}"}`

## Import
empty-file = the file is empty
not-csv = the file is not csv: it looks like { $looks }
not-csv-hint = `xlsx` and `jsonl` are known by the ending of the file name
broken-quotes = line { $line } has text after a closing quote
unclosed-quote = the quote opened in line { $line } is never closed
wrong-field-count = line { $line } has { $have } fields instead of { $want }
duplicate-header = two columns are named `{ $column }`
unknown-encoding = there is no encoding `{ $value }`
bad-bytes = line { $line }, byte { $offset }: not { $encoding }
encoding-hint = give `--encoding gb18030` for files of Chinese Excel
rows-in-a-cell = rows cannot stand in one cell
date-not-in-format = `{ $value }` is not a date in the form `{ $format }`

bad-map = the map is not readable at line { $line }: { $reason }
bad-map-entry = `{ $entry }` in `[{ $section }]` of the map fits nothing
duplicate-columns = columns `{ $first }` and `{ $second }` both mean field `{ $field }`
unmatched-columns = no field of `{ $noun }` for { $count ->
    [one] column
   *[other] columns
    } { $columns }
unmatched-columns-hint = name their fields, or leave them out, in a map: `--map FILE`
no-record-column = no column names the `{ $noun }` that the rows belong to
group-by-what = no column gives field `{ $field }` to group by
row-of-rejected-record = belongs to the record rejected in line { $line }
no-such-line = there is no line `{ $value }`
ambiguous-line = `{ $value }` means several lines
bad-part = `{ $value }` is not of the form `LINE:VALUE`
already-there = { $noun } `{ $record }` is there already
bad-json = line { $line } is not json: { $reason }
not-an-object = line { $line } is not a json object
not-cards = the file has no `BEGIN:VCARD`
no-cards-of = cards are read as customers or contacts, not as `{ $noun }`
bad-card-line = line { $line } is not `NAME:VALUE`
card-not-closed = the card that begins in line { $line } has no `END:VCARD`
card-without-name = the card that begins in line { $line } has no name
card-bytes = line { $line } is not { $encoding }
line-without-record = `{ $field }` needs the `{ $noun }` whose line it names
match-by-what = there is no field `{ $field }` to match by
rows-disagree = field `{ $field }` is `{ $value }` here, but `{ $first }` in line { $line }
twice-in-file = `{ $value }` in field `{ $field }` is in line { $line } too

## Every type
unknown-reference = `{ $value }` in field `{ $field }` does not exist
wrong-type-reference = `{ $value }` is of the wrong type for this field
reference-cycle = field `{ $field }` of `{ $record }` leads back to itself
still-referenced = { $count ->
    [one] one record still points
   *[other] { $count } records still point
    } at `{ $record }`
duplicate-key = key `{ $value }` belongs to `{ $other }`
duplicate-source-ref = external id `{ $value }` belongs to `{ $other }`
duplicate-number = number `{ $value }` belongs to `{ $other }`
duplicate-revision = quote `{ $value }` was revised twice, also as `{ $other }`
duplicate-value = `{ $value }` in field `{ $field }` belongs to `{ $other }`
duplicate-user-email = e-mail `{ $value }` belongs to user `{ $other }`
duplicate-tax-id = tax number `{ $value }` belongs to `{ $other }`
illegal-move = `{ $record }` is `{ $state }` and cannot make this move
move-in-future = `{ $value }` is in the future
move-before-last = `{ $value }` is before the previous move of `{ $last }`
broken-history = the history of `{ $field }` is broken at `{ $at }`{ $reason ->
    [order] : out of order
    [gap] : it does not begin where the one before ended
    [state] : it does not end in the present state
    [removed] : an entry was removed
   *[other] {""}
    }
changed-fact = `{ $record }` is a fact; field `{ $field }` cannot change
removed-fact = `{ $record }` is a fact and cannot be removed
reversed-twice = `{ $record }` would be reversed twice
not-reversible = records of type { $noun } cannot be reversed
missing-rate = there is no rate of { $currency } for { $on }
hint-report-rate = add one to crm.toml: `[rates.{ $currency }]`, `"{ $on }" = "…"`
hint-rate = give `--fx-rate`, or add one to crm.toml: `[rates.{ $currency }]`, `"{ $on }" = "…"`

## Customers and contacts
duplicate-phone = phone `{ $value }` belongs to `{ $other_name }`
duplicate-email = e-mail `{ $value }` belongs to `{ $other_name }`
duplicate-name = name `{ $value }` is that of `{ $other_name }`
duplicate-contact = `{ $value }` is also on contact `{ $other }` of the same customer
hint-allow-duplicate = give `--allow-duplicate` if it is somebody else
primary-contact-twice = customer `{ $customer }` has another primary contact, `{ $other }`
owner-and-pool = `{ $record }` has an owner and lies in a pool
blocked-customer = customer `{ $customer }` is blocked
hint-unblock = `crm customer unblock { $blocked } --reason …` lifts that
merged-record =
    { $edited ->
        [yes] `{ $record }` was edited after it had been merged into `{ $into }`
       *[no] `{ $record }` was merged into another record
    }
merge-into-merged = the record to keep was merged away itself
merge-self = a record cannot be merged into itself
merge-kind = the two customers are of different kinds; give `--prefer kind=ID`
pool-type = `{ $pool }` is a pool for another record type
not-in-pool = `{ $record }` { $pool ->
    [NONE] is in no pool
   *[other] is not in pool `{ $pool }`
    }{ $owner ->
    [NONE] {""}
   *[other] ; it belongs to `{ $owner }`
    }
claim-limit = this would make { $have } claims today; pool `{ $pool }` allows { $most }
hold-limit = this would make { $have } open records held; pool `{ $pool }` allows { $most }
reclaim-wait = a former owner waits { $days } days in pool `{ $pool }`: until { $day }

## Leads and opportunities
lead-without-name = a lead needs a name or a company
unreachable-lead = a lead needs a phone, an e-mail or a WeChat account
lost-without-reason = a loss needs its reason, and reason `other` a note
converted-without-customer = a converted lead needs its customer
closed-date = the closing day is there exactly when it is won or lost; the state is `{ $state }`
duplicate-lead = `{ $value }` is also on open lead `{ $other }`
lead-is-customer = `{ $value }` belongs to customer `{ $other }`
default-pipeline = exactly one pipeline must be the default
pipeline-shape = a pipeline has open stages, then one won at 100, then lost ones at 0
stage-in-use = stage `{ $stage }` is in use by { $count ->
    [one] one opportunity
   *[other] { $count } opportunities
    }
unknown-stage = pipeline `{ $pipeline }` has no stage `{ $stage }`
stage-requirement = stage `{ $stage }` needs field `{ $field }`
won-without-amount = a won opportunity needs an amount above 0
wrong-customer = `{ $value }` in field `{ $field }` belongs to another customer
credit-split = the shares of the credit make { $sum }, not 100
amount-mismatch = amount { $have } differs from its source, { $most }
close-date-past = the close date `{ $value }` is past

## Follow-ups, messages, marketing
planned-without-due = a planned follow-up needs a day
done-without-time = a done follow-up needs its time
done-in-future = `{ $value }` is in the future; plan it instead
no-address = the message has no receiver
no-address-hint = give the contact or customer an address of this channel, or name one with `--to`
opted-out = `{ $other }` wants no marketing by { $channel }
not-active = campaign `{ $campaign }` is { $state }, not active
campaign-dates = the end `{ $end }` is before the start `{ $start }`
segment-shape = a segment has either conditions or members
competitor-note-without-competitor = a note of kind competitor needs its competitor
score-without-scale = a score needs its scale
param-out-of-range = `{ $value }` is not between { $min } and { $max }
score-range = score { $value } is not between { $min } and { $max }
declined-without-reply = a declined feedback needs a reply

## Products and stock
inactive-product = product `{ $product }` is { $state }
no-price = product `{ $product }` has no price in { $currency } on { $date }; give `@PRICE`
serials-need-stock = serial numbers need stock to be kept
price-row-overlap = prices `{ $row }` and `{ $other }` hold at the same time
negative-stock = stock in `{ $warehouse }` would be { $have } on { $day }
movement-sign = quantity { $value } does not fit a movement of kind `{ $kind }`
unknown-warehouse = there is no warehouse `{ $value }`
same-warehouse = `{ $value }` cannot be both ends of a transfer
untracked-product = product `{ $product }` keeps no stock
count-mismatch = counted { $have }, but { $most } fits the other movements now
serial-count = { $have } serial numbers for { $most } of `{ $product }`
duplicate-serial = serial `{ $value }` of `{ $product }` is in stock or out twice
serial-not-received = serial `{ $value }` of `{ $product }` goes out before it came in

## People
no-admin = no active user would have an admin role
duplicate-grant = type `{ $value }` is granted twice
unknown-grant-type = there is no record type `{ $value }` to grant
duplicate-signing-key = the key belongs to user `{ $other }` too
left-with-open-records = `{ $record }` has left with { $have } open records
left-owner = `{ $record }` belongs to `{ $user }`, who has left
inactive-user = user `{ $user }` is { $state }
already-assigned = `{ $record }` belongs to `{ $owner }`
hint-reassign = give `--reassign` to change that
rule-without-candidates = rule `{ $record }` has no candidates

## Documents
empty-document = `{ $record }` has no lines
two-discounts = a discount is a percentage or an amount, not both
discount-over-line = the discount is larger than what it is taken from
discount-over-limit = discount { $have } % is above { $most } %
hint-approve = somebody whose role covers it can approve it: `crm { $noun } approve { $id }`
sent-document = `{ $record }` is { $state }; field `{ $field }` cannot change
confirmed-document = `{ $record }` is { $state }; field `{ $field }` cannot change
expired-quote = the quote was valid until { $value }
hint-accept-expired = give `--accept-expired` to accept it all the same
quote-not-open = quote `{ $record }` is { $state }
hint-allow-over = give `--allow-over` if it is meant
hint-override = a role with override `{ $code }` can pass it: `--override --reason`
hint-override-denied = no role of yours has override `{ $code }`
over-ordered = { $have } ordered of `{ $what }`, { $most } quoted
over-shipped = `{ $line }`: { $have } shipped, of { $most } there are to ship
over-billed = `{ $line }`: { $have } billed, of { $most } there are to bill
over-returned = `{ $line }`: { $have } returned of { $most } shipped
over-cancelled = `{ $line }`: { $have } cancelled, of { $most } that can be
over-credited = { $line ->
    [total] {""}
   *[other] `{ $line }`:{" "}
    }{ $have } credited of { $most } billed
over-paid = { $have } paid of { $most } owed
over-allocated = { $have } allocated of { $most } paid
over-credit-limit = customer `{ $customer }` would owe { $have }, above its credit limit of { $most }
credit-due = `{ $line }`: { $have } billed, but only { $most } is owed: a credit note is due
order-not-open = order `{ $order }` is { $state }{ $fact ->
    [none] ; this takes one that is { $legal }
    [shipped] , but there are shipments
    [billed] , but there are invoices
   *[paid] , but there are payments
    }
order-has-facts = `{ $record }` is shipped, billed or paid already
hint-order-has-facts = take that back first, or end it as it is: `crm order close { $id }`
payment-plan-sum = the payment plan makes { $have }, the order { $most }
ship-before-order = `{ $value }` is before the order's date, `{ $ordered }`
nothing-to-ship = nothing of `{ $record }` is left to ship
serial-without-line = serial `{ $value }` is for line `{ $line }`, which is not shipped here
total-mismatch = total { $have } differs from the sum of the lines, { $most }
credit-without-invoice = a credit note needs the invoice it corrects
currency-mismatch = `{ $value }` is in { $currency }, not in { $own }
transfer-sum = the rows of a transfer make { $have }, not 0
duplicate-payment = `{ $other }` has the same customer, day, amount and reference
closed-period = `{ $on }` is in the period closed until `{ $closed }`

## Service and targets
resolved-without-resolution = a resolved ticket needs its resolution
bad-rating = `{ $value }` is no rating: 1 (bad) to 5 (good)
rating-before-resolved = a ticket is rated once resolved; this one is { $state }
duplicate-of-duplicate = `{ $of }` is a duplicate itself
unknown-serial = serial `{ $value }` was never shipped
serial-of-other = serial `{ $value }` was shipped to `{ $customer }`
range-order = `{ $value }` on `{ $day }` is not a range such as `09:00-12:00`
range-overlap = `{ $value }` on `{ $day }` overlaps the range before it
empty-week = the calendar has no working hours
response-after-resolution = for priority `{ $priority }` the response may take longer than the resolution
priority-missing = priority `{ $priority }` has no times
target-without-subject = a target needs whose it is, unless it is the company's
target-basis = basis payment fits measure amount only, of all products
phasing-sum = the shares make { $sum }, not 100
phasing-length = { $count ->
    [one] one share does
   *[other] { $count } shares do
    } not fit the period
duplicate-target = target `{ $other }` is for the same

## Reports
bad-report = the report cannot be run: { $reason }
unknown-dimension = report `{ $report }` has no dimension `{ $value }`
dimension-not-of-payments = payments cannot be grouped by `{ $value }`
bad-window = `{ $value }` is not a length of time such as `12m`, `90d`, `26w`, `2y`
unknown-report = there is no report `{ $value }`
reports-clean = { $count ->
    [0] no reports of your own
    [one] one report of your own, nothing wrong
   *[other] { $count } reports of your own, nothing wrong
    }
book-needs-file = a workbook goes into an xlsx file
book-needs-file-hint = such as `-o month.xlsx`
schedule-key = `[schedule.{ $name }]`: `{ $key }` cannot be `{ $value }`
schedule-without = `[schedule.{ $name }]` has no `{ $key }`
schedule-flag = `[schedule.{ $name }]`: `--{ $flag }` is no flag of a report; give it to `crm report run-all`
period-twice = { $value }: give either a period or its ends

## Taking back
nothing-to-undo = nothing of `{ $user }` to undo
not-there-then = `{ $record }` did not exist at `{ $value }`
undo-merge = commit `{ $commit }` is a merge; undo the commits it merged
undo-other-file = commit `{ $commit }` changed `{ $path }`, which is no record; use `git revert`
undo-overwrites = `{ $path }` was changed again since commit `{ $commit }`, in field `{ $field }`
undo-referenced = `{ $by }` refers to `{ $record }` in field `{ $field }`
undo-dangling = `{ $record }` refers to `{ $target }`, which is gone

## The store
store-not-a-store = `{ $path }` is not a store
store-not-a-store-hint = make one with `crm init { $path }`
store-already-a-store = `{ $path }` is a store already
store-not-root = `{ $path }` lies inside the git work tree `{ $root }`
store-not-root-hint = a store is the root of its own repository; choose a directory outside `{ $root }`
store-not-owned = `{ $path }` belongs to another user
store-not-owned-hint = if you trust it: `git config --global --add safe.directory { $path }`
store-bare = `{ $path }` is a bare repository: it has no files to change
store-bare-hint = `git clone { $path } DIR` and work there
store-sha256 = `{ $path }` uses sha256 object names, which are not supported
store-ref-table = `{ $path }` keeps its references in a reftable, which is not supported
store-ref-table-hint = `git refs migrate --ref-format=files`
store-partial-clone = `{ $path }` is a partial clone, which is not supported
store-partial-clone-hint = clone it again without `--filter`
store-split-index = `{ $path }` is a split index, which is not supported
store-split-index-hint = `git update-index --no-split-index`
store-sparse-index = `{ $path }` is a sparse index, which is not supported
store-sparse-index-hint = `git sparse-checkout disable`
store-index-damaged = `{ $path }` cannot be understood: { $what }
store-index-damaged-hint = remove it and run `git reset`
store-index-missing = `{ $path }` is missing although the branch has commits
store-index-missing-hint = `git reset` makes it again
store-detached = no branch is checked out
store-detached-hint = `git switch BRANCH`
store-wrong-branch = the branch is `{ $current }`, the store is written on `{ $wanted }`
store-wrong-branch-hint = `git switch { $wanted }`
store-unborn = branch `{ $branch }` has no commit yet
store-unborn-hint = `crm init` makes the first one
store-mid-merge = { $what } is in progress
store-mid-merge-hint = { $help }
store-index-conflicts = unresolved conflicts in { $paths }
store-index-conflicts-hint = `git status` lists them; settle each, then `git add` and `git commit`
store-network-fs = `{ $path }` is on a network file system ({ $kind }), where locks cannot be trusted
store-network-fs-hint = clone it to a local disk, or give `--allow-network-fs`
store-read-only = `{ $path }` cannot be written: { $source }
store-journal-damaged = the journal `{ $path }` is damaged
store-journal-damaged-hint = nothing was changed; keep a copy of the store and compare it with `git log` and `git status` before moving the journal away
store-hand-edit = `{ $path }` has changes that are not committed
store-hand-edit-hint = `crm commit` keeps them, `git diff { $path }` shows them
store-staged-edit = `{ $path }` has changes that are staged but not committed
store-staged-edit-hint = `crm commit` keeps them, `git restore --staged { $path }` unstages them
store-busy = another command is at work: { $holder }
store-busy-hint = try again, or wait longer with `--lock-timeout`
store-foreign-index-lock = git is at work: `{ $path }` exists
store-foreign-index-lock-hint = try again; if no git is running, remove `{ $path }`
store-ref-locked = git is moving the branch: `{ $path }` exists
store-ref-locked-hint = try again; if no git is running, remove `{ $path }`
store-lost-races = other writers were faster { $attempts } times
store-lost-races-hint = try again
store-unknown = whether commit `{ $commit }` became part of `{ $branch }` is not known: { $cause }
store-unknown-hint = the next command settles it; repeat this one with `--key`
store-not-regular = `{ $path }` is not a regular file
store-too-large = `{ $path }` is larger than { $limit } bytes
store-bad-path = `{ $path }` is not a path inside a store
store-no-such-revision = `{ $rev }` names no commit
store-signing-failed = the commit could not be signed: { $why }
store-signing-failed-hint = check git's `user.signingkey` and `gpg.format`
store-io = `{ $path }`: { $source }
store-git = git cannot { $doing }: { $source }

## Leads, their assignment and conversion
hint-convert-into = `--customer ID` converts into the one that is there, `--allow-duplicate` makes another
converted-otherwise = `{ $record }` is converted already, and its { $noun } is { $became ->
    [none] none
   *[other] `{ $became }`
    }
convert-too-early = `{ $record }` is `{ $state }`; leads are converted from { $states }
customer-needed = a converted lead has a customer; give one, or `new`
contact-without-name = a contact needs the name of a person, and the lead has none
opportunity-closed = the opportunity is closed: `{ $stage }`

to-or-auto = `{ $verb }` takes either `--to USER` or `--auto`
unassigned-no-rule = `{ $record }` ({ $id }) is left: no assignment rule matches
unassigned-nobody = `{ $record }` ({ $id }) is left: rule `{ $rule }` finds { $why ->
    [capacity] nobody with capacity left
    [region] nobody for its region
    [weight] nobody with an `assign_weight` above 0
   *[other] nobody who is active and there today
    }
unassigned-closed = `{ $record }` ({ $id }) is left: it is { $state }
unassigned-more = { $count } more are left
notice-assigned-subject = new lead: { $record }
notice-assigned = lead { $record } ({ $id }) is yours now
title-score = score
score-of-score = `{ $value }`: the score cannot depend on itself

## Public pools

title-pool = public pool
pool-not-yours = pool `{ $pool }` is for { $teams }
not-yours-to-release = { $owner ->
    [NONE] nobody has `{ $record }`; only an administrator gives it to a pool
   *[other] `{ $record }` belongs to `{ $owner }`; only the owner, a manager or an administrator gives it back
    }
release-closed = `{ $record }` is { $state }; only open records go into a pool
no-pool-takes-it = no pool takes `{ $record }`
no-pool-takes-it-hint = `crm pool list --fields id,order,when` shows what each takes
notice-pool-subject = { $record } goes back to the pool on { $day }
notice-pool = { $record } ({ $id }) goes back to pool { $pool } on { $day } unless somebody works on it

## Duplicates and timelines
merge-converted = `{ $record }` was converted and cannot go into a lead that was not; keep it and drop the other
distinct-self = `{ $record }` cannot differ from itself
bad-prefer = `{ $value }` does not say which record a field comes from: FIELD=ID
cannot-prefer = field `{ $field }` of a { $noun } cannot be taken from a certain record
prefer-other = `{ $record }` is none of the merged records, so `{ $field }` cannot come from it
bad-score = `{ $value }` is no score: it goes from 1 to { $most }
too-many-pairs = there are more than { $count } pairs of at least { $value } points; narrow it with `--where` or a higher `--min-score`
dedupe-crowd = { $count } records share one thing ({ $reason }): each is listed with the one to keep only
title-dedupe = Possible duplicates
title-timeline = Timeline
unknown-section = a { $noun } has no part `{ $value }` to show
title-bought = Bought products
title-subsidiaries = Subsidiaries

## Opportunities
hint-closing-verb = `{ $to }` ends the sale: `crm opp win { $id }` or `crm opp lose { $id }`; open stages are { $legal }
quotes-left-open = { $count ->
    [one] this quote stays as it is: { $names }
   *[other] these { $count } quotes stay as they are: { $names }
    }
followups-left-planned = { $count ->
    [one] this follow-up stays planned: { $names }
   *[other] these { $count } follow-ups stay planned: { $names }
    }
quote-of-other = quote `{ $record }` belongs to another opportunity, `{ $opportunity }`
title-board = Opportunities by stage
title-stays = Time in stages
board-stage = { $stage } · { $count }
board-weighted = { $probability } % = { $amount }
board-days = { $days } d
board-lately = Won and lost: closed since { $day }

## Quotes
hint-revise = a new revision can: `crm quote revise { $id }`
quote-without-opportunity = quote `{ $record }` has no opportunity to win

## Documents to hand out
retry-unknown = `{ $record }` is marketing and may have arrived already. Send it again?
page-quote = Quotation
page-order = Order confirmation
page-invoice = Invoice
page-credit-note = Credit note
page-seller = Seller
page-buyer = Buyer
page-number = Number
page-revision = Revision
page-date = Date
page-valid-until = Valid until
page-delivery = Promised delivery
page-due = Due date
page-against = Credits invoice
page-against-value = { $number } of { $day }
page-quote-number = Our quotation
page-order-number = Our order
page-customer-ref = Your order number
page-fapiao = Fapiao number
page-currency = Currency
page-prices = Prices
page-prices-excl = without tax
page-prices-incl = tax included
page-phone = Phone
page-email = E-mail
page-website = Website
page-tax-id = Tax number
page-contact = Your contact
page-attention = Attn.
page-ship-to = Ship to
page-bank = Bank
page-bank-account = Account
page-column-position = No.
page-column-sku = Item
page-column-name = Description
page-column-qty = Qty
page-column-unit = Unit
page-column-list-excl = List price excl. tax
page-column-list-incl = List price incl. tax
page-column-price-excl = Unit price excl. tax
page-column-price-incl = Unit price incl. tax
page-column-discount = Discount
page-column-rate = Tax rate
page-column-tax = Tax
page-column-amount-excl = Amount excl. tax
page-column-amount-incl = Amount incl. tax
page-other-lines = Other items
page-section-sum = Subtotal { $group }
page-line-due = Promised for { $day }
page-line-cancelled = Of these cancelled: { $qty }
page-subtotal = Subtotal
page-discount = Discount
page-discount-of = Discount { $pct }%
page-shipping = Shipping
page-net = Total without tax
page-tax = Tax { $rate }% on { $net }
page-contained-net = Total without tax
page-contained-tax = Tax { $rate }% contained, on { $net }
page-total = Total incl. tax
page-total-credit = Credited incl. tax
page-total-before = Total before cancellations
page-cancelled = Cancelled
page-total-left = Total incl. tax
page-credited = Credited
page-paid = Paid
page-outstanding = Outstanding on { $day }
page-in-credit = Your credit on { $day }
page-in-words = In words
page-payment = Payment
page-payment-terms = Payment terms
page-payment-within = { $count ->
    [one] within 1 day of the invoice
   *[other] within { $count } days of the invoice
}
page-payment-at-once = due on invoice
page-plan = Payment plan
page-plan-due = Due
page-plan-amount = Amount
page-plan-note = Remark
page-terms = Terms
page-sign-seller = For the seller, { $name }
page-sign-buyer = For the buyer, { $name }
page-signed-on = date and signature
page-mark-draft = DRAFT
page-mark-draft-quote = Not sent yet: prices and terms may still change.
page-mark-draft-order = Not confirmed yet.
page-mark-held = ON HOLD
page-mark-held-order = Nothing of this order ships for the time being.
page-mark-cancelled = CANCELLED
page-mark-cancelled-quote = This quotation no longer holds.
page-mark-cancelled-order = This order was cancelled.
page-mark-rejected = REJECTED
page-mark-rejected-quote = This quotation was rejected.
page-mark-superseded = SUPERSEDED
page-mark-superseded-quote = A newer revision replaces this quotation.
page-mark-superseded-by = Revision { $revision } replaces this quotation.
page-mark-expired = EXPIRED
page-mark-expired-quote = It was valid until { $day }.
not-a-document = `{ $flag }` is for documents: quotes, orders and invoices with `--format html`, `md` or `xlsx`, and without `--fields`
template-of-other-channel = template `{ $record }` is for `{ $channel }`, not for `{ $wanted }`
bad-variable = `{ $value }` is not `NAME=VALUE`
bad-placeholder = { $reason ->
    [open] `{ $value }` in line { $line } has no end: placeholders are written `{"{{"}name{"}}"}`
    [logic] `{ $value }` in line { $line }: templates have placeholders only, no conditions or loops
   *[name] `{ $value }` in line { $line } is no placeholder: write `{"{{"}customer.name{"}}"}` or, with a default, `{"{{"}contact.title|none{"}}"}`
}
unknown-variable = { $kind ->
    [empty] template `{ $record }`: empty here and without a default: `{ $empty }`
    [both] template `{ $record }`: no such names: `{ $unknown }`; empty here and without a default: `{ $empty }`
   *[unknown] template `{ $record }`: no such names: `{ $unknown }`
}
unknown-variable-hint = names begin with the record's noun, `customer`, `contact`, `owner`, `company` or `var` (given by `--var`); a default follows a bar: `{"{{"}contact.title|{"}}"}`

## Invoices, returns and payments
delivered-before-shipped = `{ $record }` left on { $shipped }, after { $value }
paid-credit-note = `{ $value }` is a credit note, which nobody pays
hint-paid-credit-note = money goes to or from the invoice it corrects: { $invoice }
hint-order-lines = `crm order show { $id }` shows what is open of each line
nothing-to-bill = nothing of `{ $record }` is left to bill
nothing-to-credit = nothing of `{ $record }` is left to credit
nothing-to-refund = nothing was paid for what is credited on `{ $record }`
credit-of-credit-note = `{ $record }` is a credit note itself
return-of-other-order = return `{ $value }` is not of the order of `{ $record }`
credit-for-replacement = replaced goods stay sold, so there is nothing to credit
serial-not-with-customer = serial `{ $value }` of line `{ $line }` is not with the customer of `{ $record }`
auto-of-no-receipt = only receipts and write-offs are allocated by themselves; this is a { $kind }
bad-target = `{ $value }` is not of the form `DOCUMENT:AMOUNT`

## Recommendations
title-recommend = Recommendations
why-intent = asked for by { $record }, not ordered since { $on }
why-bought-together = in { $have } of { $most } orders with { $product }
why-popular = { $have } sold to customers like this in 12 months: { $group }

## Targets
measure-not-by = measure `{ $measure }` is not counted by { $by }
nothing-to-split = `{ $record }` cannot be split by { $by }: there are no parts
split-twice = `{ $value }` is given twice
bad-share = `{ $value }` is not a share such as `li.na=60`
not-in-period = `{ $value }` is no month of the target
hint-target-revise = `crm target revise` changes the value of an approved target
children-sum = the targets below make { $have }, the target is { $most }
hint-shares = `--shares` says what the parts are

## Segments and campaigns
nothing-to-freeze = segment `{ $record }` has no members now
feedback-without-customer = feedback `{ $record }` is not from a customer
title-members = Members of { $record }
title-audience = Audience of { $record }: { $have }, { $most } of them opted out

## Exports for other engines
exported-all = exported { $count } tables with { $rows } rows to { $target }; { $made ->
        [one] one file is new or different
       *[other] { $made } files are new or different
    }
exported-same = { $target } has these { $count } tables with { $rows } rows already
export-dry-run = dry run: { $count } tables with { $rows } rows would go to { $target }
export-uncommitted = { $count ->
        [one] one record is
       *[other] { $count } records are
    } exported as the files have them, not as the commit does
export-not-ours = `{ $path }` is there and is not an earlier export
export-not-ours-hint = choose a new or empty place; `--force` overwrites files of the same names
not-built-in = this build has no { $what }
not-built-in-hint = build it in: `cargo build --release --features { $feature }`
export-in-use = `{ $path }` is in use: a journal lies beside it
unknown-param = the query has no parameter `:{ $value }`
missing-param = the query needs a value for `{ $value }`: `--param { $name }=VALUE`
sql-several = one query at a time: something follows the first

## Charts
chart-largest = The { $shown } largest of { $all }
chart-latest = The last { $shown } of { $all }
chart-first = The first { $shown } of { $all }
chart-rest = ; the others together: { $rest }
chart-others = others
chart-empty = No numbers to draw
chart-not-table = `--chart` draws beside the table; it cannot go with `{ $format }`
no-chart = `{ $value }` has no chart to draw
no-chart-hint = reports have one: `crm report list`
chart-of-unknown-kind = there is no chart of kind `{ $value }`
chart-without-column = the chart needs the column `{ $value }`, which is not in the result
chart-without-numbers = the chart cannot be drawn: column `{ $value }` holds no numbers

## Push to PostgreSQL
pushed = { $count } tables are in schema { $schema }; { $changed ->
        [one] one was new or different
       *[other] { $changed } were new or different
    }
pushed-same = schema { $schema } has these { $count } tables already
push-dry-run = dry run: of { $count } tables in schema { $schema } { $changed ->
        [0] none would change
        [one] one would change
       *[other] { $changed } would change
    }
push-failed = PostgreSQL: { $reason }
push-unencrypted = connections are not encrypted, and this database is on another machine
push-unencrypted-hint = use a tunnel or a socket; `?sslmode=disable` in the address says that the network is trusted
bad-database-url = this is not an address of a database
bad-database-url-hint = postgres://USER@HOST:PORT/NAME, or postgres:///NAME?host=/var/run/postgresql for a socket; the password in PGPASSWORD
push-loaded = loaded
push-refreshed = refreshed
push-unchanged = unchanged
push-removed = removed
field-push-table = Table
field-push-rows = Rows written
field-push-effect = What
trust-nothing = crm.toml names no program and no server that is given a secret
trust-question = Allow these in this clone?
trusted = { $count ->
        [one] 1 setting is allowed in this clone
       *[other] { $count } settings are allowed in this clone
    }
not-trusted = `crm.toml` names programs or servers that nobody allowed in this clone: { $keys }
hint-trust = look at them and allow them: `crm trust`
outbox-elsewhere = node `{ $node }` sends for this store; here `git config crm.node` says `{ $here }`
outbox-running = another run is sending
outbox-nothing = nothing to send
outbox-crashed = the run that sent it ended before the answer came
outbox-no-way = { $channel }: `crm.toml` names no way out; what is queued waits
outbox-too-long = longer than { $most } letters
outbox-enough = as many texts as one run may send; the others wait for the next one
bad-setting = `{ $value }` of `{ $field }` means nothing
insecure-server = `{ $value }` is reached without TLS; that is for the own machine only
password-in-settings = a password in `crm.toml` is in every clone; name it by secret_env, secret_file or secret_command
no-secret = `{ $key }` gives no secret: { $reason }
bad-header = `{ $value }` has control characters, which no mail header may have
bad-mail = this is no mail that can be sent: { $reason }
no-sender = there is no address to send from; set `from` in [send.email]
campaign-without-template = the campaign has no template
campaign-without-segments = the campaign has no segments
campaign-queued = { $count ->
        [0] nobody is written to
        [one] 1 message is queued
       *[other] { $count } messages are queued
    }
campaign-skipped-again = { $count } got theirs before
campaign-skipped-address = { $count } have no address
campaign-skipped-opted-out = { $count } do not want any
campaign-skipped-shared = { $count } share the address of another
campaign-skipped-incomplete = { $count } lack what the template asks for
mail-too-large = `{ $path }` is larger than 25 MB
not-a-mail = `{ $path }` is no mail with a sender
unknown-writer = nobody here has the address `{ $value }`
unknown-writer-hint = say what it is about with `--target RECORD`, or add the contact or lead first
remind-nothing = nothing to remind of
remind-subject = Reminder: { $what }
remind-digest-subject = { $day }: { $count ->
        [one] 1 reminder
       *[other] { $count } reminders
    }
remind-line = { $when }  { $what } ({ $record })
remind-kind-followup = Follow-up
remind-kind-quote-expiring = Quote expires
remind-kind-opportunity-rotten = Neglected
remind-kind-order-due = Promised
remind-kind-payment-due = Payment due
remind-kind-sla = Promise of a ticket
remind-kind-birthday = Birthday
status-leads-unassigned = Leads without owner
status-tickets-breaching = Tickets late or due by tomorrow
status-tickets-unassigned = Tickets without assignee
status-opportunities-stuck = Neglected opportunities
status-quotes-expiring = Quotes that expire within a week
status-messages-stuck = Messages that failed or are unknown
status-feedback-new = New feedback
calling = { $name }:
call-summary = What was said? (empty: do not log)
call-outcome = Result? (connected, no_answer, busy, interested, …)
no-phone = `{ $record }` and those around it have no phone number
title-outbox = Outbox
title-remind = Reminders
title-conflicts = Open conflicts
merge-driver-installed = git merges the records of this clone field by field now
no-such-conflict = { $field ->
        [none] nothing is open in `{ $record }`
       *[other] `{ $field }` is not open in `{ $record }`
    }
bad-decision = this value does not fit `{ $field }`
resolve-done = nothing is open any more; finish with `git commit --no-edit`, then `crm check`
resolve-left = { $count } still open: `crm conflicts`
outbox-no-node = this store has clones and names no node that sends: set `node` in [send], and `git config crm.node` in that one clone
doctor-git = Program git
doctor-mend-git = install git
doctor-objects = Objects and history
doctor-mend-objects = `git fsck --full`; take a clone or backup that is whole
doctor-durable = Git's own writes are durable
doctor-mend-durable = `crm doctor --fix-git`
doctor-driver = Merging by field
doctor-mend-driver = `crm doctor --fix-git`
doctor-attributes = Attributes
doctor-mend-attributes = `git checkout HEAD -- .gitattributes`
doctor-path = crm on the PATH
doctor-mend-path = put its folder on the PATH, or git merges records as text
doctor-who = Who acts
doctor-mend-who = `crm whoami` says what is missing
doctor-journal = Interrupted command
doctor-mend-journal = the next command that writes finishes it
doctor-index = Lock of git's index
doctor-mend-index = end the git that runs; if none does, remove .git/index.lock
doctor-merge = Merge in progress
doctor-mend-merge = `crm conflicts`, `crm resolve`, `git commit`
doctor-clock = Clock
doctor-mend-clock = set it: the last commit is from the future
doctor-readable = Every record can be read
doctor-mend-readable = `crm check`
doctor-mirror = Mirror
doctor-mend-mirror = `crm maintain`, and make .git/crm writable: lists are slow without it
doctor-node = Node that sends
doctor-mend-node = name one clone: `node` in [send], and `git config crm.node` there
doctor-trust = Programs and servers allowed
doctor-mend-trust = look at them: `crm trust`
doctor-outbox = Messages that wait for a day
doctor-mend-outbox = run `crm outbox run` from cron
doctor-state-ok = ok
doctor-state-note = note
doctor-state-wrong = wrong
title-doctor = This clone
resolve-set-aside = the file as it lay there is kept: { $path }

## Rights
no-grant = { $roles ->
    [none] user { $user } has no role, so may not { $deed } { $noun } { $record }
   *[other] no role of { $user } ({ $roles }) may { $deed } { $noun } { $record }
}
not-yours = { $noun } { $record } is not among the records that the roles of { $user } ({ $roles }) may { $deed }
no-assign = the roles of { $user } ({ $roles }) may not give { $noun } { $record } to somebody else, or take it from somebody
denied-verb = the roles of { $user } ({ $roles }) deny `{ $verb }` for { $noun } { $record }
hidden-field = the roles of { $user } ({ $roles }) hide `{ $field }` of { $noun } { $record }, so it cannot be written either
readonly-field = the roles of { $user } ({ $roles }) let read `{ $field }` of { $noun } { $record }, not write it
needs-admin = { $field ->
    [none] { $noun } { $record } needs an administrator; the roles of { $user } are: { $roles }
   *[other] `{ $field }` of { $noun } { $record } needs an administrator; the roles of { $user } are: { $roles }
}
bulk-limit = one command of { $user } may change { $most } records, this one changes { $have }
no-export = no role of { $user } ({ $roles }) may export
hint-denied = `crm user can { $user } …` tells what is allowed; an administrator changes roles with `crm role set` and `crm role grant`
not-admin = no role of { $user } ({ $roles }) is that of an administrator
no-such-action = `{ $value }` is nothing that is done to { $noun } records
work-left = `{ $record }` still has open work; name who gets it with `--to USER`
column-can-user = User
column-can-action = Action
column-can-type = Type
column-can-record = Record
column-can-allowed = Allowed
column-can-reach = Reach
column-can-role = By role
column-can-because = Because

## The gate
gate-odd = the commit is not as git writes it: { $reason ->
    [header] a header is unknown, missing, doubled or out of order
    [text] it is not UTF-8, has a NUL, or names an encoding
    [person] the line of the author or committer is malformed
   *[tree] a folder is damaged, unsorted, or has a name twice
}
gate-root = the history does not begin as it must (wanted { $wanted }, found { $found })
gate-merge = a merge: where the gate is on, the history is a line of commits with one parent each
gate-path = no file of the store may be called that
gate-mode = only plain files may come in: no links, programs, or repositories within
gate-size = the file is larger than 1 MiB
gate-text = the file is not plain UTF-8 text
gate-attributes = `.gitattributes` may only be as this program writes it
gate-version = the store wants crm { $wanted } or newer to judge it; this is { $found }
gate-unsigned = the commit is not signed
gate-signature = the signature does not count: { $reason ->
    [form] it is no ssh signature
    [kind] it is by a kind of key that is not accepted
    [namespace] it was made for another purpose
   *[bad] it is not over this commit
}
gate-unknown-key = the commit is signed by { $key }, which is an active key of nobody
gate-future = the commit of { $user } is dated in the future
gate-committer = the commit is signed by { $user }, and its committer is { $found }
gate-author = the commit is signed by { $user }, and its author is { $found }
gate-forged = `{ $field }` of { $noun } { $record } would stand in the name of somebody other than { $user }, who changes it
gate-unreadable = it cannot be judged: { $reason }
gate-not-forward = the branch would lose commits that it has; only what follows its last commit may come in
gate-many = more than { $most } commits at once
gate-much = { $have } bytes at once, { $most } are allowed
gate-branch = only `{ $branch }` may be written to, not { $found }
gate-delete = `{ $branch }` may not be deleted
gate-no-root = the repository is empty and does not say which history it is for; this one begins otherwise or with { $found }
hint-gate-merge = `crm sync` puts own commits on top of what the others did
hint-gate-signing = `crm user key add me --key "$(cat ~/.ssh/id_ed25519.pub)"` (an administrator's change once the gate is on and no key is there), then `git config gpg.format ssh` and `git config user.signingKey ~/.ssh/id_ed25519`
hint-gate-root = `crm clone --root COMMIT`, or `git config crm.root COMMIT`, names the commit to trust
hint-gate-no-root = in the shared repository: `git config crm.root COMMIT`, the first commit of the store
bad-hook-line = git gave the hook `{ $value }`; wanted is OLD NEW REF
no-signing-key = the gate is on, and user `{ $user }` has no active key
no-signing-key-here = the gate is on, and this clone does not know with which key { $user } signs
other-signing-key = the key that this clone signs with is no active key of `{ $user }`
audit-clean = every commit up to { $commit } is as it must be
audit-no-gate = the files of every commit up to { $commit } are sound; the store has no gate, so nobody vouches for who made them
column-gate-commit = Commit
column-gate-path = File
column-gate-rule = Rule
column-gate-message = Reason
column-audit-at = When
column-audit-user = Who
column-audit-op = Command
column-audit-record = File
column-audit-field = Field
column-audit-from = From
column-audit-to = To
column-audit-commit = Commit
hint-gate-branch = the branch of an empty repository is the one that its HEAD names: there, `git symbolic-ref HEAD refs/heads/BRANCH`
# Settings, migration, hooks, extensions.
older-format = the store has format { $format }, older than this program
older-format-hint = turn it into the current one: `crm migrate --dry-run`, then `crm migrate`
unknown-setting = there is no setting `{ $value }`{ $near ->
    [none] {""}
   *[other] {"; perhaps `"}{ $near }`
    }
bad-key = `{ $value }` is not a key such as `company.name` or `hooks."order ship"`
setting-is-value = `{ $value }` holds a value, nothing can stand below it
setting-is-table = `{ $value }` is a group of settings, not one
setting-is-table-hint = see what is in it: `crm config list { $value }`
setting-one-value = `{ $value }` takes one value
setting-format = `format` is changed by `crm migrate` alone
setting-of-store = `{ $value }` holds for everybody: set it without `--user`
setting-of-user = `{ $value }` is a setting of your own configuration
setting-of-user-hint = set it there with `--user`
setting-int = a whole number in its range, such as `30`
setting-dec = a currency, a day and a number above zero: `rates.USD.2026-07-01 7.1000`
setting-percent = a percentage from 0 to 100, such as `13`
setting-span = a length of time such as `30m`, `4h`, `3d` or `2w`
setting-work = a length of working time in minutes or hours, such as `90m` or `2h`
setting-patience = seconds, or a number with `s`, `m` or `h`, such as `30s`
setting-zone = an IANA time zone such as `Asia/Shanghai`
setting-currency = a currency code such as `CNY`
setting-country = a country code such as `CN`
setting-slug = the id of a record, such as `cn-office`
setting-day = a day such as `2026-01-31`
setting-month-day = month and day that every year has, such as `04-01`
setting-clock = a time of day such as `09:00`
setting-pattern = a pattern with one `{"{"}seq{"}"}`, and `{"{"}year{"}"}` or `{"{"}month{"}"}` where wanted: `SO-{"{"}year{"}"}-{"{"}seq:04{"}"}`
setting-version = a version such as `0.2.0`
setting-program = a program and its arguments, each a word: `check-order --strict`; a hook is named `order ship`, `order *` or `*`
setting-codes = a list that may be extended and a code of letters, digits, `_` or `-`: `codes.source.livestream.label`
setting-names-nothing = `{ $field }`: there is no { $noun } `{ $value }`
setting-in-use = `{ $field }` cannot change so: { $noun } `{ $record }` depends on it
setting-currency-hint = amounts are kept in the company's currency; begin another store for another one
setting-period-hint = periods such as 2026Q1 would mean other days; give those targets `--start` and `--end` first
setting-warehouse-hint = keep a warehouse as long as facts name it
setting-code-hint = retire it instead: `crm config set { $field }.retired true`
setting-field-hint = empty the field first: `crm { $noun } list --where {"'"}{ $name }!={"'"}` shows where it is filled
min-crm-beyond = version { $version } is newer than this program ({ $here }), which could not take it back
own-config-written = written to { $path }
own-config-nowhere = there is no place for your own configuration
own-config-nowhere-hint = set `HOME`, `XDG_CONFIG_HOME` or `CRM_CONFIG`
own-config-open = `{ $path }` may be written by others, or belongs to somebody else: not read
own-config-open-hint = look at it, then `chmod go-w { $path }`
title-config = Settings
hook-refused = hook `{ $hook }` refused: { $reason }
hook-failed = hook `{ $hook }` could not run: { $reason }
hook-slow = hook `{ $hook }` did not end in { $reason } s and was stopped
older-crm = this store asks for crm { $needed } or newer; this is { $here }: nothing is written or judged
older-crm-hint = install a newer crm; reading works
migrated = format { $from } to { $to }: { $count ->
        [one] one file
       *[other] { $count } files
    } changed
migrate-current = the store has the current format { $format }; nothing to do
migrate-edits = there are files that are not committed: { $paths }
migrate-edits-hint = commit or put them back with git first: a migration changes only what is in the history
migrate-no-id = the record has no `id` of its type, so its place is not known
migrate-taken = `{ $path }` is taken by another file
migrate-not-a-value = `{ $value }` of `{ $field }` cannot be turned into its present form
migrate-hint = mend the file by hand, commit it with git, then migrate
extensions-title = Extensions found on PATH:
extension-failed = `{ $value }` could not be run: { $reason }
doctor-settings = Settings
doctor-mend-settings = `crm config list` shows them, `crm config unset KEY` takes one out
settings-dry-run = the settings would change; nothing was written
no-remote = this store has no remote to sync with
sync-raced = others pushed to `{ $remote }` faster ten times
sync-raced-hint = nothing is lost; run `crm sync` again
sync-open = { $count ->
        [one] a field was
       *[other] { $count } fields were
    } changed differently on both sides, and nothing was moved: { $names }
sync-open-hint = `crm conflicts` lists them, `crm resolve ID --field F --ours|--theirs|--value V` decides, then `crm sync`
sync-decided = what was decided with `crm resolve` was taken
sync-nothing = nothing to sync with { $remote }
sync-done = synced with { $remote }: { $came } came, { $went } went, { $merged } merged
sync-unpushed = brought together with { $remote }: { $came } came, { $merged } merged; { $went } not pushed yet
sync-would = would sync with { $remote }: { $came } come, { $went } go, { $merged } merged
sync-dropped = { $count ->
        [one] one of your commits
       *[other] { $count } of your commits
    } held only what others had done as well: left out
sync-problems = { $count ->
        [one] one problem is
       *[other] { $count } problems are
    } new with this sync; the list says what mends each
sync-what-came = came
sync-what-went = went
sync-what-own = not pushed
sync-what-dropped = left out
sync-what-merged = merged
sync-what-problem = problem
title-sync = Sync
resolve-done-sync = nothing is open any more; `crm sync` takes what was decided
clone-not-empty = `{ $path }` is there already and not empty
clone-not-empty-hint = name another directory: `crm clone URL DIR`
clone-would = would clone `{ $url }` into `{ $dir }`
clone-not-a-store = `{ $url }` is not a crm store
clone-not-a-store-hint = an empty one is filled from a store that exists: `git remote add origin URL` and `crm sync` there
clone-other-root = the history begins with { $found } and does not hold { $wanted }
clone-other-root-hint = this is another store, or its history was rewritten; nothing was kept. Ask who gave you the root
clone-root = its root is { $root }; others pin it with `crm clone URL --root { $root }`
cloned = cloned into `{ $dir }`: { $count ->
        [one] one record
       *[other] { $count } records
    }
bad-root = `{ $value }` is not the full id of a commit
bad-root-hint = `git config crm.root` in a clone that you trust prints it
no-such-user = there is no user `{ $value }` in this store
hook-installed = git checks what is staged before each commit now: `{ $path }`
hook-there = `{ $path }` calls `crm check --staged` already
hook-taken = there is a hook already: `{ $path }`
hook-taken-hint = add this line to it: `crm check --staged || exit 1`
hook-elsewhere = git takes its hooks from `{ $path }`, outside this store
store-bad-remote = `{ $name }` cannot be the name of a remote
store-no-such-remote = there is no remote `{ $name }`
store-no-such-remote-hint = there are: { $known }
store-no-remote-hint = `git remote add origin URL` names one
store-several-remotes = which remote? There are { $known }
store-several-remotes-hint = `crm sync REMOTE`, or `git branch --set-upstream-to=REMOTE/BRANCH` for good
store-remote-failed = `{ $remote }` could not be reached or refused: { $why }
store-remote-failed-hint = nothing is lost; run `crm sync` again when it can be reached
store-remote-refused = `{ $remote }` refused the push: { $why }
store-remote-refused-hint = your commits are safe here; mend what it names, then `crm sync`
store-went-back = `{ $branch }` of `{ $remote }` no longer has commit { $known }, which it had
store-went-back-hint = somebody rewrote it or restored an old copy: ask. Your clone has what was lost; if the remote is to be taken as it is, `crm sync --accept-rollback` puts your commits on top of it
store-unrelated = `{ $remote }` has another history than this store
store-unrelated-hint = it is another store; `git remote -v` shows where it points
store-other-root = what was fetched does not hold { $pinned }, with which this store begins
store-other-root-hint = it is another store, or its history was rewritten: ask who keeps it
store-mass-delete = { $count } records would go at once
store-mass-delete-hint = if that is meant: `crm sync --allow-mass-delete`
store-hand-merge = commit { $commit } is a merge, which this store does not take
store-hand-merge-hint = `git reset --hard` to before it, then `crm sync` does the same without one
store-foreign-commit = commit { $commit } is by { $author }, and only they can sign it
store-foreign-commit-hint = let them sync it from their clone, or act as them with their key
store-unacceptable = commit { $commit } holds `{ $path }`: { $what ->
        [link] a symbolic link
        [submodule] a submodule
        [mode] an executable file
        [kind] something that is no file
        [size] a file of more than 1 MiB
        [modules] submodules
        [attributes] attributes that change how git treats files
        [place] a file outside the places that [policy] paths names
        [twice] a name that stands there twice
       *[name] a name that no file of a store may have
    }
store-unacceptable-hint = nothing of it was taken; the commit must be made anew without it
sync-untold = the histories were brought together; the list of it could not be printed
sync-unchecked = the rules could not be checked: { $why }; `crm check` does it
## Backups
title-backups = Backups
title-backup-checks = Backup
progress-backup = Making a backup
progress-backup-verify = Restoring on trial
progress-backup-restore = Restoring
backup-made = backup { $file } at { $tip }, { $size }, restored on trial: { $count ->
    [one] one record
   *[other] { $count } records
}
backup-would-create = would make a backup in { $target }
backup-hand-edits = { $count ->
    [one] one file has a change that is not committed and is not in the backup: see `crm commit`
   *[other] { $count } files have changes that are not committed and are not in the backup: see `crm commit`
}
backup-inside = the backup lies inside the store; a copy on another disk is one that helps
backup-has-unreadable = { $count ->
    [one] one file of the store cannot be read, and is in the backup as it is: { $path }
   *[other] { $count } files of the store cannot be read, and are in the backup as they are: { $path } …
}
backup-not-signed = not signed: { $why ->
    [kind] { $key } is a kind of key that is not accepted (ed25519 and p256 are)
   *[other] the key { $key } cannot be used
}
backup-no-secrets = there are no secrets and settings to take along
backup-list-unreadable = { $file } cannot be read as a backup
backup-whole = { $file } is whole, at { $tip }: { $count ->
    [one] one record
   *[other] { $count } records
}
backup-unsigned-word = not signed
backup-check-checksum = Every byte
backup-check-members = Members
backup-check-signature = Signature
backup-check-history = History
backup-check-tip = Last commit
backup-check-records = Records
backup-nothing-old = nothing to remove: { $left ->
    [one] one backup of this store is kept
   *[other] { $left } backups of this store are kept
}
backup-would-prune = would keep { $left } and free { $size } by removing { $count ->
    [one] one backup
   *[other] { $count } backups
}
backup-prune-question = Keep { $left } and free { $size } by removing { $count ->
    [one] one backup?
   *[other] { $count } backups?
}
backup-pruned = kept { $left }, freed { $size }, removed { $count ->
    [one] one old backup
   *[other] { $count } old backups
}
backup-would-restore = would restore { $tip } to { $dir }; the backup is whole
backup-restored = restored { $store } to { $dir }, the branch stands at { $head }; in the backup: { $count ->
    [one] one record
   *[other] { $count } records
}
backup-restored-at = the branch was moved back to { $head }; the tip { $tip } of the backup is kept as { $name }
backup-secrets-written = { $count ->
    [one] one file of secrets and settings was put in place
   *[other] { $count } files of secrets and settings were put in place
}
backup-secret-left = { $path } was there and stays as it is
backup-secrets-there = { $count ->
    [one] one file of secrets and settings is in the backup; `--with-secrets` puts it in place
   *[other] { $count } files of secrets and settings are in the backup; `--with-secrets` puts them in place
}
backup-restored-lacks = not in a backup: remotes, `crm.node`, what `crm trust` allowed; see `crm doctor`
backup-key-made = the secret key is in { $path }; without it nobody opens what is encrypted to this public key
backup-truncated = the file is cut off, or is no backup
backup-checksum = bytes of the file have changed since it was written: the checksum over the whole does not match
backup-not-one = the file is no backup
backup-unread = the file cannot be read: { $reason }
backup-bad-member = member `{ $name }` of the archive { $why ->
    [path] has a name that leads out of the archive
    [link] is a link
    [kind] is no plain file
    [size] is not as large as it says
    [header] has a header that we did not write
    [twice] is there twice
    [many] is one too many
    [padding] has bytes after its end
    [unknown] does not belong there
    [missing] is missing
    [content] is not what the manifest says
    [other] is of another backup than the manifest outside
   *[none] is not right
}
backup-bad-manifest = the manifest cannot be read: { $reason }
backup-newer = the backup has form { $format }, which this version does not know
backup-unsigned = the backup is not signed
backup-bad-signature = the signature does not hold: { $reason ->
    [namespace] it was made for another purpose
    [kind] a kind of key that is not accepted
    [bytes] not over this manifest, or not by its key
   *[none] not an ssh signature
}
backup-wrong-signer = signed by another key: { $found } instead of { $wanted }
backup-bad-bundle = the history cannot be unpacked: { $reason }
backup-bad-history = git finds the history damaged: { $reason }
backup-wrong-tip = the last commit is { $found }, the manifest says { $wanted }
backup-wrong-root = this is another store: its first commit is { $found }, not { $wanted }
backup-wrong-count = { $noun }: { $found } records, the manifest says { $wanted }
backup-unreadable = `{ $path }` cannot be read, and could when the backup was made
backup-needs-identity = the backup is encrypted
backup-needs-identity-hint = give the file with a secret key of a recipient: `--identity FILE`
backup-wrong-identity = none of the keys opens the backup
backup-damaged-content = what is encrypted is damaged: { $reason }
backup-no-identity = { $path } has no age secret keys
backup-no-key = `{ $value }` is no ssh public key and no file with one
backup-no-recipient = `{ $value }` is no age public key and no file with one
backup-no-recipient-hint = `crm backup keygen FILE` or `age-keygen` makes a pair; the public key begins with age1
backup-few-recipients = secrets go along only where two people can open them
backup-few-recipients-hint = give `--recipient` twice, with keys that are kept in different places
backup-sign-key = the key { $path } cannot sign: { $why ->
    [kind] a kind of key that is not accepted (ed25519 and p256 are)
    [locked] it cannot be read, or has a passphrase
   *[none] not an ssh private key
}
backup-keep-where = --keep needs a folder as the target
backup-bad-count = `{ $value }` is no number of backups: { $flag } takes 1 or more
backup-bad-root = `{ $value }` is no root: it takes the 40 digits that `crm backup list --fields root` shows
backup-there = { $path } exists
backup-there-hint = name another file, or a folder; a file is never overwritten
backup-shallow = the repository has only the end of its history
backup-shallow-hint = `git fetch --unshallow` gets the rest
backup-no-home = HOME is not set, so where secrets and settings lie is not known
backup-no-rule = nothing says which backups to keep
backup-no-rule-hint = for example `--keep-daily 7 --keep-weekly 5 --keep-monthly 12`
backup-which-store = which store's backups to prune is not known
backup-which-store-hint = run it in the store, or name it: `--root ID`; `crm backup list --fields file,root` shows it
backup-not-new = { $dir } exists and is not empty
backup-not-new-hint = a backup is restored into a new folder; look at it there, then move it
backup-older = the backup ends with { $tip }, which { $path } has passed: it is at { $now }
backup-older-hint = `--allow-older` restores it beside; `crm show --at` and `crm log` look back without a backup
backup-not-before = { $rev } is not in the history of { $tip }
doctor-lock = Command at work
doctor-mend-lock = it holds the lock of all writers; wait, or see whether it hangs
doctor-open = Store is not open to all
doctor-mend-open = `chmod -R o-w` it
doctor-secrets = Secrets are their owner's alone
doctor-mend-secrets = `chmod 700` the folder, `chmod 600` its files
doctor-senders = Clones that sent lately
doctor-mend-senders = several send: name one in [send] node, and end the cron job of the others
doctor-bundle-made = { $path } is for who helps: versions, settings and counts, nothing of a record
title-maintain = Before and after
progress-maintain = Tidying up
maintain-loose-objects = Loose objects
maintain-packs = Packs
maintain-loose-references = Loose references
maintain-object-bytes = Objects, bytes
maintain-git-bytes = .git, bytes
maintain-mirror-bytes = Mirror, bytes
maintain-journal = { $did ->
    [would] would finish or take back a change that was cut off
   *[did] finished or took back a change that was cut off
}
maintain-leftovers = { $did ->
    [would] would remove
   *[did] removed
} { $count ->
    [one] one file that was left behind
   *[other] { $count } files that were left behind
}
maintain-mirror-packed = the mirror was packed
maintain-mirror-built = the mirror was damaged and was built anew
maintain-would = would pack references and objects and write the commit graph
maintained = references and objects are packed, the commit graph is written; { $saved } less
backup-check-policy = Who wrote what
backup-bad-policy = the history breaks the rules of who may write what: { $commit }: { $reason }
backup-bad-policy-hint = `crm audit` lists all of it; `--accept-history` restores it as it is

gate-refused = { $count ->
    [one] one reason stands against these commits; nothing moved
   *[other] { $count } reasons stand against these commits; nothing moved
}
hint-gate-refused = `crm policy check OLD..NEW` lists them; of own commits, `git reset` to the last good one and do it again in another way
sync-offered = offered on `{ $branch }`; a gatekeeper takes it in
gate-outcome-accepted = taken in
gate-outcome-refused = refused
gate-outcome-behind = must first follow what came in
column-gate-branch = Offer
column-gate-outcome = Outcome
column-gate-commits = Commits
column-gate-reasons = Reasons
gate-no-key = no active administrator would have a key that signs, and nobody could mend it
ask-password = password of { $user }
ask-code = code that { $user } was sent
ask-again = your password once more, or a code
ask-second = code of the authenticator, or a recovery code
ask-second-sms = code of the text message, or a recovery code
ask-first-code = first code of the authenticator
ask-new-password = new password
ask-new-again = new password once more
secret-needed = { $what } is needed, and nobody can be asked
secret-needed-hint = give it as a line: `--password-stdin` or `--password-file FILE`
access-not-private = { $path } must belong to this account, and nobody else may read it
access-not-private-hint = what is secret lies in files of this account alone: mode 600, folders 700
access-unreadable = { $path } cannot be read: { $reason }
access-unreadable-hint = put it back from a backup, or remove it: an administrator then gives a new password
bad-user-id = `{ $value }` cannot be the id of a user
hash-failed = the password could not be hashed: { $reason }
no-state = there is no folder for what is kept outside the repository
no-state-hint = set `HOME` or `XDG_STATE_HOME`
not-logged-in = you are not logged in
not-logged-in-hint = run `crm login`; a program names a file with its token in `CRM_TOKEN_FILE`
session-over = the session of `{ $user }` is over
other-actor = `{ $value }` is not who is logged in: that is `{ $user }`
other-actor-hint = leave `--as` and `CRM_USER` out, or `crm login` as the other user
bad-token = the token does not hold
bad-token-hint = it may be revoked or over: `crm user token list`, `crm user token add`
token-cannot = a program with a token cannot do this
token-cannot-hint = somebody who can give a password runs it after `crm login`
must-change = the password must be replaced first
must-change-hint = run `crm passwd`
must-change-next = choose a new password now: `crm passwd`
second-missing = a second factor is required, and you have none
second-missing-hint = run `crm user totp enable`
second-next = a second factor is required: `crm user totp enable`
second-needed = a code is needed too
second-needed-hint = give it as the line after the password
again-needed = this changes roles or keys: the password is asked again
again-wrong = that is neither your password nor a code of yours
login-wrong = user, password or code is wrong
login-wrong-hint = forgotten? an administrator can help: `crm user verify USER` or `crm passwd USER`
login-wait = too many failures; wait { $count } { $unit ->
        [minutes] minutes
       *[seconds] seconds
    }
login-stopped = too many failures: no more tries
login-stopped-hint = an administrator gives a new password: `crm passwd USER`
login-off = log-in is off in this store: a session changes nothing until crm.toml says `login = "on"` in the section auth
login-nobody = nobody has a password here yet: `crm passwd` sets the first
logged-in = logged in as { $user }, until { $until } or { $minutes } minutes without use
logged-out = { $user } is logged out
logged-out-already = nobody is logged in
logged-out-everywhere = { $user } is logged out; { $count ->
        [one] one session
       *[other] { $count } sessions
    } ended
login-code-on-its-way = a code is on its way, as soon as the outbox runs; it holds { $minutes } minutes
login-code-queued = a code for { $user } is queued; it holds { $minutes } minutes: `crm login { $user } --code`
login-code-elsewhere = messages are sent by the node `{ $node }`, which does not know codes made here
login-code-subject = Your code for { $company }
login-code-body =
    Your code for { $company }: { $code }

    It holds { $minutes } minutes, once. If you did not ask for it, tell your administrator.
outbox-code-gone = its code has run out or was used
recovery-used = a recovery code was used up; { $count } are left
password-long = a password has at most { $most } bytes
password-short = the password has { $have } characters; at least { $fewest } are needed
password-common = this password is among those that are guessed first
password-named = this password is little more than `{ $value }`
password-same = this is the password you have
password-differs = the two do not match
password-set = the password of { $user } is set; other sessions have ended
password-given = a password for { $user }, for one log-in within { $days } days; it is shown only here
password-first = a second factor stands beside a password, and you have none
password-first-hint = run `crm passwd`
service-password = a service user has no password
service-password-hint = give the program a token: `crm user token add USER`
admin-needed = `{ $user }` has no role of administrators
totp-scan = scan this with your authenticator, or type the key: { $secret }
totp-again = run the same again with the first code as a line after the password; the key waits 15 minutes
totp-wrong = the code does not fit the key
totp-wrong-hint = is the clock of the machine and of the phone right? run it again
totp-enabled = a code is asked for from now on; keep the { $count } recovery codes of { $user } elsewhere
totp-disabled = no code is asked for any more of { $user }
no-phone-for-codes = user `{ $user }` has no phone
sms-is-weaker = text messages can be read and redirected by others; an authenticator is safer
sms-question = use text messages anyway?
token-of-person = `{ $user }` is a person: tokens are for users of kind service
token-role = `{ $user }` has no role `{ $value }` to narrow the token to
token-past = { $value } is over
token-added = token { $token } of { $user }; it is shown only here
no-such-token = `{ $user }` has no token `{ $value }`
tokens-revoked = { $count ->
        [one] one token of { $user } is revoked
       *[other] { $count } tokens of { $user } are revoked
    }
title-logins = Sign-ins
title-tokens = Tokens
identity-by-flag = --as
identity-by-variable = CRM_USER
identity-by-git = e-mail address of git
identity-by-session = log-in
identity-by-token = token
identity-by-gateway = account that came in
sign-in-login = log-in
sign-in-logout = log-out
sign-in-code = code
sign-in-again = asked again
sign-in-password = password
sign-in-totp = second factor
sign-in-token = token
sign-in-session = session
sign-in-outcome-ok = ok
sign-in-outcome-wrong = wrong
sign-in-outcome-throttled = had to wait
sign-in-outcome-stopped = stopped
sign-in-outcome-suspended = user not active
sign-in-outcome-expired = over
sign-in-outcome-refused = refused
sign-in-outcome-second = without a second factor
sign-in-outcome-given = given by an administrator
sign-in-outcome-sent = sent
sign-in-outcome-enabled = enabled
sign-in-outcome-disabled = disabled
sign-in-outcome-added = made
sign-in-outcome-revoked = revoked
token-state-valid = valid
token-state-over = over
token-state-revoked = revoked
gateway-broken = { $path } makes this account a gateway, but `{ $reason }` in it is not as it must be
gateway-broken-hint = see `crm help gateway`; until it is right nobody comes in
gateway-open = { $path } must be a folder of `{ $account }` that nobody else can enter
gateway-open-hint = `chown -R` it to the account and `chmod go=` it
gateway-unknown = the account { $value } that called is not known on this machine
gateway-not-yours = who you are here follows from how you came in
gateway-nothing = nothing is asked for
gateway-nothing-hint = name a command: `ssh crm@host customer list`, or `crm gateway USER WORDS`
gateway-who = this account is a gateway, and it is not said for whom it acts
gateway-who-hint = `crm gateway USER WORDS`, as from cron
gateway-command = `{ $value }` is not for those who come in through the gateway
gateway-file = `{ $value }` would be a file of the gateway's account
gateway-file-hint = give `-` and use stdin, or stdout with `--format`
gateway-off = this account is no gateway
gateway-off-hint = see `crm help gateway`

## Tutorial
tutorial-lessons = Lessons
tutorial-column-number = No.
tutorial-column-name = Name
tutorial-column-title = Title
tutorial-column-about = What it shows
tutorial-column-steps = Steps
tutorial-column-lesson = Lesson
tutorial-column-step = Step
tutorial-column-why = Why
tutorial-column-command = Command
tutorial-column-exit = Exit
tutorial-column-output = Output
tutorial-start = start with `crm tutorial 1`; `crm tutorial --all` goes through all of them
tutorial-heading = Lesson { $number }: { $title }
tutorial-enter = [Enter runs it, q stops]
tutorial-kept = the lessons are kept in `{ $dir }`
tutorial-unknown = there is no lesson `{ $value }`, there are 1 to { $count }
tutorial-which = it is not said which lesson
tutorial-which-hint = name a lesson, or give `--all`
tutorial-there = `{ $dir }` is there already
tutorial-failed = the lesson ends here: `{ $line }` ended with { $exit } instead of { $expected }: { $reason }
tutorial-value-company = Riverside Lighting
tutorial-value-ann = li.na
tutorial-value-ann-name = Li Na
tutorial-value-bo = wang.fang
tutorial-value-bo-name = Wang Fang
tutorial-value-customer = Harbour Hotel
tutorial-value-customer-two = North Library
tutorial-value-city = Beijing
tutorial-value-contact = Chen Hao
tutorial-value-product = Desk lamp
tutorial-value-product-two = Standing desk
tutorial-value-call = wants twenty lamps in spring
tutorial-value-complaint = Two lamps flicker
tutorial-value-reply = We send two new ones tomorrow.
tutorial-value-fix = Two new lamps sent
tutorial-value-opportunity = New reading room
tutorial-value-reader = Reader
tutorial-first-title = Your first customer
tutorial-first-about = Make a store, enter a customer, find it, change it, and take the change back.
tutorial-first-init = A store is a folder of text files under git. Its first user is its administrator.
tutorial-first-enter = Commands work on the store of the folder they run in.
tutorial-first-user = Every change bears a name. Say once who you are.
tutorial-first-add = A customer needs a name and a kind; all else can come later. The id is printed for scripts, you can use the name.
tutorial-first-list = See all customers, with the fields you want.
tutorial-first-show = See all that is known about one. Who owns it was filled in for you, and the phone number was put into one form.
tutorial-first-set = A good customer: make it level A.
tutorial-first-log = Nothing is forgotten: who changed which field, when, and from what to what.
tutorial-first-undo = That was a mistake. The last change is taken back, and this too stands in the history.
tutorial-order-title = From a lead to the money
tutorial-order-about = Follow a name from the fair until its order is paid.
tutorial-order-there = The store has one product already: LAMP.
tutorial-order-lead = Somebody at the fair may want twenty lamps. Not a customer yet, so it is a lead.
tutorial-order-call = You have called. Log what came of it; the lead counts as contacted now.
tutorial-order-convert = They mean it. The lead becomes a customer with a contact and an opportunity, and nothing is typed twice.
tutorial-order-quote = They ask for a price. It comes from the product.
tutorial-order-send = The quote goes out, and its terms stand from now on.
tutorial-order-accept = They accept. Note who and under which number of theirs, and make the order at once.
tutorial-order-confirm = A confirmed order is a promise: its lines can no longer be changed by mistake.
tutorial-order-ship = Everything leaves the house. With `--line LAMP:5` it would be a part.
tutorial-order-invoice = Bill what was shipped.
tutorial-order-pay = The money is in the bank. The total has the tax in it.
tutorial-order-done = See how the order stands: shipped, billed and paid, and each of these follows from what you recorded.
tutorial-service-title = After the sale
tutorial-service-about = Take up a complaint, answer it, and close it.
tutorial-service-there = The store has one customer already.
tutorial-service-ticket = The customer calls: something is wrong. A ticket keeps it from being forgotten.
tutorial-service-status = What is to do today? The ticket is in the list: nobody has taken it.
tutorial-service-reply = Answer the customer. The message waits in the outbox; `crm outbox run` sends it.
tutorial-service-show = See the ticket: the history tells when its state changed.
tutorial-service-resolve = The lamps have gone out. Say what the solution was.
tutorial-service-close = The customer is content, and the ticket is closed. If it comes back, `crm ticket reopen` opens it again.
tutorial-service-list = See all tickets and how they stand.
tutorial-figures-title = Figures
tutorial-figures-about = Ask the store how business goes.
tutorial-figures-there = It has two products, two customers with an order each, and an opportunity.
tutorial-figures-list = These reports are built in; `crm report new` makes your own.
tutorial-figures-sales = Who bought how much this year? Below the table stands what it was worked out from.
tutorial-figures-product = The same by product. By month, region or owner works as well, and two of them together.
tutorial-figures-pipeline = What may still come in: open opportunities by stage, weighted by their chance.
tutorial-figures-csv = For other programs: csv and json have plain numbers and the names of the fields. `-o sales.xlsx` makes a workbook.
tutorial-figures-sql = A question no report answers: ask in SQL. It can only read.
tutorial-together-title = Working together
tutorial-together-about = Two people, each with a clone of the store, change the same field.
tutorial-together-there = Here the clones lie side by side; in life they are on two machines, and you leave out `-C`.
tutorial-together-bare = Clones meet in a bare repository: on a server, or in a shared folder as here.
tutorial-together-remote = The first store is told where that is.
tutorial-together-push = Sync sends what is new here and fetches what is new there.
tutorial-together-clone = The second person gets a clone and says who works in it.
tutorial-together-mine = One of them says level A…
tutorial-together-theirs = …and the other, who has not heard of it, says level B.
tutorial-together-send = Who syncs first meets nothing in the way.
tutorial-together-clash = The second one does. Changes of different fields would have been merged; this is one field with two values, so a person must decide. Nothing is lost meanwhile.
tutorial-together-conflicts = See what is open: the value before, ours and theirs.
tutorial-together-resolve = The colleague was right: theirs it is.
tutorial-together-again = Now the sync goes through.
tutorial-together-same = And both have the same.
tutorial-rights-title = Who may do what
tutorial-rights-about = Give a colleague a role, see what it allows, and look after the store.
tutorial-rights-there = The store has one customer already.
tutorial-rights-role = A role says what its holders may do with each type of record. This one reads customers and does no more.
tutorial-rights-user = A colleague with this role.
tutorial-rights-can = May she change customers? The answer names the reason, and exits with 11 for scripts.
tutorial-rights-read = She can read. Put before a command, CRM_USER says for this command alone who acts.
tutorial-rights-refused = She cannot change. The error says what is missing and who can help.
tutorial-rights-audit = Every change of users, roles and settings can be looked up.
tutorial-rights-backup = A backup is one file with the whole history. It is restored on trial before it counts.
tutorial-rights-verify = Verify it again whenever you like, above all before you need it.
handed-to-self = `{ $record }` leaves, so somebody else gets what is open
bad-signing-key = `{ $value }` is no ssh public key that signs: ed25519, ecdsa-p256, or one of these on a token (`sk-`)
