//! Every tool: what it takes, what it gives, and what it leaves.

use std::fs;

use serde_json::{Value, json};

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox, json_of};
use crate::schema::faults;

const JWT: &str = "project/consilio/jwt_secret";

/// The tools as they are listed.
fn listed(session: &mut Session<'_>) -> Vec<Value> {
    let answer = session.request("tools/list", json!({}));
    answer["result"]["tools"].as_array().unwrap().clone()
}

#[test]
fn the_calls_of_the_workflow_pass_as_they_are_written() {
    for revision in [LEGACY[0], LEGACY[3], MODERN] {
        let sandbox = Sandbox::with_env("PORT=3000\n");
        let mut session = Session::of(&sandbox, revision, &[]).may_show();
        let mut kept = |key_path: &str, description: &str| {
            let value = sandbox.canary();
            let arguments = json!({
                "keyPath": key_path, "value": value, "description": description,
            });
            session.call("set_secret", arguments);
            let got = session.call("get_secret", json!({ "keyPath": key_path }));
            assert_eq!(got["value"], value.as_str());
            assert_eq!(got["description"], description);
            value
        };
        let value = kept(
            "project/consilio/stripe_api_key",
            "Stripe API key for payment processing",
        );
        // The workflow's verification, with the description that it lacks.
        let test_value = kept(
            "project/consilio/test_key",
            "Shows that what is stored can be read",
        );
        let listed = session.call(
            "list_secrets",
            json!({ "scope": "project", "project": "consilio" }),
        );
        assert_eq!(
            listed["secrets"][0]["keyPath"],
            "project/consilio/stripe_api_key"
        );
        // As it is written there, the answer says what is missing.
        let error = session.refused(
            "set_secret",
            json!({ "keyPath": "project/consilio/other_key", "value": sandbox.canary() }),
        );
        assert_eq!(error["code"], "description_missing");
        session.end();
        assert_eq!(
            sandbox.env(),
            format!("PORT=3000\nSTRIPE_API_KEY={value}\nTEST_KEY={test_value}\n")
        );
    }
}

