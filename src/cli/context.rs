//! What a command runs in: the store, the acting user, the clock, the language, the streams.
//!
//! Clock, environment and randomness enter here and nowhere else.

use std::cell::{Ref, RefCell, RefMut};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, FixedOffset, NaiveDate, Offset, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use clap::ArgMatches;

use super::args::Words as CommandWords;
use super::environment::Environment;
use super::error::{Exit, Failure};
use super::identity::{Access, Entry};
use super::personal::{Around, mendable, zone};
use super::progress::Bar;
use super::secrets::Source;
use super::store::Store;
use super::ui::{Ui, screen_columns, terminals};
use crate::draft::Actor;
use crate::formats::{Format, Labels, Style, Words};
use crate::locale::Locale;
use crate::mirror::{Mirror, Moment};
use crate::model::Problem;
use crate::model::schema::{Schema, Settings};
use crate::model::setting::patience;
use crate::query::{self, Clock};
use crate::store::ObjectId;

/// The flags every command takes, as given.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    pub dry_run: bool,
    pub yes: bool,
    pub no_input: bool,
    pub keep_going: bool,
    pub acting: Option<String>,
    pub lock_timeout: Duration,
    pub allow_network_fs: bool,
    /// Where passwords and codes are read.
    pub secrets: Source,
    /// Who came in through a shared account.
    pub gateway: Option<Entry>,
}

/// What a command runs in.
#[derive(Debug)]
pub struct Context {
    pub environment: Environment,
    pub ui: Ui,
    pub locale: Locale,
    pub globals: Globals,
    pub schema: Schema,
    /// Where a store is, whether or not it can be used.
    pub root: Option<PathBuf>,
    pub around: Around,
    store: Option<Store>,
    /// Why there is no store, for commands that need one.
    missing: Option<Failure>,
    pub zone: Tz,
    pub now: DateTime<FixedOffset>,
    pub today: NaiveDate,
    company_zone: Tz,
    /// The verb that runs, for verbs that share their code.
    verb: RefCell<String>,
    /// How commits are signed.
    pub hand: super::signing::Hand,
    /// What the acting user may read, once that was asked.
    pub(super) seen: std::cell::OnceCell<Option<super::reading::Reading>>,
    /// The commands that the change of a batch is made of.
    pub parts: RefCell<Vec<String>>,
    pub access: Access,
}

/// The store's directory: the one named, else the nearest one upwards with a `crm.toml`, stopping
/// where the owner or the file system changes.
pub fn find_store(named: Option<&Path>, start: &Path) -> Option<PathBuf> {
    if let Some(dir) = named {
        return Some(start.join(dir));
    }
    let stat = |dir: &Path| rustix::fs::stat(dir).ok().map(|s| (s.st_dev, s.st_uid));
    let home = stat(start)?;
    for dir in start.ancestors() {
        if stat(dir) != Some(home) {
            return None;
        }
        if dir.join("crm.toml").is_file() {
            return Some(dir.to_owned());
        }
    }
    None
}

/// Reads the settings of the store in a directory.
pub fn read_settings(dir: &Path) -> Result<Settings, Failure> {
    let path = dir.join("crm.toml");
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if dir.join("HEAD").is_file() && dir.join("objects").is_dir() {
                return Err(crate::store::StoreError::Bare { path: dir.to_owned() }.into());
            }
            let problem =
                Problem::usage("store-not-a-store").arg("path", dir.display()).hint("store-not-a-store-hint");
            return Err(Failure::new(Exit::Store, problem));
        }
        Err(error) => return Err(super::error::file_error(&path, &error)),
    };
    Ok(crate::store::settings::parse(&text)?)
}

