//! The vault: a directory of immutable, sealed versions. Format 1, see `docs/vault-format.md`.
//!
//! Owns: the manifest, making and opening a vault, what this machine remembers of it. Its parts:
//!
//! | module | what it owns |
//! |---|---|
//! | `slot` | where versions lie, and their numbers |
//! | `writing` | storing and destroying versions |
//! | `reading` | the checks on reading |
//! | `listing` | what is there, by name |
//! | `layouts` | what env files look like |
//! | `members` | who can open it |
//!
//! Invariants: a version is immutable; a number is taken by creating a file under a name that must
//! be free; nothing of an entry is used before all checks have passed.
//!
//! Limits: `vault.toml` and the names of secrets are not secret. Who can write to the directory
//! can delete; only a machine that has seen the newer version notices.

mod layouts;
mod listing;
mod members;
mod parallel;
mod reading;
mod slot;
mod writing;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

pub use listing::{Listed, Stray};
pub use members::{MemberFile, is_member_name};
pub(crate) use parallel::in_parallel;
pub(crate) use slot::layout_name;
pub use writing::Draft;

use crate::error::{Error, Result};
use crate::model::entry::{Entry, MAX_PLAINTEXT, MacKey, VaultId};
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;
use crate::storage::audit::Trail;
use crate::storage::fs;
use crate::storage::seal::{self, Identity, Recipient};
use crate::storage::state::State;
use members::{member_files, seal_key};

const MANIFEST: &str = "vault.toml";
const ATTRIBUTES: &str = ".gitattributes";
const KEYS: &str = "keys";
const ENTRIES: &str = "entries";
const LAYOUTS: &str = "layouts";
/// A sealed plaintext grows by armor (4/3 and line ends) and by age's header and tags.
const MAX_SEALED: usize = MAX_PLAINTEXT * 3 / 2 + 4096;
const MAX_KEY_FILE: usize = 64 << 10;

/// A vault whose manifest was read; names can be listed, values not.
#[derive(Debug, Clone)]
pub struct Vault {
    dir: PathBuf,
    id: VaultId,
}

