//! A small sound store, and what the rules say of it when a record is added or changed.

use std::collections::{BTreeMap, BTreeSet};

use super::memory::Memory;
use super::{Change, Judge, check, judge};
use crate::model::Problem;
use crate::model::record::Doc;

pub(super) const HAINA: &str = "cus_kkkkkkkkkkkk";
pub(super) const CHEN: &str = "cus_llllllllllll";
pub(super) const DEAL: &str = "opp_kkkkkkkkkkkk";
pub(super) const QUOTE: &str = "quo_kkkkkkkkkkkk";
pub(super) const ORDER: &str = "ord_kkkkkkkkkkkk";
pub(super) const WANG: &str = "con_kkkkkkkkkkkk";
pub(super) const LEAD: &str = "lea_kkkkkkkkkkkk";

/// Five cars at 100.00 and two hours of service at 50.00, 13 % tax on top: 678.00.
pub(super) const LINES: &[(&str, &str)] = &[
    ("lines.id", "kkkkkk"),
    ("lines.product", "EV"),
    ("lines.name", "Car"),
    ("lines.qty", "5"),
    ("lines.unit", "piece"),
    ("lines.list_price", "100.00"),
    ("lines.price", "100.00"),
    ("lines.tax_rate", "13"),
    ("lines.id", "llllll"),
    ("lines.product", "HOUR"),
    ("lines.name", "Service"),
    ("lines.qty", "2"),
    ("lines.unit", "hour"),
    ("lines.price", "50.00"),
    ("lines.tax_rate", "13"),
];

/// What every document of the sample begins with.
pub(super) const HEAD: &[(&str, &str)] = &[
    ("date", "2026-02-01"),
    ("customer", HAINA),
    ("currency", "CNY"),
    ("fx_rate", "1"),
    ("price_mode", "tax_excl"),
    ("tax_rounding", "line"),
];

/// A sound store: a customer, its lead, deal, quote, a confirmed order, ten cars in stock.
pub(super) fn sample() -> Memory {
    let mut store = Memory::new(&[
        ("stock.warehouses", &["main", "futian"]),
        ("rates.USD.2026-01-01", &["7.1"]),
        ("codes.source.fax.retired", &["true"]),
        ("fields.customer.seats.type", &["int"]),
        ("fields.customer.seats.max", &["9"]),
    ])
    .expect("sound settings");
    people(&mut store);
    customers(&mut store);
    sales(&mut store);
    store
}

fn people(store: &mut Memory) {
    store.add("role", "admin", &[("name", "Admin"), ("admin", "true")]);
    store.add("role", "sales", &[("name", "Sales"), ("discount_max", "3"), ("approve_max", "10")]);
    let user = |name, email, role| {
        [("name", name), ("email", email), ("kind", "person"), ("status", "active"), ("roles", role)]
    };
    store.add("user", "admin", &user("Admin", "admin@x.example", "admin"));
    store.add("user", "li.na", &user("Li Na", "li.na@x.example", "sales"));
    store.add("team", "south", &[("name", "South")]);
    store.add("region", "shenzhen", &[("name", "Shenzhen")]);
    store.add("pool", "sea", &[("name", "Sea"), ("applies_to", "customer"), ("order", "1")]);
}

fn customers(store: &mut Memory) {
    store.add(
        "customer",
        HAINA,
        &[
            ("kind", "company"),
            ("name", "海纳物流有限公司"),
            ("phone", "+8675583001122"),
            ("email", "info@haina.example"),
            ("owner", "li.na"),
            ("status", "normal"),
            ("currency", "CNY"),
        ],
    );
    store.add(
        "customer",
        CHEN,
        &[
            ("kind", "person"),
            ("name", "陈晓明"),
            ("phone", "+8613912345678"),
            ("owner", "li.na"),
            ("status", "normal"),
        ],
    );
    store.add(
        "contact",
        WANG,
        &[("name", "Wang"), ("customer", HAINA), ("phone", "+8613800138000"), ("primary", "true")],
    );
    store.add(
        "lead",
        LEAD,
        &[
            ("name", "Zhao"),
            ("phone", "+8613700137000"),
            ("source", "web"),
            ("owner", "li.na"),
            ("status", "new"),
        ],
    );
}