impl Context {
    /// Puts everything together from the environment, the store found before, and the flags.
    pub fn new(
        environment: Environment,
        found: Option<(PathBuf, Result<Schema, Failure>)>,
        around: Around,
        locale: Locale,
        matches: &ArgMatches,
    ) -> Result<Self, Failure> {
        let root = found.as_ref().map(|(dir, _)| dir.clone());
        let bare = || Schema::new(Settings::default().with_own(&around.own.settings));
        let (directory, schema, mut missing) = match found {
            Some((dir, Ok(schema))) => (Some(dir), schema, None),
            // What mends the settings of a store must work where they are wrong.
            Some((dir, Err(failure))) if matches.subcommand_name() == Some("config") => {
                match mendable(&dir) {
                    Some(schema) => (Some(dir), schema, None),
                    None => (None, bare()?, Some(failure)),
                }
            }
            Some((_, Err(failure))) => (None, bare()?, Some(failure)),
            None => (None, bare()?, None),
        };
        let zone = zone(&environment, &around, &schema.settings, matches)?;
        let company_zone = parse_zone(schema.settings.text("company.timezone")).unwrap_or(Tz::UTC);
        let (now, today) = moment(&environment, company_zone, zone)?;
        let globals = globals(&environment, &schema.settings, matches)?;
        let ui = ui(&environment, &schema.settings, &locale, matches)?;
        let mut context = Self {
            environment,
            ui,
            locale,
            globals,
            schema,
            root,
            around,
            store: None,
            missing: None,
            zone,
            now,
            today,
            company_zone,
            verb: RefCell::default(),
            hand: super::signing::Hand::default(),
            seen: std::cell::OnceCell::new(),
            parts: RefCell::default(),
            access: Access::default(),
        };
        if let Some(dir) = directory {
            match Store::open(&dir, context.schema.clone()) {
                Ok(store) => context.store = Some(store),
                Err(failure) => missing = Some(failure),
            }
        }
        context.missing = missing;
        Ok(context)
    }

    /// The store, which must be there.
    pub fn store(&self) -> Result<&Store, Failure> {
        self.store.as_ref().ok_or_else(|| {
            self.missing.clone().unwrap_or_else(|| {
                Failure::new(Exit::Store, Problem::usage("no-store").hint("no-store-hint"))
            })
        })
    }

    /// The program in which a person edits a text.
    pub fn editor(&self) -> &str {
        let named = self.environment.get("VISUAL").or_else(|| self.environment.get("EDITOR"));
        named.or_else(|| self.schema.settings.own("editor")).unwrap_or("vi")
    }

    /// What the commands are built with.
    pub fn words(&self) -> CommandWords<'_> {
        let store = self.store.as_ref().map(|store| store.root.as_path());
        CommandWords { schema: &self.schema, locale: &self.locale, store, only: None }
    }

    /// Whether a store was found.
    pub fn has_store(&self) -> bool {
        self.store.is_some()
    }

    /// The clock of the date language, in the report zone.
    pub fn clock(&self) -> Clock {
        let now = self.now.with_timezone(&self.offset_at(self.now));
        let fiscal = self.schema.settings.text("company.fiscal_start");
        let fiscal_start = fiscal
            .split_once('-')
            .and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)))
            .unwrap_or((1, 1));
        let week_start = self.schema.settings.text("company.week_start").parse().unwrap_or(Weekday::Mon);
        let at = self.today.and_time(now.time());
        let now = at.and_local_timezone(*now.offset()).single().unwrap_or(now);
        Clock { now, fiscal_start, week_start }
    }

    fn offset_at(&self, at: DateTime<FixedOffset>) -> FixedOffset {
        at.with_timezone(&self.zone).offset().fix()
    }

    /// A moment a person named: a day is its beginning, today is now.
    pub fn moment(&self, text: &str) -> Result<DateTime<FixedOffset>, Problem> {
        let offset = *self.now.offset();
        Ok(match query::parse_instant(text, &self.clock())? {
            query::Instant::Day(day) if day == self.today => self.now,
            query::Instant::Day(day) => local(offset, day.and_hms_opt(0, 0, 0).unwrap_or_default()),
            query::Instant::Local(at) => local(offset, at),
            query::Instant::Exact(at) => at.with_timezone(&offset),
        })
    }

    /// A text of the bundle.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.locale.text(id, args)
    }

    /// Says a sentence on stderr.
    pub fn say(&self, id: &str, args: &[(&str, &str)]) {
        for line in self.text(id, args).lines() {
            self.ui.note(line);
        }
    }

    /// Shows what goes through with a warning.
    pub fn warn(&self, problems: &[Problem]) {
        let word = self.text("word-warning", &[]);
        for problem in problems {
            self.ui.note(&format!("{word}: {}", super::error::located(&self.locale, problem)));
        }
    }

    /// Whether a person can be asked.
    pub fn can_ask(&self) -> bool {
        let (_, stderr, stdin) = terminals();
        stderr
            && stdin
            && !self.environment.has("CRM_NO_INPUT")
            && !self.environment.has("CI")
            && !self.globals.no_input
    }

    /// Asks for a line of text; nothing where nobody can be asked or nothing is said.
    pub fn ask(&self, id: &str) -> Result<Option<String>, Failure> {
        if !self.can_ask() {
            return Ok(None);
        }
        self.ui.stderr(&self.text(id, &[]));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        Ok(Some(answer.trim().to_owned()).filter(|text| !text.is_empty()))
    }

    /// Asks a yes-or-no question; without a terminal it must have been answered by a flag.
    pub fn confirm(&self, id: &str, args: &[(&str, &str)], flag: &'static str) -> Result<(), Failure> {
        if self.globals.yes {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(Problem::usage("needs-answer")
                .arg("question", self.text(id, args))
                .arg("flag", flag)
                .into());
        }
        self.ui.stderr(&format!("{} [y/N]", self.text(id, args)));
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是") {
            return Ok(());
        }
        Err(Failure::new(Exit::Usage, Problem::usage("declined")))
    }
}

