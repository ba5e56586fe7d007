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

/// Plants a fault where the crash rigs want one; see `tests/crash`. Nothing without the feature
/// `failpoints`, which no release has.
#[cfg(not(feature = "failpoints"))]
macro_rules! fail_point {
    ($($fault:tt)*) => {};
}
#[cfg(feature = "failpoints")]
pub(crate) use fail::fail_point;
#[cfg(not(feature = "failpoints"))]
pub(crate) use fail_point;

pub mod agents;
pub mod env_file;
pub mod error;
pub mod export;
pub mod leaks;
pub mod model;
pub mod ops;
pub mod storage;

pub use error::{Error, Result};
