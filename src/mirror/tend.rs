//! Keeping the database file in shape: whether it is sound, and no larger than it must be.

use super::{Mirror, Result, connection};

/// What was done with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tended {
    /// Nothing was needed.
    Fit,
    /// It was packed.
    Packed,
    /// It was damaged and is empty now, to be built anew.
    Emptied,
}

impl Mirror {
    /// Whether the database is sound.
    pub fn is_sound(&self) -> bool {
        let answer = self.db.query_row("pragma quick_check(1)", [], |row| row.get::<_, String>(0));
        answer.is_ok_and(|answer| answer == "ok")
    }

    /// Packs the file where a fifth of it is free, and empties one that is damaged.
    pub fn tend(&self) -> Result<Tended> {
        if !self.is_sound() {
            connection::reset(&self.db)?;
            return Ok(Tended::Emptied);
        }
        let number = |pragma: &str| self.db.query_row(pragma, [], |row| row.get::<_, i64>(0));
        let (all, free) = (number("pragma page_count")?, number("pragma freelist_count")?);
        self.db.execute_batch("pragma optimize")?;
        if free * 5 < all.max(1) {
            return Ok(Tended::Fit);
        }
        self.db.execute_batch("vacuum")?;
        Ok(Tended::Packed)
    }
}
