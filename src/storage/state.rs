//! What this machine remembers of the vaults it has seen, so that it can tell when one was
//! replaced or rolled back.
//!
//! ```text
//! <state dir>/places/<hash of the vault's path>    the id of the vault that lies there
//! <state dir>/vaults/<id>/recipient                the vault's public key, pinned
//! <state dir>/vaults/<id>/log.jsonl                the audit trail, see [`crate::storage::audit`]
//! <state dir>/vaults/<id>/fingerprint              a keyed hash that only the same vault key gives
//! <state dir>/vaults/<id>/newest/<key path>        the newest version seen: its number in ten
//!                                                  digits, its MAC, its number once more
//! <state dir>/vaults/<id>/newest/layout/<project>  the same of an env file's layout
//! <state dir>/vaults/<id>/tested/<member>          when a recovery key was last tried here
//! ```
//!
//! Invariants: the memory only ever makes the program more suspicious. Nothing here is needed to
//! read a vault; what is missing or unreadable counts as not remembered.
//!
//! Limits: a machine that has no memory yet cannot see a rollback. Two runs that note two versions
//! at the same moment may leave the older note; the next read corrects it. Notes are not synced: a
//! power cut may take the newest, or leave the first half of it before the second half of the one
//! before. That is why the number stands at both ends.

use std::fmt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::error::Result;
use crate::model::entry::{EntryMac, VaultId, hex};
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::Version;
use crate::storage::fs;

/// The newest version of something that this machine has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub version: Version,
    /// Its MAC; `None` in what version 0.1.0 noted, and for what was accepted by `init --trust`.
    pub mac: Option<EntryMac>,
}

/// The state directory.
#[derive(Debug, Clone)]
pub struct State {
    dir: PathBuf,
}

