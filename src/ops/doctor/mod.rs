//! `doctor`: what is wrong with this set-up, and the command that mends each thing.
//!
//! Invariants:
//! - Every check is made whatever the others found; what cannot be looked at is a finding.
//! - Nothing is changed without [`Request::fix`], not even this machine's memory of the vault; and
//!   with it only what loses nothing: hints beside tombstones, leftovers of killed runs, an
//!   in-place write that was not finished, a torn last line of the audit trail.
//! - No value is read but to see whether it opens, and none is shown.
//!
//! Limits: whether the env files agree with the vault is `verify`'s business. A mending command in which a word stands in capital letters (BACKUP)
//! needs something that only the user has.

mod agents;
mod identity;
mod links;
mod machine;
mod secrets;
mod vault;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use crate::agents::install::Places;
use crate::error::Result;
use crate::model::shell;

/// What to look for, and what the program knows of its surroundings.
#[derive(Debug, Clone)]
pub struct Request {
    /// Mend what can be mended without losing anything.
    pub fix: bool,
    /// How this program is called in the commands that mend, with the flags that say where things
    /// are.
    pub program: String,
    /// Whether a person sits at a terminal, whose shell has the environment.
    pub interactive: bool,
    /// Where coding agents keep the user's own configuration; absent without a home.
    pub agents: Option<Places>,
    /// Whether this process can leave no core dump; absent where there are none.
    pub no_core_dumps: Option<bool>,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Health {
    /// As it should be.
    Good,
    /// It works, and should be seen to.
    Warning,
    /// It does not work, or is not safe.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What was looked at; several findings of one kind share an id.
    pub id: &'static str,
    /// How it is.
    pub state: Health,
    /// For people.
    pub what: String,
    /// The file or directory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// The command that mends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Check {
    fn new(id: &'static str, state: Health, what: impl Into<String>) -> Self {
        Self {
            id,
            state,
            what: what.into(),
            file: None,
            mend: None,
        }
    }

    fn good(id: &'static str, what: impl Into<String>) -> Self {
        Self::new(id, Health::Good, what)
    }

    fn warning(id: &'static str, what: impl Into<String>) -> Self {
        Self::new(id, Health::Warning, what)
    }

    fn bad(id: &'static str, what: impl Into<String>) -> Self {
        Self::new(id, Health::Bad, what)
    }

    fn at(mut self, file: &Path) -> Self {
        self.file = Some(file.to_owned());
        self
    }

    fn mend(mut self, command: impl Into<String>) -> Self {
        self.mend = Some(command.into());
        self
    }
}

/// All that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether nothing is bad.
    pub ok: bool,
    /// In the order in which things depend on each other.
    pub checks: Vec<Check>,
}

/// Looks at everything.
pub fn run(session: &Session<'_>, request: &Request) -> Report {
    let mut doctor = Doctor {
        session,
        request,
        checks: Vec::new(),
    };
    doctor.versions();
    let identities = doctor.identity();
    let found = doctor.vault();
    let open = found
        .as_ref()
        .and_then(|vault| doctor.key(vault, identities.as_deref()));
    if let Some(vault) = &found {
        doctor.members(vault, identities.as_deref().unwrap_or_default());
    }
    let contents = match (&found, &open) {
        (_, Some(vault)) => doctor.secrets(vault),
        (Some(vault), None) => doctor.names(vault),
        (None, None) => secrets::Contents::default(),
    };
    doctor.vault_dir();
    let config = doctor.configuration();
    if let Some(config) = &config {
        doctor.links(config, &contents);
    }
    doctor.state();
    if let Some(vault) = &open {
        doctor.log(vault);
    }
    doctor.pending(config.as_deref(), open.as_ref());
    doctor.leftovers(config.as_deref());
    doctor.agents();
    doctor.environment();
    Report {
        ok: doctor.checks.iter().all(|check| check.state != Health::Bad),
        checks: doctor.checks,
    }
}

/// The most findings of one kind that are shown one by one.
const MAX_SHOWN: usize = 10;

struct Doctor<'a> {
    session: &'a Session<'a>,
    request: &'a Request,
    checks: Vec<Check>,
}

impl Doctor<'_> {
    fn say(&mut self, check: Check) {
        self.checks.push(check);
    }

    /// At most [`MAX_SHOWN`] findings of one kind, and how many more there are.
    fn say_some(&mut self, mut checks: Vec<Check>) {
        let more = checks.len().saturating_sub(MAX_SHOWN);
        checks.truncate(MAX_SHOWN);
        let last = checks.last().map(|last| (last.id, last.state));
        self.checks.append(&mut checks);
        if let Some((id, state)) = last.filter(|_| more > 0) {
            self.say(Check::new(id, state, format!("and {more} more of these")));
        }
    }

    /// A command of this program.
    fn command(&self, arguments: &str) -> String {
        format!("{} {arguments}", self.request.program)
    }

    /// Mends if that was asked for: the finding, or what became of it.
    fn fix(&self, check: Check, mend: impl FnOnce() -> Result<()>) -> Check {
        if !self.request.fix {
            return check;
        }
        match mend() {
            Ok(()) => Check {
                state: Health::Good,
                what: format!("{}: mended", check.what),
                mend: None,
                ..check
            },
            Err(error) => Check {
                what: format!("{}: it could not be mended: {error}", check.what),
                ..check
            },
        }
    }
}

/// The directory of a file; the current one for a bare name.
fn dir_of(file: &Path) -> &Path {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

/// An editor at a line of a file.
fn edit(file: &Path, line: usize) -> String {
    format!("\"${{EDITOR:-vi}}\" +{line} {}", shell::path(file))
}

/// Takes a file out of git's index and keeps git from taking it again.
fn untrack(file: &Path) -> String {
    let (dir, name) = (shell::path(dir_of(file)), name_of(file));
    format!(
        "git -C {dir} rm --cached --quiet -- {} && {}",
        shell::word(&name),
        ignore(file)
    )
}

/// Keeps git from taking a file.
fn ignore(file: &Path) -> String {
    format!(
        "printf '\\n/%s\\n' {} >> {}",
        shell::word(&name_of(file)),
        shell::path(&dir_of(file).join(".gitignore"))
    )
}

fn name_of(file: &Path) -> String {
    file.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// "1 secret", "2 secrets".
fn count(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}
