//! The same question asked in the clone and at the hub: a hand edit that is committed with
//! `crm commit`, and the same change made by hand and pushed. Both answer as a table says that is
//! read here by itself.

use super::harness::{Bench, Desk, named, world};
use super::store::{
    CALL, CONTACT, DRAFT, FIRM, FREE, LEAD, OPP, QUOTE, SAMS, SUES, TICKET, TOMS, moved, path,
};

/// A record, its type, and whose it is.
const RECORDS: &[(&str, &str, &str)] = &[
    (SAMS, "customer", "sam"),
    (SUES, "customer", "sue"),
    (TOMS, "customer", "tom"),
    (FREE, "customer", ""),
    (CONTACT, "contact", "sam"),
    (LEAD, "lead", "sam"),
    (OPP, "opportunity", "sam"),
    (QUOTE, "quote", "sam"),
    (DRAFT, "order", "sam"),
    (CALL, "followup", "sam"),
    (TICKET, "ticket", "sam"),
];

const USERS: &[&str] = &["ada", "max", "sam", "cleo", "bot"];

/// How far a user's role lets edit a type, and whether it may give its records away.
fn grant(user: &str, noun: &str) -> (&'static str, bool) {
    match (user, noun) {
        ("ada", _) => ("all", true),
        ("max", "ticket") => ("none", false),
        ("max", _) => ("team", true),
        ("sam", _) => ("own", false),
        ("cleo", "order") => ("all", false),
        ("bot", "followup") => ("own", true),
        _ => ("none", false),
    }
}

/// Max is of the team above all others; nobody's records only `all` reaches.
fn reaches(user: &str, noun: &str, owner: &str) -> bool {
    match grant(user, noun).0 {
        "all" => true,
        "team" => !owner.is_empty(),
        "own" => owner == user,
        _ => false,
    }
}

/// What is done by hand.
struct Deed {
    name: &'static str,
    id: &'static str,
    /// The text after; `None` where the file goes.
    text: Option<String>,
    allowed: bool,
}

fn deeds(user: &'static str, read: &dyn Fn(&str) -> String) -> Vec<Deed> {
    let mut deeds = Vec::new();
    for (id, noun, owner) in RECORDS {
        let text = read(&path(id));
        let (first, rest) = text.split_once("\n\n").expect("a head");
        let noted = format!("{first}\nnote = \"by hand\"\n\n{rest}");
        let allowed = reaches(user, noun, owner);
        deeds.push(Deed { name: "note", id, text: Some(noted), allowed });
    }
    let swap = |id: &str, from: &str, to: &str| {
        let text = read(&path(id));
        assert!(text.contains(from), "{text}");
        Some(text.replacen(from, to, 1))
    };
    for (id, owner) in [(SAMS, "sam"), (SUES, "sue")] {
        let reach = reaches(user, "customer", owner);
        let name = if id == SAMS { "name = \"Alpha\"\n" } else { "name = \"Beta\"\n" };
        let level = swap(id, name, &format!("{name}\nlevel = \"A\"\n"));
        deeds.push(Deed { name: "read-only", id, text: level, allowed: reach && user != "sam" });
        let credit = swap(id, "status = ", "credit_limit = \"9.00\"\n\nstatus = ");
        deeds.push(Deed { name: "hidden", id, text: credit, allowed: reach && user != "sam" });
        let given = swap(id, &format!("owner = \"{owner}\""), "owner = \"tom\"");
        let given = given.map(|text| text + &moved(user, "owner", owner, "tom"));
        deeds.push(Deed { name: "assign", id, text: given, allowed: reach && grant(user, "customer").1 });
    }
    let held = swap(FIRM, "status = \"confirmed\"", "status = \"on_hold\"");
    let held = held.map(|text| text + &moved(user, "", "confirmed", "on_hold"));
    deeds.push(Deed { name: "hold", id: FIRM, text: held, allowed: reaches(user, "order", "sam") });
    let closed = swap(FIRM, "status = \"confirmed\"", "status = \"closed\"");
    let closed = closed.map(|text| text + &moved(user, "", "confirmed", "closed"));
    let allowed = reaches(user, "order", "sam") && user != "sam";
    deeds.push(Deed { name: "close", id: FIRM, text: closed, allowed });
    // What is not so nobody may write, not even an administrator.
    let lie = Some(read(&path(SAMS)) + &moved(user, "owner", "tom", "sam"));
    deeds.push(Deed { name: "a false history", id: SAMS, text: lie, allowed: false });
    let lie = swap(FIRM, "status = \"confirmed\"", "status = \"on_hold\"");
    let lie = lie.map(|text| text + &moved("tom", "", "confirmed", "on_hold"));
    deeds.push(Deed { name: "in another's name", id: FIRM, text: lie, allowed: false });
    // Sam and Max may remove what they may edit here; Cleo and the bot nothing of his.
    let allowed = matches!(user, "ada" | "max" | "sam");
    deeds.push(Deed { name: "remove", id: CALL, text: None, allowed });
    deeds
}

/// Whether the clone takes a hand edit; the file is put back.
fn locally(desk: &Desk, deed: &Deed) -> bool {
    let file = path(deed.id);
    let before = desk.read(&file);
    match &deed.text {
        Some(text) => desk.write(&file, text),
        None => std::fs::remove_file(desk.dir.join(&file)).expect("a file is removed"),
    }
    let run = desk.crm("commit --dry-run");
    desk.write(&file, &before);
    assert!(run.exit == 0 || run.exit == 11, "{} {}\n{run}", deed.name, deed.id);
    run.exit == 0
}

#[test]
fn clone_and_hub_give_the_same_answers() {
    let bench = Bench::new();
    let tip = world().root.clone();
    let (mut cases, mut wrong) = (0, Vec::new());
    for user in USERS {
        let desk = bench.desk(user);
        for deed in deeds(user, &|path| desk.read(path)) {
            cases += 1;
            let local = locally(&desk, &deed);
            let edit = match &deed.text {
                Some(text) => super::harness::put(path(deed.id), text.clone()),
                None => super::harness::gone(path(deed.id)),
            };
            let new = bench.commit(user, &tip, &[edit]);
            let push = bench.push(&format!("{new}:refs/heads/main"), &[]);
            let taken = push.exit == 0;
            assert_eq!(taken, bench.tip() != tip, "{push}");
            if taken {
                bench.in_hub(&["update-ref", "refs/heads/main", &tip]);
            }
            if (local, taken) != (deed.allowed, deed.allowed) {
                let rules = named(&push);
                wrong.push(format!("{user} {} {}: local {local}, hub {taken} {rules:?}", deed.name, deed.id));
            }
        }
    }
    assert!(cases >= 60, "{cases}");
    assert!(wrong.is_empty(), "{} of {cases}\n{}", wrong.len(), wrong.join("\n"));
}
