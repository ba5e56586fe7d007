//! `accept` and lines that an env file has lost.

use predicates::prelude::*;
use predicates::str::contains;

use crate::sandbox::{NAME, Sandbox, json_of};

fn imported(sandbox: &Sandbox) -> String {
    let text = format!(
        "# The settings\nPORT=3000\nDEBUG=1\n# Takes the payments of customers\n\
         {NAME}=\"sk_live_{}\"\nLOG=info\n",
        sandbox.canary()
    );
    sandbox.write_env(&text);
    let import = sandbox.secrets(&["import", ".env", "--project", "consilio"]);
    import.run().success();
    text
}

#[test]
fn a_file_that_lost_lines_is_reported_and_restored() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    sandbox.write_env(text.replace("DEBUG=1\n", "").replace("LOG=info\n", ""));
    let verify = sandbox.secrets(&["verify"]).run().success();
    verify
        .stdout(contains("has lost 2 of").and(contains("DEBUG, LOG")))
        .stderr(contains("secrets restore consilio").and(contains("secrets accept consilio")));
    sandbox.secrets(&["verify", "--strict"]).run().code(1);
    let dry = sandbox.secrets(&["restore", "consilio", "--dry-run"]).run();
    dry.success()
        .stderr(contains("would put back 2 lost lines"));
    let restore = sandbox.secrets(&["restore", "consilio"]).run().success();
    restore.stderr(contains("put back 2 lost lines"));
    assert_eq!(sandbox.env(), text);
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
}

#[test]
fn a_lost_secret_makes_lost_lines_an_error() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    let at = text.find("DEBUG").unwrap();
    sandbox.write_env(&text[..at]);
    sandbox.secrets(&["verify"]).run().code(1);
    let mut kinds = sandbox.finding_kinds();
    kinds.sort();
    assert_eq!(kinds, ["lost_lines", "missing"]);
}

#[test]
fn a_write_to_a_file_that_lost_lines_says_so_and_loses_nothing() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    sandbox.write_env(text.replace("DEBUG=1\n", ""));
    let set = sandbox
        .secrets(&[
            "set",
            "project/consilio/mail_password",
            "-d",
            "Mailbox of the invoices",
        ])
        .stdin(sandbox.canary())
        .run()
        .success();
    set.stderr(contains(
        "has lost 1 lines: secrets restore consilio brings them back",
    ));
    std::fs::remove_file(sandbox.env_file()).unwrap();
    sandbox.secrets(&["restore", "consilio"]).run().success();
    let restored = sandbox.env();
    assert!(restored.starts_with(&text));
    assert!(restored.contains("\nMAIL_PASSWORD="));
}

#[test]
fn accept_takes_the_file_as_it_is() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    let less = text.replace("DEBUG=1\n", "");
    sandbox.write_env(&less);
    let before = sandbox.snapshot();
    let dry = sandbox.secrets(&["accept", "consilio", "--dry-run"]).run();
    dry.success().stderr(contains("would keep").and(contains(
        "would give up 1 lines of the layout before: DEBUG",
    )));
    assert_eq!(before, sandbox.snapshot());
    let report = json_of(
        &sandbox
            .secrets(&["accept", "consilio", "--json"])
            .run()
            .success(),
    );
    assert_eq!(report["variables"], serde_json::json!(["DEBUG"]));
    assert_eq!(report["unchanged"], false);
    assert_eq!(sandbox.finding_kinds(), [""; 0]);
    sandbox.secrets(&["restore", "consilio"]).run().success();
    assert_eq!(sandbox.env(), less);
    let again = sandbox.secrets(&["accept", "consilio"]).run().success();
    again.stderr(contains("is already what restore brings back"));
}

#[test]
fn accept_names_secrets_that_are_not_in_the_file() {
    let sandbox = Sandbox::with_vault();
    imported(&sandbox);
    sandbox.write_env("PORT=3000\n");
    let accept = sandbox.secrets(&["accept", "consilio"]).run().success();
    accept.stderr(contains("secrets rm project/consilio/stripe_api_key"));
    std::fs::remove_file(sandbox.env_file()).unwrap();
    sandbox.secrets(&["accept", "consilio"]).run().code(2);
    sandbox.secrets(&["accept", "nobody"]).run().code(2);
}

#[test]
fn a_mask_in_the_file_is_not_kept_as_a_version() {
    let sandbox = Sandbox::with_vault();
    let text = imported(&sandbox);
    for mask in ["***", "[REDACTED]", "sk_live_...xyz"] {
        let start = text.find("\"sk_live").unwrap();
        let end = start + text[start..].find('\n').unwrap();
        sandbox.write_env(format!("{}{mask}{}", &text[..start], &text[end..]));
        sandbox.secrets(&["restore", "consilio"]).run().success();
        assert_eq!(sandbox.env(), text);
    }
    let history = sandbox
        .secrets(&["history", "project/consilio/stripe_api_key", "--json"])
        .run();
    assert_eq!(
        json_of(&history.success()).as_array().map_or(0, Vec::len),
        1
    );
}
