//! What no role of the signer allows.

use super::super::harness::{Edit, gone, put, world};
use super::super::store::{
    CONTACT, DRAFT, FIRM, FREE, OPP, POOLED, QUOTE, SAMS, SUES, customer, head, moved, order, path, quote,
};
use super::{Case, case, edit, more, note, noted};

pub const RIGHTS: &[Case] = &[
    case(
        "a seller who makes himself an administrator, and is one in the next commit",
        &["needs-admin"],
        |b, tip| {
            let rise = edit(b, tip, "users/sam.toml", "  \"sales\",", "  \"admin\",");
            let risen = b.commit("sam", tip, &[rise]);
            b.commit("sam", &risen, &[edit(b, tip, "crm.toml", "gate = true", "gate = false")])
        },
    ),
    case("a change that is taken back within the push", &["not-yours"], |b, tip| {
        let there = b.commit("sam", tip, &[note(b, tip, SUES)]);
        b.commit("sam", &there, &[put(path(SUES), b.read(tip, &path(SUES)))])
    }),
    case("a rename that hides a removal", &["not-yours"], |b, tip| {
        let text = b.read(tip, &path(SUES)).replace(SUES, "cus_kkpppppppppp").replace("\"sue\"", "\"sam\"");
        b.commit("sam", tip, &[gone(path(SUES)), put(path("cus_kkpppppppppp"), text)])
    }),
    case("a record taken over and edited in one commit", &["not-yours"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SUES), "owner = \"sue\"", "owner = \"sam\"")])
    }),
    case("a record that nobody has", &["not-yours"], |b, tip| b.commit("sam", tip, &[note(b, tip, FREE)])),
    case(
        "a record of another team's people, by their manager's manager's equal",
        &["not-yours"],
        |b, tip| b.commit("tom", tip, &[note(b, tip, SAMS)]),
    ),
    case("a contact at the customer of another", &["not-yours"], |b, tip| {
        b.commit("sue", tip, &[note(b, tip, CONTACT)])
    }),
    case("a type without a grant", &["no-grant"], |b, tip| {
        b.commit("sam", tip, &[put("regions/far.toml", format!("{}name = \"Far\"\n", head("far", "sam")))])
    }),
    case("a record given to another without the right", &["no-assign"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SAMS), "owner = \"sam\"", "owner = \"sue\"")])
    }),
    case("a record made for another without the right", &["no-assign"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sam", Some("sue"), "");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("a claim from a pool of other teams", &["not-yours"], |b, tip| {
        b.commit("tom", tip, &[edit(b, tip, &path(POOLED), "pool = \"sea\"", "owner = \"tom\"")])
    }),
    case("a claim that brings something else along", &["not-yours"], |b, tip| {
        let text =
            b.read(tip, &path(POOLED)).replace("pool = \"sea\"", "owner = \"sam\"").replace("Delta", "Mine");
        b.commit("sam", tip, &[put(path(POOLED), text)])
    }),
    case("a verb that is denied, done by hand", &["denied-verb"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"closed\"");
        b.commit("sam", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "closed"))])
    }),
    case("a denied verb without a word in the history", &["denied-verb"], |b, tip| {
        b.commit("cleo", tip, &[edit(b, tip, &path(DRAFT), "status = \"draft\"", "status = \"confirmed\"")])
    }),
    case("a denied verb under a history of another verb", &["broken-history", "denied-verb"], |b, tip| {
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        b.commit("cleo", tip, &[put(path(DRAFT), text + &moved("cleo", "", "on_hold", "confirmed"))])
    }),
    case("a record made where a denied verb leads", &["denied-verb"], |b, tip| {
        let id = "ord_kkpppppppppp";
        b.commit("cleo", tip, &[put(path(id), order(id, "SO-2026-0009", "cleo", "confirmed", ""))])
    }),
    case("a record made far beyond a denied verb", &["denied-verb"], |b, tip| {
        let id = "ord_kkpppppppppp";
        let text =
            order(id, "SO-2026-0009", "cleo", "on_hold", "") + &moved("cleo", "", "confirmed", "on_hold");
        b.commit("cleo", tip, &[put(path(id), text)])
    }),
    case("a sale won by the stage alone", &["denied-verb"], |b, tip| {
        let text = b.read(tip, &path(OPP)).replace("stage = \"qualification\"", "stage = \"won\"");
        let text =
            text.replace("close_date = 2026-05-03\n", "close_date = 2026-05-03\nclosed_on = 2026-03-04\n");
        b.commit("sam", tip, &[put(path(OPP), text + &moved("sam", "", "qualification", "won"))])
    }),
    case("a move that the type does not know", &["illegal-move"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"draft\"");
        b.commit("max", tip, &[put(path(FIRM), text + &moved("max", "", "confirmed", "draft"))])
    }),
    case("a field that the role hides", &["hidden-field"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, "products/P1.toml", "cost = \"60.00\"", "cost = \"1.00\"")])
    }),
    case("a hidden field in a row", &["hidden-field"], |b, tip| {
        let row = format!("\n[[contacts]]\ncontact = \"{CONTACT}\"\nrole = \"user\"\n");
        b.commit("sam", tip, &[more(b, tip, &path(OPP), &row)])
    }),
    case("a hidden field on a new record", &["hidden-field"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sam", Some("sam"), "");
        let text = text.replace("status = ", "credit_limit = \"9.00\"\n\nstatus = ");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("a field that the role may only read", &["readonly-field"], |b, tip| {
        b.commit(
            "sam",
            tip,
            &[edit(b, tip, &path(SAMS), "name = \"Alpha\"\n", "name = \"Alpha\"\n\nlevel = \"A\"\n")],
        )
    }),
    case("more records than one command may change", &["bulk-limit"], |b, tip| {
        let new = ["cus_kkpppppppppp", "cus_kkqqqqqqqqqq", "cus_kkrrrrrrrrrr", "cus_kkssssssssss"];
        let new: Vec<Edit> = new
            .iter()
            .zip(["P", "Q", "R", "S"])
            .map(|(id, name)| put(path(id), customer(id, name, "sam", Some("sam"), "")))
            .collect();
        b.commit("sam", tip, &new)
    }),
    case("a discount above the limit", &["discount-over-limit"], |b, tip| {
        let text = b.read(tip, &path(DRAFT)).replace("status = \"draft\"", "status = \"confirmed\"");
        let text = text.replace("price = \"100.00\"\ntax", "price = \"100.00\"\ndiscount_pct = \"6\"\ntax");
        b.commit("sam", tip, &[put(path(DRAFT), text + &moved("sam", "", "draft", "confirmed"))])
    }),
    case(
        "an order made as confirmed, with a discount above the limit",
        &["discount-over-limit"],
        |b, tip| {
            let id = "ord_kkpppppppppp";
            let text =
                order(id, "SO-2026-0009", "sam", "confirmed", "50") + &moved("sam", "", "draft", "confirmed");
            b.commit("sam", tip, &[put(path(id), text)])
        },
    ),
    case("a quote made with an approval of one's own", &["discount-over-limit"], |b, tip| {
        let id = "quo_kkpppppppppp";
        let approval =
            "approved_by = \"sam\"\napproved_at = 2026-03-04T09:00:00+08:00\napproved_discount = \"50\"\n";
        b.commit("sam", tip, &[put(path(id), quote(id, "QT-2026-0009", approval, "50"))])
    }),
    case("an approval raised under the name of who gave it", &["gate-forged"], |b, tip| {
        let text =
            b.read(tip, &path(QUOTE)).replace("approved_discount = \"8\"", "approved_discount = \"20\"");
        b.commit("sam", tip, &[put(path(QUOTE), text)])
    }),
    case("an approval by another", &["gate-forged"], |b, tip| {
        let id = "quo_kkpppppppppp";
        let approval =
            "approved_by = \"max\"\napproved_at = 2026-03-04T09:00:00+08:00\napproved_discount = \"9\"\n";
        b.commit("sam", tip, &[put(path(id), quote(id, "QT-2026-0009", approval, "9"))])
    }),
    case("the roles of one's own record", &["needs-admin"], |b, tip| {
        b.commit(
            "sam",
            tip,
            &[edit(b, tip, "users/sam.toml", "  \"sales\",", "  \"manager\",\n  \"sales\",")],
        )
    }),
    case("the team of one's own record", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, "users/sam.toml", "team = \"north\"", "team = \"head\"")])
    }),
    case("the state of one's own record", &["needs-admin"], |b, tip| {
        let text = b.read(tip, "users/sam.toml").replace("status = \"active\"", "status = \"left\"");
        b.commit("sam", tip, &[put("users/sam.toml", text + &moved("sam", "", "active", "left"))])
    }),
    case("a key for somebody else", &["needs-admin"], |b, tip| {
        let row = format!("\n[[keys]]\nkey = \"{}\"\nstate = \"active\"\n", world().public("next"));
        b.commit("sam", tip, &[more(b, tip, "users/ada.toml", &row)])
    }),
    case(
        "the key of an administrator in another spelling, so that nobody has it",
        &["duplicate-signing-key"],
        |b, tip| {
            let row = format!("\n[[keys]]\nkey = \"{} sam\"\nstate = \"active\"\n", world().public("ada"));
            b.commit("sam", tip, &[more(b, tip, "users/sam.toml", &row)])
        },
    ),
    case("a new user, by a seller", &["needs-admin"], |b, tip| {
        let text = b.read(tip, "users/ada.toml").replace("ada", "eve").replace("Ada Min", "Eve");
        b.commit("sam", tip, &[put("users/eve.toml", text)])
    }),
    case("a user removed by a manager", &["needs-admin"], |b, tip| {
        b.commit("max", tip, &[gone("users/twin.toml")])
    }),
    case("a role edited by a manager", &["needs-admin"], |b, tip| {
        b.commit(
            "max",
            tip,
            &[edit(b, tip, "roles/manager.toml", "discount_max = \"20\"", "discount_max = \"99\"")],
        )
    }),
    case("a team edited by a manager", &["needs-admin"], |b, tip| {
        b.commit("max", tip, &[noted(b, tip, "teams/north.toml")])
    }),
    case("a policy put back as it once was, by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("crm.toml", b.read(&world().open, "crm.toml"))])
    }),
    case("settings and a record in one commit, by a seller", &["needs-admin"], |b, tip| {
        let field = "\n[fields.customer.secret]\ntype = \"string\"\n";
        b.commit(
            "sam",
            tip,
            &[more(b, tip, "crm.toml", field), more(b, tip, &path(SAMS), "\n[custom]\nsecret = \"x\"\n")],
        )
    }),
    case("people's own files by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("docs/a.txt", "x\n")])
    }),
    case("a schema file by a seller", &["needs-admin"], |b, tip| {
        b.commit("sam", tip, &[put("schema/customer.json", "{}\n")])
    }),
    case("a report without a grant", &["no-grant"], |b, tip| {
        b.commit("sam", tip, &[put("reports/mine.sql", "select 1 as one\n")])
    }),
    case("a report of another, by who may only make reports", &["no-grant"], |b, tip| {
        b.commit("cleo", tip, &[put("reports/old.sql", "select 2 as two\n")])
    }),
    case("a report removed by who may only make reports", &["no-grant"], |b, tip| {
        b.commit("cleo", tip, &[gone("reports/old.sql")])
    }),
];
