/*---
name = "affinity"
title = "Bought together"
title_zh = "关联购买"
definition = "A basket are the distinct products of one counted order of the period (or of one customer) with an effective quantity; N = all baskets. Of products a and b: support = n_ab / N; confidence = n_ab / n_a; lift = confidence / (n_b / N); leverage = support - n_a x n_b / N^2. Both directions are rows; fewer than --min-count common baskets are left out. The greatest lift first."
definition_zh = "篮子：期内一张有效订单（或一个客户）中有效数量大于 0 的不同产品；N = 全部篮子。对产品 a、b：支持度 = n_ab ÷ N；置信度 = n_ab ÷ n_a；提升度 = 置信度 ÷（n_b ÷ N）；杠杆 = 支持度 - n_a × n_b ÷ N²。两个方向各为一行；共同篮子少于 --min-count 的不列。提升度大的在前。"
period = "p12"
order = "sql"
reads = ["order", "customer", "product"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "category", "top_category", "country", "province", "city"]
chart = { kind = "heatmap", x = "a", y = ["b", "lift"] }
params = [
  { name = "level", type = "code", codes = ["order", "customer"], default = "order", help = "What one order holds, or what one customer bought", help_zh = "按一张订单，或按一个客户" },
  { name = "min-count", type = "int", range = [1, 1000000], default = "3", help = "Fewest common baskets", help_zh = "最少共同篮子数" },
  { name = "with", type = "ref product", help = "Together with this product alone", help_zh = "只看与此产品的组合" },
]
columns = [
  { name = "a", type = "ref product", label = "Product", label_zh = "产品" },
  { name = "b", type = "ref product", label = "Together with", label_zh = "同购产品" },
  { name = "n_a", type = "int", label = "Baskets with it", label_zh = "含此产品" },
  { name = "n_b", type = "int", label = "Baskets with the other", label_zh = "含同购产品" },
  { name = "n_ab", type = "int", label = "Baskets with both", label_zh = "含两者" },
  { name = "baskets", type = "int", label = "Baskets", label_zh = "篮子数" },
  { name = "support", type = "ratio", label = "Support", label_zh = "支持度" },
  { name = "confidence", type = "ratio", label = "Confidence", label_zh = "置信度" },
  { name = "leverage", type = "ratio", label = "Leverage", label_zh = "杠杆" },
  { name = "lift", type = "dec", label = "Lift", label_zh = "提升度" },
]
---*/
with held as materialized (
  select distinct iif(:level = 'order', document, customer) as basket, product as product
  from sale_line
  where basis = 'order' and not returned and product is not null and {date} between :from and :to {where}),
everything as (select count(distinct basket) as n from held),
single as materialized (
  select product, count(*) as n, row_number() over (order by product) as code
  from held group by product having count(*) >= :min_count),
often as materialized (select h.basket as basket, s.code as code from held h join single s on s.product = h.product),
-- Each pair once; both directions are made of it.
pairs as materialized (
  select x.code as a, y.code as b, count(*) as n
  from often x join often y on y.basket = x.basket and y.code > x.code
  group by 1, 2 having count(*) >= :min_count),
both_ways as (select a, b, n from pairs union all select b, a, n from pairs)
select s.product as a, t.product as b, s.n as n_a, t.n as n_b, p.n as n_ab, e.n as baskets, ratio(p.n, e.n) as support,
  ratio(p.n, s.n) as confidence, ratio(p.n, e.n) - 1.0 * s.n * t.n / e.n / e.n as leverage,
  1.0 * p.n * e.n / s.n / t.n as lift
from both_ways p join single s on s.code = p.a join single t on t.code = p.b join everything e
where :with is null or s.product = :with
order by lift desc, n_ab desc, a, b
