//! A program such as `sendmail -i -- {{to}}`: the mail, or the text, comes on its standard input.
//!
//! An argument `{{to}}` stands for one argument per receiver; no shell is involved. It ends with 0
//! for accepted, 75 (EX_TEMPFAIL) for later, anything else for refused.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Notch, Outcome, Parcel, Way};

/// The exit code by which mail programs ask to try again.
const TEMPORARY: i32 = 75;

/// Most bytes of what a program says that are kept.
const SAID: u64 = 4096;

#[derive(Debug)]
pub(super) struct Program {
    words: Vec<String>,
    patience: Duration,
}

impl Program {
    pub fn new(words: &[&str], patience: Duration) -> Self {
        Self { words: words.iter().map(|word| (*word).to_owned()).collect(), patience }
    }
}

impl Way for Program {
    fn send(&mut self, parcel: &Parcel<'_>, notch: Notch<'_>) -> Outcome {
        let Some((program, rest)) = self.words.split_first() else {
            return Outcome::Unreached(String::new());
        };
        let to = parcel.mail.map_or(parcel.to, |mail| mail.to.as_slice());
        // What begins with a dash would be a flag.
        if let Some(odd) = to.iter().find(|address| address.starts_with('-')) {
            return Outcome::Refused(odd.clone());
        }
        let arguments =
            rest.iter().flat_map(|word| if word == "{{to}}" { to.to_vec() } else { vec![word.clone()] });
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Err(error) = notch() {
            return Outcome::Unreached(error.to_string());
        }
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(error) => return Outcome::Unreached(format!("{program}: {error}")),
        };
        let bytes = parcel.mail.map_or_else(|| parcel.text.as_bytes().to_vec(), |mail| mail.bytes.clone());
        let input = child.stdin.take();
        // A program that does not read must not stop us.
        let writer = thread::spawn(move || input.map(|mut input| input.write_all(&bytes)));
        let error = child.stderr.take();
        let reader = thread::spawn(move || {
            let mut said = Vec::new();
            error.map(|error| error.take(SAID).read_to_end(&mut said));
            String::from_utf8_lossy(&said).trim().to_owned()
        });
        let ended = wait(&mut child, self.patience);
        let _ = writer.join();
        let said = reader.join().unwrap_or_default();
        let told = |status: &str| if said.is_empty() { format!("{program}: {status}") } else { said.clone() };
        match ended {
            Some(status) if status.success() => Outcome::Sent(None),
            Some(status) if status.code() == Some(TEMPORARY) => Outcome::Later(told(&status.to_string())),
            Some(status) if status.code().is_some() => Outcome::Refused(told(&status.to_string())),
            Some(status) => Outcome::Unknown(told(&status.to_string())),
            None => Outcome::Unknown(told("no answer in time")),
        }
    }
}

/// The end of a child, which is stopped when its time is over.
fn wait(child: &mut Child, patience: Duration) -> Option<std::process::ExitStatus> {
    let until = Instant::now() + patience;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < until => thread::sleep(Duration::from_millis(5)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return None;
            }
        }
    }
}
