//! Any bytes as an armored age file, as what is inside the armor, and as an identity file.
#![no_main]

#[path = "../../tests/library/parsers/check.rs"]
#[allow(dead_code, reason = "each target has its own")]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| check::sealed(data));
