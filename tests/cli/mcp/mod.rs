//! `secrets mcp`, from the outside: messages of the protocol over pipes, and the official clients.
//!
//! Every value is a canary: it may turn up in the answer to `get_secret` and nowhere else, neither in
//! other messages nor on standard error nor in any file but the env file.

mod asking;
mod browser;
mod clients;
mod eras;
mod killed;
mod many;
mod mistakes;
mod policy;
mod session;
mod tools;
