/*---
name = "btyd"
title = "Buy-till-you-die input"
title_zh = "复购模型输入（BTYD）"
definition = "The summary that models of the Pareto/NBD and BG/NBD kind start from, as the Python package lifetimes lays it out: frequency = distinct days with a counted order - 1; recency = days from the first order day to the last; T = days from the first order day to as-of; monetary = mean net of the repeat days (all but the first), 0 with none. Returns are not taken off. Base currency, without tax. --window leaves out what was ordered before."
definition_zh = "Pareto/NBD、BG/NBD 类模型的输入汇总，口径同 Python 包 lifetimes：frequency = 有有效订单的不同日期数 - 1；recency = 首次到最后下单日的天数；T = 首次下单日到截至日的天数；monetary = 复购日（除首日外）的日均净额，没有则为 0。不扣退货。本位币，不含税。--window 不计更早的订单。"
period = "as-of"
order = "sql"
reads = ["order", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "product", "category", "top_category", "country", "province", "city"]
params = [
  { name = "window", type = "window", help = "How far back orders are counted; all without it", help_zh = "统计多久以内的订单；不给则为全部" },
]
columns = [
  { name = "customer", type = "ref customer" },
  { name = "frequency", type = "int", label = "Frequency", label_zh = "复购次数" },
  { name = "recency", type = "days", label = "Recency", label_zh = "首末间隔" },
  { name = "T", type = "days", label = "T", label_zh = "T" },
  { name = "monetary", type = "money", label = "Money", label_zh = "日均金额" },
]
---*/
with per_day as (
  select customer, date, sum(net) as net, row_number() over (partition by customer order by date) as n
  from sale_line
  where basis = 'order' and not returned and date >= coalesce(:window, '') {where}
  group by customer, date)
select customer, count(*) - 1 as frequency, julianday(max(date)) - julianday(min(date)) as recency,
  julianday(as_of()) - julianday(min(date)) as T, coalesce(avg(iif(n > 1, net, null)), 0) as monetary
from per_day
group by customer
order by customer
