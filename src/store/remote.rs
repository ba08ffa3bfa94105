//! The `git` program as the way to other repositories: it has the protocols and the user's own
//! credentials. It runs with a cleaned environment and without hooks; what it fetched is judged
//! elsewhere before anything is done with it. Deliberately absent: force.

use super::error::{Result, StoreError, git, io};
use super::{ObjectId, Repo};
use git2::Oid;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// How the way to other repositories is gone.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Whether a person can be asked for a password.
    pub attended: bool,
    /// Variables of the environment that could lead git elsewhere.
    pub cleared: Vec<String>,
    /// The program for ssh that the environment names.
    pub ssh: Option<String>,
    /// Whether it names one in a way that takes no options.
    pub ssh_is_fixed: bool,
}

/// How often a fetch waits for another one of the same clone.
const LOCKED: u32 = 5;

/// A branch of another repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// As git's configuration names it.
    pub name: String,
    pub branch: String,
}

impl Remote {
    /// The reference that remembers what was fetched.
    pub(super) fn tracking(&self) -> String {
        format!("refs/remotes/{}/{}", self.name, self.branch)
    }
}

/// How a push ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushed {
    Done,
    /// Offered on a branch of one's own, for a gatekeeper to take in.
    Offered,
    /// Somebody else was faster.
    Raced,
}

const SAFE: [&str; 8] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.ext.allow=never",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "core.fsync=all",
    "gc.auto=0",
    "maintenance.auto=false",
];

impl Network {
    /// The program, working in a folder.
    fn program(&self, dir: &Path, configured_ssh: Option<String>) -> Command {
        let mut command = Command::new("git");
        for name in &self.cleared {
            command.env_remove(name);
        }
        command.env("LC_ALL", "C").arg("-C").arg(dir);
        for setting in SAFE {
            command.args(["-c", setting]);
        }
        if !self.attended {
            command.env("GIT_TERMINAL_PROMPT", "0").env("SSH_ASKPASS_REQUIRE", "never");
            let ssh = self.ssh.clone().or(configured_ssh).unwrap_or_else(|| "ssh".to_owned());
            if !self.ssh_is_fixed && is_openssh(&ssh) {
                command.env("GIT_SSH_COMMAND", format!("{ssh} -o BatchMode=yes"));
            }
        }
        command.stdin(Stdio::null());
        command
    }
}

/// Whether a command line begins with OpenSSH's program, which knows our option.
fn is_openssh(line: &str) -> bool {
    let program = line.split_whitespace().next().unwrap_or_default();
    program == "ssh" || program.ends_with("/ssh")
}

/// Refuses what git could take for an option.
fn check_name(name: &str) -> Result<()> {
    if name.is_empty() || name.starts_with('-') {
        return Err(StoreError::BadRemote { name: name.to_owned() });
    }
    Ok(())
}

impl Repo {
    /// The remotes that git's configuration names.
    pub fn remotes(&self) -> Result<Vec<String>> {
        let names = self.git.remotes().map_err(git("read its remotes"))?;
        Ok(names.iter().filter_map(|name| name.ok().flatten().map(str::to_owned)).collect())
    }

    /// The branch elsewhere that the current one goes with: on the named remote, else its upstream's,
    /// else `origin`, else the only one. `None` where there is none.
    pub fn remote(&self, wanted: Option<&str>) -> Result<Option<Remote>> {
        let branch = self.branch()?;
        let known = self.remotes()?;
        let upstream = self.config(&format!("branch.{branch}.remote")).filter(|name| known.contains(name));
        let name = match wanted {
            Some(name) => {
                check_name(name)?;
                if !known.iter().any(|there| there == name) {
                    return Err(StoreError::NoSuchRemote { name: name.to_owned(), known });
                }
                name.to_owned()
            }
            None => match (&upstream, known.as_slice()) {
                (Some(name), _) => name.clone(),
                (None, all) if all.iter().any(|name| name == "origin") => "origin".to_owned(),
                (None, [only]) => only.clone(),
                (None, []) => return Ok(None),
                (None, _) => return Err(StoreError::SeveralRemotes { known }),
            },
        };
        check_name(&name)?;
        let merge =
            self.config(&format!("branch.{branch}.merge")).filter(|_| upstream.as_ref() == Some(&name));
        let there = merge.and_then(|full| full.strip_prefix("refs/heads/").map(str::to_owned));
        Ok(Some(Remote { name, branch: there.unwrap_or(branch) }))
    }

