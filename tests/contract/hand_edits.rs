//! Files that people edit: never mixed into a change, never lost, kept as they are written.

use crate::support::Sandbox;

/// A store with a customer and the path of its file.
fn one() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    let id = sandbox.ok("customer add --name A --level A --tag vip --tag old");
    let path = sandbox.file_of(&id);
    (sandbox, path)
}

#[test]
fn comments_and_unknown_keys_survive_a_change() {
    let (sandbox, path) = one();
    sandbox.edit(&path, |text| {
        let text =
            text.replace("level = \"A\"", "# the best\nlevel = \"A\"     # since 2020\nshoe_size = 42");
        format!("# kept by hand\n{text}\n[future]\nkey = {{ a = 1 }}\n")
    });
    sandbox.ok("commit");
    let before = sandbox.read(&path);
    sandbox.ok("customer set A --city 北京");
    let after = sandbox.read(&path);
    for kept in
        ["# kept by hand", "# the best", "# since 2020", "shoe_size = 42", "[future]", "key = { a = 1 }"]
    {
        assert!(after.contains(kept), "{kept}\n{after}");
    }
    assert!(after.contains("city = \"北京\""), "{after}");
    let diff = sandbox.git("diff --numstat HEAD~1");
    assert!(diff.starts_with("1\t0\t"), "one line more and nothing else: {diff}\n{before}\n{after}");
    sandbox.ok("customer set A --level B");
    let after = sandbox.read(&path);
    assert!(after.contains("level = \"B\"") && after.contains("# since 2020"), "{after}");
    assert!(sandbox.git("diff --numstat HEAD~1").starts_with("1\t1\t"));
}

#[test]
fn a_changed_file_is_refused_until_it_is_committed() {
    let (sandbox, path) = one();
    sandbox.edit(&path, |text| text.replace("level = \"A\"", "level = \"B\""));
    let before = sandbox.commits();
    let run = sandbox.fails(6, "customer set A --city 北京").prints_nothing();
    run.says(&[&path, "crm commit"]);
    assert_eq!(sandbox.crm("customer set A --city 北京 --format json").error()["code"], "conflict");
    assert_eq!(sandbox.commits(), before);
    assert!(sandbox.read(&path).contains("level = \"B\""), "the edit is there");
    sandbox.ok("commit -m 'level by hand'");
    assert_eq!(sandbox.commits(), before + 1);
    assert!(sandbox.git("log -1 --format=%B").contains("level by hand"));
    sandbox.ok("customer set A --city 北京");
    let record = sandbox.crm("customer show A --format json").json();
    assert_eq!((&record["level"], &record["city"]), (&"B".into(), &"北京".into()));
}

#[test]
fn edits_elsewhere_stay_as_they_are() {
    let (sandbox, path) = one();
    sandbox.ok("customer add --name B");
    sandbox.edit(&path, |text| text + "# mine\n");
    sandbox.write("notes.txt", "mine\n");
    sandbox.git("add notes.txt");
    let status = sandbox.git("status --porcelain");
    sandbox.ok("customer set B --city 北京");
    sandbox.ok("customer add --name C");
    assert_eq!(sandbox.git("status --porcelain"), status);
    assert_eq!(sandbox.git("diff --name-only HEAD~2 HEAD -- notes.txt"), "");
    assert!(sandbox.read(&path).ends_with("# mine\n"));
}

