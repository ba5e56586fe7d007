//! Refuses edits of what readers disagree about.

use crate::env_file::change::EditError;
use crate::env_file::document::{Assignment, EnvFile};
use crate::env_file::parse::DanglingQuote;
use crate::env_file::problem::Reason;
use crate::env_file::readers::Readers;
use crate::model::secret::SecretBytes;

pub(super) fn uncertain_error(name: &str, line: usize, reason: Reason) -> EditError {
    EditError::Uncertain {
        name: name.to_owned(),
        line,
        reason,
    }
}

impl EnvFile {
    pub(super) fn check_name(&self, name: &str) -> Result<(), EditError> {
        if let Some(reason) = self.ambiguities.whole_file {
            return Err(uncertain_error(name, 1, reason));
        }
        match self.ambiguities.names.get(name) {
            Some((line, reason)) => Err(uncertain_error(name, *line, *reason)),
            None => Ok(()),
        }
    }

    pub(super) fn check_assignment(
        &self,
        assignment: &Assignment,
        readers: &Readers,
    ) -> Result<(), EditError> {
        if let Some(reason) = assignment.ambiguity() {
            // Within one line, named readers that agree settle the matter.
            let one_line = matches!(
                reason,
                Reason::TextAfterQuote | Reason::TwoAssignments | Reason::Continued
            );
            if !one_line || readers.is_empty() || assignment.value_for(readers).is_none() {
                return Err(uncertain_error(
                    assignment.name(),
                    assignment.line(),
                    reason,
                ));
            }
        }
        match self.ambiguities.open_from {
            Some((offset, line)) if assignment.whole.start >= offset => Err(uncertain_error(
                assignment.name(),
                line,
                Reason::UnclosedQuote,
            )),
            _ => Ok(()),
        }
    }

    /// Refuses a form that holds a quote which would close a [`DanglingQuote`] before it: some
    /// readers would read everything between the two as a value.
    pub(super) fn check_dangling_quotes(
        &self,
        name: &str,
        offset: usize,
        form: &SecretBytes,
        readers: &Readers,
    ) -> Result<(), EditError> {
        let closes = |one: &&DanglingQuote| {
            // Only npm and node know the backtick. The proof asks named readers about the whole file.
            let counts = one.quote != b'`' || readers.is_empty();
            counts && offset > one.offset && form.expose().contains(&one.quote)
        };
        match self.ambiguities.dangling_quotes.iter().find(closes) {
            Some(one) => Err(uncertain_error(name, one.line, one.reason)),
            None => Ok(()),
        }
    }
}
