//! A server that is killed while it stores a value: what it has promised, and what it leaves.
//!
//! The rigs in `tests/crash` stop the operations at every single system call; here it is shown that the
//! way through the protocol adds nothing that could tear: no answer before the value is safe.

use std::time::{Duration, Instant};

use serde_json::json;

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox};

/// So many kills for each revision, spread over twice the time that a call takes.
const KILLS: u32 = 24;

#[test]
fn a_killed_server_has_kept_what_it_acknowledged_and_torn_nothing() {
    let sandbox = Sandbox::with_env("# mine\nPORT=3000\n");
    let arguments =
        |value: &str| json!({ "keyPath": KEY, "value": value, "description": DESCRIPTION });
    let line = |value: &str| format!("# mine\nPORT=3000\n{NAME}={value}\n");
    let (mut unanswered, mut answered) = (0, 0);
    for revision in [LEGACY[3], MODERN] {
        let mut old = sandbox.canary();
        let mut session = Session::of(&sandbox, revision, &[]);
        let started = Instant::now();
        session.call("set_secret", arguments(&old));
        let usual = started.elapsed().max(Duration::from_millis(2));
        session.end();
        for kill in 0..KILLS {
            let new = sandbox.canary();
            let mut session = Session::of(&sandbox, revision, &[]);
            let call = session.ask_tool("set_secret", arguments(&new));
            // The last one is killed with the answer on its way.
            let is_last = kill + 1 == KILLS;
            if is_last {
                session.given(call);
            } else {
                std::thread::sleep(usual * 2 * kill / KILLS);
            }
            let messages = session.kill();
            let is_answered = is_last || messages.iter().any(|message| message["id"] == call);

            // Nothing else is looked at yet: between its name and its place the new env file may have
            // been left beside the old one, where the next run takes it away.
            let mut get = sandbox.secrets(&["get", KEY]).command();
            let (env, vault) = (sandbox.env(), get.output().unwrap().stdout);
            assert!(env == line(&old) || env == line(&new), "torn: {env}");
            if env == line(&new) {
                assert_eq!(vault, new.as_bytes(), "the env file is ahead of the vault");
            }
            if is_answered {
                answered += 1;
                assert_eq!(vault, new.as_bytes(), "acknowledged and lost");
                assert_eq!(env, line(&new), "acknowledged and lost");
            } else {
                unanswered += 1;
                assert!(vault == old.as_bytes() || vault == new.as_bytes());
            }
            // Said again it is finished, whatever was left.
            let mut session = Session::of(&sandbox, revision, &[]);
            session.call("set_secret", arguments(&new));
            session.end();
            let beside = std::fs::read_dir(sandbox.work()).unwrap().count();
            assert_eq!(beside, 1, "something lies beside the env file");
            assert_eq!(sandbox.env(), line(&new));
            assert_eq!(sandbox.get(KEY), new.as_bytes());
            old = new;
        }
    }
    assert!(
        unanswered > 0 && answered > 0,
        "{unanswered} and {answered}"
    );
    assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
    let log = sandbox.secrets(&["log", "--verify", "-q"]).run();
    log.success();
}
