/*---
name = "pipeline"
title = "Pipeline"
title_zh = "销售管道"
definition = "Open opportunities as of the day. weighted = amount x chance, rounded per opportunity; mean_age, oldest: days since the present stage was entered; overdue: expected day passed; no_next: no planned follow-up; rotten: any of these, or untouched for longer than its stage allows. Stages without opportunities appear with 0. Base currency."
definition_zh = "截至当日的未关闭商机。加权金额 = 金额 × 赢率，逐个商机取整后求和；平均停留、最长停留：进入当前阶段以来的天数；已逾期：预计成交日已过；无下一步：没有计划中的跟进；已停滞：符合以上任一项，或未联系时间超过阶段允许的天数。没有商机的阶段以 0 列出。本位币。"
period = "as-of"
measure = "amount"
reads = ["opportunity", "pipeline", "customer", "user", "followup", "quote"]
dims = ["stage", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "day", "week", "month", "quarter", "half", "year"]
date = "close_date"
chart = { kind = "bar", y = ["amount", "weighted"] }
params = [
  { name = "by", type = "dimension", default = "stage" },
  { name = "pipeline", type = "ref pipeline", help = "Only this pipeline", help_zh = "只看该管道" },
]
columns = [
  { name = "place", type = "order" },
  { name = "n", type = "int" },
  { name = "overdue", type = "int" },
  { name = "no_next", type = "int" },
  { name = "rotten", type = "int" },
  { name = "amount", type = "money" },
  { name = "weighted", type = "money" },
  { name = "mean_age", type = "days" },
  { name = "oldest", type = "days" },
]
---*/
with base as (
  select id, stage, place, owner, team, region, dealer, customer, kind, industry, size, level, source, campaign, pipeline,
    close_date, amount, weighted, days_in_stage, close_date < as_of() as overdue, next_followup is null as no_next, rotten
  from {deals} where state_type = 'open' and pipeline = coalesce(:pipeline, pipeline) {where}
  union all
  select null, g.code, g.position, null, null, null, null, null, null, null, null, null, null, null, g.record,
    null, 0, 0, null, 0, 0, 0
  from pipeline_stages g join pipelines p on p.id = g.record
  where :by = 'stage' and not :total and g.type = 'open' and p.archived is not 1 and g.record = coalesce(:pipeline, g.record))
select {dims}
  iif(:by = 'stage', min(place), 0) as place,
  count(distinct id) as n,
  count(distinct iif(overdue, id, null)) as overdue,
  count(distinct iif(no_next, id, null)) as no_next,
  count(distinct iif(rotten, id, null)) as rotten,
  coalesce(sum(amount), 0) as amount,
  coalesce(sum(weighted), 0) as weighted,
  avg(days_in_stage) as mean_age,
  max(days_in_stage) as oldest
from base {join}
{group}
