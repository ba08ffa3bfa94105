//! What `git merge` makes of two people's work with the merge driver of records: by field, and what
//! is left is decided field by field.

use crate::support::{Run, Sandbox, finish};

/// A trading store in which git merges by field, and two branches that each did one thing.
fn merged(one: &[&str], other: &[&str]) -> (Sandbox, Run) {
    let sandbox = Sandbox::trading();
    for line in [
        "user add bo --name Bo --email bo@acme.example --role admin",
        "customer set 海尔北京 --city 北京 --street 长安街1号 --add-tag kilo --add-tag november",
        "contact add --customer 海尔北京 --name 张三 --email zhang@haier.example",
        "merge-driver --install",
    ] {
        sandbox.ok(line);
    }
    sandbox.git("branch other");
    for line in one {
        sandbox.ok(*line);
    }
    sandbox.git("switch -q other");
    for line in other {
        sandbox.ok(*line);
    }
    sandbox.git("switch -q main");
    let mut git = sandbox.bare("git");
    git.env("PATH", with_the_program());
    let words = ["git", "merge", "-q", "--no-edit", "other"].map(str::to_owned);
    git.args(&words[1..]);
    let merge = finish(git, &words, None);
    (sandbox, merge)
}

/// The path of the tests with the program on it.
fn with_the_program() -> std::ffi::OsString {
    let own = std::path::Path::new(env!("CARGO_BIN_EXE_crm")).parent().expect("a folder").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(std::iter::once(own).chain(std::env::split_paths(&others))).expect("a path")
}

fn customer(sandbox: &Sandbox) -> serde_json::Value {
    sandbox.crm("customer show 海尔北京 --format json").exits(0).json()
}

#[test]
fn what_does_not_touch_the_same_field_is_clean() {
    for (name, one, other) in [
        (
            "neighbouring lines",
            "customer set 海尔北京 --street 长安街2号",
            "customer set 海尔北京 --city 上海",
        ),
        (
            "tags side by side",
            "customer set 海尔北京 --add-tag beta",
            "customer set 海尔北京 --add-tag gamma",
        ),
        (
            "a tag gone, a tag come",
            "customer set 海尔北京 --remove-tag kilo",
            "customer set 海尔北京 --add-tag lima",
        ),
        (
            "two steps of a history",
            "customer block 海尔北京 --reason unpaid",
            "customer set 海尔北京 --owner bo",
        ),
        (
            "two lines of an order",
            "order line add SO-2026-0001 --product SONG-L --qty 1",
            "order line add SO-2026-0001 --product SONG-L --qty 2",
        ),
    ] {
        let (sandbox, merge) = merged(&[one], &[other]);
        assert_eq!(merge.exit, 0, "{name}: {merge}\n{}", sandbox.git("diff"));
        sandbox.ok("check");
        assert_eq!(sandbox.ok("fmt --check"), "", "{name}: as the program writes it");
        sandbox.crm("conflicts --format csv --no-header").exits(0).prints_nothing();
    }
    let (sandbox, _) = merged(
        &[
            "customer set 海尔北京 --street 长安街2号 --remove-tag kilo",
            "customer block 海尔北京 --reason unpaid",
        ],
        &["customer set 海尔北京 --city 上海 --add-tag lima", "customer set 海尔北京 --owner bo"],
    );
    let got = customer(&sandbox);
    assert_eq!((got["street"].as_str(), got["city"].as_str()), (Some("长安街2号"), Some("上海")));
    assert_eq!(got["tags"], serde_json::json!(["lima", "november"]));
    assert_eq!((got["status"].as_str(), got["owner"].as_str()), (Some("blocked"), Some("bo")));
}

