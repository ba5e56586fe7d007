//! `restore` and `diff`: the env file from the vault.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, NAME, Sandbox, json_of, mode};

/// A file with comments, quotes, plain lines and two secrets; the whole of it is in the vault.
fn imported(sandbox: &Sandbox) -> String {
    let text = format!(
        "# The settings\nPORT=3000\n\n# Takes the payments of customers\n{NAME}=\"sk_live_{}\"  # \
         live\nNODE_ENV=production\n# Password of the orders database\nexport \
         DB_PASSWORD='{}'\n",
        sandbox.canary(),
        sandbox.canary()
    );
    sandbox.write_env(&text);
    let import = sandbox.secrets(&["import", ".env", "--project", "consilio"]);
    import.run().success();
    text
}

#[test]
fn lost_and_emptied_files_come_back_byte_for_byte() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    for lose in [
        (|file| fs::remove_file(file).unwrap()) as fn(&std::path::Path),
        |file| fs::write(file, "").unwrap(),
        |file| fs::write(file, "\n\n").unwrap(),
    ] {
        lose(&sandbox.env_file());
        let before = sandbox.snapshot();
        let dry = sandbox
            .secrets(&["restore", "consilio", "--dry-run"])
            .run()
            .success();
        dry.stderr(
            contains("would rebuild").and(contains(format!("add {NAME}, version 1, line 5"))),
        );
        assert_eq!(before, sandbox.snapshot());
        let report = json_of(
            &sandbox
                .secrets(&["restore", "consilio", "--json"])
                .run()
                .success(),
        );
        assert_eq!(report["rebuilt"], true);
        assert_eq!(sandbox.env().trim_end(), text.trim_end());
        assert_eq!(mode(&sandbox.env_file()), 0o600);
    }
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn what_only_a_mangled_file_has_is_kept_before_it_is_repaired() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    let (unknown, new) = (sandbox.canary(), sandbox.canary());
    sandbox.write_env(format!("{NAME}={unknown}\nNEW_TOKEN={new}\n"));
    let states = |sandbox: &Sandbox| -> Vec<(String, String)> {
        let diff = json_of(
            &sandbox
                .secrets(&["diff", "consilio", "--json"])
                .run()
                .success(),
        );
        let variables = diff["variables"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        variables
            .map(|one| (text(&one["name"]), text(&one["state"])))
            .collect()
    };
    let of = |name: &str, state: &str| (name.to_owned(), state.to_owned());
    assert_eq!(
        states(&sandbox),
        [
            of(NAME, "differs"),
            of("NEW_TOKEN", "unvaulted"),
            of("DB_PASSWORD", "missing")
        ]
    );
    sandbox
        .secrets(&["diff", "consilio", "--exit-code"])
        .run()
        .code(1);
    let restore = sandbox.secrets(&["restore", "consilio"]).run().success();
    restore.stderr(contains("as version 2"));
    assert_eq!(sandbox.env(), format!("{text}NEW_TOKEN={new}\n"));
    assert_eq!(sandbox.get_version(KEY, 2), unknown.as_bytes());
    // Nothing was overwritten that the vault does not have.
    let history = json_of(&sandbox.secrets(&["history", KEY, "--json"]).run().success());
    assert_eq!(history[1]["origin"], "found");
    assert_eq!(sandbox.get(KEY), sandbox.get_version(KEY, 1));
}

#[test]
fn a_dry_run_says_of_an_unknown_value_what_would_become_of_it() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.write_env(format!("{NAME}={}\n", sandbox.canary()));
    for run in [
        sandbox.secrets(&["restore", "consilio", "--dry-run"]),
        sandbox.set(KEY, sandbox.canary()).arg("--dry-run"),
    ] {
        run.run()
            .success()
            .stderr(contains("would keep the value found in the env file"));
    }
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn a_copy_elsewhere_changes_neither_the_file_nor_the_vault() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    let copy = sandbox.allow(sandbox.work().join("copy.env"));
    let to = || sandbox.secrets(&["restore", "consilio", "--to", "copy.env"]);
    to().arg("--dry-run").run().success();
    assert!(!copy.exists());
    to().run().success();
    assert_eq!(fs::read_to_string(&copy).unwrap(), text);
    assert_eq!(mode(&copy), 0o600);
    to().fails(2, "env_already_there");
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn an_earlier_state_is_a_version_or_a_moment() {
    let sandbox = Sandbox::with_vault();
    imported(&sandbox);
    for (at, exit, code) in [
        ("99", 1, "layout_not_found"),
        ("tomorrow", 2, "invalid_date"),
        ("2026-13-01", 2, "invalid_date"),
    ] {
        sandbox
            .secrets(&["restore", "consilio", "--at", at])
            .fails(exit, code);
    }
    sandbox
        .secrets(&["restore", "consilio", "--at", "2020-01-01"])
        .run()
        .success();
    sandbox
        .secrets(&["restore", "consilio", "--at", "1"])
        .run()
        .success();
}

#[test]
fn a_project_without_a_link_is_told_to_make_one() {
    let sandbox = Sandbox::with_vault();
    for verb in ["restore", "diff"] {
        let failed = sandbox.secrets(&[verb, "nowhere"]).fails(2, "not_linked");
        assert_eq!(
            failed.hints,
            ["secrets link nowhere PATH remembers its env file"]
        );
    }
}
