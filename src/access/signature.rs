//! SSH signatures over bytes: commits in the namespace `git`, manifests of backups in
//! `crm-backup`.
//!
//! A signature says which key made it, never who may; that is asked of the users' records.
//! Dates play no part: a key is good while its user's record says `active`. Deliberately absent:
//! RSA and DSA keys, certificates, and every file of allowed signers or revoked keys, which fails
//! open where it is missing. Keys with a passphrase, in an agent or on a token sign through
//! `ssh-keygen`, as git does; see [`store`](crate::store).

use std::fmt;
use std::path::Path;

use ssh_key::{Algorithm, EcdsaCurve, HashAlg, LineEnding, PrivateKey, PublicKey, SshSig};

/// Why a signature does not count, or a key cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("not an ssh public key")]
    NotAKey,
    #[error("a kind of key that is not accepted")]
    KeyKind,
    #[error("not an ssh signature")]
    NotASignature,
    #[error("made for another purpose")]
    Namespace,
    #[error("not over these bytes, or not by its key")]
    Bad,
    #[error("the key cannot be read, or has a passphrase")]
    Locked,
}

/// A public key, without its comment. Two spellings of one key are equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// Reads a line as in `id_ed25519.pub`; what follows the key is a comment.
    /// # Errors
    /// Whatever is no key, or none of a kind that is accepted: ed25519, ecdsa-p256, and both on
    /// a token (`sk-`).
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let mut words = text.split_ascii_whitespace();
        let (Some(kind), Some(body)) = (words.next(), words.next()) else { return Err(Refusal::NotAKey) };
        let key = PublicKey::from_openssh(&format!("{kind} {body}")).map_err(|error| match error {
            ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. } => {
                Refusal::KeyKind
            }
            _ => Refusal::NotAKey,
        })?;
        Self::of(&key)
    }

    fn of(key: &PublicKey) -> Result<Self, Refusal> {
        if !accepted(&key.algorithm()) {
            return Err(Refusal::KeyKind);
        }
        let bare = PublicKey::new(key.key_data().clone(), "");
        bare.to_openssh().map(|text| Self(text.trim_end().to_owned())).map_err(|_| Refusal::NotAKey)
    }

    /// As it stands in a file of public keys, without a comment.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As `ssh-keygen -l` prints it: `SHA256:` and 43 characters.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        PublicKey::from_openssh(&self.0)
            .map(|key| key.fingerprint(HashAlg::Sha256).to_string())
            .unwrap_or_default()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Key").field(&self.fingerprint()).finish()
    }
}

fn accepted(algorithm: &Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::Ed25519
            | Algorithm::SkEd25519
            | Algorithm::SkEcdsaSha2NistP256
            | Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 }
    )
}

/// The key that made a signature over these bytes for this purpose.
/// # Errors
/// Whatever does not hold: form, purpose, kind of key, the signature itself.
pub fn verify(pem: &str, namespace: &str, bytes: &[u8]) -> Result<Key, Refusal> {
    let signature = SshSig::from_pem(pem).map_err(|_| Refusal::NotASignature)?;
    if signature.namespace() != namespace {
        return Err(Refusal::Namespace);
    }
    if signature.version() != SshSig::VERSION || !signature.reserved().is_empty() {
        return Err(Refusal::NotASignature);
    }
    // The crate reads some lengths leniently; git does not, and one signature has one spelling.
    if spelled(&signature) != Some(pem.split_ascii_whitespace().collect()) {
        return Err(Refusal::NotASignature);
    }
    let key = PublicKey::new(signature.public_key().clone(), "");
    let name = Key::of(&key)?;
    key.verify(namespace, bytes, &signature).map_err(|_| Refusal::Bad)?;
    Ok(name)
}

