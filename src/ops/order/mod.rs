//! The rule of this program, in one function: the vault first, the env file second.
//!
//! Every verb that writes goes through [`vault_then_env`]. Its steps:
//!
//! | module | what it owns |
//! |---|---|
//! | `vault_step` | storing versions in the vault |
//! | `env_step` | the env file under its lock: plan, layout, replacement |
//! | `owners` | one variable of an env file belongs to one live secret |
//! | `dry_run` | what would happen, without writing |

mod dry_run;
mod env_step;
mod owners;
mod vault_step;

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::target::Target;
use crate::env_file::EnvName;
use crate::error::Result;
use crate::model::entry::Origin;
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::vault::Draft;

pub(super) use dry_run::dry_run;
use env_step::EnvStep;
pub(super) use env_step::write_copy;
pub(super) use owners::{Claim, check_claims};

/// A change of one secret.
pub(super) struct Write<'a> {
    pub(super) key_path: &'a KeyPath,
    /// The version to store. A version that repeats the newest one is not stored again.
    pub(super) draft: Draft,
    /// The variable in the target's env file; `None` leaves the env file alone.
    pub(super) env_name: Option<EnvName>,
    /// The secret that this one takes its variable from: a move.
    pub(super) moved_from: Option<&'a KeyPath>,
}

impl Write<'_> {
    /// Whether the caller gave the value and may not learn the one that is stored. Then neither the
    /// answer nor the number of versions depends on whether the two are the same.
    pub(super) fn may_be_guess(&self, session: &Session<'_>) -> bool {
        self.draft.origin == Origin::Set && !session.settings.reach.compares(self.key_path)
    }
}

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
    /// Another value in an existing assignment.
    Replaced,
    /// The assignment was removed from the file.
    Removed,
    /// The file says this already.
    Unchanged,
    /// No env file has this secret.
    Skipped,
}

impl EnvChange {
    /// Returns the change as it is told to a caller that may not know whether the file had the value.
    pub(super) fn without_comparison(self) -> Self {
        match self {
            Self::Unchanged => Self::Replaced,
            change => change,
        }
    }
}

/// What happened to one secret.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) version: Version,
    pub(super) vault: VaultChange,
    pub(super) env: EnvChange,
    /// The line of the assignment in the env file; only in a dry run.
    pub(super) line: Option<usize>,
    /// The version that keeps a value which was found in the env file and in no version.
    pub(super) found: Option<Version>,
}

/// Stores the writes in the vault, and then in the env file.
///
/// Under the lock on the env file: everything that can fail without writing; then each version into
/// the vault, synced and read back, a value that only the env file has before the one that replaces
/// it; then the layout of the env file into the vault; then the env file, synced and read back. If
/// the file changes meanwhile it is read and planned again.
///
/// # Errors
/// An error before the first version was stored means that nothing changed; after it, it is
/// [`Error::Interrupted`](crate::Error::Interrupted).
pub(super) fn vault_then_env(
    session: &Session<'_>,
    writes: &[Write<'_>],
    target: Option<&Target>,
) -> Result<Vec<Outcome>> {
    let Some(target) = target else {
        return vault_step::store(session, writes, &[]);
    };
    let env = EnvStep::begin(session, target)?;
    let plan = env.plan(writes)?;
    crate::fail_point!("env-first", |_| env
        .write(&plan)
        .and_then(|_| vault_step::store(session, writes, plan.found())));
    let mut stored = vault_step::store(session, writes, plan.found())?;
    env.settle(plan, writes, &mut stored)?;
    Ok(stored)
}

/// Carries the writes out, or says what they would do.
pub(super) fn carry_out(
    session: &Session<'_>,
    writes: &[Write<'_>],
    target: Option<&Target>,
    dry_run: bool,
) -> Result<Vec<Outcome>> {
    match dry_run {
        true => self::dry_run(session, writes, target),
        false => vault_then_env(session, writes, target),
    }
}

/// [`carry_out`] for one write.
pub(super) fn carry_out_one(
    session: &Session<'_>,
    write: &Write<'_>,
    target: Option<&Target>,
    dry_run: bool,
) -> Result<Outcome> {
    let outcomes = carry_out(session, std::slice::from_ref(write), target, dry_run)?;
    outcomes
        .into_iter()
        .next()
        .ok_or_else(|| crate::Error::EntryNotFound(write.key_path.clone()))
}
