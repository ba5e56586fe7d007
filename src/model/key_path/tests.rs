use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn path(text: &str) -> KeyPath {
    KeyPath::parse(text).unwrap()
}

fn rule(text: &str) -> KeyPathRule {
    KeyPath::parse(text).unwrap_err().rule()
}

fn segment(part: Part, rule: NameRule) -> KeyPathRule {
    KeyPathRule::Segment { part, rule }
}

#[test]
fn the_paths_of_the_workflow_are_accepted() {
    for text in [
        "project/consilio/stripe_api_key",
        "project/odin/openai_api_key",
        "project/openhorizon/jwt_secret",
        "project/health-agent/telegram_bot_token",
        "project/consilio-production/stripe_api_key",
        "project/0x/a",
        "project/my_app_/a_",
        "meta/cloudflare/api_token",
        "meta/gcloud/service_account_key",
        "project/console/nullable",
        "project/com10/com",
    ] {
        assert_eq!(path(text).to_string(), text);
    }
}

#[test]
fn parts_are_accessible() {
    let key = path("project/health-agent/telegram_bot_token");
    assert_eq!(key.scope(), Scope::Project);
    assert_eq!(key.owner().as_str(), "health-agent");
    assert_eq!(key.project().unwrap().as_str(), "health-agent");
    assert_eq!(key.secret().as_str(), "telegram_bot_token");
    assert_eq!(key.env_name(), "TELEGRAM_BOT_TOKEN");
    assert_eq!(path("meta/cloudflare/api_token").project(), None);
    assert_eq!(
        serde_json::to_string(&key).unwrap(),
        "\"project/health-agent/telegram_bot_token\""
    );
}

#[test]
fn each_rule_is_named() {
    use NameRule as N;
    use Part::{Project, Provider, Secret};
    let long = "a".repeat(64);
    for (text, expected) in [
        ("", KeyPathRule::Empty),
        (&"a/".repeat(101), KeyPathRule::TooLong),
        ("/project/a/b", KeyPathRule::OuterSlash),
        ("project/a/", KeyPathRule::OuterSlash),
        ("project", KeyPathRule::SegmentCount(1)),
        ("project/a", KeyPathRule::SegmentCount(2)),
        ("project/a/b/c", KeyPathRule::SegmentCount(4)),
        ("a/b", KeyPathRule::UnknownScope),
        ("vault/a/b", KeyPathRule::UnknownScope),
        ("Project/a/b", KeyPathRule::UnknownScope),
        ("project//b", segment(Project, N::Empty)),
        ("meta//b", segment(Provider, N::Empty)),
        ("project/A/b", segment(Project, N::UpperCase)),
        ("project/a/B", segment(Secret, N::UpperCase)),
        ("project/a/b-c", segment(Secret, N::Dash)),
        ("project/a.b/c", segment(Project, N::Character)),
        ("project/../c", segment(Project, N::Character)),
        ("project/./c", segment(Project, N::Character)),
        ("project/a/b.c", segment(Secret, N::Character)),
        ("project/a\\b/c", segment(Project, N::Character)),
        ("project/a/b\0", segment(Secret, N::Character)),
        ("project/a/b\n", segment(Secret, N::Character)),
        ("project/é/b", segment(Project, N::Character)),
        ("project/a/ﬁ", segment(Secret, N::Character)),
        ("project/-a/b", segment(Project, N::Start)),
        ("project/_a/b", segment(Project, N::Start)),
        ("project/a/1b", segment(Secret, N::Start)),
        ("project/a/_b", segment(Secret, N::Start)),
        ("project/a-/b", segment(Project, N::End)),
        (&format!("project/{long}/b"), segment(Project, N::TooLong)),
        (&format!("project/a/{long}"), segment(Secret, N::TooLong)),
        ("project/con/b", segment(Project, N::DeviceName)),
        ("meta/aux/b", segment(Provider, N::DeviceName)),
        ("project/a/nul", segment(Secret, N::DeviceName)),
        ("project/a/prn", segment(Secret, N::DeviceName)),
        ("project/a/com0", segment(Secret, N::DeviceName)),
        ("project/a/com1", segment(Secret, N::DeviceName)),
        ("project/lpt9/b", segment(Project, N::DeviceName)),
    ] {
        assert_eq!(rule(text), expected, "{text:?}");
    }
    let longest = format!("project/{}/{}", "a".repeat(63), "b".repeat(63));
    assert_eq!(path(&longest).to_string(), longest);
}

