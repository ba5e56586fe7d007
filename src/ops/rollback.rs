//! `rollback`: an old value again, as a new version, and then in the env file.

use super::Session;
use super::store::{self, Provenance, Report, Request};
use crate::error::{Error, Result};
use crate::model::entry::{Content, Origin};
use crate::model::key_path::KeyPath;
use crate::model::version::Version;

/// Makes the value of an older version the newest one. Brings a removed secret back to life.
pub fn run(
    session: &Session<'_>,
    key_path: KeyPath,
    version: u32,
    dry_run: bool,
) -> Result<Report> {
    let vault = session.vault()?;
    let versions = vault.vault().versions(&key_path)?;
    let Some(&newest) = versions.last() else {
        return Err(Error::EntryNotFound(key_path));
    };
    let wanted = Version::new(version).filter(|version| versions.contains(version));
    let Some(version) = wanted else {
        return Err(Error::VersionNotFound {
            key_path,
            version,
            newest,
        });
    };
    let old = vault.read(&key_path, version)?;
    let Content::Value(value) = old.content else {
        return Err(super::removed_error(key_path, &old.header));
    };
    let request = Request {
        // As it was kept then: in an env file only if it was in one.
        no_env: old.header.env_name.is_none(),
        unlinked_is_fine: true,
        dry_run,
        ..Request::new(key_path)
    };
    let provenance = Provenance {
        origin: Origin::Rollback,
        recipe: old
            .header
            .recipe
            .as_deref()
            .and_then(|text| text.parse().ok()),
        // The value is as old as it was then.
        since: Some(old.header.value_since()),
    };
    store::prepare_existing(session, request)?.store(value, provenance)
}
