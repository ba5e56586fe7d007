//! `show`: everything about a secret, except its value.

use std::path::PathBuf;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use crate::error::{Error, Result};
use crate::model::entry::Content;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::schema::Moment;
use crate::model::version::Version;

/// A secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret.
    pub key_path: KeyPath,
    /// What it is for.
    pub description: String,
    /// Its newest version.
    pub version: Version,
    /// How many versions the vault has.
    pub versions: usize,
    /// When its oldest version that is left was written.
    #[schemars(with = "Moment")]
    pub created: Timestamp,
    /// When its newest version was written.
    #[schemars(with = "Moment")]
    pub updated: Timestamp,
    /// Since when its value is in force.
    #[schemars(with = "Moment")]
    pub since: Timestamp,
    /// After how many days it should be rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// When it should be rotated.
    #[schemars(with = "Option<Moment>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Whether that moment has passed.
    pub overdue: bool,
    /// The variable that holds it; null if none does.
    pub env_name: Option<String>,
    /// The env files of this machine that have it, or should have it.
    pub env_files: Vec<Place>,
    /// How its value was generated; absent if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// What made its newest version.
    pub origin: &'static str,
    /// Who wrote its newest version, and with what program.
    pub writer: String,
}

/// An env file that has a secret, or should have it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The file.
    pub file: PathBuf,
    /// The project that is linked to it.
    pub project: OwnerName,
    /// Whether its variable has the value of the vault.
    pub state: State,
}

/// How an env file compares with the vault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It has the value.
    Agrees,
    /// It has another value.
    Differs,
    /// It does not have the variable, or there is no file.
    Missing,
    /// It cannot be read.
    Unreadable,
}

impl State {
    /// One word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::Missing => "missing",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Returns what is known of a secret.
///
/// # Errors
/// If there is no such secret, or if it was removed.
pub fn run(session: &Session<'_>, key_path: KeyPath) -> Result<Report> {
    let vault = session.vault()?;
    let versions = vault.vault().versions(&key_path)?;
    vault.check_not_rolled_back(&key_path, versions.last().copied())?;
    let Some(newest) = vault.read_newest(&key_path)? else {
        return Err(Error::EntryNotFound(key_path));
    };
    let header = newest.header;
    let Content::Value(value) = newest.content else {
        return Err(super::removed_error(key_path, &header));
    };
    // That an old version does not open is for `verify` to say.
    let created = versions
        .first()
        .filter(|oldest| **oldest < header.version)
        .and_then(|oldest| vault.read(&key_path, *oldest).ok())
        .map_or(header.created, |oldest| oldest.header.created);
    let mut env_files = Vec::new();
    if let Some(name) = &header.env_name {
        for link in session.config()?.links() {
            let is_own = key_path.project() == Some(&link.project);
            if !is_own && !link.shared.contains(&key_path) {
                continue;
            }
            let state = match session.read_env(&link.file) {
                Err(_) => State::Unreadable,
                Ok(env) => match env.as_ref().and_then(|env| env.get(name)) {
                    None => State::Missing,
                    Some(found) if found.value().as_ref() == Some(&value) => State::Agrees,
                    Some(_) => State::Differs,
                },
            };
            env_files.push(Place {
                file: link.file.clone(),
                project: link.project.clone(),
                state,
            });
        }
    }
    let due = header.due();
    Ok(Report {
        version: header.version,
        versions: versions.len(),
        created,
        updated: header.created,
        since: header.value_since(),
        every_days: header.every_days,
        due,
        overdue: due.is_some_and(|due| due <= session.now()),
        description: header.description,
        env_name: header.env_name,
        env_files,
        recipe: header.recipe,
        origin: header.origin.as_str(),
        writer: header.writer,
        key_path,
    })
}
