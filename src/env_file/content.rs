//! Files that are not env files, and lines that are not parsed.
//!
//! [`EnvFile::not_env_file`] protects other files: a secret must not be appended to a JSON file or
//! a key. [`EnvFile::unread_lines`] lists what an import would silently miss.
//!
//! Limits: both judge the text alone, not the name of the file. A text with lines of the form
//! `name = value` passes as an env file: a flat properties file, a Makefile, a script that assigns
//! variables.

use std::fmt;

use super::bytes::{BOM, is_base64, is_blank, is_name};
use super::document::EnvFile;
use super::problem::Reason;
use super::readers::{Readers, models};

/// Why a file is not an env file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotEnvFile {
    /// It holds a NUL byte.
    Nul,
    /// It is UTF-16.
    Utf16,
    /// It is binary data.
    Binary,
    /// It is a key, a certificate or an encrypted message.
    Key,
    /// It is JSON.
    Json,
    /// It is YAML.
    Yaml,
    /// It is TOML or INI: its settings are in sections.
    Sections,
    /// It has content and no assignment.
    NoAssignment,
}

impl NotEnvFile {
    /// Returns the stable name of this reason, for `--json`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Nul => "nul",
            Self::Utf16 => "utf16",
            Self::Binary => "binary",
            Self::Key => "key",
            Self::Json => "json",
            Self::Yaml => "yaml",
            Self::Sections => "sections",
            Self::NoAssignment => "no_assignment",
        }
    }
}

impl fmt::Display for NotEnvFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nul => "it holds a NUL byte",
            Self::Utf16 => "it is UTF-16",
            Self::Binary => "it is binary data",
            Self::Key => "it is a key, a certificate or an encrypted message",
            Self::Json => "it is JSON",
            Self::Yaml => "it is YAML",
            Self::Sections => "it is TOML or INI",
            Self::NoAssignment => "it has content and no assignment",
        })
    }
}

/// A line that holds something, and that is neither an assignment nor a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnreadLine {
    /// The line, counted from 1.
    pub line: usize,
    /// What it looks like.
    pub kind: UnreadKind,
    /// The readers that see an assignment in it. Only for [`UnreadKind::OtherName`].
    pub readers: Readers,
}

/// What a line that is not read looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnreadKind {
    /// The whole file is UTF-16.
    Utf16,
    /// A piece of JSON.
    Json,
    /// A name and a value, separated by a comma, a semicolon or a tab.
    Table,
    /// A declaration in another language: `declare -x NAME=…`, `set -gx NAME …`, `$env:NAME = …`.
    Declaration,
    /// A conflict marker of git.
    ConflictMarker,
    /// `NAME: value`.
    ColonForm,
    /// An assignment for some readers, of a name that this program does not read.
    OtherName,
    /// A piece of a key or of base64.
    KeyText,
    /// A name alone, or `export NAME`: it holds no value.
    NameOnly,
    /// A heading in brackets: it holds no value.
    Heading,
    /// Anything else.
    Other,
}

impl UnreadKind {
    /// Returns the stable name of this kind, for `--json`.
    pub fn id(self) -> &'static str {
        match self {
            Self::Utf16 => "utf16",
            Self::Json => "json",
            Self::Table => "table",
            Self::Declaration => "declaration",
            Self::ConflictMarker => "conflict_marker",
            Self::ColonForm => "colon_form",
            Self::OtherName => "other_name",
            Self::KeyText => "key_text",
            Self::NameOnly => "name_only",
            Self::Heading => "heading",
            Self::Other => "other",
        }
    }

    /// Whether a value can be in such a line.
    pub fn can_hold_value(self) -> bool {
        !matches!(self, Self::NameOnly | Self::Heading)
    }
}

impl fmt::Display for UnreadKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf16 => "the file is UTF-16",
            Self::Json => "JSON",
            Self::Table => "a line of a table",
            Self::Declaration => "a declaration of a shell",
            Self::ConflictMarker => "a conflict marker of git",
            Self::ColonForm => "a colon in place of the equals sign",
            Self::OtherName => "a name that only some readers accept",
            Self::KeyText => "a piece of a key",
            Self::NameOnly => "a name without a value",
            Self::Heading => "a heading",
            Self::Other => "neither an assignment nor a comment",
        })
    }
}

/// First lines of keys and of encrypted files.
const KEY_STARTS: &[&[u8]] = &[
    b"-----BEGIN ",
    b"---- BEGIN ",
    b"AGE-SECRET-KEY-",
    b"AGE-PLUGIN-",
    b"PuTTY-User-Key-File",
    b"age-encryption.org/",
    b"ecdsa-",
    b"ssh-",
    b"untrusted comment:",
];