impl Context {
    /// The verb that runs.
    pub fn verb(&self) -> String {
        self.verb.borrow().clone()
    }

    /// Remembers the verb that runs.
    pub fn set_verb(&self, verb: &str) {
        verb.clone_into(&mut self.verb.borrow_mut());
    }

    /// The mirror in step with the files, as the acting user may see it, for reading; a cold build
    /// shows its progress.
    pub fn mirror(&self) -> Result<Ref<'_, Mirror>, Failure> {
        self.mirror_of(&[])
    }

    /// The mirror in step with the files of these types, for what reads no others.
    pub fn mirror_of(&self, nouns: &[&str]) -> Result<Ref<'_, Mirror>, Failure> {
        match self.reading()? {
            None => self.whole_mirror_of(nouns),
            // Whose a record is may stand in a record of another type.
            Some(reading) => {
                drop(self.whole_mirror_of(&[])?);
                self.store()?.narrowed(&reading.sight)
            }
        }
    }

    /// The mirror of the whole store, whoever asks: for what checks it.
    pub fn whole_mirror(&self) -> Result<Ref<'_, Mirror>, Failure> {
        self.whole_mirror_of(&[])
    }

    fn whole_mirror_of(&self, nouns: &[&str]) -> Result<Ref<'_, Mirror>, Failure> {
        let bar = self.progress("progress-mirror", 0);
        let mirror = self.store()?.mirror_of(self, nouns, &mut |done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        });
        bar.finish();
        mirror
    }

    /// The mirror of the whole store in step with the files, for what builds an index in it.
    pub fn mirror_mut(&self) -> Result<RefMut<'_, Mirror>, Failure> {
        drop(self.whole_mirror()?);
        self.store()?.mirror_mut()
    }

    /// The commit that a revision, a day or a moment means.
    pub fn revision(&self, text: &str) -> Result<ObjectId, Failure> {
        self.store()?.revision(text, &|text| {
            Ok(match query::parse_instant(text, &self.clock())? {
                // As of a day means its end.
                query::Instant::Day(day) => {
                    let end = day.and_hms_opt(23, 59, 59).unwrap_or_default();
                    local(*self.now.offset(), end).timestamp()
                }
                _ => self.moment(text)?.timestamp(),
            })
        })
    }

    /// The acting user of a command that only reads.
    pub fn reader(&self) -> Result<Actor, Failure> {
        let mirror = self.whole_mirror()?;
        let view = super::store::Everything::new(self.store()?, &mirror);
        self.actor(&view)
    }

    /// A progress bar on stderr when that is a terminal; invisible until a second has passed.
    pub fn progress(&self, id: &str, total: usize) -> Bar {
        let (_, stderr, _) = terminals();
        Bar::new(stderr && !self.ui.quiet, &self.text(id, &[]), total)
    }

    /// A time on the wall clock of the company's zone.
    pub fn at_company(&self, at: chrono::NaiveDateTime) -> DateTime<FixedOffset> {
        match self.company_zone.from_local_datetime(&at).earliest() {
            Some(moment) => moment.with_timezone(&moment.offset().fix()),
            None => local(*self.now.offset(), at),
        }
    }

    /// Now, with the offset of a zone.
    pub fn now_in(&self, zone: &str) -> Result<DateTime<FixedOffset>, Problem> {
        let now = self.now.with_timezone(&parse_zone(zone)?);
        Ok(now.with_timezone(&now.offset().fix()))
    }

    /// What views and functions of the mirror depend on.
    pub fn sql_moment(&self) -> Moment {
        let zone = self.zone;
        let day_of =
            std::sync::Arc::new(move |at: DateTime<FixedOffset>| at.with_timezone(&zone).date_naive());
        Moment { day_of, zone_of: Some(std::sync::Arc::new(zone_of)), ..Moment::new(self.clock()) }
    }

    /// The same run inside another store, as another user and without a word.
    pub fn within(&self, dir: &Path, user: &str) -> Result<Self, Failure> {
        let schema = Schema::new(read_settings(dir)?)?;
        let store = Store::open(dir, schema.clone())?;
        let ui = Ui {
            format: None,
            output: None,
            quiet: true,
            printed: std::cell::Cell::new(false),
            ..self.ui.clone()
        };
        Ok(Self {
            environment: self.environment.clone(),
            ui: Ui { muted: true, ..ui },
            locale: Locale::new(self.locale.language),
            globals: Globals { acting: Some(user.to_owned()), ..self.globals.clone() },
            company_zone: parse_zone(schema.settings.text("company.timezone"))?,
            schema,
            root: Some(dir.to_owned()),
            around: self.around.clone(),
            store: Some(store),
            missing: None,
            zone: self.zone,
            now: self.now,
            today: self.today,
            verb: RefCell::default(),
            hand: super::signing::Hand::default(),
            seen: std::cell::OnceCell::new(),
            parts: RefCell::default(),
            access: Access::trusted(),
        })
    }

    /// The same with a voice again.
    #[must_use]
    pub fn loud(mut self, like: &Self) -> Self {
        self.ui = like.ui.clone();
        self
    }
}

