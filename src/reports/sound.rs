//! What is wrong with a report beyond what reading it finds, before its select has run.
//!
//! Deliberately absent: the select itself (`trial`), and the name, which depends on the others.

use super::{Report, dimension};
use crate::model::Problem;
use crate::query::nearest;

const COLUMN_TYPES: &[&str] = &[
    "text", "code", "codes", "bool", "int", "qty", "dec", "money", "ratio", "days", "min", "day", "month",
    "instant", "order",
];
const PARAM_TYPES: &[&str] = &["dimension", "code", "codes", "int", "dec", "bool", "days", "window", "text"];
const PERIODS: &[&str] = &["month", "quarter", "last-quarter", "p12", "p36", "90d", "life", "as-of"];
const CHARTS: &[&str] = &["bar", "column", "line", "stacked", "scatter", "pareto", "funnel", "heatmap"];
/// Parameters that every select has.
const BOUND: &[&str] = &["from", "to", "total"];

/// What a key of a report cannot be.
pub(super) fn unknown(key: &str, value: &str, legal: &[&str]) -> Problem {
    Problem::invalid("report-unknown-word")
        .arg("key", key)
        .arg("value", value)
        .field(key)
        .candidates(nearest(value, legal))
        .legal(legal.iter().copied())
}

/// Everything that is wrong, in the order of the front matter. `nouns` are the record types.
pub(super) fn faults(report: &Report, nouns: &[&str]) -> Vec<Problem> {
    let front = &report.front;
    let columns: Vec<&str> = front.columns.iter().map(|column| column.name.as_str()).collect();
    let params: Vec<&str> = front.params.iter().map(|param| param.name.as_str()).collect();
    let mut found = Found(Vec::new());
    found.one_of("period", &front.period, PERIODS);
    found.one_of("noun", &front.noun, nouns);
    found.one_of("then", &front.then, &["targets", "dashboard"]);
    found.one_of("order", &front.order, &["sql"]);
    found.one_of("measure", &front.measure, &columns);
    for noun in &front.reads {
        found.one_of("reads", noun, nouns);
    }
    for dim in front.dims.iter().filter(|dim| dimension(dim).is_none()) {
        let known: Vec<&str> = super::DIMENSIONS.iter().map(|dim| dim.name).collect();
        found.0.push(unknown("dims", dim, &known));
    }
    found.once("params", &params);
    found.once("columns", &shown(report));
    found.params(report, nouns);
    for column in &front.columns {
        // What works on the rows afterwards has a type of its own.
        if front.then.is_empty() || column.ty != "value" {
            found.a_type(&format!("columns.{}.type", column.name), &column.ty, COLUMN_TYPES, nouns);
        }
        found.one_of(&format!("columns.{}.when", column.name), &column.when, &params);
    }
    if let Some(chart) = &front.chart {
        found.one_of("chart.kind", &chart.kind, CHARTS);
        let across: Vec<&str> =
            columns.iter().copied().chain(front.dims.iter().map(String::as_str)).collect();
        found.one_of("chart.x", &chart.x, &across);
        for column in chart.y.iter().chain(chart.other.values().flatten()) {
            found.one_of("chart.y", column, &columns);
        }
    }
    found.placeholders(report);
    found.0
}

/// The columns as they are shown: references with their names, amounts with their currency.
fn shown(report: &Report) -> Vec<String> {
    let mut names = Vec::new();
    for column in &report.front.columns {
        names.push(column.name.clone());
        names.extend((!column.refers().is_empty()).then(|| format!("{}_name", column.name)));
    }
    names.extend(report.front.columns.iter().any(|c| c.ty == "money").then(|| "currency".to_owned()));
    names
}

struct Found(Vec<Problem>);

impl Found {
    /// A word of a list; nothing is fine.
    fn one_of(&mut self, key: &str, value: &str, legal: &[&str]) {
        if !value.is_empty() && !legal.contains(&value) {
            self.0.push(unknown(key, value, legal));
        }
    }

    fn a_type(&mut self, key: &str, ty: &str, legal: &[&str], nouns: &[&str]) {
        match ty.strip_prefix("ref ") {
            Some(refers) => refers.split('|').for_each(|noun| self.one_of(key, noun, nouns)),
            None if legal.contains(&ty) => {}
            None => self.0.push(unknown(key, ty, legal)),
        }
    }