    /// The branch of a remote as it was fetched last.
    pub fn fetched(&self, remote: &Remote) -> Result<Option<ObjectId>> {
        Ok(self.read_reference(&remote.tracking())?.map(Into::into))
    }

    /// Brings the branch of a remote here and says where it stands; `None` where it has no such
    /// branch. Nothing of ours moves, and nothing is locked.
    pub fn fetch(&self, network: &Network, remote: &Remote) -> Result<Option<ObjectId>> {
        let refspec = format!("+refs/heads/{}:{}", remote.branch, remote.tracking());
        let mut command = self.network_program(network);
        command
            .args(["-c", "fetch.fsckObjects=true", "-c", "fetch.unpackLimit=20"])
            .args(["fetch", "--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head"])
            .args(["--", &remote.name, &refspec]);
        let mut output = run(&mut command)?;
        // Another fetch of this clone may be noting the same branch just now.
        for attempt in 1..=LOCKED {
            if output.status.success() || !words(&output).contains("cannot lock ref") {
                break;
            }
            std::thread::sleep(Duration::from_millis(20 << attempt));
            output = run(&mut command)?;
        }
        if output.status.success() {
            return self.fetched(remote);
        }
        if words(&output).contains("couldn't find remote ref") && !self.is_at(network, remote)? {
            return Ok(None);
        }
        Err(StoreError::RemoteFailed { remote: remote.name.clone(), why: reason(&output) })
    }

    /// Whether the remote has the branch.
    fn is_at(&self, network: &Network, remote: &Remote) -> Result<bool> {
        let mut command = self.network_program(network);
        let full = format!("refs/heads/{}", remote.branch);
        command.args(["ls-remote", "--quiet", "--", &remote.name, &full]);
        let output = run(&mut command)?;
        if !output.status.success() {
            return Err(StoreError::RemoteFailed { remote: remote.name.clone(), why: reason(&output) });
        }
        Ok(!output.stdout.is_empty())
    }

