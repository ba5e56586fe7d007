//! `edit`: another description, rotation interval or variable for a secret, whose value stays.
//!
//! Only a new variable concerns the env file: it gets the assignment, and the old one stays until
//! the user removes it, because programs may read it.

use super::Session;
use super::store::{self, Provenance, Report};
use crate::env_file::EnvName;
use crate::error::{Error, Result};
use crate::model::entry::{Content, Origin};
use crate::model::key_path::KeyPath;

/// What to change.
#[derive(Debug, Clone)]
pub struct Request {
    /// The secret.
    pub key_path: KeyPath,
    /// Its new description.
    pub description: Option<String>,
    /// Its new rotation interval.
    pub every: Option<Every>,
    /// Its new variable.
    pub env_name: Option<EnvName>,
    /// Change nothing, say what would change.
    pub dry_run: bool,
}

/// A rotation interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    /// So many days.
    Days(u32),
    /// The secret need not be rotated.
    Never,
}

/// Stores the newest value again, with what is to change.
pub fn run(session: &Session<'_>, request: Request) -> Result<Report> {
    let key_path = request.key_path;
    session.check_key_path(&key_path)?;
    let Some(newest) = session.vault()?.read_newest(&key_path)? else {
        return Err(Error::EntryNotFound(key_path));
    };
    let Content::Value(value) = newest.content else {
        return Err(super::removed_error(key_path, &newest.header));
    };
    let provenance = Provenance {
        origin: Origin::Edit,
        recipe: newest
            .header
            .recipe
            .as_deref()
            .and_then(|text| text.parse().ok()),
        since: Some(newest.header.value_since()),
    };
    let request = store::Request {
        description: request.description,
        every_days: match request.every {
            Some(Every::Days(days)) => Some(days),
            _ => None,
        },
        no_rotation: request.every == Some(Every::Never),
        leave_env_file: request.env_name.is_none(),
        env_name: request.env_name,
        dry_run: request.dry_run,
        ..store::Request::new(key_path)
    };
    store::prepare_existing(session, request)?.store(value, provenance)
}
