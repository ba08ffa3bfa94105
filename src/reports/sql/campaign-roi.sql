/*---
name = "campaign-roi"
title = "Return on campaigns"
title_zh = "活动回报"
definition = "Facts and costs of the period, the whole life up to as-of unless one is given. sent: messages sent; leads, opps: created; orders, revenue, margin: of sold lines of the campaign as in the report sales (uncosted_net: net without a cost, in no margin); new_customers: customers whose first counted order ever is one of these; cost: the campaign's costs by their day; cost_per_lead, cost_per_order = cost / leads, orders; roi = (margin - cost) / cost. Touch first: the campaign of the record; last: the last campaign of its lead, where there is one. Base currency, without tax; costs at the rate of their day."
definition_zh = "期内的事实与费用，未指定期间时为截至当日的全部。发送：已发送消息；线索、商机：新建；订单、收入、毛利：该活动的销售行，口径同销售额报表（无成本净额不计毛利）；新客户：有史以来首张有效订单属于其中的客户；费用：按日期的活动费用；单条线索费用、单张订单费用 = 费用 ÷ 线索数、订单数；回报率 =（毛利 - 费用）÷ 费用。first：记录本身的活动；last：其线索的最后一次活动（如有）。本位币，不含税；费用按其当日汇率。"
period = "life"
order = "sql"
reads = ["campaign", "lead", "opportunity", "order", "return", "customer", "message"]
dims = ["owner", "team", "region", "dealer", "kind", "industry", "size", "level", "product", "category", "top_category", "country", "province", "city"]
chart = { kind = "bar", y = ["roi"] }
params = [
  { name = "touch", type = "code", codes = ["first", "last"], default = "first", help = "The campaign of the first or the last touch", help_zh = "首次或最后一次触达的活动" },
]
columns = [
  { name = "campaign", type = "ref campaign" },
  { name = "sent", type = "int", label = "Sent", label_zh = "发送" },
  { name = "leads", type = "int", label = "Leads", label_zh = "线索数" },
  { name = "opps", type = "int" },
  { name = "orders", type = "int" },
  { name = "new_customers", type = "int", label = "New customers", label_zh = "新客户" },
  { name = "revenue", type = "money" },
  { name = "margin", type = "money" },
  { name = "cost", type = "money" },
  { name = "uncosted_net", type = "money" },
  { name = "cost_per_lead", type = "money", label = "Cost per lead", label_zh = "单条线索费用" },
  { name = "cost_per_order", type = "money", label = "Cost per order", label_zh = "单张订单费用" },
  { name = "roi", type = "ratio", label = "Return", label_zh = "回报率" },
]
---*/
with reached as (
  select id, iif(:touch = 'last', coalesce(last_campaign, campaign), campaign) as campaign, day(created_at) as day
  from leads where archived is not 1 and merged_into is null and day(created_at) <= as_of()),
deals as (
  select o.id, iif(:touch = 'last', coalesce(r.campaign, o.campaign), o.campaign) as campaign, day(o.created_at) as day
  from opportunities o left join reached r on r.id = o."lead" where o.archived is not 1 and day(o.created_at) <= as_of()),
sold as materialized (
  select iif(:touch = 'last', coalesce(d.campaign, l.campaign), l.campaign) as campaign, l."order" as document,
    l.customer as customer, l.date as date, l.net as net, l.cost as cost, l.returned as returned
  from (
    select campaign, "order", customer, opportunity, date, net, cost, returned from sale_line
    where basis = 'order' {where}) l
  left join deals d on :touch = 'last' and d.id = l.opportunity),
firsts as (select customer, min(date) as first_order from sold where not returned group by customer),
sales as (
  select s.campaign as campaign, count(distinct iif(s.returned, null, s.document)) as orders,
    count(distinct iif(not s.returned and s.date = f.first_order, s.customer, null)) as new_customers,
    sum(s.net) as revenue, sum(s.net - s.cost) as margin, sum(iif(s.cost is null, s.net, 0)) as uncosted_net
  from sold s left join firsts f on f.customer = s.customer
  where s.campaign is not null and s.date between :from and :to group by s.campaign),
facts as (
  select c.id as campaign,
    (select count(*) from messages m where m.campaign = c.id and m.status = 'sent' and day(m.sent_at) between :from and :to
      and day(m.sent_at) <= as_of()) as sent,
    coalesce(r.n, 0) as leads, coalesce(d.n, 0) as opps,
    (select sum(to_base(k.amount, c.currency, rate(c.currency, k.date)))
      from campaign_costs k where k.record = c.id and k.date between :from and :to and k.date <= as_of()) as cost
  from campaigns c
  left join (select campaign, count(*) as n from reached where day between :from and :to group by campaign) r on r.campaign = c.id
  left join (select campaign, count(*) as n from deals where day between :from and :to group by campaign) d on d.campaign = c.id
  where c.archived is not 1)
select f.campaign, f.sent, f.leads, f.opps, coalesce(s.orders, 0) as orders, coalesce(s.new_customers, 0) as new_customers,
  coalesce(s.revenue, 0) as revenue, coalesce(s.margin, 0) as margin, f.cost, coalesce(s.uncosted_net, 0) as uncosted_net,
  ratio(f.cost, f.leads) as cost_per_lead, ratio(f.cost, s.orders) as cost_per_order,
  ratio(coalesce(s.margin, 0) - f.cost, f.cost) as roi
from facts f left join sales s on s.campaign = f.campaign
where f.sent + f.leads + f.opps > 0 or f.cost is not null or s.campaign is not null
order by revenue desc, f.campaign
