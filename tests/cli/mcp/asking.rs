//! A value that the user types on a page of this machine: the agent's client opens it and never sees
//! what is typed.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox};

/// The page, as its address says where it is.
struct Page {
    host: String,
    path: String,
}

impl Page {
    #[track_caller]
    fn of(params: &Value) -> Self {
        assert_eq!(params["mode"], "url", "{params}");
        assert!(params.get("requestedSchema").is_none(), "{params}");
        assert!(
            params["message"].as_str().unwrap().contains(KEY),
            "{params}"
        );
        let url = params["url"].as_str().unwrap();
        let (host, path) = url
            .strip_prefix("http://")
            .unwrap()
            .split_once('/')
            .unwrap();
        assert!(host.starts_with("127.0.0.1:"), "{url}");
        assert!(
            path.len() == 32 && path.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{url}"
        );
        Self {
            host: host.to_owned(),
            path: format!("/{path}"),
        }
    }

    /// Sends bytes and gives the whole answer; `None` if nobody is there.
    fn send(&self, request: &str) -> Option<String> {
        let mut stream = TcpStream::connect(&self.host).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    }

    fn get(&self, path: &str, host: &str) -> Option<String> {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
    }

    /// What a browser sends when the form is sent.
    fn post(&self, fields: &[(&str, &str)], body: &str) -> Option<String> {
        let mut request = format!("POST {} HTTP/1.1\r\n", self.path);
        let origin = format!("http://{}", self.host);
        let length = body.len().to_string();
        let usual = [
            ("Host", self.host.as_str()),
            ("Origin", &origin),
            ("Sec-Fetch-Site", "same-origin"),
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Content-Length", &length),
        ];
        for (name, value) in usual {
            let other = fields.iter().find(|(field, _)| *field == name);
            let value = other.map_or(value, |(_, value)| value);
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        self.send(&format!("{request}\r\n{body}"))
    }
}

fn status(answer: &Option<String>) -> &str {
    let answer = answer.as_deref().unwrap_or("nobody");
    answer.split(' ').nth(1).unwrap_or(answer)
}

fn arguments() -> Value {
    json!({ "keyPath": KEY, "description": DESCRIPTION })
}

/// Asks for a secret without its value; gives the page, and how the call goes on.
#[track_caller]
fn asked(session: &mut Session<'_>, revision: &str) -> (Page, Begun) {
    let id = session.ask_tool("set_secret", arguments());
    if revision == MODERN {
        let answer = session.answer(id);
        let result = &answer["result"];
        assert_eq!(result["resultType"], "input_required", "{answer}");
        let request = &result["inputRequests"]["value"];
        assert_eq!(request["method"], "elicitation/create", "{answer}");
        let state = result["requestState"].as_str().unwrap().to_owned();
        (Page::of(&request["params"]), Begun::Again(state))
    } else {
        let request = session.asked();
        assert_eq!(request["method"], "elicitation/create", "{request}");
        (
            Page::of(&request["params"]),
            Begun::Waits(id, request["id"].clone()),
        )
    }
}

/// How a call goes on when the user has decided.
enum Begun {
    Waits(u64, Value),
    Again(String),
}

/// Tells the server what the user has decided, and gives the id of the call.
fn decided(session: &mut Session<'_>, begun: Begun, action: &str, arguments: Value) -> u64 {
    match begun {
        Begun::Waits(call, request) => {
            session.send(&json!({
                "jsonrpc": "2.0", "id": request, "result": { "action": action },
            }));
            call
        }
        Begun::Again(state) => session.ask(
            "tools/call",
            json!({
                "name": "set_secret",
                "arguments": arguments,
                "inputResponses": { "value": { "action": action } },
                "requestState": state,
            }),
        ),
    }
}

#[test]
fn the_user_types_the_value_and_the_agent_does_not_see_it() {
    for revision in [LEGACY[3], MODERN] {
        // The page may be sent before or after the client says that it was opened.
        for early in [true, false] {
            let sandbox = Sandbox::with_env("");
            let canary = sandbox.canary();
            let mut session = Session::that_opens_pages(&sandbox, revision);
            let (page, begun) = asked(&mut session, revision);
            let body = format!("value={canary}%20%26%2B+x");
            if early {
                let answer = page.post(&[], &body);
                assert_eq!(status(&answer), "200");
                let answer = answer.unwrap();
                // Not stored yet, and not said to be.
                assert!(answer.contains("choose Continue"), "{answer}");
                assert!(!answer.contains("Stored"), "{answer}");
                assert_eq!(sandbox.versions(KEY), 0);
            }
            let call = decided(&mut session, begun, "accept", arguments());
            if !early {
                assert_eq!(status(&page.post(&[], &body)), "200");
            }
            let stored = session.given(call);
            assert_eq!(stored["env"]["change"], "added");
            // A second visit, or a reload, shows how it ended.
            let shown = page.get(&page.path, &page.host);
            assert_eq!(status(&shown), "200");
            assert!(shown.unwrap().contains("<h1>Stored</h1>"));
            session.end();
            let value = format!("{canary} &+ x");
            assert_eq!(sandbox.get(KEY), value.as_bytes());
            assert!(sandbox.env().starts_with(&format!("{NAME}=")));
            assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
        }
    }
}

#[test]
fn the_page_is_for_one_value_of_one_user() {
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]);
    let (page, begun) = asked(&mut session, LEGACY[3]);
    let shown = page.get(&page.path, &page.host).unwrap();
    assert_eq!(status(&Some(shown.clone())), "200");
    for expected in [
        "Cache-Control: no-store",
        "default-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "<textarea",
        "text-security:disc",
        KEY,
        DESCRIPTION,
        NAME,
        "tester 1.0",
        "5 minutes",
        "<main>",
        "lang=\"en\"",
        "width=device-width",
        "color-scheme:light dark",
    ] {
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
    assert!(!shown.contains("<script"));
    let file = sandbox.env_file();
    assert!(shown.contains(file.to_str().unwrap()), "{shown}");
    // Another name for this machine, another path, another site, another form.
    assert_eq!(status(&page.get(&page.path, "evil.example")), "403");
    let port = page.host.split_once(':').unwrap().1;
    assert_eq!(
        status(&page.get(&page.path, &format!("localhost:{port}"))),
        "403"
    );
    assert_eq!(status(&page.get("/", &page.host)), "404");
    assert_eq!(status(&page.get("/favicon.ico", &page.host)), "404");
    let body = format!("value={canary}");
    for (name, wrong, expected) in [
        ("Host", "evil.example", "403"),
        ("Origin", "http://evil.example", "403"),
        ("Origin", "null", "403"),
        ("Sec-Fetch-Site", "cross-site", "403"),
        ("Content-Type", "text/plain", "400"),
        ("Content-Length", "x", "400"),
    ] {
        assert_eq!(
            status(&page.post(&[(name, wrong)], &body)),
            expected,
            "{name}: {wrong}"
        );
    }
    for wrong in ["value=", "other=1", "value=%zz", "value=a&value=b"] {
        assert_eq!(status(&page.post(&[], wrong)), "400", "{wrong}");
    }
    assert_eq!(status(&page.send("nonsense\r\n\r\n")), "400");
    assert_eq!(sandbox.versions(KEY), 0);
    // Nothing of that has used it up; one value does.
    assert_eq!(status(&page.post(&[], &body)), "200");
    assert_eq!(status(&page.post(&[], "value=another")), "409");
    let call = decided(&mut session, begun, "accept", arguments());
    session.given(call);
    let again = page.post(&[], "value=another");
    assert_eq!(status(&again), "409");
    assert!(again.unwrap().contains("<h1>Stored</h1>"));
    session.end();
    assert_eq!(sandbox.get(KEY), canary.as_bytes());
}

