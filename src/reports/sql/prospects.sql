/*---
name = "prospects"
title = "Potential opportunities"
title_zh = "潜在商机"
definition = "Where business may be, one row for each reason, record and product; blocked customers and those out of every channel are left out. replenish: next expected order (report habits) within 14 days or past, and nothing open with the customer; value: its aov. cross_sell: for each product bought the three that customers buy with it most above chance (report affinity by customer, lift > 1), where not bought and on sale, the best three of each customer; value: list price; score: lift. win_back: segment At Risk or Can't Lose (report rfm); value: monetary. quote_open: sent, not expired, no contact for 7 days; value: net. intent: what a customer or lead means to buy, without opportunity or order for it; value: quantity x list price. warranty_end: of a shipped unit within 60 days; value: list price. hot_lead: open, score at least 60, no contact for 3 days; value: budget. lost_again: lost 180 to 210 days ago for price, timing or budget; value: amount. In this order, then by value. Base currency, without tax. Thresholds: [report.prospects] replenish_days, quiet_quote_days, warranty_days, hot_score, quiet_lead_days, lost_from, lost_to."
definition_zh = "可能有生意的地方，每个原因、记录、产品一行；不含已停用和所有渠道都退订的客户。replenish：预计下次下单（购买习惯报表）在 14 天内或已过，且与客户没有进行中的事项；价值为其客单价。cross_sell：对每个已购产品，取客户同购高于偶然（关联购买报表按客户，提升度 > 1）最多的三个，未购且在售的，每个客户至多三个；价值为标价；评分为提升度。win_back：At Risk 或 Can't Lose 分层（RFM 报表）；价值为金额。quote_open：已发送、未过期、7 天没有联系；价值为净额。intent：客户或线索的意向产品，尚无商机或订单；价值为数量 × 标价。warranty_end：已发货产品的质保在 60 天内到期；价值为标价。hot_lead：未关闭、评分不低于 60、3 天没有联系；价值为预算。lost_again：180 至 210 天前因价格、时机或预算丢单；价值为金额。按此顺序，再按价值。本位币，不含税。阈值：[report.prospects] replenish_days、quiet_quote_days、warranty_days、hot_score、quiet_lead_days、lost_from、lost_to。"
period = "as-of"
order = "sql"
reads = ["customer", "lead", "opportunity", "quote", "order", "shipment", "product", "followup", "message", "pipeline", "score_rule"]
chart = { kind = "bar", x = "reason", y = ["value"] }
params = [
  { name = "reason", type = "codes", codes = ["replenish", "cross_sell", "win_back", "quote_open", "intent", "warranty_end", "hot_lead", "lost_again"], help = "Of these reasons alone, with commas", help_zh = "只看这些原因，用逗号分隔" },
  { name = "owner", type = "ref user", help = "Of this owner alone", help_zh = "只看此负责人" },
]
columns = [
  { name = "reason", type = "code", list = "prospect", label = "Reason", label_zh = "原因" },
  { name = "record", type = "ref customer|lead|opportunity|quote", label = "Record", label_zh = "记录" },
  { name = "owner", type = "ref user" },
  { name = "product", type = "ref product" },
  { name = "name", type = "text" },
  { name = "detail", type = "text", label = "Detail", label_zh = "说明" },
  { name = "value", type = "money", label = "Value", label_zh = "价值" },
  { name = "due", type = "day" },
  { name = "score", type = "dec", label = "Score", label_zh = "评分" },
]
---*/
with buyers as materialized (
  select c.id as id, c.owner as owner, c.name as name from customers c
  where c.archived is not 1 and c.merged_into is null and coalesce(c.status, 'normal') <> 'blocked'
    and (:owner is null or c.owner = :owner) and day(c.created_at) <= as_of()
    and (select count(*) from members m where m.record = c.id and m.kind = 'customer' and m.field = 'opt_out') < 4),
priced as materialized (
  select p.id as id, p.status as status,
    to_base(minor(cast(p.price as text), p.currency), p.currency, rate(p.currency, as_of())) as price,
    p.price as unit_price, p.currency as currency
  from products p where p.archived is not 1),
touched as materialized (
  select target, max(day(at)) as last_touch from touch group by target),
bought as materialized (
  select distinct customer, product from sale_line
  where basis = 'order' and not returned and product is not null),
near as materialized (
  select a, b, lift from (
    select a, b, lift, row_number() over (partition by a order by lift desc, n_ab desc, b) as place
    from ({report affinity level=customer}) where lift > 1)
  where place <= 3),
meant as (
  select i.record as record, b.owner as owner, i.product as product, b.name as name, i.qty as qty, b.id as customer
  from customer_intents i join buyers b on b.id = i.record
  union all
  select i.record, l.owner, i.product, coalesce(n.company, n.name), i.qty, null
  from lead_intents i join inquiry l on l.id = i.record join leads n on n.id = i.record
  where l.state_type = 'open' and (:owner is null or l.owner = :owner))
{part}
select 'replenish' as reason, record, owner, product, name, detail, value, due, score
from (
  select b.id as record, b.owner as owner, h.top_product as product, b.name as name,
    h.orders || ' x / ' || cast(half_up(h.median_interval, 0) as integer) || ' d' as detail, cast(h.aov as integer) as value,
    h.next_expected as due, null as score
  from ({report habits}) h join buyers b on b.id = h.customer
  where h.next_expected <= date(as_of(), '+' || coalesce(setting('report.prospects.replenish_days'), 14) || ' days')
    and not exists (select 1 from opportunities o join pipeline_stages g on g.record = o.pipeline and g.code = o.stage
      where o.customer = b.id and g.type = 'open' and o.archived is not 1)
    and not exists (select 1 from quotes q where q.customer = b.id and q.status in ('draft', 'sent') and q.archived is not 1
      and q.valid_until >= as_of())
    and not exists (select 1 from orders o where o.customer = b.id and o.status = 'draft' and o.archived is not 1))
