//! Layouts of env files are entries like any other: `restore` writes what they say, so what is
//! forged, misplaced or older than what was seen is refused and named.

use std::fs;
use std::path::PathBuf;

use predicates::prelude::*;
use predicates::str::contains;

use crate::craft::Craft;
use crate::sandbox::{KEY, NAME, Sandbox};

const TEXT: &str = "# the shop\nPORT=3000\n";

fn layout(sandbox: &Sandbox, project: &str, version: u32) -> PathBuf {
    let layouts = sandbox.vault().join("layouts").join(project);
    layouts.join(format!("{version:04}.age"))
}

/// A project of which two layouts are kept, the second with one plain line more.
fn two() -> Sandbox {
    let sandbox = Sandbox::with_env(TEXT);
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.write_env(format!("{}HOST=here\n", sandbox.env()));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    assert!(layout(&sandbox, "consilio", 2).exists());
    assert!(!layout(&sandbox, "consilio", 3).exists());
    sandbox
}

#[test]
fn a_layout_made_with_the_public_key_alone_is_forged_and_not_used() {
    let sandbox = two();
    let craft = Craft::stranger(&sandbox);
    let evil = format!("secrets-layout/1 {NAME}\nNODE_OPTIONS=--require=/tmp/x.js\n");
    let header = craft.header("layout/consilio", 3);
    let plaintext = craft.plaintext(&header, evil.as_bytes());
    craft.put(&layout(&sandbox, "consilio", 3), &plaintext);
    let whole = sandbox.env();
    assert_eq!(sandbox.finding_kinds(), ["forged"]);
    fs::remove_file(sandbox.env_file()).unwrap();
    let restored = sandbox.secrets(&["restore", "consilio"]).run().success();
    restored.stderr(contains("from version 2 of its layout"));
    assert_eq!(sandbox.env(), whole);
}

#[test]
fn a_layout_of_another_project_is_misplaced_and_junk_does_not_belong() {
    let sandbox = two();
    let other = sandbox.file("work/other/.env", "MODE=live\n");
    let link = sandbox.secrets(&["link", "other"]).arg(&other);
    link.run().success();
    let key = "project/other/api_token";
    sandbox.set(key, sandbox.canary()).run().success();
    sandbox.allow(other);
    fs::copy(
        layout(&sandbox, "consilio", 1),
        layout(&sandbox, "other", 2),
    )
    .unwrap();
    let findings = sandbox.findings(&[]);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["kind"], "misplaced");
    let message = findings[0]["message"].as_str().unwrap();
    assert!(
        message.contains("layout of the env file of other"),
        "{message}"
    );
    // Only where that project is looked at.
    assert_eq!(sandbox.findings(&["project/consilio"]).len(), 0);
    assert_eq!(sandbox.findings(&["project/other/"]).len(), 1);
    fs::remove_file(layout(&sandbox, "other", 2)).unwrap();
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    let layouts = sandbox.vault().join("layouts");
    fs::write(layouts.join("junk"), "").unwrap();
    fs::create_dir(layouts.join("No Project")).unwrap();
    fs::write(layouts.join("consilio/notes.txt"), "").unwrap();
    assert_eq!(sandbox.finding_kinds(), ["misplaced"; 3]);
}

#[test]
fn a_layout_that_went_back_is_noticed_and_nothing_is_built_from_it() {
    for gone in [&[2][..], &[1, 2]] {
        let sandbox = two();
        for version in gone {
            fs::remove_file(layout(&sandbox, "consilio", *version)).unwrap();
        }
        let before = sandbox.env();
        for _ in 0..2 {
            // Also the second time: to look is not to accept.
            assert_eq!(sandbox.finding_kinds(), ["rolled_back"]);
        }
        fs::remove_file(sandbox.env_file()).unwrap();
        let restore = || sandbox.secrets(&["restore", "consilio"]);
        restore().fails(2, "entry_rolled_back").says("init --trust");
        let trust = sandbox.secrets(&["init", "--trust", "--yes"]).run();
        trust
            .success()
            .stderr(contains("layout of the env file of consilio"));
        restore().run().success();
        let now = sandbox.env();
        let value = before.lines().find(|line| line.starts_with(NAME)).unwrap();
        assert!(now.contains(value) && !now.contains("HOST"), "{now}");
    }
}

#[test]
fn a_new_layout_takes_no_number_that_was_used() {
    let sandbox = two();
    fs::remove_file(layout(&sandbox, "consilio", 2)).unwrap();
    sandbox
        .set("project/consilio/other", sandbox.canary())
        .run()
        .success();
    assert!(!layout(&sandbox, "consilio", 2).exists());
    assert!(layout(&sandbox, "consilio", 3).exists());
    // It is the newest that there ever was, and is of the file as it is.
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn a_file_that_lost_its_last_line_to_rm_is_not_called_lost() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.secrets(&["rm", KEY]).run().success();
    assert_eq!(sandbox.env(), "");
    let verify = sandbox.secrets(&["verify"]).run().success();
    verify.stderr(contains("lost").not());
}
