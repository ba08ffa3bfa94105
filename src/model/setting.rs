//! Every setting there is: its key, its type, its default, and whose file may hold it.
//!
//! Reading `crm.toml`, `config`, `help settings` and completion all derive from this one table. A
//! `*` in a key stands for a name that people choose. Deliberately absent: the files themselves
//! (`store::settings`), and what two settings mean together (`Schema::new`).

use super::problem::Problem;
use super::value::{
    parse_country, parse_currency, parse_day, parse_decimal, parse_duration, parse_email, parse_percent,
    parse_phone, parse_slug, parse_url,
};

/// What a setting may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    Flag,
    /// A whole number from, to.
    Int(i64, i64),
    /// A number kept as text, with its decimals.
    Dec,
    Percent,
    Choice(&'static [&'static str]),
    /// A length of time: minutes, hours, days or weeks.
    Span,
    /// A length of working time: minutes or hours.
    Work,
    /// Seconds, or a number with `s`, `m` or `h`.
    Patience,
    Zone,
    Language,
    Currency,
    Country,
    Phone,
    Email,
    Url,
    Slug,
    Day,
    /// `04-01`.
    MonthDay,
    /// `09:00`.
    Clock,
    /// `SO-{year}-{seq:04}`.
    Pattern,
    Version,
    /// Several texts.
    Texts,
    /// Several of these.
    Among(&'static [&'static str]),
    /// A program and its arguments.
    Program,
}

/// Whose file may hold a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// `crm.toml`: it holds for everybody.
    Store,
    /// The user's own configuration: it holds for one person on one machine.
    Own,
    /// Either; `crm.toml` goes first.
    Both,
}

/// A setting as it is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: &'static str,
    pub shape: Shape,
    /// Empty: none.
    pub default: &'static str,
    pub home: Home,
}

const fn store(key: &'static str, shape: Shape, default: &'static str) -> Setting {
    Setting { key, shape, default, home: Home::Store }
}

const fn both(key: &'static str, shape: Shape) -> Setting {
    Setting { key, shape, default: "", home: Home::Both }
}

const fn own(key: &'static str, shape: Shape, default: &'static str) -> Setting {
    Setting { key, shape, default, home: Home::Own }
}

const DAYS: Shape = Shape::Int(0, 36_500);
const MANY: Shape = Shape::Int(1, 1_000_000);
const WEEK: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// The states of a lead that may be converted.
const OPEN: &[&str] = &["new", "contacted", "nurture", "qualified"];
/// What `remind` tells beside follow-ups.
const ALSO: &[&str] =
    &["quote_expiring", "opportunity_rotten", "order_due", "payment_due", "sla", "birthday"];
const FORMATS: &[&str] =
    &["table", "csv", "tsv", "json", "jsonl", "ids", "md", "html", "xlsx", "svg", "vcf", "ics"];

