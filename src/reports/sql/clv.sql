/*---
name = "clv"
title = "Customer value"
title_zh = "客户终身价值"
definition = "historic = margin of all counted lines to date, returns taken off. Of the window: aov = net of the orders / orders; orders_per_year = orders / days x 365, where days run from the first day of the window, or from the first order if that is later, to as-of; margin_pct = margin / net of the lines with a cost. M = aov x orders_per_year x margin_pct, a year's margin. churn: --churn, else the share of the customers of the same level with an order in the year before the last full calendar year that had none in it, else of all customers. predicted = M x (1 + r) / (1 + r - (1 - churn)): the present value of M, M(1 - churn), M(1 - churn)^2, ... at the discount rate r; with r = 0 it is M / churn. None with under a year of history, without cost, or with churn and r both 0. Base currency, without tax."
definition_zh = "历史价值 = 迄今全部有效行的毛利，扣除退货。窗口内：客单价 = 订单净额 ÷ 订单数；年订单数 = 订单数 ÷ 天数 × 365，天数从窗口首日（首单更晚时从首单日）到截至日；毛利率 = 毛利 ÷ 有成本行的净额。M = 客单价 × 年订单数 × 毛利率，即一年的毛利。流失率：--churn；否则为同级别客户中，上一完整年度的前一年有订单而该年度没有订单的占比；该级别没有时取全部客户。预测价值 = M ×（1 + r）÷（1 + r -（1 - 流失率））：M、M(1 - 流失率)、M(1 - 流失率)²……按贴现率 r 的现值；r = 0 时为 M ÷ 流失率。历史不足一年、没有成本，或流失率与 r 均为 0 时为空。本位币，不含税。"
period = "as-of"
order = "sql"
reads = ["order", "return", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "country", "province", "city"]
chart = { kind = "bar", y = ["predicted"] }
params = [
  { name = "window", type = "window", default = "24m", help = "How far back orders are counted for the forecast", help_zh = "预测时统计多久以内的订单" },
  { name = "discount", type = "dec", range = [0, 1000], default = "10", help = "Discount rate in percent a year", help_zh = "年贴现率，百分比" },
  { name = "churn", type = "dec", range = [0, 100], help = "Churn in percent a year, instead of what the level shows", help_zh = "年流失率，百分比；代替按级别推算" },
]
columns = [
  { name = "customer", type = "ref customer" },
  { name = "first_order", type = "day" },
  { name = "orders", type = "int" },
  { name = "historic", type = "money", label = "To date", label_zh = "历史价值" },
  { name = "aov", type = "money" },
  { name = "orders_per_year", type = "dec", label = "Orders a year", label_zh = "年订单数" },
  { name = "margin_pct", type = "ratio" },
  { name = "churn", type = "ratio", label = "Churn", label_zh = "流失率" },
  { name = "predicted", type = "money", label = "Predicted", label_zh = "预测价值" },
]
---*/
with sold as materialized (
  select customer, document, date, net, cost, returned
  from sale_line where basis = 'order' {where}),
past as (
  select customer, min(iif(returned, null, date)) as first_order, sum(net - cost) as historic,
    max(iif(not returned and date between b.before and b.eve, 1, 0)) as active,
    max(iif(not returned and date between b.starts and b.ends, 1, 0)) as kept
  from sold join (
    select (substr(as_of(), 1, 4) - 1) || '-01-01' as starts, (substr(as_of(), 1, 4) - 1) || '-12-31' as ends,
      (substr(as_of(), 1, 4) - 2) || '-01-01' as before, (substr(as_of(), 1, 4) - 2) || '-12-31' as eve) b
  group by customer having first_order is not null),
recent as (
  select customer, count(distinct iif(returned, null, document)) as orders, sum(iif(returned, 0, net)) as net,
    ratio(sum(net - cost), sum(iif(cost is null, 0, net))) as margin_pct
  from sold where date >= :window group by customer),
levels as (
  select c.level as level, ratio(sum(active) - sum(active and kept), sum(active)) as churn
  from past p left join customers c on c.id = p.customer group by c.level),
everybody as (select ratio(sum(active) - sum(active and kept), sum(active)) as churn from past),
parts as (
  select p.customer as customer, p.first_order as first_order, r.orders as orders, p.historic as historic,
    ratio(r.net, r.orders) as aov, r.margin_pct as margin_pct, :discount / 100.0 as discount,
    r.orders * 365.0 / (julianday(as_of()) - julianday(max(p.first_order, :window)) + 1) as orders_per_year,
    iif(:churn is null, coalesce(l.churn, e.churn), :churn / 100.0) as churn
  from past p left join recent r on r.customer = p.customer left join customers c on c.id = p.customer
  left join levels l on l.level is c.level join everybody e)
select customer, first_order, coalesce(orders, 0) as orders, historic, aov, orders_per_year, margin_pct, churn,
  iif(first_order > date(as_of(), '-1 year'), null,
    ratio(aov * orders_per_year * margin_pct * (1 + discount), discount + churn)) as predicted
from parts
order by predicted desc nulls last, historic desc, customer
