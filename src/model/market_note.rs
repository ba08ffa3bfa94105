//! Market notes: dated observations on the market.

use super::choices::Industry;
use super::competitor::Competitor;
use super::product::Product;
use super::record::{TODAY, TRAITS, Traits, is};
use super::region::Region;
use super::scalars::{Day, Id, Prose, Url};
use crate::{choice, record};

choice! {
    /// What an observation is about
    MarketNoteKind = "market_note_kind" {
        Industry = "industry",
        Competitor = "competitor",
        Demand = "demand",
        Policy = "policy",
        Survey = "survey",
    }
}

record! {
    /// An observation on the market
    MarketNote, "market_note", "market_notes", "mkn", Traits {
        title: &["topic"],
        lookup: &[],
        aliases: &["market-note"],
        ..TRAITS
    } => {
        what {
            /// Day of the observation
            date: Day = TODAY,
            /// What it is about
            kind: MarketNoteKind,
            /// Topic
            topic: String,
        }
        content {
            /// The observation
            text: Prose,
            /// Where it was found
            source_url: Option<Url>,
        }
        links {
            /// Rival it concerns
            competitor: Option<Id<Competitor>>,
            /// Product it concerns
            product: Option<Id<Product>>,
            /// Region it concerns
            region: Option<Id<Region>>,
            /// Industry it concerns
            industry: Option<Industry>,
            /// Effect on our sales, -2 to 2
            impact: Option<i64> = is("0"),
        }
    }
}
