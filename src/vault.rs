//! The vault: a directory of immutable, sealed versions. Format 1, see `docs/vault-format.md`.
//!
//! Owns: where things lie, the numbering of versions, the checks on reading.
//!
//! Invariants:
//! - A version is created under a name that must be free and is never opened for writing again.
//!   Whoever loses the race for a number takes the next one; there is no lock.
//! - The directory of a secret is durable before the first version is named in it, so a version
//!   that can be seen lies in directories that survive a power cut.
//! - Nothing of an entry is used before all checks have passed, in the order of [`EntryFault`].
//!
//! Limits: `vault.toml` and the names of secrets are not secret. Who can write to the directory
//! can delete; only a machine that has seen the newer version notices.

mod members;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::Timestamp;

pub use members::MemberFile;

use crate::audit::{Actor, Event, Trail};
use crate::entry::{Entry, Header, MAX_PLAINTEXT, MacKey, Origin, VaultId};
use crate::error::{EntryFault, Error, Result};
use crate::fs;
use crate::key_path::{KeyPath, OwnerName, Scope, SecretName};
use crate::seal::{self, Identity, Recipient};
use crate::secret::SecretBytes;
use crate::state::State;

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

/// A secret as its directory shows it, without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The secret.
    pub key_path: KeyPath,
    /// Its oldest version that is still there.
    pub oldest: u32,
    /// Its newest version.
    pub newest: u32,
    /// Whether a hint beside the newest version says that it is a tombstone.
    pub removed: bool,
}

/// Something under `entries/` that is not where it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray(pub PathBuf);

/// A version to be written: what the vault does not decide itself.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The value; empty for a tombstone.
    pub value: SecretBytes,
    /// What the secret is for.
    pub description: String,
    /// The variable that holds it in env files.
    pub env_name: Option<String>,
    /// How it was generated.
    pub recipe: Option<String>,
    /// Rotation interval.
    pub every_days: Option<u32>,
    /// What makes this version.
    pub origin: Origin,
    /// Where the secret goes, if this tombstone stands for a move.
    pub moved_to: Option<String>,
    /// When.
    pub created: Timestamp,
}

impl Draft {
    /// What a version says, once more.
    pub fn again(entry: &Entry, created: Timestamp) -> Self {
        let header = &entry.header;
        Self {
            value: entry.value.clone(),
            description: header.description.clone(),
            env_name: header.env_name.clone(),
            recipe: header.recipe.clone(),
            every_days: header.every_days,
            origin: header.origin,
            moved_to: None,
            created,
        }
    }
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
            Found::Nothing => Err(Error::VaultMissing(dir.to_owned())),
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

    /// The file of a version.
    pub fn entry_file(&self, key_path: &KeyPath, version: u32) -> PathBuf {
        self.slot_file(&Slot::secret(key_path), version)
    }

    fn slot_dir(&self, slot: &Slot) -> PathBuf {
        self.dir.join(&slot.parent).join(&slot.below)
    }

    fn slot_file(&self, slot: &Slot, version: u32) -> PathBuf {
        self.slot_dir(slot).join(entry_name(version))
    }

    /// The versions of a secret, oldest first; empty if there is no such secret.
    pub fn versions(&self, key_path: &KeyPath) -> Result<Vec<u32>> {
        self.slot_versions(&Slot::secret(key_path))
    }

    /// The versions of the layout of a project's env file, oldest first.
    pub fn layout_versions(&self, project: &OwnerName) -> Result<Vec<u32>> {
        self.slot_versions(&Slot::layout(project))
    }

    fn slot_versions(&self, slot: &Slot) -> Result<Vec<u32>> {
        let mut versions: Vec<u32> = fs::list_dir(&self.slot_dir(slot))?
            .unwrap_or_default()
            .iter()
            .filter_map(|name| version_of(name, ".age"))
            .collect();
        versions.sort_unstable();
        Ok(versions)
    }

