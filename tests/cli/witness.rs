//! The audit trail and the entries are each other's witnesses.

use std::fs;

use predicates::str::contains;

use crate::sandbox::{KEY, Sandbox, json_of};

/// A secret with four versions.
fn four() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    for _ in 0..4 {
        let args = ["set", KEY, "--no-env", "-d", "Takes the money of customers"];
        sandbox
            .secrets(&args)
            .stdin(sandbox.canary())
            .run()
            .success();
    }
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    sandbox
}

fn state(sandbox: &Sandbox) -> std::path::PathBuf {
    let vaults = sandbox.state().join("vaults");
    fs::read_dir(vaults)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path()
}

/// `verify` reports this kind; `init --trust` shows it and accepts it.
fn is_noticed_until_accepted(sandbox: &Sandbox, kind: &str, words: &str) {
    sandbox.secrets(&["verify"]).run().code(1);
    let kinds = sandbox.finding_kinds();
    assert!(
        !kinds.is_empty() && kinds.iter().all(|found| found == kind),
        "{kinds:?}"
    );
    sandbox
        .secrets(&["doctor"])
        .run()
        .code(1)
        .stdout(contains(words));
    sandbox.secrets(&["log", "--verify"]).run().code(1);
    let trust = sandbox
        .secrets(&["init", "--trust", "--yes"])
        .run()
        .success();
    trust.stderr(contains(words));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    sandbox.secrets(&["log", "--verify"]).run().success();
    let again = sandbox
        .secrets(&["init", "--trust", "--yes"])
        .run()
        .success();
    again.stderr(contains("nothing is to be accepted"));
}

#[test]
fn a_version_that_is_gone_from_the_middle_or_the_beginning_is_noticed() {
    for version in [1, 2, 3] {
        let sandbox = four();
        fs::remove_file(sandbox.entry(KEY, version)).unwrap();
        let words = format!("version {version} is gone");
        let history = sandbox.secrets(&["history", KEY]).run().success();
        history.stdout(contains(words.as_str()));
        is_noticed_until_accepted(&sandbox, "gone", &words);
    }
}

#[test]
fn a_version_that_is_gone_is_noticed_on_a_machine_without_a_trail() {
    let sandbox = four();
    fs::remove_file(sandbox.entry(KEY, 2)).unwrap();
    fs::remove_dir_all(sandbox.state()).unwrap();
    assert_eq!(sandbox.finding_kinds(), ["gone"]);
}

#[test]
fn what_prune_destroyed_is_no_finding() {
    let sandbox = four();
    sandbox
        .secrets(&["prune", KEY, "--keep", "2", "--yes"])
        .run()
        .success();
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    sandbox.secrets(&["log", "--verify"]).run().success();
    let history = sandbox.secrets(&["history", KEY, "--json"]).run().success();
    assert_eq!(json_of(&history).as_array().unwrap().len(), 2);
}

#[test]
fn a_trail_that_was_cut_is_noticed_although_its_head_was_rewritten() {
    let sandbox = four();
    let dir = state(&sandbox);
    let (log, head) = (dir.join("log.jsonl"), dir.join("log.head"));
    let text = fs::read_to_string(&log).unwrap();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let kept = &lines[..lines.len() - 1];
    fs::write(&log, kept.concat()).unwrap();
    let last: serde_json::Value = serde_json::from_str(kept[kept.len() - 1]).unwrap();
    let (n, mac) = (last["n"].as_u64().unwrap(), last["mac"].as_str().unwrap());
    for forged in [
        format!("{n:020} {mac}\n"),
        format!("{n:020} {mac} {}\n", "0".repeat(64)),
    ] {
        fs::write(&head, forged).unwrap();
        let log = sandbox.secrets(&["log", "--verify"]).run().code(1);
        log.stdout(contains("the head beside the trail was changed"));
    }
    is_noticed_until_accepted(&sandbox, "gone", "the head beside the trail was changed");
}

#[test]
fn a_trail_that_was_removed_whole_is_noticed() {
    for begun_again in [false, true] {
        let sandbox = four();
        let dir = state(&sandbox);
        for name in ["log.jsonl", "log.head", "log.id"] {
            fs::remove_file(dir.join(name)).unwrap();
        }
        if begun_again {
            let set = ["set", "meta/cf/token", "-d", "Purges the cache of the shop"];
            sandbox
                .secrets(&set)
                .stdin(sandbox.canary())
                .run()
                .success();
        }
        is_noticed_until_accepted(&sandbox, "gone", "its line in the audit trail is gone");
    }
}

#[test]
fn another_machines_version_in_the_place_of_ours_is_noticed() {
    // Two machines with one vault, each with versions 1 and 2; then the other's version 2 wins.
    let sandbox = four();
    let other = sandbox.secrets(&["set", "meta/cf/token", "-d", "Purges the cache of the shop"]);
    other.stdin(sandbox.canary()).run().success();
    let ours = state(&sandbox);
    let kept = sandbox.state().with_extension("ours");
    fs::rename(sandbox.state(), &kept).unwrap();
    // The other machine pruned nothing and stored another version 2.
    fs::remove_file(sandbox.entry(KEY, 3)).unwrap();
    fs::remove_file(sandbox.entry(KEY, 4)).unwrap();
    fs::remove_file(sandbox.entry(KEY, 2)).unwrap();
    for _ in 0..3 {
        let set = sandbox.secrets(&["set", KEY, "--no-env"]);
        set.stdin(sandbox.canary()).run().success();
    }
    fs::remove_dir_all(sandbox.state()).unwrap();
    fs::rename(&kept, sandbox.state()).unwrap();
    assert_eq!(ours, state(&sandbox));
    let verify = sandbox.secrets(&["verify"]).run().code(1);
    verify.stdout(contains("your version 2 was replaced by another machine's"));
    sandbox
        .secrets(&["init", "--trust", "--yes"])
        .run()
        .success();
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}
