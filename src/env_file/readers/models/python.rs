//! `python-dotenv` (which pydantic-settings and environs use), `django-environ`,
//! `python-decouple`.

use super::{Reading, find, line_feeds, space_at, trim_wide, without_bom};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// `python-dotenv`: quotes over several lines, `\\` and the quote escaped in both kinds, the usual
/// escapes of C between double quotes, and `${NAME}` followed everywhere, even in single quotes.
pub(super) fn dotenv(file: &[u8]) -> Option<Reading> {
    std::str::from_utf8(file).ok()?;
    let text = line_feeds(without_bom(file), true);
    let text = text.expose();
    let mut out = Reading::default();
    let mut unclosed = [false; 256];
    let line_end = |at: usize| find(b'\n', text, at).unwrap_or(text.len());
    let mut at = 0;
    loop {
        while space_at(text, at) > 0 {
            at += space_at(text, at);
        }
        if at >= text.len() {
            return Some(out);
        }
        let mut start = at;
        if text[at..].starts_with(b"export") && blanks(text, at + 6) > at + 6 {
            start = blanks(text, at + 6);
        }
        let (name, mut end) = match text.get(start) {
            Some(b'#') => (None, start),
            Some(b'\'') => match find(b'\'', text, start + 1) {
                Some(close) if close > start + 1 => (Some(&text[start + 1..close]), close + 1),
                _ => {
                    at = line_end(start);
                    continue;
                }
            },
            _ => {
                let mut end = start;
                while end < text.len()
                    && !matches!(text[end], b'=' | b'#')
                    && space_at(text, end) == 0
                {
                    end += 1;
                }
                if end == start {
                    at = line_end(start);
                    continue;
                }
                (Some(&text[start..end]), end)
            }
        };
        end = blanks(text, end);
        let mut value = None;
        if text.get(end) == Some(&b'=') {
            let after = blanks(text, end + 1);
            match text.get(after) {
                Some(b'#') if after > end + 1 => {
                    value = Some(SecretBytes::copy_of(b""));
                    end = after;
                }
                Some(quote @ (b'\'' | b'"')) => {
                    let close = if unclosed[usize::from(*quote)] {
                        None
                    } else {
                        quoted(text, after)
                    };
                    let Some(close) = close else {
                        unclosed[usize::from(*quote)] = true;
                        at = line_end(after);
                        continue;
                    };
                    value = Some(unescape(&text[after + 1..close], *quote));
                    end = close + 1;
                }
                _ => {
                    let stop = line_end(after);
                    value = Some(SecretBytes::copy_of(bare(&text[after..stop])));
                    end = stop;
                }
            }
        }
        let mut rest = blanks(text, end);
        if text.get(rest) == Some(&b'#') {
            rest = line_end(rest);
        }
        if rest < text.len() && text[rest] != b'\n' {
            at = line_end(rest); // an error: the line is dropped
            continue;
        }
        if let Some(name) = name {
            let value = value.filter(|value| !refers(value.expose()));
            out.set(name, value);
        }
        at = rest;
    }
}

/// Returns the offset after white space other than line ends.
fn blanks(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] != b'\n' {
        match space_at(text, at) {
            0 => break,
            n => at += n,
        }
    }
    at
}

fn quoted(text: &[u8], open: usize) -> Option<usize> {
    let mut at = open + 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            byte if byte == text[open] => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn unescape(inner: &[u8], quote: u8) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(inner.len());
    let mut at = 0;
    while at < inner.len() {
        let pair = (inner[at], inner.get(at + 1).copied().unwrap_or(0));
        let one: Option<&[u8]> = match pair {
            (b'\\', b'\\') => Some(b"\\"),
            (b'\\', b'\'') => Some(b"'"),
            (b'\\', byte) if quote == b'"' => match byte {
                b'"' => Some(b"\""),
                b'a' => Some(b"\x07"),
                b'b' => Some(b"\x08"),
                b'f' => Some(b"\x0c"),
                b'n' => Some(b"\n"),
                b'r' => Some(b"\r"),
                b't' => Some(b"\t"),
                b'v' => Some(b"\x0b"),
                _ => None,
            },
            _ => None,
        };
        match one {
            Some(byte) => {
                out.push(byte);
                at += 2;
            }
            None => {
                out.push(&inner[at..=at]);
                at += 1;
            }
        }
    }
    out.finish()
}

