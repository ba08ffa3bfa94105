//! What a report is asked: its period, dimensions and parameters, read from texts.
//!
//! Deliberately absent: finding records by what people call them; the caller has put ids there.

use std::collections::BTreeMap;

use chrono::{Days, Months, NaiveDate};

use super::{Dimension, Param, Report};
use crate::mirror::SqlCell;
use crate::model::Problem;
use crate::model::value::round_half_up;
use crate::query::{Bucket, Clock, Comparison, Condition, Period, nearest, parse_period};
use rust_decimal::Decimal;

/// What a report was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub period: Period,
    pub by: Vec<String>,
    /// Parameters by name as they were read; a switch that is on is `true`, what is not given is absent.
    pub params: BTreeMap<String, String>,
    pub conditions: Vec<Condition>,
    /// The span to compare with.
    pub compare: Option<Comparison>,
    pub limit: Option<usize>,
    /// Whether the total is wanted; it costs as much as the rows.
    pub total: bool,
    /// Whether regions and teams include what is below them.
    pub roll_up: bool,
    /// Minor digits of the base currency.
    pub digits: u32,
    /// The currency that amounts are shown in.
    pub currency: String,
    /// Base currency for one unit of that currency, and its minor digits; absent: it is the base currency.
    pub converted: Option<(Decimal, u32)>,
    pub clock: Clock,
    /// The day after which nothing is seen.
    pub as_of: NaiveDate,
}

/// What somebody asks, as texts.
#[derive(Clone, Debug, Default)]
pub struct Question {
    pub period: Option<String>,
    pub from: Option<String>,
    pub to: Option<String>,
    pub as_of: Option<NaiveDate>,
    pub compare: Option<String>,
    pub limit: Option<usize>,
    pub roll_up: bool,
    pub total: bool,
    /// Parameters by name; switches that are on as `true`.
    pub params: BTreeMap<String, String>,
    pub conditions: Vec<Condition>,
}

impl Question {
    /// What the report is asked, with what stands where nothing is given.
    ///
    /// # Errors
    /// `period-twice`, `bad-date`, `bad-code`, `unknown-dimension`, `bad-int`, `bad-number`,
    /// `bad-window`.
    pub fn asked(
        &self,
        report: &Report,
        clock: &Clock,
        (currency, digits): (&str, u32),
    ) -> Result<Asked, Problem> {
        let today = clock.today();
        let day = self.as_of.unwrap_or(today);
        let period = self.period(report, day, clock)?;
        let given = self.period.is_some() || self.from.is_some() || self.to.is_some();
        let as_of = match self.as_of {
            None if report.is_state() && given => period.end,
            None if report.front.at_end && given => period.end.min(today),
            _ => day,
        };
        let (by, mut params) = self.parameters(report, as_of)?;
        let period = match params.get("compare").map(|how| comparison(how, &period, as_of, clock)) {
            None => period,
            Some(found) => {
                let Comparison { current, before, .. } = found?;
                params.insert("before-from".to_owned(), before.start.to_string());
                params.insert("before-to".to_owned(), before.end.to_string());
                current
            }
        };
        let compare =
            self.compare.as_deref().map(|how| comparison(how, &period, as_of, clock)).transpose()?;
        Ok(Asked {
            period,
            by,
            params,
            conditions: self.conditions.clone(),
            compare,
            limit: self.limit,
            total: self.total,
            roll_up: self.roll_up,
            digits,
            currency: currency.to_owned(),
            converted: None,
            clock: *clock,
            as_of,
        })
    }

