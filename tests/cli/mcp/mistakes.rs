//! What goes wrong, as an agent hears it: the same as on the command line, and never a value.

use std::fs;

use serde_json::{Value, json};

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, Sandbox};

#[track_caller]
fn says(error: &Value, code: &str, text: &str) {
    assert_eq!(error["code"], code, "{error}");
    assert!(
        error.to_string().contains(text),
        "{error} does not say {text:?}"
    );
}

#[test]
fn mistakes_in_a_call_are_results_that_say_what_is_right() {
    let sandbox = Sandbox::with_env("");
    for revision in [LEGACY[0], MODERN] {
        let mut session = Session::of(&sandbox, revision, &[]);
        let canary = sandbox.canary();
        let mut set = |fields: Value| {
            let mut arguments = json!({
                "keyPath": KEY, "value": canary, "description": DESCRIPTION,
            });
            for (name, field) in fields.as_object().unwrap() {
                arguments[name] = field.clone();
            }
            session.refused("set_secret", arguments)
        };
        for (wrong, right) in [
            ("consilio-stripe-key", "project/consilio/stripe_key"),
            ("project/CONSILIO/Key", "project/consilio/key"),
            ("project/consilio/stripe-key", "project/consilio/stripe_key"),
            ("", "project/<project>/<secret>"),
        ] {
            says(&set(json!({ "keyPath": wrong })), "invalid_key_path", right);
        }
        let wrong = set(json!({ "description": null }));
        says(
            &wrong,
            "description_missing",
            "call again with a description",
        );
        for description in ["API key", "Password", "Secret", "Stripe API key"] {
            let wrong = set(json!({ "description": description }));
            assert!(
                wrong["code"].as_str().unwrap().starts_with("description_"),
                "{wrong}"
            );
            assert!(wrong["hints"].to_string().contains("Stripe"), "{wrong}");
        }
        says(
            &set(json!({ "value": "***" })),
            "value_is_mask",
            "real value",
        );
        says(
            &set(json!({ "value": "" })),
            "value_empty",
            "leave value out",
        );
        says(
            &set(json!({ "value": "a\u{0}b" })),
            "value_has_nul",
            "ask the user",
        );
        says(
            &set(json!({ "envName": "1X" })),
            "env_name_leading_digit",
            "STRIPE_API_KEY",
        );
        says(
            &set(json!({ "keyPath": "project/odin/openai_api_key" })),
            "not_linked",
            "secrets link odin",
        );
        says(
            &set(json!({ "description": canary })),
            "description_holds_value",
            "call again with a description",
        );
        assert_eq!(
            session.refused("get_secret", json!({ "keyPath": KEY }))["code"],
            "entry_not_found"
        );
        session.end();
        assert_eq!(sandbox.versions(KEY), 0);
        assert_eq!(sandbox.env(), "");
    }
}

#[test]
fn hints_speak_of_parameters_and_of_no_options_of_the_command_line() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).arg("-q").run().success();
    let mut session = Session::begun(&sandbox);
    for fields in [
        json!({ "description": null }),
        json!({ "description": "API key" }),
        json!({ "value": "***" }),
        json!({ "value": "" }),
        json!({ "envName": "STRIPE_API_KEY" }),
        json!({ "keyPath": "project/odin/openai_api_key" }),
    ] {
        let mut arguments = json!({
            "keyPath": "project/consilio/other_key",
            "value": sandbox.canary(),
            "description": DESCRIPTION,
        });
        for (name, field) in fields.as_object().unwrap() {
            arguments[name] = field.clone();
        }
        let error = session.refused("set_secret", arguments);
        let hints = error["hints"].to_string();
        assert!(hints != "[]" && !hints.contains(" -"), "{error}");
    }
    session.end();
}

