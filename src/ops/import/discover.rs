//! The env files below a directory, and a project's name for each.
//!
//! Links to directories are not followed, so the walk ends. A file's project is named after its
//! directory, and after what follows `.env` in its own name; a directory's parents come in front
//! where one name would be two projects'.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::env_file::file_name::{env_suffix, is_example, suffix_has};
use crate::error::Result;
use crate::model::key_path::OwnerName;
use crate::storage::config::Config;
use crate::storage::fs::{self, Kind};

/// Directories in which no project keeps its env file.
const SKIPPED_DIRS: &[&str] = &[
    "node_modules",
    "bower_components",
    "target",
    "vendor",
    "venv",
    "site-packages",
    "__pycache__",
];

/// A part of a file's name that says that it is a copy of another.
const COPIES: &[&str] = &[
    "bak", "backup", "old", "orig", "save", "swp", "swo", "tmp", "copy",
];

/// A file that was found and is not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The file.
    pub file: PathBuf,
    /// Why it is not imported.
    pub reason: String,
}

/// What was found below a directory.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    pub(super) left_out: Vec<LeftOut>,
}

/// Finds the env files below a directory, in order of their paths.
pub(super) fn find(dir: &Path) -> Result<Found> {
    let dir = fs::resolve(dir)?;
    let mut found = Found::default();
    let mut links = Vec::new();
    let mut open = vec![dir.clone()];
    while let Some(dir) = open.pop() {
        let entries = match fs::list_kinds(&dir) {
            Ok(entries) => entries.unwrap_or_default(),
            Err(error) => {
                found.left_out.push(LeftOut {
                    file: dir,
                    reason: error.to_string(),
                });
                continue;
            }
        };
        // A virtualenv, whatever its name.
        if entries.iter().any(|(name, _)| name == "pyvenv.cfg") {
            continue;
        }
        for (name, kind) in entries {
            let path = dir.join(&name);
            match kind {
                Kind::Dir if is_skipped(&name) => {}
                Kind::Dir => open.push(path),
                Kind::File | Kind::Link => match name.to_str().and_then(env_suffix) {
                    None => {}
                    Some(suffix) => match not_for_import(suffix) {
                        Some(reason) => found.left_out.push(LeftOut {
                            file: path,
                            reason: reason.to_owned(),
                        }),
                        None if kind == Kind::Link => links.push(path),
                        None => found.files.push(path),
                    },
                },
                Kind::Other => {}
            }
        }
    }
    for link in links {
        let reason = match fs::find_real(&link) {
            Ok(real) if found.files.contains(&real) => "a link to a file that is in the list",
            Ok(_) => {
                found.files.push(link);
                continue;
            }
            Err(_) => "a link that does not lead to a file of yours",
        };
        found.left_out.push(LeftOut {
            file: link,
            reason: reason.to_owned(),
        });
    }
    found.files.sort_unstable();
    found.left_out.sort_unstable_by(|a, b| a.file.cmp(&b.file));
    Ok(found)
}

fn is_skipped(dir: &OsStr) -> bool {
    dir.to_str().is_some_and(|name| {
        SKIPPED_DIRS.contains(&name)
            || matches!(
                name,
                ".git" | ".hg" | ".svn" | ".tox" | ".nox" | ".venv" | ".direnv"
            )
    })
}

fn not_for_import(suffix: &str) -> Option<&'static str> {
    if suffix.ends_with('~') || suffix_has(suffix, COPIES) {
        Some("a copy")
    } else if is_example(suffix) {
        Some("an example")
    } else if suffix == ".vault" {
        Some("encrypted already")
    } else {
        None
    }
}

/// A project for each file: the one that it is linked to, else one named after its directory.
pub(super) fn propose(files: &[PathBuf], config: &Config) -> Vec<OwnerName> {
    let linked: BTreeMap<&Path, &OwnerName> = config
        .links()
        .iter()
        .map(|link| (link.file.as_path(), &link.project))
        .collect();
    let taken: BTreeSet<&OwnerName> = linked.values().copied().collect();
    let mut parents = vec![1; files.len()];
    let mut names: Vec<OwnerName> = Vec::new();
    // Each round puts one more directory in front of the names that are not one project's.
    for _ in 0..8 {
        names = files
            .iter()
            .zip(&parents)
            .map(|(file, &parents)| match linked.get(file.as_path()) {
                Some(&name) => name.clone(),
                None => name_of(file, parents),
            })
            .collect();
        let doubtful = |index: usize| {
            let name = &names[index];
            !linked.contains_key(files[index].as_path())
                && (taken.contains(name) || names.iter().filter(|other| *other == name).count() > 1)
        };
        let doubtful: Vec<usize> = (0..files.len()).filter(|&index| doubtful(index)).collect();
        if doubtful.is_empty() {
            return names;
        }
        for index in doubtful {
            parents[index] += 1;
        }
    }
    // Directories that cannot be told apart by name: number them.
    let mut used: BTreeSet<OwnerName> = taken.into_iter().cloned().collect();
    for (name, file) in names.iter_mut().zip(files) {
        if linked.contains_key(file.as_path()) {
            continue;
        }
        let mut number = 1;
        let first = name.clone();
        while !used.insert(name.clone()) {
            number += 1;
            *name = tidy(&format!("{first}-{number}")).unwrap_or_else(|| first.clone());
            if number > files.len() + used.len() {
                break;
            }
        }
    }
    names
}

