//! The arguments of `guard`.

use clap::{Args, Subcommand};

// `guard`
#[derive(Debug, Subcommand)]
pub(crate) enum Guard {
    /// Look through every commit of this repository before it is made
    Install(GuardSetup),
    /// Do so no more
    Uninstall(GuardSetup),
}

// What both take.
#[derive(Debug, Args)]
pub(crate) struct GuardSetup {
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}
