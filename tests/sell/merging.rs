//! Duplicates, merging and timelines.

use crate::support::Sandbox;

/// Two customers that are one, `gone` with a contact, a confirmed order and a follow-up.
fn twice() -> (Sandbox, String, String) {
    let sandbox = Sandbox::trading();
    let keep = sandbox.ok("customer list --where name=海尔北京 --format ids");
    let gone =
        sandbox.ok("customer add --name 海尔（北京）公司 --city 北京 --phone 13800138000 --allow-duplicate");
    sandbox.write(
        "more",
        format!(
            "contact add --name 张三 --customer {gone} --phone 13900139000\n\
             order add --customer {gone} --line SONG-L:1\n\
             order confirm SO-2026-0002\n\
             followup log {gone} --kind call --summary 谈价格\n"
        ),
    );
    sandbox.ok("batch more");
    sandbox.remove("more");
    (sandbox, keep, gone)
}

/// Field of a record in json.
#[track_caller]
fn field(sandbox: &Sandbox, noun: &str, id: &str, name: &str) -> serde_json::Value {
    sandbox.crm(format!("{noun} show {id} --format json")).exits(0).json()[name].clone()
}

#[test]
fn a_merge_writes_the_kept_record_and_the_tombstone_in_one_commit() {
    let (sandbox, keep, gone) = twice();
    let before = sandbox.commits();
    assert_eq!(sandbox.ok(format!("customer merge {keep} {gone}")), format!("{keep}\n{gone}"));
    assert_eq!(sandbox.commits(), before + 1);
    let mut files: Vec<String> =
        sandbox.git("show --name-only --format= HEAD").lines().map(str::to_owned).collect();
    files.sort();
    let mut expected = vec![sandbox.file_of(&keep), sandbox.file_of(&gone)];
    expected.sort();
    assert_eq!(files, expected);
    let body = sandbox.git("log -1 --format=%B");
    assert!(body.contains(&format!("lost: name 海尔（北京）公司 of {gone}")), "{body}");
    assert_eq!(field(&sandbox, "customer", &keep, "city"), "北京");
    assert_eq!(field(&sandbox, "customer", &keep, "other_phones"), serde_json::json!(["+8613800138000"]));
    assert_eq!(field(&sandbox, "customer", &gone, "merged_into"), keep.as_str());
    sandbox.ok("check");
}

#[test]
fn every_reader_sees_the_kept_record() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    assert_eq!(sandbox.ok("customer list --format ids"), keep);
    assert_eq!(sandbox.ok("customer list --where phone=13800138000 --format ids"), "", "a further number");
    assert_eq!(sandbox.ok("customer show 13800138000 --format ids"), keep);
    for condition in
        [format!("customer={gone}"), format!("customer={keep}"), "customer_name=海尔北京".to_owned()]
    {
        let orders =
            sandbox.crm(format!("order list --where {condition} --fields number,customer --format json"));
        let orders = orders.exits(0).json();
        assert_eq!(orders.as_array().map(Vec::len), Some(2), "{condition}");
        assert!(orders.as_array().into_iter().flatten().all(|o| o["customer"] == keep.as_str()), "{orders}");
    }
    assert_eq!(field(&sandbox, "order", "SO-2026-0002", "customer"), keep.as_str());
    assert_eq!(field(&sandbox, "order", "SO-2026-0002", "customer_name"), "海尔北京");
    for target in [&gone, &keep] {
        let flags = format!("--where target={target} --fields target,target_name --format json");
        let followups = sandbox.crm(format!("followup list {flags}")).exits(0).json();
        assert_eq!(followups[0]["target"], keep.as_str());
        assert_eq!(followups[0]["target_name"], "海尔北京");
    }
    let exported = sandbox.ok("export order --format csv");
    assert!(!exported.contains(&gone) && exported.contains(&keep), "{exported}");
    let json = sandbox.ok("export order --format json");
    assert!(!json.contains(&gone), "{json}");
    let sales = sandbox.ok("report sales --by customer --period 2026 --format csv");
    assert!(!sales.contains("海尔（北京）公司") && sales.contains("海尔北京"), "{sales}");
    let derived =
        sandbox.crm("customer list --fields orders,revenue,last_touch --format json").exits(0).json();
    assert_eq!(derived[0]["orders"], 1);
    assert_eq!(derived[0]["last_touch"], "2026-03-04");
    let check = sandbox.ok("customer check --phone 13800138000 --format csv");
    assert_eq!(check.lines().count(), 2, "one customer, who may not be named: {check}");
    assert_eq!(sandbox.ok("search 海尔 --format ids").lines().filter(|id| *id == gone).count(), 0);
}

