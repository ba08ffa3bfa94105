//! Hand-made tables drawn as every kind: proportions, alignment, what is missing, hostile text.

use super::*;
use crate::formats::display::width;
use crate::formats::samples::{dec, nasty, written};
use crate::formats::{Format, Style, write};
use crate::table::{Cell, Chart, Column, Table};

/// A table of a text column `x` and columns of numbers, with a chart over all of them.
pub fn table(kind: &str, ty: ColumnType, columns: &[&str], rows: &[(&str, &[&str])]) -> Table {
    let mut all = vec![Column::new("x", ColumnType::Text).labelled("Name")];
    all.extend(columns.iter().map(|code| Column::new(*code, ty).labelled(code.to_uppercase())));
    let mut table = Table::new("made", all);
    table.title = "Made".into();
    for (name, numbers) in rows {
        let cell = |text: &&str| if text.is_empty() { Cell::Null } else { Cell::Dec(dec(text)) };
        table.rows.push([Cell::text(*name)].into_iter().chain(numbers.iter().map(cell)).collect());
    }
    let y = columns.iter().map(|code| (*code).to_owned()).collect();
    table.chart = Some(Chart { kind: kind.into(), x: "x".into(), y });
    table
}

fn at_width(columns: usize, ascii: bool) -> Style {
    let drawing = Drawing { place: Place::Instead, ascii };
    Style { width: Some(columns), provenance: false, drawing, ..Style::default() }
}

fn check(table: &Table, style: &Style, expected: &str) {
    let text = written(Format::Table, table, style);
    assert_eq!(text, expected, "got:\n{text}");
}

/// How many characters of a bar stand in a line.
fn blocks(line: &str) -> usize {
    line.matches(['█', '#']).count()
}

#[test]
fn bars_are_proportional_and_aligned() {
    let rows: &[(&str, &[&str])] =
        &[("Ada", &["1000"]), ("杭州", &["500"]), ("Bo", &["0"]), ("Nobody", &[""]), ("Tiny", &["0.01"])];
    let expected = concat!(
        "Made\n",
        "Ada     ████████████████████  1,000\n",
        "杭州    ██████████              500\n",
        "Bo                                0\n",
        "Nobody\n",
        "Tiny    ▏                      0.01\n",
    );
    check(&table("bar", ColumnType::Money, &["a"], rows), &at_width(35, false), expected);
}

#[test]
fn numbers_below_zero_go_the_other_way_at_the_same_scale() {
    let rows: &[(&str, &[&str])] = &[("up", &["20"]), ("down", &["-10"]), ("little", &["-5"])];
    let made = table("bar", ColumnType::Int, &["a"], rows);
    let text = written(Format::Table, &made, &at_width(44, true));
    let counts: Vec<usize> = text.lines().skip(1).map(blocks).collect();
    assert_eq!(counts[0], counts[1] * 2, "{text}");
    assert_eq!(counts[1], counts[2] * 2, "{text}");
    let zero: Vec<_> = text.lines().skip(1).map(|line| line.find('|')).collect();
    assert!(zero.iter().all(|at| *at == zero[0] && at.is_some()), "{text}");
}

#[test]
fn a_target_is_a_mark_in_the_bar_of_its_row() {
    let rows: &[(&str, &[&str])] = &[("李娜", &["50", "100"]), ("Bo", &["120", "100"]), ("Cy", &["10", ""])];
    let made = table("bar", ColumnType::Money, &["actual", "target"], rows);
    let text = written(Format::Table, &made, &at_width(50, false));
    let marks: Vec<_> = text.lines().skip(1).take(2).map(|l| l.chars().position(|c| c == '┃')).collect();
    // Two Chinese characters are two characters and four columns.
    assert_eq!(marks[0].map(|at| at + 2), marks[1], "{text}");
    assert!(text.contains("50 / 100") && text.contains("120 / 100"), "{text}");
    assert!(text.ends_with("█ ACTUAL\n┃ TARGET\n"), "{text}");
    let svg = written(Format::Svg, &made, &Style::default());
    assert_eq!(svg.matches("class=\"mark\"").count(), 3, "two marks and the legend: {svg}");
}

