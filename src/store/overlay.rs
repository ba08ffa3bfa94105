//! Objects that are not written yet, over those of the repository: what a replay makes is read back
//! from here until the transaction writes all of it at once. Deliberately absent: the disk.

use super::error::{Result, StoreError, git};
use super::trees::Source;
use git2::{ObjectType, Odb, Oid, Repository};
use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

type New = (ObjectType, Oid, Vec<u8>);

pub(super) struct Overlay<'r> {
    odb: Odb<'r>,
    made: RefCell<Vec<New>>,
    places: RefCell<HashMap<Oid, usize>>,
}

impl<'r> Overlay<'r> {
    pub fn new(repo: &'r Repository, objects: &[New]) -> Result<Self> {
        let odb = repo.odb().map_err(git("open the object database"))?;
        let places = objects.iter().enumerate().map(|(at, object)| (object.1, at)).collect();
        Ok(Overlay { odb, made: RefCell::new(objects.to_vec()), places: RefCell::new(places) })
    }

    /// Keeps an object unless it is there already.
    pub fn write(&self, kind: ObjectType, data: Vec<u8>) -> Result<Oid> {
        let id = Oid::hash_object(kind, &data).map_err(git("name an object"))?;
        if let Entry::Vacant(place) = self.places.borrow_mut().entry(id) {
            let mut made = self.made.borrow_mut();
            place.insert(made.len());
            made.push((kind, id, data));
        }
        Ok(id)
    }

    /// The bytes of any object.
    pub fn data(&self, id: Oid) -> Result<Vec<u8>> {
        if let Some(at) = self.places.borrow().get(&id) {
            return Ok(self.made.borrow()[*at].2.clone());
        }
        let object = self.odb.read(id).map_err(git("read an object of the history"))?;
        Ok(object.data().to_vec())
    }

    /// The tree of a commit.
    pub fn tree_of(&self, commit: Oid) -> Result<Oid> {
        let data = self.data(commit)?;
        let line = data.strip_prefix(b"tree ").and_then(|rest| rest.get(..40));
        let id = line.and_then(|hex| Oid::from_str(str::from_utf8(hex).ok()?).ok());
        id.ok_or_else(|| StoreError::Git {
            doing: "read a commit",
            source: git2::Error::from_str("it has no tree"),
        })
    }

    /// Everything that was made.
    pub fn into_objects(self) -> Vec<New> {
        self.made.into_inner()
    }
}

impl Source for Overlay<'_> {
    fn folder(&self, id: Oid) -> Result<Vec<u8>> {
        self.data(id)
    }
}
