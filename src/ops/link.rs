//! `link`, `unlink`, `projects`: which env file a project has.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{ReadersFrom, Session};
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
    /// The file that symbolic links lead to, if it is another path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<PathBuf>,
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
    session: &Session<'_>,
    project: &OwnerName,
    path: &Path,
    allow_tracked: bool,
    dry_run: bool,
) -> Result<Report> {
    session.check_project(project)?;
    let env_file = session.env_file_at(path)?;
    let before = match dry_run {
        true => linked(session, project)?,
        false => session.link(project, &env_file, allow_tracked)?,
    };
    // An error in the rest of the configuration is no reason to fail: the link is made.
    let config = session.config().unwrap_or_default();
    let shared_with = config
        .projects_at(&env_file)
        .filter(|other| *other != project)
        .cloned()
        .collect();
    Ok(Report {
        project: project.clone(),
        exists: fs::exists(&env_file)?,
        target: fs::find_real(&env_file)
            .ok()
            .filter(|real| *real != env_file),
        before: before.filter(|before| *before != env_file),
        shared_with,
        env_file,
        dry_run,
    })
}

/// Removes a link; `None` if there was none.
pub fn unlink(session: &Session<'_>, project: &OwnerName, dry_run: bool) -> Result<Option<Report>> {
    session.check_project(project)?;
    let before = match dry_run {
        true => linked(session, project)?,
        // Nothing is created in order to take something out of it.
        false if !fs::exists(&session.settings.config_file)? => None,
        false => session.edit_config(|config, wait| config::unlink(config, project, wait))?,
    };
    before
        .map(|env_file| {
            Ok(Report {
                project: project.clone(),
                exists: fs::exists(&env_file)?,
                target: None,
                before: None,
                shared_with: Vec::new(),
                env_file,
                dry_run,
            })
        })
        .transpose()
}

/// The env file that a project is linked to now.
fn linked(session: &Session<'_>, project: &OwnerName) -> Result<Option<PathBuf>> {
    Ok(session.config()?.env_file(project).map(Path::to_owned))
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
pub fn projects(session: &Session<'_>) -> Result<Vec<Project>> {
    session
        .config()?
        .links()
        .iter()
        .filter(|link| session.settings.reach.allows_project(&link.project))
        .map(|link| {
            let (readers, readers_from) = session.readers(Some(&link.project), &link.file)?;
            Ok(Project {
                project: link.project.clone(),
                env_file: link.file.clone(),
                exists: fs::exists(&link.file)?,
                readers: readers.iter().map(|reader| reader.to_string()).collect(),
                readers_from,
            })
        })
        .collect()
}
