//! A disk that is full, and a limit on the size of files.
//!
//! The disk is a real one: a `tmpfs` with room for the state before and a few pages more, from none
//! to more than enough, in a mount namespace of its own. What the program says must be true at
//! every size, and with room again the next run must finish the work.

use std::path::Path;
use std::process::Command;

use crate::check::{Expected, When};
use crate::fail::judge;
use crate::outcome::{Outcome, has_strace, in_a_namespace, one_at_a_time, over_scenarios};
use crate::sandbox::{Base, Sandbox};
use crate::scenario::{SCENARIOS, Scenario};
use crate::tree::{Node, Tree};

const PAGE: usize = 4096;
/// More pages than any scenario needs; when a few more have changed nothing the rest is not tried.
const PAGES: usize = 24;
const ROOMY: usize = 3;
const SIGXFSZ: i32 = 25;
const LIMITS: [usize; 9] = [0, 64, 150, 300, 600, 1000, 1500, 2500, 4000];

fn mount(dir: &Path, options: &str) {
    let done = Command::new("mount")
        .args(["-t", "tmpfs", "-o", options, "none"])
        .arg(dir)
        .status();
    assert!(done.unwrap().success(), "mount -o {options}");
}

fn unmount(dir: &Path) {
    let done = Command::new("umount").arg(dir).status();
    assert!(done.unwrap().success(), "umount");
}

fn pages(tree: &Tree) -> usize {
    let pages = |node: &Node| match node {
        Node::File { bytes, .. } => bytes.len().div_ceil(PAGE),
        _ => 0,
    };
    tree.0.values().map(pages).sum()
}

/// Runs a scenario on disks with less and less room.
fn fill_the_disk(scenario: &Scenario, base: &Base, fault: Option<&'static str>) -> Outcome {
    mount(base.path(), "size=16m");
    let expected_on = base.sandbox(0, fault);
    let expected = Expected::new(scenario, &expected_on);
    unmount(base.path());
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    let mut roomy = 0;
    for room in 0..=PAGES {
        let size = (pages(&expected.before) + room).max(1) * PAGE;
        mount(base.path(), &format!("size={size}"));
        expected.reset();
        outcome.count("disks", 1);
        let ran = expected.sandbox.run(&expected.args, scenario.stdin);
        let place = format!("{}, a disk with {room} free pages", scenario.name);
        if ran.code == Some(0) {
            roomy += 1;
        } else {
            outcome.count("full", 1);
            roomy = 0;
        }
        outcome.found(&place, judge(&expected, &ran, ""));
        mount(base.path(), "remount,size=16m");
        let again = expected.run_again();
        outcome.found(&place, expected.check_healed(&again));
        unmount(base.path());
        if outcome.is_enough() || roomy == ROOMY {
            break;
        }
    }
    outcome
}

fn full_disks(wanted: &dyn Fn(&Scenario) -> bool, fault: Option<&'static str>) -> Outcome {
    let base = Base::new();
    let mut outcome = Outcome::default();
    for scenario in SCENARIOS.iter().filter(|one| wanted(one)) {
        outcome.add(fill_the_disk(scenario, &base, fault));
    }
    outcome
}

/// Runs a scenario with less and less allowed of a file; the signal ignored or not.
pub fn limit_files(scenario: &Scenario, sandbox: &Sandbox) -> Outcome {
    let expected = Expected::new(scenario, sandbox);
    let mut outcome = Outcome::default();
    outcome.count("scenarios", 1);
    for limit in LIMITS {
        for ignored in [true, false] {
            let arg = format!("--fsize={limit}");
            let ignoring = [
                "sh",
                "-c",
                "trap '' XFSZ; exec \"$@\"",
                "sh",
                "prlimit",
                &arg,
            ];
            let prefix = if ignored {
                &ignoring[..]
            } else {
                &ignoring[4..]
            };
            expected.reset();
            let ran = sandbox.run_prefixed(prefix, &expected.args, scenario.stdin);
            outcome.count("limits", 1);
            let place = format!("{}, files up to {limit} bytes", scenario.name);
            if ran.signal == Some(SIGXFSZ) {
                outcome.count("killed by the limit", 1);
                outcome.found(&place, expected.check_image(When::Stopped));
            } else {
                outcome.found(&place, judge(&expected, &ran, ""));
            }
            let again = expected.run_again();
            outcome.found(&place, expected.check_healed(&again));
        }
    }
    outcome
}

#[test]
fn the_disk_is_full() {
    let _alone = one_at_a_time();
    in_a_namespace("full disk", "small::the_disk_is_full", || {
        full_disks(&|_| true, None).must_be_clean("full disk");
    });
}

#[test]
fn a_full_disk_finds_an_error_that_is_swallowed() {
    let _alone = one_at_a_time();
    let test = "small::a_full_disk_finds_an_error_that_is_swallowed";
    in_a_namespace("full disk", test, || {
        full_disks(
            &|scenario| scenario.name == "set: first version",
            Some("swallow"),
        )
        .must_find("full disk", "swallow", "");
    });
}

#[test]
fn files_may_not_grow() {
    let _alone = one_at_a_time();
    if !has_strace("file limit") {
        return;
    }
    over_scenarios(|_| true, None, limit_files).must_be_clean("file limit");
}

#[test]
fn a_file_limit_finds_an_error_that_is_swallowed() {
    let _alone = one_at_a_time();
    over_scenarios(
        |scenario| scenario.name == "set: new project",
        Some("swallow"),
        limit_files,
    )
    .must_find("file limit", "swallow", "");
}
