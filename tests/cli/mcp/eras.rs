//! Both eras of the protocol, and the ends of a session.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::session::{LEGACY, MODERN, Session, meta};
use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

#[test]
fn every_revision_with_a_handshake_is_served() {
    let sandbox = Sandbox::with_env("");
    for revision in LEGACY {
        let mut session = Session::of(&sandbox, revision, &[]);
        assert_eq!(session.tools().len(), 10);
        let id = session.ask("ping", json!({}));
        assert_eq!(session.answer(id)["result"], json!({}));
        let stored = session.call(
            "set_secret",
            json!({ "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION }),
        );
        assert_eq!(stored["keyPath"], KEY);
        let id = session.ask_tool("list_secrets", json!({}));
        let listed = session.answer(id);
        assert!(listed["result"].get("resultType").is_none(), "{listed}");
        session.end();
    }
    assert_eq!(sandbox.versions(KEY), LEGACY.len());
}

#[test]
fn a_revision_that_is_not_known_gets_one_that_is() {
    let sandbox = Sandbox::with_vault();
    for asked in ["2019-01-01", "2099-01-01", MODERN, "nonsense"] {
        let mut session = Session::new(&sandbox, &[]);
        let answer = session.request(
            "initialize",
            json!({
                "protocolVersion": asked,
                "capabilities": {},
                "clientInfo": { "name": "tester", "version": "1.0" },
            }),
        );
        let given = answer["result"]["protocolVersion"].as_str().unwrap();
        assert!(LEGACY.contains(&given), "{answer}");
        session.end();
    }
}

#[test]
fn the_handshake_says_who_this_is_and_what_the_rule_is() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::new(&sandbox, &[]);
    let answer = session.request(
        "initialize",
        json!({
            "protocolVersion": LEGACY[3],
            "capabilities": {},
            "clientInfo": { "name": "tester", "version": "1.0" },
        }),
    );
    let result = &answer["result"];
    assert_eq!(result["serverInfo"]["name"], "secrets");
    assert_eq!(result["serverInfo"]["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(result["capabilities"], json!({ "tools": {} }));
    let instructions = result["instructions"].as_str().unwrap();
    assert!(instructions.contains("vault first"), "{instructions}");
    session.end();
}

#[test]
fn the_revision_without_a_handshake_is_served() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::of(&sandbox, MODERN, &[]);
    let discovered = session.request("server/discover", json!({}));
    let result = &discovered["result"];
    assert_eq!(result["resultType"], "complete");
    assert!(
        result["ttlMs"].is_u64() && result["cacheScope"].is_string(),
        "{result}"
    );
    let supported = result["supportedVersions"].as_array().unwrap();
    for revision in LEGACY.iter().chain([&MODERN]) {
        assert!(supported.contains(&json!(revision)), "{result}");
    }
    let listed = session.request("tools/list", json!({}));
    let result = &listed["result"];
    assert_eq!(result["resultType"], "complete");
    assert!(
        result["ttlMs"].is_u64() && result["cacheScope"].is_string(),
        "{result}"
    );
    assert_eq!(result["tools"].as_array().unwrap().len(), 10);
    let id = session.ask_tool(
        "set_secret",
        json!({ "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION }),
    );
    let stored = session.answer(id);
    assert_eq!(stored["result"]["resultType"], "complete");
    assert_eq!(stored["result"]["isError"], false);
    session.end();
}

#[test]
fn no_discovery_is_needed_before_a_call() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::of(&sandbox, MODERN, &[]);
    assert_eq!(
        session.call("list_secrets", json!({})),
        json!({ "secrets": [] })
    );
    session.end();
}

#[test]
fn a_revision_that_is_not_served_is_refused_by_its_code() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::of(&sandbox, MODERN, &[]);
    // Before anything else, and in the middle.
    for id in [70, 71] {
        session.send(&json!({
            "jsonrpc": "2.0", "id": id, "method": "tools/call",
            "params": { "name": "list_secrets", "arguments": {}, "_meta": meta("2099-01-01") },
        }));
        let answer = session.answer(id);
        assert_eq!(answer["error"]["code"], -32022, "{answer}");
        let supported = answer["error"]["data"]["supported"].as_array().unwrap();
        assert!(supported.contains(&json!(MODERN)), "{answer}");
        session.call("list_secrets", json!({}));
    }
    session.end();
}

#[test]
fn a_request_without_what_it_must_carry_is_refused() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::of(&sandbox, MODERN, &[]);
    session.send(&json!({
        "jsonrpc": "2.0", "id": 70, "method": "tools/list", "params": {},
    }));
    assert_eq!(session.answer(70)["error"]["code"], -32602);
    session.end();
}

#[test]
fn discovery_may_be_followed_by_a_handshake() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::new(&sandbox, &[]);
    session.send(&json!({
        "jsonrpc": "2.0", "id": 70, "method": "server/discover",
        "params": { "_meta": meta(MODERN) },
    }));
    assert_eq!(session.answer(70)["result"]["resultType"], "complete");
    session.begin(LEGACY[2]);
    assert_eq!(session.tools().len(), 10);
    session.end();
}

