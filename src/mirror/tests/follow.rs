//! Keeping in step: HEAD, hand edits, unreadable files, damaged and foreign databases.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use tempfile::TempDir;

use super::super::fake::{Fake, Files, record};
use super::super::{Mirror, Source};
use super::{ask, moment, schema, schema_with};
use crate::model::record::Doc;

const PATH: &str = "customers/kk/cus_kkkkkkkkkkkk.toml";

fn customer(letter: &str, name: &str) -> Doc {
    record("customer", &format!("cus_{}", letter.repeat(12)), &[("name", name), ("tags", "a,b")])
}

fn store() -> Fake {
    let mut store = Fake::default();
    store.commit("one", vec![customer("k", "A"), customer("l", "B"), customer("m", "C")]);
    store
}

fn open(path: &Path) -> Mirror {
    Mirror::open(path, &schema(), moment()).expect("a mirror")
}

fn head(mirror: &mut Mirror, store: &Fake) -> String {
    mirror.follow_head(store, &mut |_, _| {}).expect("HEAD is followed");
    names(mirror)
}

fn work(mirror: &mut Mirror, store: &Fake) -> String {
    mirror.follow_work(store, &mut |_, _| {}).expect("the work tree is followed");
    names(mirror)
}

fn names(mirror: &Mirror) -> String {
    ask(mirror, "select group_concat(name, '') from (select name from customers order by id)")
}

/// How often something was asked for since the last time.
fn taken(counter: &AtomicUsize) -> usize {
    counter.swap(0, Ordering::Relaxed)
}

/// A new tree that differs from the tip in one path.
fn with(store: &mut Fake, tree: &str, path: &str, doc: Option<Doc>) {
    let mut files: Files = store.trees[&store.tip.tree].clone();
    match doc {
        Some(doc) => drop(files.insert(path.to_owned(), store.keep(doc))),
        None => drop(files.remove(path)),
    }
    store.commit_files(tree, files);
}

#[test]
fn head_is_followed_by_what_differs() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    assert_eq!(head(&mut mirror, &store), "ABC");
    assert_eq!(taken(&store.blobs), 3);

    with(&mut store, "two", PATH, Some(customer("k", "X")));
    assert_eq!(head(&mut mirror, &store), "XBC");
    assert_eq!(ask(&mirror, "select count(*) from members"), "6");
    with(&mut store, "three", PATH, None);
    assert_eq!(head(&mut mirror, &store), "BC");
    assert_eq!(ask(&mirror, "select count(*) from members"), "4");
    assert_eq!((taken(&store.blobs), taken(&store.listings)), (1, 1));
    assert_eq!(taken(&store.scans), 0);
}

#[test]
fn an_unchanged_head_costs_no_reading() {
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("mirror.db");
    let store = store();
    head(&mut open(&file), &store);
    taken(&store.blobs);
    assert_eq!(head(&mut open(&file), &store), "ABC");
    assert_eq!((taken(&store.blobs), taken(&store.scans)), (0, 0));
}

#[test]
fn hand_edits_are_seen_by_readers_and_not_by_writers() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    assert_eq!(work(&mut mirror, &store), "ABC");
    assert_eq!(taken(&store.reads), 3);
    assert_eq!(work(&mut mirror, &store), "ABC");
    assert_eq!(taken(&store.reads), 0, "nothing changed, nothing is read");

    let edited = store.keep(customer("k", "edited "));
    store.write(PATH, &edited);
    assert_eq!(work(&mut mirror, &store), "edited BC");
    assert_eq!(mirror.deviations().expect("a list"), [PATH]);
    assert_eq!(taken(&store.reads), 1);
    assert_eq!(head(&mut mirror, &store), "ABC");
    assert_eq!(mirror.deviations().expect("a list"), [""; 0]);
    assert_eq!(work(&mut mirror, &store), "edited BC");

    let original = store.trees["one"][PATH].clone();
    store.write(PATH, &original);
    assert_eq!(work(&mut mirror, &store), "ABC");
    assert_eq!(mirror.deviations().expect("a list"), [""; 0]);
}

