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

use std::path::Path;

use super::key::key_file;
use super::{KEYS, OpenVault, damaged};
use crate::error::{Error, Result};
use crate::model::secret::SecretBuilder;
use crate::storage::audit::{Actor, Event};
use crate::storage::seal::{self, Identity, Recipient, SealError};

impl OpenVault {
    /// Whether the vault is the one that this machine remembers, and what is wrong if not. Unlike
    /// unlocking, it does not pin the vault. From now on the versions that are read are remembered.
    pub fn check_trusted(&self) -> Result<()> {
        self.compare_id(&self.vault.store.place()?)?;
        self.compare_recipient()?;
        self.set_trusted();
        Ok(())
    }

    /// Remembers this vault, at this place, with this key, in the place of what was remembered.
    pub fn trust(&self) -> Result<()> {
        let place = self.vault.store.place()?;
        let recipient = self.recipient().to_string();
        let fingerprint = self.keys.current().fingerprint();
        self.state
            .pin_again(&place, &self.vault.id, &recipient, fingerprint)
    }

    /// Makes somebody a member; `false` if there is one of that name.
    #[must_use = "false means that nobody became a member"]
    pub fn add_member(&self, member: &str, recipient: &Recipient, actor: &Actor) -> Result<bool> {
        let store = &self.vault.store;
        let file = key_file(member);
        if store.kind(&file)?.is_some() {
            return Ok(false);
        }
        let sealed = seal_key(store.dir(), self.keys.current().identity(), recipient)?;
        self.note_member("add member", member, actor)?;
        if !store.create(&file, &sealed)? {
            return Ok(false);
        }
        store.make_durable(KEYS)?;
        Ok(true)
    }

    /// Whether this identity opens a member's file, as it lies on the disk, to this vault's key.
    pub fn member_opens(&self, member: &str, identity: &Identity) -> Result<bool> {
        let identity = std::slice::from_ref(identity);
        match self.vault.open_key_file(member, identity)? {
            Some(Ok(key)) => Ok(key.to_secret() == self.keys.current().identity().to_secret()),
            None | Some(Err(SealError::NotForUs)) => Ok(false),
            Some(Err(problem)) => Err(damaged(
                self.vault.dir(),
                &format!("keys/{member}.age does not open: {problem}"),
            )),
        }
    }

    /// Takes back a member whose key was never handed to anybody.
    pub fn withdraw_member(&self, member: &str, actor: &Actor) -> Result<()> {
        self.note_member("withdraw member", member, actor)?;
        self.vault.store.remove(&key_file(member))
    }

    /// Takes back, as far as that can be done, a member that could not be made or proved: the error
    /// by which that is known is the one to be told. Not synced: a sync may just have failed.
    pub fn drop_unproved_member(&self, member: &str, actor: &Actor) {
        let file = key_file(member);
        if !matches!(self.vault.store.kind(&file), Ok(None)) {
            let _ = self.note_member("withdraw member", member, actor);
            let _ = self.vault.store.remove_unsynced(&file);
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
