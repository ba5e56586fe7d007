//! `mv`: a new secret with the value of an old one, then a tombstone that names it.
//!
//! The variable keeps its name: programs read it. Within a project the env file therefore stays as
//! it is; between projects the assignment goes from one env file to the other.

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::order::{self, Write};
use super::store::EnvReport;
use super::target::{Target, Wanted};
use crate::env_file::EnvName;
use crate::error::{Error, Finish, Result};
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
pub fn run(session: &Session<'_>, from: KeyPath, to: KeyPath, dry_run: bool) -> Result<Report> {
    if from == to {
        return Err(Error::MoveToItself(from));
    }
    let vault = session.vault()?;
    let Some(old) = vault.read_newest(&from)? else {
        return Err(Error::EntryNotFound(from));
    };
    let existing = vault
        .read_newest(&to)?
        .filter(|entry| !entry.header.removed);
    // An earlier run may have been stopped between the two steps, or between the second step and
    // its env file: the same command finishes it.
    let is_begun = existing.as_ref().is_some_and(|existing| {
        if old.header.removed {
            old.header.moved_to == Some(to.to_string())
        } else {
            existing.header.origin == Origin::Move && existing.content == old.content
        }
    });
    if old.header.removed && !is_begun {
        return Err(super::removed_error(from, &old.header));
    }
    if existing.is_some() && !is_begun {
        return Err(Error::EntryExists(to));
    }
    let name = match &old.header.env_name {
        Some(name) => EnvName::existing(name.as_str()).ok(),
        None => None,
    };
    let target = |key_path: &KeyPath| -> Result<Option<Target>> {
        let wanted = Wanted {
            no_env: name.is_none(),
            unlinked_is_fine: true,
            ..Wanted::default()
        };
        Ok(Target::of_secret(session, key_path, wanted)?.map(|(target, _)| target))
    };
    // Everything that can fail before the first change.
    let (new_target, old_target) = (target(&to)?, target(&from)?);
    let is_one_file = match (&new_target, &old_target) {
        (Some(new), Some(old)) => session
            .config()?
            .links()
            .at(&old.path)
            .any(|link| link.file == new.path),
        _ => from.scope() == to.scope() && from.owner() == to.owner(),
    };
    let draft = Draft::from_entry(&old, session.now());
    let arrival = Write {
        key_path: &to,
        draft: Draft {
            origin: Origin::Move,
            ..draft.clone()
        },
        env_name: name.clone().filter(|_| new_target.is_some()),
        moved_from: Some(&from),
    };
    let departure = Write {
        key_path: &from,
        draft: Draft {
            origin: Origin::Move,
            recipe: None,
            moved_to: Some(to.to_string()),
            ..draft.with_new(Content::Tombstone)
        },
        env_name: name.filter(|_| old_target.is_some() && !is_one_file),
        moved_from: None,
    };
    let (version, env) = match (old.header.removed, &existing) {
        (true, Some(existing)) => (existing.header.version, EnvReport::none()),
        _ => step(session, &arrival, new_target.as_ref(), dry_run)?,
    };
    let old_target = old_target.filter(|_| departure.env_name.is_some());
    let (tombstone, old_env) =
        step(session, &departure, old_target.as_ref(), dry_run).map_err(|source| {
            let finish = Finish::Move {
                from: from.clone(),
                to: to.clone(),
            };
            session.interrupted(finish, source)
        })?;
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

fn step(
    session: &Session<'_>,
    write: &Write<'_>,
    target: Option<&Target>,
    dry_run: bool,
) -> Result<(Version, EnvReport)> {
    let outcome = order::carry_out_one(session, write, target, dry_run)?;
    let name = write.env_name.as_ref();
    Ok((outcome.version, EnvReport::new(target, name, &outcome)))
}
