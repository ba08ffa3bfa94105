//! Switches on libgit2's durable writes, which are off by default and which no safe
//! function reaches. This is the only `unsafe` code of the program.

use std::sync::Once;

static ONCE: Once = Once::new();

/// Must run before the first repository is opened: libgit2 copies the setting then,
/// and a reference database opened earlier never syncs the branch.
pub(super) fn enable() {
    ONCE.call_once(|| {
        // libgit2 initialises itself on the first call of any git2 function; a plain
        // hash is the cheapest one.
        let _ = git2::Oid::hash_object(git2::ObjectType::Blob, b"");
        let option: std::ffi::c_int = libgit2_sys::GIT_OPT_ENABLE_FSYNC_GITDIR.cast_signed();
        #[expect(
            unsafe_code,
            reason = "the option has no safe wrapper; it only sets one flag inside libgit2, and Once keeps two threads apart"
        )]
        unsafe {
            libgit2_sys::git_libgit2_opts(option, 1 as std::ffi::c_int);
        }
    });
}
