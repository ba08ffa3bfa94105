//! `login` and `logout`: a session begins and ends. `whoami`: who acts, and how that is known.

use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use clap::{ArgMatches, Command};

use super::super::args::{Words, place, switch};
use super::super::change::{named_user, unnamed_user};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::{on, one};
use super::super::identity::{By, Identity, not_logged_in};
use super::super::store::Everything;
use super::Standalone;
use super::codes::{self, Way};
use crate::access::account::Purpose;
use crate::access::login::Attempt;
use crate::access::second::{self, Taken};
use crate::access::session;
use crate::access::vault::{Holder, Vault};
use crate::formats::Format;
use crate::model::record::Doc;
use crate::model::{Class, Problem};
use crate::rules::View;
use crate::table::{Cell, Column, ColumnType, Shape, Table};

/// `crm login [USER]`.
pub const LOGIN: Standalone = Standalone {
    name: "login",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let command = command.long_about(words.text("help-login-long"));
        command.arg(place("user", "USER", words)).arg(switch("code", words))
    },
    run: login,
};

/// `crm logout`.
pub const LOGOUT: Standalone = Standalone {
    name: "logout",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.arg(switch("everywhere", words)),
    run: logout,
};

/// `crm whoami`.
pub const WHOAMI: Standalone = Standalone {
    name: "whoami",
    aliases: &[],
    args: |command: Command, words: Words<'_>| command.long_about(words.text("help-whoami-long")),
    run: |context, _| whoami(context),
};

/// The user who wants in: the one named, else whoever acts by a word.
fn wanted(context: &Context, matches: &ArgMatches) -> Result<(String, Option<Doc>), Failure> {
    let named = one(matches, "user").or_else(|| context.globals.acting.clone());
    if let Some(person) = context.globals.gateway.as_ref().and_then(|entry| entry.person.as_ref()) {
        if named.as_ref().is_some_and(|named| named != person) {
            let problem = Problem::new(Class::Denied, "other-actor").arg("value", named.unwrap_or_default());
            return Err(problem.arg("user", person).hint("other-actor-hint").into());
        }
        return Ok((person.clone(), Some(context.user_record(person)?)));
    }
    let mirror = context.whole_mirror()?;
    let view = Everything::new(context.store()?, &mirror);
    let (ids, name) = match named {
        Some(name) => (named_user(&view, &name)?, name),
        None => unnamed_user(&context.store()?.repo, &view)?,
    };
    let user = match ids.as_slice() {
        [id] => view.record("user", id)?,
        _ => None,
    };
    Ok((name, user))
}

fn wrong() -> Failure {
    Problem::new(Class::Denied, "login-wrong").hint("login-wrong-hint").into()
}

fn login(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let vault = context.vault()?;
    let (name, user) = wanted(context, matches)?;
    if !context.login_is_on() {
        context.say("login-off", &[]);
    }
    if vault.is_new()? {
        context.say("login-nobody", &[]);
    }
    let by_code = on(matches, "code");
    let asks = if by_code { "ask-code" } else { "ask-password" };
    let typed = context.secret(asks, &[("user", &name)])?.unwrap_or_default();
    let what = if by_code { "code" } else { "login" };
    let id = user.as_ref().map(|user| user.id().to_owned());
    let holder = id.clone().map_or_else(|| Holder::nobody(&name), Holder::User);
    let noted = id.as_deref().unwrap_or_default();
    let attempt = context.begin_attempt(&vault, holder, noted, what)?;
    let hasher = &context.access.hasher;
    let is_right =
        if by_code { attempt.sent_code(hasher, &typed)? } else { attempt.password(hasher, &typed)? };
    let Some(user) = user.filter(|_| is_right) else {
        context.note_sign_in(noted, what, "wrong")?;
        return Err(wrong());
    };
    if attempt.account().has_second() {
        second_factor(context, &vault, &attempt, &user)?;
    }
    attempt.succeed()?;
    if user.state() != "active" {
        context.note_sign_in(user.id(), what, "suspended")?;
        let problem = Problem::new(Class::Denied, "inactive-actor").arg("value", user.id());
        return Err(problem.arg("state", user.state()).into());
    }
    begun(context, &vault, &user, by_code)?;
    context.note_sign_in(user.id(), what, "ok")?;
    Ok(Exit::Ok)
}

/// Asks for the second factor; a code by text message is sent first.
fn second_factor(context: &Context, vault: &Vault, attempt: &Attempt<'_>, user: &Doc) -> Result<(), Failure> {
    let account = attempt.account();
    let now = context.now.timestamp();
    let waits = account.code.as_ref().is_some_and(|sent| sent.purpose == Purpose::Second && now < sent.until);
    if account.sms && !waits {
        // The password was right: this much may be written in the user's name.
        context.assume(Identity { user: user.id().to_owned(), by: By::Session, until: None, narrowed: None });
        codes::send(context, vault, user.id(), Way::Sms, Purpose::Second)?;
        context.say("login-code-on-its-way", &[("minutes", &second::SENT_MINUTES.to_string())]);
    }
    let asks = if account.sms { "ask-second-sms" } else { "ask-second" };
    let Some(typed) = context.secret(asks, &[])? else {
        context.note_sign_in(user.id(), "login", "second")?;
        return Err(Problem::new(Class::Denied, "second-needed").hint("second-needed-hint").into());
    };
    match attempt.second(&typed)? {
        Some(Taken::Recovery(left)) => context.say("recovery-used", &[("count", &left.to_string())]),
        Some(_) => {}
        None => {
            context.note_sign_in(user.id(), "login", "wrong")?;
            return Err(wrong());
        }
    }
    Ok(())
}

