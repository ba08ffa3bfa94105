### What goes wrong, what a command says, and the ways out.

## Words
word-error = 错误
word-hint = 提示
word-warning = 警告
word-yes = 是
word-no = 否
word-total = 合计
word-row = 行
word-rows = 行
word-provenance = 数据来源
hint-legal = 可用：{ $legal }
hint-candidates = 请写得更完整：{ $candidates }
hint-nearest = 也许是 { $candidates }

## What a command says
receipt = { $subject }（{ $commit }）
committed-untold = 已提交，但标准输出无法写入标识：{ $ids }
nothing-changed = 没有变化
dry-run = 将更改 { $count } 条记录；未写入
confirm-remove = 删除 { $records }？
confirm-reopen = 重新在编辑器中打开？
edit-absent = 未填写：{ $fields }
title-log = 提交记录
title-diff = 更改内容
title-todo = 待办：{ $user }
title-stock = 库存
title-check = 已有客户
title-findings = 检查结果
title-search = 搜索：{ $words }
title-reports = 报表
title-runs = 定时报表
title-status = { $user }，{ $day }
check-clean = { $count } 条记录，没有问题
declined = 已取消，未写入
needs-answer = { $question } 需要确认，但无法提问；请加 `{ $flag }`
editor-failed = 编辑器 `{ $editor }` 出错，未写入
initialised = `{ $dir }` 已建为数据库，管理员是 `{ $user }`
without-place-in-calendar = 未导出 { $count } 条既无时间也无日期的跟进
imported = { $noun }：新增 { $made }{ $updated ->
    [0] {""}
   *[other] ，更改 { $updated }
    }{ $unchanged ->
    [0] {""}
   *[other] ，未变 { $unchanged }
    }{ $skipped ->
    [0] {""}
   *[other] ，跳过 { $skipped }
    }{ $besides ->
    [0] {""}
   *[other] ，附带新建 { $besides }
    }{ $rejected ->
    [0] {""}
   *[other] ，拒绝 { $rejected }
    }
demo-there = 示例公司已在 `{ $dir }` 中
demo-next =
    示例公司在 `{ $dir }` 中。接下来可以试试：
      cd { $dir }
      export CRM_USER=li.na        指明操作人；只对一条命令：--as li.na 或 --as admin.liu
      crm status
      crm customer list --where region=north
      crm order list --where progress=to_ship
      crm report sales --by customer --period 2026
      crm log
      crm help
init-role = 管理员
init-pipeline = 销售流程

## The day on one screen
status-followups-overdue = 逾期跟进
status-followups-today = 今日跟进
status-leads-new = 新线索
status-orders-to-ship = 待发货订单
status-orders-late = 延期订单
status-payments-overdue = 逾期未付订单
status-tickets-open = 未结工单
status-hand-edits = 未提交的手工修改

## Progress
progress-mirror = 读取记录
progress-import = 导入
progress-check = 检查

## Values
bad-bool = `{ $value }` 不是 true 或 false
bad-code = `{ $value }` 不是有效代码{ $reason ->
    [length] ：太长
    [form] ：只能用 `a-z`、`0-9` 和 `_`
   *[other] {""}
    }
bad-country = `{ $value }` 不是有效国家
bad-currency = `{ $value }` 不是有效币种
bad-day = `{ $value }` 不是日期，应如 `2026-03-01`
bad-decimal = `{ $value }` { $reason ->
    [decimals] 的小数超过六位
    [range] 太大
    [negative] 不能为负
   *[form] 不是数字
    }
bad-duration = `{ $value }` 不是时长{ $reason ->
    [unit] ：单位不明
    [range] ：太长
   *[form] ，应如 `30m`、`4h`、`2d`
    }
bad-email = `{ $value }` 不是邮箱地址{ $reason ->
    [local] ：`@` 之前有误
    [domain] ：`@` 之后有误
   *[form] {""}
    }
bad-id = `{ $value }` 不是有效标识
bad-instant = `{ $value }` 不是时间，应如 `2026-03-01T09:00:00+08:00`
bad-int = `{ $value }` { $reason ->
    [range] 太大
   *[form] 不是整数
    }
bad-money = `{ $value }` { $reason ->
    [decimals] 的小数位多于该币种
    [range] 太大
    [negative] 不能为负
   *[form] 不是金额
    }
bad-number = `{ $value }` 不是数字
bad-percent = `{ $value }` { $reason ->
    [decimals] 的小数超过六位
    [range] 超出范围
   *[form] 不是百分比
    }
bad-phone = `{ $value }` 不是电话号码
bad-slug = `{ $value }` 不能用作标识{ $reason ->
    [length] ：超过 64 个字符
   *[form] ：只能用字母、数字、`.`、`_` 和 `-`，并以字母或数字开头
    }
bad-text = 文本{ $reason ->
    [lines] 必须为一行
    [control] 含有控制字符
   *[empty] 为空
    }
bad-url = `{ $value }` 不是网址{ $reason ->
    [character] ：含有不允许的字符
    [host] ：主机名有误
   *[scheme] ，应如 `https://example.com`
    }
bad-value = `{ $value }` 不适合字段 `{ $field }`{ $reason ->
    [base] ：本位币的汇率为 1
    [code] ：没有这个代码
    [decimals] ：小数位太多
    [form] ：不是规范写法
    [language] ：只能是 `en` 或 `zh-CN`
    [zone] ：不是时区，应如 `Asia/Shanghai`
    [negative] ：不能为负
    [order-line] ：不是该订单行的产品
    [order] ：顺序不对或有重复
    [range] ：超出范围
    [repeated] ：重复
    [scale] ：小数位数不对
    [seconds] ：只能到整秒
    [type] ：类型不对
    [working-time] ：工作时间只用 `m` 和 `h`
    [zero] ：须大于 0
   *[other] {""}
    }
amount-too-large = 金额太大
empty-value = 字段 `{ $field }` 不能为空
missing-field = 缺少字段 `{ $field }`
price-scale = 单价 `{ $value }` 的小数应为 { $digits } 到 6 位
retired-code = 字段 `{ $field }` 的代码 `{ $value }` 已停用
unknown-code = `{ $value }` 不在 { $legal } 之中
bad-row = `{ $value }` 不能读作 `{ $field }` 的一行
bad-line = `{ $value }` 不能读作明细行{ $reason ->
    [discount] ：折扣有误
    [price] ：单价有误
    [qty] ：数量须为大于 0 的数
    [quoted] ：单价和折扣以报价单为准
   *[form] ，应如 `SKU:2@99.00-10%`
    }

## Dates, filters, fields
ambiguous-date = `{ $value }` 有两种读法
bad-date = `{ $value }` 不是日期
bad-zone = `{ $value }` 不是时区，应如 `Asia/Shanghai`
dates-help = 见 `crm help dates`
end-before-start = 结束 `{ $end }` 早于开始 `{ $start }`
not-a-day = `{ $value }` 不止一天
open-period = `{ $value }` 缺少开始或结束
bad-filter = `{ $value }` 不是筛选条件
bad-element = `{ $value }` 不能是列表中的一项
bad-operator = 该字段不支持 `{ $operator }`
filters-help = 见 `crm help filters`
bad-fields = `{ $value }` 不是字段列表
bad-sort = `{ $value }` 不是排序方式
repeated-field = `{ $value }` 中重复了 `{ $name }`
no-such-view = `{ $noun }` 没有视图 `{ $value }`
view-of-other-type = 视图 `{ $value }` 属于 `{ $of }`，不属于 `{ $noun }`
view-key = `[views.{ $name }]` 不能有 `{ $value }`
unknown-field = 没有声明字段 `{ $field }`
unknown-field-name = `{ $noun }` 没有字段 `{ $value }`
unknown-noun = 没有记录类型 `{ $value }`

## The command line
bad-color = `{ $value }` 不是颜色设置
bad-environment = `{ $value }` 不适合 `{ $name }`
bad-format = `{ $value }` 不是输出格式
bad-labels = `{ $value }` 不是标签设置
bad-language = 本程序不支持语言 `{ $value }`
binary-to-terminal = `{ $format }` 不能输出到终端；请加 `-o FILE`
no-cards = `--format vcf` 只用于客户和联系人，不用于 `{ $value }`
no-calendar = `--format ics` 只用于跟进，不用于 `{ $value }`
missing-argument = `{ $noun }` 需要 `{ $value }`
missing-flag = 需要 `{ $flag }`
unexpected-flag = `{ $verb }` 不接受 `{ $field }`
missing-command = 缺少命令
unknown-command = 没有命令 `{ $value }`
unknown-flag = 这里没有选项 `{ $value }`
unexpected-argument = 多余的参数 `{ $value }`
flag-twice = `{ $flag }` 重复，或不能与其他选项同用
flag-needs-value = `{ $flag }` 需要一个值
bad-flag-value = `{ $value }` 不适合 `{ $flag }`
argument-not-utf8 = 有参数不是 UTF-8
usage-hint = 同一命令加 `--help` 可查看用法
unknown-topic = 没有主题或命令 `{ $value }`
init-needs-identity = git 中没有您的姓名或邮箱；请给出 `{ $flag }`
demo-not-empty = `{ $dir }` 不为空，也不是数据库
no-such-file = 没有符合 `{ $value }` 的文件
bad-glob = `{ $value }` 不是有效的文件模式：{ $reason }
bad-delimiter = `{ $value }` 不能作分隔符：只能是一个字符或 `tab`
not-in-batch = `{ $value }` 不更改记录，不能用在批处理中
unbalanced-quotes = `{ $value }` 中有引号没有闭合
bad-param = `{ $value }` 的写法应为 `NAME=VALUE`
bad-sql = 查询无法执行：{ $reason }
sql-not-read-only = 只允许只读查询
reason-needed = `{ $verb }` 需要 `--reason`
file-error = `{ $path }`：{ $reason }
io-error = { $reason }
mirror-error = 镜像出错：{ $reason }
no-actor = 不知道当前用户是谁
no-actor-hint = 请加 `--as USER`，或设置 `CRM_USER`，或把 git 的 `user.email` 设为某个用户的邮箱
unknown-actor = `{ $value }` 不是本库的用户
inactive-actor = 用户 `{ $value }` 的状态为 { $state }
no-store = 此处及上级目录没有数据库
no-store-hint = 用 `crm init DIR` 新建，或用 `-C DIR`、`CRM_DIR` 指定
if-match = `{ $record }` 的版本是 `{ $found }`，不是 `{ $wanted }`
key-reused = 幂等键 `{ $key }` 已用于另一内容（提交 `{ $commit }`）

## Looking up records
no-such-record = 没有 { $noun } `{ $value }`
ambiguous-record = `{ $value }` 对应 { $count } 条 { $noun } 记录
no-such-row = `{ $record }` 没有行 `{ $value }`
ambiguous-row = `{ $value }` 对应 `{ $record }` 的 { $count } 行
no-such-revision = `{ $value }` 不对应任何提交
before-history = `{ $value }` 时数据库尚不存在

## Files
bad-toml = 无法按 toml 读取：{ $reason }
bad-utf8 = 第 { $offset } 字节不是 utf-8
byte-order-mark = 以字节顺序标记开头
duplicate-slug = 标识 `{ $other }` 已被占用
misplaced-file = `{ $path }` 的位置与其标识不符
newer-format = 数据库格式为 { $format }，比本程序新
record-too-large = 记录太大
carriage-return = 行尾含有回车符
fmt-hint = 用 `crm fmt` 改写为规范格式
unresolved-merge = 此处有未解决的合并冲突
unresolved-merge-hint = `crm conflicts` 列出未决内容，`crm resolve` 裁定；或编辑文件后 `git commit`
bad-custom-field = `crm.toml` 中的 `{ $field }` 不能作为自定义字段
bad-custom-type = `{ $value }` 不是自定义字段 `{ $field }` 可用的类型
bad-working-time = `{ $field }` 的 `{ $value }` 不是工作时间：只能以 `m`（分）和 `h`（小时）计
bad-number-pattern = `{ $field }` 的 `{ $value }` 中没有 `{"{seq:04}"}`

