//! The rule of this program, in one function: the vault first, the env file second.
//!
//! Every verb that writes goes through [`vault_then_env`]. Its steps:
//!
//! | module | what it owns |
//! |---|---|
//! | `vault_step` | versions into the vault |
//! | `env_step` | the env file under its lock: plan, layout, replace |
//! | `dry_run` | what would happen, and nothing written |

mod dry_run;
mod env_step;
mod vault_step;

use std::collections::BTreeSet;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use crate::env_file::{EnvFile, EnvName, OnMisread, Readers};
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::vault::{Draft, OpenVault};

pub(super) use dry_run::dry_run;
use env_step::EnvStep;
pub(super) use env_step::write_copy;
use vault_step::{store, store_all};

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
    pub(super) version: Version,
    pub(super) vault: VaultChange,
    pub(super) env: EnvChange,
    /// Where the assignment is, or would be, in the env file; only of a dry run.
    pub(super) line: Option<usize>,
    /// The version that keeps a value which was found in the env file and in no version.
    pub(super) found: Option<Version>,
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
    crate::fail_point!("env-first", |_| {
        if let (Some(env), Some(planned)) = (&env, &planned) {
            env.write(planned)?;
        }
        store_all(context, vault, writes, planned.as_ref())
    });
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

    let mut outcomes = store_all(context, vault, writes, planned.as_ref())?;

    let Some(env) = env else {
        after()?;
        return Ok(outcomes);
    };
    let version = outcomes
        .first()
        .map_or(Version::FIRST, |outcome| outcome.version);
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
    env.unlock();
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
    version: Version,
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
            removal: first.draft.content.is_tombstone(),
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
