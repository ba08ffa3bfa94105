### Help: commands, arguments, flags and topics. The help of fields stands in their declarations.

## The program
help-about = Customers, leads, orders, stock and service in plain files under git
help-after =
    First steps:
      crm tutorial                               learn the main job, lesson by lesson
      crm demo                                   try it with a sample company
      crm init my-company --company "ACME"       make a store of your own
      crm customer add --name "Blue Fox Ltd" --phone "+86 10 5550 1018"
      crm customer list --where region=north --sort name
      crm status                                 what is to do today

    Every record type takes the same verbs: add list show edit set upsert remove history.
    `crm NOUN --help` has the others, `crm NOUN VERB --help` every flag.

    Topics: crm help dates | formats | filters | exit-codes | environment | store | settings | import | sql | reports
help-template =
    {"{"}about-with-newline{"}"}
    Usage: {"{"}usage{"}"}

    {"{"}all-args{"}"}{"{"}after-help{"}"}
help-heading-commands = Commands
help-heading-options = Arguments and options
help-heading-global = Options of every command
help-heading-fields = Fields of the { $noun }
help-heading-sets = Members of sets

## Flags of every command
help-flag-help = Show this help
help-flag-version = Show the version
help-flag-directory = Directory of the store; otherwise the nearest one upwards with a `crm.toml`
help-flag-as = Acting user: id, name or e-mail
help-flag-format = Output format: table, csv, tsv, json, jsonl, ids, md, html, xlsx, svg, vcf, ics
help-flag-output = Write the output to a file; its ending names the format
help-flag-lang = Language of the texts: en, zh-CN
help-flag-labels = What stands for columns and codes: auto, code, label
help-flag-color = Colour: auto, always, never
help-flag-tz = Time zone of days and reports, such as Asia/Shanghai
help-flag-no-header = Leave out the header of csv and tsv; for an import, the file has none
help-flag-bom = Begin csv with a byte order mark, for Excel
help-flag-excel-safe = Defuse csv and tsv cells that a spreadsheet would run as formulas
help-flag-envelope = Wrap json together with where it comes from
help-flag-dry-run = Check and show the change, but write nothing
help-flag-no-input = Never ask; fail and name the flag that is missing
help-flag-yes = Answer every confirmation with yes
help-flag-quiet = Say nothing but errors
help-flag-verbose = Say more about what is done
help-flag-keep-going = Go on past unreadable records and failed lines (exit 10)
help-flag-lock-timeout = How long to wait for another command: seconds, or 30s, 2m
help-flag-allow-network-fs = Write although the store is on a network file system

## Flags of commands that change something
help-flag-key = Idempotency key: the same command again with the same key does nothing more
help-flag-if-match = Change it only if the record is still at this revision (`rev` of show)
help-flag-on = When it happened: a day or a time; now unless given
help-flag-reason = Why, kept in the record's history
help-flag-allow-duplicate = Accept a phone, e-mail or name that another record has
help-flag-allow-over = Accept more than was ordered, shipped or owed
help-flag-override = Pass a limit as far as your role may; needs --reason
help-flag-from-file = Read the record from a file (toml, json, or jsonl for many), or from `-`
help-flag-match = Fields that say which record is meant, such as email,phone
help-flag-unset = Empty this field; repeatable
help-flag-add-member = Add to { $field }
help-flag-remove-member = Take out of { $field }

## Flags of lists
help-flag-where = Condition, such as region=north or amount>=1000; repeatable (and)
help-flag-fields = Columns in this order; `help` lists all there are
help-flag-sort = Sort order, such as -created_at,name
help-flag-limit = At most this many
help-flag-view = View saved in crm.toml
help-flag-at = As it was at this commit or day
help-flag-archived = Include archived records
help-flag-with = What else to show beside the record
help-flag-field = Only this field

## Flags of single commands
help-flag-company = Name of the company
help-flag-currency = Base currency, such as CNY
help-flag-country = Country, such as CN
help-flag-timezone = Time zone of the company
help-flag-language = Language of the store: en, zh-CN
help-flag-branch = Branch that the store is written on
help-flag-user = User: id, name or e-mail
help-flag-name = Name
help-flag-email = E-mail address
help-flag-phone = Phone number
help-flag-tax-id = Tax number
help-flag-since = From this day on
help-flag-until = Up to this day, included
help-flag-op = Only commits of this command, such as `order ship`
help-flag-message = Words for the commit message
help-flag-check = Change nothing; list the files and exit 9 if there are any
help-flag-strict = Count warnings as findings
help-flag-fix = Mend first what can be mended safely, such as equal numbers after a merge
help-flag-map = Map file: what the columns mean
help-flag-on-match = What to do with a record that is there: update, skip, error
help-flag-group-by = Fields whose equal values make rows one record, such as number
help-flag-create-missing = Make the records of this type that are referred to but missing; repeatable
help-flag-delimiter = Column separator: one character, or tab
help-flag-encoding = Encoding of the file, such as gb18030
help-flag-date-format = How the file writes dates, such as %d/%m/%Y
help-flag-decimal-comma = The file writes decimals with a comma
help-flag-on-error = What to do with a bad row: abort (write nothing), skip
help-flag-rejects = File for the rejected rows, each with its reason
help-flag-each = One commit for each line instead of one for all
help-flag-dir = Directory to write the files to
help-flag-file = Read it from a file, or from `-`
help-flag-param = Value of a parameter of the query; repeatable
help-flag-schema = Show the tables and columns there are
help-flag-type = Only these record types
help-flag-period = Period, such as 2026-03, 2026Q1, last month, 2026-01-01..2026-03-15
help-flag-from = First day of the period; of a transfer, the warehouse it leaves
help-flag-to = Last day of the period; of a transfer, the warehouse it reaches; when assigning, the user
help-flag-as-of = State of this day instead of today
help-flag-compare = Set beside: previous (the period before), yoy (a year before)
help-flag-explain = Show the definition, the parameters and the query instead of the numbers
help-flag-total = Only the total
help-flag-report-currency = Show amounts in this currency, sums converted at its rate as of the day
help-flag-comment = What the customer says
help-flag-channel = By which channel; the one it came by unless given, else e-mail
help-flag-roll-up = Regions and teams include those below them
help-flag-report-by = Dimensions to sum by: customer, owner, region, product, month, quarter … (several with commas)
help-flag-report-basis = What counts as a sale: an order, an invoice or a payment
help-flag-report-with-shipping = Add a column with the shipping charged

## Flags of domain verbs
help-flag-reassign = Take it from its present owner
help-flag-next = Subject of the follow-up to plan next
help-flag-next-due = Day of the follow-up to plan next
help-flag-next-kind = Kind of the follow-up to plan next
help-flag-keep-sla = Leave the agreement as it is though the priority changes
help-flag-keep-status = Leave the state of the lead or opportunity as it is
help-flag-duration = How long it took, such as 45m
help-flag-due = Day it is due
help-flag-line = Line and quantity, such as HAN-EV-610:2; repeatable
help-flag-serial = Serial number; for an order as LINE:SERIAL; repeatable
help-flag-warehouse = Warehouse; the first one of crm.toml unless given
help-flag-carrier = Carrier
help-flag-tracking = Tracking number
help-flag-date = Day of the document; today unless given
help-flag-method = Method of payment, such as bank
help-flag-ref = Reference of the payment, such as the bank's
help-flag-cost = Cost of one unit in the base currency
help-flag-reference = Number of the paper it comes from
help-flag-supplier = Supplier
help-flag-note = Note

## Arguments
help-arg-slug = Id of the new record: letters, digits, `.`, `_`, `-`
help-arg-id = Record: id or the beginning of it, number, name, e-mail or phone
help-arg-ids = Records: id or the beginning of it, number, name, e-mail or phone
help-arg-record = Record that the row belongs to
help-arg-row = Row: its id, code or number
help-arg-wish = What to add, in the short form
help-arg-ticket = The ticket: number, subject or id
help-arg-reply = Text of the answer
help-arg-rating = 1 (bad) to 5 (good)
help-arg-target = Record that it is about: customer, contact, lead, opportunity, order …
help-arg-text = Text of the note
help-arg-amount = Amount received
help-arg-product = Product
help-arg-qty = Quantity; for a count, what is there
help-arg-dir = Directory
help-arg-words = Words to look for
help-arg-range = Two commits or days, A..B, or one commit; hand edits unless given
help-arg-commit = Commit to take back; your last one unless given
help-arg-paths = Files or folders; all unless given
help-arg-type = Record type, or TYPE.ROW for its rows alone, such as order.line; with --all the directory or file
help-arg-file = File; `-` is stdin
help-arg-noun = Record type; without one, all are listed
help-arg-select = SQL query that only reads
help-arg-shell = bash, zsh, fish, powershell or elvish
help-arg-topic = Topic or command

