//! The command that mends what `check` finds, as far as one can be named.
//!
//! Where several clones each did something legal, a merge can break a rule that neither broke: the
//! same stock sold twice, one phone number at two customers. What came last is what gives way. A
//! word in capitals is for a person to fill in. Deliberately absent: the mending itself.

use super::amounts::word;
use super::support::is_fact;
use super::{View, stock_state};
use crate::model::Problem;
use crate::model::record::Doc;

/// The command line that mends a problem of a record; nothing where a person must think first.
pub fn mend(view: &dyn View, doc: &Doc, problem: &Problem) -> Result<Option<String>, Problem> {
    let (noun, id) = (doc.kind.name, doc.id());
    Ok(match problem.id {
        "duplicate-number" => Some("crm check --fix".to_owned()),
        "broken-history" if repeats(doc) => Some("crm check --fix".to_owned()),
        "duplicate-phone" | "duplicate-email" | "duplicate-name" | "duplicate-tax-id" | "duplicate-lead"
        | "duplicate-contact" => twins(view, doc, problem)?
            .map(|(keep, drop)| format!("crm {noun} merge {} {}", keep.id(), drop.id())),
        "duplicate-target" => {
            twins(view, doc, problem)?.map(|(_, later)| format!("crm target remove {} --yes", later.id()))
        }
        "over-ordered" => ordered_again(view, doc)?,
        "duplicate-serial" => of_serial(view, problem)?,
        "merged-record" => problem.get("into").map(|keep| format!("crm {noun} merge {keep} {id}")),
        "duplicate-revision" => twins(view, doc, problem)?
            .map(|(_, later)| format!("crm quote cancel {} --reason duplicate", later.id())),
        "primary-contact-twice" => twins(view, doc, problem)?
            .map(|(_, later)| format!("crm contact set {} --primary=false", later.id())),
        "duplicate-payment" => {
            twins(view, doc, problem)?.map(|(_, later)| format!("crm payment reverse {}", later.id()))
        }
        "reversed-twice" => twins(view, doc, problem)?.map(|(_, later)| undone(later.id())),
        "over-shipped" => reversal(view, "shipment", doc, problem)?,
        "over-returned" => reversal(view, "return", doc, problem)?,
        "over-billed" | "credit-due" => credit(view, doc, problem)?,
        "over-cancelled" => Some(undone(id)),
        "over-paid" => repaid(view, doc)?,
        "over-allocated" => Some(format!("crm payment reverse {id}")),
        "order-not-open" => match problem.get("fact") {
            Some("shipped") => reversal(view, "shipment", doc, problem)?,
            Some("billed") => credit(view, doc, problem)?,
            _ => repaid(view, doc)?,
        },
        "negative-stock" => out_of_stock(view, doc, problem)?,
        "count-mismatch" => doc
            .text("product")
            .zip(doc.text("warehouse"))
            .map(|(sku, warehouse)| format!("crm movement count {sku} QTY --warehouse {warehouse}")),
        "owner-and-pool" => {
            doc.text("owner").map(|owner| format!("crm {noun} assign {id} --to {owner} --reassign"))
        }
        "left-owner" if matches!(noun, "customer" | "lead") => {
            Some(format!("crm {noun} assign {id} --to USER"))
        }
        "left-owner" => Some(format!("crm {noun} set {id} --owner USER")),
        // An id that was made was there once.
        "unknown-reference" => problem
            .get("value")
            .filter(|target| view.schema().kind_of_id(target).is_some())
            .map(|target| format!("crm restore {target} --at REVISION")),
        _ => None,
    })
}

/// Whether two moves that follow each other are the same, made in two clones.
fn repeats(doc: &Doc) -> bool {
    let same = |pair: &[crate::model::record::Moved]| {
        (&pair[0].field, &pair[0].from, &pair[0].to) == (&pair[1].field, &pair[1].from, &pair[1].to)
    };
    doc.history.windows(2).any(same)
}

fn undone(id: &str) -> String {
    format!("crm undo COMMIT  # of `crm log {id}`")
}

/// When a record was written: what tells the earlier of two.
fn written(doc: &Doc) -> (String, String) {
    (doc.get("created_at").map(super::support::plain).unwrap_or_default(), doc.id().to_owned())
}

/// The record and the one it collides with, the earlier first.
fn twins(view: &dyn View, doc: &Doc, problem: &Problem) -> Result<Option<(Doc, Doc)>, Problem> {
    let other = problem.get("other").map_or(Ok(None), |id| view.get(doc.kind, id))?;
    Ok(other.map(|other| {
        let own = doc.clone();
        if written(&own) <= written(&other) { (own, other) } else { (other, own) }
    }))
}

