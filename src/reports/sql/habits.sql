/*---
name = "habits"
title = "Buying habits"
title_zh = "购买习惯"
definition = "Per customer, of the counted orders in the period: aov = net / orders; least, median and greatest unit price of its lines; median_interval: days between distinct order days; next_expected = last order day + median_interval (whole days, rounded half up), none with fewer than two intervals; top category, product, month of the year and weekday by net, ties by quantity, then by key; channel: the most frequent kind of contact in the period; discount_rate = sum(list - net) / sum(list). Returns are not taken off. Base currency, without tax."
definition_zh = "按客户统计期内的有效订单：客单价 = 净额 ÷ 订单数；各行单价的最低、中位、最高；下单间隔中位数：不同下单日之间的天数；预计下次 = 最后下单日 + 间隔中位数（四舍五入到整天），间隔不足两个时为空；首选品类、产品、月份和星期按净额，相同按数量，再按编码；渠道：期内最常见的联系方式；折扣率 =（标价额 - 净额）之和 ÷ 标价额之和。不扣退货。本位币，不含税。"
period = "p12"
order = "sql"
reads = ["order", "customer", "product", "followup", "message"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "country", "province", "city"]
params = [
  { name = "customer", type = "ref customer", help = "Of this customer alone", help_zh = "只看此客户" },
]
columns = [
  { name = "customer", type = "ref customer" },
  { name = "orders", type = "int" },
  { name = "aov", type = "money" },
  { name = "min_price", type = "money", label = "Lowest price", label_zh = "最低单价" },
  { name = "median_price", type = "money", label = "Median price", label_zh = "单价中位数" },
  { name = "max_price", type = "money", label = "Highest price", label_zh = "最高单价" },
  { name = "median_interval", type = "days", label = "Median interval", label_zh = "间隔中位数" },
  { name = "next_expected", type = "day", label = "Next expected", label_zh = "预计下次" },
  { name = "top_category", type = "text", label = "Top category", label_zh = "首选品类" },
  { name = "top_product", type = "ref product", label = "Top product", label_zh = "首选产品" },
  { name = "top_month", type = "text", label = "Top month", label_zh = "首选月份" },
  { name = "top_weekday", type = "code", list = "weekday", label = "Top weekday", label_zh = "首选星期" },
  { name = "channel", type = "code", list = "followup_kind", label = "Channel", label_zh = "联系渠道" },
  { name = "discount_rate", type = "ratio" },
]
---*/
with sold as materialized (
  select customer, document, date, product, category, qty, list, net
  from sale_line
  where basis = 'order' and not returned and (:customer is null or customer = :customer)
    and {date} between :from and :to {where}),
gaps as (
  select customer, date, julianday(date) - julianday(lag(date) over (partition by customer order by date)) as gap
  from (select distinct customer, date from sold)),
usual as materialized (
  select customer, max(date) as last_order, count(gap) as intervals, median(gap) as median_interval
  from gaps group by customer),
tops as (
  select customer, what, key
  from (
    select *, row_number() over (partition by customer, what order by net desc, qty desc, key) as place
    from (
      select customer, 'category' as what, category as key, sum(net) as net, sum(qty) as qty from sold
      where category is not null group by 1, 3
      union all
      select customer, 'product', product, sum(net), sum(qty) from sold where product is not null group by 1, 3
      union all
      select customer, 'month', substr(date, 6, 2), sum(net), sum(qty) from sold group by 1, 3
      union all
      select customer, 'weekday', strftime('%w', date), sum(net), sum(qty) from sold group by 1, 3))
  where place = 1),
top as materialized (
  select customer, max(iif(what = 'category', key, null)) as category, max(iif(what = 'product', key, null)) as product,
    max(iif(what = 'month', key, null)) as month, max(iif(what = 'weekday', key, null)) as weekday
  from tops group by customer),
channels as materialized (
  select customer, mode(kind) as channel from touch
  where day(at) between :from and :to and (:customer is null or customer = :customer) group by customer),
bought as materialized (
  select customer, count(distinct document) as orders, sum(net) as net, sum(list) as list, min(ratio(net, qty)) as least,
    median(ratio(net, qty)) as middle, max(ratio(net, qty)) as most
  from sold group by customer)
select b.customer, b.orders, ratio(b.net, b.orders) as aov, b.least as min_price, b.middle as median_price, b.most as max_price,
  u.median_interval,
  iif(u.intervals < 2, null, date(u.last_order, '+' || cast(half_up(u.median_interval, 0) as integer) || ' days')) as next_expected,
  t.category as top_category, t.product as top_product, t.month as top_month,
  substr('sunmontuewedthufrisat', 3 * t.weekday + 1, 3) as top_weekday, c.channel as channel,
  ratio(b.list - b.net, b.list) as discount_rate
from bought b join usual u on u.customer = b.customer left join top t on t.customer = b.customer
left join channels c on c.customer = b.customer
order by b.net desc, b.customer
