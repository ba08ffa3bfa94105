//! Records from files and into files: what `import` and `export` mean, beside the words of the
//! command line.
//!
//! Bytes become a [`Sheet`] (`delimited`, `json`, `cards`), a [`Mapping`] says what its columns are, and
//! `import` turns it into changes of a draft. `export` writes the table that reads back as the
//! same records. Deliberately absent: files, terminals, git, and the judging of the result by the
//! rules, which the caller does as for any other change.

pub mod cards;
pub mod delimited;
pub mod events;
pub mod export;
mod history;
pub mod import;
pub mod json;
mod lines;
pub mod map_file;
pub mod mapping;
mod parse;
mod reference;
pub mod rejects;
mod rows;
pub mod sheet;
mod synonyms;
pub mod target;
pub mod value;
pub mod vcard;

pub use export::{columns, export};
pub use import::{OnError, OnMatch, Options, Outcome, World, import};
pub use map_file::MapFile;
pub use mapping::Mapping;
pub use rejects::{Reject, rejects_csv};
pub use sheet::{Sheet, SheetRow};
pub use value::{Reading, Resolver, parse_value};

#[cfg(test)]
mod northwind_tests;
#[cfg(test)]
mod sample_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
