//! `agent install`, `agent uninstall`: this program's parts in a coding agent's configuration.
//!
//! Invariants: all files are read and all texts are composed before the first file is written, so
//! that one that cannot be understood stops everything. Each file is replaced durably, its mode and
//! links stay, and a change that the agent makes meanwhile is noticed and built upon. What was put
//! in is remembered (`<state dir>/agents.json`: the texts put in and what stood there, which is
//! nothing of anybody else's), so that it can be taken out to the byte.
//!
//! Limits: a file that cannot be replaced by a rename (one that is mounted by itself, a hard link)
//! is written in place. Directories that were made stay. Without the memory the parts are found by
//! what they are, and a container that was empty before may go with them.

mod records;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use self::records::{Record, Records};
use super::Context;
use crate::agents::hook::Agent;
use crate::agents::install::{Part, Patch, Places, Scope, What, parts};
use crate::error::{EnvFileProblem, Error, Result};
use crate::model::secret::SecretBytes;
use crate::storage::fs::{self, Replaced};

const MAX_FILE: usize = 32 << 20;
/// How often a file that keeps changing is read again.
const MAX_ROUNDS: usize = 8;

/// Whose configuration, and where.
#[derive(Debug)]
pub struct Request<'p> {
    /// The agent.
    pub agent: Agent,
    /// The directory of a project; else the user's own configuration is meant.
    pub project: Option<PathBuf>,
    /// Where the user's own are.
    pub places: &'p Places,
    /// What the entries run.
    pub program: String,
    /// Change nothing.
    pub dry_run: bool,
}

impl Request<'_> {
    fn scope(&self) -> Scope<'_> {
        match &self.project {
            Some(dir) => Scope::Project(dir),
            None => Scope::User(self.places),
        }
    }
}

/// What was done to an agent's configuration.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The agent.
    pub agent: String,
    /// The directory of the project, if it is not the user's own configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_dir: Option<PathBuf>,
    /// The parts, in order.
    pub parts: Vec<PartReport>,
    /// Nothing was done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// What became of one part.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartReport {
    /// What it is.
    pub part: What,
    /// Its file.
    pub file: PathBuf,
    /// What was done.
    pub change: Change,
    /// What a file that holds nothing else looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// What was done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// The part is in the file now.
    Added,
    /// It was there in another form.
    Updated,
    /// It was there, or (`uninstall`) it was not.
    Unchanged,
    /// It is no longer there.
    Removed,
    /// Another agent's installation needs it.
    Kept,
}

/// Puts the parts in.
pub fn install(context: &Context<'_>, request: &Request<'_>) -> Result<Report> {
    let chosen = choose(parts(request.agent, request.scope()))?;
    let mut reports = Vec::new();
    let mut plans = Vec::new();
    for (file, parts) in by_file(&chosen) {
        let before = read(&file)?;
        let (_, changes, _) = put_in(&file, &parts, &before, &request.program)?;
        for (part, change) in parts.iter().zip(changes) {
            reports.push(PartReport {
                part: part.what,
                file: file.clone(),
                change,
                text: part.install("", &request.program).ok(),
            });
        }
        plans.push((file, parts));
    }
    if !request.dry_run {
        let _lock = lock_state(context)?;
        let mut records = Records::load(context)?;
        finish(plans, |(file, parts)| {
            write(context, &file, |before| {
                let (after, _, patches) = put_in(&file, &parts, before, &request.program)?;
                records.remember(request, &file, before.is_none(), patches);
                records.save(context)?;
                Ok(Some(after))
            })
        })?;
    }
    Ok(report(request, reports))
}