fn sales(store: &mut Memory) {
    let goods = [
        ("name", "Car"),
        ("kind", "good"),
        ("unit", "piece"),
        ("price", "100.00"),
        ("currency", "CNY"),
        ("tax_rate", "13"),
        ("status", "active"),
    ];
    store.add("product", "EV", &goods);
    store.add("product", "HOUR", &[&goods[..], &[("kind", "service"), ("unit", "hour")]].concat());
    store.add(
        "pipeline",
        "sales",
        &[
            ("name", "Sales"),
            ("default", "true"),
            ("stages.code", "needs"),
            ("stages.type", "open"),
            ("stages.probability", "25"),
            ("stages.code", "won"),
            ("stages.type", "won"),
            ("stages.probability", "100"),
            ("stages.code", "lost"),
            ("stages.type", "lost"),
            ("stages.probability", "0"),
        ],
    );
    store.add(
        "opportunity",
        DEAL,
        &[
            ("name", "Fleet"),
            ("customer", HAINA),
            ("pipeline", "sales"),
            ("stage", "needs"),
            ("amount", "600.00"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("close_date", "2026-06-30"),
            ("owner", "li.na"),
        ],
    );
    let owned = [("owner", "li.na")];
    let quote = [("number", "QT-1"), ("revision", "1"), ("valid_until", "2026-03-05"), ("status", "draft")];
    store.add("quote", QUOTE, &[HEAD, &owned, &quote, LINES].concat());
    let order = [("number", "SO-1"), ("status", "confirmed")];
    store.add("order", ORDER, &[HEAD, &owned, &order, LINES].concat());
    store.add(
        "movement",
        "mov_kkkkkkkkkkkk",
        &[
            ("date", "2026-01-10"),
            ("product", "EV"),
            ("kind", "receive"),
            ("warehouse", "main"),
            ("qty", "10"),
        ],
    );
}

/// A shipment of cars of the order.
pub(super) fn shipment(store: &Memory, id: &str, day: &str, qty: &str) -> Doc {
    store.doc("shipment", id, &[&[("order", ORDER)][..], &of_cars(day, qty)].concat())
}

/// A return of cars of the order.
pub(super) fn returned(store: &Memory, id: &str, qty: &str, effect: &str) -> Doc {
    let what = [("order", ORDER), ("reason", "defective"), ("effect", effect)];
    store.doc("return", id, &[&what[..], &of_cars("2026-02-20", qty)].concat())
}

fn of_cars<'a>(day: &'a str, qty: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("date", day),
        ("warehouse", "main"),
        ("lines.id", "kkkkkk"),
        ("lines.order_line", "kkkkkk"),
        ("lines.product", "EV"),
        ("lines.qty", qty),
    ]
}

/// An invoice or credit note over cars of the order, at 113.00 each.
pub(super) fn invoice(store: &Memory, id: &str, kind: &str, qty: i64, against: Option<&str>) -> Doc {
    let (net, tax, total) =
        (format!("{}.00", 100 * qty), format!("{}.00", 13 * qty), format!("{}.00", 113 * qty));
    let number = format!("INV-{id}");
    let qty = qty.to_string();
    let own = [
        ("number", number.as_str()),
        ("kind", kind),
        ("order", ORDER),
        ("due_date", "2026-03-01"),
        ("net_total", &net),
        ("tax_total", &tax),
        ("total", &total),
        ("lines.id", "kkkkkk"),
        ("lines.order_line", "kkkkkk"),
        ("lines.product", "EV"),
        ("lines.qty", &qty),
        ("lines.price", "100.00"),
        ("lines.tax_rate", "13"),
        ("lines.net", &net),
        ("lines.tax", &tax),
    ];
    let against: Vec<_> = against.map(|id| ("against", id)).into_iter().collect();
    store.doc("invoice", id, &[HEAD, &against, &own].concat())
}

/// A payment with one allocation.
pub(super) fn payment(store: &Memory, id: &str, kind: &str, amount: &str, to: (&str, &str)) -> Doc {
    let row = format!("allocations.{}", to.0);
    store.doc(
        "payment",
        id,
        &[
            ("date", "2026-02-18"),
            ("customer", HAINA),
            ("kind", kind),
            ("amount", amount),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("method", "bank"),
            ("reference", id),
            ("allocations.id", "kkkkkk"),
            ("allocations.date", "2026-02-18"),
            (row.as_str(), to.1),
            ("allocations.amount", amount),
        ],
    )
}

