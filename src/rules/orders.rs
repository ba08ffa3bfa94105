//! Not more is shipped, billed, returned or cancelled than was ordered, and only of open orders.

use rust_decimal::Decimal;

use super::amounts::{number, totals, word};
use super::order_state::{LineState, OrderFacts, facts_of, lines_of, state_with};
use super::support::{about, too_much, unless};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::{Day, Instant};

/// `over-shipped`, `over-returned`, `over-cancelled`, `over-billed` (--allow-over), `credit-due` W.
/// What came last is what is too much.
pub fn quantities(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "order" {
        return Ok(());
    }
    let facts = facts_of(view, doc)?;
    for line in lines_of(doc, &facts) {
        over(doc, &line, &facts, found);
        let may = line.effective_qty - line.reversed;
        if line.billed > may {
            let over = |rule| of_line(doc, &line, too_much(doc, rule, line.billed, may));
            if line.billed > line.qty || bills_last(doc, &line, &facts) {
                found.push(unless(over("over-billed").hint("hint-allow-over"), judge, "allow-over"));
            } else {
                found.push(over("credit-due").as_warning());
            }
        }
    }
    Ok(())
}

/// The problem of a line, which people know by its product or name.
fn of_line(order: &Doc, line: &LineState, problem: Problem) -> Problem {
    let row = order.rows("lines").iter().find(|row| word(row, "id") == Some(line.id.as_str()));
    let name = row.and_then(|row| word(row, "product").or(word(row, "name"))).unwrap_or(&line.id);
    problem.arg("row", &line.id).arg("line", name).field("lines")
}

fn over(doc: &Doc, line: &LineState, facts: &OrderFacts, found: &mut Found) {
    let mut push = |rule, have: Decimal, most: Decimal| {
        if have > most {
            let problem = of_line(doc, line, too_much(doc, rule, have, most));
            found.push(problem.hint("hint-order-lines"));
        }
    };
    let cancelled_last =
        line.cancellations > Decimal::ZERO && last_cancellation(doc, line) >= last(&facts.shipments, line);
    if !line.goods {
        push("over-shipped", line.shipped, Decimal::ZERO);
        if last_cancellation(doc, line) > last(&facts.invoices, line) {
            push("over-cancelled", line.cancellations, line.qty - line.billed);
        } else {
            push("over-cancelled", line.cancellations, line.qty);
        }
    } else if cancelled_last {
        push("over-cancelled", line.cancellations, line.qty - line.shipped + line.replaced);
    } else {
        push("over-shipped", line.shipped, line.qty - line.cancellations + line.replaced);
    }
    push("over-returned", line.returned(), line.shipped);
}

/// When the last fact about a line was written.
fn last(facts: &[Doc], line: &LineState) -> Option<Instant> {
    let about = facts.iter().filter(|fact| is_about(fact, &line.id));
    about.filter_map(|fact| instant(fact.get("created_at"))).max()
}

fn is_about(fact: &Doc, line: &str) -> bool {
    fact.rows("lines").iter().any(|row| word(row, "order_line") == Some(line))
}

fn last_cancellation(order: &Doc, line: &LineState) -> Option<Instant> {
    let rows = order.rows("cancellations").iter().filter(|row| word(row, "line") == Some(line.id.as_str()));
    rows.filter_map(|row| instant(row.get("at"))).max()
}

fn instant(value: Option<&Value>) -> Option<Instant> {
    match value {
        Some(Value::Instant(at)) => Some(*at),
        _ => None,
    }
}

/// Whether an invoice came after every cancellation, return and close that made the line smaller.
fn bills_last(order: &Doc, line: &LineState, facts: &OrderFacts) -> bool {
    let invoices = facts.invoices.iter().filter(|doc| doc.text("kind") != Some("credit_note"));
    let billed =
        invoices.filter(|doc| is_about(doc, &line.id)).filter_map(|doc| instant(doc.get("created_at"))).max();
    let ended =
        order.history.iter().rev().find(|moved| {
            moved.field.is_none() && matches!(moved.to.as_deref(), Some("closed" | "cancelled"))
        });
    let smaller = [last_cancellation(order, line), last(&facts.returns, line), ended.map(|moved| moved.at)];
    billed > smaller.into_iter().flatten().max()
}

