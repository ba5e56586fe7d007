//! Secrets of others in a project's env file: of `meta/…`, written there with `--env-file`, and of
//! other projects that are linked to the same file.
//!
//! They are looked for only when a variable is no secret of the project itself, for that opens
//! every secret under `meta/`.
//!
//! Limits: which env files have a `meta/…` secret is written nowhere. It is a guest where its
//! variable has its value, or one that it had.

use std::path::Path;
use std::sync::OnceLock;

use crate::model::entry::Entry;
use crate::model::key_path::{KeyPath, OwnerName, Scope};
use crate::model::secret::SecretBytes;
use crate::storage::config::Config;
use crate::storage::vault::{OpenVault, in_parallel};

/// A secret of somebody else.
pub(super) struct Guest<'a> {
    pub(super) key_path: &'a KeyPath,
    /// Its newest version.
    pub(super) newest: &'a Entry,
    /// Whether the file has the newest value.
    pub(super) agrees: bool,
}

/// The secrets of others that a project's env file may have.
pub(super) struct Guests<'a> {
    vault: &'a OpenVault,
    config: &'a Config,
    project: &'a OwnerName,
    file: &'a Path,
    secrets: OnceLock<Vec<(KeyPath, Entry)>>,
}

impl<'a> Guests<'a> {
    pub(super) fn new(
        vault: &'a OpenVault,
        config: &'a Config,
        project: &'a OwnerName,
        file: &'a Path,
    ) -> Self {
        Self {
            vault,
            config,
            project,
            file,
            secrets: OnceLock::new(),
        }
    }

    /// The secret whose variable this is, if it is somebody else's.
    pub(super) fn find(&self, name: &str, value: &SecretBytes) -> Option<Guest<'_>> {
        let secrets = self.secrets.get_or_init(|| self.open());
        let named = |entry: &Entry| entry.header.env_name.as_deref() == Some(name);
        secrets.iter().find_map(|(key_path, newest)| {
            let agrees = newest.value() == Some(value);
            // A project's own link says that the variable is its own, whatever the value.
            let is_here = || {
                agrees
                    || key_path.project().is_some()
                    || matches!(self.vault.find_value(key_path, value), Ok(Some(_)))
            };
            (named(newest) && is_here()).then_some(Guest {
                key_path,
                newest,
                agrees,
            })
        })
    }

    /// All that there may be. What cannot be read is for others to say.
    fn open(&self) -> Vec<(KeyPath, Entry)> {
        let shares = |project: &OwnerName| {
            project != self.project && self.config.env_file(project) == Some(self.file)
        };
        let wanted = |key_path: &KeyPath| {
            key_path.scope() == Scope::Meta || key_path.project().is_some_and(shares)
        };
        let Ok((listed, _)) = self.vault.vault().list(wanted) else {
            return Vec::new();
        };
        let entries = in_parallel(&listed, |one| {
            self.vault.read_current(&one.key_path, one.newest).ok()
        });
        listed
            .into_iter()
            .zip(entries)
            .filter_map(|(one, entry)| Some((one.key_path, entry?)))
            .filter(|(_, entry)| !entry.header.removed)
            .collect()
    }
}