/// Every setting, in the order in which people read them.
pub const SETTINGS: &[Setting] = &[
    store("format", Shape::Int(1, i64::MAX), "1"),
    store("company.name", Shape::Text, ""),
    store("company.address", Shape::Text, ""),
    store("company.phone", Shape::Phone, ""),
    store("company.email", Shape::Email, ""),
    store("company.website", Shape::Url, ""),
    store("company.tax_id", Shape::Text, ""),
    store("company.bank", Shape::Text, ""),
    store("company.bank_account", Shape::Text, ""),
    store("company.country", Shape::Country, "CN"),
    store("company.currency", Shape::Currency, "CNY"),
    store("company.timezone", Shape::Zone, "Asia/Shanghai"),
    store("company.language", Shape::Language, "zh-CN"),
    store("company.calendar", Shape::Slug, ""),
    store("company.payment_days", DAYS, "30"),
    store("company.fiscal_start", Shape::MonthDay, "01-01"),
    store("company.week_start", Shape::Choice(WEEK), "mon"),
    store("tax.default_rate", Shape::Percent, "13"),
    store("tax.price_mode", Shape::Choice(&["tax_excl", "tax_incl"]), "tax_excl"),
    store("tax.rounding", Shape::Choice(&["line", "document"]), "line"),
    store("number.quote", Shape::Pattern, "QT-{year}-{seq:04}"),
    store("number.order", Shape::Pattern, "SO-{year}-{seq:04}"),
    store("number.invoice", Shape::Pattern, "INV-{year}-{seq:04}"),
    store("number.ticket", Shape::Pattern, "TK-{year}-{seq:04}"),
    store("rates.*.*", Shape::Dec, ""),
    store("quote.valid_days", DAYS, "30"),
    store("opportunity.close_days", DAYS, "60"),
    store("customer.dormant_days", DAYS, "180"),
    store("lead.response", Shape::Work, "2h"),
    store("lead.convert_from", Shape::Among(OPEN), ""),
    store("lead.notify_assignment", Shape::Flag, "false"),
    store("stock.warehouses", Shape::Texts, "main"),
    store("stock.allow_negative", Shape::Flag, "false"),
    store("stock.valuation", Shape::Choice(&["moving_average", "fifo"]), "moving_average"),
    store("ticket.followup_days", DAYS, ""),
    store("remind.at", Shape::Clock, "09:00"),
    store("remind.default", Shape::Span, ""),
    store("remind.stale", Shape::Span, "3d"),
    store("remind.also", Shape::Among(ALSO), ""),
    store("remind.before", Shape::Span, "1d"),
    store("remind.digest", Shape::Flag, "false"),
    store("report.pace", Shape::Choice(&["calendar_days", "working_days"]), "calendar_days"),
    store("report.rfm.segments", Shape::Texts, ""),
    store("report.prospects.hot_score", Shape::Int(0, 1000), ""),
    store("report.prospects.quiet_lead_days", DAYS, ""),
    store("report.prospects.quiet_quote_days", DAYS, ""),
    store("report.prospects.replenish_days", DAYS, ""),
    store("report.prospects.lost_from", DAYS, ""),
    store("report.prospects.lost_to", DAYS, ""),
    store("report.prospects.warranty_days", DAYS, ""),
    store("period.closed_until", Shape::Day, ""),
    store("send.node", Shape::Text, ""),
    both("send.email.from", Shape::Text),
    both("send.email.folder", Shape::Text),
    both("send.email.command", Shape::Program),
    both("send.email.smtp", Shape::Text),
    both("send.email.ca_file", Shape::Text),
    both("send.email.unsubscribe", Shape::Text),
    both("send.email.per_minute", MANY),
    both("send.email.timeout", Shape::Patience),
    both("send.email.secret_env", Shape::Text),
    both("send.email.secret_file", Shape::Text),
    both("send.email.secret_command", Shape::Program),
    both("send.sms.preset", Shape::Text),
    both("send.sms.url", Shape::Url),
    both("send.sms.headers", Shape::Texts),
    both("send.sms.body", Shape::Text),
    both("send.sms.success", Shape::Text),
    both("send.sms.id", Shape::Text),
    both("send.sms.user", Shape::Text),
    both("send.sms.from", Shape::Text),
    both("send.sms.folder", Shape::Text),
    both("send.sms.command", Shape::Program),
    both("send.sms.per_minute", MANY),
    both("send.sms.per_run", MANY),
    both("send.sms.max_length", MANY),
    both("send.sms.timeout", Shape::Patience),
    both("send.sms.secret_env", Shape::Text),
    both("send.sms.secret_file", Shape::Text),
    both("send.sms.secret_command", Shape::Program),
    both("send.wechat.folder", Shape::Text),
    both("send.wechat.command", Shape::Program),
    both("send.wechat.timeout", Shape::Patience),
    store("auth.login", Shape::Choice(&["off", "on"]), "off"),
    store("auth.min_length", Shape::Int(8, 128), "15"),
    store("auth.second_factor", Shape::Choice(&["optional", "required"]), "optional"),
    store("auth.idle", Shape::Work, "60m"),
    store("auth.absolute", Shape::Work, "12h"),
    store("policy.gate", Shape::Flag, "false"),
    store("policy.branch", Shape::Text, ""),
    store("policy.gateway", Shape::Slug, ""),
    store("policy.min_crm", Shape::Version, ""),
    store("policy.paths", Shape::Texts, ""),
    both("hooks.timeout", Shape::Patience),
    both("hooks.*", Shape::Program),
    both("views.*.of", Shape::Text),
    both("views.*.where", Shape::Texts),
    both("views.*.fields", Shape::Texts),
    both("views.*.sort", Shape::Texts),
    both("views.*.limit", Shape::Int(1, i64::MAX)),
    store("schedule.*.report", Shape::Text, ""),
    store("schedule.*.every", Shape::Choice(&["day", "week", "month"]), ""),
    store("schedule.*.format", Shape::Choice(FORMATS), ""),
    store("codes.*.*.label", Shape::Text, ""),
    store("codes.*.*.label_zh", Shape::Text, ""),
    store("codes.*.*.retired", Shape::Flag, ""),
    store("fields.*.*.type", Shape::Text, ""),
    store("fields.*.*.label", Shape::Text, ""),
    store("fields.*.*.label_zh", Shape::Text, ""),
    store("fields.*.*.codes", Shape::Texts, ""),
    store("fields.*.*.ref", Shape::Text, ""),
    store("fields.*.*.required", Shape::Flag, ""),
    store("fields.*.*.unique", Shape::Flag, ""),
    store("fields.*.*.default", Shape::Text, ""),
    store("fields.*.*.pattern", Shape::Text, ""),
    store("fields.*.*.min", Shape::Text, ""),
    store("fields.*.*.max", Shape::Text, ""),
    own("language", Shape::Language, ""),
    own("timezone", Shape::Zone, ""),
    own("format", Shape::Choice(FORMATS), ""),
    own("labels", Shape::Choice(&["auto", "code", "label"]), "auto"),
    own("color", Shape::Choice(&["auto", "always", "never"]), "auto"),
    own("pager", Shape::Text, "less -FRX"),
    own("editor", Shape::Text, ""),
    own("lock_timeout", Shape::Patience, "30s"),
    own("signing.key", Shape::Text, ""),
    own("gateway.*", Shape::Text, ""),
];

