//! Files that may not be there, or may not be so.

use super::super::harness::{Edit, gone, put};
use super::super::store::{LEAD, SAMS, customer, path};
use super::{Case, case, edit, more, note, with_tree};

pub const FILES: &[Case] = &[
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
