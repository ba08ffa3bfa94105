//! Records from files: `add --from`, `import` and `export`, and the editor.

use crate::support::Sandbox;

#[test]
fn a_record_comes_from_toml_json_or_many_from_json_lines() {
    let sandbox = Sandbox::new();
    sandbox.write("a.toml", "name = \"Tom\"\nkind = \"dealer\"\n\n[[addresses]]\nid = \"kkkkkk\"\nuse = \"shipping\"\nlabel = \"depot\"\ncity = \"北京\"\n");
    sandbox.write("b.json", "{\"name\": \"Jason\", \"credit_limit\": \"12.50\", \"other_emails\": [\"j@x.example\"], \"city\": null}");
    sandbox.write("c.jsonl", "{\"name\": \"L1\"}\n{\"name\": \"L2\"}\n");
    let before = sandbox.commits();
    let toml = sandbox.ok("customer add --from a.toml");
    let json = sandbox.ok("customer add --from b.json");
    assert_eq!(sandbox.ok("customer add --from c.jsonl").lines().count(), 2);
    assert_eq!(sandbox.commits(), before + 3);
    let show = |id: &str| sandbox.crm(&["customer", "show", id, "--format", "json"]).exits(0).json();
    assert_eq!(show(&toml)["kind"], "dealer");
    assert_eq!(show(&toml)["addresses"][0]["city"], "北京");
    assert_eq!(show(&json)["credit_limit"], "12.50");
    let from_pipe = sandbox.command("customer add --from -").stdin("name = \"Pipe\"\n").run().exits(0);
    assert_eq!(show(from_pipe.stdout.trim_end())["name"], "Pipe");
    let mixed =
        sandbox.command("customer add --from - --level A").stdin("{\"name\": \"Mix\"}").run().exits(0);
    assert_eq!(show(mixed.stdout.trim_end())["level"], "A");
}

#[test]
fn what_show_prints_as_json_can_be_added_again() {
    let sandbox = Sandbox::new();
    sandbox.ok("customer add --name A --phone 01065123456 --level A --credit-limit 10");
    let record = sandbox.ok("customer show A --format json");
    let copy = sandbox.command("customer add --from - --allow-duplicate").stdin(record).run().exits(0);
    let copy = sandbox.crm(&["customer", "show", copy.stdout.trim_end(), "--format", "json"]).json();
    assert_eq!(copy["level"], "A");
    assert_eq!(copy["credit_limit"], "10.00");
}

#[test]
fn a_file_that_cannot_be_read_says_where() {
    let sandbox = Sandbox::new();
    sandbox.write("bad.toml", "name = \"A\"\nlevel = oops\n");
    sandbox.fails(5, "customer add --from bad.toml").says(&["bad.toml:2: "]);
    sandbox.write("bad.json", "{\"name\": \"A\",}\n");
    sandbox.crm("customer add --from bad.json").says(&["bad.json"]);
    sandbox.write("field.json", "{\"nmae\": \"A\"}\n");
    sandbox.fails(2, "customer add --from field.json").says(&["nmae", "name"]);
    sandbox.write("bytes.toml", b"name = \"\xff\"\n");
    sandbox.fails(5, "customer add --from bytes.toml").says(&["bytes.toml:1: "]);
    sandbox.fails(1, "customer add --from nowhere.toml").says(&["nowhere.toml"]);
    assert_eq!(sandbox.ok("customer list --format ids"), "");
}

#[test]
fn an_import_is_one_commit_and_matches_columns_by_code_and_by_label() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "a.csv",
        "客户名称,电话,E-mail,level\n海尔,010-6512 3456,buy@haier.example,A\n美的,0757-2633 8888,,B\n",
    );
    let before = sandbox.commits();
    let run = sandbox.crm("import customer a.csv").exits(0);
    assert_eq!(run.stdout.lines().count(), 2, "{run}");
    assert_eq!(sandbox.commits(), before + 1);
    let haier = sandbox.crm("customer show 海尔 --format json").json();
    assert_eq!((&haier["phone"], &haier["level"]), (&"+861065123456".into(), &"A".into()));
    sandbox.ok("undo");
    assert_eq!(sandbox.ok("customer list --format ids"), "");
}

#[test]
fn an_import_writes_nothing_unless_all_rows_are_good_and_names_line_and_column() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "name,level,email\nA,A,a@x.example\nB,Z,b@x.example\nC,A,nonsense\n");
    let before = sandbox.snapshot().without(".git/crm");
    let run = sandbox.fails(2, "import customer a.csv").prints_nothing();
    run.says(&["a.csv:3: ", "`Z`", "a.csv:4: ", "`nonsense`"]);
    assert_eq!(sandbox.snapshot().without(".git/crm").differences(&before), [""; 0]);
}

#[test]
fn an_import_can_skip_bad_rows_into_a_file_of_rejects() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "name,level\nA,A\nB,Z\n");
    let rejects = sandbox.outside("rejects.csv");
    let line = format!("import customer a.csv --on-error skip --rejects {}", rejects.display());
    sandbox.fails(10, line).says(&["a.csv:3: "]);
    assert_eq!(sandbox.ok("customer list --format csv --fields name --no-header"), "A");
    let text = std::fs::read_to_string(rejects).expect("the rejects");
    assert!(text.contains('Z') && text.contains('3') && text.contains("level"), "{text}");
}

