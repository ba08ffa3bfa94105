-- An opportunity as it was at the end of the as-of day: its tracked fields replayed where that day
-- is past, each being what its first later change changed from.
create view opportunity_then as
select o.id as opportunity, o.rowid as row, o.customer as customer, o.pipeline as pipeline, o.currency as currency,
  o.fx_rate as fx_rate, o.region as region, o.dealer as dealer, o.source as source, o.campaign as campaign,
  o.created_at as created_at,
  case when l.at is null then o.stage else l."from" end as stage,
  case when l.at is null then o.state_since else coalesce(
      (select h.at from history h where h.record = o.id and h.kind = 'opportunity'
         and coalesce(h.field, 'stage') = 'stage' and h.seq < l.seq order by h.seq desc limit 1), o.created_at)
  end as entered_at,
  case when l.at is null then o.closed_on end as closed_on,
  iif(as_of() >= today(), o.amount, iif(a.at is null, o.amount, minor(a."from", o.currency))) as amount,
  iif(as_of() >= today(), o.probability, iif(p.at is null, o.probability, cast(p."from" as integer))) as probability,
  iif(as_of() >= today(), o.forecast, iif(f.at is null, o.forecast, f."from")) as forecast,
  iif(as_of() >= today(), o.close_date, iif(c.at is null, o.close_date, c."from")) as close_date,
  iif(as_of() >= today(), o.owner, iif(w.at is null, o.owner, w."from")) as owner
from opportunities o
left join history l on l.record = o.id and l.kind = 'opportunity' and l.seq = (
  select min(h.seq) from history h where substr(o.state_since, 1, 10) > as_of() and h.record = o.id
    and h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage' and day(h.at) > as_of())
left join history a on as_of() < today() and a.record = o.id and a.kind = 'opportunity' and a.seq = (
  select min(h.seq) from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'amount' and day(h.at) > as_of())
left join history p on as_of() < today() and p.record = o.id and p.kind = 'opportunity' and p.seq = (
  select min(h.seq) from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'probability' and day(h.at) > as_of())
left join history f on as_of() < today() and f.record = o.id and f.kind = 'opportunity' and f.seq = (
  select min(h.seq) from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'forecast' and day(h.at) > as_of())
left join history c on as_of() < today() and c.record = o.id and c.kind = 'opportunity' and c.seq = (
  select min(h.seq) from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'close_date' and day(h.at) > as_of())
left join history w on as_of() < today() and w.record = o.id and w.kind = 'opportunity' and w.seq = (
  select min(h.seq) from history h where h.record = o.id and h.kind = 'opportunity' and h.field = 'owner' and day(h.at) > as_of())
where day(o.created_at) <= as_of();

-- An opportunity: where it stands in its pipeline, what it is worth by its chance, when it was
-- touched last and will be next, and whether it is neglected. A contact about one of its quotes
-- counts as one about it.
create view opportunity_status as
select opportunity, customer, owner, pipeline, stage, position, state_type, amount, currency, fx_rate, forecast,
  close_date, coalesce(closed_on, iif(state_type <> 'open', day(entered_at), null)) as closed_on, region, dealer, source, campaign, created_at, entered_at, rot_days,
  effective_probability, cast(half_up(amount * effective_probability / 100.0, 0) as integer) as weighted,
  cast(julianday(as_of()) - julianday(day(entered_at)) as integer) as days_in_stage,
  cast(julianday(as_of()) - julianday(max(day(entered_at), coalesce(last_touch, ''))) as integer) as idle_days,
  last_open_stage, furthest_stage, last_touch, next_followup,
  state_type = 'open' and (next_followup is null or close_date < as_of()
    or coalesce(julianday(as_of()) - julianday(max(day(entered_at), coalesce(last_touch, ''))) > rot_days, 0)) as rotten
from (
  select t.*, g.position as position, g.rot_days as rot_days, coalesce(g.type, 'open') as state_type,
    case g.type when 'won' then 100 when 'lost' then 0 else coalesce(t.probability, g.probability) end as effective_probability,
    case when coalesce(g.type, 'open') = 'open' then t.stage else (
      select h."from" from history h join pipeline_stages b on b.record = t.pipeline and b.code = h."from" and b.type = 'open'
      where h.record = t.opportunity and h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage'
        and day(h.at) <= as_of() order by h.seq desc limit 1) end as last_open_stage,
    (select b.code from pipeline_stages b where b.record = t.pipeline and b.type <> 'lost'
      and (b.code = t.stage or exists (select 1 from history h where h.record = t.opportunity and h.kind = 'opportunity'
        and coalesce(h.field, 'stage') = 'stage' and day(h.at) <= as_of() and b.code in (h."from", h."to")))
      order by b.position desc limit 1) as furthest_stage,
    (select max(x.at) from (
      select max(day(f.done_at)) as at from followups f
      where f.target in (select t.opportunity union all select q.id from quotes q where q.opportunity = t.opportunity)
        and f.status = 'done' and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
      union all
      select max(day(m.sent_at)) from messages m
      where m.target in (select t.opportunity union all select q.id from quotes q where q.opportunity = t.opportunity)
        and m.status in ('sent', 'received') and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of()) x) as last_touch,
    (select min(f.due) from followups f
      where f.target in (select t.opportunity union all select q.id from quotes q where q.opportunity = t.opportunity)
        and f.status = 'planned') as next_followup
  from opportunity_then t left join pipeline_stages g on g.record = t.pipeline and g.code = t.stage);
