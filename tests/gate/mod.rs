//! The gate as those meet it who push: a bare repository whose hook is the built program, commits
//! made by hand with git's plumbing and `ssh-keygen`, and clones in which people work.
//!
//! Deliberately absent: rules over the whole store, which the gate does not judge.

mod harness;
mod honest;
mod hostile;
mod matrix;
mod signatures;
mod store;
