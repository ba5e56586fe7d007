//! What a secret is for, in one line.
//!
//! Owns the rules for a description: its form (one line, 10 to 200 characters, nothing that a
//! terminal would act on), that it says more than the key path does, and that it holds neither the
//! value nor anything of a well-known secret's shape.
//!
//! Invariants: a [`Description`] is one line that can be shown as it is. An error holds nothing
//! of the description, for that may be where the value was put by mistake.
//!
//! Limits: "says something" means one word that is neither generic nor part of the key path. The
//! list of generic words is English; a description in another language passes more easily.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::detect::known_shape;
use crate::key_path::KeyPath;
use crate::secret::SecretBytes;

/// Fewest characters.
pub const MIN_CHARS: usize = 10;

/// Most characters.
pub const MAX_CHARS: usize = 200;

/// A value shorter than this may well be a word of its own description.
const MIN_VALUE_LEN: usize = 4;

/// What a secret is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Description(Box<str>);

impl Description {
    /// Checks a description that somebody gives to `path`. Spaces at its ends are dropped.
    ///
    /// `value` is what must not be in it, if it is at hand already.
    pub fn new(
        text: &str,
        path: &KeyPath,
        value: Option<&SecretBytes>,
    ) -> Result<Self, DescriptionError> {
        let text = text.trim_matches(' ');
        // Before all else: who pasted the value has to learn just that.
        if value.is_some_and(|value| holds_value(text, value)) {
            return Err(DescriptionError::HoldsValue);
        }
        let description = Self::stored(text)?;
        // The value may not be at hand yet, or be another one.
        if known_shape(text).is_some() {
            return Err(DescriptionError::HoldsSecret);
        }
        if text.chars().count() < MIN_CHARS {
            return Err(DescriptionError::TooShort);
        }
        if !says_something(text, path) {
            return Err(DescriptionError::SaysNothing);
        }
        Ok(description)
    }

    /// Takes a description from an entry, where it has been accepted before: its form is checked
    /// and not its meaning, so that a stricter rule never makes an entry unreadable.
    pub fn stored(text: &str) -> Result<Self, DescriptionError> {
        if text.contains(is_forbidden) {
            Err(DescriptionError::ForbiddenCharacter)
        } else if text.chars().count() > MAX_CHARS {
            Err(DescriptionError::TooLong)
        } else {
            Ok(Self(text.into()))
        }
    }

    /// The description as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Description {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Why a description is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DescriptionError {
    /// Fewer than [`MIN_CHARS`].
    #[error("the description is shorter than {MIN_CHARS} characters")]
    TooShort,
    /// More than [`MAX_CHARS`].
    #[error("the description is longer than {MAX_CHARS} characters")]
    TooLong,
    /// A line break, another control character, or one that hides or turns text.
    #[error("the description is not one line of printable text")]
    ForbiddenCharacter,
    /// Nothing but generic words and words of the key path.
    #[error("the description says no more than the key path does")]
    SaysNothing,
    /// The value, or a line of it.
    #[error("the description contains the value")]
    HoldsValue,
    /// A text of a well-known shape, such as a token.
    #[error("the description contains what looks like a secret")]
    HoldsSecret,
}

impl DescriptionError {
    /// Stable name of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooShort => "description_too_short",
            Self::TooLong => "description_too_long",
            Self::ForbiddenCharacter => "description_forbidden_character",
            Self::SaysNothing => "description_says_nothing",
            Self::HoldsValue => "description_holds_value",
            Self::HoldsSecret => "description_holds_secret",
        }
    }

    /// A description that would do for this key path, to be shown in a hint.
    pub fn good_example(&self, path: &KeyPath) -> String {
        good_example(path)
    }
}

/// A description that would do for this key path, to be shown in a hint: "Stripe API key for
/// payment processing".
pub fn good_example(path: &KeyPath) -> String {
    let name = path.secret().as_str();
    let subject = name
        .split('_')
        .filter(|word| !word.is_empty())
        .enumerate()
        .map(|(i, word)| written(word, i == 0))
        .collect::<Vec<_>>()
        .join(" ");
    let fitting = PURPOSES
        .iter()
        .filter(|(words, _)| name.split('_').any(|word| words.contains(&word)))
        .map(|(_, purpose)| *purpose);
    fitting
        .chain([
            "payment processing",
            "the nightly backup",
            "sending invoices",
        ])
        .map(|purpose| format!("{subject} for {purpose}"))
        .find(|example| Description::new(example, path, None).is_ok())
        .unwrap_or_else(|| "Stripe API key for payment processing".to_owned())
}

