//! What the outbox writes down about a message: claimed before it is handed over, and what came of
//! it.
//!
//! Deliberately absent: handing it over, and which messages are due.

use chrono::TimeDelta;

use super::Draft;
use crate::model::Problem;
use crate::model::record::{Doc, Value};
use crate::model::scalars::Instant;
use crate::rules::messages::declined;

/// Minutes until the next attempt, by attempts made; the last one holds from there on.
const WAITS: [i64; 5] = [1, 5, 15, 60, 240];

/// Minutes after which nobody tries any more.
const LONGEST: i64 = 2 * 24 * 60;

/// What became of a claimed message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// With what the other side called it.
    Sent(Option<String>),
    Failed(String),
    /// To be tried again after a while, for two days.
    Later(String),
    /// It may have arrived.
    Unknown(String),
    /// It was not tried at all.
    Untried,
}

/// What a claim came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Mine,
    /// Somebody was quicker, or it is not to be sent any more.
    Gone,
    /// Whom it goes to does not want it any more; it is cancelled.
    Declined,
}

/// Claims a message for a node.
pub fn claim(draft: &mut Draft<'_>, id: &str, node: &str) -> Result<Claim, Problem> {
    let mut doc = draft.need("message", id)?;
    if !is_due(&doc, draft.setting.now) {
        return Ok(Claim::Gone);
    }
    if let Some(who) = declined(draft, &doc)?.into_iter().next() {
        set(&mut doc, "status", "cancelled");
        set(&mut doc, "error", &format!("opted out: {who}"));
        draft.put(doc)?;
        return Ok(Claim::Declined);
    }
    let by = format!("{node}#{}", attempts(&doc) + 1);
    set(&mut doc, "status", "claimed");
    set(&mut doc, "claimed_by", &by);
    draft.put(doc)?;
    Ok(Claim::Mine)
}

/// Whether a message is to be sent now: queued, or of unknown fate where the same again does no
/// harm, and its time has come.
pub fn is_due(doc: &Doc, now: Instant) -> bool {
    let waits = matches!(doc.get("send_at"), Some(Value::Instant(at)) if *at > now);
    !waits && (doc.state() == "queued" || (doc.state() == "unknown" && may_repeat(doc)))
}

/// Whether a message that may have arrived is sent again without asking: receivers can tell an
/// e-mail by its message id, and advertisements are worse twice than never.
pub fn may_repeat(doc: &Doc) -> bool {
    doc.text("channel") == Some("email") && doc.text("purpose") != Some("marketing")
}

/// Writes down what became of a message that this node had claimed. `false` where it is not claimed.
pub fn settle(draft: &mut Draft<'_>, id: &str, fate: &Fate, at: Instant) -> Result<bool, Problem> {
    let mut doc = draft.need("message", id)?;
    if doc.state() != "claimed" {
        return Ok(false);
    }
    let again = next_attempt(&doc, at);
    match fate {
        Fate::Sent(provider) => {
            set(&mut doc, "status", "sent");
            doc.set("sent_at", Some(Value::Instant(at)));
            if doc.get("provider_id").is_none() {
                doc.set("provider_id", provider.as_deref().map(said));
            }
            doc.set("error", None);
        }
        Fate::Failed(why) => failed(&mut doc, "failed", why),
        Fate::Later(why) => match again {
            Some(again) => {
                failed(&mut doc, "queued", why);
                doc.set("send_at", Some(Value::Instant(again)));
            }
            None => failed(&mut doc, "failed", why),
        },
        Fate::Unknown(why) => {
            failed(&mut doc, "unknown", why);
            let waits = again.filter(|_| may_repeat(&doc));
            if waits.is_some() {
                doc.set("send_at", waits.map(Value::Instant));
            }
        }
        Fate::Untried => {
            set(&mut doc, "status", "queued");
            let node =
                doc.text("claimed_by").and_then(|by| by.rsplit_once('#')).map(|(node, _)| node.to_owned());
            let before = attempts(&doc) - 1;
            let by = node.filter(|_| before > 0).map(|node| format!("{node}#{before}"));
            doc.set("claimed_by", by.map(Value::Text));
        }
    }
    draft.put(doc)?;
    Ok(true)
}

/// How often a message was handed over, or nearly.
pub fn attempts(doc: &Doc) -> i64 {
    doc.text("claimed_by").and_then(|by| by.rsplit_once('#')).and_then(|(_, n)| n.parse().ok()).unwrap_or(0)
}

/// When to try again; `None` when it was tried for long enough.
fn next_attempt(doc: &Doc, at: Instant) -> Option<Instant> {
    let made = usize::try_from(attempts(doc).max(1)).unwrap_or(usize::MAX);
    let wait = |attempt: usize| WAITS[attempt.min(WAITS.len()) - 1];
    let spent: i64 = (1..made.min(100)).map(wait).sum();
    (spent < LONGEST).then(|| at + TimeDelta::minutes(wait(made)))
}

