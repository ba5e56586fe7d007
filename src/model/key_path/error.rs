//! What is wrong with a text that is no key path, in words that hold no secret.

use std::fmt;

use super::{KeyPath, KeyPrefix, MAX_LEN};

/// Which part of a key path a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The second segment below `project`.
    Project,
    /// The second segment below `meta`.
    Provider,
    /// The third segment.
    Secret,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Project => "project",
            Self::Provider => "provider",
            Self::Secret => "secret",
        })
    }
}

/// The rule that a single name breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameRule {
    /// There is nothing.
    Empty,
    /// More than [`MAX_NAME_LEN`](super::MAX_NAME_LEN) bytes.
    TooLong,
    /// A capital letter.
    UpperCase,
    /// A dash in the name of a secret.
    Dash,
    /// Any other character outside the alphabet.
    Character,
    /// The first character may not come first.
    Start,
    /// The name of a project or provider ends in a dash.
    End,
    /// A name that Windows keeps for a device.
    DeviceName,
}

impl NameRule {
    /// What is wrong, to follow the name of the part.
    fn phrase(self, part: Part) -> &'static str {
        match (self, part) {
            (Self::Empty, _) => "is empty",
            (Self::TooLong, _) => "is longer than 63 characters",
            (Self::UpperCase, _) => "has a capital letter",
            (Self::Dash, _) => "has a '-' where only '_' is allowed",
            (Self::Character, Part::Secret) => "has a character other than a-z, 0-9 and '_'",
            (Self::Character, _) => "has a character other than a-z, 0-9, '_' and '-'",
            (Self::Start, Part::Secret) => "does not begin with a letter",
            (Self::Start, _) => "does not begin with a letter or digit",
            (Self::End, _) => "ends in '-'",
            (Self::DeviceName, _) => "is a device name on Windows",
        }
    }
}

/// The rule that a key path or prefix breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyPathRule {
    /// There is nothing.
    Empty,
    /// More than [`MAX_LEN`] bytes.
    TooLong,
    /// A slash at the beginning or the end.
    OuterSlash,
    /// Not three segments, but this many.
    SegmentCount(usize),
    /// The first segment is neither `project` nor `meta`.
    UnknownScope,
    /// The second or third segment breaks a rule of its own.
    Segment {
        /// Which one.
        part: Part,
        /// And how.
        rule: NameRule,
    },
}

impl fmt::Display for KeyPathRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooLong => write!(f, "it is longer than {MAX_LEN} bytes"),
            Self::OuterSlash => f.write_str("it begins or ends with '/'"),
            Self::SegmentCount(1) => f.write_str("it has one segment instead of three"),
            Self::SegmentCount(count) => write!(f, "it has {count} segments instead of three"),
            Self::UnknownScope => f.write_str("it does not begin with 'project/' or 'meta/'"),
            Self::Segment { part, rule } => write!(f, "the {part} {}", rule.phrase(part)),
        }
    }
}

/// A text that is not a key path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPathError {
    pub(super) rule: KeyPathRule,
    pub(super) shown: Option<String>,
    pub(super) nearest: Option<Box<KeyPath>>,
}

impl KeyPathError {
    /// The rule that is broken.
    pub fn rule(&self) -> KeyPathRule {
        self.rule
    }

    /// The right path that was probably meant.
    pub fn nearest(&self) -> Option<&KeyPath> {
        self.nearest.as_deref()
    }

    /// What was given, escaped and cut; `None` if it may be a secret.
    pub fn shown(&self) -> Option<&str> {
        self.shown.as_deref()
    }

    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        "invalid_key_path"
    }
}

impl std::error::Error for KeyPathError {}

impl fmt::Display for KeyPathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_refusal(f, self.shown(), "a key path", format_args!("{}", self.rule))
    }
}

/// A text that cannot begin a key path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPrefixError {
    pub(super) rule: KeyPathRule,
    pub(super) shown: Option<String>,
    pub(super) nearest: Option<KeyPrefix>,
}

impl KeyPrefixError {
    /// The rule that is broken.
    pub fn rule(&self) -> KeyPathRule {
        self.rule
    }

    /// The right prefix that was probably meant.
    pub fn nearest(&self) -> Option<&KeyPrefix> {
        self.nearest.as_ref()
    }

    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        "invalid_prefix"
    }
}

impl std::error::Error for KeyPrefixError {}

impl fmt::Display for KeyPrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_refusal(
            f,
            self.shown.as_deref(),
            "the beginning of a key path",
            format_args!("{}", self.rule),
        )
    }
}

/// A text that cannot name a project, provider or secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    pub(super) part: Part,
    pub(super) rule: NameRule,
    pub(super) shown: Option<String>,
    pub(super) nearest: Option<String>,
}

impl NameError {
    /// The rule that is broken.
    pub fn rule(&self) -> NameRule {
        self.rule
    }

    /// The right name that was probably meant.
    pub fn nearest(&self) -> Option<&str> {
        self.nearest.as_deref()
    }

    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        match self.part {
            Part::Project | Part::Provider => "invalid_project_name",
            Part::Secret => "invalid_secret_name",
        }
    }
}

impl std::error::Error for NameError {}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = match self.part {
            Part::Project => "a project name",
            Part::Provider => "a provider name",
            Part::Secret => "a secret's name",
        };
        let phrase = self.rule.phrase(self.part);
        write_refusal(f, self.shown.as_deref(), noun, format_args!("it {phrase}"))
    }
}

fn write_refusal(
    f: &mut fmt::Formatter<'_>,
    shown: Option<&str>,
    noun: &str,
    rule: fmt::Arguments<'_>,
) -> fmt::Result {
    match shown {
        Some(shown) => write!(f, "'{shown}' is not {noun}: {rule}"),
        None => write!(f, "not {noun} (not shown here, it may be a secret): {rule}"),
    }
}
