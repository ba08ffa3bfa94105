/*---
name = "service"
title = "Service"
title_zh = "服务"
definition = "Moves in the period: opened: tickets created; resolved, rejected (duplicates included), reopened: each time it happened. backlog: new, open or waiting at the start and at the end; backlog_end = backlog_start + opened + reopened - resolved - rejected. overdue: of the backlog at the end, those past the promised resolution. Times in working minutes without what was held: first answers given and last resolutions made in the period. reopen_rate = reopened / resolved; first_contact = resolved with one outbound answer and never reopened / tickets resolved. cost: of the tickets resolved last in the period, base currency."
definition_zh = "期内变动：新建：创建的工单；解决、驳回（含重复）、重开：逐次计数。积压：期初、期末处于新建、处理中或挂起的工单；期末积压 = 期初积压 + 新建 + 重开 - 解决 - 驳回。超期：期末积压中已过承诺解决时限的。时长为扣除挂起的工作分钟：期内给出的首次响应和最后一次解决。重开率 = 重开 ÷ 解决；一次解决率 = 只有一次对外回复且从未重开的已解决工单 ÷ 已解决工单。成本：期内最后一次解决的工单，本位币。"
period = "month"
measure = "opened"
reads = ["ticket", "followup", "message", "customer", "user", "product", "sla", "calendar"]
dims = ["kind:ticket_kind", "priority", "severity", "product", "category", "top_category", "assignee", "team", "customer", "region", "level", "industry", "channel", "cause", "day", "week", "month", "quarter", "half", "year"]
date = "starts"
chart = { kind = "stacked", y = ["opened", "resolved", "backlog_end"] }
params = [
  { name = "by", type = "dimension", default = "kind" },
]
columns = [
  { name = "opened", type = "int", label = "Opened", label_zh = "新建" },
  { name = "resolved", type = "int", label = "Resolved", label_zh = "解决" },
  { name = "rejected", type = "int", label = "Rejected", label_zh = "驳回" },
  { name = "reopened", type = "int", label = "Reopened", label_zh = "重开" },
  { name = "backlog_start", type = "int", label = "Backlog at the start", label_zh = "期初积压" },
  { name = "backlog_end", type = "int", label = "Backlog at the end", label_zh = "期末积压" },
  { name = "overdue", type = "int", label = "Overdue", label_zh = "超期" },
  { name = "response_median", type = "min", label = "Median first answer", label_zh = "首次响应中位数" },
  { name = "response_p90", type = "min", label = "First answer, 90th percentile", label_zh = "首次响应 90 百分位" },
  { name = "resolution_median", type = "min", label = "Median resolution", label_zh = "解决中位数" },
  { name = "resolution_p90", type = "min", label = "Resolution, 90th percentile", label_zh = "解决 90 百分位" },
  { name = "reopen_rate", type = "ratio", label = "Reopen rate", label_zh = "重开率" },
  { name = "first_contact", type = "ratio", label = "First contact", label_zh = "一次解决率" },
  { name = "cost", type = "money" },
]
---*/
with recursive {spans},
-- A move of a ticket on a day; coming in is the first.
moves as (
  select record, day(entered_at) as day, state, lag(state) over (partition by record order by position) as before
  from ticket_span),
changes as (
  select record, day, 'opened' as what from moves where before is null
  union all select record, day, 'resolved' from moves where state = 'resolved'
  union all select record, day, 'rejected' from moves where state in ('rejected', 'duplicate')
  union all select record, day, 'reopened' from moves where state = 'open' and before in ('resolved', 'closed')),
stays as (
  select record, day(entered_at) as entered, coalesce(day(left_at), '9999') as gone from ticket_span
  where state in ('new', 'open', 'pending')),
answers as (
  select target, count(*) as n from touch where direction = 'out' group by target),
facts as (
  select s.starts as starts, c.record as record, c.what as what, 1 as n from spans s join changes c on c.day between s.starts and s.ends
  union all
  select s.starts, t.record, 'backlog_start', 1 from spans s join stays t on t.entered < s.starts and t.gone >= s.starts
  union all
  select s.starts, t.record, 'backlog_end', 1 from spans s join stays t on t.entered <= s.ends and t.gone > s.ends
  union all
  select s.starts, k.id, 'answered', k.response_minutes from spans s join ticket_case k on k.answered_on between s.starts and s.ends
  union all
  select s.starts, k.id, 'done', k.resolution_minutes from spans s join ticket_case k on k.resolved_on between s.starts and s.ends),
base as (
  select f.starts as starts, f.what as what, f.n as n, coalesce(a.n, 0) as answers, k.*
  from facts f join ticket_case k on k.id = f.record left join answers a on a.target = f.record)
select {dims}
  total(what = 'opened') as opened,
  total(what = 'resolved') as resolved,
  total(what = 'rejected') as rejected,
  total(what = 'reopened') as reopened,
  total(what = 'backlog_start') as backlog_start,
  total(what = 'backlog_end') as backlog_end,
  total(what = 'backlog_end' and julianday(resolution_due) < julianday(seen_until())) as overdue,
  median(iif(what = 'answered', n, null)) as response_median,
  percentile(iif(what = 'answered', n, null), 0.9) as response_p90,
  median(iif(what = 'done', n, null)) as resolution_median,
  percentile(iif(what = 'done', n, null), 0.9) as resolution_p90,
  ratio(sum(what = 'reopened'), sum(what = 'resolved')) as reopen_rate,
  ratio(sum(what = 'done' and answers = 1 and reopens = 0), sum(what = 'done')) as first_contact,
  sum(iif(what = 'done', cost, null)) as cost
from base {join}
where true {where}
{group}