/// A name from the last directories on the way to a file and from what follows `.env`.
fn name_of(file: &Path, parents: usize) -> OwnerName {
    let dir = file.parent().unwrap_or(Path::new(""));
    let parts: Vec<&str> = dir
        .components()
        .filter_map(|part| match part {
            std::path::Component::Normal(part) => part.to_str(),
            _ => None,
        })
        .collect();
    let from = parts.len().saturating_sub(parents);
    let base = tidy(&parts[from..].join("-"));
    let base = base.map_or_else(|| "project".to_owned(), |base| base.to_string());
    with_suffix(&base, file)
}

/// A project's name for one of its env files: `consilio-production` for `.env.production`.
pub(super) fn with_suffix(base: &str, file: &Path) -> OwnerName {
    let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
    let suffix = env_suffix(name)
        .unwrap_or_default()
        .trim_matches(['.', '-', '_']);
    let whole = if suffix.is_empty() {
        base.to_owned()
    } else {
        format!("{base}-{suffix}")
    };
    [&whole, base, "project"]
        .into_iter()
        .find_map(tidy)
        .unwrap_or_else(|| unreachable!("\"project\" is a project's name"))
}

fn tidy(text: &str) -> Option<OwnerName> {
    match text.parse::<OwnerName>() {
        Ok(name) => Some(name),
        Err(error) => error.nearest()?.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for file in files {
            let path = dir.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "A=1\n").unwrap();
        }
        dir
    }

    #[test]
    fn env_files_are_found_and_what_is_none_is_not() {
        let dir = tree(&[
            "consilio/.env",
            "consilio/.env.production",
            "consilio/.env.example",
            "consilio/.env.production.sample",
            "consilio/.env~",
            "consilio/.env.bak",
            "consilio/.envrc",
            "consilio/.environment",
            "consilio/node_modules/x/.env",
            "consilio/vendor/x/.env",
            "consilio/target/.env",
            "consilio/.git/.env",
            "py/env/pyvenv.cfg",
            "py/env/.env",
            "py/src/.env.local",
        ]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
            std::os::unix::fs::symlink("consilio/.env", dir.path().join(".env")).unwrap();
            std::os::unix::fs::symlink("absent", dir.path().join(".env.test")).unwrap();
        }
        let found = find(dir.path()).unwrap();
        let base = fs::resolve(dir.path()).unwrap();
        let shown = |path: &Path| path.strip_prefix(&base).unwrap().display().to_string();
        let files: Vec<String> = found.files.iter().map(|file| shown(file)).collect();
        assert_eq!(
            files,
            [
                "consilio/.env",
                "consilio/.env.production",
                "py/src/.env.local"
            ]
        );
        let left_out: Vec<String> = found.left_out.iter().map(|one| shown(&one.file)).collect();
        assert!(left_out.contains(&"consilio/.env.example".to_owned()));
        assert!(left_out.contains(&"consilio/.env~".to_owned()));
        #[cfg(unix)]
        assert!(
            left_out.contains(&".env".to_owned()) && left_out.contains(&".env.test".to_owned())
        );
    }

    #[test]
    fn every_file_gets_a_project_of_its_own() {
        let files: Vec<PathBuf> = [
            "/sv/Consilio App/.env",
            "/sv/Consilio App/.env.production",
            "/sv/odin/api/.env",
            "/sv/thor/api/.env",
            "/sv/___/.env",
            "/.env",
        ]
        .iter()
        .map(PathBuf::from)
        .collect();
        let names = propose(&files, &Config::default());
        let names: Vec<&str> = names.iter().map(OwnerName::as_str).collect();
        assert_eq!(names[2..4], ["odin-api", "thor-api"]);
        assert_eq!(
            names.iter().collect::<BTreeSet<_>>().len(),
            names.len(),
            "{names:?}"
        );
        assert!(names[1].ends_with("-production"), "{names:?}");
    }
}
