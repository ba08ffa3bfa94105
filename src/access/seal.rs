//! Encryption of files to people: x25519 keys of `age`, so that its program reads what we write.
//!
//! Beside the recipients stands a key that is made for the one file and kept nowhere: with it we
//! read back what we wrote, without a secret of anybody. Deliberately absent: passphrases, which
//! scripts would have to hold.

use std::fmt;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use age::secrecy::ExposeSecret;
use age::x25519::{Identity, Recipient};
use age::{Decryptor, Encryptor, IdentityFile};

/// Why something cannot be encrypted or decrypted.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    #[error("not an age public key")]
    NotARecipient,
    #[error("not a file with age secret keys")]
    NotAnIdentity,
    #[error("none of the keys opens it")]
    NoKeyFits,
    #[error("what is encrypted is damaged: {0}")]
    Damaged(String),
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Whom something is encrypted to.
pub struct Seal {
    recipients: Vec<Recipient>,
    /// Gone with this value.
    own: Identity,
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seal").field("recipients", &self.recipients.len()).finish_non_exhaustive()
    }
}

impl Seal {
    /// For these public keys; one that comes twice counts once.
    pub fn to(keys: &[String]) -> Result<Self, SealError> {
        let mut texts: Vec<String> = Vec::new();
        let mut recipients = Vec::new();
        for key in keys {
            let recipient: Recipient = key.trim().parse().map_err(|_| SealError::NotARecipient)?;
            let text = recipient.to_string();
            if !texts.contains(&text) {
                texts.push(text);
                recipients.push(recipient);
            }
        }
        Ok(Self { recipients, own: Identity::generate() })
    }

    /// How many different keys.
    #[must_use]
    pub fn recipients(&self) -> usize {
        self.recipients.len()
    }

    /// Encrypts all of one into the other.
    pub fn seal(&self, from: &mut dyn Read, to: &mut dyn Write) -> io::Result<()> {
        let own = self.own.to_public();
        let people = self.recipients.iter().map(|recipient| recipient as &dyn age::Recipient);
        let encryptor = Encryptor::with_recipients(people.chain([&own as &dyn age::Recipient]))
            .map_err(io::Error::other)?;
        let mut sealed = encryptor.wrap_output(to)?;
        io::copy(from, &mut sealed)?;
        sealed.finish()?.flush()
    }

    /// The key with which this process reads back what it wrote.
    #[must_use]
    pub fn own(&self) -> Unseal {
        Unseal(vec![Box::new(self.own.clone())])
    }
}

/// Secret keys.
pub struct Unseal(Vec<Box<dyn age::Identity>>);

impl fmt::Debug for Unseal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unseal")
    }
}

impl Unseal {
    /// The keys of a file as `age-keygen` writes it.
    pub fn read(path: &Path) -> Result<Self, SealError> {
        let file = std::fs::File::open(path)?;
        let file = IdentityFile::from_buffer(BufReader::new(file)).map_err(|_| SealError::NotAnIdentity)?;
        let keys = file.into_identities().map_err(|_| SealError::NotAnIdentity)?;
        if keys.is_empty() {
            return Err(SealError::NotAnIdentity);
        }
        Ok(Self(keys.into_iter().map(|key| key as Box<dyn age::Identity>).collect()))
    }

    /// Decrypts all of one into the other.
    pub fn unseal(&self, from: &mut dyn Read, to: &mut dyn Write) -> Result<(), SealError> {
        let said = |error: age::DecryptError| match error {
            age::DecryptError::NoMatchingKeys => SealError::NoKeyFits,
            other => SealError::Damaged(other.to_string()),
        };
        let decryptor = Decryptor::new_buffered(BufReader::new(from)).map_err(said)?;
        let mut plain = decryptor.decrypt(self.0.iter().map(|key| &**key)).map_err(said)?;
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let read = plain.read(&mut buffer).map_err(|error| SealError::Damaged(error.to_string()))?;
            if read == 0 {
                return Ok(to.flush()?);
            }
            to.write_all(&buffer[..read])?;
        }
    }
}

/// A new pair of keys: the secret one as the text of a file, and the public one.
#[must_use]
pub fn new_pair(made: &str) -> (String, String) {
    let identity = Identity::generate();
    let public = identity.to_public().to_string();
    let text =
        format!("# created: {made}\n# public key: {public}\n{}\n", identity.to_string().expose_secret());
    (text, public)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsealed(keys: &Unseal, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let mut plain = Vec::new();
        keys.unseal(&mut &sealed[..], &mut plain).map(|()| plain)
    }

    fn pair(dir: &Path, name: &str) -> (Unseal, String) {
        let (secret, public) = new_pair("2026-03-04");
        let path = dir.join(name);
        std::fs::write(&path, secret).expect("a file of keys");
        (Unseal::read(&path).expect("keys"), public)
    }

    #[test]
    fn each_recipient_opens_it_and_nobody_else() {
        let dir = tempfile::tempdir().expect("a folder");
        let [(one, first), (two, second), (other, _)] = ["a", "b", "c"].map(|name| pair(dir.path(), name));
        let seal = Seal::to(&[first.clone(), second, first]).expect("recipients");
        assert_eq!(seal.recipients(), 2);
        let plain = vec![7_u8; 200_000];
        let mut sealed = Vec::new();
        seal.seal(&mut plain.as_slice(), &mut sealed).expect("sealed");
        for keys in [&one, &two, &seal.own()] {
            assert_eq!(unsealed(keys, &sealed).expect("plain"), plain);
        }
        assert!(matches!(unsealed(&other, &sealed), Err(SealError::NoKeyFits)));
        for at in [0, 30, 100, 300, sealed.len() / 2, sealed.len() - 1] {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert!(unsealed(&one, &damaged).is_err(), "{at}");
        }
        assert!(unsealed(&one, &sealed[..sealed.len() - 16]).is_err());
    }

    #[test]
    fn what_is_no_key_is_told() {
        assert!(matches!(Seal::to(&["age1x".to_owned()]), Err(SealError::NotARecipient)));
        let dir = tempfile::tempdir().expect("a folder");
        for text in ["", "no key\n", "# only words\n"] {
            std::fs::write(dir.path().join("k"), text).expect("a file");
            assert!(matches!(Unseal::read(&dir.path().join("k")), Err(SealError::NotAnIdentity)), "{text}");
        }
        assert!(matches!(Unseal::read(&dir.path().join("none")), Err(SealError::Io(_))));
    }
}
