//! Documents composed from records in memory: amounts of the domain reference, languages, marks,
//! and what must never be printed.

use rust_decimal::Decimal;

use super::around_lines;
use super::compose::page;
use super::material::{Balance, Letter, Material, Words, language};
use crate::locale::{Language, Locale};
use crate::outreach::values::around;
use crate::rules::View;
use crate::rules::memory::Memory;
use crate::table::page::{Content, Page, Weight};
use crate::table::{Cell, ColumnType};

const SETTINGS: &[(&str, &[&str])] = &[
    ("company.name", &["绿行汽车"]),
    ("company.phone", &["+8675589888888"]),
    ("company.bank", &["招商银行"]),
];

fn store(customer: &[(&str, &str)]) -> Memory {
    let mut store = Memory::new(SETTINGS).expect("sound settings");
    let li = [("name", "李娜"), ("phone", "+8613800138001"), ("email", "li.na@lvxing.example")];
    store.add("user", "li.na", &[&li[..], &[("status", "active")]].concat());
    let base = [("name", "海纳物流"), ("status", "normal"), ("owner", "li.na")];
    store.add("customer", "cus_haina", &[&base[..], customer].concat());
    let wang = [("name", "王芳"), ("title", "经理"), ("customer", "cus_haina"), ("primary", "true")];
    store.add("contact", "con_wang", &wang);
    store
}

/// A quote, order or invoice of one currency with these fields and lines.
fn document(store: &mut Memory, noun: &str, fields: &[(&str, &str)], lines: &[&[(&str, &str)]]) {
    let mut all = vec![
        ("number", "N-1"),
        ("date", "2026-03-01"),
        ("customer", "cus_haina"),
        ("currency", "CNY"),
        ("fx_rate", "1"),
        ("price_mode", "tax_excl"),
        ("tax_rounding", "line"),
    ];
    let owned = if noun == "invoice" { vec![] } else { vec![("owner", "li.na")] };
    all.extend(owned);
    all.retain(|(name, _)| !fields.iter().any(|(given, _)| given == name));
    all.extend(fields);
    let names: Vec<String> = (0..lines.len()).map(|place| format!("kkkk{place:02}")).collect();
    let mut rows: Vec<(String, &str)> = Vec::new();
    for (line, id) in lines.iter().zip(&names) {
        rows.push(("lines.id".to_owned(), id));
        rows.extend(line.iter().map(|(name, text)| (format!("lines.{name}"), *text)));
    }
    let rows: Vec<(&str, &str)> = rows.iter().map(|(name, text)| (name.as_str(), *text)).collect();
    store.add(noun, "doc", &[all, rows].concat());
}

fn material(store: &Memory, noun: &str) -> Material {
    let doc = store.record(noun, "doc").expect("readable").expect("is there");
    let around = around(store, &doc).expect("found");
    Material {
        customer: around.customer,
        contact: around.contact,
        owner: around.owner,
        quote: None,
        order: None,
        against: None,
        successor: None,
        balance: None,
        letter: Letter::default(),
        today: "2026-03-10".parse().expect("a day"),
        doc,
    }
}

fn printed(store: &Memory, noun: &str, language: Language) -> Page {
    composed(store, &material(store, noun), language)
}

fn composed(store: &Memory, material: &Material, language: Language) -> Page {
    let locale = Locale::new(language);
    page(material, Words { locale: &locale, schema: store.schema() }).expect("composes")
}

/// A quote in English, its totals as `label: amount`.
fn totals(fields: &[(&str, &str)], lines: &[&[(&str, &str)]]) -> Vec<String> {
    let mut store = store(&[]);
    document(&mut store, "quote", fields, lines);
    told(&printed(&store, "quote", Language::English))
}

fn told(page: &Page) -> Vec<String> {
    page.totals.iter().map(|total| format!("{}: {}", total.label, total.amount)).collect()
}

fn line<'a>(qty: &'a str, price: &'a str, rate: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("name", "Thing"), ("qty", qty), ("price", price), ("tax_rate", rate)]
}

