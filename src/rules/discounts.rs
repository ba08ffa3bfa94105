//! Who may give how much discount: judged when a quote is sent, an order confirmed, or a discount
//! approved, by the roles of whoever does it.

use rust_decimal::Decimal;

use super::amounts::totals;
use super::support::{about, too_much};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;

/// `discount-over-limit`.
pub fn limit(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    let binding = match new.kind.name {
        "quote" => old.state() == "draft" && new.state() == "sent",
        "order" => old.state() == "draft" && new.state() == "confirmed",
        _ => return Ok(()),
    };
    if binding && !is_offered(view, new)? {
        let by = new.history.iter().rev().find(|moved| moved.field.is_none()).map(|moved| moved.by.as_str());
        judge_discount(view, new, by, found)?;
    }
    if new.get("approved_discount").is_some() && approval(old) != approval(new) {
        let approved = new.dec("approved_discount").unwrap_or_default();
        if let Some(most) =
            most(view, new.text("approved_by"), "approve_max")?.filter(|most| approved > *most)
        {
            let problem = too_much(new, "discount-over-limit", approved, most).hint("hint-approve");
            found.push(problem.field("approved_discount"));
        }
    }
    Ok(())
}

fn approval(doc: &Doc) -> [Option<&crate::model::record::Value>; 2] {
    ["approved_by", "approved_discount"].map(|field| doc.get(field))
}

fn judge_discount(view: &dyn View, doc: &Doc, by: Option<&str>, found: &mut Found) -> Result<(), Problem> {
    let Some(discount) = effective(view, doc)? else { return Ok(()) };
    let approved = doc.dec("approved_discount").filter(|_| doc.get("approved_by").is_some());
    if discount <= Decimal::ZERO || approved.is_some_and(|approved| discount <= approved) {
        return Ok(());
    }
    if let Some(most) = most(view, by, "discount_max")?.filter(|most| discount > *most) {
        let problem = too_much(doc, "discount-over-limit", discount, most).hint("hint-approve");
        found.push(problem.arg("by", by.unwrap_or_default()).field("discount_pct"));
    }
    Ok(())
}

/// The greatest discount of a line of a quote or order.
pub fn effective(view: &dyn View, doc: &Doc) -> Result<Option<Decimal>, Problem> {
    Ok(totals(&view.schema().settings, doc)?.effective_discount)
}

/// An order may give what its accepted quote gave.
fn is_offered(view: &dyn View, order: &Doc) -> Result<bool, Problem> {
    let Some(id) = order.text("quote").filter(|_| order.kind.name == "order") else { return Ok(false) };
    let Some(quote) = view.record("quote", id)?.filter(|quote| quote.state() == "accepted") else {
        return Ok(false);
    };
    let none = Decimal::ZERO;
    Ok(effective(view, order)?.unwrap_or(none) <= effective(view, &quote)?.unwrap_or(none))
}

/// The highest limit among the roles of a user; none for an administrator.
fn most(view: &dyn View, user: Option<&str>, field: &str) -> Result<Option<Decimal>, Problem> {
    let mut most = Decimal::ZERO;
    let Some(user) = user.map_or(Ok(None), |id| view.record("user", id))? else { return Ok(Some(most)) };
    for role in user.list("roles") {
        let Some(role) = view.record("role", role)? else { continue };
        if role.flag("admin") {
            return Ok(None);
        }
        most = most.max(role.dec(field).unwrap_or_default());
    }
    Ok(Some(most))
}

/// `discount-over-limit` of a document that says it was approved for less than it gives, for
/// `crm check`: nobody can have approved that.
pub fn approved(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(most)) = (doc.state() != "draft", doc.dec("approved_discount")) else { return Ok(()) };
    if !matches!(doc.kind.name, "quote" | "order") {
        return Ok(());
    }
    if let Ok(Some(discount)) = effective(view, doc)
        && discount > most
    {
        found.push(about(doc, "discount-over-limit").arg("have", discount).arg("most", most).as_warning());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{ORDER, QUOTE, checked, sample, with, written};
    use crate::model::record::{Doc, Moved};

    fn moved(mut doc: Doc, by: &str, to: &str) -> Doc {
        let at = chrono::DateTime::parse_from_rfc3339("2026-03-01T09:00:00+08:00").expect("an instant");
        let from = doc.state().to_owned();
        doc.set("status", Some(super::super::support::text(to)));
        let (from, to) = (Some(from), Some(to.to_owned()));
        doc.history.push(Moved { at, by: by.to_owned(), field: None, from, to, reason: None });
        doc
    }

    fn send(by: &str, fields: &[(&str, &str)]) -> Vec<String> {
        let mut store = sample();
        let draft = with(&store, "quote", QUOTE, fields);
        store.put(draft.clone());
        written(&store, &[], &[moved(draft, by, "sent")])
    }

    #[test]
    fn a_discount_above_the_limit_is_approved_first() {
        let approved = [("approved_by", "li.na"), ("approved_at", "2026-03-01T09:00:00+08:00")];
        for (by, fields, expected) in [
            ("li.na", vec![("discount_pct", "3")], &[][..]),
            ("li.na", vec![("discount_pct", "4")], &["discount-over-limit"]),
            ("admin", vec![("discount_pct", "50")], &[]),
            ("li.na", [&approved[..], &[("discount_pct", "8"), ("approved_discount", "8")]].concat(), &[]),
            (
                "li.na",
                [&approved[..], &[("discount_pct", "9"), ("approved_discount", "8")]].concat(),
                &["discount-over-limit", "W discount-over-limit"],
            ),
        ] {
            assert_eq!(send(by, &fields), expected, "{by} {fields:?}");
        }
    }

    #[test]
    fn an_approval_has_its_own_limit() {
        let store = sample();
        let approve = |by, discount| {
            let fields = [("approved_by", by), ("approved_discount", discount)];
            written(&store, &[], &[with(&store, "quote", QUOTE, &fields)])
        };
        assert_eq!(approve("li.na", "10"), [""; 0]);
        assert_eq!(approve("li.na", "11"), ["discount-over-limit"]);
        assert_eq!(approve("admin", "60"), [""; 0]);
    }

    #[test]
    fn an_order_gives_what_its_accepted_quote_gave() {
        let mut store = sample();
        store.put(with(&store, "quote", QUOTE, &[("status", "accepted"), ("discount_pct", "20")]));
        let fields = [("status", "draft"), ("quote", QUOTE), ("discount_pct", "20")];
        store.put(with(&store, "order", ORDER, &fields));
        let confirm =
            |store: &_| written(store, &[], &[moved(with(store, "order", ORDER, &[]), "li.na", "confirmed")]);
        assert_eq!(confirm(&store), [""; 0]);
        store.put(with(&store, "order", ORDER, &[("discount_pct", "21")]));
        assert_eq!(confirm(&store), ["discount-over-limit"]);
    }

    #[test]
    fn a_discount_above_its_approval_is_told() {
        let store = sample();
        let check = |discount| {
            let fields = [("status", "sent"), ("approved_discount", "8"), ("discount_pct", discount)];
            checked(&store, &with(&store, "quote", QUOTE, &fields))
        };
        assert_eq!(check("8"), [""; 0]);
        assert_eq!(check("9"), ["W discount-over-limit"]);
    }
}