    fn period(&self, report: &Report, day: NaiveDate, clock: &Clock) -> Result<Period, Problem> {
        match (&self.period, &self.from, &self.to) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                Err(Problem::usage("period-twice").arg("value", "--period, --from, --to"))
            }
            (Some(text), None, None) => parse_period(text, clock),
            (None, None, None) => usual(&report.front.period, day, clock),
            (None, from, to) => Period::from_to(from.as_deref(), to.as_deref(), clock),
        }
    }

    fn parameters(
        &self,
        report: &Report,
        as_of: NaiveDate,
    ) -> Result<(Vec<String>, BTreeMap<String, String>), Problem> {
        let (mut by, mut params) = (Vec::new(), BTreeMap::new());
        for param in &report.front.params {
            let given = self.params.get(&param.name);
            if given.is_some_and(String::is_empty) && matches!(param.ty.as_str(), "code" | "codes") {
                let codes: Vec<&str> = param.codes.iter().map(String::as_str).collect();
                return Err(bad_code(&param.name, "", &codes));
            }
            let text = given.cloned().unwrap_or_else(|| param.default.clone());
            if param.ty == "dimension" {
                by = text.split(',').map(|d| d.trim().to_owned()).filter(|d| !d.is_empty()).collect();
            } else if !text.is_empty() {
                let read = read(param, &text, as_of)?;
                in_range(param, &read)?;
                params.insert(param.name.clone(), read);
            }
        }
        Ok((by, params))
    }
}

/// The spans to be compared.
fn comparison(how: &str, period: &Period, as_of: NaiveDate, clock: &Clock) -> Result<Comparison, Problem> {
    match how {
        "previous" => period.previous(as_of, clock),
        "yoy" => period.year_before(as_of, clock),
        other => Err(bad_code("compare", other, &["previous", "yoy"])),
    }
}

/// The period of a report where none is given.
fn usual(name: &str, day: NaiveDate, clock: &Clock) -> Result<Period, Problem> {
    let back = |days| day.checked_sub_days(Days::new(days)).unwrap_or(day);
    match name {
        "p12" => Period::trailing(day, Bucket::Month, 12, clock),
        "p36" => Period::trailing(day, Bucket::Month, 36, clock),
        "quarter" => Ok(Period::of(day, Bucket::Quarter, clock)),
        "last-quarter" => {
            let before = Period::of(day, Bucket::Quarter, clock).start.pred_opt().unwrap_or(day);
            Ok(Period::of(before, Bucket::Quarter, clock))
        }
        "90d" => Period::between(back(89), day, clock),
        "life" => Period::from_to(None, Some(&day.to_string()), clock),
        "as-of" => Ok(Period::of(day, Bucket::Day, clock)),
        _ => Ok(Period::of(day, Bucket::Month, clock)),
    }
}

fn bad_code(field: &str, value: &str, legal: &[&str]) -> Problem {
    Problem::usage("bad-code")
        .arg("value", value)
        .arg("field", field)
        .field(field)
        .legal(legal.iter().copied())
        .candidates(nearest(value, legal))
}

/// Refuses a number beyond what its parameter may be.
fn in_range(param: &Param, text: &str) -> Result<(), Problem> {
    let (Some((least, most)), Ok(number)) = (param.range, text.parse::<Decimal>()) else { return Ok(()) };
    if (Decimal::from(least)..=Decimal::from(most)).contains(&number) {
        return Ok(());
    }
    let problem = Problem::usage("param-out-of-range").arg("value", text).field(&param.name);
    Err(problem.arg("min", least).arg("max", most))
}

/// The text of a parameter as the select takes it.
fn read(param: &Param, text: &str, as_of: NaiveDate) -> Result<String, Problem> {
    let refused = |id| Problem::usage(id).arg("value", text).field(&param.name);
    match param.ty.as_str() {
        "code" => {
            let codes: Vec<&str> = param.codes.iter().map(String::as_str).collect();
            if codes.contains(&text) { Ok(text.to_owned()) } else { Err(bad_code(&param.name, text, &codes)) }
        }
        "codes" => {
            let codes: Vec<&str> = param.codes.iter().map(String::as_str).collect();
            let given = text.split(',').map(str::trim).filter(|code| !code.is_empty());
            let all = given.map(|code| {
                if codes.contains(&code) { Ok(code) } else { Err(bad_code(&param.name, code, &codes)) }
            });
            all.collect::<Result<Vec<_>, _>>().map(|all| all.join(","))
        }
        "int" => text.parse::<i64>().map(|n| n.to_string()).map_err(|_| refused("bad-int")),
        "days" => {
            let days = text.strip_suffix('d').unwrap_or(text);
            days.parse::<u32>().map(|n| n.to_string()).map_err(|_| refused("bad-int"))
        }
        "dec" => {
            text.parse::<Decimal>().map(|n| n.normalize().to_string()).map_err(|_| refused("bad-number"))
        }
        "window" => window(text, as_of).map(|day| day.to_string()).ok_or_else(|| refused("bad-window")),
        _ => Ok(text.to_owned()),
    }
}

