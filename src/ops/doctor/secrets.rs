//! What is in the vault: does every version open, and every layout, and is nothing gone?

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::vault::bring_back;
use super::{Check, Doctor, count, name_of};
use crate::error::Error;
use crate::model::entry::Header;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::shell;
use crate::storage::fs;
use crate::storage::vault::{Listed, OpenVault, Stray, Vault, in_parallel};

const BRING_NEWER: &str = "bring the newer copy of the vault back, or accept this";

/// What the links need to know of the vault.
#[derive(Default)]
pub(super) struct Contents {
    /// Projects that have secrets which belong in their env file.
    pub(super) projects: BTreeSet<OwnerName>,
}

/// A secret with all its versions opened.
struct Examined {
    versions: usize,
    /// The header of the newest version, if it opens.
    newest: Option<Header>,
    /// What does not open, with its file.
    unreadable: Vec<(PathBuf, Error)>,
}

impl Examined {
    fn new(vault: &OpenVault, one: &Listed) -> Self {
        let versions = vault.vault().versions(&one.key_path).unwrap_or_default();
        let mut examined = Self {
            versions: versions.len(),
            newest: None,
            unreadable: Vec::new(),
        };
        for version in versions {
            match vault.read(&one.key_path, version) {
                Ok(entry) if version == one.newest => examined.newest = Some(entry.header),
                Ok(_) => {}
                Err(error) => {
                    let file = vault.vault().entry_file(&one.key_path, version);
                    examined.unreadable.push((file, error));
                }
            }
        }
        examined
    }
}

