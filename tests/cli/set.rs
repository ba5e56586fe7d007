//! `set`: what it stores, what it reports, and what it asks for first.

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox, json_of, keys};

#[test]
fn a_value_goes_to_the_vault_and_to_the_env_file() {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let value = sandbox.canary();
    let done = sandbox.set(KEY, &value).run().success().stdout("");
    done.stderr(
        contains(format!("stored {KEY}, version 1")).and(contains(format!("added {NAME}"))),
    );
    assert_eq!(sandbox.get(KEY), value.as_bytes());
    assert_eq!(sandbox.env(), format!("PORT=3000\n{NAME}={value}\n"));
}

#[test]
fn the_report_has_the_documented_fields() {
    let sandbox = Sandbox::with_env("");
    let set = |value: &str, more: &[&str]| {
        let done = sandbox
            .set(KEY, value)
            .args(more)
            .arg("--json")
            .run()
            .success()
            .stderr("");
        json_of(&done)
    };
    let (first, second) = (sandbox.canary(), sandbox.canary());
    let report = set(&first, &[]);
    assert_eq!(keys(&report), ["env", "keyPath", "vault", "version"]);
    assert_eq!(keys(&report["env"]), ["change", "file", "name"]);
    assert_eq!(report["keyPath"], KEY);
    assert_eq!(report["version"], 1);
    assert_eq!(report["vault"], "created");
    assert_eq!(report["env"]["change"], "added");
    assert_eq!(report["env"]["name"], NAME);
    assert_eq!(report["env"]["file"], sandbox.env_file().to_str().unwrap());

    let report = set(&first, &[]);
    assert_eq!(
        (&report["version"], &report["vault"]),
        (&1.into(), &"unchanged".into())
    );
    assert_eq!(report["env"]["change"], "unchanged");

    let report = set(&second, &[]);
    assert_eq!(
        (&report["version"], &report["vault"]),
        (&2.into(), &"updated".into())
    );
    assert_eq!(report["env"]["change"], "replaced");

    let other = sandbox.canary();
    let done = sandbox
        .set("project/consilio/other", &other)
        .args(&["--no-env", "--json"])
        .run();
    let report = json_of(&done.success());
    assert_eq!(report["env"]["change"], "skipped");
    assert_eq!(report["env"]["file"], serde_json::Value::Null);
    assert_eq!(report["env"]["name"], serde_json::Value::Null);
}

#[test]
fn the_same_value_again_makes_no_version_but_mends_the_env_file() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).run().success();
    sandbox
        .set(KEY, &value)
        .run()
        .success()
        .stderr(contains("already has"));
    assert_eq!(sandbox.versions(KEY), 1);

    sandbox.write_env("# emptied by somebody\n");
    sandbox.set(KEY, &value).run().success();
    assert_eq!(sandbox.versions(KEY), 1);
    assert_eq!(
        sandbox.env(),
        format!("# emptied by somebody\n{NAME}={value}\n")
    );
}

#[test]
fn an_old_value_again_is_a_new_version() {
    let sandbox = Sandbox::with_env("");
    let (first, second) = (sandbox.canary(), sandbox.canary());
    for value in [&first, &second, &first] {
        sandbox.set(KEY, value).run().success();
    }
    assert_eq!(sandbox.versions(KEY), 3);
    assert_eq!(sandbox.get(KEY), first.as_bytes());
    assert_eq!(sandbox.get_version(KEY, 2), second.as_bytes());
}

#[test]
fn the_description_is_needed_once_and_kept() {
    let sandbox = Sandbox::with_env("");
    let value = sandbox.canary();
    let bare = || sandbox.secrets(&["set", KEY]);
    bare()
        .stdin(&value)
        .fails(2, "description_missing")
        .says(&format!("secrets set {KEY} -d '"));
    sandbox.set(KEY, &value).run().success();
    bare().stdin(sandbox.canary()).run().success();
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    assert_eq!(list[0]["description"], DESCRIPTION);
    assert_eq!(list[0]["version"], 2);
    let better = "Stripe account of the German shop";
    bare()
        .args(&["-d", better])
        .stdin(sandbox.canary())
        .run()
        .success();
    let list = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    assert_eq!(list[0]["description"], better);
}

