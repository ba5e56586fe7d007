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
use crate::error::{Error, Result};
use crate::model::entry::Origin;
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::env_disk;
use crate::storage::vault::OpenVault;

/// What was, or would be, destroyed.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret.
    pub key_path: KeyPath,
    /// The versions that are gone.
    pub destroyed: Vec<Version>,
    /// The versions that stay.
    pub kept: Vec<Version>,
    /// The versions of the layout of the project's env file that are gone.
    pub layouts: Vec<Version>,
    /// Whether this is only what would be destroyed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Destroys all versions but the newest `keep`, of which there is at least one.
pub fn run(context: &Context<'_>, key_path: KeyPath, keep: usize, dry_run: bool) -> Result<Report> {
    let vault = context.open_vault()?;
    let mut destroyed = vault.vault().versions(&key_path)?;
    vault.check_not_rolled_back(&key_path, destroyed.last().copied())?;
    if destroyed.is_empty() {
        return Err(Error::EntryNotFound(key_path));
    }
    let kept = destroyed.split_off(destroyed.len().saturating_sub(keep.max(1)));
    let layouts = if dry_run {
        layouts(context, &vault, &key_path, true)?
    } else {
        let before = remains(&vault, &key_path)?;
        destroy(context, &vault, &key_path, &destroyed).map_err(|source| {
            // An error before anything went is another one than an error after that.
            match remains(&vault, &key_path) {
                Ok(now) if now == before => source,
                _ => Error::PruneUnfinished {
                    key_path: key_path.clone(),
                    keep,
                    source: Box::new(source),
                },
            }
        })?
    };
    Ok(Report {
        key_path,
        destroyed,
        kept,
        layouts,
        dry_run,
    })
}

/// The versions of the secret that there are, and those of its project's layout.
fn remains(vault: &OpenVault, key_path: &KeyPath) -> Result<(Vec<Version>, Vec<Version>)> {
    let layouts = match key_path.project() {
        Some(project) => vault.vault().layout_versions(project)?,
        None => Vec::new(),
    };
    Ok((vault.vault().versions(key_path)?, layouts))
}

/// The layouts go first: as long as a version is left that is to go, the same command goes on.
/// Gives the versions of the layouts that are gone.
fn destroy(
    context: &Context<'_>,
    vault: &OpenVault,
    key_path: &KeyPath,
    versions: &[Version],
) -> Result<Vec<Version>> {
    let layouts = layouts(context, vault, key_path, false)?;
    vault.destroy(key_path, versions, &context.actor)?;
    Ok(layouts)
}

/// Destroys all layouts of a project but one that has nothing of what went. Gives their versions.
fn layouts(
    context: &Context<'_>,
    vault: &OpenVault,
    key_path: &KeyPath,
    dry_run: bool,
) -> Result<Vec<Version>> {
    let Some(project) = key_path.project() else {
        return Ok(Vec::new());
    };
    // The newest may still have a value that goes: the file as it is now takes its place.
    let config = context.config()?;
    let mut old = vault.vault().layout_versions(project)?;
    let fresh = match Layout::newest(vault, project)? {
        None => None,
        Some((known, _)) => config
            .env_file(project)
            .map(env_disk::read)
            .transpose()?
            .flatten()
            .filter(|env| !known.is_lost_in(env))
            .map(|env| Layout {
                vaulted: known.vaulted,
                env,
            }),
    };
    if dry_run {
        if fresh.is_none() {
            old.pop();
        }
        return Ok(old);
    }
    if let Some(fresh) = fresh {
        fresh.store(context, vault, project, Origin::Layout)?;
    }
    vault.destroy_old_layouts(project, &context.actor)
}