## Commands that stand alone
help-cmd-init = Make a store in a directory
help-cmd-demo = Make a store with a sample company and show what it can tell
help-cmd-status = Show what is to do today
help-cmd-search = Find records of any type by a word, number, phone or e-mail
help-cmd-show = Show a record of any type
help-cmd-edit = Edit a record in your editor
help-cmd-log = List who changed what, and when
help-cmd-diff = Show the changed fields between two commits
help-cmd-undo = Take a whole command back
help-cmd-restore = Bring a record back as it was
help-cmd-check = Check every record and rule
help-cmd-commit = Commit edits made by hand, after checking them
help-cmd-fmt = Write files in their canonical form
help-cmd-import = Import records from csv, json, jsonl or vcf files
help-cmd-export = Export records so that they can be imported again, or everything for other engines
help-cmd-batch = Run many commands from a file as one commit
help-cmd-report = Run a report
help-cmd-schema = Show the JSON Schema of a record type
help-cmd-sql = Ask the data in SQL
help-cmd-completions = Print the completions for a shell
help-cmd-man = Print or write the man pages
help-cmd-help = Show help on a command or topic

## Verbs of every type
help-noun = Manage { $noun } records
help-verb-add = Add a new { $noun }
help-verb-list = List { $noun } records
help-verb-show = Show one { $noun } with all its fields
help-verb-edit = Edit one { $noun } in your editor
help-verb-set = Change fields of one { $noun } or several
help-verb-upsert = Add a new { $noun }, or change the one that is there
help-verb-remove = Remove one { $noun } or several
help-verb-history = List every change of one { $noun }
help-rows = { $rows } of one { $noun }
help-rows-add = { $rows }: add one to the { $noun }
help-rows-set = { $rows }: change one of the { $noun }
help-rows-remove = { $rows }: remove one from the { $noun }
help-state-verb = Move the { $noun } to the state: { $state }

## Verbs of single types
help-verb-customer-assign = Give customers to a user
help-verb-ticket-reply = Answer the customer: a message about the ticket, queued
help-verb-ticket-note = Note something about a ticket, for us alone
help-verb-ticket-rate = Write down how the customer rates the work
help-verb-customer-note = Note something about a customer
help-verb-customer-check = Look up whether somebody is a customer already
help-verb-lead-assign = Give leads to a user, or to whom the assignment rules choose
help-verb-followup-log = Log a contact that has taken place
help-verb-followup-plan = Plan a contact for a day
help-verb-followup-done = Close a planned follow-up with its outcome
help-verb-followup-move = Move follow-ups to another day
help-verb-followup-note = Note something about a record
help-verb-followup-todo = List what is due
help-verb-order-confirm = Confirm orders
help-verb-order-approve = Approve the discount of orders
help-verb-order-hold = Put orders on hold
help-verb-order-resume = Take orders off hold
help-verb-order-close = Close orders
help-verb-order-reopen = Open closed orders again
help-verb-order-cancel = Cancel orders, or some of their lines
help-verb-order-ship = Ship an order, or some of its lines
help-verb-order-pay = Record a payment for an order
help-verb-quote-approve = Approve the discount of quotes
help-verb-product-stock = Show the stock of a product by warehouse
help-verb-movement-receive = Book goods received
help-verb-movement-issue = Book goods taken out
help-verb-movement-adjust = Correct the stock by a quantity, up or down
help-verb-movement-transfer = Move goods between two warehouses
help-verb-movement-count = Book what was counted
help-verb-movement-reverse = Reverse stock movements
help-verb-shipment-reverse = Reverse shipments
help-verb-shipment-deliver = Mark shipments as delivered
help-verb-return-reverse = Reverse returns
help-verb-payment-reverse = Reverse payments

## Reports
help-report = Run the report
help-report-list = List the reports there are
help-report-new = Write a report of your own to start from
help-report-check = Try the reports of your own
help-report-book = Write several reports into one xlsx workbook
help-report-run-all = Write the reports of [schedule.NAME] of crm.toml into a directory
help-report-broken = A report that cannot be run
help-arg-report = Name of the report
help-arg-reports = Names of reports
help-flag-like = Report to copy
help-flag-toml = The form without SQL

## Topics
help-topic-dates =
    Dates and periods

    A day
      2026-03-01                     a date; years first, always
      today yesterday tomorrow       今天 昨天 明天 前天 后天
      monday … sunday, mon … sun     the nearest one, today included; 周一 星期日
      3d  2w  1m  1y                 days, weeks, months, years from today
      -3d  +2w                       with a sign, back or ahead
      3 days ago, in 2 weeks

    More than one day
      2026-03                        a month
      2026  2026H1  2026Q1           a fiscal year, half, quarter
      2026W09                        an ISO week
      this month, last week          this, last or next week, month, quarter, half, year
      本周 上月 下月 本季 上季 今年 去年

    A period is any of these, or
      2026-01-15..2026-03-15         both days included
      2026-01..                      open at one end
      --from 2026-01-15 --to 2026-03-15

    A time
      2026-03-01T10:20  "tomorrow 09:00"  now
      2026-03-01T10:20:30+08:00      exact, whatever the time zone
      -2h, 2 hours ago               back from now

    Years, halves and quarters begin where `company.fiscal_start` in crm.toml says, and a year
    is named after the calendar year in which it begins. Weeks of words begin on
    `company.week_start`. Days are those of `--tz`, CRM_TZ, or the company's time zone.

    In dates `m` is a month, in durations (30m 4h 2d 2w 1d12h) a minute.
    `03/04/2026` is refused, as it can be read in two ways; an import says `--date-format %d/%m/%Y`.
help-topic-formats =
    Output formats

    --format FORMAT, CRM_FORMAT, or the ending of -o FILE choose one:
      table    for people; columns that fit the screen, labels in your language
      csv tsv  UTF-8 with a header; ISO dates, `.` decimals, lists joined with `;`, empty = none
      json     an array, or an object for one record; decimals as strings
      jsonl    one record a line
      ids      only the ids, one per line
      md html  a table for documents and mail
      xlsx     a workbook with typed cells, frozen header and filter
      svg      the chart of a report as a picture; html has it above the table
      vcf      customers and contacts as business cards for phones and mail programs
      ics      follow-ups with an hour or a day as appointments and tasks of a calendar

    csv, tsv, json and jsonl are made for programs: their columns are the field codes and stay.
    A reference comes out twice, `customer` as id and `customer_name` for people.
    table, md, html, xlsx and svg carry labels; `--labels code` gives the codes there too.
    `quote show`, `order show` and `invoice show` in md, html and xlsx are documents to hand out, in
    the customer's language; see `crm quote show --help`.

      --no-header     without the header line
      --bom           for Excel, which reads UTF-8 only with this mark
      --excel-safe    cells that a spreadsheet would run as formulas become text
      --envelope      json together with commit, period, filter and checksum of a report
      --fields a,b    choose and order columns; `--fields help` lists them
      --chart         the chart of a report under its table; `--chart=only`, `--chart=ascii`
      -o FILE         written in one step: the old file or the new one, never half

    Whether the output is a terminal changes colour, width and the pager, never the data.

      crm customer list --format csv -o customers.csv
      crm contact list --where tags=vip -o contacts.vcf
      crm followup todo --until +30d -o todo.ics
      crm order list --where progress=to_ship --format ids | xargs -n1 crm order ship
      crm report sales --by customer --period 2026 -o sales.xlsx
      crm quote show QT-2026-0001 -o quote.html
help-topic-filters =
    Filters: --where FIELD<op>VALUE

      =   !=       is, is not; a comma list means any of them
      >   >=       more than, at least; after, from
      <   <=       less than, at most; before, until
      ~   !~       contains, does not contain (case does not matter)
      FIELD=       is empty
      FIELD!=      is filled

    Several --where must all hold. Quote conditions with < or > in the shell.

      crm customer list --where region=north --where 'credit_limit>=100000'
      crm lead list --where status=new,contacted --where 'created_at>=last week'
      crm order list --where owner=me --where date=2026Q1
      crm customer list --where name~酒店 --where level=A,B

    Dates take everything of `crm help dates`; a month or a year means all its days.
    References take an id, name, number or e-mail; `me` is you.
    In a list `\,` is a comma that belongs to the value.
    `crm NOUN list --fields help` lists the fields, those worked out included, such as
    `progress` of an order.

    --sort -date,number   by date, newest first, then number
    --limit 20            the first 20
    --view NAME           a set of these from [views.NAME] of crm.toml

    More than that is `crm sql`; `crm sql --schema` shows the tables.
help-topic-exit-codes =
    Exit codes

    Scripts can rely on numbers and names; they never change their meaning. With `--format json`
    or CRM_ERRORS=json the last line of stderr is one JSON object with `code`, `exit`, `message`
    and `hint`. Busy (7) and unknown (13) are safe to repeat with `--key`.
