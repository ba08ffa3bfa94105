/*---
name = "satisfaction"
title = "Satisfaction"
title_zh = "满意度"
definition = "csat: ratings 1 to 5 of tickets by the day they were resolved last, and of feedback by its day; csat_top: share of 4 and 5; rating_rate = rated / tickets resolved. nps: feedback on the scale 0 to 10 by its day: promoters 9 and 10, passives 7 and 8, detractors 0 to 6; nps = 100 x (promoters - detractors) / nps_n. Net Promoter Score after Reichheld."
definition_zh = "csat：工单的 1–5 分评价按最后解决日，反馈按其日期；满意占比：4 分和 5 分的占比；评价率 = 已评价 ÷ 已解决工单。nps：0–10 分反馈按其日期：推荐者 9–10，被动者 7–8，贬损者 0–6；NPS = 100 ×（推荐者 - 贬损者）÷ 人数。净推荐值（Reichheld）。"
period = "p12"
measure = "csat_mean"
reads = ["ticket", "feedback", "customer", "user", "product"]
dims = ["month", "product", "category", "top_category", "assignee", "team", "about", "customer", "region", "level", "industry", "day", "week", "quarter", "half", "year"]
chart = { kind = "line", y = ["csat_mean"] }
params = [
  { name = "by", type = "dimension", default = "month" },
]
columns = [
  { name = "csat_n", type = "int", label = "Ratings", label_zh = "评价数" },
  { name = "resolved", type = "int", label = "Resolved", label_zh = "已解决" },
  { name = "nps_n", type = "int", label = "NPS answers", label_zh = "NPS 人数" },
  { name = "promoters", type = "int", label = "Promoters", label_zh = "推荐者" },
  { name = "passives", type = "int", label = "Passives", label_zh = "被动者" },
  { name = "detractors", type = "int", label = "Detractors", label_zh = "贬损者" },
  { name = "csat_mean", type = "dec", label = "Mean rating", label_zh = "平均分" },
  { name = "nps", type = "dec", label = "NPS", label_zh = "NPS" },
  { name = "csat_top", type = "ratio", label = "Satisfied", label_zh = "满意占比" },
  { name = "rating_rate", type = "ratio", label = "Rated", label_zh = "评价率" },
]
---*/
with base as (
  select resolved_on as date, product, category, top_category, assignee, team, 'service' as about, customer, region, level,
    industry, rating as csat, 1 as done, null as nps
  from ticket_case where resolved_on is not null and status in ('resolved', 'closed')
  union all
  select f.date, f.product, p.category, p.top_category, f.owner, u.team, f.about, c.id, c.region, c.level, c.industry,
    iif(f.scale = 'csat', f.score, null), 0, iif(f.scale = 'nps', f.score, null)
  from feedback f left join products p on p.id = f.product left join users u on u.id = f.owner
  left join contacts k on k.id = f."from" left join customers c on c.id = coalesce(k.customer, f."from")
  where f.archived is not 1 and f.score is not null and f.date <= as_of())
select {dims}
  count(csat) as csat_n,
  sum(done) as resolved,
  count(nps) as nps_n,
  total(nps >= 9) as promoters,
  total(nps between 7 and 8) as passives,
  total(nps <= 6) as detractors,
  avg(csat) as csat_mean,
  100 * ratio(total(nps >= 9) - total(nps <= 6), count(nps)) as nps,
  ratio(total(csat >= 4), count(csat)) as csat_top,
  ratio(total(done and csat is not null), sum(done)) as rating_rate
from base {join}
where {date} between :from and :to {where}
{group}
