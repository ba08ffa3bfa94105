-- What follows from a lead and its contacts, as of the day: done follow-ups that are not internal
-- and messages, on it and on what was merged into it. Moments are those of the contacts.
create view lead_status as
select "lead", created_at, case
    when state in ('new', 'contacted', 'nurture', 'qualified') then 'open'
    when state = 'converted' then 'won'
    else 'lost'
  end as state_type,
  first_touch_at,
  work_plus(created_at, setting('lead.response'), setting('company.calendar')) as response_due,
  work_minutes(created_at, first_touch_at, setting('company.calendar')) as response_minutes,
  cast(julianday(as_of()) - julianday(day(created_at)) as integer) as age_days,
  last_touch, owner_since,
  cast(julianday(as_of()) - julianday(max(day(created_at), coalesce(day(last_touch), ''),
    coalesce(day(owner_since), ''))) as integer) as idle_days
from (
  select l.id as "lead", l.created_at as created_at,
    case
      when day(l.state_since) <= as_of() then l.status
      else coalesce(
        (select h."to" from history h where h.record = l.id and h.kind = 'lead'
           and coalesce(h.field, 'status') = 'status' and day(h.at) <= as_of() order by h.seq desc limit 1),
        (select h."from" from history h where h.record = l.id and h.kind = 'lead'
           and coalesce(h.field, 'status') = 'status' order by h.seq limit 1),
        l.status)
    end as state,
    (select min(at) from (
      select f.done_at as at from followups f
      where f.target in (select l.id union all select s.id from survivors s where s.survivor = l.id and s.kind = 'lead')
        and f.status = 'done' and f.direction = 'out'
        and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
      union all
      select m.sent_at from messages m
      where m.target in (select l.id union all select s.id from survivors s where s.survivor = l.id and s.kind = 'lead')
        and m.status = 'sent' and m.direction = 'out' and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of())) as first_touch_at,
    (select max(at) from (
      select f.done_at as at from followups f
      where f.target in (select l.id union all select s.id from survivors s where s.survivor = l.id and s.kind = 'lead')
        and f.status = 'done' and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
      union all
      select m.sent_at from messages m
      where m.target in (select l.id union all select s.id from survivors s where s.survivor = l.id and s.kind = 'lead')
        and m.status in ('sent', 'received') and m.channel <> 'notice' and m.purpose <> 'internal'
        and day(m.sent_at) <= as_of())) as last_touch,
    (select max(h.at) from history h where h.record = l.id and h.kind = 'lead' and h.field = 'owner'
       and day(h.at) <= as_of()) as owner_since
  from leads l where day(l.created_at) <= as_of());

-- Since when nothing happened with a customer, in days: contacts with it, its contacts and all that
-- is about it, and its orders; and since when the owner has it.
create view customer_idle as
select customer, last_touch, owner_since,
  cast(julianday(as_of()) - julianday(max(created_on, coalesce(last_touch, ''), coalesce(owner_since, '')))
    as integer) as idle_days
from (
  select c.id as customer, day(c.created_at) as created_on,
    (select max(day(h.at)) from history h where h.record = c.id and h.kind = 'customer' and h.field = 'owner'
       and day(h.at) <= as_of()) as owner_since,
    (with own(id) as (
        select c.id union all select s.id from survivors s where s.survivor = c.id and s.kind = 'customer'),
      about(id) as (
        select id from own
        union all select x.id from contacts x where x.customer in (select id from own)
        union all select x.id from opportunities x where x.customer in (select id from own)
        union all select x.id from quotes x where x.customer in (select id from own)
        union all select x.id from orders x where x.customer in (select id from own)
        union all select x.id from tickets x where x.customer in (select id from own)
        union all select x.id from leads x where x.converted_customer in (select id from own))
      select max(on_day) from (
        select day(f.done_at) as on_day from followups f
        where f.target in (select id from about) and f.status = 'done'
          and not coalesce(f.internal, f.kind in ('note', 'task'))
        union all
        select day(m.sent_at) from messages m
        where m.target in (select id from about) and m.status in ('sent', 'received')
          and m.channel <> 'notice' and m.purpose <> 'internal'
        union all
        select o.date from orders o where o.customer in (select id from own))
      where on_day <= as_of()) as last_touch
  from customers c where day(c.created_at) <= as_of());
