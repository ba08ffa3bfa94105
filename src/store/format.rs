//! The bytes of git's index: finding the entries, unpacking and packing version 4,
//! and the extensions. The format is in git's `gitformat-index(5)`.

use super::index::Edit;
use git2::Oid;
use std::collections::BTreeSet;

pub(super) const HEADER: usize = 12;
pub(super) const HASH: usize = 20;
/// Up to and including the 16 bits of flags.
const FIXED: usize = 62;
/// Where an entry has its object id.
pub(super) const ID: usize = 40;
const EXTENDED: u16 = 0x4000;
const STAGE: u16 = 0x3000;
const NAME: u16 = 0x0fff;

/// An index taken apart; entries of version 4 are unpacked.
pub(super) struct Parts {
    /// Header and entries.
    pub bytes: Vec<u8>,
    /// Where each entry starts.
    pub offsets: Vec<u32>,
    pub extensions: Vec<u8>,
    pub packed: bool,
}

/// Why an index cannot be used.
pub(super) enum Trouble {
    Split,
    Sparse,
    Bad(String),
}

fn bad<T>(what: &str) -> Result<T, Trouble> {
    Err(Trouble::Bad(what.to_owned()))
}

pub(super) fn be32(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_be_bytes)
}

fn flags(entry: &[u8]) -> u16 {
    u16::from_be_bytes([entry[FIXED - 2], entry[FIXED - 1]])
}

pub(super) fn stage(entry: &[u8]) -> u16 {
    flags(entry) & STAGE
}

fn name_start(entry: &[u8]) -> usize {
    FIXED + if flags(entry) & EXTENDED == 0 { 0 } else { 2 }
}

pub(super) fn path_of(entry: &[u8]) -> &[u8] {
    let name = &entry[name_start(entry)..];
    let length = match flags(entry) & NAME {
        NAME => name.iter().position(|byte| *byte == 0).unwrap_or(name.len()),
        length => usize::from(length).min(name.len()),
    };
    &name[..length]
}

/// An entry is padded with 1 to 8 zero bytes to a multiple of eight.
fn padded(length: usize) -> usize {
    (length + 8) & !7
}

pub(super) fn parse(mut bytes: Vec<u8>) -> Result<Parts, Trouble> {
    if bytes.len() < HEADER + HASH || &bytes[..4] != b"DIRC" {
        return bad("it does not start like an index");
    }
    let version = be32(&bytes, 4);
    if !(2..=4).contains(&version) {
        return bad("its version is unknown");
    }
    if u32::try_from(bytes.len()).is_err() {
        return bad("it is larger than 4 GB");
    }
    let count = be32(&bytes, 8) as usize;
    bytes.truncate(bytes.len() - HASH);
    let packed = version == 4;
    let (entries, offsets, extensions) = if packed {
        let (unpacked, end) = unpack(&bytes, count)?;
        let (offsets, _) = walk(&unpacked, count)?;
        (unpacked, offsets, bytes.split_off(end))
    } else {
        let (offsets, end) = walk(&bytes, count)?;
        let extensions = bytes.split_off(end);
        (bytes, offsets, extensions)
    };
    check_extensions(&extensions)?;
    Ok(Parts { bytes: entries, offsets, extensions, packed })
}

/// How many entries the bytes of a whole index have.
pub(super) fn count_entries(bytes: &[u8]) -> Option<usize> {
    let body = bytes.get(..bytes.len().checked_sub(HASH)?)?;
    let count = be32(body, 8) as usize;
    let walked = match be32(body, 4) {
        4 => unpack(body, count).map(|_| count),
        _ => walk(body, count).map(|(offsets, _)| offsets.len()),
    };
    walked.ok()
}

