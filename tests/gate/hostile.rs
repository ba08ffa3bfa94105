//! What must not come in: each a push to the real hook, which refuses it for the reason named and
//! leaves the branch where it was. The same commits are refused by `policy check`, for the same
//! reasons, and found by an `audit` of a history that holds them.
//!
//! Deliberately absent: colliding SHA-1 names, which git and libgit2 detect and no test can make.

use super::harness::{Bench, Edit, SECONDS, Text, gone, listed, named, person, put, signed, world};
use super::store::{
    CALL, CONTACT, DRAFT, FIRM, FREE, LEAD, OPP, POOLED, QUOTE, SAMS, SHIPMENT, SUES, TOMS, customer, head,
    moved, order, path, quote, shipment,
};

/// A named push.
struct Case {
    name: &'static str,
    rules: &'static [&'static str],
    /// Makes commits on the tip and gives the last of them.
    make: fn(&Bench, &str) -> String,
}

const fn case(name: &'static str, rules: &'static [&'static str], make: fn(&Bench, &str) -> String) -> Case {
    Case { name, rules, make }
}

/// A file with one part of its text replaced.
fn edit(b: &Bench, at: &str, path: &str, from: &str, to: &str) -> Edit {
    let text = b.read(at, path);
    assert!(text.contains(from), "{path} has no {from:?}\n{text}");
    put(path, text.replacen(from, to, 1))
}

/// A file with more at its end.
fn more(b: &Bench, at: &str, path: &str, text: &str) -> Edit {
    put(path, b.read(at, path) + text)
}

/// A note on a record.
fn note(b: &Bench, at: &str, id: &str) -> Edit {
    noted(b, at, &path(id))
}

fn noted(b: &Bench, at: &str, path: &str) -> Edit {
    let text = b.read(at, path);
    let (first, rest) = text.split_once("\n\n").expect("a head");
    put(path, format!("{first}\nnote = \"by hand\"\n\n{rest}"))
}

/// A commit by hand that is honest but for its bytes.
fn odd(b: &Bench, tip: &str, change: fn(&str) -> String) -> String {
    let plain = b.text("sam", tip, &[note(b, tip, SAMS)]).plain();
    let text = signed(&plain, &b.pem("sam", "git", plain.as_bytes()));
    b.write(change(&text).as_bytes())
}

/// Signed as it is, whatever it holds.
fn signed_odd(b: &Bench, plain: &[u8]) -> String {
    let pem = b.pem("sam", "git", plain);
    let end = plain.windows(2).position(|pair| pair == b"\n\n").expect("a header");
    let header = format!("gpgsig {}\n", pem.trim_end().replace('\n', "\n "));
    b.write(&[&plain[..=end], header.as_bytes(), &plain[end + 1..]].concat())
}

fn with_tree(b: &Bench, user: &str, tip: &str, tree: String) -> String {
    b.sign(user, &Text::on(user, tip, tree))
}

fn undoing(b: &Bench, user: &str, tip: &str, target: &str, edits: &[Edit]) -> String {
    let mut text = b.text(user, tip, edits);
    text.message = format!("undo\n\nCrm-Op: undo\nCrm-Undoes: {target}\nCrm-Actor: {user}");
    b.sign(user, &text)
}

const WHO: &[Case] = &[
    case("a commit that nobody signed", &["gate-unsigned"], |b, tip| {
        b.write(b.text("sam", tip, &[note(b, tip, SAMS)]).plain().as_bytes())
    }),
    case("a merge made on a web page, without a signature", &["gate-unsigned"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.committer = "GitHub <noreply@github.com>".into();
        b.write(text.plain().as_bytes())
    }),
    case("a key of nobody", &["gate-unknown-key"], |b, tip| {
        b.sign("stranger", &b.text("sam", tip, &[note(b, tip, SAMS)]))
    }),
    case("a revoked key with a date of better days", &["gate-unknown-key"], |b, tip| {
        let mut text = b.text("rex", tip, &[]);
        text.seconds = 1_577_836_800;
        b.sign("rex", &text)
    }),
    case("a suspended administrator", &["gate-unknown-key"], |b, tip| b.commit("sid", tip, &[])),
    case("a key that two users have", &["gate-unknown-key"], |b, tip| {
        b.sign("shared", &b.text("twin", tip, &[]))
    }),
    case("an RSA key", &["gate-signature"], |b, tip| b.sign("rsa", &b.text("sam", tip, &[]))),
    case("an ecdsa key of another curve", &["gate-signature"], |b, tip| {
        b.sign("p384", &b.text("sam", tip, &[]))
    }),
    case("a signature made for files", &["gate-signature"], |b, tip| {
        let plain = b.text("sam", tip, &[]).plain();
        b.write(signed(&plain, &b.pem("sam", "file", plain.as_bytes())).as_bytes())
    }),
    case("something that is no signature", &["gate-signature"], |b, tip| {
        let pem = "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----";
        b.write(signed(&b.text("sam", tip, &[]).plain(), pem).as_bytes())
    }),
    case("a message changed after signing", &["gate-signature"], |b, tip| {
        odd(b, tip, |text| text.replace("by hand", "by foot"))
    }),
    case("a date changed after signing", &["gate-signature"], |b, tip| {
        odd(b, tip, |text| text.replace(&SECONDS.to_string(), &(SECONDS - 1).to_string()))
    }),
    case("a tree put under somebody's signature", &["gate-signature"], |b, tip| {
        let honest = b.text("sam", tip, &[note(b, tip, SAMS)]);
        let pem = b.pem("sam", "git", honest.plain().as_bytes());
        let other = b.text("sam", tip, &[gone(path(SAMS))]);
        b.write(signed(&other.plain(), &pem).as_bytes())
    }),
    case("a commit signed for another place in history, put here", &["gate-signature"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.parents = vec![world().open.clone()];
        let pem = b.pem("sam", "git", text.plain().as_bytes());
        text.parents = vec![tip.to_owned()];
        b.write(signed(&text.plain(), &pem).as_bytes())
    }),
    case("a good signature under the name of another", &["gate-committer"], |b, tip| {
        b.sign("sam", &b.text("ada", tip, &[]))
    }),
    case("an author who is not the signer", &["gate-author"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.author = person("ada");
        b.sign("sam", &text)
    }),
    case("a committer who is not the signer", &["gate-committer"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.committer = person("ada");
        b.sign("sam", &text)
    }),
    case("the right name with the address of nobody", &["gate-committer"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.committer = "Sam Ho <sam@evil.example>".into();
        text.author.clone_from(&text.committer);
        b.sign("sam", &text)
    }),
    case("a commit from the future", &["gate-future"], |b, tip| {
        let mut text = b.text("sam", tip, &[]);
        text.seconds = SECONDS + 301;
        b.sign("sam", &text)
    }),
    case("the key that a rotation revoked, in the same push", &["gate-unknown-key"], |b, tip| {
        let path = "users/sam.toml";
        let text = b.read(tip, path).replace("state = \"active\"", "state = \"revoked\"");
        let next = format!("{text}\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public("next"));
        let rotated = b.commit("sam", tip, &[put(path, next)]);
        b.commit("sam", &rotated, &[note(b, tip, SAMS)])
    }),
    case("the gateway for a user who is suspended", &["gate-author"], |b, tip| {
        let mut text = b.text("gate", tip, &[]);
        text.author = person("sid");
        b.sign("gate", &text)
    }),
    case("the gateway for somebody unknown", &["gate-author"], |b, tip| {
        let mut text = b.text("gate", tip, &[]);
        text.author = "No Body <no@acme.example>".into();
        b.sign("gate", &text)
    }),
    case("the gateway for a user who may not", &["not-yours"], |b, tip| {
        let mut text = b.text("gate", tip, &[note(b, tip, SUES)]);
        text.author = person("sam");
        b.sign("gate", &text)
    }),
    case("the gateway for itself, without a role", &["no-grant"], |b, tip| {
        b.commit("gate", tip, &[note(b, tip, SUES)])
    }),
    case("a trailer that names another as the one who did it", &["gate-forged"], |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, SAMS)]);
        text.message = "note\n\nCrm-Op: customer set\nCrm-Actor: ada".into();
        b.sign("sam", &text)
    }),
];

