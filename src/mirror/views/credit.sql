-- A sold line under everybody who has a share in it: lines of orders with `credits` once for each
-- holder, split by cumulative rounding so that the shares add up to the line; all others as they
-- are. Counts of documents go to each holder.
create view sale_credit as
select basis, date, document, line, "order", customer, product, category, top_category, owner, team, region, dealer,
  campaign, source, opportunity, qty, list, net, tax, cost, shipping, returned, currency, kind, industry, size, level,
  country, province, city
from sale_line
where "order" is null or "order" not in (select record from order_credits)
union all
select s.basis, s.date, s.document, s.line, s."order", s.customer, s.product, s.category, s.top_category,
  k.user, iif(k.user = s.owner, s.team, (select u.team from users u where u.id = k.user)), s.region, s.dealer,
  s.campaign, s.source, s.opportunity, s.qty * k.pct / 100,
  part(s.list, k.upto, 100) - part(s.list, k.upto - k.pct, 100),
  part(s.net, k.upto, 100) - part(s.net, k.upto - k.pct, 100),
  part(s.tax, k.upto, 100) - part(s.tax, k.upto - k.pct, 100),
  part(s.cost, k.upto, 100) - part(s.cost, k.upto - k.pct, 100),
  part(s.shipping, k.upto, 100) - part(s.shipping, k.upto - k.pct, 100),
  s.returned, s.currency, s.kind, s.industry, s.size, s.level, s.country, s.province, s.city
from sale_line s
join (select record, user, pct, sum(pct) over (partition by record order by position) as upto from order_credits) k
  on k.record = s."order"
where exists (select 1 from order_credits);
