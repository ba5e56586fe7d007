//! The program `secrets`: a command line in front of the operations of the library.
//!
//! Only `main` exits; only [`environment`] reads the environment; only [`input`] reads standard
//! input and the terminal; only [`output`] prints; only [`run`] starts another program for the
//! user; only [`mcp`] is asynchronous. [`commands`] translates arguments into requests and reports
//! into output, and [`failure`] errors into hints and exit codes.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod annotation;
mod args;
mod choice;
mod commands;
mod completion;
mod environment;
mod failure;
mod generated;
mod harden;
mod input;
mod mcp;
mod notices;
mod output;
mod parse;
mod run;
mod session;
mod transcripts;
mod usage;

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

use crate::args::{Cli, Command};
use crate::output::Printer;

/// Wipes each block of the heap as it is freed: also those in which libraries (dotenvy, age, serde)
/// leave copies of a value that they never wipe.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _faults = fail::FailScenario::setup();
    harden::process();
    if environment::asks_for_completion() {
        return ExitCode::from(completion::answer());
    }
    ExitCode::from(match args::parse() {
        Ok(cli) => dispatch(&cli),
        Err(error) => usage::report(&error),
    })
}

fn dispatch(cli: &Cli) -> u8 {
    let global = &cli.global;
    let printer = Printer::new(global.json, global.quiet, global.color);
    match &cli.command {
        Command::Mcp(args) => mcp::run(global, args, &printer),
        command => commands::run(global, command, &printer),
    }
}
