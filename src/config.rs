//! The configuration: which env file a project has, and what to make of its variables.
//!
//! ```toml
//! [projects.consilio]
//! env_file = "/home/me/consilio/.env"
//! plain = ["PORT", "NODE_ENV"]      # variables that are no secrets
//! readers = ["python-dotenv"]       # what reads the file
//!
//! [hook]
//! read = "deny"                     # or "allow": may coding agents read linked env files?
//!
//! [mcp]                             # what `secrets mcp` may do
//! get = "deny"                      # let no value out
//! projects = ["consilio"]           # touch only these projects
//! meta = "allow"                    # and secrets under meta/ as well
//! ```
//!
//! Invariants: a change keeps every comment and everything else in the file, happens under the
//! lock on its directory, and replaces the file durably. The TOML parser's messages are not passed
//! on, only the line.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use toml::Spanned;
use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::env_file::{Reader, Readers};
use crate::error::{Error, Result, line_at};
use crate::fs;
use crate::key_path::OwnerName;
use crate::secret::SecretBytes;

const MAX_CONFIG: usize = 4 << 20;

/// What is configured.
#[derive(Debug, Clone, Default)]
pub struct Config {
    path: PathBuf,
    projects: BTreeMap<OwnerName, Project>,
    hook: Hook,
    mcp: Mcp,
}

/// What `secrets hook` lets coding agents do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hook {
    /// Whether they may read env files that are linked.
    pub read: HookRead,
}

/// Whether a coding agent may read an env file that is linked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HookRead {
    /// It may.
    Allow,
    /// It may not.
    #[default]
    Deny,
}

/// What the MCP server may do, as the user has configured it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mcp {
    /// Whether it may let values out; absent: it may.
    pub get: Option<bool>,
    /// The projects that it may touch; absent: all.
    pub projects: Option<Vec<OwnerName>>,
    /// Whether it may touch secrets under `meta/`; absent: only if it may touch all projects.
    pub meta: Option<bool>,
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
}

/// The file as it stands, before its parts are understood.
#[derive(Deserialize)]
struct RawConfig {
    #[serde(default)]
    projects: BTreeMap<Spanned<String>, RawProject>,
    #[serde(default)]
    hook: Hook,
    #[serde(default)]
    mcp: RawMcp,
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
}