/// What a secret with one of these words in its name is usually for.
const PURPOSES: &[(&[&str], &str)] = &[
    (&["stripe", "paypal", "payment"], "payment processing"),
    (
        &["jwt", "session", "auth", "cookie"],
        "signing login sessions",
    ),
    (
        &["sendgrid", "mailgun", "smtp", "mail", "email", "resend"],
        "transactional emails",
    ),
    (
        &[
            "db",
            "database",
            "postgres",
            "postgresql",
            "mysql",
            "mongo",
            "mongodb",
            "redis",
        ],
        "the production orders",
    ),
    (
        &["openai", "anthropic", "gemini"],
        "answering support requests",
    ),
    (
        &["telegram", "slack", "discord", "bot"],
        "alerts to the team",
    ),
    (&["cloudflare", "dns"], "updating DNS records"),
    (&["aws", "s3", "gcloud", "backup"], "the nightly backup"),
    (&["github", "gitlab", "npm"], "publishing releases"),
];

/// A word of a key path as one writes it in a sentence.
fn written(word: &str, is_first: bool) -> String {
    const ACRONYMS: &[&str] = &[
        "api", "aws", "db", "dns", "dsn", "gpg", "hmac", "http", "id", "jwt", "rsa", "s3", "smtp",
        "sql", "ssh", "ssl", "tls", "uri", "url", "vpn",
    ];
    const NAMES: &[(&str, &str)] = &[
        ("github", "GitHub"),
        ("gitlab", "GitLab"),
        ("oauth", "OAuth"),
        ("openai", "OpenAI"),
        ("paypal", "PayPal"),
        ("postgres", "PostgreSQL"),
        ("postgresql", "PostgreSQL"),
        ("sendgrid", "SendGrid"),
    ];
    if ACRONYMS.contains(&word) {
        return word.to_ascii_uppercase();
    }
    if let Some((_, name)) = NAMES.iter().find(|(plain, _)| *plain == word) {
        return (*name).to_owned();
    }
    match word.char_indices().nth(1) {
        _ if !is_first => word.to_owned(),
        Some((at, _)) => word[..at].to_ascii_uppercase() + &word[at..],
        None => word.to_ascii_uppercase(),
    }
}

/// Control characters, line and paragraph separators, characters without width, and those that
/// turn the direction of what follows.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// Whether the text contains the value, the value without the whitespace round it, or one line
/// of it.
pub(crate) fn holds_value(text: &str, value: &SecretBytes) -> bool {
    let contains = |needle: &[u8]| {
        needle.len() >= MIN_VALUE_LEN
            && text
                .as_bytes()
                .windows(needle.len())
                .any(|window| window == needle)
    };
    contains(value.expose())
        || value
            .expose()
            .split(|byte| matches!(byte, b'\n' | b'\r'))
            .any(|line| contains(line.trim_ascii()))
}

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