/// The lists of codes that a store may extend.
pub const EXTENSIBLE: &[&str] = &[
    "source",
    "lost_reason",
    "industry",
    "size",
    "level",
    "price_level",
    "outcome",
    "cause",
    "remedy",
    "return_reason",
    "method",
    "unit",
    "about",
];

/// Whether a key with its names chosen is the declared one.
fn fits(declared: &str, key: &str) -> bool {
    let (mut left, mut right) = (declared.split('.'), key.split('.'));
    loop {
        match (left.next(), right.next()) {
            (None, None) => return true,
            (Some("*"), Some(name)) if !name.is_empty() => {}
            (Some(one), Some(other)) if one == other => {}
            _ => return false,
        }
    }
}

/// The setting that a key means in `crm.toml`.
pub fn of_store(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.home != Home::Own && fits(setting.key, key))
}

/// The setting that a key means in the user's own configuration.
pub fn of_user(key: &str) -> Option<&'static Setting> {
    SETTINGS.iter().find(|setting| setting.home != Home::Store && fits(setting.key, key))
}

/// Whether keys may stand below this one: a table of its own.
pub fn is_table(key: &str) -> bool {
    let depth = key.split('.').count();
    SETTINGS.iter().any(|setting| {
        let parts: Vec<&str> = setting.key.split('.').collect();
        parts.len() > depth && fits(&parts[..depth].join("."), key)
    })
}

/// The help text of a setting: the id of its message.
pub fn help_id(setting: &Setting) -> String {
    let parts: Vec<&str> = setting.key.split('.').filter(|part| *part != "*").collect();
    let home = if setting.home == Home::Own { "own" } else { "setting" };
    format!("help-{home}-{}", parts.join("-").replace('_', "-"))
}

impl Setting {
    /// Whether it holds several values.
    pub fn is_list(&self) -> bool {
        matches!(self.shape, Shape::Texts | Shape::Among(_) | Shape::Program)
    }

    /// Whether its key has names that people choose.
    pub fn is_free(&self) -> bool {
        self.key.contains('*')
    }

    /// Whether a wrong value stops the program at once. What only one command reads that command
    /// complains of, so that a slip in a scheduled report stops no sale.
    pub fn is_vital(&self) -> bool {
        let section = self.key.split('.').next().unwrap_or_default();
        let of_one = ["schedule", "report", "remind", "send", "codes", "fields"];
        self.home == Home::Store && !of_one.contains(&section)
    }

