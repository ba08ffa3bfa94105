-- An opportunity as of the day, for reports: amounts in base currency, its columns called as the
-- dimensions. Archived ones are not in it.
create view deal as
select s.opportunity as id, cast(coalesce(v.survivor, s.customer) as text) as customer, s.owner as owner, u.team as team,
  s.region as region, s.dealer as dealer, s.source as source, s.campaign as campaign, c.kind as kind,
  c.industry as industry, c.size as size, c.level as level, s.pipeline as pipeline, s.stage as stage,
  s.position as place, s.state_type as state_type, s.forecast as forecast,
  to_base(s.amount, s.currency, s.fx_rate) as amount, to_base(s.weighted, s.currency, s.fx_rate) as weighted,
  day(s.created_at) as created_on, s.close_date as close_date, s.closed_on as closed_on, s.entered_at as entered_at,
  s.days_in_stage as days_in_stage, s.idle_days as idle_days, s.rot_days as rot_days, s.last_touch as last_touch,
  s.next_followup as next_followup, s.rotten as rotten, s.furthest_stage as furthest_stage,
  iif(s.state_type = 'lost', o.lost_reason, null) as reason, iif(s.state_type = 'lost', o.lost_to, null) as lost_to,
  o.lead as "lead"
from opportunity_status s
join opportunities o on o.id = s.opportunity
left join survivors v on v.id = s.customer and v.kind = 'customer'
left join customers c on c.id = coalesce(v.survivor, s.customer)
left join users u on u.id = s.owner
where o.archived is not 1;

-- An opportunity under everybody who has a share in it, split as sold lines are. Counts go to each
-- holder.
create view deal_credit as
select * from deal where id not in (select record from opportunity_credits)
union all
select d.id, d.customer, k.user, iif(k.user = d.owner, d.team, (select u.team from users u where u.id = k.user)),
  d.region, d.dealer, d.source, d.campaign, d.kind, d.industry, d.size, d.level, d.pipeline, d.stage, d.place,
  d.state_type, d.forecast, part(d.amount, k.upto, 100) - part(d.amount, k.upto - k.pct, 100),
  part(d.weighted, k.upto, 100) - part(d.weighted, k.upto - k.pct, 100), d.created_on, d.close_date, d.closed_on,
  d.entered_at, d.days_in_stage, d.idle_days, d.rot_days, d.last_touch, d.next_followup, d.rotten, d.furthest_stage,
  d.reason, d.lost_to, d."lead"
from deal d
join (select record, user, pct, sum(pct) over (partition by record order by position) as upto from opportunity_credits) k
  on k.record = d.id
where exists (select 1 from opportunity_credits);

-- A lead as of the day, for reports; its product is the first it means to buy. Archived and merged
-- ones are not in it.
create view inquiry as
select l.id as id, l.owner as owner, u.team as team, l.region as region, l.source as source, l.campaign as campaign,
  l.country as country, l.province as province, l.city as city,
  (select i.product from lead_intents i where i.record = l.id order by i.position limit 1) as product,
  s.state_type as state_type, l.status as status, l.lost_reason as reason, day(l.created_at) as created_on,
  l.closed_on as closed_on, l.state_since as state_since, s.first_touch_at as first_touch_at,
  s.response_due as response_due, s.response_minutes as response_minutes, s.last_touch as last_touch,
  s.owner_since as owner_since, s.idle_days as idle_days, minor(l.budget, l.currency) as budget, l.currency as currency
from leads l join lead_status s on s."lead" = l.id left join users u on u.id = l.owner
where l.archived is not 1 and l.merged_into is null;
