//! Where coding agents keep what was said, run and read in their sessions.
//!
//! Each has a directory below the home directory, which a variable of its own can move. What is
//! named here are the parts that hold sessions, not the agents' programs and caches.
//!
//! Limits: Cursor and Copilot keep a part in SQLite databases, in which a longer text is cut into
//! pages: a value that is cut in two there is not found. Codex can compress old sessions.

use std::path::PathBuf;

use secrets::ops::scan::Transcripts;

use crate::environment;

struct Agent {
    name: &'static str,
    /// The variable that moves its directory.
    variable: Option<&'static str>,
    /// What follows the variable's directory to its own.
    below: &'static str,
    /// Its directory, below the home directory.
    home: &'static str,
    /// What is looked at in it.
    parts: &'static [&'static str],
    /// What is looked at below the directory where the system keeps configurations.
    config: &'static [&'static str],
}

const AGENTS: &[Agent] = &[
    Agent {
        name: "Claude Code",
        variable: Some("CLAUDE_CONFIG_DIR"),
        below: "",
        home: ".claude",
        parts: &[
            "projects",
            "history.jsonl",
            "file-history",
            "paste-cache",
            "shell-snapshots",
            "todos",
            "debug",
        ],
        config: &[],
    },
    Agent {
        name: "Codex",
        variable: Some("CODEX_HOME"),
        below: "",
        home: ".codex",
        parts: &[
            "sessions",
            "archived_sessions",
            "history.jsonl",
            "shell_snapshots",
            "log",
        ],
        config: &[],
    },
    Agent {
        name: "Cursor",
        variable: None,
        below: "",
        home: ".cursor",
        parts: &["projects", "chats", "prompt_history.json"],
        config: &[
            "Cursor/User/globalStorage",
            "Cursor/User/workspaceStorage",
            "Cursor/User/History",
        ],
    },
    Agent {
        name: "Gemini CLI",
        variable: Some("GEMINI_CLI_HOME"),
        below: ".gemini",
        home: ".gemini",
        parts: &["tmp", "history"],
        config: &[],
    },
    Agent {
        name: "Copilot",
        variable: Some("COPILOT_HOME"),
        below: "",
        home: ".copilot",
        parts: &[
            "session-state",
            "history-session-state",
            "session-store.db",
            "command-history-state.json",
            "logs",
        ],
        config: &[
            "Code/User/workspaceStorage",
            "Code/User/globalStorage/emptyWindowChatSessions",
            "Code/User/globalStorage/github.copilot-chat",
        ],
    },
];

/// All places that there may be.
pub(crate) fn all() -> Vec<Transcripts> {
    let home = environment::home();
    let config = dirs::config_dir();
    let mut all = Vec::new();
    for agent in AGENTS {
        let moved = agent.variable.and_then(environment::path);
        let own = moved
            .map(|dir| dir.join(agent.below))
            .or_else(|| home.as_ref().map(|home| home.join(agent.home)));
        let below = |base: &Option<PathBuf>, parts: &[&str]| -> Vec<Transcripts> {
            let paths = base
                .iter()
                .flat_map(|base| parts.iter().map(|part| base.join(part)));
            paths
                .map(|path| Transcripts {
                    agent: agent.name,
                    path,
                })
                .collect()
        };
        all.extend(below(&own, agent.parts));
        all.extend(below(&config, agent.config));
    }
    all
}
