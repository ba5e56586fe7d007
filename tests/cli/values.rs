//! Values: where they come from, how much of them is kept, which are refused.

use std::fs;

use predicates::prelude::PredicateBooleanExt as _;
use predicates::str::contains;

use crate::sandbox::{DESCRIPTION, Failed, KEY, NAME, Sandbox};

#[test]
fn exactly_one_final_newline_of_standard_input_is_dropped() {
    let sandbox = Sandbox::with_env("");
    for (given, kept) in [
        ("", ""),
        ("\n", ""),
        ("\r\n", ""),
        ("\n\n", "\n"),
        ("\r\n\r\n", "\r\n"),
        ("\n\r\n", "\n"),
        ("\r", "\r"),
        (" \n", " "),
        ("\t \n", "\t "),
    ] {
        let value = sandbox.canary();
        sandbox
            .set(KEY, format!("{value}{given}"))
            .arg("--no-env")
            .run()
            .success();
        assert_eq!(
            sandbox.get(KEY),
            format!("{value}{kept}").into_bytes(),
            "{given:?}"
        );
    }
}

#[test]
fn exact_keeps_the_final_newline() {
    let sandbox = Sandbox::with_env("");
    for end in ["", "\n", "\r\n", "\n\n"] {
        let value = format!("{}{end}", sandbox.canary());
        sandbox
            .set(KEY, &value)
            .args(&["--no-env", "--exact"])
            .run()
            .success();
        assert_eq!(sandbox.get(KEY), value.as_bytes(), "{end:?}");
    }
}

#[test]
fn blanks_and_newlines_before_a_value_are_kept() {
    let sandbox = Sandbox::with_vault();
    let value = format!(" \t\n\n{} x", sandbox.canary());
    sandbox.set(KEY, &value).arg("--no-env").run().success();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}

#[test]
fn a_file_is_taken_byte_for_byte() {
    let sandbox = Sandbox::with_vault();
    for end in ["", "\n", "\r\n", "\n\n", "\0\n"] {
        let value = format!("-----BEGIN-----\n{}{end}", sandbox.canary());
        let file = sandbox.file("work/value.pem", &value);
        let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION, "--no-env", "--from-file"]);
        set.arg(file).run().success();
        assert_eq!(sandbox.get(KEY), value.as_bytes(), "{end:?}");
    }
}

#[test]
fn a_file_with_a_final_newline_reaches_the_env_file_with_it() {
    let sandbox = Sandbox::with_env("");
    let value = format!("{}\n", sandbox.canary());
    let file = sandbox.file("work/value", &value);
    let set = sandbox
        .secrets(&["set", KEY, "-d", DESCRIPTION, "--from-file"])
        .arg(file);
    set.run().success();
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    let read = dotenvy::from_path_iter(sandbox.env_file()).unwrap();
    let read: Vec<(String, String)> = read.map(Result::unwrap).collect();
    assert_eq!(read, [(NAME.to_owned(), value)]);
}

#[test]
fn a_file_that_cannot_be_a_value_is_refused() {
    let sandbox = Sandbox::with_vault();
    let from = |file: &str| {
        let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION, "--no-env", "--from-file"]);
        set.arg(file)
    };
    from("not-there").fails(2, "no_value").says("--from-file");
    from(".").fails(2, "io");
    from(sandbox.file("work/empty", "").to_str().unwrap()).fails(2, "value_empty");
    from("/dev/zero").run().code(2);
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn a_value_can_come_from_the_environment_untrimmed() {
    let sandbox = Sandbox::with_vault();
    let value = format!(" {} \n", sandbox.canary());
    let set = sandbox.secrets(&[
        "set",
        KEY,
        "-d",
        DESCRIPTION,
        "--no-env",
        "--from-env",
        "MINE",
    ]);
    set.var("MINE", &value).run().success();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    let set = |name: &str| {
        sandbox.secrets(&[
            "set",
            KEY,
            "-d",
            DESCRIPTION,
            "--no-env",
            "--from-env",
            name,
        ])
    };
    set("ABSENT").fails(2, "no_value").says("ABSENT");
    set("EMPTY").var("EMPTY", "").fails(2, "no_value");
}

#[test]
fn nothing_is_not_a_value() {
    let sandbox = Sandbox::with_env("");
    for nothing in ["", "\n", "\r\n"] {
        sandbox
            .set(KEY, nothing)
            .fails(2, "value_empty")
            .says("secrets set");
    }
    sandbox
        .set(KEY, "\n")
        .args(&["--exact", "--no-env"])
        .run()
        .success();
    assert_eq!(sandbox.get(KEY), b"\n");
}

