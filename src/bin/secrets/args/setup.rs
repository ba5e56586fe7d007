//! `init`, `link`, `unlink`, `completions`, `man`.

use std::path::PathBuf;

use clap::Args;

// `init`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets init",
    "secrets init --recovery",
    "secrets init --trust",
))]
pub(crate) struct Init {
    /// Name of the member that this identity becomes [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Option<String>,
    /// Also create a recovery key and show it once, like `recovery add`
    #[arg(long, conflicts_with = "trust")]
    pub(crate) recovery: bool,
    /// With --recovery: print only the key on standard output, for scripts
    #[arg(long, requires = "recovery")]
    pub(crate) print: bool,
    /// Accept the vault as it is, after it was replaced or rolled back on purpose
    #[arg(long)]
    pub(crate) trust: bool,
    /// With --trust: do not ask for confirmation
    #[arg(long, requires = "trust")]
    pub(crate) yes: bool,
    /// Print what would change, and change nothing
    #[arg(long, conflicts_with = "trust")]
    pub(crate) dry_run: bool,
}

// `link`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets link consilio ~/sv/consilio-s/.env",
    "secrets link consilio",
    "secrets link consilio-production .env.production",
))]
pub(crate) struct Link {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Env file, or the directory that contains .env [default: the current directory]
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(crate) path: PathBuf,
    /// Allow values in an env file that git tracks
    #[arg(long)]
    pub(crate) allow_tracked: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `unlink`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets unlink consilio",
    "secrets unlink consilio --dry-run",
))]
pub(crate) struct Unlink {
    /// Project name
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `projects`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets projects",
    "secrets projects --json",
))]
pub(crate) struct Projects {}

// `completions`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets completions zsh > ~/.zfunc/_secrets",
    "source <(secrets completions bash)";
    "To complete key paths and projects as well: source <(COMPLETE=bash secrets)"
))]
pub(crate) struct Completions {
    /// Shell
    pub(crate) shell: clap_complete::Shell,
}

// `man`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets man | man -l -",
    "secrets man ~/.local/share/man/man1",
))]
pub(crate) struct Man {
    /// Directory for one page per command
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}
