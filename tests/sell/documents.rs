//! Documents as they are handed out, and the templates they use.

use crate::support::{Sandbox, part};

/// A store with a seller to print, and the id of its order, confirmed.
fn seller() -> (Sandbox, String) {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| {
        text.replace("[company]\n", "[company]\naddress = \"1 Main Road\"\nphone = \"+8675589888888\"\n")
    });
    let order = sandbox.ok("order list --format ids");
    sandbox.ok("contact add --customer 海尔北京 --name 王芳 --title 采购经理 --email wang@haier.example");
    (sandbox, order)
}

#[test]
fn an_order_is_printed_as_html_in_the_language_of_its_customer() {
    let (sandbox, order) = seller();
    let html = sandbox.ok(format!("order show {order} --format html"));
    for text in [
        "<html lang=\"zh-CN\">",
        "订单确认书",
        "SO-2026-0001",
        "海尔北京",
        "Acme",
        "1 Main Road",
        "439,600.00",
    ] {
        assert!(html.contains(text), "{text}\n{html}");
    }
    assert!(!html.contains("171000") && !html.contains("171,000"), "the cost is printed");
    let english = sandbox.ok(format!("order show {order} --format html --lang en"));
    assert!(english.contains("Order confirmation") && english.contains("<html lang=\"en\">"), "{english}");
    sandbox.ok("customer set 海尔北京 --country US");
    let english = sandbox.crm(format!("order show {order} --format md"));
    english.exits(0).prints(&["# Order confirmation SO-2026-0001", "**Total incl. tax**"]);
    // A field that says it goes before the country.
    sandbox.edit("crm.toml", |text| text + "\n[fields.contact.language]\ntype = \"string\"\n");
    sandbox.ok("contact set 王芳 --language zh-CN");
    sandbox.ok("order set SO-2026-0001 --contact 王芳");
    sandbox.crm(format!("order show {order} --format md")).exits(0).prints(&["# 订单确认书 SO-2026-0001"]);
}

#[test]
fn the_record_stays_the_record_for_programs() {
    let (sandbox, order) = seller();
    for format in ["table", "csv", "json", "jsonl", "ids"] {
        let text = sandbox.ok(format!("order show {order} --format {format}"));
        assert!(text.contains(&order) && !text.contains("订单确认书"), "{format}: {text}");
    }
    // Single fields are asked of the record.
    let fields = sandbox.ok(format!("order show {order} --format md --fields number,status"));
    assert!(fields.contains("SO-2026-0001") && !fields.contains("订单确认书"), "{fields}");
    // A type that is not handed out is as it was.
    let customer = sandbox.ok("customer show 海尔北京 --format html");
    assert!(customer.contains("<h1>"), "{customer}");
}

#[test]
fn a_document_goes_into_the_file_whose_ending_says_how() {
    let (sandbox, order) = seller();
    for name in ["o.html", "o.md", "o.xlsx"] {
        let run = sandbox.crm(format!("order show {order} -o {name}")).exits(0);
        assert_eq!(run.stdout, "", "{name}");
    }
    assert!(sandbox.read("o.html").starts_with("<!doctype html>"));
    assert!(sandbox.read("o.md").starts_with("# "));
    let book = std::fs::read(sandbox.path("o.xlsx")).expect("a workbook");
    let (sheet, strings) = (part(&book, "xl/worksheets/sheet1.xml"), part(&book, "xl/sharedStrings.xml"));
    assert!(sheet.contains("<v>439600</v>") && sheet.contains("<v>219800</v>"), "{sheet}");
    // 2026-03-04 as a day.
    assert!(sheet.contains("<v>46085</v>"), "{sheet}");
    assert!(strings.contains("订单确认书 SO-2026-0001"), "{strings}");
}