/// `order-not-open` of an order as it is: a draft cannot have shipments or invoices, a cancelled
/// order no money either.
pub fn at_rest(view: &dyn View, judge: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "order" || !matches!(doc.state(), "draft" | "cancelled") {
        return Ok(());
    }
    let facts = facts_of(view, doc)?;
    let lines = lines_of(doc, &facts);
    let moved = |of: fn(&LineState) -> Decimal| lines.iter().any(|line| !of(line).is_zero());
    let paid = doc.state() == "cancelled" && !state_with(view, doc, &facts, judge.today)?.paid.is_zero();
    for (what, is_so) in
        [("shipped", moved(|line| line.shipped)), ("billed", moved(|line| line.billed)), ("paid", paid)]
    {
        if is_so {
            let problem = about(doc, "order-not-open").arg("order", doc.title()).arg("state", doc.state());
            found.push(problem.arg("fact", what).arg("legal", "").field("status"));
        }
    }
    Ok(())
}

/// `order-not-open`: a new fact in a state of its order in which its command is not legal. Facts of
/// the past may come late: the state at the end of their day counts as well.
pub fn open_for(
    view: &dyn View,
    judge: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let (None, Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    let legal: &[&str] = match new.kind.name {
        "shipment" => &["confirmed"],
        "invoice" | "return" => &["confirmed", "on_hold", "closed"],
        "payment" => &["draft", "confirmed", "on_hold", "closed"],
        _ => return Ok(()),
    };
    if new.get("reverses").is_some()
        || new.text("kind") == Some("credit_note")
        || judge.allow.contains("undo")
    {
        return Ok(());
    }
    let gives =
        |row: &&Row| new.text("kind") != Some("refund") && number(row, "amount") > Some(Decimal::ZERO);
    let paid = new.rows("allocations").iter().filter(gives).filter_map(|row| word(row, "order"));
    for id in new.text("order").into_iter().chain(paid) {
        let Some(order) = view.record("order", id)? else { continue };
        let past = new.day("date").filter(|day| *day < judge.today);
        let was_legal = past.is_some_and(|day| match state_on(&order, day) {
            Some(then) => legal.contains(&then),
            None => matches!(order.state(), "closed" | "on_hold"),
        });
        if !legal.contains(&order.state()) && !was_legal {
            let problem = about(new, "order-not-open").arg("order", order.title());
            let problem = problem.arg("state", order.state()).arg("fact", "none");
            let problem = problem.arg("legal", legal.join(", ")).legal(legal.iter().copied());
            found.push(problem.field("order"));
        }
    }
    Ok(())
}

/// The state of an order at the end of a day; nothing where no move of it is known, as after an import.
fn state_on(order: &Doc, day: Day) -> Option<&str> {
    let moves: Vec<_> = order.history.iter().filter(|moved| moved.field.is_none()).collect();
    let last = moves.iter().rev().find(|moved| moved.at.date_naive() <= day);
    last.map_or_else(|| moves.first()?.from.as_deref(), |moved| moved.to.as_deref())
}

/// `payment-plan-sum` W: the instalments are not the order's total.
pub fn payment_plan(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let plan = doc.rows("payment_plan");
    if doc.kind.name != "order" || plan.is_empty() {
        return Ok(());
    }
    let sum: Decimal = plan.iter().filter_map(|row| number(row, "amount")).sum();
    if let Ok(totals) = totals(&view.schema().settings, doc)
        && sum != totals.total
    {
        let problem = about(doc, "payment-plan-sum").arg("have", sum).arg("most", totals.total);
        found.push(problem.field("payment_plan").as_warning());
    }
    Ok(())
}

/// `ship-before-order` W, and lines of facts that are no lines of their order or have another product.
pub fn of_order(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(id)) = (matches!(doc.kind.name, "shipment" | "return" | "invoice"), doc.text("order"))
    else {
        return Ok(());
    };
    let Some(order) = view.record("order", id)? else { return Ok(()) };
    if let (true, Some(day), Some(ordered)) =
        (doc.kind.name == "shipment", doc.day("date"), order.day("date"))
        && day < ordered
    {
        let problem = about(doc, "ship-before-order").arg("value", day).arg("ordered", ordered);
        found.push(problem.field("date").as_warning());
    }
    for row in doc.rows("lines") {
        let Some(line) = word(row, "order_line") else { continue };
        let refuse = |rule, field: &'static str, value: &str| {
            about(doc, rule).arg("field", field).arg("value", value).arg("order", order.title()).field(field)
        };
        let ordered = order.rows("lines").iter().find(|ordered| word(ordered, "id") == Some(line));
        match ordered.map(|ordered| word(ordered, "product")) {
            None => found.push(refuse("unknown-reference", "lines.order_line", line)),
            Some(product) if product != word(row, "product") => {
                let product = word(row, "product").unwrap_or_default();
                found.push(refuse("bad-value", "lines.product", product).arg("reason", "order-line"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// `unknown-reference`: a cancellation of no line.
pub fn cancellations(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    for line in doc.rows("cancellations").iter().filter_map(|row| word(row, "line")) {
        if !doc.rows("lines").iter().any(|row| word(row, "id") == Some(line)) {
            let field = "cancellations.line";
            found.push(about(doc, "unknown-reference").arg("field", field).arg("value", line).field(field));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{
        ORDER, checked, fresh, invoice, payment, returned, sample, shipment, varied, with, written,
    };
    use super::*;

    const SHP: &str = "shp_kkkkkkkkkkkk";
    const INV: &str = "inv_kkkkkkkkkkkk";
    const RET: &str = "ret_kkkkkkkkkkkk";

    fn cancelled(store: &Memory, qty: &str, at: &str) -> Doc {
        with(
            store,
            "order",
            ORDER,
            &[
                ("cancellations.id", "kkkkkk"),
                ("cancellations.line", "kkkkkk"),
                ("cancellations.qty", qty),
                ("cancellations.at", at),
                ("cancellations.by", "li.na"),
                ("cancellations.reason", "no need"),
            ],
        )
    }

    #[test]
    fn shipping_more_than_ordered_is_refused() {
        for (qty, expected) in [("5", &[][..]), ("6", &["over-shipped"])] {
            assert_eq!(
                written(&sample(), &[], &[shipment(&sample(), SHP, "2026-02-10", qty)]),
                expected,
                "{qty}"
            );
        }
        let mut store = sample();
        store.put(cancelled(&store, "1", "2025-12-01T09:00:00+08:00"));
        assert_eq!(written(&store, &[], &[shipment(&store, SHP, "2026-02-10", "5")]), ["over-shipped"]);
        assert_eq!(written(&store, &[], &[shipment(&store, SHP, "2026-02-10", "4")]), [""; 0]);
    }

    #[test]
    fn replaced_goods_ship_again() {
        let mut store = sample();
        store.put(shipment(&store, SHP, "2026-02-10", "5"));
        let again = shipment(&store, "shp_llllllllllll", "2026-02-25", "1");
        assert_eq!(written(&store, &[], std::slice::from_ref(&again)), ["over-shipped"]);
        store.put(returned(&store, RET, "1", "replace"));
        assert_eq!(written(&store, &[], &[again]), [""; 0]);
    }

    #[test]
    fn cancelling_more_than_is_open_is_refused() {
        let mut store = sample();
        store.put(shipment(&store, SHP, "2026-02-10", "3"));
        let at = "2026-03-01T09:00:00+08:00";
        assert_eq!(written(&store, &[], &[cancelled(&store, "2", at)]), [""; 0]);
        assert_eq!(written(&store, &[], &[cancelled(&store, "3", at)]), ["over-cancelled"]);
    }

    #[test]
    fn returning_more_than_was_shipped_is_refused() {
        let mut store = sample();
        store.put(shipment(&store, SHP, "2026-02-10", "3"));
        assert_eq!(written(&store, &[], &[returned(&store, RET, "3", "reverse")]), [""; 0]);
        assert_eq!(written(&store, &[], &[returned(&store, RET, "4", "reverse")]), ["over-returned"]);
    }

    #[test]
    fn billing_more_than_ordered_is_refused() {
        let store = sample();
        let bill = |allow, qty| written(&store, allow, &[invoice(&store, INV, "invoice", qty, None)]);
        assert_eq!(bill(&[], 5), [""; 0]);
        assert_eq!(bill(&[], 6), ["over-billed"]);
        assert_eq!(bill(&["allow-over"], 6), ["W over-billed"]);
    }

    #[test]
    fn what_was_billed_before_it_came_back_is_due_for_credit() {
        let mut store = sample();
        store.put(shipment(&store, SHP, "2026-02-10", "5"));
        store.put(invoice(&store, INV, "invoice", 5, None));
        let back = returned(&store, RET, "1", "reverse");
        assert_eq!(written(&store, &[], std::slice::from_ref(&back)), ["W credit-due"]);
        store.put(back);
        store.put(invoice(&store, "inv_llllllllllll", "credit_note", 1, Some(INV)));
        assert_eq!(checked(&store, &with(&store, "order", ORDER, &[])), [""; 0]);
    }

    #[test]
    fn facts_are_of_open_orders() {
        let check = |state: &str, doc: Doc| {
            let mut store = sample();
            store.put(with(&store, "order", ORDER, &[("status", state)]));
            written(&store, &[], &[doc]).contains(&"order-not-open".to_owned())
        };
        let store = sample();
        let ship = || shipment(&store, SHP, "2026-03-16", "1");
        let bill = || invoice(&store, INV, "invoice", 1, None);
        let pay = || payment(&store, "pay_kkkkkkkkkkkk", "receipt", "10.00", ("order", ORDER));
        for (state, ships, bills, pays) in [
            ("draft", false, false, true),
            ("confirmed", true, true, true),
            ("on_hold", false, true, true),
            ("closed", false, true, true),
            ("cancelled", false, false, false),
        ] {
            assert_eq!(
                [ship(), bill(), pay()].map(|doc| !check(state, doc)),
                [ships, bills, pays],
                "{state}"
            );
        }
    }

    #[test]
    fn facts_may_come_late_but_not_after_the_order_was_closed() {
        let mut store = sample();
        let mut closed = with(&store, "order", ORDER, &[("status", "confirmed")]);
        let at = chrono::DateTime::parse_from_rfc3339("2026-02-12T09:00:00+08:00").expect("an instant");
        closed.move_to("closed", at, "li.na", None);
        store.put(closed);
        let ship = |store: &Memory, day| written(store, &[], &[shipment(store, SHP, day, "1")]);
        assert_eq!(ship(&store, "2026-02-11"), [""; 0]);
        assert_eq!(ship(&store, "2026-02-12"), ["order-not-open"]);
        store.put(with(&sample(), "order", ORDER, &[("status", "closed")]));
        assert_eq!(ship(&store, "2026-02-11"), [""; 0], "imported as closed, without its moves");
    }

    #[test]
    fn an_order_with_facts_is_not_cancelled() {
        let mut store = sample();
        let cancel =
            |store: &Memory| written(store, &[], &[with(store, "order", ORDER, &[("status", "cancelled")])]);
        assert_eq!(cancel(&store), [""; 0]);
        store.put(payment(&store, "pay_kkkkkkkkkkkk", "receipt", "10.00", ("order", ORDER)));
        assert_eq!(cancel(&store), ["order-not-open"]);
        store.put(payment(&store, "pay_llllllllllll", "refund", "10.00", ("order", ORDER)));
        assert_eq!(cancel(&store), [""; 0]);
    }

    #[test]
    fn instalments_make_the_total() {
        let plan = |amount| {
            [
                ("payment_plan.id", "kkkkkk"),
                ("payment_plan.due", "2026-04-01"),
                ("payment_plan.amount", amount),
            ]
        };
        varied("order", ORDER, &[(&plan("678.00"), &[]), (&plan("600.00"), &["W payment-plan-sum"])]);
    }

    #[test]
    fn lines_of_facts_are_lines_of_their_order() {
        let line =
            |line, product| [("lines.order_line", line), ("lines.product", product), ("lines.qty", "1")];
        let head = [("order", ORDER), ("date", "2026-02-10"), ("warehouse", "main"), ("lines.id", "kkkkkk")];
        fresh(
            &sample(),
            "shipment",
            SHP,
            &head,
            &[
                (&line("kkkkkk", "EV"), &[]),
                (&line("zzzzzz", "EV"), &["unknown-reference"]),
                (&line("kkkkkk", "HOUR"), &["bad-value"]),
            ],
        );
        assert_eq!(checked(&sample(), &shipment(&sample(), SHP, "2026-01-31", "1")), ["W ship-before-order"]);
        let at = "2026-03-01T09:00:00+08:00";
        let mut astray = cancelled(&sample(), "1", at);
        let mut rows = astray.rows("cancellations").to_vec();
        rows[0].insert("line", super::super::support::text("zzzzzz"));
        astray.set("cancellations", Some(Value::Rows(rows)));
        assert_eq!(checked(&sample(), &astray), ["unknown-reference"]);
    }
}
