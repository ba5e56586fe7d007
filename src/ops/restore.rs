//! `restore`: a project's env file from the vault.
//!
//! A file that is there is patched where it differs, like `set` does. A file that was lost, emptied
//! or mangled is rebuilt whole from its layout: comments, order, blank lines and the lines that
//! are no secrets. What the file has and the vault has never seen is stored before it is
//! overwritten: a value as a version of its secret, a mangled file as a version of the layout.
//!
//! "Mangled" means that less than half of the lines of the layout are still there. A file that lost
//! less, but a variable or more than a fifth of its lines, gets back what it lost and keeps what
//! was changed in it. The text to restore to is made in `text`.

mod text;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::layout::Layout;
use super::order::{self, EnvChange, Outcome, Write};
use super::shared::SharedSecrets;
use super::target::Target;
use crate::env_file::{EnvFile, EnvName, OnMisread};
use crate::error::{EnvFileProblem, Error, Finish, Result};
use crate::model::entry::{Entry, Origin};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::reach::Reach;
use crate::model::version::Version;
use crate::storage::fs;
use crate::storage::vault::{Draft, OpenVault};

/// What to restore.
#[derive(Debug, Clone)]
pub struct Request {
    /// The project.
    pub project: OwnerName,
    /// Write a new file here instead of the linked one.
    pub to: Option<PathBuf>,
    /// An earlier state.
    pub at: Option<At>,
    /// Rebuild the file even if it looks whole.
    pub rebuild: bool,
    /// Write also what one of the file's readers would misread.
    pub allow_misread: bool,
    /// Change nothing, say what would change.
    pub dry_run: bool,
}

/// Which earlier state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// That of a version of the layout.
    Version(Version),
    /// That of a moment.
    Time(Timestamp),
}

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The project.
    pub project: OwnerName,
    /// The file.
    pub file: PathBuf,
    /// Whether it was rebuilt from its layout, rather than patched.
    pub rebuilt: bool,
    /// How many lines it had lost and has again.
    #[serde(skip_serializing_if = "is_zero")]
    pub lines_restored: usize,
    /// The version of the layout that it was rebuilt from, or that its lost lines are from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Version>,
    /// Its secrets.
    pub secrets: Vec<Item>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The secret.
    pub key_path: KeyPath,
    /// Its variable.
    pub name: String,
    /// Its newest version.
    pub version: Version,
    /// What happened to the variable.
    pub change: EnvChange,
    /// Its line; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The version that keeps the value which the file had and no version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_version: Option<Version>,
}

/// Restores.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let project = &request.project;
    session.check_project(project)?;
    let vault = session.vault()?;
    let config = session.config()?;
    let linked = config
        .env_file(project)
        .ok_or_else(|| Error::NotLinked(project.clone()))?;
    let file = match &request.to {
        Some(to) => {
            let to = session.env_file_at(to)?;
            if fs::exists(&to)? {
                return Err(Error::EnvFile {
                    path: to,
                    problem: EnvFileProblem::AlreadyThere,
                });
            }
            to
        }
        None => linked.to_owned(),
    };
    vault.check_layout_not_rolled_back(project)?;
    let layout = find_layout(vault, project, request.at)?;
    let until = match request.at {
        Some(At::Time(time)) => Some(time),
        Some(At::Version(_)) => layout.as_ref().map(|(_, entry)| entry.header.created),
        None => None,
    };
    let (mut secrets, unreadable) = secrets(session, project, until)?;
    let now = session.read_env(&file)?;
    let on_misread = match request.allow_misread {
        true => OnMisread::Allow,
        false => OnMisread::Refuse,
    };
    let mut target = Target::new(session, linked.to_owned(), Some(project))?;
    let base = layout.as_ref().and_then(|(layout, entry)| {
        let sources = text::Sources {
            layout,
            version: entry.header.version,
            now: now.as_ref(),
            secrets: &secrets,
            readers: &target.readers,
            on_misread,
        };
        match &now {
            Some(now) if request.rebuild || layout.is_lost_in(now) => Some(sources.rebuilt()),
            // An earlier state has other lines, which were not lost.
            Some(_) if request.at.is_some() => None,
            _ => sources.base(),
        }
    });
    let layout_version = base.as_ref().map(|base| base.layout);
    let put_back = base.as_ref().and_then(|base| base.put_back);
    let base = base.map(|base| base.env);
    if until.is_none()
        && let Some(text) = base.as_ref().or(now.as_ref())
    {
        // Those that the caller may not touch are not opened.
        let reach = &session.settings.reach;
        let shared = SharedSecrets::new(vault, &config, Some(project), linked).within(reach);
        secrets.extend(outdated(reach, &shared, text, &secrets, base.is_some()));
    }
    target.path = file;
    target.on_misread = on_misread;
    target.named = request.to.is_some();
    if request.to.is_some() {
        target.project = None;
    }
    target.base = base;
    target.earlier = layout.as_ref().map(|(layout, _)| layout.env.clone());
    let writes: Vec<Write<'_>> = secrets
        .iter()
        .map(|(key_path, entry, name)| Write {
            key_path,
            draft: Draft {
                // Only an earlier state makes new versions: what is the newest is not stored again.
                origin: Origin::Rollback,
                ..Draft::from_entry(entry, session.now())
            },
            env_name: Some(name.clone()),
            moved_from: None,
        })
        .collect();
    let outcomes = if request.to.is_some() {
        // A copy elsewhere is no reason to change the vault, whatever state it shows.
        order::write_copy(session, &writes, &target, request.dry_run)?
    } else {
        order::carry_out(session, &writes, Some(&target), request.dry_run)?
    };
    if !request.dry_run {
        for (key_path, entry, _) in &secrets {
            session.note_read("restore", key_path, entry.header.version);
        }
    }
    // The others are back by now.
    if let Some(error) = unreadable {
        return Err(session.interrupted(Finish::Repeat, error));
    }
    if until.is_none() {
        session
            .check_none_gone(|key_path| key_path.project() == Some(project))
            .map_err(|error| session.interrupted(Finish::Repeat, error))?;
    }
    Ok(Report {
        project: project.clone(),
        rebuilt: target.base.is_some() && put_back.is_none(),
        lines_restored: put_back.unwrap_or(0),
        layout: layout_version,
        secrets: report(session, &secrets, outcomes),
        file: target.path,
        dry_run: request.dry_run,
    })
}