help-topic-environment =
    Environment variables; a flag goes before them, an empty value counts as unset

      CRM_DIR           directory of the store (-C)
      CRM_CONFIG        your own configuration, else ~/.config/crm/config.toml
      CRM_USER          acting user (--as); otherwise git's user.email names it
      CRM_TOKEN_FILE    private file with the token of a program, instead of a log-in
      CRM_FORMAT        output format (--format)
      CRM_LANG          language of the texts, en or zh-CN (--lang)
      CRM_TZ            time zone of days and reports (--tz)
      CRM_TODAY         the day to take for today, such as 2026-03-01
      CRM_NOW           the time to take for now, such as 2026-03-01T09:00:00+08:00
      CRM_NO_INPUT      never ask (--no-input)
      CRM_LOCK_TIMEOUT  how long to wait for another command (--lock-timeout)
      CRM_PAGER         pager for long output; `cat` for none
      CRM_ERRORS        json: errors also as one JSON object on stderr
      VISUAL EDITOR     editor of `edit`
      PAGER             pager where CRM_PAGER is unset
      NO_COLOR CLICOLOR CLICOLOR_FORCE TERM
                        colour, unless --color says otherwise
      CI                never ask

    A command run by cron has none of these: name the store and the user.

      CRM_DIR=/srv/crm CRM_USER=robot crm report sales --period yesterday -o /srv/sales.csv
help-topic-store =
    The store

    A store is a directory with a `crm.toml`, the root of its own git repository. Every record
    is one TOML file in the folder of its type, named after its id:

      crm.toml                       settings
      customers/…/cus_….toml         a record
      users/li.na.toml               a record of a type with ids that people choose
      reports/…                      reports of your own, for `crm report`
    {"  .git/"}                          history
    {"  .git/crm/mirror.db"}             what lists and reports read; may be deleted, is built again

    Every command that changes something is one commit, written completely or not at all.
    Its message says what was done and by whom, so git is the journal:

      crm log                        who changed what, and when; also of one record
      crm diff A..B                  changed fields between two commits
      crm undo                       takes a whole command back with a new commit
      crm restore ID --at yesterday  brings a record back as it was
      crm customer list --at 2026-01-31   looks at the store of that day

    Edits by hand are fine: `crm check` checks them, `crm fmt` writes the canonical form,
    `crm commit` commits them. Branches, `git pull` and `git push` work as ever; git merges
    records field by field (in a clone after `crm merge-driver --install`), `crm conflicts` and
    `crm resolve` settle what both sides changed. Run `crm check` after a merge, and
    `crm check --fix` where two clones gave the same number.
help-topic-settings =
    Settings

    They stand in `crm.toml` at the root of the store and are changed by `crm config set`, or by hand
    and `crm commit`. Those of your own stand in ~/.config/crm/config.toml (`crm config set --user`).
    What goes first: flag, environment, your user record, crm.toml, your own configuration, default.
    `crm config list --origin` shows where each value comes from.

    Hooks are programs that see a change as JSON on their standard input, after the rules and before
    it is written, and veto it by ending with anything but 0: `"order ship"` is for that command,
    `"order *"` for all commands and changes of orders, `"*"` for every commit. Those in crm.toml run
    only after `crm trust`; a dry run asks none. They may read the store and must not write to it.

    {"["}rates.USD]            exchange rates by day: 2026-01-01 = "7.1000"
    {"["}codes.source.NAME]    a code of your own: label, label_zh
    {"["}fields.customer.NAME] a field of your own: type, label, label_zh
    {"["}views.NAME]           a saved list for --view: of, where, fields, sort, limit
    {"["}schedule.NAME]        a report for `crm report run-all`: report with its flags, every, format

    Every setting with its default, and the sections whose keys you choose:
help-topic-import =
    Import

      crm import customer customers.csv --dry-run
      crm import customer customers.csv --match email,phone --on-match update
      crm import order 'orders-*.csv' --group-by number --create-missing customer
      crm import contact list.csv --encoding gb18030 --date-format %d/%m/%Y
      crm import customer crm-export.jsonl
      crm import contact phone.vcf --create-missing customer --match phone

    Columns are matched to fields by code, label (English or Chinese) and common synonyms;
    columns that fit nothing are listed, and nothing is written. References are looked up as on
    the command line: id, number, name, e-mail, phone. A `source_ref` column says which records
    are the same as last time.

    vcf files (vCard 2.1, 3.0, 4.0) are read as customers or contacts, by their ending or with
    `--format vcf`. ORG names the customer of a contact; a card's UID becomes its `source_ref`; what
    has no field becomes a line of the remark. `--encoding gbk` is for old phones.

    One import is one commit, so `crm undo` takes it back. Unless all rows are good nothing is
    written; `--on-error skip --rejects bad.csv` takes the good ones and writes the others to a
    file, with line, column and reason.

    A map file (--map map.toml) says what the columns of a foreign file mean:

    {"  ["}columns]                   # header = field; "-" leaves the column out
      companyName = "name"
      customerID = "source_ref"
      shipCountry = "@country"    # read only to understand phones
      photo = "-"

    {"  ["}constants]                 # field = value for every row
      kind = "company"

    {"  ["}values.country]            # cells to replace
      UK = "GB"

    {"  ["}join]                      # several columns into one field
      name = ["firstName", "lastName"]

    {"  ["}split]                     # one column into several fields
      place = {"{"} into = ["province", "city"], at = "/" {"}"}

    {"  ["}templates]                 # a field put together from columns
      source_ref = "nw:{"{"}customerID{"}"}"

    {"  ["}dates]                     # how the file writes days
      format = "%d.%m.%Y"

    {"  ["}scale]                     # a factor, here for discounts written 0.05
      discount = "100"

    `crm export TYPE` writes what `import` reads; without changes, importing it again changes
    nothing.

## Exit codes
help-exit-ok = done; also when nothing was found or nothing had to change
help-exit-error = something else failed, such as reading or writing a file
help-exit-usage = wrong flag, date, field or value; or an answer is needed and nobody can be asked
help-exit-not-found = a record or reference does not exist
help-exit-ambiguous = several records fit; they are listed
help-exit-invalid = a rule refused it, or a record cannot be read
help-exit-conflict = somebody changed it in the meantime, or a merge or hand edit is in the way
help-exit-busy = another command is at work; try again
help-exit-store = no store here, a newer format, or git cannot be used as it is
help-exit-check-failed = a check found problems; they are listed
help-exit-partial = done in part; some rows or records were left out
help-exit-denied = not logged in, user unknown, or the role does not allow it
help-exit-remote = network, mail or push failed
help-exit-unknown = whether it was done is not known; repeat it with `--key`

## Leads, their assignment and conversion
help-verb-lead-convert = Make a lead a customer, with contact and opportunity
help-flag-customer = Customer: an existing one, or `new`
help-flag-contact = Contact: an existing one, `new`, or `none`
help-flag-opportunity = Opportunity: an existing one, `new`, or `none`
help-flag-amount = Amount
help-flag-close-date = Expected day of the deal

help-verb-lead-score = Show what each score rule gives to a lead
help-verb-ticket-assign = Give tickets to a user, or to whom the assignment rules choose
help-flag-auto = let the assignment rules choose; without IDs for all that nobody has

## Public pools

help-verb-pool-records = Show what lies in public pools and can be claimed
help-verb-pool-claim = Claim leads or customers from a public pool
help-verb-pool-release = Give leads or customers back to a public pool
help-verb-pool-recycle = Give back what nobody worked on for too long, and warn of what is next
help-arg-pool = public pool; all that are open to you unless given

## Duplicates and timelines
help-verb-customer-dedupe = List pairs of customers that may be one, best first
help-verb-customer-merge = Merge customers into one; what refers to them is read as referring to it
help-verb-customer-unmerge = Take customers out of their merge
help-verb-customer-distinct = Note that two customers were compared and are different
help-verb-customer-timeline = Show what happened to the customer and all that belongs to it, newest first
help-verb-contact-dedupe = List pairs of contacts that may be one, best first
help-verb-contact-merge = Merge contacts into one; what refers to them is read as referring to it
help-verb-contact-unmerge = Take contacts out of their merge
help-verb-contact-distinct = Note that two contacts were compared and are different
help-verb-contact-timeline = Show what happened to the contact and all that belongs to it, newest first
help-verb-lead-dedupe = List pairs of leads that may be one, best first
help-verb-lead-merge = Merge leads into one; what refers to them is read as referring to it
help-verb-lead-unmerge = Take leads out of their merge
help-verb-lead-distinct = Note that two leads were compared and are different
help-verb-lead-timeline = Show what happened to the lead and all that belongs to it, newest first
help-arg-keep = Record that stays
help-arg-drops = Records that are merged into it
help-arg-one = One record
help-arg-other = The other record
help-flag-prefer = Take a field from a certain one of them: FIELD=ID; may be repeated
help-flag-min-score = Fewest points that are listed, 1 to 100

## Opportunities
help-verb-opportunity-list = List opportunities, with --board as a board of stages
help-verb-opportunity-history = Show how long an opportunity stood in each stage, and every change of it
help-verb-opportunity-stage = Move opportunities to another open stage
help-verb-opportunity-win = Win opportunities
help-verb-opportunity-lose = Lose opportunities, and say why
help-verb-opportunity-reopen = Open won or lost opportunities again
help-flag-pipeline = Pipeline; the default one unless given
help-flag-stage-pipeline = Pipeline of the stage; the present one unless given
help-flag-board = As a board: stages side by side, a card per opportunity
help-flag-stages = The stages alone, without the log
help-flag-keep-probability = Leave a chance that was set by hand
help-flag-quote = Quote that wins it; accepted too where it is not yet
help-flag-make-order = Also make a draft order from the quote
help-flag-accept-expired = Accept a quote that is no longer valid
help-flag-lost-to = Competitor it was lost to
help-flag-lost-stage = Lost stage, where the pipeline has several
help-flag-reopen-stage = Open stage to go to; the last one unless given
help-arg-stage = Code of an open stage of the pipeline

