//! The leaf of the env file modules: byte classes, searches that count the bytes they read, and
//! [`QuoteStyle`].

/// The bytes that separate words in an env file.
pub(super) const BLANK: &[u8] = b" \t";

/// The UTF-8 byte order mark.
pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

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

/// Returns whether a line is like `xyz==`, the last line of a base64 block.
pub(super) fn is_base64_end(line: &[u8]) -> bool {
    let body = line.iter().position(|b| *b == b'=').unwrap_or(0);
    matches!(&line[body..], b"=" | b"==")
}

pub(super) fn count(byte: u8, text: &[u8]) -> usize {
    steps(text.len());
    text.iter().filter(|b| **b == byte).count()
}

/// Returns the first offset of a byte.
pub(super) fn memchr(byte: u8, text: &[u8]) -> Option<usize> {
    let found = text.iter().position(|b| *b == byte);
    steps(found.map_or(text.len(), |at| at + 1));
    found
}

/// Counts the bytes that were read, for the test that the parser is linear.
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

/// Returns how many bytes `scan` reads, counting each as often as it is read.
#[cfg(test)]
pub(super) fn counted_steps(scan: impl FnOnce()) -> usize {
    STEPS.with(|all| all.set(0));
    scan();
    STEPS.with(std::cell::Cell::get)
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QuoteStyle {
    /// Without quotes.
    Bare,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `` `…` ``, which only npm dotenv and node understand.
    Backtick,
    /// Pieces with different quotes, as a shell reads them: `'it'\''s'`.
    Mixed,
}

impl QuoteStyle {
    pub(super) fn of(quote: u8) -> Self {
        match quote {
            b'\'' => Self::Single,
            b'"' => Self::Double,
            _ => Self::Backtick,
        }
    }
}
