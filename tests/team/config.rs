//! Settings: where they come from, what may be set, and that a store is not left behind.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::support::Sandbox;

const OWN: &str = "home/.config/crm/config.toml";

fn origin(sandbox: &Sandbox, words: &str) -> String {
    let run = sandbox.crm(format!("config get {words} --origin --format csv").as_str()).exits(0);
    run.stdout.lines().nth(1).unwrap_or_default().to_owned()
}

#[test]
fn a_setting_is_set_as_one_commit_that_keeps_comments() {
    let sandbox = Sandbox::new();
    sandbox.edit("crm.toml", |text| text.replace("[company]", "# who we are\n[company]"));
    sandbox.ok("commit -m comment");
    let before = sandbox.commits();
    sandbox.crm("config set company.payment_days 45").exits(0).says(&["config set: company.payment_days"]);
    assert_eq!(sandbox.commits(), before + 1);
    let text = sandbox.read("crm.toml");
    assert!(text.contains("# who we are\n[company]") && text.contains("payment_days = 45\n"), "{text}");
    let message = sandbox.git("log -1 --format=%B");
    for line in ["company.payment_days: - -> 45", "Crm-Op: config set", "Crm-Actor: ann"] {
        assert!(message.contains(line), "{message}");
    }
    assert_eq!(sandbox.ok("config get company.payment_days"), "45");
    sandbox.crm("config set company.payment_days 45").exits(0).says(&["nothing to change"]);
    sandbox.ok("config unset company.payment_days");
    assert_eq!(sandbox.ok("config get company.payment_days"), "30");
    assert_eq!(sandbox.commits(), before + 2);
    sandbox.ok("undo");
    assert_eq!(sandbox.ok("config get company.payment_days"), "45");
}

#[test]
fn a_dry_run_shows_the_change_and_makes_none() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    let run = sandbox.crm("config set tax.default_rate 9 --dry-run").exits(0);
    run.prints(&["+[tax]", "+default_rate = \"9\""]).says(&["nothing was written"]);
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn names_that_people_choose_lists_and_days_are_written_as_files_hold_them() {
    let sandbox = Sandbox::new();
    for (words, line) in [
        ("rates.USD.2026-07-01 7.0400", "2026-07-01 = \"7.0400\""),
        ("codes.source.livestream.label_zh 直播", "label_zh = \"直播\""),
        ("fields.customer.showroom.type dec", "type = \"dec\""),
        ("views.mine.where owner=me status=normal", "where = [\n  \"owner=me\",\n  \"status=normal\",\n]"),
        ("views.mine.of customer", "of = \"customer\""),
        ("stock.warehouses '[\"main\", \"north\"]'", "warehouses = [\n  \"main\",\n  \"north\",\n]"),
        ("period.closed_until 2025-12-31", "closed_until = 2025-12-31"),
        ("lead.notify_assignment true", "notify_assignment = true"),
        ("company.country de", "country = \"DE\""),
    ] {
        sandbox.ok(format!("config set {words}").as_str());
        let text = sandbox.read("crm.toml");
        assert!(text.contains(line), "{words}\n{text}");
    }
    sandbox.ok("check");
    sandbox.ok(
        "customer add --name 海尔 --kind company --showroom 12.5 --source livestream --phone +4930123456",
    );
    assert!(sandbox.ok("customer list --view mine").contains("海尔"));
    sandbox.fails(2, "config set company.name a b").says(&["takes one value"]);
}

#[test]
fn what_means_nothing_is_refused_with_what_would() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    for (words, says) in [
        ("company.timezone Mars/Base", "IANA time zone"),
        ("company.fiscal_start 02-30", "month and day"),
        ("company.week_start sunday", "one of mon"),
        ("number.order SO-{year}", "with one `{seq}`"),
        ("lead.response 2d", "minutes or hours"),
        ("rates.USD.soon 7", "`soon`"),
        ("codes.status.gone.label Gone", "may be extended"),
        ("company.nmae x", "perhaps company.name"),
        ("timezone Asia/Tokyo", "--user"),
        ("company x", "group of settings"),
        ("format 2", "crm migrate"),
        ("a..b x", "not a key"),
        ("policy.min_crm next", "a version such as"),
    ] {
        sandbox.fails(2, format!("config set {words}").as_str()).says(&[says]);
    }
    sandbox.fails(3, "config set company.calendar nowhere").says(&["no calendar `nowhere`"]);
    sandbox.fails(5, "config set policy.min_crm 99").says(&["newer than this program"]);
    sandbox.fails(2, "config get nothing.here");
    sandbox.fails(2, "config unset nothing.here");
    sandbox.ok("whoami");
    assert_eq!(sandbox.git("status --porcelain"), "");
    drop(before);
}

