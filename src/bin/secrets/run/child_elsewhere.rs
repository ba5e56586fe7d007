//! The program while it runs beside this one, where there are no signals to pass on.

use std::io::{self, PipeWriter};
use std::process::{Child, ExitStatus};
use std::sync::Mutex;
use std::thread::Scope;

use super::Start;
use crate::failure::Failure;

pub(super) struct Started(Mutex<Child>);

/// Starts the program with the writers as its outputs.
pub(super) fn start(start: &Start<'_>, writers: Vec<PipeWriter>) -> Result<Started, Failure> {
    let mut command = start.command();
    if let Ok([out, err]) = <[PipeWriter; 2]>::try_from(writers) {
        command.stdout(out).stderr(err);
    }
    let child = command.spawn().map_err(|error| start.failure(error))?;
    Ok(Started(Mutex::new(child)))
}

impl Started {
    /// Waits for the program to end.
    pub(super) fn wait<'s>(&'s self, _: &'s Scope<'s, '_>) -> io::Result<ExitStatus> {
        let mut child = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        child.wait()
    }

    /// Says that there is nothing left to wait for.
    pub(super) fn finished(&self) {}
}
