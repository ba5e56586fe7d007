//! Slots: where the versions of one thing (a secret, the layout of an env file) lie, and how they
//! are numbered.
//!
//! Invariant: a version is a regular file whose name is its number, at least four digits, and
//! `.age`. Nothing else in a slot is a version, whatever its name.

use std::path::{Path, PathBuf};

use super::store::{Kind, Names};
use super::{ENTRIES, LAYOUTS, MAX_LAYOUT, Vault};
use crate::error::Result;
use crate::model::entry::MAX_PLAINTEXT;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;

/// Where the versions of one thing lie, and what their headers call it.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// A directory of the vault, durable since the vault was created.
    pub(super) parent: String,
    /// The slot's own directory below it.
    pub(super) below: String,
    /// The name in the headers: a key path, or `layout/<project>`.
    pub(super) name: String,
    /// Most bytes of a decrypted version, header included.
    pub(super) max_plaintext: usize,
}

impl Slot {
    pub(super) fn secret(key_path: &KeyPath) -> Self {
        Self {
            parent: format!("{ENTRIES}/{}", key_path.scope().as_str()),
            below: format!("{}/{}", key_path.owner(), key_path.secret()),
            name: key_path.to_string(),
            max_plaintext: MAX_PLAINTEXT,
        }
    }

    /// No key path begins with `layout/`, so that neither can be taken for the other.
    pub(super) fn layout(project: &OwnerName) -> Self {
        Self {
            parent: LAYOUTS.to_owned(),
            below: project.to_string(),
            name: layout_name(project),
            max_plaintext: MAX_LAYOUT + (64 << 10),
        }
    }

    /// Most bytes of an encrypted version: armor adds a third and line ends, age a header and tags.
    pub(super) fn max_sealed(&self) -> usize {
        self.max_plaintext * 3 / 2 + 4096
    }

    /// The directory of the versions, below the vault.
    pub(super) fn dir(&self) -> String {
        format!("{}/{}", self.parent, self.below)
    }

    /// The file of a version, below the vault.
    pub(super) fn file(&self, version: Version) -> String {
        format!("{}/{}/{}", self.parent, self.below, entry_name(version))
    }

    /// The hint beside a tombstone, below the vault.
    pub(super) fn hint(&self, version: Version) -> String {
        format!("{}/{}/{}", self.parent, self.below, hint_name(version))
    }
}

/// Returns the secret and the version that a path in a vault stands for.
pub fn entry_at(path: &Path) -> Option<(KeyPath, Version)> {
    let version = version_of(path.file_name()?.to_str()?, ".age")?;
    let mut dirs = path.parent()?.iter().rev().take(3);
    let names = [dirs.next()?, dirs.next()?, dirs.next()?].map(std::ffi::OsStr::to_str);
    let [Some(secret), Some(owner), Some(scope)] = names else {
        return None;
    };
    let key_path = KeyPath::parse(&format!("{scope}/{owner}/{secret}")).ok()?;
    Some((key_path, version))
}

/// Returns the name that the entries of a layout have in their headers.
pub(crate) fn layout_name(project: &OwnerName) -> String {
    format!("layout/{project}")
}

pub(super) fn entry_name(version: Version) -> String {
    format!("{:04}.age", version.get())
}

pub(super) fn hint_name(version: Version) -> String {
    format!("{:04}.removed", version.get())
}

/// Returns the version that a file name stands for: at least four digits, more only if needed.
pub(super) fn version_of(name: &str, suffix: &str) -> Option<Version> {
    let digits = name.strip_suffix(suffix)?;
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if digits.len() > 4 && digits.starts_with('0') {
        return None;
    }
    digits.parse().ok()
}

impl Vault {
    /// Returns the file of a version.
    pub fn entry_file(&self, key_path: &KeyPath, version: Version) -> PathBuf {
        self.slot_file(&Slot::secret(key_path), version)
    }

    pub(super) fn slot_dir(&self, slot: &Slot) -> PathBuf {
        self.store.path(&slot.dir())
    }

    pub(super) fn slot_file(&self, slot: &Slot, version: Version) -> PathBuf {
        self.store.path(&slot.file(version))
    }

    /// Returns the versions of a secret, oldest first; empty if there is no such secret.
    pub fn versions(&self, key_path: &KeyPath) -> Result<Vec<Version>> {
        self.slot_versions(&Slot::secret(key_path))
    }

    /// Returns the versions of the layout of a project's env file, oldest first.
    pub fn layout_versions(&self, project: &OwnerName) -> Result<Vec<Version>> {
        self.slot_versions(&Slot::layout(project))
    }

    pub(super) fn slot_versions(&self, slot: &Slot) -> Result<Vec<Version>> {
        let mut versions = Vec::new();
        self.for_each_version(slot, |version| versions.push(version))?;
        versions.sort_unstable();
        Ok(versions)
    }

    /// Returns the newest version of a secret.
    pub fn newest(&self, key_path: &KeyPath) -> Result<Option<Version>> {
        self.newest_in(&Slot::secret(key_path))
    }

    pub(super) fn newest_in(&self, slot: &Slot) -> Result<Option<Version>> {
        let mut newest = None;
        self.for_each_version(slot, |version| newest = newest.max(Some(version)))?;
        Ok(newest)
    }

    fn for_each_version(&self, slot: &Slot, mut each: impl FnMut(Version)) -> Result<()> {
        let dir = slot.dir();
        self.store.list(&dir, &mut Names::default(), |name, kind| {
            if kind == Kind::File
                && let Some(version) = version_of(name, ".age")
            {
                each(version);
            }
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_has_one_name() {
        for version in [1, 12, 9999, 10_000, u32::MAX] {
            let version = Version::new(version).unwrap();
            assert_eq!(version_of(&entry_name(version), ".age"), Some(version));
            assert_eq!(version_of(&hint_name(version), ".removed"), Some(version));
        }
        for name in [
            "0000.age",
            "001.age",
            "00012.age",
            "+001.age",
            "4294967296.age",
            "0001",
            "0001.age.tmp",
        ] {
            assert_eq!(version_of(name, ".age"), None, "{name}");
        }
    }
}
