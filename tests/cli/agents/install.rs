//! `secrets agent install` and `uninstall`, run as a program on empty and on populated homes.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::sandbox::{SECRETS, Sandbox, json_of};

const AGENTS: [&str; 10] = [
    "claude", "codex", "cursor", "vscode", "copilot", "gemini", "qwen", "opencode", "continue",
    "cline",
];

/// A sandbox with the program on its search path.
fn sandbox_with_program() -> Sandbox {
    let sandbox = Sandbox::new();
    symlink(SECRETS, sandbox.path("bin/secrets")).unwrap();
    sandbox
}

fn agent(sandbox: &Sandbox, args: &[&str]) -> Value {
    let done = sandbox.secrets(&["agent"]).args(args).arg("--json").run();
    json_of(&done.success())
}

fn changes(report: &Value) -> Vec<&str> {
    let parts = report["parts"].as_array().unwrap().iter();
    parts.map(|part| part["change"].as_str().unwrap()).collect()
}

/// All regular files of the sandbox.
fn files(sandbox: &Sandbox) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut files = sandbox.snapshot();
    files.retain(|path, _| path.is_file());
    files
}

fn write(sandbox: &Sandbox, below: &str, text: &str) -> PathBuf {
    let path = sandbox.path(below);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    path
}

fn text(path: impl AsRef<Path>) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn an_empty_home_gets_the_documented_files_and_uninstall_removes_them() {
    let document = text(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/agents.md"));
    let mut shown = 0;
    for (agent_name, title) in AGENTS.iter().zip([
        "## Claude Code",
        "## Codex",
        "## Cursor",
        "## VS Code and Copilot CLI",
        "## Copilot CLI",
        "## Gemini CLI",
        "## Qwen Code",
        "## opencode",
        "## Continue",
        "## Cline",
    ]) {
        let sandbox = sandbox_with_program();
        let before = files(&sandbox);
        let report = agent(&sandbox, &["install", agent_name]);
        assert!(changes(&report).iter().all(|change| *change == "added"));
        let section = document.split(title).nth(1).expect(title);
        let section = section.split("\n## ").next().unwrap();
        let mut documented = Vec::new();
        for (at, _) in section.match_indices("\n`~/") {
            let line = section[at + 1..].lines().next().unwrap();
            let Some((path, rest)) = section[at + 2..].split_once("`\n\n```") else {
                continue;
            };
            if line != format!("`{path}`") {
                continue;
            }
            let (_, rest) = rest.split_once('\n').unwrap();
            let (block, _) = rest.split_once("\n```\n").unwrap();
            let file = sandbox.home().join(path.strip_prefix("~/").unwrap());
            let program = sandbox.path("bin/secrets").display().to_string();
            let written = text(&file).replace(&program, "/usr/local/bin/secrets");
            assert_eq!(written.trim_end(), block, "{path}");
            documented.push(file);
            shown += 1;
        }
        let mut written: Vec<PathBuf> = files(&sandbox).into_keys().collect();
        written.retain(|file| !before.contains_key(file));
        documented.sort();
        // The documentation shows the rule once, in its own section.
        written.retain(|file| file.extension().is_none_or(|it| it != "md"));
        assert_eq!(written, documented, "{agent_name}");
        agent(&sandbox, &["uninstall", agent_name]);
        assert_eq!(files(&sandbox), before, "{agent_name}");
    }
    assert_eq!(shown, 14);
    let rule = document.split("```markdown\n").nth(1).unwrap();
    let rule = rule.split("\n```\n").next().unwrap();
    let sandbox = sandbox_with_program();
    agent(&sandbox, &["install", "claude"]);
    assert_eq!(
        text(sandbox.home().join(".claude/CLAUDE.md")).trim_end(),
        rule
    );
}

#[test]
fn a_second_install_or_uninstall_changes_nothing() {
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        agent(&sandbox, &["install", name]);
        let before = files(&sandbox);
        let report = agent(&sandbox, &["install", name]);
        assert!(
            changes(&report).iter().all(|change| *change == "unchanged"),
            "{report}"
        );
        assert_eq!(files(&sandbox), before);
        assert!(changes(&agent(&sandbox, &["uninstall", name])).contains(&"removed"));
        let report = agent(&sandbox, &["uninstall", name]);
        assert!(
            changes(&report).iter().all(|change| *change == "unchanged"),
            "{report}"
        );
    }
}

