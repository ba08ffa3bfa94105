//! Leads: who works on them.

use clap::ArgMatches;

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::fields::on;
use super::super::Action;
use super::super::records::named_ids;
use super::customers::assign_args;
use super::{Verb, change, place_of, verb};
use crate::draft::assign::assign;
use crate::model::record::Kind;

pub(super) const VERBS: &[Verb] = &[verb!("lead", "assign", assign_args, assign_lead)];

fn assign_lead<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "assign", matches, move |draft, names| {
        let ids = named_ids(draft, names, "lead", matches)?;
        let to = names.one(draft, &["user"], &place_of(matches, "to"))?;
        assign(draft, "lead", &ids, &to, on(matches, "reassign"))?;
        Ok(())
    })
}