#[test]
fn columns_that_fit_nothing_are_listed_and_nothing_is_written() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "name,shoe size,hat\nA,42,big\n");
    sandbox.fails(2, "import customer a.csv").prints_nothing().says(&["shoe size", "hat", "--map"]);
    sandbox.write("map.toml", "[columns]\n\"shoe size\" = \"-\"\nhat = \"source_ref\"\n");
    sandbox.ok("import customer a.csv --map map.toml");
    assert_eq!(sandbox.crm("customer show A --format json").json()["source_ref"], "big");
}

#[test]
fn rows_group_into_orders_and_missing_records_are_made() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "orders.csv",
        "number,date,customer,line.product,line.qty,line.price\n\
         W-1,2026-02-01,海尔,P1,2,10\nW-1,2026-02-01,海尔,P2,1,5.50\nW-2,2026-02-02,美的,P1,1,10\n",
    );
    sandbox.fails(3, "import order orders.csv --group-by number").says(&["orders.csv:2: ", "海尔"]);
    sandbox
        .ok("import order orders.csv --group-by number --create-missing customer --create-missing product");
    let order = sandbox.crm("order show W-1 --format json").exits(0).json();
    assert_eq!(order["lines"].as_array().map(Vec::len), Some(2));
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 2);
    assert_eq!(sandbox.ok("order list --format ids").lines().count(), 2);
}

#[test]
fn what_is_exported_imports_again_without_a_change() {
    let sandbox = Sandbox::trading();
    let before = sandbox.commits();
    for (noun, format) in
        [("customer", "csv"), ("product", "csv"), ("order", "csv"), ("customer", "jsonl"), ("region", "csv")]
    {
        let file = format!("{noun}.{format}");
        sandbox.ok(format!("export {noun} -o {file}"));
        sandbox.ok(format!("import {noun} {file}"));
        sandbox.remove(&file);
        assert_eq!(sandbox.commits(), before, "{file}");
    }
}

#[test]
fn the_same_import_twice_with_external_ids_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("a.csv", "source_ref,name,level\nold:1,A,A\nold:2,B,B\n");
    sandbox.ok("import customer a.csv");
    let before = sandbox.commits();
    sandbox.ok("import customer a.csv");
    assert_eq!(sandbox.commits(), before);
    sandbox.write("a.csv", "source_ref,name,level\nold:1,A,C\nold:2,B,B\n");
    let run = sandbox.crm("import customer a.csv").exits(0);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 2);
}

#[test]
fn encodings_and_separators_are_told_or_refused() {
    let sandbox = Sandbox::new();
    // 海尔 in GB 18030.
    sandbox.write("gb.csv", b"name;level\n\xba\xa3\xb6\xfb;A\n");
    sandbox.fails(2, "import customer gb.csv").says(&["gb18030"]);
    sandbox.ok("import customer gb.csv --encoding gb18030 --delimiter ;");
    sandbox.ok("customer show 海尔");
    sandbox.write("bom.csv", "\u{feff}name,level\r\n美的,A\r\n");
    sandbox.ok("import customer bom.csv");
    sandbox.ok("customer show 美的");
    sandbox.write("book.csv", b"PK\x03\x04\x00\x00");
    let run = sandbox.crm("import customer book.csv");
    assert!(matches!(run.exit, 2 | 5), "{run}");
    run.says(&["csv"]);
}

#[test]
fn the_editor_changes_a_record() {
    let sandbox = Sandbox::trading();
    let id = sandbox.ok("customer list --format ids");
    let before = sandbox.commits();
    let edit = |script: &str| sandbox.command("edit 海尔北京").env("EDITOR", script).run();
    assert_eq!(edit("sed -i 's/^name = .*/name = \"海尔上海\"/'").exits(0).stdout.trim_end(), id);
    assert_eq!(sandbox.commits(), before + 1);
    assert_eq!(sandbox.crm(&["customer", "show", &id, "--format", "json"]).json()["name"], "海尔上海");
    assert!(!sandbox.read(&sandbox.file_of(&id)).contains("#:"), "the help goes again");
}

#[test]
fn the_editor_may_change_nothing_fail_or_write_nonsense() {
    let sandbox = Sandbox::trading();
    let before = sandbox.commits();
    let edit = |script: &str| sandbox.command("customer edit 海尔北京").env("EDITOR", script).run();
    edit("true").exits(0);
    edit("false").exits(2).prints_nothing().says(&["false"]);
    edit("sed -i 's/^kind = .*/kind = \"alien\"/'").exits(5).prints_nothing().says(&["alien"]);
    edit("sed -i 's/^status = .*/status = \"blocked\"/'").exits(5).says(&["status"]);
    edit("sed -i 's/^id = .*/id = \"cus_zzzzzzzzzzzz\"/'").exits(5);
    assert_eq!(sandbox.commits(), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn the_editor_is_visual_before_editor_and_sees_help_of_each_field() {
    let sandbox = Sandbox::trading();
    let seen = sandbox.outside("seen.toml");
    let run = sandbox
        .command("edit 海尔北京")
        .env("EDITOR", "false")
        .env("VISUAL", format!("cp -f /dev/stdin {} <", seen.display()))
        .run()
        .exits(0);
    let text = std::fs::read_to_string(seen).unwrap_or_else(|error| panic!("{error}\n{run}"));
    assert!(text.contains("#: ") && text.contains("name = \"海尔北京\""), "{text}");
}