## Quotes
help-verb-quote-send = Mark quotes as sent
help-verb-quote-accept = Accept quotes for the customer
help-verb-quote-reject = Mark quotes as rejected by the customer, and say why
help-verb-quote-cancel = Cancel quotes
help-verb-quote-revise = Replace sent or rejected quotes by a draft of the next revision
help-flag-accepted-by = Who accepted it
help-flag-customer-ref = The customer's order number
help-flag-win = Also win the opportunity of the quote
help-flag-send-template = Also queue an e-mail by this template, with the printed quote

## Documents to hand out
help-verb-message-draft = Write a message about a record, to be sent later
help-verb-message-send = Write a message about a record and queue it for sending
help-verb-message-queue = Queue drafts for sending
help-verb-message-retry = Queue again what failed or may have failed
help-flag-attach = Quote, order or invoice to print and attach when it is sent: QT-2026-0001.html or .xlsx; repeatable
help-verb-template-render = Fill in a template for a record and print subject and text
help-arg-template = Template
help-flag-template = Template of channel `document`: its subject and text stand above the lines, what follows a line `---` below them
help-flag-for = Record to fill it in for
help-flag-var = Value of a placeholder var.NAME of the template; repeatable
help-after-template-render =
    Placeholders: {"{{"}customer.name{"}}"}, {"{{"}order.total{"}}"}, {"{{"}owner.phone{"}}"}, {"{{"}contact.title|none{"}}"} (what follows
    the bar stands there where the name is empty), {"{{"}var.day{"}}"} (from `--var day=Monday`).
    A name begins with the noun of the record, customer, contact, owner, company or var, and goes
    on over fields and references: {"{{"}order.quote.number{"}}"}. There are no conditions and no loops.
help-after-show-document =
    With `--format html`, `md` or `xlsx`, or `-o FILE` with such an ending, it is printed as a document
    to send: in the language of the template, else of the customer (a field `language` of contact or
    customer, else the country); `--lang` overrides. `--fields` shows the record instead.
    The seller is [company] of crm.toml: name, address, phone, email, website, tax_id, bank, bank_account.

## Invoices, returns and payments
help-verb-order-invoice = Bill an order, or some of its lines
help-verb-order-return = Take goods back, with the credit note and the refund where wished
help-verb-invoice-credit = Write a credit note for an invoice, or for some of its lines
help-verb-payment-add = Add a payment, and say what it pays
help-verb-payment-allocate = Say what a payment pays; a negative amount takes back
help-verb-payment-refund = Pay money back to a customer
help-flag-shipped = Only goods that have left
help-flag-return = Return that the credit note is for
help-flag-shipping = Shipping as well
help-flag-no-restock = Not back into stock: scrap or repair
help-flag-ticket = Ticket that asked for it
help-flag-credit = Also write the credit note
help-flag-refund = Also pay back what is credited; needs --method
help-flag-pays-invoice = Invoice and amount that it pays; repeatable
help-flag-pays-order = Order and amount of a deposit; repeatable
help-flag-pays-auto = The rest to open invoices, those due first first
help-flag-refund-invoice = Invoice on which the customer has credit
help-flag-refund-order = Order on which the customer has a deposit
help-arg-refunded = Customer who gets the money
help-arg-refund = Amount to pay back

## Recommendations
help-verb-product-recommend = Show what to offer a customer, and why
help-arg-recommend-customer = Customer: id, name, phone or e-mail
help-flag-recommend-with = What goes with this product
help-flag-min-count = Least number of orders that have both; 3 unless given

## Targets
help-flag-report-targets-by = Whose targets, or of what: user, team, region, dealer, company, product, category
help-flag-report-targets-basis = What counts as reached: an order, an invoice, a payment or a won opportunity
help-flag-report-measure = What is counted
help-flag-report-draft = Drafts count too
help-verb-target-split = Split a target into draft targets that sum to it exactly
help-verb-target-split-long = By user: evenly among the active people of the team or region and what is below it; for the company and dealers `--shares` is needed. By month: by the target's phasing, else by days. By product: by what each active product brought in the same days a year before, in the target's category. `--shares` says otherwise, in percent. Splitting again brings drafts that are there to their new value.
help-flag-split-by = What the parts are: user, month or product
help-flag-shares = Shares in percent that make 100, such as li.na=60,zhao.min=40

## Segments and campaigns
help-verb-segment-freeze = Make a segment that keeps the present members of another
help-verb-campaign-cost = Add a cost to a campaign; a negative amount corrects one
help-verb-feedback-ticket = Make tickets from feedback of customers
help-flag-members = List those it holds or reaches
help-flag-freeze-name = Name of the new segment; that of the old one unless given
help-flag-what = What it was spent on
help-arg-cost-amount = Amount in the campaign's currency
help-verb-segment-show = Show one segment, or its members
help-verb-campaign-show = Show one campaign, or its audience

## Exports for other engines
help-flag-all = Everything: every table, into the directory DIR (csv, jsonl, parquet) or the file FILE (sqlite)
help-flag-partition = Part tables that have a date into a file for each year
help-flag-force = Write although what is there is not an earlier export
help-topic-reports =
    Reports of your own

    A file in `reports/` of the store is a report: `crm report new NAME` writes one to start from,
    `--like sales` a copy of a built-in one, `--toml` the form without SQL; `crm report check` tries
    them all. `reports/NAME.sql` begins with a head in TOML between `/*---` and `---*/`; then comes
    one select over the tables and views of `crm sql --schema`. The keys of the head:

      title title_zh definition definition_zh   what it is; `title` is enough
      period    the period where none is given: month, quarter, last-quarter, p12 (12 months and
                this one), 90d, life, or as-of for a state on a day
      params    {"[{ name, type, default, codes, range, help, help_zh }]"}: a flag each, in the select `:name`
                with `_` for `-`; types text code codes int dec bool days window, or `ref customer`
      columns   {"[{ name, type, list, when, label, label_zh }]"} in the order of the select; types text
                code codes bool int qty dec money ratio days min day month instant, or `ref customer`
      order     "sql": the rows stay as they are selected
      chart     {"{ kind, x, y }"}: bar column line stacked scatter pareto funnel heatmap
      dims date measure   for sums by `--by`; `crm report new NAME --like sales` shows how

    `:from` and `:to` are the first and last day of the period, `as_of()` the day after which nothing
    is seen. Money is in whole minor units of the base currency.

    `reports/NAME.toml` has the same keys, and in place of a select:

      from      a table or view
      where     conditions as --where takes them, references by id; `:name` is a parameter
      group     columns, or day week month quarter half year of the column that `date` names
      measures  {"[{ name, sum = COLUMN }]"}; or mean median min max count count_distinct, `count = true`
                for rows, {"`ratio = [ONE, OTHER]`"} of two measures; `where` for some rows only
      sort      measures and groups as --sort takes them

    Several at once, and by cron ([schedule.NAME] of crm.toml: report with its flags, every = day,
    week or month, format); a file is written again only when it changes:

      crm report book sales pipeline --period 2026 -o 2026.xlsx
      crm report run-all /srv/reports
help-topic-sql =
    SQL: crm sql SELECT

    Reads the records and what follows from them, in the SQL of SQLite; it changes nothing.
    `crm sql --schema` shows the tables, views and columns with their types and meanings.

      crm sql "select name, level from customers where region = 'shanghai' order by name"
      crm sql "select count(*) as n from orders where date >= :from" --param from=2026-01-01
      crm sql "select number, amount(total, currency) as total, currency from orders order by number"
      crm sql "select bucket(date, 'quarter') as quarter, amount(sum(net), 'CNY') as net from sale_line where basis = 'order' group by 1"
      crm sql "select owner, half_up(ratio(sum(net - cost), sum(net)) * 100, 1) as margin_pct from sale_line where basis = 'order' group by owner"
      crm sql "select median(total) as half, percentile(total, 0.9) as most from orders where currency = 'CNY'"
      crm sql "select value, count(*) as n from members where kind = 'customer' and field = 'tags' group by value"
      crm sql "select record, sum(amount) as due from receivable group by record" --format csv

    A parameter is `:name` in the query and `--param name=VALUE` beside it: a number where it looks
    like one, `true`, `false`, `null`, else text; `'007'` in quotes is always text.

      crm sql -f sales.sql --param from=2026-01-01 --format csv -o sales.csv
      crm sql --at HEAD "select count(*) as n from customers"
      crm sql --schema --format csv

    Amounts are whole minor units of their currency (cents), so that sums are exact. Functions
    beside those of SQLite:

      amount(1250, 'CNY') = 12.50  -- minor units as exact text, with the digits of the currency
      amount(1250, 'JPY') = 1250
      minor('12.50', 'CNY') = 1250  -- the other way round
      to_base(1250, 'USD', 7.1) = 8875  -- minor units of a currency in those of the base currency
      ratio(1, 4) = 0.25  -- a share; null where there is nothing to divide by
      half_up(1.005, 2) = 1.01  -- rounded half up, as people do
      bucket('2026-05-04', 'quarter') = 2026Q2  -- day, week, month, quarter, half or year, fiscal where set
      bucket('2026-05-04', 'month') = 2026-05
      day('2026-03-01T23:30:00+08:00') = 2026-03-01  -- day of a moment in the company's zone
      work_minutes('2026-03-02T09:00:00+08:00', '2026-03-02T10:30:00+08:00', null) = 90  -- working time by a calendar (an id, or null)
      part(1000, 1, 3) = 333  -- what 1 of 3 units is worth of 1000 minor units
      fold('Haier') = haier  -- for comparing without case
      median(x), percentile(x, p)  -- over a group; p from 0 to 1, between two numbers linearly
      pow(2, 10) = 1024  -- a power; also ceil, floor, sqrt, ln, exp
      rate('CNY', '2026-05-04') = 1  -- base currency for one unit as of a day
      minutes('2h') = 120  -- minutes of a length of time
      rfm_segment(5, 5, 5) = Champions  -- the name of the first segment that three scores lie in
      stock_value(method, qty, unit_cost, key order by …)  -- what stock is worth after changes in order: moving_average or fifo
      as_of(), today()  -- the day as of which views are seen, and today

    `crm export --all` gives all tables to other engines (DuckDB, pandas, Spark, SQLite),
    `crm mirror push` keeps them in PostgreSQL.

