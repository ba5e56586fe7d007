//! What an import did, or would do. No values.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::classify::Class;
use super::discover::LeftOut;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;
use crate::ops::order::VaultChange;

/// What was done. The shape of `import --json`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The env files.
    pub files: Vec<FileReport>,
    /// Files that were found and not imported.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOut>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// One env file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    /// The project.
    pub project: OwnerName,
    /// The file.
    pub file: PathBuf,
    /// Its assignments, in its order.
    pub variables: Vec<Item>,
    /// Whether the project was linked to the file on the way.
    pub linked: bool,
    /// Variables that count as plain from now on, because a plan left them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub plain: Vec<String>,
}

/// One assignment.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Item {
    /// The variable; null if it may be a piece of a value.
    pub name: Option<String>,
    /// Its line, from 1.
    pub line: usize,
    /// The secret that it is, or would be.
    pub key_path: Option<KeyPath>,
    /// What it is.
    pub class: Class,
    /// Why.
    pub reason: String,
    /// What it is for; null if nobody said so.
    pub description: Option<String>,
    /// What happened to the vault; null if it was left out.
    pub vault: Option<VaultChange>,
    /// The version that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
}
