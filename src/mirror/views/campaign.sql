-- A campaign: what it cost, whom it wrote to, and what came of it as of the day. Leads,
-- opportunities and customers are those that it brought first; a customer is new to it once there
-- is an order. Costs are in the campaign's currency, revenue in base currency without tax.
create view campaign_status as
select c.id as campaign,
  (select coalesce(sum(k.amount), 0) from campaign_costs k where k.record = c.id and k.date <= as_of()) as cost,
  coalesce(m.sent, 0) as sent, coalesce(l.leads, 0) as leads, coalesce(o.opportunities, 0) as opportunities,
  coalesce(s.orders, 0) as orders, coalesce(s.revenue, 0) as base_revenue, coalesce(n.new_customers, 0) as new_customers
from campaigns c
left join (
  select campaign, count(*) as sent from messages
  where campaign is not null and status = 'sent' and day(sent_at) <= as_of() group by campaign) m on m.campaign = c.id
left join (
  select campaign, count(*) as leads from leads
  where campaign is not null and archived is not 1 and merged_into is null and day(created_at) <= as_of()
  group by campaign) l on l.campaign = c.id
left join (
  select campaign, count(*) as opportunities from opportunities
  where campaign is not null and archived is not 1 and day(created_at) <= as_of() group by campaign) o on o.campaign = c.id
left join (
  select campaign, count(distinct iif(returned, null, "order")) as orders, sum(net) as revenue from sale_line
  where basis = 'order' and campaign is not null group by campaign) s on s.campaign = c.id
left join (
  select x.campaign, count(*) as new_customers from customers x join (
    select distinct customer from sale_line where basis = 'order' and not returned) b on b.customer = x.id
  where x.campaign is not null and x.archived is not 1 and x.merged_into is null group by x.campaign) n on n.campaign = c.id;
