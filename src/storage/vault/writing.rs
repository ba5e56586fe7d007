//! Storing versions, and destroying them.
//!
//! Invariants:
//! - A version is created under a name that must be free and is never opened for writing again.
//!   Whoever loses the race for a number takes the next one; there is no lock.
//! - The directory of a secret is durable before the first version is named in it, so a version
//!   that can be seen lies in directories that survive a power cut.
//! - A version is announced in the audit trail before it is there, and is read back before anybody
//!   is told of it.

use jiff::Timestamp;

use super::parallel::in_parallel;
use super::slot::Slot;
use super::store::{Fate, NewFile};
use super::{OpenVault, damaged};
use crate::error::{Done, EntryFault, Error, Finish, Interrupted, Result};
use crate::model::entry::{Content, Entry, Header, Origin};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::audit::{Actor, Event};
use crate::storage::seal;

/// A version to be written: what the vault does not decide itself.
#[derive(Debug, Clone)]
pub struct Draft {
    /// A value or a tombstone.
    pub content: Content,
    /// What the secret is for.
    pub description: String,
    /// The variable that holds it in env files.
    pub env_name: Option<String>,
    /// How it was generated.
    pub recipe: Option<String>,
    /// Rotation interval.
    pub every_days: Option<u32>,
    /// What makes this version.
    pub origin: Origin,
    /// Where the secret goes, if this tombstone stands for a move.
    pub moved_to: Option<String>,
    /// When.
    pub created: Timestamp,
    /// Since when the value is in force; `None`: since `created`.
    pub since: Option<Timestamp>,
}

impl Draft {
    /// Creates a draft that repeats a version, whose value is as old as it was.
    pub fn from_entry(entry: &Entry, created: Timestamp) -> Self {
        let header = &entry.header;
        Self {
            content: entry.content.clone(),
            description: header.description.clone(),
            env_name: header.env_name.clone(),
            recipe: header.recipe.clone(),
            every_days: header.every_days,
            origin: header.origin,
            moved_to: None,
            created,
            since: Some(header.value_since()),
        }
    }

    /// Returns the draft with a value that is in force from now on.
    pub fn with_new(self, content: Content) -> Self {
        Self {
            content,
            since: None,
            ..self
        }
    }
}

impl OpenVault {
    /// Stores a new version, durably, and reads it back. Returns its number.
    ///
    /// [`Error::Interrupted`] means that the version is there, but that its last sync failed or
    /// that it does not read back.
    pub fn put(&self, key_path: &KeyPath, draft: &Draft, actor: &Actor) -> Result<Version> {
        self.check_write()?;
        self.check_reach(key_path)?;
        let slot = Slot::secret(key_path);
        let version = self.put_slot(&slot, draft, actor, None)?;
        self.leave_hint(&slot, draft, version);
        Ok(version)
    }

    /// Creates the hint beside a new tombstone.
    fn leave_hint(&self, slot: &Slot, draft: &Draft, version: Version) {
        if draft.content.is_tombstone() {
            // A hint for those who list without a key; the truth is in the entry.
            let _ = self.vault.store.hint(&slot.hint(version));
        }
    }

    /// Stores a version whose number is higher than those that are there, and than `above`.
    fn put_slot(
        &self,
        slot: &Slot,
        draft: &Draft,
        actor: &Actor,
        above: Option<Version>,
    ) -> Result<Version> {
        let mut last = self.vault.newest_in(slot)?;
        if last.is_none() {
            self.make_slot_dir(slot)?;
        }
        last = last.max(above);
        let version = loop {
            let version = Version::after(last)
                .ok_or_else(|| damaged(self.vault.dir(), "a secret has too many versions"))?;
            let log = self.announce(slot, version, draft, actor)?;
            let sealed = self.seal_version(slot, version, draft, actor, log)?;
            if self.vault.store.create(&slot.file(version), &sealed)? {
                break version;
            }
            // Somebody else took the number, perhaps on another machine.
            self.trail.append(actor, taken(slot, version), false)?;
            last = self.vault.newest_in(slot)?.max(Some(version));
        };
        self.make_slot_durable(slot, version)?;
        match self.read_slot(slot, version) {
            Ok(Some(entry)) if entry.content == draft.content => Ok(version),
            _ => Err(store_again(
                slot,
                version,
                Error::ReadBack {
                    name: slot.name.clone(),
                    version,
                },
            )),
        }
    }