fn codes(page: &Page) -> Vec<&str> {
    page.columns.iter().map(|column| column.code.as_str()).collect()
}

fn column(page: &Page, code: &str) -> Vec<Cell> {
    let at = page.columns.iter().position(|column| column.code == code).expect("a column");
    page.sections.iter().flat_map(|s| &s.lines).map(|line| line.cells[at].clone()).collect()
}

fn dec(text: &str) -> Cell {
    Cell::Dec(text.parse().expect("a number"))
}

#[test]
fn prices_without_tax_come_to_net_then_taxes_then_total() {
    // M10 of the domain reference.
    let fields = [("discount_pct", "10"), ("shipping", "50.00"), ("shipping_tax_rate", "9")];
    let lines = [line("2", "1000.00", "13"), line("1", "500.00", "6")];
    let lines: Vec<&[(&str, &str)]> = lines.iter().map(Vec::as_slice).collect();
    assert_eq!(
        totals(&fields, &lines),
        [
            "Subtotal: 2500.00",
            "Discount 10%: -250.00",
            "Shipping: 50.00",
            "Total without tax: 2300.00",
            "Tax 6% on 450.00: 27.00",
            "Tax 9% on 50.00: 4.50",
            "Tax 13% on 1,800.00: 234.00",
            "Total incl. tax: 2565.50",
        ]
    );
}

#[test]
fn prices_with_tax_come_to_the_total_and_what_it_contains() {
    // The quote of the domain reference.
    let line = [&line("5", "226560.00", "13")[..], &[("list_price", "233500.00")]].concat();
    assert_eq!(
        totals(&[("price_mode", "tax_incl")], &[&line]),
        [
            "Total incl. tax: 1132800.00",
            "Total without tax: 1002477.88",
            "Tax 13% contained, on 1,002,477.88: 130322.12",
        ]
    );
}

#[test]
fn a_currency_without_minor_unit_has_whole_amounts() {
    // M11 of the domain reference.
    let line = [&line("3", "333", "10")[..], &[("discount_pct", "5")]].concat();
    assert_eq!(
        totals(&[("currency", "JPY"), ("fx_rate", "0.047")], &[&line]),
        ["Total without tax: 949", "Tax 10% on 949: 95", "Total incl. tax: 1044"]
    );
}

#[test]
fn an_amount_off_the_document_is_named_without_a_percentage() {
    // M3 of the domain reference.
    let lines = [line("1", "10.00", "13"), line("1", "10.00", "13"), line("1", "10.00", "13")];
    let lines: Vec<&[(&str, &str)]> = lines.iter().map(Vec::as_slice).collect();
    let told = totals(&[("discount_amt", "10.00")], &lines);
    assert_eq!(told[..2], ["Subtotal: 30.00", "Discount: -10.00"]);
    assert_eq!(told.last().map(String::as_str), Some("Total incl. tax: 22.61"));
}

#[test]
fn only_columns_that_say_something_are_shown() {
    let mut store = store(&[]);
    document(&mut store, "quote", &[], &[&line("1", "10.00", "13")]);
    assert_eq!(
        codes(&printed(&store, "quote", Language::English)),
        ["position", "name", "qty", "price", "amount"]
    );
    let full = [
        ("product", "A-1"),
        ("name", "A"),
        ("qty", "3"),
        ("unit", "set"),
        ("list_price", "25.00"),
        ("price", "19.99"),
        ("discount_pct", "15"),
        ("discount_amt", "1.00"),
        ("tax_rate", "13"),
    ];
    document(&mut store, "quote", &[], &[&full, &line("1", "10.00", "6")]);
    let page = printed(&store, "quote", Language::English);
    let expected =
        ["position", "sku", "name", "qty", "unit", "list_price", "price", "discount", "tax_rate", "amount"];
    assert_eq!(codes(&page), expected);
    // M2 of the domain reference.
    assert_eq!(column(&page, "amount")[0], dec("49.97"));
    assert_eq!(column(&page, "discount"), [Cell::text("-15% -1.00"), Cell::Null]);
    assert_eq!(column(&page, "unit"), [Cell::text("Set"), Cell::Null]);
    assert_eq!(page.columns[page.remarks_under].code, "name");
}

