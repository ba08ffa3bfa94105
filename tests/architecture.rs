//! The walls between the modules of the source, as ARCHITECTURE.md draws them.
//!
//! Each test reads the source as text, comments and strings blanked, and names what stands where it
//! must not. Code in `#[cfg(test)]` modules and in `*tests.rs` files may look over the walls
//! between our own modules, not over those around third-party crates.

use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom: a module and the modules of ours it may name beside itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("rules", &["model"]),
    ("draft", &["model", "rules"]),
    ("query", &["model"]),
    ("table", &["model"]),
    ("store", &["model", "draft"]),
    ("mirror", &["model", "query", "table", "store"]),
    ("reports", &["mirror", "table", "query"]),
    ("formats", &["table"]),
    ("exchange", &["model", "draft", "query"]),
    ("access", &["model", "draft", "store"]),
    ("outreach", &["model", "draft", "store"]),
    ("locale", &["model"]),
    (
        "cli",
        &[
            "model", "rules", "draft", "query", "table", "store", "mirror", "reports", "formats", "exchange",
            "access", "outreach", "locale",
        ],
    ),
    ("main", &["cli"]),
];

/// Uses beyond the table, each with its reason.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("reports", "model", "the one error type, and the value types of its parameters"),
    ("exchange", "rules", "`View`, through which a draft sees the records that are there"),
    ("exchange", "table", "an export is a table that a format then writes"),
    ("outreach", "rules", "`View`, through which a template sees the records that are there"),
];

/// Third-party crates and the modules that alone may name them.
const HOMES: &[(&str, &[&str])] = &[
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("git2", &["store"]),
    ("libgit2_sys", &["store"]),
    ("toml_edit", &["store"]),
    ("flate2", &["store"]),
    ("rusqlite", &["mirror"]),
    ("postgres", &["mirror"]),
    ("csv", &["formats", "exchange"]),
    ("comfy_table", &["formats", "exchange"]),
    ("parquet", &["formats"]),
    ("rust_xlsxwriter", &["formats", "exchange"]),
    ("encoding_rs", &["exchange"]),
    ("fluent_bundle", &["locale"]),
    ("fluent_syntax", &["locale"]),
    ("unic_langid", &["locale"]),
    ("lettre", &["outreach"]),
    ("ureq", &["outreach"]),
    ("mail_parser", &["outreach"]),
    ("argon2", &["access"]),
    ("totp_rs", &["access"]),
    ("qrcode", &["access"]),
    ("rpassword", &["access"]),
];

/// The modules that do no I/O and know no clock, no environment, no randomness.
const PURE: &[&str] = &["model", "rules", "draft", "query", "table"];

/// What a pure module must not name.
const IMPURE: &[&str] = &[
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
    "getrandom",
    "rustix",
    "stdin()",
    "stdout()",
    "stderr()",
];

/// A file of the source.
struct Source {
    /// `src/…`
    path: String,
    /// The names of the modules it is in: `["cli", "commands", "init"]`.
    module: Vec<String>,
    /// Its text without comments and strings.
    code: String,
    /// Where the tests in it begin.
    tests_from: usize,
    text: String,
}

impl Source {
    fn top(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    /// The code that is no test.
    fn plain(&self) -> &str {
        &self.code[..self.tests_from]
    }

    /// Where something stands, for a message.
    fn at(&self, offset: usize) -> String {
        format!("{}:{}", self.path, self.code[..offset].matches('\n').count() + 1)
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    walk(&root().join("src"), &mut paths);
    paths.sort();
    assert!(paths.len() > 100, "the source is found");
    paths.iter().map(|path| source(path)).collect()
}

fn walk(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).expect("a folder of the source") {
        let path = entry.expect("an entry of the source").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn source(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a file of the source");
    let inside = path.strip_prefix(root()).expect("a path below the root").to_string_lossy().into_owned();
    let module = inside.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let module: Vec<String> = module.split('/').filter(|part| *part != "lib").map(str::to_owned).collect();
    let code = code_of(&text);
    let is_test = module.iter().any(|part| {
        ["tests", "testing", "fake", "samples"].contains(&part.as_str()) || part.ends_with("_tests")
    });
    let tests_from = if is_test { 0 } else { code.find("#[cfg(test)]\nmod ").unwrap_or(code.len()) };
    Source { path: inside, module, code, tests_from, text }
}

/// The text with comments and the insides of strings turned into spaces, line ends kept.
fn code_of(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut code = bytes.to_vec();
    let mut at = 0;
    while at < bytes.len() {
        let end = match bytes[at] {
            b'/' if bytes[at..].starts_with(b"//") => line_end(bytes, at),
            b'/' if bytes[at..].starts_with(b"/*") => find(bytes, at + 2, b"*/"),
            b'"' => string_end(bytes, at),
            b'r' if !preceded_by_name(bytes, at)
                && (bytes[at..].starts_with(b"r\"") || bytes[at..].starts_with(b"r#\"")) =>
            {
                if bytes[at + 1] == b'#' { find(bytes, at + 3, b"\"#") } else { find(bytes, at + 2, b"\"") }
            }
            b'\'' => char_end(bytes, at),
            _ => {
                at += 1;
                continue;
            }
        };
        for byte in &mut code[at..end] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
        at = end;
    }
    String::from_utf8_lossy(&code).into_owned()
}

fn preceded_by_name(bytes: &[u8], at: usize) -> bool {
    at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_')
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |n| at + n)
}

fn find(bytes: &[u8], from: usize, end: &[u8]) -> usize {
    bytes[from..].windows(end.len()).position(|w| w == end).map_or(bytes.len(), |n| from + n + end.len())
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut at = at + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(bytes.len())
}

/// The end of a character literal; a lifetime ends where it begins.
fn char_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 1..];
    match rest.first() {
        Some(b'\\') => find(bytes, at + 3, b"'"),
        Some(_) => match rest.iter().take(6).position(|b| *b == b'\'') {
            Some(n) if std::str::from_utf8(&rest[..n]).is_ok_and(|c| c.chars().count() == 1) => at + n + 2,
            _ => at + 1,
        },
        None => at + 1,
    }
}

