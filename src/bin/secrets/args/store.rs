//! Verbs that change secrets: `set`, `edit`, `generate`, `rotate`, `restore`, `rollback`, `rm`, `mv`, `prune`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use secrets::model::generate::Format;
use secrets::ops::edit::Every;

use super::KEY_PATH;
use crate::choice;

// `set`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "printf %s \"$KEY\" | secrets set project/consilio/stripe_api_key -d 'Stripe key for payments'",
    "secrets set project/consilio/tls_key --from-file key.pem --no-env -d 'TLS key of the web server'",
))]
pub(crate) struct Set {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Description of what the secret is for; required for a new secret
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// File that contains the value, taken byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Environment variable that contains the value
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    #[command(flatten)]
    pub(crate) env: EnvTarget,
    /// Keep the final newline of piped input
    #[arg(long)]
    pub(crate) exact: bool,
    /// Store a value even if it looks like a placeholder
    #[arg(long)]
    pub(crate) force: bool,
    /// Rotation interval, such as 90d, 12w or 1y
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Collects values typed as arguments, so that they are refused without being repeated
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

// Where a value goes besides the vault. Not a doc comment: it would replace the verb's help.
#[derive(Debug, Args)]
pub(crate) struct EnvTarget {
    /// Env file to write; links the project if it has no link
    #[arg(long, value_name = "FILE", conflicts_with = "no_env")]
    pub(crate) env_file: Option<PathBuf>,
    /// Variable name [default: the secret's name in upper case]
    #[arg(long, value_name = "NAME", conflicts_with = "no_env")]
    pub(crate) env_name: Option<String>,
    /// Store in the vault only
    #[arg(long)]
    pub(crate) no_env: bool,
    /// Write the env file even if a reader would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Write the env file even if git tracks it; the project's link remembers this
    #[arg(long)]
    pub(crate) allow_tracked: bool,
}

// `generate`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets generate project/consilio/session_key -d 'Signs the session cookies of the shop'",
    "secrets generate project/consilio/db_password --format alphanumeric --length 32 -d 'Password of the database'",
))]
pub(crate) struct Generate {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Description of what the secret is for; required for a new secret
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "base64", value_parser = choice::parser::<Format>())]
    pub(crate) format: Format,
    /// Entropy, in bytes [default: 48]
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "length",
        allow_negative_numbers = true
    )]
    pub(crate) bytes: Option<usize>,
    /// Length, in characters (alphanumeric) or words (words)
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) length: Option<usize>,
    /// Also print the value
    #[arg(long, conflicts_with = "json")]
    pub(crate) print: bool,
    /// Replace a value that was not generated
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) env: EnvTarget,
    /// Rotation interval, such as 90d, 12w or 1y
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rotate`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets rotate project/consilio/session_key",
    "printf %s \"$NEW\" | secrets rotate project/consilio/stripe_api_key",
))]
pub(crate) struct Rotate {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// File that contains the new value, taken byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Environment variable that contains the new value
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    /// Read the new value instead of generating it
    #[arg(long, conflicts_with_all = ["from_file", "from_env"])]
    pub(crate) ask: bool,
    /// Keep the final newline of piped input
    #[arg(long)]
    pub(crate) exact: bool,
    /// New rotation interval, such as 90d, 12w or 1y
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Write env files even if a reader would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Collects values typed as arguments, so that they are refused without being repeated
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

// `edit`
#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("change").required(true).multiple(true)))]
#[command(after_help = after_help!(
    "secrets edit project/consilio/stripe_api_key -d 'Stripe key for the payments of the shop'",
    "secrets edit meta/cloudflare/api_token --every 90d",
    "secrets edit project/consilio/session_key --env-name COOKIE_KEY";
    "The value and its age stay as they are. A new variable is added to the env file; the old one\nstays there until you remove it."
))]
pub(crate) struct Edit {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// New description of what the secret is for
    #[arg(short, long, value_name = "TEXT", group = "change")]
    pub(crate) description: Option<String>,
    /// New rotation interval, such as 90d, 12w or 1y; never: none
    #[arg(long, value_name = "INTERVAL", value_parser = every, group = "change")]
    pub(crate) every: Option<Every>,
    /// New variable name
    #[arg(long, value_name = "NAME", group = "change")]
    pub(crate) env_name: Option<String>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `restore`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets restore consilio",
    "secrets restore consilio --dry-run",
    "secrets restore consilio --at 2026-01-21 --to old.env",
))]
pub(crate) struct Restore {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Earlier state to restore: a version of the layout, or a date or time such as 2026-01-21 or
    /// 2026-01-21T10:00:00Z
    #[arg(long, value_name = "VERSION|DATE")]
    pub(crate) at: Option<String>,
    /// New file to write instead of the env file
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Rebuild the file even if it looks complete
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Also write values that a reader of the file would misread
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `accept`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets accept consilio --dry-run",
    "secrets accept consilio",
))]
pub(crate) struct Accept {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rollback`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets rollback project/consilio/stripe_api_key 3",
    "secrets rollback project/consilio/stripe_api_key 3 --dry-run",
))]
pub(crate) struct Rollback {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Version with the value to store again
    #[arg(value_name = "VERSION")]
    pub(crate) version: u32,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rm`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets rm project/consilio/stripe_api_key",
    "secrets rm project/consilio/stripe_api_key --dry-run",
))]
pub(crate) struct Rm {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `mv`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets mv project/consilio/stripe_key project/consilio/stripe_api_key",
    "secrets mv project/consilio/api_token meta/cloudflare/api_token --dry-run",
))]
pub(crate) struct Mv {
    /// Current key path
    #[arg(value_name = "KEY_PATH")]
    pub(crate) from: String,
    /// New key path
    #[arg(value_name = "NEW_KEY_PATH")]
    pub(crate) to: String,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `prune`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets prune project/consilio/stripe_api_key --keep 2",
    "secrets prune project/consilio/stripe_api_key --keep 1 --dry-run",
))]
pub(crate) struct Prune {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// Number of newest versions to keep
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: u32,
    /// Do not ask for confirmation
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Parses an interval like [`days`], or `never`.
fn every(text: &str) -> Result<Every, &'static str> {
    match text {
        "never" => Ok(Every::Never),
        text => days(text)
            .map(Every::Days)
            .map_err(|_| "an interval is a number of days, such as 90d, 12w or 1y, or never"),
    }
}

/// Parses an interval: `90d`, `12w`, `1y`, or a number of days.
fn days(text: &str) -> Result<u32, &'static str> {
    let (number, unit) = match text.strip_suffix(['d', 'w', 'y']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "d"),
    };
    let days = match unit {
        "w" => 7,
        "y" => 365,
        _ => 1,
    };
    number
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(days))
        .filter(|days| (1..=36_500).contains(days))
        .ok_or("an interval is a number of days, such as 90d, 12w or 1y")
}
