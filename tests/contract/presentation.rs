//! Language, colour, and where a store is found.

use crate::support::Sandbox;

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn help_is_complete_in_both_languages() {
    let sandbox = Sandbox::new();
    for line in [
        "--help",
        "customer --help",
        "customer add --help",
        "order ship --help",
        "import --help",
        "help",
        "help dates",
    ] {
        let english = sandbox.ok(format!("{line} --lang en"));
        let chinese = sandbox.ok(format!("{line} --lang zh-CN"));
        assert!(has_chinese(&chinese), "{line}");
        assert_ne!(english, chinese, "{line}");
        for text in [&english, &chinese] {
            let ids: Vec<&str> = text.split_whitespace().filter(|word| word.starts_with("help-")).collect();
            assert!(ids.is_empty(), "{line}: texts are missing: {ids:?}");
        }
    }
}

#[test]
fn help_of_every_noun_and_verb_has_words() {
    let sandbox = Sandbox::new();
    for noun in [
        "customer", "lead", "order", "followup", "product", "shipment", "payment", "movement", "quote",
        "user",
    ] {
        let text = sandbox.ok(&[noun, "--help"]);
        for line in text.lines().filter(|line| line.starts_with("  ")) {
            assert!(!line.contains("help-"), "{noun}: {line}");
        }
        sandbox.ok(&[noun, "add", "--help"]);
    }
}

#[test]
fn the_language_comes_from_flag_then_environment_then_store_and_never_from_the_locale() {
    let sandbox = Sandbox::new();
    let message = |line: &str, variables: &[(&str, &str)]| {
        let mut command = sandbox.command(line);
        for (name, value) in variables {
            command = command.env(name, *value);
        }
        command.run().exits(3).stderr
    };
    let show = "customer show nobody";
    assert!(!has_chinese(&message(show, &[])));
    assert!(!has_chinese(&message(show, &[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "zh_CN.UTF-8")])));
    assert!(has_chinese(&message(show, &[("CRM_LANG", "zh-CN")])));
    assert!(!has_chinese(&message("customer show nobody --lang en", &[("CRM_LANG", "zh-CN")])));
    assert!(has_chinese(&message("--lang zh-CN customer show nobody", &[])));
    sandbox.edit("crm.toml", |text| text.replace("language = \"en\"", "language = \"zh-CN\""));
    assert!(has_chinese(&message(show, &[])));
    assert!(!has_chinese(&message(show, &[("CRM_LANG", "en")])));
}

#[test]
fn labels_follow_the_language_and_codes_do_not() {
    let sandbox = Sandbox::trading();
    sandbox.crm("customer list --lang zh-CN").exits(0).prints(&["名称"]);
    let english = sandbox.crm("customer list --format csv --lang en").stdout;
    assert_eq!(sandbox.crm("customer list --format csv --lang zh-CN").stdout, english);
    assert_eq!(
        sandbox.crm("customer list --format json --lang zh-CN").stdout,
        sandbox.crm("customer list --format json").stdout
    );
    sandbox.crm("customer list --format csv --labels label --lang zh-CN").exits(0).prints(&["名称"]);
}

#[test]
fn errors_are_in_the_language_asked_for_and_keep_their_codes() {
    let sandbox = Sandbox::trading();
    for line in [
        "order ship SO-2026-0001",
        "customer show nobody",
        "customer add --name A --kind alien",
        "frob",
        "customer add --frob x",
    ] {
        let english = sandbox.crm(format!("{line} --format json")).error();
        let chinese = sandbox.crm(format!("{line} --format json --lang zh-CN")).error();
        assert_eq!(english["rule"], chinese["rule"], "{line}");
        assert_eq!(english["code"], chinese["code"], "{line}");
        assert!(chinese["message"].as_str().is_some_and(has_chinese), "{line}: {chinese}");
    }
}

