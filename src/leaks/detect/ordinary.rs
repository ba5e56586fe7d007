//! Values so ordinary that finding them somewhere says nothing.
//!
//! `scan` does not search for such values, and of a longer value not for such lines. `run` does not
//! mask them in redirected output.

use super::names::Name;
use super::random::is_word;
use super::{has_random_segment, is_random};
use crate::model::secret::SecretBytes;
use crate::model::shape::{Kind, known_shape, shapes_of};
use crate::model::value;

/// Reports whether a value is so ordinary that finding it somewhere says nothing: a mask, one or a
/// few words, a number, an address, a public shape. If the name says secret, only short words and
/// numbers count.
///
/// Limits: a weak password (`postgres`, `hunter2`) is ordinary, whatever the name says.
pub fn is_ordinary(name: &str, value: &SecretBytes) -> bool {
    let Some(text) = value.as_str().map(str::trim) else {
        return false;
    };
    if value::mask_kind(value).is_some() {
        return true;
    }
    let shapes = shapes_of(text.as_bytes());
    if !shapes.is_empty() {
        return shapes.iter().all(|shape| shape.kind == Kind::Public) && !has_random_segment(text);
    }
    let (most_chars, most_digits) = match Name::new(name).evidence() {
        Some(_) => (9, 7),
        None => (24, 11),
    };
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b".:-/+ ".contains(&byte))
    {
        return text.bytes().filter(u8::is_ascii_digit).count() <= most_digits;
    }
    let mut words = text.split(['-', '_', '.', '/', ':', '@', ' ', ',', '+']);
    text.len() <= most_chars && words.all(is_word)
}

/// Reports whether a line of a longer value is distinctive by itself: it has the shape of a secret,
/// or a random word. The first line of a private key is not distinctive.
pub(crate) fn is_distinctive_line(line: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(line) else {
        return false;
    };
    if text.starts_with("-----") {
        return false;
    }
    let is_hex = |word: &str| word.len() >= 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let is_part = |c: char| c.is_ascii_alphanumeric() || "+/=_-".contains(c);
    known_shape(text).is_some()
        || text
            .split(|c| !is_part(c))
            .any(|word| is_random(word) || is_hex(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_values_are_told_from_distinctive_ones() {
        let is = |name: &str, text: &str| is_ordinary(name, &SecretBytes::from(text));
        for text in [
            "production",
            "development",
            "localhost",
            "postgres",
            "true",
            "false",
            "eu-central-1",
            "ap-southeast-2",
            "info@example.com",
            "smtp.gmail.com",
            "http://localhost:3000",
            "https://api.example.com/v1",
            "redis://localhost:6379",
            "5432",
            "20240115",
            "10.0.0.1",
            "2024-01-15",
            "changeme",
            "********",
            "gpt-4",
            "utf8",
            "sha256",
            "application/json",
            "/var/lib/app",
            "30s",
            "pk_live_4eC39HqLyjWDarjtT1",
            "Europe/Berlin",
            "my_app",
            "+49 30 1234567",
            "hunter2",
            "Administrator",
        ] {
            assert!(is("SOMETHING", text), "{text}");
        }
        for text in [
            "postgres", "password", "admin", "secret", "123456", "hunter2", "test",
        ] {
            assert!(is("DB_PASSWORD", text), "{text}");
        }
        for (name, text) in [
            ("SMTP_PASSWORD", "qkzmwvjdbxyrtnpl"),
            ("SMTP_PASSWORD", "qkzm wvjd bxyr tnpl"),
            ("DB_PASSWORD", "correcthorse"),
            ("SOMETHING", "correct horse battery staple"),
            ("SOMETHING", "xKqWzPbT"),
            ("SOMETHING", "Tr0ub4dor&3"),
            ("SOMETHING", "a1b2c3d4"),
            ("SOMETHING", "7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c"),
            ("SOMETHING", "postgres://app:hunter2@db/app"),
            ("SOMETHING", concat!("sk_", "live_4eC39HqLyjWDarjtT1")),
            (
                "SOMETHING",
                "https://hooks.example.com/T0/B0/kJ8sL2mQ9xR4vT7wZ1",
            ),
            ("CARD_KEY", "12345678"),
            ("SOMETHING", "123456789012"),
        ] {
            assert!(!is(name, text), "{name}={text}");
        }
    }

    #[test]
    fn a_line_is_distinctive_if_it_holds_a_random_word() {
        for line in [
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
            "  \"private_key_id\": \"7f8a9b0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f60\",",
            concat!("STRIPE=sk_", "live_4eC39HqLyjWDarjtT1"),
        ] {
            assert!(is_distinctive_line(line.as_bytes()), "{line}");
        }
        for line in [
            "-----BEGIN PRIVATE KEY-----",
            "{",
            "  \"type\": \"service_account\",",
            "  \"auth_uri\": \"https://accounts.google.com/o/oauth2/auth\",",
            "  \"universe_domain\": \"googleapis.com\"",
            "[default]",
        ] {
            assert!(!is_distinctive_line(line.as_bytes()), "{line}");
        }
    }
}
