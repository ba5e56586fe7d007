//! Many writers at once, each a process of its own.
//!
//! Every write that returned 0 must be there, in the vault and in the env file; every version of
//! one secret must be one writer's value, none twice, none missing. A foreign editor that changes
//! the env file meanwhile must not lose a line to us.
//!
//! Limits: an editor takes no lock. What it writes between our last look at the file and our
//! rename is lost; the rig counts how often that is, and allows one line in a hundred.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::process::Child;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::outcome::{Outcome, has_strace, one_at_a_time, say};
use crate::sandbox::{Base, Ran, Sandbox, feed, words};
use crate::scenario::{ENV, SECOND};

const WRITERS: usize = 50;
const FIRST: usize = 20;
const MOST_EDITS: usize = 1500;
const DESCRIPTION: &str = "One of many that are written at once";
/// Fifty at once on a machine that others keep busy: what waits may wait long.
const PATIENT: [&str; 2] = ["--wait", "300"];
const BEFORE: &str = "# the first line\nPORT=3000\n\n# the last line\n";

fn prepared(base: &Base, fault: Option<&'static str>) -> Sandbox {
    let sandbox = base.sandbox(0, fault);
    sandbox.write(ENV, BEFORE);
    sandbox.must(&["init"], "");
    sandbox.must(&["link", "demo", &sandbox.arg(ENV)], "");
    sandbox
}

fn start(sandbox: &Sandbox, args: &[&str], stdin: &str) -> Child {
    let mut child = sandbox.prefixed(&[], &words(args)).spawn().unwrap();
    feed(&mut child, stdin);
    child
}

fn set(sandbox: &Sandbox, key_path: &str, value: &str, more: &[&str]) -> Child {
    let args: Vec<&str> = ["set", key_path, "-d", DESCRIPTION]
        .iter()
        .chain(&PATIENT)
        .chain(more)
        .copied()
        .collect();
    start(sandbox, &args, value)
}

fn ends(children: Vec<Child>) -> Vec<Ran> {
    children
        .into_iter()
        .map(|child| child.wait_with_output().unwrap().into())
        .collect()
}

fn key(n: usize) -> String {
    format!("project/demo/key_{n}")
}

fn value(n: usize) -> String {
    format!("canary-value-{n}")
}

/// Notes each that did not end well.
fn all_well(outcome: &mut Outcome, place: &str, runs: &[Ran]) {
    for ran in runs.iter().filter(|ran| ran.code != Some(0)) {
        outcome.found(place, [format!("a writer fails: {}", ran.end())]);
    }
}

fn lines(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.at(ENV)).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// What must hold when it is quiet again: nothing that was there is gone, the vault and the env
/// file agree, the audit trail is whole, nothing lies about.
fn quiet(outcome: &mut Outcome, place: &str, sandbox: &Sandbox) {
    let now = lines(sandbox);
    for line in BEFORE.lines().filter(|line| !line.is_empty()) {
        if !now.iter().any(|one| one == line) {
            outcome.found(place, [format!("the line {line:?} is lost")]);
        }
    }
    for args in [["verify", "--quiet"], ["log", "--verify"]] {
        let ran = sandbox.run(&words(&args), "");
        if ran.code != Some(0) {
            let said = String::from_utf8_lossy(&ran.stdout).replace('\n', " | ");
            outcome.found(place, [format!("{args:?}: {said} {}", ran.end())]);
        }
    }
    let debris = |dir: &str| {
        let names = fs::read_dir(sandbox.at(dir))
            .into_iter()
            .flatten()
            .flatten();
        names
            .filter(|entry| entry.file_name().to_string_lossy().contains("secrets-tmp"))
            .count()
    };
    if debris("proj") + debris("conf") > 0 {
        outcome.found(place, ["debris".to_owned()]);
    }
}

/// Makes the moment between the last look at the env file and its replacement long.
const SLOW: [&str; 9] = [
    "strace",
    "-f",
    "-o",
    "/dev/null",
    "-e",
    "trace=rename",
    "-e",
    "inject=rename:delay_enter=20000",
    "--",
];

/// Each writer a secret of its own, all in one env file.
fn different_keys(fault: Option<&'static str>, prefix: &[&str]) -> Outcome {
    let base = Base::new();
    let sandbox = prepared(&base, fault);
    let mut outcome = Outcome::default();
    let children = (0..WRITERS)
        .map(|n| {
            let key_path = key(n);
            let args = [&["set", &key_path, "-d", DESCRIPTION][..], &PATIENT].concat();
            let mut child = sandbox.prefixed(prefix, &words(&args)).spawn().unwrap();
            feed(&mut child, &value(n));
            child
        })
        .collect();
    let place = "different secrets";
    all_well(&mut outcome, place, &ends(children));
    check_keys(&mut outcome, place, &sandbox, WRITERS);
    outcome.count("writers", WRITERS);
    outcome
}

