//! The rule of this program, in one function: the vault first, the env file second.
//!
//! Every verb that writes goes through [`vault_then_env`].

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use schemars::JsonSchema;
use serde::Serialize;

use super::layout::Layout;
use super::{Context, Notice};
use crate::entry::{Entry, Origin};
use crate::env_disk::LockedEnv;
use crate::env_file::{Edit, EditError, EncodeError, EnvFile, EnvName, OnMisread, Readers};
use crate::error::{EnvFileProblem, Error, Result};
use crate::fs::FileStamp;
use crate::key_path::{KeyPath, OwnerName};
use crate::secret::SecretBytes;
use crate::vault::{Draft, OpenVault, in_parallel};

/// How often a file that changes under our hands is read again.
const ATTEMPTS: usize = 20;

/// What is to happen to one secret.
pub(super) struct Write<'a> {
    pub(super) key_path: &'a KeyPath,
    /// The version to store. A version that says what the newest says already is not stored again.
    pub(super) draft: Draft,
    /// The variable in the target's env file; `None` leaves the env file alone.
    pub(super) env_name: Option<EnvName>,
}

/// The env file that is to be brought in line.
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) readers: Readers,
    pub(super) on_misread: OnMisread,
    /// Whether the caller named the file, rather than the link.
    pub(super) named: bool,
    /// The project whose linked file this is: its layout is kept.
    pub(super) project: Option<OwnerName>,
    /// What is edited instead of the file's own text, to rebuild a file that was lost.
    pub(super) base: Option<EnvFile>,
    /// The file is not edited at all; only its layout is kept.
    pub(super) as_it_is: Option<AsItIs>,
}

/// An env file that has the values already.
pub(super) struct AsItIs {
    /// The text in which the values were found. A file that has another by now is refused.
    pub(super) text: SecretBytes,
    /// Variables, besides those that are written, whose values the layout leaves to the vault.
    pub(super) vaulted: BTreeSet<String>,
}

/// From so many writes on, the vault takes them all at once.
const MANY: usize = 8;

/// What happened to the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum VaultChange {
    /// A new secret.
    Created,
    /// A new version.
    Updated,
    /// The newest version says this already.
    Unchanged,
}

/// What happened to the env file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum EnvChange {
    /// A new assignment.
    Added,
    /// Another value in an assignment that was there.
    Replaced,
    /// The assignment left the file.
    Removed,
    /// The file says this already.
    Unchanged,
    /// No env file has this secret.
    Skipped,
}

/// What happened to one secret.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) version: u32,
    pub(super) vault: VaultChange,
    pub(super) env: EnvChange,
    /// Where the assignment is, or would be, in the env file; only of a dry run.
    pub(super) line: Option<usize>,
    /// The version that keeps a value which was found in the env file and in no version.
    pub(super) found: Option<u32>,
}

