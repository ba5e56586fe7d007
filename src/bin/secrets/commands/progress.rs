//! What the user sees while an operation runs: notices, and a progress bar after a second.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;
use secrets::ops::Notice;

use crate::notices::{self, Weight};
use crate::output::{self, Printer};

/// An operation that takes less than this gets no bar: it would only flicker.
const WORTH_A_BAR: Duration = Duration::from_secs(1);

/// The progress bar of one command.
pub(super) struct Progress {
    /// What the command does; `None` if nobody would see a bar.
    label: Option<&'static str>,
    started: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Creates the progress of a command; it draws nothing yet.
    pub(super) fn new(label: Option<&'static str>) -> Self {
        Self {
            label: label.filter(|_| output::stderr_is_terminal()),
            started: Instant::now(),
            bar: OnceLock::new(),
        }
    }

    /// Prints a notice, or advances the bar.
    pub(super) fn notice(&self, printer: &Printer, notice: &Notice<'_>) {
        match notice {
            Notice::Progress { done, of } => self.step(*done, *of),
            notice => match self.bar.get() {
                Some(bar) => bar.suspend(|| print(printer, notice)),
                None => print(printer, notice),
            },
        }
    }

    fn step(&self, done: usize, of: usize) {
        let Some(label) = self.label else { return };
        if self.started.elapsed() < WORTH_A_BAR {
            return;
        }
        let bar = self.bar.get_or_init(|| output::progress_bar(label));
        bar.set_length(of as u64);
        // Several threads report out of order; the bar never goes back.
        bar.set_position(bar.position().max(done as u64));
        if done == of {
            bar.finish_and_clear();
        }
    }

    /// Removes the bar from the terminal.
    pub(super) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn print(printer: &Printer, notice: &Notice<'_>) {
    let (weight, lines) = notices::words(notice);
    for line in lines {
        match weight {
            Weight::Vital => printer.insist(&line),
            Weight::Notice => printer.notice(&line),
            Weight::Warning => printer.warning(&line),
        }
    }
}
