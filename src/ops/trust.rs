//! `init --trust`: accept the vault as it is now, after it was replaced or rolled back on purpose.
//!
//! This machine remembers which vault lies where, its public key, and the newest version of each
//! secret that it has seen; whatever disagrees with that is refused. Here the memory is changed,
//! and only here. Two steps, so that a front end can show what changes before it asks: [`look`]
//! and [`accept`].
//!
//! Invariants: only the memory changes, never the vault. What is accepted is what was shown: a
//! vault that changes between the two steps is refused again afterwards. It is noted in the audit
//! trail first; a trail that was kept with another key is set aside, whole.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Serialize;

use super::Session;
use super::trail::{Loss, examine};
use crate::error::Result;
use crate::model::key_path::{KeyPath, OwnerName};
use crate::model::version::{self, Version};
use crate::storage::audit::{Event, TORN};
use crate::storage::fs;
use crate::storage::vault::{Found, OpenVault, Vault, layout_name};

/// What this machine remembers and what there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Pin {
    /// Remembered; null for nothing.
    pub before: Option<String>,
    /// There now; null if there is no vault.
    pub now: Option<String>,
}

impl Pin {
    /// Whether something else was remembered.
    pub fn changed(&self) -> bool {
        self.before.is_some() && self.before != self.now
    }
}

/// A secret whose newest version went back, or was replaced by another of the same number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct WentBack {
    /// The secret.
    pub key_path: KeyPath,
    /// The newest version that this machine has seen.
    pub seen: Version,
    /// The newest version that there is; 0 if the secret is gone.
    #[serde(serialize_with = "version::write_or_zero")]
    #[schemars(with = "u32")]
    pub found: Option<Version>,
}

/// The layout of an env file that went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LayoutWentBack {
    /// The project.
    pub project: OwnerName,
    /// The newest version that this machine has seen.
    pub seen: Version,
    /// The newest version that there is; 0 if there is none.
    #[serde(serialize_with = "version::write_or_zero")]
    #[schemars(with = "u32")]
    pub found: Option<Version>,
}

/// A version that is gone, or that another machine's stands in the place of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LostVersion {
    /// The secret.
    pub key_path: KeyPath,
    /// The version.
    pub version: Version,
    /// What is wrong.
    pub problem: String,
}

/// What would be accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Changes {
    /// The vault's directory.
    pub vault: PathBuf,
    /// Its id.
    pub id: Pin,
    /// Its public key.
    pub recipient: Pin,
    /// Secrets whose newest version went back.
    pub secrets: Vec<WentBack>,
    /// Projects whose env file's layout went back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub layouts: Vec<LayoutWentBack>,
    /// Versions that are gone or were replaced, beside the newest ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub versions: Vec<LostVersion>,
    /// What is wrong with the audit trail, which is set aside.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trail: Vec<String>,
}

impl Changes {
    /// Whether there is nothing to accept.
    pub fn is_empty(&self) -> bool {
        !self.id.changed()
            && !self.recipient.changed()
            && self.secrets.is_empty()
            && self.layouts.is_empty()
            && self.versions.is_empty()
            && self.trail.is_empty()
    }
}

/// Compares the vault with what this machine remembers. Changes nothing.
pub fn look(session: &Session<'_>) -> Result<Changes> {
    Ok(look_at(session)?.0)
}

