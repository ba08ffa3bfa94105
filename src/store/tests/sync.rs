//! Two histories brought together: a crash at every step, merges by field beside git's by line, and
//! a thousand commits made again.

use super::super::fault::{Step, crash_at};
use super::super::{
    Allowed, Conflicted, Joined, Joining, Network, ObjectId, Pace, Person, Pushed, Remote, Repo, Result,
    When, blend,
};
use super::{Sandbox, git_in, li, options, when};
use crate::model::schema::{Schema, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const ONE: &str = "customers/kw/cus_kwzrmlnopqst.toml";
const TWO: &str = "customers/kw/cus_kwaaaaaaaaaa.toml";
const NEW: &str = "customers/zz/cus_zzzzzzzzzzzz.toml";

fn remote() -> Remote {
    Remote { name: "hub".into(), branch: "main".into() }
}

fn schema() -> Schema {
    Schema::new(Settings::default()).expect("the types")
}

fn try_join(
    repo: &Repo,
    pace: Pace,
    verify: &mut dyn FnMut(Option<ObjectId>, ObjectId) -> Result<()>,
) -> Result<Joined> {
    let remote = remote();
    let schema = schema();
    let wish = Joining {
        remote: &remote,
        found: repo.fetched(&remote)?,
        verify,
        committer: &mut || Ok((Person { name: "Syncer".into(), email: "s@example.com".into() }, when(9))),
        blend: &|file: &Conflicted, decide| blend(&schema, file, decide),
        decided: &|_, _| None,
        is_record: &|_| true,
        own: None,
        message: "sync: merge hub/main\n",
        allow: Allowed::default(),
        pace,
    };
    repo.join(&options(), wish)
}

fn join(repo: &Repo) -> Joined {
    try_join(repo, Pace::Move, &mut |_, _| Ok(())).expect("brought together")
}

fn record(city: &str, street: &str) -> String {
    format!("name = \"x\"\n\nstreet = \"{street}\"\ncity = \"{city}\"\n")
}

/// A store whose remote has another city and a new record, and which has another street itself; a
/// person's file is staged.
fn apart() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(&[(ONE, Some(&record("a", "b"))), (TWO, Some(&record("a", "b")))]);
    sandbox.git(&["branch", "side"]);
    sandbox.write(&[(ONE, Some(&record("a", "ours")))]);
    sandbox.git(&["switch", "-q", "side"]);
    sandbox.write(&[(ONE, Some(&record("theirs", "b"))), (TWO, None), (NEW, Some(&record("n", "n")))]);
    sandbox.git(&["update-ref", "refs/remotes/hub/main", "side"]);
    sandbox.git(&["switch", "-q", "main"]);
    sandbox.git(&["branch", "-qD", "side"]);
    sandbox.put("README", "a person's own file\n");
    sandbox.git(&["add", "README"]);
    sandbox
}

fn assert_together(sandbox: &Sandbox, together: bool) {
    let found = [ONE, TWO, NEW].map(|path| sandbox.text(path));
    let expected = if together {
        [Some(record("theirs", "ours")), None, Some(record("n", "n"))]
    } else {
        [Some(record("a", "ours")), Some(record("a", "b")), None]
    };
    assert_eq!(found, expected);
}

#[test]
fn after_a_crash_at_any_step_a_sync_is_finished_or_undone_and_goes_on() {
    for (step, moved) in [
        (Step::Objects, false),
        (Step::Prepared, false),
        (Step::Temps, false),
        (Step::IndexLocked, false),
        (Step::Journal, false),
        (Step::Branch, true),
        (Step::OneFile, true),
        (Step::Files, true),
        (Step::Index, true),
        (Step::JournalGone, true),
    ] {
        let sandbox = apart();
        let repo = sandbox.repo();
        let hit = crash_at(step, || {
            let _ = try_join(&repo, Pace::Move, &mut |_, _| Ok(()));
        });
        assert!(hit, "{step:?} was never reached");
        drop(repo);
        sandbox.repo().recover(&options()).expect("recovers");
        assert_together(&sandbox, moved);
        sandbox.assert_sound("A  README\n");
        let joined = join(&sandbox.repo());
        assert_eq!(joined.own.len(), 1, "{step:?}");
        assert_together(&sandbox, true);
        sandbox.assert_sound("A  README\n");
    }
}

