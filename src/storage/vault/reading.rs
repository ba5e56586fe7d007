//! Reading versions.
//!
//! Invariant: nothing of an entry is used before all checks have passed, in the order of
//! [`EntryFault`].

use std::fmt;
use std::sync::PoisonError;

use super::slot::Slot;
use super::{MAX_SEALED, OpenVault};
use crate::error::{EntryFault, Error, Result};
use crate::model::entry::{Entry, MAX_PLAINTEXT};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::fs;
use crate::storage::seal;

impl OpenVault {
    /// Reads one version; all checks but that for a rollback, which is about the newest.
    pub fn read(&self, key_path: &KeyPath, version: Version) -> Result<Entry> {
        self.read_slot(&Slot::secret(key_path), version)?
            .ok_or_else(|| Error::EntryNotFound(key_path.clone()))
    }

    pub(super) fn read_slot(&self, slot: &Slot, version: Version) -> Result<Option<Entry>> {
        let path = self.vault.slot_file(slot, version);
        let Some(sealed) = fs::read(&path, MAX_SEALED)? else {
            return Ok(None);
        };
        self.check(sealed.expose(), slot, version)
            .map(Some)
            .map_err(|fault| Error::Entry { path, fault })
    }

    fn check(&self, sealed: &[u8], slot: &Slot, version: Version) -> Result<Entry, EntryFault> {
        let identity = std::slice::from_ref(&self.identity);
        let plaintext = seal::open(sealed, identity, MAX_PLAINTEXT).map_err(EntryFault::Sealed)?;
        let entry = Entry::from_bytes(&plaintext, &self.mac_key)?;
        if entry.header.vault != self.vault.id {
            return Err(EntryFault::ForeignVault);
        }
        if entry.header.key_path != slot.name {
            return Err(EntryFault::MisplacedPath(entry.header.key_path));
        }
        if entry.header.version != version {
            return Err(EntryFault::MisplacedVersion(entry.header.version));
        }
        Ok(entry)
    }

    /// Reads the newest version, tombstone or not; `None` if there is no such secret here and
    /// this machine never saw one.
    pub fn read_newest(&self, key_path: &KeyPath) -> Result<Option<Entry>> {
        let found = self.vault.newest(key_path)?;
        self.check_not_rolled_back(key_path, found)?;
        match found {
            None => Ok(None),
            Some(version) => self.read_once(key_path, version).map(Some),
        }
    }

    /// [`read`](Self::read), unless it is what was read last.
    fn read_once(&self, key_path: &KeyPath, version: Version) -> Result<Entry> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, entry)) = &*last
            && of == key_path
            && entry.header.version == version
        {
            return Ok(entry.clone());
        }
        let entry = self.read_current(key_path, version)?;
        *last = Some((key_path.clone(), entry.clone()));
        Ok(entry)
    }

    /// Reads what was found to be the newest version, and remembers that it was seen: only what
    /// has passed all other checks, so that junk in the vault cannot spoil the memory.
    pub fn read_current(&self, key_path: &KeyPath, version: Version) -> Result<Entry> {
        let entry = self.read(key_path, version)?;
        self.note_seen(key_path, version);
        Ok(entry)
    }

    /// Remembers that a version was seen, if none that is newer was.
    pub(super) fn note_seen(&self, name: &impl fmt::Display, version: Version) {
        if self.state.newest(&self.vault.id, name) < Some(version) {
            // A state directory that cannot be written must not keep anybody from reading.
            let _ = self.state.note_newest(&self.vault.id, name, version);
        }
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

    /// The newest version that holds a value, looking from the newest back. Versions that do not
    /// open are passed over; one that the system does not let us read may be the one.
    pub fn find_value(&self, key_path: &KeyPath, value: &SecretBytes) -> Result<Option<Version>> {
        for version in self.vault.versions(key_path)?.into_iter().rev() {
            match self.read_once(key_path, version) {
                Ok(entry) if entry.value() == Some(value) => {
                    return Ok(Some(version));
                }
                Ok(_) | Err(Error::Entry { .. } | Error::EntryNotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }

    /// One layout of a project's env file.
    pub fn layout(&self, project: &OwnerName, version: Version) -> Result<Option<Entry>> {
        self.read_slot(&Slot::layout(project), version)
    }
}
