//! What is in the vault: every version of every secret, and every layout.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Finding, Kind, Level, Request};
use crate::error::{EntryFault, Error, Result};
use crate::model::entry::{Content, Header};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::ops::trail::{Loss, Witness};
use crate::storage::audit::{Flaw, TORN};
use crate::storage::config::Config;
use crate::storage::vault::{Listed, OpenVault, Stray, in_parallel};

/// Opens all layouts, and looks for those that are gone. Gives the projects of which one is not as
/// it should be.
pub(super) fn check_layouts(
    vault: &OpenVault,
    request: &Request,
    is_here: &impl Fn(&OwnerName) -> bool,
    findings: &mut Vec<Finding>,
) -> Result<BTreeSet<OwnerName>> {
    let (projects, strays) = vault.vault().layout_projects()?;
    if request.prefix.is_none() && request.below.is_none() {
        findings.extend(strays.into_iter().map(stray));
    }
    let mut projects = BTreeSet::from_iter(projects);
    projects.extend(vault.state().seen_layouts(vault.vault().id()));
    projects.retain(|project| request.has_all_of(project) && is_here(project));
    let projects: Vec<OwnerName> = projects.into_iter().collect();
    let mut doubtful = BTreeSet::new();
    let checked = in_parallel(&projects, |project| vault.check_layouts(project));
    for (project, wrong) in projects.into_iter().zip(checked) {
        let wrong = wrong?;
        findings.extend(wrong.iter().map(|error| {
            let of = format!("the layout of the env file of {project}: ");
            let mut finding = of_error(error);
            finding.message.insert_str(0, &of);
            finding
        }));
        if !wrong.is_empty() {
            doubtful.insert(project);
        }
    }
    Ok(doubtful)
}

pub(super) fn stray(stray: Stray) -> Finding {
    let what = "this does not belong in a vault";
    Finding::new(Level::Error, Kind::Misplaced, what).at(&stray.path, None)
}

/// What is wrong with the audit trail itself. Half a line that a killed run left is repaired by the
/// next write.
pub(super) fn flawed_trail(vault: &OpenVault, flaws: &[Flaw]) -> Option<Finding> {
    let mut flaws = flaws.iter().filter(|flaw| flaw.message != TORN);
    let first = flaws.next()?;
    let more = match flaws.count() {
        0 => String::new(),
        more => format!(" (and {more} more: secrets log --verify)"),
    };
    let message = format!("the audit trail was changed: {first}{more}");
    Some(Finding::new(Level::Error, Kind::Gone, message).at(vault.trail().file(), None))
}

/// Secrets that this machine has seen and that are gone altogether.
pub(super) fn vanished(vault: &OpenVault, listed: &[Listed]) -> Vec<Finding> {
    let is_there = |key_path: &KeyPath| {
        listed
            .binary_search_by(|one| one.key_path.cmp(key_path))
            .is_ok()
    };
    vault
        .state()
        .seen(vault.vault().id())
        .into_iter()
        .filter(|key_path| !is_there(key_path))
        .map(|key_path| {
            Finding::new(
                Level::Error,
                Kind::RolledBack,
                "this machine has seen this secret; it is gone from the vault",
            )
            .secret(&key_path)
        })
        .collect()
}

/// Values over this many bytes are opened a second time rather than kept.
const MAX_KEPT: usize = 64 << 10;

/// A secret with all its versions looked at.
pub(super) struct Secret {
    pub(super) key_path: KeyPath,
    /// The header of the newest version, if it opens.
    pub(super) newest: Option<Header>,
    /// Its value, if an env file will be compared with it and it is not large: opening it a second
    /// time would take longer than all the rest.
    pub(super) value: Option<SecretBytes>,
    pub(super) findings: Vec<Finding>,
    /// All versions, oldest first, and the headers of those that open.
    versions: Vec<Version>,
    headers: Vec<Header>,
}

