//! `maintain`, and what `doctor` says and writes for who helps.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::Sandbox;

/// The state of one thing that doctor looks at.
fn state(sandbox: &Sandbox, what: &str) -> String {
    let rows = sandbox.crm("doctor --format json").json();
    let mut rows = rows.as_array().expect("rows").iter();
    let row = rows.find(|row| row["what"] == what).unwrap_or_else(|| panic!("{what}"));
    row["state"].as_str().expect("a state").to_owned()
}

#[test]
fn maintain_packs_and_clears_away_what_was_left() {
    let sandbox = Sandbox::trading();
    sandbox.write("regions/.crm-tmp-0123456789abcdef-0", "half");
    sandbox.write(".git/crm-decisions.json", "[\"gone\",{}]");
    sandbox.write(".git/crm/.crm-backup-0123456789abcdef.tmp/bundle", "half");
    let (head, status) = (sandbox.git("rev-parse HEAD"), sandbox.git("status --porcelain"));
    let before = sandbox.snapshot();
    sandbox.crm("maintain --dry-run").exits(0).says(&["would remove 3 files", "would pack"]);
    assert_eq!(sandbox.snapshot(), before);
    let rows = sandbox.crm("maintain --format json").exits(0).says(&["removed 3 files"]).json();
    assert!(rows[0]["before"].as_i64() > Some(0));
    assert_eq!((&rows[0]["what"], &rows[0]["after"]), (&"loose_objects".into(), &0.into()));
    assert_eq!((&rows[1]["what"], &rows[1]["after"]), (&"packs".into(), &1.into()));
    for gone in ["regions/.crm-tmp-0123456789abcdef-0", ".git/crm-decisions.json"] {
        assert!(!sandbox.path(gone).exists(), "{gone}");
    }
    assert!(!sandbox.path(".git/crm/.crm-backup-0123456789abcdef.tmp").exists());
    assert!(sandbox.path(".git/packed-refs").exists());
    assert!(sandbox.path(".git/objects/info/commit-graph").exists());
    assert_eq!((sandbox.git("rev-parse HEAD"), sandbox.git("status --porcelain")), (head, status));
    sandbox.ok("check");
    sandbox.ok("region add south --name 南方");
    sandbox.crm("maintain --lang zh-CN").exits(0).prints(&["松散对象"]);
}

#[test]
fn maintain_builds_a_damaged_mirror_anew() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer list");
    let path = sandbox.path(".git/crm/mirror.db");
    let mut bytes = fs::read(&path).expect("the mirror");
    for page in bytes.chunks_mut(8192).skip(100).step_by(3) {
        page.fill(0x5a);
    }
    fs::write(&path, bytes).expect("written");
    sandbox.crm("maintain").exits(0).says(&["built anew"]);
    sandbox.crm("customer list").exits(0).prints(&["海尔北京"]);
    assert_eq!(sandbox.crm("maintain").exits(0).stderr.matches("built anew").count(), 0);
}

#[test]
fn doctor_sees_locks_permissions_and_two_that_send() {
    let sandbox = Sandbox::trading();
    for what in ["lock", "open", "secrets", "senders", "journal"] {
        assert_eq!(state(&sandbox, what), "ok", "{what}");
    }
    sandbox.crm("doctor --full").exits(0);
    let mode = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
    };
    mode(sandbox.dir(), 0o777);
    assert_eq!(state(&sandbox, "open"), "wrong");
    mode(sandbox.dir(), 0o755);
    let root = sandbox.git("rev-list --max-parents=0 HEAD");
    let secrets = sandbox.outside("home/.local/state/crm").join(root);
    fs::create_dir_all(&secrets).expect("folders");
    mode(&secrets, 0o700);
    fs::write(secrets.join("ann"), "x").expect("a file");
    mode(&secrets.join("ann"), 0o600);
    assert_eq!(state(&sandbox, "secrets"), "ok");
    mode(&secrets.join("ann"), 0o640);
    assert_eq!(state(&sandbox, "secrets"), "wrong");
    mode(&secrets.join("ann"), 0o600);
    mode(&secrets, 0o755);
    assert_eq!(state(&sandbox, "secrets"), "wrong");
    sandbox.write(".git/crm/journal", "no journal of ours");
    assert_eq!(state(&sandbox, "journal"), "wrong");
    sandbox.remove(".git/crm/journal");
    let held = fs::File::options().create(true).append(true).open(sandbox.path(".git/crm/lock"));
    let held = held.expect("the lock");
    held.lock().expect("nobody has it");
    assert_eq!(state(&sandbox, "lock"), "note");
    drop(held);
    assert_eq!(state(&sandbox, "lock"), "ok");
}

#[test]
fn two_clones_that_sent_lately_are_named() {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| {
        format!("{text}\n[send.email]\nfrom = \"a@acme.example\"\nfolder = \"out\"\n")
    });
    sandbox.ok("commit -m sending");
    sandbox.ok("trust --yes");
    for node in ["office", "laptop"] {
        sandbox.git(&["config", "crm.node", node]);
        let words = ["--channel", "email", "--to", "a@x.example", "--subject", "x", "--body", "x"];
        sandbox.ok(&[&["message", "send", "海尔北京"], &words[..]].concat()[..]);
        sandbox.ok("outbox run");
    }
    assert_eq!(state(&sandbox, "senders"), "note");
    sandbox.wait_days(40);
    assert_eq!(state(&sandbox, "senders"), "ok");
}

