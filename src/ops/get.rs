//! `get`: one value, byte for byte.
//!
//! This is the path that scripts take a hundred times: two files are opened, nothing is
//! configured, no pattern is compiled.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use crate::error::{Error, Result};
use crate::model::entry::Content;
use crate::model::key_path::KeyPath;
use crate::model::schema::Moment;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;

/// Which value.
#[derive(Debug)]
pub struct Request {
    /// The secret.
    pub key_path: KeyPath,
    /// Which version; absent: the newest.
    pub version: Option<u32>,
}

/// A value and what is known of it. Not `Serialize`: whoever lets the value out does it knowingly.
#[derive(Debug)]
pub struct Report {
    /// The secret.
    pub key_path: KeyPath,
    /// The version.
    pub version: Version,
    /// Its bytes.
    pub value: SecretBytes,
    /// What the secret is for.
    pub description: String,
    /// When this version was written.
    pub created: Timestamp,
}

impl Report {
    /// The report as JSON has it; `None` if the value is not text, which JSON cannot hold.
    pub fn shown(&self) -> Option<Shown<'_>> {
        Some(Shown {
            key_path: &self.key_path,
            value: self.value.as_str()?,
            version: self.version,
            description: &self.description,
            created: self.created,
        })
    }
}

/// A value as `get --json` shows it, to whoever asked for it. No `Debug`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Shown<'a> {
    /// The secret.
    pub key_path: &'a KeyPath,
    /// The value.
    pub value: &'a str,
    /// Its version.
    pub version: Version,
    /// What the secret is for.
    pub description: &'a str,
    /// When this version was written.
    #[schemars(with = "Moment")]
    pub created: Timestamp,
}

/// Reads one version, with all checks.
pub fn run(session: &Session<'_>, request: Request) -> Result<Report> {
    let vault = session.vault()?;
    let key_path = request.key_path;
    if !session.settings.reach.compares(&key_path) {
        return Err(Error::OutOfReach {
            what: format!("the value of {key_path}"),
        });
    }
    let entry = match request.version {
        None => vault.read_newest(&key_path)?,
        Some(version) => {
            let versions = vault.vault().versions(&key_path)?;
            let newest = versions.last().copied();
            vault.check_not_rolled_back(&key_path, newest)?;
            let found = Version::new(version).filter(|version| versions.contains(version));
            match (found, newest) {
                (Some(version), _) => Some(vault.read(&key_path, version)?),
                (None, Some(newest)) => {
                    return Err(Error::VersionNotFound {
                        key_path,
                        version,
                        newest,
                    });
                }
                (None, None) => None,
            }
        }
    };
    let Some(entry) = entry else {
        return Err(Error::EntryNotFound(key_path));
    };
    let Content::Value(value) = entry.content else {
        return Err(super::removed_error(key_path, &entry.header));
    };
    session.note_read("get", &key_path, entry.header.version);
    Ok(Report {
        key_path,
        version: entry.header.version,
        value,
        description: entry.header.description,
        created: entry.header.created,
    })
}
