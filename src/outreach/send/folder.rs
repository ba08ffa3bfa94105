//! A folder: one file per message, an `.eml` for a mail, a `.txt` for a text. The way that needs no
//! server, and the one that mail programs and tests can read.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::PathBuf;

use super::{Notch, Outcome, Parcel, Way};

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

impl Folder {
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The file is complete or not there; the same message again replaces it.
    fn write(&self, parcel: &Parcel<'_>) -> io::Result<()> {
        let (ending, bytes) = match parcel.mail {
            Some(mail) => ("eml", mail.bytes.clone()),
            None => ("txt", format!("{}\n\n{}\n", parcel.to.join(", "), parcel.text).into_bytes()),
        };
        let half = self.path.join(format!(".{}.part", parcel.id));
        let mut file = File::create(&half)?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&half, self.path.join(format!("{}.{ending}", parcel.id)))?;
        File::open(&self.path)?.sync_all()
    }
}

impl Way for Folder {
    fn send(&mut self, parcel: &Parcel<'_>, notch: Notch<'_>) -> Outcome {
        if let Err(error) = fs::create_dir_all(&self.path).and_then(|()| notch()) {
            return Outcome::Unreached(format!("{}: {error}", self.path.display()));
        }
        match self.write(parcel) {
            Ok(()) => Outcome::Sent(None),
            Err(error) => Outcome::Unreached(format!("{}: {error}", self.path.display())),
        }
    }
}