#[test]
fn a_user_who_does_not_want_to_is_not_asked_twice() {
    let sandbox = Sandbox::with_env("");
    for revision in [LEGACY[3], MODERN] {
        for action in ["decline", "cancel"] {
            let mut session = Session::that_opens_pages(&sandbox, revision);
            let (page, begun) = asked(&mut session, revision);
            let call = decided(&mut session, begun, action, arguments());
            let error = session.refusal(call);
            assert_eq!(error["code"], "value_not_given");
            let shown = page.get(&page.path, &page.host);
            assert_eq!(status(&shown), "410");
            assert!(shown.unwrap().contains("no longer valid"));
            let started = Instant::now();
            while page.get(&page.path, &page.host).is_some() {
                assert!(
                    started.elapsed() < Duration::from_secs(10),
                    "the page is still there"
                );
            }
            session.end();
        }
    }
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn what_was_shown_on_the_page_is_what_is_stored() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::that_opens_pages(&sandbox, MODERN);
    let (page, begun) = asked(&mut session, MODERN);
    let Begun::Again(state) = begun else {
        unreachable!()
    };
    assert_eq!(
        status(&page.post(&[], &format!("value={}", sandbox.canary()))),
        "200"
    );
    // The same page for another secret, and then no more for its own.
    let other = json!({ "keyPath": "project/consilio/other_key", "description": DESCRIPTION });
    for arguments in [other, arguments()] {
        let call = decided(
            &mut session,
            Begun::Again(state.clone()),
            "accept",
            arguments,
        );
        assert_eq!(session.refusal(call)["code"], "value_not_given");
    }
    let forged = decided(
        &mut session,
        Begun::Again("0".repeat(32)),
        "accept",
        arguments(),
    );
    assert_eq!(session.refusal(forged)["code"], "value_not_given");
    session.end();
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.versions("project/consilio/other_key"), 0);
}

