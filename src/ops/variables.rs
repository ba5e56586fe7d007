//! The variables of a project, or of single secrets, for the verbs that hand them to somebody.
//!
//! A project has its secrets, and the plain lines of its env file as the stored layout has them. The
//! env file itself is not read: it may be lost.
//!
//! A value that refers to other variables is what the readers of the env file make of it. Where they
//! disagree, or where it depends on the environment, it is given as it stands, with a warning.

use std::collections::BTreeSet;

use super::layout::Layout;
use super::{Notice, Session};
use crate::env_file::{EnvFile, EnvName, Readers, Resolved};
use crate::error::{Error, Result};
use crate::model::effect::runs_code;
use crate::model::entry::{Content, Entry};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::variables::{Stored, Variable};
use crate::storage::audit::Event;
use crate::storage::vault::OpenVault;

/// Which variables of a project.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// Also the plain lines of the env file.
    pub(super) plain: bool,
    /// Also plain lines that make programs run something.
    pub(super) allow_dangerous: bool,
}

/// The newest version of every secret of a project, in order of key paths, and behind them the plain
/// variables in the order of the env file. A project without any is an error: most likely its name
/// is mistyped.
pub(super) fn of_project(
    session: &Session<'_>,
    project: &OwnerName,
    wanted: Wanted,
) -> Result<Vec<Variable>> {
    session.check_none_gone(|key_path| key_path.project() == Some(project))?;
    let secrets = session.live_secrets(project)?;
    let mut variables = Vec::new();
    let (placed, kept_out): (Vec<_>, Vec<_>) = secrets
        .into_iter()
        .partition(|(_, entry)| entry.header.env_name.is_some());
    for (key_path, entry) in placed {
        let name = entry.header.env_name.clone().unwrap_or_default();
        variables.push(variable(key_path, entry, name)?);
    }
    // A secret that is kept out of env files has the variable that its name gives.
    for (key_path, entry) in kept_out {
        let name = key_path.env_name();
        let is_taken = |one: &Variable| one.name.as_str().eq_ignore_ascii_case(&name);
        let fits = entry
            .value()
            .is_some_and(|value| !value.expose().contains(&0));
        if !fits || variables.iter().any(is_taken) {
            let reason = match fits {
                false => "no variable can hold its value",
                true => "another secret has its variable",
            };
            session.notice(Notice::LeftOut {
                what: &key_path.to_string(),
                reason,
            });
            continue;
        }
        variables.push(variable(key_path, entry, name)?);
    }
    if let Some(text) = text(session, project, &variables)? {
        for variable in &mut variables {
            let value = text.get(variable.name.as_str()).and_then(|one| one.value());
            // Only a value that the text has as it is stored refers to anything there.
            if value.as_ref() == Some(&variable.value) {
                variable.value = resolved(session, &text, &variable.name, &variable.value);
            }
        }
        if wanted.plain {
            let plain = plain(session, &text, &variables, wanted.allow_dangerous);
            variables.extend(plain);
        }
    }
    if variables.is_empty() {
        return Err(Error::NoVariables(project.clone()));
    }
    Ok(variables)
}

/// The env file as its layout has it, with today's values.
struct Text {
    env: EnvFile,
    readers: Readers,
    /// The variables of secrets, also of those that were removed.
    vaulted: BTreeSet<String>,
}

impl std::ops::Deref for Text {
    type Target = EnvFile;

    fn deref(&self) -> &EnvFile {
        &self.env
    }
}

fn text(
    session: &Session<'_>,
    project: &OwnerName,
    variables: &[Variable],
) -> Result<Option<Text>> {
    let Some((layout, _)) = Layout::newest(session.vault()?, project)? else {
        return Ok(None);
    };
    let config = session.config()?;
    let readers = match config.env_file(project) {
        Some(file) => session.readers(Some(project), file)?.0,
        None => config
            .project(project)
            .and_then(|project| project.readers)
            .unwrap_or(Readers::NONE),
    };
    let values = variables.iter().map(|one| (&one.name, &one.value));
    Ok(Some(Text {
        env: layout.with_values(values, &readers),
        readers,
        vaulted: layout.vaulted,
    }))
}

