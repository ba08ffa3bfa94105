//! Two at once, and people who use git itself beside those who sync.

use std::process::Stdio;

use super::{Team, customer};

#[test]
fn two_clones_that_sync_at_once_both_get_through() {
    let mut team = Team::of(3);
    for turn in 0..4 {
        let mut running = Vec::new();
        for clone in 1..=3 {
            let sandbox = team.at(clone);
            sandbox.ok(&["customer", "add", "--name", &format!("n{turn}of{clone}")]);
            sandbox.ok(&["customer", "set", "海尔北京", "--add-tag", &format!("t{turn}of{clone}")]);
        }
        for clone in 1..=3 {
            let mut process = team.at(clone).command("sync").process();
            process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            running.push(process.spawn().expect("it runs"));
        }
        for process in running {
            let output = process.wait_with_output().expect("it ends");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    team.until_quiet(3);
    assert_eq!(team.at(2).ok("customer list --format ids").lines().count(), 13);
    let tags = customer(team.at(3))["tags"].as_array().expect("tags").len();
    assert_eq!(tags, 14);
    team.at(1).ok("check");
    assert_eq!(team.at(1).git("rev-list --count --merges HEAD"), "0");
}

#[test]
fn two_syncs_of_one_clone_at_once_do_no_harm() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    team.at(2).ok("customer set 海尔北京 --street 长安街2号");
    let running: Vec<_> = (0..3)
        .map(|_| {
            let mut process = team.at(2).command("sync").process();
            process.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
            process.spawn().expect("it runs")
        })
        .collect();
    for process in running {
        let output = process.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        // Git's own fetch may find the other's lock on what was fetched.
        assert!(matches!(output.status.code(), Some(0 | 12)), "{said}");
    }
    team.sync(&[2, 1]);
    team.until_quiet(2);
    let got = customer(team.at(1));
    assert_eq!((got["street"].as_str(), got["city"].as_str()), (Some("长安街2号"), Some("上海")));
}

#[test]
fn a_merge_made_with_git_is_pushed_as_it_is() {
    let mut team = Team::of(2);
    team.at(1).ok("customer add --name 美的");
    team.sync(&[1]);
    team.at(2).ok("customer add --name 格力");
    team.at(2).git("pull -q --no-rebase --no-edit origin main");
    let merge = team.at(2).git("rev-parse HEAD");
    team.at(2).ok("sync");
    assert_eq!(team.at(2).git("rev-parse HEAD"), merge);
    team.at(1).ok("sync");
    assert_eq!(team.at(1).git("rev-parse HEAD"), merge);
    team.until_quiet(2);
}

#[test]
fn after_a_merge_by_hand_that_came_too_late_one_more_brings_all_together() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    team.at(2).ok("customer set 海尔北京 --level A");
    team.at(2).git("pull -q --no-rebase --no-edit origin main");
    team.at(1).ok("customer set 海尔北京 --street 长安街2号 --city 杭州");
    team.sync(&[1]);
    team.at(2).ok("sync");
    team.until_quiet(2);
    let got = customer(team.at(1));
    for (field, value) in [("city", "杭州"), ("level", "A"), ("street", "长安街2号")] {
        assert_eq!(got[field], value, "{field}");
    }
    assert_eq!(team.at(1).git("rev-list --count --merges HEAD"), "2");
}

#[test]
fn histories_that_were_merged_crosswise_come_together() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.at(2).ok("customer set 海尔北京 --phone 010-65123457");
    let (one, two) = (team.at(1).git("rev-parse HEAD"), team.at(2).git("rev-parse HEAD"));
    let above = team.above();
    let path = |clone: &str| above.join(clone).display().to_string();
    team.at(1).git(&["fetch", "-q", &path("clone2"), "main"]);
    team.at(1).git(&["merge", "-q", "--no-edit", &two]);
    team.at(2).git(&["fetch", "-q", &path("work"), "main"]);
    team.at(2).git(&["merge", "-q", "--no-edit", &one]);
    team.at(1).ok("customer set 海尔北京 --city 杭州");
    team.at(2).ok("customer set 海尔北京 --phone 010-65123458");
    team.sync(&[1, 2]);
    team.until_quiet(2);
    let got = customer(team.at(1));
    assert_eq!((got["city"].as_str(), got["phone"].as_str()), (Some("杭州"), Some("+861065123458")));
    team.at(1).ok("check");
}
