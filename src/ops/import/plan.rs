//! The plan: a TOML file to fill in between looking and importing. It holds no value.
//!
//! ```toml
//! [[file]]
//! project = "consilio"
//! env_file = "/home/me/consilio/.env"
//!
//! # line 3: secret, looks like a Stripe key
//! [[file.variable]]
//! name = "STRIPE_API_KEY"
//! key_path = "project/consilio/stripe_api_key"
//! description = ""
//! take = true
//! ```
//!
//! Invariants: nothing of what stands in a plan is repeated in an error, only its line: whoever
//! fills it in may put a value there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

use super::classify::Variable;
use crate::error::{Error, Result};
use crate::model::description;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::storage::fs;

const MAX_PLAN: usize = 16 << 20;

/// A plan that was filled in.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) files: Vec<PlannedFile>,
}

/// What is planned for one env file.
#[derive(Debug)]
pub(super) struct PlannedFile {
    /// The plan's own file.
    pub(super) path: PathBuf,
    pub(super) project: OwnerName,
    pub(super) env_file: PathBuf,
    pub(super) variables: Vec<PlannedVariable>,
}

/// What is planned for one variable.
#[derive(Debug)]
pub(super) struct PlannedVariable {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) key_path: KeyPath,
    pub(super) description: Option<String>,
    pub(super) take: bool,
}

impl PlannedFile {
    pub(super) fn by_name(&self) -> BTreeMap<&str, &PlannedVariable> {
        self.variables
            .iter()
            .map(|planned| (planned.name.as_str(), planned))
            .collect()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPlan {
    file: Vec<RawFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    project: Spanned<String>,
    env_file: PathBuf,
    #[serde(default)]
    variable: Vec<RawVariable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawVariable {
    name: Spanned<String>,
    key_path: Spanned<String>,
    #[serde(default)]
    description: String,
    take: bool,
}

pub(super) fn wrong(path: Option<&Path>, line: usize, problem: impl Into<String>) -> Error {
    Error::Plan {
        path: path.unwrap_or(Path::new("")).to_owned(),
        line,
        problem: problem.into(),
    }
}

/// Reads a plan.
pub(super) fn read(path: &Path) -> Result<Plan> {
    let Some(bytes) = fs::read(path, MAX_PLAN)? else {
        return Err(Error::io("open", path, std::io::ErrorKind::NotFound));
    };
    let text = bytes
        .as_str()
        .ok_or_else(|| wrong(Some(path), 1, "this is not UTF-8"))?;
    let at = |offset: usize, problem: &str| {
        let before = text.bytes().take(offset);
        let line = 1 + before.filter(|&byte| byte == b'\n').count();
        wrong(Some(path), line, problem)
    };
    let start = |error: &toml::de::Error| error.span().map_or(0, |span| span.start);
    let raw: RawPlan = toml::from_str(text).map_err(|error| {
        let problem = match toml::from_str::<toml::Table>(text) {
            Err(_) => "this is not TOML; a text needs quotes",
            Ok(_) => {
                "this is not what a plan looks like: a [[file]] has project and env_file, a \
                 [[file.variable]] has name, key_path, description and take = true or false"
            }
        };
        at(start(&error), problem)
    })?;
    let dir = path.parent().unwrap_or(Path::new("."));
    let mut files: Vec<PlannedFile> = Vec::new();
    for raw in raw.file {
        let project: OwnerName = raw.project.as_ref().parse().map_err(|_| {
            at(
                raw.project.span().start,
                "this is not the name of a project",
            )
        })?;
        if files.iter().any(|file| file.project == project) {
            let problem = "two files cannot be one project's";
            return Err(at(raw.project.span().start, problem));
        }
        let mut variables = Vec::new();
        let mut names = BTreeSet::new();
        for raw in raw.variable {
            let key_path_at = raw.key_path.span().start;
            let key_path = KeyPath::parse(raw.key_path.as_ref()).map_err(|error| {
                at(
                    key_path_at,
                    &format!("this is not a key path: {}", error.rule()),
                )
            })?;
            if key_path.project() != Some(&project) {
                return Err(at(
                    key_path_at,
                    "this key path is not one of the file's project",
                ));
            }
            let name_at = raw.name.span().start;
            let name = raw.name.into_inner();
            if !names.insert(name.clone()) {
                return Err(at(name_at, "this variable is in the plan already"));
            }
            variables.push(PlannedVariable {
                name,
                line: 1 + text
                    .bytes()
                    .take(name_at)
                    .filter(|&byte| byte == b'\n')
                    .count(),
                key_path,
                description: (!raw.description.trim().is_empty()).then_some(raw.description),
                take: raw.take,
            });
        }
        files.push(PlannedFile {
            path: path.to_owned(),
            project,
            env_file: dir.join(raw.env_file),
            variables,
        });
    }
    Ok(Plan { files })
}

/// The plan's text for some env files.
pub(super) fn text<'a>(
    path: &Path,
    files: impl Iterator<Item = (&'a OwnerName, &'a Path, &'a [Variable])>,
) -> String {
    let quoted = |text: &str| toml_edit::Value::from(text).to_string();
    let mut plan = format!(
        "# A plan of `secrets import`. It holds no values, and none belongs here.\n\
         # Say what each secret is for, and which variables to take, then:\n\
         #   secrets import --from-plan {}\n\
         # A variable that is left with `take = false` counts as plain from then on.\n",
        path.display().to_string().escape_debug()
    );
    // Writing to a string cannot fail.
    for (project, env_file, variables) in files {
        let _ = write!(
            plan,
            "\n[[file]]\nproject = {}\nenv_file = {}\n",
            quoted(project.as_str()),
            quoted(&env_file.to_string_lossy()),
        );
        for variable in variables {
            let (class, reason) = (variable.class.as_str(), variable.reason.escape_debug());
            let line = variable.line;
            let (Some(name), Some(key_path), true) = (
                &variable.name,
                &variable.key_path,
                variable.class.can_be_taken(),
            ) else {
                let shown = match &variable.name {
                    Some(name) => format!("{}, ", name.as_str().escape_debug()),
                    None => String::new(),
                };
                let _ = write!(
                    plan,
                    "\n# {shown}line {line}, nothing to do: {class}, {reason}\n"
                );
                continue;
            };
            let description = variable.description.as_ref();
            let example = match description {
                Some(_) => String::new(),
                None => format!("  # such as: {}", description::good_example(key_path)),
            };
            let _ = write!(
                plan,
                "\n# line {line}: {class}, {reason}\n[[file.variable]]\nname = {}\nkey_path = {}\n\
                 description = {}{example}\ntake = {}\n",
                quoted(name.as_str()),
                quoted(&key_path.to_string()),
                quoted(description.map(|text| text.as_str()).unwrap_or_default()),
                variable.take,
            );
        }
    }
    plan
}
