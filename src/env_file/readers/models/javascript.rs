//! npm `dotenv` and what follows it (`dotenv-expand`, Next.js, dotenvx), and node's own parser,
//! which Vite uses too.
//!
//! npm `dotenv` is one regular expression over the whole text. Its quoted value ends at the first
//! quote without a backslash before it, or, if something other than a comment follows there, at
//! the last earlier one that is followed by a line end or a comment; if there is none, the line
//! is read as a bare value. Escapes are not undone, but `\n` and `\r` between double quotes are.

use super::{Reading, find, is_word, line_feeds, replace, space_at, trim_wide};
use crate::model::secret::SecretBytes;

/// The step after a value is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum After {
    Nothing,
    /// `dotenv-expand`.
    Expand,
    /// `dotenv-expand` before version 1000, which Vite holds.
    ExpandOld,
    /// Next.js.
    Next,
    /// dotenvx: expands outside single quotes only.
    Dotenvx,
}

pub(super) fn dotenv(file: &[u8], after: After) -> Reading {
    let text = line_feeds(file, true);
    let text = text.expose();
    let mut out = Reading::default();
    let mut unclosed = [false; 256];
    let mut at = 0;
    while at < text.len() {
        let start = skip_space(text, at);
        let Some((name, value)) = head(text, start) else {
            at = find(b'\n', text, start).map_or(text.len(), |lf| lf + 1);
            continue;
        };
        let open = skip_space(text, value);
        let close = match text.get(open) {
            Some(quote @ (b'\'' | b'"' | b'`')) if !unclosed[usize::from(*quote)] => {
                close(text, open, &mut unclosed)
            }
            _ => None,
        };
        if let Some(close) = close {
            let quote = text[open];
            out.runs |= finish(&mut out, name, &text[open + 1..close], quote, after);
            at = find(b'\n', text, close).map_or(text.len(), |lf| lf + 1);
        } else {
            let end = find(b'\n', text, value).unwrap_or(text.len());
            let hash = find(b'#', &text[..end], value).unwrap_or(end);
            let bare = trim_wide(&text[value..hash]);
            let quote = bare.first().copied().unwrap_or(0);
            let stripped = match bare {
                [first @ (b'\'' | b'"' | b'`'), inner @ .., last] if first == last => inner,
                _ => bare,
            };
            out.runs |= finish(&mut out, name, stripped, quote, after);
            at = end + 1;
        }
    }
    out
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    loop {
        match space_at(text, at) {
            0 => return at,
            n => at += n,
        }
    }
}

fn word(text: &[u8], mut at: usize) -> usize {
    while text
        .get(at)
        .is_some_and(|b| is_word(*b) || matches!(b, b'.' | b'-'))
    {
        at += 1;
    }
    at
}

/// `[export] NAME =` or `NAME: `; the name, and where the value begins.
fn head(text: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let separator = |end: usize| {
        let equals = skip_space(text, end);
        if text.get(equals) == Some(&b'=') {
            return Some(equals + 1);
        }
        (text.get(end) == Some(&b':') && space_at(text, end + 1) > 0).then_some(end + 2)
    };
    let end = word(text, start);
    if &text[start..end] == b"export" {
        let second = skip_space(text, end);
        let second_end = word(text, second);
        if second > end
            && second_end > second
            && let Some(value) = separator(second_end)
        {
            return Some((&text[second..second_end], value));
        }
    }
    if end == start {
        return None;
    }
    Some((&text[start..end], separator(end)?))
}

fn close(text: &[u8], open: usize, unclosed: &mut [bool; 256]) -> Option<usize> {
    let quote = text[open];
    let mut found = None;
    let mut at = open + 1;
    loop {
        let Some(next) = find(quote, text, at) else {
            unclosed[usize::from(quote)] |= found.is_none();
            return found;
        };
        let mut end = next + 1;
        while text.get(end).is_some_and(|b| *b != b'\n') {
            match space_at(text, end) {
                0 => break,
                n => end += n,
            }
        }
        if matches!(text.get(end), None | Some(b'\n' | b'#')) {
            found = Some(next);
        }
        if text[next - 1] != b'\\' || next - 1 == open {
            return found;
        }
        at = next + 1;
    }
}

