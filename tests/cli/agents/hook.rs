//! `secrets hook` with the whole program: a table of tool calls, each sent as an agent sends it.
//!
//! Every value in a payload is a canary: none may turn up in an answer, on standard error, or in
//! any file, the audit trail among them.

use std::os::unix::fs::symlink;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::table::{self, Expect};
use crate::sandbox::{NAME, Sandbox};

/// The project `consilio` with a value in its env file, and what the table speaks of.
fn project() -> Sandbox {
    let sandbox = Sandbox::with_vault();
    let value = sandbox.canary();
    sandbox.write_env(format!("{NAME}={value}\n"));
    let link = |name: &str, file: &str| {
        sandbox
            .secrets(&["link", name, "-q"])
            .arg(sandbox.path(file))
            .run()
            .success();
    };
    std::fs::create_dir_all(sandbox.path("work/sub")).unwrap();
    std::fs::create_dir_all(sandbox.path("home/other")).unwrap();
    std::fs::write(sandbox.path("work/sub/settings.conf"), "A=1\n").unwrap();
    link("consilio", "work/.env");
    link("odd", "work/sub/settings.conf");
    symlink(".env", sandbox.path("work/alias")).unwrap();
    sandbox.allow(sandbox.path("work/alias"));
    sandbox
}

fn filled(sandbox: &Sandbox, text: &str) -> String {
    fill_with(sandbox, text, &sandbox.canary())
}

fn fill_with(sandbox: &Sandbox, text: &str, value: &str) -> String {
    text.replace("$P", sandbox.work().to_str().unwrap())
        .replace("VALUE", value)
}

/// The same in every text of a payload.
fn fill(sandbox: &Sandbox, payload: &mut Value, value: &str) {
    match payload {
        Value::String(text) => *text = fill_with(sandbox, text, value),
        Value::Array(parts) => parts.iter_mut().for_each(|part| fill(sandbox, part, value)),
        Value::Object(parts) => parts
            .values_mut()
            .for_each(|part| fill(sandbox, part, value)),
        _ => {}
    }
}

/// What the program answers. It always ends with 0 and says nothing on standard error.
fn answer(sandbox: &Sandbox, args: &[&str], payload: impl AsRef<[u8]>) -> String {
    let run = sandbox.secrets(&["hook"]).args(args).stdin(payload);
    let done = run.run().success().stderr("");
    String::from_utf8(done.get_output().stdout.clone()).unwrap()
}