/// Writes configurations with comments, odd spacing, and other servers and hooks.
fn populate(sandbox: &Sandbox) {
    for (file, content) in [
        (
            "home/.claude.json",
            "{\n  \"numStartups\": 7,\n  \"mcpServers\": {},\n  \"projects\": {\"/p\": {\"allowedTools\": []}}\n}",
        ),
        (
            "home/.claude/settings.json",
            "{\n\t\"model\": \"opus\",\n\t\"hooks\": {\n\t\t\"PreToolUse\": [\n\t\t\t{\"matcher\": \"Bash\", \"hooks\": [{\"type\": \"command\", \"command\": \"lint\"}]}\n\t\t]\n\t}\n}\n",
        ),
        ("home/.claude/CLAUDE.md", "# Mine\n\nBe brief."),
        (
            "home/.codex/config.toml",
            "model = \"o5\" # best\n\n[mcp_servers.other]\ncommand = \"x\"\n\n[tui]\ntheme = \"dark\"\n",
        ),
        ("home/.codex/AGENTS.md", "# Mine\r\n\r\nBe brief.\r\n"),
        ("home/.cursor/mcp.json", "{ \"mcpServers\": {} }\n"),
        (
            "home/.cursor/hooks.json",
            "{\n  \"hooks\": {\n    \"preToolUse\": []\n  },\n  \"version\": 1\n}\n",
        ),
        (
            "home/.config/Code/User/mcp.json",
            "{\r\n\t\"servers\": {\r\n\t\t\"other\": {\r\n\t\t\t\"command\": \"x\"\r\n\t\t}\r\n\t},\r\n\t\"inputs\": []\r\n}",
        ),
        (
            "home/.gemini/settings.json",
            "{\n  \"theme\": \"x\", /* why */\n  \"hooks\": {\"AfterTool\": []},\n  \"mcpServers\": {\n    \"other\": {\"command\": \"x\"}\n  }\n}\n",
        ),
        ("home/.gemini/GEMINI.md", ""),
        (
            "home/.copilot/mcp-config.json",
            "{\"mcpServers\": {\"x\": {\"command\": \"y\"}}}\n",
        ),
        (
            "home/.qwen/settings.json",
            "{\n  // why\n  \"model\": {\"name\": \"x\"},\n}\n",
        ),
        (
            "home/.config/opencode/opencode.json",
            "{\n  \"$schema\": \"x\",\n  \"mcp\": {\n    \"other\": {\"type\": \"local\", \"command\": [\"x\"]}\n  }\n}\n",
        ),
        ("home/Documents/Cline/Rules/secrets.md", "# Mine"),
    ] {
        write(sandbox, file, content);
    }
}

#[test]
fn install_keeps_everything_else_and_uninstall_restores_every_byte() {
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        populate(&sandbox);
        let before = files(&sandbox);
        agent(&sandbox, &["install", name]);
        let installed = files(&sandbox);
        assert_ne!(installed, before);
        for (path, (mode, content)) in &before {
            let (new_mode, new) = &installed[path];
            assert_eq!(mode, new_mode, "{}", path.display());
            // All of the old text is kept, in order.
            let mut rest = new.iter();
            let kept = content
                .iter()
                .filter(|byte| !byte.is_ascii_whitespace())
                .all(|byte| rest.any(|other| other == byte));
            assert!(kept, "{}", path.display());
        }
        agent(&sandbox, &["uninstall", name]);
        assert_eq!(files(&sandbox), before, "{name}");
    }
}