#[test]
fn one_mebibyte_is_stored_and_a_byte_more_is_refused() {
    let sandbox = Sandbox::with_vault();
    let canary = sandbox.canary();
    let largest = format!("{canary}{}", "x".repeat((1 << 20) - canary.len()));
    let larger = format!("{largest}x");
    let file = sandbox.file("work/large", &larger);
    let no_env = |value: &str| sandbox.set(KEY, value).arg("--no-env");
    no_env(&larger).fails(2, "value_too_long");
    no_env(&format!("{larger}\n")).fails(2, "value_too_long");
    no_env(&format!("{largest}\n"))
        .arg("--exact")
        .fails(2, "value_too_long");
    let set = sandbox.secrets(&["set", KEY, "-d", DESCRIPTION, "--no-env", "--from-file"]);
    set.arg(&file).fails(2, "value_too_long");
    no_env(&format!("{largest}\r\n")).run().success();
    assert_eq!(sandbox.get(KEY), largest.as_bytes());
    sandbox.store("project/consilio/exact", &largest);
    assert_eq!(sandbox.get("project/consilio/exact"), largest.as_bytes());
}

#[test]
fn one_byte_is_enough() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, "x").run().success();
    assert_eq!(sandbox.get(KEY), b"x");
    assert_eq!(sandbox.env(), format!("{NAME}=x\n"));
}

#[test]
fn what_is_not_text_is_stored_and_kept_out_of_env_files() {
    let sandbox = Sandbox::with_env("A=1\n");
    for (bytes, code) in [
        (&b"\xff\xfe"[..], "value_not_utf8"),
        (&b"\0"[..], "value_has_nul"),
    ] {
        let value = [sandbox.canary().as_bytes(), bytes].concat();
        sandbox.set(KEY, &value).fails(2, code).says("--no-env");
        sandbox.set(KEY, &value).arg("--no-env").run().success();
        assert_eq!(sandbox.get(KEY), value);
    }
    assert_eq!(sandbox.env(), "A=1\n");
    assert_eq!(sandbox.versions(KEY), 2);
}

#[test]
fn masks_are_refused_in_the_vault_and_in_the_env_file() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    for mask in [
        "***",
        "********",
        "[REDACTED]",
        "<redacted>",
        "sk_live_...xyz",
        "your-api-key-here",
        "changeme",
        "••••••••",
        "<your-key>",
        "sk_live_****************wxyz",
    ] {
        sandbox
            .set(KEY, mask)
            .fails(2, "value_is_mask")
            .says("--force");
    }
    assert_eq!(sandbox.env(), format!("{NAME}={value}\n"));
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn what_only_may_be_a_mask_is_taken_with_a_warning() {
    let sandbox = Sandbox::with_env("");
    let warning = "the value may be none";
    for value in ["${STRIPE_API_KEY}", "{{ stripe }}", "undefined", "null"] {
        let taken = sandbox.set(KEY, value).run().success();
        taken.stderr(contains(warning));
        assert_eq!(sandbox.get(KEY), value.as_bytes());
    }
    let silent = || contains(warning).not();
    let forced = sandbox.set(KEY, "None").arg("--force").run().success();
    forced.stderr(silent());
    sandbox.set(KEY, "<flint>").run().success().stderr(silent());
}

#[test]
fn force_takes_a_mask_for_a_value() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, "changeme").arg("--force").run().success();
    assert_eq!(sandbox.get(KEY), b"changeme");
    assert_eq!(sandbox.env(), format!("{NAME}=changeme\n"));
}

#[test]
fn weak_values_are_values() {
    let sandbox = Sandbox::with_env("");
    for value in [
        "postgres",
        "password123",
        "secret",
        "a***b",
        "*",
        "true",
        "0",
    ] {
        sandbox.set(KEY, value).run().success();
        assert_eq!(sandbox.get(KEY), value.as_bytes());
    }
}

