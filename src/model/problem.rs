//! What is wrong, as data: a message id with named arguments, never a sentence.
//!
//! Every pure layer reports through [`Problem`]; the words for it live in the Fluent bundles
//! under the same id, and only the command line turns one into text. Deliberately absent:
//! exit codes (they follow from [`Class`]) and any language.

use std::fmt;

/// What kind of failure a problem is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A flag, date, field or value that cannot be understood.
    Usage,
    /// An id or reference that resolves to nothing.
    NotFound,
    /// Several records match.
    Ambiguous,
    /// A rule refuses, a move is illegal, or a record cannot be read.
    Invalid,
    /// Something changed meanwhile: hand edits, `--if-match`, a merge in progress.
    Conflict,
    /// The role of the acting user forbids it.
    Denied,
}

/// One thing that is wrong, with everything a message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of failure it is.
    pub class: Class,
    /// Id of the message in the Fluent bundles; for a rule of the domain its kebab-case name.
    pub id: &'static str,
    /// Named arguments of the message.
    pub args: Vec<(&'static str, String)>,
    /// Message id of a way out, where there is one (same arguments).
    pub hint: Option<&'static str>,
    /// The field it is about.
    pub field: Option<String>,
    /// Legal values or moves.
    pub legal: Vec<String>,
    /// Candidates of an ambiguous or mistyped name.
    pub candidates: Vec<String>,
    /// File inside the store.
    pub path: Option<String>,
    /// Line in that file, from 1.
    pub line: Option<usize>,
    /// The write goes through with a warning.
    pub warning: bool,
}

impl Problem {
    /// A problem of a class, with its message id.
    #[must_use]
    pub fn new(class: Class, id: &'static str) -> Self {
        Self {
            class,
            id,
            args: Vec::new(),
            hint: None,
            field: None,
            legal: Vec::new(),
            candidates: Vec::new(),
            path: None,
            line: None,
            warning: false,
        }
    }

    /// A flag, date, field or value that cannot be understood.
    #[must_use]
    pub fn usage(id: &'static str) -> Self {
        Self::new(Class::Usage, id)
    }

    /// A refusal by a rule.
    #[must_use]
    pub fn invalid(id: &'static str) -> Self {
        Self::new(Class::Invalid, id)
    }

    /// Adds a named argument of the message.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Names the way out.
    #[must_use]
    pub fn hint(mut self, id: &'static str) -> Self {
        self.hint = Some(id);
        self
    }

    /// Names the field it is about.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Lists what would have been legal.
    #[must_use]
    pub fn legal<I, S>(mut self, legal: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.legal = legal.into_iter().map(Into::into).collect();
        self
    }

    /// Lists the candidates.
    #[must_use]
    pub fn candidates<I, S>(mut self, candidates: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: Into<String>,
    {
        self.candidates = candidates.into_iter().map(Into::into).collect();
        self
    }

    /// Says where in the store it stands.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>, line: Option<usize>) -> Self {
        self.path = Some(path.into());
        self.line = line;
        self
    }

    /// Makes it a warning: the write goes through.
    #[must_use]
    pub fn as_warning(mut self) -> Self {
        self.warning = true;
        self
    }

    /// The value of a named argument.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.args.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
    }
}

impl fmt::Display for Problem {
    /// The id and its arguments, for logs and tests; people get the sentence of the bundle.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)?;
        for (name, value) in &self.args {
            write!(f, " {name}={value}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