fn local(offset: FixedOffset, at: chrono::NaiveDateTime) -> DateTime<FixedOffset> {
    offset
        .from_local_datetime(&at)
        .single()
        .unwrap_or_else(|| DateTime::from_naive_utc_and_offset(at, offset))
}

/// The zone of an IANA name, as working time asks it.
fn zone_of(name: &str) -> Option<crate::model::working_time::Zone> {
    let zone: Tz = name.parse().ok()?;
    Some(std::sync::Arc::new(move |at| zone.offset_from_utc_datetime(&at).fix().local_minus_utc()))
}

pub(super) fn parse_zone(name: &str) -> Result<Tz, Problem> {
    name.parse().map_err(|_| Problem::usage("bad-zone").arg("value", name))
}

/// Now in the company's zone, and today in the report zone; `CRM_NOW` and `CRM_TODAY` fix them.
#[expect(clippy::disallowed_methods, reason = "the one place that asks what time it is")]
fn moment(
    environment: &Environment,
    company: Tz,
    zone: Tz,
) -> Result<(DateTime<FixedOffset>, NaiveDate), Failure> {
    let bad =
        |value: &str, name: &str| Problem::usage("bad-environment").arg("name", name).arg("value", value);
    let now = match environment.get("CRM_NOW") {
        Some(text) => {
            DateTime::parse_from_rfc3339(text).map_err(|_| bad(text, "CRM_NOW"))?.with_timezone(&Utc)
        }
        None => Utc::now(),
    };
    let now = now.with_timezone(&company);
    let seconds = now.timestamp();
    let now = DateTime::from_timestamp(seconds, 0).map_or(now, |at| at.with_timezone(&company));
    let fixed = now.with_timezone(&now.offset().fix());
    let today = match environment.get("CRM_TODAY") {
        Some(text) => text.parse().map_err(|_| bad(text, "CRM_TODAY"))?,
        None => now.with_timezone(&zone).date_naive(),
    };
    let fixed = if environment.has("CRM_TODAY") && !environment.has("CRM_NOW") {
        local(*fixed.offset(), today.and_time(fixed.time()))
    } else {
        fixed
    };
    Ok((fixed, today))
}

