//! Where a file may stand, and names that git or a file system takes for something else.

use super::policy::Policy;
use crate::model::value::{is_id, parse_slug};

/// What a path is for.
pub(super) enum Place {
    Record,
    Report,
    /// Settings and what belongs to them.
    Settings,
    /// People's own files that the settings name.
    Own,
    /// Nothing that the store knows.
    Foreign,
}

/// What a path is for, by the types and settings of a policy.
pub(super) fn place(path: &str, policy: &Policy) -> Place {
    if path == "crm.toml" || path == ".gitattributes" {
        return Place::Settings;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let name = parts.last().copied().unwrap_or_default();
    if let Some(kind) = policy.schema().kind_of_path(path) {
        let id = name.strip_suffix(".toml").unwrap_or_default();
        let named = if kind.is_slug() { parse_slug(id).is_ok_and(|slug| slug == id) } else { is_id(id) };
        return if named && kind.path(id) == path { Place::Record } else { Place::Foreign };
    }
    match (parts.as_slice(), name.rsplit_once('.')) {
        (["reports", _], Some((stem, "sql" | "toml"))) if parse_slug(stem).is_ok_and(|slug| slug == stem) => {
            Place::Report
        }
        (["schema", _], Some((_, "json"))) => Place::Settings,
        _ if policy.paths.iter().any(|pattern| pattern.matches(path)) => Place::Own,
        _ => Place::Foreign,
    }
}

/// Whether a name is one that git, or a file system under it, takes for one of git's own.
pub(super) fn looks_like(name: &str, own: &str, short: &str) -> bool {
    let ignored = |c: char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let bare: String = name.chars().filter(|c| !ignored(*c)).collect();
    // What follows a colon names a stream of the same file.
    let bare = bare.split(':').next().unwrap_or_default().trim_end_matches([' ', '.']).to_lowercase();
    bare == own || bare.strip_prefix(short).is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit()))
}