/// Finds where each entry starts; the count of the header must be kept.
fn walk(bytes: &[u8], count: usize) -> Result<(Vec<u32>, usize), Trouble> {
    let mut offsets = Vec::with_capacity(count.min(bytes.len() / FIXED));
    let mut at = HEADER;
    for _ in 0..count {
        let Some(entry) = bytes.get(at..).filter(|rest| rest.len() > FIXED + 2) else {
            return bad("it has fewer entries than it says");
        };
        let length = name_start(entry) + path_of(entry).len();
        offsets.push(u32::try_from(at).unwrap_or(u32::MAX));
        at += padded(length);
        if at > bytes.len() || entry.get(length) != Some(&0) {
            return bad("an entry is cut off");
        }
    }
    Ok((offsets, at))
}

/// Version 4 gives each path as "drop so many bytes of the last one, add these".
fn unpack(bytes: &[u8], count: usize) -> Result<(Vec<u8>, usize), Trouble> {
    let mut unpacked = Vec::with_capacity(bytes.len() * 2);
    unpacked.extend_from_slice(&bytes[..HEADER]);
    let mut path: Vec<u8> = Vec::new();
    let mut at = HEADER;
    for _ in 0..count {
        let Some(entry) = bytes.get(at..).filter(|rest| rest.len() > FIXED + 2) else {
            return bad("it has fewer entries than it says");
        };
        let start = name_start(entry);
        let Some((drop, read)) = read_varint(&entry[start..]) else {
            return bad("a path is cut off");
        };
        let suffix = &entry[start + read..];
        let Some(length) = suffix.iter().position(|byte| *byte == 0) else {
            return bad("a path is cut off");
        };
        if drop > path.len() {
            return bad("a path does not fit the one before");
        }
        path.truncate(path.len() - drop);
        path.extend_from_slice(&suffix[..length]);
        unpacked.extend_from_slice(&entry[..start]);
        unpacked.extend_from_slice(&path);
        pad(&mut unpacked, start + path.len());
        at += start + read + length + 1;
    }
    Ok((unpacked, at))
}

fn pad(bytes: &mut Vec<u8>, length: usize) {
    bytes.resize(bytes.len() + padded(length) - length, 0);
}

pub(super) fn pack(unpacked: &[u8]) -> Vec<u8> {
    let mut bytes = unpacked[..HEADER].to_vec();
    let mut last: &[u8] = b"";
    let mut at = HEADER;
    while at < unpacked.len() {
        let entry = &unpacked[at..];
        let start = name_start(entry);
        let path = path_of(entry);
        let common = last.iter().zip(path).take_while(|(a, b)| a == b).count();
        bytes.extend_from_slice(&entry[..start]);
        push_varint(&mut bytes, last.len() - common);
        bytes.extend_from_slice(&path[common..]);
        bytes.push(0);
        last = path;
        at += padded(start + path.len());
    }
    bytes
}

/// The integers of offset deltas: seven bits each, most significant first, plus one
/// for every continuation.
fn read_varint(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut value = 0usize;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        value = (value << 7) + usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((value, at + 1));
        }
        value += 1;
    }
    None
}

fn push_varint(bytes: &mut Vec<u8>, value: usize) {
    let low = |value: usize| u8::try_from(value & 0x7f).unwrap_or(0);
    let mut digits = vec![low(value)];
    let mut rest = value >> 7;
    while rest > 0 {
        rest -= 1;
        digits.push(low(rest) | 0x80);
        rest >>= 7;
    }
    bytes.extend(digits.iter().rev());
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "git keeps the low 32 bits of what stat says"
)]
pub(super) fn push_entry(bytes: &mut Vec<u8>, edit: &Edit<'_>, id: Oid, mode: u32) {
    let time = |nanos: i64| [nanos.div_euclid(1_000_000_000) as u32, nanos.rem_euclid(1_000_000_000) as u32];
    let words = edit.stat.map_or([0; 10], |stat| {
        let ([c, cn], [m, mn]) = (time(stat.ctime_ns), time(stat.mtime_ns));
        let (device, inode) = (stat.device as u32, stat.inode as u32);
        [c, cn, m, mn, device, inode, 0, stat.uid, stat.gid, stat.size as u32]
    });
    for (at, word) in words.into_iter().enumerate() {
        let word = if at == 6 { mode } else { word };
        bytes.extend_from_slice(&word.to_be_bytes());
    }
    bytes.extend_from_slice(id.as_bytes());
    let length = edit.path.len();
    let flags = u16::try_from(length).map_or(NAME, |length| length.min(NAME));
    bytes.extend_from_slice(&flags.to_be_bytes());
    bytes.extend_from_slice(edit.path.as_bytes());
    pad(bytes, FIXED + length);
}

