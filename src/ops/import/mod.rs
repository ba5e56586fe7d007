//! `import`: the variables of existing env files into the vault. The files stay as they are.
//!
//! Three steps, so that a front end can ask in between: [`prepare`] reads the files, judges every
//! assignment and writes nothing; [`Prepared::questions`] says which descriptions are missing;
//! [`Prepared::run`] stores. A [plan](Prepared::plan) is the same with a file in between.
//!
//! Invariants: an env file is never written to. What was judged is what is stored: a file that
//! changed in between is refused. What the vault has already is not stored again, so that a run
//! that was stopped is finished by the next one.
//!
//! Limits: of a variable that is assigned twice only the last assignment is taken. A value that
//! refers to other variables is taken as it stands.

mod candidates;
mod classify;
mod describe;
mod discover;
mod plan;
mod report;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::order::{self, VaultChange, Write};
use super::target::{KeepText, Target};
use super::{Session, places};
use crate::env_file::{EnvFile, OnMisread, Readers};
use crate::error::{Error, Finish, Interrupted, Result};
use crate::model::description::Description;
use crate::model::entry::{Content, Origin};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::storage::config;
use crate::storage::vault::Draft;

use candidates::{candidates, judge};
pub use classify::Class;
use classify::Variable;
pub use discover::LeftOut;
pub use report::{FileReport, Item, Report};

/// What to import.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which files.
    pub source: Source,
    /// The project; with several files, the beginning of their projects' names.
    pub project: Option<OwnerName>,
    /// What variables are for: name and description.
    pub describe: Vec<(String, String)>,
    /// Take plain variables too.
    pub all: bool,
    /// Change nothing, say what would change.
    pub dry_run: bool,
}

/// Which env files to import.
#[derive(Debug, Clone)]
pub enum Source {
    /// These; none: the project's linked file, else `.env` in this directory.
    Files(Vec<PathBuf>),
    /// All below a directory.
    Discover(PathBuf),
    /// Those of a plan.
    Plan(PathBuf),
}

/// A description that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    file: usize,
    variable: usize,
    /// The variable.
    pub name: String,
    /// The env file.
    pub env_file: PathBuf,
    /// The variable's line in it.
    pub line: usize,
    /// The secret.
    pub key_path: KeyPath,
}

/// Files that were read and judged.
pub struct Prepared<'a> {
    session: &'a Session<'a>,
    files: Vec<Judged>,
    left_out: Vec<LeftOut>,
    dry_run: bool,
}

/// One env file, judged.
struct Judged {
    project: OwnerName,
    path: PathBuf,
    env: EnvFile,
    readers: Readers,
    variables: Vec<Variable>,
    /// Whether the project is linked to it already.
    linked: bool,
    /// The variables of all live secrets of the project.
    vaulted: BTreeSet<String>,
}

/// Reads and judges the env files. Writes nothing.
pub fn prepare<'a>(session: &'a Session<'a>, request: Request) -> Result<Prepared<'a>> {
    let config = session.config()?;
    let (candidates, mut left_out) = candidates(session, &config, &request)?;
    let vault = session.vault_unless_first_use()?;
    let mut files: Vec<Judged> = Vec::new();
    for candidate in candidates {
        if let Some(other) = files.iter().find(|file| file.project == candidate.project) {
            return Err(Error::SameProject {
                first: other.path.clone(),
                second: candidate.path,
                project: candidate.project,
            });
        }
        let file = candidate.path.clone();
        match judge(session, &config, vault, candidate, request.all) {
            Ok(judged) => files.push(judged),
            // One file of a whole tree that cannot be read must not hide the others.
            Err(error @ (Error::EnvFile { .. } | Error::Io { .. }))
                if matches!(request.source, Source::Discover(_)) =>
            {
                let reason = error.to_string();
                left_out.push(LeftOut { file, reason });
            }
            Err(error) => return Err(error),
        }
    }
    describe(&mut files, &request.describe)?;
    Ok(Prepared {
        session,
        files,
        left_out,
        dry_run: request.dry_run,
    })
}

