//! What the entries of an agent's configuration start: the program, its global options, the name of
//! the server.
//!
//! Invariant: the arguments that a user added to an entry are kept.

use super::{is_program, server_args};
use crate::agents::hook::first_words;
use crate::model::shell;

/// What the entries start.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The program.
    pub program: String,
    /// Its global options, each followed by its value.
    pub options: Vec<String>,
    /// The name of the MCP server; `None`: the name that it has, else [`SERVER`](super::SERVER).
    pub name: Option<String>,
    /// Whether hooks run in a POSIX shell, which can look whether the program is there.
    pub posix: bool,
}

/// What stands between the check and the command of a guarded hook.
const GUARD_END: &str = " >/dev/null 2>&1 || exit 0; ";

impl Setup {
    /// Creates a setup without options.
    pub fn new(program: impl Into<String>) -> Self {
        Self {
            program: program.into(),
            options: Vec::new(),
            name: None,
            posix: true,
        }
    }

    /// Returns the arguments of the MCP server: those of the entry that is there, with the options
    /// of this setup.
    pub(super) fn server_args(&self, old: &[String]) -> Vec<String> {
        let (before, after) = match server_args(old) {
            Some((before, after)) => (before, after),
            None => (&[][..], &[][..]),
        };
        let mut args = self.merged(before);
        args.push("mcp".to_owned());
        args.extend_from_slice(after);
        args
    }

    /// Returns the options that are there, with the values of this setup.
    fn merged(&self, old: &[String]) -> Vec<String> {
        let mut options = old.to_vec();
        for option in self.options.chunks(2) {
            let [name, value] = option else { continue };
            match options.iter().position(|old| old == name) {
                Some(at) if at + 1 < options.len() => options[at + 1].clone_from(value),
                _ => options.extend([name.clone(), value.clone()]),
            }
        }
        options
    }

    /// Returns the hook's command line. `old` is the one that is there.
    ///
    /// An agent takes a hook that cannot be started for a refusal of every tool. So the command
    /// does nothing if the program is not there: on a colleague's machine, in CI, after a move.
    pub(super) fn hook_command(&self, agent: Option<&str>, old: Option<&str>) -> String {
        let program = shell::word(&self.program);
        let words = self.hook_words(agent, old);
        let words: Vec<String> = words.iter().map(|word| shell::word(word)).collect();
        let command = format!("{program} {}", words.join(" "));
        match self.posix {
            true => format!("command -v {program}{GUARD_END}{command}"),
            false => command,
        }
    }

    /// Returns the hook's command line for PowerShell.
    pub(super) fn powershell(&self, agent: Option<&str>, old: Option<&str>) -> String {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        let program = quoted(&self.program);
        let words = self.hook_words(agent, old);
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        format!(
            "if (Get-Command {program} -ErrorAction SilentlyContinue) {{ & {program} {} }}",
            words.join(" ")
        )
    }

    fn hook_words(&self, agent: Option<&str>, old: Option<&str>) -> Vec<String> {
        let old = old.and_then(hook_words).unwrap_or_default();
        let at = old.iter().position(|word| word == "hook").unwrap_or(0);
        let mut words = self.merged(old.get(1..at).unwrap_or_default());
        words.push("hook".to_owned());
        if let Some(agent) = agent {
            words.extend(["--agent".to_owned(), agent.to_owned()]);
        }
        words
    }
}

/// Returns the words of a command line that runs this program's hook, the program first.
pub(super) fn hook_words(command: &str) -> Option<Vec<String>> {
    let command = command
        .split_once(GUARD_END)
        .map_or(command, |(_, command)| command);
    let words = first_words(command);
    let (program, rest) = words.split_first()?;
    (is_program(program) && rest.iter().any(|word| word == "hook")).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hook_command_is_guarded_and_found_again() {
        for program in ["/usr/bin/secrets", "/a b/it's/secrets"] {
            let setup = Setup {
                options: vec!["--config".to_owned(), "/x y/c.toml".to_owned()],
                ..Setup::new(program)
            };
            let command = setup.hook_command(Some("claude"), None);
            let words = hook_words(&command).unwrap();
            let expected = [
                program,
                "--config",
                "/x y/c.toml",
                "hook",
                "--agent",
                "claude",
            ];
            assert_eq!(words, expected);
            // A second time with other options: the same place, the new value; others stay.
            let other = Setup {
                options: vec!["--config".to_owned(), "/z".to_owned()],
                ..Setup::new("/new/secrets")
            };
            let updated = other.hook_command(Some("claude"), Some(&command));
            let words = hook_words(&updated).unwrap();
            assert_eq!(words[..3], ["/new/secrets", "--config", "/z"]);
            let none = Setup::new(program).hook_command(Some("claude"), Some(&command));
            assert_eq!(none, command);
        }
        assert_eq!(hook_words("lint; secrets get x"), None);
        assert_eq!(hook_words("/old/secrets hook").unwrap().len(), 2);
    }

    #[test]
    fn the_arguments_that_a_user_added_are_kept() {
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|&text| text.to_owned())
                .collect::<Vec<_>>()
        };
        let setup = Setup {
            options: texts(&["--vault", "/v"]),
            ..Setup::new("secrets")
        };
        for (old, expected) in [
            (&[][..], &["--vault", "/v", "mcp"][..]),
            (
                &["mcp", "--read-only"],
                &["--vault", "/v", "mcp", "--read-only"],
            ),
            (
                &["--vault", "/old", "--config", "/c", "mcp"],
                &["--vault", "/v", "--config", "/c", "mcp"],
            ),
        ] {
            let args = setup.server_args(&texts(old));
            assert_eq!(args, expected);
            assert_eq!(setup.server_args(&args), args);
        }
    }
}