fn check_keys(outcome: &mut Outcome, place: &str, sandbox: &Sandbox, writers: usize) {
    let now = lines(sandbox);
    for n in 0..writers {
        if sandbox.get(&key(n), None).ok() != Some(value(n).into_bytes()) {
            outcome.found(place, [format!("{} is lost in the vault", key(n))]);
        }
        let line = format!("KEY_{n}={}", value(n));
        if now.iter().filter(|one| **one == line).count() != 1 {
            outcome.found(place, [format!("KEY_{n} is lost in the env file")]);
        }
    }
    quiet(outcome, place, sandbox);
}

/// All writers one secret; in the vault only they are kept apart by no lock.
fn one_key(fault: Option<&'static str>, more: &[&str], prefix: &[&str]) -> Outcome {
    let base = Base::new();
    let sandbox = prepared(&base, fault);
    let mut outcome = Outcome::default();
    let place = format!("one secret {more:?}");
    let words: Vec<String> = ["set", &key(0), "-d", DESCRIPTION]
        .iter()
        .chain(&PATIENT)
        .chain(more)
        .map(|&word| word.to_owned())
        .collect();
    let children = (0..WRITERS)
        .map(|n| {
            let mut child = sandbox.prefixed(prefix, &words).spawn().unwrap();
            feed(&mut child, &value(n));
            child
        })
        .collect();
    all_well(&mut outcome, &place, &ends(children));
    let mut seen = BTreeSet::new();
    let mut newest = Vec::new();
    for version in 1..=WRITERS as u32 {
        match sandbox.get(&key(0), Some(version)) {
            Ok(value) => {
                newest.clone_from(&value);
                seen.insert(value);
            }
            Err(ran) => {
                outcome.found(
                    &place,
                    [format!("version {version} is lost: {}", ran.end())],
                );
            }
        }
    }
    let wanted: BTreeSet<Vec<u8>> = (0..WRITERS).map(|n| value(n).into_bytes()).collect();
    if seen != wanted {
        let lost = wanted.difference(&seen).count();
        outcome.found(&place, [format!("{lost} values are in no version")]);
    }
    let line = format!("KEY_0={}", String::from_utf8_lossy(&newest));
    if more.is_empty() && !lines(&sandbox).contains(&line) {
        outcome.found(&place, ["the env file does not have the newest".to_owned()]);
    }
    quiet(&mut outcome, &place, &sandbox);
    outcome.count("writers", WRITERS);
    outcome
}

/// Writers of all kinds, and readers.
fn a_mix() -> Outcome {
    let base = Base::new();
    let sandbox = prepared(&base, None);
    let mut outcome = Outcome::default();
    let place = "a mix";
    for n in 0..10 {
        sandbox.must(&["set", &key(n), "-d", DESCRIPTION], "canary-before");
    }
    sandbox.must(&["generate", "project/demo/made", "-d", DESCRIPTION], "");
    let imported: String = (0..10)
        .map(|n| {
            format!("# Signs the tickets of hall {n}\nHALL_{n}_TICKET_SECRET=canary-of-hall-{n}\n")
        })
        .collect();
    sandbox.write(SECOND, &imported);
    let second = sandbox.arg(SECOND);
    let mut children = Vec::new();
    let mut readers = Vec::new();
    for n in 0..10 {
        children.push(set(&sandbox, &key(n), &value(n), &[]));
        let made = format!("project/demo/made_{n}");
        for args in [
            &["rotate", "project/demo/made"][..],
            &["restore", "demo"],
            &["generate", &made, "-d", DESCRIPTION],
            &["import", &second, "--project", "second"],
        ] {
            let args = [args, &PATIENT].concat();
            children.push(start(&sandbox, &args, ""));
        }
        readers.push(start(&sandbox, &["verify"], ""));
        readers.push(start(&sandbox, &["get", &key(n)], ""));
    }
    let count = children.len() + readers.len();
    all_well(&mut outcome, place, &ends(children));
    for ran in ends(readers) {
        // A reader may see the two sides disagree for a moment; it may not fail.
        if !matches!(ran.code, Some(0 | 1)) {
            outcome.found(place, [format!("a reader fails: {}", ran.end())]);
        }
    }
    for n in 0..10 {
        let versions: Vec<_> = (1..)
            .map_while(|version| sandbox.get(&key(n), Some(version)).ok())
            .collect();
        if !versions.contains(&value(n).into_bytes()) {
            outcome.found(place, [format!("{} is lost in the vault", key(n))]);
        }
        let hall = format!("project/second/hall_{n}_ticket_secret");
        let wanted = format!("canary-of-hall-{n}").into_bytes();
        if sandbox.get(&hall, Some(1)).ok() != Some(wanted) {
            outcome.found(place, [format!("{hall} is lost in the vault")]);
        }
    }
    if fs::read_to_string(sandbox.at(SECOND)).ok() != Some(imported) {
        outcome.found(place, ["the imported file has changed".to_owned()]);
    }
    quiet(&mut outcome, place, &sandbox);
    outcome.count("writers", count);
    outcome
}

