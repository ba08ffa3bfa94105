//! What a backup says about itself.

use super::archive::{self, Entry};
use super::{MANIFEST, Result};
use crate::model::Problem;
use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Seek};

/// The form of a backup that this version writes.
pub(super) const FORMAT: u32 = 1;

/// No manifest is larger, were every record of a large store unreadable.
const LARGEST: u64 = 16 << 20;

/// One file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    pub size: u64,
    pub sha256: String,
}

/// What a backup says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    /// Who wrote it: `crm 0.1.0`.
    pub program: String,
    /// What the store is called, for people.
    pub store: String,
    /// The first commit of the store, which tells stores apart.
    pub root: String,
    /// The commit that it holds.
    pub tip: String,
    pub branch: String,
    #[serde(with = "moment")]
    pub created_at: DateTime<FixedOffset>,
    /// What follows is in an archive inside, for those who have a key.
    #[serde(default)]
    pub encrypted: bool,
    /// How many records of each type the tip has.
    #[serde(default)]
    pub records: BTreeMap<String, u64>,
    /// Files that the tip has and that nobody can read.
    #[serde(default)]
    pub unreadable: Vec<String>,
    /// A signature stands beside it.
    #[serde(default)]
    pub signed: bool,
    /// The public key that signed.
    #[serde(default)]
    pub signer: Option<String>,
    /// Passwords and settings of a person are in it.
    #[serde(default)]
    pub secrets: bool,
    pub members: Vec<Member>,
}

/// A moment as RFC 3339.
mod moment {
    use chrono::{DateTime, FixedOffset, SecondsFormat};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &DateTime<FixedOffset>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&at.to_rfc3339_opts(SecondsFormat::Secs, true))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<FixedOffset>, D::Error> {
        let text = String::deserialize(from)?;
        DateTime::parse_from_rfc3339(&text).map_err(D::Error::custom)
    }
}

impl Manifest {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let bad = |error: serde_json::Error| Problem::invalid("backup-bad-manifest").arg("reason", error);
        let version: Version = serde_json::from_slice(bytes).map_err(bad)?;
        if version.format != FORMAT {
            return Err(Problem::invalid("backup-newer").arg("format", version.format).into());
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(bad)?;
        // These become names and are shown in part.
        let is_id = |id: &str| id.len() == 40 && id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        let is_branch = git2::Reference::is_valid_name(&format!("refs/heads/{}", manifest.branch));
        let wrong = [("root", is_id(&manifest.root)), ("tip", is_id(&manifest.tip)), ("branch", is_branch)];
        match wrong.iter().find(|(_, fine)| !fine) {
            Some((name, _)) => Err(Problem::invalid("backup-bad-manifest").arg("reason", name).into()),
            None => Ok(manifest),
        }
    }

    /// The manifest, the first member of an archive.
    pub(super) fn of(file: &mut (impl Read + Seek)) -> Result<(Self, Vec<u8>, Entry)> {
        let first = archive::first(file)?;
        if first.name != MANIFEST {
            return Err(Problem::invalid("backup-not-one").into());
        }
        let bytes = archive::read(file, &first, LARGEST)?;
        Ok((Self::parse(&bytes)?, bytes, first))
    }

    /// All records together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.records.values().sum()
    }

    /// Whether both speak of the same moment of the same store.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        (&self.root, &self.tip, &self.branch, &self.store, self.created_at)
            == (&other.root, &other.tip, &other.branch, &other.store, other.created_at)
    }
}
