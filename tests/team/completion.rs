//! What a shell is offered at the cursor.

use std::process::Stdio;

use crate::support::{CRM, Sandbox, finish};

fn offered(sandbox: &Sandbox, shell: &str, line: &str) -> Vec<String> {
    let run = sandbox.crm(&["complete", "--shell", shell, "--", line]).exits(0);
    run.stdout.lines().map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn commands_flags_codes_fields_ids_and_names_are_offered() {
    let sandbox = Sandbox::trading();
    let customer = sandbox.ok("customer list --format ids");
    for (line, expected) in [
        ("crm cust", vec!["customer"]),
        ("crm order sh", vec!["show", "ship"]),
        ("crm order list --limi", vec!["--limit"]),
        ("crm customer show 海", vec!["海尔北京"]),
        ("crm customer show cus", vec![customer.as_str()]),
        ("crm order show SO", vec!["SO-2026-0001"]),
        ("crm product show HAN", vec!["HAN-EV-610"]),
        ("crm customer set x --owner a", vec!["ann"]),
        ("crm customer set x --kind=com", vec!["--kind=company"]),
        ("crm customer list --where kin", vec!["kind="]),
        ("crm customer list --where kind=com", vec!["kind=company"]),
        ("crm customer list --fields name,pho", vec!["name,phone"]),
        ("crm --as a", vec!["ann"]),
        ("crm --format js", vec!["json", "jsonl"]),
        ("crm config get company.fisc", vec!["company.fiscal_start"]),
        ("crm config set stock.valuation f", vec!["fifo"]),
        ("crm export prod", vec!["product"]),
        ("crm nothing here ", vec![]),
    ] {
        let found = offered(&sandbox, "zsh", line);
        assert!(expected.iter().all(|one| found.contains(&(*one).to_owned())), "{line}: {found:?}");
        assert!(!expected.is_empty() || found.is_empty(), "{line}: {found:?}");
    }
}

#[test]
fn a_hostile_name_runs_nothing() {
    let sandbox = Sandbox::trading();
    let names = ["a $(touch stolen) `touch stolen`; touch stolen", "a 'quoted' \"name\""];
    for name in names {
        sandbox.ok(&[
            "customer",
            "add",
            "--name",
            name,
            "--kind",
            "company",
            "--allow-duplicate",
            "--phone",
            "010-65129999",
        ]);
    }
    let script = sandbox.ok("completions bash");
    let bin = std::path::Path::new(CRM).parent().expect("the folder of the program").display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    for line in ["crm customer show a", "crm customer show \"a"] {
        let driver = format!(
            "{script}\nCOMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_WORDS=(crm customer show a); COMP_CWORD=3\n_crm\n\
             quote=; [[ $COMP_LINE == *'\"'* ]] && quote='\"'\n\
             for one in \"${{COMPREPLY[@]}}\"; do eval \"printf '%s\\n' $quote$one$quote\"; done"
        );
        let mut command = sandbox.bare("bash");
        command.args(["-c", &driver]).env("PATH", &path).env("CRM_USER", "ann").stdin(Stdio::null());
        let run = finish(command, &["bash".to_owned()], None).exits(0);
        let mut found: Vec<&str> = run.stdout.lines().collect();
        found.sort_unstable();
        let mut expected = names.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{run}");
        assert!(!sandbox.path("stolen").exists());
    }
}

#[test]
fn a_name_that_hides_something_is_not_offered() {
    let sandbox = Sandbox::trading();
    let id = sandbox.ok("customer list --format ids");
    sandbox.edit(&sandbox.file_of(&id), |text| text.replace("海尔北京", "海尔\\u202E北京"));
    sandbox.ok("customer list");
    assert_eq!(offered(&sandbox, "fish", "crm customer show 海"), Vec::<String>::new());
}

#[test]
fn every_shell_has_a_script_and_works_without_a_store() {
    let sandbox = Sandbox::empty();
    for (shell, part) in [
        ("bash", "complete -o"),
        ("zsh", "#compdef crm"),
        ("fish", "complete -c crm"),
        ("powershell", "crm"),
        ("elvish", "crm"),
    ] {
        sandbox.crm(format!("completions {shell}").as_str()).exits(0).prints(&[part]);
    }
    assert!(offered(&sandbox, "bash", "crm cust").contains(&"customer".to_owned()));
    assert_eq!(offered(&sandbox, "bash", "crm customer show x"), Vec::<String>::new());
    sandbox.fails(2, "completions csh").says(&["bash, zsh, fish"]);
}
