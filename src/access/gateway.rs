//! A store that belongs to one account of the machine, which many people reach through it: by `sudo`,
//! or by an ssh key that may run nothing else. Who somebody is follows from how they came in, never
//! from what they say.
//!
//! Whether an account is such a gateway stands in its own configuration, at the place that the list of
//! accounts gives, whatever the environment says. The account must stand in that list itself: no
//! service of names that is down, or answers for somebody else, may switch the gateway off.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::vault::is_private;
use super::{Result, disk};
use crate::model::{Class, Problem};

/// The list of accounts of the machine.
const ACCOUNTS: &str = "/etc/passwd";

/// An account of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OsAccount {
    pub name: String,
    pub uid: u32,
    pub home: PathBuf,
}

/// What makes an account a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// The account that the store belongs to.
    pub owner: OsAccount,
    /// The one store that is reached through it.
    pub store: PathBuf,
    /// Users of accounts that are called otherwise.
    pub users: BTreeMap<String, String>,
}

/// How somebody came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visit {
    /// Through the account: this user, with these words, and nothing of the account's own.
    Guest { user: String, words: Vec<String> },
    /// The account itself acts for a user, as from cron.
    Owner { user: String, words: Vec<String> },
    /// The account itself, for nobody.
    Nobody,
}

/// The account of a number in a list.
fn account_in(list: &str, uid: u32) -> Option<OsAccount> {
    list.lines().find_map(|line| {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, number, _, _, home, ..] = fields.as_slice() else { return None };
        (number.parse() == Ok(uid)).then(|| OsAccount {
            name: (*name).to_owned(),
            uid,
            home: PathBuf::from(*home),
        })
    })
}

/// The account of a number: of this machine, else of the service of names that it asks.
fn account(uid: u32) -> Option<OsAccount> {
    let list = fs::read_to_string(ACCOUNTS).unwrap_or_default();
    account_in(&list, uid).or_else(|| {
        let mut ask = Command::new("/usr/bin/getent");
        ask.args(["passwd", &uid.to_string()]).env_clear().stdin(Stdio::null());
        let output = ask.output().ok().filter(|output| output.status.success())?;
        account_in(&String::from_utf8_lossy(&output.stdout), uid)
    })
}

/// The gateway that the acting account is; `None` where it is none.
///
/// # Errors
/// `gateway-broken`: it says that it is one, and not in a way that can be relied on.
pub fn here() -> Result<Option<Gateway>> {
    let uid = rustix::process::geteuid().as_raw();
    let list = fs::read_to_string(ACCOUNTS).unwrap_or_default();
    let Some(owner) = account_in(&list, uid) else { return Ok(None) };
    of(owner)
}

fn of(owner: OsAccount) -> Result<Option<Gateway>> {
    let path = owner.home.join(".config").join("crm").join("config.toml");
    let Ok(found) = fs::metadata(&path) else { return Ok(None) };
    let text = fs::read_to_string(&path).map_err(disk(&path))?;
    let broken = |why: &str| {
        let problem = Problem::new(Class::Denied, "gateway-broken").arg("path", path.display());
        problem.arg("reason", why).hint("gateway-broken-hint")
    };
    let Ok(table) = text.parse::<toml::Table>() else {
        // Where it cannot be read it might say so.
        return if text.contains("gateway") { Err(broken("toml").into()) } else { Ok(None) };
    };
    let Some(section) = table.get("gateway").and_then(toml::Value::as_table) else { return Ok(None) };
    match section.get("on").and_then(toml::Value::as_bool) {
        Some(true) => {}
        Some(false) => return Ok(None),
        None => return Err(broken("on").into()),
    }
    if found.mode() & 0o022 != 0 || (found.uid() != owner.uid && found.uid() != 0) {
        return Err(broken("others may write it").into());
    }
    let store = section.get("store").and_then(toml::Value::as_str).map(PathBuf::from);
    let store = store.filter(|path| path.is_absolute()).ok_or_else(|| broken("store"))?;
    let mut users = BTreeMap::new();
    if let Some(named) = section.get("users") {
        for (name, user) in named.as_table().ok_or_else(|| broken("users"))? {
            users.insert(name.clone(), user.as_str().ok_or_else(|| broken("users"))?.to_owned());
        }
    }
    Ok(Some(Gateway { owner, store, users }))
}

/// Words as a shell splits them.
pub type Split = fn(&str) -> Option<Vec<String>>;

impl Gateway {
    /// Who came in, by what `sudo` and `sshd` say and not by what the caller does.
    ///
    /// # Errors
    /// `gateway-not-yours`, `gateway-nothing`, `gateway-unknown`, `unbalanced-quotes`.
    pub fn visit(
        &self,
        arguments: &[String],
        sudo_uid: Option<&str>,
        ssh_command: Option<&str>,
        split: Split,
    ) -> std::result::Result<Visit, Problem> {
        self.visit_by(arguments, sudo_uid, ssh_command, split, &account)
    }

