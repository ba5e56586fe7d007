//! `agent` and its commands.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use secrets::agents::hook;

use crate::choice;

#[derive(Debug, Subcommand)]
pub(crate) enum Agent {
    /// Write the MCP server, the hook and the instructions into a coding agent's configuration
    Install(AgentSetup),
    /// Take them out again
    Uninstall(AgentSetup),
}

#[derive(Debug, Args)]
#[command(after_help = "docs/agents.md has what is written for each agent, and where.")]
pub(crate) struct AgentSetup {
    /// The agent
    #[arg(value_name = "NAME", value_parser = choice::parser::<hook::Agent>())]
    pub(crate) agent: hook::Agent,
    /// The configuration in a project's directory instead of your own
    #[arg(long, value_name = "DIR")]
    pub(crate) project_dir: Option<PathBuf>,
    /// Change nothing, show what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}
