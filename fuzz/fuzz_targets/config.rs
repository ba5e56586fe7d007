//! Any bytes as a configuration, read and edited.
#![no_main]

#[path = "../../tests/library/parsers/check.rs"]
#[allow(dead_code, reason = "each target has its own")]
mod check;

use std::sync::LazyLock;

/// In memory where it can be: the program syncs what it writes.
static DIR: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let memory = std::path::Path::new("/dev/shm");
    let dir = match memory.is_dir() {
        true => tempfile::tempdir_in(memory),
        false => tempfile::tempdir(),
    };
    dir.expect("a directory of the target")
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::config(data, DIR.path()));
