//! What `secrets agent install` writes into a coding agent's configuration: an MCP server, a hook
//! before tool calls, and a block of instructions.
//!
//! Pure: texts in, texts out. Each [`Part`] knows its file, how to put itself into the file's text,
//! how to find itself there again, and how to take itself out.
//!
//! Invariants: everything else in a text stays as it is, comments, order and spacing included. A
//! text that cannot be understood, or that has something of another's in the part's place, is
//! refused with its line. Putting a part in twice changes nothing the second time; what a user
//! added to it (flags, an environment) stays.
//!
//! Limits: a list or an object that stood on one line and gets a member is spread over lines. Taken
//! out by [`Part::remove`], a container that was empty before is gone as well; [`Patch`] brings
//! back exactly what was there.

mod json;
mod markdown;
mod patch;
mod toml;

use std::path::{Path, PathBuf};

pub use patch::Patch;

use crate::agents::hook::{Agent, first_words};
use crate::error::line_at;
use crate::model::shell;

/// The name of the MCP server in agents' configurations.
pub const SERVER: &str = "secrets";

/// The agents whose configuration can be written. `VsCode` includes the hook of GitHub Copilot CLI.
pub const AGENTS: [Agent; 5] = [
    Agent::Claude,
    Agent::Codex,
    Agent::Cursor,
    Agent::VsCode,
    Agent::Gemini,
];

/// Where the user's own configurations of agents are.
#[derive(Debug, Clone)]
pub struct Places {
    /// The home directory.
    pub home: PathBuf,
    /// The directory for configurations.
    pub config: PathBuf,
    /// `CLAUDE_CONFIG_DIR`.
    pub claude: Option<PathBuf>,
    /// `CODEX_HOME`.
    pub codex: Option<PathBuf>,
    /// `COPILOT_HOME`.
    pub copilot: Option<PathBuf>,
}

/// For whom a part is installed.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'p> {
    /// For everything that the user does.
    User(&'p Places),
    /// For whoever works in a project's directory.
    Project(&'p Path),
}

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// The entry of the MCP server.
    Mcp,
    /// The hook before tool calls.
    Hook,
    /// The block of instructions.
    Instructions,
}

