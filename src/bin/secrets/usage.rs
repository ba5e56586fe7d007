//! Reports a command line that clap did not accept.
//!
//! clap's own messages repeat what was typed, which may be a value. These messages name options,
//! placeholders and commands of the definition only; of what was typed they repeat nothing but a
//! word that cannot be a value ([`can_repeat`]).

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
    let verb = Verb::typed();
    if let Some(failure) = value_typed(error, &verb) {
        return failure;
    }
    let mut failure = Failure::new(Code::Usage, message(error, &verb));
    for hint in suggestions(error, &verb) {
        failure = failure.hint(hint);
    }
    failure.hint(match verb.0 {
        Some(verb) => format!("secrets {verb} --help"),
        None => "secrets --help, or secrets COMMAND --help".to_owned(),
    })
}

/// Returns what clap knows about the error under this kind, as text.
fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
        _ => None,
    }
}

/// Returns what is wrong, in the usual words.
fn message(error: &clap::Error, verb: &Verb) -> String {
    let argument = context(error, ContextKind::InvalidArg);
    let argument = argument.as_deref();
    let value = context(error, ContextKind::InvalidValue);
    let typed = context(error, ContextKind::InvalidSubcommand);
    match (error.kind(), argument) {
        (ErrorKind::UnknownArgument, Some(typed)) if can_repeat(typed) && !verb.takes_a_value() => {
            match typed.starts_with('-') {
                true => format!("unknown option {typed}"),
                false => format!("unexpected argument '{typed}'"),
            }
        }
        (ErrorKind::UnknownArgument, _) if context(error, ContextKind::SuggestedArg).is_some() => {
            "unknown option".to_owned()
        }
        (ErrorKind::UnknownArgument, _) => "unexpected argument".to_owned(),
        (ErrorKind::InvalidSubcommand, _) => match typed.filter(|typed| can_repeat(typed)) {
            Some(typed) => format!("unknown command '{typed}'"),
            None => "unknown command".to_owned(),
        },
        (ErrorKind::InvalidValue, Some(argument)) if value.is_none_or(|text| text.is_empty()) => {
            format!("missing value for {}", option(argument))
        }
        (ErrorKind::InvalidValue | ErrorKind::ValueValidation, Some(argument)) => {
            format!("invalid value for {}", option(argument))
        }
        (ErrorKind::MissingRequiredArgument, Some(missing)) => {
            format!("missing {}", placeholder(missing))
        }
        (ErrorKind::ArgumentConflict, Some(argument)) => {
            let argument = option(argument);
            match context(error, ContextKind::PriorArg).as_deref().map(option) {
                Some(other) if other != argument => {
                    format!("{argument} cannot be used with {other}")
                }
                _ => format!("{argument} is given more than once"),
            }
        }
        (ErrorKind::MissingSubcommand, _) => "missing COMMAND".to_owned(),
        (ErrorKind::InvalidUtf8, _) => "an argument is not valid UTF-8".to_owned(),
        _ => "invalid arguments".to_owned(),
    }
}

/// Returns hints for the error: similar names, accepted values, the usage line.
fn suggestions(error: &clap::Error, verb: &Verb) -> Vec<String> {
    let mut hints = Vec::new();
    let typed = context(error, ContextKind::InvalidSubcommand).filter(|_| verb.0.is_none());
    let command = match typed.as_deref().and_then(our_name_for) {
        Some(command) => Some(command.to_owned()),
        None => context(error, ContextKind::SuggestedSubcommand),
    };
    let option = context(error, ContextKind::SuggestedArg);
    for suggested in [command, option].into_iter().flatten() {
        hints.push(format!("did you mean {suggested}?"));
    }
    let is_about_a_value = matches!(
        error.kind(),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation
    );
    let accepted = context(error, ContextKind::ValidValue).filter(|valid| !valid.is_empty());
    if let Some(accepted) = accepted {
        hints.push(format!("one of: {accepted}"));
    } else if is_about_a_value
        && let Some(hint) = context(error, ContextKind::InvalidArg)
            .as_deref()
            .and_then(value_hint)
    {
        hints.push(hint.to_owned());
    }
    if error.kind() == ErrorKind::MissingRequiredArgument {
        hints.extend(match verb.is("run") {
            true => Some("secrets run --project PROJECT -- CMD".to_owned()),
            false => verb.usage(),
        });
    }
    hints
}

