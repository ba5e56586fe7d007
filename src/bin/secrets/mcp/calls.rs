//! A call into a request, a report into a result. What the command line's `commands` are to it, this
//! is to the protocol; the operations are the same.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rmcp::model::JsonObject;
use schemars::JsonSchema;
use secrets::env_file::EnvName;
use secrets::model::generate::{Format, Recipe};
use secrets::model::key_path::{KeyPath, OwnerName, Scope};
use secrets::model::secret::SecretBytes;
use secrets::model::shell;
use secrets::ops::import::Source;
use secrets::ops::{self, Notice, Session};
use serde::Serialize;
use serde_json::Value;

use super::arguments::Arguments;
use super::page::{Kind, Question};
use super::policy::{Flags, Policy};
use super::refusal::Refusal;
use super::tools::Tool;
use crate::args::Global;
use crate::failure::{Code, Failure};
use crate::{choice, notices, parse, session};

/// A call that is being worked on.
pub(super) struct Call<'a> {
    session: &'a Session<'a>,
    policy: &'a Policy,
    arguments: Arguments,
    /// The value, if the user has typed it on a page.
    typed: Option<SecretBytes>,
    /// The secret that it is about, once that is known.
    about: Option<KeyPath>,
}

/// What a tool gives.
pub(super) type Answer = Result<Value, Refusal>;

/// An answer, and what the user should hear of besides.
#[derive(Serialize, JsonSchema)]
pub(super) struct Noted<T> {
    #[serde(flatten)]
    answer: T,
    /// What the user must be told, such as that a call could not be recorded in the audit trail.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notices: Vec<String>,
}

/// Secrets, without their values.
#[derive(Serialize, JsonSchema)]
pub(super) struct Secrets {
    /// In order of their key paths.
    secrets: Vec<ops::list::Item>,
}

/// The versions of a secret.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct History {
    /// The secret.
    key_path: KeyPath,
    /// Oldest first.
    versions: Vec<ops::history::Item>,
}

/// What an import would do.
#[derive(Serialize, JsonSchema)]
pub(super) struct Plan {
    #[serde(flatten)]
    report: ops::import::Report,
    /// The command that does it.
    command: String,
}

/// What the user has answered on a page.
pub(super) enum Given {
    Nothing,
    /// The value to store.
    Value(SecretBytes),
    /// That the agent may read the value.
    Approval,
}

/// Who calls what, without the answer of the user.
#[derive(Clone)]
pub(super) struct Caller<'a> {
    pub(super) global: &'a Global,
    pub(super) flags: &'a Flags,
    pub(super) tool: &'static Tool,
    /// For the audit trail: `mcp <client> <version>`.
    pub(super) client: String,
}

