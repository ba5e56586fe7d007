//! The arguments of `mcp`.

use clap::Args;

// `mcp`
#[derive(Debug, Args)]
#[command(
    after_help = "A coding agent starts this by itself: `secrets agent install NAME` writes it into \
                  the agent's configuration. What the server may do is said here and under [mcp] in \
                  the configuration file."
)]
pub(crate) struct Mcp {
    /// Let no value out, whatever the configuration says
    #[arg(long)]
    pub(crate) no_values: bool,
    /// Change nothing
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Touch only this project's secrets
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
}
