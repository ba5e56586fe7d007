//! One damaged file in the vault: the other secrets work, and the secret can be stored again.

use std::fs;

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{KEY, NAME, Sandbox, json_of};

const OTHER: &str = "project/consilio/mail_password";

/// Two secrets in one project; the newest version of the first is damaged.
fn damaged(damage: fn(Vec<u8>) -> Vec<u8>) -> (Sandbox, [String; 3]) {
    let sandbox = Sandbox::with_vault();
    sandbox.write_env("PORT=3000\n");
    let values = [sandbox.canary(), sandbox.canary(), sandbox.canary()];
    let set = |key: &str, value: &str| {
        let args = ["set", key, "-d", "Takes the money of customers"];
        sandbox.secrets(&args).stdin(value).run().success();
    };
    sandbox.secrets(&["link", "consilio", "."]).run().success();
    set(KEY, &values[0]);
    set(KEY, &values[1]);
    set(OTHER, &values[2]);
    let file = sandbox.vault().join(format!("entries/{KEY}/0002.age"));
    let bytes = fs::read(&file).unwrap();
    fs::write(&file, damage(bytes)).unwrap();
    (sandbox, values)
}

const DAMAGES: [fn(Vec<u8>) -> Vec<u8>; 3] = [
    |_| Vec::new(),
    |mut bytes| {
        bytes.truncate(300);
        bytes
    },
    |mut bytes| {
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        bytes
    },
];

#[test]
fn the_other_secrets_keep_working() {
    for damage in DAMAGES {
        let (sandbox, values) = damaged(damage);
        let get = sandbox
            .secrets(&["get", OTHER])
            .prints_value()
            .run()
            .success();
        get.stdout(contains(values[2].as_str()));
        let run = ["run", OTHER, "--no-mask", "--", "printenv", "MAIL_PASSWORD"];
        let run = sandbox.secrets(&run).system_path().prints_value().run();
        run.success().stdout(contains(values[2].as_str()));
        // Whoever wants all of the project is told which one is missing.
        for verb in [
            &["run", "--project", "consilio", "--", "true"][..],
            &["export", "consilio", "--format", "dotenv"],
        ] {
            let refused = sandbox.secrets(verb).system_path().run();
            refused.failure().stderr(contains(KEY));
        }
        let set = sandbox.secrets(&["set", OTHER]).stdin(sandbox.canary());
        set.run().success();
        let new = [
            "set",
            "project/consilio/new_token",
            "-d",
            "Reads the weather for the shop",
        ];
        sandbox
            .secrets(&new)
            .stdin(sandbox.canary())
            .run()
            .success();
        let list = sandbox.secrets(&["list", "--json"]).run().success();
        assert_eq!(json_of(&list).as_array().unwrap().len(), 3);
        list.stderr(contains(KEY));
        sandbox.secrets(&["diff", "consilio"]).run().success();
        // The env file, which is gone, comes back as far as it can.
        fs::remove_file(sandbox.env_file()).unwrap();
        let restore = sandbox.secrets(&["restore", "consilio"]).run().code(3);
        restore.stderr(contains(KEY));
        let env = sandbox.env();
        assert!(
            env.contains("MAIL_PASSWORD=") && env.contains("NEW_TOKEN="),
            "{env}"
        );
        assert!(
            env.starts_with("PORT=3000\n") && !env.contains(NAME),
            "{env}"
        );
    }
}

#[test]
fn it_is_cured_by_a_rollback() {
    for damage in DAMAGES {
        let (sandbox, values) = damaged(damage);
        let get = sandbox.secrets(&["get", KEY]).run().failure();
        get.stderr(contains(format!("secrets rollback {KEY} 1")));
        let rollback = sandbox.secrets(&["rollback", KEY, "1"]).run().success();
        rollback.stderr(contains("version 3"));
        let get = sandbox
            .secrets(&["get", KEY])
            .prints_value()
            .run()
            .success();
        get.stdout(contains(values[0].as_str()));
        assert!(sandbox.env().contains(&values[0]));
        // What the env file had, and no version that opens, is kept.
        let history = sandbox.secrets(&["history", KEY]).run().success();
        history.stdout(contains("found"));
    }
}

#[test]
fn it_is_cured_by_the_value_of_the_env_file() {
    let (sandbox, values) = damaged(DAMAGES[0]);
    sandbox
        .secrets(&["import", "--project", "consilio"])
        .run()
        .success();
    let get = sandbox
        .secrets(&["get", KEY])
        .prints_value()
        .run()
        .success();
    get.stdout(contains(values[1].as_str()));
    assert!(
        sandbox
            .secrets(&["restore", "consilio"])
            .run()
            .get_output()
            .status
            .success()
    );
}

#[test]
fn it_is_cured_by_a_new_value() {
    for verb in [&["set", KEY][..], &["rotate", KEY]] {
        let (sandbox, _) = damaged(DAMAGES[1]);
        let value = sandbox.canary();
        sandbox.secrets(verb).stdin(&value).run().success();
        let get = sandbox
            .secrets(&["get", KEY])
            .prints_value()
            .run()
            .success();
        get.stdout(contains(value.as_str()));
        // Its description is that of the version before.
        let show = sandbox.secrets(&["show", KEY]).run().success();
        show.stdout(contains("Takes the money of customers"));
    }
    let (sandbox, _) = damaged(DAMAGES[1]);
    sandbox.secrets(&["rm", KEY]).run().success();
    assert!(!sandbox.env().contains(NAME));
}

#[test]
fn doctor_and_verify_name_the_file_and_the_cure() {
    let (sandbox, _) = damaged(DAMAGES[0]);
    let doctor = sandbox.secrets(&["doctor"]).run().code(1);
    doctor.stdout(contains("0002.age").and(contains(format!("secrets rollback {KEY} 1"))));
    let verify = sandbox.secrets(&["verify"]).run().code(1);
    verify.stdout(contains(KEY));
}
