### What people call the codes of the lists, first those that mean the same everywhere.

## The same everywhere
code-other = 其他
code-none = 无
code-low = 低
code-normal = 普通
code-high = 高
code-urgent = 紧急
code-email = 邮件
code-sms = 短信
code-wechat = 微信
code-phone = 电话
code-call = 电话
code-visit = 拜访
code-web = 网站
code-notice = 站内通知
code-new = 新建
code-draft = 草稿
code-planned = 计划中
code-active = 启用
code-paused = 已暂停
code-open = 进行中
code-done = 已完成
code-closed = 已关闭
code-cancelled = 已取消
code-sent = 已发送
code-accepted = 已接受
code-rejected = 已拒绝
code-approved = 已批准
code-missed = 已错过
code-failed = 失败
code-unknown = 未知
code-expired = 已过期
code-won = 赢单
code-lost = 输单
code-partial = 部分
code-full = 全部
code-user = 用户
code-customer = 客户
code-contact = 联系人
code-lead = 线索
code-opportunity = 商机
code-quote = 报价单
code-order = 订单
code-shipment = 发货单
code-invoice = 发票
code-payment = 收付款
code-ticket = 工单
code-product = 产品
code-company = 公司
code-person = 个人
code-dealer = 经销商
code-team = 团队
code-region = 区域
code-service = 服务
code-complaint = 投诉

## user_kind, user_status, notify, key_state
code-user-kind--person = 人员
code-user-kind--service = 服务账号
code-user-status--active = 在职
code-user-status--suspended = 已停用
code-user-status--left = 已离职
code-notify--stdout = 终端输出
code-key-state--active = 有效
code-key-state--revoked = 已吊销

## override, reach
code-override--credit-limit = 超出信用额度
code-override--negative-stock = 库存为负
code-override--closed-period = 已关账期间
code-reach--all = 全部
code-reach--team = 本团队
code-reach--own = 本人
code-reach--none = 无

## customer_kind, customer_status, opt_out, address_use
code-customer-kind--company = 企业
code-customer-kind--person = 个人
code-customer-kind--dealer = 经销商
code-customer-status--normal = 正常
code-customer-status--blocked = 已冻结
code-address-use--billing = 开票
code-address-use--shipping = 收货
code-address-use--site = 办公场所

## industry, size, level, price_level
code-industry--manufacturing = 制造业
code-industry--retail = 零售
code-industry--wholesale = 批发
code-industry--logistics = 物流
code-industry--construction = 建筑
code-industry--real-estate = 房地产
code-industry--hospitality = 酒店餐饮
code-industry--education = 教育
code-industry--health = 医疗健康
code-industry--finance = 金融
code-industry--government = 政府机构
code-industry--technology = 科技
code-industry--agriculture = 农业
code-industry--energy = 能源
code-industry--services = 服务业
code-size--1-9 = 1–9 人
code-size--10-49 = 10–49 人
code-size--50-249 = 50–249 人
code-size--250-999 = 250–999 人
code-size--1000plus = 1000 人及以上
code-level--A = A 级
code-level--B = B 级
code-level--C = C 级
code-price-level--retail = 零售价
code-price-level--dealer = 经销商价
code-price-level--vip = VIP 价

## contact_role
code-contact-role--decision-maker = 决策人
code-contact-role--evaluator = 评估人
code-contact-role--influencer = 影响人
code-contact-role--user = 使用人
code-contact-role--finance = 财务

## lead_status, source, lost_reason
code-lead-status--new = 新线索
code-lead-status--contacted = 已联系
code-lead-status--nurture = 培育中
code-lead-status--qualified = 已确认
code-lead-status--converted = 已转化
code-lead-status--unqualified = 不合格
code-lead-status--junk = 垃圾线索
code-source--store = 到店
code-source--referral = 转介绍
code-source--exhibition = 展会
code-source--ad = 广告
code-source--campaign = 营销活动
code-source--partner = 合作伙伴
code-source--import = 导入
code-lost-reason--price = 价格
code-lost-reason--competitor = 竞争对手
code-lost-reason--budget = 预算不足
code-lost-reason--no-need = 无需求
code-lost-reason--missing-feature = 功能不符
code-lost-reason--timing = 时机不合
code-lost-reason--no-decision-maker = 未接触到决策人
code-lost-reason--unreachable = 联系不上
code-lost-reason--poor-fit = 不匹配
code-lost-reason--duplicate = 重复
code-lost-reason--spam = 垃圾信息

## pool_of, segment_of, assignment_of, assignment_method
code-assignment-method--round-robin = 轮流
code-assignment-method--least-busy = 负载最少
code-assignment-method--capacity = 按容量
code-assignment-method--region = 按区域

