/*---
name = "stock"
title = "Stock"
title_zh = "库存"
definition = "Tracked products as of the day: on hand; reserved for confirmed and held orders; available = on_hand - reserved; days_cover = available / mean of what was shipped and issued a day in the last 90 days, less what came back. By warehouse only what is on hand there is known; orders name no warehouse before they are shipped. last_in, last_out: last days on which something came or went."
definition_zh = "截至当日的管库存产品：现有库存；已确认和挂起订单占用的数量；可用库存 = 现有库存 - 占用；可用天数 = 可用库存 ÷ 近 90 天日均发货和领用（扣除退回）。按仓库时只列各仓现有库存，因为订单在发货前不指定仓库。最近入库、最近出库：最后有入库、出库的日期。"
period = "as-of"
order = "sql"
reads = ["product", "movement", "order", "shipment", "return"]
chart = { kind = "bar", y = ["available"] }
params = [
  { name = "by", type = "code", codes = ["product", "warehouse"], default = "product", help = "A row for each product, or for each product in each warehouse", help_zh = "每个产品一行，或每个产品在每个仓库一行" },
]
columns = [
  { name = "product", type = "ref product" },
  { name = "warehouse", type = "code", list = "warehouse" },
  { name = "on_hand", type = "qty" },
  { name = "reserved", type = "qty" },
  { name = "available", type = "qty" },
  { name = "reorder_level", type = "qty" },
  { name = "days_cover", type = "days", label = "Days of cover", label_zh = "可用天数" },
  { name = "last_in", type = "day", label = "Last in", label_zh = "最近入库" },
  { name = "last_out", type = "day", label = "Last out", label_zh = "最近出库" },
]
---*/
with moved as (
  select product, iif(:by = 'warehouse', warehouse, null) as warehouse, round(total(qty), 6) as on_hand,
    max(iif(qty > 0, date, null)) as last_in, max(iif(qty < 0, date, null)) as last_out,
    -total(iif(kind in ('shipment', 'return', 'issue') and date > date(as_of(), '-90 days'), qty, 0)) / 90.0 as daily
  from stock_move group by 1, 2)
select p.id as product, m.warehouse as warehouse, coalesce(m.on_hand, 0.0) as on_hand,
  iif(:by = 'product', s.reserved, null) as reserved, iif(:by = 'product', s.available, null) as available,
  iif(:by = 'product', p.reorder_level, null) as reorder_level,
  iif(:by = 'product' and m.daily > 0, ratio(s.available, m.daily), null) as days_cover,
  m.last_in as last_in, m.last_out as last_out
from products p join stock_available s on s.product = p.id left join moved m on m.product = p.id
where p.archived is not 1 and (:by = 'product' or m.warehouse is not null)
order by p.id, m.warehouse