fn says_something(text: &str, path: &KeyPath) -> bool {
    let mut known: BTreeSet<String> = GENERIC.iter().map(|word| stem(word)).collect();
    for segment in [
        path.scope().as_str(),
        path.owner().as_str(),
        path.secret().as_str(),
    ] {
        known.extend(segment.split(['_', '-']).map(stem));
        // `healthagent` for `health-agent`.
        known.insert(stem(&segment.replace(['_', '-'], "")));
    }
    let is_new = |word: &str| is_word(word) && !known.contains(&stem(word));
    text.split(|c: char| !c.is_alphanumeric())
        // Whole first, so that `PostgreSQL` is the `postgresql` of the key path.
        .filter(|word| is_new(word))
        .any(|word| camel_parts(word).into_iter().any(is_new))
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, path: &str) -> Result<Description, DescriptionError> {
        Description::new(text, &KeyPath::parse(path).unwrap(), None)
    }

    #[test]
    fn a_description_that_says_something_is_accepted() {
        for (text, path) in [
            (
                "Stripe API key for payment processing",
                "project/x/stripe_api_key",
            ),
            (
                "PostgreSQL production database password",
                "project/x/db_password",
            ),
            (
                "SendGrid API key for transactional emails",
                "project/x/sendgrid_api_key",
            ),
            (
                "JWT signing secret for authentication",
                "project/x/jwt_secret",
            ),
            (
                "Telegram bot token of the alert bot",
                "project/x/telegram_bot_token",
            ),
            ("Key for S3", "project/x/some_key"),
            ("S3 key in eu-west", "project/x/s3_key"),
            ("API key of the Stripe account", "project/x/payments_key"),
            ("GitHub token", "project/x/ci_token"),
            ("Cloudflare token", "meta/dns/api_token"),
            ("WebhookSigningKey", "project/x/key"),
            ("Schlüssel für die Bezahlung", "project/x/key"),
            ("支付系统的生产环境密钥用于结算", "project/x/key"),
            ("Payment 🔑 of Stripe", "project/x/key"),
            ("2fa seed 42", "project/x/key"),
        ] {
            assert_eq!(
                check(text, path).map(|d| d.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn a_description_that_says_nothing_is_refused() {
        for (text, path) in [
            ("Stripe API key", "project/x/stripe_api_key"),
            ("STRIPE_API_KEY", "project/x/stripe_api_key"),
            ("stripe-api-key", "project/x/stripe_api_key"),
            ("StripeAPIKey", "project/x/stripe_api_key"),
            ("StripeApiKeys", "project/x/stripe_api_key"),
            ("The Stripe keys", "project/x/stripe_api_key"),
            ("The key of consilio", "project/consilio/stripe_api_key"),
            (
                "Consilio's Stripe secrets",
                "project/consilio/stripe_api_key",
            ),
            ("PostgreSQL password", "project/x/postgresql_password"),
            ("Health agent token", "project/health-agent/token"),
            ("HealthAgent token", "project/health-agent/token"),
            ("token of healthagent", "project/health-agent/token"),
            ("API credentials", "project/x/a"),
            ("my secret value", "project/x/a"),
            ("a new test token", "project/x/a"),
            ("environment variables", "project/x/a"),
            ("this is the password for the app", "project/x/a"),
            ("todo todo todo", "project/x/a"),
            ("the key, the key, the KEY!", "project/x/a"),
            ("..........", "project/x/a"),
            ("1234567890", "project/x/a"),
            ("key 1 of 2 x", "project/x/a"),
            ("aaaaaaaaaaaa", "project/x/a"),
            ("🔑🔑🔑🔑🔑🔑🔑🔑🔑🔑", "project/x/a"),
            ("Cloudflare tokens", "meta/cloudflare/token"),
            ("meta secret", "meta/cloudflare/token"),
        ] {
            assert_eq!(
                check(text, path),
                Err(DescriptionError::SaysNothing),
                "{text}"
            );
        }
        for text in ["API key", "Password", "Secret", "", "   "] {
            assert_eq!(
                check(text, "project/x/a"),
                Err(DescriptionError::TooShort),
                "{text}"
            );
        }
    }

    #[test]
    fn length_is_counted_in_characters() {
        let path = "project/x/a";
        assert_eq!(check("Bezahlung", path), Err(DescriptionError::TooShort));
        assert!(check("Bezahlüngs", path).is_ok());
        assert_eq!(
            check("  Bezahlung  ", path),
            Err(DescriptionError::TooShort)
        );
        assert_eq!(
            check("  Payments in EU  ", path).unwrap().as_str(),
            "Payments in EU"
        );
        assert!(check(&"éa".repeat(100), path).is_ok());
        let long = "éa".repeat(100) + "b";
        assert_eq!(check(&long, path), Err(DescriptionError::TooLong));
    }

    #[test]
    fn only_one_printable_line_is_accepted() {
        for c in [
            '\n',
            '\r',
            '\t',
            '\0',
            '\x1b',
            '\x7f',
            '\u{85}',
            '\u{9b}',
            '\u{ad}',
            '\u{61c}',
            '\u{200b}',
            '\u{200d}',
            '\u{200e}',
            '\u{2028}',
            '\u{2029}',
            '\u{202a}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{2069}',
            '\u{feff}',
            '\u{e0041}',
        ] {
            let text = format!("Payment processing{c} in Europe");
            let refused = Err(DescriptionError::ForbiddenCharacter);
            assert_eq!(check(&text, "project/x/a"), refused, "{c:?}");
            assert_eq!(Description::stored(&text), refused, "{c:?}");
        }
    }

    #[test]
    fn a_description_that_holds_the_value_is_refused() {
        let path = KeyPath::parse("project/x/a").unwrap();
        let check = |text: &str, value: &str| {
            Description::new(text, &path, Some(&SecretBytes::from(value)))
        };
        let refused = Err(DescriptionError::HoldsValue);
        assert_eq!(check("Payments, key is canary-1", "canary-1"), refused);
        assert_eq!(check("canary-1", "canary-1"), refused);
        assert_eq!(check("Payments canary-1!", " canary-1\n"), refused);
        assert_eq!(
            check("Payments canary-2", "canary-1\r\n  canary-2\r\nx"),
            refused
        );
        assert_eq!(
            check("canary-1\nof payments", "canary-1\nof payments"),
            refused
        );
        assert_eq!(check("Payments 1234", "1234"), refused);

        assert!(check("Payments 123", "123").is_ok());
        assert!(check("Payments CANARY-1", "canary-1").is_ok());
        assert!(check("Payments in Europe", "x\n\n{\n}\n").is_ok());
        assert!(check("Payments in Europe", "").is_ok());
        let bytes = SecretBytes::new(vec![0xff, 0xfe, 0, 0, 1]);
        assert!(Description::new("Payments in Europe", &path, Some(&bytes)).is_ok());
    }

    #[test]
    fn a_description_that_holds_some_token_is_refused() {
        for token in [
            "sk_¦live_abc123xyz",
            "postgres://app:¦s3cret@db/app",
            "AKIA¦IOSFODNN7EXAMPLE",
        ] {
            let text = format!("Payments in Europe {}", token.replace('¦', ""));
            assert_eq!(
                check(&text, "project/x/a"),
                Err(DescriptionError::HoldsSecret)
            );
        }
    }

    #[test]
    fn what_is_stored_is_read_back_whatever_it_means() {
        assert_eq!(Description::stored("API key").unwrap().as_str(), "API key");
        assert_eq!(Description::stored("").unwrap().as_str(), "");
        let long = "a".repeat(201);
        assert_eq!(Description::stored(&long), Err(DescriptionError::TooLong));
    }

    #[test]
    fn an_error_shows_nothing_of_the_description() {
        let path = KeyPath::parse("project/x/a").unwrap();
        let value = SecretBytes::from("canary-1");
        let error = Description::new("Payments canary-1", &path, Some(&value)).unwrap_err();
        assert_eq!(error.code(), "description_holds_value");
        assert!(!format!("{error} {error:?}").contains("canary"));
    }

    #[test]
    fn the_example_fits_the_key_path() {
        for (path, example) in [
            (
                "project/consilio/stripe_api_key",
                "Stripe API key for payment processing",
            ),
            (
                "project/x/jwt_secret",
                "JWT secret for signing login sessions",
            ),
            (
                "project/x/postgres_password",
                "PostgreSQL password for the production orders",
            ),
            (
                "meta/cloudflare/api_token",
                "API token for payment processing",
            ),
            (
                "project/payment/processing",
                "Processing for the nightly backup",
            ),
            ("project/x/a", "A for payment processing"),
        ] {
            let path = KeyPath::parse(path).unwrap();
            assert_eq!(good_example(&path), example);
            assert_eq!(DescriptionError::TooShort.good_example(&path), example);
        }
    }

    proptest! {
        #[test]
        fn the_example_is_always_accepted(
            path in "(project|meta)/[a-z][a-z0-9_-]{0,20}[a-z]/[a-z][a-z0-9_]{0,62}"
        ) {
            if let Ok(path) = KeyPath::parse(&path) {
                prop_assert!(Description::new(&good_example(&path), &path, None).is_ok());
            }
        }

        #[test]
        fn what_is_accepted_is_one_line_and_is_read_back(text in "\\PC{0,60}|[a-z\\s\\p{Cf}]{0,30}") {
            let path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
            if let Ok(description) = Description::new(&text, &path, None) {
                prop_assert!(!description.as_str().contains(char::is_control));
                prop_assert_eq!(description.as_str().lines().count(), 1);
                prop_assert_eq!(Description::stored(description.as_str()), Ok(description));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>(), value in any::<Vec<u8>>()) {
            let path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
            let _ = Description::new(&text, &path, Some(&SecretBytes::new(value)));
        }

        #[test]
        fn the_value_is_found_wherever_it_stands(
            before in "[a-z ]{0,20}",
            value in "[!-~]{4,30}",
            after in "[a-z ]{0,20}",
        ) {
            let path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
            let text = format!("{before}{value}{after}");
            let result = Description::new(&text, &path, Some(&SecretBytes::from(value.as_str())));
            prop_assert_eq!(result, Err(DescriptionError::HoldsValue));
        }
    }
}
