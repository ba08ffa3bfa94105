//! People: passwords, sessions, second factors, the log.

use std::os::unix::fs::MetadataExt as _;

use super::{ANN, NEW, bare, code_of, guarded, log_in, settings, signs, vault, with};
use crate::support::Sandbox;

#[test]
fn the_first_password_opens_a_guarded_store() {
    let sandbox = Sandbox::trading();
    settings(&sandbox, "login = \"on\"");
    bare(&sandbox, "customer list").exits(11).says(&["not logged in", "crm login"]);
    // Nobody has a password: whoever acts here sets the first one.
    with(&sandbox, "passwd --as ann", &["short"]).exits(5).says(&["at least 15"]);
    with(&sandbox, "passwd --as ann", &["passwordpassword"]).exits(5).says(&["guessed first"]);
    with(&sandbox, "passwd --as ann", &["ann@acme.example 2026!"]).exits(5).says(&["little more than"]);
    with(&sandbox, "passwd --as ann", &[ANN]).exits(0).says(&["ann"]).prints_nothing();
    // From now on the present one is asked for, after a log-in.
    with(&sandbox, "passwd --as ann", &[NEW]).exits(11).says(&["not logged in"]);
    with(&sandbox, "login ann", &[ANN]).exits(0).says(&["logged in as ann", "60 minutes"]).prints_nothing();
    bare(&sandbox, "customer list").exits(0).prints(&["海尔北京"]);
    let told = bare(&sandbox, "whoami --format json").exits(0).json();
    assert_eq!((&told["id"], &told["by"]), (&"ann".into(), &"session".into()));
    assert!(told["until"].is_string() && told["roles"][0] == "admin", "{told}");
    bare(&sandbox, "customer set 海尔北京 --level A").exits(0);
    assert!(sandbox.git("log -1").contains("Crm-Actor: ann"));
    bare(&sandbox, "logout").exits(0).says(&["ann"]);
    bare(&sandbox, "customer list").exits(11);
    bare(&sandbox, "logout").exits(0).says(&["nobody"]);
}

#[test]
fn every_read_and_write_is_guarded_and_says_what_to_run() {
    let sandbox = guarded();
    for words in [
        "customer list",
        "customer add --name X",
        "search x",
        "status",
        "log",
        "show ann",
        "report list",
        "sql 'select 1'",
        "export customer",
        "check",
        "fmt",
        "outbox run",
        "remind run",
        "whoami",
        "undo",
        "audit logins",
        "batch -",
        "user totp enable",
        "user token list",
        "schema",
        "trust",
        "commit -m x",
    ] {
        bare(&sandbox, words).exits(11).says(&["crm login", "CRM_TOKEN_FILE"]).prints_nothing();
        sandbox.crm(&*format!("{words} --as ann")).exits(11);
    }
    for words in [
        "help",
        "help security",
        "completions bash",
        "man",
        "doctor",
        "init ../other --user x --email x@y.example",
    ] {
        let run = bare(&sandbox, words);
        assert_ne!(run.exit, 11, "{run}");
    }
}

#[test]
fn a_setting_that_is_not_understood_opens_nothing() {
    let sandbox = guarded();
    for line in ["login = true", "login = false", "login = \"yes\"", "login = \"On\""] {
        settings(&sandbox, line);
        bare(&sandbox, "status").exits(5).says(&["auth.login"]);
    }
    settings(&sandbox, "login = \"on\"");
    bare(&sandbox, "status").exits(11).says(&["crm login"]);
    settings(&sandbox, "login = \"off\"");
    sandbox.crm("status").exits(0);
}

#[test]
fn a_word_for_somebody_else_is_refused() {
    let sandbox = guarded();
    log_in(&sandbox);
    bare(&sandbox, "user add li.na --name 李娜 --email li.na@acme.example").exits(0);
    sandbox.command("status").env("CRM_USER", "li.na").run().exits(11).says(&["li.na"]);
    bare(&sandbox, "status --as li.na").exits(11).says(&["`ann`"]);
    for same in ["ann", "ANN@acme.example"] {
        sandbox.command("status").env("CRM_USER", same).run().exits(0);
    }
}

