//! Bad input for each verb of the chain: refused with its exit code and rule, nothing on stdout,
//! nothing written.

use crate::support::Sandbox;

/// A store with an order to ship, bill, return and pay, and what can go wrong with it: `BOX` is in
/// stock twice, `OLD` is discontinued, `bo` may give 3 %, everything before 2026 is closed.
fn shop() -> Sandbox {
    let sandbox = Sandbox::trading();
    sandbox.edit("crm.toml", |text| {
        text + "\n[stock]\nwarehouses = [\n  \"main\",\n  \"futian\",\n]\n\n[period]\nclosed_until = 2025-12-31\n"
    });
    sandbox.git("commit -qam settings");
    sandbox.write(
        "lines",
        "role add sales --name 销售 --discount-max 3 --grant type=quote,create=true,read=all,edit=all,assign=true --grant type=order,create=true,read=all,edit=all,assign=true --grant type=movement,create=true,read=all,edit=all,assign=true --grant type=invoice,create=true,read=all,edit=all,assign=true --grant type=payment,create=true,read=all,edit=all,assign=true --grant type=shipment,create=true,read=all,edit=all,assign=true --grant type=return,create=true,read=all,edit=all,assign=true\n\
         user add bo --name Bo --email bo@acme.example --role sales\n\
         product add BOX --name Box --price 100 --cost 60\n\
         product add OLD --name Old --price 9\n\
         product discontinue OLD\n\
         product add VIN --name Vin --price 100 --serials\n\
         movement receive BOX 2\n\
         movement receive VIN 1 --serial V-1\n\
         order add --customer 海尔北京 --line BOX:4 --source-ref o:open\n\
         order confirm o:open\n\
         order ship o:open --line BOX:1\n\
         order invoice o:open --line BOX:1\n\
         order add --customer 海尔北京 --line VIN:1 --source-ref o:vin\n\
         order confirm o:vin\n\
         order add --customer 海尔北京 --line BOX:1-10% --source-ref o:discount\n\
         order add --customer 海尔北京 --line BOX:1 --source-ref o:gone\n\
         order cancel o:gone --reason mistake\n\
         order confirm SO-2026-0001\n\
         quote add --customer 海尔北京 --line BOX:1 --source-ref q:old --valid-until 2026-03-05\n\
         quote send q:old\n\
         quote add --customer 海尔北京 --source-ref q:empty\n\
         quote add --customer 海尔北京 --line BOX:1-10% --source-ref q:discount\n",
    );
    sandbox.ok("batch lines");
    sandbox.remove("lines");
    sandbox
}

