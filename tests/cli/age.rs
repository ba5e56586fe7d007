//! The age of a value: `since` in the header, `show` and `edit`. What does not change the value does
//! not make it younger.

use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

use crate::craft::Craft;
use crate::sandbox::{KEY, NAME, Sandbox, json_of};

/// When [`Craft`] writes its entries.
const THEN: &str = "2024-02-29T12:00:00Z";
const MOVED: &str = "project/consilio/payments_key";

/// A linked project with a secret as 0.1.0 wrote it years ago: without `since`.
fn old() -> (Sandbox, String) {
    let sandbox = Sandbox::with_env("A=1\n").and_vault();
    let value = sandbox.canary();
    let craft = Craft::member(&sandbox);
    let header = format!(
        "{}env_name = \"{NAME}\"\nevery_days = 90\n",
        craft.header(KEY, 1)
    );
    craft.put(
        &sandbox.entry(KEY, 1),
        &craft.plaintext(&header, value.as_bytes()),
    );
    sandbox
        .secrets(&["restore", "consilio"])
        .run()
        .success()
        .stderr(contains(format!("added {NAME}")));
    (sandbox, value)
}

fn shown(sandbox: &Sandbox, key_path: &str) -> Value {
    json_of(
        &sandbox
            .secrets(&["show", key_path, "--json"])
            .run()
            .success(),
    )
}

fn is_overdue(sandbox: &Sandbox) -> bool {
    let findings = sandbox.findings(&[]);
    let overdue = findings.iter().any(|one| one["kind"] == "overdue");
    let stale = json_of(
        &sandbox
            .secrets(&["list", "--stale", "--json"])
            .run()
            .success(),
    );
    assert_eq!(overdue, stale != serde_json::json!([]), "{stale}");
    overdue
}

#[test]
fn an_entry_without_since_counts_from_when_it_was_written() {
    let (sandbox, _) = old();
    let shown = shown(&sandbox, KEY);
    assert_eq!(
        (&shown["since"], &shown["everyDays"]),
        (&THEN.into(), &90.into())
    );
    assert_eq!(shown["due"], "2024-05-29T12:00:00Z");
    assert_eq!(shown["overdue"], true);
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    let history = json_of(&sandbox.secrets(&["history", KEY, "--json"]).run().success());
    for item in [&list[0], &history[0]] {
        for field in ["since", "everyDays", "due"] {
            assert_eq!(item[field], shown[field], "{field}");
        }
    }
    assert!(is_overdue(&sandbox));
}

#[test]
fn a_value_that_stays_is_as_old_as_it_was() {
    let (sandbox, value) = old();
    let other = "Stripe key for the payments of the shop";
    // A description, by `set` of the same value and by `edit`.
    sandbox
        .secrets(&["set", KEY, "-d", other])
        .stdin(&value)
        .run()
        .success();
    assert_eq!(shown(&sandbox, KEY)["since"], THEN);
    sandbox
        .secrets(&[
            "edit",
            KEY,
            "-d",
            "Stripe key for donations",
            "--every",
            "30d",
        ])
        .run()
        .success();
    let after = shown(&sandbox, KEY);
    assert_eq!(
        (&after["version"], &after["since"]),
        (&3.into(), &THEN.into())
    );
    assert_eq!(after["due"], "2024-03-30T12:00:00Z");
    // A drifted file.
    let drifted = sandbox.canary();
    sandbox.write_env(sandbox.env().replace(&value, &drifted));
    sandbox.secrets(&["restore", "consilio"]).run().success();
    let after = shown(&sandbox, KEY);
    assert_eq!(
        (&after["version"], &after["since"]),
        (&5.into(), &THEN.into())
    );
    assert_ne!(
        json_of(&sandbox.secrets(&["history", KEY, "--json"]).run().success())[3]["since"],
        THEN
    );
    // Another name.
    sandbox.secrets(&["mv", KEY, MOVED]).run().success();
    assert_eq!(shown(&sandbox, MOVED)["since"], THEN);
    assert!(is_overdue(&sandbox));
}

#[test]
fn many_values_that_stay_are_as_old_as_they_were() {
    let sandbox = Sandbox::with_vault();
    let craft = Craft::member(&sandbox);
    let mut text = String::new();
    let mut import = sandbox.secrets(&["import", "--project", "consilio"]);
    for number in 0..12 {
        let value = sandbox.canary();
        let key_path = format!("project/consilio/token_{number}");
        let header = format!(
            "{}env_name = \"TOKEN_{number}\"\n",
            craft.header(&key_path, 1)
        );
        craft.put(
            &sandbox.entry(&key_path, 1),
            &craft.plaintext(&header, value.as_bytes()),
        );
        text.push_str(&format!("TOKEN_{number}={value}\n"));
        import = import.args(&[
            "--describe",
            &format!("TOKEN_{number}=Signs the uploads of customer {number}"),
        ]);
    }
    sandbox.write_env(&text);
    import.run().success();
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    for item in list.as_array().unwrap() {
        assert_eq!(
            (&item["version"], &item["since"]),
            (&2.into(), &THEN.into())
        );
    }
}

