-- A stay of a ticket in a state.
create view ticket_span as
select *, lead(entered_at) over (partition by record order by position) as left_at,
  lead(state) over (partition by record order by position) as next
from (
  select t.id as record, 0 as position, t.created_at as entered_at, coalesce(
      (select h."from" from history h where h.record = t.id and h.kind = 'ticket'
        and coalesce(h.field, 'status') = 'status' order by h.seq limit 1), t.status) as state
  from tickets t where day(t.created_at) <= as_of()
  union all
  select h.record, h.seq + 1, h.at, h."to" from history h
  where h.kind = 'ticket' and coalesce(h.field, 'status') = 'status' and day(h.at) <= as_of());

-- A ticket as it was at the end of the as-of day, with its promise: state, priority and agreement
-- are replayed, each being what its first later change changed from.
create view ticket_then as
select b.*, s.calendar as calendar, minutes(p.response) as response_target, minutes(p.resolution) as resolution_target
from (
  select t.id as ticket, t.created_at as created_at, t.customer as customer, t.assignee as assignee,
    coalesce((select h."from" from history h where h.record = t.id and h.kind = 'ticket'
      and coalesce(h.field, 'status') = 'status' and day(h.at) > as_of() order by h.seq limit 1), t.status) as status,
    coalesce((select h.at from history h where h.record = t.id and h.kind = 'ticket'
      and coalesce(h.field, 'status') = 'status' and day(h.at) <= as_of() order by h.seq desc limit 1),
      iif(day(t.state_since) <= as_of(), t.state_since, t.created_at)) as since,
    coalesce((select h."from" from history h where h.record = t.id and h.kind = 'ticket'
      and h.field = 'priority' and day(h.at) > as_of() order by h.seq limit 1), t.priority) as priority,
    iif(exists (select 1 from history h where h.record = t.id and h.kind = 'ticket' and h.field = 'sla' and day(h.at) > as_of()),
      (select h."from" from history h where h.record = t.id and h.kind = 'ticket'
        and h.field = 'sla' and day(h.at) > as_of() order by h.seq limit 1), t.sla) as sla,
    (select min(at) from (
      select f.done_at as at from followups f
      where f.target = t.id and f.status = 'done' and f.direction = 'out'
        and not coalesce(f.internal, f.kind in ('note', 'task')) and day(f.done_at) <= as_of()
      union all
      select m.sent_at from messages m
      where m.target = t.id and m.status = 'sent' and m.direction = 'out' and m.channel <> 'notice'
        and m.purpose <> 'internal' and day(m.sent_at) <= as_of())) as first_response_at,
    coalesce((select max(h.at) from history h where h.record = t.id and h.kind = 'ticket'
      and coalesce(h.field, 'status') = 'status' and h."to" = 'resolved' and day(h.at) <= as_of()),
      iif(t.status in ('resolved', 'closed') and day(t.state_since) <= as_of()
        and not exists (select 1 from history h where h.record = t.id and h.kind = 'ticket'), t.state_since, null)) as resolved_at,
    (select max(h.at) from history h where h.record = t.id and h.kind = 'ticket'
      and coalesce(h.field, 'status') = 'status' and h."to" = 'closed' and day(h.at) <= as_of()) as closed_at,
    (select count(*) from history h where h.record = t.id and h.kind = 'ticket'
      and coalesce(h.field, 'status') = 'status' and h."from" in ('resolved', 'closed') and h."to" = 'open'
      and day(h.at) <= as_of()) as reopens
  from tickets t where day(t.created_at) <= as_of()) b
left join slas s on s.id = b.sla
left join sla_priorities p on p.record = b.sla and p.priority = b.priority;

-- A ticket and its two clocks in working minutes of the promise's calendar, else the company's. The
-- clock of the resolution stands still while it waits, is resolved or closed.
create view ticket_clock as
select ticket, customer, assignee, status, priority, sla, created_at, first_response_at, response_minutes, response_target,
  response_due, response_state, resolved_at, closed_at, reopens, held_minutes, resolution_minutes, resolution_target,
  resolution_due, resolution_state,
  case
    when status in ('rejected', 'duplicate') or response_state is null then null
    when response_state = 'failed' or resolution_state = 'failed' then 'failed'
    when resolution_state = 'paused' then 'paused'
    when response_state = 'due' then 'response_due'
    when resolution_state = 'due' then 'resolution_due'
    else 'fulfilled'
  end as agreement
