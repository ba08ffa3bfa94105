### Help: commands, arguments, flags and topics; then the fields, whose English help stands in their declarations.

## The program
help-about = 客户、线索、订单、库存与售后，全部存为 git 管理的纯文本文件
help-after =
    入门：
      crm tutorial                               入门教程，逐课演示主要工作
      crm demo                                   用示例公司试一试
      crm init my-company --company "某某公司"   建立自己的数据库
      crm customer add --name "蓝狐贸易有限公司" --phone "010-5550 1018"
      crm customer list --where region=north --sort name
      crm status                                 今天要做的事

    各类记录的动作都相同：add list show edit set upsert remove history。
    其他动作见 `crm NOUN --help`，全部选项见 `crm NOUN VERB --help`。

    主题：crm help dates | formats | filters | exit-codes | environment | store | settings | import | sql | reports
help-template =
    {"{"}about-with-newline{"}"}
    用法：{"{"}usage{"}"}

    {"{"}all-args{"}"}{"{"}after-help{"}"}
help-heading-commands = 命令
help-heading-options = 参数和选项
help-heading-global = 通用选项
help-heading-fields = { $noun }的字段
help-heading-sets = 集合的成员

## Flags of every command
help-flag-help = 显示本帮助
help-flag-version = 显示版本
help-flag-directory = 数据库所在目录；默认从当前目录向上查找 `crm.toml`
help-flag-as = 操作人：标识、姓名或邮箱
help-flag-format = 输出格式：table、csv、tsv、json、jsonl、ids、md、html、xlsx、svg、vcf、ics
help-flag-output = 输出到文件；格式由扩展名决定
help-flag-lang = 界面语言：en、zh-CN
help-flag-labels = 列名和代码的显示方式：auto、code、label
help-flag-color = 颜色：auto、always、never
help-flag-tz = 日期和报表的时区，如 Asia/Shanghai
help-flag-no-header = csv 和 tsv 不写表头；导入时表示文件没有表头
help-flag-bom = csv 以 BOM 开头，便于 Excel 打开
help-flag-excel-safe = 使 csv 和 tsv 中会被电子表格当作公式的单元格失效
help-flag-envelope = json 连同数据来源一起输出
help-flag-dry-run = 只检查并显示更改，不写入
help-flag-no-input = 从不提问；缺少什么就报错
help-flag-yes = 所有确认都回答“是”
help-flag-quiet = 除错误外不输出提示
help-flag-verbose = 输出更多过程信息
help-flag-keep-going = 遇到无法读取的记录或出错的行时继续（退出码 10）
help-flag-lock-timeout = 等待其他命令的最长时间：秒数，或 30s、2m
help-flag-allow-network-fs = 数据库在网络文件系统上也写入

## Flags of commands that change something
help-flag-key = 幂等键：同一命令用同一键再次执行时不会重复
help-flag-if-match = 仅当记录仍是此版本时才更改（show 给出的 `rev`）
help-flag-on = 发生的日期或时间；默认为现在
help-flag-reason = 原因，记入记录的历史
help-flag-allow-duplicate = 允许电话、邮箱或名称与其他记录相同
help-flag-allow-over = 允许超过已订、已发或应付的数量或金额
help-flag-override = 在角色允许的范围内越过限制；须给 --reason
help-flag-from-file = 从文件读取记录（toml、json，多条用 jsonl），`-` 为标准输入
help-flag-match = 用哪些字段判断是同一记录，如 email,phone
help-flag-unset = 清空此字段；可重复
help-flag-add-member = 加入{ $field }
help-flag-remove-member = 移出{ $field }

## Flags of lists
help-flag-where = 条件，如 region=north 或 amount>=1000；可重复，须同时满足
help-flag-fields = 显示哪些列及其顺序；`help` 列出全部字段
help-flag-sort = 排序，如 -created_at,name
help-flag-limit = 最多多少条
help-flag-view = crm.toml 中保存的视图
help-flag-at = 某次提交或某日的状态
help-flag-archived = 包括已归档的记录
help-flag-with = 记录之外还显示什么
help-flag-field = 只看此字段

## Flags of single commands
help-flag-company = 公司名称
help-flag-currency = 本位币，如 CNY
help-flag-country = 国家，如 CN
help-flag-timezone = 公司的时区
help-flag-language = 数据库的语言：en、zh-CN
help-flag-branch = 数据库写入的分支
help-flag-user = 用户：标识、姓名或邮箱
help-flag-name = 姓名或名称
help-flag-email = 邮箱
help-flag-phone = 电话
help-flag-tax-id = 税号
help-flag-since = 从这一天起
help-flag-until = 到这一天止（含）
help-flag-op = 只看此命令的提交，如 `order ship`
help-flag-message = 提交说明
help-flag-check = 不作更改；列出不规范的文件，若有则退出码为 9
help-flag-strict = 警告也算问题
help-flag-fix = 先修复可以安全修复的问题，如合并后重复的编号
help-flag-map = 映射文件：各列的含义
help-flag-on-match = 记录已存在时：update 更新、skip 跳过、error 报错
help-flag-group-by = 这些字段相同的行合为一条记录，如 number
help-flag-create-missing = 引用的此类记录不存在时新建；可重复
help-flag-delimiter = 列分隔符：一个字符，或 tab
help-flag-encoding = 文件编码，如 gb18030
help-flag-date-format = 文件中日期的写法，如 %d/%m/%Y
help-flag-decimal-comma = 文件以逗号作小数点
help-flag-on-error = 行有错误时：abort 全部不写、skip 跳过该行
help-flag-rejects = 被拒绝的行及原因写入此文件
help-flag-each = 每行各一次提交，而不是合为一次
help-flag-dir = 写入文件的目录
help-flag-file = 从文件读取，`-` 为标准输入
help-flag-param = 查询参数的值；可重复
help-flag-schema = 显示有哪些表和列
help-flag-type = 只查这些类型
help-flag-period = 期间，如 2026-03、2026Q1、上月、2026-01-01..2026-03-15
help-flag-from = 期间的第一天；调拨时为调出仓库
help-flag-to = 期间的最后一天；调拨时为调入仓库；分派时为用户
help-flag-as-of = 截至此日的状态，而非今天
help-flag-compare = 对比：previous 上一期、yoy 去年同期
help-flag-explain = 显示口径、参数和查询，不显示数字
help-flag-total = 只显示合计
help-flag-report-currency = 以此币种显示金额，合计按截至日的汇率折算
help-flag-comment = 客户的评语
help-flag-channel = 回复渠道；默认按来访渠道，否则用邮件
help-flag-roll-up = 区域和团队包含其下级
help-flag-report-by = 汇总维度：customer、owner、region、product、month、quarter 等，多个用逗号隔开
help-flag-report-basis = 以什么为销售：order 订单、invoice 发票、payment 回款
help-flag-report-with-shipping = 增加运费一列

## Flags of domain verbs
help-flag-reassign = 从现任负责人转出
help-flag-next = 下一次跟进的主题
help-flag-next-due = 下一次跟进的日期
help-flag-next-kind = 下一次跟进的方式
help-flag-keep-sla = 优先级改变时不改变服务协议
help-flag-keep-status = 不改变线索或商机的状态
help-flag-duration = 时长，如 45m
help-flag-due = 到期日
help-flag-line = 行和数量，如 HAN-EV-610:2；可重复
help-flag-serial = 序列号；订单写作 行:序列号；可重复
help-flag-warehouse = 仓库；默认为 crm.toml 中的第一个
help-flag-carrier = 承运商
help-flag-tracking = 运单号
help-flag-date = 单据日期；默认为今天
help-flag-method = 付款方式，如 bank
help-flag-ref = 付款凭据号，如银行流水号
help-flag-cost = 单位成本，本位币
help-flag-reference = 来源单据号
help-flag-supplier = 供应商
help-flag-note = 备注

## Arguments
help-arg-slug = 新记录的标识：字母、数字、`.`、`_`、`-`
help-arg-id = 记录：标识或其开头、编号、名称、邮箱或电话
help-arg-ids = 一条或多条记录：标识或其开头、编号、名称、邮箱或电话
help-arg-record = 行所属的记录
help-arg-row = 行：标识、代码或行号
help-arg-wish = 要加入的内容，简写
help-arg-ticket = 工单：单号、主题或编号
help-arg-reply = 回复内容
help-arg-rating = 1（差）到 5（好）
help-arg-target = 相关记录：客户、联系人、线索、商机、订单等
help-arg-text = 备注内容
help-arg-amount = 收款金额
help-arg-product = 产品
help-arg-qty = 数量；盘点时为实有数量
help-arg-dir = 目录
help-arg-words = 要查找的词
help-arg-range = 两次提交或两个日期 A..B，或一次提交；默认为未提交的手工修改
help-arg-commit = 要撤销的提交；默认为您的上一次
help-arg-paths = 文件或目录；默认为全部
help-arg-type = 记录类型；只要其明细行则写 TYPE.ROW，如 order.line；用 --all 时为目标目录或文件
help-arg-file = 文件，`-` 为标准输入
help-arg-noun = 记录类型；不写则列出全部
help-arg-select = 只读的 SQL 查询
help-arg-shell = bash、zsh、fish、powershell 或 elvish
help-arg-topic = 主题或命令

## Commands that stand alone
help-cmd-init = 在目录中建立数据库
help-cmd-demo = 建立示例公司的数据库并展示其内容
help-cmd-status = 显示今天要做的事
help-cmd-search = 按词、编号、电话或邮箱查找任何类型的记录
help-cmd-show = 显示任何类型的一条记录
help-cmd-edit = 在编辑器中修改一条记录
help-cmd-log = 查看谁在何时改了什么
help-cmd-diff = 显示两次提交之间改动的字段
help-cmd-undo = 撤销一整条命令
help-cmd-restore = 把记录恢复到以前的状态
help-cmd-check = 检查所有记录和规则
help-cmd-commit = 检查并提交手工修改
help-cmd-fmt = 把文件改为规范写法
help-cmd-import = 从 csv、json、jsonl 或 vcf 文件导入记录
help-cmd-export = 导出记录，可再导入，或把全部数据导出给其他引擎
help-cmd-batch = 把文件中的多条命令作为一次提交执行
help-cmd-report = 运行报表
help-cmd-schema = 显示记录类型的 JSON Schema
help-cmd-sql = 用 SQL 查询数据
help-cmd-completions = 输出 shell 的补全脚本
help-cmd-man = 输出或写入 man 手册页
help-cmd-help = 显示命令或主题的帮助

## Verbs of every type
help-noun = 管理{ $noun }
help-verb-add = 新建{ $noun }
help-verb-list = 列出{ $noun }
help-verb-show = 显示一条{ $noun }记录的全部字段
help-verb-edit = 在编辑器中修改一条{ $noun }记录
help-verb-set = 修改一条或多条{ $noun }记录的字段
help-verb-upsert = 新建{ $noun }，已存在则修改
help-verb-remove = 删除一条或多条{ $noun }记录
help-verb-history = 列出一条{ $noun }记录的所有改动
help-rows = { $noun }的{ $rows }
help-rows-add = 为{ $noun }添加{ $rows }
help-rows-set = 修改{ $noun }的{ $rows }
help-rows-remove = 删除{ $noun }的{ $rows }
help-state-verb = 把{ $noun }转为“{ $state }”

## Verbs of single types
help-verb-customer-assign = 把客户分派给用户
help-verb-ticket-reply = 回复客户：生成一条关于该工单的消息并排队待发
help-verb-ticket-note = 为工单写内部备注
help-verb-ticket-rate = 登记客户对处理结果的评分
help-verb-customer-note = 为客户写备注
help-verb-customer-check = 查询对方是否已是客户
help-verb-lead-assign = 把线索分派给用户，或按分派规则分派
help-verb-followup-log = 记录已发生的跟进
help-verb-followup-plan = 安排某日的跟进
help-verb-followup-done = 完成已安排的跟进并记录结果
help-verb-followup-move = 把跟进改到另一天
help-verb-followup-note = 为记录写备注
help-verb-followup-todo = 列出到期的跟进
help-verb-order-confirm = 确认订单
help-verb-order-approve = 审批订单的折扣
help-verb-order-hold = 挂起订单
help-verb-order-resume = 恢复挂起的订单
help-verb-order-close = 关闭订单
help-verb-order-reopen = 重新打开已关闭的订单
help-verb-order-cancel = 取消订单，或其中若干行
help-verb-order-ship = 为订单发货，或只发若干行
help-verb-order-pay = 登记订单的收款
help-verb-quote-approve = 审批报价单的折扣
help-verb-product-stock = 按仓库显示产品库存
help-verb-movement-receive = 登记入库
help-verb-movement-issue = 登记出库
help-verb-movement-adjust = 调增或调减库存
help-verb-movement-transfer = 在两个仓库之间调拨
help-verb-movement-count = 登记盘点结果
help-verb-movement-reverse = 冲销库存变动
help-verb-shipment-reverse = 冲销发货单
help-verb-shipment-deliver = 把发货单标为已送达
help-verb-return-reverse = 冲销退货单
help-verb-payment-reverse = 冲销收付款