## Charts
help-flag-chart = Draw the chart of the result under the table; `=only` without the table, `=ascii` in plain characters, `=only,ascii` both

## Push to PostgreSQL
help-cmd-mirror = Give everything to another database
help-mirror-push = Load or refresh all tables in a schema of PostgreSQL
help-mirror-push-long =
    Load or refresh all tables in a schema of PostgreSQL, in one transaction: amounts as numeric,
    days, instants, booleans, text. At the same commit and day nothing is written; otherwise only
    the tables that differ, and of records and their rows only the rows that differ.
    A table whose columns changed is made anew; what is not ours in the schema is left alone.

    Connections are not encrypted: use a local socket (postgres:///NAME?host=/var/run/postgresql)
    or a tunnel; another machine is refused unless the address says ?sslmode=disable. The password is best in PGPASSWORD. The program must be built
    with the feature `postgres`.
help-arg-url = Address of the database
help-flag-schema-name = Schema of the tables; crm unless given
help-cmd-outbox = Send what is queued
help-outbox-run = Hand over the messages that are due
help-outbox-run-long =
    Hand over the messages that are due, for cron. E-mail goes to the folder, program or server
    of [send.email], texts to the gateway or program of [send.sms]; without settings, mail is written
    as .eml files to .git/crm/mail. Each message is claimed in a commit before anything leaves, so that
    two runs never send it twice. Who refuses for now is tried again after 1, 5, 15 and 60 minutes, then
    every 4 hours for two days. What may or may not have arrived is `unknown`: service mail is sent
    again under the same message id, marketing and texts only after `crm message retry`.
    Exits 12 where a server could not be reached, 10 where messages failed.
help-cmd-trust = Allow the programs and servers that crm.toml names
help-trust-long =
    Allow this clone to run the programs, and to give secrets to the servers, that crm.toml names
    under [send] and [hooks]. What is allowed is pinned as it is written now: a change, also one that
    came with a pull, must be allowed anew; of a hook that lies in the store the program is pinned
    too. Shows what it is about first. Your own configuration needs no trust.
help-verb-campaign-send = Queue a message to each of the audience, one per address
help-verb-message-import = File mails from outside (.eml, `-` for standard input)
help-arg-files = Files; `-` reads standard input
help-flag-send-at = Not before this moment
help-flag-target = Record it is about; found from the mail unless given
help-cmd-remind = Remind people of what is due
help-remind-list = Show what is due now and was not told yet
help-remind-run = Tell everybody what is due, each reminder once
help-remind-run-long =
    Tell everybody what is due, each reminder once, however often this runs; for cron. Follow-ups are
    told as their `remind` says; quotes that expire, neglected opportunities, promised and due dates,
    promises of tickets and birthdays as [remind] says. People are told as their `notify` says: printed
    here, or queued as e-mail or text for `crm outbox run`. With [remind] digest each person gets one
    message a day. One commit for a run.
help-flag-team = Count what the whole team has, and the teams below
help-verb-followup-call = Show the number to dial, then log the call
help-topic-messages =
    Messages, reminders and the outbox

    Messages are queued by a command (`message send`, `ticket reply`, `quote send --template`,
    `campaign send`, `remind run`) and handed over by `crm outbox run`. Both are made for cron:

      0-59/5 * * * * cd /srv/acme && crm remind run -q; crm outbox run -q

    States of a message: draft, queued, claimed, sent, failed, unknown, cancelled, received.
    Claimed is committed before anything leaves. Who says no for now (SMTP 4xx, HTTP 429 or 503,
    exit 75) is asked again after 1, 5, 15 and 60 minutes, then every 4 hours for two days; who says
    no is `failed`, see `crm message retry`. Where the answer is lost the message is `unknown`:
    service and internal mail goes again under the same Message-ID, which receivers can tell;
    marketing and texts wait for `crm message retry`.

    In crm.toml, for e-mail one of folder, command and smtp:

    {"  ["}send]
      node = "office"              # only the clone with `git config crm.node office` sends

    {"  ["}send.email]
      from = "Acme <sales@acme.example>"
      folder = "outgoing"          # .eml files; .git/crm/mail unless set
      command = ["sendmail", "-i", "--", "{"{{"}to{"}}"}"]
      smtp = "smtp://me@mail.example:587"    # STARTTLS; smtps://…:465 for TLS at once
      ca_file = "ca.pem"           # an authority of your own
      secret_env = "MAIL_PASSWORD" # or secret_file, or secret_command = ["pass", "mail"]
      per_minute = 60
      timeout = "30s"
      unsubscribe = "mailto:stop@acme.example"   # List-Unsubscribe of marketing

    {"  ["}send.sms]
      preset = "yunpian"           # or twilio, vonage, luosimao; with user, from, secret_…
      url = "https://sms.example/send"           # or all of it by hand, or a command
      headers = ["Content-Type: application/json", "Authorization: Bearer {"{{"}secret{"}}"}"]
      body = '{"{"}"to":"{"{{"}to{"}}"}","text":"{"{{"}text{"}}"}"{"}"}'
      success = "code=0"           # or status (any 2xx), or ~TEXT
      id = "data.id"               # where the answer has its id
      per_run = 1000
      max_length = 500

    `crm trust` lets this clone use the programs, folders and servers that are named there.

    People say in their record how they are told: notify = stdout, email, sms. Reminders:

    {"  ["}remind]
      at = "09:00"                 # of a day without an hour
      default = "0m"               # of follow-ups that say nothing
      also = ["quote_expiring", "opportunity_rotten", "order_due", "payment_due", "sla", "birthday"]
      before = "1d"                # so long ahead, for those
      stale = "3d"                 # older ones are past
      digest = true                # one message for a person and day

    `crm message import FILE.eml` files mail from outside: under the ticket whose number stands in
    brackets in the subject, else what the answered message is about, else the writer.
help-cmd-conflicts = List what a merge left to a person, field by field
help-cmd-resolve = Decide a field that a merge left open
help-resolve-long =
    Decide what a merge left open: for one record, for all its open fields or those named with
    --field, whose value stands, or another one. Fields can be settled one after another; what is
    settled is told to git. When nothing is open, `git commit --no-edit` finishes the merge.
help-cmd-merge-driver = Merge a record field by field, for git
help-merge-driver-long =
    What git calls to merge a file of a store, as .gitattributes and .git/config say. Different fields
    never clash, tags and history are united, rows are told by their id; two different changes of one
    field are left between markers around that field alone. `crm init` sets it up; in a clone run
    `crm merge-driver --install` once.
help-flag-ours = The value of the branch that you are on
help-flag-theirs = The value of the branch that is merged in
help-flag-value = Another value
help-flag-install = Set up git in this clone to use it
help-flag-marker-size = Letters of a marker
help-arg-base = The version that both sides began with
help-arg-ours-file = Our version; becomes the merged one
help-arg-theirs-file = Their version
help-arg-path = Where the file lies in the store
help-cmd-doctor = See whether this machine and clone are fit
help-doctor-long =
    See whether this machine and this clone are fit for the store: git and its settings, who acts,
    what a crash left, who may read and write the files, the clock, the mirror, sending. It only
    looks; with --fix-git it writes the settings of git that do not travel with a clone. The records
    themselves are for `crm check`. Exits 9 where something is wrong.

    --bundle writes a .tar.gz for who helps: versions, settings whose values are a number or of a
    closed list, how many records and objects there are, these findings, and timings. Nothing that a
    record holds is in it, and no name of a person, company, file, folder or server.
help-flag-fix-git = Write the settings of git that this clone lacks

