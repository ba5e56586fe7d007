//! What the server may do: flags, and the user's configuration.

use std::fs;

use serde_json::json;

use super::session::{LEGACY, MODERN, Session};
use crate::sandbox::{DESCRIPTION, KEY, NAME, Sandbox};

const META: &str = "meta/cloudflare/api_token";
const OTHER: &str = "project/odin/openai_api_key";
const WRITING: [&str; 4] = [
    "set_secret",
    "generate_secret",
    "rotate_secret",
    "restore_env",
];

/// A project with a secret, another with one, and a secret of neither.
fn machine() -> Sandbox {
    let sandbox = Sandbox::with_env("");
    let canary = sandbox.canary();
    sandbox.set(KEY, &canary).args(&["-q"]).run().success();
    sandbox.store(OTHER, sandbox.canary());
    sandbox.store(META, sandbox.canary());
    sandbox
}

#[test]
fn a_server_that_lets_no_value_out_says_what_to_do_instead() {
    let sandbox = machine();
    let configured = "\n[mcp]\nget = \"deny\"\n";
    for (flags, text) in [(&["--no-values"][..], ""), (&[], configured)] {
        sandbox.configure(text);
        for revision in [LEGACY[3], MODERN] {
            let mut session = Session::of(&sandbox, revision, flags);
            let tools = session.tools();
            assert_eq!(tools.len(), 9);
            assert!(!tools.contains(&"get_secret".to_owned()));
            let error = session.refused("get_secret", json!({ "keyPath": KEY }));
            assert_eq!(error["code"], "denied");
            let hints = error["hints"].to_string();
            assert!(
                hints.contains("secrets run") && hints.contains("generate_secret"),
                "{hints}"
            );
            // Everything else goes on.
            let generated = "project/consilio/generated_key";
            let arguments = json!({ "keyPath": generated, "description": DESCRIPTION });
            session.call("generate_secret", arguments);
            // But not over a value that a person typed.
            let error = session.refused("generate_secret", json!({ "keyPath": KEY }));
            assert_eq!(error["code"], "not_generated");
            session.end();
        }
    }
}

#[test]
fn a_server_that_only_reads_changes_nothing() {
    let sandbox = machine();
    let before = sandbox.snapshot();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--read-only"]).may_show();
    let tools = session.tools();
    for tool in WRITING {
        assert!(!tools.contains(&tool.to_owned()), "{tool}");
        let mut arguments = json!({ "keyPath": KEY });
        if tool == "set_secret" {
            arguments["value"] = json!(sandbox.canary());
        } else if tool == "restore_env" {
            arguments = json!({ "project": "consilio" });
        }
        let error = session.refused(tool, arguments);
        assert_eq!(error["code"], "denied", "{tool}");
        assert!(!error["hints"].as_array().unwrap().is_empty());
    }
    for (tool, arguments) in [
        ("get_secret", json!({ "keyPath": KEY })),
        ("list_secrets", json!({})),
        ("verify_secrets", json!({})),
        ("diff_env", json!({ "project": "consilio" })),
        ("import_env", json!({ "project": "consilio" })),
        ("secret_history", json!({ "keyPath": KEY })),
    ] {
        assert!(tools.contains(&tool.to_owned()), "{tool}");
        session.call(tool, arguments);
    }
    session.end();
    assert_eq!(before, sandbox.snapshot());
}

#[test]
fn a_server_of_one_project_touches_nothing_else() {
    let sandbox = machine();
    let configured = "\n[mcp]\nprojects = [\"consilio\"]\n";
    for (flags, text) in [(&["--project", "consilio"][..], ""), (&[], configured)] {
        sandbox.configure(text);
        let mut session = Session::of(&sandbox, LEGACY[3], flags).may_show();
        session.call("get_secret", json!({ "keyPath": KEY }));
        for key_path in [OTHER, META] {
            for tool in [
                "get_secret",
                "secret_history",
                "rotate_secret",
                "generate_secret",
            ] {
                let error = session.refused(tool, json!({ "keyPath": key_path }));
                assert_eq!(error["code"], "denied", "{tool} {key_path}");
                assert!(
                    error["hints"][0].as_str().unwrap().contains("consilio"),
                    "{error}"
                );
            }
            let arguments = json!({
                "keyPath": key_path, "value": sandbox.canary(), "description": DESCRIPTION,
            });
            assert_eq!(session.refused("set_secret", arguments)["code"], "denied");
            assert_eq!(sandbox.versions(key_path), 1);
        }
        for tool in [
            "restore_env",
            "diff_env",
            "import_env",
            "verify_secrets",
            "list_secrets",
        ] {
            let error = session.refused(tool, json!({ "project": "odin" }));
            assert_eq!(error["code"], "denied", "{tool}");
        }
        let listed = session.call("list_secrets", json!({}));
        let listed = listed["secrets"].as_array().unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["keyPath"], KEY);
        assert_eq!(session.call("verify_secrets", json!({}))["checked"], 1);
        assert_eq!(
            session.call("list_secrets", json!({ "scope": "meta" })),
            json!({ "secrets": [] })
        );
        session.end();
    }
}

