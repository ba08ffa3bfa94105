/*---
name = "demand"
title = "Demand"
title_zh = "需求"
definition = "Ordered quantity (or net) by month of the order date, returns not subtracted, from the first order ever on; months without orders are 0. mom, yoy: change on the month before and on the same month a year earlier / that value, none where it is 0 or before the data. ma: mean of this and the --ma - 1 months before. Season: CMA of t = (half of x(t-6) + x(t-5) + ... + x(t+5) + half of x(t+6)) / 12; the index of a calendar month is the mean of x / CMA over the years, scaled so that the twelve average 1, none under 24 full months; adjusted = value / index. smoothed: exponential smoothing, the forecast made at the end of the month for the next: F1 = A1, F(t+1) = F(t) + alpha x (A(t) - F(t)). open_pipeline: what open opportunities that close in the month are about. The running month is partial and enters no mean."
definition_zh = "按下单月份统计的数量（或净额），不扣退货，自有史以来首张订单起；没有订单的月份为 0。环比、同比：与上月、上年同月之差 ÷ 该值，其为 0 或早于数据时为空。移动平均：本月与前 --ma - 1 个月的平均。季节：t 月的中心移动平均 =（x(t-6) 的一半 + x(t-5) + …… + x(t+5) + x(t+6) 的一半）÷ 12；日历月的指数为历年 x ÷ 中心移动平均的均值，缩放至十二个月平均为 1，不足 24 个完整月时为空；季调 = 值 ÷ 指数。平滑：指数平滑，月末对下月的预测：F1 = A1，F(t+1) = F(t) + alpha ×（A(t) - F(t)）。在谈：预计该月成交的进行中商机的量。进行中的月份为未完，不进入任何平均。"
period = "p36"
order = "sql"
reads = ["order", "customer", "product", "opportunity", "pipeline"]
dims = ["product", "category", "top_category", "region"]
chart = { kind = "line", x = "month", y = ["value", "ma", "smoothed"] }
params = [
  { name = "by", type = "dimension" },
  { name = "measure", type = "code", codes = ["qty", "net"], default = "qty", help = "Quantity, or net in base currency", help_zh = "数量，或本位币净额" },
  { name = "ma", type = "int", range = [1, 120], default = "3", help = "Months of the moving mean", help_zh = "移动平均的月数" },
  { name = "alpha", type = "dec", range = [0, 1], default = "0.3", help = "Weight of the newest month in smoothing, 0 to 1", help_zh = "平滑中最新一月的权重，0 到 1" },
]
columns = [
  { name = "month", type = "month", label = "Month", label_zh = "月份" },
  { name = "value", type = "dec", label = "Value", label_zh = "值" },
  { name = "ma", type = "dec", label = "Moving mean", label_zh = "移动平均" },
  { name = "seasonal_index", type = "dec", label = "Season", label_zh = "季节指数" },
  { name = "adjusted", type = "dec", label = "Adjusted", label_zh = "季调" },
  { name = "smoothed", type = "dec", label = "Smoothed", label_zh = "平滑" },
  { name = "open_pipeline", type = "dec", label = "In the pipeline", label_zh = "在谈" },
  { name = "mom", type = "ratio", label = "On the month", label_zh = "环比" },
  { name = "yoy", type = "ratio", label = "On the year", label_zh = "同比" },
  { name = "partial", type = "bool", label = "Running", label_zh = "未完" },
]
---*/
with recursive base as (
  select product, category, top_category, region, date, iif(:measure = 'qty', qty, amount(net, null)) as sold, 0 as wanted
  from sale_line where basis = 'order' and not returned
  union all
  select l.product, p.category, p.top_category, d.region, d.close_date, 0,
    iif(:measure = 'qty', l.qty, amount(to_base(minor(cast(l.qty * coalesce(l.price, p.price) * (1 - coalesce(l.discount_pct, 0) / 100.0) as text), o.currency), o.currency, o.fx_rate), null))
  from opportunity_products l join deal d on d.id = l.record join opportunities o on o.id = l.record
  left join products p on p.id = l.product where d.state_type = 'open'),
sums as materialized (
  select {dims} json_array({keys} 0) as g, substr({date}, 1, 7) as m, total(sold) as sold, total(wanted) as wanted
  from base {join}
  where true {where}
  group by {keys} m),
first_ as (select date(min(m) || '-01') as starts from sums where sold <> 0),
-- From the first order ever, so that the means of the period know what was before it.
months(m, n) as (
  select substr(starts, 1, 7), 0 from first_ where starts is not null
  union all select substr(date(m || '-01', '+1 month'), 1, 7), n + 1 from months where m < substr(max(as_of(), min(:to, date(as_of(), '+5 years'))), 1, 7)),
groups as (select distinct {names} g from sums),
series as materialized (
  select {names} x.g as g, m.m as m, m.n as n, m.m = substr(as_of(), 1, 7) as partial, m.m > substr(as_of(), 1, 7) as ahead,
    coalesce(s.sold, 0.0) as value, coalesce(s.wanted, 0.0) as wanted
  from groups x cross join months m left join (select g, m, sold, wanted from sums) s on s.g = x.g and s.m = m.m),
later as (select *, partial or ahead as later from series),
known as materialized (
  select *, iif(later or count(*) over ma_ < :ma, null, avg(value) over ma_) as ma,
    iif(later, null, lag(value) over way) as before, iif(later, null, lag(value, 12) over way) as year_before,
    sum(not later) over (partition by g) as whole, substr(m, 6, 2) as part,
    iif(later or count(*) over mid < 13, null,
      ratio(value, (sum(value) over mid - (first_value(value) over mid + last_value(value) over mid) / 2) / 12)) as x
  from later
  window way as (partition by g, later order by n),
    ma_ as (partition by g, later order by n rows between :ma - 1 preceding and current row),
    mid as (partition by g, later order by n rows between 6 preceding and 6 following)),
seasons as (select *, iif(whole < 24, null, avg(x) over (partition by g, part)) as season from known),
smooth(g, n, f) as (
  select g, n, value from known where n = 0 and not later
  union all
  select s.g, s.n + 1, s.f + :alpha * (k.value - s.f) from smooth s join known k on k.g = s.g and k.n = s.n + 1 and not k.later),
shown as (
  select *, season / avg(iif(n < 12, season, null)) over (partition by g) as seasonal from seasons)
select {names} s.m as month, iif(s.ahead, null, s.value) as value, s.ma as ma, s.seasonal as seasonal_index,
  iif(s.later, null, ratio(s.value, s.seasonal)) as adjusted, f.f as smoothed, s.wanted as open_pipeline,
  ratio(s.value - s.before, s.before) as mom, ratio(s.value - s.year_before, s.year_before) as yoy, s.partial as partial
from shown s left join smooth f on f.g = s.g and f.n = s.n
where s.m between substr(:from, 1, 7) and substr(:to, 1, 7)
order by s.g, s.m
