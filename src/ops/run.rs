//! `run`: the variables that a program is started with, straight from the vault: the project's
//! secrets, and the plain lines of its env file as they are stored. No env file is read or needed;
//! starting the program is the front end's.

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
    /// Not the plain variables of the project's env file.
    pub secrets_only: bool,
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
        Some(project) => {
            let wanted = variables::Wanted {
                plain: !request.secrets_only,
                allow_dangerous: request.allow_dangerous,
            };
            variables::of_project(session, project, wanted)?
        }
        None => Vec::new(),
    };
    for key_path in &request.key_paths {
        // A secret of the project may be named once more.
        if all.iter().any(|known| known.key_path() == Some(key_path)) {
            continue;
        }
        let secret = variables::of_secret(vault, key_path)?;
        // It takes the place of a plain line of its name.
        all.retain(|known| known.secret.is_some() || known.name != secret.name);
        all.push(secret);
    }
    check_distinct(&all)?;
    if !request.allow_dangerous {
        variables::check_harmless(&all)?;
    }
    let has_nul = |one: &&Variable| one.value.expose().contains(&0);
    if let Some(key_path) = all.iter().find(has_nul).and_then(Variable::key_path) {
        return Err(Error::NotForEnvironment(key_path.clone()));
    }
    variables::note(session, vault, "run", &all);
    Ok(Report { variables: all })
}
