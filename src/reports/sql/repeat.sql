/*---
name = "repeat"
title = "Repeat customers"
title_zh = "复购"
definition = "Customers with a counted order in the row's span; repeat: with two or more in it; repeat_rate = repeat / customers; new: their first counted order ever lies in the row; returning: it was earlier. new + returning = customers. Net sales of both, returns in the span taken off; base currency, without tax."
definition_zh = "该行范围内有有效订单的客户；复购客户：在其中有两次及以上下单；复购率 = 复购客户 ÷ 客户；新客户：有史以来首张有效订单在该行内；老客户：首单更早；新客户 + 老客户 = 客户。两者的净额扣除范围内的退货；本位币，不含税。"
period = "p12"
measure = "customers"
reads = ["order", "return", "customer", "product"]
dims = ["month", "owner", "team", "region", "dealer", "kind", "industry", "size", "level", "source", "campaign", "product", "category", "top_category", "country", "province", "city", "day", "week", "quarter", "half", "year"]
chart = { kind = "stacked", y = ["new_customers", "returning_customers"] }
params = [
  { name = "by", type = "dimension", default = "month" },
]
columns = [
  { name = "customers", type = "int" },
  { name = "repeat_customers", type = "int", label = "Repeat customers", label_zh = "复购客户" },
  { name = "new_customers", type = "int", label = "New customers", label_zh = "新客户" },
  { name = "returning_customers", type = "int", label = "Returning customers", label_zh = "老客户" },
  { name = "repeat_rate", type = "ratio", label = "Repeat rate", label_zh = "复购率" },
  { name = "new_net", type = "money", label = "Net of the new", label_zh = "新客户净额" },
  { name = "returning_net", type = "money", label = "Net of the returning", label_zh = "老客户净额" },
]
---*/
select {names}
  count(*) as customers,
  sum(bought > 1) as repeat_customers,
  sum(fresh) as new_customers,
  sum(not fresh) as returning_customers,
  ratio(sum(bought > 1), count(*)) as repeat_rate,
  sum(iif(fresh, net, 0)) as new_net,
  sum(iif(fresh, 0, net)) as returning_net
from (
  select {dims} customer as buyer, count(distinct iif(returned, null, "order")) as bought, sum(net) as net,
    min(iif(returned, null, date)) = first_order as fresh
  from {lines}
  join (select customer as who, min(iif(returned, null, date)) as first_order from sale_line where basis = 'order' group by customer)
    on who = customer
  {join}
  where basis = 'order' and {date} between :from and :to {where}
  group by {keys}buyer
  having count(distinct iif(returned, null, "order")) > 0)
{group}
