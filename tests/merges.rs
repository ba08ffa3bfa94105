//! What `git merge` makes of two people's work, without a merge driver: the way files are laid out
//! must be enough for what can be clean to be clean.
//!
//! The table below is the whole promise. A conflict is no failure where two people changed the same
//! thing; it is then told with its line, and everything else goes on working.

use crate::support::{Run, Sandbox};

/// What a merge comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Comes {
    /// Clean, and nothing is wrong with the store.
    Clean,
    /// Clean as text, but this rule is broken now.
    Breaks(&'static str),
    /// Git leaves it to a person, in one file of this folder.
    Conflict(&'static str),
}
use Comes::{Breaks, Clean, Conflict};

/// Name, what one does, what the other does, what comes of it.
const MERGES: &[(&str, &str, &str, Comes)] = &[
    (
        "fields of different groups",
        "customer set 海尔北京 --phone 010-65123457",
        "customer set 海尔北京 --city 上海",
        Clean,
    ),
    (
        "a field and a field that was empty",
        "customer set 海尔北京 --email other@haier.example",
        "customer set 海尔北京 --website https://haier.example",
        Clean,
    ),
    (
        "two fields of one group, which stand on neighbouring lines",
        "customer set 海尔北京 --street 长安街2号",
        "customer set 海尔北京 --city 上海",
        Conflict("customers"),
    ),
    (
        "the same field",
        "customer set 海尔北京 --city 上海",
        "customer set 海尔北京 --city 广州",
        Conflict("customers"),
    ),
    (
        "the same field to the same value",
        "customer set 海尔北京 --city 上海",
        "customer set 海尔北京 --city 上海",
        Clean,
    ),
    ("two new records", "customer add --name 美的", "customer add --name 格力", Clean),
    (
        "a new record and a change of another",
        "customer add --name 美的",
        "customer set 海尔北京 --city 上海",
        Clean,
    ),
    (
        "two tags at different places of the sorted list",
        "customer set 海尔北京 --add-tag alpha",
        "customer set 海尔北京 --add-tag zulu",
        Clean,
    ),
    (
        "two tags at the same place of the sorted list",
        "customer set 海尔北京 --add-tag beta",
        "customer set 海尔北京 --add-tag gamma",
        Conflict("customers"),
    ),
    (
        "two steps of one record's history",
        "customer block 海尔北京 --reason 'unpaid since May'",
        "customer set 海尔北京 --owner bo",
        Conflict("customers"),
    ),
    (
        "a step of its history and an ordinary field",
        "customer block 海尔北京 --reason 'unpaid since May'",
        "customer set 海尔北京 --city 上海",
        Clean,
    ),
    (
        "two changes of different records",
        "customer set 海尔北京 --city 上海",
        "product set HAN-EV-610 --price 199800",
        Clean,
    ),
    (
        "the same order shipped twice",
        "order ship SO-2026-0001",
        "order ship SO-2026-0001",
        Breaks("over-shipped"),
    ),
    (
        "two orders with the next number",
        "order add --customer 海尔北京 --line SONG-L:1",
        "order add --customer 海尔北京 --line HAN-EV-610:1",
        Breaks("duplicate-number"),
    ),
    (
        "two customers with one phone number",
        "customer add --name 美的 --phone 13800000001",
        "customer add --name 格力 --phone 13800000001",
        Breaks("duplicate-phone"),
    ),
    (
        "a removal and a change",
        "contact remove zhang@haier.example --yes",
        "contact set zhang@haier.example --name 张三丰",
        Conflict("contacts"),
    ),
];

/// A trading store with what the merges need.
fn base() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.ok("user add bo --name Bo --email bo@acme.example --role admin");
    sandbox.ok("customer set 海尔北京 --city 北京 --street 长安街1号 --add-tag kilo --add-tag november");
    sandbox.ok("contact add --customer 海尔北京 --name 张三 --email zhang@haier.example");
    sandbox.ok("order confirm SO-2026-0001");
    sandbox
}

