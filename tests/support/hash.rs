//! Every byte below a directory, to tell whether a command left it as it was.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// What stands at each path: mode, and a digest of the bytes or of the target of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot(BTreeMap<String, (u32, u64)>);

impl Snapshot {
    /// The paths that are not as they were.
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let changed =
            self.0.iter().filter(|(path, entry)| before.0.get(*path) != Some(entry)).map(|(path, _)| path);
        let gone = before.0.keys().filter(|path| !self.0.contains_key(*path));
        changed.chain(gone).cloned().collect()
    }

    /// Without what stands below a path.
    pub fn without(mut self, path: &str) -> Self {
        let below = format!("{path}/");
        self.0.retain(|known, _| known != path && !known.starts_with(&below));
        self
    }
}

/// Reads everything below a directory.
pub fn snapshot(dir: &Path) -> Snapshot {
    let mut entries = BTreeMap::new();
    walk(dir, "", &mut entries);
    Snapshot(entries)
}

fn walk(dir: &Path, above: &str, entries: &mut BTreeMap<String, (u32, u64)>) {
    for entry in fs::read_dir(dir).expect("a directory is read") {
        let entry = entry.expect("an entry of a directory");
        let path = format!("{above}{}", entry.file_name().to_string_lossy());
        let about = entry.path().symlink_metadata().expect("what is known about a file");
        let mut digest = DefaultHasher::new();
        if about.is_dir() {
            walk(&entry.path(), &format!("{path}/"), entries);
        } else if about.is_symlink() {
            fs::read_link(entry.path()).expect("the target of a link").hash(&mut digest);
        } else if about.is_file() {
            fs::read(entry.path()).expect("the bytes of a file").hash(&mut digest);
        }
        entries.insert(path, (about.mode(), digest.finish()));
    }
}