#[test]
fn an_export_of_references_to_a_tombstone_is_imported_as_no_change() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    sandbox.ok("export contact -o contacts.csv");
    assert!(!sandbox.read("contacts.csv").contains(&gone));
    let before = sandbox.commits();
    sandbox.ok("import contact contacts.csv --match id --on-match update");
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn what_refers_to_a_tombstone_is_stored_as_the_kept_record() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    let stored = |id: &str| {
        let text = sandbox.read(&sandbox.file_of(id));
        (text.contains(&keep), text.contains(&gone))
    };
    let by_flag = sandbox.ok(format!("opportunity add --name A --customer {gone} --amount 100"));
    assert_eq!(stored(&by_flag), (true, false));
    sandbox.write("contact.toml", format!("name = \"李四\"\ncustomer = \"{gone}\"\n"));
    let by_file = sandbox.ok("contact add --from contact.toml");
    assert_eq!(stored(&by_file), (true, false));
    sandbox.write("contacts.csv", format!("name,customer\n王五,{gone}\n"));
    let by_import = sandbox.ok("import contact contacts.csv");
    assert_eq!(stored(&by_import), (true, false));
    let by_target = sandbox.ok(format!("followup log {gone} --kind call --summary X"));
    assert_eq!(stored(&by_target), (true, false));
}

#[test]
fn a_tombstone_is_not_edited_moved_or_removed() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    for command in
        ["set ID --city 上海", "block ID --reason x", "address add ID --use site", "assign ID --to ann"]
    {
        let command = command.replace("ID", &gone);
        let error = sandbox.fails(5, format!("customer {command} --format json")).error();
        assert_eq!(error["rule"], "merged-record", "{command}");
        assert_eq!(error["candidates"][0], keep.as_str(), "{command}");
    }
    sandbox.fails(5, format!("customer remove {gone} --yes"));
    let alone = sandbox.ok("customer add --name 甲");
    let other = sandbox.ok("customer add --name 乙");
    sandbox.ok(format!("customer merge {alone} {other}"));
    sandbox.fails(5, format!("customer remove {alone} --yes")).says(&["still points", "merged_into"]);
    sandbox.ok(format!("customer remove {other} --yes"));
    sandbox.ok(format!("customer remove {alone} --yes"));
    sandbox.ok("check");
    assert_eq!(sandbox.ok("customer list --format ids"), keep);
}

#[test]
fn undo_takes_back_what_the_kept_record_gained() {
    let (sandbox, keep, gone) = twice();
    let before = [&keep, &gone].map(|id| sandbox.read(&sandbox.file_of(id)));
    sandbox.ok(format!("customer merge {keep} {gone} --prefer name={gone}"));
    sandbox.ok("undo");
    assert_eq!([&keep, &gone].map(|id| sandbox.read(&sandbox.file_of(id))), before);
    sandbox.ok("check");
}

