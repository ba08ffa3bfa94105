//! Customers and contacts as vCards in both directions, follow-ups as iCalendar.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crm::exchange::vcard::{self, Card, Property};
use serde_json::Value as Json;

use super::exports::{demo, run};
use crate::support::{Sandbox, shared_data};

/// The fields of a contact and a customer that a card has.
const OF_CONTACT: &[&str] = &[
    "id",
    "name",
    "customer_name",
    "title",
    "department",
    "phone",
    "other_phones",
    "email",
    "other_emails",
    "wechat",
    "birthday",
    "tags",
    "note",
];
const OF_CUSTOMER: &[&str] = &[
    "id",
    "name",
    "short_name",
    "kind",
    "phone",
    "other_phones",
    "email",
    "other_emails",
    "wechat",
    "website",
    "country",
    "province",
    "city",
    "district",
    "street",
    "postcode",
    "birthday",
    "tags",
    "note",
    "addresses",
];

/// The records of a type with these fields, by id; rows lose the ids that each store gives them.
fn records(sandbox: &Sandbox, noun: &str, fields: &[&str]) -> BTreeMap<String, BTreeMap<String, Json>> {
    let all =
        sandbox.command(&["export", noun, "--format", "json"]).env("CRM_LANG", "en").run().exits(0).json();
    let all = all.as_array().expect("an array").iter().map(|record| {
        let mut kept = BTreeMap::new();
        for field in fields {
            let mut value = record[*field].clone();
            for row in value.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
                row.remove("id");
            }
            kept.insert((*field).to_owned(), value);
        }
        (record["id"].as_str().expect("an id").to_owned(), kept)
    });
    all.collect()
}

#[test]
fn cards_of_one_store_make_the_same_records_in_another() {
    let demo = demo();
    let customer = run(&demo, &["customer", "list", "--format", "ids"]).exits(0);
    let contact = run(&demo, &["contact", "list", "--format", "ids"]).exits(0);
    let (customer, contact) = (customer.stdout.lines().next(), contact.stdout.lines().next());
    let (customer, contact) = (customer.expect("a customer"), contact.expect("a contact"));
    // Everything that a card has, with what must be escaped and folded.
    let note =
        "一, 二; 三\\四\nfive: a line that is much longer than the seventy-five octets of one line 汉汉汉汉";
    run(&demo, &["contact", "set", contact, "--note", note]).exits(0);
    run(&demo, &["customer", "set", customer, "--note", note]).exits(0);
    for words in [
        format!(
            "contact set {contact} --wechat kevin_tan --birthday 1988-02-29 --tag vip --tag 'a, b' \
             --other-phone '+86 571 5550 0001 ext. 12' --other-phone +8613800000009 --other-email b@c.example"
        ),
        format!(
            "customer set {customer} --wechat zifeng --website 'https://a.example/?q=1,2;3' --kind dealer \
             --tag a,b --postcode 210000"
        ),
        format!(
            "customer address add {customer} --use billing --label '财务, 总部' --country DE --city Berlin \
             --district Mitte --street 'Hauptstraße 1' --phone '+49 30 5550 0001'"
        ),
        "customer add --name 'Sam; Lee' --kind person --birthday 1990-01-02".to_owned(),
    ] {
        demo.command(words.as_str()).env("CRM_USER", "admin.liu").run().exits(0);
    }
    run(&demo, &["export", "customer", "-o", "../customers.vcf"]).exits(0).prints_nothing();
    run(&demo, &["export", "contact", "-o", "../contacts.vcf"]).exits(0).prints_nothing();
    let wanted = [records(&demo, "customer", OF_CUSTOMER), records(&demo, "contact", OF_CONTACT)];
    assert_eq!(wanted[1][contact]["note"], note);
    assert!(wanted[0][customer]["addresses"].to_string().contains("财务, 总部"));

    let other = Sandbox::new();
    for noun in ["customer", "contact"] {
        other.write(&format!("../{noun}.vcf"), demo.read(&format!("../{noun}s.vcf")));
        run_in(&other, &["import", noun, &format!("../{noun}.vcf")]).exits(0);
        run_in(&other, &["import", noun, &format!("../{noun}.vcf")])
            .exits(0)
            .says(&["unchanged"])
            .prints_nothing();
    }
    let found = [records(&other, "customer", OF_CUSTOMER), records(&other, "contact", OF_CONTACT)];
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found.keys().collect::<Vec<_>>(), wanted.keys().collect::<Vec<_>>());
        for (id, wanted) in wanted {
            assert_eq!(&found[id], wanted, "{id}");
        }
    }
    assert!(wanted[0].len() > 50 && wanted[1].len() > 50, "the sample company is there");

    // The employer of a contact is made where it is not there.
    let third = Sandbox::new();
    let refused = run_in(&third, &["import", "contact", &shown(&other.path("../contact.vcf"))]).exits(3);
    refused.says(&["no customer `Straits Home Appliances Pte Ltd`"]);
    let file = shown(&other.path("../contact.vcf"));
    run_in(&third, &["import", "contact", &file, "--create-missing", "customer"]).exits(0);
    assert_eq!(records(&third, "contact", OF_CONTACT), wanted[1]);
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn run_in(sandbox: &Sandbox, words: &[&str]) -> crate::support::Run {
    sandbox.command(words).env("CRM_LANG", "en").run()
}

