//! Notices: messages that tell a user of the store something. The outbox delivers them.

use super::{Draft, complete};
use crate::model::Problem;
use crate::model::record::Value;

/// What a user is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Id of the user.
    pub to: String,
    /// Id of the record it is about.
    pub about: String,
    /// Words in the user's language.
    pub subject: String,
    pub body: String,
    /// By which it is written once only.
    pub key: Option<String>,
}

/// Writes a notice that waits to be delivered. Gives its id.
pub fn notice(draft: &mut Draft<'_>, notice: &Notice) -> Result<String, Problem> {
    let mut doc = draft.make("message", None);
    for (field, text) in [
        ("channel", "notice"),
        ("purpose", "internal"),
        ("status", "queued"),
        ("target", &notice.about),
        ("subject", &notice.subject),
        ("body", &notice.body),
    ] {
        doc.set(field, Some(Value::Text(text.to_owned())));
    }
    doc.set("to", Some(Value::List(vec![Value::Text(notice.to.clone())])));
    doc.set("key", notice.key.clone().map(Value::Text));
    draft.fill(&mut doc);
    complete::complete(draft, &mut doc)?;
    let id = doc.id().to_owned();
    draft.insert(doc);
    Ok(id)
}
