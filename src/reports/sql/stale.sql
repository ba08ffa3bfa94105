/*---
name = "stale"
title = "Neglected opportunities and leads"
title_zh = "被冷落的商机和线索"
definition = "Open opportunities (or leads) as of the day with at least one reason: no_touch: more days than allowed since the later of last contact and stage entry (the stage's rot_days, leads 7, or --days); close_date_past: expected day passed; no_next_step: no planned follow-up. Largest amount first."
definition_zh = "截至当日未关闭、且至少符合一项原因的商机（或线索）：久未联系：自最近联系与进入阶段两者较晚者起，天数超过允许值（阶段的停滞天数，线索为 7 天，或 --days）；预计日期已过；无下一步：没有计划中的跟进。按金额从大到小。"
period = "as-of"
order = "sql"
reads = ["opportunity", "lead", "pipeline", "customer", "user", "followup", "quote"]
params = [
  { name = "type", type = "code", codes = ["opportunity", "lead"], default = "opportunity", help = "Opportunities or leads", help_zh = "商机或线索" },
  { name = "days", type = "days", help = "Days without contact that are allowed", help_zh = "允许未联系的天数" },
]
columns = [
  { name = "record", type = "ref opportunity|lead", label = "Record", label_zh = "记录" },
  { name = "customer", type = "ref customer" },
  { name = "owner", type = "ref user" },
  { name = "stage", type = "code", list = "lead_status" },
  { name = "amount", type = "money" },
  { name = "days_in_stage", type = "days" },
  { name = "days_since_touch", type = "days" },
  { name = "close_date", type = "day" },
  { name = "reasons", type = "codes", label = "Reasons", label_zh = "原因" },
]
---*/
with base as (
  select id as record, customer, owner, stage, amount, days_in_stage, last_touch, close_date, next_followup,
    coalesce(idle_days > coalesce(:days, rot_days), 0) as no_touch
  from deal where :type = 'opportunity' and state_type = 'open'
  union all
  select i.id, null, i.owner, i.status, to_base(i.budget, i.currency, rate(i.currency, as_of())),
    cast(julianday(as_of()) - julianday(day(i.state_since)) as integer), day(i.last_touch), null,
    (select min(f.due) from followups f where f.target = i.id and f.status = 'planned'),
    cast(julianday(as_of()) - julianday(max(day(i.state_since), coalesce(day(i.last_touch), ''))) as integer) > coalesce(:days, 7)
  from inquiry i where :type = 'lead' and i.state_type = 'open')
select record, customer, owner, stage, amount, days_in_stage,
  cast(julianday(as_of()) - julianday(last_touch) as integer) as days_since_touch, close_date,
  iif(no_touch, 'no_touch,', '') || iif(close_date < as_of(), 'close_date_past,', '')
    || iif(next_followup is null, 'no_next_step', '') as reasons
from base
where no_touch or coalesce(close_date < as_of(), 0) or next_followup is null
order by amount desc nulls last, record