## Import
empty-file = 文件为空
not-csv = 文件不是 csv，看起来像 { $looks }
not-csv-hint = `xlsx` 和 `jsonl` 按文件扩展名识别
broken-quotes = 第 { $line } 行的右引号后有多余内容
unclosed-quote = 第 { $line } 行的引号没有闭合
wrong-field-count = 第 { $line } 行有 { $have } 个字段，应为 { $want } 个
duplicate-header = 有两列都叫 `{ $column }`
unknown-encoding = 没有编码 `{ $value }`
bad-bytes = 第 { $line } 行（字节 { $offset }）不是 { $encoding }
encoding-hint = 中文 Excel 的文件请加 `--encoding gb18030`
rows-in-a-cell = 一个单元格不能包含多行明细
date-not-in-format = `{ $value }` 不是 `{ $format }` 格式的日期

bad-map = 映射文件第 { $line } 行无法读取：{ $reason }
bad-map-entry = 映射文件 `[{ $section }]` 中的 `{ $entry }` 没有对应内容
duplicate-columns = 列 `{ $first }` 与 `{ $second }` 都对应字段 `{ $field }`
unmatched-columns = 列 { $columns } 在 `{ $noun }` 中没有对应字段
unmatched-columns-hint = 用 `--map FILE` 指定其字段或忽略这些列
no-record-column = 没有列说明各行属于哪个 `{ $noun }`
group-by-what = 没有列提供用于分组的字段 `{ $field }`
row-of-rejected-record = 属于第 { $line } 行被拒绝的记录
no-such-line = 没有明细行 `{ $value }`
ambiguous-line = `{ $value }` 对应多个明细行
bad-part = `{ $value }` 不是 `LINE:VALUE` 的形式
already-there = { $noun } `{ $record }` 已存在
bad-json = 第 { $line } 行不是 json：{ $reason }
not-an-object = 第 { $line } 行不是 json 对象
not-cards = 文件中没有 `BEGIN:VCARD`
no-cards-of = 名片只能导入为客户或联系人，不能导入为 `{ $noun }`
bad-card-line = 第 { $line } 行不是 `名称:值` 的形式
card-not-closed = 第 { $line } 行开始的名片没有 `END:VCARD`
card-without-name = 第 { $line } 行开始的名片没有姓名
card-bytes = 第 { $line } 行不是 { $encoding }
line-without-record = `{ $field }` 需要指明所属的 `{ $noun }`
match-by-what = 没有可用于匹配的字段 `{ $field }`
rows-disagree = 此处字段 `{ $field }` 为 `{ $value }`，第 { $line } 行为 `{ $first }`
twice-in-file = 字段 `{ $field }` 的 `{ $value }` 也出现在第 { $line } 行

## Every type
unknown-reference = 字段 `{ $field }` 引用的 `{ $value }` 不存在
wrong-type-reference = `{ $value }` 的类型不适合该字段
reference-cycle = `{ $record }` 的字段 `{ $field }` 形成循环引用
still-referenced = 仍有 { $count } 条记录引用 `{ $record }`
duplicate-key = 幂等键 `{ $value }` 属于 `{ $other }`
duplicate-source-ref = 外部标识 `{ $value }` 属于 `{ $other }`
duplicate-number = 编号 `{ $value }` 属于 `{ $other }`
duplicate-revision = 报价单 `{ $value }` 被修订两次，另见 `{ $other }`
duplicate-value = 字段 `{ $field }` 的 `{ $value }` 属于 `{ $other }`
duplicate-user-email = 邮箱 `{ $value }` 属于用户 `{ $other }`
duplicate-tax-id = 税号 `{ $value }` 属于 `{ $other }`
illegal-move = `{ $record }` 的状态为 `{ $state }`，不能这样变更
move-in-future = `{ $value }` 是将来的时间
move-before-last = `{ $value }` 早于上一次变更 `{ $last }`
broken-history = `{ $field }` 的历史在 `{ $at }` 处不连贯{ $reason ->
    [order] ：顺序不对
    [gap] ：与上一条不衔接
    [state] ：与当前状态不符
    [removed] ：有条目被删除
   *[other] {""}
    }
changed-fact = `{ $record }` 是既成事实，字段 `{ $field }` 不能更改
removed-fact = `{ $record }` 是既成事实，不能删除
reversed-twice = `{ $record }` 会被冲销两次
not-reversible = { $noun } 类型的记录不能冲销
missing-rate = { $on } 没有可用的 { $currency } 汇率
hint-report-rate = 请在 crm.toml 中添加：`[rates.{ $currency }]`，`"{ $on }" = "…"`
hint-rate = 请给出 `--fx-rate`，或在 crm.toml 中添加：`[rates.{ $currency }]`，`"{ $on }" = "…"`

## Customers and contacts
duplicate-phone = 电话 `{ $value }` 已属于 `{ $other_name }`
duplicate-email = 邮箱 `{ $value }` 已属于 `{ $other_name }`
duplicate-name = 名称 `{ $value }` 与 `{ $other_name }` 相同
duplicate-contact = `{ $value }` 也属于同一客户的联系人 `{ $other }`
hint-allow-duplicate = 如确为不同对象，请加 `--allow-duplicate`
primary-contact-twice = 客户 `{ $customer }` 已有首要联系人 `{ $other }`
owner-and-pool = `{ $record }` 既有负责人又在公海
blocked-customer = 客户 `{ $customer }` 已冻结
hint-unblock = 可用 `crm customer unblock { $blocked } --reason …` 解冻
merged-record =
    { $edited ->
        [yes] `{ $record }` 在合并到 `{ $into }` 之后又被修改过
       *[no] `{ $record }` 已合并到另一条记录
    }
merge-into-merged = 要保留的记录自身已被合并
merge-self = 记录不能合并到自身
merge-kind = 两个客户的类型不同；请加 `--prefer kind=ID`
pool-type = 公海 `{ $pool }` 不适用于该记录类型
not-in-pool = `{ $record }` { $pool ->
    [NONE] 不在任何公海中
   *[other] 不在公海 `{ $pool }` 中
    }{ $owner ->
    [NONE] {""}
   *[other] ，由 `{ $owner }` 负责
    }
claim-limit = 领取后今日共 { $have } 条，公海 `{ $pool }` 每日上限为 { $most } 条
hold-limit = 领取后共持有 { $have } 条未关闭的记录，公海 `{ $pool }` 上限为 { $most } 条
reclaim-wait = 原负责人须等待 { $days } 天（至 { $day }）才能再次从公海 `{ $pool }` 领取

## Leads and opportunities
lead-without-name = 线索须有姓名或公司
unreachable-lead = 线索须有电话、邮箱或微信
lost-without-reason = 输单须填原因；原因为 `other` 时须填说明
converted-without-customer = 已转化的线索须有客户
closed-date = 状态 `{ $state }` 与关闭日期不符：仅在赢单或输单时填写
duplicate-lead = `{ $value }` 也属于未结线索 `{ $other }`
lead-is-customer = `{ $value }` 属于客户 `{ $other }`
default-pipeline = 必须恰有一个默认销售流程
pipeline-shape = 销售流程须依次为：进行中阶段、一个概率 100 的赢单阶段、概率 0 的输单阶段
stage-in-use = 阶段 `{ $stage }` 仍有 { $count } 个商机在使用
unknown-stage = 销售流程 `{ $pipeline }` 没有阶段 `{ $stage }`
stage-requirement = 阶段 `{ $stage }` 要求填写字段 `{ $field }`
won-without-amount = 赢单的商机金额须大于 0
wrong-customer = 字段 `{ $field }` 的 `{ $value }` 属于其他客户
credit-split = 业绩分配合计为 { $sum }，应为 100
amount-mismatch = 金额 { $have } 与其来源 { $most } 不符
close-date-past = 预计成交日 `{ $value }` 已过

## Follow-ups, messages, marketing
planned-without-due = 计划中的跟进须有日期
done-without-time = 已完成的跟进须有时间
done-in-future = `{ $value }` 是将来的时间，请改为计划
no-address = 消息没有收件人
no-address-hint = 给联系人或客户填写该渠道的地址，或用 `--to` 指定
opted-out = `{ $other }` 拒收 { $channel } 营销信息
not-active = 营销活动 `{ $campaign }` 的状态为 { $state }，未在进行
campaign-dates = 结束日 `{ $end }` 早于开始日 `{ $start }`
segment-shape = 客群须有条件或成员，二者取其一
competitor-note-without-competitor = 竞争对手类信息须填竞争对手
score-without-scale = 得分须有评分制
param-out-of-range = `{ $value }` 不在 { $min } 到 { $max } 之间
score-range = 得分 { $value } 不在 { $min } 到 { $max } 之间
declined-without-reply = 不采纳的反馈须有答复

## Products and stock
inactive-product = 产品 `{ $product }` 的状态为 { $state }
no-price = 产品 `{ $product }` 在 { $date } 没有 { $currency } 价格；请写 `@PRICE`
serials-need-stock = 启用序列号须管理库存
price-row-overlap = 价格行 `{ $row }` 与 `{ $other }` 同时有效
negative-stock = 仓库 `{ $warehouse }` 在 { $day } 的库存会变为 { $have }
movement-sign = 数量 { $value } 与变动类型 `{ $kind }` 不符
unknown-warehouse = 没有仓库 `{ $value }`
same-warehouse = 调拨的两端不能都是 `{ $value }`
untracked-product = 产品 `{ $product }` 不管理库存
count-mismatch = 盘点数为 { $have }，按现有变动应为 { $most }
serial-count = `{ $product }` 数量 { $most }，却有 { $have } 个序列号
duplicate-serial = `{ $product }` 的序列号 `{ $value }` 重复入库或出库
serial-not-received = `{ $product }` 的序列号 `{ $value }` 尚未入库就已出库

## People
no-admin = 将没有在职用户拥有管理员角色
duplicate-grant = 类型 `{ $value }` 重复授权
unknown-grant-type = 没有可授权的记录类型 `{ $value }`
duplicate-signing-key = 该公钥也属于用户 `{ $other }`
left-with-open-records = `{ $record }` 已离职，仍有 { $have } 条未结记录
left-owner = `{ $record }` 的负责人 `{ $user }` 已离职
inactive-user = 用户 `{ $user }` 的状态为 { $state }
already-assigned = `{ $record }` 已由 `{ $owner }` 负责
hint-reassign = 如要改派，请加 `--reassign`
rule-without-candidates = 规则 `{ $record }` 没有候选人

