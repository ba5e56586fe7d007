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
mod show;
mod store;
mod verify;

use std::cell::OnceCell;

use secrets::ops::{Notice, Session, Settings};

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

    /// The key path that the verb is about, as it was typed.
    fn key_path(&self) -> Option<&str> {
        None
    }

    /// The label of the progress bar, for a verb that can take more than a second.
    fn progress_label(&self) -> Option<&'static str> {
        None
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
    session: OnceCell<Session<'a>>,
}

impl<'a> Call<'a> {
    /// The library's session, created at the first call.
    fn session(&self) -> Result<&Session<'a>, Failure> {
        self.session_with(|_| {})
    }

    /// The library's session, created with changed settings.
    fn session_with(
        &self,
        change: impl FnOnce(&mut Settings<'a>),
    ) -> Result<&Session<'a>, Failure> {
        if let Some(session) = self.session.get() {
            return Ok(session);
        }
        let mut settings = session::settings(self.global, self.notice)?;
        change(&mut settings);
        Ok(self.session.get_or_init(|| Session::new(settings)))
    }

    /// Returns a failure as what it is once something was changed.
    fn conclude(&self, failure: Failure) -> Failure {
        match self.session.get() {
            Some(session) if session.has_changes() => failure.after_changes(),
            _ => failure,
        }
    }
}

/// Runs a command and returns its exit code.
pub(crate) fn run(global: &Global, command: &Command, printer: &Printer) -> u8 {
    let Some(verb) = verb(command) else {
        return 0;
    };
    let progress = Progress::new(verb.progress_label().filter(|_| !printer.is_quiet()));
    let notice = |notice: Notice<'_>| progress.notice(printer, &notice);
    let call = Call {
        global,
        printer,
        progress: &progress,
        notice: &notice,
        session: OnceCell::new(),
    };
    let result = verb.run(&call);
    progress.finish();
    match result {
        Ok(exit) => exit,
        Err(failure) => {
            progress.finish();
            let failure = nearest::suggest(&call, verb, failure);
            let failure = call.conclude(session::conceal(global, failure));
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
        Command::Show(verb) => verb,
        Command::Edit(verb) => verb,
        Command::Verify(verb) => verb,
        Command::Generate(verb) => verb,
        Command::Rotate(verb) => verb,
        Command::Restore(verb) => verb,
        Command::Accept(verb) => verb,
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

/// Returns what a verb did, or in a dry run what it would do: "stored" or "would store".
fn did(dry_run: bool, past: &str, base: &str) -> String {
    match dry_run {
        true => format!("would {base}"),
        false => past.to_owned(),
    }
}
