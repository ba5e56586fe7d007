//! Why a variable cannot be exported in some format.
//!
//! Invariant: an error names the format, the secret and the variable. It holds no value.

use std::fmt;

use crate::env_file::{EnvName, Readers};
use crate::model::key_path::KeyPath;

/// Who will read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// An env file.
    Dotenv,
    /// `eval` in bash, dash, zsh or another POSIX shell.
    Shell,
    /// `source` in fish.
    Fish,
    /// PowerShell 5 and later.
    Powershell,
    /// One object of strings.
    Json,
    /// `docker run --env-file`.
    Docker,
    /// systemd's `EnvironmentFile=`.
    Systemd,
    /// A step of GitHub Actions.
    Github,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 8] = [
        Self::Dotenv,
        Self::Shell,
        Self::Fish,
        Self::Powershell,
        Self::Json,
        Self::Docker,
        Self::Systemd,
        Self::Github,
    ];

    /// The name by which it is asked for.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dotenv => "dotenv",
            Self::Shell => "shell",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
            Self::Json => "json",
            Self::Docker => "docker",
            Self::Systemd => "systemd",
            Self::Github => "github",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A variable that a format cannot carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format} cannot carry {}: {reason}", subject(key_path, name))]
pub struct ExportError {
    /// The format.
    pub format: Format,
    /// The secret.
    pub key_path: Option<KeyPath>,
    /// Its variable.
    pub name: EnvName,
    /// Why.
    pub reason: ExportFault,
}

impl ExportError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self.reason {
            ExportFault::Nul => "value_has_nul",
            ExportFault::NotUtf8 => "value_not_utf8",
            ExportFault::LineBreak => "value_has_line_break",
            ExportFault::FinalCarriageReturn => "value_ends_in_carriage_return",
            ExportFault::TooLong => "value_too_long_for_format",
            ExportFault::WouldRun => "value_would_run",
            ExportFault::Misread(_) => "value_would_be_misread",
            ExportFault::Name => "env_name_not_for_format",
            ExportFault::NameTaken => "env_name_taken",
        }
    }
}

/// Why a format cannot carry a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ExportFault {
    /// No environment variable can hold a NUL byte.
    Nul,
    /// The format is text.
    NotUtf8,
    /// The format has one line a variable, and no way to write a line break.
    LineBreak,
    /// The reader takes it for a part of the line's end.
    FinalCarriageReturn,
    /// The reader stops at long lines.
    TooLong,
    /// In each form some reader would run a part of the value as a command.
    WouldRun,
    /// There is no form that all of the project's readers read rightly.
    Misread(Readers),
    /// The format has no such names.
    Name,
    /// The consumer keeps this name for itself: it would ignore, refuse or change the value.
    NameTaken,
}

impl fmt::Display for ExportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nul => f.write_str("the value holds a NUL byte"),
            Self::NotUtf8 => f.write_str("the value is not UTF-8"),
            Self::LineBreak => f.write_str("the value holds a line break"),
            Self::FinalCarriageReturn => f.write_str("the value ends in a carriage return"),
            Self::TooLong => f.write_str("the value is longer than a line may be there"),
            Self::WouldRun => f.write_str("in every form some reader would run a part of it"),
            Self::Misread(readers) => write!(f, "in every form it would be misread by {readers}"),
            Self::Name => f.write_str("a variable cannot have that name there"),
            Self::NameTaken => f.write_str("that name is kept for something else there"),
        }
    }
}

fn subject(key_path: &Option<KeyPath>, name: &EnvName) -> String {
    match key_path {
        Some(key_path) => format!("{key_path} ({name})"),
        None => name.to_string(),
    }
}