    /// The newest version of a secret.
    pub fn newest(&self, key_path: &KeyPath) -> Result<Option<u32>> {
        Ok(self.versions(key_path)?.last().copied())
    }

    /// Every secret that `wanted` accepts, in order of key paths, and whatever lies under
    /// `entries/` without being one. Needs no key; uses all cores.
    pub fn list(
        &self,
        wanted: impl Fn(&KeyPath) -> bool + Sync,
    ) -> Result<(Vec<Listed>, Vec<Stray>)> {
        let mut stray = Vec::new();
        let mut owners = Vec::new();
        let entries = self.dir.join(ENTRIES);
        for name in fs::list_dir(&entries)?.unwrap_or_default() {
            let path = entries.join(&name);
            let scope = match name.as_str() {
                "project" => Scope::Project,
                "meta" => Scope::Meta,
                _ => {
                    stray.push(Stray(path));
                    continue;
                }
            };
            for name in fs::list_dir(&path)?.unwrap_or_default() {
                match name.parse::<OwnerName>() {
                    Ok(owner) => owners.push((scope, owner)),
                    Err(_) => stray.push(Stray(path.join(name))),
                }
            }
        }
        let mut secrets = Vec::new();
        for (scope, owner) in owners {
            let dir = entries.join(scope.as_str()).join(owner.as_str());
            let Some(names) = fs::list_dir(&dir)? else {
                stray.push(Stray(dir));
                continue;
            };
            for name in names {
                let secret = match name.parse::<SecretName>() {
                    Ok(secret) => secret,
                    Err(_) => {
                        stray.push(Stray(dir.join(name)));
                        continue;
                    }
                };
                let key_path = KeyPath::new(scope, owner.clone(), secret);
                if wanted(&key_path) {
                    secrets.push(key_path);
                }
            }
        }
        secrets.sort_unstable();
        let found = in_parallel_with(&secrets, Look::default, |look, key_path| {
            self.look_at(look, key_path)
        });
        let mut listed = Vec::with_capacity(secrets.len());
        for (key_path, seen) in secrets.into_iter().zip(found) {
            let seen = seen?;
            stray.extend(seen.strays);
            if seen.newest > 0 {
                listed.push(Listed {
                    key_path,
                    oldest: seen.oldest,
                    newest: seen.newest,
                    removed: seen.newest_hint == seen.newest,
                });
            }
        }
        Ok((listed, stray))
    }

    fn look_at(&self, look: &mut Look, key_path: &KeyPath) -> Result<Seen> {
        let owner = (key_path.scope(), key_path.owner());
        // Neighbours have the same owner: its directory is opened once.
        if look
            .at
            .as_ref()
            .is_none_or(|(scope, name, _)| (*scope, name) != owner)
        {
            let mut path = self.dir.join(ENTRIES);
            path.extend([owner.0.as_str(), owner.1.as_str()]);
            look.at = fs::Dir::open(&path)?.map(|dir| (owner.0, owner.1.clone(), dir));
        }
        let mut seen = Seen {
            oldest: u32::MAX,
            ..Seen::default()
        };
        let secret = key_path.secret().as_str();
        let stray = |name: Option<&str>| {
            let mut path = self.slot_dir(&Slot::secret(key_path));
            path.extend(name);
            Stray(path)
        };
        let there = match &look.at {
            Some((_, _, dir)) => dir.names_in(secret, &mut look.names, |name| {
                if let Some(version) = version_of(name, ".age") {
                    seen.oldest = seen.oldest.min(version);
                    seen.newest = seen.newest.max(version);
                } else if let Some(version) = version_of(name, ".removed") {
                    seen.newest_hint = seen.newest_hint.max(version);
                } else {
                    seen.strays.push(stray(Some(name)));
                }
            })?,
            None => None,
        };
        if there.is_none() {
            seen.strays.push(stray(None));
        }
        Ok(seen)
    }
}

