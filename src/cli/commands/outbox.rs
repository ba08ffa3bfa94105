//! `crm outbox run`: hands over the messages that are due, for cron.
//!
//! A batch is claimed in one commit before anything leaves, and what came of it is one commit more;
//! in between the send log tells how far each message had come. One run at a time in a clone, one
//! clone for a store where `[send] node` names it.

mod letter;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{DateTime, FixedOffset};
use clap::{ArgMatches, Command};

use super::super::args::{Words, named, option};
use super::super::change::random_id;
use super::super::context::{Context, Writing};
use super::super::environment::Environment;
use super::super::error::{Exit, Failure};
use super::super::fields::one;
use super::Standalone;
use super::codes::{self, Filled};
use super::list::print_chosen;
use super::trust::need_trust;
use crate::draft::outbox::{Claim, Fate, attempts, claim, settle};
use crate::formats::Format;
use crate::formats::display::display_lines;
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::record::{Doc, Type, Value};
use crate::outreach::mail::Mail;
use crate::outreach::send::{Means, Outcome, Parcel, Secrets, Way, way};
use crate::outreach::send_log::{Mark, SendLog};
use crate::table::{Audience, Cell, Column, ColumnType, Table};

/// Most messages that are claimed at once.
const BATCH: usize = 100;

/// Most texts of one run, unless `[send.sms] per_run` says otherwise: each costs money.
const TEXTS: u64 = 1000;

/// Most letters of a text, unless `[send.sms] max_length` says otherwise.
const LETTERS: u64 = 500;

/// `crm outbox run`.
pub const OUTBOX: Standalone = Standalone {
    name: "outbox",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        let run = named("run", "help-outbox-run", words).long_about(words.text("help-outbox-run-long"));
        command
            .subcommand_required(true)
            .subcommand(run.args([option("limit", "N", words), option("fields", "FIELD,…", words)]))
    },
    run: |context, matches| match matches.subcommand() {
        Some((_, matches)) => run(context, matches),
        None => Ok(Exit::Ok),
    },
};

/// A message and what became of it, for the answer.
struct Told {
    doc: Doc,
    status: String,
    error: String,
}

fn run(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let limit = match one(matches, "limit") {
        None => usize::MAX,
        Some(text) => {
            text.parse().map_err(|_| Problem::usage("bad-number").arg("value", text).field("limit"))?
        }
    };
    let store = context.store()?;
    let here = store.repo.config("crm.node");
    if let Some(node) = context.schema.settings.get("send.node")
        && here.as_deref() != Some(node)
    {
        context.say("outbox-elsewhere", &[("node", node), ("here", here.as_deref().unwrap_or("-"))]);
        return Ok(Exit::Ok);
    }
    if context.schema.settings.get("send.node").is_none() && store.repo.config("remote.origin.url").is_some()
    {
        // Every clone with a cron job of its own would send the same.
        context.say("outbox-no-node", &[]);
    }
    need_trust(context)?;
    if context.globals.dry_run {
        let due = due(context, BATCH.max(limit.min(100_000)), &BTreeSet::new(), &BTreeSet::new())?;
        let told =
            due.into_iter().map(|doc| Told { status: doc.state().to_owned(), error: String::new(), doc });
        context.say("dry-run", &[("count", "0")]);
        return tell(context, &told.collect::<Vec<_>>(), matches).map(|()| Exit::Ok);
    }
    let folder = store.repo.commondir().join("crm");
    fs::create_dir_all(&folder)?;
    let lock = File::options().create(true).append(true).open(folder.join("outbox.lock"))?;
    match lock.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            context.say("outbox-running", &[]);
            return Ok(Exit::Ok);
        }
        Err(TryLockError::Error(error)) => return Err(error.into()),
    }
    let mut desk = Desk::open(context, folder, here)?;
    desk.recover()?;
    let mut left = limit;
    while left > 0 {
        let found = due(context, BATCH.min(left), &desk.seen, &desk.shut)?;
        if found.is_empty() {
            break;
        }
        left -= found.len().min(left);
        desk.batch(found)?;
    }
    let told = std::mem::take(&mut desk.told);
    let lost: Vec<&String> = desk.reasons.values().collect();
    for why in &lost {
        context.ui.note(&format!("{}: {why}", context.text("word-warning", &[])));
    }
    let is_lost = !lost.is_empty();
    drop(lock);
    if told.is_empty() {
        context.say("outbox-nothing", &[]);
    }
    tell(context, &told, matches)?;
    let is_partial = told.iter().any(|one| matches!(one.status.as_str(), "failed" | "unknown"));
    Ok(match (is_lost, is_partial) {
        (true, _) => Exit::Remote,
        (false, true) => Exit::Partial,
        _ => Exit::Ok,
    })
}

