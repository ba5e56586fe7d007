//! Docker Compose's reader and its ancestor, `joho/godotenv`.
//!
//! Both read statement by statement and refuse the whole file at the first invalid one. They differ
//! in the meaning of a backslash.

use super::{Reading, find, is_word, line_feeds, without_bom};
use crate::model::secret::{SecretBuilder, SecretBytes};

fn blank(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x0b | 0x0c | b'\r' | b' ')
}

/// Returns the offset of the next statement, after white space and comments.
fn statement(text: &[u8], mut at: usize) -> usize {
    loop {
        while at < text.len() && (blank(text[at]) || text[at] == b'\n') {
            at += 1;
        }
        if text.get(at) != Some(&b'#') {
            return at;
        }
        at = find(b'\n', text, at).unwrap_or(text.len());
    }
}

fn skip_export(text: &[u8], at: usize) -> usize {
    if !text[at..].starts_with(b"export") {
        return at;
    }
    let mut end = at + 6;
    while end < text.len() && blank(text[end]) {
        end += 1;
    }
    if end > at + 6 { end } else { at }
}

/// Returns the name, the offset after its separator, and the separator.
fn name<'t>(text: &'t [u8], start: usize, extra: &[u8]) -> Option<(&'t [u8], usize, u8)> {
    let mut at = start;
    while at < text.len() {
        match text[at] {
            byte @ (b'=' | b':') => {
                return Some((super::trim_end(&text[start..at], blank), at + 1, byte));
            }
            b'\n' if extra.contains(&b'\n') => {
                return Some((super::trim_end(&text[start..at], blank), at + 1, b'\n'));
            }
            byte if blank(byte) || is_word(byte) || byte == b'.' || byte >= 0x80 => at += 1,
            byte if extra.contains(&byte) => at += 1,
            _ => return None,
        }
    }
    None
}

fn skip_blank(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && blank(text[at]) {
        at += 1;
    }
    at
}

pub(super) fn compose(file: &[u8]) -> Option<Reading> {
    let text = without_bom(file);
    let mut out = Reading::default();
    let mut at = 0;
    loop {
        at = statement(text, at);
        if at >= text.len() {
            return Some(out);
        }
        let start = skip_export(text, at);
        let Some((name, value, separator)) = name(text, start, b"-[]\n") else {
            // A last word by itself is a variable to inherit.
            return text[start..]
                .iter()
                .all(|b| is_word(*b) || blank(*b))
                .then_some(out);
        };
        if name.iter().any(|b| blank(*b)) {
            return None;
        }
        if separator == b'\n' {
            at = value;
            continue;
        }
        let value = skip_blank(text, value);
        match text.get(value) {
            Some(quote @ (b'\'' | b'"')) => {
                let (inner, end) = compose_quoted(text, value, *quote)?;
                let read = if *quote == b'"' {
                    compose_expand(compose_escapes(inner.expose()).expose())
                } else {
                    Some(inner)
                };
                out.set(name, read);
                at = end;
            }
            _ => {
                let end = find(b'\n', text, value).unwrap_or(text.len());
                let line = &text[value..end];
                let stop = line
                    .windows(2)
                    .position(|pair| pair == b" #")
                    .unwrap_or(line.len());
                let bare = super::trim_wide(&line[..stop]);
                out.set(name, compose_expand(bare));
                at = end;
            }
        }
    }
}

/// Returns the text between the quotes with escaped quotes unescaped, and the offset after it.
fn compose_quoted(text: &[u8], open: usize, quote: u8) -> Option<(SecretBytes, usize)> {
    let mut out = SecretBuilder::with_capacity(64);
    let mut escape = false;
    for (at, byte) in text.iter().enumerate().skip(open + 1) {
        match (*byte, escape) {
            (b'\\', false) => escape = true,
            (byte, true) if byte == quote => {
                out.push(&[byte]);
                escape = false;
            }
            (byte, false) if byte == quote => return Some((out.finish(), at + 1)),
            (byte, true) => {
                out.push(&[b'\\', byte]);
                escape = false;
            }
            (byte, false) => out.push(&[byte]),
        }
    }
    None
}

