//! A store in memory for the tests of reports: records from compact rows, and what a report answers
//! as csv.

use chrono::Weekday;

use super::{Question, built_in, run};
use crate::mirror::fake::{Fake, record, rows};
use crate::mirror::{Mirror, Moment};
use crate::model::record::{Doc, Moved};
use crate::model::schema::{Schema, Settings};
use crate::query::{Clock, parse_condition};
use crate::table::Cell;

/// Names and values as in `amount=100 stage=won`; a value with spaces stands in quotes.
fn fields(text: &str) -> Vec<(&str, &str)> {
    let mut all = Vec::new();
    let mut rest = text.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').expect("the end of a quoted value"),
            None => after.split_once(' ').unwrap_or((after, "")),
        };
        all.push((name, value));
        rest = left.trim();
    }
    all
}

/// The store, and when it is looked at: 10 March 2026 at ten o'clock.
pub(super) struct Bench {
    docs: Vec<Doc>,
    now: &'static str,
}

impl Bench {
    /// A store with the pipeline `sales`: `first`, `second`, `third`, `won`, `lost`, with chances 10,
    /// 50, 75 and 10, 20, 30 days without touch.
    pub fn new() -> Self {
        let mut bench = Self { docs: Vec::new(), now: "2026-03-10T10:00:00+08:00" };
        bench.add("pipeline", "sales", "name=Sales default=true");
        bench.rows("stages", "code=first type=open probability=10 rot_days=10");
        bench.rows("stages", "code=second type=open probability=50 rot_days=20");
        bench.rows("stages", "code=third type=open probability=75 rot_days=30");
        bench.rows("stages", "code=won type=won probability=100");
        bench.rows("stages", "code=lost type=lost probability=0");
        bench
    }

    /// Adds a record: fields over what its type needs, as in `amount=100 stage=won`.
    pub fn add(&mut self, noun: &str, id: &str, text: &str) -> &mut Self {
        let usual: &[(&str, &str)] = match noun {
            "opportunity" => &[
                ("name", "Deal"),
                ("customer", "cus_a"),
                ("pipeline", "sales"),
                ("stage", "first"),
                ("amount", "1000"),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("close_date", "2026-12-31"),
                ("owner", "li.na"),
            ],
            "order" => &[
                ("number", "SO-1"),
                ("customer", "cus_a"),
                ("owner", "li.na"),
                ("status", "confirmed"),
                ("date", "2026-01-30"),
                ("currency", "CNY"),
                ("fx_rate", "1"),
                ("price_mode", "tax_excl"),
            ],
            "invoice" => &[
                ("kind", "invoice"),
                ("number", "INV-1"),
                ("customer", "cus_a"),
                ("date", "2026-01-01"),
                ("due_date", "2026-01-31"),
                ("currency", "CNY"),
                ("fx_rate", "1"),
            ],
            "lead" => &[("name", "Lead"), ("source", "website"), ("status", "new"), ("currency", "CNY")],
            "followup" => &[("kind", "call"), ("status", "done"), ("owner", "li.na"), ("direction", "out")],
            "customer" | "competitor" | "campaign" | "team" | "region" | "product" | "user" => {
                &[("name", id)]
            }
            _ => &[],
        };
        let mut given = fields(text);
        let total = given.iter().find(|(name, _)| *name == "total").map(|(_, total)| *total);
        if let Some(total) = total.filter(|_| noun == "invoice") {
            given.extend([("net_total", total), ("tax_total", "0")]);
        }
        let kind = crate::model::kinds::KINDS.iter().find(|kind| kind.name == noun).expect("a declared noun");
        let usual = usual.iter().filter(|(name, _)| kind.field(name).is_some());
        let kept = usual.filter(|(name, _)| !given.iter().any(|(other, _)| other == name)).copied();
        let all: Vec<(&str, &str)> = kept.chain(given.iter().copied()).collect();
        self.docs.push(record(noun, id, &all));
        self
    }

    /// Adds a child row to the record added last.
    pub fn rows(&mut self, field: &str, text: &str) -> &mut Self {
        let doc = self.docs.pop().expect("a record before its rows");
        let mut known = match doc.get(field) {
            Some(crate::model::record::Value::Rows(known)) => known.clone(),
            _ => Vec::new(),
        };
        let mut doc = rows(doc, field, &[&fields(text)]);
        if let Some(crate::model::record::Value::Rows(new)) = doc.get(field) {
            known.extend(new.iter().cloned());
        }
        doc.set(field, Some(crate::model::record::Value::Rows(known)));
        self.docs.push(doc);
        self
    }

    /// Lets the state of the record added last have moved on a day, at nine o'clock.
    pub fn moved(&mut self, day: &str, from: &str, to: &str) -> &mut Self {
        self.changed(day, None, from, to)
    }

