//! Why a command failed: a stable code, the cause, hints for the user, and an exit code.
//!
//! Exit codes: 1, a negative answer; 2, wrong usage or trouble, and nothing was changed; 3, half
//! done.
//!
//! Whoever must decide something about a failure matches on [`Code`] or on the library's error
//! ([`Failure::library_error`]), never on text.

mod hints;

use std::error::Error as StdError;
use std::io;

use secrets::Error;
use secrets::error::Class;
use secrets::model::key_path::KeyPath;
use serde::Serialize;

use self::hints::hints;

/// An error with its hints and its exit code.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) hints: Vec<String>,
    pub(crate) exit: u8,
    cause: anyhow::Error,
}

/// The stable name of a failure, as documented in `docs/errors.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// The answer could not be written; the command may have done what it was asked to do.
    AnswerNotWritten,
    /// The command has changed something, and its answer could not be written.
    AnswerLost,
    CannotExecute,
    CommandNotFound,
    Denied,
    EnvFileAbsent,
    EnvironmentTooLarge,
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "signals at the prompt are Unix's")
    )]
    Interrupted,
    InvalidDate,
    InvalidMember,
    Io,
    Json,
    Mcp,
    MissingArgument,
    NoHome,
    NotConfirmed,
    NoTerminal,
    NoValue,
    NotApproved,
    UnknownArgument,
    Usage,
    ValueAsArgument,
    #[cfg_attr(
        not(unix),
        expect(dead_code, reason = "pasted lines are seen on Unix only")
    )]
    ValueHasSeveralLines,
    ValueNotGiven,
    ValueNotText,
    ValueTooLong,
    WrongArgument,
    /// An error of the library, with its own code.
    Library(&'static str),
}

impl Code {
    /// The code as it is written in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::AnswerNotWritten | Self::Io => "io",
            Self::AnswerLost => "answer_lost",
            Self::CannotExecute => "cannot_execute",
            Self::CommandNotFound => "command_not_found",
            Self::Denied => "denied",
            Self::EnvFileAbsent => "env_absent",
            Self::EnvironmentTooLarge => "environment_too_large",
            Self::Interrupted => "interrupted",
            Self::InvalidDate => "invalid_date",
            Self::InvalidMember => "invalid_member",
            Self::Json => "json",
            Self::Mcp => "mcp",
            Self::MissingArgument => "missing_argument",
            Self::NoHome => "no_home",
            Self::NotConfirmed => "not_confirmed",
            Self::NoTerminal => "no_terminal",
            Self::NoValue => "no_value",
            Self::NotApproved => "not_approved",
            Self::UnknownArgument => "unknown_argument",
            Self::Usage => "usage",
            Self::ValueAsArgument => "value_as_argument",
            Self::ValueHasSeveralLines => "value_of_lines",
            Self::ValueNotGiven => "value_not_given",
            Self::ValueNotText => "value_not_text",
            Self::ValueTooLong => "value_too_long",
            Self::WrongArgument => "wrong_argument",
            Self::Library(code) => code,
        }
    }
}

