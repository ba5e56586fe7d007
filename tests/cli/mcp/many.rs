//! Many calls at once, and calls that are called off.

use std::fs;
use std::os::fd::AsFd as _;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use serde_json::json;

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

#[test]
fn twelve_calls_at_once_get_twelve_answers() {
    let sandbox = Sandbox::with_env("");
    let canaries: Vec<String> = (0..12).map(|_| sandbox.canary()).collect();
    for (n, canary) in canaries.iter().enumerate() {
        sandbox.store(&format!("project/consilio/key_{n}"), canary);
    }
    for revision in [LEGACY[0], MODERN] {
        let mut session = Session::of(&sandbox, revision, &[]).may_show();
        let ids: Vec<u64> = (0..12)
            .map(|n| {
                let key_path = format!("project/consilio/key_{n}");
                session.ask_tool("get_secret", json!({ "keyPath": key_path }))
            })
            .collect();
        // Asked for in another order than they were sent.
        for (id, canary) in ids.into_iter().zip(&canaries).rev() {
            assert_eq!(session.given(id)["value"], canary.as_str());
        }
        session.end();
    }
}

#[test]
fn fifty_secrets_that_are_set_at_once_are_all_kept() {
    let sandbox = Sandbox::with_env("# mine\nPORT=3000\n");
    let mut session = Session::begun(&sandbox);
    let canaries: Vec<String> = (0..50).map(|_| sandbox.canary()).collect();
    let ids: Vec<u64> = canaries
        .iter()
        .enumerate()
        .map(|(n, canary)| {
            let key_path = format!("project/consilio/key_{n}");
            session.ask_tool(
                "set_secret",
                json!({ "keyPath": key_path, "value": canary, "description": DESCRIPTION }),
            )
        })
        .collect();
    for id in ids {
        assert_eq!(session.given(id)["env"]["change"], "added");
    }
    session.end();
    let env = sandbox.env();
    assert!(env.starts_with("# mine\nPORT=3000\n"), "{env}");
    for (n, canary) in canaries.iter().enumerate() {
        assert!(env.contains(&format!("KEY_{n}={canary}\n")));
        assert_eq!(
            sandbox.get(&format!("project/consilio/key_{n}")),
            canary.as_bytes()
        );
    }
    assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
}

#[test]
fn a_call_that_waits_stops_nobody_and_can_be_called_off() {
    let sandbox = Sandbox::with_env("");
    // Somebody else has the lock on the env file's directory.
    let directory = fs::File::open(sandbox.work()).unwrap();
    flock(directory.as_fd(), FlockOperation::LockExclusive).unwrap();
    for revision in [LEGACY[3], MODERN] {
        let mut session = Session::of(&sandbox, revision, &["--wait", "60"]);
        let started = Instant::now();
        let arguments =
            json!({ "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION });
        let waiting = session.ask_tool("set_secret", arguments);
        session.call("list_secrets", json!({}));
        session.send(&json!({
            "jsonrpc": "2.0",
            "method": "notifications/cancelled",
            "params": { "requestId": waiting, "reason": "enough" },
        }));
        session.call("list_secrets", json!({}));
        assert!(
            started.elapsed() < Duration::from_secs(30),
            "the others waited as well"
        );
        // The call goes on by itself until it has the lock: nothing is left half-way.
        let unlock = std::thread::scope(|scope| {
            let directory = &directory;
            scope.spawn(move || {
                std::thread::sleep(Duration::from_millis(300));
                flock(directory.as_fd(), FlockOperation::Unlock).unwrap();
            });
            session.close()
        });
        assert_eq!(unlock.code, Some(0));
        let answered = unlock.rest.iter().any(|message| message["id"] == waiting);
        assert!(!answered, "a call that was called off was answered");
        assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
        flock(directory.as_fd(), FlockOperation::LockExclusive).unwrap();
    }
}