## Documents
empty-document = `{ $record }` 没有明细
two-discounts = 折扣只能是百分比或金额之一
discount-over-line = 折扣超过了被折扣的金额
discount-over-limit = 折扣 { $have }% 超过上限 { $most }%
hint-approve = 可由有权限的人审批：`crm { $noun } approve { $id }`
sent-document = `{ $record }` 的状态为 { $state }，字段 `{ $field }` 不能更改
confirmed-document = `{ $record }` 的状态为 { $state }，字段 `{ $field }` 不能更改
expired-quote = 报价有效期至 { $value }
hint-accept-expired = 如仍要接受，请加 `--accept-expired`
quote-not-open = 报价单 `{ $record }` 的状态为 { $state }
hint-allow-over = 如确需如此，请加 `--allow-over`
hint-override = 有豁免权 `{ $code }` 的角色可用 `--override --reason` 通过
hint-override-denied = 您的角色没有豁免权 `{ $code }`
over-ordered = `{ $what }` 已订 { $have }，报价仅 { $most }
over-shipped = `{ $line }`：已发 { $have }，应发仅 { $most }
over-billed = `{ $line }`：已开票 { $have }，应开仅 { $most }
over-returned = `{ $line }`：已退 { $have }，发货仅 { $most }
over-cancelled = `{ $line }`：已取消 { $have }，可取消仅 { $most }
over-credited = { $line ->
    [total] {""}
   *[other] `{ $line }`：
    }已冲减 { $have }，开票仅 { $most }
over-paid = 已付 { $have }，应付仅 { $most }
over-allocated = 已核销 { $have }，款项仅 { $most }
over-credit-limit = 客户 `{ $customer }` 将占用信用 { $have }，超过额度 { $most }
credit-due = `{ $line }`：已开票 { $have }，仅应开 { $most }：需开红字发票
order-not-open = 订单 `{ $order }` 的状态为 { $state }{ $fact ->
    [none] ；此操作要求状态为 { $legal }
    [shipped] ，但已有发货
    [billed] ，但已有发票
   *[paid] ，但已有收付款
    }
order-has-facts = `{ $record }` 已有发货、开票或回款
hint-order-has-facts = 请先冲销，或就此关闭：`crm order close { $id }`
payment-plan-sum = 回款计划合计 { $have }，订单为 { $most }
ship-before-order = `{ $value }` 早于订单日期 `{ $ordered }`
nothing-to-ship = `{ $record }` 没有待发货的内容
serial-without-line = 序列号 `{ $value }` 属于本次未发货的明细行 `{ $line }`
total-mismatch = 合计 { $have } 与明细之和 { $most } 不符
credit-without-invoice = 红字发票须指明所冲减的发票
currency-mismatch = `{ $value }` 的币种是 { $currency }，不是 { $own }
transfer-sum = 转账核销各行合计为 { $have }，应为 0
duplicate-payment = `{ $other }` 的客户、日期、金额和凭证号都相同
closed-period = `{ $on }` 属于已关账期间（至 `{ $closed }`）

## Service and targets
resolved-without-resolution = 已解决的工单须填写解决方案
bad-rating = `{ $value }` 不是评分：请用 1（差）到 5（好）
rating-before-resolved = 工单解决后才能评分，当前状态为 { $state }
duplicate-of-duplicate = `{ $of }` 本身也是重复工单
unknown-serial = 序列号 `{ $value }` 从未发货
serial-of-other = 序列号 `{ $value }` 发给了 `{ $customer }`
range-order = `{ $day }` 的 `{ $value }` 不是如 `09:00-12:00` 的时段
range-overlap = `{ $day }` 的 `{ $value }` 与前一时段重叠
empty-week = 工作日历没有工作时段
response-after-resolution = 优先级 `{ $priority }` 的响应时限长于解决时限
priority-missing = 优先级 `{ $priority }` 没有时限
target-without-subject = 除公司目标外须指明目标对象
target-basis = 按回款统计仅适用于全部产品的金额
phasing-sum = 分期比例合计为 { $sum }，应为 100
phasing-length = { $count } 个分期比例与期间不符
duplicate-target = 目标 `{ $other }` 与此相同

## Reports
bad-report = 无法运行报表：{ $reason }
unknown-dimension = 报表 `{ $report }` 没有维度 `{ $value }`
dimension-not-of-payments = 回款不能按 `{ $value }` 分组
bad-window = “{ $value }”不是时长，例如 `12m`、`90d`、`26w`、`2y`
unknown-report = 没有报表 `{ $value }`
reports-clean = { $count ->
    [0] 没有自定义报表
   *[other] { $count } 张自定义报表，没有问题
    }
book-needs-file = 工作簿须写入 xlsx 文件
book-needs-file-hint = 例如 `-o month.xlsx`
schedule-key = `[schedule.{ $name }]`：`{ $key }` 不能是 `{ $value }`
schedule-without = `[schedule.{ $name }]` 没有 `{ $key }`
schedule-flag = `[schedule.{ $name }]`：`--{ $flag }` 不是报表的选项，请用于 `crm report run-all`
period-twice = { $value }：期间与起止日期只能给其一

## Taking back
nothing-to-undo = `{ $user }` 没有可撤销的内容
not-there-then = `{ $value }` 时 `{ $record }` 尚不存在
undo-merge = 提交 `{ $commit }` 是合并，请撤销其所合并的提交
undo-other-file = 提交 `{ $commit }` 更改了非记录文件 `{ $path }`，请用 `git revert`
undo-overwrites = 提交 `{ $commit }` 之后，`{ $path }` 的字段 `{ $field }` 又有更改
undo-referenced = `{ $by }` 的字段 `{ $field }` 引用了 `{ $record }`
undo-dangling = `{ $record }` 引用的 `{ $target }` 已不存在

## The store
store-not-a-store = `{ $path }` 不是数据库
store-not-a-store-hint = 用 `crm init { $path }` 新建
store-already-a-store = `{ $path }` 已经是数据库
store-not-root = `{ $path }` 位于 git 工作区 `{ $root }` 之内
store-not-root-hint = 数据库须是独立仓库的根目录；请选择 `{ $root }` 以外的目录
store-not-owned = `{ $path }` 属于其他系统用户
store-not-owned-hint = 如果信任它：`git config --global --add safe.directory { $path }`
store-bare = `{ $path }` 是裸仓库，没有可更改的文件
store-bare-hint = 用 `git clone { $path } DIR` 克隆后再使用
store-sha256 = `{ $path }` 使用 sha256 对象名，不受支持
store-ref-table = `{ $path }` 的引用存于 reftable，不受支持
store-ref-table-hint = `git refs migrate --ref-format=files`
store-partial-clone = `{ $path }` 是部分克隆，不受支持
store-partial-clone-hint = 不带 `--filter` 重新克隆
store-split-index = `{ $path }` 是拆分索引，不受支持
store-split-index-hint = `git update-index --no-split-index`
store-sparse-index = `{ $path }` 是稀疏索引，不受支持
store-sparse-index-hint = `git sparse-checkout disable`
store-index-damaged = 无法读取 `{ $path }`：{ $what }
store-index-damaged-hint = 删除它并运行 `git reset`
store-index-missing = 分支已有提交，但缺少 `{ $path }`
store-index-missing-hint = 运行 `git reset` 可重建
store-detached = 当前不在任何分支上
store-detached-hint = `git switch BRANCH`
store-wrong-branch = 当前分支是 `{ $current }`，数据库写在 `{ $wanted }` 上
store-wrong-branch-hint = `git switch { $wanted }`
store-unborn = 分支 `{ $branch }` 还没有提交
store-unborn-hint = `crm init` 会创建第一个提交
store-mid-merge = 正在进行 { $what }
store-mid-merge-hint = { $help }
store-index-conflicts = 有未解决的冲突：{ $paths }
store-index-conflicts-hint = `git status` 列出冲突；逐一解决后执行 `git add` 和 `git commit`
store-network-fs = `{ $path }` 在网络文件系统（{ $kind }）上，锁不可靠
store-network-fs-hint = 请克隆到本地磁盘，或加 `--allow-network-fs`
store-read-only = 无法写入 `{ $path }`：{ $source }
store-journal-damaged = 日志 `{ $path }` 已损坏
store-journal-damaged-hint = 未作任何更改；移走日志前请先备份数据库，并与 `git log`、`git status` 核对
store-hand-edit = `{ $path }` 有未提交的更改
store-hand-edit-hint = `crm commit` 提交更改，`git diff { $path }` 查看更改
store-staged-edit = `{ $path }` 有已暂存未提交的更改
store-staged-edit-hint = `crm commit` 提交更改，`git restore --staged { $path }` 取消暂存
store-busy = 另一条命令正在运行：{ $holder }
store-busy-hint = 请稍后重试，或用 `--lock-timeout` 延长等待
store-foreign-index-lock = git 正在运行：`{ $path }` 存在
store-foreign-index-lock-hint = 请稍后重试；如没有 git 在运行，删除 `{ $path }`
store-ref-locked = git 正在移动分支：`{ $path }` 存在
store-ref-locked-hint = 请稍后重试；如没有 git 在运行，删除 `{ $path }`
store-lost-races = 其他写入者 { $attempts } 次抢先
store-lost-races-hint = 请重试
store-unknown = 无法确定提交 `{ $commit }` 是否已进入 `{ $branch }`：{ $cause }
store-unknown-hint = 下一条命令会查清；重复本命令时请加 `--key`
store-not-regular = `{ $path }` 不是普通文件
store-too-large = `{ $path }` 超过 { $limit } 字节
store-bad-path = `{ $path }` 不是数据库内的路径
store-no-such-revision = `{ $rev }` 不对应任何提交
store-signing-failed = 提交签名失败：{ $why }
store-signing-failed-hint = 请检查 git 的 `user.signingkey` 和 `gpg.format`
store-io = `{ $path }`：{ $source }
store-git = git 无法 { $doing }：{ $source }

## 线索及其分配与转化
hint-convert-into = `--customer ID` 转入已有客户；确为不同对象时用 `--allow-duplicate`
converted-otherwise = `{ $record }` 已经转化，其 { $noun } 为{ $became ->
    [none] 空
   *[other] {" "}`{ $became }`
    }
convert-too-early = `{ $record }` 的状态为 `{ $state }`；只有 { $states } 的线索可以转化
customer-needed = 线索转化后必有客户；请指定客户或写 `new`
contact-without-name = 联系人须有姓名，而该线索没有
opportunity-closed = 商机已关闭：`{ $stage }`

to-or-auto = `{ $verb }` 需要 `--to 用户` 或 `--auto` 之一
unassigned-no-rule = 未分派 `{ $record }`（{ $id }）：没有匹配的分派规则
unassigned-nobody = 未分派 `{ $record }`（{ $id }）：规则 `{ $rule }` { $why ->
    [capacity] 的候选人都已达到容量上限
    [region] 没有负责该区域的候选人
    [weight] 没有 `assign_weight` 大于 0 的候选人
   *[other] 没有在职且今天在岗的候选人
    }
unassigned-closed = 未分派 `{ $record }`（{ $id }）：状态为 { $state }
unassigned-more = 另有 { $count } 条未分派
notice-assigned-subject = 新线索：{ $record }
notice-assigned = 线索 { $record }（{ $id }）已分派给您
title-score = 评分
score-of-score = `{ $value }`：评分不能取决于自身

## 公海

title-pool = 公海
pool-not-yours = 公海 `{ $pool }` 只对 { $teams } 开放
not-yours-to-release = { $owner ->
    [NONE] `{ $record }` 无人负责，只有管理员可以放入公海
   *[other] `{ $record }` 由 `{ $owner }` 负责，只有负责人、其主管或管理员可以放回公海
    }
release-closed = `{ $record }` 的状态为 { $state }，只有未关闭的记录可以放入公海
no-pool-takes-it = 没有公海接收 `{ $record }`
no-pool-takes-it-hint = `crm pool list --fields id,order,when` 显示各公海的接收条件
notice-pool-subject = { $record } 将于 { $day } 回到公海
notice-pool = { $record }（{ $id }）如无跟进，将于 { $day } 回到公海 { $pool }

