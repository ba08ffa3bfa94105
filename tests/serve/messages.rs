//! Messages on their way: queued, handed over, answered; campaigns; numbers to call.

use crate::support::Sandbox;

/// A customer with two contacts, one of whom wants no advertisements.
fn known() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox
        .ok("contact add --customer 海尔北京 --name 陈晓明 --email chen@haier.example --phone 13800138000");
    sandbox.ok("contact add --customer 海尔北京 --name 王 --email wang@haier.example --opt-out email");
    sandbox
}

fn message(sandbox: &Sandbox, id: &str) -> serde_json::Value {
    sandbox.crm(&["message", "show", id.trim(), "--format", "json"][..]).exits(0).json()
}

fn mails(sandbox: &Sandbox) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(sandbox.path(".git/crm/mail")) else { return Vec::new() };
    let mut mails: Vec<String> = folder
        .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a mail"))
        .collect();
    mails.sort();
    mails
}

#[test]
fn without_settings_mail_goes_to_a_folder_once() {
    let sandbox = known();
    let id = sandbox.ok(&[
        "message",
        "send",
        "陈晓明",
        "--channel",
        "email",
        "--subject",
        "报价",
        "--body",
        "您好",
    ]);
    let commits = sandbox.commits();
    sandbox.crm("outbox run --dry-run --format json").exits(0).prints(&["chen@haier.example"]);
    assert_eq!(sandbox.commits(), commits);
    sandbox.ok("outbox run");
    assert_eq!(sandbox.commits(), commits + 2, "claimed, then sent");
    assert_eq!(message(&sandbox, &id)["status"], "sent");
    sandbox.ok("outbox run");
    assert_eq!((sandbox.commits(), mails(&sandbox).len()), (commits + 2, 1));
    assert!(mails(&sandbox)[0].contains(&format!("Message-ID: <{}@", id.trim())));
    sandbox.crm("customer timeline 海尔北京").exits(0).prints(&["报价"]);
}

#[test]
fn what_waits_for_its_time_or_another_clone_stays() {
    let sandbox = known();
    let later = [
        "message",
        "send",
        "陈晓明",
        "--channel",
        "email",
        "--subject",
        "x",
        "--body",
        "x",
        "--send-at",
        "+1d",
    ];
    let id = sandbox.ok(&later);
    sandbox.ok("outbox run");
    assert_eq!(message(&sandbox, &id)["status"], "queued");
    sandbox.wait_days(2);
    sandbox.git("remote add origin ../other");
    sandbox.crm("outbox run --dry-run --lang en").exits(0).says(&["names no node"]);
    sandbox.edit("crm.toml", |text| format!("{text}\n[send]\nnode = \"office\"\n"));
    sandbox.ok("commit -m node");
    sandbox.crm("outbox run --lang en").exits(0).says(&["office", "crm.node"]);
    assert_eq!(message(&sandbox, &id)["status"], "queued");
    sandbox.git("config crm.node office");
    sandbox.ok("outbox run");
    assert_eq!(message(&sandbox, &id)["claimed_by"], "office#1");
    let text = sandbox.ok(&["message", "send", "陈晓明", "--channel", "sms", "--body", "x"]);
    sandbox.crm("outbox run --lang en").exits(0).says(&["sms", "waits"]);
    assert_eq!(message(&sandbox, &text)["status"], "queued");
}

