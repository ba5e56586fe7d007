//! `doctor`.

use clap::Args;

// `doctor`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets doctor",
    "secrets doctor --fix",
))]
pub(crate) struct Doctor {
    /// Fix what can be fixed without losing anything
    #[arg(long)]
    pub(crate) fix: bool,
}
