//! The env file that a write goes to, as every verb that writes sees it.
//!
//! Owns: which env file a secret goes to, whose layout that file is, and which readers it has.
//! [`Target`] is built here and nowhere else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Session, places, project_files};
use crate::env_file::{EnvFile, OnMisread, Readers, detect_readers};
use crate::error::{Error, Result};
use crate::model::key_path::{KeyPath, OwnerName, Scope};
use crate::model::secret::SecretBytes;
use crate::storage::config::Config;
use crate::storage::fs;

/// The env file that a write goes to.
pub(super) struct Target {
    pub(super) path: PathBuf,
    pub(super) readers: Readers,
    pub(super) on_misread: OnMisread,
    /// Whether values may be written although git tracks the file.
    pub(super) allow_tracked: bool,
    /// Whether the caller named the file, rather than the link.
    pub(super) named: bool,
    /// The project whose linked file this is: its layout is kept.
    pub(super) project: Option<OwnerName>,
    /// The text that is edited in place of the file's own, to rebuild a file that was lost.
    pub(super) base: Option<EnvFile>,
    /// A text that may have the values as its author wrote them: they get those bytes again.
    pub(super) earlier: Option<EnvFile>,
    /// The file is not edited at all; only its layout is kept.
    pub(super) keep_text: Option<KeepText>,
}

/// An env file that has the values already.
pub(super) struct KeepText {
    /// The text in which the values were found. A file that has another by now is refused.
    pub(super) text: SecretBytes,
    /// Variables, besides those that are written, whose values the layout leaves to the vault.
    pub(super) vaulted: BTreeSet<String>,
}

/// Which env file the caller wants.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Wanted<'a> {
    /// A file that the caller named.
    pub(super) file: Option<&'a Path>,
    /// Keep the secret out of env files.
    pub(super) no_env: bool,
    /// Do without an env file if the project is not linked to one.
    pub(super) unlinked_is_fine: bool,
    /// Write also what one of the file's readers would misread.
    pub(super) allow_misread: bool,
    /// Write also to a file that git tracks.
    pub(super) allow_tracked: bool,
}

impl Target {
    /// A target for an env file of this project, or of none.
    pub(super) fn new(
        session: &Session<'_>,
        path: PathBuf,
        project: Option<&OwnerName>,
    ) -> Result<Self> {
        session.check_env_file(&path)?;
        let config = session.config()?;
        let link = project.and_then(|project| config.links().of(project));
        Ok(Self {
            readers: session.readers(project, &path)?.0,
            on_misread: OnMisread::Refuse,
            allow_tracked: link.is_some_and(|link| link.file == path && link.allow_tracked),
            named: false,
            project: project.cloned(),
            base: None,
            earlier: None,
            keep_text: None,
            path,
        })
    }

    /// The env file of a secret, and the link that a write to it makes; `None` if the secret goes
    /// to no env file.
    ///
    /// # Errors
    /// [`Error::NotLinked`] if the project has no env file and the caller neither named one nor
    /// said that none is needed.
    pub(super) fn of_secret(
        session: &Session<'_>,
        key_path: &KeyPath,
        wanted: Wanted<'_>,
    ) -> Result<Option<(Self, Option<NewLink>)>> {
        if wanted.no_env {
            return Ok(None);
        }
        let config = session.config()?;
        let linked = key_path.project().and_then(|name| config.env_file(name));
        let (path, named) = match (wanted.file, linked) {
            (Some(file), _) => (session.env_file_at(file)?, true),
            (None, Some(file)) => (file.to_owned(), false),
            (None, None) if key_path.scope() == Scope::Meta || wanted.unlinked_is_fine => {
                return Ok(None);
            }
            (None, None) => return Err(Error::NotLinked(key_path.owner().clone())),
        };
        let owner = config.project_of(&path);
        let link = match key_path.project() {
            Some(project) if linked.is_none() => {
                // `import` refuses this, too: the file has a project already.
                if let Some(owner) = owner {
                    return Err(Error::LinkedToOther {
                        file: path,
                        owner: owner.clone(),
                    });
                }
                Some(NewLink {
                    project: project.clone(),
                    file: path.clone(),
                })
            }
            _ => None,
        };
        // A secret that is written into somebody else's env file is a part of that file's layout.
        let is_own_file = link.is_some() || linked == Some(&*path);
        let project = match key_path.project() {
            Some(project) if is_own_file => Some(project),
            _ => owner,
        };
        let mut target = Self::new(session, path, project)?;
        target.named = named;
        target.allow_tracked |= wanted.allow_tracked;
        if wanted.allow_misread {
            target.on_misread = OnMisread::Allow;
        }
        Ok(Some((target, link)))
    }
}

/// A link that is made on the way.
#[derive(Debug, Clone)]
pub(super) struct NewLink {
    pub(super) project: OwnerName,
    pub(super) file: PathBuf,
}

/// How the readers of an env file are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReadersFrom {
    /// They are configured.
    Configuration,
    /// They were detected from the files beside the env file.
    Directory,
}

impl Session<'_> {
    /// The absolute path of an env file that the caller named: a file, or a directory that holds
    /// (or will hold) `.env`.
    ///
    /// The path keeps the symbolic links that it was named by: they are followed at each use. A directory that is itself called `.env` is refused: Docker creates one when it
    /// is told to mount a file that does not exist.
    pub(super) fn env_file_at(&self, path: &Path) -> Result<PathBuf> {
        let is_called_env = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b".env"));
        let file = if fs::is_dir(path) && !is_called_env {
            path.join(".env")
        } else {
            path.to_owned()
        };
        let file = places::absolute(&file)?;
        // Fails if something is wrong with the file.
        fs::find_real(&file)?;
        self.check_not_own(&file)?;
        Ok(file)
    }

    /// The readers of a project's env file: those that are configured, else those that its
    /// directory points to.
    pub(super) fn readers(
        &self,
        project: Option<&OwnerName>,
        env_file: &Path,
    ) -> Result<(Readers, ReadersFrom)> {
        let config = self.config()?;
        Ok(readers_of(&config, project, env_file))
    }
}

/// [`Session::readers`] by this configuration.
pub(super) fn readers_of(
    config: &Config,
    project: Option<&OwnerName>,
    env_file: &Path,
) -> (Readers, ReadersFrom) {
    let configured = project
        .and_then(|project| config.project(project))
        .and_then(|project| project.readers);
    if let Some(readers) = configured {
        return (readers, ReadersFrom::Configuration);
    }
    let dir = env_file.parent().unwrap_or(Path::new("."));
    let files = project_files::read_below(dir);
    let files: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|(path, text)| Some((path.as_str(), text.as_str()?)))
        .collect();
    (detect_readers(&files), ReadersFrom::Directory)
}