/// The messages that are due, in the order of their time, without those seen and channels shut.
fn due(
    context: &Context,
    most: usize,
    seen: &BTreeSet<String>,
    shut: &BTreeSet<String>,
) -> Result<Vec<Doc>, Failure> {
    let mirror = context.mirror_of(&["message"])?;
    let sql = "select id, channel from messages where archived is not 1 \
        and (status = 'queued' or (status = 'unknown' and channel = 'email' and purpose <> 'marketing')) \
        and (send_at is null or julianday(send_at) <= julianday(?1)) \
        order by julianday(coalesce(send_at, created_at)), julianday(created_at), id";
    let answer = mirror.query(sql, &[SqlCell::text(context.now.to_rfc3339())])?;
    let store = context.store()?;
    let kind = store.schema().kind("message").ok_or_else(|| Problem::usage("unknown-noun"))?;
    let mut found = Vec::new();
    for row in &answer.rows {
        let (Some(id), Some(channel)) = (row[0].as_text(), row[1].as_text()) else { continue };
        if found.len() == most {
            break;
        }
        if !seen.contains(id) && !shut.contains(channel) {
            found.extend(store.read(kind, id)?);
        }
    }
    Ok(found)
}

/// One run at work.
struct Desk<'a> {
    context: &'a Context,
    log: SendLog,
    node: String,
    folder: PathBuf,
    ways: HashMap<String, Box<dyn Way>>,
    /// Texts that this run may still send.
    texts: u64,
    last: HashMap<String, Instant>,
    started: Instant,
    seen: BTreeSet<String>,
    /// Channels that nobody answers on, or that have no way out.
    shut: BTreeSet<String>,
    /// Why a channel is shut, where that is a failure.
    reasons: BTreeMap<String, String>,
    told: Vec<Told>,
}

impl<'a> Desk<'a> {
    fn open(context: &'a Context, folder: PathBuf, here: Option<String>) -> Result<Self, Failure> {
        let node = match here {
            Some(node) => node,
            None => own_name(&folder)?,
        };
        let log = SendLog::open(&folder.join("outbox.log"))?;
        let mut desk = Self {
            context,
            log,
            node,
            folder: folder.join("mail"),
            ways: HashMap::new(),
            texts: 0,
            last: HashMap::new(),
            started: Instant::now(),
            seen: BTreeSet::new(),
            shut: BTreeSet::new(),
            reasons: BTreeMap::new(),
            told: Vec::new(),
        };
        desk.texts = desk.means("sms").number("per_run")?.unwrap_or(TEXTS);
        Ok(desk)
    }

    fn means<'m>(&'m self, channel: &'m str) -> Means<'m> {
        let root = self.context.store().map_or(self.folder.as_path(), |store| store.root.as_path());
        Means { settings: &self.context.schema.settings, channel, root, folder: &self.folder }
    }

    /// The moment, however long the run has been at it.
    fn now(&self) -> DateTime<FixedOffset> {
        let spent = i64::try_from(self.started.elapsed().as_secs()).unwrap_or(0);
        self.context.now + chrono::TimeDelta::seconds(spent)
    }

    /// Settles what a crash left claimed by this clone.
    fn recover(&mut self) -> Result<(), Failure> {
        let mirror = self.context.mirror_of(&["message"])?;
        let answer =
            mirror.query("select id, claimed_by from messages where status = 'claimed' order by id", &[])?;
        drop(mirror);
        // The clone may have been given a name since.
        let old = fs::read_to_string(self.folder.with_file_name("node")).unwrap_or_default();
        let is_ours = |by: &str| {
            let node = by.rsplit_once('#').map_or(by, |(node, _)| node);
            node == self.node || node == old.trim()
        };
        let text = |row: &[SqlCell], at: usize| row[at].as_text().unwrap_or_default().to_owned();
        let ids: Vec<String> =
            answer.rows.iter().filter(|row| is_ours(&text(row, 1))).map(|row| text(row, 0)).collect();
        let marks = self.log.marks()?;
        if !ids.is_empty() {
            let fates: Vec<(String, Fate)> = ids
                .into_iter()
                .map(|id| {
                    let fate = match marks.get(&id) {
                        None => Fate::Untried,
                        Some(Mark::Begun) => Fate::Unknown(self.context.text("outbox-crashed", &[])),
                        Some(Mark::Ended(outcome)) => fate_of(outcome),
                    };
                    (id, fate)
                })
                .collect();
            self.settle("outbox recover", &fates)?;
        }
        Ok(self.log.clear()?)
    }

