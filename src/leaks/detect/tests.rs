use super::random::log2;
use super::rules::RULES;
use super::*;
use proptest::prelude::*;
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// Test values are cut in two by `¦`, so that this file itself holds nothing that a scanner
/// for leaked secrets would report.
fn whole(text: &str) -> String {
    text.replace('¦', "")
}

fn judge(name: &str, value: &str) -> Verdict {
    classify(name, &SecretBytes::from(whole(value).as_str()))
}

/// The rule that calls it a secret, or `plain`, or `empty`.
fn id(name: &str, value: &str) -> &'static str {
    match judge(name, value) {
        Verdict::Secret(reason) => reason.id(),
        Verdict::Plain => "plain",
        Verdict::Empty => "empty",
    }
}

/// For each rule what it matches, and what comes close and is not matched.
#[rustfmt::skip]
const CASES: &[(&str, &[&str], &[&str])] = &[
    ("stripe_key", &["sk_¦live_abc123xyz", "rk_¦test_4eC39HqLyjWDarjt", "key=sk_¦test_4eC39HqLyjWD"], &["sk_live_", "sk_live_...xyz", "pk_live_4eC39HqLyjWD", "task_live_abcdefghijk"]),
    ("webhook_signing_secret", &["whsec_¦dGhpcyBpcyBhIHRlc3Q"], &["whsec_", "whsec_short"]),
    ("github_token", &["ghp_¦16C7e42F292c6912E7710c838347Ae178B4a", "github_¦pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz"], &["ghp_short", "ghx_16C7e42F292c6912E7710c838347Ae178B4a"]),
    ("gitlab_token", &["glpat-¦xxY7z2bC9dE4fG6hJ8kL", "GR1348941¦xxY7z2bC9dE4fG6hJ8kL"], &["glpat-short", "glass-houses-and-stones-are-a-bad-mix"]),
    ("aws_key_id", &["AKIA¦IOSFODNN7EXAMPLE", "ASIA¦IOSFODNN7EXAMPLE"], &["AKIAIOSFODNN7", "AKIAIOSFODNN7EXAMPLEANDMORE", "EURASIAIOSFODNN7EXAMPLE"]),
    ("slack_token", &["xoxb-¦123456789012-abcdefABCDEF", "xapp-¦1-A0123456789-abc"], &["xoxb-", "xoxz-123456789012-abcdef"]),
    ("slack_webhook", &["https://hooks.slack.¦com/services/T00000000/B00000000/XXXXabcd"], &["https://slack.com/services", "https://hooks.slack.com/"]),
    ("discord_webhook", &["https://discord.¦com/api/webhooks/123456789012345678/abcdefghijABCDEFGHIJ0123456789xyz"], &["https://discord.com/api/webhooks/123", "https://discord.com/invite/abc"]),
    ("teams_webhook", &["https://x.webhook.office.¦com/webhookb2/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f@x/IncomingWebhook"], &["https://office.com/webhookb2"]),
    ("anthropic_key", &["sk-ant-¦api03-abcdefghijKLMNOP_12"], &["sk-ant-", "sk-ant-...abcd"]),
    ("openai_key", &["sk-¦proj-abcDEF123456_7890-", "sk-¦abcdefghijklmnopqrstuvwxyz0123456789ABCD"], &["sk-short", "sk-my-own-kebab-case-name-for-things", "ask-abcdefghijklmnopqrstuvwxyz"]),
    ("hugging_face_token", &["hf_¦abcdefghijklmnopqrstuvwxyzABCDEFGH"], &["hf_hub_enable_transfer", "shelf_abcdefghijklmnopqrstuvwxyzABCDEFGH"]),
    ("ai_service_key", &["gsk_¦abcdefghijklmnopqrstuvwxyz0123456789", "xai-¦abcdefghijklmnopqrstuvwxyz0123456789"], &["gsk_short", "xai-model"]),
    ("sendgrid_key", &["SG.¦abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"], &["SG.", "SG.Singapore", "MSG.abcdefghijklmnopqrstuv.short"]),
    ("mail_service_key", &["key-¦0123456789abcdef0123456789abcdef", "0123456789¦abcdef0123456789abcdef-us14", "re_¦123abcXY_abcdefghijklmnop1"], &["key-west", "us14", "re_start_now"]),
    ("npm_token", &["npm_¦abcdefghijklmnopqrstuvwxyz0123456789"], &["npm_config_registry"]),
    ("pypi_token", &["pypi-¦AgEIcHlwaS5vcmcCJGFiY2RlZmdoaWprbG1u"], &["pypi-mirror"]),
    ("registry_token", &["dckr_¦pat_abcdefghijklmnopqrstuvwxyz1"], &["dckr_pat_short"]),
    ("digitalocean_token", &["dop_v1_¦0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"], &["dop_v1_0123"]),
    ("shopify_token", &["shpat_¦0123456789abcdef0123456789abcdef"], &["shpat_0123"]),
    ("twilio_key", &["SK¦0123456789abcdef0123456789abcdef"], &["SK0123456789abcdef", "TASK0123456789abcdef0123456789abcdef"]),
    ("telegram_token", &["123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567", "https://api.telegram.org/bot123456789:¦AAabcdefghijklmnopqrstuvwxyz1234567/getMe"], &["123456789:AA", "12:30", "localhost:123456789"]),
    ("square_token", &["sq0atp-¦abcdefghijklmnopqrstuv"], &["sq0atp-"]),
    ("linear_key", &["lin_¦api_abcdefghijklmnopqrstuvwxyz0123456789"], &["lin_api_x"]),
    ("notion_token", &["ntn_¦0123456789abcdefghijklmnopqrstuvwxyzABCDEFGH"], &["ntn_", "secret_santa"]),
    ("vault_token", &["hvs.¦CAESIJabcdefghijklmnopqrst"], &["hvs.short"]),
    ("grafana_token", &["glsa_¦abcdefghijklmnopqrstuvwxyz0123456_789abcde"], &["glsa_x"]),
    ("doppler_token", &["dp.st.¦dev.abcdefghijklmnopqrstuvwxyz0123456789"], &["dp.st.dev"]),
    ("supabase_key", &["sb_¦secret_abcdefghijklmnopqrstuv"], &["sb_publishable_abcdefghijklmnopqrstuv"]),
    ("fly_token", &["FlyV1 ¦fm2_lJPECAAAAAAA"], &["FlyV1"]),
    ("sentry_token", &["sntrys_¦abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH"], &["sntrys_x"]),
    ("planetscale_token", &["pscale_¦tkn_abcdefghijklmnopqrstuvwxyz0123456789"], &["pscale_tkn_x"]),
    ("atlassian_token", &["ATATT¦3xFfGF0abcdefghijklmnopqrstuv"], &["ATATT", "ATTENTION_PLEASE_THIS_IS_NOT_ONE"]),
    ("google_oauth", &["GOCSPX-¦abcdefghijklmnopqrstuv", "ya29.¦abcdefghijklmnopqrstuv"], &["GOCSPX-", "ya29."]),
    ("google_api_key", &["AIza¦SyA-abcdefghijklmnopqrstuvwxyz01234"], &["AIzaShort"]),
    ("jwt", &["eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.dozjgNryP4J3", "Bearer eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.x"], &["eyJhbGciOiJIUzI1NiJ9", "a.b.c"]),
    ("private_key", &["-----BEGIN ¦PRIVATE KEY-----\nMIIE", "-----BEGIN ¦OPENSSH PRIVATE KEY-----", "-----BEGIN PGP ¦PRIVATE KEY BLOCK-----", "{\"k\": \"-----BEGIN ¦RSA PRIVATE KEY-----\\n\"}"], &["-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"]),
    ("age_key", &["AGE-SECRET-KEY-¦1QQPQZCE0Y2J0Z3QZGJ5SJ8ZJQWMPV5YF8ZQ0AJ6LSDV8D0E5WDSSZJ4UY"], &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss", "AGE-SECRET-KEY-1"]),
    ("url_password", &["postgres://app:¦s3cret@db:5432/app", "redis://:¦s3cret@cache:6379", "https://x:¦y@example.com", "mongodb+srv://u:¦p@a.mongodb.net/x"], &["postgres://app@db/app", "https://example.com:8080/a@b", "http://[::1]:80/", "postgres://u:${PW}@db/x", "mailto:a:b@c", "sqlite:///a.db"]),
    ("url_token", &["https://example.com/?a=1&token=¦abcdef123456", "https://x.blob.core.windows.net/c?sv=1&sig=¦abcdefgh%3D"], &["https://example.com/?token=", "https://example.com/?tokens=abcdef123456", "https://example.com/?page=12345678"]),
    ("azure_connection", &["DefaultEndpointsProtocol=https;AccountName=x;AccountKey=¦abcdefghijklmnop==", "Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey=¦abcdefghijklmnop="], &["AccountName=x;AccountKey=", "AccountKey=short"]),
    ("connection_password", &["Server=db;User Id=sa;Password=¦s3cret;", "host=db user=app password=¦s3cret"], &["Server=db;Trusted_Connection=True", "password=", "password=${PW}", "show_password=1"]),
    ("json_secret", &["{\"client_secret\": \"¦abcdef\"}"], &["{\"client_id\": \"abcdef\"}", "{\"password\": \"\"}"]),
    ("password_hash", &["$2a$10$¦N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "$argon2id$¦v=19$m=65536,t=2,p=1$c29tZXNhbHQ$abc"], &["$2a$10$", "$1.50", "$HOME/a"]),
    ("basic_auth", &["Basic ¦dXNlcjpwYXNzd29yZA==", "Bearer ¦abcdefghijkl"], &["Basic", "Bearer token", "Basic plan for new users"]),

    ("public_key", &["-----BEGIN PUBLIC KEY-----\nMIIB", "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PGP PUBLIC KEY BLOCK-----"], &["-----BEGIN PRIVATE KEY-----", "BEGIN PUBLIC KEY"]),
    ("ssh_public_key", &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here", "ssh-rsa AAAAB3"], &["ssh-rsa", "ssh me@here"]),
    ("age_recipient", &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss"], &["age1", "age of reason"]),
    ("publishable_key", &["pk_test_4eC39HqLyjWDarjt", "pk.eyJ1IjoibWUifQ.abc"], &["sk_test_4eC39HqLyjWDarjt", "pk_live_"]),
    ("boolean", &["true", "OFF", "disabled", "none"], &["truest", "onward", ""]),
    ("fraction_or_duration", &["15m", "7d", "10MB", "0.5s", "80%", "30 days"], &["m15", "15mx", "deadbeef"]),
    ("date", &["2026-01-21", "2026-01-21T10:00:00Z"], &["2026-01", "20260121"]),
    ("network", &["127.0.0.1", "10.0.0.0/8", "0.0.0.0:3000", "localhost:5432"], &["1.2.3", "localhosting"]),
    ("url", &["https://example.com/a?b=c", "sqlite:///data/app.db", "file:./dev.db"], &["https://app@example.com", "example.com"]),
    ("path", &["/etc/ssl/key.pem", "./keys/app.pem", "~/.ssh/id_ed25519", "/run/secrets/db", "C:\\keys\\app.pem", "service-account.key", "/data/app.key"], &["/", "K7MDENG/bPxRfiCYEXAMPLEKEY", "/bPxRfiCY/K7MDENG", "a b.c"]),

    ("public_name", &["PUBLIC_KEY", "JWT_PUBLIC_KEY", "STRIPE_PUBLISHABLE_KEY", "SUPABASE_ANON_KEY", "RECAPTCHA_SITE_KEY", "PUBLIC_API_TOKEN"], &["PRIVATE_KEY", "PUBLICITY_KEY", "REPUBLIC_SECRET"]),
    ("lookup_key", &["PRIMARY_KEY", "SORT_KEY", "CACHE_KEY", "HOTKEY"], &["API_KEY", "CACHE_SECRET_KEY", "AZURE_STORAGE_KEY"]),
    ("about_a_secret", &["TOKEN_TTL", "API_KEY_HEADER", "DB_PASSWORD_FILE", "PASSWORD_MIN_LENGTH", "JWT_SECRET_ALGORITHM", "VPC_PRIVATE_SUBNET_IDS", "TOKEN_URL", "AWS_SECRET_NAME"], &["SECRET_KEY_BASE", "TOKEN_SIGNING_SECRET", "HEADER_TOKEN", "KEYSTORE_PASSWORD"]),
    ("limit", &["MAX_TOKENS", "ENABLE_PASSWORD", "OPENAI_MAX_TOKENS"], &["MAXMIND_LICENSE_KEY", "ISSUE_TOKEN"]),
    ("working_directory", &["PWD", "OLDPWD"], &["DB_PWD"]),

    ("name_secret", &["JWT_SECRET", "SECRET_KEY_BASE", "CLIENTSECRET", "SECRETS", "SECRET"], &["SECRETARY_EMAIL", "SECRE"]),
    ("name_password", &["DB_PASSWORD", "PASSWORD", "PGPASSWORD", "ROOT_PASSWD", "KEY_PASSPHRASE"], &["PASSPORT", "WORD"]),
    ("name_credential", &["GOOGLE_APPLICATION_CREDENTIALS", "AWS_CREDS"], &["CREDIT", "SACREDS"]),
    ("name_private", &["APP_PRIVATE_KEY", "PRIVATE_KEY", "PRIVATEKEY", "JWT_PRIVATE"], &["PRIVATELY", "PRIVATE_BETA"]),
    ("name_key", &["STRIPE_API_KEY", "KEY", "OPENAI_APIKEY", "API_KEYS", "MASTER_KEY_BASE64", "API_KEY_2"], &["MONKEY", "KEYBOARD", "KEY_COUNT", "TURKEY"]),
    ("name_token", &["GITHUB_TOKEN", "TOKEN", "ACCESSTOKEN", "API_TOKENS"], &["TOKENIZER", "TOKEN_COUNT"]),
    ("name_jwt", &["GH_PAT", "JWT", "SESSION_JWT"], &["SPAT", "JWT_ISSUER", "PATH"]),
    ("name_pass", &["SMTP_PASS", "DB_PWD", "DBPASS", "PASS"], &["BYPASS", "COMPASS", "PASS_THROUGH"]),
    ("name_dsn", &["SENTRY_DSN", "DSN"], &["DSNAME", "WDSN"]),
    ("name_salt", &["PASSWORD_SALT", "SALT", "HASH_PEPPER"], &["SALT_LAKE", "BASALT"]),
    ("name_seed", &["MNEMONIC", "WALLET_SEED_PHRASE"], &["SEED", "SEED_DATA"]),
    ("name_auth", &["REDIS_AUTH", "BASIC_AUTH", "HTPASSWD"], &["AUTH", "OAUTH", "AUTH_URL"]),
];

#[test]
fn each_rule_compiles_and_has_a_case_for_and_against() {
    for rule in RULES {
        let (_, matching, near) = CASES
            .iter()
            .find(|(id, ..)| *id == rule.reason.id)
            .unwrap_or_else(|| panic!("no case for {}", rule.reason.id));
        let pattern = Regex::new(rule.pattern).unwrap();
        assert!(!matching.is_empty() && !near.is_empty());
        for text in *matching {
            assert!(pattern.is_match(&whole(text)), "{}: {text}", rule.reason.id);
        }
        for text in *near {
            assert!(
                !pattern.is_match(&whole(text)),
                "{}: {text}",
                rule.reason.id
            );
        }
    }
    assert_eq!(CASES.len(), RULES.len());
    assert_eq!(SHAPES.set.len() + NAMES.set.len(), RULES.len());
}

/// Texts that a pattern matches: every choice between alternatives, everything as short as it may
/// be, with white space wherever it may stand.
fn shortest(hir: &Hir) -> Vec<String> {
    let sample = |class: &mut dyn Iterator<Item = (u8, u8)>| {
        let mut bytes: Vec<u8> = class.flat_map(|(from, to)| from..=to).collect();
        bytes.retain(u8::is_ascii);
        let space = bytes.iter().find(|byte| byte.is_ascii_whitespace());
        let graphic = || bytes.iter().find(|byte| byte.is_ascii_graphic());
        vec![char::from(*space.or_else(graphic).unwrap()).to_string()]
    };
    let join = |all: Vec<String>, more: &[String]| -> Vec<String> {
        let one = |text: &String| -> Vec<String> {
            more.iter().map(|more| format!("{text}{more}")).collect()
        };
        all.iter().flat_map(one).collect()
    };
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => vec![String::new()],
        HirKind::Literal(literal) => vec![String::from_utf8(literal.0.to_vec()).unwrap()],
        HirKind::Class(Class::Bytes(class)) => {
            sample(&mut class.iter().map(|range| (range.start(), range.end())))
        }
        HirKind::Class(Class::Unicode(class)) => {
            let byte = |c: char| u8::try_from(c).unwrap_or(0xff);
            sample(
                &mut class
                    .iter()
                    .map(|range| (byte(range.start()), byte(range.end()))),
            )
        }
        HirKind::Capture(capture) => shortest(&capture.sub),
        HirKind::Alternation(all) => all.iter().flat_map(shortest).collect(),
        HirKind::Concat(all) => all.iter().fold(vec![String::new()], |texts, hir| {
            join(texts, &shortest(hir))
        }),
        HirKind::Repetition(repeated) => shortest(&repeated.sub)
            .iter()
            .map(|text| text.repeat(repeated.min as usize))
            .collect(),
    }
}

#[test]
fn whatever_has_a_shape_is_put_to_the_rules() {
    for rule in RULES {
        if !matches!(rule.kind, Kind::Shape | Kind::ShapeForBrowsers) {
            continue;
        }
        // A parser of its own for each: flags outlive a pattern.
        let mut parser = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build();
        let texts = shortest(&parser.parse(rule.pattern).unwrap());
        assert!(!texts.is_empty());
        for text in texts {
            assert!(may_have_shape(&text), "{}: {text:?}", rule.reason.id);
        }
    }
    for text in [
        "Stripe API key for payment processing",
        "Signs the sessions of users",
    ] {
        assert!(!may_have_shape(text));
    }
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
    let mut ids: Vec<&str> = RULES.iter().map(|rule| rule.reason.id).collect();
    ids.extend([RANDOM.id, WEBHOOK.id]);
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
        ("TENANT", "550e8400-e29b-41d4-a716-446655440000", "plain"),
        ("REQUEST", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "plain"),
        ("CHECK", "d41d8cd98f00b204e9800998ecf8427e", "plain"),
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
        ("SENTRY_DSN", "https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "name_dsn"),
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
        ("DEPLOY_WEBHOOK_URL", "https://api.example.com/deploy/¦srv-c1a2b3d4e5f6?key=a1B2c3D4e5", "webhook_url"),
        ("DEPLOY_WEBHOOK_URL", "https://example.com/hooks/github", "plain"),
        // By randomness.
        ("SIGNER", "4eC39HqLyjWDarjtT1¦zdp7dcVbN8mK2x", "high_entropy"),
        ("SIGNER", "q7R+v2Xk9/Zt4Lw8Bn3¦Yc6Hd1Mf5Jg0PsUaEiOyTrQ==", "high_entropy"),
        ("SIGNER", "k3j9x7q2m5n8b4v6c1z0¦a7s9d2f4", "high_entropy"),
        ("SIGNER", "kX9#mP2$vL5@nQ8!rT3%¦wZ7", "high_entropy"),
    ];
    assert!(cases.len() >= 80);
    for (name, value, expected) in cases {
        assert_eq!(id(name, value), expected, "{name}={value}");
    }
}

#[test]
fn a_reason_has_words_for_it() {
    let Verdict::Secret(reason) = judge("STRIPE_API_KEY", "abcdef123456") else {
        panic!("not a secret");
    };
    assert_eq!(reason.phrase(), "name ends in _KEY");
    assert_eq!(reason.clause(), "its name ends in _KEY");
    let reason = known_shape(&whole("token ghp_¦16C7e42F292c6912E7710c838347Ae178B4a"));
    assert_eq!(reason.unwrap().phrase(), "looks like a GitHub token");
    assert_eq!(reason.unwrap().clause(), "it looks like a GitHub token");
    assert_eq!(known_shape("Stripe API key for payment processing"), None);
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