#[test]
fn an_unknown_user_and_a_wrong_password_look_the_same() {
    let sandbox = guarded();
    let words = |name: &str| with(&sandbox, &format!("login {name}"), &["not the password, no"]).exits(11);
    let (known, unknown) = (words("ann"), words("no.body"));
    assert_eq!(known.stderr, unknown.stderr);
    assert_eq!((known.stdout.as_str(), unknown.stdout.as_str()), ("", ""));
    assert_eq!(signs(&sandbox)[1..], ["ann login wrong", " login wrong"]);
    // The name itself may be a password in the wrong place.
    assert!(
        !std::fs::read_to_string(vault(&sandbox).join("signins.jsonl")).expect("a log").contains("no.body")
    );
    for _ in 0..4 {
        words("ann");
        words("no.body");
    }
    // Both have to wait now; a minute passes with every command here, so the clock is held.
    let held = |name: &str| {
        let words = format!("login {name} --password-stdin --lang en");
        let command = sandbox.command(words.as_str()).env("CRM_USER", "").stdin(format!("{ANN}\n"));
        command.env("CRM_NOW", "2026-03-04T09:20:00+08:00").run()
    };
    let (known, unknown) = (held("ann").exits(11), held("no.body").exits(11));
    assert_eq!(known.stderr, unknown.stderr);
    assert!(known.stderr.contains("too many failures"), "{known}");
}

#[test]
fn many_failures_lock_and_an_administrator_helps() {
    let sandbox = guarded();
    log_in(&sandbox);
    bare(&sandbox, "user add li.na --name 李娜 --email li.na@acme.example").exits(0);
    let given = with(&sandbox, "passwd li.na", &[ANN]).exits(0).stdout.trim().to_owned();
    for _ in 0..10 {
        with(&sandbox, "login li.na", &["no, not this one"]).exits(11).says(&["is wrong"]);
    }
    with(&sandbox, "login li.na", &[&given]).exits(11).says(&["too many failures", "minutes"]);
    let given = with(&sandbox, "passwd li.na", &[ANN]).exits(0).stdout.trim().to_owned();
    with(&sandbox, "login li.na", &[&given]).exits(0).says(&["crm passwd"]);
    // What was given is good for choosing another, and for nothing else.
    bare(&sandbox, "customer list").exits(11).says(&["replaced first"]);
    bare(&sandbox, "whoami").exits(0).prints(&["li.na"]);
    with(&sandbox, "passwd", &[&given, NEW]).exits(0);
    bare(&sandbox, "status").exits(0);
    with(&sandbox, "passwd ann", &[NEW]).exits(11).says(&["administrators"]);
    bare(&sandbox, "logout").exits(0);
    with(&sandbox, "login li.na", &[&given]).exits(11);
    with(&sandbox, "login li.na", &[NEW]).exits(0);
    let mine = bare(&sandbox, "audit logins --format csv").exits(0);
    assert!(mine.stdout.lines().skip(1).all(|line| line.contains(",li.na,")), "{mine}");
    bare(&sandbox, "audit logins --user ann").exits(11);
}

#[test]
fn a_session_ends_by_itself() {
    let sandbox = guarded();
    log_in(&sandbox);
    let at = |time: &str| {
        sandbox
            .command("status --lang en")
            .env("CRM_USER", "")
            .env("CRM_NOW", format!("2026-03-04T{time}:00+08:00"))
            .run()
    };
    at("10:20").exits(0);
    at("11:10").exits(0);
    at("12:11").exits(11).says(&["session of `ann` is over", "crm login"]);
    at("11:11").exits(11).says(&["not logged in"]);
    settings(&sandbox, "login = \"on\"\nidle = \"5m\"\nabsolute = \"8m\"");
    log_in(&sandbox);
    bare(&sandbox, "status").exits(0);
    for _ in 0..6 {
        bare(&sandbox, "status").exits(0);
    }
    bare(&sandbox, "status").exits(11).says(&["is over"]);
}

