/*---
name = "velocity"
title = "Pipeline velocity"
title_zh = "管道速度"
definition = "velocity = open opportunities x mean amount of the won x win rate / median days from creation to winning: what the pipeline earns a day. Open as of the day; won, lost and their days by closing day in the period. None where a part is missing or the days are 0. Base currency."
definition_zh = "管道速度 = 进行中商机数 × 赢单平均金额 × 赢单率 ÷ 从创建到赢单的天数中位数，即管道每天带来的金额。进行中按截至当日；赢单、输单及天数按期内关闭日。任一项缺失或天数为 0 时为空。本位币。"
period = "90d"
measure = "velocity"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline"]
chart = { kind = "bar", y = ["velocity"] }
params = [
  { name = "by", type = "dimension", default = "owner" },
]
columns = [
  { name = "open_n", type = "int", label = "Open", label_zh = "进行中" },
  { name = "mean_won", type = "money", label = "Mean won", label_zh = "平均赢单额" },
  { name = "win_rate", type = "ratio" },
  { name = "median_cycle", type = "days", label = "Median cycle", label_zh = "周期中位数" },
  { name = "velocity", type = "money", label = "Velocity a day", label_zh = "日均速度" },
]
---*/
with base as (
  select *, iif(state_type = 'open', id, null) as running, iif(state_type = 'won', id, null) as won,
    iif(state_type = 'lost', id, null) as lost,
    iif(state_type = 'won' and closed_on >= created_on, julianday(closed_on) - julianday(created_on), null) as took
  from {deals} where state_type = 'open' or closed_on between :from and :to)
select {names} open_n, mean_won, win_rate, median_cycle,
  ratio(open_n * mean_won * win_rate, median_cycle) as velocity
from (
  select {dims} count(distinct running) as open_n,
    ratio(sum(iif(won is null, null, amount)), count(distinct won)) as mean_won,
    ratio(count(distinct won), count(distinct won) + count(distinct lost)) as win_rate,
    median(took) as median_cycle
  from base {join}
  where true {where}
  {group})
