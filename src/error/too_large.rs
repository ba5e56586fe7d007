//! The error for values whose encoded forms do not fit into one search automaton.

/// The values are too large for one search automaton.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLarge {
    /// `scan` cannot search for them.
    #[error("the values are too large to search for")]
    ToFind,
    /// `run` cannot mask them.
    #[error("the values are too large to mask")]
    ToMask,
}

impl TooLarge {
    /// Returns the stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::ToFind => "values_too_large_to_find",
            Self::ToMask => "values_too_large_to_mask",
        }
    }
}
