//! Opportunities: from stage to stage of their pipeline, won, lost and opened again, and the amount
//! that follows the quotes.
//!
//! The states are records, not a declaration, so the moves are made here and not by `Move`s. What
//! rules refuse is not repeated: fields that a stage asks for, amounts and reasons that are missing.

use rust_decimal::Decimal;

use super::quote;
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::rules::View;
use crate::rules::amounts::word;
use crate::rules::opportunities::{amount_of_quote, quoted_amount, stage as stage_of, stage_type};

/// What is taken off an opportunity that is open again.
const OF_CLOSING: &[&str] = &["closed_on", "lost_reason", "lost_to", "lost_note", "won_quote"];

/// Where an opportunity is to go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StageWish {
    /// Code of an open stage.
    pub code: String,
    /// Id of the pipeline, where it changes.
    pub pipeline: Option<String>,
    /// Whether a chance that was set by hand stays.
    pub keep_probability: bool,
}

/// Moves an open opportunity to another open stage. `false` where it stands there already.
pub fn stage(draft: &mut Draft<'_>, id: &str, wish: &StageWish) -> Result<bool, Problem> {
    let mut opp = draft.need("opportunity", id)?;
    let home = opp.text("pipeline").unwrap_or_default().to_owned();
    let pipeline = draft.need("pipeline", wish.pipeline.as_deref().unwrap_or(&home))?;
    if opp.state() == wish.code && pipeline.id() == home {
        return Ok(false);
    }
    if stage_type(draft, &opp)? != "open" {
        return Err(illegal(&opp, "stage", &["reopen"]));
    }
    match stage_of(&pipeline, &wish.code).map(kind) {
        Some("open") => {}
        Some(_) => {
            let open: Vec<&str> = stages(&pipeline, "open").filter(|code| *code != opp.state()).collect();
            return Err(illegal(&opp, "stage", &open).hint("hint-closing-verb").arg("to", &wish.code));
        }
        None => return Err(unknown_stage(&opp, &pipeline, &wish.code)),
    }
    draft.check_moment(&opp)?;
    opp.set("pipeline", Some(Value::Text(pipeline.id().to_owned())));
    enter(draft, &mut opp, &wish.code);
    // What was said about the chance after this move holds for the stage it leads to.
    let later = opp
        .history
        .iter()
        .any(|moved| moved.field.as_deref() == Some("probability") && moved.at > draft.setting.on);
    if !wish.keep_probability && !later {
        draft.set(&mut opp, "probability", None);
    }
    draft.put(opp)?;
    Ok(true)
}

/// Wins an opportunity. With a quote that is accepted too, where it is not yet, and the amount is
/// its net total; with `order` a draft order is made from the quote. `false` where it was won already
/// and nothing is left to do; another quote cannot win it again.
pub fn win(draft: &mut Draft<'_>, id: &str, quote: Option<&str>, order: bool) -> Result<bool, Problem> {
    let mut opp = draft.need("opportunity", id)?;
    if order && quote.is_none() {
        return Err(verbs::missing_flag("win", "quote"));
    }
    let moves = match stage_type(draft, &opp)?.as_str() {
        "open" => true,
        "won" => false,
        _ => return Err(illegal(&opp, "win", &["reopen"])),
    };
    let by = opp.text("won_quote").map(str::to_owned);
    if quote.is_some() && by.is_some() && by.as_deref() != quote {
        return Err(illegal(&opp, "win", &["reopen"]));
    }
    if moves {
        draft.check_moment(&opp)?;
        let pipeline = draft.need("pipeline", opp.text("pipeline").unwrap_or_default())?;
        let code = stages(&pipeline, "won").next().map(str::to_owned);
        let code = code.ok_or_else(|| unknown_stage(&opp, &pipeline, "won"))?;
        if let Some(quote) = quote {
            let quote = accepted(draft, &opp, quote)?;
            // The quote may have changed the amount along.
            opp = draft.need("opportunity", id)?;
            opp.set("amount_source", Some(Value::Text("quote".to_owned())));
            opp.set("won_quote", Some(Value::Text(quote.id().to_owned())));
            let amount = amount_of_quote(draft, &opp, &quote)?;
            set_amount(draft, &mut opp, amount);
        }
        enter(draft, &mut opp, &code);
        close(draft, &mut opp);
        leave_alone(draft, &opp)?;
        draft.put(opp)?;
    }
    match quote.filter(|quote| order && (moves || by.as_deref() == Some(quote))) {
        Some(quote) => Ok(quote::order(draft, quote, moves)?.is_some() || moves),
        None => Ok(moves),
    }
}

