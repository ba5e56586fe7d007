//! The only reader of standard input and the terminal.
//!
//! A value is read unbuffered, straight into the block that carries it, so that no copy stays in
//! a buffer of the standard library.
#![allow(
    clippy::disallowed_methods,
    reason = "this is the home of standard input"
)]

use std::io::{self, IsTerminal as _, Read};
use std::path::Path;

use secrets::Error;
use secrets::model::secret::SecretBytes;
use secrets::model::value::{self, MAX_LEN};

use crate::environment;
use crate::failure::{Code, Failure};
use crate::parse;

/// Where a value comes from.
pub(crate) enum Source<'a> {
    /// A pipe; the terminal, if standard input is one.
    Standard {
        /// Keep the final newline.
        exact: bool,
    },
    File(&'a Path),
    Environment(&'a str),
}

/// Reads the value. Asks on the terminal only if standard input is one.
pub(crate) fn value(source: &Source<'_>, prompt: &str) -> Result<SecretBytes, Failure> {
    match source {
        Source::File(path) => file(path),
        Source::Environment(name) => environment::value(name).ok_or_else(|| {
            // `--from-env "$NAME"` hands over the value itself: only what can be nothing but a
            // variable's name is repeated.
            let is_name = name.len() <= 64
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_uppercase() || byte == b'_');
            let shown = if is_name { name } else { "that was named" };
            Failure::new(
                Code::NoValue,
                format!("the environment variable {shown} is not set, or is empty"),
            )
            .hint("--from-env takes the variable's name, without $; or pipe the value in")
        }),
        Source::Standard { .. } if io::stdin().is_terminal() => ask(prompt),
        Source::Standard { exact } => {
            let value = read(stdin()?, "standard input")?;
            Ok(if *exact {
                value
            } else {
                value::drop_final_newline(value)
            })
        }
    }
}

fn file(path: &Path) -> Result<SecretBytes, Failure> {
    parse::not_a_key(path, "--from-file")?;
    match secrets::storage::fs::read(path, MAX_LEN) {
        Ok(Some(value)) => Ok(value),
        // Not repeated: a value may have been given in the place of a file's name.
        Ok(None) => Err(Failure::new(
            Code::NoValue,
            "the file that --from-file names does not exist",
        )
        .hint("--from-file takes the name of a file that holds the value")),
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::FileTooLarge => {
            Err(too_long(&path.display().to_string()))
        }
        // A name that is too long, most likely a value: see above.
        Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::InvalidFilename => Err(
            Failure::io("cannot read the file that --from-file names", source)
                .hint("--from-file takes the name of a file that holds the value"),
        ),
        Err(error) => Err(error.into()),
    }
}

fn read(reader: impl Read, from: &str) -> Result<SecretBytes, Failure> {
    match SecretBytes::read_at_most(reader, MAX_LEN + 2, 4096) {
        Ok(Some(value)) => Ok(value),
        // Two bytes more than a value may have were read: the newline cannot explain it.
        Ok(None) => Err(too_long(from)),
        Err(error) => Err(Failure::io(format!("cannot read {from}"), error)),
    }
}

fn too_long(from: &str) -> Failure {
    Failure::new(
        Code::ValueTooLong,
        format!("the value in {from} is longer than 1 MiB"),
    )
}

/// What a coding agent sent; `None` for nothing, too much, or a terminal.
pub(crate) fn payload() -> Option<SecretBytes> {
    if io::stdin().is_terminal() {
        return None;
    }
    let stdin = stdin().ok()?;
    SecretBytes::read_at_most(stdin, secrets::storage::fs::MAX_FILE, 64 << 10).ok()?
}

#[cfg(unix)]
fn stdin() -> Result<impl Read, Failure> {
    match rustix::io::dup(rustix::stdio::stdin()) {
        Ok(fd) => Ok(std::fs::File::from(fd)),
        Err(error) => Err(Failure::io("cannot read standard input", error)),
    }
}

#[cfg(not(unix))]
fn stdin() -> Result<impl Read, Failure> {
    Ok(io::stdin().lock())
}