#[test]
fn a_staged_edit_of_the_same_record_is_refused_too() {
    let (sandbox, path) = one();
    sandbox.edit(&path, |text| text.replace("level = \"A\"", "level = \"B\""));
    sandbox.git(&["add", &path]);
    sandbox.fails(6, "customer set A --city 北京").says(&[&path]);
    sandbox.ok("commit");
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn hand_edits_are_seen_by_lists_before_they_are_committed() {
    let (sandbox, path) = one();
    sandbox.edit(&path, |text| text.replace("level = \"A\"", "level = \"B\""));
    assert_eq!(sandbox.ok("customer list --where level=B --format ids").lines().count(), 1);
    assert_eq!(sandbox.crm("customer show A --format json").json()["level"], "B");
    assert_eq!(sandbox.ok("customer list --where level=B --format ids --at HEAD"), "");
}

#[test]
fn a_hand_edit_that_breaks_a_rule_is_not_committed() {
    let (sandbox, path) = one();
    let before = sandbox.commits();
    sandbox.edit(&path, |text| text.replace("level = \"A\"", "level = \"Z\""));
    let run = sandbox.fails(5, "commit").says(&[&path, "Z"]);
    assert_eq!(sandbox.commits(), before, "{run}");
    sandbox.edit(&path, |text| {
        text.replace("owner = \"ann\"", "owner = \"nobody\"").replace("level = \"Z\"\n", "")
    });
    sandbox.fails(5, "commit").says(&["nobody"]);
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn a_record_made_removed_or_renamed_by_hand_is_committed() {
    let (sandbox, path) = one();
    sandbox.write(
        "regions/south.toml",
        "id = \"south\"\nname = \"南方\"\ncreated_at = 2026-03-04T09:00:00+08:00\ncreated_by = \"ann\"\n",
    );
    sandbox.ok("commit");
    assert_eq!(sandbox.ok("region list --format ids"), "south");
    sandbox.remove(&path);
    sandbox.ok("commit");
    assert_eq!(sandbox.ok("customer list --format ids"), "");
    sandbox.git("mv regions/south.toml regions/north.toml");
    let run = sandbox.crm("commit");
    assert_ne!(run.exit, 0, "the id is not that of the file\n{run}");
}

#[test]
fn committing_nothing_is_success_without_a_commit() {
    let (sandbox, _) = one();
    let before = sandbox.commits();
    sandbox.ok("commit");
    sandbox.ok("fmt");
    sandbox.ok("fmt --check");
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn fmt_brings_the_keys_into_their_order_and_keeps_what_it_does_not_know() {
    let (sandbox, path) = one();
    let canonical = sandbox.read(&path);
    sandbox.edit(&path, |text| {
        let mut lines: Vec<&str> = text.lines().collect();
        lines.swap(1, 2);
        lines.join("\n") + "\n# a comment\nunknown = 1\n"
    });
    sandbox.ok("commit");
    sandbox.fails(9, "fmt --check").prints(&[&path]);
    sandbox.ok("fmt");
    sandbox.ok("fmt --check");
    let text = sandbox.read(&path);
    assert!(text.starts_with(&canonical), "{text}");
    assert!(text.contains("# a comment") && text.contains("unknown = 1"), "{text}");
}

#[test]
fn fmt_writes_one_space_around_the_equals_sign_and_line_feeds_alone() {
    let (sandbox, path) = one();
    let canonical = sandbox.read(&path);
    for spoil in [|text: String| text.replace(" = ", "   =   "), |text: String| text.replace('\n', "\r\n")] {
        sandbox.edit(&path, spoil);
        sandbox.ok("commit");
        sandbox.fails(9, "fmt --check").prints(&[&path]);
        sandbox.ok("fmt");
        assert_eq!(sandbox.read(&path), canonical);
    }
}

#[test]
fn an_unreadable_record_stops_its_lists_and_no_others() {
    let (sandbox, path) = one();
    sandbox.ok("product add P1 --name One --price 1");
    sandbox.ok("customer add --name B");
    sandbox.edit(&path, |_| "<<<<<<< HEAD\nname = \"A\"\n=======\nname = \"B\"\n>>>>>>> other\n".to_owned());
    sandbox.fails(5, "customer list").prints_nothing().says(&[&format!("{path}:1: ")]);
    let run = sandbox.fails(10, "customer list --keep-going --format csv --fields name --no-header");
    assert_eq!(run.stdout, "B\n", "{run}");
    run.says(&[&path]);
    sandbox.ok("product list");
    sandbox.ok("customer show B");
    sandbox.ok("customer set B --level B");
    sandbox.fails(9, "check").prints(&[&format!("{path}:1: ")]);
}
