/*---
name = "win-rate"
title = "Win rate"
title_zh = "赢单率"
definition = "win_rate = won / (won + lost); won_of_all = won / opportunities; value_rate = won amount / (won + lost amount). Cohort closed: opportunities closed in the period, so that both rates are equal. Cohort created: those created in it, as they stand as of the day. Base currency."
definition_zh = "赢单率 = 赢单 ÷（赢单 + 输单）；赢单占比 = 赢单 ÷ 全部商机；金额赢单率 = 赢单金额 ÷（赢单 + 输单金额）。closed：期内关闭的商机，此时两个比率相等；created：期内创建的商机，按截至当日的状态统计。本位币。"
period = "p12"
measure = "win_rate"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "bar", y = ["win_rate"] }
params = [
  { name = "by", type = "dimension", default = "owner" },
  { name = "cohort", type = "code", codes = ["closed", "created"], default = "closed", help = "Opportunities closed in the period, or created in it", help_zh = "期内关闭的商机，或期内创建的商机" },
]
columns = [
  { name = "opps", type = "int" },
  { name = "won", type = "int" },
  { name = "lost", type = "int" },
  { name = "open", type = "int" },
  { name = "win_rate", type = "ratio" },
  { name = "won_of_all", type = "ratio" },
  { name = "value_rate", type = "ratio" },
  { name = "won_amount", type = "money" },
  { name = "lost_amount", type = "money" },
]
---*/
with base as (
  select *, iif(:cohort = 'created', created_on, closed_on) as date, iif(state_type = 'won', id, null) as won,
    iif(state_type = 'lost', id, null) as lost
  from {deals} where :cohort = 'created' or state_type <> 'open')
select {dims}
  count(distinct id) as opps,
  count(distinct won) as won,
  count(distinct lost) as lost,
  count(distinct iif(state_type = 'open', id, null)) as open,
  ratio(count(distinct won), count(distinct won) + count(distinct lost)) as win_rate,
  ratio(count(distinct won), count(distinct id)) as won_of_all,
  ratio(sum(iif(won is null, 0, amount)), sum(iif(state_type = 'open', 0, amount))) as value_rate,
  coalesce(sum(iif(won is null, 0, amount)), 0) as won_amount,
  coalesce(sum(iif(lost is null, 0, amount)), 0) as lost_amount
from base {join}
where {date} between :from and :to {where}
{group}
