//! `init`: a vault and an identity, if they are not there.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, IdentitySource};
use crate::error::{Error, Result};
use crate::vault::{Found, Vault};

/// What is there afterwards.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The vault's directory.
    pub vault: PathBuf,
    /// The vault's id.
    pub id: String,
    /// The vault's public key.
    pub recipient: String,
    /// Who can open it.
    pub members: Vec<String>,
    /// The identity file; absent if the key came by itself.
    pub identity: Option<PathBuf>,
    /// Whether the vault was made now.
    pub created: bool,
}

/// Makes what is missing and opens what is there.
pub fn run(context: &Context<'_>) -> Result<Report> {
    let (vault, created) = match Vault::find(&context.vault)? {
        Found::Vault(vault) => (context.unlock(vault)?, false),
        Found::Unfinished if context.identities()?.is_none() => {
            return Err(Error::IdentityMissing(context.identity_path()));
        }
        Found::Unfinished | Found::Nothing => {
            let place = crate::fs::resolve(&context.vault)?;
            if context.state.id_at(&place).is_some() {
                return Err(Error::VaultMissing {
                    path: context.vault.clone(),
                    was_here: true,
                });
            }
            // Before a directory is made: an identity that is there and broken stops everything.
            context.identities()?;
            (context.create()?, true)
        }
    };
    Ok(Report {
        vault: context.vault.clone(),
        id: vault.vault().id().to_string(),
        recipient: vault.recipient().to_string(),
        members: vault.members().to_vec(),
        identity: match &context.identity {
            IdentitySource::File(path) => Some(path.clone()),
            IdentitySource::Key(_) => None,
        },
        created,
    })
}
