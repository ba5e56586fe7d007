//! The arguments of `hook`.

use clap::Args;

// `hook`
#[derive(Debug, Args)]
#[command(
    after_help = "Reads the tool call as JSON from standard input, prints the decision, and always \
    exits with code 0. `secrets agent install NAME` configures an agent to call it.\n\n\
    Global options: see `secrets --help`"
)]
pub(crate) struct Hook {
    /// Agent that calls: claude, codex, cursor, vscode, gemini or copilot [default: detected from
    /// the input]
    // Not an enum: an unknown name must not stop an agent.
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<String>,
}