## Reports
help-report = 运行此报表
help-report-list = 列出所有报表
help-report-new = 新建一张自定义报表作为起点
help-report-check = 检查自定义报表
help-report-book = 把多张报表写入同一个 xlsx 工作簿
help-report-run-all = 把 crm.toml 中 [schedule.名称] 的报表写入目录
help-report-broken = 无法运行的报表
help-arg-report = 报表名称
help-arg-reports = 一个或多个报表名称
help-flag-like = 要复制的报表
help-flag-toml = 不用 SQL 的写法

## Topics
help-topic-dates =
    日期和期间

    某一天
      2026-03-01                     日期，总是年在前
      今天 昨天 明天 前天 后天       today yesterday tomorrow
      周一 … 周日，星期一 …          最近的那一天（含今天）；也可用 monday、mon
      3d  2w  1m  1y                 从今天起几天、几周、几月、几年
      -3d  +2w                       带符号表示往前或往后
      3 days ago，in 2 weeks

    不止一天
      2026-03                        一个月
      2026  2026H1  2026Q1           财年、半年、季度
      2026W09                        ISO 周
      本周 上周 下周  本月 上月 下月  本季 上季 下季  今年 去年 明年
      this month，last week          this、last 或 next 加 week、month、quarter、half、year

    期间可以是以上任意一种，或者
      2026-01-15..2026-03-15         首尾两天都包括
      2026-01..                      一端不限
      --from 2026-01-15 --to 2026-03-15

    时间
      2026-03-01T10:20  "明天 09:00"  现在
      2026-03-01T10:20:30+08:00      与时区无关的确切时间
      -2h，2 hours ago               从现在往前

    年、半年和季度从 crm.toml 的 `company.fiscal_start` 开始，财年以其开始的公历年份命名。
    一周从 `company.week_start` 开始。日期按 `--tz`、CRM_TZ 或公司的时区计算。

    日期中 `m` 指月，时长（30m 4h 2d 2w 1d12h）中指分钟。
    `03/04/2026` 有两种读法，因此不接受；导入时用 `--date-format %d/%m/%Y` 说明。
help-topic-formats =
    输出格式

    由 --format FORMAT、CRM_FORMAT 或 -o FILE 的扩展名决定：
      table    供人阅读；列宽适应屏幕，用您的语言显示名称
      csv tsv  UTF-8，带表头；ISO 日期，小数点为 `.`，多个值用 `;` 连接，空表示没有
      json     数组；单条记录为对象；小数写作字符串
      jsonl    每行一条记录
      ids      只有标识，每行一个
      md html  表格，用于文档和邮件
      xlsx     工作簿，单元格有类型，表头冻结并可筛选
      svg      报表的图表，单独一张图；html 中图表在表格上方
      vcf      客户和联系人的名片，供手机和邮件程序使用
      ics      有时间或日期的跟进，作为日历中的日程和任务

    csv、tsv、json 和 jsonl 供程序使用：列名是字段代码，不会变化。
    引用输出两列：`customer` 是标识，`customer_name` 是名称。
    table、md、html、xlsx 和 svg 显示名称；`--labels code` 改为显示代码。
    `quote show`、`order show` 和 `invoice show` 用 md、html 或 xlsx 时输出可发送的单据，
    使用客户的语言；见 `crm quote show --help`。

      --no-header     不写表头
      --bom           供 Excel 使用，有此标记它才按 UTF-8 打开
      --excel-safe    会被电子表格当作公式的单元格改为文本
      --envelope      json 连同报表的提交、期间、筛选条件和校验值
      --fields a,b    选择列及其顺序；`--fields help` 列出全部
      --chart         在报表的表格下方画图；另有 `--chart=only`、`--chart=ascii`
      -o FILE         一次写成：要么是旧文件，要么是新文件

    输出是否为终端只影响颜色、宽度和分页，不影响数据。

      crm customer list --format csv -o customers.csv
      crm contact list --where tags=vip -o contacts.vcf
      crm followup todo --until +30d -o todo.ics
      crm order list --where progress=to_ship --format ids | xargs -n1 crm order ship
      crm report sales --by customer --period 2026 -o sales.xlsx
      crm quote show QT-2026-0001 -o quote.html
help-topic-filters =
    筛选：--where 字段<运算符>值

      =   !=       等于，不等于；逗号列表表示其中任意一个
      >   >=       大于，不小于；晚于，从……起
      <   <=       小于，不大于；早于，到……止
      ~   !~       包含，不包含（不分大小写）
      字段=        为空
      字段!=       不为空

    多个 --where 须同时满足。含 < 或 > 的条件在 shell 中要加引号。

      crm customer list --where region=north --where 'credit_limit>=100000'
      crm lead list --where status=new,contacted --where 'created_at>=上周'
      crm order list --where owner=me --where date=2026Q1
      crm customer list --where name~酒店 --where level=A,B

    日期可用 `crm help dates` 中的各种写法；月或年表示其中每一天。
    引用可写标识、名称、编号或邮箱；`me` 是您自己。
    列表中 `\,` 表示属于值的逗号。
    `crm NOUN list --fields help` 列出可用字段，包括算出的字段，如订单的 `progress`。

    --sort -date,number   按日期从新到旧，再按编号
    --limit 20            前 20 条
    --view NAME           crm.toml 的 [views.NAME] 中保存的以上设置

    更复杂的查询用 `crm sql`；`crm sql --schema` 显示各表。
help-topic-exit-codes =
    退出码

    脚本可以依赖这些数字和名称，它们的含义不会改变。用 `--format json` 或 CRM_ERRORS=json 时，
    标准错误的最后一行是一个 JSON 对象，含 `code`、`exit`、`message` 和 `hint`。
    busy（7）和 unknown（13）可以带 `--key` 放心重试。
help-topic-environment =
    环境变量；选项优先于变量，空值视为未设置

      CRM_DIR           数据库所在目录（-C）
      CRM_CONFIG        个人配置文件，默认 ~/.config/crm/config.toml
      CRM_USER          操作人（--as）；否则由 git 的 user.email 确定
      CRM_TOKEN_FILE    程序令牌所在的私有文件，代替登录
      CRM_FORMAT        输出格式（--format）
      CRM_LANG          界面语言，en 或 zh-CN（--lang）
      CRM_TZ            日期和报表的时区（--tz）
      CRM_TODAY         当作今天的日期，如 2026-03-01
      CRM_NOW           当作现在的时间，如 2026-03-01T09:00:00+08:00
      CRM_NO_INPUT      从不提问（--no-input）
      CRM_LOCK_TIMEOUT  等待其他命令的最长时间（--lock-timeout）
      CRM_PAGER         长输出的分页程序；`cat` 表示不分页
      CRM_ERRORS        json：错误同时以一个 JSON 对象输出到标准错误
      VISUAL EDITOR     `edit` 所用的编辑器
      PAGER             未设 CRM_PAGER 时的分页程序
      NO_COLOR CLICOLOR CLICOLOR_FORCE TERM
                        颜色，除非用 --color 指定
      CI                从不提问

    由 cron 运行的命令没有这些变量：请写明数据库和用户。

      CRM_DIR=/srv/crm CRM_USER=robot crm report sales --period yesterday -o /srv/sales.csv
help-topic-store =
    数据库

    数据库是一个含 `crm.toml` 的目录，也是独立 git 仓库的根目录。每条记录是一个 TOML 文件，
    放在所属类型的目录下，以标识命名：

      crm.toml                       设置
      customers/…/cus_….toml         一条记录
      users/li.na.toml               标识由人选定的记录
      reports/…                      自定义报表，用 `crm report` 运行
    {"  .git/"}                          历史
    {"  .git/crm/mirror.db"}             列表和报表读取的镜像；可以删除，会自动重建

    每条作更改的命令就是一次提交，要么完整写入，要么完全不写。
    提交说明写明做了什么、由谁做，因此 git 就是流水账：

      crm log                        谁在何时改了什么；也可只看一条记录
      crm diff A..B                  两次提交之间改动的字段
      crm undo                       用一次新的提交撤销整条命令
      crm restore ID --at yesterday  把记录恢复到以前的状态
      crm customer list --at 2026-01-31   查看当天的数据

    可以手工修改文件：`crm check` 检查，`crm fmt` 改为规范写法，`crm commit` 提交。
    分支、`git pull` 和 `git push` 照常使用；git 逐字段合并记录（克隆出的副本先运行
    `crm merge-driver --install`），双方都改的字段用 `crm conflicts` 查看、`crm resolve` 决定。
    合并后请运行 `crm check`，两处给出相同编号时运行 `crm check --fix`。
help-topic-settings =
    设置

    设置写在数据库根目录的 `crm.toml` 中，用 `crm config set` 更改，或手工修改后运行 `crm commit`。
    个人的设置写在 ~/.config/crm/config.toml 中（`crm config set --user`）。
    优先顺序：选项、环境变量、用户记录、crm.toml、个人配置、默认值。
    `crm config list --origin` 显示每个值的来源。

    钩子是在规则之后、写入之前从标准输入以 JSON 读到更改的程序，以非 0 退出即否决：`"order ship"`
    针对该命令，`"order *"` 针对订单的一切命令和更改，`"*"` 针对每次提交。crm.toml 中的钩子须先
    `crm trust` 才会运行；试运行（--dry-run）不询问钩子。钩子可读数据库，不可写。

    {"["}rates.USD]            按日期的汇率：2026-01-01 = "7.1000"
    {"["}codes.source.NAME]    自定义代码：label、label_zh
    {"["}fields.customer.NAME] 自定义字段：type、label、label_zh
    {"["}views.NAME]           保存的列表，供 --view 使用：of、where、fields、sort、limit
    {"["}schedule.NAME]        供 `crm report run-all` 生成的报表：report（含选项）、every、format

    全部设置及其默认值，以及可自选键名的各节：
help-topic-import =
    导入

      crm import customer customers.csv --dry-run
      crm import customer customers.csv --match email,phone --on-match update
      crm import order 'orders-*.csv' --group-by number --create-missing customer
      crm import contact list.csv --encoding gb18030 --date-format %d/%m/%Y
      crm import customer crm-export.jsonl
      crm import contact phone.vcf --create-missing customer --match phone

    列按字段代码、名称（中文或英文）和常用同义词对应；对不上的列会列出，且不写入。
    引用的查找与命令行相同：标识、编号、名称、邮箱、电话。
    `source_ref` 列用来判断哪些记录与上次相同。

    vcf 文件（vCard 2.1、3.0、4.0）按扩展名或 `--format vcf` 识别，导入为客户或联系人。
    ORG 是联系人所属的客户；名片的 UID 记为 `source_ref`；没有对应字段的内容写入备注。
    旧手机的文件可加 `--encoding gbk`。

    一次导入是一次提交，可用 `crm undo` 撤销。除非所有行都正确，否则不写入；
    `--on-error skip --rejects bad.csv` 只导入正确的行，其余连同列和原因写入文件。

    映射文件（--map map.toml）说明外来文件中各列的含义：

    {"  ["}columns]                   # 表头 = 字段；"-" 表示不导入该列
      companyName = "name"
      customerID = "source_ref"
      shipCountry = "@country"    # 只用来识别电话号码
      photo = "-"

    {"  ["}constants]                 # 字段 = 每行相同的值
      kind = "company"

    {"  ["}values.country]            # 要替换的值
      UK = "GB"

    {"  ["}join]                      # 多列合为一个字段
      name = ["firstName", "lastName"]

    {"  ["}split]                     # 一列拆为多个字段
      place = {"{"} into = ["province", "city"], at = "/" {"}"}

    {"  ["}templates]                 # 由若干列拼成的字段
      source_ref = "nw:{"{"}customerID{"}"}"

    {"  ["}dates]                     # 文件中日期的写法
      format = "%d.%m.%Y"

    {"  ["}scale]                     # 倍数，这里的折扣写作 0.05
      discount = "100"

    `crm export TYPE` 的输出可由 `import` 读回；未作改动时再导入不会有任何变化。

