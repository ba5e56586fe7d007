//! Every system call refused in turn.
//!
//! The calls of one undisturbed run are listed; then, from the same state each time, one of them
//! fails with each error that it plausibly may. The program must tell the truth: exit 0 only if
//! everything is done (a fallback is fine), 2 only if nothing changed, 3 only if the vault has the
//! version. Whatever it says, nothing is torn, ahead or lost, nothing is left lying about, no value
//! is shown, and the next run finishes the work. A sync that failed is never tried again.
//!
//! Limits: calls of the loader and of the standard library before the first file is touched are
//! not refused; nor are `close` and memory. Calls that only look are refused in the first scenarios
//! only.

use crate::check::{Expected, When};
use crate::outcome::{Outcome, has_strace, one_at_a_time, over_scenarios};
use crate::sandbox::{Ran, Sandbox};
use crate::scenario::Scenario;
use crate::trace::{Call, injected, traced};

/// The errors that a call plausibly gives.
fn errors(call: &Call) -> &'static [&'static str] {
    let has = |flag: &str| call.args.iter().any(|arg| arg.contains(flag));
    match call.name.as_str() {
        "open" | "openat" if has("O_TMPFILE") => &[
            "ENOSPC",
            "EACCES",
            "EMFILE",
            "EROFS",
            "EDQUOT",
            "EOPNOTSUPP",
        ],
        "open" | "openat" if has("O_CREAT") => &["ENOSPC", "EACCES", "EMFILE", "EROFS", "EDQUOT"],
        "open" | "openat" => &["EACCES", "EMFILE", "EIO"],
        "openat2" => &["EACCES", "EMFILE", "EIO", "ENOSYS"],
        "write" | "pwrite64" => &["ENOSPC", "EIO", "EDQUOT"],
        "fsync" | "fdatasync" | "syncfs" => &["EIO", "ENOSPC"],
        "rename" | "renameat" | "renameat2" => &["EBUSY", "EXDEV", "EACCES", "ENOSPC", "EROFS"],
        "link" | "linkat" => &["ENOSPC", "EACCES", "EXDEV"],
        "chmod" | "fchmod" | "fchown" => &["EPERM", "EIO"],
        "flock" => &["ENOLCK", "EIO"],
        "read" | "getdents64" | "readlink" | "statx" | "newfstatat" | "fstat" => &["EIO"],
        "mkdir" => &["ENOSPC", "EACCES", "EROFS", "EDQUOT"],
        "unlink" | "unlinkat" => &["EACCES", "EIO", "EROFS"],
        "ftruncate" => &["EIO"],
        "fallocate" => &["ENOSPC", "EIO", "EOPNOTSUPP"],
        _ => &[],
    }
}

fn is_a_look(call: &Call) -> bool {
    let looks = [
        "readlink",
        "statx",
        "newfstatat",
        "fstat",
        "getdents64",
        "read",
    ];
    looks.contains(&call.name.as_str())
}

pub fn fail_every_call(scenario: &Scenario, sandbox: &Sandbox) -> Outcome {
    fail_calls(scenario, sandbox, |_| true)
}

fn fail_calls(scenario: &Scenario, sandbox: &Sandbox, wanted: impl Fn(&Call) -> bool) -> Outcome {
    let expected = Expected::new(scenario, sandbox);
    expected.reset();
    let (_, calls) = traced(sandbox, &expected.args, scenario.stdin, &[]);
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    for call in &calls {
        // Looking is the same in all scenarios, and most of what they do.
        if !wanted(call) || is_a_look(call) && !scenario.every_call {
            continue;
        }
        for error in errors(call) {
            if outcome.is_enough() {
                return outcome;
            }
            expected.reset();
            let what = format!("error={error}");
            let ran = injected(sandbox, &expected.args, scenario.stdin, call, &what);
            let name = call.name.as_str();
            outcome.count("failed calls", 1);
            let place = format!("{}, {} fails with {error}", scenario.name, call.place());
            outcome.found(&place, judge(&expected, &ran, name));
            let again = expected.run_again();
            outcome.found(&place, expected.check_healed(&again));
            if matches!(name, "fsync" | "fdatasync" | "syncfs") {
                outcome.found(&place, sync_again(&expected, call, error));
            }
        }
    }
    outcome
}

