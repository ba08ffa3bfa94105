//! A view that remembers the records people name themselves: users, products, pipelines and the
//! like are few, and nearly every record refers to some of them.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::View;
use super::stock_state::StockMove;
use crate::model::Problem;
use crate::model::record::{Doc, Kind};
use crate::model::schema::Schema;

/// A view over another one that does not change meanwhile.
pub struct Memo<'a> {
    view: &'a dyn View,
    docs: RefCell<BTreeMap<(&'static str, String), Option<Doc>>>,
}

impl std::fmt::Debug for Memo<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Memo").field("docs", &self.docs.borrow().len()).finish_non_exhaustive()
    }
}

impl<'a> Memo<'a> {
    /// Remembers what it reads from a view.
    pub fn new(view: &'a dyn View) -> Self {
        Self { view, docs: RefCell::default() }
    }
}

impl View for Memo<'_> {
    fn schema(&self) -> &Schema {
        self.view.schema()
    }

    fn get(&self, kind: &'static Kind, id: &str) -> Result<Option<Doc>, Problem> {
        if !kind.is_slug() {
            return self.view.get(kind, id);
        }
        let key = (kind.name, id.to_owned());
        if let Some(doc) = self.docs.borrow().get(&key) {
            return Ok(doc.clone());
        }
        let doc = self.view.get(kind, id)?;
        self.docs.borrow_mut().insert(key, doc.clone());
        Ok(doc)
    }

    fn find(&self, noun: &str, field: &str, value: &str) -> Result<Vec<String>, Problem> {
        self.view.find(noun, field, value)
    }

    fn referring(&self, id: &str) -> Result<Vec<(&'static str, String, String)>, Problem> {
        self.view.referring(id)
    }

    fn next_number(&self, noun: &str, prefix: &str) -> Result<u64, Problem> {
        self.view.next_number(noun, prefix)
    }

    fn stock_moves(&self, product: &str) -> Result<Vec<StockMove>, Problem> {
        self.view.stock_moves(product)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{HAINA, sample};
    use super::*;

    #[test]
    fn a_memo_answers_as_the_view_does() {
        let store = sample();
        let memo = Memo::new(&store);
        for (noun, id) in [("user", "li.na"), ("user", "li.na"), ("user", "nobody"), ("customer", HAINA)] {
            assert_eq!(memo.record(noun, id), store.record(noun, id), "{noun} {id}");
        }
        assert_eq!(memo.find("user", "roles", "sales"), store.find("user", "roles", "sales"));
        assert_eq!(memo.docs.borrow().len(), 2);
    }
}