#[test]
fn the_nearest_right_path_is_derived() {
    for (wrong, right) in [
        ("consilio-stripe-key", "project/consilio/stripe_key"),
        ("project/CONSILIO/Key", "project/consilio/key"),
        ("project/consilio/stripe-key", "project/consilio/stripe_key"),
        ("consilio/stripe_key", "project/consilio/stripe_key"),
        ("consilio/STRIPE_API_KEY", "project/consilio/stripe_api_key"),
        (
            "project/consilio/stripeApiKey",
            "project/consilio/stripe_api_key",
        ),
        (
            "project/consilio/StripeAPIKey",
            "project/consilio/stripe_api_key",
        ),
        ("project/consilio/s3Key", "project/consilio/s3_key"),
        (
            "project/consilio/callbackURLs",
            "project/consilio/callback_urls",
        ),
        ("project/consilio/BASE64KEY", "project/consilio/base64key"),
        (
            "project/HealthAgent/BotToken",
            "project/health-agent/bot_token",
        ),
        (
            "project\\consilio\\stripe_key",
            "project/consilio/stripe_key",
        ),
        ("project/consilio/stripe key", "project/consilio/stripe_key"),
        ("project/my app/stripe.key", "project/my-app/stripe_key"),
        (
            "/project/consilio/stripe_key",
            "project/consilio/stripe_key",
        ),
        (
            "project/consilio/stripe_key/",
            "project/consilio/stripe_key",
        ),
        (
            "project//consilio///stripe_key",
            "project/consilio/stripe_key",
        ),
        (
            " project/consilio/stripe_key ",
            "project/consilio/stripe_key",
        ),
        (
            "\"project/consilio/stripe_key\"",
            "project/consilio/stripe_key",
        ),
        ("project/consilio/stripe/key", "project/consilio/stripe_key"),
        ("project/consilio-stripe-key", "project/consilio/stripe_key"),
        ("project-consilio-stripe-key", "project/consilio/stripe_key"),
        ("project.consilio.stripe_key", "project/consilio/stripe_key"),
        ("project:consilio:stripe_key", "project/consilio/stripe_key"),
        (
            "projects/consilio/stripe_key",
            "project/consilio/stripe_key",
        ),
        ("porject/consilio/stripe_key", "project/consilio/stripe_key"),
        ("Meta/Cloudflare/API-Token", "meta/cloudflare/api_token"),
        ("META/cloudflare/api_token", "meta/cloudflare/api_token"),
        ("meta-cloudflare-api-token", "meta/cloudflare/api_token"),
        ("project/consilio/_key", "project/consilio/key"),
        ("project/consilio-/key", "project/consilio/key"),
        ("project/CONSILIO/a__b", "project/consilio/a__b"),
    ] {
        let error = KeyPath::parse(wrong).unwrap_err();
        let nearest = error.nearest().map(ToString::to_string);
        assert_eq!(nearest.as_deref(), Some(right), "{wrong:?}");
    }
}

#[test]
fn where_it_would_be_guessing_there_is_no_nearest_path() {
    for wrong in [
        "",
        "/",
        "---",
        "STRIPE_API_KEY",
        "stripe_api_key",
        "consilio",
        "project",
        "project/",
        "project/stripe_api_key",
        "vault/consilio/stripe_key",
        "consilio/stripe/key",
        "project/../stripe_key",
        "../../etc/passwd",
        "project/consilio/clé",
        "project/consilio/2fa_key",
        "project/consilio/aux",
        "project/consilio/key\0",
        "project/consilio/key\x1b[31m",
    ] {
        let error = KeyPath::parse(wrong).unwrap_err();
        assert_eq!(error.nearest(), None, "{wrong:?}");
    }
}

