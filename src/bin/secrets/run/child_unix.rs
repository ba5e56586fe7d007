//! The program while it runs beside this one, on Unix: signals are passed on to it.

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
    let cannot = |error: io::Error| Failure::io("cannot watch for signals", error);
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
                if rustix::io::Errno::from_io_error(&error) == Some(rustix::io::Errno::NOEXEC) =>
            {
                start.script().stdout(out).stderr(err).spawn()
            }
            other => other,
        }
    });
    let child = spawned.map_err(|error| start.failure(error))?;
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
    let status = secrets::storage::fs::read(std::path::Path::new("/proc/self/status"), 1 << 16);
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