    /// What would be legal.
    pub fn legal(&self) -> Vec<&'static str> {
        match self.shape {
            Shape::Flag => vec!["true", "false"],
            Shape::Choice(choices) | Shape::Among(choices) => choices.to_vec(),
            Shape::Language => vec!["en", "zh-CN"],
            _ => Vec::new(),
        }
    }

    /// Judges the values that a key is given.
    ///
    /// # Errors
    /// `bad-setting` with the way it should look.
    pub fn judge(&self, key: &str, values: &[String]) -> Result<(), Problem> {
        let refuse = |value: &str| {
            let problem = Problem::invalid("bad-setting").arg("field", key).arg("value", value).field(key);
            match self.hint() {
                Some(hint) => problem.hint(hint),
                None => problem.legal(self.legal()),
            }
        };
        self.name(key).map_err(|part| refuse(&part))?;
        if self.is_list() {
            if let Shape::Among(legal) = self.shape {
                let odd = values.iter().find(|value| !value.is_empty() && !legal.contains(&value.as_str()));
                return odd.map_or(Ok(()), |odd| Err(refuse(odd)));
            }
            let empty = values.iter().find(|value| value.trim().is_empty());
            let first = self.shape == Shape::Program && (values.is_empty() || empty.is_some());
            return if first { Err(refuse("")) } else { Ok(()) };
        }
        match values {
            [value] if self.takes(value) => Ok(()),
            [value] => Err(refuse(value)),
            _ => Err(refuse(&values.join(", "))),
        }
    }

    /// Refuses a chosen part of a key that cannot be one.
    fn name(&self, key: &str) -> Result<(), String> {
        let parts: Vec<&str> = key.split('.').collect();
        let wrong = |part: &str| Err(part.to_owned());
        match (self.key, parts.as_slice()) {
            ("rates.*.*", [_, currency, _]) if parse_currency(currency).as_deref() != Ok(currency) => {
                wrong(currency)
            }
            ("rates.*.*", [_, _, day]) if parse_day(day).is_err() => wrong(day),
            (of, [_, list, ..]) if of.starts_with("codes.") && !EXTENSIBLE.contains(list) => wrong(list),
            (of, [_, _, code, _]) if of.starts_with("codes.") && parse_slug(code).is_err() => wrong(code),
            ("hooks.*", [_, name]) if !is_hook(name) => wrong(name),
            _ => Ok(()),
        }
    }

    fn takes(&self, value: &str) -> bool {
        if value.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return false;
        }
        // What is set to nothing is not set, where nothing is possible.
        if value.is_empty() {
            return self.default.is_empty() && !self.is_free();
        }
        match self.shape {
            Shape::Text | Shape::Texts | Shape::Among(_) | Shape::Program => true,
            Shape::Flag => matches!(value, "true" | "false"),
            Shape::Int(least, most) => {
                value.parse::<i64>().is_ok_and(|number| (least..=most).contains(&number))
            }
            Shape::Dec => parse_decimal(value).is_ok_and(|number| number > rust_decimal::Decimal::ZERO),
            Shape::Percent => parse_percent(value).is_ok(),
            Shape::Choice(choices) => choices.contains(&value),
            Shape::Span => parse_duration(value).is_ok(),
            Shape::Work => parse_duration(value).is_ok_and(|length| length.minutes().is_some()),
            Shape::Patience => patience(value).is_some(),
            Shape::Zone => value.parse::<chrono_tz::Tz>().is_ok(),
            Shape::Language => matches!(value, "en" | "zh-CN"),
            Shape::Currency => parse_currency(value).as_deref() == Ok(value),
            Shape::Country => parse_country(value).as_deref() == Ok(value),
            Shape::Phone => parse_phone(value, "CN").is_ok(),
            Shape::Email => parse_email(value).is_ok(),
            Shape::Url => parse_url(value).is_ok(),
            Shape::Slug => parse_slug(value).is_ok(),
            Shape::Day => parse_day(value).is_ok(),
            Shape::MonthDay => value.len() == 5 && parse_day(&format!("2001-{value}")).is_ok(),
            Shape::Clock => is_clock(value),
            Shape::Pattern => is_pattern(value),
            Shape::Version => version(value).is_some(),
        }
    }

    /// How a value should look, where no list says it.
    fn hint(&self) -> Option<&'static str> {
        Some(match self.shape {
            Shape::Int(..) => "setting-int",
            Shape::Dec => "setting-dec",
            Shape::Percent => "setting-percent",
            Shape::Span => "setting-span",
            Shape::Work => "setting-work",
            Shape::Patience => "setting-patience",
            Shape::Zone => "setting-zone",
            Shape::Currency => "setting-currency",
            Shape::Country => "setting-country",
            Shape::Slug => "setting-slug",
            Shape::Day => "setting-day",
            Shape::MonthDay => "setting-month-day",
            Shape::Clock => "setting-clock",
            Shape::Pattern => "setting-pattern",
            Shape::Version => "setting-version",
            Shape::Program => "setting-program",
            _ if self.key.starts_with("codes.") => "setting-codes",
            _ => return None,
        })
    }
}

/// Whether a name of `[hooks]` is one: `order ship`, `order *` or `*`.
fn is_hook(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    name == "*" || name.strip_suffix(" *").unwrap_or(name).split(' ').all(word)
}

