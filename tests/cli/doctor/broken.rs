//! What can be broken in a set-up, one thing a time.

use super::{CANARY, STRIPE, Sandbox, append, chmod};

pub(crate) type Break = fn(&Sandbox);

/// One broken thing: its name, what breaks it, the check that says so, how it calls it.
pub(crate) const BROKEN: &[(&str, Break, &str, &str)] = &[
    (
        "the identity file is readable by others",
        |s| chmod(&s.identity(), 0o644),
        "identity_mode",
        "bad",
    ),
    (
        "the identity's directory is writable by others",
        |s| chmod(&s.path(".config/secrets"), 0o777),
        "identity_mode",
        "bad",
    ),
    (
        "git tracks the identity file",
        |s| {
            let git = "cd .config/secrets && git init -q . && git add -f identity.txt";
            s.shell(git).success();
        },
        "identity_git",
        "bad",
    ),
    (
        "git would take the identity file",
        |s| {
            s.shell("git init -q .config/secrets").success();
        },
        "identity_git",
        "warning",
    ),
    (
        "vault.toml is gone",
        |s| std::fs::remove_file(s.vault("vault.toml")).unwrap(),
        "vault",
        "bad",
    ),
    (
        "vault.toml is garbage",
        |s| std::fs::write(s.vault("vault.toml"), "canary = [").unwrap(),
        "vault",
        "bad",
    ),
    (
        "vault.toml is gone, this machine never saw it, and git has it",
        |s| {
            s.keep_vault_in_git();
            s.shell("rm -r .local/state/secrets").success();
            std::fs::remove_file(s.vault("vault.toml")).unwrap();
            let run = s.run("init");
            assert_eq!(run.code(), 2, "{}", run.all());
            assert!(!s.vault("vault.toml").exists());
        },
        "vault",
        "bad",
    ),
    (
        "the making of the vault was interrupted",
        |s| {
            s.shell("rm -r .local/share/secrets/vault .local/state/secrets")
                .success();
            s.shell("mkdir -p -m 700 .local/share/secrets/vault/keys")
                .success();
        },
        "vault",
        "bad",
    ),
    (
        "a member's file is broken, and git has it",
        |s| {
            s.keep_vault_in_git();
            let break_it = "for file in .local/share/secrets/vault/keys/recovery-*.age; do \
                            echo broken > $file; done";
            s.shell(break_it).success();
        },
        "members",
        "bad",
    ),
    (
        "a write in place was interrupted",
        |s| {
            let record = "mkdir -p -m 700 .local/state/secrets/pending && echo x > \
                          .local/state/secrets/pending/$(printf %s \"$(pwd -P)/app/.env\" | \
                          sha256sum | cut -c 1-32).age";
            s.shell(record).success();
        },
        "pending",
        "bad",
    ),
    (
        "an interrupted write is of a file that nobody knows",
        |s| {
            let record = "mkdir -p -m 700 .local/state/secrets/pending && \
                          echo x > .local/state/secrets/pending/0.age";
            s.shell(record).success();
        },
        "pending",
        "warning",
    ),
    (
        "the recovery member is gone",
        |s| {
            s.shell("rm .local/share/secrets/vault/keys/recovery-*.age")
                .success();
        },
        "members",
        "warning",
    ),
    (
        "the vault went back to an older copy",
        |s| {
            s.shell("cp -r .local/share/secrets/vault older").success();
            s.set(STRIPE, "canary-newer");
            let back = "rm -r .local/share/secrets/vault && mv older .local/share/secrets/vault";
            s.shell(back).success();
        },
        "rolled_back",
        "bad",
    ),
    (
        "another vault lies in the place",
        |s| {
            s.shell("rm -r .local/share/secrets/vault").success();
            // The same identity, and no memory.
            let made = "SECRETS_STATE=$HOME/elsewhere secrets init --recovery --print >/dev/null";
            s.shell(made).success();
        },
        "vault_key",
        "bad",
    ),
    (
        "the vault is gone",
        |s| {
            s.shell("rm -r .local/share/secrets/vault").success();
        },
        "vault",
        "bad",
    ),
    (
        "a stranger's file is among the entries",
        |s| std::fs::write(s.vault("entries/project/consilio/README.md"), "x").unwrap(),
        "strays",
        "warning",
    ),
    (
        "a tombstone has lost its mark",
        |s| {
            s.run(&format!("rm {STRIPE}")).success();
            std::fs::remove_file(s.vault("entries/project/consilio/stripe_api_key/0002.removed"))
                .unwrap();
        },
        "hints",
        "warning",
    ),
    (
        "a secret is marked as removed and is not",
        |s| {
            let file = "entries/project/consilio/stripe_api_key/0001.removed";
            std::fs::write(s.vault(file), "").unwrap();
        },
        "hints",
        "warning",
    ),
    (
        "others can look into the vault",
        |s| chmod(&s.vault(""), 0o755),
        "vault_mode",
        "warning",
    ),
    (
        "anybody can write to the vault",
        |s| chmod(&s.vault(""), 0o777),
        "vault_mode",
        "bad",
    ),
    (
        "the vault is in git without its attributes",
        |s| {
            std::fs::remove_file(s.vault(".gitattributes")).unwrap();
            s.shell("git init -q .local/share/secrets/vault").success();
        },
        "vault_git",
        "warning",
    ),
    (
        "an entry was damaged, and git has it",
        |s| {
            s.keep_vault_in_git();
            let entry = s.vault("entries/project/consilio/stripe_api_key/0001.age");
            std::fs::write(entry, "canary").unwrap();
        },
        "secrets",
        "bad",
    ),
    (
        "an old version was damaged, and git has it",
        |s| {
            s.set(STRIPE, "canary-newer");
            s.keep_vault_in_git();
            let entry = s.vault("entries/project/consilio/stripe_api_key/0001.age");
            std::fs::write(entry, "canary").unwrap();
        },
        "secrets",
        "bad",
    ),
    (
        "a layout was damaged, and git has it",
        |s| {
            s.keep_vault_in_git();
            std::fs::write(s.vault("layouts/consilio/0001.age"), "canary").unwrap();
        },
        "layouts",
        "bad",
    ),
    (
        "a layout is gone",
        |s| std::fs::remove_file(s.vault("layouts/consilio/0001.age")).unwrap(),
        "rolled_back",
        "bad",
    ),
    (
        "a stranger's file is among the layouts",
        |s| std::fs::write(s.vault("layouts/README.md"), "x").unwrap(),
        "strays",
        "warning",
    ),
    (
        "the configuration is no TOML",
        |s| append(&s.config(), "\nthis is no TOML\n"),
        "configuration",
        "bad",
    ),
    (
        "others can write the configuration",
        |s| chmod(&s.config(), 0o666),
        "configuration",
        "bad",
    ),
    (
        "an env file is gone",
        |s| std::fs::remove_file(s.env()).unwrap(),
        "link",
        "bad",
    ),
    (
        "a link leads to a file that never was",
        |s| {
            std::fs::create_dir(s.path("other")).unwrap();
            s.run("link other other").success();
        },
        "link",
        "warning",
    ),
    (
        "the directory of an env file is gone",
        |s| {
            std::fs::create_dir(s.path("other")).unwrap();
            s.run("link other other").success();
            std::fs::remove_dir(s.path("other")).unwrap();
        },
        "link",
        "bad",
    ),
    (
        "the directory of an env file with secrets is gone",
        |s| std::fs::remove_dir_all(s.path("app")).unwrap(),
        "link",
        "bad",
    ),
    (
        "others can read an env file",
        |s| chmod(&s.env(), 0o644),
        "env_mode",
        "warning",
    ),
    (
        "git tracks an env file",
        |s| {
            s.shell("cd app && git init -q . && git add -f .env")
                .success();
        },
        "env_git",
        "bad",
    ),
    (
        "git would take an env file",
        |s| {
            s.shell("git init -q app").success();
            // Without a line break at its end.
            std::fs::write(s.path("app/.gitignore"), "target").unwrap();
        },
        "env_git",
        "warning",
    ),
    (
        "a line of an env file is garbage",
        |s| append(&s.env(), "\nthis is no TOML\n"),
        "env_parse",
        "warning",
    ),
    (
        "a killed run left a file beside an env file",
        |s| std::fs::write(s.path("app/.env.secrets-tmp"), CANARY).unwrap(),
        "leftovers",
        "bad",
    ),
    (
        "killed runs left files in the vault",
        |s| std::fs::write(s.vault("entries/project/consilio/.secrets-tmp-x1"), "").unwrap(),
        "leftovers",
        "warning",
    ),
    (
        "killed runs left files beside the identity",
        |s| std::fs::write(s.path(".config/secrets/.secrets-tmp-x1"), "").unwrap(),
        "leftovers",
        "warning",
    ),
    (
        "the audit trail was changed",
        |s| {
            let log = s.memory().join("log.jsonl");
            let text = std::fs::read_to_string(&log).unwrap();
            std::fs::write(&log, text.replace("\"user\":\"me\"", "\"user\":\"we\"")).unwrap();
        },
        "log",
        "bad",
    ),
    (
        "the audit trail ends in half a line",
        |s| append(&s.memory().join("log.jsonl"), "{\"n\":99,\"ti"),
        "log",
        "warning",
    ),
    (
        "others can look at this machine's memory",
        |s| chmod(&s.path(".local/state/secrets"), 0o755),
        "state_mode",
        "warning",
    ),
];
