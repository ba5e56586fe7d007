//! What this server may do: the user's flags and, under `[mcp]`, the user's own configuration. Never
//! anything in a repository.
//!
//! A flag only takes away. The configuration is read at every call, so that a change counts at once,
//! and one that cannot be read lets nothing happen.

use secrets::Error;
use secrets::model::key_path::{KeyPath, OwnerName, Scope};
use secrets::ops::Context;
use secrets::storage::config::{Config, Mcp, Permission};

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

/// What may be done.
#[derive(Debug)]
pub(super) struct Policy {
    get: bool,
    write: bool,
    /// `None`: all projects.
    projects: Option<Vec<OwnerName>>,
    meta: bool,
}

impl Policy {
    pub(super) fn load(context: &Context<'_>, flags: &Flags) -> Result<Self, Error> {
        let config = Config::load(&context.config)?;
        Ok(Self::new(config.mcp(), flags))
    }

    fn new(mcp: &Mcp, flags: &Flags) -> Self {
        let configured = mcp.projects.clone();
        let meta = mcp.meta.map_or(configured.is_none(), Permission::allows);
        let meta = meta && flags.project.is_none();
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
            get: mcp.get.allows() && !flags.no_values,
            write: !flags.read_only,
            projects,
            meta,
        }
    }

    /// Whether a tool is offered at all.
    pub(super) fn offers(&self, tool: &Tool) -> bool {
        match tool.does {
            Does::Read => true,
            Does::LetOut => self.get,
            Does::Write => self.write,
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

    pub(super) fn check_key_path(&self, key_path: &KeyPath) -> Result<(), Failure> {
        match key_path.project() {
            Some(project) => self.check_project(project),
            None if self.meta => Ok(()),
            None => Err(Failure::new(
                Code::Denied,
                "this server may not touch secrets under meta/",
            )
            .hint(self.instead())),
        }
    }

    pub(super) fn check_project(&self, project: &OwnerName) -> Result<(), Failure> {
        if self.allows_project(project) {
            return Ok(());
        }
        let message = format!("this server may not touch the project {project}");
        Err(Failure::new(Code::Denied, message).hint(self.instead()))
    }

    fn allows_project(&self, project: &OwnerName) -> bool {
        match &self.projects {
            Some(projects) => projects.contains(project),
            None => true,
        }
    }

    /// Whether a secret may be shown in a list.
    pub(super) fn allows(&self, key_path: &KeyPath) -> bool {
        match key_path.project() {
            Some(project) => self.allows_project(project),
            None => self.meta,
        }
    }

    /// The projects that may be touched; `None`: all.
    pub(super) fn projects(&self) -> Option<&[OwnerName]> {
        self.projects.as_deref()
    }

    /// Whether everything may be looked at.
    pub(super) fn is_whole(&self) -> bool {
        self.projects.is_none() && self.meta
    }

    /// The prefixes of all that may be looked at, for operations that take one.
    pub(super) fn prefixes(&self) -> Vec<String> {
        let mut prefixes: Vec<String> = match &self.projects {
            Some(projects) => projects
                .iter()
                .map(|project| format!("{}/{project}/", Scope::Project))
                .collect(),
            None => vec![Scope::Project.to_string()],
        };
        if self.meta {
            prefixes.push(Scope::Meta.to_string());
        }
        prefixes
    }

    fn instead(&self) -> String {
        let names: Vec<&str> = match &self.projects {
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
            let allows = |path: &str| policy.allows(&KeyPath::parse(path).unwrap());
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