## 查重、合并与时间线
merge-converted = `{ $record }` 已转化，不能并入未转化的线索；请保留它、并入另一条
distinct-self = `{ $record }` 不能与自身不同
bad-prefer = `{ $value }` 未说明字段取自哪条记录，写法为 FIELD=ID
cannot-prefer = { $noun } 的字段 `{ $field }` 不能指定取自哪条记录
prefer-other = `{ $record }` 不在合并的记录之列，`{ $field }` 不能取自它
bad-score = `{ $value }` 不是分数：应为 1 到 { $most }
too-many-pairs = 不低于 { $value } 分的记录对超过 { $count } 对；请用 `--where` 缩小范围，或提高 `--min-score`
dedupe-crowd = { $count } 条记录有一处相同（{ $reason }）：每条只与拟保留者成对列出
title-dedupe = 疑似重复
title-timeline = 动态
unknown-section = { $noun } 没有可一并显示的 `{ $value }`
title-bought = 购买产品
title-subsidiaries = 下级客户

## 商机
hint-closing-verb = `{ $to }` 会结束销售：请用 `crm opp win { $id }` 或 `crm opp lose { $id }`；进行中的阶段有 { $legal }
quotes-left-open = 以下 { $count } 份报价保持不变：{ $names }
followups-left-planned = 以下 { $count } 项跟进仍在计划中：{ $names }
quote-of-other = 报价 `{ $record }` 属于另一商机 `{ $opportunity }`
title-board = 各阶段商机
title-stays = 阶段停留时间
board-stage = { $stage } · { $count }
board-weighted = { $probability } % = { $amount }
board-days = { $days } 天
board-lately = 赢单和输单：自 { $day } 起结束的商机

## 报价
hint-revise = 可以新建一个修订版：`crm quote revise { $id }`
quote-without-opportunity = 报价 `{ $record }` 没有可赢单的商机

## 可发送的单据
retry-unknown = `{ $record }` 是营销信息，可能已经送达。仍要重新发送吗？
page-quote = 报价单
page-order = 订单确认书
page-invoice = 商业发票
page-credit-note = 贷项通知单
page-seller = 卖方
page-buyer = 买方
page-number = 编号
page-revision = 版本
page-date = 日期
page-valid-until = 有效期至
page-delivery = 承诺交期
page-due = 付款到期日
page-against = 冲减单据
page-against-value = { $number }（{ $day }）
page-quote-number = 报价单号
page-order-number = 订单号
page-customer-ref = 贵方订单号
page-fapiao = 税务发票号码
page-currency = 币种
page-prices = 价格
page-prices-excl = 不含税
page-prices-incl = 含税
page-phone = 电话
page-email = 邮箱
page-website = 网址
page-tax-id = 税号
page-contact = 业务联系人
page-attention = 联系人
page-ship-to = 收货地址
page-bank = 开户行
page-bank-account = 账号
page-column-position = 序号
page-column-sku = 货号
page-column-name = 品名及说明
page-column-qty = 数量
page-column-unit = 单位
page-column-list-excl = 目录价（不含税）
page-column-list-incl = 目录价（含税）
page-column-price-excl = 单价（不含税）
page-column-price-incl = 单价（含税）
page-column-discount = 折扣
page-column-rate = 税率
page-column-tax = 税额
page-column-amount-excl = 金额（不含税）
page-column-amount-incl = 金额（含税）
page-other-lines = 其他
page-section-sum = 小计：{ $group }
page-line-due = 承诺交期 { $day }
page-line-cancelled = 其中已取消：{ $qty }
page-subtotal = 小计
page-discount = 折扣
page-discount-of = 折扣 { $pct }%
page-shipping = 运费
page-net = 不含税合计
page-tax = 税额 { $rate }%（计税金额 { $net }）
page-contained-net = 其中不含税金额
page-contained-tax = 其中税额 { $rate }%（不含税金额 { $net }）
page-total = 价税合计
page-total-credit = 冲减价税合计
page-total-before = 取消前价税合计
page-cancelled = 已取消
page-total-left = 价税合计
page-credited = 已冲减
page-paid = 已付
page-outstanding = 截至 { $day } 未付
page-in-credit = 截至 { $day } 贵方余额
page-in-words = 大写金额
page-payment = 付款
page-payment-terms = 付款条件
page-payment-within = 开票后 { $count } 天内付款
page-payment-at-once = 见票即付
page-plan = 付款计划
page-plan-due = 到期日
page-plan-amount = 金额
page-plan-note = 说明
page-terms = 条款
page-sign-seller = 卖方（盖章）：{ $name }
page-sign-buyer = 买方确认（盖章）：{ $name }
page-signed-on = 日期及签字
page-mark-draft = 草稿
page-mark-draft-quote = 尚未发出，价格和条款可能变更。
page-mark-draft-order = 尚未确认。
page-mark-held = 已挂起
page-mark-held-order = 本订单暂停发货。
page-mark-cancelled = 已取消
page-mark-cancelled-quote = 本报价已作废。
page-mark-cancelled-order = 本订单已取消。
page-mark-rejected = 已拒绝
page-mark-rejected-quote = 客户未接受本报价。
page-mark-superseded = 已被替代
page-mark-superseded-quote = 本报价已被新版本替代。
page-mark-superseded-by = 本报价已被第 { $revision } 版替代。
page-mark-expired = 已过期
page-mark-expired-quote = 有效期已于 { $day } 截止。
not-a-document = `{ $flag }` 只用于打印单据：报价单、订单、发票，配合 `--format html`、`md` 或 `xlsx`，且不带 `--fields`
template-of-other-channel = 模板 `{ $record }` 用于 `{ $channel }`，不能用于 `{ $wanted }`
bad-variable = `{ $value }` 不是 `名称=值`
bad-placeholder = { $reason ->
    [open] 第 { $line } 行的 `{ $value }` 没有结尾：占位符写作 `{"{{"}名称{"}}"}`
    [logic] 第 { $line } 行的 `{ $value }`：模板只有占位符，没有条件和循环
   *[name] 第 { $line } 行的 `{ $value }` 不是占位符：应写作 `{"{{"}customer.name{"}}"}`，带默认值时写作 `{"{{"}contact.title|无{"}}"}`
}
unknown-variable = { $kind ->
    [empty] 模板 `{ $record }`：此处为空且没有默认值：`{ $empty }`
    [both] 模板 `{ $record }`：没有这些名称：`{ $unknown }`；此处为空且没有默认值：`{ $empty }`
   *[unknown] 模板 `{ $record }`：没有这些名称：`{ $unknown }`
}
unknown-variable-hint = 名称以记录类型、`customer`、`contact`、`owner`、`company` 或 `var`（由 `--var` 给出）开头；默认值写在竖线之后：`{"{{"}contact.title|{"}}"}`

## 发票、退货与收款
delivered-before-shipped = `{ $record }` 于 { $shipped } 发出，晚于 { $value }
paid-credit-note = `{ $value }` 是红字发票，不能收付款
hint-paid-credit-note = 款项应记在它所冲减的发票上：{ $invoice }
hint-order-lines = `crm order show { $id }` 可查看各行的未完成数量
nothing-to-bill = `{ $record }` 没有待开票的内容
nothing-to-credit = `{ $record }` 没有可冲减的内容
nothing-to-refund = `{ $record }` 冲减的部分尚未收款，无款可退
credit-of-credit-note = `{ $record }` 本身就是红字发票
return-of-other-order = 退货 `{ $value }` 不属于 `{ $record }` 的订单
credit-for-replacement = 换货不影响销售，无需冲减
serial-not-with-customer = 明细行 `{ $line }` 的序列号 `{ $value }` 不在 `{ $record }` 的客户手中
auto-of-no-receipt = 只有收款和核销可自动分配；这是 { $kind }
bad-target = `{ $value }` 不是 `单据:金额` 的形式

## 推荐
title-recommend = 推荐
why-intent = { $record } 有购买意向，自 { $on } 起未下单
why-bought-together = 含 { $product } 的 { $most } 张订单中有 { $have } 张同时购买
why-popular = 同类客户（{ $group }）12 个月内购买 { $have }

## 目标
measure-not-by = 指标 `{ $measure }` 不能按 { $by } 统计
nothing-to-split = `{ $record }` 不能按 { $by } 拆分：没有可拆分的部分
split-twice = `{ $value }` 给出了两次
bad-share = `{ $value }` 不是份额，应如 `li.na=60`
not-in-period = `{ $value }` 不是该目标期间内的月份
hint-target-revise = 已批准的目标用 `crm target revise` 改值
children-sum = 下级目标合计 { $have }，本目标为 { $most }
hint-shares = 用 `--shares` 指定各部分

## 客群与活动
nothing-to-freeze = 客群 `{ $record }` 目前没有成员
feedback-without-customer = 反馈 `{ $record }` 不是客户提出的
title-members = { $record } 的成员
title-audience = { $record } 的触达对象：{ $have } 个，其中 { $most } 个已退订

## 导出到其他引擎
exported-all = 已导出 { $count } 张表、{ $rows } 行到 { $target }，新写或更新 { $made } 个文件
exported-same = { $target } 已是这 { $count } 张表、{ $rows } 行，无需改动
export-dry-run = 试运行：将导出 { $count } 张表、{ $rows } 行到 { $target }
export-uncommitted = 其中 { $count } 条记录按工作区文件导出，与提交中的不同
export-not-ours = `{ $path }` 已存在，且不是以前的导出
export-not-ours-hint = 请选择新的或空的位置；`--force` 会覆盖同名文件
not-built-in = 当前程序编译时未启用 { $what }
not-built-in-hint = 请启用后重新编译：`cargo build --release --features { $feature }`
export-in-use = `{ $path }` 正在使用：旁边有日志文件
unknown-param = 查询中没有参数 `:{ $value }`
missing-param = 查询缺少 `{ $value }` 的值：`--param { $name }=VALUE`
sql-several = 一次只能运行一条查询：第一条之后还有内容

## 图表
chart-largest = 共 { $all } 项，仅显示最大的 { $shown } 项
chart-latest = 共 { $all } 项，仅显示最后 { $shown } 项
chart-first = 共 { $all } 项，仅显示前 { $shown } 项
chart-rest = ；其余合计 { $rest }
chart-others = 其他
chart-empty = 没有可绘制的数值
chart-not-table = `--chart` 只在表格输出中绘图，不能与 `{ $format }` 同用
no-chart = `{ $value }` 没有可绘制的图表
no-chart-hint = 报表带有图表：`crm report list`
chart-of-unknown-kind = 没有 `{ $value }` 这种图表
chart-without-column = 图表需要 `{ $value }` 列，而结果中没有该列
chart-without-numbers = 无法绘制图表：`{ $value }` 列不是数值