#[test]
fn uninstall_keeps_changes_made_after_install() {
    let sandbox = sandbox_with_program();
    populate(&sandbox);
    let file = sandbox.path("home/.claude.json");
    let before = text(&file);
    agent(&sandbox, &["install", "claude"]);
    let edited = text(&file).replace("\"numStartups\": 7", "\"numStartups\": 8,\n  \"more\": [1]");
    std::fs::write(&file, edited).unwrap();
    agent(&sandbox, &["uninstall", "claude"]);
    let expected = before.replace("\"numStartups\": 7", "\"numStartups\": 8,\n  \"more\": [1]");
    assert_eq!(text(&file), expected);
    // Without the record, the parts are recognized by their content.
    agent(&sandbox, &["install", "claude"]);
    std::fs::remove_dir_all(sandbox.state()).unwrap();
    let report = agent(&sandbox, &["uninstall", "claude"]);
    assert_eq!(changes(&report), ["removed", "removed", "removed"]);
    assert!(!text(&file).contains("secrets"), "{}", text(&file));
    assert!(text(&file).contains("\"more\": [1]"));
}

#[test]
fn a_symbolic_link_to_a_configuration_file_is_kept() {
    let sandbox = sandbox_with_program();
    let real = write(
        &sandbox,
        "home/dotfiles/settings.json",
        "{\n  \"a\": 1\n}\n",
    );
    std::fs::create_dir_all(sandbox.path("home/.claude")).unwrap();
    let link = sandbox.path("home/.claude/settings.json");
    symlink("../dotfiles/settings.json", &link).unwrap();
    agent(&sandbox, &["install", "claude"]);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(text(&real).contains("hook --agent claude"));
    agent(&sandbox, &["uninstall", "claude"]);
    assert_eq!(text(&real), "{\n  \"a\": 1\n}\n");
}

#[test]
fn an_invalid_file_fails_the_install_and_names_the_line() {
    for (name, file, content, line) in [
        (
            "claude",
            "home/.claude/settings.json",
            "{\n  \"hooks\": {,}\n}\n",
            2,
        ),
        ("claude", "home/.claude.json", "{\"mcpServers\": 1}", 1),
        (
            "claude",
            "home/.claude.json",
            "{\n\"mcpServers\": {\"secrets\": {\"command\": \"other\"}}}",
            2,
        ),
        (
            "claude",
            "home/.claude/CLAUDE.md",
            "a\n<!-- secrets: begin -->\n",
            2,
        ),
        ("codex", "home/.codex/config.toml", "a = 1\nb = \n", 2),
        ("cursor", "home/.cursor/hooks.json", "[]", 1),
        ("vscode", "home/.config/Code/User/mcp.json", "\u{0}", 1),
        (
            "gemini",
            "home/.gemini/settings.json",
            "{\"hooks\": {\"BeforeTool\": \"x\"}}",
            1,
        ),
    ] {
        let sandbox = sandbox_with_program();
        write(&sandbox, file, content);
        let failed = sandbox
            .secrets(&["agent", "install", name])
            .fails(2, "agent_file");
        let place = format!("{}:{line}:", sandbox.path(file).display());
        assert!(failed.message.starts_with(&place), "{failed:?}");
    }
    let sandbox = sandbox_with_program();
    sandbox
        .secrets(&["agent", "install", "emacs"])
        .fails(2, "usage");
    let absent = sandbox.secrets(&["agent", "install", "claude", "--project-dir", "absent"]);
    absent.fails(2, "usage");
}

#[test]
fn a_dry_run_prints_the_changes_and_writes_nothing() {
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        let before = sandbox.snapshot();
        let done = sandbox
            .secrets(&["agent", "install", name, "--dry-run"])
            .run()
            .success();
        let shown = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        assert!(shown.contains("would add the MCP server in"), "{shown}");
        let has_hook = !["qwen", "opencode", "continue", "cline"].contains(&name);
        assert_eq!(shown.contains("would add the hook in"), has_hook, "{shown}");
        sandbox
            .secrets(&["agent", "uninstall", name, "--dry-run"])
            .run()
            .success();
        assert_eq!(sandbox.snapshot(), before);
        assert!(!sandbox.state().exists());
    }
}

