//! A command line up to the cursor, taken apart as a shell does, and candidates quoted for it.

/// The words before the cursor, and the one that is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Without the name of the program.
    pub words: Vec<String>,
    pub current: String,
    /// The quote that is open at the cursor.
    pub quote: Option<char>,
}

impl Line {
    /// Takes a line apart; what is still open stays open.
    pub fn read(line: &str) -> Self {
        let mut words: Vec<String> = Vec::new();
        let mut word: Option<String> = None;
        let mut quote: Option<char> = None;
        let mut chars = line.chars();
        while let Some(c) = chars.next() {
            match (quote, c) {
                (Some(open), _) if c == open => quote = None,
                (Some('"'), '\\') => match chars.next() {
                    Some(c @ ('"' | '\\' | '$' | '`')) => word.get_or_insert_default().push(c),
                    Some(c) => word.get_or_insert_default().extend(['\\', c]),
                    None => {}
                },
                (Some(_), _) => word.get_or_insert_default().push(c),
                (None, '\'' | '"') => {
                    quote = Some(c);
                    word.get_or_insert_default();
                }
                (None, '\\') => word.get_or_insert_default().extend(chars.next()),
                (None, ' ' | '\t' | '\n') => words.extend(word.take()),
                (None, _) => word.get_or_insert_default().push(c),
            }
        }
        if !words.is_empty() {
            words.remove(0);
        }
        Self { words, current: word.unwrap_or_default(), quote }
    }

    /// The directory that the line names with `-C`.
    pub fn directory(&self) -> Option<String> {
        let at = self.words.iter().position(|word| word == "-C")?;
        self.words.get(at + 1).cloned()
    }
}

/// A value as a shell is to take it. Bash replaces only what follows the last `=` or `:` of a word,
/// and inserts it as it is; zsh and fish quote by themselves.
pub fn quoted(value: &str, shell: &str, line: &Line) -> Option<String> {
    if shell != "bash" {
        return Some(value.to_owned());
    }
    let cut = match line.quote {
        None => line.current.rfind(['=', ':']).map_or(0, |at| at + 1),
        Some(_) => 0,
    };
    let rest = value.get(cut..)?;
    match line.quote {
        Some('\'') => (!rest.contains('\'')).then(|| rest.to_owned()),
        Some(_) => Some(escaped(rest, |c| matches!(c, '"' | '\\' | '$' | '`'))),
        None => {
            Some(escaped(rest, |c| c.is_ascii() && !c.is_ascii_alphanumeric() && !"_-./,@+%=:".contains(c)))
        }
    }
}

fn escaped(text: &str, special: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if special(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, words: &[&str], current: &str, quote: Option<char>) {
        let read = Line::read(line);
        assert_eq!(
            (
                read.words.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
                read.current.as_str(),
                read.quote
            ),
            (words, current, quote),
            "{line}"
        );
    }

    #[test]
    fn a_line_is_taken_apart_up_to_the_cursor() {
        check("crm ", &[], "", None);
        check("crm customer sh", &["customer"], "sh", None);
        check("crm customer show 'Li N", &["customer", "show"], "Li N", Some('\''));
        check("crm customer show \"a \\\" b", &["customer", "show"], "a \" b", Some('"'));
        check("crm customer show Li\\ ", &["customer", "show"], "Li ", None);
        check("", &[], "", None);
    }

    #[test]
    fn bash_is_given_nothing_that_it_would_run() {
        let at = |line: &str| Line::read(line);
        for (value, line, expected) in [
            ("a b", "crm x ", Some("a\\ b")),
            ("$(rm -rf ~)`x`;&|<>", "crm x ", Some("\\$\\(rm\\ -rf\\ \\~\\)\\`x\\`\\;\\&\\|\\<\\>")),
            ("海尔北京", "crm x ", Some("海尔北京")),
            ("$(x)\"", "crm x \"", Some("\\$(x)\\\"")),
            ("it's", "crm x '", None),
            ("status=draft", "crm x --where status=d", Some("draft")),
        ] {
            assert_eq!(quoted(value, "bash", &at(line)).as_deref(), expected, "{value}");
        }
        assert_eq!(quoted("a b", "zsh", &at("crm x ")).as_deref(), Some("a b"));
    }
}
