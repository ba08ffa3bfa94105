//! Every table of states: each legal move works and is recorded, each illegal one is refused with
//! the legal ones listed. The tests walk the tables as the types declare them, so that a new state
//! or verb is walked, too; that the tables are the intended ones is said here once more, in full.
//!
//! Deliberately absent: the stages of opportunities, which are those of a pipeline record.

use std::collections::{BTreeMap, BTreeSet};

use crm::model::kinds::KINDS;
use crm::model::record::{Kind, Type};

use crate::support::Sandbox;

/// The moves: type, verb, from, to.
const TABLES: &str = "
    campaign start planned,paused active
    campaign pause active paused
    campaign finish active,paused done
    campaign cancel planned,active,paused cancelled
    customer block normal blocked
    customer unblock blocked normal
    feedback triage new triaged
    feedback plan new,triaged planned
    feedback finish triaged,planned done
    feedback decline new,triaged,planned declined
    followup done planned,missed done
    followup miss planned missed
    followup cancel planned cancelled
    followup move planned,missed planned
    lead contact new,nurture,qualified contacted
    lead nurture new,contacted,qualified nurture
    lead qualify new,contacted,nurture qualified
    lead convert new,contacted,nurture,qualified converted
    lead disqualify new,contacted,nurture,qualified unqualified
    lead junk new,contacted,nurture junk
    lead reopen unqualified contacted
    lead reopen junk new
    message queue draft queued
    message retry failed,unknown queued
    message cancel draft,queued,failed cancelled
    order approve draft draft
    order confirm draft confirmed
    order hold confirmed on_hold
    order resume on_hold confirmed
    order close confirmed,on_hold closed
    order reopen closed confirmed
    order cancel draft,confirmed,on_hold cancelled
    product activate draft,paused active
    product pause active paused
    product discontinue draft,active,paused discontinued
    quote approve draft draft
    quote send draft sent
    quote accept sent accepted
    quote reject sent rejected
    quote cancel draft,sent cancelled
    quote revise sent,rejected superseded
    target approve draft approved
    target close approved closed
    target revise approved,closed approved
    ticket start new open
    ticket hold open pending
    ticket resume pending open
    ticket resolve new,open,pending resolved
    ticket close resolved closed
    ticket reopen resolved,closed open
    ticket reject new,open rejected
    ticket duplicate new,open duplicate
    user suspend active suspended
    user activate suspended,left active
    user leave active,suspended left
";

/// What a record of a type needs to be in a store at all, as a line of an import.
fn record(kind: &Kind, number: usize) -> serde_json::Value {
    let name = format!("{} {number}", kind.name);
    match kind.name {
        "campaign" => serde_json::json!({"id": format!("cam-{number}"), "name": name, "kind": "event"}),
        "customer" => serde_json::json!({"name": name, "kind": "person"}),
        "feedback" => {
            serde_json::json!({"from": "Buyer", "about": "product", "kind": "idea", "date": "2026-03-01"})
        }
        "followup" => serde_json::json!({"kind": "call", "target": "Buyer", "due": "2026-03-09"}),
        "lead" => serde_json::json!({"name": name, "wechat": name, "source": "web"}),
        "message" => serde_json::json!({
            "channel": "email", "purpose": "service", "to": ["buyer@buyer.example"], "body": "text", "target": "Buyer"
        }),
        "order" | "quote" => {
            serde_json::json!({"customer": "Buyer", "lines": [{"product": "SKU", "qty": "1"}]})
        }
        "product" => serde_json::json!({"id": format!("sku-{number}"), "name": name, "price": "10.00"}),
        "target" => {
            serde_json::json!({"scope": "company", "period": format!("{}", 1900 + number), "value": "100", "measure": "amount"})
        }
        "ticket" => serde_json::json!({"subject": name, "customer": "Buyer"}),
        "user" => {
            serde_json::json!({"id": format!("user-{number}"), "name": name, "email": format!("u{number}@acme.example"), "roles": ["admin"]})
        }
        other => panic!("{other} has moves: say here what a record of it needs"),
    }
}

