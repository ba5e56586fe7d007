//! The page of the server in a browser: headless Chromium, driven by playwright-core. Without them:
//! skipped, and said so.

use serde_json::json;

use super::clients::{command, installed, node, script};
use super::session::{LEGACY, Session};
use crate::sandbox::{DESCRIPTION, KEY, Sandbox, skipped, tool};

/// Lets the script of the browser do what a person does on the page.
fn visit(sandbox: &Sandbox, url: &str, kind: &str, canary: &str) {
    let chromium = tool("chromium").unwrap();
    let output = command(sandbox, &node().unwrap())
        .arg(script("browser.mjs"))
        .arg(chromium)
        .args([url, kind])
        .env("CANARY", canary)
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (said(&output.stdout), said(&output.stderr));
    assert!(output.status.success(), "{kind}: {stdout}{stderr}");
    assert_eq!(stdout, "ok\n", "{kind}");
}

/// Whether there is a browser, and what drives it.
fn has_browser() -> bool {
    let is_driven = ["playwright-core", "axe-core"]
        .iter()
        .all(|name| installed(&format!("npm/node_modules/{name}")).is_some());
    if !is_driven || node().is_none() {
        return false;
    }
    if tool("chromium").is_none() {
        skipped("there is no chromium; .ci/mcp-install installs it");
        return false;
    }
    true
}

#[test]
fn a_person_types_a_key_of_several_lines_in_a_browser() {
    if !has_browser() {
        return;
    }
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let key = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n{}\n-----END PRIVATE KEY-----",
        sandbox.canary(),
        sandbox.canary()
    );
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]);
    let call = session.ask_tool(
        "set_secret",
        json!({ "keyPath": KEY, "description": DESCRIPTION }),
    );
    let request = session.asked();
    let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": { "action": "accept" } });
    session.send(&answer);
    let url = request["params"]["url"].as_str().unwrap();
    visit(&sandbox, url, "store", &format!("{key}\n"));
    session.given(call);
    session.end();
    assert_eq!(sandbox.get(KEY), key.as_bytes());
    assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
}

#[test]
fn a_person_allows_a_reading_in_a_browser() {
    if !has_browser() {
        return;
    }
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    sandbox.set(KEY, &canary).arg("-q").run().success();
    sandbox.configure("\n[mcp]\nget = \"ask\"\n");
    let mut session = Session::that_opens_pages(&sandbox, LEGACY[3]).may_show();
    let call = session.ask_tool("get_secret", json!({ "keyPath": KEY }));
    let request = session.asked();
    let answer = json!({ "jsonrpc": "2.0", "id": request["id"], "result": { "action": "accept" } });
    session.send(&answer);
    visit(
        &sandbox,
        request["params"]["url"].as_str().unwrap(),
        "reveal",
        "",
    );
    assert_eq!(session.given(call)["value"], canary.as_str());
    session.end();
}