/// Gives variables the descriptions that came with the request. To describe a plain variable is
/// to take it.
fn describe(files: &mut [Judged], given: &[(String, String)]) -> Result<()> {
    for (name, text) in given {
        let mut known = false;
        for variable in files.iter_mut().flat_map(|file| &mut file.variables) {
            if variable
                .name
                .as_ref()
                .is_none_or(|own| own.as_str() != name)
            {
                continue;
            }
            known = true;
            let (Some(key_path), Some(value)) = (&variable.key_path, &variable.value) else {
                continue;
            };
            let description = Description::new(text, key_path, Some(value)).map_err(|source| {
                Error::DescriptionOf {
                    name: name.clone(),
                    source,
                }
            })?;
            variable.description = Some(description);
            variable.take |= variable.class == Class::Plain;
        }
        if !known {
            return Err(Error::NoSuchVariable {
                // Anything else may be a value.
                name: classify::is_usual(name).then(|| name.clone()),
            });
        }
    }
    if !given.is_empty() {
        for file in files {
            classify::mark_conflicts(&mut file.variables);
        }
    }
    Ok(())
}

impl Prepared<'_> {
    /// The descriptions that are missing, in order.
    ///
    /// # Errors
    /// If two variables would be one secret: only a plan can settle that.
    pub fn questions(&self) -> Result<Vec<Question>> {
        questions(&self.files)
    }

    /// Answers a question.
    pub fn answer(&mut self, question: &Question, text: &str) -> Result<()> {
        if let Some(variable) = self
            .files
            .get_mut(question.file)
            .and_then(|file| file.variables.get_mut(question.variable))
        {
            let value = variable.value.as_ref();
            variable.description = Some(Description::new(text, &question.key_path, value)?);
        }
        Ok(())
    }

    /// A plan to be filled in, for a file at this path.
    pub fn plan(&self, path: &Path) -> String {
        let files = self.files.iter().map(|file| {
            (
                &file.project,
                file.path.as_path(),
                file.variables.as_slice(),
            )
        });
        plan::text(path, files)
    }

    /// What was found and judged, as a report of nothing done: what is to be stored counts as new.
    pub fn listing(&self) -> Report {
        let files = self.files.iter().map(|file| FileReport {
            project: file.project.clone(),
            file: file.path.clone(),
            variables: file
                .variables
                .iter()
                .map(|variable| Item {
                    vault: variable.is_kept().then_some(VaultChange::Created),
                    ..item(variable)
                })
                .collect(),
            linked: false,
            plain: Vec::new(),
        });
        Report {
            files: files.collect(),
            left_out: self.left_out.clone(),
            dry_run: true,
        }
    }

    /// Stores; or, for a dry run, says what would be stored.
    pub fn run(self) -> Result<Report> {
        let Self {
            session,
            files,
            left_out,
            dry_run,
        } = self;
        if !dry_run {
            let missing = questions(&files)?;
            if !missing.is_empty() {
                return Err(Error::DescriptionsMissing {
                    missing: missing
                        .into_iter()
                        .map(|question| (question.name, question.key_path))
                        .collect(),
                });
            }
            let has_writes = |file: &Judged| file.variables.iter().any(Variable::is_kept);
            if session.vault_unless_first_use()?.is_none() && files.iter().any(has_writes) {
                session.create_to_write()?;
            }
        }
        let of = files.iter().map(Judged::kept).sum();
        let mut stored = 0;
        let mut reports = Vec::with_capacity(files.len());
        for file in files {
            let kept = file.kept();
            let report = file
                .import(session, dry_run)
                .map_err(|error| stopped(session, stored, of, error))?;
            stored += kept;
            reports.push(report);
        }
        Ok(Report {
            files: reports,
            left_out,
            dry_run,
        })
    }
}

/// The descriptions that are missing, in order.
fn questions(files: &[Judged]) -> Result<Vec<Question>> {
    let mut questions = Vec::new();
    for (at, file) in files.iter().enumerate() {
        for (index, variable) in file.variables.iter().enumerate() {
            let Some(key_path) = variable.key_path.as_ref().filter(|_| variable.take) else {
                continue;
            };
            if variable.class == Class::Conflict {
                return Err(file.conflict(variable, key_path));
            }
            if variable.description.is_none() {
                questions.push(Question {
                    file: at,
                    variable: index,
                    name: variable.shown(),
                    env_file: file.path.clone(),
                    line: variable.line,
                    key_path: key_path.clone(),
                });
            }
        }
    }
    Ok(questions)
}

/// Writes a plan. An existing file is not replaced.
pub fn write_plan(session: &Session<'_>, path: &Path, plan: &str) -> Result<()> {
    session.check_not_own(path)?;
    session.publish(path, plan.as_bytes())
}

