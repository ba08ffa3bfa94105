//! Reports from outside that no example of the library can show: files of a store, workbooks, runs.

mod own;
