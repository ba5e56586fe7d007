//! The arguments of `mcp`.

use clap::Args;

// `mcp`
#[derive(Debug, Args)]
#[command(
    after_help = "A coding agent starts this server: `secrets agent install NAME` adds it to the \
                  agent's configuration. These options and [mcp] in the configuration file restrict \
                  it.\n\nGlobal options: see `secrets --help`"
)]
pub(crate) struct Mcp {
    /// Reveal no value, whatever the configuration allows
    #[arg(long)]
    pub(crate) no_values: bool,
    /// Refuse every change
    #[arg(long)]
    pub(crate) read_only: bool,
    /// Only project to serve
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
}
