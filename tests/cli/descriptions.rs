//! Descriptions: one line that says more than the key path.

use predicates::prelude::*;

use crate::sandbox::{KEY, Sandbox, json_of};

fn set<'s>(sandbox: &'s Sandbox, key: &str, description: &str) -> crate::sandbox::Run<'s> {
    let value = sandbox.canary();
    sandbox
        .secrets(&["set", key, "--no-env", "-d", description])
        .stdin(value)
}

#[test]
fn a_description_that_says_something_is_kept() {
    let sandbox = Sandbox::with_vault();
    for text in [
        "Stripe API key for payment processing",
        "PostgreSQL production database password",
        "SendGrid API key for transactional emails",
        "Schlüssel für die Zahlungen der Berliner Filiale",
        "決済サービスの本番環境用キー",
        "Key \"with\" 'quotes' --- and \\ = [brackets] # hash",
        "x1 2 3 four",
    ] {
        set(&sandbox, KEY, text).run().success();
        let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
        assert_eq!(list[0]["description"], text);
    }
}

#[test]
fn what_says_nothing_is_refused_and_a_good_one_is_shown() {
    let sandbox = Sandbox::with_vault();
    for (text, code) in [
        ("API key", "description_too_short"),
        ("Password", "description_too_short"),
        ("Secret", "description_too_short"),
        ("", "description_too_short"),
        ("          ", "description_too_short"),
        ("The secret API key", "description_says_nothing"),
        ("my new test password value", "description_says_nothing"),
        ("todo todo todo", "description_says_nothing"),
        ("Stripe API key", "description_says_nothing"),
        ("consilio stripe api key", "description_says_nothing"),
    ] {
        let failed = set(&sandbox, KEY, text).fails(2, code);
        failed.says("Stripe API key for payment processing");
    }
    let key = "project/x/stripe_api_key";
    set(&sandbox, key, "Stripe API key").fails(2, "description_says_nothing");
    set(&sandbox, key, "Stripe API key for payment processing")
        .run()
        .success();
}

#[test]
fn a_description_has_10_to_200_characters_of_one_line() {
    let sandbox = Sandbox::with_vault();
    let of = |length: usize| {
        "Zahlung à "
            .chars()
            .cycle()
            .take(length)
            .collect::<String>()
    };
    set(&sandbox, KEY, &of(9)).fails(2, "description_too_short");
    set(&sandbox, KEY, &of(201)).fails(2, "description_too_long");
    for length in [11, 199] {
        set(&sandbox, KEY, &of(length)).run().success();
    }
    for control in [
        "\n",
        "\r",
        "\t",
        "\u{1b}[31m",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{202e}",
    ] {
        let text = format!("Payments{control} of the shop");
        set(&sandbox, KEY, &text).fails(2, "description_forbidden_character");
    }
}

#[test]
fn a_description_that_is_not_unicode_is_refused() {
    let sandbox = Sandbox::with_vault();
    let text: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(b"Payments \xff of it");
    let set = sandbox
        .secrets(&["set", KEY, "--no-env", "-d"])
        .arg(text)
        .stdin("x");
    set.run()
        .code(2)
        .stderr(predicate::str::starts_with("secrets: error: "));
}