impl Config {
    /// Reads a configuration; a file that does not exist is an empty one.
    pub fn load(path: &Path) -> Result<Self> {
        let mut config = Self {
            path: path.to_owned(),
            projects: BTreeMap::new(),
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
        config.hook = raw.hook;
        let project = |name: &Spanned<String>| -> Result<OwnerName> {
            name.as_ref().parse().map_err(|_| {
                let problem = "this is not the name of a project".to_owned();
                wrong(name.span().start, problem)
            })
        };
        let allowed = |word: &Spanned<String>| match word.as_ref().as_str() {
            "allow" => Ok(true),
            "deny" => Ok(false),
            _ => {
                let problem = "this is neither \"allow\" nor \"deny\"".to_owned();
                Err(wrong(word.span().start, problem))
            }
        };
        config.mcp = Mcp {
            get: raw.mcp.get.as_ref().map(allowed).transpose()?,
            projects: raw
                .mcp
                .projects
                .map(|names| names.iter().map(project).collect())
                .transpose()?,
            meta: raw.mcp.meta.as_ref().map(allowed).transpose()?,
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
            let project = Project {
                env_file: raw.env_file.map(Spanned::into_inner),
                plain: raw.plain,
                readers,
            };
            config.projects.insert(owner, project);
        }
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

    /// The projects that are linked, in order of their names.
    pub fn links(&self) -> impl Iterator<Item = (&OwnerName, &Path)> {
        self.projects
            .iter()
            .filter_map(|(name, project)| Some((name, project.env_file.as_deref()?)))
    }
}

/// Links a project to an env file, in the file and nothing else. Returns the link that was there.
pub fn link(
    path: &Path,
    name: &OwnerName,
    env_file: &Path,
    wait: Duration,
) -> Result<Option<PathBuf>> {
    let text = unicode(env_file)?;
    edit(path, wait, |document| {
        let projects = table(document.as_table_mut(), "projects", true)?;
        let project = table(projects, name.as_str(), false)?;
        let before = project
            .get("env_file")
            .and_then(Item::as_str)
            .map(PathBuf::from);
        if before.as_deref() == Some(env_file) {
            return Some((before, false));
        }
        project["env_file"] = value(text);
        Some((before, true))
    })
}

/// Links a project to an env file and adds to its plain variables those that are not among them.
pub fn link_with_plain(
    path: &Path,
    name: &OwnerName,
    env_file: &Path,
    plain: &[&str],
    wait: Duration,
) -> Result<()> {
    let text = unicode(env_file)?;
    edit(path, wait, |document| {
        let projects = table(document.as_table_mut(), "projects", true)?;
        let project = table(projects, name.as_str(), false)?;
        let mut changed = false;
        if project.get("env_file").and_then(Item::as_str) != Some(text) {
            project["env_file"] = value(text);
            changed = true;
        }
        if !plain.is_empty() {
            let known = project
                .entry("plain")
                .or_insert_with(|| value(Array::new()))
                .as_array_mut()?;
            for &name in plain {
                if !known.iter().any(|known| known.as_str() == Some(name)) {
                    known.push(name);
                    changed = true;
                }
            }
        }
        Some(((), changed))
    })
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

/// Forgets a link. Returns what it was; `None` if there was none.
pub fn unlink(path: &Path, name: &OwnerName, wait: Duration) -> Result<Option<PathBuf>> {
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
) -> Result<R> {
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
    let (result, changed) = change(&mut document).ok_or_else(|| Error::Config {
        path: path.to_owned(),
        line: 1,
        problem: "`projects` is not a table of tables".to_owned(),
    })?;
    if changed {
        fs::replace_private_then(path, document.to_string().as_bytes(), |dir| {
            fs::sync_dir(dir).map_err(|source| Error::ConfigNotDurable {
                path: path.to_owned(),
                source: Box::new(source),
            })
        })?;
    } else if fs::exists(path)? {
        // It may say so since a run that was stopped before it synced.
        fs::sync_existing(path)?;
    }
    Ok(result)
}

fn text_of<'a>(path: &Path, bytes: &'a SecretBytes) -> Result<&'a str> {
    bytes.as_str().ok_or_else(|| Error::Config {
        path: path.to_owned(),
        line: 1,
        problem: "this is not UTF-8".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> OwnerName {
        text.parse().unwrap()
    }

    #[test]
    fn links_are_remembered_and_everything_else_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("conf/config.toml");
        let env = Path::new("/srv/consilio/.env");
        assert_eq!(
            link(&path, &name("consilio"), env, Duration::ZERO).unwrap(),
            None
        );
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "[projects.consilio]\nenv_file = \"/srv/consilio/.env\"\n"
        );
        std::fs::write(
            &path,
            format!("# mine\n{text}plain = [\"PORT\"] # not a secret\n\n[other]\nx = 1\n"),
        )
        .unwrap();
        let moved = Path::new("/srv/other/.env");
        assert_eq!(
            link(&path, &name("consilio"), moved, Duration::ZERO)
                .unwrap()
                .as_deref(),
            Some(env)
        );
        link(&path, &name("odin"), env, Duration::ZERO).unwrap();
        let config = Config::load(&path).unwrap();
        assert_eq!(config.env_file(&name("consilio")), Some(moved));
        assert_eq!(config.env_file(&name("odin")), Some(env));
        assert_eq!(config.project(&name("consilio")).unwrap().plain, ["PORT"]);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# mine\n") && text.contains("# not a secret"));
        assert_eq!(
            unlink(&path, &name("odin"), Duration::ZERO)
                .unwrap()
                .as_deref(),
            Some(env)
        );
        assert_eq!(unlink(&path, &name("odin"), Duration::ZERO).unwrap(), None);
        assert!(!std::fs::read_to_string(&path).unwrap().contains("odin"));
    }

    #[test]
    fn plain_variables_are_added_once_and_comments_stay() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let env = Path::new("/srv/consilio/.env");
        let text = "# mine\n[projects.consilio]\nplain = [\n  \"PORT\", # the web server's\n  \"HOST\",\n]\nreaders = []\n";
        std::fs::write(&path, text).unwrap();
        let names = ["PORT", "NODE_ENV", "odd\"name"];
        for _ in 0..2 {
            link_with_plain(&path, &name("consilio"), env, &names, Duration::ZERO).unwrap();
        }
        let config = Config::load(&path).unwrap();
        let project = config.project(&name("consilio")).unwrap();
        assert_eq!(project.plain, ["PORT", "HOST", "NODE_ENV", "odd\"name"]);
        assert_eq!(project.env_file.as_deref(), Some(env));
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# mine\n") && text.contains("# the web server's"));
        std::fs::write(&path, "[projects.consilio]\nplain = 1\n").unwrap();
        let error = link_with_plain(&path, &name("consilio"), env, &names, Duration::ZERO);
        assert_eq!(error.unwrap_err().code(), "config");
    }

