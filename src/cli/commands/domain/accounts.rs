//! How users come in: a code for the first log-in, the second factor, tokens of programs.
//!
//! None of it is in the record of the user, nor anywhere in the repository.

use chrono::TimeZone as _;
use clap::{ArgAction, ArgMatches, Command};

use super::super::super::args::{Words, named, option, place, switch};
use super::super::super::context::Context;
use super::super::super::error::{Exit, Failure};
use super::super::super::fields::{given, on, one};
use super::super::super::resolve::user_named;
use super::super::Action;
use super::super::codes::{self, Way};
use super::super::login::at;
use super::super::passwd::need_admin;
use super::{Verb, verb};
use crate::access::account::{Account, Purpose, Token};
use crate::access::vault::Holder;
use crate::access::{second, session};
use crate::formats::Format;
use crate::model::record::{Doc, Kind};
use crate::model::{Class, Problem};
use crate::query::{Edge, parse_day_at};
use crate::table::{Cell, Column, ColumnType, Shape, Table};

pub(super) const VERBS: &[Verb] = &[
    verb!("user", "verify", verify_args, verify),
    verb!("user", "totp", totp_args, totp),
    verb!("user", "token", token_args, token),
];

fn user_place(words: Words<'_>) -> clap::Arg {
    place("user", "USER", words).required(true)
}

fn verify_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    command.long_about(words.text("help-verb-user-verify-long")).arg(user_place(words)).arg(option(
        "way",
        "email|sms",
        words,
    ))
}

fn totp_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let enable = named("enable", "help-user-totp-enable", words)
        .long_about(words.text("help-user-totp-enable-long"))
        .arg(switch("no-qr", words))
        .arg(switch("sms", words));
    let disable = named("disable", "help-user-totp-disable", words).arg(place("user", "USER", words));
    command.subcommand_required(true).subcommand(enable).subcommand(disable)
}

fn token_args(command: Command, _: &'static Kind, words: Words<'_>) -> Command {
    let add = named("add", "help-user-token-add", words)
        .long_about(words.text("help-user-token-add-long"))
        .arg(user_place(words))
        .arg(option("role", "ROLE", words).action(ArgAction::Append))
        .arg(option("until", "DATE", words))
        .arg(option("label", "TEXT", words));
    let list =
        named("list", "help-user-token-list", words).visible_alias("ls").arg(place("user", "USER", words));
    let revoke = named("revoke", "help-user-token-revoke", words)
        .arg(user_place(words))
        .arg(place("token", "TOKEN", words))
        .arg(switch("all", words).help(words.text("help-flag-token-all")));
    command.subcommand_required(true).subcommands([add, list, revoke])
}

/// The record of the user that an argument names; the acting one where there is none.
fn user_of(context: &Context, matches: &ArgMatches) -> Result<Doc, Failure> {
    let id = match one(matches, "user") {
        Some(text) => user_named(context, &*context.whole_mirror()?, &text)?,
        None => context.reader()?.id,
    };
    context.user_record(&id)
}

/// Whoever does something to another user must be an administrator; the password is asked again.
fn may_touch(context: &Context, user: &Doc) -> Result<(), Failure> {
    let actor = context.reader()?;
    if actor.id != user.id() {
        need_admin(context, &actor)?;
    }
    context.reauthenticate()
}

fn verify<'a>(
    context: &'a Context,
    _: &'static Kind,
    matches: &'a ArgMatches,
) -> Result<Action<'a>, Failure> {
    let user = user_of(context, matches)?;
    may_touch(context, &user)?;
    if user.state() != "active" {
        let problem = Problem::invalid("inactive-actor").arg("value", user.id()).arg("state", user.state());
        return Err(problem.into());
    }
    if user.text("kind") == Some("service") {
        return Err(Problem::invalid("service-password").hint("service-password-hint").into());
    }
    let way = match one(matches, "way").as_deref() {
        None | Some("email") => Way::Email,
        Some("sms") => Way::Sms,
        Some(other) => {
            let problem = Problem::usage("bad-code").arg("value", other).arg("field", "way");
            return Err(problem.field("way").legal(["email", "sms"]).into());
        }
    };
    let message = codes::send(context, &context.vault()?, user.id(), way, Purpose::Login)?;
    if let Some(message) = message {
        context.note_sign_in(user.id(), "code", "sent")?;
        context
            .say("login-code-queued", &[("user", user.id()), ("minutes", &second::SENT_MINUTES.to_string())]);
        context.ui.lines([message])?;
    } else {
        context.say("dry-run", &[("count", "1")]);
    }
    Ok(Action::Done(Exit::Ok))
}

