//! One variable of an env file belongs to one live secret.
//!
//! Every write to an env file passes [`check`], under the lock and before anything is stored. The
//! secrets that can own a variable of a file are those of every project that is linked to it and
//! those of `meta/` that were placed in it.
//!
//! Limits: a `meta/…` secret that was placed by a version of this program before 0.2 is not recorded
//! as placed. It is recognised where the file has one of its values.

use std::collections::{BTreeMap, BTreeSet};

use super::Write;
use crate::env_file::EnvFile;
use crate::error::{Error, Result};
use crate::model::entry::{Content, Entry};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::ops::Session;
use crate::ops::shared::SharedSecrets;
use crate::ops::target::Target;
use crate::storage::config::Config;
use crate::storage::vault::OpenVault;

/// A secret that wants a variable.
#[derive(Clone, Copy)]
pub(in crate::ops) struct Claim<'a> {
    pub(in crate::ops) key_path: &'a KeyPath,
    pub(in crate::ops) name: &'a str,
    /// The secret that it takes the variable from: a move.
    pub(in crate::ops) moved_from: Option<&'a KeyPath>,
}

impl<'a> Claim<'a> {
    /// What a write claims. A tombstone claims nothing. Without an env file the variable is the one
    /// that the version names: what is stored today is written to an env file tomorrow.
    pub(super) fn of(write: &'a Write<'_>) -> Option<Self> {
        if write.draft.content == Content::Tombstone {
            return None;
        }
        let name = match &write.env_name {
            Some(name) => name.as_str(),
            None => write.draft.env_name.as_deref()?,
        };
        Some(Self {
            key_path: write.key_path,
            name,
            moved_from: write.moved_from,
        })
    }

    fn is_other(&self, other: &KeyPath) -> bool {
        other != self.key_path && self.moved_from != Some(other)
    }
}

/// Refuses writes to a variable that belongs to another live secret, or twice to one variable.
pub(super) fn check(
    session: &Session<'_>,
    target: Option<(&Target, &EnvFile)>,
    writes: &[Write<'_>],
) -> Result<()> {
    let claims: Vec<Claim<'_>> = writes.iter().filter_map(Claim::of).collect();
    check_claims(session, target, &claims)
}

/// [`check`] for what will be written later.
pub(in crate::ops) fn check_claims(
    session: &Session<'_>,
    target: Option<(&Target, &EnvFile)>,
    claims: &[Claim<'_>],
) -> Result<()> {
    let mut by_name: BTreeMap<&str, Claim<'_>> = BTreeMap::new();
    for claim in claims {
        // Two providers may have variables of one name, as long as they are in no file together.
        if target.is_none() && claim.key_path.project().is_none() {
            continue;
        }
        if let Some(other) = by_name.insert(claim.name, *claim)
            && claim.is_other(other.key_path)
            && (target.is_some() || other.key_path.owner() == claim.key_path.owner())
        {
            return Err(taken(session, claim, other.key_path));
        }
    }
    let Some(vault) = session.vault_unless_first_use()? else {
        return Ok(());
    };
    // The owner of a variable may be out of the caller's reach, and owns it all the same.
    let vault = &vault.unrestricted();
    let config = session.config()?;
    let mut at_file: BTreeSet<&OwnerName> = BTreeSet::new();
    if let Some((target, _)) = target {
        at_file.extend(config.projects_at(&target.path));
        at_file.extend(&target.project);
    }
    for claim in by_name.values() {
        // Within its own project a name is taken once, whatever file it is written to: `run` and
        // `export` give a program the variables of the project.
        let mut projects = at_file.clone();
        projects.extend(claim.key_path.project());
        if is_owner(vault, &projects, claim) {
            continue;
        }
        let owner = owner(session, vault, &config, &projects, target, claim)?;
        if let Some(other) = owner {
            return Err(taken(session, claim, &other));
        }
    }
    Ok(())
}

/// Whether another live secret owns the variable that a tombstone would take out of the file.
pub(super) fn is_anothers(
    session: &Session<'_>,
    target: &Target,
    old: &EnvFile,
    write: &Write<'_>,
) -> Result<bool> {
    let (Content::Tombstone, Some(name)) = (&write.draft.content, &write.env_name) else {
        return Ok(false);
    };
    let vault = &session.vault()?.unrestricted();
    let config = session.config()?;
    let mut projects: BTreeSet<&OwnerName> = config.projects_at(&target.path).collect();
    projects.extend(&target.project);
    // The secret that this one became is not another: the assignment goes with it.
    let moved_to = write.draft.moved_to.as_deref();
    let moved_to = moved_to.and_then(|text| KeyPath::parse(text).ok());
    let claim = Claim {
        key_path: write.key_path,
        name: name.as_str(),
        moved_from: moved_to.as_ref(),
    };
    let target = Some((target, old));
    Ok(owner(session, vault, &config, &projects, target, &claim)?.is_some())
}

/// The other live secret that owns the claimed variable.
fn owner(
    session: &Session<'_>,
    vault: &OpenVault,
    config: &Config,
    projects: &BTreeSet<&OwnerName>,
    target: Option<(&Target, &EnvFile)>,
    claim: &Claim<'_>,
) -> Result<Option<KeyPath>> {
    for project in projects {
        let secrets = session.readable_secrets(vault, project)?.with_damaged();
        let has_name = |entry: &Entry| entry.header.env_name.as_deref() == Some(claim.name);
        let mut others = secrets.into_iter();
        if let Some((other, _)) =
            others.find(|(other, entry)| claim.is_other(other) && has_name(entry))
        {
            return Ok(Some(other));
        }
    }
    let Some((target, old)) = target else {
        return Ok(None);
    };
    let shared = SharedSecrets::new(vault, config, target.project.as_ref(), &target.path);
    let value = old
        .get(claim.name)
        .and_then(|assignment| assignment.value());
    let other = shared.find_among(claim.name, value.as_ref(), |other| claim.is_other(other));
    Ok(other.map(|other| other.key_path.clone()))
}

/// Whether the secret owns the variable already: its newest version is alive and says so, and no
/// other project shares the file. Then nothing else needs to be opened.
fn is_owner(vault: &OpenVault, projects: &BTreeSet<&OwnerName>, claim: &Claim<'_>) -> bool {
    let is_own_file = claim
        .key_path
        .project()
        .is_some_and(|own| projects.iter().all(|project| *project == own));
    is_own_file
        && vault.read_newest(claim.key_path).is_ok_and(|newest| {
            newest.is_some_and(|entry| {
                !entry.header.removed && entry.header.env_name.as_deref() == Some(claim.name)
            })
        })
}

fn taken(session: &Session<'_>, claim: &Claim<'_>, other: &KeyPath) -> Error {
    let is_shown = session.settings.reach.allows(other);
    Error::EnvNameTaken {
        name: claim.name.to_owned(),
        key_path: claim.key_path.clone(),
        other: is_shown.then(|| other.clone()),
    }
}
