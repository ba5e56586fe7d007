//! What changes secrets: `set`, `generate`, `rotate`, `restore`, `rollback`, `rm`, `mv`, `prune`.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use secrets::model::generate::Format;

use super::KEY_PATH;
use crate::choice;

// `set`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    printf %s \"$KEY\" | secrets set project/consilio/stripe_api_key -d 'Stripe key for payments'\n  \
    secrets set project/consilio/tls_key --from-file key.pem --no-env -d 'TLS key of the web server'")]
pub(crate) struct Set {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// What the secret is for; required once
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Take the value from a file, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Take the value from an environment variable
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    #[command(flatten)]
    pub(crate) env: EnvTarget,
    /// Keep the final newline of what is piped in
    #[arg(long)]
    pub(crate) exact: bool,
    /// Take a value that looks like a mask
    #[arg(long)]
    pub(crate) force: bool,
    /// Rotate after this many days (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What a value typed as an argument lands in, so that it can be refused without a word of it
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

// Where a value goes besides the vault. Not a doc comment: it would become the head of the help.
#[derive(Debug, Args)]
pub(crate) struct EnvTarget {
    /// The env file; also links the project if it is not linked
    #[arg(long, value_name = "FILE", conflicts_with = "no_env")]
    pub(crate) env_file: Option<PathBuf>,
    /// The variable [default: the secret's name in upper case]
    #[arg(long, value_name = "NAME", conflicts_with = "no_env")]
    pub(crate) env_name: Option<String>,
    /// Keep it out of env files
    #[arg(long)]
    pub(crate) no_env: bool,
    /// Write the env file even if one of its readers would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Write the env file even if git tracks it; the project's link remembers this
    #[arg(long)]
    pub(crate) allow_tracked: bool,
}

// `generate`
#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[arg(value_name = "KEY_PATH", help = KEY_PATH)]
    pub(crate) key_path: String,
    /// What the secret is for; required once
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// How it looks
    #[arg(long, value_name = "FORMAT", default_value = "base64", value_parser = choice::parser::<Format>())]
    pub(crate) format: Format,
    /// As hard to guess as so many random bytes [default: 48]
    #[arg(
        long,
        value_name = "N",
        conflicts_with = "length",
        allow_negative_numbers = true
    )]
    pub(crate) bytes: Option<usize>,
    /// So many characters (alphanumeric) or words (words)
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
    /// Rotate after this many days (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rotate`
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// Take the new value from a file, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Take the new value from an environment variable
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    /// Read the new value even if the old one was generated
    #[arg(long, conflicts_with_all = ["from_file", "from_env"])]
    pub(crate) ask: bool,
    /// Keep the final newline of what is piped in
    #[arg(long)]
    pub(crate) exact: bool,
    /// Rotate after this many days from now on (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Write env files even if one of their readers would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What a value typed as an argument lands in, so that it can be refused without a word of it
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

// `restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// The values of an earlier state (and, where the file is rebuilt, its layout): a version of
    /// the layout, or a moment as 2026-01-21 or 2026-01-21T10:00:00Z
    #[arg(long, value_name = "VERSION|DATE")]
    pub(crate) at: Option<String>,
    /// Write a new file here instead
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Rebuild the whole file even if it looks whole
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Write also values that one of the file's readers would misread
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rollback`
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// The version whose value is wanted
    #[arg(value_name = "VERSION")]
    pub(crate) version: u32,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `rm`
#[derive(Debug, Args)]
pub(crate) struct Rm {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `mv`
#[derive(Debug, Args)]
pub(crate) struct Mv {
    /// The secret as it is called now
    #[arg(value_name = "KEY_PATH")]
    pub(crate) from: String,
    /// The secret as it shall be called
    #[arg(value_name = "NEW_KEY_PATH")]
    pub(crate) to: String,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `prune`
#[derive(Debug, Args)]
pub(crate) struct Prune {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// How many of the newest versions stay
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: u32,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// An interval in days: `90d`, `12w`, `1y`, or a number of days.
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
        .ok_or("an interval is a number of days, as 90d, 12w or 1y")
}
