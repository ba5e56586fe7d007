//! Coding agents, with the whole program: their configuration, and the hook that they run.

mod hook;
mod install;
mod table;
