//! The vault: a directory of immutable, sealed versions. Format 1, see `docs/vault-format.md`.
//!
//! Owns: the manifest, making and opening a vault, what this machine remembers of it. Its parts:
//!
//! | module | what it owns |
//! |---|---|
//! | `store` | its files: reading, listing, creating, removing |
//! | `key` | its keys, and the files in `keys/` that hold them |
//! | `slot` | where versions lie, and their numbers |
//! | `writing` | storing and destroying versions |
//! | `reading` | the checks on reading |
//! | `catalog` | what is in it, over a predicate |
//! | `stray` | what does not belong in it |
//! | `layouts` | layouts of env files |
//! | `members` | adding and removing those who can open it |
//!
//! Invariants: a version is immutable; a number is taken by creating a file under a name that must
//! be free; nothing of an entry is used before all checks have passed.
//!
//! Limits: `vault.toml` and the names of secrets are not secret. Who can write to the directory
//! can delete; only a machine that has seen the newer version notices.

mod catalog;
mod key;
mod layouts;
mod members;
mod parallel;
mod reading;
mod slot;
mod store;
mod stray;
#[cfg(test)]
mod tests;
mod writing;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

pub use catalog::Listed;
pub use key::{MemberFile, OddKeyFile};
pub use members::is_member_name;
pub(crate) use parallel::in_parallel;
pub use reading::Newest;
pub use slot::entry_at;
pub(crate) use slot::layout_name;
pub use stray::{Stray, StrayKind};
pub use writing::Draft;

use crate::error::{Error, Result};
use crate::model::entry::VaultId;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::storage::audit::Trail;
use crate::storage::env_disk::MAX_ENV_FILE;
use crate::storage::seal::{self, Identity, Recipient};
use crate::storage::state::State;
use key::{KeyRing, VaultKey, key_file};
use members::seal_key;
use reading::Opened;
use store::Store;

const MANIFEST: &str = "vault.toml";
const ATTRIBUTES: &str = ".gitattributes";
const KEYS: &str = "keys";
const ENTRIES: &str = "entries";
const LAYOUTS: &str = "layouts";
/// Most bytes of a layout: an env file and the names of its secrets.
pub(crate) const MAX_LAYOUT: usize = MAX_ENV_FILE + (1 << 20);
const MAX_KEY_FILE: usize = 64 << 10;
const MAX_MANIFEST: usize = 4096;

/// A vault whose manifest was read; names can be listed, values not.
#[derive(Debug, Clone)]
pub struct Vault {
    store: Store,
    id: VaultId,
}

/// A vault whose key was opened.
#[derive(Debug)]
pub struct OpenVault {
    vault: Vault,
    keys: KeyRing,
    state: State,
    /// Whether the vault is the one that this machine remembers. What is read from any other is
    /// not remembered.
    trusted: AtomicBool,
    trail: Trail,
    /// Members that can open it: the names of `keys/`.
    members: Vec<String>,
    opened: Opened,
    /// What the caller may touch.
    reach: Reach,
}

/// What a directory is, as far as a vault goes.
#[derive(Debug)]
pub enum Found {
    /// A vault.
    Vault(Vault),
    /// Nothing of a vault is there.
    Nothing,
    /// A vault that somebody began to make, or that lost its manifest.
    Unfinished,
}

impl Vault {
    /// Looks at what is in a directory.
    pub fn find(dir: &Path) -> Result<Found> {
        let Some(store) = Store::open(dir)? else {
            return Ok(Found::Nothing);
        };
        if let Some(manifest) = store.get(MANIFEST, MAX_MANIFEST)? {
            let id = parse_manifest(dir, &manifest)?;
            return Ok(Found::Vault(Self { store, id }));
        }
        for part in [KEYS, ENTRIES] {
            if store.kind(part)?.is_some() {
                return Ok(Found::Unfinished);
            }
        }
        Ok(Found::Nothing)
    }

    /// Opens an existing vault.
    pub fn open(dir: &Path) -> Result<Self> {
        match Self::find(dir)? {
            Found::Vault(vault) => Ok(vault),
            Found::Nothing => Err(Error::VaultMissing {
                path: dir.to_owned(),
                was_here: false,
            }),
            Found::Unfinished => Err(damaged(dir, "it has no vault.toml")),
        }
    }

