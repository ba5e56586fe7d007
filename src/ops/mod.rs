//! The operations: one file a verb, `Request` in, `Report` out.
//!
//! Invariants: an operation prints nothing, asks nothing and reads no environment; whatever it
//! needs to know comes in its [`Context`] and its request. A verb uses no other verb; what several
//! need lies in the private modules here. The order "vault, then env file" exists in one function,
//! `order::vault_then_env`. Reports hold no value (but `get`'s, which is asked for) and are the
//! `--json` output as they stand.

pub mod agent;
pub mod answers;
pub mod complete;
pub mod diff;
pub mod doctor;
pub mod export;
pub mod generate;
pub mod get;
mod git;
pub mod guard;
mod guests;
pub mod history;
pub mod hook;
pub mod import;
pub mod init;
mod layout;
pub mod link;
pub mod list;
pub mod log;
mod order;
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
pub mod set;
mod store;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod trail;
pub mod trust;
mod variables;
pub mod verify;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use crate::env_file::{Readers, detect_readers};
use crate::error::{self, EnvFileProblem, Error, Result};
use crate::model::entry::{Entry, Header, VaultId};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::secret::SecretBytes;
use crate::model::value::MaskKind;
use crate::model::version::Version;
use crate::storage::audit::{Actor, Event};
use crate::storage::config::Config;
use crate::storage::fs;
use crate::storage::seal::{self, Identity};
use crate::storage::state::State;
use crate::storage::vault::{Found, Listed, OpenVault, Vault, in_parallel};

/// Where everything is, who asks, and what an operation may do on the way.
pub struct Context<'a> {
    /// The vault's directory.
    pub vault: PathBuf,
    /// Where the identity comes from.
    pub identity: IdentitySource,
    /// The configuration file.
    pub config: PathBuf,
    /// What this machine remembers.
    pub state: State,
    /// How long to wait for a lock.
    pub wait: Duration,
    /// Who acts, for the entries and the audit trail.
    pub actor: Actor,
    /// The name of the first member of a vault that is made.
    pub member: String,
    /// Whether a first use may make a vault and an identity.
    pub may_create: bool,
    /// git, if there is one, as an absolute path. Looked for only when it is needed: the search
    /// path is long, and most commands never ask.
    pub git: LazyLock<Option<PathBuf>>,
    /// Told what happens meanwhile.
    pub notice: &'a (dyn Fn(Notice<'_>) + Sync),
}

/// Where the identity comes from.
#[derive(Debug, Clone)]
pub enum IdentitySource {
    /// A file as `age-keygen` writes it.
    File(PathBuf),
    /// The key itself.
    Key(SecretBytes),
}

/// Something that the user should hear while an operation runs.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice<'a> {
    /// A vault was made.
    VaultCreated {
        /// Its directory.
        vault: &'a Path,
    },
    /// An identity was made. Without it nothing in the vault can ever be read again.
    IdentityCreated {
        /// Its file.
        file: &'a Path,
    },
    /// Somebody else holds the lock.
    Waiting {
        /// For what.
        file: &'a Path,
    },
    /// An interrupted in-place write was finished.
    Recovered {
        /// The env file.
        file: &'a Path,
    },
    /// A read could not be noted in the audit trail.
    NotLogged {
        /// Why.
        error: &'a Error,
    },
    /// An env file has lost most of what it had.
    EnvFileLost {
        /// The project.
        project: &'a OwnerName,
    },
    /// An env file still has the value of a secret that was removed.
    StaysInEnv {
        /// The env file.
        file: &'a Path,
        /// The variable.
        name: &'a str,
    },
    /// A secret that has a variable changes, and its project is linked to no env file.
    NotLinked {
        /// The project.
        project: &'a OwnerName,
        /// The variable.
        name: &'a str,
    },
    /// A value was given that reads like what stands where a value is not.
    MayBeNoValue {
        /// What it reads like.
        kind: MaskKind,
    },
    /// The layout of an env file could not be kept.
    LayoutNotKept {
        /// The project.
        project: &'a OwnerName,
        /// Why.
        reason: &'a str,
    },
    /// One more of so many is done.
    Progress {
        /// How many are done.
        done: usize,
        /// Of how many.
        of: usize,
    },
}

