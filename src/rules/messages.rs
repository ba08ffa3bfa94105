//! Messages have an address, and marketing reaches nobody who does not want it.
//!
//! Whether a template can be filled is found where it is rendered.

use super::support::{about, enters, survivor};
use super::{Change, Found, Judge, View};
use crate::model::Problem;
use crate::model::record::Doc;

/// `no-address`: nobody to send it to.
pub fn address(_: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name == "message" && doc.list("to").next().is_none() {
        found.push(about(doc, "no-address").field("to").hint("no-address-hint"));
    }
    Ok(())
}

/// `opted-out`: marketing is drafted, queued or sent to somebody who does not want it by this channel.
pub fn opted_out(view: &dyn View, _: &Judge<'_>, change: &Change, found: &mut Found) -> Result<(), Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| is_marketing(doc)) else { return Ok(()) };
    if change.old.is_some() && !enters(change, &["queued", "claimed"]) {
        return Ok(());
    }
    let channel = new.text("channel").unwrap_or_default();
    for other in declined(view, new)? {
        found.push(about(new, "opted-out").arg("channel", channel).arg("other", other).field("target"));
    }
    Ok(())
}

/// The receivers of a marketing message who do not want any by its channel.
pub fn declined(view: &dyn View, message: &Doc) -> Result<Vec<String>, Problem> {
    let channel = message.text("channel").unwrap_or_default();
    let mut found = Vec::new();
    for (noun, id) in if is_marketing(message) { receivers(view, message)? } else { Vec::new() } {
        let Some(receiver) = view.record(noun, &survivor(view, noun, &id)?)? else { continue };
        if receiver.list("opt_out").any(|out| out == channel) {
            found.push(receiver.id().to_owned());
        }
    }
    Ok(found)
}

/// `not-active`: marketing of a campaign that does not run.
pub fn campaign_runs(
    view: &dyn View,
    _: &Judge<'_>,
    change: &Change,
    found: &mut Found,
) -> Result<(), Problem> {
    let Some(new) = change.new.as_ref().filter(|doc| is_marketing(doc)) else { return Ok(()) };
    let Some(id) = new.text("campaign").filter(|_| change.old.is_none()) else { return Ok(()) };
    if let Some(campaign) = view.record("campaign", id)?.filter(|campaign| campaign.state() != "active") {
        let problem = about(new, "not-active").arg("campaign", id).arg("state", campaign.state());
        found.push(problem.field("campaign"));
    }
    Ok(())
}

fn is_marketing(doc: &Doc) -> bool {
    doc.kind.name == "message"
        && doc.text("purpose") == Some("marketing")
        && doc.text("direction") != Some("in")
}

/// Who gets it: target and contact, and the customers they belong to.
fn receivers(view: &dyn View, message: &Doc) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut receivers = Vec::new();
    for id in message.text("target").into_iter().chain(message.text("contact")) {
        let Some(kind) = view.schema().kind_of_id(id) else { continue };
        receivers.push((kind.name, id.to_owned()));
        let customer = view.get(kind, id)?.and_then(|doc| doc.text("customer").map(str::to_owned));
        receivers.extend(customer.map(|id| ("customer", id)));
    }
    receivers.sort();
    receivers.dedup();
    Ok(receivers)
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::super::testing::{HAINA, WANG, sample, with, written};

    fn write(store: &Memory, fields: &[(&str, &str)]) -> Vec<String> {
        let base = [("channel", "email"), ("purpose", "service"), ("body", "Hello"), ("status", "queued")];
        let doc = store.doc("message", "msg_kkkkkkkkkkkk", &[&base[..], fields].concat());
        written(store, &[], &[doc])
    }

    #[test]
    fn a_message_has_an_address() {
        assert_eq!(write(&sample(), &[("to", "a@x.example")]), [""; 0]);
        assert_eq!(write(&sample(), &[]), ["no-address"]);
    }

    #[test]
    fn marketing_does_not_reach_who_opted_out() {
        let mut store = sample();
        store.put(with(&store, "customer", HAINA, &[("opt_out", "email")]));
        let to = ("to", "a@x.example");
        let marketing = ("purpose", "marketing");
        for (fields, expected) in [
            (&[to, ("target", HAINA)][..], &[][..]),
            (&[to, ("target", HAINA), marketing], &["opted-out"]),
            (&[to, ("target", WANG), marketing], &["opted-out"]),
            (&[to, ("target", WANG), marketing, ("channel", "sms")], &[]),
        ] {
            assert_eq!(write(&store, fields), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_campaign_sends_while_it_runs() {
        let mut store = sample();
        let fields = [("to", "a@x.example"), ("purpose", "marketing"), ("campaign", "show")];
        for (state, expected) in [("active", &[][..]), ("planned", &["not-active"])] {
            store.add("campaign", "show", &[("name", "Show"), ("kind", "email"), ("status", state)]);
            assert_eq!(write(&store, &fields), expected, "{state}");
        }
    }
}