#[test]
fn columns_stand_over_their_labels_with_their_numbers() {
    let rows: &[(&str, &[&str])] = &[("Jan", &["10"]), ("Feb", &["5"]), ("Mar", &[""]), ("Apr", &["0"])];
    let made = table("column", ColumnType::Int, &["a"], rows);
    let text = written(Format::Table, &made, &at_width(32, true));
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[1], "A", "{text}");
    assert_eq!(lines[2], "10 |10", "{text}");
    assert_eq!(lines[3], "   |######", "{text}");
    assert_eq!(lines[12], " 0 |###### ######        0", "{text}");
    assert_eq!(lines[13], "    Jan    Feb    Mar    Apr", "{text}");
    assert_eq!(lines[3..=12].iter().filter(|line| blocks(line) >= 12).count(), 5, "{text}");
}

#[test]
fn a_line_is_a_stroke_at_each_label_without_zero_where_it_is_far() {
    let rows: &[(&str, &[&str])] = &[("Jan", &["100"]), ("Feb", &["104"]), ("Mar", &["102"])];
    let made = table("line", ColumnType::Int, &["a"], rows);
    let text = written(Format::Table, &made, &at_width(40, true));
    let strokes = |line: &&str| line.split('|').nth(1).is_some_and(|rest| rest.contains("___"));
    let found: Vec<&str> = text.lines().filter(strokes).collect();
    assert_eq!(found.len(), 3, "each on a height of its own: {text}");
    assert!(found[0].starts_with("104 |") && found[2].starts_with("100 |"), "{text}");
    let at = |line: &str| line.rfind('_');
    assert!(at(found[2]) < at(found[0]) && at(found[0]) < at(found[1]), "{text}");
    assert!(["100", "102", "104"].iter().all(|number| text.matches(number).count() == 2), "{text}");
}

#[test]
fn a_target_is_seen_over_and_in_front_of_columns() {
    let rows: &[(&str, &[&str])] = &[("Jan", &["42", "50"]), ("Feb", &["80", "50"]), ("Mar", &["20", ""])];
    let made = table("column", ColumnType::Int, &["actual", "target"], rows);
    let text = written(Format::Table, &made, &at_width(40, true));
    let marks: Vec<&str> = text.lines().filter(|line| line.contains("====")).collect();
    assert_eq!(marks.len(), 1, "both at the same height: {text}");
    assert_eq!(marks[0].matches('=').count(), 22, "as wide as two columns: {text}");
    assert!(text.contains("42") && text.contains("= TARGET"), "{text}");
}

#[test]
fn columns_below_zero_hang() {
    let rows: &[(&str, &[&str])] = &[("Jan", &["10"]), ("Feb", &["-10"])];
    let made = table("column", ColumnType::Int, &["a"], rows);
    let text = written(Format::Table, &made, &at_width(40, true));
    let at = |from: usize| text.lines().filter(|line| line.chars().nth(from) == Some('#')).count();
    let first = text.lines().find_map(|line| line.find('#')).expect("a column");
    let second = text.lines().filter_map(|line| line.rfind('#')).max().expect("a column");
    assert_eq!((at(first), at(second)), (5, 5), "{text}");
}

#[test]
fn stacks_are_told_apart_without_colour_and_sum_up() {
    let rows: &[(&str, &[&str])] = &[("Q1", &["30", "10"]), ("Q2", &["", "20"]), ("Q3", &["10", "-10"])];
    let made = table("stacked", ColumnType::Money, &["new", "old"], rows);
    let text = written(Format::Table, &made, &at_width(60, true));
    let lines: Vec<&str> = text.lines().collect();
    let parts = |line: &str| (line.matches('#').count(), line.matches('=').count());
    let (new, old) = parts(lines[1]);
    assert!(new.abs_diff(old * 3) <= 2 && old > 5, "{text}");
    assert_eq!(parts(lines[2]).0, 0);
    assert!(lines[1].ends_with(" 40") && lines[2].ends_with(" 20") && lines[3].ends_with(" 0"), "{text}");
    assert_eq!(lines[4], "# NEW   = OLD");
}