    /// Makes a vault, or finishes one that an earlier run began. The manifest comes last: a
    /// directory is a vault only when everything else is there.
    ///
    /// The caller holds the lock on the directory, which exists.
    pub fn create(
        dir: &Path,
        member: &str,
        identity: &Identity,
        id: VaultId,
        state: &State,
    ) -> Result<OpenVault> {
        let Some(store) = Store::open(dir)? else {
            return Err(Error::VaultMissing {
                path: dir.to_owned(),
                was_here: false,
            });
        };
        if store_holds_secrets(&store)? {
            // They carry the id that is lost: under a new one none of them would ever be read.
            return Err(damaged(dir, "it holds secrets and has lost its vault.toml"));
        }
        for part in ["keys", "entries/project", "entries/meta"] {
            store.make_dirs("", part)?;
        }
        // Opening the key before the manifest is written proves that it can be opened.
        let unfinished = Self { store, id };
        let store = &unfinished.store;
        if unfinished.members()?.is_empty() {
            let vault_identity = Identity::generate();
            let sealed = seal_key(dir, &vault_identity, &identity.recipient())?;
            if !store.create(&key_file(member), &sealed)? {
                return Err(damaged(dir, "a key file appeared while the vault was made"));
            }
            store.make_durable(KEYS)?;
        }
        let _made = store.create(ATTRIBUTES, b"*.age binary\n")?;
        unfinished.open_key(std::slice::from_ref(identity), "just made", |_| true)?;
        let manifest = format!("format = 1\nid = \"{}\"\n", unfinished.id);
        let made = store.create(MANIFEST, manifest.as_bytes())?;
        store.make_durable("")?;
        if !made {
            return Err(damaged(dir, "vault.toml appeared while the vault was made"));
        }
        Self::open(dir)?.unlock(std::slice::from_ref(identity), "just made", state)
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        self.store.dir()
    }

    /// The id.
    pub fn id(&self) -> &VaultId {
        &self.id
    }

    /// Opens the vault's key with one of the identities, and checks it against what this machine
    /// remembers of the vault.
    ///
    /// `origin` says in errors where the identities came from.
    pub fn unlock(self, identities: &[Identity], origin: &str, state: &State) -> Result<OpenVault> {
        let pinned = state.fingerprint(&self.id);
        let is_pinned =
            |key: &VaultKey| pinned.as_deref().is_none_or(|pin| pin == key.fingerprint());
        let (key, members) = self.open_key(identities, origin, is_pinned)?;
        let open = self.opened(key, members, state);
        open.check_pins(pinned.as_deref())?;
        open.set_trusted();
        Ok(open)
    }

    /// [`unlock`](Self::unlock) without a look at what this machine remembers, for those who must
    /// see a vault that it does not trust. Nothing that is read this way may be used as a value.
    pub fn unlock_untrusted(
        self,
        identities: &[Identity],
        origin: &str,
        state: &State,
    ) -> Result<OpenVault> {
        let pinned = state.fingerprint(&self.id);
        let is_pinned =
            |key: &VaultKey| pinned.as_deref().is_none_or(|pin| pin == key.fingerprint());
        let (key, members) = self.open_key(identities, origin, is_pinned)?;
        Ok(self.opened(key, members, state))
    }

    fn opened(self, key: VaultKey, members: Vec<String>, state: &State) -> OpenVault {
        OpenVault {
            trail: Trail::new(&state.trail_dir(&self.id), key.log_mac().clone()),
            vault: self,
            keys: KeyRing::new(key),
            trusted: AtomicBool::new(false),
            opened: Opened::default(),
            state: state.clone(),
            members,
            reach: Reach::EVERYTHING,
        }
    }
}

impl OpenVault {
    /// The same vault, whose audit trail waits this long for other writers.
    #[must_use]
    pub fn waiting(mut self, wait: Duration) -> Self {
        self.trail = self.trail.waiting(wait);
        self
    }

