//! `prune`: destroys old versions. The only verb that destroys anything.
//!
//! Layouts of the project's env file go as well, but for the newest: they hold the values that
//! the file had when they were kept.
//!
//! Two steps: [`plan`] looks, [`carry_out`] destroys exactly what the plan says, whatever was stored
//! in between. Every version that stays is opened and checked before anything is destroyed.
//!
//! Limits: copies of the vault (backups, git history) keep everything; so does the newest layout of
//! a project whose env file is lost.

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::layout::Layout;
use crate::error::{Done, Error, Finish, Result};
use crate::model::entry::Origin;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;
use crate::storage::vault::layout_name;

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

/// Returns what destroying all versions but the newest `keep` (at least one) would destroy.
///
/// # Errors
/// If a version that would stay does not open: destroying the older ones would leave nothing that
/// can be read.
pub fn plan(session: &Session<'_>, key_path: KeyPath, keep: usize) -> Result<Report> {
    let vault = session.vault()?;
    let mut destroyed = vault.vault().versions(&key_path)?;
    vault.check_not_rolled_back(&key_path, destroyed.last().copied())?;
    if destroyed.is_empty() {
        return Err(Error::EntryNotFound(key_path));
    }
    let kept = destroyed.split_off(destroyed.len().saturating_sub(keep.max(1)));
    for &version in &kept {
        vault.read(&key_path, version)?;
    }
    let layouts = match key_path.project() {
        Some(project) if !destroyed.is_empty() => {
            let mut layouts = vault.vault().layout_versions(project)?;
            if fresh_layout(session, project)?.is_none() {
                layouts.pop();
            }
            layouts
        }
        _ => Vec::new(),
    };
    Ok(Report {
        key_path,
        destroyed,
        kept,
        layouts,
        dry_run: true,
    })
}

/// Destroys what a plan says, and nothing else.
///
/// The layouts go first: as long as a version is left that is to go, the same command goes on.
pub fn carry_out(session: &Session<'_>, plan: Report) -> Result<Report> {
    let key_path = &plan.key_path;
    destroy(session, &plan).map_err(|source| {
        let finish = Finish::Prune {
            key_path: key_path.clone(),
            keep: plan.kept.len(),
        };
        session.interrupted(finish, source)
    })?;
    Ok(Report {
        dry_run: false,
        ..plan
    })
}

fn destroy(session: &Session<'_>, plan: &Report) -> Result<()> {
    let vault = session.vault()?;
    for &version in &plan.kept {
        vault.read(&plan.key_path, version)?;
    }
    if let Some(project) = plan.key_path.project()
        && !plan.layouts.is_empty()
    {
        // The newest layout may still have a value that goes: the file as it is now replaces it.
        if let Some(fresh) = fresh_layout(session, project)? {
            fresh.store(session, project, Origin::Layout)?;
        }
        for &version in &plan.layouts {
            vault.destroy_layout(project, version, session.actor())?;
            session.record(Done::Destroyed {
                name: layout_name(project),
            });
        }
    }
    for &version in &plan.destroyed {
        vault.destroy(&plan.key_path, version, session.actor())?;
        session.record(Done::Destroyed {
            name: plan.key_path.to_string(),
        });
    }
    Ok(())
}

/// The layout of the project's env file as it is now; `None` if the file has lost its layout, or
/// never had one.
fn fresh_layout(session: &Session<'_>, project: &OwnerName) -> Result<Option<Layout>> {
    let Some((known, _)) = Layout::newest(session.vault()?, project)? else {
        return Ok(None);
    };
    let config = session.config()?;
    let env = config
        .env_file(project)
        .map(|file| session.read_env(file))
        .transpose()?;
    Ok(env
        .flatten()
        .filter(|env| !known.is_lost_in(env))
        .map(|env| Layout {
            vaulted: known.vaulted,
            env,
        }))
}
