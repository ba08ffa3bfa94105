//! A page of figures: cards by section, and the charts of further tables below them.
//!
//! The columns are `section`, `metric`, `value`, `previous`, `unit`, `change_pct`, `attainment` and
//! `target`; what is absent is not shown. Deliberately absent: whether a change is good.

use std::io::{self, Write};

use super::super::cells::readable;
use super::super::{Style, chart};
use super::text;
use crate::table::{Cell, ColumnType, Table};

pub(super) const LOOK: &str = "\
h1{margin-bottom:.2rem}.of{opacity:.72;margin:0 0 1.2rem}
.sections{display:flex;flex-wrap:wrap;gap:1.2rem .9rem;margin-bottom:2rem}
.sections section{flex:var(--n) 1 calc(var(--n)*11.2rem)}
section h2{margin:0 0 .4rem;font-size:1rem;opacity:.72;font-weight:600}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.2rem,1fr));gap:.6rem}
.card{border:1px solid #8884;border-radius:.5rem;padding:.6rem .8rem;break-inside:avoid}
.card .name{font-size:.85rem;opacity:.72;display:flex;justify-content:space-between;gap:.5rem}
.card .value{font-size:1.15rem;font-weight:600;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.card .more{font-size:.8rem;opacity:.72;font-variant-numeric:tabular-nums}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(26rem,1fr));gap:1.5rem}
.charts h2{margin:0 0 .3rem}.charts figure{margin:0}
@media print{.charts{grid-template-columns:1fr 1fr;gap:.8rem}.card .value{font-size:1rem}}
@media(max-width:30rem){.charts{grid-template-columns:1fr}}
";

/// The cards and charts.
pub(super) fn write(table: &Table, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let of = |code: &str| table.provenance.entries.iter().find(|(of, ..)| of == code);
    let of = ["period", "as-of"].into_iter().filter_map(of);
    let of: Vec<String> =
        of.map(|(_, label, value)| text(&format!("{label}{}{value}", style.colon()))).collect();
    writeln!(out, "<p class=\"of\">{}</p>\n<main>\n<div class=\"sections\">", of.join(" · "))?;
    let sections = table.rows.chunk_by(|a, b| a.first() == b.first());
    for rows in sections {
        let name = rows[0].first().map(|cell| shown(cell, style)).unwrap_or_default();
        let n = rows.len();
        writeln!(out, "<section style=\"--n:{n}\">\n<h2>{name}</h2>\n<div class=\"cards\">")?;
        for row in rows {
            write_card(table, row, style, out)?;
        }
        writeln!(out, "</div>\n</section>")?;
    }
    writeln!(out, "</div>")?;
    let charts: Vec<(String, String)> = table
        .parts
        .iter()
        .filter(|part| !part.rows.is_empty())
        .filter_map(|part| Some((text(&part.title), chart::svg::inline(part, style)?)))
        .collect();
    if !charts.is_empty() {
        writeln!(out, "<div class=\"charts\">")?;
        for (title, svg) in charts {
            writeln!(out, "<section>\n<h2>{title}</h2>\n<figure>\n{svg}</figure>\n</section>")?;
        }
        writeln!(out, "</div>")?;
    }
    writeln!(out, "</main>")
}

fn write_card(table: &Table, row: &[Cell], style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let at = |code: &str| table.position(code).map(|at| &row[at]).filter(|cell| **cell != Cell::Null);
    let of = |code: &str| at(code).map(|cell| shown(cell, style)).unwrap_or_default();
    let label =
        |code: &str| table.position(code).map(|at| text(&table.columns[at].label)).unwrap_or_default();
    let value = if at("value").is_some() { of("value") } else { "–".to_owned() };
    writeln!(
        out,
        "<div class=\"card\"><div class=\"name\"><span>{}</span><span>{}</span></div>",
        of("metric"),
        of("unit")
    )?;
    writeln!(out, "<div class=\"value\">{value}</div>")?;
    if at("previous").is_some() {
        let change = match at("change_pct") {
            Some(Cell::Dec(change)) => {
                let arrow = if change.is_zero() {
                    "="
                } else if change.is_sign_negative() {
                    "▼"
                } else {
                    "▲"
                };
                format!(
                    " {arrow} {}",
                    text(&readable(ColumnType::Ratio, &Cell::Dec(change.abs()), false, &style.words))
                )
            }
            _ => String::new(),
        };
        writeln!(out, "<div class=\"more\">{} {}{change}</div>", label("previous"), of("previous"))?;
    }
    if at("target").is_some() {
        let share =
            at("attainment").map(|cell| text(&readable(ColumnType::Ratio, cell, false, &style.words)));
        let share = share.map(|share| format!(" ({share})")).unwrap_or_default();
        writeln!(out, "<div class=\"more\">{} {}{share}</div>", label("target"), of("target"))?;
    }
    writeln!(out, "</div>")
}

fn shown(cell: &Cell, style: &Style) -> String {
    text(&readable(ColumnType::Dec, cell, true, &style.words))
}
