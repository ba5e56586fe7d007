//! The configuration that `secrets agent install` writes for a coding agent: an MCP server, a
//! pre-tool hook and a block of instructions.
//!
//! Pure: text in, text out. A [`Part`] knows its file and how to insert itself into the file's text,
//! find itself again and remove itself.
//!
//! Invariants: everything else in the text is kept, including comments, order and spacing. A text
//! that does not parse, or that has a foreign entry in the part's place, is refused with its line
//! number. Installing a part twice changes nothing the second time. Whatever a user added to a part
//! (flags, an environment) is kept.
//!
//! Limits: an empty list or object on one line is spread over several lines when it gets a member.
//! [`Part::remove`] also removes a container that was empty before; [`Patch`] restores the exact
//! bytes.

mod client;
mod json;
mod markdown;
mod patch;
mod setup;
mod toml;

use std::path::{Path, PathBuf};

pub use client::Client;
pub use patch::Patch;
pub use setup::Setup;

use self::json::Shape;
use self::setup::hook_words;
use crate::error::line_at;

/// The usual name of the MCP server in agents' configurations.
pub const SERVER: &str = "secrets";

/// The directories that hold the user's own agent configurations.
#[derive(Debug, Clone)]
pub struct Places {
    /// The home directory.
    pub home: PathBuf,
    /// The user's configuration directory.
    pub config: PathBuf,
    /// `CLAUDE_CONFIG_DIR`.
    pub claude: Option<PathBuf>,
    /// `CODEX_HOME`.
    pub codex: Option<PathBuf>,
    /// `COPILOT_HOME`.
    pub copilot: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config: Option<PathBuf>,
}

/// Where a part is installed.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'p> {
    /// In the user's own configuration, for all projects.
    User(&'p Places),
    /// In a project's directory, for everybody who works there.
    Project(&'p Path),
}

/// The kind of a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PartKind {
    /// The MCP server's entry.
    Mcp,
    /// The pre-tool hook.
    Hook,
    /// The block of instructions.
    Instructions,
}

/// An entry in one of an agent's configuration files.
#[derive(Debug, Clone)]
pub struct Part {
    /// The kind of entry.
    pub kind: PartKind,
    /// The file that holds it.
    pub file: PathBuf,
    client: Client,
    form: Form,
}

