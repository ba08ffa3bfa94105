//! Texts with placeholders: `Dear {{contact.name|customer}}, your order {{order.number}} …`.
//!
//! A placeholder is a dotted name and, after a bar, what stands there when it is empty. That is
//! all: there are no conditions, loops or filters, so that a template can be read by everybody and
//! does nothing but fill in. What begins like the logic of other languages is refused, because it
//! would reach the customer as it is. Deliberately absent: what a name stands for.

use super::Problem;

/// A piece of a text with placeholders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    Place(Place<'a>),
}

/// A placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// The dotted name.
    pub name: &'a str,
    /// What stands there when the name is empty.
    pub default: Option<&'a str>,
}

impl<'a> Place<'a> {
    /// What the name begins with: `customer` of `customer.name`.
    pub fn root(&self) -> &'a str {
        self.name.split('.').next().unwrap_or_default()
    }
}

/// The pieces of a text, in order.
///
/// # Errors
/// `bad-placeholder` with its line and a reason: `open` (no `}}`), `name` (no dotted name), `logic`
/// (`{%` or `{#`).
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, Problem> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let start = rest.find("{{").unwrap_or(rest.len());
        if let Some(at) = rest[..start].find("{%").or_else(|| rest[..start].find("{#")) {
            return Err(bad(text, &rest[at..], "logic"));
        }
        if start > 0 {
            found.push(Piece::Text(&rest[..start]));
        }
        if start == rest.len() {
            return Ok(found);
        }
        let inside = &rest[start + 2..];
        let end = inside.find("}}").ok_or_else(|| bad(text, &rest[start..], "open"))?;
        found.push(Piece::Place(place(&inside[..end]).ok_or_else(|| bad(text, &rest[start..], "name"))?));
        rest = &inside[end + 2..];
    }
}

fn place(inside: &str) -> Option<Place<'_>> {
    let (name, default) = match inside.split_once('|') {
        Some((name, default)) => (name.trim(), Some(default.trim())),
        None => (inside.trim(), None),
    };
    let is_step =
        |step: &str| !step.is_empty() && step.chars().all(|c| c.is_alphanumeric() || "_-".contains(c));
    let plain = default.is_none_or(|default| !default.contains('{'));
    (plain && name.split('.').all(is_step)).then_some(Place { name, default })
}

/// The placeholder that `at`, an end of the text, begins with.
fn bad(text: &str, at: &str, reason: &'static str) -> Problem {
    let before = &text[..text.len() - at.len()];
    let line = at.lines().next().unwrap_or_default();
    let shown: String = match line.find("}}") {
        Some(end) => line[..end + 2].to_owned(),
        None => line.chars().take(40).collect(),
    };
    Problem::invalid("bad-placeholder")
        .arg("value", shown)
        .arg("line", before.matches('\n').count() + 1)
        .arg("reason", reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place<'a>(name: &'a str, default: Option<&'a str>) -> Piece<'a> {
        Piece::Place(Place { name, default })
    }

    #[test]
    fn a_text_is_taken_apart_at_its_placeholders() {
        let check =
            |text: &str, expected: &[Piece<'_>]| assert_eq!(pieces(text).as_deref(), Ok(expected), "{text}");
        check("", &[]);
        check("plain } }} { text", &[Piece::Text("plain } }} { text")]);
        check("{{a.b}}", &[place("a.b", None)]);
        check("{{ a_1.b-c | }}", &[place("a_1.b-c", Some(""))]);
        check(
            "您好 {{contact.name|客户 先生}}，\n{{var.日期}}。",
            &[
                Piece::Text("您好 "),
                place("contact.name", Some("客户 先生")),
                Piece::Text("，\n"),
                place("var.日期", None),
                Piece::Text("。"),
            ],
        );
        check("{{a|b|c}}{{d}}", &[place("a", Some("b|c")), place("d", None)]);
    }

    #[test]
    fn what_is_no_placeholder_is_named_with_its_line_and_reason() {
        for (text, line, value, reason) in [
            ("a\nb {{order.total", "2", "{{order.total", "open"),
            ("{{}}", "1", "{{}}", "name"),
            ("{{a..b}}", "1", "{{a..b}}", "name"),
            ("{{a b}} c", "1", "{{a b}}", "name"),
            ("x\n\n{{a|{{b}}}}", "3", "{{a|{{b}}", "name"),
            ("{{order.total + 1}}", "1", "{{order.total + 1}}", "name"),
            ("{% if a %}", "1", "{% if a %}", "logic"),
            ("{{a}}\n{# no #}", "2", "{# no #}", "logic"),
        ] {
            let problem = pieces(text).expect_err(text);
            let args = ["line", "value", "reason"].map(|name| problem.get(name).unwrap_or_default());
            assert_eq!((problem.id, args), ("bad-placeholder", [line, value, reason]), "{text}");
        }
    }

    #[test]
    fn the_root_is_the_first_step() {
        let root = |name| Place { name, default: None }.root();
        assert_eq!((root("customer.name"), root("customer")), ("customer", "customer"));
    }
}
