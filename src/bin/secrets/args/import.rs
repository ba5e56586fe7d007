//! `import`.

use std::path::PathBuf;

use clap::Args;

// `import`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    secrets import .env --project consilio --dry-run\n  \
    secrets import .env --project consilio --describe 'STRIPE_API_KEY=Stripe key for payments'\n  \
    secrets import --discover ~/sv --plan import.toml\n  \
    secrets import --from-plan import.toml")]
pub(crate) struct Import {
    /// The env files, each a project's own [default: the project's linked file, else ./.env]
    #[arg(value_name = "FILE", conflicts_with_all = ["discover", "from_plan"])]
    pub(crate) files: Vec<PathBuf>,
    /// The project; of several files, the beginning of their projects' names
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// What a variable is for; once for each that has no comment above it
    #[arg(long, value_name = "NAME=TEXT")]
    pub(crate) describe: Vec<String>,
    /// Write what would be done into a new file, to be filled in; change nothing else
    #[arg(long, value_name = "FILE", conflicts_with = "from_plan")]
    pub(crate) plan: Option<PathBuf>,
    /// Do what a plan says
    #[arg(long, value_name = "FILE", conflicts_with_all = ["discover", "project", "all"])]
    pub(crate) from_plan: Option<PathBuf>,
    /// Take plain variables too
    #[arg(long)]
    pub(crate) all: bool,
    /// Find the env files below a directory, and propose a project for each
    #[arg(long, value_name = "DIR")]
    pub(crate) discover: Option<PathBuf>,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}
