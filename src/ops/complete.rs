//! What a shell can offer while a command is typed: key paths and projects, by the names of
//! directories alone. Needs no identity and opens no entry.
//!
//! Limits: of very many secrets those that were removed are offered, too: telling them apart takes
//! a look into the directory of each, and somebody is waiting. Whatever goes wrong, nothing is
//! offered.

use std::collections::BTreeSet;
use std::path::Path;

use crate::error::Result;
use crate::model::key_path::Scope;
use crate::storage::config::Config;
use crate::storage::vault::Vault;

/// Of more secrets than this, removed ones are not told from others.
const LOOKED_AT: usize = 500;

/// What a key path that begins like this can go on with: up to the next `/`, so that ten thousand
/// secrets are not offered at once.
pub fn key_paths(vault: &Path, typed: &str) -> Vec<String> {
    offer_key_paths(vault, typed).unwrap_or_default()
}

fn offer_key_paths(vault: &Path, typed: &str) -> Result<Vec<String>> {
    let vault = Vault::open(vault)?;
    let mut offered = Vec::new();
    for (scope, owner) in vault.owners()? {
        let owner_path = format!("{}/{owner}/", scope.as_str());
        if owner_path.starts_with(typed) && owner_path != typed {
            offered.push(owner_path);
        } else if typed.starts_with(&owner_path) {
            let mut secrets = vault.secrets_of(scope, &owner)?;
            secrets.retain(|key_path| key_path.to_string().starts_with(typed));
            if secrets.len() <= LOOKED_AT {
                let listed = vault.listed(secrets)?.into_iter();
                let live = listed.filter(|one| !one.removed);
                offered.extend(live.map(|one| one.key_path.to_string()));
            } else {
                offered.extend(secrets.iter().map(ToString::to_string));
            }
        }
    }
    Ok(offered)
}

/// The projects that begin like this: those that are linked, and those that have secrets.
pub fn projects(vault: &Path, config: &Path, typed: &str) -> Vec<String> {
    let mut projects = BTreeSet::new();
    if let Ok(config) = Config::load(config) {
        projects.extend(config.links().iter().map(|link| link.project.to_string()));
    }
    if let Ok(owners) = Vault::open(vault).and_then(|vault| vault.owners()) {
        let owners = owners.into_iter();
        let own = owners.filter(|(scope, _)| *scope == Scope::Project);
        projects.extend(own.map(|(_, owner)| owner.to_string()));
    }
    projects.retain(|project| project.starts_with(typed));
    projects.into_iter().collect()
}
