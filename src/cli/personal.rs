//! What a person brings along: the own configuration, and what the acting user's record says about
//! language and time zone; and which of them holds, beside flags, environment and `crm.toml`.
//!
//! Known before the command line is read as a whole, so of the store one file is read and nothing is opened that
//! this does not need. Whatever cannot be read says nothing here; who acts is decided, and refused,
//! when the command asks. Deliberately absent: rights.

use std::fs;
use std::path::Path;

use chrono_tz::Tz;
use clap::ArgMatches;

use super::context::{flag, parse_zone};
use super::environment::Environment;
use super::error::Failure;
use super::user_config::UserConfig;
use crate::locale::Language;
use crate::model::Problem;
use crate::model::schema::{Schema, Settings};
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

/// What a person brings along: the own configuration, and what the own record says.
#[derive(Clone, Debug, Default)]
pub struct Around {
    pub own: UserConfig,
    pub personal: Personal,
}

/// The schema of a store whose settings are wrong but can be read.
pub(super) fn mendable(dir: &Path) -> Option<Schema> {
    let text = fs::read_to_string(dir.join("crm.toml")).ok()?;
    let settings = crate::store::settings::sound_part(&text).ok()?;
    Schema::new(settings).or_else(|_| Schema::new(Settings::default())).ok()
}

/// The zone of days and reports: flag, environment, the user's record, `crm.toml`, own configuration.
pub(super) fn zone(
    environment: &Environment,
    around: &Around,
    settings: &Settings,
    matches: &ArgMatches,
) -> Result<Tz, Failure> {
    let given = flag(matches, "tz").or_else(|| environment.get("CRM_TZ").map(str::to_owned));
    if let Some(name) = given {
        return Ok(parse_zone(&name)?);
    }
    let of_record = around.personal.timezone.as_deref().and_then(|name| parse_zone(name).ok());
    let written = settings.of_store("company.timezone").and_then(|values| values.first()).map(String::as_str);
    let name = written.or_else(|| settings.own("timezone")).unwrap_or(settings.text("company.timezone"));
    Ok(of_record.map_or_else(|| parse_zone(name), Ok)?)
}

/// The language asked for by flag, environment, the user's record, the settings of the store, or the
/// own configuration.
pub fn language(
    flag: Option<&str>,
    environment: &Environment,
    around: &Around,
    settings: Option<&Settings>,
) -> Result<Language, Problem> {
    let bad = |tag: &str| Problem::usage("bad-language").arg("value", tag).legal(["en", "zh-CN"]);
    if let Some(tag) = flag.or_else(|| environment.get("CRM_LANG")) {
        return Language::from_tag(tag).ok_or_else(|| bad(tag));
    }
    if let Some(language) = around.personal.language.as_deref().and_then(Language::from_tag) {
        return Ok(language);
    }
    let written = settings.and_then(|settings| settings.of_store("company.language")?.first());
    let own = || around.own.settings.of_store("language")?.first();
    if let Some(language) = written.or_else(own).and_then(|tag| Language::from_tag(tag)) {
        return Ok(language);
    }
    // Without a store nobody has chosen a language yet.
    Ok(settings.and_then(|s| Language::from_tag(s.text("company.language"))).unwrap_or_default())
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
