-- The state that an order had at the end of the as-of day. Only orders that moved later need
-- their history; the others are as they stand.
create view order_state as
select o.id as "order", o.rowid as row, case
    when substr(o.state_since, 1, 10) <= as_of() then o.status
    else coalesce(
      (select h."to" from history h where h.record = o.id and h.kind = 'order'
         and coalesce(h.field, 'status') = 'status' and day(h.at) <= as_of() order by h.seq desc limit 1),
      (select h."from" from history h where h.record = o.id and h.kind = 'order'
         and coalesce(h.field, 'status') = 'status' order by h.seq limit 1),
      o.status)
  end as status
from orders o;

-- What an order received as of the day, on it and on its invoices.
create view order_receipt as
select o.id as "order",
  (select coalesce(sum(a.sign * a.amount), 0) from payment_allocations a where a."order" = o.id and a.date <= as_of())
  + (select coalesce(sum(a.sign * a.amount), 0) from invoices i join payment_allocations a on a.invoice = i.id
      where i."order" = o.id and a.date <= as_of()) as received
from orders o;

-- What of an order line is cancelled, shipped, returned and billed, net, as of the day; one row
-- without line for an order that has none. Quantities have six decimals; sums are rounded to them,
-- or 0.7 and 0.1 would not make 0.8. Grouped, so that each sum is taken once however often
-- it is used. The scope is every order, but where a command looks at one.
create view order_line_fact as
select o.id as "order", o.customer as customer, o.owner as owner, o.date as date, o.due_date as promised,
  o.total as order_total, l.id as line, l.position as position, l.product as product,
  coalesce((select p.kind from products p where p.id = l.product) = 'good', 0) as good,
  case
    when substr(o.state_since, 1, 10) <= as_of() then o.status
    else (select s.status from order_state s where s.row = o.rowid)
  end as status,
  l.qty as qty,
  case when l.cancelled = 0 then 0.0 else
    (select round(total(c.qty), 6) from order_cancellations c
      where c.record = o.id and c.line = l.id and day(c.at) <= as_of()) end as withdrawn,
  (select round(total(s.sign * s.qty), 6) from shipment_lines s
    where s."order" = o.id and s.order_line = l.id and s.date <= as_of()) as shipped,
  (select round(total(r.sign * r.qty), 6) from return_lines r
    where r."order" = o.id and r.order_line = l.id and r.effect = 'reverse' and r.date <= as_of()) as reversed,
  (select round(total(r.sign * r.qty), 6) from return_lines r
    where r."order" = o.id and r.order_line = l.id and r.effect = 'replace' and r.date <= as_of()) as replaced,
  (select round(total(i.sign * i.qty), 6) from invoice_lines i
    where i."order" = o.id and i.order_line = l.id and i.date <= as_of()) as billed,
  l.net as net, l.tax as tax, l.base_net as base_net, l.base_tax as base_tax, coalesce(l.due_date, o.due_date) as due_date,
  o.price_mode = 'tax_incl' as inclusive
from orders o left join order_lines l on l.rowid between o.rowid << 20 and (o.rowid << 20) + 1048575
where o.rowid between scope_from() and scope_to() and +o.date <= as_of()
group by o.rowid, o.id, l.rowid;

-- What is open, to ship and to bill of it; amounts are those of the effective quantity. Nothing is
-- to ship or to bill of a draft, but what it comes to is `unbilled`.
create view order_line_all as
select "order", line, position, product, good, status, due_date, qty, shipped, reversed, replaced, billed, open,
  cancelled, effective_qty, case when good and status in ('confirmed', 'on_hold') then open else 0.0 end as to_ship,
  case when status = 'draft' then 0.0 else max(0.0, round(effective_qty - reversed - billed, 6)) end as to_bill,
  max(0.0, round(effective_qty - reversed - billed, 6)) as unbilled,
  part(net, effective_qty, qty) as net, part(tax, effective_qty, qty) as tax,
  part(base_net, effective_qty, qty) as base_net, part(base_tax, effective_qty, qty) as base_tax,
  net as whole_net, tax as whole_tax, base_net as whole_base_net,
  customer, owner, date, promised, order_total, inclusive