#[test]
fn unmerge_leaves_what_the_kept_record_gained() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    let begins = &gone[..gone.len() - 2];
    assert_eq!(sandbox.ok(format!("customer unmerge {begins}")), gone);
    assert_eq!(field(&sandbox, "customer", &keep, "city"), "北京");
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 2);
    assert_eq!(field(&sandbox, "order", "SO-2026-0002", "customer"), gone.as_str());
    let before = sandbox.commits();
    sandbox.crm(format!("customer unmerge {gone}")).exits(0).says(&["nothing to change"]);
    assert_eq!(sandbox.commits(), before);
}

#[test]
fn again_is_already_so_and_chains_lead_to_the_last() {
    let (sandbox, keep, gone) = twice();
    let third = sandbox.ok("customer add --name 海尔智家");
    sandbox.ok(format!("customer merge {keep} {gone}"));
    let before = sandbox.commits();
    assert_eq!(sandbox.ok(format!("customer merge {keep} {gone}")), format!("{keep}\n{gone}"));
    assert_eq!(sandbox.commits(), before);
    sandbox.ok(format!("customer merge {third} {keep}"));
    assert_eq!(field(&sandbox, "order", "SO-2026-0002", "customer"), third.as_str());
    assert_eq!(sandbox.ok(format!("customer merge {third} {gone}")), format!("{third}\n{gone}"));
    assert_eq!(sandbox.commits(), before + 1, "through the chain it is merged already");
    sandbox.fails(5, format!("customer merge {gone} {third}")).says(&["merged away itself"]);
    sandbox.fails(5, format!("customer merge {third} {third}")).says(&["merged into itself"]);
}

#[test]
fn several_are_merged_at_once_and_a_dry_run_writes_nothing() {
    let (sandbox, keep, gone) = twice();
    let third = sandbox.ok("customer add --name 海尔智家 --wechat haier --kind dealer");
    let before = (sandbox.commits(), sandbox.read(&sandbox.file_of(&keep)), sandbox.git("status --short"));
    sandbox.fails(5, format!("customer merge {keep} {gone} {third}")).says(&["--prefer kind="]);
    let merge = format!("customer merge {keep} {gone} {third} --prefer kind={keep}");
    sandbox
        .crm(format!("{merge} --dry-run"))
        .exits(0)
        .prints(&["merged_into: (none) ->", "wechat: (none) -> haier"]);
    assert_eq!(
        (sandbox.commits(), sandbox.read(&sandbox.file_of(&keep)), sandbox.git("status --short")),
        before
    );
    assert_eq!(sandbox.ok(&merge).lines().count(), 3);
    assert_eq!(sandbox.ok("customer list --format ids"), keep);
    assert_eq!(sandbox.ok(format!("{merge} --key k1")).lines().count(), 3);
}

#[test]
fn merges_work_in_a_batch_and_what_follows_sees_them() {
    let (sandbox, keep, gone) = twice();
    sandbox.write(
        "lines",
        format!("customer merge {keep} {gone}\ncontact add --name 赵六 --customer {gone}\norder add --customer {gone} --line SONG-L:1\n"),
    );
    let before = sandbox.commits();
    let made = sandbox.ok("batch lines");
    assert_eq!(sandbox.commits(), before + 1);
    let contact = made.lines().next().expect("a contact");
    assert_eq!(field(&sandbox, "contact", contact, "customer"), keep.as_str());
}

#[test]
fn contacts_and_leads_are_merged_alike() {
    let (sandbox, keep, _) = twice();
    let one = sandbox.ok(format!("contact add --name 张三 --customer {keep} --email z@haier.example"));
    let other = sandbox.ok("contact list --where phone=13900139000 --format ids");
    let rows = sandbox.crm("contact dedupe --min-score 50 --format json").exits(0).json();
    assert_eq!((&rows[0]["keep"], &rows[0]["drop"]), (&other.as_str().into(), &one.as_str().into()));
    sandbox.ok(format!("contact merge {one} {other}"));
    assert_eq!(field(&sandbox, "contact", &one, "phone"), "+8613900139000");
    assert_eq!(sandbox.ok("contact list --format ids"), one);
    let first = sandbox.ok("lead add --name 陈晓明 --phone 13700137000 --source web");
    let second = sandbox.ok("lead add --name 陈晓明 --phone 13700137000 --source web --allow-duplicate");
    let rows = sandbox.crm("lead dedupe --format json").exits(0).json();
    assert_eq!((&rows[0]["score"], &rows[0]["keep"]), (&100.into(), &first.as_str().into()));
    sandbox.ok(format!("lead merge {first} {second}"));
    assert_eq!(sandbox.ok("lead list --format ids"), first);
    assert_eq!(sandbox.ok("lead dedupe --format ids"), "");
    sandbox.ok("check");
}

