//! `prune`: destroys old versions. The only verb that destroys anything.
//!
//! Layouts of the project's env file go as well, but for the newest: they hold the values that
//! the file had when they were kept.
//!
//! Limits: copies of the vault (backups, git history) keep everything; so does the newest layout of
//! a project whose env file is lost.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::layout::Layout;
use crate::entry::Origin;
use crate::env_disk;
use crate::error::{Error, Result};
use crate::key_path::KeyPath;

/// What was, or would be, destroyed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret.
    pub key_path: KeyPath,
    /// The versions that are gone.
    pub destroyed: Vec<u32>,
    /// The versions that stay.
    pub kept: Vec<u32>,
}

/// Destroys all versions but the newest `keep`, of which there is at least one.
pub fn run(context: &Context<'_>, key_path: KeyPath, keep: usize, dry_run: bool) -> Result<Report> {
    let vault = context.open_vault()?;
    let mut destroyed = vault.vault().versions(&key_path)?;
    vault.check_not_rolled_back(&key_path, destroyed.last().copied().unwrap_or(0))?;
    if destroyed.is_empty() {
        return Err(Error::EntryNotFound(key_path));
    }
    let kept = destroyed.split_off(destroyed.len().saturating_sub(keep.max(1)));
    if !dry_run {
        vault.destroy(&key_path, &destroyed, &context.actor)?;
        if let Some(project) = key_path.project() {
            // The newest may still have a value that goes: the file as it is now takes its place.
            let config = context.config()?;
            if let Some((known, _)) = Layout::newest(&vault, project)?
                && let Some(env) = config
                    .env_file(project)
                    .map(env_disk::read)
                    .transpose()?
                    .flatten()
                && !known.is_lost_in(&env)
            {
                let fresh = Layout {
                    vaulted: known.vaulted,
                    env,
                };
                fresh.store(context, &vault, project, Origin::Layout)?;
            }
            vault.destroy_old_layouts(project, &context.actor)?;
        }
    }
    Ok(Report {
        key_path,
        destroyed,
        kept,
    })
}
