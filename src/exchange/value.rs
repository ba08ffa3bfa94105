//! A text that somebody typed or a cell holds, as a value of a declared field.
//!
//! One function for flags and cells alike: it knows the type, [`Reading`] knows the rest, such as
//! how the file writes its dates. Deliberately absent: which record a reference names (a
//! [`Resolver`] says), and whether several values agree.

use std::borrow::Cow;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use crate::model::record::{Card, CodeList, Field, Type, Value, normal};
use crate::model::scalars::Instant;
use crate::model::schema::Schema;
use crate::model::value as scalar;
use crate::model::{Class, Problem};
use crate::query::{self, Clock, nearest};

/// Which records a text names.
pub trait Resolver {
    /// The ids of the records of one of these types that a text names: none, one, or several.
    fn resolve(&self, nouns: &[&str], text: &str) -> Result<Vec<String>, Problem>;
}

/// What a text needs besides its type.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    pub clock: &'a Clock,
    /// The moment of a time on the wall clock of the company's zone.
    pub zone: &'a dyn Fn(NaiveDateTime) -> Instant,
    /// Country of phone numbers without one.
    pub country: &'a str,
    /// Minor digits of amounts and prices.
    pub digits: u32,
    /// How days and moments are written (`%d/%m/%Y`); the date language unless given.
    pub date_format: Option<&'a str>,
    /// Numbers have a decimal comma.
    pub decimal_comma: bool,
    /// The labels of a code in all languages.
    pub labels: &'a dyn Fn(&CodeList, &str) -> Vec<String>,
    pub resolver: &'a dyn Resolver,
}

impl fmt::Debug for Reading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reading")
            .field("country", &self.country)
            .field("digits", &self.digits)
            .finish_non_exhaustive()
    }
}

/// The value of a field. Sets and lists are parted by `;`.
///
/// # Errors
/// The problem of the value's type, with the field named; of a reference `no-such-record` or
/// `ambiguous-record`.
pub fn parse_value(
    schema: &Schema,
    field: &Field,
    text: &str,
    reading: &Reading<'_>,
) -> Result<Value, Problem> {
    let read =
        |text: &str| parse_one(schema, field.ty, text, reading).map_err(|problem| problem.field(field.name));
    match field.card {
        Card::Required | Card::Optional => read(text),
        Card::Set | Card::List => {
            let values =
                members(field.ty, text).into_iter().map(|one| read(&one)).collect::<Result<_, _>>()?;
            Ok(normal(field, Some(Value::List(values))).unwrap_or(Value::List(Vec::new())))
        }
        Card::Rows => Err(Problem::usage("rows-in-a-cell").arg("value", text).field(field.name)),
    }
}

/// The members of a list; an extension belongs to the number before it.
fn members(ty: Type, text: &str) -> Vec<String> {
    let mut members: Vec<String> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        match members.last_mut() {
            Some(number) if ty == Type::Phone && part.starts_with("ext=") => {
                *number = format!("{number};{part}");
            }
            _ => members.push(part.to_owned()),
        }
    }
    members
}

/// One value of a type.
///
/// # Errors
/// As [`parse_value`], without the field.
pub fn parse_one(schema: &Schema, ty: Type, text: &str, reading: &Reading<'_>) -> Result<Value, Problem> {
    let number = || plain_number(text, reading.decimal_comma);
    Ok(match ty {
        Type::Text => Value::Text(scalar::parse_text(text)?),
        Type::Prose => Value::Text(scalar::parse_prose(text)?),
        Type::Code(list) => Value::Text(code(schema, list, text, reading)?),
        Type::FreeCode => Value::Text(scalar::parse_code(text)?),
        Type::Bool => Value::Bool(flag(text)?),
        Type::Int => Value::Int(scalar::parse_int(text)?),
        Type::Dec => Value::Dec(scalar::parse_decimal(&number())?),
        Type::Qty => Value::Dec(scalar::parse_quantity(&number())?),
        Type::Pct => Value::Dec(scalar::parse_percent(&number())?),
        Type::Money => Value::Dec(scalar::parse_money(&number(), reading.digits)?),
        Type::Price => Value::Dec(scalar::parse_price(&number(), reading.digits)?),
        Type::Currency => Value::Text(scalar::parse_currency(text)?),
        Type::Country => Value::Text(scalar::parse_country(text)?),
        Type::Day => Value::Day(day(text, reading)?),
        Type::Instant => Value::Instant(instant(text, reading)?),
        Type::Dur => Value::Text(scalar::parse_duration(text)?.to_string()),
        Type::Phone => Value::Text(scalar::parse_phone(text, reading.country)?),
        Type::Email => Value::Text(scalar::parse_email(text)?),
        Type::Url => Value::Text(scalar::parse_url(text)?),
        Type::Ref(nouns) => Value::Text(reference(nouns, text, reading.resolver)?),
        Type::Rows(_) => return Err(Problem::usage("rows-in-a-cell").arg("value", text)),
    })
}