/// The last of these facts that still counts and that is about a line, where one is named.
fn last(view: &dyn View, facts: Vec<Doc>, row: Option<&str>) -> Result<Option<Doc>, Problem> {
    let about = |doc: &Doc| {
        row.is_none_or(|row| doc.rows("lines").iter().any(|line| word(line, "order_line") == Some(row)))
    };
    let mut counting = Vec::new();
    for fact in facts.into_iter().filter(|fact| is_fact(fact) && fact.get("reverses").is_none()) {
        if about(&fact) && view.find(fact.kind.name, "reverses", fact.id())?.is_empty() {
            counting.push(fact);
        }
    }
    Ok(counting.into_iter().max_by_key(written))
}

fn reversal(
    view: &dyn View,
    noun: &'static str,
    order: &Doc,
    problem: &Problem,
) -> Result<Option<String>, Problem> {
    let facts = view.all_with(noun, "order", order.id())?;
    let fact = last(view, facts, problem.get("row"))?;
    Ok(fact.map(|fact| format!("crm {noun} reverse {}", fact.id())))
}

fn credit(view: &dyn View, order: &Doc, problem: &Problem) -> Result<Option<String>, Problem> {
    let mut invoices = view.all_with("invoice", "order", order.id())?;
    invoices.retain(|invoice| invoice.text("kind") != Some("credit_note"));
    let invoice = last(view, invoices, problem.get("row"))?;
    Ok(invoice.map(|invoice| format!("crm invoice credit {} --line LINE:QTY --reason REASON", invoice.id())))
}

/// The payment that came last on an order or invoice.
fn repaid(view: &dyn View, doc: &Doc) -> Result<Option<String>, Problem> {
    let mut payments = view.all_with("payment", &format!("allocations.{}", doc.kind.name), doc.id())?;
    if doc.kind.name == "order" {
        for invoice in view.find("invoice", "order", doc.id())? {
            payments.extend(view.all_with("payment", "allocations.invoice", &invoice)?);
        }
    }
    payments.retain(|payment| payment.text("kind") != Some("refund"));
    Ok(last(view, payments, None)?.map(|payment| format!("crm payment reverse {}", payment.id())))
}

/// The order of a quote that was written last and can still be called off.
fn ordered_again(view: &dyn View, quote: &Doc) -> Result<Option<String>, Problem> {
    let mut orders = view.all_with("order", "quote", quote.id())?;
    orders.retain(|order| matches!(order.state(), "draft" | "confirmed" | "on_hold"));
    let later = orders.into_iter().max_by_key(written);
    Ok(later.map(|order| format!("crm order cancel {} --reason duplicate", order.id())))
}

/// What moved a unit last.
fn of_serial(view: &dyn View, problem: &Problem) -> Result<Option<String>, Problem> {
    let Some((sku, serial)) = problem.get("product").zip(problem.get("value")) else { return Ok(None) };
    let mut facts = view.all_with("movement", "serials", serial)?;
    facts.retain(|fact| fact.text("product") == Some(sku));
    for noun in ["shipment", "return"] {
        let mut found = view.all_with(noun, "lines.serials", serial)?;
        found.retain(|fact| fact.rows("lines").iter().any(|row| word(row, "product") == Some(sku)));
        facts.extend(found);
    }
    Ok(last(view, facts, None)?.map(|fact| format!("crm {} reverse {}", fact.kind.name, fact.id())))
}

