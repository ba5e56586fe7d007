//! Parts of messages.

use std::path::Path;

use crate::env_file::EnvName;
use crate::model::key_path::KeyPath;
use crate::model::version::Version;

/// Where an identity is, as messages name it.
pub(crate) fn identity(file: Option<&Path>) -> String {
    match file {
        Some(file) => file.display().to_string(),
        None => "in SECRETS_IDENTITY".to_owned(),
    }
}

/// The owner of a variable, as far as the caller may know.
pub(super) fn owner(other: Option<&KeyPath>) -> String {
    other.map_or_else(|| "another secret".to_owned(), ToString::to_string)
}

/// What happened to a secret that is not there any more.
pub(super) fn gone(moved_to: Option<&KeyPath>) -> String {
    match moved_to {
        Some(to) => format!("moved to {to}"),
        None => "removed".to_owned(),
    }
}

/// In what an env file is behind the vault.
pub(super) fn behind(key_path: &KeyPath, version: Version, file: &Path, removal: bool) -> String {
    let file = file.display();
    match removal {
        true => format!("{key_path} was removed with version {version}, but {file} still has it"),
        false => {
            format!("version {version} of {key_path} is in the vault, but {file} does not have it")
        }
    }
}

/// "1 variable has", "2 variables have".
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The first names of a list.
pub(super) fn names(missing: &[(String, KeyPath)]) -> String {
    const SHOWN: usize = 30;
    let shown: Vec<&str> = missing
        .iter()
        .take(SHOWN)
        .map(|(name, _)| name.as_str())
        .collect();
    let more = missing.len() - shown.len();
    match more {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

pub(super) fn listed(names: &[EnvName]) -> String {
    let names: Vec<&str> = names.iter().map(EnvName::as_str).collect();
    names.join(", ")
}
