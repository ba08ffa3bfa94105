//! Which trees of others may come in: plain files of sane names and sizes, and nothing that could
//! make git or us run or write something elsewhere. Who signed, and whether they may, is judged by
//! others. Deliberately absent: what stands in a file.

use super::error::{Result, StoreError, git};
use super::trees;
use super::worktree::{MAX_FILE, check_path};
use super::{ObjectId, Repo};
use git2::{Odb, Oid, Repository, Sort};
use rayon::prelude::*;

/// So many commits are worth another thread.
const SHARE: usize = 128;

/// What git reads from the files themselves.
const ATTRIBUTES: &str = ".gitattributes";

/// The line that a store's attributes keep.
const RECORDS: &str = "*.toml text eol=lf merge=crm diff=crm";

/// Attributes that make git run a program of the configuration, or change bytes on their way.
const DELICATE: [&str; 4] = ["filter", "ident", "working-tree-encoding", "export-subst"];

impl Repo {
    /// Refuses history with a commit that holds what must not come in. Each commit after `old` is
    /// looked at; where there is no `old`, all that the last one holds.
    pub fn check_trees(
        &self,
        old: Option<ObjectId>,
        new: ObjectId,
        may_stand: &(dyn Fn(&str) -> bool + Sync),
    ) -> Result<()> {
        let Some(old) = old else {
            let odb = self.git.odb().map_err(git("open the object database"))?;
            let tree = self.tip_at(new.into())?.tree;
            return check_one(&odb, new.into(), None, tree.into(), may_stand);
        };
        let commits = self.between(old.into(), new.into())?;
        let check = |repo: &Repository, share: &[Oid]| -> Result<()> {
            let odb = repo.odb().map_err(git("open the object database"))?;
            for id in share {
                let commit = repo.find_commit(*id).map_err(git("read a commit"))?;
                let before = match commit.parent_count() {
                    0 => None,
                    _ => Some(commit.parent(0).map_err(git("read a commit"))?.tree_id()),
                };
                check_one(&odb, *id, before, commit.tree_id(), may_stand)?;
            }
            Ok(())
        };
        if commits.len() < SHARE {
            return check(&self.git, &commits);
        }
        let opener = self.opener();
        commits.par_chunks(SHARE).try_for_each(|share| check(&opener.open()?, share))
    }

    /// Refuses a tree that is to be committed, for the same reasons.
    pub fn check_tree(
        &self,
        before: Option<ObjectId>,
        tree: ObjectId,
        may_stand: &dyn Fn(&str) -> bool,
    ) -> Result<()> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        check_one(&odb, Oid::ZERO_SHA1, before.map(Into::into), tree.into(), may_stand)
    }

    /// The commits that are in `new` and not in `old`, oldest first.
    pub(super) fn between(&self, old: Oid, new: Oid) -> Result<Vec<Oid>> {
        let mut walk = self.git.revwalk().map_err(git("walk the history"))?;
        let prepared = walk
            .set_sorting(Sort::TOPOLOGICAL | Sort::REVERSE)
            .and_then(|()| walk.push(new))
            .and_then(|()| walk.hide(old));
        prepared.map_err(git("walk the history"))?;
        walk.map(|id| id.map_err(git("walk the history"))).collect()
    }
}

