//! `crm sync`: one's own commits and a remote's together: fetch, judge, make own commits again on
//! top, push, and look for what the merge broke.
//!
//! Deliberately absent: the merging itself (`store::sync`, `store::replay`), and what is to be
//! decided (`conflicts`).

use std::cell::{Cell as Slot, RefCell};
use std::collections::BTreeSet;

use clap::{ArgMatches, Command};

use super::super::args::{Words, place, switch};
use super::super::context::Context;
use super::super::environment::Environment;
use super::super::error::{Exit, Failure};
use super::super::fields::{on, one};
use super::super::store::Everything;
use super::Standalone;
use super::check::{self, Finding};
use super::conflicts::{self, Kept};
use crate::draft::Actor;
use crate::formats::Format;
use crate::model::Problem;
use crate::model::schema::Schema;
use crate::store::field_merge::Clash;
use crate::store::{
    Allowed, Conflicted, Joined, Joining, ObjectId, Pace, Person, Pushed, Remote, When, blend, settings,
};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// `crm sync [REMOTE]`.
pub const SYNC: Standalone = Standalone {
    name: "sync",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .long_about(words.text("help-sync-long"))
            .arg(place("remote", "REMOTE", words))
            .arg(switch("no-fetch", words))
            .arg(switch("no-push", words))
            .arg(switch("allow-mass-delete", words))
            .arg(switch("accept-rollback", words))
    },
    run: sync,
};

/// How often a push that came too late is tried again.
const ATTEMPTS: u32 = 10;

/// What was asked for.
struct Asked {
    remote: Remote,
    fetch: bool,
    push: bool,
    allow: Allowed,
}

/// What a sync did, all attempts together.
#[derive(Default)]
struct Story {
    before: Option<ObjectId>,
    tip: Option<ObjectId>,
    came: Vec<ObjectId>,
    own: Vec<ObjectId>,
    dropped: Vec<ObjectId>,
    merged: BTreeSet<String>,
    pushed: bool,
    problems: Vec<Finding>,
}

fn sync(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let repo = &context.store()?.repo;
    let wanted = one(matches, "remote");
    let Some(remote) = repo.remote(wanted.as_deref())? else {
        return Err(Problem::usage("no-remote").hint("store-no-remote-hint").into());
    };
    let asked = Asked {
        remote,
        fetch: !on(matches, "no-fetch"),
        push: !on(matches, "no-push"),
        allow: Allowed {
            mass_delete: on(matches, "allow-mass-delete"),
            rollback: on(matches, "accept-rollback"),
        },
    };
    let mut story = Story::default();
    let outcome = exchange(context, &asked, &mut story);
    if let Err(failure) = &outcome
        && story.tip == story.before
    {
        return Err(failure.clone());
    }
    if story.tip != story.before && !context.globals.dry_run {
        // From here on nothing may undo that: the branch has moved.
        let _ = conflicts::forget(context);
        match new_problems(context, &story) {
            Ok(problems) => story.problems = problems,
            Err(failure) => unchecked(context, &failure),
        }
        if tell(context, &asked, &story).is_err() {
            context.say("sync-untold", &[]);
        }
    } else {
        tell(context, &asked, &story)?;
    }
    outcome?;
    Ok(if story.problems.is_empty() { Exit::Ok } else { Exit::CheckFailed })
}

