//! The views: what is derived from several records, as SQL.
//!
//! Views see nothing later than `as_of()`. They rely on the rowids that `layout` gives child rows
//! and on the computed columns of `derived`. They are made for the connection that asks for one:
//! in the file, SQLite would read all of them at each opening, which takes longer than most
//! commands look at the mirror. Deliberately absent: reports, which are selects over these.

use super::{Mirror, MirrorError};

/// All views, in an order in which each knows what it uses.
pub(super) const ALL: &str = concat!(
    include_str!("views/states.sql"),
    include_str!("views/money.sql"),
    include_str!("views/stock.sql"),
    include_str!("views/sale_line.sql"),
    include_str!("views/credit.sql"),
    include_str!("views/contact.sql"),
    include_str!("views/campaign.sql"),
    include_str!("views/lead.sql"),
    include_str!("views/opportunity.sql"),
);

impl Mirror {
    /// Does what may ask for a view: once more with the views where it is the first to do so.
    pub(super) fn viewing<T>(&self, mut work: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        if !self.known.replace(true) {
            self.know_calendars();
            if self.views.get() {
                self.make_views(
                    "drop view if exists temp.lead_score_share; drop view if exists temp.lead_score;\n",
                )?;
            }
        }
        match work() {
            Err(error) if !self.views.get() && error.to_string().contains("no such table") => {
                self.make_views(&(self.layout.links_sql() + ALL))?;
                self.views.set(true);
                work()
            }
            done => done,
        }
    }

    /// Runs these statements, and makes the views that score rules define.
    fn make_views(&self, sql: &str) -> rusqlite::Result<()> {
        let scores = match self.scores_sql() {
            Ok(scores) => scores,
            Err(MirrorError::Sqlite(error)) => return Err(error),
            Err(_) => String::new(),
        };
        self.db.execute_batch(&(sql.to_owned() + &scores).replace("create view ", "create temp view "))
    }
}