impl Context<'_> {
    fn notice(&self, notice: Notice<'_>) {
        (self.notice)(notice);
    }

    fn now(&self) -> Timestamp {
        // Seconds are enough for people, and the header stays short.
        let now = Timestamp::now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    fn config(&self) -> Result<Config> {
        Config::load(&self.config)
    }

    fn open_vault(&self) -> Result<OpenVault> {
        let vault = Vault::open(&self.vault).map_err(|error| match error {
            Error::VaultMissing { path, .. } => Error::VaultMissing {
                was_here: self.knows_a_vault_here(),
                path,
            },
            error => error,
        })?;
        self.unlock(vault)
    }

    /// Whether this machine has seen a vault at this place.
    fn knows_a_vault_here(&self) -> bool {
        fs::resolve(&self.vault).is_ok_and(|place| self.state.id_at(&place).is_some())
    }

    fn unlock(&self, vault: Vault) -> Result<OpenVault> {
        let identities = self
            .identities()?
            .ok_or_else(|| Error::IdentityMissing(self.identity_path()))?;
        self.unlock_with(vault, &identities, &self.identity_origin())
    }

    /// Unlocks with these identities, which came from there.
    fn unlock_with(
        &self,
        vault: Vault,
        identities: &[Identity],
        origin: &str,
    ) -> Result<OpenVault> {
        let open = vault.unlock(identities, origin, &self.state)?;
        Ok(open.waiting(self.wait))
    }

    /// The identities; `None` if there is no identity file.
    fn identities(&self) -> Result<Option<Vec<Identity>>> {
        let broken = |problem| Error::IdentityBroken {
            file: self.identity_file().map(Path::to_owned),
            problem,
        };
        match &self.identity {
            IdentitySource::Key(key) => seal::parse_identity_file(key).map(Some).map_err(broken),
            IdentitySource::File(path) => match fs::read(path, 1 << 20)? {
                Some(file) => seal::parse_identity_file(&file).map(Some).map_err(broken),
                None => Ok(None),
            },
        }
    }

    /// The identity file; `None` if the key came by itself.
    fn identity_file(&self) -> Option<&Path> {
        match &self.identity {
            IdentitySource::File(path) => Some(path),
            IdentitySource::Key(_) => None,
        }
    }

    fn identity_origin(&self) -> String {
        error::identity(self.identity_file())
    }

    fn identity_path(&self) -> PathBuf {
        match &self.identity {
            IdentitySource::File(path) => path.clone(),
            IdentitySource::Key(_) => PathBuf::from("SECRETS_IDENTITY"),
        }
    }

    /// What a first use would have to make.
    fn first_use(&self) -> Result<FirstUse> {
        match self.look_for_first_use() {
            // Another run may have finished making the vault between two looks of ours.
            Err(error) => match Vault::find(&self.vault)? {
                Found::Vault(vault) => Ok(FirstUse::No(Box::new(vault))),
                _ => Err(error),
            },
            found => found,
        }
    }

    fn look_for_first_use(&self) -> Result<FirstUse> {
        let found = Vault::find(&self.vault)?;
        if let Found::Vault(vault) = found {
            return Ok(FirstUse::No(Box::new(vault)));
        }
        // A vault that was here and is gone (a disk that is not mounted) is not a first use.
        let missing = |was_here| Error::VaultMissing {
            path: self.vault.clone(),
            was_here,
        };
        let place = fs::resolve(&self.vault)?;
        if self.state.id_at(&place).is_some() {
            return Err(missing(true));
        }
        let identities = self.identities()?;
        // A first use that was stopped leaves the directory, which is made before the identity.
        let finishes_a_first_use =
            identities.is_some() && fs::is_dir(&self.vault) && !self.state.knows_a_vault();
        if identities.is_some() && !finishes_a_first_use {
            return Err(missing(false));
        }
        if identities.is_none() && matches!(found, Found::Unfinished) {
            return Err(Error::IdentityMissing(self.identity_path()));
        }
        if !self.may_create {
            return Err(Error::NotInitialised {
                vault: self.vault.clone(),
                identity: self.identity_path(),
            });
        }
        Ok(FirstUse::Yes)
    }

    /// [`create`](Self::create) for a write that follows: what cannot be logged does not happen, so
    /// where that is so nothing is made.
    fn create_to_write(&self) -> Result<OpenVault> {
        let state = self.state.dir();
        fs::make_dir_all_durable(state)?;
        if !fs::is_writable(state) {
            let denied = std::io::ErrorKind::PermissionDenied;
            return Err(Error::io("write to", state, denied));
        }
        self.create()
    }

    /// Makes whatever of identity and vault is missing. Safe to run twice, also at once.
    fn create(&self) -> Result<OpenVault> {
        fs::make_dir_all_durable(&self.vault)?;
        // A first use that was stopped may have made directories and not synced them.
        fs::sync_above(&self.vault)?;
        // The lock makes two first uses at the same moment agree on one vault.
        let _lock = fs::lock_dir(&self.vault, self.wait, || {
            self.notice(Notice::Waiting { file: &self.vault });
        })?;
        if let Found::Vault(vault) = Vault::find(&self.vault)? {
            return self.unlock(vault);
        }
        let identity = match self.identities()? {
            Some(identities) => identities,
            None => vec![self.create_identity()?],
        };
        let Some(identity) = identity.first() else {
            return Err(Error::IdentityMissing(self.identity_path()));
        };
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|_| Error::NoRandomness)?;
        let id = VaultId::new(id);
        let vault = Vault::create(&self.vault, &self.member, identity, id, &self.state)?;
        self.notice(Notice::VaultCreated { vault: &self.vault });
        Ok(vault.waiting(self.wait))
    }

    fn create_identity(&self) -> Result<Identity> {
        let path = self.identity_file().ok_or(Error::IdentityInEnvironment)?;
        let identity = Identity::generate();
        let file = seal::identity_file(&identity, &self.now().to_string());
        fs::make_dir_all_durable(fs::parent(path)?)?;
        if fs::publish_new(path, file.expose())? {
            fs::sync_above(path)?;
            self.notice(Notice::IdentityCreated { file: path });
            return Ok(identity);
        }
        // Somebody else made it at the same moment: theirs is the one that counts.
        let theirs = self.identities()?;
        theirs
            .and_then(|identities| identities.into_iter().next())
            .ok_or_else(|| Error::IdentityMissing(path.to_owned()))
    }

    /// The absolute path of an env file that somebody named: a file, or a directory that holds (or
    /// will hold) `.env`. The last part may be a link: it is kept as it is, so that whoever points
    /// it elsewhere later is followed. A directory that is itself called `.env` is a mistake (Docker
    /// makes one when it is told to mount a file that is not there) and is refused.
    fn env_file_at(&self, path: &Path) -> Result<PathBuf> {
        let is_called_env = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b".env"));
        let file = if fs::is_dir(path) && !is_called_env {
            path.join(".env")
        } else {
            path.to_owned()
        };
        // Says what is wrong with it, if anything is.
        fs::find_real(&file)?;
        match (file.parent(), file.file_name()) {
            (Some(dir), Some(name)) => {
                let dir = if dir.as_os_str().is_empty() {
                    Path::new(".")
                } else {
                    dir
                };
                Ok(fs::resolve(dir)?.join(name))
            }
            _ => fs::resolve(&file),
        }
    }

    /// The newest version of every secret of a project that was not removed, in order.
    fn live_secrets(
        &self,
        vault: &OpenVault,
        project: &OwnerName,
    ) -> Result<Vec<(KeyPath, Entry)>> {
        let (listed, _) = vault
            .vault()
            .list(|key_path| key_path.project() == Some(project))?;
        let entries = in_parallel(&listed, |one| {
            vault.check_not_rolled_back(&one.key_path, one.newest)?;
            vault.read_current(&one.key_path, one.newest)
        });
        live(listed, entries)
    }

    /// What was the newest version of every secret of a project at some moment.
    fn secrets_at(
        &self,
        vault: &OpenVault,
        project: &OwnerName,
        until: Timestamp,
    ) -> Result<Vec<(KeyPath, Entry)>> {
        let (listed, _) = vault
            .vault()
            .list(|key_path| key_path.project() == Some(project))?;
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

    /// Notes that a value was let out. What cannot be noted is read all the same, with a warning.
    fn note_read(&self, vault: &OpenVault, op: &str, key_path: &KeyPath, version: Version) {
        let name = key_path.to_string();
        let event = Event {
            op,
            key_path: Some(&name),
            version: Some(version),
            note: None,
        };
        if let Err(error) = vault.trail().append(&self.actor, event, false) {
            self.notice(Notice::NotLogged { error: &error });
        }
    }

    /// The readers of a project's env file: those that are configured, else those that its
    /// directory speaks of.
    fn readers(
        &self,
        config: &Config,
        project: Option<&OwnerName>,
        env_file: &Path,
    ) -> (Readers, ReadersFrom) {
        let configured = project
            .and_then(|project| config.project(project))
            .and_then(|project| project.readers);
        if let Some(readers) = configured {
            return (readers, ReadersFrom::Configuration);
        }
        let dir = env_file.parent().unwrap_or(Path::new("."));
        let files = project_files::read_below(dir);
        let files: Vec<(&str, &str)> = files
            .iter()
            .filter_map(|(path, text)| Some((path.as_str(), text.as_str()?)))
            .collect();
        (detect_readers(&files), ReadersFrom::Directory)
    }
}

