//! What each assignment of an env file is, and which secret it would be.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::super::shared::SharedSecrets;
use super::describe::Comments;
use super::plan::{self, PlannedFile, PlannedVariable};
use crate::env_file::{Assignment, EnvFile, EnvName, Readers, Reason};
use crate::error::{Error, Result};
use crate::leaks::detect::{self, Verdict};
use crate::model::description::Description;
use crate::model::entry::Entry;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::model::shape::known_shape;
use crate::model::value;
use crate::model::version::Version;
use crate::storage::vault::OpenVault;

/// What an assignment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// It looks like a secret.
    Secret,
    /// It does not.
    Plain,
    /// It has no value.
    Empty,
    /// The vault has this very value.
    Vaulted,
    /// The vault has this very value as a secret of somebody else, such as `meta/…`.
    Elsewhere,
    /// The vault has its secret. The caller may not know whether it has this value.
    Present,
    /// The vault has another value, and never had this one.
    Changed,
    /// The vault has a newer value.
    Outdated,
    /// A later line assigns the same variable.
    Duplicate,
    /// It stands where a value was, or is to be.
    Mask,
    /// Its secret is another variable's too.
    Conflict,
    /// What it says is not certain, or cannot be kept.
    Unrepresentable,
}

impl Class {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Secret => "secret",
            Self::Plain => "plain",
            Self::Empty => "empty",
            Self::Vaulted | Self::Elsewhere | Self::Present => "in the vault",
            Self::Changed => "changed",
            Self::Outdated => "outdated",
            Self::Duplicate => "duplicate",
            Self::Mask => "mask",
            Self::Conflict => "conflict",
            Self::Unrepresentable => "not representable",
        }
    }

    /// Whether a plan can take it or leave it.
    pub(super) fn can_be_taken(self) -> bool {
        matches!(
            self,
            Self::Secret | Self::Plain | Self::Changed | Self::Outdated | Self::Conflict
        )
    }
}

/// One assignment, judged.
pub(super) struct Variable {
    /// `None` if it may be a piece of a value and must not be shown.
    pub(super) name: Option<EnvName>,
    pub(super) line: usize,
    pub(super) class: Class,
    /// Why; holds nothing of the value.
    pub(super) reason: String,
    pub(super) key_path: Option<KeyPath>,
    pub(super) value: Option<SecretBytes>,
    /// The newest version of its secret, a tombstone included.
    pub(super) newest: Option<Entry>,
    pub(super) description: Option<Description>,
    /// Whether it goes into the vault, if it is not there already.
    pub(super) take: bool,
    /// Whether a plan says that it is to be left.
    pub(super) declined: bool,
}

impl Variable {
    fn new(line: usize, class: Class, reason: impl Into<String>) -> Self {
        Self {
            name: None,
            line,
            class,
            reason: reason.into(),
            key_path: None,
            value: None,
            newest: None,
            description: None,
            take: false,
            declined: false,
        }
    }

    /// Whether the vault has it, or is to have it.
    pub(super) fn is_kept(&self) -> bool {
        self.take || self.class == Class::Vaulted
    }

    /// The name, for people.
    pub(super) fn shown(&self) -> String {
        match &self.name {
            Some(name) => name.to_string(),
            None => format!("line {}", self.line),
        }
    }
}

/// An env file beside what is known of its project.
pub(super) struct View<'a> {
    pub(super) project: &'a OwnerName,
    pub(super) env: &'a EnvFile,
    pub(super) readers: &'a Readers,
    pub(super) vault: Option<&'a OpenVault>,
    /// Secrets of others that the file may have.
    pub(super) shared: Option<SharedSecrets<'a>>,
    /// The newest version of each secret of the project.
    pub(super) newest: &'a BTreeMap<KeyPath, Entry>,
    /// Take plain variables too.
    pub(super) all: bool,
    pub(super) plan: Option<&'a PlannedFile>,
    pub(super) reach: &'a Reach,
}

