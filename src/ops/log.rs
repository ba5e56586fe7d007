//! `log`: the audit trail of this machine.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Session, trail};
use crate::error::Result;
use crate::model::key_path::{KeyPath, KeyPrefix};
use crate::storage::audit::{Event, Flaw, Line};

/// Which lines.
#[derive(Debug, Default, Clone)]
pub struct Request {
    /// Only those about secrets under this prefix.
    pub prefix: Option<KeyPrefix>,
    /// Only those from this moment on.
    pub since: Option<Timestamp>,
    /// Only those by a user or a program whose name holds this.
    pub by: Option<String>,
    /// Check the chain, its head, and that every version written here has its line.
    pub verify: bool,
}

/// The trail.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The lines, oldest first.
    pub lines: Vec<Line>,
    /// What is wrong with the trail; only looked for if asked.
    pub flaws: Vec<Flaw>,
}

/// Notes something that no operation notes by itself: that somebody looked, or was refused.
pub fn note(
    session: &Session<'_>,
    op: &str,
    key_path: Option<&KeyPath>,
    refused: Option<&str>,
) -> Result<()> {
    let vault = session.vault()?;
    let name = key_path.map(ToString::to_string);
    let note = refused.map(|code| format!("refused: {code}"));
    let event = Event {
        op,
        key_path: name.as_deref(),
        version: None,
        note: note.as_deref(),
    };
    vault.trail().append(session.actor(), event, false)?;
    Ok(())
}

/// Reads the trail.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let vault = session.vault()?;
    let (reading, flaws) = if request.verify {
        let examined = trail::examine(vault)?;
        let flaws = examined.flaws();
        (examined.reading, flaws)
    } else {
        (vault.trail().read()?, Vec::new())
    };
    let lines = reading
        .lines
        .into_iter()
        .filter(|line| {
            let about = request.prefix.as_ref().is_none_or(|prefix| {
                line.key_path
                    .as_deref()
                    .is_some_and(|key_path| key_path.starts_with(prefix.as_str()))
            });
            let recent = request.since.is_none_or(|since| line.time >= since);
            let by = request
                .by
                .as_ref()
                .is_none_or(|by| line.user.contains(by) || line.program.contains(by));
            about && recent && by
        })
        .collect();
    Ok(Report { lines, flaws })
}
