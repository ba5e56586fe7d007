//! The first use on a machine: creating the vault and the identity on the way.
//!
//! Invariants: an identity that exists is never replaced, whatever its state. A vault that this
//! machine has seen and that is gone is an error, not a first use. Two first uses at the same
//! moment agree on one vault: both take the lock on its directory.

use super::{Notice, Session};
use crate::error::{Done, Error, Result};
use crate::model::entry::VaultId;
use crate::storage::fs;
use crate::storage::seal::{self, Identity};
use crate::storage::vault::{Found, OpenVault, Vault};

impl Session<'_> {
    /// The vault; `None` if the next write must create it (see
    /// [`create_to_write`](Self::create_to_write)).
    ///
    /// # Errors
    /// If there is no vault and none may be created.
    pub(super) fn vault_unless_first_use(&self) -> Result<Option<&OpenVault>> {
        let found = match self.probe_first_use() {
            // Another run may have finished creating the vault since.
            Err(error) => match Vault::find(&self.settings.vault_dir)? {
                Found::Vault(vault) => Some(vault),
                _ => return Err(error),
            },
            Ok(found) => found,
        };
        found.map(|vault| self.unlock(vault)).transpose()
    }

    fn probe_first_use(&self) -> Result<Option<Vault>> {
        let dir = &self.settings.vault_dir;
        let found = Vault::find(dir)?;
        if let Found::Vault(vault) = found {
            return Ok(Some(vault));
        }
        // A vault that was here and is gone (a disk that is not mounted) is not a first use.
        let missing = |was_here| Error::VaultMissing {
            path: dir.clone(),
            was_here,
        };
        let place = fs::resolve(dir)?;
        if self.state().id_at(&place).is_some() {
            return Err(missing(true));
        }
        let identities = self.identities()?;
        // A first use that was stopped leaves the directory, which is created before the identity.
        let finishes_a_first_use =
            identities.is_some() && fs::is_dir(dir) && !self.state().knows_a_vault();
        if identities.is_some() && !finishes_a_first_use {
            return Err(missing(false));
        }
        if identities.is_none() && matches!(found, Found::Unfinished) {
            return Err(Error::IdentityMissing(self.identity_path()));
        }
        if !self.settings.may_create {
            return Err(Error::NotInitialised {
                vault: dir.clone(),
                identity: self.identity_path(),
            });
        }
        Ok(None)
    }

    /// Creates what is missing of vault and identity, for a write that follows. What cannot be
    /// recorded in the audit trail is not written, so nothing is created where the state directory
    /// cannot be written to.
    pub(super) fn create_to_write(&self) -> Result<&OpenVault> {
        let state = self.state().dir();
        fs::make_dir_all_durable(state)?;
        if !fs::is_writable(state) {
            let denied = std::io::ErrorKind::PermissionDenied;
            return Err(Error::io("write to", state, denied));
        }
        self.create()
    }

    /// Creates what is missing of identity and vault. Safe to run twice, also at once.
    pub(super) fn create(&self) -> Result<&OpenVault> {
        let dir = &self.settings.vault_dir;
        fs::make_dir_all_durable(dir)?;
        // A first use that was stopped may have created directories and not synced them.
        fs::sync_above(dir)?;
        let _lock = fs::lock_dir(dir, self.settings.wait, || {
            self.notice(Notice::Waiting { file: dir });
        })?;
        if let Found::Vault(vault) = Vault::find(dir)? {
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
        let vault = Vault::create(dir, &self.settings.member, identity, id, self.state())?;
        self.record(Done::File {
            path: dir.join("vault.toml"),
        });
        self.notice(Notice::VaultCreated { vault: dir });
        Ok(self.keep(
            vault
                .waiting(self.settings.wait)
                .within(self.settings.reach.clone()),
        ))
    }

    /// Creates an identity and its file.
    pub(super) fn create_identity(&self) -> Result<Identity> {
        let path = self.identity_file().ok_or(Error::IdentityInEnvironment)?;
        let identity = Identity::generate();
        let file = seal::identity_file(&identity, &self.now().to_string());
        fs::make_dir_all_durable(fs::parent(path)?)?;
        if fs::publish_new(path, file.expose())? {
            self.record(Done::File {
                path: path.to_owned(),
            });
            fs::sync_above(path)?;
            self.notice(Notice::IdentityCreated { file: path });
            return Ok(identity);
        }
        // Another process created it at the same moment: that one counts.
        let theirs = self.identities()?;
        theirs
            .and_then(|identities| identities.into_iter().next())
            .ok_or_else(|| Error::IdentityMissing(path.to_owned()))
    }
}