#[test]
fn what_is_not_accepted_moves_nothing() {
    let sandbox = apart();
    let before = sandbox.git(&["rev-parse", "HEAD"]);
    let mut asked = Vec::new();
    let refused = try_join(&sandbox.repo(), Pace::Move, &mut |old, new| {
        asked.push((old.map(|id| id.to_string()), new.to_string()));
        Err(super::super::StoreError::Detached)
    });
    assert!(refused.is_err());
    let base = sandbox.git(&["merge-base", "HEAD", "hub/main"]).trim().to_owned();
    let found = sandbox.git(&["rev-parse", "hub/main"]).trim().to_owned();
    assert_eq!(asked, [(Some(base), found)]);
    assert_eq!(sandbox.git(&["rev-parse", "HEAD"]), before);
    assert_together(&sandbox, false);
    assert_eq!(sandbox.repo().verified(&remote()).expect("readable"), None);
}

#[test]
fn a_look_moves_and_writes_nothing() {
    let sandbox = apart();
    let before = sandbox.git(&["count-objects"]);
    let joined = try_join(&sandbox.repo(), Pace::Look, &mut |_, _| Ok(())).expect("looked");
    assert_eq!((joined.came.len(), joined.own.len(), joined.merged.len()), (1, 1, 1));
    assert_eq!(sandbox.git(&["count-objects"]), before);
    assert_together(&sandbox, false);
    sandbox.assert_sound("A  README\n");
}

#[test]
fn once_judged_a_tip_is_judged_no_more_and_a_settled_store_takes_no_lock() {
    let sandbox = apart();
    join(&sandbox.repo());
    let tip = sandbox.git(&["rev-parse", "HEAD"]);
    sandbox.git(&["update-ref", "refs/remotes/hub/main", tip.trim()]);
    let repo = sandbox.repo();
    let mut times = 0;
    for _ in 0..2 {
        try_join(&repo, Pace::Move, &mut |_, _| {
            times += 1;
            Ok(())
        })
        .expect("nothing to do");
    }
    assert_eq!(times, 1);
    let _held = repo.lock_for_writing(&options()).expect("the lock");
    let waiting = super::super::WriteOptions { lock_timeout: std::time::Duration::ZERO, ..options() };
    assert!(repo.is_unfinished().is_ok_and(|unfinished| !unfinished));
    let _ = waiting;
    try_join(&repo, Pace::Move, &mut |_, _| Ok(())).expect("no lock is needed");
}

#[test]
fn a_push_reaches_a_real_repository_and_a_late_one_is_told_so() {
    let sandbox = Sandbox::filled();
    let hub = sandbox.root.with_file_name("hub");
    let hub_text = hub.to_string_lossy().into_owned();
    git_in(&sandbox.root, &["init", "-q", "--bare", &hub_text]);
    sandbox.git(&["remote", "add", "hub", &hub_text]);
    let (repo, network) = (sandbox.repo(), Network::default());
    assert_eq!(repo.fetch(&network, &remote()).expect("reachable"), None);
    let first = repo.tip().expect("readable").expect("a tip").commit;
    assert_eq!(repo.push(&network, &remote(), first).expect("pushed"), Pushed::Done);
    assert_eq!(repo.fetch(&network, &remote()).expect("reachable"), Some(first));
    sandbox.write(&[(NEW, Some("x\n"))]);
    let second = repo.tip().expect("readable").expect("a tip").commit;
    assert_eq!(repo.push(&network, &remote(), second).expect("pushed"), Pushed::Done);
    assert_eq!(repo.push(&network, &remote(), first).expect("told"), Pushed::Raced);
}

#[test]
fn a_thousand_commits_are_made_again_as_one_pack() {
    let sandbox = Sandbox::new();
    sandbox.write(&[(ONE, Some(&record("a", "b")))]);
    sandbox.git(&["branch", "side"]);
    stream(&sandbox, "main", (0..1000).map(|n| (path(n), record("main", &n.to_string()))).collect());
    let mut theirs: Vec<(String, String)> = vec![(ONE.to_owned(), record("theirs", "b"))];
    theirs.extend((1000..1200).map(|n| (path(n), record("side", &n.to_string()))));
    stream(&sandbox, "side", theirs);
    sandbox.git(&["update-ref", "refs/remotes/hub/main", "side"]);
    sandbox.git(&["reset", "-q", "--hard"]);
    let joined = join(&sandbox.repo());
    assert_eq!((joined.came.len(), joined.own.len()), (201, 1000));
    assert_eq!(sandbox.git(&["rev-list", "--count", "hub/main..HEAD"]).trim(), "1000");
    assert_eq!(sandbox.git(&["rev-list", "--count", "--merges", "HEAD"]).trim(), "0");
    let loose = sandbox.git(&["count-objects"]);
    let loose: usize = loose.split(' ').next().and_then(|n| n.parse().ok()).expect("a number");
    assert!(loose < 100, "{loose} loose objects");
    sandbox.assert_sound("");
}