/// Where a thread that lists secrets is.
#[derive(Default)]
struct Look {
    at: Option<(Scope, OwnerName, fs::Dir)>,
    names: fs::Names,
}

/// What the directory of a secret shows.
#[derive(Default)]
struct Seen {
    oldest: u32,
    newest: u32,
    newest_hint: u32,
    strays: Vec<Stray>,
}

impl OpenVault {
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

    /// Reads one version; all checks but that for a rollback, which is about the newest.
    pub fn read(&self, key_path: &KeyPath, version: u32) -> Result<Entry> {
        self.read_slot(&Slot::secret(key_path), version)?
            .ok_or_else(|| Error::EntryNotFound(key_path.clone()))
    }

    fn read_slot(&self, slot: &Slot, version: u32) -> Result<Option<Entry>> {
        let path = self.vault.slot_file(slot, version);
        let Some(sealed) = fs::read(&path, MAX_SEALED)? else {
            return Ok(None);
        };
        self.check(sealed.expose(), slot, version)
            .map(Some)
            .map_err(|fault| Error::Entry { path, fault })
    }

    fn check(&self, sealed: &[u8], slot: &Slot, version: u32) -> Result<Entry, EntryFault> {
        let identity = std::slice::from_ref(&self.identity);
        let plaintext = seal::open(sealed, identity, MAX_PLAINTEXT).map_err(EntryFault::Sealed)?;
        let entry = Entry::from_bytes(&plaintext, &self.mac_key)?;
        if entry.header.vault != self.vault.id {
            return Err(EntryFault::ForeignVault);
        }
        if entry.header.key_path != slot.name {
            return Err(EntryFault::MisplacedPath(entry.header.key_path));
        }
        if entry.header.version != version {
            return Err(EntryFault::MisplacedVersion(entry.header.version));
        }
        Ok(entry)
    }

    /// Reads the newest version, tombstone or not; `None` if there is no such secret here and
    /// this machine never saw one.
    pub fn read_newest(&self, key_path: &KeyPath) -> Result<Option<Entry>> {
        let found = self.vault.newest(key_path)?.unwrap_or(0);
        self.check_not_rolled_back(key_path, found)?;
        match found {
            0 => Ok(None),
            version => self.read_once(key_path, version).map(Some),
        }
    }

