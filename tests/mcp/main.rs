//! `secrets mcp`, from the outside: messages of the protocol over pipes, and the official clients.
//!
//! Every value is a canary: it may turn up in the answer to `get_secret` and nowhere else, neither in
//! other messages nor on standard error nor in any file but the env file.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests make their own files and read their own environment"
)]

#[path = "../support/sandbox/mod.rs"]
mod sandbox;
#[path = "../support/schema.rs"]
mod schema;

mod asking;
mod clients;
mod eras;
mod killed;
mod many;
mod mistakes;
mod policy;
mod session;
mod tools;
