/*---
name = "customer-distribution"
title = "Customer distribution"
title_zh = "客户分布"
definition = "Customers as of the day (of the end of the period, where one is given), archived and merged ones left out. active: the last counted order is at most customer.dormant_days old; with_revenue: with a counted line in the period; revenue: their net sales in it, returns taken off; share: of all customers; revenue_share: of all revenue; mean_revenue = revenue / customers with revenue. By the customer's own region, owner and so on, not that of its orders. Base currency, without tax."
definition_zh = "截至当日（指定期间时为期末）的客户，不含已归档和已合并的。活跃：最后一张有效订单距今不超过 customer.dormant_days 天；有收入：期内有有效行；收入：期内净额扣除退货；占比：占全部客户；收入占比：占全部收入；户均收入 = 收入 ÷ 有收入客户。按客户本身的区域、负责人等分组，而非其订单的。本位币，不含税。"
period = "p12"
measure = "customers"
at_end = true
reads = ["customer", "order", "return", "user", "region"]
dims = ["region", "city", "province", "country", "industry", "level", "kind", "owner", "team", "source", "life", "size"]
chart = { kind = "bar", y = ["customers"] }
params = [
  { name = "by", type = "dimension", default = "region" },
]
columns = [
  { name = "customers", type = "int" },
  { name = "active", type = "int", label = "Active", label_zh = "活跃" },
  { name = "with_revenue", type = "int", label = "With revenue", label_zh = "有收入" },
  { name = "share", type = "ratio" },
  { name = "revenue", type = "money" },
  { name = "revenue_share", type = "ratio", label = "Share of revenue", label_zh = "收入占比" },
  { name = "mean_revenue", type = "money", label = "Revenue per customer", label_zh = "户均收入" },
]
---*/
with bought as materialized (
  select customer, max(iif(returned, null, date)) as last_order, max({date} between :from and :to) as in_period,
    sum(iif({date} between :from and :to, net, 0)) as net
  from sale_line where basis = 'order' group by customer),
base as (
  select c.id as customer, c.region as region, c.city as city, c.province as province, c.country as country,
    c.industry as industry, c.level as level, c.kind as kind, c.owner as owner, u.team as team, c.source as source,
    c.size as size, b.net as net, coalesce(b.in_period, 0) as in_period,
    case
      when b.last_order is null then 'prospect'
      when julianday(as_of()) - julianday(b.last_order) <= cast(setting('customer.dormant_days') as integer) then 'active'
      else 'dormant'
    end as life
  from customers c left join bought b on b.customer = c.id left join users u on u.id = c.owner
  where c.archived is not 1 and c.merged_into is null and day(c.created_at) <= as_of())
select {dims}
  count(*) as customers,
  sum(life = 'active') as active,
  sum(in_period) as with_revenue,
  ratio(count(*), sum(count(*)) over ()) as share,
  coalesce(sum(net), 0) as revenue,
  ratio(coalesce(sum(net), 0), sum(sum(net)) over ()) as revenue_share,
  ratio(sum(net), sum(in_period)) as mean_revenue
from base {join}
where true {where}
{group}
