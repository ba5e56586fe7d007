//! The arguments of `scan`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

// `scan`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    secrets scan\n  \
    secrets scan --staged\n  \
    secrets scan --transcripts\n\n\
    Exit code: 1 if a value was found.")]
pub(crate) struct Scan {
    /// Files and directories [default: this directory, if nothing else is named]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// What git is about to commit
    #[arg(long)]
    pub(crate) staged: bool,
    /// What coding agents keep of their sessions: Claude Code, Codex, Cursor, Gemini CLI, Copilot
    #[arg(long)]
    pub(crate) transcripts: bool,
    /// Pass over what .gitignore names
    #[arg(long)]
    pub(crate) skip_ignored: bool,
    #[command(flatten)]
    pub(crate) printed: Printed,
}

// How `scan` and `verify` print what they find.
#[derive(Debug, Args)]
pub(crate) struct Printed {
    /// How findings are printed; --json prints them as JSON
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        conflicts_with = "json"
    )]
    pub(crate) format: ReportFormat,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    Human,
    /// As annotations of GitHub Actions
    Github,
}
