//! What two people did comes together, whoever is first.

use super::{Team, customer, file, rows};

#[test]
fn work_travels_and_what_came_went_and_was_merged_is_told() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --street 长安街2号");
    team.at(1).ok("customer add --name 美的");
    let went = team.at(1).crm("sync --format json --lang en").exits(0).says(&["0 came, 2 went"]);
    let told: Vec<String> = rows(&went).into_iter().map(|(what, _)| what).collect();
    assert_eq!(told, ["went", "went"]);
    team.at(2).ok("customer set 海尔北京 --city 上海");
    let run = team.at(2).crm("sync --format json --lang en").exits(0).says(&["2 came, 1 went, 1 merged"]);
    let told = rows(&run);
    let path = file(team.at(2));
    assert_eq!(told.iter().filter(|(what, _)| what == "came").count(), 2);
    assert!(told.iter().any(|(what, text)| what == "went" && text.starts_with("customer set")), "{told:?}");
    assert!(told.contains(&("merged".to_owned(), path)), "{told:?}");
    team.until_quiet(2);
    for clone in [1, 2] {
        let got = customer(team.at(clone));
        assert_eq!((got["street"].as_str(), got["city"].as_str()), (Some("长安街2号"), Some("上海")));
        team.at(clone).ok("check");
    }
    assert_eq!(team.at(1).git("rev-list --count --merges HEAD"), "0", "history stays linear");
}

#[test]
fn a_commit_made_again_keeps_its_author_date_message_and_trailers() {
    let mut team = Team::of(2);
    team.at(1).ok("customer add --name 美的");
    team.sync(&[1]);
    let sandbox = team.at(2);
    sandbox.command("customer set 海尔北京 --city 上海").env("CRM_USER", "bo").run().exits(0);
    let told = |sandbox: &crate::support::Sandbox| sandbox.git("log -1 --format=%an|%ae|%aI|%B HEAD");
    let (before, id) = (told(sandbox), sandbox.git("rev-parse HEAD"));
    assert!(before.contains("Bo|bo@acme.example") && before.contains("Crm-Actor: bo"), "{before}");
    sandbox.wait_days(1);
    sandbox.ok("sync");
    assert_eq!(told(sandbox), before);
    assert_ne!(sandbox.git("rev-parse HEAD"), id);
    assert_eq!(sandbox.git("log -1 --format=%cn|%as HEAD~0 --date=short").split('|').next(), Some("Ann Li"));
    sandbox.command("undo").env("CRM_USER", "bo").run().exits(0);
    assert_eq!(customer(sandbox)["city"], "北京", "the commit is known as what it was");
}

#[test]
fn whoever_is_first_the_fields_come_out_alike() {
    let outcomes: Vec<(serde_json::Value, String)> = [[1, 2], [2, 1]]
        .into_iter()
        .map(|order| {
            let mut team = Team::of(2);
            team.at(1).ok("customer set 海尔北京 --street 长安街2号 --add-tag alpha --remove-tag kilo");
            team.at(1).ok("customer block 海尔北京 --reason unpaid");
            team.at(2).ok("customer set 海尔北京 --city 上海 --add-tag zulu --level B");
            team.at(2).ok("customer set 海尔北京 --owner bo");
            team.sync(&order);
            team.until_quiet(2);
            let sandbox = team.at(1);
            sandbox.ok("check");
            let mut got = customer(sandbox);
            for clocked in ["id", "rev", "updated_at", "history", "created_at", "region"] {
                got.as_object_mut().expect("an object").remove(clocked);
            }
            let steps = sandbox.read(&file(sandbox)).matches("[[history]]").count();
            (got, steps.to_string())
        })
        .collect();
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0].0["tags"], serde_json::json!(["alpha", "november", "zulu"]));
    assert_eq!(outcomes[0].0["status"], "blocked");
}

#[test]
fn equal_changes_become_one_and_that_is_said() {
    let mut team = Team::of(2);
    for clone in [1, 2] {
        team.at(clone).ok("customer set 海尔北京 --city 上海");
    }
    team.at(2).ok("customer set 海尔北京 --street 长安街2号");
    team.sync(&[1]);
    let run = team.at(2).crm("sync --format json --lang en").exits(0).says(&["one of your commits"]);
    let whats: Vec<String> = rows(&run).into_iter().map(|(what, _)| what).collect();
    assert!(whats.contains(&"dropped".to_owned()), "{whats:?}");
    team.until_quiet(2);
    assert_eq!(team.at(1).git("log --format=%s --grep=customer").matches("customer set").count(), 3);
    assert_eq!(customer(team.at(1))["street"], "长安街2号");
}

