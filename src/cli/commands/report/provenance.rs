//! Where an answer is from: commit, period, zone, currency, filter, and a checksum.

use sha1::{Digest, Sha1};

use super::super::super::context::Context;
use super::super::super::error::Failure;
use crate::formats::Format;
use crate::mirror::{Mirror, SqlCell};
use crate::reports::{Asked, Report};
use crate::table::{Cell, Provenance, Table};

/// Which commit, period, zone, currency and filter a result is of, and a checksum of the ids it is
/// built from.
pub fn provenance(
    context: &Context,
    mirror: &Mirror,
    (report, asked): (&Report, &Asked),
    at: Option<String>,
    found: &Found,
    table: &Table,
) -> Result<Provenance, Failure> {
    let mut provenance = Provenance::default();
    let plain = matches!(found.format, Format::Csv | Format::Tsv | Format::Ids | Format::Jsonl)
        || (found.format == Format::Json && !context.ui.style.envelope);
    if plain {
        return Ok(provenance);
    }
    let store = context.store()?;
    let commit = match at {
        Some(commit) => commit,
        None => {
            let tip = store.repo.tip()?.map(|t| t.commit.to_string()).unwrap_or_default();
            if mirror.deviations()?.is_empty() { tip } else { format!("{tip}-dirty") }
        }
    };
    let mut add = |code: &str, value: String| {
        provenance.entries.push((
            code.to_owned(),
            context.text(&format!("report-provenance-{code}"), &[]),
            value,
        ));
    };
    add("commit", commit);
    if !report.is_state() {
        add("period", format!("{} ({}..{})", asked.period.text, asked.period.start, asked.period.end));
    }
    let of_report = ["before-from", "before-to"].map(|name| asked.params.get(name));
    if let [Some(from), Some(to)] = of_report {
        add("compared", format!("{from}..{to}"));
    }
    if let Some(compare) = &asked.compare {
        add("compared", format!("{}..{}", compare.before.start, compare.before.end));
        if compare.running {
            add("running", format!("{}..{}", compare.current.start, compare.current.end));
        }
    }
    add("as-of", asked.as_of.to_string());
    add("zone", context.zone.to_string());
    if table.position("currency").is_some() || !report.front.then.is_empty() {
        add("currency", asked.currency.clone());
        if let Some((rate, _)) = asked.converted {
            add("rate", rate.normalize().to_string());
        }
    }
    if !found.filter.is_empty() {
        add("filter", found.filter.clone());
    }
    add("rows", found.rows.to_string());
    let of_sales = report.sql.contains("{lines}");
    add("checksum", if of_sales { checksum(mirror, asked, &found.ids)? } else { digest_of(table) });
    Ok(provenance)
}

/// What was found, for its provenance.
#[derive(Debug)]
pub struct Found {
    pub rows: usize,
    /// Ids of records besides the sold documents.
    pub ids: Vec<String>,
    /// The conditions as they were given.
    pub filter: String,
    pub format: Format,
}

/// A digest of the ids of the documents in the span, whatever the filter, and of what else it is
/// built from.
fn checksum(mirror: &Mirror, asked: &Asked, ids: &[String]) -> Result<String, Failure> {
    let basis = asked.params.get("basis").map_or("order", String::as_str);
    let answer = mirror.query_named(
        "select distinct document from sale_line where basis = :basis and date between :from and :to order by 1",
        &[
            (":basis", SqlCell::text(basis)),
            (":from", SqlCell::text(asked.period.start.to_string())),
            (":to", SqlCell::text(asked.period.end.to_string())),
        ],
    )?;
    let mut hash = Sha1::new();
    let documents = answer.rows.iter().filter_map(|row| row[0].as_text());
    for id in documents.chain(ids.iter().map(String::as_str)) {
        hash.update(id.as_bytes());
        hash.update(b"\n");
    }
    Ok(hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect())
}

/// A digest of what the rows of a report say.
fn digest_of(table: &Table) -> String {
    let mut hash = Sha1::new();
    for cell in table.rows.iter().flatten() {
        let text = match cell {
            Cell::Null => String::new(),
            Cell::Code { code, .. } => code.clone(),
            cell => format!("{cell:?}"),
        };
        hash.update(text.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().take(6).map(|b| format!("{b:02x}")).collect()
}
