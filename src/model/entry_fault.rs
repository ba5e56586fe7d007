//! Why an entry is not used.

use super::seal_error::SealError;
use super::version::{Version, number_or_zero};

/// Why an entry is not used: the checks in the order in which they are made.
///
/// See `docs/vault-format.md` for what each check keeps out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EntryFault {
    /// age does not open it.
    #[error("the entry does not open: {0}")]
    Sealed(SealError),
    /// It is not of the form of an entry.
    #[error("the entry is malformed: {0}")]
    Malformed(&'static str),
    /// Its MAC is not the vault's.
    #[error("the entry is forged: it was not written with this vault's key")]
    Forged,
    /// It belongs to another vault.
    #[error("the entry belongs to another vault")]
    ForeignVault,
    /// It lies where another secret should.
    #[error("the entry is misplaced: it is a version of {0}")]
    MisplacedPath(String),
    /// Its file name says another version.
    #[error("the entry is misplaced: it is version {0}")]
    MisplacedVersion(Version),
    /// This machine has seen a newer version.
    #[error(
        "the vault was rolled back: this machine has seen version {seen}, the newest here is {}",
        number_or_zero(*found)
    )]
    RolledBack {
        /// Newest version seen here.
        seen: Version,
        /// Newest version there is, if any.
        found: Option<Version>,
    },
    /// Another entry has the number of the one that this machine has seen.
    #[error("version {version} was replaced: this machine has seen another entry of this number")]
    Replaced {
        /// The number.
        version: Version,
    },
}

impl EntryFault {
    /// Whether the file is damaged, as by a full disk, so that a new version can take its place.
    /// What somebody else put there, and a vault that went back, is a question for a person.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Sealed(error) => *error != SealError::NotForUs,
            Self::Malformed(_) => true,
            _ => false,
        }
    }

    /// The stable name of this fault.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Sealed(error) => error.code(),
            Self::Malformed(_) => "entry_malformed",
            Self::Forged => "entry_forged",
            Self::ForeignVault => "entry_foreign",
            Self::MisplacedPath(_) => "entry_misplaced",
            Self::MisplacedVersion(_) => "entry_misplaced_version",
            Self::RolledBack { .. } => "entry_rolled_back",
            Self::Replaced { .. } => "entry_replaced",
        }
    }
}
