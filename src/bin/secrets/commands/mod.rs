//! The verbs of the command line: arguments into requests, reports into output.
//!
//! Each verb is a type of [`args`](crate::args) that implements [`Verb`], in the file of its group.

mod agent;
mod doctor;
mod generated;
mod guard;
mod hook;
mod import;
mod nearest;
mod pass;
mod progress;
mod read;
mod recovery;
mod scan;
mod setup;
mod store;
mod verify;

use secrets::ops::{Context, Notice};

use self::progress::Progress;
use crate::args::{Command, Global};
use crate::failure::Failure;
use crate::output::Printer;
use crate::session;

/// A command's exit code, or why it failed.
type Exit = Result<u8, Failure>;

/// A verb of the command line.
trait Verb {
    /// Runs the verb and returns its exit code.
    fn run(&self, call: &Call<'_>) -> Exit;

    /// Whether the verb may have changed something by the time it prints its answer.
    fn changes(&self) -> bool {
        false
    }

    /// The key path that the verb is about, as it was typed.
    fn key_path(&self) -> Option<&str> {
        None
    }

    /// Whether the verb can take long enough for a progress bar.
    fn shows_progress(&self) -> bool {
        false
    }

    /// Returns the command that was probably meant, if a project was named in place of a key path.
    fn with_project(&self, _project: &str) -> Option<String> {
        None
    }

    /// Returns the exit code of a failure.
    fn exit(&self, failure: &Failure) -> u8 {
        failure.exit
    }
}

/// What a verb needs besides its own arguments.
struct Call<'a> {
    global: &'a Global,
    printer: &'a Printer,
    progress: &'a Progress,
    notice: &'a (dyn Fn(Notice<'_>) + Sync),
}

impl<'a> Call<'a> {
    /// Creates the library's context.
    fn session(&self) -> Result<Context<'a>, Failure> {
        session::open(self.global, self.notice)
    }
}

/// Runs a command and returns its exit code.
pub(crate) fn run(global: &Global, command: &Command, printer: &Printer) -> u8 {
    let Some(verb) = verb(command) else {
        return 0;
    };
    let progress = Progress::new(verb.shows_progress() && !printer.is_quiet());
    let notice = |notice: Notice<'_>| progress.notice(printer, &notice);
    let call = Call {
        global,
        printer,
        progress: &progress,
        notice: &notice,
    };
    match verb.run(&call) {
        Ok(exit) => exit,
        Err(failure) => {
            progress.finish();
            let mut failure = nearest::suggest(&call, verb, failure);
            if verb.changes() {
                failure = failure.after_a_change();
            }
            printer.failure(&failure);
            verb.exit(&failure)
        }
    }
}

/// Returns the verb of a command; `None` for `mcp`, which is not one of this module.
fn verb(command: &Command) -> Option<&dyn Verb> {
    Some(match command {
        Command::Init(verb) => verb,
        Command::Link(verb) => verb,
        Command::Unlink(verb) => verb,
        Command::Projects(verb) => verb,
        Command::Set(verb) => verb,
        Command::Get(verb) => verb,
        Command::List(verb) => verb,
        Command::Verify(verb) => verb,
        Command::Generate(verb) => verb,
        Command::Rotate(verb) => verb,
        Command::Restore(verb) => verb,
        Command::Import(verb) => verb,
        Command::Diff(verb) => verb,
        Command::History(verb) => verb,
        Command::Rollback(verb) => verb,
        Command::Rm(verb) => verb,
        Command::Mv(verb) => verb,
        Command::Prune(verb) => verb,
        Command::Log(verb) => verb,
        Command::Doctor(verb) => verb,
        Command::Recovery(verb) => verb,
        Command::Export(verb) => verb,
        Command::Run(verb) => verb,
        Command::Scan(verb) => verb,
        Command::Guard(verb) => verb,
        Command::Agent(verb) => verb,
        Command::Hook(verb) => verb,
        Command::Completions(verb) => verb,
        Command::Man(verb) => verb,
        Command::Mcp(_) => return None,
    })
}

/// The words before everything that a dry run reports.
fn would(dry_run: bool) -> &'static str {
    if dry_run { "would have: " } else { "" }
}