#[test]
fn the_installed_hook_refuses_a_write() {
    let sandbox = sandbox_with_program();
    let value = sandbox.canary();
    for (name, file, pointer) in [
        (
            "claude",
            "home/.claude/settings.json",
            "/hooks/PreToolUse/0/hooks/0/command",
        ),
        (
            "cursor",
            "home/.cursor/hooks.json",
            "/hooks/preToolUse/0/command",
        ),
        (
            "vscode",
            "home/.copilot/hooks/secrets.json",
            "/hooks/preToolUse/0/command",
        ),
        (
            "gemini",
            "home/.gemini/settings.json",
            "/hooks/BeforeTool/0/hooks/0/command",
        ),
    ] {
        agent(&sandbox, &["install", name]);
        let settings: Value = serde_json::from_str(&text(sandbox.path(file))).unwrap();
        let command = settings.pointer(pointer).unwrap().as_str().unwrap();
        let event = match name {
            "cursor" => "preToolUse",
            "gemini" => "BeforeTool",
            _ => "PreToolUse",
        };
        let payload = json!({"hook_event_name": event, "cwd": "/p", "tool_name": "Shell",
            "tool_input": {"command": format!("echo A_KEY={value} > .env")}});
        let run = sandbox
            .secrets(&[])
            .through(&["/bin/sh", "-c", command])
            .stdin(payload.to_string());
        let done = run.run().success();
        let answer = String::from_utf8(done.get_output().stdout.clone()).unwrap();
        assert!(
            answer.contains("\"deny\"") && answer.contains("a_key"),
            "{name}: {answer}"
        );
    }
}

#[test]
fn a_project_has_its_own_files_and_agents_share_one_rule() {
    let sandbox = sandbox_with_program();
    let before = files(&sandbox);
    for name in ["codex", "cursor", "vscode"] {
        let report = agent(&sandbox, &["install", name, "--project-dir", "."]);
        assert_eq!(report["projectDir"], json!(sandbox.work()));
    }
    let rule = sandbox.work().join("AGENTS.md");
    assert_eq!(text(&rule).matches("secrets: begin").count(), 1);
    // A shared file names the program without its path.
    assert!(text(sandbox.work().join(".vscode/mcp.json")).contains("\"command\": \"secrets\""));
    let report = agent(&sandbox, &["uninstall", "codex", "--project-dir", "."]);
    assert!(changes(&report).contains(&"kept"), "{report}");
    assert!(rule.exists());
    agent(&sandbox, &["uninstall", "cursor", "--project-dir", "."]);
    assert!(rule.exists());
    agent(&sandbox, &["uninstall", "vscode", "--project-dir", "."]);
    assert_eq!(files(&sandbox), before);
}

#[test]
fn codex_hooks_go_to_hooks_json_if_it_exists() {
    let sandbox = sandbox_with_program();
    let hooks = write(
        &sandbox,
        "home/.codex/hooks.json",
        "{\"hooks\": {\"Stop\": []}}\n",
    );
    agent(&sandbox, &["install", "codex"]);
    assert!(text(&hooks).contains("hook --agent codex"));
    let config = text(sandbox.path("home/.codex/config.toml"));
    assert!(
        config.contains("[mcp_servers.secrets]") && !config.contains("hooks"),
        "{config}"
    );
    agent(&sandbox, &["uninstall", "codex"]);
    assert_eq!(text(&hooks), "{\"hooks\": {\"Stop\": []}}\n");
    assert!(!sandbox.path("home/.codex/config.toml").exists());
}

