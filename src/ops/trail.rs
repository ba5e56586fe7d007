//! The audit trail beside what the entries say of it.

use crate::error::Result;
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::audit::{Flaw, Reading};
use crate::storage::vault::{OpenVault, in_parallel};

/// The trail, with all that is wrong in its chain; and the versions that were written on this
/// machine and have no line in it.
pub(super) fn examine(vault: &OpenVault) -> Result<Reading> {
    // The entries before the trail: a version's line is written before the version, so whatever
    // others store meanwhile has its line by the time that the trail is read.
    let announced = announced(vault)?;
    let mut reading = vault.trail().read()?;
    let macs = reading.known_macs();
    let missing: Vec<Flaw> = announced
        .into_iter()
        .filter(|(_, _, log)| vault.trail().is_missing(log, &macs))
        .map(|(key_path, version, _)| Flaw {
            line: None,
            message: format!(
                "version {version} of {key_path} was written on this machine; its line is gone"
            ),
        })
        .collect();
    reading.flaws.extend(missing);
    Ok(reading)
}

/// Every version, with what it says of its line.
fn announced(vault: &OpenVault) -> Result<Vec<(KeyPath, Version, String)>> {
    let (listed, _) = vault.list(|_| true)?;
    let found = in_parallel(&listed, |one| -> Result<Vec<(KeyPath, Version, String)>> {
        let versions = vault.vault().versions(&one.key_path)?;
        let logs = versions.into_iter().filter_map(|version| {
            // What does not open is for `verify` to say.
            let entry = vault.read(&one.key_path, version).ok()?;
            Some((one.key_path.clone(), version, entry.header.log?))
        });
        Ok(logs.collect())
    });
    let mut all = Vec::new();
    for found in found {
        all.extend(found?);
    }
    Ok(all)
}
