//! Verbs that pass values to other programs: `export`, `run`.

use std::ffi::OsString;

use clap::Args;
use secrets::export::Format;

use crate::choice;

// `export`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "eval \"$(secrets export consilio --format shell)\"",
    "secrets export consilio --format fish | source",
    "docker run --env-file <(secrets export consilio --format docker) IMAGE",
))]
pub(crate) struct Export {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", value_parser = choice::parser::<Format>())]
    pub(crate) format: Format,
    /// Leave out the plain variables of the env file
    #[arg(long)]
    pub(crate) secrets_only: bool,
    /// Also export variables that make programs run code: PATH, LD_PRELOAD, NODE_OPTIONS
    #[arg(long)]
    pub(crate) allow_dangerous: bool,
}

// `run`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets run --project consilio -- npm start",
    "secrets run meta/cloudflare/api_token -- terraform apply";
    "Exit code: that of the program; 128+n after signal n; 125 if secrets failed, 126 if the program cannot be executed, 127 if it was not found."
))]
pub(crate) struct Run {
    /// Secrets to pass as variables
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_paths: Vec<String>,
    /// Project whose variables to pass
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Leave out the plain variables of the project's env file
    #[arg(long)]
    pub(crate) secrets_only: bool,
    /// Pass no other variable of this environment, not even PATH
    #[arg(long)]
    pub(crate) clean: bool,
    /// Replace values in the program's output; the default unless both outputs are a terminal
    #[arg(long, overrides_with = "no_mask")]
    pub(crate) mask: bool,
    /// Do not change the program's output
    #[arg(long, overrides_with = "mask")]
    pub(crate) no_mask: bool,
    /// Also pass variables that make programs run code: PATH, LD_PRELOAD, NODE_OPTIONS
    #[arg(long)]
    pub(crate) allow_dangerous: bool,
    /// Program and its arguments
    #[arg(value_name = "CMD", last = true, required = true, num_args = 1..)]
    pub(crate) command: Vec<OsString>,
}
