//! The whole program, from the outside: one module a verb or a subject, each test a claim.
//!
//! Unix only: the sandbox works with modes, links, signals and terminals.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests make their own files and read their own environment"
)]

mod ci;
mod completion;
mod craft;
#[path = "../support/sandbox/mod.rs"]
mod sandbox;
#[path = "../support/schema.rs"]
mod schema;

mod descriptions;
mod dry_run;
mod env_file;
mod errors;
mod first_use;
mod fixture;
mod forgery;
mod generate;
mod generated;
mod get;
mod guard;
mod half_done;
mod hostile;
mod init;
mod interop_age;
mod json;
mod key_paths;
mod layouts;
mod link;
mod list;
mod log;
mod memory;
mod promises;
mod prune;
mod remove;
mod rename;
mod restore;
mod rotate;
mod scan;
mod set;
mod streams;
mod terminal;
mod upgrade;
mod values;
mod verify;
