//! Commands that read an env file: `. ./.env`, `node --env-file=.env`, `docker run --env-file …`.
//!
//! A text is cut into words at blanks, quotes, brackets and commas, so that the list form of a
//! Dockerfile and a string of JSON read like a line of a script.

use super::live_lines;
use crate::env_file::file_name::is_env_file;
use crate::env_file::readers::reader::{Reader, Readers};

/// The shell that runs the commands of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    /// bash, or a shell that is not known.
    Bash,
    /// A plain `sh`, which is bash or dash.
    Sh,
    Dash,
    Zsh,
}

impl Script {
    /// The shell of a script, from its first line or its extension.
    pub(super) fn of(path: &str, text: &str) -> Self {
        let first = text.lines().next().unwrap_or("");
        let shell = first.strip_prefix("#!").map(|rest| {
            let mut words = rest.split_whitespace();
            let program = words.next().unwrap_or("");
            let name = program.rsplit('/').next().unwrap_or("");
            if name == "env" {
                words.next().unwrap_or("")
            } else {
                name
            }
        });
        match shell {
            Some("zsh") => Self::Zsh,
            Some("dash") => Self::Dash,
            Some("sh" | "ash") => Self::Sh,
            _ if path.ends_with(".zsh") => Self::Zsh,
            _ => Self::Bash,
        }
    }
}

/// Adds the readers that the commands in a text name.
pub(super) fn commands(text: &str, script: Script, found: &mut Readers) {
    // A command that goes on in the next line is one command.
    let text = text.replace("\\\r\n", " ").replace("\\\n", " ");
    for line in live_lines(&text) {
        if sources_env(line) {
            match script {
                // On Debian and Ubuntu `sh` is dash, elsewhere it is bash.
                Script::Sh => {
                    found.insert(Reader::Bash);
                    found.insert(Reader::Dash);
                }
                Script::Bash => found.insert(Reader::Bash),
                Script::Dash => found.insert(Reader::Dash),
                Script::Zsh => found.insert(Reader::Zsh),
            }
        }
        with_env_file(line, found);
    }
}

/// Commands that take the env file as an option, or load it without being told to.
fn with_env_file(line: &str, found: &mut Readers) {
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || "\"'[](),;&|`=".contains(c))
        .filter(|word| !word.is_empty())
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    let follows = |first: &str, second: &[&str]| {
        words
            .windows(2)
            .any(|pair| pair[0] == first && second.contains(&pair[1]))
    };
    if has(&["--env-file", "--env-file-if-exists"]) {
        // A command that starts another one has the option itself: `uv run --env-file .env node`.
        if follows("docker", &["run", "create"]) {
            found.insert(Reader::Docker);
        } else if follows("docker", &["compose"]) || has(&["docker-compose"]) {
            found.insert(Reader::Compose);
        } else if follows("uv", &["run"]) {
            found.insert(Reader::Dotenvy);
        } else if has(&["uvicorn", "flask", "fastapi", "hypercorn"]) {
            found.insert(Reader::PythonDotenv);
        } else if has(&["node", "nodejs", "tsx", "ts-node", "nodemon"]) {
            found.insert(Reader::Node);
        }
    }
    if follows("dotenvx", &["run"]) || has(&["@dotenvx/dotenvx"]) {
        found.insert(Reader::Dotenvx);
    }
    // npm's `dotenv-cli` takes `-e FILE` or `--`; the program of python-dotenv takes `run`.
    if follows("dotenv", &["-e", "--"]) {
        found.insert(Reader::DotenvExpand);
    }
    if follows("dotenv", &["run", "-f"]) {
        found.insert(Reader::PythonDotenv);
    }
    if line.contains("dotenv/config") {
        found.insert(Reader::NpmDotenv);
    }
}

/// `. .env`, `source "$(dirname "$0")/.env.local"` and the like.
fn sources_env(line: &str) -> bool {
    line.split([';', '&', '|']).any(|command| {
        let mut words = command
            .split(|c: char| c.is_whitespace() || "()\"'`".contains(c))
            .map(|word| word.trim_start_matches(['@', '-']));
        words.any(|word| matches!(word, "." | "source")) && words.any(is_env_path)
    })
}

/// Whether a path leads to an env file.
pub(super) fn is_env_path(path: &str) -> bool {
    is_env_file(path.rsplit('/').next().unwrap_or(path))
}
