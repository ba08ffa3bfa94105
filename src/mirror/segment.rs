//! `rfm_segment(r, f, m)`: the name of the first segment that three scores lie in.
//!
//! The segments are those of the R package rfm, or `report.rfm.segments` of `crm.toml`: texts such
//! as `Champions 5/5/5` and `Potential Loyalist 3-5/3-5/2-5`, tried in their order. What fits none is
//! `Other`. Deliberately absent: the scores, which are the report's.

use rusqlite::functions::Context;
use rusqlite::{Connection, Error, Result};

use super::functions::PURE;
use crate::model::schema::Settings;

/// The setting that holds others.
const SETTING: &str = "report.rfm.segments";

const USUAL: &[&str] = &[
    "Champions 5/5/5",
    "Potential Loyalist 3-5/3-5/2-5",
    "Loyal 2-4/2-4/2-4",
    "Promising 3-4/1-3/3-5",
    "New 4-5/1-3/1-5",
    "Can't Lose 1-2/3-4/4-5",
    "At Risk 1-2/2-5/4-5",
    "Need Attention 1-3/3-5/3-5",
    "About To Sleep 2-3/1-3/1-4",
    "Lost 1/1-5/1-5",
];

/// A name and the least and greatest score of each kind.
type Segment = (String, [(i64, i64); 3]);

/// Registers the function with the segments of a store.
pub(super) fn register(db: &Connection, settings: &Settings) -> Result<()> {
    let own = settings.list(SETTING);
    let texts: Vec<&str> = if own.is_empty() { USUAL.to_vec() } else { own };
    let segments: std::result::Result<Vec<Segment>, String> =
        texts.into_iter().map(|text| read(text).ok_or_else(|| text.to_owned())).collect();
    db.create_scalar_function("rfm_segment", 3, PURE, move |ctx| find(&segments, ctx))
}

fn find(segments: &std::result::Result<Vec<Segment>, String>, ctx: &Context<'_>) -> Result<Option<String>> {
    let bad = |text: &String| {
        Error::UserFunctionError(
            format!("{SETTING}: `{text}` is not a name and three scores such as 3-5/3-5/2-5").into(),
        )
    };
    let segments = segments.as_ref().map_err(bad)?;
    let mut scores = [0; 3];
    for (at, score) in scores.iter_mut().enumerate() {
        match ctx.get::<Option<i64>>(at)? {
            Some(given) => *score = given,
            None => return Ok(None),
        }
    }
    let fits = |(_, ranges): &&Segment| {
        ranges.iter().zip(scores).all(|((least, most), score)| (*least..=*most).contains(&score))
    };
    let found = segments.iter().find(fits).map(|(name, _)| name.as_str());
    Ok(Some(found.unwrap_or("Other").to_owned()))
}

/// A segment as it is written: its name, then a score or a range for recency, frequency and money.
fn read(text: &str) -> Option<Segment> {
    let (name, ranges) = text.trim().rsplit_once(' ')?;
    let range = |text: &str| {
        let (least, most) = text.split_once('-').unwrap_or((text, text));
        let (least, most) = (least.parse().ok()?, most.parse().ok()?);
        (1 <= least && least <= most && most <= 5).then_some((least, most))
    };
    let all: Option<Vec<(i64, i64)>> = ranges.split('/').map(range).collect();
    Some((name.trim().to_owned(), all?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_a_name_and_three_ranges() {
        let loyal = read("Potential Loyalist 3-5/3-5/2-5");
        assert_eq!(loyal, Some(("Potential Loyalist".to_owned(), [(3, 5), (3, 5), (2, 5)])));
        assert_eq!(read("重要客户 5/5/5"), Some(("重要客户".to_owned(), [(5, 5); 3])));
        for bad in ["VIP", "VIP 5/5", "VIP 5/5/6", "VIP 0/1/2", "VIP 5-3/1/1", "VIP a/b/c", "VIP 5/5/5/5"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_usual_segments_are_all_read() {
        assert!(USUAL.iter().all(|text| read(text).is_some()));
    }

    #[test]
    fn a_store_may_have_segments_of_its_own() {
        let db = Connection::open_in_memory().expect("memory");
        let named = |values: &[&str]| {
            let values = values.iter().map(|text| (*text).to_owned()).collect();
            let settings = Settings::new([(SETTING.to_owned(), values)].into());
            register(&db, &settings).expect("registered");
            db.query_row("select rfm_segment(5, 4, 3)", [], |row| row.get::<_, String>(0))
        };
        assert_eq!(named(&["A 5/5/5", "B 4-5/4-5/1-5"]).as_deref(), Ok("B"));
        assert_eq!(named(&["A 5/5/5"]).as_deref(), Ok("Other"));
        assert!(named(&["A 5"]).is_err(), "a slip is told, not passed over");
    }
}
