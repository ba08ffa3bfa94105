/*---
name = "cohort"
title = "Customer cohorts"
title_zh = "客户同期群"
definition = "A cohort are the customers whose first counted order ever lies in the same month (or quarter); k counts the units after it. active: distinct customers of the cohort with a counted order in that unit; retention = active / size, 1 at k = 0; net: their sales in it, returns taken off; net_per_customer = net / size. A unit that is over with nobody active is 0, the running one is partial, one that begins after as-of has no row. The period chooses the cohorts. Base currency, without tax. --measure net draws net_per_customer."
definition_zh = "同期群：首张有效订单在同一月（或季度）的客户；k 为其后的第几个单位。活跃：该单位内有有效订单的群内客户数；留存率 = 活跃 ÷ 群规模，k = 0 时为 1；净额：其间销售额扣除退货；人均净额 = 净额 ÷ 群规模。已结束且无人下单的单位为 0，进行中的标为未完，截至日之后才开始的没有行。期间用于选择同期群。本位币，不含税。--measure net 时图表画人均净额。"
period = "p12"
order = "sql"
reads = ["order", "return", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "product", "category", "top_category", "country", "province", "city"]
chart = { kind = "heatmap", x = "k", y = ["cohort", "retention"], other = { "measure=net" = ["cohort", "net_per_customer"] } }
params = [
  { name = "unit", type = "code", codes = ["month", "quarter"], default = "month", help = "Length of a cohort and of a step", help_zh = "同期群与步长的单位" },
  { name = "measure", type = "code", codes = ["customers", "net"], default = "customers", help = "What the chart shows", help_zh = "图表显示的指标" },
]
columns = [
  { name = "cohort", type = "month", label = "Cohort", label_zh = "同期群" },
  { name = "size", type = "int", label = "Size", label_zh = "群规模" },
  { name = "k", type = "int", label = "Unit after the first", label_zh = "第几期" },
  { name = "active", type = "int", label = "Active", label_zh = "活跃" },
  { name = "retention", type = "ratio", label = "Retention", label_zh = "留存率" },
  { name = "net", type = "money" },
  { name = "net_per_customer", type = "money", label = "Net per customer", label_zh = "人均净额" },
  { name = "partial", type = "bool", label = "Running", label_zh = "未完" },
]
---*/
with recursive sold as materialized (
  select customer as buyer, {date} as date, returned, net, (true {where}) as wanted from sale_line where basis = 'order'),
firsts as (select buyer, min(date) as first_order from sold where not returned group by buyer),
-- Every unit from the first order to as-of: no month is shorter than the step of 14 days.
days(d) as (
  select min(first_order) from firsts
  union all select min(date(d, '+14 days'), as_of()) from days where d < as_of()),
units as (
  select unit, row_number() over (order by unit) as n
  from (select bucket(d, :unit) as unit from days where d is not null group by 1)),
members as (
  select f.buyer as buyer, u.unit as cohort, u.n as n
  from firsts f join units u on u.unit = bucket(f.first_order, :unit)
  where f.first_order between :from and :to),
-- With a filter a cohort are those of its customers that bought what it asks for.
bought as (
  select bucket(date, :unit) as unit, buyer, max(not returned) as ordered, sum(net) as net
  from sold
  where wanted
  group by 1, 2),
sizes as (
  select cohort, n, count(*) as size from members
  where buyer in (select buyer from bought where ordered) group by cohort, n),
seen as (
  select m.cohort as cohort, u.n - m.n as k, sum(b.ordered) as active, sum(b.net) as net
  from members m join bought b on b.buyer = m.buyer join units u on u.unit = b.unit
  group by 1, 2)
select s.cohort, s.size, u.n - s.n as k, coalesce(x.active, 0) as active,
  ratio(coalesce(x.active, 0), s.size) as retention, coalesce(x.net, 0) as net,
  ratio(coalesce(x.net, 0), s.size) as net_per_customer, u.unit = bucket(as_of(), :unit) as partial
from sizes s join units u on u.n >= s.n
left join seen x on x.cohort = s.cohort and x.k = u.n - s.n
order by s.n, k