## 推送到 PostgreSQL
pushed = 模式 { $schema } 中已有 { $count } 张表，其中新建或更新 { $changed } 张
pushed-same = 模式 { $schema } 中的 { $count } 张表已是最新，无需改动
push-dry-run = 试运行：模式 { $schema } 的 { $count } 张表中将有 { $changed } 张变动
push-failed = PostgreSQL：{ $reason }
push-unencrypted = 连接不加密，而该数据库在另一台机器上
push-unencrypted-hint = 请使用隧道或本机套接字；若网络可信，在地址后加 `?sslmode=disable`
bad-database-url = 这不是有效的数据库地址
bad-database-url-hint = 写法：postgres://USER@HOST:PORT/NAME；本机套接字：postgres:///NAME?host=/var/run/postgresql；密码请放在 PGPASSWORD 中
push-loaded = 已载入
push-refreshed = 已更新
push-unchanged = 无变化
push-removed = 已删除
field-push-table = 数据表
field-push-rows = 写入行数
field-push-effect = 处理结果
trust-nothing = crm.toml 没有指定程序或需要密码的服务器
trust-question = 在本副本中允许这些？
trusted = 已在本副本中允许 { $count } 项设置
not-trusted = `crm.toml` 指定了本副本尚未允许的程序或服务器：{ $keys }
hint-trust = 查看并允许：`crm trust`
outbox-elsewhere = 本库由节点 `{ $node }` 发送；本副本的 `git config crm.node` 为 `{ $here }`
outbox-running = 另一个进程正在发送
outbox-nothing = 没有要发送的消息
outbox-crashed = 发送进程在得到答复之前中断
outbox-no-way = { $channel }：`crm.toml` 没有指定发送方式，排队的消息继续等待
outbox-too-long = 超过 { $most } 个字
outbox-enough = 已达到一次运行可发的短信数，其余等下次
bad-setting = `{ $field }` 的 `{ $value }` 没有意义
insecure-server = `{ $value }` 不使用 TLS，只允许用于本机
password-in-settings = 写在 `crm.toml` 里的密码会出现在每个副本中；请用 secret_env、secret_file 或 secret_command 指定
no-secret = `{ $key }` 没有给出密码：{ $reason }
bad-header = `{ $value }` 含有控制字符，邮件头不允许
bad-mail = 无法作为邮件发送：{ $reason }
no-sender = 没有发件地址；请设置 [send.email] 的 from
campaign-without-template = 活动没有模板
campaign-without-segments = 活动没有客户群
campaign-queued = { $count ->
        [0] 没有可发送的对象
       *[other] { $count } 条消息已排队
    }
campaign-skipped-again = { $count } 个此前已发送
campaign-skipped-address = { $count } 个没有地址
campaign-skipped-opted-out = { $count } 个已退订
campaign-skipped-shared = { $count } 个与他人共用地址
campaign-skipped-incomplete = { $count } 个缺少模板所需的内容
mail-too-large = `{ $path }` 超过 25 MB
not-a-mail = `{ $path }` 不是有发件人的邮件
unknown-writer = 没有人的地址是 `{ $value }`
unknown-writer-hint = 用 `--target RECORD` 指明相关记录，或先添加联系人或线索
remind-nothing = 没有要提醒的事项
remind-subject = 提醒：{ $what }
remind-digest-subject = { $day }：{ $count } 条提醒
remind-line = { $when }  { $what }（{ $record }）
remind-kind-followup = 跟进
remind-kind-quote-expiring = 报价将过期
remind-kind-opportunity-rotten = 被冷落的商机
remind-kind-order-due = 承诺交货
remind-kind-payment-due = 应收到期
remind-kind-sla = 工单时限
remind-kind-birthday = 生日
status-leads-unassigned = 无负责人的线索
status-tickets-breaching = 已超时或明日前到期的工单
status-tickets-unassigned = 无处理人的工单
status-opportunities-stuck = 被冷落的商机
status-quotes-expiring = 一周内过期的报价
status-messages-stuck = 失败或结果不明的消息
status-feedback-new = 新反馈
calling = { $name }：
call-summary = 谈了什么？（留空则不记录）
call-outcome = 结果？（connected、no_answer、busy、interested……）
no-phone = `{ $record }` 及相关记录都没有电话
title-outbox = 发件箱
title-remind = 提醒
title-conflicts = 未决的冲突
merge-driver-installed = git 现在逐字段合并本副本的记录
no-such-conflict = { $field ->
        [none] `{ $record }` 没有未决内容
       *[other] `{ $record }` 的 `{ $field }` 不是未决字段
    }
bad-decision = 此值不适合 `{ $field }`
resolve-done = 已全部解决；用 `git commit --no-edit` 完成合并，然后 `crm check`
resolve-left = 还有 { $count } 项未决：`crm conflicts`
outbox-no-node = 本库有其他副本，但没有指定发送节点：请设置 [send] 的 `node`，并在那一个副本中执行 `git config crm.node`
doctor-git = git 程序
doctor-mend-git = 安装 git
doctor-objects = 对象和历史
doctor-mend-objects = `git fsck --full`；取一份完好的副本或备份
doctor-durable = git 自身写入持久
doctor-mend-durable = `crm doctor --fix-git`
doctor-driver = 逐字段合并
doctor-mend-driver = `crm doctor --fix-git`
doctor-attributes = 属性文件
doctor-mend-attributes = `git checkout HEAD -- .gitattributes`
doctor-path = PATH 中的 crm
doctor-mend-path = 把其所在目录加入 PATH，否则 git 按文本合并记录
doctor-who = 操作人
doctor-mend-who = `crm whoami` 会说明缺什么
doctor-journal = 中断的命令
doctor-mend-journal = 下一条写入命令会完成它
doctor-index = git 索引锁
doctor-mend-index = 结束正在运行的 git；没有时删除 .git/index.lock
doctor-merge = 进行中的合并
doctor-mend-merge = `crm conflicts`、`crm resolve`、`git commit`
doctor-clock = 时钟
doctor-mend-clock = 请校准：最近的提交在未来
doctor-readable = 所有记录可读
doctor-mend-readable = `crm check`
doctor-mirror = 镜像
doctor-mend-mirror = 运行 `crm maintain`，并使 .git/crm 可写，否则列表很慢
doctor-node = 发送节点
doctor-mend-node = 指定一个副本：[send] 的 `node`，并在那里设置 `git config crm.node`
doctor-trust = 程序和服务器已允许
doctor-mend-trust = 查看：`crm trust`
doctor-outbox = 等待超过一天的消息
doctor-mend-outbox = 用 cron 运行 `crm outbox run`
doctor-state-ok = 正常
doctor-state-note = 注意
doctor-state-wrong = 有误
title-doctor = 本副本
resolve-set-aside = 原有文件已保留：{ $path }

## Rights
no-grant = { $deed ->
    [create] { $user } 的角色（{ $roles }）都不允许新建 { $noun } { $record }
    [read] { $user } 的角色（{ $roles }）都不允许查看 { $noun } { $record }
    [edit] { $user } 的角色（{ $roles }）都不允许修改 { $noun } { $record }
   *[remove] { $user } 的角色（{ $roles }）都不允许删除 { $noun } { $record }
}
not-yours = { $deed ->
    [read] { $noun } { $record } 不在 { $user } 的角色（{ $roles }）可查看的范围内
    [edit] { $noun } { $record } 不在 { $user } 的角色（{ $roles }）可修改的范围内
   *[remove] { $noun } { $record } 不在 { $user } 的角色（{ $roles }）可删除的范围内
}
no-assign = { $user } 的角色（{ $roles }）不允许把 { $noun } { $record } 转给他人，也不允许从他人名下取走
denied-verb = { $user } 的角色（{ $roles }）禁止对 { $noun } { $record } 执行 `{ $verb }`
hidden-field = { $user } 的角色（{ $roles }）看不到 { $noun } { $record } 的 `{ $field }`，因此也不能填写
readonly-field = { $user } 的角色（{ $roles }）只能查看 { $noun } { $record } 的 `{ $field }`，不能修改
needs-admin = { $field ->
    [none] { $noun } { $record } 只有管理员才能改；{ $user } 的角色：{ $roles }
   *[other] { $noun } { $record } 的 `{ $field }` 只有管理员才能改；{ $user } 的角色：{ $roles }
}
bulk-limit = { $user } 的一条命令最多改 { $most } 条记录，这条命令要改 { $have } 条
no-export = { $user } 的角色（{ $roles }）都不允许导出
hint-denied = `crm user can { $user } …` 可以查看允许做什么；角色由管理员用 `crm role set` 和 `crm role grant` 调整
not-admin = { $user } 的角色（{ $roles }）都不是管理员
no-such-action = { $noun } 记录没有 `{ $value }` 这种操作
work-left = `{ $record }` 名下还有未完成的工作；请用 `--to USER` 指定接手人
column-can-user = 用户
column-can-action = 操作
column-can-type = 类型
column-can-record = 记录
column-can-allowed = 是否允许
column-can-reach = 范围
column-can-role = 依据角色
column-can-because = 原因

## The gate
gate-odd = 该提交不是 git 的正常写法：{ $reason ->
    [header] 头部有未知、缺失、重复或次序不对的行
    [text] 不是 UTF-8、含有 NUL，或指定了其他编码
    [person] 作者或提交者的行格式不对
   *[tree] 某个目录损坏、未排序，或有重名
}
gate-root = 历史的起点不对（应为 { $wanted }，实为 { $found }）
gate-merge = 这是合并提交：启用门禁后，历史必须是一条直线，每个提交只有一个父提交
gate-path = 数据库里不允许有这个文件名
gate-mode = 只接受普通文件：不接受链接、可执行文件和嵌套仓库
gate-size = 文件超过 1 MiB
gate-text = 文件不是纯 UTF-8 文本
gate-attributes = `.gitattributes` 只能与本程序写的一致
gate-version = 该数据库要求 crm { $wanted } 或更新版本来审核；当前为 { $found }
gate-unsigned = 该提交没有签名
gate-signature = 签名无效：{ $reason ->
    [form] 不是 ssh 签名
    [kind] 密钥种类不被接受
    [namespace] 签名用途不符
   *[bad] 签的不是这个提交
}
gate-unknown-key = 该提交由 { $key } 签名，这不是任何用户的有效密钥
gate-future = { $user } 的提交日期在未来
gate-committer = 该提交由 { $user } 签名，提交者却是 { $found }
gate-author = 该提交由 { $user } 签名，作者却是 { $found }
gate-forged = { $noun } { $record } 的 `{ $field }` 用了别人的名义，而修改者是 { $user }
gate-unreadable = 无法审核：{ $reason }
gate-not-forward = 这会丢掉分支上已有的提交；只接受接在最后一个提交之后的内容
gate-many = 一次超过 { $most } 个提交
gate-much = 一次推送 { $have } 字节，上限为 { $most }
gate-branch = 只能写入 `{ $branch }`，不能写 { $found }
gate-delete = 不能删除 `{ $branch }`
gate-no-root = 仓库是空的，且没有指明它属于哪段历史；推送内容的提交为 { $found }
hint-gate-merge = `crm sync` 会把自己的提交接到他人的提交之后
hint-gate-signing = 先 `crm user key add me --key "$(cat ~/.ssh/id_ed25519.pub)"`（门禁启用后尚无密钥的人由管理员添加），再 `git config gpg.format ssh` 和 `git config user.signingKey ~/.ssh/id_ed25519`
hint-gate-root = 用 `crm clone --root COMMIT` 或 `git config crm.root COMMIT` 指定可信的提交
hint-gate-no-root = 请在共享仓库里执行：`git config crm.root COMMIT`，即数据库的第一个提交
bad-hook-line = git 传给钩子的是 `{ $value }`；应为 OLD NEW REF
no-signing-key = 门禁已启用，而用户 `{ $user }` 没有有效密钥
no-signing-key-here = 门禁已启用，而本副本不知道 { $user } 用哪个密钥签名
other-signing-key = 本副本用来签名的密钥不是 `{ $user }` 的有效密钥
audit-clean = 截至 { $commit } 的每个提交都符合要求
audit-no-gate = 截至 { $commit } 的每个提交文件都正常；该数据库没有启用门禁，因此无法证明是谁提交的
column-gate-commit = 提交
column-gate-path = 文件
column-gate-rule = 规则
column-gate-message = 原因
column-audit-at = 时间
column-audit-user = 操作人
column-audit-op = 命令
column-audit-record = 文件
column-audit-field = 字段
column-audit-from = 原值
column-audit-to = 新值
column-audit-commit = 提交
hint-gate-branch = 空仓库的分支由其 HEAD 决定：请在该仓库执行 `git symbolic-ref HEAD refs/heads/BRANCH`
# Settings, migration, hooks, extensions.
older-format = 数据库格式为 { $format }，比本程序旧
older-format-hint = 转换为当前格式：先 `crm migrate --dry-run`，再 `crm migrate`
unknown-setting = 没有设置项 `{ $value }`{ $near ->
    [none] {""}
   *[other] ；也许是 `{ $near }`
    }
