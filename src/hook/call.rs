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
//! One table of tools serves all of them: no two agents use one name for different things.
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
use super::names::names_changed;
use super::patch;

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

/// What kind of tool a name stands for.
enum Tool {
    Shell,
    Write,
    Delete,
    Read,
    Patch,
}

fn kind_of(name: &str) -> Option<Tool> {
    // `mcp__filesystem__write_file`, `MCP:write_file`
    let name = name.rsplit("__").next().unwrap_or(name);
    let name = name.rsplit(':').next().unwrap_or(name);
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Some(match name.as_str() {
        "bash" | "shell" | "powershell" | "runshellcommand" | "shellcommand" | "localshell"
        | "execcommand" | "runinterminal" | "runterminalcommand" | "runterminalcmd"
        | "terminal" | "execute" | "executecommand" => Tool::Shell,
        "write"
        | "edit"
        | "multiedit"
        | "notebookedit"
        | "writefile"
        | "writetofile"
        | "replace"
        | "create"
        | "createfile"
        | "editfile"
        | "editfiles"
        | "streditor"
        | "strreplaceeditor"
        | "strreplacebasededittool"
        | "strreplace"
        | "replacestringinfile"
        | "multireplacestringinfile"
        | "inserteditintofile"
        | "insert"
        | "editnotebook"
        | "editnotebookfile"
        | "searchreplace"
        | "tabwrite"
        | "savefile"
        | "movefile" => Tool::Write,
        "delete" | "deletefile" | "deletefiles" | "removefile" => Tool::Delete,
        "read" | "readfile" | "readfiles" | "readmanyfiles" | "readtextfile"
        | "readmultiplefiles" | "view" | "viewfile" | "openfile" | "getfilecontents" | "grep"
        | "rg" | "grepsearch" | "searchfilecontent" => Tool::Read,
        "applypatch" => Tool::Patch,
        _ => return None,
    })
}

const PATHS: &[&str] = &[
    "file_path",
    "filePath",
    "path",
    "notebook_path",
    "notebookPath",
    "absolute_path",
    "absolutePath",
    "target_file",
    "targetFile",
    "file",
    "uri",
    "source",
    "destination",
];
const PATH_LISTS: &[&str] = &["files", "paths", "file_paths", "filePaths", "include"];
const OLD: &[&str] = &["old_string", "oldString", "old_str", "oldText", "old_text"];
const NEW: &[&str] = &[
    "content",
    "contents",
    "file_text",
    "fileText",
    "text",
    "new_string",
    "newString",
    "new_str",
    "newText",
    "new_text",
    "new_source",
    "newSource",
    "code",
    "code_edit",
    "insert_text",
];
const EDITS: &[&str] = &["edits", "replacements", "changes"];

fn text<'v>(fields: &'v Map<String, Value>, names: &[&str]) -> Option<&'v str> {
    names.iter().find_map(|name| fields.get(*name)?.as_str())
}

fn of_tool(tool: &str, input: &Value, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let Some(kind) = kind_of(tool) else {
        return Vec::new();
    };
    let none = Map::new();
    let fields = input.as_object().unwrap_or(&none);
    match kind {
        Tool::Shell => of_shell(fields, dir, home),
        Tool::Patch => {
            let text = input
                .as_str()
                .or_else(|| text(fields, &["command", "input", "patch", "patchText"]))
                .unwrap_or_default();
            of_patch(text, dir, home)
        }
        // One tool does both.
        Tool::Write if text(fields, &["command"]) == Some("view") => {
            of_files(Kind::Read, fields, dir, home)
        }
        Tool::Write => of_files(Kind::Write, fields, dir, home),
        Tool::Delete => of_files(Kind::Delete, fields, dir, home),
        Tool::Read => of_files(Kind::Read, fields, dir, home),
    }
}

fn of_shell(fields: &Map<String, Value>, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let own = [
        "workdir",
        "working_directory",
        "workingDirectory",
        "dir_path",
        "directory",
        "cwd",
    ];
    let dir = match text(fields, &own).filter(|own| !own.is_empty()) {
        Some(own) => join(dir, own, home).to_string_lossy().into_owned(),
        None => dir.to_owned(),
    };
    let command = fields.get("command").or_else(|| fields.get("cmd"));
    match command {
        Some(Value::String(line)) => command::effects(line, &dir, home),
        // Words that no shell will take apart again.
        Some(Value::Array(words)) => {
            let words = words.iter().filter_map(Value::as_str);
            let quoted: Vec<String> = words.map(crate::shell::word).collect();
            command::effects(&quoted.join(" "), &dir, home)
        }
        _ => Vec::new(),
    }
}

fn of_patch(patch: &str, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let files = patch::touched(patch).into_iter();
    files
        .map(|file| Effect {
            kind: file.kind,
            path: join(dir, &file.path, home),
            names: file.names,
        })
        .collect()
}

fn of_files(kind: Kind, fields: &Map<String, Value>, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let mut effects = Vec::new();
    let mut names = names_of(fields);
    let mut paths: Vec<&str> = PATHS
        .iter()
        .filter_map(|name| fields.get(*name)?.as_str())
        .collect();
    for list in PATH_LISTS
        .iter()
        .filter_map(|name| fields.get(*name)?.as_array())
    {
        paths.extend(
            list.iter()
                .filter_map(|one| one.as_str().or_else(|| text(one.as_object()?, PATHS))),
        );
    }
    for edit in EDITS
        .iter()
        .filter_map(|name| fields.get(*name)?.as_array())
        .flatten()
    {
        let Some(edit) = edit.as_object() else {
            continue;
        };
        match text(edit, PATHS) {
            Some(path) => effects.push(Effect {
                kind,
                path: join(dir, path, home),
                names: names_of(edit),
            }),
            None => names.extend(names_of(edit)),
        }
    }
    effects.extend(paths.into_iter().map(|path| Effect {
        kind,
        path: join(dir, path, home),
        names: if kind == Kind::Write {
            names.clone()
        } else {
            Vec::new()
        },
    }));
    effects
}

fn names_of(fields: &Map<String, Value>) -> Vec<String> {
    let new = text(fields, NEW).unwrap_or_default();
    names_changed(text(fields, OLD).unwrap_or_default(), new)
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
