/*---
name = "stock-value"
title = "Value of stock"
title_zh = "库存金额"
definition = "What is on hand as of the day, valued over all warehouses together (transfers change nothing). moving_average: what comes in makes the average (Q x avg + q x c) / (Q + q), what leaves goes at the average; fifo: what leaves uses up the oldest. Returned and taken-back units come in at the cost they left with; what comes in without a cost comes at the average. While nothing is there, what comes in sets the cost. Unit values are not rounded, the value is. unvalued: no cost is known. Base currency, without tax."
definition_zh = "截至当日的库存，全部仓库合并计价（调拨不影响）。移动平均：入库后均价 =（Q × 均价 + q × 成本）÷（Q + q），出库按均价；先进先出：出库先用最早入库的。退回和冲销按其出库时的成本入库；没有成本的入库按均价。无库存时，入库成本即为均价。单位价值不取整，金额取整。未计价：没有已知成本。本位币，不含税。"
period = "as-of"
order = "sql"
reads = ["product", "movement", "shipment", "return", "order"]
dims = ["product", "category", "top_category"]
total = "select null, null, null, sum(value), max(unvalued) from answer"
chart = { kind = "bar", y = ["value"] }
params = [
  { name = "method", type = "code", codes = ["as_set", "moving_average", "fifo"], default = "as_set", help = "How it is valued; as the setting stock.valuation says unless given", help_zh = "计价方法；默认按设置 stock.valuation" },
]
columns = [
  { name = "product", type = "ref product" },
  { name = "on_hand", type = "qty" },
  { name = "unit_value", type = "dec", label = "Unit value", label_zh = "单位价值" },
  { name = "value", type = "money", label = "Value", label_zh = "金额" },
  { name = "unvalued", type = "bool", label = "Unvalued", label_zh = "未计价" },
]
---*/
with valued as (
  select m.product as product, p.category as category, p.top_category as top_category, round(total(m.qty), 6) as on_hand,
    stock_value(iif(:method = 'as_set', setting('stock.valuation'), :method), m.qty, m.unit_cost, m."order" || '/' || m.line
      order by m.date, m.seq, m.created_at, m.record) as worth
  from stock_move m join products p on p.id = m.product
  where m.kind <> 'transfer' and p.archived is not 1
  group by m.product)
select product, on_hand, ratio(worth + 0.0, on_hand) as unit_value,
  minor(worth, setting('company.currency')) as value, worth is null as unvalued
from valued
where on_hand <> 0 {where}
order by value desc nulls last, product
