//! The first step: versions into the vault, each synced and read back.
//!
//! Invariants: a value that only the env file has is stored before the one that takes its place; a
//! failure after something was stored says so.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::env_step::Planned;
use super::{EnvChange, Outcome, VaultChange, Write};
use crate::error::{Error, Result};
use crate::model::entry::{Content, Entry, Origin};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::ops::{Context, Notice};
use crate::storage::vault::{Draft, OpenVault, in_parallel};

/// From so many writes on, the vault takes them all at once.
const MANY: usize = 8;

/// Stores all writes: a few one after the other, many at once.
pub(super) fn store_all(
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
                    // Replaced below.
                    version: Version::FIRST,
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
pub(super) fn store(
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
            content: Content::Value(value.clone()),
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

fn after_found(source: Error, kept: Option<Version>) -> Error {
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
pub(super) fn says_the_same(entry: &Entry, draft: &Draft) -> bool {
    let header = &entry.header;
    entry.content == draft.content
        && header.description == draft.description
        && header.env_name == draft.env_name
        && header.every_days == draft.every_days
        && header.moved_to == draft.moved_to
}
