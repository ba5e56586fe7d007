//! The right path that a wrong one probably means.

use super::grammar::{Form, check_owner, check_secret};
use super::{KeyPath, MAX_LEN, OwnerName, Scope, SecretName};

/// The right path that a wrong one probably means, or `None` where that would be guessing.
pub(super) fn nearest_key_path(text: &str) -> Option<KeyPath> {
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
pub(super) fn nearest_scope(segment: &str) -> Option<Scope> {
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

/// Those of some secrets that a text probably means: a slip of the finger away from it, or with
/// the text as the secret's own name or variable. None where there are many.
pub(super) fn nearest_of(text: &str, secrets: &[KeyPath]) -> Vec<KeyPath> {
    /// More than these are no answer.
    const MOST: usize = 3;
    if text.len() > MAX_LEN {
        return Vec::new();
    }
    let typed = KeyPath::parse(text).ok();
    let name = tidy_secret(text);
    let slips = |secret: &KeyPath| match &typed {
        Some(typed) => {
            let slips = distance(&typed.to_string(), &secret.to_string());
            let names = secret.owner().as_str().len() + secret.secret().as_str().len();
            (1..=2)
                .contains(&slips)
                .then_some(slips)
                .filter(|slips| slips * 4 <= names)
        }
        None => (name.as_ref() == Some(secret.secret())).then_some(0),
    };
    let mut near: Vec<(usize, &KeyPath)> = secrets
        .iter()
        .filter_map(|secret| Some((slips(secret)?, secret)))
        .collect();
    let fewest = near.iter().map(|(slips, _)| *slips).min();
    near.retain(|(slips, _)| Some(*slips) == fewest);
    match near.len() {
        0..=MOST => near.into_iter().map(|(_, secret)| secret.clone()).collect(),
        _ => Vec::new(),
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

pub(super) fn tidy_owner(text: &str) -> Option<OwnerName> {
    let name = tidy(text, '-', |c| matches!(c, '_' | '-'))?;
    check_owner(&name, Form::Whole).ok()?;
    Some(OwnerName(name.into()))
}

pub(super) fn tidy_secret(text: &str) -> Option<SecretName> {
    let name = tidy(text, '_', |c| c == '_')?;
    check_secret(&name, Form::Whole).ok()?;
    Some(SecretName(name.into()))
}

/// Lower case, with a separator between the words of `camelCase` and in place of every ASCII
/// character that is neither alphanumeric nor `kept`. What lies outside ASCII is not guessed at.
pub(super) fn tidy(text: &str, separator: char, kept: fn(char) -> bool) -> Option<String> {
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
