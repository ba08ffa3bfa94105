//! Which remote, and what there is to say where there is none.

use super::Team;
use crate::support::Sandbox;

#[test]
fn without_a_remote_the_way_to_one_is_told() {
    let sandbox = Sandbox::new();
    sandbox.fails(2, "sync").says(&["git remote add origin"]);
    sandbox.fails(3, "sync nowhere").says(&["nowhere", "git remote add"]);
    sandbox.fails(2, "sync -- --upload-pack=true").says(&["--upload-pack=true"]);
}

#[test]
fn the_upstream_of_the_branch_comes_before_origin_and_that_before_the_only_one() {
    let sandbox = Sandbox::new();
    for hub in ["a", "b"] {
        sandbox.git(&["init", "-q", "--bare", &format!("../{hub}")]);
    }
    sandbox.git("remote add a ../a");
    sandbox.crm("sync --lang en").exits(0).says(&["synced with a"]);
    assert_eq!(sandbox.git("config branch.main.remote"), "a");
    sandbox.git("config --unset branch.main.remote");
    sandbox.git("remote add b ../b");
    sandbox.fails(2, "sync").says(&["a, b", "crm sync REMOTE"]);
    sandbox.fails(3, "sync c").says(&["a, b"]);
    sandbox.git("remote rename b origin");
    sandbox.crm("sync --lang en").exits(0).says(&["synced with origin"]);
    sandbox.git("config branch.main.remote a");
    sandbox.crm("sync --lang en").exits(0).says(&["nothing to sync with a"]).prints_nothing();
    sandbox.crm("sync origin --format json").exits(0).prints(&["[]"]);
}

#[test]
fn the_branch_elsewhere_may_have_another_name() {
    let mut team = Team::of(1);
    let sandbox = team.at(1);
    sandbox.git("push -q origin main:trunk");
    sandbox.git("config branch.main.merge refs/heads/trunk");
    sandbox.ok("customer add --name 美的");
    sandbox.ok("sync");
    assert_eq!(sandbox.git("rev-list --count main..origin/trunk"), "0");
    assert_eq!(sandbox.git("rev-list --count origin/main..origin/trunk"), "1");
}

#[test]
fn a_merge_in_progress_comes_first() {
    let mut team = Team::of(2);
    team.at(1).ok("customer set 海尔北京 --city 上海");
    team.sync(&[1]);
    let sandbox = team.at(2);
    sandbox.ok("customer add --name 美的");
    sandbox.git("fetch -q origin");
    sandbox.git("merge -q --no-commit --no-ff origin/main");
    sandbox.fails(6, "sync").says(&["git merge --continue"]);
    sandbox.git("merge --abort");
    sandbox.ok("sync");
}