impl Caller<'_> {
    /// Opens a session and runs `work` in it.
    fn with_session<R>(
        &self,
        notice: &(dyn Fn(Notice<'_>) + Sync),
        is_approved: bool,
        work: impl FnOnce(&Session<'_>, &Policy) -> R,
    ) -> Result<R, Failure> {
        let mut settings = session::settings(self.global, notice)?;
        settings.actor.program.clone_from(&self.client);
        // An agent may have started this server without the user's environment: a vault made then
        // would be a second one that nobody knows of.
        settings.may_create = false;
        let mut policy = Policy::load(&settings, self.flags)?;
        if is_approved {
            policy.approve();
        }
        settings.reach = policy.reach().clone();
        Ok(work(&Session::new(settings), &policy))
    }

    /// Runs `work` for a call with these arguments. Returns also the secret that it is about.
    fn with_call<R>(
        &self,
        session: &Session<'_>,
        policy: &Policy,
        arguments: Result<Arguments, Failure>,
        typed: Option<SecretBytes>,
        work: impl FnOnce(&mut Call<'_>) -> Result<R, Refusal>,
    ) -> (Result<R, Failure>, Option<KeyPath>) {
        let mut about = None;
        let result = policy.check_tool(self.tool).and_then(|()| {
            let mut call = Call {
                session,
                policy,
                arguments: arguments?,
                typed,
                about: None,
            };
            let result = work(&mut call);
            about = call.about;
            result.map_err(|Refusal(failure)| {
                let failure = session::conceal(self.global, failure);
                let failure = policy.conceal(failure, &session.settings.vault_dir);
                match session.has_changes() {
                    true => failure.after_changes(),
                    false => failure,
                }
            })
        });
        (result, about)
    }

    /// Does what the call asks for, and notes it in the audit trail. Blocks.
    pub(super) fn run(&self, fields: Option<JsonObject>, given: Given) -> Result<Value, Failure> {
        // First of all: whatever happens, they are wiped.
        let arguments = Arguments::new(self.tool, fields);
        let notices = Mutex::new(Vec::new());
        let notice = |notice: Notice<'_>| {
            let (_, lines) = notices::words(&notice);
            let mut notices = notices.lock().unwrap_or_else(PoisonError::into_inner);
            notices.extend(lines);
        };
        let is_approved = matches!(given, Given::Approval);
        let typed = match given {
            Given::Value(value) => Some(value),
            Given::Nothing | Given::Approval => None,
        };
        let result = self.with_session(&notice, is_approved, |session, policy| {
            let (result, about) = self.with_call(session, policy, arguments, typed, self.tool.run);
            let refused = result.as_ref().err().map(|failure| failure.code.as_str());
            if !result.as_ref().is_ok_and(self.tool.is_noted) {
                let noted = ops::log::note(session, self.tool.name, about.as_ref(), refused);
                // What failed may have failed because there is no vault to keep a trail of.
                if let (Err(error), None) = (&noted, refused) {
                    notice(Notice::NotLogged { error });
                }
            }
            result
        })?;
        let noted = Noted {
            answer: result?,
            notices: notices.into_inner().unwrap_or_else(PoisonError::into_inner),
        };
        answer(&noted).map_err(|Refusal(failure)| failure)
    }

    /// Returns what the user is to be asked for this call. Changes nothing.
    pub(super) fn question(&self, fields: &JsonObject, kind: Kind) -> Result<Question, Failure> {
        let arguments = Arguments::new(self.tool, Some(fields.clone()));
        let client = self.client.strip_prefix("mcp ").unwrap_or(&self.client);
        self.with_session(&|_| {}, false, |session, policy| {
            let question = |call: &mut Call<'_>| {
                let key_path = call.key_path()?;
                let mut question = Question {
                    kind,
                    key_path,
                    description: None,
                    client: client.to_owned(),
                    env_file: None,
                    env_name: None,
                };
                match kind {
                    Kind::Value => {
                        let prepared = ops::set::prepare(session, call.request()?)?;
                        question.description = prepared.description().map(str::to_owned);
                        question.env_file = prepared.env_file().map(Path::to_owned);
                        question.env_name = prepared.env_name().map(str::to_owned);
                    }
                    Kind::Reveal => {
                        let versions = ops::history::run(session, &question.key_path)?;
                        question.description = versions
                            .into_iter()
                            .filter_map(|one| one.description)
                            .next_back();
                    }
                }
                Ok(question)
            };
            self.with_call(session, policy, arguments, None, question).0
        })?
    }

    /// Checks a value that the user has typed for this call. Stores nothing.
    pub(super) fn check(&self, fields: &JsonObject, value: SecretBytes) -> Result<(), Failure> {
        let arguments = Arguments::new(self.tool, Some(fields.clone()));
        self.with_session(&|_| {}, false, |session, policy| {
            let check = |call: &mut Call<'_>| {
                let request = ops::set::Request {
                    dry_run: true,
                    ..call.request()?
                };
                let prepared = ops::set::prepare(session, request)?;
                ops::set::store(prepared, value, false)?;
                Ok(())
            };
            self.with_call(session, policy, arguments, None, check).0
        })?
    }
}

fn answer(report: &impl Serialize) -> Answer {
    serde_json::to_value(report)
        .map_err(|_| Failure::new(Code::Json, "the answer cannot be written as JSON").into())
}

impl Call<'_> {
    fn key_path(&mut self) -> Result<KeyPath, Failure> {
        let key_path = parse::key_path(self.arguments.text("keyPath").unwrap_or_default())?;
        self.about = Some(key_path.clone());
        self.policy.check_key_path(&key_path)?;
        Ok(key_path)
    }

    fn project(&self) -> Result<Option<OwnerName>, Failure> {
        let project = self.arguments.text("project").map(parse::project);
        let project = project.transpose()?;
        if let Some(project) = &project {
            self.policy.check_project(project)?;
        }
        Ok(project)
    }

    fn the_project(&self) -> Result<OwnerName, Failure> {
        self.project()?
            .ok_or_else(|| Failure::new(Code::MissingArgument, "a project is missing"))
    }

    fn env_name(&self) -> Result<Option<EnvName>, Failure> {
        parse::env_name(self.arguments.text("envName"))
    }

    /// What to store, but for the value.
    fn request(&mut self) -> Result<ops::set::Request, Failure> {
        let key_path = self.key_path()?;
        Ok(ops::set::Request {
            description: self.arguments.text("description").map(str::to_owned),
            env_name: self.env_name()?,
            ..ops::set::Request::new(key_path)
        })
    }
}

pub(super) fn set(call: &mut Call<'_>) -> Answer {
    let value = call.arguments.secret("value").or(call.typed.take());
    let request = call.request()?;
    let by_hand = by_hand(&request);
    let prepared = ops::set::prepare(call.session, request)?;
    let Some(value) = value else {
        // Everything else is in order: what is missing is what only the user should type.
        return Err(Failure::new(
            Code::ValueNotGiven,
            "the value is for the user to type, not for you",
        )
        .hint(format!("ask the user to run: {by_hand}"))
        .hint("generate_secret makes a random value, if any will do")
        .into());
    };
    answer(&ops::set::store(prepared, value, false)?)
}