#[test]
fn files_that_git_does_not_know_come_and_go() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    work(&mut mirror, &store);
    let new = store.keep(customer("n", "N"));
    store.write("customers/nn/cus_nnnnnnnnnnnn.toml", &new);
    store.work.remove(PATH);
    assert_eq!(work(&mut mirror, &store), "BCN");
    assert_eq!(head(&mut mirror, &store), "ABC");
    store.work.remove("customers/nn/cus_nnnnnnnnnnnn.toml");
    assert_eq!(work(&mut mirror, &store), "BC");
}

#[test]
fn a_file_missing_from_the_first_is_missed() {
    let mut store = store();
    store.work.remove(PATH);
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    assert_eq!(work(&mut mirror, &store), "BC");
}

#[test]
fn a_tip_that_moves_without_the_work_tree_shows_the_work_tree() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    work(&mut mirror, &store);
    let before = store.work.clone();
    with(&mut store, "two", PATH, Some(customer("k", "X")));
    store.work = before;
    assert_eq!(head(&mut mirror, &store), "XBC");
    assert_eq!(work(&mut mirror, &store), "ABC", "the file still holds the old record");
}

#[test]
fn what_cannot_be_read_is_listed_until_it_can() {
    let mut store = store();
    let mut files = store.trees["one"].clone();
    files.insert(PATH.to_owned(), "garbage".to_owned());
    let elsewhere = store.keep(customer("l", "misplaced"));
    files.insert("customers/zz/cus_zzzzzzzzzzzz.toml".to_owned(), elsewhere);
    store.commit_files("two", files);
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    assert_eq!(head(&mut mirror, &store), "BC");
    let broken = mirror.broken_of(&["customer", "lead"]).expect("a list");
    let found: Vec<_> = broken.iter().map(|b| (b.path.as_str(), b.line, b.problem.as_str())).collect();
    assert_eq!(
        found,
        [(PATH, Some(7), "bad-toml"), ("customers/zz/cus_zzzzzzzzzzzz.toml", None, "misplaced-file")]
    );
    assert_eq!(broken[0].args, [("reason".to_owned(), "of the test".to_owned())]);
    assert_eq!(mirror.broken_of(&["lead"]).expect("a list"), []);

    with(&mut store, "three", PATH, Some(customer("k", "A")));
    with(&mut store, "four", "customers/zz/cus_zzzzzzzzzzzz.toml", None);
    assert_eq!(head(&mut mirror, &store), "ABC");
    assert_eq!(mirror.broken_of(&[]).expect("a list"), []);
}

#[test]
fn a_document_without_price_is_broken_and_not_free() {
    let order =
        record("order", "ord_kkkkkkkkkkkk", &[("number", "1"), ("currency", "CNY"), ("fx_rate", "1")]);
    let order =
        super::super::fake::rows(order, "lines", &[&[("id", "kkkkkk"), ("qty", "1"), ("tax_rate", "13")]]);
    let mut store = Fake::default();
    store.commit("one", vec![order]);
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    head(&mut mirror, &store);
    let broken = mirror.broken_of(&["order"]).expect("a list");
    assert_eq!((broken.len(), broken[0].problem.as_str()), (1, "missing-field"));
}

#[test]
fn where_the_old_tree_is_gone_all_is_built_anew() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    head(&mut mirror, &store);
    store.commit("other", vec![customer("x", "X")]);
    store.forgets = true;
    assert_eq!(head(&mut mirror, &store), "X");
}

#[test]
fn an_empty_store_is_followed_to_its_first_commit_and_back() {
    let mut store = store();
    let tip = std::mem::take(&mut store.tip);
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    assert_eq!(head(&mut mirror, &store), "-");
    store.tip = tip;
    assert_eq!(head(&mut mirror, &store), "ABC");
    store.tip = super::super::Tip::default();
    assert_eq!(head(&mut mirror, &store), "-");
}

