//! `verify`: does every version open, does each lie where it belongs, does the env file agree?
//!
//! Looks at everything and changes nothing in it; puts back a lost hint beside a tombstone, and
//! keeps the layout of an env file that agrees. Findings name files, lines and variables; no value.
//! `vault` looks at versions and layouts, `env_view` at an env file beside them.

mod env_view;
mod vault;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use super::trail::Witness;
use super::{Notice, Session};
use crate::error::{Error, Result};
use crate::model::key_path::{KeyPath, KeyPrefix, OwnerName};
use crate::storage::config::Config;
use crate::storage::fs;
use crate::storage::vault::in_parallel;
use env_view::EnvView;
use vault::{Secret, check_layouts, flawed_trail, stray, vanished};

/// What to look at.
#[derive(Debug, Default, Clone)]
pub struct Request {
    /// Only what is under this prefix.
    pub prefix: Option<KeyPrefix>,
    /// Any variable that is neither in the vault nor plain is a finding, and so is a warning.
    pub strict: bool,
    /// Only projects whose env files are in this directory or below it.
    pub below: Option<PathBuf>,
}

impl Request {
    /// Refuses a prefix that has no secrets and no linked project: most likely it is mistyped.
    fn check_scope(&self, config: &Config) -> Result<()> {
        let Some(prefix) = &self.prefix else {
            return Ok(());
        };
        let mut links = config.links().iter();
        match links.any(|link| self.has_all_of(&link.project)) {
            true => Ok(()),
            false => Err(Error::NoMatch {
                scope: prefix.as_str().to_owned(),
            }),
        }
    }

    /// Whether the whole project is under the prefix.
    fn has_all_of(&self, project: &OwnerName) -> bool {
        self.prefix
            .as_ref()
            .is_none_or(|prefix| format!("project/{project}/").starts_with(prefix.as_str()))
    }
}

/// Whether a finding makes `verify` fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It does.
    Error,
    /// It does only with `strict`.
    Warning,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The vault has it, the env file does not.
    Missing,
    /// The env file has another value than the newest version.
    Differs,
    /// The env file has what looks like a secret, the vault does not.
    Unvaulted,
    /// An entry or an env file that cannot be read.
    Unreadable,
    /// An entry that is not where it belongs.
    Misplaced,
    /// An entry that was not written with this vault's key.
    Forged,
    /// This machine has seen a newer version than there is.
    RolledBack,
    /// This machine has seen another entry of this number.
    Replaced,
    /// git tracks the env file.
    Tracked,
    /// Others can read the env file, or git would take it.
    Exposed,
    /// A secret is older than its rotation interval.
    Overdue,
    /// A variable is assigned more than once.
    Duplicate,
    /// A reader of the env file reads something else than what is meant.
    Misread,
    /// A line of the env file that is neither an assignment nor a comment.
    Unread,
    /// The env file has lost lines that its stored layout has.
    LostLines,
    /// A version is gone from the vault, or its line from the audit trail.
    Gone,
}

impl Kind {
    /// As it is written in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Unvaulted => "unvaulted",
            Self::Unreadable => "unreadable",
            Self::Misplaced => "misplaced",
            Self::Forged => "forged",
            Self::RolledBack => "rolled_back",
            Self::Replaced => "replaced",
            Self::Tracked => "tracked",
            Self::Exposed => "exposed",
            Self::Overdue => "overdue",
            Self::Duplicate => "duplicate",
            Self::Misread => "misread",
            Self::Unread => "unread",
            Self::LostLines => "lost_lines",
            Self::Gone => "gone",
        }
    }
}

/// One finding.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Whether it makes `verify` fail.
    pub level: Level,
    /// What was found.
    pub kind: Kind,
    /// The secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_path: Option<KeyPath>,
    /// The project, where it is about no one secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<OwnerName>,
    /// The variable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<PathBuf>,
    /// The line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// For people.
    pub message: String,
    /// What of its kind it is, where that decides what mends it.
    #[serde(skip)]
    pub detail: Detail,
}

/// What decides how findings of one kind are mended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Detail {
    /// Nothing: its kind says it.
    #[default]
    None,
    /// The secret was removed.
    Removed,
    /// The mode of the env file.
    Mode,
    /// The variable is written so that its value is not certain.
    Uncertain,
}

impl Finding {
    fn new(level: Level, kind: Kind, message: impl Into<String>) -> Self {
        Self {
            level,
            kind,
            key_path: None,
            project: None,
            name: None,
            file: None,
            line: None,
            message: message.into(),
            detail: Detail::None,
        }
    }

    fn detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }

    fn secret(mut self, key_path: &KeyPath) -> Self {
        self.key_path = Some(key_path.clone());
        self
    }

    fn project(mut self, project: &OwnerName) -> Self {
        self.project = Some(project.clone());
        self
    }

    fn variable(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    fn at(mut self, file: &Path, line: Option<usize>) -> Self {
        self.file = Some(file.to_owned());
        self.line = line;
        self
    }
}