/// Where a path with this beginning stands: `git2::`, not `libgit2::` and not `a::git2::`.
fn paths_of<'a>(code: &'a str, beginning: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(beginning).map(|(at, _)| at).filter(|&at| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

/// The name that begins a text.
fn name_at(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// The names in `{a, b::c}`, or the one name.
fn names_at(text: &str) -> Vec<&str> {
    let Some(inside) = text.strip_prefix('{') else { return vec![name_at(text)] };
    let mut depth = 0_usize;
    let mut names = Vec::new();
    let mut begin = 0;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name_at(inside[begin..at].trim_start()));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name_at(inside[begin..at].trim_start()));
                begin = at + 1;
            }
            _ => {}
        }
    }
    names
}

/// The modules of ours that a file names outside its tests, each with where.
fn uses(source: &Source) -> Vec<(String, usize)> {
    let code = source.plain();
    let mut found = Vec::new();
    for beginning in ["crate::", "crm::"] {
        for at in paths_of(code, beginning) {
            let names = names_at(&code[at + beginning.len()..]);
            found.extend(names.into_iter().map(|name| (name.to_owned(), at)));
        }
    }
    for at in paths_of(code, "super::") {
        let mut rest = &code[at..];
        let mut up = 0;
        while let Some(next) = rest.strip_prefix("super::") {
            rest = next;
            up += 1;
        }
        if up >= source.module.len() {
            found.extend(names_at(rest).into_iter().map(|name| (name.to_owned(), at)));
        }
    }
    found.retain(|(name, _)| MAY_USE.iter().any(|(module, _)| module == name));
    found
}

fn refuse(found: &[String]) {
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn modules_name_only_the_modules_they_may() {
    let mut found = Vec::new();
    for source in sources() {
        let top = source.top().to_owned();
        if top == "lib" {
            continue;
        }
        let (_, allowed) = MAY_USE.iter().find(|(module, _)| *module == top).unwrap_or_else(|| {
            panic!("{}: module `{top}` is not in the table of who may use whom", source.path)
        });
        for (used, at) in uses(&source) {
            let excepted = EXCEPTIONS.iter().any(|(by, whom, _)| *by == top && *whom == used);
            if used != top && !allowed.contains(&used.as_str()) && !excepted {
                found.push(format!("{}: {top} must not name {used}", source.at(at)));
            }
        }
    }
    refuse(&found);
}

#[test]
fn every_exception_is_still_needed() {
    let sources = sources();
    let idle = EXCEPTIONS.iter().filter(|(by, whom, _)| {
        !sources.iter().any(|s| s.top() == *by && uses(s).iter().any(|(used, _)| used == whom))
    });
    refuse(&idle.map(|(by, whom, _)| format!("{by} no longer names {whom}")).collect::<Vec<_>>());
}

#[test]
fn a_third_party_crate_is_named_in_its_home_only() {
    let mut found = Vec::new();
    for source in sources() {
        for (krate, homes) in HOMES {
            let beginning = format!("{krate}::");
            for at in paths_of(&source.code, &beginning) {
                if !homes.contains(&source.top()) {
                    found.push(format!("{}: {} names {krate}", source.at(at), source.top()));
                }
            }
        }
    }
    refuse(&found);
}

#[test]
fn the_core_knows_no_disk_clock_environment_or_randomness() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| PURE.contains(&s.top())) {
        for name in IMPURE {
            found.extend(
                source.plain().match_indices(name).map(|(at, _)| format!("{}: {name}", source.at(at))),
            );
        }
    }
    refuse(&found);
}

