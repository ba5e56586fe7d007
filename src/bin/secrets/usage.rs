//! What is said about a command line that was not understood.
//!
//! clap's own error messages repeat what was typed, which may be a value; these do not.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use secrets::model::key_path::KeyPath;
use secrets::model::shape::known_shape;

use crate::args;
use crate::failure::{Code, Failure};
use crate::output::{self, ColorWhen, Printer};

/// Prints help, or what is wrong with the command line, and returns the exit code.
pub(crate) fn report(error: &clap::Error) -> u8 {
    match error.kind() {
        // Help repeats nothing that was typed.
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => output::help(&error.render(), true),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            output::help(&error.render(), false);
            2
        }
        _ => {
            let json = std::env::args_os().any(|argument| argument == "--json");
            Printer::new(json, false, colour()).failure(&failure(error));
            match Verb::typed().0.as_deref() {
                Some("run") => crate::run::OWN_FAILURE,
                // Agents take a failed hook for a refusal of every tool.
                Some("hook") => 0,
                _ => 2,
            }
        }
    }
}

fn failure(error: &clap::Error) -> Failure {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg);
    let argument = argument.as_deref();
    let suggested = context(ContextKind::SuggestedArg);
    let kind = error.kind();
    let verb = Verb::typed();

    if kind == ErrorKind::UnknownArgument
        && let Some(failure) = value_typed(&verb, argument, suggested.is_some())
    {
        return failure;
    }
    if kind == ErrorKind::InvalidSubcommand
        && let Some(typed) = context(ContextKind::InvalidSubcommand)
    {
        if typed.contains('=') || known_shape(&typed).is_some() {
            return Failure::value_as_argument("set", None);
        }
        if let Ok(key_path) = KeyPath::parse(&typed) {
            return Failure::new(Code::Usage, "a command is missing before the key path")
                .hint(format!("secrets get {key_path}"));
        }
    }
    let is_missing = || context(ContextKind::InvalidValue).is_none_or(|text| text.is_empty());
    let what = match (kind, argument) {
        (ErrorKind::UnknownArgument, Some(flag)) if is_flag(flag) && !verb.takes_a_value() => {
            format!("there is no option {flag}")
        }
        (ErrorKind::UnknownArgument, _) if suggested.is_some() => {
            "there is no such option".to_owned()
        }
        (ErrorKind::UnknownArgument, _) => "there is an argument too many".to_owned(),
        (ErrorKind::InvalidSubcommand, _) => "there is no such command".to_owned(),
        (ErrorKind::InvalidValue, Some(argument)) if is_missing() => {
            format!("{argument} needs a value")
        }
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(argument)) => {
            format!("{argument} does not take that value")
        }
        (ErrorKind::MissingRequiredArgument, Some(missing)) => {
            format!("something is missing: {missing}")
        }
        (ErrorKind::ArgumentConflict, Some(argument)) => {
            match context(ContextKind::PriorArg).filter(|other| other != argument) {
                Some(other) => format!("{argument} does not go with {other}"),
                None => format!("{argument} is given twice"),
            }
        }
        (ErrorKind::MissingSubcommand, _) => "a command is missing".to_owned(),
        (ErrorKind::InvalidUtf8, _) => "an argument is not valid Unicode".to_owned(),
        _ => "the arguments cannot be understood".to_owned(),
    };
    let mut failure = Failure::new(Code::Usage, what);
    let typed = context(ContextKind::InvalidSubcommand).filter(|_| verb.0.is_none());
    let command = match typed.as_deref().and_then(known_elsewhere_as) {
        Some(command) => Some(command.to_owned()),
        None => context(ContextKind::SuggestedSubcommand),
    };
    for suggested in [command, suggested].into_iter().flatten() {
        failure = failure.hint(format!("did you mean {suggested}?"));
    }
    if let Some(valid) = context(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
        failure = failure.hint(format!("one of: {valid}"));
    } else if matches!(kind, ErrorKind::InvalidValue | ErrorKind::ValueValidation)
        && let Some(hint) = argument.and_then(value_hint)
    {
        failure = failure.hint(hint);
    }
    if kind == ErrorKind::MissingRequiredArgument {
        let usage = match verb.is("run") {
            true => Some("secrets run --project PROJECT -- CMD".to_owned()),
            false => verb.usage(),
        };
        failure = usage.into_iter().fold(failure, Failure::hint);
    }
    failure.hint(match verb.0 {
        Some(verb) => format!("secrets {verb} --help"),
        None => "secrets --help, or secrets COMMAND --help".to_owned(),
    })
}

