/*---
name = "forecast-accuracy"
title = "Forecast accuracy"
title_zh = "预测准确度"
definition = "Of months that are over: forecast = weighted amount of the opportunities then open and expected to close in the month, as it stood on the day before the month began (--lead-months earlier), replayed from the history of stage, amount, probability, category and expected day, omitted ones left out; actual = amount of those won in it; error = forecast - actual; error_pct = error / actual. The total row: bias = sum of errors / sum of actual, wape = sum of the errors without sign / sum of actual. Base currency, owners and other dimensions as they are now, without split credit."
definition_zh = "已结束的月份：预测 = 月初前一日（再提前 --lead-months 个月）当时进行中且预计在该月成交的商机的加权金额，由阶段、金额、赢率、预测类别和预计成交日的历史回放得出，不含不计入预测的；实际 = 该月赢单金额；误差 = 预测 - 实际；误差率 = 误差 ÷ 实际。合计行：偏差 = 误差之和 ÷ 实际之和，WAPE = 误差绝对值之和 ÷ 实际之和。本位币；负责人等维度按当前值，不拆分业绩。"
period = "p12"
measure = "forecast"
reads = ["opportunity", "pipeline", "customer", "user"]
dims = ["month", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "quarter", "half", "year"]
total = "select sum(forecast), sum(actual), sum(error), ratio(sum(error), sum(actual)), ratio(sum(error), sum(actual)), ratio(sum(abs(error)), sum(actual)) from answer"
chart = { kind = "line", y = ["forecast", "actual"] }
params = [
  { name = "by", type = "dimension", default = "month" },
  { name = "lead-months", type = "int", range = [0, 120], default = "0", help = "How many months earlier the forecast is looked at", help_zh = "提前几个月看预测" },
]
columns = [
  { name = "forecast", type = "money", label = "Forecast", label_zh = "预测" },
  { name = "actual", type = "money", label = "Actual", label_zh = "实际" },
  { name = "error", type = "money", label = "Error", label_zh = "误差" },
  { name = "error_pct", type = "ratio", label = "Error", label_zh = "误差率" },
  { name = "bias", type = "ratio", label = "Bias", label_zh = "偏差" },
  { name = "wape", type = "ratio", label = "WAPE", label_zh = "WAPE" },
]
---*/
with recursive months(starts) as (
  select date(max(:from, (select coalesce(min(day(created_at)), :to) from opportunities)), 'start of month')
  union all select date(starts, '+1 month') from months
  where date(starts, '+1 month') <= :to and date(starts, '+2 months', '-1 day') <= as_of()),
looked as (
  select starts, date(starts, '-' || :lead_months || ' months', '-1 day') as eve
  from months where starts >= date(:from, 'start of month') and date(starts, '+1 month', '-1 day') <= as_of()),
-- What a tracked field was until the day of each of its changes; from the last one on it is as now.
changes as materialized (
  select record, coalesce(field, 'stage') as what, "from" as value, day(at) as until, seq,
    coalesce(lag(day(at)) over (partition by record, coalesce(field, 'stage') order by seq), '') as since
  from history
  where kind = 'opportunity' and coalesce(field, 'stage') in ('stage', 'amount', 'probability', 'forecast', 'close_date')),
-- The months that an opportunity was ever expected to close in.
hoped as materialized (
  select id, substr(close_date, 1, 7) as month from opportunities
  union
  select record, substr(value, 1, 7) from changes where what = 'close_date'),
valued as (
  select m.starts as starts, o.id as id, o.currency as currency, o.fx_rate as fx_rate,
    iif(a.record is null, o.amount, minor(a.value, o.currency)) as amount,
    coalesce(iif(p.record is null, o.probability, cast(p.value as integer)), g.probability) as chance
  from looked m join hoped h on h.month = substr(m.starts, 1, 7)
  join opportunities o on o.id = h.id and day(o.created_at) <= m.eve
  left join changes c on c.record = o.id and c.what = 'close_date' and c.since <= m.eve and m.eve < c.until
  left join changes s on s.record = o.id and s.what = 'stage' and s.since <= m.eve and m.eve < s.until
  left join changes a on a.record = o.id and a.what = 'amount' and a.since <= m.eve and m.eve < a.until
  left join changes p on p.record = o.id and p.what = 'probability' and p.since <= m.eve and m.eve < p.until
  left join changes f on f.record = o.id and f.what = 'forecast' and f.since <= m.eve and m.eve < f.until
  join pipeline_stages g on g.record = o.pipeline and g.code = iif(s.record is null, o.stage, s.value) and g.type = 'open'
  where substr(iif(c.record is null, o.close_date, c.value), 1, 7) = substr(m.starts, 1, 7)
    and coalesce(iif(f.record is null, o.forecast, f.value), 'pipeline') <> 'omitted'),
base as (
  select d.*, v.starts as date, to_base(cast(half_up(v.amount * v.chance / 100.0, 0) as integer), v.currency, v.fx_rate) as expected,
    0 as actual
  from valued v join deal d on d.id = v.id
  union all
  select d.*, m.starts, 0, d.amount from looked m join deal d
    on d.state_type = 'won' and substr(d.closed_on, 1, 7) = substr(m.starts, 1, 7))
select {dims}
  sum(expected) as forecast,
  sum(actual) as actual,
  sum(expected) - sum(actual) as error,
  ratio(sum(expected) - sum(actual), sum(actual)) as error_pct,
  null as bias,
  null as wape
from base {join}
where true {where}
{group}
