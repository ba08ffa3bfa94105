//! A commit object as bytes, and its signature. libgit2 ignores `commit.gpgsign`;
//! where the user's git asks for signatures we sign as git would, or refuse.

use super::error::{Result, StoreError};
use git2::{Config, Oid};
use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Who wrote or committed something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
}

/// A point in time as git keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    /// Since 1970-01-01 00:00 UTC.
    pub seconds: i64,
    /// East of UTC.
    pub offset_minutes: i32,
}

/// Makes a signature over the bytes of a commit.
pub trait Signer {
    /// The signature as text; the error says why there is none.
    fn sign(&self, bytes: &[u8]) -> Result<String, String>;
}

impl<F: Fn(&[u8]) -> Result<String, String>> Signer for F {
    fn sign(&self, bytes: &[u8]) -> Result<String, String> {
        self(bytes)
    }
}

/// Whether a commit is signed, and how.
#[derive(Clone, Copy, Default)]
pub enum Signing<'a> {
    /// Where `commit.gpgsign` is set, with the key and program that git is set to.
    #[default]
    AsGitSays,
    /// Always, with the key and program that git is set to.
    Always,
    /// Always, with this.
    With(&'a dyn Signer),
}

impl fmt::Debug for Signing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Signing::AsGitSays => "AsGitSays",
            Signing::Always => "Always",
            Signing::With(_) => "With",
        })
    }
}

pub(super) struct Header<'a> {
    pub tree: Oid,
    pub parent: Option<Oid>,
    pub author: &'a Person,
    pub committer: &'a Person,
    pub when: When,
}

pub(super) fn print(header: &Header<'_>, message: &str) -> String {
    let mut text = format!("tree {}\n", header.tree);
    if let Some(parent) = header.parent {
        let _ = writeln!(text, "parent {parent}");
    }
    for (role, person) in [("author", header.author), ("committer", header.committer)] {
        text.push_str(&person_line(role, person, header.when));
    }
    text.push('\n');
    text.push_str(&message.replace('\0', ""));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// A commit made again elsewhere: author, date and message as they were, the rest anew.
pub(super) struct Again<'a> {
    pub tree: Oid,
    pub parents: &'a [Oid],
    /// The line as it stands in the commit, `author ` included.
    pub author: &'a str,
    pub committer: &'a Person,
    pub when: When,
}

pub(super) fn print_again(header: &Again<'_>, message: &str) -> String {
    let mut text = format!("tree {}\n", header.tree);
    for parent in header.parents {
        let _ = writeln!(text, "parent {parent}");
    }
    let _ = writeln!(text, "{}", header.author);
    text.push_str(&person_line("committer", header.committer, header.when));
    text.push('\n');
    text.push_str(message);
    text
}

pub(super) fn person_line(role: &str, person: &Person, when: When) -> String {
    format!(
        "{role} {} <{}> {} {}\n",
        clean(&person.name, "unknown"),
        clean(&person.email, ""),
        when.seconds,
        offset(when.offset_minutes)
    )
}

fn offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    let minutes = minutes.unsigned_abs();
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

/// A name as it stands in a person's line.
#[must_use]
pub fn git_name(name: &str) -> String {
    clean(name, "unknown")
}

/// Git gives these characters a meaning in a person's line.
fn clean<'a>(text: &'a str, instead: &'a str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>')).collect();
    let crud = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ':' | ';' | '"' | '\'' | '\\');
    match text.trim_matches(crud) {
        "" => instead.to_owned(),
        text => text.to_owned(),
    }
}

/// The commit with its signature, where one is wanted.
pub(super) fn sign(commit: String, signing: Signing<'_>, config: &Config) -> Result<String> {
    let wanted = || config.get_bool("commit.gpgsign").unwrap_or(false);
    let signature = match signing {
        Signing::AsGitSays if !wanted() => return Ok(commit),
        Signing::AsGitSays | Signing::Always => sign_as_git_would(commit.as_bytes(), config),
        Signing::With(signer) => signer.sign(commit.as_bytes()),
    };
    let signature = signature.map_err(|why| StoreError::SigningFailed { why })?;
    let Some((header, message)) = commit.split_once("\n\n") else {
        return Ok(commit);
    };
    let lines: Vec<&str> = signature.trim_end().lines().collect();
    Ok(format!("{header}\ngpgsig {}\n\n{message}", lines.join("\n ")))
}

impl super::Repo {
    /// A signature over these bytes with the key and program that git is set to.
    pub fn sign_as_git_would(&self, bytes: &[u8]) -> Result<String> {
        let config = self.git.config().map_err(super::error::git("read its configuration"))?;
        sign_as_git_would(bytes, &config).map_err(|why| StoreError::SigningFailed { why })
    }
}

fn sign_as_git_would(commit: &[u8], config: &Config) -> Result<String, String> {
    let text = |name: &str| config.get_string(name).ok().filter(|text| !text.is_empty());
    let format = text("gpg.format").unwrap_or_else(|| "openpgp".into());
    let key = text("user.signingkey");
    match format.as_str() {
        "openpgp" => {
            let program = text("gpg.openpgp.program").or_else(|| text("gpg.program"));
            sign_with_gpg(commit, &program.unwrap_or_else(|| "gpg".into()), key)
        }
        "x509" => {
            let program = text("gpg.x509.program").unwrap_or_else(|| "gpgsm".into());
            sign_with_gpg(commit, &program, key)
        }
        "ssh" => {
            let program = text("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".into());
            let key = match key {
                Some(key) => key,
                None => default_ssh_key(text("gpg.ssh.defaultkeycommand"))?,
            };
            sign_with_ssh(commit, &program, &key, "git")
        }
        other => Err(format!("gpg.format {other} is unknown")),
    }
}

