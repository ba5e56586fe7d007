//! Env files: read without loss, edited in place, written so that their readers read them back.
//!
//! A `.env` has no standard. This module owns three things:
//!
//! - the **document**, [`EnvFile`]: the text plus spans into it. Any bytes can be read; an edit
//!   changes the bytes of a value and no others, and refuses what it cannot be sure about;
//! - the **encoder**, [`encode()`]: from a value to the text behind `NAME=`, for the readers that a
//!   project names or for as many as possible;
//! - the **readers**, [`Reader`]: what each of two dozen programs makes of a given text, by small
//!   models of them, of a line ([`misreaders()`]) or of a whole file ([`Readings`]), and which of
//!   them a project uses ([`detect_readers`]).
//!
//! Pure: no files, no environment, no clock, nothing printed. No error, no `Debug` and no panic
//! carries a value or a piece of one. All of it is linear in the size of the file.
//!
//! Limits: keys written by others may have any form, but only an [`EnvName`] is ever created; a
//! reference to another variable is never followed; the models follow the versions of the readers
//! that were measured.

mod bytes;
mod change;
mod content;
mod document;
mod edit;
mod encode;
pub mod file_name;
mod losses;
mod parse;
mod problem;
mod proof;
#[cfg(test)]
mod properties;
mod readers;
mod readings;
mod references;
mod shown_name;

pub use self::bytes::QuoteStyle;
pub use self::change::{Edit, EditError, OnMisread, ProofFailure};
pub use self::content::{NotEnvFile, UnreadKind, UnreadLine};
pub use self::document::{Assignment, Duplicate, EnvFile};
pub use self::encode::{EncodeError, Encoded, encode, encode_for_most, misreaders};
pub use self::losses::Losses;
pub use self::problem::{Problem, ProblemKind, Reason};
pub use self::readers::{
    PROJECT_DEPTH, Reader, Readers, UnknownReader, detect_readers, is_project_dir, is_project_file,
};
pub use self::readings::Readings;
pub use self::references::Resolved;
pub use self::shown_name::ShownName;
pub use crate::model::env_name::{EnvName, EnvNameError};
