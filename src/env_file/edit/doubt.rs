//! What is not edited, because readers disagree about it.

use super::EditError;
use crate::env_file::document::{Assignment, EnvFile};
use crate::env_file::parse::Awaited;
use crate::env_file::problem::Reason;
use crate::env_file::reader::Readers;
use crate::model::secret::SecretBytes;

pub(super) fn uncertain(name: &str, line: usize, reason: Reason) -> EditError {
    EditError::Uncertain {
        name: name.to_owned(),
        line,
        reason,
    }
}

impl EnvFile {
    pub(super) fn check_doubt(&self, name: &str) -> Result<(), EditError> {
        if let Some(reason) = self.doubt.hopeless {
            return Err(uncertain(name, 1, reason));
        }
        match self.doubt.names.get(name) {
            Some((line, reason)) => Err(uncertain(name, *line, *reason)),
            None => Ok(()),
        }
    }

    pub(super) fn check_assignment(
        &self,
        assignment: &Assignment,
        readers: &Readers,
    ) -> Result<(), EditError> {
        if let Some(reason) = assignment.unsure() {
            // Within one line, the named readers can settle it by agreeing.
            let one_line = matches!(
                reason,
                Reason::TextAfterQuote | Reason::TwoAssignments | Reason::Continued
            );
            if !one_line || readers.is_empty() || assignment.value_for(readers).is_none() {
                return Err(uncertain(assignment.name(), assignment.line(), reason));
            }
        }
        match self.doubt.open_from {
            Some((offset, line)) if assignment.whole.start >= offset => {
                Err(uncertain(assignment.name(), line, Reason::UnclosedQuote))
            }
            _ => Ok(()),
        }
    }

    /// A quote that nothing closes may be an ordinary byte to all readers, until the next of its
    /// kind is written behind it: then some would take all between the two for a value.
    pub(super) fn check_awaited(
        &self,
        name: &str,
        offset: usize,
        form: &SecretBytes,
        readers: &Readers,
    ) -> Result<(), EditError> {
        let closes = |one: &&Awaited| {
            // Only npm and node know the backtick; named readers are asked about the whole file.
            let counts = one.quote != b'`' || readers.is_empty();
            counts && offset > one.offset && form.expose().contains(&one.quote)
        };
        match self.doubt.awaited.iter().find(closes) {
            Some(one) => Err(uncertain(name, one.line, one.reason)),
            None => Ok(()),
        }
    }
}
