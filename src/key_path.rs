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

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::detect::known_shape;

/// Longest key path in bytes.
pub const MAX_LEN: usize = 200;

/// Longest project, provider or secret name in bytes.
pub const MAX_NAME_LEN: usize = 63;

/// How much of a wrong input an error shows, in characters.
const MAX_SHOWN: usize = 80;

/// The first segment of a key path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// System-wide secrets, by provider.
    Meta,
    /// The secrets of one project.
    Project,
}

impl Scope {
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
    /// More than [`MAX_NAME_LEN`] bytes.
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
    rule: KeyPathRule,
    shown: Option<String>,
    nearest: Option<Box<KeyPath>>,
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
    rule: KeyPathRule,
    shown: Option<String>,
    nearest: Option<KeyPrefix>,
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
    part: Part,
    rule: NameRule,
    shown: Option<String>,
    nearest: Option<String>,
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

/// Whether a name has to be whole, or may stop anywhere.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    Beginning,
}

/// The segments of a text that is right as a whole.
fn split_checked(text: &str) -> Result<std::str::Split<'_, char>, KeyPathRule> {
    if text.is_empty() {
        Err(KeyPathRule::Empty)
    } else if text.len() > MAX_LEN {
        Err(KeyPathRule::TooLong)
    } else if text.starts_with('/') || text.ends_with('/') {
        Err(KeyPathRule::OuterSlash)
    } else {
        Ok(text.split('/'))
    }
}

fn begins_with_scope(text: &str) -> bool {
    text.split('/').next().and_then(Scope::parse).is_some()
}

fn check_owner(text: &str, form: Form) -> Result<(), NameRule> {
    check_length(text)?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => {}
            b'A'..=b'Z' => return Err(NameRule::UpperCase),
            _ => return Err(NameRule::Character),
        }
    }
    if text.starts_with(['_', '-']) {
        Err(NameRule::Start)
    } else if form == Form::Whole && text.ends_with('-') {
        Err(NameRule::End)
    } else {
        check_device(text, form)
    }
}

fn check_secret(text: &str, form: Form) -> Result<(), NameRule> {
    check_length(text)?;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => {}
            b'A'..=b'Z' => return Err(NameRule::UpperCase),
            b'-' => return Err(NameRule::Dash),
            _ => return Err(NameRule::Character),
        }
    }
    if !text.starts_with(|first: char| first.is_ascii_lowercase()) {
        Err(NameRule::Start)
    } else {
        check_device(text, form)
    }
}

fn check_length(text: &str) -> Result<(), NameRule> {
    match text.len() {
        0 => Err(NameRule::Empty),
        1..=MAX_NAME_LEN => Ok(()),
        _ => Err(NameRule::TooLong),
    }
}