#[test]
fn who_went_on_from_an_equal_change_has_the_last_word_without_a_conflict() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.at(2).ok("customer set 海尔北京 --city 上海");
    team.at(2).ok("customer set 海尔北京 --city 杭州");
    team.sync(&[1, 2, 1]);
    assert_eq!(customer(team.at(1))["city"], "杭州");
}

#[test]
fn a_change_that_was_taken_back_clashes_with_nothing() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.at(2).ok("customer set 海尔北京 --city 杭州");
    team.at(2).ok("undo");
    team.sync(&[1, 2, 1]);
    team.until_quiet(2);
    assert_eq!(customer(team.at(2))["city"], "上海");
}

#[test]
fn what_people_keep_beside_the_records_is_merged_by_line() {
    let mut team = Team::of(2);
    let lines = |first: &str, last: &str| format!("{first}\n\na\nb\nc\nd\n\n{last}\n");
    team.at(1).write("README.md", lines("title", "end"));
    team.at(1).git("add README.md");
    team.at(1).git("commit -qm readme");
    team.sync(&[1, 2]);
    team.at(1).write("README.md", lines("other title", "end"));
    team.at(1).git("commit -qam title");
    team.at(2).write("README.md", lines("title", "other end"));
    team.at(2).git("commit -qam end");
    team.sync(&[1, 2]);
    team.until_quiet(2);
    assert_eq!(team.at(1).read("README.md"), lines("other title", "other end"));
}

#[test]
fn files_staged_and_edited_elsewhere_stay_as_they_are() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.at(1).write("NOTES", "old\n");
    team.at(1).git("add NOTES");
    team.at(1).git("commit -qm notes");
    team.sync(&[1, 2]);
    team.at(1).ok("customer set 海尔北京 --street 长安街2号");
    team.sync(&[1]);
    let sandbox = team.at(2);
    sandbox.ok("customer add --name 美的");
    sandbox.write("staged", "mine\n");
    sandbox.git("add staged");
    sandbox.write("NOTES", "edited by hand\n");
    sandbox.write("untracked", "mine too\n");
    sandbox.ok("sync");
    assert_eq!(sandbox.git("status --porcelain"), " M NOTES\nA  staged\n?? untracked");
    assert_eq!(sandbox.read("NOTES"), "edited by hand\n");
    assert_eq!(customer(sandbox)["street"], "长安街2号");
}

#[test]
fn an_edit_by_hand_in_the_way_stops_the_sync_and_nothing_moves() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    let sandbox = team.at(2);
    sandbox.ok("customer add --name 美的");
    let path = file(sandbox);
    let path = sandbox.git("grep -l 海尔北京 -- customers").lines().next().map_or(path, str::to_owned);
    sandbox.edit(&path, |text| text.replace("长安街1号", "长安街9号"));
    let before = sandbox.git("rev-parse HEAD");
    sandbox.fails(6, "sync --dry-run").says(&[&path]);
    sandbox.fails(6, "sync").says(&[&path, "crm commit"]);
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    assert!(sandbox.read(&path).contains("长安街9号"));
    sandbox.ok("commit");
    sandbox.ok("sync");
    let got = customer(sandbox);
    assert_eq!((got["street"].as_str(), got["city"].as_str()), (Some("长安街9号"), Some("上海")));
}

#[test]
fn a_dry_run_says_what_would_be_and_moves_nothing() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    let sandbox = team.at(2);
    sandbox.ok("customer set 海尔北京 --street 长安街2号");
    let before = sandbox.git("rev-parse HEAD");
    let run = sandbox
        .crm("sync --dry-run --format json --lang en")
        .exits(0)
        .says(&["would", "1 come, 1 go, 1 merged"]);
    assert_eq!(rows(&run).len(), 3, "{run}");
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
    sandbox.ok("sync --no-push");
    assert_ne!(sandbox.git("rev-parse HEAD"), before);
    assert_eq!(sandbox.git("rev-list --count origin/main..HEAD"), "1");
    sandbox.crm("sync --no-fetch --lang en").exits(0).says(&["1 went"]);
    assert_eq!(sandbox.git("rev-list --count origin/main..HEAD"), "0");
}

#[test]
fn people_work_without_a_network_and_sync_later() {
    let mut team = Team::of(2);
    let hub = team.hub();
    let away = hub.with_file_name("away");
    std::fs::rename(&hub, &away).expect("the hub goes");
    for turn in 0..3 {
        team.at(1).ok(&["customer", "add", "--name", &format!("a{turn}")]);
        team.at(2).ok(&["customer", "add", "--name", &format!("b{turn}")]);
    }
    let before = team.at(1).git("rev-parse HEAD");
    team.at(1).fails(12, "sync").says(&["crm sync"]).prints_nothing();
    assert_eq!(team.at(1).git("rev-parse HEAD"), before);
    team.at(1).ok("customer list");
    std::fs::rename(&away, &hub).expect("the hub comes back");
    team.sync(&[1, 2]);
    team.until_quiet(2);
    assert_eq!(team.at(1).ok("customer list --format ids").lines().count(), 7);
}

