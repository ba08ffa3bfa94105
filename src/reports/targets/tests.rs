//! Roll-up, columns and the example of the definition, over facts made by hand.

use super::*;
use crate::reports::built_in;

fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn columns() -> Vec<ColumnFront> {
    let reports = built_in().expect("sound reports");
    reports.into_iter().find(|r| r.front.name == "targets").expect("the report").front.columns
}

/// The cells of a line as csv shows them, by column.
fn shown(line: &Line, digits: Option<u32>) -> BTreeMap<String, String> {
    let columns = columns();
    let text = |cell: Cell| match cell {
        Cell::Dec(dec) => dec.to_string(),
        Cell::Int(int) => int.to_string(),
        Cell::Code { code, .. } => code,
        _ => String::new(),
    };
    let cells = cells(line, &columns, digits).into_iter().map(text);
    columns.iter().map(|column| column.name.clone()).zip(cells).collect()
}

fn asked(from: &str, to: &str, as_of: &str) -> Asked {
    let now = chrono::DateTime::parse_from_rfc3339("2026-03-10T10:00:00+08:00").expect("an instant");
    let clock = crate::query::Clock { now, fiscal_start: (1, 1), week_start: chrono::Weekday::Mon };
    let period = crate::query::Period::from_to(Some(from), Some(to), &clock).expect("a period");
    Asked {
        period,
        by: Vec::new(),
        params: BTreeMap::new(),
        conditions: Vec::new(),
        compare: None,
        limit: None,
        total: false,
        roll_up: false,
        digits: 2,
        converted: None,
        currency: "CNY".to_owned(),
        clock,
        as_of: as_of.parse().expect("a day"),
    }
}

fn goal(id: &str, months: (u32, u32), value: &str) -> Goal {
    let day = |month| chrono::NaiveDate::from_ymd_opt(2026, month, 1).expect("a day");
    let end = day(months.1).checked_add_months(chrono::Months::new(1)).and_then(|day| day.pred_opt());
    let span = (day(months.0), end.expect("a day"));
    Goal { id: id.to_owned(), span, value: number(value), phasing: Vec::new() }
}

fn fact(holder: &str, product: Option<(&str, &str)>, value: &str) -> Fact {
    Fact {
        holder: (!holder.is_empty()).then(|| holder.to_owned()),
        product: product.map(|(sku, _)| sku.to_owned()),
        category: product.map(|(_, category)| category.to_owned()),
        record: None,
        value: number(value),
    }
}

/// A tree of regions, teams and users.
fn facts() -> Facts {
    let mut facts = Facts::default();
    for (kind, id, above) in [
        ("region", "south", ""),
        ("region", "shenzhen", "south"),
        ("region", "futian", "shenzhen"),
        ("region", "north", ""),
        ("team", "sales", ""),
        ("team", "inside", "sales"),
        ("user", "li.na", "sales"),
        ("user", "zhao.min", "inside"),
    ] {
        let above = (!above.is_empty()).then(|| above.to_owned());
        facts.above.insert((kind.to_owned(), id.to_owned()), above);
    }
    facts
}

fn set(facts: &mut Facts, key: Key, goals: &[Goal]) {
    facts.goals.insert(key, goals.to_vec());
}

fn subject(scope: &str, id: &str) -> Key {
    Key::of(scope, Some(id.to_owned()))
}

/// Subject or product or category, and the cells of some columns.
fn report(facts: &Facts, by: &str, measure: &str, names: &[&str]) -> Vec<String> {
    let asked = asked("2026-01-01", "2026-03-31", "2026-02-14");
    lines(facts, &asked, by, measure)
        .iter()
        .map(|(key, line)| {
            let cells = shown(line, Some(2));
            let who = [&key.subject, &key.product, &key.category].into_iter().flatten().cloned();
            let who = who.collect::<Vec<_>>().join(" ");
            [who]
                .into_iter()
                .chain(names.iter().map(|name| cells[*name].clone()))
                .collect::<Vec<_>>()
                .join("|")
        })
        .collect()
}

