//! `agent install` and `agent uninstall`: write and remove this program's parts of a coding agent's
//! configuration.
//!
//! Invariants: every file is read and every new text is composed before the first write, so one
//! invalid file stops the whole command. Each file is replaced durably and keeps its mode and its
//! symbolic links. If the agent changes the file in the meantime, the new text is built from the
//! changed file. `<state dir>/agents.json` records the inserted text and the text it replaced
//! (never a value of the user's), so that `uninstall` restores every byte.
//!
//! Limits: a file that cannot be replaced by a rename (a bind mount, a hard link) is written in
//! place. Created directories stay. Without the record, `uninstall` recognizes the parts by their
//! content, and may also remove a container that was empty before.

mod records;

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use self::records::{Record, Records};
use super::Session;
use crate::agents::install::{Client, Part, PartKind, Patch, Places, Scope, Setup, parts};
use crate::error::{EnvFileProblem, Error, Finish, Result};
use crate::model::secret::SecretBytes;
use crate::storage::fs::{self, Replaced};

const MAX_FILE: usize = 32 << 20;
/// How often the write is retried while the file keeps changing.
const MAX_ATTEMPTS: usize = 8;

/// The configuration to change.
#[derive(Debug)]
pub struct Request<'p> {
    /// The agent.
    pub client: Client,
    /// The project directory; `None` for the user's own configuration.
    pub project: Option<PathBuf>,
    /// The directories of the user's own configuration.
    pub places: &'p Places,
    /// What the entries run.
    pub setup: Setup,
    /// Reports the changes without making them.
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

/// The changes to an agent's configuration.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The agent.
    pub agent: String,
    /// The project directory; absent for the user's own configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project_dir: Option<PathBuf>,
    /// The parts, in order of their files.
    pub parts: Vec<PartReport>,
    /// Why the agent does not act on what is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
    /// Whether this was a dry run.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Why the agent does not act on a part.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

/// The change to one part.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartReport {
    /// The kind of part.
    pub part: PartKind,
    /// Its file.
    pub file: PathBuf,
    /// The change.
    pub change: Change,
    /// The text of a file that has only this part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A change of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// The part was added.
    Added,
    /// An older form of the part was replaced.
    Updated,
    /// Nothing had to be changed.
    Unchanged,
    /// The part was removed.
    Removed,
    /// The part stays because another agent's installation uses it.
    Kept,
}

/// Installs the parts.
pub fn install(session: &Session<'_>, request: &Request<'_>) -> Result<Report> {
    if let Some(dir) = &request.project {
        session.check_not_own(dir)?;
    }
    let chosen = choose_hook(parts(request.client, request.scope()))?;
    let mut reports = Vec::new();
    let mut problems = Vec::new();
    let mut plans = Vec::new();
    for (file, parts) in by_file(&chosen) {
        let before = read(&file)?;
        let (after, changes, _) = insert_parts(&file, &parts, &before, &request.setup)?;
        for (part, change) in parts.iter().zip(changes) {
            reports.push(PartReport {
                part: part.kind,
                file: file.clone(),
                change,
                text: part.install("", &request.setup).ok(),
            });
            let ignored = part.ignored(&after).map(|refusal| Problem {
                file: file.clone(),
                line: refusal.line,
                problem: refusal.problem,
            });
            problems.extend(ignored.filter(|problem| !problems.contains(problem)));
        }
        plans.push((file, parts));
    }
    if !request.dry_run {
        let _lock = lock_state(session)?;
        let mut records = Records::load(session)?;
        run_all(session, plans, |(file, parts)| {
            write(session, &file, |before| {
                let (after, _, patches) = insert_parts(&file, &parts, before, &request.setup)?;
                let record = records.find(request.client, &file);
                let again = reinsert_parts(&file, &parts, before, record, &request.setup);
                match again.filter(|(text, _, _)| *text == after) {
                    Some((_, _, patches)) => records.replace(request, &file, patches),
                    None => records.add(request, &file, before.is_none(), patches),
                }
                records.save(session)?;
                Ok(Some(after))
            })
        })?;
    }
    Ok(report(request, reports, problems))
}