bad-key = `{ $value }` 不是键名，应如 `company.name` 或 `hooks."order ship"`
setting-is-value = `{ $value }` 是一个值，其下不能再有键
setting-is-table = `{ $value }` 是一组设置，不是单项
setting-is-table-hint = 查看其中各项：`crm config list { $value }`
setting-one-value = `{ $value }` 只取一个值
setting-format = `format` 只能由 `crm migrate` 更改
setting-of-store = `{ $value }` 对所有人有效：设置时不加 `--user`
setting-of-user = `{ $value }` 是个人配置中的设置
setting-of-user-hint = 加 `--user` 设置到个人配置
setting-int = 范围内的整数，如 `30`
setting-dec = 币种、日期和大于零的数：`rates.USD.2026-07-01 7.1000`
setting-percent = 0 到 100 的百分数，如 `13`
setting-span = 时长，如 `30m`、`4h`、`3d`、`2w`
setting-work = 以分钟或小时计的工作时长，如 `90m`、`2h`
setting-patience = 秒数，或带 `s`、`m`、`h` 的数，如 `30s`
setting-zone = IANA 时区，如 `Asia/Shanghai`
setting-currency = 货币代码，如 `CNY`
setting-country = 国家代码，如 `CN`
setting-slug = 记录的标识，如 `cn-office`
setting-day = 日期，如 `2026-01-31`
setting-month-day = 每年都有的月和日，如 `04-01`
setting-clock = 时刻，如 `09:00`
setting-pattern = 含一个 `{"{"}seq{"}"}` 的模式，可加 `{"{"}year{"}"}`、`{"{"}month{"}"}`：`SO-{"{"}year{"}"}-{"{"}seq:04{"}"}`
setting-version = 版本号，如 `0.2.0`
setting-program = 程序及其参数，各为一词：`check-order --strict`；钩子名为 `order ship`、`order *` 或 `*`
setting-codes = 可扩展的代码表及由字母、数字、`_`、`-` 组成的代码：`codes.source.livestream.label`
setting-names-nothing = `{ $field }`：没有 { $noun } `{ $value }`
setting-in-use = `{ $field }` 不能这样更改：{ $noun } `{ $record }` 依赖它
setting-currency-hint = 金额以本位币记录；换币种请另建数据库
setting-period-hint = 2026Q1 之类的期间会指向别的日期；请先为这些目标填写 `--start` 和 `--end`
setting-warehouse-hint = 只要有记录提到该仓库，就应保留
setting-code-hint = 可改为停用：`crm config set { $field }.retired true`
setting-field-hint = 请先清空该字段：`crm { $noun } list --where {"'"}{ $name }!={"'"}` 可列出已填写的记录
min-crm-beyond = { $version } 比本程序（{ $here }）新，设置后本程序无法撤回
own-config-written = 已写入 { $path }
own-config-nowhere = 没有可存放个人配置的位置
own-config-nowhere-hint = 请设置 `HOME`、`XDG_CONFIG_HOME` 或 `CRM_CONFIG`
own-config-open = `{ $path }` 可被他人写入或属于他人：不予读取
own-config-open-hint = 请先检查内容，再运行 `chmod go-w { $path }`
title-config = 设置
hook-refused = 钩子 `{ $hook }` 拒绝：{ $reason }
hook-failed = 钩子 `{ $hook }` 无法运行：{ $reason }
hook-slow = 钩子 `{ $hook }` 在 { $reason } 秒内未结束，已停止
older-crm = 本数据库要求 crm { $needed } 或更新版本；当前为 { $here }：不写入也不校验
older-crm-hint = 请安装较新的 crm；读取不受影响
migrated = 格式 { $from } 转为 { $to }：更改了 { $count } 个文件
migrate-current = 数据库已是当前格式 { $format }，无需转换
migrate-edits = 有未提交的文件：{ $paths }
migrate-edits-hint = 请先用 git 提交或还原：转换只处理已提交的内容
migrate-no-id = 记录没有该类型的 `id`，无法确定其位置
migrate-taken = `{ $path }` 已被另一文件占用
migrate-not-a-value = `{ $field }` 的 `{ $value }` 无法转换为现在的写法
migrate-hint = 请手工修正该文件，用 git 提交后再转换
extensions-title = PATH 上找到的扩展：
extension-failed = 无法运行 `{ $value }`：{ $reason }
doctor-settings = 设置
doctor-mend-settings = `crm config list` 查看，`crm config unset KEY` 去掉
settings-dry-run = 设置将会更改；未写入任何内容
no-remote = 本库没有可同步的远程仓库
sync-raced = 连续十次被他人抢先推送到 `{ $remote }`
sync-raced-hint = 数据无损失；请再次运行 `crm sync`
sync-open = 双方对 { $count } 个字段作了不同修改，未移动任何内容：{ $names }
sync-open-hint = `crm conflicts` 列出冲突，`crm resolve ID --field F --ours|--theirs|--value V` 逐项裁定，然后 `crm sync`
sync-decided = 已采用 `crm resolve` 的裁定
sync-nothing = 与 { $remote } 无需同步
sync-done = 已与 { $remote } 同步：收到 { $came }，推送 { $went }，合并 { $merged }
sync-unpushed = 已与 { $remote } 合并：收到 { $came }，合并 { $merged }；{ $went } 个提交尚未推送
sync-would = 将与 { $remote } 同步：收到 { $came }，推送 { $went }，合并 { $merged }
sync-dropped = 您有 { $count } 个提交与他人的相同，已略去
sync-problems = 本次同步后新出现 { $count } 个问题，每行附有修复命令
sync-what-came = 收到
sync-what-went = 推送
sync-what-own = 未推送
sync-what-dropped = 略去
sync-what-merged = 合并
sync-what-problem = 问题
title-sync = 同步
resolve-done-sync = 冲突已全部裁定；`crm sync` 将采用这些裁定
clone-not-empty = `{ $path }` 已存在且非空
clone-not-empty-hint = 请指定其他目录：`crm clone URL DIR`
clone-would = 将把 `{ $url }` 克隆到 `{ $dir }`
clone-not-a-store = `{ $url }` 不是 crm 库
clone-not-a-store-hint = 空仓库由已有的数据库填充：在该库中 `git remote add origin URL`，再 `crm sync`
clone-other-root = 历史始于 { $found }，不含 { $wanted }
clone-other-root-hint = 这是另一个库，或其历史已被改写；未保留任何内容。请向提供根提交的人核实
clone-root = 根提交为 { $root }；他人可用 `crm clone URL --root { $root }` 固定
cloned = 已克隆到 `{ $dir }`：{ $count } 条记录
bad-root = `{ $value }` 不是完整的提交编号
bad-root-hint = 在可信的副本中 `git config crm.root` 会显示它
no-such-user = 本库没有用户 `{ $value }`
hook-installed = git 今后会在每次提交前检查暂存内容：`{ $path }`
hook-there = `{ $path }` 已调用 `crm check --staged`
hook-taken = 已有钩子：`{ $path }`
hook-taken-hint = 请在其中加一行：`crm check --staged || exit 1`
hook-elsewhere = git 从库外的 `{ $path }` 读取钩子
store-bad-remote = `{ $name }` 不能作为远程仓库名
store-no-such-remote = 没有远程仓库 `{ $name }`
store-no-such-remote-hint = 现有：{ $known }
store-no-remote-hint = 用 `git remote add origin URL` 添加
store-several-remotes = 与哪个远程仓库同步？现有 { $known }
store-several-remotes-hint = `crm sync REMOTE`，或用 `git branch --set-upstream-to=REMOTE/BRANCH` 固定
store-remote-failed = `{ $remote }` 无法连接或被拒绝：{ $why }
store-remote-failed-hint = 数据无损失；可连接时再运行 `crm sync`
store-remote-refused = `{ $remote }` 拒绝了推送：{ $why }
store-remote-refused-hint = 您的提交在本地完好；按其说明修正后再 `crm sync`
store-went-back = `{ $remote }` 的 `{ $branch }` 不再含有曾有的提交 { $known }
store-went-back-hint = 有人改写了历史或恢复了旧副本，请先核实。丢失的内容在您的副本中；确需以远程为准时，`crm sync --accept-rollback` 会把您的提交接在其后
store-unrelated = `{ $remote }` 的历史与本库无关
store-unrelated-hint = 那是另一个库；`git remote -v` 显示其地址
store-other-root = 取回的历史不含本库的起始提交 { $pinned }
store-other-root-hint = 那是另一个库，或其历史已被改写，请向维护者核实
store-mass-delete = 将一次删除 { $count } 条记录
store-mass-delete-hint = 确属有意时：`crm sync --allow-mass-delete`
store-hand-merge = 提交 { $commit } 是合并提交，本库不接受
store-hand-merge-hint = 用 `git reset --hard` 退回其前，`crm sync` 会不用合并提交完成同样的事
store-foreign-commit = 提交 { $commit } 的作者是 { $author }，只有其本人能签名
store-foreign-commit-hint = 请其从自己的副本同步，或以其身份和密钥操作
store-unacceptable = 提交 { $commit } 含 `{ $path }`：{ $what ->
        [link] 符号链接
        [submodule] 子模块
        [mode] 可执行文件
        [kind] 不是普通文件
        [size] 超过 1 MiB 的文件
        [modules] 子模块声明
        [attributes] 改变 git 处理文件方式的属性
        [place] 不在 [policy] paths 允许的位置
        [twice] 同名条目出现两次
       *[name] 库中文件不可用的名称
    }