#[test]
fn what_every_tool_gives_is_what_its_schema_says_and_holds_no_value() {
    let sandbox = Sandbox::with_env("PORT=3000\n");
    let other = sandbox.file(
        "work/odin/.env",
        format!("OPENAI_API_KEY={}\n", sandbox.canary()),
    );
    let mut session = Session::begun(&sandbox);
    let tools = listed(&mut session);
    let mut called = Vec::new();
    let mut call = |session: &mut Session<'_>, name: &str, arguments: Value| {
        let given = session.call(name, arguments);
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        let mut found = Vec::new();
        faults(&tool["outputSchema"], &given, name, &mut found);
        assert!(found.is_empty(), "{found:#?}");
        called.push(name.to_owned());
        given
    };
    let given = call(
        &mut session,
        "set_secret",
        json!({ "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION }),
    );
    assert_eq!(given["env"]["name"], NAME);
    let given = call(
        &mut session,
        "generate_secret",
        json!({
            "keyPath": JWT, "description": "Signs the session tokens of users",
            "format": "hex", "bytes": 32, "envName": "SESSION_KEY",
        }),
    );
    assert_eq!(given["env"]["name"], "SESSION_KEY");
    let generated = sandbox.env();
    let generated = generated
        .lines()
        .find_map(|line| line.strip_prefix("SESSION_KEY="))
        .unwrap();
    assert!(generated.len() == 64 && generated.bytes().all(|byte| byte.is_ascii_hexdigit()));
    assert!(!given.to_string().contains(generated));
    let given = call(&mut session, "rotate_secret", json!({ "keyPath": JWT }));
    assert_eq!(given["version"], 2);
    assert!(!sandbox.env().contains(generated));
    let given = call(&mut session, "list_secrets", json!({}));
    assert_eq!(given["secrets"].as_array().map(Vec::len), Some(2));
    let given = call(&mut session, "secret_history", json!({ "keyPath": JWT }));
    assert_eq!(given["versions"].as_array().map(Vec::len), Some(2));
    assert_eq!(given["versions"][1]["writer"], "tester, mcp tester 1.0");
    sandbox.write_env("PORT=3000\n");
    let given = call(&mut session, "diff_env", json!({ "project": "consilio" }));
    assert_eq!(given["same"], false);
    let given = call(
        &mut session,
        "verify_secrets",
        json!({ "project": "consilio", "strict": true }),
    );
    assert_eq!(given["ok"], false);
    let given = call(
        &mut session,
        "restore_env",
        json!({ "project": "consilio", "dryRun": true }),
    );
    assert_eq!(given["dryRun"], true);
    assert_eq!(sandbox.env(), "PORT=3000\n");
    call(
        &mut session,
        "restore_env",
        json!({ "project": "consilio" }),
    );
    assert!(sandbox.env().contains("SESSION_KEY="));
    let given = call(&mut session, "verify_secrets", json!({}));
    assert_eq!(given["ok"], true, "{given}");
    let given = call(
        &mut session,
        "import_env",
        json!({ "project": "odin", "file": other.to_str().unwrap() }),
    );
    assert_eq!(given["files"][0]["variables"][0]["name"], "OPENAI_API_KEY");
    assert_eq!(
        given["command"],
        format!("secrets import {} --project odin", other.display())
    );
    assert_eq!(sandbox.versions("project/odin/openai_api_key"), 0);
    session.end();

    // The one that gives a value.
    let mut session = Session::begun(&sandbox).may_show();
    call(
        &mut session,
        "get_secret",
        json!({ "keyPath": KEY, "version": 1 }),
    );
    session.end();
    called.sort();
    called.dedup();
    let mut names: Vec<String> = tools
        .iter()
        .map(|tool| tool["name"].as_str().unwrap().to_owned())
        .collect();
    names.sort();
    assert_eq!(called, names, "every tool is to be tried here");
}

#[test]
fn the_tools_say_what_they_are_in_both_eras() {
    let sandbox = Sandbox::with_vault();
    let mut eras = Vec::new();
    for revision in [LEGACY[0], MODERN] {
        let mut session = Session::of(&sandbox, revision, &[]);
        eras.push(listed(&mut session));
        session.end();
    }
    assert_eq!(eras[0], eras[1]);
    let reads = |tool: &Value| tool["annotations"]["readOnlyHint"] == true;
    for tool in &eras[0] {
        let parameters = tool["inputSchema"]["properties"].as_object().unwrap();
        for (name, parameter) in parameters {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
            assert!(parameter["description"].is_string(), "{name}");
        }
        assert_eq!(tool["inputSchema"]["additionalProperties"], false);
    }
    let reading: Vec<&Value> = eras[0]
        .iter()
        .filter(|tool| reads(tool))
        .map(|tool| &tool["name"])
        .collect();
    assert_eq!(
        json!(reading),
        json!([
            "list_secrets",
            "verify_secrets",
            "import_env",
            "diff_env",
            "secret_history"
        ])
    );
    // A client must ask before it lets a value out.
    let get = &eras[0][1];
    assert_eq!(get["name"], "get_secret");
    assert_eq!(get["annotations"]["openWorldHint"], true);
    let set = &eras[0][0];
    assert_eq!(set["name"], "set_secret");
    let names: Vec<&String> = set["inputSchema"]["properties"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(names, ["description", "envName", "keyPath", "value"]);
    assert_eq!(set["inputSchema"]["required"], json!(["keyPath"]));
}

#[test]
fn without_a_value_the_user_gets_the_command_and_the_agent_no_way_around() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox);
    let description = "Key of Stripe's webhooks, for 'live'";
    let error = session.refused(
        "set_secret",
        json!({ "keyPath": KEY, "description": description, "envName": "STRIPE" }),
    );
    assert_eq!(error["code"], "value_not_given");
    let hint = error["hints"][0].as_str().unwrap();
    let command = hint.strip_prefix("ask the user to run: ").unwrap();
    session.end();
    // The command does it.
    let canary = sandbox.canary();
    let script = format!(
        "printf %s \"$CANARY\" | {}",
        command.replacen("secrets", crate::sandbox::SECRETS, 1)
    );
    let done = std::process::Command::new("/bin/sh")
        .args(["-c", &script])
        .env_clear()
        .env("HOME", sandbox.home())
        .env("PATH", "/usr/bin:/bin")
        .env("USER", "tester")
        .env("CANARY", &canary)
        .current_dir(sandbox.work())
        .status();
    assert!(done.unwrap().success(), "{command}");
    assert_eq!(sandbox.env(), format!("STRIPE={canary}\n"));
    let listed = json_of(&sandbox.secrets(&["list", "--json"]).run().success());
    assert_eq!(listed[0]["description"], description);
}

