//! Env files: parsed without loss, edited in place, written so that their readers read them back.
//!
//! A `.env` file has no standard. This module owns four things:
//!
//! - the **document**, [`EnvFile`]: the text, and the spans of its assignments. Any bytes can be
//!   parsed. An edit changes the bytes of a value and no others, and refuses what is ambiguous;
//! - the **encoder**, [`encode()`]: turns a value into the text after `NAME=`, for the readers that
//!   a project names, or for as many readers as possible;
//! - the **readers**, [`Reader`]: models of two dozen programs that read env files. They say what
//!   each program reads on a line ([`misreaders()`]) or in a whole file ([`Readings`]), and
//!   [`detect_readers`] says which of them a project uses;
//! - **judgements** of a document: [`NotEnvFile`], [`UnreadLine`], [`Losses`], [`Resolved`],
//!   [`ShownName`].
//!
//! Layers, each importing only those before it: `bytes`, `problem`, `file_name`; `parse`,
//! `readers`; `encode`; `document`; the judgements, `readings`, `change`; `proof`; `edit`.
//!
//! Pure: no files, no environment, no clock, no output. No error, `Debug` output or panic holds a
//! value or a piece of one. Everything is linear in the size of the file.
//!
//! Limits: names written by others may have any form, but only an [`EnvName`] is ever created. The
//! models follow the versions of the readers that were measured.

mod bytes;
mod change;
mod content;
mod document;
mod edit;
mod encode;
pub mod file_name;
mod losses;
mod lost_lines;
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
pub use self::losses::{Losses, LostAssignment};
pub use self::problem::{Problem, ProblemKind, Reason};
pub use self::readers::{
    PROJECT_DEPTH, Reader, Readers, UnknownReader, detect_readers, is_project_dir, is_project_file,
};
pub use self::readings::Readings;
pub use self::references::Resolved;
pub use self::shown_name::ShownName;
pub use crate::model::env_name::{EnvName, EnvNameError};
