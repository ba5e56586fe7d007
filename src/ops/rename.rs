//! `mv`: a new secret with the value of an old one, then a tombstone that names it.
//!
//! The variable keeps its name: programs read it. Within a project the env file therefore stays as
//! it is; between projects the assignment goes from one env file to the other.

use schemars::JsonSchema;
use serde::Serialize;

use super::Context;
use super::order::{self, Outcome, Write};
use super::store::{self, EnvReport, Request};
use crate::env_file::EnvName;
use crate::error::{Error, Result};
use crate::model::entry::{Content, Origin};
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::vault::Draft;

/// What was moved.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret that was.
    pub from: KeyPath,
    /// The secret that is.
    pub to: KeyPath,
    /// Its version.
    pub version: Version,
    /// The version that is the old one's tombstone.
    pub tombstone: Version,
    /// What happened to the env file of the new one.
    pub env: EnvReport,
    /// What happened to the env file of the old one, if that is another.
    pub old_env: EnvReport,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Moves a secret.
pub fn run(context: &Context<'_>, from: KeyPath, to: KeyPath, dry_run: bool) -> Result<Report> {
    if from == to {
        return Err(Error::MoveToItself(from));
    }
    let vault = context.open_vault()?;
    let Some(old) = vault.read_newest(&from)? else {
        return Err(Error::EntryNotFound(from));
    };
    let there = vault
        .read_newest(&to)?
        .filter(|entry| !entry.header.removed);
    // An earlier run may have been stopped between the arrival and the departure, or between the
    // departure and its env file: the same command finishes it.
    let begun = there.as_ref().is_some_and(|there| {
        if old.header.removed {
            old.header.moved_to == Some(to.to_string())
        } else {
            there.header.origin == Origin::Move && there.content == old.content
        }
    });
    if old.header.removed && !begun {
        return Err(super::removed(from, &old.header));
    }
    if there.is_some() && !begun {
        return Err(Error::EntryExists(to));
    }
    let config = context.config()?;
    let stays = from.scope() == to.scope() && from.owner() == to.owner();
    let name = match &old.header.env_name {
        Some(name) => EnvName::existing(name.as_str()).ok(),
        None => None,
    };
    let target = |key_path: &KeyPath| -> Result<_> {
        let request = Request {
            no_env: name.is_none(),
            unlinked_is_fine: true,
            ..Request::new(key_path.clone())
        };
        Ok(store::find_target(context, &config, &request)?.0)
    };
    let draft = Draft::again(&old, context.now());
    let arrival = Write {
        key_path: &to,
        draft: Draft {
            origin: Origin::Move,
            ..draft.clone()
        },
        env_name: name.clone(),
    };
    let departure = Write {
        key_path: &from,
        draft: Draft {
            content: Content::Tombstone,
            origin: Origin::Move,
            recipe: None,
            moved_to: Some(to.to_string()),
            ..draft
        },
        env_name: if stays { None } else { name.clone() },
    };
    let arrived = there.map_or(Version::FIRST, |there| there.header.version);
    let mut done = [
        (arrived, EnvReport::none()),
        (Version::FIRST, EnvReport::none()),
    ];
    for (done, write) in done.iter_mut().zip([&arrival, &departure]) {
        if old.header.removed && write.key_path == &to {
            continue;
        }
        let step = || {
            let target = match write.env_name {
                Some(_) => target(write.key_path)?,
                None => None,
            };
            let writes = std::slice::from_ref(write);
            let outcomes = if dry_run {
                order::dry_run(Some(&vault), writes, target.as_ref())?
            } else {
                order::vault_then_env(context, &vault, writes, target.as_ref(), || Ok(()))?
            };
            let [outcome] = <[Outcome; 1]>::try_from(outcomes)
                .map_err(|_| Error::EntryNotFound(write.key_path.clone()))?;
            let name = write.env_name.clone().filter(|_| target.is_some());
            Ok((outcome.version, EnvReport::new(target, name, &outcome)))
        };
        *done = step().map_err(|source| match write.key_path == &to {
            true => source,
            false => Error::MoveUnfinished {
                from: from.clone(),
                to: to.clone(),
                source: Box::new(source),
            },
        })?;
    }
    let [(version, env), (tombstone, old_env)] = done;
    Ok(Report {
        from,
        to,
        version,
        tombstone,
        env,
        old_env,
        dry_run,
    })
}
