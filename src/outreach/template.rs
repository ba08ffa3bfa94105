//! Filling in a text with placeholders.
//!
//! The values are put in as they are. A text that goes into html or md is escaped as a whole by
//! the format that writes it, so that neither a value nor the template can bring markup.

use crate::model::Problem;
use crate::model::placeholders::{Piece, pieces};

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Text(String),
    /// There is such a name, and nothing in it.
    Empty,
    /// There is no such name.
    Unknown,
}

/// A text with every placeholder filled in.
///
/// # Errors
/// As [`render_all`].
pub fn render(text: &str, lookup: &dyn Fn(&str) -> Result<Found, Problem>) -> Result<String, Problem> {
    render_all(&[text], lookup).map(|texts| texts.concat())
}

/// Several texts filled in together, so that whatever is wrong in them is told at once.
///
/// # Errors
/// `bad-placeholder`; `unknown-variable` with the names that do not exist (`unknown`) and those
/// that are empty and have no default (`empty`); whatever the look-up reports.
pub fn render_all(
    texts: &[&str],
    lookup: &dyn Fn(&str) -> Result<Found, Problem>,
) -> Result<Vec<String>, Problem> {
    let (mut unknown, mut empty): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let mut rendered = Vec::new();
    for text in texts {
        let mut out = String::new();
        for piece in pieces(text)? {
            let place = match piece {
                Piece::Text(text) => {
                    out.push_str(text);
                    continue;
                }
                Piece::Place(place) => place,
            };
            match (lookup(place.name)?, place.default) {
                (Found::Text(value), _) => out.push_str(&value),
                (Found::Empty, Some(default)) => out.push_str(default),
                (Found::Empty, None) => note(&mut empty, place.name),
                // A default is for what may be missing, not for a slip of the pen.
                (Found::Unknown, _) => note(&mut unknown, place.name),
            }
        }
        rendered.push(out);
    }
    let kind = match (unknown.is_empty(), empty.is_empty()) {
        (true, true) => return Ok(rendered),
        (false, true) => "unknown",
        (true, false) => "empty",
        (false, false) => "both",
    };
    Err(Problem::invalid("unknown-variable")
        .arg("kind", kind)
        .arg("unknown", unknown.join(", "))
        .arg("empty", empty.join(", "))
        .hint("unknown-variable-hint"))
}

fn note<'a>(names: &mut Vec<&'a str>, name: &'a str) {
    if !names.contains(&name) {
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> Result<Found, Problem> {
        Ok(match name {
            "customer.name" => Found::Text("海纳 <b> {{x}}".to_owned()),
            "order.total" => Found::Text("1,130.00".to_owned()),
            "contact.title" | "contact.email" => Found::Empty,
            _ => Found::Unknown,
        })
    }

    #[test]
    fn placeholders_are_filled_and_nothing_else_changes() {
        let text = "{{customer.name}}:\n\n  {{ order.total }} {{contact.title|先生}}{{contact.email|}}!";
        let expected = "海纳 <b> {{x}}:\n\n  1,130.00 先生!";
        assert_eq!(render(text, &lookup), Ok(expected.to_owned()));
        assert_eq!(render("", &lookup), Ok(String::new()));
    }

    #[test]
    fn a_value_is_not_read_again() {
        assert_eq!(render("{{customer.name}}", &lookup), Ok("海纳 <b> {{x}}".to_owned()));
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let texts =
            ["{{nobody.name}} {{contact.title}}", "{{costumer.x|1}} {{nobody.name}} {{contact.email}}"];
        let problem = render_all(&texts, &lookup).expect_err("names that are not there");
        let args = ["kind", "unknown", "empty"].map(|name| problem.get(name).unwrap_or_default());
        assert_eq!(problem.id, "unknown-variable");
        assert_eq!(args, ["both", "nobody.name, costumer.x", "contact.title, contact.email"]);
        let kind = |text| render(text, &lookup).expect_err(text).get("kind").map(str::to_owned);
        assert_eq!(kind("{{x}}").as_deref(), Some("unknown"));
        assert_eq!(kind("{{contact.title}}").as_deref(), Some("empty"));
    }

    #[test]
    fn a_text_that_cannot_be_read_is_refused() {
        assert_eq!(render("{{customer.name", &lookup).expect_err("open").id, "bad-placeholder");
    }
}
