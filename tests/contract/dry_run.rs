//! `--dry-run` runs every check, prints the change, and leaves every byte as it was.

use crate::support::Sandbox;

/// A store with something for every writing command to do.
fn busy() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.ok("order add --customer 海尔北京 --line SONG-L:1");
    sandbox.ok("order confirm SO-2026-0002");
    sandbox.ok("customer add --name 美的 --source-ref old:7");
    sandbox.ok("lead add --name 王 --phone 13800138000 --source web");
    sandbox.write("customers.csv", "name,phone\n格力,13900139000\n");
    sandbox.write("lines", "customer add --name A\ncustomer set A --level A\n");
    sandbox.write("apart", "customer add --name A\ncustomer add --name B\n");
    sandbox.write("one.toml", "name = \"TOML\"\nkind = \"company\"\n");
    sandbox
}

const COMMANDS: &[&str] = &[
    "customer add --name A",
    "customer add --from one.toml",
    "customer set 海尔北京 --level A",
    "customer upsert --source-ref old:7 --level A",
    "customer upsert --source-ref old:8 --name B",
    "customer remove 美的",
    "customer assign 海尔北京 --to ann",
    "product add TANG --name 唐 --price 1",
    "order add --customer 海尔北京 --line HAN-EV-610:1",
    "order line add SO-2026-0001 SONG-L:1",
    "order confirm SO-2026-0001",
    "order cancel SO-2026-0001 --reason x",
    "order ship SO-2026-0002",
    "order pay SO-2026-0002 100 --method bank",
    "lead assign 王 --to ann",
    "followup log 海尔北京 --kind call --summary x --next y --next-due 3d",
    "region add south --name 南方",
    "batch lines",
    "batch apart --each",
    "import customer customers.csv",
    "undo",
    "restore 海尔北京 --at HEAD~1",
    "check --fix",
    "fmt",
    "commit",
];

#[test]
fn a_dry_run_leaves_every_byte_of_the_store_and_of_git() {
    let sandbox = busy();
    // A warm mirror: nothing at all may change.
    sandbox.ok("customer list");
    for line in COMMANDS {
        let before = sandbox.snapshot();
        sandbox.crm(format!("{line} --dry-run")).exits(0);
        let changed = sandbox.snapshot().differences(&before);
        assert!(changed.is_empty(), "{line}: {changed:?}");
    }
}

#[test]
fn a_dry_run_of_hand_edits_leaves_every_byte() {
    let sandbox = busy();
    let path = sandbox.file_of(&sandbox.ok("customer show 美的 --format ids"));
    sandbox.edit(&path, |text| text.replace("name = \"美的\"", "name   =   \"美的集团\""));
    sandbox.ok("customer list");
    for line in ["commit", "customer set 海尔北京 --level A"] {
        // The mirror may follow the files; it can be thrown away at any time.
        let before = sandbox.snapshot().without(".git/crm/mirror.db");
        sandbox.crm(format!("{line} --dry-run")).exits(0);
        assert_eq!(sandbox.snapshot().without(".git/crm/mirror.db").differences(&before), [""; 0], "{line}");
    }
}

#[test]
fn without_a_mirror_a_dry_run_makes_that_and_nothing_else() {
    let sandbox = busy();
    for entry in std::fs::read_dir(sandbox.path(".git/crm")).expect("the mirror's folder") {
        let path = entry.expect("an entry").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("mirror")) {
            std::fs::remove_file(path).expect("the mirror is removed");
        }
    }
    let before = sandbox.snapshot();
    sandbox.ok("customer add --name A --dry-run");
    let changed = sandbox.snapshot().differences(&before);
    let others: Vec<&String> = changed.iter().filter(|path| !path.starts_with(".git/crm/mirror")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_dry_run_of_init_makes_nothing() {
    let sandbox = Sandbox::empty();
    let before = sandbox.snapshot();
    sandbox.crm("init acme --company Acme --name Ann --email ann@acme.example --dry-run").exits(0);
    assert_eq!(sandbox.snapshot().differences(&before), [""; 0]);
}

#[test]
fn a_dry_run_of_an_import_writes_no_rejects_and_no_mirror_of_rows() {
    let sandbox = busy();
    sandbox.write("bad.csv", "name,phone\n格力,13900139000\n,1\n");
    sandbox.ok("customer list");
    let before = sandbox.snapshot();
    sandbox.fails(2, "import customer bad.csv --dry-run");
    assert_eq!(sandbox.snapshot().differences(&before), [""; 0]);
    assert!(!sandbox.ok("customer list").contains("格力"));
}

#[test]
fn a_dry_run_prints_the_change_and_says_that_nothing_was_written() {
    let sandbox = busy();
    let run = sandbox.crm("customer set 海尔北京 --level A --dry-run").exits(0);
    let run = run.prints(&["level", "A"]);
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
    let run = sandbox.crm("customer add --name A --dry-run").exits(0).prints(&["name = \"A\""]);
    assert!(!run.stderr.is_empty(), "{run}");
}

#[test]
fn a_dry_run_fails_as_the_command_would() {
    let sandbox = busy();
    sandbox.ok("customer add --name 美的 --allow-duplicate");
    for (exit, line) in [
        (2, "customer add --name A --kind alien"),
        (3, "customer set nobody --level A"),
        (4, "customer set 美的 --level A"),
        (5, "order ship SO-2026-0001"),
        (6, "customer set 海尔北京 --level A --if-match 0000"),
        (11, "customer set 海尔北京 --level A --as mallory"),
    ] {
        let wet = sandbox.fails(exit, line);
        let dry = sandbox.fails(exit, format!("{line} --dry-run"));
        assert_eq!(wet.stderr, dry.stderr, "{line}");
    }
}

#[test]
fn a_dry_run_does_not_spend_a_key() {
    let sandbox = busy();
    sandbox.ok("customer add --name A --key k1 --dry-run");
    let id = sandbox.ok("customer add --name A --key k1");
    assert_eq!(sandbox.ok("customer add --name A --key k1"), id);
}