#[test]
fn duplicates_are_listed_best_first() {
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name 比亚迪汽车销售有限公司 --phone 075589888888 --city 深圳");
    sandbox.write(
        "old.csv",
        "name,phone,city\n比亚迪（深圳）汽车销售公司,075589888888,深圳\n\
         深圳海纳物流有限公司,,深圳\n深圳海纳物流运输,,深圳\n",
    );
    sandbox.ok("import customer old.csv --allow-duplicate");
    let listed = |flags: &str| {
        let rows = sandbox.crm(format!("customer dedupe --format json {flags}")).exits(0).json();
        let row = |row: &serde_json::Value| (row["score"].as_i64(), row["reasons"].to_string());
        rows.as_array().into_iter().flatten().map(row).collect::<Vec<_>>()
    };
    let best = (Some(100), r#"["phone","name","city"]"#.to_owned());
    let alike = (Some(35), r#"["similar_name","city"]"#.to_owned());
    assert_eq!(listed(""), std::slice::from_ref(&best));
    assert_eq!(listed("--min-score 35"), [best.clone(), alike]);
    assert_eq!(listed("--min-score 35 --limit 1"), [best]);
    assert_eq!(listed("--min-score 35 --where city=广州"), []);
    let older = sandbox.crm("customer dedupe --format csv --no-header").exits(0).stdout;
    assert!(older.contains(",比亚迪汽车销售有限公司,"), "{older}");
    assert!(older.find("销售有限公司") < older.find("（深圳）"), "the older one stays: {older}");
    sandbox.fails(2, "customer dedupe --min-score 101");
    sandbox.fails(2, "customer dedupe --min-score x");
}

#[test]
fn who_has_more_documents_stays() {
    let sandbox = Sandbox::trading();
    let keep = sandbox.ok("customer list --format ids");
    sandbox.write("more.csv", "name\n海尔（北京）公司\n海尔北京公司\n");
    sandbox.ok("import customer more.csv --allow-duplicate");
    let gone = sandbox.ok("customer list --where name=海尔北京公司 --format ids");
    sandbox.ok(format!(
        "customer remove --yes {}",
        sandbox.ok("customer list --where name=海尔（北京）公司 --format ids")
    ));
    let kept = |sandbox: &Sandbox| {
        let rows = sandbox.crm("customer dedupe --min-score 50 --format json").exits(0).json();
        rows[0]["keep"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(kept(&sandbox), keep, "one order against none");
    sandbox.ok(format!("order add --customer {gone} --line SONG-L:1"));
    sandbox.ok(format!("order add --customer {gone} --line SONG-L:1"));
    assert_eq!(kept(&sandbox), gone, "two orders against one");
    sandbox.ok(format!("customer distinct {gone} {keep}"));
    let before = sandbox.commits();
    sandbox.ok(format!("customer distinct {keep} {gone}"));
    assert_eq!(sandbox.commits(), before, "said once");
    assert_eq!(sandbox.ok("customer dedupe --min-score 50 --format ids"), "");
}

#[test]
fn exposure_is_the_one_by_which_orders_are_refused() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    sandbox.ok("order ship SO-2026-0002");
    let of = |name: &str| -> f64 {
        let rows = sandbox.crm(format!("customer list --fields {name} --format json")).exits(0).json();
        rows[0][name].as_str().expect("an amount").parse().expect("a number")
    };
    let total: f64 = field(&sandbox, "order", "SO-2026-0001", "total")
        .as_str()
        .expect("an amount")
        .parse()
        .expect("a number");
    let most = of("exposure") + total;
    assert!(of("exposure") > 0.0, "an order of the tombstone counts");
    sandbox.ok(format!("customer set {keep} --credit-limit {:.2}", most - 0.01));
    sandbox.fails(5, "order confirm SO-2026-0001").says(&["credit limit"]);
    sandbox.ok(format!("customer set {keep} --credit-limit {most:.2}"));
    sandbox.ok("order confirm SO-2026-0001");
    assert!((of("exposure") - most).abs() < 0.001);
}

#[test]
fn a_timeline_tells_of_all_below_newest_first() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer merge {keep} {gone}"));
    sandbox.wait_days(1);
    sandbox.ok("order ship SO-2026-0002");
    sandbox.ok(format!("customer block {keep} --reason 欠款"));
    let rows = sandbox.crm(format!("customer timeline {gone} --format json")).exits(0).json();
    let told: Vec<(&str, &str)> = rows
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| (row["what"].as_str().unwrap_or(""), row["kind"].as_str().unwrap_or("")))
        .collect();
    for wanted in [
        ("shipment", "shipment"),
        ("status", "customer"),
        ("status", "order"),
        ("order", "order"),
        ("followup", "followup"),
        ("contact", "contact"),
        ("customer", "customer"),
    ] {
        assert!(told.contains(&wanted), "{wanted:?} {told:?}");
    }
    assert_eq!(told[0], ("status", "customer"), "newest first: {told:?}");
    assert_eq!(rows[0]["text"], "normal → blocked: 欠款");
    let all = told.len();
    let count = |flags: &str| {
        let rows = sandbox.crm(format!("customer timeline {keep} --format json {flags}")).exits(0).json();
        rows.as_array().map_or(0, Vec::len)
    };
    assert_eq!((count(""), count("--limit 2")), (all, 2));
    assert_eq!(count("--since 2026-03-05") + count("--until 2026-03-04"), all);
    assert_eq!(count("--since 2026-03-06"), 0);
    let shown = sandbox
        .crm(format!("customer show {keep} --with timeline,orders,products --format json"))
        .exits(0)
        .json();
    assert_eq!(shown["timeline"].as_array().map(Vec::len), Some(all));
    assert_eq!(shown["orders"].as_array().map(Vec::len), Some(2));
    assert_eq!(shown["products"][0]["product"], "SONG-L");
    sandbox.fails(2, format!("customer show {keep} --with oders")).says(&["orders"]);
    sandbox.ok(format!("customer show {keep} --with timeline --lang zh-CN")).contains("正常 → 已冻结");
}

#[test]
fn derived_fields_are_listed_sorted_and_filtered() {
    let (sandbox, keep, gone) = twice();
    let names = |flags: &str| sandbox.ok(format!("customer list --format ids {flags}"));
    assert_eq!(names("--where life=active"), gone);
    assert_eq!(names("--where life=prospect"), keep);
    assert_eq!(names("--where 'revenue>100000'"), gone);
    assert_eq!(names("--sort -revenue --limit 1"), gone);
    assert_eq!(names("--where last_touch=2026-03-04"), gone);
    for flags in ["--with derived", "--with orders", "--fields life,name"] {
        let shown = sandbox.crm(format!("customer show {gone} --format json {flags}")).exits(0).json();
        assert_eq!(shown["life"], "active", "{flags}");
    }
    assert!(field(&sandbox, "customer", &gone, "life").is_null(), "who does not ask does not wait");
    sandbox.ok("customer list --format csv");
    sandbox.ok("order list --format csv");
    sandbox.edit("crm.toml", |text| text + "\n[customer]\ndormant_days = 10\n");
    sandbox.ok("commit");
    sandbox.wait_days(20);
    assert_eq!(names("--where life=dormant"), gone);
}

#[test]
fn what_another_system_calls_a_tombstone_means_the_kept_record() {
    let (sandbox, keep, gone) = twice();
    sandbox.ok(format!("customer set {keep} --source-ref erp:1"));
    sandbox.ok(format!("customer set {gone} --source-ref erp:2"));
    sandbox.ok(format!("customer merge {keep} {gone}"));
    sandbox.write("erp.csv", "source_ref,name,city\nerp:1,海尔北京,青岛\nerp:2,海尔北京,青岛\n");
    for _ in 0..2 {
        sandbox.ok("import customer erp.csv --on-match update");
        assert_eq!(sandbox.ok("customer list --format ids"), keep, "no third one");
    }
    assert_eq!(sandbox.ok("customer show erp:2 --format ids"), keep);
    assert_eq!(sandbox.ok("customer upsert --source-ref erp:2 --name 海尔北京 --level A"), keep);
    assert_eq!(field(&sandbox, "customer", &keep, "source_ref"), "erp:1");
    assert_eq!(field(&sandbox, "customer", &keep, "level"), "A");
    let error = sandbox.fails(5, "customer add --name 别家 --source-ref erp:2 --format json").error();
    assert_eq!(error["rule"], "duplicate-source-ref");
    sandbox.ok(format!("customer unmerge {gone}"));
    assert_eq!(sandbox.ok("customer show erp:2 --format ids"), gone);
}

#[test]
fn a_further_number_finds_its_customer_and_stays_a_further_one() {
    let sandbox = Sandbox::new();
    let id = sandbox
        .ok("customer add --name 海尔 --phone 13800138001 --other-phone 13800138002 --email a@h.example");
    let upsert = "customer upsert --match phone,email,tax_id --name 海尔";
    assert_eq!(sandbox.ok(format!("{upsert} --phone 13800138002 --level A")), id);
    assert_eq!(field(&sandbox, "customer", &id, "phone"), "+8613800138001");
    assert_eq!(sandbox.ok(format!("{upsert} --email A@h.example --tax-id 91X")), id);
    assert_eq!(sandbox.ok(format!("{upsert} --tax-id 91X --city 青岛")), id);
    let before = sandbox.commits();
    assert_eq!(sandbox.ok(format!("{upsert} --tax-id 91X --city 青岛")), id);
    assert_eq!(sandbox.commits(), before);
    sandbox.ok(format!("customer set {id} --phone 13800138002"));
    assert_eq!(field(&sandbox, "customer", &id, "other_phones"), serde_json::Value::Null);
    sandbox.fails(5, format!("customer set {id} --credit-limit -5"));
}

#[test]
fn groups_have_heads_and_no_circles() {
    let sandbox = Sandbox::new();
    let head = sandbox.ok("customer add --name 集团总部 --kind company");
    let child = sandbox.ok(format!("customer add --name 华东分部 --parent {head}"));
    let grandchild = sandbox.ok(format!("customer add --name 苏州门店 --parent {child}"));
    sandbox.fails(5, format!("customer set {head} --parent {grandchild}")).says(&["leads back to itself"]);
    // The head and a grandchild cannot be one: the child would be above itself.
    sandbox.fails(5, format!("customer merge {grandchild} {head}")).says(&["leads back to itself"]);
    let shown =
        sandbox.crm(format!("customer show {head} --with subsidiaries --format json")).exits(0).json();
    assert_eq!(shown["subsidiaries"][0]["id"], child.as_str());
    sandbox.ok(format!("customer merge {head} {child}"));
    let shown =
        sandbox.crm(format!("customer show {head} --with subsidiaries --format json")).exits(0).json();
    assert_eq!(
        shown["subsidiaries"][0]["id"],
        grandchild.as_str(),
        "those of a tombstone are those of the head"
    );
    sandbox.ok("check");
}