/// Windows opens the device for these, in any folder. `CONIN$` and the like need characters
/// that no name has.
fn check_device(text: &str, form: Form) -> Result<(), NameRule> {
    let numbered = |device| {
        text.strip_prefix(device)
            .is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    };
    let is_device =
        matches!(text, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    match is_device && form == Form::Whole {
        true => Err(NameRule::DeviceName),
        false => Ok(()),
    }
}

/// The right path that a wrong one probably means, or `None` where that would be guessing.
fn nearest_key_path(text: &str) -> Option<KeyPath> {
    if text.len() > MAX_LEN || text.chars().any(char::is_control) {
        return None;
    }
    let mut segments: Vec<&str> = text
        .trim()
        .split(['/', '\\'])
        .filter(|segment| !segment.is_empty())
        .collect();
    // `..` is a way out, not a misspelt name.
    let is_word = |segment: &&str| segment.bytes().any(|byte| byte.is_ascii_alphanumeric());
    if !segments.iter().all(is_word) {
        return None;
    }

    let scope = match segments.first().and_then(|first| nearest_scope(first)) {
        Some(scope) => {
            segments.remove(0);
            Some(scope)
        }
        None => None,
    };
    let (scope, owner, secret) = match (scope, segments.as_slice()) {
        (scope, [one]) => {
            let (scope, (owner, secret)) = match (scope, split_single(one)?) {
                (None, (first, rest)) if nearest_scope(first).is_some() => {
                    (nearest_scope(first), split_single(rest)?)
                }
                (scope, pair) => (scope, pair),
            };
            (scope, owner, secret.to_owned())
        }
        (scope, [owner, secret]) => (scope, *owner, (*secret).to_owned()),
        (Some(scope), [owner, secret @ ..]) => (Some(scope), *owner, secret.join("_")),
        // Three segments or more of which the first is no scope: two ways to read it.
        _ => return None,
    };
    Some(KeyPath::new(
        scope.unwrap_or(Scope::Project),
        tidy_owner(owner)?,
        tidy_secret(&secret)?,
    ))
}

/// The scope that a segment means: itself in any case, its plural, or a slip of the finger.
fn nearest_scope(segment: &str) -> Option<Scope> {
    let word = segment
        .trim_matches(|c: char| !c.is_ascii_alphanumeric())
        .to_ascii_lowercase();
    match word.as_str() {
        "proj" | "prj" => Some(Scope::Project),
        _ if distance(&word, "project") <= 2 => Some(Scope::Project),
        _ if word.starts_with('m') && distance(&word, "meta") <= 1 => Some(Scope::Meta),
        _ => None,
    }
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// `consilio-stripe-key`: the owner up to the first separator, and the rest. An underscore is no
/// separator, for `stripe_api_key` is a secret whose project is missing.
fn split_single(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    text.split_once(|c: char| matches!(c, '-' | '.' | ':') || c.is_whitespace())
}

fn tidy_owner(text: &str) -> Option<OwnerName> {
    let name = tidy(text, '-', |c| matches!(c, '_' | '-'))?;
    check_owner(&name, Form::Whole).ok()?;
    Some(OwnerName(name.into()))
}

fn tidy_secret(text: &str) -> Option<SecretName> {
    let name = tidy(text, '_', |c| c == '_')?;
    check_secret(&name, Form::Whole).ok()?;
    Some(SecretName(name.into()))
}

/// Lower case, with a separator between the words of `camelCase` and in place of every ASCII
/// character that is neither alphanumeric nor `kept`. What lies outside ASCII is not guessed at.
fn tidy(text: &str, separator: char, kept: fn(char) -> bool) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let mixed_case = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let is_lower = |i: usize| chars.get(i).is_some_and(char::is_ascii_lowercase);
    let is_upper = |i: usize| chars.get(i).is_some_and(char::is_ascii_uppercase);
    let mut name = String::with_capacity(text.len() + 8);
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_ascii() || c.is_ascii_control() {
            return None;
        }
        if c.is_ascii_alphanumeric() {
            // `stripeKey`, `s3Key`; and the last capital of `APIKey`, but not of `URLs`.
            let begins_word = mixed_case
                && i > 0
                && is_upper(i)
                && (is_lower(i - 1)
                    || chars[i - 1].is_ascii_digit()
                    || (is_upper(i - 1) && is_lower(i + 1) && is_lower(i + 2)));
            if begins_word {
                name.push(separator);
            }
            name.push(c.to_ascii_lowercase());
        } else if kept(c) {
            name.push(c);
        } else if !name.ends_with(separator) {
            name.push(separator);
        }
    }
    // Separators at the ends name nothing; the name `a_` alone may be meant.
    let name = name.trim_start_matches(['_', '-']).trim_end_matches('-');
    let last_is_kept = chars.last().is_some_and(|&last| kept(last));
    Some(match last_is_kept {
        true => name.to_owned(),
        false => name.trim_end_matches(separator).to_owned(),
    })
}

/// A wrong input as an error may show it, or `None` if it may be a secret.
fn show(text: &str) -> Option<String> {
    (!may_be_secret(text)).then(|| printable(text, MAX_SHOWN))
}

/// A text for one line of a terminal: what is not printable is escaped, and after `limit`
/// characters comes an ellipsis.
pub(crate) fn printable(text: &str, limit: usize) -> String {
    let mut shown = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == limit {
            shown.push('…');
            break;
        }
        match c {
            '\'' | '"' => shown.push(c),
            _ => shown.extend(c.escape_debug()),
        }
    }
    shown
}

