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

use crate::env_file::{EncodeError, EnvName, Readers, encode};
pub use crate::error::export::{ExportError, ExportFault, Format};
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::model::variables::Variable;

/// Variables as text.
#[derive(Debug)]
pub struct Exported {
    /// For standard output.
    pub text: SecretBytes,
    /// For GitHub only: what is appended to the file that `$GITHUB_ENV` names.
    pub assignments: Option<SecretBytes>,
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
        check(format, variable, readers).map_err(|reason| refused(format, variable, reason))?;
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

fn refused(format: Format, variable: &Variable, reason: ExportFault) -> ExportError {
    ExportError {
        format,
        key_path: variable.key_path().cloned(),
        name: variable.name.clone(),
        reason,
    }
}

fn check_value(format: Format, variable: &Variable) -> Result<(), ExportFault> {
    let value = variable.value.expose();
    if value.contains(&0) {
        return Err(ExportFault::Nul);
    }
    // A POSIX shell and fish take any bytes but NUL.
    if !matches!(format, Format::Shell | Format::Fish) && variable.value.as_str().is_none() {
        return Err(ExportFault::NotUtf8);
    }
    match format {
        Format::Docker if value.contains(&b'\n') => Err(ExportFault::LineBreak),
        Format::Docker | Format::Github if value.ends_with(b"\r") => {
            Err(ExportFault::FinalCarriageReturn)
        }
        Format::Docker if variable.name.as_str().len() + 1 + value.len() >= files::DOCKER_LINE => {
            Err(ExportFault::TooLong)
        }
        _ => Ok(()),
    }
}

/// Whether the format can carry a variable.
///
/// # Errors
/// The reason why it cannot.
pub fn check(format: Format, variable: &Variable, readers: &Readers) -> Result<(), ExportFault> {
    check_name(format, variable.name.as_str())?;
    check_value(format, variable)?;
    match format {
        Format::Dotenv => encode(&variable.value, readers)
            .map(drop)
            .map_err(dotenv_fault),
        _ => Ok(()),
    }
}

fn dotenv_fault(error: EncodeError) -> ExportFault {
    match error {
        EncodeError::Nul => ExportFault::Nul,
        EncodeError::NotUtf8 => ExportFault::NotUtf8,
        EncodeError::WouldRun => ExportFault::WouldRun,
        EncodeError::NoForm { readers, .. } => ExportFault::Misread(readers),
    }
}

fn check_name(format: Format, name: &str) -> Result<(), ExportFault> {
    let usual = EnvName::try_new(name).is_ok();
    let possible = match format {
        Format::Json => true,
        Format::Docker => name.bytes().all(|byte| byte.is_ascii_graphic()),
        _ => usual,
    };
    if !possible {
        return Err(ExportFault::Name);
    }
    if names::is_taken(format, name) {
        return Err(ExportFault::NameTaken);
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
        let encoded = encode(&variable.value, readers)
            .map_err(|error| refused(Format::Dotenv, variable, dotenv_fault(error)))?;
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
            assert_eq!(reason(format, value(b"a\0b")), Some(ExportFault::Nul));
            let bytes = matches!(format, Format::Shell | Format::Fish);
            let refused = (!bytes).then_some(ExportFault::NotUtf8);
            assert_eq!(reason(format, value(b"a\xffb")), refused, "{format}");
            let odd = matches!(format, Format::Json | Format::Docker);
            let refused = (!odd).then_some(ExportFault::Name);
            assert_eq!(reason(format, named("A.B-C", b"x")), refused, "{format}");
        }
        let docker = |value: &[u8]| reason(Format::Docker, named("VALUE", value));
        assert_eq!(docker(b"a\nb"), Some(ExportFault::LineBreak));
        assert_eq!(docker(b"a\r"), Some(ExportFault::FinalCarriageReturn));
        assert_eq!(
            docker(&vec![b'x'; DOCKER_LINE - 6]),
            Some(ExportFault::TooLong)
        );
        assert_eq!(docker(&vec![b'x'; DOCKER_LINE - 7]), None);
        assert_eq!(
            reason(Format::Github, value(b"a\r")),
            Some(ExportFault::FinalCarriageReturn)
        );
        for (format, name) in [
            (Format::Shell, "UID"),
            (Format::Shell, "RANDOM"),
            (Format::Shell, "USERNAME"),
            (Format::Fish, "status"),
            (Format::Github, "NODE_OPTIONS"),
            (Format::Github, "GITHUB_ENV"),
        ] {
            assert_eq!(
                reason(format, named(name, b"x")),
                Some(ExportFault::NameTaken)
            );
            assert_eq!(reason(Format::Json, named(name, b"x")), None);
        }
        assert_eq!(reason(Format::Github, named("GITHUB_TOKEN", b"x")), None);
    }

    #[test]
    fn dotenv_is_written_for_the_readers_of_the_project() {
        let variables = variables(&[b"${X}"]);
        let python: Readers = [Reader::PythonDotenv].into_iter().collect();
        let error = export(Format::Dotenv, &variables, &python, [7; 16]).unwrap_err();
        assert_eq!(error.reason, ExportFault::Misread(python));
        assert_eq!(
            error.to_string(),
            "dotenv cannot carry project/x/y (VALUE_0): in every form it would be misread by \
             python-dotenv"
        );
        assert_eq!(text(Format::Dotenv, &variables), b"VALUE_0='${X}'\n");
        let run = named("VALUE", b"it's\n$(id)");
        assert_eq!(reason(Format::Dotenv, run), Some(ExportFault::WouldRun));
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
