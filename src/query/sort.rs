//! `--sort -created_at,name` and `--fields a,b.c`: names of columns and their order.
//!
//! Deliberately absent: whether a type has such a field; the caller knows.

use crate::model::Problem;

/// Reads an order: the fields, and for each whether it is descending.
///
/// # Errors
/// `bad-sort`, `repeated-field`.
pub fn parse_sort(text: &str) -> Result<Vec<(String, bool)>, Problem> {
    let names = text.split(',').map(|name| {
        let name = name.trim();
        match name.strip_prefix('-') {
            Some(name) => (name, true),
            None => (name, false),
        }
    });
    let keys: Vec<(String, bool)> = names.map(|(name, desc)| (name.to_owned(), desc)).collect();
    check_names("bad-sort", text, keys.iter().map(|(name, _)| name.as_str()))?;
    Ok(keys)
}

/// Reads a choice of columns.
///
/// # Errors
/// `bad-fields`, `repeated-field`.
pub fn parse_fields(text: &str) -> Result<Vec<String>, Problem> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    check_names("bad-fields", text, names.iter().map(String::as_str))?;
    Ok(names)
}

fn check_names<'a>(
    id: &'static str,
    text: &str,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), Problem> {
    let mut seen = Vec::new();
    for name in names {
        if !is_field_name(name) {
            return Err(Problem::usage(id).arg("value", text.trim()).field(name));
        }
        if seen.contains(&name) {
            return Err(Problem::usage("repeated-field")
                .arg("value", text.trim())
                .arg("name", name)
                .field(name));
        }
        seen.push(name);
    }
    Ok(())
}

/// `[a-z_][a-z0-9_]*`, and more of them behind dots.
pub(super) fn is_field_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && text.split('.').all(|part| {
            !part.is_empty()
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_sorts_downwards() {
        let keys = parse_sort(" -created_at, name,customer.name").expect("an order");
        let keys: Vec<(&str, bool)> = keys.iter().map(|(n, d)| (n.as_str(), *d)).collect();
        assert_eq!(keys, [("created_at", true), ("name", false), ("customer.name", false)]);
    }

    #[test]
    fn fields_keep_their_order() {
        let fields = parse_fields("b,a.c, custom.x9 ").expect("fields");
        assert_eq!(fields, ["b", "a.c", "custom.x9"]);
    }

    #[test]
    fn names_that_cannot_be_fields_are_refused() {
        for text in ["", ",", "a,", "-", "--a", "A", "1a", "a..b", "a.", ".a", "a b", "地区", "+a"] {
            let problem = parse_sort(text).expect_err(text);
            assert_eq!(problem.id, "bad-sort", "{text}");
            let problem = parse_fields(text).expect_err(text);
            assert_eq!(problem.id, "bad-fields", "{text}");
        }
    }

    #[test]
    fn a_repeated_field_is_refused() {
        let problem = parse_sort("-a,a").expect_err("twice");
        assert_eq!((problem.id, problem.get("name")), ("repeated-field", Some("a")));
        assert!(parse_fields("a,b,a").is_err());
    }
}
