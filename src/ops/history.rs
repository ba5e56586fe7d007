//! `history`: the versions of a secret, and what made them. No values.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Notice, Session};
use crate::error::{Error, Result};
use crate::model::key_path::KeyPath;
use crate::model::schema::Moment;
use crate::model::version::Version;

/// One version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its number.
    pub version: Version,
    /// When it was written.
    #[schemars(with = "Option<Moment>")]
    pub created: Option<Timestamp>,
    /// Since when its value is in force.
    #[schemars(with = "Option<Moment>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// After how many days it should have been rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// When it should have been rotated.
    #[schemars(with = "Option<Moment>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Who wrote it, and with what program.
    pub writer: Option<String>,
    /// What made it.
    pub origin: Option<&'static str>,
    /// What the secret was for then.
    pub description: Option<String>,
    /// Whether it is a tombstone.
    pub removed: bool,
    /// Where the secret went, if the tombstone stands for a move.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// All versions, oldest first.
pub fn run(session: &Session<'_>, key_path: &KeyPath) -> Result<Vec<Item>> {
    let vault = session.vault()?;
    let versions = vault.vault().versions(key_path)?;
    let is_current = vault.check_not_rolled_back(key_path, versions.last().copied());
    if versions.is_empty() {
        is_current?;
        return Err(Error::EntryNotFound(key_path.clone()));
    }
    if let Err(error) = is_current {
        session.notice(Notice::Unreadable { error: &error });
    }
    let is_within =
        |to: &str| KeyPath::parse(to).is_ok_and(|to| session.settings.reach.allows(&to));
    Ok(versions
        .into_iter()
        .map(|version| match vault.read(key_path, version) {
            Ok(entry) => Item {
                version,
                created: Some(entry.header.created),
                since: Some(entry.header.value_since()),
                every_days: entry.header.every_days,
                due: entry.header.due(),
                writer: Some(entry.header.writer),
                origin: Some(entry.header.origin.as_str()),
                description: Some(entry.header.description),
                removed: entry.header.removed,
                moved_to: entry.header.moved_to.filter(|to| is_within(to)),
                problem: None,
            },
            Err(error) => Item {
                version,
                created: None,
                since: None,
                every_days: None,
                due: None,
                writer: None,
                origin: None,
                description: None,
                removed: false,
                moved_to: None,
                problem: Some(error.to_string()),
            },
        })
        .collect())
}
