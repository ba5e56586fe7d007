use super::mask::MAX_MASK_LEN;
use super::*;
use proptest::prelude::*;

fn kind(text: &str) -> Option<MaskKind> {
    mask_kind(&SecretBytes::from(text))
}

#[test]
fn a_value_has_one_byte_to_one_mebibyte() {
    assert_eq!(check_size(&SecretBytes::from("")), Err(ValueError::Empty));
    assert_eq!(check_size(&SecretBytes::from("x")), Ok(()));
    assert_eq!(check_size(&SecretBytes::new(vec![0; MAX_LEN])), Ok(()));
    let large = SecretBytes::new(vec![0; MAX_LEN + 1]);
    assert_eq!(check_size(&large), Err(ValueError::TooLong));
}

#[test]
fn only_text_without_nul_goes_to_an_env_file() {
    assert_eq!(env_text(&SecretBytes::from("grüße\n")), Ok("grüße\n"));
    let bytes = SecretBytes::new(vec![b'a', 0xff]);
    assert_eq!(env_text(&bytes), Err(ValueError::NotUtf8));
    assert_eq!(env_text(&SecretBytes::from("a\0b")), Err(ValueError::Nul));
}

#[test]
fn exactly_one_final_newline_is_dropped() {
    for (before, after) in [
        ("", ""),
        ("a", "a"),
        ("a\n", "a"),
        ("a\r\n", "a"),
        ("a\n\n", "a\n"),
        ("a\r\n\r\n", "a\r\n"),
        ("a\n\r\n", "a\n"),
        ("a\r", "a\r"),
        ("\n", ""),
        ("\r\n", ""),
        (" a \n", " a "),
        ("a\n ", "a\n "),
    ] {
        let value = drop_final_newline(SecretBytes::from(before));
        assert_eq!(value.expose(), after.as_bytes(), "{before:?}");
    }
}

#[test]
fn masks_are_recognised() {
    use MaskKind::{Blot, Cut, Nothing, Placeholder, Redacted, Reference};
    let masks = [
        ("***", Blot),
        ("********", Blot),
        ("****************************************", Blot),
        ("\"********\"", Blot),
        ("***\n", Blot),
        ("•••", Blot),
        ("••••••••••••", Blot),
        ("●●●●●●●●", Blot),
        ("████████", Blot),
        ("xxxx", Blot),
        ("XXXXXXXX", Blot),
        ("xxxx-xxxx-xxxx", Blot),
        ("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", Blot),
        ("****-****-****", Blot),
        ("...", Blot),
        ("…", Blot),
        ("######", Blot),
        ("???", Blot),
        ("[REDACTED]", Redacted),
        ("<redacted>", Redacted),
        ("REDACTED", Redacted),
        ("***REDACTED***", Redacted),
        ("[[redacted]]", Redacted),
        ("[REDACTED:stripe-key]", Redacted),
        ("[REDACTED_API_KEY]", Redacted),
        ("<redacted: 32 chars>", Redacted),
        ("(hidden)", Redacted),
        ("<hidden>", Redacted),
        ("[FILTERED]", Redacted),
        ("[Filtered]", Redacted),
        ("[MASKED]", Redacted),
        ("__MASKED__", Redacted),
        ("(sensitive value)", Redacted),
        ("[SENSITIVE]", Redacted),
        ("<value removed>", Redacted),
        ("{{redacted}}", Redacted),
        ("sk_live_...xyz", Cut),
        ("sk_live_…xyz", Cut),
        ("sk_live_...", Cut),
        ("sk-...", Cut),
        ("sk-ant-...abcd", Cut),
        ("eyJhbGciOiJIUzI1NiJ9...", Cut),
        ("a1b2...9z8y", Cut),
        ("4eC3…dp7d", Cut),
        ("sk_live_****1234", Cut),
        ("sk_live_***", Cut),
        ("sk_live_••••1234", Cut),
        ("ghp_********************", Cut),
        ("ghp_xxxxxxxxxxxxxxxxxxxx", Cut),
        ("AKIAXXXXXXXXXXXXXXXX", Cut),
        ("****************WXYZ", Cut),
        ("****1234", Cut),
        ("***1234", Cut),
        ("abcd****wxyz", Cut),
        ("SecretStr('**********')", Cut),
        ("postgres://app:***@db/app", Cut),
        ("postgres://app:xxxxx@db/app", Cut),
        ("https://app:[REDACTED]@example.com", Cut),
        ("redis://:********@cache:6379", Cut),
        ("your-api-key-here", Placeholder),
        ("<your-key>", Placeholder),
        ("YOUR_API_KEY", Placeholder),
        ("your_password", Placeholder),
        ("your-super-secret-jwt-token", Placeholder),
        ("yourpassword", Placeholder),
        ("sk_live_your_key_here", Placeholder),
        ("sk-your-openai-key", Placeholder),
        ("[your token here]", Placeholder),
        ("<STRIPE_KEY>", Placeholder),
        ("<token>", Placeholder),
        ("(not set)", Placeholder),
        ("[secret]", Placeholder),
        ("changeme", Placeholder),
        ("change_me", Placeholder),
        ("CHANGE-ME", Placeholder),
        ("ChangeMe!", Placeholder),
        ("replace-me", Placeholder),
        ("REPLACE_WITH_YOUR_TOKEN", Placeholder),
        ("replace-with-real-key", Placeholder),
        ("placeholder", Placeholder),
        ("todo", Placeholder),
        ("TODO: change me", Placeholder),
        ("FIXME", Placeholder),
        ("tbd", Placeholder),
        ("api-key-here", Placeholder),
        ("secret_goes_here", Placeholder),
        ("insert-your-token", Placeholder),
        ("Enter your API key", Placeholder),
        ("paste your key here", Placeholder),
        ("${STRIPE_KEY}", Reference),
        ("$STRIPE_KEY", Reference),
        ("{{ stripe_key }}", Reference),
        ("${{ secrets.STRIPE_KEY }}", Reference),
        ("%STRIPE_KEY%", Reference),
        ("process.env.STRIPE_KEY", Reference),
        ("undefined", Nothing),
        ("null", Nothing),
        ("None", Nothing),
        ("[object Object]", Nothing),
    ];
    assert!(masks.len() >= 60);
    for (text, expected) in masks {
        assert_eq!(kind(text), Some(expected), "{text}");
    }
}

