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
select s."order", coalesce(v.survivor, s.customer), s.owner, s.due_date,
  julianday(as_of()) - julianday(s.due_date) as days_late, s.to_ship, s.to_ship_net
from order_status s join orders o on o.id = s."order"
left join survivors v on v.id = s.customer and v.kind = 'customer'
where s.late and s.status in ('confirmed', 'on_hold') and o.archived is not 1
order by days_late desc, s."order"
