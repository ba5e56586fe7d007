//! The session: one run of an operation for one caller.
//!
//! Owns: where everything is, who acts, the unlocked vault, the configuration, and the journal of
//! what was changed. Every operation gets a [`Session`] and finds everything through it.
//!
//! Invariants:
//! - The vault is unlocked once and the configuration is read once, however many steps an
//!   operation has. One unlock is one prompt, where an identity has a passphrase.
//! - Every change outside of this machine's memory is recorded (`Session::record`) when it is made.
//!   [`Session::conclude`] turns an error after the first recorded change into
//!   [`Error::Interrupted`], so that a new kind of error cannot claim that nothing was changed.
//! - The caller's [`Reach`] is asked here and by the vault that this session unlocks, not by single
//!   verbs.
//!
//! Limits: one vault a session. A vault for each group of projects fits in here: everything asks
//! for the vault through `Session::vault`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::{Notice, places};
use crate::error::{self, Done, Error, Finish, Interrupted, Result};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::audit::{Actor, Event};
use crate::storage::config::{self, Config};
use crate::storage::fs;
use crate::storage::seal::{self, Identity};
use crate::storage::state::State;
use crate::storage::vault::{OpenVault, Vault};

/// What a front end decides before it runs an operation.
pub struct Settings<'a> {
    /// The vault's directory.
    pub vault_dir: PathBuf,
    /// Where the identity comes from.
    pub identity: IdentitySource,
    /// The configuration file.
    pub config_file: PathBuf,
    /// What this machine remembers.
    pub state: State,
    /// How long to wait for a lock.
    pub wait: Duration,
    /// Who acts, for the entries and the audit trail.
    pub actor: Actor,
    /// The name of the first member of a new vault.
    pub member: String,
    /// Whether a first write may create a vault and an identity.
    pub may_create: bool,
    /// What the caller may touch.
    pub reach: Reach,
    /// git, if there is one, as an absolute path. Looked up only when it is needed: the search
    /// path is long, and most commands never ask.
    pub git: LazyLock<Option<PathBuf>>,
    /// Receives what the user should hear while an operation runs.
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

/// One run of an operation for one caller.
pub struct Session<'a> {
    /// What the front end decided.
    pub settings: Settings<'a>,
    vault: OnceLock<OpenVault>,
    config: Mutex<Option<Arc<Config>>>,
    journal: Mutex<Vec<Done>>,
}

impl<'a> Session<'a> {
    /// Creates a session. Nothing is read yet.
    pub fn new(settings: Settings<'a>) -> Self {
        Self {
            settings,
            vault: OnceLock::new(),
            config: Mutex::default(),
            journal: Mutex::default(),
        }
    }
}