#[derive(Debug, Clone)]
enum Form {
    JsonServer { list: &'static str, shape: Shape },
    JsonHook(json::Hook),
    TomlServer,
    TomlHook { matcher: &'static str },
    Block { head: &'static str },
}

/// The reason a text was not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line number, from 1.
    pub line: usize,
    /// The problem with that line.
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

/// Returns the parts of an agent's configuration in installation order.
///
/// If several parts are hooks, the caller installs one of them: the one that is already there, else
/// the last one whose file exists, else the first.
pub fn parts(client: Client, scope: Scope<'_>) -> Vec<Part> {
    let part = |kind, file: PathBuf, form| Part {
        kind,
        file,
        client,
        form,
    };
    let server = |list, shape| Form::JsonServer { list, shape };
    let group = |event, matcher, timeout, name| {
        Form::JsonHook(json::Hook::Group {
            event,
            matcher,
            timeout,
            name,
        })
    };
    let block = Form::Block { head: "" };
    match client {
        Client::Claude => {
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
                part(PartKind::Mcp, mcp, server("mcpServers", Shape::Typed)),
                part(
                    PartKind::Hook,
                    dir.join("settings.json"),
                    group("PreToolUse", CLAUDE_TOOLS, 10, false),
                ),
                part(PartKind::Instructions, file, block),
            ]
        }
        Client::Codex => {
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
                part(PartKind::Mcp, toml.clone(), Form::TomlServer),
                part(
                    PartKind::Hook,
                    toml,
                    Form::TomlHook {
                        matcher: CODEX_TOOLS,
                    },
                ),
                part(
                    PartKind::Hook,
                    dir.join("hooks.json"),
                    group("PreToolUse", CODEX_TOOLS, 10, false),
                ),
                part(PartKind::Instructions, file, block),
            ]
        }
        Client::Cursor => {
            let dir = match scope {
                Scope::User(places) => places.home.join(".cursor"),
                Scope::Project(dir) => dir.join(".cursor"),
            };
            let mut parts = vec![
                part(
                    PartKind::Mcp,
                    dir.join("mcp.json"),
                    server("mcpServers", Shape::Plain),
                ),
                part(
                    PartKind::Hook,
                    dir.join("hooks.json"),
                    Form::JsonHook(json::Hook::Flat {
                        events: &[("preToolUse", Some(CURSOR_TOOLS)), ("beforeReadFile", None)],
                        shells: false,
                    }),
                ),
            ];
            // Cursor keeps the user's own rules in its settings, not in a file.
            if let Scope::Project(dir) = scope {
                parts.push(part(PartKind::Instructions, dir.join("AGENTS.md"), block));
            }
            parts
        }
        Client::VsCode | Client::Copilot => {
            let (mcp, hook, file, block) = match scope {
                Scope::User(places) => {
                    let copilot = places.copilot.clone();
                    let copilot = copilot.unwrap_or_else(|| places.home.join(".copilot"));
                    let mcp = match client {
                        Client::Copilot => copilot.join("mcp-config.json"),
                        _ => places.vscode_user().join("mcp.json"),
                    };
                    (
                        mcp,
                        copilot.join("hooks/secrets.json"),
                        copilot.join("instructions/secrets.instructions.md"),
                        Form::Block {
                            head: "---\napplyTo: '**'\n---\n\n",
                        },
                    )
                }
                Scope::Project(dir) => (
                    match client {
                        Client::Copilot => dir.join(".github/mcp.json"),
                        _ => dir.join(".vscode/mcp.json"),
                    },
                    dir.join(".github/hooks/secrets.json"),
                    dir.join("AGENTS.md"),
                    block,
                ),
            };
            let server = match client {
                Client::Copilot => server("mcpServers", Shape::Copilot),
                _ => server("servers", Shape::Typed),
            };
            vec![
                part(PartKind::Mcp, mcp, server),
                part(
                    PartKind::Hook,
                    hook,
                    Form::JsonHook(json::Hook::Flat {
                        events: &[("preToolUse", None)],
                        shells: true,
                    }),
                ),
                part(PartKind::Instructions, file, block),
            ]
        }
        Client::Gemini => {
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
                part(
                    PartKind::Mcp,
                    settings.clone(),
                    server("mcpServers", Shape::Plain),
                ),
                part(
                    PartKind::Hook,
                    settings,
                    // Gemini CLI measures timeouts in milliseconds.
                    group("BeforeTool", GEMINI_TOOLS, 10_000, true),
                ),
                part(PartKind::Instructions, file, block),
            ]
        }
        Client::Qwen => {
            let (dir, file) = match scope {
                Scope::User(places) => {
                    let dir = places.home.join(".qwen");
                    let file = dir.join("QWEN.md");
                    (dir, file)
                }
                Scope::Project(dir) => (dir.join(".qwen"), dir.join("QWEN.md")),
            };
            let settings = dir.join("settings.json");
            vec![
                part(PartKind::Mcp, settings, server("mcpServers", Shape::Plain)),
                part(PartKind::Instructions, file, block),
            ]
        }
        Client::Opencode => {
            let dir = match scope {
                Scope::User(places) => places.xdg_config().join("opencode"),
                Scope::Project(dir) => dir.to_owned(),
            };
            vec![
                part(
                    PartKind::Mcp,
                    dir.join("opencode.json"),
                    server("mcp", Shape::Opencode),
                ),
                part(PartKind::Instructions, dir.join("AGENTS.md"), block),
            ]
        }
        Client::Continue => {
            let dir = match scope {
                Scope::User(places) => places.home.join(".continue"),
                Scope::Project(dir) => dir.join(".continue"),
            };
            vec![
                part(
                    PartKind::Mcp,
                    dir.join("mcpServers/secrets.json"),
                    server("mcpServers", Shape::Plain),
                ),
                part(PartKind::Instructions, dir.join("rules/secrets.md"), block),
            ]
        }
        Client::Cline => match scope {
            Scope::User(places) => vec![
                part(
                    PartKind::Mcp,
                    places
                        .vscode_user()
                        .join("globalStorage/saoudrizwan.claude-dev/settings")
                        .join("cline_mcp_settings.json"),
                    server("mcpServers", Shape::Plain),
                ),
                part(
                    PartKind::Instructions,
                    places.home.join("Documents/Cline/Rules/secrets.md"),
                    block,
                ),
            ],
            // Cline has no servers of a project.
            Scope::Project(dir) => vec![part(
                PartKind::Instructions,
                dir.join(".clinerules/secrets.md"),
                block,
            )],
        },
    }
}

impl Places {
    /// VS Code's directory of the user.
    fn vscode_user(&self) -> PathBuf {
        self.config.join("Code/User")
    }

