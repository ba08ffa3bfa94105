//! The record types of one store: the declared ones plus what its settings add.
//!
//! Settings are a flat map from dotted key to texts, so that a default is declared once and
//! `config get` can name every key. Deliberately absent: reading `crm.toml` (see `store::settings`).

use std::collections::BTreeMap;

use super::kinds::KINDS;
use super::problem::Problem;
use super::record::{Card, CodeList, Field, Kind, Marks, Preset, Type};
use super::setting::{Home, SETTINGS, of_user};
use super::value::currency::minor_digits;

/// The settings of a store: dotted key to its values. Behind them stand those of the user's own
/// configuration, where a setting may be there too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    values: BTreeMap<String, Vec<String>>,
    own: BTreeMap<String, Vec<String>>,
}

impl Settings {
    /// Settings from dotted keys and their values.
    pub fn new(values: BTreeMap<String, Vec<String>>) -> Self {
        Self { values, own: BTreeMap::new() }
    }

    /// With the user's own settings behind them.
    #[must_use]
    pub fn with_own(mut self, own: &Self) -> Self {
        let may_be = |key: &&String| of_user(key).is_some();
        self.own =
            own.values.iter().filter(|(key, _)| may_be(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        self
    }

    /// What is written: in `crm.toml`, else in the user's own configuration.
    fn given(&self, key: &str) -> Option<&Vec<String>> {
        self.values.get(key).or_else(|| self.own.get(key))
    }

    /// The value of a key: what is written, else the declared default, else nothing.
    pub fn get(&self, key: &str) -> Option<&str> {
        match self.given(key) {
            Some(values) => values.first().map(String::as_str),
            None => SETTINGS.iter().find(|setting| setting.key == key).map(|setting| setting.default),
        }
        .filter(|value| !value.is_empty())
    }

    /// What `crm.toml` says of a key, whatever else may hold.
    pub fn of_store(&self, key: &str) -> Option<&[String]> {
        self.values.get(key).map(Vec::as_slice)
    }

    /// What the user's own configuration says of a key, whatever else may hold.
    pub fn of_user(&self, key: &str) -> Option<&[String]> {
        self.own.get(key).map(Vec::as_slice)
    }

    /// A setting that only the user's own configuration may hold: what it says, else the default.
    /// What `crm.toml` says under such a key is nobody's business, as it may name programs.
    pub fn own(&self, key: &str) -> Option<&str> {
        let written = self.own.get(key).and_then(|values| values.first()).map(String::as_str);
        let declared = || SETTINGS.iter().find(|setting| setting.key == key && setting.home == Home::Own);
        written.or_else(|| declared().map(|setting| setting.default)).filter(|value| !value.is_empty())
    }

    /// The keys of the user's own configuration.
    pub fn owned(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.own.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// The value of a key that has a default.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).unwrap_or_default()
    }

    /// All values of a list.
    pub fn list(&self, key: &str) -> Vec<&str> {
        match self.given(key) {
            Some(values) => values.iter().map(String::as_str).collect(),
            None => self.get(key).into_iter().collect(),
        }
    }

    /// Whether a switch is on.
    pub fn flag(&self, key: &str) -> bool {
        self.text(key) == "true"
    }

    /// A number.
    pub fn int(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(|text| text.parse().ok())
    }

    /// The keys below a section with their first values, in key order.
    pub fn below(&self, section: &str) -> impl Iterator<Item = (&str, &str)> {
        let prefix = format!("{section}.");
        let mut found: Vec<(&str, &str)> = Vec::new();
        for (key, values) in &self.values {
            found.extend(
                key.strip_prefix(&prefix).map(|key| (key, values.first().map_or("", String::as_str))),
            );
        }
        for (key, values) in self.own.iter().filter(|(key, _)| !self.values.contains_key(*key)) {
            found.extend(
                key.strip_prefix(&prefix).map(|key| (key, values.first().map_or("", String::as_str))),
            );
        }
        found.sort_by_key(|(key, _)| *key);
        found.into_iter()
    }

    /// Every key that `crm.toml` says.
    pub fn written(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.values.iter().map(|(key, values)| (key.as_str(), values.as_slice()))
    }

    /// The company's currency.
    pub fn currency(&self) -> &str {
        self.text("company.currency")
    }

    /// Minor digits of the company's currency.
    pub fn digits(&self) -> u32 {
        minor_digits(self.currency()).unwrap_or(2)
    }

    /// The rate of a currency on a day: base units per unit, the latest on or before it.
    pub fn rate(&self, currency: &str, day: &str) -> Option<&str> {
        if currency == self.currency() {
            return Some("1");
        }
        self.below(&format!("rates.{currency}")).filter(|(from, _)| *from <= day).map(|(_, rate)| rate).last()
    }
}

/// The record types and settings of one store.
#[derive(Clone, Debug)]
pub struct Schema {
    pub settings: Settings,
    kinds: Vec<&'static Kind>,
    codes: BTreeMap<String, Vec<Code>>,
}

/// A code that the settings add to a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub label: Option<String>,
    pub label_zh: Option<String>,
    pub retired: bool,
}

impl Schema {
    /// The declared types extended by the settings. The extended declarations live as long as the
    /// process: one store is open at a time.
    pub fn new(settings: Settings) -> Result<Self, Problem> {
        working_time(&settings, "lead.response")?;
        let mut custom: BTreeMap<&'static str, Vec<Field>> = BTreeMap::new();
        let names: Vec<(String, String)> = settings
            .below("fields")
            .filter_map(|(key, _)| {
                let mut parts = key.splitn(3, '.');
                Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
            })
            .collect();
        for (noun, name) in names {
            let kind = KINDS
                .iter()
                .find(|k| k.name == noun)
                .ok_or_else(|| Problem::invalid("unknown-noun").arg("value", &noun).at("crm.toml", None))?;
            let fields = custom.entry(kind.name).or_default();
            if !fields.iter().any(|f| f.name == name) {
                fields.push(custom_field(&settings, kind, &name)?);
            }
        }
        let kinds = KINDS
            .iter()
            .map(|kind| match custom.remove(kind.name) {
                None => *kind,
                Some(fields) => {
                    let kind = Kind { custom: Box::leak(fields.into_boxed_slice()), ..(*kind).clone() };
                    &*Box::leak(Box::new(kind))
                }
            })
            .collect();
        let codes = added_codes(&settings);
        Ok(Self { settings, kinds, codes })
    }

