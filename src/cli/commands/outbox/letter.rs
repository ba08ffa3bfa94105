//! A message of the store as a mail: who sends it, what it answers, what goes with it.

use chrono::{DateTime, FixedOffset};

use super::super::super::context::Context;
use super::super::super::error::Failure;
use super::super::super::store::Everything;
use super::super::print;
use crate::formats::{self, Format};
use crate::model::Problem;
use crate::model::record::Doc;
use crate::outreach::mail::{Enclosed, Letter, Mail, compose};
use crate::rules::View;

/// Makes the mail; quotes, orders and invoices that go with it are printed as they are now.
pub(super) fn mail(context: &Context, doc: &Doc, at: DateTime<FixedOffset>) -> Result<Mail, Failure> {
    let store = context.store()?;
    let mirror = context.mirror()?;
    let view = Everything::new(store, &mirror);
    let settings = &context.schema.settings;
    let own = context.actor(&view)?.email;
    let senders = [
        doc.text("from"),
        settings.get("send.email.from"),
        settings.get("company.email"),
        Some(own.as_str()).filter(|own| !own.is_empty()),
    ];
    let from = senders.into_iter().flatten().next().ok_or_else(|| Problem::invalid("no-sender"))?;
    let mut answers: Vec<String> = doc.text("thread").into_iter().map(str::to_owned).collect();
    if let Some(before) = doc.text("in_reply_to").map_or(Ok(None), |id| view.record("message", id))? {
        let id = before.text("message_id").map(str::to_owned);
        answers.retain(|there| Some(there) != id.as_ref());
        answers.extend(id);
    }
    // The first of a conversation answers nothing.
    answers.retain(|id| doc.text("message_id") != Some(id) && id.starts_with('<') && id.ends_with('>'));
    let enclosed = doc
        .list("attachments")
        .map(|name| enclosed(context, (&view, &mirror), name))
        .collect::<Result<_, _>>()?;
    let letter = Letter {
        from: from.to_owned(),
        to: doc.list("to").map(str::to_owned).collect(),
        cc: doc.list("cc").map(str::to_owned).collect(),
        subject: doc.text("subject").unwrap_or_default().to_owned(),
        body: doc.text("body").unwrap_or_default().to_owned(),
        message_id: doc.text("message_id").unwrap_or_default().to_owned(),
        answers,
        unsubscribe: settings
            .get("send.email.unsubscribe")
            .filter(|_| doc.text("purpose") == Some("marketing"))
            .map(str::to_owned),
        enclosed,
    };
    Ok(compose(&letter, at)?)
}

/// A document that goes with a mail, called after its number.
fn enclosed(
    context: &Context,
    (view, mirror): (&dyn View, &crate::mirror::Mirror),
    name: &str,
) -> Result<Enclosed, Failure> {
    let missing = || {
        Problem::new(crate::model::Class::NotFound, "no-such-record").arg("noun", "quote").arg("value", name)
    };
    let (id, ending) = name.rsplit_once('.').ok_or_else(missing)?;
    let kind = context.schema.kind_of_id(id).ok_or_else(missing)?;
    let doc = view.get(kind, id)?.ok_or_else(missing)?;
    let format = if ending == "xlsx" { Format::Xlsx } else { Format::Html };
    let page = print::page(context, (view, mirror), &doc, &print::Wish::default())?;
    let mut bytes = Vec::new();
    formats::write_page(format, &page, &mut bytes)?;
    let number: String = doc
        .text("number")
        .unwrap_or(id)
        .chars()
        .map(|c| if c.is_control() || matches!(c, '/' | '\\') { '-' } else { c })
        .collect();
    Ok(Enclosed { name: format!("{number}.{ending}"), bytes })
}

/// What went wrong, in one line for the record.
pub(super) fn words(context: &Context, failure: &Failure) -> String {
    let told = |problem: &Problem| super::super::super::error::located(&context.locale, problem);
    failure.problems.iter().map(told).collect::<Vec<_>>().join("; ")
}