const FORM: &[Case] = &[
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

const FILES: &[Case] = &[
    case("a link instead of a record", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[Edit::Mode(path(SAMS), "120000", b"/etc/passwd".to_vec())])
    }),
    case("a link to a folder among people's own files", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[Edit::Mode("docs/a".into(), "120000", b"../.git".to_vec())])
    }),
    case("another repository within", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[Edit::Link("docs/sub".into(), "160000", tip.to_owned())])
    }),
    case("a record that may be run", &["gate-mode"], |b, tip| {
        let text = b.read(tip, &path(SAMS));
        b.commit("ada", tip, &[Edit::Mode(path(SAMS), "100755", text.into_bytes())])
    }),
    case("a program among people's own files", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[Edit::Mode("docs/run.sh".into(), "100755", b"#!/bin/sh\n".to_vec())])
    }),
    case("a submodule file among people's own files", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[put("docs/.gitmodules", "[submodule \"x\"]\n")])
    }),
    case("a submodule file in the spelling of another system", &["gate-mode"], |b, tip| {
        b.commit("ada", tip, &[put("docs/GITMOD~1", "[submodule \"x\"]\n")])
    }),
    case("a submodule file at the top", &["gate-path"], |b, tip| {
        b.commit("ada", tip, &[put(".gitmodules", "[submodule \"x\"]\n")])
    }),
    case("attributes that run a filter", &["gate-attributes"], |b, tip| {
        b.commit("ada", tip, &[put(".gitattributes", "* filter=evil\n")])
    }),
    case("attributes in a folder of people's own", &["gate-attributes"], |b, tip| {
        b.commit("ada", tip, &[put("docs/.gitattributes", "* filter=evil\n")])
    }),
    case("git's own folder with a letter that nobody sees", &["gate-path"], |b, tip| {
        let folder = b.raw_tree(&[("100644", b"config", &b.blob(b"[core]\n"))]);
        let docs = b.raw_tree(&[("40000", ".g\u{200c}it".as_bytes(), &folder)]);
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &docs))
    }),
    case("a file that no rule knows", &["gate-path"], |b, tip| {
        b.commit("ada", tip, &[put("notes.txt", "x\n")])
    }),
    case("a file beside the records", &["gate-path"], |b, tip| {
        b.commit("ada", tip, &[put("customers/kk/readme.md", "x\n")])
    }),
    case("a file where a folder belongs", &["gate-path"], |b, tip| {
        let file = b.blob(b"x");
        with_tree(b, "ada", tip, b.tree_with(tip, "100644", "slas", &file))
    }),
    case("a folder of records in capitals", &["gate-path"], |b, tip| {
        b.commit(
            "ada",
            tip,
            &[put("Customers/kk/cus_kkpppppppppp.toml", customer("cus_kkpppppppppp", "X", "ada", None, ""))],
        )
    }),
    case("a name with a quotation mark", &["gate-path"], |b, tip| {
        b.commit("ada", tip, &[put("customers/kk/\"cus_kkpppppppppp.toml", "x\n")])
    }),
    case("a name with a line break", &["gate-path"], |b, tip| {
        let file = b.blob(b"x");
        let docs = b.raw_tree(&[("100644", b"a\nb.toml", &file)]);
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "templates", &docs))
    }),
    case("a name that is not UTF-8", &["gate-path"], |b, tip| {
        let docs = b.raw_tree(&[("100644", b"a\xff.toml", &b.blob(b"x"))]);
        with_tree(b, "ada", tip, b.tree_with(tip, "40000", "docs", &docs))
    }),
    case("a user in a folder below", &["gate-path"], |b, tip| {
        b.commit("ada", tip, &[put("users/x/eve.toml", b.read(tip, "users/ada.toml"))])
    }),
    case("a record in the wrong folder of its type", &["gate-path"], |b, tip| {
        b.commit(
            "ada",
            tip,
            &[put("customers/zz/cus_kkpppppppppp.toml", customer("cus_kkpppppppppp", "X", "ada", None, ""))],
        )
    }),
    case("a record with the id of another type", &["bad-value"], |b, tip| {
        b.commit(
            "ada",
            tip,
            &[put("customers/kk/lea_kkpppppppppp.toml", customer("lea_kkpppppppppp", "X", "ada", None, ""))],
        )
    }),
    case("a record moved to another type", &["bad-value"], |b, tip| {
        let text = b.read(tip, &path(LEAD));
        b.commit("ada", tip, &[gone(path(LEAD)), put("customers/kk/cus_kkpppppppppp.toml", text)])
    }),
    case("a record that says another id", &["misplaced-file"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, &path(SAMS), SAMS, "cus_kkpppppppppp")])
    }),
    case("a file of more than a mebibyte", &["gate-size"], |b, tip| {
        b.commit("ada", tip, &[put("docs/big.txt", vec![b'x'; (1 << 20) + 1])])
    }),
    case("a NUL in a record", &["gate-text"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, &path(SAMS), "Alpha", "Al\0pha")])
    }),
    case("a byte order mark", &["gate-text"], |b, tip| {
        b.commit("ada", tip, &[put(path(SAMS), format!("\u{feff}{}", b.read(tip, &path(SAMS))))])
    }),
    case("a record that is not UTF-8", &["gate-text"], |b, tip| {
        let mut bytes = b.read(tip, &path(SAMS)).into_bytes();
        bytes.extend_from_slice(b"# \xff\n");
        b.commit("ada", tip, &[put(path(SAMS), bytes)])
    }),
    case("a key twice", &["bad-toml"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, &path(SAMS), "name = ", "name = \"Other\"\nname = ")])
    }),
    case("a record that cannot be parsed", &["bad-toml"], |b, tip| {
        b.commit("ada", tip, &[put(path(SAMS), "id = \n")])
    }),
    case("what a merge left in a record", &["unresolved-merge"], |b, tip| {
        b.commit("ada", tip, &[more(b, tip, &path(SAMS), "<<<<<<< ours\n=======\n>>>>>>> theirs\n")])
    }),
    case("settings that cannot be parsed", &["bad-toml"], |b, tip| {
        b.commit("ada", tip, &[put("crm.toml", "format = \n")])
    }),
    case("settings of a format to come", &["newer-format"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "crm.toml", "format = 1", "format = 9")])
    }),
    case("no settings any more", &["store-not-a-store"], |b, tip| b.commit("ada", tip, &[gone("crm.toml")])),
    case("a user who cannot be parsed", &["bad-toml"], |b, tip| {
        b.commit("ada", tip, &[put("users/eve.toml", "id = \n")])
    }),
    case("after settings that want a newer program", &["gate-version"], |b, tip| {
        let wanting = edit(b, tip, "crm.toml", "gate = true", "gate = true\nmin_crm = \"99.0\"");
        let newer = b.commit("ada", tip, &[wanting]);
        b.commit("ada", &newer, &[note(b, tip, SAMS)])
    }),
];