#[test]
fn a_provider_s_secret_in_the_env_file_is_neither_named_nor_touched_without_permission() {
    let sandbox = machine();
    let old = sandbox.canary();
    sandbox
        .set(META, &old)
        .args(&["--env-file", ".env"])
        .run()
        .success();
    sandbox.set(META, sandbox.canary()).run().success();
    let before = sandbox.env();
    for (flags, is_allowed) in [(&["--project", "consilio"][..], false), (&[], true)] {
        let mut session = Session::of(&sandbox, LEGACY[3], flags);
        let found = session.call("verify_secrets", json!({}));
        assert_eq!(found["ok"], !is_allowed, "{found}");
        let diff = session.call("diff_env", json!({ "project": "consilio" }));
        let restored = session.call("restore_env", json!({ "project": "consilio" }));
        for answer in [found, diff, restored] {
            let is_named = answer.to_string().contains(META);
            assert_eq!(is_named, is_allowed, "{answer}");
        }
        session.end();
        assert_eq!(sandbox.env() == before, !is_allowed);
    }
}

#[test]
fn secrets_of_no_project_are_a_permission_of_their_own() {
    let sandbox = machine();
    let before = fs::read_to_string(sandbox.config()).unwrap();
    for (mcp, project, meta) in [
        ("", true, true),
        ("[mcp]\nmeta = \"deny\"\n", true, false),
        ("[mcp]\nprojects = []\nmeta = \"allow\"\n", false, true),
        ("[mcp]\nprojects = []\n", false, false),
    ] {
        fs::write(sandbox.config(), format!("{before}\n{mcp}")).unwrap();
        let mut session = Session::begun(&sandbox).may_show();
        for (key_path, allowed) in [(KEY, project), (META, meta)] {
            let id = session.ask_tool("get_secret", json!({ "keyPath": key_path }));
            let answer = session.answer(id);
            assert_eq!(
                answer["result"]["isError"], !allowed,
                "{mcp} {key_path}: {answer}"
            );
        }
        let checked = session.call("verify_secrets", json!({}))["checked"].clone();
        let expected = 2 * u64::from(project) + u64::from(meta);
        assert_eq!(checked, expected, "{mcp}");
        session.end();
    }
}

#[test]
fn a_rotation_leaves_the_env_files_of_other_projects_alone() {
    let sandbox = Sandbox::with_env("");
    let mut session = Session::begun(&sandbox);
    let arguments = json!({ "keyPath": KEY, "description": DESCRIPTION });
    session.call("generate_secret", arguments);
    session.end();
    let shared = sandbox.file("work/odin/.env", sandbox.env());
    sandbox
        .secrets(&["link", "odin", "odin", "-q"])
        .run()
        .success();
    let before = fs::read(&shared).unwrap();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--project", "consilio"]);
    session.call("rotate_secret", json!({ "keyPath": KEY }));
    session.end();
    assert_eq!(fs::read(&shared).unwrap(), before);
    let arguments = json!({ "keyPath": KEY });
    let mut session = Session::begun(&sandbox);
    let rotated = session.call("rotate_secret", arguments);
    assert_eq!(
        rotated["also"].as_array().map(Vec::len),
        Some(1),
        "{rotated}"
    );
    session.end();
    assert_ne!(fs::read(&shared).unwrap(), before);
}

#[test]
fn a_configuration_that_cannot_be_read_lets_nothing_happen() {
    let sandbox = machine();
    let before = sandbox.versions(KEY);
    for broken in [
        "[mcp]\nget = \"denied\"\n",
        "[mcp]\nread_only = true\n",
        "nonsense",
    ] {
        fs::write(sandbox.config(), broken).unwrap();
        let mut session = Session::begun(&sandbox);
        session.tools();
        for tool in ["get_secret", "generate_secret", "secret_history"] {
            let error = session.refused(tool, json!({ "keyPath": KEY }));
            assert_eq!(error["code"], "config", "{tool}");
        }
        session.end();
    }
    assert_eq!(sandbox.versions(KEY), before);
}

#[test]
fn a_change_of_the_configuration_counts_at_once() {
    let sandbox = machine();
    let mut session = Session::begun(&sandbox).may_show();
    session.call("get_secret", json!({ "keyPath": KEY }));
    sandbox.configure("\n[mcp]\nget = \"deny\"\n");
    let error = session.refused("get_secret", json!({ "keyPath": KEY }));
    assert_eq!(error["code"], "denied");
    session.end();
}

