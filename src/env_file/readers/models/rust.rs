//! The crate `dotenvy`.
//!
//! It splits the text into logical lines, in which quotes may hold line ends, and reads each like a
//! shell word with few escapes. The first assignment of a name counts. This is a model and not a
//! call, because the crate looks up every `$NAME` in the environment.

use super::{Reading, is_word, without_bom};
use crate::model::secret::{SecretBuilder, SecretBytes};

pub(super) fn dotenvy(file: &[u8]) -> Option<Reading> {
    let text = std::str::from_utf8(without_bom(file)).ok()?;
    let mut out = Reading::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, next) = line(rest)?;
        rest = next;
        if let Some((name, value)) = assignment(line)? {
            out.set_first(name.as_bytes(), value);
        }
    }
    Some(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    Space,
    Escape,
    Single,
    SingleEscape,
    Double,
    DoubleEscape,
}

/// Returns the next logical line and the rest; `None` if a quote stays open.
fn line(text: &str) -> Option<(&str, &str)> {
    let mut state = State::Plain;
    let mut start = 0;
    loop {
        let end = text[start..]
            .find('\n')
            .map_or(text.len(), |i| start + i + 1);
        if start == end {
            return None;
        }
        if start == 0 && text[..end].trim_start().starts_with('#') {
            return Some(("", &text[end..]));
        }
        for (at, c) in text[start..end].char_indices() {
            state = match (state, c) {
                (State::Space, '#') => return Some((&text[..start + at], &text[end..])),
                (State::Plain, c) if c.is_whitespace() && c != '\n' && c != '\r' => State::Space,
                (State::Plain | State::Space, '\\') => State::Escape,
                (State::Plain | State::Space, '"') => State::Double,
                (State::Plain | State::Space, '\'') => State::Single,
                (State::Plain | State::Space | State::Escape, _) => State::Plain,
                (State::Double, '\\') => State::DoubleEscape,
                (State::Double, '"') | (State::Single, '\'') => State::Plain,
                (State::DoubleEscape, _) => State::Double,
                (State::Single, '\\') => State::SingleEscape,
                (State::SingleEscape, _) => State::Single,
                (open, _) => open,
            };
        }
        if state == State::Plain {
            return Some((text[..end].trim_end_matches('\n'), &text[end..]));
        }
        start = end;
    }
}

type Assigned<'a> = Option<(&'a str, Option<SecretBytes>)>;

/// `None`: an error. `Some(None)`: nothing on this line.
fn assignment(line: &str) -> Option<Assigned<'_>> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Some(None);
    }
    let (mut name, mut rest) = name(line)?;
    if name == "export" && !rest.starts_with('=') {
        (name, rest) = self::name(rest)?;
    }
    let rest = rest.strip_prefix('=')?.trim_start();
    if rest.is_empty() || rest.starts_with('#') {
        return Some(Some((name, Some(SecretBytes::copy_of(b"")))));
    }
    Some(Some((name, value(rest)?)))
}

fn name(text: &str) -> Option<(&str, &str)> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    let end = text
        .bytes()
        .position(|b| !(is_word(b) || b == b'.'))
        .unwrap_or(text.len());
    Some((&text[..end], text[end..].trim_start()))
}

/// `None`: an error. `Some(None)`: depends on another variable.
fn value(text: &str) -> Option<Option<SecretBytes>> {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut state = State::Plain;
    let mut refers = false;
    let mut ended = false;
    let mut buffer = [0; 4];
    for c in text.chars() {
        if ended {
            match c {
                ' ' | '\t' => continue,
                '#' => break,
                _ => return None,
            }
        }
        let mut push = |c: char| out.push(c.encode_utf8(&mut buffer).as_bytes());
        state = match (state, c) {
            (State::Escape | State::DoubleEscape, c) => {
                match c {
                    '\\' | '\'' | '"' | '$' | ' ' => push(c),
                    'n' => push('\n'),
                    _ => return None,
                }
                if state == State::Escape {
                    State::Plain
                } else {
                    State::Double
                }
            }
            (State::Single, '\'') | (State::Double, '"') => State::Plain,
            (State::Single, c) => {
                push(c);
                State::Single
            }
            (open, '$') => {
                refers = true;
                open
            }
            (State::Double, '\\') => State::DoubleEscape,
            (State::Double, c) => {
                push(c);
                State::Double
            }
            (_, '\'') => State::Single,
            (_, '"') => State::Double,
            (_, '\\') => State::Escape,
            (_, ' ' | '\t') => {
                ended = true;
                State::Plain
            }
            (_, c) => {
                push(c);
                State::Plain
            }
        };
    }
    if matches!(state, State::Single | State::Double) {
        return None;
    }
    Some((!refers).then(|| out.finish()))
}
