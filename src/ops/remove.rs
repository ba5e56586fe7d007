//! `rm`: a tombstone version, and then the assignment leaves the env file. Older versions stay.

use super::order::{self, Write};
use super::store::{EnvReport, Report};
use super::target::{Target, Wanted};
use super::{Notice, Session};
use crate::env_file::EnvName;
use crate::error::{Error, Result};
use crate::model::entry::{Content, Entry, Origin};
use crate::model::key_path::KeyPath;
use crate::storage::env_disk;
use crate::storage::vault::Draft;

/// Removes a secret from the list of live secrets.
pub fn run(session: &Session<'_>, key_path: KeyPath, dry_run: bool) -> Result<Report> {
    let Some(newest) = session.vault()?.read_newest_intact(&key_path)?.entry else {
        return Err(Error::EntryNotFound(key_path));
    };
    let name = newest.header.env_name.as_deref();
    let wanted = Wanted {
        no_env: name.is_none(),
        unlinked_is_fine: true,
        ..Wanted::default()
    };
    let target = Target::of_secret(session, &key_path, wanted)?.map(|(target, _)| target);
    if newest.header.removed && !is_unfinished(session, &key_path, &newest, target.as_ref())? {
        return Err(super::removed_error(key_path, &newest.header));
    }
    let env_name = name
        .filter(|_| target.is_some())
        .and_then(|name| EnvName::existing(name).ok());
    let write = Write {
        key_path: &key_path,
        draft: Draft {
            origin: Origin::Remove,
            recipe: None,
            ..Draft::from_entry(&newest, session.now()).with_new(Content::Tombstone)
        },
        env_name: env_name.clone(),
        moved_from: None,
    };
    let outcome = order::carry_out_one(session, &write, target.as_ref(), dry_run)?;
    if let (None, Some(name)) = (key_path.project(), name) {
        warn_where_it_stays(session, &key_path, name)?;
    }
    Ok(Report {
        env: EnvReport::new(target.as_ref(), env_name.as_ref(), &outcome),
        version: outcome.version,
        vault: outcome.vault,
        found_version: outcome.found,
        old_name: None,
        linked: None,
        dry_run,
        key_path,
    })
}

/// Whether an earlier run was stopped half-way: the env file still has the assignment, and no other
/// secret owns it by now, or was not written to its end.
fn is_unfinished(
    session: &Session<'_>,
    key_path: &KeyPath,
    tombstone: &Entry,
    target: Option<&Target>,
) -> Result<bool> {
    let header = &tombstone.header;
    let (Some(target), Some(name), None) = (target, &header.env_name, &header.moved_to) else {
        return Ok(false);
    };
    let has_other_owner = match key_path.project() {
        Some(project) => session
            .readable_secrets(session.vault()?, project)?
            .with_damaged()
            .into_iter()
            .any(|(_, entry)| entry.header.env_name.as_ref() == Some(name)),
        None => false,
    };
    if has_other_owner {
        return Ok(false);
    }
    if env_disk::is_unfinished(&target.path, session.vault()?)? {
        return Ok(true);
    }
    Ok(session
        .read_env(&target.path)?
        .is_some_and(|env| env.get(name).is_some()))
}

/// Warns of env files that keep the value of a provider's secret: other programs may need it there.
fn warn_where_it_stays(session: &Session<'_>, key_path: &KeyPath, name: &str) -> Result<()> {
    let vault = session.vault()?;
    for link in session.config()?.links() {
        let env = session.read_env(&link.file).ok().flatten();
        let value = env.and_then(|env| env.get(name)?.value());
        let is_its_value = |value| matches!(vault.find_value(key_path, &value), Ok(Some(_)));
        if value.is_some_and(is_its_value) {
            session.notice(Notice::StaysInEnv {
                file: &link.file,
                name,
            });
        }
    }
    Ok(())
}
