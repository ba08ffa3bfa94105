//! `[hooks]`: programs that see a change before it is committed, and may veto it.
//!
//! A hook is named by the commands it is for: `"order ship"` is that command, alone or as a line of a
//! batch; `"order *"` is every command of that noun, and every other commit that changes an order: an
//! import, an undo, a hand edit; `"*"` is every commit. It runs after the rules and before anything is
//! written, gets the change as JSON on its standard input, and refuses by ending with anything but 0.
//! No shell is involved, the environment is its own, and its time is limited. It holds the lock of the
//! store meanwhile, so a hook reads the store and does not change it. When another command came first
//! the change is made anew, and shown to the hooks anew.
//!
//! Those of `crm.toml` run only where this clone trusts them as they are written, and the programs of
//! theirs that lie in the store as they are. What is not trusted is neither run nor passed over: a team
//! relies on its veto, and a veto that silently does not happen is worse than a command that says what
//! to do first. Only `config` goes on without them, as it is what takes a bad hook out again.
//! Deliberately absent: hooks after a commit, which could fail without being able to refuse.

use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::{Map, Value as Json, json};

use super::commands::trust;
use super::context::Context;
use super::environment::Environment;
use super::error::{Exit, Failure};
use crate::draft::{Actor, ChangeSet, plain};
use crate::model::record::{Doc, Row, Value};
use crate::model::schema::Settings;
use crate::model::setting::patience;
use crate::model::{Class, Problem};
use crate::store::FileChange;

/// How long a hook may take where nothing is set, in seconds.
const PATIENCE: u64 = 30;

/// Most bytes of what a hook says that are kept.
const SAID: u64 = 4096;

/// A hook and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// `order ship`, `order *`, `*`.
    pub name: String,
    pub words: Vec<String>,
    /// Whether `crm.toml` names it.
    pub shared: bool,
}

/// What is about to be committed.
#[derive(Clone, Copy, Debug)]
pub struct Proposal<'a> {
    pub op: &'a str,
    pub set: &'a ChangeSet,
    pub files: &'a [FileChange],
    pub actor: &'a Actor,
    pub message: &'a str,
}

/// The hooks of a store, then those of the user.
pub fn all(settings: &Settings) -> Vec<Hook> {
    let of = |(key, words): (&str, &[String]), shared: bool| {
        let name = key.strip_prefix("hooks.").filter(|name| *name != "timeout")?.to_owned();
        Some(Hook { name, words: words.to_vec(), shared })
    };
    let shared = settings.written().filter_map(|written| of(written, true));
    shared.chain(settings.owned().filter_map(|written| of(written, false))).collect()
}

impl Context {
    /// Shows a change to the hooks that it concerns; the first that refuses decides.
    pub fn ask_hooks(&self, proposal: Proposal<'_>) -> Result<(), Failure> {
        let hooks = all(&self.schema.settings);
        if hooks.is_empty() || self.globals.dry_run {
            return Ok(());
        }
        let mut ops = self.parts.borrow().clone();
        ops.push(proposal.op.to_owned());
        let touched: Vec<&str> = proposal.set.changes.iter().map(|change| change.doc().kind.name).collect();
        let concerned: Vec<&Hook> =
            hooks.iter().filter(|hook| concerns(&hook.name, &ops, &touched)).collect();
        if concerned.iter().any(|hook| hook.shared) && !trust::trusts(self, "hooks.")? {
            if proposal.op.starts_with("config ") {
                return Ok(());
            }
            return Err(trust::refusal(self, "hooks."));
        }
        let input = match concerned.first() {
            Some(_) => self.shown(proposal, &ops).to_string(),
            None => return Ok(()),
        };
        for hook in concerned {
            self.run_hook(hook, &input)?;
        }
        Ok(())
    }