/// Whether what was typed as a key path could be a secret that went astray.
fn may_be_secret(text: &str) -> bool {
    let joins = |c: char| matches!(c, '/' | '\\' | '-' | '_') || c.is_whitespace();
    let odd = |c: char| c.is_ascii_digit() || (c.is_ascii_punctuation() && c != '.');
    // A lone word with a digit or symbol in it is a password sooner than a path.
    let one_odd_word = !text.contains(joins) && text.contains(odd);
    // Behind an equals sign stands a value.
    text.contains('=')
        || known_shape(text).is_some()
        || one_odd_word
        || is_random(text)
        || text.split(['/', '\\']).any(is_random)
}

/// Whether a text looks drawn by lot rather than made of words.
///
/// Counts, in runs of letters and digits, the places where a letter meets a digit or a small
/// letter a capital one: names have few, random text has one every two or three characters.
fn is_random(text: &str) -> bool {
    let (mut length, mut changes, mut run, mut last) = (0, 0, 0, ' ');
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            length += 1;
            run += 1;
            changes += usize::from(
                (last.is_ascii_lowercase() && c.is_ascii_uppercase())
                    || (last.is_ascii_alphabetic() && c.is_ascii_digit())
                    || (last.is_ascii_digit() && c.is_ascii_alphabetic()),
            );
        } else {
            run = 0;
        }
        if run > 32 {
            return true; // no word is that long
        }
        last = c;
    }
    length >= 8 && changes >= 4 && changes * 5 >= length
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn path(text: &str) -> KeyPath {
        KeyPath::parse(text).unwrap()
    }

    fn rule(text: &str) -> KeyPathRule {
        KeyPath::parse(text).unwrap_err().rule()
    }

    fn segment(part: Part, rule: NameRule) -> KeyPathRule {
        KeyPathRule::Segment { part, rule }
    }

    #[test]
    fn the_paths_of_the_workflow_are_accepted() {
        for text in [
            "project/consilio/stripe_api_key",
            "project/odin/openai_api_key",
            "project/openhorizon/jwt_secret",
            "project/health-agent/telegram_bot_token",
            "project/consilio-production/stripe_api_key",
            "project/0x/a",
            "project/my_app_/a_",
            "meta/cloudflare/api_token",
            "meta/gcloud/service_account_key",
            "project/console/nullable",
            "project/com10/com",
        ] {
            assert_eq!(path(text).to_string(), text);
        }
    }

    #[test]
    fn parts_are_accessible() {
        let key = path("project/health-agent/telegram_bot_token");
        assert_eq!(key.scope(), Scope::Project);
        assert_eq!(key.owner().as_str(), "health-agent");
        assert_eq!(key.project().unwrap().as_str(), "health-agent");
        assert_eq!(key.secret().as_str(), "telegram_bot_token");
        assert_eq!(key.env_name(), "TELEGRAM_BOT_TOKEN");
        assert_eq!(path("meta/cloudflare/api_token").project(), None);
        assert_eq!(
            serde_json::to_string(&key).unwrap(),
            "\"project/health-agent/telegram_bot_token\""
        );
    }

    #[test]
    fn each_rule_is_named() {
        use NameRule as N;
        use Part::{Project, Provider, Secret};
        let long = "a".repeat(64);
        for (text, expected) in [
            ("", KeyPathRule::Empty),
            (&"a/".repeat(101), KeyPathRule::TooLong),
            ("/project/a/b", KeyPathRule::OuterSlash),
            ("project/a/", KeyPathRule::OuterSlash),
            ("project", KeyPathRule::SegmentCount(1)),
            ("project/a", KeyPathRule::SegmentCount(2)),
            ("project/a/b/c", KeyPathRule::SegmentCount(4)),
            ("a/b", KeyPathRule::UnknownScope),
            ("vault/a/b", KeyPathRule::UnknownScope),
            ("Project/a/b", KeyPathRule::UnknownScope),
            ("project//b", segment(Project, N::Empty)),
            ("meta//b", segment(Provider, N::Empty)),
            ("project/A/b", segment(Project, N::UpperCase)),
            ("project/a/B", segment(Secret, N::UpperCase)),
            ("project/a/b-c", segment(Secret, N::Dash)),
            ("project/a.b/c", segment(Project, N::Character)),
            ("project/../c", segment(Project, N::Character)),
            ("project/./c", segment(Project, N::Character)),
            ("project/a/b.c", segment(Secret, N::Character)),
            ("project/a\\b/c", segment(Project, N::Character)),
            ("project/a/b\0", segment(Secret, N::Character)),
            ("project/a/b\n", segment(Secret, N::Character)),
            ("project/é/b", segment(Project, N::Character)),
            ("project/a/ﬁ", segment(Secret, N::Character)),
            ("project/-a/b", segment(Project, N::Start)),
            ("project/_a/b", segment(Project, N::Start)),
            ("project/a/1b", segment(Secret, N::Start)),
            ("project/a/_b", segment(Secret, N::Start)),
            ("project/a-/b", segment(Project, N::End)),
            (&format!("project/{long}/b"), segment(Project, N::TooLong)),
            (&format!("project/a/{long}"), segment(Secret, N::TooLong)),
            ("project/con/b", segment(Project, N::DeviceName)),
            ("meta/aux/b", segment(Provider, N::DeviceName)),
            ("project/a/nul", segment(Secret, N::DeviceName)),
            ("project/a/prn", segment(Secret, N::DeviceName)),
            ("project/a/com0", segment(Secret, N::DeviceName)),
            ("project/a/com1", segment(Secret, N::DeviceName)),
            ("project/lpt9/b", segment(Project, N::DeviceName)),
        ] {
            assert_eq!(rule(text), expected, "{text:?}");
        }
        let longest = format!("project/{}/{}", "a".repeat(63), "b".repeat(63));
        assert_eq!(path(&longest).to_string(), longest);
    }

    #[test]
    fn the_nearest_right_path_is_derived() {
        for (wrong, right) in [
            ("consilio-stripe-key", "project/consilio/stripe_key"),
            ("project/CONSILIO/Key", "project/consilio/key"),
            ("project/consilio/stripe-key", "project/consilio/stripe_key"),
            ("consilio/stripe_key", "project/consilio/stripe_key"),
            ("consilio/STRIPE_API_KEY", "project/consilio/stripe_api_key"),
            (
                "project/consilio/stripeApiKey",
                "project/consilio/stripe_api_key",
            ),
            (
                "project/consilio/StripeAPIKey",
                "project/consilio/stripe_api_key",
            ),
            ("project/consilio/s3Key", "project/consilio/s3_key"),
            (
                "project/consilio/callbackURLs",
                "project/consilio/callback_urls",
            ),
            ("project/consilio/BASE64KEY", "project/consilio/base64key"),
            (
                "project/HealthAgent/BotToken",
                "project/health-agent/bot_token",
            ),
            (
                "project\\consilio\\stripe_key",
                "project/consilio/stripe_key",
            ),
            ("project/consilio/stripe key", "project/consilio/stripe_key"),
            ("project/my app/stripe.key", "project/my-app/stripe_key"),
            (
                "/project/consilio/stripe_key",
                "project/consilio/stripe_key",
            ),
            (
                "project/consilio/stripe_key/",
                "project/consilio/stripe_key",
            ),
            (
                "project//consilio///stripe_key",
                "project/consilio/stripe_key",
            ),
            (
                " project/consilio/stripe_key ",
                "project/consilio/stripe_key",
            ),
            (
                "\"project/consilio/stripe_key\"",
                "project/consilio/stripe_key",
            ),
            ("project/consilio/stripe/key", "project/consilio/stripe_key"),
            ("project/consilio-stripe-key", "project/consilio/stripe_key"),
            ("project-consilio-stripe-key", "project/consilio/stripe_key"),
            ("project.consilio.stripe_key", "project/consilio/stripe_key"),
            ("project:consilio:stripe_key", "project/consilio/stripe_key"),
            (
                "projects/consilio/stripe_key",
                "project/consilio/stripe_key",
            ),
            ("porject/consilio/stripe_key", "project/consilio/stripe_key"),
            ("Meta/Cloudflare/API-Token", "meta/cloudflare/api_token"),
            ("META/cloudflare/api_token", "meta/cloudflare/api_token"),
            ("meta-cloudflare-api-token", "meta/cloudflare/api_token"),
            ("project/consilio/_key", "project/consilio/key"),
            ("project/consilio-/key", "project/consilio/key"),
            ("project/CONSILIO/a__b", "project/consilio/a__b"),
        ] {
            let error = KeyPath::parse(wrong).unwrap_err();
            let nearest = error.nearest().map(ToString::to_string);
            assert_eq!(nearest.as_deref(), Some(right), "{wrong:?}");
        }
    }

    #[test]
    fn where_it_would_be_guessing_there_is_no_nearest_path() {
        for wrong in [
            "",
            "/",
            "---",
            "STRIPE_API_KEY",
            "stripe_api_key",
            "consilio",
            "project",
            "project/",
            "project/stripe_api_key",
            "vault/consilio/stripe_key",
            "consilio/stripe/key",
            "project/../stripe_key",
            "../../etc/passwd",
            "project/consilio/clé",
            "project/consilio/2fa_key",
            "project/consilio/aux",
            "project/consilio/key\0",
            "project/consilio/key\x1b[31m",
        ] {
            let error = KeyPath::parse(wrong).unwrap_err();
            assert_eq!(error.nearest(), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_error_shows_what_was_typed_escaped_and_cut() {
        let text = KeyPath::parse("project/CONSILIO/Key")
            .unwrap_err()
            .to_string();
        assert_eq!(
            text,
            "'project/CONSILIO/Key' is not a key path: the project has a capital letter"
        );
        let text = KeyPath::parse("project/a/b\x1b]0;x\x07\u{202e}\u{200b}\n")
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("\\u{1b}]0;x\\u{7}\\u{202e}\\u{200b}\\n"),
            "{text}"
        );
        assert!(!text.chars().any(char::is_control));
        let text = KeyPath::parse(&"a ".repeat(1000)).unwrap_err().to_string();
        assert!(text.chars().count() < 160, "{text}");
    }

    #[test]
    fn what_may_be_a_secret_is_neither_shown_nor_suggested() {
        // Cut in two, so that scanners for leaked secrets pass over this file.
        for secret in [
            "hunter2",
            "P@ssword",
            "Tr0ub4dor&3",
            "sk_live_¦4eC39HqLyjWDarjtT1zdp7dc",
            "ghp_¦16C7e42F292c6912E7710c838347Ae178B4a",
            "AKIA¦IOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/¦K7MDENG/bPxRfiCYEXAMPLEKEY",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0¦.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
            "postgres://app:¦s3cr3t@db/app",
            "consilio-4eC39HqLyjWDarjtT1zdp7dc",
            "project/consilio/4eC39HqLyjWDarjtT1zdp7dc",
            "abcdefghijklmnopqrstuvwxyzabcdefghij",
            "xoxb-¦aaaaaaaaaaaa",
            "dsn=redis://:¦pw@cache/x",
        ] {
            let secret = &secret.replace('¦', "");
            let error = KeyPath::parse(secret).unwrap_err();
            assert_eq!(error.shown(), None, "{secret}");
            assert_eq!(error.nearest(), None, "{secret}");
            assert!(!format!("{error} {error:?}").contains(secret), "{secret}");
            let error = KeyPrefix::parse(secret).unwrap_err();
            assert_eq!(error.nearest(), None, "{secret}");
            assert!(!format!("{error} {error:?}").contains(secret), "{secret}");
        }
    }

    #[test]
    fn a_variable_and_its_secret_map_one_to_one() {
        let project: OwnerName = "consilio".parse().unwrap();
        let exact = |name| KeyPath::from_env_name(&project, name).map(|key| key.to_string());
        assert_eq!(
            exact("STRIPE_API_KEY").as_deref(),
            Some("project/consilio/stripe_api_key")
        );
        for name in [
            "",
            "stripe_api_key",
            "Stripe",
            "STRIPE-KEY",
            "STRIPE.KEY",
            "_KEY",
            "2FA",
            "CON",
            "KEY ",
            "ÄPFEL",
            "KEY\0",
        ] {
            assert_eq!(exact(name), None, "{name:?}");
        }
    }

    #[test]
    fn a_variable_in_another_form_gets_a_near_path() {
        let project: OwnerName = "consilio".parse().unwrap();
        for (name, secret) in [
            ("STRIPE_API_KEY", Some("stripe_api_key")),
            ("stripe.api-key", Some("stripe_api_key")),
            ("stripeApiKey", Some("stripe_api_key")),
            ("stripe_api_key", Some("stripe_api_key")),
            ("_PRIVATE", Some("private")),
            ("2FA_SEED", Some("var_2fa_seed")),
            ("CON", Some("var_con")),
            ("", None),
            ("ключ", None),
            ("A\nB", None),
        ] {
            let nearest = KeyPath::nearest_for_env_name(&project, name);
            let nearest = nearest.map(|key| key.secret().to_string());
            assert_eq!(nearest.as_deref(), secret, "{name:?}");
        }
    }

    #[test]
    fn names_alone_follow_the_same_rules() {
        assert!("health-agent".parse::<OwnerName>().is_ok());
        assert!("health-agent".parse::<SecretName>().is_err());
        let error = "Health Agent".parse::<OwnerName>().unwrap_err();
        assert_eq!(error.nearest(), Some("health-agent"));
        assert_eq!(error.rule(), NameRule::UpperCase);
        assert_eq!(error.code(), "invalid_project_name");
        assert_eq!(
            error.to_string(),
            "'Health Agent' is not a project name: it has a capital letter"
        );
    }

    #[test]
    fn a_prefix_matches_by_its_text() {
        let key = path("project/consilio/stripe_key");
        for text in [
            "p",
            "project",
            "project/",
            "project/con",
            "project/consilio",
            "project/consilio/",
            "project/consilio/stripe",
            "project/consilio/stripe_key",
        ] {
            assert!(KeyPrefix::parse(text).unwrap().matches(&key), "{text}");
        }
        for text in [
            "m",
            "meta",
            "meta/consilio",
            "project/consilio-",
            "project/consilio-production",
            "project/consilio/stripe_key_2",
            "project/cons/",
        ] {
            assert!(!KeyPrefix::parse(text).unwrap().matches(&key), "{text}");
        }
        let other = path("project/consilio-production/stripe_key");
        assert!(
            KeyPrefix::parse("project/consilio")
                .unwrap()
                .matches(&other)
        );
        assert!(
            !KeyPrefix::parse("project/consilio/")
                .unwrap()
                .matches(&other)
        );
    }

    #[test]
    fn what_cannot_begin_a_key_path_is_an_error() {
        for (text, nearest) in [
            ("", None),
            ("/", None),
            ("consilio", Some("project/consilio")),
            ("consilio/", Some("project/consilio/")),
            ("project/CONSILIO", Some("project/consilio")),
            ("Project", Some("project")),
            ("/project/consilio/", Some("project/consilio/")),
            ("project/consilio/stripe-", Some("project/consilio/stripe")),
            (
                "project/consilio/stripe-key",
                Some("project/consilio/stripe_key"),
            ),
            (
                "project/consilio/stripe_key/",
                Some("project/consilio/stripe_key"),
            ),
            ("project/con/", None),
            ("project//", None),
            ("project/a/b/c", Some("project/a/b_c")),
            ("proj/consilio", Some("project/consilio")),
            ("project/*", None),
            ("..", None),
        ] {
            let error = KeyPrefix::parse(text).unwrap_err();
            assert_eq!(error.nearest().map(KeyPrefix::as_str), nearest, "{text:?}");
            assert_eq!(error.code(), "invalid_prefix");
        }
    }

    #[test]
    fn paths_sort_as_their_text_does() {
        let texts = BTreeSet::from([
            "meta/cloudflare/api_token",
            "project/a-b/x",
            "project/a/x",
            "project/a/x_y",
            "project/a0/x",
            "project/a_b/x",
        ]);
        let paths: BTreeSet<KeyPath> = texts.iter().map(|text| path(text)).collect();
        let sorted: Vec<String> = paths.iter().map(ToString::to_string).collect();
        assert!(sorted.iter().eq(texts.iter()));
    }

    /// Texts close enough to key paths that many are accepted.
    fn near_paths() -> impl Strategy<Value = String> {
        prop_oneof![
            "(project|meta|Project|vault)/[a-z0-9_-]{0,8}/[a-z0-9_-]{0,8}",
            "(project|meta)/(con|nul|com[0-9]|lpt[0-9]|\\.\\.|\\.)/[a-z]{1,3}",
            "[a-zA-Z0-9_./\\\\ :-]{0,40}",
            any::<String>(),
        ]
    }

    fn paths() -> impl Strategy<Value = KeyPath> {
        "(project|meta)/[a-z0-9][a-z0-9_-]{0,62}/[a-z][a-z0-9_]{0,62}"
            .prop_filter_map("grammar", |text| KeyPath::parse(&text).ok())
    }

    proptest! {
        #[test]
        fn parse_after_display_is_the_identity(key in paths()) {
            prop_assert_eq!(KeyPath::parse(&key.to_string()), Ok(key));
        }

        #[test]
        fn display_after_parse_is_the_identity(text in near_paths()) {
            if let Ok(key) = KeyPath::parse(&text) {
                prop_assert_eq!(key.to_string(), text);
            }
        }

        #[test]
        fn no_accepted_path_can_leave_the_vault(text in near_paths()) {
            if let Ok(key) = KeyPath::parse(&text) {
                let text = key.to_string();
                prop_assert!(text.len() <= MAX_LEN);
                prop_assert!(!text.contains(['.', '\\', ':', '\0', '~']));
                prop_assert_eq!(text.split('/').filter(|part| !part.is_empty()).count(), 3);
                let relative = std::path::Path::new(&text);
                let normal = |part| matches!(part, std::path::Component::Normal(_));
                prop_assert_eq!(relative.components().filter(|&part| normal(part)).count(), 3);
                prop_assert_eq!(relative.components().count(), 3);
            }
        }

        // Folding case and normalising leave every accepted path as it is, so two that differ
        // still differ afterwards.
        #[test]
        fn no_two_accepted_paths_collide_on_disk(text in near_paths()) {
            if let Ok(key) = KeyPath::parse(&text) {
                let text = key.to_string();
                prop_assert!(text.is_ascii()); // ASCII is its own NFC, NFD, NFKC and NFKD
                prop_assert_eq!(text.to_lowercase(), text.clone());
                let upper = text.to_uppercase();
                prop_assert!(KeyPath::parse(&upper).is_err());
            }
        }

        #[test]
        fn the_variable_leads_back_to_the_path(key in paths()) {
            if let Some(project) = key.project() {
                let back = KeyPath::from_env_name(project, &key.env_name());
                prop_assert_eq!(back, Some(key));
            }
        }

        #[test]
        fn from_env_name_is_exact_or_nothing(name in "[A-Z0-9_a-z.-]{0,70}") {
            let project: OwnerName = "consilio".parse().unwrap();
            if let Some(key) = KeyPath::from_env_name(&project, &name) {
                prop_assert_eq!(key.env_name(), name);
            }
        }

        #[test]
        fn what_is_suggested_is_always_right(text in near_paths()) {
            if let Err(error) = KeyPath::parse(&text) {
                prop_assert!(!error.to_string().chars().any(char::is_control));
                if let Some(nearest) = error.nearest() {
                    prop_assert_eq!(&KeyPath::parse(&nearest.to_string()).unwrap(), nearest);
                }
            }
            let nearest = KeyPrefix::parse(&text).err().and_then(|error| error.nearest().cloned());
            if let Some(nearest) = nearest {
                prop_assert_eq!(KeyPrefix::parse(nearest.as_str()), Ok(nearest));
            }
            let error = text.parse::<OwnerName>().err();
            if let Some(nearest) = error.as_ref().and_then(NameError::nearest) {
                prop_assert!(nearest.parse::<OwnerName>().is_ok());
            }
            let project: OwnerName = "consilio".parse().unwrap();
            if let Some(key) = KeyPath::nearest_for_env_name(&project, &text) {
                prop_assert_eq!(KeyPath::parse(&key.to_string()), Ok(key));
            }
        }

        #[test]
        fn every_beginning_of_a_path_is_a_prefix_that_matches(key in paths(), cut in 1usize..140) {
            let text = key.to_string();
            let beginning = &text[..cut.min(text.len())];
            prop_assert!(KeyPrefix::parse(beginning).unwrap().matches(&key));
        }

        #[test]
        fn a_prefix_matches_what_begins_with_its_text(key in paths(), text in near_paths()) {
            if let Ok(prefix) = KeyPrefix::parse(&text) {
                prop_assert_eq!(prefix.matches(&key), key.to_string().starts_with(&text));
            }
        }
    }
}
