//! Key paths: which are accepted, and what is suggested instead of those that are not.

use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

#[test]
fn the_nearest_right_path_is_suggested() {
    let sandbox = Sandbox::with_vault();
    for (wrong, right) in [
        ("consilio-stripe-key", "project/consilio/stripe_key"),
        ("project/CONSILIO/Key", "project/consilio/key"),
        ("project/consilio/stripe-key", "project/consilio/stripe_key"),
        (
            "/project/consilio/stripe_key",
            "project/consilio/stripe_key",
        ),
        (
            "project/consilio/stripe_key/",
            "project/consilio/stripe_key",
        ),
        (
            "projects/consilio/stripe_key",
            "project/consilio/stripe_key",
        ),
    ] {
        let hint = format!("did you mean {right}?");
        let get = sandbox
            .secrets(&["get", wrong])
            .fails(2, "invalid_key_path");
        assert_eq!(get.hints.join("\n"), hint, "{wrong}");
        let set = sandbox
            .secrets(&["set", wrong, "-d", DESCRIPTION])
            .stdin("x");
        assert_eq!(set.fails(2, "invalid_key_path").hints, [hint], "{wrong}");
    }
}

#[test]
fn a_wrong_path_is_told_which_rule_it_breaks() {
    let sandbox = Sandbox::with_vault();
    let long = |scope: &str, owner: usize, secret: usize| {
        format!(
            "{scope}/{}/{}",
            "abcde".repeat(owner / 5),
            "fghij_".repeat(secret / 6)
        )
    };
    for (wrong, rule) in [
        ("", "empty"),
        ("project/consilio", "2 segments"),
        ("project/consilio/a/b", "4 segments"),
        ("other/consilio/key", "'project/' or 'meta/'"),
        ("project//key", "empty"),
        ("project/consilio/Key", "capital"),
        ("project/-consilio/key", "begin"),
        ("project/consilio-/key", "end"),
        ("project/consilio/1key", "begin"),
        ("project/consilio/_key", "begin"),
        ("project/consilio/a.b", "character"),
        ("project/../key", "character"),
        ("project/con/key", "Windows"),
        ("project/consilio/nul", "Windows"),
        ("meta/com1/key", "Windows"),
        (&long("project", 70, 6), "63"),
        (&long("meta", 5, 72), "63"),
    ] {
        let failed = sandbox
            .secrets(&["get", wrong])
            .fails(2, "invalid_key_path");
        assert!(failed.message.contains(rule), "{wrong}: {}", failed.message);
        assert!(!failed.hints.is_empty());
    }
}

#[test]
fn no_path_leads_out_of_the_vault() {
    let sandbox = Sandbox::with_vault();
    let before = sandbox.snapshot();
    for wrong in [
        "project/../../x",
        "project/consilio/..",
        "project/./key",
        "../project/consilio/key",
        "project\\consilio\\key",
        "project/consilio/key\0",
        "project/consilio/key\n",
        "project/consilio/ke\u{301}y",
        "~/consilio/key",
        "project/consilio/$HOME",
    ] {
        if wrong.contains('\0') {
            continue; // no argument can hold it
        }
        let set = sandbox
            .secrets(&["set", wrong, "-d", DESCRIPTION, "--no-env"])
            .stdin("x");
        set.fails(2, "invalid_key_path");
    }
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn the_longest_names_are_stored() {
    let sandbox = Sandbox::with_vault();
    let key = format!("project/{}/{}", "a".repeat(63), "b".repeat(63));
    let value = sandbox.canary();
    sandbox.store(&key, &value);
    assert_eq!(sandbox.get(&key), value.as_bytes());
    let key = format!("project/{}/b", "a".repeat(64));
    sandbox.secrets(&["get", &key]).fails(2, "invalid_key_path");
}

#[test]
fn two_projects_have_two_env_files() {
    let sandbox = Sandbox::with_env("");
    let production = sandbox.file("work/.env.production", "");
    let link = sandbox.secrets(&["link", "consilio-production", ".env.production"]);
    link.run().success();
    let (one, two) = (sandbox.canary(), sandbox.canary());
    sandbox.set(KEY, &one).run().success();
    let other = "project/consilio-production/stripe_api_key";
    sandbox.set(other, &two).run().success();
    assert_eq!(sandbox.env(), format!("STRIPE_API_KEY={one}\n"));
    let text = std::fs::read_to_string(production).unwrap();
    assert_eq!(text, format!("STRIPE_API_KEY={two}\n"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}