## Exit codes
help-exit-ok = 完成；没有找到或无需更改时也是
help-exit-error = 其他错误，如读写文件失败
help-exit-usage = 选项、日期、字段或值有误；或需要回答而无法提问
help-exit-not-found = 记录或引用不存在
help-exit-ambiguous = 符合的不止一个，已列出
help-exit-invalid = 规则不允许，或记录无法读取
help-exit-conflict = 期间有人作了更改，或有未完成的合并或手工修改
help-exit-busy = 另一条命令正在执行，请重试
help-exit-store = 此处没有数据库、格式较新，或 git 无法按现状使用
help-exit-check-failed = 检查发现问题，已列出
help-exit-partial = 部分完成；有些行或记录被略过
help-exit-denied = 未登录、用户未知，或角色不允许
help-exit-remote = 网络、邮件或推送失败
help-exit-unknown = 不确定是否完成；请带 `--key` 重试

## What the fields mean

help-field-id = 记录的标识，创建后不变
help-field-created-at = 记录的创建时间
help-field-created-by = 创建记录的用户
help-field-tags = 自由标签
help-field-note = 对记录的备注
help-field-source-ref = 在其他系统中的标识，如 `erp:10023`
help-field-key = 创建它的命令的幂等键
help-field-archived = 不再出现在列表和报表中
help-field-about = 反馈针对的内容
help-field-accepted-by = 客户方接受报价的人
help-field-accepted-on = 接受报价的日期
help-field-addresses = 其他地址
help-field-admin = 可做一切操作，包括设置和用户
help-field-against = 红字发票所冲减的发票
help-field-allocations = 款项用于核销的内容；只能追加
help-field-amount = 金额
help-field-campaign--amount = 金额，使用该活动的币种
help-field-opportunity--amount = 预计金额，不含税；默认为产品合计，没有产品则为 0
help-field-payment--amount = 金额，收付款须大于 0，转账核销为 0；核销明细中负数表示冲回
help-field-amount-source = 金额的来源；来自产品或报价单时自动更新
help-field-assignment-rule--applies-to = 分配的对象：线索或工单
help-field-pool--applies-to = 池中放什么：线索或客户
help-field-approve-max = 可审批的折扣，百分比
help-field-approved-at = 折扣审批的时间
help-field-approved-by = 审批折扣的人
help-field-approved-discount = 已批准的折扣，百分比
help-field-assign = 可把记录分派给他人
help-field-assign-weight = 负载的除数
help-field-assignee = 处理工单的人
help-field-at = 取消的时间
help-field-attachments = 要打印并附上的单据：报价单、订单或发票的标识加 .html 或 .xlsx
help-field-away-from = 休假的第一天
help-field-away-to = 休假的最后一天
help-field-basis = 统计哪些记录；按回款仅适用于金额
help-field-bill-to = 寄送发票的地址；未填写则取自客户
help-field-birthday = 生日
help-field-message--body = 已生成的正文
help-field-template--body = 带占位符的正文，如 {"{{customer.name}}"}
help-field-budget = 预算
help-field-lead--budget = 打算花费的金额
help-field-bulk-max = 一条命令可更改的记录数
help-field-buy-by = 打算何时购买
help-field-by = 取消的人
help-field-calendar = 计算工作时间所用的日历
help-field-campaign = 首次接触的营销活动
help-field-followup--campaign = 所属的营销活动
help-field-message--campaign = 所属的营销活动
help-field-opportunity--campaign = 来自哪个营销活动
help-field-order--campaign = 来自哪个营销活动；未填写则取自商机
help-field-cancellations = 不再交付的数量；只能追加
help-field-capacity-30d = 30 天内可接收的线索数
help-field-carrier = 承运商
help-field-product--category = 以路径表示的品类，如 vehicle/sedan
help-field-target--category = 仅统计该品类
help-field-cause = 原因
help-field-cc = 抄送的收件人
help-field-message--channel = 发送渠道；站内通知发给用户
help-field-template--channel = 用来生成什么：某渠道的消息，或打印单据
help-field-ticket--channel = 工单从哪个渠道进来
help-field-cities = 地址落在本区域的城市；城市优先于省份
help-field-city = 城市
help-field-claim-daily = 每个用户每天可领取的数量；不填则不限
help-field-claimed-by = 正在发送它的节点和次数
help-field-close-date = 预计成交的日期
help-field-lead--closed-on = 转化或判为无效的日期
help-field-opportunity--closed-on = 赢单或输单的日期
help-field-code = 商机中保存的阶段代码
help-field-commission-pct = 经销商的佣金比例
help-field-company = 公司名称
help-field-competitor = 竞争对手
help-field-market-note--competitor = 涉及的竞争对手
help-field-competitors = 同时报价的竞争对手
help-field-contact = 客户方的联系人；未填写则为首要联系人
help-field-followup--contact = 沟通的联系人
help-field-message--contact = 收件或来信的联系人
help-field-opportunity--contact = 参与的联系人
help-field-ticket--contact = 提出问题的联系人
help-field-contacts = 参与的联系人
help-field-converted-contact = 转化成的联系人
help-field-converted-customer = 转化成的客户
help-field-converted-opportunity = 转化成的商机
help-field-cost = 单位成本，本位币
help-field-product--cost = 标准单位成本，本位币，不含税
help-field-ticket--cost = 本次服务的费用，本位币
help-field-costs = 已花的费用；只能追加
help-field-counted = 盘点到的数量
help-field-country = 国家代码，如 CN
help-field-create = 可新建记录
help-field-credit-limit = 信用额度；不填则没有
help-field-credits = 业绩分配；不填则全部归负责人
help-field-currency = 币种；未填写则取自客户
help-field-campaign--currency = 其金额的币种
help-field-customer--currency = 新单据的币种
help-field-lead--currency = 预算的币种
help-field-product--currency = 标价或价格行的币种
help-field-customer = 客户
help-field-contact--customer = 任职的客户
help-field-opportunity--customer = 可能购买的客户
help-field-customer-ref = 客户的采购单号
help-field-date = 日期
help-field-calendar--date = 该日期
help-field-campaign--date = 花费的日期
help-field-feedback--date = 反馈的日期
help-field-invoice--date = 开票日期；决定汇率、价格和期间
help-field-market-note--date = 观察到的日期
help-field-order--date = 订单日期；决定汇率、价格和期间
help-field-payment--date = 收付款的到账日期；核销明细中为核销日期
help-field-quote--date = 报价日期；决定汇率、价格和期间
help-field-day = 星期几
help-field-deal-days = 由负责人持有而没有赢单或确认订单，多少天后退回公海
help-field-dealer = 通过哪个经销商销售
help-field-opportunity--dealer = 通过哪个经销商销售；未填写则取自客户
help-field-default = 新商机使用的销售流程；只能有一个
help-field-delivered-on = 货物签收的日期
help-field-deny = 不可使用的操作
help-field-department = 部门
help-field-description = 描述
help-field-direction = 谁联系谁：out 我方，in 对方
help-field-discount-amt = 整单折扣金额
help-field-order--discount-amt = 折扣金额；写在行上仅对该行有效
help-field-quote--discount-amt = 折扣金额；写在行上仅对该行有效
help-field-discount-max = 可自行给出的折扣，百分比
help-field-discount-pct = 整单折扣，百分比
help-field-opportunity--discount-pct = 折扣，百分比
help-field-order--discount-pct = 折扣，百分比；写在行上仅对该行有效
help-field-quote--discount-pct = 折扣，百分比；写在行上仅对该行有效
help-field-distinct-from = 已核对、确认不是同一对象的记录
help-field-district = 区县
help-field-done-at = 发生的时间；已完成时必填，未填写则为现在
help-field-followup--due = 计划日期；计划中时必填
help-field-order--due = 计划回款的日期
help-field-due-date = 承诺的交货日期；订单行可另行指定
help-field-invoice--due-date = 到期日；未填写则为开票日期加账期
help-field-duplicate-of = 本工单所重复的工单
help-field-duration-min = 持续多久，分钟
help-field-edit = 可修改哪些记录
help-field-effect = 取消这笔销售，还是重新发货
help-field-email = 主要邮箱
help-field-user--email = 邮箱
help-field-enabled = 是否启用
help-field-end = 最后一天
help-field-error = 发送失败的原因
help-field-exclude = 不发送的客群
help-field-expected-revenue = 预期带来的收入
help-field-export = 可导出
help-field-extra = 与平日不同或不放假的日期
help-field-fapiao-no = 正式发票的号码
help-field-follows = 本次跟进承接的上一次跟进
help-field-followup-when = 对其已完成跟进的条件；每条符合的都计分
help-field-forecast = 如何计入预测
help-field-feedback--from = 谁提出的反馈
help-field-message--from = 发件人；未填写则取自渠道设置
help-field-product--from = 生效的第一天
help-field-fx-rate = 单据日期的汇率：一单位外币折合多少本位币
help-field-opportunity--fx-rate = 创建当日的汇率：一单位外币折合多少本位币
help-field-geo = 纬度和经度，如 22.54,114.05
help-field-git-emails = 在 git 中使用的其他作者邮箱
help-field-grants = 按记录类型的授权
help-field-group = 打印时所在的标题
help-field-hidden-fields = 不可查看的字段，写作 类型.字段
help-field-hold-max = 每个用户可持有的未结记录数；不填则不限
help-field-holidays = 不上班的日期
help-field-impact = 对我方销售的影响，-2 到 2
help-field-in-reply-to = 所回复的消息
help-field-inactive = 已离职
help-field-industry = 行业
help-field-market-note--industry = 涉及的行业
help-field-intents = 打算购买的产品
help-field-internal = 未与客户接触；备注和任务默认为是
help-field-invoice = 所核销的发票；发票或订单必填其一
help-field-invoice-title = 发票上的名称，与客户名称不同时填写
help-field-invoice--invoice-title = 购方名称，取自客户
help-field-keys = 用来签名的公钥
help-field-campaign--kind = 活动的类型
help-field-customer--kind = 企业、个人或经销商；经销商转售
help-field-feedback--kind = 意见的类型
help-field-followup--kind = 联系或任务的类型；演示包括试驾
help-field-invoice--kind = 发票或红字发票
help-field-market-note--kind = 信息涉及的方面
help-field-movement--kind = 库存变动的原因
help-field-payment--kind = 收款、退款、转账核销或坏账核销
help-field-product--kind = 商品或服务；服务没有库存和发货
help-field-ticket--kind = 客户要求什么
help-field-user--kind = 人员，或脚本使用的服务账号
help-field-label = 给它起的名称
help-field-pipeline--label = 英文名称
help-field-label-zh = 中文名称
help-field-language = 语言
help-field-user--language = 语言：en 或 zh-CN
help-field-last-campaign = 末次接触的营销活动
help-field-lead = 来自哪条线索
help-field-lead-days = 从订货到到货的天数
help-field-level = A、B 或 C
help-field-product--level = 适用于该价格等级的客户
help-field-line = 被取消的订单行
help-field-invoice--lines = 开票的内容
help-field-order--lines = 订购的内容
help-field-quote--lines = 报价的内容
help-field-return--lines = 退回的货物
help-field-shipment--lines = 发出的货物
help-field-list-price = 单位标价
help-field-lead--lost-note = 无效的说明；原因为其他时必填
help-field-opportunity--lost-note = 输单的说明
help-field-lead--lost-reason = 为什么无效
help-field-opportunity--lost-reason = 为什么输单
help-field-lost-to = 输给了哪个竞争对手
help-field-manager = 负责人
help-field-user--manager = 上级，与团队负责人不同时填写
help-field-max-points = 跟进得分的上限，不计正负
help-field-measure = 统计的指标
help-field-members = 成员本身
help-field-contact--merged-into = 本联系人已合并到的联系人
help-field-contact--merged-digest = 本联系人合并时内容的摘要
help-field-customer--merged-into = 本客户已合并到的客户
help-field-customer--merged-digest = 本客户合并时内容的摘要
help-field-lead--merged-into = 本线索已合并到的线索
help-field-lead--merged-digest = 本线索合并时内容的摘要
help-field-message-id = 邮件的标识，入队时确定
help-field-assignment-rule--method = 如何在候选人中选择
help-field-payment--method = 款项的支付方式；收款和退款必填
help-field-min-qty = 从该数量起适用
help-field-name = 名称
help-field-contact--name = 姓名
help-field-user--name = 姓名
help-field-customer--name = 注册名称，或个人姓名
help-field-invoice--name = 名称；未填写则取自产品
help-field-order--name = 名称；未填写则取自产品
help-field-quote--name = 名称；未填写则取自产品
help-field-lead--name = 姓名；姓名或公司必填其一
help-field-needs = 需求与偏好
help-field-opportunity--needs = 需求分析
help-field-net = 不含税金额
help-field-net-total = 不含税合计
help-field-notify = 如何通知
help-field-number = 编号，仅作标签；未填写则取下一个号
help-field-of = 成员是什么：客户、联系人或线索
help-field-order--opportunity = 所属的商机
help-field-quote--opportunity = 所属的商机
help-field-opt-out = 不得发送营销信息的渠道
help-field-assignment-rule--order = 规则的先后；第一个选出用户的生效
help-field-feedback--order = 涉及的订单
help-field-invoice--order = 所开票的订单
help-field-payment--order = 作为预收款的订单
help-field-pool--order = 规则的先后；第一个符合的生效
help-field-return--order = 订单
help-field-shipment--order = 订单
help-field-score-rule--order = 在列表中的位置
help-field-sla--order = 协议的先后；第一个符合的生效
help-field-ticket--order = 涉及的订单
help-field-order-line = 对应的订单行
help-field-invoice--order-line = 所开票的订单行
help-field-other-emails = 其他邮箱
help-field-other-phones = 其他电话
help-field-other-teams = 其他所属团队
help-field-outcome = 结果
help-field-override = 可用 --override 和 --reason 通过的限制
help-field-campaign--owner = 负责活动的人
help-field-customer--owner = 跟进客户的人
help-field-feedback--owner = 负责处理的人
help-field-followup--owner = 执行的人
help-field-lead--owner = 跟进线索的人；没有负责人和公海即为未分配
help-field-opportunity--owner = 跟进商机的人
help-field-order--owner = 销售人员
help-field-quote--owner = 销售人员
help-field-target--owner = 对目标负责的人
help-field-customer--parent = 集团总部或上级经销商
help-field-region--parent = 上级区域
help-field-team--parent = 上级团队
help-field-participants = 还有谁参与
help-field-payment-days = 从开票到到期的天数
help-field-order--payment-days = 从开票到到期的天数；未填写则取自客户
help-field-payment-plan = 分期回款的时间和金额
help-field-pct = 分得的百分比；合计为 100
help-field-period = 期间，如 2026、2026H1、2026Q1 或 2026-01；或填写起止日期
help-field-phasing = 各月或各季的百分比；不填则按天均分
help-field-phone = 主要电话
help-field-customer--phone = 主要电话；写在地址上为该地址的电话
help-field-lead--phone = 主要电话；电话、邮箱或微信必填其一
help-field-user--phone = 电话
help-field-pipeline = 所用的销售流程；未填写则为默认流程
help-field-place = 地点
help-field-points = 分值，可为负数
help-field-pool = 所在的公海
help-field-postcode = 邮政编码
help-field-invoice--price = 单价
help-field-opportunity--price = 产品的单价，不填则取自产品；或对手的报价
help-field-order--price = 单价；未填写则为标价
help-field-quote--price = 单价；未填写则为标价
help-field-product--price = 单位标价；价格行中为该行的单价
help-field-price-includes-tax = 价格是否含税；未填写则按税务设置
help-field-price-level = 价格等级
help-field-price-mode = 价格不含税还是含税
help-field-price-note = 对其价格的说明
help-field-prices = 按数量、等级和时间的价格
help-field-primary = 客户的首要联系人；每个客户最多一个，默认为第一个
help-field-priorities = 各优先级的时限
help-field-priority = 紧急程度
help-field-sla--priority = 优先级
help-field-probability = 赢单概率，百分比，仅在与阶段不同时填写
help-field-pipeline--probability = 赢单概率，0 到 100
help-field-product = 产品
help-field-feedback--product = 涉及的产品
help-field-market-note--product = 涉及的产品
help-field-invoice--product = 产品；不填则为自由行
help-field-order--product = 产品；不填则为自由行，按服务处理
help-field-quote--product = 产品；不填则为自由行，按服务处理
help-field-target--product = 仅统计该产品
help-field-ticket--product = 涉及的产品
help-field-competitor--products = 他们销售什么
help-field-opportunity--products = 可能售出的产品
help-field-protect-days = 领取后受保护的天数
help-field-protected-until = 到该日为止（含当日）不回收
help-field-provider-id = 发送服务返回的标识
help-field-province = 省份
help-field-provinces = 地址落在本区域的省份
help-field-purpose = 用途
help-field-template--purpose = 所生成消息的用途
help-field-qty = 数量
help-field-movement--qty = 带正负号的数量；盘点时为盘点数减账面数
help-field-quote = 来自哪张报价单
help-field-quote-line = 来自哪个报价行
help-field-ranges = 工作时段，如 09:00-12:00；特殊日期不填则不上班
help-field-rating = 客户的评分，1 到 5
help-field-rating-comment = 对评分的说明
help-field-read = 可查看哪些记录
help-field-readonly-fields = 不可写入的字段，写作 类型.字段
help-field-order--reason = 取消的原因
help-field-return--reason = 退货的原因
help-field-reclaim-days = 原负责人须等待的天数
help-field-recycle-days = 多少天未联系即退回公海
help-field-movement--reference = 送货单或类似单据的编号
help-field-payment--reference = 银行流水号或类似凭证号
help-field-region = 销售区域；不填则由地址确定
help-field-market-note--region = 涉及的区域
help-field-opportunity--region = 销售区域；未填写则取自客户
help-field-order--region = 计入销售的区域；未填写则取自客户
help-field-user--region = 区域
help-field-regions = 所服务的区域
help-field-reject-reason = 为什么被拒绝
help-field-remedy = 采取的处理措施
help-field-remind = 提前多久提醒；0m 表示开始时提醒
help-field-remove = 可删除哪些记录
help-field-reorder-level = 库存降到多少时补货
help-field-reorder-qty = 届时补多少
help-field-repeat = 隔多久重复一次
help-field-reply = 我方的答复
help-field-reports-to = 此人的上级
help-field-requires = 进入该阶段前商机必须填写的字段
help-field-sla--resolution = 到解决为止的工作时间
help-field-ticket--resolution = 如何解决的
help-field-response = 到首次响应为止的工作时间
help-field-restock = 重新入库；报废和维修为否
help-field-return = 红字发票对应的退货单
help-field-movement--reverses = 本变动所冲销的库存变动
help-field-payment--reverses = 本笔所冲销的收付款
help-field-return--reverses = 本单所冲销的退货单
help-field-shipment--reverses = 本单所冲销的发货单
help-field-revises = 本报价单所替代的报价单
help-field-revision = 版本，从 1 开始
help-field-role = 在采购中的角色
help-field-roles = 角色；权限取并集
help-field-rot-days = 多少天未联系即视为停滞
help-field-scale = 评分制：csat 1 到 5，nps 0 到 10
help-field-scope = 目标属于谁；区域和团队包含其下级
help-field-score = 按该评分制的得分
help-field-segments = 发送对象所在的客群
help-field-send-at = 在此之前不发送
help-field-sent-at = 发送或收到的时间
help-field-serial = 该件产品的序列号
help-field-serials = 序列号
help-field-product--serials = 每件一个序列号，如车架号
help-field-severity = 故障的严重程度
help-field-ship-to = 收货地址；未填写则取自客户
help-field-shipment = 货物当初所在的发货单
help-field-shipping = 运费
help-field-shipping-tax-rate = 运费的税率，百分比
help-field-short-name = 简称
help-field-size = 人数范围
help-field-skip-assignment = 不参与分配
help-field-sla = 承诺的时限；未填写则为第一个符合的协议
help-field-source = 来源
help-field-customer--source = 客户的来源
help-field-lead--source = 线索的来源
help-field-order--source = 来源；未填写则取自商机
help-field-source-url = 信息的出处
help-field-stage = 所在的阶段；未填写则为第一个阶段
help-field-stages = 按顺序的阶段：先进行中，再赢单，后输单
help-field-start = 第一天
help-field-start-at = 开始的时间
help-field-state = 是否可用于签名
help-field-status = 当前状态
help-field-campaign--status = 活动是否进行中
help-field-customer--status = 是否可向该客户销售
help-field-feedback--status = 意见的处理情况
help-field-followup--status = 是否已经发生
help-field-lead--status = 线索的进展
help-field-message--status = 是否已发出
help-field-product--status = 是否在售
help-field-target--status = 目标是否生效
help-field-user--status = 用户是否可以工作
help-field-street = 街道和门牌号
help-field-strength = 他们的优势
help-field-strengths = 他们的优势
help-field-subject = 主题
help-field-followup--subject = 主题；未填写则由类型和对象生成
help-field-target--subject = 区域、团队、用户或经销商；除公司目标外必填
help-field-template--subject = 带占位符的主题
help-field-summary = 沟通的内容
help-field-supplier = 供应商
help-field-followup--target = 跟进的对象
help-field-message--target = 关联的对象，或接收的用户
help-field-tax = 税额
help-field-tax-id = 税号
help-field-invoice--tax-id = 购方税号，取自客户
help-field-tax-rate = 税率，百分比；未填写则取自产品
help-field-product--tax-rate = 税率，百分比
help-field-tax-rounding = 税额按行取整还是按单据取整
help-field-tax-total = 税额合计
help-field-order--team = 计入销售的团队；未填写则取自负责人
help-field-ticket--team = 处理工单的团队
help-field-user--team = 计入销售的团队
help-field-assignment-rule--teams = 其成员排在所列用户之后作为候选人的团队
help-field-pool--teams = 可领取的团队；不填则全部
help-field-campaign--template = 其消息使用的模板
help-field-message--template = 生成它的模板
help-field-terms = 条款
help-field-feedback--text = 原话
help-field-market-note--text = 观察到的情况
help-field-thread = 所属的会话
help-field-threat = 威胁程度
help-field-feedback--ticket = 涉及的工单
help-field-return--ticket = 提出退货的工单
help-field-timezone = IANA 时区
help-field-calendar--timezone = 工作时段所用的 IANA 时区
help-field-title = 职务
help-field-message--to = 实际收件人；必填
help-field-product--to = 有效的最后一天
help-field-to-warehouse = 调拨的目的仓库
help-field-topic = 议题
help-field-total = 价税合计
help-field-track-stock = 是否管理库存；商品默认为是
help-field-tracking = 物流单号
help-field-pipeline--type = 进行中、赢单或输单
help-field-role--type = 记录类型
help-field-unit = 单位；未填写则取自产品
help-field-product--unit = 数量的单位
help-field-unit-cost = 入库的单位成本，本位币；未填写则取自产品
help-field-use = 地址的用途
help-field-user = 分得业绩的人
help-field-users = 按此顺序的候选人；候选人或团队必填其一
help-field-campaign--utm-campaign = 其链接的 UTM 活动
help-field-lead--utm-campaign = 首次接触的 UTM 活动
help-field-utm-medium = 首次接触的 UTM 媒介
help-field-utm-source = 首次接触的 UTM 来源
help-field-valid-from = 生效的第一天
help-field-valid-to = 有效的最后一天
help-field-valid-until = 可接受报价的最后一天
help-field-value = 目标值；金额为本位币
help-field-warehouse = 仓库；未填写则为设置中的第一个
help-field-warn-days = 提前多少天提醒
help-field-warranty-months = 发货起的保修月数
help-field-weakness = 他们的劣势
help-field-weaknesses = 他们的劣势
help-field-website = 网站
help-field-wechat = 微信号
help-field-week = 按星期的工作时段
help-field-what = 费用的用途
help-field-when = 必须全部成立的条件
help-field-score-rule--when = 线索必须全部满足的条件
help-field-segment--when = 成员满足的条件；条件与成员二者只能用其一
help-field-sla--when = 工单必须全部满足的条件
help-field-window-days = 统计最近多少天的跟进
help-field-won-quote = 赢得商机的报价单
help-field-user--key = 创建它的命令的幂等键；签名公钥中为 ssh 公钥