fn check_one(
    odb: &Odb<'_>,
    commit: Oid,
    before: Option<Oid>,
    tree: Oid,
    may_stand: &dyn Fn(&str) -> bool,
) -> Result<()> {
    check_names(odb, commit, before, tree)?;
    let mut wrong: Option<(String, &'static str)> = None;
    let mut attributes = None;
    trees::diff(odb, before, Some(tree), "", &mut |path, _, new| {
        let Some((id, mode)) = new.filter(|_| wrong.is_none()) else { return };
        let what = match mode {
            0o120_000 => Some("link"),
            0o160_000 => Some("submodule"),
            trees::FILE => name_of(&path, may_stand),
            mode if trees::is_file(mode) => Some("mode"),
            _ => Some("kind"),
        };
        let is_large = || odb.read_header(id).map_or(true, |(size, _)| size as u64 > MAX_FILE);
        if path == ATTRIBUTES {
            attributes = Some(id);
        }
        if let Some(what) = what.or_else(|| is_large().then_some("size")) {
            wrong = Some((path, what));
        }
    })?;
    if let Some(id) = attributes.filter(|_| wrong.is_none()) {
        let bytes = odb.read(id).map_err(git("read a file of the history"))?;
        if !sane_attributes(&String::from_utf8_lossy(bytes.data())) {
            wrong = Some((ATTRIBUTES.to_owned(), "attributes"));
        }
    }
    match wrong {
        Some((path, what)) => Err(StoreError::Unacceptable { commit: commit.to_string(), path, what }),
        None => Ok(()),
    }
}

/// Names that a comparison passes over must not hide anything, and no name may stand twice.
fn check_names(odb: &Odb<'_>, commit: Oid, before: Option<Oid>, tree: Oid) -> Result<()> {
    if before == Some(tree) {
        return Ok(());
    }
    let data = trees::read(odb, tree)?;
    let old = before.map_or(Ok(Vec::new()), |id| trees::read(odb, id))?;
    let known: std::collections::HashMap<&[u8], Oid> =
        trees::lines(&old).map(|line| (line.name, line.id)).collect();
    let mut last: &[u8] = b"";
    for line in trees::lines(&data) {
        let what = match str::from_utf8(line.name) {
            Err(_) => Some("name"),
            Ok(_) if line.name == last => Some("twice"),
            Ok(_) => None,
        };
        last = line.name;
        if let Some(what) = what {
            let path = String::from_utf8_lossy(line.name).into_owned();
            return Err(StoreError::Unacceptable { commit: commit.to_string(), path, what });
        }
        let was = known.get(line.name).copied();
        if line.mode == trees::FOLDER && was != Some(line.id) {
            // What was no folder before is compared with nothing.
            let was =
                was.filter(|id| odb.read_header(*id).is_ok_and(|(_, kind)| kind == git2::ObjectType::Tree));
            check_names(odb, commit, was, line.id)?;
        }
    }
    Ok(())
}

/// Why a file of this name must not come in.
fn name_of(path: &str, may_stand: &dyn Fn(&str) -> bool) -> Option<&'static str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if check_path(path).is_err() || path.chars().any(char::is_control) {
        return Some("name");
    }
    // Git and file systems that fold names take these for one.
    let folded: String = name.chars().filter(|c| !('\u{200b}'..='\u{206f}').contains(c)).collect();
    match folded.to_lowercase().as_str() {
        ".gitmodules" | "gitmod~1" => Some("modules"),
        ".gitattributes" if path != ATTRIBUTES => Some("attributes"),
        "git~1" | ".git" => Some("name"),
        _ if !may_stand(path) => Some("place"),
        _ => None,
    }
}

/// Attributes that keep the records what they are and set off no program.
fn sane_attributes(text: &str) -> bool {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    let is_delicate = |word: &str| {
        let name = word.trim_start_matches(['-', '!']).split('=').next().unwrap_or_default();
        DELICATE.contains(&name) || word.starts_with("[attr]")
    };
    lines().any(|line| line == RECORDS) && !lines().any(|line| line.split_whitespace().any(is_delicate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_may_grow_but_set_off_nothing() {
        let own = "*.toml text eol=lf merge=crm diff=crm\n";
        for (more, sane) in [
            ("", true),
            ("*.pdf binary\n# words\n", true),
            ("*.toml filter=x\n", false),
            ("* -ident\n", false),
            ("[attr]x filter=y\n", false),
        ] {
            assert_eq!(sane_attributes(&format!("{own}{more}")), sane, "{more}");
        }
        assert!(!sane_attributes("*.pdf binary\n"));
    }

    #[test]
    fn names_that_git_reads_itself_stay_out() {
        let any = |_: &str| true;
        for (path, what) in [
            (".gitmodules", Some("modules")),
            ("a/.GitModules", Some("modules")),
            (".git\u{200c}modules", Some("modules")),
            ("a/.gitattributes", Some("attributes")),
            (".gitattributes", None),
            ("a/GIT~1", Some("name")),
            (".Git/config", Some("name")),
            ("a\u{7}b", Some("name")),
            ("README.md", None),
            ("文档/说明.md", None),
        ] {
            assert_eq!(name_of(path, &any), what, "{path}");
        }
        assert_eq!(name_of("x", &|_| false), Some("place"));
    }
}
