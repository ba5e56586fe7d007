//! The second step: the env file, under its lock.
//!
//! Owns: the plan (what the file is, what it is to become, which of its values no version has), the
//! layout that goes into the vault, the replacing.
//!
//! Invariant: nothing is written before the plan stands, and nothing over a file that is no longer
//! what the plan was made for.

use std::collections::BTreeSet;

use super::{EnvChange, Outcome, Target, VaultChange, Write};
use crate::env_file::{Edit, EditError, EncodeError, EnvFile, EnvName, Readers};
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::entry::{Content, Origin};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::ops::layout::Layout;
use crate::ops::{Context, Notice};
use crate::storage::env_disk::LockedEnv;
use crate::storage::fs::FileStamp;
use crate::storage::vault::OpenVault;

/// The env file, locked from [`begin`](Self::begin) on.
pub(super) struct EnvStep<'a> {
    vault: &'a OpenVault,
    pub(super) target: &'a Target,
    locked: LockedEnv,
}

/// What the file is and what it is to become.
pub(super) struct Planned {
    old: EnvFile,
    stamp: FileStamp,
    /// The new document, or why there can be none although the vault may have the value.
    new: Result<EnvFile, EditError>,
    /// For each write the values that only the file has.
    found: Vec<Vec<SecretBytes>>,
    pub(super) changes: Vec<EnvChange>,
}

impl Planned {
    pub(super) fn found(&self, index: usize) -> &[SecretBytes] {
        self.found.get(index).map_or(&[], Vec::as_slice)
    }
}

impl<'a> EnvStep<'a> {
    /// Takes the lock, and finishes what a killed run left in a file that is replaced in place.
    pub(super) fn begin(
        context: &Context<'_>,
        vault: &'a OpenVault,
        target: &'a Target,
    ) -> Result<Self> {
        let locked = LockedEnv::lock(&target.path, context.wait, || {
            context.notice(Notice::Waiting { file: &target.path });
        })?;
        if locked.recover(vault)? {
            context.notice(Notice::Recovered { file: &target.path });
        }
        Ok(Self {
            vault,
            target,
            locked,
        })
    }

    /// Gives the lock back.
    pub(super) fn unlock(self) {
        drop(self.locked);
    }