/// The one record that a text names.
///
/// # Errors
/// `no-such-record`, `ambiguous-record`, or what the resolver says.
pub fn reference(nouns: &[&str], text: &str, resolver: &dyn Resolver) -> Result<String, Problem> {
    let text = text.trim();
    let mut ids = resolver.resolve(nouns, text)?;
    match (ids.pop(), ids.is_empty()) {
        (Some(id), true) => Ok(id),
        (None, _) => Err(Problem::new(Class::NotFound, "no-such-record")
            .arg("noun", nouns.join(", "))
            .arg("value", text)),
        (Some(last), false) => {
            ids.push(last);
            Err(Problem::new(Class::Ambiguous, "ambiguous-record")
                .arg("noun", nouns.join(", "))
                .arg("value", text)
                .arg("count", ids.len())
                .candidates(ids))
        }
    }
}

fn code(schema: &Schema, list: &CodeList, text: &str, reading: &Reading<'_>) -> Result<String, Problem> {
    let text = text.trim();
    let known = schema.codes(list);
    if let Some(code) = known.iter().find(|code| **code == text) {
        return Ok((*code).to_owned());
    }
    let wanted = text.to_lowercase();
    let spelled = wanted.replace([' ', '-'], "_");
    let labelled =
        |code: &&&str| (reading.labels)(list, code).iter().any(|label| label.to_lowercase() == wanted);
    let found =
        known.iter().find(|code| code.to_lowercase() == spelled).or_else(|| known.iter().find(labelled));
    found.map(|code| (*code).to_owned()).ok_or_else(|| {
        Problem::usage("unknown-code")
            .arg("value", text)
            .arg("list", list.name)
            .arg("legal", known.join(", "))
            .legal(known.iter().copied())
            .candidates(nearest(text, &known))
    })
}

fn flag(text: &str) -> Result<bool, Problem> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "真" => Ok(true),
        "false" | "no" | "n" | "0" | "否" | "假" => Ok(false),
        _ => Err(Problem::usage("bad-bool").arg("value", text).legal(["true", "false"])),
    }
}

/// A number with a decimal comma in the plain notation. Digits before the comma may stand in
/// groups of three; anything else is left for the number's own parser to refuse.
fn plain_number(text: &str, decimal_comma: bool) -> Cow<'_, str> {
    if !decimal_comma {
        return Cow::Borrowed(text);
    }
    let text = text.trim();
    let (whole, decimals) =
        text.split_once(',').map_or((text, None), |(whole, decimals)| (whole, Some(decimals)));
    let mut groups = whole.split(['.', ' ', '\u{a0}', '\u{202f}', '\'']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let first_digits = first.trim_start_matches(['+', '-']).len();
    if !rest.is_empty() && (first_digits > 3 || rest.iter().any(|group| group.len() != 3)) {
        return Cow::Borrowed("?");
    }
    let whole = format!("{first}{}", rest.concat());
    Cow::Owned(decimals.map_or(whole.clone(), |decimals| format!("{whole}.{decimals}")))
}

