//! The bundles against the declarations and the code: nothing without words, no words for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::FluentResource;
use fluent_syntax::ast::Entry;

use super::{CHINESE, ENGLISH, Files, Language, Locale, code_id};
use crate::model::kinds::KINDS;
use crate::model::record::{CodeList, Field, Kind, Type};

/// Beginnings of the ids that the program puts together, by the file that holds them: errors of
/// the store after the variant, and the lines of the status screen.
const COMPUTED: &[&str] = &[
    "store-",
    "status-",
    "campaign-skipped-",
    "remind-kind-",
    "doctor-",
    "setting-",
    "sync-what-",
    "backup-check-",
    "maintain-",
    "column-can-",
    "column-gate-",
    "gate-outcome-",
    "column-audit-",
    "identity-by-",
    "sign-in-",
    "token-state-",
    "tutorial-",
];

/// What stands before a literal that is the id of a message.
const CALLS: &[&str] = &[
    "Problem::usage(",
    "Problem::invalid(",
    ".hint(",
    ".say(",
    ".confirm(",
    "locale.text(",
    "context.text(",
    "context.ask(",
    "words.text(",
];

/// What stands before such a literal where others stand there too: ids have a hyphen.
const HYPHENATED: &[&str] = &["refuse(", "bad(", "self.text(", "word("];

#[track_caller]
fn check(wrong: impl IntoIterator<Item = String>) {
    let wrong: BTreeSet<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "{} {wrong:#?}", wrong.len());
}

fn both() -> [Locale; 2] {
    [Locale::new(Language::English), Locale::new(Language::Chinese)]
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// The fields of every type and of its rows.
fn fields() -> Vec<(&'static Kind, &'static Field)> {
    let of = |kind: &'static Kind| {
        let rows = kind.rows().flat_map(move |(_, rows)| rows.fields.iter().map(move |field| (kind, field)));
        kind.all().map(move |field| (kind, field)).chain(rows)
    };
    KINDS.iter().flat_map(|kind| of(kind)).collect()
}

/// The ids that lack a text in a language, where none of the wanted ones has one.
fn without(wanted: impl Iterator<Item = (String, String)>) -> Vec<String> {
    let locales = both();
    let missing = |locale: &Locale, (own, general): &(String, String)| {
        (!locale.has(own) && !locale.has(general)).then(|| format!("{}: {own}", locale.language.tag()))
    };
    wanted
        .flat_map(|ids| locales.iter().filter_map(|locale| missing(locale, &ids)).collect::<Vec<_>>())
        .collect()
}

/// The messages of a file: id and text.
fn messages(text: &str) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut id = String::new();
    for line in text.lines() {
        if let Some((name, _)) =
            line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_alphabetic()))
        {
            name.clone_into(&mut id);
        } else if !line.starts_with(' ') {
            continue;
        }
        let message = found.entry(id.clone()).or_default();
        message.push_str(line);
        message.push('\n');
    }
    found
}

/// The arguments that a text names; a count may stand for a plural that Chinese does not have.
fn arguments(text: &str) -> BTreeSet<&str> {
    let name = |rest: &str| rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    text.split('$').skip(1).map(|rest| &rest[..name(rest)]).filter(|name| *name != "count").collect()
}