const RIGHTS: &[Case] = &[
    case(
        "a seller who makes himself an administrator, and is one in the next commit",
        &["needs-admin"],
        |b, tip| {
            let rise = edit(b, tip, "users/sam.toml", "  \"sales\",", "  \"admin\",");
            let risen = b.commit("sam", tip, &[rise]);
            b.commit("sam", &risen, &[edit(b, tip, "crm.toml", "gate = true", "gate = false")])
        },
    ),
    case("a change that is taken back within the push", &["not-yours"], |b, tip| {
        let there = b.commit("sam", tip, &[note(b, tip, SUES)]);
        b.commit("sam", &there, &[put(path(SUES), b.read(tip, &path(SUES)))])
    }),
    case("a rename that hides a removal", &["not-yours"], |b, tip| {
        let text = b.read(tip, &path(SUES)).replace(SUES, "cus_kkpppppppppp").replace("\"sue\"", "\"sam\"");
        b.commit("sam", tip, &[gone(path(SUES)), put(path("cus_kkpppppppppp"), text)])
    }),
    case("a record taken over and edited in one commit", &["not-yours"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SUES), "owner = \"sue\"", "owner = \"sam\"")])
    }),
    case("a record that nobody has", &["not-yours"], |b, tip| b.commit("sam", tip, &[note(b, tip, FREE)])),
    case(
        "a record of another team's people, by their manager's manager's equal",
        &["not-yours"],
        |b, tip| b.commit("tom", tip, &[note(b, tip, SAMS)]),
    ),
    case("a contact at the customer of another", &["not-yours"], |b, tip| {
        b.commit("sue", tip, &[note(b, tip, CONTACT)])
    }),
    case("a type without a grant", &["no-grant"], |b, tip| {
        b.commit("sam", tip, &[put("regions/far.toml", format!("{}name = \"Far\"\n", head("far", "sam")))])
    }),
    case("a record given to another without the right", &["no-assign"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SAMS), "owner = \"sam\"", "owner = \"sue\"")])
    }),
    case("a record made for another without the right", &["no-assign"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sam", Some("sue"), "");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("a claim from a pool of other teams", &["not-yours"], |b, tip| {
        b.commit("tom", tip, &[edit(b, tip, &path(POOLED), "pool = \"sea\"", "owner = \"tom\"")])
    }),
    case("a claim that brings something else along", &["not-yours"], |b, tip| {
        let text =
            b.read(tip, &path(POOLED)).replace("pool = \"sea\"", "owner = \"sam\"").replace("Delta", "Mine");
        b.commit("sam", tip, &[put(path(POOLED), text)])
    }),
    case("a verb that is denied, done by hand", &["denied-verb"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"closed\"");
        b.commit("sam", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "closed"))])
    }),
    case("a denied verb without a word in the history", &["denied-verb"], |b, tip| {
        b.commit("cleo", tip, &[edit(b, tip, &path(DRAFT), "status = \"draft\"", "status = \"confirmed\"")])
    }),
    case("a denied verb under a history of another verb", &["broken-history", "denied-verb"], |b, tip| {
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        b.commit("cleo", tip, &[put(path(DRAFT), text + &moved("cleo", "", "on_hold", "confirmed"))])
    }),
    case("a record made where a denied verb leads", &["denied-verb"], |b, tip| {
        let id = "ord_kkpppppppppp";
        b.commit("cleo", tip, &[put(path(id), order(id, "SO-2026-0009", "cleo", "confirmed", ""))])
    }),
    case("a record made far beyond a denied verb", &["denied-verb"], |b, tip| {
        let id = "ord_kkpppppppppp";
        let text =
            order(id, "SO-2026-0009", "cleo", "on_hold", "") + &moved("cleo", "", "confirmed", "on_hold");
        b.commit("cleo", tip, &[put(path(id), text)])
    }),
    case("a sale won by the stage alone", &["denied-verb"], |b, tip| {
        let text = b.read(tip, &path(OPP)).replace("stage = \"qualification\"", "stage = \"won\"");
        let text =
            text.replace("close_date = 2026-05-03\n", "close_date = 2026-05-03\nclosed_on = 2026-03-04\n");
        b.commit("sam", tip, &[put(path(OPP), text + &moved("sam", "", "qualification", "won"))])
    }),
    case("a move that the type does not know", &["illegal-move"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"draft\"");
        b.commit("max", tip, &[put(path(FIRM), text + &moved("max", "", "confirmed", "draft"))])
    }),
    case("a field that the role hides", &["hidden-field"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, "products/P1.toml", "cost = \"60.00\"", "cost = \"1.00\"")])
    }),
    case("a hidden field in a row", &["hidden-field"], |b, tip| {
        let row = format!("\n[[contacts]]\ncontact = \"{CONTACT}\"\nrole = \"user\"\n");
        b.commit("sam", tip, &[more(b, tip, &path(OPP), &row)])
    }),
    case("a hidden field on a new record", &["hidden-field"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sam", Some("sam"), "");
        let text = text.replace("status = ", "credit_limit = \"9.00\"\n\nstatus = ");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("a field that the role may only read", &["readonly-field"], |b, tip| {
        b.commit(
            "sam",
            tip,
            &[edit(b, tip, &path(SAMS), "name = \"Alpha\"\n", "name = \"Alpha\"\n\nlevel = \"A\"\n")],
        )
    }),
    case("more records than one command may change", &["bulk-limit"], |b, tip| {
        let new = ["cus_kkpppppppppp", "cus_kkqqqqqqqqqq", "cus_kkrrrrrrrrrr", "cus_kkssssssssss"];
        let new: Vec<Edit> = new
            .iter()
            .zip(["P", "Q", "R", "S"])
            .map(|(id, name)| put(path(id), customer(id, name, "sam", Some("sam"), "")))
            .collect();
        b.commit("sam", tip, &new)
    }),
    case("a discount above the limit", &["discount-over-limit"], |b, tip| {
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        let text = text.replace("price = \"100.00\"\ntax", "price = \"100.00\"\ndiscount_pct = \"6\"\ntax");
        b.commit("sam", tip, &[put(path(DRAFT), text + &moved("sam", "", "draft", "confirmed"))])
    }),
    case(
        "an order made as confirmed, with a discount above the limit",
        &["discount-over-limit"],
        |b, tip| {
            let id = "ord_kkpppppppppp";
            let text =
                order(id, "SO-2026-0009", "sam", "confirmed", "50") + &moved("sam", "", "draft", "confirmed");
            b.commit("sam", tip, &[put(path(id), text)])
        },
    ),
    case("a quote made with an approval of one's own", &["discount-over-limit"], |b, tip| {
        let id = "quo_kkpppppppppp";
        let approval =
            "approved_by = \"sam\"\napproved_at = 2026-03-04T09:00:00+08:00\napproved_discount = \"50\"\n";
        b.commit("sam", tip, &[put(path(id), quote(id, "QT-2026-0009", approval, "50"))])
    }),
    case("an approval raised under the name of who gave it", &["gate-forged"], |b, tip| {
        let text =
            b.read(tip, &path(QUOTE)).replace("approved_discount = \"8\"", "approved_discount = \"20\"");
        b.commit("sam", tip, &[put(path(QUOTE), text)])
    }),
    case("an approval by another", &["gate-forged"], |b, tip| {
        let id = "quo_kkpppppppppp";
        let approval =
            "approved_by = \"max\"\napproved_at = 2026-03-04T09:00:00+08:00\napproved_discount = \"9\"\n";
        b.commit("sam", tip, &[put(path(id), quote(id, "QT-2026-0009", approval, "9"))])
    }),
    case("the roles of one's own record", &["needs-admin"], |b, tip| {
        b.commit(
            "sam",
            tip,
            &[edit(b, tip, "users/sam.toml", "  \"sales\",", "  \"manager\",\n  \"sales\",")],
        )
    }),
    case("the team of one's own record", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, "users/sam.toml", "team = \"north\"", "team = \"head\"")])
    }),
    case("the state of one's own record", &["needs-admin"], |b, tip| {
        let text = b.read(tip, "users/sam.toml").replace("status = \"active\"", "status = \"left\"");
        b.commit("sam", tip, &[put("users/sam.toml", text + &moved("sam", "", "active", "left"))])
    }),
    case("a key for somebody else", &["needs-admin"], |b, tip| {
        let row = format!("\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public("next"));
        b.commit("sam", tip, &[more(b, tip, "users/ada.toml", &row)])
    }),
    case(
        "the key of an administrator in another spelling, so that nobody has it",
        &["duplicate-signing-key"],
        |b, tip| {
            let row = format!("\n[[keys]]\nkey = \"{} sam\"\nstate = \"active\"\n", world().public("ada"));
            b.commit("sam", tip, &[more(b, tip, "users/sam.toml", &row)])
        },
    ),
    case("a new user, by a seller", &["needs-admin"], |b, tip| {
        let text = b.read(tip, "users/ada.toml").replace("ada", "eve").replace("Ada Min", "Eve");
        b.commit("sam", tip, &[put("users/eve.toml", text)])
    }),
    case("a user removed by a manager", &["needs-admin"], |b, tip| {
        b.commit("max", tip, &[gone("users/twin.toml")])
    }),
    case("a role edited by a manager", &["needs-admin"], |b, tip| {
        b.commit(
            "max",
            tip,
            &[edit(b, tip, "roles/manager.toml", "discount_max = \"20\"", "discount_max = \"99\"")],
        )
    }),
    case("a team edited by a manager", &["needs-admin"], |b, tip| {
        b.commit("max", tip, &[noted(b, tip, "teams/north.toml")])
    }),
    case("a policy put back as it once was, by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("crm.toml", b.read(&world().open, "crm.toml"))])
    }),
    case("settings and a record in one commit, by a seller", &["needs-admin"], |b, tip| {
        let field = "\n[fields.customer.secret]\ntype = \"string\"\n";
        b.commit(
            "sam",
            tip,
            &[more(b, tip, "crm.toml", field), more(b, tip, &path(SAMS), "\n[custom]\nsecret = \"x\"\n")],
        )
    }),
    case("people's own files by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("docs/a.txt", "x\n")])
    }),
    case("a schema file by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("schema/customer.json", "{}\n")])
    }),
    case("a report without a grant", &["no-grant"], |b, tip| {
        b.commit("sam", tip, &[put("reports/mine.sql", "select 1 as one\n")])
    }),
    case("a report of another, by who may only make reports", &["no-grant"], |b, tip| {
        b.commit("cleo", tip, &[put("reports/old.sql", "select 2 as two\n")])
    }),
    case("a report removed by who may only make reports", &["no-grant"], |b, tip| {
        b.commit("cleo", tip, &[gone("reports/old.sql")])
    }),
];

