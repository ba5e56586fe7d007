//! The beginning of a key path.

use std::fmt;
use std::str::FromStr;

use super::grammar::{Form, check_owner, check_secret, split_checked};
use super::nearest::{nearest_key_path, nearest_scope};
use super::shown::show;
use super::{KeyPath, KeyPathRule, KeyPrefixError, Part, Scope};

/// What `list` and `verify` take to choose key paths: the beginning of one.
///
/// Matching is by the text: every segment but the last is whole, the last may stop anywhere. So
/// `project/consilio` also covers `project/consilio-production/…`, and `project/consilio/` does
/// not. Only what can begin a key path is accepted, so that a misspelt prefix is an error and
/// not an empty answer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyPrefix(Box<str>);

impl KeyPrefix {
    /// Parses a prefix; an error names the rule that is broken and the nearest right prefix.
    pub fn parse(text: &str) -> Result<Self, KeyPrefixError> {
        Self::parse_strictly(text).map_err(|rule| {
            let shown = show(text);
            let nearest = shown.as_ref().and_then(|_| Self::nearest(text));
            KeyPrefixError {
                rule,
                shown,
                nearest,
            }
        })
    }

    fn parse_strictly(text: &str) -> Result<Self, KeyPathRule> {
        if text.starts_with('/') {
            return Err(KeyPathRule::OuterSlash);
        }
        // The slash at the end says that the segment before it is whole.
        let mut segments = split_checked(text.strip_suffix('/').unwrap_or(text))?.peekable();
        let form = |is_last| match is_last && !text.ends_with('/') {
            true => Form::Beginning,
            false => Form::Whole,
        };
        let broken = |part| move |rule| KeyPathRule::Segment { part, rule };

        let first = segments.next().ok_or(KeyPathRule::Empty)?;
        let scope = match form(segments.peek().is_none()) {
            Form::Whole => Scope::parse(first).ok_or(KeyPathRule::UnknownScope)?,
            Form::Beginning => [Scope::Meta, Scope::Project]
                .into_iter()
                .find(|scope| scope.as_str().starts_with(first))
                .ok_or(KeyPathRule::UnknownScope)?,
        };
        if let Some(owner) = segments.next() {
            check_owner(owner, form(segments.peek().is_none()))
                .map_err(broken(scope.owner_part()))?;
        }
        if let Some(secret) = segments.next() {
            check_secret(secret, form(segments.peek().is_none())).map_err(broken(Part::Secret))?;
            if segments.peek().is_some() || text.ends_with('/') {
                let slashes = text.bytes().filter(|&byte| byte == b'/').count();
                return Err(KeyPathRule::SegmentCount(slashes + 1));
            }
        }
        Ok(Self(text.into()))
    }

    fn nearest(text: &str) -> Option<Self> {
        let tidied = text.trim().replace('\\', "/").to_ascii_lowercase();
        let tidied = tidied.trim_start_matches('/');
        if tidied.is_empty() {
            return None;
        }
        let (first, rest) = tidied.split_once('/').unwrap_or((tidied, ""));
        let guess = match nearest_scope(first) {
            Some(scope) => format!("{scope}/{rest}"),
            None => format!("project/{tidied}"),
        };
        [tidied, &guess]
            .into_iter()
            .find_map(|guess| Self::parse_strictly(guess).ok())
            .or_else(|| nearest_key_path(text).map(|path| Self::from(&path)))
    }

    /// The prefix as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the key path begins with this prefix.
    pub fn matches(&self, path: &KeyPath) -> bool {
        let mut bytes = path.bytes();
        self.0.bytes().all(|byte| bytes.next() == Some(byte))
    }
}

impl From<&KeyPath> for KeyPrefix {
    fn from(path: &KeyPath) -> Self {
        Self(path.to_string().into())
    }
}

impl FromStr for KeyPrefix {
    type Err = KeyPrefixError;

    fn from_str(text: &str) -> Result<Self, KeyPrefixError> {
        Self::parse(text)
    }
}

impl fmt::Display for KeyPrefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
