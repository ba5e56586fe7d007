//! The arguments of `hook`.

use clap::Args;

// `hook`
#[derive(Debug, Args)]
#[command(
    after_help = "Reads the tool call as JSON on standard input and answers on standard \
    output, always with exit code 0. secrets agent install NAME sets it up."
)]
pub(crate) struct Hook {
    /// Whose hook this is: claude, codex, cursor, vscode, gemini or copilot [default: what the
    /// input looks like]
    // Not an enum: a name that is not known must not stop an agent.
    #[arg(long, value_name = "NAME")]
    pub(crate) agent: Option<String>,
}
