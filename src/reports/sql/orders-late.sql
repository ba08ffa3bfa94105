/*---
name = "orders-late"
title = "Late orders"
title_zh = "逾期未发订单"
definition = "Confirmed and held orders whose due date is before the day and whose goods are not fully shipped as of it. to_ship: units to ship; to_ship_net: their value without tax in base currency. The latest first."
definition_zh = "截至当日，交期已过且货品未发齐的已确认和挂起订单。待发数量；待发净额：其不含税金额，本位币。逾期最久的在前。"
period = "as-of"
order = "sql"
reads = ["order", "shipment", "return", "invoice", "customer"]
chart = { kind = "bar", y = ["days_late"] }
columns = [
  { name = "order", type = "ref order" },
  { name = "customer", type = "ref customer" },
  { name = "owner", type = "ref user" },
  { name = "due_date", type = "day", label = "Due date", label_zh = "交期" },
  { name = "days_late", type = "days", label = "Days late", label_zh = "逾期天数" },
  { name = "to_ship", type = "qty" },
  { name = "to_ship_net", type = "money", label = "Net to ship", label_zh = "待发净额" },
]
---*/
select l."order", coalesce(v.survivor, o.customer), o.owner, o.due_date,
  julianday(as_of()) - julianday(o.due_date) as days_late, round(sum(l.to_ship), 6) as to_ship,
  sum(part(l.whole_base_net, l.to_ship, l.qty)) as to_ship_net
from order_line_status l join orders o on o.id = l."order"
left join survivors v on v.id = o.customer and v.kind = 'customer'
where l.to_ship > 0 and o.due_date < as_of() and o.archived is not 1
group by l."order"
order by days_late desc, l."order"
