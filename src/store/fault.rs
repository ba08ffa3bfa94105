//! A hook for tests: stop dead at a step of the transaction, as a crash would. The
//! release build has nothing here; from outside, system calls are made to fail.

/// The steps after which a crash leaves something different on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Objects,
    Prepared,
    Temps,
    IndexLocked,
    Journal,
    Branch,
    OneFile,
    Files,
    Index,
    JournalGone,
}

#[cfg(not(test))]
pub(super) fn reached(_: Step) {}

#[cfg(test)]
pub(super) use in_tests::{crash_at, reached};

#[cfg(test)]
mod in_tests {
    use super::Step;
    use std::cell::Cell;
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    thread_local! {
        static STOP: Cell<Option<Step>> = const { Cell::new(None) };
    }

    struct Crash;

    /// Unwinding runs no clean-up of ours but the release of the flock, which the
    /// kernel does for a dead process too.
    pub(in crate::store) fn reached(step: Step) {
        if STOP.get() == Some(step) {
            STOP.set(None);
            resume_unwind(Box::new(Crash));
        }
    }

    /// Runs `act` and says whether it was cut off at `step`.
    pub(in crate::store) fn crash_at(step: Step, act: impl FnOnce()) -> bool {
        STOP.set(Some(step));
        let outcome = catch_unwind(AssertUnwindSafe(act));
        STOP.set(None);
        match outcome {
            Ok(()) => false,
            Err(cause) if cause.is::<Crash>() => true,
            Err(cause) => resume_unwind(cause),
        }
    }
}