#[test]
fn a_secret_that_was_not_generated_is_not_rotated_but_the_user_gets_the_command() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).arg("-q").run().success();
    let before = sandbox.snapshot();
    let mut session = Session::begun(&sandbox);
    let error = session.refused("rotate_secret", json!({ "keyPath": KEY }));
    assert_eq!(error["code"], "no_recipe");
    assert!(
        error["hints"]
            .to_string()
            .contains(&format!("secrets rotate {KEY}")),
        "{error}"
    );
    session.end();
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn values_are_kept_byte_for_byte() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox).may_show();
    for value in [
        format!(" {} ", sandbox.canary()),
        format!("{}\n", sandbox.canary()),
        format!("$2a$10${}#`\"'\\", sandbox.canary()),
        format!("é界\u{1f511}{}", sandbox.canary()),
        format!(
            "-----BEGIN KEY-----\n{}\n-----END KEY-----\n",
            sandbox.canary()
        ),
    ] {
        let arguments = json!({ "keyPath": KEY, "value": value, "description": DESCRIPTION });
        session.call("set_secret", arguments);
        let got = session.call("get_secret", json!({ "keyPath": KEY }));
        assert_eq!(got["value"], value.as_str());
        assert_eq!(sandbox.get(KEY), value.as_bytes());
    }
    // One mebibyte, and one byte more.
    let meta = "meta/backup/archive_key";
    for (length, fits) in [(1 << 20, true), ((1 << 20) + 1, false)] {
        let value = "é".repeat(length / 2) + if length % 2 == 1 { "x" } else { "" };
        let arguments = json!({ "keyPath": meta, "value": value, "description": DESCRIPTION });
        if fits {
            session.call("set_secret", arguments);
            let got = session.call("get_secret", json!({ "keyPath": meta }));
            assert!(got["value"] == value.as_str());
        } else {
            assert_eq!(
                session.refused("set_secret", arguments)["code"],
                "value_too_long"
            );
        }
    }
    session.end();
}

#[test]
fn a_value_that_is_not_text_is_not_given_in_part() {
    let sandbox = Sandbox::with_vault();
    sandbox.store(KEY, b"\xff\xfe\x00binary");
    let mut session = Session::begun(&sandbox);
    let error = session.refused("get_secret", json!({ "keyPath": KEY }));
    assert_eq!(error["code"], "value_not_text");
    session.end();
}

#[test]
fn every_call_is_in_the_audit_trail_with_the_name_of_the_client() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::with(&sandbox, &[], |command| command);
    session.request(
        "initialize",
        json!({
            "protocolVersion": LEGACY[3],
            "capabilities": {},
            "clientInfo": { "name": "claude\u{1b}[31m-\ncode", "version": "2.1" },
        }),
    );
    let value = sandbox.canary();
    let set = json!({ "keyPath": KEY, "value": value, "description": DESCRIPTION });
    session.call("set_secret", set.clone());
    session.call("set_secret", set);
    session.call("list_secrets", json!({}));
    session.call("verify_secrets", json!({}));
    session.call("secret_history", json!({ "keyPath": KEY }));
    session.refused("rotate_secret", json!({ "keyPath": KEY }));
    session.refused("get_secret", json!({ "keyPath": "project/consilio/other" }));
    session.refused("set_secret", json!({ "valeu": sandbox.canary() }));
    session.end();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--no-values"]);
    session.refused("get_secret", json!({ "keyPath": KEY }));
    session.end();

    let log = sandbox
        .secrets(&["log", "--verify", "--json"])
        .run()
        .success();
    let log = json_of(&log);
    assert_eq!(log["flaws"], json!([]));
    let lines: Vec<(String, String, String)> = log["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
            (text("program"), text("op"), text("note"))
        })
        .filter(|(program, op, _)| program.starts_with("mcp") && op != "layout")
        .collect();
    let line = |op: &str, note: &str| {
        (
            "mcp claude[31m-code 2.1".to_owned(),
            op.to_owned(),
            note.to_owned(),
        )
    };
    assert_eq!(
        lines[..lines.len() - 1],
        [
            line("set", ""),
            line("set_secret", ""),
            line("list_secrets", ""),
            line("verify_secrets", ""),
            line("secret_history", ""),
            line("rotate_secret", "refused: no_recipe"),
            line("get_secret", "refused: entry_not_found"),
            line("set_secret", "refused: unknown_argument"),
        ]
    );
    let last = &lines[lines.len() - 1];
    assert_eq!(last.0, "mcp tester 1.0");
    assert_eq!(
        (last.1.as_str(), last.2.as_str()),
        ("get_secret", "refused: denied")
    );
}

#[test]
fn an_import_is_planned_and_its_command_does_it() {
    let sandbox = Sandbox::with_env("");
    sandbox.write_env(format!(
        "# Payments, live\nSTRIPE_API_KEY={}\nPORT=3000\n",
        sandbox.canary()
    ));
    let before = fs::read(sandbox.env_file()).unwrap();
    let mut session = Session::begun(&sandbox);
    let plan = session.call("import_env", json!({ "project": "consilio" }));
    session.end();
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(plan["dryRun"], true);
    assert_eq!(plan["command"], "secrets import --project consilio");
    sandbox
        .secrets(&["import", "--project", "consilio", "-q"])
        .run()
        .success();
    assert_eq!(sandbox.versions(KEY), 1);
    assert_eq!(fs::read(sandbox.env_file()).unwrap(), before);
}
