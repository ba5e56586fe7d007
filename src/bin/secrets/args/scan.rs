//! The arguments of `scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

// `scan`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets scan",
    "secrets scan --staged",
    "secrets scan --transcripts";
    "Exit code: 1 if a value was found."
))]
pub(crate) struct Scan {
    /// Files and directories to scan [default: the current directory]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Scan the changes staged in git
    #[arg(long)]
    pub(crate) staged: bool,
    /// Scan the transcripts of Claude Code, Codex, Cursor, Gemini CLI and Copilot
    #[arg(long)]
    pub(crate) transcripts: bool,
    /// Skip files that .gitignore names
    #[arg(long)]
    pub(crate) skip_ignored: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

// How `scan` and `verify` print findings.
#[derive(Debug, Args)]
pub(crate) struct Printed {
    /// Format of the findings; --json prints JSON
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        conflicts_with = "json"
    )]
    pub(crate) format: ReportFormat,
}

/// Format of the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// Text for people
    Human,
    /// Annotations for GitHub Actions
    Github,
}