#[test]
fn logging_out_everywhere_ends_the_session_of_another_terminal() {
    let sandbox = guarded();
    let other = sandbox.outside("run");
    std::fs::create_dir(&other).expect("a folder");
    let there = |words: &str, line: &str| {
        let words = format!("{words} --lang en");
        let command = sandbox.command(words.as_str()).env("CRM_USER", "").env("XDG_RUNTIME_DIR", &other);
        command.stdin(line).run()
    };
    there("login ann --password-stdin", &format!("{ANN}\n")).exits(0);
    log_in(&sandbox);
    there("status", "").exits(0);
    bare(&sandbox, "logout --everywhere").exits(0).says(&["2 sessions"]);
    there("status", "").exits(11);
    bare(&sandbox, "logout --everywhere").exits(11);
    // The file of a session is private; one that is not counts for nothing.
    there("login ann --password-stdin", &format!("{ANN}\n")).exits(0);
    let file = std::fs::read_dir(other.join("crm"))
        .expect("a folder")
        .next()
        .expect("a file")
        .expect("a file")
        .path();
    assert_eq!(std::fs::metadata(&file).expect("is there").mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).expect("opened");
    there("status", "").exits(11).says(&["nobody else may read"]);
}

#[test]
fn a_suspended_user_is_out_at_once() {
    let sandbox = guarded();
    log_in(&sandbox);
    with(&sandbox, "user add li.na --name 李娜 --email li.na@acme.example --role admin", &[ANN]).exits(0);
    let given = with(&sandbox, "passwd li.na", &[ANN]).exits(0).stdout.trim().to_owned();
    with(&sandbox, "login li.na", &[&given]).exits(0);
    with(&sandbox, "passwd", &[&given, NEW]).exits(0);
    bare(&sandbox, "status").exits(0);
    let file = sandbox.file_of("li.na");
    sandbox.edit(&file, |text| text.replace("status = \"active\"", "status = \"suspended\""));
    sandbox.git("commit -qam suspended");
    bare(&sandbox, "status").exits(11).says(&["suspended"]);
    sandbox.edit(&file, |text| text.replace("status = \"suspended\"", "status = \"active\""));
    sandbox.git("commit -qam back");
    bare(&sandbox, "status").exits(11).says(&["over"]);
    sandbox.edit(&file, |text| text.replace("status = \"active\"", "status = \"left\""));
    sandbox.git("commit -qam left");
    with(&sandbox, "login li.na", &[NEW]).exits(11).says(&["left"]);
    assert!(signs(&sandbox).contains(&"li.na session suspended".to_owned()));
}

/// Turns an authenticator on. Gives its key and the recovery codes.
fn enrol(sandbox: &Sandbox, now: &str) -> (String, Vec<String>) {
    let run = |lines: String| {
        let words = "user totp enable --password-stdin --lang en --format json";
        sandbox.command(words).env("CRM_USER", "").env("CRM_NOW", now).stdin(lines).run().exits(0)
    };
    let shown = run(format!("{ANN}\n"));
    let secret = shown.json()["secret"].as_str().expect("a key").to_owned();
    assert!(
        shown.json()["url"].as_str().is_some_and(|url| url.starts_with("otpauth://totp/Acme:ann?secret="))
    );
    let second = chrono::DateTime::parse_from_rfc3339(now).expect("a time").timestamp();
    let codes = run(format!("{ANN}\n{}\n", code_of(&secret, second)));
    (secret, codes.stdout.lines().map(str::to_owned).collect())
}

