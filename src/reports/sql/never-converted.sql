/*---
name = "never-converted"
title = "Worked on, never bought"
title_zh = "多次跟进未成交"
definition = "Leads created up to the day and not converted by then, or customers without a counted order by then, with at least --min-touches contacts: done follow-ups that are not internal, and messages sent or received. What was merged counts with its survivor. A customer's contacts include those of its people and documents. Most contacts first."
definition_zh = "截至当日已创建且尚未转化的线索，或尚无有效订单的客户，且联系次数不少于 --min-touches：已完成的非内部跟进，以及已发出或收到的消息。被合并的记录计入保留者。客户的联系包括其联系人和单据上的联系。联系多的在前。"
period = "as-of"
order = "sql"
reads = ["lead", "customer", "order", "followup", "message"]
params = [
  { name = "type", type = "code", codes = ["lead", "customer"], default = "lead", help = "Leads or customers", help_zh = "线索或客户" },
  { name = "min-touches", type = "int", range = [0, 1000000], default = "3", help = "Least number of contacts", help_zh = "最少联系次数" },
]
columns = [
  { name = "record", type = "ref lead|customer", label = "Record", label_zh = "记录" },
  { name = "owner", type = "ref user" },
  { name = "source", type = "code", list = "source" },
  { name = "state", type = "code", list = "lead_status", label = "State", label_zh = "状态" },
  { name = "created", type = "day", label = "Created", label_zh = "创建日" },
  { name = "last_touch", type = "day" },
  { name = "touches", type = "int", label = "Contacts", label_zh = "联系次数" },
]
---*/
with met as (
  select coalesce(v.survivor, t.target) as record, count(*) as touches, max(day(t.at)) as last_touch
  from touch t left join survivors v on v.id = t.target and v.kind = 'lead'
  where :type = 'lead' group by 1
  union all
  select customer, count(*), max(day(at)) from touch where :type = 'customer' and customer is not null group by 1),
base as (
  select i.id as record, i.owner as owner, i.source as source, i.status as state, i.created_on as created
  from inquiry i where :type = 'lead' and i.state_type <> 'won'
  union all
  select c.id, c.owner, c.source, null, day(c.created_at)
  from customers c left join customer_fact f on f.customer = c.id
  where :type = 'customer' and f.first_order is null and c.archived is not 1 and c.merged_into is null
    and day(c.created_at) <= as_of())
select b.record as record, owner as owner, source as source, state as state, created as created,
  m.last_touch as last_touch, m.touches as touches
from base b join met m on m.record = b.record
where m.touches >= :min_touches
order by m.touches desc, m.last_touch desc, b.record
