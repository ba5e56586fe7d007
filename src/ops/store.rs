//! What `set`, `generate`, `rotate` and `rollback` share: one value of one secret into the vault,
//! and then into the env file.
//!
//! Two steps, so that a front end can find out that a value is not needed (or would not be
//! taken) before it asks for one: [`prepare`] checks everything that can be checked without the
//! value and without writing; [`Prepared::store`] takes the value.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::order::{self, EnvChange, Outcome, Target, VaultChange, Write};
use super::{Context, FirstUse, Notice};
use crate::env_file::{EnvName, OnMisread};
use crate::error::{Error, Result};
use crate::model::description::{self, Description, DescriptionError};
use crate::model::entry::{Content, Entry, Origin};
use crate::model::generate::Recipe;
use crate::model::key_path::{KeyPath, OwnerName, Scope};
use crate::model::secret::SecretBytes;
use crate::model::value;
use crate::model::version::Version;
use crate::storage::config::{self, Config};
use crate::storage::env_disk;
use crate::storage::vault::{Draft, OpenVault};

/// What to store, but for the value.
#[derive(Debug, Clone)]
pub struct Request {
    /// The secret.
    pub key_path: KeyPath,
    /// What it is for; absent: as before.
    pub description: Option<String>,
    /// The env file; absent: the one that the project is linked to.
    pub env_file: Option<PathBuf>,
    /// The variable; absent: as before, or after the key path.
    pub env_name: Option<EnvName>,
    /// Keep it out of env files.
    pub no_env: bool,
    /// Do without the env file if the project is not linked to one.
    pub unlinked_is_fine: bool,
    /// After how many days it should be rotated; absent: as before.
    pub every_days: Option<u32>,
    /// Write to the env file even if one of its readers would misread the value.
    pub allow_misread: bool,
    /// Change nothing, say what would change.
    pub dry_run: bool,
}

impl Request {
    /// A request that says nothing but the key path.
    pub fn new(key_path: KeyPath) -> Self {
        Self {
            key_path,
            description: None,
            env_file: None,
            env_name: None,
            no_env: false,
            unlinked_is_fine: false,
            every_days: None,
            allow_misread: false,
            dry_run: false,
        }
    }
}

/// What was done. The shape of `set --json`, `generate --json` and `rotate --json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret.
    pub key_path: KeyPath,
    /// Its newest version.
    pub version: Version,
    /// What happened to the vault.
    pub vault: VaultChange,
    /// What happened to the env file.
    pub env: EnvReport,
    /// The version that keeps the value which was found in the env file and in no version.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_version: Option<Version>,
    /// The variable that the secret had before, if the env file still has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_name: Option<String>,
    /// The project that was linked to the env file on the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linked: Option<OwnerName>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// What happened to the env file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnvReport {
    /// The file; null if there is none for this secret.
    pub file: Option<PathBuf>,
    /// The variable.
    pub name: Option<String>,
    /// What happened to it.
    pub change: EnvChange,
    /// Its line; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

impl EnvReport {
    /// No env file is concerned.
    pub(super) fn none() -> Self {
        Self {
            file: None,
            name: None,
            change: EnvChange::Skipped,
            line: None,
        }
    }

    pub(super) fn new(target: Option<Target>, name: Option<EnvName>, outcome: &Outcome) -> Self {
        Self {
            file: target.map(|target| target.path),
            name: name.map(|name| name.to_string()),
            change: outcome.env,
            line: outcome.line,
        }
    }
}

/// A request that was checked and waits for its value.
pub struct Prepared<'a> {
    context: &'a Context<'a>,
    request: Request,
    vault: Option<OpenVault>,
    newest: Option<Entry>,
    env_name: Option<EnvName>,
    old_name: Option<String>,
    target: Option<Target>,
    link: Option<(OwnerName, PathBuf)>,
}

/// Where a value came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Provenance {
    pub(super) origin: Origin,
    pub(super) recipe: Option<Recipe>,
}