/// What goes with a state.
fn of_state(kind: &str, state: &str) -> serde_json::Value {
    match (kind, state) {
        ("feedback", "declined") => serde_json::json!({"reply": "no"}),
        ("followup", "done") => serde_json::json!({"done_at": "2026-03-02T10:00:00+08:00"}),
        ("lead", "converted") => {
            serde_json::json!({"closed_on": "2026-03-02", "converted_customer": "Buyer"})
        }
        ("lead", "unqualified") => serde_json::json!({"closed_on": "2026-03-02", "lost_reason": "price"}),
        ("lead", "junk") => serde_json::json!({"closed_on": "2026-03-02"}),
        ("message", "sent" | "received") => serde_json::json!({"sent_at": "2026-03-02T10:00:00+08:00"}),
        ("quote", "rejected") => serde_json::json!({"reject_reason": "price"}),
        ("ticket", "resolved" | "closed") => serde_json::json!({"resolution": "mended"}),
        ("ticket", "duplicate") => serde_json::json!({"duplicate_of": "t:other"}),
        _ => serde_json::json!({}),
    }
}

/// What a verb needs besides the record.
fn flags(kind: &str, verb: &str) -> &'static str {
    match (kind, verb) {
        ("feedback", "decline") => " --reply no",
        ("followup", "move") => " --due 2026-04-01",
        ("lead", "disqualify") => " --lost-reason price",
        ("quote", "reject") => " --reject-reason price",
        ("target", "revise") => " --value 200",
        ("ticket", "resolve") => " --resolution mended",
        ("ticket", "duplicate") => " --duplicate-of t:other",
        _ => "",
    }
}

fn verbs(kind: &Kind) -> BTreeSet<&'static str> {
    kind.traits.moves.iter().map(|step| step.verb).collect()
}

