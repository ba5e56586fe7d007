//! Completion that knows the vault: the shell asks this program while a command is typed.
//!
//! clap answers for verbs and options; here is what it asks of us: which values an argument can
//! have. What an argument is follows from the name that its value has in the help, so that a new
//! verb is completed without a word here.
//!
//! It runs before anything else, and only when the variable `COMPLETE` names a shell.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Arg, Command};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;
use secrets::ops::complete;

use crate::{args, environment};

/// Prints what the shell asked for. clap prints it itself: it alone knows how each shell wants it.
pub(crate) fn answer() -> u8 {
    let words = std::env::args_os();
    let dir = std::env::current_dir().ok();
    let answered = CompleteEnv::with_factory(command).try_complete(words, dir.as_deref());
    u8::from(answered.is_err())
}

/// The command line, with what its arguments can be.
fn command() -> Command {
    let mut command = args::command();
    // The arguments of a verb are built when they are needed: here they are.
    command.build();
    with_values(command)
}

fn with_values(command: Command) -> Command {
    command.mut_args(with_value).mut_subcommands(with_values)
}

fn with_value(arg: Arg) -> Arg {
    let name = arg.get_value_names().and_then(<[_]>::first);
    let name = name.map(|name| name.as_str());
    let is_project = arg.get_long() == Some("project");
    match name {
        Some("KEY_PATH" | "NEW_KEY_PATH" | "PREFIX") => {
            arg.add(ArgValueCompleter::new(|typed: &OsStr| {
                offered(typed, |places, typed| {
                    complete::key_paths(&places.vault, typed)
                })
            }))
        }
        Some(name) if name == "PROJECT" || is_project => {
            arg.add(ArgValueCompleter::new(|typed: &OsStr| {
                offered(typed, |places, typed| {
                    complete::projects(&places.vault, &places.config, typed)
                })
            }))
        }
        _ => arg,
    }
}

fn offered(
    typed: &OsStr,
    values: impl FnOnce(&environment::Places, &str) -> Vec<String>,
) -> Vec<CompletionCandidate> {
    let flag = |name: &str| flag(std::env::args_os(), name);
    let (vault, config) = (flag("--vault"), flag("--config"));
    let places = environment::places(vault.as_deref(), None, config.as_deref());
    match (places, typed.to_str()) {
        (Ok(places), Some(typed)) => {
            let values = values(&places, typed).into_iter();
            values.map(CompletionCandidate::new).collect()
        }
        _ => Vec::new(),
    }
}

/// The path that a flag names on the line that is being typed.
fn flag(words: impl Iterator<Item = OsString>, name: &str) -> Option<PathBuf> {
    // Up to the first `--` stands how the shell calls us.
    let mut words = words.skip_while(|word| word != "--").skip(1);
    while let Some(word) = words.next() {
        let Some(word) = word.to_str() else { continue };
        if word == "--" {
            return None;
        }
        let value = match word.strip_prefix(name) {
            Some("") => words.next()?.into_string().ok()?,
            Some(rest) if rest.starts_with('=') => rest[1..].to_owned(),
            _ => continue,
        };
        // The shell has not expanded it.
        return Some(match value.strip_prefix("~/") {
            Some(below) => environment::home()?.join(below),
            None => value.into(),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_read_from_the_line_that_is_typed() {
        let read = |line: &str, name: &str| {
            let words = line.split(' ').map(OsString::from);
            flag(words, name)
        };
        let line = "/bin/secrets -- secrets --vault /a/b get --config=/c pro";
        assert_eq!(read(line, "--vault"), Some("/a/b".into()));
        assert_eq!(read(line, "--config"), Some("/c".into()));
        let line = "secrets -- secrets run -- x --vault /a";
        assert_eq!(read(line, "--vault"), None);
        assert_eq!(read("secrets --vault /a -- secrets get", "--vault"), None);
    }

    #[test]
    fn every_argument_that_names_something_is_completed() {
        let mut named = 0;
        for verb in command().get_subcommands() {
            for arg in verb.get_arguments() {
                let name = arg.get_value_names().and_then(<[_]>::first);
                let name = name.map_or("", |name| name.as_str());
                let is_named = name.ends_with("KEY_PATH") || name == "PROJECT" || name == "PREFIX";
                if is_named || arg.get_long() == Some("project") {
                    named += 1;
                    let id = arg.get_id();
                    assert!(arg.get::<ArgValueCompleter>().is_some(), "{verb} {id}");
                }
            }
        }
        assert!(named > 20, "{named}");
    }
}
