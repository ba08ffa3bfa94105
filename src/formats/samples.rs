//! Tables that the tests of all formats share: a small nasty one, an empty one, an order with
//! lines, and arbitrary ones.

use chrono::{DateTime, FixedOffset, NaiveDate};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::chart::{Drawing, Place};
use super::{Format, Labels, Style, Words, write};
use crate::table::page::{Content, Detail, Fact, Line, Mark, Page, Party, Section, Total, Weight};
use crate::table::{Audience, Cell, Chart, Column, ColumnType, Provenance, Shape, Table};

pub fn dec(text: &str) -> Decimal {
    text.parse().expect("a decimal in a test")
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day in a test")
}

pub fn instant(text: &str) -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339(text).expect("an instant in a test")
}

/// Few cases, nothing written to disk.
pub fn config() -> ProptestConfig {
    ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() }
}

/// A table as text in a format that writes text.
pub fn written(format: Format, table: &Table, style: &Style) -> String {
    let mut out = Vec::new();
    write(format, table, style, &mut out).expect("a vector takes all bytes");
    String::from_utf8(out).expect("text formats write UTF-8")
}

fn code(code: &str, label: &str) -> Cell {
    Cell::Code { code: code.into(), label: label.into() }
}

/// Every type of column without a row.
pub fn empty() -> Table {
    let column = Column::new;
    let mut table = Table::new(
        "customer",
        vec![
            column("id", ColumnType::Id).labelled("Id"),
            column("name", ColumnType::Text).labelled("名称"),
            column("status", ColumnType::Code).labelled("Status"),
            column("amount", ColumnType::Money).labelled("Amount"),
            column("currency", ColumnType::Code).for_audience(Audience::Data),
            column("rate", ColumnType::Ratio).labelled("Rate"),
            column("won", ColumnType::Bool).labelled("Won"),
            column("age", ColumnType::Days).for_audience(Audience::People),
            column("closed_on", ColumnType::Day).labelled("Closed"),
            column("seen_at", ColumnType::Instant).labelled("Seen"),
            column("tags", ColumnType::List).labelled("Tags"),
            column("note", ColumnType::Prose).labelled("Note"),
            column("lines", ColumnType::Rows).labelled("Lines"),
        ],
    );
    table.title = "Customers".into();
    table.id_column = Some(0);
    let entry = |code: &str, label: &str, value: &str| (code.into(), label.into(), value.into());
    table.provenance = Provenance {
        entries: vec![entry("commit", "Commit", "4f1c"), entry("filter", "Filter", "name~\"x\"")],
    };
    table
}

/// Rows with everything that breaks naive output.
pub fn nasty() -> Table {
    let mut table = empty();
    let line = vec![("line".to_owned(), Cell::Int(1)), ("qty".to_owned(), Cell::Dec(dec("2.5")))];
    let filled = vec![
        Cell::text("cus_1"),
        Cell::text("杭州\u{202e}汉风, \"Ltd\""),
        code("active", "Active"),
        Cell::Dec(dec("-1234567.50")),
        code("CNY", "Yuan"),
        Cell::Dec(dec("0.123456")),
        Cell::Bool(true),
        Cell::Int(3),
        Cell::Day(day("2026-03-01")),
        Cell::Instant(instant("2026-03-01T09:05:00+08:00")),
        Cell::List(vec![Cell::text("a"), Cell::text("b")]),
        Cell::text("first\nsecond | <b>\u{1b}[31m"),
        Cell::Rows(vec![line]),
    ];
    let mut formula = vec![Cell::Null; 13];
    formula[0] = Cell::text("cus_2");
    formula[1] = Cell::text("=cmd|' /C calc'!A0");
    formula[3] = Cell::Dec(dec("0.5"));
    formula[4] = code("KWD", "Dinar");
    formula[6] = Cell::Bool(false);
    formula[10] = Cell::List(Vec::new());
    formula[11] = Cell::text("🚚");
    formula[12] = Cell::Rows(Vec::new());
    let mut nulls = vec![Cell::Null; 13];
    nulls[0] = Cell::text("cus_3");
    nulls[2] = code("lost", "Lost");
    nulls[3] = Cell::Dec(dec("12"));
    nulls[4] = code("JPY", "Yen");
    nulls[5] = Cell::Dec(dec("1"));
    table.rows = vec![filled, formula, nulls];
    let mut total = vec![Cell::Null; 13];
    total[3] = Cell::Dec(dec("-1234555.00"));
    table.total = Some(total);
    table.chart = Some(Chart { kind: "column".into(), x: "name".into(), y: vec!["amount".into()] });
    table
}

