use super::names::{RULES, compiled_len};
use super::random::log2;
use super::*;
use crate::model::shape::{SHAPES, known_shape};
use proptest::prelude::*;
use regex::Regex;

/// Test values are cut in two by `¦`, so that this file itself holds nothing that a scanner
/// for leaked secrets would report.
fn whole(text: &str) -> String {
    text.replace('¦', "")
}

fn judge(name: &str, value: &str) -> Verdict {
    classify(name, &SecretBytes::from(whole(value).as_str()))
}

/// Returns the rule that calls it a secret, or `doubtful`, `plain` or `empty`.
fn id(name: &str, value: &str) -> &'static str {
    match judge(name, value) {
        Verdict::Secret(evidence) => evidence.id(),
        Verdict::Doubtful(_) => "doubtful",
        Verdict::Plain => "plain",
        Verdict::Empty => "empty",
    }
}

/// For each rule, names that it matches and names that it nearly matches.
#[rustfmt::skip]
const NAMES: &[(&str, &[&str], &[&str])] = &[
    ("public_name", &["PUBLIC_KEY", "JWT_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY", "RECAPTCHA_SITE_KEY", "PUBLIC_API_TOKEN"], &["PRIVATE_KEY", "PUBLICITY_KEY", "REPUBLIC_SECRET"]),
    ("lookup_key", &["PRIMARY_KEY", "SORT_KEY", "CACHE_KEY", "HOTKEY"], &["API_KEY", "CACHE_SECRET_KEY", "AZURE_STORAGE_KEY"]),
    ("about_a_secret", &["TOKEN_TTL", "API_KEY_HEADER", "DB_PASSWORD_FILE", "PASSWORD_MIN_LENGTH", "JWT_SECRET_ALGORITHM", "VPC_PRIVATE_SUBNET_IDS", "TOKEN_URL", "AWS_SECRET_NAME"], &["SECRET_KEY_BASE", "TOKEN_SIGNING_SECRET", "HEADER_TOKEN", "KEYSTORE_PASSWORD"]),
    ("limit", &["MAX_TOKENS", "ENABLE_PASSWORD", "OPENAI_MAX_TOKENS"], &["MAXMIND_LICENSE_KEY", "ISSUE_TOKEN"]),
    ("working_directory", &["PWD", "OLDPWD"], &["DB_PWD"]),

    ("name_secret", &["JWT_SECRET", "SECRET_KEY_BASE", "CLIENTSECRET", "SECRETS", "SECRET"], &["SECRETARY_EMAIL", "SECRE"]),
    ("name_password", &["DB_PASSWORD", "PASSWORD", "PGPASSWORD", "ROOT_PASSWD", "KEY_PASSPHRASE"], &["PASSPORT", "WORD"]),
    ("name_credential", &["GOOGLE_APPLICATION_CREDENTIALS", "AWS_CREDS"], &["CREDIT", "SACREDS"]),
    ("name_private", &["APP_PRIVATE_KEY", "PRIVATE_KEY", "PRIVATEKEY", "JWT_PRIVATE"], &["PRIVATELY", "PRIVATE_BETA"]),
    ("name_key", &["STRIPE_API_KEY", "KEY", "OPENAI_APIKEY", "API_KEYS", "MASTER_KEY_BASE64"], &["MONKEY", "KEYBOARD", "KEY_COUNT", "TURKEY"]),
    ("name_key_of", &["API_KEY_OPENAI", "SSH_KEY_DEPLOY"], &["KEY_COUNT", "PIANO_KEY_COUNT"]),
    ("name_token", &["GITHUB_TOKEN", "TOKEN", "ACCESSTOKEN", "API_TOKENS"], &["TOKENIZER", "TOKEN_COUNT"]),
    ("name_jwt", &["GH_PAT", "JWT", "SESSION_JWT"], &["SPAT", "JWT_ISSUER", "PATH"]),
    ("name_pass", &["SMTP_PASS", "DB_PWD", "DBPASS", "PASS"], &["BYPASS", "COMPASS", "PASS_THROUGH"]),
    ("name_dsn", &["SENTRY_DSN", "DSN"], &["DSNAME", "WDSN"]),
    ("name_salt", &["PASSWORD_SALT", "SALT", "HASH_PEPPER"], &["SALT_LAKE", "BASALT"]),
    ("name_seed", &["MNEMONIC", "WALLET_SEED_PHRASE"], &["SEED", "SEED_DATA"]),
    ("name_auth", &["REDIS_AUTH", "BASIC_AUTH", "HTPASSWD"], &["AUTH", "OAUTH", "AUTH_URL"]),
    ("name_shared_key", &["WIFI_PSK", "CARD_PIN", "RELEASE_COOKIE"], &["SPIN", "PSKOV", "COOKIE"]),
    ("name_key_material", &["KEYSTORE_BASE64", "DEPLOYER_PK", "APPLE_P12", "KUBECONFIG"], &["KEYSTORE_ALIAS", "PKG", "PEMBROKE"]),

    ("name_hint_connection", &["APPLICATIONINSIGHTS_CONNECTION_STRING", "SQL_CONN_STR"], &["CONNECTION_LIMIT", "CONNECTIONS"]),
    ("name_hint", &["WEB_AUTH", "SESSION", "R2_ACCESS_KEY_ID"], &["AUTHOR", "SESSIONS", "KEYBOARD"]),
];

