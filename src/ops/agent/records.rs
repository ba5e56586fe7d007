//! What installations remember, so that uninstalling is exact: `agents.json` beside the machine's state.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::Context;
use super::{MAX_FILE, Request};
use crate::agents::hook::Agent;
use crate::agents::install::{Part, Patch};
use crate::error::Result;
use crate::storage::fs;

/// What an installation remembers of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    agent: String,
    file: PathBuf,
    /// Whether the file was made.
    pub(super) created: bool,
    /// The changes, in order, as far as they can be taken back.
    pub(super) patches: Vec<Patch>,
}

/// What installations remember. What cannot be understood is not remembered.
pub(super) struct Records(Vec<Record>);

impl Records {
    fn file(context: &Context<'_>) -> PathBuf {
        context.state.dir().join("agents.json")
    }

    /// A memory that the system does not let us read is an error: it would be written over.
    pub(super) fn load(context: &Context<'_>) -> Result<Self> {
        let bytes = fs::read(&Self::file(context), MAX_FILE)?;
        let records = bytes.and_then(|bytes| serde_json::from_slice(bytes.expose()).ok());
        Ok(Self(records.unwrap_or_default()))
    }

    pub(super) fn save(&self, context: &Context<'_>) -> Result<()> {
        let file = Self::file(context);
        if self.0.is_empty() {
            return fs::remove_private(&file);
        }
        // Texts and paths always have a JSON form, but for paths that are not Unicode.
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => fs::replace_private(&file, &bytes),
            Err(_) => Ok(()),
        }
    }

    pub(super) fn find(&self, agent: Agent, file: &Path) -> Option<&Record> {
        let mut records = self.0.iter();
        records.find(|record| record.agent == agent.name() && record.file == file)
    }

    /// Whether another agent's installation has parts in the file.
    pub(super) fn another(&self, agent: Agent, file: &Path) -> bool {
        let mut records = self.0.iter();
        records.any(|record| record.agent != agent.name() && record.file == file)
    }

    pub(super) fn remember(
        &mut self,
        request: &Request<'_>,
        file: &Path,
        created: bool,
        new: Vec<Patch>,
    ) {
        // A change that moved what others wrote has that in it, which is not ours to keep.
        let brackets = |c: char| c.is_whitespace() || "{}[],".contains(c);
        let is_ours = |patch: &Patch| patch.before.chars().all(brackets);
        let mine = self
            .0
            .iter()
            .position(|record| record.agent == request.agent.name() && record.file == file);
        // What another agent's installation put in can be taken out by whoever comes last.
        let known = match mine {
            Some(at) => Some(self.0.remove(at)),
            None => self.0.iter().find(|record| record.file == file).cloned(),
        };
        let (mut patches, was_created) = match known {
            Some(known) => (known.patches, known.created),
            None => (Vec::new(), created),
        };
        match patches.is_empty() {
            true if new.iter().all(is_ours) => patches = new,
            true => {}
            // It was there in another form: what was remembered of it holds no longer.
            false if new.is_empty() => {}
            false => patches.clear(),
        }
        self.0.push(Record {
            agent: request.agent.name().to_owned(),
            file: file.to_owned(),
            created: was_created,
            patches,
        });
    }

    pub(super) fn forget(&mut self, agent: Agent, parts: &[Part]) {
        let gone = |record: &Record| {
            record.agent == agent.name() && parts.iter().any(|part| part.file == record.file)
        };
        self.0.retain(|record| !gone(record));
    }
}