    /// Every record type, in reading order.
    pub fn kinds(&self) -> &[&'static Kind] {
        &self.kinds
    }

    /// A type by its noun or an alias of it.
    pub fn kind(&self, noun: &str) -> Option<&'static Kind> {
        self.kinds.iter().copied().find(|k| k.name == noun || k.traits.aliases.contains(&noun))
    }

    /// The type of a path inside the store.
    pub fn kind_of_path(&self, path: &str) -> Option<&'static Kind> {
        let folder = path.split('/').next()?;
        self.kinds.iter().copied().find(|k| k.folder == folder)
    }

    /// The type of a generated id.
    pub fn kind_of_id(&self, id: &str) -> Option<&'static Kind> {
        let (prefix, _) = id.split_once('_')?;
        self.kinds.iter().copied().find(|k| k.prefix == prefix)
    }

    /// The codes of a list, those of the settings included.
    pub fn codes(&self, list: &CodeList) -> Vec<&str> {
        let added = self.codes.get(list.name).map(Vec::as_slice).unwrap_or_default();
        list.codes.iter().copied().chain(added.iter().map(|c| c.code.as_str())).collect()
    }

    /// A code that the settings added.
    pub fn added_code(&self, list: &str, code: &str) -> Option<&Code> {
        self.codes.get(list)?.iter().find(|c| c.code == code)
    }

    /// The label of a custom field in a language, where the settings give one.
    pub fn custom_label(&self, kind: &Kind, field: &str, language: &str) -> Option<&str> {
        let key = if language.starts_with("zh") { "label_zh" } else { "label" };
        self.settings.get(&format!("fields.{}.{field}.{key}", kind.name))
    }
}