/// One record with child rows.
pub fn order() -> Table {
    let line = |product: &str, qty: &str| {
        vec![("product".to_owned(), Cell::text(product)), ("qty".to_owned(), Cell::Dec(dec(qty)))]
    };
    let mut table = Table::new(
        "order",
        vec![
            Column::new("id", ColumnType::Id).labelled("Id"),
            Column::new("customer", ColumnType::Text).labelled("客户"),
            Column::new("note", ColumnType::Prose).labelled("Note"),
            Column::new("lines", ColumnType::Rows).labelled("Lines"),
        ],
    );
    table.title = "Order ord_1".into();
    table.shape = Shape::Object;
    table.id_column = Some(0);
    table.rows = vec![vec![
        Cell::text("ord_1"),
        Cell::text("cus_1"),
        Cell::text("first\nsecond"),
        Cell::Rows(vec![line("HAN-EV-610", "1200"), line("铝轮", "3.5")]),
    ]];
    table
}

const TYPES: [ColumnType; 19] = [
    ColumnType::Text,
    ColumnType::Prose,
    ColumnType::Code,
    ColumnType::Id,
    ColumnType::Bool,
    ColumnType::Int,
    ColumnType::Qty,
    ColumnType::Dec,
    ColumnType::Price,
    ColumnType::Money,
    ColumnType::Ratio,
    ColumnType::Percent,
    ColumnType::Days,
    ColumnType::Minutes,
    ColumnType::Day,
    ColumnType::Month,
    ColumnType::Instant,
    ColumnType::List,
    ColumnType::Rows,
];

/// Text of all kinds, with what formats stumble over more often than chance would have it.
fn any_text() -> impl Strategy<Value = String> {
    let pieces = vec![
        "=",
        "-",
        "'",
        "\"",
        ",",
        "|",
        "\n",
        "\r\n",
        "\t",
        "\\",
        "<b>",
        "&amp;",
        "\u{1b}[31m",
        "\u{202e}",
        "\u{200d}",
        "\u{feff}",
        "\u{fffe}",
        "杭州",
        "🚚",
        "👩\u{200d}👧",
        "e\u{301}",
        "word ",
        "_x0041_",
        "\u{9b}",
        "[x](y)",
    ];
    let piece = prop_oneof![
        proptest::sample::select(pieces).prop_map(str::to_owned),
        proptest::collection::vec(any::<char>(), 0..6).prop_map(String::from_iter),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn any_cell() -> impl Strategy<Value = Cell> {
    let days = (NaiveDate::MIN.to_epoch_days()..=NaiveDate::MAX.to_epoch_days())
        .prop_map(|days| NaiveDate::from_epoch_days(days).expect("inside the range of days"));
    let near = (0..4_000_000_000_i64)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).expect("a year of our time").fixed_offset());
    let decimal = (any::<i128>(), 0..=28_u32)
        .prop_map(|(digits, scale)| Decimal::from_i128_with_scale(digits >> 32, scale));
    let leaf = prop_oneof![
        Just(Cell::Null),
        any_text().prop_map(Cell::Text),
        (any_text(), any_text()).prop_map(|(code, label)| Cell::Code { code, label }),
        any::<bool>().prop_map(Cell::Bool),
        any::<i64>().prop_map(Cell::Int),
        decimal.prop_map(Cell::Dec),
        days.prop_map(Cell::Day),
        near.prop_map(Cell::Instant),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let pair = ("[a-c]", inner.clone());
        let row = proptest::collection::vec(pair, 0..3);
        prop_oneof![
            proptest::collection::vec(inner, 0..3).prop_map(Cell::List),
            proptest::collection::vec(row, 0..3).prop_map(Cell::Rows),
        ]
    })
}

fn any_columns() -> impl Strategy<Value = Vec<Column>> {
    let audiences = vec![Audience::All, Audience::All, Audience::Data, Audience::People];
    let column = (any_text(), proptest::sample::select(&TYPES[..]), proptest::sample::select(audiences));
    proptest::collection::vec(column, 0..5).prop_map(|columns| {
        let numbered = columns.into_iter().enumerate();
        numbered
            .map(|(at, (label, ty, audience))| {
                let column = Column::new(format!("c{at}"), ty);
                column.labelled(label).for_audience(audience)
            })
            .collect()
    })
}

/// Any table, well-formed or not: rows may be shorter or longer than the columns.
pub fn any_table() -> impl Strategy<Value = Table> {
    let rows = proptest::collection::vec(proptest::collection::vec(any_cell(), 0..6), 0..5);
    let total = proptest::option::of(proptest::collection::vec(any_cell(), 0..6));
    let entry = (any_text(), any_text(), any_text());
    let entries = proptest::collection::vec(entry, 0..3);
    let kinds = vec!["column", "bar", "line", "stacked", "scatter", "pareto", "funnel", "heatmap", "odd"];
    let parts = (any_columns(), rows, total, entries, any_text());
    (parts, proptest::sample::select(kinds), any::<bool>()).prop_map(
        |((columns, rows, total, entries, name), kind, object)| {
            let mut table = Table::new(name, columns);
            table.rows = rows;
            table.total = total;
            table.provenance = Provenance { entries };
            table.chart = Some(Chart {
                kind: kind.into(),
                x: "c0".into(),
                y: vec!["c1".into(), "c2".into(), "none".into()],
            });
            table.id_column = Some(0);
            if object {
                table.shape = Shape::Object;
            }
            table
        },
    )
}