    /// The same vault for a caller that may touch only this.
    #[must_use]
    pub fn within(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// The same vault without a reach, for checks that concern secrets which the caller may not
    /// touch. Nothing that is read this way may be shown.
    #[must_use]
    pub fn unrestricted(&self) -> Self {
        Self {
            vault: self.vault.clone(),
            keys: self.keys.clone(),
            state: self.state.clone(),
            trusted: AtomicBool::new(self.trusted.load(Ordering::Relaxed)),
            trail: self.trail.clone(),
            members: self.members.clone(),
            opened: Opened::default(),
            reach: Reach::EVERYTHING,
        }
    }

    /// Refuses a secret that the caller may not touch.
    fn check_reach(&self, key_path: &KeyPath) -> Result<()> {
        match self.reach.allows(key_path) {
            true => Ok(()),
            false => Err(Error::OutOfReach {
                what: key_path.to_string(),
            }),
        }
    }

    /// Refuses a change by a caller that may change nothing.
    fn check_write(&self) -> Result<()> {
        match self.reach.write {
            true => Ok(()),
            false => Err(Error::OutOfReach {
                what: "a change of the vault".to_owned(),
            }),
        }
    }

    /// Refuses a project that the caller may not touch.
    fn check_project(&self, project: &OwnerName) -> Result<()> {
        match self.reach.allows_project(project) {
            true => Ok(()),
            false => Err(Error::OutOfReach {
                what: format!("project {project}"),
            }),
        }
    }

    /// Checks the vault against what this machine remembers of it, and remembers it if it is seen
    /// for the first time.
    fn check_pins(&self, pinned: Option<&str>) -> Result<()> {
        let place = self.vault.store.place()?;
        let known_id = self.compare_id(&place)?;
        // Noted only once the public key was found right: the same key needs no second look.
        let fingerprint = self.keys.current().fingerprint();
        if known_id.is_some() && pinned == Some(fingerprint) {
            return Ok(());
        }
        self.compare_recipient()?;
        let (id, recipient) = (&self.vault.id, self.recipient().to_string());
        // A state directory that cannot be written must not keep anybody from reading.
        let _ = self.state.pin(&place, id, &recipient, fingerprint);
        Ok(())
    }

    fn compare_id(&self, place: &Path) -> Result<Option<VaultId>> {
        match self.state.id_at(place) {
            Some(pinned) if pinned != self.vault.id => Err(Error::VaultReplaced {
                path: self.vault.dir().to_owned(),
                pinned: pinned.to_string(),
                found: self.vault.id.to_string(),
            }),
            known => Ok(known),
        }
    }

    fn compare_recipient(&self) -> Result<()> {
        let found = self.recipient().to_string();
        match self.state.recipient(&self.vault.id) {
            Some(pinned) if pinned != found => Err(Error::VaultKeyChanged {
                path: self.vault.dir().to_owned(),
                pinned,
                found,
            }),
            _ => Ok(()),
        }
    }

    fn set_trusted(&self) {
        self.trusted.store(true, Ordering::Relaxed);
    }

    fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// The vault.
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The memory of this machine.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The names of those who can open it.
    pub fn members(&self) -> &[String] {
        &self.members
    }

    /// The vault's public key.
    pub fn recipient(&self) -> &Recipient {
        self.keys.current().recipient()
    }

    /// Seals bytes that are not an entry to the vault's key.
    pub fn seal(&self, plaintext: &SecretBytes) -> Result<Vec<u8>, seal::SealError> {
        seal::seal(plaintext, self.recipient())
    }

    /// Opens what [`seal`](Self::seal) sealed.
    pub fn unseal(&self, sealed: &[u8], limit: usize) -> Result<SecretBytes, seal::SealError> {
        seal::open(sealed, self.keys.current().identities(), limit)
    }

    /// The audit trail of this vault on this machine.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }
}

/// Returns whether anything lies where secrets do. A vault that was only begun has none.
pub(crate) fn holds_secrets(dir: &Path) -> Result<bool> {
    match Store::open(dir)? {
        Some(store) => store_holds_secrets(&store),
        None => Ok(false),
    }
}

fn store_holds_secrets(store: &Store) -> Result<bool> {
    for scope in ["project", "meta"] {
        let owners = store.names(&format!("{ENTRIES}/{scope}"))?;
        let mut owners = owners.unwrap_or_default().into_iter();
        if owners.any(|(name, _)| !stray::is_ignored(&name)) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn parse_manifest(dir: &Path, manifest: &SecretBytes) -> Result<VaultId> {
    #[derive(serde::Deserialize)]
    struct Manifest {
        format: i64,
        id: Option<String>,
    }
    let manifest: Manifest = manifest
        .as_str()
        .and_then(|text| toml::from_str(text).ok())
        .ok_or_else(|| damaged(dir, "vault.toml cannot be understood"))?;
    if manifest.format != 1 {
        return Err(Error::VaultFormat {
            path: dir.to_owned(),
            found: manifest.format,
        });
    }
    manifest
        .id
        .as_deref()
        .and_then(VaultId::parse)
        .ok_or_else(|| damaged(dir, "vault.toml has no id of 32 hex digits"))
}

fn damaged(dir: &Path, problem: &str) -> Error {
    Error::VaultDamaged {
        path: dir.to_owned(),
        problem: problem.to_owned(),
    }
}