    /// The directory of programs that follow the XDG rules on every system.
    fn xdg_config(&self) -> PathBuf {
        self.xdg_config
            .clone()
            .unwrap_or_else(|| self.home.join(".config"))
    }
}

impl Part {
    /// Returns the text with this part inserted or updated.
    pub fn install(&self, text: &str, setup: &Setup) -> Result<String, Refusal> {
        let agent = self.client.hook_agent().map(|agent| agent.name());
        let hook = |old: Option<&str>| setup.hook_command(agent, old);
        after_bom(text, |text| match &self.form {
            Form::JsonServer { list, shape } => json::install_server(text, list, *shape, setup),
            Form::JsonHook(form) => {
                let powershell = |old: Option<&str>| setup.powershell(agent, old);
                json::install_hook(text, form, &hook, &powershell)
            }
            Form::TomlServer => toml::install_server(text, setup),
            Form::TomlHook { matcher } => toml::install_hook(text, matcher, &hook),
            Form::Block { head } => markdown::install(text, head),
        })
    }

    /// Returns the text without this part.
    pub fn remove(&self, text: &str) -> Result<String, Refusal> {
        after_bom(text, |text| match &self.form {
            Form::JsonServer { list, .. } => json::remove_server(text, list),
            Form::JsonHook(form) => json::remove_hook(text, form),
            Form::TomlServer => toml::remove_server(text),
            Form::TomlHook { .. } => toml::remove_hook(text),
            Form::Block { .. } => markdown::remove(text),
        })
    }

    /// Returns the program that this part starts, if the text has it.
    pub fn program(&self, text: &str) -> Option<String> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        match &self.form {
            Form::JsonServer { list, .. } => json::server_program(text, list),
            Form::JsonHook(form) => json::hook_program(text, form),
            Form::TomlServer => toml::server_program(text),
            Form::TomlHook { .. } => toml::hook_program(text),
            Form::Block { .. } => None,
        }
    }

    /// Returns why the agent does not act on this part of a text, although it is there.
    pub fn ignored(&self, text: &str) -> Option<Refusal> {
        match (&self.form, self.client) {
            (Form::JsonServer { .. }, Client::Claude) => json::not_strict(text),
            (Form::JsonHook(_), Client::Claude) => {
                json::not_strict(text).or_else(|| json::hooks_disabled(text))
            }
            (Form::TomlServer | Form::TomlHook { .. }, Client::Codex) => match self.kind {
                PartKind::Hook => toml::hooks_disabled(text),
                _ => None,
            },
            _ => None,
        }
    }

    /// Reports whether the agent runs the hook only after the user has trusted it, and `text`, the
    /// agent's main configuration, says nothing of that.
    pub fn is_untrusted(&self, text: &str) -> bool {
        self.client == Client::Codex
            && self.kind == PartKind::Hook
            && !toml::is_trusted(text, &self.file)
    }

    /// Reports whether a text holds nothing except the frame that `install` writes into a new file.
    pub fn is_blank(&self, text: &str) -> bool {
        match &self.form {
            Form::JsonServer { .. } | Form::JsonHook(_) => json::is_blank(text),
            Form::TomlServer | Form::TomlHook { .. } => text.trim().is_empty(),
            Form::Block { head } => text.trim().is_empty() || text.trim() == head.trim(),
        }
    }
}

/// Applies an edit after a byte order mark, which some editors write and JSON parsers reject.
fn after_bom(
    text: &str,
    edit: impl FnOnce(&str) -> Result<String, Refusal>,
) -> Result<String, Refusal> {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => edit(rest).map(|edited| format!("\u{feff}{edited}")),
        None => edit(text),
    }
}

/// Reports whether a path names this program.
fn is_program(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name == "secrets" || name.eq_ignore_ascii_case("secrets.exe")
}

/// Reports whether a command line runs this program's hook.
fn is_hook(command: &str) -> bool {
    hook_words(command).is_some()
}

/// Splits a server's arguments at `mcp`: global options before it, the server's own after it.
fn server_args(args: &[String]) -> Option<(&[String], &[String])> {
    let at = args.iter().position(|arg| arg == "mcp")?;
    Some((&args[..at], &args[at + 1..]))
}

/// Reports whether a command and its arguments start this program's MCP server.
fn is_server(command: &str, args: &[String]) -> bool {
    is_program(command) && server_args(args).is_some()
}

#[cfg(test)]
mod tests;