fn path(n: usize) -> String {
    let letters = b"klmnopqrstuvwxyz";
    let text: String = (0..12).map(|at| char::from(letters[(n >> (4 * (at % 8))) & 15])).collect();
    format!("customers/{}/cus_{text}.toml", &text[..2])
}

/// One commit for each file, by git's own fast way.
fn stream(sandbox: &Sandbox, branch: &str, files: Vec<(String, String)>) {
    let mut text = String::new();
    for (number, (path, content)) in files.iter().enumerate() {
        text.push_str(&format!("commit refs/heads/{branch}\ncommitter Li <li@example.com> {number} +0000\n"));
        text.push_str("data 2\nc\n");
        if number == 0 {
            text.push_str(&format!("from refs/heads/{branch}^0\n"));
        }
        text.push_str(&format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len()));
    }
    feed(sandbox, &text);
}

fn feed(sandbox: &Sandbox, text: &str) {
    let file = sandbox.root.with_file_name("stream");
    std::fs::write(&file, text).expect("a stream");
    let stdin = std::fs::File::open(&file).expect("the stream");
    let mut command = Command::new("git");
    command.arg("-C").arg(&sandbox.root).args(["fast-import", "--quiet", "--force"]).stdin(stdin);
    assert!(command.status().expect("git runs").success());
}

const CUSTOMER: &str = "id = \"cus_kwzrmlnopqst\"\nname = \"海尔北京\"\nkind = \"company\"\nstatus = \"normal\"\n\n\
    phone = \"+861065123456\"\nemail = \"buy@haier.example\"\nwebsite = \"https://haier.example\"\n\n\
    country = \"CN\"\nprovince = \"北京\"\ncity = \"北京\"\nstreet = \"长安街1号\"\n\n\
    industry = \"auto\"\nlevel = \"A\"\nowner = \"ann\"\n\n\
    tags = [\n    \"kilo\",\n    \"november\",\n]\n\nnote = \"old\"\n";

const ORDER: &str = "id = \"ord_abcdefghijkl\"\nnumber = \"SO-2026-0001\"\n\n\
    [[lines]]\nid = \"kkkkkk\"\nqty = \"1\"\nprice = \"10\"\n\n[[lines]]\nid = \"llllll\"\nqty = \"2\"\nprice = \"20\"\n";

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % most
    }

    /// What somebody does to a record in a day: some fields, a tag, a line.
    fn edited(&mut self, text: &str, mark: &str) -> String {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..=self.below(2) {
            let scalars: Vec<usize> = (0..lines.len())
                .filter(|at| {
                    lines[*at].contains(" = \"")
                        && !lines[*at].starts_with("id")
                        && !lines[*at].starts_with("number")
                })
                .collect();
            let at = scalars[self.below(scalars.len())];
            let name = lines[at].split(' ').next().unwrap_or_default().to_owned();
            let value =
                if self.below(5) == 0 { "same".to_owned() } else { format!("{mark}{}", self.below(1000)) };
            lines[at] = format!("{name} = \"{value}\"");
        }
        if self.below(2) == 0
            && let Some(at) = lines.iter().position(|line| line == "tags = [")
        {
            lines.insert(at + 1, format!("    \"{mark}tag\","));
            lines[at + 1..at + 4].sort();
        }
        if self.below(2) == 0 && text.contains("[[lines]]") {
            let id = format!("{mark}{}", ["x", "y", "z"][self.below(3)]);
            lines.extend([
                String::new(),
                "[[lines]]".to_owned(),
                format!("id = \"{id}\""),
                "qty = \"3\"".to_owned(),
            ]);
        }
        lines.join("\n") + "\n"
    }
}

const PAIRS: usize = 300;

