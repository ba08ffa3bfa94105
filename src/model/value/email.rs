//! E-mail addresses: `local@domain`, the domain in lower case, the local part as given.
//!
//! Deliberately absent: quoted local parts, comments and address literals, which nobody has in a
//! customer list, and any question to the network.

use unicode_normalization::UnicodeNormalization;

use super::bad;
use crate::model::Problem;

const LONGEST_LOCAL: usize = 64;
const LONGEST_DOMAIN: usize = 253;
const LONGEST_LABEL: usize = 63;

/// An address in NFC with its domain in lower case.
///
/// # Errors
/// `bad-email` with reason `form` (not one `@`), `local`, or `domain`.
pub fn parse_email(text: &str) -> Result<String, Problem> {
    let refuse = |reason| bad("bad-email", text, reason);
    let address: String = text.trim().nfc().collect();
    let (local, domain) = address.split_once('@').ok_or_else(|| refuse("form"))?;
    if domain.contains('@') {
        return Err(refuse("form"));
    }
    if !is_local(local) {
        return Err(refuse("local"));
    }
    let domain: String = domain.to_lowercase().nfc().collect();
    if !is_domain(&domain) {
        return Err(refuse("domain"));
    }
    Ok(format!("{local}@{domain}"))
}

/// The form in which two addresses are compared.
#[must_use]
pub fn email_key(email: &str) -> String {
    email.to_lowercase()
}

/// The domain of an address, in lower case.
#[must_use]
pub fn email_domain(email: &str) -> Option<String> {
    email.rsplit_once('@').map(|(_, domain)| domain.to_lowercase())
}

fn is_local(local: &str) -> bool {
    let in_local = |c: char| {
        if c.is_ascii() {
            c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c)
        } else {
            c.is_alphanumeric()
        }
    };
    local.len() <= LONGEST_LOCAL
        && local.split('.').all(|atom| !atom.is_empty())
        && local.chars().all(in_local)
}

fn is_domain(domain: &str) -> bool {
    let is_label = |label: &str| {
        (1..=LONGEST_LABEL).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    domain.len() <= LONGEST_DOMAIN && domain.contains('.') && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_lower_case_and_the_local_part_as_given() {
        for (text, expected) in [
            ("Li.Na@LvXing.Example", "Li.Na@lvxing.example"),
            (" a+b_c@x-y.co ", "a+b_c@x-y.co"),
            ("李娜@例子.中国", "李娜@例子.中国"),
            ("jose\u{301}@example.es", "jos\u{e9}@example.es"),
            ("o'neill@example.ie", "o'neill@example.ie"),
        ] {
            assert_eq!(parse_email(text), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for (text, reason) in [
            ("", "form"),
            ("li.na", "form"),
            ("a@b@c.com", "form"),
            ("@x.com", "local"),
            (".a@x.com", "local"),
            ("a..b@x.com", "local"),
            ("a b@x.com", "local"),
            ("a\r\nBcc: e@x.com", "local"),
            ("Li Na <li@x.com>", "local"),
            ("a,b@x.com", "local"),
            ("a\u{202e}b@x.com", "local"),
            ("a@localhost", "domain"),
            ("a@x..com", "domain"),
            ("a@-x.com", "domain"),
            ("a@x.com>", "domain"),
            ("a@x.com\u{200b}", "domain"),
            ("a@x_y.com", "domain"),
            ("a@", "domain"),
        ] {
            let problem = parse_email(text).expect_err(text);
            assert_eq!(problem.id, "bad-email");
            assert_eq!(problem.get("reason"), Some(reason), "{text:?}");
        }
        assert!(parse_email(&format!("{}@x.com", "a".repeat(65))).is_err());
    }

    #[test]
    fn addresses_are_compared_ignoring_case() {
        assert_eq!(email_key("Li.Na@x.com"), email_key("li.na@x.com"));
        assert_eq!(email_domain("Li.Na@X.com").as_deref(), Some("x.com"));
    }
}