help-verb-user-leave = Mark a user as left; open work goes to somebody else
help-verb-user-can = Tell whether a user may do something, and which role decides
help-arg-user = User: id, name or e-mail; `me` is the acting user
help-arg-action = create, read, edit, remove, assign, export, admin, or a verb of the type such as confirm or ship
help-arg-about = A record, or a record type

help-cmd-policy = Judge commits by the roles and keys of the store
help-policy-check = Tell what stands against commits coming in
help-policy-check-long =
    Tell what stands against commits coming in

    Every commit after OLD up to NEW is judged by the users, teams, roles and settings of its
    parent: who signed it, whose name it bears, which files it touches, and whether a role allows
    it. The hook of a shared repository and `crm sync` judge in the same way. Exit 11 where one is
    refused. `..NEW` is the whole history.
help-audit-long =
    Verify the history: signatures, rights, files

    Without a range the whole history of the branch, from its first commit on, is judged as if it
    came in now, each commit by the state before it. `--root`, else `crm.root` of git's
    configuration, names the commit that it must begin with. Exit 9 where something is wrong.
help-audit-roles = List every change of users, teams, roles and settings
help-hook-pre-receive = Refuse a push that the policy does not allow
help-hook-pre-receive-long =
    Refuse a push that the policy does not allow

    In the shared bare repository, as `hooks/pre-receive`, a program that may be run:

      #!/bin/sh
      exec crm hook pre-receive

    and beside it `git config crm.root COMMIT` with the first commit of the store,
    `receive.denyDeletes`, `receive.denyNonFastForwards` and `receive.fsckObjects` set to true.
    `crm.maxCommits` (1000) and `crm.maxBytes` (64 MiB) bound one push. Hook and configuration must
    not be writable by those who push.
help-arg-gate-range = Commits after OLD up to NEW: `origin/main..HEAD`
# Settings, one by one.
help-setting-format = format of the store, written by crm init and crm migrate
help-setting-company-name = name of the company, on documents
help-setting-company-address = address of the company
help-setting-company-phone = phone of the company
help-setting-company-email = e-mail of the company, and the sender where none is set
help-setting-company-website = website of the company
help-setting-company-tax-id = tax number of the company
help-setting-company-bank = bank of the company
help-setting-company-bank-account = bank account of the company
help-setting-company-country = country: phone numbers without a country code are read as of it
help-setting-company-currency = currency in which amounts are kept and reported
help-setting-company-timezone = time zone of days, deadlines and reports
help-setting-company-language = language of people who chose none
help-setting-company-calendar = calendar of working time
help-setting-company-payment-days = days until an invoice is due
help-setting-company-fiscal-start = month and day on which the fiscal year begins
help-setting-company-week-start = first day of the week
help-setting-tax-default-rate = tax rate in percent where a product says none
help-setting-tax-price-mode = whether prices hold tax
help-setting-tax-rounding = tax rounded by line or by document
help-setting-number-quote = numbers of quotes: year, month and one seq in braces
help-setting-number-order = numbers of orders
help-setting-number-invoice = numbers of invoices
help-setting-number-ticket = numbers of tickets
help-setting-rates = exchange rate of a currency from a day on, company's currency per unit
help-setting-quote-valid-days = days for which a quote is valid
help-setting-opportunity-close-days = days until an opportunity should close
help-setting-customer-dormant-days = days without an order after which a customer is dormant
help-setting-lead-response = time in which a lead is first answered, in company.calendar
help-setting-lead-convert-from = states from which a lead is converted; empty: any open one
help-setting-lead-notify-assignment = tell users when a lead becomes theirs
help-setting-stock-warehouses = warehouses, the usual one first
help-setting-stock-allow-negative = let stock go below zero
help-setting-stock-valuation = how stock is valued
help-setting-ticket-followup-days = days after which a solved ticket is followed up; empty: never
help-setting-remind-at = time of day at which reminders of days count
help-setting-remind-default = time before a follow-up at which it is reminded of; empty: none
help-setting-remind-stale = time after which something unanswered is told
help-setting-remind-also = what is told beside follow-ups
help-setting-remind-before = time before a deadline at which it is reminded of
help-setting-remind-digest = one reminder a day and person
help-setting-report-pace = how the pace of a target is reckoned
help-setting-report-rfm-segments = segments of the rfm report: a name and three scores
help-setting-report-prospects-hot-score = score from which a lead is hot, in prospects
help-setting-report-prospects-quiet-lead-days = days without contact after which a lead is quiet
help-setting-report-prospects-quiet-quote-days = days without answer after which a quote is quiet
help-setting-report-prospects-replenish-days = days before a customer is expected to order again
help-setting-report-prospects-lost-from = days after a loss from which it is tried again
help-setting-report-prospects-lost-to = days after a loss until which it is tried again
help-setting-report-prospects-warranty-days = days before the end of a warranty
help-setting-period-closed-until = last closed day: documents and facts up to it are refused
help-setting-send-node = the one clone that sends, by crm.node in its git config
help-setting-send-email-from = sender of e-mail
help-setting-send-email-folder = folder into which mail is written
help-setting-send-email-command = program that takes a mail
help-setting-send-email-smtp = mail server, without password
help-setting-send-email-ca-file = certificate of a mail server of your own
help-setting-send-email-unsubscribe = address to which people unsubscribe
help-setting-send-email-per-minute = most mails a minute
help-setting-send-email-timeout = how long a step of sending may take
help-setting-send-email-secret-env = variable that holds the password
help-setting-send-email-secret-file = file that holds the password
help-setting-send-email-secret-command = program that prints the password
help-setting-send-sms-preset = gateway for texts whose ways are known
help-setting-send-sms-url = address of the gateway
help-setting-send-sms-headers = headers of a request to the gateway
help-setting-send-sms-body = body of a request to the gateway
help-setting-send-sms-success = what says that a text was accepted
help-setting-send-sms-id = where the answer holds the id of the text
help-setting-send-sms-user = user at the gateway
help-setting-send-sms-from = sender of texts
help-setting-send-sms-folder = folder into which texts are written
help-setting-send-sms-command = program that takes a text
help-setting-send-sms-per-minute = most texts a minute
help-setting-send-sms-per-run = most texts a run
help-setting-send-sms-max-length = most letters of a text
help-setting-send-sms-timeout = how long a step of sending may take
help-setting-send-sms-secret-env = variable that holds the password
help-setting-send-sms-secret-file = file that holds the password
help-setting-send-sms-secret-command = program that prints the password
help-setting-send-wechat-folder = folder into which WeChat messages are written
help-setting-send-wechat-command = program that takes a WeChat message
help-setting-send-wechat-timeout = how long a step of sending may take
help-setting-auth-login = whether people log in
help-setting-auth-min-length = least length of a password
help-setting-auth-second-factor = whether a one-time code is required
help-setting-auth-idle = time without a command after which a session ends
help-setting-auth-absolute = time after which a session ends
help-setting-policy-gate = signed, linear commits only
help-setting-policy-branch = the only branch that is written to
help-setting-policy-gateway = service user that signs for others on a shared host
help-setting-policy-min-crm = least version of crm that writes or judges
help-setting-policy-paths = files of people's own that an admin may push
help-setting-hooks-timeout = how long a hook may take; 30s where nothing is set
help-setting-hooks = program that may veto: `order ship`, `order *`, or `*`
help-setting-views-of = record type of a saved list
help-setting-views-where = conditions of a saved list
help-setting-views-fields = columns of a saved list
help-setting-views-sort = order of a saved list
help-setting-views-limit = most rows of a saved list
help-setting-schedule-report = report with its flags, for crm report run-all
help-setting-schedule-every = how often it is made
help-setting-schedule-format = format of its file
help-setting-codes-label = English label of a code of your own
help-setting-codes-label-zh = Chinese label of a code of your own
help-setting-codes-retired = no longer offered, still valid where it stands
help-setting-fields-type = type of a field of your own
help-setting-fields-label = English label of a field of your own
help-setting-fields-label-zh = Chinese label of a field of your own
help-setting-fields-codes = codes that a field of type code may hold
help-setting-fields-ref = record type that a field of type ref points to
help-setting-fields-required = whether every record needs it
help-setting-fields-unique = whether no two records may share it
help-setting-fields-default = value of a new record
help-setting-fields-pattern = pattern that a text fits
help-setting-fields-min = least value
help-setting-fields-max = greatest value
help-own-language = your language, where neither your record nor the store says one
help-own-timezone = your time zone, where neither your record nor the store says one
help-own-format = format of results, as --format
help-own-labels = headings of columns, as --labels
help-own-color = colour, as --color
help-own-pager = program for long output on a terminal; cat: none
help-own-editor = program for crm edit, where VISUAL and EDITOR say none
help-own-lock-timeout = how long to wait for another command, as --lock-timeout
help-own-signing-key = file of the ssh key that signs your commits
help-own-gateway = on a shared host: the user of a system account

