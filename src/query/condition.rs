//! `--where FIELD<op>VALUE`: one condition as text.
//!
//! `=` and `!=` take a comma list (any of); there `\,` is a comma and `\\` a backslash.
//! After every other operator the value stands as it is. `FIELD=` asks for the empty,
//! `FIELD!=` for the filled. Deliberately absent: what the value means (`filter`).

use std::fmt;

use super::sort::is_field_name;
use crate::model::Problem;

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `=`: is any of.
    Eq,
    /// `!=`: is none of.
    Ne,
    /// `>`: greater, after.
    Gt,
    /// `>=`: at least, from.
    Ge,
    /// `<`: less, before.
    Lt,
    /// `<=`: at most, up to.
    Le,
    /// `~`: contains, ignoring case.
    Like,
    /// `!~`: does not contain.
    NotLike,
}

impl Op {
    /// All of them, longer signs before those they begin with.
    pub const ALL: [Self; 8] =
        [Self::NotLike, Self::Ne, Self::Ge, Self::Le, Self::Like, Self::Eq, Self::Gt, Self::Lt];

    /// The sign.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Like => "~",
            Self::NotLike => "!~",
        }
    }

    fn takes_list(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }
}

/// A condition on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// Field, with dots into what it refers to: `region`, `custom.x`, `customer.name`.
    pub field: String,
    /// How it is compared.
    pub op: Op,
    /// With what; nothing asks whether the field is empty (`=`) or filled (`!=`).
    pub values: Vec<String>,
}

/// Reads a condition.
///
/// # Errors
/// `bad-filter`.
pub fn parse_condition(text: &str) -> Result<Condition, Problem> {
    let text = text.trim();
    let bad =
        || Problem::usage("bad-filter").arg("value", text).legal(Op::ALL.map(Op::sign)).hint("filters-help");
    let sign_at = text.find(['!', '=', '<', '>', '~']).ok_or_else(bad)?;
    let (field, rest) = text.split_at_checked(sign_at).ok_or_else(bad)?;
    let field = field.trim_end();
    if !is_field_name(field) {
        return Err(bad());
    }
    let mut ops = Op::ALL.into_iter();
    let (op, value) = ops.find_map(|op| Some((op, rest.strip_prefix(op.sign())?))).ok_or_else(bad)?;
    // `==` and `=~` are habits from other languages; a value may begin so behind a space.
    if op.takes_list() && value.starts_with(['=', '~']) {
        let (head, tail) = text.split_at(text.len() - value.len());
        let meant = match value.strip_prefix('=') {
            Some(tail) => format!("{head}{tail}"),
            None => format!("{}{tail}", head.trim_end_matches('=')),
        };
        return Err(bad().candidates([meant]));
    }
    let value = value.trim();
    let values = if !op.takes_list() {
        vec![value.to_owned()]
    } else if value.is_empty() {
        Vec::new()
    } else {
        split_list(value)
    };
    if values.iter().any(String::is_empty) {
        return Err(bad());
    }
    Ok(Condition { field: field.to_owned(), op, values })
}

fn split_list(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let escaped = letter == '\\' && letters.peek().is_some_and(|c| matches!(c, ',' | '\\'));
        let taken = if escaped { letters.next() } else { Some(letter) };
        match (taken, values.last_mut()) {
            (Some(','), _) if !escaped => values.push(String::new()),
            (Some(letter), Some(value)) => value.push(letter),
            _ => {}
        }
    }
    for value in &mut values {
        *value = value.trim().to_owned();
    }
    values
}

