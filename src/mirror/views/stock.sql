-- One change of stock up to the as-of day; `seq` orders incoming before outgoing on a day.
create view stock_move as
select m.date as date, m.product as product, m.warehouse as warehouse, m.kind as kind, m.id as record,
  null as line, null as "order", m.sign * m.qty as qty, m.unit_cost as unit_cost,
  case when m.sign * m.qty > 0 then 0 else 1 end as seq, m.created_at as created_at
from movements m where m.kind <> 'transfer' and m.date <= as_of()
union all
select m.date, m.product, m.warehouse, m.kind, m.id, null, null, -m.sign * m.qty, m.unit_cost,
  case when m.sign * m.qty < 0 then 0 else 1 end, m.created_at
from movements m where m.kind = 'transfer' and m.date <= as_of()
union all
select m.date, m.product, m.to_warehouse, m.kind, m.id, null, null, m.sign * m.qty, m.unit_cost,
  case when m.sign * m.qty > 0 then 0 else 1 end, m.created_at
from movements m where m.kind = 'transfer' and m.date <= as_of()
union all
select l.date, l.product, l.warehouse, 'shipment', s.id, l.order_line, l."order", -l.sign * l.qty, null,
  case when l.sign < 0 then 0 else 1 end, s.created_at
from shipment_lines l join shipments s on s.rowid = l.rowid >> 20 where l.date <= as_of()
union all
select l.date, l.product, l.warehouse, 'return', r.id, l.order_line, l."order", l.sign * l.qty, null,
  case when l.sign > 0 then 0 else 1 end, r.created_at
from return_lines l join returns r on r.rowid = l.rowid >> 20 where l.restock and l.date <= as_of();

-- What is there, by product and warehouse.
create view stock_on_hand as
select product, warehouse, round(total(qty), 6) as on_hand, max(case when qty > 0 then date end) as last_in,
  max(case when qty < 0 then date end) as last_out
from stock_move group by product, warehouse;

-- What is there, what orders are waiting for, and what is free, by product; low where a level is set
-- at which to order anew and no more than that is free.
create view stock_available as
select product, round(on_hand, 6) as on_hand, reserved, round(on_hand - reserved, 6) as available,
  coalesce(round(on_hand - reserved, 6) <= reorder_level, 0) as low_stock
from (
  select p.id as product, p.reorder_level as reorder_level,
    (select total(m.sign * m.qty) from movements m
      where m.product = p.id and m.kind <> 'transfer' and m.date <= as_of())
    - (select total(l.sign * l.qty) from shipment_lines l where l.product = p.id and l.date <= as_of())
    + (select total(l.sign * l.qty) from return_lines l where l.product = p.id and l.restock and l.date <= as_of()) as on_hand,
    coalesce(r.reserved, 0.0) as reserved
  from products p left join (
    select product, round(total(to_ship), 6) as reserved from order_line_status where to_ship > 0 group by product) r
    on r.product = p.id
  where coalesce(p.track_stock, p.kind = 'good') group by p.id);
