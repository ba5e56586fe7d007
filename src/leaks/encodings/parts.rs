//! Parts of a value that are secret by themselves.
//!
//! A program that is given a URL with a password, a connection string or a JSON key often prints only
//! the part that it uses. Parts are: the password of a URL, as it is and percent-decoded; the values of
//! the secret keys of a connection string; the strings of a JSON value.
//!
//! Invariant: a part that is [ordinary](crate::leaks::detect::is_ordinary), such as the host name in
//! a JSON key, is none.
//!
//! Limits: at most [`MAX_PARTS`] parts, the first ones.

use crate::leaks::detect::is_ordinary;
use crate::model::secret::SecretBytes;
use crate::model::shape::shapes_of;

/// The most parts of a value.
pub(super) const MAX_PARTS: usize = 64;

/// Returns the parts of a value.
pub(super) fn parts(value: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(value) else {
        return Vec::new();
    };
    let text = text.trim();
    let mut parts = Vec::new();
    if text.starts_with(['{', '[']) {
        if let Ok(json) = serde_json::from_str(text) {
            add_strings("", &json, &mut parts);
        }
        return parts;
    }
    let shapes = shapes_of(text.as_bytes());
    let has = |id| shapes.iter().any(|shape| shape.evidence.id() == id);
    if has("url_password")
        && let Some(password) = url_password(text)
    {
        add("PASSWORD", &percent_decoded(password), &mut parts);
        add("PASSWORD", password.as_bytes(), &mut parts);
    }
    if has("connection_password") || has("azure_connection") {
        add_pairs(text, &mut parts);
    }
    parts
}

fn add(name: &str, part: &[u8], parts: &mut Vec<Vec<u8>>) {
    if parts.len() < MAX_PARTS && !is_ordinary(name, &SecretBytes::copy_of(part)) {
        parts.push(part.to_vec());
    }
}

/// Adds the strings of a JSON value. The name of each is its key.
fn add_strings(key: &str, json: &serde_json::Value, parts: &mut Vec<Vec<u8>>) {
    match json {
        serde_json::Value::String(text) => add(key, text.as_bytes(), parts),
        serde_json::Value::Array(all) => {
            for one in all.iter().take(MAX_PARTS) {
                add_strings(key, one, parts);
            }
        }
        serde_json::Value::Object(all) => {
            for (key, one) in all.iter().take(MAX_PARTS) {
                add_strings(key, one, parts);
            }
        }
        _ => {}
    }
}

/// Returns the password of a URL. It ends at the last `@` before the path; if the text has none, the
/// password itself has a `/`, `?` or `#`, and ends at the last `@` of the text.
fn url_password(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (user, _) = authority
        .rsplit_once('@')
        .or_else(|| rest.rsplit_once('@'))?;
    user.split_once(':').map(|(_, password)| password)
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| byte == b'%');
        let decoded = digits.and_then(|digits| {
            let text = std::str::from_utf8(digits).ok()?;
            let is_hex = text.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(text, 16).ok().filter(|_| is_hex)
        });
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                rest = &after[2..];
            }
            None => {
                out.push(byte);
                rest = after;
            }
        }
    }
    out
}

/// Adds the values of the secret keys of a connection string: `Password=…;AccountKey=…`.
fn add_pairs(text: &str, parts: &mut Vec<Vec<u8>>) {
    const KEYS: &[&str] = &[
        "accesskey",
        "accountkey",
        "passwd",
        "password",
        "primarykey",
        "pwd",
        "secret",
        "sharedaccesskey",
    ];
    let separator: &[char] = match text.contains(';') {
        true => &[';'],
        false => &[',', ' '],
    };
    for pair in text.split(separator) {
        if let Some((key, part)) = pair.split_once('=')
            && KEYS.contains(&key.trim().to_ascii_lowercase().as_str())
        {
            let part = part.trim();
            let quotes: &[char] = &['\'', '"'];
            add("PASSWORD", part.trim_matches(quotes).as_bytes(), parts);
        }
    }
}