    fn run_hook(&self, hook: &Hook, input: &str) -> Result<(), Failure> {
        let root = self.root.clone().unwrap_or_default();
        let limit = self.schema.settings.get("hooks.timeout").and_then(patience).unwrap_or(PATIENCE);
        let refuse = |id: &'static str, reason: &str| {
            let problem = Problem::new(Class::Invalid, id).arg("hook", &hook.name).arg("reason", reason);
            Failure::new(Exit::Invalid, problem)
        };
        let Some((program, rest)) = hook.words.split_first() else { return Ok(()) };
        let mut command = Command::new(program_of(&root, program));
        command.args(rest).current_dir(&root).env_clear();
        for name in ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "TZ"] {
            if let Some(value) = Environment::named(name) {
                command.env(name, value);
            }
        }
        command.env("LANG", "C.UTF-8").env("CRM_DIR", &root).env("CRM_HOOK", &hook.name);
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).process_group(0);
        let mut child =
            command.spawn().map_err(|error| refuse("hook-failed", &format!("{program}: {error}")))?;
        let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
        let bytes = input.as_bytes().to_vec();
        // A program that does not read must not stop us.
        let writer = thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&bytes)));
        let reader = thread::spawn(move || {
            let mut said = Vec::new();
            let _ = stderr.map(|stderr| stderr.take(SAID).read_to_end(&mut said));
            String::from_utf8_lossy(&said).trim().to_owned()
        });
        let ended = wait(&mut child, Duration::from_secs(limit));
        let _ = writer.join();
        let said = reader.join().unwrap_or_default();
        match ended {
            Some(status) if status.success() => {
                for line in said.lines() {
                    self.ui.note(&format!("{}: {line}", hook.name));
                }
                Ok(())
            }
            Some(status) if said.is_empty() => Err(refuse("hook-refused", &format!("{program}: {status}"))),
            Some(_) => Err(refuse("hook-refused", &said)),
            None => Err(refuse("hook-slow", &limit.to_string())),
        }
    }

    /// The change as the hooks see it.
    fn shown(&self, proposal: Proposal<'_>, ops: &[String]) -> Json {
        let records = proposal.set.changes.iter().map(|change| {
            let doc = change.doc();
            json!({
                "type": doc.kind.name,
                "id": doc.id(),
                "path": doc.path(),
                "before": change.old.as_ref().map(record),
                "after": change.new.as_ref().map(record),
            })
        });
        let actor = proposal.actor;
        json!({
            "command": proposal.op,
            "commands": ops,
            "actor": {"id": actor.id, "name": actor.name, "email": actor.email},
            "at": self.now.to_rfc3339(),
            "message": proposal.message,
            "records": records.collect::<Vec<Json>>(),
            "files": proposal.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(),
        })
    }
}

/// Whether a hook of this name is for these commands or records.
fn concerns(name: &str, ops: &[String], touched: &[&str]) -> bool {
    match name.strip_suffix('*').map(str::trim_end) {
        Some("") => true,
        Some(noun) => touched.contains(&noun) || ops.iter().any(|op| op.split(' ').next() == Some(noun)),
        None => ops.iter().any(|op| op == name),
    }
}

/// A program with a path counts from the store; one without is looked for on `PATH`.
fn program_of(root: &Path, program: &str) -> PathBuf {
    if program.contains('/') { root.join(program) } else { PathBuf::from(program) }
}

/// The file of a hook's program, where that lies in the store and so comes with it.
pub fn in_store(root: &Path, hook: &Hook) -> Option<PathBuf> {
    let program = hook.words.first().filter(|program| program.contains('/'))?;
    let path = fs::canonicalize(root.join(program)).unwrap_or_else(|_| root.join(program));
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    path.starts_with(root).then_some(path)
}

/// The end of a hook; when its time is over it is stopped with all that it started.
fn wait(child: &mut Child, patience: Duration) -> Option<ExitStatus> {
    let until = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(2)),
            _ => {
                let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
                if let Some(group) = group {
                    let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
                }
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}

/// A record as JSON: every written field by its name, decimals and days as text.
pub fn record(doc: &Doc) -> Json {
    let mut object = Map::new();
    for field in doc.kind.all() {
        if let Some(value) = doc.get(field.name) {
            object.insert(field.name.to_owned(), of_value(value));
        }
    }
    if !doc.history.is_empty() {
        let moves = doc.history.iter().map(|moved| {
            json!({
                "at": moved.at.to_rfc3339(), "by": moved.by, "field": moved.field,
                "from": moved.from, "to": moved.to, "reason": moved.reason,
            })
        });
        object.insert("history".to_owned(), moves.collect());
    }
    Json::Object(object)
}

fn of_value(value: &Value) -> Json {
    match value {
        Value::Bool(flag) => json!(flag),
        Value::Int(int) => json!(int),
        Value::List(values) => values.iter().map(of_value).collect(),
        Value::Rows(rows) => rows.iter().map(of_row).collect(),
        Value::Instant(at) => json!(at.to_rfc3339()),
        other => json!(plain(other)),
    }
}

fn of_row(row: &Row) -> Json {
    row.iter().map(|(name, value)| ((*name).to_owned(), of_value(value))).collect::<Map<_, _>>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_is_for_the_commands_and_records_that_its_name_says() {
        let ops = |ops: &[&str]| ops.iter().map(|op| (*op).to_owned()).collect::<Vec<String>>();
        for (name, done, touched, expected) in [
            ("order ship", &["order ship"][..], &["shipment"][..], true),
            ("order ship", &["order ship", "batch"], &[], true),
            ("order ship", &["order confirm"], &["order"], false),
            ("order ship", &["undo order ship"], &["shipment"], false),
            ("undo order ship", &["undo order ship"], &["shipment"], true),
            ("order *", &["order set"], &["order"], true),
            ("order *", &["import order"], &["order"], true),
            ("order *", &["order ship"], &["shipment"], true),
            ("order *", &["customer set"], &["customer"], false),
            ("*", &["config set"], &[], true),
        ] {
            assert_eq!(concerns(name, &ops(done), touched), expected, "{name} {done:?}");
        }
    }
}
