//! Every text that a person reads, in English and Simplified Chinese, as Fluent bundles.
//!
//! A text has one id; which file holds it follows from the beginning of the id, and a text is
//! parsed when it is first wanted, because most commands need a dozen of two thousand.
//! Deliberately absent: codes, field names and csv headers, which are an interface and stay.

pub mod capitals;

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::fmt;
use std::ops::Range;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};

use crate::model::Problem;
use crate::model::record::{CodeList, Field, Kind};
use crate::model::schema::Schema;

/// The languages the program speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// The language of a tag such as `zh-CN`, `zh_CN.UTF-8` or `en`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        match tag.to_ascii_lowercase().get(..2)? {
            "en" => Some(Self::English),
            "zh" => Some(Self::Chinese),
            _ => None,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }
}

/// Arguments that are numbers of something, so that plurals and zeros are told apart.
const COUNTS: &[&str] =
    &["count", "total", "rows", "more", "made", "updated", "unchanged", "skipped", "besides", "rejected"];

/// The bundle files of a language: name (the beginning of the ids it holds) and text.
pub type Files = &'static [(&'static str, &'static str)];

/// The English bundle.
pub const ENGLISH: Files = &[
    ("help", include_str!("en/help.ftl")),
    ("field", include_str!("en/fields.ftl")),
    ("code", include_str!("en/codes.ftl")),
    ("report", include_str!("en/reports.ftl")),
    ("", include_str!("en/messages.ftl")),
];

/// The Simplified Chinese bundle.
pub const CHINESE: Files = &[
    ("help", include_str!("zh-CN/help.ftl")),
    ("field", include_str!("zh-CN/fields.ftl")),
    ("code", include_str!("zh-CN/codes.ftl")),
    ("report", include_str!("zh-CN/reports.ftl")),
    ("", include_str!("zh-CN/messages.ftl")),
];

/// A bundle file: where each text stands in it, and those that were wanted so far.
struct File {
    /// The beginning of the ids it holds; empty: every other id.
    prefix: &'static str,
    text: &'static str,
    places: OnceCell<HashMap<&'static str, Range<usize>>>,
    read: RefCell<FluentBundle<FluentResource>>,
}

impl File {
    fn places(&self) -> &HashMap<&'static str, Range<usize>> {
        self.places.get_or_init(|| places(self.text))
    }

    /// Reads a text when it is first wanted; whether there is one.
    fn load(&self, id: &str) -> bool {
        if self.read.borrow().has_message(id) {
            return true;
        }
        let Some(place) = self.places().get(id) else { return false };
        let text = self.text[place.clone()].to_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, _)| resource);
        self.read.borrow_mut().add_resource_overriding(resource);
        self.read.borrow().has_message(id)
    }
}

/// Where each text of a file stands: it begins at a line with its id and goes on over the lines
/// that are indented, empty or close a placeable. Texts refer to no other texts, so each stands alone.
fn places(text: &'static str) -> HashMap<&'static str, Range<usize>> {
    let mut places = HashMap::new();
    let mut open: Option<(&str, usize)> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let goes_on = line.starts_with([' ', '\t', '}', '\n', '\r']);
        if !goes_on {
            if let Some((id, start)) = open.take() {
                places.insert(id, start..at);
            }
            if line.starts_with(|c: char| c.is_ascii_alphabetic()) {
                open = line.split_once(" =").map(|(id, _)| (id.trim(), at));
            }
        }
        at += line.len();
    }
    if let Some((id, start)) = open {
        places.insert(id, start..at);
    }
    places
}

/// The texts of one language.
pub struct Locale {
    pub language: Language,
    files: Vec<File>,
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Locale").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Locale {
    /// The texts of a language.
    pub fn new(language: Language) -> Self {
        let files = match language {
            Language::English => ENGLISH,
            Language::Chinese => CHINESE,
        };
        let file = |(prefix, text): &(&'static str, &'static str)| File {
            prefix,
            text,
            places: OnceCell::new(),
            read: RefCell::new(empty(language)),
        };
        Self { language, files: files.iter().map(file).collect() }
    }

    /// Whether there is a text of this id.
    pub fn has(&self, id: &str) -> bool {
        self.file(id).load(id)
    }

