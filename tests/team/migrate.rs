//! A store of format 0 becomes one of format 1: nothing lost, the same bytes everywhere, taken back.

use std::fs;
use std::path::Path;

use crate::support::{Sandbox, snapshot};

/// The fixture as a git repository, in a sandbox.
fn old_store() -> Sandbox {
    let sandbox = Sandbox::empty();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/format-0");
    copy(&from, sandbox.dir());
    sandbox.git("init -q -b main .");
    sandbox.git("add -A");
    sandbox.git("commit -qm 'format 0'");
    sandbox
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("the fixture") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn tree(sandbox: &Sandbox) -> String {
    sandbox.git("rev-parse HEAD^{tree}")
}

#[test]
fn an_older_store_is_not_read_and_says_the_way() {
    let sandbox = old_store();
    for words in ["customer list", "check", "customer add --name X --kind person"] {
        sandbox.fails(8, words).says(&["format 0, older than this program", "crm migrate"]);
    }
}

#[test]
fn every_value_is_there_afterwards() {
    let sandbox = old_store();
    sandbox.command("migrate").env("CRM_LANG", "en").run().exits(0).says(&["format 0 to 1", "files changed"]);
    assert_eq!(sandbox.git("status --porcelain"), "");
    assert_eq!(sandbox.commits(), 2);
    let run = sandbox.crm("check").exits(0);
    assert!(!run.stdout.contains("error"), "{run}");
    sandbox.ok("fmt --check");
    let all = |folder: &str| -> String {
        let files = sandbox.git(format!("ls-files {folder}").as_str());
        files.lines().map(|path| sandbox.read(path)).collect()
    };
    for (folder, lines) in [
        (
            "crm.toml",
            &[
                "format = 1\n",
                "# Settings of the dealership, kept since the first trial.",
                "name = \"绿行汽车 Lvxing Motors\" # as on the licence",
                "payment_days = 45",
                "default_rate = \"13\" # percent",
                "2025-07-01 = \"7.17\"",
                "2026-01-01 = \"7.1000\"",
                "warehouses = [\"main\", \"airport\"]",
                "closed_until = 2025-09-30",
                "label_zh = \"直播\"",
                "colour = \"green\" # no version knows this",
            ][..],
        ),
        (
            "users",
            &[
                "created_at = 2025-11-03T09:00:00+08:00",
                "roles = [\n  \"admin\",\n  \"sales\",\n]",
                "git_emails = [\n  \"a@acme.example\",\n  \"z@acme.example\",\n]",
                "away_from = 2026-02-14\naway_to = 2026-02-22",
            ],
        ),
        ("roles", &["admin = true", "discount_max = \"7.5\""]),
        (
            "products",
            &[
                "created_at = 2025-11-04T10:30:00+08:00",
                "price = \"219800.00\"",
                "cost = \"171000.50\"",
                "tax_rate = \"13.0\"",
                "tags = [\n  \"electric\",\n  \"sedan\",\n]",
            ],
        ),
        (
            "customers/kw",
            &[
                "# Our first customer; ask for Mr Wu.",
                "credit_limit = \"1250000.10\" # agreed on the phone",
                "nickname = \"the big one\"",
                "tags = [\n  \"fleet\",\n  \"vip\",\n]",
                "[custom]\nshowroom_m2 = \"1200.25\"\nsince = 2019-05-01",
            ],
        ),
        ("customers/mn", &["name = \"吴桂英\"", "source = \"livestream\""]),
        ("contacts/kl", &["birthday = 1980-02-29", "note = \"\"\"\nLikes tea.\nCalls on Mondays.\"\"\""]),
        (
            "orders/zy",
            &[
                "date = 2025-11-20",
                "fx_rate = \"1\"",
                "qty = \"2\"",
                "price = \"219800.00\"",
                "discount_pct = \"2.5\"",
            ],
        ),
        (
            "leads/qr",
            &[
                "[[history]]\nat = 2025-12-02T10:00:00+08:00\nby = \"ann\"\nfrom = \"new\"\nto = \"contacted\"",
            ],
        ),
    ] {
        let text = all(folder);
        for line in lines {
            assert!(text.contains(line), "{folder}: {line}\n{text}");
        }
    }
    assert!(sandbox.read(".gitattributes").contains("merge=crm"));
    assert!(!sandbox.git("config merge.crm.driver").is_empty());
    sandbox.crm("customer show 海尔北京").exits(0).prints(&["1,250,000.10"]);
    sandbox.ok("customer set 海尔北京 --credit-limit 1300000");
}

#[test]
fn a_dry_run_shows_it_and_writes_nothing() {
    let sandbox = old_store();
    let before = snapshot(sandbox.dir());
    let run = sandbox.crm("migrate --dry-run").exits(0);
    run.prints(&[
        "customers/cus_kwzrmlnopqst.toml -> customers/kw/cus_kwzrmlnopqst.toml",
        "-price = 219800",
        "+price = \"219800.00\"",
    ]);
    assert_eq!(snapshot(sandbox.dir()), before);
}

#[test]
fn two_clones_that_migrate_alike_have_the_same_tree_and_once_is_enough() {
    let (one, other) = (old_store(), old_store());
    other.wait_days(3);
    for sandbox in [&one, &other] {
        sandbox.ok("migrate");
    }
    assert_eq!(tree(&one), tree(&other));
    let before = snapshot(one.dir());
    one.command("migrate").env("CRM_LANG", "en").run().exits(0).says(&["current format 1"]);
    assert_eq!(snapshot(one.dir()), before);
}

#[test]
fn undo_and_git_revert_take_it_back() {
    let sandbox = old_store();
    let old = tree(&sandbox);
    sandbox.ok("migrate");
    let new = tree(&sandbox);
    sandbox.ok("undo");
    assert_eq!((tree(&sandbox), sandbox.git("status --porcelain")), (old.clone(), String::new()));
    sandbox.ok("migrate");
    assert_eq!(tree(&sandbox), new);
    sandbox.git("revert --no-edit HEAD");
    assert_eq!(tree(&sandbox), old);
}

#[test]
fn hand_edits_and_values_that_cannot_be_turned_are_refused() {
    let sandbox = old_store();
    sandbox.edit("roles/sales.toml", |text| format!("{text}note = \"x\"\n"));
    sandbox.fails(6, "migrate").says(&["not committed: roles/sales.toml"]);
    sandbox.git("checkout -q roles/sales.toml");
    sandbox.write("customers/cus_qqqqqqqqqqqq.toml", "id = \"cus_qqqqqqqqqqqq\"\n");
    sandbox.fails(6, "migrate").says(&["cus_qqqqqqqqqqqq"]);
    sandbox.remove("customers/cus_qqqqqqqqqqqq.toml");
    sandbox.edit("products/HAN-EV-610.toml", |text| text.replace("cost = 171000.5", "cost = inf"));
    sandbox.git("commit -qam odd");
    sandbox.fails(5, "migrate").says(&["products/HAN-EV-610.toml:", "`inf` of `cost`"]);
    assert_eq!(sandbox.git("status --porcelain"), "");
    sandbox.command("migrate").env("CRM_USER", "nobody").run().exits(5);
}

#[test]
fn a_stranger_and_a_newer_store_are_refused() {
    let sandbox = old_store();
    sandbox.command("migrate").env("CRM_USER", "nobody").run().exits(11);
    sandbox.edit("crm.toml", |text| format!("format = 2\n{text}"));
    sandbox.git("commit -qam newer");
    sandbox.fails(8, "migrate").says(&["newer than this program"]);
}
