/*---
name = "sales-change"
title = "Change of sales"
title_zh = "销售变动"
definition = "Net sales of the period beside those of the earlier one, returns taken off; change = net - prev_net; share_of_change = change / change of all. Per product, with p = net / quantity: volume_effect = (q1 - q0) x p0, rounded; price_effect = change - volume_effect. Status by quantity: new: nothing before; lost: nothing now; else kept. New and lost products have no effects; other dimensions add up those of their products. A running period is compared with the same number of days of the earlier one. The largest change first. Base currency, without tax."
definition_zh = "期内净额与上一期对比，已扣退货；变动 = 净额 - 上期净额；变动占比 = 变动 ÷ 总变动。按产品，单价 p = 净额 ÷ 数量：数量影响 =（本期数量 - 上期数量）× 上期单价，取整；价格影响 = 变动 - 数量影响。状态按数量：上期没有为新增，本期没有为流失，其余为保留。新增和流失的产品不计两项影响；其他维度为其产品之和。进行中的期间与上一期的相同天数比较。按变动幅度从大到小。本位币，不含税。"
period = "month"
reads = ["order", "return", "customer", "product"]
dims = ["product", "customer", "owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "category", "top_category", "country", "province", "city", "currency"]
total = "select 0, sum(net), sum(prev_net), sum(change), sum(volume_effect), sum(price_effect), iif(sum(change) = 0, null, 1), null from answer"
chart = { kind = "bar", y = ["change"] }
params = [
  { name = "by", type = "dimension", default = "product" },
  { name = "compare", type = "code", codes = ["previous", "yoy"], default = "previous", help = "The period before, or the same days a year earlier", help_zh = "与上一期比较，或与去年同期比较" },
]
columns = [
  { name = "place", type = "order" },
  { name = "net", type = "money" },
  { name = "prev_net", type = "money", label = "Net before", label_zh = "上期净额" },
  { name = "change", type = "money", label = "Change", label_zh = "变动" },
  { name = "volume_effect", type = "money", label = "Volume effect", label_zh = "数量影响" },
  { name = "price_effect", type = "money", label = "Price effect", label_zh = "价格影响" },
  { name = "share_of_change", type = "ratio", label = "Share of change", label_zh = "变动占比" },
  { name = "status", type = "code", label = "Status", label_zh = "状态" },
]
---*/
with parts as (
  select {dims} product as item,
    total(iif({date} >= :from, qty, 0)) as q1, sum(iif({date} >= :from, net, 0)) as n1,
    total(iif({date} >= :from, 0, qty)) as q0, sum(iif({date} >= :from, 0, net)) as n0
  from {lines} {join}
  where basis = 'order' and ({date} between :from and :to or {date} between :before_from and :before_to) {where}
  group by {keys}product),
effects as (
  select *, iif(round(q0, 6) <= 0 or round(q1, 6) <= 0, null, cast(half_up((q1 - q0) * n0 / q0, 0) as integer)) as volume
  from parts)
select {names}
  -abs(sum(n1) - sum(n0)) as place,
  sum(n1) as net,
  sum(n0) as prev_net,
  sum(n1) - sum(n0) as change,
  sum(volume) as volume_effect,
  sum(n1 - n0 - volume) as price_effect,
  ratio(sum(n1) - sum(n0), sum(sum(n1) - sum(n0)) over ()) as share_of_change,
  case when round(sum(q0), 6) <= 0 then 'new' when round(sum(q1), 6) <= 0 then 'lost' else 'kept' end as status
from effects
{group}