fn globals(environment: &Environment, settings: &Settings, matches: &ArgMatches) -> Result<Globals, Failure> {
    let timeout =
        flag(matches, "lock-timeout").or_else(|| environment.get("CRM_LOCK_TIMEOUT").map(str::to_owned));
    let lock_timeout = seconds(timeout.as_deref().or(settings.own("lock_timeout")).unwrap_or_default())?;
    Ok(Globals {
        dry_run: matches.get_flag("dry-run"),
        yes: matches.get_flag("yes"),
        no_input: matches.get_flag("no-input"),
        keep_going: matches.get_flag("keep-going"),
        acting: flag(matches, "as").or_else(|| environment.get("CRM_USER").map(str::to_owned)),
        lock_timeout,
        allow_network_fs: matches.get_flag("allow-network-fs"),
        secrets: match flag(matches, "password-file") {
            _ if matches.get_flag("password-stdin") => Source::Stdin,
            Some(path) => Source::File(PathBuf::from(path)),
            None => Source::Terminal,
        },
        gateway: None,
    })
}

/// A waiting time: seconds, or a number with `s`, `m` or `h`.
fn seconds(text: &str) -> Result<Duration, Problem> {
    let seconds = patience(text).ok_or_else(|| Problem::usage("bad-duration").arg("value", text))?;
    Ok(Duration::from_secs(seconds))
}

pub(super) fn flag(matches: &ArgMatches, name: &str) -> Option<String> {
    matches.get_one::<String>(name).cloned()
}

fn ui(
    environment: &Environment,
    settings: &Settings,
    locale: &Locale,
    matches: &ArgMatches,
) -> Result<Ui, Failure> {
    let output = flag(matches, "output").map(PathBuf::from);
    let named = flag(matches, "format").or_else(|| environment.get("CRM_FORMAT").map(str::to_owned));
    // Who usually wants another format still wants a file as its name says.
    let usual = || settings.own("format").filter(|_| output.is_none()).map(str::to_owned);
    let named = named.or_else(usual);
    // Formats of files that `export` alone writes, and no answer has.
    let exports = matches.subcommand_name() == Some("export");
    let own = super::commands::export_all::OWN_FORMATS;
    let named = named.filter(|name| !(exports && own.contains(&name.as_str())));
    let format = match named {
        Some(name) => Some(Format::from_name(&name).ok_or_else(|| {
            Problem::usage("bad-format")
                .arg("value", &name)
                .legal(Format::names())
                .candidates(query::nearest(&name, &Format::names()))
        })?),
        None => output
            .as_ref()
            .and_then(|path| path.extension())
            .and_then(|ending| Format::from_extension(&ending.to_string_lossy())),
    };
    let (stdout, stderr, _) = terminals();
    let own = settings.own("color");
    let colour = |terminal: bool| -> Result<bool, Problem> {
        Ok(match flag(matches, "color").as_deref() {
            Some("always") => true,
            Some("never") => false,
            None | Some("auto") => {
                let asked = flag(matches, "color").is_some();
                if environment.has("NO_COLOR") || environment.get("TERM") == Some("dumb") {
                    false
                } else if environment.get("CLICOLOR_FORCE").is_some_and(|v| v != "0") {
                    true
                } else if let (Some(own @ ("always" | "never")), false) = (own, asked) {
                    own == "always"
                } else {
                    terminal && environment.get("CLICOLOR") != Some("0")
                }
            }
            Some(other) => {
                return Err(Problem::usage("bad-color")
                    .arg("value", other)
                    .legal(["auto", "always", "never"]));
            }
        })
    };
    let labels = match flag(matches, "labels").as_deref().or(settings.own("labels")) {
        None | Some("auto") => Labels::Auto,
        Some("code") => Labels::Code,
        Some("label") => Labels::Label,
        Some(other) => {
            return Err(Problem::usage("bad-labels")
                .arg("value", other)
                .legal(["auto", "code", "label"])
                .into());
        }
    };
    let word = |id: &str| locale.text(id, &[]);
    // A chart fills these in, as only it knows the numbers.
    let holes = ["shown", "all", "rest"].map(|name| (name, format!("{{{name}}}")));
    let chart_word = |id: &str| locale.text(id, &holes.each_ref().map(|(name, hole)| (*name, hole.as_str())));
    let style = Style {
        width: stdout.then(screen_columns).flatten(),
        colour: colour(stdout)?,
        terminal: stdout,
        header: !matches.get_flag("no-header"),
        bom: matches.get_flag("bom"),
        excel_safe: matches.get_flag("excel-safe"),
        labels,
        envelope: matches.get_flag("envelope"),
        language: locale.language.tag().to_owned(),
        words: Words {
            yes: word("word-yes"),
            no: word("word-no"),
            total: word("word-total"),
            row: word("word-row"),
            rows: word("word-rows"),
            provenance: word("word-provenance"),
            chart_largest: chart_word("chart-largest"),
            chart_latest: chart_word("chart-latest"),
            chart_first: chart_word("chart-first"),
            chart_rest: chart_word("chart-rest"),
            chart_others: word("chart-others"),
            chart_empty: word("chart-empty"),
        },
        ..Style::default()
    };
    let json =
        matches!(format, Some(Format::Json | Format::Jsonl)) || environment.get("CRM_ERRORS") == Some("json");
    let pager = environment.get("CRM_PAGER").or_else(|| environment.get("PAGER"));
    let pager = pager.or(settings.own("pager")).unwrap_or_default();
    Ok(Ui {
        format,
        style,
        output,
        quiet: matches.get_flag("quiet"),
        verbose: matches.get_flag("verbose"),
        stderr_colour: colour(stderr)?,
        pager: (pager != "cat").then(|| pager.to_owned()),
        json_errors: json,
        muted: false,
        printed: std::cell::Cell::new(false),
    })
}

