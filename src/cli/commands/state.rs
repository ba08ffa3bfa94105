//! The verbs that move a state and nothing else, for every type that has states.

use clap::ArgMatches;

use super::super::context::Context;
use super::super::error::Failure;
use super::super::fields::{self, given};
use super::Job;
use super::records::to_change;
use crate::draft::verbs::advance_with;
use crate::model::record::{Kind, Row};

/// A move of one or more records.
pub fn job<'a>(
    context: &'a Context,
    kind: &'static Kind,
    verb: &'a str,
    matches: &'a ArgMatches,
) -> Result<Job<'a>, Failure> {
    let op = format!("{} {verb}", kind.name);
    Job::new(
        context,
        matches,
        op,
        Box::new(move |draft, names| {
            for text in given(matches, "ids").unwrap_or_default() {
                let doc = to_change(draft, names, kind, &text)?;
                let mut given_fields = Row::new();
                for field in sets(kind, verb) {
                    if let Some(text) = given(matches, field.name).and_then(|t| t.last().cloned()) {
                        given_fields.insert(field.name, fields::value(names, draft, &doc, field, &text)?);
                    }
                }
                advance_with(draft, kind.name, doc.id(), verb, &given_fields)?;
            }
            Ok(())
        }),
    )
}

fn sets(kind: &'static Kind, verb: &str) -> Vec<&'static crate::model::record::Field> {
    let mut fields = Vec::new();
    for step in kind.traits.moves.iter().filter(|m| m.verb == verb) {
        for name in step.sets {
            if let Some(field) = kind.field(name.trim_end_matches('!'))
                && !fields.contains(&field)
            {
                fields.push(field);
            }
        }
    }
    fields
}