/// Checks everything that can be checked without the value. Writes nothing.
pub(super) fn prepare<'a>(context: &'a Context<'a>, request: Request) -> Result<Prepared<'a>> {
    let key_path = &request.key_path;
    let description = request
        .description
        .as_deref()
        .map(|text| Description::new(text, key_path, None))
        .transpose()?;
    let config = context.config()?;
    let (target, link) = find_target(context, &config, &request)?;

    let vault = match context.first_use()? {
        FirstUse::No(vault) => Some(context.unlock(*vault)?),
        FirstUse::Yes => None,
    };
    let newest = match &vault {
        Some(vault) => vault.read_newest(key_path)?,
        None => None,
    };
    if description.is_none() && newest.is_none() {
        return Err(Error::DescriptionMissing(key_path.clone()));
    }
    if let (None, false, Some(project)) = (&target, request.no_env, key_path.project())
        && let Some(name) = newest
            .as_ref()
            .and_then(|entry| entry.header.env_name.as_deref())
    {
        context.notice(Notice::NotLinked { project, name });
    }
    let env_name = match (&target, &request.env_name) {
        (None, _) => None,
        (Some(_), Some(name)) => Some(name.clone()),
        (Some(_), None) => {
            let before = newest
                .as_ref()
                .and_then(|entry| entry.header.env_name.clone());
            let name = before.unwrap_or_else(|| key_path.env_name());
            Some(EnvName::try_new(name).map_err(|error| Error::EnvName(error.to_string()))?)
        }
    };
    let mut old_name = None;
    if let Some(target) = &target {
        // Says now what would be wrong with the file; it is read again under the lock.
        let env = env_disk::read(&target.path)?;
        let has = |name: &str| env.as_ref().is_some_and(|env| env.get(name).is_some());
        let is_there = |name: &EnvName| has(name.as_str());
        old_name = newest
            .as_ref()
            .and_then(|entry| entry.header.env_name.clone())
            .filter(|old| env_name.as_ref().is_some_and(|name| name.as_str() != old) && has(old));
        // Looking at every secret of the project is worth it only where two could have one name.
        if let (Some(vault), Some(name), Some(project)) = (&vault, &env_name, key_path.project())
            && (request.env_name.is_some() || newest.is_none() && is_there(name))
        {
            let other = context
                .live_secrets(vault, project)?
                .into_iter()
                .find(|(other, entry)| {
                    other != key_path && entry.header.env_name.as_deref() == Some(name.as_str())
                });
            if let Some((other, _)) = other {
                return Err(Error::EnvNameTaken {
                    name: name.to_string(),
                    other,
                });
            }
        }
    }
    Ok(Prepared {
        context,
        vault,
        newest,
        env_name,
        old_name,
        target,
        link,
        request,
    })
}

/// [`prepare`] for a secret that must be there already, described or not.
pub(super) fn prepare_again<'a>(
    context: &'a Context<'a>,
    request: Request,
) -> Result<Prepared<'a>> {
    let key_path = request.key_path.clone();
    prepare(context, request).map_err(|error| match error {
        Error::DescriptionMissing(_) => Error::EntryNotFound(key_path),
        error => error,
    })
}

/// Refuses a mask in the place of a value, and tells of what may be one.
pub(super) fn check_given(context: &Context<'_>, value: &SecretBytes) -> Result<()> {
    if let Some(kind) = value::check_not_mask(value)? {
        context.notice(Notice::MayBeNoValue { kind });
    }
    Ok(())
}

type TargetAndLink = (Option<Target>, Option<(OwnerName, PathBuf)>);