fn states(kind: &'static Kind) -> &'static [&'static str] {
    let field = kind.traits.state.and_then(|name| kind.field(name)).expect("a field that holds the state");
    match field.ty {
        Type::Code(list) => list.codes,
        other => panic!("{}: a state is a code, not {other:?}", kind.name),
    }
}

/// One record for each state and verb, named `t:STATE:VERB`.
fn fill(sandbox: &Sandbox, kind: &'static Kind) {
    let mut lines = String::new();
    let mut number = 0;
    let mut add = |state: &str, verb: &str| {
        number += 1;
        let mut line = record(kind, number);
        let state_field = kind.traits.state.expect("a state");
        line[state_field] = state.into();
        line["source_ref"] = format!("t:{state}:{verb}").into();
        for (name, value) in of_state(kind.name, state).as_object().expect("an object") {
            line[name.as_str()] = value.clone();
        }
        lines.push_str(&format!("{line}\n"));
    };
    for state in states(kind) {
        for verb in verbs(kind) {
            add(state, verb);
        }
    }
    if kind.name == "ticket" {
        let other = serde_json::json!({"subject": "other", "customer": "Buyer", "source_ref": "t:other"});
        sandbox.write("other.jsonl", format!("{other}\n"));
        sandbox.ok("import ticket other.jsonl");
    }
    sandbox.write("records.jsonl", lines);
    sandbox.ok(format!("import {} records.jsonl", kind.name).as_str());
}

/// Tries every verb in every state of a type.
fn walk(name: &str) {
    let kind = *KINDS.iter().find(|kind| kind.name == name).expect("a declared type");
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name Buyer --email buyer@buyer.example");
    sandbox.ok("product add SKU --name Thing --price 10 --track-stock=false");
    fill(&sandbox, kind);
    let mut wrong = Vec::new();
    for state in states(kind) {
        let legal: BTreeSet<&str> =
            kind.traits.moves.iter().filter(|m| m.from.contains(state)).map(|m| m.verb).collect();
        for verb in verbs(kind) {
            let record = format!("t:{state}:{verb}");
            let line = format!("{name} {verb} {record} --reason tried{} --format json", flags(name, verb));
            let before = sandbox.commits();
            let run = sandbox.crm(&line);
            let committed = sandbox.commits() - before;
            let of_verb = kind.traits.moves.iter().filter(|m| m.verb == verb);
            let expected = if let Some(step) = of_verb.clone().find(|m| m.from.contains(state)) {
                (run.exit, committed) == (0, 1) && recorded(&sandbox, kind, &record, state, step.to)
            } else if of_verb.clone().any(|m| m.to == *state) {
                (run.exit, committed) == (0, 0)
            } else {
                (run.exit, committed) == (5, 0) && told(&run.error(), &legal)
            };
            if !expected {
                wrong.push(run.to_string());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether the record is in the state, and its history says how it came there.
fn recorded(sandbox: &Sandbox, kind: &Kind, record: &str, from: &str, to: &str) -> bool {
    let run = sandbox.crm(format!("{} show {record} --format json", kind.name).as_str());
    let doc = run.json();
    let is_there = doc[kind.traits.state.unwrap_or_default()] == to;
    let last =
        doc["history"].as_array().and_then(|rows| rows.iter().rev().find(|row| row["field"].is_null()));
    let told = last.is_some_and(|row| row["from"] == from && row["to"] == to && row["reason"] == "tried");
    is_there && (told || !kind.traits.history || from == to)
}

/// Whether an error names the rule and the verbs that would do.
fn told(error: &serde_json::Value, legal: &BTreeSet<&str>) -> bool {
    let named: BTreeSet<&str> =
        error["legal"].as_array().into_iter().flatten().filter_map(serde_json::Value::as_str).collect();
    error["rule"] == "illegal-move" && named == *legal
}

macro_rules! walks {
    ($($test:ident $kind:literal),+ $(,)?) => {
        const WALKED: &[&str] = &[$($kind),+];
        $(#[test]
        fn $test() {
            walk($kind);
        })+
    };
}

walks! {
    every_move_of_a_campaign_is_legal_or_refused "campaign",
    every_move_of_a_customer_is_legal_or_refused "customer",
    every_move_of_a_feedback_is_legal_or_refused "feedback",
    every_move_of_a_followup_is_legal_or_refused "followup",
    every_move_of_a_lead_is_legal_or_refused "lead",
    every_move_of_a_message_is_legal_or_refused "message",
    every_move_of_an_order_is_legal_or_refused "order",
    every_move_of_a_product_is_legal_or_refused "product",
    every_move_of_a_quote_is_legal_or_refused "quote",
    every_move_of_a_target_is_legal_or_refused "target",
    every_move_of_a_ticket_is_legal_or_refused "ticket",
    every_move_of_a_user_is_legal_or_refused "user",
}

#[test]
fn every_type_with_moves_is_walked() {
    let declared: Vec<&str> =
        KINDS.iter().filter(|kind| !kind.traits.moves.is_empty()).map(|kind| kind.name).collect();
    let (walked, declared): (BTreeSet<&str>, BTreeSet<&str>) =
        (WALKED.iter().copied().collect(), declared.into_iter().collect());
    assert_eq!(walked, declared);
}

#[test]
fn the_declared_tables_are_the_intended_ones() {
    let mut intended: BTreeMap<(&str, &str, &str), &str> = BTreeMap::new();
    for line in TABLES.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, verb, from, to] = words.as_slice() else { panic!("{line}") };
        intended.extend(from.split(',').map(|from| ((*kind, *verb, from), *to)));
    }
    let mut declared = BTreeMap::new();
    for kind in KINDS {
        for step in kind.traits.moves {
            declared.extend(step.from.iter().map(|from| ((kind.name, step.verb, *from), step.to)));
        }
    }
    assert_eq!(declared, intended);
}
