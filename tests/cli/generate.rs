//! `generate`: a value that nobody has seen.

use std::collections::BTreeSet;

use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox, json_of};

/// What `generate --print` prints, to a pipe.
fn printed(sandbox: &Sandbox, args: &[&str]) -> String {
    let generate = sandbox.secrets(&["generate", KEY, "-d", DESCRIPTION, "--no-env", "--print"]);
    let done = generate.args(args).prints_value().run().success();
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

#[test]
fn a_generated_value_is_in_the_vault_and_the_env_file_and_nowhere_else() {
    let sandbox = Sandbox::with_env("A=1\n");
    let generate = sandbox.secrets(&["generate", KEY, "-d", DESCRIPTION]);
    let done = generate.run().success().stdout("");
    let value = String::from_utf8(sandbox.get(KEY)).unwrap();
    assert_eq!(value.len(), 64, "48 bytes in base64");
    assert_eq!(sandbox.env(), format!("A=1\n{NAME}={value}\n"));
    let said = String::from_utf8(done.get_output().stderr.clone()).unwrap();
    assert!(!said.contains(&value[..12]), "{said}");
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    let again = sandbox.secrets(&["generate", KEY, "--json"]).run();
    let report = json_of(&again.success());
    assert_eq!(report["version"], 2);
    assert_ne!(sandbox.get(KEY), value.as_bytes());
}

#[test]
fn each_format_has_its_alphabet_and_its_usual_length() {
    let sandbox = Sandbox::with_vault();
    let is = |text: &str, len: usize, extra: &str| {
        assert_eq!(text.len(), len, "{text}");
        let fits = |c: char| c.is_ascii_alphanumeric() || extra.contains(c);
        assert!(text.chars().all(fits), "{text}");
    };
    is(&printed(&sandbox, &["--format", "base64"]), 64, "+/=");
    is(&printed(&sandbox, &["--format", "base64url"]), 64, "-_");
    is(&printed(&sandbox, &["--format", "alphanumeric"]), 64, "");
    is(&printed(&sandbox, &["--format", "uuid"]), 36, "-");
    let hex = printed(&sandbox, &["--format", "hex"]);
    is(&hex, 96, "");
    assert!(
        hex.bytes()
            .all(|byte| !byte.is_ascii_uppercase() && byte <= b'f')
    );
    let words = printed(&sandbox, &["--format", "words"]);
    assert!(words.split('-').count() >= 8, "{words}");
    // As hard to guess as so many bytes, or so many characters.
    is(&printed(&sandbox, &["--bytes", "9"]), 12, "+/=");
    let short = ["--format", "alphanumeric", "--length", "20"];
    is(&printed(&sandbox, &short), 20, "");
    is(
        &printed(&sandbox, &["--format", "alphanumeric", "--bytes", "20"]),
        27,
        "",
    );
    let all: BTreeSet<String> = (0..20).map(|_| printed(&sandbox, &short)).collect();
    assert_eq!(all.len(), 20);
}

#[test]
fn too_little_too_much_and_the_wrong_measure_are_refused() {
    let sandbox = Sandbox::with_vault();
    for (args, code, said) in [
        ("--bytes 7", "recipe_amount", "8 to 4096 bytes"),
        ("--bytes 4097", "recipe_amount", "8 to 4096 bytes"),
        (
            "--format words --length 4",
            "recipe_amount",
            "5 to 64 words",
        ),
        (
            "--format uuid --bytes 8",
            "recipe_amount",
            "uuid takes 16 bytes",
        ),
        (
            "--length 40",
            "recipe_length",
            "--format alphanumeric --length",
        ),
        ("--format hex --length 40", "recipe_length", "--bytes"),
        (
            "--format uuid --length 36",
            "recipe_length",
            "leave out --length",
        ),
        ("--bytes 9 --length 9", "usage", "cannot be used with"),
    ] {
        let generate = sandbox.secrets(&["generate", KEY, "-d", DESCRIPTION, "--no-env"]);
        let args: Vec<&str> = args.split(' ').collect();
        generate.args(&args).fails(2, code).says(said);
    }
    let both = [
        "generate",
        KEY,
        "-d",
        DESCRIPTION,
        "--no-env",
        "--print",
        "--json",
    ];
    sandbox.secrets(&both).run().code(2);
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn a_dry_run_says_where_and_changes_nothing() {
    let sandbox = Sandbox::with_env("A=1\n# note\n");
    let before = sandbox.snapshot();
    let generate = || sandbox.secrets(&["generate", KEY, "-d", DESCRIPTION, "--dry-run"]);
    let report = json_of(&generate().arg("--json").run().success());
    assert_eq!(report["dryRun"], true);
    assert_eq!(report["env"]["line"], 3);
    let said = generate().run().success().stdout("");
    let said = String::from_utf8(said.get_output().stderr.clone()).unwrap();
    let place = format!(
        "would add {NAME} to {}, line 3",
        sandbox.env_file().display()
    );
    assert!(said.contains(&place), "{said}");
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn a_typed_value_is_replaced_only_when_asked() {
    let sandbox = Sandbox::with_env("");
    let typed = sandbox.canary();
    sandbox.set(KEY, &typed).run().success();
    let before = sandbox.snapshot();
    for args in [
        &["generate", KEY][..],
        &["generate", KEY, "--format", "hex"],
        &["generate", KEY, "--dry-run"],
    ] {
        let failed = sandbox.secrets(args).fails(2, "not_generated");
        failed.says("--force").says("rotate");
    }
    assert_eq!(sandbox.snapshot(), before);
    sandbox
        .secrets(&["generate", KEY, "--force"])
        .run()
        .success();
    assert_eq!(sandbox.versions(KEY), 2);
    // One that was generated is generated again without a word.
    sandbox.secrets(&["generate", KEY]).run().success();
    // So is one that was removed.
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.secrets(&["rm", KEY]).run().success();
    sandbox.secrets(&["generate", KEY]).run().success();
}
