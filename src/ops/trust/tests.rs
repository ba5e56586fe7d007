use super::super::testing::{Machine, copy_dir};
use super::*;
use crate::model::entry::VaultId;
use crate::model::version::Version;
use crate::storage::seal::Identity;

#[test]
fn a_vault_that_is_as_remembered_has_nothing_to_accept() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-trust");
    assert!(look(&machine.session()).unwrap().is_empty());
}

#[test]
fn a_vault_that_was_rolled_back_is_accepted_with_its_older_versions_only_when_asked() {
    let machine = Machine::new();
    let name = "project/consilio/stripe_api_key";
    machine.store(name, "canary-old");
    copy_dir(&machine.vault(), &machine.path("copy"));
    machine.store(name, "canary-new");
    machine.store("project/consilio/other_key", "canary-gone");
    std::fs::remove_dir_all(machine.vault()).unwrap();
    copy_dir(&machine.path("copy"), &machine.vault());
    assert_eq!(machine.get(name).unwrap_err().code(), "entry_rolled_back");
    let session = machine.session();
    let changes = look(&session).unwrap();
    assert_eq!(machine.get(name).unwrap_err().code(), "entry_rolled_back");
    let went: Vec<_> = changes
        .secrets
        .iter()
        .map(|one| (one.seen, one.found))
        .collect();
    assert_eq!(
        went,
        [
            (Version::FIRST, None),
            (Version::new(2).unwrap(), Some(Version::FIRST))
        ]
    );
    accept(&session, &changes).unwrap();
    assert!(look(&session).unwrap().is_empty());
    assert_eq!(machine.get(name).unwrap().expose(), b"canary-old");
    let trail = session.vault().unwrap().trail().read().unwrap();
    assert_eq!(trail.flaws, []);
    let trusted = trail.lines.iter().filter(|line| line.op == "trust").count();
    assert_eq!(trusted, 3);
}

#[test]
fn another_vault_in_the_place_is_accepted_when_asked() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-one");
    let before = machine.session();
    let before = before.vault().unwrap();
    std::fs::remove_dir_all(machine.vault()).unwrap();
    let identity = machine.session().identities().unwrap().unwrap().remove(0);
    let elsewhere = crate::storage::state::State::new(machine.path("elsewhere"));
    let id = VaultId::new([9; 16]);
    std::fs::create_dir(machine.vault()).unwrap();
    Vault::create(&machine.vault(), "me", &identity, id, &elsewhere).unwrap();
    let session = machine.session();
    assert_eq!(session.vault().unwrap_err().code(), "vault_replaced");
    let changes = look(&session).unwrap();
    assert!(changes.id.changed() && changes.recipient.changed());
    accept(&session, &changes).unwrap();
    let now = session.vault().unwrap();
    assert_ne!(now.vault().id(), before.vault().id());
    assert_eq!(now.trail().read().unwrap().flaws, []);
}

#[test]
fn another_key_under_the_same_id_sets_the_old_trail_aside() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-one");
    let session = machine.session();
    let vault = session.vault().unwrap();
    let (id, trail) = (vault.vault().id().clone(), vault.trail().file().to_owned());
    std::fs::remove_dir_all(machine.vault()).unwrap();
    std::fs::create_dir(machine.vault()).unwrap();
    let elsewhere = crate::storage::state::State::new(machine.path("elsewhere"));
    let identity = session.identities().unwrap().unwrap().remove(0);
    Vault::create(&machine.vault(), "me", &identity, id, &elsewhere).unwrap();
    let session = machine.session();
    assert_eq!(session.vault().unwrap_err().code(), "vault_key_changed");
    let changes = look(&session).unwrap();
    assert!(!changes.id.changed() && changes.recipient.changed());
    accept(&session, &changes).unwrap();
    let now = session.vault().unwrap();
    assert_eq!(now.trail().read().unwrap().flaws, []);
    let aside = trail.with_file_name("log.jsonl.old-1");
    assert!(
        std::fs::read_to_string(aside)
            .unwrap()
            .contains("\"op\":\"set\"")
    );
}

#[test]
fn a_vault_that_is_gone_can_be_made_anew_only_when_asked() {
    let machine = Machine::new();
    machine.init();
    std::fs::remove_dir_all(machine.vault()).unwrap();
    let session = machine.session();
    assert_eq!(
        super::super::init::run(&session, false).unwrap_err().code(),
        "vault_missing"
    );
    let changes = look(&session).unwrap();
    assert!(changes.id.changed() && changes.id.now.is_none());
    accept(&session, &changes).unwrap();
    assert!(super::super::init::run(&session, false).unwrap().created);
}

#[test]
fn what_was_not_shown_is_not_accepted_and_a_stranger_accepts_nothing() {
    let machine = Machine::new();
    let name = "project/consilio/stripe_api_key";
    machine.store(name, "canary-one");
    let session = machine.session();
    let mut shown = look(&session).unwrap();
    shown.id.now = Some("0".repeat(32));
    assert_eq!(
        accept(&session, &shown).unwrap_err().code(),
        "vault_replaced"
    );
    let mut stranger = machine.session();
    stranger.settings.identity =
        super::super::IdentitySource::Key(Identity::generate().to_secret());
    assert_eq!(look(&stranger).unwrap_err().code(), "not_a_member");
}