    fn visit_by(
        &self,
        arguments: &[String],
        sudo_uid: Option<&str>,
        ssh_command: Option<&str>,
        split: Split,
        account: &dyn Fn(u32) -> Option<OsAccount>,
    ) -> std::result::Result<Visit, Problem> {
        let named = arguments.first().is_some_and(|word| word == "gateway");
        if let Some(uid) = sudo_uid {
            if named {
                // Whoever comes by `sudo` would choose somebody to be.
                return Err(Problem::new(Class::Denied, "gateway-not-yours"));
            }
            let found = uid.parse().ok().and_then(account);
            let found =
                found.ok_or_else(|| Problem::new(Class::Denied, "gateway-unknown").arg("value", uid))?;
            let user = self.users.get(&found.name).unwrap_or(&found.name).clone();
            return Ok(Visit::Guest { user, words: arguments.to_vec() });
        }
        if !named {
            return Ok(match ssh_command {
                // A key whose line in authorized_keys names no user.
                Some(_) => return Err(Problem::new(Class::Denied, "gateway-not-yours")),
                None => Visit::Nobody,
            });
        }
        let nothing = || Problem::usage("gateway-nothing").hint("gateway-nothing-hint");
        let user = arguments.get(1).filter(|user| !user.starts_with('-')).ok_or_else(nothing)?.clone();
        if let Some(line) = ssh_command {
            let mut words =
                split(line).ok_or_else(|| Problem::usage("unbalanced-quotes").arg("value", line))?;
            if words.first().is_some_and(|word| word == "crm") {
                words.remove(0);
            }
            return if words.is_empty() { Err(nothing()) } else { Ok(Visit::Guest { user, words }) };
        }
        let words = arguments[2..].to_vec();
        if words.is_empty() { Err(nothing()) } else { Ok(Visit::Owner { user, words }) }
    }

    /// Refuses a store that does not belong to the account alone: people could pass by the gateway.
    pub fn is_closed(&self) -> Result<()> {
        let found = fs::symlink_metadata(&self.store).map_err(disk(&self.store))?;
        if found.is_dir() && found.uid() == self.owner.uid && is_private(&found) {
            return Ok(());
        }
        let problem = Problem::new(Class::Denied, "gateway-open").arg("path", self.store.display());
        Err(problem.arg("account", &self.owner.name).hint("gateway-open-hint").into())
    }

    /// The environment of a guest: what the account and the machine give, and of the caller's only
    /// what says how an answer looks.
    pub fn environment(&self, caller: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        const KEPT: &[&str] = &[
            "CRM_FORMAT",
            "CRM_LANG",
            "CRM_TZ",
            "CRM_ERRORS",
            "CRM_NO_INPUT",
            "CRM_LOCK_TIMEOUT",
            "NO_COLOR",
            "CLICOLOR",
            "CLICOLOR_FORCE",
            "TERM",
            "SUDO_UID",
            "SSH_CONNECTION",
            "SSH_ORIGINAL_COMMAND",
        ];
        let mut made: BTreeMap<String, String> =
            KEPT.iter().filter_map(|name| Some(((*name).to_owned(), caller.get(*name)?.clone()))).collect();
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-._+".contains(c));
        // The name of a terminal is a path to its description.
        if made.get("TERM").is_some_and(|term| !plain(term)) {
            made.remove("TERM");
        }
        let home = self.owner.home.to_string_lossy().into_owned();
        for (name, value) in [
            ("HOME", home.as_str()),
            ("USER", &self.owner.name),
            ("LOGNAME", &self.owner.name),
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
        ] {
            made.insert(name.to_owned(), value.to_owned());
        }
        made
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::super::AccessError;
    use super::*;

    fn gateway() -> Gateway {
        Gateway {
            owner: OsAccount { name: "crm".to_owned(), uid: 990, home: PathBuf::from("/srv/crm") },
            store: PathBuf::from("/srv/crm/store"),
            users: [("lina".to_owned(), "li.na".to_owned())].into(),
        }
    }

    fn known(uid: u32) -> Option<OsAccount> {
        let list = "root:x:0:0:root:/root:/bin/sh\nlina:x:1001:1001::/home/lina:/bin/sh\n\
                    wu.fang:x:1002:1002::/home/wu:/bin/sh\nodd line\n";
        account_in(list, uid)
    }

    fn visit(line: &str, sudo: Option<&str>, ssh: Option<&str>) -> std::result::Result<Visit, &'static str> {
        let split = |text: &str| {
            let words: Vec<String> =
                text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
            (!text.contains('\'')).then_some(words)
        };
        let words = split(line).expect("words");
        gateway().visit_by(&words, sudo, ssh, split, &known).map_err(|problem| problem.id)
    }

