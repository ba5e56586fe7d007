//! The files of a vault: the only module of the vault that touches them.
//!
//! A name is a path below the vault with `/` between its parts, such as
//! `entries/project/consilio/stripe_api_key/0001.age`. What a vault needs of its storage is what is
//! public here; a vault on another machine would be another store with the same functions.
//!
//! Invariants: only regular files are read and only directories are listed; a link is followed
//! neither to read nor to write. A file is created under a name that must be free, and is never
//! opened for writing again.
//!
//! Limits: before a write the directories are compared and then used by their path. Whoever replaces
//! one of them by a link in between can redirect the new file, which holds nothing but ciphertext.

use std::path::{Path, PathBuf};

use super::damaged;
use crate::error::Result;
use crate::model::secret::SecretBytes;
use crate::storage::fs;
pub(super) use crate::storage::fs::{Fate, Kind, Names, NewFile, Published};

/// The files of one vault.
#[derive(Debug, Clone)]
pub(super) struct Store {
    root: fs::Root,
}

impl Store {
    /// Opens the directory of a vault; `None` if there is none.
    pub(super) fn open(dir: &Path) -> Result<Option<Self>> {
        Ok(fs::Root::open(dir)?.map(|root| Self { root }))
    }

    /// The directory of the vault.
    pub(super) fn dir(&self) -> &Path {
        self.root.path()
    }

    /// The path of a name, for messages.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// The directory of the vault as an absolute path without links: what this machine's memory
    /// knows it by.
    pub(super) fn place(&self) -> Result<PathBuf> {
        fs::resolve(self.dir())
    }

    /// Reads a regular file of at most `limit` bytes; `None` if there is none.
    pub(super) fn get(&self, name: &str, limit: usize) -> Result<Option<SecretBytes>> {
        self.root.read(name, limit)
    }

    /// Returns what has a name, a link included; `None` if the name is free.
    pub(super) fn kind(&self, name: &str) -> Result<Option<Kind>> {
        self.root.kind(name)
    }

    /// Passes each name in a directory to `each`, in no order, with what it is; `None` if there is
    /// no such directory.
    pub(super) fn list(
        &self,
        dir: &str,
        names: &mut Names,
        each: impl FnMut(&str, Kind),
    ) -> Result<Option<()>> {
        self.root.names(dir, names, each)
    }

    /// Returns the names in a directory with what they are, in no order; `None` if there is no such
    /// directory.
    pub(super) fn names(&self, dir: &str) -> Result<Option<Vec<(String, Kind)>>> {
        let mut found = Vec::new();
        let there = self.list(dir, &mut Names::default(), |name, kind| {
            found.push((name.to_owned(), kind));
        })?;
        Ok(there.map(|()| found))
    }

    /// Creates a file; `false` if the name is taken. The bytes are synced, the name is not, see
    /// [`make_durable`](Self::make_durable).
    #[must_use = "false means that somebody else has the name"]
    pub(super) fn create(&self, name: &str, bytes: &[u8]) -> Result<bool> {
        self.check_dirs(dir_of(name))?;
        fs::publish_new(&self.path(name), bytes)
    }

    /// Creates many files and the directories that lead to them, durably, names included.
    pub(super) fn create_many(&self, files: &[NewFile]) -> Published {
        let check = files.iter().try_for_each(|file| {
            let name = file.below.to_string_lossy();
            self.check_dirs(dir_of(&name))
        });
        match check {
            Ok(()) => fs::publish_many(self.dir(), files),
            Err(failure) => Published {
                fates: vec![Fate::Absent; files.len()],
                failure: Some(failure),
            },
        }
    }

    /// Creates the directories of `below` under `base` and makes each of them durable. `base` is
    /// durable already if it is there.
    pub(super) fn make_dirs(&self, base: &str, below: &str) -> Result<()> {
        let whole = match (base, below) {
            ("", below) => below.to_owned(),
            (base, below) => format!("{base}/{below}"),
        };
        self.check_dirs(&whole)?;
        let base_path = self.path(base);
        if !base.is_empty() && !fs::is_dir(&base_path) {
            fs::make_dirs_durable(self.dir(), Path::new(base))?;
        }
        fs::make_dirs_durable(&base_path, Path::new(below))
    }

    /// Makes the names in a directory durable.
    pub(super) fn make_durable(&self, dir: &str) -> Result<()> {
        fs::sync_dir(&self.path(dir))
    }

    /// Makes the names in many directories durable.
    pub(super) fn make_many_durable(&self, dirs: &[String]) -> Result<()> {
        let dirs: Vec<PathBuf> = dirs.iter().map(|dir| self.path(dir)).collect();
        fs::sync_dirs(self.dir(), &dirs)
    }

    /// Removes a file, durably. A name that nothing has is removed already.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        self.check_dirs(dir_of(name))?;
        fs::remove_private(&self.path(name))
    }

    /// Removes a file, not durably.
    pub(super) fn remove_unsynced(&self, name: &str) -> Result<bool> {
        self.check_dirs(dir_of(name))?;
        fs::remove_unsynced(&self.path(name))
    }

    /// Creates an empty file that may be lost; nothing happens if the name is taken.
    pub(super) fn hint(&self, name: &str) -> Result<()> {
        self.check_dirs(dir_of(name))?;
        fs::touch(&self.path(name))
    }

    /// Refuses a path of which an existing part is not a directory.
    fn check_dirs(&self, dir: &str) -> Result<()> {
        let mut at = dir;
        while !at.is_empty() {
            match self.kind(at)? {
                Some(Kind::Dir) => return Ok(()),
                Some(_) => return Err(damaged(self.dir(), &format!("{at} is not a directory"))),
                None => at = dir_of(at),
            }
        }
        Ok(())
    }
}

/// The directory of a name; empty for the vault itself.
fn dir_of(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(dir, _)| dir)
}