const FACTS: &[Case] = &[
    case("the last administrator resigns", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "users/ada.toml", "  \"admin\",", "  \"sales\",")])
    }),
    case("the last role of administrators loses its power", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "roles/admin.toml", "admin = true", "admin = false")])
    }),
    case("the last administrator is removed", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[gone("users/ada.toml")])
    }),
    case("a fact edited, by an administrator", &["changed-fact"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, &path(SHIPMENT), "qty = \"1\"", "qty = \"2\"")])
    }),
    case("a fact removed, by an administrator", &["removed-fact"], |b, tip| {
        b.commit("ada", tip, &[gone(path(SHIPMENT))])
    }),
    case("a finished call rewritten", &["changed-fact"], |b, tip| {
        let text = b.read(tip, &path(CALL)).replace("status = \"planned\"", "status = \"done\"");
        let text =
            text.replace("due = 2026-03-06\n", "due = 2026-03-06\ndone_at = 2026-03-04T10:00:00+08:00\n");
        let done = b.commit("sam", tip, &[put(path(CALL), text.clone())]);
        b.commit("sam", &done, &[put(path(CALL), text.replace("Ring", "Rang"))])
    }),
    case("an entry of the history taken out", &["broken-history"], |b, tip| {
        let text = b.read(tip, &path(FIRM));
        let (kept, _) = text.split_once("\n[[history]]").expect("a history");
        b.commit("max", tip, &[put(path(FIRM), kept)])
    }),
    case("an entry of the history rewritten", &["broken-history"], |b, tip| {
        b.commit("max", tip, &[edit(b, tip, &path(FIRM), "\nby = \"sam\"", "\nby = \"max\"")])
    }),
    case("an entry of the history in another's name", &["gate-forged"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"on_hold\"");
        b.commit("max", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "on_hold"))])
    }),
    case("an owner who never was", &["broken-history"], |b, tip| {
        b.commit("sam", tip, &[more(b, tip, &path(SAMS), &moved("sam", "owner", "tom", "sam"))])
    }),
    case("a state that never was", &["broken-history"], |b, tip| {
        let rows = moved("max", "", "confirmed", "on_hold");
        b.commit("max", tip, &[more(b, tip, &path(FIRM), &rows)])
    }),
    case("a cancellation in another's name", &["gate-forged"], |b, tip| {
        let row = "\n[[cancellations]]\nid = \"kkkkkk\"\nline = \"kkkkkk\"\nqty = \"1\"\nat = 2026-03-04T10:00:00+08:00\nby = \"sam\"\nreason = \"x\"\n";
        let text = b.read(tip, &path(FIRM));
        let (fields, history) = text.split_once("\n[[history]]").expect("a history");
        b.commit("max", tip, &[put(path(FIRM), format!("{fields}{row}\n[[history]]{history}"))])
    }),
    case("a record made in another's name", &["gate-forged"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sue", Some("sam"), "");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("the maker of a record changed", &["changed-fact"], |b, tip| {
        b.commit("sue", tip, &[edit(b, tip, &path(SUES), "created_by = \"sue\"", "created_by = \"tom\"")])
    }),
    case("a record removed to which another points", &["still-referenced"], |b, tip| {
        b.commit("sam", tip, &[gone(path(SAMS))])
    }),
    case(
        "a record removed to which another points in other quotation marks",
        &["still-referenced"],
        |b, tip| {
            let (new, joy) = ("cus_kkpppppppppp", "con_kkpppppppppp");
            let contact = format!("{}customer = '{new}'\nname = \"Joy\"\n", head(joy, "sam"));
            let made = b.commit(
                "sam",
                tip,
                &[put(path(new), customer(new, "Omega", "sam", Some("sam"), "")), put(path(joy), contact)],
            );
            b.commit("sam", &made, &[gone(path(new))])
        },
    ),
    case("a record removed to which another points with an escape", &["still-referenced"], |b, tip| {
        let (new, joy) = ("cus_kkpppppppppp", "con_kkpppppppppp");
        let contact = format!("{}customer = \"\\u0063us_kkpppppppppp\"\nname = \"Joy\"\n", head(joy, "sam"));
        let made = b.commit(
            "sam",
            tip,
            &[put(path(new), customer(new, "Omega", "sam", Some("sam"), "")), put(path(joy), contact)],
        );
        b.commit("sam", &made, &[gone(path(new))])
    }),
    case("a reference to nothing", &["unknown-reference"], |b, tip| {
        let text = b.read(tip, &path(CALL)).replace(SAMS, "cus_kkpppppppppp");
        b.commit("sam", tip, &[put(path(CALL), text)])
    }),
    case("an id that differs from another in capitals only", &["duplicate-slug"], |b, tip| {
        let text = b
            .read(tip, "products/P1.toml")
            .replace("id = \"P1\"", "id = \"p1\"")
            .replace("\"ada\"", "\"max\"");
        b.commit("max", tip, &[put("products/p1.toml", text)])
    }),
    case("a required field missing", &["missing-field"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SAMS), "name = \"Alpha\"\n", "")])
    }),
    case("a record that cannot be read any more, removed by anybody", &["needs-admin"], |b, tip| {
        let code = "\n[codes.industry.mining]\nlabel = \"Mining\"\n";
        let with = b.commit("ada", tip, &[more(b, tip, "crm.toml", code)]);
        let text = b
            .read(tip, &path(SUES))
            .replace("name = \"Beta\"\n", "name = \"Beta\"\n\nindustry = \"mining\"\n");
        let set = b.commit("sue", &with, &[put(path(SUES), text)]);
        let without = b.commit("ada", &set, &[put("crm.toml", b.read(tip, "crm.toml"))]);
        b.commit("sam", &without, &[gone(path(SUES))])
    }),
    case("a false undo: another record is changed", &["not-yours"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        undoing(b, "sam", &own, &own, &[note(b, tip, SUES)])
    }),
    case("a false undo: more than was done", &["readonly-field"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let text =
            b.read(tip, &path(SAMS)).replace("name = \"Alpha\"\n", "name = \"Alpha\"\n\nlevel = \"A\"\n");
        undoing(b, "sam", &own, &own, &[put(path(SAMS), text)])
    }),
    case("an undo that takes the gate off on the way", &["needs-admin"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let back = put(path(SAMS), b.read(tip, &path(SAMS)));
        undoing(b, "sam", &own, &own, &[back, edit(b, tip, "crm.toml", "gate = true", "gate = false")])
    }),
    case("an undo that brings a report along", &["no-grant"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let back = put(path(SAMS), b.read(tip, &path(SAMS)));
        undoing(b, "sam", &own, &own, &[back, put("reports/x.sql", "select 1 as one\n")])
    }),
    case("an undo of a part", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let own = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1")), note(b, tip, SAMS)]);
        undoing(b, "sam", &own, &own, &[gone(path(new))])
    }),
    case("an undo of what another did", &["not-yours"], |b, tip| {
        let hers = b.commit("sue", tip, &[note(b, tip, SUES)]);
        undoing(b, "sam", &hers, &hers, &[put(path(SUES), b.read(tip, &path(SUES)))])
    }),
    case("an undo of a fact of another", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let made = b.commit("max", tip, &[put(path(new), shipment(new, "max", "1"))]);
        undoing(b, "sam", &made, &made, &[gone(path(new))])
    }),
    case("an undo of a commit that is not of this branch", &["removed-fact"], |b, tip| {
        let aside = b.commit("sam", &world().open, &[note(b, tip, SAMS)]);
        undoing(b, "sam", tip, &aside, &[gone(path(SHIPMENT))])
    }),
    case("an undo done twice", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1"))]);
        let once = undoing(b, "sam", &made, &made, &[gone(path(new))]);
        undoing(b, "sam", &once, &made, &[gone(path(SHIPMENT))])
    }),
    case("an undo of a fact to which something refers", &["still-referenced"], |b, tip| {
        let (new, back) = ("shp_kkpppppppppp", "shp_kkqqqqqqqqqq");
        let made = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1"))]);
        let reversal =
            shipment(back, "sam", "1").replace("date = ", &format!("reverses = \"{new}\"\ndate = "));
        let reversed = b.commit("sam", &made, &[put(path(back), reversal)]);
        undoing(b, "sam", &reversed, &made, &[gone(path(new))])
    }),
    case("a former administrator who takes back what he took from a role", &["needs-admin"], |b, tip| {
        let user = "users/max.toml";
        let raised =
            b.commit("ada", tip, &[edit(b, tip, user, "  \"manager\",", "  \"admin\",\n  \"manager\",")]);
        let role = "roles/sales.toml";
        let narrowed =
            b.commit("max", &raised, &[edit(b, tip, role, "discount_max = \"5\"", "discount_max = \"1\"")]);
        let demoted = b.commit("ada", &narrowed, &[put(user, b.read(tip, user))]);
        undoing(b, "max", &demoted, &narrowed, &[put(role, b.read(tip, role))])
    }),
    case("an unsigned commit of before the gate, undone by a seller", &["not-yours"], |b, tip| {
        undoing(b, "sam", tip, &world().open, &[gone(path(TOMS))])
    }),
];