#[test]
fn the_example_of_the_definition_comes_out_to_the_digit() {
    let mut facts = facts();
    let mut of_quarter = goal("tgt", (1, 3), "900000");
    of_quarter.phasing = ["20", "30", "50"].map(number).to_vec();
    set(&mut facts, subject("user", "li.na"), &[of_quarter]);
    facts.actual = vec![fact("li.na", None, "280000.00")];
    let asked = asked("2026-01-01", "2026-03-31", "2026-02-14");
    let found = lines(&facts, &asked, "user", "amount");
    let cells = shown(&found[0].1, Some(2));
    for (name, value) in [
        ("source", "set"),
        ("target", "900000.00"),
        ("actual", "280000.00"),
        ("variance", "-620000.00"),
        ("expected", "315000.00"),
        ("pace", "0.888889"),
        ("attainment", "0.311111"),
        ("gap", "620000.00"),
        ("days_left", "45"),
        ("needed_per_day", "13777.78"),
        ("forecast", "280000.00"),
        ("forecast_attainment", "0.311111"),
        ("children_sum", ""),
    ] {
        assert_eq!(cells[name], value, "{name}");
    }
}

#[test]
fn nothing_is_divided_by_nothing() {
    let line = Line { actual: Some(number("5")), target: Some(number("0")), ..Line::default() };
    let cells = shown(&line, None);
    assert_eq!((cells["attainment"].as_str(), cells["pace"].as_str()), ("", ""));
    assert_eq!((cells["gap"].as_str(), cells["needed_per_day"].as_str()), ("0", ""));
    let line = Line { actual: Some(number("5")), days_left: 3, ..Line::default() };
    let cells = shown(&line, None);
    assert_eq!((cells["variance"].as_str(), cells["gap"].as_str(), cells["source"].as_str()), ("", "", ""));
}

#[test]
fn more_than_the_target_leaves_no_gap() {
    let line =
        Line { target: Some(number("100")), actual: Some(number("130")), days_left: 10, ..Line::default() };
    let cells = shown(&line, Some(2));
    assert_eq!((cells["variance"].as_str(), cells["gap"].as_str()), ("30.00", "0.00"));
    assert_eq!((cells["needed_per_day"].as_str(), cells["attainment"].as_str()), ("0.00", "1.3"));
}

#[test]
fn regions_include_what_is_below_and_what_has_none_stands_apart() {
    let mut facts = facts();
    facts.actual = vec![
        fact("futian", None, "1.00"),
        fact("shenzhen", None, "2.00"),
        fact("south", None, "4.00"),
        fact("", None, "8.00"),
    ];
    set(&mut facts, subject("region", "north"), &[goal("n", (1, 3), "50")]);
    set(&mut facts, subject("region", "south"), &[goal("s", (1, 3), "100")]);
    assert_eq!(
        report(&facts, "region", "amount", &["target", "actual"]),
        ["futian||1.00", "north|50.00|0.00", "shenzhen||3.00", "south|100.00|7.00", "||8.00",]
    );
}

#[test]
fn a_circle_of_regions_does_not_hang() {
    let mut facts = facts();
    facts.above.insert(("region".to_owned(), "south".to_owned()), Some("futian".to_owned()));
    facts.actual = vec![fact("futian", None, "1.00")];
    assert_eq!(
        report(&facts, "region", "amount", &["actual"]),
        ["futian|1.00", "shenzhen|1.00", "south|1.00"]
    );
}

#[test]
fn parts_make_the_target_where_none_is_missing() {
    let mut facts = facts();
    let months = [goal("1", (1, 1), "10"), goal("2", (2, 2), "20"), goal("3", (3, 3), "30")];
    set(&mut facts, subject("user", "li.na"), &months);
    set(&mut facts, subject("user", "zhao.min"), &months[..2]);
    facts.actual = vec![fact("zhao.min", None, "1.00")];
    assert_eq!(
        report(&facts, "user", "amount", &["source", "target", "expected", "actual"]),
        ["li.na|summed|60.00|20.00|0.00", "zhao.min||||1.00"]
    );
}

#[test]
fn what_lies_directly_below_is_added_up_beside_the_target() {
    let mut facts = facts();
    let mut add = |scope: &str, id: &str, value: &str| {
        set(&mut facts, subject(scope, id), &[goal(id, (1, 3), value)]);
    };
    add("user", "li.na", "1");
    add("user", "zhao.min", "2");
    add("team", "inside", "4");
    add("team", "sales", "8");
    let company = |facts: &Facts| report(facts, "company", "amount", &["target", "children_sum"]);
    assert_eq!(company(&facts), ["||8.00"], "no regions: the topmost teams");
    assert_eq!(
        report(&facts, "team", "amount", &["children_sum"]),
        ["inside|2.00", "sales|5.00"],
        "teams and users of the team"
    );
    set(&mut facts, subject("region", "north"), &[goal("n", (1, 3), "16")]);
    set(&mut facts, subject("region", "futian"), &[goal("f", (1, 3), "32")]);
    set(&mut facts, Key::of("company", None), &[goal("c", (1, 3), "64")]);
    assert_eq!(company(&facts), ["|64.00|16.00"], "topmost regions go first");
    assert_eq!(report(&facts, "region", "amount", &["children_sum"]), ["futian|", "north|"]);
}