#[test]
fn wherever_git_merges_by_line_we_merge_by_field_and_more() {
    let sandbox = Sandbox::new();
    let (customer, order) = (ONE, "orders/ab/ord_abcdefghijkl.toml");
    sandbox.write(&[(customer, Some(CUSTOMER)), (order, Some(ORDER))]);
    let mut random = Random(11);
    let mut text = String::new();
    let mut sides = Vec::new();
    for pair in 0..PAIRS {
        for side in ["a", "b"] {
            let files = [random.edited(CUSTOMER, side), random.edited(ORDER, side)];
            text.push_str(&format!("commit refs/heads/{side}{pair}\ncommitter Li <li@example.com> 1 +0000\ndata 2\nc\nfrom refs/heads/main^0\n"));
            for (path, content) in [customer, order].iter().zip(&files) {
                text.push_str(&format!("M 100644 inline {path}\ndata {}\n{content}\n", content.len()));
            }
            sides.push(files);
        }
    }
    feed(&sandbox, &text);
    let by_line = by_line(&sandbox);
    let repo = sandbox.repo();
    let mut by_field = BTreeSet::new();
    for pair in 0..PAIRS {
        sandbox.git(&["update-ref", "refs/heads/main", &format!("refs/heads/a{pair}")]);
        sandbox.git(&["update-ref", "refs/remotes/hub/main", &format!("refs/heads/b{pair}")]);
        let joined = try_join(&repo, Pace::Look, &mut |_, _| Ok(())).ok();
        // Files in the work tree are of no pair; what is open is told before they are looked at.
        let open = match joined {
            Some(joined) => joined.clashing,
            None => Vec::new(),
        };
        if !open.is_empty() {
            by_field.insert(pair);
        }
        for clash in open.iter().flat_map(|one| &one.clashes) {
            assert!(
                clash.ours != clash.theirs && clash.base != clash.ours && clash.base != clash.theirs,
                "{clash:?}"
            );
        }
    }
    let clash = |pair: &usize| both_changed(&sides[2 * pair], &sides[2 * pair + 1]);
    let expected: BTreeSet<usize> = (0..PAIRS).filter(clash).collect();
    assert_eq!(by_field, expected, "a field that both changed differently is a clash, and nothing else");
    let worse: Vec<&usize> = by_field.difference(&by_line).collect();
    assert!(worse.is_empty(), "lines merge and fields do not: {worse:?}");
    assert!(by_field.len() < by_line.len(), "{} by field, {} by line", by_field.len(), by_line.len());
}

/// Whether both sides changed one field differently.
fn both_changed(a: &[String; 2], b: &[String; 2]) -> bool {
    let fields = |text: &str| -> BTreeMap<String, String> {
        let mut row = String::new();
        let mut fields = BTreeMap::new();
        for line in text.lines() {
            if let Some((key, value)) = line.split_once(" = \"") {
                if key == "id" {
                    value.clone_into(&mut row);
                }
                fields.insert(format!("{row}{key}"), value.to_owned());
            }
        }
        fields
    };
    [CUSTOMER, ORDER].iter().zip(a).zip(b).any(|((base, a), b)| {
        let (base, a, b) = (fields(base), fields(a), fields(b));
        base.iter().any(|(key, old)| a[key] != *old && b[key] != *old && a[key] != b[key])
    })
}

/// The pairs that git leaves to a person.
fn by_line(sandbox: &Sandbox) -> BTreeSet<usize> {
    let plain = "merge.crm.driver=git merge-file --marker-size=%L %A %O %B";
    let clashes = |pair: &usize| {
        let output = Command::new("git")
            .arg("-C")
            .arg(&sandbox.root)
            .args(["-c", plain, "merge-tree", "--write-tree", &format!("a{pair}"), &format!("b{pair}")])
            .output()
            .expect("git runs");
        output.status.code() == Some(1)
    };
    (0..PAIRS).filter(clashes).collect()
}

#[test]
fn who_made_a_commit_and_when_stays_and_who_made_it_again_is_told() {
    let sandbox = apart();
    let told = |format: &str| sandbox.git(&["log", "-1", &format!("--format={format}")]);
    let before = told("%an %ae %at %B");
    join(&sandbox.repo());
    assert_eq!(told("%an %ae %at %B"), before);
    assert_eq!(told("%cn %ct").trim(), format!("Syncer {}", when(9).seconds));
    assert_eq!(li().name, told("%an").trim());
    let _: When = when(0);
}
