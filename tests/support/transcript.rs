//! Literate transcripts: the `console` blocks of a Markdown file, run by one shell from top to
//! bottom, so that `cd`, variables, pipes and here-documents are what a reader would type.
//!
//! `$ ` begins a command and `> ` continues it; then come its output, stderr and stdout together,
//! and `? 5` where it exits with 5. `[..]` stands for the rest of a word or line that changes. Ids,
//! commits and times of day are compared by their shape.
//! `UPDATE_TRANSCRIPTS=1` writes what came instead of comparing it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Ends the output of a command in the output of the shell.
const MARK: char = '\u{1e}';

/// A command of a transcript, its place and what it should print.
#[derive(Debug)]
struct Step {
    /// Index of its first line.
    from: usize,
    /// Index of the line after its output.
    to: usize,
    command: String,
    lines: usize,
    expected: Vec<String>,
}

/// Commands to run unseen before a heading.
pub type Unseen<'a> = &'a [(&'a str, &'a str)];

/// What is not compared line by line: the command's beginning.
pub type Loose<'a> = &'a [&'a str];

/// Runs a transcript in this shell and gives what came otherwise, empty where nothing did.
pub fn differences(file: &Path, mut shell: Command, unseen: Unseen<'_>, loose: Loose<'_>) -> String {
    let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let lines: Vec<&str> = text.lines().collect();
    let steps = steps(&lines);
    assert!(!steps.is_empty(), "{}: no command", file.display());
    let output = shell.arg("-c").arg(script(&lines, &steps, unseen)).output().expect("a shell");
    let output = at_home(&String::from_utf8_lossy(&output.stdout), shell.get_current_dir());
    let found: Vec<(Vec<String>, i32)> = output.split(MARK).filter_map(step_output).collect();
    assert_eq!(found.len(), steps.len(), "{}: the shell ended early\n{output}", file.display());
    if std::env::var_os("UPDATE_TRANSCRIPTS").is_some() {
        // A document for readers keeps what was printed; the gallery what does not change.
        let document = file.file_name().is_some_and(|name| name == "README.md");
        let shown = |line: &String| if document { line.clone() } else { shape(line) };
        fs::write(file, rewritten(&lines, &steps, &found, loose, &shown)).expect("the transcript is written");
        return String::new();
    }
    let mut wrong = String::new();
    for (step, (output, exit)) in steps.iter().zip(&found) {
        let came = with_exit(output, *exit);
        if !alike(&step.expected, &came, is_loose(step, loose)) {
            let at = step.from + 1;
            let _ = write!(wrong, "\n{}:{at}: $ {}\n", file.display(), step.command);
            let _ =
                write!(wrong, "--- expected\n{}\n--- came\n{}\n", step.expected.join("\n"), came.join("\n"));
        }
    }
    wrong
}

/// Output whose paths are those of a store in `/srv/acme`, wherever the sandbox is.
fn at_home(output: &str, dir: Option<&Path>) -> String {
    let Some(dir) = dir else { return output.to_owned() };
    let above = dir.parent().unwrap_or(dir);
    output.replace(&dir.display().to_string(), "/srv/acme").replace(&above.display().to_string(), "/srv")
}

fn steps(lines: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut open: Option<Step> = None;
    let mut inside = false;
    for (at, line) in lines.iter().enumerate() {
        if line.starts_with("```") {
            steps.extend(open.take());
            inside = !inside && *line == "```console";
        } else if !inside {
        } else if let Some(command) = line.strip_prefix("$ ") {
            steps.extend(open.take());
            // What builds and tests the program is not run by its own tests.
            if !command.starts_with("cargo ") {
                open = Some(Step {
                    from: at,
                    to: at + 1,
                    command: command.to_owned(),
                    lines: 1,
                    expected: Vec::new(),
                });
            }
        } else if let Some(step) = open.as_mut() {
            step.to = at + 1;
            match line.strip_prefix('>').filter(|_| step.expected.is_empty() && is_open(&step.command)) {
                Some(more) => {
                    step.command.push('\n');
                    step.command.push_str(more.strip_prefix(' ').unwrap_or(more));
                    step.lines += 1;
                }
                None => step.expected.push((*line).to_owned()),
            }
        }
    }
    steps.extend(open);
    steps
}

/// Whether a here-document waits for its end.
fn is_open(command: &str) -> bool {
    command.contains("<<'END'") && !command.lines().skip(1).any(|line| line == "END")
        || command.ends_with('\\')
}

fn script(lines: &[&str], steps: &[Step], unseen: Unseen<'_>) -> String {
    let mut script = "exec 2>&1\n".to_owned();
    let mut read = 0;
    for step in steps {
        for line in &lines[read..step.from] {
            for (_, commands) in unseen.iter().filter(|(heading, _)| heading == line) {
                let _ = writeln!(script, "{{ {commands}; }} >/dev/null 2>&1");
            }
        }
        read = step.from;
        let _ = writeln!(script, "{}\nprintf '?%s{MARK}' $?", step.command);
    }
    script
}

/// The lines that a command printed, and its exit code.
fn step_output(text: &str) -> Option<(Vec<String>, i32)> {
    let (output, exit) = text.rsplit_once('?')?;
    Some((output.lines().map(str::to_owned).collect(), exit.parse().ok()?))
}

fn with_exit(output: &[String], exit: i32) -> Vec<String> {
    let mut lines = output.to_vec();
    lines.extend((exit != 0).then(|| format!("? {exit}")));
    lines
}

fn rewritten(
    lines: &[&str],
    steps: &[Step],
    found: &[(Vec<String>, i32)],
    loose: Loose<'_>,
    shown: &dyn Fn(&String) -> String,
) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut read = 0;
    for (step, (output, exit)) in steps.iter().zip(found) {
        out.extend(lines[read..step.from + step.lines].iter().map(|&line| line.to_owned()));
        let came = with_exit(output, *exit);
        if alike(&step.expected, &came, is_loose(step, loose)) {
            out.extend(step.expected.iter().cloned());
        } else {
            out.extend(came.iter().map(shown));
        }
        read = step.to;
    }
    out.extend(lines[read..].iter().map(|&line| line.to_owned()));
    out.join("\n") + "\n"
}

