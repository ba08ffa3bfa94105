//! Ids alone on stdout, sentences on stderr, and pipes that close.

use std::process::Stdio;

use crate::support::Sandbox;

/// Whether a text is an id of our making with this prefix.
fn is_id(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix)
        .is_some_and(|rest| rest.len() == 12 && rest.chars().all(|c| ('k'..='z').contains(&c)))
}

#[test]
fn adding_prints_the_id_alone_on_stdout_and_a_sentence_on_stderr() {
    let sandbox = Sandbox::new();
    let run = sandbox.crm("customer add --name 'Blue Fox'").exits(0);
    let id = run.stdout.strip_suffix('\n').expect("a line");
    assert!(is_id(id, "cus_"), "{run}");
    assert_eq!(run.stderr.lines().count(), 1, "{run}");
    let run = run.says(&["Blue Fox"]);
    assert_eq!(run.stderr.matches(&sandbox.git("rev-parse --short=10 HEAD")).count(), 1, "{run}");
}

#[test]
fn several_records_come_one_per_line_the_main_one_first() {
    let sandbox = Sandbox::trading();
    let made = sandbox.ok("followup log 海尔北京 --kind call --summary 报价 --next '送报价单' --next-due 3d");
    let ids: Vec<&str> = made.lines().collect();
    assert_eq!(ids.len(), 2, "{made}");
    assert!(ids.iter().all(|id| is_id(id, "fup_")), "{made}");
    let show = |id: &str| sandbox.crm(&["followup", "show", id, "--format", "json"]).exits(0).json();
    assert_eq!(show(ids[0])["status"], "done");
    assert_eq!(show(ids[1])["status"], "planned");
    assert_eq!(show(ids[1])["due"], "2026-03-07");
}

#[test]
fn a_change_of_what_is_there_prints_what_it_changed() {
    let sandbox = Sandbox::trading();
    let id = sandbox.ok("customer list --format ids");
    assert_eq!(sandbox.ok("customer set 海尔北京 --level A"), id);
}

#[test]
fn a_verb_that_makes_a_record_of_another_type_prints_that_record() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let shipment = sandbox.ok("order ship SO-2026-0001 --carrier SF --tracking SF123");
    assert!(is_id(&shipment, "shp_"), "{shipment}");
}

#[test]
fn with_format_json_a_change_prints_the_record_and_its_commit() {
    let sandbox = Sandbox::new();
    let record = sandbox.crm("customer add --name 'Blue Fox' --format json").exits(0).json();
    assert_eq!(record["name"], "Blue Fox");
    assert_eq!(record["commit"], sandbox.git("rev-parse HEAD").as_str());
    assert_eq!(record["ids"][0], record["id"]);
}

#[test]
fn what_holds_already_is_success_without_a_commit() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let before = sandbox.commits();
    let order = sandbox.ok("order list --format ids");
    assert_eq!(sandbox.ok("order confirm SO-2026-0001"), order);
    sandbox.ok("customer set 海尔北京 --name 海尔北京");
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn each_change_is_one_commit_and_leaves_git_clean() {
    let sandbox = Sandbox::trading();
    for line in [
        "customer add --name A",
        "customer set A --level B --city 北京",
        "order line add SO-2026-0001 SONG-L:1",
        "order confirm SO-2026-0001",
        "order ship SO-2026-0001",
        "order pay SO-2026-0001 1000 --method bank",
        "customer remove A --yes",
        "undo",
    ] {
        let before = sandbox.commits();
        sandbox.ok(line);
        assert_eq!(sandbox.commits(), before + 1, "{line}");
        assert_eq!(sandbox.git("status --porcelain"), "", "{line}");
    }
    sandbox.git("fsck --strict");
    sandbox.ok("check");
}

#[test]
fn the_commit_says_in_trailers_what_was_done_to_what_by_whom() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let order = sandbox.ok("order list --format ids");
    let message = sandbox.git("log -1 --format=%B");
    assert!(message.starts_with("order confirm: SO-2026-0001"), "{message}");
    for trailer in ["Crm-Op: order confirm", &format!("Crm-Record: {order}"), "Crm-Actor: ann"] {
        assert!(message.lines().any(|line| line == trailer), "{trailer}\n{message}");
    }
    assert_eq!(sandbox.git("log -1 --format='%an <%ae>'"), "Ann Li <ann@acme.example>");
}

#[test]
fn quiet_leaves_stderr_empty_and_the_ids_there() {
    let sandbox = Sandbox::new();
    let run = sandbox.crm("customer add --name A --quiet").exits(0);
    assert_eq!(run.stderr, "");
    assert!(is_id(run.stdout.trim_end(), "cus_"), "{run}");
}

#[test]
fn a_closed_pipe_is_silent() {
    let sandbox = Sandbox::trading();
    for line in ["customer list", "help", "log --format csv", "schema customer"] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = sandbox.command(line).process();
        let output = command.stdin(Stdio::null()).stdout(writer).output().expect("the program runs");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{line}");
        assert_eq!(output.status.code(), Some(141), "{line}");
    }
}

#[test]
fn a_full_stdout_does_not_turn_a_change_into_a_failure() {
    let sandbox = Sandbox::new();
    let before = sandbox.commits();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("a full device");
    let mut command = sandbox.command("customer add --name A").process();
    let output = command.stdin(Stdio::null()).stdout(full).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(sandbox.commits(), before + 1);
    let id = sandbox.ok("customer list --format ids");
    assert!(String::from_utf8_lossy(&output.stderr).contains(id.trim()), "the id is told on stderr");
}

#[test]
fn a_closed_pipe_does_not_take_a_change_back() {
    let sandbox = Sandbox::new();
    let before = sandbox.commits();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = sandbox.command("customer add --name A").process();
    let status = command.stdin(Stdio::null()).stdout(writer).stderr(Stdio::null()).status();
    let code = status.expect("the program runs").code();
    assert!(matches!(code, Some(0 | 141)), "{code:?}");
    assert_eq!(sandbox.commits(), before + 1);
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn a_file_written_with_o_leaves_stdout_empty() {
    let sandbox = Sandbox::trading();
    let out = sandbox.outside("out.csv").display().to_string();
    sandbox.crm(&["customer", "list", "-o", &out]).exits(0).prints_nothing();
    let text = std::fs::read_to_string(&out).expect("the file");
    assert_eq!(text, sandbox.crm("customer list --format csv").stdout);
    sandbox.fails(1, "customer list --format csv -o nowhere/out.csv").says(&["nowhere/out.csv"]);
}
