//! Killed at every system call.
//!
//! One undisturbed run is traced; then, from the same state each time, the program is killed as it
//! enters the first call, the second, and so on. What it leaves is checked, then the same command
//! runs again and must finish the work and leave no debris.
//!
//! A kill after a call that only looked leaves what a kill before that call left. The first
//! scenarios are tried at every call all the same; the others once for each state.
//!
//! Limits: a kill leaves what was written in the page cache, so this rig cannot see a missing
//! sync; [`crate::power`] does.

use crate::check::{Expected, NAMED, When};
use crate::outcome::{Outcome, has_strace, one_at_a_time, over_scenarios};
use crate::sandbox::Sandbox;
use crate::scenario::Scenario;
use crate::trace::{Call, injected, traced};

const KILL: i32 = 9;

pub fn kill_at_every_call(scenario: &Scenario, sandbox: &Sandbox) -> Outcome {
    kill(scenario, sandbox, scenario.every_call)
}

fn kill_at_every_change(scenario: &Scenario, sandbox: &Sandbox) -> Outcome {
    kill(scenario, sandbox, false)
}

fn kill(scenario: &Scenario, sandbox: &Sandbox, every_call: bool) -> Outcome {
    let expected = Expected::new(scenario, sandbox);
    expected.reset();
    let (_, calls) = traced(sandbox, &expected.args, scenario.stdin, &[]);
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    outcome.count("calls", calls.len());
    let mut before = None::<&Call>;
    for call in &calls {
        let as_before = before.is_some_and(|before| !before.may_change());
        before = Some(call);
        if as_before && !every_call {
            continue;
        }
        expected.reset();
        let ran = injected(sandbox, &expected.args, scenario.stdin, call, "signal=KILL");
        if ran.signal != Some(KILL) {
            // A run that takes a call less than the one that was traced.
            outcome.count("not reached", 1);
            continue;
        }
        outcome.count("kills", 1);
        let place = format!("{}, killed at {}", scenario.name, call.place());
        outcome.found(&place, expected.check(When::Stopped));
        let again = expected.run_again();
        outcome.found(&place, expected.check_healed(&again));
        if outcome.is_enough() {
            break;
        }
    }
    outcome
}

#[test]
fn killed_at_every_system_call() {
    let _alone = one_at_a_time();
    if !has_strace("kill") {
        return;
    }
    let outcome = over_scenarios(|_| true, None, kill_at_every_call);
    let (kills, missed) = (outcome.counted("kills"), outcome.counted("not reached"));
    outcome.must_be_clean("kill");
    assert!(
        missed * 20 < kills,
        "{missed} calls were not reached, {kills} were"
    );
}

/// The way that is gone on systems without files that have no name.
#[test]
fn killed_where_every_file_has_a_name() {
    let _alone = one_at_a_time();
    if !has_strace("kill") {
        return;
    }
    let outcome = over_scenarios(has_a_new_file, Some(NAMED), kill_at_every_change);
    outcome.must_be_clean("kill, all files named");
}

/// An env file that is new, one that is replaced, a vault that is made.
pub fn has_a_new_file(scenario: &Scenario) -> bool {
    [
        "set: no env file yet",
        "set: next version",
        "set: first use of all",
    ]
    .contains(&scenario.name)
}

#[test]
fn a_kill_finds_an_env_file_that_is_written_in_place() {
    sees("in-place", "neither old nor new");
}

#[test]
fn a_kill_finds_an_env_file_that_is_ahead_of_the_vault() {
    sees("env-first", "ahead of the vault");
}

#[cfg(test)]
fn sees(fault: &'static str, about: &str) {
    let _alone = one_at_a_time();
    if !has_strace("kill") {
        return;
    }
    let outcome = over_scenarios(
        |scenario| scenario.name == "set: next version",
        Some(fault),
        kill_at_every_call,
    );
    outcome.must_find("kill", fault, about);
}
