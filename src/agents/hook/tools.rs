//! The tools of coding agents: what each does to the files that it is called with.
//!
//! One table serves all agents: no two use one name for different things.

use serde_json::{Map, Value};

use super::command;
use super::effect::{Effect, Kind, join};
use super::glob::unfold;
use super::names::names_changed;
use super::patch;
use super::search::{Extent, Search, Syntax};

/// What kind of tool a name stands for.
enum Tool {
    Shell,
    Write,
    Delete,
    Read,
    Search,
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
        | "readmultiplefiles" | "view" | "viewfile" | "openfile" | "getfilecontents" => Tool::Read,
        "grep" | "rg" | "grepsearch" | "searchfilecontent" => Tool::Search,
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

/// The text of the first of these fields that is one.
pub(super) fn text<'v>(fields: &'v Map<String, Value>, names: &[&str]) -> Option<&'v str> {
    names.iter().find_map(|name| fields.get(*name)?.as_str())
}

/// What a tool does that is called with these arguments.
pub(super) fn of_tool(tool: &str, input: &Value, dir: &str, home: Option<&str>) -> Vec<Effect> {
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
        Tool::Search => of_search(fields, dir, home),
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
            let quoted: Vec<String> = words.map(crate::model::shell::word).collect();
            command::effects(&quoted.join(" "), &dir, home)
        }
        _ => Vec::new(),
    }
}

fn of_patch(patch: &str, dir: &str, home: Option<&str>) -> Vec<Effect> {
    let files = patch::touched(patch).into_iter();
    files
        .map(|file| Effect::new(file.kind, join(dir, &file.path, home)).naming(file.names))
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
            Some(path) => {
                effects.push(Effect::new(kind, join(dir, path, home)).naming(names_of(edit)));
            }
            None => names.extend(names_of(edit)),
        }
    }
    if kind != Kind::Write {
        names.clear();
    }
    effects.extend(
        paths
            .into_iter()
            .map(|path| Effect::new(kind, join(dir, path, home)).naming(names.clone())),
    );
    effects
}

/// A search tool passes over what git ignores, and so over env files, unless it is given the file
/// itself, or a pattern of names that begins like one.
fn of_search(fields: &Map<String, Value>, dir: &str, home: Option<&str>) -> Vec<Effect> {
    if matches!(
        text(fields, &["output_mode", "outputMode"]),
        Some("files_with_matches" | "count")
    ) {
        return Vec::new();
    }
    let mut effects = of_files(Kind::Read, fields, dir, home);
    let names = text(fields, &["glob", "include", "includePattern"]).unwrap_or_default();
    let names = unfold(names.rsplit('/').next().unwrap_or(names));
    let pattern = text(fields, &["pattern", "query"]);
    if let Some(pattern) = pattern.filter(|_| names.iter().any(|name| name.starts_with(".e"))) {
        let syntax = match fields.get("isRegexp") {
            Some(Value::Bool(false)) => Syntax::Fixed,
            _ => Syntax::Extended,
        };
        let is_set = |name: &str| fields.get(name).and_then(Value::as_bool);
        let search = Search::new(pattern, syntax, Extent::Anywhere)
            .ignoring_case(is_set("-i").unwrap_or(true))
            .among(names, Vec::new());
        let below = join(dir, text(fields, PATHS).unwrap_or("."), home);
        effects.push(Effect::searching(below, search));
    }
    effects
}

fn names_of(fields: &Map<String, Value>) -> Vec<String> {
    let new = text(fields, NEW).unwrap_or_default();
    names_changed(text(fields, OLD).unwrap_or_default(), new)
}
