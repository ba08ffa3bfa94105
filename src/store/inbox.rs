//! The way in where the shared repository runs no hook of ours: people offer their commits on a
//! branch of their own below `inbox/`, and a gatekeeper, who alone may write the shared branch,
//! moves it and takes the offer away.

use super::error::{Result, StoreError, git};
use super::remote::{Network, Pushed, Remote, reason, run, words};
use super::{ObjectId, Repo};

/// Where offers lie in the gatekeeper's clone.
const OFFERS: &str = "refs/crm/inbox/";

impl Repo {
    /// The branch on which own commits are offered, where `crm.inbox` of git's configuration names
    /// one: below `inbox/`, and nowhere else.
    #[must_use]
    pub fn inbox(&self) -> Option<String> {
        let named = self.config("crm.inbox")?;
        let name = named.trim().trim_start_matches("refs/heads/").trim_start_matches("inbox/").to_owned();
        Some(format!("inbox/{name}")).filter(|_| !name.is_empty())
    }

    /// Fetches every offer: the name below `inbox/` and the last commit, in the order of names.
    pub fn fetch_inbox(&self, network: &Network, remote: &Remote) -> Result<Vec<(String, ObjectId)>> {
        let refspec = format!("+refs/heads/inbox/*:{OFFERS}*");
        let mut command = self.network_program(network);
        command
            .args(["-c", "fetch.fsckObjects=true", "-c", "fetch.unpackLimit=20"])
            .args([
                "fetch",
                "--quiet",
                "--no-tags",
                "--prune",
                "--no-recurse-submodules",
                "--no-write-fetch-head",
            ])
            .args(["--", &remote.name, &refspec]);
        let output = run(&mut command)?;
        if !output.status.success() {
            return Err(StoreError::RemoteFailed { remote: remote.name.clone(), why: reason(&output) });
        }
        let failed = git("read the offers");
        let read = || -> std::result::Result<Vec<(String, ObjectId)>, git2::Error> {
            let mut offers = Vec::new();
            for reference in self.git.references_glob(&format!("{OFFERS}*"))? {
                let reference = reference?;
                let (Ok(name), Some(id)) = (reference.name(), reference.target()) else { continue };
                offers.extend(name.strip_prefix(OFFERS).map(|name| (name.to_owned(), id.into())));
            }
            offers.sort();
            Ok(offers)
        };
        read().map_err(failed)
    }

    /// Moves the shared branch to an offer and takes the offer away, both or neither.
    pub fn take_in(&self, network: &Network, remote: &Remote, name: &str, tip: ObjectId) -> Result<Pushed> {
        let moved = format!("{tip}:refs/heads/{}", remote.branch);
        // Only what was judged is taken away: who offers more meanwhile keeps it.
        let lease = format!("--force-with-lease=refs/heads/inbox/{name}:{tip}");
        let mut command = self.network_program(network);
        command.args(["push", "--porcelain", "--atomic", "--no-verify", "--no-follow-tags", &lease]).args([
            "--",
            &remote.name,
            &moved,
            &format!(":refs/heads/inbox/{name}"),
        ]);
        let output = run(&mut command)?;
        if output.status.success() {
            return Ok(Pushed::Done);
        }
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let raced =
            ["fetch first", "non-fast-forward", "stale info", "cannot lock ref", "failed to update ref"];
        if raced.iter().any(|part| told.contains(part) || words(&output).contains(part)) {
            return Ok(Pushed::Raced);
        }
        Err(StoreError::RemoteFailed { remote: remote.name.clone(), why: reason(&output) })
    }
}
