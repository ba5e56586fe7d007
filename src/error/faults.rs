//! What is wrong with an entry, with an env file, with a git hook.

use std::fmt;
use std::path::PathBuf;

use crate::env_file::NotEnvFile;

/// Why a file is not taken for an env file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvFileProblem {
    /// A directory, a device, a socket.
    #[error("this is not a regular file")]
    NotAFile,
    /// A symlink leads to a file of another user.
    #[error("this link leads to a file that belongs to somebody else")]
    NotOurs,
    /// A symlink leads nowhere.
    #[error("this link leads to a file that does not exist")]
    DanglingLink,
    /// Larger than any env file.
    #[error("this file is larger than {0} MiB")]
    TooLarge(usize),
    /// It kept changing while it was being patched.
    #[error("another program keeps writing this file")]
    KeepsChanging,
    /// It was written, but does not hold what was written.
    #[error("this file does not read back as it was written")]
    ReadBack,
    /// A new file was to be written, and there is one.
    #[error("there is a file already")]
    AlreadyThere,
    /// It does not exist, and is needed.
    #[error("there is no such env file")]
    Absent,
    /// It was changed while its values were being stored.
    #[error("this file was changed meanwhile")]
    Changed,
    /// Its directory does not exist.
    #[error("the directory of this file does not exist")]
    NoDirectory,
    /// It is one of this program's own files.
    #[error("this leads to {0}")]
    Own(OwnPlace),
    /// A symbolic link leads out of the project's directory, and not to where it led when the
    /// project was linked.
    #[error("this link now leads to {}", .0.display())]
    LeadsAway(PathBuf),
    /// git tracks it, so every clone would get the value.
    #[error("git tracks this file, so a commit would publish the value")]
    Tracked,
    /// It has content that is not an env file's.
    #[error("this is not an env file: {0}")]
    NotEnvFile(NotEnvFile),
}

/// What belongs to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnPlace {
    /// The vault's directory.
    Vault,
    /// The state directory.
    State,
    /// The identity file.
    Identity,
    /// The configuration file.
    Configuration,
}

impl fmt::Display for OwnPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Vault => "the vault",
            Self::State => "the state directory of secrets",
            Self::Identity => "the identity file",
            Self::Configuration => "the configuration of secrets",
        })
    }
}

impl EnvFileProblem {
    /// The stable name of this problem.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAFile => "env_not_a_file",
            Self::NotOurs => "env_not_ours",
            Self::DanglingLink => "env_dangling_link",
            Self::TooLarge(_) => "env_too_large",
            Self::KeepsChanging => "env_keeps_changing",
            Self::ReadBack => "env_read_back",
            Self::AlreadyThere => "env_already_there",
            Self::Absent => "env_absent",
            Self::Changed => "env_changed",
            Self::NoDirectory => "env_no_directory",
            Self::Own(_) => "env_own_file",
            Self::LeadsAway(_) => "env_leads_away",
            Self::Tracked => "env_tracked",
            Self::NotEnvFile(_) => "env_not_an_env_file",
        }
    }
}

/// Why a git hook is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HookProblem {
    /// Another program makes it.
    #[error("this hook is managed by {0}")]
    Managed(&'static str),
    /// It is for another interpreter.
    #[error("this hook is not a script for a shell")]
    NotAShellScript,
    /// It is a program.
    #[error("this hook is not text")]
    NotText,
    /// git does not run it.
    #[error("this hook is not executable, so git does not run it")]
    NotExecutable,
}

impl HookProblem {
    /// The stable name of this problem.
    pub fn code(self) -> &'static str {
        match self {
            Self::Managed(_) => "hook_managed",
            Self::NotAShellScript => "hook_not_a_script",
            Self::NotText => "hook_not_text",
            Self::NotExecutable => "hook_not_executable",
        }
    }
}
