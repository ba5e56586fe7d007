//! What a secret is for, in one line.
//!
//! Owns the rules for a description: its form (one line, 10 to 200 characters, nothing that a
//! terminal would act on), that it says more than the key path does, and that it holds neither the
//! value nor anything of a well-known secret's shape.
//!
//! Invariants: a [`Description`] is one line that can be shown as it is. An error holds nothing
//! of the description, for that may be where the value was put by mistake.
//!
//! Limits: "says something" means one word that is neither generic nor part of the key path. The
//! list of generic words is English; a description in another language passes more easily.

mod example;
mod words;

use std::fmt;

use serde::Serialize;
use thiserror::Error;

pub use self::example::good_example;
use self::words::says_something;
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;
use crate::model::shape::known_shape;

/// Fewest characters.
pub const MIN_CHARS: usize = 10;

/// Most characters.
pub const MAX_CHARS: usize = 200;

/// A value shorter than this may well be a word of its own description.
const MIN_VALUE_LEN: usize = 4;

/// What a secret is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Description(Box<str>);

impl Description {
    /// Checks a description that somebody gives to `path`. Spaces at its ends are dropped.
    ///
    /// `value` is what must not be in it, if it is at hand already.
    pub fn new(
        text: &str,
        path: &KeyPath,
        value: Option<&SecretBytes>,
    ) -> Result<Self, DescriptionError> {
        let text = text.trim_matches(' ');
        // Before all else: who pasted the value has to learn just that.
        if value.is_some_and(|value| holds_value(text, value)) {
            return Err(DescriptionError::HoldsValue);
        }
        let description = Self::stored(text)?;
        // The value may not be at hand yet, or be another one.
        if known_shape(text).is_some() {
            return Err(DescriptionError::HoldsSecret);
        }
        if text.chars().count() < MIN_CHARS {
            return Err(DescriptionError::TooShort);
        }
        if !says_something(text, path) {
            return Err(DescriptionError::SaysNothing);
        }
        Ok(description)
    }

    /// Takes a description from an entry, where it has been accepted before: its form is checked
    /// and not its meaning, so that a stricter rule never makes an entry unreadable.
    pub fn stored(text: &str) -> Result<Self, DescriptionError> {
        if text.contains(is_forbidden) {
            Err(DescriptionError::ForbiddenCharacter)
        } else if text.chars().count() > MAX_CHARS {
            Err(DescriptionError::TooLong)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Description {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a description is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// Fewer than [`MIN_CHARS`].
    #[error("the description is shorter than {MIN_CHARS} characters")]
    TooShort,
    /// More than [`MAX_CHARS`].
    #[error("the description is longer than {MAX_CHARS} characters")]
    TooLong,
    /// A line break, another control character, or one that hides or turns text.
    #[error("the description is not one line of printable text")]
    ForbiddenCharacter,
    /// Nothing but generic words and words of the key path.
    #[error("the description says no more than the key path does")]
    SaysNothing,
    /// The value, or a line of it.
    #[error("the description contains the value")]
    HoldsValue,
    /// A text of a well-known shape, such as a token.
    #[error("the description contains what looks like a secret")]
    HoldsSecret,
}

impl DescriptionError {
    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "description_too_short",
            Self::TooLong => "description_too_long",
            Self::ForbiddenCharacter => "description_forbidden_character",
            Self::SaysNothing => "description_says_nothing",
            Self::HoldsValue => "description_holds_value",
            Self::HoldsSecret => "description_holds_secret",
        }
    }
}

/// Control characters, line and paragraph separators, characters without width, and those that
/// turn the direction of what follows.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Whether the text contains the value, the value without the whitespace round it, or one line
/// of it.
pub(crate) fn holds_value(text: &str, value: &SecretBytes) -> bool {
    let contains = |needle: &[u8]| {
        needle.len() >= MIN_VALUE_LEN
            && text
                .as_bytes()
                .windows(needle.len())
                .any(|window| window == needle)
    };
    contains(value.expose())
        || value
            .expose()
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .any(|line| contains(line.trim_ascii()))
}

#[cfg(test)]
mod tests;
