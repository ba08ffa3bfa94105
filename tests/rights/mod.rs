//! Who may do what, asked of the program: every type and verb by users of several roles, on the
//! sample company. What is expected is read off the roles and owners here, not asked of the code.

mod reading;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crm::cli::commands::STANDALONE;
use crm::model::kinds::KINDS;
use crm::model::record::Kind;

use crate::support::{Run, Sandbox};

/// The types that administrators alone change.
const GUARDED: &[&str] = &["user", "team", "role"];

pub(super) const NOW: &str = "2026-11-22T10:00:00+08:00";

/// The sample company, where besides its own people there are
/// - `no.body` without any grant, `re.ader` who reads everything,
/// - `li.na` and `ow.ner` of the same team, whose role `own` covers their own records,
/// - `te.am` of that team, whose role covers the team's,
/// - `al.le`, whose role covers everything, and `de.ny`, whose denies every verb.
pub(super) struct Company(Sandbox);

impl Company {
    pub fn new() -> Self {
        let mut sandbox = Sandbox::empty();
        as_user(&sandbox, "admin.liu", &["demo"]).exits(0);
        sandbox.enter(Path::new("crm-demo"));
        let company = Self(sandbox);
        let grants = |text: &str| -> Vec<String> {
            let kinds = KINDS.iter().filter(|kind| !GUARDED.contains(&kind.name));
            kinds.flat_map(|kind| ["--grant".to_owned(), format!("type={},{text}", kind.name)]).collect()
        };
        let role = |id: &str, grants: &[String]| {
            let mut words = vec!["role", "add", id, "--name", id];
            words.extend(grants.iter().map(String::as_str));
            company.run("admin.liu", &words).exits(0);
        };
        role("nothing", &[]);
        role("reads", &grants("read=all"));
        role("own", &grants("create=true,read=own,edit=own,remove=own"));
        role("whole-team", &grants("create=true,read=team,edit=team,remove=team"));
        role("whole", &grants("create=true,read=all,edit=all,remove=all,assign=true"));
        let denied: Vec<String> = KINDS
            .iter()
            .filter(|kind| !GUARDED.contains(&kind.name))
            .flat_map(|kind| {
                let verbs: BTreeSet<&str> = kind.traits.moves.iter().map(|step| step.verb).collect();
                let deny = verbs.into_iter().collect::<Vec<_>>().join(";");
                [
                    "--grant".to_owned(),
                    format!("type={},create=true,read=all,edit=all,remove=all,deny={deny}", kind.name),
                ]
            })
            .collect();
        role("denies", &denied);
        for (user, role) in [
            ("no.body", "nothing"),
            ("re.ader", "reads"),
            ("ow.ner", "own"),
            ("te.am", "whole-team"),
            ("al.le", "whole"),
            ("de.ny", "denies"),
        ] {
            let email = format!("{user}@qinghe.example");
            let words = [
                "user",
                "add",
                user,
                "--name",
                user,
                "--email",
                &email,
                "--role",
                role,
                "--team",
                "sales-south",
            ];
            company.run("admin.liu", &words).exits(0);
        }
        company.run("admin.liu", &["user", "set", "li.na", "--role", "own"]).exits(0);
        company
    }

    pub fn run(&self, user: &str, words: &[&str]) -> Run {
        as_user(&self.0, user, words)
    }

    pub fn sandbox(&self) -> &Sandbox {
        &self.0
    }

    /// Every record of a type with its owner, by the rule of the reference, and its state.
    fn records(&self, kind: &Kind) -> Vec<(String, String, String)> {
        let owner = match kind.name {
            "contact" | "payment" => "(select c.owner from customers c where c.id = t.customer)",
            "invoice" => {
                "case when t.\"order\" is not null then (select o.owner from orders o where o.id = t.\"order\")
                 else (select c.owner from customers c where c.id = t.customer) end"
            }
            "shipment" | "return" => "(select o.owner from orders o where o.id = t.\"order\")",
            "user" => "t.id",
            "ticket" => "t.assignee",
            // What lies in a pool is seen by whoever may claim it.
            "lead" | "customer" => "coalesce(t.owner, '(' || t.pool || ')')",
            name if kind.field("owner").is_some() => {
                assert_ne!(name, "ticket");
                "t.owner"
            }
            _ => "t.created_by",
        };
        let state = kind.traits.state.map_or("''".to_owned(), |field| format!("t.\"{field}\""));
        let sql = format!(
            "select id, coalesce({owner}, ''), coalesce({state}, '') from \"{}\" t order by id",
            kind.folder
        );
        let run = self.run("admin.liu", &["sql", &sql, "--format", "tsv", "--no-header"]).exits(0);
        let line = |line: &str| {
            let mut cells = line.split('\t').map(str::to_owned);
            (
                cells.next().unwrap_or_default(),
                cells.next().unwrap_or_default(),
                cells.next().unwrap_or_default(),
            )
        };
        run.stdout.lines().map(line).collect()
    }
}