fn totp<'a>(context: &'a Context, _: &'static Kind, matches: &'a ArgMatches) -> Result<Action<'a>, Failure> {
    match matches.subcommand() {
        Some(("disable", matches)) => disable(context, matches)?,
        Some((_, matches)) => enable(context, matches)?,
        None => {}
    }
    Ok(Action::Done(Exit::Ok))
}

fn account(context: &Context, user: &str) -> Result<Account, Failure> {
    Ok(context.vault()?.account(&Holder::User(user.to_owned()))?)
}

fn enable(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let actor = context.reader()?;
    let user = context.user_record(&actor.id)?;
    if user.text("kind") == Some("service") {
        return Err(Problem::invalid("service-password").hint("service-password-hint").into());
    }
    let kept = account(context, user.id())?;
    if kept.password.is_none() {
        return Err(Problem::new(Class::Denied, "password-first").hint("password-first-hint").into());
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(());
    }
    context.ask_again(user.id())?;
    if on(matches, "sms") {
        return enable_sms(context, &user);
    }
    let vault = context.vault()?;
    let now = context.now.timestamp();
    // The second of two steps: the seed was shown before, and the code comes as a line.
    if context.has_lines()
        && second::is_waiting(&kept, now)
        && let Some(typed) = context.secret("ask-first-code", &[])?
    {
        return confirmed(context, &user, &typed);
    }
    let secret = second::begin(&vault, user.id(), now)?;
    let issuer = context.schema.settings.get("company.name").unwrap_or_default().to_owned();
    let url = second::url(&secret, user.id(), &issuer);
    let picture = second::picture(&url)
        .filter(|_| context.ui.style.terminal && context.ui.format.is_none() && !on(matches, "no-qr"));
    match picture {
        Some(picture) => {
            for line in picture.lines() {
                context.ui.stderr(line);
            }
            context.say("totp-scan", &[("secret", &secret)]);
        }
        None => {
            let columns = ["user", "secret", "url"];
            let label = |name: &str| context.text(&format!("field-totp-{name}"), &[]);
            let columns = columns.map(|name| Column::new(name, ColumnType::Text).labelled(label(name)));
            let mut table = Table { shape: Shape::Object, ..Table::new("totp", columns.to_vec()) };
            table.rows.push(vec![Cell::text(user.id()), Cell::text(&secret), Cell::text(url)]);
            context.ui.table(&table, Format::Table)?;
        }
    }
    if context.has_lines() || !context.can_ask() {
        context.say("totp-again", &[]);
        return Ok(());
    }
    let typed = context.needed_secret("ask-first-code")?;
    confirmed(context, &user, &typed)
}

fn confirmed(context: &Context, user: &Doc, typed: &str) -> Result<(), Failure> {
    let codes = second::confirm(&context.vault()?, user.id(), typed, context.now.timestamp())?;
    let Some(codes) = codes else {
        context.note_sign_in(user.id(), "totp", "wrong")?;
        return Err(Problem::new(Class::Denied, "totp-wrong").hint("totp-wrong-hint").into());
    };
    context.note_sign_in(user.id(), "totp", "enabled")?;
    context.say("totp-enabled", &[("user", user.id()), ("count", &codes.len().to_string())]);
    context.ui.lines(&codes)
}

fn enable_sms(context: &Context, user: &Doc) -> Result<(), Failure> {
    if user.text("phone").is_none() {
        return Err(Problem::invalid("no-phone-for-codes").arg("user", user.id()).into());
    }
    context.say("sms-is-weaker", &[]);
    context.confirm("sms-question", &[], "--yes")?;
    let codes = second::by_message(&context.vault()?, user.id())?;
    context.note_sign_in(user.id(), "totp", "enabled")?;
    context.say("totp-enabled", &[("user", user.id()), ("count", &codes.len().to_string())]);
    context.ui.lines(&codes)
}

fn disable(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let user = user_of(context, matches)?;
    let actor = context.reader()?;
    let kept = account(context, user.id())?;
    if actor.id != user.id() {
        may_touch(context, &user)?;
    } else if kept.password.is_some() {
        context.ask_again(user.id())?;
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(());
    }
    if !second::disable(&context.vault()?, user.id())? {
        context.say("nothing-changed", &[]);
        return Ok(());
    }
    context.note_sign_in(user.id(), "totp", "disabled")?;
    context.say("totp-disabled", &[("user", user.id())]);
    if context.needs_second() {
        context.say("second-next", &[]);
    }
    if kept.short {
        context.say("must-change-next", &[]);
    }
    Ok(())
}

fn token<'a>(context: &'a Context, _: &'static Kind, matches: &'a ArgMatches) -> Result<Action<'a>, Failure> {
    match matches.subcommand() {
        Some(("add", matches)) => add_token(context, matches)?,
        Some(("revoke", matches)) => revoke(context, matches)?,
        Some((_, matches)) => list_tokens(context, matches)?,
        None => {}
    }
    Ok(Action::Done(Exit::Ok))
}