fn day(text: &str, reading: &Reading<'_>) -> Result<NaiveDate, Problem> {
    if let Some(format) = reading.date_format {
        return written_in(text, format).map(|(day, _)| day);
    }
    if let Ok(day) = scalar::parse_day(text) {
        return Ok(day);
    }
    query::parse_day(text, reading.clock).or_else(|problem| match query::parse_instant(text, reading.clock) {
        // Databases hand out days as their midnight.
        Ok(query::Instant::Local(local)) if local.time() == NaiveTime::MIN => Ok(local.date()),
        _ => Err(problem),
    })
}

/// A moment; a day is its beginning.
pub(super) fn instant(text: &str, reading: &Reading<'_>) -> Result<Instant, Problem> {
    if let Some(format) = reading.date_format {
        let (day, time) = written_in(text, format)?;
        return Ok((reading.zone)(day.and_time(time.unwrap_or(NaiveTime::MIN))));
    }
    let exact = match scalar::parse_instant(text) {
        Ok(exact) => exact,
        Err(_) => match query::parse_instant(text, reading.clock)? {
            query::Instant::Exact(exact) => exact,
            query::Instant::Local(local) => return Ok((reading.zone)(local)),
            query::Instant::Day(day) => return Ok((reading.zone)(day.and_time(NaiveTime::MIN))),
        },
    };
    let offset = *(reading.zone)(exact.naive_utc()).offset();
    Ok(exact.with_timezone(&offset))
}

