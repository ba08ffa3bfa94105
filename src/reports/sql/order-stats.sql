/*---
name = "order-stats"
title = "Order statistics"
title_zh = "订单统计"
definition = "Counted orders by date as placed, returns not subtracted: aov = net / orders; median_value = median of the orders' net; lines_per_order, units_per_order = lines and units / orders; discount_rate = sum(list - net) / sum(list). By product or category, of the part of each order that lies in the row. Base currency, without tax."
definition_zh = "按日期统计的有效订单（按下单口径，不扣退货）：客单价 = 净额 ÷ 订单数；中位金额 = 各订单净额的中位数；单均行数、单均数量 = 行数、数量 ÷ 订单数；折扣率 =（标价额 - 净额）之和 ÷ 标价额之和。按产品或品类时，只计各订单中属于该行的部分。本位币，不含税。"
period = "p12"
measure = "net"
reads = ["order", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "product", "category", "top_category", "country", "province", "city", "currency", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "line", y = ["aov"] }
params = [{ name = "by", type = "dimension", default = "month" }]
columns = [
  { name = "orders", type = "int" },
  { name = "customers", type = "int" },
  { name = "net", type = "money" },
  { name = "aov", type = "money" },
  { name = "median_value", type = "money" },
  { name = "lines_per_order", type = "dec" },
  { name = "units_per_order", type = "dec" },
  { name = "discount_rate", type = "ratio" },
]
---*/
select {names}
  count(*) as orders,
  count(distinct buyer) as customers,
  sum(net) as net,
  ratio(sum(net), count(*)) as aov,
  median(net) as median_value,
  ratio(sum(lines), count(*)) as lines_per_order,
  ratio(sum(qty), count(*)) as units_per_order,
  ratio(sum(list) - sum(net), sum(list)) as discount_rate
from (
  select {dims} document, customer as buyer, sum(net) as net, sum(list) as list, count(*) as lines, sum(qty) as qty
  from {lines} {join}
  where basis = 'order' and not returned and {date} between :from and :to {where}
  group by {keys}document)
{group}
