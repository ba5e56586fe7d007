//! Any bytes as the plaintext of an entry, without its MAC line and behind one that is right.
#![no_main]

#[path = "../../tests/library/parsers/check.rs"]
#[allow(dead_code, reason = "each target has its own")]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::entry(data));