#[test]
fn a_program_is_run_when_it_is_trusted_as_it_is_written() {
    let sandbox = known();
    let settings = |status: &str| {
        format!(
            "\n[send.email]\ncommand = [\"sh\", \"-c\", \"cat > got; echo \\\"$@\\\" > to; exit {status}\", \"sh\", \"--\", \"{{{{to}}}}\"]\n"
        )
    };
    let before = sandbox.read("crm.toml");
    let write = |status: &str| {
        sandbox.write("crm.toml", format!("{before}{}", settings(status)));
        sandbox.ok("commit -m settings");
    };
    write("0");
    let send =
        || sandbox.ok(&["message", "send", "陈晓明", "--channel", "email", "--subject", "x", "--body", "x"]);
    let id = send();
    sandbox.crm("outbox run --lang en").exits(11).says(&["send.email.command", "crm trust"]);
    sandbox.crm("trust").exits(2).prints(&["send.email.command"]);
    sandbox.ok("trust --yes");
    sandbox.ok("outbox run");
    assert_eq!(message(&sandbox, &id)["status"], "sent");
    assert_eq!(sandbox.read("to").trim(), "-- chen@haier.example");
    assert!(sandbox.read("got").contains("Subject: x"));
    for (status, exits, state) in [("75", 0, "queued"), ("1", 10, "failed")] {
        write(status);
        let id = send();
        sandbox.crm("outbox run").exits(11);
        sandbox.ok("trust --yes");
        sandbox.crm("outbox run").exits(exits);
        assert_eq!(message(&sandbox, &id)["status"], state);
        if state == "failed" {
            assert_eq!(
                message(&sandbox, &id)["claimed_by"].as_str().map(|by| by.ends_with("#1")),
                Some(true)
            );
            sandbox.ok(&["message", "retry", id.trim()]);
            let again = message(&sandbox, &id);
            assert!(
                again["status"] == "queued" && again["claimed_by"].is_null() && again["error"].is_null(),
                "{again}"
            );
        }
    }
}

/// A campaign to everybody of a segment.
fn campaign(sandbox: &Sandbox) {
    sandbox.ok("segment add all --name All --of contact --when customer=海尔北京");
    sandbox.ok(&[
        "template",
        "add",
        "spring",
        "--name",
        "Spring",
        "--channel",
        "email",
        "--subject",
        "{{contact.name}}",
        "--body",
        "您好 {{contact.name}} {{var.gift|}}",
    ]);
    sandbox.ok("campaign add spring --name Spring --kind email --segment all --template spring");
}

#[test]
fn a_campaign_writes_to_each_address_once() {
    let sandbox = known();
    campaign(&sandbox);
    sandbox.crm("campaign send spring").exits(5).says(&["spring"]);
    sandbox.ok("campaign start spring");
    sandbox.ok("contact add --customer 海尔北京 --name 李");
    sandbox.ok("contact add --customer 海尔北京 --name 同 --email CHEN@haier.example --allow-duplicate");
    let run = sandbox.crm("campaign send spring --lang en").exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    let run = run.says(&["1 message is queued", "1 do not want any", "1 have no address", "1 share"]);
    let sent = message(&sandbox, run.stdout.trim());
    assert_eq!((sent["purpose"].as_str(), sent["campaign"].as_str()), (Some("marketing"), Some("spring")));
    assert!(sent["key"].as_str().is_some_and(|key| key.starts_with("campaign:spring:con_")), "{sent}");
    let commits = sandbox.commits();
    sandbox
        .crm("campaign send spring --lang en")
        .exits(0)
        .says(&["nobody is written to", "1 got theirs before"]);
    assert_eq!(sandbox.commits(), commits);
    sandbox.ok("contact add --customer 海尔北京 --name 新 --email new@haier.example");
    assert_eq!(sandbox.crm("campaign send spring").exits(0).stdout.lines().count(), 1, "newcomers alone");
    // Who opts out between queueing and sending gets nothing.
    let reached = sent["target"].as_str().expect("a contact");
    sandbox.ok(&["contact", "set", reached, "--opt-out", "email"]);
    sandbox.ok("outbox run");
    assert_eq!(message(&sandbox, sent["id"].as_str().expect("an id"))["status"], "cancelled");
    assert_eq!(mails(&sandbox).len(), 1);
}

#[test]
fn a_campaign_that_cannot_be_written_queues_nothing() {
    let sandbox = known();
    campaign(&sandbox);
    sandbox.ok("campaign start spring");
    let commits = || sandbox.commits();
    sandbox.ok(&["template", "set", "spring", "--body", "{{contact.nmae}}"]);
    let before = commits();
    sandbox.crm("campaign send spring").exits(5).says(&["contact.nmae"]);
    sandbox.ok("segment add none --name None --of contact --when name=Nobody");
    sandbox.ok("campaign set spring --segment none");
    let before = before + 2;
    sandbox.crm("campaign send spring --lang en").exits(0).says(&["nobody is written to"]);
    sandbox.ok("campaign set spring --unset segments");
    sandbox.crm("campaign send spring --lang en").exits(5).says(&["no segments"]);
    assert_eq!(commits(), before + 1);
}

