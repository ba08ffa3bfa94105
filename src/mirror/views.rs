//! The views: what is derived from several records, as SQL.
//!
//! Views see nothing later than `as_of()`. They rely on the rowids that `layout` gives child rows
//! and on the computed columns of `derived`. They are made for the connection that asks for one:
//! in the file, SQLite would read all of them at each opening, which takes longer than most
//! commands look at the mirror. Deliberately absent: reports, which are selects over these.

use super::layout::Layout;
use super::{Mirror, MirrorError};

/// All views, in an order in which each knows what it uses.
const ALL: &str = concat!(
    include_str!("views/states.sql"),
    include_str!("views/money.sql"),
    include_str!("views/stock.sql"),
    include_str!("views/sale_line.sql"),
    include_str!("views/credit.sql"),
    include_str!("views/contact.sql"),
    include_str!("views/campaign.sql"),
    include_str!("views/customer.sql"),
    include_str!("views/lead.sql"),
    include_str!("views/opportunity.sql"),
    include_str!("views/deal.sql"),
    include_str!("views/ticket.sql"),
);

/// What stands for longer text in the views: the ids of the customer `c` and of those that were
/// merged into it, those of the contact `c`, and those of all that belongs to the customer. As
/// conditions on an indexed column they lead to the few records of one customer; as a view they
/// would be worked out for all.
const SHORT: &[(&str, &str)] = &[
    (
        "@belongs",
        "select c.id union all select v.id from survivors v where v.survivor = c.id and v.kind = 'customer'
        union all select x.id from contacts x where x.customer in (@own)
        union all select x.id from leads x where x.converted_customer in (@own)
        union all select x.id from opportunities x where x.customer in (@own)
        union all select x.id from quotes x where x.customer in (@own)
        union all select x.id from orders x where x.customer in (@own)
        union all select x.id from tickets x where x.customer in (@own)",
    ),
    (
        "@own",
        "select c.id union all select v.id from survivors v where v.survivor = c.id and v.kind = 'customer'",
    ),
    (
        "@same",
        "select c.id union all select v.id from survivors v where v.survivor = c.id and v.kind = 'contact'",
    ),
];

/// The views of a store, which some settings are part of.
pub(super) fn all(layout: &Layout) -> String {
    let mut sql = ALL.to_owned();
    for (short, long) in SHORT {
        sql = sql.replace(short, long);
    }
    let days: u32 = layout.settings.text("customer.dormant_days").parse().unwrap_or(180);
    sql.replace("@dormant_days", &days.to_string())
}

impl Mirror {
    /// Does what may ask for a view: once more with the views where it is the first to do so.
    pub(super) fn viewing<T>(&self, mut work: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        if !self.known.replace(true) {
            self.know_calendars();
            if self.views.get() {
                self.run_views(
                    "drop view if exists temp.lead_score_share; drop view if exists temp.lead_score;\n",
                )?;
            }
        }
        match work() {
            Err(error) if !self.views.get() && error.to_string().contains("no such table") => {
                self.make_views()?;
                work()
            }
            done => done,
        }
    }

    /// Makes the views, where they are not there. A statement that is under way would break off.
    pub(super) fn make_views(&self) -> rusqlite::Result<()> {
        if !self.views.get() {
            self.run_views(&(self.layout.links_sql() + &all(&self.layout)))?;
            self.views.set(true);
        }
        Ok(())
    }

    /// Runs these statements, and makes the views that score rules define.
    fn run_views(&self, sql: &str) -> rusqlite::Result<()> {
        let scores = match self.scores_sql() {
            Ok(scores) => scores,
            Err(MirrorError::Sqlite(error)) => return Err(error),
            Err(_) => String::new(),
        };
        self.db.execute_batch(&(sql.to_owned() + &scores).replace("create view ", "create temp view "))
    }
}
