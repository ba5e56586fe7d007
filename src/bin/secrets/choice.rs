//! Arguments that take one of the library's own names.
//!
//! Each list of names exists once, in the library: here it becomes a parser of the command line and
//! the schema of an MCP tool.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use secrets::agents::install::Client;
use secrets::export;
use secrets::model::generate;
use secrets::model::key_path::Scope;

/// A type of the library whose values have names.
pub(crate) trait Choice: Copy + Send + Sync + 'static {
    /// All values, in the order of the help.
    const ALL: &'static [Self];

    /// The name of a value.
    fn name(self) -> &'static str;

    /// A line of help, where the name does not say it all.
    fn help(self) -> Option<&'static str> {
        None
    }
}

/// Returns a parser of the command line for the names of `T`.
pub(crate) fn parser<T: Choice>() -> impl TypedValueParser<Value = T> {
    let possible = T::ALL.iter().map(|&choice| {
        let value = PossibleValue::new(choice.name());
        match choice.help() {
            Some(help) => value.help(help),
            None => value,
        }
    });
    PossibleValuesParser::new(possible).try_map(|name| named(&name).ok_or("not a known name"))
}

/// Returns the value of that name.
pub(crate) fn named<T: Choice>(name: &str) -> Option<T> {
    T::ALL.iter().copied().find(|choice| choice.name() == name)
}

/// Returns the names of all values.
pub(crate) fn names<T: Choice>() -> Vec<&'static str> {
    T::ALL.iter().map(|choice| choice.name()).collect()
}

impl Choice for Scope {
    const ALL: &'static [Self] = &Scope::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }
}

impl Choice for generate::Format {
    const ALL: &'static [Self] = &generate::Format::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }
}

impl Choice for export::Format {
    const ALL: &'static [Self] = &export::Format::ALL;

    fn name(self) -> &'static str {
        self.as_str()
    }

    fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::Dotenv => "An env file for the readers of the project",
            Self::Shell => "bash, dash, zsh: eval \"$(...)\"",
            Self::Fish => "fish: ... | source",
            Self::Powershell => "PowerShell: ... | Out-String | Invoke-Expression",
            Self::Json => "An object of strings",
            Self::Docker => "docker run --env-file",
            Self::Systemd => "EnvironmentFile= of a unit",
            Self::Github => "A step of GitHub Actions: masks on stdout, assignments to $GITHUB_ENV",
        })
    }
}

impl Choice for Client {
    const ALL: &'static [Self] = &Client::ALL;

    fn name(self) -> &'static str {
        Client::name(self)
    }

    fn help(self) -> Option<&'static str> {
        Some(match self {
            Self::Codex => "OpenAI Codex",
            Self::VsCode => "VS Code, and GitHub Copilot CLI's hook",
            Self::Copilot => "GitHub Copilot CLI",
            client => client.title(),
        })
    }
}
