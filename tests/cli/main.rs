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

#[path = "../support/mod.rs"]
mod support;
use support::{sandbox, schema, skipped};

mod accept;
mod age;
mod agents;
mod ci;
mod completion;
mod craft;
mod damage;
mod descriptions;
mod docs;
mod doctor;
mod dry_run;
mod env_file;
mod env_replace;
mod errors;
mod first_use;
mod fixture;
mod forgery;
mod generate;
mod generated;
mod get;
mod gone;
mod guard;
mod half_done;
mod hostile;
mod import;
mod init;
mod interop_age;
mod json;
mod key_paths;
mod layouts;
mod link;
mod list;
mod log;
mod mcp;
mod memory;
mod owners;
mod places;
mod promises;
mod prune;
mod remove;
mod rename;
mod restore;
mod rotate;
mod run;
mod scan;
mod set;
mod streams;
mod terminal;
mod upgrade;
mod values;
mod verify;
mod witness;