#[test]
fn a_flag_that_is_wrong_is_said_before_anything_is_served() {
    let sandbox = Sandbox::with_vault();
    sandbox
        .secrets(&["mcp", "--project", "Consilio"])
        .fails(2, "invalid_project_name")
        .says("consilio");
}

#[test]
fn a_variable_of_another_owner_is_not_taken_and_its_value_not_handed_out() {
    let sandbox = machine();
    let foreign = sandbox.canary();
    sandbox
        .set(META, &foreign)
        .args(&["--env-file", ".env"])
        .run()
        .success();
    // The other project has the same env file.
    let shared = sandbox.env_file();
    sandbox
        .secrets(&["link", "odin", shared.to_str().unwrap(), "-q"])
        .run()
        .success();
    sandbox.set(OTHER, sandbox.canary()).run().success();
    let before = sandbox.env();
    let new = "project/consilio/a4";
    for flags in [&["--project", "consilio"][..], &[]] {
        let mut session = Session::of(&sandbox, LEGACY[3], flags);
        for (name, owner) in [("API_TOKEN", META), ("OPENAI_API_KEY", OTHER)] {
            let mut arguments = json!({
                "keyPath": new, "envName": name, "description": DESCRIPTION,
            });
            let error = session.refused("generate_secret", arguments.clone());
            assert_eq!(error["code"], "env_name_taken", "{error}");
            let is_named = error.to_string().contains(owner);
            assert_eq!(is_named, flags.is_empty(), "{error}");
            arguments["value"] = json!(sandbox.canary());
            let error = session.refused("set_secret", arguments);
            assert_eq!(error["code"], "env_name_taken", "{error}");
        }
        session.refused("get_secret", json!({ "keyPath": new, "version": 1 }));
        session.end();
    }
    assert_eq!(sandbox.env(), before);
    assert_eq!(sandbox.versions(new), 0);
}

#[test]
fn an_agent_gives_no_secret_a_variable_that_makes_programs_run_something() {
    let sandbox = machine();
    let before = sandbox.snapshot();
    let mut session = Session::begun(&sandbox);
    for name in [
        "LD_PRELOAD",
        "PATH",
        "NODE_OPTIONS",
        "GIT_SSH_COMMAND",
        "BASH_ENV",
        "HTTPS_PROXY",
        "KUBECONFIG",
        "HOME",
    ] {
        let own = format!("project/consilio/{}", name.to_lowercase());
        for (key_path, name) in [(KEY, Some(name)), (META, Some(name)), (own.as_str(), None)] {
            let arguments = json!({
                "keyPath": key_path, "envName": name, "description": DESCRIPTION,
                "value": sandbox.canary(),
            });
            let error = session.refused("set_secret", arguments);
            assert_eq!(
                error["code"], "env_name_dangerous",
                "{key_path} {name:?}: {error}"
            );
        }
        let arguments = json!({
            "keyPath": "project/consilio/x_key", "envName": name, "description": DESCRIPTION,
        });
        let error = session.refused("generate_secret", arguments);
        assert_eq!(error["code"], "env_name_dangerous", "{error}");
    }
    session.end();
    assert_eq!(before, sandbox.snapshot());
    // It is the user's to do.
    sandbox
        .set("project/consilio/path", sandbox.canary())
        .run()
        .success();
}

#[test]
fn an_import_is_planned_only_for_env_files_of_the_project_s_own_directory() {
    let sandbox = machine();
    let line = || format!("STRIPE_SECRET={}\n", sandbox.canary());
    let outside = sandbox.file("elsewhere/odin/.env", line());
    let beside = sandbox.file("home/.env", line());
    sandbox
        .secrets(&["link", "odin", outside.to_str().unwrap(), "-q"])
        .run()
        .success();
    let env_dir = sandbox.env_file().parent().unwrap().to_owned();
    let below = sandbox.file("work/api/.env.production", line());
    let others = ["notes.txt", ".envrc", ".env.example"];
    let others = others.map(|name| sandbox.file(&format!("work/{name}"), line()));
    #[cfg(unix)]
    std::os::unix::fs::symlink(&beside, env_dir.join(".env.link")).unwrap();
    let mut session = Session::begun(&sandbox);
    let mut refused = |file: &std::path::Path| {
        let arguments = json!({ "project": "another", "file": file });
        let error = session.refused("import_env", arguments);
        assert_eq!(error["code"], "denied", "{}: {error}", file.display());
        assert!(!error.to_string().contains("odin"), "{error}");
    };
    for file in &others {
        refused(file);
    }
    refused(&beside);
    refused(&env_dir.join("../home/.env"));
    #[cfg(unix)]
    refused(&env_dir.join(".env.link"));
    let arguments = json!({ "project": "another", "file": below });
    session.call("import_env", arguments);
    session.end();
    // Nor is the project named that another env file belongs to.
    let mut session = Session::of(&sandbox, LEGACY[3], &["--project", "consilio"]);
    for file in [&outside, &env_dir.join("../elsewhere/odin/.env")] {
        let arguments = json!({ "project": "consilio", "file": file });
        let error = session.refused("import_env", arguments);
        assert!(
            !error["message"].as_str().unwrap().contains("project odin"),
            "{error}"
        );
    }
    session.end();
}