/// Two clones that each did one thing, and the merge of the second into the first. The sandbox
/// stands in the first.
fn merged(one: &str, other: &str) -> (Sandbox, Run) {
    let mut sandbox = base();
    let origin = sandbox.dir().to_owned();
    for clone in ["one", "two"] {
        sandbox.git(&["clone", "-q", "--no-hardlinks", ".", &format!("../{clone}")]);
    }
    sandbox.enter(&origin.with_file_name("two"));
    sandbox.ok(other);
    sandbox.enter(&origin.with_file_name("one"));
    sandbox.ok(one);
    let merge = sandbox.try_git("pull -q --no-rebase --no-edit ../two");
    (sandbox, merge)
}

#[test]
fn what_can_be_merged_as_text_is_merged_as_text() {
    for (name, one, other, comes) in MERGES {
        let (sandbox, merge) = merged(one, other);
        let open = sandbox.git("diff --name-only --diff-filter=U");
        match comes {
            Conflict(folder) => {
                assert_ne!(merge.exit, 0, "{name}: {merge}");
                assert!(open.starts_with(folder) && open.lines().count() == 1, "{name}: {open}");
            }
            Clean => {
                assert_eq!(merge.exit, 0, "{name}: {merge}\n{}", sandbox.git("diff"));
                sandbox.ok("check");
            }
            Breaks(rule) => {
                assert_eq!(merge.exit, 0, "{name}: {merge}\n{}", sandbox.git("diff"));
                sandbox.fails(9, "check").prints(&[rule]);
            }
        }
        sandbox.git("fsck --strict");
    }
}

#[test]
fn a_clean_merge_has_what_both_did() {
    let (sandbox, _) =
        merged("customer set 海尔北京 --phone 010-65123457", "customer set 海尔北京 --city 上海");
    let customer = sandbox.crm("customer show 海尔北京 --format json").exits(0).json();
    assert_eq!((&customer["phone"], &customer["city"]), (&"+861065123457".into(), &"上海".into()));
    assert_eq!(sandbox.ok("customer list --where city=上海 --format ids").lines().count(), 1);
}

#[test]
fn an_unresolved_merge_is_told_with_its_line_and_stops_nothing_else() {
    let one = "customer set 海尔北京 --city 上海";
    let (sandbox, _) = merged(one, "customer set 海尔北京 --city 广州");
    let path = sandbox.git("diff --name-only --diff-filter=U");
    let id = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml")).expect("an id").to_owned();
    let marker = sandbox.read(&path).lines().position(|line| line.starts_with("<<<<<<<")).expect("a marker");
    let place = format!("{path}:{}", marker + 1);

    let told = |sandbox: &Sandbox| {
        sandbox.fails(5, &["customer", "show", &id]).says(&[&place]).prints_nothing();
        sandbox.fails(5, "customer list --format csv").says(&[&place]).prints_nothing();
        sandbox.fails(9, "check").prints(&[&place]);
        sandbox.ok("product show SONG-L");
        sandbox.ok("product list");
    };
    told(&sandbox);
    let before = sandbox.git("rev-parse HEAD");
    sandbox.fails(6, "product set SONG-L --price 1").says(&["merge"]);
    assert_eq!(sandbox.git("rev-parse HEAD"), before);

    // Somebody commits the markers: the record is as unreadable, the others can be written again.
    sandbox.git("commit -qam merged");
    told(&sandbox);
    sandbox.fails(5, &["customer", "set", &id, "--phone", "010-65123457"]).says(&[&place]);
    sandbox.ok("product set SONG-L --price 1");
    sandbox.ok("user set bo --phone 13800000001");

    // Put right by hand, it is a record like any other.
    sandbox.edit(&path, |text| {
        let kept = |line: &&str| {
            !["<<<<<<<", "=======", ">>>>>>>"].iter().any(|m| line.starts_with(m)) && !line.contains("广州")
        };
        text.lines().filter(kept).fold(String::new(), |all, line| all + line + "\n")
    });
    sandbox.git("commit -qam resolved");
    sandbox.ok("check");
    let shown = sandbox.crm(&["customer", "show", &id, "--format", "json"]).exits(0).json();
    assert_eq!(shown["city"], "上海");
}
