//! What comes in from others: `policy check` and `audit` for people, `hook pre-receive` for a shared
//! repository. One judge, the same answers; see `access::gate`.

use std::io::BufRead;

use clap::{ArgMatches, Command};

use super::super::args::{Words, named, option, place};
use super::super::context::Context;
use super::super::environment::Environment;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::super::store::Store;
use super::Standalone;
use super::audit::Part;
use super::history::{moment_of, trailer};
use super::init::ATTRIBUTES;
use super::list::print_chosen;
use crate::access::asks::fields;
use crate::access::gate::{Bench, Gate, Reason};
use crate::access::push::{Limits, Range, judge};
use crate::access::rights::GUARDED;
use crate::formats::Format;
use crate::formats::display::display;
use crate::locale::{Language, Locale};
use crate::model::{Class, Problem};
use crate::store::{LogQuery, ObjectId, Pushed, Repo, document};
use crate::table::{Cell, Column, ColumnType, Table};

/// `crm policy check RANGE`.
pub const POLICY: Standalone = Standalone {
    name: "policy",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let check = named("check", "help-policy-check", words)
            .long_about(words.text("help-policy-check-long"))
            .arg(place("range", "OLD..NEW", words).help(words.text("help-arg-gate-range")).required(true))
            .arg(option("fields", "FIELD,…", words));
        command.subcommand_required(true).subcommand(check)
    },
    run: |context, matches| match matches.subcommand() {
        Some((_, matches)) => check(context, matches),
        None => Ok(Exit::Ok),
    },
};

/// `crm gate accept`, for a gatekeeper.
pub const GATE: Standalone = Standalone {
    name: "gate",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let accept = named("accept", "help-gate-accept", words)
            .long_about(words.text("help-gate-accept-long"))
            .arg(place("remote", "REMOTE", words))
            .arg(option("fields", "FIELD,…", words));
        command.subcommand_required(true).subcommand(accept)
    },
    run: |context, matches| match matches.subcommand() {
        Some((_, matches)) => take_in(context, matches),
        None => Ok(Exit::Ok),
    },
};

/// What `crm audit` takes for the history.
pub fn audit_args(command: Command, words: Words<'_>) -> Command {
    command
        .long_about(words.text("help-audit-long"))
        .arg(place("range", "OLD..NEW", words).help(words.text("help-arg-gate-range")))
        .arg(option("root", "COMMIT", words))
        .arg(option("fields", "FIELD,…", words))
}

/// `crm audit roles`.
pub const ROLES: Part = Part {
    name: "roles",
    args: |words| {
        named("roles", "help-audit-roles", words).args([
            option("since", "DATE", words),
            option("limit", "N", words),
            option("fields", "FIELD,…", words),
        ])
    },
    run: roles,
};