#[test]
fn a_rollback_is_as_old_as_the_version_that_it_takes() {
    let (sandbox, value) = old();
    sandbox.set(KEY, sandbox.canary()).run().success();
    assert_ne!(shown(&sandbox, KEY)["since"], THEN);
    assert!(!is_overdue(&sandbox));
    sandbox.secrets(&["rollback", KEY, "1"]).run().success();
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert_eq!(shown(&sandbox, KEY)["since"], THEN);
    // And the clock starts with a new value.
    sandbox
        .secrets(&["rotate", KEY])
        .stdin(sandbox.canary())
        .run()
        .success();
    assert_ne!(shown(&sandbox, KEY)["since"], THEN);
    assert!(!is_overdue(&sandbox));
}

#[test]
fn every_new_version_says_since_when() {
    let (sandbox, _) = old();
    sandbox
        .secrets(&["edit", KEY, "--every", "never"])
        .run()
        .success();
    let entry = Craft::member(&sandbox).open(&sandbox.entry(KEY, 2));
    let entry = String::from_utf8_lossy(&entry).into_owned();
    assert!(entry.contains(&format!("since = \"{THEN}\"\n")), "no since");
    assert!(!entry.contains("every_days"), "the interval stays");
    assert!(entry.contains("origin = \"edit\"\n"));
    let shown = shown(&sandbox, KEY);
    assert!(shown.get("everyDays").is_none() && shown.get("due").is_none());
    assert!(!is_overdue(&sandbox));
}

#[test]
fn show_tells_all_but_the_value() {
    let (sandbox, _) = old();
    let other = sandbox.file("other/.env", "B=2\n");
    sandbox
        .secrets(&["link", "other"])
        .arg(&other)
        .run()
        .success();
    let token = "meta/cloudflare/api_token";
    let piped = sandbox
        .set(token, sandbox.canary())
        .arg("--env-file")
        .arg(&other);
    piped.run().success();
    sandbox.secrets(&["show", KEY]).run().success().stdout(
        contains("2024-02-29 (")
            .and(contains("every 90 days, due 2024-05-29, overdue"))
            .and(contains(NAME))
            .and(contains("by hand (set)"))
            .and(contains(sandbox.env_file().display().to_string())),
    );
    assert_eq!(shown(&sandbox, KEY)["envFiles"][0]["state"], "agrees");
    let placed = shown(&sandbox, token);
    assert_eq!(placed["envFiles"][0]["file"], other.display().to_string());
    std::fs::write(&other, "API_TOKEN=x\n").unwrap();
    assert_eq!(shown(&sandbox, token)["envFiles"][0]["state"], "differs");
    std::fs::write(&other, "B=2\n").unwrap();
    assert_eq!(shown(&sandbox, token)["envFiles"][0]["state"], "missing");
    sandbox
        .secrets(&["show", MOVED])
        .fails(1, "entry_not_found");
    sandbox.secrets(&["rm", KEY]).run().success();
    sandbox.secrets(&["show", KEY]).fails(1, "entry_removed");
}

#[test]
fn edit_changes_no_value_and_leaves_the_env_file_alone() {
    let (sandbox, value) = old();
    // The file has another value: that is for `restore` to settle.
    let drifted = sandbox.canary();
    sandbox.write_env(sandbox.env().replace(&value, &drifted));
    let env = sandbox.env();
    let before = sandbox.snapshot();
    sandbox
        .secrets(&["edit", KEY, "--every", "1y", "--dry-run"])
        .run()
        .success()
        .stderr(contains("would store a new version"));
    assert_eq!(before, sandbox.snapshot());
    sandbox
        .secrets(&["edit", KEY, "--every", "1y"])
        .run()
        .success();
    assert_eq!(
        (sandbox.env(), sandbox.get(KEY)),
        (env, value.clone().into_bytes())
    );
    assert_eq!(shown(&sandbox, KEY)["envName"], NAME);
    // What is refused leaves everything as it is.
    let before = sandbox.snapshot();
    sandbox.secrets(&["edit", KEY]).fails(2, "usage");
    sandbox
        .secrets(&["edit", KEY, "-d", "API key"])
        .run()
        .code(2);
    sandbox
        .secrets(&["edit", KEY, "-d", &format!("Payments with {value}")])
        .run()
        .code(2);
    sandbox
        .secrets(&["edit", MOVED, "--every", "9d"])
        .fails(1, "entry_not_found");
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn edit_gives_a_secret_another_variable() {
    let (sandbox, value) = old();
    sandbox
        .secrets(&["edit", KEY, "--env-name", "PAYMENTS_KEY"])
        .run()
        .success()
        .stderr(contains("added PAYMENTS_KEY").and(contains(format!("{NAME}, the previous"))));
    assert_eq!(
        sandbox.env(),
        format!("A=1\n{NAME}={value}\nPAYMENTS_KEY={value}\n")
    );
    let shown = shown(&sandbox, KEY);
    assert_eq!(
        (&shown["envName"], &shown["since"]),
        (&"PAYMENTS_KEY".into(), &THEN.into())
    );
    // The rule of one owner holds here, too.
    let other = "project/consilio/other_key";
    sandbox.set(other, sandbox.canary()).run().success();
    let before = sandbox.snapshot();
    sandbox
        .secrets(&["edit", other, "--env-name", "PAYMENTS_KEY"])
        .fails(2, "env_name_taken");
    assert_eq!(before, sandbox.snapshot());
}
