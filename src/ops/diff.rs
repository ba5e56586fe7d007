//! `diff`: the vault against a project's env file. Names and states, no values.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::shared::SharedSecrets;
use crate::error::{Error, Result};
use crate::leaks::detect::{self, Verdict};
use crate::model::entry::Entry;
use crate::model::key_path::{KeyPath, OwnerName};

/// How a variable stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The env file has the newest version.
    Same,
    /// The env file has another value.
    Differs,
    /// Only the vault has it.
    Missing,
    /// Only the env file has it, and it looks like a secret.
    Unvaulted,
    /// Only the env file has it, and it is no secret.
    Plain,
    /// It is written so that its value is not certain.
    Uncertain,
    /// Both have it. The caller may not know whether the values agree.
    Present,
}

impl State {
    /// One word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Differs => "differs",
            Self::Missing => "missing",
            Self::Unvaulted => "unvaulted",
            Self::Plain => "plain",
            Self::Uncertain => "uncertain",
            Self::Present => "present",
        }
    }
}

/// One variable.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// Its name.
    pub name: String,
    /// The secret that it holds.
    pub key_path: Option<KeyPath>,
    /// How it stands.
    pub state: State,
    /// Its line in the env file.
    pub line: Option<usize>,
}

/// All variables of a project.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The project.
    pub project: OwnerName,
    /// Its env file.
    pub env_file: PathBuf,
    /// Whether vault and env file agree; null if the values were not compared.
    pub same: Option<bool>,
    /// Those of the env file in its order, then those that only the vault has.
    pub variables: Vec<Item>,
}

/// Compares.
pub fn run(session: &Session<'_>, project: &OwnerName) -> Result<Report> {
    let vault = session.vault()?;
    let config = session.config()?;
    let file = config
        .env_file(project)
        .ok_or_else(|| Error::NotLinked(project.clone()))?;
    session.warn_of_gone(|key_path| key_path.project() == Some(project))?;
    let mut vaulted: BTreeMap<String, (KeyPath, Entry)> = session
        .listed_secrets(project)?
        .into_iter()
        .filter_map(|(key_path, entry)| Some((entry.header.env_name.clone()?, (key_path, entry))))
        .collect();
    let plain = config
        .project(project)
        .map(|project| project.plain.clone())
        .unwrap_or_default();

    // What is out of the caller's reach is no stranger, and is not named either.
    let reach = &session.settings.reach;
    let unrestricted = vault.unrestricted();
    let shared = SharedSecrets::new(&unrestricted, &config, Some(project), file).within(reach);
    let mut variables = Vec::new();
    let env = session.read_env(file)?;
    let names: Vec<&str> = env
        .iter()
        .flat_map(|env| env.assignments().map(|assignment| assignment.name()))
        .collect();
    let mut seen = std::collections::BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            continue;
        }
        // The last one wins for most readers.
        let Some(assignment) = env.as_ref().and_then(|env| env.get(name)) else {
            continue;
        };
        let value = assignment.value();
        let (key_path, state) = match (vaulted.remove(name), value) {
            (secret, None) => (secret.map(|(key_path, _)| key_path), State::Uncertain),
            (Some((key_path, _)), Some(_)) if !reach.compares(&key_path) => {
                (Some(key_path), State::Present)
            }
            (Some((key_path, entry)), Some(value)) if entry.value() == Some(&value) => {
                (Some(key_path), State::Same)
            }
            (Some((key_path, _)), Some(_)) => (Some(key_path), State::Differs),
            (None, Some(value)) => {
                let is_secret = !plain.iter().any(|plain| plain == name)
                    && matches!(detect::classify(name, &value), Verdict::Secret(_));
                let other = is_secret.then(|| shared.find(name, Some(&value))).flatten();
                match other {
                    Some(other) if !reach.allows(other.key_path) => (None, State::Plain),
                    Some(other) if !reach.compares(other.key_path) => {
                        (Some(other.key_path.clone()), State::Present)
                    }
                    Some(other) if other.agrees => (Some(other.key_path.clone()), State::Same),
                    Some(other) => (Some(other.key_path.clone()), State::Differs),
                    None if is_secret => (None, State::Unvaulted),
                    None => (None, State::Plain),
                }
            }
        };
        variables.push(Item {
            name: assignment.shown_name().to_string(),
            key_path,
            state,
            line: Some(assignment.line()),
        });
    }
    variables.extend(vaulted.into_iter().map(|(name, (key_path, _))| Item {
        name,
        key_path: Some(key_path),
        state: State::Missing,
        line: None,
    }));
    Ok(Report {
        project: project.clone(),
        env_file: file.to_owned(),
        same: reach.reveal.then(|| {
            let mut items = variables.iter();
            items.all(|item| matches!(item.state, State::Same | State::Plain))
        }),
        variables,
    })
}