fn ask(prompt: &str) -> Result<SecretBytes, Failure> {
    #[cfg(unix)]
    let terminal = HiddenTerminal::new();
    let answer = rpassword::prompt_password(prompt);
    #[cfg(unix)]
    let goes_on = answer.is_ok() && terminal.goes_on();
    #[cfg(unix)]
    drop(terminal);
    match answer {
        #[cfg(unix)]
        Ok(value) if goes_on => {
            // Wiped as it goes.
            drop(SecretBytes::new(value.into_bytes()));
            Err(Failure::new(
                Code::ValueHasSeveralLines,
                "more than one line was pasted; a prompt takes one, and nothing was stored",
            )
            .hint("save it in a file: --from-file FILE takes all of it; or pipe it in"))
        }
        Ok(value) => Ok(SecretBytes::new(value.into_bytes())),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            crate::output::prompt("\n");
            Err(Failure::new(Code::NoValue, "no value was given"))
        }
        #[cfg(unix)]
        Err(error) if error.kind() == io::ErrorKind::Interrupted => {
            // The terminal is as it was; now the interrupt does what it always does.
            let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGINT);
            Err(Failure::new(Code::Interrupted, "interrupted"))
        }
        Err(error) => Err(Failure::io("cannot ask on the terminal", error)),
    }
}

/// The terminal, not showing what is typed until this is dropped.
///
/// rpassword hides only after it has asked, so that what is typed at once (by a program, say) would
/// be shown; and it answers Ctrl-C with a signal that ends the process before the terminal is put
/// right. So the terminal is hidden before, and the signal is held back.
#[cfg(unix)]
struct HiddenTerminal {
    terminal: Option<(rustix::fd::OwnedFd, rustix::termios::Termios)>,
}

#[cfg(unix)]
impl HiddenTerminal {
    fn new() -> Self {
        use rustix::fs::{Mode, OFlags, open};
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        // Whether there is one that can be asked on is for rpassword to say.
        let hide = || {
            let fd = open("/dev/tty", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).ok()?;
            let before = tcgetattr(&fd).ok()?;
            let mut hidden = before.clone();
            // What rpassword will set: Ctrl-C is a character from here on, before it as well.
            let shown = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
            hidden.local_modes.remove(shown);
            tcsetattr(&fd, OptionalActions::Now, &hidden).ok()?;
            Some((fd, before))
        };
        let held = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let _ = signal_hook::flag::register(signal_hook::consts::SIGINT, held);
        Self { terminal: hide() }
    }
}

#[cfg(unix)]
impl HiddenTerminal {
    /// Whether more is typed than one line: a key of several lines was pasted. What follows would
    /// go to the shell, be shown and kept in its history, so it is thrown away.
    fn goes_on(&self) -> bool {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use zeroize::Zeroizing;
        /// A paste comes at once; nobody types that fast.
        const AT_ONCE: Timespec = Timespec {
            tv_sec: 0,
            tv_nsec: 20_000_000,
        };
        let Some((fd, _)) = &self.terminal else {
            return false;
        };
        let comes = || {
            let mut fds = [PollFd::new(fd, PollFlags::IN)];
            poll(&mut fds, Some(&AT_ONCE)).is_ok_and(|ready| ready > 0)
        };
        let mut goes_on = false;
        let mut block = Zeroizing::new([0; 1024]);
        // All of it: a long paste comes in pieces.
        while comes() {
            match rustix::io::read(fd, block.as_mut_slice()) {
                // The end of the line may be two characters, or be followed by empty lines.
                Ok(read) if read > 0 => {
                    goes_on |= !block[..read].trim_ascii().is_empty();
                }
                _ => break,
            }
        }
        goes_on
    }
}

#[cfg(unix)]
impl Drop for HiddenTerminal {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        if let Some((fd, before)) = &self.terminal {
            let _ = tcsetattr(fd, OptionalActions::Now, before);
        }
    }
}

/// Reads a key: from a hidden prompt on a terminal, else from standard input.
pub(crate) fn key(prompt: &str) -> Result<SecretBytes, Failure> {
    value(&Source::Standard { exact: true }, prompt)
}

/// Asks a yes-or-no question on the terminal; an error without one.
pub(crate) fn confirm(question: &str) -> Result<bool, Failure> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::new(
            Code::NotConfirmed,
            "this must be confirmed, and there is no terminal to ask on",
        )
        .hint("--yes confirms it"));
    }
    crate::output::prompt(question);
    let mut answer = String::new();
    io::stdin()
        .read_line(&mut answer)
        .map_err(|error| Failure::io("cannot read the answer", error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// Standard input as messages of a protocol, one a line. The last line may lack its end.
pub(crate) fn messages() -> impl tokio::io::AsyncRead + Send + Unpin + 'static {
    use tokio::io::AsyncReadExt as _;
    tokio::io::stdin().chain(&b"\n"[..])
}

/// Whether standard input is a terminal.
pub(crate) fn is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// Whether questions can be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for a line on the terminal, to be seen while it is typed; `None` at the end of input.
pub(crate) fn line(question: &str) -> Result<Option<String>, Failure> {
    crate::output::prompt(question);
    let mut answer = String::new();
    match io::stdin().read_line(&mut answer) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(answer.trim().to_owned())),
        Err(error) => Err(Failure::io("cannot read the answer", error)),
    }
}
