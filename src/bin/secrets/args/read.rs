//! What changes nothing: `get`, `list`, `verify`, `diff`, `history`, `log`.

use clap::Args;
use secrets::model::key_path::Scope;

use super::{KEY_PATH, Printed};
use crate::choice;

// `get`
#[derive(Debug, Args)]
pub(crate) struct Get {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// An older version
    #[arg(long, value_name = "N")]
    pub(crate) version: Option<u32>,
}

// `list`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only what begins with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Only project or meta secrets
    #[arg(long, value_parser = choice::parser::<Scope>())]
    pub(crate) scope: Option<Scope>,
    /// Only this project's
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// One key path a line; needs no identity
    #[arg(long, conflicts_with = "stale")]
    pub(crate) names: bool,
    /// Only values that are at least this old; without DAYS, those that should have been rotated
    #[arg(long, value_name = "DAYS", num_args = 0..=1)]
    pub(crate) stale: Option<Option<u32>>,
    /// Those that were removed
    #[arg(long)]
    pub(crate) deleted: bool,
}

// `verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Only what begins with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Fail on warnings, and on any variable that is neither in the vault nor plain
    #[arg(long)]
    pub(crate) strict: bool,
    /// Only projects whose env files are in this directory or below it
    #[arg(long, conflicts_with = "prefix")]
    pub(crate) here: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

// `diff`
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Exit with 1 if they do not agree
    #[arg(long)]
    pub(crate) exit_code: bool,
}

// `history`
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
}

// `log`
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only what is about secrets that begin with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Only from this moment on, as 2026-01-21 or 2026-01-21T10:00:00Z
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only by a user or a program whose name holds this
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Check that nothing was cut, changed or reordered
    #[arg(long)]
    pub(crate) verify: bool,
}