#[test]
fn an_error_shows_what_was_typed_escaped_and_cut() {
    let text = KeyPath::parse("project/CONSILIO/Key")
        .unwrap_err()
        .to_string();
    assert_eq!(
        text,
        "'project/CONSILIO/Key' is not a key path: the project has a capital letter"
    );
    let text = KeyPath::parse("project/a/b\x1b]0;x\x07\u{202e}\u{200b}\n")
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("\\u{1b}]0;x\\u{7}\\u{202e}\\u{200b}\\n"),
        "{text}"
    );
    assert!(!text.chars().any(char::is_control));
    let text = KeyPath::parse(&"a ".repeat(1000)).unwrap_err().to_string();
    assert!(text.chars().count() < 160, "{text}");
}

#[test]
fn what_may_be_a_secret_is_neither_shown_nor_suggested() {
    // Cut in two, so that scanners for leaked secrets pass over this file.
    for secret in [
        "hunter2",
        "P@ssword",
        "Tr0ub4dor&3",
        "sk_live_¦4eC39HqLyjWDarjtT1zdp7dc",
        "ghp_¦16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIA¦IOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/¦K7MDENG/bPxRfiCYEXAMPLEKEY",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0¦.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "postgres://app:¦s3cr3t@db/app",
        "consilio-4eC39HqLyjWDarjtT1zdp7dc",
        "project/consilio/4eC39HqLyjWDarjtT1zdp7dc",
        "abcdefghijklmnopqrstuvwxyzabcdefghij",
        "xoxb-¦aaaaaaaaaaaa",
        "dsn=redis://:¦pw@cache/x",
    ] {
        let secret = &secret.replace('¦', "");
        let error = KeyPath::parse(secret).unwrap_err();
        assert_eq!(error.shown(), None, "{secret}");
        assert_eq!(error.nearest(), None, "{secret}");
        assert!(!format!("{error} {error:?}").contains(secret), "{secret}");
        let error = KeyPrefix::parse(secret).unwrap_err();
        assert_eq!(error.nearest(), None, "{secret}");
        assert!(!format!("{error} {error:?}").contains(secret), "{secret}");
    }
}

#[test]
fn a_variable_and_its_secret_map_one_to_one() {
    let project: OwnerName = "consilio".parse().unwrap();
    let exact = |name| KeyPath::from_env_name(&project, name).map(|key| key.to_string());
    assert_eq!(
        exact("STRIPE_API_KEY").as_deref(),
        Some("project/consilio/stripe_api_key")
    );
    for name in [
        "",
        "stripe_api_key",
        "Stripe",
        "STRIPE-KEY",
        "STRIPE.KEY",
        "_KEY",
        "2FA",
        "CON",
        "KEY ",
        "ÄPFEL",
        "KEY\0",
    ] {
        assert_eq!(exact(name), None, "{name:?}");
    }
}

#[test]
fn a_variable_in_another_form_gets_a_near_path() {
    let project: OwnerName = "consilio".parse().unwrap();
    for (name, secret) in [
        ("STRIPE_API_KEY", Some("stripe_api_key")),
        ("stripe.api-key", Some("stripe_api_key")),
        ("stripeApiKey", Some("stripe_api_key")),
        ("stripe_api_key", Some("stripe_api_key")),
        ("_PRIVATE", Some("private")),
        ("2FA_SEED", Some("var_2fa_seed")),
        ("CON", Some("var_con")),
        ("", None),
        ("ключ", None),
        ("A\nB", None),
    ] {
        let nearest = KeyPath::nearest_for_env_name(&project, name);
        let nearest = nearest.map(|key| key.secret().to_string());
        assert_eq!(nearest.as_deref(), secret, "{name:?}");
    }
}

#[test]
fn names_alone_follow_the_same_rules() {
    assert!("health-agent".parse::<OwnerName>().is_ok());
    assert!("health-agent".parse::<SecretName>().is_err());
    let error = "Health Agent".parse::<OwnerName>().unwrap_err();
    assert_eq!(error.nearest(), Some("health-agent"));
    assert_eq!(error.rule(), NameRule::UpperCase);
    assert_eq!(error.code(), "invalid_project_name");
    assert_eq!(
        error.to_string(),
        "'Health Agent' is not a project name: it has a capital letter"
    );
}

