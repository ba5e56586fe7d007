//! What is said about a command line that was not understood.
//!
//! clap's own error messages repeat what was typed, which may be a value; these do not.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use secrets::key_path::KeyPath;

use crate::failure::Failure;
use crate::output;

/// A command line that was not understood, or that asked for help.
pub(crate) struct Refused {
    error: clap::Error,
}

impl Refused {
    pub(super) fn new(error: clap::Error) -> Self {
        Self { error }
    }

    /// Prints what there is to say and gives the exit code.
    pub(crate) fn report(self) -> u8 {
        match self.error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // Help holds nothing that was typed.
                output::help(&self.error.render(), true)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                output::help(&self.error.render(), false);
                2
            }
            _ => {
                let json = std::env::args_os().any(|argument| argument == "--json");
                output::Printer::plain(json).failure(&self.failure());
                match verb() {
                    Some(verb) if verb == "run" => crate::run::OWN_FAILURE,
                    // Agents take a failed hook for a refusal of every tool.
                    Some(verb) if verb == "hook" => 0,
                    _ => 2,
                }
            }
        }
    }

    fn failure(&self) -> Failure {
        let context = |kind| match self.error.get(kind) {
            Some(ContextValue::String(text)) => Some(text.clone()),
            Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
            _ => None,
        };
        let argument = context(ContextKind::InvalidArg);
        let argument = argument.as_deref();
        if argument == Some("--value") {
            let mut words = std::env::args_os().filter_map(|word| word.into_string().ok());
            let key_path = words.find(|word| KeyPath::parse(word).is_ok());
            return Failure::value_as_argument("set", key_path.as_deref());
        }
        let what = match self.error.kind() {
            ErrorKind::UnknownArgument => match argument.filter(|name| is_flag(name)) {
                Some(flag) => format!("there is no option {flag}"),
                None => "there is an argument too many".to_owned(),
            },
            ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => match argument {
                Some(argument) => format!("{argument} does not take that value"),
                None => "an option does not take that value".to_owned(),
            },
            ErrorKind::MissingRequiredArgument => match argument {
                Some(missing) => format!("something is missing: {missing}"),
                None => "something is missing".to_owned(),
            },
            ErrorKind::ArgumentConflict => match argument {
                Some(argument) => format!("{argument} does not go with another option here"),
                None => "two options do not go together".to_owned(),
            },
            ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
            ErrorKind::InvalidUtf8 => "an argument is not valid Unicode".to_owned(),
            _ => "the arguments cannot be understood".to_owned(),
        };
        let mut failure = Failure::new("usage", what);
        for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
            if let Some(suggested) = context(kind) {
                failure = failure.hint(format!("did you mean {suggested}?"));
            }
        }
        if let Some(valid) = context(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
            failure = failure.hint(format!("one of: {valid}"));
        }
        failure.hint("secrets --help, or secrets COMMAND --help")
    }
}

/// The command, as far as can be told from arguments that were not understood.
fn verb() -> Option<OsString> {
    let takes_a_value = ["--vault", "--identity", "--config", "--wait", "--color"];
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if takes_a_value.iter().any(|flag| argument == *flag) {
            arguments.next();
        } else if !argument.as_encoded_bytes().starts_with(b"-") {
            return Some(argument);
        }
    }
    None
}

/// Whether an argument can only be the name of an option, and may be repeated.
fn is_flag(argument: &str) -> bool {
    argument.len() <= 24
        && argument.starts_with("--")
        && argument
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