where (:reason is null or ',' || :reason || ',' like '%,replenish,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'cross_sell' as reason, record, owner, product, name, detail, value, due, score
from (
  select c.id as record, c.owner as owner, x.b as product, c.name as name, p.name as detail, q.price as value, null as due, x.lift as score
  from (
    select customer, a, b, lift, row_number() over (partition by customer order by lift desc, b) as place
    from (
      select w.customer as customer, n.b as b, n.a as a, max(n.lift) as lift
      from bought w join near n on n.a = w.product
      where not exists (select 1 from bought o where o.customer = w.customer and o.product = n.b)
      group by w.customer, n.b)) x
  join buyers c on c.id = x.customer join priced q on q.id = x.b and q.status = 'active' join products p on p.id = x.a
  where x.place <= 3)
where (:reason is null or ',' || :reason || ',' like '%,cross_sell,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'win_back' as reason, record, owner, product, name, detail, value, due, score
from (
  select b.id as record, b.owner as owner, null as product, b.name as name, r.segment as detail, r.monetary as value,
    r.last_order as due, null as score
  from ({report rfm}) r join buyers b on b.id = r.customer
  where r.segment in ('At Risk', 'Can''t Lose'))
where (:reason is null or ',' || :reason || ',' like '%,win_back,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'quote_open' as reason, record, owner, product, name, detail, value, due, score
from (
  select s.quote as record, s.owner as owner, null as product, b.name as name, q.number as detail, s.base_net_total as value,
    s.valid_until as due, null as score
  from quote_status s join quotes q on q.id = s.quote join buyers b on b.id = s.customer left join touched t on t.target = s.quote
  where s.status = 'sent' and not s.expired and q.archived is not 1
    and max(coalesce(day(q.state_since), q.date), coalesce(t.last_touch, ''))
      <= date(as_of(), '-' || coalesce(setting('report.prospects.quiet_quote_days'), 7) || ' days'))
where (:reason is null or ',' || :reason || ',' like '%,quote_open,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'intent' as reason, record, owner, product, name, detail, value, due, score
from (
  select m.record as record, m.owner as owner, m.product as product, m.name as name, printf('%.15g', m.qty) || ' x' as detail,
    to_base(minor(cast(m.qty * p.unit_price as text), p.currency), p.currency, rate(p.currency, as_of())) as value, null as due,
    null as score
  from meant m left join priced p on p.id = m.product
  where not exists (select 1 from opportunities o join opportunity_products x on x.record = o.id
      where o.customer = m.customer and x.product = m.product and o.archived is not 1)
    and not exists (select 1 from opportunities o where o."lead" = m.record and o.archived is not 1)
    and not exists (select 1 from orders o join order_lines x on x.record = o.id
      where o.customer = m.customer and x.product = m.product and o.status <> 'cancelled' and o.archived is not 1))
where (:reason is null or ',' || :reason || ',' like '%,intent,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'warranty_end' as reason, record, owner, product, name, detail, value, due, score
from (
  select b.id as record, b.owner as owner, l.product as product, b.name as name, o.number as detail, p.price as value,
    min(date(l.date, '+' || w.warranty_months || ' months')) as due, null as score
  from shipment_lines l join products w on w.id = l.product and w.warranty_months > 0 join priced p on p.id = l.product
  join orders o on o.id = l."order" left join survivors v on v.id = o.customer and v.kind = 'customer'
  join buyers b on b.id = coalesce(v.survivor, o.customer)
  where l.sign > 0 and l.date <= as_of() and date(l.date, '+' || w.warranty_months || ' months')
      between as_of() and date(as_of(), '+' || coalesce(setting('report.prospects.warranty_days'), 60) || ' days')
    and not exists (select 1 from shipments r where r.reverses = l.record)
  group by b.id, l.product)
where (:reason is null or ',' || :reason || ',' like '%,warranty_end,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'hot_lead' as reason, record, owner, product, name, detail, value, due, score
from (
  select i.id as record, i.owner as owner, i.product as product, coalesce(n.company, n.name) as name, i.status as detail,
    to_base(i.budget, i.currency, rate(i.currency, as_of())) as value, null as due, s.score as score
  from inquiry i join lead_score s on s."lead" = i.id join leads n on n.id = i.id left join touched t on t.target = i.id
  where i.state_type = 'open' and (:owner is null or i.owner = :owner)
    and s.score >= coalesce(setting('report.prospects.hot_score'), 60) + 0
    and max(i.created_on, coalesce(t.last_touch, ''))
      <= date(as_of(), '-' || coalesce(setting('report.prospects.quiet_lead_days'), 3) || ' days'))
where (:reason is null or ',' || :reason || ',' like '%,hot_lead,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
{part}
select 'lost_again' as reason, record, owner, product, name, detail, value, due, score
from (
  select d.id as record, d.owner as owner, null as product, b.name as name, d.reason as detail, d.amount as value, d.closed_on as due,
    null as score
  from deal d join buyers b on b.id = d.customer
  where d.state_type = 'lost' and d.reason in ('price', 'timing', 'budget')
    and d.closed_on between date(as_of(), '-' || coalesce(setting('report.prospects.lost_to'), 210) || ' days')
      and date(as_of(), '-' || coalesce(setting('report.prospects.lost_from'), 180) || ' days'))
where (:reason is null or ',' || :reason || ',' like '%,lost_again,%') and (:owner is null or owner = :owner)
order by value desc nulls last, record, product
