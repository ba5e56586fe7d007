//! The number of a version: 1, 2, 3 …
//!
//! Invariant: a version is never 0, so "no version" is `Option<Version>` and nothing else.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The number of a version of a secret, or of the layout of an env file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(NonZeroU32);

impl Version {
    /// Version 1.
    pub const FIRST: Self = Self(NonZeroU32::MIN);
    /// The highest version that can be numbered.
    pub const MAX: Self = Self(NonZeroU32::MAX);

    /// Returns the version with this number; `None` for 0.
    pub fn new(number: u32) -> Option<Self> {
        NonZeroU32::new(number).map(Self)
    }

    /// Returns the number.
    pub fn get(self) -> u32 {
        self.0.get()
    }

    /// Returns the next version; `None` after the highest number.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }

    /// Returns the version that follows `newest`, which is the first one if there is none yet;
    /// `None` after the highest number.
    pub fn after(newest: Option<Self>) -> Option<Self> {
        newest.map_or(Some(Self::FIRST), Self::next)
    }

    /// Returns the version before this one; `None` for the first.
    #[must_use]
    pub fn previous(self) -> Option<Self> {
        Self::new(self.get() - 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text that is not the number of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the number of a version")]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        text.parse().map(Self).map_err(|_| NotAVersion)
    }
}

/// Described like the number that it is written as.
impl JsonSchema for Version {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Version".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        u32::json_schema(generator)
    }
}

/// Returns the number of a version, or 0 for none, as JSON output and messages write it.
pub fn number_or_zero(version: Option<Version>) -> u32 {
    version.map_or(0, Version::get)
}

/// Writes 0 for no version. For `#[serde(serialize_with)]`.
pub fn write_or_zero<S: Serializer>(
    version: &Option<Version>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32(number_or_zero(*version))
}

/// Reads 0 as no version. For `#[serde(deserialize_with)]`.
pub fn read_or_zero<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Version>, D::Error> {
    let number = Option::<u32>::deserialize(deserializer)?;
    Ok(number.and_then(Version::new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_not_a_version() {
        assert_eq!(Version::new(0), None);
        for text in ["0", "", "-1", "1.5", "4294967296", "x"] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
        assert!(serde_json::from_str::<Version>("0").is_err());
    }

    #[test]
    fn versions_count_from_one_to_the_highest_number() {
        assert_eq!(Version::after(None), Some(Version::FIRST));
        assert_eq!(Version::after(Version::new(7)), Version::new(8));
        assert_eq!(Version::after(Some(Version::MAX)), None);
        assert_eq!(Version::FIRST.previous(), None);
        assert_eq!(serde_json::to_string(&Version::FIRST).unwrap(), "1");
        assert_eq!("12".parse(), Ok(Version::new(12).unwrap()));
    }
}
