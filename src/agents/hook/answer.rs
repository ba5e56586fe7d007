//! The answer in the form that each agent reads.
//!
//! | agent | refused | no opinion |
//! |---|---|---|
//! | Claude Code, Codex, VS Code | `hookSpecificOutput` with `permissionDecision: "deny"` | nothing |
//! | Cursor | `permission: "deny"` with a message for the user and one for the agent | `permission: "allow"` |
//! | Gemini CLI | `decision: "deny"` | `{}` |
//! | Copilot CLI | `permissionDecision: "deny"` | nothing |
//!
//! Cursor takes an answer without `permission` for a broken hook and blocks the tool; the others
//! would take an `allow` for leave to skip their own question to the user, so they get none.

use serde_json::json;

use super::call::Agent;

/// The answer for standard output; empty for none.
pub fn answer(agent: Agent, refused: Option<&str>) -> String {
    let answer = match (agent, refused) {
        (Agent::Claude | Agent::Codex | Agent::VsCode, Some(reason)) => json!({
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": reason,
            }
        }),
        (Agent::Cursor, Some(reason)) => json!({
            "permission": "deny",
            "user_message": reason,
            "agent_message": reason,
        }),
        (Agent::Cursor, None) => json!({ "permission": "allow" }),
        (Agent::Gemini, Some(reason)) => json!({ "decision": "deny", "reason": reason }),
        (Agent::Gemini, None) => json!({}),
        (Agent::Copilot, Some(reason)) => json!({
            "permissionDecision": "deny",
            "permissionDecisionReason": reason,
        }),
        (Agent::Claude | Agent::Codex | Agent::VsCode | Agent::Copilot, None) => {
            return String::new();
        }
    };
    format!("{answer}\n")
}
