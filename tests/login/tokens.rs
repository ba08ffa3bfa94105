//! Programs: tokens of service users.

use super::{ANN, bare, guarded, log_in, signs, with};
use crate::support::{Run, Sandbox};

/// A guarded store with a service user of two roles, `ann` logged in.
fn with_robot() -> Sandbox {
    let sandbox = guarded();
    log_in(&sandbox);
    with(&sandbox, "role add feed --name Feed", &[ANN]).exits(0);
    let add =
        "user add robot --name Robot --email robot@acme.example --kind service --role feed --role admin";
    with(&sandbox, add, &[ANN]).exits(0);
    sandbox
}

/// Makes a token and keeps it in a private file.
fn token(sandbox: &Sandbox, flags: &str) -> std::path::PathBuf {
    let run = with(sandbox, &format!("user token add robot {flags}"), &[ANN]).exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    let path = sandbox.outside("token");
    std::fs::write(&path, &run.stdout).expect("written");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("private");
    path
}

fn as_robot(sandbox: &Sandbox, path: &std::path::Path, words: &str) -> Run {
    let words = format!("{words} --lang en");
    sandbox.command(words.as_str()).env("CRM_USER", "").env("CRM_TOKEN_FILE", path).run()
}

#[test]
fn a_program_shows_a_token_instead_of_a_password() {
    let sandbox = with_robot();
    let path = token(&sandbox, "--label feed");
    bare(&sandbox, "logout").exits(0);
    as_robot(&sandbox, &path, "customer add --name 海尔北京").exits(0);
    assert!(sandbox.git("log -1").contains("Crm-Actor: robot"));
    let told = as_robot(&sandbox, &path, "whoami --format json").exits(0).json();
    assert_eq!(
        (&told["id"], &told["by"], told["roles"].as_array().map(Vec::len)),
        (&"robot".into(), &"token".into(), Some(2))
    );
    as_robot(&sandbox, &path, "status --as ann").exits(11).says(&["`robot`"]);
    // What asks for a password again is not for programs.
    as_robot(&sandbox, &path, "role add more --name More").exits(11).says(&["a program with a token"]);
    as_robot(&sandbox, &path, "export --all ../all --format csv").exits(11);
}

#[test]
fn a_token_is_narrowed_to_some_roles() {
    let sandbox = with_robot();
    with(&sandbox, "user token add robot --role sales", &[ANN]).exits(5).says(&["`sales`", "feed"]);
    let path = token(&sandbox, "--role feed");
    let told = as_robot(&sandbox, &path, "whoami --format json").exits(0).json();
    assert_eq!(told["roles"], serde_json::json!(["feed"]));
    as_robot(&sandbox, &path, "user token list").exits(11).says(&["administrators"]);
    let wide = token(&sandbox, "");
    as_robot(&sandbox, &wide, "user token list").exits(0);
}

#[test]
fn a_token_ends_with_its_day_its_revocation_and_its_user() {
    let sandbox = with_robot();
    with(&sandbox, "user token add robot --until 2026-03-03", &[ANN]).exits(5).says(&["is over"]);
    let path = token(&sandbox, "--until 2026-03-05");
    as_robot(&sandbox, &path, "status").exits(0);
    sandbox.wait_days(1);
    as_robot(&sandbox, &path, "status").exits(0);
    sandbox.wait_days(1);
    as_robot(&sandbox, &path, "status").exits(11).says(&["does not hold"]);
    log_in(&sandbox);
    let path = token(&sandbox, "");
    as_robot(&sandbox, &path, "status").exits(0);
    let listed = bare(&sandbox, "user token list robot --format json").exits(0).json();
    let states: Vec<&str> =
        listed.as_array().expect("rows").iter().filter_map(|row| row["state"].as_str()).collect();
    assert_eq!(states, ["over", "valid"]);
    let id = listed[1]["id"].as_str().expect("an id");
    bare(&sandbox, "user token revoke robot zzz").exits(3).says(&["zzz"]);
    bare(&sandbox, "user token revoke robot").exits(2);
    bare(&sandbox, &format!("user token revoke robot {id}")).exits(0);
    as_robot(&sandbox, &path, "status").exits(11);
    let path = token(&sandbox, "");
    bare(&sandbox, "user suspend robot").exits(0);
    as_robot(&sandbox, &path, "status").exits(11).says(&["suspended"]);
    assert!(signs(&sandbox).iter().filter(|line| *line == " token wrong").count() == 2);
}

#[test]
fn a_token_is_for_service_users_and_its_file_is_private() {
    let sandbox = with_robot();
    with(&sandbox, "user token add ann", &[ANN]).exits(5).says(&["is a person"]);
    with(&sandbox, "passwd robot", &[ANN]).exits(5).says(&["no password", "token add"]);
    with(&sandbox, "user verify robot", &[ANN]).exits(5);
    let path = token(&sandbox, "");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("opened");
    as_robot(&sandbox, &path, "status").exits(11).says(&["nobody else may read"]);
    as_robot(&sandbox, std::path::Path::new("/nowhere/token"), "status").exits(1);
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("private");
    std::fs::write(&path, "crm1.robot.00ff\n").expect("written");
    as_robot(&sandbox, &path, "status").exits(11);
    // A user who became a person has no use for old tokens.
    let path = token(&sandbox, "");
    bare(&sandbox, "user set robot --kind person").exits(0);
    as_robot(&sandbox, &path, "status").exits(11);
}
