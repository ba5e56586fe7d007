//! The dry run: what a write would do to the vault and the env file.
//!
//! Invariant: nothing is written and no lock is taken.

use super::env_step::{changes, check_is_env_file, compose, lines, unseen};
use super::vault_step::{change_from, repeated};
use super::{EnvChange, Outcome, VaultChange, Write, owners};
use crate::env_file::EnvFile;
use crate::error::Result;
use crate::model::version::Version;
use crate::ops::Session;
use crate::ops::target::Target;
use crate::storage::vault::{Newest, in_parallel};

/// Returns what [`vault_then_env`](super::vault_then_env) would do. Writes nothing.
pub(in crate::ops) fn dry_run(
    session: &Session<'_>,
    writes: &[Write<'_>],
    target: Option<&Target>,
) -> Result<Vec<Outcome>> {
    let vault = session.vault_unless_first_use()?;
    let mut found = vec![0; writes.len()];
    let changes = match target {
        Some(target) if target.keep_text.is_some() => {
            vec![(EnvChange::Unchanged, None); writes.len()]
        }
        Some(target) => {
            let (old, _) = crate::storage::fs::read_stamped(
                &target.path,
                crate::storage::env_disk::MAX_ENV_FILE,
            )?;
            let old = EnvFile::parse(old);
            session.check_env_file(&target.path)?;
            check_is_env_file(target, &old)?;
            owners::check(session, Some((target, &old)), writes)?;
            for (found, write) in found.iter_mut().zip(writes) {
                *found = unseen(session, vault, &old, write, target)?.len();
            }
            let base = target.base.as_ref().unwrap_or(&old);
            let new = compose(base, &writes.iter().collect::<Vec<_>>(), target)?;
            let changes = changes(&old, &new, writes).into_iter();
            changes.zip(lines(&old, &new, writes)).collect()
        }
        None => {
            owners::check(session, None, writes)?;
            vec![(EnvChange::Skipped, None); writes.len()]
        }
    };
    let mut outcomes = Vec::new();
    let newest = in_parallel(writes, |write| match vault {
        Some(vault) => vault.read_newest_intact(write.key_path),
        None => Ok(Newest {
            entry: None,
            damage: None,
        }),
    });
    for (((write, (env, line)), newest), found) in writes.iter().zip(changes).zip(newest).zip(found)
    {
        let newest = newest?;
        let newest_version = match vault {
            Some(vault) => vault.vault().newest(write.key_path)?,
            None => None,
        };
        // The found values become versions first.
        let last = (0..found).fold(newest_version, |last, _| Version::after(last));
        let next = Version::after(last).unwrap_or(Version::MAX);
        let unchanged = repeated(session, &newest, write).filter(|_| found == 0);
        let (change, version) = match unchanged {
            Some(version) => (VaultChange::Unchanged, version),
            None => (change_from(&newest), next),
        };
        outcomes.push(Outcome {
            version,
            vault: change,
            env,
            line,
            found: last.filter(|_| found > 0),
        });
    }
    Ok(outcomes)
}