#[test]
fn a_call_that_is_wrong_in_another_way_asks_nobody() {
    let sandbox = Sandbox::with_env("");
    for revision in [LEGACY[3], MODERN] {
        let mut session = Session::that_opens_pages(&sandbox, revision);
        for (wrong, code) in [
            (json!({ "keyPath": KEY }), "description_missing"),
            (
                json!({ "keyPath": "project/odin/x_key", "description": DESCRIPTION }),
                "not_linked",
            ),
            (
                json!({ "keyPath": KEY, "description": "API key" }),
                "description_generic",
            ),
        ] {
            let error = session.refused("set_secret", wrong);
            let found = error["code"].as_str().unwrap();
            assert!(
                found == code || found.starts_with("description_"),
                "{error}"
            );
        }
        session.end();
    }
}

#[test]
fn older_revisions_and_clients_without_pages_get_the_command() {
    let sandbox = Sandbox::with_env("");
    for revision in [LEGACY[0], LEGACY[2]] {
        let mut session = Session::that_opens_pages(&sandbox, revision);
        let error = session.refused("set_secret", arguments());
        assert_eq!(error["code"], "value_not_given");
        session.end();
    }
}

#[test]
fn a_client_that_goes_away_ends_the_server_at_once() {
    let sandbox = Sandbox::with_env("");
    for revision in [LEGACY[3], MODERN] {
        let mut session = Session::that_opens_pages(&sandbox, revision);
        let (page, begun) = asked(&mut session, revision);
        if revision == MODERN {
            decided(&mut session, begun, "accept", arguments());
        }
        let started = Instant::now();
        session.end();
        assert!(started.elapsed() < Duration::from_secs(20));
        assert_eq!(page.get(&page.path, &page.host), None);
    }
    assert_eq!(sandbox.versions(KEY), 0);
}

/// As a browser encodes a text area: each line ends in CR and LF.
fn encoded(text: &str) -> String {
    let mut encoded = String::from("value=");
    for byte in text.replace('\n', "\r\n").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            byte => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[test]
fn a_key_of_several_lines_keeps_its_lines() {
    for revision in [LEGACY[3], MODERN] {
        let sandbox = Sandbox::with_env("");
        let key = format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n\n{}\n-----END PRIVATE KEY-----",
            sandbox.canary(),
            sandbox.canary()
        );
        let mut session = Session::that_opens_pages(&sandbox, revision);
        let (page, begun) = asked(&mut session, revision);
        // The newline that ends the last line is not a part of the value, as from a pipe.
        let answer = page.post(&[], &encoded(&format!("{key}\n")));
        assert_eq!(status(&answer), "200");
        let call = decided(&mut session, begun, "accept", arguments());
        session.given(call);
        session.end();
        assert_eq!(sandbox.get(KEY), key.as_bytes());
        assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
    }
}