/// Wraps an error in one file, after the files before it.
fn stopped(session: &Session<'_>, before: usize, of: usize, error: Error) -> Error {
    let (stored, source) = match error {
        Error::Interrupted(Interrupted {
            finish: Finish::StoreRest { stored, .. },
            source,
            ..
        }) => (before + stored, *source),
        error => (before, error),
    };
    session.interrupted(Finish::StoreRest { stored, of }, source)
}

impl Judged {
    fn kept(&self) -> usize {
        self.variables.iter().filter(|one| one.is_kept()).count()
    }

    fn conflict(&self, variable: &Variable, key_path: &KeyPath) -> Error {
        let other = self.variables.iter().find(|other| {
            other.line != variable.line
                && other.key_path.as_ref() == Some(key_path)
                && other.is_kept()
        });
        let second = match (other, &variable.newest) {
            (Some(other), _) => other.shown(),
            (None, Some(entry)) => entry.header.env_name.clone().unwrap_or_default(),
            (None, None) => String::new(),
        };
        Error::SameKeyPath {
            first: variable.shown(),
            second,
            key_path: key_path.clone(),
        }
    }

    fn import(self, session: &Session<'_>, dry_run: bool) -> Result<FileReport> {
        let target = Target {
            readers: self.readers,
            on_misread: OnMisread::Allow,
            named: true,
            keep_text: Some(KeepText {
                text: self.env.text().clone(),
                vaulted: self.vaulted.clone(),
            }),
            ..Target::new(session, self.path.clone(), Some(&self.project))?
        };
        let kept: Vec<usize> = (0..self.variables.len())
            .filter(|&index| self.variables[index].is_kept())
            .collect();
        let writes: Vec<Write<'_>> = kept
            .iter()
            .filter_map(|&index| write(session, &self.variables[index]))
            .collect();
        let plain: Vec<&str> = self
            .variables
            .iter()
            .filter(|variable| variable.declined)
            .filter_map(|variable| Some(variable.name.as_ref()?.as_str()))
            .collect();
        let has_vault = session.vault_unless_first_use()?.is_some();
        let outcomes = match has_vault || dry_run {
            true => order::carry_out(session, &writes, Some(&target), dry_run)?,
            false => Vec::new(),
        };
        if !dry_run {
            let link = session.edit_config(|config, wait| {
                let target = places::target_outside(&self.path)?;
                let link = config::NewLink {
                    target: target.as_deref(),
                    ..config::NewLink::to(&self.path)
                };
                config::link_with_plain(config, &self.project, link, &plain, wait)
            });
            // The vault has them all by then, and the same command goes on from there.
            link.map_err(|source| {
                let (stored, of) = (writes.len(), writes.len());
                session.interrupted(Finish::StoreRest { stored, of }, source)
            })?;
        }
        let mut items: Vec<Item> = self.variables.iter().map(item).collect();
        for (index, outcome) in kept.into_iter().zip(outcomes) {
            items[index].vault = Some(outcome.vault);
            items[index].version = Some(outcome.version);
        }
        Ok(FileReport {
            variables: items,
            linked: !self.linked,
            plain: plain.into_iter().map(str::to_owned).collect(),
            project: self.project,
            file: self.path,
        })
    }
}

/// What is to be stored of a variable.
fn write<'v>(session: &Session<'_>, variable: &'v Variable) -> Option<Write<'v>> {
    let key_path = variable.key_path.as_ref()?;
    let name = variable.name.clone()?;
    let description = variable.description.as_ref();
    let newest = variable.newest.as_ref();
    Some(Write {
        key_path,
        draft: Draft {
            content: Content::Value(variable.value.clone()?),
            description: description
                .map(|text| text.as_str().to_owned())
                .or_else(|| newest.map(|entry| entry.header.description.clone()))
                .unwrap_or_default(),
            env_name: Some(name.to_string()),
            // The same value is still what the recipe made.
            recipe: newest
                .filter(|_| variable.class == Class::Vaulted)
                .and_then(|entry| entry.header.recipe.clone()),
            every_days: newest.and_then(|entry| entry.header.every_days),
            origin: Origin::Import,
            moved_to: None,
            created: session.now(),
            since: None,
        },
        env_name: Some(name),
        moved_from: None,
    })
}

fn item(variable: &Variable) -> Item {
    Item {
        name: variable.name.as_ref().map(ToString::to_string),
        line: variable.line,
        key_path: variable.key_path.clone(),
        class: variable.class,
        reason: variable.reason.clone(),
        description: variable
            .description
            .as_ref()
            .map(|text| text.as_str().to_owned()),
        vault: None,
        version: None,
    }
}
