//! `rotate`: a new value in the place of the old one, wherever that is.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox, json_of};

#[test]
fn what_was_generated_is_generated_again_and_that_is_said() {
    let sandbox = Sandbox::with_env("");
    let generate = sandbox.secrets(&["generate", KEY, "-d", DESCRIPTION, "--format", "uuid"]);
    generate.run().success();
    let first = sandbox.get(KEY);
    // What is piped in is not asked for: a loop that reads names from a file has them there.
    let ignored = sandbox.canary();
    let rotate = sandbox.secrets(&["rotate", KEY]).stdin(&ignored);
    rotate
        .run()
        .success()
        .stderr(contains("generated like the old value").and(contains("--ask")));
    let second = sandbox.get(KEY);
    assert_eq!(second.len(), 36);
    assert_ne!(first, second);
    let report = json_of(&sandbox.secrets(&["rotate", KEY, "--json"]).run().success());
    assert_eq!(report["recipe"], "uuid 16");
    assert_eq!(report["version"], 3);
    let given = sandbox.canary();
    sandbox
        .secrets(&["rotate", KEY, "--ask"])
        .stdin(&given)
        .run()
        .success();
    assert_eq!(sandbox.get(KEY), given.as_bytes());
    // From now on it is one that is given.
    sandbox.secrets(&["rotate", KEY]).fails(2, "value_empty");
}

#[test]
fn a_given_value_goes_to_every_env_file_that_has_the_old_one() {
    let sandbox = Sandbox::with_env("");
    let old = sandbox.canary();
    sandbox.set(KEY, &old).run().success();
    let other = sandbox.file("other/.env", format!("B=2\n{NAME}='{old}'\n"));
    let unlike = sandbox.canary();
    let third = sandbox.file("third/.env", format!("{NAME}={unlike}\n"));
    for (project, file) in [("other", &other), ("third", &third)] {
        sandbox
            .secrets(&["link", project])
            .arg(file)
            .run()
            .success();
    }
    let new = sandbox.canary();
    let rotate = || sandbox.secrets(&["rotate", KEY]).stdin(&new);

    let before = sandbox.snapshot();
    let report = json_of(&rotate().args(&["--dry-run", "--json"]).run().success());
    assert_eq!(report["dryRun"], true);
    assert_eq!(report["also"].as_array().unwrap().len(), 1);
    assert_eq!(report["also"][0]["file"], other.to_str().unwrap());
    assert_eq!(report["also"][0]["line"], 2);
    let would = format!("would replace {NAME} in {}, line 2", other.display());
    rotate()
        .arg("--dry-run")
        .run()
        .success()
        .stderr(contains(would));
    assert_eq!(before, sandbox.snapshot());

    rotate().run().success();
    assert_eq!(sandbox.env(), format!("{NAME}={new}\n"));
    assert_eq!(
        fs::read_to_string(&other).unwrap(),
        format!("B=2\n{NAME}={new}\n")
    );
    assert_eq!(
        fs::read_to_string(&third).unwrap(),
        format!("{NAME}={unlike}\n")
    );
    assert_eq!(sandbox.get_version(KEY, 1), old.as_bytes());
}

#[test]
fn an_interval_is_kept_and_can_be_changed() {
    let sandbox = Sandbox::with_vault();
    let set = sandbox.set(KEY, sandbox.canary());
    set.args(&["--no-env", "--every", "90d"]).run().success();
    sandbox
        .secrets(&["rotate", KEY, "--every", "1w"])
        .stdin(sandbox.canary())
        .run()
        .success();
    let listed = json_of(
        &sandbox
            .secrets(&["list", "--stale", "0", "--json"])
            .run()
            .success(),
    );
    assert_eq!(listed[0]["keyPath"], KEY);
    sandbox
        .secrets(&["list", "--stale"])
        .run()
        .success()
        .stdout("")
        .stderr(contains("no rotation is overdue"));
}

#[test]
fn an_env_file_that_is_out_of_reach_is_said() {
    let sandbox = Sandbox::with_env("");
    let warning = "is linked to no env file";
    let first = sandbox.canary();
    sandbox.set(KEY, &first).run().success();
    sandbox.secrets(&["unlink", "consilio"]).run().success();
    let rotate = sandbox.secrets(&["rotate", KEY]).stdin(sandbox.canary());
    let rotated = rotate.run().success();
    rotated.stderr(contains(warning).and(contains("secrets link consilio")));
    let back = sandbox.secrets(&["rollback", KEY, "1"]).run().success();
    back.stderr(contains(warning));
    // What never was in an env file needs none.
    let other = "project/consilio/other";
    sandbox.store(other, sandbox.canary());
    let rotate = sandbox.secrets(&["rotate", other]).stdin(sandbox.canary());
    rotate.run().success().stderr(contains(warning).not());
}

#[test]
fn what_is_not_there_is_not_rotated() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["rotate", KEY])
        .fails(1, "entry_not_found");
    sandbox.store(KEY, sandbox.canary());
    sandbox.secrets(&["rm", KEY]).run().success();
    let rotate = sandbox.secrets(&["rotate", KEY]).stdin(sandbox.canary());
    rotate.fails(1, "entry_removed");
}