#[test]
fn discounts_of_one_sort_stay_numbers() {
    let ty_of = |field: &str| {
        let mut store = store(&[]);
        let line = [&line("1", "10.00", "13")[..], &[(field, "5")]].concat();
        document(&mut store, "quote", &[], &[&line]);
        let page = printed(&store, "quote", Language::English);
        let ty = page.columns.iter().find(|column| column.code == "discount").map(|column| column.ty);
        (ty, column(&page, "discount")[0].clone())
    };
    assert_eq!(ty_of("discount_pct"), (Some(ColumnType::Percent), dec("-5")));
    assert_eq!(ty_of("discount_amt"), (Some(ColumnType::Money), dec("-5")));
}

#[test]
fn lines_stand_under_their_groups_numbered_throughout() {
    let mut store = store(&[]);
    let grouped = |group: &'static str| [&line("1", "10.00", "13")[..], &[("group", group)]].concat();
    let (a, b, c) = (grouped("整车"), grouped("服务"), grouped("整车"));
    document(&mut store, "quote", &[], &[&a, &b, &line("1", "5.00", "13"), &c]);
    let page = printed(&store, "quote", Language::Chinese);
    let headings: Vec<_> = page.sections.iter().map(|s| (s.heading.as_deref(), s.lines.len())).collect();
    assert_eq!(headings, [(Some("整车"), 2), (Some("服务"), 1), (Some("其他"), 1)]);
    assert_eq!(column(&page, "position"), [1, 2, 3, 4].map(Cell::Int));
    let sum = page.sections[0].sum.clone().expect("there are several");
    assert_eq!((sum.0.as_str(), sum.1.to_string()), ("小计：整车", "20.00".to_owned()));
}

#[test]
fn renminbi_in_chinese_is_told_in_capitals_and_nothing_else_is() {
    let words = |currency: &str, language| {
        let mut store = store(&[]);
        document(&mut store, "quote", &[("currency", currency)], &[&line("1", "100.00", "13")]);
        printed(&store, "quote", language).in_words.map(|(_, words)| words)
    };
    assert_eq!(words("CNY", Language::Chinese).as_deref(), Some("人民币壹佰壹拾叁元整"));
    assert_eq!(words("CNY", Language::English), None);
    assert_eq!(words("USD", Language::Chinese), None);
}

#[test]
fn what_is_internal_is_not_printed() {
    let mut store = store(&[("note", "INTERNAL"), ("needs", "INTERNAL")]);
    let line = [&line("1", "10.00", "13")[..], &[("cost", "7.77")]].concat();
    let fields =
        [("note", "INTERNAL"), ("approved_discount", "7.77"), ("approved_by", "li.na"), ("tags", "INTERNAL")];
    document(&mut store, "quote", &fields, &[&line]);
    let page = format!("{:?}", printed(&store, "quote", Language::English));
    assert!(!page.contains("INTERNAL") && !page.contains("7.77"), "{page}");
}

#[test]
fn seller_and_buyer_are_named_with_how_to_reach_them() {
    let address =
        [("province", "广东"), ("city", "深圳"), ("street", "科技园路 18 号"), ("postcode", "518057")];
    let more = [("tax_id", "9144"), ("phone", "+8675512345678")];
    let mut store = store(&[&address[..], &more].concat());
    document(&mut store, "quote", &[("contact", "con_wang")], &[&line("1", "1.00", "13")]);
    let page = printed(&store, "quote", Language::Chinese);
    let told = |lines: &[(String, String)]| lines.iter().map(|(l, t)| format!("{l}|{t}")).collect::<Vec<_>>();
    assert_eq!(page.issuer.name, "绿行汽车");
    assert_eq!(
        told(&page.issuer.lines),
        ["电话|+86 755 8988 8888", "业务联系人|李娜　+86 138 0013 8001　li.na@lvxing.example"]
    );
    assert_eq!(
        told(&page.receiver.lines),
        ["|广东深圳科技园路 18 号 518057", "税号|9144", "联系人|王芳（经理）", "电话|+86 755 1234 5678"]
    );
    let english = printed(&store, "quote", Language::English);
    assert_eq!(english.receiver.lines[0].1, "科技园路 18 号, 深圳, 广东, 518057");
}

