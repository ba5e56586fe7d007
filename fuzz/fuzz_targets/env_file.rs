//! Any bytes as an env file, and the part behind the last NUL, if it is text, as the value.
#![no_main]

#[path = "../../tests/library/env_corpus/check.rs"]
mod check;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let cut = data.iter().rposition(|byte| *byte == 0);
    let (file, value) = match cut {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &b"it's new"[..]),
    };
    if let Ok(value) = std::str::from_utf8(value) {
        let _ = check::check(file, value);
    }
});
