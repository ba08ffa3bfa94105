//! Failures: exit codes, names, words, and the one JSON object for programs.

use crate::support::Sandbox;

/// Runs a command that must fail, and looks at both forms of its error.
#[track_caller]
fn check(sandbox: &Sandbox, exit: i32, code: &str, line: &str) {
    let before = sandbox.try_git("rev-parse HEAD").stdout;
    let human = sandbox.fails(exit, line).prints_nothing();
    let first = human.stderr.lines().next().unwrap_or_default();
    let words = first.strip_prefix("error: ").unwrap_or_else(|| panic!("no `error:` begins stderr\n{human}"));
    assert!(words.contains(' '), "a message is a sentence, not {words:?}\n{human}");
    let run = sandbox.crm(format!("{line} --format json")).exits(exit).prints_nothing();
    let error = run.error();
    assert_eq!(error["code"], code, "{run}");
    assert_eq!(error["exit"], exit, "{run}");
    assert!(error["message"].as_str().is_some_and(|m| !m.is_empty()), "{run}");
    assert!(error.get("hint").is_some(), "{run}");
    assert_eq!(sandbox.try_git("rev-parse HEAD").stdout, before, "{line} made a commit");
}

#[test]
fn a_command_line_that_makes_no_sense_is_usage() {
    let sandbox = Sandbox::trading();
    for line in [
        "frob",
        "customer frob",
        "customer",
        "customer add --frob x",
        "customer show",
        "customer add --name",
        "customer add --name A --birthday 03/04/2026",
        "customer add --name A --kind alien",
        "customer add --name A --credit-limit 1.2.3",
        "customer add --name A --email nonsense",
        "customer add --name A --phone nonsense",
        "customer list --where nothing=1",
        "customer list --where name",
        "customer list --fields nothing",
        "customer list --sort nothing",
        "customer list --limit many",
        "customer list --view nothing",
        "order add --customer 海尔北京 --line HAN-EV-610:zwei",
        "customer set 海尔北京 --unset nothing",
        "report frob",
        "report sales --by nothing",
        "report sales --period 03/04/2026",
        "sql 'delete from customer'",
        "help nothing",
        "batch --each x --frob",
    ] {
        check(&sandbox, 2, "usage", line);
    }
}

#[test]
fn global_settings_that_make_no_sense_are_usage() {
    let sandbox = Sandbox::trading();
    for (line, legal) in [
        ("customer list --format yaml", "html"),
        ("customer list --lang fr", "zh-CN"),
        ("customer list --color often", "always"),
        ("customer list --labels nice", "code"),
    ] {
        sandbox.fails(2, line).prints_nothing().says(&["error: ", legal]);
    }
    sandbox.fails(2, "customer list --tz Mars/Base").says(&["Mars/Base"]);
    sandbox.command("customer list").env("CRM_NOW", "yesterday").run().exits(2).says(&["CRM_NOW"]);
    sandbox.command("customer list").env("CRM_TODAY", "yesterday").run().exits(2).says(&["CRM_TODAY"]);
    sandbox.command("customer list").env("CRM_FORMAT", "yaml").run().exits(2).says(&["yaml"]);
}

#[test]
fn what_names_nothing_is_not_found() {
    let sandbox = Sandbox::trading();
    for line in [
        "customer show 美的",
        "show cus_zzzzzzzzzzzz",
        "customer set cus_zzzzzzzzzzzz --level A",
        "order add --customer 美的 --line HAN-EV-610:1",
        "order add --customer 海尔北京 --line TANG:1",
        "order confirm SO-2026-0009",
        "customer show 海尔北京 --at 2020-01-01",
        "customer show 海尔北京 --at deadbeef",
        "undo deadbeef",
        "log nobody",
    ] {
        check(&sandbox, 3, "not_found", line);
    }
}

