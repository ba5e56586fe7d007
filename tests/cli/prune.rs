//! `prune`: the only verb that destroys.

use predicates::prelude::*;
use predicates::str::contains;

use std::fs;

use crate::sandbox::{KEY, Sandbox, json_of};

#[test]
fn without_a_terminal_nothing_is_destroyed_unless_it_is_confirmed() {
    let sandbox = Sandbox::with_env("");
    for _ in 0..4 {
        sandbox.set(KEY, sandbox.canary()).run().success();
    }
    sandbox
        .secrets(&["prune", KEY, "--keep", "1"])
        .fails(2, "not_confirmed")
        .says("--yes");
    sandbox
        .secrets(&["prune", KEY, "--keep", "0"])
        .fails(2, "usage");
    assert_eq!(sandbox.versions(KEY), 4);
}

#[test]
fn what_would_be_destroyed_is_what_is_destroyed() {
    let sandbox = Sandbox::with_env("A=1\n");
    let mut values = Vec::new();
    for n in 0..4 {
        // Each change of the file outside the secret is a layout of its own.
        sandbox.write_env(format!("{}# note {n}\n", sandbox.env()));
        values.push(sandbox.canary());
        sandbox.set(KEY, &values[n]).run().success();
    }
    let prune = |args: &[&str]| {
        let prune = sandbox.secrets(&["prune", KEY, "--keep", "2", "--json"]);
        json_of(&prune.args(args).run().success())
    };
    let before = sandbox.snapshot();
    let dry = prune(&["--dry-run"]);
    assert_eq!(before, sandbox.snapshot());
    assert_eq!(dry["destroyed"], serde_json::json!([1, 2]));
    assert_eq!(dry["kept"], serde_json::json!([3, 4]));
    assert_eq!(dry["layouts"], serde_json::json!([1, 2, 3, 4]));
    let said = sandbox
        .secrets(&["prune", KEY, "--keep", "2", "--dry-run"])
        .run()
        .success();
    said.stderr(contains("versions 1, 2 of").and(contains("4 old layouts")));
    let done = prune(&["--yes"]);
    for field in ["destroyed", "kept", "layouts"] {
        assert_eq!(done[field], dry[field], "{field}");
    }
    assert_eq!(sandbox.versions(KEY), 2);
    assert_eq!(sandbox.get(KEY), values[3].as_bytes());
    sandbox
        .secrets(&["get", KEY, "--version", "1"])
        .fails(1, "version_not_found");
    sandbox
        .secrets(&["log", "--verify"])
        .run()
        .success()
        .stdout(contains("the audit trail is complete"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn a_version_that_does_not_open_is_not_kept_in_the_place_of_those_that_do() {
    let sandbox = Sandbox::with_vault();
    for _ in 0..3 {
        sandbox.store(KEY, sandbox.canary());
    }
    let whole = fs::read(sandbox.entry(KEY, 1)).unwrap();
    fs::write(sandbox.entry(KEY, 4), &whole[..300]).unwrap();
    let before = sandbox.snapshot();
    for broken in [&whole[..300], &whole[..], b"", b"garbage"] {
        fs::write(sandbox.entry(KEY, 4), broken).unwrap();
        let before = sandbox.snapshot();
        for args in [&["--yes"][..], &["--dry-run"]] {
            let prune = sandbox.secrets(&["prune", KEY, "--keep", "1"]).args(args);
            prune.run().code(2);
        }
        assert_eq!(sandbox.snapshot(), before);
    }
    drop(before);
    fs::remove_file(sandbox.entry(KEY, 4)).unwrap();
    sandbox
        .secrets(&["prune", KEY, "--keep", "1", "--yes"])
        .run()
        .success();
    assert_eq!(sandbox.versions(KEY), 1);
}
