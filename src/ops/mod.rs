//! The operations: one file a verb, `Request` in, `Report` out.
//!
//! Invariants: an operation prints nothing, asks nothing and reads no environment; it finds what it
//! needs in its [`Session`] and its request. A verb uses no other verb; what several need lies in
//! the private modules here. The order "vault, then env file" exists in one function,
//! `order::vault_then_env`. Reports hold no value (except `get`'s, which is asked for) and are the
//! `--json` output as they are.
//!
//! | module | what several verbs share |
//! |---|---|
//! | [`session`] | where everything is, the unlocked vault, the journal of changes |
//! | `first_use` | creating vault and identity on the way |
//! | `order` | the vault first, the env file second |
//! | `target` | which env file a secret goes to |
//! | `places` | which paths are our own, and where links lead |
//! | `shared` | secrets of others in a project's env file |
//! | `layout` | what an env file looks like, for `restore` |
//! | `store` | `set`, `generate`, `rotate` and `rollback`: one value of one secret |
//! | `variables` | the variables of a project, for `run` and `export` |
//! | `git`, `trail` | what git and the audit trail say |

pub mod accept;
pub mod agent;
pub mod answers;
pub mod complete;
pub mod diff;
pub mod doctor;
pub mod edit;
pub mod export;
mod first_use;
pub mod generate;
pub mod get;
mod git;
pub mod guard;
pub mod history;
pub mod hook;
pub mod import;
pub mod init;
mod layout;
pub mod link;
pub mod list;
pub mod log;
mod notice;
mod order;
mod places;
mod project_files;
pub mod prune;
pub mod recovery;
pub mod remove;
pub mod rename;
pub mod restore;
pub mod rollback;
pub mod rotate;
pub mod run;
pub mod scan;
pub mod session;
pub mod set;
mod shared;
pub mod show;
mod store;
mod target;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trail;
pub mod trust;
mod variables;
pub mod verify;

pub use notice::Notice;
pub use session::{IdentitySource, Session, Settings};
pub use target::ReadersFrom;

use std::path::Path;

use jiff::Timestamp;

use crate::error::{Done, EnvFileProblem, Error, Finish, Interrupted, Result};
use crate::model::entry::{Entry, Header};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::storage::fs;
use crate::storage::vault::{OpenVault, in_parallel};

/// A secret and its newest version.
type Secret = (KeyPath, Entry);

/// The live secrets of a project.
#[derive(Default)]
struct Readable {
    secrets: Vec<Secret>,
    damaged: Vec<Damaged>,
}

/// A secret whose newest version cannot be read.
struct Damaged {
    key_path: KeyPath,
    /// The newest version that can.
    older: Option<Entry>,
    error: Error,
}

impl Readable {
    /// All of them, damaged ones as their older versions have them.
    fn with_damaged(mut self) -> Vec<Secret> {
        let older = self.damaged.into_iter().filter_map(|one| {
            let entry = one.older.filter(|entry| !entry.header.removed)?;
            Some((one.key_path, entry))
        });
        self.secrets.extend(older);
        self.secrets
    }
}