#[test]
fn environment_variables_choose_the_configuration_directory() {
    let sandbox = sandbox_with_program();
    let elsewhere = sandbox.path("elsewhere");
    for (name, variable, file) in [
        ("claude", "CLAUDE_CONFIG_DIR", ".claude.json"),
        ("codex", "CODEX_HOME", "config.toml"),
        ("vscode", "COPILOT_HOME", "hooks/secrets.json"),
    ] {
        let run = sandbox.secrets(&["agent", "install", name, "-q"]);
        run.var(variable, &elsewhere).run().success();
        assert!(elsewhere.join(file).exists(), "{name}");
    }
}

#[test]
fn values_in_a_configuration_appear_nowhere_else() {
    let sandbox = sandbox_with_program();
    let value = sandbox.canary();
    // On one line, so that inserting an entry touches the text beside it.
    let one_line = format!(
        "{{\"mcpServers\":{{\"other\":{{\"command\":\"x\",\"env\":{{\"KEY\":\"{value}\"}}}}}}}}"
    );
    let file = sandbox.file("home/.cursor/mcp.json", &one_line);
    agent(&sandbox, &["install", "cursor"]);
    let broken = one_line.replace("\"command\"", "command");
    let parsed: Value = serde_json::from_str(&text(&file)).unwrap();
    assert_eq!(parsed["mcpServers"]["other"]["env"]["KEY"], json!(value));
    agent(&sandbox, &["uninstall", "cursor"]);
    let parsed: Value = serde_json::from_str(&text(&file)).unwrap();
    assert_eq!(parsed, serde_json::from_str::<Value>(&one_line).unwrap());
    std::fs::write(&file, broken).unwrap();
    sandbox
        .secrets(&["agent", "install", "cursor"])
        .fails(2, "agent_file");
    let toml = sandbox.file("home/.codex/config.toml", format!("k = {value}\n"));
    sandbox
        .secrets(&["agent", "install", "codex"])
        .fails(2, "agent_file");
    assert!(text(toml).contains(&value));
}

/// Runs `agent install` or `uninstall`, whatever it exits with.
fn exit_and_report(sandbox: &Sandbox, args: &[&str]) -> (Option<i32>, Value) {
    let done = sandbox.secrets(&["agent"]).args(args).arg("--json").run();
    let report = json_of(&done);
    (done.get_output().status.code(), report)
}

#[test]
fn settings_that_claude_code_does_not_read_are_reported_with_exit_1() {
    for (content, line) in [
        ("{\n  // mine\n  \"model\": \"opus\"\n}\n", 2),
        // The line after what was added.
        ("{\n  \"model\": \"opus\",\n}\n", 17),
        (
            "{\n  \"model\": \"opus\",\n  \"disableAllHooks\": true\n}\n",
            3,
        ),
    ] {
        let sandbox = sandbox_with_program();
        let file = write(&sandbox, "home/.claude/settings.json", content);
        let (code, report) = exit_and_report(&sandbox, &["install", "claude"]);
        assert_eq!(code, Some(1), "{report}");
        assert_eq!(report["problems"][0]["file"], json!(file));
        assert_eq!(report["problems"][0]["line"], line, "{report}");
        let doctor = sandbox.secrets(&["doctor"]).run();
        let said = String::from_utf8_lossy(&doctor.get_output().stdout).into_owned();
        assert!(said.contains("agent settings"), "{said}");
        let (code, _) = exit_and_report(&sandbox, &["uninstall", "claude"]);
        assert_eq!(code, Some(0));
        assert_eq!(text(&file), content);
    }
    let sandbox = sandbox_with_program();
    write(
        &sandbox,
        "home/.codex/config.toml",
        "[features]\nhooks = false\n",
    );
    let (code, report) = exit_and_report(&sandbox, &["install", "codex"]);
    assert_eq!((code, &report["problems"][0]["line"]), (Some(1), &json!(2)));
}