/// Why an opportunity is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loss {
    /// Code of the reason.
    pub reason: String,
    /// Id of the rival.
    pub to: Option<String>,
    pub note: Option<String>,
    /// Code of the lost stage; the first one where there are several.
    pub stage: Option<String>,
}

/// Loses an opportunity. `false` where it is lost already.
pub fn lose(draft: &mut Draft<'_>, id: &str, loss: &Loss) -> Result<bool, Problem> {
    let mut opp = draft.need("opportunity", id)?;
    match stage_type(draft, &opp)?.as_str() {
        "open" => {}
        "lost" => return Ok(false),
        _ => return Err(illegal(&opp, "lose", &["reopen"])),
    }
    let pipeline = draft.need("pipeline", opp.text("pipeline").unwrap_or_default())?;
    let lost: Vec<&str> = stages(&pipeline, "lost").collect();
    let code = match &loss.stage {
        Some(code) if lost.contains(&code.as_str()) => code.clone(),
        Some(code) => return Err(unknown_stage(&opp, &pipeline, code).legal(lost)),
        None => lost.first().map(|code| (*code).to_owned()).unwrap_or_default(),
    };
    draft.check_moment(&opp)?;
    enter(draft, &mut opp, &code);
    close(draft, &mut opp);
    opp.set("lost_reason", Some(Value::Text(loss.reason.clone())));
    opp.set("lost_to", loss.to.clone().map(Value::Text));
    opp.set("lost_note", loss.note.clone().map(Value::Text));
    leave_alone(draft, &opp)?;
    draft.put(opp)?;
    Ok(true)
}

/// Opens a won or lost opportunity again, in its last open stage unless another is named. `false`
/// where it is open.
pub fn reopen(draft: &mut Draft<'_>, id: &str, code: Option<&str>) -> Result<bool, Problem> {
    let mut opp = draft.need("opportunity", id)?;
    if stage_type(draft, &opp)? == "open" {
        return match code {
            Some(code) if code != opp.state() => Err(illegal(&opp, "reopen", &["stage", "win", "lose"])),
            _ => Ok(false),
        };
    }
    if draft.setting.reason.is_none() {
        return Err(Problem::usage("reason-needed").arg("verb", "reopen"));
    }
    let pipeline = draft.need("pipeline", opp.text("pipeline").unwrap_or_default())?;
    let code = match code {
        Some(code) => match stage_of(&pipeline, code).map(kind) {
            Some("open") => code.to_owned(),
            Some(_) => {
                let open: Vec<&str> = stages(&pipeline, "open").collect();
                return Err(illegal(&opp, "reopen", &open));
            }
            None => return Err(unknown_stage(&opp, &pipeline, code)),
        },
        None => last_open_stage(&opp, &pipeline).unwrap_or_default(),
    };
    draft.check_moment(&opp)?;
    enter(draft, &mut opp, &code);
    for field in OF_CLOSING {
        draft.set(&mut opp, field, None);
    }
    draft.put(opp)?;
    Ok(true)
}

/// The open stage an opportunity stood in last; the first of the pipeline where its history does
/// not say.
pub fn last_open_stage(opp: &Doc, pipeline: &Doc) -> Option<String> {
    let open: Vec<&str> = stages(pipeline, "open").collect();
    let moves = opp.history.iter().rev().filter(|moved| moved.field.is_none());
    let last = moves.filter_map(|moved| moved.from.as_deref()).find(|from| open.contains(from));
    last.or(open.first().copied()).map(str::to_owned)
}

/// Works the amount of an open opportunity out anew where it is that of its quotes.
pub fn follow_quotes(draft: &mut Draft<'_>, id: &str) -> Result<(), Problem> {
    let Some(mut opp) = draft.record("opportunity", id)? else { return Ok(()) };
    if opp.text("amount_source") != Some("quote") || stage_type(draft, &opp)? != "open" {
        return Ok(());
    }
    if let Some(amount) = quoted_amount(draft, &opp)?.filter(|amount| opp.dec("amount") != Some(*amount)) {
        set_amount(draft, &mut opp, amount);
        draft.put(opp)?;
    }
    Ok(())
}