/// Unescapes and sets a value. Returns whether a command would be run.
fn finish(out: &mut Reading, name: &[u8], inner: &[u8], quote: u8, after: After) -> bool {
    let mut value = SecretBytes::copy_of(inner);
    if quote == b'"' {
        value = replace(value.expose(), *b"\\n", b"\n");
        value = replace(value.expose(), *b"\\r", b"\r");
    }
    let mut runs = false;
    let value = match after {
        After::Nothing => Some(value),
        After::Expand => {
            // Since version 1000 it runs commands in any quotes, escaped or not.
            runs = has_command(value.expose());
            expand(value.expose()).filter(|_| !runs)
        }
        After::ExpandOld => expand(value.expose()),
        After::Next => next(value.expose()),
        After::Dotenvx if quote == b'\'' => Some(replace(value.expose(), *b"\\'", b"'")),
        After::Dotenvx => {
            runs = has_command(value.expose());
            expand(value.expose()).filter(|_| !runs)
        }
    };
    out.set(name, value);
    runs
}

/// Returns whether the value has `$(`, escaped or not, and a `)` after it.
fn has_command(value: &[u8]) -> bool {
    let open = value.windows(2).position(|pair| pair == b"$(");
    open.is_some_and(|open| value[open..].contains(&b')'))
}

/// Replaces `\$` with `$`; `None` if a reference would be followed.
fn expand(value: &[u8]) -> Option<SecretBytes> {
    for (at, byte) in value.iter().enumerate() {
        if *byte != b'$' || (at > 0 && value[at - 1] == b'\\') {
            continue;
        }
        match value.get(at + 1) {
            Some(b'{') => return None,
            Some(b) if *b == b'_' || b.is_ascii_alphabetic() => return None,
            _ => {}
        }
    }
    Some(replace(value, *b"\\$", b"$"))
}

/// Expands as Next.js does, which looks only at the last unescaped `$`.
fn next(value: &[u8]) -> Option<SecretBytes> {
    let last = (0..value.len())
        .rev()
        .find(|at| value[*at] == b'$' && (*at == 0 || value[*at - 1] != b'\\'));
    if let Some(last) = last {
        let rest = &value[last + 1..];
        let rest = rest.strip_prefix(b"{").unwrap_or(rest);
        if rest.first().is_some_and(|b| is_word(*b)) {
            return None;
        }
    }
    Some(replace(value, *b"\\$", b"$"))
}

/// `node --env-file`: every CR is dropped; a quoted value ends at the very next such quote, and
/// what follows on its line is ignored; only `\n` between double quotes means anything.
pub(super) fn node(file: &[u8], after: After) -> Reading {
    let mut text = crate::model::secret::SecretBuilder::with_capacity(file.len());
    for piece in file.split(|b| *b == b'\r') {
        text.push(piece);
    }
    let text = text.finish();
    let text = text.expose();
    let space = |b: u8| matches!(b, b' ' | b'\t' | b'\n');
    let skip = |mut at: usize| {
        while at < text.len() && space(text[at]) {
            at += 1;
        }
        at
    };
    let mut out = Reading::default();
    let mut unclosed = [false; 256];
    let mut at = skip(0);
    while at < text.len() {
        let line_end = find(b'\n', text, at).unwrap_or(text.len());
        if text[at] == b'#' {
            at = skip(line_end);
            continue;
        }
        let Some(equals) = find(b'=', &text[..line_end], at) else {
            at = skip(line_end);
            continue;
        };
        let name = super::trim_end(&text[at..equals], space);
        let name = name
            .strip_prefix(b"export ")
            .map_or(name, |rest| super::trim_start(rest, |b| b == b' '));
        if name.is_empty() {
            break;
        }
        let mut start = equals + 1;
        while start < line_end && matches!(text[start], b' ' | b'\t') {
            start += 1;
        }
        let quote = text.get(start).copied().filter(|_| start < line_end);
        let close = match quote {
            Some(quote @ (b'\'' | b'"' | b'`')) if !unclosed[usize::from(quote)] => {
                let close = find(quote, text, start + 1);
                unclosed[usize::from(quote)] |= close.is_none();
                close
            }
            _ => None,
        };
        let (value, end) = match close {
            Some(close) => {
                let inner = &text[start + 1..close];
                let value = if quote == Some(b'"') {
                    replace(inner, *b"\\n", b"\n")
                } else {
                    SecretBytes::copy_of(inner)
                };
                (value, find(b'\n', text, close).unwrap_or(text.len()))
            }
            None => {
                let hash = find(b'#', &text[..line_end], start).unwrap_or(line_end);
                let bare = super::trim_end(&text[start..hash.max(start)], space);
                (SecretBytes::copy_of(bare), line_end)
            }
        };
        let value = match after {
            After::Nothing => Some(value),
            _ => expand(value.expose()),
        };
        out.set(name, value);
        at = skip(end);
    }
    out
}