const ANSWER: &str = "From: Chen <CHEN@haier.example>\r\nTo: service@acme.example\r\nSubject: Re: [T-1] Noise\r\n\
    Message-ID: <a1@haier.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0800\r\n\r\n还在响\r\n";

#[test]
fn a_mail_from_outside_is_filed_once_and_sets_its_ticket_going() {
    let sandbox = known();
    sandbox.ok("ticket add --customer 海尔北京 --subject Noise --number T-1");
    sandbox.ok("ticket start T-1");
    sandbox.ok("ticket hold T-1 --reason part");
    let state = || {
        sandbox.crm("ticket list --fields status --format csv --no-header").exits(0).stdout.trim().to_owned()
    };
    let commits = sandbox.commits();
    let file = |text: &str| sandbox.command("message import -").stdin(text).run();
    let id = file(ANSWER).exits(0).stdout;
    assert_eq!((state().as_str(), sandbox.commits()), ("open", commits + 1));
    let mail = message(&sandbox, &id);
    assert_eq!((mail["status"].as_str(), mail["direction"].as_str()), (Some("received"), Some("in")));
    assert_eq!((mail["contact_name"].as_str(), mail["body"].as_str()), (Some("陈晓明"), Some("还在响")));
    assert_eq!(file(ANSWER).exits(0).stdout, id, "filed before");
    assert_eq!(sandbox.commits(), commits + 1);
    sandbox.ok("ticket resolve T-1 --resolution Done");
    file(&ANSWER.replace("<a1@", "<a2@").replace("\r\n\r\n", "\r\nAuto-Submitted: auto-replied\r\n\r\n"))
        .exits(0);
    assert_eq!(state(), "resolved", "a machine opens nothing");
    file(&ANSWER.replace("<a1@", "<a3@")).exits(0);
    assert_eq!(state(), "open");
    // Somebody else's number in a subject proves nothing.
    sandbox.ok("customer add --name Other --email x@other.example");
    let other = file(&ANSWER.replace("CHEN@haier.example", "x@other.example").replace("<a1@", "<a4@"));
    let target = message(&sandbox, &other.exits(0).stdout)["target"].clone();
    assert!(target.as_str().is_some_and(|id| id.starts_with("cus_")), "{target}");
    file(&ANSWER.replace("CHEN@haier.example", "who@nowhere.example").replace("<a1@", "<a5@"))
        .exits(3)
        .says(&["who@nowhere.example", "--target"]);
    file("hello").exits(5).says(&["no mail"]);
}

#[test]
fn no_address_and_no_header_can_be_smuggled_in() {
    let sandbox = known();
    let send = |to: &str, subject: &str| {
        let words = [
            "message",
            "send",
            "陈晓明",
            "--channel",
            "email",
            "--to",
            to,
            "--subject",
            subject,
            "--body",
            "x",
        ];
        sandbox.crm(&words[..])
    };
    send("a@x.example\nb@x.example", "x").exits(2);
    send("a@x.example,b@x.example", "x");
    let id = send("a@x.example", "x\r\nBcc: all@x.example");
    if id.exit == 0 {
        sandbox.crm("outbox run");
        assert!(mails(&sandbox).iter().all(|mail| !mail.contains("\r\nBcc:")), "{:?}", mails(&sandbox));
    }
}

#[test]
fn a_call_shows_the_number_and_is_logged_when_something_is_said() {
    let sandbox = known();
    let commits = sandbox.commits();
    let shown = sandbox.crm("followup call 海尔北京").exits(0);
    assert_eq!((shown.stdout.as_str(), sandbox.commits()), ("tel:+8613800138000\n", commits));
    sandbox.ok("followup call 海尔北京 --outcome connected --summary Ordered");
    let log = sandbox.crm("followup list --format json").exits(0).json();
    assert_eq!((log[0]["kind"].as_str(), log[0]["status"].as_str()), (Some("call"), Some("done")));
    sandbox.ok("customer add --name Mute");
    sandbox.crm("followup call Mute --lang en").exits(5).says(&["no phone"]);
}
