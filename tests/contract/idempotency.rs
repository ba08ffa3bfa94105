//! What makes a command safe to repeat: `--key`, `--if-match`, `upsert`.

use crate::support::Sandbox;

#[test]
fn the_same_key_with_the_same_payload_does_nothing_more() {
    let sandbox = Sandbox::new();
    let id = sandbox.ok("customer add --name A --key job-1");
    let before = sandbox.commits();
    assert_eq!(sandbox.ok("customer add --name A --key job-1"), id);
    assert_eq!(
        sandbox.ok("customer add --key job-1 --name A --quiet"),
        id,
        "the order of flags is no payload"
    );
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn the_same_key_with_another_payload_is_a_conflict() {
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name A --key job-1");
    for line in [
        "customer add --name B --key job-1",
        "product add A --name A --key job-1",
        "customer set A --level A --key job-1",
    ] {
        let run = sandbox.fails(6, line).prints_nothing().says(&["job-1"]);
        assert!(run.stderr.contains(&sandbox.git("rev-parse --short=10 HEAD")[..7]), "{run}");
    }
    assert_eq!(sandbox.crm("customer add --name B --key job-1 --format json").error()["rule"], "key-reused");
}

#[test]
fn a_key_works_for_verbs_and_batches_too() {
    let sandbox = Sandbox::trading();
    sandbox.ok("order confirm SO-2026-0001 --key c1");
    let shipment = sandbox.ok("order ship SO-2026-0001 --line HAN-EV-610:1 --key s1");
    assert_eq!(sandbox.ok("order ship SO-2026-0001 --line HAN-EV-610:1 --key s1"), shipment);
    let other = sandbox.ok("order ship SO-2026-0001 --line HAN-EV-610:1 --key s2");
    assert_ne!(other, shipment);
    sandbox.write("lines", "customer add --name A\ncustomer add --name B\n");
    let ids = sandbox.ok("batch lines --key b1");
    let before = sandbox.commits();
    assert_eq!(sandbox.ok("batch lines --key b1"), ids);
    assert_eq!(sandbox.commits(), before);
    sandbox.write("lines", "customer add --name C\n");
    sandbox.fails(6, "batch lines --key b1");
}

#[test]
fn a_key_of_another_makes_no_difference_by_its_beginning() {
    let sandbox = Sandbox::new();
    let first = sandbox.ok("customer add --name A --key job-10");
    let second = sandbox.ok("customer add --name B --key job-1");
    assert_ne!(first, second);
}

#[test]
fn a_change_with_the_present_revision_goes_through_and_with_an_old_one_does_not() {
    let sandbox = Sandbox::trading();
    let rev = || {
        let record = sandbox.crm("customer show 海尔北京 --format json").exits(0).json();
        record["rev"].as_str().expect("a revision").to_owned()
    };
    let old = rev();
    let path = sandbox.file_of(&sandbox.ok("customer list --format ids"));
    assert_eq!(old, sandbox.git(format!("rev-parse HEAD:{path}")));
    sandbox.ok(format!("customer set 海尔北京 --level A --if-match {old}"));
    let run = sandbox.fails(6, format!("customer set 海尔北京 --level B --if-match {old}"));
    run.prints_nothing().says(&[&rev()[..7]]);
    sandbox.ok(format!("customer set 海尔北京 --level B --if-match {}", rev()));
    assert_eq!(sandbox.crm("customer show 海尔北京 --format json").json()["level"], "B");
}

#[test]
fn an_upsert_changes_the_one_that_matches_and_only_the_fields_given() {
    let sandbox = Sandbox::trading();
    let id = sandbox.ok("customer list --format ids");
    let run = "customer upsert --match email,phone --email buy@haier.example --city 北京";
    assert_eq!(sandbox.ok(run), id);
    let record = sandbox.crm(&["customer", "show", &id, "--format", "json"]).json();
    assert_eq!(record["city"], "北京");
    assert_eq!(record["name"], "海尔北京");
    let before = sandbox.commits();
    assert_eq!(sandbox.ok(run), id);
    assert_eq!(sandbox.commits(), before, "no change, no commit");
}

#[test]
fn an_upsert_adds_what_matches_nothing() {
    let sandbox = Sandbox::trading();
    let known = sandbox.ok("customer list --format ids");
    let id = sandbox.ok("customer upsert --match phone --phone '010 6512 9999' --name 美的");
    assert_ne!(id, known);
    assert_eq!(sandbox.ok("customer upsert --match phone --phone 01065129999 --level B"), id);
    assert_eq!(sandbox.ok("product upsert TANG --name 唐 --price 10"), "TANG");
    assert_eq!(sandbox.ok("product upsert TANG --price 12"), "TANG");
    assert_eq!(sandbox.crm("product show TANG --format json").json()["name"], "唐");
}

#[test]
fn an_upsert_that_matches_two_is_ambiguous() {
    let sandbox = Sandbox::trading();
    sandbox.ok("customer add --name 美的 --phone 01065120000");
    sandbox.fails(
        4,
        "customer upsert --match email,phone --email buy@haier.example --phone 01065120000 --level A",
    );
    sandbox.fails(2, "customer upsert --match nothing --name A").says(&["nothing"]);
}
