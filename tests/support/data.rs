//! The data sets that lie beside the project and are no part of it.

use std::path::{Path, PathBuf};

/// A file or folder of the shared test data, where it is there.
#[expect(clippy::print_stderr, reason = "whoever runs the tests should know what was left out")]
pub fn shared_data(path: &str) -> Option<PathBuf> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if !file.exists() {
        eprintln!("left out: {} is not there", file.display());
        return None;
    }
    file.canonicalize().ok()
}

/// The folder of the tests, for the files that lie beside them.
pub fn beside_the_tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}
