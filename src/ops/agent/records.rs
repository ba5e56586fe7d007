//! The record of installations, `agents.json` in the state directory, which makes `uninstall` exact.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::super::Session;
use super::{MAX_FILE, Request};
use crate::agents::install::{Client, Part, Patch};
use crate::error::Result;
use crate::storage::fs;

/// The record of an installation's changes to one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    agent: String,
    file: PathBuf,
    /// Whether the installation created the file.
    pub(super) created: bool,
    /// The changes that can be undone, in order.
    pub(super) patches: Vec<Patch>,
}

/// The records of all installations.
pub(super) struct Records(Vec<Record>);

impl Records {
    fn file(session: &Session<'_>) -> PathBuf {
        session.state().dir().join("agents.json")
    }

    /// Loads the records. An invalid file counts as empty; an unreadable one is an error, because
    /// saving would overwrite it.
    pub(super) fn load(session: &Session<'_>) -> Result<Self> {
        let bytes = fs::read(&Self::file(session), MAX_FILE)?;
        let records = bytes.and_then(|bytes| serde_json::from_slice(bytes.expose()).ok());
        Ok(Self(records.unwrap_or_default()))
    }

    pub(super) fn save(&self, session: &Session<'_>) -> Result<()> {
        let file = Self::file(session);
        if self.0.is_empty() {
            return fs::remove_private(&file);
        }
        // Serialization fails only for a path that is not Unicode; then nothing is recorded.
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => fs::replace_private(&file, &bytes),
            Err(_) => Ok(()),
        }
    }

    pub(super) fn find(&self, client: Client, file: &Path) -> Option<&Record> {
        let mut records = self.0.iter();
        records.find(|record| record.agent == client.name() && record.file == file)
    }

    /// Reports whether another agent's installation has parts in the file.
    pub(super) fn has_other(&self, client: Client, file: &Path) -> bool {
        let mut records = self.0.iter();
        records.any(|record| record.agent != client.name() && record.file == file)
    }

    /// Replaces the patches of a record: those of an update that was made as if nothing had been
    /// installed before.
    pub(super) fn replace(&mut self, request: &Request<'_>, file: &Path, patches: Vec<Patch>) {
        let own = self
            .0
            .iter_mut()
            .find(|record| record.agent == request.client.name() && record.file == file);
        if let Some(record) = own.filter(|_| patches.iter().all(is_safe)) {
            record.patches = patches;
        }
    }

    pub(super) fn add(
        &mut self,
        request: &Request<'_>,
        file: &Path,
        created: bool,
        new: Vec<Patch>,
    ) {
        let own = self
            .0
            .iter()
            .position(|record| record.agent == request.client.name() && record.file == file);
        // The last of several agents to be uninstalled removes a shared part.
        let known = match own {
            Some(at) => Some(self.0.remove(at)),
            None => self.0.iter().find(|record| record.file == file).cloned(),
        };
        let (mut patches, was_created) = match known {
            Some(known) => (known.patches, known.created),
            None => (Vec::new(), created),
        };
        match patches.is_empty() {
            true if new.iter().all(is_safe) => patches = new,
            true => {}
            // The part was updated, so the old patches no longer apply.
            false if new.is_empty() => {}
            false => patches.clear(),
        }
        self.0.push(Record {
            agent: request.client.name().to_owned(),
            file: file.to_owned(),
            created: was_created,
            patches,
        });
    }

    pub(super) fn remove(&mut self, client: Client, parts: &[Part]) {
        let is_removed = |record: &Record| {
            record.agent == client.name() && parts.iter().any(|part| part.file == record.file)
        };
        self.0.retain(|record| !is_removed(record));
    }
}

/// Reports whether a patch holds none of the user's text. A patch that moved other text contains it,
/// and it may hold a value: such a patch is not recorded.
fn is_safe(patch: &Patch) -> bool {
    let is_bracket = |c: char| c.is_whitespace() || "{}[],".contains(c);
    patch.before.chars().all(is_bracket)
}