impl Doctor<'_> {
    /// What there is, by names alone.
    pub(super) fn names(&mut self, vault: &Vault) -> Contents {
        match vault.list(|_| true) {
            Ok((listed, strays)) => {
                self.say(
                    Check::warning(
                        "secrets",
                        format!(
                            "{} by name; whether they open is not known without the vault's key",
                            count(listed.len(), "secret")
                        ),
                    )
                    .at(vault.dir()),
                );
                self.strays(vault.dir(), strays);
                let projects = listed.into_iter().filter(|one| !one.removed);
                Contents {
                    projects: projects
                        .filter_map(|one| one.key_path.project().cloned())
                        .collect(),
                }
            }
            Err(error) => {
                self.say(Check::bad("secrets", error.to_string()).at(vault.dir()));
                Contents::default()
            }
        }
    }

    /// Opens every version of every secret.
    pub(super) fn secrets(&mut self, vault: &OpenVault) -> Contents {
        let dir = vault.vault().dir();
        let (listed, strays) = match vault.list(|_| true) {
            Ok(found) => found,
            Err(error) => {
                self.say(Check::bad("secrets", error.to_string()).at(dir));
                return Contents::default();
            }
        };
        let examined = in_parallel(&listed, |one| Examined::new(vault, one));
        let mut contents = Contents::default();
        let (mut versions, mut removed) = (0, 0);
        let mut unreadable = Vec::new();
        let mut hints = Vec::new();
        for (one, examined) in listed.iter().zip(&examined) {
            versions += examined.versions;
            if let Some(header) = &examined.newest {
                removed += usize::from(header.removed);
                if header.removed != one.removed {
                    hints.push(self.hint(vault, one, header.removed));
                }
                if let Some(project) = one.key_path.project()
                    && header.env_name.is_some()
                    && !header.removed
                {
                    contents.projects.insert(project.clone());
                }
            }
            let checks = examined.unreadable.iter().map(|(file, error)| {
                Check::bad("secrets", format!("{}: {error}", one.key_path))
                    .mend(bring_back(dir, file, error))
                    .at(file)
            });
            unreadable.extend(checks);
        }
        let live = listed.len() - removed;
        let total = format!(
            "{}, {} removed, {}",
            count(live, "secret"),
            removed,
            count(versions, "version")
        );
        if unreadable.is_empty() {
            let what = format!("{total}; every one opens");
            self.say(Check::good("secrets", what).at(dir));
        }
        self.say_some(unreadable);
        self.say_some(hints);
        self.went_back(vault, &listed);
        self.strays(dir, strays);
        self.layouts(vault);
        contents
    }

    /// Opens the layouts of env files, from which `restore` builds a file that is lost.
    fn layouts(&mut self, vault: &OpenVault) {
        let dir = vault.vault().dir();
        let (projects, strays) = match vault.vault().layout_projects() {
            Ok(found) => found,
            Err(error) => return self.say(Check::bad("layouts", error.to_string()).at(dir)),
        };
        let mut wrong = Vec::new();
        for project in &projects {
            let versions = vault.vault().layout_versions(project).unwrap_or_default();
            let errors = versions.into_iter().filter_map(|version| {
                let error = vault.layout(project, version).err()?;
                let file = vault.vault().layout_file(project, version);
                let what = format!("the layout of the env file of {project}: {error}");
                let mend = bring_back(dir, &file, &error);
                Some(Check::bad("layouts", what).mend(mend).at(&file))
            });
            wrong.extend(errors);
        }
        self.say_some(wrong);
        let went_back = vault.state().seen_layouts(vault.vault().id());
        let went_back = went_back.into_iter().filter_map(|project| {
            let error = vault.check_layout_not_rolled_back(&project).err()?;
            Some(
                self.accept(
                    Check::bad(
                        "rolled_back",
                        format!("the layout of the env file of {project}: {error}; {BRING_NEWER}"),
                    )
                    .at(dir),
                ),
            )
        });
        let went_back = went_back.collect();
        self.say_some(went_back);
        self.strays(dir, strays);
    }

    /// What is mended by accepting the vault as it is.
    fn accept(&self, check: Check) -> Check {
        check.mend(self.command("init --trust"))
    }

    fn hint(&self, vault: &OpenVault, one: &Listed, removed: bool) -> Check {
        let name = &one.key_path;
        let file = vault
            .vault()
            .entry_file(name, one.newest)
            .with_extension("removed");
        if removed {
            let check = Check::warning(
                "hints",
                format!("{name} is removed, and its tombstone has lost the mark that shows it"),
            )
            .at(&file)
            .mend(self.command("doctor --fix"));
            self.fix(check, || vault.mend_hint(name, one.newest))
        } else {
            let check = Check::warning(
                "hints",
                format!("{name} is marked as removed and is not, so `list --names` hides it"),
            )
            .at(&file)
            .mend(self.command("doctor --fix"));
            self.fix(check, || fs::remove_private(&file))
        }
    }

    /// Versions that this machine has seen and that are gone.
    fn went_back(&mut self, vault: &OpenVault, listed: &[Listed]) {
        let id = vault.vault().id();
        let state = &self.session.state();
        let found = |key_path: &KeyPath| {
            listed
                .binary_search_by(|one| one.key_path.cmp(key_path))
                .map(|at| listed[at].newest)
                .ok()
        };
        let gone: Vec<Check> = state
            .seen(id)
            .into_iter()
            .filter_map(|key_path| {
                let (seen, found) = (state.newest(id, &key_path)?, found(&key_path));
                (found < Some(seen)).then(|| {
                    let what = match found {
                        None => format!("{key_path} is gone; this machine has seen version {seen}"),
                        Some(found) => format!(
                            "{key_path} went back to version {found}; this machine has seen \
                             version {seen}"
                        ),
                    };
                    let what = format!("{what}; {BRING_NEWER}");
                    self.accept(Check::bad("rolled_back", what).at(vault.vault().dir()))
                })
            })
            .collect();
        self.say_some(gone);
    }

    fn strays(&mut self, dir: &Path, strays: Vec<Stray>) {
        let mut aside = dir.as_os_str().to_owned();
        aside.push(".strays");
        let aside = shell::path(&PathBuf::from(aside));
        let checks = strays
            .into_iter()
            // Leftovers have a check of their own.
            .filter(|stray| !fs::is_leftover(&name_of(&stray.path)))
            .map(|stray| {
                Check::warning("strays", "this does not belong in a vault")
                    .at(&stray.path)
                    .mend(format!(
                        "mkdir -p {aside} && mv {} {aside}/",
                        shell::path(&stray.path)
                    ))
            })
            .collect();
        self.say_some(checks);
    }
}