/// The vault first, the env file second.
///
/// Under the lock on the env file: everything that can fail without writing; then each version
/// into the vault, synced and read back, a value that only the env file has before the one that
/// takes its place; then the layout of the env file into the vault; then the env file, synced and
/// read back. If the file changes meanwhile it is read again. At last, without the lock, `after`.
///
/// An error before the first version was stored means that nothing changed; after it, it is
/// [`Error::EnvBehind`] (or [`Error::VaultNotDurable`], [`Error::ReadBack`]).
pub(super) fn vault_then_env(
    context: &Context<'_>,
    vault: &OpenVault,
    writes: &[Write<'_>],
    target: Option<&Target>,
    after: impl FnOnce() -> Result<()>,
) -> Result<Vec<Outcome>> {
    let env = target
        .map(|target| EnvStep::begin(context, vault, target))
        .transpose()?;
    let mut planned = match &env {
        Some(env) => Some(env.plan(writes)?),
        None => None,
    };
    if crate::planted("env-first")
        && let (Some(env), Some(planned)) = (&env, &planned)
    {
        let _ = env.write(planned)?;
    }

    if crate::planted("panic")
        && let Some(first) = writes.first()
    {
        panic!("{}", String::from_utf8_lossy(first.draft.value.expose()));
    }

    let mut outcomes = store_all(context, vault, writes, planned.as_ref())?;

    let Some(env) = env else {
        after()?;
        return Ok(outcomes);
    };
    let version = outcomes.first().map_or(0, |outcome| outcome.version);
    let behind = behind_of(writes, version, env.target);
    let mut attempts = ATTEMPTS;
    let mut late = Vec::new();
    let done = loop {
        let Some(plan) = planned.take() else {
            // The file changed: plan again, and keep whatever value has appeared.
            let plan = env.plan(writes).map_err(behind)?;
            for (index, write) in writes.iter().enumerate() {
                let found = plan.found(index);
                if !found.is_empty() {
                    let outcome = store(context, vault, write, found).map_err(behind)?;
                    late.push((index, outcome));
                }
            }
            planned = Some(plan);
            continue;
        };
        env.keep_layout(context, &plan, writes).map_err(behind)?;
        if env.write(&plan).map_err(behind)? {
            break plan;
        }
        attempts -= 1;
        if attempts == 0 {
            return Err(behind(Error::EnvFile {
                path: env.target.path.clone(),
                problem: EnvFileProblem::KeepsChanging,
            }));
        }
    };
    // Not under the lock: the configuration may lie in the same directory and has a lock there.
    drop(env.locked);
    after()?;
    for (index, outcome) in late {
        outcomes[index].version = outcome.version;
        outcomes[index].found = outcome.found;
    }
    for (outcome, change) in outcomes.iter_mut().zip(done.changes) {
        outcome.env = change;
    }
    Ok(outcomes)
}

/// What a failure is once the vault has everything.
fn behind_of<'a>(
    writes: &'a [Write<'_>],
    version: u32,
    target: &'a Target,
) -> impl Fn(Error) -> Error + Copy + 'a {
    move |source| match (&target.as_it_is, writes.first()) {
        // Nothing was stored.
        (None, None) => source,
        (None, Some(first)) => Error::EnvBehind {
            key_path: first.key_path.clone(),
            version,
            file: target.path.clone(),
            named: target.named,
            removal: first.draft.value.is_empty(),
            source: Box::new(source),
        },
        // The env file lacks nothing.
        (Some(_), _) => Error::NotFinished {
            stored: writes.len(),
            of: writes.len(),
            source: Box::new(source),
        },
    }
}

/// Plans what [`vault_then_env`] would do, writes nothing.
pub(super) fn dry_run(
    vault: Option<&OpenVault>,
    writes: &[Write<'_>],
    target: Option<&Target>,
) -> Result<Vec<Outcome>> {
    let mut found = vec![0; writes.len()];
    let changes = match target {
        Some(target) if target.as_it_is.is_some() => {
            vec![(EnvChange::Unchanged, None); writes.len()]
        }
        Some(target) => {
            let (old, _) = crate::fs::read_stamped(&target.path, crate::env_disk::MAX_ENV_FILE)?;
            let old = EnvFile::parse(old);
            for (found, write) in found.iter_mut().zip(writes) {
                *found = unseen(vault, &old, write, &target.readers)?.len() as u32;
            }
            let base = target.base.as_ref().unwrap_or(&old);
            let new = compose(base, writes, target)?.map_err(|source| Error::EnvEdit {
                path: target.path.clone(),
                source,
            })?;
            let changes = changes(&old, &new, writes).into_iter();
            changes.zip(lines(&old, &new, writes)).collect()
        }
        None => vec![(EnvChange::Skipped, None); writes.len()],
    };
    let mut outcomes = Vec::new();
    let newest = in_parallel(writes, |write| match vault {
        Some(vault) => vault.read_newest(write.key_path),
        None => Ok(None),
    });
    for (((write, (env, line)), newest), found) in writes.iter().zip(changes).zip(newest).zip(found)
    {
        let newest = newest?;
        let last = newest.as_ref().map_or(0, |entry| entry.header.version) + found;
        let (vault, version) = match &newest {
            None => (VaultChange::Created, last + 1),
            Some(entry) if found == 0 && says_the_same(entry, &write.draft) => {
                (VaultChange::Unchanged, last)
            }
            Some(_) => (VaultChange::Updated, last + 1),
        };
        outcomes.push(Outcome {
            version,
            vault,
            env,
            line,
            found: (found > 0).then_some(last),
        });
    }
    Ok(outcomes)
}

/// Writes a new file with the values, and leaves the vault alone.
pub(super) fn write_copy(
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
        if !crate::fs::publish_new(&target.path, new.text().expose())? {
            return Err(Error::EnvFile {
                path: target.path.clone(),
                problem: EnvFileProblem::AlreadyThere,
            });
        }
        if let Some(dir) = target.path.parent() {
            crate::fs::sync_dir(dir)?;
        }
    }
    Ok(writes
        .iter()
        .map(|_| Outcome {
            version: 0,
            vault: VaultChange::Unchanged,
            env: EnvChange::Added,
            line: None,
            found: None,
        })
        .collect())
}

