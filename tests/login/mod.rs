//! Log-in as people and programs meet it: passwords, second factors, sessions, tokens, and what
//! becomes of secrets.

mod sessions;
mod tokens;

use crate::support::{Run, Sandbox};

/// A password that is long enough.
pub const ANN: &str = "correct horse, blue battery";

/// Another one.
pub const NEW: &str = "seven odd ducks swim north";

/// Runs with lines for passwords and codes, and without a word of who acts.
pub fn with(sandbox: &Sandbox, words: &str, lines: &[&str]) -> Run {
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let words = format!("{words} --password-stdin --lang en");
    sandbox.command(words.as_str()).env("CRM_USER", "").env("CRM_NO_INPUT", "1").stdin(text).run()
}

/// Runs without a word of who acts.
pub fn bare(sandbox: &Sandbox, words: &str) -> Run {
    sandbox.command(format!("{words} --lang en").as_str()).env("CRM_USER", "").run()
}

/// A store in which `ann` has a password and log-in is on.
pub fn guarded() -> Sandbox {
    let sandbox = Sandbox::new();
    with(&sandbox, "passwd --as ann", &[ANN]).exits(0);
    settings(&sandbox, "login = \"on\"");
    sandbox
}

/// Sets the section of log-in, by hand, and commits it as `ann` would where log-in is off.
pub fn settings(sandbox: &Sandbox, lines: &str) {
    sandbox.edit("crm.toml", |text| {
        let before = text.split("\n[auth]").next().unwrap_or_default().trim_end().to_owned();
        format!("{before}\n\n[auth]\n{lines}\n")
    });
    sandbox.git("commit -qam settings");
}

/// `ann` logs in.
pub fn log_in(sandbox: &Sandbox) -> Run {
    with(sandbox, "login ann", &[ANN]).exits(0)
}

/// The folder outside git.
pub fn vault(sandbox: &Sandbox) -> std::path::PathBuf {
    let root = sandbox.git("rev-list --max-parents=0 HEAD");
    sandbox.outside("home/.local/state/crm").join(root.trim())
}

/// What, outcome of the log of sign-ins of everybody, oldest first.
pub fn signs(sandbox: &Sandbox) -> Vec<String> {
    let text = std::fs::read_to_string(vault(sandbox).join("signins.jsonl")).expect("a log");
    let line = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of json");
        let field = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        format!("{} {} {}", field("user"), field("what"), field("outcome"))
    };
    text.lines().map(line).collect()
}

/// The code of an authenticator with a key, as RFC 6238 has it; the clock is the sandbox's next look.
pub fn code_of(secret: &str, second: i64) -> String {
    use sha1::{Digest as _, Sha1};
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let (mut bits, mut held, mut key) = (0_u32, 0, Vec::new());
    for letter in secret.bytes() {
        let value = alphabet.iter().position(|known| *known == letter).expect("a letter of a key");
        bits = (bits << 5) | u32::try_from(value).expect("five bits");
        held += 5;
        if held >= 8 {
            held -= 8;
            key.push(u8::try_from((bits >> held) & 255).expect("eight bits"));
        }
    }
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(&key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha1::new().chain_update(pad(0x36)).chain_update((second / 30).to_be_bytes()).finalize();
    let mac = Sha1::new().chain_update(pad(0x5c)).chain_update(inner).finalize();
    let at = usize::from(mac[19] & 15);
    let four = [mac[at] & 0x7f, mac[at + 1], mac[at + 2], mac[at + 3]];
    format!("{:06}", u32::from_be_bytes(four) % 1_000_000)
}
