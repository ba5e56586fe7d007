//! The audit trail as a witness: what this machine wrote, beside what the vault has.
//!
//! Each version that is stored has a line that was written before it, and names that line in its
//! header. So a version without its line shows that the trail was cut, and a line without its
//! version shows that the version is gone or that another machine's stands in its place.
//!
//! What a person accepted with `init --trust`, and what was destroyed by `prune`, is no finding.
//!
//! Limits: a version that another machine stored, and that is older than the oldest one that is
//! left, leaves no trace when it is gone. A version that another machine destroyed with `prune` is
//! reported as gone here.

use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::model::entry::{Header, Origin};
use crate::model::key_path::KeyPath;
use crate::model::version::Version;
use crate::storage::audit::{Flaw, Own, Reading};
use crate::storage::vault::{OpenVault, in_parallel};

/// What is wrong with one version, as the trail has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// It is gone from the vault.
    Gone,
    /// Another machine's version has its number.
    Replaced,
    /// It was written on this machine, and its line is gone from the trail.
    NoLine,
}

impl Loss {
    /// What to say of it.
    pub(super) fn message(self, version: Version) -> String {
        match self {
            Self::Gone => format!("version {version} is gone from the vault"),
            Self::Replaced => {
                format!("your version {version} was replaced by another machine's")
            }
            Self::NoLine => format!(
                "version {version} was written on this machine; its line in the audit trail is gone"
            ),
        }
    }
}

/// What the trail says of the versions of all secrets.
pub(super) struct Witness {
    own: Own,
    macs: HashSet<String>,
    /// The `mac`s of the lines that announced a version, by the secret and the number.
    written: HashMap<(String, Version), Vec<String>>,
    /// What was destroyed on purpose, or accepted as it is.
    settled: HashSet<(String, Version)>,
}

impl Witness {
    /// Reads the trail; also returns it.
    pub(super) fn read(vault: &OpenVault) -> Result<(Self, Reading)> {
        let trail = vault.trail();
        // A directory that cannot be written must not keep anybody from reading.
        let _ = trail.remember_own();
        let reading = trail.read()?;
        let mut witness = Self {
            own: trail.own(),
            macs: reading.macs.iter().cloned().collect(),
            written: HashMap::new(),
            settled: HashSet::new(),
        };
        for (line, mac) in reading.lines.iter().zip(&reading.macs) {
            let Some(name) = &line.key_path else { continue };
            let at = line.version.map(|version| (name.clone(), version));
            match (line.op.as_str(), at) {
                ("prune", Some(at)) => {
                    witness.settled.insert(at);
                }
                // Whatever was before it is accepted.
                ("trust", at) => {
                    witness.written.retain(|(other, _), _| other != name);
                    witness.settled.extend(at);
                }
                ("taken", Some(at)) => {
                    witness.written.entry(at).or_default().pop();
                }
                (op, Some(at)) if Origin::named(op).is_some() => {
                    witness.written.entry(at).or_default().push(mac.clone());
                }
                _ => {}
            }
        }
        Ok((witness, reading))
    }

    /// Compares the versions of one secret, oldest first, with the trail. `headers` are those of the
    /// versions that open.
    pub(super) fn losses(
        &self,
        key_path: &KeyPath,
        versions: &[Version],
        headers: &[Header],
    ) -> Vec<(Version, Loss)> {
        let name = key_path.to_string();
        let is_settled = |version: &Version| self.settled.contains(&(name.clone(), *version));
        let mut found = Vec::new();
        // What is newer than the newest is for the memory to say: the vault went back.
        let there: HashSet<Version> = versions.iter().copied().collect();
        let (Some(&oldest), Some(&newest)) = (versions.first(), versions.last()) else {
            return found;
        };
        for number in 1..newest.get() {
            let Some(version) = Version::new(number).filter(|version| !there.contains(version))
            else {
                continue;
            };
            // `prune` destroys from the oldest on, so there are no gaps behind the oldest.
            let is_known = version > oldest
                || self
                    .written
                    .get(&(name.clone(), version))
                    .is_some_and(|macs| !macs.is_empty());
            if is_known && !is_settled(&version) {
                found.push((version, Loss::Gone));
            }
        }
        for header in headers.iter().filter(|header| !is_settled(&header.version)) {
            let line = header.log.as_deref().and_then(|log| self.own.line(log));
            let written = self.written.get(&(name.clone(), header.version));
            match (line, written) {
                (Some(mac), _) if !self.macs.contains(mac) => {
                    found.push((header.version, Loss::NoLine));
                }
                (Some(_), _) => {}
                (None, Some(macs)) if !macs.is_empty() => {
                    found.push((header.version, Loss::Replaced));
                }
                (None, _) => {}
            }
        }
        found.sort_unstable_by_key(|(version, _)| *version);
        found
    }
}

/// The trail with all that is wrong in its chain, and what is wrong with versions as it has them.
pub(super) struct Examined {
    pub(super) reading: Reading,
    pub(super) losses: Vec<(KeyPath, Version, Loss)>,
}

/// Compares the trail with every secret.
pub(super) fn examine(vault: &OpenVault) -> Result<Examined> {
    // The entries before the trail: a version's line is written before the version, so whatever
    // others store meanwhile has its line by the time that the trail is read.
    let (listed, _) = vault.list(|_| true)?;
    let opened = in_parallel(&listed, |one| -> Result<(Vec<Version>, Vec<Header>)> {
        let versions = vault.vault().versions(&one.key_path)?;
        // What does not open is for `verify` to say.
        let open = |version: &Version| vault.read(&one.key_path, *version).ok();
        let headers = versions.iter().filter_map(open).map(|entry| entry.header);
        Ok((versions.clone(), headers.collect()))
    });
    let (witness, reading) = Witness::read(vault)?;
    let mut losses = Vec::new();
    for (one, opened) in listed.iter().zip(opened) {
        let (versions, headers) = opened?;
        let found = witness.losses(&one.key_path, &versions, &headers);
        let found = found.into_iter();
        losses.extend(found.map(|(version, loss)| (one.key_path.clone(), version, loss)));
    }
    Ok(Examined { reading, losses })
}

impl Examined {
    /// All of it as flaws of the trail.
    pub(super) fn flaws(&self) -> Vec<Flaw> {
        let losses = self.losses.iter().map(|(key_path, version, loss)| Flaw {
            line: None,
            message: format!("{key_path}: {}", loss.message(*version)),
        });
        self.reading.flaws.iter().cloned().chain(losses).collect()
    }
}
