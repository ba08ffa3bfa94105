//! A report tried on the records there are: with nothing given, and by each of its dimensions.

use super::run::BETWEEN;
use super::{Asked, ColumnFront, Question, Report, run};
use crate::mirror::{Answer, Mirror, SqlCell};
use crate::model::Problem;
use crate::query::Clock;

/// Everything that is found wrong; nothing where the report answers as it declares.
pub fn trial(mirror: &Mirror, report: &Report, clock: &Clock, base: (&str, u32)) -> Vec<Problem> {
    let question = Question { total: true, ..Question::default() };
    let tried = question.asked(report, clock, base).and_then(|asked| {
        let found = tried(mirror, report, &asked)?;
        let is_cut = found.is_empty() && report.front.params.iter().any(|param| param.ty == "dimension");
        for dim in if is_cut { report.dimensions() } else { Vec::new() } {
            let by = Asked { by: vec![dim.name.to_owned()], total: false, ..asked.clone() };
            run(mirror, report, &by)?;
        }
        Ok(found)
    });
    tried.unwrap_or_else(|problem| vec![problem])
}

/// What the columns of the answer are against what is declared.
fn tried(mirror: &Mirror, report: &Report, asked: &Asked) -> Result<Vec<Problem>, Problem> {
    let outcome = run(mirror, report, asked)?;
    if !report.front.then.is_empty() {
        return Ok(Vec::new());
    }
    let params = asked.bound(report, &asked.period, false);
    let params: Vec<(&str, SqlCell)> =
        params.iter().map(|(name, cell)| (name.as_str(), cell.clone())).collect();
    let mut found = Vec::new();
    for sql in outcome.sql.split(BETWEEN) {
        let answer = mirror.query_named(sql, &params);
        found.extend(of_answer(
            report,
            asked,
            &answer.map_err(|error| Problem::invalid("bad-report").arg("reason", error))?,
        ));
    }
    Ok(found)
}

fn of_answer(report: &Report, asked: &Asked, answer: &Answer) -> Vec<Problem> {
    let names: Vec<&str> = answer.columns.iter().map(|column| column.name.as_str()).collect();
    let declared = report.front.columns.iter().map(|column| column.name.as_str());
    let declared: Vec<&str> = asked.by.iter().map(String::as_str).chain(declared).collect();
    // An expression without a name of its own is called as it is written.
    let is_word = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if names.iter().zip(&declared).any(|(name, declared)| is_word(name) && name != declared) {
        return vec![
            Problem::invalid("report-columns")
                .arg("found", names.join(", "))
                .arg("declared", declared.join(", "))
                .field("columns"),
        ];
    }
    let odd = report.front.columns.iter().enumerate().filter_map(|(at, column)| {
        let mut cells = answer.rows.iter().map(|row| &row[asked.by.len() + at]);
        let odd = cells.find(|cell| !fits(column, cell))?;
        let value = match odd {
            SqlCell::Int(int) => int.to_string(),
            SqlCell::Real(real) => real.to_string(),
            cell => cell.as_text().unwrap_or_default().chars().take(40).collect(),
        };
        let key = format!("columns.{}.type", column.name);
        Some(
            Problem::invalid("report-column-type")
                .arg("key", &key)
                .arg("type", &column.ty)
                .arg("value", value)
                .field(key),
        )
    });
    odd.collect()
}

/// Whether a value can be of the type that a column declares.
fn fits(column: &ColumnFront, cell: &SqlCell) -> bool {
    let is_number = matches!(cell, SqlCell::Int(_) | SqlCell::Real(_));
    let text = cell.as_text();
    match column.ty.as_str() {
        _ if *cell == SqlCell::Null => true,
        "int" | "bool" => matches!(cell, SqlCell::Int(_)),
        "money" | "qty" | "dec" | "ratio" | "days" | "min" => is_number,
        "day" => text.is_some_and(|text| text.parse::<chrono::NaiveDate>().is_ok()),
        "instant" => text.is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok()),
        "order" => true,
        _ => text.is_some(),
    }
}
