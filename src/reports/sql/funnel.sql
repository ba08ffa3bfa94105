/*---
name = "funnel"
title = "Funnel"
title_zh = "销售漏斗"
definition = "Opportunities created in the period by the furthest stage of their whole history up to as-of: reached = how many got at least so far, each counted once, a skipped stage counts as reached, won is the last stage, a lost one counts up to its furthest open stage. step_rate = reached / reached of the stage before; from_start = reached / reached of the first; lost_here, open_here: this stage is the furthest. value: present amounts in base currency."
definition_zh = "期内创建的商机，按截至当日全部历史中到达过的最远阶段统计：到达 = 至少走到该阶段的商机数，各计一次，跳过的阶段视为到达，赢单为最后一个阶段，输单计到其最远的进行中阶段。步转化率 = 到达 ÷ 上一阶段到达；总转化率 = 到达 ÷ 第一阶段到达；此处输单、此处进行中：最远阶段为该阶段。value：当前金额，本位币。"
period = "p12"
order = "sql"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "funnel", y = ["reached"] }
params = [
  { name = "by", type = "dimension" },
  { name = "pipeline", type = "ref pipeline", help = "The pipeline; the default one unless given", help_zh = "管道；不指定时为默认管道" },
  { name = "value", type = "bool", help = "Add a column with the amounts", help_zh = "增加一列金额" },
]
columns = [
  { name = "stage", type = "code", list = "stage" },
  { name = "reached", type = "int" },
  { name = "lost_here", type = "int" },
  { name = "open_here", type = "int" },
  { name = "step_rate", type = "ratio" },
  { name = "from_start", type = "ratio" },
  { name = "value", type = "money", when = "value" },
]
---*/
with way as (
  select g.code as step, g.position as place, g.record as line from pipeline_stages g
  where g.type <> 'lost' and g.record = coalesce(:pipeline, (select id from pipelines where "default" and archived is not 1 limit 1))),
base as (
  select d.*, d.created_on as date, coalesce(w.place, 0) as furthest
  from {deals} d left join way w on w.step = d.furthest_stage where d.pipeline in (select line from way))
select {dims} w.step as stage,
  count(distinct iif(furthest >= w.place, id, null)) as reached,
  count(distinct iif(furthest = w.place and state_type = 'lost', id, null)) as lost_here,
  count(distinct iif(furthest = w.place and state_type = 'open', id, null)) as open_here,
  ratio(count(distinct iif(furthest >= w.place, id, null)),
    lag(count(distinct iif(furthest >= w.place, id, null))) over (partition by {keys}1 order by w.place)) as step_rate,
  ratio(count(distinct iif(furthest >= w.place, id, null)),
    first_value(count(distinct iif(furthest >= w.place, id, null))) over (partition by {keys}1 order by w.place)) as from_start,
  sum(iif(furthest >= w.place, amount, 0)) as value
from way w cross join base {join}
where {date} between :from and :to {where}
group by {keys}w.step
order by {keys}w.place
