/*---
name = "churn"
title = "Customer churn"
title_zh = "客户流失"
definition = "active_start: customers with a counted order in the window (--window days) that ends the day before the period; kept: of these, those with an order in the period; lost: the others; churn = lost / active_start; annual = 1 - (1 - churn)^(365 / days of the period); lost_net: net sales of the lost in the window. A period that still runs has no kept, lost and rates. By day, week, month, quarter, half or year each of these is a period of its own. Base currency, without tax."
definition_zh = "期初活跃：在截至期初前一日的窗口（--window 天）内有有效订单的客户；留存：其中期内有订单的；流失：其余；流失率 = 流失 ÷ 期初活跃；年化 = 1 -（1 - 流失率）^（365 ÷ 期间天数）；流失净额：流失客户在窗口内的净额。尚未结束的期间不计留存、流失和比率。按日、周、月、季、半年或年分组时，各自为一个期间。本位币，不含税。"
period = "last-quarter"
measure = "churn"
reads = ["order", "return", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "product", "category", "top_category", "country", "province", "city", "week", "month", "quarter", "half", "year"]
date = "starts"
chart = { kind = "line", y = ["churn"] }
params = [
  { name = "by", type = "dimension" },
  { name = "window", type = "days", range = [1, 36500], default = "365", help = "Days before the period in which a customer counts as active", help_zh = "期初之前多少天内下单算活跃" },
]
columns = [
  { name = "active_start", type = "int", label = "Active at the start", label_zh = "期初活跃" },
  { name = "kept", type = "int", label = "Kept", label_zh = "留存" },
  { name = "lost", type = "int", label = "Lost", label_zh = "流失" },
  { name = "churn", type = "ratio", label = "Churn", label_zh = "流失率" },
  { name = "annual", type = "ratio", label = "A year", label_zh = "年化" },
  { name = "lost_net", type = "money", label = "Net of the lost", label_zh = "流失净额" },
]
---*/
with recursive {spans},
lines as (
  select s.starts as starts, s.ends as ends, s.days as days, s.ends <= as_of() as over, l.*
  from spans s join {lines} l on l.date between date(s.starts, '-' || :window || ' days') and date(s.starts, '-1 day')
  where l.basis = 'order'),
ordered as (
  select distinct s.starts as starts, l.customer as buyer
  from spans s join sale_line l on l.date between s.starts and s.ends
  where l.basis = 'order' and not l.returned),
base as (
  select b.*, o.buyer is not null as stayed
  from (
    select {dims} customer as buyer, starts as began, days, over, sum(net) as net
    from lines {join}
    where true {where}
    group by {keys}customer, starts
    having max(not returned)) b
  left join ordered o on o.starts = b.began and o.buyer = b.buyer)
select {names}
  count(distinct buyer) as active_start,
  iif(min(over), count(distinct iif(stayed, buyer, null)), null) as kept,
  iif(min(over), count(distinct iif(stayed, null, buyer)), null) as lost,
  iif(min(over), ratio(count(distinct iif(stayed, null, buyer)), count(distinct buyer)), null) as churn,
  iif(min(over), 1 - pow(1 - ratio(count(distinct iif(stayed, null, buyer)), count(distinct buyer)), 365.0 / min(days)), null) as annual,
  iif(min(over), sum(iif(stayed, 0, net)), null) as lost_net
from base
{group}