#[test]
fn parameters_that_are_wrong_are_named_and_never_quoted() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox);
    let canary = sandbox.canary();
    for (arguments, code, text) in [
        (
            json!({ "keyPath": KEY, "valeu": canary }),
            "unknown_argument",
            "value?",
        ),
        (json!({ "keypath": canary }), "unknown_argument", "keyPath?"),
        (
            json!({ "keyPath": KEY, canary.clone(): "x" }),
            "unknown_argument",
            "set_secret takes",
        ),
        (
            json!({ "keyPath": KEY, "value": [canary] }),
            "wrong_argument",
            "value",
        ),
        (
            json!({ "keyPath": KEY, "value": { "x": canary } }),
            "wrong_argument",
            "value",
        ),
        (
            json!({ "keyPath": { canary.clone(): 1 } }),
            "wrong_argument",
            "keyPath",
        ),
        (json!({ "value": canary }), "missing_argument", "keyPath"),
        (
            json!({ "keyPath": canary, "value": "x" }),
            "invalid_key_path",
            "",
        ),
        (
            json!({ "keyPath": format!("project/consilio/{canary}") }),
            "invalid_key_path",
            "",
        ),
        (
            json!({ "keyPath": KEY, "value": "x", "envName": canary.replace('C', "-") }),
            "env_name_character",
            "",
        ),
    ] {
        says(&session.refused("set_secret", arguments), code, text);
    }
    let wrong = session.refused("list_secrets", json!({ "scope": canary }));
    says(&wrong, "wrong_argument", "project, meta");
    let wrong = session.refused("list_secrets", json!({ "project": canary }));
    says(&wrong, "invalid_project_name", "");
    let wrong = session.refused("get_secret", json!({ "keyPath": KEY, "version": canary }));
    says(&wrong, "wrong_argument", "version");
    let wrong = session.refused(
        "import_env",
        json!({ "project": "consilio", "file": canary }),
    );
    says(&wrong, "env_absent", "leave file out");
    let ended = session.end();
    assert_eq!(ended.rest, Vec::<Value>::new());
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn what_is_no_call_is_an_error_of_the_protocol_that_quotes_nothing() {
    let sandbox = Sandbox::with_vault();
    let canary = sandbox.canary();
    let mut session = Session::begun(&sandbox);
    for (params, code) in [
        (json!({ "name": canary, "arguments": {} }), -32602),
        (json!({ "name": "set_secret", "arguments": canary }), -32602),
        (
            json!({ "name": "set_secret", "arguments": [canary] }),
            -32602,
        ),
        (
            json!({ "name": 7, "arguments": { "value": canary } }),
            -32602,
        ),
        (json!({ "arguments": { "value": canary } }), -32602),
    ] {
        let answer = session.request("tools/call", params);
        assert_eq!(answer["error"]["code"], code, "{answer}");
    }
    let answer = session.request(&format!("tools/{canary}"), json!({ "value": canary }));
    assert_eq!(answer["error"]["code"], -32601, "{answer}");
    for method in [
        "resources/read",
        "prompts/get",
        "completion/complete",
        "logging/setLevel",
    ] {
        let answer = session.request(method, json!({ "uri": canary, "name": canary }));
        assert!(answer["error"]["code"].is_i64(), "{answer}");
    }
    // Not JSON, not an object, not a request; and the server is still there.
    for line in [
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"value\":\"{canary}\""
        ),
        canary.clone(),
        format!("\"{canary}\""),
        format!("[\"{canary}\"]"),
        format!("{{\"value\":\"{canary}\"}}"),
        format!("{{\"jsonrpc\":\"{canary}\",\"id\":90,\"method\":\"ping\"}}"),
        format!("{{\"jsonrpc\":\"2.0\",\"id\":{{\"{canary}\":1}},\"method\":\"ping\"}}"),
        format!("\u{feff}{{\"jsonrpc\":\"2.0\",\"method\":\"notifications/{canary}\"}}"),
    ] {
        session.send_text(&format!("{line}\n"));
    }
    session.call("list_secrets", json!({}));
    session.end();
}

#[test]
fn garbage_before_the_first_message_is_not_quoted_either() {
    let sandbox = Sandbox::with_vault();
    let canary = sandbox.canary();
    for first in [
        format!("{canary}\n"),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{{\"x\":\"{canary}\"}}}}\n"
        ),
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{{\"value\":\"{canary}\"}}}}\n"
        ),
        format!("{{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"{canary}\"}}\n"),
    ] {
        let mut session = Session::new(&sandbox, &[]);
        session.send_text(&first);
        session.end();
    }
}

#[test]
fn what_cannot_be_parsed_is_answered_under_its_id_and_the_server_goes_on() {
    let sandbox = Sandbox::with_vault();
    let canary = sandbox.canary();
    let value = |value: &str| {
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":500,\"method\":\"tools/call\",\"params\":{{\"name\":\
             \"set_secret\",\"arguments\":{{\"keyPath\":\"{KEY}\",\"value\":{value}}}}}}}"
        )
    };
    let deep = format!("{}\"{canary}\"{}", "[".repeat(300), "]".repeat(300));
    let long = format!("\"{canary}{}\"", "x".repeat(17 << 20));
    // The id may stand after what is too long.
    let id_last = format!(
        "{{\"method\":\"tools/call\",\"params\":{{\"id\":1,\"value\":{long}}},\"id\":500}}"
    );
    for (line, id) in [
        (value(&format!("\"{canary}\\ud800\"")), json!(500)),
        (value(&deep), json!(500)),
        (value(&long), json!(500)),
        (id_last, json!(500)),
        (value(&canary), json!(500)),
        (canary.clone(), Value::Null),
        (format!("{{\"id\":500,\"result\":{canary}}}"), Value::Null),
    ] {
        for begun in [false, true] {
            let mut session = Session::new(&sandbox, &[]);
            if begun {
                session.begin(LEGACY[3]);
            }
            session.send_text(&format!("{line}\n"));
            let answer = session.answer_like(|message| message["error"]["code"] == -32700);
            assert_eq!(answer["id"], id, "{answer}");
            if !begun {
                session.begin(LEGACY[3]);
            }
            session.call("list_secrets", json!({}));
            let ended = session.end();
            assert_eq!(ended.rest, Vec::<Value>::new());
        }
    }
    assert_eq!(sandbox.versions(KEY), 0);
}

#[test]
fn the_parameter_that_gemini_adds_to_every_tool_is_dropped() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox);
    let set = json!({
        "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION,
        "wait_for_previous": true,
    });
    session.call("set_secret", set);
    session.call("list_secrets", json!({ "wait_for_previous": false }));
    let other = json!({ "wait_for_previous": "yes" });
    says(
        &session.refused("list_secrets", other),
        "unknown_argument",
        "",
    );
    session.end();
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn a_value_that_was_typed_is_rotated_by_the_user() {
    let sandbox = Sandbox::with_env("");
    sandbox.set(KEY, sandbox.canary()).arg("-q").run().success();
    let mut session = Session::begun(&sandbox);
    let error = session.refused("rotate_secret", json!({ "keyPath": KEY }));
    let hint = format!("ask the user to run: secrets rotate {KEY} --ask");
    assert_eq!(error["hints"], json!([hint]));
    session.end();
    assert_eq!(sandbox.versions(KEY), 1);
}

