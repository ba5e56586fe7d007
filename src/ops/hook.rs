//! `hook`: whether a coding agent's tool call is refused, and the trace of it.
//!
//! Invariants: nothing here fails. What cannot be read (a configuration, a vault) is as if it were
//! not there, because an agent must not be stopped by it. The configuration is read only if the
//! call touches a file at all, an env file only if a search comes to it, the vault only if the call
//! was refused.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use super::Session;
use crate::agents::hook::{Agent, Call, Denial, Disk, Kind, Linked, Search, decide};
use crate::model::secret::SecretBytes;
use crate::storage::audit::{Actor, Event};
use crate::storage::fs;

/// A tool call that is about to be made.
#[derive(Debug)]
pub struct Request {
    /// What the agent sent.
    pub payload: SecretBytes,
    /// Who it says it is; else the payload says it.
    pub agent: Option<Agent>,
    /// The user's home directory.
    pub home: Option<PathBuf>,
}

/// What became of it.
#[derive(Debug)]
pub struct Report {
    /// Whose call it is; `None` if that cannot be told.
    pub agent: Option<Agent>,
    /// The refusal, if it is refused.
    pub denial: Option<Denial>,
}

/// The paths of one call that are looked up on disk.
const MAX_LOOKED_UP: usize = 64;

/// Decides. Without a session there are no links, and names alone count.
pub fn run(session: Option<&Session<'_>>, request: &Request) -> Report {
    let home = request.home.as_deref().and_then(Path::to_str);
    let Some(call) = Call::parse(request.payload.expose(), request.agent, home) else {
        return Report {
            agent: request.agent,
            denial: None,
        };
    };
    let denial = if call.effects.is_empty() {
        None
    } else {
        let config = session.and_then(|session| session.config().ok());
        let links: Vec<Linked> = config
            .iter()
            .flat_map(|config| config.links())
            .map(|link| Linked {
                project: link.project.clone(),
                file: link.file.clone(),
                real: real(&link.file),
            })
            .collect();
        let may_read = config.is_some_and(|config| config.hook().read.allows());
        let disk = Looked {
            count: Cell::new(0),
            most: if links.is_empty() { 0 } else { MAX_LOOKED_UP },
        };
        decide(&call.effects, &links, may_read, &disk)
    };
    Report {
        agent: Some(call.agent),
        denial,
    }
}

/// The disk, at which one call looks only so often.
struct Looked {
    count: Cell<usize>,
    most: usize,
}

impl Looked {
    fn may(&self) -> bool {
        self.count.set(self.count.get() + 1);
        self.count.get() <= self.most
    }
}

impl Disk for Looked {
    fn real(&self, path: &Path) -> Option<PathBuf> {
        if self.may() { real(path) } else { None }
    }

    fn shows(&self, search: &Search, file: &Path) -> bool {
        let text = match self.may() {
            true => fs::read(file, fs::MAX_FILE).ok().flatten(),
            false => None,
        };
        text.is_some_and(|text| search.shows(text.expose()))
    }
}

/// The file behind a path, if that is another.
fn real(path: &Path) -> Option<PathBuf> {
    if !path.is_absolute() {
        return None;
    }
    fs::resolve(path).ok().filter(|real| real != path)
}

/// Notes a refusal in the audit trail, if there is a vault that opens.
pub fn trace(session: &Session<'_>, report: &Report) {
    let (Some(agent), Some(denial)) = (report.agent, &report.denial) else {
        return;
    };
    let Ok(vault) = session.vault() else {
        return;
    };
    let what = match denial.kind {
        Kind::Write => "write",
        Kind::Delete => "deletion",
        Kind::Read => "read",
    };
    // A link's path is the user's own; of another only the directory is told, which is no value.
    let place = match &denial.project {
        Some(project) => format!("the env file of {project}"),
        None => "an env file that is not linked".to_owned(),
    };
    let note = format!("refused: {what} of {place}");
    let key_path = denial.key_path().map(|key_path| key_path.to_string());
    let event = Event {
        op: "hook",
        key_path: key_path.as_deref(),
        version: None,
        note: Some(&note),
    };
    let actor = Actor {
        user: session.settings.actor.user.clone(),
        program: format!("hook {}", agent.name()),
    };
    // Whoever cannot be told must not be stopped.
    let _ = vault.trail().append(&actor, event, false);
}
