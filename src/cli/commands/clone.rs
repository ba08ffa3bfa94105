//! `crm clone URL`: a copy of a shared store to work in, checked before anything of it is used.
//!
//! It is made beside its place and moved there when it is whole, so that nothing half-made is left.
//! Deliberately absent: the transfer itself, which the `git` program does.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::super::args::{Words, option, place};
use super::super::context::{Context, read_settings};
use super::super::environment::Environment;
use super::super::error::{Exit, Failure, file_error};
use super::super::fields::one;
use super::Standalone;
use crate::model::schema::Schema;
use crate::model::{Class, Problem};
use crate::store::{ObjectId, Repo, StoreError, document};

/// `crm clone URL [DIR]`.
pub const CLONE: Standalone = Standalone {
    name: "clone",
    aliases: &[],
    args: |command: Command, words: Words<'_>| {
        command
            .long_about(words.text("help-clone-long"))
            .arg(place("store-url", "URL", words).required(true))
            .arg(place("dir", "DIR", words))
            .arg(option("root", "COMMIT", words))
            .arg(option("branch", "NAME", words))
            .arg(option("user", "SLUG", words))
    },
    run: clone,
};

fn clone(context: &Context, matches: &ArgMatches) -> Result<Exit, Failure> {
    let url = one(matches, "store-url").unwrap_or_default();
    let here = Environment::directory();
    let dir = one(matches, "dir").map_or_else(|| PathBuf::from(name_of(&url)), PathBuf::from);
    let target = here.join(&dir);
    let root = one(matches, "root").map(|text| pinned(&text)).transpose()?;
    let is_free = match fs::read_dir(&target) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if !is_free || dir.as_os_str().is_empty() {
        return Err(Problem::usage("clone-not-empty")
            .arg("path", dir.display())
            .hint("clone-not-empty-hint")
            .into());
    }
    if context.globals.dry_run {
        context.say("clone-would", &[("url", &url), ("dir", &dir.display().to_string())]);
        return Ok(Exit::Ok);
    }
    let above = target.parent().unwrap_or(&here).to_owned();
    fs::create_dir_all(&above).map_err(|error| file_error(&above, &error))?;
    let making = above.join(format!(".crm-clone-{}", std::process::id()));
    let _ = fs::remove_dir_all(&making);
    let made = make(context, matches, &url, &making, root).and_then(|made| {
        fs::rename(&making, &target).map_err(|error| file_error(&target, &error))?;
        Ok(made)
    });
    let made = made.inspect_err(|_| {
        let _ = fs::remove_dir_all(&making);
    })?;
    context.say("cloned", &[("dir", &dir.display().to_string()), ("count", &made.records.to_string())]);
    if root.is_none() {
        context.say("clone-root", &[("root", &made.root.to_string())]);
    }
    Ok(Exit::Ok)
}

/// The last part of an address, as git names a clone.
fn name_of(url: &str) -> String {
    let path = url.trim_end_matches('/');
    let path = path.strip_suffix("/.git").unwrap_or(path);
    let name = path.rsplit(['/', ':']).next().unwrap_or_default();
    name.strip_suffix(".git").unwrap_or(name).to_owned()
}

fn pinned(text: &str) -> Result<ObjectId, Problem> {
    text.parse().map_err(|_| Problem::usage("bad-root").arg("value", text).hint("bad-root-hint"))
}

/// What was made.
struct Made {
    root: ObjectId,
    records: usize,
}

fn make(
    context: &Context,
    matches: &ArgMatches,
    url: &str,
    making: &Path,
    wanted: Option<ObjectId>,
) -> Result<Made, Failure> {
    let network = Environment::network(context.can_ask());
    let branch = one(matches, "branch");
    let here = Environment::directory();
    Repo::clone_bare_of_files(&network, url, making, branch.as_deref(), &here)?;
    let others = Repo::branches_of(making)?;
    if let Some(other) = others.iter().find(|name| *name == "main").or(others.first()) {
        fs::remove_dir_all(making).map_err(|error| file_error(making, &error))?;
        Repo::clone_bare_of_files(&network, url, making, Some(other), &here)?;
    }
    let nothing = || {
        let problem = Problem::new(Class::Conflict, "clone-not-a-store").arg("url", url);
        Failure::new(Exit::Store, problem.hint("clone-not-a-store-hint"))
    };
    let repo = Repo::open(making).map_err(|error| match error {
        StoreError::NotAStore { .. } => nothing(),
        other => other.into(),
    })?;
    let tip = repo.tip()?.ok_or_else(nothing)?;
    let root = match wanted {
        None => repo.root_of(tip.commit)?,
        Some(root) if repo.is_ancestor(root, tip.commit)? => root,
        Some(root) => {
            let found = repo.root_of(tip.commit)?;
            let problem = Problem::new(Class::Denied, "clone-other-root")
                .arg("wanted", root)
                .arg("found", found)
                .hint("clone-other-root-hint");
            return Err(Failure::new(Exit::Denied, problem));
        }
    };
    // Before git writes a single file of it.
    let text = repo.read_at(tip.commit, "crm.toml")?.ok_or_else(nothing)?;
    let settings = crate::store::settings::parse(&String::from_utf8_lossy(&text))?;
    let schema = Schema::new(settings)?;
    repo.check_trees(None, tip.commit, &|_| true)?;
    if schema.settings.flag("policy.gate") {
        super::gate::accept_history(context, &repo, tip.commit, root)?;
    }
    repo.install_git_settings()?;
    repo.pin_root(root)?;
    if let Some(user) = one(matches, "user") {
        identify(&repo, &schema, tip.commit, &user)?;
    }
    repo.check_out(&network)?;
    read_settings(making)?;
    if let Some(remote) = repo.remote(None)? {
        repo.note_verified(&remote, tip.commit)?;
    }
    let is_record = |path: &str| path.ends_with(".toml") && schema.kind_of_path(path).is_some();
    let records = repo.tree_files(tip.tree)?.iter().filter(|file| is_record(&file.path)).count();
    Ok(Made { root, records })
}

/// Git's name and address in this clone are those of a user of the store.
fn identify(repo: &Repo, schema: &Schema, commit: ObjectId, user: &str) -> Result<(), Failure> {
    let unknown = || Problem::new(Class::NotFound, "no-such-user").arg("value", user);
    let kind = schema.kind("user").ok_or_else(unknown)?;
    let path = kind.path(&crate::model::value::parse_slug(user)?);
    let bytes = repo.read_at(commit, &path)?.ok_or_else(unknown)?;
    let doc = document::parse(schema, &path, &bytes)?.doc;
    for (key, field) in [("user.name", "name"), ("user.email", "email")] {
        if let Some(value) = doc.text(field) {
            repo.set_config(key, value)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_is_named_as_git_names_it() {
        for (url, name) in [
            ("https://example.com/team/acme.git", "acme"),
            ("git@example.com:acme.git", "acme"),
            ("/srv/git/acme/", "acme"),
            ("../acme/.git", "acme"),
            ("host:acme", "acme"),
        ] {
            assert_eq!(name_of(url), name, "{url}");
        }
    }
}
