/*---
name = "market"
title = "Market notes"
title_zh = "市场动态"
definition = "Market notes by their date; positive, negative: impact above or below 0; mean_impact: of those that have one; latest: text of the newest. mentions: opportunities open at any time in the period that name the competitor of the notes; lost_to: opportunities lost to it in the period."
definition_zh = "按日期统计的市场记录；利好、利空：影响大于或小于 0；平均影响：有影响值的平均；最新：最近一条的内容。提及：期内任何时候进行中且提到这些记录所涉对手的商机；输给：期内输给该对手的商机。"
period = "p12"
measure = "notes"
reads = ["market_note", "opportunity", "competitor", "pipeline", "product", "region"]
dims = ["kind:market_note_kind", "topic", "competitor", "product", "region", "industry", "day", "week", "month", "quarter", "half", "year"]
chart = { kind = "column", y = ["positive", "negative"] }
params = [
  { name = "by", type = "dimension", default = "kind" },
]
columns = [
  { name = "notes", type = "int", label = "Notes", label_zh = "记录" },
  { name = "positive", type = "int", label = "Positive", label_zh = "利好" },
  { name = "negative", type = "int", label = "Negative", label_zh = "利空" },
  { name = "mentions", type = "int", label = "Mentions", label_zh = "提及" },
  { name = "lost_to", type = "int", label = "Lost to it", label_zh = "输给" },
  { name = "mean_impact", type = "dec", label = "Mean impact", label_zh = "平均影响" },
  { name = "latest", type = "text", label = "Latest", label_zh = "最新" },
]
---*/
with base as (
  select m.*, row_number() over (order by m.date, m.created_at, m.id) as place from market_notes m
  where m.archived is not 1 and m.date <= as_of()),
facing as (
  select c.competitor as rival, d.id as deal, 'named' as what from deal d join opportunity_competitors c on c.record = d.id
  where d.created_on <= :to and (d.closed_on is null or d.closed_on >= :from)
  union
  select d.lost_to, d.id, 'lost' from deal d where d.lost_to is not null and d.closed_on between :from and :to
  union
  select d.lost_to, d.id, 'named' from deal d where d.lost_to is not null and d.created_on <= :to and d.closed_on >= :from),
grouped as (
  select {dims} count(*) as notes, total(impact > 0) as positive, total(impact < 0) as negative, avg(impact) as mean_impact,
    max(place) as newest, group_concat(distinct competitor) as rivals
  from base {join}
  where {date} between :from and :to {where}
  {group})
select {names} notes, positive, negative,
  (select count(distinct f.deal) from facing f where f.what = 'named' and instr(',' || rivals || ',', ',' || f.rival || ',')) as mentions,
  (select count(distinct f.deal) from facing f where f.what = 'lost' and instr(',' || rivals || ',', ',' || f.rival || ',')) as lost_to,
  mean_impact, (select b.text from base b where b.place = newest) as latest
from grouped
