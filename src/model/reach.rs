//! Reach: what a caller may touch.
//!
//! The command line reaches everything. An MCP server reaches what its user allows: some projects,
//! with or without `meta/`, with or without values, with or without changes. Whoever opens or lists
//! secrets asks the reach, so that a verb cannot name what is out of it.

use std::collections::BTreeSet;

use super::key_path::{KeyPath, OwnerName};

/// What a caller may touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The projects; `None`: all.
    pub projects: Option<BTreeSet<OwnerName>>,
    /// Whether secrets under `meta/` are among it.
    pub meta: bool,
    /// Whether values may be revealed. Without it no answer compares a value with the vault either:
    /// that would tell whether a guess is right.
    pub reveal: bool,
    /// Whether anything may be changed.
    pub write: bool,
    /// Whether any file may be named, and not only an env file in the project's own directory.
    pub any_file: bool,
    /// Whether a secret may be given a variable that makes programs run something or redirects them.
    pub any_variable: bool,
}

impl Reach {
    /// All projects and providers, their values, changes, files and variables.
    pub const EVERYTHING: Self = Self {
        projects: None,
        meta: true,
        reveal: true,
        write: true,
        any_file: true,
        any_variable: true,
    };

    /// Whether a project may be touched.
    pub fn allows_project(&self, project: &OwnerName) -> bool {
        self.projects
            .as_ref()
            .is_none_or(|projects| projects.contains(project))
    }

    /// Whether a secret may be touched.
    pub fn allows(&self, key_path: &KeyPath) -> bool {
        match key_path.project() {
            Some(project) => self.allows_project(project),
            None => self.meta,
        }
    }

    /// Whether an answer may say that something is, or is not, the value of a secret.
    pub fn compares(&self, key_path: &KeyPath) -> bool {
        self.reveal && self.allows(key_path)
    }

    /// Whether all secrets may be touched.
    pub fn is_whole(&self) -> bool {
        self.projects.is_none() && self.meta
    }
}

impl Default for Reach {
    fn default() -> Self {
        Self::EVERYTHING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reach_has_the_projects_that_it_names_and_meta_only_if_it_says_so() {
        let key_path = |text| KeyPath::parse(text).unwrap();
        let one = Reach {
            projects: Some(BTreeSet::from(["a".parse().unwrap()])),
            meta: false,
            ..Reach::EVERYTHING
        };
        assert!(one.allows(&key_path("project/a/key")));
        assert!(!one.allows(&key_path("project/b/key")));
        assert!(!one.allows(&key_path("meta/a/key")));
        assert!(!one.is_whole() && Reach::EVERYTHING.is_whole());
        assert!(Reach::EVERYTHING.allows(&key_path("meta/a/key")));
    }
}
