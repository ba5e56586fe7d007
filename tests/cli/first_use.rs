//! The first `set` on a machine: makes what is missing, and never what was lost.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, NAME, Sandbox};

#[test]
fn the_first_set_makes_both_and_says_what_to_back_up() {
    let sandbox = Sandbox::new();
    sandbox.env_file();
    let value = sandbox.canary();
    let done = sandbox
        .set(KEY, &value)
        .args(&["--env-file", "."])
        .run()
        .success()
        .stdout("");
    let identity = sandbox.identity();
    done.stderr(
        contains("made an identity")
            .and(contains(identity.to_str().unwrap()))
            .and(contains("back this file up"))
            .and(contains("made a vault")),
    );
    assert_eq!(sandbox.env(), format!("{NAME}={value}\n"));
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    sandbox
        .set(KEY, sandbox.canary())
        .run()
        .success()
        .stderr(contains("made").not());
}

#[test]
fn what_must_be_backed_up_is_said_to_those_who_asked_for_quiet_too() {
    for verb in [&["init", "-q"][..], &["init", "--json", "-q"]] {
        let sandbox = Sandbox::new();
        let done = sandbox.secrets(verb).run().success();
        let file = sandbox.identity();
        done.stderr(contains(file.to_str().unwrap()).and(contains("back this file up")));
        let again = sandbox.secrets(verb).run().success();
        again.stderr("");
    }
    let sandbox = Sandbox::new();
    let set = sandbox.set(KEY, sandbox.canary()).args(&["--no-env", "-q"]);
    let done = set.run().success().stdout("");
    done.stderr(contains("back this file up").and(contains("made a vault").not()));
}

/// A write that cannot be logged does not happen, so a vault would be of no use.
#[test]
fn a_machine_that_cannot_remember_anything_makes_nothing() {
    let sandbox = Sandbox::new();
    let state = sandbox.file("home/not-a-directory", "");
    let set = sandbox.set(KEY, sandbox.canary()).arg("--no-env");
    set.var("SECRETS_STATE", &state).fails(2, "io");
    sandbox.file("work/.env", "API_KEY=x9f2mQ7LrT4vBn8KwZ1p\n");
    let import = sandbox.secrets(&["import", "--project", "consilio"]);
    let import = import.args(&["--describe", "API_KEY=Stripe key for payments"]);
    import.var("SECRETS_STATE", &state).fails(2, "io");
    assert!(!sandbox.vault().exists() && !sandbox.identity().exists());
}

#[test]
fn in_ci_the_first_set_refuses_and_names_init() {
    let sandbox = Sandbox::new();
    let set = sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .var("CI", "true");
    set.fails(2, "not_initialised")
        .says("secrets init")
        .says("SECRETS_IDENTITY");
    assert!(!sandbox.vault().exists() && !sandbox.identity().exists());
    sandbox.secrets(&["init"]).var("CI", "true").run().success();
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .var("CI", "true")
        .run()
        .success();
}

#[test]
fn what_is_refused_makes_nothing() {
    let sandbox = Sandbox::new();
    let set = |value: &str| sandbox.set(KEY, value);
    set("***").arg("--no-env").fails(2, "value_is_mask");
    set("").arg("--no-env").fails(2, "value_empty");
    set("x").fails(2, "not_linked");
    set("x")
        .args(&["--env-file", "no/where/.env"])
        .fails(2, "env_no_directory");
    let bare = sandbox.secrets(&["set", KEY, "--no-env"]).stdin("x");
    bare.fails(2, "description_missing");
    assert!(!sandbox.vault().exists() && !sandbox.identity().exists());
}

#[test]
fn an_identity_that_cannot_be_used_is_never_replaced() {
    for vault_is_there in [true, false] {
        for content in [
            "",
            "\n# only a comment\n",
            "AGE-SECRET-KEY-1",
            "no identity at all",
            "AGE-PLUGIN-X-1QQQQ",
            "\0\0\0",
        ] {
            let sandbox = Sandbox::new();
            if vault_is_there {
                sandbox.secrets(&["init"]).run().success();
            }
            fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
            fs::write(sandbox.identity(), content).unwrap();
            let set = sandbox.set(KEY, sandbox.canary()).arg("--no-env");
            set.fails(2, "identity_broken").says("backup");
            sandbox.secrets(&["init"]).fails(2, "identity_broken");
            assert_eq!(fs::read(sandbox.identity()).unwrap(), content.as_bytes());
        }
    }
}

#[test]
fn an_identity_that_is_no_file_is_never_replaced() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.identity()).unwrap();
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .fails(2, "io");
    sandbox.secrets(&["init"]).fails(2, "io");
    assert!(sandbox.identity().is_dir());

    // A link to a stick that is not plugged in: the identity is not here, but it is somewhere.
    let sandbox = Sandbox::new();
    fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("/media/stick/identity.txt", sandbox.identity()).unwrap();
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .run()
        .code(2);
    assert!(sandbox.identity().is_symlink());
    assert!(!sandbox.vault().join("vault.toml").exists());
}

#[test]
fn a_vault_without_its_identity_is_left_alone() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    fs::remove_file(sandbox.identity()).unwrap();
    let set = sandbox.set(KEY, sandbox.canary()).arg("--no-env");
    set.fails(2, "identity_missing").says("backup");
    assert!(!sandbox.identity().exists());
}

#[test]
fn a_vault_that_vanished_is_not_made_again() {
    let sandbox = Sandbox::with_vault();
    fs::rename(sandbox.vault(), sandbox.path("home/unmounted")).unwrap();
    let set = || sandbox.set(KEY, sandbox.canary()).arg("--no-env");
    set().fails(2, "vault_missing");
    sandbox.secrets(&["init"]).fails(2, "vault_missing");
    // An empty directory where it was mounted is no vault either.
    fs::create_dir(sandbox.vault()).unwrap();
    set().fails(2, "vault_missing");
    fs::remove_dir(sandbox.vault()).unwrap();
    fs::rename(sandbox.path("home/unmounted"), sandbox.vault()).unwrap();
    set().run().success();
}

#[test]
fn a_vault_that_lost_its_manifest_is_not_made_again() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, sandbox.canary());
    fs::remove_file(sandbox.vault().join("vault.toml")).unwrap();
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .run()
        .code(2);
    sandbox.secrets(&["init"]).run().code(2);
    assert!(!sandbox.vault().join("vault.toml").exists());
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn a_machine_that_knows_another_vault_makes_none_on_the_way() {
    let sandbox = Sandbox::with_vault();
    let set = sandbox
        .set(KEY, sandbox.canary())
        .args(&["--no-env", "--vault", "typo"]);
    set.fails(2, "vault_missing");
    // Who asks for it gets it.
    sandbox
        .secrets(&["init", "--vault", "second"])
        .run()
        .success();
    assert!(sandbox.path("work/second/vault.toml").exists());
}

#[test]
fn a_first_use_that_was_stopped_is_finished_by_the_next() {
    // The identity was made, the vault was not.
    let sandbox = Sandbox::with_vault();
    // The vault's directory is the first thing that is made.
    fs::remove_dir_all(sandbox.vault()).unwrap();
    fs::create_dir(sandbox.vault()).unwrap();
    fs::remove_dir_all(sandbox.state()).unwrap();
    let identity = fs::read(sandbox.identity()).unwrap();
    let value = sandbox.canary();
    sandbox.set(KEY, &value).arg("--no-env").run().success();
    assert_eq!(fs::read(sandbox.identity()).unwrap(), identity);
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}