impl Session<'_> {
    pub(super) fn notice(&self, notice: Notice<'_>) {
        (self.settings.notice)(notice);
    }

    /// The present moment, in whole seconds: enough for people, and the headers stay short.
    pub(super) fn now(&self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// Who acts.
    pub(super) fn actor(&self) -> &Actor {
        &self.settings.actor
    }

    /// What this machine remembers.
    pub(super) fn state(&self) -> &State {
        &self.settings.state
    }

    /// The configuration, read at the first call and again after a change by this session.
    pub(super) fn config(&self) -> Result<Arc<Config>> {
        let mut config = self.config.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(config) = &*config {
            return Ok(Arc::clone(config));
        }
        let loaded = Arc::new(Config::load(&self.settings.config_file)?);
        *config = Some(Arc::clone(&loaded));
        Ok(loaded)
    }

    /// Changes the configuration file, records the change and forgets what was read of it.
    pub(super) fn edit_config<R>(
        &self,
        edit: impl FnOnce(&Path, Duration) -> Result<config::Edited<R>>,
    ) -> Result<R> {
        let path = &self.settings.config_file;
        let edited = edit(path, self.settings.wait)?;
        if edited.changed {
            self.record(Done::File { path: path.clone() });
        }
        *self.config.lock().unwrap_or_else(PoisonError::into_inner) = None;
        Ok(edited.result)
    }

    /// Links a project to an env file. Returns the file that it was linked to before.
    pub(super) fn link(
        &self,
        project: &OwnerName,
        file: &Path,
        allow_tracked: bool,
    ) -> Result<Option<PathBuf>> {
        let target = places::target_outside(file)?;
        let link = config::NewLink {
            file,
            target: target.as_deref(),
            allow_tracked,
        };
        self.edit_config(|config, wait| config::link(config, project, link, wait))
    }

    /// The vault, unlocked at the first call.
    ///
    /// # Errors
    /// If there is no vault, if no identity opens it, or if it is not the one that this machine
    /// remembers.
    pub(super) fn vault(&self) -> Result<&OpenVault> {
        if let Some(vault) = self.vault.get() {
            return Ok(vault);
        }
        let vault = Vault::open(&self.settings.vault_dir).map_err(|error| match error {
            Error::VaultMissing { path, .. } => Error::VaultMissing {
                was_here: self.remembers_vault_here(),
                path,
            },
            error => error,
        })?;
        self.unlock(vault)
    }

    /// Unlocks a vault that was found, and keeps it for this session.
    pub(super) fn unlock(&self, vault: Vault) -> Result<&OpenVault> {
        if let Some(vault) = self.vault.get() {
            return Ok(vault);
        }
        let identities = self
            .identities()?
            .ok_or_else(|| Error::IdentityMissing(self.identity_path()))?;
        let vault = self.unlock_with(vault, &identities, &self.identity_origin())?;
        Ok(self.keep(vault))
    }

    /// Keeps an unlocked vault for this session.
    pub(super) fn keep(&self, vault: OpenVault) -> &OpenVault {
        self.vault.get_or_init(|| vault)
    }

    /// Unlocks with these identities. `origin` says in errors where they came from.
    pub(super) fn unlock_with(
        &self,
        vault: Vault,
        identities: &[Identity],
        origin: &str,
    ) -> Result<OpenVault> {
        let open = vault.unlock(identities, origin, self.state())?;
        Ok(open
            .waiting(self.settings.wait)
            .within(self.settings.reach.clone()))
    }

    /// Whether this machine has seen a vault at this place.
    fn remembers_vault_here(&self) -> bool {
        fs::resolve(&self.settings.vault_dir)
            .is_ok_and(|place| self.state().id_at(&place).is_some())
    }

    /// The identities; `None` if there is no identity file.
    pub(super) fn identities(&self) -> Result<Option<Vec<Identity>>> {
        let broken = |problem| Error::IdentityBroken {
            file: self.identity_file().map(Path::to_owned),
            problem,
        };
        match &self.settings.identity {
            IdentitySource::Key(key) => seal::parse_identity_file(key).map(Some).map_err(broken),
            IdentitySource::File(path) => match fs::read(path, 1 << 20)? {
                Some(file) => seal::parse_identity_file(&file).map(Some).map_err(broken),
                None => Ok(None),
            },
        }
    }

    /// The identity file; `None` if the key itself was given.
    pub(super) fn identity_file(&self) -> Option<&Path> {
        match &self.settings.identity {
            IdentitySource::File(path) => Some(path),
            IdentitySource::Key(_) => None,
        }
    }

    pub(super) fn identity_origin(&self) -> String {
        error::identity(self.identity_file())
    }

    pub(super) fn identity_path(&self) -> PathBuf {
        match &self.settings.identity {
            IdentitySource::File(path) => path.clone(),
            IdentitySource::Key(_) => PathBuf::from("SECRETS_IDENTITY"),
        }
    }

    /// Refuses a project that the caller may not touch.
    pub(super) fn check_project(&self, project: &OwnerName) -> Result<()> {
        match self.settings.reach.allows_project(project) {
            true => Ok(()),
            false => Err(Error::OutOfReach {
                what: format!("project {project}"),
            }),
        }
    }

    /// Refuses a secret that the caller may not touch.
    pub(super) fn check_key_path(&self, key_path: &KeyPath) -> Result<()> {
        match self.settings.reach.allows(key_path) {
            true => Ok(()),
            false => Err(Error::OutOfReach {
                what: key_path.to_string(),
            }),
        }
    }

    /// Adds a change to the journal.
    pub(super) fn record(&self, done: Done) {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.push(done);
    }

    /// Takes a change out of the journal, after it was undone.
    pub(super) fn record_undone(&self, undone: &Done) {
        let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.retain(|done| done != undone);
    }

    /// What was changed so far.
    pub(super) fn done(&self) -> Vec<Done> {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        journal.clone()
    }

    /// Whether anything was changed outside of this machine's memory.
    pub fn has_changes(&self) -> bool {
        let journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
        !journal.is_empty()
    }

    /// Returns `source` as what it is to the caller: [`Error::Interrupted`] if anything was
    /// changed, with what finishes the rest; else `source` itself.
    pub(super) fn interrupted(&self, finish: Finish, source: Error) -> Error {
        Interrupted::wrap(self.done(), finish, source)
    }

    /// Wraps an error that occurs when the vault has this version already, stored now or before.
    pub(super) fn after_vault_error(
        &self,
        key_path: &KeyPath,
        version: Version,
        finish: Finish,
        source: Error,
    ) -> Error {
        let mut done = self.done();
        let stored = Done::Stored {
            name: key_path.to_string(),
            version,
        };
        if !done.contains(&stored) {
            done.push(stored);
        }
        Interrupted::wrap(done, finish, source)
    }

    /// Concludes an operation: an error after a change is half done, whatever it is.
    ///
    /// Both front ends pass the error of an operation through here, or ask
    /// [`has_changes`](Self::has_changes).
    pub fn conclude<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|error| match error.is_half_done() {
            true => error,
            false => self.interrupted(Finish::Repeat, error),
        })
    }

    /// Records in the audit trail that a value was revealed. What cannot be recorded is read all
    /// the same, with a warning.
    pub(super) fn note_read(&self, op: &str, key_path: &KeyPath, version: Version) {
        let name = key_path.to_string();
        let event = Event {
            op,
            key_path: Some(&name),
            version: Some(version),
            note: None,
        };
        let noted = self
            .vault()
            .and_then(|vault| vault.trail().append(self.actor(), event, false));
        if let Err(error) = noted {
            self.notice(Notice::NotLogged { error: &error });
        }
    }
}