#[test]
fn what_names_several_is_ambiguous_and_lists_them() {
    let sandbox = Sandbox::new();
    // Seventeen ids of sixteen letters: two begin alike.
    let lines: String = (0..17).map(|n| format!("customer add --name C{n}\n")).collect();
    sandbox.write("lines", lines);
    let ids = sandbox.ok("batch lines");
    let alike = |beginning: &str| ids.lines().filter(|id| id.starts_with(beginning)).count();
    let beginning = ids.lines().map(|id| &id[..5]).find(|beginning| alike(beginning) > 1).expect("two alike");
    check(&sandbox, 4, "ambiguous", &format!("customer show {beginning}"));
    let error = sandbox.crm(format!("customer show {beginning} --format json")).error();
    let candidates = error["candidates"].as_array().expect("candidates").clone();
    assert_eq!(candidates.len(), alike(beginning), "{error}");
    assert!(candidates.iter().all(|c| c.as_str().is_some_and(|c| c.starts_with(beginning))), "{error}");
    let one = ids.lines().next().expect("an id");
    let unique =
        (5..=16).map(|n| &one[..n]).find(|beginning| alike(beginning) == 1).expect("a unique beginning");
    assert_eq!(sandbox.ok(&["customer", "show", unique, "--format", "ids"]), one);
}

#[test]
fn what_a_rule_refuses_is_invalid() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order add --customer 海尔北京 --line SONG-L:1");
    sandbox.ok("order confirm SO-2026-0002");
    sandbox.ok("order ship SO-2026-0002");
    for line in [
        "order ship SO-2026-0001",
        "order ship SO-2026-0002",
        "order cancel SO-2026-0002 --reason x",
        "customer add --name 海尔 --email buy@haier.example",
        "customer add --name 海尔 --phone 01065123456",
        "product add SONG-L --name again",
        "product remove SONG-L --yes",
        "customer remove 海尔北京 --yes",
        "lead add --name 王 --source web",
    ] {
        check(&sandbox, 5, "invalid", line);
    }
}

#[test]
fn an_illegal_move_lists_the_legal_ones() {
    let sandbox = Sandbox::trading();
    let run = sandbox.fails(5, "order hold SO-2026-0001 --reason x");
    let run = run.says(&["SO-2026-0001", "draft"]).says(&["confirm", "cancel"]);
    assert!(!run.stderr.contains("reopen"), "{run}");
    let error = sandbox.crm("order hold SO-2026-0001 --reason x --format json").exits(5).error();
    assert_eq!(error["rule"], "illegal-move");
    let legal = error["legal"].as_array().expect("legal moves");
    assert!(legal.iter().any(|m| m == "confirm"), "{error}");
}

#[test]
fn a_rule_names_itself_and_its_field() {
    let sandbox = Sandbox::trading();
    let error =
        sandbox.crm("customer add --name 海尔 --email buy@haier.example --format json").exits(5).error();
    assert_eq!(error["rule"], "duplicate-email");
    let error = sandbox.crm("customer add --name A --kind alien --format json").exits(2).error();
    assert_eq!(error["field"], "kind");
    assert!(error["legal"].as_array().is_some_and(|l| l.iter().any(|c| c == "dealer")), "{error}");
    let error = sandbox.crm("customer add --format json").error();
    assert_eq!(error["rule"], "missing-field");
}

#[test]
fn a_misspelt_name_gets_the_nearest_ones() {
    let sandbox = Sandbox::trading();
    sandbox.write("x.csv", "name\nA\n");
    for (line, near) in [
        ("custmer list", "customer"),
        ("customer lst", "list"),
        ("customer list --wher x=1", "--where"),
        ("customer add --nme x", "--name"),
        ("customer list --where regoin=north", "region"),
        ("customer list --fields nam", "name"),
        ("customer list --sort nam", "name"),
        ("report slaes", "sales"),
        ("import custmer x.csv", "customer"),
        ("help date", "dates"),
    ] {
        let run = sandbox.crm(line);
        assert!(matches!(run.exit, 2 | 3), "{run}");
        run.says(&["hint: ", near]);
    }
}

