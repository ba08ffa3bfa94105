//! `passwd`: a person replaces the own password; an administrator gives another one that holds for a
//! single log-in.

use clap::{ArgMatches, Command};

use super::super::args::{Words, place};
use super::super::context::Context;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::resolve::user_named;
use super::Standalone;
use crate::access::login::{NewPassword, set_password};
use crate::access::password::{SHORTEST, examine};
use crate::access::vault::{Holder, Vault};
use crate::access::{Zeroizing, base32, grouped, random};
use crate::draft::Actor;
use crate::model::record::Doc;
use crate::model::{Class, Problem};

/// How long a password that was given holds.
const GIVEN: i64 = 3 * 24 * 60 * 60;

/// `crm passwd [USER]`.
pub const PASSWD: Standalone = Standalone {
    name: "passwd",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command.long_about(words.text("help-passwd-long")).arg(place("user", "USER", words))
    },
    run: passwd,
};

fn passwd(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let vault = context.vault()?;
    // Where log-in is on somebody must be able to set the first password. In a shared account that is
    // whoever owns it, not whoever comes in first.
    if context.login_is_on() && !context.is_guest() && vault.is_new()? {
        context.allow_first();
    }
    let actor = context.reader()?;
    let user = match one(matches, "user").filter(|name| name != "me") {
        Some(name) => {
            let id = user_named(context, &*context.whole_mirror()?, &name)?;
            context.user_record(&id)?
        }
        None => context.user_record(&actor.id)?,
    };
    if user.text("kind") == Some("service") {
        return Err(Problem::invalid("service-password").hint("service-password-hint").into());
    }
    if user.id() == actor.id { own(context, &vault, &user) } else { of_other(context, &vault, &actor, &user) }
}

fn own(context: &Context, vault: &Vault, user: &Doc) -> Result<Exit, Failure> {
    let account = vault.account(&Holder::User(user.id().to_owned()))?;
    // Who came in by a code that was sent has none to give.
    let is_reset = account.reset && context.has_session_of(user.id())?;
    if account.password.is_some() && !is_reset {
        context.ask_again(user.id())?;
    }
    let usual = usual_length(context);
    let shortest = if account.has_second() { SHORTEST } else { usual };
    let typed = context.needed_secret("ask-new-password")?;
    examine(&typed, shortest, &words(context, user)?)?;
    if context.access.hasher.verify(&typed, account.password.as_deref()) {
        return Err(Problem::invalid("password-same").into());
    }
    if !context.has_lines() && *context.needed_secret("ask-new-again")? != *typed {
        return Err(Problem::usage("password-differs").into());
    }
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(Exit::Ok);
    }
    let new = NewPassword {
        hash: context.access.hasher.hash(&typed)?,
        short: typed.chars().count() < usual,
        once: None,
    };
    let kept = context.session_place(vault)?.read()?.filter(|(of, _)| of == user.id());
    set_password(vault, user.id(), new, kept.as_ref().map(|(_, secret)| secret.as_str()))?;
    context.note_sign_in(user.id(), "password", "ok")?;
    context.say("password-set", &[("user", user.id())]);
    Ok(Exit::Ok)
}

/// What a password must have without a second factor.
fn usual_length(context: &Context) -> usize {
    let wanted = context.schema.settings.int("auth.min_length");
    wanted.and_then(|length| usize::try_from(length).ok()).unwrap_or(15).max(SHORTEST)
}

/// Names that say nothing secret here.
fn words(context: &Context, user: &Doc) -> Result<Vec<String>, Failure> {
    let store = context.store()?;
    let email = user.text("email").unwrap_or_default();
    let folder = store.root.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut words = vec![user.id().to_owned(), email.to_owned()];
    words.extend(email.split_once('@').map(|(local, _)| local.to_owned()));
    words.extend(user.text("name").map(str::to_owned));
    words.extend(context.schema.settings.get("company.name").map(str::to_owned));
    words.extend(folder);
    words.push("crm".to_owned());
    Ok(words)
}

fn of_other(context: &Context, vault: &Vault, actor: &Actor, user: &Doc) -> Result<Exit, Failure> {
    need_admin(context, actor)?;
    context.reauthenticate()?;
    if context.globals.dry_run {
        context.say("dry-run", &[("count", "0")]);
        return Ok(Exit::Ok);
    }
    let given = Zeroizing::new(grouped(&base32(&random::<15>()?).to_lowercase()));
    let until = context.now.timestamp() + GIVEN;
    let new = NewPassword { hash: context.access.hasher.hash(&given)?, short: false, once: Some(until) };
    set_password(vault, user.id(), new, None)?;
    context.note_sign_in(user.id(), "password", "given")?;
    context.ui.lines([given.as_str()])?;
    context.say("password-given", &[("user", user.id()), ("days", "3")]);
    Ok(Exit::Ok)
}

/// Refuses who has no role of administrators, or a token that is narrowed to others.
pub fn need_admin(context: &Context, actor: &Actor) -> Result<(), Failure> {
    let user = context.user_record(&actor.id)?;
    let store = context.store()?;
    let kind = context.schema.kind("role").ok_or_else(|| Problem::usage("unknown-noun"))?;
    for role in user.list("roles") {
        let counts = actor.narrowed.as_ref().is_none_or(|only| only.contains(role));
        if counts && store.read(kind, role)?.is_some_and(|role| role.flag("admin")) {
            return Ok(());
        }
    }
    Err(Problem::new(Class::Denied, "admin-needed").arg("user", &actor.id).into())
}
