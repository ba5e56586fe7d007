//! `scan`: where values of the vault stand in files: below directories, in what git is about to
//! commit, in what coding agents keep of their sessions.
//!
//! Looked for is every version that the vault has, also of secrets that were removed: a value that
//! was rotated may still be valid somewhere, and says where the new one will leak. A linked env
//! file holds its values by right and is not looked at, except when it is about to be committed.
//!
//! Reports name secrets, files and lines; no value.

mod known;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use schemars::JsonSchema;
use serde::Serialize;

use self::known::Known;
use super::{Session, git};
use crate::error::{Error, Result};
use crate::leaks::encodings::Kind;
use crate::leaks::scan::{Buffer, Hit, Needles};
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::fs;

/// Where to look.
#[derive(Debug, Default)]
pub struct Request {
    /// Files and directories.
    pub paths: Vec<PathBuf>,
    /// Whether what git ignores is passed over.
    pub skip_ignored: bool,
    /// A directory in a git work tree, to look through what is staged there.
    pub staged: Option<PathBuf>,
    /// Where coding agents keep their sessions; what does not exist is passed over.
    pub transcripts: Vec<Transcripts>,
}

/// Where a coding agent keeps its sessions.
#[derive(Debug, Clone)]
pub struct Transcripts {
    /// Its name.
    pub agent: &'static str,
    /// A file or a directory.
    pub path: PathBuf,
}

/// Where something was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In a file.
    File,
    /// In git's index.
    Staged,
    /// In a coding agent's session.
    Transcript,
}

/// A value that was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// The file; of what is staged, below the top of the work tree.
    pub file: String,
    /// The line, from 1; absent in what is no text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Where it begins in the file, in bytes from 0.
    pub offset: u64,
    /// The secret.
    pub key_path: KeyPath,
    /// Its newest version with this value.
    pub version: Version,
    /// Whether this is what the secret is now.
    pub current: bool,
    /// In what form it stands there.
    pub form: Kind,
    /// Other secrets with the same value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<KeyPath>,
    /// Whose session it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<&'static str>,
}

/// A file or an entry that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unread {
    /// The file.
    pub file: String,
    /// Why.
    pub message: String,
}

/// A secret that was not looked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotSought {
    /// The secret.
    pub key_path: KeyPath,
    /// Why.
    pub reason: Reason,
}

/// Why a secret was not looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its value is too short: it would be found everywhere.
    TooShort,
    /// Its value is a word, a number, a public address: finding it says nothing.
    Ordinary,
}

/// What was found, all in all.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Whether nothing was found.
    pub ok: bool,
    /// In order of places, files and lines. A secret is reported once a line, and at most
    /// [`MOST_IN_A_FILE`] times a file.
    pub findings: Vec<Finding>,
    /// How many more there are, in files that have very many.
    pub omitted: u64,
    /// How many files were looked through.
    pub files: u64,
    /// How many bytes they had.
    pub bytes: u64,
    /// How many values were looked for.
    pub values: usize,
    /// The agents whose sessions were looked through.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<&'static str>,
    /// Secrets whose present value was not looked for.
    pub not_sought: Vec<NotSought>,
    /// Files that could not be read, and entries that could not be opened.
    pub unread: Vec<Unread>,
}

/// So many findings in one file are reported.
pub const MOST_IN_A_FILE: usize = 100;

/// Looks.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let vault = session.vault()?;
    // Before the work of opening everything: whether there is anything to look at.
    let staged = match &request.staged {
        Some(dir) => Some(git::Staged::list(session.git()?, dir)?),
        None => None,
    };
    session.warn_of_gone(|_| true)?;
    let known = Known::collect(vault)?;
    let needles = Needles::new(known.values.iter().map(|one| &one.value))?;
    let found = Found {
        known: &known,
        needles: &needles,
        report: Mutex::new(Report {
            ok: true,
            findings: Vec::new(),
            omitted: 0,
            files: 0,
            bytes: 0,
            values: known.values.len(),
            agents: Vec::new(),
            not_sought: known.not_sought.iter().cloned().collect(),
            unread: known.unread.clone(),
        }),
    };
    let own = Own::of(session)?;
    found.walk(&own, &request.paths, request.skip_ignored, &|_| {
        (Place::File, None)
    })?;
    found.transcripts(&own, &request.transcripts)?;
    if let Some(staged) = staged {
        let mut buffer = Buffer::default();
        staged.read(|path, blob| found.look(Place::Staged, None, path, blob, &mut buffer))?;
    }
    let mut report = found.into_report();
    report.findings.sort_unstable();
    report.findings.dedup();
    report.unread.sort_unstable();
    report.unread.dedup();
    report.ok = report.findings.is_empty();
    Ok(report)
}

/// What is the program's own: files that hold values by right.
struct Own {
    vault: PathBuf,
    env_files: BTreeSet<PathBuf>,
}

