//! Handing variables to other programs, with the whole program: `run` and `export`.
//!
//! Every value is a canary: it may turn up where it belongs and nowhere else.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, clippy::print_stderr)]

mod export;
mod masked;
mod replaced;
mod sandbox;
mod start;