/// What a writing command was given beside its own flags.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    pub key: Option<String>,
    pub if_match: Option<String>,
    pub on: Option<DateTime<FixedOffset>>,
    pub reason: Option<String>,
    pub allow: BTreeSet<String>,
    /// What tells two payloads of one key apart.
    pub payload: BTreeMap<String, Vec<String>>,
}

impl Writing {
    /// The writing flags of a command.
    pub fn from(context: &Context, matches: &ArgMatches) -> Result<Self, Failure> {
        let text = |name: &str| matches.try_get_one::<String>(name).ok().flatten().cloned();
        let on = text("on").map(|text| context.moment(&text)).transpose()?;
        let allow =
            ["allow-duplicate", "allow-over", "override", "reassign", "accept-expired", "force", "keep-sla"]
                .into_iter()
                .filter(|name| matches.try_get_one::<bool>(name).ok().flatten() == Some(&true))
                .map(str::to_owned)
                .collect::<BTreeSet<String>>();
        let reason = text("reason");
        if allow.contains("override") && reason.is_none() {
            return Err(Problem::usage("reason-needed").arg("verb", "--override").into());
        }
        Ok(Self {
            key: text("key"),
            if_match: text("if-match"),
            on,
            reason,
            allow,
            payload: payload(matches),
        })
    }
}

/// Every flag and argument of a command but those that do not change what it does.
fn payload(matches: &ArgMatches) -> BTreeMap<String, Vec<String>> {
    const APART: &[&str] = &[
        "key",
        "format",
        "output",
        "lang",
        "labels",
        "color",
        "tz",
        "no-header",
        "bom",
        "excel-safe",
        "envelope",
        "dry-run",
        "no-input",
        "yes",
        "quiet",
        "verbose",
        "keep-going",
        "lock-timeout",
        "allow-network-fs",
        "directory",
        "if-match",
        "password-stdin",
        "password-file",
    ];
    matches
        .ids()
        .map(clap::Id::as_str)
        .filter(|id| !APART.contains(id))
        .filter_map(|id| {
            let values = matches.try_get_raw(id).ok().flatten()?;
            let values = values.map(|v| v.to_string_lossy().into_owned()).collect();
            Some((id.to_owned(), values))
        })
        .collect()
}