    /// Stores a new version of each of many secrets, durably, and reads them back. Returns their
    /// numbers. The number of syncs hardly grows with the number of secrets, see
    /// `Store::create_many`.
    ///
    /// [`Error::Interrupted`] means that some of the versions are there, perhaps all.
    pub fn put_many(
        &self,
        puts: &[(&KeyPath, &Draft)],
        actor: &Actor,
        sealed_one: impl Fn() + Sync,
    ) -> Result<Vec<Version>> {
        self.check_write()?;
        for (key_path, _) in puts {
            self.check_reach(key_path)?;
        }
        let mut many = Vec::with_capacity(puts.len());
        for (key_path, draft) in puts {
            let slot = Slot::secret(key_path);
            let last = self.vault.newest_in(&slot)?;
            let version = Version::after(last)
                .ok_or_else(|| damaged(self.vault.dir(), "a secret has too many versions"))?;
            many.push((slot, *draft, version));
        }
        let events: Vec<Event<'_>> = many
            .iter()
            .map(|(slot, draft, version)| event(slot, *version, draft))
            .collect();
        let lines = self.trail.announce_many(actor, &events)?;
        let many: Vec<_> = many.into_iter().zip(lines).collect();
        let sealed = in_parallel(&many, |((slot, draft, version), line)| {
            let bytes = self.seal_version(slot, *version, draft, actor, line.clone());
            sealed_one();
            bytes
        });
        let files = many
            .iter()
            .zip(sealed)
            .map(|(((slot, _, version), _), bytes)| {
                Ok(NewFile {
                    below: slot.file(*version).into(),
                    bytes: bytes?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let published = self.vault.store.create_many(&files);
        let stored = || -> Vec<Done> {
            let fates = many.iter().zip(&published.fates);
            let named = fates.filter(|(_, fate)| **fate == Fate::Named);
            let done = named.map(|(((slot, _, version), _), _)| done(slot, *version));
            done.collect()
        };
        let stopped = |source| {
            let done = stored();
            let (stored, of) = (done.len(), puts.len());
            Interrupted::wrap(done, Finish::StoreRest { stored, of }, source)
        };
        if let Some(failure) = published.failure {
            return Err(stopped(failure));
        }

        let indexes: Vec<usize> = (0..many.len()).collect();
        let read_back = in_parallel(&indexes, |&index| {
            let ((slot, draft, version), _) = &many[index];
            published.fates[index] != Fate::Named
                || matches!(
                    self.read_slot(slot, *version),
                    Ok(Some(entry)) if entry.content == draft.content
                )
        });
        if let Some(index) = read_back.iter().position(|good| !good) {
            let ((slot, _, version), _) = &many[index];
            return Err(stopped(Error::ReadBack {
                name: slot.name.clone(),
                version: *version,
            }));
        }
        let mut versions = Vec::with_capacity(many.len());
        for (index, ((slot, draft, version), _)) in many.iter().enumerate() {
            let (key_path, _) = puts[index];
            versions.push(match published.fates[index] {
                Fate::Named => {
                    self.leave_hint(slot, draft, *version);
                    *version
                }
                // Somebody else took the number.
                Fate::Taken | Fate::Absent => self
                    .trail
                    .append(actor, taken(slot, *version), false)
                    .and_then(|_| self.put(key_path, draft, actor))
                    .map_err(stopped)?,
            });
        }
        Ok(versions)
    }

    /// Writes the line of the audit trail: a version that cannot be logged is not made.
    fn announce(
        &self,
        slot: &Slot,
        version: Version,
        draft: &Draft,
        actor: &Actor,
    ) -> Result<String> {
        self.trail.announce(actor, event(slot, version, draft))
    }

    fn make_slot_dir(&self, slot: &Slot) -> Result<()> {
        self.vault.store.make_dirs(&slot.parent, &slot.below)
    }

    fn seal_version(
        &self,
        slot: &Slot,
        version: Version,
        draft: &Draft,
        actor: &Actor,
        log: String,
    ) -> Result<Vec<u8>> {
        let entry = Entry {
            header: Header {
                vault: self.vault.id.clone(),
                key_path: slot.name.clone(),
                version,
                created: draft.created,
                since: Some(draft.since.unwrap_or(draft.created)),
                writer: actor.to_string(),
                description: draft.description.clone(),
                env_name: draft.env_name.clone(),
                recipe: draft.recipe.clone(),
                every_days: draft.every_days,
                origin: draft.origin,
                log: Some(log),
                moved_to: draft.moved_to.clone(),
                removed: draft.content.is_tombstone(),
            },
            content: draft.content.clone(),
        };
        let fault = |fault| Error::Entry {
            path: self.vault.slot_file(slot, version),
            fault,
        };
        let plaintext = entry
            .to_bytes(self.keys.current().entry_mac())
            .map_err(fault)?;
        seal::seal(&plaintext, self.recipient()).map_err(|error| fault(EntryFault::Sealed(error)))
    }

    /// Makes sure that a version that is there survives a power cut: another run may have been
    /// stopped between naming it and syncing its directory.
    pub fn make_durable(&self, key_path: &KeyPath, version: Version) -> Result<()> {
        self.make_slot_durable(&Slot::secret(key_path), version)
    }

    /// [`make_durable`](Self::make_durable) for many secrets.
    pub fn make_many_durable(&self, key_paths: &[&KeyPath]) -> Result<()> {
        let dirs: Vec<String> = key_paths
            .iter()
            .map(|key_path| Slot::secret(key_path).dir())
            .collect();
        self.vault.store.make_many_durable(&dirs)
    }

    fn make_slot_durable(&self, slot: &Slot, version: Version) -> Result<()> {
        let durable = self.vault.store.make_durable(&slot.dir());
        durable.map_err(|error| store_again(slot, version, error))
    }

    /// Keeps a layout of a project's env file.
    pub fn put_layout(
        &self,
        project: &OwnerName,
        bytes: SecretBytes,
        origin: Origin,
        created: Timestamp,
        actor: &Actor,
    ) -> Result<Version> {
        self.check_write()?;
        self.check_project(project)?;
        let draft = Draft {
            content: Content::Value(bytes),
            description: format!("Layout of the env file of {project}"),
            env_name: None,
            recipe: None,
            every_days: None,
            origin,
            moved_to: None,
            created,
            since: None,
        };
        let slot = Slot::layout(project);
        // A number that was used is not used again, also if that version is gone.
        let seen = self.state.newest(&self.vault.id, &slot.name);
        self.put_slot(&slot, &draft, actor, seen)
    }

    /// Makes sure that a layout that is there survives a power cut.
    pub fn make_layout_durable(&self, project: &OwnerName, version: Version) -> Result<()> {
        self.make_slot_durable(&Slot::layout(project), version)
    }

    /// Puts the hint beside a tombstone that has lost it.
    pub fn mend_hint(&self, key_path: &KeyPath, version: Version) -> Result<()> {
        self.check_write()?;
        self.vault.store.hint(&Slot::secret(key_path).hint(version))
    }

    /// Destroys a version, durably. It must not be the newest.
    pub fn destroy(&self, key_path: &KeyPath, version: Version, actor: &Actor) -> Result<()> {
        self.check_write()?;
        self.check_reach(key_path)?;
        self.destroy_in(&Slot::secret(key_path), version, actor)
    }

    /// Destroys a layout, durably: it may hold values that were destroyed. It must not be the
    /// newest.
    pub fn destroy_layout(
        &self,
        project: &OwnerName,
        version: Version,
        actor: &Actor,
    ) -> Result<()> {
        self.check_write()?;
        self.check_project(project)?;
        self.destroy_in(&Slot::layout(project), version, actor)
    }

    fn destroy_in(&self, slot: &Slot, version: Version, actor: &Actor) -> Result<()> {
        let event = Event {
            op: "prune",
            key_path: Some(&slot.name),
            version: Some(version),
            note: None,
        };
        self.trail.append(actor, event, true)?;
        self.vault.store.remove(&slot.file(version))?;
        self.vault.store.remove(&slot.hint(version))
    }
}

fn done(slot: &Slot, version: Version) -> Done {
    Done::Stored {
        name: slot.name.clone(),
        version,
    }
}

/// Wraps an error that leaves a version of which it is not certain that it stays.
fn store_again(slot: &Slot, version: Version, source: Error) -> Error {
    let finish = Finish::StoreAgain {
        name: slot.name.clone(),
        version,
    };
    Interrupted::wrap(vec![done(slot, version)], finish, source)
}

fn taken(slot: &Slot, version: Version) -> Event<'_> {
    Event {
        op: "taken",
        key_path: Some(&slot.name),
        version: Some(version),
        note: None,
    }
}

fn event<'a>(slot: &'a Slot, version: Version, draft: &'a Draft) -> Event<'a> {
    Event {
        op: draft.origin.as_str(),
        key_path: Some(&slot.name),
        version: Some(version),
        note: draft.moved_to.as_deref(),
    }
}