fn set(doc: &mut Doc, field: &str, text: &str) {
    doc.set(field, Some(Value::Text(text.to_owned())));
}

fn failed(doc: &mut Doc, state: &str, why: &str) {
    set(doc, "status", state);
    doc.set("error", Some(said(why)));
}

/// What the other side said, in one line and not without end.
fn said(text: &str) -> Value {
    let line = super::message::safe(text.trim());
    Value::Text(line.chars().take(500).collect())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field};
    use super::*;
    use crate::rules::View;

    fn bench(fields: &[(&str, &str)]) -> Bench {
        let mut bench = Bench::new();
        let base = [
            ("channel", "email"),
            ("to", "wang@haina.example"),
            ("target", "cus_haina"),
            ("body", "Hello"),
            ("purpose", "service"),
            ("status", "queued"),
        ];
        let mut all = base.to_vec();
        all.retain(|(name, _)| !fields.iter().any(|(other, _)| other == name));
        all.extend(fields);
        bench.store.add("message", "msg_k", &all);
        bench
    }

    fn seen(draft: &Draft<'_>) -> Result<[String; 4], Problem> {
        let doc = draft.need("message", "msg_k")?;
        Ok(["status", "claimed_by", "send_at", "error"].map(|name| field(&doc, name)))
    }

    #[test]
    fn a_claim_is_made_once_and_counts_the_attempts() {
        bench(&[]).with(|draft| {
            assert_eq!(claim(draft, "msg_k", "here")?, Claim::Mine);
            assert_eq!(seen(draft)?[..2], ["claimed", "here#1"]);
            assert_eq!(claim(draft, "msg_k", "there")?, Claim::Gone);
            Ok(())
        });
        for (fields, expected) in [
            (&[("send_at", "2026-03-10T10:00:01+08:00")][..], Claim::Gone),
            (&[("send_at", "2026-03-10T10:00:00+08:00")], Claim::Mine),
            (&[("status", "unknown")], Claim::Mine),
            (&[("status", "unknown"), ("purpose", "internal")], Claim::Mine),
            (&[("status", "unknown"), ("purpose", "marketing")], Claim::Gone),
            (&[("status", "unknown"), ("channel", "sms")], Claim::Gone),
            (&[("status", "failed")], Claim::Gone),
            (&[("status", "draft")], Claim::Gone),
        ] {
            bench(fields).with(|draft| {
                assert_eq!(claim(draft, "msg_k", "here")?, expected, "{fields:?}");
                Ok(())
            });
        }
    }

    #[test]
    fn who_opted_out_in_the_meantime_gets_nothing() {
        let mut bench = bench(&[("purpose", "marketing")]);
        let mut haina = bench.store.record("customer", "cus_haina").expect("readable").expect("there");
        haina.set("opt_out", Some(Value::List(vec![Value::Text("email".to_owned())])));
        bench.store.put(haina);
        bench.with(|draft| {
            assert_eq!(claim(draft, "msg_k", "here")?, Claim::Declined);
            assert_eq!(seen(draft)?[0], "cancelled");
            Ok(())
        });
    }

    #[test]
    fn each_fate_leaves_its_state() {
        for (fate, expected) in [
            (Fate::Sent(Some("250 ok\r\n".to_owned())), ["sent", "here#1", "", ""]),
            (Fate::Failed("550 no".to_owned()), ["failed", "here#1", "", "550 no"]),
            (Fate::Later("451".to_owned()), ["queued", "here#1", "2026-03-10T10:01:00+08:00", "451"]),
            (Fate::Unknown("cut".to_owned()), ["unknown", "here#1", "2026-03-10T10:01:00+08:00", "cut"]),
            (Fate::Untried, ["queued", "", "", ""]),
        ] {
            bench(&[("status", "claimed"), ("claimed_by", "here#1")]).with(|draft| {
                let at = draft.setting.now;
                assert!(settle(draft, "msg_k", &fate, at)?);
                assert_eq!(seen(draft)?, expected, "{fate:?}");
                assert!(!settle(draft, "msg_k", &fate, at)?, "settled once");
                Ok(())
            });
        }
    }

    #[test]
    fn it_is_tried_less_and_less_often_for_two_days() {
        let at: Instant = "2026-03-10T10:00:00+08:00".parse().expect("a time");
        let mut waits = Vec::new();
        for attempt in 1..40 {
            let bench = bench(&[("claimed_by", &format!("a#b#{attempt}"))]);
            bench.with(|draft| {
                let doc = draft.need("message", "msg_k")?;
                waits.extend(next_attempt(&doc, at).map(|next| (next - at).num_minutes()));
                Ok(())
            });
        }
        assert_eq!(waits[..6], [1, 5, 15, 60, 240, 240]);
        let all: i64 = waits.iter().sum();
        assert!((LONGEST..LONGEST + 240).contains(&all), "{all} minutes");
    }
}
