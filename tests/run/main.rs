//! Handing variables to other programs, with the whole program: `run` and `export`.
//!
//! Every value is a canary: it may turn up where it belongs and nowhere else.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    unreachable_pub,
    reason = "tests make their own files and read their own environment"
)]

mod export;
mod masked;
mod replaced;
mod sandbox;
#[path = "../support/skipped.rs"]
mod skipped;
mod start;