#[test]
fn a_second_factor_is_asked_for_and_its_codes_are_spent() {
    let sandbox = guarded();
    log_in(&sandbox);
    let now = "2026-03-04T09:40:00+08:00";
    let (secret, recovery) = enrol(&sandbox, now);
    assert_eq!(recovery.len(), 10);
    let later = |second: i64, lines: &[&str]| {
        let at =
            chrono::DateTime::parse_from_rfc3339(now).expect("a time") + chrono::TimeDelta::seconds(second);
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        let words = "login ann --password-stdin --lang en";
        sandbox.command(words).env("CRM_USER", "").env("CRM_NOW", at.to_rfc3339()).stdin(text).run()
    };
    let code = |second: i64| {
        let at = chrono::DateTime::parse_from_rfc3339(now).expect("a time").timestamp();
        code_of(&secret, at + second)
    };
    later(60, &[ANN]).exits(11).says(&["a code is needed too"]);
    later(60, &[ANN, "000000"]).exits(11).says(&["is wrong"]);
    later(60, &[ANN, &code(0)]).exits(11);
    later(60, &[ANN, &code(60)]).exits(0);
    later(60, &[ANN, &code(60)]).exits(11);
    later(90, &[ANN, &recovery[0].to_lowercase()]).exits(0).says(&["9 are left"]);
    later(120, &[ANN, &recovery[0]]).exits(11);
    later(150, &[ANN, &code(150)]).exits(0);
    // With a second factor eight characters are enough, until it goes.
    with(&sandbox, "passwd", &[ANN, "xK9#eight"]).exits(0);
    with(&sandbox, "user totp disable", &["xK9#eight"]).exits(0).says(&["crm passwd"]);
    bare(&sandbox, "status").exits(11).says(&["replaced first"]);
    with(&sandbox, "passwd", &["xK9#eight", NEW]).exits(0);
    bare(&sandbox, "status").exits(0);
}

#[test]
fn where_a_second_factor_is_required_there_is_nothing_else_to_do_without() {
    let sandbox = guarded();
    settings(&sandbox, "login = \"on\"\nsecond_factor = \"required\"");
    log_in(&sandbox).says(&["crm user totp enable"]);
    bare(&sandbox, "customer list").exits(11).says(&["second factor is required", "crm user totp enable"]);
    bare(&sandbox, "user list").exits(11);
    bare(&sandbox, "whoami").exits(0);
    enrol(&sandbox, "2026-03-04T09:40:00+08:00");
    bare(&sandbox, "customer list").exits(0);
}

#[test]
fn a_code_by_mail_lets_somebody_in_once_and_is_in_no_commit() {
    let sandbox = guarded();
    log_in(&sandbox);
    bare(&sandbox, "user add li.na --name 李娜 --email li.na@acme.example --language en").exits(0);
    let message = with(&sandbox, "user verify li.na", &[ANN]).exits(0).stdout.trim().to_owned();
    assert!(sandbox.read(&sandbox.file_of(&message)).contains("[[code]]"));
    bare(&sandbox, "outbox run").exits(0);
    let mail =
        std::fs::read_dir(sandbox.path(".git/crm/mail")).expect("mails").next().expect("one").expect("one");
    let mail = std::fs::read_to_string(mail.path()).expect("readable");
    assert!(mail.contains("li.na@acme.example"), "{mail}");
    let code =
        mail.split_once("Your code for Acme: ").expect("a code").1.split_whitespace().next().expect("a code");
    assert_eq!(code.len(), 8);
    assert!(!sandbox.git("log -p --all").contains(code));
    let kept = std::fs::read_to_string(vault(&sandbox).join("auth/li.na.json")).expect("an account");
    assert!(!kept.contains(code), "handed over, a hash is enough");
    with(&sandbox, "login li.na --code", &["00000000"]).exits(11);
    with(&sandbox, "login ann --code", &[code]).exits(11);
    with(&sandbox, "login li.na --code", &[code]).exits(0).says(&["crm passwd"]);
    bare(&sandbox, "status").exits(11).says(&["replaced first"]);
    with(&sandbox, "passwd", &[NEW]).exits(0);
    bare(&sandbox, "status").exits(0);
    with(&sandbox, "login li.na --code", &[code]).exits(11);
    with(&sandbox, "login li.na", &[NEW]).exits(0);
}