/// What was found, all in all.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether all agrees.
    pub ok: bool,
    /// How many secrets were looked at.
    pub checked: usize,
    /// How many of them have no finding of level error.
    pub agree: usize,
    /// In order of secrets, then of env files and lines.
    pub findings: Vec<Finding>,
}

/// Looks at everything under the prefix.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let vault = session.vault()?;
    let config = session.config()?;
    let below = match &request.below {
        Some(dir) => Some(projects_below(&config, dir)?),
        None => None,
    };
    let is_here = |project: &OwnerName| {
        session.settings.reach.allows_project(project)
            && below.as_ref().is_none_or(|below| below.contains(project))
    };
    let wanted = |key_path: &KeyPath| {
        request
            .prefix
            .as_ref()
            .is_none_or(|prefix| prefix.matches(key_path))
            && (below.is_none() || key_path.project().is_some_and(is_here))
    };
    let (listed, strays) = vault.list(wanted)?;
    let is_gone = !vault.gone(wanted)?.is_empty();
    if listed.is_empty() && !is_gone {
        request.check_scope(&config)?;
    }
    let mut findings = Vec::new();
    if request.prefix.is_none() && below.is_none() && session.settings.reach.is_whole() {
        findings.extend(strays.into_iter().map(stray));
        findings.extend(vanished(vault, &listed));
    }
    let doubtful = check_layouts(vault, request, &is_here, &mut findings)?;

    let done = std::sync::atomic::AtomicUsize::new(0);
    let checked = in_parallel(&listed, |one| {
        let result = Secret::check(vault, &config, one);
        let done = 1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        session.notice(Notice::Progress {
            done,
            of: listed.len(),
        });
        result
    });

    // The entries before the trail: each version's line is written before the version.
    let (witness, trail) = Witness::read(vault)?;
    if session.settings.reach.is_whole() && request.prefix.is_none() && below.is_none() {
        findings.extend(flawed_trail(vault, &trail.flaws));
    }
    let mut by_project: BTreeMap<OwnerName, Vec<Secret>> = BTreeMap::new();
    let mut live = BTreeSet::new();
    for secret in checked {
        let mut secret = secret?;
        secret.witnessed(&witness);
        findings.append(&mut secret.findings);
        if secret.newest.as_ref().is_none_or(|newest| !newest.removed) {
            live.insert(secret.key_path.clone());
        }
        findings.extend(secret.overdue(session.now()));
        if let Some(project) = secret.key_path.project() {
            by_project.entry(project.clone()).or_default().push(secret);
        }
    }
    if !session.settings.reach.reveal {
        session.notice(Notice::NotCompared);
    }
    for link in config.links() {
        let (project, file) = (&link.project, link.file.as_path());
        let secrets = by_project.remove(project).unwrap_or_default();
        let all = request.has_all_of(project);
        if secrets.is_empty() && !all || !is_here(project) {
            continue;
        }
        let view = EnvView {
            session,
            vault,
            config: &config,
            project,
            file,
            all,
            strict: request.strict,
        };
        let before = findings.len();
        view.check(&secrets, &mut findings);
        let clean = findings[before..]
            .iter()
            .all(|finding| finding.level == Level::Warning && finding.kind != Kind::LostLines);
        if clean && all && !doubtful.contains(project) {
            view.keep_layout(&secrets);
        }
    }

    let failing: BTreeSet<KeyPath> = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .filter_map(|finding| finding.key_path.clone())
        .collect();
    let agree = live.difference(&failing).count();
    // Also those that should be there and are not, and the other way round.
    let checked = live.union(&failing).count();
    let ok = !findings
        .iter()
        .any(|finding| finding.level == Level::Error || request.strict);
    Ok(Report {
        ok,
        checked,
        agree,
        findings,
    })
}

/// The projects whose env files are in a directory or below it; without any, those of the nearest
/// directory above it.
fn projects_below<'c>(config: &'c Config, dir: &Path) -> Result<BTreeSet<&'c OwnerName>> {
    let dir = fs::resolve(dir)?;
    let mut parents = Vec::new();
    for link in config.links() {
        // The link itself counts, not what a symbolic link there leads to.
        if let Some(parent) = link.file.parent() {
            parents.push((&link.project, fs::resolve(parent)?));
        }
    }
    let of = |is_wanted: &dyn Fn(&Path) -> bool| -> BTreeSet<&'c OwnerName> {
        let wanted = parents.iter().filter(|(_, parent)| is_wanted(parent));
        wanted.map(|(project, _)| *project).collect()
    };
    let below = of(&|parent| parent.starts_with(&dir));
    if !below.is_empty() {
        return Ok(below);
    }
    let above = dir.ancestors().map(|above| of(&|parent| parent == above));
    Ok(above
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default())
}
