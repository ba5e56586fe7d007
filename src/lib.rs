//! Keeps a project's secrets in an age-encrypted vault first, and in its `.env` second.
//!
//! # The model
//!
//! A *key path* (`project/<project>/<secret>` or `meta/<provider>/<secret>`) names a *secret*. A
//! secret has *versions*, each an immutable *entry* file in the *vault*, sealed to the vault's own
//! age key. *Members* open that key with their *identities*. A project is *linked* to its *env
//! file*, where each of its secrets has an *assignment*. Every change goes to the vault first,
//! durably, is read back, and goes to the env file only then.
//!
//! # The map
//!
//! Four storeys; a module uses only those below its own.
//!
//! | storey | modules | what it may touch |
//! |---|---|---|
//! | program | `src/bin/secrets/` | arguments, environment, terminal, exit code |
//! | operations | [`ops`] | one verb a file; the order "vault, then env file" |
//! | storage | [`fs`], [`seal`], [`vault`], [`env_disk`], [`config`], [`state`], [`audit`] | files, age |
//! | domain | [`key_path`], [`description`], [`value`], [`entry`], [`env_file`], [`detect`], [`generate`], [`secret`], [`variables`], [`export`], [`forms`], [`mask`], [`scan`], [`schema`], [`shell`], [`hook`], [`agents`], `line_ends` | nothing but memory |
//!
//! [`error`] is shared by all. The library prints nothing, asks nothing and reads no environment.
//! Only `fs` touches files, only `seal` touches age. A secret travels as
//! [`secret::SecretBytes`] from the first byte read to the last written.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::disallowed_methods))]

pub mod agents;
pub mod audit;
pub mod config;
pub mod description;
pub mod detect;
pub mod entry;
pub mod env_disk;
pub mod env_file;
pub mod error;
pub mod export;
pub mod forms;
pub mod fs;
pub mod generate;
pub mod hook;
pub mod key_path;
mod line_ends;
pub mod mask;
pub mod ops;
pub mod scan;
pub mod schema;
pub mod seal;
pub mod secret;
pub mod shell;
pub mod state;
pub mod value;
pub mod variables;
pub mod vault;

pub use error::{Error, Result};

/// Whether a fault was planted here, for the tests that must notice it. Without the feature
/// `planted-faults`, which no release has, this is `false` at compile time.
#[cfg(not(feature = "planted-faults"))]
#[inline(always)]
pub(crate) const fn planted(_fault: &str) -> bool {
    false
}

/// Whether the environment variable `SECRETS_PLANTED_FAULT` names this fault.
#[cfg(feature = "planted-faults")]
#[expect(
    clippy::disallowed_methods,
    reason = "a test double, never in a release"
)]
pub(crate) fn planted(fault: &str) -> bool {
    std::env::var_os("SECRETS_PLANTED_FAULT").is_some_and(|planted| planted == *fault)
}
