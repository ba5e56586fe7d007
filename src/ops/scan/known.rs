//! The values of the vault: every version that opens, and whose it is.

use std::collections::BTreeSet;

use super::{NotSought, Reason, Unread};
use crate::error::{Error, Result};
use crate::leaks::scan::{Unsought, is_sought};
use crate::model::entry::Content;
use crate::model::key_path::KeyPath;
use crate::model::secret::SecretBytes;
use crate::model::version::Version;
use crate::storage::vault::{Listed, OpenVault, in_parallel};

/// What is looked for.
pub(super) struct Known {
    /// Distinct; those that are somebody's present value first.
    pub(super) values: Vec<KnownValue>,
    pub(super) not_sought: BTreeSet<NotSought>,
    pub(super) unread: Vec<Unread>,
}

pub(super) struct KnownValue {
    pub(super) value: SecretBytes,
    /// Who has it, the first one to be named; never empty.
    pub(super) owners: Vec<Owner>,
}

/// In order of what is named first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Owner {
    pub(super) is_old: bool,
    pub(super) key_path: KeyPath,
    pub(super) version: std::cmp::Reverse<Version>,
}

impl Known {
    pub(super) fn collect(vault: &OpenVault) -> Result<Self> {
        let (listed, _) = vault.list(|_| true)?;
        let mut all: Vec<(SecretBytes, Owner)> = Vec::new();
        let mut not_sought = BTreeSet::new();
        let mut unread = Vec::new();
        for versions in in_parallel(&listed, |one| Versions::open(vault, one)) {
            let mut versions = versions?;
            unread.append(&mut versions.unread);
            for (owner, name, value) in versions.values {
                match is_sought(&name, &value) {
                    Ok(()) => all.push((value, owner)),
                    Err(_) if owner.is_old => {}
                    Err(unsought) => {
                        not_sought.insert(NotSought {
                            key_path: owner.key_path,
                            reason: match unsought {
                                Unsought::TooShort => Reason::TooShort,
                                Unsought::Ordinary => Reason::Ordinary,
                            },
                        });
                    }
                }
            }
        }
        all.sort_unstable_by(|(one, first), (other, second)| {
            (one.expose(), first).cmp(&(other.expose(), second))
        });
        let mut values: Vec<KnownValue> = Vec::new();
        for (value, owner) in all {
            match values.last_mut().filter(|last| last.value == value) {
                Some(same) => same.owners.push(owner),
                None => values.push(KnownValue {
                    value,
                    owners: vec![owner],
                }),
            }
        }
        values.sort_by(|one, other| one.owners.cmp(&other.owners));
        Ok(Self {
            values,
            not_sought,
            unread,
        })
    }
}

/// All versions of a secret.
#[derive(Default)]
struct Versions {
    /// With the variable that has or would have the value.
    values: Vec<(Owner, String, SecretBytes)>,
    unread: Vec<Unread>,
}

impl Versions {
    fn open(vault: &OpenVault, one: &Listed) -> Result<Self> {
        let mut versions = Self::default();
        let numbers = match one.oldest == one.newest {
            true => vec![one.newest],
            false => vault.vault().versions(&one.key_path)?,
        };
        let checked = vault.check_not_rolled_back(&one.key_path, one.newest);
        versions.unread(vault, one, one.newest, checked.err());
        for version in numbers {
            match vault.read(&one.key_path, version) {
                Ok(entry) => {
                    let Content::Value(value) = entry.content else {
                        continue;
                    };
                    let owner = Owner {
                        is_old: version != one.newest,
                        key_path: one.key_path.clone(),
                        version: std::cmp::Reverse(version),
                    };
                    let name = entry.header.env_name;
                    let name = name.unwrap_or_else(|| one.key_path.env_name());
                    versions.values.push((owner, name, value));
                }
                Err(error) => versions.unread(vault, one, version, Some(error)),
            }
        }
        Ok(versions)
    }

    /// What does not open is not looked for, which must be said.
    fn unread(&mut self, vault: &OpenVault, one: &Listed, version: Version, error: Option<Error>) {
        let Some(error) = error else { return };
        let (file, message) = match error {
            Error::Entry { path, fault } => (path, fault.to_string()),
            error => (
                vault.vault().entry_file(&one.key_path, version),
                error.to_string(),
            ),
        };
        self.unread.push(Unread {
            file: file.to_string_lossy().into_owned(),
            message,
        });
    }
}