    /// [`read`](Self::read), unless it is what was read last.
    fn read_once(&self, key_path: &KeyPath, version: u32) -> Result<Entry> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, entry)) = &*last
            && of == key_path
            && entry.header.version == version
        {
            return Ok(entry.clone());
        }
        let entry = self.read_current(key_path, version)?;
        *last = Some((key_path.clone(), entry.clone()));
        Ok(entry)
    }

    /// Reads what was found to be the newest version, and remembers that it was seen: only what
    /// has passed all other checks, so that junk in the vault cannot spoil the memory.
    pub fn read_current(&self, key_path: &KeyPath, version: u32) -> Result<Entry> {
        let entry = self.read(key_path, version)?;
        if self.state.newest(&self.vault.id, key_path) < version {
            // A state directory that cannot be written must not keep anybody from reading.
            let _ = self.state.note_newest(&self.vault.id, key_path, version);
        }
        Ok(entry)
    }

    /// Compares the version that was found to be the newest with the newest that this machine has
    /// seen.
    pub fn check_not_rolled_back(&self, key_path: &KeyPath, found: u32) -> Result<()> {
        let seen = self.state.newest(&self.vault.id, key_path);
        if found >= seen {
            return Ok(());
        }
        // Another run may have stored a version since the caller looked, and remembered it.
        let found = self.vault.newest(key_path)?.unwrap_or(0);
        if found >= seen {
            return Ok(());
        }
        Err(Error::Entry {
            path: self.vault.slot_dir(&Slot::secret(key_path)),
            fault: EntryFault::RolledBack { seen, found },
        })
    }

    /// Stores a new version, durably, and reads it back. Returns its number.
    ///
    /// [`Error::VaultNotDurable`] means that the version is there, but that its last sync failed.
    pub fn put(&self, key_path: &KeyPath, draft: &Draft, actor: &Actor) -> Result<u32> {
        let slot = Slot::secret(key_path);
        let version = self.put_slot(&slot, draft, actor)?;
        self.note_put(&slot, key_path, draft, version);
        Ok(version)
    }

    /// What is left beside a new version, and may be lost.
    fn note_put(&self, slot: &Slot, key_path: &KeyPath, draft: &Draft, version: u32) {
        if draft.value.is_empty() {
            // A hint for those who list without a key; the truth is in the entry.
            let _ = fs::touch(&self.vault.slot_dir(slot).join(hint_name(version)));
        }
        let _ = self.state.note_newest(&self.vault.id, key_path, version);
    }

    fn put_slot(&self, slot: &Slot, draft: &Draft, actor: &Actor) -> Result<u32> {
        let newest = |slot| -> Result<u32> {
            Ok(self.vault.slot_versions(slot)?.last().copied().unwrap_or(0))
        };
        let mut last = newest(slot)?;
        if last == 0 {
            self.make_slot_dir(slot)?;
        }
        let version = loop {
            let version = last
                .checked_add(1)
                .ok_or_else(|| damaged(&self.vault.dir, "a secret has too many versions"))?;
            let log = self.announce(slot, version, draft, actor)?;
            let sealed = self.seal_version(slot, version, draft, actor, log)?;
            if fs::publish_new(&self.vault.slot_file(slot, version), &sealed)? {
                break version;
            }
            // Somebody else took the number.
            last = newest(slot)?.max(version);
        };
        self.make_slot_durable(slot, version)?;
        match self.read_slot(slot, version) {
            Ok(Some(entry)) if entry.value == draft.value => Ok(version),
            _ => Err(Error::ReadBack {
                name: slot.name.clone(),
                version,
            }),
        }
    }

    /// Stores a new version of each of many secrets, durably, and reads them back. Returns their
    /// numbers. The number of syncs hardly grows with the number of secrets, see
    /// [`fs::publish_many`].
    ///
    /// [`Error::NotFinished`] means that some of the versions are there, perhaps all.
    pub fn put_many(
        &self,
        puts: &[(&KeyPath, &Draft)],
        actor: &Actor,
        sealed_one: impl Fn() + Sync,
    ) -> Result<Vec<u32>> {
        let mut many = Vec::with_capacity(puts.len());
        for (key_path, draft) in puts {
            let slot = Slot::secret(key_path);
            let last = self
                .vault
                .slot_versions(&slot)?
                .last()
                .copied()
                .unwrap_or(0);
            let version = last
                .checked_add(1)
                .ok_or_else(|| damaged(&self.vault.dir, "a secret has too many versions"))?;
            many.push((slot, *draft, version));
        }
        let events: Vec<Event<'_>> = many
            .iter()
            .map(|(slot, draft, version)| event(slot, *version, draft))
            .collect();
        let lines = self.trail.announce_many(actor, &events)?;
        let many: Vec<_> = many.into_iter().zip(lines).collect();
        let sealed = in_parallel(&many, |((slot, draft, version), line)| {
            let bytes = self.seal_version(slot, *version, draft, actor, line.clone());
            sealed_one();
            bytes
        });
        let files = many
            .iter()
            .zip(sealed)
            .map(|(((slot, _, version), _), bytes)| {
                let below = slot.parent.join(&slot.below).join(entry_name(*version));
                Ok(fs::NewFile {
                    below,
                    bytes: bytes?,
                })
            })
            .collect::<Result<Vec<_>>>()?;
        let published = fs::publish_many(&self.vault.dir, &files);
        let is_named = |fate: &&fs::Fate| **fate == fs::Fate::Named;
        let named = published.fates.iter().filter(is_named).count();
        let not_finished = |stored, source| match (stored, source) {
            (0, source) => source,
            (stored, source) => Error::NotFinished {
                stored,
                of: puts.len(),
                source: Box::new(source),
            },
        };
        if let Some(failure) = published.failure {
            return Err(not_finished(named, failure));
        }

        let indexes: Vec<usize> = (0..many.len()).collect();
        let read_back = in_parallel(&indexes, |&index| {
            let ((slot, draft, version), _) = &many[index];
            published.fates[index] != fs::Fate::Named
                || matches!(
                    self.read_slot(slot, *version),
                    Ok(Some(entry)) if entry.value == draft.value
                )
        });
        if let Some(index) = read_back.iter().position(|good| !good) {
            let ((slot, _, version), _) = &many[index];
            return Err(Error::ReadBack {
                name: slot.name.clone(),
                version: *version,
            });
        }
        let mut versions = Vec::with_capacity(many.len());
        for (index, ((slot, draft, version), _)) in many.iter().enumerate() {
            let (key_path, _) = puts[index];
            versions.push(match published.fates[index] {
                fs::Fate::Named => {
                    self.note_put(slot, key_path, draft, *version);
                    *version
                }
                // Somebody else took the number.
                fs::Fate::Taken | fs::Fate::Absent => self
                    .put(key_path, draft, actor)
                    .map_err(|error| not_finished(named, error))?,
            });
        }
        Ok(versions)
    }

    /// Writes the line of the audit trail: a version that cannot be logged is not made.
    fn announce(&self, slot: &Slot, version: u32, draft: &Draft, actor: &Actor) -> Result<String> {
        self.trail.announce(actor, event(slot, version, draft))
    }

    fn make_slot_dir(&self, slot: &Slot) -> Result<()> {
        // The parent is durable since the vault was made, unless it came by another road (git
        // has no empty directories) or has no need to be there before.
        if !fs::is_dir(&self.vault.dir.join(&slot.parent)) {
            fs::make_dirs_durable(&self.vault.dir, &slot.parent)?;
        }
        fs::make_dirs_durable(&self.vault.dir.join(&slot.parent), &slot.below)
    }

    fn seal_version(
        &self,
        slot: &Slot,
        version: u32,
        draft: &Draft,
        actor: &Actor,
        log: String,
    ) -> Result<Vec<u8>> {
        let entry = Entry {
            header: Header {
                vault: self.vault.id.clone(),
                key_path: slot.name.clone(),
                version,
                created: draft.created,
                writer: actor.to_string(),
                description: draft.description.clone(),
                env_name: draft.env_name.clone(),
                recipe: draft.recipe.clone(),
                every_days: draft.every_days,
                origin: draft.origin,
                log: Some(log),
                moved_to: draft.moved_to.clone(),
                removed: draft.value.is_empty(),
            },
            value: draft.value.clone(),
        };
        let fault = |fault| Error::Entry {
            path: self.vault.slot_file(slot, version),
            fault,
        };
        let plaintext = entry.to_bytes(&self.mac_key).map_err(fault)?;
        seal::seal(&plaintext, self.recipient()).map_err(|error| fault(EntryFault::Sealed(error)))
    }

    /// Makes sure that a version that is there survives a power cut: another run may have been
    /// stopped between naming it and syncing its directory.
    pub fn make_durable(&self, key_path: &KeyPath, version: u32) -> Result<()> {
        self.make_slot_durable(&Slot::secret(key_path), version)
    }

    /// [`make_durable`](Self::make_durable) for many secrets.
    pub fn make_many_durable(&self, key_paths: &[&KeyPath]) -> Result<()> {
        let dirs: Vec<PathBuf> = key_paths
            .iter()
            .map(|key_path| self.vault.slot_dir(&Slot::secret(key_path)))
            .collect();
        fs::sync_dirs(&self.vault.dir, &dirs)
    }

    fn make_slot_durable(&self, slot: &Slot, version: u32) -> Result<()> {
        fs::sync_dir(&self.vault.slot_dir(slot)).map_err(|error| Error::VaultNotDurable {
            name: slot.name.clone(),
            version,
            source: Box::new(error),
        })
    }

    /// Destroys versions, durably. The newest must not be among them.
    pub fn destroy(&self, key_path: &KeyPath, versions: &[u32], actor: &Actor) -> Result<()> {
        self.destroy_in(&Slot::secret(key_path), versions, actor)
    }

    fn destroy_in(&self, slot: &Slot, versions: &[u32], actor: &Actor) -> Result<()> {
        for &version in versions {
            let event = Event {
                op: "prune",
                key_path: Some(&slot.name),
                version: Some(version),
                note: None,
            };
            self.trail.append(actor, event, true)?;
            fs::remove_private(&self.vault.slot_file(slot, version))?;
            let hint = self.vault.slot_dir(slot).join(hint_name(version));
            fs::remove_private(&hint)?;
        }
        Ok(())
    }

    /// The newest layout of a project's env file.
    pub fn newest_layout(&self, project: &OwnerName) -> Result<Option<Entry>> {
        match self.vault.layout_versions(project)?.last() {
            Some(&version) => self.layout(project, version),
            None => Ok(None),
        }
    }

    /// One layout of a project's env file.
    pub fn layout(&self, project: &OwnerName, version: u32) -> Result<Option<Entry>> {
        self.read_slot(&Slot::layout(project), version)
    }

    /// Keeps a layout of a project's env file.
    pub fn put_layout(
        &self,
        project: &OwnerName,
        bytes: SecretBytes,
        origin: Origin,
        created: Timestamp,
        actor: &Actor,
    ) -> Result<()> {
        let draft = Draft {
            value: bytes,
            description: format!("Layout of the env file of {project}"),
            env_name: None,
            recipe: None,
            every_days: None,
            origin,
            moved_to: None,
            created,
        };
        self.put_slot(&Slot::layout(project), &draft, actor)?;
        Ok(())
    }

    /// Makes sure that a layout that is there survives a power cut.
    pub fn make_layout_durable(&self, project: &OwnerName, layout: Option<&Entry>) -> Result<()> {
        match layout {
            Some(entry) => self.make_slot_durable(&Slot::layout(project), entry.header.version),
            None => Ok(()),
        }
    }

    /// Destroys all layouts but the newest, durably: they may hold values that were destroyed.
    pub fn destroy_old_layouts(&self, project: &OwnerName, actor: &Actor) -> Result<()> {
        let mut versions = self.vault.layout_versions(project)?;
        versions.pop();
        self.destroy_in(&Slot::layout(project), &versions, actor)
    }

    /// The newest version that holds a value, looking from the newest back. Versions that do not
    /// open are passed over.
    pub fn find_value(&self, key_path: &KeyPath, value: &SecretBytes) -> Result<Option<u32>> {
        let versions = self.vault.versions(key_path)?;
        Ok(versions.into_iter().rev().find(|&version| {
            self.read_once(key_path, version)
                .is_ok_and(|entry| !entry.header.removed && entry.value == *value)
        }))
    }

    /// Puts the hint beside a tombstone that has lost it.
    pub fn mend_hint(&self, key_path: &KeyPath, version: u32) -> Result<()> {
        let dir = self.vault.slot_dir(&Slot::secret(key_path));
        fs::touch(&dir.join(hint_name(version)))
    }
}

