//! `init`: vault and identity, private, once; and where they lie.

use std::fs;
use std::path::Path;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, Sandbox, json_of, keys, mode};

#[test]
fn init_makes_a_vault_and_an_identity_and_says_what_to_back_up() {
    let sandbox = Sandbox::new();
    let identity = sandbox.identity();
    let done = sandbox.secrets(&["init"]).run().success().stdout("");
    done.stderr(contains(identity.to_str().unwrap()).and(contains("back this file up")));
    let text = fs::read_to_string(identity).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("# created: "));
    assert!(lines[1].starts_with("# public key: age1"));
    assert!(lines[2].starts_with("AGE-SECRET-KEY-1"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn a_new_vault_has_the_documented_layout() {
    let sandbox = Sandbox::with_vault();
    let vault = sandbox.vault();
    let read = |path: &str| fs::read_to_string(vault.join(path)).unwrap();
    let manifest = read("vault.toml");
    let id = manifest.strip_prefix("format = 1\nid = \"").unwrap();
    let id = id.strip_suffix("\"\n").unwrap();
    assert_eq!(id.len(), 32);
    assert!(
        id.bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
    );
    assert_eq!(read(".gitattributes"), "*.age binary\n");
    assert!(read("keys/tester.age").starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
    let mut names: Vec<_> = fs::read_dir(&vault)
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(names, [".gitattributes", "entries", "keys", "vault.toml"]);

    sandbox.store(KEY, sandbox.canary());
    let entry = fs::read_to_string(sandbox.entry(KEY, 1)).unwrap();
    assert!(entry.starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
    assert!(entry.ends_with("-----END AGE ENCRYPTED FILE-----\n"));
}

#[test]
fn init_again_changes_nothing() {
    let sandbox = Sandbox::with_vault();
    let before = sandbox.snapshot();
    sandbox.secrets(&["init"]).run().success().stdout("");
    sandbox
        .secrets(&["init", "--member", "other"])
        .run()
        .success();
    let report = json_of(&sandbox.secrets(&["init", "--json"]).run().success());
    assert_eq!(report["created"], false);
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn the_report_names_vault_identity_and_members() {
    let sandbox = Sandbox::new();
    let report = json_of(&sandbox.secrets(&["init", "--json"]).run().success());
    assert_eq!(
        keys(&report),
        [
            "created",
            "id",
            "identity",
            "identityCreated",
            "members",
            "recipient",
            "vault"
        ]
    );
    assert_eq!(report["created"], true);
    assert_eq!(report["identityCreated"], true);
    assert_eq!(report["vault"], sandbox.vault().to_str().unwrap());
    assert_eq!(report["identity"], sandbox.identity().to_str().unwrap());
    assert_eq!(report["members"], serde_json::json!(["tester"]));
    assert!(report["recipient"].as_str().unwrap().starts_with("age1"));
}

#[test]
fn everything_is_private_whatever_the_umask() {
    for umask in ["000", "077", "777"] {
        let sandbox = Sandbox::new();
        sandbox.env_file();
        let umask = format!("umask {umask}");
        let set = sandbox
            .set(KEY, sandbox.canary())
            .args(&["--env-file", ".env"]);
        set.after(&umask).run().success();
        sandbox
            .set(KEY, sandbox.canary())
            .after(&umask)
            .run()
            .success();
        let mut seen = 0;
        for (path, (mode, _)) in sandbox.snapshot() {
            if path.starts_with(sandbox.home().join(".")) && path != sandbox.home() {
                let wanted = if path.is_dir() { 0o700 } else { 0o600 };
                assert_eq!(mode & 0o7777, wanted, "{umask}: {}", path.display());
                seen += 1;
            }
        }
        assert!(seen > 15, "{seen}");
        assert_eq!(mode(&sandbox.env_file()), 0o600, "{umask}");
    }
}

#[test]
fn the_memory_of_the_machine_is_private_too() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .set(KEY, sandbox.canary())
        .arg("--no-env")
        .after("umask 000")
        .run()
        .success();
    fn check(dir: &Path) {
        assert_eq!(mode(dir), 0o700, "{}", dir.display());
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                check(&path);
            } else {
                assert_eq!(mode(&path), 0o600, "{}", path.display());
            }
        }
    }
    check(&sandbox.state());
}

#[test]
fn the_first_member_is_named_after_the_user_or_as_told() {
    for (user, file) in [
        ("Anna.Maria", "anna-maria.age"),
        ("..", "me.age"),
        ("", "me.age"),
        ("../../x", "x.age"),
        ("ЖЖ", "me.age"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.secrets(&["init"]).var("USER", user).run().success();
        assert!(sandbox.vault().join("keys").join(file).exists(), "{user}");
    }
    let sandbox = Sandbox::new();
    for name in ["", "A", "a b", "../a", "-a", "a.b"] {
        let init = sandbox.secrets(&["init", &format!("--member={name}")]);
        init.fails(2, "invalid_member")
            .says("secrets init --member");
    }
    sandbox
        .secrets(&["init", "--member", "laptop-2"])
        .run()
        .success();
    assert!(sandbox.vault().join("keys/laptop-2.age").exists());
}

#[test]
fn an_identity_that_is_there_is_used() {
    let sandbox = Sandbox::new();
    let other = Sandbox::with_vault();
    fs::create_dir_all(sandbox.identity().parent().unwrap()).unwrap();
    fs::copy(other.identity(), sandbox.identity()).unwrap();
    let before = fs::read(sandbox.identity()).unwrap();
    sandbox.secrets(&["init"]).run().success();
    assert_eq!(fs::read(sandbox.identity()).unwrap(), before);
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}

#[test]
fn the_identity_can_come_in_a_variable() {
    let sandbox = Sandbox::with_vault();
    let value = sandbox.canary();
    sandbox.store(KEY, &value);
    let identity = fs::read_to_string(sandbox.identity()).unwrap();
    fs::remove_file(sandbox.identity()).unwrap();
    let key = identity
        .lines()
        .find(|line| line.starts_with("AGE-SECRET"))
        .unwrap();
    for key in [key, &identity, &format!("{key}\n")] {
        let get = sandbox
            .secrets(&["get", KEY])
            .var("SECRETS_IDENTITY", key)
            .prints_value();
        get.run().success().stdout(value.clone());
    }
    let broken = "AGE-SECRET-KEY-1BROKENCANARY";
    let failed = sandbox
        .secrets(&["get", KEY])
        .var("SECRETS_IDENTITY", broken);
    let failed = failed.fails(2, "identity_broken");
    assert!(!format!("{failed:?}").contains("BROKENCANARY"));
    // There is no file to bring back.
    failed.says("unset SECRETS_IDENTITY");
    assert!(!failed.hints.concat().contains("backup"), "{failed:?}");
    let recover = sandbox.secrets(&["recovery", "use"]).stdin("x");
    let recover = recover.var("SECRETS_IDENTITY", key);
    let failed = recover.fails(2, "identity_in_environment");
    failed.says("unset SECRETS_IDENTITY");
}

#[test]
fn a_flag_goes_before_the_environment_and_that_before_the_default() {
    let sandbox = Sandbox::new();
    let at = |name: &str| sandbox.path(&format!("home/{name}"));
    let init = || {
        sandbox
            .secrets(&["init"])
            .var("SECRETS_VAULT", at("env-vault"))
            .var("SECRETS_IDENTITY_FILE", at("env-identity"))
            .var("SECRETS_CONFIG", at("env-config.toml"))
            .var("SECRETS_STATE", at("env-state"))
    };
    init().run().success();
    assert!(at("env-vault/vault.toml").exists() && at("env-identity").exists());
    assert!(at("env-state/places").exists());
    assert!(!sandbox.vault().exists() && !sandbox.identity().exists() && !sandbox.state().exists());
    let (vault, identity) = (at("flag-vault"), at("flag-identity"));
    init()
        .arg("--vault")
        .arg(&vault)
        .arg("--identity")
        .arg(&identity)
        .run()
        .success();
    assert!(vault.join("vault.toml").exists() && identity.exists());

    let link = sandbox
        .secrets(&["link", "consilio"])
        .var("SECRETS_CONFIG", at("env-config.toml"));
    link.run().success();
    assert!(at("env-config.toml").exists());
    let link = sandbox
        .secrets(&["link", "consilio"])
        .var("SECRETS_CONFIG", at("env-config.toml"));
    link.arg("--config")
        .arg(at("flag-config.toml"))
        .run()
        .success();
    assert!(at("flag-config.toml").exists());
    assert!(!sandbox.config().exists());
}

#[test]
fn an_empty_variable_counts_as_none() {
    let sandbox = Sandbox::new();
    let mut init = sandbox.secrets(&["init"]);
    for name in [
        "SECRETS_VAULT",
        "SECRETS_IDENTITY_FILE",
        "SECRETS_IDENTITY",
        "SECRETS_STATE",
    ] {
        init = init.var(name, "");
    }
    init.run().success();
    assert!(sandbox.vault().exists() && sandbox.identity().exists());
}

#[test]
fn the_directories_of_the_desktop_standard_are_honoured() {
    let sandbox = Sandbox::new();
    let mut init = sandbox.secrets(&["init"]);
    for (name, dir) in [
        ("XDG_DATA_HOME", "home/data"),
        ("XDG_CONFIG_HOME", "home/config"),
        ("XDG_STATE_HOME", "home/state"),
    ] {
        init = init.var(name, sandbox.path(dir));
    }
    init.run().success();
    assert!(sandbox.path("home/data/secrets/vault/vault.toml").exists());
    assert!(sandbox.path("home/config/secrets/identity.txt").exists());
    assert!(sandbox.path("home/state/secrets/places").exists());
}

#[test]
fn a_vault_may_lie_behind_a_link_or_a_relative_path() {
    let sandbox = Sandbox::new();
    fs::create_dir(sandbox.path("home/disk")).unwrap();
    std::os::unix::fs::symlink(sandbox.path("home/disk"), sandbox.path("home/link")).unwrap();
    let vault = sandbox.path("home/link/vault");
    sandbox
        .secrets(&["init", "--vault"])
        .arg(&vault)
        .run()
        .success();
    assert!(sandbox.path("home/disk/vault/vault.toml").exists());
    let relative = sandbox
        .secrets(&["list", "--vault", "disk/vault"])
        .dir(sandbox.home());
    relative.run().success();
}

#[test]
fn a_home_that_cannot_be_written_is_an_error_and_leaves_nothing() {
    let sandbox = Sandbox::new();
    fs::write(sandbox.path("home/.config"), "a file").unwrap();
    sandbox
        .secrets(&["init"])
        .run()
        .code(2)
        .stderr(contains(".config"));
    assert!(!sandbox.vault().join("vault.toml").exists());
}