    /// Claims, hands over and writes down a batch.
    fn batch(&mut self, found: Vec<Doc>) -> Result<(), Failure> {
        let mut ready: Vec<Doc> = Vec::new();
        for doc in found {
            self.seen.insert(doc.id().to_owned());
            let channel = doc.text("channel").unwrap_or_default().to_owned();
            if self.open_way(&channel)? {
                ready.push(doc);
            }
        }
        let claimed = self.claim(&ready)?;
        let mut fates = Vec::new();
        for doc in &ready {
            match claimed.get(doc.id()) {
                Some(Claim::Mine) => {}
                Some(Claim::Declined) => {
                    self.tell(doc, "cancelled", "opted out");
                    continue;
                }
                _ => continue,
            }
            let fate = self.hand_over(doc)?;
            fates.push((doc.id().to_owned(), fate));
        }
        self.settle("outbox run", &fates)?;
        Ok(self.log.clear()?)
    }

    fn claim(&self, docs: &[Doc]) -> Result<HashMap<String, Claim>, Failure> {
        let mut claims = HashMap::new();
        let writing = Writing::default();
        self.context.change("outbox claim", &writing, &mut |draft, _| {
            claims.clear();
            for doc in docs {
                claims.insert(doc.id().to_owned(), claim(draft, doc.id(), &self.node)?);
            }
            Ok(())
        })?;
        Ok(claims)
    }

    fn settle(&mut self, op: &str, fates: &[(String, Fate)]) -> Result<(), Failure> {
        let at = self.now();
        let writing = Writing::default();
        let mut after: Vec<Doc> = Vec::new();
        self.context.change(op, &writing, &mut |draft, _| {
            after.clear();
            for (id, fate) in fates {
                settle(draft, id, fate, at)?;
                after.push(draft.need("message", id)?);
            }
            Ok(())
        })?;
        for (doc, (_, fate)) in after.into_iter().zip(fates) {
            if *fate != Fate::Untried {
                let (status, error) =
                    (doc.state().to_owned(), doc.text("error").unwrap_or_default().to_owned());
                self.told.push(Told { doc, status, error });
            }
        }
        Ok(())
    }

    fn tell(&mut self, doc: &Doc, status: &str, error: &str) {
        self.told.push(Told { doc: doc.clone(), status: status.to_owned(), error: error.to_owned() });
    }

    /// Whether there is a way out for a channel. Notices are told by the run itself.
    fn open_way(&mut self, channel: &str) -> Result<bool, Failure> {
        if self.shut.contains(channel) {
            return Ok(false);
        }
        if channel == "notice" || self.ways.contains_key(channel) {
            return Ok(true);
        }
        let made = way(self.means(channel), &Secrets { variable: &Environment::named })?;
        match made {
            Some(made) => {
                self.ways.insert(channel.to_owned(), made);
                Ok(true)
            }
            None => {
                self.shut(channel, None);
                self.context.say("outbox-no-way", &[("channel", channel)]);
                Ok(false)
            }
        }
    }

    fn shut(&mut self, channel: &str, why: Option<String>) {
        self.shut.insert(channel.to_owned());
        if let Some(why) = why {
            self.reasons.insert(channel.to_owned(), why);
        }
    }

    /// Hands one message over, with a line in the log before and after.
    fn hand_over(&mut self, doc: &Doc) -> Result<Fate, Failure> {
        let channel = doc.text("channel").unwrap_or_default();
        if self.shut.contains(channel) {
            return Ok(Fate::Untried);
        }
        if channel == "notice" {
            return Ok(Fate::Sent(None));
        }
        let filled = codes::filled(self.context, doc)?;
        let doc = match &filled {
            Filled::Plain => doc,
            Filled::Ready(ready, _) => ready.as_ref(),
            Filled::Gone => return Ok(Fate::Failed(self.context.text("outbox-code-gone", &[]))),
        };
        if channel == "sms" {
            let most = self.means("sms").number("max_length")?.unwrap_or(LETTERS);
            let long = doc.text("body").unwrap_or_default().chars().count();
            if u64::try_from(long).unwrap_or(u64::MAX) > most {
                return Ok(Fate::Failed(
                    self.context.text("outbox-too-long", &[("most", &most.to_string())]),
                ));
            }
            if self.texts == 0 {
                self.shut(channel, None);
                self.context.say("outbox-enough", &[]);
                return Ok(Fate::Untried);
            }
            self.texts -= 1;
        }
        let mail: Option<Mail> = if channel == "email" {
            match letter::mail(self.context, doc, self.now()) {
                Ok(mail) => Some(mail),
                Err(failure) => return Ok(Fate::Failed(letter::words(self.context, &failure))),
            }
        } else {
            None
        };
        self.pace(channel)?;
        let to: Vec<String> = doc.list("to").map(str::to_owned).collect();
        let text = doc.text("body").unwrap_or_default().trim_end();
        let parcel = Parcel { id: doc.id(), to: &to, text, mail: mail.as_ref() };
        let Some(way) = self.ways.get_mut(channel) else { return Ok(Fate::Untried) };
        let log = &mut self.log;
        let outcome = way.send(&parcel, &mut || log.begin(doc.id()));
        self.log.end(doc.id(), &outcome)?;
        if let Outcome::Unreached(why) = &outcome {
            self.shut(channel, Some(why.clone()));
        }
        if let (Filled::Ready(_, user), Outcome::Sent(_)) = (&filled, &outcome) {
            codes::handed_over(self.context, user, doc.id())?;
        }
        Ok(fate_of(&outcome))
    }

