//! The configuration: which env file a project has, and what to make of its variables.
//!
//! ```toml
//! [projects.consilio]
//! env_file = "/home/me/consilio/.env"
//! plain = ["PORT", "NODE_ENV"]      # variables that are no secrets
//! readers = ["python-dotenv"]       # what reads the file
//! shared = ["meta/cloudflare/token"]  # secrets of others that were placed in the file
//! target = "/home/me/shared/.env"   # where env_file led when it was linked, if that is elsewhere
//! allow_tracked = true              # values may be written although git tracks the file
//!
//! [hook]
//! read = "deny"                     # or "allow": may coding agents read linked env files?
//!
//! [mcp]                             # what `secrets mcp` may do
//! get = "ask"                       # ask the user before a value is revealed; or "allow", "deny"
//! projects = ["consilio"]           # touch only these projects
//! meta = "allow"                    # and secrets under meta/ as well
//! ```
//!
//! Invariants: a change keeps every comment and everything else in the file, happens under the
//! lock on its directory, and replaces the file durably. The TOML parser's messages are not passed
//! on, only the line.

mod edit;
mod links;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use crate::env_file::{Reader, Readers};
use crate::error::{Error, Result, line_at};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::storage::fs;

pub use self::edit::{Edited, NewLink, link, link_with_plain, share, unlink};
pub use self::links::{Link, Links};

const MAX_CONFIG: usize = 4 << 20;

/// What is configured.
#[derive(Debug, Clone, Default)]
pub struct Config {
    path: PathBuf,
    projects: BTreeMap<OwnerName, Project>,
    links: Links,
    hook: Hook,
    mcp: Mcp,
}

/// What the user has decided on something that coding agents ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// `"allow"`.
    Allow,
    /// `"deny"`.
    Deny,
}

impl Permission {
    /// Whether it may be done.
    pub fn allows(self) -> bool {
        self == Self::Allow
    }
}

/// What `secrets hook` lets coding agents do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hook {
    /// Whether they may read env files that are linked; absent: they may not.
    pub read: Permission,
}

impl Default for Hook {
    fn default() -> Self {
        Self {
            read: Permission::Deny,
        }
    }
}

/// Whether the MCP server may reveal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Get {
    /// `"allow"`.
    Allow,
    /// `"ask"`: the user is asked each time.
    Ask,
    /// `"deny"`.
    Deny,
}

/// What the MCP server may do, as the user has configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mcp {
    /// Whether it may reveal values; absent: it may.
    pub get: Get,
    /// The projects that it may touch; absent: all.
    pub projects: Option<Vec<OwnerName>>,
    /// Whether it may touch secrets under `meta/`; absent: only if it may touch all projects.
    pub meta: Option<Permission>,
}

impl Default for Mcp {
    fn default() -> Self {
        Self {
            get: Get::Allow,
            projects: None,
            meta: None,
        }
    }
}

/// What is configured for one project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Project {
    /// The env file that it is linked to.
    pub env_file: Option<PathBuf>,
    /// Variables that `verify` must not call unvaulted.
    pub plain: Vec<String>,
    /// The readers of its env file; absent: found out from its directory.
    pub readers: Option<Readers>,
    /// Secrets of others that were placed in its env file.
    pub shared: BTreeSet<KeyPath>,
    /// The file that the env file led to when the project was linked, if it was outside of the
    /// project's directory.
    pub target: Option<PathBuf>,
    /// Whether values may be written to the env file although git tracks it.
    pub allow_tracked: bool,
}

