/*---
name = "dashboard"
title = "Dashboard"
title_zh = "经营看板"
definition = "One page of figures, each that of the report named, for the same period, day and holder. Sales: net, margin_pct (sales), orders, aov (order-stats), new_customers (repeat). Targets: attainment, pace (targets of the company, or of the owner or team). Pipeline: n, amount, weighted (pipeline), win_rate, total (forecast), number of stale. Leads: leads, rate (lead-conversion), waiting (response-time). Today: follow-ups due on the day and overdue. Orders: number with something to ship, number of orders-late, otif (on-time). Money: total, overdue (total - current), dso (receivables), received (sales by payments). Stock: number of low-stock. Service: backlog_end (service), resolution_attainment (sla), csat_mean (satisfaction). previous: of the period before, of a running one as many days; states on a day: as they were at its end. change_pct = change / |previous|. With --owner or --team, what cannot be told apart by them is left out."
definition_zh = "一页经营数字，每个数字都取自所注明的报表，期间、日期和归属相同。销售：净额、毛利率（销售额），订单数、客单价（订单统计），新客户（复购）。目标：完成率、进度（公司的目标，或该负责人、团队的目标）。管道：数量、金额、加权金额（销售管道），赢单率，合计（销售预测），被冷落的数量。线索：线索数、转化率（线索转化），等待响应（响应时间）。今日：当日到期和逾期的跟进。订单：待发货的订单数，逾期订单数，准时足量率。资金：应收合计、逾期（合计 - 未到期）、周转天数（应收账款），回款（销售额按收款）。库存：库存不足的产品数。服务：期末积压（服务），解决达成率（SLA），平均分（满意度）。上期：前一期间，进行中的期间取相同天数；某日状态取其期末。变动率 = 变动 ÷ |上期|。使用 --owner 或 --team 时，不能按其区分的不列出。"
period = "month"
then = "dashboard"
reads = ["order", "return", "invoice", "payment", "customer", "product", "target", "opportunity", "pipeline", "lead", "followup", "ticket", "quote", "shipment", "movement", "user", "team", "feedback"]
params = [
  { name = "owner", type = "ref user", help = "Of this owner alone", help_zh = "只看此负责人" },
  { name = "team", type = "ref team", help = "Of this team alone", help_zh = "只看此团队" },
]
columns = [
  { name = "section", type = "code", list = "dashboard_section", label = "Section", label_zh = "板块" },
  { name = "metric", type = "code", list = "dashboard_metric", label = "Metric", label_zh = "指标" },
  { name = "value", type = "dec", label = "Value", label_zh = "值" },
  { name = "previous", type = "dec", label = "Previous", label_zh = "上期" },
  { name = "unit", type = "text", label = "Unit", label_zh = "单位" },
  { name = "change_pct", type = "ratio", label = "Change", label_zh = "变动率" },
  { name = "attainment", type = "ratio", label = "Attainment", label_zh = "完成率" },
  { name = "target", type = "dec", label = "Target", label_zh = "目标" },
]
---*/
-- What no report counts: follow-ups and orders on the day.
select
  (select count(*) from followups f left join users u on u.id = f.owner
    where f.status = 'planned' and f.archived is not 1 and f.due = as_of()
      and (:owner is null or f.owner = :owner) and (:team is null or u.team = :team)) as followups_due,
  (select count(*) from followups f left join users u on u.id = f.owner
    where f.status = 'planned' and f.archived is not 1 and f.due < as_of()
      and (:owner is null or f.owner = :owner) and (:team is null or u.team = :team)) as followups_overdue,
  (select count(distinct l."order") from order_line_status l join orders o on o.id = l."order"
    where l.to_ship > 0 and o.archived is not 1
      and (:owner is null or o.owner = :owner) and (:team is null or o.team = :team)) as to_ship
