//! The command line's definition. The arguments of each group of verbs are in a module of their
//! own. [`usage`](crate::usage) reports a command line that does not match the definition.

/// The end of a verb's help: examples, anything else there is to say, and where the global options
/// are explained.
macro_rules! after_help {
    ($($example:literal),+ $(,)? $(; $more:literal)?) => {
        concat!(
            "Examples:",
            $("\n  ", $example,)+
            $("\n\n", $more,)?
            "\n\nGlobal options: see `secrets --help`"
        )
    };
}

mod agent;
mod doctor;
mod guard;
mod hook;
mod import;
mod mcp;
mod pass;
mod read;
mod recovery;
mod scan;
mod setup;
mod store;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

pub(crate) use self::agent::{Agent, AgentSetup};
pub(crate) use self::doctor::Doctor;
pub(crate) use self::guard::Guard;
pub(crate) use self::hook::Hook;
pub(crate) use self::import::Import;
pub(crate) use self::mcp::Mcp;
pub(crate) use self::pass::{Export, Run};
pub(crate) use self::read::{Diff, Get, History, List, Log, Show, Verify};
pub(crate) use self::recovery::{Recovery, RecoveryAdd, RecoveryUse};
pub(crate) use self::scan::{Printed, ReportFormat, Scan};
pub(crate) use self::setup::{Completions, Init, Link, Man, Projects, Unlink};
pub(crate) use self::store::{
    Accept, Edit, Generate, Mv, Prune, Restore, Rm, Rollback, Rotate, Set,
};

use crate::output::ColorWhen;

/// The form of a key path, in the help of a verb. In a doc comment it would be taken for HTML.
const KEY_PATH: &str = "project/<project>/<secret> or meta/<provider>/<secret>";

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default());

/// Store a project's secrets in an encrypted vault first and in its .env second
#[derive(Debug, Parser)]
#[command(
    name = "secrets",
    version,
    styles = STYLES,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "A key path is project/<project>/<secret> or meta/<provider>/<secret>.\n\
                  Values are never arguments: pipe them in, or type them at the prompt of `set`.\n\
                  `secrets help COMMAND` explains a command."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// Vault directory [env: SECRETS_VAULT]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    /// Identity file [env: SECRETS_IDENTITY_FILE, or SECRETS_IDENTITY for the key itself]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// Configuration file [env: SECRETS_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON object or array; print an error as one line of JSON on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only results, errors, and the reminder to back up a new identity
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Seconds to wait for a lock
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    pub(crate) wait: u64,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
}

/// The verbs. clap builds the arguments of a verb only when it is named: building them all costs
/// more than reading a secret. The comment of a variant is the first line of the verb's help, so
/// the verb's own type must have no doc comment, which would replace it.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Create the vault and the identity if they are missing
    Init(Init),
    /// Link a project to its env file
    Link(Link),
    /// Remove the link of a project to its env file
    Unlink(Unlink),
    /// List the linked projects
    Projects(Projects),
    /// Store a value in the vault, then in the env file
    Set(Set),
    /// Print the exact bytes of a value
    Get(Get),
    /// List secrets with descriptions and ages, without values
    List(List),
    /// Print everything about a secret except its value
    Show(Show),
    /// Change the description, interval or variable of a secret, not its value
    Edit(Edit),
    /// Check that every secret opens and that the env files agree with the vault
    Verify(Verify),
    /// Create a random value and store it like `set`, without showing it
    Generate(Generate),
    /// Replace a value in the vault and in every linked env file that has it
    Rotate(Rotate),
    /// Restore a project's env file from the vault
    Restore(Restore),
    /// Take a project's env file as it is, after lines were removed on purpose
    Accept(Accept),
    /// Store the variables of existing env files in the vault, without changing the files
    Import(Import),
    /// Compare a project's env file with the vault, without showing values
    Diff(Diff),
    /// List the versions of a secret
    History(History),
    /// Store the value of an old version as a new version
    Rollback(Rollback),
    /// Remove a secret; its older versions stay readable
    Rm(Rm),
    /// Rename a secret
    Mv(Mv),
    /// Destroy old versions of a secret
    Prune(Prune),
    /// Print the audit trail of this machine
    Log(Log),
    /// Report problems of this set-up with the command that fixes each
    Doctor(Doctor),
    /// Create and test a recovery key to keep on paper
    #[command(subcommand)]
    Recovery(Recovery),
    /// Print a project's variables for a shell, a container or CI
    Export(Export),
    /// Run a program with variables from the vault
    Run(Run),
    /// Find values of the vault in files, staged changes and agent transcripts
    Scan(Scan),
    /// Install the git hook that scans each commit
    #[command(subcommand)]
    Guard(Guard),
    /// Configure a coding agent to use secrets
    #[command(subcommand)]
    Agent(Agent),
    /// Decide whether a coding agent may make a tool call
    Hook(Hook),
    /// Run an MCP server on standard input and output
    Mcp(Mcp),
    /// Print a completion script
    Completions(Completions),
    /// Print the manual page, or write all pages to a directory
    Man(Man),
}