impl Failure {
    /// Creates a failure with exit code 2: nothing was changed.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self::caused(code, anyhow::Error::msg(message.into()))
    }

    /// Creates a failure for an I/O error; `what` reads like "cannot read standard input".
    pub(crate) fn io(what: impl Into<String>, error: impl Into<io::Error>) -> Self {
        Self::io_as(Code::Io, what, error.into())
    }

    /// Creates a failure for an I/O error that has a code of its own.
    pub(crate) fn io_as(code: Code, what: impl Into<String>, error: io::Error) -> Self {
        Self::caused(code, anyhow::Error::new(error).context(what.into()))
    }

    /// Creates a failure from an error of one of the library's parsers, with its stable code.
    pub(crate) fn parse(code: &'static str, error: impl StdError + Send + Sync + 'static) -> Self {
        Self::caused(Code::Library(code), error.into())
    }

    /// Creates the failure for an answer that cannot be written to standard output.
    pub(crate) fn answer_not_written(error: io::Error) -> Self {
        Self::io_as(
            Code::AnswerNotWritten,
            "cannot write to standard output",
            error,
        )
    }

    fn caused(code: Code, cause: anyhow::Error) -> Self {
        Self {
            code,
            hints: Vec::new(),
            exit: 2,
            cause,
        }
    }

    /// Returns this failure as what it is once the command has changed something: never exit code
    /// 2, which promises that nothing was changed.
    #[must_use]
    pub(crate) fn after_changes(self) -> Self {
        if self.exit == 3 {
            return self;
        }
        match self.code {
            Code::AnswerNotWritten => Self {
                code: Code::AnswerLost,
                exit: 3,
                cause: anyhow::Error::msg(format!("it is done, but {}", self.message())),
                hints: self.hints,
            },
            _ => Self {
                exit: 3,
                cause: self.cause.context("stopped half-way"),
                ..self
            }
            .hint("run the same command again: it continues where it stopped"),
        }
    }

    /// Creates the failure for a value that was typed on the command line. Repeats no part of it.
    pub(crate) fn value_as_argument(verb: &str, key_path: Option<&str>) -> Self {
        let key_path = key_path.unwrap_or("KEY_PATH");
        Self::new(
            Code::ValueAsArgument,
            "a value is never an argument: other users and the shell's history can see it",
        )
        .hint(Self::pipe_it_in(verb, key_path))
        .hint(format!("or type it at a prompt: secrets {verb} {key_path}"))
    }

    /// Creates the failure for a value that JSON cannot carry.
    pub(crate) fn value_not_text(key_path: &KeyPath) -> Self {
        Self::new(
            Code::ValueNotText,
            format!("the value of {key_path} is not text, which JSON needs"),
        )
        .hint(format!("secrets get {key_path} > FILE"))
    }

    /// Returns the hint that shows how to pipe a value in.
    pub(crate) fn pipe_it_in(verb: &str, key_path: &str) -> String {
        format!("pipe it in: printf %s \"$VALUE\" | secrets {verb} {key_path}")
    }

    /// The error of the library that this failure comes from.
    pub(crate) fn library_error(&self) -> Option<&Error> {
        self.cause.downcast_ref()
    }

    /// What went wrong, on one line.
    pub(crate) fn message(&self) -> String {
        match self.library_error() {
            // Its message includes its source already.
            Some(error) => error.to_string(),
            None => format!("{:#}", self.cause),
        }
    }

    /// Returns the failure in words: the message, then a line for each hint.
    pub(crate) fn words(&self) -> String {
        let mut words = format!("error: {}", self.message());
        for hint in &self.hints {
            words.push_str("\nhint: ");
            words.push_str(hint);
        }
        words
    }

    /// The failure as one line of JSON.
    pub(crate) fn json(&self) -> String {
        #[derive(Serialize)]
        struct Wrapped<'a> {
            error: Shown<'a>,
        }
        #[derive(Serialize)]
        struct Shown<'a> {
            code: &'static str,
            message: String,
            hints: &'a [String],
        }
        let error = Shown {
            code: self.code.as_str(),
            message: self.message(),
            hints: &self.hints,
        };
        // Text and lists of text can always be written.
        serde_json::to_string(&Wrapped { error }).unwrap_or_default()
    }

    /// Replaces the message and drops the cause, where the cause must not be shown.
    #[must_use]
    pub(crate) fn with_message(self, message: String) -> Self {
        Self {
            cause: anyhow::Error::msg(message),
            ..self
        }
    }

    /// Sets the code.
    #[must_use]
    pub(crate) fn with_code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Sets the exit code.
    #[must_use]
    pub(crate) fn exit(mut self, exit: u8) -> Self {
        self.exit = exit;
        self
    }

    /// Adds a hint.
    #[must_use]
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self {
            code: Code::Library(error.code()),
            hints: hints(&error),
            exit: exit(error.class()),
            cause: error.into(),
        }
    }
}

/// The exit code of a class of errors.
fn exit(class: Class) -> u8 {
    match class {
        Class::Negative => 1,
        Class::Unchanged => 2,
        Class::HalfDone => 3,
    }
}
