//! What the user hears while an operation runs.

use std::sync::Mutex;

use secrets::ops::Notice;

use crate::output::{self, Printer, shown};

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
        let (weight, lines) = words(notice);
        for line in lines {
            match weight {
                Weight::Vital => printer.insist(&line),
                Weight::Notice => printer.notice(&line),
                Weight::Warning => printer.warning(&line),
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

/// How much something matters.
pub(crate) enum Weight {
    /// Said also to those who asked for quiet: it is said once, and all is lost without it.
    Vital,
    Notice,
    Warning,
}

/// What is said of a notice.
pub(crate) fn words(notice: &Notice<'_>) -> (Weight, Vec<String>) {
    let said = |line: String| (Weight::Notice, vec![line]);
    let warned = |line: String| (Weight::Warning, vec![line]);
    match notice {
        Notice::IdentityCreated { file } => (
            Weight::Vital,
            vec![
                format!("made an identity: {}", shown(file)),
                "back this file up now: without it nothing in the vault can be read again"
                    .to_owned(),
            ],
        ),
        Notice::VaultCreated { vault } => said(format!("made a vault: {}", shown(vault))),
        Notice::Waiting { file } => said(format!(
            "waiting for another run to finish with {}",
            shown(file)
        )),
        Notice::Recovered { file } => {
            said(format!("finished an interrupted write of {}", shown(file)))
        }
        Notice::NotLogged { error } => {
            warned(format!("this read is not in the audit trail: {error}"))
        }
        Notice::EnvFileLost { project } => warned(format!(
            "the env file of {project} has lost most of what it had; this brings it back: secrets \
             restore {project}"
        )),
        Notice::StaysInEnv { file, name } => warned(format!(
            "{name} stays in {}: take it out if nothing reads it",
            shown(file)
        )),
        Notice::NotLinked { project, name } => warned(format!(
            "{project} is linked to no env file: one that has {name} keeps the old value; this \
             links it: secrets link {project} PATH"
        )),
        Notice::MayBeNoValue { kind } => warned(format!(
            "the value may be none: it reads like {}",
            kind.phrase()
        )),
        Notice::LayoutNotKept { project, reason } => warned(format!(
            "the layout of the env file of {project} is not kept, so `restore` could not rebuild \
             it: {reason}"
        )),
        // A new kind of notice without words is no reason to stop.
        _ => (Weight::Notice, Vec::new()),
    }
}
