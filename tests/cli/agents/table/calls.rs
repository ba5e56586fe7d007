//! Calls of file tools, in the forms of the agents.

use serde_json::{Value, json};

use super::Expect::{self, Deny, Pass};
use super::{FILE, GONE, OTHER, SEARCHED, SET, SHOWN};

/// Calls of file tools, in the forms of the agents.
pub(crate) fn calls() -> Vec<(&'static str, Value, Expect)> {
    let claude = |tool: &str, input: Value| {
        json!({"session_id": "s", "transcript_path": "/t", "cwd": "$P", "permission_mode": "default",
            "hook_event_name": "PreToolUse", "tool_name": tool, "tool_input": input, "tool_use_id": "u"})
    };
    let codex = |tool: &str, input: Value| {
        json!({"session_id": "s", "turn_id": "t", "transcript_path": null, "cwd": "$P",
            "hook_event_name": "PreToolUse", "model": "m", "permission_mode": "default",
            "tool_name": tool, "tool_input": input, "tool_use_id": "u"})
    };
    let vscode = |tool: &str, input: Value| {
        json!({"timestamp": "2026-02-09T10:30:00.000Z", "cwd": "$P", "sessionId": "s",
            "hookEventName": "PreToolUse", "transcript_path": "/t", "tool_name": tool,
            "tool_input": input, "tool_use_id": "u"})
    };
    let cursor = |event: &str, more: Value| {
        let mut payload = json!({"conversation_id": "c", "generation_id": "g", "model": "m",
            "hook_event_name": event, "cursor_version": "3.18.0", "workspace_roots": ["$P"],
            "user_email": null, "transcript_path": null});
        payload
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        payload
    };
    let gemini = |tool: &str, input: Value| {
        json!({"session_id": "s", "transcript_path": "/t", "cwd": "$P",
            "hook_event_name": "BeforeTool", "timestamp": "2026-02-09T10:30:00.000Z",
            "tool_name": tool, "tool_input": input})
    };
    let copilot = |tool: &str, input: Value| {
        json!({"sessionId": "s", "timestamp": 1704614600000u64, "cwd": "$P", "toolName": tool,
            "toolArgs": input})
    };
    let line = "STRIPE_API_KEY=VALUE\n";
    vec![
        (
            "claude",
            claude("Write", json!({"file_path": "$P/.env", "content": line})),
            Deny(SET),
        ),
        (
            "claude",
            claude(
                "Edit",
                json!({"file_path": "$P/.env", "old_string": "STRIPE_API_KEY=old", "new_string": "STRIPE_API_KEY=VALUE", "replace_all": false}),
            ),
            Deny(SET),
        ),
        (
            "claude",
            claude(
                "Edit",
                json!({"file_path": ".env", "old_string": "VALUE", "new_string": "ABC_DEF=VALUE"}),
            ),
            Deny(FILE),
        ),
        (
            "claude",
            claude(
                "MultiEdit",
                json!({"file_path": "$P/.env", "edits": [{"old_string": "A=1", "new_string": "A=1\nSTRIPE_API_KEY=VALUE"}]}),
            ),
            Deny(SET),
        ),
        (
            "claude",
            claude(
                "NotebookEdit",
                json!({"notebook_path": "$P/.env", "new_source": line}),
            ),
            Deny(SET),
        ),
        (
            "claude",
            claude("Write", json!({"file_path": "$P/alias", "content": line})),
            Deny(SET),
        ),
        (
            "claude",
            claude(
                "Write",
                json!({"file_path": "~/other/.env", "content": line}),
            ),
            Deny(OTHER),
        ),
        (
            "claude",
            claude("Read", json!({"file_path": "$P/.env"})),
            Deny(SHOWN),
        ),
        (
            "claude",
            claude(
                "Grep",
                json!({"pattern": "STRIPE", "path": "$P/.env", "output_mode": "content"}),
            ),
            Deny(SHOWN),
        ),
        (
            "claude",
            claude(
                "Grep",
                json!({"pattern": "STRIPE", "glob": "**/.env*", "output_mode": "content"}),
            ),
            Deny(SEARCHED),
        ),
        (
            "claude",
            claude(
                "Grep",
                json!({"pattern": "STRIPE", "path": "$P/.env", "output_mode": "files_with_matches"}),
            ),
            Pass,
        ),
        (
            "claude",
            claude(
                "Grep",
                json!({"pattern": "STRIPE", "glob": "*.rs", "output_mode": "content"}),
            ),
            Pass,
        ),
        (
            "claude",
            claude(
                "mcp__filesystem__write_file",
                json!({"path": "$P/.env", "content": line}),
            ),
            Deny(SET),
        ),
        (
            "claude",
            claude(
                "mcp__filesystem__edit_file",
                json!({"path": "$P/.env", "edits": [{"oldText": "a", "newText": line}]}),
            ),
            Deny(FILE),
        ),
        (
            "claude",
            claude(
                "Write",
                json!({"file_path": "$P/.env.example", "content": "STRIPE_API_KEY=\n"}),
            ),
            Pass,
        ),
        (
            "claude",
            claude(
                "Write",
                json!({"file_path": "$P/src/main.rs", "content": "write .env"}),
            ),
            Pass,
        ),
        (
            "claude",
            claude("Read", json!({"file_path": "$P/README.md"})),
            Pass,
        ),
        (
            "claude",
            claude("Read", json!({"file_path": "/elsewhere/.env"})),
            Pass,
        ),
        (
            "claude",
            claude("Glob", json!({"pattern": "**/.env"})),
            Pass,
        ),
        (
            "claude",
            claude("WebFetch", json!({"url": "https://example.org/.env"})),
            Pass,
        ),
        (
            "claude",
            claude(
                "mcp__secrets__set_secret",
                json!({"keyPath": "project/consilio/x", "value": "VALUE", "path": ".env"}),
            ),
            Pass,
        ),
        ("claude", claude("Write", json!({"content": line})), Pass),
        ("claude", claude("Write", json!("$P/.env")), Pass),
        ("claude", claude("Bash", json!({"command": 1})), Pass),
        (
            "codex",
            codex(
                "Bash",
                json!({"command": "echo STRIPE_API_KEY=VALUE >> .env"}),
            ),
            Deny(SET),
        ),
        (
            "codex",
            codex(
                "apply_patch",
                json!({"command": "*** Begin Patch\n*** Update File: .env\n@@\n-STRIPE_API_KEY=old\n+STRIPE_API_KEY=VALUE\n*** End Patch"}),
            ),
            Deny(SET),
        ),
        (
            "codex",
            codex(
                "apply_patch",
                json!({"command": "*** Begin Patch\n*** Delete File: .env\n*** End Patch"}),
            ),
            Deny(GONE),
        ),
        (
            "codex",
            codex(
                "shell",
                json!({"command": ["bash", "-lc", "echo STRIPE_API_KEY=VALUE > .env"], "workdir": "$P"}),
            ),
            Deny(SET),
        ),
        (
            "codex",
            codex("exec_command", json!({"cmd": "cat .env", "workdir": "$P"})),
            Deny(SHOWN),
        ),
        (
            "codex",
            codex("Bash", json!({"command": "cargo test"})),
            Pass,
        ),
        (
            "codex",
            codex(
                "apply_patch",
                json!({"command": "*** Begin Patch\n*** Add File: docs/.env.example\n+A=\n*** End Patch"}),
            ),
            Pass,
        ),
        (
            "vscode",
            vscode(
                "create_file",
                json!({"filePath": "$P/.env", "content": line}),
            ),
            Deny(SET),
        ),
        (
            "vscode",
            vscode(
                "replace_string_in_file",
                json!({"filePath": "$P/.env", "oldString": "STRIPE_API_KEY=x", "newString": "STRIPE_API_KEY=VALUE"}),
            ),
            Deny(SET),
        ),
        (
            "vscode",
            vscode(
                "multi_replace_string_in_file",
                json!({"replacements": [{"filePath": "$P/.env", "oldString": "STRIPE_API_KEY=x", "newString": "STRIPE_API_KEY=VALUE"}]}),
            ),
            Deny(SET),
        ),
        (
            "vscode",
            vscode("editFiles", json!({"files": ["$P/.env"]})),
            Deny(FILE),
        ),
        (
            "vscode",
            vscode(
                "run_in_terminal",
                json!({"command": "echo STRIPE_API_KEY=VALUE >> .env"}),
            ),
            Deny(SET),
        ),
        (
            "vscode",
            vscode("read_file", json!({"filePath": "$P/.env", "startLine": 1})),
            Deny(SHOWN),
        ),
        (
            "vscode",
            vscode("read_file", json!({"filePath": "$P/package.json"})),
            Pass,
        ),
        (
            "vscode",
            vscode(
                "grep_search",
                json!({"query": "stripe_api", "isRegexp": false, "includePattern": ".env*"}),
            ),
            Deny(SEARCHED),
        ),
        (
            "vscode",
            vscode(
                "grep_search",
                json!({"query": "stripe_api", "isRegexp": true}),
            ),
            Pass,
        ),
        (
            "vscode",
            vscode("run_in_terminal", json!({"command": "npm run build"})),
            Pass,
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "Shell", "tool_input": {"command": "echo STRIPE_API_KEY=VALUE >> .env", "working_directory": "$P"}, "cwd": "$P"}),
            ),
            Deny(SET),
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "Write", "tool_input": {"file_path": "$P/.env", "contents": line}}),
            ),
            Deny(SET),
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "StrReplace", "tool_input": {"path": "$P/.env", "old_string": "STRIPE_API_KEY=x", "new_string": "STRIPE_API_KEY=VALUE"}}),
            ),
            Deny(SET),
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "Delete", "tool_input": {"path": "$P/.env"}}),
            ),
            Deny(GONE),
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "Read", "tool_input": {"file_path": "$P/.env"}}),
            ),
            Deny(SHOWN),
        ),
        (
            "cursor",
            cursor(
                "beforeShellExecution",
                json!({"command": "echo STRIPE_API_KEY=VALUE > .env", "cwd": ""}),
            ),
            Deny(SET),
        ),
        (
            "cursor",
            cursor(
                "beforeReadFile",
                json!({"file_path": "$P/.env", "content": line, "attachments": []}),
            ),
            Deny(SHOWN),
        ),
        (
            "cursor",
            cursor(
                "beforeReadFile",
                json!({"file_path": "$P/src/app.ts", "content": "x"}),
            ),
            Pass,
        ),
        (
            "cursor",
            cursor(
                "beforeShellExecution",
                json!({"command": "npm install", "cwd": "$P"}),
            ),
            Pass,
        ),
        (
            "cursor",
            cursor(
                "preToolUse",
                json!({"tool_name": "Task", "tool_input": {"prompt": "write .env"}}),
            ),
            Pass,
        ),
        (
            "gemini",
            gemini("write_file", json!({"file_path": ".env", "content": line})),
            Deny(SET),
        ),
        (
            "gemini",
            gemini(
                "replace",
                json!({"file_path": "$P/.env", "old_string": "STRIPE_API_KEY=x", "new_string": "STRIPE_API_KEY=VALUE"}),
            ),
            Deny(SET),
        ),
        (
            "gemini",
            gemini(
                "run_shell_command",
                json!({"command": "echo STRIPE_API_KEY=VALUE >> ../.env", "dir_path": "sub"}),
            ),
            Deny(SET),
        ),
        (
            "gemini",
            gemini("read_file", json!({"absolute_path": "$P/.env"})),
            Deny(SHOWN),
        ),
        (
            "gemini",
            gemini("read_many_files", json!({"paths": ["README.md", ".env"]})),
            Deny(SHOWN),
        ),
        (
            "gemini",
            gemini(
                "search_file_content",
                json!({"pattern": "STRIPE", "include": ".env"}),
            ),
            Deny(SEARCHED),
        ),
        (
            "gemini",
            gemini("run_shell_command", json!({"command": "ls"})),
            Pass,
        ),
        ("gemini", gemini("glob", json!({"pattern": ".env"})), Pass),
        (
            "copilot",
            copilot(
                "bash",
                json!("{\"command\":\"echo STRIPE_API_KEY=VALUE >> .env\",\"description\":\"x\"}"),
            ),
            Deny(SET),
        ),
        (
            "copilot",
            copilot("create", json!({"path": "$P/.env", "file_text": line})),
            Deny(SET),
        ),
        (
            "copilot",
            copilot(
                "edit",
                json!({"path": "$P/.env", "old_str": "STRIPE_API_KEY=x", "new_str": "STRIPE_API_KEY=VALUE"}),
            ),
            Deny(SET),
        ),
        (
            "copilot",
            copilot(
                "str_replace_editor",
                json!({"command": "view", "path": "$P/.env"}),
            ),
            Deny(SHOWN),
        ),
        (
            "copilot",
            copilot("view", json!({"path": "$P/.env"})),
            Deny(SHOWN),
        ),
        (
            "copilot",
            copilot("bash", json!("{\"command\":\"npm test\"}")),
            Pass,
        ),
        ("copilot", copilot("bash", json!("not json > .env")), Pass),
    ]
}
