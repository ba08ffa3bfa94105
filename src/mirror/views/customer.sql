-- A line of a confirmed, held or closed order: what of it is not cancelled, what came back, what is
-- still to bill. Every sum is one of a single line, so that who asks for the lines of one customer
-- does not add up those of all.
create view customer_line as
select l."order", l.row, l.customer, l.date, l.status, l.currency, l.fx_rate, l.qty, l.base_net, l.reversed, l.billed,
  l.product, l.name,
  iif(l.status = 'closed', min(l.qty - l.withdrawn, iif(l.good,
      (select total(s.sign * s.qty) from shipment_lines s
        where s."order" = l."order" and s.order_line = l.line and s.date <= as_of())
      - (select total(r.sign * r.qty) from return_lines r
        where r."order" = l."order" and r.order_line = l.line and r.effect = 'replace' and r.date <= as_of()),
      l.billed)), l.qty - l.withdrawn) as effective,
  max(0.0, l.qty - l.withdrawn - l.reversed - l.billed) as to_bill,
  iif(l.price_mode = 'tax_incl', l.net + l.tax, l.net) as exact, iif(l.price_mode = 'tax_incl', 0, l.tax) as apart
from (
  select o."order", o.row, o.customer, o.date, o.status, o.currency, o.fx_rate, o.price_mode, l.id as line, l.product, l.name,
    l.qty, l.net, l.tax, l.base_net, (select p.kind = 'good' from products p where p.id = l.product) as good,
    iif(l.cancelled = 0, 0.0, (select total(c.qty) from order_cancellations c
      where c.record = o."order" and c.line = l.id and day(c.at) <= as_of())) as withdrawn,
    (select total(r.sign * r.qty) from return_lines r
      where r."order" = o."order" and r.order_line = l.id and r.effect = 'reverse' and r.date <= as_of()) as reversed,
    (select total(i.sign * i.qty) from invoice_lines i
      where i."order" = o."order" and i.order_line = l.id and i.date <= as_of()) as billed
  from (
    select o.id as "order", o.rowid as row, o.customer as customer, o.date as date, o.currency as currency,
      coalesce(o.fx_rate, 1) as fx_rate, o.price_mode as price_mode,
      iif(substr(o.state_since, 1, 10) <= as_of(), o.status,
        (select t.status from order_state t where t.row = o.rowid)) as status
    from orders o where o.archived is not 1 and +o.date <= as_of()) o
  cross join order_lines l on l.rowid between o.row << 20 and (o.row << 20) + 1048575
  where o.status in ('confirmed', 'on_hold', 'closed')) l;

-- A customer: what it bought, owes and will owe, and when it was last heard of; amounts in base
-- currency. What belongs to a record that was merged into it counts for it. Each column looks at
-- the records of one customer alone.
create view customer_status as
select customer,
  case
    when last_order is null then 'prospect'
    when julianday(as_of()) - julianday(last_order) <= @dormant_days then 'active'
    else 'dormant'
  end as life,
  first_order, last_order, orders, revenue, balance, balance + unbilled as exposure,
  nullif(max(coalesce(last_order, ''), coalesce(last_followup, ''), coalesce(last_talk, ''), coalesce(last_message, ''),
    coalesce(last_letter, '')), '') as last_touch, next_followup
from (
  select c.id as customer,
    (select min(l.date) from customer_line l where l.customer in (@own) and l.effective > 0) as first_order,
    (select max(l.date) from customer_line l where l.customer in (@own) and l.effective > 0) as last_order,
    (select count(distinct l.row) from customer_line l where l.customer in (@own) and l.effective > 0) as orders,
    (select coalesce(sum(part(l.base_net, l.effective, l.qty) - part(l.base_net, l.reversed, l.qty)), 0)
      from customer_line l where l.customer in (@own) and l.effective > 0) as revenue,
    (select coalesce(sum(to_base(n.need - max(0, min(n.need, n.on_order - n.before)), i.currency, i.fx_rate)), 0)
      from invoices i join invoice_need n on n.invoice = i.id where i.customer in (@own))
    - (select coalesce(sum(to_base(d.deposit - max(0, min(d.deposit, d.need)), d.currency, d.fx_rate)), 0)
      from (
        select o.currency, o.fx_rate, sum(a.sign * a.amount) as deposit,
          (select coalesce(sum(max(0, n.need)), 0) from invoice_need n where n."order" = o.id) as need
        from orders o cross join payment_allocations a on a."order" = o.id
        where o.customer in (@own) and a.date <= as_of() group by o.rowid) d)
    - (select coalesce(sum(to_base(p.sign * p.amount - (select coalesce(sum(a.sign * a.amount), 0)
          from payment_allocations a where a.record = p.id and a.date <= as_of()), p.currency, p.fx_rate)), 0)
      from payments p where p.customer in (@own) and +p.date <= as_of()) as balance,
    (select coalesce(sum(to_base(u.amount + iif(u.billed, 0, u.shipping), u.currency, u.fx_rate)), 0)
      from (
        select l.currency, l.fx_rate,
          sum(part(l.exact, max(0.0, l.billed) + l.to_bill, l.qty) - part(l.exact, max(0.0, l.billed), l.qty)
            + part(l.apart, max(0.0, l.billed) + l.to_bill, l.qty) - part(l.apart, max(0.0, l.billed), l.qty)) as amount,
          exists (select 1 from invoices i where i."order" = l."order" and +i.date <= as_of()) as billed,
          (select o.total from orders o where o.id = l."order")
          - (select coalesce(sum(x.net + x.tax), 0) from order_lines x
            where x.rowid between l.row << 20 and (l.row << 20) + 1048575) as shipping
        from customer_line l
        where l.customer in (@own) and l.status in ('confirmed', 'on_hold') and l.to_bill > 0
        group by l.row) u) as unbilled,
    (select max(day(f.done_at)) from followups f
      where f.status = 'done' and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
        and f.target in (@belongs)) as last_followup,
    (select max(day(f.done_at)) from followups f
      where f.status = 'done' and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
        and f.contact in (select x.id from contacts x where x.customer in (@own))) as last_talk,
    (select max(day(m.sent_at)) from messages m
      where m.status in ('sent', 'received') and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of() and m.target in (@belongs)) as last_message,
    (select max(day(m.sent_at)) from messages m
      where m.status in ('sent', 'received') and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of()
        and m.contact in (select x.id from contacts x where x.customer in (@own))) as last_letter,
    (select min(f.due) from followups f where f.status = 'planned' and f.target in (@belongs)) as next_followup
  from customers c);

-- A contact: when the person was last heard of, and when again.
create view contact_status as
select contact,
  nullif(max(coalesce(last_followup, ''), coalesce(last_message, '')), '') as last_touch, next_followup
from (
  select c.id as contact,
    (select max(day(f.done_at)) from followups f
      where f.status = 'done' and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
        and (f.target in (@same) or f.contact in (@same))) as last_followup,
    (select max(day(m.sent_at)) from messages m
      where m.status in ('sent', 'received') and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of() and (m.target in (@same) or m.contact in (@same))) as last_message,
    (select min(f.due) from followups f
      where f.status = 'planned' and (f.target in (@same) or f.contact in (@same))) as next_followup
  from contacts c);
