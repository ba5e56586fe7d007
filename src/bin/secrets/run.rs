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

use std::ffi::{OsStr, OsString};
use std::io::{self, PipeReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus};

use secrets::mask::Masks;
use secrets::variables::Variable;

use crate::environment;
use crate::failure::Failure;
use crate::output::{self, Printer, Stream};

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

    fn failure(&self, error: &io::Error) -> Failure {
        let name = self.command[0].to_string_lossy();
        let mut failure = match error.kind() {
            io::ErrorKind::ArgumentListTooLong => {
                let largest = self.variables.iter().max_by_key(|one| one.value.len());
                let largest = largest
                    .map(|one| format!("; {} has {} bytes", one.name, one.value.len()))
                    .unwrap_or_default();
                Failure::new(
                    "environment_too_large",
                    format!("the variables are more than a program can be given here{largest}"),
                )
            }
            _ => Failure::new("cannot_execute", format!("cannot run {name}: {error}")),
        };
        failure.exit = match error.kind() {
            io::ErrorKind::NotFound => NOT_FOUND,
            _ => CANNOT_EXECUTE,
        };
        failure
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

/// Where the program is: itself if it has a slash, else in the first directory of the search path
/// that has one of that name.
pub(crate) fn find(command: &[OsString]) -> Result<PathBuf, Failure> {
    let name = command.first().map(OsString::as_os_str).unwrap_or_default();
    let path = Path::new(name);
    if path.components().count() > 1 || name.as_encoded_bytes().contains(&b'/') {
        return Ok(path.to_owned());
    }
    let mut not_executable = None;
    for dir in environment::search_path() {
        for file in candidates(&dir, name) {
            match executable(&file) {
                Some(true) => return Ok(file),
                Some(false) => not_executable = not_executable.or(Some(file)),
                None => {}
            }
        }
    }
    let shown = name.to_string_lossy();
    let mut failure = match not_executable {
        Some(file) => Failure::new(
            "cannot_execute",
            format!("{} cannot be executed", file.display()),
        ),
        None => Failure::new("command_not_found", format!("there is no command {shown}")),
    };
    if failure.code == "command_not_found" {
        failure.exit = NOT_FOUND;
        if Path::new(name).is_file() {
            failure = failure.hint(format!("the one in this directory is ./{shown}"));
        }
    } else {
        failure.exit = CANNOT_EXECUTE;
    }
    Err(failure)
}

#[cfg(unix)]
fn candidates(dir: &Path, name: &OsStr) -> Vec<PathBuf> {
    match name.is_empty() {
        true => Vec::new(),
        false => vec![dir.join(name)],
    }
}

#[cfg(not(unix))]
fn candidates(dir: &Path, name: &OsStr) -> Vec<PathBuf> {
    let with = |extension: &str| {
        let mut name = name.to_owned();
        name.push(extension);
        dir.join(name)
    };
    ["", ".com", ".exe", ".bat", ".cmd"].map(with).into()
}

/// Whether a file can be executed; `None` if there is none.
fn executable(file: &Path) -> Option<bool> {
    if !file.is_file() {
        return None;
    }
    #[cfg(unix)]
    return Some(rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok());
    #[cfg(not(unix))]
    Some(file.extension().is_some())
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
    Err(start.failure(&error))
}

/// Runs the program and ends as it ended.
#[cfg(not(unix))]
pub(crate) fn replace(start: &Start<'_>) -> Result<u8, Failure> {
    let status = start.command().status();
    status.map(exit_of).map_err(|error| start.failure(&error))
}

/// Runs the program with both of its streams going through the mask.
pub(crate) fn masked(start: &Start<'_>, masks: &Masks, printer: &Printer) -> Result<u8, Failure> {
    let cannot =
        |error: io::Error| Failure::new("io", format!("cannot prepare to run a program: {error}"));
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
                let failure = Failure::new(
                    "io",
                    format!("the program's output is not complete: {error}"),
                );
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

/// The program while it runs beside this one.
#[cfg(unix)]
mod child {
    use std::io::{self, PipeWriter};
    use std::process::{Child, ExitStatus};
    use std::sync::Mutex;
    use std::thread::Scope;

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};
    use signal_hook::iterator::{Handle, Signals};

    use super::Start;
    use crate::failure::Failure;

    pub(super) struct Started {
        child: Mutex<Child>,
        /// Absent when the program has ended: then its number may be another's.
        pid: Mutex<Option<Pid>>,
        signals: Mutex<Option<Signals>>,
        handle: Handle,
    }

    /// Starts the program with the writers as its outputs.
    pub(super) fn start(start: &Start<'_>, writers: Vec<PipeWriter>) -> Result<Started, Failure> {
        let cannot =
            |error: io::Error| Failure::new("io", format!("cannot watch for signals: {error}"));
        let [out, err] = <[PipeWriter; 2]>::try_from(writers)
            .map_err(|_| cannot(io::ErrorKind::InvalidInput.into()))?;
        // Before the program is there, so that no signal comes in between.
        let ignored = ignored();
        let wanted = [SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2];
        let wanted = wanted
            .iter()
            .filter(|&&signal| ignored >> (signal - 1) & 1 == 0);
        let signals = Signals::new(wanted).map_err(cannot)?;
        let spawned = crate::harden::lifted(|| {
            let mut command = start.command();
            command.stdout(out.try_clone()?).stderr(err.try_clone()?);
            match command.spawn() {
                Err(error)
                    if rustix::io::Errno::from_io_error(&error)
                        == Some(rustix::io::Errno::NOEXEC) =>
                {
                    start.script().stdout(out).stderr(err).spawn()
                }
                other => other,
            }
        });
        let child = spawned.map_err(|error| start.failure(&error))?;
        Ok(Started {
            pid: Mutex::new(Some(Pid::from_child(&child))),
            child: Mutex::new(child),
            handle: signals.handle(),
            signals: Mutex::new(Some(signals)),
        })
    }

    impl Started {
        /// Waits for the program to end; passes signals on meanwhile, and until
        /// [`finished`](Self::finished).
        pub(super) fn wait<'s>(&'s self, scope: &'s Scope<'s, '_>) -> io::Result<ExitStatus> {
            if let Some(mut signals) = lock(&self.signals).take() {
                scope.spawn(move || {
                    for signal in signals.forever() {
                        self.pass_on(signal);
                    }
                });
            }
            let pid = *lock(&self.pid);
            if let Some(pid) = pid {
                // Without taking its number away: nobody else can have it until we say so.
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
                while let Err(error) = rustix::process::waitid(WaitId::Pid(pid), options) {
                    if error != rustix::io::Errno::INTR {
                        break;
                    }
                }
            }
            *lock(&self.pid) = None;
            lock(&self.child).wait()
        }

        /// Says that there is nothing left to wait for.
        pub(super) fn finished(&self) {
            self.handle.close();
        }

        fn pass_on(&self, signal: i32) {
            match *lock(&self.pid) {
                Some(pid) if comes_from_terminal(signal, pid) => {}
                Some(pid) => {
                    if let Some(signal) = Signal::from_named_raw(signal) {
                        let _ = rustix::process::kill_process(pid, signal);
                    }
                }
                // The program has ended; only something that it left behind keeps its streams
                // open. Whoever wants an end now means us.
                None => {
                    let _ = signal_hook::low_level::emulate_default_handler(signal);
                }
            }
        }
    }

    /// Whether the program has got this signal already: what a terminal's keys send goes to every
    /// process in front, and the program is in the same group as we are, unless it left. Passing it on would be
    /// the second Ctrl-C, which makes many programs stop at once.
    ///
    /// A guess: somebody may have sent it to us alone while we are in front. They can send it
    /// again to the group, or send SIGTERM.
    fn comes_from_terminal(signal: i32, program: Pid) -> bool {
        use rustix::fs::{Mode, OFlags};
        let ours = rustix::process::getpgrp();
        let with_us = rustix::process::getpgid(Some(program)) == Ok(ours);
        if !with_us || !matches!(signal, SIGINT | SIGQUIT) {
            return false;
        }
        let flags = OFlags::RDONLY | OFlags::NOCTTY | OFlags::CLOEXEC;
        rustix::fs::open("/dev/tty", flags, Mode::empty())
            .and_then(rustix::termios::tcgetpgrp)
            .is_ok_and(|front| front == ours)
    }

    /// The signals that whoever started us had ignored, as bits: they stay ignored, for us and for
    /// the program.
    fn ignored() -> u64 {
        let status = secrets::fs::read(std::path::Path::new("/proc/self/status"), 1 << 16);
        let Ok(Some(status)) = status else {
            return 0;
        };
        let line = status
            .as_str()
            .and_then(|text| text.lines().find_map(|line| line.strip_prefix("SigIgn:")));
        line.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok())
            .unwrap_or(0)
    }

    fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
        mutex
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The program while it runs beside this one.
#[cfg(not(unix))]
mod child {
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
        let child = command.spawn().map_err(|error| start.failure(&error))?;
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
}