#[test]
fn a_value_as_an_argument_is_refused_and_not_repeated() {
    let sandbox = Sandbox::with_env("");
    let before = sandbox.snapshot();
    let value = sandbox.canary();
    let stripe = format!("sk_live_{value}");
    for value in [&value, &stripe] {
        let joined = format!("{KEY}={value}");
        let flag = format!("--value={value}");
        for args in [
            &[KEY, value][..],
            &[KEY, value, "-d", DESCRIPTION],
            &["-d", DESCRIPTION, KEY, value],
            &[KEY, "-d", DESCRIPTION, "--", value],
            &[KEY, value, value],
            &[KEY, "--value", value],
            &[KEY, &flag],
            &[value],
            &[&joined],
            &["--value", value],
            &[&flag],
            &[&format!("{NAME}={value}")],
            &[&format!("--{value}")],
            &[&format!("-{value}")],
            &[KEY, "--every", value],
            &[KEY, "--wait", value],
            &[KEY, "--color", value],
        ] {
            // The sandbox looks for the value in what is said.
            sandbox
                .secrets(&["set"])
                .args(args)
                .run()
                .code(2)
                .stdout("");
            let json = sandbox.secrets(&["set", "--json"]).args(args).run().code(2);
            Failed::of(json.stdout(""));
        }
        sandbox.secrets(&[value]).run().code(2);
        sandbox.secrets(&["get", value]).run().code(2);
        sandbox.secrets(&["get", KEY, value]).run().code(2);
        sandbox
            .secrets(&["get", KEY, "--version", value])
            .run()
            .code(2);
        sandbox.secrets(&["list", value]).run().code(2);
        sandbox.secrets(&["verify", value]).run().code(2);
        sandbox.secrets(&["link", value]).run().code(2);
        sandbox.secrets(&["unlink", value]).run().code(2);
        sandbox.secrets(&["completions", value]).run().code(2);
        sandbox.secrets(&["init", "--member", value]).run().code(2);
        sandbox
            .set(KEY, "x")
            .args(&["--env-name", &format!("A-{value}")])
            .run()
            .code(2);
    }
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn the_refusal_shows_how_to_pipe_the_value_in() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    for args in [
        &["set", KEY, &value][..],
        &["set", KEY, "--value", &value],
        &["set", KEY, &format!("--value={value}")],
        &["set", &format!("{KEY}={value}")],
        &["set", KEY, "-v", &value],
        &["set", KEY, &format!("-v{value}")],
        &["set", KEY, &format!("-{value}")],
        &["set", KEY, &format!("--{value}")],
        &["set", KEY, "--correct-horse"],
        &["set", KEY, "--secret", &value],
        &["set", KEY, &format!("--key={value}")],
    ] {
        let failed = sandbox.secrets(args).fails(2, "value_as_argument");
        failed.says(&format!("printf %s \"$VALUE\" | secrets set {KEY}"));
    }
}

#[test]
fn a_description_that_holds_the_value_is_refused_without_showing_either() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    let lines = format!("first line\n{value}\n");
    for (description, stdin) in [
        (format!("Stripe account with {value}"), value.clone()),
        (value.clone(), value.clone()),
        (format!("Stripe account with {value}"), lines),
        (format!("Stripe account with {value}"), format!("{value}\n")),
    ] {
        let set = sandbox
            .secrets(&["set", KEY, "-d", &description])
            .stdin(stdin);
        set.fails(2, "description_holds_value");
    }
    let shaped = "Stripe account sk_live_4eC39HqLyjWDarjtT1zdp7dc";
    let set = sandbox
        .secrets(&["set", KEY, "-d", shaped])
        .stdin(sandbox.canary());
    let done = set.run().code(2);
    let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
    assert!(!said.contains("4eC39"), "{said}");
}

#[test]
fn a_description_may_not_hold_the_value_of_any_new_version() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox
        .secrets(&["set", KEY, "-d", DESCRIPTION])
        .stdin(&value)
        .run()
        .success();
    let failing = sandbox.secrets(&["set", KEY, "-d", &format!("Stripe account {value}")]);
    failing.stdin(&value).fails(2, "description_holds_value");
}

#[test]
fn a_broken_standard_input_is_an_error() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, "").after("exec < /").fails(2, "io");
    sandbox
        .set(KEY, "")
        .after("exec <&-")
        .run()
        .code(2)
        .stderr(contains("secrets: error:"));
    assert_eq!(sandbox.versions(KEY), 0);
    assert!(fs::read(sandbox.env_file()).unwrap().is_empty());
}

#[test]
fn a_value_in_the_place_of_a_command_or_of_a_generated_value_says_how_to_store_one() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    for args in [
        &[&*format!("{NAME}={value}")][..],
        &[&format!("sk_live_{value}")],
        &["generate", KEY, "--value", &value],
    ] {
        let failed = sandbox.secrets(args).fails(2, "value_as_argument");
        failed.says("| secrets set");
    }
    let rotate = sandbox.secrets(&["rotate", KEY, "-v", &value]);
    rotate
        .fails(2, "value_as_argument")
        .says(&format!("| secrets rotate {KEY}"));
    sandbox
        .secrets(&[KEY])
        .fails(2, "usage")
        .says(&format!("secrets get {KEY}"));
}

#[test]
fn a_missing_value_says_how_to_give_one_to_this_command() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    for verb in ["set", "rotate"] {
        sandbox
            .secrets(&[verb, KEY])
            .args(if verb == "set" { &["--no-env"] } else { &[] })
            .fails(2, "value_empty")
            .says(&format!("printf %s \"$VALUE\" | secrets {verb} {KEY}"));
    }
}