store-unacceptable-hint = 未采纳其任何内容；须去掉它后重新提交
sync-untold = 历史已合并；清单未能输出
sync-unchecked = 未能检查规则：{ $why }；请运行 `crm check`
## 备份
title-backups = 备份
title-backup-checks = 备份检查
progress-backup = 正在备份
progress-backup-verify = 正在试恢复
progress-backup-restore = 正在恢复
backup-made = 备份 { $file }：{ $count } 条记录，截至 { $tip }，{ $size }，已试恢复
backup-would-create = 将在 { $target } 生成备份
backup-hand-edits = 有 { $count } 个文件的改动尚未提交，不在备份中，见 `crm commit`
backup-inside = 备份放在了数据目录里；放到另一块磁盘上才真正有用
backup-has-unreadable = 数据中有 { $count } 个文件无法读取，已按原样备份：{ $path }
backup-not-signed = 未签名：{ $why ->
    [kind] { $key } 属于不接受的密钥类型（接受 ed25519 和 p256）
   *[other] 密钥 { $key } 无法使用
}
backup-no-secrets = 没有可一并备份的凭据和个人设置
backup-list-unreadable = { $file } 无法作为备份读取
backup-whole = { $file } 完好：{ $count } 条记录，截至 { $tip }
backup-unsigned-word = 未签名
backup-check-checksum = 全部字节
backup-check-members = 成员文件
backup-check-signature = 签名
backup-check-history = 历史
backup-check-tip = 最后提交
backup-check-records = 记录
backup-nothing-old = 没有要删除的，本库的 { $left } 份备份全部保留
backup-would-prune = 将删除 { $count } 份备份（{ $size }），保留 { $left } 份
backup-prune-question = 删除 { $count } 份备份（{ $size }），保留 { $left } 份？
backup-pruned = 已删除 { $count } 份旧备份（{ $size }），保留 { $left } 份
backup-would-restore = 将把 { $tip } 恢复到 { $dir }；备份完好
backup-restored = 已把 { $store } 恢复到 { $dir }：备份含 { $count } 条记录，分支位于 { $head }
backup-restored-at = 分支已退回到 { $head }；备份的最后提交 { $tip } 保留为 { $name }
backup-secrets-written = 已放回 { $count } 个凭据和设置文件
backup-secret-left = { $path } 已存在，保持不变
backup-secrets-there = 备份中有 { $count } 个凭据和设置文件，用 `--with-secrets` 放回
backup-restored-lacks = 备份不含：远程仓库、`crm.node`、`crm trust` 的许可；见 `crm doctor`
backup-key-made = 私钥在 { $path }；丢了它，加密给这个公钥的内容谁也打不开
backup-truncated = 文件被截断，或者不是备份
backup-checksum = 文件写成之后有字节变了：整体校验和不符
backup-not-one = 这个文件不是备份
backup-unread = 文件无法读取：{ $reason }
backup-bad-member = 归档成员 `{ $name }` { $why ->
    [path] 的名称指向归档之外
    [link] 是链接
    [kind] 不是普通文件
    [size] 的大小与所述不符
    [header] 的文件头不是本程序写的
    [twice] 出现了两次
    [many] 超出了数量上限
    [padding] 结尾之后还有字节
    [unknown] 不该在这里
    [missing] 缺失
    [content] 与清单所述不符
    [other] 与外层清单不是同一份备份
   *[none] 有问题
}
backup-bad-manifest = 清单无法读取：{ $reason }
backup-newer = 备份格式为 { $format }，本版本不认识
backup-unsigned = 备份没有签名
backup-bad-signature = 签名无效：{ $reason ->
    [namespace] 是为别的用途签的
    [kind] 不接受的密钥类型
    [bytes] 签的不是这份清单，或不是该密钥所签
   *[none] 不是 ssh 签名
}
backup-wrong-signer = 签名的密钥不对：是 { $found }，应为 { $wanted }
backup-bad-bundle = 历史无法解开：{ $reason }
backup-bad-history = git 发现历史已损坏：{ $reason }
backup-wrong-tip = 最后提交是 { $found }，清单写的是 { $wanted }
backup-wrong-root = 这是另一个库：首次提交是 { $found }，不是 { $wanted }
backup-wrong-count = { $noun }：有 { $found } 条记录，清单写的是 { $wanted }
backup-unreadable = `{ $path }` 无法读取，而备份时可以
backup-needs-identity = 备份是加密的
backup-needs-identity-hint = 给出某个接收者的私钥文件：`--identity FILE`
backup-wrong-identity = 没有一个密钥能打开这份备份
backup-damaged-content = 加密内容已损坏：{ $reason }
backup-no-identity = { $path } 中没有 age 私钥
backup-no-key = `{ $value }` 不是 ssh 公钥，也不是含公钥的文件
backup-no-recipient = `{ $value }` 不是 age 公钥，也不是含公钥的文件
backup-no-recipient-hint = 用 `crm backup keygen FILE` 或 `age-keygen` 生成一对；公钥以 age1 开头
backup-few-recipients = 凭据只有在两人都能打开时才一并备份
backup-few-recipients-hint = 用两次 `--recipient`，两把密钥放在不同的地方
backup-sign-key = 密钥 { $path } 不能签名：{ $why ->
    [kind] 不接受的密钥类型（接受 ed25519 和 p256）
    [locked] 无法读取，或有口令
   *[none] 不是 ssh 私钥
}
backup-keep-where = --keep 的目标必须是目录
backup-bad-count = `{ $value }` 不是备份份数：{ $flag } 至少为 1
backup-bad-root = `{ $value }` 不是首次提交的编号：应为 `crm backup list --fields root` 列出的 40 位
backup-there = { $path } 已存在
backup-there-hint = 换一个文件名，或给出目录；已有文件绝不覆盖
backup-shallow = 仓库里只有最近的历史
backup-shallow-hint = 用 `git fetch --unshallow` 取回其余部分
backup-no-home = 没有设置 HOME，不知道凭据和设置放在哪里
backup-no-rule = 没有说明要保留哪些备份
backup-no-rule-hint = 例如 `--keep-daily 7 --keep-weekly 5 --keep-monthly 12`
backup-which-store = 不知道要清理哪个数据库的备份
backup-which-store-hint = 在该库中运行，或用 `--root ID` 指明；`crm backup list --fields file,root` 可以看到
backup-not-new = { $dir } 已存在且不是空的
backup-not-new-hint = 备份只恢复到新目录；先在那里检查，再移动
backup-older = 备份截至 { $tip }，{ $path } 已经更新：现在是 { $now }
backup-older-hint = 用 `--allow-older` 恢复到旁边；`crm show --at` 和 `crm log` 无需备份就能回看
backup-not-before = { $rev } 不在 { $tip } 的历史中
doctor-lock = 正在运行的命令
doctor-mend-lock = 它持有写锁；请等待，或看它是否卡住
doctor-open = 数据目录不对所有人可写
doctor-mend-open = 用 `chmod -R o-w` 收回
doctor-secrets = 凭据只有本人可读
doctor-mend-secrets = 目录用 `chmod 700`，文件用 `chmod 600`
doctor-senders = 最近发送过的副本
doctor-mend-senders = 有几个副本在发送：在 [send] node 中指定一个，停掉其他副本的定时任务
doctor-bundle-made = { $path } 供协助排查者使用：只有版本、设置和数量，不含任何记录内容
title-maintain = 前后对比
progress-maintain = 正在整理
maintain-loose-objects = 松散对象
maintain-packs = 对象包
maintain-loose-references = 松散引用
maintain-object-bytes = 对象，字节
maintain-git-bytes = .git，字节
maintain-mirror-bytes = 镜像，字节
maintain-journal = { $did ->
    [would] 将完成或撤回一项中断的改动
   *[did] 已完成或撤回一项中断的改动
}
maintain-leftovers = { $did ->
    [would] 将删除
   *[did] 已删除
} { $count } 个遗留文件
maintain-mirror-packed = 镜像已压缩
maintain-mirror-built = 镜像已损坏，已重建
maintain-would = 将打包引用和对象，并写入提交图
maintained = 引用和对象已打包，提交图已写入，减少 { $saved }
backup-check-policy = 写入权限
backup-bad-policy = 历史违反了写入权限规则：{ $commit }：{ $reason }
backup-bad-policy-hint = `crm audit` 会全部列出；用 `--accept-history` 按原样恢复

gate-refused = 这些提交有 { $count } 处不符合要求；没有任何变动
hint-gate-refused = `crm policy check OLD..NEW` 可逐条列出；如果是自己的提交，请用 `git reset` 回到最后一个合格的提交，再换一种做法
sync-offered = 已提交到 `{ $branch }`，等待门禁管理员接收
gate-outcome-accepted = 已接收
gate-outcome-refused = 已拒绝
gate-outcome-behind = 需要先跟上已接收的内容
column-gate-branch = 待收分支
column-gate-outcome = 结果
column-gate-commits = 提交数
column-gate-reasons = 原因数
gate-no-key = 这样一来，没有任何在职管理员持有可签名的密钥，也就无人能够补救
ask-password = { $user } 的密码
ask-code = 发给 { $user } 的验证码
ask-again = 请再次输入密码或验证码
ask-second = 验证器动态码或恢复码
ask-second-sms = 短信验证码或恢复码
ask-first-code = 验证器的首个动态码
ask-new-password = 新密码
ask-new-again = 再次输入新密码
secret-needed = 需要{ $what }，但无法提问
secret-needed-hint = 按行提供：`--password-stdin` 或 `--password-file FILE`
access-not-private = { $path } 必须属于本账户，且他人不可读
access-not-private-hint = 机密只放在本账户独有的文件中：文件权限 600，目录权限 700
access-unreadable = 无法读取 { $path }：{ $reason }
access-unreadable-hint = 从备份恢复，或将其删除后由管理员重新给出密码
bad-user-id = `{ $value }` 不能作为用户编号
hash-failed = 无法计算密码散列：{ $reason }
no-state = 没有可存放数据库以外数据的目录
no-state-hint = 请设置 `HOME` 或 `XDG_STATE_HOME`
not-logged-in = 尚未登录
not-logged-in-hint = 请运行 `crm login`；程序用 `CRM_TOKEN_FILE` 指定令牌文件
session-over = { $user } 的会话已结束
other-actor = 登录的不是 `{ $value }`，而是 `{ $user }`
other-actor-hint = 去掉 `--as` 和 `CRM_USER`，或以该用户 `crm login`
bad-token = 令牌无效
bad-token-hint = 可能已吊销或过期：`crm user token list`、`crm user token add`
token-cannot = 持令牌的程序不能这样做
token-cannot-hint = 请由能输入密码的人登录后执行
must-change = 必须先更换密码
must-change-hint = 请运行 `crm passwd`
must-change-next = 请立即设置新密码：`crm passwd`
second-missing = 要求两步验证，而您尚未启用
second-missing-hint = 请运行 `crm user totp enable`
second-next = 要求两步验证：`crm user totp enable`
second-needed = 还需要验证码
second-needed-hint = 请放在密码之后的一行
again-needed = 更改角色或密钥前须再次输入密码
again-wrong = 既不是您的密码，也不是您的验证码
login-wrong = 用户、密码或验证码有误
login-wrong-hint = 忘记了？请管理员运行 `crm user verify USER` 或 `crm passwd USER`
login-wait = 失败次数过多，请等待 { $count } { $unit ->
        [minutes] 分钟
       *[seconds] 秒
    }
login-stopped = 失败次数过多，不能再试
login-stopped-hint = 请管理员给出新密码：`crm passwd USER`
login-off = 本库未启用登录：crm.toml 的 auth 一节设为 `login = "on"` 之前，会话不起作用
login-nobody = 这里还没有人设置密码：用 `crm passwd` 设置第一个
logged-in = 已登录为 { $user }，至 { $until } 或 { $minutes } 分钟不使用为止
logged-out = { $user } 已退出
logged-out-already = 没有人登录
logged-out-everywhere = { $user } 已退出，结束会话 { $count } 个
login-code-on-its-way = 验证码将在发件时送出，{ $minutes } 分钟内有效
login-code-queued = 给 { $user } 的验证码已入队，{ $minutes } 分钟内有效：`crm login { $user } --code`
login-code-elsewhere = 消息由节点 `{ $node }` 发送，它不知道此处生成的验证码
login-code-subject = { $company } 登录验证码
login-code-body =
    您在{ $company }的登录验证码：{ $code }

    { $minutes } 分钟内有效，只能使用一次。如非本人操作，请告知管理员。