/// A signature as it must be written, without blanks. Not left to the crate, which counts what a
/// token adds to a signature of `sk-ecdsa` as a part of it.
fn spelled(signature: &SshSig) -> Option<String> {
    let packed = |bytes: &[u8]| Some([&u32::try_from(bytes.len()).ok()?.to_be_bytes(), bytes].concat());
    let algorithm = signature.algorithm();
    let made = signature.signature_bytes();
    let token = matches!(algorithm, Algorithm::SkEd25519 | Algorithm::SkEcdsaSha2NistP256);
    // Flags and a counter stand after the signature of a token.
    let (made, counted) = made.split_at(made.len().checked_sub(if token { 5 } else { 0 })?);
    let public = PublicKey::new(signature.public_key().clone(), "").to_bytes().ok()?;
    let whole = [
        b"SSHSIG".to_vec(),
        signature.version().to_be_bytes().to_vec(),
        packed(&public)?,
        packed(signature.namespace().as_bytes())?,
        packed(signature.reserved())?,
        packed(signature.hash_alg().as_str().as_bytes())?,
        packed(&[&packed(algorithm.as_str().as_bytes())?[..], &packed(made)?, counted].concat())?,
    ];
    let text = base64(&whole.concat());
    Some(format!("-----BEGINSSHSIGNATURE-----{text}-----ENDSSHSIGNATURE-----"))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let mut bits = [0; 3];
        bits[..three.len()].copy_from_slice(three);
        let all = u32::from_be_bytes([0, bits[0], bits[1], bits[2]]);
        for at in 0..4 {
            let letter = LETTERS[(all >> (18 - 6 * at)) as usize & 63];
            text.push(if at > three.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

/// A private key that can sign without asking anybody.
pub struct Signer(PrivateKey);

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Signer {
    /// Reads the file of a private key.
    /// # Errors
    /// Where it cannot be read, has a passphrase, or is of a kind that is not accepted.
    pub fn read(path: &Path) -> Result<Self, Refusal> {
        let text = std::fs::read_to_string(path).map_err(|_| Refusal::Locked)?;
        Self::parse(&text)
    }

    /// Reads a private key as `ssh-keygen` writes it.
    /// # Errors
    /// As [`Signer::read`].
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let key = PrivateKey::from_openssh(text).map_err(|_| Refusal::NotAKey)?;
        match key.algorithm() {
            _ if key.is_encrypted() => Err(Refusal::Locked),
            Algorithm::Ed25519 | Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 } => Ok(Self(key)),
            _ => Err(Refusal::KeyKind),
        }
    }

    /// The public half.
    /// # Errors
    /// Never for a key that could be read.
    pub fn key(&self) -> Result<Key, Refusal> {
        Key::of(self.0.public_key())
    }

    /// A signature over these bytes for this purpose, as text.
    /// # Errors
    /// Where the key cannot make one.
    pub fn sign(&self, namespace: &str, bytes: &[u8]) -> Result<String, Refusal> {
        let signature = SshSig::sign(&self.0, namespace, HashAlg::Sha512, bytes).map_err(|_| Refusal::Bad)?;
        signature.to_pem(LineEnding::LF).map_err(|_| Refusal::Bad)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti";

    fn signer(seed: u8) -> Signer {
        let pair = ssh_key::private::Ed25519Keypair::from_seed(&[seed; 32]);
        Signer(PrivateKey::from(pair))
    }

    #[test]
    fn what_a_key_signs_only_that_key_has_signed() {
        let (one, other) = (signer(1), signer(2));
        let pem = one.sign("git", b"tree 1\n").expect("a key that signs");
        assert_eq!(verify(&pem, "git", b"tree 1\n"), one.key());
        assert_ne!(one.key(), other.key());
        assert_eq!(verify(&pem, "git", b"tree 2\n"), Err(Refusal::Bad));
        assert_eq!(verify(&pem, "crm-backup", b"tree 1\n"), Err(Refusal::Namespace));
        assert_eq!(verify("-----BEGIN PGP SIGNATURE-----", "git", b""), Err(Refusal::NotASignature));
        assert_eq!(verify("", "git", b""), Err(Refusal::NotASignature));
    }

    #[test]
    fn a_signature_with_any_letter_changed_does_not_count() {
        let pem = signer(3).sign("git", b"bytes").expect("a key that signs");
        let key = signer(3).key();
        for (at, was) in pem.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
            let mut other = pem.clone();
            other.replace_range(at..=at, if was == 'A' { "B" } else { "A" });
            assert_ne!(verify(&other, "git", b"bytes"), key, "{at}");
        }
    }

    #[test]
    fn one_key_has_many_spellings_and_one_name() {
        let key = Key::parse(KEY).expect("a key");
        for text in [format!("{KEY} li.na@work"), format!("  {KEY}\n"), KEY.replace(' ', "\t")] {
            assert_eq!(Key::parse(&text).as_ref(), Ok(&key));
        }
        assert_eq!(key.as_str(), KEY);
        assert!(key.fingerprint().starts_with("SHA256:") && key.fingerprint().len() == 50);
        assert_eq!(Key::parse(""), Err(Refusal::NotAKey));
        assert_eq!(Key::parse("ssh-ed25519 AAAA"), Err(Refusal::NotAKey));
        let rsa = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDQ";
        assert!(matches!(Key::parse(rsa), Err(Refusal::KeyKind | Refusal::NotAKey)));
    }
}
