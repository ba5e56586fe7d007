//! Which env files are imported, whose they are, and what is known of their projects.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::classify::View;
use super::discover::{self, LeftOut};
use super::plan::{self, PlannedFile};
use super::{Judged, Request, Source};
use crate::env_file::file_name::is_env_file;
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::entry::Entry;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::ops::Session;
use crate::ops::shared::SharedSecrets;
use crate::storage::config::Config;
use crate::storage::fs;
use crate::storage::vault::{OpenVault, in_parallel};

/// A file to be judged.
pub(super) struct Candidate {
    pub(super) project: OwnerName,
    pub(super) path: PathBuf,
    pub(super) plan: Option<PlannedFile>,
}

/// Which files are meant, and whose they are.
pub(super) fn candidates(
    session: &Session<'_>,
    config: &Config,
    request: &Request,
) -> Result<(Vec<Candidate>, Vec<LeftOut>)> {
    let plain = |project: OwnerName, path| Candidate {
        project,
        path,
        plan: None,
    };
    let (paths, left_out) = match &request.source {
        Source::Plan(path) => {
            let planned = plan::read(path)?.files.into_iter().map(|planned| {
                Ok(Candidate {
                    project: planned.project.clone(),
                    path: session.env_file_at(&planned.env_file)?,
                    plan: Some(planned),
                })
            });
            return Ok((planned.collect::<Result<_>>()?, Vec::new()));
        }
        Source::Discover(dir) => {
            if !fs::is_dir(dir) {
                return Err(Error::io("list", dir, std::io::ErrorKind::NotADirectory));
            }
            let found = discover::find(dir)?;
            (found.files, found.left_out)
        }
        Source::Files(files) if files.is_empty() => {
            let linked = request
                .project
                .as_ref()
                .and_then(|name| config.env_file(name));
            let path = match linked {
                Some(linked) => linked.to_owned(),
                None => session.env_file_at(Path::new("."))?,
            };
            (vec![path], Vec::new())
        }
        Source::Files(files) => {
            let paths = files.iter().map(|file| session.env_file_at(file));
            (paths.collect::<Result<Vec<_>>>()?, Vec::new())
        }
    };
    let discovers = matches!(request.source, Source::Discover(_));
    let names = match (&request.project, paths.as_slice()) {
        (Some(project), [_]) if !discovers => vec![project.clone()],
        (Some(project), paths) => paths
            .iter()
            .map(|path| discover::with_suffix(project.as_str(), path))
            .collect(),
        (None, [path]) if !discovers => match config.project_of(path) {
            Some(owner) => vec![owner.clone()],
            None => {
                return Err(Error::ProjectMissing {
                    path: path.clone(),
                    proposed: discover::propose(&paths, config).swap_remove(0),
                });
            }
        },
        (None, paths) => discover::propose(paths, config),
    };
    let files = names.into_iter().zip(paths);
    Ok((
        files.map(|(name, path)| plain(name, path)).collect(),
        left_out,
    ))
}

pub(super) fn judge(
    session: &Session<'_>,
    config: &Config,
    vault: Option<&OpenVault>,
    candidate: Candidate,
    all: bool,
) -> Result<Judged> {
    let Candidate {
        project,
        path,
        plan,
    } = candidate;
    session.check_project(&project)?;
    let linked = config.env_file(&project);
    check_file(session, linked, &path)?;
    if let Some(linked) = linked
        && linked != path
    {
        return Err(Error::LinkedElsewhere {
            project,
            linked: linked.to_owned(),
            file: path,
        });
    }
    let other = config
        .projects_at(&path)
        .find(|owner| **owner != project)
        .cloned();
    if let Some(owner) = other {
        return Err(Error::LinkedToOther { file: path, owner });
    }
    let Some(env) = session.read_env(&path)? else {
        return Err(Error::EnvFile {
            path,
            problem: EnvFileProblem::Absent,
        });
    };
    if let Some(reason) = env.not_env_file() {
        return Err(Error::EnvFile {
            path,
            problem: EnvFileProblem::NotEnvFile(reason),
        });
    }
    let newest = match vault {
        Some(vault) => newest(vault, &project)?,
        None => BTreeMap::new(),
    };
    let (readers, _) = session.readers(Some(&project), &path)?;
    let variables = View {
        project: &project,
        env: &env,
        readers: &readers,
        vault,
        shared: vault.map(|vault| {
            SharedSecrets::new(vault, config, Some(&project), &path).within(&session.settings.reach)
        }),
        newest: &newest,
        all,
        plan: plan.as_ref(),
        reach: &session.settings.reach,
    }
    .variables()?;
    let vaulted = newest
        .into_values()
        .filter(|entry| !entry.header.removed)
        .filter_map(|entry| entry.header.env_name)
        .collect();
    Ok(Judged {
        linked: linked.is_some(),
        project,
        path,
        env,
        readers,
        variables,
        vaulted,
    })
}

/// Refuses a file that is not an env file of the project's own directory, to a caller that may not
/// name any other. Without a link the project's directory is the current one.
fn check_file(session: &Session<'_>, linked: Option<&Path>, path: &Path) -> Result<()> {
    if session.settings.reach.any_file || linked == Some(path) {
        return Ok(());
    }
    let dir = linked.and_then(Path::parent).unwrap_or(Path::new("."));
    let name = path.file_name().and_then(|name| name.to_str());
    let is_within =
        name.is_some_and(is_env_file) && fs::find_real(path)?.starts_with(fs::resolve(dir)?);
    match is_within {
        true => Ok(()),
        // The file is not named: a value may have been given in its place.
        false => Err(Error::OutOfReach {
            what: "a file that is not an env file below the project's directory".to_owned(),
        }),
    }
}

/// The newest version of each secret of a project that opens, tombstones included.
fn newest(vault: &OpenVault, project: &OwnerName) -> Result<BTreeMap<KeyPath, Entry>> {
    let (listed, _) = vault.list(|key_path| key_path.project() == Some(project))?;
    let entries = in_parallel(&listed, |one| {
        vault.check_not_rolled_back(&one.key_path, one.newest)?;
        vault.read_newest_intact(&one.key_path)
    });
    let mut newest = BTreeMap::new();
    for (one, entry) in listed.into_iter().zip(entries) {
        newest.extend(entry?.entry.map(|entry| (one.key_path, entry)));
    }
    Ok(newest)
}