#[test]
fn an_address_that_was_copied_reads_in_the_language_of_the_document() {
    let customer =
        [("country", "US"), ("province", "CA"), ("city", "Long Beach"), ("street", "200 Harbor Blvd")];
    let mut store = store(&customer);
    let fields = [("bill_to", "CA Long Beach 200 Harbor Blvd"), ("ship_to", "Dock 7,\nPier B")];
    document(&mut store, "order", &fields, &[&line("1", "1.00", "0")]);
    let lines = printed(&store, "order", Language::English).receiver.lines;
    assert_eq!(lines[0].1, "200 Harbor Blvd, Long Beach, CA, United States");
    assert_eq!(lines.last().map(|(l, t)| (l.as_str(), t.as_str())), Some(("Ship to", "Dock 7, Pier B")));
}

#[test]
fn the_language_is_that_of_the_customer() {
    let check = |settings: &[(&str, &[&str])], customer: &[(&str, &str)], expected| {
        let mut store = Memory::new(settings).expect("sound settings");
        store.add("customer", "cus_a", &[&[("name", "A"), ("status", "normal")][..], customer].concat());
        let doc = store.record("customer", "cus_a").expect("readable").expect("is there");
        let around = around(&store, &doc).expect("found");
        assert_eq!(language(&around, store.schema()), expected, "{settings:?} {customer:?}");
    };
    let (english, chinese) = (Language::English, Language::Chinese);
    let shanghai: &[(&str, &[&str])] = &[("company.country", &["CN"]), ("company.language", &["en"])];
    check(shanghai, &[], chinese);
    check(shanghai, &[("country", "HK")], chinese);
    check(shanghai, &[("country", "US")], english);
    let singapore: &[(&str, &[&str])] = &[("company.country", &["SG"]), ("company.language", &["zh-CN"])];
    check(singapore, &[], chinese);
    check(singapore, &[("country", "SG")], chinese);
    check(singapore, &[("country", "DE")], english);
    let field: &[(&str, &[&str])] = &[("fields.customer.language.type", &["string"])];
    check(field, &[("country", "CN"), ("language", "en")], english);
}

#[test]
fn what_does_not_bind_is_marked() {
    let mark = |noun: &str, fields: &[(&str, &str)]| {
        let mut store = store(&[]);
        document(&mut store, noun, fields, &[&line("1", "1.00", "13")]);
        let marks = printed(&store, noun, Language::English).marks;
        marks.into_iter().map(|mark| mark.word).collect::<Vec<_>>().join(",")
    };
    let valid = |state, day| mark("quote", &[("status", state), ("valid_until", day)]);
    assert_eq!(valid("draft", "2026-04-01"), "DRAFT");
    assert_eq!(valid("sent", "2026-03-10"), "");
    assert_eq!(valid("sent", "2026-03-09"), "EXPIRED");
    assert_eq!(valid("accepted", "2026-03-09"), "");
    assert_eq!(valid("superseded", "2026-04-01"), "SUPERSEDED");
    assert_eq!(valid("cancelled", "2026-04-01"), "CANCELLED");
    assert_eq!(valid("rejected", "2026-04-01"), "REJECTED");
    assert_eq!(mark("order", &[("status", "draft")]), "DRAFT");
    assert_eq!(mark("order", &[("status", "confirmed")]), "");
    assert_eq!(mark("order", &[("status", "on_hold")]), "ON HOLD");
    assert_eq!(mark("order", &[("status", "cancelled")]), "CANCELLED");
    assert_eq!(mark("order", &[("status", "closed")]), "");
}

