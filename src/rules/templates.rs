//! Templates can be filled: their placeholders are well-formed and begin with a name there is.
//!
//! Whether a name stands for something on a given record is found where the template is rendered.

use super::support::about;
use super::{Found, Judge, View};
use crate::model::Problem;
use crate::model::placeholders::{Piece, pieces};
use crate::model::record::Doc;

/// What placeholders may begin with besides the noun of a record type.
const ROOTS: &[&str] = &["company", "owner", "var"];

/// `bad-placeholder`, `unknown-variable`: a placeholder that no record could ever fill.
pub fn placeholders(view: &dyn View, _: &Judge<'_>, doc: &Doc, found: &mut Found) -> Result<(), Problem> {
    if doc.kind.name != "template" {
        return Ok(());
    }
    for field in ["subject", "body"] {
        let Some(text) = doc.text(field) else { continue };
        let pieces = match pieces(text) {
            Ok(pieces) => pieces,
            Err(problem) => {
                let mut about = about(doc, problem.id).field(field);
                about.args.extend(problem.args);
                found.push(about);
                continue;
            }
        };
        let mut unknown: Vec<&str> = Vec::new();
        for piece in pieces {
            let Piece::Place(place) = piece else { continue };
            let known =
                ROOTS.contains(&place.root()) || view.schema().kinds().iter().any(|k| k.name == place.root());
            if !known && !unknown.contains(&place.name) {
                unknown.push(place.name);
            }
        }
        if !unknown.is_empty() {
            let problem =
                about(doc, "unknown-variable").arg("kind", "unknown").arg("unknown", unknown.join(", "));
            found.push(problem.arg("empty", "").field(field).hint("unknown-variable-hint"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{sample, written};

    fn write(subject: &str, body: &str) -> Vec<String> {
        let store = sample();
        let fields = [("name", "T"), ("channel", "email"), ("subject", subject), ("body", body)];
        written(&store, &[], &[store.doc("template", "t", &fields)])
    }

    #[test]
    fn a_template_of_known_roots_is_written() {
        for body in [
            "no placeholders",
            "{{customer.name}} {{contact.title|}} {{owner.phone}} {{company.name}} {{var.day}}",
            "{{order.total}} {{quote.number}} {{invoice.due_date}} {{lead.company}} {{ticket.number}}",
        ] {
            assert_eq!(write("{{customer.name}}", body), [""; 0], "{body}");
        }
    }

    #[test]
    fn what_could_never_be_filled_is_refused() {
        assert_eq!(write("s", "{{customer.name"), ["bad-placeholder"]);
        assert_eq!(write("{{}}", "x"), ["bad-placeholder"]);
        assert_eq!(write("s", "{% for %}"), ["bad-placeholder"]);
        assert_eq!(write("s", "{{costumer.name}} {{name}} {{costumer.name}}"), ["unknown-variable"]);
    }
}