/// Takes the parts out.
pub fn uninstall(context: &Context<'_>, request: &Request<'_>) -> Result<Report> {
    let all = parts(request.agent, request.scope());
    let _lock = match request.dry_run {
        true => None,
        false => Some(lock_state(context)?),
    };
    let mut records = Records::load(context)?;
    let mut reports = Vec::new();
    let mut plans = Vec::new();
    for (file, parts) in by_file(&all) {
        let before = read(&file)?;
        let kept = records.another(request.agent, &file);
        let after = take_out(&file, &parts, &before, records.find(request.agent, &file))?;
        for part in &parts {
            let text = before.as_deref().unwrap_or_default();
            let there = part.remove(text).is_ok_and(|without| without != text);
            reports.push(PartReport {
                part: part.what,
                file: file.clone(),
                change: match (there, kept) {
                    (false, _) => Change::Unchanged,
                    (true, true) => Change::Kept,
                    (true, false) => Change::Removed,
                },
                text: None,
            });
        }
        if after != before && !kept {
            plans.push((file, parts));
        }
    }
    if !request.dry_run {
        let of = plans.len();
        finish(plans, |(file, parts)| {
            write(context, &file, |before| {
                take_out(&file, &parts, before, records.find(request.agent, &file))
            })
        })?;
        records.forget(request.agent, &all);
        records
            .save(context)
            .map_err(|source| unfinished(of, of, source))?;
    }
    Ok(report(request, reports))
}

fn report(request: &Request<'_>, parts: Vec<PartReport>) -> Report {
    Report {
        agent: request.agent.name().to_owned(),
        project_dir: request.project.clone(),
        parts,
        dry_run: request.dry_run,
    }
}

/// Of several hooks that which is there, else the last one whose file exists, else the first.
fn choose(parts: Vec<Part>) -> Result<Vec<Part>> {
    let hooks: Vec<&Part> = parts
        .iter()
        .filter(|part| part.what == What::Hook)
        .collect();
    let mut chosen = hooks.first().map(|part| part.file.clone());
    for hook in &hooks {
        if let Some(text) = read(&hook.file)? {
            chosen = Some(hook.file.clone());
            if hook.remove(&text).is_ok_and(|without| without != text) {
                break;
            }
        }
    }
    let keep = |part: &Part| part.what != What::Hook || Some(&part.file) == chosen.as_ref();
    Ok(parts.into_iter().filter(keep).collect())
}

/// The parts of each file, in order.
fn by_file(parts: &[Part]) -> Vec<(PathBuf, Vec<Part>)> {
    let mut files: Vec<(PathBuf, Vec<Part>)> = Vec::new();
    for part in parts {
        match files.iter_mut().find(|(file, _)| *file == part.file) {
            Some((_, parts)) => parts.push(part.clone()),
            None => files.push((part.file.clone(), vec![part.clone()])),
        }
    }
    files
}

fn read(file: &Path) -> Result<Option<String>> {
    let Some(bytes) = fs::read(file, MAX_FILE)? else {
        return Ok(None);
    };
    text_of(file, &bytes).map(Some)
}

fn text_of(file: &Path, bytes: &SecretBytes) -> Result<String> {
    bytes
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::AgentFile {
            path: file.to_owned(),
            line: 1,
            problem: "this is not UTF-8".to_owned(),
        })
}

type PutIn = (String, Vec<Change>, Vec<Patch>);

/// The text with all parts of a file, what became of each, and the changes in order.
fn put_in(file: &Path, parts: &[Part], before: &Option<String>, program: &str) -> Result<PutIn> {
    let mut text = before.clone().unwrap_or_default();
    let refused = |refusal| refuse(file, refusal);
    // Each alone first, so that the line of a refusal is one of the file as it is.
    for part in parts {
        part.install(&text, program).map_err(refused)?;
    }
    let (mut changes, mut patches) = (Vec::new(), Vec::new());
    for part in parts {
        let there = part.remove(&text).map_err(refused)? != text;
        let after = part.install(&text, program).map_err(refused)?;
        changes.push(match (after == text, there) {
            (true, _) => Change::Unchanged,
            (false, true) => Change::Updated,
            (false, false) => Change::Added,
        });
        patches.extend(Patch::between(&text, &after));
        text = after;
    }
    Ok((text, changes, patches))
}

