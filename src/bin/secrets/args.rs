//! The command line: what can be typed, and what is said when something else was.
//!
//! clap's own error messages repeat what was typed, which may be a value; [`Refused`] says the
//! same without.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Style, Styles};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};

use secrets::key_path::KeyPath;

use crate::failure::Failure;
use crate::output;

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
                  Values are never arguments: pipe them in, or let `set` ask for them."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Args)]
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
    /// Say nothing but errors and what was asked for
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// How long to wait for a lock
    #[arg(long, global = true, value_name = "SECONDS", default_value_t = DEFAULT_WAIT)]
    pub(crate) wait: u64,
    /// When to colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: ColorWhen,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWhen {
    Auto,
    Always,
    Never,
}

/// The verbs. The arguments of a verb are built only when it is named: building them all costs
/// more than reading a secret's file.
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
    Projects,
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
    /// Print a completion script
    Completions(Completions),
    /// Print the manual page, or write all pages into a directory
    Man(Man),
}

/// `init`
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The name under which this identity can open the vault [default: the user's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) member: Option<String>,
    /// Also make a recovery key and show it once, as `recovery add` does
    #[arg(long, conflicts_with = "trust")]
    pub(crate) recovery: bool,
    /// With --recovery: print the bare key on standard output, for scripts
    #[arg(long, requires = "recovery")]
    pub(crate) print: bool,
    /// Accept the vault as it is now, after it was replaced or rolled back on purpose
    #[arg(long)]
    pub(crate) trust: bool,
    /// With --trust: do not ask
    #[arg(long, requires = "trust")]
    pub(crate) yes: bool,
}

/// `link`
#[derive(Debug, Args)]
pub(crate) struct Link {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Its env file, or the directory that holds .env
    #[arg(value_name = "PATH", default_value = ".", hide_default_value = true)]
    pub(crate) path: PathBuf,
}

/// `unlink`
#[derive(Debug, Args)]
pub(crate) struct Unlink {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
}

/// `set`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    printf %s \"$KEY\" | secrets set project/consilio/stripe_api_key -d 'Stripe key for payments'\n  \
    secrets set project/consilio/tls_key --from-file key.pem --no-env -d 'TLS key of the web server'")]
pub(crate) struct Set {
    /// project/<project>/<secret> or meta/<provider>/<secret>
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// What the secret is for; required once
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// Take the value from a file, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Take the value from an environment variable
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    #[command(flatten)]
    pub(crate) env: EnvTarget,
    /// Keep the final newline of what is piped in
    #[arg(long)]
    pub(crate) exact: bool,
    /// Take a value that looks like a mask
    #[arg(long)]
    pub(crate) force: bool,
    /// Rotate after this many days (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What a value typed as an argument lands in, so that it can be refused without a word of it
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

/// Where a value goes besides the vault.
#[derive(Debug, Args)]
pub(crate) struct EnvTarget {
    /// The env file; also links the project if it is not linked
    #[arg(long, value_name = "FILE", conflicts_with = "no_env")]
    pub(crate) env_file: Option<PathBuf>,
    /// The variable [default: the secret's name in upper case]
    #[arg(long, value_name = "NAME", conflicts_with = "no_env")]
    pub(crate) env_name: Option<String>,
    /// Keep it out of env files
    #[arg(long)]
    pub(crate) no_env: bool,
    /// Write the env file even if one of its readers would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
}

/// `get`
#[derive(Debug, Args)]
pub(crate) struct Get {
    /// project/<project>/<secret> or meta/<provider>/<secret>
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// An older version
    #[arg(long, value_name = "N")]
    pub(crate) version: Option<u32>,
}

/// `list`
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only what begins with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Only project or meta secrets
    #[arg(long)]
    pub(crate) scope: Option<ScopeArg>,
    /// Only this project's
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// One key path a line; needs no identity
    #[arg(long, conflicts_with = "stale")]
    pub(crate) names: bool,
    /// Only values that are at least this old; without DAYS, those that should have been rotated
    #[arg(long, value_name = "DAYS", num_args = 0..=1)]
    pub(crate) stale: Option<Option<u32>>,
    /// Those that were removed
    #[arg(long)]
    pub(crate) deleted: bool,
}