/// A file with more unread lines than this, and few assignments among them, is a text of another
/// kind, such as a manual with examples.
const MANY_LINES: usize = 20;

impl EnvFile {
    /// Returns whether the file can be an env file: empty, comments only, or with an assignment.
    pub fn is_env_like(&self) -> bool {
        self.not_env_file().is_none()
    }

    /// Returns why the file is not an env file; `None` if it can be one.
    pub fn not_env_file(&self) -> Option<NotEnvFile> {
        let text = self.text.expose();
        if is_utf16(text) {
            return Some(NotEnvFile::Utf16);
        }
        if text.contains(&0) {
            return Some(NotEnvFile::Nul);
        }
        if is_binary(text) {
            return Some(NotEnvFile::Binary);
        }
        let unread: Vec<&[u8]> = self
            .unread
            .iter()
            .map(|(_, line)| &text[line.clone()])
            .collect();
        let Some(first) = unread.first() else {
            // Assignments, comments and blank lines; a key alone can look like an assignment.
            let credible = self.assignments().next().is_none()
                || self.assignments().any(|one| one.shown_name().is_name());
            let has_value = |raw: &[u8]| raw.iter().any(|byte| *byte != b'=');
            let reason = match self.assignments().any(|one| has_value(one.raw())) {
                true => NotEnvFile::NoAssignment,
                false => NotEnvFile::Key,
            };
            return (!credible).then_some(reason);
        };
        let starts_file = self.assignments().next().is_none_or(|assignment| {
            self.unread
                .first()
                .is_some_and(|(line, _)| *line < assignment.line())
        });
        if starts_file && KEY_STARTS.iter().any(|start| first.starts_with(start)) {
            return Some(NotEnvFile::Key);
        }
        let credible: Vec<_> = self
            .assignments()
            .filter(|assignment| assignment.shown_name().is_name())
            .collect();
        if is_yaml(&unread, || credible.iter().any(|one| !one.is_indented())) {
            return Some(NotEnvFile::Yaml);
        }
        let in_sections = unread.iter().any(|line| is_heading(line));
        let is_upper = |name: &str| !name.bytes().any(|byte| byte.is_ascii_lowercase());
        if in_sections && !credible.iter().any(|one| is_upper(one.name())) {
            return Some(NotEnvFile::Sections);
        }
        let is_prose = unread.len() > MANY_LINES && {
            let other = unread.iter().filter(|line| !is_key_text(line));
            other.count() > 10 * credible.len().max(2)
        };
        // Some readers find an assignment after a no-break space.
        let is_spaced = |(_, reason): &(usize, Reason)| *reason == Reason::OddSpace;
        let starts_oddly = |line: &&[u8]| line.first().is_some_and(|byte| !byte.is_ascii_graphic());
        let is_oddly_spaced =
            unread.iter().any(starts_oddly) && self.ambiguities.names.values().any(is_spaced);
        if (credible.is_empty() && !is_oddly_spaced) || is_prose {
            let is_json = starts_file && matches!(first.first(), Some(b'{' | b'['));
            return Some(if is_json {
                NotEnvFile::Json
            } else {
                NotEnvFile::NoAssignment
            });
        }
        None
    }

    /// Returns the lines that are neither blank, a comment nor an assignment.
    ///
    /// `readers` are asked whether they see an assignment in a line that this program does not
    /// understand; without named readers, the core readers are.
    pub fn unread_lines(&self, readers: &Readers) -> Vec<UnreadLine> {
        let text = self.text.expose();
        if is_utf16(text) {
            let (line, kind) = (1, UnreadKind::Utf16);
            let readers = Readers::NONE;
            return vec![UnreadLine {
                line,
                kind,
                readers,
            }];
        }
        let asked = if readers.is_empty() {
            Readers::core()
        } else {
            *readers
        };
        let unread = self.unread.iter().map(|(line, range)| {
            let body = &text[range.clone()];
            let mut kind = line_kind(body);
            let mut readers = Readers::NONE;
            if kind == UnreadKind::Other && body.contains(&b'=') {
                readers = asked
                    .iter()
                    .filter(|reader| {
                        let reading = models::read(*reader, body);
                        reading.is_some_and(|reading| !reading.runs && reading.has_values())
                    })
                    .collect();
                if !readers.is_empty() {
                    kind = UnreadKind::OtherName;
                }
            }
            UnreadLine {
                line: *line,
                kind,
                readers,
            }
        });
        unread.collect()
    }
}

