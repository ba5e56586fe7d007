//! What looks like a secret.
//!
//! Owns the judgement behind `verify`'s "unvaulted" and `import`'s choice: one table of rules
//! for variable names and for the shapes of values, and a measure of randomness for what no rule
//! knows.
//!
//! Order of judgement, first answer wins:
//! 1. Nothing, or only whitespace: [`Verdict::Empty`].
//! 2. A mask or placeholder (see [`crate::model::value::MaskKind`]) protects nothing: plain.
//! 3. A well-known shape of a secret is one, whatever the name says; in a variable that is meant
//!    for browsers (`NEXT_PUBLIC_…`) all but the shapes that browsers are given.
//! 4. In a variable named webhook, a URL with a random part: a secret. Then a well-known shape of
//!    something public (a public key, a certificate, a switch, a path, a plain URL) is plain.
//! 5. A name that says secret, with a value that can be one: a secret.
//! 6. A value that looks drawn by lot, in a variable whose name does not explain it: a secret.
//!
//! Invariants: a [`Reason`] is a fixed text and never holds a value or a name. Rules are
//! compiled once, on first use; each has a test for and against it.
//!
//! Limits: it errs towards plain where a name says nothing. A weak password in a variable with an
//! innocent name is not found, nor is a random text in one case of letters only, nor one in
//! hexadecimal, which looks the same as a checksum.

mod ordinary;
mod random;
mod rules;

pub(crate) use self::ordinary::{is_ordinary, is_telling_line};
use self::random::has_random_segment;
pub(crate) use self::random::is_random;
use self::rules::{Kind, NAMES, RANDOM, Rule, SHAPES, WEBHOOK, matches_of};
use crate::model::secret::SecretBytes;
use crate::model::value;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It looks like a secret.
    Secret(Reason),
    /// It does not.
    Plain,
    /// There is no value.
    Empty,
}

impl Verdict {
    /// Whether it looks like a secret.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

/// Why something looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reason {
    id: &'static str,
    phrase: &'static str,
}

impl Reason {
    /// Stable name of the rule.
    pub fn id(self) -> &'static str {
        self.id
    }

    /// The reason in few words: "name ends in _KEY", "looks like a GitHub token".
    pub fn phrase(self) -> &'static str {
        self.phrase
    }

    /// The reason as a clause: "its name ends in _KEY", "it looks like a GitHub token".
    pub fn clause(self) -> String {
        let subject = match self.phrase.starts_with("name ") {
            true => "its",
            false => "it",
        };
        format!("{subject} {}", self.phrase)
    }
}

/// Judges one variable.
pub fn classify(name: &str, value: &SecretBytes) -> Verdict {
    let bytes = value.expose().trim_ascii();
    if bytes.is_empty() {
        return Verdict::Empty;
    }
    if value::mask_kind(value).is_some() {
        return Verdict::Plain;
    }
    let name = Name::new(name);

    let shapes: Vec<&Rule> = matches_of(SHAPES.set.matches(bytes), &SHAPES.rules);
    let secret_shape = shapes.iter().find(|rule| match rule.kind {
        Kind::Shape => true,
        Kind::ShapeForBrowsers => !name.for_browsers && name.public != Some("public_name"),
        _ => false,
    });
    if let Some(rule) = secret_shape {
        return Verdict::Secret(rule.reason);
    }
    let Some(text) = value.as_str().map(str::trim) else {
        // Neither text nor anything known: only its name can tell.
        return name.reason().map_or(Verdict::Plain, Verdict::Secret);
    };
    if name.upper.contains("WEBHOOK") && has_random_segment(text) {
        return Verdict::Secret(WEBHOOK);
    }
    if !shapes.is_empty() {
        return Verdict::Plain; // all that are left are public ones
    }
    match name.reason() {
        Some(reason) if can_be_secret(reason, &name.upper, text) => Verdict::Secret(reason),
        _ if !name.explains_randomness() && is_random(text) => Verdict::Secret(RANDOM),
        _ => Verdict::Plain,
    }
}

/// The well-known shape of a secret that a text contains, if any: for what should hold none, such
/// as a description or a key path.
pub fn known_shape(text: &str) -> Option<Reason> {
    if !may_have_shape(text) {
        return None;
    }
    matches_of(SHAPES.set.matches(text.as_bytes()), &SHAPES.rules)
        .into_iter()
        .find(|rule| matches!(rule.kind, Kind::Shape | Kind::ShapeForBrowsers))
        .map(|rule| rule.reason)
}