/// Returns the name of an argument as it is typed: `--color` for `--color <WHEN>`, `VERSION` for
/// `<VERSION>`.
fn option(argument: &str) -> String {
    let name = argument.split(' ').next().unwrap_or(argument);
    placeholder(name)
}

/// Returns arguments without the marks of the usage line: `PROJECT` for `<PROJECT>`.
fn placeholder(argument: &str) -> String {
    argument
        .replace(['<', '>', '[', ']'], "")
        .replace("...", "")
}

/// Returns our command for a word of other programs: pass, gopass, git, shells.
fn our_name_for(typed: &str) -> Option<&'static str> {
    Some(match typed {
        "cat" | "read" | "print" | "view" => "get",
        "add" | "insert" | "put" | "create" | "new" | "store" | "save" | "update" => "set",
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

/// Returns the value of `--color` in arguments that could not be parsed.
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

/// Returns the failure for a value that was probably typed as an argument: beside a verb that
/// stores values, or in the place of a command. It repeats nothing of what was typed.
fn value_typed(error: &clap::Error, verb: &Verb) -> Option<Failure> {
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
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let argument = context(error, ContextKind::InvalidArg);
            let argument = argument.as_deref();
            let is_like_an_option = context(error, ContextKind::SuggestedArg).is_some();
            let is_named = argument.is_some_and(|argument| NAMES.contains(&argument));
            if !verb.takes_a_value() && argument != Some("--value")
                || is_like_an_option && !is_named
            {
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
        ErrorKind::InvalidSubcommand => {
            let typed = context(error, ContextKind::InvalidSubcommand)?;
            if typed.contains('=') || known_shape(&typed).is_some() {
                return Some(Failure::value_as_argument("set", None));
            }
            let key_path = KeyPath::parse(&typed).ok()?;
            Some(
                Failure::new(Code::Usage, "missing COMMAND before the key path")
                    .hint(format!("secrets get {key_path}")),
            )
        }
        _ => None,
    }
}

/// Returns what an option takes. clap would say it together with the value that it refuses.
fn value_hint(argument: &str) -> Option<&'static str> {
    Some(match option(argument).as_str() {
        "--every" => "it takes days, weeks or years, such as 90d, 12w or 1y",
        "--wait" => "it takes a number of seconds",
        "--stale" => "it takes a number of days",
        "--keep" | "--bytes" | "--length" => "it takes a whole number, 1 or more",
        "--version" | "VERSION" => "it takes the number of a version: secrets history KEY_PATH",
        _ => return None,
    })
}

/// The command named in arguments that could not be parsed.
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

    /// The usage line without options; `None` for a verb that has commands of its own.
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

    /// Whether a value may have been typed after it.
    fn takes_a_value(&self) -> bool {
        ["set", "rotate", "generate"]
            .into_iter()
            .any(|verb| self.is(verb))
    }
}

/// Whether what was typed can only be the name of something and may be repeated: the name of an
/// option, a key path, or a short lower-case word.
fn can_repeat(typed: &str) -> bool {
    let is_of = |allowed: fn(u8) -> bool| typed.bytes().all(allowed);
    let is_word = is_of(|byte| byte.is_ascii_lowercase() || byte == b'-');
    match typed.starts_with("--") {
        true => typed.len() <= 24 && is_word,
        false => KeyPath::parse(typed).is_ok() || typed.len() <= 12 && is_word,
    }
}