/// UTF-16 with a byte order mark, or with a NUL in every other byte of mostly ASCII text.
fn is_utf16(text: &[u8]) -> bool {
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return true;
    }
    let zeros = |first: usize| {
        text.iter()
            .skip(first)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    text.len() >= 8 && even.max(odd) * 10 >= text.len() * 4 && even.min(odd) * 10 < text.len()
}

/// Not UTF-8, and with control characters all over.
fn is_binary(text: &[u8]) -> bool {
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    std::str::from_utf8(text).is_err() && text.iter().filter(is_control).count() * 50 >= text.len()
}

/// Mapping keys or list items, and no assignment that is not indented.
fn is_yaml(unread: &[&[u8]], has_plain_assignment: impl Fn() -> bool) -> bool {
    let is_structure = |line: &&&[u8]| {
        **line == b"---" || line.starts_with(b"- ") || line_kind(line) == UnreadKind::ColonForm
    };
    let structure = unread.iter().filter(is_structure).count();
    structure * 2 >= unread.len() && !has_plain_assignment()
}

fn is_heading(line: &[u8]) -> bool {
    let inner = match line {
        [b'[', inner @ .., b']'] => inner,
        _ => return false,
    };
    !inner.is_empty()
        && !inner.contains(&b',')
        && !inner.iter().all(u8::is_ascii_digit)
        && !matches!(inner[0], b'{' | b'"')
}

fn is_key_text(line: &[u8]) -> bool {
    let body = line.strip_suffix(b"=").unwrap_or(line);
    let body = body.strip_suffix(b"=").unwrap_or(body);
    // The parser reads a short line of base64 with padding as an assignment, except after more
    // base64.
    let is_end = body.len() < line.len() && !body.is_empty();
    let is_long = body.len() >= 16;
    line.starts_with(b"-----") || ((is_end || is_long) && body.iter().all(is_base64))
}

fn line_kind(line: &[u8]) -> UnreadKind {
    let line = line.strip_prefix(BOM).unwrap_or(line);
    let words: Vec<&[u8]> = line
        .split(|byte| is_blank(*byte))
        .filter(|word| !word.is_empty())
        .take(3)
        .collect();
    let first = words.first().copied().unwrap_or_default();
    let markers: [&[u8]; 4] = [b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"];
    if markers.contains(&first) {
        return UnreadKind::ConflictMarker;
    }
    if is_heading(line) {
        return UnreadKind::Heading;
    }
    if is_declaration(line, &words) {
        return UnreadKind::Declaration;
    }
    if (is_name(line) && !is_random_text(line))
        || (first == b"export" && words.len() > 1 && !line.contains(&b'='))
    {
        return UnreadKind::NameOnly;
    }
    if is_key_text(line) || is_name(line) {
        return UnreadKind::KeyText;
    }
    let after_name = line
        .iter()
        .position(|byte| !super::bytes::is_name_byte(byte));
    match after_name
        .filter(|at| *at > 0)
        .map(|at| (line[at], line.get(at + 1)))
    {
        Some((b':', None | Some(b' ' | b'\t'))) => return UnreadKind::ColonForm,
        Some((b',' | b';' | b'\t', Some(_))) => return UnreadKind::Table,
        _ => {}
    }
    let is_json_member = line.first() == Some(&b'"') && line.windows(2).any(|pair| pair == b"\":")
        || line.first() == Some(&b'"') && line.ends_with(b",");
    if is_json_member || matches!(first.first(), Some(b'{' | b'}' | b'[' | b']')) {
        return UnreadKind::Json;
    }
    UnreadKind::Other
}

fn is_random_text(line: &[u8]) -> bool {
    std::str::from_utf8(line).is_ok_and(|line| !super::shown_name::looks_like_name(line))
}

/// A variable set in the syntax of a shell that is not the one of env files.
fn is_declaration(line: &[u8], words: &[&[u8]]) -> bool {
    let second = words.get(1).copied().unwrap_or_default();
    let third = words.get(2).is_some();
    match words.first().copied().unwrap_or_default() {
        b"declare" | b"typeset" | b"readonly" | b"local" => line.contains(&b'='),
        // fish: `set -gx NAME value`. csh: `set name = value`. cmd: `set NAME=value`.
        b"set" | b"SET" => {
            let is_shell_option = [&b"-o"[..], b"+o"].contains(&second);
            second.contains(&b'=') || (third && !is_shell_option)
        }
        b"setenv" => third,
        b"env" | b"ENV" | b"ARG" | b"let" | b"const" | b"var" => line.contains(&b'='),
        first => {
            (first.starts_with(b"$env:")
                || first.starts_with(b"${env:")
                || first.starts_with(b"$Env:"))
                && line.contains(&b'=')
        }
    }
}

#[cfg(test)]
mod tests;