#[test]
fn each_rule_compiles_and_has_a_case_for_and_against() {
    for rule in RULES {
        let (_, matching, near) = NAMES
            .iter()
            .find(|(id, ..)| *id == rule.evidence.id())
            .unwrap_or_else(|| panic!("no case for {}", rule.evidence.id()));
        let pattern = Regex::new(rule.pattern).unwrap();
        assert!(!matching.is_empty() && !near.is_empty());
        for text in *matching {
            assert!(
                pattern.is_match(&whole(text)),
                "{}: {text}",
                rule.evidence.id()
            );
        }
        for text in *near {
            assert!(
                !pattern.is_match(&whole(text)),
                "{}: {text}",
                rule.evidence.id()
            );
        }
    }
    assert_eq!(NAMES.len(), RULES.len());
    assert_eq!(compiled_len(), RULES.len());
}

#[test]
fn the_logarithm_is_the_logarithm() {
    for n in 1..1000 {
        for of in [n, n + 1, 1000, 65_536] {
            let x = f64::from(n) / f64::from(of);
            assert!((log2(x) - x.log2()).abs() < 1e-12, "{x}");
        }
    }
}

#[test]
fn ids_are_stable_names_and_unique() {
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.evidence.id()).collect();
    ids.extend(SHAPES.iter().map(|shape| shape.evidence.id()));
    ids.extend([RANDOM, MAYBE_RANDOM, WEBHOOK, URL_USER, SEED_WORDS].map(Evidence::id));
    let is_snake = |id: &&str| id.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    assert!(ids.iter().all(is_snake));
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
#[rustfmt::skip]
fn realistic_variables_are_judged_right() {
    let cases = [
        // Never.
        ("PORT", "3000", "plain"),
        ("NODE_ENV", "production", "plain"),
        ("DEBUG", "1", "plain"),
        ("DEBUG", "app:*,-app:socket", "plain"),
        ("LOG_LEVEL", "info", "plain"),
        ("HOST", "localhost", "plain"),
        ("HOST", "0.0.0.0", "plain"),
        ("TZ", "Europe/Berlin", "plain"),
        ("LANG", "en_GB.UTF-8", "plain"),
        ("DATABASE_URL", "sqlite:///var/lib/app/app.db", "plain"),
        ("DATABASE_URL", "sqlite://data.db?mode=rwc", "plain"),
        ("DATABASE_URL", "file:./dev.db", "plain"),
        ("DATABASE_URL", "postgres://localhost:5432/app", "plain"),
        ("DATABASE_URL", "postgres://app@localhost/app", "plain"),
        ("DB_DSN", "sqlite:///tmp/app.db", "plain"),
        ("REDIS_URL", "redis://localhost:6379/0", "plain"),
        ("API_URL", "https://api.example.com/v1", "plain"),
        ("CORS_ORIGINS", "https://a.example.com,https://b.example.com", "plain"),
        ("ALLOWED_HOSTS", "localhost,127.0.0.1,app.example.com", "plain"),
        ("NEXT_PUBLIC_SITE_URL", "https://example.com", "plain"),
        ("EMAIL_FROM", "Consilio <no-reply@example.com>", "plain"),
        ("ADMIN_EMAIL", "samuel.first2.last3@mail4.example.com", "plain"),
        ("SMTP_HOST", "email-smtp.eu-west-1.amazonaws.com", "plain"),
        ("AWS_REGION", "eu-central-1", "plain"),
        ("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/DeployRole2", "plain"),
        ("S3_BUCKET", "consilio-prod-uploads-eu-central-1", "plain"),
        ("APP_VERSION", "1.24.3-beta.2+build.20260121", "plain"),
        ("RELEASE_DATE", "2026-01-21T10:00:00Z", "plain"),
        ("GIT_COMMIT", "0123456789abcdef0123456789abcdef01234567", "plain"),
        ("BUILD_HASH", "aB3dE5gH7jK9mN1pQ3sT5vX7", "plain"),
        ("TENANT", "550e8400-e29b-41d4-a716-446655440000", "doubtful"),
        ("REQUEST", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "plain"),
        ("CHECK", "d41d8cd98f00b204e9800998ecf8427e", "doubtful"),
        ("SCRIPT_SRI", "sha384-¦oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8KuxMyF", "plain"),
        ("IMAGE", "registry.example.com/team/app:v1.2.3-alpine3.19", "plain"),
        ("BASE", "node18-alpine3.19-x86_64-glibc2.38", "plain"),
        ("GREETING", "Welcome to Consilio, we open at 9 on 2026-02-01", "plain"),
        ("DATE_FORMAT", "%Y-%m-%dT%H:%M:%S.%f%z", "plain"),
        ("SLUG_PATTERN", "^[A-Za-z0-9]{3,20}$", "plain"),
        ("FEATURES", "{\"newCheckout\":true,\"v2Search\":false}", "plain"),
        ("CRON", "*/5 * * * *", "plain"),
        ("CLASS_NAME", "com.example.app.MyServiceImpl2Factory", "plain"),
        ("HANDLER", "createUserAccountWithEmail2Handler", "plain"),
        ("NODE_OPTIONS", "--max-old-space-size=4096", "plain"),
        ("PATH_TO_DATA", "/srv/consilio/data/2026/a1b2", "plain"),
        ("GOOGLE_CLIENT_ID", "123456789012-¦a1b2c3d4e5f6g7h8.apps.googleusercontent.com", "plain"),
        ("GA_MEASUREMENT_ID", "G-ABCDEF1234", "plain"),
        ("LOGO", "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg", "plain"),
        ("PWD", "/home/me/sv/consilio-s", "plain"),
        // Names that only seem to say secret.
        ("MAX_TOKENS", "4096", "plain"),
        ("CONTEXT_TOKENS", "128000", "plain"),
        ("TOKEN_TTL", "3600", "plain"),
        ("JWT_SECRET_EXPIRES_IN", "7d", "plain"),
        ("JWT_EXPIRES_IN", "15m", "plain"),
        ("PASSWORD_MIN_LENGTH", "12", "plain"),
        ("REQUIRE_PASSWORD", "true", "plain"),
        ("PASSWORD_RESET_URL", "https://example.com/reset", "plain"),
        ("API_KEY_HEADER", "X-Api-Key", "plain"),
        ("CSRF_TOKEN_NAME", "csrftoken", "plain"),
        ("DB_PASSWORD_FILE", "/run/secrets/db_password", "plain"),
        ("SSL_KEY", "/etc/ssl/private/app.pem", "plain"),
        ("TLS_KEY", "./certs/localhost.key", "plain"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "./service-account.json", "plain"),
        ("SSH_PUBLIC_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc me@here", "plain"),
        ("DEPLOY_KEY", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIabc me@here", "plain"),
        ("VAPID_PUBLIC_KEY", "BNc¦RdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA0QTpQ", "plain"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_live_¦4eC39HqLyjWDarjtT1zdp7dc", "plain"),
        ("STRIPE_KEY", "pk_test_¦4eC39HqLyjWDarjtT1zdp7dc", "plain"),
        ("NEXT_PUBLIC_FIREBASE_API_KEY", "AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234", "plain"),
        ("SUPABASE_ANON_KEY", "eyJhbGciOiJIUzI1NiJ9.¦eyJyb2xlIjoiYW5vbiJ9.abcdefgh", "plain"),
        ("VITE_MAPBOX_TOKEN", "pk.¦eyJ1IjoibWUiLCJhIjoiYWJjIn0.abcdef", "plain"),
        ("VITE_POSTHOG_KEY", "phc_¦a1B2c3D4e5F6g7H8i9J0k1L2m3", "plain"),
        ("NEXT_PUBLIC_SENTRY_DSN", "https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "plain"),
        ("RECAPTCHA_SITE_KEY", "6Lc¦aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789", "plain"),
        ("CACHE_KEY", "consilio:v2:users", "plain"),
        ("AZURE_PRIVATE_SUBNETS", "subnet-a,subnet-b", "plain"),
        ("SECRETARY_NAME", "Miss Moneypenny", "plain"),
        ("REDIS_PASSWORD", "null", "plain"),
        ("STRIPE_API_KEY", "your-api-key-here", "plain"),
        ("STRIPE_API_KEY", "********", "plain"),
        ("STRIPE_API_KEY", "${STRIPE_KEY_LIVE}", "plain"),
        ("DATABASE_URL", "postgres://${DB_USER}:${DB_PASS}@db/app", "plain"),
        ("DATABASE_URL", "postgres://app:***@db/app", "plain"),
        // Nothing.
        ("STRIPE_API_KEY", "", "empty"),
        ("STRIPE_API_KEY", " \n", "empty"),
        // By name.
        ("DB_PASSWORD", "postgres", "name_password"),
        ("DB_PASSWORD", "123456", "name_password"),
        ("PGPASSWORD", "hunter2", "name_password"),
        ("SMTP_PASS", "abc", "name_pass"),
        ("MYSQL_PWD", "root", "name_pass"),
        ("JWT_SECRET", "dev-only", "name_secret"),
        ("SECRET_KEY_BASE", "0123456789abcdef0123456789abcdef", "name_secret"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/¦K7MDENG/bPxRfiCYEXAMPLEKEY", "name_secret"),
        ("VITE_CLIENT_SECRET", "a1b2c3d4", "name_secret"),
        ("APP_KEY", "base64:¦0b2kW1p3n8m4v6c7x9z5a3s1d2f4g6h8", "name_key"),
        ("OPENWEATHER_API_KEY", "0123456789abcdef0123456789abcdef", "name_key"),
        ("stripeApiKey", "abcdef123456", "name_key"),
        ("mail.api-key", "abcdef123456", "name_key"),
        ("CLOUDFLARE_API_TOKEN", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJ1234", "name_token"),
        ("AUTH_TOKEN", "123456", "name_token"),
        ("SENTRY_DSN", "https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "plain"),
        ("HASHIDS_SALT", "pinch of it", "name_salt"),
        ("WALLET_MNEMONIC", "test test test test test test test junk", "name_seed"),
        ("AWS_CREDENTIALS", "default:abc", "name_credential"),
        ("APP_PRIVATE_KEY", "MIIEvQIBADANBg", "name_private"),
        ("NPM_AUTH", "dXNlcjpwYXNz", "name_auth"),
        // By shape, whatever the name.
        ("STRIPE", "sk_¦live_abc123xyz", "stripe_key"),
        ("NEXT_PUBLIC_STRIPE", "sk_¦live_abc123xyz", "stripe_key"),
        ("GH", "ghp_¦16C7e42F292c6912E7710c838347Ae178B4a", "github_token"),
        ("AWS_ACCESS_KEY_ID", "AKIA¦IOSFODNN7EXAMPLE", "aws_key_id"),
        ("BOT", "123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567", "telegram_token"),
        ("MAPS", "AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234", "google_api_key"),
        ("SUPABASE", "eyJhbGciOiJIUzI1NiJ9.¦eyJyb2xlIjoic2VydmljZSJ9.abcdefgh", "jwt"),
        ("DATABASE_URL", "postgres://app:¦s3cret@db:5432/app", "url_password"),
        ("DATABASE_URL", "postgres://postgres:¦postgres@localhost:5432/app", "url_password"),
        ("REDIS_URL", "redis://:¦s3cret@cache:6379/0", "url_password"),
        ("DB", "Server=db;Database=app;User Id=sa;Password=¦s3cret", "connection_password"),
        ("SIGNING", "-----BEGIN ¦EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY-----\n", "private_key"),
        ("SA_JSON", "{\"private_key\": \"-----BEGIN ¦PRIVATE KEY-----\\nMIIE\"}", "private_key"),
        ("SOPS", "AGE-SECRET-KEY-¦1QQPQZCE0Y2J0Z3QZGJ5SJ8ZJQWMPV5YF8ZQ0AJ6LSDV8D0E5WDSSZJ4UY", "age_key"),
        ("ALERTS", "https://hooks.slack.¦com/services/T00000000/B00000000/XXXXabcd", "slack_webhook"),
        ("UPLOAD_URL", "https://x.blob.core.windows.net/c?sv=1&sig=¦abcdefgh%3D", "url_token"),
        ("DEPLOY_WEBHOOK_URL", "https://api.example.com/deploy/¦srv-c1a2b3d4e5f6?key=a1B2c3D4e5", "url_token"),
        ("DEPLOY_WEBHOOK_URL", "https://api.example.com/deploy/¦srv-c1a2b3d4e5f6", "webhook_url"),
        ("DEPLOY_WEBHOOK_URL", "https://example.com/hooks/github", "plain"),
        // By randomness.
        ("SIGNER", "4eC39HqLyjWDarjtT1¦zdp7dcVbN8mK2x", "high_entropy"),
        ("SIGNER", "q7R+v2Xk9/Zt4Lw8Bn3¦Yc6Hd1Mf5Jg0PsUaEiOyTrQ==", "high_entropy"),
        ("SIGNER", "k3j9x7q2m5n8b4v6c1z0¦a7s9d2f4", "high_entropy"),
        ("SIGNER", "kX9#mP2$vL5@nQ8!rT3%¦wZ7", "high_entropy"),
    ];
    assert!(cases.len() >= 80);
    let wrong: Vec<String> = cases
        .iter()
        .map(|&(name, value, expected)| (name, value, expected, id(name, value)))
        .filter(|(_, _, expected, found)| expected != found)
        .map(|(name, value, expected, found)| format!("{name}={value}: {found}, not {expected}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_reason_has_words_for_it() {
    let Verdict::Secret(evidence) = judge("STRIPE_API_KEY", "abcdef123456") else {
        panic!("not a secret");
    };
    assert_eq!(evidence.phrase(), "name ends in _KEY");
    assert_eq!(evidence.clause(), "its name ends in _KEY");
}

#[test]
fn bytes_are_judged_by_name_and_shape() {
    let bytes = SecretBytes::new(vec![0xff, 0xfe, 0, 1, 2, 3]);
    assert!(classify("APP_KEY", &bytes).is_secret());
    assert_eq!(classify("LOGO", &bytes), Verdict::Plain);
    let mut bytes = whole("\u{0}-----BEGIN ¦PRIVATE KEY-----").into_bytes();
    bytes.push(0xff);
    assert!(classify("LOGO", &SecretBytes::new(bytes)).is_secret());
}

/// How many of 10,000 random texts in an innocent variable are found. The generator is
/// seeded, so the answer is the same every time.
fn found(alphabet: &[u8], length: usize) -> usize {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(alphabet[(state >> 33) as usize % alphabet.len()])
    };
    (0..10_000)
        .filter(|_| is_random(&(0..length).map(|_| draw()).collect::<String>()))
        .count()
}

#[test]
fn nearly_all_random_texts_are_found() {
    let base64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let base32 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let base36 = b"abcdefghijklmnopqrstuvwxyz0123456789";
    for (alphabet, length, least) in [
        (&base64[..], 64, 9_980),
        (&base64[..], 32, 9_700),
        (&base64[..62], 40, 9_900),
        (&base64[..62], 24, 9_300),
        (&base36[..], 32, 9_600),
        (&base32[..], 32, 8_000),
    ] {
        let count = found(alphabet, length);
        assert!(count >= least, "{count} of {} characters", alphabet.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn words_are_not_random(value in "[a-z]{3,9}([-_.][a-z]{3,9}){2,6}[0-9]{0,4}") {
        prop_assert!(!is_random(&value));
    }

    #[test]
    fn camel_case_is_not_random(value in "[a-z]{4,9}([A-Z][a-z]{3,8}){2,6}[0-9]{0,3}") {
        prop_assert!(!is_random(&value));
    }

    #[test]
    fn numbers_and_ids_are_not_random(value in "[0-9]{1,40}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{7,64}") {
        prop_assert!(!is_random(&value));
    }

    #[test]
    fn nothing_makes_it_panic(name in any::<String>(), value in any::<Vec<u8>>()) {
        let _ = classify(&name, &SecretBytes::new(value));
    }

    #[test]
    fn no_text_makes_it_panic(value in any::<String>()) {
        let _ = (classify("X", &SecretBytes::from(value.as_str())), known_shape(&value));
        let _ = has_random_segment(&value);
    }
}
