//! What this server may do: the user's flags and, under `[mcp]`, the user's own configuration. Never
//! anything in a repository.
//!
//! A flag only takes away. The configuration is read at every call, so that a change counts at once,
//! and one that cannot be read lets nothing happen.

use std::collections::BTreeSet;
use std::path::Path;

use secrets::Error;
use secrets::model::key_path::{KeyPath, OwnerName};
use secrets::model::reach::Reach;
use secrets::ops::Settings;
use secrets::storage::config::{Config, Get, Mcp, Permission};

use super::tools::{Does, Tool};
use crate::args;
use crate::failure::{Code, Failure};
use crate::parse;

/// What was said on the command line.
#[derive(Debug, Clone)]
pub(super) struct Flags {
    no_values: bool,
    read_only: bool,
    project: Option<OwnerName>,
}

impl Flags {
    pub(super) fn new(args: &args::Mcp) -> Result<Self, Failure> {
        Ok(Self {
            no_values: args.no_values,
            read_only: args.read_only,
            project: args.project.as_deref().map(parse::project).transpose()?,
        })
    }
}

/// What this server may do.
#[derive(Debug)]
pub(super) struct Policy {
    reach: Reach,
    /// Whether the user is asked each time before a value is revealed.
    asks: bool,
}

impl Policy {
    pub(super) fn load(settings: &Settings<'_>, flags: &Flags) -> Result<Self, Error> {
        let config = Config::load(&settings.config_file)?;
        Ok(Self::new(config.mcp(), flags))
    }

    fn new(mcp: &Mcp, flags: &Flags) -> Self {
        let configured = mcp.projects.clone();
        let meta = mcp.meta.map_or(configured.is_none(), Permission::allows);
        let projects = match (&flags.project, configured) {
            (None, configured) => configured,
            (Some(project), None) => Some(vec![project.clone()]),
            (Some(project), Some(configured)) => Some(
                configured
                    .into_iter()
                    .filter(|one| one == project)
                    .collect(),
            ),
        };
        Self {
            reach: Reach {
                projects: projects.map(BTreeSet::from_iter),
                meta: meta && flags.project.is_none(),
                reveal: mcp.get == Get::Allow && !flags.no_values,
                write: !flags.read_only,
                any_file: false,
                any_variable: false,
            },
            asks: mcp.get == Get::Ask && !flags.no_values,
        }
    }

    /// Allows what the user is asked about, for one call.
    pub(super) fn approve(&mut self) {
        self.reach.reveal |= self.asks;
    }

    /// What a call may touch. The operations ask it themselves.
    pub(super) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// Whether a tool is offered at all.
    pub(super) fn offers(&self, tool: &Tool) -> bool {
        match tool.does {
            Does::Read => true,
            Does::LetOut => self.reach.reveal || self.asks,
            Does::Write => self.reach.write,
        }
    }

    /// Refuses a tool that is not offered, and says what to do instead.
    pub(super) fn check_tool(&self, tool: &Tool) -> Result<(), Failure> {
        if self.offers(tool) {
            return Ok(());
        }
        Err(match tool.does {
            Does::LetOut => Failure::new(Code::Denied, "this server lets no value out")
                .hint("a program gets its values from: secrets run --project PROJECT -- COMMAND")
                .hint("generate_secret makes a new value that nobody has to see"),
            _ => Failure::new(Code::Denied, "this server changes nothing")
                .hint("the user can do it on the command line: secrets --help"),
        })
    }

    /// Refuses a secret that is out of reach, and says what is within it.
    pub(super) fn check_key_path(&self, key_path: &KeyPath) -> Result<(), Failure> {
        match key_path.project() {
            _ if self.reach.allows(key_path) => Ok(()),
            Some(project) => self.check_project(project),
            None => Err(Failure::new(
                Code::Denied,
                "this server may not touch secrets under meta/",
            )
            .hint(self.instead())),
        }
    }

    /// Refuses a project that is out of reach, and says what is within it.
    pub(super) fn check_project(&self, project: &OwnerName) -> Result<(), Failure> {
        if self.reach.allows_project(project) {
            return Ok(());
        }
        let message = format!("this server may not touch the project {project}");
        Err(Failure::new(Code::Denied, message).hint(self.instead()))
    }