/// The env file that a request is about, and the link that it makes.
pub(super) fn find_target(
    context: &Context<'_>,
    config: &Config,
    request: &Request,
) -> Result<TargetAndLink> {
    let key_path = &request.key_path;
    if request.no_env {
        return Ok((None, None));
    }
    let on_misread = if request.allow_misread {
        OnMisread::Allow
    } else {
        OnMisread::Refuse
    };
    let linked = key_path.project().and_then(|name| config.env_file(name));
    let (path, named) = match (&request.env_file, linked) {
        (Some(file), _) => (context.env_file_at(file)?, true),
        (None, Some(file)) => (file.to_owned(), false),
        (None, None) if key_path.scope() == Scope::Meta || request.unlinked_is_fine => {
            return Ok((None, None));
        }
        (None, None) => return Err(Error::NotLinked(key_path.owner().clone())),
    };
    let link = match key_path.project() {
        Some(project) if linked.is_none() => Some((project.clone(), path.clone())),
        _ => None,
    };
    let is_link = link.is_some() || linked == Some(&*path);
    // A secret that is written into somebody else's env file is a part of that file's layout.
    let owner = match key_path.project() {
        Some(project) if is_link => Some(project),
        _ => config.project_of(&path),
    };
    let target = Target {
        readers: context
            .readers(config, owner.or(key_path.project()), &path)
            .0,
        project: owner.cloned(),
        path,
        on_misread,
        named,
        base: None,
        as_it_is: None,
    };
    Ok((Some(target), link))
}

impl<'a> Prepared<'a> {
    pub(super) fn context(&self) -> &'a Context<'a> {
        self.context
    }

    /// Stores the value: in the vault, and then in the env file.
    pub(super) fn store(self, value: SecretBytes, provenance: Provenance) -> Result<Report> {
        let Self {
            context,
            request,
            vault,
            newest,
            env_name,
            old_name,
            target,
            link,
        } = self;
        let key_path = &request.key_path;
        value::check_size(&value)?;
        if target.is_some() {
            value::env_text(&value)?;
        }
        let description = match (&request.description, &newest) {
            (Some(text), _) => Description::new(text, key_path, Some(&value))?.to_string(),
            (None, Some(newest)) => {
                let kept = newest.header.description.clone();
                if description::holds_value(&kept, &value) {
                    return Err(DescriptionError::HoldsValue.into());
                }
                kept
            }
            (None, None) => return Err(Error::DescriptionMissing(key_path.clone())),
        };
        let write = Write {
            key_path,
            draft: Draft {
                content: Content::Value(value),
                description,
                env_name: match &env_name {
                    Some(name) => Some(name.to_string()),
                    None if request.no_env => None,
                    // Not in a file now, and not to be forgotten.
                    None => newest
                        .as_ref()
                        .and_then(|entry| entry.header.env_name.clone()),
                },
                recipe: provenance.recipe.map(|recipe| recipe.to_string()),
                every_days: request
                    .every_days
                    .or(newest.as_ref().and_then(|entry| entry.header.every_days)),
                origin: provenance.origin,
                moved_to: None,
                created: context.now(),
            },
            env_name: env_name.clone(),
        };
        let writes = std::slice::from_ref(&write);
        let outcomes = if request.dry_run {
            order::dry_run(vault.as_ref(), writes, target.as_ref())?
        } else {
            let vault = match vault {
                Some(vault) => vault,
                None => context.create_to_write()?,
            };
            order::vault_then_env(context, &vault, writes, target.as_ref(), || {
                if let Some((project, env_file)) = &link {
                    config::link(&context.config, project, env_file, context.wait).map_err(
                        |source| Error::LinkUnfinished {
                            project: project.clone(),
                            file: env_file.clone(),
                            source: Box::new(source),
                        },
                    )?;
                }
                Ok(())
            })?
        };
        let [outcome] = <[Outcome; 1]>::try_from(outcomes)
            .map_err(|_| Error::EntryNotFound(key_path.clone()))?;
        Ok(Report {
            key_path: key_path.clone(),
            version: outcome.version,
            vault: outcome.vault,
            env: EnvReport::new(target, env_name, &outcome),
            found_version: outcome.found,
            old_name,
            linked: link.map(|(project, _)| project),
            dry_run: request.dry_run,
        })
    }
}
