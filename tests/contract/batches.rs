//! `batch`: many commands, one transaction.

use crate::support::Sandbox;

#[test]
fn a_batch_is_one_commit_and_later_lines_see_earlier_ones() {
    let sandbox = Sandbox::new();
    let before = sandbox.commits();
    sandbox.write(
        "lines",
        "# a comment\n\
         customer add --name 'Blue Fox'\n\
         \n\
         product add P1 --name One --price 10 --track-stock=false\n\
         order add --customer 'Blue Fox' --line P1:3   # and another\n\
         order confirm SO-2026-0001\n",
    );
    let ids = sandbox.ok("batch lines");
    assert_eq!(ids.lines().count(), 3, "{ids}");
    assert_eq!(sandbox.commits(), before + 1);
    assert_eq!(sandbox.crm("order show SO-2026-0001 --format json").json()["status"], "confirmed");
    assert_eq!(sandbox.git("status --porcelain -- customers products orders"), "");
}

#[test]
fn a_batch_comes_from_stdin_and_in_json_words() {
    let sandbox = Sandbox::new();
    let lines = "[\"customer\",\"add\",\"--name\",\"Blue \\\"Fox\\\"\"]\ncustomer add --name B\n";
    for (line, lines) in
        [("batch -", lines.to_owned()), ("batch", lines.replace("Fox", "Cat").replace(" B", " C"))]
    {
        let before = sandbox.commits();
        let run = sandbox.command(line).stdin(lines).run().exits(0);
        assert_eq!(run.stdout.lines().count(), 2, "{run}");
        assert_eq!(sandbox.commits(), before + 1);
    }
    assert!(sandbox.ok("customer list --format csv --fields name").contains("\"Blue \"\"Fox\"\"\""));
}

#[test]
fn a_bad_line_stops_the_whole_batch_and_says_its_number() {
    let sandbox = Sandbox::new();
    for (exit, bad) in [
        (2, "customer add --frob x"),
        (2, "customer frob"),
        (2, "customer add --name 'open"),
        (2, "customer list"),
        (2, "check"),
        (3, "order add --customer nobody"),
        (5, "lead add --name A --source web"),
    ] {
        let before = sandbox.commits();
        sandbox.write("lines", format!("customer add --name A\n\n{bad}\n"));
        let run = sandbox.fails(exit, "batch lines").prints_nothing().says(&[":3: "]);
        assert_eq!(sandbox.commits(), before, "{run}");
        let error = sandbox.crm("batch lines --format json").error();
        assert_eq!(error["line"], 3, "{bad}: {error}");
    }
    assert_eq!(sandbox.ok("customer list --format ids"), "");
}

#[test]
fn each_line_can_be_a_commit_of_its_own() {
    let sandbox = Sandbox::new();
    let before = sandbox.commits();
    sandbox.write("lines", "customer add --name A\ncustomer add --name B\ncustomer set A --level A\n");
    assert_eq!(sandbox.ok("batch lines --each").lines().count(), 3);
    assert_eq!(sandbox.commits(), before + 3);
}

#[test]
fn each_stops_at_a_bad_line_and_keep_going_does_not() {
    let sandbox = Sandbox::new();
    sandbox.write("lines", "customer add --name A\ncustomer set nobody --level A\ncustomer add --name B\n");
    let run = sandbox.fails(3, "batch lines --each").says(&[":2: "]);
    assert_eq!(run.stdout.lines().count(), 1, "{run}");
    assert_eq!(sandbox.ok("customer list --format ids").lines().count(), 1);
    let run = sandbox.fails(10, "batch lines --each --keep-going --quiet").says(&[":2: "]);
    assert_eq!(run.stdout.lines().count(), 1, "A is there already, B is new\n{run}");
}

#[test]
fn each_takes_the_exit_code_of_success_when_all_went_well() {
    let sandbox = Sandbox::new();
    sandbox.write("lines", "customer add --name A\ncustomer add --name B\n");
    sandbox.crm("batch lines --each --keep-going").exits(0);
}

#[test]
fn a_batch_that_is_no_text_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.write("lines", b"customer add --name \xff\n");
    sandbox.fails(5, "batch lines").prints_nothing();
    sandbox.fails(1, "batch nowhere").says(&["nowhere"]);
}
