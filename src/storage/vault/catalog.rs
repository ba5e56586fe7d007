//! What is in a vault: names without a key, and entries with one, over a predicate.
//!
//! Every verb that looks at more than one secret asks here. An encrypted index would replace what is
//! below these functions and none of their callers.
//!
//! Invariant: what is opened here is compared with the memory of this machine, and remembered.
//!
//! Limits: a name says only that a directory lies there.

use super::in_parallel;
use super::parallel::in_parallel_with;
use super::slot::{Slot, version_of};
use super::store::{Kind, Names};
use super::stray::{Stray, StrayKind, classify, is_ignored};
use super::{ENTRIES, OpenVault, Vault};
use crate::error::Result;
use crate::model::entry::{Entry, Header};
use crate::model::key_path::{KeyPath, OwnerName, Scope, SecretName};
use crate::model::version::Version;

/// A secret as its directory shows it, without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The secret.
    pub key_path: KeyPath,
    /// Its oldest version that is still there.
    pub oldest: Version,
    /// Its newest version.
    pub newest: Version,
    /// Whether a hint beside the newest version says that it is a tombstone.
    pub removed: bool,
}

impl Vault {
    /// Returns every secret that `wanted` accepts, in order of key paths, and whatever lies under
    /// `entries/` without belonging there. Needs no key; uses all cores.
    pub fn list(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<(Vec<Listed>, Vec<Stray>)> {
        self.list_of(|_, _| true, wanted)
    }

    /// [`list`](Self::list) of those owners that `has` accepts; nothing of the others is looked at.
    fn list_of(
        &self,
        has: impl Fn(Scope, &OwnerName) -> bool,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<(Vec<Listed>, Vec<Stray>)> {
        let mut strays = Vec::new();
        let mut secrets = Vec::new();
        for (scope, owner) in self.find_owners(&mut strays)? {
            if !has(scope, &owner) {
                continue;
            }
            let found = self.find_secrets(scope, &owner, &mut strays)?;
            secrets.extend(found.into_iter().filter(&wanted));
        }
        let listed = self.look(secrets, &mut strays)?;
        Ok((listed, strays))
    }

    /// Returns the projects and providers, in order.
    pub fn owners(&self) -> Result<Vec<(Scope, OwnerName)>> {
        let mut owners = self.find_owners(&mut Vec::new())?;
        owners.sort_unstable();
        Ok(owners)
    }

    /// Returns the secrets of one project or provider, in order: by name, also those that were
    /// removed.
    pub fn secrets_of(&self, scope: Scope, owner: &OwnerName) -> Result<Vec<KeyPath>> {
        let mut secrets = self.find_secrets(scope, owner, &mut Vec::new())?;
        secrets.sort_unstable();
        Ok(secrets)
    }

    /// Returns what the directories of these secrets show, in order of key paths. Uses all cores.
    pub fn listed(&self, secrets: Vec<KeyPath>) -> Result<Vec<Listed>> {
        self.look(secrets, &mut Vec::new())
    }

    /// Passes each directory below `dir` to `each`; anything else that is not ignored is a stray.
    pub(super) fn for_each_dir(
        &self,
        dir: &str,
        strays: &mut Vec<Stray>,
        mut each: impl FnMut(&str) -> bool,
    ) -> Result<()> {
        let names = self.store.names(dir)?.unwrap_or_default();
        for (name, kind) in names {
            if is_ignored(&name) {
                continue;
            }
            let stray = match kind {
                Kind::Dir if each(&name) => continue,
                Kind::Dir => StrayKind::UnknownName,
                _ => StrayKind::NotRegular,
            };
            strays.push(self.stray(&format!("{dir}/{name}"), stray));
        }
        Ok(())
    }

    pub(super) fn stray(&self, name: &str, kind: StrayKind) -> Stray {
        Stray {
            path: self.store.path(name),
            kind,
        }
    }

    fn find_owners(&self, strays: &mut Vec<Stray>) -> Result<Vec<(Scope, OwnerName)>> {
        let mut scopes = Vec::new();
        self.for_each_dir(ENTRIES, strays, |name| {
            let scope = match name {
                "project" => Scope::Project,
                "meta" => Scope::Meta,
                _ => return false,
            };
            scopes.push(scope);
            true
        })?;
        let mut owners = Vec::new();
        for scope in scopes {
            let dir = format!("{ENTRIES}/{}", scope.as_str());
            self.for_each_dir(&dir, strays, |name| match name.parse::<OwnerName>() {
                Ok(owner) => {
                    owners.push((scope, owner));
                    true
                }
                Err(_) => false,
            })?;
        }
        Ok(owners)
    }

    fn find_secrets(
        &self,
        scope: Scope,
        owner: &OwnerName,
        strays: &mut Vec<Stray>,
    ) -> Result<Vec<KeyPath>> {
        let mut secrets = Vec::new();
        let dir = format!("{ENTRIES}/{}/{owner}", scope.as_str());
        self.for_each_dir(&dir, strays, |name| match name.parse::<SecretName>() {
            Ok(secret) => {
                secrets.push(KeyPath::new(scope, owner.clone(), secret));
                true
            }
            Err(_) => false,
        })?;
        Ok(secrets)
    }

    fn look(&self, mut secrets: Vec<KeyPath>, strays: &mut Vec<Stray>) -> Result<Vec<Listed>> {
        secrets.sort_unstable();
        let found = in_parallel_with(&secrets, Names::default, |names, key_path| {
            self.look_at(names, &Slot::secret(key_path))
        });
        let mut listed = Vec::with_capacity(secrets.len());
        for (key_path, seen) in secrets.into_iter().zip(found) {
            let seen = seen?;
            strays.extend(seen.strays);
            if let Some((oldest, newest)) = seen.versions {
                listed.push(Listed {
                    key_path,
                    oldest,
                    newest,
                    removed: seen.newest_hint == Some(newest),
                });
            }
        }
        Ok(listed)
    }

    pub(super) fn look_at(&self, names: &mut Names, slot: &Slot) -> Result<Look> {
        let mut look = Look::default();
        let dir = slot.dir();
        self.store.list(&dir, names, |name, kind| {
            let is_file = kind == Kind::File;
            if let Some(version) = version_of(name, ".age").filter(|_| is_file) {
                let (oldest, newest) = look.versions.unwrap_or((version, version));
                look.versions = Some((oldest.min(version), newest.max(version)));
            } else if let Some(version) = version_of(name, ".removed").filter(|_| is_file) {
                look.newest_hint = look.newest_hint.max(Some(version));
            } else if !is_ignored(name) {
                let kind = classify(name, kind);
                look.strays.push(self.stray(&format!("{dir}/{name}"), kind));
            }
        })?;
        Ok(look)
    }
}

/// What the directory of a slot shows.
#[derive(Default)]
pub(super) struct Look {
    /// The oldest and the newest version.
    pub(super) versions: Option<(Version, Version)>,
    pub(super) newest_hint: Option<Version>,
    pub(super) strays: Vec<Stray>,
}

impl OpenVault {
    /// Returns every secret within reach that `wanted` accepts, in order of key paths, and whatever
    /// lies under `entries/` without belonging there.
    pub fn list(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<(Vec<Listed>, Vec<Stray>)> {
        let has = |scope, owner: &OwnerName| match scope {
            Scope::Project => self.reach.allows_project(owner),
            Scope::Meta => self.reach.meta,
        };
        self.vault.list_of(has, wanted)
    }

    /// Opens the newest version of every secret that `wanted` accepts, tombstones included, in
    /// order of key paths. Uses all cores.
    pub fn newest(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<Vec<(Listed, Result<Entry>)>> {
        let (listed, _) = self.list(wanted)?;
        let entries = in_parallel(&listed, |one| self.read_current(&one.key_path, one.newest));
        Ok(listed.into_iter().zip(entries).collect())
    }

    /// Returns the header of the newest version of every secret that `wanted` accepts, tombstones
    /// included, in order of key paths. Uses all cores.
    pub fn headers(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<Vec<(Listed, Result<Header>)>> {
        let (listed, _) = self.list(wanted)?;
        let headers = in_parallel(&listed, |one| {
            self.read_current(&one.key_path, one.newest)
                .map(|entry| entry.header)
        });
        Ok(listed.into_iter().zip(headers).collect())
    }

    /// Opens every version of a secret, oldest first. A newest version that is older than the one
    /// that this machine has seen is an error of its own.
    pub fn open_versions(&self, one: &Listed) -> Result<Vec<(Version, Result<Entry>)>> {
        let versions = match one.oldest == one.newest {
            true => vec![one.newest],
            false => self.vault.versions(&one.key_path)?,
        };
        let open = |version| (version, self.read(&one.key_path, version));
        Ok(versions.into_iter().map(open).collect())
    }

    /// Returns the secrets that this machine has seen, that `wanted` accepts, and of which nothing
    /// is left in the vault, with the newest version that was seen.
    pub fn gone(&self, wanted: impl Fn(&KeyPath) -> bool) -> Result<Vec<(KeyPath, Version)>> {
        let mut gone = Vec::new();
        for key_path in self.state.seen(&self.vault.id) {
            if !self.reach.allows(&key_path)
                || !wanted(&key_path)
                || self.vault.newest(&key_path)?.is_some()
            {
                continue;
            }
            if let Some(seen) = self.state.newest(&self.vault.id, &key_path) {
                gone.push((key_path, seen));
            }
        }
        Ok(gone)
    }
}