/// Fetches, brings together and pushes until nobody is faster.
fn exchange(context: &Context, asked: &Asked, story: &mut Story) -> Result<(), Failure> {
    let repo = &context.store()?.repo;
    let network = Environment::network(context.can_ask());
    for attempt in 0..ATTEMPTS {
        let found =
            if asked.fetch { repo.fetch(&network, &asked.remote)? } else { repo.fetched(&asked.remote)? };
        let joined = join(context, asked, found)?;
        let is_open = !joined.clashing.is_empty();
        story.add(&joined);
        for warning in &joined.warnings {
            context.ui.note(&format!("{}: {warning}", context.text("word-warning", &[])));
        }
        if is_open {
            return Err(open(context, asked, &joined)?);
        }
        let Some(tip) = joined.tip.filter(|_| !joined.own.is_empty()) else { return Ok(()) };
        if !asked.push || context.globals.dry_run {
            return Ok(());
        }
        verify(context, found, tip)?;
        match repo.push(&network, &asked.remote, tip)? {
            Pushed::Done => {
                story.pushed = true;
                repo.note_push(&context.write_options("sync"), &asked.remote, tip)?;
                return Ok(());
            }
            Pushed::Offered => {
                story.pushed = true;
                context.say("sync-offered", &[("branch", &repo.inbox().unwrap_or_default())]);
                return Ok(());
            }
            Pushed::Raced if asked.fetch => pause(attempt),
            Pushed::Raced => break,
        }
    }
    let problem = Problem::usage("sync-raced").arg("remote", &asked.remote.name).hint("sync-raced-hint");
    Err(Failure::new(Exit::Remote, problem))
}

impl Story {
    fn add(&mut self, joined: &Joined) {
        self.before = self.before.or(joined.before);
        self.tip = joined.tip;
        self.came.extend(joined.came.iter().copied());
        self.own.clone_from(&joined.own);
        self.dropped.extend(joined.dropped.iter().copied());
        self.merged.extend(joined.merged.iter().cloned());
    }
}

/// Brings what was fetched and what is here together.
fn join(context: &Context, asked: &Asked, found: Option<ObjectId>) -> Result<Joined, Failure> {
    let store = context.store()?;
    let schema = schema_of(context, found)?;
    let is_gated = |schema: &Schema| schema.settings.flag("policy.gate");
    let who: RefCell<Option<Actor>> = RefCell::new(None);
    let actor = || -> Result<Actor, Failure> {
        if who.borrow().is_none() {
            *who.borrow_mut() = Some(context.reader()?);
        }
        who.borrow().clone().ok_or_else(|| Failure::silent(Exit::Denied))
    };
    let addresses = if is_gated(&schema) || is_gated(&context.schema) {
        Some(addresses(context, &actor()?)?)
    } else {
        None
    };
    let is_own = |person: &Person| {
        addresses.iter().flatten().any(|address| address.eq_ignore_ascii_case(&person.email))
    };
    let kept = conflicts::kept(context)?;
    let used = Slot::new(false);
    let message = format!(
        "sync: merge {}/{}\n\nCrm-Op: sync\nCrm-Version: {}\n",
        asked.remote.name,
        asked.remote.branch,
        env!("CARGO_PKG_VERSION")
    );
    let wish = Joining {
        remote: &asked.remote,
        found,
        verify: &mut |old, new| verify(context, old, new),
        committer: &mut || {
            let actor = actor()?;
            let now = context.now;
            let when = When { seconds: now.timestamp(), offset_minutes: now.offset().local_minus_utc() / 60 };
            Ok((Person { name: actor.name, email: actor.email }, when))
        },
        blend: &|file: &Conflicted, decide| blend(&schema, file, decide),
        decided: &|path: &str, clash: &Clash| {
            let side = Kept::of(&kept, path, clash);
            used.set(used.get() || side.is_some());
            side
        },
        is_record: &|path: &str| path.ends_with(".toml") && schema.kind_of_path(path).is_some(),
        own: addresses.is_some().then_some(&is_own),
        message: &message,
        allow: asked.allow,
        pace: if context.globals.dry_run { Pace::Look } else { Pace::Move },
    };
    let mut options = context.write_options("sync");
    if is_gated(&schema) || is_gated(&context.schema) {
        // What is made again is signed again; who has nothing of the own to sign needs no key.
        let mirror = context.whole_mirror()?;
        let ready = context.ready_to_sign(&Everything::new(store, &mirror), &actor()?, true);
        options.signing = crate::store::Signing::With(context);
        if let Err(failure) = ready {
            context.hand.refuse(failure.words(&context.locale).join("; "));
        }
    }
    let joined = store.repo.join::<Failure>(&options, wish)?;
    if joined.clashing.is_empty() && used.get() {
        context.say("sync-decided", &[]);
    }
    Ok(joined)
}