#[test]
fn what_records_depend_on_does_not_change() {
    let sandbox = Sandbox::trading();
    for words in [
        "set codes.industry.dealer.label Dealer",
        "set fields.customer.showroom.type dec",
        "set stock.warehouses main north",
    ] {
        sandbox.ok(format!("config {words}").as_str());
    }
    sandbox.ok("customer set 海尔北京 --industry dealer --showroom 20");
    sandbox.ok("product set SONG-L --track-stock");
    sandbox.ok("movement receive SONG-L 3 --warehouse north");
    for (words, says) in [
        ("set company.currency USD", "amounts"),
        ("unset codes.industry.dealer", "retired true"),
        ("unset fields.customer.showroom", "showroom!="),
        ("set fields.customer.showroom.type text", "showroom!="),
        ("set stock.warehouses main", "keep a warehouse"),
    ] {
        sandbox.fails(5, format!("config {words}").as_str()).says(&["depends on it", says]);
    }
    sandbox.ok("config set codes.industry.dealer.retired true");
    sandbox.ok("check");
    // The same holds for a hand edit.
    sandbox.edit("crm.toml", |text| text.replace("currency = \"CNY\"", "currency = \"USD\""));
    sandbox.fails(5, "commit").says(&["depends on it"]);
}

#[test]
fn only_an_administrator_changes_settings() {
    let sandbox = Sandbox::new();
    sandbox.ok("role add sales --name Sales");
    sandbox.ok("user add bob --name Bob --email bob@acme.example --role sales");
    sandbox.fails(11, "config set company.name X --as bob").says(&["administrator"]);
    sandbox.ok("config set company.name X");
    sandbox.fails(11, "undo HEAD --as bob").says(&["administrator"]);
}

#[test]
fn flag_environment_record_store_own_and_default_follow_each_other() {
    let sandbox = Sandbox::new();
    assert_eq!(origin(&sandbox, "timezone"), "timezone,Asia/Shanghai,store,crm.toml:7");
    sandbox.ok("config set --user timezone Europe/Berlin");
    assert!(origin(&sandbox, "timezone").contains(",store,"), "the store goes before the own file");
    sandbox.ok("config unset company.timezone");
    let own = origin(&sandbox, "timezone");
    assert!(own.contains("Europe/Berlin,user,") && own.ends_with("config.toml:1"), "{own}");
    sandbox.ok("user set me --timezone Asia/Tokyo");
    assert_eq!(origin(&sandbox, "timezone"), "timezone,Asia/Tokyo,record,users/ann.toml");
    let run =
        sandbox.command("config get timezone --origin --format csv").env("CRM_TZ", "UTC").run().exits(0);
    run.prints(&["timezone,UTC,environment,CRM_TZ"]);
    assert_eq!(origin(&sandbox, "timezone --tz UTC"), "timezone,UTC,flag,--tz");
    sandbox.ok("user set me --unset timezone");
    sandbox.ok("config unset --user timezone");
    assert_eq!(origin(&sandbox, "timezone"), "timezone,Asia/Shanghai,default,");
    assert_eq!(origin(&sandbox, "quote.valid_days"), "quote.valid_days,30,default,");
    sandbox.fails(5, "user set me --timezone Mars/Base").says(&["not a time zone"]);
}

#[test]
fn the_record_of_who_acts_decides_the_language() {
    let sandbox = Sandbox::new();
    sandbox.ok("user add bo --name Bo --email bo@acme.example --role admin --language zh-CN");
    sandbox.fails(2, "customer list --limit no").says(&["error: "]);
    sandbox.fails(2, "customer list --limit no --as bo").says(&["错误"]);
    sandbox.fails(2, "customer list --limit no --as bo@acme.example").says(&["错误"]);
    sandbox.fails(2, "customer list --limit no --as bo --lang en").says(&["error: "]);
    sandbox.git("config user.email bo@acme.example");
    sandbox.command("customer list --limit no").env("CRM_USER", "").run().exits(2).says(&["错误"]);
}

