//! What comes in: what honest people push, and a day on which five of them work in their clones.

use super::harness::{Bench, Edit, SECONDS, Text, gone, person, put, world};
use super::store::{
    CALL, CONTACT, DRAFT, FIRM, FREE, OPP, POOLED, QUOTE, SAMS, SHIPMENT, SUES, customer, head, moved, order,
    path, shipment, user,
};

struct Case {
    name: &'static str,
    make: fn(&Bench, &str) -> String,
}

const fn case(name: &'static str, make: fn(&Bench, &str) -> String) -> Case {
    Case { name, make }
}

fn edit(b: &Bench, at: &str, path: &str, from: &str, to: &str) -> Edit {
    let text = b.read(at, path);
    assert!(text.contains(from), "{path} has no {from:?}\n{text}");
    put(path, text.replacen(from, to, 1))
}

fn more(b: &Bench, at: &str, path: &str, text: &str) -> Edit {
    put(path, b.read(at, path) + text)
}

fn note(b: &Bench, at: &str, path: &str) -> Edit {
    let text = b.read(at, path);
    let (first, rest) = text.split_once("\n\n").expect("a head");
    put(path, format!("{first}\nnote = \"by hand\"\n\n{rest}"))
}

fn undoing(b: &Bench, user: &str, tip: &str, target: &str, edits: &[Edit]) -> String {
    let mut text = b.text(user, tip, edits);
    text.message = format!("undo\n\nCrm-Op: undo\nCrm-Undoes: {target}\nCrm-Actor: {user}");
    b.sign(user, &text)
}

