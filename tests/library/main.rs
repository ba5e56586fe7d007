//! The library from the outside: what it makes of bytes that somebody else wrote, and the law of its
//! layers.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stderr,
    unreachable_pub,
    reason = "tests make their own files and read their own environment"
)]

mod env_corpus;
mod layers;
mod lost_files;
mod model;
mod parsers;
#[path = "../support/skipped.rs"]
mod skipped;