#[test]
fn a_list_and_a_single_record_are_cards_too() {
    let store = Sandbox::trading();
    let list = run_in(&store, &["customer", "list", "--format", "vcf"]).exits(0);
    let id = run_in(&store, &["customer", "list", "--format", "ids"]).stdout;
    let show = run_in(&store, &["customer", "show", id.trim(), "--format", "vcf"]).exits(0);
    assert_eq!(list.stdout, show.stdout);
    assert_eq!(list.stdout, run_in(&store, &["export", "customer", "--format", "vcf"]).exits(0).stdout);
    list.prints(&[
        "BEGIN:VCARD\r\nVERSION:3.0\r\n",
        "FN:海尔北京\r\n",
        "TEL;TYPE=WORK,VOICE,PREF:+861065123456\r\n",
    ]);
    let none = run_in(&store, &["customer", "list", "--where", "name=x", "--format", "vcf"]).exits(0);
    assert_eq!(none.stdout, "");
    run_in(&store, &["order", "list", "--format", "vcf"])
        .exits(2)
        .says(&["not for `orders`"])
        .prints_nothing();
    run_in(&store, &["customer", "list", "--format", "ics"]).exits(2).says(&["not for `customers`"]);
}

#[test]
fn the_last_change_is_the_revision_of_a_card() {
    let store = Sandbox::trading();
    let revision = || {
        let card = run_in(&store, &["customer", "show", "海尔北京", "--format", "vcf"]).exits(0).stdout;
        card.lines().find(|line| line.starts_with("REV:")).expect("a revision").to_owned()
    };
    let first = revision();
    assert_eq!(revision(), first);
    run_in(&store, &["customer", "set", "海尔北京", "--short-name", "海尔"]).exits(0);
    assert!(revision() > first, "{first}");
}

#[test]
fn bad_cards_are_rejected_with_line_and_reason_and_the_others_imported() {
    let store = Sandbox::trading();
    let file = concat!(
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A\r\nORG:海尔北京\r\nTEL:no number\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:B\r\nORG:海尔北京\r\nbroken\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:C\r\nORG:海尔北京;销售\r\nUID:urn:uuid:1\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:D\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\nEND:VCARD\r\n",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:E\r\n",
    );
    store.write("../cards.VCF", file);
    let commits = store.git("rev-list --count HEAD");
    let refused = run_in(&store, &["import", "contact", "../cards.VCF"]).exits(2);
    let reasons = [
        "cards.VCF:1: `no number` is not a phone number",
        "cards.VCF:7: line 11 is not `NAME:VALUE`",
        "cards.VCF:23: the card that begins in line 23 has no name",
        "cards.VCF:27: the card that begins in line 27 has no `END:VCARD`",
    ];
    refused.says(&reasons);
    assert_eq!(store.git("rev-list --count HEAD"), commits, "nothing is written");
    let skip = ["import", "contact", "../cards.VCF", "--on-error", "skip", "--rejects", "../bad.csv"];
    let taken = run_in(&store, &skip).exits(10);
    taken.says(&reasons).says(&["1 added, 5 rejected", "cards.VCF:19: field `customer` is missing"]);
    let bad = store.read("../bad.csv");
    assert_eq!(bad.lines().count(), 6, "{bad}");
    assert!(bad.contains("no number"), "{bad}");
    // From stdin, by its name: the UID finds the same record again.
    let again = "BEGIN:VCARD\nVERSION:4.0\nUID:urn:uuid:1\nFN:C\nTITLE:Buyer\nEND:VCARD\n";
    let from_stdin = ["import", "contact", "-", "--format", "vcf"];
    store
        .command(&from_stdin)
        .env("CRM_LANG", "en")
        .stdin(again)
        .run()
        .exits(0)
        .says(&["0 added, 1 changed"]);
    let found = records(&store, "contact", &["name", "title", "department", "source_ref"]);
    let found: Vec<_> = found.into_values().collect();
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["title"], &found[0]["department"]), (&Json::from("Buyer"), &Json::from("销售")));
    assert_eq!(found[0]["source_ref"], "urn:uuid:1");
    for (words, exit, says) in [
        (["import", "order", "../cards.VCF"], 2, "not as `order`"),
        (["import", "order.line", "../cards.VCF"], 2, "not as `order.line`"),
        (["import", "contact", "../no.vcf"], 2, "no `BEGIN:VCARD`"),
    ] {
        store.write("../no.vcf", "name,phone\n");
        run_in(&store, &words).exits(exit).says(&[says]);
    }
}

