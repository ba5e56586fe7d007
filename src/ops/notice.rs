//! What a user should hear while an operation runs.

use std::path::Path;

use crate::error::Error;
use crate::model::env_name::EnvName;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::value::MaskKind;

/// Something that the user should hear while an operation runs.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// A vault was created.
    VaultCreated {
        /// Its directory.
        vault: &'a Path,
    },
    /// An identity was created. Without it nothing in the vault can ever be read again.
    IdentityCreated {
        /// Its file.
        file: &'a Path,
    },
    /// Another process holds the lock.
    Waiting {
        /// The file or directory that it is for.
        file: &'a Path,
    },
    /// An interrupted in-place write was finished.
    Recovered {
        /// The env file.
        file: &'a Path,
    },
    /// A read could not be recorded in the audit trail.
    NotLogged {
        /// Why.
        error: &'a Error,
    },
    /// An env file has lost most of what it had.
    EnvFileLost {
        /// The project.
        project: &'a OwnerName,
    },
    /// An env file has lost lines that its stored layout has. They stay in the layout.
    LinesLost {
        /// The project.
        project: &'a OwnerName,
        /// How many.
        lines: usize,
    },
    /// An env file still has the value of a secret that was removed.
    StaysInEnv {
        /// The env file.
        file: &'a Path,
        /// The variable.
        name: &'a str,
    },
    /// A secret that has a variable changes, and its project is linked to no env file.
    NotLinked {
        /// The project.
        project: &'a OwnerName,
        /// The variable.
        name: &'a str,
    },
    /// A secret gets a variable that makes programs load or run something.
    RunsCode {
        /// The variable.
        name: &'a EnvName,
    },
    /// A value looks like a placeholder.
    MayBeNoValue {
        /// What it looks like.
        kind: MaskKind,
    },
    /// The layout of an env file could not be stored.
    LayoutNotKept {
        /// The project.
        project: &'a OwnerName,
        /// Why.
        reason: &'a str,
    },
    /// A variable that is not handed on.
    LeftOut {
        /// The secret, or the variable.
        what: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// A value that refers to other variables is handed on as it stands.
    Unresolved {
        /// The variable.
        name: &'a str,
        /// Why.
        reason: &'a str,
    },
    /// The newest version of a secret cannot be read, or is not the one that should be there.
    Unreadable {
        /// What is wrong.
        error: &'a Error,
    },
    /// A secret that this machine has seen is gone from the vault.
    Gone {
        /// The secret.
        key_path: &'a KeyPath,
    },
    /// Values of env files were not compared with the vault, because the caller may not know them.
    NotCompared,
    /// One more of several steps is done.
    Progress {
        /// How many are done.
        done: usize,
        /// How many there are.
        of: usize,
    },
}
