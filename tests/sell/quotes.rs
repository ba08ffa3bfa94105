//! Quotes from the first draft to the order.

use crate::support::Sandbox;

/// The trading store with a seller who may give 5 %, a manager who may approve 20 %, and the sale `车队`.
fn store() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.write(
        "people",
        "role add sales --name Sales --discount-max 5 --grant type=quote,create=true,read=all,edit=all,assign=true --grant type=order,create=true,read=all,edit=all,assign=true --grant type=opportunity,create=true,read=all,edit=all,assign=true\n\
         role add boss --name Boss --discount-max 5 --approve-max 20 --grant type=quote,create=true,read=all,edit=all,assign=true --grant type=order,create=true,read=all,edit=all,assign=true\n\
         user add bob --name Bob --email bob@acme.example --role sales\n\
         user add meg --name Meg --email meg@acme.example --role boss\n\
         opp add --name 车队 --customer 海尔北京 --product product=HAN-EV-610,qty=3 --amount-source quote\n",
    );
    sandbox.ok("batch people");
    sandbox
}

#[track_caller]
fn fields(sandbox: &Sandbox, record: &str, names: &str) -> String {
    let (noun, id) = record.split_once(' ').expect("noun and id");
    let json = sandbox.crm(format!("{noun} show {id} --format json")).exits(0).json();
    let text = |name: &str| match &json[name] {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    names.split(',').map(text).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_quote_goes_from_the_sale_to_the_order_in_one_acceptance() {
    let sandbox = store();
    let quote = sandbox.ok("quote add --opportunity 车队");
    assert_eq!(
        fields(&sandbox, "quote QT-2026-0001", "id,net_total,total,ordering,expired,margin"),
        format!("{quote} 659400.00 745122.00 none false 146400.00")
    );
    sandbox.ok("quote send QT-2026-0001");
    let before = sandbox.commits();
    let order = sandbox.ok("quote accept QT-2026-0001 --by 王总 --ref PO-77 --order --win");
    assert_eq!(sandbox.commits(), before + 1);
    assert!(order.starts_with("ord_"), "{order}");
    assert_eq!(
        fields(&sandbox, "quote QT-2026-0001", "status,accepted_by,customer_ref,accepted_on,ordering"),
        "accepted 王总 PO-77 2026-03-04 full"
    );
    assert_eq!(
        fields(&sandbox, "order SO-2026-0002", "status,quote,customer_ref,net_total"),
        format!("draft {quote} PO-77 659400.00")
    );
    assert_eq!(fields(&sandbox, "opp 车队", "stage,amount,won_quote"), format!("won 659400.00 {quote}"));
    let again = sandbox.crm("quote accept QT-2026-0001 --by 王总 --ref PO-77 --order --win").exits(0);
    assert_eq!((again.stdout.trim_end(), sandbox.commits()), (quote.as_str(), before + 1));
    sandbox.ok("order confirm SO-2026-0002 --as bob");
    sandbox.ok("check");
}

#[test]
fn what_was_sent_stays_and_a_revision_takes_its_place() {
    let sandbox = store();
    let first = sandbox.ok("quote add --opportunity 车队");
    sandbox.ok("quote send QT-2026-0001");
    for command in [
        "quote line add QT-2026-0001 SONG-L:1",
        "quote line set QT-2026-0001 HAN-EV-610 --qty 4",
        "quote line remove QT-2026-0001 HAN-EV-610",
        "quote set QT-2026-0001 --valid-until 2027-01-01",
        "quote set QT-2026-0001 --discount-pct 1",
    ] {
        let error = sandbox.fails(5, format!("{command} --format json")).error();
        assert_eq!(error["rule"], "sent-document", "{command}");
    }
    sandbox.ok("quote set QT-2026-0001 --note hm");
    let before = sandbox.commits();
    let second = sandbox.ok("quote revise QT-2026-0001");
    assert_eq!(sandbox.commits(), before + 1);
    assert_ne!(first, second);
    assert_eq!(
        fields(&sandbox, "quote QT-2026-0001", "id,revision,revises,status,note"),
        format!("{second} 2 {first} draft hm")
    );
    assert_eq!(fields(&sandbox, &format!("quote {first}"), "status"), "superseded");
    assert_eq!(
        sandbox.ok(format!("quote revise {first}")),
        second,
        "already so names the one that took its place"
    );
    assert_eq!(sandbox.commits(), before + 1);
    sandbox.ok("quote line set QT-2026-0001 HAN-EV-610 --qty 4");
    assert_eq!(fields(&sandbox, "opp 车队", "amount"), "879200.00");
    sandbox.fails(5, format!("quote send {first}"));
    sandbox.write("batch", format!("quote send {second}\nquote revise {second}\nquote send QT-2026-0001\n"));
    sandbox.ok("batch batch");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "revision,status"), "3 sent");
    sandbox.ok("check");
}