/// The types of the store as the remote has it: what came may have fields that are new here.
pub fn schema_of(context: &Context, found: Option<ObjectId>) -> Result<Schema, Failure> {
    let repo = &context.store()?.repo;
    let text = found.map(|found| repo.read_at(found, "crm.toml")).transpose()?.flatten();
    match text {
        Some(bytes) => Ok(Schema::new(settings::parse(&String::from_utf8_lossy(&bytes))?)?),
        None => Ok(context.schema.clone()),
    }
}

/// The addresses under which the acting user commits.
fn addresses(context: &Context, actor: &Actor) -> Result<Vec<String>, Failure> {
    let store = context.store()?;
    let user = match store.schema().kind("user") {
        Some(kind) => store.read(kind, &actor.id)?,
        None => None,
    };
    let more =
        user.iter().flat_map(|user| user.list("git_emails").map(str::to_owned).collect::<Vec<String>>());
    Ok(std::iter::once(actor.email.clone()).chain(more).collect())
}

/// Judges history of others before anything of ours moves, and our own before it is offered.
fn verify(context: &Context, old: Option<ObjectId>, new: ObjectId) -> Result<(), Failure> {
    let repo = &context.store()?.repo;
    // Which names may stand where a gate is on, the gate knows.
    repo.check_trees(old, new, &|_| true)?;
    super::gate::accept(context, repo, old, new)
}

/// Nothing moved: what is to be decided first.
fn open(context: &Context, asked: &Asked, joined: &Joined) -> Result<Failure, Failure> {
    if !context.globals.dry_run {
        conflicts::remember(context, &asked.remote)?;
    }
    let fields: usize = joined.clashing.iter().map(|one| one.clashes.len()).sum();
    let names: Vec<&str> =
        joined.clashing.iter().map(|one| conflicts::id_of(&one.file.path)).take(5).collect();
    let problem = Problem::new(crate::model::Class::Conflict, "sync-open")
        .arg("count", fields)
        .arg("names", names.join(", "))
        .hint("sync-open-hint");
    Ok(problem.into())
}

/// What is wrong with the store now and was not before.
fn new_problems(context: &Context, story: &Story) -> Result<Vec<Finding>, Failure> {
    let store = context.store()?;
    let Some(before) = story.before else { return Ok(Vec::new()) };
    let user = context.globals.acting.clone().unwrap_or_default();
    let now = context.within(&store.root, &user)?;
    let (mut found, _) = check::of_work(&now, &[])?;
    found.retain(|finding| !finding.problem.warning);
    if found.is_empty() {
        return Ok(found);
    }
    // A disk that fails is no fault of a record.
    if let Some(failed) = found.iter().find(|finding| finding.problem.id == "io-error") {
        return Err(Failure::new(Exit::Error, failed.problem.clone()));
    }
    let key = |finding: &Finding| (finding.problem.path.clone(), finding.problem.id);
    let paths: BTreeSet<String> = found.iter().filter_map(|finding| finding.problem.path.clone()).collect();
    let tree = store.repo.tip_at_commit(before)?.tree;
    let old = check::of_tree(context, tree, &paths.into_iter().collect::<Vec<String>>())?;
    let known: BTreeSet<_> = old.iter().map(key).collect();
    found.retain(|finding| !known.contains(&key(finding)));
    Ok(found)
}

/// Says why the rules could not be looked at.
fn unchecked(context: &Context, failure: &Failure) {
    let why: Vec<String> = failure.problems.iter().map(|problem| context.locale.problem(problem)).collect();
    context.say("sync-unchecked", &[("why", &why.join("; "))]);
}

/// Longer each time, and not in step with the others.
fn pause(attempt: u32) {
    let mut byte = [0];
    let _ = getrandom::fill(&mut byte);
    let most = 20_u64 << attempt.min(6);
    std::thread::sleep(std::time::Duration::from_millis(5 + u64::from(byte[0]) * most / 256));
}

