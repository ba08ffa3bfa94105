//! Content lines, the grammar that vCards and calendars share: `NAME;PARAMETER=value:VALUE`.
//!
//! Lines end in CRLF and are folded at 75 octets, never inside a character. Values are escaped,
//! and what the grammar has no form for, control characters, is left out. Deliberately absent:
//! which properties there are, and the reading of such lines (see `exchange::vcard`).

use std::io::{self, Write};

use super::display::is_hidden;

/// The most octets of a line, without its end.
const LONGEST: usize = 75;

/// A text as a value.
pub(super) fn text(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len() + 8);
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Texts as the parts of one value: `;` between them, in order.
pub(super) fn parts<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    values.into_iter().map(text).collect::<Vec<_>>().join(";")
}

/// Texts as a list: `,` between them.
pub(super) fn list<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    values.into_iter().map(text).collect::<Vec<_>>().join(",")
}

/// Writes content lines.
pub(super) struct Lines<'w> {
    out: &'w mut dyn Write,
    /// Whether they go to a terminal, which must not see what turns text about.
    terminal: bool,
}

impl<'w> Lines<'w> {
    pub fn new(out: &'w mut dyn Write, terminal: bool) -> Self {
        Self { out, terminal }
    }

    /// One line; the value is escaped already.
    pub fn line(&mut self, name: &str, value: &str) -> io::Result<()> {
        let line: String = format!("{name}:{value}").chars().filter(|c| self.is_kept(*c)).collect();
        self.out.write_all(folded(&line).as_bytes())
    }

    /// A line with a text, unless that is empty.
    pub fn text(&mut self, name: &str, value: &str) -> io::Result<()> {
        if value.is_empty() { Ok(()) } else { self.line(name, &text(value)) }
    }

    fn is_kept(&self, c: char) -> bool {
        c == '\t' || !(c.is_control() || self.terminal && is_hidden(c))
    }
}

/// A line with its end; what follows a fold begins with a space, which counts.
fn folded(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / 32 + 2);
    let mut octets = 0;
    for c in line.chars() {
        if octets + c.len_utf8() > LONGEST {
            folded.push_str("\r\n ");
            octets = 1;
        }
        folded.push(c);
        octets += c.len_utf8();
    }
    folded.push_str("\r\n");
    folded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::samples::config;

    fn written(name: &str, value: &str, terminal: bool) -> String {
        let mut out = Vec::new();
        Lines::new(&mut out, terminal).text(name, value).expect("memory takes it");
        String::from_utf8(out).expect("folding keeps characters whole")
    }

    #[test]
    fn values_are_escaped() {
        assert_eq!(text("a\\b;c,d\r\ne\nf:\"g\""), "a\\\\b\\;c\\,d\\ne\\nf:\"g\"");
        assert_eq!(parts(["Han; Feng", "", "b,c"]), "Han\\; Feng;;b\\,c");
        assert_eq!(list(["vip", "a,b"]), "vip,a\\,b");
    }

    #[test]
    fn lines_end_in_crlf_and_control_characters_are_left_out() {
        assert_eq!(written("NOTE", "a\u{0}b\u{1b}[31m\tc\u{202e}", false), "NOTE:ab[31m\tc\u{202e}\r\n");
        assert_eq!(written("NOTE", "c\u{202e}d", true), "NOTE:cd\r\n");
        assert_eq!(written("NOTE", "", false), "");
    }

    #[test]
    fn a_line_of_75_octets_is_whole_and_one_more_is_folded() {
        let fits = "x".repeat(70);
        assert_eq!(written("NOTE", &fits, false), format!("NOTE:{fits}\r\n"));
        assert_eq!(written("NOTE", &format!("{fits}y"), false), format!("NOTE:{fits}\r\n y\r\n"));
        let wide = "汉".repeat(24);
        assert_eq!(written("NOTE", &wide, false), format!("NOTE:{}\r\n 汉\r\n", "汉".repeat(23)));
    }

    proptest! {
        #![proptest_config(config())]

        #[test]
        fn folding_can_be_taken_back_and_no_line_is_too_long(value in "(\\PC|[汉,;\\\\🚚])*") {
            let lines = written("NOTE", &value, false);
            for line in lines.split("\r\n") {
                prop_assert!(line.len() <= LONGEST, "{line:?}");
            }
            let unfolded = lines.replace("\r\n ", "");
            let wanted = if value.is_empty() { String::new() } else { format!("NOTE:{}\r\n", text(&value)) };
            prop_assert_eq!(unfolded, wanted);
        }
    }
}