#[test]
fn discounts_above_the_limit_are_approved_before_they_are_sent() {
    let sandbox = store();
    sandbox.ok("quote add --customer 海尔北京 --line HAN-EV-610:1-8% --as bob");
    let refused = sandbox.fails(5, "quote send QT-2026-0001 --as bob");
    refused.says(&["discount 8 % is above 5 %", "crm quote approve"]);
    sandbox.fails(5, "quote approve QT-2026-0001 --as bob");
    sandbox.ok("quote approve QT-2026-0001 --as meg");
    sandbox.ok("quote send QT-2026-0001 --as bob");
    assert_eq!(
        fields(&sandbox, "quote QT-2026-0001", "status,approved_by,approved_discount"),
        "sent meg 8.00"
    );
    let empty = sandbox.ok("quote add --customer 海尔北京");
    sandbox.fails(5, format!("quote send {empty}")).says(&["has no lines"]);
}

#[test]
fn rejections_and_cancellations_say_why() {
    let sandbox = store();
    sandbox.ok("quote add --customer 海尔北京 --line HAN-EV-610:1");
    sandbox.fails(5, "quote accept QT-2026-0001").says(&["`draft`", "send"]);
    sandbox.fails(5, "quote reject QT-2026-0001 --reject-reason price");
    sandbox.ok("quote send QT-2026-0001");
    sandbox.fails(2, "quote reject QT-2026-0001").says(&["--reject-reason"]);
    sandbox.fails(2, "quote reject QT-2026-0001 --reject-reason dear");
    sandbox.fails(2, "quote cancel QT-2026-0001").says(&["--reason"]);
    sandbox.ok("quote reject QT-2026-0001 --reject-reason price --reason 太贵");
    let json = sandbox.crm("quote show QT-2026-0001 --format json").exits(0).json();
    assert_eq!((json["status"].as_str(), json["reject_reason"].as_str()), (Some("rejected"), Some("price")));
    assert_eq!(json["history"][1]["reason"], "太贵");
    sandbox.ok("quote revise QT-2026-0001");
    sandbox.ok("quote cancel QT-2026-0001 --reason 'no need'");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "status,revision"), "cancelled 2");
}

#[test]
fn an_expired_quote_is_accepted_on_request_only() {
    let sandbox = store();
    sandbox.ok("quote add --opportunity 车队 --valid-until 2026-03-10");
    sandbox.ok("quote send QT-2026-0001");
    sandbox.wait_days(10);
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "expired"), "true");
    assert_eq!(
        sandbox.ok("quote list --where expired=true --fields number --format csv --no-header"),
        "QT-2026-0001"
    );
    for command in ["quote accept QT-2026-0001", "opp win 车队 --quote QT-2026-0001"] {
        sandbox.fails(5, command).says(&["valid until 2026-03-10", "--accept-expired"]);
    }
    sandbox.ok("quote accept QT-2026-0001 --on 2026-03-10 --dry-run");
    sandbox.crm("opp win 车队 --quote QT-2026-0001 --accept-expired").exits(0).says(&["warning"]);
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "status,expired"), "accepted false");
}

