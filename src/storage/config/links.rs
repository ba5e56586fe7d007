//! Links: which env file a project has, and what is known of that file.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::env_file::Readers;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::storage::fs;

/// The association of a project with its env file.
#[derive(Debug, Clone)]
pub struct Link {
    /// The project.
    pub project: OwnerName,
    /// The env file, absolute, as it was given: a link in it is followed at each use.
    pub file: PathBuf,
    /// The readers of the file; `None`: detected from its directory.
    pub readers: Option<Readers>,
    /// Variables that `verify` does not report as unvaulted.
    pub plain: Vec<String>,
    /// Secrets of others that were placed in the file.
    pub shared: BTreeSet<KeyPath>,
    /// The file that the link led to when it was made, if that was outside of the project's
    /// directory.
    pub target: Option<PathBuf>,
    /// Whether values may be written to the file although git tracks it.
    pub allow_tracked: bool,
    /// Where the file really is, resolved at the first question.
    pub(super) real: OnceLock<Option<PathBuf>>,
}

impl Link {
    /// Where the file really is; `None` if that cannot be said.
    pub fn real(&self) -> Option<&Path> {
        self.real
            .get_or_init(|| fs::find_real(&self.file).ok())
            .as_deref()
    }

    /// Whether the link leads to this file, which may be named by another path.
    pub fn leads_to(&self, file: &Path, real: Option<&Path>) -> bool {
        self.file == file || real.is_some() && self.real() == real
    }
}

/// All links, in order of their projects.
#[derive(Debug, Clone, Default)]
pub struct Links(pub(super) Vec<Link>);

impl Links {
    /// All links, in order of their projects.
    pub fn iter(&self) -> std::slice::Iter<'_, Link> {
        self.0.iter()
    }

    /// The link of a project.
    pub fn of(&self, project: &OwnerName) -> Option<&Link> {
        let at = self
            .0
            .binary_search_by(|link| link.project.cmp(project))
            .ok()?;
        self.0.get(at)
    }

    /// The links that lead to a file, by whatever path.
    pub fn at(&self, file: &Path) -> impl Iterator<Item = &Link> {
        let real = fs::find_real(file).ok();
        self.0
            .iter()
            .filter(move |link| link.leads_to(file, real.as_deref()))
    }
}

impl<'a> IntoIterator for &'a Links {
    type Item = &'a Link;
    type IntoIter = std::slice::Iter<'a, Link>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