/// The user's file with a further key.
fn keyed(b: &Bench, at: &str, user: &str, key: &str) -> Edit {
    let row = format!("\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public(key));
    more(b, at, &format!("users/{user}.toml"), &row)
}

const NEW: &str = "cus_kkpppppppppp";

const CASES: &[Case] = &[
    case("a note on one's own record", |b, tip| b.commit("sam", tip, &[note(b, tip, &path(SAMS))])),
    case("a commit that changes nothing", |b, tip| b.commit("sam", tip, &[])),
    case("a new customer", |b, tip| {
        b.commit("sam", tip, &[put(path(NEW), customer(NEW, "Omega", "sam", Some("sam"), ""))])
    }),
    case("a customer named in Chinese, by a key of another kind", |b, tip| {
        b.commit("tom", tip, &[put(path(NEW), customer(NEW, "海尔北京", "tom", Some("tom"), ""))])
    }),
    case("a contact at one's own customer", |b, tip| {
        let id = "con_kkpppppppppp";
        b.commit(
            "sam",
            tip,
            &[put(path(id), format!("{}customer = \"{SAMS}\"\nname = \"Roy\"\n", head(id, "sam")))],
        )
    }),
    case("a contact that another made, at one's own customer", |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(CONTACT), "Joy", "Joyce")])
    }),
    case("a record of somebody in a team below", |b, tip| b.commit("max", tip, &[note(b, tip, &path(SAMS))])),
    case("a record given to another by who may", |b, tip| {
        let text = b.read(tip, &path(SAMS)).replace("owner = \"sam\"", "owner = \"sue\"");
        b.commit("max", tip, &[put(path(SAMS), text + &moved("max", "owner", "sam", "sue"))])
    }),
    case("a record that nobody has, by an administrator", |b, tip| {
        b.commit("ada", tip, &[note(b, tip, &path(FREE))])
    }),
    case("a claim from a pool of one's team", |b, tip| {
        let text = b.read(tip, &path(POOLED)).replace("pool = \"sea\"", "owner = \"sue\"");
        let rows = moved("sue", "pool", "sea", "") + &moved("sue", "owner", "", "sue");
        b.commit("sue", tip, &[put(path(POOLED), text + &rows)])
    }),
    case("three records, as many as the role may change", |b, tip| {
        let ids = [NEW, "cus_kkqqqqqqqqqq", "cus_kkrrrrrrrrrr"];
        let new: Vec<Edit> =
            ids.iter().map(|id| put(path(id), customer(id, id, "sam", Some("sam"), ""))).collect();
        b.commit("sam", tip, &new)
    }),
    case("a record removed to which nothing points", |b, tip| b.commit("sue", tip, &[gone(path(SUES))])),
    case("one's own preferences", |b, tip| {
        let to = "team = \"north\"\n\nlanguage = \"zh-CN\"\nnotify = [\n  \"email\",\n]\n";
        b.commit("sam", tip, &[edit(b, tip, "users/sam.toml", "team = \"north\"\n", to)])
    }),
    case("one's own name, and a commit under it", |b, tip| {
        let named = b.commit("sam", tip, &[edit(b, tip, "users/sam.toml", "Sam Ho", "Sam Hong")]);
        let mut text = b.text("sam", &named, &[note(b, tip, &path(SAMS))]);
        text.author = "Sam Hong <sam@acme.example>".into();
        text.committer.clone_from(&text.author);
        b.sign("sam", &text)
    }),
    case("a second key, and a commit by either", |b, tip| {
        let two = b.commit("sam", tip, &[keyed(b, tip, "sam", "next")]);
        let by_new = b.sign("next", &b.text("sam", &two, &[note(b, tip, &path(SAMS))]));
        b.commit("sam", &by_new, &[note(b, tip, &path(CALL))])
    }),
    case("a rotation: the old key signs its own end", |b, tip| {
        let file = "users/sam.toml";
        let old = b.read(tip, file).replace("state = \"active\"", "state = \"revoked\"");
        let row = format!("\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public("next"));
        let rotated = b.commit("sam", tip, &[put(file, old + &row)]);
        b.sign("next", &b.text("sam", &rotated, &[note(b, tip, &path(SAMS))]))
    }),
    case("a lost key, for which an administrator adds another", |b, tip| {
        let added = b.commit("ada", tip, &[keyed(b, tip, "rex", "next")]);
        b.sign("next", &b.text("rex", &added, &[]))
    }),
    case("a key that two users had, when one of them is gone", |b, tip| {
        let alone = b.commit("ada", tip, &[gone("users/twain.toml")]);
        b.sign("shared", &b.text("twin", &alone, &[]))
    }),
    case("a new user's first commit", |b, tip| {
        let text =
            user("sam", &[(world().public("next"), "active")]).replace("sam", "eve").replace("Sam Ho", "Eve");
        let hired = b.commit("ada", tip, &[put("users/eve.toml", text)]);
        let mut text =
            b.text("sam", &hired, &[put(path(NEW), customer(NEW, "Omega", "eve", Some("eve"), ""))]);
        text.author = "Eve <eve@acme.example>".into();
        text.committer.clone_from(&text.author);
        b.sign("next", &text)
    }),
    case("a suspended user who is back", |b, tip| {
        let text = b.read(tip, "users/sid.toml").replace("status = \"suspended\"", "status = \"active\"");
        let back =
            b.commit("ada", tip, &[put("users/sid.toml", text + &moved("ada", "", "suspended", "active"))]);
        b.commit("sid", &back, &[note(b, tip, &path(FREE))])
    }),
    case("an order confirmed within the limit", |b, tip| {
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        let text = text.replace("price = \"100.00\"\ntax", "price = \"100.00\"\ndiscount_pct = \"5\"\ntax");
        b.commit("sam", tip, &[put(path(DRAFT), text + &moved("sam", "", "draft", "confirmed"))])
    }),
    case("an order brought in as confirmed", |b, tip| {
        let id = "ord_kkpppppppppp";
        let text =
            order(id, "SO-2026-0009", "sam", "confirmed", "5") + &moved("sam", "", "draft", "confirmed");
        b.commit("sam", tip, &[put(path(id), text)])
    }),
    case("a quote sent with the discount that was approved", |b, tip| {
        let text = b.read(tip, &path(QUOTE)).replace("status = \"draft\"", "status = \"sent\"");
        b.commit("sam", tip, &[put(path(QUOTE), text + &moved("sam", "", "draft", "sent"))])
    }),
    case("a discount approved by who may", |b, tip| {
        let text =
            b.read(tip, &path(QUOTE)).replace("approved_discount = \"8\"", "approved_discount = \"20\"");
        b.commit("max", tip, &[put(path(QUOTE), text)])
    }),
    case("an order put on hold, where only closing is denied", |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"on_hold\"");
        b.commit("sam", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "on_hold"))])
    }),
    case("two moves in one commit", |b, tip| {
        let text = b.read(tip, &path(FIRM));
        let rows = moved("sam", "", "confirmed", "on_hold") + &moved("sam", "", "on_hold", "confirmed");
        b.commit("sam", tip, &[put(path(FIRM), text + &rows)])
    }),
    case("a shipment", |b, tip| {
        let id = "shp_kkpppppppppp";
        b.commit("sam", tip, &[put(path(id), shipment(id, "sam", "1"))])
    }),
    case("a shipment reversed", |b, tip| {
        let id = "shp_kkpppppppppp";
        let text =
            shipment(id, "sam", "1").replace("date = ", &format!("reverses = \"{SHIPMENT}\"\ndate = "));
        b.commit("sam", tip, &[put(path(id), text)])
    }),
    case("a field of a fact that is filled once", |b, tip| {
        let to = "warehouse = \"main\"\n\ndelivered_on = 2026-03-04\n";
        b.commit("sam", tip, &[edit(b, tip, &path(SHIPMENT), "warehouse = \"main\"\n", to)])
    }),
    case("a call that was made", |b, tip| {
        let text = b.read(tip, &path(CALL)).replace("status = \"planned\"", "status = \"done\"");
        let text =
            text.replace("due = 2026-03-06\n", "due = 2026-03-06\ndone_at = 2026-03-04T10:00:00+08:00\n");
        b.commit("sam", tip, &[put(path(CALL), text)])
    }),
    case("a sale won by who may", |b, tip| {
        let text = b.read(tip, &path(OPP)).replace("stage = \"qualification\"", "stage = \"won\"");
        let text =
            text.replace("close_date = 2026-05-03\n", "close_date = 2026-05-03\nclosed_on = 2026-03-04\n");
        b.commit("max", tip, &[put(path(OPP), text + &moved("max", "", "qualification", "won"))])
    }),
    case("an undo", |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, &path(SAMS))]);
        undoing(b, "sam", &own, &own, &[put(path(SAMS), b.read(tip, &path(SAMS)))])
    }),
    case("an undo of a fact to which nothing refers", |b, tip| {
        let id = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(id), shipment(id, "sam", "1"))]);
        undoing(b, "sam", &made, &made, &[gone(path(id))])
    }),
    case("an undo of a move, with its entry of the history", |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"on_hold\"");
        let held = b.commit("sam", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "on_hold"))]);
        undoing(b, "sam", &held, &held, &[put(path(FIRM), b.read(tip, &path(FIRM)))])
    }),
    case("an undo of an undo", |b, tip| {
        let id = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(id), shipment(id, "sam", "1"))]);
        let undone = undoing(b, "sam", &made, &made, &[gone(path(id))]);
        undoing(b, "sam", &undone, &undone, &[put(path(id), shipment(id, "sam", "1"))])
    }),
    case("an undo by an administrator of what another did", |b, tip| {
        let id = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(id), shipment(id, "sam", "1"))]);
        undoing(b, "ada", &made, &made, &[gone(path(id))])
    }),
    case("an undo of what the record has lost already in part", |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, &path(SAMS)), note(b, tip, &path(CALL))]);
        let part = b.commit("sam", &own, &[put(path(CALL), b.read(tip, &path(CALL)))]);
        undoing(b, "sam", &part, &own, &[put(path(SAMS), b.read(tip, &path(SAMS)))])
    }),
    case("an undo of a fact after the settings gave its type a field", |b, tip| {
        let id = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(id), shipment(id, "sam", "1"))]);
        let field = "\n[fields.shipment.pallets]\ntype = \"int\"\n";
        let set = b.commit("ada", &made, &[more(b, tip, "crm.toml", field)]);
        undoing(b, "sam", &set, &made, &[gone(path(id))])
    }),
    case("an undo of one's own preference", |b, tip| {
        let file = "users/sam.toml";
        let to = "team = \"north\"\n\nlanguage = \"zh-CN\"\n";
        let own = b.commit("sam", tip, &[edit(b, tip, file, "team = \"north\"\n", to)]);
        undoing(b, "sam", &own, &own, &[put(file, b.read(tip, file))])
    }),
    case("a role changed by an administrator, and used", |b, tip| {
        let role = edit(b, tip, "roles/sales.toml", "discount_max = \"5\"", "discount_max = \"9\"");
        let wider = b.commit("ada", tip, &[role]);
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        let text = text.replace("price = \"100.00\"\ntax", "price = \"100.00\"\ndiscount_pct = \"9\"\ntax");
        b.commit("sam", &wider, &[put(path(DRAFT), text + &moved("sam", "", "draft", "confirmed"))])
    }),
    case("a field of one's own, defined and filled in one commit", |b, tip| {
        let field = "\n[fields.customer.secret]\ntype = \"string\"\n";
        b.commit(
            "ada",
            tip,
            &[more(b, tip, "crm.toml", field), more(b, tip, &path(SAMS), "\n[custom]\nsecret = \"x\"\n")],
        )
    }),
    case("a code that the settings add, used in the next commit", |b, tip| {
        let code = b.commit(
            "ada",
            tip,
            &[more(b, tip, "crm.toml", "\n[codes.industry.mining]\nlabel = \"Mining\"\n")],
        );
        b.commit(
            "sue",
            &code,
            &[edit(b, tip, &path(SUES), "\"Beta\"\n", "\"Beta\"\n\nindustry = \"mining\"\n")],
        )
    }),
    case("a record that cannot be read any more, mended by an administrator", |b, tip| {
        let code = b.commit(
            "ada",
            tip,
            &[more(b, tip, "crm.toml", "\n[codes.industry.mining]\nlabel = \"Mining\"\n")],
        );
        let text = b.read(tip, &path(SUES));
        let mining = text.replace("\"Beta\"\n", "\"Beta\"\n\nindustry = \"mining\"\n");
        let used = b.commit("sue", &code, &[put(path(SUES), mining)]);
        let gone_again = b.commit("ada", &used, &[put("crm.toml", b.read(tip, "crm.toml"))]);
        b.commit("ada", &gone_again, &[put(path(SUES), text)])
    }),
    case("the gateway for a seller", |b, tip| {
        let mut text = b.text("gate", tip, &[note(b, tip, &path(SAMS))]);
        text.author = person("sam");
        b.sign("gate", &text)
    }),
    case("the gateway for an administrator", |b, tip| {
        let mut text = b.text("gate", tip, &[more(b, tip, "crm.toml", "\n[quote]\nvalid_days = 15\n")]);
        text.author = person("ada");
        b.sign("gate", &text)
    }),
    case("an undo through the gateway", |b, tip| {
        let id = "shp_kkpppppppppp";
        let mut text = b.text("gate", tip, &[put(path(id), shipment(id, "sam", "1"))]);
        text.author = person("sam");
        let made = b.sign("gate", &text);
        let mut text = b.text("gate", &made, &[gone(path(id))]);
        text.author = person("sam");
        text.message = format!("undo\n\nCrm-Undoes: {made}\nCrm-Actor: sam");
        b.sign("gate", &text)
    }),
    case("a service user that gives a lead to a seller", |b, tip| {
        let id = "lea_kkpppppppppp";
        let text = format!(
            "{}name = \"Web\"\n\nphone = \"+8613800138001\"\n\nsource = \"web\"\n\nowner = \"sam\"\n\nstatus = \"new\"\n",
            head(id, "bot")
        );
        b.commit("bot", tip, &[put(path(id), text)])
    }),
    case("a report by who may write them", |b, tip| {
        let new = b.commit("max", tip, &[put("reports/mine.sql", "select 1 as one\n")]);
        b.commit(
            "max",
            &new,
            &[put("reports/mine.sql", "select 2 as two\n"), put("reports/old.sql", "select 3 as c\n")],
        )
    }),
    case("a new report by who may make reports", |b, tip| {
        b.commit("cleo", tip, &[put("reports/mine.sql", "select 1 as one\n")])
    }),
    case("a file of people's own by an administrator", |b, tip| {
        b.commit("ada", tip, &[put("docs/guide.md", "# Guide\n"), put("docs/github.txt", "x\n")])
    }),
    case("a schema file by an administrator", |b, tip| {
        b.commit("ada", tip, &[put("schema/customer.json", "{}\n")])
    }),
    case("the gate taken off by an administrator", |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "crm.toml", "gate = true", "gate = false")])
    }),
    case("a clock that is four minutes ahead", |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, &path(SAMS))]);
        text.seconds = SECONDS + 240;
        b.sign("sam", &text)
    }),
    case("a commit made on a train last week", |b, tip| {
        let mut text = b.text("sam", tip, &[note(b, tip, &path(SAMS))]);
        text.seconds = SECONDS - 7 * 86_400;
        b.sign("sam", &text)
    }),
    case("a further address of an author", |b, tip| {
        let to = "team = \"north\"\n\ngit_emails = [\n  \"sam@home.example\",\n]\n";
        let known = b.commit("ada", tip, &[edit(b, tip, "users/sam.toml", "team = \"north\"\n", to)]);
        let mut text = b.text("sam", &known, &[note(b, tip, &path(SAMS))]);
        text.author = "Sam Ho <Sam@Home.example>".into();
        b.sign("sam", &text)
    }),
    case("a comment and a key that nobody knows yet", |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SAMS), "name = ", "# the best\nshoe_size = 42\nname = ")])
    }),
    case("commits of several people in one push", |b, tip| {
        let one = b.commit("sam", tip, &[note(b, tip, &path(SAMS))]);
        let two = b.commit("sue", &one, &[note(b, tip, &path(SUES))]);
        b.commit("ada", &two, &[note(b, tip, &path(FREE))])
    }),
];

