//! `init`, `link`, `unlink`, `completions`, `man`.

use std::path::PathBuf;

use clap::Args;

// `init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name under which this identity can open the vault [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Option<String>,
    /// Also make a recovery key and show it once, as `recovery add` does
    #[arg(long, conflicts_with = "trust")]
    pub(crate) recovery: bool,
    /// With --recovery: print the bare key on standard output, for scripts
    #[arg(long, requires = "recovery")]
    pub(crate) print: bool,
    /// Accept the vault as it is now, after it was replaced or rolled back on purpose
    #[arg(long)]
    pub(crate) trust: bool,
    /// With --trust: do not ask
    #[arg(long, requires = "trust")]
    pub(crate) yes: bool,
    /// Change nothing, say what would change (--trust shows that in any case, and asks)
    #[arg(long, conflicts_with = "trust")]
    pub(crate) dry_run: bool,
}

// `link`
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Its env file, or the directory that holds .env
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(crate) path: PathBuf,
    /// Allow values in an env file that git tracks
    #[arg(long)]
    pub(crate) allow_tracked: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `unlink`
#[derive(Debug, Args)]
pub(crate) struct Unlink {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `projects`
#[derive(Debug, Args)]
pub(crate) struct Projects {}

// `completions`
#[derive(Debug, Args)]
#[command(
    after_help = "With key paths and projects as well, asked for while you type: source \
                  <(COMPLETE=bash secrets); docs/ci.md has the line of each shell."
)]
pub(crate) struct Completions {
    /// For which shell
    pub(crate) shell: clap_complete::Shell,
}

// `man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write one page a command into this directory
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
