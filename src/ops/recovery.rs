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

use std::path::PathBuf;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, Notice};
use crate::audit::Event;
use crate::error::{Error, Result};
use crate::fs;
use crate::schema::Moment;
use crate::seal::{self, Identity};
use crate::secret::{SecretBuilder, SecretBytes};
use crate::vault::{MemberFile, OpenVault, Vault, in_parallel};

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
pub fn look(context: &Context<'_>) -> Result<AddReport> {
    let vault = context.open_vault()?;
    let mut members = vault.members().to_vec();
    let member = free_name(&members, format!("{PREFIX}{}", today(context)));
    members.push(member.clone());
    members.sort_unstable();
    Ok(AddReport {
        file: vault.vault().member_file(&member),
        members,
        member,
        dry_run: true,
    })
}

/// The day, for the names of members.
fn today(context: &Context<'_>) -> String {
    context.now().to_string().chars().take(10).collect()
}

/// A name, and what it becomes where it is taken.
fn names(name: &str) -> impl Iterator<Item = String> {
    let numbered = move |n| format!("{name}-{n}");
    std::iter::once(name.to_owned()).chain((2u32..).map(numbered))
}

/// Makes a recovery member and proves that its key opens the vault.
pub fn add(context: &Context<'_>) -> Result<Added> {
    let vault = context.open_vault()?;
    let identity = Identity::generate();
    let name = format!("{PREFIX}{}", today(context));
    // From here on nothing but the making itself may fail: the key would be lost.
    let member = add_member(context, &vault, &identity, &name)?;
    let mut members = vault.members().to_vec();
    members.push(member.clone());
    members.sort_unstable();
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
pub fn withdraw(context: &Context<'_>, added: &AddReport) -> Result<()> {
    let vault = context.open_vault()?;
    vault.withdraw_member(&added.member, &context.actor)
}

/// What a member would be called.
fn free_name(members: &[String], name: String) -> String {
    let free = names(&name).find(|name| !members.contains(name));
    free.unwrap_or(name)
}

/// Makes a member of this name, or of this name and a number if it is taken, and proves it.
fn add_member(
    context: &Context<'_>,
    vault: &OpenVault,
    identity: &Identity,
    name: &str,
) -> Result<String> {
    let mut member = name.to_owned();
    let mut made = Ok(false);
    for name in names(name) {
        let added = vault.add_member(&name, &identity.recipient(), &context.actor);
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
            path: context.vault.clone(),
            problem: format!("keys/{member}.age does not read back as it was written"),
        },
        Err(error) => error,
    };
    // Nobody has the key yet, so nobody is dropped.
    vault.drop_unproved_member(&member, &context.actor);
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
pub fn test(context: &Context<'_>, key: &SecretBytes) -> Result<TestReport> {
    let vault = Vault::open(&context.vault)?;
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
    let vault = context.unlock_with(vault, &identities, "that was given")?;
    let (listed, _) = vault.vault().list(|_| true)?;
    let opened = in_parallel(&listed, |one| vault.read(&one.key_path, one.newest).is_ok());
    let unreadable = opened.iter().filter(|opened| !**opened).count();
    let event = Event {
        op: "recovery test",
        note: Some(&member),
        ..Event::default()
    };
    if let Err(error) = vault.trail().append(&context.actor, event, false) {
        context.notice(Notice::NotLogged { error: &error });
    }
    // Only a memory: without it `doctor` asks for another test.
    let _ = context
        .state
        .note_tested(vault.vault().id(), &member, context.now());
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
pub fn use_key(context: &Context<'_>, key: &SecretBytes, dry_run: bool) -> Result<UseReport> {
    let path = context
        .identity_file()
        .ok_or(Error::IdentityInEnvironment)?;
    let vault = Vault::open(&context.vault)?;
    let there = context.identities()?.unwrap_or_default();
    if opened_by(&vault, &there)?.is_some() {
        return Err(Error::IdentityExists(path.to_owned()));
    }
    let not_a_member = || Error::NotAMember {
        identity: "that was given".to_owned(),
        vault: context.vault.clone(),
    };
    let identities = parse_key(key).ok_or_else(not_a_member)?;
    let with = opened_by(&vault, &identities)?.ok_or_else(not_a_member)?;
    let vault = context.unlock_with(vault, &identities, "that was given")?;
    let name = format!("{}-{}", context.member, today(context));
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
        None => (context.create_identity()?, true),
    };
    match add_member(context, &vault, &identity, &name) {
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
pub fn list(context: &Context<'_>) -> Result<Vec<Member>> {
    let vault = Vault::open(&context.vault)?;
    let identities = context.identities().ok().flatten();
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
                tested: context.state.tested(vault.id(), &name),
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

#[cfg(test)]
mod tests {
    use super::super::IdentitySource;
    use super::super::testing::Machine;
    use super::*;

    #[test]
    fn a_recovery_key_opens_the_vault_without_the_identity() {
        let machine = Machine::new();
        machine.store("project/consilio/stripe_api_key", "canary-recovery");
        let added = add(&machine.context()).unwrap();
        let day = &Timestamp::now().to_string()[..10];
        assert_eq!(added.report.member, format!("recovery-{day}"));
        assert_eq!(added.report.members.len(), 2);
        std::fs::remove_file(machine.identity()).unwrap();
        let report = test(&machine.context(), &added.key).unwrap();
        assert!(report.opens, "{report:?}");
        assert_eq!(report.member.as_deref(), Some(added.report.member.as_str()));
        assert_eq!((report.secrets, report.unreadable), (1, 0));
        let mut context = machine.context();
        context.identity = IdentitySource::Key(added.key);
        assert!(context.open_vault().is_ok());
    }

    #[test]
    fn a_second_one_on_the_same_day_gets_a_number_and_both_open() {
        let machine = Machine::new();
        machine.init();
        let context = machine.context();
        let (one, two) = (add(&context).unwrap(), add(&context).unwrap());
        assert_eq!(two.report.member, format!("{}-2", one.report.member));
        for added in [one, two] {
            let report = test(&context, &added.key).unwrap();
            assert_eq!(report.member, Some(added.report.member));
        }
        let members = list(&context).unwrap();
        let mine: Vec<_> = members
            .iter()
            .filter(|one| one.mine == Some(true))
            .collect();
        assert_eq!((members.len(), mine.len()), (3, 1));
        assert!(
            !mine[0].recovery && members.iter().filter(|one| one.tested.is_some()).count() == 2
        );
    }

    #[test]
    fn a_key_as_it_is_typed_from_paper_is_taken() {
        let machine = Machine::new();
        machine.init();
        let context = machine.context();
        let added = add(&context).unwrap();
        let key = added.key.as_str().unwrap();
        for typed in [
            key.to_ascii_lowercase(),
            format!("  {}\n", key),
            format!("{} {}\n{}", &key[..20], &key[20..50], &key[50..]),
            format!("# a comment\n{key}\n"),
        ] {
            assert!(test(&context, &SecretBytes::from(&*typed)).unwrap().opens);
        }
    }

    #[test]
    fn another_key_and_no_key_open_nothing_and_are_not_repeated() {
        let machine = Machine::new();
        machine.init();
        let other = Identity::generate().to_secret();
        for key in [
            other,
            SecretBytes::from("AGE-SECRET-KEY-1CANARY"),
            SecretBytes::from(""),
        ] {
            let report = test(&machine.context(), &key).unwrap();
            assert!(!report.opens && report.member.is_none());
            assert!(!format!("{report:?}").contains("CANARY"));
        }
    }

    #[test]
    fn what_was_made_is_in_the_audit_trail_and_the_key_is_not() {
        let machine = Machine::new();
        machine.init();
        let context = machine.context();
        let added = add(&context).unwrap();
        let vault = context.open_vault().unwrap();
        let text = std::fs::read_to_string(vault.trail().file()).unwrap();
        assert!(text.contains("\"op\":\"add member\"") && text.contains(&added.report.member));
        assert!(!text.contains("AGE-SECRET") && !format!("{added:?}").contains("AGE-SECRET"));
        assert!(vault.trail().read().unwrap().flaws.is_empty());
    }

    #[test]
    fn a_member_that_cannot_be_proved_is_taken_back() {
        let machine = Machine::new();
        machine.init();
        let context = machine.context();
        let added = add(&context).unwrap();
        withdraw(&context, &added.report).unwrap();
        assert_eq!(list(&context).unwrap().len(), 1);
        assert!(!test(&context, &added.key).unwrap().opens);
    }

    #[test]
    fn a_recovery_key_makes_a_new_identity_and_replaces_none() {
        let machine = Machine::new();
        machine.store("project/consilio/stripe_api_key", "canary-use");
        let context = machine.context();
        let added = add(&context).unwrap();
        let error = use_key(&context, &added.key, false).unwrap_err();
        assert_eq!(error.code(), "identity_exists");
        std::fs::remove_file(machine.identity()).unwrap();
        let wrong = use_key(&context, &Identity::generate().to_secret(), false).unwrap_err();
        assert_eq!(wrong.code(), "not_a_member");
        let planned = use_key(&context, &added.key, true).unwrap();
        assert!(!machine.identity().exists() && list(&context).unwrap().len() == 2);
        let report = use_key(&context, &added.key, false).unwrap();
        assert_eq!(report.with, added.report.member);
        assert_eq!(report.member, planned.member);
        assert!(context.open_vault().is_ok());
        assert_eq!(list(&context).unwrap().len(), 3);
    }

    #[test]
    fn what_would_be_added_is_what_is_added() {
        let machine = Machine::new();
        machine.init();
        let context = machine.context();
        for _ in 0..2 {
            let planned = look(&context).unwrap();
            assert!(planned.dry_run && !planned.file.exists());
            let added = add(&context).unwrap().report;
            assert_eq!(added.member, planned.member);
            assert_eq!(added.members, planned.members);
        }
    }

    #[test]
    fn a_use_that_was_stopped_is_finished_by_the_next_with_the_identity_it_left() {
        let machine = Machine::new();
        machine.store("project/consilio/stripe_api_key", "canary-use");
        let context = machine.context();
        let added = add(&context).unwrap();
        std::fs::remove_file(machine.identity()).unwrap();
        // All that a kill between the two files leaves.
        context.create_identity().unwrap();
        let left = std::fs::read(machine.identity()).unwrap();
        assert_eq!(context.open_vault().unwrap_err().code(), "not_a_member");
        let report = use_key(&context, &added.key, false).unwrap();
        assert_eq!(report.with, added.report.member);
        assert_eq!(std::fs::read(machine.identity()).unwrap(), left);
        assert!(context.open_vault().is_ok());
        // One that is broken is neither used nor replaced.
        std::fs::write(machine.identity(), "broken").unwrap();
        let error = use_key(&context, &added.key, false).unwrap_err();
        assert_eq!(error.code(), "identity_broken");
        assert_eq!(std::fs::read(machine.identity()).unwrap(), b"broken");
    }

    #[test]
    fn no_identity_file_is_made_beside_a_key_from_the_environment() {
        let machine = Machine::new();
        machine.init();
        let added = add(&machine.context()).unwrap();
        let mut context = machine.context();
        context.identity = IdentitySource::Key(added.key.clone());
        let error = use_key(&context, &added.key, false).unwrap_err();
        assert_eq!(error.code(), "identity_in_environment");
    }
}
