/*---
name = "targets"
title = "Targets"
title_zh = "目标完成情况"
definition = "target: the approved or closed target of the subject whose period is the one asked (set), else the sum of its parts where they fill the period (summed). actual: sold lines of the basis in the period, for won the opportunities by closing day; new_customers: first counted order in the period, credited to its owner; leads by creation, visits by the day they were done. Region and team include what is below; by user and team, credits are split by share. variance = actual - target; attainment = actual / target; expected = target x share of the phasing that is over, the running part by its days; pace = actual / expected; gap = max(0, target - actual); needed_per_day = gap / days_left; forecast = actual + weighted open opportunities closing after as-of in the period, omitted ones left out (amount only); children_sum = targets of what lies directly below: regions, teams or users, else categories or products. Money in base currency, without tax, payments with tax."
definition_zh = "目标：对象在所查期间的已批准或已关闭目标（已设定）；没有时，若其子期间的目标恰好覆盖整个期间，则取其和（汇总）。实际：期内按口径统计的销售明细，赢单口径按商机关闭日；新客户数：首张有效订单在期内的客户，归该订单的负责人；线索按创建日，拜访按完成日。区域和团队含下级；按用户、团队统计时业绩按分成比例拆分。差额 = 实际 - 目标；完成率 = 实际 ÷ 目标；应完成 = 目标 × 已过去的分解比例，进行中的一段按天数折算；进度 = 实际 ÷ 应完成；缺口 = max(0, 目标 - 实际)；每日需完成 = 缺口 ÷ 剩余天数；预测 = 实际 + 截至日之后、期内预计成交的未关闭商机加权金额（不含不计入预测的商机，仅金额指标）；下级合计 = 直属下级（区域、团队或用户，否则品类或产品）目标之和。金额为本位币，不含税；收款含税。"
period = "month"
measure = "actual"
noun = "target"
then = "targets"
reads = ["order", "return", "invoice", "payment", "customer", "product", "target", "opportunity", "lead", "followup", "user", "team", "region", "calendar"]
chart = { kind = "bar", y = ["actual", "target"] }
params = [
  { name = "by", type = "code", codes = ["user", "team", "region", "dealer", "company", "product", "category"], default = "user" },
  { name = "measure", type = "code", codes = ["amount", "qty", "margin", "new_customers", "leads", "visits"], default = "amount" },
  { name = "basis", type = "code", codes = ["order", "invoice", "payment", "won"], default = "order" },
  { name = "draft", type = "bool" },
]
columns = [
  { name = "source", type = "code" },
  { name = "target", type = "value" },
  { name = "actual", type = "value" },
  { name = "variance", type = "value" },
  { name = "attainment", type = "ratio" },
  { name = "expected", type = "value" },
  { name = "pace", type = "ratio" },
  { name = "gap", type = "value" },
  { name = "days_left", type = "int" },
  { name = "needed_per_day", type = "value" },
  { name = "forecast", type = "value" },
  { name = "forecast_attainment", type = "ratio" },
  { name = "children_sum", type = "value" },
]
---*/
-- Rows by what they say: targets as they stood, what was reached by holder and product, what is
-- still open, and who belongs to whom. Periods, phasing and what lies below are reckoned from them.
with goal as (
  select t.id, t.scope, t.subject, t.product, t.category, coalesce(t.period, t.start || '..' || t."end") as period,
    t.phasing, t.measure, coalesce(t.basis, 'order') as basis,
    coalesce(
      (select h."to" from history h where h.record = t.id and h.kind = 'target' and coalesce(h.field, 'status') = 'status'
        and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = t.id and h.kind = 'target'
        and coalesce(h.field, 'status') = 'status' order by h.seq limit 1), t.status) as status,
    coalesce(
      (select h."to" from history h where h.record = t.id and h.kind = 'target' and h.field = 'value'
        and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = t.id and h.kind = 'target' and h.field = 'value'
        order by h.seq limit 1), t.value) as value
  from targets t where t.archived is not 1 and day(t.created_at) <= as_of()),
holding as (
  select o.id as id, coalesce(k.user, o.owner) as user, coalesce(k.pct, 100) as pct,
    coalesce(sum(k.pct) over (partition by o.id order by k.position), 100) as upto
  from opportunities o left join opportunity_credits k on k.record = o.id and :by in ('user', 'team')
  where (:basis = 'won' or :measure = 'amount') and o.archived is not 1),
deal as (
  select o.id, o.closed_on, o.currency, o.fx_rate, g.user, g.pct, g.upto, o.amount,
    case :by when 'user' then g.user when 'team' then u.team when 'region' then o.region when 'dealer' then o.dealer end as holder,
    (select s.type from pipeline_stages s where s.record = o.pipeline and s.code = o.stage) as type
  from holding g join opportunities o on o.id = g.id left join users u on u.id = g.user
  where day(o.created_at) <= as_of()),
then_open as (
  select o.id, o.currency, o.fx_rate, o.forecast, o.pipeline,
    coalesce(
      (select h."to" from history h where h.record = o.id and h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage'
        and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = o.id and h.kind = 'opportunity'
        and coalesce(h.field, 'stage') = 'stage' order by h.seq limit 1), o.stage) as stage,
    coalesce(
      (select h."to" from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'close_date'
        and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'close_date'
        order by h.seq limit 1), o.close_date) as close_date,
    coalesce(
      (select h."to" from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'amount'
        and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'amount'
        order by h.seq limit 1), o.amount) as amount,
    case when exists (select 1 from history h where h.record = o.id and h.kind = 'opportunity'
        and h.field = 'probability' and day(h.at) > as_of())
      then (select h."from" from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'probability'
        and day(h.at) > as_of() order by h.seq limit 1)
      else o.probability end as probability
  from opportunities o
  where :measure = 'amount' and o.archived is not 1 and day(o.created_at) <= as_of()),