    /// Reads the file and composes what it is to become. Writes nothing.
    pub(super) fn plan(&self, writes: &[Write<'_>]) -> Result<Planned> {
        let (old, stamp) = self.locked.read()?;
        if let Some(as_it_is) = &self.target.as_it_is {
            if *old.text() != as_it_is.text {
                return Err(Error::EnvFile {
                    path: self.target.path.clone(),
                    problem: EnvFileProblem::Changed,
                });
            }
            return Ok(Planned {
                new: Ok(old.clone()),
                old,
                stamp,
                found: vec![Vec::new(); writes.len()],
                changes: vec![EnvChange::Unchanged; writes.len()],
            });
        }
        let base = self.target.base.as_ref().unwrap_or(&old);
        let new = compose(base, writes, self.target)?;
        let mut found = Vec::with_capacity(writes.len());
        for write in writes {
            found.push(unseen(Some(self.vault), &old, write, &self.target.readers)?);
        }
        let changes = match &new {
            Ok(new) => changes(&old, new, writes),
            Err(_) => Vec::new(),
        };
        Ok(Planned {
            old,
            stamp,
            new,
            found,
            changes,
        })
    }

    /// Keeps the layout of the file that is about to be written; before that all of a file that is
    /// about to be rebuilt.
    pub(super) fn keep_layout(
        &self,
        context: &Context<'_>,
        planned: &Planned,
        writes: &[Write<'_>],
    ) -> Result<()> {
        let (Some(project), Ok(new)) = (&self.target.project, &planned.new) else {
            return Ok(());
        };
        let known = Layout::newest(self.vault, project)?;
        let mut vaulted = match &known {
            Some((known, _)) => known.vaulted.clone(),
            None => BTreeSet::new(),
        };
        if let Some(as_it_is) = &self.target.as_it_is {
            vaulted.extend(as_it_is.vaulted.iter().cloned());
        }
        // The value of a secret that is not the project's own is kept with the text, like a plain
        // one: `restore` has no other way to it.
        let own = |write: &&Write<'_>| write.key_path.project() == Some(project);
        for write in writes.iter().filter(own) {
            vaulted.extend(write.env_name.as_ref().map(ToString::to_string));
        }
        vaulted.retain(|name| new.get(name).is_some());
        let layout = Layout {
            vaulted,
            env: new.clone(),
        };
        if self.target.base.is_some() {
            let lost = Layout {
                vaulted: layout.vaulted.clone(),
                env: planned.old.clone(),
            };
            lost.store(context, self.vault, project, Origin::Found)?;
            return layout.store(context, self.vault, project, Origin::Layout);
        }
        layout.keep(known, &planned.old, context, self.vault, project)
    }

    /// Replaces the file; `false` if it is no longer what the plan was made for.
    pub(super) fn write(&self, planned: &Planned) -> Result<bool> {
        let new = match &planned.new {
            Ok(new) => new,
            Err(source) => {
                return Err(Error::EnvEdit {
                    path: self.target.path.clone(),
                    source: source.clone(),
                });
            }
        };
        if new.text() == planned.old.text() {
            if planned.stamp.existed() {
                self.locked.make_durable(&planned.stamp)?;
            }
            return Ok(true);
        }
        self.locked
            .write(&planned.old, &planned.stamp, new, self.vault)
    }
}

/// The values that a file gives a variable and that no version of the secret has. Every assignment
/// counts: some readers take the first, others the last.
pub(super) fn unseen(
    vault: Option<&OpenVault>,
    old: &EnvFile,
    write: &Write<'_>,
    readers: &Readers,
) -> Result<Vec<SecretBytes>> {
    let Some(name) = &write.env_name else {
        return Ok(Vec::new());
    };
    let mut found: Vec<SecretBytes> = Vec::new();
    for assignment in old.assignments().filter(|one| one.name() == name.as_str()) {
        let value = assignment
            .value_for(readers)
            .or_else(|| assignment.value())
            // Its readers do not agree; the text as it stands loses nothing.
            .unwrap_or_else(|| SecretBytes::copy_of(assignment.raw()));
        if value.is_empty() || Some(&value) == write.draft.content.value() || found.contains(&value)
        {
            continue;
        }
        crate::model::value::check_size(&value)?;
        let known = match vault {
            Some(vault) => vault.find_value(write.key_path, &value)?,
            None => None,
        };
        if known.is_none() {
            found.push(value);
        }
    }
    Ok(found)
}

/// The document after the writes. The outer error means that nothing may be done; the inner one
/// that no form of the value serves all of the file's readers, which the vault need not mind.
pub(super) fn compose(
    old: &EnvFile,
    writes: &[Write<'_>],
    target: &Target,
) -> Result<Result<EnvFile, EditError>> {
    let edits: Vec<Edit<'_>> = writes
        .iter()
        .filter_map(|write| {
            let name = write.env_name.as_ref()?;
            Some(match &write.draft.content {
                Content::Value(value) => Edit::Set { name, value },
                Content::Tombstone => Edit::Remove { name },
            })
        })
        .collect();
    match old.with(&edits, &target.readers, target.on_misread) {
        Err(source) if !is_misread(&source) => Err(Error::EnvEdit {
            path: target.path.clone(),
            source,
        }),
        other => Ok(other),
    }
}

/// Whether the only trouble is that no form of the value suits all readers of the file.
fn is_misread(error: &EditError) -> bool {
    matches!(
        error,
        EditError::Value {
            error: EncodeError::NoForm { .. } | EncodeError::WouldRun,
            ..
        }
    )
}

/// What the writes mean for the file, one by one.
pub(super) fn changes(old: &EnvFile, new: &EnvFile, writes: &[Write<'_>]) -> Vec<EnvChange> {
    writes
        .iter()
        .map(|write| {
            let Some(name) = &write.env_name else {
                return EnvChange::Skipped;
            };
            let raw = |file: &EnvFile| -> Vec<SecretBytes> {
                file.assignments()
                    .filter(|assignment| assignment.name() == name.as_str())
                    .map(|assignment| SecretBytes::copy_of(assignment.raw()))
                    .collect()
            };
            let (before, after) = (raw(old), raw(new));
            match (before.is_empty(), after.is_empty()) {
                _ if before == after => EnvChange::Unchanged,
                (true, _) => EnvChange::Added,
                (_, true) => EnvChange::Removed,
                _ => EnvChange::Replaced,
            }
        })
        .collect()
}

/// The line of each variable: where it will be, or where it was if it goes.
pub(super) fn lines(old: &EnvFile, new: &EnvFile, writes: &[Write<'_>]) -> Vec<Option<usize>> {
    let line = |file: &EnvFile, name: &EnvName| Some(file.get(name.as_str())?.line());
    writes
        .iter()
        .map(|write| {
            let name = write.env_name.as_ref()?;
            line(new, name).or_else(|| line(old, name))
        })
        .collect()
}

/// Writes a new file with the values, and leaves the vault alone.
pub(in crate::ops) fn write_copy(
    writes: &[Write<'_>],
    target: &Target,
    dry_run: bool,
) -> Result<Vec<Outcome>> {
    let empty = EnvFile::parse(SecretBytes::new(Vec::new()));
    let base = target.base.as_ref().unwrap_or(&empty);
    let new = compose(base, writes, target)?.map_err(|source| Error::EnvEdit {
        path: target.path.clone(),
        source,
    })?;
    if !dry_run {
        let path = &target.path;
        let text = new.text();
        crate::ops::publish(path, text.expose())?;
        let there = crate::storage::env_disk::read(path);
        if !matches!(&there, Ok(Some(there)) if there.text() == text) {
            // It was not there before, and is not to be relied on.
            let _ = crate::storage::fs::remove_unsynced(path);
            return Err(there.err().unwrap_or_else(|| Error::EnvFile {
                path: path.clone(),
                problem: EnvFileProblem::ReadBack,
            }));
        }
    }
    Ok(writes
        .iter()
        .map(|_| Outcome {
            // A copy stores no version; its report takes that of the secret, which is never lower.
            version: Version::FIRST,
            vault: VaultChange::Unchanged,
            env: EnvChange::Added,
            line: None,
            found: None,
        })
        .collect())
}
