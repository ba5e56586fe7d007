//! Models of the readers, one file for each family.
//!
//! A model answers one question: given the bytes of a file, which variables does the reader set,
//! and to which values? It must be right about the forms that this program writes. Elsewhere it may
//! be wrong, but only by reporting another value than the reader reads, not by confirming one that
//! the reader does not read.
//!
//! Invariants: total (any bytes), linear, no environment. A value that depends on the environment
//! or on a command is `None`, which equals no wanted value.

mod go;
mod javascript;
mod lines;
mod make;
mod php;
mod python;
mod ruby;
mod rust;
mod shell;
mod systemd;

use std::collections::HashMap;

use super::reader::Reader;
use crate::env_file::bytes::{BOM, memchr};
use crate::model::secret::{SecretBuilder, SecretBytes};

/// What a reader reads in a file.
#[derive(Default)]
pub(in crate::env_file) struct Reading {
    vars: HashMap<Vec<u8>, Option<SecretBytes>>,
    /// A command would be run.
    pub(in crate::env_file) runs: bool,
}

impl Reading {
    /// Sets a variable; a later value replaces an earlier one.
    fn set(&mut self, name: &[u8], value: Option<SecretBytes>) {
        self.vars.insert(name.to_vec(), value);
    }

    /// Sets a variable unless it is set.
    fn set_first(&mut self, name: &[u8], value: Option<SecretBytes>) {
        self.vars.entry(name.to_vec()).or_insert(value);
    }

    /// Returns the value of a variable; `None` if it is not set or depends on the environment.
    pub(in crate::env_file) fn get(&self, name: &[u8]) -> Option<&SecretBytes> {
        self.vars.get(name)?.as_ref()
    }

    /// Removes a variable and returns its value.
    pub(in crate::env_file) fn take(&mut self, name: &[u8]) -> Option<SecretBytes> {
        self.vars.remove(name)?
    }

    /// Returns whether some variable has a value.
    pub(in crate::env_file) fn has_values(&self) -> bool {
        self.vars.values().any(Option::is_some)
    }

    /// Returns whether all variables except those that `except` selects are the same in both.
    pub(in crate::env_file) fn agrees(
        &self,
        other: &Reading,
        except: impl Fn(&[u8]) -> bool,
    ) -> bool {
        let one_way = |a: &Reading, b: &Reading| {
            a.vars
                .iter()
                .filter(|(name, _)| !except(name))
                .all(|(name, value)| b.vars.get(name) == Some(value))
        };
        one_way(self, other) && one_way(other, self)
    }
}

/// Reads a file as the reader would; `None` if the reader refuses the file.
pub(in crate::env_file) fn read(reader: Reader, file: &[u8]) -> Option<Reading> {
    use javascript::After;
    match reader {
        Reader::NpmDotenv => Some(javascript::dotenv(file, After::Nothing)),
        Reader::DotenvExpand => Some(javascript::dotenv(file, After::Expand)),
        Reader::Next => Some(javascript::dotenv(file, After::Next)),
        Reader::Dotenvx => Some(javascript::dotenv(file, After::Dotenvx)),
        Reader::Node => Some(javascript::node(file, After::Nothing)),
        Reader::Vite => Some(javascript::node(file, After::ExpandOld)),
        Reader::PythonDotenv | Reader::PydanticSettings | Reader::Environs => python::dotenv(file),
        Reader::DjangoEnviron => python::django_environ(file),
        Reader::PythonDecouple => python::decouple(file),
        Reader::Compose => go::compose(file),
        Reader::Godotenv => go::godotenv(file),
        Reader::Dotenvy => rust::dotenvy(file),
        Reader::Bash | Reader::Dash | Reader::Zsh => shell::source(file, reader),
        Reader::RubyDotenv => Some(ruby::dotenv(file)),
        Reader::Direnv => ruby::direnv(file),
        Reader::Docker => lines::docker(file),
        Reader::Make => make::include(file),
        Reader::Systemd => systemd::environment_file(file),
        Reader::Phpdotenv => php::phpdotenv(file),
        Reader::SymfonyDotenv => php::symfony(file),
    }
}

/// Returns a text with LF for CRLF, and with `lone` for a single CR too.
fn line_feeds(text: &[u8], lone: bool) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let run = text[at..]
            .iter()
            .position(|b| *b == b'\r')
            .unwrap_or(text.len() - at);
        out.push(&text[at..at + run]);
        at += run;
        if at == text.len() {
            break;
        }
        let crlf = text.get(at + 1) == Some(&b'\n');
        out.push(if crlf || lone { b"\n" } else { b"\r" });
        at += if crlf { 2 } else { 1 };
    }
    out.finish()
}

/// Replaces every occurrence of a two-byte pattern, from left to right.
fn replace(text: &[u8], from: [u8; 2], to: &[u8]) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(text.len());
    let mut at = 0;
    let mut done = 0;
    while at + 1 < text.len() {
        if text[at] == from[0] && text[at + 1] == from[1] {
            out.push(&text[done..at]);
            out.push(to);
            at += 2;
            done = at;
        } else {
            at += 1;
        }
    }
    out.push(&text[done..]);
    out.finish()
}

/// Returns whether a text begins with `(…)`, not empty and without inner parentheses.
fn is_command(text: &[u8]) -> bool {
    let Some(inner) = text.strip_prefix(b"(") else {
        return false;
    };
    let end = inner.iter().position(|b| matches!(b, b'(' | b')'));
    end.is_some_and(|end| end > 0 && inner[end] == b')')
}

/// Returns the next offset of a byte.
fn find(byte: u8, text: &[u8], from: usize) -> Option<usize> {
    memchr(byte, text.get(from..)?).map(|at| from + at)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn trim_end(mut text: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((last, rest)) = text.split_last() {
        if !drop(*last) {
            break;
        }
        text = rest;
    }
    text
}

fn trim_start(mut text: &[u8], drop: impl Fn(u8) -> bool) -> &[u8] {
    while let Some((first, rest)) = text.split_first() {
        if !drop(*first) {
            break;
        }
        text = rest;
    }
    text
}

fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(BOM).unwrap_or(text)
}

/// Returns the length of the white space character at an offset, 0 if there is none. White space is
/// what JavaScript's `\s` matches; Python, Go and Rust differ in rare characters only.
fn space_at(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b'\t'..=b'\r' | b' ') => 1,
        Some(0xc2) if text.get(at + 1) == Some(&0xa0) => 2,
        Some(0xe1 | 0xe2 | 0xe3 | 0xef) => {
            let Some(bytes) = text.get(at..at + 3) else {
                return 0;
            };
            let space = matches!(
                bytes,
                [0xe1, 0x9a, 0x80]
                    | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf]
                    | [0xe2, 0x81, 0x9f]
                    | [0xe3, 0x80, 0x80]
                    | [0xef, 0xbb, 0xbf]
            );
            if space { 3 } else { 0 }
        }
        _ => 0,
    }
}

/// Returns a text without white space around it.
fn trim_wide(text: &[u8]) -> &[u8] {
    let mut start = 0;
    loop {
        match space_at(text, start) {
            0 => break,
            n => start += n,
        }
    }
    let mut end = text.len();
    'back: while end > start {
        for n in [1, 2, 3] {
            if end - start >= n && space_at(text, end - n) == n {
                end -= n;
                continue 'back;
            }
        }
        break;
    }
    &text[start..end]
}

#[cfg(test)]
mod tests;
