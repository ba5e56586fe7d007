//! The only printer. Standard output carries only what was asked for; everything else goes to
//! standard error. A reader that goes away is no error.
//!
//! Names, descriptions and paths may hold anything; control characters are shown escaped, so that
//! none reaches the terminal.

mod table;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;
#[cfg(unix)]
use std::time::Duration;

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use secrets::model::secret::{SecretBuilder, SecretBytes};
use serde::Serialize;

use crate::environment;
use crate::failure::{Code, Failure};

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Printer {
    pub(crate) json: bool,
    quiet: bool,
    colour_out: bool,
    colour_err: bool,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// What a colour means.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    Good,
    Warning,
    Bad,
}

impl Printer {
    pub(crate) fn new(json: bool, quiet: bool, when: ColorWhen) -> Self {
        let colour = |is_terminal: bool| match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => environment::colour().unwrap_or(is_terminal),
        };
        Self {
            json,
            quiet,
            colour_out: colour(io::stdout().is_terminal()),
            colour_err: colour(io::stderr().is_terminal()),
        }
    }

    /// Whether only what was asked for is to be said.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Says what was done, on standard error.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet && !self.json {
            self.err(&format!("{}\n", printable(text)));
        }
    }

    /// Says what the user must know even when asking for JSON, on standard error.
    pub(crate) fn notice(&self, text: &str) {
        if !self.quiet {
            self.err(&format!("secrets: {}\n", printable(text)));
        }
    }

    /// Says what is said only once and must not be missed, whatever was asked for, on standard
    /// error.
    pub(crate) fn insist(&self, text: &str) {
        self.err(&format!("secrets: {}\n", printable(text)));
    }

    /// Says that something is doubtful, on standard error.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            let label = paint("warning:", Tone::Warning, self.colour_err);
            self.err(&format!("secrets: {label} {}\n", printable(text)));
        }
    }

    /// Says what to type, on standard error.
    pub(crate) fn hint(&self, text: &str) {
        if !self.quiet && !self.json {
            let label = paint("hint:", Tone::Good, self.colour_err);
            self.err(&format!("secrets: {label} {}\n", printable(text)));
        }
    }

    /// Says what went wrong and what to type, on standard error.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            self.err(&format!("{}\n", failure.json()));
            return;
        }
        let label = paint("error:", Tone::Bad, self.colour_err);
        let mut text = format!("secrets: {label} {}\n", printable(&failure.message()));
        for hint in &failure.hints {
            let label = paint("hint:", Tone::Good, self.colour_err);
            text.push_str(&format!("secrets: {label} {}\n", printable(hint)));
        }
        self.err(&text);
    }

    fn err(&self, text: &str) {
        // Where standard error is closed there is nobody to tell.
        let _ = io::stderr().write_all(text.as_bytes());
    }

    /// Prints text that was asked for.
    pub(crate) fn out(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = io::stdout().lock();
        finished(
            stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush()),
        )
    }

    /// Prints one JSON value and a newline.
    pub(crate) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        match serde_json::to_string(value) {
            Ok(text) => self.out(&format!("{text}\n")),
            Err(_) => Err(Failure::new(
                Code::Json,
                "the answer cannot be written as JSON",
            )),
        }
    }

    /// Prints one JSON value that holds a secret of so many bytes, and a newline. Not buffered, so
    /// that no copy stays behind.
    pub(crate) fn json_with_value(
        &self,
        answer: &impl Serialize,
        length: usize,
    ) -> Result<(), Failure> {
        finished(write_unbuffered(
            Stream::Out,
            json_line(answer, length)?.expose(),
        ))
    }

    /// The same of a secret that exists nowhere else: a reader that went away is an error here.
    pub(crate) fn json_with_value_or_fail(
        &self,
        answer: &impl Serialize,
        length: usize,
    ) -> Result<(), Failure> {
        self.value_or_fail(&json_line(answer, length)?)
    }

    /// Text in a colour, if standard output takes colours.
    pub(crate) fn painted(&self, text: &str, tone: Tone) -> String {
        paint(text, tone, self.colour_out)
    }

    /// Whether standard output takes colours.
    pub(crate) fn colours_out(&self) -> bool {
        self.colour_out
    }

    /// Lets a value out that exists nowhere else: a reader that went away is an error here.
    pub(crate) fn value_or_fail(&self, value: &SecretBytes) -> Result<(), Failure> {
        write_unbuffered(Stream::Out, value.expose()).map_err(Failure::answer_not_written)
    }

    /// Lets a value out: its bytes, and a newline if `newline`. Not buffered, so that no copy
    /// stays behind.
    pub(crate) fn value(&self, value: &SecretBytes, newline: bool) -> Result<(), Failure> {
        let mut written = write_unbuffered(Stream::Out, value.expose());
        if newline {
            written = written.and_then(|()| write_unbuffered(Stream::Out, b"\n"));
        }
        finished(written)
    }
}

/// Standard output for messages of a protocol, of which nothing else is printed.
pub(crate) fn messages() -> tokio::io::Stdout {
    tokio::io::stdout()
}