    #[test]
    fn an_error_names_the_line_and_shows_nothing_of_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        for (text, line) in [
            ("\n[projects.x]\nenv_file = canary-1\n", 3),
            ("\n\n[projects.\"Not A Name\"]\nplain = []\n", 3),
            ("[projects.x]\nplain = \"canary-2\"\n", 2),
            (
                "[projects.x]\nplain = []\nreaders = [\"bash\",\n\"canary-3\"]\n",
                4,
            ),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = Config::load(&path).unwrap_err();
            assert_eq!(error.code(), "config");
            let message = error.to_string();
            assert!(
                message.contains(&format!("config.toml:{line}:")),
                "{message}"
            );
            assert!(!message.contains("canary"), "{message}");
        }
    }

    #[test]
    fn agents_may_not_read_unless_it_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        for (text, expected) in [
            ("", Some(HookRead::Deny)),
            ("[hook]\n", Some(HookRead::Deny)),
            ("[hook]\nread = \"allow\"\n", Some(HookRead::Allow)),
            ("[hook]\nread = \"perhaps\"\n", None),
            ("[hook]\nraed = \"allow\"\n", None),
        ] {
            std::fs::write(&path, text).unwrap();
            let read = Config::load(&path).map(|config| config.hook().read).ok();
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn what_the_mcp_server_may_do_is_read_and_a_misspelt_word_is_no_permission() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config.toml");
        let load = |text: &str| {
            std::fs::write(&path, text).unwrap();
            Config::load(&path)
        };
        assert_eq!(load("").unwrap().mcp(), &Mcp::default());
        let config = load("[mcp]\nget = \"deny\"\nprojects = [\"odin\"]\nmeta = \"allow\"\n");
        let mcp = config.unwrap().mcp().clone();
        assert_eq!(mcp.get, Some(false));
        assert_eq!(mcp.projects, Some(vec![name("odin")]));
        assert_eq!(mcp.meta, Some(true));
        for wrong in [
            "get = \"denied\"",
            "gets = \"deny\"",
            "get = false",
            "projects = \"odin\"",
            "projects = [\"Odin\"]",
            "meta = \"\"",
        ] {
            let error = load(&format!("[mcp]\n{wrong}\n")).unwrap_err();
            assert_eq!(error.code(), "config", "{wrong}");
            assert!(
                error.to_string().contains("config.toml:2:"),
                "{wrong}: {error}"
            );
        }
    }

    #[test]
    fn no_file_is_an_empty_configuration() {
        let config = Config::load(Path::new("/nonexistent/config.toml")).unwrap();
        assert_eq!(config.links().count(), 0);
    }
}