outbox-code-gone = 其中的验证码已过期或已使用
recovery-used = 已用掉一个恢复码，剩余 { $count } 个
password-long = 密码最多 { $most } 字节
password-short = 密码有 { $have } 个字符，至少需要 { $fewest } 个
password-common = 这个密码最容易被猜到
password-named = 这个密码几乎就是 `{ $value }`
password-same = 这就是当前密码
password-differs = 两次输入不一致
password-set = 已设置 { $user } 的密码；其他会话已结束
password-given = 给 { $user } 的一次性密码，{ $days } 天内登录一次有效；仅显示这一次
password-first = 两步验证须与密码同用，而您还没有密码
password-first-hint = 请运行 `crm passwd`
service-password = 服务用户没有密码
service-password-hint = 给程序一个令牌：`crm user token add USER`
admin-needed = `{ $user }` 没有管理员角色
totp-scan = 用验证器扫描，或输入密钥：{ $secret }
totp-again = 再次运行，并把首个动态码放在密码之后的一行；密钥保留 15 分钟
totp-wrong = 动态码与密钥不符
totp-wrong-hint = 请检查本机和手机的时钟，再试一次
totp-enabled = 今后登录需要验证码；请另行保存 { $user } 的 { $count } 个恢复码
totp-disabled = { $user } 登录不再需要验证码
no-phone-for-codes = 用户 `{ $user }` 没有电话
sms-is-weaker = 短信可能被他人读取或转移；验证器更安全
sms-question = 仍然使用短信？
token-of-person = `{ $user }` 是个人；令牌只给服务类用户
token-role = `{ $user }` 没有角色 `{ $value }`，令牌不能限于它
token-past = { $value } 已过
token-added = { $user } 的令牌 { $token }；仅显示这一次
no-such-token = `{ $user }` 没有令牌 `{ $value }`
tokens-revoked = 已吊销 { $user } 的 { $count } 个令牌
title-logins = 登录记录
title-tokens = 令牌
identity-by-flag = --as
identity-by-variable = CRM_USER
identity-by-git = git 邮箱
identity-by-session = 登录
identity-by-token = 令牌
identity-by-gateway = 进入系统的账户
sign-in-login = 登录
sign-in-logout = 退出
sign-in-code = 验证码
sign-in-again = 再次验证
sign-in-password = 密码
sign-in-totp = 两步验证
sign-in-token = 令牌
sign-in-session = 会话
sign-in-outcome-ok = 成功
sign-in-outcome-wrong = 有误
sign-in-outcome-throttled = 须等待
sign-in-outcome-stopped = 已停用
sign-in-outcome-suspended = 用户未启用
sign-in-outcome-expired = 已结束
sign-in-outcome-refused = 被拒绝
sign-in-outcome-second = 缺少两步验证
sign-in-outcome-given = 管理员给出
sign-in-outcome-sent = 已发送
sign-in-outcome-enabled = 已启用
sign-in-outcome-disabled = 已取消
sign-in-outcome-added = 已创建
sign-in-outcome-revoked = 已吊销
token-state-valid = 有效
token-state-over = 已过期
token-state-revoked = 已吊销
gateway-broken = { $path } 把本账户设为网关，但其中 `{ $reason }` 不正确
gateway-broken-hint = 见 `crm help gateway`；改正之前任何人都无法进入
gateway-open = { $path } 必须是 `{ $account }` 的目录，且他人不能进入
gateway-open-hint = 用 `chown -R` 归属该账户，再 `chmod go=`
gateway-unknown = 本机没有发起调用的账户 { $value }
gateway-not-yours = 在这里，身份取决于进入的方式
gateway-nothing = 没有给出命令
gateway-nothing-hint = 请给出命令：`ssh crm@host customer list`，或 `crm gateway USER WORDS`
gateway-who = 本账户是网关，但没有说明代表谁
gateway-who-hint = `crm gateway USER WORDS`，例如在 cron 中
gateway-command = 经网关进入的人不能使用 `{ $value }`
gateway-file = `{ $value }` 会成为网关账户的文件
gateway-file-hint = 请给 `-` 并使用标准输入，或用 `--format` 输出到标准输出
gateway-off = 本账户不是网关
gateway-off-hint = 见 `crm help gateway`

## Tutorial
tutorial-lessons = 课程
tutorial-column-number = 序号
tutorial-column-name = 名称
tutorial-column-title = 标题
tutorial-column-about = 内容
tutorial-column-steps = 步骤数
tutorial-column-lesson = 课程
tutorial-column-step = 步骤
tutorial-column-why = 说明
tutorial-column-command = 命令
tutorial-column-exit = 退出码
tutorial-column-output = 输出
tutorial-start = 从 `crm tutorial 1` 开始；`crm tutorial --all` 依次演示全部课程
tutorial-heading = 第 { $number } 课：{ $title }
tutorial-enter = [回车执行，q 退出]
tutorial-kept = 课程文件保留在 `{ $dir }`
tutorial-unknown = 没有课程 `{ $value }`，可选 1 至 { $count }
tutorial-which = 没有指明哪一课
tutorial-which-hint = 指定一课，或加 `--all`
tutorial-there = `{ $dir }` 已存在
tutorial-failed = 课程到此中止：`{ $line }` 的退出码是 { $exit }，应为 { $expected }：{ $reason }
tutorial-value-company = 河畔照明有限公司
tutorial-value-ann = li.na
tutorial-value-ann-name = 李娜
tutorial-value-bo = wang.fang
tutorial-value-bo-name = 王芳
tutorial-value-customer = 海港大酒店
tutorial-value-customer-two = 城北图书馆
tutorial-value-city = 北京
tutorial-value-contact = 陈浩
tutorial-value-product = 护眼台灯
tutorial-value-product-two = 升降书桌
tutorial-value-call = 春季需要二十盏台灯
tutorial-value-complaint = 两盏台灯频闪
tutorial-value-reply = 我们明天寄出两盏新灯。
tutorial-value-fix = 已寄出两盏新灯
tutorial-value-opportunity = 新阅览室
tutorial-value-reader = 只读
tutorial-first-title = 第一个客户
tutorial-first-about = 建立数据库，录入一个客户，查找、修改，再撤销修改。
tutorial-first-init = 数据库就是一个由 git 管理的目录，里面全是文本文件。第一个用户是管理员。
tutorial-first-enter = 命令操作的是当前目录所在的数据库。
tutorial-first-user = 每次修改都记在某个人名下，先说明您是谁。
tutorial-first-add = 客户只需名称和类别，其余可以以后补充。输出的标识供脚本使用，平时用名称即可。
tutorial-first-list = 列出所有客户，字段任选。
tutorial-first-show = 查看一个客户的全部信息：负责人已自动填好，电话也已统一格式。
tutorial-first-set = 这是重要客户，定为 A 级。
tutorial-first-log = 一切有据可查：谁在何时把哪个字段从什么改成了什么。
tutorial-first-undo = 改错了？撤销最近一次修改，撤销本身也会留在历史中。
tutorial-order-title = 从线索到回款
tutorial-order-about = 从展会上的一个名字，一直跟到订单收款。
tutorial-order-there = 数据库中已有一个产品：LAMP。
tutorial-order-lead = 展会上有人可能要二十盏台灯。还不是客户，先记为线索。
tutorial-order-call = 打过电话了，把结果记下来，线索随之变为已联系。
tutorial-order-convert = 对方确有意向：线索转为客户，同时生成联系人和商机，不必重复录入。
tutorial-order-quote = 对方询价，价格取自产品。
tutorial-order-send = 发出报价，条款从此固定。
tutorial-order-accept = 对方接受报价。记下由谁接受、对方的采购单号，并直接生成订单。
tutorial-order-confirm = 确认后的订单就是承诺，明细不会再被误改。
tutorial-order-ship = 全部发货。加上 `--line LAMP:5` 则只发一部分。
tutorial-order-invoice = 按发货内容开票。
tutorial-order-pay = 款项到账，金额含税。
tutorial-order-done = 看看订单进展：发货、开票、收款都由您记录的事实得出。
tutorial-service-title = 售后服务
tutorial-service-about = 受理投诉、答复客户、关闭工单。
tutorial-service-there = 数据库中已有一个客户。
tutorial-service-ticket = 客户来电反映问题。建一张工单，就不会遗漏。
tutorial-service-status = 今天要做什么？工单已在清单中，还没有人负责。
tutorial-service-reply = 答复客户。消息先进入发件箱，由 `crm outbox run` 发送。
tutorial-service-show = 查看工单，历史中有状态变化的时间。
tutorial-service-resolve = 新灯已寄出，写明解决办法。
tutorial-service-close = 客户满意，关闭工单。如果问题再次出现，用 `crm ticket reopen` 重新打开。
tutorial-service-list = 列出所有工单及其状态。
tutorial-figures-title = 报表与数据
tutorial-figures-about = 看看生意做得怎么样。
tutorial-figures-there = 数据库中有两个产品、两个各有一张订单的客户，以及一个商机。
tutorial-figures-list = 这些是内置报表；用 `crm report new` 可以自定义报表。
tutorial-figures-sales = 今年谁买了多少？表格下方注明了计算依据。
tutorial-figures-product = 换成按产品统计。也可以按月、地区或负责人，还可以两项组合。
tutorial-figures-pipeline = 还有多少可能成交：各阶段的未结商机，按赢单概率加权。
tutorial-figures-csv = 供其他程序使用：csv 和 json 输出原始数字和字段名。`-o sales.xlsx` 生成 Excel 文件。
tutorial-figures-sql = 报表回答不了的问题，用 SQL 查询。SQL 只能读，不能改。
tutorial-together-title = 多人协作
tutorial-together-about = 两个人各有一份副本，改了同一个字段。
tutorial-together-there = 这里两份副本放在一起；实际工作中它们在两台机器上，不需要 `-C`。
tutorial-together-bare = 副本通过一个裸仓库交换数据：可以在服务器上，也可以像这里一样在共享目录中。
tutorial-together-remote = 告诉第一份副本仓库在哪里。
tutorial-together-push = 同步会送出本地的新内容，并取回对方的新内容。
tutorial-together-clone = 第二个人克隆一份副本，并说明由谁使用。
tutorial-together-mine = 一个人定为 A 级……
tutorial-together-theirs = ……另一个人还不知道，定为 B 级。
tutorial-together-send = 先同步的人一切顺利。
tutorial-together-clash = 后同步的人遇到冲突。如果改的是不同字段，会自动合并；同一字段有两个值，就要由人决定。在此期间不会丢失任何内容。
tutorial-together-conflicts = 查看未决的冲突：原值、我方的值和对方的值。
tutorial-together-resolve = 同事是对的，采用对方的值。
tutorial-together-again = 现在可以同步了。
tutorial-together-same = 两边的数据一致了。
tutorial-rights-title = 权限与备份
tutorial-rights-about = 给同事分配角色，查看角色允许做什么，并做好备份。
tutorial-rights-there = 数据库中已有一个客户。
tutorial-rights-role = 角色规定了可以对各类记录做什么。这个角色只能查看客户。
tutorial-rights-user = 添加一位担任此角色的同事。
tutorial-rights-can = 她能修改客户吗？回答会说明理由，不允许时退出码为 11，便于脚本判断。
tutorial-rights-read = 她可以查看。写在命令前的 CRM_USER 只对这一条命令指明操作人。
tutorial-rights-refused = 她不能修改。错误信息说明缺少什么权限、找谁处理。
tutorial-rights-audit = 用户、角色和设置的每次变更都可以查到。
tutorial-rights-backup = 备份是一个包含全部历史的文件，试恢复成功后才算完成。
tutorial-rights-verify = 备份随时可以再次验证，尤其要赶在需要它之前。
handed-to-self = `{ $record }` 要离职，未完成的工作须转给他人
bad-signing-key = `{ $value }` 不是可用于签名的 ssh 公钥：只接受 ed25519、ecdsa-p256 及其硬件形式（`sk-`）