#[test]
fn a_project_without_a_link_is_refused_before_a_value_is_read() {
    let sandbox = Sandbox::with_vault();
    // A pipe that never ends: whoever reads it hangs.
    let refused = sandbox.set(KEY, sandbox.canary()).after("exec < /dev/zero");
    let failed = refused.fails(2, "not_linked");
    failed
        .says("secrets link consilio")
        .says("--env-file")
        .says("--no-env");
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn everything_else_that_can_be_known_is_said_before_a_value_is_read() {
    let sandbox = Sandbox::with_env("");
    let endless = |args: &[&str]| sandbox.secrets(args).after("exec < /dev/zero");
    endless(&["set", "stripe"]).fails(2, "invalid_key_path");
    endless(&["set", KEY]).fails(2, "description_missing");
    endless(&["set", KEY, "-d", "Secret"]).fails(2, "description_too_short");
    endless(&["set", KEY, "-d", DESCRIPTION, "--env-name", "1A"])
        .fails(2, "env_name_leading_digit");
}

#[test]
fn env_file_links_a_project_that_has_no_link() {
    let sandbox = Sandbox::with_vault();
    sandbox.env_file();
    let value = sandbox.canary();
    let set = sandbox.set(KEY, &value).args(&["--env-file", ".env"]);
    set.run().success().stderr(contains("linked consilio"));
    assert_eq!(sandbox.env(), format!("{NAME}={value}\n"));
    let second = sandbox.canary();
    sandbox
        .set("project/consilio/second", &second)
        .dir("/")
        .run()
        .success();
    assert_eq!(sandbox.env(), format!("{NAME}={value}\nSECOND={second}\n"));
}

#[test]
fn env_file_does_not_move_a_link() {
    let sandbox = Sandbox::with_env("");
    let other = sandbox.allow(sandbox.path("work/.env.other"));
    let value = sandbox.canary();
    sandbox
        .set(KEY, &value)
        .args(&["--env-file", ".env.other"])
        .run()
        .success();
    assert_eq!(
        std::fs::read_to_string(other).unwrap(),
        format!("{NAME}={value}\n")
    );
    assert_eq!(sandbox.env(), "");
    let projects = json_of(&sandbox.secrets(&["projects", "--json"]).run().success());
    assert_eq!(projects[0]["envFile"], sandbox.env_file().to_str().unwrap());
}

#[test]
fn no_env_keeps_a_value_out_of_the_linked_file() {
    let sandbox = Sandbox::with_env("A=1\n");
    let value = sandbox.canary();
    sandbox.set(KEY, &value).arg("--no-env").run().success();
    assert_eq!(sandbox.env(), "A=1\n");
    assert_eq!(sandbox.get(KEY), value.as_bytes());
}

#[test]
fn meta_secrets_go_to_the_vault_only_unless_a_file_is_named() {
    let sandbox = Sandbox::with_env("");
    let key = "meta/cloudflare/api_token";
    let value = sandbox.canary();
    sandbox.set(key, &value).run().success();
    assert_eq!(sandbox.env(), "");
    assert_eq!(sandbox.get(key), value.as_bytes());
    let value = sandbox.canary();
    sandbox
        .set(key, &value)
        .args(&["--env-file", ".env"])
        .run()
        .success();
    assert_eq!(sandbox.env(), format!("API_TOKEN={value}\n"));
    let projects = json_of(&sandbox.secrets(&["projects", "--json"]).run().success());
    assert_eq!(
        projects.as_array().unwrap().len(),
        1,
        "a provider is not a project"
    );
}

#[test]
fn env_name_is_remembered() {
    let sandbox = Sandbox::with_env("");
    let (first, second) = (sandbox.canary(), sandbox.canary());
    sandbox
        .set(KEY, &first)
        .args(&["--env-name", "Stripe_Key"])
        .run()
        .success();
    assert_eq!(sandbox.env(), format!("Stripe_Key={first}\n"));
    sandbox.set(KEY, &second).run().success();
    assert_eq!(sandbox.env(), format!("Stripe_Key={second}\n"));
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn a_name_that_readers_would_refuse_is_refused() {
    let sandbox = Sandbox::with_env("");
    for name in ["1A", "A-B", "A.B", "", "A B", "Ä", "A=B", "A\nB"] {
        let set = sandbox
            .set(KEY, sandbox.canary())
            .args(&["--env-name", name]);
        let done = set.run().code(2);
        done.stderr(contains("variable name").and(contains("STRIPE_API_KEY")));
    }
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let sandbox = Sandbox::with_env("");
    let file = sandbox.file("work/value", sandbox.canary());
    let file = file.to_str().unwrap();
    for args in [
        &["--no-env", "--env-file", ".env"][..],
        &["--no-env", "--env-name", "A"],
        &["--from-file", file, "--from-env", "A"],
    ] {
        sandbox.set(KEY, "").args(args).fails(2, "usage");
    }
}

#[test]
fn a_dry_run_says_what_would_happen_and_changes_nothing() {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let before = sandbox.snapshot();
    let value = sandbox.canary();
    let dry = |value: &str| sandbox.set(KEY, value).arg("--dry-run");
    let report = json_of(&dry(&value).arg("--json").run().success());
    assert_eq!(report["dryRun"], true);
    assert_eq!(report["vault"], "created");
    assert_eq!(report["env"]["change"], "added");
    dry(&value).run().success().stderr(contains("would"));
    assert_eq!(before, sandbox.snapshot());

    sandbox.set(KEY, &value).run().success();
    let before = sandbox.snapshot();
    let report = json_of(&dry(&sandbox.canary()).arg("--json").run().success());
    assert_eq!(
        (&report["version"], &report["vault"]),
        (&2.into(), &"updated".into())
    );
    assert_eq!(report["env"]["change"], "replaced");
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn a_dry_run_without_a_vault_makes_none() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    let set = sandbox
        .set(KEY, sandbox.canary())
        .args(&["--env-file", ".env", "--dry-run"]);
    set.run().success().stderr(contains("would"));
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn quiet_says_nothing_on_success() {
    let sandbox = Sandbox::with_vault();
    let set = sandbox
        .set(KEY, sandbox.canary())
        .args(&["--env-file", ".env", "-q"]);
    sandbox.env_file();
    set.run().success().stdout("").stderr("");
}

#[test]
fn an_interval_takes_days_weeks_and_years() {
    let sandbox = Sandbox::with_env("");
    for interval in ["90d", "12w", "1y", "30"] {
        sandbox
            .set(KEY, sandbox.canary())
            .args(&["--every", interval])
            .run()
            .success();
    }
    for interval in ["0d", "-1d", "1m", "d", "999y", "1.5d", "90 d"] {
        let set = sandbox
            .set(KEY, sandbox.canary())
            .args(&[&format!("--every={interval}")]);
        set.fails(2, "usage");
    }
    assert_eq!(sandbox.versions(KEY), 4);
}

#[test]
fn another_variable_leaves_the_old_one_and_says_so() {
    let sandbox = Sandbox::with_env("");
    let (old, new) = (sandbox.canary(), sandbox.canary());
    sandbox.set(KEY, &old).run().success();
    let set = || sandbox.set(KEY, &new).args(&["--env-name", "PAYMENTS"]);
    let said = set().run().success();
    said.stderr(contains(format!(
        "{NAME}, the previous variable, stays in the file"
    )));
    assert_eq!(sandbox.env(), format!("{NAME}={old}\nPAYMENTS={new}\n"));
    let report = json_of(&set().arg("--json").run().success());
    assert_eq!(
        report["oldName"],
        serde_json::Value::Null,
        "it has had the new one since"
    );
}
