//! How far a long command is, for people at a terminal.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// A progress bar that a person sees after a second, and a script never.
#[derive(Debug)]
pub struct Bar {
    bar: indicatif::ProgressBar,
    started: Instant,
    shown: Cell<bool>,
    wanted: bool,
}

impl Bar {
    pub(super) fn new(wanted: bool, words: &str, total: usize) -> Self {
        let bar = indicatif::ProgressBar::with_draw_target(
            Some(total as u64),
            indicatif::ProgressDrawTarget::hidden(),
        );
        let style = indicatif::ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len} {eta}");
        bar.set_style(style.unwrap_or_else(|_| indicatif::ProgressStyle::default_bar()));
        bar.set_message(words.to_owned());
        Self { bar, started: Instant::now(), shown: Cell::new(false), wanted }
    }

    fn show_late(&self) {
        if self.wanted && !self.shown.get() && self.started.elapsed() > Duration::from_secs(1) {
            self.shown.set(true);
            self.bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
        }
    }

    /// How many there are in all.
    pub fn set_length(&self, total: u64) {
        self.bar.set_length(total);
    }

    /// How many are done.
    pub fn set_position(&self, done: u64) {
        self.show_late();
        self.bar.set_position(done);
    }

    /// Some more are done.
    pub fn inc(&self, more: u64) {
        self.show_late();
        self.bar.inc(more);
    }

    /// All are done.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
