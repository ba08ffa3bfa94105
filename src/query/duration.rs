//! Durations: `30m 4h 2d 2w`, and several of them from large to small: `1d12h`.
//!
//! Days and minutes stay apart, for a day of working time has no fixed length. Here `m` is
//! a minute. Deliberately absent: signs, spaces, fractions, months and years.

use crate::model::Problem;

/// A length of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dur {
    /// Whole days, weeks included.
    pub days: u32,
    /// Minutes, hours included.
    pub minutes: u32,
}

impl Dur {
    /// Minutes on the wall clock, a day having 24 hours.
    #[must_use]
    pub fn elapsed_minutes(self) -> i64 {
        i64::from(self.days) * 24 * 60 + i64::from(self.minutes)
    }

    /// Minutes of working time, unless it counts days.
    #[must_use]
    pub fn working_minutes(self) -> Option<i64> {
        (self.days == 0).then_some(i64::from(self.minutes))
    }
}

/// Reads a duration.
///
/// # Errors
/// `bad-duration`.
pub fn parse_duration(text: &str) -> Result<Dur, Problem> {
    read(text.trim()).ok_or_else(|| {
        Problem::usage("bad-duration").arg("value", text.trim()).legal(["30m", "4h", "2d", "2w", "1d12h"])
    })
}

fn read(mut rest: &str) -> Option<Dur> {
    let mut units = ['w', 'd', 'h', 'm'].into_iter();
    let mut total = Dur::default();
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: u32 = rest.get(..unit_at)?.parse().ok()?;
        let unit = rest.get(unit_at..)?.chars().next()?;
        // Taking the units in order refuses what repeats or grows.
        units.find(|known| *known == unit)?;
        let (days, minutes) = match unit {
            'w' => (count.checked_mul(7)?, 0),
            'd' => (count, 0),
            'h' => (0, count.checked_mul(60)?),
            _ => (0, count),
        };
        total.days = total.days.checked_add(days)?;
        total.minutes = total.minutes.checked_add(minutes)?;
        rest = rest.get(unit_at + 1..)?;
        if rest.is_empty() {
            return Some(total);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_days_and_minutes() {
        for (text, days, minutes) in [
            ("30m", 0, 30),
            ("0m", 0, 0),
            ("4h", 0, 240),
            ("2d", 2, 0),
            ("2w", 14, 0),
            ("1d12h", 1, 720),
            (" 1w2d3h4m ", 9, 184),
        ] {
            assert_eq!(parse_duration(text), Ok(Dur { days, minutes }), "{text}");
        }
    }

    #[test]
    fn what_would_be_a_guess_is_refused() {
        for text in [
            "",
            "5",
            "m",
            "-1d",
            "+1d",
            "1.5h",
            "1 h",
            "12h1d",
            "1h1h",
            "1M",
            "1y",
            "1h30",
            "4294967295w",
            "99999999999d",
            "１h",
            "1時",
        ] {
            let problem = parse_duration(text).expect_err(text);
            assert_eq!(problem.id, "bad-duration", "{text}");
        }
    }

    #[test]
    fn a_day_has_no_fixed_length_in_working_time() {
        let dur = |text| parse_duration(text).expect("a duration");
        assert_eq!(dur("4h").working_minutes(), Some(240));
        assert_eq!(dur("1d").working_minutes(), None);
        assert_eq!(dur("1d12h").elapsed_minutes(), 2160);
    }
}