fn added_codes(settings: &Settings) -> BTreeMap<String, Vec<Code>> {
    let mut lists: BTreeMap<String, Vec<Code>> = BTreeMap::new();
    for (key, value) in settings.below("codes") {
        let mut parts = key.splitn(3, '.');
        let (Some(list), Some(code)) = (parts.next(), parts.next()) else { continue };
        let codes = lists.entry(list.to_owned()).or_default();
        if codes.last().is_none_or(|last| last.code != code) {
            codes.push(Code { code: code.to_owned(), label: None, label_zh: None, retired: false });
        }
        let Some(entry) = codes.last_mut() else { continue };
        match parts.next() {
            Some("label") => entry.label = Some(value.to_owned()),
            Some("label_zh") => entry.label_zh = Some(value.to_owned()),
            Some("retired") => entry.retired = value == "true",
            _ => {}
        }
    }
    lists
}

/// Refuses a setting that counts working time in days: one of these has no fixed length.
fn working_time(settings: &Settings, key: &str) -> Result<(), Problem> {
    let value = settings.text(key);
    match super::value::parse_duration(value) {
        Ok(length) if length.minutes().is_some() => Ok(()),
        _ => Err(Problem::invalid("bad-working-time")
            .arg("field", key)
            .arg("value", value)
            .at("crm.toml", None)),
    }
}

fn custom_field(settings: &Settings, kind: &Kind, name: &str) -> Result<Field, Problem> {
    let key = |part: &str| settings.get(&format!("fields.{}.{name}.{part}", kind.name)).map(str::to_owned);
    let refuse = |id: &'static str, value: &str| {
        Problem::invalid(id)
            .arg("field", format!("{}.{name}", kind.name))
            .arg("value", value)
            .at("crm.toml", None)
    };
    if kind.field(name).is_some()
        || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        return Err(refuse("bad-custom-field", name));
    }
    let written = key("type").unwrap_or_else(|| "string".to_owned());
    let (single, many) = match written.split_once(' ') {
        Some(("set", rest)) => (rest.to_owned(), Some(Card::Set)),
        Some(("list", rest)) => (rest.to_owned(), Some(Card::List)),
        _ => (written.clone(), None),
    };
    let ty = match single.as_str() {
        "string" | "text" => Type::Text,
        "prose" => Type::Prose,
        "bool" => Type::Bool,
        "int" => Type::Int,
        "dec" => Type::Dec,
        "qty" => Type::Qty,
        "pct" => Type::Pct,
        "money" => Type::Money,
        "price" => Type::Price,
        "currency" => Type::Currency,
        "country" => Type::Country,
        "day" => Type::Day,
        "instant" => Type::Instant,
        "dur" => Type::Dur,
        "phone" => Type::Phone,
        "email" => Type::Email,
        "url" => Type::Url,
        "code" => Type::Code(leak_list(settings, kind, name)),
        "ref" => {
            Type::Ref(leak_ref(&key("ref").unwrap_or_default()).ok_or_else(|| refuse("unknown-noun", ""))?)
        }
        other => return Err(refuse("bad-custom-type", other)),
    };
    let preset = key("default").map_or(Preset::None, |text| Preset::Is(leak(text)));
    let card = match (many, key("required").as_deref()) {
        (Some(card), _) => card,
        (None, Some("true")) => Card::Required,
        (None, _) => Card::Optional,
    };
    let marks = Marks { custom: true, unique: key("unique").as_deref() == Some("true"), ..Marks::NONE };
    let doc = key("label").unwrap_or_else(|| name.to_owned());
    Ok(Field { name: leak(name.to_owned()), doc: leak(doc), group: "custom", ty, card, preset, marks })
}

fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

fn leak_ref(noun: &str) -> Option<&'static [&'static str]> {
    let kind = KINDS.iter().find(|k| k.name == noun)?;
    Some(Box::leak(vec![kind.name].into_boxed_slice()))
}

