//! `verify`: does every version open, does each lie where it belongs, does the env file agree?
//!
//! Looks at everything and changes nothing in it; puts back a lost hint beside a tombstone, and
//! keeps the layout of an env file that agrees. Findings name
//! files, lines and variables; no value.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::git::{self, GitView};
use super::guests::Guests;
use super::layout::Layout;
use super::{Context, Notice};
use crate::config::Config;
use crate::detect::{self, Verdict};
use crate::entry::Header;
use crate::env_disk;
use crate::env_file::{Assignment, EnvFile, Readers, Readings};
use crate::error::{EntryFault, Error, Result};
use crate::fs;
use crate::key_path::{KeyPath, KeyPrefix, OwnerName};
use crate::secret::SecretBytes;
use crate::vault::{Listed, OpenVault, Stray, in_parallel};

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
            Self::Tracked => "tracked",
            Self::Exposed => "exposed",
            Self::Overdue => "overdue",
            Self::Duplicate => "duplicate",
            Self::Misread => "misread",
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
pub fn run(context: &Context<'_>, request: &Request) -> Result<Report> {
    let vault = context.open_vault()?;
    let config = context.config()?;
    let below = match &request.below {
        Some(dir) => Some(projects_below(&config, dir)?),
        None => None,
    };
    let is_here = |project: &OwnerName| below.as_ref().is_none_or(|below| below.contains(project));
    let wanted = |key_path: &KeyPath| {
        request
            .prefix
            .as_ref()
            .is_none_or(|prefix| prefix.matches(key_path))
            && (below.is_none() || key_path.project().is_some_and(is_here))
    };
    let (listed, strays) = vault.vault().list(wanted)?;
    let mut findings = Vec::new();
    if request.prefix.is_none() && below.is_none() {
        findings.extend(strays.into_iter().map(stray));
        findings.extend(vanished(&vault, &listed));
    }
    let doubtful = check_layouts(&vault, request, &is_here, &mut findings)?;

    let done = std::sync::atomic::AtomicUsize::new(0);
    let checked = in_parallel(&listed, |one| {
        let result = Secret::check(&vault, &config, one);
        let done = 1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        context.notice(Notice::Progress {
            done,
            of: listed.len(),
        });
        result
    });

    let mut by_project: BTreeMap<OwnerName, Vec<Secret>> = BTreeMap::new();
    let mut live = BTreeSet::new();
    for secret in checked {
        let mut secret = secret?;
        findings.append(&mut secret.findings);
        if secret.newest.as_ref().is_none_or(|newest| !newest.removed) {
            live.insert(secret.key_path.clone());
        }
        findings.extend(secret.overdue(context.now()));
        if let Some(project) = secret.key_path.project() {
            by_project.entry(project.clone()).or_default().push(secret);
        }
    }
    for (project, file) in config.links() {
        let secrets = by_project.remove(project).unwrap_or_default();
        let all = request.has_all_of(project);
        if secrets.is_empty() && !all || !is_here(project) {
            continue;
        }
        let view = EnvView {
            context,
            vault: &vault,
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
            .all(|finding| finding.level == Level::Warning);
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

/// The projects whose env files are in a directory or below it.
fn projects_below<'c>(config: &'c Config, dir: &Path) -> Result<BTreeSet<&'c OwnerName>> {
    let dir = fs::resolve(dir)?;
    let mut projects = BTreeSet::new();
    for (project, file) in config.links() {
        // The link itself counts, not what a symbolic link there leads to.
        let parent = file.parent().map(fs::resolve).transpose()?;
        if parent.is_some_and(|parent| parent.starts_with(&dir)) {
            projects.insert(project);
        }
    }
    Ok(projects)
}

/// Opens all layouts, and looks for those that are gone. Gives the projects of which one is not as
/// it should be.
fn check_layouts(
    vault: &OpenVault,
    request: &Request,
    is_here: &impl Fn(&OwnerName) -> bool,
    findings: &mut Vec<Finding>,
) -> Result<BTreeSet<OwnerName>> {
    let (projects, strays) = vault.vault().layout_projects()?;
    if request.prefix.is_none() && request.below.is_none() {
        findings.extend(strays.into_iter().map(stray));
    }
    let mut projects = BTreeSet::from_iter(projects);
    projects.extend(vault.state().seen_layouts(vault.vault().id()));
    projects.retain(|project| request.has_all_of(project) && is_here(project));
    let projects: Vec<OwnerName> = projects.into_iter().collect();
    let mut doubtful = BTreeSet::new();
    let checked = in_parallel(&projects, |project| vault.check_layouts(project));
    for (project, wrong) in projects.into_iter().zip(checked) {
        let wrong = wrong?;
        findings.extend(wrong.iter().map(|error| {
            let of = format!("the layout of the env file of {project}: ");
            let mut finding = of_error(error);
            finding.message.insert_str(0, &of);
            finding
        }));
        if !wrong.is_empty() {
            doubtful.insert(project);
        }
    }
    Ok(doubtful)
}

fn stray(stray: Stray) -> Finding {
    let what = "this does not belong in a vault";
    Finding::new(Level::Error, Kind::Misplaced, what).at(&stray.0, None)
}

/// Secrets that this machine has seen and that are gone altogether.
fn vanished(vault: &OpenVault, listed: &[Listed]) -> Vec<Finding> {
    let is_there = |key_path: &KeyPath| {
        listed
            .binary_search_by(|one| one.key_path.cmp(key_path))
            .is_ok()
    };
    vault
        .state()
        .seen(vault.vault().id())
        .into_iter()
        .filter(|key_path| !is_there(key_path))
        .map(|key_path| {
            Finding::new(
                Level::Error,
                Kind::RolledBack,
                "this machine has seen this secret; it is gone from the vault",
            )
            .secret(&key_path)
        })
        .collect()
}

/// Values over this many bytes are opened a second time rather than kept.
const MAX_KEPT: usize = 64 << 10;

/// A secret with all its versions looked at.
struct Secret {
    key_path: KeyPath,
    /// The header of the newest version, if it opens.
    newest: Option<Header>,
    /// Its value, if an env file will be compared with it and it is not large: opening it a second
    /// time would take longer than all the rest.
    value: Option<SecretBytes>,
    findings: Vec<Finding>,
}

impl Secret {
    fn check(vault: &OpenVault, config: &Config, one: &Listed) -> Result<Self> {
        let mut secret = Self {
            key_path: one.key_path.clone(),
            newest: None,
            value: None,
            findings: Vec::new(),
        };
        let is_linked = one
            .key_path
            .project()
            .is_some_and(|project| config.env_file(project).is_some());
        let versions = if one.oldest == one.newest {
            vec![one.newest]
        } else {
            vault.vault().versions(&one.key_path)?
        };
        for version in versions {
            match vault.read(&one.key_path, version) {
                Ok(entry) if version == one.newest => {
                    secret.newest = Some(entry.header);
                    let keep = is_linked && entry.value.len() <= MAX_KEPT;
                    secret.value = keep.then_some(entry.value);
                }
                Ok(_) => {}
                Err(error) => secret.findings.push(entry_finding(&one.key_path, &error)),
            }
        }
        if let Err(error) = vault.check_not_rolled_back(&one.key_path, one.newest) {
            secret.findings.push(entry_finding(&one.key_path, &error));
        }
        if secret.newest.as_ref().is_some_and(|header| header.removed) && !one.removed {
            // A vault that cannot be written is still verified.
            let _ = vault.mend_hint(&one.key_path, one.newest);
        }
        Ok(secret)
    }

    fn overdue(&self, now: Timestamp) -> Option<Finding> {
        let header = self.newest.as_ref().filter(|header| !header.removed)?;
        let days = header.every_days?;
        let age = (now.as_second() - header.created.as_second()) / 86_400;
        (age >= i64::from(days)).then(|| {
            Finding::new(
                Level::Warning,
                Kind::Overdue,
                format!("the value is {age} days old and should be rotated every {days}"),
            )
            .secret(&self.key_path)
        })
    }

    /// The variable that should hold it.
    fn env_name(&self) -> Option<&str> {
        let header = self.newest.as_ref().filter(|header| !header.removed)?;
        header.env_name.as_deref()
    }
}

fn entry_finding(key_path: &KeyPath, error: &Error) -> Finding {
    of_error(error).secret(key_path)
}

/// What an entry that cannot be used is to `verify`.
fn of_error(error: &Error) -> Finding {
    let kind = match error {
        Error::Entry { fault, .. } => match fault {
            EntryFault::Forged => Kind::Forged,
            EntryFault::ForeignVault
            | EntryFault::MisplacedPath(_)
            | EntryFault::MisplacedVersion(_) => Kind::Misplaced,
            EntryFault::RolledBack { .. } => Kind::RolledBack,
            EntryFault::Sealed(_) | EntryFault::Malformed(_) => Kind::Unreadable,
        },
        _ => Kind::Unreadable,
    };
    match error {
        Error::Entry { path, fault } => {
            Finding::new(Level::Error, kind, fault.to_string()).at(path, None)
        }
        error => Finding::new(Level::Error, kind, error.to_string()),
    }
}

/// One project's env file beside the vault.
struct EnvView<'a> {
    context: &'a Context<'a>,
    vault: &'a OpenVault,
    config: &'a Config,
    project: &'a OwnerName,
    file: &'a Path,
    /// Whether the whole project is looked at, not only some of its secrets.
    all: bool,
    strict: bool,
}