#[test]
fn nothing_that_a_record_says_becomes_markup_or_a_formula() {
    let (sandbox, _) = seller();
    let evil = "=1+1<script>alert(1)</script>|`*";
    sandbox.ok(&["customer", "add", "--name", evil]);
    let line = format!("name={evil},qty=1,price=10,note={evil},group={evil}");
    let quote = sandbox.ok(&[
        "quote",
        "add",
        "--customer",
        evil,
        "--line",
        &line,
        "--terms",
        "# no heading\n- no list",
    ]);
    let html = sandbox.ok(format!("quote show {quote} --format html"));
    assert!(!html.contains("<script") && html.contains("&lt;script&gt;"), "{html}");
    let markdown = sandbox.ok(format!("quote show {quote} --format md"));
    assert!(!markdown.replace("\\<", "").replace("<br>", "").contains('<'), "{markdown}");
    assert!(markdown.contains("\\# no heading\\\n\\- no list"), "{markdown}");
    sandbox.ok(format!("quote show {quote} -o q.xlsx"));
    let book = std::fs::read(sandbox.path("q.xlsx")).expect("a workbook");
    assert!(!part(&book, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(part(&book, "xl/sharedStrings.xml").contains("=1+1&lt;script&gt;"));
}

#[test]
fn an_invoice_shows_what_is_paid_and_a_credit_note_what_it_corrects() {
    let (sandbox, order) = seller();
    sandbox.ok(format!("order confirm {order}"));
    let net = "product=HAN-EV-610,qty=1,price=100,tax_rate=13";
    let invoice = sandbox.ok(format!("invoice add --customer 海尔北京 --line {net} --fapiao-no 2544200001"));
    sandbox.ok(format!(
        "payment add --customer 海尔北京 --amount 40 --method bank --allocation invoice={invoice},amount=40"
    ));
    let printed = sandbox.ok(format!("invoice show {invoice} --format md --lang en"));
    for text in [
        "| Fapiao number | 2544200001 |",
        "| **Total incl. tax** | **113.00** |",
        "| Paid | -40.00 |",
        "**73.00**",
    ] {
        assert!(printed.contains(text), "{text}\n{printed}");
    }
    let credit = sandbox
        .ok(format!("invoice add --customer 海尔北京 --kind credit_note --against {invoice} --line {net}"));
    let printed = sandbox.ok(format!("invoice show {credit} --format md --lang en"));
    assert!(
        printed.contains("# Credit note") && printed.contains("| Credits invoice | INV-2026-0001"),
        "{printed}"
    );
    assert!(!printed.contains("Paid"), "{printed}");
    let printed = sandbox.ok(format!("invoice show {invoice} --format md --lang en"));
    assert!(printed.contains("| Credited | -113.00 |") && printed.contains("Your credit on"), "{printed}");
}

#[test]
fn a_document_of_an_earlier_commit_is_as_it_was_then() {
    let (sandbox, order) = seller();
    let before = sandbox.git("rev-parse HEAD");
    sandbox.ok("customer set 海尔北京 --name 海尔上海");
    let now = sandbox.ok(format!("order show {order} --format html"));
    let then = sandbox.ok(format!("order show {order} --format html --at {before}"));
    assert!(now.contains("海尔上海") && !then.contains("海尔上海") && then.contains("海尔北京"));
}

#[test]
fn a_template_puts_its_words_around_the_lines() {
    let (sandbox, order) = seller();
    sandbox.ok("order set SO-2026-0001 --contact 王芳");
    let body = "您好 {{contact.name}}{{contact.title|}}，\n\n总价 {{order.total}} {{order.currency}}，{{var.gift|无赠品}}。\n---\n{{owner.name}} {{owner.phone|}}";
    sandbox.ok(&[
        "template",
        "add",
        "offer",
        "--name",
        "Offer",
        "--channel",
        "document",
        "--subject",
        "致 {{customer.name}}",
        "--body",
        body,
    ]);
    let show = format!("order show {order} --format md --template offer");
    let run = sandbox.crm(format!("{show} --var gift=")).exits(0);
    run.prints(&["**致 海尔北京**", "您好 王芳采购经理，", "总价 496,748.00 CNY，无赠品。", "\nAnn Li\n"]);
    let text = sandbox.ok(format!("{show} --var 'gift=<b>充电桩</b>'"));
    assert!(text.contains("\\<b\\>充电桩"), "{text}");
    let (above, lines, below) = (
        text.find("您好").expect("above"),
        text.find("| 序号").expect("lines"),
        text.rfind("Ann Li").expect("below"),
    );
    assert!(above < lines && lines < below);
    sandbox.crm(&show).exits(0).prints(&["无赠品"]);
    sandbox.fails(2, format!("order show {order} --template offer")).says(&["--template"]);
    sandbox.fails(3, format!("order show {order} --format md --template nobody"));
    sandbox.ok("template add hello --name Hello --channel email --body Hi");
    sandbox.fails(5, format!("order show {order} --format md --template hello")).says(&["hello", "email"]);
}

#[test]
fn a_template_is_rendered_for_any_record() {
    let sandbox = Sandbox::trading();
    let template = |slug: &str, body: &str| {
        sandbox.ok(&[
            "template",
            "add",
            slug,
            "--name",
            slug,
            "--channel",
            "email",
            "--subject",
            "S",
            "--body",
            body,
        ]);
    };
    template("hello", "{{customer.name}}: {{customer.phone}} {{customer.kind}} {{company.name}}");
    sandbox
        .crm("template render hello --for 海尔北京")
        .exits(0)
        .prints(&["S\n\n海尔北京: +86 10 6512 3456 企业 Acme\n"]);
    sandbox.crm("template render hello --for SO-2026-0001 --lang en").exits(0).prints(&["Company Acme"]);
    template(
        "state",
        "{{order.progress}} {{order.fulfilment}} {{order.to_ship|}} {{order.total}} {{order.owner.name}}",
    );
    sandbox
        .crm("template render state --for SO-2026-0001 --lang en")
        .exits(0)
        .prints(&["Draft None 0 496,748.00 Ann Li"]);
    let json = sandbox.crm("template render hello --for 海尔北京 --format json").exits(0).json();
    assert_eq!((json["subject"].as_str(), json["body"].is_string()), (Some("S"), true));
    template("wrong", "{{customer.nme}} {{contact.title}} {{customer.website}} {{var.x}} {{lead.name}}");
    let run = sandbox.fails(5, "template render wrong --for 海尔北京 --format json");
    let error = run.error();
    assert_eq!(error["code"], "invalid", "{run}");
    run.says(&["customer.nme, lead.name", "contact.title, customer.website, var.x"]);
    sandbox.fails(3, "template render hello --for nobody");
    sandbox.fails(2, "template render hello --for 海尔北京 --var x");
    sandbox.fails(2, "template render hello");
}

#[test]
fn values_are_written_as_people_write_them() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer set 海尔北京 --country MY --tag b --tag a --credit-limit 1234567.5 --level A --birthday 2000-02-29");
    sandbox.ok("invoice add --customer 海尔北京 --line HAN-EV-610:1@100 --number I-1");
    let body = "{{customer.country}}|{{customer.tags}}|{{customer.credit_limit}}|{{customer.birthday}}|{{customer.kind}}\
                |{{invoice.outstanding}}|{{invoice.payment}}|{{invoice.date}}|{{invoice.customer.owner}}|{{company.country}}";
    sandbox.ok(&["template", "add", "t", "--name", "T", "--channel", "email", "--body", body]);
    let english = "Malaysia|a, b|1,234,567.50|2000-02-29|Company|113.00|Unpaid|2026-03-04|Ann Li|CN";
    assert_eq!(sandbox.ok("template render t --for I-1 --lang en"), english);
    let chinese = "马来西亚|a, b|1,234,567.50|2000-02-29|企业|113.00|未回款|2026-03-04|Ann Li|CN";
    assert_eq!(sandbox.ok("template render t --for I-1 --lang zh-CN"), chinese);
    // A template says its language itself.
    sandbox.ok("template set t --language zh-CN");
    assert_eq!(sandbox.ok("template render t --for I-1"), chinese);
}

#[test]
fn a_template_that_cannot_be_filled_is_not_written() {
    let sandbox = Sandbox::new();
    for (body, says) in [
        ("{{customer.name", "{{customer.name"),
        ("a\n{% if x %}", "line 2"),
        ("{{costumer.name}}", "costumer.name"),
    ] {
        sandbox
            .fails(5, &["template", "add", "t", "--name", "T", "--channel", "sms", "--body", body])
            .says(&[says]);
    }
    assert_eq!(sandbox.ok("template list --format ids"), "");
}

/// A store whose customer has a contact with an address, and templates of two channels.
fn correspondence() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.ok("contact add --customer 海尔北京 --name 王芳 --email wang@haier.example --phone 13900139002");
    let add = |slug: &str, channel: &str, body: &str| {
        sandbox.ok(&[
            "template",
            "add",
            slug,
            "--name",
            slug,
            "--channel",
            channel,
            "--subject",
            "{{order.number}}",
            "--body",
            body,
        ]);
    };
    add("confirm", "email", "{{contact.name}}：{{order.total}} {{var.day|}}");
    add("text", "sms", "{{order.number}}");
    sandbox
}