fn as_user(sandbox: &Sandbox, user: &str, words: &[&str]) -> Run {
    sandbox.command(words).env("CRM_USER", user).env("CRM_LANG", "en").env("CRM_NOW", NOW).run()
}

/// The people of `sales-south`.
const TEAM: &[&str] = &["wang.wei", "li.na", "no.body", "re.ader", "ow.ner", "te.am", "al.le", "de.ny"];

/// Whether a user reaches a record of an owner: for reading, or for changing.
fn reaches(user: &str, owner: &str, reads: bool) -> bool {
    match user {
        "no.body" => false,
        "re.ader" => reads,
        "li.na" | "ow.ner" | "te.am" if owner.starts_with('(') => reads,
        "li.na" | "ow.ner" => owner == user,
        "te.am" => TEAM.contains(&owner),
        _ => true,
    }
}

/// Records of a type that differ in what the roles say of them: one of li.na, of the team, of
/// somebody else, of nobody.
fn samples(company: &Company, kind: &Kind) -> Vec<(String, String, String)> {
    let mut found: BTreeMap<&str, (String, String, String)> = BTreeMap::new();
    for record in company.records(kind) {
        let class = match record.1.as_str() {
            "li.na" => "own",
            "" => "nobody",
            owner if owner.starts_with('(') => "pool",
            owner if TEAM.contains(&owner) => "team",
            _ => "other",
        };
        found.entry(class).or_insert(record);
    }
    found.into_values().collect()
}

const USERS: &[&str] = &["no.body", "re.ader", "li.na", "te.am", "al.le"];

#[test]
fn every_type_is_read_and_changed_by_whom_a_role_lets() {
    let company = Company::new();
    let mut asked = 0;
    for kind in KINDS.iter().filter(|kind| !GUARDED.contains(&kind.name)) {
        for (id, owner, _) in samples(&company, kind) {
            for user in USERS {
                let name = format!("{user}: {} {id} of {owner:?}", kind.name);
                let reads = reaches(user, &owner, true);
                let run = company.run(user, &[kind.name, "show", &id]);
                assert_eq!(run.exit, if reads { 0 } else { 11 }, "{name}\n{run}");
                let change = company.run(user, &[kind.name, "set", &id, "--add-tag", "seen", "--dry-run"]);
                if reaches(user, &owner, false) {
                    // Facts are edited by nobody.
                    assert!(matches!(change.exit, 0 | 5), "{name}\n{change}");
                } else {
                    assert_eq!(change.exit, 11, "{name}\n{change}");
                }
                asked += 2;
            }
        }
        let run = company.run("no.body", &[kind.name, "list"]);
        assert_eq!(run.exit, 11, "{run}");
    }
    assert!(asked > 400, "{asked}");
}

/// What a verb needs besides the record.
fn flags(kind: &str, verb: &str) -> Vec<&'static str> {
    let flags: &[&str] = match (kind, verb) {
        ("feedback", "decline") => &["--reply", "no"],
        ("followup", "move") => &["--due", "2026-12-01"],
        ("lead", "disqualify") => &["--lost-reason", "price"],
        ("quote", "reject") => &["--reject-reason", "price"],
        ("target", "revise") => &["--value", "200"],
        ("ticket", "resolve") => &["--resolution", "mended"],
        _ => &[],
    };
    flags.to_vec()
}

#[test]
fn every_verb_is_denied_to_whom_a_role_denies_it() {
    let company = Company::new();
    let mut asked = BTreeSet::new();
    let records: BTreeMap<&str, Vec<(String, String, String)>> =
        KINDS.iter().map(|kind| (kind.name, company.records(kind))).collect();
    for kind in KINDS.iter().filter(|kind| !GUARDED.contains(&kind.name)) {
        for step in kind.traits.moves {
            // To be a duplicate of another takes another.
            let here = records[kind.name].iter().find(|(_, _, state)| step.from.contains(&state.as_str()));
            let Some((id, owner, _)) = here.filter(|_| step.verb != "duplicate") else { continue };
            for user in ["no.body", "re.ader", "li.na", "de.ny", "al.le"] {
                let mut words = vec![kind.name, step.verb, id, "--dry-run"];
                let help = company.run(user, &[kind.name, step.verb, "--help"]).stdout;
                if help.contains("--reason") {
                    words.extend(["--reason", "because"]);
                }
                words.extend(flags(kind.name, step.verb));
                let run = company.run(user, &words);
                let allowed = user != "de.ny" && reaches(user, owner, false);
                let name = format!("{user}: {} {} {id} of {owner:?}", kind.name, step.verb);
                if allowed {
                    assert_ne!(run.exit, 11, "{name}\n{run}");
                } else {
                    // What does not fit the record may be told first; nobody gets it done.
                    assert!(matches!(run.exit, 11 | 5), "{name}\n{run}");
                }
                if run.exit == 11 {
                    asked.insert((kind.name, step.verb));
                }
            }
        }
    }
    assert!(asked.len() > 25, "{} {asked:?}", asked.len());
}