impl EnvView<'_> {
    fn check(&self, secrets: &[Secret], findings: &mut Vec<Finding>) {
        let env = match env_disk::read(self.file) {
            Ok(env) => env,
            Err(error) => {
                // The finding says where.
                let message = match &error {
                    Error::EnvFile { problem, .. } => problem.to_string(),
                    Error::Io { action, source, .. } => format!("cannot {action} it: {source}"),
                    error => error.to_string(),
                };
                findings.push(
                    Finding::new(Level::Error, Kind::Unreadable, message).at(self.file, None),
                );
                return;
            }
        };
        let Some(env) = env else {
            findings.extend(secrets.iter().filter_map(|secret| {
                let name = secret.env_name()?;
                Some(
                    Finding::new(
                        Level::Error,
                        Kind::Missing,
                        format!("the env file does not exist, so {name} is not in it"),
                    )
                    .secret(&secret.key_path)
                    .variable(name)
                    .at(self.file, None),
                )
            }));
            return;
        };
        let (readers, _) = self
            .context
            .readers(self.config, Some(self.project), self.file);
        // The last assignment of a name counts.
        let assigned: HashMap<&str, &Assignment> =
            env.assignments().map(|one| (one.name(), one)).collect();
        let readings = env.readings(&readers);
        for secret in secrets {
            findings.extend(self.compare(secret, &assigned, &readers, &readings));
        }
        let removed: Vec<Finding> = secrets
            .iter()
            .filter_map(|secret| self.lingers(secret, secrets, &assigned, &readers))
            .collect();
        if self.all {
            let lingering: BTreeSet<&str> = removed
                .iter()
                .filter_map(|finding| finding.name.as_deref())
                .collect();
            self.unvaulted(secrets, &lingering, &env, &readers, findings);
            self.duplicates(&env, findings);
            self.exposure(findings);
        }
        findings.extend(removed);
    }

    /// What was found in order is worth keeping. A vault that cannot be written is still verified.
    fn keep_layout(&self, secrets: &[Secret]) {
        let Ok(Some(env)) = env_disk::read(self.file) else {
            return;
        };
        // An empty layout is not kept; what was taken out of the file to its last line is not lost.
        if env.text().is_empty() {
            return;
        }
        let vaulted = secrets
            .iter()
            .filter_map(Secret::env_name)
            .map(str::to_owned)
            .collect();
        let layout = Layout {
            vaulted,
            env: env.clone(),
        };
        if let Ok(known) = Layout::newest(self.vault, self.project) {
            let _ = layout.keep(known, &env, self.context, self.vault, self.project);
        }
    }

    fn compare(
        &self,
        secret: &Secret,
        assigned: &HashMap<&str, &Assignment>,
        readers: &Readers,
        readings: &Readings,
    ) -> Option<Finding> {
        let name = secret.env_name()?;
        let version = secret.newest.as_ref()?.version;
        let finding = |kind, message: String, line| {
            Finding::new(Level::Error, kind, message)
                .secret(&secret.key_path)
                .variable(name)
                .at(self.file, line)
        };
        let Some(assignment) = assigned.get(name) else {
            return Some(finding(
                Kind::Missing,
                format!("{name} is in the vault and not in the env file"),
                None,
            ));
        };
        let line = Some(assignment.line());
        let again;
        let stored = match &secret.value {
            Some(value) => value,
            None => match self.vault.read(&secret.key_path, version) {
                Ok(entry) => {
                    again = entry.value;
                    &again
                }
                Err(error) => return Some(entry_finding(&secret.key_path, &error)),
            },
        };
        // What is meant and what is read may be two things: a value that is the right one in the
        // file's own terms is misread, not another.
        let read = assignment.value_for(readers);
        let meant = assignment.value();
        match read {
            read if read.as_ref() == Some(stored) || meant.as_ref() == Some(stored) => {
                let wrong = assignment.misreaders(stored, readers);
                let wrong = wrong.union(&readings.misreaders(name, stored));
                (!wrong.is_empty()).then(|| {
                    finding(
                        Kind::Misread,
                        format!("{name} is read as something else by {wrong}"),
                        line,
                    )
                })
            }
            Some(_) => Some(finding(
                Kind::Differs,
                format!("{name} is not what version {version} says"),
                line,
            )),
            None => Some(
                finding(
                    Kind::Differs,
                    format!("{name} is written so that its value is not certain"),
                    line,
                )
                .detail(Detail::Uncertain),
            ),
        }
    }

    /// A secret that was removed, and whose value the env file still has: a removal was stopped
    /// half-way, or somebody put the line back. Another value under that name is the user's own.
    fn lingers(
        &self,
        secret: &Secret,
        secrets: &[Secret],
        assigned: &HashMap<&str, &Assignment>,
        readers: &Readers,
    ) -> Option<Finding> {
        let tombstone = secret.newest.as_ref().filter(|header| header.removed)?;
        let name = tombstone.env_name.as_deref()?;
        if secrets.iter().any(|other| other.env_name() == Some(name)) {
            return None;
        }
        let assignment = assigned.get(name)?;
        let value = assignment
            .value_for(readers)
            .or_else(|| assignment.value())?;
        // What does not open is a finding already.
        self.vault.find_value(&secret.key_path, &value).ok()??;
        let message = format!(
            "{name} was removed with version {} and is still in the env file",
            tombstone.version
        );
        Some(
            Finding::new(Level::Error, Kind::Differs, message)
                .secret(&secret.key_path)
                .variable(name)
                .at(self.file, Some(assignment.line()))
                .detail(Detail::Removed),
        )
    }

    fn unvaulted(
        &self,
        secrets: &[Secret],
        lingering: &BTreeSet<&str>,
        env: &EnvFile,
        readers: &Readers,
        findings: &mut Vec<Finding>,
    ) {
        let guests = Guests::new(self.vault, self.config, self.project, self.file);
        let vaulted: BTreeSet<&str> = secrets.iter().filter_map(Secret::env_name).collect();
        let plain: BTreeSet<&str> = self
            .config
            .project(self.project)
            .map(|project| project.plain.iter().map(String::as_str).collect())
            .unwrap_or_default();
        let mut seen = BTreeSet::new();
        for assignment in env.assignments() {
            let name = assignment.name();
            let is_known = [&vaulted, &plain, lingering]
                .iter()
                .any(|names| names.contains(name));
            if is_known || !seen.insert(name) {
                continue;
            }
            if let Some(reason) = self.is_unvaulted(assignment) {
                let shown = name.escape_debug();
                let value = assignment.value_for(readers).or_else(|| assignment.value());
                let guest = value.as_ref().and_then(|value| guests.find(name, value));
                if let Some(guest) = guest {
                    // Another project's own env file is looked at for itself.
                    if !guest.agrees && guest.key_path.project().is_none() {
                        let version = guest.newest.header.version;
                        findings.push(
                            Finding::new(
                                Level::Error,
                                Kind::Differs,
                                format!("{shown} is not what version {version} says"),
                            )
                            .secret(guest.key_path)
                            .variable(name)
                            .at(self.file, Some(assignment.line())),
                        );
                    }
                    continue;
                }
                let detail = match assignment.value() {
                    Some(_) => Detail::None,
                    None => Detail::Uncertain,
                };
                findings.push(
                    Finding::new(
                        Level::Error,
                        Kind::Unvaulted,
                        format!("{shown} is not in the vault: {reason}"),
                    )
                    .variable(name)
                    .at(self.file, Some(assignment.line()))
                    .detail(detail),
                );
            }
        }
    }

    /// Why a variable that the vault does not have should be there.
    fn is_unvaulted(&self, assignment: &Assignment) -> Option<String> {
        match assignment.value() {
            Some(value) => match detect::classify(assignment.name(), &value) {
                Verdict::Secret(reason) => Some(reason.clause()),
                Verdict::Plain if self.strict => Some("it is not marked as plain".to_owned()),
                _ => None,
            },
            None => Some("its value is not certain".to_owned()),
        }
    }

    fn duplicates(&self, env: &EnvFile, findings: &mut Vec<Finding>) {
        for duplicate in env.duplicates() {
            let lines: Vec<String> = duplicate.lines.iter().map(ToString::to_string).collect();
            findings.push(
                Finding::new(
                    Level::Warning,
                    Kind::Duplicate,
                    format!(
                        "{} is assigned more than once, on lines {}",
                        duplicate.name.escape_debug(),
                        lines.join(", ")
                    ),
                )
                .variable(duplicate.name)
                .at(self.file, duplicate.lines.last().copied()),
            );
        }
    }

    fn exposure(&self, findings: &mut Vec<Finding>) {
        let warning = |message: String| {
            Finding::new(Level::Warning, Kind::Exposed, message).at(self.file, None)
        };
        if let Some(mode) = fs::mode(self.file)
            && mode & 0o077 != 0
        {
            findings.push(
                warning(format!(
                    "others can read the env file: its mode is {mode:o}, not 600"
                ))
                .detail(Detail::Mode),
            );
        }
        if let Some(git) = &*self.context.git {
            match git::view(git, self.file) {
                GitView::Tracked => findings.push(
                    Finding::new(Level::Error, Kind::Tracked, "git tracks the env file")
                        .at(self.file, None),
                ),
                GitView::NotIgnored => {
                    findings.push(warning("git does not ignore the env file".to_owned()));
                }
                GitView::Fine => {}
            }
        }
    }
}
