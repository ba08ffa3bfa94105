/*---
title = "New customers"
title_zh = "新增客户"
definition = "Customers created in the period by city, and the sum of their credit limits."
definition_zh = "期内按城市统计的新增客户数和信用额度合计。"
# The period where none is given: month, quarter, last-quarter, p12, 90d, life, or as-of for a state.
period = "p12"
# The type whose words the columns take; a column may have label and label_zh of its own.
noun = "customer"
# Each becomes a flag and, in the select, :NAME. Types: text, code, codes, int, dec, bool, days, window, ref TYPE.
params = [
  { name = "kind", type = "code", codes = ["company", "dealer", "person"], help = "Kind of customer", help_zh = "客户类型" },
]
# In the order of the select. Types: text, code, ref TYPE, bool, int, qty, dec, money, ratio, days, day, month, instant.
columns = [
  { name = "city", type = "text" },
  { name = "customers", type = "int" },
  { name = "credit_limit", type = "money" },
]
# The rows stay as the select orders them.
order = "sql"
chart = { kind = "bar", y = ["customers"] }
---*/
-- `crm sql --schema` lists the tables and views. :from and :to are the first and last day of the
-- period, as_of() is the day after which nothing is seen. Amounts are whole minor units.
select
  coalesce(city, '-') as city,
  count(*) as customers,
  sum(credit_limit) as credit_limit
from customers
where day(created_at) between :from and :to
  and day(created_at) <= as_of()
  and coalesce(archived, 0) = 0 and merged_into is null
  and (:kind is null or kind = :kind)
group by 1
order by customers desc, city
