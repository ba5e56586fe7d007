//! `rm`, `rollback`, `history`: nothing is ever destroyed.

use std::fs;
use std::process::Command;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, NAME, SECRETS, Sandbox, json_of, tool};

#[test]
fn a_removed_secret_leaves_the_env_file_and_comes_back_with_rollback() {
    let sandbox = Sandbox::with_env("# kept\nA=1\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    let before = sandbox.snapshot();
    let dry = sandbox.secrets(&["rm", KEY, "--dry-run"]).run().success();
    let place = format!(
        "remove {NAME} from {}, line 3",
        sandbox.env_file().display()
    );
    dry.stderr(contains(place));
    assert_eq!(before, sandbox.snapshot());

    let report = json_of(&sandbox.secrets(&["rm", KEY, "--json"]).run().success());
    assert_eq!(
        (&report["version"], &report["env"]["change"]),
        (&2.into(), &"removed".into())
    );
    assert_eq!(sandbox.env(), "# kept\nA=1\n");
    sandbox
        .secrets(&["get", KEY])
        .fails(1, "entry_removed")
        .says("--version 1");
    assert_eq!(sandbox.get_version(KEY, 1), value.as_bytes());
    sandbox.secrets(&["rm", KEY]).fails(1, "entry_removed");
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout("");
    let deleted = sandbox.secrets(&["list", "--names", "--deleted"]).run();
    deleted.success().stdout(format!("{KEY}\n"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);

    sandbox
        .secrets(&["rollback", KEY, "2"])
        .fails(1, "entry_removed");
    sandbox
        .secrets(&["rollback", KEY, "9"])
        .fails(1, "version_not_found")
        .says(&format!("secrets history {KEY}"));
    sandbox.secrets(&["rollback", KEY, "1"]).run().success();
    assert_eq!(sandbox.env(), format!("# kept\nA=1\n{NAME}={value}\n"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    let history = json_of(&sandbox.secrets(&["history", KEY, "--json"]).run().success());
    let origins: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|version| version["origin"].as_str().unwrap())
        .collect();
    assert_eq!(origins, ["set", "remove", "rollback"]);
}

#[test]
fn taking_out_most_of_a_file_is_not_losing_it() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    let removed = sandbox.secrets(&["rm", KEY]).run().success();
    removed.stderr(contains("lost").not());
    assert_eq!(sandbox.env(), "");
    // A file that somebody else emptied is.
    sandbox.set(KEY, sandbox.canary()).run().success();
    let more = "project/consilio/second_key";
    sandbox.set(more, sandbox.canary()).run().success();
    sandbox
        .set("project/consilio/third_key", sandbox.canary())
        .run()
        .success();
    sandbox.write_env("");
    let set = sandbox.set(KEY, sandbox.canary()).run().success();
    set.stderr(contains("secrets restore consilio"));
}

/// The env file cannot be replaced: nothing can be made beside it.
#[test]
fn a_removal_that_stopped_half_way_is_found_and_finished() {
    let Some(strace) = tool("strace") else {
        return;
    };
    let sandbox = Sandbox::on_disk().and_vault();
    sandbox.env_file();
    let value = format!("sk_live_{}", sandbox.canary());
    sandbox
        .set(KEY, &value)
        .args(&["--env-file", ".env"])
        .run()
        .success();
    let mut command = Command::new(strace);
    command.args(["-f", "-o", "/dev/null", "-e"]);
    command.arg("inject=rename,renameat,renameat2:error=ENOSPC");
    command
        .args([SECRETS, "rm", KEY])
        .env_clear()
        .env("HOME", sandbox.home());
    let output = command.current_dir(sandbox.work()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    if said.contains("PTRACE") {
        crate::sandbox::skipped("this machine does not let strace trace");
        return;
    }
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("was removed with version 2, but"), "{said}");
    assert!(said.contains("still has it"), "{said}");
    assert!(
        said.contains(&format!("finishes it: secrets rm {KEY}")),
        "{said}"
    );
    assert!(
        fs::read_to_string(sandbox.env_file())
            .unwrap()
            .contains(&value)
    );

    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["kind"], "differs");
    assert_eq!(findings[0]["keyPath"], KEY);
    let verify = sandbox.secrets(&["verify"]).run().code(1);
    verify
        .stdout(contains("0 of 1 agree"))
        .stderr(contains(format!("secrets rm {KEY} takes it out")));

    sandbox.secrets(&["rm", KEY]).run().success();
    assert_eq!(sandbox.env(), "");
    assert_eq!(sandbox.findings(&[]).len(), 0);
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stdout("0 of 0 agree\n");
}

#[test]
fn another_value_under_the_name_of_a_removed_secret_is_the_users_own() {
    let sandbox = Sandbox::with_env("");
    let key = "project/consilio/log_target";
    sandbox.set(key, sandbox.canary()).run().success();
    sandbox.secrets(&["rm", key]).run().success();
    sandbox.write_env("LOG_TARGET=stderr\n");
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn what_the_env_file_does_not_have_is_not_said_to_be_there() {
    let sandbox = Sandbox::with_env("A=1\n");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.write_env("A=1\n");
    let removed = sandbox.secrets(&["rm", KEY]).run().success();
    removed.stderr(contains(format!(".env has no {NAME}\n")).and(contains("already").not()));
}

#[test]
fn an_old_value_comes_back_and_not_its_old_description() {
    let sandbox = Sandbox::with_env("");
    let old = sandbox.canary();
    sandbox.set(KEY, &old).run().success();
    let better = "Charges customers of the web shop";
    let set = sandbox.secrets(&["set", KEY, "-d", better]);
    set.stdin(sandbox.canary()).run().success();
    sandbox.secrets(&["rollback", KEY, "1"]).run().success();
    assert_eq!(sandbox.get(KEY), old.as_bytes());
    let listed = sandbox.secrets(&["list"]).run().success();
    listed.stdout(predicates::str::contains(better));
}