/// The first use of all, by many at once.
fn first_use(fault: Option<&'static str>) -> Outcome {
    let base = Base::new();
    let sandbox = base.sandbox(0, fault);
    sandbox.write(ENV, BEFORE);
    let mut outcome = Outcome::default();
    let place = "first use";
    let env = sandbox.arg(ENV);
    let children = (0..FIRST)
        .map(|n| set(&sandbox, &key(n), &value(n), &["--env-file", &env]))
        .collect();
    all_well(&mut outcome, place, &ends(children));
    check_keys(&mut outcome, place, &sandbox, FIRST);
    let keys = fs::read_dir(sandbox.at("vault/keys")).map_or(0, Iterator::count);
    if keys != 1 {
        outcome.found(place, [format!("{keys} keys")]);
    }
    outcome.count("writers", FIRST);
    outcome
}

/// How a foreign editor saves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Editor {
    /// Adds a line at the end of the file that is there.
    Appends,
    /// Reads the file, and puts a new one with one line more in its place.
    Replaces,
}

/// A foreign editor that adds lines all the time while secrets are set one after another.
fn foreign(editor: Editor, paused: Duration) -> Outcome {
    let base = Base::new();
    let sandbox = prepared(&base, None);
    let mut outcome = Outcome::default();
    let place = format!("an editor that {editor:?}");
    let stop = AtomicBool::new(false);
    let mut written = 0;
    let mut gave_up = BTreeSet::new();
    std::thread::scope(|scope| {
        let edits = scope.spawn(|| {
            let mut n = 0;
            // A file that grows without end would only make the machine slow.
            while !stop.load(Ordering::Relaxed) && n < MOST_EDITS {
                let line = format!("EDITED_{n}=by somebody else\n");
                edit(&sandbox, editor, &line);
                n += 1;
                std::thread::sleep(paused);
            }
            n
        });
        let runs: Vec<Ran> = (0..WRITERS)
            .map(|n| set(&sandbox, &key(n), &value(n), &[]))
            .map(|child| child.wait_with_output().unwrap().into())
            .collect();
        stop.store(true, Ordering::Relaxed);
        written = edits.join().unwrap();
        for (n, ran) in runs.into_iter().enumerate() {
            // The env file kept changing: it says so, and which command finishes it.
            if ran.code == Some(3) && ran.stderr.contains("keeps writing") {
                gave_up.insert(n);
            } else {
                all_well(&mut outcome, &place, &[ran]);
            }
        }
    });
    let now: BTreeSet<String> = lines(&sandbox).into_iter().collect();
    let lost = (0..written)
        .filter(|n| !now.contains(&format!("EDITED_{n}=by somebody else")))
        .count();
    if lost * 100 > written {
        outcome.found(
            &place,
            [format!("{lost} of {written} of its lines are lost")],
        );
    }
    for n in 0..WRITERS {
        if sandbox.get(&key(n), None).ok() != Some(value(n).into_bytes()) {
            outcome.found(&place, [format!("{} is lost in the vault", key(n))]);
        }
        // An editor that puts a file in the place of one that it read before may lose ours; one
        // that appends cannot.
        let line = format!("KEY_{n}={}", value(n));
        if editor == Editor::Appends && !gave_up.contains(&n) && !now.contains(&line) {
            outcome.found(&place, [format!("KEY_{n} is lost in the env file")]);
        }
    }
    outcome.count("gave up, and said so", gave_up.len());
    outcome.count("edits", written);
    outcome.count("edits lost in the window", lost);
    say(&format!(
        "crash-figure: foreign editor that {editor:?}, {paused:?} between two: {written} edits, {lost} lost"
    ));
    outcome
}

fn edit(sandbox: &Sandbox, editor: Editor, line: &str) {
    let path = sandbox.at(ENV);
    match editor {
        Editor::Appends => {
            let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(line.as_bytes()).unwrap();
        }
        Editor::Replaces => {
            let mut text = fs::read_to_string(&path).unwrap();
            text.push_str(line);
            let new = sandbox.at("home/editor.tmp");
            fs::write(&new, text).unwrap();
            fs::rename(new, path).unwrap();
        }
    }
}

