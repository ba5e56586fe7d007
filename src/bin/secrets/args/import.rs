//! `import`.

use std::path::PathBuf;

use clap::Args;

// `import`
#[derive(Debug, Args)]
#[command(after_help = after_help!(
    "secrets import .env --project consilio --dry-run",
    "secrets import .env --project consilio --describe 'STRIPE_API_KEY=Stripe key for payments'",
    "secrets import --discover ~/sv --plan import.toml",
    "secrets import --from-plan import.toml",
))]
pub(crate) struct Import {
    /// Env files, one for each project [default: the project's linked file, else ./.env]
    #[arg(value_name = "FILE", conflicts_with_all = ["discover", "from_plan"])]
    pub(crate) files: Vec<PathBuf>,
    /// Project name; for several files, the prefix of their project names
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Description of a variable; repeat it for each variable without a comment above it
    #[arg(long, value_name = "NAME=TEXT")]
    pub(crate) describe: Vec<String>,
    /// New file for a plan to fill in; nothing else is written
    #[arg(long, value_name = "FILE", conflicts_with = "from_plan")]
    pub(crate) plan: Option<PathBuf>,
    /// Plan to follow
    #[arg(long, value_name = "FILE", conflicts_with_all = ["discover", "project", "all"])]
    pub(crate) from_plan: Option<PathBuf>,
    /// Import plain variables too
    #[arg(long)]
    pub(crate) all: bool,
    /// Directory to search for env files; a project is proposed for each
    #[arg(long, value_name = "DIR")]
    pub(crate) discover: Option<PathBuf>,
    /// Print what would change, and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