## stage_type, amount_source, forecast
code-amount-source--manual = 手工填写
code-amount-source--products = 按产品
code-amount-source--quote = 按报价单
code-forecast--pipeline = 在途
code-forecast--best-case = 乐观
code-forecast--commit = 承诺
code-forecast--omitted = 不计入

## followup_kind, followup_status, direction, outcome
code-followup-kind--meeting = 会议
code-followup-kind--demo = 演示（试驾）
code-followup-kind--note = 备注
code-followup-kind--task = 任务
code-direction--out = 我方发起
code-direction--in = 对方发起
code-outcome--connected = 已接通
code-outcome--no-answer = 无人接听
code-outcome--busy = 占线
code-outcome--interested = 有意向
code-outcome--not-interested = 无意向
code-outcome--call-back = 需回电
code-outcome--refused = 拒绝
code-outcome--agreed = 已同意

## message_status, purpose, template_channel
code-message-status--queued = 待发送
code-message-status--claimed = 发送中
code-message-status--failed = 发送失败
code-message-status--unknown = 结果不明
code-message-status--received = 已接收
code-purpose--marketing = 营销
code-purpose--internal = 内部
code-template-channel--document = 打印单据

## campaign_kind, campaign_status
code-campaign-kind--event = 活动
code-campaign-kind--exhibition = 展会
code-campaign-kind--ad = 广告
code-campaign-kind--referral = 转介绍
code-campaign-kind--content = 内容营销
code-campaign-status--active = 进行中
code-campaign-status--done = 已结束

## threat, market_note_kind
code-threat--medium = 中
code-market-note-kind--industry = 行业
code-market-note-kind--competitor = 竞争对手
code-market-note-kind--demand = 需求
code-market-note-kind--policy = 政策
code-market-note-kind--survey = 调研

## feedback_kind, feedback_status, rating_scale, about
code-feedback-kind--praise = 表扬
code-feedback-kind--idea = 建议
code-feedback-kind--bug = 缺陷
code-feedback-kind--rating = 评分
code-feedback-status--new = 新反馈
code-feedback-status--triaged = 已分类
code-feedback-status--planned = 已列入计划
code-feedback-status--declined = 不采纳
code-rating-scale--csat = 满意度（1–5）
code-rating-scale--nps = 推荐度（0–10）
code-about--delivery = 交付
code-about--sales = 销售
code-about--crm = 本系统

## product_kind, product_status, unit, movement_kind
code-product-kind--good = 商品
code-product-status--active = 在售
code-product-status--paused = 暂停销售
code-product-status--discontinued = 已停售
code-unit--piece = 件
code-unit--set = 套
code-unit--box = 箱
code-unit--kg = 千克
code-unit--m = 米
code-unit--m2 = 平方米
code-unit--l = 升
code-unit--hour = 小时
code-unit--day = 天
code-unit--month = 月
code-unit--year = 年
code-movement-kind--opening = 期初
code-movement-kind--receive = 入库
code-movement-kind--issue = 出库
code-movement-kind--adjust = 调整
code-movement-kind--transfer = 调拨
code-movement-kind--count = 盘点

## quote_status, order_status, price_mode, tax_rounding
code-quote-status--superseded = 已被替代
code-order-status--confirmed = 已确认
code-order-status--on-hold = 已挂起
code-price-mode--tax-excl = 不含税
code-price-mode--tax-incl = 含税
code-tax-rounding--line = 按行取整
code-tax-rounding--document = 按单据取整

## return_reason, return_effect, invoice_kind, payment_kind, method
code-return-reason--defective = 质量问题
code-return-reason--wrong-item = 发错货
code-return-reason--damaged = 破损
code-return-reason--not-needed = 不再需要
code-return-reason--late = 交货延迟
code-return-effect--reverse = 退货退款
code-return-effect--replace = 换货
code-invoice-kind--credit-note = 红字发票
code-payment-kind--receipt = 收款
code-payment-kind--refund = 退款
code-payment-kind--transfer = 转账核销
code-payment-kind--write-off = 坏账核销
code-method--bank = 银行转账
code-method--cash = 现金
code-method--card = 刷卡
code-method--wechat-pay = 微信支付
code-method--alipay = 支付宝
code-method--cheque = 支票

## ticket_kind, ticket_channel, severity, ticket_status, cause, remedy
code-ticket-kind--problem = 故障
code-ticket-kind--question = 咨询
code-ticket-kind--return = 退货
code-ticket-kind--warranty = 保修
code-ticket-channel--visit = 到访
code-severity--minor = 轻微
code-severity--major = 较重
code-severity--critical = 严重
code-ticket-status--new = 新工单
code-ticket-status--open = 处理中
code-ticket-status--pending = 挂起
code-ticket-status--resolved = 已解决
code-ticket-status--rejected = 不受理
code-ticket-status--duplicate = 重复
code-cause--defect = 产品缺陷
code-cause--installation = 安装
code-cause--operation = 操作
code-cause--transport = 运输
code-cause--wear = 磨损
code-cause--software = 软件
code-remedy--repair = 维修
code-remedy--replace = 更换
code-remedy--refund = 退款
code-remedy--discount = 折让
code-remedy--explain = 解释说明