from (
  select *, round(qty - cancelled, 6) as effective_qty
  from (
    select *, case status
        when 'cancelled' then qty
        when 'closed' then round(withdrawn + open, 6)
        else withdrawn
      end as cancelled
    from (
      select *, max(0.0, round(qty - withdrawn - case when good then shipped - replaced else billed end, 6)) as open
      from order_line_fact)));

-- A line of an order: what is open, to ship and to bill.
create view order_line_status as
select "order", line, position, product, good, status, due_date, qty, shipped, reversed, replaced, billed, open,
  cancelled, effective_qty, to_ship, to_bill, net, tax, base_net, base_tax, whole_base_net, customer, owner
from order_line_all where line is not null;

-- An order: how far it is shipped, billed and paid. What is due is what is billed, less credit
-- notes, and the next part of what is not; shipping comes with the first invoice.
create view order_status as
select "order", customer, owner, date, due_date, status, fulfilment, billing, payment,
  effective_total as total, due, received, credited,
  status not in ('draft', 'cancelled') and (overdue_invoice or min(planned_due, due) > received) as overdue,
  fulfilment in ('none', 'partial') and status not in ('draft', 'cancelled') and coalesce(due_date < as_of(), 0) as late,
  to_ship, to_bill, to_ship_net,
  case
    when status in ('draft', 'on_hold', 'cancelled', 'closed') then status
    when to_ship > 0 and to_bill > 0 then 'to_ship_and_bill'
    when to_ship > 0 then 'to_ship'
    when to_bill > 0 then 'to_bill'
    when due > received then 'to_pay'
    else 'completed'
  end as progress
from (
  select *,
    case when needed <= 0 then 'not_needed' when delivered <= 0 then 'none'
      when short <= 0 then 'full' else 'partial' end as fulfilment,
    case when billed <= 0 then 'none' when to_bill <= 0 then 'full' else 'partial' end as billing,
    case when received <= 0 then 'none' when received >= due then 'full' else 'partial' end as payment
  from (
    select *, value + case when effective > 0 then order_total - ordered else 0 end as effective_total,
      billed_total + unbilled_value + case when unbilled > 0 and billed_shipping = 0 then order_total - ordered else 0 end as due
    from (
      select l."order" as "order", l.customer as customer, l.owner as owner, l.date as date, l.promised as due_date,
        l.status as status, l.order_total as order_total,
        total(case when l.good then l.effective_qty end) as needed,
        round(total(case when l.good then l.shipped - l.replaced end), 6) as delivered,
        total(case when l.good then max(0.0, round(l.effective_qty - l.shipped + l.replaced, 6)) end) as short,
        total(l.effective_qty) as effective, round(total(l.billed), 6) as billed, total(l.unbilled) as unbilled,
        total(l.to_ship) as to_ship, total(l.to_bill) as to_bill,
        coalesce(sum(case when l.to_ship > 0 then part(l.whole_base_net, l.to_ship, l.qty) end), 0) as to_ship_net,
        coalesce(sum(l.net + l.tax), 0) as value, coalesce(sum(l.whole_net + l.whole_tax), 0) as ordered,
        coalesce(sum(case when l.unbilled > 0 then
            iif(l.inclusive, part(l.whole_net + l.whole_tax, l.billed + l.unbilled, l.qty),
              part(l.whole_net, l.billed + l.unbilled, l.qty) + part(l.whole_tax, l.billed + l.unbilled, l.qty))
            - (select coalesce(sum(i.sign * (i.net + i.tax)), 0) from invoice_lines i
                where i."order" = l."order" and i.order_line = l.line and i.date <= as_of()) end), 0) as unbilled_value,
        (select coalesce(sum(i.sign * i.total), 0) from invoices i
          where i."order" = l."order" and i.date <= as_of()) as billed_total,
        (select coalesce(sum(i.sign * i.shipping), 0) from invoices i
          where i."order" = l."order" and i.date <= as_of()) as billed_shipping,
        (select r.received from order_receipt r where r."order" = l."order") as received,
        (select coalesce(sum(i.total), 0) from invoices i
          where i."order" = l."order" and i.kind = 'credit_note' and i.date <= as_of()) as credited,
        exists (select 1 from invoice_need n where n."order" = l."order" and n.due_date < as_of()
          and n.need > max(0, n.on_order - n.before)) as overdue_invoice,
        (select coalesce(sum(p.amount), 0) from order_payment_plan p
          where p.record = l."order" and p.due < as_of()) as planned_due
      from order_line_all l
      group by l."order")));
