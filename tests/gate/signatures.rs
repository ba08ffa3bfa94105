//! Our reading of signatures beside git's: commits good and altered, each judged by the gate and by
//! `git verify-commit` with a file of allowed signers.
//!
//! They differ only where the gate is meant to be narrower: RSA keys, other curves, headers that git
//! does not write, a name that is not the signer's. `CRM_TEST_SIGNATURES=1000` makes a thousand
//! commits instead of two hundred. Keys on a token are made by hand: a signature of theirs is one of
//! an ordinary key over a few bytes more.

use std::process::Command;
use std::sync::Mutex;

use crm::access::gate::{Bench as Knows, Gate};
use crm::store::Repo;
use sha2::{Digest as _, Sha256, Sha512};

use super::harness::{Bench, NOW, SECONDS, Text, person, put, signed, world};

/// What is done to a commit.
const KINDS: &[(&str, bool, bool)] = &[
    // (kind, git counts it, the gate counts it)
    ("ed25519", true, true),
    ("ecdsa", true, true),
    ("sk-ed25519", true, true),
    ("sk-ecdsa", true, true),
    ("message altered", false, false),
    ("header altered", false, false),
    ("signature altered", false, false),
    ("signature cut", false, false),
    ("signature of another commit", false, false),
    ("other namespace", false, false),
    ("stranger", false, false),
    ("unsigned", false, false),
    ("token altered", false, false),
    // Narrower on purpose.
    ("rsa", true, false),
    ("p384", true, false),
    ("encoding header", true, false),
    ("unknown header", true, false),
    ("name of another", true, false),
];

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a short text").to_be_bytes();
    [&length[..], bytes].concat()
}

fn sign<K: ssh_key::SigningKey>(key: &K, bytes: &[u8]) -> Vec<u8> {
    key.try_sign(bytes).expect("a key that signs").as_bytes().to_vec()
}

/// A key on a token that is none: an ordinary key, and what a token signs.
struct Token {
    key: ssh_key::PrivateKey,
    kind: &'static str,
    /// The public key as it stands in a signature.
    public: Vec<u8>,
}

impl Token {
    fn new(file: &str, kind: &'static str) -> Self {
        let text = std::fs::read_to_string(world().key(file)).expect("a private key");
        let key = ssh_key::PrivateKey::from_openssh(text).expect("a private key");
        let whole = key.public_key().to_bytes().expect("a public key");
        // After the name of the kind come the parts, and a token adds what it is for.
        let name = 4 + usize::from(whole[3]);
        let public = [packed(kind.as_bytes()), whole[name..].to_vec(), packed(b"ssh:")].concat();
        Self { key, kind, public }
    }

    fn line(&self) -> String {
        format!("{} {}", self.kind, base64(&self.public))
    }

    fn pem(&self, bytes: &[u8], counter: u32) -> String {
        let head = [packed(b"git"), packed(b""), packed(b"sha512")].concat();
        let hashed = Sha512::digest(bytes);
        let over = [&b"SSHSIG"[..], &head, &packed(&hashed)].concat();
        let flags = [&[1][..], &counter.to_be_bytes()].concat();
        let token = [&Sha256::digest(b"ssh:")[..], &flags, &Sha256::digest(&over)].concat();
        let signature = [packed(self.kind.as_bytes()), packed(&sign(&self.key, &token)), flags].concat();
        let version = 1_u32.to_be_bytes();
        let all = [&b"SSHSIG"[..], &version, &packed(&self.public), &head, &packed(&signature)].concat();
        let text = base64(&all);
        let lines: Vec<&str> =
            text.as_bytes().chunks(70).map(|line| str::from_utf8(line).expect("ascii")).collect();
        format!("-----BEGIN SSH SIGNATURE-----\n{}\n-----END SSH SIGNATURE-----\n", lines.join("\n"))
    }
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

/// One letter of a range replaced by another.
fn altered(dice: &mut Dice, text: &str, from: usize, to: usize) -> String {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let at = from + dice.roll(to - from);
        if bytes[at].is_ascii_alphanumeric() {
            bytes[at] = match bytes[at] {
                b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => bytes[at] + 1,
                b'9' => b'0',
                letter => letter - 25,
            };
            return String::from_utf8(bytes).expect("ascii stays ascii");
        }
    }
}

