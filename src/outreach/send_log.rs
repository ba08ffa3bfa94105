//! What was handed over, told apart from what was about to be: a line before each hand-over and one
//! after it, each durable before the next step. A crash in between leaves the line that settles it.
//!
//! One line is `begin ID` or `end ID RESULT` with the result as JSON.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use super::send::Outcome;

/// The log of one clone, held by the one run that sends.
#[derive(Debug)]
pub struct SendLog {
    file: File,
}

/// How far the hand-over of a message had come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It was about to be handed over; nobody knows whether it was.
    Begun,
    Ended(Outcome),
}

impl SendLog {
    /// Opens the log, or makes it.
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        Ok(Self { file })
    }

    /// What it says about each message; a line that was cut off says nothing.
    pub fn marks(&mut self) -> io::Result<BTreeMap<String, Mark>> {
        let mut text = String::new();
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_string(&mut text)?;
        let mut marks = BTreeMap::new();
        for line in text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')) {
            let mut words = line.splitn(3, ' ');
            match (words.next(), words.next(), words.next()) {
                (Some("begin"), Some(id), None) => {
                    marks.insert(id.to_owned(), Mark::Begun);
                }
                (Some("end"), Some(id), Some(result)) => {
                    if let Some(outcome) = read(result) {
                        marks.insert(id.to_owned(), Mark::Ended(outcome));
                    }
                }
                _ => {}
            }
        }
        Ok(marks)
    }

    /// Says that a message is about to be handed over.
    pub fn begin(&mut self, id: &str) -> io::Result<()> {
        self.line(&format!("begin {id}\n"))
    }

    /// Says what came of it.
    pub fn end(&mut self, id: &str, outcome: &Outcome) -> io::Result<()> {
        self.line(&format!("end {id} {}\n", written(outcome)))
    }

    /// Forgets everything, once the records say it.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.sync_data()
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data()
    }
}

fn written(outcome: &Outcome) -> Value {
    let (kind, text) = match outcome {
        Outcome::Sent(id) => ("sent", id.clone()),
        Outcome::Refused(why) => ("refused", Some(why.clone())),
        Outcome::Later(why) => ("later", Some(why.clone())),
        Outcome::Unreached(why) => ("unreached", Some(why.clone())),
        Outcome::Unknown(why) => ("unknown", Some(why.clone())),
    };
    serde_json::json!([kind, text])
}

fn read(text: &str) -> Option<Outcome> {
    let (kind, text): (String, Option<String>) = serde_json::from_str(text).ok()?;
    let why = || text.clone().unwrap_or_default();
    Some(match kind.as_str() {
        "sent" => Outcome::Sent(text),
        "refused" => Outcome::Refused(why()),
        "later" => Outcome::Later(why()),
        "unreached" => Outcome::Unreached(why()),
        "unknown" => Outcome::Unknown(why()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_tells_what_was_begun_and_what_ended() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("log");
        let mut log = SendLog::open(&path).expect("opens");
        let outcomes = [
            Outcome::Sent(Some("250 2.0.0 \"ok\"\nx".to_owned())),
            Outcome::Sent(None),
            Outcome::Refused("550 no".to_owned()),
            Outcome::Later("451".to_owned()),
            Outcome::Unreached("refused".to_owned()),
            Outcome::Unknown("cut".to_owned()),
        ];
        log.begin("msg_x").expect("written");
        for (at, outcome) in outcomes.iter().enumerate() {
            log.begin(&format!("msg_{at}")).expect("written");
            log.end(&format!("msg_{at}"), outcome).expect("written");
        }
        drop(log);
        let mut file = OpenOptions::new().append(true).open(&path).expect("opens");
        file.write_all(b"end msg_x [\"sen").expect("written");
        let mut log = SendLog::open(&path).expect("opens");
        let marks = log.marks().expect("read");
        assert_eq!(marks["msg_x"], Mark::Begun, "a line that was cut off says nothing");
        for (at, outcome) in outcomes.into_iter().enumerate() {
            assert_eq!(marks[&format!("msg_{at}")], Mark::Ended(outcome));
        }
        log.clear().expect("cleared");
        assert!(log.marks().expect("read").is_empty());
    }
}
