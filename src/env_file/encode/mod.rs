//! Turns a value into the text after `NAME=`.
//!
//! Without named readers, [`general()`] picks one form by a short fixed procedure that was fitted to
//! measurements with the real readers. With named readers, [`search()`] tries every candidate form
//! on a model of each of them and takes the first that all read exactly.
//!
//! Invariants: deterministic. The general form has the value as its canonical value, and no core
//! reader runs anything in it. A form for named readers is one that no core reader runs, if such a
//! form exists.
//!
//! Limits: an environment variable cannot hold NUL, and half of the readers refuse a file that is
//! not UTF-8, so both are refused. Without named readers, so is the rare text that some core reader
//! runs in every form (a line end and a `$(`: dotenvx runs it between double quotes even after a
//! backslash, Ruby 2.x reads it line by line). `dotenv-expand` 1000 runs `$(…)` in any form, so it
//! has no form for such a value.

mod general;
mod search;

use self::general::general;
use self::search::{Trial, Verdict, search};
use super::bytes::BLANK;
use super::readers::{Reader, Readers, models};
use crate::model::secret::SecretBytes;

/// A value in the form in which it is written to a file.
#[derive(Clone, Debug)]
pub struct Encoded {
    text: SecretBytes,
    misreaders: Readers,
}

impl Encoded {
    /// Returns the text after `NAME=`, without a line ending.
    pub fn text(&self) -> &SecretBytes {
        &self.text
    }

    /// Returns the readers, of all that are modelled, that misread this form.
    pub fn misreaders(&self) -> Readers {
        self.misreaders
    }
}

/// Why a value has no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// No environment variable can hold a NUL byte.
    Nul,
    /// Many readers refuse a file that is not UTF-8.
    NotUtf8,
    /// In every form some reader would run a part of the value as a command.
    WouldRun,
    /// At least one of the named readers misreads each form.
    NoForm {
        /// The readers that misread the form that most of them read.
        readers: Readers,
        /// Whether the value has a form by itself, and the text around it makes them misread it.
        around: bool,
    },
}

impl EncodeError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nul => "value_has_nul",
            Self::NotUtf8 => "value_not_utf8",
            Self::WouldRun => "value_would_run",
            Self::NoForm { .. } => "value_would_be_misread",
        }
    }
}

impl std::fmt::Display for EncodeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Nul => f.write_str("the value holds a NUL byte, which no env file can hold"),
            Self::NotUtf8 => {
                f.write_str("the value is not UTF-8, and many readers refuse a file that is not")
            }
            Self::WouldRun => f.write_str(
                "there is no way to write this value that keeps every reader from running a part \
                 of it as a command; name the readers of the project",
            ),
            Self::NoForm {
                readers,
                around: true,
            } => write!(
                f,
                "{readers} would misread it because of what stands around it in the file: another \
                 line that names it, a heading, the line ending, a byte order mark"
            ),
            Self::NoForm { readers, .. } => write!(
                f,
                "there is no way to write this value that all readers of this project read \
                 rightly; it would be misread by {readers}"
            ),
        }
    }
}

impl std::error::Error for EncodeError {}

/// Writes a value for the named readers, or if none is named, for as many readers as possible.
///
/// # Errors
/// If the value holds NUL or is not UTF-8, or if readers are named and no form suits them all.
pub fn encode(value: &SecretBytes, readers: &Readers) -> Result<Encoded, EncodeError> {
    encode_at(value, readers, Place::ALONE)
}

/// Writes a value for as many readers as possible.
///
/// # Errors
/// If the value holds NUL or is not UTF-8.
pub fn encode_for_most(value: &SecretBytes) -> Result<Encoded, EncodeError> {
    encode_at(value, &Readers::NONE, Place::ALONE)
}

/// Returns the readers of the set that misread the value in the text after `NAME=`.
pub fn misreaders(raw: &[u8], value: &SecretBytes, readers: &Readers) -> Vec<Reader> {
    misreaders_at(raw, value, readers, Place::ALONE)
        .iter()
        .collect()
}

/// The text around a value on its line.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) name: &'a [u8],
    /// From the start of the line to the value.
    pub(super) before: &'a [u8],
    /// From the value to the end of the line, without the LF.
    pub(super) after: &'a [u8],
}

impl Place<'_> {
    /// A line of the form `NAME=value`.
    pub(super) const ALONE: Place<'static> = Place {
        name: b"NAME",
        before: b"NAME=",
        after: b"",
    };
}

pub(super) fn misreaders_at(
    raw: &[u8],
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Readers {
    let trial = Trial::new(raw, place);
    readers
        .iter()
        .filter(|reader| trial.verdict(*reader, value) != Verdict::Exact)
        .collect()
}

pub(super) fn encode_at(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Result<Encoded, EncodeError> {
    let text = form_at(value, readers, place)?;
    let misreaders = misreaders_at(text.expose(), value, &Readers::all(), place);
    Ok(Encoded { text, misreaders })
}

/// Returns the form without its misreaders.
pub(super) fn form_at(
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> Result<SecretBytes, EncodeError> {
    check(value)?;
    // After a closing quote a `#` begins a comment at once; after a bare value it does not.
    let after = place.after.first();
    let bare = after.is_none_or(|b| BLANK.contains(b) || *b == b'\r');
    if readers.is_empty() {
        general(value.expose(), bare).ok_or(EncodeError::WouldRun)
    } else {
        search(value, readers, place, bare)
    }
}

/// Returns what the readers of the set read on this line, if they all read the same.
pub(super) fn value_at(raw: &[u8], readers: &Readers, place: Place<'_>) -> Option<SecretBytes> {
    let trial = Trial::new(raw, place);
    let mut agreed: Option<SecretBytes> = None;
    for reader in readers.iter() {
        let mut found = models::read(reader, trial.file.expose())?;
        let value = found.take(place.name)?;
        match &agreed {
            None => agreed = Some(value),
            Some(other) if *other == value => {}
            Some(_) => return None,
        }
    }
    agreed
}

/// Returns what one reader makes of a line: whether it would run a command, and the value if it
/// depends on nothing. `None` if the reader refuses the line.
pub(super) fn trial_reading(
    raw: &[u8],
    reader: Reader,
    place: Place<'_>,
) -> Option<(bool, Option<SecretBytes>)> {
    let after = place.after.strip_suffix(b"\r").unwrap_or(place.after);
    let trial = Trial::new(raw, Place { after, ..place });
    let mut found = models::read(reader, trial.file.expose())?;
    Some((found.runs, found.take(place.name)))
}

/// Returns whether a text, at this place, is one value and nothing else: this one, by the canonical
/// reading or for each of the named readers.
pub(super) fn reads_back(
    raw: &[u8],
    value: &SecretBytes,
    readers: &Readers,
    place: Place<'_>,
) -> bool {
    let trial = Trial::new(raw, place);
    let for_readers = || {
        let exact = |reader| trial.verdict(reader, value) == Verdict::Exact;
        !readers.is_empty() && readers.iter().all(exact)
    };
    trial.canonical_value() == Some(Some(value.clone()))
        || (trial.parses_back().is_some() && for_readers())
}

fn check(value: &SecretBytes) -> Result<(), EncodeError> {
    if value.expose().contains(&0) {
        return Err(EncodeError::Nul);
    }
    if value.as_str().is_none() {
        return Err(EncodeError::NotUtf8);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