#[test]
fn categories_include_those_below_and_products_stand_by_themselves() {
    let mut facts = facts();
    let (sedan, suv) = (Some(("HAN", "vehicle/sedan")), Some(("TANG", "vehicle/suv")));
    facts.actual = vec![
        fact("", sedan, "1.00"),
        fact("", suv, "2.00"),
        fact("", None, "4.00"),
        fact("", Some(("X", "vehicles")), "8.00"),
    ];
    facts.categories.insert("HAN".to_owned(), "vehicle/sedan".to_owned());
    set(&mut facts, Key::goods(None, Some("vehicle")), &[goal("v", (1, 3), "100")]);
    set(&mut facts, Key::goods(None, Some("vehicle/suv")), &[goal("u", (1, 3), "60")]);
    set(&mut facts, Key::goods(Some("HAN"), None), &[goal("h", (1, 3), "30")]);
    assert_eq!(
        report(&facts, "category", "amount", &["target", "actual", "children_sum"]),
        [
            "vehicle|100.00|3.00|60.00",
            "vehicle/sedan||1.00|30.00",
            "vehicle/suv|60.00|2.00|",
            "vehicles||8.00|",
            "||4.00|"
        ]
    );
    assert_eq!(
        report(&facts, "product", "amount", &["target", "actual"]),
        ["HAN|30.00|1.00", "TANG||2.00", "X||8.00", "||4.00"]
    );
    let narrow = Key { category: Some("vehicle".to_owned()), ..subject("region", "south") };
    set(&mut facts, narrow, &[goal("s", (1, 3), "10")]);
    facts.actual.push(fact("futian", suv, "16.00"));
    assert_eq!(
        report(&facts, "region", "amount", &["target", "actual"])[2..],
        ["south||16.00", "south vehicle|10.00|16.00", "||15.00"],
        "a target for a category counts that category"
    );
}

#[test]
fn counted_records_are_counted_once_however_far_they_roll_up() {
    let mut facts = facts();
    let of = |holder: &str, record: &str| Fact { record: Some(record.to_owned()), ..fact(holder, None, "1") };
    facts.actual = vec![of("inside", "cus_a"), of("sales", "cus_a"), of("sales", "cus_b")];
    let found = lines(&facts, &asked("2026-01-01", "2026-03-31", "2026-02-14"), "team", "new_customers");
    let counts: Vec<String> = found.iter().map(|(_, line)| shown(line, None)["actual"].clone()).collect();
    assert_eq!(counts, ["1", "2"]);
    assert!(found.iter().all(|(_, line)| line.forecast.is_none()), "a forecast is of amounts");
}

#[test]
fn the_forecast_adds_what_is_open() {
    let mut facts = facts();
    facts.actual = vec![fact("li.na", None, "100.00")];
    facts.open = vec![fact("li.na", None, "25.50"), fact("zhao.min", None, "1.00")];
    set(&mut facts, subject("user", "li.na"), &[goal("t", (1, 3), "200")]);
    assert_eq!(
        report(&facts, "user", "amount", &["forecast", "forecast_attainment"]),
        ["li.na|125.50|0.6275", "zhao.min|1.00|"]
    );
    assert_eq!(report(&facts, "company", "amount", &["forecast"]), ["|126.50"]);
}

#[test]
fn what_is_won_by_product_counts_by_its_rows() {
    let mut facts = facts();
    facts.actual = vec![fact("li.na", None, "100.00")];
    facts.parts = vec![fact("li.na", Some(("HAN", "vehicle")), "80.00")];
    set(
        &mut facts,
        Key { product: Some("HAN".to_owned()), ..subject("user", "li.na") },
        &[goal("t", (1, 3), "200")],
    );
    assert_eq!(report(&facts, "user", "amount", &["actual"]), ["li.na|100.00", "li.na HAN|80.00"]);
}
