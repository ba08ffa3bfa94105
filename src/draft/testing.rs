//! A small store for the tests of the operations, and short ways to ask it.

use rust_decimal::Decimal;

use super::{Actor, ChangeSet, Draft, Setting, complete, plain};
use crate::model::Problem;
use crate::model::record::{Doc, Kind, Value};
use crate::model::schema::Schema;
use crate::rules::memory::Memory;
use crate::rules::{Change, Judge, View, judge};

/// A store and who works with it.
#[derive(Debug)]
pub struct Bench {
    pub store: Memory,
    pub setting: Setting,
    /// Ids given out by earlier writes.
    made: usize,
}

/// The store with the numbers it has used, as an index knows them.
struct Indexed<'a>(&'a Memory);

impl View for Indexed<'_> {
    fn schema(&self) -> &Schema {
        self.0.schema()
    }
    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        self.0.get(kind, id)
    }
    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        self.0.find(noun, field, value)
    }
    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        self.0.referring(id)
    }
    fn next_number(&self, noun: &str, prefix: &str) -> Result<u64, Problem> {
        let docs = self.0.docs().filter(|doc| doc.kind.name == noun);
        Ok(docs.filter_map(|doc| complete::sequence(doc.text("number")?, prefix)).max().unwrap_or(0) + 1)
    }
}

const SETTINGS: &[(&str, &[&str])] = &[
    ("tax.price_mode", &["tax_incl"]),
    ("stock.warehouses", &["main", "futian"]),
    ("rates.USD.2026-01-01", &["7.1000"]),
    ("rates.JPY.2026-01-01", &["0.0470"]),
];

impl Bench {
    /// On 2026-03-10 at ten, li.na works with a store of a few records.
    pub fn new() -> Self {
        let now = chrono::DateTime::parse_from_rfc3339("2026-03-10T10:00:00+08:00").expect("an instant");
        let id = "li.na".to_owned();
        let setting = Setting {
            actor: Actor {
                id,
                name: "李娜".to_owned(),
                email: "li.na@lvxing.example".to_owned(),
                narrowed: None,
            },
            now,
            today: now.date_naive(),
            on: now,
            reason: None,
            allow: std::collections::BTreeSet::new(),
        };
        let mut bench = Self { store: Memory::new(SETTINGS).expect("sound settings"), setting, made: 0 };
        bench.people();
        bench.goods();
        bench
    }

    fn people(&mut self) {
        let store = &mut self.store;
        store.add("region", "south", &[("name", "华南"), ("provinces", "广东")]);
        store.add("region", "shenzhen", &[("name", "深圳"), ("parent", "south"), ("cities", "深圳")]);
        store.add("team", "shenzhen-sales", &[("name", "深圳销售")]);
        store.add("role", "sales", &[("name", "销售"), ("discount_max", "3")]);
        store.add("role", "manager", &[("name", "经理"), ("discount_max", "5"), ("approve_max", "10")]);
        store.add(
            "user",
            "li.na",
            &[("name", "李娜"), ("status", "active"), ("roles", "sales"), ("team", "shenzhen-sales")],
        );
        store.add("user", "wang.wei", &[("name", "王伟"), ("status", "active"), ("roles", "manager;sales")]);
        store.add("user", "zhao.min", &[("name", "赵敏"), ("status", "active"), ("region", "south")]);
        store.add("user", "gone", &[("name", "离"), ("status", "left")]);
        let haina = [
            ("kind", "company"),
            ("name", "海纳物流"),
            ("province", "广东"),
            ("city", "深圳"),
            ("street", "科技园路 18 号"),
            ("region", "shenzhen"),
            ("status", "normal"),
            ("payment_days", "45"),
            ("currency", "CNY"),
            ("owner", "li.na"),
        ];
        store.add("customer", "cus_haina", &haina);
        store.add(
            "customer",
            "cus_tokyo",
            &[("name", "東京"), ("kind", "company"), ("currency", "JPY"), ("status", "normal")],
        );
        let dealer = [("name", "经销"), ("kind", "dealer"), ("price_level", "dealer"), ("status", "normal")];
        store.add("customer", "cus_dealer", &dealer);
        let under = [("name", "分店"), ("kind", "company"), ("parent", "cus_dealer"), ("status", "normal")];
        store.add("customer", "cus_under", &under);
        let wang = [("name", "王"), ("customer", "cus_haina"), ("primary", "true")];
        store.add("contact", "con_wang", &wang);
        store.add("lead", "lea_chen", &[("name", "陈晓明"), ("source", "web"), ("status", "new")]);
        store.add(
            "campaign",
            "spring-live",
            &[("name", "春季直播"), ("kind", "event"), ("status", "active")],
        );
        let ticket = [
            ("number", "TK-2026-0031"),
            ("subject", "空调异响"),
            ("customer", "cus_haina"),
            ("status", "new"),
        ];
        store.add("ticket", "tic_k", &ticket);
    }

