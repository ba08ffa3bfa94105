//! The stamps of a folder's files as one compact, sorted piece of bytes, so that a hundred
//! thousand unchanged files are one comparison of memory.
//!
//! A file that was written about when it was looked at can change again under the same stamp; it
//! is stored without one and read again next time. Deliberately absent: the file system.

use std::collections::BTreeMap;

use super::source::Stamp;

/// How much older than the look at it a file must be for its stamp to tell: coarse enough for the
/// clocks of all file systems.
const SETTLED_NS: i64 = 2_000_000_000;

/// The files of the work tree by folder, each folder sorted by path.
pub(super) fn by_folder(mut files: Vec<(String, Stamp)>) -> BTreeMap<String, Vec<(String, Stamp)>> {
    files.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    let mut folders = BTreeMap::new();
    let (mut folder, mut inside) = (String::new(), Vec::new());
    for (path, stamp) in files {
        if !path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')) {
            let next = path.split('/').next().unwrap_or_default().to_owned();
            folders.insert(std::mem::replace(&mut folder, next), std::mem::take(&mut inside));
        }
        inside.push((path, stamp));
    }
    folders.insert(folder, inside);
    folders.retain(|_, files| !files.is_empty());
    folders
}

/// Packs stamps; those of files too young to tell are left out.
pub(super) fn pack(files: &[(String, Stamp)], now_ns: i64) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(files.len() * 80);
    for (path, stamp) in files {
        let settled = stamp.mtime_ns.max(stamp.ctime_ns) < now_ns.saturating_sub(SETTLED_NS);
        let stamp = if settled { *stamp } else { Stamp::default() };
        bytes.extend_from_slice(path.as_bytes());
        bytes.push(0);
        bytes.extend_from_slice(&numbers(&stamp));
    }
    bytes
}

/// Whether these are the files that were packed, all with stamps that tell: the common case,
/// found without unpacking.
pub(super) fn same(packed: &[u8], files: &[(String, Stamp)]) -> bool {
    let mut rest = packed;
    for (path, stamp) in files {
        let Some((number, after)) = rest
            .strip_prefix(path.as_bytes())
            .and_then(|rest| rest.strip_prefix(&[0]))
            .and_then(|rest| rest.split_at_checked(32))
        else {
            return false;
        };
        if *stamp == Stamp::default() || number != numbers(stamp) {
            return false;
        }
        rest = after;
    }
    rest.is_empty()
}

fn numbers(stamp: &Stamp) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&stamp.mtime_ns.to_le_bytes());
    bytes[8..16].copy_from_slice(&stamp.ctime_ns.to_le_bytes());
    bytes[16..24].copy_from_slice(&stamp.size.to_le_bytes());
    bytes[24..].copy_from_slice(&stamp.inode.to_le_bytes());
    bytes
}

/// Unpacks stamps in the order in which they were packed.
pub(super) fn unpack(bytes: &[u8]) -> Vec<(&str, Stamp)> {
    let mut files = Vec::new();
    let mut rest = bytes;
    while let Some((file, after)) = take(rest) {
        files.push(file);
        rest = after;
    }
    files
}

fn take(bytes: &[u8]) -> Option<((&str, Stamp), &[u8])> {
    let end = bytes.iter().position(|byte| *byte == 0)?;
    let path = std::str::from_utf8(&bytes[..end]).ok()?;
    let (numbers, rest) = bytes[end + 1..].split_at_checked(32)?;
    let number = |at: usize| numbers.get(at..at + 8)?.try_into().ok();
    let stamp = Stamp {
        mtime_ns: i64::from_le_bytes(number(0)?),
        ctime_ns: i64::from_le_bytes(number(8)?),
        size: u64::from_le_bytes(number(16)?),
        inode: u64::from_le_bytes(number(24)?),
    };
    Some(((path, stamp), rest))
}

/// What differs between stored stamps and present files, both sorted by path.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Positions of the present files whose stamps are new or others.
    pub touched: Vec<usize>,
    /// Stored paths that are gone.
    pub gone: Vec<String>,
}

/// Compares; a stored stamp of zeros never counts as the same.
pub(super) fn compare(stored: &[(&str, Stamp)], present: &[(String, Stamp)]) -> Difference {
    let mut difference = Difference::default();
    let mut old = stored.iter().peekable();
    for (at, (path, stamp)) in present.iter().enumerate() {
        while let Some((gone, _)) = old.next_if(|(stored, _)| *stored < path.as_str()) {
            difference.gone.push((*gone).to_owned());
        }
        match old.next_if(|(stored, _)| stored == path) {
            Some((_, known)) if known == stamp && *known != Stamp::default() => {}
            _ => difference.touched.push(at),
        }
    }
    difference.gone.extend(old.map(|(gone, _)| (*gone).to_owned()));
    difference
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 100 * SETTLED_NS;

    fn file(path: &str, mtime_ns: i64, size: u64) -> (String, Stamp) {
        (path.to_owned(), Stamp { mtime_ns, ctime_ns: mtime_ns, size, inode: 7 })
    }

    fn check(before: &[(String, Stamp)], after: &[(String, Stamp)], touched: &[usize], gone: &[&str]) {
        let packed = pack(before, NOW);
        let difference = compare(&unpack(&packed), after);
        assert_eq!(same(&packed, after), difference == Difference::default());
        assert_eq!(difference.touched, touched);
        assert_eq!(difference.gone, gone);
    }

    #[test]
    fn equal_stamps_are_no_difference() {
        let files = [file("a/x.toml", 1, 2), file("a/y.toml", 3, 4)];
        check(&files, &files, &[], &[]);
        assert_eq!(pack(&files, NOW), pack(&files, NOW + 1));
    }

    #[test]
    fn changed_new_and_removed_files_are_found() {
        let before = [file("a/b", 1, 1), file("a/d", 1, 1), file("a/f", 1, 1)];
        let after = [file("a/a", 1, 1), file("a/d", 1, 2), file("a/f", 1, 1), file("a/g", 1, 1)];
        check(&before, &after, &[0, 1, 3], &["a/b"]);
    }

    #[test]
    fn a_file_written_while_it_was_looked_at_is_read_again() {
        let files = [file("a/young", NOW - 1, 1), file("a/old", 1, 1)];
        let files = by_folder(files.into()).remove("a").expect("a folder");
        check(&files, &files, &[1], &[]);
    }

    #[test]
    fn cut_off_bytes_give_the_whole_entries_before() {
        let mut packed = pack(&[file("a", 1, 1), file("b", 1, 1)], NOW);
        packed.pop();
        assert_eq!(unpack(&packed).len(), 1);
    }
}