/// Runs a table: every push is refused with the rules of its case, by all who judge.
fn refused(cases: &[Case]) {
    let bench = Bench::new();
    let tip = bench.tip();
    let mut wrong = Vec::new();
    for case in cases {
        let new = (case.make)(&bench, &tip);
        let push = bench.push(&format!("{new}:refs/heads/main"), &["--force"]);
        let rules = named(&push);
        let mut tell = |what: &str, of: &dyn std::fmt::Display| {
            wrong.push(format!("{}: {what}, wanted {:?}\n{of}", case.name, case.rules));
        };
        if push.exit == 0 || bench.tip() != tip {
            tell("came in", &push);
            bench.in_hub(&["update-ref", "refs/heads/main", &tip]);
            continue;
        }
        if !case.rules.iter().all(|rule| rules.iter().any(|found| found == rule)) {
            tell("another reason", &push);
        }
        let check = bench.crm(&["policy", "check", &format!("{tip}..{new}"), "--format", "tsv"]);
        if check.exit != 11 || listed(&check) != rules {
            tell(&format!("policy check says otherwise than {rules:?}"), &check);
        }
        let audit = bench.crm(&["audit", &new, "--format", "tsv"]);
        let found = listed(&audit);
        if audit.exit != 9 || !case.rules.iter().all(|rule| found.iter().any(|found| found == rule)) {
            tell("audit does not find it", &audit);
        }
    }
    assert!(wrong.is_empty(), "{} of {} pushes\n\n{}", wrong.len(), cases.len(), wrong.join("\n\n"));
}

