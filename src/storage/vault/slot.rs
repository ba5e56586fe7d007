//! Slots: where the versions of one thing (a secret, the layout of an env file) lie, and how they
//! are numbered.

use std::path::{Path, PathBuf};

use super::{ENTRIES, LAYOUTS, Vault};
use crate::error::Result;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;
use crate::storage::fs;

/// Where the versions of one thing lie, and what their headers call it.
pub(super) struct Slot {
    /// Below the vault; durable since the vault was made.
    pub(super) parent: PathBuf,
    /// Below that.
    pub(super) below: PathBuf,
    pub(super) name: String,
}

impl Slot {
    pub(super) fn secret(key_path: &KeyPath) -> Self {
        Self {
            parent: Path::new(ENTRIES).join(key_path.scope().as_str()),
            below: Path::new(key_path.owner().as_str()).join(key_path.secret().as_str()),
            name: key_path.to_string(),
        }
    }

    /// No key path begins with `layout/`, so that neither can be taken for the other.
    pub(super) fn layout(project: &OwnerName) -> Self {
        Self {
            parent: PathBuf::from(LAYOUTS),
            below: PathBuf::from(project.as_str()),
            name: layout_name(project),
        }
    }
}

/// What the entries of a layout are called.
pub(crate) fn layout_name(project: &OwnerName) -> String {
    format!("layout/{project}")
}

pub(super) fn entry_name(version: Version) -> String {
    format!("{:04}.age", version.get())
}

pub(super) fn hint_name(version: Version) -> String {
    format!("{:04}.removed", version.get())
}

/// The version that a file name stands for: at least four digits, more only if needed.
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
    /// The file of a version.
    pub fn entry_file(&self, key_path: &KeyPath, version: Version) -> PathBuf {
        self.slot_file(&Slot::secret(key_path), version)
    }

    pub(super) fn slot_dir(&self, slot: &Slot) -> PathBuf {
        self.dir.join(&slot.parent).join(&slot.below)
    }

    pub(super) fn slot_file(&self, slot: &Slot, version: Version) -> PathBuf {
        self.slot_dir(slot).join(entry_name(version))
    }

    /// The versions of a secret, oldest first; empty if there is no such secret.
    pub fn versions(&self, key_path: &KeyPath) -> Result<Vec<Version>> {
        self.slot_versions(&Slot::secret(key_path))
    }

    /// The versions of the layout of a project's env file, oldest first.
    pub fn layout_versions(&self, project: &OwnerName) -> Result<Vec<Version>> {
        self.slot_versions(&Slot::layout(project))
    }

    pub(super) fn slot_versions(&self, slot: &Slot) -> Result<Vec<Version>> {
        let mut versions: Vec<Version> = fs::list_dir(&self.slot_dir(slot))?
            .unwrap_or_default()
            .iter()
            .filter_map(|name| version_of(name, ".age"))
            .collect();
        versions.sort_unstable();
        Ok(versions)
    }

    /// Returns the newest version of a secret.
    pub fn newest(&self, key_path: &KeyPath) -> Result<Option<Version>> {
        self.newest_in(&Slot::secret(key_path))
    }

    pub(super) fn newest_in(&self, slot: &Slot) -> Result<Option<Version>> {
        Ok(self.slot_versions(slot)?.last().copied())
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