/// Where the versions of one thing lie, and what their headers call it.
struct Slot {
    /// Below the vault; durable since the vault was made.
    parent: PathBuf,
    /// Below that.
    below: PathBuf,
    name: String,
}

impl Slot {
    fn secret(key_path: &KeyPath) -> Self {
        Self {
            parent: Path::new(ENTRIES).join(key_path.scope().as_str()),
            below: Path::new(key_path.owner().as_str()).join(key_path.secret().as_str()),
            name: key_path.to_string(),
        }
    }

    /// No key path begins with `layout/`, so that neither can be taken for the other.
    fn layout(project: &OwnerName) -> Self {
        Self {
            parent: PathBuf::from(LAYOUTS),
            below: PathBuf::from(project.as_str()),
            name: format!("layout/{project}"),
        }
    }
}

fn event<'a>(slot: &'a Slot, version: u32, draft: &'a Draft) -> Event<'a> {
    Event {
        op: draft.origin.as_str(),
        key_path: Some(&slot.name),
        version: Some(version),
        note: draft.moved_to.as_deref(),
    }
}

/// Runs `work` over the items on all cores; the results are in the order of the items.
pub(crate) fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    in_parallel_with(items, || (), |(), item| work(item))
}

/// The same with something that each thread keeps for itself from item to item.
///
/// A thread takes neighbouring items, a block at a time, so that no core waits for another that
/// has other work.
fn in_parallel_with<T: Sync, R: Send, S>(
    items: &[T],
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &T) -> R + Sync,
) -> Vec<R> {
    const BLOCK: usize = 32;
    let next = AtomicUsize::new(0);
    let share = || {
        let mut state = begin();
        let mut done = Vec::new();
        loop {
            let start = next.fetch_add(BLOCK, Ordering::Relaxed);
            let Some(rest) = items.get(start..).filter(|rest| !rest.is_empty()) else {
                return done;
            };
            let block = rest.iter().take(BLOCK);
            let results: Vec<R> = block.map(|item| work(&mut state, item)).collect();
            done.push((start, results));
        }
    };
    // For one block a thread costs more than it saves. This thread works too.
    let others = match items.len() {
        0..=BLOCK => 0,
        _ => std::thread::available_parallelism().map_or(1, usize::from) - 1,
    };
    let mut done = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..others).map(|_| scope.spawn(share)).collect();
        let mut done = share();
        for thread in threads {
            match thread.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(start, _)| *start);
    done.into_iter().flat_map(|(_, results)| results).collect()
}

