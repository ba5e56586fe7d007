//! What a rig did and found; the tools it needs; how it shares the machine.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::sandbox::{Base, Sandbox};
use crate::scenario::{SCENARIOS, Scenario};

/// A rig that has found this much needs not look on.
pub const ENOUGH: usize = 12;

/// How much a rig tried, and what it found.
#[derive(Debug, Default)]
pub struct Outcome {
    counts: BTreeMap<&'static str, usize>,
    pub findings: Vec<String>,
}

impl Outcome {
    pub fn count(&mut self, what: &'static str, n: usize) {
        *self.counts.entry(what).or_default() += n;
    }

    pub fn counted(&self, what: &str) -> usize {
        self.counts.get(what).copied().unwrap_or(0)
    }

    pub fn found(&mut self, place: &str, findings: impl IntoIterator<Item = String>) {
        let findings = findings.into_iter().map(|what| format!("{place}: {what}"));
        self.findings.extend(findings);
    }

    pub fn is_enough(&self) -> bool {
        self.findings.len() >= ENOUGH
    }

    pub fn add(&mut self, other: Self) {
        for (what, n) in other.counts {
            self.count(what, n);
        }
        self.findings.extend(other.findings);
    }

    /// Prints the figures, in one line that can be searched for.
    pub fn figure(&self, rig: &str) {
        if self.counts.is_empty() {
            return;
        }
        let counts: Vec<String> = self
            .counts
            .iter()
            .map(|(what, n)| format!("{n} {what}"))
            .collect();
        let found = self.findings.len();
        say(&format!(
            "crash-figure: {rig}: {}, {found} findings",
            counts.join(", ")
        ));
    }

    /// The figures, and a failure if anything was found.
    pub fn must_be_clean(self, rig: &str) {
        self.figure(rig);
        assert!(
            self.findings.is_empty(),
            "{rig}: {} findings:\n{}",
            self.findings.len(),
            self.findings.join("\n")
        );
    }

    /// The test of the rig itself: with the fault in the program it must find something, and what
    /// it finds must be about the fault.
    pub fn must_find(self, rig: &str, fault: &str, about: &str) {
        let found = self
            .findings
            .iter()
            .filter(|one| one.contains(about))
            .count();
        say(&format!(
            "crash-figure: {rig} with planted fault {fault}: {found} findings"
        ));
        assert!(
            found > 0,
            "{rig} does not see the planted fault {fault}; it found:\n{}",
            self.findings.join("\n")
        );
    }
}

/// Says something past the test harness, which keeps the output of tests that pass.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// One rig at a time: each uses all cores, and some measure.
pub fn one_at_a_time() -> MutexGuard<'static, ()> {
    static RIG: Mutex<()> = Mutex::new(());
    RIG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether strace is there and may be used. If not, the rig is skipped, loudly; with
/// `SECRETS_TEST_EVERYTHING` set that is a failure.
pub fn has_strace(rig: &str) -> bool {
    needs(rig, "strace", &["-f", "-o", "/dev/null", "true"])
}

/// What says that this process has a mount namespace of its own.
const INSIDE: &str = "SECRETS_CRASH_INSIDE";

/// Runs a test in a mount namespace of its own: this program again, with that test only.
pub fn in_a_namespace(rig: &str, test: &str, body: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return body();
    }
    let is_root = rustix::process::geteuid().is_root();
    let args: &[&str] = if is_root {
        &["-m", "--"]
    } else {
        &["-r", "-m", "--"]
    };
    if !needs(
        rig,
        "unshare",
        &[args, &["mount", "-t", "tmpfs", "none", "/mnt"]].concat(),
    ) {
        return;
    }
    let status = Command::new("unshare")
        .args(args)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{rig}: see above");
}

fn needs(rig: &str, tool: &str, args: &[&str]) -> bool {
    let works = Command::new(tool)
        .args(args)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !works {
        say(&format!(
            "crash rig {rig}: SKIPPED, because `{tool}` is not there or may not be used"
        ));
        assert!(
            std::env::var_os("SECRETS_TEST_EVERYTHING").is_none(),
            "{rig} cannot run without {tool}, and SECRETS_TEST_EVERYTHING is set"
        );
    }
    works
}

/// Runs a rig over all scenarios that `wanted` takes, a worker a core, each in a sandbox of its
/// own.
pub fn over_scenarios(
    wanted: impl Fn(&Scenario) -> bool + Sync,
    fault: Option<&'static str>,
    rig: impl Fn(&Scenario, &Sandbox) -> Outcome + Sync,
) -> Outcome {
    let base = Base::new();
    let only = std::env::var("SECRETS_CRASH_ONLY").unwrap_or_default();
    let wanted = |one: &&Scenario| wanted(one) && one.name.contains(&only);
    let queue = Mutex::new(SCENARIOS.iter().filter(wanted));
    let total = Mutex::new(Outcome::default());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (base, queue, total, rig) = (&base, &queue, &total, &rig);
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
                    let Some(scenario) = next else { break };
                    let sandbox = base.sandbox(worker, fault);
                    let outcome = rig(scenario, &sandbox);
                    total
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .add(outcome);
                }
            });
        }
    });
    let mut total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    total.findings.truncate(ENOUGH * 4);
    total
}
