//! What looks like a secret.
//!
//! Owns the judgement behind `verify`'s "unvaulted" and `import`'s choice. It combines the shapes of
//! values ([`crate::model::shape`]), a table of rules for names, and a measure of randomness.
//!
//! Order of judgement; the first answer wins:
//! 1. Nothing, or only whitespace: [`Verdict::Empty`].
//! 2. A mask or placeholder (see [`crate::model::value::MaskKind`]) protects nothing: plain.
//! 3. The shape of a secret: a secret, whatever the name says. In a variable that is published to
//!    browsers (`NEXT_PUBLIC_…`), shapes that browsers may have are exempt. Base64 is decoded and
//!    what it holds is judged by shape as well.
//! 4. A URL with a random part, in a variable named webhook: a secret. Then the shape of something
//!    public (a public key, a certificate, a switch, a path, a plain URL): plain.
//! 5. A name that says secret, with a value that can be one: a secret. It is doubtful if the name
//!    says no more than KEY or TOKEN and the value is made of ordinary words.
//! 6. A random value, in a variable whose name does not explain it: a secret.
//! 7. A value that may be random (hexadecimal, a UUID, a short mixed word), or a name that may be
//!    that of a secret: doubtful.
//!
//! A missed secret can be lost; a false alarm costs one line. So doubts are shown rather than
//! dropped. `docs/scan.md` gives the measured recall and precision.
//!
//! Invariant: an [`Evidence`] is a fixed text and never holds a value or a name.
//!
//! Limits: a weak password in a variable with an innocent name is not found.

mod names;
mod ordinary;
mod random;

use self::names::Name;
pub(crate) use self::ordinary::is_distinctive_line;
pub use self::ordinary::is_ordinary;
pub(crate) use self::random::is_random;
use self::random::{has_random_segment, is_hex_key, is_made_of_words, is_mixed, is_uuid};
use crate::model::secret::SecretBytes;
pub use crate::model::shape::Evidence;
use crate::model::shape::{Kind, Shape, shapes_of};
use crate::model::value;

/// What a variable holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The value looks like a secret.
    Secret(Evidence),
    /// The value may be a secret: a person should decide.
    Doubtful(Evidence),
    /// The value does not look like a secret.
    Plain,
    /// The variable has no value.
    Empty,
}

impl Verdict {
    /// Reports whether the value looks like a secret. A doubtful value does not.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

const RANDOM: Evidence = Evidence::new("high_entropy", "looks random");
const MAYBE_RANDOM: Evidence = Evidence::new("maybe_random", "may be random");
const WEBHOOK: Evidence = Evidence::new("webhook_url", "is a webhook URL with a random part");
const URL_USER: Evidence = Evidence::new("url_user", "is a URL with a token as its user");
const SEED_WORDS: Evidence = Evidence::new("seed_words", "may be a seed phrase");

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
    let shapes = shapes_of(bytes);
    if let Some(evidence) = secret_shape(&shapes, &name) {
        return Verdict::Secret(evidence);
    }
    let Some(text) = value.as_str().map(str::trim) else {
        // Neither text nor a known shape: only the name can tell.
        return name.evidence().map_or(Verdict::Plain, Verdict::Secret);
    };
    if name.upper.contains("WEBHOOK") && has_random_segment(text) {
        return Verdict::Secret(WEBHOOK);
    }
    if !shapes.is_empty() {
        return Verdict::Plain; // only public shapes are left
    }
    if has_token_as_user(text) {
        return Verdict::Secret(URL_USER);
    }
    if let Some(verdict) = judge_decoded(text, &name) {
        return verdict;
    }
    if let Some(evidence) = name.evidence() {
        return judge_named(evidence, &name, text);
    }
    judge_unnamed(&name, text)
}

fn secret_shape(shapes: &[&Shape], name: &Name) -> Option<Evidence> {
    let is_public = name.is_published || name.public == Some("public_name");
    shapes
        .iter()
        .find(|shape| match shape.kind {
            Kind::Secret => true,
            Kind::SecretUnlessPublished => !is_public,
            Kind::Public => false,
        })
        .map(|shape| shape.evidence)
}

/// Judges what a base64 text holds: a private key or JSON with a secret is one, a certificate is
/// none.
fn judge_decoded(text: &str, name: &Name) -> Option<Verdict> {
    const SHORTEST: usize = 40;
    if text.len() < SHORTEST || text.contains("://") {
        return None;
    }
    let text: String = text.split_ascii_whitespace().collect();
    let text = text.trim_end_matches('=');
    let decoded = data_encoding::BASE64_NOPAD
        .decode(text.as_bytes())
        .or_else(|_| data_encoding::BASE64URL_NOPAD.decode(text.as_bytes()))
        .ok()?;
    let decoded = SecretBytes::new(decoded);
    let shapes = shapes_of(decoded.expose().trim_ascii());
    if let Some(evidence) = secret_shape(&shapes, name) {
        return Some(Verdict::Secret(evidence));
    }
    let is_public_key = |shape: &&Shape| shape.evidence.id() == "public_key";
    shapes.iter().any(is_public_key).then_some(Verdict::Plain)
}