/// What the judge of this program knows.
pub fn bench(context: &Context) -> Bench {
    Bench {
        now: context.now.timestamp(),
        attributes: ATTRIBUTES.as_bytes(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// The repository that a command is about: the store's, or a bare one in which it was started.
pub fn repository(context: &Context, matches: &ArgMatches) -> Result<Repo, Failure> {
    if context.has_store() {
        return Ok(context.store()?.repo.opener().reopen()?);
    }
    let here = Environment::directory();
    let named = matches.try_get_one::<String>("directory").ok().flatten();
    Ok(Repo::open(&named.map_or_else(|| here.clone(), |dir| here.join(dir)))?)
}

/// The commit from which on a history is to be trusted.
pub fn pinned(repo: &Repo) -> Result<Option<ObjectId>, Failure> {
    let Some(text) = repo.config("crm.root") else { return Ok(None) };
    let id = text.trim().parse().map_err(|_| Problem::usage("bad-root").arg("value", text.trim()))?;
    Ok(Some(id))
}

fn range(repo: &Repo, text: &str) -> Result<(Option<ObjectId>, ObjectId), Failure> {
    let tip = |rev: &str| Ok::<_, Failure>(repo.resolve(if rev.is_empty() { "HEAD" } else { rev })?);
    match text.split_once("..") {
        Some((old, new)) => Ok((Some(old).filter(|old| !old.is_empty()).map(tip).transpose()?, tip(new)?)),
        None => Ok((None, tip(text)?)),
    }
}

fn check(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.may_judge()?;
    let repo = repository(context, matches)?;
    let (old, new) = range(&repo, &one(matches, "range").unwrap_or_default())?;
    let root = pinned(&repo)?.filter(|_| old.is_none());
    let reasons = judge(&repo, Range { old, new, root }, &bench(context), Limits::PUSH);
    tell(context, matches, &reasons)?;
    Ok(if reasons.is_empty() { Exit::Ok } else { Exit::Denied })
}

/// Verifies a history.
pub fn audit(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.may_judge()?;
    let repo = repository(context, matches)?;
    let (old, new) = range(&repo, &one(matches, "range").unwrap_or_default())?;
    let root = match one(matches, "root") {
        Some(text) => Some(repo.resolve(&text)?),
        None => pinned(&repo)?,
    };
    let root = root.filter(|_| old.is_none());
    let reasons = judge(&repo, Range { old, new, root }, &bench(context), Limits::NONE);
    tell(context, matches, &reasons)?;
    if reasons.is_empty() {
        let guarded = Gate::new(&repo, &bench(context)).policy_of(new).is_ok_and(|policy| policy.gate);
        context.say(if guarded { "audit-clean" } else { "audit-no-gate" }, &[("commit", &new.short())]);
        return Ok(Exit::Ok);
    }
    Ok(Exit::CheckFailed)
}

fn tell(context: &Context, matches: &ArgMatches, reasons: &[Reason]) -> Result<(), Failure> {
    let label = |code: &str| context.text(&format!("column-gate-{code}"), &[]);
    let columns = ["commit", "path", "rule", "message"]
        .map(|code| Column::new(code, ColumnType::Text).labelled(label(code)));
    let mut table = Table::new("refused", columns.to_vec());
    for reason in reasons {
        let problem = &reason.problem;
        table.rows.push(vec![
            Cell::text(reason.commit.short()),
            problem.path.as_ref().map_or(Cell::Null, Cell::text),
            Cell::text(problem.id),
            Cell::text(context.locale.problem(problem)),
        ]);
    }
    if table.rows.is_empty() && context.ui.format(Format::Table) == Format::Table {
        return Ok(());
    }
    print_chosen(context, table, matches)
}

/// Refuses what stands against commits that came or are to go; where no gate is on, their files
/// alone, which others have looked at.
pub fn accept(context: &Context, repo: &Repo, old: Option<ObjectId>, new: ObjectId) -> Result<(), Failure> {
    let bench = bench(context);
    let gate = Gate::new(repo, &bench);
    let guards = |commit: ObjectId| gate.policy_of(commit).map_or(true, |policy| policy.gate);
    if !guards(new) && !old.is_some_and(guards) {
        return Ok(());
    }
    context.may_judge()?;
    let root = pinned(repo)?.filter(|_| old.is_none());
    settle(context, &judge(repo, Range { old, new, root }, &bench, Limits::NONE))
}

/// The same of a whole history that must hold a commit.
pub fn accept_history(context: &Context, repo: &Repo, new: ObjectId, root: ObjectId) -> Result<(), Failure> {
    settle(context, &judge(repo, Range { old: None, new, root: Some(root) }, &bench(context), Limits::NONE))
}

/// Reasons that are told one by one.
const TOLD: usize = 20;

fn settle(context: &Context, reasons: &[Reason]) -> Result<(), Failure> {
    if reasons.is_empty() {
        return Ok(());
    }
    for reason in reasons.iter().take(TOLD) {
        context.ui.stderr(&line(&context.locale, reason));
    }
    let problem = Problem::new(Class::Denied, "gate-refused").arg("count", reasons.len());
    Err(Failure::new(Exit::Denied, problem.hint("hint-gate-refused")))
}

/// A reason as one line.
fn line(locale: &Locale, reason: &Reason) -> String {
    let path = reason.problem.path.as_ref().map(|path| format!(" {path}:")).unwrap_or_default();
    let text = locale.problem(&reason.problem);
    display(&format!("crm: {}{path} {text} [{}]", reason.commit.short(), reason.problem.id)).into_owned()
}

/// Judges every offer and moves the shared branch to those that may come in, in the order of names.
fn take_in(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    context.may_judge()?;
    let repo = &context.store()?.repo;
    let wanted = one(matches, "remote");
    let Some(remote) = repo.remote(wanted.as_deref())? else {
        return Err(Problem::usage("no-remote").hint("store-no-remote-hint").into());
    };
    let network = Environment::network(context.can_ask());
    let mut tip = repo.fetch(&network, &remote)?;
    if let Some(tip) = tip {
        accept(context, repo, repo.verified(&remote)?, tip)?;
    }
    let label = |code: &str| context.text(&format!("column-gate-{code}"), &[]);
    let columns = ["branch", "outcome", "commits", "reasons"].map(|code| {
        let ty = if matches!(code, "commits" | "reasons") { ColumnType::Int } else { ColumnType::Text };
        Column::new(code, ty).labelled(label(code))
    });
    let mut table = Table::new("offers", columns.to_vec());
    let mut exit = Exit::Ok;
    for (name, offered) in repo.fetch_inbox(&network, &remote)? {
        let behind = match tip {
            Some(tip) => !repo.descends(offered, tip)?,
            None => false,
        };
        let (mut outcome, mut reasons) = ("behind", Vec::new());
        let commits = repo.commits_between(tip, offered, Limits::PUSH.commits)?.len();
        if !behind {
            let root = pinned(repo)?.filter(|_| tip.is_none());
            reasons = judge(repo, Range { old: tip, new: offered, root }, &bench(context), Limits::PUSH);
            outcome = if reasons.is_empty() { "accepted" } else { "refused" };
        }
        if outcome == "accepted" && !context.globals.dry_run {
            match repo.take_in(&network, &remote, &name, offered)? {
                Pushed::Raced => outcome = "behind",
                _ => tip = Some(offered),
            }
        } else if outcome == "accepted" {
            tip = Some(offered);
        }
        for reason in reasons.iter().take(TOLD) {
            context.ui.stderr(&line(&context.locale, reason));
        }
        if !reasons.is_empty() {
            exit = Exit::Denied;
        }
        let count = |count: usize| Cell::Int(i64::try_from(count).unwrap_or(i64::MAX));
        let code = context.text(&format!("gate-outcome-{outcome}"), &[]);
        table.rows.push(vec![
            Cell::text(format!("inbox/{name}")),
            Cell::Code { code: outcome.to_owned(), label: code },
            count(commits),
            count(reasons.len()),
        ]);
    }
    print_chosen(context, table, matches)?;
    Ok(exit)
}

/// Reads `OLD NEW REF` a line from git and refuses the whole push where one of them may not be.
pub fn pre_receive(context: &Context) -> Result<Exit, Failure> {
    let repo = Repo::open_from_env()?;
    let bench = bench(context);
    let mut reasons = Vec::new();
    let mut locale = Locale::new(context.locale.language);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split_ascii_whitespace();
        let (Some(old), Some(new), Some(name)) = (words.next(), words.next(), words.next()) else {
            return Err(Problem::usage("bad-hook-line").arg("value", &line).into());
        };
        if !context.environment.has("CRM_LANG")
            && let Some(language) = language(&repo, &bench, old, new)
        {
            locale = Locale::new(language);
        }
        reasons.extend(update(&repo, &bench, old, new, name)?);
    }
    for reason in &reasons {
        context.ui.stderr(&line(&locale, reason));
        if let Some(hint) = reason.problem.hint {
            let args: Vec<_> =
                reason.problem.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            context.ui.stderr(&display(&format!("crm: {}", locale.text(hint, &args))));
        }
    }
    Ok(if reasons.is_empty() { Exit::Ok } else { Exit::Denied })
}

/// Everything against moving one reference.
fn update(repo: &Repo, bench: &Bench, old: &str, new: &str, name: &str) -> Result<Vec<Reason>, Failure> {
    let id = |text: &str| -> Result<Option<ObjectId>, Failure> {
        if text.bytes().all(|byte| byte == b'0') {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| Problem::usage("bad-hook-line").arg("value", text).into())
    };
    let (old, new) = (id(old)?, id(new)?);
    let tip = repo.tip()?.map(|tip| tip.commit);
    let gate = Gate::new(repo, bench);
    let policy = tip.map(|tip| gate.policy_of(tip));
    let guarded = match &policy {
        Some(Ok(policy)) => policy.gate,
        // What cannot be read guards.
        Some(Err(_)) => true,
        None => false,
    };
    let branch = match &policy {
        Some(Ok(policy)) => policy.branch.clone(),
        _ => None,
    };
    let branch = branch.map_or_else(|| repo.branch(), Ok)?;
    let about = new.or(old).unwrap_or_else(|| ObjectId::of_file(b""));
    let refused = |id: &'static str| {
        let problem = Problem::new(Class::Denied, id).arg("branch", &branch).arg("found", name);
        Ok(vec![Reason { commit: about, problem }])
    };
    if name != format!("refs/heads/{branch}") {
        // What git shows instead of an object, this program does not see.
        let replaces = name.starts_with("refs/replace/");
        let mut found =
            if guarded || replaces || tip.is_none() { refused("gate-branch")? } else { Vec::new() };
        for reason in found.iter_mut().filter(|_| tip.is_none()) {
            reason.problem.hint = Some("hint-gate-branch");
        }
        return Ok(found);
    }
    let Some(new) = new else { return refused("gate-delete") };
    let root = pinned(repo)?;
    // The branch that the settings name begins where the settings stand.
    let old = old.or(tip.filter(|_| guarded));
    if old.is_none() && root.is_none() {
        return Ok(vec![Reason {
            commit: new,
            problem: Problem::new(Class::Denied, "gate-no-root").arg("found", new).hint("hint-gate-no-root"),
        }]);
    }
    Ok(judge(repo, Range { old, new, root }, bench, limits(repo)))
}

/// What the shared repository takes: `crm.maxCommits`, `crm.maxBytes` of its configuration.
fn limits(repo: &Repo) -> Limits {
    let number = |key: &str| repo.config(key).and_then(|text| text.trim().parse::<u64>().ok());
    let commits = number("crm.maxcommits").and_then(|most| usize::try_from(most).ok());
    Limits {
        commits: commits.unwrap_or(Limits::PUSH.commits),
        bytes: number("crm.maxbytes").unwrap_or(Limits::PUSH.bytes),
    }
}

/// The language of the company that pushes.
fn language(repo: &Repo, bench: &Bench, old: &str, new: &str) -> Option<Language> {
    // What is not judged yet is only read where there is nothing else.
    let commit = if old.bytes().all(|byte| byte == b'0') { new } else { old };
    let policy = Gate::new(repo, bench).policy_of(commit.parse().ok()?).ok()?;
    Language::from_tag(policy.schema().settings.text("company.language"))
}

/// Every change of users, teams, roles and settings, newest first.
fn roles(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let store = context.store()?;
    let since = one(matches, "since").map(|text| context.moment(&text)).transpose()?;
    let limit = one(matches, "limit").map(|text| text.parse::<usize>()).transpose();
    let limit = limit.map_err(|_| Problem::usage("bad-int").arg("value", "").field("limit"))?;
    let label = |code: &str| context.text(&format!("column-audit-{code}"), &[]);
    let columns = ["at", "user", "op", "record", "field", "from", "to", "commit"].map(|code| {
        let ty = if code == "at" { ColumnType::Instant } else { ColumnType::Text };
        Column::new(code, ty).labelled(label(code))
    });
    let mut table = Table::new("audit-roles", columns.to_vec());
    let guarded = |path: &str| {
        path == "crm.toml"
            || store.schema().kind_of_path(path).is_some_and(|kind| GUARDED.contains(&kind.name))
    };
    for commit in store.repo.log(&LogQuery::default())? {
        let at = moment_of(&commit);
        if since.is_some_and(|since| at < since) || limit.is_some_and(|limit| table.rows.len() >= limit) {
            break;
        }
        let user = trailer(&commit, "Crm-Actor").unwrap_or_else(|| commit.author.name.clone());
        let op = trailer(&commit, "Crm-Op");
        for file in commit.files.iter().filter(|file| guarded(&file.path)) {
            for (field, from, to) in changed(store, file)? {
                let cell = |text: Option<String>| text.map_or(Cell::Null, Cell::text);
                table.rows.push(vec![
                    Cell::Instant(at),
                    Cell::text(&user),
                    cell(op.clone()),
                    Cell::text(&file.path),
                    cell(field),
                    cell(from),
                    cell(to),
                    Cell::text(commit.id.short()),
                ]);
            }
        }
    }
    table.rows.truncate(limit.unwrap_or(usize::MAX));
    context.ui.table(&super::list::chosen(table, one(matches, "fields").as_deref())?, Format::Table)?;
    Ok(Exit::Ok)
}

type FieldChange = (Option<String>, Option<String>, Option<String>);

/// The fields that a commit changed in a record; one line for a file that is none.
fn changed(store: &Store, file: &crate::store::FileChanged) -> Result<Vec<FieldChange>, Failure> {
    if store.schema().kind_of_path(&file.path).is_none() {
        return Ok(vec![(None, None, None)]);
    }
    let read = |id: Option<ObjectId>| -> Result<_, Failure> {
        let Some(id) = id else { return Ok(None) };
        Ok(document::parse(store.schema(), &file.path, &store.repo.blob(id)?).ok().map(|read| read.doc))
    };
    let (old, new) = (read(file.old)?, read(file.new)?);
    let text = |doc: Option<&crate::model::record::Doc>, field: &str| {
        doc.and_then(|doc| doc.get(field)).map(crate::draft::plain)
    };
    let fields = fields(old.as_ref(), new.as_ref());
    let whole = fields.into_iter().filter(|field| !field.contains('.'));
    let told = whole.filter(|field| !matches!(field.as_str(), "created_at" | "created_by"));
    Ok(told
        .map(|field| (Some(field.clone()), text(old.as_ref(), &field), text(new.as_ref(), &field)))
        .collect())
}
