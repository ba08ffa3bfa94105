//! Where records come from, as the mirror sees it: trees of blobs, files of a work tree, and a
//! reader of records. The command line implements it over the store; tests over a map.
//!
//! Deliberately absent: git, TOML, and any opinion about which paths are records; the mirror asks
//! for what lies in the folders of its record types and ignores the rest.

use crate::model::Problem;
use crate::model::record::Doc;

/// What a source could not do, in its own words.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The present commit and its tree; both empty before the first commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tip {
    pub commit: String,
    pub tree: String,
}

/// What tells without reading whether a file may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub mtime_ns: i64,
    pub ctime_ns: i64,
    pub size: u64,
    pub inode: u64,
}

/// A file of a tree: its path and the id of its blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    pub path: String,
    pub id: String,
}

/// A store to mirror.
pub trait Source: Sync {
    /// The present commit and tree.
    fn tip(&self) -> Result<Tip, Fault>;

    /// The files of a tree, sorted by path.
    fn tree_files(&self, tree: &str) -> Result<Vec<Blob>, Fault>;

    /// What differs from one tree to another: the paths with their new blobs, `None` where removed.
    fn changed(&self, from: &str, to: &str) -> Result<Vec<(String, Option<String>)>, Fault>;

    /// The blob of each of these paths in a tree.
    fn blob_ids(&self, tree: &str, paths: &[&str]) -> Result<Vec<Option<String>>, Fault>;

    /// Hands the content of each blob to `each`, on all cores and in any order.
    fn read_blobs(&self, blobs: &[Blob], each: &(dyn Fn(&str, &[u8]) + Sync)) -> Result<(), Fault>;

    /// The regular files of the work tree in the folders that are wanted, with their stamps.
    fn scan_work(&self, wanted: &dyn Fn(&str) -> bool) -> Result<Vec<(String, Stamp)>, Fault>;

    /// Which of these files may differ from their blobs in the tip, as far as git's index can tell
    /// without reading them; every one of them where there is nothing to tell it by.
    fn suspects(&self, files: &[(&str, Stamp)]) -> Result<Vec<bool>, Fault> {
        Ok(vec![true; files.len()])
    }

    /// The bytes of a file of the work tree; `None` where it is gone.
    fn read_work(&self, path: &str) -> Result<Option<Vec<u8>>, Fault>;

    /// The id that these bytes have as a blob.
    fn blob_id(&self, bytes: &[u8]) -> Result<String, Fault>;

    /// Reads a record.
    fn parse(&self, path: &str, bytes: &[u8]) -> Result<Doc, Problem>;
}