/// Returns the definition of the command line.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Parses the command line. The help of a verb leaves the global options out; a line refers to them.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "help") {
        // clap's own `help` would put every command into the completion scripts a second time.
        arguments.remove(1);
        arguments.push("--help".into());
    }
    match plain_get(&arguments) {
        Some(cli) => Ok(cli),
        None => {
            let has_verb = |argument: &OsString| !argument.as_encoded_bytes().starts_with(b"-");
            let is_about_a_verb = arguments.iter().skip(1).any(has_verb);
            let mut command = command().mut_args(|argument| {
                let is_hidden = is_about_a_verb && argument.is_global_set();
                argument.hide(is_hidden)
            });
            let matches = command.try_get_matches_from_mut(arguments)?;
            Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
        }
    }
}

/// Parses `secrets get KEY_PATH` and nothing else. Scripts run it hundreds of times, and building
/// clap's definition costs as much as reading a secret. Returns `None` for every other command line.
fn plain_get(arguments: &[OsString]) -> Option<Cli> {
    let [_, verb, key_path] = arguments else {
        return None;
    };
    let key_path = key_path.to_str()?;
    let is_a_flag = key_path.starts_with('-');
    (verb == "get" && !is_a_flag).then(|| Cli {
        global: Global {
            vault: None,
            identity: None,
            config: None,
            json: false,
            quiet: false,
            wait: DEFAULT_WAIT,
            color: ColorWhen::Auto,
        },
        command: Command::Get(Get {
            key_path: key_path.to_owned(),
            version: None,
        }),
    })
}

/// How long to wait for a lock, in seconds.
pub(crate) const DEFAULT_WAIT: u64 = 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_short_way_to_get_reads_what_clap_reads() {
        let line = |arguments: &[&str]| -> Vec<OsString> {
            let program = std::iter::once(&"secrets");
            program.chain(arguments).map(OsString::from).collect()
        };
        for key_path in ["project/a/b", "", "a b", "=", "ключ", "get", "help", "@x"] {
            let line = line(&["get", key_path]);
            let short = plain_get(&line).map(|cli| format!("{cli:?}"));
            let long = Cli::try_parse_from(line).map(|cli| format!("{cli:?}"));
            assert_eq!(short, Some(long.unwrap()), "{key_path}");
        }
        for other in [
            &["get"][..],
            &["get", "--help"],
            &["get", "-h"],
            &["get", "-"],
            &["get", "--"],
            &["get", "a/b/c", "--json"],
            &["--json", "get"],
            &["set", "project/a/b"],
            &[],
        ] {
            assert!(plain_get(&line(other)).is_none(), "{other:?}");
        }
    }
}
