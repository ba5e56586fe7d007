//! `history`: the versions of a secret, and what made them. No values.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::trail::Witness;
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
    /// What is wrong with it: why it cannot be read, or that it is gone.
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
    let mut headers = Vec::new();
    let mut items: Vec<Item> = Vec::with_capacity(versions.len());
    for &version in &versions {
        items.push(match vault.read(key_path, version) {
            Ok(entry) => {
                headers.push(entry.header.clone());
                Item {
                    created: Some(entry.header.created),
                    since: Some(entry.header.value_since()),
                    every_days: entry.header.every_days,
                    due: entry.header.due(),
                    writer: Some(entry.header.writer),
                    origin: Some(entry.header.origin.as_str()),
                    description: Some(entry.header.description),
                    removed: entry.header.removed,
                    moved_to: entry.header.moved_to.filter(|to| is_within(to)),
                    ..Item::new(version, None)
                }
            }
            Err(error) => Item::new(version, Some(error.to_string())),
        });
    }
    let (witness, _) = Witness::read(vault)?;
    for (version, loss) in witness.losses(key_path, &versions, &headers) {
        let problem = loss.message(version);
        match items.binary_search_by_key(&version, |item| item.version) {
            Ok(at) => {
                items[at].problem.get_or_insert(problem);
            }
            Err(at) => items.insert(at, Item::new(version, Some(problem))),
        }
    }
    Ok(items)
}

impl Item {
    /// A version of which no more is known.
    fn new(version: Version, problem: Option<String>) -> Self {
        Self {
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
            problem,
        }
    }
}