help-cmd-config = Settings: list, get, set, unset, edit
help-config-long =
    Settings of the store, in crm.toml, and of your own, in ~/.config/crm/config.toml or the file
    that CRM_CONFIG names. What goes first: flag, environment, your record, crm.toml, your own
    configuration, default. A change of crm.toml is one commit and needs an admin role.

      crm config list company --origin
      crm config get number.order
      crm config set company.payment_days 45
      crm config set rates.USD.2026-07-01 7.0400
      crm config set codes.source.livestream.label_zh 直播
      crm config set fields.customer.showroom_m2.type int
      crm config set hooks."order ship" -- check-shipment --strict
      crm config unset codes.source.livestream
      crm config set --user pager 'less -R'

    `crm help settings` lists every key.
help-config-list = All settings, or those of a section
help-config-get = The value of a setting
help-config-set = Set a setting
help-config-set-long =
    Set a setting. A list takes several values, or one that is written as in TOML: '["a", "b"]'.
    What the store could not follow is refused: another currency while there are amounts, a code or
    field taken away while records hold it.
help-config-unset = Take a setting out, or a whole group such as codes.source.livestream
help-config-edit = Open the settings in an editor, check them, commit
help-arg-setting = Key such as company.name
help-arg-values = Value; several for a list
help-arg-prefix = Section such as company
help-flag-origin = Show where each value comes from
help-flag-user-config = Your own configuration instead of the store's settings
help-own-settings = In your own configuration (`crm config set --user`):
help-cmd-migrate = Turn a store of an older format into the current one
help-migrate-long =
    Turn a store of an older format into the current one, in one commit that `crm undo` or
    `git revert` takes back. Values, comments and unknown keys stay. Two clones that migrate the
    same commit get the same files. `--dry-run` shows what would change. Hand edits are refused.
help-cmd-complete = Candidates for the completion of a shell
help-flag-for-shell = Shell that asks
help-cmd-sync = Bring your work and that of others together
help-sync-long =
    Fetches what others pushed, judges it, makes your own commits again on top of it field by field,
    and pushes. Changes of different records or different fields never clash. Where both sides changed
    one field differently nothing moves: `crm conflicts` lists it, `crm resolve` decides it, and the next
    sync takes the decision. Your edits and staged files stay as they are.

    After a merge every rule is checked: what is newly broken is listed with the command that mends
    it, and the exit code is 9; the push is not stopped. With --dry-run it fetches and moves nothing.
    Without REMOTE it takes the upstream of the branch, else origin, else the only remote.
    Prints one line for each commit that came or went and each file that was merged.

      crm sync
      crm sync --dry-run
      crm sync backup --no-push
    See `crm help merge`.
help-arg-remote = A remote that `git remote` lists
help-flag-no-fetch = Take what was fetched before; ask the remote nothing
help-flag-no-push = Keep your commits here
help-flag-allow-mass-delete = Let more than 100 records go at once
help-flag-accept-rollback = Take the remote as it is although it lost commits that it had
help-cmd-clone = Copy a shared store to work in
help-clone-long =
    Copies a store with git, checks every file of it before it is written, and sets git up to merge
    records field by field. With --root the history must hold that commit, or nothing is kept; without
    it the first commit is trusted, remembered and printed once. With --user git's name and address in
    the clone are those of that user.

      crm clone git@example.com:acme.git
      crm clone /srv/git/acme.git acme --root 4b825dc642cb6eb9a060e54bf8d69288fbee4904 --user li.na
help-arg-store-url = Where the store is, as git takes it
help-flag-root = The commit that its history must hold, in full
help-cmd-hook = Set up what git calls, and be called by it
help-cmd-hook-install = Check what is staged before each commit of this clone
help-hook-install-long =
    Sets up git's pre-commit hook in this clone: `git commit` refuses records that cannot be read or
    break a rule. A hook that is there is left alone. `crm`'s own commands check by themselves and run no
    hook of git.
help-flag-staged = Check what is staged for git's next commit, and nothing else
help-topic-merge =
    How the work of several people becomes one

    Everybody has a clone and works in it, also without a network. `crm sync` brings clones together
    through a repository that all can reach; it needs nothing but git there:

      git init --bare /srv/git/acme.git
      git remote add origin /srv/git/acme.git     (in the first store)
      crm sync
      crm clone /srv/git/acme.git                 (everybody else)

    Records are merged field by field:
      changed on one side         that side's value
      changed alike on both       that value
      tags and other sets         what either added, without what either removed
      lines, members, other rows  one by one, told by their id or key
      history                     the steps of both, in the order of their time
      changed differently         a conflict; no clock decides
    What people keep beside the records is merged line by line, as git does.

    A conflict stops the sync before anything moves, and only what it is about: other commands work.
      crm conflicts
      crm resolve cus_kwzrmlnopqst --field city --theirs
      crm sync
    A decision holds as long as both sides are as they were when it was made.

    After the merge all rules are checked, since two changes that are right alone can be wrong together:
    one order shipped twice, one number given twice. What is new is listed with the command that mends
    it (exit 9).

    Refused, with nothing moved: a remote that lost commits which it had, another store's history, more
    than 100 records gone at once, links, submodules and executable files, and a sync over a file that
    you edited by hand (`crm commit` keeps the edit). People who merge with git itself get the same merging
    of fields through the driver that `crm init`, `crm clone` and `crm doctor --fix-git` set up.
## Backups
help-cmd-backup = Make, check, thin out and restore backups
help-backup-long =
    The whole store as one file, and back. A backup is restored on trial before it gets its name.
    `crm help backup` has examples for cron and systemd.
help-backup-create = Make a backup
help-backup-create-long =
    Makes a backup of every branch, tag and other reference as one file, named after the store, the
    time and the last commit. It is restored into a temporary folder and checked before it gets its
    name; a file that exists is never overwritten. Without a target it goes into this folder, or
    beside the store for who is in the store; `-` writes it to stdout. Changes that are not
    committed are not in it.

    It is signed with the ssh key that git signs with, or with --sign-key. With --recipient only
    the owners of these age keys can open it.
help-backup-list = List the backups in a folder
help-backup-list-long =
    Lists the backups in a folder, the newest first, by what they say about themselves. Whether a
    file is whole tells `crm backup verify`.
help-backup-verify = Restore a backup on trial and tell whether it is whole
help-backup-verify-long =
    Restores a backup into a temporary folder: every byte, every member, the signature, the history
    with `git fsck --full --strict`, the last commit, the number of records, and that each can be
    read. Exits 9 where something is wrong.
help-backup-prune = Remove old backups of this store
help-backup-prune-long =
    Removes backups of this store from a folder, by the times they say. What any rule keeps is
    kept, and the newest always; files that are no backup of this store are left alone. A rule keeps
    the newest of each day, week (Monday to Sunday) or month, for so many that have one.
help-backup-restore = Restore a backup into a new folder
help-backup-restore-long =
    Restores a backup into a folder that does not exist yet or is empty, checks it as `verify` does,
    and only then gives it its name. A backup that this store has passed is refused unless
    --allow-older. With --at the branch is moved back to an earlier commit or day; the tip of the
    backup is kept under refs/crm/restored.
help-backup-keygen = Make a pair of keys to encrypt backups to
help-backup-keygen-long =
    Makes a pair of age keys: the secret one into a new file that only its owner can read, the
    public one on stdout. Keep the file elsewhere than the backups.
help-arg-backup-target = Folder, file, or `-` for stdout
help-arg-backup-dir = Folder with backups; this one, or beside the store
help-arg-backup-file = File
help-flag-recipient = Encrypt to this age public key, or to those in a file; several
help-flag-with-secrets = Take along log-ins and personal settings; needs two recipients
help-flag-sign-key = Sign with this ssh private key
help-flag-keep = Keep only the newest N backups of this store in the folder
help-flag-identity = File with age secret keys
help-flag-signed-by = ssh public key that must have signed, or a file with it
help-flag-keep-last = Keep the newest N
help-flag-keep-daily = Keep one for each of N days
help-flag-keep-weekly = Keep one for each of N weeks
help-flag-keep-monthly = Keep one for each of N months
help-flag-allow-older = Restore a backup that this store has passed
help-backup-to = The new folder
help-backup-at = Move the branch back to this commit or day
help-backup-restore-secrets = Put log-ins and personal settings in place, where there are none
help-topic-backup =
    Backup and restore

    One file holds everything that is committed: all records, their whole history, every branch.

      crm backup create /mnt/backup --keep 30        one file more, the newest 30 stay
      crm backup list /mnt/backup                    what is there
      crm backup verify /mnt/backup/FILE             restore it on trial
      crm backup restore FILE --to acme-restored     into a new folder, never over a store
      crm backup restore FILE --to acme-june --at 2026-06-30

    Every night from cron:

      30 2 * * *  cd /srv/acme && crm backup create /mnt/backup -q && crm backup prune /mnt/backup --keep-daily 14 --keep-weekly 8 --keep-monthly 24 --yes -q

    Or with systemd, as crm-backup.service and crm-backup.timer:

    {"  ["}Service]
      Type=oneshot
      User=crm
      WorkingDirectory=/srv/acme
      ExecStart=crm backup create /mnt/backup --keep 30

    {"  ["}Timer]
      OnCalendar=*-*-* 02:30
      Persistent=true

    {"  ["}Install]
      WantedBy=timers.target

    A backup on the same disk is lost with it: copy it elsewhere, encrypted. Make two pairs of keys
    and keep the secret files apart from each other and from the backups:

      crm backup keygen ~/office.key
      crm backup create - --recipient age1… --recipient age1… | ssh vault 'cat > acme.crmbackup'

    Not in it: changes that are not committed, passwords and log-ins (unless --with-secrets), what
    is set for one clone alone (remotes, crm.node, crm trust).

    Without this program: `tar xf FILE`, for an encrypted one `age -d -i KEY content.age | tar x`,
    then `git clone bundle acme`.