#[test]
fn a_damaged_file_is_built_anew() {
    let store = store();
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("mirror.db");
    head(&mut open(&file), &store);
    let whole = std::fs::read(&file).expect("a file");
    let cut = whole[..whole.len() / 3].to_vec();
    let scratched: Vec<u8> =
        whole.iter().enumerate().map(|(at, b)| if at % 4096 > 200 { 0x55 } else { *b }).collect();
    for damaged in [b"this is no database, it is a text that somebody put here".to_vec(), cut, scratched] {
        std::fs::write(&file, damaged).expect("written");
        let mut mirror = open(&file);
        assert_eq!(head(&mut mirror, &store), "ABC");
        assert_eq!(work(&mut mirror, &store), "ABC");
    }
}

#[test]
fn other_settings_build_anew_what_depends_on_them() {
    let store = store();
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("mirror.db");
    head(&mut open(&file), &store);
    let mut mirror =
        Mirror::open(&file, &schema_with("company.payment_days", "45"), moment()).expect("a mirror");
    head(&mut mirror, &store);
    assert_eq!(ask(&mirror, "select distinct payment_days from customers"), "45");
    assert!(!mirror.is_in_memory());
}

#[test]
fn without_a_place_on_disk_memory_does() {
    let store = store();
    let mut mirror = open(Path::new("/nowhere/at/all/mirror.db"));
    assert!(mirror.is_in_memory());
    assert_eq!(head(&mut mirror, &store), "ABC");
}

#[test]
fn what_a_command_committed_is_written_through() {
    let mut store = store();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    head(&mut mirror, &store);
    let changes = [
        (PATH.to_owned(), Some(customer("k", "X"))),
        ("customers/ll/cus_llllllllllll.toml".to_owned(), None),
    ];
    mirror.apply(&changes, "two").expect("applied");
    assert_eq!(names(&mirror), "XC");
    let mut files = store.trees["one"].clone();
    files.remove("customers/ll/cus_llllllllllll.toml");
    files.insert(PATH.to_owned(), store.docs.len().to_string());
    store.commit_files("two", files);
    taken(&store.blobs);
    assert_eq!(head(&mut mirror, &store), "XC");
    assert_eq!(taken(&store.blobs), 0);
}

#[test]
fn two_processes_share_a_file() {
    let mut store = store();
    let dir = TempDir::new().expect("a folder");
    let file = dir.path().join("mirror.db");
    let (mut one, mut other) = (open(&file), open(&file));
    assert_eq!((head(&mut one, &store), head(&mut other, &store)), ("ABC".to_owned(), "ABC".to_owned()));
    assert_eq!(taken(&store.blobs), 3, "only one of them built it");
    with(&mut store, "two", PATH, Some(customer("k", "X")));
    assert_eq!(head(&mut other, &store), "XBC");
    // What the first has committed meanwhile is known already, and it lets it be.
    one.apply(&[(PATH.to_owned(), Some(customer("k", "late")))], "two").expect("left alone");
    assert_eq!(names(&one), "XBC");

    let file = dir.path().join("both.db");
    std::thread::scope(|scope| {
        let build = || head(&mut open(&file), &store);
        let threads = [scope.spawn(build), scope.spawn(build)];
        for thread in threads {
            assert_eq!(thread.join().expect("no panic"), "XBC");
        }
    });
}

#[test]
fn another_tree_is_seen_in_memory() {
    let mut store = store();
    let before = store.tip().expect("a tip").tree;
    with(&mut store, "two", PATH, Some(customer("k", "X")));
    let mirror = Mirror::at(&store, &before, &schema(), moment(), &mut |_, _| {}).expect("a mirror");
    assert_eq!(names(&mirror), "ABC");
}

#[test]
fn progress_ends_at_the_number_of_records() {
    let store = store();
    let mut seen = Vec::new();
    let mut mirror = Mirror::in_memory(&schema(), moment()).expect("memory");
    mirror.follow_head(&store, &mut |done, total| seen.push((done, total))).expect("built");
    assert_eq!(seen.last(), Some(&(3, 3)));
}
