/*---
name = "concentration"
title = "Concentration"
title_zh = "集中度"
definition = "Net sales in the period, the largest first; share = net / sum of the positive net; cumulative_share: the shares down to this row. Rows with net <= 0 stand last, without shares. The total row: for_80 = rows to reach 80 %, top10_share = share of the ten largest, hhi = sum of the squared shares (Herfindahl-Hirschman index, 1 = one row has all). Base currency, without tax, returns taken off."
definition_zh = "期内销售净额，从大到小；占比 = 净额 ÷ 正净额之和；累计占比：自首行至本行的占比之和。净额不大于 0 的行列在最后，没有占比。合计行：for_80 = 达到 80 % 所需行数，top10_share = 前十名占比，hhi = 占比平方和（赫芬达尔指数，1 表示全部集中于一行）。本位币，不含税，已扣退货。"
period = "p12"
measure = "net"
reads = ["order", "return", "customer", "product"]
dims = ["customer", "product", "owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "category", "top_category", "country", "province", "city", "currency"]
total = "select 0, null, coalesce(sum(net), 0), null, null, sum(coalesce(before, 1) < 0.8), sum(iif(rank <= 10, share, null)), sum(share * share) from (select *, round(cumulative_share - share, 9) as before from answer)"
chart = { kind = "pareto", y = ["net"] }
params = [
  { name = "by", type = "dimension", default = "customer" },
]
columns = [
  { name = "place", type = "order" },
  { name = "rank", type = "int", label = "Rank", label_zh = "排名" },
  { name = "net", type = "money" },
  { name = "share", type = "ratio" },
  { name = "cumulative_share", type = "ratio", label = "Cumulative share", label_zh = "累计占比" },
  { name = "for_80", type = "int", label = "Rows for 80 %", label_zh = "达到 80 % 的行数" },
  { name = "top10_share", type = "ratio", label = "Share of the ten largest", label_zh = "前十占比" },
  { name = "hhi", type = "dec", label = "HHI", label_zh = "HHI" },
]
---*/
with sold as (
  select {dims} sum(net) as net
  from {lines} {join}
  where basis = 'order' and {date} between :from and :to {where}
  {group}),
ranked as (
  select *, row_number() over (order by net desc, {names}1) as rank, sum(max(net, 0)) over () as whole,
    sum(max(net, 0)) over (order by net desc, {names}1 rows unbounded preceding) as upto
  from sold)
select {names} rank as place, rank, net,
  iif(net > 0, ratio(net, whole), null) as share,
  iif(net > 0, ratio(upto, whole), null) as cumulative_share,
  null as for_80, null as top10_share, null as hhi
from ranked
