-- What is open on an invoice before deposits, what is paid on its order, and what the older
-- invoices of the order take of that.
create view invoice_need as
select i.id as invoice, i."order" as "order", i.due_date as due_date,
  i.total
  - (select coalesce(sum(c.total), 0) from invoices c
      where c.against = i.id and c.kind = 'credit_note' and c.date <= as_of())
  - (select coalesce(sum(a.sign * a.amount), 0) from payment_allocations a
      where a.invoice = i.id and a.date <= as_of()) as need,
  (select coalesce(sum(a.sign * a.amount), 0) from payment_allocations a
    where a."order" = i."order" and a.date <= as_of()) as on_order,
  (select coalesce(sum(max(0, e.total
      - (select coalesce(sum(c.total), 0) from invoices c
          where c.against = e.id and c.kind = 'credit_note' and c.date <= as_of())
      - (select coalesce(sum(a.sign * a.amount), 0) from payment_allocations a
          where a.invoice = e.id and a.date <= as_of()))), 0)
    from invoices e where e."order" = i."order" and e.kind = 'invoice'
      and (e.date, e.number, e.id) < (i.date, i.number, i.id)) as before
from invoices i where i.kind = 'invoice' and +i.date <= as_of();

-- What is owed on an invoice as of the day. What is paid on the order counts for its invoices,
-- oldest first, each up to what is open on it. Grouped, so that each sum is taken once.
create view invoice_status as
select invoice, "order", customer, number, date, due_date, currency, fx_rate, total, credited,
  total - credited - need + deposit as paid, need - deposit as outstanding,
  to_base(need - deposit, currency, fx_rate) as base_outstanding,
  case
    when need - deposit < 0 then 'credit'
    when need - deposit = 0 then 'paid'
    when total - credited - need + deposit > 0 then 'partly_paid'
    else 'unpaid'
  end as payment,
  case when need - deposit > 0 then cast(julianday(as_of()) - julianday(due_date) as integer) end as days_overdue
from (
  select *, max(0, min(need, on_order - before)) as deposit from (
    select n.invoice as invoice, n."order" as "order", i.customer as customer, i.number as number, i.date as date,
      i.due_date as due_date, i.currency as currency, i.fx_rate as fx_rate, i.total as total,
      n.need as need, n.on_order as on_order, n.before as before,
      (select coalesce(sum(c.total), 0) from invoices c
        where c.against = i.id and c.kind = 'credit_note' and c.date <= as_of()) as credited
    from invoices i join invoice_need n on n.invoice = i.id
    group by i.rowid, n.invoice, n."order", i.customer));

-- What of a payment is allocated as of the day; amounts with the payment's sign.
create view payment_status as
select payment, customer, date, kind, currency, fx_rate, amount, allocated, amount - allocated as unallocated,
  to_base(amount - allocated, currency, fx_rate) as base_unallocated
from (
  select p.id as payment, p.customer as customer, p.date as date, p.kind as kind, p.currency as currency,
    p.fx_rate as fx_rate, p.sign * p.amount as amount,
    (select coalesce(sum(a.sign * a.amount), 0) from payment_allocations a
      where a.record = p.id and a.date <= as_of()) as allocated
  from payments p where p.date <= as_of());

-- What customers owe and have to their credit, in base currency: one row per invoice that is not
-- settled, per deposit that no invoice has used, per payment that is not all allocated.
create view receivable as
select 'invoice' as what, invoice as record, "order", coalesce(v.survivor, customer) as customer, date, due_date,
  days_overdue, currency, outstanding as amount, base_outstanding as base_amount
from invoice_status left join survivors v on v.id = customer and v.kind = 'customer'
where outstanding <> 0
union all
select 'deposit', o.id, o.id, coalesce(v.survivor, o.customer), o.date, null, null, o.currency, d.left_over,
  to_base(d.left_over, o.currency, o.fx_rate)
from (
  select a."order" as "order", sum(a.sign * a.amount) - coalesce((
      select sum(s.paid) - sum((select coalesce(sum(x.sign * x.amount), 0) from payment_allocations x
        where x.invoice = s.invoice and x.date <= as_of()))
      from invoice_status s where s."order" = a."order"), 0) as left_over
  from payment_allocations a where a."order" is not null and a.date <= as_of()
  group by a."order") d
join orders o on o.id = d."order" left join survivors v on v.id = o.customer and v.kind = 'customer'
where d.left_over <> 0
union all
select 'unallocated', payment, null, coalesce(v.survivor, customer), date, null, null, currency, unallocated,
  base_unallocated
from payment_status left join survivors v on v.id = customer and v.kind = 'customer'
where unallocated <> 0;

-- An offer as of the day: whether it has expired and how much of it is ordered. Its state is
-- replayed, being what its first later change changed from.
create view quote_status as
select q.id as quote, q.customer as customer, q.owner as owner, q.opportunity as opportunity, q.state as status,
  q.date as date, q.valid_until as valid_until, q.state = 'sent' and q.valid_until < as_of() as expired,
  case
    when not exists (select 1 from orders o where o.quote = q.id and o.status <> 'cancelled' and o.date <= as_of()) then 'none'
    when exists (select 1 from quote_lines l where l.record = q.id and l.qty > (
        select total(ol.qty) from orders o join order_lines ol on ol.record = o.id
        where o.quote = q.id and o.status <> 'cancelled' and o.date <= as_of() and ol.quote_line = l.id)) then 'partial'
    else 'full'
  end as ordering,
  q.currency as currency, q.net_total as net_total, q.total as total, q.base_net_total as base_net_total,
  q.margin as margin, q.discount_max as discount_max
from (
  select *, iif(substr(state_since, 1, 10) <= as_of(), status, coalesce(
      (select h."from" from history h where h.record = quotes.id and h.kind = 'quote'
        and coalesce(h.field, 'status') = 'status' and day(h.at) > as_of() order by h.seq limit 1), status)) as state
  from quotes) q;
