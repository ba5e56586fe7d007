//! The nouns of the program. Everything here is pure: no files, no clock, no environment.
//!
//! The lowest layer: a module here imports only the model.

pub mod description;
pub mod effect;
pub mod entry;
pub mod entry_fault;
pub mod env_name;
pub mod generate;
pub mod key_path;
pub(crate) mod line_ends;
pub mod reach;
pub mod schema;
pub mod seal_error;
pub mod secret;
pub mod shape;
pub mod shell;
pub mod value;
pub mod variables;
pub mod version;
