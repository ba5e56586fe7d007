//! Layouts of env files: versions like those of a secret, one slot a project.
//!
//! `restore` builds a file from them, so they are checked like any entry and remembered like any
//! secret: a machine that has seen a newer layout notices an older one in its place.
//!
//! Limits: what is kept next counts as newer than what was lost, so that storing is never stopped
//! by it.

use std::path::PathBuf;

use super::slot::{Slot, layout_name, version_of};
use super::{LAYOUTS, OpenVault, Stray, Vault};
use crate::error::{Error, Result};
use crate::model::key_path::OwnerName;
use crate::model::version::Version;
use crate::storage::fs;

impl Vault {
    /// The projects of which a layout is kept, in order, and whatever lies under `layouts/` without
    /// being one. Needs no key.
    pub fn layout_projects(&self) -> Result<(Vec<OwnerName>, Vec<Stray>)> {
        let (mut projects, mut strays) = (Vec::new(), Vec::new());
        let layouts = self.dir.join(LAYOUTS);
        for name in fs::list_dir(&layouts)?.unwrap_or_default() {
            let dir = layouts.join(&name);
            let names = fs::list_dir(&dir)?;
            let (Some(names), Ok(project)) = (names, name.parse::<OwnerName>()) else {
                if !fs::is_leftover(&name) {
                    strays.push(Stray(dir));
                }
                continue;
            };
            projects.push(project);
            let is_none = |name: &String| version_of(name, ".age").is_none();
            let names = names.into_iter().filter(is_none);
            let others = names.filter(|name| !fs::is_leftover(name));
            strays.extend(others.map(|name| Stray(dir.join(name))));
        }
        projects.sort_unstable();
        Ok((projects, strays))
    }

    /// The file of a layout.
    pub fn layout_file(&self, project: &OwnerName, version: Version) -> PathBuf {
        self.slot_file(&Slot::layout(project), version)
    }

    /// Returns the newest version of the layout of a project's env file.
    pub fn newest_layout(&self, project: &OwnerName) -> Result<Option<Version>> {
        self.newest_in(&Slot::layout(project))
    }
}

impl OpenVault {
    /// Opens every layout of a project's env file. Gives what is wrong with them, and remembers the
    /// newest if nothing is wrong with that.
    pub fn check_layouts(&self, project: &OwnerName) -> Result<Vec<Error>> {
        let slot = Slot::layout(project);
        let mut wrong = Vec::new();
        let mut newest = None;
        for version in self.vault.slot_versions(&slot)? {
            match self.read_slot(&slot, version) {
                Ok(_) => newest = Some(version),
                Err(error) => wrong.push(error),
            }
        }
        match self.check_layout_not_rolled_back(project) {
            Ok(()) => {
                if let Some(newest) = newest {
                    self.note_seen(&slot.name, newest);
                }
            }
            Err(error) => wrong.push(error),
        }
        Ok(wrong)
    }

    /// Compares the newest layout that there is with the newest that this machine has seen.
    pub fn check_layout_not_rolled_back(&self, project: &OwnerName) -> Result<()> {
        let slot = Slot::layout(project);
        let found = self.vault.newest_in(&slot)?;
        self.compare_with_seen(&layout_name(project), found, || slot)
    }
}
