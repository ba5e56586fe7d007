//! `recovery add`, `recovery test`, `recovery use`, `recovery list`: a second key to the vault,
//! kept on paper, for the day on which the identity file is lost.
//!
//! A recovery key is an age identity like any other; what makes it one is that no file of this
//! machine holds it. It leaves this program once, in [`Added::key`], after the member's file was
//! read back and opened with it.
//!
//! Limits: whoever finds the paper and a copy of the vault can read all of it, and so can a key
//! that was lost and not thrown away: there is no taking back but a new vault. A kill between
//! making a member and showing its key leaves a member that nobody is; only a test of the paper
//! tells, which is why `doctor` says of each recovery key when it was last tried.

#[cfg(test)]
mod tests;

use std::path::PathBuf;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Notice, Session};
use crate::error::{Error, Result};
use crate::model::schema::Moment;
use crate::model::secret::{SecretBuilder, SecretBytes};
use crate::storage::audit::Event;
use crate::storage::fs;
use crate::storage::seal::{self, Identity};
use crate::storage::vault::{MemberFile, OpenVault, Vault, in_parallel};

/// What a recovery member's name begins with.
const PREFIX: &str = "recovery-";

/// A recovery member that was made, and its key, which is kept nowhere.
#[derive(Debug)]
#[must_use = "the key is nowhere else"]
pub struct Added {
    /// What was made.
    pub report: AddReport,
    /// `AGE-SECRET-KEY-1…`
    pub key: SecretBytes,
}

/// What was made.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddReport {
    /// The new member.
    pub member: String,
    /// Its file in the vault.
    pub file: PathBuf,
    /// All who can open the vault now.
    pub members: Vec<String>,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// What [`add`] would make.
pub fn look(session: &Session<'_>) -> Result<AddReport> {
    let vault = session.vault()?;
    let member = free_name(vault.members(), format!("{PREFIX}{}", today(session)));
    let members = joined(vault.members(), &member);
    Ok(AddReport {
        file: vault.vault().member_file(&member),
        members,
        member,
        dry_run: true,
    })
}

/// The day, for the names of members.
fn today(session: &Session<'_>) -> String {
    session.now().to_string().chars().take(10).collect()
}

/// A name, and what it becomes where it is taken.
fn names(name: &str) -> impl Iterator<Item = String> {
    let numbered = move |n| format!("{name}-{n}");
    std::iter::once(name.to_owned()).chain((2u32..).map(numbered))
}

/// Makes a recovery member and proves that its key opens the vault.
pub fn add(session: &Session<'_>) -> Result<Added> {
    let vault = session.vault()?;
    let identity = Identity::generate();
    let name = format!("{PREFIX}{}", today(session));
    // From here on nothing but the making itself may fail: the key would be lost.
    let member = add_member(session, vault, &identity, &name)?;
    let members = joined(vault.members(), &member);
    Ok(Added {
        report: AddReport {
            file: vault.vault().member_file(&member),
            members,
            member,
            dry_run: false,
        },
        key: identity.to_secret(),
    })
}

/// Takes back a recovery member whose key could not be shown to anybody: a member that nobody is
/// would make the vault look safer than it is.
pub fn withdraw(session: &Session<'_>, added: &AddReport) -> Result<()> {
    let vault = session.vault()?;
    vault.withdraw_member(&added.member, session.actor())
}

/// The members with one more, in order.
fn joined(members: &[String], member: &str) -> Vec<String> {
    let mut members = members.to_vec();
    members.push(member.to_owned());
    members.sort_unstable();
    members
}

/// What a member would be called.
fn free_name(members: &[String], name: String) -> String {
    let free = names(&name).find(|name| !members.contains(name));
    free.unwrap_or(name)
}

/// Makes a member of this name, or of this name and a number if it is taken, and proves it.
fn add_member(
    session: &Session<'_>,
    vault: &OpenVault,
    identity: &Identity,
    name: &str,
) -> Result<String> {
    let mut member = name.to_owned();
    let mut made = Ok(false);
    for name in names(name) {
        let added = vault.add_member(&name, &identity.recipient(), session.actor());
        if matches!(added, Ok(false)) {
            continue;
        }
        made = added.and_then(|_| vault.member_opens(&name, identity));
        member = name;
        break;
    }
    let unproved = match made {
        Ok(true) => return Ok(member),
        Ok(false) => Error::VaultDamaged {
            path: session.settings.vault_dir.clone(),
            problem: format!("keys/{member}.age does not read back as it was written"),
        },
        Err(error) => error,
    };
    // Nobody has the key yet, so nobody is dropped.
    vault.drop_unproved_member(&member, session.actor());
    Err(unproved)
}

/// What a key opens.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TestReport {
    /// Whether it opens the vault, and everything in it that was looked at.
    pub opens: bool,
    /// Whose file it opens.
    pub member: Option<String>,
    /// How many secrets there are.
    pub secrets: usize,
    /// How many of them have a newest version that does not open.
    pub unreadable: usize,
    /// Why it opens nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<&'static str>,
}