fn tell(context: &Context, asked: &Asked, story: &Story) -> Result<(), Failure> {
    let table = table(context, story)?;
    let is_plain = context.ui.format.is_none() && context.ui.output_file().is_none();
    if !(table.rows.is_empty() && is_plain) {
        context.ui.table(&table, Format::Table)?;
    }
    let count = |number: usize| number.to_string();
    let (came, went) = (count(story.came.len()), count(story.own.len()));
    let (merged, dropped) = (count(story.merged.len()), count(story.dropped.len()));
    let id = match (context.globals.dry_run, story.came.is_empty() && story.own.is_empty(), story.pushed) {
        (true, ..) => "sync-would",
        (false, true, _) => "sync-nothing",
        (false, false, true) => "sync-done",
        (false, false, false) if story.own.is_empty() => "sync-done",
        (false, false, false) => "sync-unpushed",
    };
    context.say(id, &[("remote", &asked.remote.name), ("came", &came), ("went", &went), ("merged", &merged)]);
    if !story.dropped.is_empty() {
        context.say("sync-dropped", &[("count", &dropped)]);
    }
    if !story.problems.is_empty() {
        context.say("sync-problems", &[("count", &count(story.problems.len()))]);
    }
    Ok(())
}

/// Commits that came and went, files that were merged, and what is wrong now.
fn table(context: &Context, story: &Story) -> Result<Table, Failure> {
    let repo = &context.store()?.repo;
    let columns = [
        ("what", ColumnType::Code),
        ("commit", ColumnType::Text),
        ("at", ColumnType::Instant),
        ("who", ColumnType::Text),
        ("text", ColumnType::Prose),
        ("path", ColumnType::Text),
        ("rule", ColumnType::Text),
        ("mend", ColumnType::Text),
    ];
    let columns = columns
        .map(|(name, ty)| Column::new(name, ty).labelled(context.text(&format!("field-sync-{name}"), &[])));
    let mut table = Table { title: context.text("title-sync", &[]), ..Table::new("sync", columns.to_vec()) };
    let what = |code: &str| Cell::Code {
        code: code.to_owned(),
        label: context.text(&format!("sync-what-{code}"), &[]),
    };
    let went = if story.pushed { "went" } else { "own" };
    for (code, ids) in [("came", &story.came), (went, &story.own), ("dropped", &story.dropped)] {
        // What would only be made has nothing to show yet.
        let ids: Vec<ObjectId> = ids.iter().copied().filter(|id| repo.tip_at_commit(*id).is_ok()).collect();
        for brief in repo.briefs(&ids)? {
            let at = chrono::FixedOffset::east_opt(brief.when.offset_minutes * 60).and_then(|offset| {
                Some(chrono::DateTime::from_timestamp(brief.when.seconds, 0)?.with_timezone(&offset))
            });
            table.rows.push(vec![
                what(code),
                Cell::text(brief.id.to_string()),
                at.map_or(Cell::Null, Cell::Instant),
                Cell::text(brief.author.name),
                Cell::text(brief.subject),
                Cell::Null,
                Cell::Null,
                Cell::Null,
            ]);
        }
    }
    let line = |code: &str, text: Cell, path: &str, rule: Cell, mend: Cell| {
        vec![what(code), Cell::Null, Cell::Null, Cell::Null, text, Cell::text(path), rule, mend]
    };
    for path in &story.merged {
        table.rows.push(line("merged", Cell::Null, path, Cell::Null, Cell::Null));
    }
    for Finding { problem, mend } in &story.problems {
        let mend = mend.as_ref().map_or(Cell::Null, Cell::text);
        let text = Cell::text(context.locale.problem(problem));
        let path = problem.path.as_deref().unwrap_or_default();
        table.rows.push(line("problem", text, path, Cell::text(problem.id), mend));
    }
    if story.problems.is_empty() {
        table.columns[6].audience = Audience::Data;
        table.columns[7].audience = Audience::Data;
    }
    Ok(table)
}