#[test]
fn the_end_of_input_is_a_good_end_at_any_moment() {
    let sandbox = Sandbox::new();
    let before = sandbox.snapshot();
    Session::new(&sandbox, &[]).end();
    let mut session = Session::new(&sandbox, &[]);
    session.send_text("\n\n");
    session.end();
    let mut session = Session::new(&sandbox, &[]);
    session.send_text("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initi");
    session.end();
    let mut session = Session::new(&sandbox, &[]);
    session.ask("ping", json!({}));
    session.end();
    Session::begun(&sandbox).end();
    assert_eq!(
        before,
        sandbox.snapshot(),
        "a server that was asked nothing made something"
    );
}

#[test]
fn input_that_ends_early_gets_all_its_answers_and_the_last_line_needs_no_end() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox);
    let calls = 12;
    for n in 0..calls {
        let key_path = format!("project/consilio/key_{n}");
        let message = json!({
            "jsonrpc": "2.0", "id": 100 + n, "method": "tools/call",
            "params": { "name": "set_secret", "arguments": {
                "keyPath": key_path, "value": sandbox.canary(), "description": DESCRIPTION,
            } },
        });
        let end = if n + 1 < calls { "\n" } else { "" };
        session.send_text(&format!("{message}{end}"));
    }
    let mut answered: Vec<u64> = session
        .end()
        .rest
        .iter()
        .map(|message| {
            assert_eq!(message["result"]["isError"], false, "{message}");
            message["id"].as_u64().unwrap()
        })
        .collect();
    answered.sort_unstable();
    assert_eq!(answered, (100..100 + calls).collect::<Vec<u64>>());
    assert_eq!(sandbox.env().lines().count() as u64, calls);
}

#[test]
fn strays_before_the_first_request_are_passed_over() {
    let sandbox = Sandbox::with_vault();
    let mut session = Session::new(&sandbox, &[]);
    session.send(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
    session.send(&json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 },
    }));
    session.send(&json!({ "jsonrpc": "2.0", "id": 9, "result": {} }));
    session.begin(LEGACY[3]);
    assert_eq!(session.tools().len(), 10);
    session.end();
}

#[test]
fn a_signal_ends_it_and_what_has_begun_is_finished() {
    use rustix::process::{Pid, Signal, kill_process};
    let sandbox = Sandbox::with_env("");
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        for begun in [false, true] {
            let mut session = Session::new(&sandbox, &[]);
            if begun {
                session.begin(LEGACY[3]);
                session.call("list_secrets", json!({}));
            } else {
                // It hears signals when it hears anything.
                session.request("ping", json!({}));
            }
            let started = Instant::now();
            let pid = Pid::from_raw(session.pid().try_into().unwrap()).unwrap();
            kill_process(pid, signal).unwrap();
            let ended = session.wait();
            assert_eq!(ended.code, Some(0), "{signal:?} {begun}: {}", ended.stderr);
            assert_eq!(ended.stderr, "");
            assert!(
                started.elapsed() < Duration::from_secs(10),
                "{signal:?} {begun}"
            );
        }
    }
}

#[test]
fn standard_output_has_nothing_but_messages_whatever_the_flags() {
    let sandbox = Sandbox::with_vault();
    for flags in [&["--json"][..], &["--quiet"], &["--color", "always"]] {
        let mut session = Session::of(&sandbox, LEGACY[3], flags);
        assert_eq!(
            session.call("list_secrets", json!({})),
            json!({ "secrets": [] })
        );
        let ended = session.end();
        assert_eq!(ended.rest, Vec::<Value>::new());
    }
}