#[test]
fn what_honest_people_push_comes_in() {
    assert!(CASES.len() >= 50);
    let bench = Bench::new();
    let tip = bench.tip();
    let mut wrong = Vec::new();
    for case in CASES {
        let new = (case.make)(&bench, &tip);
        let push = bench.push(&format!("{new}:refs/heads/main"), &[]);
        if push.exit != 0 || bench.tip() != new {
            wrong.push(format!("{}: refused\n{push}", case.name));
        }
        let check = bench.crm(&["policy", "check", &format!("{tip}..{new}")]);
        let audit = bench.crm(&["audit", &new]);
        for run in [check, audit].iter().filter(|run| run.exit != 0) {
            wrong.push(format!("{}\n{run}", case.name));
        }
        bench.in_hub(&["update-ref", "refs/heads/main", &tip]);
    }
    assert!(wrong.is_empty(), "{} of {}\n\n{}", wrong.len(), CASES.len(), wrong.join("\n\n"));
}

#[test]
fn a_history_without_signatures_goes_on_behind_a_gate() {
    let bench = Bench::from(&world().open);
    let tip = bench.tip();
    let loose = bench.write(bench.text("sam", &tip, &[note(&bench, &tip, &path(SUES))]).plain().as_bytes());
    let mut text = bench.text("sue", &tip, &[note(&bench, &tip, &path(SAMS))]);
    text.parents = vec![tip.clone()];
    let side = bench.write(text.plain().as_bytes());
    let mut text = Text::on("ada", &loose, bench.tree(&loose, &[note(&bench, &tip, &path(SAMS))]));
    text.parents.push(side);
    let merged = bench.write(text.plain().as_bytes());
    let push = bench.push(&format!("{merged}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
    let settings = bench.read(&merged, "crm.toml") + "\n[policy]\ngate = true\n";
    let shut = bench.commit("ada", &merged, &[put("crm.toml", settings)]);
    let signed = bench.commit("sam", &shut, &[note(&bench, &tip, &path(CALL))]);
    let push = bench.push(&format!("{signed}:refs/heads/main"), &[]);
    assert_eq!(push.exit, 0, "{push}");
    let late = bench.write(bench.text("sam", &signed, &[note(&bench, &tip, &path(OPP))]).plain().as_bytes());
    assert_ne!(bench.push(&format!("{late}:refs/heads/main"), &[]).exit, 0);
    assert_eq!(bench.crm(&["audit", &signed]).exit, 0);
    assert_eq!(bench.crm(&["audit", &signed, "--root", &shut]).exit, 0);
    let root = bench.crm(&["audit", &merged, "--root", &shut]);
    assert_eq!(root.exit, 9, "{root}");
}

#[test]
fn a_day_of_five_people_in_their_clones() {
    let bench = Bench::new();
    let [ada, max, sam, sue, bot] = ["ada", "max", "sam", "sue", "bot"].map(|user| bench.desk(user));
    let ok = |desk: &super::harness::Desk, words: &str| desk.crm(words).exits(0).stdout.trim().to_owned();
    assert_eq!(sam.crm("check").exit, 0, "{}", sam.crm("check"));

    // A seller works offline, and gives the hub three commits at once.
    ok(&sam, "customer add --name Omega");
    ok(&sam, &format!("customer set {SAMS} --note 'called at nine'"));
    ok(&sam, &format!("followup done {CALL} --outcome connected --summary 'wants two'"));
    sam.push().exits(0);

    // What he may not do is refused before it is a commit.
    let before = sam.git("rev-parse HEAD").stdout;
    sam.crm(&format!("order close {FIRM} --reason x")).exits(11);
    sam.crm(&format!("customer set {SUES} --note x")).exits(11);
    sam.crm("product set P1 --cost 1").exits(11);
    sam.crm("user set sam --role admin").exits(11);
    sam.crm(&format!("customer assign {SAMS} --to sue")).exits(11);
    assert_eq!(sam.git("rev-parse HEAD").stdout, before);

    // Another claims from the pool, and takes back what she did.
    sue.pull();
    ok(&sue, &format!("pool claim {POOLED}"));
    ok(&sue, &format!("customer set {SUES} --note 'by mistake'"));
    ok(&sue, "undo");
    ok(&sue, "undo HEAD");
    ok(&sue, "undo HEAD");
    ok(&sue, "user set sue --notify email");
    sue.push().exits(0);

    // A fact made in error goes while nothing refers to it.
    sam.pull();
    ok(&sam, &format!("order ship {FIRM} --line P1:2"));
    ok(&sam, "undo");
    sam.push().exits(0);

    // The manager gives a customer to another, and approves.
    max.pull();
    ok(&max, &format!("customer assign {SAMS} --to sue"));
    ok(&max, &format!("quote approve {QUOTE}"));
    ok(&max, &format!("order confirm {DRAFT}"));
    max.push().exits(0);

    // The night bot brings leads.
    bot.pull();
    ok(&bot, "lead add --name Web --phone 13800138009 --owner sam --source web");
    bot.push().exits(0);

    // Two keys, then the new one alone.
    sam.pull();
    let key = world().public("next");
    ok(&sam, &format!("user key add sam --key '{key}' --label laptop"));
    sam.sign_with("next");
    ok(&sam, "customer add --name Psi");
    ok(&sam, &format!("user key set sam '{}' --state revoked", world().public("sam")));
    sam.sign_with("sam");
    sam.crm("customer add --name Chi").exits(11);
    sam.sign_with("next");
    ok(&sam, "customer add --name Chi");
    sam.push().exits(0);

    // The administrator changes a role, takes back what a seller did, and hires.
    ada.pull();
    ok(&ada, "role set sales --discount-max 9");
    let psi = ada.git("log -1 --format=%H --grep=Psi").stdout.trim().to_owned();
    ok(&ada, &format!("undo {psi}"));
    ok(&ada, "user suspend sue");
    ada.push().exits(0);

    // A suspended user's work stays outside: hers does not follow, or is not hers to do.
    sue.crm(&format!("customer set {SUES} --note late")).exits(0);
    assert_ne!(sue.push().exit, 0);
    sue.git("fetch -q").exits(0);
    sue.git("reset -q --hard origin/main").exits(0);
    sue.crm(&format!("customer set {SUES} --note late")).exits(11);
    sue.git("commit -q --allow-empty -S -m late").exits(0);
    let push = sue.push();
    assert!(push.exit != 0 && super::harness::named(&push) == ["gate-unknown-key"], "{push}");

    ada.pull();
    let audit = ada.crm("audit");
    assert_eq!(audit.exit, 0, "{audit}");
    let commits = ada.git("rev-list --count HEAD").stdout.trim().parse::<usize>().expect("a number");
    assert!(commits > 20, "{commits}");
}
