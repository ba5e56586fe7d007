//! The general form: one short fixed procedure, fitted to measurements with the real readers.
//!
//! Owns [`general`] and the functions that write quoted text.

use crate::env_file::bytes::BLANK;
use crate::model::secret::{SecretBuilder, SecretBytes};

/// Returns the form that most readers read and in which no core reader runs anything; `None` if
/// there is no such form.
///
/// 1. Only harmless characters: bare.
/// 2. A `$(`: see [`around_a_command`].
/// 3. A CR: double quotes, with `\r` and `\n`. (npm, Python and Go read a CR as LF.)
/// 4. An LF and nothing special: double quotes with `\n`. (Values of several lines confuse readers
///    and tools that go line by line.)
/// 5. No `'`: single quotes, unescaped. Not if it ends in an odd number of backslashes, which
///    makes some readers read on into the next line, nor if one of its lines looks like an
///    assignment, which readers that go line by line would perform.
/// 6. A `'` but nothing special in double quotes: double quotes, unescaped.
/// 7. Each `'` after a backslash, and nothing else that is special to a shell: bare.
/// 8. Otherwise double quotes with escapes: as few as possible, because npm and node know none of
///    them. A backtick is always escaped, because a shell would run it.
pub(super) fn general(value: &[u8], bare: bool) -> Option<SecretBytes> {
    let has = |bytes: &[u8]| value.iter().any(|b| bytes.contains(b));
    let with_backtick = |set: &'static [u8], more: &'static [u8]| {
        if has(b"`") { more } else { set }
    };
    if bare && is_bare(value) {
        return Some(SecretBytes::copy_of(value));
    }
    if has_command(value) {
        return around_a_command(value);
    }
    if has(b"\r") {
        let set = if has(b"$\\`") {
            with_backtick(b"\\\"$", b"\\\"$`")
        } else {
            b"\""
        };
        return Some(double(value, set, true));
    }
    if has(b"\n") && !has(b"\"`$\\") {
        return Some(double(value, b"", true));
    }
    if !has(b"'") && !ends_in_odd_backslash(value) && !has_assignment_line(value) {
        return Some(quoted(value, b'\''));
    }
    if !has(b"\"`$\\\n") {
        return Some(double(value, b"", false));
    }
    if bare && is_bare_behind_backslashes(value) {
        return Some(SecretBytes::copy_of(value));
    }
    let set = if has(b"$") {
        with_backtick(b"\\\"$", b"\\\"$`")
    } else {
        with_backtick(b"\\\"", b"\\\"`")
    };
    Some(double(value, set, true))
}

/// Returns a form for a value with `$(…)`. dotenvx runs it between double quotes even after a
/// backslash, so such a value goes into single quotes. With an apostrophe or a backslash at its end
/// it is written as in a shell.
///
/// Several lines need plain single quotes, because quoted pieces that span lines look like separate
/// assignments. Ruby reads the first line as a bare value and runs commands in it.
fn around_a_command(value: &[u8]) -> Option<SecretBytes> {
    let whole = !value.contains(&b'\'') && !ends_in_odd_backslash(value);
    let breaks = |b: &u8| matches!(b, b'\n' | b'\r');
    let first = value.split(breaks).next().unwrap_or(value);
    if first.len() == value.len() {
        return Some(if whole {
            quoted(value, b'\'')
        } else {
            shell_single(value)
        });
    }
    let harmless = !first.windows(2).any(|pair| pair == b"$(");
    (whole && harmless && !has_assignment_line(value)).then(|| quoted(value, b'\''))
}

/// Returns whether the value has `$(` and a `)` after it.
fn has_command(value: &[u8]) -> bool {
    let open = value.windows(2).position(|pair| pair == b"$(");
    open.is_some_and(|open| value[open..].contains(&b')'))
}

/// Returns whether the value has only characters that are literal to every reader. A leading `=`
/// is an expansion in zsh.
fn is_bare(value: &[u8]) -> bool {
    match value.split_first() {
        Some((first, rest)) => {
            is_harmless(*first) && rest.iter().all(|b| is_harmless(*b) || *b == b'=')
        }
        None => false,
    }
}

fn is_harmless(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_./:@%+,!*?^[]{}-".contains(&byte)
}

/// Returns whether the value has only harmless characters and escaped apostrophes, so that a shell
/// that reads it bare opens no quote and joins no line.
fn is_bare_behind_backslashes(value: &[u8]) -> bool {
    let mut escaped = false;
    for byte in value {
        match byte {
            b'\\' => escaped = !escaped,
            b'\'' if escaped => escaped = false,
            byte if is_harmless(*byte) => escaped = false,
            _ => return false,
        }
    }
    !escaped
}

fn ends_in_odd_backslash(value: &[u8]) -> bool {
    value.iter().rev().take_while(|b| **b == b'\\').count() % 2 == 1
}

/// Returns whether a line after the first would be an assignment by itself.
fn has_assignment_line(value: &[u8]) -> bool {
    let breaks = |b: &u8| matches!(b, b'\n' | b'\r');
    value.split(breaks).skip(1).any(|line| {
        let line = line.trim_ascii_start();
        let line = line
            .strip_prefix(b"export")
            .filter(|rest| rest.first().is_some_and(|b| BLANK.contains(b)))
            .map_or(line, <[u8]>::trim_ascii_start);
        let name = line
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
            .count();
        name > 0 && matches!(line[name..].trim_ascii_start().first(), Some(b'=' | b':'))
    })
}

pub(super) fn quoted(value: &[u8], quote: u8) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(value.len() + 2);
    out.push(&[quote]);
    out.push(value);
    out.push(&[quote]);
    out.finish()
}

/// Returns the value between double quotes, with a backslash before each byte of `escape`. With
/// `newlines`, LF and CR become `\n` and `\r`.
pub(super) fn double(value: &[u8], escape: &[u8], newlines: bool) -> SecretBytes {
    escaped(value, b'"', escape, newlines)
}

pub(super) fn escaped(value: &[u8], quote: u8, escape: &[u8], newlines: bool) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(value.len() + value.len() / 8 + 16);
    out.push(&[quote]);
    let mut from = 0;
    for (at, byte) in value.iter().enumerate() {
        let instead: &[u8] = match byte {
            b'\n' if newlines => b"\\n",
            b'\r' if newlines => b"\\r",
            byte if escape.contains(byte) => &[b'\\', *byte],
            _ => continue,
        };
        out.push(&value[from..at]);
        out.push(instead);
        from = at + 1;
    }
    out.push(&value[from..]);
    out.push(&[quote]);
    out.finish()
}

/// Returns the value as `'it'\''s'`, the way to put an apostrophe into single quotes in a shell.
/// Backslashes at the end go after the quotes, where no reader takes them as an escape of the quote.
pub(super) fn shell_single(value: &[u8]) -> SecretBytes {
    let tail = value.iter().rev().take_while(|b| **b == b'\\').count();
    let (body, tail) = value.split_at(value.len() - tail);
    let mut out = SecretBuilder::with_capacity(value.len() + 16);
    out.push(b"'");
    for (i, piece) in body.split(|b| *b == b'\'').enumerate() {
        if i > 0 {
            out.push(b"'\\''");
        }
        out.push(piece);
    }
    out.push(b"'");
    for _ in tail {
        out.push(b"\\\\");
    }
    out.finish()
}