#[test]
fn values_are_not_taken_for_masks() {
    let values = [
        "password123",
        "postgres",
        "secret",
        "xxxxx1",
        "a***b",
        "p**ssword",
        "hello***",
        "*",
        "**",
        "x",
        "xx",
        "xxx",
        "none",
        "nil",
        "false",
        "0",
        "12345678",
        "000000",
        "00000000-0000-0000-0000-000000000000",
        "hunter2",
        "changeit",
        "admin",
        "test",
        "hidden",
        "masked",
        "filtered",
        "protected",
        "my-secret-key",
        "mysecret",
        "super-secret-jwt-token",
        "dummy",
        "example",
        "letmein",
        "yourmother",
        "your",
        "here",
        "key",
        "token",
        "correct horse battery staple",
        "where is your cat",
        "wait...what",
        "hello...",
        "main...topic",
        "1...10",
        "./...",
        "**/*.ts",
        "*/5 * * * *",
        "../../keys",
        "P@ss.w0rd...",
        "a....b",
        "$ecret",
        "$ECRET",
        "$1$abc",
        "$2a$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
        "100%",
        "%d",
        "sk_live_4eC39HqLyjWDar",
        "whsec_dGhpcyBpcyBhIHRlc3Q",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "postgres://app:secret@db/app",
        "postgres://app:p***s@db/app",
        "postgres://db/app",
        "https://example.com/***",
        "[]",
        "[1, 2]",
        "[\"a\", \"b\"]",
        "{}",
        "{\"key\": \"a\"}",
        "(a|b)",
        "<a1b2c3>",
        "<k9!x#>",
        "#fff",
        "##",
        "a#b",
        "...a",
        "x7xxQxx2",
        "C0rrectXXXXhorse",
        "Zq8*xL3**pW9",
        "todo-list-db",
        "{\"hidden\": true}",
        "[\"masked\"]",
        "{hidden: true}",
        "(hidden|visible)",
        "placeholder9x",
        "changeme9!kQ2",
        "nullable",
        "undefined_behaviour",
        "None of your business",
        "set me free 42",
        "add salt",
        "[main]",
        "(a)",
        "__init__",
        "-----BEGIN KEY-----",
        "-----BEGIN X-----\n********\n-----END X-----",
        "//****//\nkey=1",
    ];
    assert!(values.len() >= 60);
    for text in values {
        assert_eq!(kind(text), None, "{text}");
    }
}

#[test]
fn bytes_and_long_texts_are_no_masks() {
    assert_eq!(mask_kind(&SecretBytes::new(vec![0xff; 8])), None);
    assert_eq!(kind(&"*".repeat(MAX_MASK_LEN)), Some(MaskKind::Blot));
    assert_eq!(kind(&"*".repeat(MAX_MASK_LEN + 1)), None);
    assert_eq!(kind(""), None);
    assert_eq!(kind("\n"), None);
}

#[test]
fn what_only_may_be_a_mask_is_not_refused() {
    for text in ["${STRIPE_KEY}", "%STRIPE_KEY%", "null", "None", "undefined"] {
        let doubt = check_not_mask(&SecretBytes::from(text)).unwrap();
        assert!(doubt.is_some_and(|kind| !kind.is_certain()), "{text}");
    }
    assert_eq!(check_not_mask(&SecretBytes::from("<flint>")), Ok(None));
}

#[test]
fn an_error_names_the_kind_and_not_the_value() {
    let value = SecretBytes::from("sk_live_****canary");
    let error = check_not_mask(&value).unwrap_err();
    assert_eq!(error.code(), "value_is_mask");
    assert_eq!(
        error.to_string(),
        "the value is a mask or a placeholder: its middle was cut out or starred out"
    );
    assert!(!format!("{error:?}").contains("canary"));
}

proptest! {
    #[test]
    fn random_values_are_never_masks(value in "[A-Za-z0-9+/]{12,64}={0,2}") {
        prop_assert_eq!(kind(&value), None);
    }

    #[test]
    fn random_passwords_are_never_masks(value in "[!-~]{10,40}") {
        prop_assert_eq!(kind(&value), None);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let value = SecretBytes::new(bytes);
        let _ = (check_size(&value), env_text(&value).is_ok(), mask_kind(&value));
        let shorter = drop_final_newline(value.clone());
        prop_assert!(value.len() - shorter.len() <= 2);
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = kind(&text);
    }

    #[test]
    fn no_near_mask_makes_it_panic(text in "[*•…x.<>\\[\\](){}$%'\"a:/@ -]{0,12}") {
        let _ = kind(&text);
    }
}
