//! `init`: a vault and an identity, if they are not there.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use crate::error::{Error, Result};
use crate::storage::vault::{Found, Vault};

/// What is there afterwards.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The vault's directory.
    pub vault: PathBuf,
    /// The vault's id; absent if it is only to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The vault's public key; absent if it is only to be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipient: Option<String>,
    /// Who can open it.
    pub members: Vec<String>,
    /// The identity file; absent if the key came by itself.
    pub identity: Option<PathBuf>,
    /// Whether the vault was made now.
    pub created: bool,
    /// Whether the identity was made now.
    pub identity_created: bool,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Makes what is missing and opens what is there.
pub fn run(session: &Session<'_>, dry_run: bool) -> Result<Report> {
    let mut identity_created = false;
    let (vault, created) = match Vault::find(&session.settings.vault_dir)? {
        Found::Vault(vault) => (Some(session.unlock(vault)?), false),
        Found::Unfinished if session.identities()?.is_none() => {
            return Err(Error::IdentityMissing(session.identity_path()));
        }
        Found::Unfinished | Found::Nothing => {
            let place = crate::storage::fs::resolve(&session.settings.vault_dir)?;
            if session.state().id_at(&place).is_some() {
                return Err(Error::VaultMissing {
                    path: session.settings.vault_dir.clone(),
                    was_here: true,
                });
            }
            // Before a directory is made: an identity that is there and broken stops everything.
            identity_created = session.identities()?.is_none();
            let made = match dry_run {
                true => None,
                false => Some(session.create()?),
            };
            (made, true)
        }
    };
    let vault = vault.as_ref();
    Ok(Report {
        vault: session.settings.vault_dir.clone(),
        id: vault.map(|vault| vault.vault().id().to_string()),
        recipient: vault.map(|vault| vault.recipient().to_string()),
        members: vault.map_or_else(
            || vec![session.settings.member.clone()],
            |vault| vault.members().to_vec(),
        ),
        identity: session.identity_file().map(Path::to_owned),
        created,
        identity_created,
        dry_run,
    })
}
