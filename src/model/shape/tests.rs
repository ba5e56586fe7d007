use super::*;
use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};

/// For each shape, values that have it and values that nearly have it.
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
    ("service_token", &["NRAK-¦ABCDEFGHIJKLMNOPQRSTUVWXYZ0", "tskey-auth-¦abcdefghijklmnop12", "dapi¦0123456789abcdef0123456789abcdef", "sk.eyJ¦1IjoibWUiLCJhIjoiYWJjIn0"], &["NRAK-", "tskey-", "dapi_version", "sk.eyJ"]),
    ("jwt", &["eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.dozjgNryP4J3", "Bearer eyJhbGciOiJIUzI1NiJ9.¦eyJzdWIiOiIxMjM0In0.x"], &["eyJhbGciOiJIUzI1NiJ9", "a.b.c"]),
    ("private_key", &["-----BEGIN ¦PRIVATE KEY-----\nMIIE", "-----BEGIN ¦OPENSSH PRIVATE KEY-----", "-----BEGIN PGP ¦PRIVATE KEY BLOCK-----", "{\"k\": \"-----BEGIN ¦RSA PRIVATE KEY-----\\n\"}"], &["-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----"]),
    ("age_key", &["AGE-SECRET-KEY-¦1QQPQZCE0Y2J0Z3QZGJ5SJ8ZJQWMPV5YF8ZQ0AJ6LSDV8D0E5WDSSZJ4UY"], &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss", "AGE-SECRET-KEY-1"]),
    ("url_password", &["postgres://app:¦s3cret@db:5432/app", "redis://:¦s3cret@cache:6379", "https://x:¦y@example.com", "mongodb+srv://u:¦p@a.mongodb.net/x"], &["postgres://app@db/app", "https://example.com:8080/a@b", "http://[::1]:80/", "postgres://u:${PW}@db/x", "mailto:a:b@c", "sqlite:///a.db"]),
    ("url_token", &["https://example.com/?a=1&token=¦abcdef123456", "https://x.blob.core.windows.net/c?sv=1&sig=¦abcdefgh%3D"], &["https://example.com/?token=", "https://example.com/?tokens=abcdef123456", "https://example.com/?page=12345678"]),
    ("url_key", &["https://eth-mainnet.g.alchemy.com/v2/¦abcdefghijklmnopqrstuvwxyz012345", "https://mainnet.infura.io/v3/¦0123456789abcdef0123456789abcdef", "https://hooks.zapier.¦com/hooks/catch/123456/abcdef1"], &["https://eth-mainnet.g.alchemy.com/v2/demo", "https://mainnet.infura.io/v3/"]),
    ("azure_connection", &["DefaultEndpointsProtocol=https;AccountName=x;AccountKey=¦abcdefghijklmnop==", "Endpoint=sb://x/;SharedAccessKeyName=a;SharedAccessKey=¦abcdefghijklmnop="], &["AccountName=x;AccountKey=", "AccountKey=short"]),
    ("config_secret", &["[Interface]\nPrivateKey = ¦q7RcvX2kAZt4Lw8Bn3Yc6Hd1Mf5Jg0PsUaEiOyTrQ0=", "//registry.npmjs.org/:_authToken=¦abcdefghijklmnop", "machine git.example.com login me password ¦abcdefgh"], &["PrivateKey=", "//registry.npmjs.org/:_authToken=${NPM_TOKEN}", "machine learning"]),
    ("connection_password", &["Server=db;User Id=sa;Password=¦s3cret;", "host=db user=app password=¦s3cret"], &["Server=db;Trusted_Connection=True", "password=", "password=${PW}", "show_password=1"]),
    ("json_secret", &["{\"client_secret\": \"¦abcdef\"}"], &["{\"client_id\": \"abcdef\"}", "{\"password\": \"\"}"]),
    ("password_hash", &["$2a$10$¦N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy", "$argon2id$¦v=19$m=65536,t=2,p=1$c29tZXNhbHQ$abc"], &["$2a$10$", "$1.50", "$HOME/a"]),
    ("basic_auth", &["Basic ¦dXNlcjpwYXNzd29yZA==", "Bearer ¦abcdefghijkl"], &["Basic", "Bearer token", "Basic plan for new users"]),

    ("public_key", &["-----BEGIN PUBLIC KEY-----\nMIIB", "-----BEGIN CERTIFICATE-----\nMIIB", "-----BEGIN PGP PUBLIC KEY BLOCK-----"], &["-----BEGIN PRIVATE KEY-----", "BEGIN PUBLIC KEY"]),
    ("ssh_public_key", &["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@here", "ssh-rsa AAAAB3"], &["ssh-rsa", "ssh me@here"]),
    ("age_recipient", &["age1qqpqzce0y2j0z3qzgj5sj8zjqwmpv5yf8zq0aj6lsdv8d0e5wdss"], &["age1", "age of reason"]),
    ("publishable_key", &["pk_test_4eC39HqLyjWDarjt", "pk.eyJ1IjoibWUifQ.abc"], &["sk_test_4eC39HqLyjWDarjt", "pk_live_"]),
    ("sentry_dsn", &["https://¦0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", "https://¦0123456789abcdef0123456789abcdef@sentry.example.com/app/42"], &["https://¦0123456789abcdef0123456789abcdef:0123456789abcdef0123456789abcdef@sentry.io/2", "https://me@sentry.io/2"]),
    ("secret_reference", &["arn:aws:kms:eu-west-1:123456789012:key/abc", "projects/app/secrets/db", "vault:secret/data/app#password"], &["arnold", "vault", "projects"]),
    ("email", &["me@example.com", "first.last+tag@mail.example.co.uk"], &["me@", "@example.com", "me@host", "p@ss!w.ord"]),
    ("boolean", &["true", "OFF", "disabled", "none"], &["truest", "onward", ""]),
    ("fraction_or_duration", &["15m", "7d", "10MB", "0.5s", "80%", "30 days"], &["m15", "15mx", "deadbeef"]),
    ("date", &["2026-01-21", "2026-01-21T10:00:00Z"], &["2026-01", "20260121"]),
    ("network", &["127.0.0.1", "10.0.0.0/8", "0.0.0.0:3000", "localhost:5432"], &["1.2.3", "localhosting"]),
    ("url", &["https://example.com/a?b=c", "sqlite:///data/app.db", "file:./dev.db"], &["https://app@example.com", "example.com"]),
    ("path", &["/etc/ssl/key.pem", "./keys/app.pem", "~/.ssh/id_ed25519", "/run/secrets/db", "C:\\keys\\app.pem", "service-account.key", "/data/app.key"], &["/", "K7MDENG/bPxRfiCYEXAMPLEKEY", "/bPxRfiCY/K7MDENG", "a b.c"]),
];

