//! `recovery` and its commands.

use clap::{Args, Subcommand};

// `recovery`
#[derive(Debug, Subcommand)]
pub(crate) enum Recovery {
    /// Make a second key to the vault and show it once
    Add(RecoveryAdd),
    /// Ask for a key and say whether it opens the vault
    Test,
    /// Make a new identity on this machine with a recovery key
    Use(RecoveryUse),
    /// List those who can open the vault
    List,
}

// `recovery add`
#[derive(Debug, Args)]
pub(crate) struct RecoveryAdd {
    /// Print the bare key on standard output, for scripts
    #[arg(long)]
    pub(crate) print: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

// `recovery use`
#[derive(Debug, Args)]
pub(crate) struct RecoveryUse {
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}
