//! Commits and trees to the letter, for those who judge what others made. Nothing is repaired or
//! passed over here: what git itself would not write is told as [`Oddity`], so that two readers
//! cannot see two different things in one object.

use super::error::{Result, git};
use super::{ObjectId, Repo};
use git2::{ObjectType, Odb, Oid};
use std::cmp::Ordering;

/// What is not as git writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oddity {
    /// A header line that is unknown, missing, doubled or out of order.
    Header,
    /// No UTF-8, a NUL, or an encoding is named.
    Text,
    /// A person's line that is none.
    Person,
    /// A tree that is damaged, unsorted, or has a name twice or one that git forbids.
    Tree,
}

/// A person's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    pub name: String,
    pub email: String,
    /// Since 1970-01-01 00:00 UTC.
    pub seconds: i64,
    /// East of UTC.
    pub offset_minutes: i32,
}

/// A commit to the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawCommit {
    pub id: ObjectId,
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    pub author: Signed,
    pub committer: Signed,
    pub message: String,
    /// The signature, and the bytes that it is over.
    pub signature: Option<(String, Vec<u8>)>,
}

/// What stands at a path: the mode as git keeps it, and the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub mode: u32,
    pub id: ObjectId,
}

impl Entry {
    /// A folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        self.mode == 0o040_000
    }

    /// A plain file, neither executable nor a link nor another repository.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.mode == 0o100_644
    }
}

/// A path that differs between two trees; its bytes may be anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawChange {
    pub path: Vec<u8>,
    pub old: Option<Entry>,
    pub new: Option<Entry>,
}

impl Repo {
    /// A commit to the letter, or what is odd about it.
    pub fn raw_commit(&self, id: ObjectId) -> Result<std::result::Result<RawCommit, Oddity>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let (size, _) = odb.read_header(id.into()).map_err(git("read a commit"))?;
        if size > MOST_BYTES {
            return Ok(Err(Oddity::Text));
        }
        let object = odb.read(id.into()).map_err(git("read a commit"))?;
        if object.kind() != ObjectType::Commit {
            return Ok(Err(Oddity::Header));
        }
        Ok(parse(id, object.data()))
    }

    /// The parents of a commit, without a look at the rest of it.
    pub fn parents(&self, id: ObjectId) -> Result<Vec<ObjectId>> {
        let commit = self.git.find_commit(id.into()).map_err(git("read a commit"))?;
        Ok(commit.parent_ids().map(ObjectId::from).collect())
    }

    /// Commits that are reachable from `new` and not from `old`, parents first; one more than
    /// `most` where there are more.
    pub fn commits_between(
        &self,
        old: Option<ObjectId>,
        new: ObjectId,
        most: usize,
    ) -> Result<Vec<ObjectId>> {
        let failed = git("walk the history");
        let walk = || -> std::result::Result<Vec<ObjectId>, git2::Error> {
            let mut walk = self.git.revwalk()?;
            walk.set_sorting(git2::Sort::TOPOLOGICAL | git2::Sort::REVERSE)?;
            walk.push(new.into())?;
            if let Some(old) = old {
                walk.hide(old.into())?;
            }
            walk.take(most.saturating_add(1)).map(|id| id.map(ObjectId::from)).collect()
        };
        walk().map_err(failed)
    }

    /// Whether a commit is `old` or comes after it.
    pub fn descends(&self, new: ObjectId, old: ObjectId) -> Result<bool> {
        if new == old {
            return Ok(true);
        }
        self.git.graph_descendant_of(new.into(), old.into()).map_err(git("walk the history"))
    }

    /// The size of an object, without reading it.
    pub fn size_of(&self, id: ObjectId) -> Result<usize> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let (size, _) = odb.read_header(id.into()).map_err(git("read an object"))?;
        Ok(size)
    }

    /// The paths at which two trees differ, to the byte. A rename is a removal and an addition.
    pub fn raw_changes(
        &self,
        old: Option<ObjectId>,
        new: ObjectId,
    ) -> Result<std::result::Result<Vec<RawChange>, Oddity>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let mut walk = Walk { odb: &odb, found: Vec::new(), looks: MOST_LOOKS };
        let odd = walk.diff(old.map(Oid::from), Some(new.into()), &[], 0)?;
        Ok(odd.map_or(Ok(walk.found), Err))
    }

    /// What stands at a path of a tree.
    pub fn entry_at(&self, tree: ObjectId, path: &str) -> Result<Option<Entry>> {
        let odb = self.git.odb().map_err(git("open the object database"))?;
        let found = super::trees::find(&odb, tree.into(), path)?;
        Ok(found.map(|(id, mode)| Entry { mode, id: id.into() }))
    }
}

