//! A description that would do, for hints.

use super::Description;
use crate::model::key_path::KeyPath;

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