#[test]
fn a_card_does_not_take_away_what_is_known_better() {
    let store = Sandbox::trading();
    run_in(&store, &["customer", "set", "海尔北京", "--source-ref", "erp:1"]).exits(0);
    store.write(
        "../c.vcf",
        "BEGIN:VCARD\nFN:海尔北京\nUID:abc\nTEL:010-6512 3456\nKIND:individual\nNICKNAME:海尔\nEND:VCARD\n",
    );
    run_in(&store, &["import", "customer", "../c.vcf", "--match", "phone"]).exits(0).says(&["1 changed"]);
    let found = records(&store, "customer", &["short_name", "source_ref", "kind"])
        .into_values()
        .next()
        .expect("a customer");
    assert_eq!((&found["short_name"], &found["source_ref"]), (&Json::from("海尔"), &Json::from("erp:1")));
    assert_eq!(found["kind"], "company");
}

/// What the description of the data says of a card.
fn told(card: &Card) -> Json {
    let all = |name: &'static str| card.properties.iter().filter(move |property| property.name == name);
    let texts = |name| all(name).map(Property::text).filter(|text| !text.is_empty()).collect::<Vec<_>>();
    let organisation = all("ORG").next().map(|org| org.parts().join(";").trim_end_matches(';').to_owned());
    let mut told =
        serde_json::json!({ "fn": texts("FN").first(), "tel": texts("TEL"), "email": texts("EMAIL") });
    if let Some(organisation) = organisation {
        told["org"] = organisation.into();
    }
    told
}

#[test]
fn cards_of_phones_and_mail_programs_read_as_their_description_says() {
    let Some(folder) = shared_data("formats/vcard") else { return };
    let text = std::fs::read_to_string(folder.join("expected.json")).expect("the description can be read");
    let expected: Json = serde_json::from_str(&text).expect("it is json");
    let (mut good, mut bad) = (0, Vec::new());
    for (file, wanted) in expected.as_object().expect("an object") {
        let bytes = std::fs::read(folder.join(file)).expect("a file of the data");
        let cards = vcard::read(&bytes, None).unwrap_or_else(|problem| panic!("{file}: {problem}"));
        let wanted = wanted["contents"].as_array().expect("the cards");
        assert_eq!(cards.len(), wanted.len(), "{file}");
        for (card, wanted) in cards.iter().zip(wanted) {
            match card {
                Ok(card) => {
                    let mut wanted = wanted.clone();
                    wanted.as_object_mut().expect("an object").remove("version");
                    // What stands at the ends of a name is no part of it.
                    if let Some(name) = wanted["fn"].as_str() {
                        wanted["fn"] = name.trim().into();
                    }
                    assert_eq!(told(card), wanted, "{file}");
                    good += 1;
                }
                Err((line, problem)) => bad.push(format!("{file}:{line} {}", problem.id)),
            }
        }
    }
    // The phone cut this one off within a character.
    let android = "ez-vcard/John_Doe_ANDROID.vcf:71 card-bytes";
    assert_eq!(bad, [android, "own/broken.vcf:1 bad-card-line", "own/broken.vcf:7 card-not-closed"]);
    assert_eq!(good, 26);
}

