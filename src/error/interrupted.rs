//! Half done: what was changed, what finishes the rest, and what stopped it.
//!
//! There is one way to be half done. An operation records each change in its journal (see
//! `ops::session`); an error after the first recorded change becomes an [`Interrupted`]. So exit
//! code 3 follows from "something was changed", not from the kind of error.

use std::fmt;
use std::path::PathBuf;

use super::Error;
use super::words;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;

/// An operation that stopped after it had changed something.
#[derive(Debug)]
pub struct Interrupted {
    /// What was changed, in order. Never empty.
    pub done: Vec<Done>,
    /// What finishes the rest.
    pub finish: Finish,
    /// What stopped it.
    pub source: Box<Error>,
}

/// A change that was made before an operation stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// A version was stored in the vault.
    Stored {
        /// The secret, or the layout, as its entries name it.
        name: String,
        /// The version.
        version: Version,
    },
    /// Versions of a secret, or of a layout, were destroyed.
    Destroyed {
        /// The secret, or the layout, as its entries name it.
        name: String,
    },
    /// A file outside the vault was written, replaced or removed.
    File {
        /// The file.
        path: PathBuf,
    },
}

/// What finishes an operation that was interrupted. The front end turns it into a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finish {
    /// The same command again.
    Repeat,
    /// The same command again, which stores the rest of many secrets.
    StoreRest {
        /// How many of them are in the vault.
        stored: usize,
        /// How many there are.
        of: usize,
    },
    /// The same command again, which writes the rest of several files.
    WriteRest {
        /// How many files are written.
        written: usize,
        /// How many there are.
        of: usize,
    },
    /// Bringing the env file up to date with the vault.
    EnvFile {
        /// The secret.
        key_path: KeyPath,
        /// The version that is in the vault.
        version: Version,
        /// The env file.
        file: PathBuf,
        /// Whether the caller named the file, rather than the link.
        named: bool,
        /// Whether the version is a tombstone, so that the assignment must go.
        removal: bool,
    },
    /// Linking the project to its env file.
    Link {
        /// The project.
        project: OwnerName,
        /// The env file.
        file: PathBuf,
    },
    /// Moving the secret.
    Move {
        /// The old key path.
        from: KeyPath,
        /// The new key path.
        to: KeyPath,
    },
    /// Destroying the rest of the old versions.
    Prune {
        /// The secret.
        key_path: KeyPath,
        /// How many versions stay.
        keep: usize,
    },
    /// Storing a value again, because its version may not survive a power cut or does not read
    /// back.
    StoreAgain {
        /// The secret, or the layout, as its entries name it.
        name: String,
        /// The version.
        version: Version,
    },
    /// The same command again, because a file that it wrote may not survive a power cut.
    WriteAgain {
        /// The file.
        path: PathBuf,
    },
}

impl Interrupted {
    /// Returns `source` wrapped, or `source` itself if nothing was changed.
    ///
    /// What an interrupted `source` had done counts, too.
    pub fn wrap(mut done: Vec<Done>, finish: Finish, source: Error) -> Error {
        if let Error::Interrupted(inner) = &source {
            for one in &inner.done {
                if !done.contains(one) {
                    done.push(one.clone());
                }
            }
        }
        if done.is_empty() {
            return source;
        }
        Error::Interrupted(Self {
            done,
            finish,
            source: Box::new(source),
        })
    }

    /// The stable name of the error.
    pub(super) fn code(&self) -> &'static str {
        match &self.finish {
            Finish::Repeat | Finish::StoreRest { .. } => "not_finished",
            Finish::WriteRest { .. } => "agent_unfinished",
            Finish::EnvFile { .. } => "env_behind",
            Finish::Link { .. } => "link_unfinished",
            Finish::Move { .. } => "move_unfinished",
            Finish::Prune { .. } => "prune_unfinished",
            Finish::StoreAgain { .. } if matches!(*self.source, Error::ReadBack { .. }) => {
                "read_back"
            }
            Finish::StoreAgain { .. } => "vault_not_durable",
            Finish::WriteAgain { .. } => "config_not_durable",
        }
    }
}

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = &self.source;
        match &self.finish {
            Finish::Repeat => {
                let done: Vec<String> = self.done.iter().take(3).map(ToString::to_string).collect();
                let more = match self.done.len() {
                    0..=3 => String::new(),
                    count => format!(" and {} more changes", count - 3),
                };
                write!(f, "stopped after it {}{more}: {source}", done.join(", "))
            }
            Finish::StoreRest { stored, of } => write!(
                f,
                "{stored} of {of} secrets are in the vault, and then it stopped: {source}"
            ),
            Finish::WriteRest { written, of } => write!(
                f,
                "{written} of {of} files are written, and then it stopped: {source}"
            ),
            Finish::EnvFile {
                key_path,
                version,
                file,
                removal,
                ..
            } => {
                let behind = words::behind(key_path, *version, file, *removal);
                write!(f, "{behind}: {source}")
            }
            Finish::Link { project, file } => write!(
                f,
                "the vault and {} have it, but {project} could not be linked to that file: {source}",
                file.display()
            ),
            Finish::Move { from, to } => write!(
                f,
                "{to} is in the vault, but {from} is not removed yet: {source}"
            ),
            Finish::Prune { key_path, .. } => write!(
                f,
                "the old versions of {key_path} are not all destroyed: {source}"
            ),
            Finish::StoreAgain { .. } if matches!(**source, Error::ReadBack { .. }) => {
                write!(f, "{source}")
            }
            Finish::StoreAgain { name, version } => write!(
                f,
                "version {version} of {name} is in the vault but may not survive a power cut: {source}"
            ),
            Finish::WriteAgain { path } => write!(
                f,
                "{} is written but may not survive a power cut: {source}",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Interrupted {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stored { name, version } => write!(f, "stored version {version} of {name}"),
            Self::Destroyed { name } => write!(f, "destroyed old versions of {name}"),
            Self::File { path } => write!(f, "wrote {}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Class;

    fn stored(version: u32) -> Done {
        Done::Stored {
            name: "project/consilio/key".to_owned(),
            version: Version::new(version).unwrap(),
        }
    }

    #[test]
    fn an_error_before_the_first_change_stays_what_it_is() {
        let error = Interrupted::wrap(Vec::new(), Finish::Repeat, Error::NoRandomness);
        assert!(matches!(error, Error::NoRandomness));
        assert_eq!(error.class(), Class::Unchanged);
    }

    #[test]
    fn an_error_after_a_change_is_half_done_and_keeps_what_was_done_inside() {
        let inner = Interrupted::wrap(vec![stored(1)], Finish::Repeat, Error::NoRandomness);
        let outer = Interrupted::wrap(vec![stored(1), stored(2)], Finish::Repeat, inner);
        let Error::Interrupted(interrupted) = &outer else {
            panic!("{outer}");
        };
        assert_eq!(interrupted.done, [stored(1), stored(2)]);
        assert_eq!(outer.class(), Class::HalfDone);
        let inner_only = Interrupted::wrap(Vec::new(), Finish::Repeat, outer);
        assert_eq!(inner_only.class(), Class::HalfDone);
    }
}