/// The reason of a refusal in an agent's own form; `None` if it has no opinion.
fn refusal(agent: &str, answer: &str) -> Option<String> {
    let json: Value = match answer {
        "" => Value::Null,
        answer => serde_json::from_str(answer).unwrap(),
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match agent {
        "claude" | "codex" | "vscode" => {
            let output = &json["hookSpecificOutput"];
            if json.is_null() {
                return None;
            }
            assert_eq!(output["hookEventName"], "PreToolUse");
            assert_eq!(output["permissionDecision"], "deny");
            text(&output["permissionDecisionReason"])
        }
        "cursor" => {
            if json == json!({"permission": "allow"}) {
                return None;
            }
            assert_eq!(json["permission"], "deny");
            assert_eq!(json["user_message"], json["agent_message"]);
            text(&json["agent_message"])
        }
        "gemini" => {
            if json == json!({}) {
                return None;
            }
            assert_eq!(json["decision"], "deny");
            text(&json["reason"])
        }
        _ => {
            if json.is_null() {
                return None;
            }
            assert_eq!(json["permissionDecision"], "deny");
            text(&json["permissionDecisionReason"])
        }
    }
}

fn check(what: &str, expected: &Expect, refused: Option<&str>) -> Result<(), String> {
    match (expected, refused) {
        (Expect::Pass, None) => Ok(()),
        (Expect::Pass, Some(reason)) => Err(format!("refused: {what}\n    {reason}")),
        (Expect::Deny(_), None) => Err(format!("passed: {what}")),
        (Expect::Deny(parts), Some(reason)) => {
            match parts.iter().find(|part| !reason.contains(*part)) {
                Some(part) => Err(format!("{what}\n    lacks {part:?}: {reason}")),
                None => Ok(()),
            }
        }
    }
}

fn claude_bash(command: &str) -> String {
    json!({"session_id": "s", "cwd": "$P", "hook_event_name": "PreToolUse", "tool_name": "Bash",
        "tool_input": {"command": command, "description": "x"}})
    .to_string()
}

#[test]
fn the_table_is_decided_as_it_says() {
    let sandbox = project();
    let value = sandbox.canary();
    let mut wrong = Vec::new();
    let (mut denied, mut passed) = (0, 0);
    let mut count = |expected: &Expect| match expected {
        Expect::Deny(_) => denied += 1,
        Expect::Pass => passed += 1,
    };
    for (command, expected) in table::COMMANDS {
        count(expected);
        let mut payload: Value = serde_json::from_str(&claude_bash(command)).unwrap();
        fill(&sandbox, &mut payload, &value);
        let answer = answer(&sandbox, &[], payload.to_string());
        let refused = refusal("claude", &answer);
        wrong.extend(check(command, expected, refused.as_deref()).err());
    }
    for (agent, mut payload, expected) in table::calls() {
        count(&expected);
        let what = payload.to_string();
        fill(&sandbox, &mut payload, &value);
        // Found out from the payload, and said.
        for args in [&[][..], &["--agent", agent]] {
            let answer = answer(&sandbox, args, payload.to_string());
            let refused = refusal(agent, &answer);
            wrong.extend(check(&what, &expected, refused.as_deref()).err());
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        denied >= 80 && passed >= 40,
        "{denied} denied, {passed} passed"
    );
}

#[test]
fn reading_is_the_policys_to_allow() {
    let sandbox = project();
    sandbox.configure("\n[hook]\nread = \"allow\"\n");
    let read = filled(&sandbox, &claude_bash("cat .env"));
    assert_eq!(answer(&sandbox, &[], read), "");
    let write = filled(&sandbox, &claude_bash("echo A_KEY=VALUE > .env"));
    assert!(refusal("claude", &answer(&sandbox, &[], write)).is_some());
}

#[test]
fn a_refusal_is_in_the_audit_trail_and_nothing_else_is() {
    let sandbox = project();
    let lines = || -> Vec<Value> {
        let done = sandbox
            .secrets(&["log", "--verify", "--json"])
            .run()
            .success();
        let report: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
        assert_eq!(report["flaws"], json!([]));
        report["lines"].as_array().unwrap().clone()
    };
    let before = lines().len();
    let write = filled(&sandbox, &claude_bash("echo STRIPE_API_KEY=VALUE > .env"));
    answer(&sandbox, &[], write);
    answer(&sandbox, &[], filled(&sandbox, &claude_bash("npm test")));
    let log = lines();
    assert_eq!(log.len(), before + 1);
    let line = log.last().unwrap();
    assert_eq!(line["op"], "hook");
    assert_eq!(line["program"], "hook claude");
    assert_eq!(line["keyPath"], "project/consilio/stripe_api_key");
    assert_eq!(line["note"], "refused: write of the env file of consilio");
}

#[test]
fn without_a_vault_or_a_readable_configuration_names_still_count() {
    let write = claude_bash("echo A_KEY=VALUE > .env");
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    assert!(refusal("claude", &answer(&sandbox, &[], filled(&sandbox, &write))).is_some());
    assert_eq!(before, sandbox.snapshot(), "the hook made something");
    let sandbox = project();
    std::fs::write(sandbox.config(), "this is [ not TOML").unwrap();
    assert!(refusal("claude", &answer(&sandbox, &[], filled(&sandbox, &write))).is_some());
    let sandbox = project();
    std::fs::write(sandbox.identity(), "").unwrap();
    assert!(refusal("claude", &answer(&sandbox, &[], filled(&sandbox, &write))).is_some());
}

#[test]
fn an_agent_is_never_stopped_by_a_mistake_of_ours() {
    let sandbox = project();
    for (args, payload) in [
        (&[][..], ""),
        (&[], "{"),
        (&[], "null"),
        (&[], "{\"hook_event_name\":\"PreToolUse\"}"),
        (&["--agent", "nobody"], "{}"),
        (&["--agent", "claude"], "[]"),
    ] {
        assert_eq!(answer(&sandbox, args, payload), "", "{args:?} {payload}");
    }
    // What Cursor would take for a broken hook.
    let nothing = answer(&sandbox, &["--agent", "cursor"], "{");
    assert_eq!(nothing, "{\"permission\":\"allow\"}\n");
    // More than anybody would look at.
    let huge = answer(&sandbox, &["--agent", "cursor"], vec![b' '; (64 << 20) + 1]);
    assert_eq!(huge, "{\"permission\":\"allow\"}\n");
    // A command line that is not understood, and a machine without a home.
    sandbox
        .secrets(&["hook", "--bogus"])
        .run()
        .success()
        .stdout("");
    let write = filled(&sandbox, &claude_bash("echo A_KEY=VALUE > .env"));
    let run = sandbox.secrets(&["hook"]).no_var("HOME").stdin(write);
    run.run().success();
}

/// Where no context is needed, so that a thousand runs do not take a minute.
#[test]
fn any_bytes_are_allowed_and_end_with_0() {
    let sandbox = Sandbox::new();
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    proptest!(config, |(bytes in prop::collection::vec(any::<u8>(), 0..400), agent in 0..6usize)| {
        let agent = ["claude", "codex", "vscode", "cursor", "gemini", "copilot"][agent];
        let done = sandbox.secrets(&["hook", "--agent", agent]).stdin(&bytes).run().success().stderr("");
        let answer = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        prop_assert!(refusal(agent, &answer).is_none(), "{answer}");
    });
}
