//! Starting another program: where it is, what it gets, what becomes of its output, its signals
//! and its end.
//!
//! Without masking, on Unix, this process *becomes* the program: signals, terminal, job control
//! and exit code are the program's own, and nothing of this one stays in memory. With masking it
//! stays between the program and the outside: both streams go through the mask, signals are passed
//! on, and the end is reported as a shell would (128+n after signal n).
//!
//! Invariants: the program is never looked for in the current directory, unless it is named with
//! a slash; the key in `SECRETS_IDENTITY` is not passed on; the program may dump core and be
//! debugged as if this one had not been there.
//!
//! Limits:
//! - With masking the program's output is a pipe, so most programs buffer it and drop colours.
//! - Whoever may read `/proc/PID/environ` of the program (its user, root) can read the values.
//! - `SIGPIPE` is as a program finds it by default, even if the caller had it ignored.
//! - With masking, what the caller ignores (`nohup`) stays ignored on Linux only.
//! - On Windows, Ctrl-C reaches the program by the console, nothing is passed on.

#[cfg_attr(unix, path = "run/child_unix.rs")]
#[cfg_attr(not(unix), path = "run/child_elsewhere.rs")]
mod child;
mod find;

#[cfg(unix)]
use std::ffi::OsStr;
use std::ffi::OsString;
use std::io::{self, PipeReader, Read as _};
use std::path::Path;
use std::process::{Command, ExitStatus};

use secrets::leaks::mask::Masks;
use secrets::model::variables::Variable;

use crate::failure::{Code, Failure};
use crate::output::{self, Printer, Stream};

pub(crate) use self::find::find;

/// Our own failure, as in `env` and `timeout`.
pub(crate) const OWN_FAILURE: u8 = 125;
const CANNOT_EXECUTE: u8 = 126;
const NOT_FOUND: u8 = 127;

/// The exit code of a `run` that failed.
pub(crate) fn exit_code(failure: &Failure) -> u8 {
    match failure.exit {
        exit @ (CANNOT_EXECUTE | NOT_FOUND) => exit,
        _ => OWN_FAILURE,
    }
}

/// What is started, and with what.
pub(crate) struct Start<'a> {
    /// Where the program is.
    pub(crate) program: &'a Path,
    /// Its name as it was typed, and its arguments.
    pub(crate) command: &'a [OsString],
    /// What is set in its environment.
    pub(crate) variables: &'a [Variable],
    /// Whether these are all that it gets.
    pub(crate) clean: bool,
}

impl Start<'_> {
    fn command(&self) -> Command {
        self.command_at(self.program, &self.command[1..])
    }

    /// The same as a script for the shell: what a kernel does not know how to execute is one.
    #[cfg(unix)]
    fn script(&self) -> Command {
        let mut arguments = vec![self.program.as_os_str().to_owned()];
        arguments.extend_from_slice(&self.command[1..]);
        self.command_at(Path::new("/bin/sh"), &arguments)
    }

    fn command_at(&self, program: &Path, arguments: &[OsString]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments);
        #[cfg(unix)]
        if program == self.program {
            use std::os::unix::process::CommandExt as _;
            command.arg0(&self.command[0]);
        }
        if self.clean {
            command.env_clear();
        }
        command.env_remove("SECRETS_IDENTITY");
        for variable in self.variables {
            command.env(variable.name.as_str(), os_string(variable));
        }
        command
    }

    fn failure(&self, error: io::Error) -> Failure {
        let name = self.command[0].to_string_lossy();
        let exit = match error.kind() {
            io::ErrorKind::NotFound => NOT_FOUND,
            _ => CANNOT_EXECUTE,
        };
        let failure = match error.kind() {
            io::ErrorKind::ArgumentListTooLong => {
                let largest = self.variables.iter().max_by_key(|one| one.value.len());
                let largest = largest
                    .map(|one| format!("; {} has {} bytes", one.name, one.value.len()))
                    .unwrap_or_default();
                Failure::new(
                    Code::EnvironmentTooLarge,
                    format!("the variables are more than a program can be given here{largest}"),
                )
            }
            _ => Failure::io_as(Code::CannotExecute, format!("cannot run {name}"), error),
        };
        failure.exit(exit)
    }
}

#[cfg(unix)]
fn os_string(variable: &Variable) -> OsString {
    use std::os::unix::ffi::OsStrExt as _;
    OsStr::from_bytes(variable.value.expose()).to_owned()
}

