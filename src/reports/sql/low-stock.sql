/*---
name = "low-stock"
title = "Low stock"
title_zh = "库存不足"
definition = "Tracked products as of the day. mean_daily_out = shipped and issued, less what came back, of the last --days days / days; days_cover = available / it; suggested_level = it x (lead days + --safety-days), rounded up; suggested_order = the larger of the reorder quantity and suggested_level - available. Listed where available is at most the reorder level, or, where none is set, at most the suggested level with something going out."
definition_zh = "截至当日的管库存产品。日均出库 =（近 --days 天的发货和领用，扣除退回）÷ 天数；可用天数 = 可用库存 ÷ 日均出库；建议水位 = 日均出库 ×（采购天数 + --safety-days），向上取整；建议采购 = 起订量与（建议水位 - 可用库存）的较大者。列出可用库存不高于补货点的；未设补货点时，有出库且不高于建议水位的。"
period = "as-of"
order = "sql"
reads = ["product", "movement", "order", "shipment", "return"]
chart = { kind = "bar", y = ["available", "suggested_level"] }
params = [
  { name = "days", type = "days", range = [1, 36500], default = "90", help = "Days that the mean is taken over", help_zh = "计算日均的天数" },
  { name = "safety-days", type = "days", default = "7", help = "Days of reserve", help_zh = "安全天数" },
]
columns = [
  { name = "product", type = "ref product" },
  { name = "available", type = "qty" },
  { name = "reorder_level", type = "qty" },
  { name = "mean_daily_out", type = "qty", label = "Out a day", label_zh = "日均出库" },
  { name = "suggested_level", type = "qty", label = "Suggested level", label_zh = "建议水位" },
  { name = "suggested_order", type = "qty", label = "Suggested order", label_zh = "建议采购" },
  { name = "days_cover", type = "days", label = "Days of cover", label_zh = "可用天数" },
]
---*/
with gone as (
  select product, -total(qty) / :days as mean_daily_out
  from stock_move
  where kind in ('shipment', 'return', 'issue') and date > date(as_of(), '-' || :days || ' days')
  group by product),
levels as (
  select p.id as product, s.available as available, p.reorder_level as reorder_level, p.reorder_qty as reorder_qty,
    max(0.0, coalesce(g.mean_daily_out, 0.0)) as mean_daily_out, coalesce(p.lead_days, 0) + :safety_days as days
  from products p join stock_available s on s.product = p.id left join gone g on g.product = p.id
  where p.archived is not 1),
suggested as (
  select *, cast(round(mean_daily_out * days, 6) as integer)
    + (round(mean_daily_out * days, 6) > cast(round(mean_daily_out * days, 6) as integer)) as suggested_level
  from levels)
select product, available, reorder_level, mean_daily_out, suggested_level,
  max(coalesce(reorder_qty, 0.0), suggested_level - available) as suggested_order,
  ratio(available, mean_daily_out) as days_cover
from suggested
where iif(reorder_level is null, mean_daily_out > 0 and available <= suggested_level, available <= reorder_level)
order by days_cover nulls last, product
