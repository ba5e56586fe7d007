//! Layouts of env files: versions like those of a secret, one slot a project.
//!
//! `restore` builds a file from them, so they are checked like any entry and remembered like any
//! secret: a machine that has seen a newer layout notices an older one in its place.
//!
//! Limits: what is kept next counts as newer than what was lost, so that storing is never stopped
//! by it.

use std::path::PathBuf;

use super::slot::{Slot, layout_name};
use super::store::Names;
use super::stray::Stray;
use super::{LAYOUTS, OpenVault, Vault};
use crate::error::{Error, Result};
use crate::model::key_path::OwnerName;
use crate::model::version::Version;

impl Vault {
    /// Returns the projects of which a layout is kept, in order, and whatever lies under `layouts/`
    /// without belonging there. Needs no key.
    pub fn layout_projects(&self) -> Result<(Vec<OwnerName>, Vec<Stray>)> {
        let (mut projects, mut strays) = (Vec::new(), Vec::new());
        self.for_each_dir(LAYOUTS, &mut strays, |name| match name.parse() {
            Ok(project) => {
                projects.push(project);
                true
            }
            Err(_) => false,
        })?;
        projects.sort_unstable();
        for project in &projects {
            let look = self.look_at(&mut Names::default(), &Slot::layout(project))?;
            strays.extend(look.strays);
        }
        Ok((projects, strays))
    }

    /// Returns the file of a layout.
    pub fn layout_file(&self, project: &OwnerName, version: Version) -> PathBuf {
        self.slot_file(&Slot::layout(project), version)
    }

    /// Returns the newest version of the layout of a project's env file.
    pub fn newest_layout(&self, project: &OwnerName) -> Result<Option<Version>> {
        self.newest_in(&Slot::layout(project))
    }
}

impl OpenVault {
    /// Opens every layout of a project's env file, and returns what is wrong with them.
    pub fn check_layouts(&self, project: &OwnerName) -> Result<Vec<Error>> {
        let slot = Slot::layout(project);
        let mut wrong = Vec::new();
        for version in self.vault.slot_versions(&slot)? {
            wrong.extend(self.read_slot(&slot, version).err());
        }
        wrong.extend(self.check_layout_not_rolled_back(project).err());
        Ok(wrong)
    }

    /// Compares the newest layout that there is with the newest that this machine has seen.
    pub fn check_layout_not_rolled_back(&self, project: &OwnerName) -> Result<()> {
        let slot = Slot::layout(project);
        let found = self.vault.newest_in(&slot)?;
        self.compare_with_seen(&layout_name(project), found, || slot)
    }
}
