//! `doctor`.

use clap::Args;

// `doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Mend what can be mended without losing anything
    #[arg(long)]
    pub(crate) fix: bool,
}