/// A new session in place of the one there was.
fn begun(context: &Context, vault: &Vault, user: &Doc, by_code: bool) -> Result<(), Failure> {
    let place = context.session_place(vault)?;
    if let Some((before, secret)) = place.read()? {
        session::finish(vault, &before, &secret)?;
    }
    let limits = context.session_limits()?;
    let now = context.now.timestamp();
    let secret = session::begin(vault, user.id(), &context.bound(), now, limits)?;
    place.write(user.id(), &secret)?;
    let until = clock(context, now + limits.absolute);
    context.say(
        "logged-in",
        &[("user", user.id()), ("until", &until), ("minutes", &(limits.idle / 60).to_string())],
    );
    let holder = Holder::User(user.id().to_owned());
    let account = vault.change(&holder, |account| {
        // Whoever came in by a code that was sent chooses a password next.
        account.must_change |= by_code;
        account.reset |= by_code;
        Ok(account.clone())
    })?;
    if account.must_change {
        context.say("must-change-next", &[]);
    } else if context.needs_second() && !account.has_second() {
        context.say("second-next", &[]);
    }
    Ok(())
}

fn clock(context: &Context, second: i64) -> String {
    at(context, second).map(|at| at.format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
}

/// A second as a time of the company.
pub fn at(context: &Context, second: i64) -> Option<DateTime<FixedOffset>> {
    DateTime::from_timestamp(second, 0).map(|at| at.with_timezone(context.now.offset()))
}

fn logout(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let vault = context.vault()?;
    let place = context.session_place(&vault)?;
    let Some((user, secret)) = place.read()? else {
        if on(matches, "everywhere") {
            // To end sessions elsewhere one must be somebody.
            return Err(not_logged_in());
        }
        context.say("logged-out-already", &[]);
        return Ok(Exit::Ok);
    };
    let held = session::hold(
        &vault,
        &user,
        &secret,
        &context.bound(),
        context.now.timestamp(),
        context.session_limits()?,
    )?;
    if on(matches, "everywhere") && held.is_some() {
        let count = session::finish_all(&vault, &user, None)?;
        place.remove()?;
        context.note_sign_in(&user, "logout", "ok")?;
        context.say("logged-out-everywhere", &[("user", &user), ("count", &count.to_string())]);
        return Ok(Exit::Ok);
    }
    session::finish(&vault, &user, &secret)?;
    place.remove()?;
    if held.is_none() {
        if on(matches, "everywhere") {
            return Err(not_logged_in());
        }
        context.say("logged-out-already", &[]);
        return Ok(Exit::Ok);
    }
    context.note_sign_in(&user, "logout", "ok")?;
    context.say("logged-out", &[("user", &user)]);
    Ok(Exit::Ok)
}

fn whoami(context: &Context) -> Result<Exit, Failure> {
    let actor = context.reader()?;
    let identity = context.proven()?;
    let by = match &identity {
        Some(identity) => identity.by,
        None => match &context.globals.acting {
            Some(name) if context.environment.get("CRM_USER") == Some(name) => By::Variable,
            Some(_) => By::Flag,
            None => By::Git,
        },
    };
    let user = context.user_record(&actor.id)?;
    let narrowed = identity.as_ref().and_then(|identity| identity.narrowed.as_ref());
    let counts = |role: &&str| narrowed.is_none_or(|only: &BTreeSet<String>| only.contains(*role));
    let roles = user.list("roles").filter(counts).map(Cell::text).collect();
    let until = identity.and_then(|identity| identity.until).and_then(|second| at(context, second));
    let columns = [
        ("id", ColumnType::Text),
        ("name", ColumnType::Text),
        ("email", ColumnType::Text),
        ("by", ColumnType::Code),
        ("roles", ColumnType::List),
        ("until", ColumnType::Instant),
    ];
    let label = |name: &str| match name {
        "by" | "until" => context.text(&format!("field-session-{name}"), &[]),
        _ => context.text(&format!("field-{name}"), &[]),
    };
    let columns = columns.map(|(name, ty)| Column::new(name, ty).labelled(label(name))).to_vec();
    let mut table = Table { shape: Shape::Object, ..Table::new("whoami", columns) };
    table.id_column = Some(0);
    table.rows.push(vec![
        Cell::text(actor.id),
        Cell::text(actor.name),
        Cell::text(actor.email),
        Cell::Code {
            code: by.name().to_owned(),
            label: context.text(&format!("identity-by-{}", by.name()), &[]),
        },
        Cell::List(roles),
        until.map_or(Cell::Null, Cell::Instant),
    ]);
    context.ui.table(&table, Format::Table)?;
    Ok(Exit::Ok)
}
