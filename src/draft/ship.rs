//! Shipping: goods of a confirmed order leave. That no more leaves than is to ship is for the rules.

use rust_decimal::Decimal;

use super::fact::watch_order;
use super::order::{chosen_lines, must_be, serials_of};
use super::{Draft, verbs};
use crate::model::Problem;
use crate::model::record::{Doc, Row, Value};
use crate::model::scalars::Day;
use crate::rules::order_state::{LineState, order_state};
use crate::rules::support::about;

/// What is to leave. Absent: everything to ship, the first warehouse, today.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShipWish {
    /// Lines, or SKUs where only one line has them, with quantities.
    pub lines: Vec<(String, Decimal)>,
    /// Line or SKU, and the serial number of a unit.
    pub serials: Vec<(String, String)>,
    pub warehouse: Option<String>,
    pub carrier: Option<String>,
    pub tracking: Option<String>,
    pub date: Option<Day>,
}

/// Writes one shipment. Gives its id.
pub fn ship(draft: &mut Draft<'_>, order: &str, wish: ShipWish) -> Result<String, Problem> {
    let order = draft.need("order", order)?;
    must_be(&order, &["confirmed"])?;
    let lines = order_state(draft, &order, draft.setting.today)?.lines;
    let leaving = leaving(&order, &lines, &wish.lines)?;
    if leaving.is_empty() {
        return Err(about(&order, "nothing-to-ship"));
    }
    let ids: Vec<&str> = leaving.iter().map(|(line, _)| line.id.as_str()).collect();
    let mut serials = serials_of(&order, &ids, &wish.serials)?;
    let rows = leaving.iter().zip(&mut serials).map(|((line, qty), serials)| {
        let mut row = Row::from([
            ("order_line", Value::Text(line.id.clone())),
            ("product", Value::Text(line.product.clone().unwrap_or_default())),
            ("qty", Value::Dec(*qty)),
        ]);
        if !serials.is_empty() {
            row.insert("serials", Value::List(std::mem::take(serials)));
        }
        row
    });
    let mut doc = draft.make("shipment", None);
    doc.set("lines", Some(Value::Rows(rows.collect())));
    doc.set("order", Some(Value::Text(order.id().to_owned())));
    doc.set("date", Some(Value::Day(wish.date.unwrap_or(draft.setting.today))));
    doc.set("warehouse", wish.warehouse.map(Value::Text));
    doc.set("carrier", wish.carrier.map(Value::Text));
    doc.set("tracking", wish.tracking.map(Value::Text));
    let id = doc.id().to_owned();
    draft.remarks.push(remark(&doc, &leaving));
    watch_order(draft, Some(order.id()), |draft| verbs::add(draft, doc).map(|_| ()))?;
    Ok(id)
}

/// Notes the day on which a shipment arrived; one that is known stays. `false` where it is.
pub fn deliver(draft: &mut Draft<'_>, id: &str) -> Result<bool, Problem> {
    let mut doc = draft.need("shipment", id)?;
    if doc.get("delivered_on").is_some() {
        return Ok(false);
    }
    let on = draft.setting.on.date_naive();
    if draft.setting.on > draft.setting.now {
        return Err(Problem::usage("move-in-future").arg("value", on));
    }
    if let Some(left) = doc.day("date").filter(|left| on < *left) {
        let problem = about(&doc, "delivered-before-shipped").arg("value", on).arg("shipped", left);
        return Err(problem.field("delivered_on"));
    }
    doc.set("delivered_on", Some(Value::Day(on)));
    draft.put(doc)?;
    Ok(true)
}

/// The lines that leave and how much of each: what is wished, else all that is to ship.
fn leaving<'l>(
    order: &Doc,
    lines: &'l [LineState],
    wished: &[(String, Decimal)],
) -> Result<Vec<(&'l LineState, Decimal)>, Problem> {
    if wished.is_empty() {
        let rest = lines.iter().filter(|line| line.to_ship > Decimal::ZERO);
        return Ok(rest.map(|line| (line, line.to_ship)).collect());
    }
    let chosen = chosen_lines(order, wished)?;
    let state = |(id, qty): (String, Decimal)| Some((lines.iter().find(|line| line.id == id)?, qty));
    Ok(chosen.into_iter().filter_map(state).collect())
}