/// `verify`
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Only what begins with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Fail on warnings, and on any variable that is neither in the vault nor plain
    #[arg(long)]
    pub(crate) strict: bool,
}

/// `generate`
#[derive(Debug, Args)]
pub(crate) struct Generate {
    /// project/<project>/<secret> or meta/<provider>/<secret>
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// What the secret is for; required once
    #[arg(short, long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// How it looks
    #[arg(long, value_name = "FORMAT", default_value = "base64")]
    pub(crate) format: FormatArg,
    /// As hard to guess as so many random bytes [default: 48]
    #[arg(long, value_name = "N", conflicts_with = "length")]
    pub(crate) bytes: Option<usize>,
    /// So many characters (alphanumeric) or words (words)
    #[arg(long, value_name = "N")]
    pub(crate) length: Option<usize>,
    /// Also print the value
    #[arg(long, conflicts_with = "json")]
    pub(crate) print: bool,
    #[command(flatten)]
    pub(crate) env: EnvTarget,
    /// Rotate after this many days (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// How a generated value looks.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum FormatArg {
    Base64,
    Base64url,
    Hex,
    Alphanumeric,
    Uuid,
    Words,
}

/// `rotate`
#[derive(Debug, Args)]
pub(crate) struct Rotate {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// Take the new value from a file, byte for byte
    #[arg(long, value_name = "FILE", conflicts_with = "from_env")]
    pub(crate) from_file: Option<PathBuf>,
    /// Take the new value from an environment variable
    #[arg(long, value_name = "NAME")]
    pub(crate) from_env: Option<String>,
    /// Read the new value even if the old one was generated
    #[arg(long, conflicts_with_all = ["from_file", "from_env"])]
    pub(crate) ask: bool,
    /// Keep the final newline of what is piped in
    #[arg(long)]
    pub(crate) exact: bool,
    /// Rotate after this many days from now on (90d, 12w, 1y)
    #[arg(long, value_name = "INTERVAL", value_parser = days)]
    pub(crate) every: Option<u32>,
    /// Write env files even if one of their readers would misread the value
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// What a value typed as an argument lands in, so that it can be refused without a word of it
    #[arg(hide = true, num_args = 0.., value_name = "REFUSED")]
    pub(crate) refused: Vec<OsString>,
}

/// `restore`
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// An earlier state: a version of the layout, or a moment as 2026-01-21 or 2026-01-21T10:00:00Z
    #[arg(long, value_name = "VERSION|DATE")]
    pub(crate) at: Option<String>,
    /// Write a new file here instead
    #[arg(long, value_name = "FILE")]
    pub(crate) to: Option<PathBuf>,
    /// Rebuild the whole file even if it looks whole
    #[arg(long)]
    pub(crate) rebuild: bool,
    /// Write also values that one of the file's readers would misread
    #[arg(long)]
    pub(crate) allow_misread: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `import`
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

/// `diff`
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// Exit with 1 if they do not agree
    #[arg(long)]
    pub(crate) exit_code: bool,
}

/// `history`
#[derive(Debug, Args)]
pub(crate) struct History {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
}

