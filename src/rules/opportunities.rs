//! An opportunity stands in a stage of its pipeline and has what that stage asks for.

use rust_decimal::Decimal;

use super::amounts::{digits, number, totals, word};
use super::support::{about, enters, is_one, plain};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::document::{DocumentIn, LineIn, PriceMode, Rounding, compute};
use crate::model::record::{Doc, Row, Value};
use crate::model::value::round_half_up;

/// The row of a stage in its pipeline.
pub fn stage<'a>(pipeline: &'a Doc, code: &str) -> Option<&'a Row> {
    pipeline.rows("stages").iter().find(|row| word(row, "code") == Some(code))
}

/// `unknown-stage`, `stage-requirement`, `won-without-amount`, `lost-without-reason`, `closed-date`.
pub fn in_stage(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(id)) = (doc.kind.name == "opportunity", doc.text("pipeline")) else { return Ok(()) };
    let (Some(pipeline), Some(code)) = (view.record("pipeline", id)?, doc.text("stage")) else {
        return Ok(());
    };
    let Some(stage) = stage(&pipeline, code) else {
        let legal = pipeline.rows("stages").iter().filter_map(|row| word(row, "code"));
        found.push(
            about(doc, "unknown-stage").arg("stage", code).arg("pipeline", id).field("stage").legal(legal),
        );
        return Ok(());
    };
    let required = match stage.get("requires") {
        Some(Value::List(fields)) => fields.iter().filter_map(Value::as_text).collect(),
        _ => Vec::new(),
    };
    for field in required.into_iter().filter(|field| doc.get(field).is_none()) {
        found.push(about(doc, "stage-requirement").arg("stage", code).arg("field", field).field(field));
    }
    let kind = word(stage, "type").unwrap_or("open");
    if kind == "won" && doc.dec("amount").unwrap_or_default() <= Decimal::ZERO {
        found.push(about(doc, "won-without-amount").field("amount"));
    }
    let reason = doc.text("lost_reason");
    if kind == "lost" && reason.is_none() {
        found.push(about(doc, "lost-without-reason").field("lost_reason"));
    }
    if reason == Some("other") && doc.get("lost_note").is_none() {
        found.push(about(doc, "lost-without-reason").field("lost_note"));
    }
    if (kind != "open") != doc.get("closed_on").is_some() {
        found.push(about(doc, "closed-date").arg("state", code).field("closed_on"));
    }
    Ok(())
}

/// `illegal-move`: from one end of the sale straight to the other.
pub fn moves(view: &dyn View, judge: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let (Some(old), Some(new)) = (&change.old, &change.new) else { return Ok(()) };
    let same = (old.text("pipeline"), old.text("stage")) == (new.text("pipeline"), new.text("stage"));
    if new.kind.name != "opportunity" || same || judge.allow.contains("undo") {
        return Ok(());
    }
    let (from, to) = (stage_type(view, old)?, stage_type(view, new)?);
    if from != "open" && to != "open" {
        let (from, to) = (old.state(), new.state());
        let problem = about(new, "illegal-move").arg("state", from).arg("to", to);
        found.push(problem.arg("legal", "reopen").legal(["reopen"]));
    }
    Ok(())
}

/// Whether the stage of an opportunity is open, won or lost.
pub fn stage_type(view: &dyn View, doc: &Doc) -> Result<String, Problem> {
    let pipeline = doc.text("pipeline").map_or(Ok(None), |id| view.record("pipeline", id))?;
    let row = pipeline.as_ref().and_then(|pipeline| stage(pipeline, doc.state()));
    Ok(row.and_then(|row| word(row, "type")).unwrap_or("open").to_owned())
}

/// `wrong-customer`: a contact or quote of another customer.
pub fn of_customer(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(customer)) = (doc.kind.name == "opportunity", doc.text("customer")) else {
        return Ok(());
    };
    let contacts = doc.rows("contacts").iter().filter_map(|row| word(row, "contact"));
    let contacts = contacts.map(|id| ("contacts.contact", "contact", id));
    let quotes = doc.text("won_quote").map(|id| ("won_quote", "quote", id));
    for (field, noun, id) in contacts.chain(quotes) {
        let Some(other) = view.record(noun, id)?.and_then(|found| found.text("customer").map(str::to_owned))
        else {
            continue;
        };
        if !is_one(view, "customer", customer, &other)? {
            let problem = about(doc, "wrong-customer").arg("field", field).arg("value", id);
            found.push(problem.arg("customer", other).field(field));
        }
    }
    Ok(())
}

