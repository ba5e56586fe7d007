//! `link`, `unlink`, `projects`: which env file a project has.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, ReadersFrom};
use crate::error::Result;
use crate::model::key_path::OwnerName;
use crate::storage::config;
use crate::storage::fs;

/// One link.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The project.
    pub project: OwnerName,
    /// Its env file, absolute.
    pub env_file: PathBuf,
    /// Whether the file is there now.
    pub exists: bool,
    /// The file that it was linked to before, if that was another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<PathBuf>,
    /// Other projects that are linked to the same file. To each of them the secrets of the others
    /// are variables that are in no vault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shared_with: Vec<OwnerName>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Links a project to an env file: a file, or a directory that holds (or will hold) `.env`.
pub fn link(
    context: &Context<'_>,
    project: &OwnerName,
    path: &Path,
    dry_run: bool,
) -> Result<Report> {
    let env_file = context.env_file_at(path)?;
    let before = match dry_run {
        true => linked(context, project)?,
        false => config::link(&context.config, project, &env_file, context.wait)?,
    };
    // What the rest of the configuration says is no reason to fail: the link is made.
    let config = context.config().unwrap_or_default();
    let real = |file: &Path| fs::find_real(file).ok();
    let file = real(&env_file);
    let same = |other: &Path| other == env_file || file.is_some() && real(other) == file;
    let shared_with = config
        .links()
        .filter(|(other, linked)| *other != project && same(linked))
        .map(|(other, _)| other.clone())
        .collect();
    Ok(Report {
        project: project.clone(),
        exists: fs::exists(&env_file)?,
        before: before.filter(|before| *before != env_file),
        shared_with,
        env_file,
        dry_run,
    })
}

/// Forgets a link; `None` if there was none.
pub fn unlink(context: &Context<'_>, project: &OwnerName, dry_run: bool) -> Result<Option<Report>> {
    let before = match dry_run {
        true => linked(context, project)?,
        // Nothing is made in order to take something out of it.
        false if !fs::exists(&context.config)? => None,
        false => config::unlink(&context.config, project, context.wait)?,
    };
    before
        .map(|env_file| {
            Ok(Report {
                project: project.clone(),
                exists: fs::exists(&env_file)?,
                before: None,
                shared_with: Vec::new(),
                env_file,
                dry_run,
            })
        })
        .transpose()
}

/// The env file that a project is linked to now.
fn linked(context: &Context<'_>, project: &OwnerName) -> Result<Option<PathBuf>> {
    Ok(context.config()?.env_file(project).map(Path::to_owned))
}

/// A project as `projects` shows it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// The project.
    pub project: OwnerName,
    /// Its env file, absolute.
    pub env_file: PathBuf,
    /// Whether the file is there now.
    pub exists: bool,
    /// What reads the file, by the readers' ids. Values are written so that all of them read them.
    pub readers: Vec<String>,
    /// How that is known.
    pub readers_from: ReadersFrom,
}

/// All links, in order of the projects' names.
pub fn projects(context: &Context<'_>) -> Result<Vec<Project>> {
    let config = context.config()?;
    config
        .links()
        .map(|(project, env_file)| {
            let (readers, readers_from) = context.readers(&config, Some(project), env_file);
            Ok(Project {
                project: project.clone(),
                env_file: env_file.to_owned(),
                exists: fs::exists(env_file)?,
                readers: readers.iter().map(|reader| reader.to_string()).collect(),
                readers_from,
            })
        })
        .collect()
}
