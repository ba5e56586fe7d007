//! `log`: who did what, and whether the trail is whole.

use std::fs;
use std::path::PathBuf;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, Sandbox, json_of};

const META: &str = "meta/cloudflare/api_token";

/// A trail of a few lines, and its file.
fn written() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.set(META, sandbox.canary()).run().success();
    sandbox.get(KEY);
    let vaults = fs::read_dir(sandbox.state().join("vaults")).unwrap();
    let dirs: Vec<PathBuf> = vaults.map(|dir| dir.unwrap().path()).collect();
    let [dir] = &dirs[..] else {
        panic!("{dirs:?}");
    };
    let file = dir.join("log.jsonl");
    (sandbox, file)
}

#[test]
fn a_trail_that_is_locked_is_waited_for_as_long_as_was_said() {
    let (sandbox, file) = written();
    let lock = fs::File::open(&file).unwrap();
    lock.lock().unwrap();
    let start = std::time::Instant::now();
    let set = sandbox.set(KEY, sandbox.canary()).args(&["--wait", "0"]);
    set.fails(2, "locked").says("log.jsonl");
    // What is read is read all the same, and the gap is said.
    let get = sandbox.secrets(&["get", KEY, "--wait", "0"]).prints_value();
    let got = get.run().success();
    got.stderr(contains("not in the audit trail"));
    assert!(start.elapsed().as_secs() < 20, "it waited its default");
    drop(lock);
    sandbox.set(KEY, sandbox.canary()).run().success();
}

fn ops(sandbox: &Sandbox, args: &[&str]) -> Vec<String> {
    let report = json_of(
        &sandbox
            .secrets(&["log", "--json"])
            .args(args)
            .run()
            .success(),
    );
    let lines = report["lines"].as_array().unwrap().iter();
    lines
        .map(|line| line["op"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn writes_and_reads_are_there_and_can_be_chosen() {
    let (sandbox, _) = written();
    assert_eq!(ops(&sandbox, &[KEY]), ["set", "set", "get"]);
    assert_eq!(ops(&sandbox, &["meta"]), ["set"]);
    assert_eq!(ops(&sandbox, &["--by", "tester"]).len(), 5);
    assert_eq!(ops(&sandbox, &["--by", "command line"]).len(), 5);
    assert_eq!(ops(&sandbox, &["--since", "2020-01-01"]).len(), 5);
    assert_eq!(ops(&sandbox, &["--since", "2120-01-01"]), [""; 0]);
    let nobody = sandbox.secrets(&["log", "--by", "nobody"]).run().success();
    nobody.stdout("").stderr(contains("no log lines match"));
    sandbox
        .secrets(&["log", "--verify"])
        .run()
        .success()
        .stdout(contains("the audit trail is complete"));
}

#[test]
fn a_trail_that_was_cut_changed_or_reordered_is_noticed() {
    let (sandbox, file) = written();
    let whole = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let of = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    let mut swapped = lines.clone();
    swapped.swap(1, 2);
    for (what, text) in [
        ("the last line is gone", of(&lines[..lines.len() - 1])),
        ("the first line is gone", of(&lines[1..])),
        (
            "a line in the middle is gone",
            of(&[&lines[..2], &lines[3..]].concat()),
        ),
        ("all is gone", String::new()),
        ("another name", whole.replacen("tester", "someone", 1)),
        ("another verb", whole.replacen("\"get\"", "\"set\"", 1)),
        ("another order", of(&swapped)),
        ("a line twice", format!("{whole}{}\n", lines[0])),
    ] {
        assert_ne!(text, whole, "{what}");
        fs::write(&file, text).unwrap();
        let verify = sandbox
            .secrets(&["log", "--verify", "--json"])
            .run()
            .code(1);
        let flaws = json_of(&verify)["flaws"].as_array().unwrap().len();
        assert!(flaws > 0, "{what}");
        let verify = sandbox.secrets(&["log", "--verify"]).run().code(1);
        verify.stdout(contains("error: ").and(contains("whole").not()));
    }
    fs::write(&file, whole).unwrap();
    sandbox.secrets(&["log", "--verify"]).run().success();
}

#[test]
fn a_torn_last_line_is_repaired_by_the_next_write_and_noted() {
    let (sandbox, file) = written();
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, format!("{whole}{{\"n\":6,\"ti")).unwrap();
    sandbox
        .secrets(&["log", "--verify"])
        .run()
        .code(1)
        .stdout(contains("torn"));
    sandbox.get(KEY);
    sandbox.secrets(&["log", "--verify"]).run().success();
    let ops = ops(&sandbox, &[]);
    assert_eq!(ops[ops.len() - 2..], ["repair", "get"]);
}

#[test]
fn doctor_says_of_the_trail_what_log_says() {
    let (sandbox, file) = written();
    let state = || {
        let doctor = json_of(&sandbox.secrets(&["doctor", "--json"]).run());
        let checks = doctor["checks"].as_array().unwrap().clone();
        let log = checks.iter().find(|check| check["id"] == "log").unwrap();
        log["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(), "good");
    // The chain of a trail that was begun again is whole; the versions know what it lacks.
    fs::remove_file(file).unwrap();
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox
        .secrets(&["log", "--verify"])
        .run()
        .code(1)
        .stdout(contains("its line in the audit trail is gone"));
    assert_eq!(state(), "bad");
}