    fn guest(user: &str, words: &[&str]) -> std::result::Result<Visit, &'static str> {
        let words = words.iter().map(|word| (*word).to_owned()).collect();
        Ok(Visit::Guest { user: user.to_owned(), words })
    }

    #[test]
    fn who_comes_by_sudo_is_the_account_that_called() {
        assert_eq!(visit("status", Some("1002"), None), guest("wu.fang", &["status"]));
        assert_eq!(visit("status", Some("1001"), None), guest("li.na", &["status"]), "mapped");
        assert_eq!(visit("status", Some("1099"), None), Err("gateway-unknown"));
        assert_eq!(visit("status", Some("x"), None), Err("gateway-unknown"));
        // Also one that would like to be somebody else.
        assert_eq!(visit("gateway li.na status", Some("1002"), None), Err("gateway-not-yours"));
        assert_eq!(visit("gateway li.na", Some("1002"), Some("status")), Err("gateway-not-yours"));
        assert_eq!(visit("status", Some("1002"), Some("status --as x")), guest("wu.fang", &["status"]));
    }

    #[test]
    fn who_comes_by_a_key_is_whom_its_line_names() {
        let ssh = |line: &str| visit("gateway li.na", None, Some(line));
        assert_eq!(ssh("customer list"), guest("li.na", &["customer", "list"]));
        assert_eq!(ssh("crm status"), guest("li.na", &["status"]));
        assert_eq!(ssh("gateway boss status"), guest("li.na", &["gateway", "boss", "status"]));
        assert_eq!(ssh(" "), Err("gateway-nothing"));
        assert_eq!(ssh("it's"), Err("unbalanced-quotes"));
        assert_eq!(visit("gateway li.na", None, None), Err("gateway-nothing"));
        assert_eq!(visit("status", None, Some("status")), Err("gateway-not-yours"));
        // Words of the line in authorized_keys cannot be changed by the caller, and do not count.
        assert_eq!(visit("gateway li.na status", None, Some("log")), guest("li.na", &["log"]));
    }

    #[test]
    fn the_account_itself_says_for_whom_it_acts() {
        let owner =
            Visit::Owner { user: "robot".to_owned(), words: vec!["outbox".to_owned(), "run".to_owned()] };
        assert_eq!(visit("gateway robot outbox run", None, None), Ok(owner));
        assert_eq!(visit("status", None, None), Ok(Visit::Nobody));
        assert_eq!(visit("gateway", None, None), Err("gateway-nothing"));
        assert_eq!(visit("gateway --help", None, None), Err("gateway-nothing"));
    }

    #[test]
    fn an_account_is_a_gateway_where_its_own_configuration_says_so() {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let owner = OsAccount {
            name: "crm".to_owned(),
            uid: rustix::process::geteuid().as_raw(),
            home: dir.path().to_owned(),
        };
        let folder = dir.path().join(".config/crm");
        fs::create_dir_all(&folder).expect("a folder");
        let path = folder.join("config.toml");
        let read = |text: &str| {
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("private");
            match of(owner.clone()) {
                Ok(found) => found.map_or("off", |_| "on"),
                Err(AccessError::Refused(problem)) => problem.id,
                Err(error) => panic!("{error:?}"),
            }
        };
        assert_eq!(of(owner.clone()).expect("readable"), None);
        for (text, state) in [
            ("", "off"),
            ("[gateway]\non = false\n", "off"),
            ("[gateway]\non = true\nstore = \"/srv/crm\"\n", "on"),
            ("[gateway]\non = true\n", "gateway-broken"),
            ("[gateway]\non = true\nstore = \"srv\"\n", "gateway-broken"),
            ("[gateway]\non = \"true\"\nstore = \"/srv\"\n", "gateway-broken"),
            ("[gateway]\non = true\nstore = \"/srv\"\nusers = 1\n", "gateway-broken"),
            ("[gateway\non = true", "gateway-broken"),
            ("[other\n", "off"),
        ] {
            assert_eq!(read(text), state, "{text}");
        }
        read("[gateway]\non = true\nstore = \"/srv/crm\"\n[gateway.users]\nlina = \"li.na\"\n");
        let found = of(owner.clone()).expect("readable").expect("a gateway");
        assert_eq!(found.users.get("lina").map(String::as_str), Some("li.na"));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("opened");
        assert!(of(owner).is_err(), "others may write it");
    }

    #[test]
    fn a_guest_brings_nothing_but_how_an_answer_looks() {
        let caller: BTreeMap<String, String> = [
            ("HOME", "/home/lina"),
            ("XDG_CONFIG_HOME", "/home/lina/x"),
            ("PATH", "/home/lina/bin"),
            ("CRM_USER", "boss"),
            ("CRM_DIR", "/home/lina/store"),
            ("CRM_CONFIG", "/home/lina/c"),
            ("CRM_NOW", "2020-01-01T00:00:00Z"),
            ("CRM_PAGER", "sh"),
            ("CRM_TOKEN_FILE", "/x"),
            ("EDITOR", "sh"),
            ("GIT_SSH_COMMAND", "sh"),
            ("LD_PRELOAD", "/home/lina/x.so"),
            ("TERM", "../../x"),
            ("CRM_FORMAT", "json"),
            ("SUDO_UID", "1001"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        let made = gateway().environment(&caller);
        let texts: Vec<String> = made.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(
            texts,
            [
                "CRM_FORMAT=json",
                "HOME=/srv/crm",
                "LOGNAME=crm",
                "PATH=/usr/local/bin:/usr/bin:/bin",
                "SUDO_UID=1001",
                "USER=crm"
            ]
        );
        assert_eq!(gateway().environment(&made), made, "made once");
    }
}
