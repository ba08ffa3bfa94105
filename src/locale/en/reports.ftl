### Reports: columns of the list, words beside numbers, provenance. Titles and definitions stand in the reports.

report-column-name = Name
report-column-title = Title
report-column-definition = Definition
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
report-provenance-currency = Currency
report-provenance-filter = Filter
report-provenance-rows = Rows
report-provenance-checksum = Checksum