/// Commands that stand alone: what somebody without rights gets. `ok`: nothing in it is anybody's.
const ALONE: &[(&str, &[&str], i32)] = &[
    ("init", &["init", "new", "--company", "X", "--user", "x", "--name", "X", "--email", "x@x.example"], 0),
    ("demo", &["demo", "other"], 0),
    ("tutorial", &["tutorial"], 0),
    ("status", &["status"], 0),
    ("search", &["search", "深圳"], 0),
    ("show", &["show", "@customer"], 11),
    ("edit", &["edit", "@customer", "--dry-run"], 0),
    ("log", &["log"], 0),
    ("diff", &["diff", "HEAD~1"], 0),
    ("undo", &["undo", "HEAD", "--dry-run"], 11),
    ("restore", &["restore", "@changed", "--at", "HEAD~1", "--dry-run"], 11),
    ("check", &["check"], 0),
    ("doctor", &["doctor"], 0),
    ("conflicts", &["conflicts"], 0),
    ("resolve", &["resolve", "@customer", "--ours"], 0),
    ("merge-driver", &["merge-driver", "--install"], 0),
    ("policy", &["policy", "check", "HEAD~1..HEAD"], 0),
    ("audit", &["audit"], 0),
    ("hook", &["hook", "pre-receive"], 0),
    ("commit", &["commit", "--dry-run"], 11),
    ("fmt", &["fmt", "--check"], 0),
    ("import", &["import", "customer", "@csv", "--dry-run"], 11),
    ("export", &["export", "customer"], 11),
    ("batch", &["batch", "@batch", "--dry-run"], 11),
    ("remind", &["remind", "run", "--dry-run"], 0),
    ("outbox", &["outbox", "run", "--dry-run"], 0),
    ("report", &["report", "sales"], 0),
    ("schema", &["schema"], 0),
    ("sql", &["sql", "select count(*) from customers"], 0),
    ("mirror", &["mirror", "push", "postgres://x"], 0),
    ("trust", &["trust", "--dry-run"], 0),
    ("whoami", &["whoami"], 0),
    ("completions", &["completions", "bash"], 0),
    ("man", &["man", "crm"], 0),
    ("help", &["help"], 0),
    ("config", &["config", "set", "company.name", "X"], 11),
    ("migrate", &["migrate", "--dry-run"], 0),
    ("complete", &["complete"], 0),
    ("clone", &["clone", "../elsewhere"], 0),
    ("sync", &["sync"], 0),
    ("gate", &["gate", "accept"], 0),
    ("backup", &["backup", "create", "x.crmbackup"], 11),
    ("maintain", &["maintain", "--dry-run"], 0),
    ("login", &["login"], 0),
    ("logout", &["logout"], 0),
    ("passwd", &["passwd"], 0),
    ("gateway", &["gateway", "x"], 0),
];

#[test]
fn every_command_that_stands_alone_is_tried_by_somebody_without_rights() {
    let named: BTreeSet<&str> = ALONE.iter().map(|(name, ..)| *name).collect();
    let all: BTreeSet<&str> = STANDALONE.iter().map(|command| command.name).collect();
    assert_eq!(
        all.difference(&named).collect::<Vec<_>>(),
        [&""; 0],
        "say here what it lets somebody without rights do"
    );
    let company = Company::new();
    let customer = company.run("admin.liu", &["customer", "list", "--limit", "1", "--format", "ids"]).stdout;
    let customer = customer.trim().to_owned();
    company.run("admin.liu", &["customer", "set", &customer, "--add-tag", "once"]).exits(0);
    company.sandbox().write("in.csv", "name,kind\nNew Ltd,company\n");
    company.sandbox().write("lines", format!("customer set {customer} --note New\n"));
    let file = company.sandbox().file_of(&customer);
    let before = company.run("admin.liu", &["log", "--limit", "1"]).stdout;
    for (name, words, exit) in ALONE.iter().filter(|(_, _, exit)| *exit == 11) {
        if *name == "commit" {
            company.sandbox().edit(&file, |text| text.replacen("name = \"", "name = \"X", 1));
        }
        let words = words.iter().map(|word| match *word {
            "@customer" | "@changed" => customer.as_str(),
            "@csv" => "in.csv",
            "@batch" => "lines",
            other => other,
        });
        let run = company.run("no.body", &words.collect::<Vec<_>>());
        assert_eq!(run.exit, *exit, "{run}");
        if *name == "commit" {
            company.sandbox().git(format!("checkout -- {file}"));
        }
    }
    assert_eq!(company.run("admin.liu", &["log", "--limit", "1"]).stdout, before);
    // What lists records lists none.
    for words in [&["search", "家电", "--format", "ids"][..], &["diff", "HEAD~1", "--format", "ids"]] {
        company.run("no.body", words).exits(0).prints_nothing();
    }
    let log = company.run("no.body", &["log", "--format", "csv"]).exits(0);
    assert!(!log.stdout.contains("cus_") && !log.stdout.contains("ord_"), "{log}");
    company
        .run("no.body", &["sql", "select count(*) from customers", "--format", "csv", "--no-header"])
        .prints(&["0"]);
}

