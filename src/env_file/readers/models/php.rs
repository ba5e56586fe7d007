//! PHP's `vlucas/phpdotenv` and `symfony/dotenv`. Both refuse the whole file at the first invalid
//! line.

use super::{BOM, Reading, find, is_word, line_feeds, replace, trim_wide};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// Reads a file as phpdotenv. A value of several lines begins with `="` on a line that has no second
/// unescaped `"`.
pub(super) fn phpdotenv(file: &[u8]) -> Option<Reading> {
    let text = line_feeds(super::without_bom(file), true);
    let text = text.expose();
    let mut out = Reading::default();
    let mut start = None;
    let mut at = 0;
    while at <= text.len() {
        let end = find(b'\n', text, at).unwrap_or(text.len());
        let line = &text[at..end];
        let quotes = closing_quotes(line);
        let opens = line.windows(2).any(|pair| pair == b"=\"") && quotes < 2;
        match start {
            None if opens => start = Some(at),
            None => entry(line, &mut out)?,
            // A line inside a value may look like the start of another value.
            Some(from) if line == b"\"" || quotes > usize::from(opens) => {
                start = None;
                entry(&text[from..end], &mut out)?;
            }
            Some(_) => {}
        }
        at = end + 1;
    }
    Some(out)
}

/// Counts the quotes that are not escaped.
fn closing_quotes(line: &[u8]) -> usize {
    let line = replace(line, *b"\\\\", b"");
    line.expose()
        .windows(2)
        .filter(|pair| pair[0] != b'\\' && pair[1] == b'"')
        .count()
}

fn entry(line: &[u8], out: &mut Reading) -> Option<()> {
    let line = trim_wide(line);
    if line.is_empty() || line[0] == b'#' {
        return Some(());
    }
    let (name, value) = match find(b'=', line, 0) {
        Some(equals) => (trim_wide(&line[..equals]), trim_wide(&line[equals + 1..])),
        None => (line, &b""[..]),
    };
    let name = match name.strip_prefix(b"export") {
        Some(rest) if trim_wide(rest).len() < rest.len() => trim_wide(rest),
        _ => name,
    };
    if name.is_empty() || !name.iter().all(|b| is_word(*b) || *b == b'.') {
        return None;
    }
    let value = php_value(value)?;
    out.set(name, value);
    Some(())
}

fn php_value(text: &[u8]) -> Option<Option<SecretBytes>> {
    let mut out = SecretBuilder::with_capacity(text.len());
    let (quote, mut at) = match text.first() {
        Some(quote @ (b'\'' | b'"')) => (*quote, 1),
        _ => (0, 0),
    };
    let mut known = true;
    let mut closed = quote == 0;
    while at < text.len() {
        let byte = text[at];
        if byte == b'$' && quote != b'\'' && text.get(at + 1) == Some(&b'{') {
            known = false;
        }
        match (quote, byte) {
            (0, b'#') => return Some(known.then(|| out.finish())),
            (0, byte) if byte.is_ascii_whitespace() || byte == 0x0b => break,
            (b'\'' | b'"', byte) if byte == quote => {
                closed = true;
                at += 1;
                break;
            }
            (b'"', b'\\') => {
                at += 1;
                out.push(match text.get(at)? {
                    b'"' => b"\"",
                    b'\\' => b"\\",
                    b'$' => b"$",
                    b'f' => b"\x0c",
                    b'n' => b"\n",
                    b'r' => b"\r",
                    b't' => b"\t",
                    b'v' => b"\x0b",
                    _ => return None,
                });
            }
            (_, byte) => out.push(&[byte]),
        }
        at += 1;
    }
    let rest = trim_wide(&text[at..]);
    if !closed || !(rest.is_empty() || rest[0] == b'#') {
        return None;
    }
    Some(known.then(|| out.finish()))
}

