-- A contact with a customer or lead: a done follow-up that is not internal, or a message that was
-- sent or received. The customer is that of what it was about.
create view touch as
select t.what, t.record, t.target, t.owner, t.at, t.kind, t.direction, t.outcome, t.campaign,
  cast(coalesce(v.survivor, t.customer) as text) as customer
from (
  select f.*, coalesce(
      (select x.id from customers x where x.id = f.target),
      (select x.customer from contacts x where x.id = f.target),
      (select x.customer from opportunities x where x.id = f.target),
      (select x.customer from orders x where x.id = f.target),
      (select x.customer from quotes x where x.id = f.target),
      (select x.customer from tickets x where x.id = f.target),
      (select x.converted_customer from leads x where x.id = f.target),
      (select x.customer from contacts x where x.id = f.contact)) as customer
  from (
    select 'followup' as what, id as record, target, contact, owner, done_at as at, kind, direction, outcome, campaign
    from followups
    where status = 'done' and not coalesce(internal, kind in ('note', 'task')) and day(done_at) <= as_of()
    union all
    select 'message', id, target, contact, created_by, sent_at, channel, direction, null, campaign
    from messages
    where status in ('sent', 'received') and channel <> 'notice' and purpose <> 'internal' and day(sent_at) <= as_of()) f) t
left join survivors v on v.id = t.customer and v.kind = 'customer';

-- A stay of an opportunity in a stage, from the first to the last.
create view stage_span as
select s.record, s.stage, s.position, s.entered_at, s.left_at, s.next,
  (select g.type from pipeline_stages g where g.record = o.pipeline and g.code = s.stage) as type
from (
  select *, lead(entered_at) over (partition by record order by position) as left_at,
    lead(stage) over (partition by record order by position) as next
  from (
    select o.id as record, 0 as position, case when (select julianday(h.at) from history h
        where h.record = o.id and h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage' order by h.seq limit 1)
        < julianday(o.created_at) then (select h.at from history h
        where h.record = o.id and h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage' order by h.seq limit 1)
      else o.created_at end as entered_at, coalesce(
        (select h."from" from history h where h.record = o.id and h.kind = 'opportunity'
          and coalesce(h.field, 'stage') = 'stage' order by h.seq limit 1), o.stage) as stage
    from opportunities o where day(o.created_at) <= as_of()
    union all
    select h.record, h.seq + 1, h.at, h."to" from history h
    where h.kind = 'opportunity' and coalesce(h.field, 'stage') = 'stage' and day(h.at) <= as_of())) s
join opportunities o on o.id = s.record;

-- A stay of a lead in a state.
create view lead_span as
select *, lead(entered_at) over (partition by record order by position) as left_at,
  lead(state) over (partition by record order by position) as next
from (
  select l.id as record, 0 as position, case when (select julianday(h.at) from history h
        where h.record = l.id and h.kind = 'lead' and coalesce(h.field, 'status') = 'status' order by h.seq limit 1)
        < julianday(l.created_at) then (select h.at from history h
        where h.record = l.id and h.kind = 'lead' and coalesce(h.field, 'status') = 'status' order by h.seq limit 1)
      else l.created_at end as entered_at, coalesce(
      (select h."from" from history h where h.record = l.id and h.kind = 'lead'
        and coalesce(h.field, 'status') = 'status' order by h.seq limit 1), l.status) as state
  from leads l where day(l.created_at) <= as_of()
  union all
  select h.record, h.seq + 1, h.at, h."to" from history h
  where h.kind = 'lead' and coalesce(h.field, 'status') = 'status' and day(h.at) <= as_of());
