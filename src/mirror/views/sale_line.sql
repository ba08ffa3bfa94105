-- A sold line, its return, an invoiced line or a payment, in base currency minor units; see the
-- reports. Orders: what is neither cancelled nor given up by closing; most lines are whole, and
-- only the others are valued in parts. What a select does not ask for is not looked up: joined
-- columns stand by themselves, as SQLite drops a join only where no expression names it. The customer
-- is cast, as an expression without a type cannot be looked up in an index of a join.
create view sale_line as
select 'order' as basis, s.date as date, s.document as document, s.line as line, s.document as "order",
  cast(coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer) as text) as customer,
  s.product as product, p.category as category, p.top_category as top_category,
  s.owner as owner, s.team as team, s.region as region, s.dealer as dealer, s.campaign as campaign,
  s.source as source, s.opportunity as opportunity, s.effective as qty,
  iif(s.whole, s.base_list, part(s.base_list, s.effective, s.qty)) as list,
  iif(s.whole, s.base_net, part(s.base_net, s.effective, s.qty)) as net,
  iif(s.whole, s.base_tax, part(s.base_tax, s.effective, s.qty)) as tax,
  iif(s.whole, s.base_cost, part(s.base_cost, s.effective, s.qty)) as cost,
  iif(s.position = 0, s.base_shipping, 0) as shipping, 0 as returned, s.currency as currency,
  c.kind as kind, c.industry as industry, c.size as size, c.level as level, c.country as country,
  c.province as province, c.city as city
from (
  select o.date as date, o.id as document, l.id as line, o.customer as customer, l.product as product, o.owner as owner,
    o.team as team, o.region as region, o.dealer as dealer, o.campaign as campaign, o.source as source,
    o.opportunity as opportunity, o.currency as currency, l.position as position, l.qty as qty,
    l.base_list as base_list, l.base_net as base_net, l.base_tax as base_tax, l.base_cost as base_cost,
    o.base_shipping as base_shipping,
    l.cancelled = 0 and o.status <> 'closed' as whole,
    iif(l.cancelled = 0 and o.status <> 'closed', l.qty,
      (select e.effective_qty from order_line_status e where e."order" = o.id and e.line = l.id)) as effective
  from orders o cross join order_lines l on l.rowid between o.rowid << 20 and (o.rowid << 20) + 1048575
  where o.archived is not 1 and +o.date <= as_of()
    and iif(substr(o.state_since, 1, 10) <= as_of(), o.status,
      (select t.status from order_state t where t.row = o.rowid)) in ('confirmed', 'on_hold', 'closed')) s
left join customers c on c.id = coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer)
left join products p on p.id = s.product
where s.effective > 0
union all
select 'order', s.date, s.document, s.line, s."order",
  cast(coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer) as text), s.product, p.category, p.top_category,
  s.owner, s.team, s.region, s.dealer, s.campaign, s.source, s.opportunity, -s.units,
  part(s.base_list, s.upto - s.units, s.qty) - part(s.base_list, s.upto, s.qty),
  part(s.base_net, s.upto - s.units, s.qty) - part(s.base_net, s.upto, s.qty),
  part(s.base_tax, s.upto - s.units, s.qty) - part(s.base_tax, s.upto, s.qty),
  iif(s.restock, part(s.base_cost, s.upto - s.units, s.qty) - part(s.base_cost, s.upto, s.qty),
    iif(s.base_cost is null, null, 0)),
  0, 1, s.currency, c.kind, c.industry, c.size, c.level, c.country, c.province, c.city
from (
  select r.date as date, r.id as document, l.id as line, o.id as "order", o.customer as customer, l.product as product,
    o.owner as owner, o.team as team, o.region as region, o.dealer as dealer, o.campaign as campaign,
    o.source as source, o.opportunity as opportunity, o.currency as currency, l.qty as qty, l.base_list as base_list,
    l.base_net as base_net, l.base_tax as base_tax, l.base_cost as base_cost, x.restock as restock,
    x.sign * x.qty as units,
    sum(x.sign * x.qty) over (partition by x."order", x.order_line order by x.date, r.created_at, x.record, x.position
      rows unbounded preceding) as upto
  from return_lines x cross join returns r on r.rowid = x.rowid >> 20
  cross join orders o on o.id = x."order"
  cross join order_lines l on l.rowid between o.rowid << 20 and (o.rowid << 20) + 1048575 and l.id = x.order_line
  where x.effect = 'reverse' and x.date <= as_of()) s
left join customers c on c.id = coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer)
left join products p on p.id = s.product
union all
select 'invoice', i.date, i.id, coalesce(l.order_line, l.id), i."order",
  cast(coalesce((select v.survivor from survivors v where v.id = i.customer and v.kind = 'customer'), i.customer) as text), l.product, p.category, p.top_category,
  coalesce(o.owner, c.owner), coalesce(o.team, u.team), coalesce(o.region, c.region), o.dealer,
  coalesce(o.campaign, c.campaign), coalesce(o.source, c.source), o.opportunity, i.sign * l.qty,
  i.sign * coalesce((select part(f.base_list, l.qty, f.qty) from order_lines f
    where f.record = i."order" and f.id = l.order_line), l.base_net),
  i.sign * l.base_net, i.sign * l.base_tax, i.sign * l.base_cost,
  iif(l.position = 0, i.sign * i.base_shipping, 0), i.kind = 'credit_note', i.currency,
  c.kind, c.industry, c.size, c.level, c.country, c.province, c.city
from invoices i cross join invoice_lines l on l.rowid between i.rowid << 20 and (i.rowid << 20) + 1048575
left join orders o on o.id = i."order"
left join customers c on c.id = coalesce((select v.survivor from survivors v where v.id = i.customer and v.kind = 'customer'), i.customer)
left join users u on u.id = c.owner
left join products p on p.id = l.product
where i.archived is not 1 and i.date <= as_of()
union all
select 'payment', m.date, m.id, null, m."order", cast(coalesce((select v.survivor from survivors v where v.id = m.customer and v.kind = 'customer'), m.customer) as text), null, null, null,
  coalesce(o.owner, c.owner), coalesce(o.team, u.team), coalesce(o.region, c.region), o.dealer,
  coalesce(o.campaign, c.campaign), coalesce(o.source, c.source), o.opportunity, null, m.base_amount,
  m.base_amount, 0, null, 0, m.base_amount < 0, m.currency,
  c.kind, c.industry, c.size, c.level, c.country, c.province, c.city
from (
  select p.*, (select coalesce(a."order", i."order") from payment_allocations a left join invoices i on i.id = a.invoice
    where a.record = p.id order by a.position limit 1) as "order"
  from payments p where p.kind in ('receipt', 'refund') and p.archived is not 1 and p.date <= as_of()) m
left join orders o on o.id = m."order"
left join customers c on c.id = coalesce((select v.survivor from survivors v where v.id = m.customer and v.kind = 'customer'), m.customer)
left join users u on u.id = c.owner;

-- A customer that ever ordered: first and last order, how many, and what they brought.
create view customer_fact as
select customer, min(iif(returned, null, date)) as first_order, max(iif(returned, null, date)) as last_order,
  count(distinct iif(returned, null, "order")) as orders, sum(net) as net,
  sum(iif(cost is null, null, net - cost)) as margin
from sale_line where basis = 'order' group by customer;