pub fn any_style() -> impl Strategy<Value = Style> {
    let flags = proptest::collection::vec(any::<bool>(), 9);
    let labels = proptest::sample::select(vec![Labels::Auto, Labels::Code, Labels::Label]);
    (proptest::option::of(0..120_usize), flags, labels).prop_map(|(width, flags, labels)| Style {
        width,
        colour: flags[0],
        unicode: flags[1],
        terminal: flags[2],
        header: flags[3],
        bom: flags[4],
        excel_safe: flags[5],
        labels,
        envelope: flags[6],
        provenance: true,
        language: "zh-CN".into(),
        words: Words::default(),
        drawing: Drawing { place: if flags[7] { Place::Under } else { Place::Nowhere }, ascii: flags[8] },
    })
}

/// A quotation of one line in a group, in Chinese, a draft.
pub fn quotation() -> Page {
    let column = |code: &str, ty, label: &str| Column::new(code, ty).labelled(label);
    let party = |heading: &str, name: &str, lines: &[(&str, &str)]| Party {
        heading: heading.into(),
        name: name.into(),
        lines: lines.iter().map(|(label, text)| ((*label).into(), (*text).into())).collect(),
    };
    let total = |label: &str, amount, weight| Total { label: label.into(), amount: dec(amount), weight };
    let cells = vec![
        Cell::Int(1),
        Cell::text("汉 EV 610km"),
        Cell::Dec(dec("5")),
        Cell::Dec(dec("226560.00")),
        Cell::Dec(dec("1132800.00")),
    ];
    let section = Section {
        heading: Some("整车".into()),
        lines: vec![Line { cells, remarks: vec!["珍珠白".into()] }],
        sum: Some(("小计：整车".into(), dec("1132800.00"))),
    };
    Page {
        name: "quote".into(),
        language: "zh-CN".into(),
        title: "报价单".into(),
        number: "QT-2026-0007".into(),
        currency: "CNY".into(),
        digits: 2,
        marks: vec![Mark { word: "草稿".into(), meaning: "尚未生效".into() }],
        issuer: party("卖方", "绿行汽车", &[("电话", "+86 755 8988 8888")]),
        receiver: party("买方", "海纳物流", &[]),
        facts: vec![Fact {
            label: "日期".into(), ty: ColumnType::Day, value: Cell::Day(day("2026-02-03"))
        }],
        opening: vec!["您好：".into()],
        columns: vec![
            column("position", ColumnType::Int, "序号"),
            column("name", ColumnType::Text, "品名"),
            column("qty", ColumnType::Qty, "数量"),
            column("price", ColumnType::Price, "单价"),
            column("amount", ColumnType::Money, "金额"),
        ],
        remarks_under: 1,
        sections: vec![section],
        totals: vec![
            total("合计", "1132800.00", Weight::Grand),
            total("其中税额 13%", "130322.12", Weight::Aside),
        ],
        in_words: Some(("大写金额".into(), "人民币壹佰壹拾叁万贰仟捌佰元整".into())),
        details: vec![Detail {
            heading: "条款".into(),
            content: Content::Prose(vec!["定金 20%\n余款交车前付清".into()]),
        }],
        signatures: vec!["买方".into()],
        signed_on: "日期".into(),
        foot: vec!["绿行汽车".into(), "QT-2026-0007".into()],
        ..Page::default()
    }
}

/// The same page with a text in every place that tries to get out of it.
pub fn hostile_page() -> Page {
    const EVIL: &str = "=cmd|' /C calc'!A0</style><script>alert(1)</script>\u{202e}\u{1b}[31m | # \"'&\n# x";
    let evil = || EVIL.to_owned();
    let mut page = quotation();
    (page.title, page.number, page.subject, page.signed_on) = (evil(), evil(), Some(evil()), evil());
    page.opening = vec![evil()];
    page.closing = vec![evil()];
    page.foot = vec![evil()];
    page.signatures = vec![evil(), evil()];
    page.in_words = Some((evil(), evil()));
    page.marks = vec![Mark { word: evil(), meaning: evil() }];
    for party in [&mut page.issuer, &mut page.receiver] {
        (party.heading, party.name, party.lines) = (evil(), evil(), vec![(evil(), evil())]);
    }
    page.facts.push(Fact::text(evil(), evil()));
    for column in &mut page.columns {
        column.label = evil();
    }
    let section = &mut page.sections[0];
    (section.heading, section.sum) = (Some(evil()), Some((evil(), dec("1"))));
    section.lines[0].remarks = vec![evil()];
    section.lines[0].cells[1] = Cell::text(EVIL);
    page.totals[0].label = evil();
    page.details = vec![
        Detail { heading: evil(), content: Content::Prose(vec![evil()]) },
        Detail { heading: evil(), content: Content::Facts(vec![Fact::text(evil(), evil())]) },
        Detail {
            heading: evil(),
            content: Content::Rows(
                vec![Column::new("note", ColumnType::Text).labelled(EVIL)],
                vec![vec![Cell::text(EVIL)]],
            ),
        },
    ];
    page
}
