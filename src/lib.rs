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
//! Layers, from the bottom up. A module imports only from layers below its own; `tests/library/layers.rs`
//! reads the imports and holds the law.
//!
//! | layer | modules | may touch |
//! |---|---|---|
//! | [`model`] | the nouns: key paths, descriptions, values, secrets, entries, recipes | memory |
//! | [`env_file`] | the env file engine: read, edit, encode, prove | memory |
//! | [`leaks`] | what finds secrets where they must not be | memory |
//! | [`export`] | variables in the language of one consumer | memory |
//! | [`agents`] | coding agents' configurations, and the hook's decisions | memory |
//! | [`storage`] | files, age, the vault, env files on disk, configuration, memory, audit trail | files, age |
//! | [`ops`] | one verb a file; the order "vault, then env file" | storage, clock, randomness |
//! | program | `src/bin/secrets/` | arguments, environment, terminal, processes, exit code |
//!
//! [`error`] is shared by all layers above the model and the env file engine. The library prints
//! nothing, asks nothing and reads no environment. Only [`storage::fs`] touches files, only
//! [`storage::seal`] uses age. A secret travels as [`model::secret::SecretBytes`] from the first
//! byte read to the last written.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::disallowed_methods))]

pub mod agents;
pub mod env_file;
pub mod error;
pub mod export;
pub mod leaks;
pub mod model;
pub mod ops;
pub mod storage;

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
