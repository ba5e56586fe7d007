//! What goes wrong, as the user hears it: a message, what to type, an exit code.
//!
//! Exit codes: 1, the answer is no; 2, wrong usage or trouble, and nothing was changed; 3, half
//! done, the vault has it and the env file does not.

mod hints;

use secrets::Error;
use secrets::model::key_path::KeyPath;
use serde::Serialize;

use self::hints::hints;

/// An error with its hints and its exit code.
#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) hints: Vec<String>,
    #[serde(skip)]
    pub(crate) exit: u8,
    /// Only the answer could not be written: what was asked for may have been done.
    #[serde(skip)]
    is_unsaid: bool,
}

impl Failure {
    /// Trouble, and nothing was changed.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            hints: Vec::new(),
            exit: 2,
            is_unsaid: false,
        }
    }

    /// The answer cannot be written.
    pub(crate) fn unsaid(error: &std::io::Error) -> Self {
        Self {
            is_unsaid: true,
            ..Self::new("io", format!("cannot write to standard output: {error}"))
        }
    }

    /// The same failure of a command that has changed something by the time it answers.
    #[must_use]
    pub(crate) fn after_a_change(self) -> Self {
        if !self.is_unsaid {
            return self;
        }
        Self {
            exit: 3,
            ..Self::new("answer_lost", format!("it is done, but {}", self.message))
        }
    }

    /// A value was typed on the command line. Says no word of it, but how to pipe it in.
    pub(crate) fn value_as_argument(verb: &str, key_path: Option<&str>) -> Self {
        let key_path = key_path.unwrap_or("KEY_PATH");
        Self::new(
            "value_as_argument",
            "a value is never an argument: other users and the shell's history can see it",
        )
        .hint(Self::pipe_it_in(verb, key_path))
        .hint(format!("or let it be asked for: secrets {verb} {key_path}"))
    }

    /// A value that is asked for as JSON and is not text.
    pub(crate) fn value_not_text(key_path: &KeyPath) -> Self {
        Self::new(
            "value_not_text",
            format!("the value of {key_path} is not text, which JSON needs"),
        )
        .hint(format!("secrets get {key_path} > FILE"))
    }

    /// How a value is given.
    pub(crate) fn pipe_it_in(verb: &str, key_path: &str) -> String {
        format!("pipe it in: printf %s \"$VALUE\" | secrets {verb} {key_path}")
    }

    /// The failure as one line of JSON.
    pub(crate) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Wrapped<'a> {
            error: &'a Failure,
        }
        // Text and lists of text can always be written.
        serde_json::to_string(&Wrapped { error: self }).unwrap_or_default()
    }

    /// Adds what to type.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.to_string(),
            hints: hints(&error),
            exit: exit(&error),
            is_unsaid: false,
        }
    }
}

fn exit(error: &Error) -> u8 {
    match error {
        Error::EntryNotFound(_)
        | Error::EntryRemoved { .. }
        | Error::VersionNotFound { .. }
        | Error::LayoutNotFound { .. }
        | Error::NoVariables(_) => 1,
        Error::MoveUnfinished { .. }
        | Error::PruneUnfinished { .. }
        | Error::LinkUnfinished { .. }
        | Error::EnvBehind { .. }
        | Error::VaultNotDurable { .. }
        | Error::ConfigNotDurable { .. }
        | Error::NotFinished { .. }
        | Error::AgentUnfinished { .. }
        | Error::ReadBack { .. } => 3,
        _ => 2,
    }
}
