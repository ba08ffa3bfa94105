//! The record types, in the reading order of the domain reference. Saved reports are no records.

use super::assignment_rule::AssignmentRule;
use super::calendar::Calendar;
use super::campaign::Campaign;
use super::competitor::Competitor;
use super::contact::Contact;
use super::customer::Customer;
use super::feedback::Feedback;
use super::followup::Followup;
use super::invoice::Invoice;
use super::lead::Lead;
use super::market_note::MarketNote;
use super::message::Message;
use super::movement::Movement;
use super::opportunity::Opportunity;
use super::order::Order;
use super::payment::Payment;
use super::pipeline::Pipeline;
use super::pool::Pool;
use super::product::Product;
use super::quote::Quote;
use super::record::Kind;
use super::region::Region;
use super::return_::Return;
use super::role::Role;
use super::score_rule::ScoreRule;
use super::segment::Segment;
use super::shipment::Shipment;
use super::sla::Sla;
use super::target::Target;
use super::team::Team;
use super::template::Template;
use super::ticket::Ticket;
use super::user::User;

/// Every record type.
pub const KINDS: &[&Kind] = &[
    &User::KIND,
    &Team::KIND,
    &Role::KIND,
    &Region::KIND,
    &Customer::KIND,
    &Contact::KIND,
    &Pool::KIND,
    &Lead::KIND,
    &AssignmentRule::KIND,
    &ScoreRule::KIND,
    &Pipeline::KIND,
    &Opportunity::KIND,
    &Followup::KIND,
    &Message::KIND,
    &Template::KIND,
    &Campaign::KIND,
    &Segment::KIND,
    &Competitor::KIND,
    &MarketNote::KIND,
    &Feedback::KIND,
    &Product::KIND,
    &Movement::KIND,
    &Quote::KIND,
    &Order::KIND,
    &Shipment::KIND,
    &Return::KIND,
    &Invoice::KIND,
    &Payment::KIND,
    &Ticket::KIND,
    &Sla::KIND,
    &Calendar::KIND,
    &Target::KIND,
];

/// The type with a noun or one of its other names: `opportunity`, `opp`.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.name == name || kind.traits.aliases.contains(&name))
}

/// The type whose files lie in a folder: `opportunities`.
#[must_use]
pub fn by_folder(folder: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.folder == folder)
}