/// `shipment shp_…: 2 x HAN-EV-610, SF Express SF123`
fn remark(doc: &Doc, leaving: &[(&LineState, Decimal)]) -> String {
    let goods = leaving
        .iter()
        .map(|(line, qty)| format!("{} x {}", qty.normalize(), line.product.as_deref().unwrap_or(&line.id)));
    let mut parts: Vec<String> = goods.collect();
    let carrier: Vec<&str> = ["carrier", "tracking"].iter().filter_map(|field| doc.text(field)).collect();
    if !carrier.is_empty() {
        parts.push(carrier.join(" "));
    }
    format!("shipment {}: {}", doc.id(), parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Bench, field, number};
    use super::*;
    use crate::rules::amounts::word;

    fn wish(lines: &[(&str, &str)]) -> ShipWish {
        let lines = lines.iter().map(|(what, qty)| ((*what).to_owned(), number(qty))).collect();
        ShipWish { lines, ..ShipWish::default() }
    }

    fn bench(status: &str) -> Bench {
        let mut bench = Bench::new();
        bench.order(status, &[("HAN-EV-610", "5"), ("MAT", "3"), ("SETUP", "1")]);
        bench
    }

    #[test]
    fn an_order_leaves_in_parts_until_nothing_is_left() {
        let set = bench("confirmed").with(|draft| {
            let first = ship(draft, "ord_k", wish(&[("HAN-EV-610", "2")]))?;
            let doc = draft.need("shipment", &first)?;
            assert_eq!((field(&doc, "warehouse"), field(&doc, "date")), ("main".into(), "2026-03-10".into()));
            let second = ship(draft, "ord_k", wish(&[("line-0", "1"), ("line-1", "1"), ("line-0", "1")]))?;
            let qty: Vec<_> = draft
                .need("shipment", &second)?
                .rows("lines")
                .iter()
                .map(|r| r.get("qty").cloned())
                .collect();
            assert_eq!(qty, [Some(Value::Dec(number("2"))), Some(Value::Dec(number("1")))]);
            let rest = ship(draft, "ord_k", ShipWish::default())?;
            let rows = draft.need("shipment", &rest)?.rows("lines").to_vec();
            let left: Vec<_> = rows.iter().map(|r| (word(r, "product"), r.get("qty"))).collect();
            assert_eq!(
                left,
                [
                    (Some("HAN-EV-610"), Some(&Value::Dec(number("1")))),
                    (Some("MAT"), Some(&Value::Dec(number("2")))),
                ]
            );
            Ok(())
        });
        assert_eq!(set.remarks[1], "fulfilment: none -> partial");
        assert_eq!(set.remarks.last().map(String::as_str), Some("fulfilment: partial -> full"));
        assert_eq!(set.changes.len(), 3, "the order itself does not change");
    }

    #[test]
    fn a_shipment_arrives_once_and_not_before_it_left() {
        let mut bench = bench("confirmed");
        let id = bench.write(|draft| ship(draft, "ord_k", wish(&[("MAT", "1")])));
        let at = |text: &str| chrono::DateTime::parse_from_rfc3339(text).expect("an instant");
        for (on, problem) in [
            ("2026-03-09T10:00:00+08:00", "delivered-before-shipped"),
            ("2026-03-11T10:00:00+08:00", "move-in-future"),
        ] {
            bench.setting.on = at(on);
            assert_eq!(bench.refused(|draft| deliver(draft, &id)).id, problem);
        }
        bench.setting.on = bench.setting.now;
        assert!(bench.write(|draft| deliver(draft, &id)));
        assert!(!bench.write(|draft| deliver(draft, &id)));
    }

    #[test]
    fn the_remark_says_what_left_and_how() {
        let set = bench("confirmed").with(|draft| {
            let (carrier, tracking) = (Some("SF Express".to_owned()), Some("SF123".to_owned()));
            let serials =
                vec![("HAN-EV-610".to_owned(), "LGX1".to_owned()), ("line-0".to_owned(), "LGX2".to_owned())];
            let wish = ShipWish { serials, carrier, tracking, ..wish(&[("HAN-EV-610", "2")]) };
            let id = ship(draft, "ord_k", wish)?;
            let rows = draft.need("shipment", &id)?.rows("lines").to_vec();
            let serials = Value::List(vec![Value::Text("LGX1".into()), Value::Text("LGX2".into())]);
            assert_eq!(rows[0].get("serials"), Some(&serials));
            Ok(())
        });
        let expected = format!("shipment {}: 2 x HAN-EV-610, SF Express SF123", set.ids()[0]);
        assert_eq!(set.remarks, [expected.as_str(), "fulfilment: none -> partial"]);
    }

    #[test]
    fn what_cannot_leave_is_refused() {
        let serial = |what: &str| vec![(what.to_owned(), "S".to_owned())];
        let confirmed = bench("confirmed");
        for (wish, problem) in [
            (wish(&[("HAN-EV-610", "6")]), "over-shipped"),
            (wish(&[("line-0", "3"), ("HAN-EV-610", "3")]), "over-shipped"),
            (wish(&[("SETUP", "1")]), "over-shipped"),
            (wish(&[("OLD-1", "1")]), "no-such-line"),
            (wish(&[("MAT", "0")]), "bad-line"),
            (ShipWish { serials: serial("MAT"), ..wish(&[("line-0", "1")]) }, "serial-without-line"),
        ] {
            assert_eq!(confirmed.refused(|draft| ship(draft, "ord_k", wish)).id, problem);
        }
        for status in ["draft", "on_hold", "closed", "cancelled"] {
            let refused = bench(status).refused(|draft| ship(draft, "ord_k", ShipWish::default()));
            assert_eq!(
                (refused.id, refused.legal.as_slice()),
                ("order-not-open", ["confirmed".to_owned()].as_slice()),
                "{status}"
            );
        }
        let mut services = Bench::new();
        services.order("confirmed", &[("SETUP", "1")]);
        assert_eq!(services.refused(|draft| ship(draft, "ord_k", ShipWish::default())).id, "nothing-to-ship");
    }

    #[test]
    fn a_line_named_by_an_sku_that_two_lines_have_is_ambiguous() {
        let mut bench = Bench::new();
        bench.order("confirmed", &[("MAT", "1"), ("MAT", "2")]);
        let refused = bench.refused(|draft| ship(draft, "ord_k", wish(&[("MAT", "1")])));
        assert_eq!(
            (refused.id, refused.candidates),
            ("ambiguous-line", vec!["line-0 MAT".to_owned(), "line-1 MAT".to_owned()])
        );
        bench.with(|draft| ship(draft, "ord_k", wish(&[("line-1", "2")])).map(|_| ()));
    }
}
