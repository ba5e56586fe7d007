//! Key paths: what a secret is called, and where its entries lie.
//!
//! Owns the grammar of `project/<project>/<secret>` and `meta/<provider>/<secret>`, the mapping
//! between a secret's name and its variable, and the derivation of the nearest right path from a
//! wrong one.
//!
//! Invariants, which the constructors keep and everything else relies on:
//! - A [`KeyPath`] has exactly three segments of lower-case ASCII letters, digits, `_` and (not
//!   in the secret) `-`. So it is a relative path below the vault whichever system reads it: no
//!   dot, no separator inside a segment, no drive, no NUL, no Windows device name.
//! - Two different key paths are different files, also where the file system folds case or
//!   normalises Unicode.
//! - A secret's name and its variable map one-to-one: lower case here, upper case there.
//!
//! Limits: an error shows what was typed only if it can be shown. A secret pasted in the place
//! of a key path must not travel into logs, so whatever might be one is left out, and no nearest
//! path is derived from it. That judgement is a guess and errs towards silence; a secret made of
//! plain words and dashes is not recognised. A *valid* key path is never held back.

mod error;
mod grammar;
mod nearest;
mod prefix;
mod shown;

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

pub use self::error::{KeyPathError, KeyPathRule, KeyPrefixError, NameError, NameRule, Part};
use self::grammar::{Form, begins_with_scope, check_owner, check_secret, split_checked};
use self::nearest::{nearest_key_path, tidy, tidy_owner, tidy_secret};
pub use self::prefix::KeyPrefix;
pub(crate) use self::shown::printable;
use self::shown::{MAX_SHOWN, is_random, show};
use crate::model::shape::known_shape;

/// Longest key path in bytes.
pub const MAX_LEN: usize = 200;

/// Longest project, provider or secret name in bytes.
pub const MAX_NAME_LEN: usize = 63;

/// The first segment of a key path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// System-wide secrets, by provider.
    Meta,
    /// The secrets of one project.
    Project,
}

impl Scope {
    /// Both scopes.
    pub const ALL: [Self; 2] = [Self::Project, Self::Meta];

