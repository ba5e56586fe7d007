//! The part of a line before the value: `export`, the name and the equals sign.

use std::ops::Range;

use crate::env_file::bytes::{is_blank, is_name_byte, steps};

/// The part of a line before the value.
pub(super) struct Head {
    pub(super) name: Range<usize>,
    pub(super) exported: bool,
    pub(super) after_equals: usize,
    pub(super) value: usize,
}

/// Parses `[blanks] [export blanks] NAME [blanks] = [blanks]`.
pub(super) fn head(text: &[u8], start: usize, end: usize) -> Option<Head> {
    let skip = |from: usize| {
        let mut at = from;
        while at < end && is_blank(text[at]) {
            at += 1;
        }
        steps(at - from + 1);
        at
    };
    let word = |from: usize| word_end(text, from, end);
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

fn word_end(text: &[u8], from: usize, end: usize) -> usize {
    let mut at = from;
    while at < end && is_name_byte(&text[at]) {
        at += 1;
    }
    steps(at - from + 1);
    at
}

/// Returns the name if a further word of a line begins with `NAME=`.
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

/// Returns the name of `NAME: value`, which npm dotenv, compose, godotenv and Ruby read as an
/// assignment. After `NAME:` alone, npm reads the next line as the value.
pub(super) fn colon_name(text: &[u8], range: Range<usize>) -> Option<Range<usize>> {
    let len = text[range.clone()].iter().position(|b| !is_name_byte(b))?;
    let at = range.start + len;
    let space = text[at + 1..range.end].first();
    (len > 0 && text[at] == b':' && space.is_none_or(|byte| is_blank(*byte)))
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

/// Returns the name that readers find if they skip more white space than blanks and tabs.
pub(super) fn oddly_spaced_name(text: &[u8], line: Range<usize>) -> Option<Range<usize>> {
    let skip = |from| skip_odd_space(text, from, line.end);
    let mut from = skip(line.start);
    let mut to = word_end(text, from, line.end);
    let mut equals = skip(to);
    if &text[from..to] == b"export" && equals > to {
        let second = word_end(text, equals, line.end);
        if second > equals {
            (from, to, equals) = (equals, second, skip(second));
        }
    }
    (to > from && equals < line.end && text[equals] == b'=').then_some(from..to)
}

/// Returns the offset after white space as JavaScript's `\s` defines it.
fn skip_odd_space(text: &[u8], start: usize, end: usize) -> usize {
    let window = &text[start..end.min(start + 64)];
    steps(window.len());
    let valid = match std::str::from_utf8(window) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&window[..error.valid_up_to()]).unwrap_or(""),
    };
    let rest = valid.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    start + valid.len() - rest.len()
}
