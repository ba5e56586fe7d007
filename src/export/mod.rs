//! Variables in the language of one consumer: a shell, a container, a service manager, CI.
//!
//! Owns: the eight [`Format`]s, each with a writer that is total over what the format can carry.
//! What it cannot is refused with the secret, the variable and the reason, before a byte is
//! written: a caller gets the whole text or an error.
//!
//! Invariants:
//! - What is written, loaded as `docs/run-and-export.md` says, gives the very bytes of each value.
//! - Nothing in a value is executed, expanded or taken for a name.
//! - No error holds a value or a part of one.
//!
//! Limits: the names that a shell keeps for itself were measured with bash 5.2, dash 0.5.12, zsh
//! 5.9 and fish 3.6; a name that a later version takes for itself is not known here.

mod files;
mod github;
mod names;
mod powershell;
mod shells;
#[cfg(test)]
mod testing;

use std::fmt;

use crate::env_file::{EncodeError, EnvName, Readers, encode};
use crate::model::key_path::KeyPath;
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::model::variables::Variable;

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

/// Variables as text.
#[derive(Debug)]
pub struct Exported {
    /// For standard output.
    pub text: SecretBytes,
    /// For GitHub only: what is appended to the file that `$GITHUB_ENV` names.
    pub assignments: Option<SecretBytes>,
}

/// A variable that a format cannot carry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{format} cannot carry {key_path} ({name}): {reason}")]
pub struct ExportError {
    /// The format.
    pub format: Format,
    /// The secret.
    pub key_path: KeyPath,
    /// Its variable.
    pub name: EnvName,
    /// Why.
    pub reason: Reason,
}

impl ExportError {
    /// The stable code of this error.
    pub fn code(&self) -> &'static str {
        match self.reason {
            Reason::Nul => "value_has_nul",
            Reason::NotUtf8 => "value_not_utf8",
            Reason::LineBreak => "value_has_line_break",
            Reason::FinalCarriageReturn => "value_ends_in_carriage_return",
            Reason::TooLong => "value_too_long_for_format",
            Reason::WouldRun => "value_would_run",
            Reason::Misread(_) => "value_would_be_misread",
            Reason::Name => "env_name_not_for_format",
            Reason::NameTaken => "env_name_taken",
        }
    }
}

/// Why a format cannot carry a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
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

impl fmt::Display for Reason {
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

/// Writes the variables, whose names must be distinct.
///
/// `readers` are those of the project's env file, for [`Format::Dotenv`]. `random` keeps the
/// delimiter of [`Format::Github`] from being guessed.
///
/// # Errors
/// If there is a variable that the format cannot carry.
pub fn export(
    format: Format,
    variables: &[Variable],
    readers: &Readers,
    random: [u8; 16],
) -> Result<Exported, ExportError> {
    for variable in variables {
        check_name(format, variable.name.as_str())
            .and_then(|()| check_value(format, variable))
            .map_err(|reason| refused(format, variable, reason))?;
    }
    let mut assignments = None;
    let text = match format {
        Format::Dotenv => dotenv(variables, readers)?,
        Format::Shell => lines(variables, b"export ", b"=", shells::shell_word),
        Format::Fish => lines(variables, b"set -gx ", b" ", shells::fish_word),
        Format::Powershell => lines(variables, b"$env:", b" = ", powershell::expression),
        Format::Json => files::json(variables),
        Format::Docker => lines(variables, b"", b"=", files::docker_word),
        Format::Systemd => lines(variables, b"", b"=", files::systemd_word),
        Format::Github => {
            assignments = Some(github::assignments(variables, &random));
            github::masks(variables)
        }
    };
    Ok(Exported { text, assignments })
}

fn refused(format: Format, variable: &Variable, reason: Reason) -> ExportError {
    ExportError {
        format,
        key_path: variable.key_path.clone(),
        name: variable.name.clone(),
        reason,
    }
}

fn check_value(format: Format, variable: &Variable) -> Result<(), Reason> {
    let value = variable.value.expose();
    if value.contains(&0) {
        return Err(Reason::Nul);
    }
    // A POSIX shell and fish take any bytes but NUL.
    if !matches!(format, Format::Shell | Format::Fish) && variable.value.as_str().is_none() {
        return Err(Reason::NotUtf8);
    }
    match format {
        Format::Docker if value.contains(&b'\n') => Err(Reason::LineBreak),
        Format::Docker | Format::Github if value.ends_with(b"\r") => {
            Err(Reason::FinalCarriageReturn)
        }
        Format::Docker if variable.name.as_str().len() + 1 + value.len() >= files::DOCKER_LINE => {
            Err(Reason::TooLong)
        }
        _ => Ok(()),
    }
}

fn check_name(format: Format, name: &str) -> Result<(), Reason> {
    let usual = EnvName::try_new(name).is_ok();
    let possible = match format {
        Format::Json => true,
        Format::Docker => name.bytes().all(|byte| byte.is_ascii_graphic()),
        _ => usual,
    };
    if !possible {
        return Err(Reason::Name);
    }
    if names::is_taken(format, name) {
        return Err(Reason::NameTaken);
    }
    Ok(())
}

/// One line a variable; a value may bring line breaks of its own.
fn lines(
    variables: &[Variable],
    before: &[u8],
    between: &[u8],
    word: fn(&mut SecretBuilder, &[u8]),
) -> SecretBytes {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    for variable in variables {
        out.push(before);
        out.push(variable.name.as_str().as_bytes());
        out.push(between);
        word(&mut out, variable.value.expose());
        out.push(b"\n");
    }
    out.finish()
}

fn capacity(variables: &[Variable]) -> usize {
    variables
        .iter()
        .map(|one| one.name.as_str().len() + one.value.len() + one.value.len() / 8 + 24)
        .sum()
}

/// Copies `text`, with something else in the place of some bytes.
fn replacing(
    out: &mut SecretBuilder,
    text: &[u8],
    mut instead: impl FnMut(u8) -> Option<&'static [u8]>,
) {
    let mut from = 0;
    for (at, &byte) in text.iter().enumerate() {
        if let Some(instead) = instead(byte) {
            out.push(&text[from..at]);
            out.push(instead);
            from = at + 1;
        }
    }
    out.push(&text[from..]);
}

fn dotenv(variables: &[Variable], readers: &Readers) -> Result<SecretBytes, ExportError> {
    let mut out = SecretBuilder::with_capacity(capacity(variables));
    for variable in variables {
        let encoded = encode(&variable.value, readers).map_err(|error| {
            let reason = match error {
                EncodeError::Nul => Reason::Nul,
                EncodeError::NotUtf8 => Reason::NotUtf8,
                EncodeError::WouldRun => Reason::WouldRun,
                EncodeError::NoForm { readers, .. } => Reason::Misread(readers),
            };
            refused(Format::Dotenv, variable, reason)
        })?;
        out.push(variable.name.as_str().as_bytes());
        out.push(b"=");
        out.push(encoded.text().expose());
        out.push(b"\n");
    }
    Ok(out.finish())
}

#[cfg(test)]
mod tests {
    use super::files::DOCKER_LINE;
    use super::testing::{FORMATS, named, reason, text, variables};
    use super::*;
    use crate::env_file::Reader;