#[test]
fn a_superseded_quote_names_the_revision_that_replaces_it() {
    let mut store = store(&[]);
    document(
        &mut store,
        "quote",
        &[("status", "superseded"), ("revision", "2")],
        &[&line("1", "1.00", "13")],
    );
    let mut material = material(&store, "quote");
    material.successor = Some(store.doc("quote", "next", &[("revision", "3")]));
    let page = composed(&store, &material, Language::English);
    assert_eq!(page.marks[0].meaning, "Revision 3 replaces this quotation.");
    assert!(page.facts.iter().any(|fact| fact.label == "Revision" && fact.value == Cell::text("2")));
}

#[test]
fn what_was_cancelled_on_an_order_is_taken_off() {
    let mut store = store(&[]);
    let cancelled = [
        ("status", "confirmed"),
        ("discount_amt", "200"),
        ("cancellations.id", "kkkkkk"),
        ("cancellations.line", "kkkk00"),
        ("cancellations.qty", "1"),
        ("cancellations.reason", "x"),
    ];
    document(&mut store, "order", &cancelled, &[&line("2", "28000.50", "0"), &line("1", "450.00", "0")]);
    let page = printed(&store, "order", Language::English);
    let told = told(&page);
    assert_eq!(
        told[told.len() - 3..],
        ["Total before cancellations: 56251.00", "Cancelled: -27901.29", "Total incl. tax: 28349.71"]
    );
    assert_eq!(page.sections[0].lines[0].remarks, ["Of these cancelled: 1"]);
    let grand = page.totals.iter().filter(|total| total.weight == Weight::Grand).count();
    assert_eq!(grand, 1);
}

#[test]
fn payment_and_terms_stand_below() {
    let mut store = store(&[]);
    let fields = [
        ("status", "confirmed"),
        ("payment_days", "30"),
        ("terms", "First.\n\nSecond\nline."),
        ("payment_plan.id", "kkkkkk"),
        ("payment_plan.due", "2026-04-01"),
        ("payment_plan.amount", "50.00"),
    ];
    document(&mut store, "order", &fields, &[&line("1", "100.00", "13")]);
    let page = printed(&store, "order", Language::English);
    let headings: Vec<&str> = page.details.iter().map(|detail| detail.heading.as_str()).collect();
    assert_eq!(headings, ["Payment", "Payment plan", "Terms"]);
    let Content::Facts(payment) = &page.details[0].content else { panic!("facts") };
    assert_eq!(payment[0].value, Cell::text("within 30 days of the invoice"));
    assert_eq!(payment[1].value, Cell::text("招商银行"));
    let Content::Rows(columns, rows) = &page.details[1].content else { panic!("rows") };
    assert_eq!((columns.len(), rows[0][1].clone()), (2, dec("50.00")));
    assert_eq!(page.details[2].content, Content::Prose(vec!["First.".into(), "Second\nline.".into()]));
    assert_eq!(page.signatures.len(), 2);
}

fn invoice_line<'a>(qty: &'a str, price: &'a str, net: &'a str, tax: &'a str) -> Vec<(&'a str, &'a str)> {
    [line(qty, price, "13"), vec![("net", net), ("tax", tax)]].concat()
}

