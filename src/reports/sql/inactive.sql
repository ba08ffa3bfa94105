/*---
name = "inactive"
title = "Customers who stopped ordering"
title_zh = "停止下单的客户"
definition = "Customers whose last counted order is at least --days days ago; or, with --factor, those with at least 3 orders whose last one is longer ago than the factor x their own median interval between order days. net: all their sales, returns taken off; last_amount: net of the orders of the last order day; ratio = days / median interval. Base currency, without tax. The longest first. Who never ordered is not here."
definition_zh = "最后一张有效订单距今不少于 --days 天的客户；使用 --factor 时，为至少有 3 张订单、且距今天数超过系数 × 其下单间隔中位数的客户。净额：全部销售扣除退货；最近金额：最后下单日各订单的净额；比值 = 天数 ÷ 间隔中位数。本位币，不含税。最久的在前。从未下单的不在此列。"
period = "as-of"
order = "sql"
reads = ["order", "return", "customer", "product"]
dims = ["team", "region", "dealer", "kind", "industry", "size", "level", "source", "country", "province", "city"]
params = [
  { name = "days", type = "days", default = "180", help = "Days without an order", help_zh = "未下单的天数" },
  { name = "factor", type = "dec", range = [0, 1000], help = "Times the usual interval instead", help_zh = "改为按惯常间隔的倍数" },
]
columns = [
  { name = "customer", type = "ref customer" },
  { name = "owner", type = "ref user" },
  { name = "orders", type = "int" },
  { name = "net", type = "money" },
  { name = "last_amount", type = "money", label = "Last amount", label_zh = "最近金额" },
  { name = "last_order", type = "day" },
  { name = "days", type = "days", label = "Days", label_zh = "天数" },
  { name = "median_interval", type = "days", label = "Median interval", label_zh = "间隔中位数" },
  { name = "ratio", type = "dec", label = "Times the interval", label_zh = "间隔倍数" },
]
---*/
with per_day as (
  select customer, date, sum(iif(returned, 0, net)) as amount, sum(net) as net,
    count(distinct iif(returned, null, "order")) as orders
  from sale_line where basis = 'order' {where} group by customer, date),
gaps as (
  select customer, julianday(date) - julianday(lag(date) over (partition by customer order by date)) as gap
  from per_day where orders > 0),
usual as (select customer, median(gap) as median_interval from gaps group by customer),
bought as (
  select customer, sum(orders) as orders, sum(net) as net, max(iif(orders > 0, date, null)) as last_order
  from per_day group by customer),
found as (
  select b.*, u.median_interval, julianday(as_of()) - julianday(b.last_order) as days
  from bought b join usual u on u.customer = b.customer)
select f.customer, c.owner, f.orders, f.net, d.amount as last_amount, f.last_order, f.days, f.median_interval,
  ratio(f.days, f.median_interval) as ratio
from found f join customers c on c.id = f.customer
join per_day d on d.customer = f.customer and d.date = f.last_order
where c.archived is not 1
  and iif(:factor is null, f.days >= :days, f.orders >= 3 and f.days > :factor * f.median_interval)
order by f.days desc, f.customer