/// The texts of a support archive, all together.
fn bundle_text(path: &std::path::Path) -> String {
    let file = fs::File::open(path).expect("the archive");
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(file));
    let mut text = String::new();
    for entry in archive.entries().expect("an archive") {
        let mut entry = entry.expect("an entry");
        text.push_str(&entry.path().expect("a name").to_string_lossy());
        text.push('\n');
        entry.read_to_string(&mut text).expect("text");
    }
    text
}

/// Every text that a person can put somewhere is the same strange word, and it must not come out.
#[test]
fn what_is_for_who_helps_has_nothing_of_a_record() {
    let mut sandbox = Sandbox::trading();
    sandbox.git("clone -q . ../kanarienvogel-store");
    sandbox.enter(&sandbox.outside("kanarienvogel-store"));
    let word = "kanarienvogel";
    sandbox.git(&["remote", "rename", "origin", word]);
    sandbox.git(&["remote", "set-url", word, "https://kanarienvogel:kanarienvogel@kanarienvogel.example/x"]);
    sandbox.git(&["config", "user.name", word]);
    sandbox.git(&["config", "user.email", "kanarienvogel@x.example"]);
    sandbox.git(&["config", "crm.node", word]);
    sandbox.git(&["branch", word]);
    sandbox.edit("crm.toml", |text| {
        let text = text.replace("\"Acme\"", "\"kanarienvogel\"");
        format!(
            "{text}\naddress = \"kanarienvogel\"\nbank_account = \"kanarienvogel\"\n\
             [send]\nnode = \"kanarienvogel\"\n[send.email]\nfrom = \"kanarienvogel@x.example\"\n\
             command = [\"kanarienvogel\"]\nsecret_command = [\"kanarienvogel\"]\n\
             [hooks]\n\"order ship\" = [\"kanarienvogel\"]\n\
             [codes.source.kanarienvogel]\nlabel = \"kanarienvogel\"\nlabel_zh = \"kanarienvogel\"\n\
             [fields.customer.kanarienvogel]\ntype = \"string\"\nlabel = \"kanarienvogel\"\n\
             [views.kanarienvogel]\nof = \"customer\"\nwhere = [\"name=kanarienvogel\"]\n\
             [policy]\npaths = [\"kanarienvogel/**\"]\n\
             [kanarienvogel]\nkanarienvogel = \"kanarienvogel\"\n"
        )
    });
    sandbox.crm("commit -m kanarienvogel").exits(0);
    sandbox.write("batch", "user add kanarienvogel --name kanarienvogel --email kanarienvogel@y.example --role admin\n\
        region add kanarienvogel --name kanarienvogel --note kanarienvogel\n\
        product add KANARIENVOGEL --name kanarienvogel --price 1 --note kanarienvogel --tag kanarienvogel\n\
        customer add --name kanarienvogel --kind company --email kanarienvogel@z.example --note kanarienvogel --kanarienvogel kanarienvogel\n\
        contact add --name kanarienvogel --customer kanarienvogel --title kanarienvogel --wechat kanarienvogel\n\
        lead add --name kanarienvogel --company kanarienvogel --wechat kanarienvogel --source kanarienvogel --city kanarienvogel --needs kanarienvogel --tag kanarienvogel\n\
        ticket add --customer kanarienvogel --subject kanarienvogel --description kanarienvogel --kind question\n\
        followup log kanarienvogel@z.example --kind call --summary kanarienvogel\n");
    let lines = sandbox.read("batch");
    let mut written = 0;
    for line in lines.lines() {
        let run = sandbox.crm(line.trim());
        assert_eq!(run.exit, 0, "{run}");
        written += 1;
    }
    sandbox.remove("batch");
    // And a file of each type in which every field is the word, whether it may be or not.
    for kind in crm::model::kinds::KINDS {
        let lines: String = kind.all().map(|field| format!("{} = \"{word}\"\n", field.name)).collect();
        sandbox.write(&format!("{}/{word}-2.toml", kind.folder), lines);
    }
    sandbox.write("kanarienvogel.txt", "kanarienvogel");
    assert!(sandbox.git("grep -il kanarienvogel").lines().count() > written);
    let target = sandbox.outside("support.tar.gz");
    let words = ["doctor", "--bundle", &target.to_string_lossy()];
    sandbox.command(&words).env("CRM_USER", word).run().exits(9);
    let text = bundle_text(&target);
    for name in
        ["README.txt", "versions.json", "settings.json", "counts.json", "findings.json", "timings.json"]
    {
        assert!(text.contains(name), "{name}");
    }
    assert!(text.contains("\"company.name\": \"(set)\"") && text.contains("\"customer\": "), "{text}");
    let text = text.to_lowercase();
    for secret in [word, "海尔", "haier", "acme", "ann", "6512", "10026512", "so-2026", "汉 ev"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(!text.contains(&sandbox.outside("").to_string_lossy().to_lowercase()));
    let about = fs::metadata(&target).expect("the archive");
    assert_eq!(about.permissions().mode() & 0o777, 0o600);
    sandbox.fails(6, &words);
}