/// Whether a text is worth asking the rules: it has a word as long as the shortest token, or one of
/// the signs of the other shapes.
///
/// To compile the rules takes longer than all the rest of a `set`. A description in plain words
/// needs none of them.
fn may_have_shape(text: &str) -> bool {
    const SHORTEST_TOKEN: usize = 15;
    const SIGNS: &[&str] = &[
        "://",
        "=",
        "\"",
        "$",
        "-----BEGIN ",
        "FlyV1 ",
        "Basic ",
        "Bearer ",
    ];
    text.split_ascii_whitespace()
        .any(|word| word.len() >= SHORTEST_TOKEN)
        || SIGNS.iter().any(|sign| text.contains(sign))
}

/// What is known about a variable's name.
struct Name {
    /// In upper case, with `_` for every other separator.
    upper: String,
    /// Its value is built into what browsers load.
    for_browsers: bool,
    /// The rule by which it only seems to say secret.
    public: Option<&'static str>,
    /// The rules by which it says secret.
    secret: Vec<Reason>,
}

impl Name {
    fn new(name: &str) -> Self {
        let upper = name.to_uppercase().replace(['-', '.', ' '], "_");
        let rules = matches_of(NAMES.set.matches(upper.as_bytes()), &NAMES.rules);
        let of = |kind| {
            let rules = rules.iter().filter(move |rule| rule.kind == kind);
            rules.map(|rule| rule.reason)
        };
        Self {
            for_browsers: BROWSER_PREFIXES
                .iter()
                .any(|prefix| upper.starts_with(prefix)),
            public: of(Kind::PublicName).next().map(Reason::id),
            secret: of(Kind::Name).collect(),
            upper,
        }
    }

    /// Why the name says that the value is a secret.
    ///
    /// A key or token may be meant for browsers. A secret or password that is built into a page
    /// is one still, and in danger.
    fn reason(&self) -> Option<Reason> {
        let never_public = ["name_secret", "name_password", "name_private"];
        self.secret
            .iter()
            .find(|reason| !self.for_browsers || never_public.contains(&reason.id))
            .filter(|_| self.public.is_none())
            .copied()
    }

    /// Whether one expects a random text that is no secret.
    fn explains_randomness(&self) -> bool {
        const ENDS: &[&str] = &[
            "ADDRESS",
            "ARN",
            "BUILD",
            "CERT",
            "CERTIFICATE",
            "CHECKSUM",
            "COMMIT",
            "DIGEST",
            "ETAG",
            "FINGERPRINT",
            "GUID",
            "HASH",
            "HOST",
            "ID",
            "IDS",
            "IMAGE",
            "INTEGRITY",
            "NAME",
            "PATH",
            "REF",
            "RELEASE",
            "REVISION",
            "SHA",
            "SHA1",
            "SHA256",
            "SHA512",
            "TAG",
            "URN",
            "UUID",
            "VERSION",
        ];
        let last = self.upper.rsplit('_').next().unwrap_or_default();
        self.for_browsers || self.public.is_some() || ENDS.contains(&last)
    }
}

/// With these a build tool puts the value into what browsers load.
const BROWSER_PREFIXES: &[&str] = &[
    "EXPO_PUBLIC_",
    "GATSBY_",
    "NEXT_PUBLIC_",
    "NG_APP_",
    "NUXT_PUBLIC_",
    "PUBLIC_",
    "REACT_APP_",
    "STORYBOOK_",
    "VITE_",
    "VUE_APP_",
];

/// Whether a value can be what the name says: numbers are passwords from four digits on, other
/// secrets from six, and never plural, as in `CONTEXT_TOKENS=128000`; one to three characters are
/// at most a password.
fn can_be_secret(reason: Reason, name: &str, text: &str) -> bool {
    let is_password = matches!(reason.id, "name_password" | "name_pass");
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return match is_password {
            true => text.len() >= 4,
            false => text.len() >= 6 && !name.ends_with('S'),
        };
    }
    is_password || text.chars().count() >= 4
}

#[cfg(test)]
mod tests;