/// Removes the parts.
pub fn uninstall(session: &Session<'_>, request: &Request<'_>) -> Result<Report> {
    let all = parts(request.client, request.scope());
    let _lock = match request.dry_run {
        true => None,
        false => Some(lock_state(session)?),
    };
    let mut records = Records::load(session)?;
    let mut reports = Vec::new();
    let mut plans = Vec::new();
    for (file, parts) in by_file(&all) {
        let before = read(&file)?;
        let kept = records.has_other(request.client, &file);
        let after = remove_parts(&file, &parts, &before, records.find(request.client, &file))?;
        for part in &parts {
            let text = before.as_deref().unwrap_or_default();
            let exists = part.remove(text).is_ok_and(|without| without != text);
            reports.push(PartReport {
                part: part.kind,
                file: file.clone(),
                change: match (exists, kept) {
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
        run_all(session, plans, |(file, parts)| {
            write(session, &file, |before| {
                remove_parts(&file, &parts, before, records.find(request.client, &file))
            })
        })?;
        records.remove(request.client, &all);
        records
            .save(session)
            .map_err(|source| unfinished(session, of, of, source))?;
    }
    Ok(report(request, reports, Vec::new()))
}

fn report(request: &Request<'_>, parts: Vec<PartReport>, problems: Vec<Problem>) -> Report {
    Report {
        agent: request.client.name().to_owned(),
        project_dir: request.project.clone(),
        parts,
        problems,
        dry_run: request.dry_run,
    }
}

/// Keeps one hook: the one that is installed, else the last one whose file exists, else the first.
fn choose_hook(parts: Vec<Part>) -> Result<Vec<Part>> {
    let hooks: Vec<&Part> = parts
        .iter()
        .filter(|part| part.kind == PartKind::Hook)
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
    let keep = |part: &Part| part.kind != PartKind::Hook || Some(&part.file) == chosen.as_ref();
    Ok(parts.into_iter().filter(keep).collect())
}

/// Groups the parts by file, in order.
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
            problem: "not UTF-8".to_owned(),
        })
}

type Inserted = (String, Vec<Change>, Vec<Patch>);

/// Returns the text with all parts of a file, the change of each part, and the patches in order.
fn insert_parts(
    file: &Path,
    parts: &[Part],
    before: &Option<String>,
    setup: &Setup,
) -> Result<Inserted> {
    let mut text = before.clone().unwrap_or_default();
    let refused = |refusal| refuse(file, refusal);
    // Tries each part alone first, so that a refusal has a line number of the file on disk.
    for part in parts {
        part.install(&text, setup).map_err(refused)?;
    }
    let (mut changes, mut patches) = (Vec::new(), Vec::new());
    for part in parts {
        let existed = part.remove(&text).map_err(refused)? != text;
        let after = part.install(&text, setup).map_err(refused)?;
        changes.push(match (after == text, existed) {
            (true, _) => Change::Unchanged,
            (false, true) => Change::Updated,
            (false, false) => Change::Added,
        });
        patches.extend(Patch::between(&text, &after));
        text = after;
    }
    Ok((text, changes, patches))
}

/// Returns what an installation into the text as it was before the last one gives; `None` if that
/// text is not known, or nothing was recorded. If it is the same text as that of an update, its
/// patches undo both.
fn reinsert_parts(
    file: &Path,
    parts: &[Part],
    before: &Option<String>,
    record: Option<&Record>,
    setup: &Setup,
) -> Option<Inserted> {
    let patches = record?.patches.as_slice();
    let text = before.as_ref().filter(|_| !patches.is_empty())?;
    let original = undo(text, patches).filter(|text| has_none(parts, text))?;
    insert_parts(file, parts, &Some(original), setup).ok()
}

/// Undoes patches, the last one first.
fn undo(text: &str, patches: &[Patch]) -> Option<String> {
    let mut patches = patches.iter().rev();
    patches.try_fold(text.to_owned(), |text, patch| patch.undo(&text))
}

/// Reports whether a text has none of the parts.
fn has_none(parts: &[Part], text: &str) -> bool {
    let mut parts = parts.iter();
    parts.all(|part| part.remove(text).is_ok_and(|without| without == text))
}

/// Returns the text without the parts of a file, or `None` if the file was created for them and is
/// now empty.
fn remove_parts(
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
    let after = match undo(text, patches).filter(|undone| has_none(parts, undone)) {
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

/// Runs a step for each plan. A failure after the first step is reported as half done.
fn run_all<P>(
    session: &Session<'_>,
    plans: Vec<P>,
    mut step: impl FnMut(P) -> Result<()>,
) -> Result<()> {
    let of = plans.len();
    for (written, plan) in plans.into_iter().enumerate() {
        step(plan).map_err(|source| unfinished(session, written, of, source))?;
    }
    Ok(())
}

/// Wraps an error that happens after `written` of `of` files were written.
fn unfinished(session: &Session<'_>, written: usize, of: usize, source: Error) -> Error {
    match written {
        0 => source,
        written => session.interrupted(Finish::WriteRest { written, of }, source),
    }
}

/// Replaces a file's text with one built from its current text; `None` deletes the file.
fn write(
    session: &Session<'_>,
    file: &Path,
    mut change: impl FnMut(&Option<String>) -> Result<Option<String>>,
) -> Result<()> {
    if let Some(dir) = file.parent() {
        fs::make_dir_all_durable(dir)?;
    }
    let real = fs::find_real(file)?;
    let dir = real.parent().unwrap_or(Path::new("/"));
    let _lock = fs::lock_dir(dir, session.settings.wait, || {})?;
    for _ in 0..MAX_ATTEMPTS {
        let (bytes, stamp) = fs::read_stamped(file, MAX_FILE)?;
        let before = match stamp.existed() {
            true => Some(text_of(file, &bytes)?),
            false => None,
        };
        let after = match change(&before)? {
            Some(after) => after,
            None if stamp.existed() => {
                let removed = fs::remove_private(&stamp.real);
                return session.changed_file(&stamp.real, None, removed);
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
        if matches!(replaced, Ok(Replaced::Changed)) {
            continue;
        }
        return session
            .changed_file(&stamp.real, Some(content.expose()), replaced)
            .map(drop);
    }
    Err(Error::EnvFile {
        path: file.to_owned(),
        problem: EnvFileProblem::KeepsChanging,
    })
}

fn lock_state(session: &Session<'_>) -> Result<fs::DirLock> {
    fs::make_dir_all_durable(session.state().dir())?;
    fs::lock_dir(session.state().dir(), session.settings.wait, || {})
}
