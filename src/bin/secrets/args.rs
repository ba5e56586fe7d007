//! The command line: what can be typed. The arguments of each group of verbs lie in a module of
//! their own; [`usage`](crate::usage) has the words for a command line that is not understood.

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
use clap::{Args, CommandFactory as _, Parser, Subcommand};

pub(crate) use self::agent::{Agent, AgentSetup};
pub(crate) use self::doctor::Doctor;
pub(crate) use self::guard::Guard;
pub(crate) use self::hook::Hook;
pub(crate) use self::import::Import;
pub(crate) use self::mcp::Mcp;
pub(crate) use self::pass::{Export, Run};
pub(crate) use self::read::{Diff, Get, History, List, Log, Verify};
pub(crate) use self::recovery::{Recovery, RecoveryAdd, RecoveryUse};
pub(crate) use self::scan::{Printed, ReportFormat, Scan};
pub(crate) use self::setup::{Completions, Init, Link, Man, Projects, Unlink};
pub(crate) use self::store::{Generate, Mv, Prune, Restore, Rm, Rollback, Rotate, Set};

use crate::output::ColorWhen;

/// What a key path looks like, in the help of a verb. Not a doc comment there: to those it would be HTML.
const KEY_PATH: &str = "project/<project>/<secret> or meta/<provider>/<secret>";

const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default());

/// Keeps a project's secrets in an encrypted vault first, and in its .env second
#[derive(Debug, Parser)]
#[command(
    name = "secrets",
    version,
    styles = STYLES,
    max_term_width = 100,
    disable_help_subcommand = true,
    after_help = "A key path is project/<project>/<secret> or meta/<provider>/<secret>.\n\
                  Values are never arguments: pipe them in, or let `set` ask for them.\n\
                  `secrets help COMMAND` says more about a command."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The vault's directory [env: SECRETS_VAULT]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) vault: Option<PathBuf>,
    /// The identity file [env: SECRETS_IDENTITY_FILE; or the key itself: SECRETS_IDENTITY]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) identity: Option<PathBuf>,
    /// The configuration file [env: SECRETS_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON object or array; errors are one line of JSON on stderr
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing but errors, what was asked for, and that a new identity must be backed up
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// How long to wait for a lock
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    pub(crate) wait: u64,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
}

/// The verbs. The arguments of a verb are built only when it is named: building them all costs
/// more than reading a secret's file. What is said here about a verb is the head of its help too:
/// its own type has no doc comment, which would take the place of this one.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Make a vault and an identity, if they are not there
    Init(Init),
    /// Remember which env file a project has
    Link(Link),
    /// Forget which env file a project has
    Unlink(Unlink),
    /// List the projects that are linked
    Projects(Projects),
    /// Store a value: in the vault first, then in the env file
    Set(Set),
    /// Print a value, byte for byte
    Get(Get),
    /// List secrets with what they are for; no values
    List(List),
    /// Check that the vault is whole and that the env files agree with it
    Verify(Verify),
    /// Make a random value and store it like `set`; it is never shown
    Generate(Generate),
    /// Store a new value in the place of the old one, also in other env files that have it
    Rotate(Rotate),
    /// Bring a project's env file back from the vault
    Restore(Restore),
    /// Take the variables of existing env files into the vault; the files stay as they are
    Import(Import),
    /// Compare the vault with a project's env file; names and states only
    Diff(Diff),
    /// List the versions of a secret
    History(History),
    /// Make an old value the newest one
    Rollback(Rollback),
    /// Remove a secret; its older versions stay
    Rm(Rm),
    /// Give a secret another key path
    Mv(Mv),
    /// Destroy old versions of a secret
    Prune(Prune),
    /// Show the audit trail of this machine
    Log(Log),
    /// Say what is wrong with this set-up, and the command that mends each thing
    Doctor(Doctor),
    /// Keep a second key on paper, for the day on which the identity is lost
    #[command(subcommand)]
    Recovery(Recovery),
    /// Print a project's variables for a shell, a container, CI
    Export(Export),
    /// Run a program with variables straight from the vault
    Run(Run),
    /// Find values of the vault in files, in git's index, in agents' sessions
    Scan(Scan),
    /// Look through every commit before it is made, with a git hook
    #[command(subcommand)]
    Guard(Guard),
    /// Set up a coding agent
    #[command(subcommand)]
    Agent(Agent),
    /// Decide on a coding agent's tool call before it is made
    Hook(Hook),
    /// Serve coding agents: an MCP server on standard input and output
    Mcp(Mcp),
    /// Print a completion script
    Completions(Completions),
    /// Print the manual page, or write all pages into a directory
    Man(Man),
}

/// The command line as clap knows it.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Cli, clap::Error> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "help") {
        // clap's own would put every command a second time into the completion scripts.
        arguments.remove(1);
        arguments.push("--help".into());
    }
    match plain_get(&arguments) {
        Some(cli) => Ok(cli),
        None => Cli::try_parse_from(arguments),
    }
}

/// `secrets get KEY_PATH` and nothing else, which scripts type a hundred times: building all that
/// clap would have to know costs as much as reading a secret. Anything that is not exactly this is
/// clap's.
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
const DEFAULT_WAIT: u64 = 30;

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
