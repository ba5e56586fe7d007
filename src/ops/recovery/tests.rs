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
    assert!(!mine[0].recovery && members.iter().filter(|one| one.tested.is_some()).count() == 2);
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