/// `credit-split`: the shares of an opportunity or order do not make 100.
pub fn credit_split(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let credits = doc.rows("credits");
    if credits.is_empty() {
        return Ok(());
    }
    let sum: Decimal = credits.iter().filter_map(|row| number(row, "pct")).sum();
    if sum != Decimal::ONE_HUNDRED {
        found.push(about(doc, "credit-split").arg("sum", sum.normalize()).field("credits"));
    }
    Ok(())
}

/// `amount-mismatch` W: the amount is not that of the products or quote it is said to come from.
pub fn amount(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    let (true, Some(amount)) = (doc.kind.name == "opportunity", doc.dec("amount")) else { return Ok(()) };
    let expected = match doc.text("amount_source") {
        Some("products") => of_products(view, doc)?,
        Some("quote") => quoted_amount(view, doc)?,
        _ => return Ok(()),
    };
    if let Some(expected) = expected.filter(|expected| *expected != amount) {
        let problem = about(doc, "amount-mismatch").arg("have", amount).arg("most", expected);
        found.push(problem.field("amount").as_warning());
    }
    Ok(())
}

/// The sum of the products, where all of them have a price.
fn of_products(view: &dyn View, doc: &Doc) -> Result<Option<Decimal>, Problem> {
    let settings = &view.schema().settings;
    let mut lines = Vec::new();
    for row in doc.rows("products") {
        let Some(price) = number(row, "price") else { return Ok(None) };
        lines.push(LineIn {
            qty: number(row, "qty").unwrap_or(Decimal::ONE),
            price,
            list_price: None,
            discount_pct: number(row, "discount_pct"),
            discount_amt: None,
            tax_rate: Decimal::ZERO,
            cost: None,
        });
    }
    let document = DocumentIn {
        lines,
        discount: None,
        shipping: None,
        price_mode: PriceMode::TaxExcl,
        rounding: Rounding::Line,
        digits: digits(settings, doc),
        base_digits: settings.digits(),
        fx_rate: Decimal::ONE,
    };
    Ok(Some(compute(&document)?.net_total))
}

/// The amount that an opportunity has by its quotes; none where no quote counts.
pub fn quoted_amount(view: &dyn View, doc: &Doc) -> Result<Option<Decimal>, Problem> {
    counting_quote(view, doc)?.map(|quote| amount_of_quote(view, doc, &quote)).transpose()
}

/// The quote that an opportunity takes its amount from: the one that won it, else the newest that
/// is accepted, else the newest sent, else the newest draft.
fn counting_quote(view: &dyn View, doc: &Doc) -> Result<Option<Doc>, Problem> {
    if let Some(won) = doc.text("won_quote") {
        return view.record("quote", won);
    }
    let rank = |quote: &Doc| match quote.state() {
        "accepted" => 3,
        "sent" => 2,
        "draft" => 1,
        _ => 0,
    };
    let age = |quote: &Doc| {
        let made = match quote.get("created_at") {
            Some(Value::Instant(at)) => Some(*at),
            _ => None,
        };
        let number = quote.text("number").map(str::to_owned);
        (rank(quote), quote.day("date"), made, number, quote.id().to_owned())
    };
    let quotes = view.all_with("quote", "opportunity", doc.id())?;
    Ok(quotes.into_iter().filter(|quote| rank(quote) > 0).max_by_key(age))
}

/// The net total of a quote in the currency of an opportunity, by the rates of both.
pub fn amount_of_quote(view: &dyn View, doc: &Doc, quote: &Doc) -> Result<Decimal, Problem> {
    let settings = &view.schema().settings;
    let net = totals(settings, quote)?.net_total;
    if quote.get("currency") == doc.get("currency") {
        return Ok(net);
    }
    let rate = |doc: &Doc| doc.dec("fx_rate").unwrap_or(Decimal::ONE);
    let converted = net.checked_mul(rate(quote)).and_then(|base| base.checked_div(rate(doc)));
    let converted = converted.ok_or_else(|| about(doc, "amount-too-large").field("amount"))?;
    Ok(round_half_up(converted, digits(settings, doc)))
}