fn compose_escapes(inner: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        if inner[at] != b'\\' {
            out.push(&inner[at..=at]);
            at += 1;
            continue;
        }
        let byte: Option<&[u8]> = match inner.get(at + 1) {
            Some(b'$') => Some(b"$$"),
            Some(b'"') => Some(b"\""),
            Some(b'\\') => Some(b"\\"),
            Some(b'a') => Some(b"\x07"),
            Some(b'b') => Some(b"\x08"),
            Some(b'f') => Some(b"\x0c"),
            Some(b'n') => Some(b"\n"),
            Some(b'r') => Some(b"\r"),
            Some(b't') => Some(b"\t"),
            Some(b'v') => Some(b"\x0b"),
            // Octal. This program never writes it.
            Some(b'0') => Some(b"\x00"),
            _ => None,
        };
        match byte {
            Some(byte) => {
                out.push(byte);
                at += 2;
            }
            None => {
                out.push(b"\\");
                at += 1;
            }
        }
    }
    out.finish()
}

/// Replaces `$$` with `$`; `None` if a reference would be followed.
fn compose_expand(value: &[u8]) -> Option<SecretBytes> {
    let mut out = SecretBuilder::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        if value[at] == b'$' {
            match value.get(at + 1) {
                Some(b'$') => at += 1,
                Some(b'{' | b'_') => return None,
                Some(byte) if byte.is_ascii_alphabetic() => return None,
                _ => {}
            }
        }
        out.push(&value[at..=at]);
        at += 1;
    }
    Some(out.finish())
}

pub(super) fn godotenv(file: &[u8]) -> Option<Reading> {
    let text = line_feeds(file, false);
    let text = text.expose();
    let mut out = Reading::default();
    let mut at = 0;
    loop {
        at = statement(text, at);
        if at >= text.len() {
            return Some(out);
        }
        let start = skip_export(text, at);
        let (name, value, _) = name(text, start, b"")?;
        let value = skip_blank(text, value);
        match text.get(value) {
            Some(quote @ (b'\'' | b'"')) => {
                // A quote after any backslash does not close.
                let mut close = value;
                loop {
                    close = find(*quote, text, close + 1)?;
                    if text[close - 1] != b'\\' {
                        break;
                    }
                }
                let inner = super::trim_start(&text[value..close], |b| b == *quote);
                let inner = super::trim_end(inner, |b| b == *quote);
                let read = if *quote == b'"' {
                    godotenv_expand(godotenv_escapes(inner).expose())
                } else {
                    Some(SecretBytes::copy_of(inner))
                };
                out.set(name, read);
                at = close + 1;
            }
            _ => {
                let end = value
                    + text[value..]
                        .iter()
                        .position(|b| matches!(b, b'\n' | b'\r'))
                        .unwrap_or(text.len() - value);
                let line = &text[value..end];
                let stop = (1..line.len())
                    .rev()
                    .find(|i| line[*i] == b'#' && blank(line[*i - 1]))
                    .unwrap_or(line.len());
                let bare = super::trim_wide(&line[..stop]);
                out.set(name, godotenv_expand(bare));
                at = end;
            }
        }
    }
}

/// Unescapes `\n` and `\r`, then drops each backslash that is not before `$`.
fn godotenv_escapes(inner: &[u8]) -> SecretBytes {
    let mut first = SecretBuilder::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        match (inner[at], inner.get(at + 1)) {
            (b'\\', Some(b'n')) => first.push(b"\n"),
            (b'\\', Some(b'r')) => first.push(b"\r"),
            (b'\\', Some(byte)) if *byte != b'\n' => first.push(&[b'\\', *byte]),
            (byte, _) => {
                first.push(&[byte]);
                at += 1;
                continue;
            }
        }
        at += 2;
    }
    drop_backslashes(first.finish().expose())
}

/// Replaces `\x` with `x`, but keeps `\$` for the step that follows references.
pub(super) fn drop_backslashes(text: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match (text[at], text.get(at + 1)) {
            (b'\\', Some(byte)) if *byte != b'$' => {
                out.push(&[*byte]);
                at += 2;
            }
            (byte, _) => {
                out.push(&[byte]);
                at += 1;
            }
        }
    }
    out.finish()
}

fn godotenv_expand(value: &[u8]) -> Option<SecretBytes> {
    let mut out = SecretBuilder::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        let escaped = value[at] == b'\\' && value.get(at + 1) == Some(&b'$');
        if escaped {
            at += 1;
        }
        if value[at] == b'$' {
            let mut end = at + 1;
            let paren = value.get(end) == Some(&b'(');
            end += usize::from(paren);
            end += usize::from(value.get(end) == Some(&b'{'));
            let name = value
                .get(end)
                .is_some_and(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_');
            if !escaped && paren {
                // godotenv drops the `$` and keeps the rest.
                at += 1;
                continue;
            }
            if !escaped && name {
                return None;
            }
        }
        out.push(&value[at..=at]);
        at += 1;
    }
    Some(out.finish())
}
