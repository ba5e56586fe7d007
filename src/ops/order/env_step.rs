//! The second step: the env file, under its lock.
//!
//! Owns: the plan (what the file is, what it becomes, which of its values no version has), the
//! layout that goes into the vault, and the replacement.
//!
//! Invariant: nothing is written before the plan stands, and nothing over a file that is no longer
//! what the plan was made for.

use std::collections::BTreeSet;

use super::vault_step;
use super::{EnvChange, Outcome, VaultChange, Write, owners};
use crate::env_file::{Edit, EnvFile, EnvName};
use crate::error::{Done, EnvFileProblem, Error, Finish, Result};
use crate::model::entry::{Content, Origin};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::ops::git;
use crate::ops::layout::{Layout, Values};
use crate::ops::target::Target;
use crate::ops::{Notice, Session};
use crate::storage::env_disk::LockedEnv;
use crate::storage::fs::FileStamp;
use crate::storage::vault::OpenVault;

/// How often a file that changes while it is being patched is read again.
const ATTEMPTS: usize = 20;

/// The env file, locked from [`begin`](Self::begin) on.
pub(super) struct EnvStep<'a> {
    session: &'a Session<'a>,
    vault: &'a OpenVault,
    target: &'a Target,
    locked: LockedEnv,
}

/// What the file is and what it becomes.
pub(super) struct Plan {
    old: EnvFile,
    stamp: FileStamp,
    new: EnvFile,
    /// For each write the values that only the file has.
    found: Vec<Vec<SecretBytes>>,
    changes: Vec<EnvChange>,
}

impl Plan {
    /// For each write the values that only the file has.
    pub(super) fn found(&self) -> &[Vec<SecretBytes>] {
        &self.found
    }
}

impl<'a> EnvStep<'a> {
    /// Takes the lock, and finishes what a killed run left of an in-place write.
    pub(super) fn begin(session: &'a Session<'a>, target: &'a Target) -> Result<Self> {
        let vault = session.vault()?;
        let locked = LockedEnv::lock(&target.path, session.settings.wait, || {
            session.notice(Notice::Waiting { file: &target.path });
        })?;
        if locked.recover(vault)? {
            session.record(Done::File {
                path: target.path.clone(),
            });
            session.notice(Notice::Recovered { file: &target.path });
        }
        Ok(Self {
            session,
            vault,
            target,
            locked,
        })
    }

    /// Reads the file and composes what it becomes. Writes nothing.
    pub(super) fn plan(&self, writes: &[Write<'_>]) -> Result<Plan> {
        let (old, stamp) = self.locked.read()?;
        self.session.check_env_file(&self.target.path)?;
        self.check_file(&old, writes)?;
        owners::check(self.session, Some((self.target, &old)), writes)?;
        if let Some(keep_text) = &self.target.keep_text {
            if *old.text() != keep_text.text {
                return Err(Error::EnvFile {
                    path: self.target.path.clone(),
                    problem: EnvFileProblem::Changed,
                });
            }
            return Ok(Plan {
                new: old.clone(),
                old,
                stamp,
                found: vec![Vec::new(); writes.len()],
                changes: vec![EnvChange::Unchanged; writes.len()],
            });
        }
        let base = self.target.base.as_ref().unwrap_or(&old);
        let edited = self.edited(&old, writes)?;
        let new = compose(base, &edited, self.target)?;
        let mut found = Vec::with_capacity(writes.len());
        for write in writes {
            // What stays in the file, because it is another secret's, is no value of this one.
            found.push(
                match edited.iter().any(|edited| std::ptr::eq(*edited, write)) {
                    true => unseen(self.session, Some(self.vault), &old, write, self.target)?,
                    false => Vec::new(),
                },
            );
        }
        Ok(Plan {
            changes: changes(&old, &new, writes),
            old,
            stamp,
            new,
            found,
        })
    }

    /// Refuses a file that is no env file, and the first write of a value into a file that git
    /// tracks. Checks nothing where the file is not edited.
    fn check_file(&self, old: &EnvFile, writes: &[Write<'_>]) -> Result<()> {
        let target = self.target;
        check_is_env_file(target, old)?;
        let has_value = |write: &Write<'_>| {
            write.env_name.is_some() && write.draft.content != Content::Tombstone
        };
        let is_edited = target.keep_text.is_none() && writes.iter().any(has_value);
        if !is_edited || target.allow_tracked || git::is_exempt(&target.path) {
            return Ok(());
        }
        // A layout says that this program has written to the file before.
        if let Some(project) = &target.project
            && self.vault.vault().newest_layout(project)?.is_some()
        {
            return Ok(());
        }
        match &*self.session.settings.git {
            Some(git) if git::is_tracked(git, &target.path) => Err(Error::EnvFile {
                path: target.path.clone(),
                problem: EnvFileProblem::Tracked,
            }),
            _ => Ok(()),
        }
    }

    /// The writes that edit the file: a tombstone leaves alone what another secret owns by now.
    fn edited<'w, 'k>(&self, old: &EnvFile, writes: &'w [Write<'k>]) -> Result<Vec<&'w Write<'k>>> {
        let mut edited = Vec::with_capacity(writes.len());
        for write in writes {
            if !owners::is_anothers(self.session, self.target, old, write)? {
                edited.push(write);
            }
        }
        Ok(edited)
    }