from (
  select *,
    case
      when response_target is null then null
      when first_response_at is not null then iif(response_minutes <= response_target, 'met', 'failed')
      when julianday(seen_until()) > julianday(response_due) then 'failed'
      else 'due'
    end as response_state,
    case
      when resolution_target is null then null
      when status in ('resolved', 'closed') then iif(resolution_minutes <= resolution_target, 'met', 'failed')
      when status = 'pending' then
        iif(work_minutes(created_at, since, calendar) - held_minutes > resolution_target, 'failed', 'paused')
      when julianday(seen_until()) > julianday(resolution_due) then 'failed'
      else 'due'
    end as resolution_state
  from (
    select *, work_minutes(created_at, first_response_at, calendar) as response_minutes,
      work_plus(created_at, response_target, calendar) as response_due,
      work_minutes(created_at, resolved_at, calendar) - held_before as resolution_minutes,
      iif(status = 'pending', null, work_plus(created_at, resolution_target + held_minutes, calendar)) as resolution_due
    from (
      select ticket, customer, assignee, status, since, priority, sla, created_at, first_response_at, resolved_at, closed_at,
        reopens, response_target, resolution_target, coalesce(calendar, setting('company.calendar')) as calendar,
        (select coalesce(sum(work_minutes(h.at, (
            select n.at from history n where n.record = h.record and n.kind = 'ticket' and coalesce(n.field, 'status') = 'status'
              and n.seq > h.seq and day(n.at) <= as_of() order by n.seq limit 1),
            coalesce(b.calendar, setting('company.calendar')))), 0)
          from history h where h.record = b.ticket and h.kind = 'ticket' and coalesce(h.field, 'status') = 'status'
            and h."to" in ('pending', 'resolved', 'closed')) as held_minutes,
        (select coalesce(sum(work_minutes(h.at, (
            select n.at from history n where n.record = h.record and n.kind = 'ticket' and coalesce(n.field, 'status') = 'status'
              and n.seq > h.seq and julianday(n.at) <= julianday(b.resolved_at) order by n.seq limit 1),
            coalesce(b.calendar, setting('company.calendar')))), 0)
          from history h where h.record = b.ticket and h.kind = 'ticket' and coalesce(h.field, 'status') = 'status'
            and h."to" in ('pending', 'resolved', 'closed')) as held_before
      from ticket_then b)));

-- Whether the unit of a ticket is still under warranty: from the last shipment of its serial number,
-- else of its product on its order. Shipments that were reversed do not count.
create view ticket_warranty as
select ticket, case when until is null then 'unknown' when as_of() <= until then 'in' else 'out' end as warranty,
  until as warranty_until
from (
  select t.id as ticket, coalesce(
      (select max(date(l.date, '+' || p.warranty_months || ' months')) from members m
        join shipment_lines l on l.record = m.record join products p on p.id = l.product
        where m.kind = 'shipment' and m.field = 'lines.serials' and m.value = t.serial and l.sign > 0 and l.date <= as_of()
          and (t.product is null or l.product = t.product)
          and instr(l.serials, ';' || t.serial || ';') > 0
          and not exists (select 1 from shipments r where r.reverses = l.record)),
      (select max(date(l.date, '+' || p.warranty_months || ' months')) from shipment_lines l
        join products p on p.id = l.product
        where l."order" = t."order" and l.product = t.product and l.sign > 0 and l.date <= as_of()
          and not exists (select 1 from shipments r where r.reverses = l.record))) as until
  from tickets t);

-- A ticket for reports, its columns called as the dimensions. Archived ones are not in it.
create view ticket_case as
select k.ticket as id, t.kind as kind, k.priority as priority, t.severity as severity, t.channel as channel, t.cause as cause,
  t.product as product, p.category as category, p.top_category as top_category, k.customer as customer,
  k.assignee as assignee, k.assignee as owner, coalesce(t.team, u.team) as team, c.region as region,
  c.level as level, c.industry as industry, k.status as status,
  day(k.created_at) as created_on, day(k.first_response_at) as answered_on, day(k.resolved_at) as resolved_on, t.cost as cost,
  t.rating as rating, k.response_minutes as response_minutes, k.resolution_minutes as resolution_minutes,
  k.response_state as response_state, k.resolution_state as resolution_state, k.agreement as agreement,
  k.resolution_due as resolution_due, k.reopens as reopens
from tickets t join ticket_clock k on k.ticket = t.id
left join customers c on c.id = t.customer left join users u on u.id = t.assignee left join products p on p.id = t.product
where t.archived is not 1;
