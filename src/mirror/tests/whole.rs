//! The catalogue of tables and views against the database, and everything read out.

use super::super::catalogue::{Class, helpers};
use super::super::views;
use super::{ask, mirror_of, schema_with};
use crate::mirror::{Mirror, MirrorError};
use crate::table::Cell;

#[test]
fn every_relation_has_exactly_the_columns_that_the_catalogue_says() {
    let mirror = mirror_of(Vec::new());
    let relations = mirror.layout().relations();
    assert!(relations.len() > 80, "{}", relations.len());
    for relation in relations {
        let sql = format!("select * from {}", crate::mirror::quoted(&relation.name));
        let answer = mirror.query(&sql, &[]).unwrap_or_else(|error| panic!("{}: {error}", relation.name));
        let found: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
        let said: Vec<&str> = relation.columns.iter().map(|column| column.name).collect();
        assert_eq!(found, said, "{}", relation.name);
        for (column, said) in answer.columns.iter().zip(&relation.columns) {
            // What a view computes has no declared type in the database.
            if let Some(decl) = column.decl.as_deref().filter(|_| relation.class != Class::View) {
                // What shared tables hold is said in more words than they are stored with.
                let same = decl == said.decl || relation.class == Class::Shared && said.decl.ends_with(decl);
                assert!(same, "{}.{}: {decl}, {}", relation.name, said.name, said.decl);
            }
            let doc = said.doc;
            assert!(!doc.is_empty() && doc == doc.trim(), "{}.{}: {doc:?}", relation.name, said.name);
        }
    }
}

#[test]
fn every_view_is_in_the_catalogue_or_a_helper() {
    let mirror = mirror_of(Vec::new());
    let layout = mirror.layout();
    let sql = views::all(layout) + &layout.links_sql() + &mirror.scores_sql().expect("scores");
    let relations = layout.relations();
    let mut names = 0;
    for line in sql.lines().filter_map(|line| line.strip_prefix("create view ")) {
        let name = line.split(' ').next().unwrap_or_default();
        let described =
            relations.iter().any(|relation| relation.class == Class::View && relation.name == name);
        assert!(described != helpers().any(|helper| helper == name), "{name}");
        names += 1;
    }
    let described = relations.iter().filter(|relation| relation.class == Class::View).count();
    assert_eq!(names, described + helpers().count());
}

/// Everything of a relation, rows by line.
fn whole(mirror: &Mirror, name: &str, years: bool) -> Vec<(Option<String>, Vec<Cell>)> {
    let relations = mirror.layout().relations();
    let relation = relations.iter().find(|relation| relation.name == name).expect("a relation");
    let mut rows = Vec::new();
    let read = mirror.whole_rows(relation, years, &mut |year, cells| -> Result<(), MirrorError> {
        rows.push((year.map(str::to_owned), cells));
        Ok(())
    });
    read.expect("all rows");
    let counted: usize = mirror.whole_counts(relation, years).expect("counts").iter().map(|c| c.1).sum();
    assert_eq!(counted, rows.len(), "{name}");
    rows
}

#[test]
fn rows_take_currency_and_year_from_their_record() {
    use super::super::fake::{record, rows};
    let order = |id: &str, date: &str, currency: &str, amount: &str| {
        let fields =
            [("number", id), ("date", date), ("customer", "cus_kkkkkkkkkkkk"), ("currency", currency)];
        let order =
            record("order", id, &[&fields[..], &[("fx_rate", "1"), ("status", "confirmed")]].concat());
        rows(order, "payment_plan", &[&[("id", "kkkkkk"), ("due", "2030-01-01"), ("amount", amount)]])
    };
    let mirror = mirror_of(vec![
        order("ord_lllllllllllm", "2026-02-01", "JPY", "1250"),
        order("ord_kkkkkkkkkkkk", "2026-02-01", "KWD", "1.250"),
        order("ord_zzzzzzzzzzzz", "2024-12-31", "CNY", "12.50"),
    ]);
    let relation = |name: &str| {
        let relations = mirror.layout().relations();
        relations.into_iter().find(|relation| relation.name == name).expect("a relation")
    };
    let at = relation("order_payment_plan").position("amount").expect("the amount");
    let read: Vec<String> = whole(&mirror, "order_payment_plan", true)
        .into_iter()
        .map(|(year, cells)| match &cells[at] {
            Cell::Dec(amount) => format!("{} {amount}", year.unwrap_or_default()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(read, ["2024 12.50", "2026 1.250", "2026 1250"]);
    let unparted: Vec<Option<String>> =
        whole(&mirror, "orders", false).into_iter().map(|(year, _)| year).collect();
    assert_eq!(unparted, [None, None, None]);
}

#[test]
fn an_amount_is_exact_text_with_the_digits_of_its_currency() {
    let mirror = mirror_of(Vec::new());
    for (sql, expected) in [
        ("amount(1250, 'CNY')", "12.50"),
        ("amount(1250, 'JPY')", "1250"),
        ("amount(1250, 'KWD')", "1.250"),
        ("amount(-5, 'CNY')", "-0.05"),
        ("amount(0, 'CNY')", "0.00"),
        ("amount(1250, null)", "12.50"),
        ("amount(1250, 'no such')", "12.50"),
        ("amount(9223372036854775807, 'CNY')", "92233720368547758.07"),
        ("amount(avg(x), 'CNY') from (select 1 as x union all select 2)", "0.02"),
        ("amount(-1.5, 'CNY')", "-0.02"),
        ("amount('12', 'CNY')", "-"),
        ("amount(null, 'CNY')", "-"),
        ("minor(amount(1250, 'KWD'), 'KWD')", "1250"),
    ] {
        assert_eq!(ask(&mirror, &format!("select {sql}")), expected, "{sql}");
    }
}

#[test]
fn amounts_without_a_currency_are_in_the_base_currency() {
    let store = super::super::fake::Fake::default();
    let schema = schema_with("company.currency", "JPY");
    let mut mirror = Mirror::in_memory(&schema, super::moment()).expect("memory");
    mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
    assert_eq!(ask(&mirror, "select amount(1250, null)"), "1250");
    let relations = mirror.layout().relations();
    let orders = relations.iter().find(|relation| relation.name == "orders").expect("orders");
    let unit = |name: &str| {
        let column = &orders.columns[orders.position(name).expect("a column")];
        orders.unit(column, &mirror.layout().base_currency)
    };
    assert_eq!(unit("base_net_total").as_deref(), Some("base currency JPY"));
    assert_eq!(unit("margin").as_deref(), Some("base currency JPY"));
    assert_eq!(unit("total").as_deref(), Some("currency of the row (column currency)"));
    assert_eq!(unit("number"), None);
}
