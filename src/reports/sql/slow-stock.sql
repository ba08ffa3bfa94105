/*---
name = "slow-stock"
title = "Slow stock"
title_zh = "呆滞库存"
definition = "Products with stock as of the day of which nothing was shipped or issued in the last --days days and which last came in before that. value: as in the report stock-value, base currency. The most valuable first."
definition_zh = "截至当日有库存、近 --days 天没有发货或领用、且最后入库早于此的产品。金额口径同库存金额报表，本位币。金额大的在前。"
period = "as-of"
order = "sql"
reads = ["product", "movement", "shipment", "return", "order"]
dims = ["product", "category", "top_category"]
params = [
  { name = "days", type = "days", default = "180", help = "Days without anything going out", help_zh = "没有出库的天数" },
]
columns = [
  { name = "product", type = "ref product" },
  { name = "on_hand", type = "qty" },
  { name = "value", type = "money", label = "Value", label_zh = "金额" },
  { name = "last_in", type = "day" },
  { name = "last_out", type = "day" },
]
---*/
with moved as (
  select product, max(iif(qty > 0, date, null)) as last_in, max(iif(qty < 0, date, null)) as last_out
  from stock_move where kind <> 'transfer' group by product),
worth as ({report stock-value})
select m.product as product, w.on_hand as on_hand, w.value as value, m.last_in as last_in, m.last_out as last_out
from moved m join worth w on w.product = m.product join (select id, category, top_category from products) p on p.id = m.product
where w.on_hand > 0 and coalesce(m.last_in, '') <= date(as_of(), '-' || :days || ' days')
  and coalesce(m.last_out, '') <= date(as_of(), '-' || :days || ' days') {where}
order by w.value desc nulls last, m.product
