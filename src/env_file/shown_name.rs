//! [`ShownName`]: the name of an assignment, unless it may be a piece of a value.
//!
//! A base64 key that lost its quotes ends in a line such as `dGhlIGVuZA=`, which is an assignment
//! by its form. Its "name" is a piece of the key and must not be printed.
//!
//! Limits: a judgement by looks. A piece of fewer than twelve letters in one case looks like a
//! name.

use std::fmt;

use super::bytes::{is_base64, is_name_byte};
use super::document::{Assignment, EnvFile};

/// The name of an assignment where it can be shown, else its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownName<'f> {
    /// The name.
    Name(&'f str),
    /// The line, counted from 1: the name does not look like one.
    Line(usize),
}

impl ShownName<'_> {
    /// Whether it is the name.
    pub fn is_name(self) -> bool {
        matches!(self, Self::Name(_))
    }
}

impl fmt::Display for ShownName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Line(line) => write!(f, "line {line}"),
        }
    }
}

impl Assignment {
    /// Returns the name, or the line if the name may be a piece of a value.
    pub fn shown_name(&self) -> ShownName<'_> {
        let raw = self.raw();
        // Padding of base64 or base32, and nothing else: `QUJD==`.
        let is_padding = !raw.is_empty() && raw.iter().all(|byte| *byte == b'=');
        let is_end_of_key = raw.is_empty()
            && !self.name().contains(['_', '.'])
            && !is_plain_word(self.name())
            && ends_in_base64(self.text_before());
        if is_padding || is_end_of_key || !looks_like_name(self.name()) {
            return ShownName::Line(self.line());
        }
        ShownName::Name(self.name())
    }
}

impl EnvFile {
    /// Returns `name`, or the line of its assignment if the name may be a piece of a value.
    pub fn shown_name<'f>(&'f self, name: &'f str) -> ShownName<'f> {
        self.get(name)
            .map_or(ShownName::Name(name), Assignment::shown_name)
    }
}

/// Four or more letters in one case, then digits.
fn is_plain_word(name: &str) -> bool {
    let letters = name.trim_end_matches(|c: char| c.is_ascii_digit());
    letters.len() >= 4
        && (letters.bytes().all(|b| b.is_ascii_uppercase())
            || letters.bytes().all(|b| b.is_ascii_lowercase()))
}

/// Whether the last line of a text ends in a long run of base64.
fn ends_in_base64(text: &[u8]) -> bool {
    let text = text.strip_suffix(b"\n").unwrap_or(text);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    text.iter().rev().take_while(|byte| is_base64(byte)).count() >= 40
}

/// Whether a text looks like the name of a variable rather than like random characters: it is
/// not too long, and its words do not change between letters of both cases and digits all the
/// time.
pub(super) fn looks_like_name(name: &str) -> bool {
    if name.len() > 128 || !name.bytes().all(|byte| is_name_byte(&byte)) {
        return name.len() <= 128 && !name.is_ascii();
    }
    if name.starts_with('-') {
        return false;
    }
    name.split(['_', '.', '-']).all(|word| {
        let changes = changes(word.as_bytes());
        match word.len() {
            0..=3 => true,
            4..=11 => changes <= 3,
            len @ 12..=39 => (changes <= 3 || changes * 5 <= len) && !is_hex(word),
            len => changes * 8 <= len && !is_hex(word) && len <= 64,
        }
    })
}

/// Letters a to f and digits only, both of them.
fn is_hex(word: &str) -> bool {
    word.len() >= 16
        && word.bytes().all(|byte| byte.is_ascii_hexdigit())
        && word.bytes().any(|byte| byte.is_ascii_digit())
}

/// How often neighbours differ in class: small letter, capital, digit. A capital that begins a word
/// counts once.
fn changes(word: &[u8]) -> usize {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        _ => 2,
    };
    let starts_word = |at: usize| class(word[at]) == 1 && (at == 0 || class(word[at - 1]) != 1);
    (1..word.len())
        .filter(|&at| class(word[at]) != class(word[at - 1]))
        .filter(|&at| !(class(word[at]) == 0 && starts_word(at - 1)))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::secret::SecretBytes;

    #[test]
    fn names_of_variables_look_like_names() {
        for name in [
            "A",
            "PORT",
            "STRIPE_API_KEY",
            "AWS_S3_BUCKET2",
            "OAUTH2_CLIENT_ID",
            "http_proxy",
            "encryption.key",
            "spring.datasource.password",
            "my-key",
            "dbPassword",
            "APIKey",
            "NEXT_PUBLIC_GA4_ID",
            "K8S_NS",
            "s3Bucket",
            "VITE_APP_I18N_LOCALE",
            "X509_CERT",
            "myVeryLongDatabasePasswordForTests",
            "POSTGRES_PASSWORD",
            "EC2_IPV4",
            "AccountKey",
            "GITHUB_SHA256",
            "a1",
            "BASE64_KEY",
            "OAuth2Provider",
            "APPLICATIONINSIGHTSCONNECTIONSTRING",
            "JWT",
            "Logging__LogLevel__Default",
            "ConnectionStrings__DefaultConnection",
            "NPM_CONFIG_//x",
        ] {
            if name.contains('/') {
                continue;
            }
            assert!(looks_like_name(name), "{name}");
        }
    }

    #[test]
    fn pieces_of_keys_do_not() {
        for name in [
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY",
            "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu",
            "dGhlIGVuZCBvZiBpdA",
            "KUpRKfFLfRYC9AIKjbJTWit",
            "3f9ad1c0b7e24a5f8d6c1b2a3f4e5d6c",
            "c2VjcmV0LXZhbHVlLTEyMzQ1Ng",
            "Zm9vYmFyYmF6cXV4",
        ] {
            assert!(!looks_like_name(name), "{name}");
        }
    }

    /// Random text of letters and digits, as base64 mostly is: few pieces pass for a name.
    #[test]
    fn random_pieces_hardly_ever_look_like_names() {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut state = 1u64;
        let mut next = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            char::from(ALPHABET[usize::try_from((state >> 33) % 62).unwrap()])
        };
        for (len, most) in [(15, 10), (19, 3), (23, 1), (31, 0), (43, 0), (63, 0)] {
            let pieces = (0..1000).map(|_| (0..len).map(|_| next()).collect::<String>());
            let shown = pieces.filter(|piece| looks_like_name(piece)).count();
            assert!(shown <= most, "{len}: {shown} of 1000");
        }
    }

    #[test]
    fn an_assignment_shows_its_name_or_its_line() {
        let shown = |text: &str| -> Vec<String> {
            let file = EnvFile::parse(SecretBytes::from(text));
            file.assignments()
                .map(|one| one.shown_name().to_string())
                .collect()
        };
        assert_eq!(
            shown("A=1\nEMPTY=\nencryption.key=x\n"),
            ["A", "EMPTY", "encryption.key"]
        );
        assert_eq!(shown("JBSWY3DPEHPK3PXP======\n"), ["line 1"]);
        assert_eq!(shown("# key\nc2VjcmV0LXZhbHVlLTEyMzQ1Ng=\n"), ["line 2"]);
        let wrapped = format!("KEY={}\naB3x=\nDEBUG=\nB=1\n", "QUJD".repeat(16));
        assert_eq!(shown(&wrapped), ["KEY", "line 2", "DEBUG", "B"]);
        let before_name = format!("TOKEN={}\nDEBUG=\n", "0a1b".repeat(16));
        assert_eq!(shown(&before_name), ["TOKEN", "DEBUG"]);
    }
}