/// `rollback`
#[derive(Debug, Args)]
pub(crate) struct Rollback {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// The version whose value is wanted
    #[arg(value_name = "VERSION")]
    pub(crate) version: u32,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `rm`
#[derive(Debug, Args)]
pub(crate) struct Rm {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `mv`
#[derive(Debug, Args)]
pub(crate) struct Mv {
    /// The secret as it is called now
    #[arg(value_name = "KEY_PATH")]
    pub(crate) from: String,
    /// The secret as it shall be called
    #[arg(value_name = "NEW_KEY_PATH")]
    pub(crate) to: String,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `prune`
#[derive(Debug, Args)]
pub(crate) struct Prune {
    /// The secret
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_path: String,
    /// How many of the newest versions stay
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) keep: u32,
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Change nothing, say what would change
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// `log`
#[derive(Debug, Args)]
pub(crate) struct Log {
    /// Only what is about secrets that begin with this
    #[arg(value_name = "PREFIX")]
    pub(crate) prefix: Option<String>,
    /// Only from this moment on, as 2026-01-21 or 2026-01-21T10:00:00Z
    #[arg(long, value_name = "DATE")]
    pub(crate) since: Option<String>,
    /// Only by a user or a program whose name holds this
    #[arg(long, value_name = "NAME")]
    pub(crate) by: Option<String>,
    /// Check that nothing was cut, changed or reordered
    #[arg(long)]
    pub(crate) verify: bool,
}

/// `doctor`
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Mend what can be mended without losing anything
    #[arg(long)]
    pub(crate) fix: bool,
}

/// `recovery`
#[derive(Debug, Subcommand)]
pub(crate) enum Recovery {
    /// Make a second key to the vault and show it once
    Add(RecoveryAdd),
    /// Ask for a key and say whether it opens the vault
    Test,
    /// Make a new identity on this machine with a recovery key
    Use,
    /// List those who can open the vault
    List,
}

/// `recovery add`
#[derive(Debug, Args)]
pub(crate) struct RecoveryAdd {
    /// Print the bare key on standard output, for scripts
    #[arg(long)]
    pub(crate) print: bool,
}

/// `export`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    eval \"$(secrets export consilio --format shell)\"\n  \
    secrets export consilio --format fish | source\n  \
    docker run --env-file <(secrets export consilio --format docker) IMAGE")]
pub(crate) struct Export {
    /// The project
    #[arg(value_name = "PROJECT")]
    pub(crate) project: String,
    /// For whom
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: ExportFormat,
}

/// The consumers of `export`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ExportFormat {
    /// An env file, for the readers of the project's own
    Dotenv,
    /// bash, dash, zsh: eval "$(...)"
    Shell,
    /// fish: ... | source
    Fish,
    /// PowerShell: ... | Out-String | Invoke-Expression
    Powershell,
    /// An object of strings
    Json,
    /// docker run --env-file
    Docker,
    /// EnvironmentFile= of a unit
    Systemd,
    /// A step of GitHub Actions: masks on stdout, assignments to $GITHUB_ENV
    Github,
}

/// `run`
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    secrets run --project consilio -- npm start\n  \
    secrets run meta/cloudflare/api_token -- terraform apply\n\n\
    Exit code: the program's own; 128+n if signal n ended it; 125 if secrets failed, 126 if the \
    program cannot be executed, 127 if it was not found.")]
pub(crate) struct Run {
    /// Secrets, whose variables are set
    #[arg(value_name = "KEY_PATH")]
    pub(crate) key_paths: Vec<String>,
    /// Set the variables of this project
    #[arg(long, value_name = "NAME")]
    pub(crate) project: Option<String>,
    /// Pass nothing else on from this environment, not even PATH
    #[arg(long)]
    pub(crate) clean: bool,
    /// Replace values in the program's output; default unless both outputs are a terminal
    #[arg(long, overrides_with = "no_mask")]
    pub(crate) mask: bool,
    /// Leave the program's output alone
    #[arg(long, overrides_with = "mask")]
    pub(crate) no_mask: bool,
    /// Also set variables that make programs run something: PATH, LD_PRELOAD, NODE_OPTIONS
    #[arg(long)]
    pub(crate) allow_dangerous: bool,
    /// The program and its arguments
    #[arg(value_name = "CMD", last = true, required = true, num_args = 1..)]
    pub(crate) command: Vec<OsString>,
}

/// `completions`
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// For which shell
    pub(crate) shell: clap_complete::Shell,
}

/// `man`
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Write one page a command into this directory
    #[arg(value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// `project` or `meta`.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum ScopeArg {
    Project,
    Meta,
}