/// Reads a file as Symfony: a value is a sequence of pieces in any quotes, and `$(…)` is run.
pub(super) fn symfony(file: &[u8]) -> Option<Reading> {
    if file.starts_with(BOM) {
        return None;
    }
    let text = line_feeds(file, true);
    let text = text.expose();
    let mut out = Reading::default();
    let mut at = 0;
    loop {
        while at < text.len() && (text[at].is_ascii_whitespace() || text[at] == 0x0b) {
            at += 1;
        }
        if at >= text.len() {
            return Some(out);
        }
        if text[at] == b'#' {
            at = find(b'\n', text, at).unwrap_or(text.len());
            continue;
        }
        if text[at..].starts_with(b"export")
            && text.get(at + 6).is_some_and(|b| matches!(b, b' ' | b'\t'))
        {
            at += 6;
            while matches!(text.get(at), Some(b' ' | b'\t')) {
                at += 1;
            }
        }
        let start = at;
        while text.get(at).is_some_and(|b| is_word(*b)) {
            at += 1;
        }
        if at == start || text[start].is_ascii_digit() || text.get(at) != Some(&b'=') {
            return None;
        }
        let name = &text[start..at];
        let mut value = SecretBuilder::with_capacity(64);
        let mut known = true;
        at += 1;
        let blanks = at
            + text[at..]
                .iter()
                .take_while(|b| matches!(b, b' ' | b'\t'))
                .count();
        if matches!(text.get(blanks), None | Some(b'\n' | b'#')) {
            out.set(name, Some(SecretBytes::copy_of(b"")));
            at = find(b'\n', text, blanks).unwrap_or(text.len());
            continue;
        }
        if blanks > at {
            return None;
        }
        while at < text.len() && text[at] != b'\n' {
            match text[at] {
                b'\'' => {
                    let close = find(b'\'', text, at + 1)?;
                    value.push(&text[at + 1..close]);
                    at = close + 1;
                }
                b'"' => {
                    let mut close = at + 1;
                    while *text.get(close)? != b'"'
                        || (text[close - 1] == b'\\' && text[close - 2] != b'\\')
                    {
                        close += 1;
                    }
                    let inner = symfony_double(&text[at + 1..close]);
                    out.runs |= runs(inner.expose());
                    match symfony_expand(inner.expose()) {
                        Some(inner) => value.push(inner.expose()),
                        None => known = false,
                    }
                    at = close + 1;
                }
                _ => {
                    let from = at;
                    let mut piece = SecretBuilder::with_capacity(16);
                    while at < text.len()
                        && !matches!(text[at], b'\n' | b'"' | b'\'')
                        && !(text[at] == b'#' && at > from && matches!(text[at - 1], b' ' | b'\t'))
                    {
                        if text[at] == b'\\' && matches!(text.get(at + 1), Some(b'"' | b'\'')) {
                            at += 1;
                        }
                        piece.push(&text[at..=at]);
                        at += 1;
                    }
                    let piece = piece.finish();
                    let bare = super::trim_end(piece.expose(), |b| b.is_ascii_whitespace());
                    if bare.iter().any(u8::is_ascii_whitespace) {
                        return None;
                    }
                    out.runs |= runs(bare);
                    match symfony_expand(bare) {
                        Some(inner) => value.push(inner.expose()),
                        None => known = false,
                    }
                    if text.get(at) == Some(&b'#') {
                        at = find(b'\n', text, at).unwrap_or(text.len());
                    }
                }
            }
        }
        out.set(name, known.then(|| value.finish()));
    }
}

fn runs(text: &[u8]) -> bool {
    text.windows(2)
        .enumerate()
        .any(|(at, pair)| pair == b"$(" && (at == 0 || text[at - 1] != b'\\'))
}

fn symfony_double(inner: &[u8]) -> SecretBytes {
    let text = replace(inner, *b"\\\"", b"\"");
    let text = replace(text.expose(), *b"\\r", b"\r");
    replace(text.expose(), *b"\\n", b"\n")
}

/// Expands as Symfony does: an odd number of backslashes escapes a `$` and loses one, then `\\`
/// becomes `\`.
fn symfony_expand(text: &[u8]) -> Option<SecretBytes> {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut backslashes = 0usize;
    for (at, byte) in text.iter().enumerate() {
        if *byte == b'\\' {
            backslashes += 1;
            continue;
        }
        if *byte == b'$' {
            if backslashes % 2 == 1 {
                let rest = &text[at + 1..];
                if rest.first() == Some(&b'(') && !super::is_command(rest) {
                    return None; // the backslash stays
                }
                backslashes -= 1;
            } else {
                let rest = &text[at + 1..];
                let name = rest.strip_prefix(b"{").unwrap_or(rest);
                if rest.first() == Some(&b'(')
                    || name
                        .first()
                        .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
                {
                    return None;
                }
            }
        }
        for _ in 0..backslashes {
            out.push(b"\\");
        }
        backslashes = 0;
        out.push(&[*byte]);
    }
    for _ in 0..backslashes {
        out.push(b"\\");
    }
    Some(replace(out.finish().expose(), *b"\\\\", b"\\"))
}