#[cfg(not(unix))]
fn os_string(variable: &Variable) -> OsString {
    // Elsewhere an environment is text; what is not was never meant for one.
    String::from_utf8_lossy(variable.value.expose())
        .into_owned()
        .into()
}

/// Becomes the program; returns only if that failed.
#[cfg(unix)]
pub(crate) fn replace(start: &Start<'_>) -> Result<u8, Failure> {
    use std::os::unix::process::CommandExt as _;
    let error = crate::harden::lifted(|| {
        let error = start.command().exec();
        match rustix::io::Errno::from_io_error(&error) {
            Some(rustix::io::Errno::NOEXEC) => start.script().exec(),
            _ => error,
        }
    });
    Err(start.failure(error))
}

/// Runs the program and ends as it ended.
#[cfg(not(unix))]
pub(crate) fn replace(start: &Start<'_>) -> Result<u8, Failure> {
    let status = start.command().status();
    status.map(exit_of).map_err(|error| start.failure(error))
}

/// Runs the program with both of its streams going through the mask.
pub(crate) fn masked(start: &Start<'_>, masks: &Masks, printer: &Printer) -> Result<u8, Failure> {
    let cannot = |error: io::Error| Failure::io("cannot prepare to run a program", error);
    let mut readers = Vec::new();
    let mut writers = Vec::new();
    if one_stream() {
        // One pipe for both keeps their lines in order.
        let (reader, writer) = io::pipe().map_err(cannot)?;
        writers.push(writer.try_clone().map_err(cannot)?);
        writers.push(writer);
        readers.push((Stream::Out, reader));
    } else {
        for stream in [Stream::Out, Stream::Err] {
            let (reader, writer) = io::pipe().map_err(cannot)?;
            readers.push((stream, reader));
            writers.push(writer);
        }
    }
    let started = child::start(start, writers)?;
    std::thread::scope(|scope| {
        let pumps: Vec<_> = readers
            .into_iter()
            .map(|(stream, reader)| scope.spawn(move || pump(stream, reader, masks)))
            .collect();
        let status = started.wait(scope);
        let mut lost = None;
        for pump in pumps {
            match pump.join() {
                Ok(Ok(())) => {}
                Ok(Err(error)) => lost = Some(error),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        started.finished();
        let exit = exit_of(status.map_err(cannot)?);
        match lost {
            Some(error) => {
                let failure = Failure::io("the program's output is not complete", error);
                // The program's own failure says more than ours.
                if exit == 0 {
                    return Err(failure);
                }
                printer.failure(&failure);
                Ok(exit)
            }
            None => Ok(exit),
        }
    })
}

/// Whether both outputs of this process are the same pipe, file or terminal.
#[cfg(unix)]
fn one_stream() -> bool {
    let out = rustix::fs::fstat(rustix::stdio::stdout());
    let err = rustix::fs::fstat(rustix::stdio::stderr());
    match (out, err) {
        (Ok(out), Ok(err)) => (out.st_dev, out.st_ino) == (err.st_dev, err.st_ino),
        _ => false,
    }
}

#[cfg(not(unix))]
fn one_stream() -> bool {
    false
}

/// Lets a stream of the program through the mask until the program, and whatever it has left
/// behind, has closed it.
fn pump(stream: Stream, mut from: PipeReader, masks: &Masks) -> io::Result<()> {
    let mut masker = masks.masker();
    let mut piece = vec![0; 64 << 10];
    let mut out = Vec::with_capacity(64 << 10);
    let written = |result: io::Result<()>| match result {
        // Nobody reads any more. The pipe goes, and the program learns it when it writes again.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true),
    };
    loop {
        let count = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        masker.feed(&piece[..count], &mut out);
        if !written(output::write_unbuffered(stream, &out))? {
            return Ok(());
        }
        out.clear();
    }
    masker.finish(&mut out);
    written(output::write_unbuffered(stream, &out)).map(|_| ())
}

#[cfg(unix)]
fn exit_of(status: ExitStatus) -> u8 {
    use std::os::unix::process::ExitStatusExt as _;
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => code,
        (None, Some(signal)) => 128 + signal,
        (None, None) => i32::from(OWN_FAILURE),
    };
    u8::try_from(code).unwrap_or(u8::MAX)
}

#[cfg(not(unix))]
fn exit_of(status: ExitStatus) -> u8 {
    // A code of 32 bits becomes one of eight, but never success.
    match status.code() {
        Some(0) => 0,
        Some(code) => u8::try_from(code).unwrap_or(u8::MAX),
        None => OWN_FAILURE,
    }
}