#[test]
fn a_broken_entry_of_another_project_is_neither_named_nor_in_the_way() {
    let sandbox = machine();
    fs::write(sandbox.entry(OTHER, 2), "broken").unwrap();
    fs::write(sandbox.entry(META, 2), "broken").unwrap();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--project", "consilio"]);
    for (tool, arguments) in [
        ("list_secrets", json!({})),
        ("verify_secrets", json!({})),
        ("verify_secrets", json!({ "strict": true })),
        ("diff_env", json!({ "project": "consilio" })),
        ("import_env", json!({ "project": "consilio" })),
        ("secret_history", json!({ "keyPath": KEY })),
        ("restore_env", json!({ "project": "consilio" })),
    ] {
        let answer = session.call(tool, arguments).to_string();
        assert!(
            !answer.contains("odin") && !answer.contains("cloudflare"),
            "{answer}"
        );
    }
    session.end();
    // Nor where both have one env file.
    let shared = sandbox.env_file();
    sandbox
        .secrets(&["link", "odin", shared.to_str().unwrap(), "-q"])
        .run()
        .success();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--project", "consilio"]);
    for name in ["NEW_KEY", "OPENAI_API_KEY"] {
        let id = session.ask_tool(
            "generate_secret",
            json!({
                "keyPath": format!("project/consilio/{}", name.to_lowercase()),
                "envName": name, "description": DESCRIPTION,
            }),
        );
        let answer = session.answer(id).to_string();
        assert!(!answer.contains("odin"), "{answer}");
    }
    session.end();
}

#[test]
fn a_secret_that_went_out_of_reach_is_not_followed() {
    let sandbox = machine();
    sandbox
        .secrets(&["mv", KEY, "project/odin/moved_key", "-q"])
        .run()
        .success();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--project", "consilio"]);
    let history = session.call("secret_history", json!({ "keyPath": KEY }));
    let error = session.refused("get_secret", json!({ "keyPath": KEY }));
    for answer in [history, error] {
        assert!(!answer.to_string().contains("odin"), "{answer}");
    }
    session.end();
}

#[test]
fn a_server_that_only_reads_does_not_keep_a_layout_either() {
    let sandbox = machine();
    let text = format!("# a comment that the vault has not seen\n{}", sandbox.env());
    sandbox.write_env(text);
    let before = sandbox.snapshot();
    let mut session = Session::of(&sandbox, LEGACY[3], &["--read-only"]);
    session.call("verify_secrets", json!({}));
    session.end();
    assert_eq!(before, sandbox.snapshot());
}

/// What the tools answer to somebody who writes a guess to env files and then stores it.
fn answers(sandbox: &Sandbox, guess: &str) -> Vec<serde_json::Value> {
    let truth = sandbox.env();
    sandbox.write_env(format!("{NAME}={guess}\n"));
    let mut session = Session::of(sandbox, LEGACY[3], &["--no-values"]);
    let mut answers = vec![
        session.call("diff_env", json!({ "project": "consilio" })),
        session.call("verify_secrets", json!({})),
        session.call("import_env", json!({ "project": "consilio" })),
        session.call(
            "restore_env",
            json!({ "project": "consilio", "dryRun": true }),
        ),
    ];
    sandbox.write_env(truth);
    answers.push(session.call("set_secret", json!({ "keyPath": KEY, "value": guess })));
    // The age of the value would tell as well.
    let listed = session.call("list_secrets", json!({}));
    let item = &listed["secrets"][0];
    assert_eq!(item["since"], item["updated"], "{item}");
    session.end();
    answers
}

#[test]
fn without_values_no_answer_tells_whether_a_guess_is_right() {
    let answers = |is_right: bool| {
        let sandbox = Sandbox::with_env("");
        let value = sandbox.canary();
        sandbox.set(KEY, &value).arg("-q").run().success();
        let guess = match is_right {
            true => value,
            false => sandbox.canary(),
        };
        let text = serde_json::to_string(&answers(&sandbox, &guess)).unwrap();
        assert_eq!(sandbox.versions(KEY), 2);
        assert_eq!(sandbox.get(KEY), guess.as_bytes());
        // The sandboxes differ in their places.
        text.replace(&*sandbox.path("").to_string_lossy(), "")
    };
    let (right, wrong) = (answers(true), answers(false));
    for expected in ["present", "replaced", "were not compared"] {
        assert!(right.contains(expected), "{expected}: {right}");
    }
    assert_eq!(right, wrong);
}