/// An interval in days: `90d`, `12w`, `1y`, or a number of days.
fn days(text: &str) -> Result<u32, &'static str> {
    let (number, unit) = match text.strip_suffix(['d', 'w', 'y']) {
        Some(number) => (number, &text[number.len()..]),
        None => (text, "d"),
    };
    let days = match unit {
        "w" => 7,
        "y" => 365,
        _ => 1,
    };
    number
        .parse::<u32>()
        .ok()
        .and_then(|number| number.checked_mul(days))
        .filter(|days| (1..=36_500).contains(days))
        .ok_or("an interval is a number of days, as 90d, 12w or 1y")
}

/// The command line as clap knows it.
pub(crate) fn command() -> clap::Command {
    Cli::command()
}

/// Reads the command line.
pub(crate) fn parse() -> Result<Cli, Refused> {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    match plain_get(&arguments) {
        Some(cli) => Ok(cli),
        None => Cli::try_parse_from(arguments).map_err(|error| Refused { error }),
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

/// A command line that was not understood, or that asked for help.
pub(crate) struct Refused {
    error: clap::Error,
}

impl Refused {
    /// Prints what there is to say and gives the exit code.
    pub(crate) fn report(self) -> u8 {
        match self.error.kind() {
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                // Help holds nothing that was typed.
                output::help(&self.error.render(), true)
            }
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
                output::help(&self.error.render(), false);
                2
            }
            _ => {
                let json = std::env::args_os().any(|argument| argument == "--json");
                output::Printer::plain(json).failure(&self.failure());
                if is_run() { crate::run::OWN_FAILURE } else { 2 }
            }
        }
    }

    fn failure(&self) -> Failure {
        let context = |kind| match self.error.get(kind) {
            Some(ContextValue::String(text)) => Some(text.clone()),
            Some(ContextValue::Strings(texts)) => Some(texts.join(", ")),
            _ => None,
        };
        let argument = context(ContextKind::InvalidArg);
        let argument = argument.as_deref();
        if argument == Some("--value") {
            let mut words = std::env::args_os().filter_map(|word| word.into_string().ok());
            let key_path = words.find(|word| KeyPath::parse(word).is_ok());
            return Failure::value_as_argument("set", key_path.as_deref());
        }
        let what = match self.error.kind() {
            ErrorKind::UnknownArgument => match argument.filter(|name| is_flag(name)) {
                Some(flag) => format!("there is no option {flag}"),
                None => "there is an argument too many".to_owned(),
            },
            ErrorKind::InvalidSubcommand => "there is no such command".to_owned(),
            ErrorKind::InvalidValue | ErrorKind::ValueValidation => match argument {
                Some(argument) => format!("{argument} does not take that value"),
                None => "an option does not take that value".to_owned(),
            },
            ErrorKind::MissingRequiredArgument => match argument {
                Some(missing) => format!("something is missing: {missing}"),
                None => "something is missing".to_owned(),
            },
            ErrorKind::ArgumentConflict => match argument {
                Some(argument) => format!("{argument} does not go with another option here"),
                None => "two options do not go together".to_owned(),
            },
            ErrorKind::MissingSubcommand => "a command is missing".to_owned(),
            ErrorKind::InvalidUtf8 => "an argument is not valid Unicode".to_owned(),
            _ => "the arguments cannot be understood".to_owned(),
        };
        let mut failure = Failure::new("usage", what);
        for kind in [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg] {
            if let Some(suggested) = context(kind) {
                failure = failure.hint(format!("did you mean {suggested}?"));
            }
        }
        if let Some(valid) = context(ContextKind::ValidValue).filter(|valid| !valid.is_empty()) {
            failure = failure.hint(format!("one of: {valid}"));
        }
        failure.hint("secrets --help, or secrets COMMAND --help")
    }
}

/// Whether the command is `run`, as far as can be told from arguments that were not understood.
fn is_run() -> bool {
    let takes_a_value = ["--vault", "--identity", "--config", "--wait", "--color"];
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        if takes_a_value.iter().any(|flag| argument == *flag) {
            arguments.next();
        } else if !argument.as_encoded_bytes().starts_with(b"-") {
            return argument == "run";
        }
    }
    false
}

/// Whether an argument can only be the name of an option, and may be repeated.
fn is_flag(argument: &str) -> bool {
    argument.len() <= 24
        && argument.starts_with("--")
        && argument
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

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
