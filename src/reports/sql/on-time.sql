/*---
name = "on-time"
title = "On time in full"
title_zh = "准时足量"
definition = "Lines of goods of confirmed, held and closed orders whose due day (their own, else the order's) lies in the period and not after as-of; on_time: the whole effective quantity was shipped (with --delivered: delivered) by that day; otif = on_time / due_lines. Never shipped is late; lines that were cancelled as a whole and lines without a due day are left out."
definition_zh = "已确认、挂起和已关闭订单的实物行，其到期日（行的，否则订单的）在期内且不晚于截至日；准时：有效数量在该日前全部发出（--delivered 时为送达）；准时足量率 = 准时 ÷ 到期行数。从未发货计为迟；整行取消的和没有到期日的不计。"
period = "month"
measure = "otif"
reads = ["order", "shipment", "return", "customer", "product", "user"]
dims = ["month", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "product", "category", "top_category", "day", "week", "quarter", "half", "year"]
chart = { kind = "line", y = ["otif"] }
params = [
  { name = "by", type = "dimension", default = "month" },
  { name = "delivered", type = "bool", help = "Delivered by the day, not only shipped", help_zh = "按送达而非发货判断" },
]
columns = [
  { name = "due_lines", type = "int", label = "Lines due", label_zh = "到期行数" },
  { name = "on_time", type = "int", label = "On time", label_zh = "准时" },
  { name = "late", type = "int", label = "Late", label_zh = "迟" },
  { name = "otif", type = "ratio", label = "On time in full", label_zh = "准时足量率" },
]
---*/
with sent as (
  select l."order" as "order", l.order_line as line, iif(:delivered is null, l.date, s.delivered_on) as day, l.sign * l.qty as qty
  from shipment_lines l join shipments s on s.id = l.record where l.date <= as_of()),
due as (
  select e."order" as "order", e.line as line, e.product as product, e.due_date as date, e.effective_qty as qty
  from order_line_status e
  where e.good and e.status in ('confirmed', 'on_hold', 'closed') and e.effective_qty > 0
    and e.due_date between :from and :to and e.due_date <= as_of()),
base as (
  select d.date as date, o.owner as owner, o.team as team, o.region as region, o.dealer as dealer, c.id as customer,
    c.kind as kind, c.industry as industry, c.size as size, c.level as level, o.source as source, d.product as product,
    p.category as category, p.top_category as top_category,
    (select round(total(s.qty), 6) from sent s where s."order" = d."order" and s.line = d.line and s.day <= d.date) >= d.qty as kept
  from due d join orders o on o.id = d."order" left join survivors v on v.id = o.customer and v.kind = 'customer'
  left join customers c on c.id = coalesce(v.survivor, o.customer) left join products p on p.id = d.product
  where o.archived is not 1)
select {dims}
  count(*) as due_lines,
  sum(kept) as on_time,
  sum(not kept) as late,
  ratio(sum(kept), count(*)) as otif
from base {join}
where true {where}
{group}
