/*---
name = "lead-score"
title = "Lead scores"
title_zh = "线索评分"
definition = "Open leads as of the day, the highest score first. Model rules: the points of the score rules, 0 to 100; reasons: the rules and their points. Model bayes, learnt from the leads closed in the training time: p = won / (won + lost); for each of source, region, campaign, first product, has a phone, has an e-mail, with value v among k values: f = (n(v, won) + 0.1) / (n(won) + 0.1 k), g the same for lost; s = p x product of f, t = (1 - p) x product of g; score = 100 s / (s + t). Fewer than 50 closed leads: none. reasons: the values that move it most, with f / g. Naive Bayes with Lidstone smoothing."
definition_zh = "截至当日未关闭的线索，评分高的在前。rules：评分规则的得分，0 到 100；依据：规则及其得分。bayes：由训练期内关闭的线索学得：p = 赢 ÷（赢 + 输）；对来源、区域、活动、首个意向产品、有无电话、有无邮箱，取值 v、共 k 种取值：f =（n(v, 赢) + 0.1）÷（n(赢) + 0.1 k），g 为输单的同一比率；s = p × f 之积，t =（1 - p）× g 之积；评分 = 100 s ÷（s + t）。关闭线索不足 50 条时为空。依据：影响最大的取值及其 f ÷ g。即带 Lidstone 平滑的朴素贝叶斯。"
period = "as-of"
order = "sql"
reads = ["lead", "score_rule", "followup", "user", "message"]
dims = ["team", "region", "source", "campaign", "product", "country", "province", "city"]
params = [
  { name = "model", type = "code", codes = ["rules", "bayes"], default = "rules", help = "Points of the score rules, or what closed leads teach", help_zh = "按评分规则，或由已关闭的线索学习" },
  { name = "train", type = "window", default = "12m", help = "Time whose closed leads are learnt from", help_zh = "用于学习的关闭线索的时间" },
]
columns = [
  { name = "lead", type = "ref lead" },
  { name = "owner", type = "ref user" },
  { name = "score", type = "dec", label = "Score", label_zh = "评分" },
  { name = "reasons", type = "text", label = "Reasons", label_zh = "依据" },
]
---*/
with asked as (select id, owner from inquiry where state_type = 'open' {where}),
pool as (
  select i.id as id, i.state_type as outcome, i.source as source, i.region as region, i.campaign as campaign,
    i.product as product, l.phone is not null as phone, l.email is not null as email
  from inquiry i join leads l on l.id = i.id
  where :model = 'bayes' and (i.state_type = 'open' or i.closed_on between :train and as_of())),
traits as (
  select id, outcome, 'source' as what, source as value from pool
  union all select id, outcome, 'region', region from pool
  union all select id, outcome, 'campaign', campaign from pool
  union all select id, outcome, 'product', product from pool
  union all select id, outcome, 'phone', phone from pool
  union all select id, outcome, 'email', email from pool),
learnt as (select total(outcome = 'won') as won, total(outcome = 'lost') as lost from pool),
counted as (
  select what, value, total(outcome = 'won') as won, total(outcome = 'lost') as lost from traits group by what, value),
weights as (
  select c.what as what, c.value as value,
    (c.won + 0.1) / (n.won + 0.1 * k.k) as f, (c.lost + 0.1) / (n.lost + 0.1 * k.k) as g
  from counted c join (select what, count(*) as k from counted group by what) k on k.what = c.what join learnt n),
votes as (
  select t.id as id, w.what as what, w.value as value, w.f / w.g as odds,
    row_number() over (partition by t.id order by abs(ln(w.f / w.g)) desc, w.what) as place
  from traits t join weights w on w.what = t.what and w.value is t.value where t.outcome = 'open'),
bayes as (
  select v.id as id,
    case
      when n.won + n.lost < 50 then null
      when n.won = 0 then 0
      when n.lost = 0 then 100
      else 100 / (1 + exp(-sum(ln(v.odds)) - ln(n.won / n.lost)))
    end as score,
    iif(n.won + n.lost < 50, null, group_concat(iif(v.place <= 3,
      v.what || '=' || coalesce(v.value, '') || ' x' || amount(100 * v.odds, 'CNY'), null), ', ' order by v.place)) as reasons
  from votes v join learnt n group by v.id),
rules as (
  select s."lead" as id, group_concat(coalesce(r.name, r.id) || ' ' || iif(s.points > 0, '+', '') || s.points, ', ' order by r."order", r.id) as reasons
  from lead_score_share s join score_rules r on r.id = s.rule
  where :model = 'rules' and s.points <> 0 group by s."lead")
select a.id as "lead", a.owner as owner, iif(:model = 'rules', s.score, b.score) as score,
  iif(:model = 'rules', r.reasons, b.reasons) as reasons
from asked a left join bayes b on b.id = a.id left join rules r on r.id = a.id
left join lead_score s on :model = 'rules' and s."lead" = a.id
order by score desc nulls last, a.id
