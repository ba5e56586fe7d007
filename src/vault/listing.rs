//! What lies in a vault, by name: needs no key.
//!
//! Limits: names only. What is in an entry, and whether it may be believed, is told by reading it.

use std::path::PathBuf;

use super::parallel::in_parallel_with;
use super::slot::{Slot, version_of};
use super::{ENTRIES, Vault};
use crate::error::Result;
use crate::fs;
use crate::key_path::{KeyPath, OwnerName, Scope, SecretName};

/// A secret as its directory shows it, without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The secret.
    pub key_path: KeyPath,
    /// Its oldest version that is still there.
    pub oldest: u32,
    /// Its newest version.
    pub newest: u32,
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
        let mut stray = Vec::new();
        let mut owners = Vec::new();
        let entries = self.dir.join(ENTRIES);
        for name in fs::list_dir(&entries)?.unwrap_or_default() {
            let path = entries.join(&name);
            let scope = match name.as_str() {
                "project" => Scope::Project,
                "meta" => Scope::Meta,
                _ => {
                    stray.push(Stray(path));
                    continue;
                }
            };
            for name in fs::list_dir(&path)?.unwrap_or_default() {
                match name.parse::<OwnerName>() {
                    Ok(owner) => owners.push((scope, owner)),
                    Err(_) => stray.push(Stray(path.join(name))),
                }
            }
        }
        let mut secrets = Vec::new();
        for (scope, owner) in owners {
            let dir = entries.join(scope.as_str()).join(owner.as_str());
            let Some(names) = fs::list_dir(&dir)? else {
                stray.push(Stray(dir));
                continue;
            };
            for name in names {
                let secret = match name.parse::<SecretName>() {
                    Ok(secret) => secret,
                    Err(_) => {
                        stray.push(Stray(dir.join(name)));
                        continue;
                    }
                };
                let key_path = KeyPath::new(scope, owner.clone(), secret);
                if wanted(&key_path) {
                    secrets.push(key_path);
                }
            }
        }
        secrets.sort_unstable();
        let found = in_parallel_with(&secrets, Look::default, |look, key_path| {
            self.look_at(look, key_path)
        });
        let mut listed = Vec::with_capacity(secrets.len());
        for (key_path, seen) in secrets.into_iter().zip(found) {
            let seen = seen?;
            stray.extend(seen.strays);
            if seen.newest > 0 {
                listed.push(Listed {
                    key_path,
                    oldest: seen.oldest,
                    newest: seen.newest,
                    removed: seen.newest_hint == seen.newest,
                });
            }
        }
        Ok((listed, stray))
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
        let mut seen = Seen {
            oldest: u32::MAX,
            ..Seen::default()
        };
        let secret = key_path.secret().as_str();
        let stray = |name: Option<&str>| {
            let mut path = self.slot_dir(&Slot::secret(key_path));
            path.extend(name);
            Stray(path)
        };
        let there = match &look.at {
            Some((_, _, dir)) => dir.names_in(secret, &mut look.names, |name| {
                if let Some(version) = version_of(name, ".age") {
                    seen.oldest = seen.oldest.min(version);
                    seen.newest = seen.newest.max(version);
                } else if let Some(version) = version_of(name, ".removed") {
                    seen.newest_hint = seen.newest_hint.max(version);
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
    oldest: u32,
    newest: u32,
    newest_hint: u32,
    strays: Vec<Stray>,
}
