//! The coding agents whose configuration can be written.

use crate::agents::hook::Agent;

/// A coding agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Claude Code.
    Claude,
    /// OpenAI's Codex.
    Codex,
    /// Cursor.
    Cursor,
    /// Visual Studio Code, and the hook of GitHub Copilot CLI.
    VsCode,
    /// GitHub Copilot CLI.
    Copilot,
    /// Gemini CLI.
    Gemini,
    /// Qwen Code.
    Qwen,
    /// opencode.
    Opencode,
    /// Continue.
    Continue,
    /// Cline.
    Cline,
}

impl Client {
    /// All of them, in the order of the help.
    pub const ALL: [Self; 10] = [
        Self::Claude,
        Self::Codex,
        Self::Cursor,
        Self::VsCode,
        Self::Copilot,
        Self::Gemini,
        Self::Qwen,
        Self::Opencode,
        Self::Continue,
        Self::Cline,
    ];

    /// Returns the name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Claude => "claude",
            Self::Codex => "codex",
            Self::Cursor => "cursor",
            Self::VsCode => "vscode",
            Self::Copilot => "copilot",
            Self::Gemini => "gemini",
            Self::Qwen => "qwen",
            Self::Opencode => "opencode",
            Self::Continue => "continue",
            Self::Cline => "cline",
        }
    }

    /// Returns the name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Claude => "Claude Code",
            Self::Codex => "Codex",
            Self::Cursor => "Cursor",
            Self::VsCode => "VS Code",
            Self::Copilot => "Copilot CLI",
            Self::Gemini => "Gemini CLI",
            Self::Qwen => "Qwen Code",
            Self::Opencode => "opencode",
            Self::Continue => "Continue",
            Self::Cline => "Cline",
        }
    }

    /// Returns the agent that the hook's command names. VS Code and Copilot CLI share one file, so
    /// there the payload says which of them calls.
    pub(super) fn hook_agent(self) -> Option<Agent> {
        match self {
            Self::Claude => Some(Agent::Claude),
            Self::Codex => Some(Agent::Codex),
            Self::Cursor => Some(Agent::Cursor),
            Self::Gemini => Some(Agent::Gemini),
            _ => None,
        }
    }
}