/// Tries a key: which member's file does it open, and does the key in there open the secrets?
///
/// No other identity is needed. The answer "no" is a report; an error means that the vault itself
/// cannot be looked at.
pub fn test(session: &Session<'_>, key: &SecretBytes) -> Result<TestReport> {
    let vault = Vault::open(&session.settings.vault_dir)?;
    let no = |problem| TestReport {
        opens: false,
        member: None,
        secrets: 0,
        unreadable: 0,
        problem: Some(problem),
    };
    let Some(identities) = parse_key(key) else {
        return Ok(no(
            "this is not an age key (AGE-SECRET-KEY-1…); one mistyped letter is enough",
        ));
    };
    let Some(member) = opened_by(&vault, &identities)? else {
        return Ok(no("this key opens none of the vault's keys"));
    };
    let vault = session.unlock_with(vault, &identities, "that was given")?;
    let (listed, _) = vault.list(|_| true)?;
    let opened = in_parallel(&listed, |one| vault.read(&one.key_path, one.newest).is_ok());
    let unreadable = opened.iter().filter(|opened| !**opened).count();
    let event = Event {
        op: "recovery test",
        note: Some(&member),
        ..Event::default()
    };
    if let Err(error) = vault.trail().append(session.actor(), event, false) {
        session.notice(Notice::NotLogged { error: &error });
    }
    // Only a memory: without it `doctor` asks for another test.
    let _ = session
        .state()
        .note_tested(vault.vault().id(), &member, session.now());
    Ok(TestReport {
        opens: unreadable == 0,
        member: Some(member),
        secrets: listed.len(),
        unreadable,
        problem: (unreadable > 0).then_some("the key opens the vault, but not all of its secrets"),
    })
}

/// A new identity, made with another member's key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UseReport {
    /// The new identity file.
    pub identity: PathBuf,
    /// The new member that it is.
    pub member: String,
    /// The member whose key was used.
    pub with: String,
    /// Whether this is only what would be done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
}

/// Makes a new identity for this machine with a recovery key: the identity file, and a member's
/// file for it in the vault.
///
/// An identity file that is there and opens the vault is an error: nothing is to be recovered. One
/// that is whole and opens nothing becomes the member: a run that was stopped between the two files
/// left it there.
pub fn use_key(session: &Session<'_>, key: &SecretBytes, dry_run: bool) -> Result<UseReport> {
    let path = session
        .identity_file()
        .ok_or(Error::IdentityInEnvironment)?;
    let vault = Vault::open(&session.settings.vault_dir)?;
    let there = session.identities()?.unwrap_or_default();
    if opened_by(&vault, &there)?.is_some() {
        return Err(Error::IdentityExists(path.to_owned()));
    }
    let not_a_member = || Error::NotAMember {
        identity: "that was given".to_owned(),
        vault: session.settings.vault_dir.clone(),
    };
    let identities = parse_key(key).ok_or_else(not_a_member)?;
    let with = opened_by(&vault, &identities)?.ok_or_else(not_a_member)?;
    let vault = session.unlock_with(vault, &identities, "that was given")?;
    let name = format!("{}-{}", session.settings.member, today(session));
    let report = |member| UseReport {
        identity: path.to_owned(),
        member,
        with,
        dry_run,
    };
    if dry_run {
        return Ok(report(free_name(&vault.vault().members()?, name)));
    }
    // The file first: a member whose identity was never written would be nobody.
    let (identity, made) = match there.into_iter().next() {
        Some(identity) => (identity, false),
        None => (session.create_identity()?, true),
    };
    match add_member(session, &vault, &identity, &name) {
        Ok(member) => Ok(report(member)),
        Err(error) => {
            if made {
                // It opens nothing. What cannot be removed now is used by the next attempt.
                let _ = fs::remove_private(path);
            }
            Err(error)
        }
    }
}

/// Somebody who can open the vault.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The name.
    pub name: String,
    /// Whether it is a recovery key, by its name.
    pub recovery: bool,
    /// Whether the identity at hand is this member; absent if there is no identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<bool>,
    /// When its key was last tried with `recovery test` on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Moment>")]
    pub tested: Option<Timestamp>,
}

/// Those who can open the vault, in order of their names. Needs no identity.
pub fn list(session: &Session<'_>) -> Result<Vec<Member>> {
    let vault = Vault::open(&session.settings.vault_dir)?;
    let identities = session.identities().ok().flatten();
    vault
        .members()?
        .into_iter()
        .map(|name| {
            let mine = match &identities {
                Some(identities) => {
                    Some(vault.look_at_member(&name, identities)? == MemberFile::Opens)
                }
                None => None,
            };
            Ok(Member {
                recovery: is_recovery(&name),
                mine,
                tested: session.state().tested(vault.id(), &name),
                name,
            })
        })
        .collect()
}

/// Whether a member is a recovery key, as far as its name says.
pub fn is_recovery(member: &str) -> bool {
    member.starts_with(PREFIX)
}

/// The member whose file one of the identities opens.
fn opened_by(vault: &Vault, identities: &[Identity]) -> Result<Option<String>> {
    for member in vault.members()? {
        if vault.look_at_member(&member, identities)? == MemberFile::Opens {
            return Ok(Some(member));
        }
    }
    Ok(None)
}

/// A key as somebody types it from paper (spaces, small letters) or passes an identity file.
fn parse_key(text: &SecretBytes) -> Option<Vec<Identity>> {
    if let Ok(identities) = seal::parse_identity_file(text) {
        return Some(identities);
    }
    let mut key = SecretBuilder::with_capacity(text.len());
    for byte in text.expose() {
        if !byte.is_ascii_whitespace() {
            key.push(&[byte.to_ascii_uppercase()]);
        }
    }
    let identity = Identity::parse(&key.finish()).ok()?;
    Some(vec![identity])
}
