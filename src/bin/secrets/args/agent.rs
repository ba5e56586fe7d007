//! `agent` and its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrets::agents::install::Client;

use crate::choice;

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Write the MCP server, the hook and the instructions into an agent's configuration
    Install(AgentSetup),
    /// Remove them from an agent's configuration
    Uninstall(AgentSetup),
}

#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets agent install claude",
    "secrets agent install claude --name meta",
    "secrets agent install cursor --project-dir . --dry-run",
    "secrets agent uninstall claude",
))]
pub(crate) struct AgentSetup {
    /// Agent name
    #[arg(value_name = "NAME", value_parser = choice::parser::<Client>())]
    pub(crate) client: Client,
    /// Directory of a project whose configuration to write instead of the user's
    #[arg(long, value_name = "DIR")]
    pub(crate) project_dir: Option<PathBuf>,
    /// Name of the MCP server; its tools are called mcp__NAME__set_secret [default: secrets]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
