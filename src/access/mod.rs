//! Who may do what: rights by role, and signatures that say who did it.
//!
//! - `asks` tells what a change asks for, `rights` whether a user may.
//! - `signature` tells which key signed.
//! - `seal` encrypts to people.
//!
//! **What is not allowed is denied.** Deliberately absent: any hold over somebody who owns the
//! files. In a clone these checks help honest people; they bind where a push is judged, or where
//! the files belong to another account.

pub mod asks;
pub mod gate;
mod places;
pub mod policy;
pub mod push;
pub mod rights;
#[cfg(test)]
mod rights_tests;
pub mod seal;
pub mod signature;
pub mod truth;