#[test]
fn what_is_in_force_is_written_before_the_verb() {
    let vault = |sandbox: &Sandbox| sandbox.path("my vault").display().to_string();
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        let before = files(&sandbox);
        let run = sandbox.secrets(&["agent", "install", name, "-q", "--config", "c.toml"]);
        run.var("SECRETS_VAULT", vault(&sandbox)).run().success();
        let config = sandbox.work().join("c.toml").display().to_string();
        let mut written = files(&sandbox);
        written.retain(|path, _| !before.contains_key(path));
        let json = json!(["--vault", vault(&sandbox), "--config", config, "mcp"]);
        let mut servers = 0;
        for (_, content) in written.values() {
            let content = String::from_utf8_lossy(content);
            let list = json.to_string().replace("\",\"", "\", \"");
            servers += content.matches(list.trim_start_matches('[')).count();
            if content.contains("hook --agent") {
                let options = format!("--vault '{}' --config {config} hook", vault(&sandbox));
                assert!(content.contains(&options), "{name}: {content}");
            }
        }
        assert_eq!(servers, 1, "{name}");
        // The same again changes nothing; nor does an install from another shell.
        let run = sandbox.secrets(&["agent", "install", name, "--json"]).run();
        let report = json_of(&run.success());
        let all_unchanged = changes(&report).iter().all(|change| *change == "unchanged");
        assert!(all_unchanged, "{report}");
        agent(&sandbox, &["uninstall", name]);
        assert_eq!(files(&sandbox), before, "{name}");
    }
    // In a project's files only what was given to `install` counts.
    let sandbox = sandbox_with_program();
    let run = sandbox.secrets(&["agent", "install", "claude", "--project-dir", ".", "-q"]);
    run.var("SECRETS_VAULT", vault(&sandbox)).run().success();
    let mcp = text(sandbox.work().join(".mcp.json"));
    assert!(mcp.contains("[\"mcp\"]"), "{mcp}");
    // A default that is named is a default.
    let run = sandbox.secrets(&["agent", "install", "claude", "-q"]);
    run.var("SECRETS_VAULT", sandbox.vault()).run().success();
    let mcp = text(sandbox.home().join(".claude.json"));
    assert!(mcp.contains("[\"mcp\"]"), "{mcp}");
}

#[test]
fn the_server_is_started_as_it_is_written() {
    let sandbox = sandbox_with_program();
    let vault = sandbox.path("elsewhere/vault");
    let init = sandbox
        .secrets(&["init", "-q"])
        .var("SECRETS_VAULT", &vault);
    init.run().success();
    let install = sandbox.secrets(&["agent", "install", "gemini", "-q"]);
    install.var("SECRETS_VAULT", &vault).run().success();
    let settings = text(sandbox.home().join(".gemini/settings.json"));
    let settings: Value = serde_json::from_str(&settings).unwrap();
    let args = settings["mcpServers"]["secrets"]["args"]
        .as_array()
        .unwrap();
    let args: Vec<&str> = args.iter().map(|arg| arg.as_str().unwrap()).collect();
    // The agent starts it without the variable.
    let call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\
                \"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"x\",\"version\":\"1\"}}}\n\
                {\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\
                \"list_secrets\",\"arguments\":{}}}\n";
    let done = sandbox.secrets(&args).stdin(call).run().success();
    let said = String::from_utf8_lossy(&done.get_output().stdout).into_owned();
    assert!(said.contains("\"isError\":false"), "{said}");
}

#[test]
fn a_hook_whose_program_is_missing_stops_nobody() {
    let sandbox = sandbox_with_program();
    agent(&sandbox, &["install", "claude"]);
    agent(&sandbox, &["install", "copilot"]);
    std::fs::remove_file(sandbox.path("bin/secrets")).unwrap();
    for (file, pointer) in [
        (
            "home/.claude/settings.json",
            "/hooks/PreToolUse/0/hooks/0/command",
        ),
        (
            "home/.copilot/hooks/secrets.json",
            "/hooks/preToolUse/0/bash",
        ),
    ] {
        let settings: Value = serde_json::from_str(&text(sandbox.path(file))).unwrap();
        let command = settings.pointer(pointer).unwrap().as_str().unwrap();
        for shell in ["/bin/sh", "/bin/bash"] {
            let run = sandbox.secrets(&[]).through(&[shell, "-c", command]);
            let done = run.stdin("{}").run().success();
            let output = done.get_output();
            assert!(
                output.stdout.is_empty() && output.stderr.is_empty(),
                "{output:?}"
            );
        }
    }
    // The doctor says that the program has moved, and what to type.
    let doctor = sandbox.secrets(&["doctor", "--json"]).run();
    let report = json_of(&doctor);
    let checks = report["checks"].as_array().unwrap().iter();
    let moved: Vec<&Value> = checks
        .filter(|check| check["id"] == "agent_program")
        .collect();
    assert_eq!(moved.len(), 4, "{report}");
    assert!(
        moved
            .iter()
            .all(|check| check["mend"].as_str().unwrap().contains("agent install")),
        "{moved:?}"
    );
}

