/*---
name = "stage-time"
title = "Time in stages"
title_zh = "阶段停留时间"
definition = "stays: stays in open stages that ended in the period, each counted; mean, median, p90: their length in days of 24 hours. open_n: stays that run as of the day; open_median_age: days since they began. Running stays are never mixed into the others."
definition_zh = "停留次数：期内结束的在进行中阶段的停留，逐次计数；平均、中位数、90 百分位：其时长，按 24 小时为一天。进行中：截至当日尚未结束的停留；已停留中位数：其开始以来的天数。进行中的停留不计入前面各列。"
period = "p12"
measure = "stays"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["stage", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline"]
date = "left_on"
chart = { kind = "bar", y = ["median"] }
params = [
  { name = "by", type = "dimension", default = "stage" },
]
columns = [
  { name = "place", type = "order" },
  { name = "stays", type = "int", label = "Stays", label_zh = "停留次数" },
  { name = "open_n", type = "int", label = "Running", label_zh = "进行中" },
  { name = "mean", type = "days", label = "Mean", label_zh = "平均" },
  { name = "median", type = "days", label = "Median", label_zh = "中位数" },
  { name = "p90", type = "days", label = "90th percentile", label_zh = "90 百分位" },
  { name = "open_median_age", type = "days", label = "Median age of the running", label_zh = "已停留中位数" },
]
---*/
with base as (
  select s.stage as stage, g.position as place, d.owner as owner, d.team as team, d.region as region, d.dealer as dealer,
    d.customer as customer, d.kind as kind, d.industry as industry, d.size as size, d.level as level,
    d.source as source, d.campaign as campaign, d.pipeline as pipeline, day(s.left_at) as left_on,
    julianday(s.left_at) - julianday(s.entered_at) as took,
    iif(s.left_at is null, julianday(as_of()) - julianday(day(s.entered_at)), null) as age
  from {deals} d join stage_span s on s.record = d.id
  join pipeline_stages g on g.record = d.pipeline and g.code = s.stage
  where s.type = 'open')
select {dims}
  iif(',' || :by || ',' like '%,stage,%', min(place), 0) as place,
  count(took) as stays,
  count(age) as open_n,
  avg(took) as mean,
  median(took) as median,
  percentile(took, 0.9) as p90,
  median(age) as open_median_age
from base {join}
where ({date} between :from and :to or left_on is null) {where}
{group}