## 线索及其分配与转化
help-verb-lead-convert = 把线索转为客户，并建立联系人和商机
help-flag-customer = 客户：已有的客户，或 `new`（新建）
help-flag-contact = 联系人：已有的、`new`（新建）或 `none`（不建）
help-flag-opportunity = 商机：已有的、`new`（新建）或 `none`（不建）
help-flag-amount = 金额
help-flag-close-date = 预计成交日

help-verb-lead-score = 显示各条评分规则给线索的得分
help-verb-ticket-assign = 把工单分派给用户，或按分派规则分派
help-flag-auto = 按分派规则选人；不写 ID 时处理所有无人负责的记录

## 公海

help-verb-pool-records = 显示公海中可以领取的记录
help-verb-pool-claim = 从公海领取线索或客户
help-verb-pool-release = 把线索或客户放回公海
help-verb-pool-recycle = 收回长期无人跟进的记录，并提醒即将收回的记录
help-arg-pool = 公海；不写时为您可领取的全部公海

## 查重、合并与时间线
help-verb-customer-dedupe = 列出可能重复的客户，按把握从高到低
help-verb-customer-merge = 将多个客户合并为一个；指向它们的记录一律视为指向保留者
help-verb-customer-unmerge = 撤出合并，恢复被合并的客户
help-verb-customer-distinct = 注明两个客户已核对，并非同一个
help-verb-customer-timeline = 显示客户及其下所有记录的动态，最新的在前
help-verb-contact-dedupe = 列出可能重复的联系人，按把握从高到低
help-verb-contact-merge = 将多个联系人合并为一个；指向它们的记录一律视为指向保留者
help-verb-contact-unmerge = 撤出合并，恢复被合并的联系人
help-verb-contact-distinct = 注明两个联系人已核对，并非同一个
help-verb-contact-timeline = 显示联系人及其下所有记录的动态，最新的在前
help-verb-lead-dedupe = 列出可能重复的线索，按把握从高到低
help-verb-lead-merge = 将多个线索合并为一个；指向它们的记录一律视为指向保留者
help-verb-lead-unmerge = 撤出合并，恢复被合并的线索
help-verb-lead-distinct = 注明两个线索已核对，并非同一个
help-verb-lead-timeline = 显示线索及其下所有记录的动态，最新的在前
help-arg-keep = 保留的记录
help-arg-drops = 并入其中的记录
help-arg-one = 一条记录
help-arg-other = 另一条记录
help-flag-prefer = 指定某字段取自哪条记录：FIELD=ID；可重复
help-flag-min-score = 列出的最低分数，1 到 100

