//! `rotate`: a new value in the place of an old one, in the vault and then in every linked env file
//! that has it.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::order::{self, EnvChange, Target, Write};
use super::store::{self, Provenance, Report as Stored, Request};
use super::{Context, generate};
use crate::env_file::{EnvName, OnMisread};
use crate::error::{Error, Result};
use crate::model::entry::{Entry, Origin};
use crate::model::generate::Recipe;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::config::Config;
use crate::storage::env_disk;
use crate::storage::vault::{Draft, OpenVault};

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The secret itself.
    #[serde(flatten)]
    pub stored: Stored,
    /// The recipe by which the new value was generated; absent if it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// Other linked env files that had the old value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
}

/// Another env file that had the old value.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Also {
    /// The file.
    pub file: PathBuf,
    /// The variable.
    pub name: String,
    /// The secret of that project, if it has one of its own for the variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_path: Option<KeyPath>,
    /// What happened.
    pub change: EnvChange,
    /// The line of the variable; only of a dry run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
}

/// A rotation that was checked.
pub struct Prepared<'a> {
    context: &'a Context<'a>,
    prepared: store::Prepared<'a>,
    recipe: Option<Recipe>,
    old: Entry,
    key_path: KeyPath,
    dry_run: bool,
    on_misread: OnMisread,
    only: Option<Vec<OwnerName>>,
}

/// Checks everything that can be checked without the new value. Writes nothing.
pub fn prepare<'a>(context: &'a Context<'a>, mut request: Request) -> Result<Prepared<'a>> {
    let key_path = request.key_path.clone();
    let dry_run = request.dry_run;
    let on_misread = if request.allow_misread {
        OnMisread::Allow
    } else {
        OnMisread::Refuse
    };
    let Some(old) = context.open_vault()?.read_newest(&key_path)? else {
        return Err(Error::EntryNotFound(key_path));
    };
    request.unlinked_is_fine = true;
    if request.env_file.is_none() && old.header.env_name.is_none() {
        // It was kept out of env files; a new value is no reason to put it there.
        request.no_env = true;
    }
    let prepared = store::prepare(context, request)?;
    if old.header.removed {
        return Err(super::removed(key_path, &old.header));
    }
    Ok(Prepared {
        context,
        prepared,
        recipe: old
            .header
            .recipe
            .as_deref()
            .and_then(|text| text.parse().ok()),
        old,
        key_path,
        dry_run,
        on_misread,
        only: None,
    })
}

impl Prepared<'_> {
    /// Whether the new value can be made by the recipe of the old one.
    pub fn has_recipe(&self) -> bool {
        self.recipe.is_some()
    }

    /// Leaves the env files of all other projects alone, even if they have the old value.
    pub fn only(&mut self, projects: Vec<OwnerName>) {
        self.only = Some(projects);
    }

    /// Stores the new value: the one given, or one by the recipe.
    pub fn run(self, given: Option<SecretBytes>) -> Result<Report> {
        let (value, recipe) = match (given, self.recipe) {
            (Some(value), _) => {
                crate::model::value::check_size(&value)?;
                store::check_given(self.context, &value)?;
                (value, None)
            }
            (None, Some(recipe)) => (generate::random(&recipe)?, Some(recipe)),
            (None, None) => return Err(Error::NoRecipe(self.key_path)),
        };
        let provenance = Provenance {
            origin: Origin::Rotate,
            recipe,
        };
        let context = self.context;
        // Before anything is stored: what fails here has changed nothing.
        let vault = context.open_vault()?;
        let config = context.config()?;
        let stored = self.prepared.store(value, provenance)?;
        let elsewhere = Elsewhere {
            context,
            vault: &vault,
            config: &config,
            key_path: &self.key_path,
            old: &self.old,
            version: stored.version,
            own_file: stored.env.file.as_deref(),
            on_misread: self.on_misread,
            dry_run: self.dry_run,
            only: self.only.as_deref(),
        };
        let also = elsewhere.patch()?;
        Ok(Report {
            stored,
            recipe: recipe.map(|recipe| recipe.to_string()),
            also,
        })
    }
}

