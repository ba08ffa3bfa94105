//! What the acting user's own record says about language and time zone.
//!
//! Known before the command line is read as a whole, so one file is read and nothing is opened that
//! this does not need. Whatever cannot be read says nothing here; who acts is decided, and refused,
//! when the command asks. Deliberately absent: rights.

use std::fs;
use std::path::Path;

use crate::model::value::parse_slug;
use crate::store::Repo;

/// Preferences of one user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Personal {
    /// Whose they are.
    pub user: String,
    pub language: Option<String>,
    pub timezone: Option<String>,
}

/// Users that are looked through for an e-mail address; more need `CRM_USER`.
const MOST: usize = 1000;

/// The preferences of who acts: the named user, else the owner of git's e-mail address.
pub fn of(store: &Path, acting: Option<&str>) -> Personal {
    let folder = store.join("users");
    let found = match acting {
        Some(name) => named(&folder, name).or_else(|| by_address(&folder, name)),
        None => Repo::open(store)
            .ok()
            .and_then(|repo| repo.config("user.email"))
            .and_then(|email| by_address(&folder, &email)),
    };
    found.unwrap_or_default()
}

fn named(folder: &Path, name: &str) -> Option<Personal> {
    let slug = parse_slug(name).ok()?;
    read(&fs::read_to_string(folder.join(format!("{slug}.toml"))).ok()?).map(|(personal, _)| personal)
}

fn by_address(folder: &Path, address: &str) -> Option<Personal> {
    let address = address.to_lowercase();
    let mut paths: Vec<_> =
        fs::read_dir(folder).ok()?.take(MOST).filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    paths.sort();
    paths.iter().find_map(|path| {
        let text = fs::read_to_string(path).ok()?;
        // Most users are told apart without being understood.
        if !text.to_lowercase().contains(&address) {
            return None;
        }
        let (personal, addresses) = read(&text)?;
        addresses.contains(&address).then_some(personal)
    })
}

/// A user's preferences, and what names the user beside the id.
fn read(text: &str) -> Option<(Personal, Vec<String>)> {
    let table: toml::Table = text.parse().ok()?;
    let one = |key: &str| table.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let mut names: Vec<String> = ["email", "name"].into_iter().filter_map(one).collect();
    let further = table.get("git_emails").and_then(toml::Value::as_array);
    names.extend(further.into_iter().flatten().filter_map(toml::Value::as_str).map(str::to_owned));
    let names = names.iter().map(|name| name.to_lowercase()).collect();
    let personal = Personal { user: one("id")?, language: one("language"), timezone: one("timezone") };
    Some((personal, names))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_name_and_by_every_address() {
        let root = tempfile::tempdir().expect("a folder");
        let users = root.path().join("users");
        fs::create_dir(&users).expect("a folder");
        let text = "id = \"li.na\"\nname = \"Li Na\"\nemail = \"li.na@acme.example\"\nlanguage = \"zh-CN\"\ngit_emails = [\n  \"na@home.example\",\n]\n";
        fs::write(users.join("li.na.toml"), text).expect("written");
        fs::write(users.join("odd.toml"), "na@home.example is not toml").expect("written");
        for name in ["li.na", "Li Na", "LI.NA@acme.example", "na@home.example"] {
            let found = of(root.path(), Some(name));
            assert_eq!((found.user.as_str(), found.language.as_deref()), ("li.na", Some("zh-CN")), "{name}");
        }
        for name in ["wang", "../li.na", "na@home", ""] {
            assert_eq!(of(root.path(), Some(name)), Personal::default(), "{name}");
        }
    }
}