/// A waiting time in seconds: a number, or one with `s`, `m` or `h`.
pub fn patience(text: &str) -> Option<u64> {
    let (digits, factor) = match text.char_indices().last() {
        Some((at, 's')) => (&text[..at], 1),
        Some((at, 'm')) => (&text[..at], 60),
        Some((at, 'h')) => (&text[..at], 3600),
        _ => (text, 1),
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

fn is_clock(text: &str) -> bool {
    let number = |part: &str, most: u32| {
        part.len() == 2
            && part.bytes().all(|b| b.is_ascii_digit())
            && part.parse::<u32>().is_ok_and(|n| n < most)
    };
    text.split_once(':').is_some_and(|(hour, minute)| number(hour, 24) && number(minute, 60))
}

/// Whether a pattern of numbers has one `{seq}`, and beside it only `{year}` and `{month}`.
fn is_pattern(pattern: &str) -> bool {
    let mut seen = 0;
    let mut rest = pattern;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { return false };
        match name.split_once(':') {
            None if matches!(name, "year" | "month") => {}
            None if name == "seq" => seen += 1,
            Some(("seq", width)) if width.parse::<usize>().is_ok_and(|width| width <= 18) => seen += 1,
            _ => return false,
        }
        rest = after;
    }
    seen == 1 && !rest.contains('}')
}

/// A version as numbers that can be compared: `1.2` is `1.2.0`.
pub fn version(text: &str) -> Option<[u64; 3]> {
    let mut numbers = [0; 3];
    let mut parts = text.split('.');
    for (at, number) in numbers.iter_mut().enumerate() {
        match parts.next() {
            Some(part) if part.bytes().all(|b| b.is_ascii_digit()) => *number = part.parse().ok()?,
            None if at > 0 => {}
            _ => return None,
        }
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn judged(key: &str, values: &[&str]) -> Option<String> {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        let setting = of_store(key).or_else(|| of_user(key)).unwrap_or_else(|| panic!("no setting {key}"));
        setting.judge(key, &values).err().map(|problem| problem.get("value").unwrap_or("").to_owned())
    }

    #[test]
    fn every_default_is_a_legal_value_of_its_setting() {
        for setting in SETTINGS.iter().filter(|setting| !setting.default.is_empty()) {
            assert_eq!(judged(setting.key, &[setting.default]), None, "{}", setting.key);
        }
    }

    #[test]
    fn every_key_finds_its_own_declaration() {
        for setting in SETTINGS {
            let found = match setting.home {
                Home::Own => of_user(setting.key),
                _ => of_store(setting.key),
            };
            assert_eq!(found, Some(setting));
        }
    }

    #[test]
    fn what_fits_is_taken_and_what_does_not_is_named() {
        for (key, good, bad) in [
            ("company.timezone", "Asia/Shanghai", "Mars/Base"),
            ("company.fiscal_start", "04-01", "02-29"),
            ("company.week_start", "sun", "Sunday"),
            ("company.currency", "USD", "usd"),
            ("number.order", "A{year}{month}-{seq}", "A-{year}"),
            ("number.order", "{seq:04}/{year}", "{seq}{seq}"),
            ("tax.default_rate", "13", "113"),
            ("lead.response", "90m", "2d"),
            ("remind.at", "23:59", "24:00"),
            ("period.closed_until", "2026-01-31", "2026-02-30"),
            ("policy.min_crm", "0.10.2", "next"),
            ("rates.USD.2026-01-01", "7.1000", "0"),
            ("stock.allow_negative", "true", "yes"),
            ("lock_timeout", "5m", "long"),
        ] {
            assert_eq!(judged(key, &[good]), None, "{key}");
            assert_eq!(judged(key, &[bad]).as_deref(), Some(bad), "{key}");
        }
    }

    #[test]
    fn the_names_that_people_choose_are_judged_too() {
        assert_eq!(judged("rates.Dollar.2026-01-01", &["7"]).as_deref(), Some("Dollar"));
        assert_eq!(judged("rates.USD.yesterday", &["7"]).as_deref(), Some("yesterday"));
        assert_eq!(judged("codes.status.gone.label", &["x"]).as_deref(), Some("status"));
        assert_eq!(judged("hooks.order ship", &["check"]), None);
        assert_eq!(judged("hooks.order *", &["check"]), None);
        assert_eq!(judged("hooks.order *", &[]).as_deref(), Some(""));
        assert_eq!(judged("hooks.* *", &["x"]).as_deref(), Some("* *"));
    }

    #[test]
    fn a_table_is_known_from_the_keys_below_it() {
        for (key, table) in
            [("number", true), ("views.mine", true), ("codes.source", true), ("number.order", false)]
        {
            assert_eq!(is_table(key), table, "{key}");
        }
        assert!(of_store("company.nmae").is_none() && of_store("language").is_none());
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(version("0.10") > version("0.9.9"));
        assert_eq!(version("1"), Some([1, 0, 0]));
        for odd in ["", "1.", "1.2.3.4", "v1", "-1"] {
            assert_eq!(version(odd), None, "{odd}");
        }
    }
}
