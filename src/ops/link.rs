//! `link`, `unlink`, `projects`: which env file a project has.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, ReadersFrom};
use crate::config;
use crate::error::Result;
use crate::fs;
use crate::key_path::OwnerName;

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
}

/// Links a project to an env file: a file, or a directory that holds (or will hold) `.env`.
pub fn link(context: &Context<'_>, project: &OwnerName, path: &Path) -> Result<Report> {
    let env_file = context.env_file_at(path)?;
    let before = config::link(&context.config, project, &env_file, context.wait)?;
    Ok(Report {
        project: project.clone(),
        exists: fs::exists(&env_file)?,
        before: before.filter(|before| *before != env_file),
        env_file,
    })
}

/// Forgets a link; `None` if there was none.
pub fn unlink(context: &Context<'_>, project: &OwnerName) -> Result<Option<Report>> {
    let before = config::unlink(&context.config, project, context.wait)?;
    before
        .map(|env_file| {
            Ok(Report {
                project: project.clone(),
                exists: fs::exists(&env_file)?,
                before: None,
                env_file,
            })
        })
        .transpose()
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
