//! Which paths are this program's own, and where a link leads.
//!
//! Every path that a caller names, or that a link names, passes here before it is read as an env
//! file or written: a repository can hold a `.env` that is a symbolic link to the identity, to an
//! entry of the vault, or to any other file of the user.
//!
//! Invariants:
//! - A path whose real place is in the vault, in the state directory, or is the identity or the
//!   configuration, is refused, also by a hard link.
//! - The link of a project may lead somewhere else inside the project's own directory: a deployment
//!   moves `current`. A link that leads out of it is followed only to the file that was there when
//!   the project was linked.
//!
//! Limits: symbolic links directly below the root (`/home`, `/tmp`) belong to the system and are
//! not looked at. Between the check and the write another process of the same user can change a
//! link.

use std::path::{Component, Path, PathBuf};

use super::{IdentitySource, Session};
use crate::env_file::EnvFile;
use crate::error::{EnvFileProblem, Error, OwnPlace, Result};
use crate::storage::config::Link;
use crate::storage::{env_disk, fs};

impl Session<'_> {
    /// Refuses a path that leads to one of this program's own files.
    pub(super) fn check_not_own(&self, path: &Path) -> Result<()> {
        let real = fs::resolve(path)?;
        let refuse = |place| {
            Err(Error::EnvFile {
                path: path.to_owned(),
                problem: EnvFileProblem::Own(place),
            })
        };
        let settings = &self.settings;
        let dirs = [
            (&*settings.vault_dir, OwnPlace::Vault),
            (self.state().dir(), OwnPlace::State),
        ];
        for (dir, place) in dirs {
            if real.starts_with(fs::resolve(dir)?) {
                return refuse(place);
            }
        }
        let identity = match &settings.identity {
            IdentitySource::File(file) => Some((&**file, OwnPlace::Identity)),
            IdentitySource::Key(_) => None,
        };
        let files = [(&*settings.config_file, OwnPlace::Configuration)];
        for (file, place) in files.into_iter().chain(identity) {
            if real == fs::resolve(file)? || fs::is_same_file(&real, file) {
                return refuse(place);
            }
        }
        // A hard link has no other path to compare; only then the whole trees are looked at.
        if fs::has_hard_links(&real) {
            for (dir, place) in dirs {
                if fs::holds_file(dir, &real) {
                    return refuse(place);
                }
            }
        }
        Ok(())
    }

    /// Refuses an env file that is one of this program's own, or that a link leads away to.
    pub(super) fn check_env_file(&self, path: &Path) -> Result<()> {
        self.check_not_own(path)?;
        let config = self.config()?;
        let mut links = config.links().iter().filter(|link| link.file == path);
        links.try_for_each(|link| self.check_link(link))
    }

    /// Reads an env file without locking it, to look and not to change.
    pub(super) fn read_env(&self, path: &Path) -> Result<Option<EnvFile>> {
        self.check_env_file(path)?;
        env_disk::read(path)
    }

    /// Refuses an env file that leads out of its project's directory to another file than the one
    /// that it led to when the project was linked.
    fn check_link(&self, link: &Link) -> Result<()> {
        let Some(real) = target_outside(&link.file)? else {
            return Ok(());
        };
        if link.target.as_deref() == Some(&*real) {
            return Ok(());
        }
        Err(Error::EnvFile {
            path: link.file.clone(),
            problem: EnvFileProblem::LeadsAway(real),
        })
    }
}

/// The file that a path leads to, if a symbolic link on the way leads out of the directory that
/// holds the link; `None` if it stays inside.
pub(super) fn target_outside(path: &Path) -> Result<Option<PathBuf>> {
    let Some(own_dir) = dir_of_first_link(path) else {
        return Ok(None);
    };
    let real = fs::resolve(path)?;
    let is_inside = real.starts_with(fs::resolve(&own_dir)?);
    Ok((!is_inside).then_some(real))
}

/// The directory that holds the first symbolic link of a path, without those directly below the
/// root.
fn dir_of_first_link(path: &Path) -> Option<PathBuf> {
    let mut at = PathBuf::new();
    let mut depth = 0;
    for component in path.components() {
        let dir = at.clone();
        at.push(component);
        if matches!(component, Component::Normal(_)) {
            depth += 1;
            if depth > 1 && fs::is_symlink(&at) {
                return Some(dir);
            }
        }
    }
    None
}

/// The absolute path of a file, with the symbolic links that it was named by.
///
/// Only what precedes the last `..` is resolved: after a link, `..` is not the directory before it.
pub(super) fn absolute(path: &Path) -> Result<PathBuf> {
    let absolute = std::path::absolute(path).map_err(|error| Error::io("resolve", path, error))?;
    let components: Vec<Component<'_>> = absolute.components().collect();
    let last = components
        .iter()
        .rposition(|component| *component == Component::ParentDir);
    match last {
        None => Ok(absolute),
        Some(last) => {
            let (before, after) = components.split_at(last + 1);
            let mut resolved = fs::resolve(&PathBuf::from_iter(before))?;
            resolved.extend(after);
            Ok(resolved)
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_link_inside_the_projects_directory_stays_and_one_out_of_it_does_not() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::resolve(root.path()).unwrap();
        let demo = root.join("demo");
        for dir in ["demo/releases/1", "demo/common", "elsewhere"] {
            std::fs::create_dir_all(root.join(dir)).unwrap();
        }
        for file in ["demo/releases/1/.env", "demo/common/.env", "elsewhere/.env"] {
            std::fs::write(root.join(file), "").unwrap();
        }
        symlink("releases/1", demo.join("current")).unwrap();
        assert_eq!(target_outside(&demo.join("current/.env")).unwrap(), None);
        assert_eq!(target_outside(&demo.join("releases/1/.env")).unwrap(), None);
        std::fs::remove_file(demo.join("releases/1/.env")).unwrap();
        symlink("../../common/.env", demo.join("releases/1/.env")).unwrap();
        assert_eq!(target_outside(&demo.join("current/.env")).unwrap(), None);
        let out = demo.join("out.env");
        symlink("../elsewhere/.env", &out).unwrap();
        let real = root.join("elsewhere/.env");
        assert_eq!(target_outside(&out).unwrap(), Some(real));
    }

    #[test]
    fn a_path_keeps_the_links_that_it_was_named_by() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::resolve(root.path()).unwrap();
        std::fs::create_dir_all(root.join("releases/1")).unwrap();
        symlink("releases/1", root.join("current")).unwrap();
        let named = root.join("current/.env");
        assert_eq!(absolute(&named).unwrap(), named);
        let up = root.join("current/../x/.env");
        assert_eq!(absolute(&up).unwrap(), root.join("releases/x/.env"));
    }
}