/// The extensions with their signatures; `None` where one is cut off.
fn extensions(mut rest: &[u8]) -> impl Iterator<Item = Option<(&[u8], &[u8])>> {
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = be32(rest, 4) as usize;
        let Some(data) = rest.get(8..8 + length) else {
            rest = &[];
            return Some(None);
        };
        let signature = &rest[..4];
        rest = &rest[8 + length..];
        Some(Some((signature, data)))
    })
}

fn check_extensions(bytes: &[u8]) -> Result<(), Trouble> {
    for extension in extensions(bytes) {
        match extension {
            None => return bad("an extension is cut off"),
            Some((b"link", _)) => return Err(Trouble::Split),
            Some((b"sdir", _)) => return Err(Trouble::Sparse),
            // A capital letter means that a reader may ignore it.
            Some((signature, _)) if !signature[0].is_ascii_uppercase() => {
                return bad("it needs an extension that is unknown");
            }
            Some(_) => {}
        }
    }
    Ok(())
}

pub(super) fn push_extensions(bytes: &mut Vec<u8>, old: &[u8], edits: &[Edit<'_>]) {
    let mut push = |signature: &[u8], data: &[u8]| {
        bytes.extend_from_slice(signature);
        bytes.extend_from_slice(&u32::try_from(data.len()).unwrap_or(0).to_be_bytes());
        bytes.extend_from_slice(data);
    };
    for (signature, data) in extensions(old).flatten() {
        match signature {
            b"TREE" => {
                if let Some(trees) = invalidate(data, edits) {
                    push(signature, &trees);
                }
            }
            b"REUC" => push(signature, data),
            // Offsets into the old file, or caches of what lies in the folders.
            _ => {}
        }
    }
}

/// The cached trees with those above the edits marked as unknown.
fn invalidate(data: &[u8], edits: &[Edit<'_>]) -> Option<Vec<u8>> {
    let mut touched = BTreeSet::from([""]);
    for edit in edits {
        touched.extend(edit.path.match_indices('/').map(|(at, _)| &edit.path[..at]));
    }
    let mut out = Vec::with_capacity(data.len());
    let rest = invalidate_node(data, "", &touched, &mut out, 0)?;
    rest.is_empty().then_some(out)
}

fn invalidate_node<'a>(
    data: &'a [u8],
    parent: &str,
    touched: &BTreeSet<&str>,
    out: &mut Vec<u8>,
    depth: usize,
) -> Option<&'a [u8]> {
    if depth > 500 {
        return None;
    }
    let name_end = data.iter().position(|byte| *byte == 0)?;
    let line_end = name_end + data[name_end..].iter().position(|byte| *byte == b'\n')?;
    let name = &data[..name_end];
    let numbers = str::from_utf8(&data[name_end + 1..line_end]).ok()?;
    let (entries, subtrees) = numbers.split_once(' ')?;
    let subtrees: usize = subtrees.parse().ok()?;
    let valid = !entries.starts_with('-');
    let id = &data[line_end + 1..];
    let mut rest = if valid { id.get(HASH..)? } else { id };
    let path = match (parent, String::from_utf8_lossy(name)) {
        ("", name) => name.into_owned(),
        (parent, name) => format!("{parent}/{name}"),
    };
    out.extend_from_slice(name);
    if valid && !touched.contains(path.as_str()) {
        out.extend_from_slice(&data[name_end..=line_end]);
        out.extend_from_slice(id.get(..HASH)?);
    } else {
        out.extend_from_slice(format!("\0-1 {subtrees}\n").as_bytes());
    }
    for _ in 0..subtrees {
        rest = invalidate_node(rest, &path, touched, out, depth + 1)?;
    }
    Some(rest)
}
