//! `recovery` and its commands.

use clap::{Args, Subcommand};

// `recovery`
#[derive(Debug, Subcommand)]
pub(crate) enum Recovery {
    /// Create a recovery key and show it once
    Add(RecoveryAdd),
    /// Read a recovery key and check that it opens the vault
    Test,
    /// Create a new identity for this machine with a recovery key
    Use(RecoveryUse),
    /// List the members that can open the vault
    List,
}

// `recovery add`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets recovery add",
    "secrets recovery add --print | age -r RECIPIENT > recovery.age",
))]
pub(crate) struct RecoveryAdd {
    /// Print only the key on standard output, for scripts
    #[arg(long)]
    pub(crate) print: bool,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `recovery use`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets recovery use",
    "secrets recovery use --dry-run",
))]
pub(crate) struct RecoveryUse {
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
