//! Codes that are sent to users: the message is a record like any other, the code in it is not. It
//! waits outside git and is put into the text when the outbox hands the message over.

use super::super::context::{Context, Writing};
use super::super::error::Failure;
use super::remind::Bundles;
use crate::access::account::Purpose;
use crate::access::second;
use crate::access::vault::Vault;
use crate::draft::message_out::{self, Outgoing};
use crate::model::record::{Doc, Value};
use crate::model::{Class, Problem};

/// What stands in the message where the code will be.
const MARK: &str = "[[code]]";

/// How a code travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Email,
    Sms,
}

impl Way {
    fn channel(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// Queues a message with a new code for a user. Gives the id of the message.
pub fn send(
    context: &Context,
    vault: &Vault,
    user: &str,
    way: Way,
    purpose: Purpose,
) -> Result<Option<String>, Failure> {
    let store = context.store()?;
    if let Some(node) = context.schema.settings.get("send.node")
        && store.repo.config("crm.node").as_deref() != Some(node)
    {
        // Another clone could not know the code.
        return Err(Problem::new(Class::Denied, "login-code-elsewhere").arg("node", node).into());
    }
    let mut bundles = Bundles::default();
    let done = context.change("user verify", &Writing::default(), &mut |draft, _| {
        let words = bundles.of(context, draft, user)?;
        let minutes = second::SENT_MINUTES.to_string();
        let args: [(&str, &str); 3] = [
            ("code", MARK),
            ("minutes", &minutes),
            ("company", context.schema.settings.get("company.name").unwrap_or("crm")),
        ];
        let wish = Outgoing {
            target: ("user".to_owned(), user.to_owned()),
            channel: way.channel().to_owned(),
            purpose: Some("internal".to_owned()),
            subject: (way == Way::Email).then(|| words.text("login-code-subject", &args)),
            body: words.text("login-code-body", &args),
            ..Outgoing::default()
        };
        message_out::send_message(draft, wish)?;
        Ok(())
    })?;
    if context.globals.dry_run {
        return Ok(None);
    }
    let message = done.ids.first().cloned().unwrap_or_default();
    let code = second::digits()?;
    second::keep_sent(vault, user, (&code, &message), purpose, context.now.timestamp())?;
    Ok(Some(message))
}

/// What a message that is handed over turns out to be.
pub enum Filled {
    /// A message without a code.
    Plain,
    /// The same with its code, for this user.
    Ready(Box<Doc>, String),
    /// Its code has run out, was used, or is kept elsewhere.
    Gone,
}

impl std::fmt::Debug for Filled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // It holds a code.
        f.debug_struct("Filled").finish_non_exhaustive()
    }
}

/// Puts the code into a message that waits for one.
pub fn filled(context: &Context, doc: &Doc) -> Result<Filled, Failure> {
    let body = doc.text("body").unwrap_or_default();
    if doc.text("purpose") != Some("internal") || !body.contains(MARK) {
        return Ok(Filled::Plain);
    }
    let Some(user) = doc.text("target") else { return Ok(Filled::Plain) };
    let vault = context.vault()?;
    match second::text_of(&vault, user, doc.id(), context.now.timestamp())? {
        Some(code) => {
            let mut ready = doc.clone();
            ready.set("body", Some(Value::Text(body.replace(MARK, &code))));
            Ok(Filled::Ready(Box::new(ready), user.to_owned()))
        }
        None => Ok(Filled::Gone),
    }
}

/// The message has left: its code is kept as a hash alone from now on.
pub fn handed_over(context: &Context, user: &str, message: &str) -> Result<(), Failure> {
    Ok(second::handed_over(&context.vault()?, user, message)?)
}