/// Rounded half up to so many digits, which it has then.
fn with_digits(amount: Decimal, digits: u32) -> Decimal {
    let mut amount = round_half_up(amount, digits);
    amount.rescale(digits);
    amount
}

/// The first day of a window such as `12m`, `90d`, `26w`, `2y` that ends with a day.
fn window(text: &str, last: NaiveDate) -> Option<NaiveDate> {
    let next = last.succ_opt()?;
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at_checked(end)?;
    let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
    match unit {
        "" | "d" => next.checked_sub_days(Days::new(count.into())),
        "w" => next.checked_sub_days(Days::new(u64::from(count) * 7)),
        "m" => next.checked_sub_months(Months::new(count)),
        "y" => next.checked_sub_months(Months::new(count.checked_mul(12)?)),
        _ => None,
    }
}

impl Asked {
    /// Shows amounts in another currency, sums being converted as they are shown: a rate in base
    /// currency for one unit, and the minor digits of the currency.
    #[must_use]
    pub fn shown_in(mut self, currency: &str, rate: Decimal, digits: u32) -> Self {
        currency.clone_into(&mut self.currency);
        self.converted = Some((rate, digits));
        self
    }

    /// An amount in minor units of the base currency, in the currency that is shown.
    pub(super) fn amount(&self, minor: Decimal) -> Option<Decimal> {
        let base = minor.checked_mul(Decimal::new(1, self.digits))?;
        match self.converted {
            None => Some(with_digits(base, self.digits)),
            Some((rate, digits)) => base.checked_div(rate).map(|amount| with_digits(amount, digits)),
        }
    }

    /// The dimensions it is asked by.
    ///
    /// # Errors
    /// `unknown-dimension`, `dimension-not-of-payments`.
    pub(super) fn dimensions(&self, report: &Report) -> Result<Vec<&'static Dimension>, Problem> {
        let legal = report.dimensions();
        let known: Vec<&str> = legal.iter().map(|d| d.name).collect();
        let of_payments = self.params.get("basis").map(String::as_str) == Some("payment");
        self.by
            .iter()
            .map(|name| {
                let found = legal.iter().find(|d| d.name == name).copied().ok_or_else(|| {
                    Problem::usage("unknown-dimension")
                        .arg("value", name)
                        .arg("report", &report.front.name)
                        .candidates(nearest(name, &known))
                        .legal(known.iter().copied())
                })?;
                if of_payments && !found.of_payments {
                    let legal = legal.iter().filter(|d| d.of_payments).map(|d| d.name);
                    return Err(Problem::usage("dimension-not-of-payments").arg("value", name).legal(legal));
                }
                Ok(found)
            })
            .collect()
    }

    /// The parameters as the select takes them: by name, `-` as `_`, with their types.
    pub(super) fn bound(&self, report: &Report, span: &Period, total: bool) -> Vec<(String, SqlCell)> {
        let mut all = vec![
            (":from".to_owned(), SqlCell::text(span.start.to_string())),
            (":to".to_owned(), SqlCell::text(span.end.to_string())),
            (":total".to_owned(), SqlCell::Int(i64::from(total))),
            (":by".to_owned(), SqlCell::text(self.by.join(","))),
        ];
        for (name, text) in &self.params {
            let ty = report.front.params.iter().find(|p| p.name == *name).map_or("", |p| p.ty.as_str());
            let cell = match ty {
                "int" | "days" => text.parse().map_or(SqlCell::Null, SqlCell::Int),
                "dec" => text.parse().map_or(SqlCell::Null, SqlCell::Real),
                _ => SqlCell::text(text.as_str()),
            };
            all.push((format!(":{}", name.replace('-', "_")), cell));
        }
        all
    }
}
