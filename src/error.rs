//! What can go wrong, for whoever must decide what to do about it.
//!
//! [`Error`] says what is wrong and where. It carries a stable [`code`](Error::code) and a
//! [`Class`], which says whether anything was changed. It holds no hint and no exit code: those
//! belong to the program. No message holds a value or a part of
//! one, and no message of a parser that has seen one (age, TOML, the env file reader) is passed on.

mod class;
mod code;
pub mod export;
mod faults;
mod interrupted;
mod too_large;
mod words;

use std::io;
use std::path::{Path, PathBuf};

use crate::env_file::{EditError, EnvName};
use crate::model::description::DescriptionError;
use crate::model::key_path::{KeyPath, KeyPathError, OwnerName};
use crate::model::seal_error::SealError;
use crate::model::value::ValueError;
use crate::model::variables::Clash;
use crate::model::version::Version;

pub use crate::model::entry_fault::EntryFault;
pub use class::Class;
use export::ExportError;
pub use faults::{EnvFileProblem, HookProblem, OwnPlace};
pub use interrupted::{Done, Finish, Interrupted};
pub use too_large::TooLarge;
pub(crate) use words::identity;
use words::{count, gone, listed, names};

/// The result of nearly everything in this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The line of a byte of a text, from 1, as errors name it.
pub(crate) fn line_at(text: &str, offset: usize) -> usize {
    let before = text.bytes().take(offset);
    1 + before.filter(|&byte| byte == b'\n').count()
}

