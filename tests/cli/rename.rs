//! `mv`: a new name, and a tombstone that says so.

use std::fs;

use predicates::str::contains;

use crate::sandbox::{KEY, NAME, Sandbox, json_of};

const NEW: &str = "project/consilio/payments_key";

#[test]
fn within_a_project_the_variable_stays() {
    let sandbox = Sandbox::with_env("A=1\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    let (env, before) = (sandbox.env(), sandbox.snapshot());
    let dry = json_of(
        &sandbox
            .secrets(&["mv", KEY, NEW, "--dry-run", "--json"])
            .run()
            .success(),
    );
    assert_eq!(dry["env"]["change"], "unchanged");
    assert_eq!(dry["env"]["line"], 2);
    assert_eq!(before, sandbox.snapshot());
    let moved = sandbox.secrets(&["mv", KEY, NEW]).run().success();
    moved.stderr(contains(format!("moved {KEY} to {NEW}")));
    assert_eq!(sandbox.env(), env);
    assert_eq!(sandbox.get(NEW), value.as_bytes());
    // Whoever asks for the old name is told the new one.
    let failed = sandbox.secrets(&["get", KEY]).fails(1, "entry_removed");
    failed
        .says(&format!("was moved to {NEW}"))
        .says(&format!("secrets get {NEW}"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn between_projects_the_assignment_goes_from_file_to_file() {
    let sandbox = Sandbox::with_env("A=1\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    let other = sandbox.file("other/.env", "B=2\n");
    sandbox
        .secrets(&["link", "other"])
        .arg(&other)
        .run()
        .success();
    let to = "project/other/stripe_api_key";
    let before = sandbox.snapshot();
    let dry = sandbox
        .secrets(&["mv", KEY, to, "--dry-run"])
        .run()
        .success();
    dry.stderr(contains(format!(
        "add {NAME} to {}, line 2",
        other.display()
    )))
    .stderr(contains(format!(
        "remove {NAME} from {}, line 2",
        sandbox.env_file().display()
    )));
    assert_eq!(before, sandbox.snapshot());
    let report = json_of(&sandbox.secrets(&["mv", KEY, to, "--json"]).run().success());
    assert_eq!(report["env"]["change"], "added");
    assert_eq!(report["oldEnv"]["change"], "removed");
    assert_eq!(sandbox.env(), "A=1\n");
    assert_eq!(
        fs::read_to_string(&other).unwrap(),
        format!("B=2\n{NAME}={value}\n")
    );
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn a_secret_is_not_moved_onto_itself_or_another() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    sandbox.set(NEW, sandbox.canary()).run().success();
    // Or it would be a tombstone of its own.
    sandbox
        .secrets(&["mv", KEY, KEY])
        .fails(2, "move_to_itself");
    sandbox.secrets(&["mv", KEY, NEW]).fails(2, "entry_exists");
    sandbox
        .secrets(&["mv", "project/consilio/nothing", NEW])
        .fails(1, "entry_not_found");
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn a_project_without_an_env_file_is_told_of_and_the_new_name_is_what_to_type() {
    let sandbox = Sandbox::with_env("A=1\n");
    sandbox.set(KEY, sandbox.canary()).run().success();
    let to = "project/other/stripe_api_key";
    let moved = sandbox.secrets(&["mv", KEY, to]).run().success();
    moved.stderr(contains("secrets link other PATH && secrets restore other"));
    assert_eq!(sandbox.env(), "A=1\n");
    for verb in ["rotate", "rm"] {
        sandbox
            .secrets(&[verb, KEY])
            .fails(1, "entry_removed")
            .says(&format!("secrets {verb} {to}"));
    }
}