/// Joins a text that is cut in two by `¦`, so that this file holds nothing that a scanner for leaked
/// secrets would report.
fn joined(text: &str) -> String {
    text.replace('¦', "")
}

#[test]
fn each_shape_compiles_and_has_a_case_for_and_against() {
    for shape in SHAPES {
        let id = shape.evidence.id;
        let (_, matching, near) = CASES
            .iter()
            .find(|(case, ..)| *case == id)
            .unwrap_or_else(|| panic!("no case for {id}"));
        let pattern = Regex::new(shape.pattern).unwrap();
        assert!(!matching.is_empty() && !near.is_empty());
        for text in *matching {
            assert!(pattern.is_match(&joined(text)), "{id}: {text}");
        }
        for text in *near {
            assert!(!pattern.is_match(&joined(text)), "{id}: {text}");
        }
    }
    assert_eq!(CASES.len(), SHAPES.len());
    assert_eq!(COMPILED.len(), SHAPES.len());
}

/// Returns texts that a pattern matches: one for each alternative, as short as possible, with white
/// space wherever it is allowed.
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
fn every_shape_passes_the_quick_check() {
    for shape in SHAPES {
        if shape.kind == Kind::Public {
            continue;
        }
        // A parser of its own for each: flags outlive a pattern.
        let mut parser = regex_syntax::ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .build();
        let texts = shortest(&parser.parse(shape.pattern).unwrap());
        assert!(!texts.is_empty());
        for text in texts {
            assert!(may_have_shape(&text), "{}: {text:?}", shape.evidence.id);
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
fn evidence_reads_as_a_phrase_and_as_a_clause() {
    let evidence = known_shape(&joined("token ghp_¦16C7e42F292c6912E7710c838347Ae178B4a"));
    assert_eq!(evidence.unwrap().phrase(), "looks like a GitHub token");
    assert_eq!(evidence.unwrap().clause(), "it looks like a GitHub token");
    assert_eq!(known_shape("Stripe API key for payment processing"), None);
}