    /// Lets a tracked field of the record added last have changed on a day.
    pub fn changed(&mut self, day: &str, field: Option<&str>, from: &str, to: &str) -> &mut Self {
        self.changed_at(&format!("{day}T09:00:00+08:00"), field, from, to)
    }

    /// The same at an instant.
    pub fn changed_at(&mut self, at: &str, field: Option<&str>, from: &str, to: &str) -> &mut Self {
        let doc = self.docs.last_mut().expect("a record before its history");
        doc.history.push(Moved {
            at: at.parse().expect("an instant"),
            by: "li.na".to_owned(),
            field: field.map(str::to_owned),
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            reason: None,
        });
        self
    }

    /// What a report answers: `from`, `to`, `period`, `as-of`, `where`, `compare`, `limit`, `total`,
    /// `roll-up` and parameters as in `by=owner from=2026-01-01`. The first line are the columns,
    /// without currency and the names beside ids; the total stands last.
    pub fn run(&self, name: &str, line: &str) -> String {
        self.ask(name, line).unwrap_or_else(|problem| panic!("{}: {:?}", problem.id, problem))
    }

    /// The types of record that a report looks at, asked as in [`Bench::run`].
    pub fn reading(&self, name: &str, by: &str) -> Option<Vec<&'static str>> {
        let (_, clock, mirror) = self.built();
        let reports = built_in().expect("sound reports");
        let report = reports.iter().find(|r| r.front.name == name).expect("a report");
        let params = [("by".to_owned(), by.to_owned())].into();
        let question = Question { params, ..Question::default() };
        let asked = question.asked(report, &clock, ("CNY", 2)).expect("a question");
        let nouns = super::reading(&mirror, report, &asked).expect("a select");
        nouns.map(|nouns| nouns.into_iter().collect())
    }

    fn built(&self) -> (Schema, Clock, Mirror) {
        let schema = Schema::new(Settings::default()).expect("the declared types");
        let clock = Clock {
            now: self.now.parse().expect("an instant"),
            fiscal_start: (1, 1),
            week_start: Weekday::Mon,
        };
        let mut store = Fake::default();
        store.commit("one", self.docs.clone());
        let mut mirror = Mirror::in_memory(&schema, Moment::new(clock)).expect("memory");
        mirror.follow_head(&store, &mut |_, _| {}).expect("a build");
        (schema, clock, mirror)
    }

    /// The same, where it may be refused.
    pub fn ask(&self, name: &str, line: &str) -> Result<String, crate::model::Problem> {
        let (_, clock, mirror) = self.built();
        assert_eq!(mirror.broken_of(&[]).expect("a list"), []);
        let mut question = Question::default();
        for (key, value) in fields(line) {
            let text = Some(value.to_owned());
            match key {
                "from" => question.from = text,
                "to" => question.to = text,
                "period" => question.period = text,
                "compare" => question.compare = text,
                "as-of" => question.as_of = Some(value.parse().expect("a day")),
                "limit" => question.limit = Some(value.parse().expect("a number")),
                "total" => question.total = value == "true",
                "roll-up" => question.roll_up = value == "true",
                "where" => question.conditions.push(parse_condition(value)?),
                _ => {
                    question.params.insert(key.to_owned(), value.to_owned());
                }
            }
        }
        let reports = built_in()?;
        let report = reports.iter().find(|r| r.front.name == name).expect("a report");
        if report.front.params.iter().any(|p| p.name == "compare") {
            question.params.extend(question.compare.take().map(|how| ("compare".to_owned(), how)));
        }
        let asked = question.asked(report, &clock, ("CNY", 2))?;
        mirror.set_moment(Moment::new(clock).as_of(asked.as_of));
        let table = run(&mirror, report, &asked)?.table;
        let columns = table.columns.iter();
        let wanted: Vec<bool> = columns.map(|c| c.code != "currency" && !c.code.ends_with("_name")).collect();
        let header: Vec<String> = table.columns.iter().map(|c| c.code.clone()).collect();
        let line = |cells: &[String]| {
            let kept =
                cells.iter().zip(&wanted).filter(|(_, wanted)| **wanted).map(|(cell, _)| cell.as_str());
            kept.collect::<Vec<_>>().join(",")
        };
        let mut lines = vec![line(&header)];
        for row in table.rows.iter().chain(&table.total) {
            lines.push(line(&row.iter().map(shown).collect::<Vec<_>>()));
        }
        Ok(lines.join("\n"))
    }
}

fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Null => String::new(),
        Cell::Text(text) | Cell::Code { code: text, .. } => text.clone(),
        Cell::Bool(flag) => flag.to_string(),
        Cell::Int(int) => int.to_string(),
        Cell::Dec(dec) => dec.to_string(),
        Cell::Day(day) => day.to_string(),
        Cell::Instant(at) => at.to_rfc3339(),
        Cell::List(cells) => cells.iter().map(shown).collect::<Vec<_>>().join(";"),
        Cell::Rows(rows) => rows.len().to_string(),
    }
}
