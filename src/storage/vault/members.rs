//! Members: who can open the vault. One file each, `keys/<member>.age`, which holds the vault
//! identity sealed to that member.
//!
//! Invariants:
//! - A member's file is created under a name that must be free and is never written again.
//! - A member is noted in the audit trail before its file is there, and is called a member only
//!   when the file was read back, opened, and held this vault's key.
//! - Nothing here drops a member, but for [`OpenVault::withdraw_member`] and
//!   [`OpenVault::drop_unproved_member`], which take back one whose key nobody ever held.
//!
//! Limits: to whom a file is sealed cannot be told without that member's identity. Whoever was a
//! member and kept a copy of the file can open every copy of the vault that has the same key.

use std::path::{Path, PathBuf};

use super::{KEYS, MAX_KEY_FILE, OpenVault, Vault, damaged};
use crate::error::{Error, Result};
use crate::model::secret::SecretBuilder;
use crate::storage::audit::{Actor, Event};
use crate::storage::fs;
use crate::storage::seal::{self, Identity, Recipient, SealError};

/// What some identities make of one member's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberFile {
    /// They open it, and a vault identity is in it.
    Opens,
    /// It is sealed to somebody else, and whole as far as that can be told.
    Others,
    /// It is no age file, or what is in it is no key.
    Broken,
}

impl Vault {
    /// The names of those who can open the vault, in order. Needs no key.
    pub fn members(&self) -> Result<Vec<String>> {
        member_files(&self.dir)
    }

    /// The file of a member.
    pub fn member_file(&self, member: &str) -> PathBuf {
        self.dir.join(KEYS).join(format!("{member}.age"))
    }

    /// What the identities make of a member's file.
    pub fn look_at_member(&self, member: &str, identities: &[Identity]) -> Result<MemberFile> {
        let sealed = fs::read(&self.member_file(member), MAX_KEY_FILE)?;
        let opened = sealed.map(|sealed| seal::open(sealed.expose(), identities, 4096));
        Ok(match opened {
            Some(Ok(key)) if Identity::parse(&key).is_ok() => MemberFile::Opens,
            Some(Err(SealError::NotForUs)) => MemberFile::Others,
            _ => MemberFile::Broken,
        })
    }
}

impl OpenVault {
    /// Whether the vault is the one that this machine remembers, and what is wrong if not. Unlike
    /// an unlocking it remembers nothing.
    pub fn check_trusted(&self) -> Result<()> {
        self.compare_id(&fs::resolve(&self.vault.dir)?)?;
        self.compare_recipient()
    }

    /// Remembers this vault, at this place, with this key, in the place of what was remembered.
    pub fn trust(&self) -> Result<()> {
        let place = fs::resolve(&self.vault.dir)?;
        let (recipient, fingerprint) = (self.recipient().to_string(), self.mac_key.fingerprint());
        self.state
            .pin_again(&place, &self.vault.id, &recipient, &fingerprint)
    }

    /// Makes somebody a member; `false` if there is one of that name.
    #[must_use = "false means that nobody became a member"]
    pub fn add_member(&self, member: &str, recipient: &Recipient, actor: &Actor) -> Result<bool> {
        let path = self.vault.member_file(member);
        if fs::exists(&path)? {
            return Ok(false);
        }
        let sealed = seal_key(&self.vault.dir, &self.identity, recipient)?;
        self.note_member("add member", member, actor)?;
        if !fs::publish_new(&path, &sealed)? {
            return Ok(false);
        }
        fs::sync_dir(&self.vault.dir.join(KEYS))?;
        Ok(true)
    }

    /// Whether this identity opens a member's file, as it lies on the disk, to this vault's key.
    pub fn member_opens(&self, member: &str, identity: &Identity) -> Result<bool> {
        let Some(sealed) = fs::read(&self.vault.member_file(member), MAX_KEY_FILE)? else {
            return Ok(false);
        };
        match seal::open(sealed.expose(), std::slice::from_ref(identity), 4096) {
            Ok(key) => {
                let key = Identity::parse(&key).map_err(|_| {
                    damaged(
                        &self.vault.dir,
                        &format!("keys/{member}.age does not hold a key"),
                    )
                })?;
                Ok(key.to_secret() == self.identity.to_secret())
            }
            Err(SealError::NotForUs) => Ok(false),
            Err(problem) => Err(damaged(
                &self.vault.dir,
                &format!("keys/{member}.age does not open: {problem}"),
            )),
        }
    }

    /// Takes back a member whose key was never handed to anybody.
    pub fn withdraw_member(&self, member: &str, actor: &Actor) -> Result<()> {
        self.note_member("withdraw member", member, actor)?;
        fs::remove_private(&self.vault.member_file(member))
    }

    /// Takes back, as far as that can be done, a member that could not be made or proved: the error
    /// by which that is known is the one to be told. Not synced: a sync may just have failed.
    pub fn drop_unproved_member(&self, member: &str, actor: &Actor) {
        let file = self.vault.member_file(member);
        if fs::exists(&file).unwrap_or(true) {
            let _ = self.note_member("withdraw member", member, actor);
            let _ = fs::remove_unsynced(&file);
        }
    }

    fn note_member(&self, op: &str, member: &str, actor: &Actor) -> Result<(), Error> {
        let event = Event {
            op,
            note: Some(member),
            ..Event::default()
        };
        self.trail.append(actor, event, true)?;
        Ok(())
    }
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

pub(super) fn member_files(dir: &Path) -> Result<Vec<String>> {
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

pub(super) fn seal_key(
    dir: &Path,
    vault_identity: &Identity,
    member: &Recipient,
) -> Result<Vec<u8>> {
    // With a newline at the end, so that the opened key is an identity file for stock age.
    let mut key = SecretBuilder::with_capacity(128);
    key.push(vault_identity.to_secret().expose());
    key.push(b"\n");
    seal::seal(&key.finish(), member)
        .map_err(|error| damaged(dir, &format!("its key cannot be sealed: {error}")))
}
