//! [`EnvName`]: the name of a variable that this program may create.
//!
//! Files may hold other names: a dash, a dot or a leading digit makes bash, dotenvy, godotenv, Ruby
//! or PHP refuse the *whole* file, so such a name is read and replaced but never created.

use std::fmt;
use std::str::FromStr;

/// A name that every reader accepts: `[A-Za-z_][A-Za-z0-9_]*`, at most 255 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvName(String);

impl EnvName {
    /// The longest name accepted, in bytes.
    pub const MAX_LEN: usize = 255;

    /// Checks a name.
    ///
    /// # Errors
    /// If it is empty, too long, or holds a byte that some reader refuses.
    pub fn try_new(name: impl Into<String>) -> Result<Self, EnvNameError> {
        let name = name.into();
        let Some(first) = name.bytes().next() else {
            return Err(EnvNameError::Empty);
        };
        if name.len() > Self::MAX_LEN {
            return Err(EnvNameError::TooLong);
        }
        if first.is_ascii_digit() {
            return Err(EnvNameError::LeadingDigit);
        }
        if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err(EnvNameError::Character);
        }
        Ok(Self(name))
    }

    /// Accepts a name that a file already has, even one that some reader refuses. Its assignment can
    /// be replaced or removed, but never created.
    ///
    /// # Errors
    /// If it is empty, too long, or has a character that no name can have.
    pub fn existing(name: impl Into<String>) -> Result<Self, EnvNameError> {
        let name = name.into();
        if name.is_empty() {
            return Err(EnvNameError::Empty);
        }
        if name.len() > Self::MAX_LEN {
            return Err(EnvNameError::TooLong);
        }
        if name
            .chars()
            .any(|c| c.is_control() || c.is_whitespace() || matches!(c, '=' | '#' | '\'' | '"'))
        {
            return Err(EnvNameError::Character);
        }
        Ok(Self(name))
    }

    /// Returns whether an assignment of this name may be created.
    pub fn is_creatable(&self) -> bool {
        Self::try_new(self.0.as_str()).is_ok()
    }

    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EnvName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for EnvName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl FromStr for EnvName {
    type Err = EnvNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::try_new(name)
    }
}

/// Why a text is not an [`EnvName`]. It does not hold the text, which may be a value given by
/// mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvNameError {
    /// The name is empty.
    #[error("a variable name must not be empty")]
    Empty,
    /// Longer than [`EnvName::MAX_LEN`].
    #[error("a variable name has at most {} bytes", EnvName::MAX_LEN)]
    TooLong,
    /// It begins with a digit.
    #[error("a variable name must not begin with a digit")]
    LeadingDigit,
    /// A character other than letters, digits and `_`.
    #[error("a variable name has only the letters A-Z and a-z, digits and _")]
    Character,
}

impl EnvNameError {
    /// Returns the stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "env_name_empty",
            Self::TooLong => "env_name_too_long",
            Self::LeadingDigit => "env_name_leading_digit",
            Self::Character => "env_name_character",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_every_reader_accepts_are_valid() {
        for good in ["A", "_", "a1_B", "STRIPE_API_KEY"] {
            assert_eq!(EnvName::try_new(good).unwrap().as_str(), good);
        }
        for (bad, why) in [
            ("", EnvNameError::Empty),
            ("1A", EnvNameError::LeadingDigit),
            ("A-B", EnvNameError::Character),
            ("A.B", EnvNameError::Character),
            ("A B", EnvNameError::Character),
            ("A=B", EnvNameError::Character),
            ("Ä", EnvNameError::Character),
            ("A\n", EnvNameError::Character),
        ] {
            assert_eq!(bad.parse::<EnvName>(), Err(why), "{bad:?}");
        }
        assert_eq!(
            EnvName::try_new("A".repeat(256)),
            Err(EnvNameError::TooLong)
        );
    }
}
