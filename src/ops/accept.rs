//! `accept`: the env file as it is now is what `restore` brings back from now on.
//!
//! A file that lost a variable, or more than a fifth of its lines, never becomes the layout by
//! itself: the lines may be lost, or taken out on purpose. Here somebody says that they were taken
//! out. The older layouts stay.
//!
//! Limits: secrets stay in the vault. One whose variable is not in the file is still missing there.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::layout::Layout;
use crate::env_file::EnvName;
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;

/// What was done.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The project.
    pub project: OwnerName,
    /// Its env file.
    pub file: PathBuf,
    /// The version of the layout that has the file as it is; absent in a dry run that would make
    /// one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Version>,
    /// Whether the newest layout was like the file already.
    pub unchanged: bool,
    /// How many lines of the layout before are given up.
    pub lines: usize,
    /// Variables of the layout before that are given up.
    pub variables: Vec<String>,
    /// Secrets of the project that the file does not have.
    pub missing: Vec<KeyPath>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Keeps the project's env file as its layout.
///
/// # Errors
/// If the project has no env file, or if the file is absent or empty.
pub fn run(session: &Session<'_>, project: &OwnerName, dry_run: bool) -> Result<Report> {
    session.check_project(project)?;
    let vault = session.vault()?;
    let secrets = session.readable_secrets(vault, project)?.with_damaged();
    let config = session.config()?;
    let file = config
        .env_file(project)
        .ok_or_else(|| Error::NotLinked(project.clone()))?;
    session.check_env_file(file)?;
    let env = session.read_env(file)?;
    let Some(env) = env.filter(|env| !env.text().is_empty()) else {
        return Err(Error::EnvFile {
            path: file.to_owned(),
            problem: EnvFileProblem::Absent,
        });
    };
    let names = secrets.iter().filter_map(|(key_path, entry)| {
        let name = entry.header.env_name.as_deref()?;
        Some((key_path, EnvName::existing(name).ok()?))
    });
    let (there, missing): (Vec<_>, Vec<_>) =
        names.partition(|(_, name)| env.get(name.as_str()).is_some());
    let layout = Layout {
        vaulted: there.iter().map(|(_, name)| name.to_string()).collect(),
        env,
    };
    let known = Layout::newest(vault, project)?;
    let losses = known
        .as_ref()
        .map(|(known, _)| layout.env.losses_since(&known.env))
        .unwrap_or_default();
    let mut variables = Vec::new();
    for lost in &losses.assignments {
        let shown = known
            .as_ref()
            .map(|(known, _)| known.env.shown_name(&lost.name));
        variables.extend(shown.map(|name| name.to_string()));
    }
    let unchanged = known
        .as_ref()
        .is_some_and(|(known, _)| known.is_like(&layout));
    let version = known.as_ref().map(|(_, entry)| entry.header.version);
    let version = match (unchanged, dry_run) {
        (true, _) => version,
        (false, true) => None,
        (false, false) => {
            layout.keep_whole(known, session, project)?;
            vault.vault().newest_layout(project)?
        }
    };
    Ok(Report {
        project: project.clone(),
        file: file.to_owned(),
        layout: version,
        unchanged,
        lines: losses.gone,
        variables,
        missing: missing
            .into_iter()
            .map(|(key_path, _)| key_path.clone())
            .collect(),
        dry_run,
    })
}