impl Secret {
    pub(super) fn check(vault: &OpenVault, config: &Config, one: &Listed) -> Result<Self> {
        let mut secret = Self {
            key_path: one.key_path.clone(),
            newest: None,
            value: None,
            findings: Vec::new(),
            versions: Vec::new(),
            headers: Vec::new(),
        };
        let is_linked = one
            .key_path
            .project()
            .is_some_and(|project| config.env_file(project).is_some());
        let versions = if one.oldest == one.newest {
            vec![one.newest]
        } else {
            vault.vault().versions(&one.key_path)?
        };
        secret.versions.clone_from(&versions);
        for version in versions {
            match vault.read(&one.key_path, version) {
                Ok(entry) if version == one.newest => {
                    secret.headers.push(entry.header.clone());
                    secret.newest = Some(entry.header);
                    secret.value = match entry.content {
                        Content::Value(value) if is_linked && value.len() <= MAX_KEPT => {
                            Some(value)
                        }
                        _ => None,
                    };
                }
                Ok(entry) => secret.headers.push(entry.header),
                Err(error) => secret.findings.push(entry_finding(&one.key_path, &error)),
            }
        }
        if let Err(error) = vault.check_not_rolled_back(&one.key_path, one.newest) {
            secret.findings.push(entry_finding(&one.key_path, &error));
        }
        if secret.newest.as_ref().is_some_and(|header| header.removed) && !one.removed {
            // A vault that cannot be written is still verified.
            let _ = vault.mend_hint(&one.key_path, one.newest);
        }
        Ok(secret)
    }

    /// Adds what the audit trail of this machine says of the versions.
    pub(super) fn witnessed(&mut self, witness: &Witness) {
        let losses = witness.losses(&self.key_path, &self.versions, &self.headers);
        self.findings
            .extend(losses.into_iter().map(|(version, loss)| {
                let kind = match loss {
                    Loss::Gone | Loss::NoLine => Kind::Gone,
                    Loss::Replaced => Kind::Replaced,
                };
                Finding::new(Level::Error, kind, loss.message(version)).secret(&self.key_path)
            }));
        self.headers.clear();
    }

    pub(super) fn overdue(&self, now: Timestamp) -> Option<Finding> {
        let header = self.newest.as_ref().filter(|header| !header.removed)?;
        let days = header.every_days?;
        let age = (now.as_second() - header.value_since().as_second()) / 86_400;
        (age >= i64::from(days)).then(|| {
            Finding::new(
                Level::Warning,
                Kind::Overdue,
                format!("the value is {age} days old and should be rotated every {days}"),
            )
            .secret(&self.key_path)
        })
    }

    /// The variable that should hold it.
    pub(super) fn env_name(&self) -> Option<&str> {
        let header = self.newest.as_ref().filter(|header| !header.removed)?;
        header.env_name.as_deref()
    }
}

pub(super) fn entry_finding(key_path: &KeyPath, error: &Error) -> Finding {
    of_error(error).secret(key_path)
}

/// What an entry that cannot be used is to `verify`.
fn of_error(error: &Error) -> Finding {
    let kind = match error {
        Error::Entry { fault, .. } => match fault {
            EntryFault::Forged => Kind::Forged,
            EntryFault::ForeignVault
            | EntryFault::MisplacedPath(_)
            | EntryFault::MisplacedVersion(_) => Kind::Misplaced,
            EntryFault::RolledBack { .. } => Kind::RolledBack,
            EntryFault::Replaced { .. } => Kind::Replaced,
            EntryFault::Sealed(_) | EntryFault::Malformed(_) => Kind::Unreadable,
        },
        _ => Kind::Unreadable,
    };
    match error {
        Error::Entry { path, fault } => {
            Finding::new(Level::Error, kind, fault.to_string()).at(path, None)
        }
        error => Finding::new(Level::Error, kind, error.to_string()),
    }
}
