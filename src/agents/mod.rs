//! Coding agents: the configuration that `agent install` writes for them, and the hook that decides
//! on their tool calls. Pure: no file, no environment.

pub mod hook;
pub mod install;