/// What took the last units out of a warehouse.
fn out_of_stock(view: &dyn View, product: &Doc, problem: &Problem) -> Result<Option<String>, Problem> {
    let warehouse = problem.get("warehouse");
    let here = |fact: &Doc| fact.text("warehouse") == warehouse;
    let mut out = view.all_with("shipment", "lines.product", product.id())?;
    let moves = view.all_with("movement", "product", product.id())?;
    let takes = |fact: &Doc| {
        let moved = stock_state::of_movement(fact);
        moved.iter().any(|(_, place, qty)| Some(place.as_str()) == warehouse && qty.is_sign_negative())
    };
    out.extend(moves.into_iter().filter(takes));
    out.retain(here);
    Ok(last(view, out, None)?.map(|fact| format!("crm {} reverse {}", fact.kind.name, fact.id())))
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{HAINA, ORDER, invoice, payment, sample, shipment, with};
    use super::*;
    use crate::rules::{Judge, check};

    /// The rule and its mend, of every finding of a record.
    fn mends(store: &Memory, noun: &str, id: &str) -> Vec<(&'static str, Option<String>)> {
        let doc = store.record(noun, id).expect("readable").expect("there");
        let allow = std::collections::BTreeSet::new();
        let now = chrono::DateTime::parse_from_rfc3339("2026-03-01T10:00:00+08:00").expect("an instant");
        let judge = Judge { allow: &allow, now, today: now.date_naive() };
        let found = check(store, &judge, &doc).expect("judged");
        found.iter().map(|p| (p.id, mend(store, &doc, p).expect("answered"))).collect()
    }

    fn at(mut doc: Doc, moment: &str) -> Doc {
        let at = chrono::DateTime::parse_from_rfc3339(moment).expect("an instant");
        doc.set("created_at", Some(crate::model::record::Value::Instant(at)));
        doc
    }

    #[test]
    fn the_later_of_two_shipments_goes_back() {
        let mut store = sample();
        for (id, moment) in [
            ("shp_llllllllllll", "2026-02-10T08:00:00+08:00"),
            ("shp_kkkkkkkkkkkk", "2026-02-10T09:00:00+08:00"),
        ] {
            store.put(at(shipment(&store, id, "2026-02-10", "4"), moment));
        }
        let expected = ("over-shipped", Some("crm shipment reverse shp_kkkkkkkkkkkk".to_owned()));
        assert_eq!(mends(&store, "order", ORDER), [expected]);
    }

    #[test]
    fn one_that_is_taken_back_already_is_not_named_again() {
        let mut store = sample();
        for (id, qty) in [("shp_kkkkkkkkkkkk", "4"), ("shp_llllllllllll", "4"), ("shp_mmmmmmmmmmmm", "4")] {
            store.put(shipment(&store, id, "2026-02-10", qty));
        }
        let mut back = shipment(&store, "shp_nnnnnnnnnnnn", "2026-02-11", "4");
        back.set("reverses", Some(super::super::support::text("shp_mmmmmmmmmmmm")));
        store.put(back);
        let expected = ("over-shipped", Some("crm shipment reverse shp_llllllllllll".to_owned()));
        assert_eq!(mends(&store, "order", ORDER), [expected]);
    }

    #[test]
    fn twins_are_merged_into_the_earlier() {
        let mut store = sample();
        let own = [("name", "Acme"), ("kind", "company"), ("status", "normal"), ("phone", "+8675583001122")];
        store.put(at(store.doc("customer", "cus_zzzzzzzzzzzz", &own), "2030-01-01T08:00:00+08:00"));
        let mend = format!("crm customer merge {HAINA} cus_zzzzzzzzzzzz");
        for id in [HAINA, "cus_zzzzzzzzzzzz"] {
            assert_eq!(mends(&store, "customer", id), [("duplicate-phone", Some(mend.clone()))], "{id}");
        }
    }

    #[test]
    fn what_was_sold_twice_goes_back_and_what_was_billed_twice_is_credited() {
        let mut store = sample();
        store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", "5"));
        let taken = [
            ("product", "EV"),
            ("qty", "-6"),
            ("kind", "issue"),
            ("date", "2026-02-20"),
            ("warehouse", "main"),
        ];
        store.put(at(store.doc("movement", "mov_zzzzzzzzzzzz", &taken), "2030-01-01T08:00:00+08:00"));
        let expected = ("negative-stock", Some("crm movement reverse mov_zzzzzzzzzzzz".to_owned()));
        assert_eq!(mends(&store, "product", "EV"), [expected]);
        store.put(invoice(&store, "inv_kkkkkkkkkkkk", "invoice", 4, None));
        store.put(invoice(&store, "inv_llllllllllll", "invoice", 4, None));
        let found = mends(&store, "order", ORDER);
        let mend = "crm invoice credit inv_llllllllllll --line LINE:QTY --reason REASON";
        assert_eq!(found, [("over-billed", Some(mend.to_owned()))]);
    }

    #[test]
    fn a_cancelled_order_gives_back_goods_and_money() {
        let mut store = sample();
        store.put(with(&store, "order", ORDER, &[("status", "cancelled")]));
        store.put(shipment(&store, "shp_kkkkkkkkkkkk", "2026-02-10", "5"));
        store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "50.00", ("order", ORDER)));
        let found = mends(&store, "order", ORDER);
        let mends: Vec<&str> = found
            .iter()
            .filter(|(rule, _)| *rule == "order-not-open")
            .filter_map(|(_, m)| m.as_deref())
            .collect();
        assert_eq!(mends, ["crm shipment reverse shp_kkkkkkkkkkkk", "crm payment reverse pay_kkkkkkkkkkkk"]);
    }

    #[test]
    fn what_needs_a_thought_has_no_command() {
        let mut store = sample();
        store.put(with(&store, "customer", HAINA, &[("name", "")]));
        assert_eq!(mends(&store, "customer", HAINA), [("missing-field", None)]);
    }
}
