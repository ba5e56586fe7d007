//! A look ahead: what a write would do to vault and env file.
//!
//! Invariant: nothing is written and no lock is taken.

use super::env_step::{changes, compose, lines, unseen};
use super::vault_step::says_the_same;
use super::{EnvChange, Outcome, Target, VaultChange, Write};
use crate::env_file::EnvFile;
use crate::error::{Error, Result};
use crate::model::version::Version;
use crate::storage::vault::{OpenVault, in_parallel};

/// Plans what [`vault_then_env`](super::vault_then_env) would do, writes nothing.
pub(in crate::ops) fn dry_run(
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
            let (old, _) = crate::storage::fs::read_stamped(
                &target.path,
                crate::storage::env_disk::MAX_ENV_FILE,
            )?;
            let old = EnvFile::parse(old);
            for (found, write) in found.iter_mut().zip(writes) {
                *found = unseen(vault, &old, write, &target.readers)?.len();
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
        let newest_version = newest.as_ref().map(|entry| entry.header.version);
        // The found values become versions first.
        let last = (0..found).fold(newest_version, |last, _| Version::after(last));
        let next = Version::after(last).unwrap_or(Version::MAX);
        let (vault, version) = match &newest {
            None => (VaultChange::Created, next),
            Some(entry) if found == 0 && says_the_same(entry, &write.draft) => {
                (VaultChange::Unchanged, entry.header.version)
            }
            Some(_) => (VaultChange::Updated, next),
        };
        outcomes.push(Outcome {
            version,
            vault,
            env,
            line,
            found: last.filter(|_| found > 0),
        });
    }
    Ok(outcomes)
}