    #[test]
    fn what_a_format_cannot_carry_is_refused_with_the_reason() {
        let value = |value: &[u8]| named("VALUE", value);
        for format in FORMATS {
            assert_eq!(reason(format, value(b"a\0b")), Some(Reason::Nul));
            let bytes = matches!(format, Format::Shell | Format::Fish);
            let refused = (!bytes).then_some(Reason::NotUtf8);
            assert_eq!(reason(format, value(b"a\xffb")), refused, "{format}");
            let odd = matches!(format, Format::Json | Format::Docker);
            let refused = (!odd).then_some(Reason::Name);
            assert_eq!(reason(format, named("A.B-C", b"x")), refused, "{format}");
        }
        let docker = |value: &[u8]| reason(Format::Docker, named("VALUE", value));
        assert_eq!(docker(b"a\nb"), Some(Reason::LineBreak));
        assert_eq!(docker(b"a\r"), Some(Reason::FinalCarriageReturn));
        assert_eq!(docker(&vec![b'x'; DOCKER_LINE - 6]), Some(Reason::TooLong));
        assert_eq!(docker(&vec![b'x'; DOCKER_LINE - 7]), None);
        assert_eq!(
            reason(Format::Github, value(b"a\r")),
            Some(Reason::FinalCarriageReturn)
        );
        for (format, name) in [
            (Format::Shell, "UID"),
            (Format::Shell, "RANDOM"),
            (Format::Shell, "USERNAME"),
            (Format::Fish, "status"),
            (Format::Github, "NODE_OPTIONS"),
            (Format::Github, "GITHUB_ENV"),
        ] {
            assert_eq!(reason(format, named(name, b"x")), Some(Reason::NameTaken));
            assert_eq!(reason(Format::Json, named(name, b"x")), None);
        }
        assert_eq!(reason(Format::Github, named("GITHUB_TOKEN", b"x")), None);
    }

    #[test]
    fn dotenv_is_written_for_the_readers_of_the_project() {
        let variables = variables(&[b"${X}"]);
        let python: Readers = [Reader::PythonDotenv].into_iter().collect();
        let error = export(Format::Dotenv, &variables, &python, [7; 16]).unwrap_err();
        assert_eq!(error.reason, Reason::Misread(python));
        assert_eq!(
            error.to_string(),
            "dotenv cannot carry project/x/y (VALUE_0): in every form it would be misread by \
             python-dotenv"
        );
        assert_eq!(text(Format::Dotenv, &variables), b"VALUE_0='${X}'\n");
        let run = named("VALUE", b"it's\n$(id)");
        assert_eq!(reason(Format::Dotenv, run), Some(Reason::WouldRun));
    }

    #[test]
    fn no_error_holds_the_value() {
        for format in FORMATS {
            let variable = named("VALUE", b"canary\0canary");
            let error = export(format, &[variable], &Readers::NONE, [7; 16]).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }
}