impl Own {
    fn of(session: &Session<'_>) -> Result<Self> {
        let config = session.config()?;
        let links = config.links();
        // One that cannot be resolved is not there to be passed over.
        let env_files = links.iter().filter_map(|link| fs::resolve(&link.file).ok());
        Ok(Self {
            vault: fs::resolve(&session.settings.vault_dir)?,
            env_files: env_files.collect(),
        })
    }

    fn is_env_file(&self, path: &Path) -> bool {
        let same_name = |file: &PathBuf| file.file_name() == path.file_name();
        // Only where the name fits: resolving every file would take longer than reading it.
        self.env_files.iter().any(same_name)
            && fs::resolve(path).is_ok_and(|real| self.env_files.contains(&real))
    }

    /// The vault holds nothing readable, nor does git's store of compressed objects.
    fn is_passed_over(&self, dir: &Path) -> bool {
        let is_vault = || {
            dir.file_name() == self.vault.file_name()
                && fs::resolve(dir).is_ok_and(|real| real == self.vault)
        };
        let is_git_store = || {
            dir.file_name().is_some_and(|name| name == "objects")
                && dir.parent().is_some_and(|git| {
                    ["HEAD", "refs"]
                        .iter()
                        .all(|name| fs::exists(&git.join(name)).unwrap_or(false))
                })
        };
        is_vault() || is_git_store()
    }
}

/// What has been found so far.
struct Found<'a> {
    known: &'a Known,
    needles: &'a Needles,
    report: Mutex<Report>,
}

type PlaceOf<'a> = &'a (dyn Fn(&Path) -> (Place, Option<&'static str>) + Sync);

impl Found<'_> {
    fn walk(
        &self,
        own: &Own,
        roots: &[PathBuf],
        skip_ignored: bool,
        place: PlaceOf<'_>,
    ) -> Result<()> {
        let walk = fs::Walk {
            roots,
            skip_ignored,
            skip_dir: &|dir| own.is_passed_over(dir),
        };
        fs::walk(&walk, || {
            let mut buffer = Buffer::default();
            move |path: &Path, file: Result<File>| {
                let (place, agent) = place(path);
                match file {
                    Ok(_) if own.is_env_file(path) => {}
                    Ok(file) => self.look(place, agent, path, file, &mut buffer),
                    Err(error) => self.unread(path, &error),
                }
            }
        })
    }

    fn transcripts(&self, own: &Own, transcripts: &[Transcripts]) -> Result<()> {
        let mut there: Vec<&Transcripts> = Vec::new();
        for one in transcripts {
            if fs::exists(&one.path)? {
                there.push(one);
            }
        }
        let roots: Vec<PathBuf> = there.iter().map(|one| one.path.clone()).collect();
        self.walk(own, &roots, false, &|path| {
            let of = there.iter().find(|one| path.starts_with(&one.path));
            (Place::Transcript, of.map(|one| one.agent))
        })?;
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.agents = there.iter().map(|one| one.agent).collect();
        report.agents.dedup();
        Ok(())
    }

    fn look(
        &self,
        place: Place,
        agent: Option<&'static str>,
        path: &Path,
        reader: impl Read,
        buffer: &mut Buffer,
    ) {
        let shown = path.strip_prefix(".").unwrap_or(path);
        let mut hits: Vec<Hit> = Vec::new();
        let mut omitted = 0;
        let searched = self.needles.search(reader, buffer, |hit| {
            // A line says a secret once, whatever the forms in it.
            let is_same = |before: &Hit| {
                before.value == hit.value
                    && match hit.line {
                        Some(_) => before.line == hit.line,
                        None => before.offset == hit.offset,
                    }
            };
            // Forms of one value that overlap come close together.
            let same = hits.iter().rposition(is_same);
            match same {
                Some(same) => hits[same].kind = hits[same].kind.min(hit.kind),
                None if hits.len() < MOST_IN_A_FILE => hits.push(hit),
                None => omitted += 1,
            }
        });
        let findings = hits.iter().filter_map(|hit| {
            let (owner, others) = self.known.values[hit.value].owners.split_first()?;
            let mut also: Vec<KeyPath> = others.iter().map(|one| one.key_path.clone()).collect();
            also.retain(|other| *other != owner.key_path);
            also.dedup();
            Some(Finding {
                place,
                file: shown.to_string_lossy().into_owned(),
                line: hit.line,
                offset: hit.offset,
                key_path: owner.key_path.clone(),
                version: owner.version.0,
                current: !owner.is_old,
                form: hit.kind,
                also,
                agent,
            })
        });
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.findings.extend(findings);
        report.omitted += omitted;
        match searched {
            Ok(bytes) => {
                report.files += 1;
                report.bytes += bytes;
            }
            Err(error) => {
                drop(report);
                self.unread(path, &Error::io("read", path, error));
            }
        }
    }

    fn unread(&self, path: &Path, error: &Error) {
        let mut report = self.report.lock().unwrap_or_else(PoisonError::into_inner);
        report.unread.push(Unread {
            file: path.to_string_lossy().into_owned(),
            message: error.to_string(),
        });
    }

    fn into_report(self) -> Report {
        self.report
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