/// Judges a value whose name says secret.
fn judge_named(evidence: Evidence, name: &Name, text: &str) -> Verdict {
    if !can_be_secret(evidence, name, text) {
        return Verdict::Plain;
    }
    let is_weak_name = match evidence.id() {
        "name_key" => !names_one_of(&name.upper, STRONG_KEYS),
        "name_token" => !names_one_of(&name.upper, STRONG_TOKENS),
        "name_key_of" | "name_key_material" => true,
        _ => false,
    };
    match is_weak_name && is_made_of_words(text) {
        true => Verdict::Doubtful(evidence),
        false => Verdict::Secret(evidence),
    }
}

/// Words before KEY that leave no doubt.
const STRONG_KEYS: &[&str] = &[
    "ACCESS",
    "ADMIN",
    "API",
    "APP",
    "AUTH",
    "DEPLOY",
    "ENCRYPTION",
    "LICENSE",
    "MASTER",
    "SECRET",
    "SERVICE",
    "SIGNING",
];

/// Words before TOKEN that leave no doubt.
const STRONG_TOKENS: &[&str] = &["ACCESS", "ADMIN", "API", "AUTH", "BEARER", "BOT", "REFRESH"];

fn names_one_of(upper: &str, words: &[&str]) -> bool {
    words.iter().any(|word| upper.contains(word))
}

/// Judges a value whose name says nothing, or little.
fn judge_unnamed(name: &Name, text: &str) -> Verdict {
    let is_key_id = ["ACCESS_KEY_ID", "SECRET_ID"]
        .iter()
        .any(|end| name.upper.ends_with(end));
    if is_key_id && (is_random(text) || is_hex_key(text) || is_uuid(text) || is_mixed(text)) {
        return match name.upper.ends_with("SECRET_ID") {
            true => Verdict::Secret(RANDOM),
            false => Verdict::Doubtful(MAYBE_RANDOM),
        };
    }
    if name.explains_randomness() {
        // A product or a service may be called Max, Use or Routing.
        let may_be_wrong = matches!(name.public, Some("limit" | "lookup_key"));
        return match may_be_wrong && (is_random(text) || is_hex_key(text)) {
            true => Verdict::Doubtful(MAYBE_RANDOM),
            false => Verdict::Plain,
        };
    }
    if is_random(text) {
        return Verdict::Secret(RANDOM);
    }
    if is_hex_key(text) || is_uuid(text) || is_mixed(text) {
        return Verdict::Doubtful(MAYBE_RANDOM);
    }
    if is_seed_phrase(text) {
        return Verdict::Doubtful(SEED_WORDS);
    }
    match name.hint {
        Some(hint) if hint.id() == "name_hint_connection" && text.contains(['=', '@']) => {
            Verdict::Doubtful(hint)
        }
        Some(hint) if may_be_secret(text) => Verdict::Doubtful(hint),
        _ => Verdict::Plain,
    }
}

/// Reports whether a value can be what its name says. Numbers are passwords from four digits on,
/// other secrets from six, and never plural, as in `CONTEXT_TOKENS=128000`. One to three characters
/// are at most a password, and the content of a key file has at least 24.
fn can_be_secret(evidence: Evidence, name: &Name, text: &str) -> bool {
    let is_password = matches!(
        evidence.id(),
        "name_password" | "name_pass" | "name_shared_key"
    );
    if evidence.id() == "name_key_material" {
        return text.len() >= 24 && !is_made_of_words(text);
    }
    let is_digit = |byte: u8| byte.is_ascii_digit() || byte == b'.';
    if text.bytes().all(is_digit) {
        return match is_password {
            true => text.len() >= 4,
            false => text.len() >= 6 && !name.upper.ends_with('S'),
        };
    }
    if matches!(evidence.id(), "name_pass" | "name_password") {
        return true;
    }
    // A class, an address, a list of names.
    let is_part = |part: &str| {
        part.len() >= 2
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
    };
    let is_identifier = text.split('.').count() >= 3 && text.split('.').all(is_part);
    text.chars().count() >= 4 && !(is_identifier && evidence.id() != "name_secret")
}

/// Reports whether a value in a variable with a suspicious name may be a secret: one word of at
/// least eight characters that is not made of ordinary words.
fn may_be_secret(text: &str) -> bool {
    text.len() >= 8
        && !text.contains(|c: char| c.is_whitespace())
        && text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
        && !is_made_of_words(text)
}

/// Reports whether a text is 12, 15, 18, 21 or 24 lower-case words, as in BIP 39.
fn is_seed_phrase(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let is_word = |word: &&str| {
        (3..=8).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    matches!(words.len(), 12 | 15 | 18 | 21 | 24) && words.iter().all(is_word)
}

/// Reports whether the user part of a URL without a password looks like a token.
fn has_token_as_user(text: &str) -> bool {
    let Some((_, rest)) = text.split_once("://") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority
        .rsplit_once('@')
        .is_some_and(|(user, _)| is_random(user) || is_hex_key(user))
}

#[cfg(test)]
mod labelled;
#[cfg(test)]
mod tests;