/// A store with an appointment, a day, a task and a follow-up that has neither hour nor day.
fn planned() -> Sandbox {
    let store = Sandbox::trading();
    for words in [
        &[
            "followup",
            "plan",
            "海尔北京",
            "--kind",
            "visit",
            "--subject",
            "试驾; EV",
            "--due",
            "2026-03-10",
            "--start-at",
            "2026-03-10T09:00+08:00",
            "--duration",
            "45m",
            "--place",
            "展厅, 一楼",
            "--geo",
            "22.54,114.05",
            "--priority",
            "high",
            "--remind",
            "1d,30m",
            "--summary",
            "带样品\n两份",
        ][..],
        &["followup", "plan", "海尔北京", "--kind", "call", "--due", "2026-03-11", "--remind", "0m"][..],
        &["followup", "plan", "海尔北京", "--kind", "task", "--subject", "Offer", "--due", "2026-03-12"][..],
        &["followup", "log", "海尔北京", "--kind", "call", "--summary", "ok"][..],
    ] {
        run_in(&store, words).exits(0);
    }
    store
}

/// The lines of one entry up to its alarms, unfolded.
fn entry(calendar: &str, says: &str) -> Vec<String> {
    let calendar = calendar.replace("\r\n ", "");
    let parts =
        calendar.split("BEGIN:V").filter(|part| part.starts_with("EVENT") || part.starts_with("TODO"));
    let found: Vec<&str> = parts.filter(|part| part.contains(says)).collect();
    assert_eq!(found.len(), 1, "{says} in {calendar}");
    found[0].lines().take_while(|line| *line != "END:VCALENDAR").map(str::to_owned).collect()
}

fn value(entry: &[String], name: &str) -> String {
    let line = entry.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name} in {entry:?}")).to_owned()
}

#[test]
fn follow_ups_are_a_calendar_that_grows_newer_with_each_change() {
    let store = planned();
    let export = || run_in(&store, &["export", "followup", "--format", "ics"]).exits(0);
    let first = export();
    first.clone().says(&["left out: one follow-up"]);
    assert_eq!(export().stdout, first.stdout, "the same commit gives the same bytes");
    assert_eq!(run_in(&store, &["followup", "list", "--format", "ics"]).stdout, first.stdout);
    first.clone().prints(&["BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", "END:VCALENDAR\r\n"]);
    let visit = entry(&first.stdout, "试驾");
    for (name, wanted) in [
        ("DTSTART", "20260310T010000Z"),
        ("DTEND", "20260310T014500Z"),
        ("SUMMARY", "试驾\\; EV"),
        ("DESCRIPTION", "带样品\\n两份\\n海尔北京"),
        ("LOCATION", "展厅\\, 一楼"),
        ("GEO", "22.54;114.05"),
        ("STATUS", "CONFIRMED"),
        ("PRIORITY", "1"),
        ("SEQUENCE", "0"),
    ] {
        assert_eq!(value(&visit, name), wanted, "{name}");
    }
    assert_eq!(first.stdout.matches("BEGIN:VALARM").count(), 3);
    let call = entry(&first.stdout, "STATUS:TENTATIVE");
    assert_eq!(value(&call, "DTSTART;VALUE=DATE"), "20260311");
    let task = entry(&first.stdout, "SUMMARY:Offer");
    assert_eq!((task[0].as_str(), value(&task, "DUE;VALUE=DATE").as_str()), ("TODO", "20260312"));
    assert_eq!(value(&task, "STATUS"), "NEEDS-ACTION");

    let id = value(&visit, "UID");
    let id = id.strip_suffix("@crm").expect("the id of the record").to_owned();
    run_in(&store, &["followup", "set", &id, "--place", "海边"]).exits(0);
    run_in(&store, &["followup", "cancel", &id, "--reason", "rain"]).exits(0);
    let show = run_in(&store, &["followup", "show", &id, "--format", "ics"]).exits(0);
    let cancelled = entry(&show.stdout, &id);
    assert_eq!(value(&cancelled, "STATUS"), "CANCELLED");
    let seconds: i64 = value(&cancelled, "SEQUENCE").parse().expect("a number");
    assert!(seconds >= 120, "two changes, each a minute or more later: {seconds}");
    assert!(value(&cancelled, "LAST-MODIFIED") > value(&visit, "LAST-MODIFIED"));
    assert!(value(&cancelled, "DTSTAMP") > value(&visit, "DTSTAMP"));
    assert_eq!(entry(&export().stdout, &id), cancelled, "what is cancelled stays");
    // What does not change stays as it was, and the past can be asked for.
    assert_eq!(entry(&export().stdout, "SUMMARY:Offer"), task);
    let before = run_in(&store, &["export", "followup", "--format", "ics", "--at", "HEAD~2"]).exits(0);
    assert_eq!(before.stdout, first.stdout);
    let todo = run_in(&store, &["followup", "todo", "--until", "2026-03-11", "--format", "ics"]).exits(0);
    assert_eq!(todo.stdout.matches("BEGIN:VEVENT").count(), 1);
    assert_eq!(entry(&todo.stdout, "STATUS:TENTATIVE"), call);
    let earlier = ["followup", "todo", "--until", "2026-03-11", "--format", "ics", "--at", "HEAD~2"];
    assert_eq!(run_in(&store, &earlier).exits(0).stdout.matches("BEGIN:VEVENT").count(), 2);
    run_in(&store, &["followup", "list", "--format", "vcf"]).exits(2).says(&["not for `followups`"]);
}

