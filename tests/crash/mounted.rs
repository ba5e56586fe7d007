//! An env file that no other file can take the place of: mounted by itself, as containers do it, or
//! with a second name.
//!
//! It is written in place, so a kill may tear it; a sealed record that was made before lets the
//! next run finish. So here the file may be torn while the program is stopped, and must be whole
//! after the next run.

use std::path::Path;
use std::process::Command;

use crate::check::{Expected, When};
use crate::outcome::{Outcome, has_strace, in_a_namespace, one_at_a_time};
use crate::sandbox::{Base, Sandbox};
use crate::scenario::{ENV, SCENARIOS, Scenario};
use crate::trace::{injected, traced};

/// One scenario in which the file grows, one in which it shrinks: only that can tear it, since a
/// write of this size is not interrupted.
const TRIED: [&str; 3] = [
    "set: next version",
    "set: over a value that only the env file has",
    "rm",
];

/// How the env file is held in its place.
#[derive(Debug, Clone, Copy)]
enum Held {
    ByMount,
    ByHardLink,
}

impl Held {
    fn hold(self, sandbox: &Sandbox, second: &Path) {
        let env = sandbox.at(ENV);
        match self {
            Self::ByMount => run("mount", &["--bind".as_ref(), &env, &env]),
            Self::ByHardLink => std::fs::hard_link(&env, second).unwrap(),
        }
    }

    fn let_go(self, sandbox: &Sandbox, second: &Path) {
        match self {
            Self::ByMount => run("umount", &[&sandbox.at(ENV)]),
            Self::ByHardLink => std::fs::remove_file(second).unwrap(),
        }
    }
}

fn run(program: &str, args: &[&Path]) {
    let done = Command::new(program).args(args).status();
    assert!(done.unwrap().success(), "{program} {args:?}");
}

fn kill_in_place(
    scenario: &Scenario,
    held: Held,
    base: &Base,
    fault: Option<&'static str>,
) -> Outcome {
    let sandbox = &base.sandbox(0, fault);
    let second = base.path().join("second-name");
    let expected = Expected::new(scenario, sandbox);
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    expected.reset();
    held.hold(sandbox, &second);
    let (ran, calls) = traced(sandbox, &expected.args, scenario.stdin, &[]);
    let place = format!("{} ({held:?})", scenario.name);
    if ran.code != Some(0) {
        outcome.found(&place, [format!("it fails undisturbed: {}", ran.end())]);
    }
    outcome.found(&place, expected.check(When::Done));
    if matches!(held, Held::ByHardLink)
        && std::fs::read(&second).ok() != std::fs::read(sandbox.at(ENV)).ok()
    {
        outcome.found(&place, ["the hard link is broken".to_owned()]);
    }
    held.let_go(sandbox, &second);
    let mut changed = true;
    for call in &calls {
        let same = !changed;
        changed = call.may_change();
        if same {
            continue;
        }
        expected.reset();
        held.hold(sandbox, &second);
        let ran = injected(sandbox, &expected.args, scenario.stdin, call, "signal=KILL");
        if ran.signal.is_none() {
            outcome.count("not reached", 1);
            held.let_go(sandbox, &second);
            continue;
        }
        outcome.count("kills", 1);
        let place = format!("{place}, killed at {}", call.place());
        let (torn, found): (Vec<_>, Vec<_>) = expected
            .check(When::Stopped)
            .into_iter()
            .partition(|what| what.contains("neither old nor new"));
        outcome.count("torn and mended", torn.len());
        outcome.found(&place, found);
        let again = expected.run_again();
        outcome.found(&place, expected.check_healed(&again));
        held.let_go(sandbox, &second);
    }
    outcome
}

fn all(fault: Option<&'static str>) -> Outcome {
    let base = Base::new();
    let mut outcome = Outcome::default();
    for scenario in SCENARIOS.iter().filter(|one| TRIED.contains(&one.name)) {
        for held in [Held::ByMount, Held::ByHardLink] {
            outcome.add(kill_in_place(scenario, held, &base, fault));
        }
    }
    outcome
}

#[test]
fn killed_while_writing_in_place() {
    let _alone = one_at_a_time();
    if !has_strace("in place") {
        return;
    }
    in_a_namespace("in place", "mounted::killed_while_writing_in_place", || {
        let outcome = all(None);
        let torn = outcome.counted("torn and mended");
        outcome.must_be_clean("in place");
        assert!(torn > 0, "nothing was torn: the rig has tried nothing");
    });
}

#[test]
fn writing_in_place_finds_a_record_that_is_not_made() {
    let _alone = one_at_a_time();
    if !has_strace("in place") {
        return;
    }
    let test = "mounted::writing_in_place_finds_a_record_that_is_not_made";
    in_a_namespace("in place", test, || {
        all(Some("no-record")).must_find("in place", "no-record", "after the next run");
    });
}