#[test]
fn a_second_key_becomes_the_series_of_a_stack() {
    let mut made = table("column", ColumnType::Money, &["net"], &[]);
    made.columns.insert(1, Column::new("region", ColumnType::Text).labelled("Region"));
    for (month, region, net) in [("2026-01", "东", 5), ("2026-01", "西", 7), ("2026-02", "东", 1)] {
        made.rows.push(vec![Cell::text(month), Cell::text(region), Cell::Int(net)]);
    }
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    assert_eq!((figure.kind, figure.labels.len()), (Kind::Stacked, 2));
    let names: Vec<&str> = figure.series.iter().map(|series| series.name.as_str()).collect();
    assert_eq!(names, ["东", "西"]);
    assert_eq!(figure.stack(0), (0.0, 12.0));
    assert_eq!(figure.series[1].at(1), None);
    // Shares cannot be added up, so each row keeps a bar of its own.
    made.columns[2].ty = ColumnType::Ratio;
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    assert_eq!(figure.labels, ["2026-01 · 东", "2026-01 · 西", "2026-02 · 东"]);
}

#[test]
fn many_series_become_eight() {
    let mut made = table("stacked", ColumnType::Money, &["net"], &[]);
    made.columns.insert(1, Column::new("product", ColumnType::Text));
    for product in 0..20 {
        for month in ["2026-01", "2026-02"] {
            made.rows.push(vec![Cell::text(month), Cell::text(format!("p{product}")), Cell::Int(product)]);
        }
    }
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    assert_eq!(figure.series.len(), 8);
    assert_eq!(figure.series[7].name, "others");
    let total = figure.stack_total(0).expect("they add up");
    assert_eq!(total.decimal, dec("190"));
}

#[test]
fn a_funnel_narrows_and_says_what_is_left_of_the_first() {
    let rows: &[(&str, &[&str])] = &[("Seen", &["200"]), ("Asked", &["50"]), ("Bought", &["0"])];
    let made = table("funnel", ColumnType::Int, &["n"], rows);
    let text = written(Format::Table, &made, &at_width(60, false));
    let counts: Vec<usize> = text.lines().skip(1).map(blocks).collect();
    assert!(counts[0].abs_diff(counts[1] * 4) <= 3 && counts[2] == 0, "{text}");
    assert!(
        text.contains("200  100.0%") && text.contains("50   25.0%") && text.contains("0    0.0%"),
        "{text}"
    );
}

#[test]
fn a_pareto_goes_from_the_largest_down_and_adds_up() {
    let rows: &[(&str, &[&str])] =
        &[("c", &["20"]), ("a", &["50"]), ("b", &["30"]), ("d", &["-5"]), ("e", &[""])];
    let made = table("pareto", ColumnType::Money, &["net"], rows);
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    assert_eq!(figure.labels, ["a", "b", "c", "d", "e"]);
    let shares: Vec<Option<&str>> =
        (0..5).map(|at| figure.series[1].at(at).map(|number| number.text.as_str())).collect();
    assert_eq!(shares, [Some("50.0%"), Some("80.0%"), Some("100.0%"), None, None]);
    let rows: &[(&str, &[&str])] = &[("a", &["0.5", "0.5", "0.5"]), ("b", &["0.3", "0.3", "0.8"])];
    let made = table("pareto", ColumnType::Ratio, &["n", "share", "cumulative_share"], rows);
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    let shares: Vec<_> = figure.series[1].values().collect();
    assert_eq!((figure.series.len(), shares), (2, vec![0.5, 0.8]), "a plain share does not add up");
}

/// Cohorts as a report gives them: a row for each cohort and month since.
fn cohorts() -> Table {
    let mut made = table("heatmap", ColumnType::Ratio, &["k", "retention"], &[]);
    made.columns[0] = Column::new("x", ColumnType::Month).labelled("Cohort");
    made.columns[1].ty = ColumnType::Int;
    for (cohort, k, share) in [
        ("2026-01", 0, "1"),
        ("2026-01", 1, "0.5"),
        ("2026-01", 2, "0"),
        ("2026-02", 0, "1"),
        ("2026-02", 1, "0.25"),
    ] {
        made.rows.push(vec![Cell::text(cohort), Cell::Int(k), Cell::Dec(dec(share))]);
    }
    made
}

#[test]
fn cohorts_are_shades_with_their_numbers() {
    let text = written(Format::Table, &cohorts(), &at_width(60, false));
    assert!(text.contains("██ 100.0%") && text.contains("░░ 0.0%"), "{text}");
    assert_eq!(
        text.lines().nth(2).map(|l| l.split_whitespace().collect::<Vec<_>>()),
        Some(vec!["0", "1", "2"])
    );
    let ends: Vec<usize> = text.lines().skip(2).map(width).collect();
    assert_eq!(ends[0], ends[1], "heads stand over their columns: {text}");
    let narrow = written(Format::Table, &cohorts(), &at_width(30, false));
    assert!(narrow.ends_with("The first 2 of 3\n"), "what has no room is said: {narrow}");
}