/// Whether standard output is a terminal.
pub(crate) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal.
pub(crate) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// One of the two streams of this process.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// Writes all of it at once, past every buffer.
#[cfg(unix)]
pub(crate) fn write_unbuffered(stream: Stream, mut bytes: &[u8]) -> io::Result<()> {
    let stream = match stream {
        Stream::Out => rustix::stdio::stdout(),
        Stream::Err => rustix::stdio::stderr(),
    };
    while !bytes.is_empty() {
        match rustix::io::write(stream, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(rustix::io::Errno::INTR) => {}
            // Somebody shares the pipe with us and does not want to wait for it.
            Err(rustix::io::Errno::AGAIN) => std::thread::sleep(Duration::from_millis(2)),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn write_unbuffered(stream: Stream, bytes: &[u8]) -> io::Result<()> {
    fn write(mut stream: impl io::Write, bytes: &[u8]) -> io::Result<()> {
        stream.write_all(bytes).and_then(|()| stream.flush())
    }
    match stream {
        Stream::Out => write(io::stdout().lock(), bytes),
        Stream::Err => write(io::stderr().lock(), bytes),
    }
}

/// One line of JSON that holds a secret of so many bytes.
fn json_line(answer: &impl Serialize, length: usize) -> Result<SecretBytes, Failure> {
    let mut line = SecretBuilder::with_capacity(length + 1024);
    serde_json::to_writer(&mut line, answer)
        .map_err(|_| Failure::new(Code::Json, "the answer cannot be written as JSON"))?;
    line.push(b"\n");
    Ok(line.finish())
}

fn finished(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        // Whoever read it has seen enough (`| head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::answer_not_written(error)),
    }
}

/// Prints clap's help; the exit code is 0 if it was asked for.
pub(crate) fn help(text: &clap::builder::StyledStr, asked: bool) -> u8 {
    let colour = environment::colour();
    let show = |is_terminal: bool| {
        if colour.unwrap_or(is_terminal) {
            text.ansi().to_string()
        } else {
            text.to_string()
        }
    };
    if asked {
        let text = show(stdout_is_terminal());
        let mut stdout = io::stdout().lock();
        let written = stdout.write_all(text.as_bytes());
        match finished(written.and_then(|()| stdout.flush())) {
            Ok(()) => 0,
            Err(failure) => {
                Printer::new(false, false, ColorWhen::Auto).failure(&failure);
                failure.exit
            }
        }
    } else {
        let _ = io::stderr().write_all(show(stderr_is_terminal()).as_bytes());
        2
    }
}

/// A question, on the terminal, of as many lines as it has.
pub(crate) fn prompt(question: &str) {
    let lines: Vec<String> = question.split('\n').map(printable).collect();
    let _ = io::stderr().write_all(lines.join("\n").as_bytes());
}

/// The panic hook's words.
pub(crate) fn panicked(place: &str) {
    let text = format!("secrets: error: this is a bug in secrets, at {place}\n");
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Creates a progress bar on standard error, with its label, count and rate.
pub(crate) fn progress_bar(label: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(0).with_message(label);
    match ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} ({per_sec})") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn paint(text: &str, tone: Tone, colour: bool) -> String {
    if !colour {
        return text.to_owned();
    }
    let code = match tone {
        Tone::Good => "32",
        Tone::Warning => "33",
        Tone::Bad => "31",
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// Text with control characters, and those that change the direction of what follows, escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        let turns = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if c.is_control() || turns {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A path as text for people.
pub(crate) fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// How long ago, in the largest unit that fits.
pub(crate) fn ago(then: Timestamp, now: Timestamp) -> String {
    let seconds = (now.as_second() - then.as_second()).max(0);
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        86_400..2_592_000 => (seconds / 86_400, "day"),
        2_592_000..31_536_000 => (seconds / 2_592_000, "month"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// A moment as a date, in the time zone of the user.
pub(crate) fn day(moment: Timestamp) -> String {
    local(moment).strftime("%Y-%m-%d").to_string()
}

/// A moment in the time zone of the user.
pub(crate) fn local(moment: Timestamp) -> jiff::ZonedDateTime {
    moment.to_zoned_datetime(environment::time_zone())
}

/// A table that fits the terminal; one line a row where there is none.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> String {
    table::laid_out(header, rows, terminal_width())
}

/// How wide the terminal is that standard output is, if it is one.
pub(crate) fn terminal_width() -> Option<usize> {
    if !stdout_is_terminal() {
        return None;
    }
    environment::columns().or_else(terminal_columns)
}

#[cfg(unix)]
fn terminal_columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some(usize::from(size.ws_col)).filter(|&columns| columns > 0)
}

#[cfg(not(unix))]
fn terminal_columns() -> Option<usize> {
    None
}

/// Columns of a terminal.
fn width(text: &str) -> usize {
    if text.is_ascii() {
        text.len()
    } else {
        unicode_width::UnicodeWidthStr::width(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_and_not_sent() {
        assert_eq!(printable("a\x1b[31mb\nc"), "a\\u{1b}[31mb\\u{a}c");
        assert_eq!(printable("x\u{202e}y"), "x\\u{202e}y");
        assert_eq!(
            printable("Schlüssel für Zahlungen"),
            "Schlüssel für Zahlungen"
        );
    }

    #[test]
    fn ages_are_in_the_largest_unit() {
        let now = Timestamp::from_second(100_000_000).unwrap();
        let ago = |seconds: i64| ago(Timestamp::from_second(100_000_000 - seconds).unwrap(), now);
        assert_eq!(ago(5), "just now");
        assert_eq!(ago(60), "1 minute ago");
        assert_eq!(ago(3 * 86_400), "3 days ago");
        assert_eq!(ago(400 * 86_400), "1 year ago");
    }
}
