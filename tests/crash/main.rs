//! The crash rigs: what is promised about loss, tearing and concurrency, tried on the program as
//! it is.
//!
//! | module | rig |
//! |---|---|
//! | [`kill`] | killed at every system call |
//! | [`power`] | every image that a power cut may leave, from a model of the file system |
//! | [`fail`] | every system call refused in turn |
//! | [`small`] | a full disk, a file size limit |
//! | [`writers`] | many writers, a foreign editor, a lock that is held |
//! | [`panic`] | a panic with a value in its message |
//! | [`mounted`] | an env file that cannot be renamed over: a mount, a hard link |
//!
//! Each rig is a function that gives an [`outcome::Outcome`]: how much it tried, and what it found.
//! A test demands that it found nothing; another plants a fault in the program (feature
//! `failpoints`) and demands that the same function finds it. What is tried is in one table,
//! [`scenario::SCENARIOS`].
//!
//! Limits: Linux only, with strace; the rigs around mounts need the right to make a mount
//! namespace. Where one of these is missing the rig says so and is skipped, unless
//! `SECRETS_TEST_EVERYTHING` is set.
//! How to run it, and how long it takes: `tests/crash/README.md`.
#![cfg(target_os = "linux")]
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test program"
)]

mod check;
mod fail;
mod kill;
mod mounted;
mod outcome;
mod panic;
mod power;
mod sandbox;
mod scenario;
mod small;
mod trace;
mod tree;
mod writers;
