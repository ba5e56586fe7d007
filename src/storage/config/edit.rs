//! Changes of the configuration: links, and variables that are no secrets.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use super::{MAX_CONFIG, text_of};
use crate::error::{Done, Error, Finish, Interrupted, Result, line_at};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::line_ends;
use crate::model::secret::SecretBytes;
use crate::storage::fs;

/// What an edit of the configuration gave.
#[derive(Debug)]
pub struct Edited<R> {
    /// What the edit returns.
    pub result: R,
    /// Whether the file was changed.
    pub changed: bool,
}

/// A link that is made.
#[derive(Debug, Clone, Copy)]
pub struct NewLink<'a> {
    /// The env file, absolute.
    pub file: &'a Path,
    /// Where it leads, if that is outside of the project's directory.
    pub target: Option<&'a Path>,
    /// Whether values may be written to it although git tracks it; `false` changes nothing.
    pub allow_tracked: bool,
}

impl<'a> NewLink<'a> {
    /// A link to a file that leads nowhere else.
    pub fn to(file: &'a Path) -> Self {
        Self {
            file,
            target: None,
            allow_tracked: false,
        }
    }
}

/// Links a project to an env file, and changes nothing else. Returns the link that was there.
pub fn link(
    path: &Path,
    name: &OwnerName,
    link: NewLink<'_>,
    wait: Duration,
) -> Result<Edited<Option<PathBuf>>> {
    let text = unicode(link.file)?;
    let target = link.target.map(unicode).transpose()?;
    edit(path, wait, |document| {
        let projects = table(document.as_table_mut(), "projects", true)?;
        let project = table(projects, name.as_str(), false)?;
        let before = project
            .get("env_file")
            .and_then(Item::as_str)
            .map(PathBuf::from);
        let mut changed = set_text(project, "env_file", Some(text));
        changed |= set_text(project, "target", target);
        if link.allow_tracked && project.get("allow_tracked").and_then(Item::as_bool) != Some(true)
        {
            project["allow_tracked"] = value(true);
            changed = true;
        }
        Some((before, changed))
    })
}

/// Sets a text of a project, or removes it. Returns whether that changed anything.
fn set_text(project: &mut Table, name: &str, text: Option<&str>) -> bool {
    if project.get(name).and_then(Item::as_str) == text {
        return false;
    }
    match text {
        Some(text) => project[name] = value(text),
        None => drop(project.remove(name)),
    }
    true
}

/// Links a project to an env file and adds to its plain variables those that are not among them.
pub fn link_with_plain(
    path: &Path,
    name: &OwnerName,
    link: NewLink<'_>,
    plain: &[&str],
    wait: Duration,
) -> Result<Edited<()>> {
    let text = unicode(link.file)?;
    let target = link.target.map(unicode).transpose()?;
    edit(path, wait, |document| {
        let projects = table(document.as_table_mut(), "projects", true)?;
        let project = table(projects, name.as_str(), false)?;
        let mut changed = set_text(project, "env_file", Some(text));
        changed |= set_text(project, "target", target);
        changed |= add_to_list(project, "plain", plain)?;
        Some(((), changed))
    })
}

/// Records that a secret of another owner was placed in the env file of a project.
pub fn share(
    path: &Path,
    name: &OwnerName,
    key_path: &KeyPath,
    wait: Duration,
) -> Result<Edited<()>> {
    edit(path, wait, |document| {
        let projects = table(document.as_table_mut(), "projects", true)?;
        let project = table(projects, name.as_str(), false)?;
        let changed = add_to_list(project, "shared", &[&key_path.to_string()])?;
        Some(((), changed))
    })
}

/// Adds those that are not in a list of a project. Returns whether any was added; `None` if it is
/// no list.
fn add_to_list(project: &mut Table, list: &str, names: &[&str]) -> Option<bool> {
    if names.is_empty() {
        return Some(false);
    }
    let known = project
        .entry(list)
        .or_insert_with(|| value(Array::new()))
        .as_array_mut()?;
    let mut added = false;
    for &name in names {
        if !known.iter().any(|known| known.as_str() == Some(name)) {
            known.push(name);
            added = true;
        }
    }
    Some(added)
}

fn unicode(env_file: &Path) -> Result<&str> {
    env_file.to_str().ok_or_else(|| {
        Error::io(
            "link to",
            env_file,
            std::io::Error::new(
                std::io::ErrorKind::InvalidInput,
                "the path is not valid Unicode",
            ),
        )
    })
}

/// Removes a link. Returns what it was; `None` if there was none.
pub fn unlink(path: &Path, name: &OwnerName, wait: Duration) -> Result<Edited<Option<PathBuf>>> {
    edit(path, wait, |document| {
        let Some(projects) = document
            .get_mut("projects")
            .and_then(Item::as_table_like_mut)
        else {
            return Some((None, false));
        };
        let Some(project) = projects
            .get_mut(name.as_str())
            .and_then(Item::as_table_like_mut)
        else {
            return Some((None, false));
        };
        project.remove("target");
        let before = project
            .remove("env_file")
            .and_then(|item| item.as_str().map(PathBuf::from));
        if project.is_empty() {
            projects.remove(name.as_str());
        }
        let changed = before.is_some();
        Some((before, changed))
    })
}

fn table<'a>(parent: &'a mut Table, name: &str, implicit: bool) -> Option<&'a mut Table> {
    parent
        .entry(name)
        .or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(implicit);
            Item::Table(table)
        })
        .as_table_mut()
}

/// Edits the file under the lock on its directory. `change` says whether it changed something;
/// `None` from it means that the document has a shape that cannot be edited.
fn edit<R>(
    path: &Path,
    wait: Duration,
    change: impl FnOnce(&mut DocumentMut) -> Option<(R, bool)>,
) -> Result<Edited<R>> {
    let dir = fs::parent(path)?;
    fs::make_dir_all_durable(dir)?;
    let _lock = fs::lock_dir(dir, wait, || {})?;
    let bytes = fs::read(path, MAX_CONFIG)?.unwrap_or_else(|| SecretBytes::new(Vec::new()));
    let text = text_of(path, &bytes)?;
    let mut document: DocumentMut =
        text.parse()
            .map_err(|error: toml_edit::TomlError| Error::Config {
                path: path.to_owned(),
                line: line_at(text, error.span().map_or(0, |span| span.start)),
                problem: "this is not TOML".to_owned(),
            })?;
    let read = document.to_string();
    let (result, changed) = change(&mut document).ok_or_else(|| Error::Config {
        path: path.to_owned(),
        line: 1,
        problem: "`projects` is not a table of tables".to_owned(),
    })?;
    if changed {
        let after = line_ends::kept(text, &read, &document.to_string());
        fs::replace_private_then(path, after.as_bytes(), |dir| {
            fs::sync_dir(dir).map_err(|source| not_durable(path, source))
        })?;
    } else if fs::exists(path)? {
        // It may say so since a run that was stopped before it synced.
        fs::sync_existing(path)?;
    }
    Ok(Edited { result, changed })
}

fn not_durable(path: &Path, source: Error) -> Error {
    let path = path.to_owned();
    let done = vec![Done::File { path: path.clone() }];
    Interrupted::wrap(done, Finish::WriteAgain { path }, source)
}
