//! The keys of a vault, and the files in `keys/` that hold them.
//!
//! A key file is `keys/<member>.age`: the vault identity, sealed to that member.
//!
//! Invariants: a key file that is not a regular file, is too large, is garbage or holds another
//! vault's key never keeps anybody from using their own. Of several keys that open, the one that
//! this machine has pinned is used.
//!
//! Limits: a vault has one key so far. [`KeyRing`] keeps room for the keys that were used before
//! members were removed; nothing fills it yet.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::members::is_member_name;
use super::store::Kind;
use super::stray::is_ignored;
use super::{KEYS, MAX_KEY_FILE, Vault, damaged};
use crate::error::{Error, Result};
use crate::model::entry::MacKey;
use crate::model::secret::SecretBytes;
use crate::storage::seal::{self, Identity, Recipient, SealError};

/// The largest plaintext of a key file.
const MAX_KEY: usize = 4096;

/// One key of a vault, and what is derived from it.
#[derive(Debug, Clone)]
pub(super) struct VaultKey {
    identity: Identity,
    /// Computed when something is sealed: it costs a fifth of an opening.
    recipient: OnceLock<Recipient>,
    entry_mac: MacKey,
    log_mac: MacKey,
    fingerprint: OnceLock<String>,
}

impl VaultKey {
    pub(super) fn new(identity: Identity) -> Self {
        let secret = identity.to_secret();
        Self {
            entry_mac: MacKey::derive(&secret),
            log_mac: MacKey::derive_for_log(&secret),
            recipient: OnceLock::new(),
            fingerprint: OnceLock::new(),
            identity,
        }
    }

    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The identity as what [`seal::open`] takes.
    pub(super) fn identities(&self) -> &[Identity] {
        std::slice::from_ref(&self.identity)
    }

    pub(super) fn recipient(&self) -> &Recipient {
        self.recipient.get_or_init(|| self.identity.recipient())
    }

    pub(super) fn entry_mac(&self) -> &MacKey {
        &self.entry_mac
    }

    pub(super) fn log_mac(&self) -> &MacKey {
        &self.log_mac
    }

    /// A keyed hash that tells this key from others and says nothing about it.
    pub(super) fn fingerprint(&self) -> &str {
        self.fingerprint
            .get_or_init(|| self.entry_mac.fingerprint())
    }
}

/// The keys of a vault: the one that new entries are sealed to, and those that older entries were
/// sealed to.
#[derive(Debug, Clone)]
pub(super) struct KeyRing {
    current: VaultKey,
    older: Vec<VaultKey>,
}

impl KeyRing {
    pub(super) fn new(current: VaultKey) -> Self {
        Self {
            current,
            older: Vec::new(),
        }
    }

    pub(super) fn current(&self) -> &VaultKey {
        &self.current
    }

    /// All keys, the current one first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &VaultKey> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

/// What some identities make of one member's key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberFile {
    /// They open it, and a vault identity is in it.
    Opens,
    /// It is sealed to somebody else, and whole as far as that can be seen.
    Others,
    /// It is no age file, or what is in it is no key.
    Broken,
}

/// Something in `keys/` that is not a member's key file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OddKeyFile {
    /// Where it lies.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// What is in `keys/`.
#[derive(Debug, Default)]
pub(super) struct KeyFiles {
    /// The names of members with a key file, in order.
    pub(super) members: Vec<String>,
    odd: Vec<OddKeyFile>,
}

impl Vault {
    /// Returns the names of those who can open the vault, in order. Needs no key.
    pub fn members(&self) -> Result<Vec<String>> {
        Ok(self.key_files()?.members)
    }

    /// Returns what lies in `keys/` and is not a member's key file, in order. Needs no key.
    pub fn odd_key_files(&self) -> Result<Vec<OddKeyFile>> {
        let files = self.key_files()?;
        let mut odd = files.odd;
        for member in files.members {
            let problem = match self.read_key_file(&member) {
                Ok(Some(sealed)) => seal::check_header(sealed.expose()).err().map(|_| BROKEN),
                Ok(None) => None,
                Err(_) => Some("it cannot be read, or is too large for a key file"),
            };
            odd.extend(problem.map(|problem| OddKeyFile {
                path: self.member_file(&member),
                problem,
            }));
        }
        odd.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        Ok(odd)
    }

