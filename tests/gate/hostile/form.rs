//! Commits and trees that git itself would not write, and histories that are no line.

use super::super::harness::{Text, gone, world};
use super::super::store::{SAMS, SUES, path};
use super::{Case, case, note, odd, signed_odd, with_tree};

pub const FORM: &[Case] = &[
    case("two signatures", &["gate-odd"], |b, tip| {
        odd(b, tip, |text| text.replacen("gpgsig ", "gpgsig x\ngpgsig ", 1))
    }),
    case("an encoding header", &["gate-odd"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain().replacen("\n\n", "\nencoding GBK\n\n", 1);
        signed_odd(b, plain.as_bytes())
    }),
    case("lines of the header that end as on Windows", &["gate-odd"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain();
        let (header, message) = plain.split_once("\n\n").expect("a header");
        let header = header.replace(" +0800", " +0800\r");
        signed_odd(b, format!("{header}\n\n{message}").as_bytes())
    }),
    case("a header that nobody knows", &["gate-odd"], |b, tip| {
        odd(b, tip, |text| text.replacen("\n\n", "\nx-more yes\n\n", 1))
    }),
    case("a signature for names of another hash", &["gate-odd"], |b, tip| {
        odd(b, tip, |text| text.replacen("gpgsig ", "gpgsig-sha256 ", 1))
    }),
    case("a NUL in the message", &["gate-odd"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain().replace("by hand", "by\0hand");
        signed_odd(b, plain.as_bytes())
    }),
    case("a message that is not UTF-8", &["gate-odd"], |b, tip| {
        let mut plain = b.text("sam", tip, &[]).plain().into_bytes();
        plain.extend_from_slice(b"\xff\xfe\n");
        signed_odd(b, &plain)
    }),
    case("a person's line with a time zone that is none", &["gate-odd"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain().replacen(" +0800", " +08", 1);
        signed_odd(b, plain.as_bytes())
    }),
    case("a merge", &["gate-merge"], |b, tip| {
        let side = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let mut text = Text::on("sam", tip, b.tree(&side, &[]));
        text.parents.push(side);
        b.sign("sam", &text)
    }),
    case("a merge that holds what neither parent has", &["gate-merge"], |b, tip| {
        let side = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let mut text = b.text("sam", &side, &[gone(path(SUES))]);
        text.parents = vec![tip.to_owned(), side];
        b.sign("sam", &text)
    }),
    case("an old branch of a revoked user, merged in by an administrator", &["gate-merge"], |b, tip| {
        let old = b.commit("rex", &world().open, &[note(b, tip, SAMS)]);
        let mut text = Text::on("ada", tip, b.tree(&old, &[]));
        text.parents = vec![tip.to_owned(), old];
        b.sign("ada", &text)
    }),
    case("one parent named twice", &["gate-merge"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.parents.push(tip.to_owned());
        b.sign("sam", &text)
    }),
    case("a second beginning merged in", &["gate-root"], |b, tip| {
        let mut text = b.text("ada", tip, &[]);
        text.parents.clear();
        let orphan = b.sign("ada", &text);
        let mut text = b.text("ada", tip, &[]);
        text.parents.push(orphan);
        b.sign("ada", &text)
    }),
    case("a name twice in a folder", &["gate-odd"], |b, tip| {
        let lines = b.tree_lines(tip);
        let mut lines: Vec<_> =
            lines.iter().map(|(m, n, i)| (m.as_str(), n.as_bytes(), i.as_str())).collect();
        let at = lines.iter().position(|line| line.1 == b"crm.toml").expect("settings");
        lines.insert(at, lines[at]);
        with_tree(b, "ada", tip, b.raw_tree(&lines))
    }),
    case("a file and a folder of one name", &["gate-odd"], |b, tip| {
        let file = b.blob(b"x");
        let folder = b.raw_tree(&[("100644", b"x.toml", &file)]);
        let zones =
            [("100644", &b"a"[..], file.as_str()), ("100644", b"a-b", &file), ("40000", b"a", &folder)];
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &b.raw_tree(&zones)))
    }),
    case("names out of order", &["gate-odd"], |b, tip| {
        let lines = b.tree_lines(tip);
        let lines: Vec<_> =
            lines.iter().rev().map(|(m, n, i)| (m.as_str(), n.as_bytes(), i.as_str())).collect();
        with_tree(b, "ada", tip, b.raw_tree(&lines))
    }),
    case("a mode that git does not write", &["gate-odd"], |b, tip| {
        let file = b.blob(b"x");
        let folder = b.raw_tree(&[("100664", b"x.txt", &file)]);
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &folder))
    }),
    case("a folder named like git's own", &["gate-odd"], |b, tip| {
        let folder = b.raw_tree(&[("40000", b".GIT", &b.raw_tree(&[("100644", b"config", &b.blob(b"x"))]))]);
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &folder))
    }),
    case("an empty folder", &["gate-odd"], |b, tip| {
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &b.raw_tree(&[])))
    }),
    case("a few small folders that stand for more paths than there is room", &["gate-odd"], |b, tip| {
        let mut folder = b.raw_tree(&[("100644", b"x", &b.blob(b"x"))]);
        let names: Vec<String> = (0..10).map(|at| at.to_string()).collect();
        for _ in 0..12 {
            let lines: Vec<_> =
                names.iter().map(|name| ("40000", name.as_bytes(), folder.as_str())).collect();
            folder = b.raw_tree(&lines);
        }
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &folder))
    }),
    case("folders in folders without an end", &["gate-odd"], |b, tip| {
        let mut folder = b.raw_tree(&[("100644", b"x", &b.blob(b"x"))]);
        for _ in 0..80 {
            folder = b.raw_tree(&[("40000", b"d", &folder)]);
        }
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &folder))
    }),
];