fn commit(bench: &Bench, dice: &mut Dice, at: usize, kind: &str, base: &Text, tokens: &[Token; 2]) -> String {
    let mut text = base.clone();
    text.message = format!("number {at}\n\nof many: {}", dice.roll(1000));
    text.seconds = SECONDS - i64::try_from(dice.roll(100_000)).expect("a small number");
    let user = match kind {
        "ecdsa" => "tom",
        "sk-ed25519" | "token altered" => "sue",
        "sk-ecdsa" => "max",
        "name of another" => "ada",
        _ => "sam",
    };
    text.author = person(user);
    text.committer = person(user);
    let plain = match kind {
        "encoding header" => text.plain().replacen("\n\n", "\nencoding UTF-8\n\n", 1),
        "unknown header" => text.plain().replacen("\n\n", "\nx-more yes\n\n", 1),
        _ => text.plain(),
    };
    let bytes = plain.as_bytes();
    let counter = u32::try_from(at).expect("a small number");
    let pem = match kind {
        "unsigned" => return plain,
        "ecdsa" => bench.pem("tom", "git", bytes),
        "sk-ed25519" | "token altered" => tokens[0].pem(bytes, counter),
        "sk-ecdsa" => tokens[1].pem(bytes, counter),
        "other namespace" => bench.pem("sam", "file", bytes),
        "signature of another commit" => bench.pem("sam", "git", b"another"),
        "stranger" | "rsa" | "p384" => bench.pem(kind, "git", bytes),
        _ => bench.pem("sam", "git", bytes),
    };
    let whole = signed(&plain, &pem);
    let header = whole.find("gpgsig ").expect("a signature");
    let end = whole.find("\n\n").expect("a header");
    match kind {
        "message altered" => altered(dice, &whole, end, whole.len()),
        "header altered" => altered(dice, &whole, whole.find("author ").expect("an author") + 7, header),
        "signature altered" | "token altered" => {
            altered(dice, &whole, header + 7 + 30, end - "-----END SSH SIGNATURE-----".len())
        }
        "signature cut" => {
            let cut = header + 7 + 40 + dice.roll(100);
            format!("{}{}", &whole[..cut], &whole[cut + 4..])
        }
        _ => whole,
    }
}

#[test]
fn git_and_the_gate_read_signatures_alike() {
    let wanted = std::env::var("CRM_TEST_SIGNATURES").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let bench = Bench::new();
    let tip = bench.tip();
    let tokens = [
        Token::new("next", "sk-ssh-ed25519@openssh.com"),
        Token::new("tom", "sk-ecdsa-sha2-nistp256@openssh.com"),
    ];
    let row = |token: &Token| format!("\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", token.line());
    let with = |user: &str, token: &Token| {
        let file = format!("users/{user}.toml");
        put(file.clone(), bench.read(&tip, &file) + &row(token))
    };
    let base = bench.commit("ada", &tip, &[with("sue", &tokens[0]), with("max", &tokens[1])]);
    let push = bench.push(&format!("{base}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");

    let mut allowed = String::new();
    for key in ["sam", "tom", "rsa", "p384"] {
        allowed.push_str(&format!("{key}@acme.example namespaces=\"git\" {}\n", world().public(key)));
    }
    for (user, token) in ["sue", "max"].iter().zip(&tokens) {
        allowed.push_str(&format!("{user}@acme.example namespaces=\"git\" {}\n", token.line()));
    }
    let dir = bench.forge();
    std::fs::write(dir.join("allowed"), allowed).expect("a file of signers");
    bench.git(&["config", "gpg.ssh.allowedSignersFile", &dir.join("allowed").display().to_string()]);

    let text = bench.text("sam", &base, &[]);
    let mut dice = Dice(20_260_304);
    let mut files = String::new();
    for at in 0..wanted {
        let (kind, ..) = KINDS[at % KINDS.len()];
        let file = dir.join(format!("commit-{at}"));
        std::fs::write(&file, commit(&bench, &mut dice, at, kind, &text, &tokens)).expect("a file");
        files.push_str(&format!("{}\n", file.display()));
    }
    let ids =
        bench.feed(&["hash-object", "-t", "commit", "--literally", "-w", "--stdin-paths"], files.as_bytes());
    let ids: Vec<&str> = ids.lines().collect();
    assert_eq!(ids.len(), wanted);

    let repo = Repo::open(&dir).expect("a repository");
    let now = chrono::DateTime::parse_from_rfc3339(NOW).expect("a time").timestamp();
    let knows = Knows { now, attributes: b"", version: "0.1.0" };
    let gate = Gate::new(&repo, &knows);
    let ours: Vec<Vec<&str>> = ids
        .iter()
        .map(|id| {
            gate.commit(id.parse().expect("an id"), true).iter().map(|reason| reason.problem.id).collect()
        })
        .collect();

    let next = Mutex::new(0);
    let theirs = Mutex::new(vec![false; wanted]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = {
                        let mut next = next.lock().expect("a counter");
                        *next += 1;
                        *next - 1
                    };
                    let Some(id) = ids.get(at) else { return };
                    let mut git = Command::new("git");
                    git.arg("-C").arg(&dir).args(["verify-commit", id]).env("GIT_CONFIG_NOSYSTEM", "1");
                    let good = git.output().expect("git runs").status.success();
                    theirs.lock().expect("verdicts")[at] = good;
                }
            });
        }
    });
    let theirs = theirs.into_inner().expect("verdicts");
    let mut wrong = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let (kind, git, own) = KINDS[at % KINDS.len()];
        if (theirs[at], ours[at].is_empty()) != (git, own) {
            wrong.push(format!("{at} {kind} {id}: git {}, the gate {:?}", theirs[at], ours[at]));
        }
    }
    assert!(wrong.is_empty(), "{} of {wanted}\n{}", wrong.len(), wrong.join("\n"));
}
