//! What a column can go to: a field, a field of a child row, the moment of a state.
//!
//! Codes are those that `export` writes: `name`, `custom.vip`, `line.qty`, `confirmed_on`.

use super::synonyms::{meanings, spelled};
use crate::model::record::{Field, Kind, Type, singular};
use crate::model::value::parse_code;

/// What a column goes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Field(&'static Field),
    /// A field of a child row: the rows' field, and its own.
    Row(&'static Field, &'static Field),
    /// What tells a child row apart.
    RowId(&'static Field),
    /// The moment of the move into a state.
    On(String),
    /// The record that child rows are added to.
    Record,
    /// Country of the row's phone numbers; not stored.
    Country,
    /// Currency of the row's amounts; not stored.
    Currency,
}

/// The type that an import makes, or whose child rows it adds to.
#[derive(Clone, Copy, Debug)]
pub struct Subject {
    pub kind: &'static Kind,
    /// The child rows that alone are imported (`order.line`).
    pub rows: Option<&'static Field>,
}

/// What a header turned out to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Code(String),
    /// It repeats another column for people.
    Nothing,
    Unclear,
}

impl Subject {
    /// What a code stands for: nothing when it is no code; two when a field is also the moment of a state.
    pub fn targets(self, code: &str) -> Vec<Target> {
        match code {
            "@country" => return vec![Target::Country],
            "@currency" => return vec![Target::Currency],
            _ => {}
        }
        if let Some(rows) = self.rows {
            let names_record = code == "record" || code == self.kind.name;
            let own = Self::row_target(rows, code.split_once('.').map_or(code, |(_, inner)| inner));
            return if names_record { vec![Target::Record] } else { own.into_iter().collect() };
        }
        let mut targets = Vec::new();
        let custom = code.strip_prefix("custom.");
        match self.kind.field(code) {
            Some(field) if custom.is_some() != field.marks.custom && custom.is_some() => {}
            Some(field) if field.rows().is_none() => targets.push(Target::Field(field)),
            _ => {}
        }
        if let Some(state) = self.state_of(code) {
            targets.push(Target::On(state));
        }
        if targets.is_empty()
            && let Some((outer, inner)) = code.split_once('.')
        {
            let rows = self
                .kind
                .rows()
                .map(|(field, _)| field)
                .find(|f| f.name == outer || singular(f.name) == outer);
            targets.extend(rows.and_then(|rows| Self::row_target(rows, inner)));
        }
        targets
    }

    fn row_target(rows: &'static Field, code: &str) -> Option<Target> {
        let kind = rows.rows()?;
        match kind.field(code) {
            Some(field) => Some(Target::Row(rows, field)),
            None if code == "id" => Some(Target::RowId(rows)),
            None => None,
        }
    }

    /// The state of `confirmed_on`. The stages of pipelines are not declared, so theirs carry the
    /// field's name (`stage_needs_on`), but for the two that every pipeline has.
    fn state_of(self, code: &str) -> Option<String> {
        let state = code.strip_suffix("_on")?;
        let field = self.kind.field(self.kind.traits.state?)?;
        let bare = state.strip_prefix(field.name).and_then(|rest| rest.strip_prefix('_'));
        let known = match field.ty {
            Type::Code(list) => [Some(state), bare].into_iter().flatten().find(|s| list.codes.contains(s)),
            _ => bare
                .filter(|s| parse_code(s).is_ok())
                .or_else(|| ["won", "lost"].into_iter().find(|s| *s == state)),
        };
        known.map(str::to_owned)
    }