## weekday
code-weekday--mon = 星期一
code-weekday--tue = 星期二
code-weekday--wed = 星期三
code-weekday--thu = 星期四
code-weekday--fri = 星期五
code-weekday--sat = 星期六
code-weekday--sun = 星期日

## target_scope, measure, basis
code-measure--qty = 销量
code-measure--amount = 金额
code-measure--margin = 毛利
code-measure--new-customers = 新客户数
code-measure--leads = 线索数
code-measure--visits = 拜访数
code-basis--order = 按订单
code-basis--invoice = 按发票
code-basis--payment = 按回款
code-basis--won = 按赢单

## Derived states
code-prospect = 潜在客户
code-dormant = 休眠
code-life--active = 活跃
code-to-ship-and-bill = 待发货待开票
code-to-ship = 待发货
code-to-bill = 待开票
code-to-pay = 待回款
code-completed = 已完成
code-on-hold = 已挂起
code-confirmed = 已确认
code-not-needed = 无需
code-unpaid = 未回款
code-partly-paid = 部分回款
code-paid = 已回款
code-credit = 贷方余额
code-met = 达标
code-due = 待定
code-response-due = 待响应
code-resolution-due = 待解决
code-fulfilled = 已履行
code-agreement--paused = 已挂起
code-agreement--failed = 未达标
code-resolution-state--paused = 已挂起
code-resolution-state--failed = 未达标
code-response-state--failed = 未达标
code-warranty--in = 保修期内
code-warranty--out = 已过保
code-converted = 已转化
code-unqualified = 不合格
code-overdue = 逾期
code-kept = 保留
code-set = 已设定
code-summed = 汇总
code-no-touch = 未联系
code-close-date-past = 预计成交日已过
code-no-next-step = 无后续跟进
code-bought-together = 同时购买
code-popular = 热销
code-intent = 购买意向
code-replenish = 到期补货
code-cross-sell = 交叉销售
code-win-back = 挽回客户
code-quote-open = 报价待跟进
code-warranty-end = 保修到期
code-hot-lead = 高分线索
code-lost-again = 输单再访

## 线索及其分配与转化

## 公海

## 查重、合并与时间线
code-tax-id = 税号
code-name = 名称相同
code-similar-name = 名称相近
code-domain = 域名
code-street = 街道
code-birthday = 生日
code-city = 城市

## 商机
code-qualification = 初步接触
code-needs = 需求分析
code-proposal = 方案报价
code-negotiation = 商务谈判

## 报价

## 可发送的单据

## 发票、退货与收款

## 推荐

## 目标

## 客群与活动

## The page of figures
code-dashboard-section--sales = 销售
code-dashboard-section--targets = 目标
code-dashboard-section--pipeline = 管道
code-dashboard-section--leads = 线索
code-dashboard-section--today = 今日
code-dashboard-section--orders = 订单
code-dashboard-section--money = 资金
code-dashboard-section--stock = 库存
code-dashboard-section--service = 服务
code-dashboard-metric--net = 销售净额
code-dashboard-metric--margin-pct = 毛利率
code-dashboard-metric--orders = 订单数
code-dashboard-metric--aov = 客单价
code-dashboard-metric--new-customers = 新客户
code-dashboard-metric--attainment = 目标完成率
code-dashboard-metric--pace = 进度
code-dashboard-metric--open = 进行中商机
code-dashboard-metric--open-amount = 进行中金额
code-dashboard-metric--weighted = 加权金额
code-dashboard-metric--win-rate = 赢单率
code-dashboard-metric--forecast = 本期预测
code-dashboard-metric--stale = 被冷落商机
code-dashboard-metric--leads = 新线索
code-dashboard-metric--lead-rate = 线索转化率
code-dashboard-metric--waiting = 待响应线索
code-dashboard-metric--followups-due = 今日跟进
code-dashboard-metric--followups-overdue = 逾期跟进
code-dashboard-metric--to-ship = 待发货订单
code-dashboard-metric--orders-late = 逾期订单
code-dashboard-metric--otif = 准时足量率
code-dashboard-metric--receivable = 应收账款
code-dashboard-metric--receivable-overdue = 逾期应收
code-dashboard-metric--dso = 应收周转天数
code-dashboard-metric--received = 回款
code-dashboard-metric--low-stock = 库存不足产品
code-dashboard-metric--backlog = 工单积压
code-dashboard-metric--resolution-attainment = 按时解决率
code-dashboard-metric--csat-mean = 平均评分