fn look_at(session: &Session<'_>) -> Result<(Changes, Option<OpenVault>)> {
    let place = fs::resolve(&session.settings.vault_dir)?;
    let known = session.state().id_at(&place);
    let vault = match Vault::find(&session.settings.vault_dir)? {
        Found::Vault(vault) => vault,
        Found::Nothing => {
            let recipient = known.as_ref().and_then(|id| session.state().recipient(id));
            let changes = Changes {
                vault: session.settings.vault_dir.clone(),
                id: Pin {
                    before: known.map(|id| id.to_string()),
                    now: None,
                },
                recipient: Pin {
                    before: recipient,
                    now: None,
                },
                secrets: Vec::new(),
                layouts: Vec::new(),
                versions: Vec::new(),
                trail: Vec::new(),
            };
            return Ok((changes, None));
        }
        // What is half there is to be mended, not trusted.
        Found::Unfinished => Vault::open(&session.settings.vault_dir)?,
    };
    let id = vault.id().clone();
    let identities = session.identities()?.unwrap_or_default();
    let vault = vault
        .unlock_untrusted(&identities, &session.identity_origin(), session.state())?
        .waiting(session.settings.wait);
    let remembered = session
        .state()
        .recipient(&id)
        .or_else(|| known.as_ref().and_then(|id| session.state().recipient(id)));
    let mut secrets = Vec::new();
    for key_path in session.state().seen(&id) {
        let Some(seen) = session.state().newest(&id, &key_path) else {
            continue;
        };
        let found = vault.vault().newest(&key_path)?;
        if found < Some(seen) || vault.is_replaced(&key_path, seen) {
            secrets.push(WentBack {
                key_path,
                seen,
                found,
            });
        }
    }
    let mut layouts = Vec::new();
    for project in session.state().seen_layouts(&id) {
        let Some(seen) = session.state().newest(&id, &layout_name(&project)) else {
            continue;
        };
        let found = vault.vault().newest_layout(&project)?;
        if found < Some(seen) || vault.is_layout_replaced(&project, seen) {
            layouts.push(LayoutWentBack {
                project,
                seen,
                found,
            });
        }
    }
    let pinned = session.state().recipient(&id);
    let (mut versions, mut trail) = (Vec::new(), Vec::new());
    // The trail of another key cannot be checked with this one; it is set aside anyway.
    if pinned.is_none_or(|pinned| pinned == vault.recipient().to_string()) {
        let examined = examine(&vault)?;
        let flaws = examined.reading.flaws.iter();
        let flaws = flaws.filter(|flaw| flaw.message != TORN);
        trail.extend(flaws.map(ToString::to_string));
        for (key_path, version, loss) in examined.losses {
            let problem = loss.message(version);
            match loss {
                Loss::NoLine => trail.push(format!("{key_path}: {problem}")),
                Loss::Gone | Loss::Replaced => versions.push(LostVersion {
                    key_path,
                    version,
                    problem,
                }),
            }
        }
    }
    let changes = Changes {
        vault: session.settings.vault_dir.clone(),
        id: Pin {
            before: known.map(|id| id.to_string()),
            now: Some(id.to_string()),
        },
        recipient: Pin {
            before: remembered,
            now: Some(vault.recipient().to_string()),
        },
        secrets,
        layouts,
        versions,
        trail,
    };
    Ok((changes, Some(vault)))
}

/// Remembers the vault as it was shown. Where there is no vault any more, what was there is
/// forgotten, so that a new one can be made.
pub fn accept(session: &Session<'_>, shown: &Changes) -> Result<()> {
    let place = fs::resolve(&session.settings.vault_dir)?;
    let (now, vault) = look_at(session)?;
    let Some(vault) = vault.filter(|_| now == *shown) else {
        // Gone, as shown; or not what was shown, and then nothing is accepted.
        return if now == *shown {
            session.state().forget_place(&place)
        } else {
            Err(crate::Error::VaultReplaced {
                path: session.settings.vault_dir.clone(),
                pinned: shown.id.now.clone().unwrap_or_default(),
                found: now.id.now.unwrap_or_default(),
            })
        };
    };
    let id = vault.vault().id();
    let pinned = session.state().recipient(id);
    if pinned.is_some_and(|pinned| pinned != vault.recipient().to_string()) {
        // Its lines could never be checked with the new key.
        vault.trail().set_aside()?;
    } else if !shown.trail.is_empty() {
        vault.trail().set_aside()?;
    }
    let what = format!(
        "id {} before; public key {} before",
        shown.id.before.as_deref().unwrap_or("none"),
        shown.recipient.before.as_deref().unwrap_or("none"),
    );
    let event = Event {
        op: "trust",
        note: Some(&what),
        ..Event::default()
    };
    vault.trail().append(session.actor(), event, true)?;
    let secrets = shown.secrets.iter();
    let secrets = secrets.map(|one| (one.key_path.to_string(), one.seen, one.found));
    let layouts = shown.layouts.iter();
    let layouts = layouts.map(|one| (layout_name(&one.project), one.seen, one.found));
    for (name, seen, found) in secrets.chain(layouts) {
        let note = format!("version {seen} before");
        let event = Event {
            op: "trust",
            key_path: Some(&name),
            version: found,
            note: Some(&note),
        };
        vault.trail().append(session.actor(), event, true)?;
        session.state().lower_newest(id, &name, found)?;
    }
    for one in &shown.versions {
        let name = one.key_path.to_string();
        let event = Event {
            op: "trust",
            key_path: Some(&name),
            version: Some(one.version),
            note: Some("gone or replaced before"),
        };
        vault.trail().append(session.actor(), event, true)?;
    }
    vault.trust()
}