#[test]
fn what_somebody_else_signed_is_refused() {
    refused(WHO);
}

#[test]
fn commits_and_trees_that_git_does_not_write_are_refused() {
    refused(FORM);
}

#[test]
fn files_that_may_not_be_there_are_refused() {
    refused(FILES);
}

#[test]
fn what_no_role_allows_is_refused() {
    refused(RIGHTS);
}

#[test]
fn facts_history_and_undo_are_not_bent() {
    refused(FACTS);
}

#[test]
fn the_tables_hold_what_they_promise() {
    let tables = [WHO, FORM, FILES, RIGHTS, FACTS];
    let mut names: Vec<&str> = tables.iter().flat_map(|cases| cases.iter().map(|case| case.name)).collect();
    assert!(names.len() >= 100, "{}", names.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), tables.iter().map(|cases| cases.len()).sum::<usize>(), "a name is there twice");
}

#[test]
fn a_gate_taken_off_within_a_push_still_holds_for_what_follows() {
    let bench = Bench::new();
    let tip = bench.tip();
    let open = bench.commit("ada", &tip, &[edit(&bench, &tip, "crm.toml", "gate = true", "gate = false")]);
    let next = bench.write(bench.text("sam", &open, &[note(&bench, &tip, SUES)]).plain().as_bytes());
    kept(&bench, &format!("{next}:refs/heads/main"), "gate-unsigned");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{next}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-unsigned".to_owned()]), "{check}");
    // In a push of its own it is what an administrator wanted.
    for commit in [open, next] {
        let push = bench.push(&format!("{commit}:refs/heads/main"), &[]);
        assert_eq!(push.exit, 0, "{push}");
    }
}