fn add_token(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let user = user_of(context, matches)?;
    need_admin(context, &context.reader()?)?;
    if user.text("kind") != Some("service") {
        return Err(Problem::invalid("token-of-person").arg("user", user.id()).into());
    }
    let roles = given(matches, "role").unwrap_or_default();
    let own: Vec<&str> = user.list("roles").collect();
    if let Some(role) = roles.iter().find(|role| !own.contains(&role.as_str())) {
        let problem = Problem::invalid("token-role").arg("user", user.id()).arg("value", role);
        return Err(problem.field("role").legal(own).into());
    }
    let until = one(matches, "until").map(|text| end_of_day(context, &text)).transpose()?;
    if let Some(until) = until.filter(|until| *until <= context.now.timestamp()) {
        let day = at(context, until - 1).map(|at| at.date_naive().to_string()).unwrap_or_default();
        return Err(Problem::invalid("token-past").arg("value", day).field("until").into());
    }
    context.reauthenticate()?;
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(());
    }
    let wish = Token {
        label: one(matches, "label"),
        roles,
        created: context.now.timestamp(),
        until,
        ..Token::default()
    };
    let (id, text) = session::add_token(&context.vault()?, user.id(), wish)?;
    context.note_sign_in(user.id(), "token", "added")?;
    context.ui.lines([text.as_str()])?;
    context.say("token-added", &[("user", user.id()), ("token", &id)]);
    Ok(())
}

/// The first second after a day of the company.
fn end_of_day(context: &Context, text: &str) -> Result<i64, Failure> {
    let day = parse_day_at(text, Edge::Last, &context.clock())?;
    let next = day.succ_opt().unwrap_or(day).and_hms_opt(0, 0, 0).unwrap_or_default();
    let at = context.now.offset().from_local_datetime(&next).single();
    Ok(at.map_or(i64::MAX, |at| at.timestamp()))
}

fn list_tokens(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    need_admin(context, &context.reader()?)?;
    let vault = context.vault()?;
    let users = match one(matches, "user") {
        Some(_) => vec![user_of(context, matches)?.id().to_owned()],
        None => vault.users()?,
    };
    let columns = [
        ("id", ColumnType::Id),
        ("user", ColumnType::Id),
        ("label", ColumnType::Text),
        ("roles", ColumnType::List),
        ("created", ColumnType::Instant),
        ("until", ColumnType::Instant),
        ("state", ColumnType::Code),
    ];
    let label = |name: &str| context.text(&format!("field-token-{name}"), &[]);
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { title: context.text("title-tokens", &[]), ..Table::new("tokens", columns) };
    table.id_column = Some(0);
    let moment = |second: i64| at(context, second).map_or(Cell::Null, Cell::Instant);
    for user in users {
        for token in account(context, &user)?.tokens {
            let is_over = token.until.is_some_and(|until| context.now.timestamp() >= until);
            let state = match (token.revoked, is_over) {
                (true, _) => "revoked",
                (false, true) => "over",
                (false, false) => "valid",
            };
            table.rows.push(vec![
                Cell::text(token.id),
                Cell::text(&user),
                token.label.map_or(Cell::Null, Cell::text),
                Cell::List(token.roles.into_iter().map(Cell::text).collect()),
                moment(token.created),
                token.until.map_or(Cell::Null, moment),
                Cell::Code {
                    code: state.to_owned(),
                    label: context.text(&format!("token-state-{state}"), &[]),
                },
            ]);
        }
    }
    context.ui.table(&table, Format::Table)
}

fn revoke(context: &Context, matches: &ArgMatches) -> Result<(), Failure> {
    let user = user_of(context, matches)?;
    need_admin(context, &context.reader()?)?;
    let id = one(matches, "token");
    if id.is_some() == on(matches, "all") {
        let problem =
            Problem::usage("missing-argument").arg("value", "TOKEN").arg("noun", "user token revoke");
        return Err(problem.into());
    }
    let known = account(context, user.id())?.tokens;
    if let Some(id) = &id
        && !known.iter().any(|token| token.id == *id)
    {
        let problem = Problem::new(Class::NotFound, "no-such-token").arg("value", id).arg("user", user.id());
        return Err(problem.candidates(known.into_iter().map(|token| token.id)).into());
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(());
    }
    let count = session::revoke_tokens(&context.vault()?, user.id(), id.as_deref())?;
    if count == 0 {
        context.say("nothing-changed", &[]);
        return Ok(());
    }
    context.note_sign_in(user.id(), "token", "revoked")?;
    context.say("tokens-revoked", &[("user", user.id()), ("count", &count.to_string())]);
    Ok(())
}