/// A vault whose key was opened.
#[derive(Debug)]
pub struct OpenVault {
    vault: Vault,
    identity: Identity,
    /// Computed when something is sealed: it costs a fifth of an opening.
    recipient: OnceLock<Recipient>,
    mac_key: MacKey,
    state: State,
    trail: Trail,
    /// Members that can open it: the names of `keys/`.
    members: Vec<String>,
    /// The newest version that was opened last. A version never changes, and a `set` looks at the
    /// same one when it prepares, when it compares, and when it looks for the env file's value.
    last: Mutex<Option<(KeyPath, Entry)>>,
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
        let path = dir.join(MANIFEST);
        if let Some(manifest) = fs::read(&path, 4096)? {
            return Ok(Found::Vault(Self {
                dir: dir.to_owned(),
                id: parse_manifest(dir, &manifest)?,
            }));
        }
        for part in [KEYS, ENTRIES] {
            if fs::exists(&dir.join(part))? {
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
        if holds_secrets(dir)? {
            // They carry the id that is lost: under a new one none of them would ever be read.
            return Err(damaged(dir, "it holds secrets and has lost its vault.toml"));
        }
        for part in ["keys", "entries/project", "entries/meta"] {
            fs::make_dirs_durable(dir, Path::new(part))?;
        }
        let members = member_files(dir)?;
        if members.is_empty() {
            let vault_identity = Identity::generate();
            let sealed = seal_key(dir, &vault_identity, &identity.recipient())?;
            let path = dir.join(KEYS).join(format!("{member}.age"));
            if !fs::publish_new(&path, &sealed)? {
                return Err(damaged(dir, "a key file appeared while the vault was made"));
            }
            fs::sync_dir(&dir.join(KEYS))?;
        }
        let attributes = dir.join(ATTRIBUTES);
        let _made = fs::publish_new(&attributes, b"*.age binary\n")?;
        // Opening the key before the manifest is written proves that it can be opened.
        let unfinished = Self {
            dir: dir.to_owned(),
            id,
        };
        unfinished.open_key(std::slice::from_ref(identity), "just made")?;
        let manifest = format!("format = 1\nid = \"{}\"\n", unfinished.id);
        let made = fs::publish_new(&dir.join(MANIFEST), manifest.as_bytes())?;
        fs::sync_dir(dir)?;
        if !made {
            return Err(damaged(dir, "vault.toml appeared while the vault was made"));
        }
        Self::open(dir)?.unlock(std::slice::from_ref(identity), "just made", state)
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
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
        let (identity, members) = self.open_key(identities, origin)?;
        let open = self.opened(identity, members, state);
        open.check_pins()?;
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
        let (identity, members) = self.open_key(identities, origin)?;
        Ok(self.opened(identity, members, state))
    }

    fn opened(self, identity: Identity, members: Vec<String>, state: &State) -> OpenVault {
        let secret = identity.to_secret();
        OpenVault {
            trail: Trail::new(&state.trail_dir(&self.id), MacKey::derive_for_log(&secret)),
            mac_key: MacKey::derive(&secret),
            vault: self,
            identity,
            recipient: OnceLock::new(),
            last: Mutex::new(None),
            state: state.clone(),
            members,
        }
    }

    fn open_key(&self, identities: &[Identity], origin: &str) -> Result<(Identity, Vec<String>)> {
        let members = member_files(&self.dir)?;
        let mut broken = None;
        for member in &members {
            let path = self.dir.join(KEYS).join(format!("{member}.age"));
            let Some(sealed) = fs::read(&path, MAX_KEY_FILE)? else {
                continue;
            };
            match seal::open(sealed.expose(), identities, 4096) {
                Ok(key) => {
                    let identity = Identity::parse(&key).map_err(|_| {
                        damaged(&self.dir, &format!("keys/{member}.age does not hold a key"))
                    })?;
                    return Ok((identity, members));
                }
                Err(seal::SealError::NotForUs) => {}
                Err(error) => broken = broken.or(Some((member.clone(), error))),
            }
        }
        match broken {
            Some((member, error)) => Err(damaged(
                &self.dir,
                &format!("keys/{member}.age does not open: {error}"),
            )),
            None if members.is_empty() => Err(damaged(&self.dir, "keys/ holds no key")),
            None => Err(Error::NotAMember {
                identity: origin.to_owned(),
                vault: self.dir.clone(),
            }),
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

    /// Checks the vault against what this machine remembers of it, and remembers it if it is seen
    /// for the first time.
    fn check_pins(&self) -> Result<()> {
        let place = fs::resolve(&self.vault.dir)?;
        let known_id = self.compare_id(&place)?;
        // Noted only once the public key was found right: the same key needs no second look.
        let fingerprint = self.mac_key.fingerprint();
        if known_id.is_some() && self.state.is_fingerprint(&self.vault.id, &fingerprint) {
            return Ok(());
        }
        self.compare_recipient()?;
        let (id, recipient) = (&self.vault.id, self.recipient().to_string());
        // A state directory that cannot be written must not keep anybody from reading.
        let _ = self.state.pin(&place, id, &recipient, &fingerprint);
        Ok(())
    }

    fn compare_id(&self, place: &Path) -> Result<Option<VaultId>> {
        match self.state.id_at(place) {
            Some(pinned) if pinned != self.vault.id => Err(Error::VaultReplaced {
                path: self.vault.dir.clone(),
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
                path: self.vault.dir.clone(),
                pinned,
                found,
            }),
            _ => Ok(()),
        }
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
        self.recipient.get_or_init(|| self.identity.recipient())
    }

    /// Seals bytes that are not an entry to the vault's key.
    pub fn seal(&self, plaintext: &SecretBytes) -> Result<Vec<u8>, seal::SealError> {
        seal::seal(plaintext, self.recipient())
    }

    /// Opens what [`seal`](Self::seal) sealed.
    pub fn unseal(&self, sealed: &[u8], limit: usize) -> Result<SecretBytes, seal::SealError> {
        seal::open(sealed, std::slice::from_ref(&self.identity), limit)
    }

    /// The audit trail of this vault on this machine.
    pub fn trail(&self) -> &Trail {
        &self.trail
    }
}

/// Whether anything lies where secrets do. A vault that is only begun has none.
pub(crate) fn holds_secrets(dir: &Path) -> Result<bool> {
    for scope in ["project", "meta"] {
        let owners = fs::list_dir(&dir.join(ENTRIES).join(scope))?;
        if owners.is_some_and(|owners| !owners.is_empty()) {
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
