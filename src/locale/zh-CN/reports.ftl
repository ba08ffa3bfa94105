### Reports: columns of the list, words beside numbers, provenance. Titles and definitions stand in the reports.

report-column-name = 名称
report-column-title = 标题
report-column-definition = 口径
report-previous = （对比期）
report-unit-days = 天
report-overdue = 已逾期
report-none = （未填写）

report-provenance-commit = 提交
report-provenance-period = 期间
report-provenance-compared = 对比期间
report-provenance-running = 参与对比的部分
report-provenance-as-of = 截至
report-provenance-zone = 时区
report-provenance-currency = 币种
report-provenance-filter = 筛选条件
report-provenance-rows = 行数
report-provenance-checksum = 校验值
