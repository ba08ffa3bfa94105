//! The form of a backup: a tar archive of plain files in one fixed spelling, and a line with the
//! checksum of every byte before it.
//!
//! A header is taken only if it is exactly the one that we would have written for this name and
//! size, so that links, devices, extensions and stray bytes need no rules of their own. They are
//! told apart only to say what is wrong.

use super::{Result, unread};
use crate::model::Problem;
use sha2::{Digest, Sha256};
use std::io::{self, Read, Seek, SeekFrom, Write};
use tar::{EntryType, Header};

const BLOCK: usize = 512;

/// Before the digits of the checksum.
const MARK: &str = "crm-backup-1 sha256 ";

/// The last line: mark, 64 digits, line end.
const LINE: u64 = MARK.len() as u64 + 65;

/// More members than any store has secret files.
const MOST: usize = 4096;

/// A file in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub name: String,
    /// Where its bytes begin.
    pub at: u64,
    pub size: u64,
}

/// Digits of a checksum.
pub(super) fn digits(hash: Sha256) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The checksum of what is read, and how much it was.
pub(super) fn checksum(from: &mut dyn Read) -> io::Result<(String, u64)> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut size = 0;
    loop {
        let read = match from.read(&mut buffer) {
            Ok(0) => return Ok((digits(hash), size)),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hash.update(&buffer[..read]);
        size += read as u64;
    }
}

/// Writes an archive member by member.
pub(super) struct Writer<W: Write> {
    out: W,
    hash: Sha256,
    /// The time that every member bears, in seconds since 1970.
    time: u64,
}

impl<W: Write> Writer<W> {
    pub fn new(out: W, time: u64) -> Self {
        Self { out, hash: Sha256::new(), time }
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.out.write_all(bytes)
    }

    /// One member of this size.
    pub fn member(&mut self, name: &str, size: u64, content: &mut dyn Read) -> io::Result<()> {
        let header = header(name, size, self.time)?;
        self.put(header.as_bytes())?;
        let mut buffer = vec![0; 256 * 1024];
        let mut left = size;
        while left > 0 {
            let most = buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            content.read_exact(&mut buffer[..most])?;
            self.put(&buffer[..most])?;
            left -= most as u64;
        }
        self.put(&[0; BLOCK][..padding(size)])
    }

    /// The end of the archive and the checksum over it.
    pub fn finish(mut self) -> io::Result<W> {
        self.put(&[0; 2 * BLOCK])?;
        let line = format!("{MARK}{}\n", digits(self.hash));
        self.out.write_all(line.as_bytes())?;
        self.out.flush()?;
        Ok(self.out)
    }
}

fn padding(size: u64) -> usize {
    let over = usize::try_from(size % BLOCK as u64).unwrap_or(0);
    if over == 0 { 0 } else { BLOCK - over }
}

fn header(name: &str, size: u64, time: u64) -> io::Result<Header> {
    let mut header = Header::new_ustar();
    header.set_path(name)?;
    header.set_mode(0o600);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(size);
    header.set_mtime(time);
    header.set_entry_type(EntryType::Regular);
    header.set_cksum();
    Ok(header)
}

/// The whole checksum, which every flipped byte and every cut changes.
pub(super) fn check_whole(file: &mut (impl Read + Seek)) -> Result<()> {
    let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
    if size < LINE {
        return Err(Problem::invalid("backup-truncated").into());
    }
    file.rewind().map_err(unread)?;
    let (found, _) = checksum(&mut file.by_ref().take(size - LINE)).map_err(unread)?;
    let mut line = Vec::new();
    file.by_ref().take(LINE).read_to_end(&mut line).map_err(unread)?;
    if line == format!("{MARK}{found}\n").as_bytes() {
        return Ok(());
    }
    // Without the mark at its end it was cut off or never was one.
    let id = if line.starts_with(MARK.as_bytes()) { "backup-checksum" } else { "backup-truncated" };
    Err(match id {
        "backup-checksum" => Problem::invalid("backup-checksum").into(),
        _ => Problem::invalid("backup-truncated").into(),
    })
}

