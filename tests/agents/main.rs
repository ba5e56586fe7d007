//! Coding agents, with the whole program: their configuration, and the hook that they run.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    dead_code,
    unreachable_pub,
    reason = "tests make their own files; the sandbox serves other tests as well"
)]

#[path = "../cli/sandbox.rs"]
mod sandbox;

mod hook;
mod install;
mod table;
