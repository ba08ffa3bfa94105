/*---
name = "bottleneck"
title = "Bottlenecks"
title_zh = "瓶颈"
definition = "Per step into a stage: reached and rate as in the funnel of the opportunities created in the period (rate = reached / reached of the stage before); usual = the same of those created in the 12 months before the period, as sums divided by sums; drop = usual - rate; few: fewer than 10 reached the step. median_days: stays in the stage before that ended in the period, in days of 24 hours; usual_days: those that ended in the 12 months before. The largest drop first."
definition_zh = "进入各阶段的步骤：到达数与转化率口径同销售漏斗，取期内创建的商机（转化率 = 到达 ÷ 上一阶段到达）；惯常 = 期初前 12 个月创建的商机的同一比率，先求和再相除；下降 = 惯常 - 转化率；样本少：到达不足 10。天数中位数：期内结束的前一阶段停留，按 24 小时为一天；惯常天数：前 12 个月内结束的。下降最多的在前。"
period = "month"
order = "sql"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign"]
chart = { kind = "bar", y = ["rate", "usual"] }
params = [
  { name = "pipeline", type = "ref pipeline", help = "The pipeline; the default one unless given", help_zh = "管道；不指定时为默认管道" },
]
columns = [
  { name = "step", type = "code", list = "stage", label = "Step", label_zh = "步骤" },
  { name = "reached", type = "int" },
  { name = "rate", type = "ratio", label = "Rate", label_zh = "转化率" },
  { name = "usual", type = "ratio", label = "Usual", label_zh = "惯常" },
  { name = "drop", type = "ratio", label = "Drop", label_zh = "下降" },
  { name = "few", type = "bool", label = "Few", label_zh = "样本少" },
  { name = "median_days", type = "days", label = "Median days", label_zh = "天数中位数" },
  { name = "usual_days", type = "days", label = "Usual days", label_zh = "惯常天数" },
]
---*/
with way as (
  select g.code as step, g.position as place, g.record as line,
    lag(g.code) over (order by g.position) as earlier
  from pipeline_stages g
  where g.type <> 'lost' and g.record = coalesce(:pipeline, (select id from pipelines where "default" and archived is not 1 limit 1))),
base as (
  select d.id as id, d.created_on >= :from as now, coalesce(w.place, 0) as furthest
  from {deals} d left join way w on w.step = d.furthest_stage
  where d.pipeline in (select line from way) and d.created_on between date(:from, '-12 months') and :to {where}),
steps as (
  select w.place as place, w.step as step, w.earlier as earlier,
    count(distinct iif(b.now and b.furthest >= w.place, b.id, null)) as n1,
    count(distinct iif(not b.now and b.furthest >= w.place, b.id, null)) as n0
  from way w cross join base b group by w.place, w.step),
rates as (
  select *, ratio(n1, lag(n1) over (order by place)) as rate, ratio(n0, lag(n0) over (order by place)) as usual
  from steps),
stays as (
  select s.stage as stage,
    median(iif(day(s.left_at) >= :from, julianday(s.left_at) - julianday(s.entered_at), null)) as now,
    median(iif(day(s.left_at) >= :from, null, julianday(s.left_at) - julianday(s.entered_at))) as before
  from {deals} d join stage_span s on s.record = d.id
  where d.pipeline in (select line from way) and day(s.left_at) between date(:from, '-12 months') and :to {where}
  group by s.stage)
select step, n1 as reached, rate, usual, usual - rate as "drop", n1 < 10 as few, t.now as median_days, t.before as usual_days
from rates r left join stays t on t.stage = r.earlier
where earlier is not null
order by usual - rate desc nulls last, place
