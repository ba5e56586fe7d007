//! `export`: the variables of a project in the language of one consumer.
//!
//! Whatever can be refused is refused before the report exists, so that its reader prints all of
//! it or nothing.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Notice, Session, variables};
use crate::env_file::Readers;
use crate::error::{Error, Result};
use crate::export::{Format, check, export};
use crate::model::effect::runs_code;
use crate::model::key_path::OwnerName;
use crate::model::secret::SecretBytes;
use crate::model::variables::check_distinct;
use crate::storage::fs;

/// Which variables, for whom.
#[derive(Debug)]
pub struct Request {
    /// The project.
    pub project: OwnerName,
    /// The consumer.
    pub format: Format,
    /// The file that `$GITHUB_ENV` names, for [`Format::Github`].
    pub github_env: Option<PathBuf>,
    /// Also those that make programs load or run something.
    pub allow_dangerous: bool,
    /// Not the plain variables of the project's env file.
    pub secrets_only: bool,
}

/// The variables as text. Not `Serialize`: whoever lets the values out does it knowingly.
#[derive(Debug)]
pub struct Report {
    /// For standard output. For GitHub: the commands that mask the values.
    pub text: SecretBytes,
    /// Variables that make programs load or run something.
    pub dangerous: Vec<String>,
    assignments: Option<(fs::Appendable, SecretBytes)>,
}

/// The variables as `export --json` shows them, to whoever asked for them. No `Debug`.
#[derive(Serialize, JsonSchema)]
pub struct Shown<'a> {
    /// What would be printed without --json.
    pub text: &'a str,
    /// Variables in it that make programs load or run something.
    pub dangerous: &'a [String],
}

impl Report {
    /// The report as JSON has it.
    pub fn shown(&self) -> Shown<'_> {
        Shown {
            // What is exported was checked to be text, variable by variable.
            text: self.text.as_str().unwrap_or_default(),
            dangerous: &self.dangerous,
        }
    }

    /// For GitHub: hands the assignments over. To be called when the masks are printed.
    pub fn hand_over(self) -> Result<()> {
        match self.assignments {
            Some((file, assignments)) => file.append_lines(&assignments),
            None => Ok(()),
        }
    }
}

/// Reads the variables and writes them down.
pub fn run(session: &Session<'_>, request: &Request) -> Result<Report> {
    let file = match (request.format, &request.github_env) {
        (Format::Github, Some(path)) => Some(fs::Appendable::open(path)?),
        (Format::Github, None) => return Err(Error::GithubEnvMissing),
        _ => None,
    };
    let readers = match request.format {
        Format::Dotenv => readers(session, &request.project)?,
        _ => Readers::NONE,
    };
    let vault = session.vault()?;
    let wanted = variables::Wanted {
        plain: !request.secrets_only,
        allow_dangerous: request.allow_dangerous,
    };
    let mut variables = variables::of_project(session, &request.project, wanted)?;
    check_distinct(&variables)?;
    if !request.allow_dangerous {
        variables::check_harmless(&variables)?;
    }
    variables.retain(|variable| {
        let fault = check(request.format, variable, &readers).err();
        match fault.filter(|_| variable.secret.is_none()) {
            None => true,
            // A plain line is no reason to keep the secrets back.
            Some(fault) => {
                session.notice(Notice::LeftOut {
                    what: variable.name.as_str(),
                    reason: &fault.to_string(),
                });
                false
            }
        }
    });
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|_| Error::NoRandomness)?;
    let exported = export(request.format, &variables, &readers, random)?;
    variables::note(session, vault, "export", &variables);
    Ok(Report {
        text: exported.text,
        dangerous: variables
            .iter()
            .filter(|variable| runs_code(variable.name.as_str()))
            .map(|variable| variable.name.to_string())
            .collect(),
        assignments: file.zip(exported.assignments),
    })
}

/// The readers of the project's env file; without a link, those that are configured.
fn readers(session: &Session<'_>, project: &OwnerName) -> Result<Readers> {
    let config = session.config()?;
    Ok(match config.env_file(project) {
        Some(env_file) => session.readers(Some(project), env_file)?.0,
        None => config
            .project(project)
            .and_then(|project| project.readers)
            .unwrap_or(Readers::NONE),
    })
}