impl Session<'_> {
    /// The newest version of every live secret of a project, in order.
    fn live_secrets(&self, project: &OwnerName) -> Result<Vec<Secret>> {
        self.check_project(project)?;
        let Readable { secrets, damaged } = self.readable_secrets(self.vault()?, project)?;
        match damaged.into_iter().next() {
            None => Ok(secrets),
            Some(damaged) => Err(damaged.error),
        }
    }

    /// The live secrets of a project, for a view of them: of one that cannot be read its newest
    /// version that can, with a warning.
    fn listed_secrets(&self, project: &OwnerName) -> Result<Vec<Secret>> {
        self.check_project(project)?;
        let readable = self.readable_secrets(self.vault()?, project)?;
        for damaged in &readable.damaged {
            self.notice(Notice::Unreadable {
                error: &damaged.error,
            });
        }
        Ok(readable.with_damaged())
    }

    /// Fails if a secret that this machine has seen, and that `wanted` accepts, is gone from the
    /// vault: who acts on all secrets of a project must not act on fewer without a word.
    fn check_none_gone(&self, wanted: impl Fn(&KeyPath) -> bool) -> Result<()> {
        let vault = self.vault()?;
        match vault.gone(wanted)?.into_iter().next() {
            None => Ok(()),
            Some((key_path, seen)) => Err(Error::Gone { key_path, seen }),
        }
    }

    /// Warns of secrets that this machine has seen and that are gone from the vault.
    fn warn_of_gone(&self, wanted: impl Fn(&KeyPath) -> bool) -> Result<()> {
        for (key_path, _) in self.vault()?.gone(wanted)? {
            self.notice(Notice::Gone {
                key_path: &key_path,
            });
        }
        Ok(())
    }

    /// The live secrets of a project that can be read, and those that cannot, as this vault lets
    /// them be seen.
    fn readable_secrets(&self, vault: &OpenVault, project: &OwnerName) -> Result<Readable> {
        let (listed, _) = vault.list(|key_path| key_path.project() == Some(project))?;
        let entries = in_parallel(&listed, |one| {
            vault.check_not_rolled_back(&one.key_path, Some(one.newest))?;
            vault.read_current(&one.key_path, one.newest)
        });
        let mut readable = Readable::default();
        for (one, entry) in listed.into_iter().zip(entries) {
            match entry {
                Ok(entry) if entry.header.removed => {}
                Ok(entry) => readable.secrets.push((one.key_path, entry)),
                Err(error @ Error::Entry { .. }) => {
                    let older = vault.read_newest_intact(&one.key_path);
                    readable.damaged.push(Damaged {
                        older: older.ok().and_then(|newest| newest.entry),
                        key_path: one.key_path,
                        error,
                    });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(readable)
    }

    /// The version of each secret of a project that was the newest at `until`; tombstones are left
    /// out.
    fn secrets_at(&self, project: &OwnerName, until: Timestamp) -> Result<Vec<Secret>> {
        let vault = self.vault()?;
        let (listed, _) = vault.list(|key_path| key_path.project() == Some(project))?;
        let mut secrets = Vec::new();
        for one in listed {
            for version in vault.vault().versions(&one.key_path)?.into_iter().rev() {
                let entry = vault.read(&one.key_path, version)?;
                if entry.header.created <= until {
                    if !entry.header.removed {
                        secrets.push((one.key_path, entry));
                    }
                    break;
                }
            }
        }
        Ok(secrets)
    }

    /// Writes a new file for the user. An existing file is not replaced.
    fn publish(&self, path: &Path, bytes: &[u8]) -> Result<()> {
        if !fs::publish_new(path, bytes)? {
            return Err(Error::EnvFile {
                path: path.to_owned(),
                problem: EnvFileProblem::AlreadyThere,
            });
        }
        let synced = fs::sync_dir(fs::parent(path)?);
        self.changed_file(path, Some(bytes), synced)
    }

    /// Records the change of a file outside of the vault, and passes its result on.
    ///
    /// A failure after the file has become `wanted` (`None`: it is gone) is a failure of its last
    /// sync: the file was changed all the same.
    fn changed_file<T>(&self, path: &Path, wanted: Option<&[u8]>, result: Result<T>) -> Result<T> {
        let done = || Done::File {
            path: path.to_owned(),
        };
        match result {
            Ok(value) => {
                self.record(done());
                Ok(value)
            }
            Err(source) => {
                let now = fs::read(path, fs::MAX_FILE);
                let is_changed =
                    now.is_ok_and(|now| now.as_ref().map(SecretBytes::expose) == wanted);
                if !is_changed {
                    return Err(source);
                }
                self.record(done());
                let finish = Finish::WriteAgain {
                    path: path.to_owned(),
                };
                Err(Interrupted::wrap(vec![done()], finish, source))
            }
        }
    }
}

/// The error for reading a removed secret.
fn removed_error(key_path: KeyPath, tombstone: &Header) -> Error {
    let moved_to = tombstone.moved_to.as_deref().map(KeyPath::parse);
    Error::EntryRemoved {
        key_path,
        version: tombstone.version,
        moved_to: moved_to.and_then(std::result::Result::ok),
    }
}