/// Whether two outputs say the same; loosely, whether they are as long.
fn alike(expected: &[String], came: &[String], loosely: bool) -> bool {
    if loosely || expected.len() != came.len() {
        return loosely && expected.is_empty() == came.is_empty();
    }
    let in_order = expected.iter().zip(came).all(|(expected, came)| matches(&shape(expected), &shape(came)));
    // Records whose ids are random come in any order.
    in_order || {
        let sorted = |lines: &[String]| {
            let mut lines: Vec<String> = lines.iter().map(|line| shape(line)).collect();
            lines.sort();
            lines
        };
        sorted(expected) == sorted(came)
    }
}

/// Whether a line fits a pattern with `[..]` in it.
fn matches(pattern: &str, line: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut open = false;
    for part in parts {
        open = part.is_empty();
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    open || rest.is_empty()
}

fn is_loose(step: &Step, loose: Loose<'_>) -> bool {
    loose.iter().any(|beginning| step.command.starts_with(beginning))
}

/// A line with `[..]` for what differs from run to run: ids, their folders, rows, commits, times.
fn shape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let (token, is_word) = match rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'))
        {
            Some(0) => (&rest[..first.len_utf8()], false),
            Some(end) => (&rest[..end], true),
            None => (rest, true),
        };
        // A colon at the end is none of the word.
        let token = if is_word && token.len() > 1 { token.strip_suffix(':').unwrap_or(token) } else { token };
        rest = &rest[token.len()..];
        if is_word { out.push_str(&word_shape(token, &out, rest)) } else { out.push_str(token) }
    }
    out
}

fn word_shape(word: &str, before: &str, after: &str) -> String {
    let made = |text: &str| !text.is_empty() && text.bytes().all(|b| (b'k'..=b'z').contains(&b));
    let hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
    if let Some((prefix, random)) = word.split_once('_')
        && prefix.len() == 3
        && random.len() == 12
        && made(random)
    {
        return format!("{prefix}_[..]");
    }
    let is_folder = word.len() == 2 && made(word) && before.ends_with('/') && after.starts_with('/');
    let is_row = word.len() == 6 && made(word) && before.ends_with('"') && after.starts_with('"');
    if is_folder || is_row {
        return "[..]".to_owned();
    }
    let is_commit =
        [7, 10, 40].contains(&word.len()) && hex(word) && word.bytes().any(|b| b.is_ascii_alphabetic());
    let is_number = word.bytes().all(|b| b.is_ascii_digit())
        && ([7, 10].contains(&word.len())
            && (before.is_empty() || before.ends_with('(') || before.ends_with("..")));
    let is_checksum = word.len() == 12 && hex(word) && before.ends_with(": ");
    if is_commit || is_number || is_checksum {
        return "[..]".to_owned();
    }
    let parts: Vec<&str> = word.split(':').collect();
    let digits = |text: &str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        [hour, minute] if digits(hour) && digits(minute) => "[..]".to_owned(),
        [hour, rest @ ..] if rest.len() == 2 && rest.iter().all(|part| digits(part)) && hour.len() <= 5 => {
            let kept = if hour.len() > 2 { &hour[..hour.len() - 2] } else { "" };
            format!("{kept}[..]")
        }
        _ => word.to_owned(),
    }
}

#[test]
fn two_runs_of_a_command_have_one_shape() {
    for (one, other) in [
        ("    shipment shp_wwwyqupqmxwx: 2 x HAN-EV-610", "    shipment shp_murvtmqoupvl: 2 x HAN-EV-610"),
        ("Date:   Sun Nov 22 19:50:58 2026 +0800", "Date:   Sun Nov 22 19:51:00 2026 +0800"),
        ("created_at = 2026-11-22T19:50:58+08:00", "created_at = 2026-11-22T07:51:00+08:00"),
        ("index 0000000..868a801", "index 0000000..1234567"),
        ("+++ b/shipments/ww/shp_wwwyqupqmxwx.toml", "+++ b/shipments/mu/shp_murvtmqoupvl.toml"),
        ("order_line = \"kryssr\"", "order_line = \"nlwomp\""),
        (
            "commit b177666abc0aa8c1e1c66ee22158dc169419143b",
            "commit b758daa27c6926a40f21d0317a174fe0053eabd9",
        ),
        ("order add: SO-2026-0001 (6f2b7d109d)", "order add: SO-2026-0001 (1234567890)"),
        ("6ad1801 batch: 2 regions", "1234567 batch: 2 regions"),
    ] {
        assert_eq!(shape(one), shape(other));
        assert!(matches(&shape(one), &shape(other)), "{}", shape(one));
    }
}

#[test]
fn a_pattern_leaves_open_what_it_says_and_no_more() {
    for (pattern, line, fits) in [
        ("a [..] c", "a b c", true),
        ("a [..] c", "a b d", false),
        ("a [..]", "a b c", true),
        ("a", "a b", false),
        ("13800138000 2026-03-04", "13800138001 2026-03-04", false),
        ("SO-2026-0001", "SO-2026-0002", false),
    ] {
        assert_eq!(matches(&shape(pattern), &shape(line)), fits, "{pattern}: {line}");
    }
}