/// A day, with its time where the format has one. Fractions of a second are dropped.
fn written_in(text: &str, format: &str) -> Result<(NaiveDate, Option<NaiveTime>), Problem> {
    let text = text.trim();
    let local = NaiveDateTime::parse_from_str(text, format).map(|local| {
        let whole = local.time().format("%H:%M:%S").to_string();
        (local.date(), whole.parse().ok())
    });
    local
        .or_else(|_| NaiveDate::parse_from_str(text, format).map(|day| (day, None)))
        // The standard form is never misread, whatever a file's own form is.
        .or_else(|error| scalar::parse_day(text).map(|day| (day, None)).map_err(|_| error))
        .map_err(|_| Problem::usage("date-not-in-format").arg("value", text).arg("format", format))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::samples::{clock, reading};
    use crate::model::record::{Marks, Preset};
    use crate::model::schema::Settings;

    struct Two;

    impl Resolver for Two {
        fn resolve(&self, _: &[&str], text: &str) -> Result<Vec<String>, Problem> {
            Ok(["cus_a", "cus_b"]
                .iter()
                .filter(|id| id.starts_with(text))
                .map(|id| (*id).to_owned())
                .collect())
        }
    }

    static LEVELS: CodeList = CodeList { name: "level", codes: &["A", "on_hold"], extensible: true };

    fn read(ty: Type, card: Card, text: &str, change: impl Fn(&mut Reading<'_>)) -> String {
        let schema = Schema::new(Settings::default()).expect("defaults");
        let clock = clock();
        let labels = |_: &CodeList, code: &str| {
            if code == "A" { vec!["甲级".to_owned(), "Best".to_owned()] } else { vec![] }
        };
        let mut reading = Reading { labels: &labels, ..reading(&clock, &Two) };
        change(&mut reading);
        let field =
            Field { name: "x", doc: "", group: "", ty, card, preset: Preset::None, marks: Marks::NONE };
        match parse_value(&schema, &field, text, &reading) {
            Ok(value) => crate::draft::plain(&value),
            Err(problem) => problem.id.to_owned(),
        }
    }

    #[test]
    fn every_type_reads_its_texts() {
        for (ty, text, wanted) in [
            (Type::Text, " Alfreds  Futterkiste ", "Alfreds  Futterkiste"),
            (Type::Prose, "a\r\nb\n", "a\nb"),
            (Type::Code(&LEVELS), "a", "A"),
            (Type::Code(&LEVELS), "甲级", "A"),
            (Type::Code(&LEVELS), "On hold", "on_hold"),
            (Type::Code(&LEVELS), "E", "unknown-code"),
            (Type::Bool, "是", "true"),
            (Type::Bool, "No", "false"),
            (Type::Bool, "maybe", "bad-bool"),
            (Type::Int, "-3", "-3"),
            (Type::Dec, "1.5", "1.5"),
            (Type::Qty, "-1", "bad-decimal"),
            (Type::Pct, "15%", "15"),
            (Type::Money, "7", "7.00"),
            (Type::Money, "7.005", "bad-money"),
            (Type::Price, "7.005", "7.005"),
            (Type::Dec, "1,000", "bad-decimal"),
            (Type::Currency, "usd", "USD"),
            (Type::Country, "UK", "GB"),
            (Type::Day, "1996-07-04", "1996-07-04"),
            (Type::Day, "yesterday", "2026-11-21"),
            (Type::Day, "1996-07-04 00:00:00.000", "1996-07-04"),
            (Type::Day, "1996-07-04 10:00:00", "bad-date"),
            (Type::Day, "03/04/2026", "ambiguous-date"),
            (Type::Instant, "2026-03-01", "2026-03-01T00:00:00+08:00"),
            (Type::Instant, "2026-03-01 09:30", "2026-03-01T09:30:00+08:00"),
            (Type::Instant, "2026-03-01T01:30:00Z", "2026-03-01T09:30:00+08:00"),
            (Type::Phone, "0755-8988 8888", "+8675589888888"),
            (Type::Email, "A@B.Com", "A@b.com"),
            (Type::Ref(&["customer"]), "cus_a", "cus_a"),
            (Type::Ref(&["customer"]), "cus", "ambiguous-record"),
            (Type::Ref(&["customer"]), "x", "no-such-record"),
        ] {
            assert_eq!(read(ty, Card::Optional, text, |_| {}), wanted, "{ty:?} {text:?}");
        }
    }

    #[test]
    fn lists_are_parted_by_semicolons() {
        for (ty, card, text, wanted) in [
            (Type::Text, Card::Set, "b; a;;b", "a;b"),
            (Type::Text, Card::List, "b;a;b", "b;a;b"),
            (
                Type::Phone,
                Card::List,
                "0755-89888888;ext=801;13800138000",
                "+8675589888888;ext=801;+8613800138000",
            ),
            (Type::Email, Card::Set, "a@b.cn;no", "bad-email"),
        ] {
            assert_eq!(read(ty, card, text, |_| {}), wanted, "{text:?}");
        }
    }

    #[test]
    fn a_file_may_write_dates_its_own_way() {
        let us = |reading: &mut Reading<'_>| reading.date_format = Some("%m/%d/%Y");
        assert_eq!(read(Type::Day, Card::Optional, "03/04/2026", us), "2026-03-04");
        assert_eq!(read(Type::Day, Card::Optional, "2026-03-04", us), "2026-03-04");
        assert_eq!(read(Type::Day, Card::Optional, "31/04/2026", us), "date-not-in-format");
        let database = |reading: &mut Reading<'_>| reading.date_format = Some("%Y-%m-%d %H:%M:%S%.f");
        assert_eq!(read(Type::Day, Card::Optional, "1996-07-04 13:00:00.500", database), "1996-07-04");
        assert_eq!(
            read(Type::Instant, Card::Optional, "1996-07-04 13:00:00.500", database),
            "1996-07-04T13:00:00+08:00"
        );
    }

    #[test]
    fn decimal_commas_are_read_where_the_file_has_them() {
        for (text, wanted) in [
            ("1,5", "1.5"),
            ("-1.234.567,50", "-1234567.50"),
            ("1 234,5", "1234.5"),
            ("1.5", "bad-decimal"),
            ("1.23.456", "bad-decimal"),
            ("12", "12"),
        ] {
            assert_eq!(read(Type::Dec, Card::Optional, text, |r| r.decimal_comma = true), wanted, "{text:?}");
        }
    }

    #[test]
    fn phones_and_amounts_follow_country_and_currency() {
        assert_eq!(read(Type::Phone, Card::Optional, "030-0074321", |r| r.country = "DE"), "+49300074321");
        assert_eq!(read(Type::Money, Card::Optional, "7", |r| r.digits = 0), "7");
        assert_eq!(read(Type::Money, Card::Optional, "7.5", |r| r.digits = 0), "bad-money");
    }
}
