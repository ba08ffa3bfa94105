//! Several people, each with a clone, and the bare repository between them.

mod alone;
mod clones;
mod conflicts;
mod hooks;
mod races;
mod random;
mod refused;
mod together;

use std::path::PathBuf;

use crate::support::Sandbox;

/// A trading store, shared through the bare repository `hub`, and clones of it named by numbers
/// from 1 on. The store itself is number 1.
pub struct Team {
    sandbox: Sandbox,
    above: PathBuf,
}

impl Team {
    pub fn of(clones: usize) -> Self {
        let mut sandbox = Sandbox::trading();
        let above = sandbox.dir().parent().expect("a directory above").to_owned();
        sandbox.ok("user add bo --name Bo --email bo@acme.example --role admin");
        sandbox.ok("customer set 海尔北京 --city 北京 --street 长安街1号 --add-tag kilo --add-tag november");
        sandbox.git("init -q --bare -b main ../hub");
        sandbox.git("remote add origin ../hub");
        sandbox.ok("sync");
        for clone in 2..=clones {
            sandbox.enter(&above);
            sandbox.ok(&["clone", "hub", &format!("clone{clone}")]);
        }
        sandbox.enter(&above.join("work"));
        Self { sandbox, above }
    }

    /// The clone of this number, where commands run from now on.
    pub fn at(&mut self, clone: usize) -> &Sandbox {
        let dir = if clone == 1 { "work".to_owned() } else { format!("clone{clone}") };
        self.sandbox.enter(&self.above.join(dir));
        &self.sandbox
    }

    /// The repository between them.
    pub fn hub(&self) -> PathBuf {
        self.above.join("hub")
    }

    /// Where clone and hub lie.
    pub fn above(&self) -> PathBuf {
        self.above.clone()
    }

    /// Syncs these clones one after another.
    #[track_caller]
    pub fn sync(&mut self, clones: &[usize]) {
        for clone in clones {
            self.at(*clone).ok("sync");
        }
    }

    /// Syncs until every clone stands where the hub does.
    #[track_caller]
    pub fn until_quiet(&mut self, clones: usize) -> String {
        for clone in (1..=clones).chain(1..=clones) {
            self.at(clone).ok("sync");
        }
        let tips: Vec<String> = (1..=clones).map(|clone| self.at(clone).git("rev-parse HEAD")).collect();
        assert!(tips.iter().all(|tip| *tip == tips[0]), "{tips:?}");
        for clone in 1..=clones {
            let sandbox = self.at(clone);
            assert_eq!(sandbox.git("status --porcelain"), "");
            assert_eq!(sandbox.git("rev-parse origin/main"), tips[0]);
            sandbox.git("fsck --strict --no-dangling");
        }
        tips[0].clone()
    }
}

/// The sample customer.
pub fn customer(sandbox: &Sandbox) -> serde_json::Value {
    sandbox.crm("customer show 海尔北京 --format json").exits(0).json()
}

/// The file of the sample customer.
pub fn file(sandbox: &Sandbox) -> String {
    let files = sandbox.git("ls-files customers");
    let named = |path: &&str| sandbox.read(path).contains("海尔北京");
    // Ids are random, and so is the order of the files.
    files.lines().find(named).or(files.lines().next()).expect("a customer").to_owned()
}

/// The rows of a sync: what happened, and its text or file.
pub fn rows(run: &crate::support::Run) -> Vec<(String, String)> {
    let text = |row: &serde_json::Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let json = run.json();
    let rows = json.as_array().expect("rows").iter();
    rows.map(|row| {
        let what = text(row, "what");
        let detail = if row["path"].is_null() { text(row, "text") } else { text(row, "path") };
        (what, detail)
    })
    .collect()
}