fn parse(id: ObjectId, data: &[u8]) -> std::result::Result<RawCommit, Oddity> {
    let end = data.windows(2).position(|pair| pair == b"\n\n").ok_or(Oddity::Header)?;
    let header = str::from_utf8(&data[..=end]).map_err(|_| Oddity::Text)?;
    let message = str::from_utf8(&data[end + 2..]).map_err(|_| Oddity::Text)?;
    if data.contains(&0) || header.contains('\r') {
        return Err(Oddity::Text);
    }
    let mut lines = header.lines().peekable();
    let object = |line: Option<&str>, name: &str| -> std::result::Result<ObjectId, Oddity> {
        let text = line.and_then(|line| line.strip_prefix(name)).ok_or(Oddity::Header)?;
        let full = text.len() == 40 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        text.parse().ok().filter(|_| full).ok_or(Oddity::Header)
    };
    let tree = object(lines.next(), "tree ")?;
    let mut parents = Vec::new();
    while lines.peek().is_some_and(|line| line.starts_with("parent ")) {
        parents.push(object(lines.next(), "parent ")?);
    }
    let author = person(lines.next(), "author ")?;
    let committer = person(lines.next(), "committer ")?;
    let signature = match lines.next() {
        None => None,
        Some(line) => {
            let mut pem = line.strip_prefix("gpgsig ").ok_or(Oddity::Header)?.to_owned();
            for line in lines {
                // Anything after the signature that is not a part of it is one header too many.
                pem.push('\n');
                pem.push_str(line.strip_prefix(' ').ok_or(Oddity::Header)?);
            }
            let unsigned = header.find("\ngpgsig ").ok_or(Oddity::Header)?;
            let payload = [&data[..=unsigned], b"\n", &data[end + 2..]].concat();
            Some((pem, payload))
        }
    };
    Ok(RawCommit { id, tree, parents, author, committer, message: message.to_owned(), signature })
}

fn person(line: Option<&str>, role: &str) -> std::result::Result<Signed, Oddity> {
    let text = line.and_then(|line| line.strip_prefix(role)).ok_or(Oddity::Header)?;
    let (name, rest) = text.split_once(" <").ok_or(Oddity::Person)?;
    let (email, when) = rest.split_once("> ").ok_or(Oddity::Person)?;
    let (seconds, zone) = when.split_once(' ').ok_or(Oddity::Person)?;
    let plain = |text: &str| !text.contains(['<', '>']) && !text.chars().any(char::is_control);
    let zoned =
        zone.len() == 5 && zone.starts_with(['+', '-']) && zone[1..].bytes().all(|b| b.is_ascii_digit());
    let digits = !seconds.is_empty() && seconds.bytes().all(|b| b.is_ascii_digit());
    if !plain(name) || !plain(email) || !zoned || !digits {
        return Err(Oddity::Person);
    }
    let seconds = seconds.parse().map_err(|_| Oddity::Person)?;
    let number = |text: &str| text.parse::<i32>().map_err(|_| Oddity::Person);
    let minutes = number(&zone[1..3])? * 60 + number(&zone[3..])?;
    let offset_minutes = if zone.starts_with('-') { -minutes } else { minutes };
    Ok(Signed { name: name.to_owned(), email: email.to_owned(), seconds, offset_minutes })
}

