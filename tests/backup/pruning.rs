//! Old backups go, the right ones stay, and nothing else is touched.

use std::fs;

use super::names;
use crate::support::Sandbox;

/// Backups at these moments, in this folder.
fn at(sandbox: &Sandbox, folder: &str, moments: &[&str]) {
    fs::create_dir_all(folder).expect("a folder");
    for moment in moments {
        let create = sandbox.command(&["backup", "create", folder]);
        create.env("CRM_NOW", format!("{moment}:00+08:00")).run().exits(0);
    }
}

/// The moments in the names of what is left.
fn left(folder: &str) -> Vec<String> {
    let names = names(folder.as_ref()).into_iter().filter(|name| name.starts_with("work-"));
    names.map(|name| name["work-".len().."work-2026-01-01T0000".len()].to_owned()).collect()
}

const MOMENTS: [&str; 7] = [
    "2026-03-31T02:30",
    "2026-04-05T02:30",
    "2026-04-06T02:30",
    "2026-04-06T14:30",
    "2026-04-07T02:30",
    "2026-04-08T02:30",
    "2026-04-08T23:30",
];

#[test]
fn the_newest_of_each_day_week_and_month_stay() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups").to_string_lossy().into_owned();
    at(&sandbox, &folder, &MOMENTS);
    let prune = |more: &[&str]| sandbox.crm(&[&["backup", "prune", &folder], more].concat()[..]);
    prune(&[]).exits(2).says(&["--keep-daily"]);
    prune(&["--keep-daily", "0"]).exits(2);
    prune(&["--keep-daily", "many"]).exits(2);
    prune(&["--keep-last", "1"]).exits(2).says(&["--yes"]);
    assert_eq!(left(&folder).len(), 7);
    let rows = prune(&["--keep-daily", "2", "--dry-run", "--format", "json"]).exits(0).json();
    let kept: Vec<bool> = rows.as_array().expect("rows").iter().map(|row| row["kept"] == true).collect();
    assert_eq!(kept, [true, false, true, false, false, false, false]);
    assert_eq!(left(&folder).len(), 7);
    // A day, two weeks (to Sunday 5 April), two months.
    prune(&["--keep-daily", "1", "--keep-weekly", "2", "--keep-monthly", "2", "--yes"]).exits(0);
    assert_eq!(left(&folder), ["2026-03-31T0230", "2026-04-05T0230", "2026-04-08T2330"]);
    prune(&["--keep-last", "1", "--yes"]).exits(0).says(&["removed 2 old backups", "kept 1"]);
    prune(&["--keep-last", "1"]).exits(0).says(&["nothing to remove"]);
    assert_eq!(left(&folder), ["2026-04-08T2330"]);
}

#[test]
fn only_backups_of_this_store_go() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups").to_string_lossy().into_owned();
    at(&sandbox, &folder, &MOMENTS[..3]);
    let other = super::stranger();
    at(&other, &folder, &["2026-01-01T00:00", "2026-01-02T00:00"]);
    let put = |name: &str, text: &str| fs::write(format!("{folder}/{name}"), text).expect("a file");
    put("work-2020-01-01T0000-abcdef0.crmbackup", "damaged");
    put("letter.txt", "manifest.json");
    let victim = sandbox.outside("victim.crmbackup");
    fs::copy(format!("{folder}/{}", names(folder.as_ref())[0]), &victim).expect("a copy");
    std::os::unix::fs::symlink(&victim, format!("{folder}/link.crmbackup")).expect("a link");
    let before = names(folder.as_ref());
    sandbox.ok(&["backup", "prune", &folder, "--keep-last", "1", "--yes"]);
    let after = names(folder.as_ref());
    let gone: Vec<&String> = before.iter().filter(|name| !after.contains(name)).collect();
    assert_eq!(gone.len(), 2);
    assert!(
        gone.iter().all(|name| name.starts_with("work-2026-03-31") || name.starts_with("work-2026-04-05"))
    );
    sandbox.crm(&["backup", "list", &folder]).exits(0).says(&["abcdef0.crmbackup cannot be read"]);
    // From elsewhere the store must be named.
    let mut nowhere = Sandbox::empty();
    nowhere.fails(2, &["backup", "prune", &folder, "--keep-last", "1", "--yes"]).says(&["--root"]);
    let root = other.git("rev-list --max-parents=0 HEAD");
    nowhere.enter("/".as_ref());
    nowhere.ok(&["backup", "prune", &folder, "--keep-last", "1", "--yes", "--root", &root]);
    assert_eq!(names(folder.as_ref()).len(), after.len() - 1);
}

#[test]
fn create_keeps_as_many_as_it_is_told_encrypted_ones_too() {
    let sandbox = Sandbox::trading();
    let folder = sandbox.outside("backups").to_string_lossy().into_owned();
    at(&sandbox, &folder, &MOMENTS[..3]);
    let key = sandbox.outside("k1").to_string_lossy().into_owned();
    let public = sandbox.ok(&["backup", "keygen", &key]);
    for moment in &MOMENTS[3..5] {
        let words = ["backup", "create", &folder, "--keep", "2", "--recipient", &public];
        sandbox.command(&words).env("CRM_NOW", format!("{moment}:00+08:00")).run().exits(0);
    }
    assert_eq!(left(&folder), ["2026-04-06T1430", "2026-04-07T0230"]);
    sandbox.fails(2, "backup create - --keep 2");
    sandbox.fails(2, &["backup", "create", &folder, "--keep", "0"]);
}