/// Something that is put into a file of an agent's.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is.
    pub what: What,
    /// In which file.
    pub file: PathBuf,
    agent: Agent,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    JsonServer { list: &'static str, typed: bool },
    JsonHook(json::Hook),
    TomlServer,
    TomlHook { matcher: &'static str },
    Block { head: &'static str },
}

/// Why a text is left as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: String,
}

impl Refusal {
    fn new(line: usize, problem: impl Into<String>) -> Self {
        Self {
            line,
            problem: problem.into(),
        }
    }
}

const CLAUDE_TOOLS: &str = "Bash|Edit|MultiEdit|NotebookEdit|Write|Read|Grep|mcp__.*";
const CODEX_TOOLS: &str = "Bash|apply_patch|mcp__.*";
const CURSOR_TOOLS: &str = "Shell|Write|StrReplace|Edit|EditNotebook|ApplyPatch|Delete|Grep|MCP:.*";
const GEMINI_TOOLS: &str = "run_shell_command|write_file|replace|read_file|read_many_files|search_file_content|grep_search|mcp_.*";

/// The parts of an agent's configuration, in the order in which they are installed. Of several
/// hooks only one is: that which is there already, else the last one whose file exists.
pub fn parts(agent: Agent, scope: Scope<'_>) -> Vec<Part> {
    let part = |what, file: PathBuf, form| Part {
        what,
        file,
        agent,
        form,
    };
    let server = |list, typed| Form::JsonServer { list, typed };
    let group = |event, matcher, timeout, name| {
        Form::JsonHook(json::Hook::Group {
            event,
            matcher,
            timeout,
            name,
        })
    };
    let block = Form::Block { head: "" };
    match agent {
        Agent::Claude => {
            let (mcp, dir, file) = match scope {
                Scope::User(places) => {
                    let dir = places.claude.clone();
                    let mcp = dir.as_ref().unwrap_or(&places.home).join(".claude.json");
                    let dir = dir.unwrap_or_else(|| places.home.join(".claude"));
                    let file = dir.join("CLAUDE.md");
                    (mcp, dir, file)
                }
                Scope::Project(dir) => (
                    dir.join(".mcp.json"),
                    dir.join(".claude"),
                    dir.join("CLAUDE.md"),
                ),
            };
            vec![
                part(What::Mcp, mcp, server("mcpServers", true)),
                part(
                    What::Hook,
                    dir.join("settings.json"),
                    group("PreToolUse", CLAUDE_TOOLS, 10, false),
                ),
                part(What::Instructions, file, block),
            ]
        }
        Agent::Codex => {
            let (dir, file) = match scope {
                Scope::User(places) => {
                    let dir = places.codex.clone();
                    let dir = dir.unwrap_or_else(|| places.home.join(".codex"));
                    let file = dir.join("AGENTS.md");
                    (dir, file)
                }
                Scope::Project(dir) => (dir.join(".codex"), dir.join("AGENTS.md")),
            };
            let toml = dir.join("config.toml");
            vec![
                part(What::Mcp, toml.clone(), Form::TomlServer),
                part(
                    What::Hook,
                    toml,
                    Form::TomlHook {
                        matcher: CODEX_TOOLS,
                    },
                ),
                part(
                    What::Hook,
                    dir.join("hooks.json"),
                    group("PreToolUse", CODEX_TOOLS, 10, false),
                ),
                part(What::Instructions, file, block),
            ]
        }
        Agent::Cursor => {
            let dir = match scope {
                Scope::User(places) => places.home.join(".cursor"),
                Scope::Project(dir) => dir.join(".cursor"),
            };
            let mut parts = vec![
                part(What::Mcp, dir.join("mcp.json"), server("mcpServers", false)),
                part(
                    What::Hook,
                    dir.join("hooks.json"),
                    Form::JsonHook(json::Hook::Flat {
                        events: &[("preToolUse", Some(CURSOR_TOOLS)), ("beforeReadFile", None)],
                        typed: false,
                    }),
                ),
            ];
            // The user's own rules are in Cursor's settings, in no file.
            if let Scope::Project(dir) = scope {
                parts.push(part(What::Instructions, dir.join("AGENTS.md"), block));
            }
            parts
        }
        Agent::VsCode | Agent::Copilot => {
            let (mcp, hook, file, block) = match scope {
                Scope::User(places) => {
                    let copilot = places.copilot.clone();
                    let copilot = copilot.unwrap_or_else(|| places.home.join(".copilot"));
                    (
                        places.config.join("Code/User/mcp.json"),
                        copilot.join("hooks/secrets.json"),
                        copilot.join("instructions/secrets.instructions.md"),
                        Form::Block {
                            head: "---\napplyTo: '**'\n---\n\n",
                        },
                    )
                }
                Scope::Project(dir) => (
                    dir.join(".vscode/mcp.json"),
                    dir.join(".github/hooks/secrets.json"),
                    dir.join("AGENTS.md"),
                    block,
                ),
            };
            vec![
                part(What::Mcp, mcp, server("servers", true)),
                part(
                    What::Hook,
                    hook,
                    Form::JsonHook(json::Hook::Flat {
                        events: &[("preToolUse", None)],
                        typed: true,
                    }),
                ),
                part(What::Instructions, file, block),
            ]
        }
        Agent::Gemini => {
            let (dir, file) = match scope {
                Scope::User(places) => {
                    let dir = places.home.join(".gemini");
                    let file = dir.join("GEMINI.md");
                    (dir, file)
                }
                Scope::Project(dir) => (dir.join(".gemini"), dir.join("GEMINI.md")),
            };
            let settings = dir.join("settings.json");
            vec![
                part(What::Mcp, settings.clone(), server("mcpServers", false)),
                part(
                    What::Hook,
                    settings,
                    // Gemini CLI counts milliseconds.
                    group("BeforeTool", GEMINI_TOOLS, 10_000, true),
                ),
                part(What::Instructions, file, block),
            ]
        }
    }
}

impl Part {
    /// The text with this part in it; the same text if it is there as it would be written.
    pub fn install(&self, text: &str, program: &str) -> Result<String, Refusal> {
        let hook = self.hook_command(program);
        behind_mark(text, |text| match &self.form {
            Form::JsonServer { list, typed } => json::install_server(text, list, *typed, program),
            Form::JsonHook(form) => json::install_hook(text, form, &hook),
            Form::TomlServer => toml::install_server(text, program),
            Form::TomlHook { matcher } => toml::install_hook(text, matcher, &hook),
            Form::Block { head } => markdown::install(text, head),
        })
    }

    /// The text without this part; the same text if it is not there.
    pub fn remove(&self, text: &str) -> Result<String, Refusal> {
        behind_mark(text, |text| match &self.form {
            Form::JsonServer { list, .. } => json::remove_server(text, list),
            Form::JsonHook(form) => json::remove_hook(text, form),
            Form::TomlServer => toml::remove_server(text),
            Form::TomlHook { .. } => toml::remove_hook(text),
            Form::Block { .. } => markdown::remove(text),
        })
    }

    /// Whether nothing is left in a text but what installing into an absent file would have made.
    pub fn is_blank(&self, text: &str) -> bool {
        match &self.form {
            Form::JsonServer { .. } | Form::JsonHook(_) => json::is_blank(text),
            Form::TomlServer | Form::TomlHook { .. } => text.trim().is_empty(),
            Form::Block { head } => text.trim().is_empty() || text.trim() == head.trim(),
        }
    }

    /// The command line of the hook, as a shell runs it.
    fn hook_command(&self, program: &str) -> String {
        let program = shell::word(program);
        // One file serves VS Code and Copilot CLI: the payload tells them apart.
        match self.agent {
            Agent::VsCode | Agent::Copilot => format!("{program} hook"),
            agent => format!("{program} hook --agent {}", agent.name()),
        }
    }
}

/// Edits what follows a byte order mark, which some editors write and no parser of JSON takes.
fn behind_mark(
    text: &str,
    edit: impl FnOnce(&str) -> Result<String, Refusal>,
) -> Result<String, Refusal> {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => edit(rest).map(|edited| format!("\u{feff}{edited}")),
        None => edit(text),
    }
}

/// Whether a path is one of this program.
fn is_program(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name == "secrets" || name.eq_ignore_ascii_case("secrets.exe")
}

/// Whether a command line runs this program's hook.
fn is_hook(command: &str) -> bool {
    match first_words(command).as_slice() {
        [program, verb, ..] => is_program(program) && verb == "hook",
        _ => false,
    }
}

/// Whether a server's command and first argument are this program's MCP server.
fn is_server(command: &str, first: Option<&str>) -> bool {
    is_program(command) && first == Some("mcp")
}

#[cfg(test)]
mod tests;