    /// Returns the key file of a member.
    pub fn member_file(&self, member: &str) -> PathBuf {
        self.store.path(&key_file(member))
    }

    pub(super) fn read_key_file(&self, member: &str) -> Result<Option<SecretBytes>> {
        self.store.get(&key_file(member), MAX_KEY_FILE)
    }

    /// Returns what the identities make of a member's key file.
    pub fn look_at_member(&self, member: &str, identities: &[Identity]) -> Result<MemberFile> {
        Ok(match self.open_key_file(member, identities)? {
            Some(Ok(_)) => MemberFile::Opens,
            Some(Err(SealError::NotForUs)) => MemberFile::Others,
            _ => MemberFile::Broken,
        })
    }

    /// Opens a member's key file; `None` if there is none.
    pub(super) fn open_key_file(
        &self,
        member: &str,
        identities: &[Identity],
    ) -> Result<Option<Result<Identity, SealError>>> {
        let Some(sealed) = self.read_key_file(member)? else {
            return Ok(None);
        };
        let key = seal::open(sealed.expose(), identities, MAX_KEY);
        Ok(Some(key.and_then(|key| {
            Identity::parse(&key).map_err(|_| SealError::NoIdentity)
        })))
    }

    pub(super) fn key_files(&self) -> Result<KeyFiles> {
        let mut files = KeyFiles::default();
        for (name, kind) in self.store.names(KEYS)?.unwrap_or_default() {
            if is_ignored(&name) {
                continue;
            }
            let member = name
                .strip_suffix(".age")
                .filter(|member| is_member_name(member));
            let problem = match (member, kind) {
                (Some(member), Kind::File) => {
                    files.members.push(member.to_owned());
                    continue;
                }
                (None, _) => "this is not the name of a key file",
                (Some(_), _) => "this is not a regular file",
            };
            files.odd.push(OddKeyFile {
                path: self.store.path(&format!("{KEYS}/{name}")),
                problem,
            });
        }
        files.members.sort_unstable();
        Ok(files)
    }

    /// Opens the vault's key with one of the identities. Of several keys that open, takes the one
    /// that is `pinned`, else the first. Also returns the members' names.
    ///
    /// `origin` says in errors where the identities came from.
    pub(super) fn open_key(
        &self,
        identities: &[Identity],
        origin: &str,
        pinned: impl Fn(&VaultKey) -> bool,
    ) -> Result<(VaultKey, Vec<String>)> {
        let members = self.key_files()?.members;
        let (mut first, mut problem) = (None, None);
        for member in &members {
            match self.open_key_file(member, identities) {
                Ok(Some(Ok(identity))) => {
                    let key = VaultKey::new(identity);
                    if pinned(&key) {
                        return Ok((key, members));
                    }
                    first = first.or(Some(key));
                }
                Ok(None | Some(Err(SealError::NotForUs))) => {}
                Ok(Some(Err(error))) => {
                    let what = match error {
                        SealError::NoIdentity => "does not hold a key".to_owned(),
                        error => format!("does not open: {error}"),
                    };
                    let error = damaged(self.dir(), &format!("{} {what}", key_file(member)));
                    problem = problem.or(Some(error));
                }
                Err(error) => problem = problem.or(Some(error)),
            }
        }
        match (first, problem) {
            (Some(key), _) => Ok((key, members)),
            (None, Some(problem)) => Err(problem),
            (None, None) if members.is_empty() => Err(damaged(self.dir(), "keys/ holds no key")),
            (None, None) => Err(Error::NotAMember {
                identity: origin.to_owned(),
                vault: self.dir().to_owned(),
            }),
        }
    }
}

const BROKEN: &str = "this is not an age file";

/// The name of a member's key file below the vault.
pub(super) fn key_file(member: &str) -> String {
    format!("{KEYS}/{member}.age")
}
