-- A sold line, its return, or a payment, in base currency minor units; see the reports.
-- Orders: what is neither cancelled nor given up by closing. Most lines are whole, and only the
-- others are valued in parts.
create view sale_line as
select s.basis, s.date, s.document, s.line, s."order", coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer) as customer, s.product,
  p.category as category, iif(instr(p.category, '/') > 0, substr(p.category, 1, instr(p.category, '/') - 1), p.category) as top_category,
  s.owner, s.team, s.region, s.dealer, s.campaign, s.source, s.opportunity, s.qty, s.list, s.net, s.tax, s.cost,
  s.shipping, s.returned, s.currency, c.kind as kind, c.industry as industry, c.size as size, c.level as level,
  c.country as country, c.province as province, c.city as city
from (
  select 'order' as basis, date, document, line, document as "order", customer, product, owner, team, region, dealer,
    campaign, source, opportunity, effective as qty,
    iif(whole, base_list, part(base_list, effective, qty)) as list,
    iif(whole, base_net, part(base_net, effective, qty)) as net,
    iif(whole, base_tax, part(base_tax, effective, qty)) as tax,
    iif(whole, base_cost, part(base_cost, effective, qty)) as cost,
    iif(position = 0, base_shipping, 0) as shipping, 0 as returned, currency
  from (
    select o.date as date, o.id as document, l.id as line, o.customer as customer, l.product as product, o.owner as owner,
      o.team as team, o.region as region, o.dealer as dealer, o.campaign as campaign, o.source as source,
      o.opportunity as opportunity, o.currency as currency, l.position as position, l.qty as qty,
      l.base_list as base_list, l.base_net as base_net, l.base_tax as base_tax, l.base_cost as base_cost,
      o.base_shipping as base_shipping,
      l.cancelled = 0 and o.status <> 'closed' as whole,
      iif(l.cancelled = 0 and o.status <> 'closed', l.qty,
        (select e.effective_qty from order_line_status e where e."order" = o.id and e.line = l.id)) as effective
    from orders o join order_lines l on l.rowid between o.rowid << 20 and (o.rowid << 20) + 1048575
    where o.archived is not 1 and o.date <= as_of()
      and iif(substr(o.state_since, 1, 10) <= as_of(), o.status,
        (select t.status from order_state t where t.row = o.rowid)) in ('confirmed', 'on_hold', 'closed'))
  where effective > 0
  union all
  select 'order', date, "return", line, "order", customer, product, owner, team, region, dealer, campaign, source,
    opportunity, -sign * returned_qty,
    part(base_list, upto - sign * returned_qty, qty) - part(base_list, upto, qty),
    part(base_net, upto - sign * returned_qty, qty) - part(base_net, upto, qty),
    part(base_tax, upto - sign * returned_qty, qty) - part(base_tax, upto, qty),
    iif(restock, part(base_cost, upto - sign * returned_qty, qty) - part(base_cost, upto, qty),
      iif(base_cost is null, null, 0)),
    0, 1, currency
  from (
    select r.date as date, r.id as "return", l.id as line, o.id as "order", o.customer as customer, l.product as product,
      o.owner as owner, o.team as team, o.region as region, o.dealer as dealer, o.campaign as campaign,
      o.source as source, o.opportunity as opportunity, o.currency as currency, l.qty as qty, l.base_list as base_list,
      l.base_net as base_net, l.base_tax as base_tax, l.base_cost as base_cost, x.restock as restock, x.sign as sign,
      x.qty as returned_qty,
      sum(x.sign * x.qty) over (partition by x."order", x.order_line order by x.date, r.created_at, x.record, x.position
        rows unbounded preceding) as upto
    from return_lines x join returns r on r.rowid = x.rowid >> 20
    join orders o on o.id = x."order"
    join order_lines l on l.rowid between o.rowid << 20 and (o.rowid << 20) + 1048575 and l.id = x.order_line
    where x.effect = 'reverse' and x.date <= as_of())
  union all
  select 'invoice', i.date, i.id, coalesce(l.order_line, l.id), i."order", i.customer, l.product,
    coalesce(o.owner, c.owner), coalesce(o.team, u.team), coalesce(o.region, c.region), o.dealer,
    coalesce(o.campaign, c.campaign), coalesce(o.source, c.source), o.opportunity, i.sign * l.qty,
    i.sign * coalesce((select part(f.base_list, l.qty, f.qty) from order_lines f
      where f.record = i."order" and f.id = l.order_line), l.base_net),
    i.sign * l.base_net, i.sign * l.base_tax, i.sign * l.base_cost,
    iif(l.position = 0, i.sign * i.base_shipping, 0), i.kind = 'credit_note', i.currency
  from invoices i join invoice_lines l on l.rowid between i.rowid << 20 and (i.rowid << 20) + 1048575
  left join orders o on o.id = i."order" left join customers c on c.id = i.customer left join users u on u.id = c.owner
  where i.archived is not 1 and i.date <= as_of()
  union all
  select 'payment', m.date, m.id, null, m."order", m.customer, null, coalesce(o.owner, c.owner),
    coalesce(o.team, u.team), coalesce(o.region, c.region), o.dealer, coalesce(o.campaign, c.campaign),
    coalesce(o.source, c.source), o.opportunity, null, m.base_amount, m.base_amount, 0, null, 0,
    m.base_amount < 0, m.currency
  from (
    select p.*, (select coalesce(a."order", i."order") from payment_allocations a left join invoices i on i.id = a.invoice
      where a.record = p.id order by a.position limit 1) as "order"
    from payments p where p.kind in ('receipt', 'refund') and p.archived is not 1 and p.date <= as_of()) m
  left join orders o on o.id = m."order" left join customers c on c.id = m.customer left join users u on u.id = c.owner
) s
left join customers c on c.id = coalesce((select v.survivor from survivors v where v.id = s.customer and v.kind = 'customer'), s.customer)
left join products p on p.id = s.product;

-- A customer that ever ordered: first and last order, how many, and what they brought.
create view customer_fact as
select customer, min(iif(returned, null, date)) as first_order, max(iif(returned, null, date)) as last_order,
  count(distinct iif(returned, null, "order")) as orders, sum(net) as net,
  sum(iif(cost is null, null, net - cost)) as margin
from sale_line where basis = 'order' group by customer;
