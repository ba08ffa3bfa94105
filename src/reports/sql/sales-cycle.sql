/*---
name = "sales-cycle"
title = "Sales cycle"
title_zh = "销售周期"
definition = "Days from creation to closing of the opportunities closed in the period with this outcome; with --start lead from the creation of the lead, where there is one. Opportunities closed before they were created are left out and counted in bad_dates. Percentiles between closest ranks, linearly."
definition_zh = "期内以该结果关闭的商机，从创建到关闭的天数；--start lead 时，有线索的从线索创建日算起。关闭日早于创建日的不计入，只在“日期有误”中计数。百分位数按相邻名次线性插值。"
period = "p12"
measure = "median"
reads = ["opportunity", "lead", "pipeline", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "day", "week", "month", "quarter", "half", "year"]
date = "closed_on"
chart = { kind = "bar", y = ["median"] }
params = [
  { name = "by", type = "dimension", default = "owner" },
  { name = "outcome", type = "code", codes = ["won", "lost", "closed"], default = "won", help = "Opportunities won, lost, or both", help_zh = "赢单、输单，或两者" },
  { name = "start", type = "code", codes = ["opportunity", "lead"], default = "opportunity", help = "What the time is counted from", help_zh = "从商机或线索的创建算起" },
]
columns = [
  { name = "n", type = "int" },
  { name = "bad_dates", type = "int", label = "Bad dates", label_zh = "日期有误" },
  { name = "mean", type = "days", label = "Mean", label_zh = "平均" },
  { name = "median", type = "days", label = "Median", label_zh = "中位数" },
  { name = "p90", type = "days", label = "90th percentile", label_zh = "90 百分位" },
  { name = "min", type = "days", label = "Shortest", label_zh = "最短" },
  { name = "max", type = "days", label = "Longest", label_zh = "最长" },
]
---*/
with base as (
  select d.*, julianday(d.closed_on) - julianday(coalesce(iif(:start = 'lead', day(l.created_at), null), d.created_on)) as took
  from {deals} d left join leads l on l.id = d."lead"
  where d.state_type = :outcome or :outcome = 'closed' and d.state_type <> 'open')
select {dims}
  sum(took >= 0) as n,
  sum(took < 0) as bad_dates,
  avg(iif(took >= 0, took, null)) as mean,
  median(iif(took >= 0, took, null)) as median,
  percentile(iif(took >= 0, took, null), 0.9) as p90,
  min(iif(took >= 0, took, null)) as min,
  max(iif(took >= 0, took, null)) as max
from base {join}
where {date} between :from and :to {where}
{group}
