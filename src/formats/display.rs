//! Record text made safe and measurable for a terminal.
//!
//! Everything that could move the cursor, reorder a line or hide itself is shown as an escape.
//! Deliberately absent: the escapes of json, html and md, which live with those formats.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// Shows text of a record on one line of a terminal: line breaks as `⏎`, whatever a terminal
/// would act on or hide as a visible escape.
#[must_use]
pub fn display(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_hidden) { Cow::Owned(escaped(text, '⏎')) } else { Cow::Borrowed(text) }
}

/// As [`display`], but line breaks stay.
#[must_use]
pub fn display_lines(text: &str) -> String {
    escaped(text, '\n')
}

fn escaped(text: &str, line_break: char) -> String {
    let mut shown = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' => shown.push(line_break),
            c if is_hidden(c) => push_escape(&mut shown, c),
            c => shown.push(c),
        }
    }
    shown
}

fn push_escape(shown: &mut String, c: char) {
    match c {
        '\t' => shown.push_str("\\t"),
        '\r' => shown.push_str("\\r"),
        c if u32::from(c) < 0x100 => {
            write!(shown, "\\x{:02x}", u32::from(c)).expect("a string takes all that is written");
        }
        c => {
            write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("a string takes all that is written");
        }
    }
}

/// Whether a character acts on a terminal or cannot be seen there: controls, bidirectional
/// marks and overrides, zero-width and invisible characters, line and paragraph separators.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

/// How many columns of a terminal text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Shortens text to a number of columns, ending in `ellipsis` where something is cut off.
#[must_use]
pub fn shorten<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    let room = columns.saturating_sub(width(ellipsis));
    // Whole beginnings are measured, because a mark can change the width of what it follows.
    let end = text
        .char_indices()
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|end| width(&text[..*end]) <= room)
        .last()
        .unwrap_or(0);
    Cow::Owned(format!("{}{ellipsis}", text[..end].trim_end()))
}

/// Text followed by as many spaces as it needs to fill a number of columns.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown_escaped() {
        let check = |text: &str, shown: &str| assert_eq!(display(text), shown);
        check("plain 中文 ✓ é", "plain 中文 ✓ é");
        check("\u{1b}[31mred", "\\x1b[31mred");
        check("a\u{7}\u{8}b\u{7f}", "a\\x07\\x08b\\x7f");
        check("\u{9b}2J", "\\x9b2J");
        check("a\r\nb\nc\rd\te", "a⏎b⏎c\\rd\\te");
        check("\u{202e}gpj.exe", "\\u{202e}gpj.exe");
        check("\u{2066}\u{2069}\u{200b}\u{200f}", "\\u{2066}\\u{2069}\\u{200b}\\u{200f}");
        check("\u{2028}\u{2029}\u{feff}", "\\u{2028}\\u{2029}\\u{feff}");
        check("\u{61c}\u{2060}\u{e0041}", "\\u{61c}\\u{2060}\\u{e0041}");
    }

    #[test]
    fn harmless_text_is_not_copied() {
        assert!(matches!(display("中文"), Cow::Borrowed(_)));
    }

    #[test]
    fn prose_keeps_its_line_breaks_and_nothing_else() {
        assert_eq!(display_lines("a\r\nb\n\u{1b}c\rd"), "a\nb\n\\x1bc\\rd");
    }

    #[test]
    fn text_is_shortened_to_columns_and_not_to_letters() {
        let check = |text: &str, columns, shown: &str| {
            let got = shorten(text, columns, "…");
            assert_eq!(got, shown);
            assert!(width(&got) <= columns);
        };
        check("Hangzhou", 8, "Hangzhou");
        check("Hangzhou", 5, "Hang…");
        check("杭州汉风", 8, "杭州汉风");
        check("杭州汉风", 7, "杭州汉…");
        check("杭州汉风", 6, "杭州…");
        check("🚚🚚", 3, "🚚…");
        check("ab cd", 4, "ab…");
        assert_eq!(shorten("abcdef", 5, "..."), "ab...");
    }

    #[test]
    fn padding_counts_columns() {
        assert_eq!(padded("杭州", 6), "杭州  ");
        assert_eq!(padded("abcdefg", 6), "abcdefg");
    }
}
