/*---
name = "sla"
title = "Service promises"
title_zh = "服务承诺（SLA）"
definition = "Tickets created in the period with a promise, rejected ones and duplicates left out, as of the day. response, resolution: met in time; failed: late, or still open and past due, or held beyond the promised time; waiting: not yet due, or on hold. attainment = met / (met + failed). Working time of the promise's calendar."
definition_zh = "期内创建且有承诺的工单（不含驳回和重复），截至当日。响应、解决：达成；未达成：超时、未完成且已过时限、或挂起前已超时；等待：未到时限或挂起中。达成率 = 达成 ÷（达成 + 未达成）。按承诺所用日历的工作时间。"
period = "month"
measure = "response_attainment"
reads = ["ticket", "followup", "message", "sla", "calendar", "customer", "user", "product"]
dims = ["kind:ticket_kind", "priority", "severity", "product", "category", "top_category", "assignee", "team", "customer", "region", "level", "industry", "channel", "cause", "day", "week", "month", "quarter", "half", "year"]
date = "created_on"
chart = { kind = "bar", y = ["response_attainment", "resolution_attainment"] }
params = [
  { name = "by", type = "dimension", default = "priority" },
]
columns = [
  { name = "response_met", type = "int", label = "Answers met", label_zh = "响应达成" },
  { name = "response_failed", type = "int", label = "Answers failed", label_zh = "响应未达成" },
  { name = "response_waiting", type = "int", label = "Answers waiting", label_zh = "响应等待" },
  { name = "resolution_met", type = "int", label = "Resolutions met", label_zh = "解决达成" },
  { name = "resolution_failed", type = "int", label = "Resolutions failed", label_zh = "解决未达成" },
  { name = "resolution_waiting", type = "int", label = "Resolutions waiting", label_zh = "解决等待" },
  { name = "response_attainment", type = "ratio", label = "Answers in time", label_zh = "响应达成率" },
  { name = "resolution_attainment", type = "ratio", label = "Resolved in time", label_zh = "解决达成率" },
]
---*/
with base as (select * from ticket_case where agreement is not null)
select {dims}
  sum(response_state = 'met') as response_met,
  sum(response_state = 'failed') as response_failed,
  sum(response_state = 'due') as response_waiting,
  sum(resolution_state = 'met') as resolution_met,
  sum(resolution_state = 'failed') as resolution_failed,
  sum(resolution_state in ('due', 'paused')) as resolution_waiting,
  ratio(sum(response_state = 'met'), sum(response_state in ('met', 'failed'))) as response_attainment,
  ratio(sum(resolution_state = 'met'), sum(resolution_state in ('met', 'failed'))) as resolution_attainment
from base {join}
where {date} between :from and :to {where}
{group}
