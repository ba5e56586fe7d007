//! What lies in a vault, by name: needs no key.
//!
//! Limits: names only. What is in an entry, and whether it may be believed, is told by reading it.

use std::path::PathBuf;

use super::parallel::in_parallel_with;
use super::slot::{Slot, version_of};
use super::{ENTRIES, Vault};
use crate::error::Result;
use crate::model::key_path::{KeyPath, OwnerName, Scope, SecretName};
use crate::model::version::Version;
use crate::storage::fs;

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

/// Something under `entries/` that is not where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray(pub PathBuf);

impl Vault {
    /// Every secret that `wanted` accepts, in order of key paths, and whatever lies under
    /// `entries/` without being one. Needs no key; uses all cores.
    pub fn list(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<(Vec<Listed>, Vec<Stray>)> {
        let mut strays = Vec::new();
        let mut secrets = Vec::new();
        for (scope, owner) in self.find_owners(&mut strays)? {
            let found = self.find_secrets(scope, &owner, &mut strays)?;
            secrets.extend(found.into_iter().filter(&wanted));
        }
        let listed = self.look(secrets, &mut strays)?;
        Ok((listed, strays))
    }

    /// The projects and providers, in order.
    pub fn owners(&self) -> Result<Vec<(Scope, OwnerName)>> {
        let mut owners = self.find_owners(&mut Vec::new())?;
        owners.sort_unstable();
        Ok(owners)
    }

    /// The secrets of one project or provider, in order: by name, also those that were removed.
    pub fn secrets_of(&self, scope: Scope, owner: &OwnerName) -> Result<Vec<KeyPath>> {
        let mut secrets = self.find_secrets(scope, owner, &mut Vec::new())?;
        secrets.sort_unstable();
        Ok(secrets)
    }

    /// What the directories of these secrets show, in order of key paths. Uses all cores.
    pub fn listed(&self, secrets: Vec<KeyPath>) -> Result<Vec<Listed>> {
        self.look(secrets, &mut Vec::new())
    }

    fn find_owners(&self, strays: &mut Vec<Stray>) -> Result<Vec<(Scope, OwnerName)>> {
        let mut owners = Vec::new();
        let entries = self.dir.join(ENTRIES);
        for name in fs::list_dir(&entries)?.unwrap_or_default() {
            let path = entries.join(&name);
            let scope = match name.as_str() {
                "project" => Scope::Project,
                "meta" => Scope::Meta,
                _ => {
                    strays.push(Stray(path));
                    continue;
                }
            };
            for name in fs::list_dir(&path)?.unwrap_or_default() {
                match name.parse::<OwnerName>() {
                    Ok(owner) => owners.push((scope, owner)),
                    Err(_) => strays.push(Stray(path.join(name))),
                }
            }
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
        let mut dir = self.dir.join(ENTRIES);
        dir.extend([scope.as_str(), owner.as_str()]);
        let Some(names) = fs::list_dir(&dir)? else {
            strays.push(Stray(dir));
            return Ok(secrets);
        };
        for name in names {
            match name.parse::<SecretName>() {
                Ok(secret) => secrets.push(KeyPath::new(scope, owner.clone(), secret)),
                Err(_) => strays.push(Stray(dir.join(name))),
            }
        }
        Ok(secrets)
    }

    fn look(&self, mut secrets: Vec<KeyPath>, strays: &mut Vec<Stray>) -> Result<Vec<Listed>> {
        secrets.sort_unstable();
        let found = in_parallel_with(&secrets, Look::default, |look, key_path| {
            self.look_at(look, key_path)
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

    fn look_at(&self, look: &mut Look, key_path: &KeyPath) -> Result<Seen> {
        let owner = (key_path.scope(), key_path.owner());
        // Neighbours have the same owner: its directory is opened once.
        if look
            .at
            .as_ref()
            .is_none_or(|(scope, name, _)| (*scope, name) != owner)
        {
            let mut path = self.dir.join(ENTRIES);
            path.extend([owner.0.as_str(), owner.1.as_str()]);
            look.at = fs::Dir::open(&path)?.map(|dir| (owner.0, owner.1.clone(), dir));
        }
        let mut seen = Seen::default();
        let secret = key_path.secret().as_str();
        let stray = |name: Option<&str>| {
            let mut path = self.slot_dir(&Slot::secret(key_path));
            path.extend(name);
            Stray(path)
        };
        let there = match &look.at {
            Some((_, _, dir)) => dir.names_in(secret, &mut look.names, |name| {
                if let Some(version) = version_of(name, ".age") {
                    let (oldest, newest) = seen.versions.unwrap_or((version, version));
                    seen.versions = Some((oldest.min(version), newest.max(version)));
                } else if let Some(version) = version_of(name, ".removed") {
                    seen.newest_hint = seen.newest_hint.max(Some(version));
                } else if !fs::is_leftover(name) {
                    seen.strays.push(stray(Some(name)));
                }
            })?,
            None => None,
        };
        if there.is_none() {
            seen.strays.push(stray(None));
        }
        Ok(seen)
    }
}

/// Where a thread that lists secrets is.
#[derive(Default)]
struct Look {
    at: Option<(Scope, OwnerName, fs::Dir)>,
    names: fs::Names,
}

/// What the directory of a secret shows.
#[derive(Default)]
struct Seen {
    /// The oldest and the newest version.
    versions: Option<(Version, Version)>,
    newest_hint: Option<Version>,
    strays: Vec<Stray>,
}