#[test]
fn a_code_that_ran_out_is_not_sent() {
    let sandbox = guarded();
    log_in(&sandbox);
    let message = with(&sandbox, "user verify ann", &[ANN]).exits(0).stdout.trim().to_owned();
    let late = sandbox
        .command("outbox run --lang en")
        .env("CRM_USER", "")
        .env("CRM_NOW", "2026-03-04T10:20:00+08:00")
        .run();
    late.exits(10).prints(&["run out"]);
    assert!(sandbox.read(&sandbox.file_of(&message)).contains("status = \"failed\""));
}

#[test]
fn codes_by_text_message_come_with_a_warning() {
    let sandbox = guarded();
    log_in(&sandbox);
    with(&sandbox, "user totp enable --sms", &[ANN]).exits(5).says(&["has no phone"]);
    bare(&sandbox, "user set ann --phone 13800138000").exits(0);
    with(&sandbox, "user totp enable --sms", &[ANN]).exits(2).says(&["safer"]);
    with(&sandbox, "user totp enable --sms --yes", &[ANN]).exits(0).says(&["safer"]);
    sandbox.edit("crm.toml", |text| {
        format!("{text}\n[send.sms]\ncommand = [\"sh\", \"-c\", \"cat > ../text\"]\n")
    });
    sandbox.git("commit -qam sms");
    bare(&sandbox, "trust --yes").exits(0);
    // A first try sends it, a second one has it.
    with(&sandbox, "login ann", &[ANN]).exits(11).says(&["on its way", "a code is needed too"]);
    bare(&sandbox, "outbox run").exits(0);
    let text = std::fs::read_to_string(sandbox.outside("text")).expect("a text message");
    let code: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    with(&sandbox, "login ann", &[ANN, &code]).exits(0);
}

#[test]
fn what_matters_most_asks_for_the_password_again() {
    let sandbox = guarded();
    log_in(&sandbox);
    bare(&sandbox, "user add li.na --name 李娜 --email li.na@acme.example").exits(0);
    let commits = sandbox.commits();
    for words in [
        "role add sales --name Sales",
        "user set li.na --role admin",
        "user set li.na --add-role admin",
        "user key add li.na --key 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILM+rvN+ot98qgEN796jTiQfZfG1KaT0PtFDJ/XFSqti'",
        "export --all ../everything --format csv",
        "user totp enable",
        "user verify li.na",
        "passwd li.na",
        "passwd",
    ] {
        bare(&sandbox, words).exits(2).says(&["--password-stdin"]);
        with(&sandbox, words, &["not it at all"]).exits(11).says(&["neither your password"]);
        // Failures would add up.
        log_in(&sandbox);
    }
    assert_eq!(sandbox.commits(), commits);
    bare(&sandbox, "user set li.na --phone 13800138000").exits(0);
    with(&sandbox, "role add sales --name Sales", &[ANN]).exits(0);
    with(&sandbox, "user set li.na --role sales", &[ANN]).exits(0);
    sandbox.edit("roles/sales.toml", |text| text.replace("Sales", "Seller"));
    bare(&sandbox, "commit -m role").exits(2);
    with(&sandbox, "commit -m role", &[ANN]).exits(0);
    sandbox.write("lines", "user set li.na --add-role admin\n");
    bare(&sandbox, "batch lines").exits(2);
    with(&sandbox, "batch lines", &[ANN]).exits(0);
    bare(&sandbox, "undo").exits(2);
    with(&sandbox, "undo", &[ANN]).exits(0);
    with(&sandbox, "export --all ../everything --format csv", &[ANN]).exits(0);
}