#[test]
fn what_cannot_be_stored_is_said_on_the_page_and_can_be_typed_again() {
    for revision in [LEGACY[3], MODERN] {
        let sandbox = Sandbox::with_env("A=1\n");
        // A reader that reads no value of two lines.
        sandbox.configure("readers = [\"docker\"]\n");
        let mut session = Session::that_opens_pages(&sandbox, revision);
        let (page, begun) = asked(&mut session, revision);
        let lines = format!("{}\nb", sandbox.canary());
        let long = "x".repeat((1 << 20) + 1);
        let in_description = DESCRIPTION.split(' ').next_back().unwrap().to_owned();
        for (wrong, says) in [
            ("********".to_owned(), "mask"),
            ("a\0b".to_owned(), "NUL"),
            (lines, "docker"),
            (long, "1 MiB"),
            (in_description, "description"),
        ] {
            let answer = page.post(&[], &encoded(&wrong));
            assert_eq!(status(&answer), "422", "{says}");
            let answer = answer.unwrap();
            for part in ["role=\"alert\"", says, "<textarea"] {
                assert!(answer.contains(part), "{part}: {answer}");
            }
            sandbox.check_text("a page", answer.as_bytes());
        }
        assert_eq!(sandbox.versions(KEY), 0);
        let canary = sandbox.canary();
        assert_eq!(status(&page.post(&[], &encoded(&canary))), "200");
        let call = decided(&mut session, begun, "accept", arguments());
        session.given(call);
        session.end();
        assert_eq!(sandbox.get(KEY), canary.as_bytes());
        assert_eq!(sandbox.versions(KEY), 1);
    }
}

#[test]
fn the_page_says_stored_only_after_it_was_stored() {
    use rustix::fs::{FlockOperation, flock};
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]);
    let (page, begun) = asked(&mut session, LEGACY[3]);
    let call = decided(&mut session, begun, "accept", arguments());
    // The server has heard of it when it answers the next request.
    session.request("ping", json!({}));
    let dir = std::fs::File::open(sandbox.work()).unwrap();
    flock(&dir, FlockOperation::LockExclusive).unwrap();
    let answer = std::thread::scope(|scope| {
        let posted = scope.spawn(|| page.post(&[], &encoded(&canary)));
        std::thread::sleep(Duration::from_millis(700));
        assert!(!posted.is_finished(), "it was not stored yet");
        let reload = page.get(&page.path, &page.host).unwrap();
        assert!(!reload.contains("<h1>Stored"), "{reload}");
        assert!(reload.contains("Refresh: 2"), "{reload}");
        flock(&dir, FlockOperation::Unlock).unwrap();
        posted.join().unwrap()
    });
    assert!(answer.unwrap().contains("<h1>Stored</h1>"));
    session.given(call);
    session.end();
    assert_eq!(sandbox.get(KEY), canary.as_bytes());
}

#[test]
fn what_fails_after_the_check_is_said_on_the_page() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]);
    let (page, begun) = asked(&mut session, LEGACY[3]);
    let body = encoded(&sandbox.canary());
    assert_eq!(status(&page.post(&[], &body)), "200");
    std::fs::remove_file(sandbox.env_file()).unwrap();
    std::fs::create_dir(sandbox.env_file()).unwrap();
    let call = decided(&mut session, begun, "accept", arguments());
    assert_eq!(session.refusal(call)["code"], "env_not_a_file");
    let shown = page.get(&page.path, &page.host).unwrap();
    assert!(
        shown.contains("did not work") && shown.contains("regular file"),
        "{shown}"
    );
    session.end();
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn idle_connections_lock_nobody_out() {
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]);
    let (page, begun) = asked(&mut session, LEGACY[3]);
    let idle: Vec<TcpStream> = (0..20)
        .map(|n| {
            let mut stream = TcpStream::connect(&page.host).unwrap();
            stream.write_all(&b"POST /"[..n % 7]).unwrap();
            stream
        })
        .collect();
    let started = Instant::now();
    assert_eq!(status(&page.get(&page.path, &page.host)), "200");
    assert_eq!(status(&page.post(&[], &encoded(&canary))), "200");
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    let call = decided(&mut session, begun, "accept", arguments());
    session.given(call);
    drop(idle);
    session.end();
    assert_eq!(sandbox.get(KEY), canary.as_bytes());
}