/// The type whose generated ids begin with a prefix, without the underscore: `opp`.
#[must_use]
pub fn by_prefix(prefix: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| !kind.is_slug() && kind.prefix == prefix)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::super::calendar::ExtraHours;
    use super::super::record::{
        Card, Doc, Field, HEAD, Move, Preset, Record, Row, Rows, TAIL, Type, Value, singular,
    };
    use super::super::scalars::Day;
    use super::*;

    /// The declared fields of a type and of its rows, each with a path for messages.
    fn everything(kind: &'static Kind) -> Vec<(String, &'static Field)> {
        let own = kind.all().map(|field| (format!("{}.{}", kind.name, field.name), field));
        let inner = kind.rows().flat_map(|(outer, row)| {
            row.fields.iter().map(|field| (format!("{}.{}.{}", kind.name, outer.name, field.name), field))
        });
        own.chain(inner).collect()
    }

    /// Every field of every type at which a test does not hold.
    fn fields_where(wrong: impl Fn(&Field) -> bool) -> Vec<String> {
        KINDS
            .iter()
            .flat_map(|kind| everything(kind))
            .filter(|(_, field)| wrong(field))
            .map(|(path, _)| path)
            .collect()
    }

    /// Every move at which a test does not hold.
    fn moves_where(wrong: impl Fn(&Kind, &Move) -> bool) -> Vec<String> {
        KINDS
            .iter()
            .flat_map(|kind| kind.traits.moves.iter().map(move |step| (*kind, step)))
            .filter(|(kind, step)| wrong(kind, step))
            .map(|(kind, step)| format!("{} {}", kind.name, step.verb))
            .collect()
    }

    fn check(wrong: &[String]) {
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    fn repeated<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        names.filter(|name| !seen.insert(*name)).map(str::to_owned).collect()
    }

    fn field(kind: &Kind, name: &str) -> Option<&'static Field> {
        kind.field(name.trim_end_matches('!'))
    }

    fn day(text: &str) -> Day {
        text.parse().expect("a day of a test")
    }

    #[test]
    fn there_are_thirty_two_types() {
        assert_eq!(KINDS.len(), 32);
    }

    #[test]
    fn nouns_folders_and_prefixes_are_unique() {
        let nouns = KINDS.iter().flat_map(|kind| kind.traits.aliases.iter().copied().chain([kind.name]));
        check(&repeated(nouns));
        check(&repeated(KINDS.iter().map(|kind| kind.folder)));
        check(&repeated(KINDS.iter().map(|kind| kind.prefix).filter(|prefix| !prefix.is_empty())));
    }

    #[test]
    fn types_are_found_by_noun_alias_folder_and_prefix() {
        for kind in KINDS {
            assert_eq!(by_name(kind.name).map(|found| found.name), Some(kind.name));
            assert_eq!(by_folder(kind.folder).map(|found| found.name), Some(kind.name));
            assert_eq!(
                by_prefix(kind.prefix).map(|found| found.name),
                (!kind.is_slug()).then_some(kind.name)
            );
        }
        assert_eq!(by_name("opp").map(|found| found.name), Some("opportunity"));
        assert_eq!(by_name("customers").map(|found| found.name), None);
    }

    #[test]
    fn no_two_fields_of_a_type_share_a_name() {
        for kind in KINDS {
            check(&repeated(kind.all().map(|field| field.name)));
            for (_, row) in kind.rows() {
                check(&repeated(row.fields.iter().map(|field| field.name)));
            }
        }
    }

    #[test]
    fn groups_of_a_type_are_not_interrupted() {
        for kind in KINDS {
            let mut groups: Vec<&str> = kind.fields.iter().map(|field| field.group).collect();
            groups.dedup();
            check(&repeated(groups.into_iter()));
        }
    }

    #[test]
    fn everything_has_a_doc_without_full_stop() {
        let bad = |doc: &str| doc.trim().is_empty() || doc.ends_with('.');
        check(&fields_where(|field| bad(field.doc)));
        for kind in KINDS {
            assert!(!bad(kind.doc), "{}", kind.name);
        }
    }

    #[test]
    fn titles_and_lookups_are_declared_fields() {
        for kind in KINDS {
            for name in kind.traits.title.iter().chain(kind.traits.lookup) {
                assert!(kind.field(name).is_some_and(|field| field.rows().is_none()), "{} {name}", kind.name);
            }
        }
    }

    #[test]
    fn what_moves_write_is_declared() {
        check(&moves_where(|kind, step| {
            step.sets.iter().chain(step.clears).any(|name| field(kind, name).is_none())
        }));
    }

    #[test]
    fn moves_clear_nothing_that_is_required() {
        check(&moves_where(|kind, step| {
            step.clears.iter().any(|name| field(kind, name).is_none_or(Field::required))
        }));
    }

    #[test]
    fn moves_stamp_days_or_instants() {
        check(&moves_where(|kind, step| {
            step.stamps.is_some_and(|name| {
                !field(kind, name).is_some_and(|stamp| matches!(stamp.ty, Type::Day | Type::Instant))
            })
        }));
    }

    #[test]
    fn moves_go_between_states_of_the_type() {
        check(&moves_where(|kind, step| {
            step.from.is_empty()
                || step.from.iter().chain([&step.to]).any(|state| !kind.states().contains(state))
        }));
    }

    #[test]
    fn a_verb_leads_from_a_state_to_one_state_only() {
        for kind in KINDS {
            let mut seen = BTreeSet::new();
            for step in kind.traits.moves {
                for from in step.from {
                    assert!(seen.insert((step.verb, from)), "{} {} from {from}", kind.name, step.verb);
                }
            }
        }
    }

    #[test]
    fn states_are_required_fields_that_verbs_write() {
        for kind in KINDS {
            let Some(name) = kind.traits.state else {
                assert!(kind.traits.moves.is_empty() && !kind.traits.history, "{}", kind.name);
                continue;
            };
            let state = kind.field(name).expect("the state is a declared field");
            assert!(state.required() && state.marks.verb, "{}", kind.name);
            assert_eq!(state.marks.tracked, kind.traits.history, "{}", kind.name);
        }
    }

    #[test]
    fn a_new_record_is_in_the_first_state() {
        for kind in KINDS {
            let (Some(name), [first, ..]) = (kind.traits.state, kind.states()) else { continue };
            let preset = kind.field(name).map(|field| field.preset);
            // A product is on sale unless it is made as a draft.
            let expected = if kind.name == "product" { "active" } else { first };
            assert_eq!(preset, Some(Preset::Is(expected)), "{}", kind.name);
        }
    }

    #[test]
    fn the_types_with_history_are_those_of_the_reference() {
        let with: BTreeSet<&str> =
            KINDS.iter().filter(|kind| kind.traits.history).map(|kind| kind.name).collect();
        let reference = "customer lead opportunity quote order ticket target campaign feedback product user";
        assert_eq!(with, reference.split(' ').collect());
    }

    #[test]
    fn the_facts_are_those_of_the_reference() {
        let facts: Vec<&str> = KINDS.iter().filter(|kind| kind.traits.fact).map(|kind| kind.name).collect();
        assert_eq!(facts, ["movement", "shipment", "return", "invoice", "payment"]);
    }

    #[test]
    fn tracked_fields_stand_in_types_with_history() {
        for kind in KINDS {
            let tracked = kind.all().any(|field| field.marks.tracked);
            assert_eq!(tracked, kind.traits.history, "{}", kind.name);
        }
    }

    #[test]
    fn references_name_declared_types() {
        check(&fields_where(|field| match field.ty {
            Type::Ref(nouns) => {
                nouns.is_empty()
                    || nouns.iter().any(|noun| by_name(noun).is_none_or(|kind| kind.name != *noun))
            }
            _ => false,
        }));
    }

    #[test]
    fn rows_are_told_apart_by_id_or_by_a_required_field() {
        for kind in KINDS {
            for (outer, row) in kind.rows() {
                let keyed = row.field(row.key).is_some_and(Field::required);
                assert!(row.key == "id" || keyed, "{}.{}", kind.name, outer.name);
                assert!(row.fields.iter().all(|field| field.rows().is_none()), "{}", outer.name);
            }
        }
    }

    #[test]
    fn constant_defaults_are_codes_of_their_list() {
        check(&fields_where(|field| match (field.ty, field.preset) {
            (Type::Code(list), Preset::Is(code)) => !list.codes.contains(&code),
            (Type::Bool, Preset::Is(value)) => value != "true",
            (Type::Int, Preset::Is(value)) => value.parse::<i64>().is_err(),
            _ => false,
        }));
    }

    #[test]
    fn what_grows_are_rows() {
        check(&fields_where(|field| field.marks.grows && field.card != Card::Rows));
    }

    #[test]
    fn code_lists_of_one_name_are_one_list() {
        let mut lists = BTreeMap::new();
        for kind in KINDS {
            for (path, field) in everything(kind) {
                if let Type::Code(list) = field.ty {
                    assert_eq!(*lists.entry(list.name).or_insert(list), list, "{path}");
                    check(&repeated(list.codes.iter().copied()));
                }
            }
        }
    }

    #[test]
    fn names_are_words_of_files_and_flags() {
        let word = |name: &str| {
            name.starts_with(|c: char| c.is_ascii_lowercase())
                && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        };
        check(&fields_where(|field| !word(field.name) || !word(&singular(field.name))));
    }

    #[test]
    fn keywords_are_plain_names_in_files() {
        for (kind, name) in [("role", "override"), ("invoice", "return")] {
            assert!(by_name(kind).is_some_and(|kind| kind.field(name).is_some()), "{kind}.{name}");
        }
        let stages = by_name("pipeline").and_then(|kind| kind.field("stages")).and_then(Field::rows);
        assert!(stages.is_some_and(|row| row.field("type").is_some()));
    }

    #[test]
    fn common_fields_are_around_the_own_ones() {
        for kind in KINDS {
            let names: Vec<&str> = kind.all().map(|field| field.name).collect();
            let ends = |fields: &[Field]| fields.iter().map(|field| field.name).collect::<Vec<_>>();
            assert!(names.starts_with(&ends(HEAD)) && names.ends_with(&ends(TAIL)), "{}", kind.name);
        }
    }

    /// A calendar as a file holds it.
    fn calendar() -> Doc {
        let text = |text: &str| Value::Text(text.to_owned());
        let hours = || ("ranges", Value::List(vec![text("09:00-12:00"), text("13:00-18:00")]));
        let mut doc = Doc::new(&Calendar::KIND, "cn-office");
        doc.set("name", Some(text("Office")));
        doc.set("timezone", Some(text("Asia/Shanghai")));
        doc.set(
            "holidays",
            Some(Value::List(vec![Value::Day(day("2026-05-01")), Value::Day(day("2026-01-01"))])),
        );
        doc.set("week", Some(Value::Rows(vec![Row::from([("day", text("mon")), hours()])])));
        let worked = Row::from([("date", Value::Day(day("2026-02-14"))), hours()]);
        let short = Row::from([("date", Value::Day(day("2026-02-16")))]);
        doc.set("extra", Some(Value::Rows(vec![worked, short])));
        doc.set("note", Some(text("travels though the struct does not declare it")));
        doc
    }

    #[test]
    fn a_record_survives_its_typed_form() {
        let doc = calendar();
        let typed = Calendar::from_doc(&doc).expect("a complete calendar");
        assert_eq!(typed.to_doc(), doc);
        assert_eq!(Calendar::from_doc(&typed.to_doc()), Ok(typed));
    }

    #[test]
    fn what_the_typed_form_changes_is_written() {
        let mut typed = Calendar::from_doc(&calendar()).expect("a complete calendar");
        typed.week = Rows(Vec::new());
        typed.extra.0.push(ExtraHours { date: day("2026-02-17"), ranges: Vec::new() });
        let doc = typed.to_doc();
        assert_eq!(doc.get("week"), None);
        assert_eq!(doc.rows("extra").len(), 3);
    }

    #[test]
    fn a_record_without_a_required_field_is_not_read() {
        let mut doc = calendar();
        doc.set("timezone", None);
        let problem = Calendar::from_doc(&doc).expect_err("the time zone is required");
        assert_eq!((problem.id, problem.get("field")), ("missing-field", Some("timezone")));
    }
}
