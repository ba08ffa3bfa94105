//! Hooks: what they see, that they veto, and that a pushed file runs nothing unasked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::support::Sandbox;

/// A program beside the store.
fn program(sandbox: &Sandbox, name: &str, body: &str) -> PathBuf {
    let path = sandbox.outside(name);
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a program");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its permissions");
    path
}

/// Names a hook in the user's own configuration.
fn own_hook(sandbox: &Sandbox, name: &str, program: &str) {
    sandbox.ok(&["config", "set", "--user", format!("hooks.{name}").as_str(), program]);
}

const CUSTOMER: &str = "customer add --name 海尔 --kind company --phone 010-65123456";

#[test]
fn a_hook_sees_the_change_and_lets_it_pass() {
    let sandbox = Sandbox::new();
    let seen = sandbox.outside("seen.json");
    let path =
        program(&sandbox, "see", &format!("cat > '{}'; env > '{}.env'", seen.display(), seen.display()));
    own_hook(&sandbox, "customer add", &path.display().to_string());
    let id = sandbox.command(CUSTOMER).env("CRM_SECRET", "s3cret").run().exits(0).stdout.trim().to_owned();
    let text = fs::read_to_string(&seen).expect("what the hook saw");
    let json: serde_json::Value = serde_json::from_str(&text).expect("json");
    assert_eq!(json["command"], "customer add");
    assert_eq!(json["actor"]["id"], "ann");
    assert_eq!(json["records"][0]["id"], id.as_str());
    assert!(json["records"][0]["before"].is_null());
    assert_eq!(json["records"][0]["after"]["name"], "海尔");
    assert!(json["message"].as_str().is_some_and(|message| message.contains("Crm-Op: customer add")));
    let environment = fs::read_to_string(seen.with_extension("json.env")).expect("its environment");
    assert!(
        environment.contains("CRM_HOOK=customer add") && !environment.contains("s3cret"),
        "{environment}"
    );
    fs::remove_file(&seen).expect("seen");
    sandbox.ok(format!("customer set {id} --note x").as_str());
    assert!(!seen.exists(), "it is for another command");
}

#[test]
fn a_hook_refuses_with_its_reason_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    let path = program(&sandbox, "no", "printf 'not \\033[31mtoday' >&2; exit 1");
    own_hook(&sandbox, "customer *", &path.display().to_string());
    let before = sandbox.commits();
    let run = sandbox.fails(5, CUSTOMER).says(&["hook `customer *` refused: not ", "today"]);
    assert!(!run.stderr.contains('\u{1b}'), "{run}");
    assert_eq!((sandbox.commits(), sandbox.git("status --porcelain")), (before, String::new()));
    sandbox.crm(format!("{CUSTOMER} --dry-run").as_str()).exits(0);
}

#[test]
fn batch_import_undo_and_hand_edits_pass_the_hooks_too() {
    let sandbox = Sandbox::new();
    let id = sandbox.ok(CUSTOMER);
    let path = program(&sandbox, "no", "echo 'the books are closed' >&2; exit 3").display().to_string();
    own_hook(&sandbox, "customer *", &path);
    sandbox.write("lines", "customer set 海尔 --note x\n");
    sandbox.fails(5, "batch lines").says(&["books are closed"]);
    sandbox.write("rows.csv", "name,kind,phone\n吴桂英,person,13800138000\n");
    sandbox.fails(5, "import customer rows.csv").says(&["books are closed"]);
    sandbox.fails(5, "undo").says(&["books are closed"]);
    sandbox.edit(&sandbox.file_of(&id), |text| format!("# mine\n{text}"));
    sandbox.fails(5, "commit").says(&["books are closed"]);
    sandbox.ok("config unset --user 'hooks.customer *'");
    own_hook(&sandbox, "customer set", &path);
    sandbox.git("checkout -q .");
    sandbox.fails(5, "batch lines").says(&["books are closed"]);
    sandbox.ok("config unset --user 'hooks.customer set'");
    own_hook(&sandbox, "*", &path);
    sandbox.fails(5, "region add north --name 北方").says(&["books are closed"]);
}

#[test]
fn a_hook_of_the_store_runs_only_where_it_is_trusted() {
    let sandbox = Sandbox::new();
    let mark = sandbox.outside("ran");
    let path = program(&sandbox, "mark", &format!("touch '{}'", mark.display())).display().to_string();
    sandbox.ok(&["config", "set", "hooks.customer add", path.as_str()]);
    sandbox.fails(11, CUSTOMER).says(&["hooks.customer add", "crm trust"]);
    assert!(!mark.exists());
    sandbox.ok("region add north --name 北方");
    sandbox.ok("trust --yes");
    sandbox.ok(CUSTOMER);
    assert!(mark.exists());
    // Another text asks anew, and the way out needs no trust.
    sandbox.ok(&["config", "set", "hooks.*", path.as_str()]);
    sandbox.fails(11, "region add south --name 南方").says(&["crm trust"]);
    sandbox.ok(&["config", "unset", "hooks"]);
    sandbox.ok("region add south --name 南方");
}

#[test]
fn a_program_that_lies_in_the_store_is_pinned_with_its_text() {
    let sandbox = Sandbox::new();
    let mark = sandbox.outside("ran");
    sandbox.write("checks/one.sh", "#!/bin/sh\nexit 0\n");
    fs::set_permissions(sandbox.path("checks/one.sh"), fs::Permissions::from_mode(0o755))
        .expect("permissions");
    sandbox.ok(&["config", "set", "hooks.*", "./checks/one.sh"]);
    sandbox.ok("trust --yes");
    sandbox.ok("region add north --name 北方");
    sandbox.edit("checks/one.sh", |_| format!("#!/bin/sh\ntouch '{}'\n", mark.display()));
    sandbox.fails(11, "region add south --name 南方").says(&["crm trust"]);
    assert!(!mark.exists());
}

#[test]
fn a_hook_that_does_not_end_or_is_not_there_refuses() {
    let sandbox = Sandbox::new();
    own_hook(&sandbox, "customer add", &program(&sandbox, "slow", "sleep 600").display().to_string());
    sandbox.ok("config set --user hooks.timeout 1s");
    sandbox.fails(5, CUSTOMER).says(&["did not end in 1 s"]);
    own_hook(&sandbox, "customer add", "crm-no-such-program");
    sandbox.fails(5, CUSTOMER).says(&["could not run: crm-no-such-program"]);
    sandbox.fails(2, &["config", "set", "hooks.* *", "x"]).says(&["a hook is named"]);
}