#[test]
fn the_terminal_changes_colour_and_never_data() {
    let sandbox = Sandbox::trading();
    let run = |flags: &str, variables: &[(&str, &str)]| {
        let mut command = sandbox.command(format!("customer list {flags}"));
        for (name, value) in variables {
            command = command.env(name, *value);
        }
        command.run().exits(0).stdout
    };
    let plain = run("", &[]);
    assert!(!plain.contains('\u{1b}'));
    let coloured = run("--color always", &[]);
    assert!(coloured.contains('\u{1b}'), "{coloured:?}");
    assert!(run("", &[("CLICOLOR_FORCE", "1")]).contains('\u{1b}'));
    for (flags, variables) in [
        ("", &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")] as &[(&str, &str)]),
        ("", &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")]),
        ("--color never", &[("CLICOLOR_FORCE", "1")]),
        ("--color auto", &[("NO_COLOR", "1")]),
    ] {
        assert_eq!(run(flags, variables), plain, "{flags} {variables:?}");
    }
    assert!(run("--color always", &[("NO_COLOR", "1")]).contains('\u{1b}'), "the flag wins");
    assert!(!run("--color always --format csv", &[]).contains('\u{1b}'), "data has no colour");
}

#[test]
fn a_store_is_found_by_flag_by_environment_or_upwards() {
    let mut sandbox = Sandbox::empty();
    sandbox.ok("init acme --company Acme --user ann --name Ann --email ann@acme.example");
    sandbox.ok("-C acme customer add --name A");
    assert_eq!(
        sandbox
            .command("customer list --format ids")
            .env("CRM_DIR", "acme")
            .run()
            .exits(0)
            .stdout
            .lines()
            .count(),
        1
    );
    sandbox.fails(8, "customer list");
    std::fs::create_dir_all(sandbox.path("acme/notes/deep")).expect("a folder in the store");
    sandbox.enter(std::path::Path::new("acme/notes/deep"));
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 1);
}

#[test]
fn a_new_store_has_an_admin_a_pipeline_and_a_clean_check() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.crm("user show ann --format json").json()["roles"], serde_json::json!(["admin"]));
    assert_eq!(sandbox.ok("whoami --format ids"), "ann");
    sandbox.ok("check");
    for line in ["role show admin", "pipeline show sales"] {
        let text = sandbox.ok(line);
        assert!(!text.contains("init-"), "{line} has no words\n{text}");
    }
    sandbox.fails(8, "init . --user bob --name Bob --email bob@acme.example");
}

#[test]
fn init_needs_an_identity_and_never_invents_one() {
    let sandbox = Sandbox::empty();
    sandbox.fails(2, "init acme").says(&["--email"]);
    assert!(!sandbox.path("acme").exists());
    sandbox.git("config --global user.email li.na@acme.example");
    sandbox.git("config --global user.name 'Li Na'");
    sandbox.ok("init acme");
    assert_eq!(sandbox.ok("-C acme user list --format ids"), "li.na");
}

#[test]
fn report_sales_is_right_to_the_cent_and_says_where_it_comes_from() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let run = sandbox.crm("report sales --by product,month --period 2026 --format csv").exits(0);
    assert!(run.stdout.starts_with("product,"), "{run}");
    let report = sandbox.crm("report sales --by customer --period 2026 --format json").exits(0).json();
    assert_eq!(report[0]["customer_name"], "海尔北京");
    assert_eq!(report[0]["net"], "439600.00");
    assert_eq!(report[0]["cost"], "342000.00");
    assert_eq!(report[0]["margin"], "97600.00");
    let text = sandbox.ok("report sales --by customer --period 2026");
    assert!(text.contains(&sandbox.git("rev-parse HEAD")), "{text}");
    assert!(text.contains("2026-01-01") && text.contains("2026-12-31"), "{text}");
    assert!(!text.contains("report-provenance"), "texts are missing\n{text}");
    assert!(sandbox.ok("report list --format csv").lines().any(|line| line.starts_with("sales,")));
}

#[test]
fn a_report_of_a_commit_gives_the_same_bytes_again() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001");
    let commit = sandbox.git("rev-parse HEAD");
    let then = sandbox.ok(format!("report sales --by customer --period 2026 --format csv --at {commit}"));
    sandbox.ok("order add --customer 海尔北京 --line SONG-L:5");
    sandbox.ok("order confirm SO-2026-0002");
    let again = sandbox.ok(format!("report sales --by customer --period 2026 --format csv --at {commit}"));
    assert_eq!(then, again);
    assert_ne!(sandbox.ok("report sales --by customer --period 2026 --format csv"), again);
}