## 商机
help-verb-opportunity-list = 列出商机；加 --board 按阶段显示看板
help-verb-opportunity-history = 显示商机在各阶段停留的时间及其全部变更
help-verb-opportunity-stage = 将商机移到另一个进行中的阶段
help-verb-opportunity-win = 将商机标记为赢单
help-verb-opportunity-lose = 将商机标记为输单，并写明原因
help-verb-opportunity-reopen = 重新打开已赢单或已输单的商机
help-flag-pipeline = 销售流程；不填则用默认流程
help-flag-stage-pipeline = 阶段所在的销售流程；不填则为当前流程
help-flag-board = 以看板显示：各阶段并排，每个商机一张卡片
help-flag-stages = 只显示阶段，不显示变更记录
help-flag-keep-probability = 保留手工填写的成交概率
help-flag-quote = 促成赢单的报价；尚未接受的一并接受
help-flag-make-order = 同时按报价生成草稿订单
help-flag-accept-expired = 仍接受已过有效期的报价
help-flag-lost-to = 输给了哪个竞争对手
help-flag-lost-stage = 输单阶段；流程有多个输单阶段时填写
help-flag-reopen-stage = 要回到的进行中阶段；不填则为上一个
help-arg-stage = 流程中进行中阶段的代码

## 报价
help-verb-quote-send = 将报价标记为已发送
help-verb-quote-accept = 将报价标记为客户已接受
help-verb-quote-reject = 将报价标记为客户已拒绝，并写明原因
help-verb-quote-cancel = 取消报价
help-verb-quote-revise = 用下一版草稿取代已发送或已拒绝的报价
help-flag-accepted-by = 由谁接受
help-flag-customer-ref = 客户的订单号
help-flag-win = 同时将报价所属商机赢单
help-flag-send-template = 同时按此模板排队一封附报价单的邮件

## 可发送的单据
help-verb-message-draft = 就一条记录撰写消息，稍后发送
help-verb-message-send = 就一条记录撰写消息并排队发送
help-verb-message-queue = 将草稿排队发送
help-verb-message-retry = 将失败或结果不明的消息重新排队
help-flag-attach = 发送时打印并附上的报价单、订单或发票，如 QT-2026-0001.html 或 .xlsx；可重复
help-verb-template-render = 为一条记录填写模板并输出主题和正文
help-arg-template = 模板
help-flag-template = 渠道为 `document` 的模板：主题和正文放在明细之前，`---` 行之后的部分放在明细之后
help-flag-for = 为哪条记录填写
help-flag-var = 模板中占位符 var.名称 的值；可重复
help-after-template-render =
    占位符：{"{{"}customer.name{"}}"}、{"{{"}order.total{"}}"}、{"{{"}owner.phone{"}}"}、{"{{"}contact.title|无{"}}"}（值为空时用竖线之后的
    文字）、{"{{"}var.day{"}}"}（来自 `--var day=周一`）。
    名称以记录类型、customer、contact、owner、company 或 var 开头，可沿字段和引用继续：
    {"{{"}order.quote.number{"}}"}。没有条件和循环。
help-after-show-document =
    使用 `--format html`、`md` 或 `xlsx`，或以这些后缀命名的 `-o FILE` 时，输出可直接发送的单据：语言取自模板，
    否则取自客户（联系人或客户的 `language` 字段，否则按国家）；`--lang` 优先。带 `--fields` 时仍显示记录。
    卖方信息来自 crm.toml 的 [company]：name、address、phone、email、website、tax_id、bank、bank_account。

## 发票、退货与收款
help-verb-order-invoice = 为订单开票，或只开若干行
help-verb-order-return = 退货，可同时冲减发票并退款
help-verb-invoice-credit = 开具红字发票，冲减整张发票或若干行
help-verb-payment-add = 新增收付款，并说明核销什么
help-verb-payment-allocate = 说明款项核销什么；负数为撤回
help-verb-payment-refund = 向客户退款
help-flag-shipped = 只开已发货的商品
help-flag-return = 红字发票对应的退货
help-flag-shipping = 包括运费
help-flag-no-restock = 不回库存：报废或维修
help-flag-ticket = 提出要求的工单
help-flag-credit = 同时开具红字发票
help-flag-refund = 同时退还冲减的款项；须给 --method
help-flag-pays-invoice = 核销的发票和金额；可重复
help-flag-pays-order = 订金所属的订单和金额；可重复
help-flag-pays-auto = 余额按到期先后核销未结发票
help-flag-refund-invoice = 客户有余额的发票
help-flag-refund-order = 客户有订金的订单
help-arg-refunded = 收款的客户
help-arg-refund = 退款金额

## 推荐
help-verb-product-recommend = 给客户推荐产品，并说明理由
help-arg-recommend-customer = 客户：编号、名称、电话或电子邮箱
help-flag-recommend-with = 哪些产品常与此产品一起购买
help-flag-min-count = 至少有几张订单同时包含两者；默认 3

## 目标
help-flag-report-targets-by = 按谁的目标或什么的目标：user 用户、team 团队、region 区域、dealer 经销商、company 公司、product 产品、category 品类
help-flag-report-targets-basis = 以什么为完成：order 订单、invoice 发票、payment 回款、won 赢单
help-flag-report-measure = 统计的指标
help-flag-report-draft = 草稿目标也计入
help-verb-target-split = 把目标拆分为若干草稿目标，合计恰好等于原目标
help-verb-target-split-long = 按用户：在该团队或区域及其下级的在职人员中平分；公司和经销商的目标须给出 `--shares`。按月：按目标的分解比例，没有则按天数。按产品：按去年同期各在售产品的业绩，限目标的品类。`--shares` 可另行指定百分比。再次拆分时，已有的草稿更新为新值。
help-flag-split-by = 拆分方式：user 用户、month 月份、product 产品
help-flag-shares = 各部分的百分比，合计 100，例如 li.na=60,zhao.min=40

## 客群与活动
help-verb-segment-freeze = 把客群当前的成员固定为一个新客群
help-verb-campaign-cost = 给活动记一笔费用；冲减用负数
help-verb-feedback-ticket = 由客户反馈生成工单
help-flag-members = 列出所含的成员或触达的对象
help-flag-freeze-name = 新客群的名称；默认与原客群相同
help-flag-what = 费用用途
help-arg-cost-amount = 金额，按活动的币种
help-verb-segment-show = 查看一个客群，或其成员
help-verb-campaign-show = 查看一个活动，或其触达对象

## 导出到其他引擎
help-flag-all = 导出全部数据表：csv、jsonl、parquet 写入目录 DIR，sqlite 写入文件 FILE
help-flag-partition = 有日期的表按年份分文件存放
help-flag-force = 目标处的内容不是以前的导出也照样写入
help-topic-reports =
    自定义报表

    数据库中 `reports/` 里的文件就是报表：`crm report new 名称` 写出一份样例，`--like sales` 复制一张
    内置报表，`--toml` 为不用 SQL 的写法；`crm report check` 逐一检查。`reports/名称.sql` 以
    `/*---` 和 `---*/` 之间的 TOML 文件头开始，之后是一条查询，可用 `crm sql --schema` 的表和视图。
    文件头的内容：

      title title_zh definition definition_zh   标题和口径，只有 `title` 必填
      period    未给期间时的默认期间：month、quarter、last-quarter、p12（前 12 个月和本月）、
                90d、life，或 as-of 表示某日的状态
      params    {"[{ name, type, default, codes, range, help, help_zh }]"}：各成为一个选项，查询中写作 `:name`，
                `-` 写作 `_`；类型有 text code codes int dec bool days window，或 `ref customer`
      columns   {"[{ name, type, list, when, label, label_zh }]"}，与查询的列顺序相同；类型有 text code
                codes bool int qty dec money ratio days min day month instant，或 `ref customer`
      order     "sql"：保持查询给出的顺序
      chart     {"{ kind, x, y }"}：bar column line stacked scatter pareto funnel heatmap
      dims date measure   用于 `--by` 汇总；写法见 `crm report new 名称 --like sales`

    `:from` 和 `:to` 是期间的首日和末日，`as_of()` 是截止日，其后的内容不计。
    金额是本位币的最小单位整数（分）。

    `reports/名称.toml` 的内容相同，查询由以下各项代替：

      from      表或视图
      where     与 --where 写法相同的条件，引用写标识；`:name` 为参数
      group     列，或按 `date` 所指列的 day week month quarter half year
      measures  {"[{ name, sum = COLUMN }]"}；或 mean median min max count count_distinct，
                `count = true` 为行数，{"`ratio = [ONE, OTHER]`"} 为两个指标之比；`where` 只取部分行
      sort      与 --sort 写法相同的指标和分组

    多张报表装订在一起，或由定时任务生成（crm.toml 的 [schedule.名称]：report 含选项，every 为 day、
    week 或 month，format 为格式）；内容有变化时才重写文件：

      crm report book sales pipeline --period 2026 -o 2026.xlsx
      crm report run-all /srv/reports
help-topic-sql =
    SQL：crm sql SELECT

    用 SQLite 的 SQL 查询记录及由其推算的数据；只读，不会改动任何内容。
    `crm sql --schema` 列出各表、视图和列，附类型与含义。

      crm sql "select name, level from customers where region = 'shanghai' order by name"
      crm sql "select count(*) as n from orders where date >= :from" --param from=2026-01-01
      crm sql "select number, amount(total, currency) as total, currency from orders order by number"
      crm sql "select bucket(date, 'quarter') as quarter, amount(sum(net), 'CNY') as net from sale_line where basis = 'order' group by 1"
      crm sql "select owner, half_up(ratio(sum(net - cost), sum(net)) * 100, 1) as margin_pct from sale_line where basis = 'order' group by owner"
      crm sql "select median(total) as half, percentile(total, 0.9) as most from orders where currency = 'CNY'"
      crm sql "select value, count(*) as n from members where kind = 'customer' and field = 'tags' group by value"
      crm sql "select record, sum(amount) as due from receivable group by record" --format csv

    查询中的参数写作 `:name`，其值用 `--param name=VALUE` 给出：看起来是数字的为数字，另有
    `true`、`false`、`null`，其余为文本；带单引号的 `'007'` 总是文本。

      crm sql -f sales.sql --param from=2026-01-01 --format csv -o sales.csv
      crm sql --at HEAD "select count(*) as n from customers"
      crm sql --schema --format csv

    金额以币种的最小单位（如分）存为整数，因此求和是精确的。除 SQLite 自带的函数外还有：

      amount(1250, 'CNY') = 12.50  -- 最小货币单位转为精确文本，小数位随币种
      amount(1250, 'JPY') = 1250
      minor('12.50', 'CNY') = 1250  -- 反向换算
      to_base(1250, 'USD', 7.1) = 8875  -- 外币最小单位按汇率折成本位币
      ratio(1, 4) = 0.25  -- 比值；除数为零时为 null
      half_up(1.005, 2) = 1.01  -- 四舍五入
      bucket('2026-05-04', 'quarter') = 2026Q2  -- day、week、month、quarter、half、year，按财年设置
      bucket('2026-05-04', 'month') = 2026-05
      day('2026-03-01T23:30:00+08:00') = 2026-03-01  -- 时刻在公司时区的日期
      work_minutes('2026-03-02T09:00:00+08:00', '2026-03-02T10:30:00+08:00', null) = 90  -- 按日历（id 或 null）的工作分钟数
      part(1000, 1, 3) = 333  -- 3 件共 1000 最小单位时，其中 1 件的价值
      fold('Haier') = haier  -- 忽略大小写比较用
      median(x), percentile(x, p)  -- 按组求中位数、百分位数；p 为 0 到 1，两数之间线性插值
      pow(2, 10) = 1024  -- 乘方；另有 ceil、floor、sqrt、ln、exp
      rate('CNY', '2026-05-04') = 1  -- 某日一单位该币种折合的本位币
      minutes('2h') = 120  -- 时长的分钟数
      rfm_segment(5, 5, 5) = Champions  -- 三项评分所属的首个分层名称
      stock_value(method, qty, unit_cost, key order by …)  -- 按顺序变动后的库存金额：moving_average 或 fifo
      as_of(), today()  -- 视图所看的日期，以及今天

    `crm export --all` 把全部数据表导出给其他引擎（DuckDB、pandas、Spark、SQLite），
    `crm mirror push` 让 PostgreSQL 中的数据表保持同步。

