//! The first step: versions into the vault, each synced and read back.
//!
//! Invariants: a value that only the env file has is stored before the one that replaces it. Every
//! version that was stored is recorded in the session's journal.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{EnvChange, Outcome, VaultChange, Write, owners};
use crate::error::{Done, Error, Finish, Result};
use crate::model::entry::{Content, Entry, Origin};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::ops::{Notice, Session};
use crate::storage::vault::{Draft, Newest, in_parallel};

/// From this number of writes on, the vault takes them all at once.
const MANY: usize = 8;

/// Stores all writes: a few one after the other, many at once. `found` has the values that only
/// the env file has, for each write; empty if there is no env file.
pub(super) fn store(
    session: &Session<'_>,
    writes: &[Write<'_>],
    found: &[Vec<SecretBytes>],
) -> Result<Vec<Outcome>> {
    crate::fail_point!("panic", |_| panic!(
        "{}",
        String::from_utf8_lossy(
            writes[0]
                .draft
                .content
                .value()
                .map_or(&[], SecretBytes::expose)
        )
    ));
    if found.is_empty() {
        owners::check(session, None, writes)?;
    }
    let found = |index: usize| found.get(index).map_or(&[][..], Vec::as_slice);
    if writes.len() >= MANY {
        return store_many(session, writes, found);
    }
    let mut outcomes = Vec::with_capacity(writes.len());
    for (index, write) in writes.iter().enumerate() {
        let outcome = store_one(session, write, found(index))
            .map_err(|source| stopped(session, outcomes.len(), writes.len(), source))?;
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

fn store_many<'f>(
    session: &Session<'_>,
    writes: &[Write<'_>],
    found: impl Fn(usize) -> &'f [SecretBytes],
) -> Result<Vec<Outcome>> {
    let vault = session.vault()?;
    let mut outcomes: Vec<Option<Outcome>> = Vec::with_capacity(writes.len());
    let newest = in_parallel(writes, |write| vault.read_newest_intact(write.key_path));
    let (mut new, mut unchanged) = (Vec::new(), Vec::new());
    for (index, (write, newest)) in writes.iter().zip(newest).enumerate() {
        let newest = newest?;
        outcomes.push(match repeated(session, &newest, write) {
            // Two versions of one secret, in this order.
            _ if !found(index).is_empty() => None,
            Some(version) => {
                unchanged.push(write.key_path);
                Some(outcome(version, VaultChange::Unchanged))
            }
            None => {
                new.push((index, aged(session, write, newest.entry.as_ref())));
                // The number is filled in below.
                Some(outcome(Version::FIRST, change_from(&newest)))
            }
        });
    }
    let of = writes.len();
    // A run that was stopped may have named them and not synced them.
    vault
        .make_many_durable(&unchanged)
        .map_err(|error| stopped(session, unchanged.len(), of, error))?;
    let puts: Vec<(_, &Draft)> = new
        .iter()
        .map(|(index, draft)| (writes[*index].key_path, &**draft))
        .collect();
    let done = AtomicUsize::new(0);
    let progress = || {
        let done = 1 + done.fetch_add(1, Ordering::Relaxed);
        let of = puts.len();
        session.notice(Notice::Progress { done, of });
    };
    let versions = match puts.len() {
        0 => Vec::new(),
        _ => vault
            .put_many(&puts, session.actor(), progress)
            .map_err(|error| {
                let stored = match &error {
                    Error::Interrupted(interrupted) => interrupted.done.len(),
                    _ => 0,
                };
                stopped(session, unchanged.len() + stored, of, error)
            })?,
    };
    for (&(index, _), version) in new.iter().zip(versions) {
        record(session, &writes[index], version);
        if let Some(outcome) = &mut outcomes[index] {
            outcome.version = version;
        }
    }
    let mut stored = unchanged.len() + new.len();
    let mut all = Vec::with_capacity(of);
    for (index, outcome) in outcomes.into_iter().enumerate() {
        all.push(match outcome {
            Some(outcome) => outcome,
            None => {
                let outcome = store_one(session, &writes[index], found(index))
                    .map_err(|error| stopped(session, stored, of, error))?;
                stored += 1;
                outcome
            }
        });
    }
    Ok(all)
}

/// Stores the values that appeared in the env file after the first plan, and the writes after them
/// once more, so that the newest version is the one that the env file gets.
pub(super) fn keep_found(
    session: &Session<'_>,
    writes: &[Write<'_>],
    found: &[Vec<SecretBytes>],
    stored: &mut [Outcome],
) -> Result<()> {
    for ((write, found), outcome) in writes.iter().zip(found).zip(stored) {
        if !found.is_empty() {
            let again = store_one(session, write, found)?;
            outcome.version = again.version;
            outcome.found = again.found;
        }
    }
    Ok(())
}

/// Stores one secret: first what only the env file has, then the new version.
fn store_one(session: &Session<'_>, write: &Write<'_>, found: &[SecretBytes]) -> Result<Outcome> {
    let vault = session.vault()?;
    let newest = vault.read_newest_intact(write.key_path)?;
    let mut kept = None;
    for value in found {
        let draft = Draft {
            content: Content::Value(value.clone()),
            origin: Origin::Found,
            recipe: None,
            moved_to: None,
            created: session.now(),
            since: None,
            ..write.draft.clone()
        };
        let version = vault.put(write.key_path, &draft, session.actor())?;
        record(session, write, version);
        kept = Some(version);
    }
    if kept.is_none()
        && let Some(version) = repeated(session, &newest, write)
    {
        // A run that was stopped may have named it and not synced it.
        vault.make_durable(write.key_path, version)?;
        return Ok(outcome(version, VaultChange::Unchanged));
    }
    let draft = aged(session, write, newest.entry.as_ref());
    let version = vault.put(write.key_path, &draft, session.actor())?;
    record(session, write, version);
    Ok(Outcome {
        found: kept,
        ..outcome(version, change_from(&newest))
    })
}

fn record(session: &Session<'_>, write: &Write<'_>, version: Version) {
    session.record(Done::Stored {
        name: write.key_path.to_string(),
        version,
    });
}

/// Wraps an error that stops after some of several secrets.
fn stopped(session: &Session<'_>, stored: usize, of: usize, source: Error) -> Error {
    match of {
        // Its own error says all there is to say.
        1 if source.is_half_done() => source,
        _ => session.interrupted(Finish::StoreRest { stored, of }, source),
    }
}

fn outcome(version: Version, vault: VaultChange) -> Outcome {
    Outcome {
        version,
        vault,
        env: EnvChange::Skipped,
        line: None,
        found: None,
    }
}

pub(super) fn change_from(newest: &Newest) -> VaultChange {
    match newest {
        Newest {
            entry: None,
            damage: None,
        } => VaultChange::Created,
        _ => VaultChange::Updated,
    }
}

/// Returns the draft, of which a value that is the newest one's is as old as that.
fn aged<'w>(session: &Session<'_>, write: &'w Write<'_>, newest: Option<&Entry>) -> Cow<'w, Draft> {
    let draft = &write.draft;
    match newest {
        // The age would tell that a guess was right.
        _ if write.may_be_guess(session) => Cow::Borrowed(draft),
        Some(entry) if draft.since.is_none() && entry.content == draft.content => {
            Cow::Owned(Draft {
                since: Some(entry.header.value_since()),
                ..draft.clone()
            })
        }
        _ => Cow::Borrowed(draft),
    }
}

/// The newest version, if storing the write would only repeat it. What may be a guess is stored in
/// any case, and so is what takes the place of a damaged version.
pub(super) fn repeated(
    session: &Session<'_>,
    newest: &Newest,
    write: &Write<'_>,
) -> Option<Version> {
    let entry = newest.entry.as_ref().filter(|_| newest.damage.is_none())?;
    let (header, draft) = (&entry.header, &write.draft);
    let is_same = !write.may_be_guess(session)
        && entry.content == draft.content
        && header.description == draft.description
        && header.env_name == draft.env_name
        && header.every_days == draft.every_days
        && header.moved_to == draft.moved_to;
    is_same.then_some(header.version)
}
