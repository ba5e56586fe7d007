//! Reading versions.
//!
//! Invariants:
//! - Nothing of an entry is used before all checks have passed, in the order of [`EntryFault`].
//! - Every version that is opened is compared with the memory of this machine, and remembered if it
//!   is the newest that was seen. Only what has passed all other checks is remembered, so that junk
//!   in the vault cannot spoil the memory.
//! - No lock is waited for: two threads that want the same version may both open it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

use super::OpenVault;
use super::slot::Slot;
use crate::error::{EntryFault, Error, Result};
use crate::model::entry::{Entry, EntryMac};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::seal::{self, SealError};

/// The newest versions that this run has opened. A version never changes, and one run looks at the
/// same one several times: to prepare, to compare, to plan the env file.
#[derive(Debug, Default)]
pub(super) struct Opened(Mutex<Entries>);

/// The newest version of a secret that opens.
#[derive(Debug)]
pub struct Newest {
    /// The version; `None` if there is none.
    pub entry: Option<Entry>,
    /// What is wrong with a newer one.
    pub damage: Option<Error>,
}

/// Passes on what is wrong with a single damaged file, and fails with any other error.
fn damage(error: Error) -> Result<Error> {
    match &error {
        Error::Entry { fault, .. } if fault.is_damage() => Ok(error),
        _ => Err(error),
    }
}

#[derive(Debug, Default)]
struct Entries {
    by_key_path: BTreeMap<KeyPath, Entry>,
    /// The length of all values.
    len: usize,
}

impl Opened {
    /// Values of more than this many bytes in all are not kept.
    const MAX_LEN: usize = 8 << 20;

    fn get(&self, key_path: &KeyPath, version: Version) -> Option<Entry> {
        let opened = self.0.try_lock().ok()?;
        let entry = opened.by_key_path.get(key_path)?;
        (entry.header.version == version).then(|| entry.clone())
    }

    fn insert(&self, key_path: &KeyPath, entry: &Entry) {
        let Ok(mut opened) = self.0.try_lock() else {
            return;
        };
        let len = |entry: &Entry| entry.value().map_or(0, SecretBytes::len);
        let before = opened.by_key_path.get(key_path).map_or(0, len);
        let all = opened.len - before + len(entry);
        if all <= Self::MAX_LEN {
            opened.len = all;
            opened.by_key_path.insert(key_path.clone(), entry.clone());
        }
    }
}

impl OpenVault {
    /// Reads one version; all checks but that for a rollback, which is about the newest.
    pub fn read(&self, key_path: &KeyPath, version: Version) -> Result<Entry> {
        self.check_reach(key_path)?;
        self.read_slot(&Slot::secret(key_path), version)?
            .ok_or_else(|| Error::EntryNotFound(key_path.clone()))
    }

    pub(super) fn read_slot(&self, slot: &Slot, version: Version) -> Result<Option<Entry>> {
        Ok(self
            .read_and_compare(slot, version)?
            .map(|(entry, _)| entry))
    }

    /// Reads a version. Also returns the newest version that this machine had seen before.
    fn read_and_compare(
        &self,
        slot: &Slot,
        version: Version,
    ) -> Result<Option<(Entry, Option<Version>)>> {
        let file = slot.file(version);
        let Some(sealed) = self.vault.store.get(&file, slot.max_sealed())? else {
            return Ok(None);
        };
        let read = || {
            let (entry, mac) = self.check(sealed.expose(), slot, version)?;
            let seen = self.compare_and_note(&slot.name, version, &mac)?;
            Ok((entry, seen))
        };
        read().map(Some).map_err(|fault| Error::Entry {
            path: self.vault.slot_file(slot, version),
            fault,
        })
    }

    fn check(
        &self,
        sealed: &[u8],
        slot: &Slot,
        version: Version,
    ) -> Result<(Entry, EntryMac), EntryFault> {
        let (entry, mac) = self.open_with_any_key(sealed, slot.max_plaintext)?;
        if entry.header.vault != self.vault.id {
            return Err(EntryFault::ForeignVault);
        }
        if entry.header.key_path != slot.name {
            return Err(EntryFault::MisplacedPath(entry.header.key_path));
        }
        if entry.header.version != version {
            return Err(EntryFault::MisplacedVersion(entry.header.version));
        }
        Ok((entry, mac))
    }

    /// Opens an entry with the current key, or with an older one if it is sealed to that.
    fn open_with_any_key(
        &self,
        sealed: &[u8],
        max_plaintext: usize,
    ) -> Result<(Entry, EntryMac), EntryFault> {
        let mut fault = EntryFault::Sealed(SealError::NotForUs);
        for key in self.keys.iter() {
            match seal::open(sealed, key.identities(), max_plaintext) {
                Ok(plaintext) => return Entry::from_bytes_with_mac(&plaintext, key.entry_mac()),
                Err(SealError::NotForUs) => {}
                Err(error) => {
                    fault = EntryFault::Sealed(error);
                    break;
                }
            }
        }
        Err(fault)
    }