    /// Returns a failure without the names of secrets and projects that are out of reach. An operation
    /// may fail because of them all the same, such as for the owner of a variable in a shared file.
    pub(super) fn conceal(&self, failure: Failure, vault: &Path) -> Failure {
        let Some(message) = failure
            .library_error()
            .and_then(|error| self.concealed(error, vault))
        else {
            return failure;
        };
        let mut failure = failure.with_message(message);
        failure.hints = vec!["ask the user to run: secrets verify".to_owned()];
        failure
    }

    /// The message for an error that names what is out of reach; `None` for any other.
    fn concealed(&self, error: &Error, vault: &Path) -> Option<String> {
        match error {
            Error::Interrupted(interrupted) => self
                .concealed(&interrupted.source, vault)
                .map(|message| format!("stopped half-way: {message}")),
            Error::LinkedToOther { owner, .. } if !self.reach.allows_project(owner) => {
                Some("the file belongs to a project that this server may not touch".to_owned())
            }
            Error::EntryRemoved {
                key_path,
                version,
                moved_to: Some(to),
            } if !self.reach.allows(to) => {
                Some(format!("{key_path} was removed with version {version}"))
            }
            Error::Entry { path, .. } | Error::Io { path, .. } if !self.reaches(path, vault) => {
                Some("a secret that this server may not touch cannot be read".to_owned())
            }
            _ => None,
        }
    }

    /// Whether a path lies outside of the vault, or where the vault keeps something within reach.
    fn reaches(&self, path: &Path, vault: &Path) -> bool {
        let Ok(below) = path.strip_prefix(vault) else {
            return true;
        };
        let names: Vec<&str> = below.iter().filter_map(|name| name.to_str()).collect();
        let allows = |name: &str| {
            name.parse()
                .is_ok_and(|name| self.reach.allows_project(&name))
        };
        match names.as_slice() {
            ["entries", "meta", _, ..] => self.reach.meta,
            ["entries", "project", project, ..] | ["layouts", project, ..] => allows(project),
            _ => true,
        }
    }

    fn instead(&self) -> String {
        let names: Vec<&str> = match &self.reach.projects {
            Some(projects) => projects.iter().map(OwnerName::as_str).collect(),
            None => return "it may touch all projects".to_owned(),
        };
        if names.is_empty() {
            return "the user says what it may touch: [mcp] in the configuration, or --project"
                .to_owned();
        }
        format!(
            "it may touch: {}; the user says so with [mcp] in the configuration, or with --project",
            names.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(project: Option<&str>) -> Flags {
        Flags {
            no_values: false,
            read_only: false,
            project: project.map(|name| name.parse().unwrap()),
        }
    }

    fn mcp(projects: Option<&[&str]>, meta: Option<Permission>) -> Mcp {
        Mcp {
            projects: projects
                .map(|names| names.iter().map(|name| name.parse().unwrap()).collect()),
            meta,
            ..Mcp::default()
        }
    }

    #[test]
    fn a_flag_only_takes_away() {
        let allowed = |projects, meta, project| {
            let policy = Policy::new(&mcp(projects, meta), &flags(project));
            let allows = |path: &str| policy.reach.allows(&KeyPath::parse(path).unwrap());
            (
                allows("project/a/x"),
                allows("project/b/x"),
                allows("meta/a/x"),
            )
        };
        assert_eq!(allowed(None, None, None), (true, true, true));
        let (allow, deny) = (Some(Permission::Allow), Some(Permission::Deny));
        assert_eq!(allowed(None, deny, None), (true, true, false));
        assert_eq!(allowed(None, None, Some("a")), (true, false, false));
        assert_eq!(allowed(Some(&["a"]), None, None), (true, false, false));
        assert_eq!(allowed(Some(&["a"]), allow, None), (true, false, true));
        assert_eq!(
            allowed(Some(&["a"]), allow, Some("b")),
            (false, false, false)
        );
        assert_eq!(
            allowed(Some(&["a", "b"]), None, Some("b")),
            (false, true, false)
        );
        assert_eq!(allowed(Some(&[]), None, None), (false, false, false));
    }
}