#[test]
fn one_field_that_both_changed_is_decided_and_nothing_else() {
    let (sandbox, merge) = merged(
        &["customer set 海尔北京 --city 上海 --street 长安街2号 --level A"],
        &["customer set 海尔北京 --city 广州 --website https://haier.example --level B"],
    );
    assert_eq!(merge.exit, 1, "{merge}");
    let open = || sandbox.crm("conflicts --format json").exits(0).json();
    let fields: Vec<String> = open()
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["field"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(fields, ["city", "level"]);
    assert_eq!(open()[0]["theirs"], "\"广州\"");
    let file = sandbox.git("diff --name-only --diff-filter=U");
    assert_eq!(sandbox.read(&file).matches("<<<<<<<").count(), 2);
    sandbox.crm("resolve 海尔北京 --field phone --ours").exits(3).says(&["`phone`", "city, level"]);
    sandbox.crm("resolve nobody --ours").exits(3).says(&["nobody"]);
    sandbox.crm("resolve 海尔北京").exits(2);
    sandbox.crm("resolve 海尔北京 --field city --theirs --lang en").exits(0).says(&["1 still open"]);
    assert_eq!(sandbox.read(&file).matches("<<<<<<<").count(), 1);
    assert_eq!(open().as_array().map(Vec::len), Some(1));
    sandbox.crm("resolve 海尔北京 --field level --value Z").exits(5).says(&["level", "A, B, C"]);
    sandbox
        .crm("resolve 海尔北京 --field level --value C --lang en")
        .exits(0)
        .says(&["git commit --no-edit"]);
    assert_eq!(open().as_array().map(Vec::len), Some(0));
    sandbox.git("commit -q --no-edit");
    sandbox.ok("check");
    let got = customer(&sandbox);
    for (field, value) in
        [("city", "广州"), ("level", "C"), ("street", "长安街2号"), ("website", "https://haier.example")]
    {
        assert_eq!(got[field], value, "{field}");
    }
    sandbox.git("fsck --strict");
}

#[test]
fn what_somebody_edited_in_between_is_kept() {
    let (sandbox, _) = merged(
        &["customer set 海尔北京 --city 上海 --level A"],
        &["customer set 海尔北京 --city 广州 --level B"],
    );
    let file = sandbox.git("diff --name-only --diff-filter=U");
    sandbox.ok("resolve 海尔北京 --field city --ours");
    assert!(!sandbox.path(".git/crm-before-resolve").exists(), "the merge's own text is nobody's edit");
    sandbox.edit(&file, |text| text.replace("长安街1号", "by hand"));
    sandbox.crm("resolve 海尔北京 --ours --lang en").exits(0).says(&["crm-before-resolve"]);
    assert!(sandbox.read(&format!(".git/crm-before-resolve/{file}")).contains("by hand"));
}

#[test]
fn an_empty_value_stands_for_none() {
    let (sandbox, _) = merged(&["customer set 海尔北京 --city 上海"], &["customer set 海尔北京 --city 广州"]);
    sandbox.ok(&["resolve", "海尔北京", "--field", "city", "--value", ""]);
    sandbox.git("commit -q --no-edit");
    sandbox.ok("check");
    assert!(customer(&sandbox)["city"].is_null());
}

#[test]
fn a_record_that_one_removed_and_the_other_changed_is_kept_or_not() {
    for (side, stays) in [("--ours", false), ("--theirs", true)] {
        let (sandbox, merge) = merged(
            &["contact remove zhang@haier.example --yes"],
            &["contact set zhang@haier.example --name 张三丰"],
        );
        assert_eq!(merge.exit, 1, "{merge}");
        let open = sandbox.crm("conflicts --format json").exits(0).json();
        assert!(open[0]["ours"].is_null() && !open[0]["theirs"].is_null(), "{open}");
        let id = open[0]["record"].as_str().expect("an id").to_owned();
        sandbox.ok(&["resolve", &id, side]);
        sandbox.git("commit -q --no-edit");
        sandbox.ok("check");
        assert_eq!(sandbox.crm(&["contact", "show", &id]).exit == 0, stays, "{side}");
    }
}

#[test]
fn without_the_program_on_the_path_git_merges_as_ever_and_loses_nothing() {
    let (sandbox, _) = merged(&[], &["customer set 海尔北京 --city 上海"]);
    sandbox.ok("customer set 海尔北京 --city 广州");
    sandbox.git("switch -q other");
    sandbox.ok("customer set 海尔北京 --city 武汉");
    sandbox.git("switch -q main");
    let bare = |words: &[&str]| {
        let git = std::env::split_paths(&std::env::var_os("PATH").expect("a path"))
            .map(|dir| dir.join("git"))
            .find(|git| git.exists())
            .expect("git");
        let mut command = sandbox.bare(git.to_str().expect("a path"));
        command.env("PATH", "/usr/bin:/bin").args(words).output().expect("git runs").status
    };
    assert!(!bare(&["merge", "-q", "--no-edit", "other"]).success());
    let file = sandbox.git("diff --name-only --diff-filter=U");
    let text = sandbox.read(&file);
    assert!(text.contains("广州") && text.contains("武汉") && text.contains("<<<<<<<"), "{text}");
}

#[test]
fn random_pairs_lose_nothing_and_clash_less_than_lines_do() {
    let sandbox = Sandbox::trading();
    let file = sandbox.git("ls-files customers").lines().next().expect("a customer").to_owned();
    let base = sandbox.read(&file);
    let lines: Vec<&str> = base.lines().collect();
    let scalars: Vec<usize> = (0..lines.len())
        .filter(|at| {
            lines[*at].contains(" = \"")
                && !lines[*at].starts_with("id")
                && !lines[*at].starts_with("created")
        })
        .collect();
    let mut seed = 7_u64;
    let mut random = |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        usize::try_from(seed >> 33).unwrap_or(0) % most
    };
    let (mut by_field, mut by_line) = (0, 0);
    for turn in 0..60 {
        let mut side = |mark: &str| {
            let mut lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            for _ in 0..=random(2) {
                let at = scalars[random(scalars.len())];
                let name = lines[at].split(' ').next().unwrap_or_default().to_owned();
                lines[at] = format!("{name} = \"{mark}{turn}\"");
            }
            lines.join("\n") + "\n"
        };
        let (ours, theirs) = (side("a"), side("b"));
        let put = |name: &str, text: &str| sandbox.write(name, text).to_string_lossy().into_owned();
        let paths = [put("base", &base), put("ours", &ours), put("theirs", &theirs)];
        let changed = |text: &str| -> Vec<String> {
            text.lines().zip(&lines).filter(|(a, b)| a != *b).map(|(a, _)| a.to_owned()).collect()
        };
        let line = sandbox.try_git(&["merge-file", "-p", &paths[1], &paths[0], &paths[2]]);
        let field = sandbox.crm(&["merge-driver", &paths[0], &paths[1], &paths[2], &file]);
        by_line += usize::from(line.exit != 0);
        by_field += usize::from(field.exit != 0);
        assert!(field.exit == 0 || line.exit != 0, "what lines can, fields can: {ours}{theirs}");
        let got = sandbox.read("ours");
        for change in changed(&ours).iter().chain(&changed(&theirs)) {
            assert!(got.contains(change.as_str()), "{change} is lost in\n{got}");
        }
    }
    assert!(by_field < by_line, "{by_field} of 60 by field, {by_line} by line");
}
