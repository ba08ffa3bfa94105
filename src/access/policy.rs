//! What a state of the store says about who may do what: its settings, users, teams, roles and
//! pools, read from one tree. Nothing else is a policy, and a push is judged by the policy of the
//! state it builds on, never by what it brings.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map;
use std::rc::Rc;

use super::signature::Key;
use crate::model::record::{Doc, Kind, Value};
use crate::model::schema::Schema;
use crate::model::{Class, Problem};
use crate::rules::memory::Memory;
use crate::rules::{View, beyond};
use crate::store::{Entry, ObjectId, Repo, StoreError, document, settings};

/// The types that a policy holds all records of.
const HELD: &[&str] = &["user", "team", "role", "pool"];

/// The policy of one state.
#[derive(Debug)]
pub struct Policy {
    pub people: Memory,
    /// Whether commits are signed, linear, and judged.
    pub gate: bool,
    /// The only branch written to, where there is one.
    pub branch: Option<String>,
    /// The service user that signs for others.
    pub gateway: Option<String>,
    /// Files of people's own that an administrator may push.
    pub paths: Vec<glob::Pattern>,
    /// The version of the program below which nothing is judged.
    pub min_crm: Option<String>,
    keys: BTreeMap<Key, String>,
}

impl Policy {
    /// The types and settings.
    #[must_use]
    pub fn schema(&self) -> &Schema {
        self.people.schema()
    }

    /// The user to whom an active key belongs; a key of two users is nobody's.
    #[must_use]
    pub fn holder(&self, key: &Key) -> Option<&str> {
        self.keys.get(key).map(String::as_str).filter(|user| !user.is_empty())
    }

    /// Whether an administrator has a key that signs, and could mend what is wrong.
    #[must_use]
    pub fn mends(&self) -> bool {
        self.admins().any(|admin| self.keys.values().any(|holder| holder == admin.id()))
    }

    /// Keys that stand active in the records of two users.
    pub fn contested(&self) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(|(_, user)| user.is_empty()).map(|(key, _)| key)
    }

    /// A user.
    pub fn user(&self, id: &str) -> Result<Option<Doc>, Problem> {
        self.people.record("user", id)
    }

    /// The users who are there and may do everything.
    pub fn admins(&self) -> impl Iterator<Item = &Doc> {
        let admin = |user: &&Doc| {
            user.kind.name == "user"
                && user.state() == "active"
                && user.list("roles").any(
                    |role| matches!(self.people.record("role", role), Ok(Some(role)) if role.flag("admin")),
                )
        };
        self.people.docs().filter(admin)
    }

    fn read(repo: &Repo, tree: ObjectId) -> Result<Self, Unreadable> {
        let text = match repo.entry_at(tree, "crm.toml")? {
            Some(entry) if entry.is_plain() => repo.blob(entry.id)?,
            _ => {
                return Err(Problem::invalid("store-not-a-store")
                    .arg("path", "crm.toml")
                    .at("crm.toml", None)
                    .into());
            }
        };
        let text = String::from_utf8(text)
            .map_err(|_| Problem::new(Class::Denied, "gate-text").at("crm.toml", None))?;
        let schema = Schema::new(settings::parse(&text)?)?;
        let mut people = Memory::of(schema);
        for noun in HELD {
            let Some(kind) = people.schema().kind(noun) else { continue };
            let Some(folder) = repo.entry_at(tree, kind.folder)? else { continue };
            let odd = |path: &str| {
                Problem::new(Class::Denied, "gate-odd").arg("reason", "tree").at(path.to_owned(), None)
            };
            if !folder.is_folder() {
                return Err(odd(kind.folder).into());
            }
            // Listed to the letter: what git would not write says nothing.
            let files = repo.raw_changes(None, folder.id)?.map_err(|_| odd(kind.folder))?;
            for file in files {
                let name = String::from_utf8(file.path).map_err(|_| odd(kind.folder))?;
                let path = format!("{}/{name}", kind.folder);
                let Some(entry) = file.new.filter(Entry::is_plain) else {
                    return Err(odd(&path).into());
                };
                let doc = document::parse(people.schema(), &path, &repo.blob(entry.id)?)?.doc;
                people.put(doc);
            }
        }
        Self::of(people)
    }

    fn of(people: Memory) -> Result<Self, Unreadable> {
        let settings = &people.schema().settings;
        let text = |key: &str| settings.get(key).filter(|text| !text.is_empty()).map(str::to_owned);
        let mut paths = Vec::new();
        for pattern in settings.list("policy.paths") {
            let pattern = glob::Pattern::new(pattern);
            paths.push(pattern.map_err(|_| {
                Problem::invalid("bad-setting").arg("key", "policy.paths").at("crm.toml", None)
            })?);
        }
        let mut keys: BTreeMap<Key, String> = BTreeMap::new();
        for user in people.docs().filter(|doc| doc.kind.name == "user" && doc.state() == "active") {
            for key in active_keys(user) {
                let owner = keys.entry(key).or_insert_with(|| user.id().to_owned());
                if owner != user.id() {
                    owner.clear();
                }
            }
        }
        Ok(Self {
            gate: settings.flag("policy.gate"),
            branch: text("policy.branch"),
            gateway: text("policy.gateway"),
            min_crm: text("policy.min_crm"),
            paths,
            keys,
            people,
        })
    }
}