/// One line of a tree.
struct Line<'a> {
    entry: Entry,
    name: &'a [u8],
}

impl Line<'_> {
    fn is_folder(&self) -> bool {
        self.entry.mode == 0o040_000
    }

    /// Git sorts a folder as if its name ended in a slash.
    fn key(&self) -> Vec<u8> {
        let mut key = self.name.to_vec();
        if self.is_folder() {
            key.push(b'/');
        }
        key
    }
}

/// All lines of a tree, where each is as git writes it.
fn lines(mut data: &[u8]) -> std::result::Result<Vec<Line<'_>>, Oddity> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    while !data.is_empty() {
        let blank = data.iter().position(|byte| *byte == b' ').ok_or(Oddity::Tree)?;
        let zero = blank + data[blank..].iter().position(|byte| *byte == 0).ok_or(Oddity::Tree)?;
        let id = data.get(zero + 1..zero + 21).and_then(|id| Oid::from_bytes(id).ok()).ok_or(Oddity::Tree)?;
        let mode = match &data[..blank] {
            b"40000" => 0o040_000,
            b"100644" => 0o100_644,
            b"100755" => 0o100_755,
            b"120000" => 0o120_000,
            b"160000" => 0o160_000,
            _ => return Err(Oddity::Tree),
        };
        let name = &data[blank + 1..zero];
        let line = Line { entry: Entry { mode, id: id.into() }, name };
        let dotted = matches!(name, b"" | b"." | b"..") || name.eq_ignore_ascii_case(b".git");
        let twice = lines.iter().rev().take(2).any(|before| before.name == name);
        let sorted = lines.last().is_none_or(|before| before.key() < line.key());
        if dotted || twice || !sorted || name.contains(&b'/') {
            return Err(Oddity::Tree);
        }
        lines.push(line);
        data = &data[zero + 21..];
    }
    // A file and a folder of one name need not stand beside each other.
    let mut names: Vec<&[u8]> = lines.iter().map(|line| line.name).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(Oddity::Tree);
    }
    Ok(lines)
}

/// The largest commit that is read; one that people write has some hundred bytes.
const MOST_BYTES: usize = 4 << 20;

/// Folders within folders; a store has three.
const MOST_DEPTH: usize = 64;

/// Lines of folders that one comparison looks at: a few small objects can stand for more paths
/// than any machine can list.
const MOST_LOOKS: usize = 4_000_000;

/// A comparison of two trees under way.
struct Walk<'a> {
    odb: &'a Odb<'a>,
    found: Vec<RawChange>,
    looks: usize,
}