type Secret = (KeyPath, Entry, EnvName);

fn report(session: &Session<'_>, secrets: &[Secret], outcomes: Vec<Outcome>) -> Vec<Item> {
    secrets
        .iter()
        .zip(outcomes)
        .map(|((key_path, entry, name), outcome)| {
            let compares = session.settings.reach.compares(key_path);
            Item {
                key_path: key_path.clone(),
                name: name.to_string(),
                // A copy has no outcome in the vault.
                version: match compares {
                    true => outcome.version.max(entry.header.version),
                    false => entry.header.version,
                },
                change: match compares {
                    true => outcome.env,
                    false => outcome.env.without_comparison(),
                },
                line: outcome.line,
                found_version: outcome.found.filter(|_| compares),
            }
        })
        .collect()
}

/// The project's secrets that belong in an env file, as they are or as they were, and the error of
/// the first one that cannot be read.
fn secrets(
    session: &Session<'_>,
    project: &OwnerName,
    until: Option<Timestamp>,
) -> Result<(Vec<Secret>, Option<Error>)> {
    let vault = session.vault()?;
    let (secrets, damaged) = match until {
        None => {
            let readable = session.readable_secrets(vault, project)?;
            (readable.secrets, readable.damaged)
        }
        Some(until) => (session.secrets_at(project, until)?, Vec::new()),
    };
    let mut wanted = Vec::with_capacity(secrets.len());
    for (key_path, newest) in secrets {
        let entry = before_found(vault, &key_path, newest)?;
        let name = entry.header.env_name.as_deref().map(EnvName::existing);
        if let Some(Ok(name)) = name {
            wanted.push((key_path, entry, name));
        }
    }
    Ok((wanted, damaged.into_iter().next().map(|one| one.error)))
}

/// Secrets of others that the file has and that have newer values. One of another project is its
/// own affair, but where the whole file is made again from a text that has the old value.
fn outdated(
    reach: &Reach,
    shared: &SharedSecrets<'_>,
    text: &EnvFile,
    own: &[Secret],
    rebuilds: bool,
) -> Vec<Secret> {
    let own: BTreeSet<&str> = own.iter().map(|(_, _, name)| name.as_str()).collect();
    let names: BTreeSet<&str> = text.assignments().map(|one| one.name()).collect();
    names
        .difference(&own)
        .filter_map(|name| {
            let value = text.get(name)?.value()?;
            let other = shared.find(name, Some(&value))?;
            // Without a comparison it is written in any case.
            let may_differ = !other.agrees || !reach.compares(other.key_path);
            let wanted = may_differ && (rebuilds || other.key_path.project().is_none());
            let name = EnvName::existing(*name).ok().filter(|_| wanted)?;
            Some((other.key_path.clone(), other.newest.clone(), name))
        })
        .collect()
}

/// A value that only the file had is kept as a version before the one that takes its place. If it
/// is the newest, a run was stopped between the two: then the version before it says what the
/// vault has, or the file would be restored from itself.
fn before_found(vault: &OpenVault, key_path: &KeyPath, newest: Entry) -> Result<Entry> {
    if newest.header.origin != Origin::Found {
        return Ok(newest);
    }
    let versions = vault.vault().versions(key_path)?;
    for &version in versions.iter().rev() {
        if version < newest.header.version {
            let entry = vault.read(key_path, version)?;
            if entry.header.origin != Origin::Found && !entry.header.removed {
                return Ok(entry);
            }
        }
    }
    Ok(newest)
}

/// The layout of that time; snapshots of mangled files are only found by their version.
fn find_layout(
    vault: &OpenVault,
    project: &OwnerName,
    at: Option<At>,
) -> Result<Option<(Layout, Entry)>> {
    let versions = vault.vault().layout_versions(project)?;
    if let Some(At::Version(version)) = at
        && !versions.contains(&version)
    {
        return Err(Error::LayoutNotFound {
            project: project.clone(),
            version,
            newest: versions.last().copied(),
        });
    }
    match at {
        Some(At::Version(version)) => Ok(vault
            .layout(project, version)?
            .and_then(|entry| Some((Layout::parse(entry.value()?)?, entry)))),
        Some(At::Time(time)) => {
            Layout::newest_that(vault, project, |entry| entry.header.created <= time)
        }
        None => Layout::newest(vault, project),
    }
}