    fn goods(&mut self) {
        let store = &mut self.store;
        let stages = [
            ("name", "销售"),
            ("default", "true"),
            ("stages.code", "qualification"),
            ("stages.type", "open"),
            ("stages.probability", "10"),
            ("stages.code", "won"),
            ("stages.type", "won"),
            ("stages.probability", "100"),
        ];
        store.add("pipeline", "sales", &stages);
        for (sku, kind, price, inclusive, cost, status) in [
            ("HAN-EV-610", "good", "233500.00", "true", Some("176000.00"), "active"),
            ("MAT", "good", "100.00", "false", Some("60.00"), "active"),
            ("SETUP", "service", "500.00", "true", None, "active"),
            ("OLD-1", "good", "9.00", "true", None, "discontinued"),
        ] {
            let mut fields = vec![
                ("name", sku),
                ("kind", kind),
                ("unit", "piece"),
                ("price", price),
                ("currency", "CNY"),
                ("price_includes_tax", inclusive),
                ("tax_rate", "13"),
                ("status", status),
            ];
            fields.extend(cost.map(|cost| ("cost", cost)));
            store.add("product", sku, &fields);
        }
    }

    /// Adds the order `ord_k` of 海纳物流 with lines `line-0`, `line-1` … of SKU and quantity, at
    /// 100.00 each without tax, and the goods for it.
    pub fn order(&mut self, status: &str, lines: &[(&str, &str)]) {
        let names: Vec<String> = (0..lines.len()).map(|place| format!("line-{place}")).collect();
        let mut fields = vec![
            ("number", "SO-2026-0001"),
            ("date", "2026-03-01"),
            ("customer", "cus_haina"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("price_mode", "tax_excl"),
            ("tax_rounding", "line"),
            ("owner", "li.na"),
            ("status", status),
        ];
        for ((sku, qty), id) in lines.iter().zip(&names) {
            fields.extend([
                ("lines.id", id.as_str()),
                ("lines.product", sku),
                ("lines.name", sku),
                ("lines.qty", qty),
                ("lines.list_price", "100.00"),
                ("lines.price", "100.00"),
                ("lines.tax_rate", "0"),
            ]);
        }
        self.store.add("order", "ord_k", &fields);
        for (sku, _) in lines.iter().filter(|(sku, _)| *sku != "SETUP") {
            self.stock(sku, "50", "2026-01-01");
        }
    }

    /// Adds the confirmed order `ord_kkkkkkkkkkkk` of 海纳物流 with lines `kkkkkk`, `llllll` … of SKU,
    /// quantity and price, 13 % tax on top, and what else is given; and the goods for it.
    pub fn sale(&mut self, lines: &[(&str, &str, &str)], more: &[(&str, &str)]) {
        const IDS: [&str; 4] = ["kkkkkk", "llllll", "mmmmmm", "nnnnnn"];
        let mut fields = vec![
            ("number", "SO-2026-0001"),
            ("date", "2026-03-01"),
            ("customer", "cus_haina"),
            ("currency", "CNY"),
            ("fx_rate", "1"),
            ("price_mode", "tax_excl"),
            ("tax_rounding", "line"),
            ("owner", "li.na"),
            ("payment_days", "45"),
            ("status", "confirmed"),
        ];
        for ((sku, qty, price), id) in lines.iter().zip(IDS) {
            fields.push(("lines.id", id));
            if sku.is_empty() {
                fields.push(("lines.name", "Transport"));
            } else {
                fields.extend([("lines.product", *sku), ("lines.name", *sku)]);
            }
            fields.extend([("lines.qty", *qty), ("lines.price", *price), ("lines.tax_rate", "13")]);
        }
        fields.extend(more);
        self.store.add("order", "ord_kkkkkkkkkkkk", &fields);
        for sku in ["HAN-EV-610", "MAT"] {
            self.stock(sku, "50", "2026-01-01");
        }
    }

    /// Adds stock in the main warehouse on a day.
    pub fn stock(&mut self, sku: &str, qty: &str, day: &str) {
        let id = format!("mov_{sku}-{day}");
        let fields =
            [("product", sku), ("qty", qty), ("date", day), ("kind", "receive"), ("warehouse", "main")];
        self.store.add("movement", &id, &fields);
    }

    /// Does what must work, a minute later than the last, and keeps it.
    pub fn write<T>(&mut self, act: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem>) -> T {
        self.try_write(act).unwrap_or_else(|problem| panic!("refused: {problem}"))
    }

    /// Does something a minute later than the last; what is not refused is kept.
    pub fn try_write<T>(
        &mut self,
        act: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let (done, set) = self.run(act)?;
        for change in set.changes {
            match change.new {
                Some(doc) => self.store.put(doc),
                None => drop(self.store.take(&change.doc().path())),
            }
        }
        self.made += 100;
        self.setting.now += chrono::TimeDelta::minutes(1);
        self.setting.on = self.setting.now;
        Ok(done)
    }

    /// Asks a draft over the store.
    pub fn ask<T>(&self, ask: impl FnOnce(&Draft<'_>) -> Result<T, Problem>) -> T {
        match self.run(|draft| ask(draft)) {
            Ok((answer, _)) => answer,
            Err(problem) => panic!("refused: {problem}"),
        }
    }

    /// What a command amounts to that must work, and that the rules let pass.
    pub fn with(&self, act: impl FnOnce(&mut Draft<'_>) -> Result<(), Problem>) -> ChangeSet {
        match self.run(act) {
            Ok(((), set)) => set,
            Err(problem) => panic!("refused: {problem}"),
        }
    }

    /// Why a command is refused, by itself or by the rules.
    pub fn refused<T: std::fmt::Debug>(
        &self,
        act: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem>,
    ) -> Problem {
        self.run(act).expect_err("must be refused")
    }

    fn run<T>(
        &self,
        act: impl FnOnce(&mut Draft<'_>) -> Result<T, Problem>,
    ) -> Result<(T, ChangeSet), Problem> {
        let base = Indexed(&self.store);
        let mut ids = ids(self.made);
        let mut draft = Draft::new(&base, &self.setting, &mut ids);
        let done = act(&mut draft)?;
        let changes: Vec<Change> = draft.pending().cloned().collect();
        let allow = draft.setting.allow.clone();
        let by = Judge { allow: &allow, now: self.setting.now, today: self.setting.today };
        let found = judge(&draft, &base, &by, &changes)?;
        match found.into_iter().find(|problem| !problem.warning) {
            Some(problem) => Err(problem),
            None => Ok((done, draft.finish())),
        }
    }
}

/// Ids that follow each other, of the letters that ids are made of.
fn ids(mut made: usize) -> impl FnMut(Option<&str>) -> String {
    move |prefix| {
        made += 1;
        let letter = |place: usize| char::from(b"klmnopqrstuvwxyz"[(made >> (4 * place)) & 15]);
        let letters = |count: usize| (0..count).rev().map(letter).collect::<String>();
        prefix.map_or_else(|| letters(6), |prefix| format!("{prefix}_{}", letters(12)))
    }
}

impl Draft<'_> {
    /// A completed record from texts, not put.
    pub fn new_record(&self, noun: &str, fields: &[(&str, &str)]) -> Result<Doc, Problem> {
        self.completed(self.begun(noun, None, fields))
    }

    /// The same for a type that people name.
    pub fn new_slug(&self, noun: &str, slug: &str, fields: &[(&str, &str)]) -> Result<Doc, Problem> {
        self.completed(self.begun(noun, Some(slug), fields))
    }

    /// A record from texts as flags give it: not filled yet.
    /// # Panics
    /// On a slip of the test.
    pub fn begun(&self, noun: &str, slug: Option<&str>, fields: &[(&str, &str)]) -> Doc {
        let given = Memory::new(&[]).expect("no settings").doc(noun, "given", fields);
        let mut doc = self.make(noun, slug);
        for (name, value) in given.fields {
            if !matches!(name, "id" | "created_at" | "created_by") {
                doc.set(name, Some(value));
            }
        }
        doc
    }

    fn completed(&self, mut doc: Doc) -> Result<Doc, Problem> {
        self.fill(&mut doc);
        complete::complete(self, &mut doc)?;
        Ok(doc)
    }
}

/// A field as plain text, empty where it is absent.
pub fn field(doc: &Doc, name: &str) -> String {
    doc.get(name).map(plain).unwrap_or_default()
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

pub fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

pub fn dec(text: &str) -> Value {
    Value::Dec(number(text))
}