#[test]
fn a_record_that_is_not_there_gets_the_nearest_ones() {
    let sandbox = Sandbox::trading();
    for (line, near) in [
        ("order add --customer 海尔北京 --line HAN-EV-601:1", "HAN-EV-610"),
        ("product set HAN-EV-601 --price 1", "HAN-EV-610"),
        ("product show HAN-EV-601", "HAN-EV-610"),
    ] {
        sandbox.fails(3, line).says(&["hint: ", near]);
    }
}

#[test]
fn outside_a_store_every_command_says_how_to_make_one() {
    let sandbox = Sandbox::empty();
    for line in ["customer list", "customer add --name A", "status", "check", "undo", "log"] {
        check(&sandbox, 8, "store", line);
        sandbox.fails(8, line).says(&["crm init"]);
    }
    sandbox.fails(8, "-C nowhere customer list").says(&["nowhere"]);
}

#[test]
fn a_newer_store_is_refused_before_anything_is_read() {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| text.replace("format = 1", "format = 99"));
    for line in ["customer list", "customer add --name A", "check"] {
        check(&sandbox, 8, "store", line);
        sandbox.fails(8, line).says(&["99"]);
    }
}

#[test]
fn findings_of_a_check_stand_on_stdout() {
    let sandbox = Sandbox::trading();
    let path = sandbox.file_of(&sandbox.ok("customer list --format ids"));
    sandbox.edit(&path, |text| text.replace("kind = \"company\"", "kind = \"alien\""));
    let line = 1 + sandbox.read(&path).lines().position(|l| l.contains("alien")).expect("the line");
    let run = sandbox.fails(9, "check").prints(&[&format!("{path}:{line}: "), "alien"]);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    let found = sandbox.fails(9, "check --format json").json();
    assert_eq!(found[0]["path"], path.as_str());
    assert_eq!(found[0]["line"], line);
}

#[test]
fn who_is_unknown_is_denied_with_the_fix() {
    let sandbox = Sandbox::new();
    let nobody = |line: &str| sandbox.command(line).env("CRM_USER", "").run();
    nobody("customer add --name A").exits(11).prints_nothing().says(&["--as", "CRM_USER", "user.email"]);
    check(&sandbox, 11, "denied", "customer add --name A --as mallory");
    sandbox.git("config user.email ann@acme.example");
    nobody("customer add --name A").exits(0);
    assert!(sandbox.git("log -1 --format=%B").contains("Crm-Actor: ann"));
    sandbox.git("config user.email mallory@acme.example");
    nobody("customer add --name B").exits(11).says(&["mallory@acme.example"]);
}

#[test]
fn a_question_that_nobody_can_answer_names_its_flag() {
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name A");
    sandbox.fails(2, "customer remove A").prints_nothing().says(&["--yes"]);
    sandbox
        .command("customer remove A")
        .env("CRM_NO_INPUT", "1")
        .stdin("y\n")
        .run()
        .exits(2)
        .says(&["--yes"]);
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 1);
    sandbox.ok("customer remove A -y");
    assert_eq!(sandbox.ok("customer list --format ids"), "");
}

#[test]
fn errors_as_json_need_no_format_where_the_environment_asks() {
    let sandbox = Sandbox::new();
    let run = sandbox.command("customer show nobody").env("CRM_ERRORS", "json").run().exits(3);
    assert_eq!(run.error()["code"], "not_found");
    let run = sandbox.command("customer frob").env("CRM_ERRORS", "json").run().exits(2);
    assert_eq!(run.error()["code"], "usage");
}

#[test]
fn the_exit_codes_are_listed_by_help() {
    let sandbox = Sandbox::empty();
    let text = sandbox.ok("help exit-codes");
    for line in [
        "0  ok",
        "1  error",
        "2  usage",
        "3  not_found",
        "4  ambiguous",
        "5  invalid",
        "6  conflict",
        "7  busy",
        "8  store",
        "9  check_failed",
        "10  partial",
        "11  denied",
        "12  remote",
        "13  unknown",
    ] {
        assert!(text.lines().any(|l| l.trim_start().starts_with(line)), "{line}\n{text}");
    }
}
