//! `list`: which secrets there are, without their values.

use std::fs;

use predicates::prelude::*;
use predicates::str::{contains, is_match};

use crate::craft::Craft;
use crate::sandbox::{DESCRIPTION, KEY, Sandbox, json_of, keys};

const KEYS: [&str; 4] = [
    "meta/cloudflare/api_token",
    "project/consilio-production/stripe_api_key",
    "project/consilio/jwt_secret",
    "project/consilio/stripe_api_key",
];

fn filled() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    for key in KEYS.iter().rev() {
        sandbox.store(key, sandbox.canary());
    }
    sandbox
}

#[test]
fn names_are_one_a_line_in_order_and_need_no_identity() {
    let sandbox = filled();
    fs::remove_file(sandbox.identity()).unwrap();
    let names = sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stderr("");
    names.stdout(KEYS.map(|key| format!("{key}\n")).concat());
    let names = json_of(
        &sandbox
            .secrets(&["list", "--names", "--json"])
            .run()
            .success(),
    );
    assert_eq!(names, serde_json::json!(KEYS));
}

#[test]
fn a_table_shows_version_age_and_description() {
    let sandbox = filled();
    sandbox.store(KEY, sandbox.canary());
    let table = sandbox.secrets(&["list"]).run().success().stderr("");
    let row = format!(r"(?m)^{KEY} +2 +just now +{DESCRIPTION}$");
    table.stdout(
        is_match(row)
            .unwrap()
            .and(is_match("(?m)^KEY PATH +VERSION +AGE +DESCRIPTION$").unwrap()),
    );
}

#[test]
fn json_has_the_documented_fields() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.set(KEY, sandbox.canary()).run().success();
    sandbox.store("project/consilio/other", sandbox.canary());
    let list = json_of(
        &sandbox
            .secrets(&["list", "--json"])
            .run()
            .success()
            .stderr(""),
    );
    let fields = [
        "created",
        "description",
        "envName",
        "generated",
        "keyPath",
        "since",
        "updated",
        "version",
    ];
    for item in list.as_array().unwrap() {
        assert_eq!(keys(item), fields);
    }
    assert_eq!(list[0]["keyPath"], "project/consilio/other");
    assert_eq!(list[0]["envName"], serde_json::Value::Null);
    assert_eq!(list[1]["envName"], "STRIPE_API_KEY");
    assert_eq!(list[1]["version"], 2);
    assert_eq!(list[1]["description"], DESCRIPTION);
    assert_eq!(list[1]["generated"], false);
}

#[test]
fn created_is_the_first_version_and_updated_the_newest() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    craft.put(
        &sandbox.entry(KEY, 1),
        &craft.plaintext(&craft.header(KEY, 1), b"x"),
    );
    sandbox.store(KEY, sandbox.canary());
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    assert_eq!(list[0]["created"], "2024-02-29T12:00:00Z");
    assert_ne!(list[0]["updated"], list[0]["created"]);
}

#[test]
fn a_choice_can_be_made_by_prefix_scope_and_project() {
    let sandbox = filled();
    for (args, wanted) in [
        (&["project"][..], &KEYS[1..]),
        (&["project/"], &KEYS[1..]),
        (&["project/consilio"], &KEYS[1..]),
        (&["project/consilio/"], &KEYS[2..]),
        (&["project/consilio/stripe"], &KEYS[3..]),
        (&["--scope", "meta"], &KEYS[..1]),
        (&["--scope", "project"], &KEYS[1..]),
        (&["--project", "consilio"], &KEYS[2..]),
        (&["--project", "cloudflare"], &KEYS[..0]),
        (
            &["project/consilio/j", "--project", "consilio"],
            &KEYS[2..3],
        ),
    ] {
        let names = sandbox
            .secrets(&["list", "--names"])
            .args(args)
            .run()
            .success();
        names.stdout(
            wanted
                .iter()
                .map(|key| format!("{key}\n"))
                .collect::<String>(),
        );
        let list = json_of(
            &sandbox
                .secrets(&["list", "--json"])
                .args(args)
                .run()
                .success(),
        );
        let listed = list
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["keyPath"].as_str().unwrap());
        assert_eq!(listed.collect::<Vec<_>>(), wanted);
    }
}

#[test]
fn stale_shows_only_old_values() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    craft.put(
        &sandbox.entry(KEY, 1),
        &craft.plaintext(&craft.header(KEY, 1), b"x"),
    );
    sandbox.store("project/consilio/new", sandbox.canary());
    let list = json_of(
        &sandbox
            .secrets(&["list", "--json", "--stale", "90"])
            .run()
            .success(),
    );
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["keyPath"], KEY);
    sandbox
        .secrets(&["list"])
        .run()
        .success()
        .stdout(contains("years ago"));
}

#[test]
fn an_empty_vault_lists_nothing() {
    let sandbox = Sandbox::with_vault();
    sandbox.secrets(&["list"]).run().success().stdout("");
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout("");
    sandbox
        .secrets(&["list", "--json"])
        .run()
        .success()
        .stdout("[]\n");
}

#[test]
fn what_cannot_begin_a_key_path_is_an_error() {
    let sandbox = filled();
    sandbox
        .secrets(&["list", "projects"])
        .fails(2, "invalid_prefix");
    sandbox
        .secrets(&["list", "project/Consilio"])
        .fails(2, "invalid_prefix")
        .says("consilio");
    sandbox
        .secrets(&["list", "consilio"])
        .fails(2, "invalid_prefix")
        .says("project/consilio");
    sandbox
        .secrets(&["list", "--project", "Consilio"])
        .fails(2, "invalid_project_name");
}

#[test]
fn one_bad_entry_is_a_warning_with_its_place_and_the_others_are_listed() {
    let sandbox = filled();
    fs::write(sandbox.entry(KEY, 1), "junk").unwrap();
    let list = sandbox.secrets(&["list"]).run().success();
    list.stdout(contains("meta/cloudflare/api_token"))
        .stderr(contains("0001.age").and(contains(KEY)));
    sandbox
        .secrets(&["list", "--names"])
        .run()
        .success()
        .stdout(contains(KEY));
    sandbox.secrets(&["list", "meta"]).run().success();
}

#[test]
fn escape_sequences_in_a_description_are_shown_escaped() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let header = craft
        .header(KEY, 1)
        .replace("Made by hand", "\\u001b[2J\\u202eMade");
    craft.put(&sandbox.entry(KEY, 1), &craft.plaintext(&header, b"x"));
    let done = sandbox.secrets(&["list"]).run().success();
    let text = String::from_utf8(done.get_output().stdout.clone()).unwrap();
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
    assert!(text.contains("\\u{1b}"), "{text:?}");
}

#[test]
fn a_long_vault_is_listed_whole() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    for index in 0..300 {
        let key = format!("project/p{}/secret_{index}", index % 7);
        let sealed = craft.plaintext(&craft.header(&key, 1), b"x");
        craft.put(&sandbox.entry(&key, 1), &sealed);
    }
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    assert_eq!(list.as_array().unwrap().len(), 300);
    let paths: Vec<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["keyPath"].as_str().unwrap())
        .collect();
    assert!(paths.is_sorted());
    sandbox
        .secrets(&["verify"])
        .run()
        .success()
        .stdout("300 of 300 agree\n")
        .stderr("");
}
