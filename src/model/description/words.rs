//! Whether a description says more than the key path does.

use std::collections::BTreeSet;

use crate::model::key_path::KeyPath;

/// Words that say nothing about this secret in particular. In the singular; compared by
/// [`stem`].
const GENERIC: &[&str] = &[
    // what it is
    "access",
    "api",
    "apikey",
    "auth",
    "authentication",
    "authorisation",
    "authorization",
    "code",
    "cred",
    "credential",
    "data",
    "entry",
    "hash",
    "id",
    "info",
    "information",
    "item",
    "key",
    "keypath",
    "login",
    "pass",
    "passphrase",
    "passwd",
    "password",
    "passwort",
    "path",
    "pw",
    "pwd",
    "secret",
    "string",
    "text",
    "thing",
    "token",
    "val",
    "value",
    // where it goes
    "config",
    "configuration",
    "dotenv",
    "env",
    "environment",
    "file",
    "param",
    "parameter",
    "setting",
    "var",
    "variable",
    "vault",
    // how it is
    "actual",
    "changed",
    "confidential",
    "current",
    "default",
    "description",
    "encrypted",
    "important",
    "latest",
    "main",
    "needed",
    "new",
    "old",
    "private",
    "real",
    "required",
    "secure",
    "sensitive",
    "some",
    "stored",
    "super",
    "updated",
    "very",
    // who and for what
    "app",
    "application",
    "program",
    "project",
    "service",
    "software",
    "system",
    // nothing yet
    "asdf",
    "bar",
    "baz",
    "blah",
    "changeme",
    "desc",
    "describe",
    "dummy",
    "example",
    "fill",
    "fixme",
    "foo",
    "ipsum",
    "later",
    "lorem",
    "misc",
    "na",
    "none",
    "null",
    "placeholder",
    "sample",
    "something",
    "stuff",
    "tbd",
    "temp",
    "temporary",
    "test",
    "testing",
    "tmp",
    "todo",
    "undefined",
    "unknown",
    "various",
    "whatever",
    // grammar
    "an",
    "and",
    "any",
    "are",
    "as",
    "at",
    "be",
    "by",
    "for",
    "from",
    "has",
    "have",
    "here",
    "in",
    "is",
    "it",
    "my",
    "of",
    "on",
    "or",
    "our",
    "that",
    "the",
    "their",
    "these",
    "this",
    "those",
    "to",
    "use",
    "used",
    "using",
    "via",
    "we",
    "what",
    "which",
    "with",
    "you",
    "your",
];

pub(super) fn says_something(text: &str, path: &KeyPath) -> bool {
    let mut of_path: BTreeSet<String> = BTreeSet::new();
    for segment in [
        path.scope().as_str(),
        path.owner().as_str(),
        path.secret().as_str(),
    ] {
        of_path.extend(segment.split(['_', '-']).map(stem));
        // `healthagent` for `health-agent`.
        of_path.insert(stem(&segment.replace(['_', '-'], "")));
    }
    let is_new = |word: &str| {
        let root = stem(word);
        is_word(word) && !of_path.contains(&root) && !is_generic(&root)
    };
    text.split(|c: char| !c.is_alphanumeric())
        // Whole first, so that `PostgreSQL` is the `postgresql` of the key path.
        .filter(|word| is_new(word))
        .any(|word| camel_parts(word).into_iter().any(is_new))
}

fn is_generic(root: &str) -> bool {
    let mut alike = GENERIC
        .iter()
        .filter(|word| word.as_bytes().first() == root.as_bytes().first());
    alike.any(|word| stem(word) == root)
}

/// Two characters or more, one of them a letter, and not the same one over and over.
fn is_word(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next();
    text.contains(char::is_alphabetic) && chars.any(|c| Some(c) != first)
}

/// Lower case and singular. Rough: it only has to treat both sides alike.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() > 1) {
        return format!("{root}y");
    }
    match word.strip_suffix('s') {
        Some(root) if root.len() > 1 && !root.ends_with('s') => root.to_owned(),
        _ => word,
    }
}

/// `StripeApiKey` in its parts; a word in one case is its only part.
fn camel_parts(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 1..chars.len() {
        let (at, c) = chars[i];
        let before = chars[i - 1].1;
        let next_is_lower = chars
            .get(i + 1)
            .is_some_and(|(_, next)| next.is_lowercase());
        if c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_lower)) {
            parts.push(&word[start..at]);
            start = at;
        }
    }
    parts.push(&word[start..]);
    parts
}