    /// The text of an id with its arguments; the id itself where there is none, which a test forbids.
    pub fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        self.find(id, args).unwrap_or_else(|| id.to_owned())
    }

    fn find(&self, id: &str, args: &[(&str, &str)]) -> Option<String> {
        let file = self.file(id);
        if !file.load(id) {
            return None;
        }
        let bundle = file.read.borrow();
        let pattern = bundle.get_message(id)?.value()?;
        let mut named = FluentArgs::new();
        for (name, value) in args {
            // A number is given as one so that plural rules see it.
            match value.parse::<i64>() {
                Ok(number) if COUNTS.contains(name) => named.set(*name, number),
                _ => named.set(*name, *value),
            }
        }
        Some(bundle.format_pattern(pattern, Some(&named), &mut Vec::new()).into_owned())
    }

    fn file(&self, id: &str) -> &File {
        let holds = |file: &&File| {
            file.prefix.is_empty() || id.strip_prefix(file.prefix).is_some_and(|rest| rest.starts_with('-'))
        };
        self.files.iter().find(holds).expect("the last file takes every id")
    }

    /// The sentence of a problem.
    pub fn problem(&self, problem: &Problem) -> String {
        let args: Vec<(&str, &str)> = problem.args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        self.text(problem.id, &args)
    }

    /// What people call a record type.
    pub fn noun(&self, kind: &Kind) -> String {
        self.text(&format!("field-noun-{}", kind.name.replace('_', "-")), &[])
    }

    /// What people call a field of a type.
    pub fn field(&self, schema: &Schema, kind: &Kind, field: &str) -> String {
        if let Some(label) = schema.custom_label(kind, field, self.language.tag()) {
            return label.to_owned();
        }
        let name = field.replace('_', "-");
        self.find(&format!("field-{}--{name}", kind.name.replace('_', "-")), &[])
            .or_else(|| self.find(&format!("field-{name}"), &[]))
            .unwrap_or_else(|| field.to_owned())
    }

    /// What people call a field or column whatever its type.
    pub fn general(&self, field: &str) -> String {
        self.find(&format!("field-{}", field.replace('_', "-")), &[]).unwrap_or_else(|| field.to_owned())
    }

    /// The label of a code in a field that is worked out, where it has one of its own there.
    pub fn derived_code_of(&self, field: &str, code: &str) -> String {
        let own = self.find(&format!("code-{}--{}", field.replace('_', "-"), code_id(code)), &[]);
        own.unwrap_or_else(|| self.derived_code(code))
    }

    /// The label of a code that is worked out, such as a fulfilment.
    pub fn derived_code(&self, code: &str) -> String {
        self.find(&format!("code-{}", code_id(code)), &[]).unwrap_or_else(|| code.to_owned())
    }

    /// The help of a field: the declaration's in English, the bundle's otherwise.
    pub fn field_help(&self, kind: &Kind, field: &Field) -> String {
        if self.language == Language::English || field.marks.custom {
            return field.doc.trim().to_owned();
        }
        let (noun, name) = (kind.name.replace('_', "-"), field.name.replace('_', "-"));
        self.find(&format!("help-field-{noun}--{name}"), &[])
            .or_else(|| self.find(&format!("help-field-{name}"), &[]))
            .unwrap_or_else(|| field.doc.trim().to_owned())
    }

    /// The label of a code of a list.
    pub fn code(&self, schema: &Schema, list: &CodeList, code: &str) -> String {
        if let Some(added) = schema.added_code(list.name, code) {
            let label = match self.language {
                Language::English => added.label.as_ref().or(added.label_zh.as_ref()),
                Language::Chinese => added.label_zh.as_ref().or(added.label.as_ref()),
            };
            return label.cloned().unwrap_or_else(|| code.to_owned());
        }
        let id = format!("code-{}--{}", list.name.replace('_', "-"), code_id(code));
        self.find(&id, &[])
            .or_else(|| self.find(&format!("code-{}", code_id(code)), &[]))
            .unwrap_or_else(|| code.to_owned())
    }
}

/// A code as the end of a message id: letters, digits and `-` only.
pub fn code_id(code: &str) -> String {
    code.replace('_', "-").replace('+', "plus")
}

fn empty(language: Language) -> FluentBundle<FluentResource> {
    let id = language.tag().parse().expect("a well-formed language tag");
    let mut bundle = FluentBundle::new(vec![id]);
    bundle.set_use_isolating(false);
    bundle
}

#[cfg(test)]
mod tests;