fn entry_name(version: u32) -> String {
    format!("{version:04}.age")
}

fn hint_name(version: u32) -> String {
    format!("{version:04}.removed")
}

/// The version that a file name stands for: at least four digits, more only if needed.
fn version_of(name: &str, suffix: &str) -> Option<u32> {
    let digits = name.strip_suffix(suffix)?;
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let version: u32 = digits.parse().ok()?;
    (version > 0 && format!("{version:04}") == digits).then_some(version)
}

/// Whether a name can be a member's: it becomes a file name.
pub fn is_member_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    name.len() <= 64
        && bytes
            .next()
            .is_some_and(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9'))
        && bytes.all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
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

fn member_files(dir: &Path) -> Result<Vec<String>> {
    let mut members: Vec<String> = fs::list_dir(&dir.join(KEYS))?
        .unwrap_or_default()
        .iter()
        .filter_map(|name| name.strip_suffix(".age"))
        .filter(|name| is_member_name(name))
        .map(str::to_owned)
        .collect();
    members.sort_unstable();
    Ok(members)
}

fn seal_key(dir: &Path, vault_identity: &Identity, member: &Recipient) -> Result<Vec<u8>> {
    // With a newline at the end, so that the opened key is an identity file for stock age.
    let mut key = crate::secret::SecretBuilder::with_capacity(128);
    key.push(vault_identity.to_secret().expose());
    key.push(b"\n");
    seal::seal(&key.finish(), member)
        .map_err(|error| damaged(dir, &format!("its key cannot be sealed: {error}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_on_all_cores_keeps_the_order() {
        for count in [0, 1, 31, 32, 33, 64, 1000, 1025] {
            let items: Vec<usize> = (0..count).collect();
            let doubled = in_parallel(&items, |item| item * 2);
            assert!(doubled.iter().copied().eq((0..count).map(|n| n * 2)));
        }
    }
}
