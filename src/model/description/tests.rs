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
    let check =
        |text: &str, value: &str| Description::new(text, &path, Some(&SecretBytes::from(value)));
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