    /// The segment itself.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Meta => "meta",
            Self::Project => "project",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text {
            "meta" => Some(Self::Meta),
            "project" => Some(Self::Project),
            _ => None,
        }
    }

    fn owner_part(self) -> Part {
        match self {
            Self::Meta => Part::Provider,
            Self::Project => Part::Project,
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Scope {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// The name of a project or, in the scope `meta`, of a provider: `[a-z0-9][a-z0-9_-]{0,62}`, not
/// ending in `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerName(Box<str>);

/// The name of a secret below its project or provider: `[a-z][a-z0-9_]{0,62}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SecretName(Box<str>);

macro_rules! name_traits {
    ($name:ty, $part:expr, $check:expr, $tidy:expr) => {
        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                match $check(text, Form::Whole) {
                    Ok(()) => Ok(Self(text.into())),
                    Err(rule) => {
                        let shown = (!is_random(text) && known_shape(text).is_none())
                            .then(|| printable(text, MAX_SHOWN));
                        let nearest = shown.as_ref().and_then(|_| $tidy(text));
                        Err(NameError {
                            part: $part,
                            rule,
                            nearest: nearest.map(|name| name.to_string()),
                            shown,
                        })
                    }
                }
            }
        }

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

name_traits!(OwnerName, Part::Project, check_owner, tidy_owner);
name_traits!(SecretName, Part::Secret, check_secret, tidy_secret);

impl SecretName {
    /// The variable of this secret in an env file: the name in upper case.
    pub fn env_name(&self) -> String {
        self.0.to_ascii_uppercase()
    }
}

/// What names a secret: `project/<project>/<secret>` or `meta/<provider>/<secret>`.
///
/// Ordered as its text is, byte by byte, so that a sorted list is also sorted for `sort`, `comm`
/// and `join` in the C locale.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct KeyPath {
    scope: Scope,
    owner: OwnerName,
    secret: SecretName,
}

impl KeyPath {
    /// Puts a key path together from parts that are right already.
    pub fn new(scope: Scope, owner: OwnerName, secret: SecretName) -> Self {
        Self {
            scope,
            owner,
            secret,
        }
    }

    /// Parses a key path; an error names the rule that is broken and the nearest right path.
    pub fn parse(text: &str) -> Result<Self, KeyPathError> {
        Self::parse_strictly(text).map_err(|rule| {
            let shown = show(text);
            let nearest = shown
                .as_ref()
                .and_then(|_| nearest_key_path(text))
                .map(Box::new);
            KeyPathError {
                rule,
                shown,
                nearest,
            }
        })
    }

    fn parse_strictly(text: &str) -> Result<Self, KeyPathRule> {
        let mut segments = split_checked(text)?;
        let (Some(scope), Some(owner), Some(secret), None) = (
            segments.next(),
            segments.next(),
            segments.next(),
            segments.next(),
        ) else {
            return Err(
                match text.bytes().filter(|&byte| byte == b'/').count() + 1 {
                    // With two segments and a wrong first one it is the scope that is missing.
                    2 if !begins_with_scope(text) => KeyPathRule::UnknownScope,
                    count => KeyPathRule::SegmentCount(count),
                },
            );
        };
        let scope = Scope::parse(scope).ok_or(KeyPathRule::UnknownScope)?;
        let broken = |part| move |rule| KeyPathRule::Segment { part, rule };
        check_owner(owner, Form::Whole).map_err(broken(scope.owner_part()))?;
        check_secret(secret, Form::Whole).map_err(broken(Part::Secret))?;
        Ok(Self {
            scope,
            owner: OwnerName(owner.into()),
            secret: SecretName(secret.into()),
        })
    }

    /// `project` or `meta`.
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The second segment: the project, or the provider.
    pub fn owner(&self) -> &OwnerName {
        &self.owner
    }

    /// The project, if the scope is `project`.
    pub fn project(&self) -> Option<&OwnerName> {
        (self.scope == Scope::Project).then_some(&self.owner)
    }

    /// Those of some secrets that a text probably means: a slip of the finger away from it, or
    /// with the text as their own name or variable. None where there are many.
    pub fn nearest_of(text: &str, secrets: &[Self]) -> Vec<Self> {
        nearest::nearest_of(text, secrets)
    }

    /// The third segment.
    pub fn secret(&self) -> &SecretName {
        &self.secret
    }

    /// The variable of this secret in an env file: the secret's name in upper case.
    pub fn env_name(&self) -> String {
        self.secret.env_name()
    }

    /// The key path whose variable is exactly `name`, or `None` if no secret has that variable.
    pub fn from_env_name(project: &OwnerName, name: &str) -> Option<Self> {
        if name.bytes().any(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let secret = name.to_ascii_lowercase();
        check_secret(&secret, Form::Whole).ok()?;
        Some(Self::new(
            Scope::Project,
            project.clone(),
            SecretName(secret.into()),
        ))
    }

    /// The key path nearest to a variable that need not be in the usual form: `stripe.api-key`
    /// and `stripeApiKey` give `stripe_api_key`.
    ///
    /// A name that begins with a digit, or is a Windows device name, gets `var_` in front. The
    /// result's own variable differs from `name` wherever [`Self::from_env_name`] gives `None`,
    /// and two names may give the same path: the caller has to remember the variable and to look
    /// for the collision.
    pub fn nearest_for_env_name(project: &OwnerName, name: &str) -> Option<Self> {
        if let Some(exact) = Self::from_env_name(project, name) {
            return Some(exact);
        }
        let words = tidy(name, '_', |c| c == '_').filter(|words| !words.is_empty())?;
        let secret = [words.clone(), format!("var_{words}")]
            .into_iter()
            .find(|secret| check_secret(secret, Form::Whole).is_ok())?;
        let secret = SecretName(secret.into());
        Some(Self::new(Scope::Project, project.clone(), secret))
    }

    /// The text in three pieces, each but the last followed by a slash.
    fn bytes(&self) -> impl Iterator<Item = u8> + '_ {
        let scope = self.scope.as_str().bytes();
        let owner = self.owner.0.bytes();
        let slash = || std::iter::once(b'/');
        scope
            .chain(slash())
            .chain(owner)
            .chain(slash())
            .chain(self.secret.0.bytes())
    }

    /// Appends the text: what `to_string` gives, without going through formatting. Thousands of
    /// these are printed at once.
    pub fn push_onto(&self, text: &mut String) {
        text.extend([self.scope.as_str(), "/", &self.owner.0, "/", &self.secret.0]);
    }
}

/// Compares two texts that a slash follows.
fn compare_before_slash(ours: &str, theirs: &str) -> Ordering {
    let (ours, theirs) = (ours.as_bytes(), theirs.as_bytes());
    let both = ours.len().min(theirs.len());
    // Where one ends, its slash stands against the other's next byte.
    let next = |text: &[u8]| text.get(both).copied().unwrap_or(b'/');
    ours[..both]
        .cmp(&theirs[..both])
        .then_with(|| next(ours).cmp(&next(theirs)))
}

impl FromStr for KeyPath {
    type Err = KeyPathError;

    fn from_str(text: &str) -> Result<Self, KeyPathError> {
        Self::parse(text)
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in [self.scope.as_str(), "/", &self.owner.0, "/", &self.secret.0] {
            f.write_str(part)?;
        }
        Ok(())
    }
}

impl Ord for KeyPath {
    fn cmp(&self, other: &Self) -> Ordering {
        let scope = self.scope.as_str().cmp(other.scope.as_str());
        scope
            .then_with(|| compare_before_slash(&self.owner.0, &other.owner.0))
            .then_with(|| self.secret.0.cmp(&other.secret.0))
    }
}

impl PartialOrd for KeyPath {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for KeyPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests;