help-cmd-maintain = Tidy up: git, leftovers, the mirror
help-maintain-long =
    Packs references and objects, removes what nothing refers to any more once it is two weeks old,
    and writes git's commit graph, with which the history of one record is found quickly. Finishes
    or takes back what a crashed command left, removes temporary files and decisions of merges that
    are over, and keeps the mirror in shape. Shows sizes before and after. Git does the same by
    itself now and then; once a month from cron is plenty.
help-flag-full = Check every byte of the history, not only that nothing is missing
help-flag-bundle = Write versions, settings and counts for who helps; nothing of a record
help-flag-accept-history = Restore also where the history breaks the store's own policy

help-cmd-gate = Take in what people offer, where the shared repository runs no hook
help-gate-accept = Judge every offer and take in what may come in
help-gate-accept-long =
    Judge every offer and take in what may come in

    For hosting sites that run no hooks of yours. Everybody sets `git config crm.inbox NAME` in the
    own clone, so that `crm sync` offers on the branch `inbox/NAME`; on the site only the
    gatekeeper's key may write the shared branch, fast-forward only. This command, run by a job in
    the gatekeeper's clone, judges each offer as the hook would, moves the shared branch to it and
    deletes the offer. No commit is made or changed, so every signature stays. An offer that does
    not follow the shared branch any more waits for the next `crm sync` of its owner. Exit 11 where
    one is refused.
help-cmd-login = Log in
help-login-long =
    Log in to the store: asks for the password, and for a code where the user has a second factor.
    The session ends after an hour without use, at last after twelve hours, or as the section auth of
    crm.toml says, and with `crm logout`. With --code a code that was sent by `crm user verify` takes
    the place of the password; a new password is chosen next. Scripts give the lines with
    --password-stdin or --password-file: the password, then the code. Programs need no log-in but a
    token: `crm user token add`.
help-cmd-logout = Log out
help-cmd-whoami = Who acts, how that is known, and in which roles
help-whoami-long =
    Who acts, and how that is known: by --as, by CRM_USER, by git's e-mail address, by a session, by a
    token, or by the account that came in; in which roles, and until when.
help-cmd-passwd = Set a password
help-passwd-long =
    Set your own password: asks for the present one where there is one, and for the new one. It may
    have any characters and must be long; common ones are refused. Other sessions end. An
    administrator who names another user gets a password that holds for one log-in within three days
    and is replaced then; it also helps who has failed too often. Scripts give the lines with
    --password-stdin or --password-file: the present one, then the new one.
help-cmd-audit = Verify the history, and see who came in and who got which rights
help-audit-logins = Sign-ins on this machine
help-audit-logins-long =
    The log of sign-ins of this store on this machine, newest first: log-ins and failed ones,
    passwords, second factors, tokens. Whoever is no administrator sees the own ones.
help-verb-user-verify = Send a code for the first log-in
help-verb-user-verify-long =
    Queues a message with a code by which the user can log in once, within half an hour:
    `crm login USER --code`. The code is not in the record of the message; the outbox puts it in as it
    hands the message over. Of use for the first log-in and for a forgotten password.
help-verb-user-totp = The second factor
help-user-totp-enable = Ask for a code of an authenticator at every log-in
help-user-totp-enable-long =
    Makes a key for your authenticator, shown as a picture to scan, or with --no-qr, a format or a
    pipe as text. It counts once the first code has been given. The ten recovery codes that are
    printed then let you in when the authenticator is lost, each once: keep them elsewhere. Scripts
    give the password as a line and run it again with the code as a second line.
help-user-totp-disable = Take the second factor away
help-verb-user-token = Tokens of service users
help-user-token-add = Make a token for a program
help-user-token-add-long =
    Prints a token once: keep it in a file that only the program's account can read, and name that
    file in CRM_TOKEN_FILE. With --role the program has these roles of the user alone.
help-user-token-list = List tokens
help-user-token-revoke = Revoke a token
help-flag-code = With a code that was sent, instead of the password
help-flag-everywhere = End the sessions on other terminals and machines of this account too
help-flag-way = How the code travels: email or sms
help-flag-no-qr = The key as text, no picture
help-flag-sms = Codes by text message instead of an authenticator; weaker
help-flag-role = A role it is narrowed to; again for more
help-flag-label = A name for it
help-flag-token-all = Every token of the user
help-flag-password-stdin = Read passwords and codes from stdin, one a line
help-flag-password-file = Read passwords and codes from a private file, one a line
help-arg-token = Id of the token, as `crm user token list` shows it
help-topic-security =
    Log-in, and what it holds against

    With `login = "on"` in the section auth of crm.toml every command needs a session or a token;
    `--as` and `CRM_USER` may then only repeat who is logged in.

      crm passwd                     set your password; whoever does so first needs no log-in
      crm login, crm logout          begin and end a session
      crm whoami                     who acts, and until when
      crm user verify U              send a code for the first log-in: `crm login U --code`
      crm passwd U                   a password for one log-in, also after too many failures
      crm user totp enable           ask for a code as well; `second_factor = "required"` for all
      crm user token add U           a token for a program, its file in CRM_TOKEN_FILE
      crm audit logins               who came in, and who tried

    After 5 failures each further try has to wait, after 10 a quarter of an hour, after 100 an
    administrator must help. Before passwords, second factors, roles, keys or an export of
    everything are touched the password is asked again.

    Passwords (as Argon2id hashes), keys of authenticators and sessions are kept outside the
    repository, in $XDG_STATE_HOME/crm, for this account of this machine alone.

      in a clone of one's own        the files belong to you: log-in guards an unattended terminal,
                                     it is no wall against the owner of the files
      in an account for all          the files belong to that account: log-in, rights and second
                                     factor hold (`crm help gateway`)
help-cmd-gateway = Act for a user, in an account that many share
help-gateway-long =
    In an account that is set up as a gateway: runs a command for a user. From authorized_keys it runs
    the words that ssh was given; from cron those that follow. See `crm help gateway`.
help-arg-line = A command with its arguments
help-topic-gateway =
    A store for many people on one machine

    Where everybody has a clone everybody has the files. Where the store belongs to one account, which
    people reach in two ways alone, log-in, roles and second factor hold against them.

    1. An account of the machine that owns the store; it must stand in /etc/passwd itself:

      useradd --system --create-home --home-dir /srv/crm crm
      chmod 700 /srv/crm
      su -s /bin/sh crm -c 'cd && crm init store --company Acme --user li.na --name … --email …'

    2. Its configuration, /srv/crm/.config/crm/config.toml, which nobody else may write:

      gateway.on = true
      gateway.store = "/srv/crm/store"
      gateway.users.lina = "li.na"

       An account of the machine is the user of the same name, unless gateway.users says otherwise.

    3a. People with accounts of their own come by sudo; /etc/sudoers.d/crm, and nothing but crm:

      %sales ALL=(crm) NOPASSWD: /usr/local/bin/crm

       They run `sudo -u crm crm customer list`.

    3b. People with a key come by ssh; a line of /srv/crm/.ssh/authorized_keys for each:

      restrict,command="/usr/local/bin/crm gateway li.na" ssh-ed25519 AAAA…

       They run `ssh crm@host customer list`. `restrict,pty` lets crm ask for passwords.

    4. Cron jobs of the account say for whom they run: crm gateway robot outbox run

    Who acts follows from how they came in: `--as`, CRM_USER and git's e-mail are not believed, nor is
    any other variable that names a file, a program or a time. Those who come in have stdin and stdout,
    and no file of the account: -o, -C, --from FILE, import FILE, edit and export --all are refused.
    With `login = "on"` the password is asked for as well. The store is its account's alone; crm
    refuses one that others can enter.
help-arg-complete-line = Command line up to the cursor

## Tutorial
help-cmd-tutorial = Learn the main job in a scratch store, lesson by lesson
help-tutorial-long =
    Leads through the main job. Without a lesson it lists them all; with a number or a name it goes
    through that one: for each step a sentence why, the command as you would type it, and what it
    prints. The commands really run, in a scratch store of its own that is removed afterwards; your
    own store is not touched. On a terminal it waits for Enter before each command, unless
    --no-input is given; `q` stops.

      crm tutorial 1
      crm tutorial --all --no-input
      crm tutorial together --dir lessons --keep
help-arg-lesson = Number or name of a lesson
help-tutorial-all = Go through all lessons
help-tutorial-dir = Folder for the scratch stores, instead of a temporary one
help-tutorial-keep = Keep the scratch stores