/// Our word for a command of other programs: pass, gopass, git, shells.
fn known_elsewhere_as(typed: &str) -> Option<&'static str> {
    Some(match typed {
        "show" | "cat" | "read" | "print" | "view" => "get",
        "add" | "insert" | "put" | "create" | "new" | "store" | "save" | "update" | "edit" => "set",
        "delete" | "remove" | "del" | "unset" => "rm",
        "ls" | "find" | "search" | "grep" => "list",
        "move" | "rename" => "mv",
        "status" | "check" | "fsck" | "validate" => "verify",
        "audit" => "log",
        "exec" | "env" => "run",
        "versions" => "history",
        "undo" | "revert" => "rollback",
        "setup" => "init",
        "gen" | "random" => "generate",
        "version" => "--version",
        _ => return None,
    })
}

/// Whether `--color` says something, as far as can be told from arguments that were not understood.
fn colour() -> ColorWhen {
    let mut arguments = std::env::args_os().skip_while(|argument| {
        argument != "--color" && !argument.as_encoded_bytes().starts_with(b"--color=")
    });
    let flag = arguments.next();
    let joined = flag
        .as_ref()
        .and_then(|flag| flag.to_str()?.strip_prefix("--color="));
    let after = arguments.next();
    match joined.or(after.as_ref().and_then(|when| when.to_str())) {
        Some("always") => ColorWhen::Always,
        Some("never") => ColorWhen::Never,
        _ => ColorWhen::Auto,
    }
}

/// An option that is none, of a verb that stores a value: most likely the value, or a name that
/// somebody thought it would go by. What was typed is not repeated.
fn value_typed(verb: &Verb, argument: Option<&str>, is_like_an_option: bool) -> Option<Failure> {
    const NAMES: [&str; 9] = [
        "--value",
        "--val",
        "--secret",
        "--key",
        "--token",
        "--password",
        "--pass",
        "--text",
        "--data",
    ];
    let is_named = argument.is_some_and(|argument| NAMES.contains(&argument));
    if !verb.takes_a_value() && argument != Some("--value") || is_like_an_option && !is_named {
        return None;
    }
    let mut words = std::env::args_os().filter_map(|word| word.into_string().ok());
    let key_path = words.find(|word| KeyPath::parse(word).is_ok());
    let verb = if verb.is("rotate") { "rotate" } else { "set" };
    Some(
        Failure::value_as_argument(verb, key_path.as_deref())
            .hint(format!("secrets {verb} --help lists the options")),
    )
}

/// What an option takes. clap would say it with the value that it refuses.
fn value_hint(argument: &str) -> Option<&'static str> {
    let name = argument.split(' ').next().unwrap_or(argument);
    Some(match name {
        "--every" => "it takes days, weeks or years: 90d, 12w, 1y",
        "--wait" => "it takes a number of seconds",
        "--stale" => "it takes a number of days",
        "--keep" | "--bytes" | "--length" => "it takes a whole number, from 1 on",
        "--version" | "<VERSION>" => "it takes the number of a version: secrets history KEY_PATH",
        _ => return None,
    })
}

/// The command, as far as can be told from arguments that were not understood.
struct Verb(Option<String>);

impl Verb {
    fn typed() -> Self {
        let takes_a_value = ["--vault", "--identity", "--config", "--wait", "--color"];
        let mut arguments = std::env::args_os().skip(1);
        while let Some(argument) = arguments.next() {
            if takes_a_value.iter().any(|flag| argument == *flag) {
                arguments.next();
            } else if !argument.as_encoded_bytes().starts_with(b"-") {
                let commands = args::command();
                let verb = argument
                    .to_str()
                    .and_then(|name| commands.find_subcommand(name));
                return Self(verb.map(|verb| verb.get_name().to_owned()));
            }
        }
        Self(None)
    }

    /// How the whole of it is typed, without options; `None` where a command of its own follows.
    fn usage(&self) -> Option<String> {
        let mut commands = args::command();
        commands.build();
        let verb = commands.find_subcommand_mut(self.0.as_deref()?)?;
        if verb.has_subcommands() {
            return None;
        }
        let usage = verb.render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        Some(usage.replace(" [OPTIONS]", ""))
    }

    fn is(&self, name: &str) -> bool {
        self.0.as_deref() == Some(name)
    }

    /// Whether somebody may have typed a value after it.
    fn takes_a_value(&self) -> bool {
        ["set", "rotate", "generate"]
            .into_iter()
            .any(|verb| self.is(verb))
    }
}

/// Whether an argument can only be the name of an option, and may be repeated.
fn is_flag(argument: &str) -> bool {
    argument.len() <= 24
        && argument.starts_with("--")
        && argument
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}