/// The linked env files besides the secret's own.
struct Elsewhere<'a> {
    context: &'a Context<'a>,
    vault: &'a OpenVault,
    config: &'a Config,
    key_path: &'a KeyPath,
    old: &'a Entry,
    /// The version that holds the new value.
    version: Version,
    own_file: Option<&'a Path>,
    on_misread: OnMisread,
    /// Only says which files they are.
    dry_run: bool,
    /// The projects whose env files may be touched; `None`: all.
    only: Option<&'a [OwnerName]>,
}

impl Elsewhere<'_> {
    /// Patches every file that gives the variable the old value, or an older one. A project that
    /// has a secret of its own for it gets a new version of that first.
    fn patch(&self) -> Result<Vec<Also>> {
        let name = match &self.old.header.env_name {
            Some(name) => name.clone(),
            None => self.key_path.env_name(),
        };
        let Ok(name) = EnvName::existing(name) else {
            return Ok(Vec::new());
        };
        let mut also = Vec::new();
        for (project, file) in self.config.links() {
            let may_touch = self.only.is_none_or(|only| only.contains(project));
            if Some(file) == self.own_file || !may_touch {
                continue;
            }
            let patched = self.patch_one(project, file, &name);
            also.extend(patched.map_err(|source| self.behind(file, source))?);
        }
        Ok(also)
    }

    /// The vault has the new value, and this file does not.
    fn behind(&self, file: &Path, source: Error) -> Error {
        match source {
            source @ Error::EnvBehind { .. } => source,
            source => Error::EnvBehind {
                key_path: self.key_path.clone(),
                version: self.version,
                file: file.to_owned(),
                named: true,
                removal: false,
                source: Box::new(source),
            },
        }
    }

    /// Patches one file, if it gives the variable the old value.
    fn patch_one(&self, project: &OwnerName, file: &Path, name: &EnvName) -> Result<Option<Also>> {
        let (readers, _) = self.context.readers(self.config, Some(project), file);
        let there = env_disk::read(file)?.and_then(|env| {
            let assignment = env.get(name.as_str())?;
            Some((assignment.value_for(&readers)?, assignment.line()))
        });
        let newest = self.vault.read_newest(self.key_path)?;
        let (Some(newest), Some((there, line))) = (newest, there) else {
            return Ok(None);
        };
        // Also an older one: a rotation that was stopped half-way is run again, and what was the
        // old value then is an older one now.
        let is_new = newest.value() == Some(&there) && !self.dry_run;
        if is_new || self.vault.find_value(self.key_path, &there)?.is_none() {
            return Ok(None);
        }
        let theirs = self
            .context
            .live_secrets(self.vault, project)?
            .into_iter()
            .find(|(_, entry)| entry.header.env_name.as_deref() == Some(name.as_str()));
        if self.dry_run {
            return Ok(Some(Also {
                file: file.to_owned(),
                name: name.to_string(),
                key_path: theirs.map(|(key_path, _)| key_path),
                change: EnvChange::Replaced,
                line: Some(line),
            }));
        }
        let again = |entry: &Entry| Draft::again(entry, self.context.now());
        let (key_path, draft) = match &theirs {
            Some((key_path, entry)) => (
                key_path,
                Draft {
                    content: newest.content.clone(),
                    origin: Origin::Rotate,
                    ..again(entry)
                },
            ),
            None => (self.key_path, again(&newest)),
        };
        let target = Target {
            path: file.to_owned(),
            readers,
            on_misread: self.on_misread,
            named: true,
            project: Some(project.clone()),
            base: None,
            as_it_is: None,
        };
        let write = Write {
            key_path,
            draft,
            env_name: Some(name.clone()),
        };
        let writes = std::slice::from_ref(&write);
        let outcomes =
            order::vault_then_env(self.context, self.vault, writes, Some(&target), || Ok(()))?;
        Ok(Some(Also {
            file: target.path,
            name: name.to_string(),
            key_path: theirs.as_ref().map(|(key_path, _)| key_path.clone()),
            change: outcomes
                .first()
                .map_or(EnvChange::Unchanged, |outcome| outcome.env),
            line: None,
        }))
    }
}