/// The sources of the program; with `tests` those of its tests too.
fn sources(tests: bool) -> String {
    fn walk(dir: &Path, out: &mut Vec<String>) {
        let entries = fs::read_dir(dir).expect("the sources are beside the manifest");
        for path in entries.map(|entry| entry.expect("a readable directory").path()) {
            if path.is_dir() {
                walk(&path, out);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && !path.ends_with("locale/tests.rs")
            {
                out.push(fs::read_to_string(&path).expect("a readable source"));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let program = |text: &String| match text.find("#[cfg(test)]\nmod tests {") {
        Some(at) if !tests => text[..at].to_owned(),
        _ => text.clone(),
    };
    found.iter().map(program).collect()
}

/// Every literal of a source that could be an id, with what stands before it.
fn literals(source: &str) -> impl Iterator<Item = (&str, &str)> {
    let may_be = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    source.match_indices('"').filter_map(move |(at, _)| {
        let rest = &source[at + 1..];
        let end = rest.find(|c| !may_be(c))?;
        let is_id =
            end > 0 && rest[end..].starts_with('"') && rest.starts_with(|c: char| c.is_ascii_lowercase());
        is_id.then(|| (source[..at].trim_end(), &rest[..end]))
    })
}

/// Whether a literal after this text is the id of a message.
fn is_id(before: &str, literal: &str) -> bool {
    let second = before.strip_suffix(',').is_some_and(|before| {
        let call = before.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        call.ends_with("Class::") || call.ends_with("about(") || call.ends_with("too_much(")
    });
    let hyphenated = literal.contains('-') && HYPHENATED.iter().any(|call| before.ends_with(call));
    second || hyphenated || CALLS.iter().any(|call| before.ends_with(call))
}

#[test]
fn every_file_is_well_formed_and_names_no_id_twice() {
    let faults = |(language, files): (&str, Files)| -> Vec<String> {
        let of = |(name, text): &(&str, &str)| {
            let (resource, errors) = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) => (resource, Vec::new()),
                Err((resource, errors)) => (resource, errors),
            };
            let mut seen = BTreeSet::new();
            let mut faults: Vec<String> =
                errors.iter().map(|error| format!("{language}/{name}: {error}")).collect();
            for entry in resource.entries() {
                match entry {
                    Entry::Message(message) if !seen.insert(message.id.name) => {
                        faults.push(format!("{language}/{name}: {} twice", message.id.name));
                    }
                    Entry::Junk { content } => faults.push(format!("{language}/{name}: {content}")),
                    _ => {}
                }
            }
            faults
        };
        files.iter().flat_map(of).collect()
    };
    check([("en", ENGLISH), ("zh-CN", CHINESE)].into_iter().flat_map(faults));
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    for ((name, english), (_, chinese)) in ENGLISH.iter().zip(CHINESE) {
        let (english, chinese) = (messages(english), messages(chinese));
        let shared = |id: &&String| !id.starts_with("help-field-");
        let ids =
            |texts: &BTreeMap<String, String>| texts.keys().filter(shared).cloned().collect::<BTreeSet<_>>();
        check(ids(&english).symmetric_difference(&ids(&chinese)).map(|id| format!("{name}: {id}")));
        let differ =
            |id: &&String| chinese.get(*id).is_some_and(|text| arguments(text) != arguments(&english[*id]));
        check(english.keys().filter(differ).cloned());
    }
}

#[test]
fn every_type_has_a_noun() {
    check(without(KINDS.iter().map(|kind| (format!("field-noun-{}", kebab(kind.name)), String::new()))));
}

#[test]
fn every_field_has_a_label() {
    check(without(fields().into_iter().map(|(kind, field)| {
        let name = kebab(field.name);
        (format!("field-{}--{name}", kebab(kind.name)), format!("field-{name}"))
    })));
}

#[test]
fn every_code_has_a_label() {
    let lists: Vec<&CodeList> = fields()
        .into_iter()
        .filter_map(|(_, field)| match field.ty {
            Type::Code(list) => Some(list),
            _ => None,
        })
        .collect();
    check(without(lists.into_iter().flat_map(|list| {
        list.codes.iter().map(|code| {
            (format!("code-{}--{}", kebab(list.name), code_id(code)), format!("code-{}", code_id(code)))
        })
    })));
}

#[test]
fn every_field_has_chinese_help() {
    let chinese = Locale::new(Language::Chinese);
    let missing = |(kind, field): (&Kind, &Field)| {
        let name = kebab(field.name);
        let own = format!("help-field-{}--{name}", kebab(kind.name));
        (!chinese.has(&own) && !chinese.has(&format!("help-field-{name}"))).then_some(own)
    };
    check(fields().into_iter().filter_map(|(kind, field)| missing((kind, field))));
}

#[test]
fn no_label_or_help_is_for_a_field_that_does_not_exist() {
    let (mut own, mut general) = (BTreeSet::new(), BTreeSet::new());
    for (kind, field) in fields() {
        own.insert(format!("{}--{}", kebab(kind.name), kebab(field.name)));
        general.insert(kebab(field.name));
    }
    let texts = |file: usize| messages(CHINESE[file].1).into_keys();
    let help = texts(0).filter_map(|id| id.strip_prefix("help-field-").map(str::to_owned));
    check(help.filter(|id| !own.contains(id) && !general.contains(id)));
    let labels = texts(1).filter_map(|id| id.strip_prefix("field-").map(str::to_owned));
    check(labels.filter(|id| id.contains("--") && !own.contains(id)));
}

#[test]
fn every_message_that_the_program_names_exists() {
    let source = sources(false);
    let wanted = literals(&source).filter(|(before, literal)| is_id(before, literal));
    check(without(wanted.map(|(_, id)| (id.to_owned(), String::new()))));
}

#[test]
fn no_message_is_unused() {
    let source = sources(true);
    let named: BTreeSet<&str> = literals(&source).map(|(_, literal)| literal).collect();
    let is_used =
        |id: &String| named.contains(id.as_str()) || COMPUTED.iter().any(|prefix| id.starts_with(prefix));
    let (_, text) = ENGLISH.last().expect("the last file takes every id");
    check(messages(text).into_keys().filter(|id| !is_used(id)));
}

#[test]
fn a_refusal_becomes_a_sentence_in_both_languages() {
    let sentence = |locale: &Locale| locale.text("bad-duration", &[("value", "3x"), ("reason", "unit")]);
    assert_eq!(
        both().map(|locale| sentence(&locale)),
        ["`3x` is not a duration: it has no known unit", "`3x` 不是时长：单位不明"]
    );
    let [english, _] = both();
    let count = |count: &str| english.text("still-referenced", &[("count", count), ("record", "A")]);
    assert_eq!(count("1"), "one record still points at `A`");
    assert_eq!(count("3"), "3 records still point at `A`");
}