/// A record of the sample with other values; an empty text takes a field away.
pub(super) fn with(store: &Memory, noun: &str, id: &str, fields: &[(&str, &str)]) -> Doc {
    let old =
        store.docs().find(|doc| doc.kind.name == noun && doc.id() == id).expect("a record of the sample");
    let mut doc = old.clone();
    let given: Vec<_> = fields.iter().copied().filter(|(_, text)| !text.is_empty()).collect();
    for (name, value) in store.doc(noun, id, &given).fields {
        if fields.iter().any(|(given, _)| given.split('.').next() == Some(name)) {
            doc.fields.insert(name, value);
        }
    }
    for (name, _) in fields.iter().filter(|(_, text)| text.is_empty()) {
        doc.set(name, None);
    }
    doc
}

/// Fields of a record and what `crm check` says of them.
pub(super) type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

/// Checks a record of the sample with other values.
pub(super) fn varied(noun: &str, id: &str, cases: &[Case<'_>]) {
    let store = sample();
    for (fields, expected) in cases {
        assert_eq!(checked(&store, &with(&store, noun, id, fields)), *expected, "{noun} {fields:?}");
    }
}

/// Checks new records that share their first fields.
pub(super) fn fresh(store: &Memory, noun: &str, id: &str, shared: &[(&str, &str)], cases: &[Case<'_>]) {
    for (fields, expected) in cases {
        let doc = store.doc(noun, id, &[shared, *fields].concat());
        assert_eq!(checked(store, &doc), *expected, "{noun} {fields:?}");
    }
}

/// Writes a record of the sample with other values.
pub(super) fn rewritten(noun: &str, id: &str, allow: &[&str], fields: &[(&str, &str)]) -> Vec<String> {
    let store = sample();
    written(&store, allow, &[with(&store, noun, id, fields)])
}

fn told(problems: &[Problem]) -> Vec<String> {
    let told =
        |problem: &Problem| if problem.warning { format!("W {}", problem.id) } else { problem.id.to_owned() };
    problems.iter().map(told).collect()
}

fn judged<T>(allow: &[&str], judging: impl FnOnce(&Judge<'_>) -> T) -> T {
    let allow: BTreeSet<String> = allow.iter().map(|flag| (*flag).to_owned()).collect();
    let now = chrono::DateTime::parse_from_rfc3339("2026-03-16T12:00:00+08:00").expect("an instant");
    judging(&Judge { allow: &allow, now, today: now.date_naive() })
}

/// What `crm check` says of a record in the store; warnings begin with `W `.
pub(super) fn checked(store: &Memory, doc: &Doc) -> Vec<String> {
    let mut store = store.clone();
    store.put(doc.clone());
    judged(&[], |judge| told(&check(&store, judge, doc).expect("a store that can be read")))
}

/// What a write of records meets.
pub(super) fn written(store: &Memory, allow: &[&str], docs: &[Doc]) -> Vec<String> {
    let before: BTreeMap<String, Doc> = store.docs().map(|doc| (doc.path(), doc.clone())).collect();
    let mut after = store.clone();
    let mut changes = Vec::new();
    for doc in docs {
        after.put(doc.clone());
        changes.push(Change { old: before.get(&doc.path()).cloned(), new: Some(doc.clone()) });
    }
    judged(allow, |rules| told(&judge(&after, store, rules, &changes).expect("a store that can be read")))
}

/// What removing a record meets.
pub(super) fn removed(store: &Memory, allow: &[&str], noun: &str, id: &str) -> Vec<String> {
    let old = with(store, noun, id, &[]);
    let mut after = store.clone();
    after.take(&old.path());
    let changes = [Change { old: Some(old), new: None }];
    judged(allow, |rules| told(&judge(&after, store, rules, &changes).expect("a store that can be read")))
}

#[test]
fn the_sample_is_sound() {
    let store = sample();
    for doc in store.docs() {
        assert_eq!(checked(&store, doc), [""; 0], "{}", doc.path());
    }
}
