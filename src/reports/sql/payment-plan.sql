/*---
name = "payment-plan"
title = "Payment plan"
title_zh = "回款计划"
definition = "The instalments of confirmed, held and closed orders by due day. What an order received as of the day, on it and on its invoices, refunds taken off, covers its instalments in due order: covered, and open what is left. days_overdue: days since the due day of what is open. Base currency at the order's rate, with tax. The columns can be conditions: --where 'due<=2026-05-31', --where 'open>0'."
definition_zh = "已确认、挂起和已关闭订单的分期，按到期日排列。截至当日订单及其发票的回款（扣除退款）按到期先后抵充各期：已收，以及未收余额。逾期天数：未收部分自到期日起的天数。按订单汇率折本位币，含税。可按列筛选：--where 'due<=2026-05-31'、--where 'open>0'。"
period = "as-of"
order = "sql"
reads = ["order", "invoice", "payment", "shipment", "return", "customer"]
chart = { kind = "column", y = ["covered", "open"] }
columns = [
  { name = "order", type = "ref order" },
  { name = "customer", type = "ref customer" },
  { name = "due", type = "day", label = "Due", label_zh = "到期日" },
  { name = "amount", type = "money" },
  { name = "covered", type = "money", label = "Covered", label_zh = "已收" },
  { name = "open", type = "money", label = "Open", label_zh = "未收" },
  { name = "days_overdue", type = "days", label = "Days overdue", label_zh = "逾期天数" },
  { name = "note", type = "text" },
]
---*/
with plan as (
  select p.record as "order", p.position as position, p.due as due, p.amount as amount, p.note as note,
    sum(p.amount) over (partition by p.record order by p.due, p.position) - p.amount as before
  from order_payment_plan p),
parts as (
  select p.*, o.customer as customer, o.currency as currency, o.fx_rate as fx_rate,
    max(0, min(p.amount, r.received - p.before)) as covered
  from plan p join orders o on o.id = p."order" join order_receipt r on r."order" = o.id
  join order_state s on s."order" = o.id
  where o.date <= as_of() and s.status in ('confirmed', 'on_hold', 'closed') and o.archived is not 1)
select "order" as "order", coalesce(v.survivor, p.customer) as customer, due as due,
  to_base(amount, currency, fx_rate) as amount,
  to_base(covered, currency, fx_rate) as covered,
  to_base(amount, currency, fx_rate) - to_base(covered, currency, fx_rate) as open,
  iif(covered < amount, max(0, julianday(as_of()) - julianday(due)), null) as days_overdue, note as note
from parts p left join survivors v on v.id = p.customer and v.kind = 'customer'
order by due, "order", position
