//! What hands values to other programs: `export`, `run`.

use std::ffi::OsString;

use clap::Args;
use secrets::export::Format;

use crate::choice;

// `export`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    eval \"$(secrets export consilio --format shell)\"\n  \
    secrets export consilio --format fish | source\n  \
    docker run --env-file <(secrets export consilio --format docker) IMAGE")]
pub(crate) struct Export {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// For whom
    #[arg(long, value_name = "FORMAT", value_parser = choice::parser::<Format>())]
    pub(crate) format: Format,
}

// `run`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    secrets run --project consilio -- npm start\n  \
    secrets run meta/cloudflare/api_token -- terraform apply\n\n\
    Exit code: the program's own; 128+n if signal n ended it; 125 if secrets failed, 126 if the \
    program cannot be executed, 127 if it was not found.")]
pub(crate) struct Run {
    /// Secrets, whose variables are set
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_paths: Vec<String>,
    /// Set the variables of this project
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Pass nothing else on from this environment, not even PATH
    #[arg(long)]
    pub(crate) clean: bool,
    /// Replace values in the program's output; default unless both outputs are a terminal
    #[arg(long, overrides_with = "no_mask")]
    pub(crate) mask: bool,
    /// Leave the program's output alone
    #[arg(long, overrides_with = "mask")]
    pub(crate) no_mask: bool,
    /// Also set variables that make programs run something: PATH, LD_PRELOAD, NODE_OPTIONS
    #[arg(long)]
    pub(crate) allow_dangerous: bool,
    /// The program and its arguments
    #[arg(value_name = "CMD", last = true, required = true, num_args = 1..)]
    pub(crate) command: Vec<OsString>,
}