impl View<'_> {
    /// All assignments of the file, judged, in its order.
    pub(super) fn variables(&self) -> Result<Vec<Variable>> {
        let mut owners: BTreeMap<&str, &KeyPath> = BTreeMap::new();
        for (key_path, entry) in self.newest {
            if let Some(name) = entry
                .header
                .env_name
                .as_deref()
                .filter(|_| !entry.header.removed)
            {
                owners.insert(name, key_path);
            }
        }
        let plan = self.plan.map(PlannedFile::by_name).unwrap_or_default();
        let mut variables = Vec::new();
        let mut quote_is_open = false;
        for assignment in self.env.assignments() {
            let planned = plan.get(assignment.name()).copied();
            let mut variable = self.judge(assignment, &owners, planned)?;
            if quote_is_open && !is_usual(assignment.name()) {
                let reason = "a quote is open above it, so this may be a piece of a value";
                variable = Variable::new(assignment.line(), Class::Unrepresentable, reason);
            }
            quote_is_open |= assignment.ambiguity() == Some(Reason::UnclosedQuote);
            if let Some(planned) = planned
                && variable.class != Class::Duplicate
            {
                self.follow(planned, &mut variable)?;
            }
            variables.push(variable);
        }
        self.check_plan(&variables)?;
        mark_conflicts(&mut variables);
        self.describe(&mut variables);
        Ok(variables)
    }

    fn judge(
        &self,
        assignment: &Assignment,
        owners: &BTreeMap<&str, &KeyPath>,
        planned: Option<&PlannedVariable>,
    ) -> Result<Variable> {
        let line = assignment.line();
        let unrepresentable = |reason: String| Variable::new(line, Class::Unrepresentable, reason);
        if let Some(reason) = assignment.ambiguity() {
            return Ok(unrepresentable(reason.to_string()));
        }
        let Ok(name) = EnvName::existing(assignment.name()) else {
            return Ok(unrepresentable("no variable can have this name".to_owned()));
        };
        let variable = |class, reason: &str| Variable {
            name: Some(name.clone()),
            ..Variable::new(line, class, reason)
        };
        if let Some(last) = self.env.get(name.as_str())
            && last.line() != line
        {
            let same = !self.reach.reveal || last.value() == assignment.value();
            let with = if same { "" } else { ", with another value" };
            let reason = format!("line {} assigns it again{with}", last.line());
            return Ok(variable(Class::Duplicate, &reason));
        }
        // What the program that reads the file gets is the value.
        let Some(value) = assignment.value_for(self.readers) else {
            let reason = match assignment.value() {
                Some(value) => format!(
                    "{} would read something else than is meant",
                    assignment.misreaders(&value, self.readers)
                ),
                None => "its value is not certain".to_owned(),
            };
            return Ok(variable(Class::Unrepresentable, &reason));
        };
        let verdict = detect::classify(name.as_str(), &value);
        if verdict == Verdict::Empty {
            return Ok(variable(Class::Empty, "it has no value"));
        }
        if let Some(kind) = value::mask_kind(&value) {
            return Ok(variable(Class::Mask, kind.phrase()));
        }
        if let Err(error) = value::check_size(&value).and(value::env_text(&value).map(|_| ())) {
            return Ok(variable(Class::Unrepresentable, &error.to_string()));
        }
        let key_path = match (planned, owners.get(name.as_str())) {
            (Some(planned), _) => Some(planned.key_path.clone()),
            (None, Some(&owner)) => Some(owner.clone()),
            (None, None) => KeyPath::nearest_for_env_name(self.project, name.as_str()),
        };
        let Some(key_path) = key_path else {
            let reason = "no key path can be made of its name; a plan can give one";
            return Ok(variable(Class::Unrepresentable, reason));
        };
        let newest = self.newest.get(&key_path);
        let (class, reason) = match newest.filter(|entry| !entry.header.removed) {
            Some(entry) => self.beside(&name, &value, &key_path, entry)?,
            None => match verdict {
                Verdict::Secret(evidence) => (Class::Secret, evidence.phrase().to_owned()),
                // A doubt is shown, so that a person decides.
                Verdict::Doubtful(evidence) => {
                    (Class::Plain, format!("store? {}", evidence.phrase()))
                }
                Verdict::Plain | Verdict::Empty => {
                    (Class::Plain, "does not look secret".to_owned())
                }
            },
        };
        if class == Class::Secret
            && planned.is_none()
            && let Some(shared) = &self.shared
            && let Some(other) = shared.find(name.as_str(), Some(&value))
            && other.agrees
        {
            let version = other.newest.header.version;
            let reason = match self.reach.compares(other.key_path) {
                true => format!("version {version} of {}", other.key_path),
                false => "another secret's".to_owned(),
            };
            return Ok(variable(Class::Elsewhere, &reason));
        }
        Ok(Variable {
            take: match class {
                Class::Secret | Class::Changed => true,
                Class::Plain => self.all,
                Class::Conflict => self.all || verdict.is_secret(),
                _ => false,
            },
            key_path: Some(key_path),
            newest: newest.cloned(),
            value: Some(value),
            ..variable(class, &reason)
        })
    }

    /// What a variable is whose secret is in the vault.
    fn beside(
        &self,
        name: &EnvName,
        value: &SecretBytes,
        key_path: &KeyPath,
        entry: &Entry,
    ) -> Result<(Class, String)> {
        let version = entry.header.version;
        Ok(match entry.header.env_name.as_deref() {
            Some(other) if other != name.as_str() => {
                (Class::Conflict, format!("{key_path} is kept in {other}"))
            }
            _ if !self.reach.compares(key_path) => (
                Class::Present,
                format!("{key_path} is in the vault; the values were not compared"),
            ),
            // A version that does not open is replaced, whatever the value.
            _ if self.is_damaged(key_path, version)? => (
                Class::Changed,
                format!("the version after {version} cannot be read"),
            ),
            owner if entry.value() == Some(value) => {
                let without = match owner {
                    Some(_) => "",
                    None => ", without its variable",
                };
                (Class::Vaulted, format!("version {version}{without}"))
            }
            _ => {
                let older = match self.vault {
                    Some(vault) => vault.find_value(key_path, value)?,
                    None => None,
                };
                match older {
                    Some(older) => (
                        Class::Outdated,
                        format!("this is version {older}; the vault has version {version}"),
                    ),
                    None => (
                        Class::Changed,
                        format!("version {version} is another value"),
                    ),
                }
            }
        })
    }

    /// Whether there is a newer version than the newest one that opens.
    fn is_damaged(&self, key_path: &KeyPath, version: Version) -> Result<bool> {
        Ok(match self.vault {
            Some(vault) => vault.vault().newest(key_path)? > Some(version),
            None => false,
        })
    }

    /// Does what the plan says about a variable.
    fn follow(&self, planned: &PlannedVariable, variable: &mut Variable) -> Result<()> {
        let wrong = |problem: String| Err(self.wrong(planned.line, problem));
        if variable.class == Class::Vaulted {
            return Ok(());
        }
        if planned.take && !variable.class.can_be_taken() {
            return wrong(format!(
                "this variable cannot be taken, it is {}: {}",
                variable.class.as_str(),
                variable.reason
            ));
        }
        variable.take = planned.take;
        variable.declined = !planned.take && variable.class.can_be_taken();
        if let (Some(text), Some(key_path)) = (&planned.description, &variable.key_path) {
            match Description::new(text, key_path, variable.value.as_ref()) {
                Ok(description) => variable.description = Some(description),
                // What is left out need not be described well.
                Err(error) if planned.take => return wrong(error.to_string()),
                Err(_) => {}
            }
        }
        Ok(())
    }

    fn wrong(&self, line: usize, problem: String) -> Error {
        plan::wrong(self.plan.map(|plan| plan.path.as_path()), line, problem)
    }

    /// A plan that speaks of a variable that is not there was made for something else.
    fn check_plan(&self, variables: &[Variable]) -> Result<()> {
        let Some(plan) = self.plan else {
            return Ok(());
        };
        let there: BTreeSet<&str> = variables
            .iter()
            .filter_map(|variable| Some(variable.name.as_ref()?.as_str()))
            .collect();
        match plan
            .variables
            .iter()
            .find(|planned| !there.contains(planned.name.as_str()))
        {
            Some(planned) => {
                Err(self.wrong(planned.line, "the env file has no such variable".to_owned()))
            }
            None => Ok(()),
        }
    }

    /// Finds descriptions in the vault and in comments, for whatever the plan has none.
    fn describe(&self, variables: &mut [Variable]) {
        let values: Vec<SecretBytes> = variables
            .iter()
            .filter(|variable| !matches!(variable.class, Class::Plain))
            .filter_map(|variable| variable.value.clone())
            .collect();
        let comments = Comments::new(self.env, &values);
        let mut lines: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for assignment in self.env.assignments() {
            let lines = lines.entry(assignment.name()).or_default();
            lines.insert(0, assignment.line());
        }
        for variable in variables {
            let (Some(key_path), Some(value), None) =
                (&variable.key_path, &variable.value, &variable.description)
            else {
                continue;
            };
            let known = variable
                .newest
                .as_ref()
                .and_then(|entry| Description::stored(&entry.header.description).ok());
            variable.description = known.or_else(|| {
                // The last assignment counts, but the comment may stand above an earlier one.
                let lines = lines.get(variable.name.as_ref()?.as_str())?;
                lines
                    .iter()
                    .find_map(|&line| comments.above(line, key_path, value))
            });
        }
    }
}

/// Whether a name is written as variables are; a line of base64 is not.
pub(super) fn is_usual(name: &str) -> bool {
    let upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(upper) && !detect::is_random(name) && known_shape(name).is_none()
}

/// Two variables that would be one secret are a conflict; one that is in the vault is none.
pub(super) fn mark_conflicts(variables: &mut [Variable]) {
    let mut by_key_path: BTreeMap<&KeyPath, Vec<usize>> = BTreeMap::new();
    for (index, variable) in variables.iter().enumerate() {
        if let Some(key_path) = &variable.key_path
            && variable.is_kept()
        {
            by_key_path.entry(key_path).or_default().push(index);
        }
    }
    let conflicts: Vec<(usize, String)> = by_key_path
        .values()
        .filter(|indexes| indexes.len() > 1)
        .flat_map(|indexes| {
            indexes.iter().map(|&index| {
                let other = indexes.iter().find(|&&other| other != index);
                let other = other.map_or_else(String::new, |&other| variables[other].shown());
                (index, format!("{other} would be the same secret"))
            })
        })
        .collect();
    for (index, reason) in conflicts {
        let variable = &mut variables[index];
        if variable.class != Class::Vaulted {
            variable.class = Class::Conflict;
            variable.reason = reason;
        }
    }
}