#[test]
fn orders_take_a_quote_in_parts_that_add_up() {
    let sandbox = store();
    sandbox.ok("quote add --customer 海尔北京 --line HAN-EV-610:10 --line SONG-L:3-5.00 --discount-amt 1.00 --shipping 50");
    sandbox.ok("quote send QT-2026-0001");
    sandbox.ok("order add --quote QT-2026-0001 --line HAN-EV-610:3");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "ordering"), "partial");
    sandbox.ok("order add --quote QT-2026-0001 --line HAN-EV-610:3 --line SONG-L:1");
    sandbox.fails(2, "order add --quote QT-2026-0001 --line SONG-L:1@5").says(&["SONG-L"]);
    sandbox.fails(3, "order add --quote QT-2026-0001 --line NOPE:1").says(&["NOPE"]);
    let refused = sandbox.fails(5, "order add --quote QT-2026-0001 --line SONG-L:3");
    refused.says(&["4 ordered of `SONG-L`, 3 quoted", "--allow-over"]);
    sandbox.ok("order add --quote QT-2026-0001");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "ordering"), "full");
    sandbox.fails(5, "order add --quote QT-2026-0001").says(&["20 ordered of `HAN-EV-610`, 10 quoted"]);
    sandbox.crm("order add --quote QT-2026-0001 --allow-over --dry-run").exits(0).says(&["warning"]);
    let sql = "select sum(net_total), sum(tax_total), sum(shipping), sum(discount_amt) from orders where quote is not null \
               union all select net_total, tax_total, shipping, discount_amt from quotes";
    let rows = sandbox.crm(format!("sql \"{sql}\" --format csv --no-header")).exits(0);
    let rows: Vec<&str> = rows.stdout.lines().collect();
    assert_eq!(rows.len(), 2);
    let (orders, quote) = (numbers(rows[0]), numbers(rows[1]));
    assert_eq!(
        (orders[0], orders[2], orders[3]),
        (quote[0], quote[2], quote[3]),
        "net, shipping and discount add up"
    );
    sandbox.ok("order cancel SO-2026-0003 --reason r");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "ordering"), "partial");
    sandbox.ok("quote accept QT-2026-0001 --order");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "ordering"), "full", "what the cancelled order held");
}

fn numbers(line: &str) -> Vec<f64> {
    line.split(',').map(|text| text.parse().expect("a number")).collect()
}

#[test]
fn a_sale_is_won_by_its_own_quote_only() {
    let sandbox = store();
    sandbox.ok("opp add --name 二期 --customer 海尔北京");
    sandbox.ok("quote add --opportunity 二期 --line SONG-L:1");
    sandbox.ok("quote send QT-2026-0001");
    sandbox.fails(5, "opp win 车队 --quote QT-2026-0001").says(&["another opportunity", "二期"]);
    sandbox.fails(2, "opp win 二期 --order").says(&["--quote"]);
    sandbox.ok("quote add --customer 海尔北京 --line SONG-L:1");
    sandbox.ok("quote send QT-2026-0002");
    sandbox.fails(5, "quote accept QT-2026-0002 --win").says(&["no opportunity"]);
    let order = sandbox.ok("opp win 二期 --quote QT-2026-0001 --order");
    assert!(order.starts_with("ord_"), "{order}");
    let subject = sandbox.git("log -1 --format=%s");
    assert!(subject.starts_with("opportunity win: 二期 (opp_"), "{subject}");
    assert_eq!(fields(&sandbox, "opp 二期", "stage,amount,amount_source"), "won 189800.00 quote");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "status"), "accepted");
}