#[test]
fn limits_on_fields_owners_and_numbers_hold() {
    let company = Company::new();
    let admin = |words: &[&str]| company.run("admin.liu", words).exits(0).stdout.trim().to_owned();
    admin(&[
        "role",
        "set",
        "own",
        "--readonly-field",
        "customer.short_name",
        "--hidden-field",
        "customer.industry",
        "--bulk-max",
        "2",
    ]);
    let mine = admin(&["customer", "list", "--where", "owner=li.na", "--format", "ids"]);
    let mine: Vec<&str> = mine.lines().collect();
    let li = |words: &[&str]| company.run("li.na", words);
    li(&["customer", "set", mine[0], "--size", "m", "--dry-run"]).says(&[]);
    for (words, says) in [
        (&["customer", "set", mine[0], "--short-name", "Zzz"][..], "let read `short_name`"),
        (&["customer", "set", mine[0], "--industry", "other"], "hide `industry`"),
        (&["customer", "assign", mine[0], "--to", "wang.wei"], "somebody else"),
        (&["customer", "add", "--name", "New", "--owner", "wang.wei"], "somebody else"),
        (&["user", "set", "me", "--role", "admin"], "`roles` of user"),
        (&["user", "set", "wang.wei", "--phone", "13800138000"], "needs an administrator"),
        (&["role", "set", "own", "--admin"], "needs an administrator"),
        (&["team", "add", "x", "--name", "X"], "needs an administrator"),
        (
            &["customer", "set", mine[0], mine[1], mine[2], "--add-tag", "x"],
            "may change 2 records, this one changes 3",
        ),
    ] {
        let run = li(words).exits(11);
        assert!(run.stderr.contains(says), "{says}\n{run}");
    }
    for bad in ["ssh-rsa AAAA x", "李娜", "ssh-ed25519 AAAA", &"A".repeat(10_000)] {
        li(&["user", "key", "add", "me", "--key", bad]).exits(5).says(&["is no ssh public key"]);
    }
    li(&["user", "set", "me", "--phone", "13800138000", "--notify", "email"]).exits(0);
    li(&["customer", "set", mine[0], mine[1], "--add-tag", "x"]).exits(0);
}

#[test]
fn what_somebody_may_is_told_with_the_role_that_decides() {
    let company = Company::new();
    let can = |words: &[&str], exit: i32| {
        let mut line = vec!["user", "can"];
        line.extend_from_slice(words);
        line.extend(["--format", "json"]);
        company.run("admin.liu", &line).exits(exit).json()[0].clone()
    };
    assert_eq!(can(&["li.na", "edit", "customer"], 0)["reach"], "own");
    assert_eq!(can(&["al.le", "confirm", "order"], 0)["role"], "whole");
    assert_eq!(can(&["de.ny", "confirm", "order"], 11)["allowed"], false);
    assert_eq!(can(&["admin.liu", "export"], 0)["role"], "admin");
    assert_eq!(can(&["re.ader", "export"], 11)["role"], serde_json::Value::Null);
    assert_eq!(can(&["no.body", "read", "customer"], 11)["reach"], "none");
    let theirs = company.run(
        "admin.liu",
        &["customer", "list", "--where", "owner=zhao.min", "--limit", "1", "--format", "ids"],
    );
    let theirs = theirs.stdout.trim().to_owned();
    assert_eq!(can(&["li.na", "edit", &theirs], 11)["record"], theirs.as_str());
    assert_eq!(can(&["re.ader", "read", &theirs], 0)["allowed"], true);
    company.run("admin.liu", &["user", "can", "li.na", "fly", "customer"]).exits(2).says(&["fly"]);
    company.run("admin.liu", &["user", "can", "li.na", "edit"]).exits(2);
    company.run("admin.liu", &["user", "can", "nobody.there", "edit", "customer"]).exits(3);
}
