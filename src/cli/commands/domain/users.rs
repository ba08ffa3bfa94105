//! Users: who leaves, and who may do what.

use clap::{ArgMatches, Command};

use super::super::super::args::{Words, option, place};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::one;
use super::super::super::store::Everything;
use super::super::{Action, show};
use super::{Verb, change, place_of, plain_writing, verb};
use crate::access::asks::{Action as Asked, Deed, imagined, verbs};
use crate::access::rights::Rights;
use crate::draft::leave::leave;
use crate::model::owner::owner_field;
use crate::model::record::{Doc, Kind, Value};
use crate::model::{Class, Problem};
use crate::query::nearest;
use crate::rules::View;
use crate::table::{Cell, Column, ColumnType, Table};

pub(super) const VERBS: &[Verb] =
    &[verb!("user", "leave", leave_args, leave_store), verb!("user", "can", can_args, can)];

fn leave_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    plain_writing(
        command.arg(place("id", "USER", words).required(true)).arg(option("to", "USER", words)),
        words,
    )
}

fn leave_store<'a>(
    context: &'a Context,
    kind: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    change(context, kind, "leave", matches, move |draft, names| {
        let id = names.one(draft, &["user"], &place_of(matches, "id"))?;
        let to = one(matches, "to").map(|to| names.one(draft, &["user"], &to)).transpose()?;
        let handed = leave(draft, &id, to.as_deref())?;
        names.mention(&id);
        draft.answer = vec![id.clone()];
        draft.remarks.extend(to.filter(|_| handed > 0).map(|to| format!("{handed} records to {to}")));
        Ok(())
    })
}

fn can_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command
        .arg(place("user", "USER", words).required(true))
        .arg(place("action", "ACTION", words).required(true))
        .arg(place("about", "RECORD|TYPE", words))
        .arg(option("fields", "FIELD,…", words))
}

/// One question and its answer.
struct Answer {
    noun: String,
    record: String,
    allowed: bool,
    reach: String,
    role: String,
    because: String,
}

fn can<'a>(context: &'a Context, _: &'static Kind, matches: &'a ArgMatches) -> Result<Action<'a>, Failure> {
    let mirror = context.whole_mirror()?;
    let view = Everything::new(context.store()?, &mirror);
    let name = place_of(matches, "user");
    let users: Vec<&'static Kind> = context.schema.kind("user").into_iter().collect();
    let user = match name.as_str() {
        "me" => context.actor(&view)?.id,
        name => show::find(context, context.store()?, &users, name)?.1,
    };
    let user = view.record("user", &user)?.ok_or_else(|| not_found("user", &user))?;
    let rights = Rights::of(&view, &user, None)?;
    let (action, about) = (place_of(matches, "action"), one(matches, "about"));
    let answer = if user.state() == "active" {
        answer(context, &view, &rights, &action, about.as_deref())?
    } else {
        let problem =
            Problem::new(Class::Denied, "inactive-actor").arg("value", user.id()).arg("state", user.state());
        refused(context, &problem)
    };
    let exit = if answer.allowed { Exit::Ok } else { Exit::Denied };
    super::super::list::print_chosen(context, table(context, &user, &action, answer), matches)?;
    Ok(Action::Done(exit))
}

fn answer(
    context: &Context,
    view: &Everything<'_>,
    rights: &Rights,
    action: &str,
    about: Option<&str>,
) -> Result<Answer, Failure> {
    if matches!(action, "export" | "admin") {
        let role = if action == "export" {
            rights.exporting_role()
        } else {
            rights.roles().find(|role| role.flag("admin"))
        };
        let problem = rights.denied(if action == "export" { "no-export" } else { "not-admin" });
        return Ok(role.map_or_else(|| refused(context, &problem), |role| allowed("all", Some(role))));
    }
    let about = about.ok_or_else(|| {
        Problem::usage("missing-argument").arg("value", "RECORD|TYPE").arg("noun", "user can")
    })?;
    let deed = match action {
        "create" | "add" => Some(Deed::Create),
        "read" | "show" | "list" => Some(Deed::Read),
        "edit" | "set" => Some(Deed::Edit),
        "remove" => Some(Deed::Remove),
        _ => None,
    };
    if let Some(kind) = context.schema.kind(about) {
        known_verb(kind, action, deed)?;
        return Ok(Answer {
            noun: kind.name.to_owned(),
            ..of_type(context, view, rights, kind, action, deed)?
        });
    }
    let (kind, id) = show::find(context, context.store()?, context.schema.kinds(), about)?;
    let doc = view.get(kind, &id)?.ok_or_else(|| not_found(kind.name, about))?;
    known_verb(doc.kind, action, deed)?;
    let of_record = of_record(context, view, rights, &doc, action, deed)?;
    Ok(Answer { noun: kind.name.to_owned(), record: id, ..of_record })
}

