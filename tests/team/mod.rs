//! What a team agrees on: settings, formats, vetoes, and programs beside ours.

mod completion;
mod config;
mod extensions;
mod hooks;
mod migrate;
