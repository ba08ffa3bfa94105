/*---
name = "complaints"
title = "Complaints"
title_zh = "投诉"
definition = "Tickets of these kinds created in the period, by product unless asked otherwise; open: not yet resolved as of the day; share: of all; units_shipped: quantity shipped in the period, less shipments taken back; per_1000 = 1000 x complaints / units shipped; median_resolution: working minutes without what was held, of those resolved; cost in base currency."
definition_zh = "期内创建的这些类型的工单，默认按产品；未结：截至当日尚未解决；占比：占全部；发货数量：期内发货，扣除冲销；每千件 = 1000 × 投诉 ÷ 发货数量；解决中位数：已解决的扣除挂起的工作分钟；成本为本位币。"
period = "p12"
measure = "complaints"
reads = ["ticket", "shipment", "order", "product", "customer", "user", "sla", "calendar"]
dims = ["product", "cause", "region", "month", "category", "top_category", "customer", "assignee", "team", "severity", "priority", "channel", "level", "industry", "day", "week", "quarter", "half", "year"]
chart = { kind = "pareto", y = ["complaints"] }
params = [
  { name = "by", type = "dimension", default = "product" },
  { name = "kinds", type = "codes", codes = ["service", "complaint", "problem", "question", "return", "warranty"], default = "complaint", help = "Kinds of tickets, with commas", help_zh = "工单类型，用逗号分隔" },
]
columns = [
  { name = "complaints", type = "int", label = "Complaints", label_zh = "投诉数" },
  { name = "open", type = "int" },
  { name = "share", type = "ratio" },
  { name = "units_shipped", type = "qty", label = "Units shipped", label_zh = "发货数量" },
  { name = "per_1000", type = "dec", label = "Per 1000 units", label_zh = "每千件" },
  { name = "median_resolution", type = "min", label = "Median resolution", label_zh = "解决中位数" },
  { name = "cost", type = "money" },
]
---*/
with base as (
  select created_on as date, product, category, top_category, cause, region, customer, assignee, team, severity, priority,
    channel, level, industry, id, status, resolution_minutes as took, cost, null as units
  from ticket_case where ',' || :kinds || ',' like '%,' || kind || ',%'
  union all
  select l.date, l.product, p.category, p.top_category, null, o.region, o.customer, null, o.team, null, null, null, c.level,
    c.industry, null, null, null, null, l.sign * l.qty
  from shipment_lines l left join products p on p.id = l.product left join orders o on o.id = l."order"
  left join customers c on c.id = o.customer where l.date <= as_of())
select {names} complaints, open, ratio(complaints, sum(complaints) over ()) as share, units_shipped,
  1000 * ratio(complaints, units_shipped) as per_1000, median_resolution, cost
from (
  select {dims} count(id) as complaints, total(status in ('new', 'open', 'pending')) as open,
    round(total(units), 6) as units_shipped,
    median(iif(status in ('resolved', 'closed'), took, null)) as median_resolution, sum(cost) as cost
  from base {join}
  where {date} between :from and :to {where}
  {group})
where complaints > 0
