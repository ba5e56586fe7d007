//! Where a program is. Never in the current directory, unless it is named with a slash.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::{CANNOT_EXECUTE, NOT_FOUND};
use crate::environment;
use crate::failure::{Code, Failure};

/// Where the program is: itself if it has a slash, else in the first directory of the search path
/// that has one of that name.
pub(crate) fn find(command: &[OsString]) -> Result<PathBuf, Failure> {
    let name = command.first().map(OsString::as_os_str).unwrap_or_default();
    let path = Path::new(name);
    if path.components().count() > 1 || name.as_encoded_bytes().contains(&b'/') {
        return Ok(path.to_owned());
    }
    let mut not_executable = None;
    for dir in environment::search_path() {
        for file in candidates(&dir, name) {
            match executable(&file) {
                Some(true) => return Ok(file),
                Some(false) => not_executable = not_executable.or(Some(file)),
                None => {}
            }
        }
    }
    let shown = name.to_string_lossy();
    if let Some(file) = not_executable {
        let message = format!("{} cannot be executed", file.display());
        let failure = Failure::new(Code::CannotExecute, message);
        return Err(failure.exit(CANNOT_EXECUTE));
    }
    let message = format!("there is no command {shown}");
    let failure = Failure::new(Code::CommandNotFound, message).exit(NOT_FOUND);
    Err(match Path::new(name).is_file() {
        true => failure.hint(format!("the one in this directory is ./{shown}")),
        false => failure,
    })
}

#[cfg(unix)]
fn candidates(dir: &Path, name: &OsStr) -> Vec<PathBuf> {
    match name.is_empty() {
        true => Vec::new(),
        false => vec![dir.join(name)],
    }
}

#[cfg(not(unix))]
fn candidates(dir: &Path, name: &OsStr) -> Vec<PathBuf> {
    let with = |extension: &str| {
        let mut name = name.to_owned();
        name.push(extension);
        dir.join(name)
    };
    ["", ".com", ".exe", ".bat", ".cmd"].map(with).into()
}

/// Whether a file can be executed; `None` if there is none.
fn executable(file: &Path) -> Option<bool> {
    if !file.is_file() {
        return None;
    }
    #[cfg(unix)]
    return Some(rustix::fs::access(file, rustix::fs::Access::EXEC_OK).is_ok());
    #[cfg(not(unix))]
    Some(file.extension().is_some())
}
