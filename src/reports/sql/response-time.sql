/*---
name = "response-time"
title = "Response time"
title_zh = "响应时间"
definition = "Leads (or tickets) created in the period, by their first outbound contact in working minutes: within: answered by the promised time; late: answered later, or unanswered and past it as of now; waiting: unanswered and not yet due; rate = within / (within + late); median, p90: minutes of the answered. Leads: lead.response in the company's calendar; tickets: their promise, those without one count in n and in the minutes only."
definition_zh = "期内创建的线索（或工单），按首次对外联系的工作分钟统计：及时：在承诺时限内响应；超时：晚于时限，或截至目前未响应且已过时限；等待：未响应且未到时限；及时率 = 及时 ÷（及时 + 超时）；中位数、90 百分位：已响应的分钟数。线索按 lead.response 和公司日历；工单按其承诺，没有承诺的只计数量和分钟。"
period = "month"
measure = "rate"
reads = ["lead", "ticket", "followup", "message", "user", "sla", "calendar"]
dims = ["owner", "team", "region", "source", "campaign", "product", "kind:ticket_kind", "priority", "channel", "day", "week", "month", "quarter", "half", "year"]
date = "created_on"
chart = { kind = "bar", y = ["rate"] }
params = [
  { name = "by", type = "dimension", default = "owner" },
  { name = "type", type = "code", codes = ["lead", "ticket"], default = "lead", help = "Leads or tickets", help_zh = "线索或工单" },
]
columns = [
  { name = "n", type = "int" },
  { name = "within", type = "int", label = "Within", label_zh = "及时" },
  { name = "late", type = "int", label = "Late", label_zh = "超时" },
  { name = "waiting", type = "int", label = "Waiting", label_zh = "等待" },
  { name = "rate", type = "ratio", label = "Rate", label_zh = "及时率" },
  { name = "median", type = "min", label = "Median", label_zh = "中位数" },
  { name = "p90", type = "min", label = "90th percentile", label_zh = "90 百分位" },
]
---*/
with base as (
  select id, owner, team, region, source, campaign, product, null as kind, null as priority, null as channel, created_on,
    response_minutes as took,
    case
      when first_touch_at is null then iif(julianday(seen_until()) > julianday(response_due), 'late', 'waiting')
      when julianday(first_touch_at) <= julianday(response_due) then 'within'
      else 'late'
    end as how
  from inquiry where :type = 'lead'
  union all
  select id, owner, team, region, null, null, product, kind, priority, channel, created_on, response_minutes,
    case response_state when 'met' then 'within' when 'failed' then 'late' when 'due' then 'waiting' end
  from ticket_case where :type = 'ticket' and status not in ('rejected', 'duplicate'))
select {dims}
  count(*) as n,
  total(how = 'within') as within,
  total(how = 'late') as late,
  total(how = 'waiting') as waiting,
  ratio(sum(how = 'within'), sum(how in ('within', 'late'))) as rate,
  median(took) as median,
  percentile(took, 0.9) as p90
from base {join}
where {date} between :from and :to {where}
{group}