#[test]
fn the_log_tells_who_came_in_and_what_is_secret_is_nowhere() {
    let sandbox = guarded();
    with(&sandbox, "login ann", &["canary-wrong-password"]).exits(11);
    log_in(&sandbox);
    let now = "2026-03-04T09:36:00+08:00";
    let (secret, recovery) = enrol(&sandbox, now);
    bare(&sandbox, "user add cron --name Cron --email cron@acme.example --kind service").exits(0);
    let token = with(&sandbox, "user token add cron", &[ANN]).exits(0).stdout.trim().to_owned();
    bare(&sandbox, "logout").exits(0);
    let log = signs(&sandbox);
    assert_eq!(
        log,
        [
            "ann password ok",
            "ann login wrong",
            "ann login ok",
            "ann again ok",
            "ann again ok",
            "ann totp enabled",
            "ann again ok",
            "cron token added",
            "ann logout ok"
        ]
    );
    // In no object of the repository, in no file of the work tree, and outside only as hashes.
    let objects = sandbox.git("cat-file --batch-all-objects --batch");
    let kept = std::fs::read_to_string(vault(&sandbox).join("auth/ann.json")).expect("an account");
    let lines = std::fs::read_to_string(vault(&sandbox).join("signins.jsonl")).expect("a log");
    let tail = token.rsplit('.').next().expect("a secret");
    for canary in [ANN, "canary-wrong-password", &recovery[0], tail] {
        assert!(!objects.contains(canary) && !kept.contains(canary) && !lines.contains(canary), "{canary}");
    }
    assert!(!objects.contains(&secret) && !lines.contains(&secret));
    for path in ["lock", "signins.jsonl", "auth/ann.json", "auth/cron.json"] {
        let mode = std::fs::metadata(vault(&sandbox).join(path)).expect("is there").mode() & 0o777;
        assert_eq!(mode, 0o600, "{path}");
    }
    assert_eq!(std::fs::metadata(vault(&sandbox)).expect("is there").mode() & 0o777, 0o700);
    let second = chrono::DateTime::parse_from_rfc3339(now).expect("a time").timestamp() + 24 * 60;
    let code = code_of(&secret, second);
    let at = "2026-03-04T10:00:00+08:00";
    let words = "login ann --password-stdin";
    sandbox.command(words).env("CRM_NOW", at).stdin(format!("{ANN}\n{code}\n")).run().exits(0);
    let run =
        sandbox.command("audit logins --format csv --limit 3 --since 2026-03-04").env("CRM_NOW", at).run();
    assert_eq!(run.exits(0).column().len(), 3);
    sandbox.command("audit logins --lang zh-CN").env("CRM_NOW", at).run().exits(0).prints(&["登录", "有误"]);
}

#[test]
fn a_log_in_works_before_it_is_required() {
    let sandbox = Sandbox::new();
    with(&sandbox, "login ann", &[ANN]).exits(11).says(&["log-in is off", "nobody has a password"]);
    with(&sandbox, "passwd --as ann", &[ANN]).exits(0);
    with(&sandbox, "login ann", &[ANN]).exits(0).says(&["log-in is off"]);
    let told = sandbox.crm("whoami --format json").exits(0).json();
    assert_eq!(told["by"], "variable");
    let told = sandbox.crm("whoami --as ann@acme.example --format json").exits(0).json();
    assert_eq!(told["by"], "flag");
}

#[test]
fn one_code_lets_one_of_many_programs_in() {
    let sandbox = guarded();
    log_in(&sandbox);
    let (secret, _) = enrol(&sandbox, "2026-03-04T09:40:00+08:00");
    let at = "2026-03-04T09:50:00+08:00";
    let second = chrono::DateTime::parse_from_rfc3339(at).expect("a time").timestamp();
    let text = format!("{ANN}\n{}\n", code_of(&secret, second));
    let exits: Vec<i32> = std::thread::scope(|scope| {
        let made = (0..4).map(|_| {
            let mut command = sandbox.bare(crate::support::CRM);
            command.args(["login", "ann", "--password-stdin"]).env("CRM_NOW", at);
            command
        });
        let made: Vec<_> = made.collect();
        let processes: Vec<_> = made
            .into_iter()
            .map(|command| scope.spawn(|| crate::support::finish(command, &[], Some(text.as_bytes())).exit))
            .collect();
        processes.into_iter().map(|process| process.join().expect("no panic")).collect()
    });
    assert_eq!(exits.iter().filter(|exit| **exit == 0).count(), 1, "{exits:?}");
    assert!(exits.iter().all(|exit| matches!(exit, 0 | 11)), "{exits:?}");
}