/// The file as it stands, before its parts are understood.
#[derive(Deserialize)]
struct RawConfig {
    #[serde(default)]
    projects: BTreeMap<Spanned<String>, RawProject>,
    #[serde(default)]
    hook: RawHook,
    #[serde(default)]
    mcp: RawMcp,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHook {
    read: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMcp {
    get: Option<Spanned<String>>,
    projects: Option<Vec<Spanned<String>>>,
    meta: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawProject {
    env_file: Option<Spanned<PathBuf>>,
    #[serde(default)]
    plain: Vec<String>,
    readers: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    shared: Vec<Spanned<String>>,
    target: Option<PathBuf>,
    #[serde(default)]
    allow_tracked: bool,
}

impl Config {
    /// Reads a configuration; a file that does not exist is an empty one.
    pub fn load(path: &Path) -> Result<Self> {
        let mut config = Self {
            path: path.to_owned(),
            projects: BTreeMap::new(),
            links: Links::default(),
            hook: Hook::default(),
            mcp: Mcp::default(),
        };
        let Some(bytes) = fs::read(path, MAX_CONFIG)? else {
            return Ok(config);
        };
        let text = text_of(path, &bytes)?;
        let wrong = |at: usize, problem: String| Error::Config {
            path: path.to_owned(),
            line: line_at(text, at),
            problem,
        };
        let raw: RawConfig = toml::from_str(text).map_err(|error| {
            wrong(
                error.span().map_or(0, |span| span.start),
                "this is not what a configuration looks like".to_owned(),
            )
        })?;
        let project = |name: &Spanned<String>| -> Result<OwnerName> {
            name.as_ref().parse().map_err(|_| {
                let problem = "this is not the name of a project".to_owned();
                wrong(name.span().start, problem)
            })
        };
        let permission = |word: Option<Spanned<String>>| match &word {
            None => Ok(None),
            Some(word) => match word.as_ref().as_str() {
                "allow" => Ok(Some(Permission::Allow)),
                "deny" => Ok(Some(Permission::Deny)),
                _ => {
                    let problem = "this is neither \"allow\" nor \"deny\"".to_owned();
                    Err(wrong(word.span().start, problem))
                }
            },
        };
        let get = |word: Option<Spanned<String>>| match &word {
            None => Ok(None),
            Some(word) => match word.as_ref().as_str() {
                "allow" => Ok(Some(Get::Allow)),
                "ask" => Ok(Some(Get::Ask)),
                "deny" => Ok(Some(Get::Deny)),
                _ => {
                    let problem = "this is not \"allow\", \"ask\" or \"deny\"".to_owned();
                    Err(wrong(word.span().start, problem))
                }
            },
        };
        config.hook = Hook {
            read: permission(raw.hook.read)?.unwrap_or(config.hook.read),
        };
        config.mcp = Mcp {
            get: get(raw.mcp.get)?.unwrap_or(config.mcp.get),
            projects: raw
                .mcp
                .projects
                .map(|names| names.iter().map(project).collect())
                .transpose()?,
            meta: permission(raw.mcp.meta)?,
        };
        for (name, raw) in raw.projects {
            let owner = project(&name)?;
            let readers = raw
                .readers
                .map(|ids| {
                    let reader = |id: &Spanned<String>| {
                        id.as_ref()
                            .parse::<Reader>()
                            .map_err(|error| wrong(id.span().start, error.to_string()))
                    };
                    ids.iter().map(reader).collect::<Result<Readers>>()
                })
                .transpose()?;
            if let Some(env_file) = &raw.env_file
                && !env_file.as_ref().is_absolute()
            {
                let problem = "env_file is not an absolute path".to_owned();
                return Err(wrong(env_file.span().start, problem));
            }
            let shared = raw.shared.iter().map(|name| {
                KeyPath::parse(name.as_ref()).map_err(|_| {
                    let problem = "this is not a key path".to_owned();
                    wrong(name.span().start, problem)
                })
            });
            let project = Project {
                env_file: raw.env_file.map(Spanned::into_inner),
                plain: raw.plain,
                readers,
                shared: shared.collect::<Result<_>>()?,
                target: raw.target,
                allow_tracked: raw.allow_tracked,
            };
            config.projects.insert(owner, project);
        }
        config.links = config.linked();
        Ok(config)
    }

    /// Where it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the MCP server may do.
    pub fn mcp(&self) -> &Mcp {
        &self.mcp
    }

    /// What is configured for a project.
    pub fn project(&self, name: &OwnerName) -> Option<&Project> {
        self.projects.get(name)
    }

    /// The env file that a project is linked to.
    pub fn env_file(&self, name: &OwnerName) -> Option<&Path> {
        self.project(name)?.env_file.as_deref()
    }

    /// What coding agents may do.
    pub fn hook(&self) -> Hook {
        self.hook
    }

    /// The first project that is linked to this env file.
    pub fn project_of(&self, env_file: &Path) -> Option<&OwnerName> {
        self.projects_at(env_file).next()
    }

    /// The projects that are linked to this env file, by whatever path.
    pub fn projects_at(&self, env_file: &Path) -> impl Iterator<Item = &OwnerName> {
        self.links.at(env_file).map(|link| &link.project)
    }

    /// The links, in order of their projects.
    pub fn links(&self) -> &Links {
        &self.links
    }

    fn linked(&self) -> Links {
        let linked = self.projects.iter().filter_map(|(name, project)| {
            Some(Link {
                project: name.clone(),
                file: project.env_file.clone()?,
                readers: project.readers,
                plain: project.plain.clone(),
                shared: project.shared.clone(),
                target: project.target.clone(),
                allow_tracked: project.allow_tracked,
                real: std::sync::OnceLock::new(),
            })
        });
        Links(linked.collect())
    }
}

fn text_of<'a>(path: &Path, bytes: &'a SecretBytes) -> Result<&'a str> {
    bytes.as_str().ok_or_else(|| Error::Config {
        path: path.to_owned(),
        line: 1,
        problem: "this is not UTF-8".to_owned(),
    })
}

#[cfg(test)]
mod tests;