/// A push of a reference that is not the branch, or not forward: refused, and nothing moves.
#[track_caller]
fn kept(bench: &Bench, refspec: &str, rule: &str) {
    let before = bench.in_hub(&["for-each-ref"]);
    let push = bench.push(refspec, &["--force"]);
    assert_ne!(push.exit, 0, "{push}");
    assert_eq!(named(&push), [rule], "{refspec}\n{push}");
    assert_eq!(bench.in_hub(&["for-each-ref"]), before, "{push}");
}

#[test]
fn only_the_branch_moves_and_only_forward() {
    let bench = Bench::new();
    let tip = bench.tip();
    let good = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    kept(&bench, ":refs/heads/main", "gate-delete");
    kept(&bench, &format!("{good}:refs/heads/other"), "gate-branch");
    kept(&bench, &format!("{good}:refs/tags/v1"), "gate-branch");
    kept(&bench, &format!("{good}:refs/replace/{tip}"), "gate-branch");
    kept(&bench, &format!("{good}:refs/notes/commits"), "gate-branch");
    kept(&bench, &format!("{}:refs/heads/main", world().open), "gate-not-forward");
    let mut text = bench.text("ada", &tip, &[]);
    text.parents.clear();
    let orphan = bench.sign("ada", &text);
    kept(&bench, &format!("{orphan}:refs/heads/main"), "gate-not-forward");
    let replayed = bench.commit("ada", &world().open, &[note(&bench, &tip, SAMS)]);
    kept(&bench, &format!("{replayed}:refs/heads/main"), "gate-not-forward");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{replayed}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-not-forward".to_owned()]), "{check}");
}

