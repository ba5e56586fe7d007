//! Bytes on disk: files, age, the vault, env files, the configuration, this machine's memory and
//! the audit trail.
//!
//! Only [`fs`] touches files, only [`seal`] uses age.

pub mod audit;
pub mod config;
pub mod env_disk;
pub mod fs;
pub mod seal;
pub mod state;
pub mod vault;