## 图表
help-flag-chart = 在表格下方绘制图表；`=only` 只画图，`=ascii` 只用 ASCII 字符，`=only,ascii` 两者兼用

## 推送到 PostgreSQL
help-cmd-mirror = 把全部数据送到另一个数据库
help-mirror-push = 在 PostgreSQL 的一个模式中载入或更新全部数据表
help-mirror-push-long =
    在 PostgreSQL 的一个模式中载入或更新全部数据表，在一个事务内完成：金额为 numeric，另有日期、
    时间、布尔和文本。提交与日期都没有变时什么也不写；否则只更新有差别的表，记录及其明细行只更新
    有差别的行。列有变化的表会重建；模式中不属于本程序的内容保持不动。

    连接不加密：请使用本机套接字（postgres:///NAME?host=/var/run/postgresql）或隧道；其他机器须在地址中写明 ?sslmode=disable。
    密码最好放在 PGPASSWORD 中。编译程序时须启用 `postgres` 特性。
help-arg-url = 数据库地址
help-flag-schema-name = 数据表所在的模式；不指定时为 crm
help-cmd-outbox = 发送排队的消息
help-outbox-run = 发出到期的消息
help-outbox-run-long =
    发出到期的消息，供 cron 使用。邮件交给 [send.email] 的目录、程序或服务器，短信交给 [send.sms] 的
    网关或程序；没有设置时，邮件以 .eml 文件写入 .git/crm/mail。每条消息在发出之前先以一次提交认领，
    因此两次同时运行也不会重复发送。暂时被拒的在 1、5、15、60 分钟后再试，之后每 4 小时一次，共两天。
    不知是否送达的为 unknown：服务邮件以同一 Message-ID 重发，营销邮件和短信须由人执行 `crm message retry`。
    服务器无法连接时退出码为 12，有消息失败时为 10。
help-cmd-trust = 允许 crm.toml 中指定的程序和服务器
help-trust-long =
    允许本副本运行 crm.toml 的 [send] 和 [hooks] 中指定的程序，并把密码交给其中的服务器。按现在的
    写法固定下来：以后的任何改动（包括拉取来的）都需要重新允许；位于数据库中的钩子程序也一并固定。
    会先显示内容。个人配置无需允许。
help-verb-campaign-send = 给每个目标成员排队一条消息，每个地址一条
help-verb-message-import = 归档外来邮件（.eml，`-` 为标准输入）
help-arg-files = 文件；`-` 读取标准输入
help-flag-send-at = 不早于此时刻
help-flag-target = 相关记录；未给出时由邮件判断
help-cmd-remind = 提醒到期事项
help-remind-list = 显示现在到期且尚未提醒的事项
help-remind-run = 把到期事项告知每个人，每条提醒只发一次
help-remind-run-long =
    把到期事项告知每个人，无论运行多少次，每条提醒只发一次；供 cron 使用。跟进按其 `remind` 提醒；
    将过期的报价、被冷落的商机、承诺日期和应收日期、工单时限、生日按 [remind] 设置提醒。
    方式按每人的 `notify`：在此打印，或排队为邮件、短信由 `crm outbox run` 发出。
    设置 [remind] digest 时每人每天一条汇总。一次运行一次提交。
help-flag-team = 统计整个团队及其下级团队
help-verb-followup-call = 显示要拨的号码，然后记录通话
help-topic-messages =
    消息、提醒和发件箱

    消息由命令排队（`message send`、`ticket reply`、`quote send --template`、`campaign send`、
    `remind run`），由 `crm outbox run` 发出。两者都适合 cron：

      0-59/5 * * * * cd /srv/acme && crm remind run -q; crm outbox run -q

    消息状态：draft、queued、claimed、sent、failed、unknown、cancelled、received。
    发出之前先提交 claimed。暂时被拒（SMTP 4xx、HTTP 429 或 503、退出码 75）在 1、5、15、60 分钟后
    再试，之后每 4 小时一次，共两天；被拒则为 `failed`，见 `crm message retry`。得不到答复则为
    `unknown`：服务和内部邮件以同一 Message-ID 重发，收件方可以识别；营销邮件和短信等待
    `crm message retry`。

    在 crm.toml 中，邮件从 folder、command、smtp 中选一种：

    {"  ["}send]
      node = "office"              # 只有 `git config crm.node office` 的副本发送

    {"  ["}send.email]
      from = "Acme <sales@acme.example>"
      folder = "outgoing"          # .eml 文件；不设置时为 .git/crm/mail
      command = ["sendmail", "-i", "--", "{"{{"}to{"}}"}"]
      smtp = "smtp://me@mail.example:587"    # STARTTLS；直接 TLS 用 smtps://…:465
      ca_file = "ca.pem"           # 自己的证书颁发机构
      secret_env = "MAIL_PASSWORD" # 或 secret_file，或 secret_command = ["pass", "mail"]
      per_minute = 60
      timeout = "30s"
      unsubscribe = "mailto:stop@acme.example"   # 营销邮件的 List-Unsubscribe

    {"  ["}send.sms]
      preset = "yunpian"           # 或 twilio、vonage、luosimao；配合 user、from、secret_…
      url = "https://sms.example/send"           # 或全部自己写，或用 command
      headers = ["Content-Type: application/json", "Authorization: Bearer {"{{"}secret{"}}"}"]
      body = '{"{"}"to":"{"{{"}to{"}}"}","text":"{"{{"}text{"}}"}"{"}"}'
      success = "code=0"           # 或 status（任何 2xx），或 ~TEXT
      id = "data.id"               # 答复中编号的位置
      per_run = 1000
      max_length = 500

    `crm trust` 允许本副本使用其中指定的程序、目录和服务器。

    每个人在自己的记录中说明如何被告知：notify = stdout、email、sms。提醒：

    {"  ["}remind]
      at = "09:00"                 # 没有钟点的日子
      default = "0m"               # 未说明提醒的跟进
      also = ["quote_expiring", "opportunity_rotten", "order_due", "payment_due", "sla", "birthday"]
      before = "1d"                # 以上各类的提前量
      stale = "3d"                 # 更早的视为过去
      digest = true                # 每人每天一条

    `crm message import FILE.eml` 归档外来邮件：主题方括号中有工单编号的归该工单，
    否则归所答复消息的相关记录，再否则归写信人。
help-cmd-conflicts = 逐字段列出合并后有待裁定的内容
help-cmd-resolve = 裁定合并中未决的字段
help-resolve-long =
    裁定合并留下的未决内容：对一条记录的所有未决字段，或用 --field 指定的字段，取哪一方的值，或另给一个值。
    可以逐个字段裁定；裁定好的文件会告知 git。全部裁定后用 `git commit --no-edit` 完成合并。
help-cmd-merge-driver = 逐字段合并记录，供 git 调用
help-merge-driver-long =
    git 按 .gitattributes 和 .git/config 调用它来合并数据库中的文件。不同字段从不冲突，标签和历史取并集，
    明细行按标识区分；同一字段的两种不同修改，只在该字段处留下标记。`crm init` 会设置好；
    克隆出的副本请运行一次 `crm merge-driver --install`。
help-flag-ours = 当前分支的值
help-flag-theirs = 被合并分支的值
help-flag-value = 另一个值
help-flag-install = 在本副本中设置 git 使用它
help-flag-marker-size = 标记的长度
help-arg-base = 双方共同的旧版本
help-arg-ours-file = 我方版本，合并结果写入其中
help-arg-theirs-file = 对方版本
help-arg-path = 文件在数据库中的路径
help-cmd-doctor = 检查本机和本副本是否正常
help-doctor-long =
    检查本机和本副本是否适合使用：git 及其设置、操作人、中断留下的内容、文件权限、时钟、镜像、发送。
    只查看；加 --fix-git 时写入不随克隆复制的 git 设置。记录本身由 `crm check` 检查。
    有误时退出码为 9。

    --bundle 为协助排查者写出一个 .tar.gz：版本、取值为数字或固定选项的设置、记录和对象的数量、
    检查结果和耗时。不含任何记录内容，也没有人员、公司、文件、目录或服务器的名称。
help-flag-fix-git = 写入本副本缺少的 git 设置

help-verb-user-leave = 标记用户离职；未完成的工作转给他人
help-verb-user-can = 查看用户能否执行某操作，以及由哪个角色决定
help-arg-user = 用户：标识、姓名或邮箱；`me` 指当前用户
help-arg-action = create、read、edit、remove、assign、export、admin，或该类型的动作，例如 confirm、ship
help-arg-about = 一条记录，或一种记录类型

help-cmd-policy = 按数据库的角色和密钥审核提交
help-policy-check = 列出不能接受某些提交的原因
help-policy-check-long =
    列出不能接受某些提交的原因

    OLD 之后到 NEW 为止的每个提交，都按其父提交中的用户、团队、角色和设置来审核：由谁签名、
    署谁的名、动了哪些文件、角色是否允许。共享仓库的钩子和 `crm sync` 用同样的方法审核。
    有提交被拒绝时退出码为 11。`..NEW` 表示整段历史。
help-audit-long =
    核验历史：签名、权限、文件

    不给范围时核验整个分支的历史，从第一个提交开始，每个提交都按它之前的状态来审核，就像现在
    才推送进来一样。`--root`（否则用 git 配置里的 `crm.root`）指定历史必须以哪个提交开始。
    发现问题时退出码为 9。
help-audit-roles = 列出用户、团队、角色和设置的每次变更
help-hook-pre-receive = 拒绝策略不允许的推送
help-hook-pre-receive-long =
    拒绝策略不允许的推送

    在共享的裸仓库里放一个可执行的 `hooks/pre-receive`：

      #!/bin/sh
      exec crm hook pre-receive

    并执行 `git config crm.root COMMIT`（数据库的第一个提交），同时把 `receive.denyDeletes`、
    `receive.denyNonFastForwards` 和 `receive.fsckObjects` 设为 true。`crm.maxCommits`（1000）和
    `crm.maxBytes`（64 MiB）限制一次推送的大小。钩子和配置不能由推送的人修改。