impl fmt::Display for Condition {
    /// The condition as it is typed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.field, self.op.sign())?;
        let first = self.values.first();
        if self.op.takes_list() && first.is_some_and(|value| value.starts_with(['=', '~'])) {
            f.write_str(" ")?;
        }
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            if self.op.takes_list() {
                f.write_str(&value.replace('\\', "\\\\").replace(',', "\\,"))?;
            } else {
                f.write_str(value)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, field: &str, op: Op, values: &[&str]) {
        let condition = parse_condition(text).expect(text);
        assert_eq!(condition.field, field, "{text}");
        assert_eq!(condition.op, op, "{text}");
        assert_eq!(condition.values, values, "{text}");
        assert_eq!(parse_condition(&condition.to_string()), Ok(condition), "{text}");
    }

    #[test]
    fn the_longest_operator_is_taken() {
        check("a=1", "a", Op::Eq, &["1"]);
        check("a!=1", "a", Op::Ne, &["1"]);
        check("a>1", "a", Op::Gt, &["1"]);
        check("a>=1", "a", Op::Ge, &["1"]);
        check("a<1", "a", Op::Lt, &["1"]);
        check("a<=1", "a", Op::Le, &["1"]);
        check("a~x", "a", Op::Like, &["x"]);
        check("a!~x", "a", Op::NotLike, &["x"]);
    }

    #[test]
    fn a_comma_list_is_any_of_and_a_backslash_keeps_a_comma() {
        check("region=north,south", "region", Op::Eq, &["north", "south"]);
        check("region != north , south ", "region", Op::Ne, &["north", "south"]);
        check(r"name=Haier\, Beijing,B", "name", Op::Eq, &["Haier, Beijing", "B"]);
        check(r"path=C:\dir\\,x", "path", Op::Eq, &[r"C:\dir\", "x"]);
        check(r"name~a,b\,c", "name", Op::Like, &[r"a,b\,c"]);
        check("name>a,b", "name", Op::Gt, &["a,b"]);
    }

    #[test]
    fn without_a_value_it_asks_for_empty_or_filled() {
        check("region=", "region", Op::Eq, &[]);
        check(" region != ", "region", Op::Ne, &[]);
    }

    #[test]
    fn a_field_may_reach_through_dots_and_a_value_may_hold_signs() {
        check("custom.x1=a=b", "custom.x1", Op::Eq, &["a=b"]);
        check("customer.name~<b>", "customer.name", Op::Like, &["<b>"]);
        check("name= =x", "name", Op::Eq, &["=x"]);
        check("名".replace('名', "note~!~").as_str(), "note", Op::Like, &["!~"]);
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for text in [
            "", "region", "=x", "!region", "a!b", "A=1", "1a=1", "a b=1", "a..b=1", "a.=1", "地区=1", "a>",
            "a>= ", "a~", "a!~", "a=1,", "a=,1", "a=,", "a!=1,,2", "a==1", "a=~1", "a!==1", "a-b=1", "!=1",
        ] {
            let problem = parse_condition(text).expect_err(text);
            assert_eq!((problem.id, problem.hint), ("bad-filter", Some("filters-help")), "{text}");
        }
    }

    #[test]
    fn habits_from_other_languages_are_refused_with_the_way_to_say_it() {
        for (text, meant) in [("a==1", "a=1"), ("a=~1", "a~1"), ("a!==1", "a!=1"), ("a!=~1", "a!~1")] {
            let problem = parse_condition(text).expect_err(text);
            assert_eq!(problem.candidates, [meant], "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_condition_reads_back_as_it_is_written(
            list in proptest::collection::vec("[=~]?[a-z,\\\\]{1,5}", 0..4),
            sign in 0..8_usize,
        ) {
            let op = Op::ALL[sign];
            let values = if op.takes_list() { list } else { vec![list.concat() + "x"] };
            let condition = Condition { field: "a.b".to_owned(), op, values };
            let read = parse_condition(&condition.to_string());
            // Behind `>` and `<` a leading `=` belongs to the sign.
            if !matches!(op, Op::Gt | Op::Lt) || !condition.values[0].starts_with('=') {
                assert_eq!(read, Ok(condition));
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,20}") {
            let _ = parse_condition(&text);
        }
    }
}
