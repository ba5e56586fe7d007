//! Classes of bytes, and searches that count the bytes they look at.

use crate::env_file::encode::BLANK;

pub(super) fn is_blank(byte: u8) -> bool {
    BLANK.contains(&byte)
}

pub(super) fn is_name_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}

pub(super) fn is_name(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(is_name_byte)
}

pub(super) fn is_base64(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// `xyz==`, the last line of a block of base64.
pub(super) fn is_base64_end(line: &[u8]) -> bool {
    let body = line.iter().position(|b| *b == b'=').unwrap_or(0);
    matches!(&line[body..], b"=" | b"==")
}

pub(super) fn count(byte: u8, text: &[u8]) -> usize {
    steps(text.len());
    text.iter().filter(|b| **b == byte).count()
}

/// The first place of a byte.
pub(in crate::env_file) fn memchr(byte: u8, text: &[u8]) -> Option<usize> {
    let found = text.iter().position(|b| *b == byte);
    steps(found.map_or(text.len(), |at| at + 1));
    found
}

/// Notes that so many bytes were looked at, for the test that growth is linear.
#[cfg(not(test))]
#[inline(always)]
pub(super) fn steps(_bytes: usize) {}

#[cfg(test)]
pub(super) fn steps(bytes: usize) {
    STEPS.with(|all| all.set(all.get() + bytes));
}

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// How many bytes a scan looks at, each as often as it is looked at.
#[cfg(test)]
pub(in crate::env_file) fn counted_steps(text: &[u8]) -> usize {
    STEPS.with(|all| all.set(0));
    let _ = super::scan(text);
    STEPS.with(std::cell::Cell::get)
}
