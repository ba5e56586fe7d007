//! What the user hears while an operation runs.

use std::sync::Mutex;

use secrets::ops::Notice;

use crate::notices;
use crate::output::{self, Printer};

/// What the user hears while an operation runs.
pub(crate) struct Progress {
    /// How much of the bar is drawn; absent where there is none to see it.
    drawn: Option<Mutex<usize>>,
}

/// Under this many steps a bar only flickers.
const WORTH_A_BAR: usize = 500;

/// How wide the bar is, in characters.
const WIDTH: usize = 40;

impl Progress {
    pub(super) fn new(wanted: bool) -> Self {
        Self {
            drawn: (wanted && output::stderr_is_terminal()).then(Mutex::default),
        }
    }

    pub(super) fn notice(&self, printer: &Printer, notice: &Notice<'_>) {
        if let Notice::Progress { done, of } = notice {
            return self.step(*done, *of);
        }
        let (weight, lines) = notices::words(notice);
        for line in lines {
            match weight {
                notices::Weight::Vital => printer.insist(&line),
                notices::Weight::Notice => printer.notice(&line),
                notices::Weight::Warning => printer.warning(&line),
            }
        }
    }

    fn step(&self, done: usize, of: usize) {
        // Every step of many would cost more than the work.
        if of < WORTH_A_BAR || !done.is_multiple_of(64) {
            return;
        }
        let Some(Ok(mut drawn)) = self.drawn.as_ref().map(Mutex::lock) else {
            return;
        };
        // Steps of several threads come out of order; the bar only grows.
        let full = WIDTH * done / of;
        if full > *drawn {
            *drawn = full;
            output::progress(&format!("[{:-<WIDTH$}] {of}", "#".repeat(full)));
        }
    }

    pub(super) fn finish(&self) {
        if let Some(Ok(mut drawn)) = self.drawn.as_ref().map(Mutex::lock)
            && std::mem::take(&mut *drawn) > 0
        {
            output::progress("");
        }
    }
}
