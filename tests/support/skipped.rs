//! Saying that something was not tested.

use std::io::Write as _;

/// Says that something could not be tested, past the test harness, which would swallow it. Where
/// `SECRETS_TEST_EVERYTHING` is set, as `.ci/run` does, that is a failure.
pub fn skipped(why: &str) {
    assert!(
        std::env::var_os("SECRETS_TEST_EVERYTHING").is_none(),
        "this must not be skipped here: {why}"
    );
    not_run(why);
}

/// Says that something could not be tested, where that is never a failure: another program is not to
/// be had, or no longer starts.
pub fn not_run(why: &str) {
    let line = format!("\nSKIPPED: {why}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}
