//! What is gone from the vault is noticed by every verb.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::Sandbox;

const ONE: &str = "project/consilio/one_key";
const TWO: &str = "project/consilio/two_key";

/// Two secrets of a project, of which the second is gone from the vault.
fn lost() -> (Sandbox, String) {
    let sandbox = Sandbox::with_env("# head\n");
    let value = sandbox.canary();
    sandbox.set(ONE, &value).run().success();
    sandbox.set(TWO, sandbox.canary()).run().success();
    fs::remove_dir_all(sandbox.vault().join("entries/project/consilio/two_key")).unwrap();
    (sandbox, value)
}

#[test]
fn a_program_is_not_started_without_a_secret_that_is_gone() {
    let (sandbox, value) = lost();
    for args in [
        &["run", "--project", "consilio", "--", "/bin/true"][..],
        &["export", "consilio", "--format", "json"],
    ] {
        let run = sandbox.secrets(args).run().failure();
        run.stdout("").stderr(contains(TWO).and(contains("gone")));
    }
    // One that is named and is there still works.
    sandbox
        .secrets(&["run", ONE, "--", "/bin/sh", "-c", "test -n \"$ONE_KEY\""])
        .run()
        .success();
    assert_eq!(sandbox.get(ONE), value.as_bytes());
}

#[test]
fn a_lost_env_file_comes_back_with_the_others_and_what_is_missing_is_named() {
    let (sandbox, value) = lost();
    fs::remove_file(sandbox.env_file()).unwrap();
    let restore = sandbox.secrets(&["restore", "consilio"]).run().code(3);
    restore.stderr(contains(TWO));
    assert!(sandbox.env().contains(&format!("ONE_KEY={value}\n")));
}

#[test]
fn those_who_only_look_are_warned() {
    let (sandbox, _) = lost();
    for args in [
        &["list"][..],
        &["list", "--project", "consilio"],
        &["diff", "consilio"],
        &["scan", "."],
    ] {
        let looked = sandbox.secrets(args).run();
        looked.stderr(contains(TWO).and(contains("gone from the vault")));
    }
    let other = sandbox
        .secrets(&["list", "--scope", "meta"])
        .run()
        .success();
    other.stderr(contains(TWO).not());
}

#[test]
fn a_scope_that_matches_nothing_is_an_error() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(ONE, sandbox.canary()).run().success();
    for args in [
        &["verify", "project/consillio"][..],
        &["verify", "--strict", "project/consillio"],
        &["verify", "meta"],
    ] {
        sandbox.secrets(args).fails(2, "no_match");
    }
    sandbox
        .secrets(&["verify", "--here"])
        .dir(sandbox.home())
        .run()
        .success()
        .stderr(contains("nothing was compared"));
    // Below the project's directory it is the project's.
    let below = sandbox.work().join("src/deep");
    fs::create_dir_all(&below).unwrap();
    sandbox.write_env("");
    sandbox
        .secrets(&["verify", "--here"])
        .dir(&below)
        .run()
        .code(1)
        .stdout(contains("ONE_KEY"));
}

#[test]
fn lines_that_nothing_reads_are_reported_and_other_files_are_not_imported() {
    let sandbox = Sandbox::with_env("A=1\n<<<<<<< HEAD\nB=2\n=======\nB=3\n>>>>>>> other\n");
    let verify = sandbox.secrets(&["verify", "--strict"]).run().code(1);
    verify.stdout(contains("conflict_marker"));
    for text in [&b"{\"a\": 1}\n"[..], b"\xff\xfeA\x00=\x001\x00\n\x00"] {
        sandbox.write_env(text);
        sandbox
            .secrets(&["import", "--project", "consilio"])
            .fails(2, "env_not_an_env_file");
    }
}