/// Whether one record may be touched so.
fn of_record(
    context: &Context,
    view: &Everything<'_>,
    rights: &Rights,
    doc: &Doc,
    action: &str,
    deed: Option<Deed>,
) -> Result<Answer, Failure> {
    let asked = deed.map_or(Asked::Verb(action), Asked::Deed);
    if deed == Some(Deed::Read) {
        let role = rights.widest(doc.kind.name, Deed::Read, None).1;
        let problem = rights
            .denied("not-yours")
            .arg("noun", doc.kind.name)
            .arg("record", doc.title())
            .arg("deed", "read");
        return Ok(if rights.may_read(view, doc)? { allowed("", role) } else { refused(context, &problem) });
    }
    let Some(change) = imagined(view, doc, asked, rights.user()) else {
        return Err(Problem::usage("no-such-action").arg("value", action).arg("noun", doc.kind.name).into());
    };
    Ok(match rights.change(view, &change)? {
        None => allowed("", rights.allowing(view, &change)?),
        Some(problem) => refused(context, &problem),
    })
}

/// How far a deed or verb goes in a type.
fn of_type(
    context: &Context,
    view: &Everything<'_>,
    rights: &Rights,
    kind: &'static Kind,
    action: &str,
    deed: Option<Deed>,
) -> Result<Answer, Failure> {
    let mut doc = Doc::new(kind, "");
    let me = Some(Value::Text(rights.user().to_owned()));
    doc.set("created_by", me.clone());
    if let Some(field) = owner_field(doc.kind) {
        doc.set(field, me);
    }
    let (reach, role) =
        rights.widest(kind.name, deed.unwrap_or(Deed::Edit), Some(action).filter(|_| deed.is_none()));
    if reach != "none" && deed == Some(Deed::Read) {
        return Ok(allowed(reach, role));
    }
    let asked = deed.map_or(Asked::Verb(action), Asked::Deed);
    let problem = match imagined(view, &doc, asked, rights.user()) {
        Some(change) => rights.change(view, &change)?,
        None => Some(rights.denied("no-grant").arg("noun", kind.name).arg("record", "").arg("deed", action)),
    };
    Ok(match problem {
        None => allowed(reach, role),
        Some(problem) => refused(context, &problem),
    })
}

fn known_verb(kind: &'static Kind, action: &str, deed: Option<Deed>) -> Result<(), Problem> {
    let known = verbs(kind);
    if deed.is_some() || known.contains(&action) {
        return Ok(());
    }
    let mut legal: Vec<&str> = Deed::ALL.iter().map(|deed| deed.name()).collect();
    legal.extend(known);
    let close = nearest(action, &legal);
    Err(Problem::usage("no-such-action")
        .arg("value", action)
        .arg("noun", kind.name)
        .legal(legal)
        .candidates(close))
}

fn allowed(reach: &str, role: Option<&Doc>) -> Answer {
    Answer {
        noun: String::new(),
        record: String::new(),
        allowed: true,
        reach: reach.to_owned(),
        role: role.map_or(String::new(), |role| role.id().to_owned()),
        because: String::new(),
    }
}

fn refused(context: &Context, problem: &Problem) -> Answer {
    let because = context.locale.problem(problem).trim_end().to_owned();
    Answer { allowed: false, reach: "none".to_owned(), because, ..allowed("", None) }
}

fn not_found(noun: &str, text: &str) -> Problem {
    Problem::new(Class::NotFound, "no-such-record").arg("noun", noun).arg("value", text)
}

fn table(context: &Context, user: &Doc, action: &str, answer: Answer) -> Table {
    let columns = ["user", "action", "type", "record", "allowed", "reach", "role", "because"];
    let columns = columns.map(|code| {
        let ty = if code == "allowed" { ColumnType::Bool } else { ColumnType::Text };
        Column::new(code, ty).labelled(context.text(&format!("column-can-{code}"), &[]))
    });
    let mut table = Table::new("can", columns.to_vec());
    let cell = |text: String| if text.is_empty() { Cell::Null } else { Cell::text(text) };
    table.rows.push(vec![
        cell(user.id().to_owned()),
        cell(action.to_owned()),
        cell(answer.noun),
        cell(answer.record),
        Cell::Bool(answer.allowed),
        cell(answer.reach),
        cell(answer.role),
        cell(answer.because),
    ]);
    table
}
