//! What a value may be.
//!
//! Owns the size limits, the conditions for going to an env file, and that a mask is no value: coding
//! agents read a masked file and write the mask back over the real key.
//!
//! Invariants: an error never holds a value, a part of one, or its length.

mod mask;

use thiserror::Error;

pub use self::mask::{MaskKind, mask_kind};
use crate::model::secret::SecretBytes;

/// Most bytes a value may have: 1 MiB.
pub const MAX_LEN: usize = 1 << 20;

/// Why a value is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ValueError {
    /// No byte at all.
    #[error("the value is empty")]
    Empty,
    /// More than [`MAX_LEN`].
    #[error("the value is longer than 1 MiB")]
    TooLong,
    /// An env file is text.
    #[error("the value is not UTF-8 text, which an env file needs")]
    NotUtf8,
    /// No process can receive it in a variable.
    #[error("the value holds a NUL byte, which no environment variable can")]
    Nul,
    /// It stands where a value was.
    #[error("the value is a mask or a placeholder: {}", .0.phrase())]
    Mask(MaskKind),
}

impl ValueError {
    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "value_empty",
            Self::TooLong => "value_too_long",
            Self::NotUtf8 => "value_not_utf8",
            Self::Nul => "value_has_nul",
            Self::Mask(_) => "value_is_mask",
        }
    }
}

/// Checks that there is something, and not too much.
pub fn check_size(value: &SecretBytes) -> Result<(), ValueError> {
    match value.len() {
        0 => Err(ValueError::Empty),
        1..=MAX_LEN => Ok(()),
        _ => Err(ValueError::TooLong),
    }
}

/// The value as an env file can have it: text without NUL.
pub fn env_text(value: &SecretBytes) -> Result<&str, ValueError> {
    let text = value.as_str().ok_or(ValueError::NotUtf8)?;
    match text.contains('\0') {
        true => Err(ValueError::Nul),
        false => Ok(text),
    }
}

/// The value without exactly one final `\n` or `\r\n`: what `echo`, an editor or a here-document
/// appended. Nothing else is trimmed.
#[must_use = "the shortened value is returned"]
pub fn drop_final_newline(value: SecretBytes) -> SecretBytes {
    let newline = match value.expose() {
        [.., b'\r', b'\n'] => 2,
        [.., b'\n'] => 1,
        _ => 0,
    };
    value.without_last(newline)
}

/// Refuses a mask. What only may be one is taken, and its kind is returned.
pub fn check_not_mask(value: &SecretBytes) -> Result<Option<MaskKind>, ValueError> {
    match mask_kind(value) {
        Some(kind) if kind.is_certain() => Err(ValueError::Mask(kind)),
        doubt => Ok(doubt),
    }
}

#[cfg(test)]
mod tests;