#[test]
fn a_prefix_matches_by_its_text() {
    let key = path("project/consilio/stripe_key");
    for text in [
        "p",
        "project",
        "project/",
        "project/con",
        "project/consilio",
        "project/consilio/",
        "project/consilio/stripe",
        "project/consilio/stripe_key",
    ] {
        assert!(KeyPrefix::parse(text).unwrap().matches(&key), "{text}");
    }
    for text in [
        "m",
        "meta",
        "meta/consilio",
        "project/consilio-",
        "project/consilio-production",
        "project/consilio/stripe_key_2",
        "project/cons/",
    ] {
        assert!(!KeyPrefix::parse(text).unwrap().matches(&key), "{text}");
    }
    let other = path("project/consilio-production/stripe_key");
    assert!(
        KeyPrefix::parse("project/consilio")
            .unwrap()
            .matches(&other)
    );
    assert!(
        !KeyPrefix::parse("project/consilio/")
            .unwrap()
            .matches(&other)
    );
}

#[test]
fn what_cannot_begin_a_key_path_is_an_error() {
    for (text, nearest) in [
        ("", None),
        ("/", None),
        ("consilio", Some("project/consilio")),
        ("consilio/", Some("project/consilio/")),
        ("project/CONSILIO", Some("project/consilio")),
        ("Project", Some("project")),
        ("/project/consilio/", Some("project/consilio/")),
        ("project/consilio/stripe-", Some("project/consilio/stripe")),
        (
            "project/consilio/stripe-key",
            Some("project/consilio/stripe_key"),
        ),
        (
            "project/consilio/stripe_key/",
            Some("project/consilio/stripe_key"),
        ),
        ("project/con/", None),
        ("project//", None),
        ("project/a/b/c", Some("project/a/b_c")),
        ("proj/consilio", Some("project/consilio")),
        ("project/*", None),
        ("..", None),
    ] {
        let error = KeyPrefix::parse(text).unwrap_err();
        assert_eq!(error.nearest().map(KeyPrefix::as_str), nearest, "{text:?}");
        assert_eq!(error.code(), "invalid_prefix");
    }
}

#[test]
fn paths_sort_as_their_text_does() {
    let texts = BTreeSet::from([
        "meta/cloudflare/api_token",
        "project/a-b/x",
        "project/a/x",
        "project/a/x_y",
        "project/a0/x",
        "project/a_b/x",
    ]);
    let paths: BTreeSet<KeyPath> = texts.iter().map(|text| path(text)).collect();
    let sorted: Vec<String> = paths.iter().map(ToString::to_string).collect();
    assert!(sorted.iter().eq(texts.iter()));
}

/// Texts close enough to key paths that many are accepted.
fn near_paths() -> impl Strategy<Value = String> {
    prop_oneof![
        "(project|meta|Project|vault)/[a-z0-9_-]{0,8}/[a-z0-9_-]{0,8}",
        "(project|meta)/(con|nul|com[0-9]|lpt[0-9]|\\.\\.|\\.)/[a-z]{1,3}",
        "[a-zA-Z0-9_./\\\\ :-]{0,40}",
        any::<String>(),
    ]
}

fn paths() -> impl Strategy<Value = KeyPath> {
    "(project|meta)/[a-z0-9][a-z0-9_-]{0,62}/[a-z][a-z0-9_]{0,62}"
        .prop_filter_map("grammar", |text| KeyPath::parse(&text).ok())
}