#[test]
fn a_message_is_drafted_queued_and_cancelled() {
    let sandbox = correspondence();
    let message = sandbox.ok("message draft SO-2026-0001 --channel email --template confirm --var day=周一");
    let shown = sandbox.crm(format!("message show {message} --format json")).exits(0).json();
    assert_eq!(shown["to"][0], "wang@haier.example");
    assert_eq!(
        (&shown["subject"], &shown["body"]),
        (&"SO-2026-0001".into(), &"王芳：496,748.00 周一".into())
    );
    assert_eq!((shown["status"].as_str(), shown["message_id"].as_str()), (Some("draft"), None));
    assert_eq!(sandbox.ok(format!("message queue {message}")), message);
    let shown = sandbox.crm(format!("message show {message} --format json")).exits(0).json();
    assert_eq!(shown["status"], "queued");
    assert_eq!(shown["message_id"], format!("<{message}@acme.example>"));
    // Queued already: done, and no commit.
    let before = sandbox.git("rev-parse HEAD");
    sandbox.ok(format!("message queue {message}"));
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    sandbox.ok(format!("message cancel {message}"));
    sandbox.fails(5, format!("message queue {message}")).says(&["cancelled"]);
}

#[test]
fn a_message_goes_out_with_documents_once_for_a_key() {
    let sandbox = correspondence();
    let send =
        "message send 海尔北京 --channel email --subject Hi --body Hello --attach SO-2026-0001.xlsx --key k1";
    let message = sandbox.ok(send);
    assert_eq!(sandbox.ok(send), message);
    let order = sandbox.ok("order list --format ids");
    let shown = sandbox.crm(format!("message show {message} --format json")).exits(0).json();
    assert_eq!(shown["attachments"][0], format!("{order}.xlsx"));
    assert_eq!((&shown["status"], &shown["contact_name"]), (&"queued".into(), &"王芳".into()));
    let plain = sandbox.ok("message send 海尔北京 --channel sms --body Hello --attach SO-2026-0001");
    let shown = sandbox.crm(format!("message show {plain} --format json")).exits(0).json();
    assert_eq!(
        (&shown["to"][0], &shown["attachments"][0]),
        (&"+8613900139002".into(), &format!("{order}.html").into())
    );
    let dry = sandbox.crm("message send 海尔北京 --channel sms --body Hello --dry-run").exits(0);
    assert!(dry.stdout.contains("+status = \"queued\""), "{dry}");
    assert_eq!(sandbox.ok("message list --format ids").lines().count(), 2);
}