    /// The code that a header means, given the spellings of all headers of the file.
    pub(super) fn meaning(
        self,
        header: &str,
        all: &[String],
        labels: &dyn Fn(&Kind, &str) -> Vec<String>,
    ) -> Meaning {
        let whole = spelled(header);
        let outside = spelled(header.split(['(', '（', '[', '【']).next().unwrap_or(header));
        for code in [header.trim(), header.trim().to_lowercase().as_str(), &whole] {
            if !self.targets(code).is_empty() {
                return Meaning::Code(code.to_owned());
            }
        }
        if self.repeats(header, &whole, all) {
            return Meaning::Nothing;
        }
        for spelling in [&whole, &outside] {
            match self.labelled(spelling, labels).as_slice() {
                [] => {}
                [code] => return Meaning::Code(code.clone()),
                _ => return Meaning::Unclear,
            }
            let found = meanings(spelling)
                .find_map(|code| self.existing(code))
                .or_else(|| self.by_reference(spelling));
            if let Some(code) = found {
                return Meaning::Code(code);
            }
        }
        Meaning::Unclear
    }

    /// Whether it is the name beside the id of a reference: `customer_name` beside `customer`.
    fn repeats(self, header: &str, whole: &str, all: &[String]) -> bool {
        // What `export` and `show` add to a record in json: worked out, or rows that are not there.
        let worked_out = ["rev", "history", "net_total", "tax_total", "total"].contains(&header)
            || header.starts_with("history.")
            || self.kind.rows().any(|(field, _)| field.name == header);
        if worked_out && all.iter().any(|other| other == "id") {
            return true;
        }
        let of_row = header.strip_suffix("_name").map(str::to_owned);
        let of_field = whole.strip_suffix("_name").map(str::to_owned);
        [of_row, of_field].into_iter().flatten().any(|base| {
            let stands =
                all.iter().any(|other| *other == base || other.strip_suffix("_id") == Some(base.as_str()));
            stands && self.targets(&base).iter().any(is_reference)
        })
    }

    fn labelled(self, spelling: &str, labels: &dyn Fn(&Kind, &str) -> Vec<String>) -> Vec<String> {
        let is = |name: &str| labels(self.kind, name).iter().any(|label| spelled(label) == spelling);
        let own: Vec<String> = match self.rows {
            Some(_) => Vec::new(),
            None => self
                .kind
                .all()
                .filter(|f| f.rows().is_none() && is(f.name))
                .map(|f| f.name.to_owned())
                .collect(),
        };
        if !own.is_empty() {
            return own;
        }
        let rows = self.rows.or_else(|| self.kind.field("lines"));
        let fields = rows.and_then(Field::rows).map_or(&[][..], |kind| kind.fields);
        let prefix = if self.rows.is_some() { "" } else { "line." };
        fields.iter().filter(|f| is(f.name)).map(|f| format!("{prefix}{}", f.name)).collect()
    }

    /// A code of the synonyms, where this subject has it; `=product` is the id of that type.
    fn existing(self, code: &str) -> Option<String> {
        let code = match code.strip_prefix('=') {
            Some(noun) if noun == self.kind.name && self.rows.is_none() => self.own_number(),
            Some(noun) if noun == self.kind.name => "record",
            Some(_) => return None,
            None if self.rows.is_some() => code.strip_prefix("line.").unwrap_or(code),
            None if code == "id" && !self.kind.is_slug() => return None,
            None => code,
        };
        (!self.targets(code).is_empty()).then(|| code.to_owned())
    }

    /// What another system's id of such a record becomes.
    fn own_number(self) -> &'static str {
        match self.kind.field("number") {
            Some(field) => field.name,
            None if self.kind.is_slug() => "id",
            None => "source_ref",
        }
    }

    /// `customer_number` of an order is its customer, of a customer its id elsewhere.
    fn by_reference(self, spelling: &str) -> Option<String> {
        if spelling == "number" && self.rows.is_none() {
            return Some(self.own_number().to_owned());
        }
        let endings = ["_id", "_number", "_no", "_code", "_name", "_ref"];
        let base = endings.iter().find_map(|ending| spelling.strip_suffix(ending))?;
        if base == self.kind.name {
            return Some(if self.rows.is_some() { "record" } else { self.own_number() }.to_owned());
        }
        let fits = |code: &String| self.targets(code).iter().any(is_reference);
        [base.to_owned(), format!("line.{base}")].into_iter().find(fits)
    }
}

fn is_reference(target: &Target) -> bool {
    matches!(target, Target::Field(field) | Target::Row(_, field) if matches!(field.ty, Type::Ref(_)))
}
