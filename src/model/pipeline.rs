//! Pipelines: the stages of a kind of sale.

use super::record::{Rows, Set, TRAITS};
use crate::{choice, record, row};

choice! {
    /// What a stage means
    StageType = "stage_type" { Open = "open", Won = "won", Lost = "lost" }
}

row! {
    /// A stage of the sale
    Stage by "code" {
        /// The code that opportunities store
        code: String,
        /// English name
        label: Option<String>,
        /// Chinese name
        label_zh: Option<String>,
        /// Open, won or lost
        r#type: StageType,
        /// Chance to win, 0 to 100
        probability: i64,
        /// Days without touch after which an opportunity rots
        rot_days: Option<i64>,
        /// Fields of the opportunity that must be filled to enter
        requires: Set<String>,
    }
}

record! {
    /// The stages of a kind of sale
    Pipeline, "pipeline", "pipelines", "", TRAITS => {
        identity {
            /// Name
            name: String,
            /// The pipeline of new opportunities; exactly one
            default: Option<bool>,
        }
        rows {
            /// Stages in order: open ones, the won one, lost ones
            stages: Rows<Stage>,
        }
    }
}
