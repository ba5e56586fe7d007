//! systemd's `EnvironmentFile=`.
//!
//! Values are like shell words, but blanks may separate the pieces, `;` begins a comment too, and
//! no comment can follow a value.

use super::{Reading, is_word, trim_end};
use crate::model::secret::SecretBuilder;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeName,
    Name,
    BeforeValue,
    Value,
    Escape,
    Single,
    Double,
    DoubleEscape,
    Comment,
    CommentEscape,
}

pub(super) fn environment_file(file: &[u8]) -> Option<Reading> {
    if std::str::from_utf8(file).is_err() || file.contains(&0) {
        return None;
    }
    let mut out = Reading::default();
    let mut state = State::BeforeName;
    let mut name = Vec::new();
    let mut value = SecretBuilder::default();
    let mut keep = 0; // the length of the value without white space at its end
    let blank = |b: u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r');
    let mut push = |name: &mut Vec<u8>, value: &mut SecretBuilder, keep: usize| {
        let key = trim_end(name, blank).to_vec();
        let all = std::mem::take(value).finish();
        let drop = all.len() - keep;
        let valid = !key.is_empty() && !key[0].is_ascii_digit() && key.iter().all(|b| is_word(*b));
        if valid {
            out.set(&key, Some(all.without_last(drop)));
        }
        name.clear();
    };
    for byte in file.iter().copied() {
        let line_end = matches!(byte, b'\n' | b'\r');
        match state {
            State::BeforeName => match byte {
                b'#' | b';' => state = State::Comment,
                byte if blank(byte) => {}
                byte => {
                    name.push(byte);
                    state = State::Name;
                }
            },
            State::Name => match byte {
                b'=' => {
                    keep = 0;
                    value = SecretBuilder::default();
                    state = State::BeforeValue;
                }
                _ if line_end => {
                    name.clear();
                    state = State::BeforeName;
                }
                byte => name.push(byte),
            },
            State::BeforeValue | State::Value => match byte {
                _ if line_end => {
                    push(&mut name, &mut value, keep);
                    state = State::BeforeName;
                }
                b'\'' if state == State::BeforeValue => state = State::Single,
                b'"' if state == State::BeforeValue => state = State::Double,
                b'\\' => state = State::Escape,
                byte if blank(byte) => {
                    if state == State::Value {
                        value.push(&[byte]);
                    }
                }
                byte => {
                    value.push(&[byte]);
                    keep = value.len();
                    state = State::Value;
                }
            },
            State::Escape => {
                if !line_end {
                    value.push(&[byte]);
                    keep = value.len();
                }
                state = State::Value;
            }
            State::Single if byte == b'\'' => state = State::BeforeValue,
            State::Double if byte == b'"' => state = State::BeforeValue,
            State::Double if byte == b'\\' => state = State::DoubleEscape,
            State::Single | State::Double => {
                value.push(&[byte]);
                keep = value.len();
            }
            State::DoubleEscape => {
                match byte {
                    b'"' | b'\\' | b'`' | b'$' => value.push(&[byte]),
                    b'\n' => {}
                    byte => value.push(&[b'\\', byte]),
                }
                keep = value.len();
                state = State::Double;
            }
            State::Comment => match byte {
                b'\\' => state = State::CommentEscape,
                _ if line_end => state = State::BeforeName,
                _ => {}
            },
            State::CommentEscape => state = State::Comment,
        }
    }
    if !matches!(
        state,
        State::BeforeName | State::Name | State::Comment | State::CommentEscape
    ) {
        push(&mut name, &mut value, keep);
    }
    Some(out)
}
