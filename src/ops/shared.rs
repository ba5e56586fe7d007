//! Shared secrets: secrets of others in a project's env file. They are secrets of `meta/…` or of
//! other projects that were placed there with `--env-file`, and secrets of other projects that are
//! linked to the same file.
//!
//! They are looked for only when a variable is no secret of the project itself, because that opens
//! every secret under `meta/`.
//!
//! Limits: a `meta/…` secret that was placed by a version before 0.2 is recorded nowhere. It counts
//! as shared where its variable has its value, or one that it had.

use std::path::Path;
use std::sync::OnceLock;

use crate::model::entry::Entry;
use crate::model::key_path::{KeyPath, OwnerName, Scope};
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::storage::config::Config;
use crate::storage::vault::OpenVault;

/// A secret of another owner.
pub(super) struct SharedSecret<'a> {
    pub(super) key_path: &'a KeyPath,
    /// Its newest version.
    pub(super) newest: &'a Entry,
    /// Whether the file has the newest value.
    pub(super) agrees: bool,
}

/// The secrets of others that a project's env file may have.
pub(super) struct SharedSecrets<'a> {
    vault: &'a OpenVault,
    config: &'a Config,
    project: Option<&'a OwnerName>,
    file: &'a Path,
    reach: Option<&'a Reach>,
    secrets: OnceLock<Vec<(KeyPath, Entry)>>,
}

impl<'a> SharedSecrets<'a> {
    pub(super) fn new(
        vault: &'a OpenVault,
        config: &'a Config,
        project: Option<&'a OwnerName>,
        file: &'a Path,
    ) -> Self {
        Self {
            vault,
            config,
            project,
            file,
            reach: None,
            secrets: OnceLock::new(),
        }
    }

    /// The same for a caller with this reach: a secret whose value the caller may not compare counts
    /// only where it is linked or was placed, and then as one that agrees.
    pub(super) fn within(mut self, reach: &'a Reach) -> Self {
        self.reach = Some(reach);
        self
    }

    fn compares(&self, key_path: &KeyPath) -> bool {
        self.reach.is_none_or(|reach| reach.compares(key_path))
    }

    /// The shared secret that owns this variable, which has this value in the file.
    pub(super) fn find(&self, name: &str, value: Option<&SecretBytes>) -> Option<SharedSecret<'_>> {
        self.find_among(name, value, |_| true)
    }

    /// The same, of the secrets that `is_wanted` accepts.
    pub(super) fn find_among(
        &self,
        name: &str,
        value: Option<&SecretBytes>,
        is_wanted: impl Fn(&KeyPath) -> bool,
    ) -> Option<SharedSecret<'_>> {
        let secrets = self.secrets.get_or_init(|| self.open());
        let has_name = |entry: &Entry| entry.header.env_name.as_deref() == Some(name);
        secrets.iter().find_map(|(key_path, newest)| {
            let compares = self.compares(key_path);
            let value = value.filter(|_| compares);
            let agrees = !compares || value.is_some_and(|value| newest.value() == Some(value));
            // A link or a recorded placement says that the variable is its own, whatever the value.
            let is_here = || {
                agrees && compares
                    || self.shares(key_path)
                    || self.is_placed(key_path)
                    || value.is_some_and(|value| {
                        matches!(self.vault.find_value(key_path, value), Ok(Some(_)))
                    })
            };
            (has_name(newest) && is_wanted(key_path) && is_here()).then_some(SharedSecret {
                key_path,
                newest,
                agrees,
            })
        })
    }

    /// Whether a secret was placed in this file.
    fn is_placed(&self, key_path: &KeyPath) -> bool {
        self.config
            .links()
            .at(self.file)
            .any(|link| link.shared.contains(key_path))
    }

    /// Whether a secret is one of another project that is linked to this file.
    fn shares(&self, key_path: &KeyPath) -> bool {
        key_path.project().is_some_and(|project| {
            Some(project) != self.project
                && self
                    .config
                    .links()
                    .at(self.file)
                    .any(|link| link.project == *project)
        })
    }

    /// Opens all that there may be. Of a file that no project is linked to, that is every secret.
    /// What cannot be read is reported by `verify`.
    fn open(&self) -> Vec<(KeyPath, Entry)> {
        let wanted = |key_path: &KeyPath| {
            key_path.scope() == Scope::Meta
                || self.project.is_none()
                || self.shares(key_path)
                || self.is_placed(key_path)
        };
        let entries = self.vault.newest(wanted).unwrap_or_default();
        entries
            .into_iter()
            .filter_map(|(one, entry)| Some((one.key_path, entry.ok()?)))
            .filter(|(_, entry)| !entry.header.removed)
            .collect()
    }
}