#[test]
fn the_core_knows_no_binary_fractions() {
    let named = |source: &Source| -> Vec<String> {
        let of = |name| paths_of(&source.code, name).map(move |at| format!("{} names {name}", source.at(at)));
        of("f32").chain(of("f64")).collect()
    };
    let all = sources();
    // How alike two names are is no amount.
    let likeness = |source: &&Source| source.path.starts_with("src/draft/dedupe");
    let (core, others): (Vec<&Source>, Vec<&Source>) = all
        .iter()
        .filter(|source| !likeness(source))
        .partition(|source| ["model", "rules", "draft"].contains(&source.top()));
    assert!(others.into_iter().any(|source| !named(source).is_empty()), "SQL stores quantities as REAL");
    refuse(&core.into_iter().flat_map(named).collect::<Vec<_>>());
}

#[test]
fn the_environment_and_the_clock_are_read_in_one_place_each() {
    let homes: [(&str, &[&str]); 6] = [
        // Git expands the `~` of `user.signingkey`, and so must whoever signs in its place.
        ("std::env::var", &["src/cli/environment.rs", "src/store/commit.rs"]),
        ("std::env::current_dir", &["src/cli/environment.rs"]),
        // A file stamped at the moment of the look is in doubt; file systems stamp by this clock.
        ("SystemTime::now", &["src/cli/context.rs", "src/mirror/sync.rs"]),
        ("Utc::now", &["src/cli/context.rs"]),
        ("Local::now", &["src/cli/context.rs"]),
        ("std::process::exit", &[]),
    ];
    let mut found = Vec::new();
    for source in sources() {
        for (name, homes) in homes {
            if !homes.contains(&source.path.as_str()) {
                found.extend(
                    source.plain().match_indices(name).map(|(at, _)| format!("{}: {name}", source.at(at))),
                );
            }
        }
    }
    refuse(&found);
}

#[test]
fn nothing_prints_but_the_user_interface() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| s.path != "src/cli/ui.rs") {
        for name in ["println!", "print!", "eprintln!", "eprint!", "dbg!"] {
            found.extend(paths_of(source.plain(), name).map(|at| format!("{}: {name}", source.at(at))));
        }
        for name in ["io::stdout()", "io::stderr()"] {
            found.extend(
                source.plain().match_indices(name).map(|(at, _)| format!("{}: {name}", source.at(at))),
            );
        }
    }
    refuse(&found);
}

#[test]
fn unsafe_code_stands_alone_in_its_file() {
    let mut found = Vec::new();
    for source in sources().iter().filter(|s| s.path != "src/store/fsync.rs") {
        found.extend(paths_of(&source.code, "unsafe ").map(|at| source.at(at)));
    }
    refuse(&found);
}

#[test]
fn nothing_is_allowed_that_is_not_expected_with_a_reason() {
    let mut found = Vec::new();
    for source in sources() {
        for name in ["#[allow(", "#![allow(", "#[ignore"] {
            found.extend(source.code.match_indices(name).map(|(at, _)| format!("{}: {name}", source.at(at))));
        }
        for (at, _) in source.code.match_indices("expect(") {
            let is_attribute = source.code[..at].ends_with("#[") || source.code[..at].ends_with("#![");
            let end = source.code[at..].find(")]").map_or(source.code.len(), |n| at + n);
            if is_attribute && !source.code[at..end].contains("reason =") {
                found.push(format!("{}: no reason", source.at(at)));
            }
        }
    }
    refuse(&found);
}

#[test]
fn every_file_begins_with_what_it_is_for() {
    let bare = sources().into_iter().filter(|s| !s.text.starts_with("//!") && !s.text.starts_with("#![doc"));
    refuse(&bare.map(|s| s.path).collect::<Vec<_>>());
}

#[test]
fn the_lints_that_keep_the_walls_are_on() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the manifest");
    for lint in [
        "unsafe_code",
        "unwrap_used",
        "print_stdout",
        "print_stderr",
        "dbg_macro",
        "todo",
        "exit",
        "allow_attributes_without_reason",
    ] {
        assert!(manifest.lines().any(|line| line.starts_with(&format!("{lint} = "))), "lint {lint}");
    }
    let banned = fs::read_to_string(root().join(".clippy.toml")).expect("the settings of clippy");
    for path in [
        "std::env::var",
        "std::time::SystemTime::now",
        "chrono::Utc::now",
        "chrono::Local::now",
        "std::process::exit",
    ] {
        assert!(banned.contains(&format!("\"{path}\"")), "{path} is banned");
    }
}

#[test]
fn comments_and_strings_are_no_code() {
    let text = "let a = \"git2::\"; // clap::\n/* csv:: */ let b = r#\"x\"y\"#; let c = '\"'; fn d<'a>(e: &'a str) { git2::f() }";
    let code = code_of(text);
    assert_eq!(code.len(), text.len());
    assert_eq!(paths_of(&code, "git2::").count(), 1, "{code}");
    assert!(!code.contains("clap") && !code.contains("csv"), "{code}");
    assert_eq!(names_at("{model::{a, b}, rules}"), ["model", "rules"]);
}
