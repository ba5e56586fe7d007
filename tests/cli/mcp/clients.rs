//! The official clients, as `.ci/mcp-install` installs them. Without them: skipped, and said so.
//!
//! What each client does is in its script in `clients/`; here it gets a machine, a program and a
//! value, and here is looked where the value went.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::sandbox::{KEY, NAME, SECRETS, Sandbox, skipped, tool};

/// Where the clients are.
fn lab() -> PathBuf {
    match std::env::var_os("SECRETS_MCP_CLIENTS") {
        Some(dir) => dir.into(),
        // The program lies two directories below the target directory's root.
        None => Path::new(SECRETS).ancestors().nth(2).unwrap().join("mcp"),
    }
}

/// A file of the clients; `None`, and said so, if it is not installed.
pub(super) fn installed(below: &str) -> Option<PathBuf> {
    let path = lab().join(below);
    if path.exists() {
        return Some(path);
    }
    skipped(&format!(
        "there is no {}; .ci/mcp-install installs it",
        path.display()
    ));
    None
}

pub(super) fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/mcp/clients")
        .join(name)
}

/// The system's node, or the newer one that had to be installed.
pub(super) fn node() -> Option<PathBuf> {
    let newer = ["x64", "arm64"]
        .map(|machine| lab().join(format!("npm/node_modules/node-linux-{machine}/bin/node")));
    let newer = newer.into_iter().find(|node| node.exists());
    newer.or_else(|| tool("node"))
}

/// A command with the environment of a machine.
pub(super) fn command(sandbox: &Sandbox, program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("TMPDIR", sandbox.path("tmp"))
        .env("USER", "tester")
        .env("MCP_CLIENTS", lab().join("npm"))
        .current_dir(sandbox.work());
    command
}

/// Lets a client's script do what it does, and looks at what it left.
fn story(program: &Path, client: &str, mode: &str, called: &str) {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let canary = sandbox.canary();
    let output = command(&sandbox, program)
        .arg(script(client))
        .arg(SECRETS)
        .args((!mode.is_empty()).then_some(mode))
        .env("CANARY", &canary)
        .output()
        .unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "{client} {mode}: {}{}",
        said(&output.stdout),
        said(&output.stderr)
    );
    assert_eq!(said(&output.stdout), "ok\n", "{client} {mode}");
    sandbox.check_text("standard error", &output.stderr);
    assert_eq!(sandbox.get(KEY), canary.as_bytes());
    assert!(sandbox.env().contains(&format!("{NAME}={canary}\n")));
    assert_eq!(sandbox.finding_kinds(), Vec::<String>::new());
    let log = sandbox.secrets(&["log", "--verify"]).run().success();
    let log = said(&log.get_output().stdout);
    assert!(log.contains(called), "{client} {mode}: {log}");
}

#[test]
fn the_python_client_is_served_in_every_mode() {
    let Some(python) = installed("python/bin/python") else {
        return;
    };
    for mode in ["legacy", "auto", "2026-07-28"] {
        story(&python, "client.py", mode, "mcp python-sdk 2");
    }
}

#[test]
fn the_python_client_of_the_line_before_is_served() {
    if let Some(python) = installed("python-1/bin/python") {
        story(&python, "client_1.py", "", "mcp mcp 0.1.0");
    }
}

#[test]
fn the_typescript_clients_are_served_in_every_mode() {
    let (Some(_), Some(node)) = (installed("npm/node_modules/@modelcontextprotocol"), node())
    else {
        return;
    };
    for mode in ["1", "legacy", "auto", "2026-07-28"] {
        story(&node, "sdk.mjs", mode, "mcp typescript-sdk");
    }
}

#[test]
fn the_inspector_shows_and_calls_the_tools() {
    let launcher =
        "npm/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js";
    let (Some(launcher), Some(node)) = (installed(launcher), node()) else {
        return;
    };
    let sandbox = Sandbox::with_env("");
    let inspect = |arguments: &[&str]| -> Output {
        command(&sandbox, &node)
            .arg(&launcher)
            .args(["--cli", SECRETS, "mcp", "--method"])
            .args(arguments)
            .output()
            .unwrap()
    };
    let answer = |output: &Output| -> Value {
        let said = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&said)
            .unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)))
    };
    let listed = answer(&inspect(&["tools/list"]));
    assert_eq!(listed["tools"].as_array().map(Vec::len), Some(10));
    let generate = |key_path: &str| {
        inspect(&[
            "tools/call",
            "--tool-name",
            "generate_secret",
            "--tool-arg",
            &format!("keyPath={key_path}"),
            "--tool-arg",
            "description=Signs the session tokens of users",
        ])
    };
    let made = answer(&generate("project/consilio/jwt_secret"));
    assert_eq!(made["structuredContent"]["vault"], "created", "{made}");
    assert!(sandbox.env().contains("JWT_SECRET="));
    // How a refusal is shown differs between its versions; that it is one, and why, does not.
    let refused = generate("consilio-jwt-secret");
    let said = [refused.stdout, refused.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(said.contains("project/consilio/jwt_secret"), "{said}");
    let listed = answer(&inspect(&["tools/call", "--tool-name", "list_secrets"]));
    assert_eq!(
        listed["structuredContent"]["secrets"][0]["envName"],
        json!("JWT_SECRET")
    );
}
