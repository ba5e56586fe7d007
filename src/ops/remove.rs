//! `rm`: a tombstone version, and then the assignment leaves the env file. Older versions stay.

use super::order::{self, Outcome, Target, Write};
use super::store::{EnvReport, Report, Request};
use super::{Context, Notice, store};
use crate::env_file::EnvName;
use crate::error::{Error, Result};
use crate::model::entry::{Content, Entry, Origin};
use crate::model::key_path::KeyPath;
use crate::storage::config::Config;
use crate::storage::env_disk;
use crate::storage::vault::{Draft, OpenVault};

/// Whether an earlier run was stopped half-way: the env file still has the assignment, or was not
/// written to its end.
fn lingers(vault: &OpenVault, tombstone: &Entry, target: Option<&Target>) -> Result<bool> {
    let (Some(target), Some(name)) = (target, &tombstone.header.env_name) else {
        return Ok(false);
    };
    if env_disk::is_unfinished(&target.path, vault)? {
        return Ok(true);
    }
    Ok(env_disk::read(&target.path)?.is_some_and(|env| env.get(name).is_some()))
}

/// A secret of a provider may be in any env file, and is taken out of none: whose file it is cannot
/// be told.
fn say_where_it_stays(
    context: &Context<'_>,
    config: &Config,
    vault: &OpenVault,
    key_path: &KeyPath,
    name: &str,
) {
    for (_, file) in config.links() {
        let value = env_disk::read(file).ok().flatten();
        let value = value.and_then(|env| env.get(name)?.value());
        let is_its = |value| matches!(vault.find_value(key_path, &value), Ok(Some(_)));
        if value.is_some_and(is_its) {
            context.notice(Notice::StaysInEnv { file, name });
        }
    }
}

/// Removes a secret from the list of those that are there.
pub fn run(context: &Context<'_>, key_path: KeyPath, dry_run: bool) -> Result<Report> {
    let vault = context.open_vault()?;
    let Some(newest) = vault.read_newest(&key_path)? else {
        return Err(Error::EntryNotFound(key_path));
    };
    let config = context.config()?;
    let request = Request {
        no_env: newest.header.env_name.is_none(),
        unlinked_is_fine: true,
        dry_run,
        ..Request::new(key_path.clone())
    };
    let (target, _) = store::find_target(context, &config, &request)?;
    let name = newest.header.env_name.clone();
    let others = match (key_path.project(), &name) {
        (Some(project), Some(name)) if newest.header.removed => context
            .live_secrets(&vault, project)?
            .into_iter()
            .any(|(_, entry)| entry.header.env_name.as_ref() == Some(name)),
        _ => false,
    };
    let is_gone = newest.header.moved_to.is_some() || others;
    if newest.header.removed && (is_gone || !lingers(&vault, &newest, target.as_ref())?) {
        return Err(super::removed(key_path, &newest.header));
    }
    let env_name = newest
        .header
        .env_name
        .as_deref()
        .filter(|_| target.is_some())
        .and_then(|name| EnvName::existing(name).ok());
    let write = Write {
        key_path: &key_path,
        draft: Draft {
            content: Content::Tombstone,
            origin: Origin::Remove,
            recipe: None,
            ..Draft::again(&newest, context.now())
        },
        env_name: env_name.clone(),
    };
    let writes = std::slice::from_ref(&write);
    let outcomes = if dry_run {
        order::dry_run(Some(&vault), writes, target.as_ref())?
    } else {
        order::vault_then_env(context, &vault, writes, target.as_ref(), || Ok(()))?
    };
    if key_path.project().is_none()
        && let Some(name) = &name
    {
        say_where_it_stays(context, &config, &vault, &key_path, name);
    }
    let [outcome] =
        <[Outcome; 1]>::try_from(outcomes).map_err(|_| Error::EntryNotFound(key_path.clone()))?;
    Ok(Report {
        key_path,
        version: outcome.version,
        vault: outcome.vault,
        env: EnvReport::new(target, env_name, &outcome),
        found_version: outcome.found,
        old_name: None,
        linked: None,
        dry_run,
    })
}