help-arg-gate-range = OLD 之后到 NEW 为止的提交：`origin/main..HEAD`
# Settings, one by one.
help-setting-format = 数据库格式，由 crm init 和 crm migrate 写入
help-setting-company-name = 公司名称，印在单据上
help-setting-company-address = 公司地址
help-setting-company-phone = 公司电话
help-setting-company-email = 公司邮箱；未设发件人时用作发件人
help-setting-company-website = 公司网站
help-setting-company-tax-id = 公司税号
help-setting-company-bank = 公司开户行
help-setting-company-bank-account = 公司银行账号
help-setting-company-country = 国家；没有国家代码的电话按该国解读
help-setting-company-currency = 记账和报表所用的本位币
help-setting-company-timezone = 日期、期限和报表所用的时区
help-setting-company-language = 未自选语言的人所用的语言
help-setting-company-calendar = 工作时间日历
help-setting-company-payment-days = 发票的付款天数
help-setting-company-fiscal-start = 财年开始的月和日
help-setting-company-week-start = 一周的第一天
help-setting-tax-default-rate = 产品未注明时的税率（百分数）
help-setting-tax-price-mode = 价格是否含税
help-setting-tax-rounding = 税额按行还是按单据取整
help-setting-number-quote = 报价单编号：花括号中写 year、month 和一个 seq
help-setting-number-order = 订单编号
help-setting-number-invoice = 发票编号
help-setting-number-ticket = 工单编号
help-setting-rates = 某币种自某日起的汇率：每单位合本位币
help-setting-quote-valid-days = 报价单有效天数
help-setting-opportunity-close-days = 商机预计成交天数
help-setting-customer-dormant-days = 多少天无订单视为休眠客户
help-setting-lead-response = 线索首次响应时限，按 company.calendar 计
help-setting-lead-convert-from = 可转化线索的状态；空表示任何未结状态
help-setting-lead-notify-assignment = 线索分配时通知用户
help-setting-stock-warehouses = 仓库，默认仓库在前
help-setting-stock-allow-negative = 允许库存为负
help-setting-stock-valuation = 库存计价方法
help-setting-ticket-followup-days = 工单解决后多少天回访；空表示不回访
help-setting-remind-at = 按日提醒的时刻
help-setting-remind-default = 跟进提前多久提醒；空表示不提醒
help-setting-remind-stale = 多久未处理即提醒
help-setting-remind-also = 除跟进外还提醒什么
help-setting-remind-before = 期限前多久提醒
help-setting-remind-digest = 每人每天合并为一条提醒
help-setting-report-pace = 目标进度的计算方式
help-setting-report-rfm-segments = RFM 报表的分组：名称和三个分值
help-setting-report-prospects-hot-score = prospects 报表中热门线索的分值
help-setting-report-prospects-quiet-lead-days = 线索多少天无联系视为沉寂
help-setting-report-prospects-quiet-quote-days = 报价多少天无答复视为沉寂
help-setting-report-prospects-replenish-days = 客户预计再次订货前的天数
help-setting-report-prospects-lost-from = 失单后多少天起再联系
help-setting-report-prospects-lost-to = 失单后再联系的最长天数
help-setting-report-prospects-warranty-days = 保修到期前的天数
help-setting-period-closed-until = 已结账的最后一天；该日及以前的单据和事实被拒绝
help-setting-send-node = 负责发送的副本，见其 git 配置 crm.node
help-setting-send-email-from = 邮件发件人
help-setting-send-email-folder = 写入邮件的目录
help-setting-send-email-command = 接收邮件的程序
help-setting-send-email-smtp = 邮件服务器地址，不含密码
help-setting-send-email-ca-file = 自有邮件服务器的证书
help-setting-send-email-unsubscribe = 退订地址
help-setting-send-email-per-minute = 每分钟最多邮件数
help-setting-send-email-timeout = 发送每一步的时限
help-setting-send-email-secret-env = 存放密码的环境变量
help-setting-send-email-secret-file = 存放密码的文件
help-setting-send-email-secret-command = 输出密码的程序
help-setting-send-sms-preset = 已知的短信网关
help-setting-send-sms-url = 短信网关地址
help-setting-send-sms-headers = 网关请求的头部
help-setting-send-sms-body = 网关请求的正文
help-setting-send-sms-success = 表示短信已被接受的内容
help-setting-send-sms-id = 应答中短信标识的位置
help-setting-send-sms-user = 网关用户名
help-setting-send-sms-from = 短信发送方
help-setting-send-sms-folder = 写入短信的目录
help-setting-send-sms-command = 接收短信的程序
help-setting-send-sms-per-minute = 每分钟最多短信数
help-setting-send-sms-per-run = 每次运行最多短信数
help-setting-send-sms-max-length = 短信最多字数
help-setting-send-sms-timeout = 发送每一步的时限
help-setting-send-sms-secret-env = 存放密码的环境变量
help-setting-send-sms-secret-file = 存放密码的文件
help-setting-send-sms-secret-command = 输出密码的程序
help-setting-send-wechat-folder = 写入微信消息的目录
help-setting-send-wechat-command = 接收微信消息的程序
help-setting-send-wechat-timeout = 发送每一步的时限
help-setting-auth-login = 是否要求登录
help-setting-auth-min-length = 密码最短长度
help-setting-auth-second-factor = 是否必须使用一次性验证码
help-setting-auth-idle = 多久无操作即退出登录
help-setting-auth-absolute = 登录最长时间
help-setting-policy-gate = 只接受签名的线性提交
help-setting-policy-branch = 唯一可写的分支
help-setting-policy-gateway = 共享主机上代他人签名的服务用户
help-setting-policy-min-crm = 允许写入和校验的最低 crm 版本
help-setting-policy-paths = 管理员可推送的自有文件
help-setting-hooks-timeout = 钩子的时限，默认 30s
help-setting-hooks = 可否决变更的程序：`order ship`、`order *` 或 `*`
help-setting-views-of = 所列记录类型
help-setting-views-where = 已存列表的条件
help-setting-views-fields = 已存列表的列
help-setting-views-sort = 已存列表的排序
help-setting-views-limit = 已存列表的最多行数
help-setting-schedule-report = crm report run-all 所用报表及其选项
help-setting-schedule-every = 生成频率
help-setting-schedule-format = 文件格式
help-setting-codes-label = 自定义代码的英文名称
help-setting-codes-label-zh = 自定义代码的中文名称
help-setting-codes-retired = 不再提供，已用之处仍有效
help-setting-fields-type = 自定义字段的类型
help-setting-fields-label = 自定义字段的英文名称
help-setting-fields-label-zh = 自定义字段的中文名称
help-setting-fields-codes = 代码类字段的可选代码
help-setting-fields-ref = 引用类字段所指的记录类型
help-setting-fields-required = 是否必填
help-setting-fields-unique = 是否唯一
help-setting-fields-default = 新记录的默认值
help-setting-fields-pattern = 文本须符合的模式
help-setting-fields-min = 最小值
help-setting-fields-max = 最大值
help-own-language = 你的语言；用户记录和数据库均未指定时生效
help-own-timezone = 你的时区；用户记录和数据库均未指定时生效
help-own-format = 结果格式，同 --format
help-own-labels = 列标题，同 --labels
help-own-color = 颜色，同 --color
help-own-pager = 终端上显示长输出的程序；cat 表示不用
help-own-editor = crm edit 所用编辑器；未设 VISUAL、EDITOR 时生效
help-own-lock-timeout = 等待其他命令的时限，同 --lock-timeout
help-own-signing-key = 为你的提交签名的 ssh 密钥文件
help-own-gateway = 共享主机上某系统账号对应的用户

help-cmd-config = 设置：list、get、set、unset、edit
help-config-long =
    数据库的设置在 crm.toml 中；个人的设置在 ~/.config/crm/config.toml 或 CRM_CONFIG 指定的文件中。
    优先顺序：选项、环境变量、用户记录、crm.toml、个人配置、默认值。更改 crm.toml 即一次提交，
    需要管理员角色。

      crm config list company --origin
      crm config get number.order
      crm config set company.payment_days 45
      crm config set rates.USD.2026-07-01 7.0400
      crm config set codes.source.livestream.label_zh 直播
      crm config set fields.customer.showroom_m2.type int
      crm config set hooks."order ship" -- check-shipment --strict
      crm config unset codes.source.livestream
      crm config set --user pager 'less -R'

    `crm help settings` 列出所有键。
help-config-list = 全部设置，或某一节的设置
help-config-get = 一项设置的值
help-config-set = 更改一项设置
help-config-set-long =
    更改一项设置。列表可给多个值，或按 TOML 写成一个：'["a", "b"]'。
    数据库无法随之更改的会被拒绝：已有金额时换币种，记录仍在使用时去掉代码或字段。
help-config-unset = 去掉一项设置，或一组设置，如 codes.source.livestream
help-config-edit = 在编辑器中打开设置，检查后提交
help-arg-setting = 键，如 company.name
help-arg-values = 值；列表可给多个
help-arg-prefix = 节，如 company
help-flag-origin = 显示每个值的来源
help-flag-user-config = 个人配置，而不是数据库的设置
help-own-settings = 个人配置中（`crm config set --user`）：
help-cmd-migrate = 把旧格式的数据库转换为当前格式
help-migrate-long =
    把旧格式的数据库转换为当前格式，只产生一次提交，可用 `crm undo` 或 `git revert` 撤回。
    值、注释和未知的键都保留。两个副本转换同一提交，得到相同的文件。
    `--dry-run` 显示会有哪些更改。有手工修改时拒绝转换。
help-cmd-complete = 供 shell 补全的候选项
help-flag-for-shell = 发问的 shell
help-cmd-sync = 与他人的工作合并同步
help-sync-long =
    取回他人推送的内容并审核，把您自己的提交逐字段接在其后，然后推送。修改不同记录或不同字段
    不会冲突。双方对同一字段作了不同修改时不移动任何内容：`crm conflicts` 列出，`crm resolve` 裁定，
    下次同步采用裁定。您手工的修改和暂存的文件保持原样。

    合并后检查全部规则：新出现的问题连同修复命令一并列出，退出码 9，但不阻止推送。
    加 --dry-run 时只取回，不移动任何内容。
    未给出 REMOTE 时取分支的上游，其次 origin，再次唯一的远程仓库。
    每个收到或推送的提交、每个合并的文件输出一行。

      crm sync
      crm sync --dry-run
      crm sync backup --no-push
    参见 `crm help merge`。
help-arg-remote = `git remote` 列出的远程仓库
help-flag-no-fetch = 使用先前取回的内容，不访问远程
help-flag-no-push = 提交留在本地
help-flag-allow-mass-delete = 允许一次删除超过 100 条记录
help-flag-accept-rollback = 远程丢失了曾有的提交时仍以其现状为准
help-cmd-clone = 克隆共享的数据库，建立自己的副本
help-clone-long =
    用 git 克隆一个数据库，写出之前检查其中每个文件，并设置 git 逐字段合并记录。给出 --root 时历史
    必须含有该提交，否则不保留任何内容；未给出时信任并记住首个提交，显示一次。给出 --user 时
    副本中 git 的姓名和邮箱取自该用户。

      crm clone git@example.com:acme.git
      crm clone /srv/git/acme.git acme --root 4b825dc642cb6eb9a060e54bf8d69288fbee4904 --user li.na
help-arg-store-url = 数据库的地址，写法同 git
help-flag-root = 历史必须含有的提交，完整编号
help-cmd-hook = 设置 git 调用的检查，并供 git 调用
help-cmd-hook-install = 本副本每次提交前检查暂存内容
help-hook-install-long =
    在本副本设置 git 的 pre-commit 钩子：含有无法读取或违反规则的记录时，`git commit` 被拒绝。
    已有的钩子保持不变。`crm` 自己的命令本来就会检查，不运行 git 钩子。
help-flag-staged = 只检查为 git 下次提交暂存的内容
help-topic-merge =
    多人的工作如何合为一体

    每人在自己的副本中工作，无网络时也可。`crm sync` 通过大家都能访问的仓库合并各副本，
    那里只需要 git：

      git init --bare /srv/git/acme.git
      git remote add origin /srv/git/acme.git     （在第一个数据库中）
      crm sync
      crm clone /srv/git/acme.git                 （其他人）

    记录逐字段合并：
      一方修改            取该方的值
      双方修改相同        取该值
      标签等集合          任一方添加的都在，任一方删除的都去掉
      明细、成员等行      按编号或键逐行合并
      历史                双方的步骤按时间排列
      双方修改不同        冲突，不按时间先后裁定
    记录以外的文件按行合并，与 git 相同。

    冲突在移动任何内容之前停止同步，且只涉及相关记录，其他命令照常：
      crm conflicts
      crm resolve cus_kwzrmlnopqst --field city --theirs
      crm sync
    裁定只在双方的值与裁定时相同的情况下有效。

    合并后检查全部规则，因为各自正确的两处修改合在一起可能有误：同一订单发货两次，同一编号
    用了两次。新出现的问题连同修复命令列出（退出码 9）。

    以下情况拒绝且不移动任何内容：远程丢失了曾有的提交，另一个数据库的历史，一次删除超过 100 条
    记录，链接、子模块和可执行文件，以及同步要改动您手工修改过的文件（`crm commit` 保留修改）。
    直接用 git 合并的人，通过 `crm init`、`crm clone`、`crm doctor --fix-git` 设置的驱动
    得到同样的逐字段合并。
## 备份
help-cmd-backup = 生成、检查、清理和恢复备份
help-backup-long =
    把整个数据库备份为一个文件，以及恢复。备份先试恢复，通过后才得到文件名。
    cron 和 systemd 的例子见 `crm help backup`。
help-backup-create = 生成备份
help-backup-create-long =
    把所有分支、标签和其他引用备份为一个文件，以库名、时间和最后提交命名。先恢复到临时目录并检查，
    通过后才得到文件名；已有文件绝不覆盖。不给目标时放在当前目录，身在数据库中时放在数据库的旁边；
    `-` 写到标准输出。未提交的改动不在其中。

    用 git 签名所用的 ssh 密钥或 --sign-key 签名。用 --recipient 时只有这些 age 密钥的主人能打开。
help-backup-list = 列出目录中的备份
help-backup-list-long =
    按备份自己的说明列出目录中的备份，最新的在前。文件是否完好由 `crm backup verify` 检查。
help-backup-verify = 试恢复备份，看它是否完好
help-backup-verify-long =
    把备份恢复到临时目录：全部字节、全部成员、签名、历史（`git fsck --full --strict`）、最后提交、
    记录数，以及每条记录都能读取。有问题时退出码为 9。