    /// Offers a commit as the new tip of the remote's branch, which must be behind it.
    pub fn push(&self, network: &Network, remote: &Remote, tip: ObjectId) -> Result<Pushed> {
        let inbox = self.inbox();
        let refspec = match &inbox {
            // What was offered before and not taken in is replaced: nobody else writes there.
            Some(branch) => format!("+{tip}:refs/heads/{branch}"),
            None => format!("{tip}:refs/heads/{}", remote.branch),
        };
        let mut command = self.network_program(network);
        command
            .args(["push", "--porcelain", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"])
            .args(["--", &remote.name, &refspec]);
        let output = run(&mut command)?;
        if output.status.success() && inbox.is_some() {
            return Ok(Pushed::Offered);
        }
        if output.status.success() {
            self.note_pushed(remote, tip)?;
            return Ok(Pushed::Done);
        }
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = told.lines().find(|line| line.starts_with('!')).unwrap_or_default();
        let raced =
            ["fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref"];
        if raced.iter().any(|words| line.contains(words)) || words(&output).contains("cannot lock ref") {
            return Ok(Pushed::Raced);
        }
        if line.contains("hook declined") {
            let why = said_there(&output).unwrap_or_else(|| "pre-receive".to_owned());
            return Err(StoreError::RemoteRefused { remote: remote.name.clone(), why });
        }
        let why = line.rsplit_once('\t').map(|(_, why)| why.to_owned());
        let why = why.unwrap_or_else(|| reason(&output));
        Err(StoreError::RemoteFailed { remote: remote.name.clone(), why })
    }

    /// What git would note after a push of the branch by name: where the remote stands, and that the
    /// branch goes with it.
    fn note_pushed(&self, remote: &Remote, tip: ObjectId) -> Result<()> {
        let tracking = remote.tracking();
        if self.read_reference(&tracking)? != Some(tip.into()) {
            let noted = self.git.reference(&tracking, tip.into(), true, "crm: pushed");
            noted.map_err(git("note what was pushed"))?;
        }
        let branch = self.branch()?;
        if self.config(&format!("branch.{branch}.remote")).is_none() {
            self.set_config(&format!("branch.{branch}.remote"), &remote.name)?;
            self.set_config(&format!("branch.{branch}.merge"), &format!("refs/heads/{}", remote.branch))?;
        }
        Ok(())
    }

    pub(super) fn network_program(&self, network: &Network) -> Command {
        network.program(&self.root, self.config("core.sshcommand"))
    }

    /// Copies another repository into a new folder; nothing is checked out yet.
    pub fn clone_bare_of_files(
        network: &Network,
        url: &str,
        target: &Path,
        branch: Option<&str>,
        here: &Path,
    ) -> Result<()> {
        check_name(url)?;
        let mut command = network.program(here, Repo::global_config("core.sshcommand"));
        command.args(["-c", "transfer.fsckObjects=true", "-c", "init.defaultRefFormat=files"]).args([
            "clone",
            "--quiet",
            "--no-checkout",
            "--no-tags",
            "--no-recurse-submodules",
        ]);
        if let Some(branch) = branch {
            command.arg(format!("--branch={branch}"));
        }
        let output = run(command.arg("--").arg(url).arg(target))?;
        if output.status.success() {
            return Ok(());
        }
        Err(StoreError::RemoteFailed { remote: url.to_owned(), why: reason(&output) })
    }

    /// The branches that a clone found, where the one that it was to stand on is not among them: the
    /// first branch of a repository is often not the one that its maker's git had in mind.
    pub fn branches_of(dir: &Path) -> Result<Vec<String>> {
        let repo = Repo::open_git(dir)?;
        if repo.tip()?.is_some() {
            return Ok(Vec::new());
        }
        let found = repo.git.references_glob("refs/remotes/origin/*").map_err(git("list the branches"))?;
        let name = |reference: git2::Reference<'_>| {
            Some(reference.name().ok()?.strip_prefix("refs/remotes/origin/")?.to_owned())
        };
        let names = found.filter_map(|reference| name(reference.ok()?));
        Ok(names.filter(|name| name != "HEAD").collect())
    }

    /// Writes the files of the last commit into a work tree that has none.
    pub fn check_out(&self, network: &Network) -> Result<()> {
        let mut command = self.network_program(network);
        let output = run(command.args(["reset", "--quiet", "--hard"]))?;
        if output.status.success() {
            return Ok(());
        }
        Err(StoreError::Git { doing: "check out the files", source: git2::Error::from_str(&reason(&output)) })
    }

    /// Whether a commit is another or comes before it.
    pub fn is_ancestor(&self, old: ObjectId, new: ObjectId) -> Result<bool> {
        let (old, new): (Oid, Oid) = (old.into(), new.into());
        if old == new {
            return Ok(true);
        }
        if !self.git.odb().map_err(git("open the object database"))?.exists(old) {
            return Ok(false);
        }
        self.git.graph_descendant_of(new, old).map_err(git("compare two commits"))
    }
}

pub(super) fn run(command: &mut Command) -> Result<Output> {
    command.output().map_err(io("git"))
}

pub(super) fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What the other side said in its own words.
fn said_there(output: &Output) -> Option<String> {
    let words = words(output);
    let lines: Vec<&str> = words
        .lines()
        .filter_map(|line| line.strip_prefix("remote:"))
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}

/// What went wrong, without git's advice.
pub(super) fn reason(output: &Output) -> String {
    let words = words(output);
    let is_advice = |line: &&str| {
        let line = line.trim();
        line.is_empty()
            || line.starts_with("hint:")
            || line.starts_with("Please make sure you have the correct access")
            || line.starts_with("and the repository exists")
    };
    let bare = |line: &str| -> String {
        let line = line.trim();
        let starts = ["fatal: ", "error: ", "remote: "];
        let told = starts.iter().find_map(|start| line.strip_prefix(start)).unwrap_or(line);
        told.trim_end_matches('.').to_owned()
    };
    let lines: Vec<String> = words.lines().filter(|line| !is_advice(line)).map(bare).collect();
    if lines.is_empty() { format!("git ended with {}", output.status) } else { lines.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_openssh_is_told_not_to_ask() {
        for (line, is) in [("ssh", true), ("/usr/bin/ssh -i key", true), ("plink -batch", false), ("", false)]
        {
            assert_eq!(is_openssh(line), is, "{line}");
        }
    }

    #[test]
    fn what_looks_like_an_option_is_no_remote() {
        for name in ["--upload-pack=touch x", "-x", ""] {
            assert!(matches!(check_name(name), Err(StoreError::BadRemote { .. })), "{name}");
        }
        assert!(check_name("origin").is_ok());
    }
}