/// `close-date-past` W: an open sale is expected for a day that has gone by. Judged when the day
/// or the stage is written, not as time passes.
pub fn close_date(
    view: &dyn View,
    judge: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| doc.kind.name == "opportunity") else { return Ok(()) };
    let written = change.old.as_ref().is_none_or(|old| old.get("close_date") != new.get("close_date"))
        || enters(change, &[new.state()]);
    let past = new.day("close_date").is_some_and(|day| day < judge.today);
    if written && past && stage_type(view, new)? == "open" {
        let day = new.get("close_date").map(plain).unwrap_or_default();
        found.push(about(new, "close-date-past").arg("value", day).field("close_date").as_warning());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{CHEN, DEAL, QUOTE, WANG, rewritten, sample, varied, with, written};

    const ON: (&str, &str) = ("closed_on", "2026-03-01");

    #[test]
    fn an_opportunity_has_what_its_stage_asks_for() {
        varied(
            "opportunity",
            DEAL,
            &[
                (&[("stage", "dreams")], &["unknown-stage"]),
                (&[("stage", "won"), ON], &[]),
                (&[("stage", "won")], &["closed-date"]),
                (&[ON], &["closed-date"]),
                (&[("stage", "won"), ON, ("amount", "0.00")], &["won-without-amount"]),
                (&[("stage", "lost"), ON], &["lost-without-reason"]),
                (&[("stage", "lost"), ON, ("lost_reason", "other")], &["lost-without-reason"]),
                (&[("stage", "lost"), ON, ("lost_reason", "price")], &[]),
            ],
        );
        let mut store = sample();
        let stages = [
            ("stages.code", "needs"),
            ("stages.type", "open"),
            ("stages.probability", "25"),
            ("stages.requires", "needs"),
        ];
        store.put(with(&store, "pipeline", "sales", &stages));
        let check = |fields: &[(&str, &str)]| {
            super::super::testing::checked(&store, &with(&store, "opportunity", DEAL, fields))
        };
        assert_eq!(check(&[]), ["stage-requirement"]);
        assert_eq!(check(&[("needs", "Five cars")]), [""; 0]);
    }

    #[test]
    fn one_end_does_not_lead_to_the_other() {
        let mut store = sample();
        store.put(with(&store, "opportunity", DEAL, &[("stage", "won"), ON]));
        let write =
            |fields: &[(&str, &str)]| written(&store, &[], &[with(&store, "opportunity", DEAL, fields)]);
        assert_eq!(write(&[("stage", "lost"), ("lost_reason", "price")]), ["illegal-move"]);
        assert_eq!(write(&[("stage", "needs"), ("closed_on", "")]), [""; 0]);
    }

    #[test]
    fn contacts_and_quotes_are_of_the_customer() {
        varied(
            "opportunity",
            DEAL,
            &[
                (&[("contacts.contact", WANG)], &[]),
                (&[("contacts.contact", WANG), ("customer", CHEN)], &["wrong-customer"]),
                (&[("won_quote", QUOTE)], &[]),
                (&[("won_quote", QUOTE), ("customer", CHEN)], &["wrong-customer"]),
            ],
        );
    }

    #[test]
    fn a_customer_that_was_merged_is_the_one_it_went_into() {
        let mut store = sample();
        store.put(with(&store, "customer", CHEN, &[("merged_into", super::super::testing::HAINA)]));
        let doc = with(&store, "opportunity", DEAL, &[("contacts.contact", WANG), ("customer", CHEN)]);
        assert_eq!(super::super::testing::checked(&store, &doc), [""; 0]);
    }

    #[test]
    fn shares_of_the_credit_make_a_hundred() {
        let split = |one, other| {
            [
                ("credits.user", "admin"),
                ("credits.pct", one),
                ("credits.user", "li.na"),
                ("credits.pct", other),
            ]
        };
        varied("opportunity", DEAL, &[(&split("60", "40"), &[]), (&split("60", "50"), &["credit-split"])]);
    }

    #[test]
    fn the_amount_is_that_of_its_source() {
        let product = |price| {
            [
                ("amount_source", "products"),
                ("products.id", "kkkkkk"),
                ("products.product", "EV"),
                ("products.qty", "6"),
                ("products.price", price),
            ]
        };
        varied(
            "opportunity",
            DEAL,
            &[
                (&product("100.00"), &[]),
                (&product("90.00"), &["W amount-mismatch"]),
                (&[("amount_source", "quote"), ("won_quote", QUOTE)], &[]),
                (
                    &[("amount_source", "quote"), ("won_quote", QUOTE), ("amount", "1.00")],
                    &["W amount-mismatch"],
                ),
                (&[("amount_source", "manual"), ("amount", "1.00")], &[]),
            ],
        );
    }

    #[test]
    fn an_open_sale_is_expected_for_a_day_to_come() {
        let write = |day| rewritten("opportunity", DEAL, &[], &[("close_date", day)]);
        assert_eq!(write("2026-03-15"), ["W close-date-past"]);
        assert_eq!(write("2026-03-16"), [""; 0]);
    }
}
