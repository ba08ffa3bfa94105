/*---
name = "quotes"
title = "Quotes"
title_zh = "报价转化"
definition = "Quotes by the day they were first sent; a chain of revisions counts once, with the state of its last one as of the day: accepted, rejected, expired (sent and past its last day), cancelled, else open. hit_rate = accepted / (accepted + rejected + expired); value_hit_rate: the same by net; mean_discount = sum of discounts / sum of net before discount; median_days: from first sent to accepted. Base currency, without tax."
definition_zh = "按首次发送日统计的报价；一串修订只计一次，取最后一版截至当日的状态：接受、拒绝、过期（已发送且过了有效期）、取消，其余为进行中。成交率 = 接受 ÷（接受 + 拒绝 + 过期）；金额成交率：按净额的同一比率；平均折扣 = 折扣之和 ÷ 折前净额之和；天数中位数：从首次发送到接受。本位币，不含税。"
period = "p12"
measure = "sent"
reads = ["quote", "customer", "user"]
dims = ["month", "owner", "team", "region", "customer", "kind", "industry", "size", "level", "source", "currency", "day", "week", "quarter", "half", "year"]
chart = { kind = "column", y = ["sent", "accepted"] }
params = [
  { name = "by", type = "dimension", default = "month" },
]
columns = [
  { name = "sent", type = "int", label = "Sent", label_zh = "发送" },
  { name = "accepted", type = "int", label = "Accepted", label_zh = "接受" },
  { name = "rejected", type = "int", label = "Rejected", label_zh = "拒绝" },
  { name = "expired", type = "int", label = "Expired", label_zh = "过期" },
  { name = "cancelled", type = "int", label = "Cancelled", label_zh = "取消" },
  { name = "open", type = "int" },
  { name = "hit_rate", type = "ratio", label = "Hit rate", label_zh = "成交率" },
  { name = "value_hit_rate", type = "ratio", label = "Hit rate by value", label_zh = "金额成交率" },
  { name = "mean_discount", type = "ratio", label = "Mean discount", label_zh = "平均折扣" },
  { name = "median_days", type = "days", label = "Median days", label_zh = "天数中位数" },
]
---*/
with recursive chain(id, first) as (
  select id, id from quotes where revises is null or revises not in (select id from quotes)
  union all select q.id, c.first from chain c join quotes q on q.revises = c.id),
sent as (
  select h.record as id, min(day(h.at)) as sent_on from history h
  where h.kind = 'quote' and coalesce(h.field, 'status') = 'status' and h."to" = 'sent' and day(h.at) <= as_of() group by h.record
  union all
  select q.id, q.date from quotes q
  where q.status <> 'draft' and q.date <= as_of() and not exists (select 1 from history h where h.record = q.id and h.kind = 'quote')),
chains as (
  select c.first as first, min(s.sent_on) as sent_on from chain c join sent s on s.id = c.id group by c.first),
lasts as (
  select c.first as first, q.id as id, row_number() over (partition by c.first order by q.revision desc, q.created_at desc, q.id desc) as n
  from chain c join quotes q on q.id = c.id where day(q.created_at) <= as_of()),
base as (
  select k.sent_on as date, s.owner as owner, u.team as team, c.region as region, c.id as customer, c.kind as kind,
    c.industry as industry, c.size as size, c.level as level, c.source as source, s.currency as currency,
    s.base_net_total as net, s.base_net_total - coalesce(q.base_shipping, 0) + to_base(coalesce(q.discount_total, 0), q.currency, q.fx_rate) as gross,
    to_base(coalesce(q.discount_total, 0), q.currency, q.fx_rate) as discount,
    iif(s.expired, 'expired', s.status) as state,
    iif(s.status = 'accepted', julianday(q.accepted_on) - julianday(k.sent_on), null) as took
  from chains k join lasts l on l.first = k.first and l.n = 1 join quotes q on q.id = l.id
  join quote_status s on s.quote = q.id left join users u on u.id = s.owner left join customers c on c.id = s.customer
  where q.archived is not 1)
select {dims}
  count(*) as sent,
  sum(state = 'accepted') as accepted,
  sum(state = 'rejected') as rejected,
  sum(state = 'expired') as expired,
  sum(state = 'cancelled') as cancelled,
  sum(state in ('sent', 'draft', 'superseded')) as open,
  ratio(sum(state = 'accepted'), sum(state in ('accepted', 'rejected', 'expired'))) as hit_rate,
  ratio(sum(iif(state = 'accepted', net, 0)), sum(iif(state in ('accepted', 'rejected', 'expired'), net, 0))) as value_hit_rate,
  ratio(sum(discount), sum(gross)) as mean_discount,
  median(took) as median_days
from base {join}
where {date} between :from and :to {where}
{group}