#[test]
fn a_push_that_fails_leaves_a_store_that_works_and_says_so() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    team.at(2).ok("customer set 海尔北京 --street 长安街2号");
    team.at(2).git("config remote.origin.pushurl ../nowhere");
    team.at(2).crm("sync --lang en").exits(12).says(&["1 came", "1 not pushed", "nowhere"]);
    let got = customer(team.at(2));
    assert_eq!((got["street"].as_str(), got["city"].as_str()), (Some("长安街2号"), Some("上海")));
    team.at(2).fails(12, "sync");
    team.at(2).git("config --unset remote.origin.pushurl");
    team.sync(&[2, 1]);
    assert_eq!(customer(team.at(1))["street"], "长安街2号");
}

#[test]
fn what_a_merge_breaks_is_listed_with_its_mend_and_pushed() {
    let mut team = Team::of(2);
    team.at(1).ok("order confirm SO-2026-0001");
    team.sync(&[1, 2]);
    team.at(1).ok("order ship SO-2026-0001");
    team.at(2).ok("order ship SO-2026-0001");
    team.sync(&[1]);
    let run = team.at(2).crm("sync --format json").exits(9);
    let json = run.json();
    let problem =
        json.as_array().expect("rows").iter().find(|row| row["what"] == "problem").expect("a problem");
    assert_eq!(problem["rule"], "over-shipped", "{json}");
    assert!(problem["mend"].as_str().is_some_and(|mend| mend.starts_with("crm ")), "{json}");
    assert_eq!(team.at(2).git("rev-list --count origin/main..HEAD"), "0", "the push is not stopped");
    team.at(2).ok("customer add --name 美的");
    team.at(2).ok("sync");
    team.at(1).fails(9, "sync").prints(&["over-shipped"]);
    team.at(1).ok("customer add --name 格力");
    team.at(1).ok("sync");
    team.at(2).ok("sync");
}

#[test]
fn a_shipment_and_a_cancelling_that_meet_are_told() {
    let mut team = Team::of(2);
    team.at(1).ok("order confirm SO-2026-0001");
    team.sync(&[1, 2]);
    team.at(1).ok("order ship SO-2026-0001");
    team.at(2).ok("order cancel SO-2026-0001 --reason mistake");
    team.sync(&[1]);
    let run = team.at(2).crm("sync --format json").exits(9);
    assert!(rows(&run).iter().any(|(what, _)| what == "problem"), "{run}");
}

#[test]
fn fields_of_a_newer_version_and_of_the_settings_survive() {
    let mut team = Team::of(2);
    let path = file(team.at(1));
    team.at(1).edit(&path, |text| text.replacen("name = ", "x_future = 1\nname = ", 1));
    team.at(1).git("commit -qam future");
    team.at(2).edit("crm.toml", |text| format!("{text}\n[fields.customer.colour]\ntype = \"text\"\n"));
    team.at(2).git("commit -qam field");
    team.at(2).ok("customer set 海尔北京 --colour red --city 上海");
    team.sync(&[1, 2]);
    team.until_quiet(2);
    let text = team.at(1).read(&path);
    assert!(
        text.contains("x_future = 1") && text.contains("colour = \"red\"") && text.contains("上海"),
        "{text}"
    );
    assert_eq!(customer(team.at(1))["colour"], "red");
}

#[test]
fn where_git_signs_a_commit_made_again_is_signed_again() {
    let mut team = Team::of(2);
    team.at(1).ok("customer add --name 美的");
    team.sync(&[1]);
    let sandbox = team.at(2);
    let key = sandbox.outside("key").display().to_string();
    let made = sandbox.bare("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &key]).status();
    if !made.is_ok_and(|status| status.success()) {
        eprintln!("no ssh-keygen here: not tested");
        return;
    }
    let public = std::fs::read_to_string(format!("{key}.pub")).expect("a public key");
    let signers = sandbox.outside("signers");
    std::fs::write(&signers, format!("ann@acme.example {public}")).expect("signers");
    for (name, value) in [
        ("gpg.format", "ssh"),
        ("user.signingkey", &key),
        ("gpg.ssh.allowedSignersFile", &signers.display().to_string()),
        ("commit.gpgsign", "true"),
    ] {
        sandbox.git(&["config", name, value]);
    }
    sandbox.ok("customer set 海尔北京 --city 上海");
    sandbox.ok("customer set 海尔北京 --street 长安街2号");
    sandbox.ok("sync");
    for commit in ["HEAD", "HEAD~1"] {
        sandbox.git(&["verify-commit", commit]);
    }
    assert_ne!(sandbox.try_git("verify-commit HEAD~2").exit, 0, "of others nothing is signed");
}
