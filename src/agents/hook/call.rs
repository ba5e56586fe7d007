//! What coding agents send before they use a tool, brought to one description.
//!
//! The formats, by what tells them apart:
//!
//! | agent | mark | tool | arguments | directory |
//! |---|---|---|---|---|
//! | Claude Code | `hook_event_name: PreToolUse` | `tool_name` | `tool_input` | `cwd` |
//! | Codex | the same, and `model` or `turn_id` | `tool_name` | `tool_input` | `cwd` |
//! | VS Code | `hookEventName: PreToolUse`, or the same | `tool_name` | `tool_input`, in camelCase | `cwd` |
//! | Cursor | `preToolUse`, `beforeShellExecution`, `beforeReadFile` | `tool_name`; the event | `tool_input`; the payload | `cwd`, `workspace_roots[0]` |
//! | Gemini CLI | `hook_event_name: BeforeTool` | `tool_name` | `tool_input` | `cwd` |
//! | Copilot CLI | `toolName` | `toolName` | `toolArgs`, an object or its text | `cwd` |
//!
//! One table of tools, in [`tools`](super::tools), serves all of them.
//!
//! Invariants: a payload holds values (the text that is to be written). It is wiped when it is
//! dropped; nothing of it but paths and names of variables goes on.
//!
//! Limits: copies that parsing makes while a text grows are not wiped; the process that reads a
//! payload ends in milliseconds, is not dumped and cannot be attached to.

use serde_json::{Map, Value};
use zeroize::Zeroize as _;

use super::command;
use super::effect::{Effect, Kind, join};
use super::tools::{of_tool, text};

/// Whose payload it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    /// Claude Code.
    Claude,
    /// OpenAI's Codex.
    Codex,
    /// Visual Studio Code.
    VsCode,
    /// Cursor.
    Cursor,
    /// Gemini CLI.
    Gemini,
    /// GitHub Copilot CLI.
    Copilot,
}

impl Agent {
    /// The agent of this name; `None` for one that is not known.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "claude" => Self::Claude,
            "codex" => Self::Codex,
            "vscode" => Self::VsCode,
            "cursor" => Self::Cursor,
            "gemini" => Self::Gemini,
            "copilot" => Self::Copilot,
            _ => return None,
        })
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
            Self::VsCode => "vscode",
            Self::Cursor => "cursor",
            Self::Gemini => "gemini",
            Self::Copilot => "copilot",
        }
    }
}

/// A tool call that an agent is about to make.
#[derive(Debug)]
pub struct Call {
    /// Who.
    pub agent: Agent,
    /// What it does to which files.
    pub effects: Vec<Effect>,
}

/// A payload, wiped when it is dropped.
struct Payload(Value);

impl Drop for Payload {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(values) => values.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        _ => {}
    }
}

impl Call {
    /// Reads a payload; `None` for one that is not understood.
    pub fn parse(payload: &[u8], named: Option<Agent>, home: Option<&str>) -> Option<Self> {
        let payload = Payload(serde_json::from_slice(payload).ok()?);
        let fields = payload.0.as_object()?;
        let event = text(fields, &["hook_event_name", "hookEventName"]);
        let agent = detect(fields, event, named)?;
        let roots = fields.get("workspace_roots").and_then(Value::as_array);
        let dir = text(fields, &["cwd"])
            .filter(|dir| !dir.is_empty())
            .or_else(|| roots?.first()?.as_str())
            .unwrap_or_default();
        let effects = match event {
            Some("beforeShellExecution") => {
                command::effects(text(fields, &["command"])?, dir, home)
            }
            Some("beforeReadFile" | "beforeTabFileRead") => {
                vec![Effect::new(
                    Kind::Read,
                    join(dir, text(fields, &["file_path"])?, home),
                )]
            }
            _ => {
                let tool = text(fields, &["tool_name", "toolName"])?;
                let input = fields
                    .get("tool_input")
                    .or_else(|| fields.get("toolArgs"))?;
                // Some send the arguments as the text of a JSON object.
                let parsed = input
                    .as_str()
                    .and_then(|text| serde_json::from_str(text).ok())
                    .filter(Value::is_object)
                    .map(Payload);
                let input = parsed.as_ref().map_or(input, |parsed| &parsed.0);
                of_tool(tool, input, dir, home)
            }
        };
        Some(Self { agent, effects })
    }
}

fn detect(fields: &Map<String, Value>, event: Option<&str>, named: Option<Agent>) -> Option<Agent> {
    let found = match event {
        Some("preToolUse" | "beforeShellExecution" | "beforeReadFile" | "beforeTabFileRead") => {
            Agent::Cursor
        }
        Some("BeforeTool") => Agent::Gemini,
        Some("PreToolUse") if fields.contains_key("hookEventName") => Agent::VsCode,
        Some("PreToolUse") if fields.contains_key("model") || fields.contains_key("turn_id") => {
            Agent::Codex
        }
        Some("PreToolUse") => Agent::Claude,
        // Something that happens at another time.
        Some(_) => return None,
        None if fields.contains_key("toolName") => Agent::Copilot,
        None => return named,
    };
    // These three have one form between them; elsewhere the payload knows better.
    let alike = [Agent::Claude, Agent::Codex, Agent::VsCode];
    Some(match named {
        Some(named) if alike.contains(&named) && alike.contains(&found) => named,
        _ => found,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_is_none_is_not_understood() {
        for payload in [
            "",
            "{",
            "[]",
            "1",
            "{}",
            "null",
            r#"{"hook_event_name":"PostToolUse"}"#,
        ] {
            assert!(
                Call::parse(payload.as_bytes(), None, None).is_none(),
                "{payload}"
            );
        }
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        assert!(Call::parse(deep.as_bytes(), Some(Agent::Claude), None).is_none());
    }

    #[test]
    fn an_edit_names_what_it_sets_and_shows_no_value() {
        let payload = r#"{"hook_event_name":"PreToolUse","cwd":"/p","tool_name":"MultiEdit",
            "tool_input":{"file_path":"/p/.env","edits":[
            {"old_string":"A_KEY=canary-1","new_string":"A_KEY=canary-2"}]}}"#;
        let call = Call::parse(payload.as_bytes(), None, None).unwrap();
        assert_eq!(call.agent, Agent::Claude);
        assert_eq!(call.effects[0].names, ["A_KEY"]);
        assert!(!format!("{call:?}").contains("canary"));
    }
}