#[test]
fn the_server_never_makes_a_vault_or_an_identity() {
    let set =
        |canary: String| json!({ "keyPath": KEY, "value": canary, "description": DESCRIPTION });
    let generate = json!({ "keyPath": KEY, "description": DESCRIPTION });
    let machine = || {
        let sandbox = Sandbox::new();
        sandbox.write_env("PORT=3000\n");
        sandbox
            .secrets(&["link", "consilio", ".", "-q"])
            .run()
            .success();
        sandbox
    };
    // Neither; an identity and no vault; a vault and no identity.
    let neither = machine();
    let no_vault = machine();
    no_vault.secrets(&["init", "-q"]).run().success();
    fs::remove_dir_all(no_vault.vault()).unwrap();
    fs::remove_dir_all(no_vault.state()).unwrap();
    let no_identity = machine();
    no_identity.secrets(&["init", "-q"]).run().success();
    fs::remove_file(no_identity.identity()).unwrap();
    for (sandbox, code, hint) in [
        (
            neither,
            "not_initialised",
            "ask the user to run: secrets init",
        ),
        (
            no_vault,
            "vault_missing",
            "ask the user to run: secrets init",
        ),
        (no_identity, "identity_missing", "backup"),
    ] {
        let before = sandbox.snapshot();
        for revision in [LEGACY[3], MODERN] {
            let mut session = Session::of(&sandbox, revision, &[]);
            assert_eq!(session.tools().len(), 10);
            for (tool, arguments) in [
                ("set_secret", set(sandbox.canary())),
                ("generate_secret", generate.clone()),
            ] {
                says(&session.refused(tool, arguments), code, hint);
            }
            for (tool, arguments) in [
                ("get_secret", json!({ "keyPath": KEY })),
                ("list_secrets", json!({})),
                ("rotate_secret", json!({ "keyPath": KEY })),
                ("verify_secrets", json!({})),
                ("restore_env", json!({ "project": "consilio" })),
                ("diff_env", json!({ "project": "consilio" })),
                ("secret_history", json!({ "keyPath": KEY })),
            ] {
                let error = session.refused(tool, arguments);
                assert!(
                    !error["hints"].as_array().unwrap().is_empty(),
                    "{tool}: {error}"
                );
            }
            session.end();
        }
        assert_eq!(before, sandbox.snapshot(), "{code}");
    }
}

#[test]
fn a_value_that_the_env_file_cannot_hold_is_refused_before_it_is_stored() {
    let sandbox = Sandbox::with_env("A=1\n");
    // A reader that reads no value of two lines.
    sandbox.configure("readers = [\"docker\"]\n");
    let mut session = Session::begun(&sandbox);
    let value = format!("{}\nsecond line", sandbox.canary());
    let arguments = json!({ "keyPath": KEY, "value": value, "description": DESCRIPTION });
    let error = session.refused("set_secret", arguments);
    assert_eq!(error["code"], "value_would_be_misread", "{error}");
    session.end();
    assert_eq!(sandbox.versions(KEY), 0);
    assert_eq!(sandbox.env(), "A=1\n");
}

#[test]
fn what_is_no_env_file_is_refused_before_the_vault_has_a_version() {
    let sandbox = Sandbox::with_env("");
    fs::remove_file(sandbox.env_file()).unwrap();
    fs::create_dir(sandbox.env_file()).unwrap();
    let mut session = Session::begun(&sandbox);
    let arguments =
        json!({ "keyPath": KEY, "value": sandbox.canary(), "description": DESCRIPTION });
    says(
        &session.refused("set_secret", arguments),
        "env_not_a_file",
        "regular file",
    );
    session.end();
    assert_eq!(sandbox.versions(KEY), 0);
}