/// What is tried, its exit code, and the rule or reason that refuses it.
const TRIES: &[(&str, i32, &str)] = &[
    // Lines of documents.
    ("order add --customer 海尔北京 --line BOX:0", 2, "bad-line"),
    ("order add --customer 海尔北京 --line BOX:-1", 2, "bad-line"),
    ("order add --customer 海尔北京 --line BOX:x", 2, "bad-line"),
    ("order add --customer 海尔北京 --line BOX", 2, "bad-line"),
    ("order add --customer 海尔北京 --line NOPE:1", 3, "no-such-record"),
    ("order add --customer 海尔北京 --line OLD:1", 5, "inactive-product"),
    ("order add --customer 海尔北京 --line BOX:1@-5", 2, "bad-line"),
    ("order add --customer 海尔北京 --line BOX:1-150%", 2, "bad-line"),
    ("order add --customer 海尔北京 --line BOX:1-200.00", 5, "discount-over-line"),
    ("order add --customer nobody --line BOX:1", 3, "no-such-record"),
    ("order add --customer 海尔北京 --line BOX:1@5 --currency USD", 5, "missing-rate"),
    ("order add --customer 海尔北京 --line BOX:1 --date 2025-12-31", 5, "closed-period"),
    ("quote add --customer 海尔北京 --line BOX:0", 2, "bad-line"),
    ("quote add --customer 海尔北京 --line OLD:1", 5, "inactive-product"),
    ("quote line add q:empty --product BOX --qty 0", 5, "bad-value"),
    ("quote line add q:empty --product BOX --qty -1", 2, "bad-decimal"),
    ("quote line add q:empty --product OLD --qty 1", 5, "inactive-product"),
    ("quote line add q:old --product BOX --qty 1", 5, "sent-document"),
    ("order line add o:open --product BOX --qty 1", 5, "confirmed-document"),
    // Sending, accepting, confirming.
    ("quote send q:empty", 5, "empty-document"),
    ("quote send q:discount --as bo", 5, "discount-over-limit"),
    ("quote reject q:empty --reject-reason price", 5, "illegal-move"),
    ("quote reject q:old", 2, "missing-flag"),
    ("quote reject q:old --reject-reason mood", 2, "unknown-code"),
    ("order confirm o:discount --as bo", 5, "discount-over-limit"),
    ("order confirm o:gone", 5, "illegal-move"),
    // Shipping.
    ("order ship o:open --line BOX:0", 2, "bad-line"),
    ("order ship o:open --line BOX:-1", 2, "bad-decimal"),
    ("order ship SO-2026-0001 --line HAN-EV-610:3", 5, "over-shipped"),
    ("order ship o:open --line BOX:3", 5, "negative-stock"),
    ("order ship o:open --line SONG-L:1", 3, "no-such-line"),
    ("order ship o:open --line BOX:1 --warehouse moon", 5, "unknown-warehouse"),
    ("order ship o:open --line BOX:1 --date 2025-12-31", 5, "closed-period"),
    ("order ship o:vin", 5, "serial-count"),
    ("order ship o:discount", 5, "order-not-open"),
    ("order ship o:gone", 5, "order-not-open"),
    // Billing.
    ("order invoice o:open --line BOX:0", 2, "bad-line"),
    ("order invoice o:open --line BOX:4", 5, "over-billed"),
    ("order invoice o:open --line NOPE:1", 3, "no-such-line"),
    ("order invoice o:gone", 5, "order-not-open"),
    ("order invoice o:open --date 2025-12-31", 5, "closed-period"),
    ("invoice credit INV-2026-0001 --line BOX:2 --reason typo", 5, "over-credited"),
    ("invoice credit INV-2026-0001", 2, "reason-needed"),
    // Returns and cancellations.
    ("order return o:open --line BOX:0 --reason late --effect reverse", 2, "bad-line"),
    ("order return o:open --line BOX:2 --reason late --effect reverse", 5, "over-returned"),
    ("order return o:open --line BOX:1 --reason mood --effect reverse", 2, "unknown-code"),
    ("order return o:open --line BOX:1 --reason late --effect maybe", 2, "unknown-code"),
    ("order cancel o:open --line BOX:4 --reason late", 5, "over-cancelled"),
    ("order cancel o:open --line BOX:0 --reason late", 2, "bad-line"),
    ("order cancel o:open --reason late", 5, "order-has-facts"),
    // Money.
    ("order pay o:open 0 --method bank", 5, "bad-value"),
    ("order pay o:open -1 --method bank", 5, "bad-value"),
    ("order pay o:open 1.001 --method bank", 2, "bad-money"),
    ("order pay o:open 10000 --method bank", 5, "over-paid"),
    ("order pay o:open 1 --method shells", 2, "unknown-code"),
    ("order pay o:gone 1 --method bank", 5, "order-not-open"),
    // Stock.
    ("movement receive BOX 0", 5, "movement-sign"),
    ("movement receive BOX -1", 5, "movement-sign"),
    ("movement receive NOPE 1", 3, "no-such-record"),
    ("movement receive VIN 2 --serial V-2", 5, "serial-count"),
    ("movement receive VIN 1 --serial V-1", 5, "duplicate-serial"),
    ("movement issue BOX 9", 5, "negative-stock"),
    ("movement transfer BOX 1 --from main --to main", 5, "same-warehouse"),
    ("movement transfer BOX 9 --from main --to futian", 5, "negative-stock"),
    ("movement receive BOX 1 --date 2025-12-31", 5, "closed-period"),
];

#[test]
fn bad_input_is_refused_with_its_reason_and_nothing_is_written() {
    let sandbox = shop();
    let before = sandbox.git("rev-parse HEAD");
    let mut wrong = Vec::new();
    for (line, exit, rule) in TRIES {
        let run = sandbox.crm(format!("{line} --format json").as_str());
        let last = run.stderr.lines().last().unwrap_or_default();
        let error: serde_json::Value = serde_json::from_str(last).unwrap_or_default();
        if (run.exit, &error["rule"]) != (*exit, &serde_json::Value::from(*rule)) || !run.stdout.is_empty() {
            wrong.push(format!("wanted {exit} {rule}: {run}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TRIES.len(), wrong.join("\n"));
    assert_eq!(sandbox.git("rev-parse HEAD"), before);
    assert_eq!(sandbox.git("status --porcelain"), "");
}

#[test]
fn an_expired_quote_is_accepted_only_knowingly() {
    let sandbox = shop();
    let late = |line: &str| sandbox.command(line).env("CRM_NOW", "2026-03-06T10:00:00+08:00").run();
    let run = late("quote accept q:old --format json").exits(5);
    assert_eq!(run.error()["rule"], "expired-quote");
    late("quote accept q:old --accept-expired").exits(0);
}

#[test]
fn what_a_role_may_pass_is_passed_with_a_reason_only() {
    let sandbox = shop();
    sandbox.ok("role add boss --name Boss --override negative_stock,closed_period --discount-max 50 --grant type=movement,create=true,read=all,edit=all,assign=true --grant type=invoice,create=true,read=all,edit=all,assign=true --grant type=payment,create=true,read=all,edit=all,assign=true --grant type=order,create=true,read=all,edit=all,assign=true --grant type=shipment,create=true,read=all,edit=all,assign=true --grant type=return,create=true,read=all,edit=all,assign=true");
    sandbox.ok("user add di --name Di --email di@acme.example --role boss");
    for line in ["movement issue BOX 9", "movement receive BOX 1 --date 2025-12-31"] {
        sandbox.fails(5, format!("{line} --as bo --override --reason stocktaking").as_str());
        sandbox.fails(2, format!("{line} --as di --override").as_str()).says(&["--reason"]);
        sandbox.ok(format!("{line} --as di --override --reason stocktaking").as_str());
    }
}
