/*---
name = "rfm"
title = "Recency, frequency, money"
title_zh = "客户价值分层（RFM）"
definition = "Customers with a counted order in the window up to the day. recency: days since the last order; frequency: orders; monetary: net sales, returns taken off, base currency without tax. Score = 1 + floor(5 x customers strictly worse / customers): longer recency, fewer orders, less money; equal values share a score; with fewer than 5 customers there are none. Segment: the first that fits of Champions r5 f5 m5; Potential Loyalist r3-5 f3-5 m2-5; Loyal 2-4 2-4 2-4; Promising 3-4 1-3 3-5; New 4-5 1-3 1-5; Can't Lose 1-2 3-4 4-5; At Risk 1-2 2-5 4-5; Need Attention 1-3 3-5 3-5; About To Sleep 2-3 1-3 1-4; Lost r1; Other. These are the segments of the R package rfm; [report.rfm] segments has others, as in \"Champions 5/5/5\", tried in their order."
definition_zh = "截至当日的窗口内有有效订单的客户。距今天数：距最后一次下单；次数：订单数；金额：扣除退货的净额，本位币，不含税。评分 = 1 + ⌊5 × 严格更差的客户数 ÷ 客户数⌋：距今更久、次数更少、金额更低为更差，数值相同评分相同；不足 5 个客户时不评分。分层取首个符合者：Champions r5 f5 m5；Potential Loyalist r3–5 f3–5 m2–5；Loyal 2–4 2–4 2–4；Promising 3–4 1–3 3–5；New 4–5 1–3 1–5；Can't Lose 1–2 3–4 4–5；At Risk 1–2 2–5 4–5；Need Attention 1–3 3–5 3–5；About To Sleep 2–3 1–3 1–4；Lost r1；Other。分层规则同 R 包 rfm；可用 [report.rfm] segments 另设，如 \"Champions 5/5/5\"，按顺序匹配。"
period = "as-of"
order = "sql"
reads = ["order", "return", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "product", "category", "top_category", "country", "province", "city"]
chart = { kind = "heatmap", x = "r", y = ["f", "monetary"] }
params = [
  { name = "window", type = "window", default = "12m", help = "How far back orders are counted", help_zh = "统计多久以内的订单" },
]
columns = [
  { name = "customer", type = "ref customer" },
  { name = "recency", type = "days", label = "Recency", label_zh = "距今天数" },
  { name = "frequency", type = "int", label = "Frequency", label_zh = "次数" },
  { name = "monetary", type = "money", label = "Money", label_zh = "金额" },
  { name = "r", type = "int", label = "R", label_zh = "R" },
  { name = "f", type = "int", label = "F", label_zh = "F" },
  { name = "m", type = "int", label = "M", label_zh = "M" },
  { name = "segment", type = "text", label = "Segment", label_zh = "分层" },
  { name = "last_order", type = "day" },
]
---*/
with base as (
  select customer, max(iif(returned, null, date)) as last_order,
    count(distinct iif(returned, null, "order")) as frequency, sum(net) as monetary
  from sale_line where basis = 'order' and date >= :window {where}
  group by customer having max(iif(returned, null, date)) is not null),
scored as (
  select *, iif(n < 5, null, 1 + 5 * worse_r / n) as r, iif(n < 5, null, 1 + 5 * worse_f / n) as f,
    iif(n < 5, null, 1 + 5 * worse_m / n) as m
  from (
    select *, count(*) over () as n, rank() over (order by last_order) - 1 as worse_r,
      rank() over (order by frequency) - 1 as worse_f, rank() over (order by monetary) - 1 as worse_m
    from base))
select customer, julianday(as_of()) - julianday(last_order) as recency, frequency, monetary, r, f, m,
  rfm_segment(r, f, m) as segment, last_order
from scored
order by r desc, f desc, m desc, monetary desc, customer