impl State {
    /// The memory in this directory, which need not exist.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    fn vault_dir(&self, id: &VaultId) -> PathBuf {
        self.dir.join("vaults").join(id.as_str())
    }

    fn place(&self, vault: &Path) -> PathBuf {
        self.dir.join("places").join(path_hash(vault))
    }

    fn newest_file(&self, id: &VaultId, name: &impl fmt::Display) -> PathBuf {
        let mut path = self.vault_dir(id);
        path.push("newest");
        path.push(name.to_string());
        path
    }

    /// Whether any vault was ever seen on this machine.
    pub fn knows_a_vault(&self) -> bool {
        fs::list_dir(&self.dir.join("places"))
            .ok()
            .flatten()
            .is_some_and(|places| !places.is_empty())
    }

    /// The vault that was seen at this path.
    pub fn id_at(&self, vault: &Path) -> Option<VaultId> {
        read_word(&self.place(vault)).and_then(|word| VaultId::parse(&word))
    }

    /// The public key that the vault had when it was first seen.
    pub fn recipient(&self, id: &VaultId) -> Option<String> {
        read_word(&self.vault_dir(id).join("recipient"))
    }

    /// The fingerprint of the key that the vault had when its public key was pinned. Read at every
    /// start: computing the public key takes a multiplication on the curve.
    pub fn fingerprint(&self, id: &VaultId) -> Option<String> {
        read_word(&self.vault_dir(id).join("fingerprint"))
    }

    /// Remembers which vault lies at a path and what its key is.
    pub fn pin(
        &self,
        vault: &Path,
        id: &VaultId,
        recipient: &str,
        fingerprint: &str,
    ) -> Result<()> {
        for (path, word) in [
            (self.vault_dir(id).join("recipient"), recipient),
            (self.vault_dir(id).join("fingerprint"), fingerprint),
            (self.place(vault), id.as_str()),
        ] {
            fs::write_hint(&path, format!("{word}\n").as_bytes())?;
        }
        Ok(())
    }

    /// Remembers another vault at a path, or another public key of the same one, in the place of
    /// what was remembered. Durable, unlike [`pin`](Self::pin): it is done on purpose.
    pub fn pin_again(
        &self,
        vault: &Path,
        id: &VaultId,
        recipient: &str,
        fingerprint: &str,
    ) -> Result<()> {
        for (path, word) in [
            (self.vault_dir(id).join("recipient"), recipient),
            (self.vault_dir(id).join("fingerprint"), fingerprint),
            (self.place(vault), id.as_str()),
        ] {
            self.rewrite(&path, word)?;
        }
        Ok(())
    }

    /// Forgets which vault was seen at a path.
    pub fn forget_place(&self, vault: &Path) -> Result<()> {
        fs::remove_private(&self.place(vault))
    }

    /// Remembers an older version as the newest that was seen; `None` forgets that any was.
    pub fn lower_newest(
        &self,
        id: &VaultId,
        name: &impl fmt::Display,
        version: Option<Version>,
    ) -> Result<()> {
        let path = self.newest_file(id, name);
        match version {
            None => fs::remove_private(&path),
            Some(version) => self.rewrite(&path, &format!("{:010}", version.get())),
        }
    }

    fn rewrite(&self, path: &Path, word: &str) -> Result<()> {
        if let Some(dir) = path.parent() {
            fs::make_dir_all_durable(dir)?;
        }
        fs::replace_private(path, format!("{word}\n").as_bytes())
    }

    /// When a member's key was last shown to open the vault, on this machine.
    pub fn tested(&self, id: &VaultId, member: &str) -> Option<Timestamp> {
        read_word(&self.vault_dir(id).join("tested").join(member))?
            .parse()
            .ok()
    }

    /// Remembers that a member's key opened the vault.
    pub fn note_tested(&self, id: &VaultId, member: &str, when: Timestamp) -> Result<()> {
        let path = self.vault_dir(id).join("tested").join(member);
        self.rewrite(&path, &when.to_string())
    }

    /// The newest version that this machine has seen of a secret, by its key path, or of a layout,
    /// by the name that its entries have.
    pub fn newest(&self, id: &VaultId, name: &impl fmt::Display) -> Option<Version> {
        self.seen_newest(id, name).map(|seen| seen.version)
    }

    /// [`newest`](Self::newest), with the MAC of that version if it was noted.
    pub fn seen_newest(&self, id: &VaultId, name: &impl fmt::Display) -> Option<Seen> {
        let bytes = fs::read(&self.newest_file(id, name), 4096).ok()??;
        // Version 0.1.0 writes a number on a line of its own, also over what this one wrote.
        let (line, _) = bytes.as_str()?.split_once('\n')?;
        let words: Vec<&str> = line.split(' ').collect();
        let (number, mac) = match *words {
            [first, mac, last] if first == last => (first, EntryMac::parse(mac)),
            // Torn: the lower number was seen for sure. Both have ten digits.
            [first, _, last] => (first.min(last), None),
            [number, ..] => (number, None),
            [] => return None,
        };
        Some(Seen {
            version: number.parse().ok()?,
            mac,
        })
    }

    /// Remembers that a version was seen.
    pub fn note_newest(
        &self,
        id: &VaultId,
        name: &impl fmt::Display,
        version: Version,
        mac: &EntryMac,
    ) -> Result<()> {
        let record = format!("{0:010} {1} {0:010}\n", version.get(), mac.as_str());
        fs::write_hint(&self.newest_file(id, name), record.as_bytes())
    }

    /// Every secret of a vault of which this machine has seen a version.
    pub fn seen(&self, id: &VaultId) -> Vec<KeyPath> {
        let newest = self.vault_dir(id).join("newest");
        let mut seen = Vec::new();
        for scope in list(&newest) {
            for owner in list(&newest.join(&scope)) {
                for secret in list(&newest.join(&scope).join(&owner)) {
                    seen.extend(KeyPath::parse(&format!("{scope}/{owner}/{secret}")).ok());
                }
            }
        }
        seen.sort_unstable();
        seen
    }

    /// Every project of whose env file this machine has seen a layout.
    pub fn seen_layouts(&self, id: &VaultId) -> Vec<OwnerName> {
        let names = list(&self.vault_dir(id).join("newest/layout"));
        let mut seen: Vec<OwnerName> = names.iter().filter_map(|name| name.parse().ok()).collect();
        seen.sort_unstable();
        seen
    }

    /// Where the audit trail of a vault is kept.
    pub fn trail_dir(&self, id: &VaultId) -> PathBuf {
        self.vault_dir(id)
    }

    /// Where the record of an unfinished in-place write of an env file is kept.
    pub fn pending_file(&self, env_file: &Path) -> PathBuf {
        let name = format!("{}.age", path_hash(env_file));
        self.dir.join("pending").join(name)
    }
}

/// The names in a directory; what cannot be listed is not remembered.
fn list(path: &Path) -> Vec<String> {
    fs::list_dir(path).ok().flatten().unwrap_or_default()
}

fn path_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    hex(&digest[..16])
}

