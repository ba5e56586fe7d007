//! The program `secrets`: a command line in front of the operations of the library.
//!
//! Only `main` exits; only [`environment`] reads the environment; only [`input`] reads standard
//! input and the terminal; only [`output`] prints; only [`run`] starts another program for the
//! user; only [`mcp`] is asynchronous. [`commands`] translates arguments into requests and reports
//! into output, and [`failure`] errors into hints and exit codes.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod annotation;
mod args;
mod commands;
mod completion;
mod environment;
mod failure;
mod generated;
mod harden;
mod input;
mod mcp;
mod output;
mod run;
mod transcripts;

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Wipes each block of the heap as it is freed: also those in which libraries (dotenvy, age, serde)
/// leave copies of a value that they never wipe.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    harden::process();
    if environment::asks_for_completion() {
        return ExitCode::from(completion::answer());
    }
    let exit = match args::parse() {
        Ok(cli) => commands::run(&cli),
        Err(refused) => refused.report(),
    };
    ExitCode::from(exit)
}
