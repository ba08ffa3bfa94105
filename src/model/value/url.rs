//! Web addresses with their scheme.
//!
//! Deliberately absent: resolving, escaping, the full grammar. What matters is that a link is one
//! line, names a host and cannot run as a script when it is clicked.

use super::bad;
use crate::model::Problem;

/// Schemes whose addresses are programs or content, not places.
const UNSAFE_SCHEMES: [&str; 5] = ["javascript", "data", "vbscript", "blob", "about"];

/// An address `scheme://host…`, scheme and host in lower case.
///
/// # Errors
/// `bad-url` with reason `scheme`, `host` or `character`.
pub fn parse_url(text: &str) -> Result<String, Problem> {
    let refuse = |reason| bad("bad-url", text, reason);
    let url = text.trim();
    let (scheme, rest) = url.split_once("://").ok_or_else(|| refuse("scheme"))?;
    let scheme = scheme.to_ascii_lowercase();
    if !is_scheme(&scheme) || UNSAFE_SCHEMES.contains(&scheme.as_str()) {
        return Err(refuse("scheme"));
    }
    if rest.contains(is_unfit) {
        return Err(refuse("character"));
    }
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) = match authority.rsplit_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, authority),
    };
    if host.is_empty() || host.starts_with([':', '.']) {
        return Err(refuse("host"));
    }
    let user = user.map(|user| format!("{user}@")).unwrap_or_default();
    Ok(format!("{scheme}://{user}{}{path}", host.to_lowercase()))
}

/// The host of an address without a leading `www.`, for comparing companies.
#[must_use]
pub fn url_domain(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.to_lowercase();
    Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-".contains(&b))
}

fn is_unfit(c: char) -> bool {
    let invisible =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    c.is_control() || c.is_whitespace() || invisible || "<>\"`\\".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_and_host_are_lower_case_and_the_rest_as_given() {
        for (text, expected) in [
            ("HTTPS://WWW.LvXing.Example/A?b=C#D", "https://www.lvxing.example/A?b=C#D"),
            (" http://x.com ", "http://x.com"),
            ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
            ("ftp://User@Files.Example/", "ftp://User@files.example/"),
            ("https://例子.中国/路径", "https://例子.中国/路径"),
        ] {
            assert_eq!(parse_url(text), Ok(expected.to_owned()));
        }
    }

    #[test]
    fn what_is_no_safe_link_is_refused() {
        for (text, reason) in [
            ("", "scheme"),
            ("www.example.com", "scheme"),
            ("javascript:alert(1)", "scheme"),
            ("JavaScript://x%0aalert(1)", "scheme"),
            ("data:text/html,x", "scheme"),
            ("1http://x.com", "scheme"),
            ("://x.com", "scheme"),
            ("http://", "host"),
            ("http:///x", "host"),
            ("http://:80/", "host"),
            ("http://user@/", "host"),
            ("http://x.com/a b", "character"),
            ("http://x.com/\"onclick", "character"),
            ("http://x.com/\n", ""),
            ("http://x.com/\nb", "character"),
            ("http://x.com/\u{202e}b", "character"),
        ] {
            let found = parse_url(text).err();
            let found = found.as_ref().and_then(|problem| problem.get("reason"));
            assert_eq!(found.unwrap_or_default(), reason, "{text:?}");
        }
    }

    #[test]
    fn companies_are_compared_by_the_domain() {
        for (url, domain) in
            [("https://www.LvXing.example/a", "lvxing.example"), ("http://u:p@x.com:8080?q", "x.com")]
        {
            assert_eq!(url_domain(url).as_deref(), Some(domain));
        }
        assert_eq!(url_domain("x.com"), None);
    }
}