#[test]
fn a_message_that_cannot_or_must_not_go_is_refused() {
    let sandbox = correspondence();
    for (exit, line, says) in [
        (5, "message send 海尔北京 --channel wechat --body Hi", "no receiver"),
        (5, "message send SO-2026-0001 --channel email --template text", "`sms`"),
        (5, "message send 海尔北京 --channel email --template confirm", "order.total"),
        (2, "message send 海尔北京 --channel email", "--body"),
        (2, "message send 海尔北京 --channel email --template confirm --body Hi", "--template"),
        (2, "message send 海尔北京 --channel email --to nobody --body Hi", "nobody"),
        (3, "message send 海尔北京 --channel email --body Hi --attach QT-1", "QT-1"),
        (2, "message send 海尔北京 --body Hi", "--channel"),
    ] {
        sandbox.fails(exit, line).says(&[says]);
    }
    sandbox.ok("contact set 王芳 --opt-out email");
    let marketing = "message send 海尔北京 --channel email --purpose marketing --body Sale";
    sandbox.fails(5, marketing).says(&["marketing"]);
    sandbox.ok("message send 海尔北京 --channel email --body 'Your order'");
    assert_eq!(sandbox.ok("message list --format ids").lines().count(), 1);
}

#[test]
fn messages_are_written_inside_a_batch() {
    let sandbox = correspondence();
    sandbox.write(
        "lines",
        "quote add --customer 海尔北京 --line HAN-EV-610:1 --number QT-9\n\
         template add offer --name offer --channel email --body '{{quote.number}} {{quote.total}}'\n\
         message send QT-9 --channel email --template offer --attach QT-9\n",
    );
    sandbox.ok("batch lines");
    let shown = sandbox.ok("message list --format csv --fields body,status --no-header");
    assert_eq!(shown, "\"QT-9 248,374.00\",queued");
}