fn leak_list(settings: &Settings, kind: &Kind, name: &str) -> &'static CodeList {
    let codes: Vec<&'static str> = settings
        .list(&format!("fields.{}.{name}.codes", kind.name))
        .into_iter()
        .map(|code| leak(code.to_owned()))
        .collect();
    Box::leak(Box::new(CodeList {
        name: leak(format!("{}_{name}", kind.name)),
        codes: Box::leak(codes.into_boxed_slice()),
        extensible: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(pairs: &[(&str, &[&str])]) -> Settings {
        Settings::new(
            pairs
                .iter()
                .map(|(key, values)| ((*key).to_owned(), values.iter().map(|v| (*v).to_owned()).collect()))
                .collect(),
        )
    }

    #[test]
    fn working_time_is_not_counted_in_days() {
        for (value, fine) in
            [("2h", true), ("45m", true), ("1d", false), ("1w", false), ("soon", false), ("", false)]
        {
            let schema = Schema::new(settings(&[("lead.response", &[value])]));
            assert_eq!(
                schema.map(|_| ()).map_err(|problem| problem.id),
                if fine { Ok(()) } else { Err("bad-working-time") },
                "{value}"
            );
        }
    }

    #[test]
    fn a_custom_field_travels_with_its_type() {
        let schema = Schema::new(settings(&[
            ("fields.customer.intent_model.type", &["string"]),
            ("fields.customer.segment_code.type", &["code"]),
            ("fields.customer.segment_code.codes", &["gold", "blue"]),
        ]))
        .expect("sound settings");
        let customer = schema.kind("customer").expect("declared");
        let field = customer.field("segment_code").expect("added");
        assert!(field.marks.custom);
        let Type::Code(list) = field.ty else { panic!("not a code: {:?}", field.ty) };
        assert_eq!(list.codes, ["gold", "blue"]);
        assert!(customer.field("custom.intent_model").is_some());
        assert!(schema.kind("lead").expect("declared").field("intent_model").is_none());
    }

    #[test]
    fn a_custom_field_cannot_take_the_name_of_a_declared_one() {
        let problem =
            Schema::new(settings(&[("fields.customer.name.type", &["string"])])).expect_err("taken");
        assert_eq!(problem.id, "bad-custom-field");
    }

    #[test]
    fn the_latest_rate_on_or_before_the_day_holds() {
        let settings =
            settings(&[("rates.USD.2026-01-01", &["7.1000"]), ("rates.USD.2026-07-01", &["7.2000"])]);
        for (day, rate) in
            [("2025-12-31", None), ("2026-01-01", Some("7.1000")), ("2026-08-01", Some("7.2000"))]
        {
            assert_eq!(settings.rate("USD", day), rate, "on {day}");
        }
        assert_eq!(settings.rate("CNY", "2020-01-01"), Some("1"));
    }

    #[test]
    fn the_users_own_stand_behind_those_of_the_store_and_only_where_they_may() {
        let own = settings(&[
            ("pager", &["cat"]),
            ("tax.default_rate", &["1"]),
            ("send.email.smtp", &["smtp://own"]),
            ("send.email.from", &["own"]),
        ]);
        let store = settings(&[("send.email.from", &["store"]), ("pager", &["evil"]), ("format", &["1"])]);
        let both = store.with_own(&own);
        assert_eq!(both.own("pager"), Some("cat"));
        assert_eq!(both.own("format"), None, "the format of the store is not that of results");
        assert_eq!(both.text("tax.default_rate"), "13");
        assert_eq!(
            (both.get("send.email.from"), both.get("send.email.smtp")),
            (Some("store"), Some("smtp://own"))
        );
        assert_eq!(both.of_store("send.email.smtp"), None);
        let below: Vec<_> = both.below("send.email").collect();
        assert_eq!(below, [("from", "store"), ("smtp", "smtp://own")]);
    }

    #[test]
    fn added_codes_join_the_declared_ones() {
        let schema =
            Schema::new(settings(&[("codes.source.livestream.label_zh", &["直播"])])).expect("sound");
        let codes = schema.codes(super::super::choices::Source::LIST);
        assert!(codes.contains(&"web") && codes.contains(&"livestream"));
    }
}
