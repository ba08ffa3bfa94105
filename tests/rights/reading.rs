//! What a user reads is what the roles let read, whichever command asks: lists, reports, selects,
//! searches, the history and the past.

use super::Company;

/// A count, asked of the files by an administrator.
fn count(company: &Company, sql: &str) -> usize {
    let run = company.run("admin.liu", &["sql", sql, "--format", "csv", "--no-header"]).exits(0);
    run.stdout.trim().parse().expect("a count")
}

#[test]
fn lists_selects_reports_and_the_past_show_the_same_records() {
    let company = Company::new();
    let mine = count(&company, "select count(*) from orders where owner = 'li.na'");
    assert!(mine > 3);
    let lines = |words: &[&str]| company.run("li.na", words).exits(0).stdout.lines().count();
    assert_eq!(lines(&["order", "list", "--format", "ids"]), mine);
    assert_eq!(lines(&["order", "list", "--at", "HEAD~1", "--format", "ids"]), mine);
    let select =
        |sql: &str| company.run("li.na", &["sql", sql, "--format", "csv", "--no-header"]).exits(0).stdout;
    assert_eq!(select("select count(*) from orders").trim(), mine.to_string());
    let rows = count(
        &company,
        "select count(*) from order_lines l join orders o on o.id = l.record where o.owner = 'li.na'",
    );
    assert_eq!(select("select count(*) from order_lines").trim(), rows.to_string());
    let moves = count(
        &company,
        "select count(*) from history h join orders o on o.id = h.record where o.owner = 'li.na' and h.kind = 'order'",
    );
    assert_eq!(select("select count(*) from history where kind = 'order'").trim(), moves.to_string());
    let counted = count(
        &company,
        "select count(*) from shipments s join orders o on o.id = s.\"order\" where o.owner = 'li.na'",
    );
    assert_eq!(select("select count(*) from shipments").trim(), counted.to_string());
    let report = company
        .run("li.na", &["report", "order-stats", "--period", "2026", "--format", "json"])
        .exits(0)
        .json();
    let whole = company.run(
        "admin.liu",
        &["report", "order-stats", "--period", "2026", "--where", "owner=li.na", "--format", "json"],
    );
    assert_eq!(report, whole.exits(0).json());
}

#[test]
fn there_is_no_way_around_what_is_not_seen() {
    let company = Company::new();
    for sql in [
        "select * from main.customers",
        "with customers as (select * from main.customers) select * from customers",
        "select * from sqlite_schema",
        "select * from temp.sqlite_schema",
        "select * from sqlite_temp_master",
        "select * from pragma_database_list",
        "select * from pragma_table_list",
        "pragma database_list",
        "attach 'x' as y",
        "select * from dbstat",
    ] {
        company.run("li.na", &["sql", sql]).exits(2).prints_nothing();
    }
    let theirs = company
        .run(
            "admin.liu",
            &[
                "customer",
                "list",
                "--where",
                "owner=zhao.min",
                "--limit",
                "1",
                "--fields",
                "id,name",
                "--format",
                "json",
            ],
        )
        .json();
    let (id, name) = (theirs[0]["id"].as_str().expect("an id"), theirs[0]["name"].as_str().expect("a name"));
    for words in [
        &["show", id][..],
        &["customer", "show", id, "--at", "HEAD"],
        &["customer", "show", id, "--format", "vcf"],
    ] {
        let run = company.run("li.na", words).exits(11);
        assert!(!run.stdout.contains(name) && !run.stderr.contains(name), "{run}");
    }
    company.run("li.na", &["customer", "show", name]).exits(3);
    for words in [
        &["search", name, "--format", "csv"][..],
        &["log"],
        &["customer", "list"],
        &["contact", "list"],
        &["diff", "HEAD~3"],
    ] {
        let run = company.run("li.na", words).exits(0);
        assert!(!run.stdout.contains(name), "{run}");
    }
}

#[test]
fn a_hidden_field_is_nowhere() {
    let company = Company::new();
    company
        .run(
            "admin.liu",
            &[
                "role",
                "set",
                "whole",
                "--hidden-field",
                "product.cost",
                "--hidden-field",
                "order.lines.price",
            ],
        )
        .exits(0);
    let shown = |words: &[&str]| company.run("al.le", words).exits(0).stdout;
    let product = company
        .run(
            "admin.liu",
            &[
                "product", "list", "--where", "cost>0", "--limit", "1", "--fields", "id,cost", "--format",
                "json",
            ],
        )
        .json();
    let id = product[0]["id"].as_str().expect("an id");
    assert!(shown(&["product", "show", id, "--format", "json"]).contains("\"cost\": null"));
    assert!(
        !shown(&["product", "list", "--fields", "cost", "--format", "csv", "--no-header"])
            .contains(char::is_numeric)
    );
    assert_eq!(
        shown(&["sql", "select count(cost) from products", "--format", "csv", "--no-header"]).trim(),
        "0"
    );
    assert_eq!(
        shown(&["sql", "select count(price) from order_lines", "--format", "csv", "--no-header"]).trim(),
        "0"
    );
    company.run("al.le", &["product", "set", id, "--cost", "1"]).exits(11).says(&["cost"]);
    company.run("admin.liu", &["product", "set", id, "--cost", "1"]).exits(0);
    assert!(shown(&["log", "--limit", "1", "--format", "ids"]).is_empty(), "only the hidden field changed");
}

#[test]
fn whoever_may_read_everything_reads_as_ever() {
    let company = Company::new();
    for words in [
        &["report", "sales", "--period", "2026", "--format", "csv"][..],
        &["customer", "list", "--format", "csv"],
        &["search", "深圳", "--format", "csv"],
    ] {
        assert_eq!(
            company.run("re.ader", words).exits(0).stdout,
            company.run("admin.liu", words).exits(0).stdout
        );
    }
    // Everything but what they bear on their own record.
    company.run("no.body", &["user", "show", "no.body"]).exits(0).prints(&["no.body"]);
}