fn read_word(path: &Path) -> Option<String> {
    let bytes = fs::read(path, 4096).ok()??;
    let line = bytes.as_str()?.strip_suffix('\n')?;
    Some(line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac() -> EntryMac {
        EntryMac::parse(&"0a".repeat(32)).unwrap()
    }

    #[test]
    fn what_version_0_1_0_noted_is_read_and_upgraded() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path().join("state"));
        let id = VaultId::new([1; 16]);
        let key_path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
        let seen = |version, mac| {
            let version = Version::new(version).unwrap();
            Some(Seen { version, mac })
        };
        let file = state.newest_file(&id, &key_path);
        fs::write_hint(&file, b"0000000003\n").unwrap();
        assert_eq!(state.seen_newest(&id, &key_path), seen(3, None));
        let version = Version::new(3).unwrap();
        state.note_newest(&id, &key_path, version, &mac()).unwrap();
        assert_eq!(state.seen_newest(&id, &key_path), seen(3, Some(mac())));
        // 0.1.0 writes over it in place.
        fs::write_hint(&file, b"0000000004\n").unwrap();
        assert_eq!(state.seen_newest(&id, &key_path), seen(4, None));
    }

    #[test]
    fn a_note_that_is_half_of_two_is_the_older_one_without_its_mac() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path().join("state"));
        let id = VaultId::new([1; 16]);
        let key_path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
        let file = state.newest_file(&id, &key_path);
        let note = |version, mac: &EntryMac| {
            let version = Version::new(version).unwrap();
            state.note_newest(&id, &key_path, version, mac).unwrap();
            fs::read(&file, 4096).unwrap().unwrap().expose().to_vec()
        };
        let other = EntryMac::parse(&"1b".repeat(32)).unwrap();
        let (old, new) = (note(19, &mac()), note(20, &other));
        for at in 0..=new.len() {
            fs::write_hint(&file, &[&new[..at], &old[at..]].concat()).unwrap();
            let seen = state.seen_newest(&id, &key_path).unwrap();
            match seen.mac {
                Some(found) if found == other => assert_eq!(seen.version.get(), 20, "{at}"),
                Some(found) => assert!(found == mac() && seen.version.get() == 19, "{at}"),
                None => assert!([19, 20].contains(&seen.version.get()), "{at}"),
            }
        }
    }

    #[test]
    fn what_is_noted_is_remembered_and_what_is_broken_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path().join("state"));
        let id = VaultId::new([1; 16]);
        let key_path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
        assert_eq!(state.newest(&id, &key_path), None);
        state
            .note_newest(&id, &key_path, Version::new(12).unwrap(), &mac())
            .unwrap();
        assert_eq!(state.newest(&id, &key_path), Version::new(12));
        fs::write_hint(&state.newest_file(&id, &key_path), b"x\n").unwrap();
        assert_eq!(state.newest(&id, &key_path), None);

        let vault = dir.path().join("vault");
        assert!(state.id_at(&vault).is_none());
        state.pin(&vault, &id, "age1abc", "0123").unwrap();
        assert_eq!(state.id_at(&vault), Some(id.clone()));
        assert_eq!(state.recipient(&id).as_deref(), Some("age1abc"));
        assert_eq!(state.fingerprint(&id).as_deref(), Some("0123"));
    }

    #[test]
    fn memory_is_changed_on_purpose_only() {
        let dir = tempfile::tempdir().unwrap();
        let state = State::new(dir.path().join("state"));
        let (old, new) = (VaultId::new([1; 16]), VaultId::new([2; 16]));
        let key_path = KeyPath::parse("project/consilio/stripe_api_key").unwrap();
        let vault = dir.path().join("vault");
        state.pin(&vault, &old, "age1before", "01").unwrap();
        state
            .note_newest(&old, &key_path, Version::new(12).unwrap(), &mac())
            .unwrap();
        state.pin_again(&vault, &new, "age1x", "02").unwrap();
        assert_eq!(state.id_at(&vault), Some(new.clone()));
        assert_eq!(state.recipient(&new).as_deref(), Some("age1x"));
        assert_eq!(state.fingerprint(&new).as_deref(), Some("02"));
        assert_eq!(state.recipient(&old).as_deref(), Some("age1before"));
        state
            .lower_newest(&old, &key_path, Version::new(3))
            .unwrap();
        assert_eq!(state.newest(&old, &key_path), Version::new(3));
        state.lower_newest(&old, &key_path, None).unwrap();
        assert_eq!(state.seen(&old), []);
        state.forget_place(&vault).unwrap();
        assert_eq!(state.id_at(&vault), None);
        assert_eq!(state.tested(&new, "recovery-2026-01-21"), None);
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        state.note_tested(&new, "recovery-2026-01-21", now).unwrap();
        assert_eq!(state.tested(&new, "recovery-2026-01-21"), Some(now));
    }
}
