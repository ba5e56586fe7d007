//! `run`: the variables that a program is started with, straight from the vault. No env file is
//! read or needed; starting the program is the front end's.

use super::{Session, variables};
use crate::error::{Error, Result};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::variables::{Variable, check_distinct};

/// Which variables.
#[derive(Debug, Default)]
pub struct Request {
    /// Those of this project.
    pub project: Option<OwnerName>,
    /// Those of these secrets.
    pub key_paths: Vec<KeyPath>,
    /// Also those that make programs run or load something.
    pub allow_dangerous: bool,
}

/// The variables. Not `Serialize`: whoever lets the values out does it knowingly.
#[derive(Debug)]
pub struct Report {
    /// In order of their project, then as they were asked for; names are distinct, values hold no
    /// NUL.
    pub variables: Vec<Variable>,
}

/// Reads the variables.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let vault = session.vault()?;
    let mut all = match &request.project {
        Some(project) => variables::of_project(session, project)?,
        None => Vec::new(),
    };
    for key_path in &request.key_paths {
        // A secret of the project may be named once more.
        if !all.iter().any(|known| known.key_path == *key_path) {
            all.push(variables::of_secret(vault, key_path)?);
        }
    }
    check_distinct(&all)?;
    if !request.allow_dangerous {
        variables::check_harmless(&all)?;
    }
    if let Some(variable) = all.iter().find(|one| one.value.expose().contains(&0)) {
        return Err(Error::NotForEnvironment(variable.key_path.clone()));
    }
    variables::note(session, vault, "run", &all);
    Ok(Report { variables: all })
}
