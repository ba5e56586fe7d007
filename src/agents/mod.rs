//! Coding agents: what `agent install` writes into their configurations, and what the hook decides
//! about their tool calls. Pure.

pub mod hook;
pub mod install;