#[test]
fn the_own_file_is_private_and_refused_where_others_may_write() {
    let sandbox = Sandbox::new();
    sandbox.ok("config set --user lock_timeout 5s");
    let path = sandbox.outside(OWN);
    assert_eq!(fs::metadata(&path).expect("the own file").permissions().mode() & 0o777, 0o600);
    assert_eq!(sandbox.ok("config get lock_timeout"), "5s");
    sandbox.fails(2, "config set --user tax.default_rate 9").says(&["holds for everybody"]);
    sandbox.fails(2, "config set --user color red").says(&["one of auto"]);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).expect("its permissions");
    sandbox.fails(11, "customer list").says(&["config.toml` may be written by others", "chmod go-w"]);
    sandbox.ok("help");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its permissions");
    fs::write(&path, "# mine\n\n# for now\nlock_timeout = \"long\"\n").expect("written");
    sandbox.fails(5, "customer list").says(&["config.toml:4: `long`"]);
    sandbox.ok("config unset --user lock_timeout");
    assert_eq!(fs::read_to_string(&path).expect("the own file"), "# mine\n\n");
    let named = sandbox.outside("mine.toml");
    let other = sandbox.command("config get format").env("CRM_CONFIG", &named);
    assert_eq!(other.run().exits(0).stdout, "");
    fs::write(&named, "format = \"csv\"\n").expect("written");
    let run = sandbox.command("user list").env("CRM_CONFIG", &named).run().exits(0);
    assert!(run.stdout.starts_with("id,"), "{run}");
}

#[test]
fn what_crm_toml_says_under_a_personal_key_is_passed_over() {
    let sandbox = Sandbox::new();
    sandbox.edit("crm.toml", |text| format!("pager = \"touch stolen\"\neditor = \"touch stolen\"\n{text}"));
    sandbox.crm("commit").exits(0).says(&["no setting `pager`"]);
    assert_eq!(sandbox.ok("config get pager"), "less -FRX");
    sandbox.crm("check").exits(0).prints(&["crm.toml:1:", "no setting `pager`"]);
    sandbox.ok("config unset pager");
    assert!(!sandbox.read("crm.toml").contains("pager"));
}

#[test]
fn wrong_settings_stop_everything_but_their_mending() {
    let sandbox = Sandbox::new();
    sandbox.edit("crm.toml", |text| text.replace("Asia/Shanghai", "Asia/Shangai"));
    sandbox.git("commit -qam broken");
    sandbox.fails(5, "customer list").says(&["crm.toml:7: `Asia/Shangai`", "IANA"]);
    sandbox.ok("config set company.timezone Asia/Shanghai");
    sandbox.ok("customer list");
}

#[test]
fn an_unknown_key_is_told_with_the_nearest() {
    let sandbox = Sandbox::new();
    sandbox.edit("crm.toml", |text| format!("{text}paymnt_days = 3\n"));
    let told = "crm.toml:9: there is no setting `company.paymnt_days`; perhaps `company.payment_days`";
    sandbox.crm("commit").exits(0).says(&[told]);
    sandbox.crm("config list company").exits(0).says(&[told]);
    sandbox.crm("check").exits(0).prints(&["company.paymnt_days"]);
    sandbox.ok("customer list");
}

#[test]
fn an_older_program_neither_writes_nor_judges() {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| format!("{text}\n[policy]\nmin_crm = \"99.1\"\n"));
    sandbox.git("commit -qam policy");
    let before = sandbox.snapshot();
    for words in ["customer set 海尔北京 --note x", "check", "config set company.name X", "undo", "commit"]
    {
        sandbox.fails(8, words).says(&["asks for crm 99.1 or newer"]);
    }
    sandbox.ok("customer show 海尔北京");
    drop(before);
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn settings_are_edited_in_an_editor_and_checked() {
    let sandbox = Sandbox::new();
    let edit = |change: &str| sandbox.command("config edit").env("EDITOR", format!("sed -i {change}")).run();
    edit("s/Acme/Beta/").exits(0);
    assert_eq!(sandbox.ok("config get company.name"), "Beta");
    edit("s/Shanghai/Shangai/").exits(5).says(&["crm.toml:7"]);
    edit("s/^name/nmae/").exits(2).says(&["perhaps company.name"]);
    edit("s/x/x/").exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.git("status --porcelain"), "");
}
