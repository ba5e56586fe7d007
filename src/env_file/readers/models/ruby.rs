//! The gem `dotenv` (2.x), and direnv, which follows it closely.
//!
//! Both go line by line. A quoted value ends at the last such quote of the line that is followed by
//! blanks or a comment only.

use super::go::drop_backslashes;
use super::{BOM, Reading, find, is_word, replace, trim_wide, without_bom};
use crate::model::secret::{SecretBuilder, SecretBytes};

pub(super) fn dotenv(file: &[u8]) -> Reading {
    let mut out = Reading::default();
    for line in without_bom(file).split(|b| matches!(b, b'\n' | b'\r')) {
        let Some((name, raw)) = assignment(line) else {
            continue;
        };
        let (quote, inner) = strip(raw);
        let value = match quote {
            b'\'' => Some(SecretBytes::copy_of(inner)),
            b'"' => {
                let value = double_quoted(inner);
                out.runs |= has_command(value.expose());
                expand(value.expose())
            }
            _ => {
                out.runs |= has_command(inner);
                expand(inner)
            }
        };
        out.set(name, value);
    }
    out
}

pub(super) fn direnv(file: &[u8]) -> Option<Reading> {
    if file.starts_with(BOM) {
        return None;
    }
    let mut out = Reading::default();
    for line in file.split(|b| matches!(b, b'\n' | b'\r')) {
        let Some((name, raw)) = assignment(line) else {
            let line = trim_wide(line);
            if line.is_empty() || line[0] == b'#' {
                continue;
            }
            return None;
        };
        let (quote, inner) = strip(raw);
        let value = match quote {
            b'\'' => Some(SecretBytes::copy_of(inner)),
            b'"' => direnv_expand(double_quoted(inner).expose()),
            // It refuses or cuts bare values with blanks in them.
            _ if inner.iter().any(|b| matches!(b, b' ' | b'\t')) => return None,
            _ => direnv_expand(inner),
        };
        out.set(name, value);
    }
    Some(out)
}

/// Returns the name and the value, quotes included.
fn assignment(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = trim_wide(line);
    let word = |text: &[u8]| {
        text.iter()
            .take_while(|b| is_word(**b) || **b == b'.')
            .count()
    };
    let separator = |rest: &'_ [u8]| -> Option<usize> {
        let trimmed = trim_start(rest);
        let skipped = rest.len() - trimmed.len();
        if trimmed.first() == Some(&b'=') {
            return Some(skipped + 1);
        }
        (rest.first() == Some(&b':') && rest.get(1).is_some_and(|b| matches!(b, b' ' | b'\t')))
            .then_some(2)
    };
    let mut start = 0;
    if line.starts_with(b"export") {
        let rest = trim_start(&line[6..]);
        let second = line.len() - rest.len();
        if second > 6 && word(rest) > 0 && separator(&rest[word(rest)..]).is_some() {
            start = second;
        }
    }
    let name = &line[start..start + word(&line[start..])];
    if name.is_empty() {
        return None;
    }
    let rest = &line[start + name.len()..];
    let value = trim_start(&rest[separator(rest)?..]);
    if let Some(quote @ (b'\'' | b'"')) = value.first() {
        let mut end = value.len();
        while let Some(close) = value[..end].iter().rposition(|b| b == quote) {
            if close == 0 {
                break;
            }
            let tail = trim_start(&value[close + 1..]);
            if tail.is_empty() || tail[0] == b'#' {
                return Some((name, &value[..=close]));
            }
            end = close;
        }
    }
    let end = find(b'#', value, 0).unwrap_or(value.len());
    Some((name, trim_wide(&value[..end])))
}

fn trim_start(text: &[u8]) -> &[u8] {
    super::trim_start(text, |b| matches!(b, b'\t'..=b'\r' | b' '))
}

fn strip(raw: &[u8]) -> (u8, &[u8]) {
    match raw {
        [first @ (b'\'' | b'"'), inner @ .., last] if first == last => (*first, inner),
        _ => (0, raw),
    }
}

/// Unescapes the text between double quotes; references stay.
fn double_quoted(inner: &[u8]) -> SecretBytes {
    let value = replace(inner, *b"\\n", b"\n");
    let value = replace(value.expose(), *b"\\r", b"\r");
    drop_backslashes(value.expose())
}

/// Returns whether the value has an unescaped `$(` and a `)` after it.
fn has_command(value: &[u8]) -> bool {
    let open = value
        .windows(2)
        .enumerate()
        .position(|(at, pair)| pair == b"$(" && (at == 0 || value[at - 1] != b'\\'));
    open.is_some_and(|open| value[open..].contains(&b')'))
}

/// Replaces `\$` with `$`; `None` if a reference would be followed or a command run.
fn expand(value: &[u8]) -> Option<SecretBytes> {
    let mut out = SecretBuilder::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        let escaped = value[at] == b'\\' && value.get(at + 1) == Some(&b'$');
        at += usize::from(escaped);
        let rest = &value[at + 1..];
        if escaped && rest.first() == Some(&b'(') && !super::is_command(rest) {
            return None; // the backslash stays
        }
        if value[at] == b'$' && !escaped && refers(&value[at + 1..]) {
            return None;
        }
        out.push(&value[at..=at]);
        at += 1;
    }
    Some(out.finish())
}

fn refers(rest: &[u8]) -> bool {
    match rest {
        [b'(', ..] => true,
        [b'{', byte, ..] | [byte, ..] => is_word(*byte),
        [] => false,
    }
}

/// Returns the value unless direnv would follow a reference. direnv has no escape for `$`, and reads
/// the special parameters of a shell as names too.
fn direnv_expand(value: &[u8]) -> Option<SecretBytes> {
    let refers = value.windows(2).any(|pair| {
        pair[0] == b'$'
            && (is_word(pair[1])
                || matches!(
                    pair[1],
                    b'{' | b'*' | b'#' | b'$' | b'@' | b'!' | b'?' | b'-'
                ))
    });
    (!refers).then(|| SecretBytes::copy_of(value))
}