proptest! {
    #[test]
    fn parse_after_display_is_the_identity(key in paths()) {
        prop_assert_eq!(KeyPath::parse(&key.to_string()), Ok(key));
    }

    #[test]
    fn display_after_parse_is_the_identity(text in near_paths()) {
        if let Ok(key) = KeyPath::parse(&text) {
            prop_assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn no_accepted_path_can_leave_the_vault(text in near_paths()) {
        if let Ok(key) = KeyPath::parse(&text) {
            let text = key.to_string();
            prop_assert!(text.len() <= MAX_LEN);
            prop_assert!(!text.contains(['.', '\\', ':', '\0', '~']));
            prop_assert_eq!(text.split('/').filter(|part| !part.is_empty()).count(), 3);
            let relative = std::path::Path::new(&text);
            let normal = |part| matches!(part, std::path::Component::Normal(_));
            prop_assert_eq!(relative.components().filter(|&part| normal(part)).count(), 3);
            prop_assert_eq!(relative.components().count(), 3);
        }
    }

    // Folding case and normalising leave every accepted path as it is, so two that differ
    // still differ afterwards.
    #[test]
    fn no_two_accepted_paths_collide_on_disk(text in near_paths()) {
        if let Ok(key) = KeyPath::parse(&text) {
            let text = key.to_string();
            prop_assert!(text.is_ascii()); // ASCII is its own NFC, NFD, NFKC and NFKD
            prop_assert_eq!(text.to_lowercase(), text.clone());
            let upper = text.to_uppercase();
            prop_assert!(KeyPath::parse(&upper).is_err());
        }
    }

    #[test]
    fn the_variable_leads_back_to_the_path(key in paths()) {
        if let Some(project) = key.project() {
            let back = KeyPath::from_env_name(project, &key.env_name());
            prop_assert_eq!(back, Some(key));
        }
    }

    #[test]
    fn from_env_name_is_exact_or_nothing(name in "[A-Z0-9_a-z.-]{0,70}") {
        let project: OwnerName = "consilio".parse().unwrap();
        if let Some(key) = KeyPath::from_env_name(&project, &name) {
            prop_assert_eq!(key.env_name(), name);
        }
    }

    #[test]
    fn what_is_suggested_is_always_right(text in near_paths()) {
        if let Err(error) = KeyPath::parse(&text) {
            prop_assert!(!error.to_string().chars().any(char::is_control));
            if let Some(nearest) = error.nearest() {
                prop_assert_eq!(&KeyPath::parse(&nearest.to_string()).unwrap(), nearest);
            }
        }
        let nearest = KeyPrefix::parse(&text).err().and_then(|error| error.nearest().cloned());
        if let Some(nearest) = nearest {
            prop_assert_eq!(KeyPrefix::parse(nearest.as_str()), Ok(nearest));
        }
        let error = text.parse::<OwnerName>().err();
        if let Some(nearest) = error.as_ref().and_then(NameError::nearest) {
            prop_assert!(nearest.parse::<OwnerName>().is_ok());
        }
        let project: OwnerName = "consilio".parse().unwrap();
        if let Some(key) = KeyPath::nearest_for_env_name(&project, &text) {
            prop_assert_eq!(KeyPath::parse(&key.to_string()), Ok(key));
        }
    }

    #[test]
    fn every_beginning_of_a_path_is_a_prefix_that_matches(key in paths(), cut in 1usize..140) {
        let text = key.to_string();
        let beginning = &text[..cut.min(text.len())];
        prop_assert!(KeyPrefix::parse(beginning).unwrap().matches(&key));
    }

    #[test]
    fn a_prefix_matches_what_begins_with_its_text(key in paths(), text in near_paths()) {
        if let Ok(prefix) = KeyPrefix::parse(&text) {
            prop_assert_eq!(prefix.matches(&key), key.to_string().starts_with(&text));
        }
    }
}

#[test]
fn the_secret_that_was_meant_is_a_slip_away_or_has_the_name() {
    let there: Vec<KeyPath> = [
        "meta/aws/api_key",
        "project/consilio/jwt_secret",
        "project/consilio/stripe_api_key",
        "project/odin/jwt_secret",
        "project/x/a",
    ]
    .map(path)
    .to_vec();
    for (typed, meant) in [
        (
            "project/consilio/stripe_api_kay",
            &["project/consilio/stripe_api_key"][..],
        ),
        (
            "project/consilo/stripe_api_key",
            &["project/consilio/stripe_api_key"],
        ),
        ("STRIPE_API_KEY", &["project/consilio/stripe_api_key"]),
        (
            "JWT_SECRET",
            &["project/consilio/jwt_secret", "project/odin/jwt_secret"],
        ),
        // Itself, too far away, too short to be a slip, and nothing like a name.
        ("project/odin/jwt_secret", &[]),
        ("project/consilio/other_key", &[]),
        ("project/x/b", &[]),
        ("sk_live_51Hx4eC39HqLyjWDarjtT1zdp7dc", &[]),
        ("", &[]),
    ] {
        let found: Vec<String> = KeyPath::nearest_of(typed, &there)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(found, meant, "{typed}");
    }
    let many: Vec<KeyPath> = (0..9)
        .map(|number| path(&format!("project/p{number}/jwt_secret")))
        .collect();
    assert!(KeyPath::nearest_of("JWT_SECRET", &many).is_empty());
}
