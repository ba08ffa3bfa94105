/*---
name = "forecast"
title = "Forecast"
title_zh = "销售预测"
definition = "won: opportunities won, by closing day; commit, best_case, pipeline: open ones as of the day by category, by expected day, unweighted; weighted = their amount x chance, rounded per opportunity; total = won + weighted. Open ones whose expected day has passed stand only in the row overdue: in no month and in no total. Omitted and lost ones count nowhere; n counts won and open ones. Base currency."
definition_zh = "赢单：按关闭日统计的赢单商机；承诺、最佳、管道：截至当日未关闭的商机，按预测类别和预计成交日统计，不加权；加权金额 = 金额 × 赢率，逐个商机取整；合计 = 赢单 + 加权金额。预计成交日已过的未关闭商机只列在 overdue 行，不计入任何月份和合计。不计入预测的和输单的商机均不统计；数量为赢单和未关闭商机数。本位币。"
period = "quarter"
measure = "total"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["month", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "quarter", "half", "year"]
chart = { kind = "stacked", y = ["won", "commit", "best_case", "pipeline"] }
params = [
  { name = "by", type = "dimension", default = "month" },
]
columns = [
  { name = "overdue", type = "order" },
  { name = "n", type = "int" },
  { name = "won", type = "money" },
  { name = "commit", type = "money", label = "Commit", label_zh = "承诺" },
  { name = "best_case", type = "money", label = "Best case", label_zh = "最佳" },
  { name = "pipeline", type = "money", label = "Pipeline", label_zh = "管道" },
  { name = "weighted", type = "money" },
  { name = "total", type = "money", label = "Total", label_zh = "合计" },
]
---*/
with base as (
  select *, case when state_type = 'won' then closed_on when close_date < as_of() then 'overdue' else close_date end as date,
    state_type = 'open' and close_date < as_of() as overdue
  from {deals}
  where state_type = 'won' or state_type = 'open' and coalesce(forecast, 'pipeline') <> 'omitted')
select {dims}
  max(overdue) as overdue,
  count(distinct id) as n,
  coalesce(sum(iif(state_type = 'won', amount, 0)), 0) as won,
  coalesce(sum(iif(state_type = 'open' and forecast = 'commit', amount, 0)), 0) as "commit",
  coalesce(sum(iif(state_type = 'open' and forecast = 'best_case', amount, 0)), 0) as best_case,
  coalesce(sum(iif(state_type = 'open' and coalesce(forecast, 'pipeline') = 'pipeline', amount, 0)), 0) as pipeline,
  coalesce(sum(iif(state_type = 'open', weighted, 0)), 0) as weighted,
  coalesce(sum(iif(state_type = 'won', amount, weighted)), 0) as total
from base {join}
where ({date} between :from and :to or overdue and ',' || :by || ',' like '%,month,%' and not :total) {where}
{group}
