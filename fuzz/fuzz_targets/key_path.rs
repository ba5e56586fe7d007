//! Any text as a key path, as the beginning of one, as the name of a project.
#![no_main]

#[path = "../../tests/library/parsers/check.rs"]
#[allow(dead_code, reason = "each target has its own")]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::key_path(data));
