/*---
name = "lost-reasons"
title = "Lost reasons"
title_zh = "输单原因"
definition = "Opportunities (or leads) closed in the period that are lost as of the day; a reopened one no longer counts. share_n, share_amount: of all rows; top_competitor: the rival most were lost to. Base currency."
definition_zh = "期内关闭、截至当日为输单的商机（或线索）；重新打开的不再计入。数量占比、金额占比：占全部的比例；主要对手：输给最多次的竞争对手。本位币。"
period = "p12"
measure = "n"
reads = ["opportunity", "lead", "pipeline", "customer", "user", "competitor"]
dims = ["reason", "owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline", "day", "week", "month", "quarter", "half", "year"]
date = "closed_on"
chart = { kind = "pareto", y = ["n"] }
params = [
  { name = "by", type = "dimension", default = "reason" },
  { name = "type", type = "code", codes = ["opportunity", "lead"], default = "opportunity", help = "Opportunities or leads", help_zh = "商机或线索" },
]
columns = [
  { name = "n", type = "int" },
  { name = "amount", type = "money" },
  { name = "share_n", type = "ratio" },
  { name = "share_amount", type = "ratio" },
  { name = "top_competitor", type = "ref competitor" },
]
---*/
with base as (
  select id, reason, owner, team, region, dealer, customer, kind, industry, size, level, source, campaign, pipeline,
    closed_on, amount, lost_to
  from {deals} where :type = 'opportunity' and state_type = 'lost'
  union all
  select id, reason, owner, team, region, null, null, null, null, null, null, source, campaign, null, closed_on, null, null
  from inquiry where :type = 'lead' and state_type = 'lost')
select {dims}
  count(distinct id) as n,
  sum(amount) as amount,
  ratio(count(distinct id), sum(count(distinct id)) over ()) as share_n,
  ratio(sum(amount), sum(sum(amount)) over ()) as share_amount,
  mode(lost_to) as top_competitor
from base {join}
where {date} between :from and :to {where}
{group}