impl Walk<'_> {
    fn diff(
        &mut self,
        old: Option<Oid>,
        new: Option<Oid>,
        prefix: &[u8],
        depth: usize,
    ) -> Result<Option<Oddity>> {
        if old == new {
            return Ok(None);
        }
        let data = |id: Option<Oid>| id.map_or(Ok(Vec::new()), |id| super::trees::read(self.odb, id));
        let (before, after) = (data(old)?, data(new)?);
        let (Ok(before), Ok(after)) = (lines(&before), lines(&after)) else { return Ok(Some(Oddity::Tree)) };
        // Git writes no empty folders.
        let hollow = new.is_some() && after.is_empty() && !prefix.is_empty();
        let looked = before.len() + after.len() + 1;
        if hollow || depth > MOST_DEPTH || looked > self.looks {
            return Ok(Some(Oddity::Tree));
        }
        self.looks -= looked;
        let (mut old, mut new) = (before.into_iter().peekable(), after.into_iter().peekable());
        loop {
            let order = match (old.peek(), new.peek()) {
                (None, None) => return Ok(None),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(old), Some(new)) => old.key().cmp(&new.key()),
            };
            let before = old.next_if(|_| order.is_le());
            let after = new.next_if(|_| order.is_ge());
            if before.as_ref().map(|line| line.entry) == after.as_ref().map(|line| line.entry) {
                continue;
            }
            let Some(line) = before.as_ref().or(after.as_ref()) else { return Ok(None) };
            let mut path = prefix.to_vec();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend_from_slice(line.name);
            if line.is_folder() {
                let id = |line: &Option<Line<'_>>| line.as_ref().map(|line| Oid::from(line.entry.id));
                if let Some(odd) = self.diff(id(&before), id(&after), &path, depth + 1)? {
                    return Ok(Some(odd));
                }
            } else {
                let entry = |line: Option<Line<'_>>| line.map(|line| line.entry);
                self.found.push(RawChange { path, old: entry(before), new: entry(after) });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\
        parent 4b825dc642cb6eb9a060e54bf8d69288fbee4905\n\
        author Li Na <li.na@x.example> 1767225600 +0800\n\
        committer Li Na <li.na@x.example> 1767225600 +0800\n";

    fn read(text: &str) -> std::result::Result<RawCommit, Oddity> {
        parse(ObjectId::of_file(b""), text.as_bytes())
    }

    #[test]
    fn a_commit_is_read_to_the_letter() {
        let commit =
            read(&format!("{HEAD}gpgsig -----BEGIN\n abc\n -----END\n\nsubject\n")).expect("a commit");
        assert_eq!(commit.parents.len(), 1);
        assert_eq!((commit.author.name.as_str(), commit.author.seconds), ("Li Na", 1_767_225_600));
        let (pem, payload) = commit.signature.expect("a signature");
        assert_eq!(pem, "-----BEGIN\nabc\n-----END");
        assert_eq!(payload, format!("{HEAD}\nsubject\n").into_bytes());
        assert_eq!(read(&format!("{HEAD}\nsubject\n")).expect("a commit").signature, None);
    }

    #[test]
    fn what_git_does_not_write_is_odd() {
        let odd = |text: String| read(&text).expect_err("an odd commit");
        assert_eq!(odd(format!("{HEAD}encoding GBK\n\ns\n")), Oddity::Header);
        assert_eq!(odd(format!("{HEAD}gpgsig a\ngpgsig b\n\ns\n")), Oddity::Header);
        assert_eq!(odd(format!("{HEAD}gpgsig a\n b\nx-more y\n\ns\n")), Oddity::Header);
        assert_eq!(odd(format!("{HEAD}mergetag a\n\ns\n")), Oddity::Header);
        assert_eq!(odd(format!("{HEAD}\ns\0\n")), Oddity::Text);
        assert_eq!(odd(HEAD.replace("Li Na <", "Li <Na <")), Oddity::Header);
        assert_eq!(odd(format!("{}\ns\n", HEAD.replace("Li Na <", "Li >Na <"))), Oddity::Person);
        assert_eq!(odd(format!("{}\ns\n", HEAD.replace("+0800", "+08"))), Oddity::Person);
        assert_eq!(odd(format!("{}\ns\n", HEAD.replace("tree 4b", "tree 4B"))), Oddity::Header);
        let swapped = HEAD.replace("author", "x").replace("committer", "author").replace('x', "committer");
        assert_eq!(odd(format!("{swapped}\ns\n")), Oddity::Header);
    }

    #[test]
    fn a_tree_is_sorted_and_names_nothing_twice() {
        let line = |mode: &str, name: &str| [format!("{mode} {name}\0").as_bytes(), &[1; 20]].concat();
        let good = [line("100644", "a"), line("40000", "a.b"), line("40000", "b")].concat();
        assert_eq!(lines(&good).map(|lines| lines.len()), Ok(3));
        for bad in [
            [line("100644", "b"), line("100644", "a")].concat(),
            [line("100644", "a"), line("100644", "a")].concat(),
            [line("100644", "a"), line("100644", "a.b"), line("40000", "a")].concat(),
            line("100644", ".git"),
            line("100644", ".GIT"),
            line("100644", ".."),
            line("100644", "a/b"),
            line("100664", "a"),
            line("0100644", "a"),
            good[..good.len() - 1].to_vec(),
        ] {
            assert!(lines(&bad).is_err(), "{:?}", String::from_utf8_lossy(&bad));
        }
    }
}
