/*---
name = "activity"
title = "Activity"
title_zh = "跟进活动"
definition = "Follow-ups by who does them. planned, missed, cancelled, overdue: by their due day in the period (overdue: planned and past due as of the day); done and all behind it: by the day they were done; on_time: done on or before the due day; calls, visits, meetings, demos: done ones of the kind; messages: done ones by mail, SMS or WeChat, and messages sent; connected: outbound calls with outcome connected, interested, not_interested, call_back, agreed or refused; connected_rate = connected / outbound calls done; customers: distinct ones touched; minutes: their length. Internal ones count in done and minutes only."
definition_zh = "按执行人统计的跟进。计划、错过、取消、逾期：按期内的到期日（逾期：计划中且截至当日已过期）；完成及其后各列：按完成日；按时：不晚于到期日完成；电话、拜访、会议、演示：已完成的该类跟进；消息：已完成的邮件、短信、微信跟进和已发送消息；接通：结果为接通、有意向、无意向、再联系、同意或拒绝的呼出电话；接通率 = 接通 ÷ 已完成的呼出电话；客户：接触到的不同客户；分钟：时长。内部跟进只计入完成和分钟。"
period = "month"
measure = "done"
reads = ["followup", "message", "user", "customer", "contact", "lead", "opportunity", "quote", "order", "ticket"]
dims = ["owner", "team", "kind:followup_kind", "campaign", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "stacked", y = ["calls", "visits", "meetings", "demos", "messages"] }
params = [
  { name = "by", type = "dimension", default = "owner" },
]
columns = [
  { name = "planned", type = "int", label = "Planned", label_zh = "计划" },
  { name = "done", type = "int", label = "Done", label_zh = "完成" },
  { name = "on_time", type = "int", label = "On time", label_zh = "按时" },
  { name = "missed", type = "int", label = "Missed", label_zh = "错过" },
  { name = "cancelled", type = "int", label = "Cancelled", label_zh = "取消" },
  { name = "overdue", type = "int", label = "Overdue", label_zh = "逾期" },
  { name = "calls", type = "int", label = "Calls", label_zh = "电话" },
  { name = "connected", type = "int", label = "Connected", label_zh = "接通" },
  { name = "visits", type = "int", label = "Visits", label_zh = "拜访" },
  { name = "meetings", type = "int", label = "Meetings", label_zh = "会议" },
  { name = "demos", type = "int", label = "Demos", label_zh = "演示" },
  { name = "messages", type = "int", label = "Messages", label_zh = "消息" },
  { name = "customers", type = "int", label = "Customers", label_zh = "客户数" },
  { name = "connected_rate", type = "ratio", label = "Connected rate", label_zh = "接通率" },
  { name = "minutes", type = "min", label = "Minutes", label_zh = "分钟" },
]
---*/
with work as (
  select f.kind, f.owner, f.campaign, f.due, f.duration_min,
    coalesce(f.internal, f.kind in ('note', 'task')) as inner_, iif(day(f.done_at) <= as_of(), day(f.done_at), null) as done_on,
    iif(f.status = 'done' and day(f.done_at) > as_of(), 'planned', f.status) as status
  from followups f where f.archived is not 1 and day(f.created_at) <= as_of()),
base as (
  select 'due' as what, w.due as date, w.kind as kind, w.owner as owner, u.team as team, w.campaign as campaign, w.status as status,
    w.due as due, null as customer, 0 as took, 0 as dial, 0 as reached
  from work w left join users u on u.id = w.owner where w.due is not null and not w.inner_
  union all
  select 'inner', w.done_on, w.kind, w.owner, u.team, w.campaign, w.status, w.due, null, coalesce(w.duration_min, 0), 0, 0
  from work w left join users u on u.id = w.owner where w.inner_ and w.status = 'done' and w.done_on is not null
  union all
  select 'done', day(t.at), t.kind, t.owner, u.team, t.campaign, 'done', f.due, t.customer, coalesce(f.duration_min, 0),
    t.kind = 'call' and t.direction = 'out',
    t.kind = 'call' and t.direction = 'out'
      and coalesce(t.outcome, '') in ('connected', 'interested', 'not_interested', 'call_back', 'agreed', 'refused')
  from touch t join followups f on f.id = t.record left join users u on u.id = t.owner
  where t.what = 'followup' and f.archived is not 1
  union all
  select 'sent', day(t.at), t.kind, t.owner, u.team, t.campaign, null, null, t.customer, 0, 0, 0
  from touch t left join users u on u.id = t.owner where t.what = 'message' and t.direction = 'out')
select {dims}
  total(what = 'due') as planned,
  total(what in ('done', 'inner')) as done,
  total(what = 'done' and {date} <= due) as on_time,
  total(what = 'due' and status = 'missed') as missed,
  total(what = 'due' and status = 'cancelled') as cancelled,
  total(what = 'due' and status = 'planned' and due < as_of()) as overdue,
  total(what = 'done' and kind = 'call') as calls,
  total(what = 'done' and reached) as connected,
  total(what = 'done' and kind = 'visit') as visits,
  total(what = 'done' and kind = 'meeting') as meetings,
  total(what = 'done' and kind = 'demo') as demos,
  total(what = 'sent' or what = 'done' and kind in ('email', 'sms', 'wechat')) as messages,
  count(distinct iif(what = 'due', null, customer)) as customers,
  ratio(total(what = 'done' and reached), total(what = 'done' and dial)) as connected_rate,
  total(took) as minutes
from base {join}
where {date} between :from and :to {where}
{group}
