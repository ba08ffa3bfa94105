/*---
name = "lead-conversion"
title = "Lead conversion"
title_zh = "线索转化"
definition = "Mode cohort: leads created in the row's span, as they stand as of the day; rate = converted / leads, open ones included in the denominator. Mode period: leads created in the span and conversions by the day they were made in it; period_rate = conversions / leads created, which may exceed 1; rate and states are those of the leads created. median_days: days from creation to conversion, of what is counted as converted. Junk counts as lost, unless --exclude junk leaves it out. Product is the first intent."
definition_zh = "cohort：期内创建的线索，按截至当日的状态统计；转化率 = 已转化 ÷ 线索数，未关闭的计入分母。period：期内创建的线索，以及期内按转化日统计的转化；期间转化率 = 转化次数 ÷ 新建线索数，可能大于 1；转化率和状态仍按新建线索统计。天数中位数：从创建到转化的天数。无效线索计为流失，--exclude junk 时不统计。产品为首个意向产品。"
period = "p12"
measure = "leads"
reads = ["lead", "customer", "user"]
dims = ["month", "source", "owner", "team", "region", "campaign", "product", "country", "province", "city", "day", "week", "quarter", "half", "year"]
chart = { kind = "line", y = ["rate"] }
params = [
  { name = "by", type = "dimension", default = "month" },
  { name = "mode", type = "code", codes = ["cohort", "period"], default = "cohort", help = "Leads created in the period, or also conversions made in it", help_zh = "期内创建的线索，或另计期内完成的转化" },
  { name = "exclude", type = "code", codes = ["none", "junk"], default = "none", help = "Leave out junk", help_zh = "不统计无效线索" },
]
columns = [
  { name = "leads", type = "int", label = "Leads", label_zh = "线索数" },
  { name = "converted", type = "int", label = "Converted", label_zh = "已转化" },
  { name = "lost", type = "int", label = "Lost", label_zh = "流失" },
  { name = "open", type = "int" },
  { name = "conversions", type = "int", label = "Conversions", label_zh = "转化次数" },
  { name = "rate", type = "ratio", label = "Conversion rate", label_zh = "转化率" },
  { name = "period_rate", type = "ratio", label = "Rate of the period", label_zh = "期间转化率" },
  { name = "median_days", type = "days", label = "Median days", label_zh = "天数中位数" },
]
---*/
with base as (
  select *, created_on as date, 1 as created, 0 as conversion
  from inquiry where :exclude <> 'junk' or status <> 'junk'
  union all
  select *, closed_on, 0, 1
  from inquiry where :mode = 'period' and state_type = 'won' and closed_on <= as_of())
select {dims}
  sum(created) as leads,
  sum(created and state_type = 'won') as converted,
  sum(created and state_type = 'lost') as lost,
  sum(created and state_type = 'open') as open,
  iif(:mode = 'period', sum(conversion), null) as conversions,
  ratio(sum(created and state_type = 'won'), sum(created)) as rate,
  iif(:mode = 'period', ratio(sum(conversion), sum(created)), null) as period_rate,
  median(iif(state_type = 'won' and conversion = (:mode = 'period'), julianday(closed_on) - julianday(created_on), null)) as median_days
from base {join}
where {date} between :from and :to {where}
{group}
