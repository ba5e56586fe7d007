//! What stands before a value, and what looks like it: names, `export`, the equals sign.

use std::ops::Range;

use super::bytes::{is_blank, is_name_byte, steps};

/// What stands before a value.
pub(super) struct Head {
    pub(super) name: Range<usize>,
    pub(super) exported: bool,
    pub(super) after_equals: usize,
    pub(super) value: usize,
}

/// `[blanks] [export blanks] NAME [blanks] = [blanks]`
pub(super) fn head(text: &[u8], start: usize, end: usize) -> Option<Head> {
    let skip = |from: usize| {
        let mut at = from;
        while at < end && is_blank(text[at]) {
            at += 1;
        }
        steps(at - from + 1);
        at
    };
    let word = |from: usize| {
        let mut at = from;
        while at < end && is_name_byte(&text[at]) {
            at += 1;
        }
        steps(at - from + 1);
        at
    };
    let mut from = skip(start);
    let mut to = word(from);
    let mut exported = false;
    let mut equals = skip(to);
    if &text[from..to] == b"export" && equals > to {
        let second = word(equals);
        if second > equals {
            exported = true;
            from = equals;
            to = second;
            equals = skip(to);
        }
    }
    if to == from || equals >= end || text[equals] != b'=' {
        return None;
    }
    Some(Head {
        name: from..to,
        exported,
        after_equals: equals + 1,
        value: skip(equals + 1),
    })
}

/// `NAME=` at the start of a further word of a line.
pub(super) fn assigned_word(text: &[u8], start: usize, end: usize) -> Option<Range<usize>> {
    if !(text[start].is_ascii_alphabetic() || text[start] == b'_') {
        return None;
    }
    let mut at = start;
    while at < end && (text[at].is_ascii_alphanumeric() || text[at] == b'_') {
        at += 1;
    }
    steps(at - start + 1);
    (at < end && text[at] == b'=').then_some(start..at)
}

/// `NAME: value`, which npm dotenv, compose, godotenv and Ruby read as an assignment.
pub(super) fn colon_name(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let len = text[range.clone()].iter().position(|b| !is_name_byte(b))?;
    let at = range.start + len;
    (len > 0 && text[at] == b':' && at + 1 < range.end && is_blank(text[at + 1]))
        .then_some(range.start..at)
}

pub(super) fn trim(text: &[u8], range: Range<usize>) -> Range<usize> {
    let (mut start, mut end) = (range.start, range.end);
    while start < end && is_blank(text[start]) {
        start += 1;
    }
    while end > start && is_blank(text[end - 1]) {
        end -= 1;
    }
    start..end
}

/// Behind white space that JavaScript's `\s` knows, beyond blank and tab.
pub(super) fn skip_odd_space(text: &[u8], start: usize, end: usize) -> usize {
    let window = &text[start..end.min(start + 64)];
    steps(window.len());
    let valid = match std::str::from_utf8(window) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).unwrap_or(""),
    };
    let rest = valid.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start + valid.len() - rest.len()
}
