//! The variables of a project, or of single secrets, for the verbs that hand them to somebody.

use super::{Notice, Session};
use crate::env_file::EnvName;
use crate::error::{Error, Result};
use crate::model::effect::runs_code;
use crate::model::entry::{Content, Entry};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::variables::Variable;
use crate::storage::audit::Event;
use crate::storage::vault::OpenVault;

/// The newest version of every secret of a project that has a variable, in order of key paths.
/// A project without any is an error: most likely its name is mistyped.
pub(super) fn of_project(session: &Session<'_>, project: &OwnerName) -> Result<Vec<Variable>> {
    session.check_none_gone(|key_path| key_path.project() == Some(project))?;
    let mut variables = Vec::new();
    for (key_path, entry) in session.live_secrets(project)? {
        if let Some(name) = entry.header.env_name.clone() {
            variables.push(variable(key_path, entry, name)?);
        }
    }
    if variables.is_empty() {
        return Err(Error::NoVariables(project.clone()));
    }
    Ok(variables)
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
        version: entry.header.version,
        value,
        key_path,
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
    let names: Vec<String> = variables
        .iter()
        .map(|variable| variable.key_path.to_string())
        .collect();
    let events: Vec<Event<'_>> = names
        .iter()
        .zip(variables)
        .map(|(name, variable)| Event {
            op,
            key_path: Some(name),
            version: Some(variable.version),
            note: None,
        })
        .collect();
    if let Err(error) = vault.trail().append_many(session.actor(), &events, false) {
        session.notice(Notice::NotLogged { error: &error });
    }
}
