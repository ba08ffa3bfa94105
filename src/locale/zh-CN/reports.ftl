### Reports: columns of the list, words beside numbers, provenance. Titles and definitions stand in the reports.

report-column-name = 名称
report-column-title = 标题
report-column-definition = 口径
report-column-origin = 来源
report-column-file = 文件
report-column-outcome = 结果
report-origin-built-in = 内置
report-origin-own = 自定义
report-run-written = 已写入
report-run-unchanged = 未变化
report-run-pending = 将写入
report-run-failed = 失败
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
report-provenance-rate = 折算汇率
report-provenance-currency = 币种
report-provenance-filter = 筛选条件
report-provenance-rows = 行数
report-provenance-checksum = 校验值

## What can be wrong with a report
report-unknown-word = `{ $key }` 不能是 `{ $value }`
report-twice = `{ $key }` 中 `{ $value }` 出现了两次
report-name = `{ $value }` 不能用作报表名称：只能用小写字母、数字和 `-`，并以字母开头
report-name-taken = `{ $value }` 是内置报表或 `crm report` 子命令的名称
report-name-twice = 报表 `{ $value }` 有两个文件
report-name-differs = 文件 `{ $file }` 中的报表名称是 `{ $value }`
report-param-name = `{ $value }` 不能用作参数名称：已有同名选项，或不是由小写字母、数字和 `-` 组成
report-without-dims = 查询中有 `{ $value }`，但报表没有 `dimension` 类型的参数
report-without-placeholder = 报表按维度汇总，但查询中没有 `{ $value }`
report-measure = 指标 `{ $value }` 须对一个字段使用且只使用一个函数，例如 `sum = "net"`
report-columns = 查询给出的列是 { $found }，声明的是 { $declared }
report-column-type = `{ $key }` 是 `{ $type }`，但查询给出了 `{ $value }`
report-exists = 报表 `{ $value }` 已存在：{ $path }
