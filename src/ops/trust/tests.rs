use super::super::testing::{Machine, copy_dir};
use super::*;
use crate::model::entry::VaultId;
use crate::model::version::Version;
use crate::storage::seal::Identity;

#[test]
fn a_vault_that_is_as_remembered_has_nothing_to_accept() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-trust");
    assert!(look(&machine.context()).unwrap().is_empty());
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
    let context = machine.context();
    let changes = look(&context).unwrap();
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
    accept(&context, &changes).unwrap();
    assert!(look(&context).unwrap().is_empty());
    assert_eq!(machine.get(name).unwrap().expose(), b"canary-old");
    let trail = context.open_vault().unwrap().trail().read().unwrap();
    assert_eq!(trail.flaws, []);
    let trusted = trail.lines.iter().filter(|line| line.op == "trust").count();
    assert_eq!(trusted, 3);
}

#[test]
fn another_vault_in_the_place_is_accepted_when_asked() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-one");
    let before = machine.context().open_vault().unwrap();
    std::fs::remove_dir_all(machine.vault()).unwrap();
    let identity = machine.context().identities().unwrap().unwrap().remove(0);
    let elsewhere = crate::storage::state::State::new(machine.path("elsewhere"));
    let id = VaultId::new([9; 16]);
    std::fs::create_dir(machine.vault()).unwrap();
    Vault::create(&machine.vault(), "me", &identity, id, &elsewhere).unwrap();
    let context = machine.context();
    assert_eq!(context.open_vault().unwrap_err().code(), "vault_replaced");
    let changes = look(&context).unwrap();
    assert!(changes.id.changed() && changes.recipient.changed());
    accept(&context, &changes).unwrap();
    let now = context.open_vault().unwrap();
    assert_ne!(now.vault().id(), before.vault().id());
    assert_eq!(now.trail().read().unwrap().flaws, []);
}

#[test]
fn another_key_under_the_same_id_sets_the_old_trail_aside() {
    let machine = Machine::new();
    machine.store("project/consilio/stripe_api_key", "canary-one");
    let context = machine.context();
    let vault = context.open_vault().unwrap();
    let (id, trail) = (vault.vault().id().clone(), vault.trail().file().to_owned());
    std::fs::remove_dir_all(machine.vault()).unwrap();
    std::fs::create_dir(machine.vault()).unwrap();
    let elsewhere = crate::storage::state::State::new(machine.path("elsewhere"));
    let identity = context.identities().unwrap().unwrap().remove(0);
    Vault::create(&machine.vault(), "me", &identity, id, &elsewhere).unwrap();
    assert_eq!(
        context.open_vault().unwrap_err().code(),
        "vault_key_changed"
    );
    let changes = look(&context).unwrap();
    assert!(!changes.id.changed() && changes.recipient.changed());
    accept(&context, &changes).unwrap();
    let now = context.open_vault().unwrap();
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
    let context = machine.context();
    assert_eq!(
        super::super::init::run(&context, false).unwrap_err().code(),
        "vault_missing"
    );
    let changes = look(&context).unwrap();
    assert!(changes.id.changed() && changes.id.now.is_none());
    accept(&context, &changes).unwrap();
    assert!(super::super::init::run(&context, false).unwrap().created);
}

#[test]
fn what_was_not_shown_is_not_accepted_and_a_stranger_accepts_nothing() {
    let machine = Machine::new();
    let name = "project/consilio/stripe_api_key";
    machine.store(name, "canary-one");
    let context = machine.context();
    let mut shown = look(&context).unwrap();
    shown.id.now = Some("0".repeat(32));
    assert_eq!(
        accept(&context, &shown).unwrap_err().code(),
        "vault_replaced"
    );
    let mut stranger = machine.context();
    stranger.identity = super::super::IdentitySource::Key(Identity::generate().to_secret());
    assert_eq!(look(&stranger).unwrap_err().code(), "not_a_member");
}