open_deal as (
  select o.id, o.currency, o.fx_rate, minor(o.amount, o.currency) as amount,
    coalesce(cast(o.probability as integer), s.probability) as probability
  from then_open o join pipeline_stages s on s.record = o.pipeline and s.code = o.stage
  where s.type = 'open' and coalesce(o.forecast, 'pipeline') <> 'omitted'
    and o.close_date > as_of() and o.close_date between :from and :to),
goods as (
  select p.record as deal, p.product, g.category, p.qty,
    p.qty * p.price * (100 - coalesce(p.discount_pct, 0)) / 100 as net, p.qty * g.cost as cost
  from opportunity_products p left join products g on g.id = p.product
  where (:basis = 'won' or :measure = 'amount'))
select 'target' as what, scope, id as record, subject, product, category, value, period, phasing from goal
where measure = :measure and (basis = :basis or :measure in ('new_customers', 'leads', 'visits'))
  and (status in ('approved', 'closed') or (:draft = 'true' and status = 'draft'))
union all
select 'actual', null, null, {holder}, product, category, {value}, null, null
from {lines}
where :measure in ('amount', 'qty', 'margin') and basis = :basis and {date} between :from and :to
group by 4, 5, 6
union all
select 'actual', null, null, holder, null, null,
  to_base(part(amount, upto, 100) - part(amount, upto - pct, 100), currency, fx_rate), null, null
from deal where :basis = 'won' and :measure = 'amount' and type = 'won' and closed_on <= as_of() and closed_on between :from and :to
union all
select iif(:measure = 'amount', 'part', 'actual'), null, null, d.holder, g.product, g.category,
  case :measure when 'qty' then g.qty * d.pct / 100
    when 'amount' then iif(g.deal is null,
      to_base(part(d.amount, d.upto, 100) - part(d.amount, d.upto - d.pct, 100), d.currency, d.fx_rate),
      to_base(minor(cast(half_up(g.net * d.pct / 100, 6) as text), d.currency), d.currency, d.fx_rate))
    when 'margin' then minor(cast(half_up((g.net * d.fx_rate - g.cost) * d.pct / 100, 6) as text), null) end, null, null
from deal d left join goods g on g.deal = d.id
where :basis = 'won' and :measure in ('amount', 'qty', 'margin') and d.type = 'won' and (:measure = 'amount' or g.deal is not null)
  and d.closed_on <= as_of() and d.closed_on between :from and :to
union all
select 'actual', null, customer, holder, null, null, 1, null, null
from (
  select customer, {holder} as holder, date, dense_rank() over (partition by customer order by date, document) as place
  from {lines} where :measure = 'new_customers' and basis = 'order' and not returned)
where place = 1 and date between :from and :to group by customer, holder
union all
select 'actual', null, l.id, case :by when 'user' then l.owner when 'team' then u.team when 'region' then l.region end,
  null, null, 1, null, null
from leads l left join users u on u.id = l.owner
where :measure = 'leads' and l.archived is not 1 and l.merged_into is null
  and day(l.created_at) <= as_of() and day(l.created_at) between :from and :to
union all
select 'actual', null, t.record, case :by when 'user' then t.owner when 'team' then u.team
    when 'region' then coalesce(c.region, l.region) when 'dealer' then iif(c.kind = 'dealer', c.id, null) end,
  null, null, 1, null, null
from touch t left join users u on u.id = t.owner left join customers c on c.id = t.customer left join leads l on l.id = t.target
where :measure = 'visits' and t.what = 'followup' and t.kind = 'visit' and day(t.at) between :from and :to
union all
select 'open', null, null, d.holder, null, null,
  to_base(cast(half_up((part(o.amount, d.upto, 100) - part(o.amount, d.upto - d.pct, 100)) * o.probability / 100.0, 0) as integer),
    o.currency, o.fx_rate), null, null
from open_deal o join deal d on d.id = o.id
union all
select 'open part', null, null, d.holder, g.product, g.category,
  to_base(iif(g.deal is null,
      cast(half_up((part(o.amount, d.upto, 100) - part(o.amount, d.upto - d.pct, 100)) * o.probability / 100.0, 0) as integer),
      minor(cast(half_up(g.net * d.pct * o.probability / 10000, 6) as text), o.currency)), o.currency, o.fx_rate), null, null
from open_deal o join deal d on d.id = o.id left join goods g on g.deal = o.id
union all
select 'region', null, id, parent, null, null, null, null, null from regions
union all
select 'team', null, id, parent, null, null, null, null, null from teams
union all
select 'user', null, id, team, null, null, null, null, null from users
union all
select 'product', null, p.id, null, null, p.category, null, null, null from products p
where p.id in (select g.product from goal g)
union all
select 'week', null, null, w.day, null, null, null, null, w.ranges from calendar_week w where w.record = :calendar
union all
select 'holiday', null, null, m.value, null, null, null, null, null from members m
where m.kind = 'calendar' and m.field = 'holidays' and m.record = :calendar
union all
select 'extra', null, null, e.date, null, null, null, null, e.ranges from calendar_extra e where e.record = :calendar