#[test]
fn a_server_has_the_name_that_it_is_given() {
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        populate(&sandbox);
        let before = files(&sandbox);
        let report = agent(&sandbox, &["install", name, "--name", "meta"]);
        let mcp = report["parts"][0]["file"].as_str().unwrap();
        let content = text(mcp);
        assert!(
            content.contains("\"meta\"") || content.contains(".meta]"),
            "{name}: {content}"
        );
        let report = agent(&sandbox, &["install", name]);
        assert!(changes(&report).iter().all(|change| *change == "unchanged"));
        agent(&sandbox, &["uninstall", name]);
        assert_eq!(files(&sandbox), before, "{name}");
    }
    let sandbox = sandbox_with_program();
    for wrong in ["", "a b", "a.b", "mcp__x\u{e9}"] {
        sandbox
            .secrets(&["agent", "install", "claude", "--name", wrong])
            .fails(2, "usage");
    }
}

#[test]
fn the_doctor_says_that_codex_does_not_trust_the_hook() {
    let sandbox = sandbox_with_program();
    let rows = || {
        let report = json_of(&sandbox.secrets(&["doctor", "--json"]).run());
        let checks = report["checks"].as_array().unwrap().clone();
        let mut checks = checks.into_iter();
        checks
            .find(|check| check["id"].as_str().unwrap().starts_with("agent"))
            .map(|check| check["id"].as_str().unwrap().to_owned())
    };
    assert_eq!(rows(), None);
    agent(&sandbox, &["install", "codex"]);
    assert_eq!(rows().as_deref(), Some("agent_trust"));
    let file = sandbox.home().join(".codex/config.toml");
    let trusted = format!(
        "{}\n[hooks.state.\"{}:pre_tool_use:0:0\"]\ntrusted_hash = \"sha256:0\"\n",
        text(&file),
        file.display()
    );
    std::fs::write(&file, trusted).unwrap();
    assert_eq!(rows().as_deref(), Some("agent"));
}

#[test]
fn uninstall_restores_every_byte_after_an_update_too() {
    for name in AGENTS {
        let sandbox = sandbox_with_program();
        populate(&sandbox);
        let before = files(&sandbox);
        agent(&sandbox, &["install", name]);
        let moved = sandbox.path("bin2");
        std::fs::create_dir(&moved).unwrap();
        symlink(SECRETS, moved.join("secrets")).unwrap();
        let run = sandbox.secrets(&["agent", "install", name, "--json"]);
        let search = format!("{}:/usr/bin:/bin", moved.display());
        let report = json_of(&run.var("PATH", search).run().success());
        let has_program = !matches!(changes(&report)[..], ["unchanged", ..]);
        assert!(has_program, "{name}: {report}");
        let mcp = text(report["parts"][0]["file"].as_str().unwrap());
        assert!(
            mcp.contains("bin2/secrets") && !mcp.contains("bin/secrets"),
            "{mcp}"
        );
        agent(
            &sandbox,
            &["install", name, "--name", "meta", "--wait", "7"],
        );
        agent(&sandbox, &["uninstall", name]);
        std::fs::remove_dir_all(&moved).unwrap();
        assert_eq!(files(&sandbox), before, "{name}");
    }
}
