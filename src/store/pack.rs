//! A pack file with its index, written in one go: for changes of many files, where
//! one object per file would cost a system call and a block of disk each. No deltas;
//! git makes them when it next tidies up. The format is in `gitformat-pack(5)`.

use super::error::{Result, StoreError, io};
use super::journal::sync_folder;
use flate2::{Compress, Compression, Crc, FlushCompress};
use git2::{ObjectType, Oid};
use rayon::prelude::*;
use sha1::{Digest, Sha1};
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Objects larger than this would need the 8-byte offsets of the index sooner or
/// later; a plan holds them in memory anyway.
const MAX_PACK: usize = 1 << 31;

pub(super) struct Packed {
    id: Oid,
    crc: u32,
    bytes: Vec<u8>,
}

/// Compresses objects on all cores, in the order given.
pub(super) fn compress_all<'a>(
    objects: impl IndexedParallelIterator<Item = (ObjectType, Oid, &'a [u8])>,
) -> Vec<Packed> {
    objects
        .map_init(
            || Compress::new(Compression::new(4), true),
            |deflate, (kind, id, data)| compress(deflate, kind, id, data),
        )
        .collect()
}

fn compress(deflate: &mut Compress, kind: ObjectType, id: Oid, data: &[u8]) -> Packed {
    let mut bytes = Vec::with_capacity(data.len() / 2 + 64);
    push_header(&mut bytes, kind, data.len());
    deflate.reset();
    let mut taken = 0;
    loop {
        bytes.reserve(data.len() - taken + 64);
        let before = deflate.total_in();
        let status = deflate.compress_vec(&data[taken..], &mut bytes, FlushCompress::Finish);
        taken += usize::try_from(deflate.total_in() - before).unwrap_or(0);
        if !matches!(status, Ok(flate2::Status::Ok | flate2::Status::BufError)) {
            break;
        }
    }
    let mut crc = Crc::new();
    crc.update(&bytes);
    Packed { id, crc: crc.sum(), bytes }
}

fn push_header(bytes: &mut Vec<u8>, kind: ObjectType, length: usize) {
    let kind = match kind {
        ObjectType::Commit => 1,
        ObjectType::Tree => 2,
        _ => 3,
    };
    let low = |value: usize, mask: usize| u8::try_from(value & mask).unwrap_or(0);
    let mut byte = kind << 4 | low(length, 0x0f);
    let mut rest = length >> 4;
    while rest > 0 {
        bytes.push(byte | 0x80);
        byte = low(rest, 0x7f);
        rest >>= 7;
    }
    bytes.push(byte);
}

/// Writes the pack below `objects/pack`, durable, and gives the path of its index.
pub(super) fn write(objects_folder: &Path, objects: &[Packed], txid: &str) -> Result<PathBuf> {
    let folder = objects_folder.join("pack");
    let size: usize = objects.iter().map(|object| object.bytes.len()).sum();
    if size >= MAX_PACK {
        return Err(io(&folder)(std::io::Error::other("more than 2 GB in one change")));
    }
    let mut pack = Vec::with_capacity(size + 32);
    pack.extend_from_slice(b"PACK");
    pack.extend_from_slice(&2u32.to_be_bytes());
    pack.extend_from_slice(&word(objects.len()));
    let mut places = Vec::with_capacity(objects.len());
    for object in objects {
        places.push((object.id, object.crc, pack.len()));
        pack.extend_from_slice(&object.bytes);
    }
    let checksum = Sha1::digest(&pack);
    pack.extend_from_slice(&checksum);
    places.sort_unstable();
    places.dedup_by_key(|place| place.0);
    let index = print_index(&places, &checksum);

    let name = Oid::from_bytes(&checksum).unwrap_or(Oid::ZERO_SHA1);
    // Git sweeps up files of this name that a crash leaves.
    let temporary = |ending: &str| folder.join(format!("tmp_pack_crm_{txid}.{ending}"));
    let end = |ending: &str| folder.join(format!("pack-{name}.{ending}"));
    write_file(&temporary("pack"), &pack)?;
    write_file(&temporary("idx"), &index)?;
    // The index last: git looks at a pack only when its index is there.
    for ending in ["pack", "idx"] {
        std::fs::rename(temporary(ending), end(ending)).map_err(io(end(ending)))?;
    }
    sync_folder(&folder)?;
    Ok(end("idx"))
}

fn word(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

fn print_index(places: &[(Oid, u32, usize)], checksum: &[u8]) -> Vec<u8> {
    let mut index = Vec::with_capacity(places.len() * 28 + 1100);
    index.extend_from_slice(b"\xfftOc");
    index.extend_from_slice(&2u32.to_be_bytes());
    for first in 0..=255u8 {
        let up_to = places.partition_point(|place| place.0.as_bytes()[0] <= first);
        index.extend_from_slice(&word(up_to));
    }
    for place in places {
        index.extend_from_slice(place.0.as_bytes());
    }
    for place in places {
        index.extend_from_slice(&place.1.to_be_bytes());
    }
    for place in places {
        index.extend_from_slice(&word(place.2));
    }
    index.extend_from_slice(checksum);
    let own = Sha1::digest(&index);
    index.extend_from_slice(&own);
    index
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o444)
        .open(path)
        .map_err(io(path))?;
    file.write_all(bytes).map_err(io(path))?;
    file.sync_all().map_err(io(path))
}
