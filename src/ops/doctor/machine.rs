//! This machine: its memory, its audit trail, what killed runs left, the environment.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Check, Doctor, dir_of};
use crate::model::shell;
use crate::ops::IdentitySource;
use crate::ops::trail::{Examined, Loss, examine};
use crate::storage::audit::{Event, TORN};
use crate::storage::config::Config;
use crate::storage::env_disk::LockedEnv;
use crate::storage::fs;
use crate::storage::vault::OpenVault;

/// The vault, its scopes, owners and secrets.
const DEPTH: usize = 5;

impl Doctor<'_> {
    pub(super) fn versions(&mut self) {
        let what = format!("secrets {}, vault format 1", env!("CARGO_PKG_VERSION"));
        self.say(Check::good("versions", what));
    }

    pub(super) fn state(&mut self) {
        // Without the slash that a default may end in.
        let dir: &Path = &self.session.state().dir().components().collect::<PathBuf>();
        let check = if fs::is_writable(dir) {
            Check::good("state", format!("{} can be written to", dir.display()))
        } else {
            Check::bad(
                "state",
                "this machine cannot remember what it saw, and a write that cannot be logged does \
                 not happen; SECRETS_STATE names another directory",
            )
            .mend(format!(
                "mkdir -p {dir} && chmod 700 {dir}",
                dir = shell::path(dir)
            ))
        };
        self.say(check.at(dir));
        if let Some(mode) = fs::mode(dir)
            && fs::is_dir(dir)
            && mode & 0o077 != 0
        {
            let mend = format!("chmod 700 {}", shell::path(dir));
            let check = if mode & 0o022 == 0 {
                Check::warning(
                    "state_mode",
                    format!("others can see the audit trail: its mode is {mode:o}, not 700"),
                )
            } else {
                Check::bad(
                    "state_mode",
                    format!(
                        "others can change this machine's memory: its mode is {mode:o}, not 700"
                    ),
                )
            };
            self.say(check.at(dir).mend(mend));
        }
    }

    pub(super) fn log(&mut self, vault: &OpenVault) {
        let trail = vault.trail();
        let file = trail.file();
        if fs::exists(file).unwrap_or(false) && !fs::is_writable(file) {
            self.say(
                Check::bad(
                    "log",
                    "the audit trail cannot be written to, and a write that cannot be logged does \
                     not happen",
                )
                .at(file)
                .mend(format!("chmod 600 {}", shell::path(file))),
            );
        }
        let examined = match examine(vault) {
            Ok(examined) => examined,
            Err(error) => return self.say(Check::bad("log", error.to_string()).at(file)),
        };
        self.losses(&examined);
        let reading = &examined.reading;
        let no_line = |(_, _, loss): &&(_, _, Loss)| *loss == Loss::NoLine;
        let mut flaws: Vec<String> = reading.flaws.iter().map(ToString::to_string).collect();
        flaws.extend(
            examined
                .losses
                .iter()
                .filter(no_line)
                .map(|(key_path, version, loss)| format!("{key_path}: {}", loss.message(*version))),
        );
        let torn = flaws.len() == reading.flaws.len()
            && !flaws.is_empty()
            && reading.flaws.iter().all(|flaw| flaw.message == TORN);
        if flaws.is_empty() {
            let lines = match reading.lines.len() {
                1 => "1 line".to_owned(),
                count => format!("{count} lines"),
            };
            let what = format!("{lines}, none changed, moved or missing");
            self.say(Check::good("log", what).at(file));
        } else if torn {
            let check = Check::warning("log", "a killed run left half a line")
                .at(file)
                .mend(self.command("doctor --fix"));
            let check = self.fix(check, || {
                let event = Event {
                    op: "doctor",
                    ..Event::default()
                };
                trail
                    .append(&self.session.settings.actor, event, true)
                    .map(drop)
            });
            self.say(check);
        } else {
            // One command mends them all.
            let first = flaws.first().cloned();
            let more = match flaws.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more: `secrets log --verify` shows them)"),
            };
            let what = format!(
                "{}{more}; ask whoever may have changed it; accepting sets it aside, whole, and begins \
                 a new one",
                first.unwrap_or_default()
            );
            let mend = self.command("init --trust");
            self.say(Check::bad("log", what).at(file).mend(mend));
        }
    }

    /// Versions that are gone, or that another machine's stand in the place of.
    fn losses(&mut self, examined: &Examined) {
        let checks = examined
            .losses
            .iter()
            .filter(|(_, _, loss)| *loss != Loss::NoLine);
        let checks: Vec<Check> = checks
            .map(|(key_path, version, loss)| {
                let what = format!(
                    "{key_path}: {}; bring it back from a copy of the vault, or let a person accept \
                     what is there",
                    loss.message(*version)
                );
                Check::bad("rolled_back", what).mend(self.command("init --trust"))
            })
            .collect();
        self.say_some(checks);
    }

    /// Records of in-place writes that were not finished.
    pub(super) fn pending(&mut self, config: Option<&Config>, vault: Option<&OpenVault>) {
        let dir = self.session.state().dir().join("pending");
        let mut unknown: BTreeSet<PathBuf> = fs::list_dir(&dir)
            .ok()
            .flatten()
            .unwrap_or_default()
            .iter()
            .filter(|name| !fs::is_leftover(name))
            .map(|name| dir.join(name))
            .collect();
        for link in config.iter().flat_map(|config| config.links()) {
            let (project, file) = (&link.project, link.file.as_path());
            let Ok(real) = fs::find_real(file) else {
                continue;
            };
            let record = self.session.state().pending_file(&real);
            if !unknown.remove(&record) {
                continue;
            }
            let check = Check::bad(
                "pending",
                format!("a write of the env file of {project} was interrupted; it may be torn"),
            )
            .at(file)
            .mend(self.command(&format!("restore {project}")));
            let check = match vault {
                Some(vault) => self.fix(check, || {
                    let locked = LockedEnv::lock(file, self.session.settings.wait, || {})?;
                    locked.recover(vault).map(drop)
                }),
                None => check,
            };
            self.say(check);
        }
        for record in unknown {
            self.say(
                Check::warning(
                    "pending",
                    "a write of an env file that is not linked was interrupted; the next write to \
                     it finishes it; if the file is gone, remove the record",
                )
                .mend(format!("rm {}", shell::path(&record)))
                .at(&record),
            );
        }
    }

    /// What killed runs left behind.
    pub(super) fn leftovers(&mut self, config: Option<&Config>) {
        let session = self.session;
        let mut found = BTreeSet::new();
        find_leftovers(&session.settings.vault_dir, DEPTH, &mut found);
        find_leftovers(session.state().dir(), DEPTH, &mut found);
        let mut own = found;
        find_leftovers(dir_of(&session.settings.config_file), 0, &mut own);
        if let IdentitySource::File(file) = &session.settings.identity {
            find_leftovers(dir_of(file), 0, &mut own);
        }
        let mut plain = BTreeSet::new();
        for link in config.iter().flat_map(|config| config.links()) {
            if let Ok(real) = fs::find_real(&link.file) {
                find_leftovers(dir_of(&real), 0, &mut plain);
            }
        }
        let plain = plain.into_iter().map(|file| (file, true));
        let checks = own
            .into_iter()
            .map(|file| (file, false))
            .chain(plain)
            .map(|(file, plain)| {
                let what = "a killed run left this file";
                let check = if plain {
                    Check::bad("leftovers", format!("{what}, which may hold values"))
                } else {
                    Check::warning("leftovers", what)
                };
                let check = check.mend(format!("rm {}", shell::path(&file))).at(&file);
                self.fix(check, || {
                    // Whoever works in this directory has the lock on it, but for the vault, where
                    // a run whose file is taken away fails before it has acknowledged anything.
                    let _lock = fs::lock_dir(dir_of(&file), session.settings.wait, || {})?;
                    fs::remove_private(&file)
                })
            })
            .collect::<Vec<_>>();
        if checks.is_empty() {
            self.say(Check::good("leftovers", "killed runs left nothing behind"));
        }
        self.say_some(checks);
    }

    pub(super) fn environment(&mut self) {
        let is_key = matches!(self.session.settings.identity, IdentitySource::Key(_));
        if is_key && self.request.interactive {
            self.say(
                Check::warning(
                    "environment",
                    "the key is in SECRETS_IDENTITY, where every program that this shell starts \
                     can read it; keep it in the identity file",
                )
                .mend("unset SECRETS_IDENTITY"),
            );
        }
        match self.request.no_core_dumps {
            Some(true) => self.say(Check::good("core_dumps", "this program leaves none")),
            Some(false) => self.say(
                Check::warning(
                    "core_dumps",
                    "the system does not let this program switch them off: a crash may write \
                     values to the disk",
                )
                .mend("ulimit -c 0"),
            ),
            None => {}
        }
    }
}

fn find_leftovers(dir: &Path, depth: usize, found: &mut BTreeSet<PathBuf>) {
    for name in fs::list_dir(dir).ok().flatten().unwrap_or_default() {
        let path = dir.join(&name);
        if fs::is_leftover(&name) {
            found.insert(path);
        } else if depth > 0 && !name.contains('.') && fs::is_dir(&path) {
            find_leftovers(&path, depth - 1, found);
        }
    }
}