    /// Compares an authentic version with the memory, and remembers it if none that is newer was
    /// seen. Returns the newest version that was seen before.
    fn compare_and_note(
        &self,
        name: &impl fmt::Display,
        version: Version,
        mac: &EntryMac,
    ) -> Result<Option<Version>, EntryFault> {
        let seen = self.state.seen_newest(&self.vault.id, name);
        let newest = seen.as_ref().map(|seen| seen.version);
        let is_known = match &seen {
            Some(seen) if seen.version > version => true,
            Some(seen) if seen.version == version => match &seen.mac {
                Some(seen) if seen == mac => true,
                Some(_) => return Err(EntryFault::Replaced { version }),
                None => false,
            },
            _ => false,
        };
        if !is_known && self.is_trusted() {
            // A state directory that cannot be written must not keep anybody from reading.
            let _ = self.state.note_newest(&self.vault.id, name, version, mac);
        }
        Ok(newest)
    }

    /// Reads the newest version, tombstone or not; `None` if there is no such secret here and
    /// this machine never saw one.
    pub fn read_newest(&self, key_path: &KeyPath) -> Result<Option<Entry>> {
        self.check_reach(key_path)?;
        match self.vault.newest(key_path)? {
            None => {
                self.check_not_rolled_back(key_path, None)?;
                Ok(None)
            }
            Some(version) => self.read_current(key_path, version).map(Some),
        }
    }

    /// Reads what was found to be the newest version, and checks that this machine has seen no
    /// newer one.
    pub fn read_current(&self, key_path: &KeyPath, version: Version) -> Result<Entry> {
        if let Some(entry) = self.opened.get(key_path, version) {
            return Ok(entry);
        }
        let slot = Slot::secret(key_path);
        let (entry, seen) = match self.read_and_compare(&slot, version) {
            Ok(Some(read)) => read,
            other => {
                // That a newer one is gone says more than what is wrong with this one.
                self.check_not_rolled_back(key_path, version)?;
                return match other {
                    Err(error) => Err(error),
                    _ => Err(Error::EntryNotFound(key_path.clone())),
                };
            }
        };
        if seen > Some(version) {
            self.check_not_rolled_back(key_path, version)?;
        }
        self.opened.insert(key_path, &entry);
        Ok(entry)
    }

    /// Reads the newest version that opens. A secret whose newest file is damaged can be written
    /// again, described as it was.
    ///
    /// # Errors
    /// Those of [`read_newest`](Self::read_newest), but for damage.
    pub fn read_newest_intact(&self, key_path: &KeyPath) -> Result<Newest> {
        let damage = match self.read_newest(key_path) {
            Ok(entry) => {
                return Ok(Newest {
                    entry,
                    damage: None,
                });
            }
            Err(error) => Some(damage(error)?),
        };
        let older = self.vault.versions(key_path)?.into_iter().rev().skip(1);
        for version in older {
            match self.read(key_path, version) {
                Ok(entry) => {
                    return Ok(Newest {
                        entry: Some(entry),
                        damage,
                    });
                }
                Err(error) => drop(self::damage(error)?),
            }
        }
        Ok(Newest {
            entry: None,
            damage,
        })
    }

    /// Compares the version that was found to be the newest with the newest that this machine has
    /// seen.
    pub fn check_not_rolled_back(
        &self,
        key_path: &KeyPath,
        found: impl Into<Option<Version>>,
    ) -> Result<()> {
        self.compare_with_seen(key_path, found.into(), || Slot::secret(key_path))
    }

    /// The slot is made only if something seems to be gone: a listing asks for every secret.
    pub(super) fn compare_with_seen(
        &self,
        name: &impl fmt::Display,
        found: Option<Version>,
        slot: impl FnOnce() -> Slot,
    ) -> Result<()> {
        let Some(seen) = self.state.newest(&self.vault.id, name) else {
            return Ok(());
        };
        if found >= Some(seen) {
            return Ok(());
        }
        // Another run may have stored a version since the caller looked, and remembered it.
        let slot = slot();
        let found = self.vault.newest_in(&slot)?;
        if found >= Some(seen) {
            return Ok(());
        }
        Err(Error::Entry {
            path: self.vault.slot_dir(&slot),
            fault: EntryFault::RolledBack { seen, found },
        })
    }

    /// Returns the newest version that holds a value, looking from the newest back. Versions that
    /// do not open are skipped; one that the system does not let us read may be the one.
    pub fn find_value(&self, key_path: &KeyPath, value: &SecretBytes) -> Result<Option<Version>> {
        self.check_reach(key_path)?;
        for version in self.vault.versions(key_path)?.into_iter().rev() {
            let opened = self.opened.get(key_path, version);
            match opened.map_or_else(|| self.read(key_path, version), Ok) {
                Ok(entry) if entry.value() == Some(value) => return Ok(Some(version)),
                Ok(_) | Err(Error::Entry { .. } | Error::EntryNotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Returns whether another entry has the number of the version that this machine has seen.
    pub fn is_replaced(&self, key_path: &KeyPath, seen: Version) -> bool {
        self.is_slot_replaced(&Slot::secret(key_path), seen)
    }

    /// [`is_replaced`](Self::is_replaced) for the layout of a project's env file.
    pub fn is_layout_replaced(&self, project: &OwnerName, seen: Version) -> bool {
        self.is_slot_replaced(&Slot::layout(project), seen)
    }

    fn is_slot_replaced(&self, slot: &Slot, seen: Version) -> bool {
        let read = self.read_slot(slot, seen).map(drop);
        let replaced = EntryFault::Replaced { version: seen };
        matches!(read, Err(Error::Entry { fault, .. }) if fault == replaced)
    }

    /// Reads one layout of a project's env file.
    pub fn layout(&self, project: &OwnerName, version: Version) -> Result<Option<Entry>> {
        self.check_project(project)?;
        self.read_slot(&Slot::layout(project), version)
    }
}