/// The value of a variable of the text as the readers of the env file have it.
fn resolved(
    session: &Session<'_>,
    text: &Text,
    name: &EnvName,
    value: &SecretBytes,
) -> SecretBytes {
    let has_reference = text
        .get(name.as_str())
        .is_some_and(|one| one.has_reference());
    if !has_reference {
        return value.clone();
    }
    let warn = |reason| {
        session.notice(Notice::Unresolved {
            name: name.as_str(),
            reason,
        });
    };
    match text.resolved(name.as_str(), &text.readers) {
        Some(Resolved::Value(value)) => return value,
        Some(Resolved::Disagree) => warn("the readers of the env file disagree about it"),
        Some(Resolved::DependsOnEnvironment) => warn("a part of it depends on the environment"),
        _ => {}
    }
    value.clone()
}

/// The plain variables of the text.
fn plain(
    session: &Session<'_>,
    text: &Text,
    secrets: &[Variable],
    allow_dangerous: bool,
) -> Vec<Variable> {
    let mut seen: BTreeSet<&str> = secrets.iter().map(|one| one.name.as_str()).collect();
    seen.extend(text.vaulted.iter().map(String::as_str));
    let mut plain = Vec::new();
    for assignment in text.assignments() {
        let name = assignment.name();
        if !seen.insert(name) {
            continue;
        }
        let left_out = |reason| {
            let shown = assignment.shown_name().to_string();
            session.notice(Notice::LeftOut {
                what: &shown,
                reason,
            });
        };
        // The last assignment counts.
        let value = text.get(name).and_then(|one| one.value());
        let (Ok(variable), Some(value)) = (EnvName::existing(name), value) else {
            left_out("its line cannot be read");
            continue;
        };
        if !allow_dangerous && runs_code(name) {
            left_out("it makes programs run code; --allow-dangerous passes it on");
            continue;
        }
        if value.expose().contains(&0) {
            left_out("no variable can hold its value");
            continue;
        }
        plain.push(Variable {
            value: resolved(session, text, &variable, &value),
            name: variable,
            secret: None,
        });
    }
    plain
}

/// The newest version of one secret. One that is kept out of env files has the variable that it
/// would have there.
pub(super) fn of_secret(vault: &OpenVault, key_path: &KeyPath) -> Result<Variable> {
    let Some(entry) = vault.read_newest(key_path)? else {
        return Err(Error::EntryNotFound(key_path.clone()));
    };
    let name = entry.header.env_name.clone();
    let name = name.unwrap_or_else(|| key_path.env_name());
    variable(key_path.clone(), entry, name)
}

fn variable(key_path: KeyPath, entry: Entry, name: String) -> Result<Variable> {
    let Content::Value(value) = entry.content else {
        return Err(super::removed_error(key_path, &entry.header));
    };
    let name = EnvName::existing(name).map_err(|error| Error::EnvName(error.to_string()))?;
    Ok(Variable {
        name,
        secret: Some(Stored {
            key_path,
            version: entry.header.version,
        }),
        value,
    })
}

/// Refuses variables that make programs load or run something: whoever can write to the vault should
/// not thereby run programs as the user.
pub(super) fn check_harmless(variables: &[Variable]) -> Result<()> {
    let dangerous: Vec<EnvName> = variables
        .iter()
        .map(|variable| variable.name.clone())
        .filter(|name| runs_code(name.as_str()))
        .collect();
    match dangerous.is_empty() {
        true => Ok(()),
        false => Err(Error::DangerousNames(dangerous)),
    }
}

/// Notes in the audit trail that these values were let out, all at once. What cannot be noted is
/// let out all the same, with a warning.
pub(super) fn note(session: &Session<'_>, vault: &OpenVault, op: &str, variables: &[Variable]) {
    let secrets: Vec<(String, &Stored)> = variables
        .iter()
        .filter_map(|variable| variable.secret.as_ref())
        .map(|stored| (stored.key_path.to_string(), stored))
        .collect();
    let events: Vec<Event<'_>> = secrets
        .iter()
        .map(|(name, stored)| Event {
            op,
            key_path: Some(name),
            version: Some(stored.version),
            note: None,
        })
        .collect();
    if let Err(error) = vault.trail().append_many(session.actor(), &events, false) {
        session.notice(Notice::NotLogged { error: &error });
    }
}