#[test]
fn an_invoice_prints_the_amounts_it_stores() {
    // 3 units, 1,000.00 and tax 130.00.
    let mut store = store(&[]);
    let fields = [
        ("kind", "invoice"),
        ("due_date", "2026-03-31"),
        ("fapiao_no", "25442000000012345678"),
        ("net_total", "1050.00"),
        ("tax_total", "134.50"),
        ("total", "1184.50"),
        ("shipping", "50.00"),
        ("shipping_tax_rate", "9"),
    ];
    document(&mut store, "invoice", &fields, &[&invoice_line("3", "333.333333", "1000.00", "130.00")]);
    let mut material = material(&store, "invoice");
    let amount = |text: &str| text.parse::<Decimal>().expect("a number");
    let (paid, outstanding) = (amount("300.00"), amount("884.50"));
    material.balance = Some(Balance { credited: Decimal::ZERO, paid, outstanding });
    let page = composed(&store, &material, Language::English);
    assert_eq!(
        told(&page),
        [
            "Subtotal: 1000.00",
            "Shipping: 50.00",
            "Total without tax: 1050.00",
            "Tax 9% on 50.00: 4.50",
            "Tax 13% on 1,000.00: 130.00",
            "Total incl. tax: 1184.50",
            "Paid: -300.00",
            "Outstanding on 2026-03-10: 884.50",
        ]
    );
    assert_eq!(codes(&page), ["position", "name", "qty", "price", "amount", "tax_rate", "tax"]);
    assert!(page.facts.iter().any(|fact| fact.value == Cell::text("25442000000012345678")));
    assert!(page.signatures.is_empty());
}

#[test]
fn an_invoice_in_prices_with_tax_shows_amounts_with_tax() {
    let mut store = store(&[]);
    let fields =
        [("price_mode", "tax_incl"), ("net_total", "88.50"), ("tax_total", "11.50"), ("total", "100.00")];
    document(&mut store, "invoice", &fields, &[&invoice_line("1", "100.00", "88.50", "11.50")]);
    let page = printed(&store, "invoice", Language::English);
    assert_eq!(codes(&page), ["position", "name", "qty", "price", "tax_rate", "tax", "amount"]);
    assert_eq!((column(&page, "tax"), column(&page, "amount")), (vec![dec("11.50")], vec![dec("100.00")]));
    assert_eq!(told(&page)[0], "Total incl. tax: 100.00");
}

#[test]
fn an_invoice_below_its_prices_says_what_was_taken_off() {
    let mut store = store(&[]);
    let fields = [("net_total", "90.00"), ("tax_total", "11.70"), ("total", "101.70")];
    document(&mut store, "invoice", &fields, &[&invoice_line("1", "100.00", "90.00", "11.70")]);
    let page = printed(&store, "invoice", Language::English);
    assert_eq!(column(&page, "discount"), [dec("-10.00")]);
    // A third of 100.00 is 33.33 or 33.34: rounding is no discount.
    let fields = [("net_total", "33.34"), ("tax_total", "4.33"), ("total", "37.67")];
    document(&mut store, "invoice", &fields, &[&invoice_line("1", "33.333333", "33.34", "4.33")]);
    assert!(!codes(&printed(&store, "invoice", Language::English)).contains(&"discount"));
}

#[test]
fn a_credit_note_names_what_it_corrects() {
    let mut store = store(&[]);
    let fields = [
        ("kind", "credit_note"),
        ("due_date", "2026-03-01"),
        ("net_total", "333.33"),
        ("tax_total", "43.33"),
        ("total", "376.66"),
    ];
    document(&mut store, "invoice", &fields, &[&invoice_line("1", "333.33", "333.33", "43.33")]);
    let mut material = material(&store, "invoice");
    material.against = Some(store.doc("invoice", "inv", &[("number", "INV-7"), ("date", "2026-02-01")]));
    let page = composed(&store, &material, Language::English);
    assert_eq!(page.title, "Credit note");
    assert!(page.facts.iter().any(|fact| fact.value == Cell::text("INV-7 of 2026-02-01")));
    assert!(!page.facts.iter().any(|fact| fact.label == "Due date"));
    assert_eq!(told(&page).last().map(String::as_str), Some("Credited incl. tax: 376.66"));
    // Nobody is asked to pay a credit note.
    assert!(page.details.is_empty());
}

#[test]
fn a_line_of_three_hyphens_parts_what_stands_above_and_below() {
    let (above, below) = around_lines("Dear A,\n\nthank you.\n---\nBye.\n --- \n");
    assert_eq!(above, ["Dear A,", "thank you."]);
    assert_eq!(below, ["Bye.\n ---"]);
    assert_eq!(around_lines("only above"), (vec!["only above".to_owned()], Vec::new()));
}