/// The members, every byte between them accounted for.
pub(super) fn entries(file: &mut (impl Read + Seek)) -> Result<Vec<Entry>> {
    let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
    let end = size.saturating_sub(LINE);
    let mut found: Vec<Entry> = Vec::new();
    let mut at = 0;
    loop {
        let block = block(file, at, end)?;
        at += BLOCK as u64;
        if block == [0; BLOCK] {
            break;
        }
        let entry = entry(&block, at, end)?;
        if found.iter().any(|other| other.name == entry.name) {
            return Err(bad(&entry.name, "twice"));
        }
        if found.len() == MOST {
            return Err(bad(&entry.name, "many"));
        }
        at += entry.size;
        let mut rest = vec![0; padding(entry.size)];
        file.seek(SeekFrom::Start(at)).map_err(unread)?;
        file.read_exact(&mut rest).map_err(unread)?;
        if rest.iter().any(|byte| *byte != 0) {
            return Err(bad(&entry.name, "padding"));
        }
        at += rest.len() as u64;
        found.push(entry);
    }
    if block(file, at, end)? != [0; BLOCK] || at + BLOCK as u64 != end {
        return Err(Problem::invalid("backup-truncated").into());
    }
    Ok(found)
}

/// The first member alone, for those who only want to know what a file is.
pub(super) fn first(file: &mut (impl Read + Seek)) -> Result<Entry> {
    let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
    let block = block(file, 0, size)?;
    entry(&block, BLOCK as u64, size)
}

/// The member that begins after this one.
pub(super) fn next(file: &mut (impl Read + Seek), entry_before: &Entry) -> Result<Entry> {
    let size = file.seek(SeekFrom::End(0)).map_err(unread)?;
    let at = entry_before.at + entry_before.size + padding(entry_before.size) as u64;
    let block = block(file, at, size)?;
    entry(&block, at + BLOCK as u64, size)
}

fn block(file: &mut (impl Read + Seek), at: u64, end: u64) -> Result<[u8; BLOCK]> {
    if at + BLOCK as u64 > end {
        return Err(Problem::invalid("backup-truncated").into());
    }
    let mut block = [0; BLOCK];
    file.seek(SeekFrom::Start(at)).map_err(unread)?;
    file.read_exact(&mut block).map_err(unread)?;
    Ok(block)
}

/// What a header says, if it may be said.
fn entry(block: &[u8; BLOCK], at: u64, end: u64) -> Result<Entry> {
    let header = Header::from_byte_slice(block);
    if header.as_ustar().is_none() {
        return Err(Problem::invalid("backup-not-one").into());
    }
    let path = header.path_bytes().into_owned();
    let shown = String::from_utf8_lossy(&path).into_owned();
    let kind = header.entry_type();
    if kind != EntryType::Regular {
        return Err(bad(&shown, if kind.is_symlink() || kind.is_hard_link() { "link" } else { "kind" }));
    }
    let Ok(name) = String::from_utf8(path) else { return Err(bad(&shown, "path")) };
    if !is_plain(&name) {
        return Err(bad(&name, "path"));
    }
    let (Ok(size), Ok(time)) = (header.entry_size(), header.mtime()) else {
        return Err(bad(&name, "header"));
    };
    if size > end.saturating_sub(at) {
        return Err(bad(&name, "size"));
    }
    let ours = self::header(&name, size, time).map_err(|_| bad(&name, "path"))?;
    if ours.as_bytes() != block {
        return Err(bad(&name, "header"));
    }
    Ok(Entry { name, at, size })
}

/// Whether a name stays below the folder that it is unpacked into.
pub(super) fn is_plain(name: &str) -> bool {
    let fine = |part: &str| !matches!(part, "" | "." | "..") && !part.chars().any(char::is_control);
    !name.contains('\\') && name.split('/').all(fine)
}

/// A member that must not be there as it is.
pub(super) fn bad(name: &str, why: &'static str) -> super::BackupError {
    Problem::invalid("backup-bad-member").arg("name", name).arg("why", why).into()
}

/// The bytes of a small member.
pub(super) fn read(file: &mut (impl Read + Seek), entry: &Entry, most: u64) -> Result<Vec<u8>> {
    if entry.size > most {
        return Err(bad(&entry.name, "size"));
    }
    file.seek(SeekFrom::Start(entry.at)).map_err(unread)?;
    let mut bytes = Vec::new();
    file.by_ref().take(entry.size).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 == entry.size {
        Ok(bytes)
    } else {
        Err(Problem::invalid("backup-truncated").into())
    }
}