/// A project with a secret, whose user wants to be asked before it is read.
fn asks_before_get() -> (Sandbox, String) {
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    sandbox.set(KEY, &canary).arg("-q").run().success();
    sandbox.configure("\n[mcp]\nget = \"ask\"\n");
    (sandbox, canary)
}

/// Asks for the value; gives the page, and how the call goes on.
#[track_caller]
fn asked_to_reveal(session: &mut Session<'_>, revision: &str) -> (Page, Begun) {
    let id = session.ask_tool("get_secret", json!({ "keyPath": KEY }));
    if revision == MODERN {
        let answer = session.answer(id);
        let result = &answer["result"];
        let params = &result["inputRequests"]["value"]["params"];
        let state = result["requestState"].as_str().expect("a state").to_owned();
        (Page::of(params), Begun::Again(state))
    } else {
        let request = session.asked();
        (
            Page::of(&request["params"]),
            Begun::Waits(id, request["id"].clone()),
        )
    }
}

fn decided_to_reveal(session: &mut Session<'_>, begun: Begun, action: &str) -> u64 {
    match begun {
        Begun::Again(state) => session.ask(
            "tools/call",
            json!({
                "name": "get_secret",
                "arguments": { "keyPath": KEY },
                "inputResponses": { "value": { "action": action } },
                "requestState": state,
            }),
        ),
        begun => decided(session, begun, action, json!({})),
    }
}

#[test]
fn a_value_is_revealed_when_the_user_allows_it_each_time() {
    for revision in [LEGACY[3], MODERN] {
        let (sandbox, canary) = asks_before_get();
        let mut session = Session::that_opens_pages(&sandbox, revision).may_show();
        assert!(session.tools().contains(&"get_secret".to_owned()));
        for _ in 0..2 {
            let (page, begun) = asked_to_reveal(&mut session, revision);
            let shown = page.get(&page.path, &page.host).unwrap();
            for part in [KEY, DESCRIPTION, "tester 1.0", "Allow once", "Refuse"] {
                assert!(shown.contains(part), "{part}: {shown}");
            }
            sandbox.check_text("the page", shown.as_bytes());
            assert_eq!(status(&page.post(&[], "answer=maybe")), "400");
            assert_eq!(status(&page.post(&[], "answer=allow")), "200");
            let call = decided_to_reveal(&mut session, begun, "accept");
            assert_eq!(session.given(call)["value"], canary.as_str());
            let shown = page.get(&page.path, &page.host).unwrap();
            assert!(shown.contains("<h1>Allowed</h1>"), "{shown}");
        }
        session.end();
    }
}

#[test]
fn a_value_is_not_revealed_without_the_user() {
    for revision in [LEGACY[3], MODERN] {
        let (sandbox, canary) = asks_before_get();
        // The user refuses on the page, or in the client.
        let mut session = Session::that_opens_pages(&sandbox, revision);
        for (post, action) in [
            (Some("answer=refuse"), "accept"),
            (None, "decline"),
            (Some("answer=allow"), "cancel"),
        ] {
            let (page, begun) = asked_to_reveal(&mut session, revision);
            if let Some(body) = post {
                assert_eq!(status(&page.post(&[], body)), "200");
            }
            let call = decided_to_reveal(&mut session, begun, action);
            let error = session.refusal(call);
            assert_eq!(error["code"], "not_approved", "{error}");
        }
        // What is wrong in another way asks nobody, and set_secret tells nothing of the value.
        let error = session.refused("get_secret", json!({ "keyPath": "project/consilio/x" }));
        assert_eq!(error["code"], "entry_not_found");
        let again = session.call("set_secret", json!({ "keyPath": KEY, "value": canary }));
        assert_eq!(again["vault"], "updated");
        session.end();
        // A client without pages is told what to do instead.
        let mut session = Session::of(&sandbox, revision, &[]);
        let error = session.refused("get_secret", json!({ "keyPath": KEY }));
        assert_eq!(error["code"], "not_approved");
        assert!(
            error["hints"].to_string().contains("secrets run"),
            "{error}"
        );
        session.end();
        // A flag takes away more.
        let mut session = Session::of(&sandbox, revision, &["--no-values"]);
        assert!(!session.tools().contains(&"get_secret".to_owned()));
        let error = session.refused("get_secret", json!({ "keyPath": KEY }));
        assert_eq!(error["code"], "denied");
        session.end();
    }
}
