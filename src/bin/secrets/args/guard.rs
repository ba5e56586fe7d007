//! The arguments of `guard`.

use clap::Subcommand;

// `guard`
#[derive(Debug, Subcommand)]
pub(crate) enum Guard {
    /// Look through every commit of this repository before it is made
    Install,
    /// Do so no more
    Uninstall,
}
