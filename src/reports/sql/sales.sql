/*---
name = "sales"
title = "Sales"
title_zh = "销售额"
definition = "Sums over the sold lines of the period: lines of confirmed, held and closed orders by order date, returns by their own date as negative rows. discount = gross - net; margin = sum(net - cost) over lines with a cost; margin_pct = margin / (net - uncosted_net); share = net / net of all rows. Base currency, each document at its own rate, without tax."
definition_zh = "期内销售明细合计：已确认、挂起、已关闭订单的行按订单日期计，退货按退货日期计为负数。折扣 = 标价额 - 净额；毛利 = 有成本行的（净额 - 成本）之和；毛利率 = 毛利 ÷（净额 - 无成本净额）；占比 = 净额 ÷ 全部净额。本位币，各单据按自身汇率，不含税。"
period = "month"
measure = "net"
reads = ["order", "return", "invoice", "payment", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "product", "category", "top_category", "country", "province", "city", "currency", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "bar", y = ["net"] }
params = [
  { name = "by", type = "dimension", default = "month" },
  { name = "basis", type = "code", codes = ["order", "invoice", "payment"], default = "order" },
  { name = "with-shipping", type = "bool" },
]
columns = [
  { name = "orders", type = "int" },
  { name = "customers", type = "int" },
  { name = "qty", type = "qty" },
  { name = "gross", type = "money" },
  { name = "discount", type = "money" },
  { name = "net", type = "money" },
  { name = "tax", type = "money" },
  { name = "cost", type = "money" },
  { name = "margin", type = "money" },
  { name = "uncosted_net", type = "money" },
  { name = "returns", type = "money" },
  { name = "shipping", type = "money", when = "with-shipping" },
  { name = "margin_pct", type = "ratio" },
  { name = "share", type = "ratio" },
]
---*/
select {dims}
  count(distinct iif(returned, null, "order")) as orders,
  count(distinct iif(returned, null, customer)) as customers,
  iif(:basis = 'payment', null, half_up(sum(qty), 6)) as qty,
  sum(list) as gross,
  sum(list) - sum(net) as discount,
  sum(net) as net,
  sum(tax) as tax,
  iif(:basis = 'payment', null, sum(cost)) as cost,
  iif(:basis = 'payment', null, sum(net - cost)) as margin,
  iif(:basis = 'payment', null, sum(iif(cost is null, net, 0))) as uncosted_net,
  -sum(iif(returned, net, 0)) as returns,
  sum(shipping) as shipping,
  iif(:basis = 'payment', null, ratio(sum(net - cost), sum(iif(cost is null, 0, net)))) as margin_pct,
  ratio(sum(net), sum(sum(net)) over ()) as share
from {lines} {join}
where basis = :basis and {date} between :from and :to {where}
{group}
