//! The score of a lead: the conditions of the score rules, which live in records, made into views.
//!
//! `lead_score_share` has what each rule gives to each lead, `lead_score` their sum from 0 to 100.
//! A rule whose conditions mean nothing fails whoever asks for a score, and nobody else. Deliberately absent: storing a score; it decays by itself.

use std::fmt::Write as _;

use super::{Mirror, Result};
use crate::model::Problem;
use crate::model::record::Kind;
use crate::query::parse_condition;

/// A score rule that is enabled.
#[derive(Clone, Debug)]
pub struct ScoreRule {
    pub id: String,
    pub name: String,
    /// What it gives to the lead `l`, as SQL; or what is wrong with its conditions.
    share: std::result::Result<Share, Problem>,
}

/// What a rule gives to the lead `l`, as SQL.
#[derive(Clone, Debug)]
struct Share {
    points: String,
    /// How many follow-ups match; null where none are asked for.
    followups: String,
}

/// A rule as its record has it.
struct Stored {
    id: String,
    name: String,
    when: Vec<String>,
    followup_when: Vec<String>,
    window_days: Option<i64>,
    points: i64,
    max_points: Option<i64>,
}

/// Refuses a score that goes by the score, which would never end.
pub fn refuse_itself(noun: &str, text: &str) -> std::result::Result<(), Problem> {
    match parse_condition(text) {
        Ok(condition) if noun == "lead" && condition.field == "score" => {
            Err(Problem::usage("score-of-score").arg("value", text).field("when"))
        }
        _ => Ok(()),
    }
}

impl Mirror {
    /// The enabled score rules in their order.
    pub fn score_rules(&self) -> Result<Vec<ScoreRule>> {
        let sql = "select id, name, window_days, points, max_points from score_rules \
            where enabled is not 0 and archived is not 1 order by \"order\" is null, \"order\", id";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut stored = Vec::new();
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            stored.push(Stored {
                when: self.texts(&id, "when")?,
                followup_when: self.texts(&id, "followup_when")?,
                id,
                name: row.get::<_, Option<String>>(1)?.unwrap_or_default(),
                window_days: row.get(2)?,
                points: row.get::<_, Option<i64>>(3)?.unwrap_or_default(),
                max_points: row.get(4)?,
            });
        }
        Ok(stored
            .into_iter()
            .map(|rule| ScoreRule { share: self.share(&rule), id: rule.id, name: rule.name })
            .collect())
    }

    /// The conditions of a rule.
    fn texts(&self, id: &str, field: &str) -> Result<Vec<String>> {
        let sql = "select value from members where record = ? and kind = 'score_rule' and field = ?";
        let mut statement = self.db.prepare_cached(sql)?;
        let texts = statement.query_map([id, field], |row| row.get(0))?;
        Ok(texts.collect::<rusqlite::Result<_>>()?)
    }

    /// What is wrong with score rules, each problem with its rule.
    pub fn score_problems(&self) -> Result<Vec<Problem>> {
        let rules = self.score_rules()?;
        Ok(rules
            .into_iter()
            .filter_map(|rule| {
                let problem = rule.share.err()?;
                Some(problem.at(format!("score_rules/{}.toml", rule.id), None))
            })
            .collect())
    }

    fn share(&self, rule: &Stored) -> std::result::Result<Share, Problem> {
        let when = self.all_of("lead", "l", &rule.when)?;
        if rule.followup_when.is_empty() {
            let points = format!("case when {when} then {} else 0 end", rule.points);
            return Ok(Share { points, followups: "null".to_owned() });
        }
        let which = self.all_of("followup", "f", &rule.followup_when)?;
        let mut count = "(select count(*) from followups f where f.target in (select l.id union all \
             select s.id from survivors s where s.survivor = l.id and s.kind = 'lead') \
             and f.status = 'done' and day(f.done_at) <= as_of()"
            .to_owned();
        if let Some(days) = rule.window_days {
            let _ = write!(count, " and day(f.done_at) >= date(as_of(), '-{} days')", days.max(0));
        }
        let _ = write!(count, " and {which})");
        let most = rule.max_points.map_or(i64::MAX, i64::abs);
        let (each, sign) = (rule.points.unsigned_abs(), rule.points.signum());
        let points = format!("case when {when} then {sign} * min({most}, {each} * {count}) else 0 end");
        Ok(Share { points, followups: count })
    }

    /// Conditions that must all hold.
    fn all_of(&self, noun: &str, alias: &str, texts: &[String]) -> std::result::Result<String, Problem> {
        let Some(kind): Option<&'static Kind> = self.layout.of(noun).map(|tables| tables.kind) else {
            return Ok("1".to_owned());
        };
        let mut sql = String::from("1");
        for text in texts {
            refuse_itself(noun, text)?;
            let condition = self.fixed_condition(kind, alias, text)?;
            let _ = write!(sql, " and {condition}");
        }
        Ok(format!("({sql})"))
    }

    /// The views over what the rules give.
    pub(super) fn scores_sql(&self) -> Result<String> {
        let rules = self.score_rules()?;
        let refused =
            |id: &str| Share { points: format!("refused_score('{id}')"), followups: "null".to_owned() };
        let shares: Vec<(String, Share)> = rules
            .iter()
            .map(|rule| {
                let id = rule.id.replace('\'', "''");
                let share = rule.share.clone().unwrap_or_else(|_| refused(&id));
                (id, share)
            })
            .collect();
        let mut sum = String::from("0");
        let mut arms =
            String::from("select null as \"lead\", null as rule, 0 as points, 0 as followups where 0");
        for (id, Share { points, followups }) in &shares {
            let _ = write!(sum, " + {points}");
            let _ = write!(arms, "\nunion all select l.id, '{id}', {points}, {followups} from leads l");
        }
        Ok(format!(
            "create view lead_score_share as {arms};\n\
             create view lead_score as select l.id as \"lead\", max(0, min(100, {sum})) as score from leads l;\n"
        ))
    }
}
