//! Coding agents, with the whole program: their configuration, and the hook that they run.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests make their own files"
)]

#[path = "../support/sandbox/mod.rs"]
mod sandbox;

mod hook;
mod install;
mod table;
