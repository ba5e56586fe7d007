//! The arguments of `guard`.

use clap::{Args, Subcommand};

// `guard`
#[derive(Debug, Subcommand)]
pub(crate) enum Guard {
    /// Install the pre-commit hook in this repository
    Install(GuardSetup),
    /// Remove the hook
    Uninstall(GuardSetup),
}

// `guard install`, `guard uninstall`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets guard install",
    "secrets guard uninstall --dry-run",
))]
pub(crate) struct GuardSetup {
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
