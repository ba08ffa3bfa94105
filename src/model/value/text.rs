//! Text of one line, and prose of several.
//!
//! What a terminal or a page makes of unusual characters is decided where text is shown; only
//! what can never belong to a name or a remark is refused here.

use unicode_normalization::UnicodeNormalization;

use super::bad;
use crate::model::Problem;

/// One line: trimmed, NFC, without control characters.
///
/// # Errors
/// `bad-text` with reason `empty`, `lines` or `control`.
pub fn parse_text(text: &str) -> Result<String, Problem> {
    let line: String = text.trim().nfc().collect();
    if line.is_empty() {
        return Err(bad("bad-text", text, "empty"));
    }
    if line.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
        return Err(bad("bad-text", text, "lines"));
    }
    if line.contains(char::is_control) {
        return Err(bad("bad-text", text, "control"));
    }
    Ok(line)
}

/// Several lines: NFC, line ends `\n`, nothing blank at the end, no control characters but
/// newlines and tabs.
///
/// # Errors
/// `bad-text` with reason `empty` or `control`.
pub fn parse_prose(text: &str) -> Result<String, Problem> {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let prose: String = lines.trim_end().nfc().collect();
    if prose.is_empty() {
        return Err(bad("bad-text", text, "empty"));
    }
    if prose.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
        return Err(bad("bad-text", text, "control"));
    }
    Ok(prose)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(result: Result<String, Problem>) -> Option<String> {
        result.err()?.get("reason").map(str::to_owned)
    }

    #[test]
    fn text_is_trimmed_and_composed() {
        assert_eq!(parse_text("  Cafe\u{301}\n"), Ok("Caf\u{e9}".to_owned()));
        assert_eq!(parse_text("\u{3000}李娜\t"), Ok("李娜".to_owned()));
        assert_eq!(parse_text("a  b"), Ok("a  b".to_owned()));
    }

    #[test]
    fn text_of_several_lines_or_with_controls_is_refused() {
        for (text, expected) in [
            ("", "empty"),
            (" \n ", "empty"),
            ("a\nb", "lines"),
            ("a\u{2028}b", "lines"),
            ("a\tb", "control"),
            ("a\u{1b}[2Jb", "control"),
            ("a\u{9b}b", "control"),
            ("a\0b", "control"),
        ] {
            assert_eq!(reason(parse_text(text)).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn prose_has_plain_line_ends_and_no_blank_end() {
        assert_eq!(parse_prose("a\r\nb\rc\n\n"), Ok("a\nb\nc".to_owned()));
        assert_eq!(parse_prose("  a\n\tb"), Ok("  a\n\tb".to_owned()));
        assert_eq!(reason(parse_prose("a\u{1b}b")).as_deref(), Some("control"));
        assert_eq!(reason(parse_prose("\n \n")).as_deref(), Some("empty"));
    }
}