/// Anything that can go wrong in the library.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text given is not a key path.
    #[error(transparent)]
    KeyPath(#[from] KeyPathError),

    /// The description says too little, or too much.
    #[error(transparent)]
    Description(#[from] DescriptionError),

    /// A new secret came without a description.
    #[error("{0} is new and has no description")]
    DescriptionMissing(KeyPath),

    /// The value breaks a rule.
    #[error(transparent)]
    Value(#[from] ValueError),

    /// The operating system refused something.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as it reads after "cannot".
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Somebody else holds the lock on a directory.
    #[error("{} is locked by another process; waited {seconds} seconds", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },

    /// There is no vault.
    #[error("there is no vault at {}", path.display())]
    VaultMissing {
        /// The vault's directory.
        path: PathBuf,
        /// Whether this machine has seen one there.
        was_here: bool,
    },

    /// There is a vault, but something in it is not as it must be.
    #[error("the vault at {} is damaged: {problem}", path.display())]
    VaultDamaged {
        /// The vault.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },

    /// The vault was written by a newer program.
    #[error("the vault at {} has format {found}; this program reads format 1", path.display())]
    VaultFormat {
        /// The vault.
        path: PathBuf,
        /// The format found.
        found: i64,
    },

    /// The identity opens none of the vault's `keys/`.
    #[error("the identity {identity} does not open the vault at {}", vault.display())]
    NotAMember {
        /// Where the identity came from.
        identity: String,
        /// The vault.
        vault: PathBuf,
    },

    /// The vault's key is not the one that this machine saw first.
    #[error(
        "the vault at {} has another key than this machine knows: pinned {pinned}, found {found}",
        path.display()
    )]
    VaultKeyChanged {
        /// The vault.
        path: PathBuf,
        /// The recipient that this machine remembers.
        pinned: String,
        /// The recipient that it has now.
        found: String,
    },

    /// The directory holds another vault than this machine saw there first.
    #[error(
        "{} holds another vault than this machine knows: id {pinned} before, {found} now",
        path.display()
    )]
    VaultReplaced {
        /// The vault.
        path: PathBuf,
        /// The id that this machine remembers.
        pinned: String,
        /// The id that it has now.
        found: String,
    },

    /// There is no identity.
    #[error("there is no identity at {}", .0.display())]
    IdentityMissing(PathBuf),

    /// An identity was to be made, and there is one that opens the vault.
    #[error("the identity at {} opens the vault already", .0.display())]
    IdentityExists(PathBuf),

    /// An identity is there, but is not one.
    #[error("the identity {} is not usable: {problem}", identity(file.as_deref()))]
    IdentityBroken {
        /// Its file; absent if the key came in the environment.
        file: Option<PathBuf>,
        /// What is wrong with it.
        problem: SealError,
    },

    /// An identity file was to be made, and the identity comes from elsewhere.
    #[error("the identity comes from SECRETS_IDENTITY, so no identity file is made")]
    IdentityInEnvironment,

    /// Neither vault nor identity, and the caller does not want them made on the way.
    #[error("there is neither a vault at {} nor an identity at {}", vault.display(), identity.display())]
    NotInitialised {
        /// Where the vault would be.
        vault: PathBuf,
        /// Where the identity would be.
        identity: PathBuf,
    },

    /// No version of that secret, or not that one.
    #[error("there is no secret {0}")]
    EntryNotFound(KeyPath),

    /// The secret exists, but not this version of it.
    #[error("{key_path} has no version {version}; the newest is {newest}")]
    VersionNotFound {
        /// The secret.
        key_path: KeyPath,
        /// The number asked for.
        version: u32,
        /// The newest version that there is.
        newest: Version,
    },

    /// The variable belongs to another live secret.
    #[error("{key_path} cannot have the variable {name}: it belongs to {}", words::owner(other.as_ref()))]
    EnvNameTaken {
        /// The variable.
        name: String,
        /// The secret that wants it.
        key_path: KeyPath,
        /// The secret that has it; absent if the caller may not know of it.
        other: Option<KeyPath>,
    },

    /// The caller may not touch this.
    #[error("{what} is out of reach")]
    OutOfReach {
        /// What was asked for.
        what: String,
    },

    /// There is such a secret already.
    #[error("there is a secret {0} already")]
    EntryExists(KeyPath),

    /// A value was not given and cannot be made.
    #[error("{0} was not generated, so its new value must be given")]
    NoRecipe(KeyPath),

    /// The value was typed by a person; a generated one would replace it.
    #[error("{0} has a value that was not generated")]
    NotGenerated(String),

    /// No such version of the layout of an env file.
    #[error("the layout of the env file of {project} has no version {version}")]
    LayoutNotFound {
        /// The project.
        project: OwnerName,
        /// The version asked for.
        version: Version,
        /// The newest one.
        newest: Option<Version>,
    },

    /// A version is a tombstone.
    #[error("{key_path} was {} with version {version}", gone(moved_to.as_ref()))]
    EntryRemoved {
        /// The secret.
        key_path: KeyPath,
        /// The tombstone's version.
        version: Version,
        /// What the secret is called since then, if it was moved.
        moved_to: Option<KeyPath>,
    },

    /// This machine has seen the secret, and nothing of it is left in the vault.
    #[error("{key_path} is gone from the vault; this machine has seen version {seen}")]
    Gone {
        /// The secret.
        key_path: KeyPath,
        /// The newest version that this machine has seen.
        seen: Version,
    },

    /// Nothing is within the scope that was named.
    #[error("no secrets match {scope}")]
    NoMatch {
        /// The scope, as it was named.
        scope: String,
    },

    /// A secret cannot be moved to where it is.
    #[error("{0} is what the secret is called already")]
    MoveToItself(KeyPath),

    /// An entry fails one of its checks.
    #[error("{}: {fault}", path.display())]
    Entry {
        /// The entry's file.
        path: PathBuf,
        /// Which check, and how.
        fault: EntryFault,
    },

    /// A version was stored, but reading it back gave something else.
    #[error("version {version} of {name} does not read back as it was written")]
    ReadBack {
        /// The secret, or the layout.
        name: String,
        /// The version.
        version: Version,
    },

    /// A coding agent's configuration cannot be understood, or holds something of another's.
    #[error("{}:{line}: {problem}", path.display())]
    AgentFile {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        problem: String,
    },

    /// New secrets came without descriptions.
    #[error("{} to be described first: {}", count(missing.len(), "variable has", "variables have"), names(missing))]
    DescriptionsMissing {
        /// The variables, and the secrets that they would be.
        missing: Vec<(String, KeyPath)>,
    },

    /// The description that was given for a variable is not taken.
    #[error("{name}: {source}")]
    DescriptionOf {
        /// The variable.
        name: String,
        /// Why not.
        source: DescriptionError,
    },

    /// A description was given for a variable that is in no file.
    #[error("no env file has the variable that a description was given for{}", name.as_ref().map(|name| format!(": {name}")).unwrap_or_default())]
    NoSuchVariable {
        /// The variable, if it can be shown.
        name: Option<String>,
    },

    /// Two variables would be one secret.
    #[error("{first} and {second} would both be {key_path}")]
    SameKeyPath {
        /// A variable.
        first: String,
        /// Another.
        second: String,
        /// The secret.
        key_path: KeyPath,
    },

    /// Two env files would be one project.
    #[error("{} and {} would both be project {project}", first.display(), second.display())]
    SameProject {
        /// An env file.
        first: PathBuf,
        /// Another.
        second: PathBuf,
        /// The project.
        project: OwnerName,
    },

    /// It is not known whose env file this is.
    #[error("no project was named for {}", path.display())]
    ProjectMissing {
        /// The file.
        path: PathBuf,
        /// The name that its directory proposes.
        proposed: OwnerName,
    },

    /// The project has another env file.
    #[error("project {project} is linked to {}, not to {}", linked.display(), file.display())]
    LinkedElsewhere {
        /// The project.
        project: OwnerName,
        /// Its env file.
        linked: PathBuf,
        /// The file that was given.
        file: PathBuf,
    },

    /// The env file is another project's.
    #[error("{} is linked to project {owner} already", file.display())]
    LinkedToOther {
        /// The env file.
        file: PathBuf,
        /// Its project.
        owner: OwnerName,
    },

    /// A plan for `import` cannot be followed.
    #[error("{}:{line}: {problem}", path.display())]
    Plan {
        /// The plan's file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, without what stands there.
        problem: String,
    },

    /// The project is not linked to an env file.
    #[error("project {0} is not linked to an env file")]
    NotLinked(OwnerName),

    /// What the link names is not an env file that can be written.
    #[error("{}: {problem}", path.display())]
    EnvFile {
        /// The env file.
        path: PathBuf,
        /// What is wrong with it.
        problem: EnvFileProblem,
    },

    /// The env file would not do what was asked.
    #[error("{}{}: {source}", path.display(), source.line().map_or_else(String::new, |line| format!(":{line}")))]
    EnvEdit {
        /// The env file.
        path: PathBuf,
        /// What the document said.
        source: EditError,
    },

    /// The name cannot be one of an env file's variables.
    #[error("a variable cannot have that name: {0}")]
    EnvName(String),

    /// The configuration cannot be understood.
    #[error("{}:{line}: {problem}", path.display())]
    Config {
        /// The configuration file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, without what stands there.
        problem: String,
    },

    /// No secret of the project has a variable.
    #[error("project {0} has no variables in the vault")]
    NoVariables(OwnerName),

    /// Two secrets claim one variable.
    #[error(transparent)]
    Clash(#[from] Clash),

    /// The consumer cannot be given a variable as it is.
    #[error(transparent)]
    Export(#[from] ExportError),

    /// There is no file for GitHub's runner to read.
    #[error("the format github needs GITHUB_ENV, which a step of GitHub Actions has")]
    GithubEnvMissing,

    /// Variables that make programs load or run something, or send them elsewhere.
    #[error("these variables change how programs run: {}", listed(.0))]
    DangerousNames(Vec<EnvName>),

    /// No environment variable can hold a NUL byte.
    #[error("the value of {0} holds a NUL byte, which no environment can carry")]
    NotForEnvironment(KeyPath),

    /// The values are more than can be looked for.
    #[error(transparent)]
    Needles(#[from] TooLarge),

    /// There is no git on the search path, and it is needed.
    #[error("there is no git on this machine's search path")]
    GitMissing,

    /// There is no git repository.
    #[error("{} is in no git work tree", if .0.as_os_str() == "." { "this directory".into() } else { .0.to_string_lossy() })]
    NotARepository(PathBuf),

    /// The hook cannot be given what `guard` puts into it.
    #[error("{}: {problem}", path.display())]
    Hook {
        /// The hook.
        path: PathBuf,
        /// Why not.
        problem: HookProblem,
    },

    /// git refused.
    #[error("git refuses: {0}")]
    Git(String),

    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    NoRandomness,

    /// Half done: something was changed, and the rest is missing.
    #[error(transparent)]
    Interrupted(Interrupted),
}

impl Error {
    /// An I/O error with what was tried and on what.
    pub fn io(action: &'static str, path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Io {
            action,
            path: path.to_owned(),
            source: source.into(),
        }
    }
}
