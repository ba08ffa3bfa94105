//! Whether a machine and a clone are fit, and what to do where they are not.

use crate::support::Sandbox;

/// What is not in order: `what state`.
fn odd(sandbox: &Sandbox, exits: i32) -> Vec<String> {
    let rows = sandbox.crm("doctor --format json").exits(exits).json();
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("rows").iter();
    let told = rows.map(|row| (text(row, "what"), text(row, "state"), text(row, "mend")));
    told.filter(|(_, state, mend)| {
        assert_eq!(state == "ok", mend.is_empty(), "what is wrong says what to do");
        state != "ok"
    })
    .map(|(what, state, _)| format!("{what} {state}"))
    // Whether the program is on the path of the tests is not ours to say.
    .filter(|line| !line.starts_with("path "))
    .collect()
}

#[test]
fn a_new_store_is_fit_and_looking_changes_nothing() {
    let sandbox = Sandbox::trading();
    let before = sandbox.commits();
    assert_eq!(odd(&sandbox, 0), [""; 0]);
    assert_eq!(sandbox.commits(), before);
    sandbox.crm("doctor --lang zh-CN").exits(0).prints(&["逐字段合并", "正常"]);
}

#[test]
fn what_a_clone_lacks_is_told_and_written_on_demand() {
    let mut sandbox = Sandbox::trading();
    let origin = sandbox.dir().to_owned();
    sandbox.git("clone -q --no-hardlinks . ../clone");
    sandbox.enter(&origin.with_file_name("clone"));
    assert_eq!(odd(&sandbox, 9), ["durable wrong", "driver wrong", "node note"]);
    sandbox.crm("doctor --fix-git").exits(0);
    assert_eq!(odd(&sandbox, 0), ["node note"]);
    sandbox.edit("crm.toml", |text| format!("{text}\n[send]\nnode = \"office\"\n"));
    sandbox.ok("commit -m node");
    assert_eq!(odd(&sandbox, 0), [""; 0]);
}

#[test]
fn what_stands_in_the_way_is_named() {
    let sandbox = Sandbox::trading();
    let file = sandbox.git("ls-files customers").lines().next().expect("a customer").to_owned();
    sandbox.write(&file, "no = toml = here\n");
    assert_eq!(odd(&sandbox, 9), ["readable wrong"]);
    sandbox.git(&["checkout", "--", &file]);
    sandbox.write(".git/index.lock", "");
    assert_eq!(odd(&sandbox, 9), ["index wrong"]);
    sandbox.remove(".git/index.lock");
    sandbox.edit("crm.toml", |text| format!("{text}\n[send.email]\ncommand = [\"true\"]\n"));
    sandbox.ok("commit -m command");
    assert_eq!(odd(&sandbox, 9), ["trust wrong"]);
    sandbox.ok("trust --yes");
    sandbox.ok(&[
        "message",
        "send",
        "海尔北京",
        "--channel",
        "email",
        "--to",
        "a@x.example",
        "--subject",
        "x",
        "--body",
        "x",
    ]);
    sandbox.wait_days(2);
    assert_eq!(odd(&sandbox, 0), ["outbox note"]);
    let blob = sandbox.git("rev-parse HEAD:crm.toml");
    sandbox.remove(&format!(".git/objects/{}/{}", &blob[..2], &blob[2..]));
    assert!(odd(&sandbox, 9).contains(&"objects wrong".to_owned()));
}
