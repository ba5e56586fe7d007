//! Verbs that change nothing: `get`, `list`, `show`, `verify`, `diff`, `history`, `log`.

use clap::Args;
use secrets::model::key_path::Scope;

use super::{KEY_PATH, Printed};
use crate::choice;

// `get`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets get project/consilio/stripe_api_key",
    "secrets get meta/cloudflare/api_token --version 2",
    "secrets get project/consilio/tls_key > key.pem",
))]
pub(crate) struct Get {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Version to print [default: the newest]
    #[arg(long, value_name = "N")]
    pub(crate) version: Option<u32>,
}

// `list`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets list",
    "secrets list --project consilio",
    "secrets list --stale 90",
))]
pub(crate) struct List {
    /// Prefix of the key paths
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Only secrets of projects, or only those under meta/
    #[arg(long, value_parser = choice::parser::<Scope>())]
    pub(crate) scope: Option<Scope>,
    /// Only this project
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Print one key path a line; this needs no identity
    #[arg(long, conflicts_with = "stale")]
    pub(crate) names: bool,
    /// Only values at least this many days old; without DAYS, values with an overdue rotation
    #[arg(long, value_name = "DAYS", num_args = 0..=1)]
    pub(crate) stale: Option<Option<u32>>,
    /// Only removed secrets
    #[arg(long)]
    pub(crate) deleted: bool,
}

// `show`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets show project/consilio/stripe_api_key",
    "secrets show meta/cloudflare/api_token --json",
))]
pub(crate) struct Show {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
}

// `verify`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets verify",
    "secrets verify --here --strict",
    "secrets verify project/consilio",
))]
pub(crate) struct Verify {
    /// Prefix of the key paths
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Fail on warnings, and on every variable that is neither in the vault nor plain
    #[arg(long)]
    pub(crate) strict: bool,
    /// Only projects with an env file in this directory or below it
    #[arg(long, conflicts_with = "prefix")]
    pub(crate) here: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

// `diff`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets diff consilio",
    "secrets diff consilio --exit-code",
))]
pub(crate) struct Diff {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Exit with code 1 if they differ
    #[arg(long)]
    pub(crate) exit_code: bool,
}

// `history`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets history project/consilio/stripe_api_key",
    "secrets history project/consilio/stripe_api_key --json",
))]
pub(crate) struct History {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
}

// `log`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets log project/consilio",
    "secrets log --since 2026-01-21 --by mcp",
    "secrets log --verify",
))]
pub(crate) struct Log {
    /// Prefix of the key paths
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Earliest date or time, such as 2026-01-21 or 2026-01-21T10:00:00Z
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Text that the name of the user or program contains
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Check that no line was removed, changed or reordered
    #[arg(long)]
    pub(crate) verify: bool,
}
