//! Score rules: points for a lead. The score is derived and therefore decays by itself.

use super::record::{TRAITS, Traits, is};
use crate::record;

record! {
    /// Points for a lead
    ScoreRule, "score_rule", "score_rules", "", Traits { aliases: &["score-rule"], ..TRAITS } => {
        what {
            /// Name
            name: String,
            /// Place in the list
            order: Option<i64>,
            /// Whether it is in use
            enabled: Option<bool> = is("true"),
        }
        conditions {
            /// Conditions on the lead that must all hold
            when: Vec<String>,
            /// Conditions on its done follow-ups; each that matches counts
            followup_when: Vec<String>,
            /// Days back in which follow-ups count
            window_days: Option<i64>,
        }
        points {
            /// Points, may be negative
            points: i64,
            /// Most points from follow-ups, without sign
            max_points: Option<i64>,
        }
    }
}
