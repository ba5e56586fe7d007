use super::super::IdentitySource;
use super::super::testing::Machine;
use super::*;

#[test]
fn a_recovery_key_opens_the_vault_without_the_identity() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-recovery");
    let added = add(&machine.session()).unwrap();
    let day = &Timestamp::now().to_string()[..10];
    assert_eq!(added.report.member, format!("recovery-{day}"));
    assert_eq!(added.report.members.len(), 2);
    std::fs::remove_file(machine.identity()).unwrap();
    let report = test(&machine.session(), &added.key).unwrap();
    assert!(report.opens, "{report:?}");
    assert_eq!(report.member.as_deref(), Some(added.report.member.as_str()));
    assert_eq!((report.secrets, report.unreadable), (1, 0));
    let mut session = machine.session();
    session.settings.identity = IdentitySource::Key(added.key);
    assert!(session.vault().is_ok());
}

#[test]
fn a_second_one_on_the_same_day_gets_a_number_and_both_open() {
    let machine = Machine::new();
    machine.init();
    let session = machine.session();
    let (one, two) = (add(&session).unwrap(), add(&session).unwrap());
    assert_eq!(two.report.member, format!("{}-2", one.report.member));
    for added in [one, two] {
        let report = test(&session, &added.key).unwrap();
        assert_eq!(report.member, Some(added.report.member));
    }
    let members = list(&session).unwrap();
    let mine: Vec<_> = members
        .iter()
        .filter(|one| one.mine == Some(true))
        .collect();
    assert_eq!((members.len(), mine.len()), (3, 1));
    assert!(!mine[0].recovery && members.iter().filter(|one| one.tested.is_some()).count() == 2);
}

#[test]
fn a_key_as_it_is_typed_from_paper_is_taken() {
    let machine = Machine::new();
    machine.init();
    let session = machine.session();
    let added = add(&session).unwrap();
    let key = added.key.as_str().unwrap();
    for typed in [
        key.to_ascii_lowercase(),
        format!("  {}\n", key),
        format!("{} {}\n{}", &key[..20], &key[20..50], &key[50..]),
        format!("# a comment\n{key}\n"),
    ] {
        assert!(test(&session, &SecretBytes::from(&*typed)).unwrap().opens);
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
        let report = test(&machine.session(), &key).unwrap();
        assert!(!report.opens && report.member.is_none());
        assert!(!format!("{report:?}").contains("CANARY"));
    }
}

#[test]
fn what_was_made_is_in_the_audit_trail_and_the_key_is_not() {
    let machine = Machine::new();
    machine.init();
    let session = machine.session();
    let added = add(&session).unwrap();
    let vault = session.vault().unwrap();
    let text = std::fs::read_to_string(vault.trail().file()).unwrap();
    assert!(text.contains("\"op\":\"add member\"") && text.contains(&added.report.member));
    assert!(!text.contains("AGE-SECRET") && !format!("{added:?}").contains("AGE-SECRET"));
    assert!(vault.trail().read().unwrap().flaws.is_empty());
}

#[test]
fn a_member_that_cannot_be_proved_is_taken_back() {
    let machine = Machine::new();
    machine.init();
    let session = machine.session();
    let added = add(&session).unwrap();
    withdraw(&session, &added.report).unwrap();
    assert_eq!(list(&session).unwrap().len(), 1);
    assert!(!test(&session, &added.key).unwrap().opens);
}

#[test]
fn a_recovery_key_makes_a_new_identity_and_replaces_none() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-use");
    let session = machine.session();
    let added = add(&session).unwrap();
    let error = use_key(&session, &added.key, false).unwrap_err();
    assert_eq!(error.code(), "identity_exists");
    std::fs::remove_file(machine.identity()).unwrap();
    let wrong = use_key(&session, &Identity::generate().to_secret(), false).unwrap_err();
    assert_eq!(wrong.code(), "not_a_member");
    let planned = use_key(&session, &added.key, true).unwrap();
    assert!(!machine.identity().exists() && list(&session).unwrap().len() == 2);
    let report = use_key(&session, &added.key, false).unwrap();
    assert_eq!(report.with, added.report.member);
    assert_eq!(report.member, planned.member);
    assert!(session.vault().is_ok());
    assert_eq!(list(&session).unwrap().len(), 3);
}

#[test]
fn what_would_be_added_is_what_is_added() {
    let machine = Machine::new();
    machine.init();
    for _ in 0..2 {
        let session = machine.session();
        let planned = look(&session).unwrap();
        assert!(planned.dry_run && !planned.file.exists());
        let added = add(&session).unwrap().report;
        assert_eq!(added.member, planned.member);
        assert_eq!(added.members, planned.members);
    }
}

#[test]
fn a_use_that_was_stopped_is_finished_by_the_next_with_the_identity_it_left() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-use");
    let session = machine.session();
    let added = add(&session).unwrap();
    std::fs::remove_file(machine.identity()).unwrap();
    let session = machine.session();
    // All that a kill between the two files leaves.
    session.create_identity().unwrap();
    let left = std::fs::read(machine.identity()).unwrap();
    assert_eq!(session.vault().unwrap_err().code(), "not_a_member");
    let report = use_key(&session, &added.key, false).unwrap();
    assert_eq!(report.with, added.report.member);
    assert_eq!(std::fs::read(machine.identity()).unwrap(), left);
    assert!(session.vault().is_ok());
    // One that is broken is neither used nor replaced.
    std::fs::write(machine.identity(), "broken").unwrap();
    let error = use_key(&session, &added.key, false).unwrap_err();
    assert_eq!(error.code(), "identity_broken");
    assert_eq!(std::fs::read(machine.identity()).unwrap(), b"broken");
}

#[test]
fn no_identity_file_is_made_beside_a_key_from_the_environment() {
    let machine = Machine::new();
    machine.init();
    let added = add(&machine.session()).unwrap();
    let mut session = machine.session();
    session.settings.identity = IdentitySource::Key(added.key.clone());
    let error = use_key(&session, &added.key, false).unwrap_err();
    assert_eq!(error.code(), "identity_in_environment");
}