    fn once<T: AsRef<str> + PartialEq>(&mut self, key: &str, names: &[T]) {
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) {
                self.0.push(
                    Problem::invalid("report-twice").arg("key", key).arg("value", name.as_ref()).field(key),
                );
            }
        }
    }

    fn params(&mut self, report: &Report, nouns: &[&str]) {
        for param in &report.front.params {
            let key = |part: &str| format!("params.{}.{part}", param.name);
            self.a_type(&key("type"), &param.ty, PARAM_TYPES, nouns);
            if !super::is_name(&param.name) || BOUND.contains(&param.name.as_str()) {
                self.0.push(Problem::invalid("report-param-name").arg("value", &param.name).field("params"));
            }
            if param.ty == "code" {
                let codes: Vec<&str> = param.codes.iter().map(String::as_str).collect();
                self.one_of(&key("default"), &param.default, &codes);
            }
        }
    }

    fn placeholders(&mut self, report: &Report) {
        let has = |text: &str| report.sql.contains(text);
        let lacks = |id, value: &str| Problem::invalid(id).arg("value", value).field("dims");
        let is_cut = report.front.params.iter().any(|param| param.ty == "dimension");
        if !is_cut && has("{dims}") {
            self.0.push(lacks("report-without-dims", "{dims}"));
        }
        let needed = [("{dims}", is_cut), ("{where}", !report.front.dims.is_empty())];
        let missing = needed.into_iter().filter(|(text, needed)| *needed && !has(text));
        self.0.extend(missing.map(|(text, _)| lacks("report-without-placeholder", text)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(front: &str, sql: &str, expected: &[&str]) {
        let text = format!("/*---\nname = \"x\"\ntitle = \"X\"\n{front}\n---*/\n{sql}");
        let report = Report::parse(&text).expect("it reads");
        let found = faults(&report, &["customer", "order"]);
        let told: Vec<String> = found
            .iter()
            .map(|p| format!("{} {}", p.field.as_deref().unwrap_or("-"), p.get("value").unwrap_or("-")))
            .collect();
        assert_eq!(told, expected, "{front}");
    }

    const NET: &str = "columns = [{ name = \"net\", type = \"money\" }]\n";

    #[test]
    fn words_that_nothing_knows_are_found() {
        check(NET, "select 1", &[]);
        for (front, expected) in [
            ("period = \"weekly\"", "period weekly"),
            ("measure = \"nett\"", "measure nett"),
            ("order = \"asc\"", "order asc"),
            ("reads = [\"customers\"]", "reads customers"),
            ("chart = { kind = \"pie\", y = [\"net\"] }", "chart.kind pie"),
            ("chart = { kind = \"bar\", y = [\"gross\"] }", "chart.y gross"),
            ("params = [{ name = \"a\", type = \"integer\" }]", "params.a.type integer"),
            ("params = [{ name = \"a\", type = \"ref house\" }]", "params.a.type house"),
            (
                "params = [{ name = \"a\", type = \"code\", codes = [\"b\"], default = \"c\" }]",
                "params.a.default c",
            ),
        ] {
            check(&format!("{NET}{front}"), "select 1", &[expected]);
        }
        check("columns = [{ name = \"a\", type = \"number\" }]", "select 1", &["columns.a.type number"]);
        check(
            "columns = [{ name = \"a\", type = \"int\", when = \"b\" }]",
            "select 1",
            &["columns.a.when b"],
        );
    }

    #[test]
    fn names_stand_once_and_parameters_do_not_hide_others() {
        check(
            "columns = [{ name = \"a\", type = \"int\" }, { name = \"a\", type = \"int\" }]",
            "select 1",
            &["columns a"],
        );
        for other in ["currency", "owner_name"] {
            let owner = "{ name = \"owner\", type = \"ref customer\" }";
            let columns = format!("{owner}, {{ name = \"a\", type = \"money\" }}");
            let front = format!("columns = [{columns}, {{ name = \"{other}\", type = \"text\" }}]");
            check(&front, "select 1", &[&format!("columns {other}")]);
        }
        for name in ["from", "total", "A", "a b", ""] {
            let front = format!("{NET}params = [{{ name = \"{name}\", type = \"text\" }}]");
            check(&front, "select 1", &[&format!("params {name}")]);
        }
    }

    #[test]
    fn dimensions_and_their_placeholders_belong_together() {
        let by = "params = [{ name = \"by\", type = \"dimension\" }]\n";
        let check =
            |front: &str, sql: &str, expected: &[&str]| check(&format!("{NET}{front}"), sql, expected);
        check("", "select {dims} 1", &["dims {dims}"]);
        check(&format!("{by}dims = [\"city\"]"), "select {dims} 1 where true {where}", &[]);
        check(&format!("{by}dims = [\"city\"]"), "select 1", &["dims {dims}", "dims {where}"]);
        check("dims = [\"city\"]", "select 1 where true {where}", &[]);
        check("dims = [\"colour\"]", "select 1 where true {where}", &["dims colour"]);
    }
}
