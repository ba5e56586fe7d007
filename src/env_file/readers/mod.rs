//! The programs that read env files: their names ([`Reader`]), what each makes of a text
//! (`models`), and which of them a project uses (`detect`).
//!
//! Pure, and independent of the document: a model takes the bytes of a file.

mod detect;
pub(super) mod models;
mod reader;

pub use self::detect::{PROJECT_DEPTH, detect_readers, is_project_dir, is_project_file};
pub use self::reader::{Reader, Readers, UnknownReader};
