//! What is in a directory.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::is_absent;
use crate::error::{Error, Result};

/// What is in a directory; `None` if there is no such directory.
fn entries(path: &Path) -> Result<Option<impl Iterator<Item = Result<fs::DirEntry>>>> {
    let failed = |error| Error::io("list", path, error);
    match fs::read_dir(path) {
        Ok(entries) => Ok(Some(entries.map(move |entry| entry.map_err(failed)))),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// The names in a directory, in no order; `None` if there is no such directory.
///
/// Names that are not Unicode are given lossily, so that they can be reported and match nothing.
pub fn list_dir(path: &Path) -> Result<Option<Vec<String>>> {
    let Some(entries) = entries(path)? else {
        return Ok(None);
    };
    let mut names = Vec::new();
    for entry in entries {
        let name: OsString = entry?.file_name();
        names.push(match name.into_string() {
            Ok(name) => name,
            Err(name) => name.to_string_lossy().into_owned(),
        });
    }
    Ok(Some(names))
}

/// What a directory entry is. Links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A directory.
    Dir,
    /// A symbolic link, to whatever it may be.
    Link,
    /// Anything else.
    Other,
}

/// The names in a directory, sorted, with what they are; `None` if there is no such directory.
pub fn list_kinds(path: &Path) -> Result<Option<Vec<(OsString, Kind)>>> {
    let Some(entries) = entries(path)? else {
        return Ok(None);
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type();
        let kind = kind.map_err(|error| Error::io("list", path, error))?;
        let kind = match () {
            () if kind.is_symlink() => Kind::Link,
            () if kind.is_dir() => Kind::Dir,
            () if kind.is_file() => Kind::File,
            () => Kind::Other,
        };
        names.push((entry.file_name(), kind));
    }
    names.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Some(names))
}