/// Whether Python has a package; says so where it does not.
fn python_has(package: &str) -> bool {
    let has = Command::new("python3").args(["-c", &format!("import {package}")]).output();
    let has = has.is_ok_and(|output| output.status.success());
    if !has {
        eprintln!("left out: python3 has no package {package}");
    }
    has
}

/// What a script of Python prints that reads a file.
fn python(script: &str, file: &Path) -> String {
    let output = Command::new("python3").args(["-c", script]).arg(file).output().expect("python3 runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("utf-8")
}

#[test]
fn another_reader_reads_the_calendar_alike() {
    if !python_has("icalendar") {
        return;
    }
    let store = planned();
    run_in(&store, &["export", "followup", "-o", "../f.ics"]).exits(0);
    let script = "
import sys, icalendar
calendar = icalendar.Calendar.from_ical(open(sys.argv[1], 'rb').read())
for entry in calendar.walk():
    assert not entry.errors, entry.errors
    if entry.name in ('VEVENT', 'VTODO'):
        when = entry.get('DTSTART') or entry.get('DUE')
        print(entry.name, when.dt.isoformat(), str(entry['SUMMARY']), entry['STATUS'], len(entry.walk('VALARM')))
        if 'GEO' in entry:
            print(entry['GEO'].to_ical(), str(entry['LOCATION']), repr(str(entry['DESCRIPTION'])))
";
    let told = python(script, &store.path("../f.ics"));
    let mut told: Vec<&str> = told.lines().collect();
    told.sort_unstable();
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(told[0], "22.54;114.05 展厅, 一楼 '带样品\\n两份\\n海尔北京'");
    assert_eq!(told[1], "VEVENT 2026-03-10T01:00:00+00:00 试驾; EV CONFIRMED 2");
    assert!(told[2].starts_with("VEVENT 2026-03-11 ") && told[2].ends_with(" TENTATIVE 1"), "{told:?}");
    assert_eq!(told[3], "VTODO 2026-03-12 Offer NEEDS-ACTION 0");
}

#[test]
fn another_reader_reads_the_cards_alike() {
    if !python_has("vobject") {
        return;
    }
    let demo = demo();
    run(&demo, &["export", "customer", "-o", "../c.vcf"]).exits(0);
    let script = "
import sys, vobject
for card in vobject.readComponents(open(sys.argv[1], encoding='utf-8', newline='').read()):
    card.validate(raiseException=True)
    print(card.uid.value, card.fn.value, card.tel.value if hasattr(card, 'tel') else '', sep='\t')
";
    let told = python(script, &demo.path("../c.vcf"));
    let wanted = records(&demo, "customer", &["name", "phone"]);
    assert_eq!(told.lines().count(), wanted.len());
    for line in told.lines() {
        let [id, name, phone] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let wanted = &wanted[id];
        assert_eq!(name, wanted["name"].as_str().unwrap_or_default());
        assert_eq!(phone, wanted["phone"].as_str().unwrap_or_default().replace(";ext=", ","));
    }
}