    /// Keeps the layout, replaces the file and fills in what happened to it. If the file changed
    /// since the plan was made, it is planned again, and the values that have appeared are kept.
    pub(super) fn settle(
        self,
        mut plan: Plan,
        writes: &[Write<'_>],
        stored: &mut [Outcome],
    ) -> Result<()> {
        for _ in 0..ATTEMPTS {
            if self
                .settle_once(&plan, writes)
                .map_err(|error| self.behind(error, writes, stored))?
            {
                for (outcome, change) in stored.iter_mut().zip(plan.changes) {
                    outcome.env = change;
                }
                return Ok(());
            }
            plan = self
                .plan(writes)
                .and_then(|plan| {
                    vault_step::keep_found(self.session, writes, plan.found(), stored)?;
                    Ok(plan)
                })
                .map_err(|error| self.behind(error, writes, stored))?;
        }
        let error = Error::EnvFile {
            path: self.target.path.clone(),
            problem: EnvFileProblem::KeepsChanging,
        };
        Err(self.behind(error, writes, stored))
    }

    /// Returns `false` if the file is no longer what the plan was made for.
    fn settle_once(&self, plan: &Plan, writes: &[Write<'_>]) -> Result<bool> {
        self.keep_layout(plan, writes)?;
        self.write(plan)
    }

    /// Wraps an error that occurs after the vault step.
    fn behind(&self, source: Error, writes: &[Write<'_>], stored: &[Outcome]) -> Error {
        let (Some(first), Some(outcome)) = (writes.first(), stored.first()) else {
            return self.session.interrupted(Finish::Repeat, source);
        };
        let version = outcome.version;
        let finish = match &self.target.keep_text {
            None => Finish::EnvFile {
                key_path: first.key_path.clone(),
                version,
                file: self.target.path.clone(),
                named: self.target.named,
                removal: first.draft.content == Content::Tombstone,
            },
            // The env file lacks nothing.
            Some(_) => Finish::StoreRest {
                stored: writes.len(),
                of: writes.len(),
            },
        };
        self.session
            .after_vault_error(first.key_path, version, finish, source)
    }

    /// Keeps the layout of the file that is about to be written; before that, the whole text of a
    /// file that is about to be rebuilt.
    fn keep_layout(&self, plan: &Plan, writes: &[Write<'_>]) -> Result<()> {
        let Some(project) = &self.target.project else {
            return Ok(());
        };
        let new = &plan.new;
        let known = Layout::newest(self.vault, project)?;
        let mut vaulted = match &known {
            Some((known, _)) => known.vaulted.clone(),
            None => BTreeSet::new(),
        };
        if let Some(keep_text) = &self.target.keep_text {
            vaulted.extend(keep_text.vaulted.iter().cloned());
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
                env: plan.old.clone(),
            };
            lost.store(self.session, project, Origin::Found)?;
            // The text was made from a layout: it has lost nothing.
            return layout.keep_whole(known, self.session, project);
        }
        let values = match self.target.keep_text {
            Some(_) => Values::Others(self.target.readers),
            None => Values::Ours,
        };
        layout.keep(known, &plan.old, values, self.session, project)
    }

    /// Replaces the file; `false` if it is no longer what the plan was made for.
    pub(super) fn write(&self, plan: &Plan) -> Result<bool> {
        let new = &plan.new;
        if new.text() == plan.old.text() {
            if plan.stamp.existed() {
                self.locked.make_durable(&plan.stamp)?;
            }
            return Ok(true);
        }
        let written = self.locked.write(&plan.old, &plan.stamp, new, self.vault);
        // A file that was replaced and could not be synced was changed all the same.
        let is_there = || {
            let now = self.locked.read();
            now.is_ok_and(|(now, _)| now.text() == new.text())
        };
        if written.as_ref().is_ok_and(|written| *written) || written.is_err() && is_there() {
            self.session.record(Done::File {
                path: self.target.path.clone(),
            });
        }
        written
    }
}

/// Refuses a file that is no env file, unless its text stays as it is or is replaced whole.
pub(super) fn check_is_env_file(target: &Target, old: &EnvFile) -> Result<()> {
    let is_edited = target.keep_text.is_none() && target.base.is_none();
    match old.not_env_file().filter(|_| is_edited) {
        Some(reason) => Err(Error::EnvFile {
            path: target.path.clone(),
            problem: EnvFileProblem::NotEnvFile(reason),
        }),
        None => Ok(()),
    }
}

/// The values that a file gives a variable and that no version of the secret has. Every assignment
/// counts: some readers take the first, others the last.
pub(super) fn unseen(
    session: &Session<'_>,
    vault: Option<&OpenVault>,
    old: &EnvFile,
    write: &Write<'_>,
    target: &Target,
) -> Result<Vec<SecretBytes>> {
    let Some(name) = &write.env_name else {
        return Ok(Vec::new());
    };
    let mut found: Vec<SecretBytes> = Vec::new();
    for assignment in old.assignments().filter(|one| one.name() == name.as_str()) {
        let value = assignment
            .value_for(&target.readers)
            .or_else(|| assignment.value())
            // Its readers do not agree; the text as it stands loses nothing.
            .unwrap_or_else(|| SecretBytes::copy_of(assignment.raw()));
        // What may be a guess is not told from another value.
        let is_same = write.draft.content.value() == Some(&value) && !write.may_be_guess(session);
        if value.is_empty() || is_same || found.contains(&value) {
            continue;
        }
        // A mask is no value: the real one is in the vault.
        if crate::model::value::check_not_mask(&value).is_err() {
            continue;
        }
        // The first part of the value, where a write was stopped in the middle.
        let is_first_part = |whole: &SecretBytes| whole.expose().starts_with(value.expose());
        if target.base.is_some() && write.draft.content.value().is_some_and(is_first_part) {
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

/// The document after the writes.
///
/// # Errors
/// If the file cannot be edited there, or if no form of a value serves all of its readers.
pub(super) fn compose(old: &EnvFile, writes: &[&Write<'_>], target: &Target) -> Result<EnvFile> {
    let edits: Vec<Edit<'_>> = writes
        .iter()
        .filter_map(|write| {
            let name = write.env_name.as_ref()?;
            Some(match &write.draft.content {
                Content::Tombstone => Edit::Remove { name },
                Content::Value(value) => match &target.earlier {
                    None => Edit::Set { name, value },
                    earlier => Edit::Restore {
                        name,
                        value,
                        earlier: earlier.as_ref(),
                    },
                },
            })
        })
        .collect();
    old.with(&edits, &target.readers, target.on_misread)
        .map_err(|source| Error::EnvEdit {
            path: target.path.clone(),
            source,
        })
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
    session: &Session<'_>,
    writes: &[Write<'_>],
    target: &Target,
    dry_run: bool,
) -> Result<Vec<Outcome>> {
    let empty = EnvFile::parse(SecretBytes::new(Vec::new()));
    let base = target.base.as_ref().unwrap_or(&empty);
    let new = compose(base, &writes.iter().collect::<Vec<_>>(), target)?;
    if !dry_run {
        let path = &target.path;
        let text = new.text();
        session.publish(path, text.expose())?;
        let there = crate::storage::env_disk::read(path);
        if !matches!(&there, Ok(Some(there)) if there.text() == text) {
            // It was not there before, and is not to be relied on.
            if crate::storage::fs::remove_unsynced(path).is_ok() {
                session.record_undone(&Done::File { path: path.clone() });
            }
            return Err(there.err().unwrap_or_else(|| Error::EnvFile {
                path: path.clone(),
                problem: EnvFileProblem::ReadBack,
            }));
        }
    }
    Ok(writes
        .iter()
        .map(|_| Outcome {
            version: Version::FIRST,
            vault: VaultChange::Unchanged,
            env: EnvChange::Added,
            line: None,
            found: None,
        })
        .collect())
}