/// The keys of a user that may sign.
pub fn active_keys(user: &Doc) -> Vec<Key> {
    let active =
        user.rows("keys").iter().filter(|row| row.get("state").and_then(Value::as_text) != Some("revoked"));
    active.filter_map(|row| Key::parse(row.get("key").and_then(Value::as_text)?).ok()).collect()
}

/// Why a state says nothing: it cannot be understood, or the repository cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error("{0}")]
    Problem(Problem),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Problem> for Unreadable {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// Policies of a repository: most states have that of the one before.
#[derive(Debug, Default)]
pub struct Policies {
    known: RefCell<BTreeMap<String, Rc<Policy>>>,
}

impl Policies {
    /// The policy of a tree.
    pub fn at(&self, repo: &Repo, tree: ObjectId) -> Result<Rc<Policy>, Unreadable> {
        let mut name = String::new();
        for path in ["crm.toml", "users", "teams", "roles", "pools"] {
            let entry = repo.entry_at(tree, path)?;
            name.push_str(&entry.map_or_else(|| "-".to_owned(), |entry| entry.id.to_string()));
        }
        if let Some(policy) = self.known.borrow().get(&name) {
            return Ok(policy.clone());
        }
        let policy = Rc::new(Policy::read(repo, tree)?);
        self.known.borrow_mut().insert(name, policy.clone());
        Ok(policy)
    }
}

/// The records of a tree, looked up by their ids alone; people by all they hold.
pub struct TreeView<'a> {
    pub repo: &'a Repo,
    pub tree: ObjectId,
    pub policy: Rc<Policy>,
    slugs: Spelled,
}

/// By folder, the ids that are spelled alike in lower case.
type Spelled = RefCell<BTreeMap<&'static str, BTreeMap<String, Vec<String>>>>;

impl std::fmt::Debug for TreeView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("TreeView").field(&self.tree).finish()
    }
}

impl<'a> TreeView<'a> {
    /// The records of a tree whose policy is known.
    #[must_use]
    pub fn new(repo: &'a Repo, tree: ObjectId, policy: Rc<Policy>) -> Self {
        Self { repo, tree, policy, slugs: RefCell::default() }
    }

    /// The ids of a type that are spelled so in lower case: one file on some systems.
    fn spelled(&self, kind: &Kind, lower: &str) -> Result<Vec<String>, Problem> {
        let failed = |error: StoreError| Problem::new(Class::Invalid, "io-error").arg("reason", error);
        let Some(folder) = self.repo.entry_at(self.tree, kind.folder).map_err(failed)? else {
            return Ok(Vec::new());
        };
        let mut known = self.slugs.borrow_mut();
        let ids = match known.entry(kind.folder) {
            btree_map::Entry::Occupied(ids) => ids.into_mut(),
            btree_map::Entry::Vacant(empty) => {
                let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
                for file in self.repo.tree_files(folder.id).map_err(failed)? {
                    if let Some(id) = file.path.strip_suffix(".toml") {
                        ids.entry(id.to_lowercase()).or_default().push(id.to_owned());
                    }
                }
                empty.insert(ids)
            }
        };
        Ok(ids.get(lower).cloned().unwrap_or_default())
    }
}

impl View for TreeView<'_> {
    fn schema(&self) -> &Schema {
        self.policy.schema()
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        if HELD.contains(&kind.name) {
            return self.policy.people.get(kind, id);
        }
        let path = kind.path(id);
        let failed =
            |error: StoreError| Problem::new(Class::Invalid, "io-error").arg("reason", error).at(&path, None);
        let Some(entry) = self.repo.entry_at(self.tree, &path).map_err(failed)? else { return Ok(None) };
        let bytes = self.repo.blob(entry.id).map_err(failed)?;
        document::parse(self.schema(), &path, &bytes).map(|read| Some(read.doc))
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        if HELD.contains(&noun) {
            return self.policy.people.find(noun, field, value);
        }
        match self.schema().kind(noun).filter(|kind| field == "id_key" && kind.is_slug()) {
            Some(kind) => self.spelled(kind, value),
            None => Err(beyond()),
        }
    }

    /// Reads every file of the tree: only asked when something is removed.
    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        let failed = |error: StoreError| Problem::new(Class::Invalid, "io-error").arg("reason", error);
        let files = self.repo.tree_files(self.tree).map_err(failed)?;
        let named: Vec<(String, ObjectId)> = files
            .into_iter()
            .filter(|file| self.schema().kind_of_path(&file.path).is_some())
            .map(|f| (f.path, f.id))
            .collect();
        // An id may be quoted in several ways, and spelled with escapes in one.
        let holds = |_: &str, bytes: &[u8]| {
            let has = |text: &[u8]| bytes.windows(text.len().max(1)).any(|part| part == text);
            has(id.as_bytes()) || has(b"\\u") || has(b"\\U") || has(b"\\x")
        };
        let holding = self.repo.blobs_parallel(&named, holds).map_err(failed)?;
        let mut found = Vec::new();
        for ((path, blob), _) in named.iter().zip(holding).filter(|(_, holds)| *holds) {
            let Ok(read) = document::parse(self.schema(), path, &self.repo.blob(*blob).map_err(failed)?)
            else {
                continue;
            };
            for (field, target) in crate::draft::references(&read.doc) {
                if target == id {
                    found.push((read.doc.kind.name, read.doc.id().to_owned(), field));
                }
            }
        }
        Ok(found)
    }
}
