//! An env file beside what the vault has for it.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::vault::{Secret, entry_finding};
use super::{Detail, Finding, Kind, Level};
use crate::env_file::{Assignment, EnvFile, Losses, LostAssignment, Readers, Readings};
use crate::error::Error;
use crate::leaks::detect::{self, Verdict};
use crate::model::key_path::OwnerName;
use crate::ops::Session;
use crate::ops::git::{self, GitView};
use crate::ops::layout::{Layout, Values};
use crate::ops::shared::SharedSecrets;
use crate::ops::target::readers_of;
use crate::storage::config::Config;
use crate::storage::fs;
use crate::storage::vault::OpenVault;

/// How many lost variables a finding names.
const NAMED: usize = 5;

/// One project's env file beside the vault.
pub(super) struct EnvView<'a> {
    pub(super) session: &'a Session<'a>,
    pub(super) vault: &'a OpenVault,
    pub(super) config: &'a Config,
    pub(super) project: &'a OwnerName,
    pub(super) file: &'a Path,
    /// Whether the whole project is looked at, not only some of its secrets.
    pub(super) all: bool,
    pub(super) strict: bool,
}

impl EnvView<'_> {
    pub(super) fn check(&self, secrets: &[Secret], findings: &mut Vec<Finding>) {
        let env = match self.session.read_env(self.file) {
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
        let (readers, _) = readers_of(self.config, Some(self.project), self.file);
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
            self.unread(&env, &readers, findings);
            findings.extend(self.lost_lines(secrets, &env));
            self.exposure(findings);
        }
        findings.extend(removed);
    }

    /// What was found in order is worth keeping. A vault that cannot be written is still verified.
    pub(super) fn keep_layout(&self, secrets: &[Secret]) {
        let Ok(Some(env)) = self.session.read_env(self.file) else {
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
            let (readers, _) = readers_of(self.config, Some(self.project), self.file);
            let values = Values::Others(readers);
            let _ = layout.keep(known, &env, values, self.session, self.project);
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
        if !self.session.settings.reach.compares(&secret.key_path) {
            return None;
        }
        let line = Some(assignment.line());
        let again;
        let stored = match &secret.value {
            Some(value) => value,
            None => match self.vault.read(&secret.key_path, version) {
                Ok(entry) => {
                    again = entry;
                    again.value()?
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
        if !self.session.settings.reach.compares(&secret.key_path) {
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
        let reach = &self.session.settings.reach;
        // What is out of the caller's reach is no stranger, and is not reported either.
        let vault = &self.vault.unrestricted();
        let shared =
            SharedSecrets::new(vault, self.config, Some(self.project), self.file).within(reach);
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
                let shown = assignment.shown_name().to_string();
                let shown = shown.escape_debug();
                let value = assignment.value_for(readers).or_else(|| assignment.value());
                let other = shared.find(name, value.as_ref());
                if let Some(other) = other {
                    // Another project's own env file is looked at for itself.
                    if !other.agrees
                        && other.key_path.project().is_none()
                        && reach.allows(other.key_path)
                    {
                        let version = other.newest.header.version;
                        findings.push(
                            Finding::new(
                                Level::Error,
                                Kind::Differs,
                                format!("{shown} is not what version {version} says"),
                            )
                            .secret(other.key_path)
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
                Verdict::Plain | Verdict::Doubtful(_) if self.strict => {
                    Some("it is not marked as plain".to_owned())
                }
                _ => None,
            },
            None => Some("its value is not certain".to_owned()),
        }
    }

    /// Lines that can hold a value and that nothing here reads.
    fn unread(&self, env: &EnvFile, readers: &Readers, findings: &mut Vec<Finding>) {
        for unread in env.unread_lines(readers) {
            if unread.kind.can_hold_value() {
                let message = format!("this line is not read: {}", unread.kind.id());
                findings.push(
                    Finding::new(Level::Warning, Kind::Unread, message)
                        .at(self.file, Some(unread.line)),
                );
            }
        }
    }

    /// What the file has lost since its layout was kept. A layout that does not open is a finding
    /// of its own.
    fn lost_lines(&self, secrets: &[Secret], env: &EnvFile) -> Option<Finding> {
        let (layout, entry) = Layout::newest(self.vault, self.project).ok()??;
        let live: BTreeSet<&str> = secrets.iter().filter_map(Secret::env_name).collect();
        let whole = layout.without_removed(&live);
        let losses = env.losses_since(&whole);
        let is_secret = |lost: &&LostAssignment| live.contains(lost.name.as_str());
        let secrets = losses.assignments.iter().filter(is_secret).count();
        // A missing secret is a finding already.
        let others = Losses {
            assignments: losses
                .assignments
                .iter()
                .filter(|lost| !is_secret(lost))
                .cloned()
                .collect(),
            gone: losses.gone.saturating_sub(secrets),
            ..losses
        };
        if !others.is_torn() {
            return None;
        }
        let mut names: Vec<String> = losses
            .assignments
            .iter()
            .map(|lost| whole.shown_name(&lost.name).to_string())
            .map(|name| name.escape_debug().to_string())
            .collect();
        names.dedup();
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let names = match (names.is_empty(), more) {
            (true, _) => String::new(),
            (false, 0) => format!(": {}", names.join(", ")),
            (false, _) => format!(": {} and {more} more", names.join(", ")),
        };
        let lines = losses.gone.max(1);
        let message = format!(
            "the env file has lost {lines} of {} lines since version {} of its layout{names}",
            losses.lines, entry.header.version
        );
        let level = match secrets {
            0 => Level::Warning,
            _ => Level::Error,
        };
        let finding = Finding::new(level, Kind::LostLines, message).project(self.project);
        Some(finding.at(self.file, None))
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
        if let Some(git) = &*self.session.settings.git {
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