/// What the failure of a change to somebody's file is: once the file is as it was to be (`None`: gone),
/// only its last sync has failed, which is not the same as nothing done.
fn unless_changed(file: &Path, wanted: Option<&[u8]>, source: Error) -> Error {
    let now = fs::read(file, fs::MAX_FILE);
    let is_changed = now.is_ok_and(|now| now.as_ref().map(SecretBytes::expose) == wanted);
    match is_changed {
        true => Error::ConfigNotDurable {
            path: file.to_owned(),
            source: Box::new(source),
        },
        false => source,
    }
}

/// Writes a new file for the user. One that is there is not replaced.
fn publish(path: &Path, bytes: &[u8]) -> Result<()> {
    if !fs::publish_new(path, bytes)? {
        return Err(Error::EnvFile {
            path: path.to_owned(),
            problem: EnvFileProblem::AlreadyThere,
        });
    }
    fs::sync_dir(fs::parent(path)?).map_err(|error| unless_changed(path, Some(bytes), error))
}

/// What asking for a tombstone gives.
fn removed(key_path: KeyPath, tombstone: &Header) -> Error {
    let moved_to = tombstone.moved_to.as_deref().map(KeyPath::parse);
    Error::EntryRemoved {
        key_path,
        version: tombstone.version,
        moved_to: moved_to.and_then(std::result::Result::ok),
    }
}

fn live(listed: Vec<Listed>, entries: Vec<Result<Entry>>) -> Result<Vec<(KeyPath, Entry)>> {
    let mut secrets = Vec::with_capacity(listed.len());
    for (one, entry) in listed.into_iter().zip(entries) {
        let entry = entry?;
        if !entry.header.removed {
            secrets.push((one.key_path, entry));
        }
    }
    Ok(secrets)
}

/// How the readers of an env file are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ReadersFrom {
    /// They are configured.
    Configuration,
    /// The files beside the env file speak of them.
    Directory,
}

enum FirstUse {
    No(Box<Vault>),
    Yes,
}
