/*---
name = "receivables"
title = "Receivables"
title_zh = "应收账款"
definition = "What is open on invoices as of the day by days past the due date (or the invoice's date): up to 0 current, 1-30, 31-60, 61-90, from 91. credit: what is open to the customer's favour; deposits: paid on orders and used by no invoice; unallocated: paid and allocated to nothing; balance = total - credit - deposits - unallocated. dso = total / invoiced with tax in the last 90 days x 90, of the total. Base currency, with tax."
definition_zh = "截至当日发票未收金额，按逾期天数（或开票后天数）分段：0 天及以内为未到期，1–30、31–60、61–90、91 天以上。客户贷方：客户多付或应退的金额；预收款：付给订单而尚未被发票使用的款项；未核销：已收而未分配的款项；应收余额 = 价税合计 - 客户贷方 - 预收款 - 未核销。应收周转天数 = 价税合计 ÷ 近 90 天含税开票额 × 90，仅在合计行。本位币，含税。"
period = "as-of"
measure = "total"
reads = ["invoice", "payment", "order", "customer"]
dims = ["customer", "invoice", "owner", "team", "region", "dealer", "kind", "industry", "size", "level", "day", "week", "month", "quarter", "half", "year"]
date = "date"
chart = { kind = "stacked", y = ["current", "d1_30", "d31_60", "d61_90", "d90_plus"] }
params = [
  { name = "by", type = "dimension", default = "customer" },
  { name = "age-by", type = "code", codes = ["due", "invoice"], default = "due", help = "Age from the due date or from the invoice's date", help_zh = "按到期日或按开票日计算账龄" },
]
columns = [
  { name = "current", type = "money" },
  { name = "d1_30", type = "money" },
  { name = "d31_60", type = "money" },
  { name = "d61_90", type = "money" },
  { name = "d90_plus", type = "money" },
  { name = "total", type = "money" },
  { name = "credit", type = "money" },
  { name = "deposits", type = "money" },
  { name = "unallocated", type = "money" },
  { name = "balance", type = "money" },
  { name = "oldest", type = "days" },
  { name = "dso", type = "days" },
]
---*/
with fact as (
  select iif(what = 'invoice' and base_amount < 0, 'credit', what) as what, iif(what = 'invoice', record, null) as invoice,
    "order", customer, date, abs(iif(what = 'invoice', base_amount, 0)) + iif(what = 'invoice', 0, base_amount) as amount,
    cast(julianday(as_of()) - julianday(iif(:age_by = 'due', due_date, date)) as integer) as age
  from receivable
  union all
  select 'invoiced', i.id, i."order", coalesce(v.survivor, i.customer), i.date, i.sign * to_base(i.total, i.currency, i.fx_rate), null
  from invoices i left join survivors v on v.id = i.customer and v.kind = 'customer'
  where i.archived is not 1 and i.date <= as_of() and i.date > date(as_of(), '-90 days')),
base as (
  select f.*, coalesce(o.owner, c.owner) as owner, coalesce(o.team, u.team) as team, coalesce(o.region, c.region) as region,
    o.dealer as dealer, c.kind as kind, c.industry as industry, c.size as size, c.level as level
  from fact f left join orders o on o.id = f."order" left join customers c on c.id = f.customer
  left join users u on u.id = c.owner)
select {dims}
  coalesce(sum(iif(what = 'invoice' and age <= 0, amount, 0)), 0) as current,
  coalesce(sum(iif(what = 'invoice' and age between 1 and 30, amount, 0)), 0) as d1_30,
  coalesce(sum(iif(what = 'invoice' and age between 31 and 60, amount, 0)), 0) as d31_60,
  coalesce(sum(iif(what = 'invoice' and age between 61 and 90, amount, 0)), 0) as d61_90,
  coalesce(sum(iif(what = 'invoice' and age > 90, amount, 0)), 0) as d90_plus,
  coalesce(sum(iif(what = 'invoice', amount, 0)), 0) as total,
  coalesce(sum(iif(what = 'credit', amount, 0)), 0) as credit,
  coalesce(sum(iif(what = 'deposit', amount, 0)), 0) as deposits,
  coalesce(sum(iif(what = 'unallocated', amount, 0)), 0) as unallocated,
  coalesce(sum(case what when 'invoice' then amount when 'invoiced' then 0 else -amount end), 0) as balance,
  max(iif(what = 'invoice', max(age, 0), null)) as oldest,
  iif(:total or :by = '', ratio(sum(iif(what = 'invoice', amount, 0)) * 90.0, sum(iif(what = 'invoiced', amount, 0))), null) as dso
from base {join}
where true {where}
{group}
having :total or :by = '' or sum(what <> 'invoiced') > 0