/// Stores all writes: a few one after the other, many at once.
fn store_all(
    context: &Context<'_>,
    vault: &OpenVault,
    writes: &[Write<'_>],
    planned: Option<&Planned>,
) -> Result<Vec<Outcome>> {
    let found = |index| planned.map_or(&[][..], |plan| plan.found(index));
    let one = |index: usize| store(context, vault, &writes[index], found(index));
    if writes.len() < MANY {
        let mut outcomes = Vec::with_capacity(writes.len());
        for index in 0..writes.len() {
            let outcome = one(index).map_err(|source| after_others(source, &outcomes, writes))?;
            outcomes.push(outcome);
        }
        return Ok(outcomes);
    }
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(writes.len());
    let newest = in_parallel(writes, |write| vault.read_newest(write.key_path));
    let (mut new, mut there) = (Vec::new(), Vec::new());
    for (index, (write, newest)) in writes.iter().zip(newest).enumerate() {
        let newest = newest?;
        outcomes.push(match &newest {
            // Two versions of one secret, in this order.
            _ if !found(index).is_empty() => None,
            Some(entry) if says_the_same(entry, &write.draft) => {
                there.push(write.key_path);
                Some(Outcome {
                    version: entry.header.version,
                    vault: VaultChange::Unchanged,
                    env: EnvChange::Skipped,
                    line: None,
                    found: None,
                })
            }
            newest => {
                new.push(index);
                Some(Outcome {
                    version: 0,
                    vault: match newest {
                        None => VaultChange::Created,
                        Some(_) => VaultChange::Updated,
                    },
                    env: EnvChange::Skipped,
                    line: None,
                    found: None,
                })
            }
        });
    }
    let not_finished = |stored: usize, source| match stored {
        0 => source,
        stored => Error::NotFinished {
            stored,
            of: writes.len(),
            source: Box::new(source),
        },
    };
    // They may have been named by a run that was stopped before it synced.
    vault
        .make_many_durable(&there)
        .map_err(|error| not_finished(there.len(), error))?;
    let puts: Vec<_> = new
        .iter()
        .map(|&index| (writes[index].key_path, &writes[index].draft))
        .collect();
    let done = AtomicUsize::new(0);
    let progress = || {
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        let of = puts.len();
        context.notice(Notice::Progress { done, of });
    };
    let versions = match puts.len() {
        0 => Vec::new(),
        _ => vault
            .put_many(&puts, &context.actor, progress)
            .map_err(|error| match error {
                Error::NotFinished { stored, source, .. } => {
                    not_finished(there.len() + stored, *source)
                }
                error => error,
            })?,
    };
    for (&index, version) in new.iter().zip(versions) {
        if let Some(outcome) = &mut outcomes[index] {
            outcome.version = version;
        }
    }
    let stored = there.len() + new.len();
    outcomes
        .into_iter()
        .enumerate()
        .map(|(index, outcome)| match outcome {
            Some(outcome) => Ok(outcome),
            None => one(index).map_err(|error| not_finished(stored, error)),
        })
        .collect()
}

/// What a failure is once other secrets were stored: something did change.
fn after_others(source: Error, outcomes: &[Outcome], writes: &[Write<'_>]) -> Error {
    let changed =
        |outcome: &Outcome| outcome.vault != VaultChange::Unchanged || outcome.found.is_some();
    if !outcomes.iter().any(changed) {
        return source;
    }
    Error::NotFinished {
        stored: outcomes.len(),
        of: writes.len(),
        source: match source {
            Error::NotFinished { source, .. } => source,
            source => Box::new(source),
        },
    }
}

/// Stores one secret. A failure after a value that only the env file had was kept is
/// [`Error::NotFinished`], for something did change.
fn store(
    context: &Context<'_>,
    vault: &OpenVault,
    write: &Write<'_>,
    found: &[SecretBytes],
) -> Result<Outcome> {
    let newest = vault.read_newest(write.key_path)?;
    let mut vault_change = match newest {
        None => VaultChange::Created,
        Some(_) => VaultChange::Updated,
    };
    let mut kept = None;
    for value in found {
        let draft = Draft {
            value: value.clone(),
            origin: Origin::Found,
            recipe: None,
            moved_to: None,
            created: context.now(),
            ..write.draft.clone()
        };
        let version = vault.put(write.key_path, &draft, &context.actor);
        kept = Some(version.map_err(|source| after_found(source, kept))?);
    }
    if kept.is_none()
        && let Some(entry) = &newest
        && says_the_same(entry, &write.draft)
    {
        // It may have been named by a run that was stopped before it synced.
        vault.make_durable(write.key_path, entry.header.version)?;
        vault_change = VaultChange::Unchanged;
        return Ok(Outcome {
            version: entry.header.version,
            vault: vault_change,
            env: EnvChange::Skipped,
            line: None,
            found: None,
        });
    }
    let version = vault.put(write.key_path, &write.draft, &context.actor);
    Ok(Outcome {
        version: version.map_err(|source| after_found(source, kept))?,
        vault: vault_change,
        env: EnvChange::Skipped,
        line: None,
        found: kept,
    })
}

fn after_found(source: Error, kept: Option<u32>) -> Error {
    match kept {
        None => source,
        Some(_) => Error::NotFinished {
            stored: 0,
            of: 1,
            source: Box::new(source),
        },
    }
}

/// Whether storing the draft would only repeat the newest version.
fn says_the_same(entry: &Entry, draft: &Draft) -> bool {
    let header = &entry.header;
    header.removed == draft.value.is_empty()
        && entry.value == draft.value
        && header.description == draft.description
        && header.env_name == draft.env_name
        && header.every_days == draft.every_days
        && header.moved_to == draft.moved_to
}

/// The second step, with the file locked.
struct EnvStep<'a> {
    vault: &'a OpenVault,
    target: &'a Target,
    locked: LockedEnv,
}

/// What the file is and what it is to become.
struct Planned {
    old: EnvFile,
    stamp: FileStamp,
    /// The new document, or why there can be none although the vault may have the value.
    new: Result<EnvFile, EditError>,
    /// For each write the values that only the file has.
    found: Vec<Vec<SecretBytes>>,
    changes: Vec<EnvChange>,
}

impl Planned {
    fn found(&self, index: usize) -> &[SecretBytes] {
        self.found.get(index).map_or(&[], Vec::as_slice)
    }
}

impl<'a> EnvStep<'a> {
    fn begin(context: &Context<'_>, vault: &'a OpenVault, target: &'a Target) -> Result<Self> {
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

    fn plan(&self, writes: &[Write<'_>]) -> Result<Planned> {
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
            found.push(self.unseen(&old, write)?);
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

    /// The values that the file gives the variable and that the vault has never seen, in the order
    /// of their lines.
    fn unseen(&self, old: &EnvFile, write: &Write<'_>) -> Result<Vec<SecretBytes>> {
        let vault = Some(self.vault);
        unseen(vault, old, write, &self.target.readers)
    }

    /// Keeps the layout of the file that is about to be written; before that all of a file that is
    /// about to be rebuilt.
    fn keep_layout(
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
        for write in writes {
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

    fn write(&self, planned: &Planned) -> Result<bool> {
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
fn unseen(
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
        if value.is_empty() || value == write.draft.value || found.contains(&value) {
            continue;
        }
        crate::value::check_size(&value)?;
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
fn compose(
    old: &EnvFile,
    writes: &[Write<'_>],
    target: &Target,
) -> Result<Result<EnvFile, EditError>> {
    let edits: Vec<Edit<'_>> = writes
        .iter()
        .filter_map(|write| {
            let name = write.env_name.as_ref()?;
            Some(if write.draft.value.is_empty() {
                Edit::Remove { name }
            } else {
                Edit::Set {
                    name,
                    value: &write.draft.value,
                }
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

fn changes(old: &EnvFile, new: &EnvFile, writes: &[Write<'_>]) -> Vec<EnvChange> {
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
fn lines(old: &EnvFile, new: &EnvFile, writes: &[Write<'_>]) -> Vec<Option<usize>> {
    let line = |file: &EnvFile, name: &EnvName| Some(file.get(name.as_str())?.line());
    writes
        .iter()
        .map(|write| {
            let name = write.env_name.as_ref()?;
            line(new, name).or_else(|| line(old, name))
        })
        .collect()
}