help-backup-prune = 删除本库的旧备份
help-backup-prune-long =
    按备份自己写的时间删除目录中本库的备份。任一规则保留的都保留，最新的一份总是保留；
    不是本库备份的文件不动。规则保留每日、每周（周一到周日）或每月最新的一份，数到有备份的那么多个为止。
help-backup-restore = 把备份恢复到新目录
help-backup-restore-long =
    把备份恢复到尚不存在或为空的目录，像 `verify` 一样检查，通过后才得到名称。本库已经更新过的旧备份
    会被拒绝，除非给出 --allow-older。用 --at 时分支退回到较早的提交或日期；备份的最后提交保留在
    refs/crm/restored 下。
help-backup-keygen = 生成一对用于加密备份的密钥
help-backup-keygen-long =
    生成一对 age 密钥：私钥写入只有本人可读的新文件，公钥打印到标准输出。私钥文件不要和备份放在一起。
help-arg-backup-target = 目录、文件，或 `-` 表示标准输出
help-arg-backup-dir = 放备份的目录；默认为当前目录，或数据库的旁边
help-arg-backup-file = 文件
help-flag-recipient = 加密给这个 age 公钥，或文件中的公钥；可多次
help-flag-with-secrets = 一并备份登录凭据和个人设置；需要两个接收者
help-flag-sign-key = 用这个 ssh 私钥签名
help-flag-keep = 目录中只保留本库最新的 N 份
help-flag-identity = 含 age 私钥的文件
help-flag-signed-by = 必须由这个 ssh 公钥签名，或含它的文件
help-flag-keep-last = 保留最新的 N 份
help-flag-keep-daily = 保留 N 天，每天一份
help-flag-keep-weekly = 保留 N 周，每周一份
help-flag-keep-monthly = 保留 N 个月，每月一份
help-flag-allow-older = 恢复本库已经更新过的旧备份
help-backup-to = 新目录
help-backup-at = 把分支退回到这个提交或日期
help-backup-restore-secrets = 把登录凭据和个人设置放回原处，已有的不动
help-topic-backup =
    备份与恢复

    一个文件包含所有已提交的内容：全部记录、完整历史、每个分支。

      crm backup create /mnt/backup --keep 30        再备份一份，保留最新 30 份
      crm backup list /mnt/backup                    有哪些备份
      crm backup verify /mnt/backup/FILE             试恢复
      crm backup restore FILE --to acme-restored     恢复到新目录，绝不覆盖
      crm backup restore FILE --to acme-june --at 2026-06-30

    用 cron 每晚备份：

      30 2 * * *  cd /srv/acme && crm backup create /mnt/backup -q && crm backup prune /mnt/backup --keep-daily 14 --keep-weekly 8 --keep-monthly 24 --yes -q

    或用 systemd，文件 crm-backup.service 和 crm-backup.timer：

    {"  ["}Service]
      Type=oneshot
      User=crm
      WorkingDirectory=/srv/acme
      ExecStart=crm backup create /mnt/backup --keep 30

    {"  ["}Timer]
      OnCalendar=*-*-* 02:30
      Persistent=true

    {"  ["}Install]
      WantedBy=timers.target

    放在同一块磁盘上的备份会随它一起丢失：请加密后复制到别处。生成两对密钥，私钥文件彼此分开存放，
    也不要和备份放在一起：

      crm backup keygen ~/office.key
      crm backup create - --recipient age1… --recipient age1… | ssh vault 'cat > acme.crmbackup'

    不在备份中的：未提交的改动、密码和登录（除非 --with-secrets）、只属于某个副本的设置
    （远程仓库、crm.node、crm trust）。

    没有本程序时：`tar xf FILE`，加密的用 `age -d -i KEY content.age | tar x`，再 `git clone bundle acme`。
help-cmd-maintain = 整理：git、遗留文件、镜像
help-maintain-long =
    打包引用和对象，删除两周以前就无人引用的内容，并写入 git 的提交图，使单条记录的历史查得更快。
    完成或撤回中断的命令留下的改动，删除临时文件和已结束的合并的决定，并整理镜像。显示前后大小。
    git 平时也会自行整理；用 cron 每月运行一次就足够了。
help-flag-full = 检查历史的每个字节，而不只是有无缺失
help-flag-bundle = 为协助排查者写出版本、设置和数量，不含任何记录内容
help-flag-accept-history = 即使历史违反本库的权限规则也恢复

help-cmd-gate = 在共享仓库不能运行钩子时，接收大家提交的内容
help-gate-accept = 审核每个待收分支，接收符合要求的
help-gate-accept-long =
    审核每个待收分支，接收符合要求的

    用于不能运行自己钩子的托管网站。每个人在自己的副本里执行 `git config crm.inbox NAME`，
    `crm sync` 就会把提交推送到 `inbox/NAME` 分支；在网站上只允许门禁管理员的密钥以快进方式
    写入共享分支。本命令由定时任务在门禁管理员的副本里运行：像钩子一样审核每个待收分支，
    把共享分支移到它上面，再删除待收分支。不产生也不改动任何提交，因此签名都保持有效。
    已不再接在共享分支之后的待收分支，等其主人下次 `crm sync`。有被拒绝的则退出码为 11。
help-cmd-login = 登录
help-login-long =
    登录本库：输入密码；启用了第二因素的用户还要输入验证码。会话在一段时间不使用、到达最长时限
    或 `crm logout` 后结束。加 --code 则用 `crm user verify` 发出的验证码代替密码，随后需设置新密码。
    脚本用 --password-stdin 或 --password-file 按行提供：先密码，后验证码。程序无需登录，使用令牌：
    `crm user token add`。
help-cmd-logout = 退出登录
help-cmd-whoami = 当前用户是谁、身份从何而来、有哪些角色
help-whoami-long =
    当前用户是谁，身份从何而来：--as、CRM_USER、git 邮箱、登录会话、令牌，或进入系统的账户；
    有哪些角色，有效至何时。
help-cmd-passwd = 设置密码
help-passwd-long =
    设置自己的密码：已有密码时先输入当前密码，再输入新密码。可用任意字符，但要足够长；常见密码
    会被拒绝。其他会话随之结束。管理员指定其他用户时，得到一个三天内只能登录一次、登录后必须更换
    的密码；失败次数过多的用户也由此解锁。脚本用 --password-stdin 或 --password-file 按行提供：
    先当前密码，后新密码。
help-cmd-audit = 核验历史，查看谁登录过、谁得到了哪些权限
help-audit-logins = 本机登录记录
help-audit-logins-long =
    本库在本机的登录记录，最新的在前：登录与失败的登录、密码、第二因素、令牌。非管理员只能看到
    自己的记录。
help-verb-user-verify = 发送首次登录验证码
help-verb-user-verify-long =
    把一条含验证码的消息放入发件队列，用户可在半小时内凭它登录一次：`crm login USER --code`。
    消息记录中没有验证码，发件时才填入。用于首次登录和忘记密码。
help-verb-user-totp = 第二因素
help-user-totp-enable = 每次登录都要求验证器的动态码
help-user-totp-enable-long =
    为验证器生成密钥，显示为可扫描的二维码；加 --no-qr、指定格式或输出到管道时显示为文字。输入首个
    动态码后生效。随后打印的十个恢复码在丢失验证器时使用，每个只能用一次，请另行保存。脚本先按行
    提供密码，再次运行时把动态码放在第二行。
help-user-totp-disable = 取消第二因素
help-verb-user-token = 服务用户的令牌
help-user-token-add = 为程序创建令牌
help-user-token-add-long =
    令牌只打印一次：存入只有该程序账户可读的文件，并用 CRM_TOKEN_FILE 指定该文件。加 --role 则程序
    只有该用户的这些角色。
help-user-token-list = 列出令牌
help-user-token-revoke = 吊销令牌
help-flag-code = 用收到的验证码代替密码
help-flag-everywhere = 同时结束本账户在其他终端的会话
help-flag-way = 验证码的发送方式：email 或 sms
help-flag-no-qr = 以文字显示密钥，不显示二维码
help-flag-sms = 用短信验证码代替验证器；安全性较低
help-flag-role = 限于该角色；可重复
help-flag-label = 名称
help-flag-token-all = 该用户的全部令牌
help-flag-password-stdin = 从标准输入读取密码和验证码，每行一个
help-flag-password-file = 从私有文件读取密码和验证码，每行一个
help-arg-token = 令牌编号，见 `crm user token list`
help-topic-security =
    登录，以及它能防住什么

    crm.toml 的 auth 一节中 `login = "on"` 时，每条命令都需要登录会话或令牌；
    `--as` 和 `CRM_USER` 只能与登录用户一致。

      crm passwd                     设置自己的密码；第一个设置密码的人无需登录
      crm login, crm logout          登录、退出
      crm whoami                     当前用户是谁，有效至何时
      crm user verify U              发送首次登录验证码：`crm login U --code`
      crm passwd U                   一次性密码，也用于解锁失败过多的用户
      crm user totp enable           登录时另需动态码；`second_factor = "required"` 要求所有人启用
      crm user token add U           程序用的令牌，文件由 CRM_TOKEN_FILE 指定
      crm audit logins               谁登录过，谁尝试过

    失败 5 次后每次都要等待，10 次后等待一刻钟，100 次后须由管理员处理。更改密码、第二因素、角色、
    密钥或导出全部数据之前会再次要求输入密码。

    密码（Argon2id 散列）、验证器密钥和会话保存在仓库之外的 $XDG_STATE_HOME/crm 中，只属于本机的
    这个账户。

      自己的副本                     文件属于你：登录只保护无人看管的终端，不能防住文件的主人
      共用账户                       文件属于该账户：登录、权限和第二因素真正有效（`crm help gateway`）
help-cmd-gateway = 在共用账户中代表某个用户
help-gateway-long =
    在设为网关的账户中代表某个用户执行命令。写在 authorized_keys 中时执行 ssh 给出的命令；在 cron 中
    执行其后的命令。见 `crm help gateway`。
help-arg-line = 命令及其参数
help-topic-gateway =
    多人在一台机器上共用一个库

    人人都有副本，就人人都有文件。如果库属于一个账户，而人们只能经两种方式到达它，登录、角色和
    第二因素才真正有效。

    1. 拥有数据库的账户；必须写在本机的 /etc/passwd 中：

      useradd --system --create-home --home-dir /srv/crm crm
      chmod 700 /srv/crm
      su -s /bin/sh crm -c 'cd && crm init store --company Acme --user li.na --name … --email …'

    2. 该账户的配置 /srv/crm/.config/crm/config.toml，他人不可写：

      gateway.on = true
      gateway.store = "/srv/crm/store"
      gateway.users.lina = "li.na"

       本机账户即同名用户，除非 gateway.users 另有规定。

    3a. 有自己账户的人经 sudo 进入；/etc/sudoers.d/crm 只允许 crm：

      %sales ALL=(crm) NOPASSWD: /usr/local/bin/crm

       他们运行 `sudo -u crm crm customer list`。

    3b. 有密钥的人经 ssh 进入；/srv/crm/.ssh/authorized_keys 中每人一行：

      restrict,command="/usr/local/bin/crm gateway li.na" ssh-ed25519 AAAA…

       他们运行 `ssh crm@host customer list`。`restrict,pty` 让 crm 可以询问密码。

    4. 该账户的 cron 任务说明代表谁：crm gateway robot outbox run

    身份取决于进入的方式：不采信 `--as`、CRM_USER 和 git 邮箱，也不采信其他指定文件、程序或时间的
    变量。进入的人只有标准输入和标准输出，不能用该账户的文件：-o、-C、--from FILE、import FILE、edit
    和 export --all 都会被拒绝。设为 `login = "on"` 时还要输入密码。库只属于该账户；他人能进入的库
    会被 crm 拒绝。
help-arg-complete-line = 光标之前的命令行

## Tutorial
help-cmd-tutorial = 入门教程：在临时数据库中逐课演示主要工作
help-tutorial-long =
    入门教程，演示主要工作。不指定课程时列出全部课程；指定序号或名称时演示该课：每一步先说明
    原因，再给出要输入的命令和实际输出。命令真实执行，但在单独的临时数据库中进行，结束后删除，
    不会动到您自己的数据库。在终端中，每条命令执行前等待回车（`q` 退出），除非加了 --no-input。

      crm tutorial 1
      crm tutorial --all --no-input
      crm tutorial together --dir lessons --keep
help-arg-lesson = 课程的序号或名称
help-tutorial-all = 依次演示全部课程
help-tutorial-dir = 存放临时数据库的目录，默认用系统临时目录
help-tutorial-keep = 保留临时数据库