/// Somebody holds the lock: a run that is stopped just before it puts the new env file in place.
fn held_lock() -> Outcome {
    let base = Base::new();
    let sandbox = prepared(&base, None);
    let mut outcome = Outcome::default();
    let place = "a lock that is held";
    sandbox.must(&["set", &key(0), "-d", DESCRIPTION], "canary-before");
    let prefix = [
        "strace",
        "-f",
        "-o",
        "/dev/null",
        "-e",
        "trace=rename",
        "-e",
        "inject=rename:signal=STOP:when=1",
        "--",
    ];
    let mut holder = sandbox
        .prefixed(&prefix, &words(&["set", &key(0)]))
        .spawn()
        .unwrap();
    feed(&mut holder, &value(0));
    let stopped = stopped_child(holder.id());

    let before = sandbox.tree();
    let ran = sandbox.run(
        &words(&["set", &key(1), "-d", DESCRIPTION, "--wait", "1"]),
        "canary-1",
    );
    if ran.code != Some(2) || !ran.stderr.contains("locked") {
        outcome.found(place, [format!("--wait 1: {}", ran.end())]);
    }
    let entries = |tree: &crate::tree::Tree| -> Vec<_> {
        let files = tree.files().map(|(path, _)| path.to_owned());
        files.filter(|path| !path.starts_with("state")).collect()
    };
    if entries(&before) != entries(&sandbox.tree()) {
        outcome.found(place, ["a run that gave up changed something".to_owned()]);
    }
    let mut waiter = set(&sandbox, &key(1), &value(1), &[]);
    let mut said = [0; 32];
    let started = Instant::now();
    let n = waiter.stderr.as_mut().unwrap().read(&mut said).unwrap();
    if !String::from_utf8_lossy(&said[..n]).contains("waiting") {
        outcome.found(place, ["a run that waits does not say so".to_owned()]);
    }
    // At once would be too soon; a busy machine may be late.
    if !(1..20).contains(&started.elapsed().as_secs()) {
        outcome.found(place, [format!("it says so after {:?}", started.elapsed())]);
    }
    kill_process(stopped, Signal::CONT).unwrap();
    all_well(&mut outcome, place, &ends(vec![holder, waiter]));
    for n in 0..2 {
        let line = format!("KEY_{n}={}", value(n));
        if !lines(&sandbox).contains(&line) {
            outcome.found(place, [format!("KEY_{n} is lost in the env file")]);
        }
    }
    quiet(&mut outcome, place, &sandbox);
    outcome.count("locks", 1);
    outcome
}

/// Waits until the program under strace is stopped, and says which process it is.
fn stopped_child(strace: u32) -> Pid {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let children = fs::read_to_string(format!("/proc/{strace}/task/{strace}/children"));
        for child in children.unwrap_or_default().split_whitespace() {
            let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap_or_default();
            // A traced process that got SIGSTOP shows as `t`, and waits for its tracer otherwise
            // only for a moment.
            if status.contains("State:\tT") || status.contains("State:\tt") {
                std::thread::sleep(Duration::from_millis(200));
                return Pid::from_raw(child.parse().unwrap()).unwrap();
            }
        }
        assert!(Instant::now() < deadline, "the holder does not stop");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn many_writers() {
    let _alone = one_at_a_time();
    let mut outcome = different_keys(None, &[]);
    if has_strace("writers, slowed down") {
        outcome.add(different_keys(None, &SLOW));
    }
    outcome.add(one_key(None, &[], &[]));
    outcome.add(one_key(None, &["--no-env"], &[]));
    outcome.add(a_mix());
    outcome.add(first_use(None));
    outcome.must_be_clean("writers");
}

#[test]
fn a_foreign_editor() {
    let _alone = one_at_a_time();
    let mut outcome = foreign(Editor::Appends, Duration::from_millis(5));
    outcome.add(foreign(Editor::Replaces, Duration::from_millis(20)));
    outcome.must_be_clean("foreign editor");
}

#[test]
fn a_lock_is_held() {
    let _alone = one_at_a_time();
    if !has_strace("lock") {
        return;
    }
    held_lock().must_be_clean("lock");
}

#[test]
fn many_writers_find_a_lock_that_is_not_taken() {
    let _alone = one_at_a_time();
    if !has_strace("writers") {
        return;
    }
    different_keys(Some("no-lock"), &SLOW).must_find("writers", "no-lock", "lost in the env file");
}

#[test]
fn many_writers_find_a_version_that_is_overwritten() {
    let _alone = one_at_a_time();
    if !has_strace("writers") {
        return;
    }
    one_key(Some("clobber"), &["--no-env"], &SLOW).must_find("writers", "clobber", "in no version");
}