/// Whether the exit code tells the truth, and nothing is broken.
pub fn judge(expected: &Expected<'_>, ran: &Ran, refused: &str) -> Vec<String> {
    let mut findings = Vec::new();
    let scenario = expected.scenario;
    // A temporary that could not be removed is removed by the next run.
    let mut check = |when: When| {
        // The audit trail may end in half a line, which the next run mends.
        let found = expected.check_image(when);
        let tolerated = |what: &String| refused.starts_with("unlink") && what.contains("debris");
        findings.extend(found.into_iter().filter(|what| !tolerated(what)));
    };
    match ran.code {
        Some(0) => check(When::Done),
        _ => check(When::Refused),
    }
    match ran.code {
        Some(0) => {}
        Some(2) => {
            let changed = expected.changed().into_iter();
            findings.extend(changed.map(|what| format!("it says 2, but {what}: {}", ran.end())));
        }
        // Without a secret to store, "half done" is a configuration that is written and not synced.
        Some(3) if scenario.keys.is_empty() && ran.stderr.contains("power cut") => {}
        // The identity, the vault or the configuration was made, and then it stopped.
        Some(3) if expected.set_up_changed() => {}
        // Of several files some are written, which is half of it.
        Some(3) if !scenario.makes.is_empty() && !expected.changed().is_empty() => {}
        // Nothing new, and what is there may be lost: another run was stopped before it synced.
        Some(3) if ran.stderr.contains("may not survive a power cut") => {
            findings.extend(expected.check_said_to_be_there(ran));
        }
        Some(3) if expected.vault_is_new() || expected.vault_changed() => {
            findings.extend(expected.check_said_to_be_there(ran));
        }
        Some(3) => findings.push(format!("it says 3, but nothing has changed: {}", ran.end())),
        _ => findings.push(format!("it ends in no way that is promised: {}", ran.end())),
    }
    findings.extend(expected.check_message(ran));
    findings
}

/// Whether a file that could not be synced is synced again in the same run.
fn sync_again(expected: &Expected<'_>, call: &Call, error: &str) -> Vec<String> {
    expected.reset();
    let inject = format!("inject={}:error={error}:when={}", call.name, call.nth);
    let scenario = expected.scenario;
    let (_, calls) = traced(
        expected.sandbox,
        &expected.args,
        scenario.stdin,
        &["-e", &inject],
    );
    let mut paths = std::collections::BTreeMap::new();
    let mut failed = std::collections::BTreeSet::new();
    let mut findings = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        let fd = call.number(0).unwrap_or(-1);
        match (call.name.as_str(), call.returned) {
            ("open" | "openat", Some(fd)) => {
                let unnamed = call.args.iter().any(|arg| arg.contains("O_TMPFILE"));
                let path = call.text(usize::from(call.name == "openat"));
                // Each file without a name is one of its own.
                let own = if unnamed { at } else { 0 };
                paths.insert(fd, (path.unwrap_or_default(), own));
            }
            ("fsync" | "fdatasync" | "syncfs", returned) => {
                let Some(path) = paths.get(&fd) else { continue };
                if failed.contains(path) {
                    findings.push(format!("{} is synced again after a failed sync", path.0));
                }
                if returned.is_none() {
                    failed.insert(path.clone());
                }
            }
            _ => {}
        }
    }
    findings
}

#[test]
fn every_call_is_refused() {
    let _alone = one_at_a_time();
    if !has_strace("fail") {
        return;
    }
    over_scenarios(|_| true, None, fail_every_call).must_be_clean("fail");
}

#[test]
fn a_refused_call_finds_a_sync_that_is_tried_again() {
    sees("retry-sync", "synced again", "fsync");
}

#[test]
fn a_refused_call_finds_an_error_that_is_swallowed() {
    sees("swallow", "", "write");
}

#[test]
fn a_refused_call_finds_an_env_file_that_is_written_in_place() {
    sees("in-place", "neither old nor new", "write");
}

#[cfg(test)]
fn sees(fault: &'static str, about: &str, calls: &str) {
    let _alone = one_at_a_time();
    if !has_strace("fail") {
        return;
    }
    let outcome = over_scenarios(
        |scenario| scenario.name == "set: next version",
        Some(fault),
        |scenario, sandbox| fail_calls(scenario, sandbox, |call| call.name == calls),
    );
    outcome.must_find("fail", fault, about);
}