#[test]
fn a_blocked_customer_gets_no_new_quote() {
    let sandbox = store();
    sandbox.ok("customer block 海尔北京 --reason unpaid");
    let error = sandbox.fails(5, "quote add --customer 海尔北京 --line SONG-L:1 --format json").error();
    assert_eq!(error["rule"], "blocked-customer");
}

#[test]
fn prices_follow_the_tiers_of_quantity_and_the_level_of_the_customer() {
    let sandbox = store();
    sandbox.write(
        "tiers",
        "product price add SONG-L --price 180000 --currency CNY --min-qty 10\n\
         product price add SONG-L --price 170000 --currency CNY --level dealer\n\
         customer add --name 批发 --price-level dealer\n\
         opp add --name 批 --customer 批发\n",
    );
    sandbox.ok("batch tiers");
    let price = |sandbox: &Sandbox| {
        let json = sandbox.crm("quote show QT-2026-0001 --format json").exits(0).json();
        let line = json["lines"][0].clone();
        format!(
            "{} {}",
            line["list_price"].as_str().unwrap_or_default(),
            line["price"].as_str().unwrap_or_default()
        )
    };
    sandbox.ok("quote add --customer 海尔北京 --line SONG-L:5");
    assert_eq!(price(&sandbox), "189800.00 189800.00");
    sandbox.ok("quote line set QT-2026-0001 SONG-L --qty 10");
    assert_eq!(price(&sandbox), "180000.00 180000.00");
    sandbox.ok("quote line set QT-2026-0001 SONG-L --price 175000");
    sandbox.ok("quote line set QT-2026-0001 SONG-L --qty 2");
    assert_eq!(
        price(&sandbox),
        "189800.00 175000.00",
        "the list price is that of the tier, a price that was set stays"
    );
    sandbox.ok("quote add --opportunity 批 --line SONG-L:5");
    let json = sandbox.crm("quote show QT-2026-0002 --format json").exits(0).json();
    assert_eq!(json["lines"][0]["price"], "170000.00", "the customer of the sale buys at its level");
}

#[test]
fn a_foreign_sale_is_quoted_in_its_currency() {
    let sandbox = store();
    sandbox.edit("crm.toml", |text| text + "\n[rates.USD]\n2026-01-01 = \"7.1000\"\n");
    sandbox.ok("commit -m rates");
    sandbox.ok("product price add SONG-L --price 30000 --currency USD");
    sandbox.ok("opp add --name Export --customer 海尔北京 --currency USD --product product=SONG-L,qty=2 --amount-source quote");
    sandbox.ok("quote add --opportunity Export");
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "currency,fx_rate,net_total"), "USD 7.1000 60000.00");
    assert_eq!(fields(&sandbox, "opp Export", "amount,currency,weighted"), "60000.00 USD 6000.00");
}

#[test]
fn a_quote_is_sent_with_its_mail_in_one_commit() {
    let sandbox = store();
    sandbox
        .ok("template add offer --name Offer --channel email --subject {{quote.number}} --body 请见附件。");
    sandbox.ok("customer add --name 羊城电器 --kind company");
    sandbox.ok("quote add --customer 羊城电器 --line HAN-EV-610:1");
    // There is no address yet: neither the mail nor the move is made.
    sandbox.fails(5, "quote send QT-2026-0001 --template offer").says(&["no receiver"]);
    assert_eq!(fields(&sandbox, "quote QT-2026-0001", "status"), "draft");
    sandbox.ok("customer set 羊城电器 --email buyer@example.com");
    let before = sandbox.commits();
    sandbox.ok("quote send QT-2026-0001 --template offer");
    sandbox.ok("quote send QT-2026-0001 --template offer");
    assert_eq!(sandbox.commits(), before + 1);
    let mails = sandbox.ok("message list --fields status,subject,to,attachments --format csv --no-header");
    assert_eq!(mails.lines().count(), 1, "{mails}");
    assert!(mails.starts_with("queued,QT-2026-0001,buyer@example.com,quo_"), "{mails}");
}