fn sign_with_gpg(commit: &[u8], program: &str, key: Option<String>) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(["--status-fd=2", "-bsa"]);
    if let Some(key) = key {
        command.args(["-u", &key]);
    }
    let signature = run(command, commit)?;
    if signature.contains("BEGIN") { Ok(signature) } else { Err(format!("{program} gave no signature")) }
}

fn sign_with_ssh(bytes: &[u8], program: &str, key: &str, namespace: &str) -> Result<String, String> {
    let literal = key.strip_prefix("key::").unwrap_or(key);
    let mut command = Command::new(program);
    command.args(["-Y", "sign", "-n", namespace, "-f"]);
    let mut held = None;
    if key.starts_with("key::") || literal.starts_with("ssh-") {
        // A public key given as text: the private one is in the agent.
        let path = std::env::temp_dir().join(format!("crm-key-{}", super::txid()));
        std::fs::write(&path, format!("{literal}\n")).map_err(|error| error.to_string())?;
        command.arg(&path).arg("-U");
        held = Some(path);
    } else {
        command.arg(expand_home(key));
    }
    let signature = run(command, bytes);
    if let Some(path) = held {
        let _ = std::fs::remove_file(path);
    }
    let signature = signature?;
    if signature.starts_with("-----BEGIN SSH SIGNATURE-----") {
        Ok(signature)
    } else {
        Err(format!("{program} gave no signature"))
    }
}

impl super::Repo {
    /// The ssh key to sign with: ours, else the one that git is set to; nothing where there is none
    /// or another kind.
    pub fn ssh_signing_key(&self) -> Option<String> {
        let config = self.git.config().ok()?;
        let is_ssh = config.get_string("gpg.format").is_ok_and(|format| format == "ssh");
        let text = |name: &str| config.get_string(name).ok().filter(|key| !key.is_empty());
        text("crm.signingkey").or_else(|| text("user.signingkey").filter(|_| is_ssh))
    }

    /// The public key of that key, where a file beside it or the setting itself has it.
    pub fn ssh_public_key(&self, key: &str) -> Option<String> {
        let literal = key.strip_prefix("key::").unwrap_or(key);
        if literal != key || literal.starts_with("ssh-") {
            return Some(literal.to_owned());
        }
        let path = expand_home(key);
        let beside = path.with_added_extension("pub");
        let path = if path.extension().is_some_and(|ending| ending == "pub") { path } else { beside };
        std::fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
    }

    /// Signs bytes with that key and the program that git is set to.
    pub fn sign_with_ssh(&self, key: &str, namespace: &str, bytes: &[u8]) -> Result<String, String> {
        let program = self.config("gpg.ssh.program").unwrap_or_else(|| "ssh-keygen".into());
        sign_with_ssh(bytes, &program, key, namespace)
    }
}

#[expect(clippy::disallowed_methods, reason = "git expands ~ in user.signingkey from the environment")]
fn expand_home(key: &str) -> PathBuf {
    match (key.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(key),
    }
}

fn default_ssh_key(command: Option<String>) -> Result<String, String> {
    let command = command.ok_or("user.signingkey is not set")?;
    let mut shell = Command::new("sh");
    shell.args(["-c", &command]);
    let keys = run(shell, b"")?;
    let first = keys.lines().find(|line| line.starts_with("ssh-") || line.starts_with("key::"));
    first.map(str::to_owned).ok_or_else(|| "gpg.ssh.defaultKeyCommand gave no key".into())
}

/// Runs a program over `input` and gives what it prints.
fn run(mut command: Command, input: &[u8]) -> Result<String, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let failed = |error: std::io::Error| format!("{program}: {error}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not read all of it says why itself.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().map_err(failed)?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| format!("{program} printed no text"));
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last = words.lines().rfind(|line| !line.starts_with("[GNUPG:]"));
    Err(format!("{program}: {}", last.unwrap_or("it failed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_forge_a_header() {
        let person = Person { name: "Mallory <x>\ncommitter Root".into(), email: "m@example.com>\n".into() };
        let when = When { seconds: 0, offset_minutes: -90 };
        let header = Header { tree: Oid::ZERO_SHA1, parent: None, author: &person, committer: &person, when };
        let text = print(&header, "subject\0");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[1], "author Mallory xcommitter Root <m@example.com> 0 -0130");
        assert_eq!(lines[4], "subject");
    }

    #[test]
    fn a_signature_becomes_an_indented_header() {
        let config = Config::new().expect("an empty configuration");
        let by_key = |bytes: &[u8]| {
            assert!(bytes.ends_with(b"message\n"));
            Ok("-----BEGIN-----\nabc\n-----END-----\n".to_owned())
        };
        let signed = sign("tree x\n\nmessage\n".into(), Signing::With(&by_key), &config);
        assert_eq!(
            signed.expect("signed"),
            "tree x\ngpgsig -----BEGIN-----\n abc\n -----END-----\n\nmessage\n"
        );
        let refuse = |_: &[u8]| Err("no key".to_owned());
        assert!(matches!(
            sign("tree x\n\nm\n".into(), Signing::With(&refuse), &config),
            Err(StoreError::SigningFailed { .. })
        ));
    }
}