/// The text without the parts of a file; `None` if nothing of the file is left, for it was made
/// for them.
fn take_out(
    file: &Path,
    parts: &[Part],
    before: &Option<String>,
    record: Option<&Record>,
) -> Result<Option<String>> {
    let Some(text) = before else {
        return Ok(None);
    };
    let patches = record
        .map(|record| record.patches.as_slice())
        .unwrap_or_default();
    let undone = patches
        .iter()
        .rev()
        .try_fold(text.clone(), |text, patch| patch.undo(&text));
    let is_clean = |text: &String| {
        let mut parts = parts.iter();
        parts.all(|part| part.remove(text).is_ok_and(|without| without == *text))
    };
    let after = match undone.filter(|undone| is_clean(undone)) {
        Some(undone) => undone,
        None => {
            let mut text = text.clone();
            for part in parts {
                text = part
                    .remove(&text)
                    .map_err(|refusal| refuse(file, refusal))?;
            }
            text
        }
    };
    let created = record.is_some_and(|record| record.created);
    let blank = parts.iter().all(|part| part.is_blank(&after));
    Ok((!(created && blank && after != *text)).then_some(after))
}

fn refuse(file: &Path, refusal: crate::agents::install::Refusal) -> Error {
    Error::AgentFile {
        path: file.to_owned(),
        line: refusal.line,
        problem: refusal.problem,
    }
}

/// Does a step for each plan; a failure behind the first says that something was done.
fn finish<P>(plans: Vec<P>, mut step: impl FnMut(P) -> Result<()>) -> Result<()> {
    let of = plans.len();
    for (done, plan) in plans.into_iter().enumerate() {
        step(plan).map_err(|source| unfinished(done, of, source))?;
    }
    Ok(())
}

/// What a failure is once so many files are written.
fn unfinished(done: usize, of: usize, source: Error) -> Error {
    match done {
        0 => source,
        done => Error::AgentUnfinished {
            done,
            of,
            source: Box::new(source),
        },
    }
}

/// Puts a new text in a file's place, built from what the file holds at that moment; `None` takes
/// the file away.
fn write(
    context: &Context<'_>,
    file: &Path,
    mut change: impl FnMut(&Option<String>) -> Result<Option<String>>,
) -> Result<()> {
    if let Some(dir) = file.parent() {
        fs::make_dir_all_durable(dir)?;
    }
    let real = fs::find_real(file)?;
    let dir = real.parent().unwrap_or(Path::new("/"));
    let _lock = fs::lock_dir(dir, context.wait, || {})?;
    for _ in 0..MAX_ROUNDS {
        let (bytes, stamp) = fs::read_stamped(file, MAX_FILE)?;
        let before = match stamp.existed() {
            true => Some(text_of(file, &bytes)?),
            false => None,
        };
        let after = match change(&before)? {
            Some(after) => after,
            None if stamp.existed() => {
                let real = &stamp.real;
                let removed = fs::remove_private(real);
                return removed.map_err(|error| super::unless_changed(real, None, error));
            }
            None => return Ok(()),
        };
        if before.as_deref() == Some(after.as_str()) {
            return fs::sync_existing(&stamp.real);
        }
        let content = SecretBytes::new(after.into_bytes());
        let replaced = match fs::replace_stamped(&stamp, &content) {
            Ok(Replaced::InPlaceOnly) => fs::write_in_place(&stamp, &content),
            other => other,
        };
        let replaced = replaced
            .map_err(|error| super::unless_changed(&stamp.real, Some(content.expose()), error))?;
        if replaced == Replaced::Done {
            return Ok(());
        }
    }
    Err(Error::EnvFile {
        path: file.to_owned(),
        problem: EnvFileProblem::KeepsChanging,
    })
}

fn lock_state(context: &Context<'_>) -> Result<fs::DirLock> {
    fs::make_dir_all_durable(context.state.dir())?;
    fs::lock_dir(context.state.dir(), context.wait, || {})
}