    /// Waits so that no more leave in a minute than the channel may send.
    fn pace(&mut self, channel: &str) -> Result<(), Failure> {
        let Some(most) = self.means(channel).number("per_minute")?.filter(|most| *most > 0) else {
            return Ok(());
        };
        let apart = Duration::from_secs_f64(60.0 / u32::try_from(most).map_or(1.0, f64::from));
        if let Some(last) = self.last.get(channel) {
            std::thread::sleep(apart.saturating_sub(last.elapsed()));
        }
        self.last.insert(channel.to_owned(), Instant::now());
        Ok(())
    }
}

fn fate_of(outcome: &Outcome) -> Fate {
    match outcome {
        Outcome::Sent(id) => Fate::Sent(id.clone()),
        Outcome::Refused(why) => Fate::Failed(why.clone()),
        Outcome::Later(why) | Outcome::Unreached(why) => Fate::Later(why.clone()),
        Outcome::Unknown(why) => Fate::Unknown(why.clone()),
    }
}

/// A name for this clone where nobody gave it one, the same ever after.
fn own_name(folder: &std::path::Path) -> Result<String, Failure> {
    let path = folder.join("node");
    if let Ok(there) = fs::read_to_string(&path)
        && !there.trim().is_empty()
    {
        return Ok(there.trim().to_owned());
    }
    let name = format!("clone-{}", random_id(None));
    fs::write(&path, format!("{name}\n"))?;
    Ok(name)
}

/// The messages with what became of them; notices are for reading.
fn tell(context: &Context, told: &[Told], matches: &ArgMatches) -> Result<(), Failure> {
    let format = context.ui.format(Format::Table);
    if told.is_empty() && format == Format::Table {
        return Ok(());
    }
    if format == Format::Table && context.ui.output_file().is_none() {
        let notices = told.iter().filter(|one| one.doc.text("channel") == Some("notice"));
        for one in notices {
            let part = |name: &str| one.doc.text(name).unwrap_or_default().trim_end().to_owned();
            let to = one.doc.list("to").collect::<Vec<_>>().join(", ");
            let lines = [format!("{to}: {}", part("subject")), part("body"), String::new()];
            context.ui.lines(lines.iter().map(|text| display_lines(text)))?;
        }
    }
    let columns = [
        ("id", ColumnType::Id),
        ("channel", ColumnType::Code),
        ("to", ColumnType::List),
        ("subject", ColumnType::Text),
        ("status", ColumnType::Code),
        ("attempts", ColumnType::Int),
        ("send_at", ColumnType::Instant),
        ("error", ColumnType::Text),
        ("body", ColumnType::Text),
    ];
    let kind = context.schema.kind("message");
    let labelled = columns.map(|(name, ty)| {
        let label = match kind.filter(|kind| kind.field(name).is_some()) {
            Some(kind) => context.locale.field(&context.schema, kind, name),
            None => context.locale.general(name),
        };
        Column::new(name, ty).labelled(label)
    });
    let mut table =
        Table { title: context.text("title-outbox", &[]), ..Table::new("outbox", labelled.to_vec()) };
    if let Some(body) = table.columns.last_mut() {
        body.audience = Audience::Data;
    }
    let code = |name: &str, code: &str| {
        let label = match kind.and_then(|kind| kind.field(name)).map(|field| field.ty) {
            Some(Type::Code(list)) => context.locale.code(&context.schema, list, code),
            _ => code.to_owned(),
        };
        Cell::Code { code: code.to_owned(), label }
    };
    for Told { doc, status, error } in told {
        let text = |name: &str| doc.text(name).map_or(Cell::Null, Cell::text);
        let send_at = match doc.get("send_at") {
            Some(Value::Instant(at)) if status == "queued" || status == "unknown" => Cell::Instant(*at),
            _ => Cell::Null,
        };
        table.rows.push(vec![
            Cell::text(doc.id()),
            code("channel", doc.text("channel").unwrap_or_default()),
            Cell::List(doc.list("to").map(Cell::text).collect()),
            text("subject"),
            code("status", status),
            Cell::Int(attempts(doc)),
            send_at,
            if error.is_empty() { Cell::Null } else { Cell::text(error) },
            text("body"),
        ]);
    }
    print_chosen(context, table, matches)
}