/// Returns the line up to white space that is followed by `#`.
fn bare(line: &[u8]) -> &[u8] {
    let mut at = 0;
    while at < line.len() {
        let space = space_at(line, at);
        if space > 0 {
            let mut end = at;
            while space_at(line, end) > 0 {
                end += space_at(line, end);
            }
            if line.get(end) == Some(&b'#') {
                return trim_wide_end(&line[..at]);
            }
            at = end;
        } else {
            at += 1;
        }
    }
    trim_wide_end(line)
}

fn trim_wide_end(line: &[u8]) -> &[u8] {
    let trimmed = trim_wide(line);
    // Leading white space was skipped before.
    let lead = line.len() - trim_start_len(line);
    &line[..lead + trimmed.len()]
}

fn trim_start_len(line: &[u8]) -> usize {
    let mut at = 0;
    while space_at(line, at) > 0 {
        at += space_at(line, at);
    }
    line.len() - at
}

/// Returns whether the value has `${name}` or `${name:-default}`.
fn refers(value: &[u8]) -> bool {
    // Look for the last `}` first, so that this is one pass.
    let last = value.iter().rposition(|b| *b == b'}');
    let Some(last) = last else { return false };
    value[..last].windows(2).any(|pair| pair == b"${")
}

/// `django-environ`: line by line; outer quotes dropped; a leading `$` refers to another variable.
pub(super) fn django_environ(file: &[u8]) -> Option<Reading> {
    let text = std::str::from_utf8(file).ok()?;
    let mut out = Reading::default();
    let breaks = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    for line in text.split(breaks) {
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((name, value)) = line.split_once('=') else {
            continue;
        };
        if name.is_empty() || !name.bytes().all(super::is_word) {
            continue;
        }
        let strip = |value: &'_ str, quote: char| -> Option<(usize, usize)> {
            (value.len() >= 2 && value.starts_with(quote) && value.ends_with(quote))
                .then(|| (1, value.len() - 1))
        };
        let mut inner = value;
        if let Some((from, to)) = strip(inner, '\'') {
            inner = &inner[from..to];
        }
        let value = if let Some((from, to)) = strip(inner, '"') {
            let mut builder = SecretBuilder::with_capacity(inner.len());
            let mut bytes = inner.as_bytes()[from..to].iter().peekable();
            while let Some(byte) = bytes.next() {
                match (byte, bytes.peek()) {
                    (b'\\', Some(b'r' | b'n' | b't')) | (_, None) => builder.push(&[*byte]),
                    (b'\\', Some(_)) => {
                        if let Some(next) = bytes.next() {
                            builder.push(&[*next]);
                        }
                    }
                    _ => builder.push(&[*byte]),
                }
            }
            builder.finish()
        } else {
            SecretBytes::from(inner)
        };
        let refers = value.expose().first() == Some(&b'$');
        out.set(name.as_bytes(), (!refers).then_some(value));
    }
    Some(out)
}

/// `python-decouple`: line by line; white space and outer quotes dropped, nothing else.
pub(super) fn decouple(file: &[u8]) -> Option<Reading> {
    std::str::from_utf8(file).ok()?;
    let text = line_feeds(file, true);
    let mut out = Reading::default();
    for line in text.expose().split(|b| *b == b'\n') {
        let line = trim_wide(line);
        if line.first() == Some(&b'#') {
            continue;
        }
        let Some(equals) = find(b'=', line, 0) else {
            continue;
        };
        let name = trim_wide(&line[..equals]);
        let value = match trim_wide(&line[equals + 1..]) {
            [first @ (b'\'' | b'"'), inner @ .., last] if first == last => inner,
            value => value,
        };
        out.set(name, Some(SecretBytes::copy_of(value)));
    }
    Some(out)
}