/// The command with which the user stores what is asked for.
fn by_hand(request: &ops::set::Request) -> String {
    let mut command = format!("secrets set {}", request.key_path);
    if let Some(description) = &request.description {
        command.push_str(&format!(" -d {}", shell::word(description)));
    }
    if let Some(name) = &request.env_name {
        command.push_str(&format!(" --env-name {name}"));
    }
    command
}

pub(super) fn get(call: &mut Call<'_>) -> Answer {
    let key_path = call.key_path()?;
    let version = call.arguments.number("version");
    if !call.policy.reach().reveal {
        // Everything else is in order, as far as it can be known without the value.
        ops::history::run(call.session, &key_path)?;
        return Err(Failure::new(
            Code::NotApproved,
            "the user decides each time whether a value is revealed, and has not allowed this",
        )
        .hint(format!(
            "a program gets its values from: secrets run --project {} -- COMMAND",
            key_path.project().map_or("PROJECT", OwnerName::as_str)
        ))
        .into());
    }
    let report = ops::get::run(call.session, ops::get::Request { key_path, version })?;
    let shown = report
        .shown()
        .ok_or_else(|| Failure::value_not_text(&report.key_path))?;
    answer(&shown)
}

pub(super) fn list(call: &mut Call<'_>) -> Answer {
    let request = ops::list::Request {
        scope: call.arguments.text("scope").and_then(choice::named),
        project: call.project()?,
        ..ops::list::Request::default()
    };
    let secrets = ops::list::run(call.session, &request)?;
    answer(&Secrets { secrets })
}

pub(super) fn generate(call: &mut Call<'_>) -> Answer {
    let request = call.request()?;
    let wrong = |error: secrets::model::generate::RecipeError| Failure::parse(error.code(), error);
    let format = call.arguments.text("format").and_then(choice::named);
    let format = format.unwrap_or(Format::Base64);
    let recipe = match call.arguments.number("bytes") {
        Some(bytes) => Recipe::with_bytes(format, bytes as usize).map_err(wrong)?,
        None => Recipe::usual(format),
    };
    let (report, _value) = ops::generate::run(call.session, request, recipe)?;
    answer(&report)
}

pub(super) fn rotate(call: &mut Call<'_>) -> Answer {
    let request = ops::set::Request::new(call.key_path()?);
    let prepared = ops::rotate::prepare(call.session, request)?;
    answer(&prepared.run(None)?)
}

pub(super) fn verify(call: &mut Call<'_>) -> Answer {
    let strict = call.arguments.flag("strict");
    let prefix = call
        .project()?
        .map(|project| format!("{}/{project}/", Scope::Project));
    let request = ops::verify::Request {
        prefix: parse::prefix(prefix.as_deref())?,
        strict,
        below: None,
    };
    answer(&ops::verify::run(call.session, &request)?)
}

pub(super) fn restore(call: &mut Call<'_>) -> Answer {
    let request = ops::restore::Request {
        project: call.the_project()?,
        to: None,
        at: None,
        rebuild: false,
        allow_misread: false,
        dry_run: call.arguments.flag("dryRun"),
    };
    answer(&ops::restore::run(call.session, &request)?)
}

pub(super) fn import(call: &mut Call<'_>) -> Answer {
    let project = call.the_project()?;
    let file = call.arguments.text("file").map(PathBuf::from);
    if let Some(file) = &file
        && !matches!(secrets::storage::fs::exists(file), Ok(true))
    {
        // Its name is not repeated: a value may have been given in its place.
        let failure = Failure::new(
            Code::EnvFileAbsent,
            "the file that was named does not exist",
        );
        return Err(failure
            .hint("leave file out, if the project is linked to its env file")
            .into());
    }
    let mut command = String::from("secrets import");
    if let Some(file) = &file {
        command.push_str(&format!(" {}", shell::path(file)));
    }
    command.push_str(&format!(" --project {project}"));
    let request = ops::import::Request {
        source: Source::Files(file.into_iter().collect()),
        project: Some(project),
        describe: Vec::new(),
        all: false,
        dry_run: true,
    };
    let report = ops::import::prepare(call.session, request)?.run()?;
    answer(&Plan { report, command })
}

pub(super) fn diff(call: &mut Call<'_>) -> Answer {
    let project = call.the_project()?;
    answer(&ops::diff::run(call.session, &project)?)
}

pub(super) fn history(call: &mut Call<'_>) -> Answer {
    let key_path = call.key_path()?;
    let versions = ops::history::run(call.session, &key_path)?;
    answer(&History { key_path, versions })
}
