//! Facts, histories and undos that are not what they seem.

use super::super::harness::{gone, put, world};
use super::super::store::{CALL, FIRM, SAMS, SHIPMENT, SUES, TOMS, customer, head, moved, path, shipment};
use super::{Case, case, edit, more, note, undoing};

pub const FACTS: &[Case] = &[
    case("the last administrator resigns", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "users/ada.toml", "  \"admin\",", "  \"sales\",")])
    }),
    case("the last role of administrators loses its power", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "roles/admin.toml", "admin = true", "admin = false")])
    }),
    case("the last administrator is removed", &["no-admin"], |b, tip| {
        b.commit("ada", tip, &[gone("users/ada.toml")])
    }),
    case("the only key of the last administrator revoked", &["gate-no-key"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, "users/ada.toml", "state = \"active\"", "state = \"revoked\"")])
    }),
    case("a fact edited, by an administrator", &["changed-fact"], |b, tip| {
        b.commit("ada", tip, &[edit(b, tip, &path(SHIPMENT), "qty = \"1\"", "qty = \"2\"")])
    }),
    case("a fact removed, by an administrator", &["removed-fact"], |b, tip| {
        b.commit("ada", tip, &[gone(path(SHIPMENT))])
    }),
    case("a finished call rewritten", &["changed-fact"], |b, tip| {
        let text = b.read(tip, &path(CALL)).replace("status = \"planned\"", "status = \"done\"");
        let text =
            text.replace("due = 2026-03-06\n", "due = 2026-03-06\ndone_at = 2026-03-04T10:00:00+08:00\n");
        let done = b.commit("sam", tip, &[put(path(CALL), text.clone())]);
        b.commit("sam", &done, &[put(path(CALL), text.replace("Ring", "Rang"))])
    }),
    case("an entry of the history taken out", &["broken-history"], |b, tip| {
        let text = b.read(tip, &path(FIRM));
        let (kept, _) = text.split_once("\n[[history]]").expect("a history");
        b.commit("max", tip, &[put(path(FIRM), kept)])
    }),
    case("an entry of the history rewritten", &["broken-history"], |b, tip| {
        b.commit("max", tip, &[edit(b, tip, &path(FIRM), "\nby = \"sam\"", "\nby = \"max\"")])
    }),
    case("an entry of the history in another's name", &["gate-forged"], |b, tip| {
        let text = b.read(tip, &path(FIRM)).replace("status = \"confirmed\"", "status = \"on_hold\"");
        b.commit("max", tip, &[put(path(FIRM), text + &moved("sam", "", "confirmed", "on_hold"))])
    }),
    case("an owner who never was", &["broken-history"], |b, tip| {
        b.commit("sam", tip, &[more(b, tip, &path(SAMS), &moved("sam", "owner", "tom", "sam"))])
    }),
    case("a state that never was", &["broken-history"], |b, tip| {
        let rows = moved("max", "", "confirmed", "on_hold");
        b.commit("max", tip, &[more(b, tip, &path(FIRM), &rows)])
    }),
    case("a cancellation in another's name", &["gate-forged"], |b, tip| {
        let row = "\n[[cancellations]]\nid = \"kkkkkk\"\nline = \"kkkkkk\"\nqty = \"1\"\nat = 2026-03-04T10:00:00+08:00\nby = \"sam\"\nreason = \"x\"\n";
        let text = b.read(tip, &path(FIRM));
        let (fields, history) = text.split_once("\n[[history]]").expect("a history");
        b.commit("max", tip, &[put(path(FIRM), format!("{fields}{row}\n[[history]]{history}"))])
    }),
    case("a record made in another's name", &["gate-forged"], |b, tip| {
        let text = customer("cus_kkpppppppppp", "Omega", "sue", Some("sam"), "");
        b.commit("sam", tip, &[put(path("cus_kkpppppppppp"), text)])
    }),
    case("the maker of a record changed", &["changed-fact"], |b, tip| {
        b.commit("sue", tip, &[edit(b, tip, &path(SUES), "created_by = \"sue\"", "created_by = \"tom\"")])
    }),
    case("a record removed to which another points", &["still-referenced"], |b, tip| {
        b.commit("sam", tip, &[gone(path(SAMS))])
    }),
    case(
        "a record removed to which another points in other quotation marks",
        &["still-referenced"],
        |b, tip| {
            let (new, joy) = ("cus_kkpppppppppp", "con_kkpppppppppp");
            let contact = format!("{}customer = '{new}'\nname = \"Joy\"\n", head(joy, "sam"));
            let made = b.commit(
                "sam",
                tip,
                &[put(path(new), customer(new, "Omega", "sam", Some("sam"), "")), put(path(joy), contact)],
            );
            b.commit("sam", &made, &[gone(path(new))])
        },
    ),
    case("a record removed to which another points with an escape", &["still-referenced"], |b, tip| {
        let (new, joy) = ("cus_kkpppppppppp", "con_kkpppppppppp");
        let contact = format!("{}customer = \"\\u0063us_kkpppppppppp\"\nname = \"Joy\"\n", head(joy, "sam"));
        let made = b.commit(
            "sam",
            tip,
            &[put(path(new), customer(new, "Omega", "sam", Some("sam"), "")), put(path(joy), contact)],
        );
        b.commit("sam", &made, &[gone(path(new))])
    }),
    case("a reference to nothing", &["unknown-reference"], |b, tip| {
        let text = b.read(tip, &path(CALL)).replace(SAMS, "cus_kkpppppppppp");
        b.commit("sam", tip, &[put(path(CALL), text)])
    }),
    case("an id that differs from another in capitals only", &["duplicate-slug"], |b, tip| {
        let text = b
            .read(tip, "products/P1.toml")
            .replace("id = \"P1\"", "id = \"p1\"")
            .replace("\"ada\"", "\"max\"");
        b.commit("max", tip, &[put("products/p1.toml", text)])
    }),
    case("a required field missing", &["missing-field"], |b, tip| {
        b.commit("sam", tip, &[edit(b, tip, &path(SAMS), "name = \"Alpha\"\n", "")])
    }),
    case("a record that cannot be read any more, removed by anybody", &["needs-admin"], |b, tip| {
        let code = "\n[codes.industry.mining]\nlabel = \"Mining\"\n";
        let with = b.commit("ada", tip, &[more(b, tip, "crm.toml", code)]);
        let text = b
            .read(tip, &path(SUES))
            .replace("name = \"Beta\"\n", "name = \"Beta\"\n\nindustry = \"mining\"\n");
        let set = b.commit("sue", &with, &[put(path(SUES), text)]);
        let without = b.commit("ada", &set, &[put("crm.toml", b.read(tip, "crm.toml"))]);
        b.commit("sam", &without, &[gone(path(SUES))])
    }),
    case("a false undo: another record is changed", &["not-yours"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        undoing(b, "sam", &own, &own, &[note(b, tip, SUES)])
    }),
    case("a false undo: more than was done", &["readonly-field"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let text =
            b.read(tip, &path(SAMS)).replace("name = \"Alpha\"\n", "name = \"Alpha\"\n\nlevel = \"A\"\n");
        undoing(b, "sam", &own, &own, &[put(path(SAMS), text)])
    }),
    case("an undo that takes the gate off on the way", &["needs-admin"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let back = put(path(SAMS), b.read(tip, &path(SAMS)));
        undoing(b, "sam", &own, &own, &[back, edit(b, tip, "crm.toml", "gate = true", "gate = false")])
    }),
    case("an undo that brings a report along", &["no-grant"], |b, tip| {
        let own = b.commit("sam", tip, &[note(b, tip, SAMS)]);
        let back = put(path(SAMS), b.read(tip, &path(SAMS)));
        undoing(b, "sam", &own, &own, &[back, put("reports/x.sql", "select 1 as one\n")])
    }),
    case("an undo of a part", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let own = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1")), note(b, tip, SAMS)]);
        undoing(b, "sam", &own, &own, &[gone(path(new))])
    }),
    case("an undo of what another did", &["not-yours"], |b, tip| {
        let hers = b.commit("sue", tip, &[note(b, tip, SUES)]);
        undoing(b, "sam", &hers, &hers, &[put(path(SUES), b.read(tip, &path(SUES)))])
    }),
    case("an undo of a fact of another", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let made = b.commit("max", tip, &[put(path(new), shipment(new, "max", "1"))]);
        undoing(b, "sam", &made, &made, &[gone(path(new))])
    }),
    case("an undo of a commit that is not of this branch", &["removed-fact"], |b, tip| {
        let aside = b.commit("sam", &world().open, &[note(b, tip, SAMS)]);
        undoing(b, "sam", tip, &aside, &[gone(path(SHIPMENT))])
    }),
    case("an undo done twice", &["removed-fact"], |b, tip| {
        let new = "shp_kkpppppppppp";
        let made = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1"))]);
        let once = undoing(b, "sam", &made, &made, &[gone(path(new))]);
        undoing(b, "sam", &once, &made, &[gone(path(SHIPMENT))])
    }),
    case("an undo of a fact to which something refers", &["still-referenced"], |b, tip| {
        let (new, back) = ("shp_kkpppppppppp", "shp_kkqqqqqqqqqq");
        let made = b.commit("sam", tip, &[put(path(new), shipment(new, "sam", "1"))]);
        let reversal =
            shipment(back, "sam", "1").replace("date = ", &format!("reverses = \"{new}\"\ndate = "));
        let reversed = b.commit("sam", &made, &[put(path(back), reversal)]);
        undoing(b, "sam", &reversed, &made, &[gone(path(new))])
    }),
    case("a former administrator who takes back what he took from a role", &["needs-admin"], |b, tip| {
        let user = "users/max.toml";
        let raised =
            b.commit("ada", tip, &[edit(b, tip, user, "  \"manager\",", "  \"admin\",\n  \"manager\",")]);
        let role = "roles/sales.toml";
        let narrowed =
            b.commit("max", &raised, &[edit(b, tip, role, "discount_max = \"5\"", "discount_max = \"1\"")]);
        let demoted = b.commit("ada", &narrowed, &[put(user, b.read(tip, user))]);
        undoing(b, "max", &demoted, &narrowed, &[put(role, b.read(tip, role))])
    }),
    case("an unsigned commit of before the gate, undone by a seller", &["not-yours"], |b, tip| {
        undoing(b, "sam", tip, &world().open, &[gone(path(TOMS))])
    }),
];
