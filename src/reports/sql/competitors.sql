/*---
name = "competitors"
title = "Competitors"
title_zh = "竞争对手"
definition = "named: opportunities that name the competitor (among their competitors or as the one they were lost to), closed in the period or open as of the day; won, lost: of those closed; win_rate = won / (won + lost); lost_to: it is the stated winner; open: still running; notes: market notes about it in the period. An opportunity that names two counts for both, so rows do not add up. Base currency."
definition_zh = "提及：提到该对手（列为竞争对手，或输给该对手）且期内关闭或截至当日进行中的商机；赢单、输单：其中已关闭的；赢单率 = 赢单 ÷（赢单 + 输单）；输给：注明输给该对手；进行中：尚未关闭；记录：期内关于该对手的市场记录。提到两个对手的商机各计一次，因此各行不可相加。本位币。"
period = "p12"
order = "sql"
reads = ["opportunity", "pipeline", "competitor", "market_note", "customer", "user"]
dims = ["owner", "team", "region", "dealer", "customer", "kind", "industry", "size", "level", "source", "campaign", "pipeline"]
chart = { kind = "bar", y = ["won", "lost"] }
columns = [
  { name = "competitor", type = "ref competitor" },
  { name = "named", type = "int", label = "Named", label_zh = "提及" },
  { name = "won", type = "int" },
  { name = "lost", type = "int" },
  { name = "lost_to", type = "int", label = "Lost to it", label_zh = "输给" },
  { name = "open", type = "int" },
  { name = "notes", type = "int", label = "Notes", label_zh = "记录" },
  { name = "win_rate", type = "ratio" },
  { name = "lost_to_amount", type = "money", label = "Amount lost to it", label_zh = "输给金额" },
  { name = "open_amount", type = "money", label = "Open amount", label_zh = "进行中金额" },
]
---*/
with base as (
  select d.id as id, d.state_type as state_type, d.amount as amount, d.lost_to as winner
  from {deals} d
  where (d.state_type = 'open' or d.closed_on between :from and :to) {where}),
named as (
  select c.competitor as rival, b.* from base b join opportunity_competitors c on c.record = b.id
  union
  select b.winner, b.* from base b where b.winner is not null),
sums as (
  select rival, count(*) as named, sum(state_type = 'won') as won, sum(state_type = 'lost') as lost,
    sum(rival = winner) as lost_to, sum(state_type = 'open') as running,
    sum(iif(rival = winner, amount, 0)) as lost_to_amount, sum(iif(state_type = 'open', amount, 0)) as open_amount
  from named group by rival),
notes as (
  select competitor, count(*) as n from market_notes
  where archived is not 1 and date between :from and :to and date <= as_of() group by competitor)
select c.id as competitor, coalesce(s.named, 0) as named, coalesce(s.won, 0) as won, coalesce(s.lost, 0) as lost,
  coalesce(s.lost_to, 0) as lost_to, coalesce(s.running, 0) as open, coalesce(n.n, 0) as notes,
  ratio(s.won, s.won + s.lost) as win_rate, coalesce(s.lost_to_amount, 0) as lost_to_amount,
  coalesce(s.open_amount, 0) as open_amount
from competitors c left join sums s on s.rival = c.id left join notes n on n.competitor = c.id
where c.archived is not 1 and (s.named is not null or n.n is not null)
order by named desc, c.id