/// Codes of the stages of a type, in order.
fn stages<'a>(pipeline: &'a Doc, wanted: &'static str) -> impl Iterator<Item = &'a str> {
    pipeline.rows("stages").iter().filter(move |row| kind(row) == wanted).filter_map(|row| word(row, "code"))
}

fn kind(stage: &Row) -> &str {
    word(stage, "type").unwrap_or("open")
}

fn enter(draft: &Draft<'_>, opp: &mut Doc, code: &str) {
    opp.move_to(code, draft.setting.on, &draft.setting.actor.id, draft.setting.reason.clone());
}

fn close(draft: &Draft<'_>, opp: &mut Doc) {
    opp.set("closed_on", Some(Value::Day(draft.setting.on.date_naive())));
}

/// Sets the amount; a move that lies in the past does not put it before what was said later.
fn set_amount(draft: &Draft<'_>, opp: &mut Doc, amount: Decimal) {
    let told = |moved: &&mut crate::model::record::Moved| moved.field.as_deref() == Some("amount");
    let before = opp.history.iter_mut().rev().find(told).map(|moved| moved.at);
    draft.set(opp, "amount", Some(Value::Dec(amount)));
    if let (Some(before), Some(last)) = (before, opp.history.iter_mut().rev().find(told)) {
        last.at = last.at.max(before);
    }
}

/// The quote that wins an opportunity, accepted.
fn accepted(draft: &mut Draft<'_>, opp: &Doc, id: &str) -> Result<Doc, Problem> {
    let quote = draft.need("quote", id)?;
    if let Some(other) = quote.text("opportunity").filter(|other| *other != opp.id()) {
        let other =
            draft.record("opportunity", other)?.map_or(other.to_owned(), |doc| doc.title().to_owned());
        return Err(said_about(&quote, "quote-of-other").arg("opportunity", other).field("won_quote"));
    }
    quote::advance(draft, id, "accept", &Row::new())?;
    draft.need("quote", id)
}

/// Names the quotes that stay open and the follow-ups that stay planned.
fn leave_alone(draft: &mut Draft<'_>, opp: &Doc) -> Result<(), Problem> {
    let named = |docs: Vec<Doc>| -> (usize, String) {
        let names: Vec<String> = docs.iter().map(|doc| format!("{} ({})", doc.title(), doc.id())).collect();
        (names.len(), names.join(", "))
    };
    let mut quotes = draft.all_with("quote", "opportunity", opp.id())?;
    quotes.retain(|quote| {
        matches!(quote.state(), "draft" | "sent") && Some(quote.id()) != opp.text("won_quote")
    });
    let mut planned = draft.all_with("followup", "target", opp.id())?;
    planned.retain(|followup| followup.state() == "planned");
    for (problem, (count, names)) in [
        (said_about(opp, "quotes-left-open"), named(quotes)),
        (said_about(opp, "followups-left-planned"), named(planned)),
    ] {
        if count > 0 {
            draft.warnings.push(problem.arg("count", count).arg("names", names).as_warning());
        }
    }
    Ok(())
}

/// A problem of a command about a record, which needs no path to find it.
pub(super) fn said_about(doc: &Doc, id: &'static str) -> Problem {
    Problem::invalid(id).arg("record", doc.title()).arg("id", doc.id()).arg("noun", doc.kind.name)
}

fn illegal(opp: &Doc, verb: &'static str, legal: &[&str]) -> Problem {
    said_about(opp, "illegal-move")
        .arg("verb", verb)
        .arg("state", opp.state())
        .arg("legal", legal.join(", "))
        .legal(legal.iter().copied())
}

fn unknown_stage(opp: &Doc, pipeline: &Doc, code: &str) -> Problem {
    said_about(opp, "unknown-stage")
        .arg("stage", code)
        .arg("pipeline", pipeline.id())
        .field("stage")
        .legal(stages(pipeline, "open"))
}

#[cfg(test)]
#[path = "opportunity_tests.rs"]
mod tests;