#[test]
fn one_bad_reference_spoils_the_push() {
    let bench = Bench::new();
    let tip = bench.tip();
    let good = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    let tag = format!("{good}:refs/tags/v1");
    let push = bench.push(&format!("{good}:refs/heads/main"), &["--no-atomic"]);
    assert_eq!(push.exit, 0, "{push}");
    let better = bench.commit("sam", &good, &[note(&bench, &tip, CALL)]);
    bench.git(&["update-ref", "refs/tags/v1", &good]);
    let push = bench.push(&format!("{better}:refs/heads/main"), &["--tags"]);
    assert!(push.exit != 0 && named(&push) == ["gate-branch"], "{tag} {push}");
    assert_eq!(bench.tip(), good);
}

#[test]
fn a_push_has_limits() {
    let bench = Bench::new();
    let tip = bench.tip();
    let one = bench.commit("sam", &tip, &[note(&bench, &tip, SAMS)]);
    let two = bench.commit("sam", &one, &[note(&bench, &tip, CALL)]);
    bench.in_hub(&["config", "crm.maxCommits", "1"]);
    kept(&bench, &format!("{two}:refs/heads/main"), "gate-many");
    bench.in_hub(&["config", "crm.maxCommits", "2"]);
    bench.in_hub(&["config", "crm.maxBytes", "100"]);
    kept(&bench, &format!("{two}:refs/heads/main"), "gate-much");
    bench.in_hub(&["config", "crm.maxBytes", "100000"]);
    let push = bench.push(&format!("{two}:refs/heads/main"), &[]);
    assert_eq!((push.exit, bench.tip()), (0, two), "{push}");
}

#[test]
fn a_thousand_and_one_commits_are_too_many() {
    let bench = Bench::new();
    let tip = bench.tip();
    let mut stream = String::new();
    for at in 0..1001 {
        let from = if at == 0 { format!("from {tip}\n") } else { String::new() };
        let who = person("sam");
        stream.push_str(&format!(
            "commit refs/heads/many\nauthor {who} {SECONDS} +0800\ncommitter {who} {SECONDS} +0800\ndata 1\nx\n{from}\n"
        ));
    }
    bench.feed(&["fast-import", "--quiet"], stream.as_bytes());
    let many = bench.git(&["rev-parse", "refs/heads/many"]);
    kept(&bench, &format!("{many}:refs/heads/main"), "gate-many");
    let check = bench.crm(&["policy", "check", &format!("{tip}..{many}"), "--format", "tsv"]);
    assert_eq!((check.exit, listed(&check)), (11, vec!["gate-many".to_owned()]), "{check}");
}

#[test]
fn an_empty_hub_takes_one_history_only() {
    let bench = Bench::new();
    let tip = bench.tip();
    bench.in_hub(&["update-ref", "-d", "refs/heads/main"]);
    let mut text = bench.text("ada", &tip, &[]);
    text.parents.clear();
    let other = bench.sign("ada", &text);
    kept(&bench, &format!("{other}:refs/heads/main"), "gate-root");
    kept(&bench, &format!("{}:refs/heads/main", world().open), "gate-root");
    kept(&bench, &format!("{tip}:refs/heads/data"), "gate-branch");
    bench.in_hub(&["config", "--unset", "crm.root"]);
    kept(&bench, &format!("{tip}:refs/heads/main"), "gate-no-root");
    bench.in_hub(&["config", "crm.root", "no commit"]);
    let push = bench.push(&format!("{tip}:refs/heads/main"), &[]);
    assert_ne!(push.exit, 0, "{push}");
    bench.in_hub(&["config", "crm.root", &tip]);
    let push = bench.push(&format!("{tip}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}

#[test]
fn the_branch_of_the_settings_begins_where_the_settings_stand() {
    let bench = Bench::new();
    let tip = bench.tip();
    let named = edit(&bench, &tip, "crm.toml", "gate = true", "gate = true\nbranch = \"data\"");
    let next = bench.commit("ada", &tip, &[named]);
    let push = bench.push(&format!("{next}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
    let first = bench.git(&["rev-list", "--max-parents=0", &tip]);
    bench.in_hub(&["config", "crm.root", &first]);
    // Another history from the same root, in which no gate was ever set.
    let evil = bench.write(bench.text("sam", &world().open, &[gone(path(TOMS))]).plain().as_bytes());
    kept(&bench, &format!("{evil}:refs/heads/data"), "gate-not-forward");
    kept(&bench, &format!("{next}:refs/heads/main2"), "gate-branch");
    let good = bench.commit("sam", &next, &[note(&bench, &tip, SAMS)]);
    let push = bench.push(&format!("{good}:refs/heads/data"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}

#[test]
fn a_store_without_a_gate_takes_no_tree_that_harms() {
    let bench = Bench::from(&world().open);
    let tip = bench.tip();
    let plain = |edits: &[Edit]| bench.write(bench.text("sam", &tip, edits).plain().as_bytes());
    for (edits, rule) in [
        (vec![Edit::Mode("a".into(), "120000", b"/etc".to_vec())], "gate-mode"),
        (vec![Edit::Link("sub".into(), "160000", tip.clone())], "gate-mode"),
        (vec![put(".gitmodules", "x\n")], "gate-mode"),
        (vec![put(".gitattributes", "* filter=evil\n")], "gate-attributes"),
        (vec![put("big.bin", vec![0; (1 << 20) + 1])], "gate-size"),
        (vec![put(path(SAMS), b"id = \"\0\"\n".to_vec())], "gate-text"),
        (vec![put("users/ada.toml", "id = \n")], "bad-toml"),
        (vec![put("crm.toml", "format = \n")], "bad-toml"),
    ] {
        kept(&bench, &format!("{}:refs/heads/main", plain(&edits)), rule);
    }
    let free =
        plain(&[put("logo.png", b"\x89PNG\0".to_vec()), put(".gitignore", "x\n"), note(&bench, &tip, TOMS)]);
    let push = bench.push(&format!("{free}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
}