#[test]
fn what_falls_together_in_a_heat_map_is_its_mean() {
    let mut made = cohorts();
    made.rows.push(vec![Cell::text("2026-02"), Cell::Int(1), Cell::Dec(dec("0.75"))]);
    let figure = Figure::of(&made, &Style::default()).expect("it can be drawn");
    assert_eq!(figure.series[1].at(1).map(|number| number.text.as_str()), Some("50.0%"));
    assert_eq!(figure.series[1].at(2), None);
}

#[test]
fn points_stand_where_their_numbers_are() {
    let rows: &[(&str, &[&str])] = &[("a", &["0", "0"]), ("b", &["10", "100"]), ("c", &["", "5"])];
    let made = table("scatter", ColumnType::Money, &["width", "height"], rows);
    let text = written(Format::Table, &made, &at_width(40, true));
    assert_eq!(text.matches('*').count(), 2, "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[2].trim_end().ends_with('*') && lines[2].starts_with("100 |"), "{text}");
    assert!(lines[17].starts_with("  0 |*"), "{text}");
    let svg = written(Format::Svg, &made, &Style::default());
    assert_eq!(svg.matches("<circle").count(), 2);
}

#[test]
fn of_hundreds_the_largest_are_drawn_and_the_rest_said() {
    let names: Vec<String> = (0..300).map(|at| format!("n{at}")).collect();
    let mut made = table("bar", ColumnType::Money, &["a"], &[]);
    made.rows = names.iter().zip(0_i64..).map(|(name, at)| vec![Cell::text(name), Cell::Int(at)]).collect();
    let text = written(Format::Table, &made, &at_width(60, false));
    assert_eq!(text.lines().count(), 26);
    // 0 + 1 + … + 275
    assert!(text.ends_with("The 24 largest of 300; the others together: 37,950\n"), "{text}");
    assert!(text.contains("n299") && text.contains("n276") && !text.contains("n275"), "{text}");
    let svg = written(Format::Svg, &made, &Style::default());
    assert!(svg.contains("The 40 largest of 300; the others together: 33,670"));
    let mut over_time = made.clone();
    over_time.chart = Some(Chart { kind: "column".into(), x: "x".into(), y: vec!["a".into()] });
    let text = written(Format::Table, &over_time, &at_width(60, false));
    assert!(text.ends_with("The last 45 of 300; the others together: 32,385\n"), "{text}");
}

const KINDS: [&str; 8] = ["column", "bar", "line", "stacked", "funnel", "heatmap", "pareto", "scatter"];

#[test]
fn no_kind_fails_on_ties_zeros_nothing_or_the_huge() {
    let huge = rust_decimal::Decimal::MAX.to_string();
    let low = format!("-{huge}");
    let samples: &[&[(&str, &[&str])]] = &[
        &[],
        &[("one", &["1", "1"])],
        &[("same", &["7", "7"]), ("same", &["7", "7"])],
        &[("zero", &["0", "0"]), ("none", &["", ""])],
        &[("huge", &[&huge, &huge]), ("low", &[&low, "0.0000000000000000000000000001"])],
        &[("", &["", ""])],
    ];
    for kind in KINDS {
        for rows in samples {
            let made = table(kind, ColumnType::Money, &["a", "b"], rows);
            for columns in [0, 1, 33, 80, 200] {
                let text = written(Format::Table, &made, &at_width(columns, false));
                assert!(!text.is_empty(), "{kind} {rows:?}");
            }
            let svg = written(Format::Svg, &made, &Style::default());
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{kind} {rows:?}: {svg}");
            assert_eq!(svg, written(Format::Svg, &made, &Style::default()), "the same bytes");
            assert!(written(Format::Html, &made, &Style::default()).contains("<svg class=\"crm-chart\""));
            write(Format::Xlsx, &made, &Style::default(), &mut Vec::new()).expect("a workbook");
        }
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let rows: &[(&str, &[&str])] = &[
        ("广州羊城电器连锁有限公司广州羊城电器连锁有限公司", &["1234567.89", "2345678.90"]),
        ("Straits Home Appliances Private Limited", &["-4567.10", "99.00"]),
    ];
    for kind in KINDS {
        let made = table(kind, ColumnType::Money, &["a", "b"], rows);
        for columns in [50, 80, 120] {
            let text = written(Format::Table, &made, &at_width(columns, false));
            for line in text.lines() {
                assert!(width(line) <= columns, "{kind} at {columns}: {line}\n{text}");
            }
        }
    }
}

#[test]
fn text_of_records_is_never_markup_or_an_escape() {
    let mut made = nasty();
    made.title = "<script>alert(1)</script> & \u{1b}[31m".into();
    let hostile = "</title><script>alert('x')</script>\u{0}\u{1b}]0;x\u{7}";
    made.rows[1][1] = Cell::text(hostile);
    for kind in KINDS {
        made.chart = Some(Chart { kind: kind.into(), x: "name".into(), y: vec!["amount".into()] });
        let Ok(figure) = Figure::of(&made, &Style::default()) else {
            assert_eq!(kind, "scatter", "its x is no number");
            continue;
        };
        assert!(!figure.labels.is_empty() || figure.is_empty());
        let drawn = Style { drawing: Drawing { place: Place::Under, ascii: false }, ..Style::default() };
        for (format, style) in
            [(Format::Svg, &Style::default()), (Format::Html, &Style::default()), (Format::Table, &drawn)]
        {
            let text = written(format, &made, style);
            assert!(!text.contains(['\u{0}', '\u{1b}', '\u{7}', '\u{202e}']), "{kind} {format:?}");
            assert!(format == Format::Table || !text.contains("<script"), "{kind} {format:?}");
        }
    }
}

#[test]
fn a_picture_needs_nothing_else_and_is_well_formed() {
    for kind in KINDS {
        let rows: &[(&str, &[&str])] = &[("华东 <&>", &["3", "4"]), ("b", &["-1", "2"])];
        let svg = written(Format::Svg, &table(kind, ColumnType::Int, &["a", "b"], rows), &Style::default());
        assert!(svg.starts_with(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\""
        ));
        assert!(svg.ends_with("</svg>\n") && svg.contains("viewBox=\"0 0 800 "));
        assert!(svg.contains("prefers-color-scheme:dark") && !svg.contains("url(") && !svg.contains("href"));
        for tag in ["text", "title", "style", "rect", "circle"] {
            let opened = svg.matches(&format!("<{tag}")).count()
                - svg.matches(&format!("<{tag} class=\"back\"")).count();
            assert_eq!(opened, svg.matches(&format!("</{tag}>")).count(), "{kind} {tag}");
        }
    }
}

#[test]
fn what_a_table_lacks_is_named() {
    let mut made = nasty();
    assert_eq!(lack(&made), None);
    let with = |kind: &str, x: &str, y: &[&str]| Chart {
        kind: kind.into(),
        x: x.into(),
        y: y.iter().map(|code| (*code).to_owned()).collect(),
    };
    let mut check = |chart: Option<Chart>, expected: Lack| {
        made.chart = chart;
        assert_eq!(lack(&made), Some(expected));
        assert!(write(Format::Svg, &made, &Style::default(), &mut Vec::new()).is_err());
    };
    check(None, Lack::Chart);
    check(Some(with("pie", "name", &["amount"])), Lack::Kind("pie".into()));
    check(Some(with("bar", "nowhere", &["amount"])), Lack::Column("nowhere".into()));
    check(Some(with("bar", "name", &["nothing"])), Lack::Column("nothing".into()));
    check(Some(with("bar", "name", &["note"])), Lack::Numbers("note".into()));
    check(Some(with("scatter", "name", &["amount"])), Lack::Numbers("name".into()));
    check(Some(with("heatmap", "name", &["status", "nothing"])), Lack::Column("nothing".into()));
}

#[test]
fn colour_comes_only_where_it_is_wished() {
    let made = table("bar", ColumnType::Int, &["a"], &[("x", &["1"])]);
    let plain = written(Format::Table, &made, &at_width(40, false));
    let coloured = written(Format::Table, &made, &Style { colour: true, ..at_width(40, false) });
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(coloured.replace("\u{1b}[34m", "").replace("\u{1b}[0m", ""), plain);
    assert_ne!(coloured, plain);
}
