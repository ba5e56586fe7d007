//! `list`: which secrets there are, what they are for, how old they are. No values.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Notice, Session};
use crate::error::{Error, Result};
use crate::model::key_path::{KeyPath, KeyPrefix, OwnerName, Scope};
use crate::model::schema::Moment;
use crate::model::version::Version;
use crate::storage::vault::{Listed, OpenVault, Vault, in_parallel};

/// Which secrets.
#[derive(Debug, Default, Clone)]
pub struct Request {
    /// Only those under this prefix.
    pub prefix: Option<KeyPrefix>,
    /// Only those of this scope.
    pub scope: Option<Scope>,
    /// Only those of this project.
    pub project: Option<OwnerName>,
    /// Those that were removed, instead of those that are there.
    pub deleted: bool,
    /// Only those whose value is too old.
    pub stale: Option<Stale>,
}

/// How old is too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stale {
    /// So many days or more.
    Days(u32),
    /// Older than the rotation interval of the secret itself.
    Overdue,
}

impl Request {
    /// Whether a secret is asked for, by its path alone.
    pub fn matches(&self, key_path: &KeyPath) -> bool {
        self.prefix
            .as_ref()
            .is_none_or(|prefix| prefix.matches(key_path))
            && self.scope.is_none_or(|scope| scope == key_path.scope())
            && self
                .project
                .as_ref()
                .is_none_or(|project| key_path.project() == Some(project))
    }
}

/// One secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The secret.
    pub key_path: KeyPath,
    /// What it is for.
    pub description: String,
    /// Its newest version.
    pub version: Version,
    /// When its first version was written.
    #[schemars(with = "Moment")]
    pub created: Timestamp,
    /// When its newest version was written.
    #[schemars(with = "Moment")]
    pub updated: Timestamp,
    /// Since when its value is in force: a new description or another name does not make it younger.
    #[schemars(with = "Moment")]
    pub since: Timestamp,
    /// After how many days it should be rotated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// When it should be rotated.
    #[schemars(with = "Option<Moment>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The variable that holds it; null if none does.
    pub env_name: Option<String>,
    /// Whether its newest version was generated.
    pub generated: bool,
}

/// The key paths alone, in order. Needs no identity: whether a secret was removed is read from
/// the hint beside its tombstone.
pub fn names(session: &Session<'_>, request: &Request) -> Result<Vec<KeyPath>> {
    let vault = Vault::open(&session.settings.vault_dir)?;
    let (listed, _) = vault.list(|key_path| request.matches(key_path))?;
    Ok(listed
        .into_iter()
        .filter(|one| one.removed == request.deleted)
        .map(|one| one.key_path)
        .collect())
}

/// The secrets with what is known of them, in order of their key paths.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Vec<Item>> {
    let vault = session.vault()?;
    session.warn_of_gone(|key_path| request.matches(key_path))?;
    let (listed, _) = vault.list(|key_path| request.matches(key_path))?;
    let items = in_parallel(&listed, |one| item(session, vault, one, request.deleted));
    let now = session.now();
    let mut kept = Vec::with_capacity(items.len());
    for item in items {
        let Some(item) = item? else {
            continue;
        };
        let age = now.as_second() - item.since.as_second();
        let is_older_than = |days: u32| age >= i64::from(days) * 86_400;
        let wanted = match request.stale {
            None => true,
            Some(Stale::Days(days)) => is_older_than(days),
            Some(Stale::Overdue) => item.every_days.is_some_and(is_older_than),
        };
        if wanted {
            kept.push(item);
        }
    }
    Ok(kept)
}

/// The secret as it is listed. What cannot be read is said, and listed as its newest version that
/// can.
fn item(
    session: &Session<'_>,
    vault: &OpenVault,
    one: &Listed,
    deleted: bool,
) -> Result<Option<Item>> {
    let newest = vault
        .check_not_rolled_back(&one.key_path, one.newest)
        .and_then(|()| vault.read_current(&one.key_path, one.newest));
    let newest = match newest {
        Ok(entry) => entry,
        Err(error @ Error::Entry { .. }) => {
            session.notice(Notice::Unreadable { error: &error });
            let versions = vault.vault().versions(&one.key_path)?;
            let mut readable = versions.into_iter().rev();
            match readable.find_map(|version| vault.read(&one.key_path, version).ok()) {
                Some(entry) => entry,
                None => return Ok(None),
            }
        }
        Err(error) => return Err(error),
    };
    let newest = newest.header;
    if newest.removed != deleted {
        return Ok(None);
    }
    let created = if one.oldest < newest.version {
        // That an old version does not open is for `verify` to say.
        let oldest = vault.read(&one.key_path, one.oldest);
        oldest.map_or(newest.created, |oldest| oldest.header.created)
    } else {
        newest.created
    };
    Ok(Some(Item {
        key_path: one.key_path.clone(),
        since: newest.value_since(),
        every_days: newest.every_days,
        due: newest.due(),
        description: newest.description,
        version: newest.version,
        created,
        updated: newest.created,
        env_name: newest.env_name,
        generated: newest.recipe.is_some(),
    }))
}
