### Reports: columns of the list, words beside numbers, provenance. Titles and definitions stand in the reports.

report-column-name = Name
report-column-title = Title
report-column-definition = Definition
report-column-origin = Origin
report-column-file = File
report-column-outcome = Outcome
report-origin-built-in = built-in
report-origin-own = own
report-run-written = written
report-run-unchanged = unchanged
report-run-pending = would be written
report-run-failed = failed
report-previous = (before)
report-unit-days = days
report-overdue = Overdue
report-none = (none)

report-provenance-commit = Commit
report-provenance-period = Period
report-provenance-compared = Compared with
report-provenance-running = Compared part
report-provenance-as-of = As of
report-provenance-zone = Time zone
report-provenance-rate = Converted at
report-provenance-currency = Currency
report-provenance-filter = Filter
report-provenance-rows = Rows
report-provenance-checksum = Checksum

## What can be wrong with a report
report-unknown-word = `{ $key }` cannot be `{ $value }`
report-twice = `{ $key }` names `{ $value }` twice
report-name = `{ $value }` cannot be the name of a report: small letters, digits and `-`, a letter first
report-name-taken = `{ $value }` is the name of a built-in report or of a command of `crm report`
report-name-twice = there are two files of the report `{ $value }`
report-name-differs = the file `{ $file }` calls its report `{ $value }`
report-param-name = `{ $value }` cannot be the name of a parameter: it is a flag already, or not of small letters, digits and `-`
report-without-dims = the select has `{ $value }`, but the report has no parameter of type `dimension`
report-without-placeholder = the report is by dimensions, but the select has no `{ $value }`
report-measure = the measure `{ $value }` needs exactly one function of a column, such as `sum = "net"`
report-columns = the select gives the columns { $found }; declared are { $declared }
report-column-type = `{ $key }` is `{ $type }`, but the select gives `{ $value }`
report-exists = there is a report `{ $value }` already: { $path }
