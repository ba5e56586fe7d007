//! The parts that an edit is made of: [`Edit`], its [`Patch`]es, and [`EditError`].
//!
//! A leaf of its own, so that the composer (`edit`) and the proof (`proof`) need not import each
//! other.

use std::ops::Range;

use super::document::EnvFile;
use super::encode::EncodeError;
use super::problem::Reason;
use super::readers::{Reader, Readers};
use crate::model::env_name::EnvName;
use crate::model::secret::SecretBytes;

/// One change to an env file.
#[derive(Clone, Copy, Debug)]
pub enum Edit<'a> {
    /// Gives a variable this value in every live assignment, or in a new one at the end.
    Set {
        /// The variable.
        name: &'a EnvName,
        /// Its value.
        value: &'a SecretBytes,
    },
    /// Restores a value that the variable had before, in the bytes that its author wrote.
    ///
    /// If the last live assignment has the value, all assignments of the name stay as they are,
    /// even if some reader would follow a reference in them. Otherwise each assignment gets the
    /// text that `earlier` has for the value, and if it has none, the text that [`Edit::Set`]
    /// would write.
    Restore {
        /// The variable.
        name: &'a EnvName,
        /// Its value.
        value: &'a SecretBytes,
        /// A document that may have the value as its author wrote it.
        earlier: Option<&'a EnvFile>,
    },
    /// Removes every live assignment of a variable, with its lines.
    Remove {
        /// The variable.
        name: &'a EnvName,
    },
}

impl Edit<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Edit::Set { name, .. } | Edit::Restore { name, .. } | Edit::Remove { name } => {
                name.as_str()
            }
        }
    }

    /// The value that the variable gets; `None` if it is removed.
    pub(super) fn value(&self) -> Option<&SecretBytes> {
        match self {
            Edit::Set { value, .. } | Edit::Restore { value, .. } => Some(value),
            Edit::Remove { .. } => None,
        }
    }

    /// The texts that an author wrote for this value, in the earlier document.
    pub(super) fn written(&self, readers: &Readers) -> Vec<&[u8]> {
        let Edit::Restore {
            name,
            value,
            earlier: Some(earlier),
        } = self
        else {
            return Vec::new();
        };
        earlier
            .assignments()
            .filter(|one| one.name() == name.as_str() && one.reads_as(value, readers))
            .map(|one| one.raw())
            .collect()
    }
}

/// What to do with a value that some named reader misreads in every form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum OnMisread {
    /// Refuses the edit.
    #[default]
    Refuse,
    /// Writes it in the form that most readers understand.
    Allow,
}

/// One span of the old text and the text that replaces it.
pub(super) struct Patch {
    pub(super) old: Range<usize>,
    pub(super) new: SecretBytes,
    /// The index of the edit, if the new text is a value.
    pub(super) set: Option<usize>,
}

/// A new text, and the span of each patch in it.
pub(super) type Composed = (SecretBytes, Vec<Range<usize>>);

/// Why an edit was refused. Nothing was changed.
///
/// The message does not name the line: the caller prints the file and the [`line`](Self::line)
/// before it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// Readers disagree about the text where the variable is or may be.
    Uncertain {
        /// The variable.
        name: String,
        /// The line where the disagreement begins.
        line: usize,
        /// The reason.
        reason: Reason,
    },
    /// The value cannot be written.
    Value {
        /// The variable.
        name: String,
        /// The line of its assignment, if it has one.
        line: Option<usize>,
        /// The reason.
        error: EncodeError,
    },
    /// The variable is not in the file, and some reader refuses its name.
    NotCreatable {
        /// The variable.
        name: String,
    },
    /// Two edits name the same variable.
    Twice {
        /// The variable.
        name: String,
    },
    /// The new text did not read back as intended.
    Proof {
        /// The line of the new text where the proof failed.
        line: usize,
        /// The part that failed.
        failure: ProofFailure,
    },
}

/// The part of the proof that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProofFailure {
    /// A variable does not have its new value.
    Value,
    /// Another assignment changed.
    Others,
    /// Bytes outside the edited spans changed.
    Bytes,
    /// The dotenvy library reads the new text differently.
    Dotenvy,
    /// This named reader reads another variable differently.
    Reader(Reader),
}

impl EditError {
    /// Returns the stable code of this error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Uncertain { .. } => "env_file_uncertain",
            Self::Value { error, .. } => error.code(),
            Self::NotCreatable { .. } => "env_name_not_creatable",
            Self::Twice { .. } => "env_edit_twice",
            Self::Proof { .. } => "env_file_not_proved",
        }
    }

    /// Returns the line of the env file that the error is about.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Uncertain { line, .. } | Self::Proof { line, .. } => Some(*line),
            Self::Value { line, .. } => *line,
            Self::NotCreatable { .. } | Self::Twice { .. } => None,
        }
    }
}

impl std::fmt::Display for EditError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Uncertain { name, reason, .. } => {
                write!(f, "cannot edit {name}: {reason}")
            }
            Self::Value { name, error, .. } => write!(f, "cannot write {name}: {error}"),
            Self::NotCreatable { name } => {
                write!(
                    f,
                    "cannot add {name}: many readers refuse a file with that name in it"
                )
            }
            Self::Twice { name } => write!(f, "two edits for {name}"),
            Self::Proof { failure, .. } => {
                f.write_str("the edited text failed its check: ")?;
                match failure {
                    ProofFailure::Value => f.write_str("the value does not read back"),
                    ProofFailure::Others => f.write_str("another assignment would change"),
                    ProofFailure::Bytes => f.write_str("bytes outside the value would change"),
                    ProofFailure::Dotenvy => f.write_str("dotenvy would read something else"),
                    ProofFailure::Reader(reader) => {
                        write!(f, "{reader} would read another variable differently")
                    }
                }
            }
        }
    }
}

impl std::error::Error for EditError {}
