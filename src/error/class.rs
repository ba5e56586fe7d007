//! Whether an error means "no", "nothing was changed" or "half done".

use super::Error;

/// What an error says about the state that it leaves behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A negative answer: what was asked for does not exist. Exit code 1.
    Negative,
    /// Wrong usage or a failure, and nothing was changed. Exit code 2.
    Unchanged,
    /// Something was changed, and the rest is missing. Exit code 3.
    HalfDone,
}

impl Error {
    /// Returns the class of this error.
    ///
    /// The match is exhaustive on purpose: whoever adds an error must decide here whether anything
    /// can have been changed when it occurs.
    pub fn class(&self) -> Class {
        match self {
            Self::EntryNotFound(_)
            | Self::EntryRemoved { .. }
            | Self::VersionNotFound { .. }
            | Self::LayoutNotFound { .. }
            | Self::NoVariables(_) => Class::Negative,
            Self::Interrupted(_) | Self::ReadBack { .. } => Class::HalfDone,
            Self::KeyPath(_)
            | Self::Description(_)
            | Self::DescriptionMissing(_)
            | Self::Value(_)
            | Self::Io { .. }
            | Self::Locked { .. }
            | Self::VaultMissing { .. }
            | Self::VaultDamaged { .. }
            | Self::VaultFormat { .. }
            | Self::NotAMember { .. }
            | Self::VaultKeyChanged { .. }
            | Self::VaultReplaced { .. }
            | Self::IdentityMissing(_)
            | Self::IdentityExists(_)
            | Self::IdentityBroken { .. }
            | Self::IdentityInEnvironment
            | Self::NotInitialised { .. }
            | Self::EnvNameTaken { .. }
            | Self::OutOfReach { .. }
            | Self::EntryExists(_)
            | Self::NoRecipe(_)
            | Self::NotGenerated(_)
            | Self::Gone { .. }
            | Self::NoMatch { .. }
            | Self::MoveToItself(_)
            | Self::Entry { .. }
            | Self::AgentFile { .. }
            | Self::DescriptionsMissing { .. }
            | Self::DescriptionOf { .. }
            | Self::NoSuchVariable { .. }
            | Self::SameKeyPath { .. }
            | Self::SameProject { .. }
            | Self::ProjectMissing { .. }
            | Self::LinkedElsewhere { .. }
            | Self::LinkedToOther { .. }
            | Self::Plan { .. }
            | Self::NotLinked(_)
            | Self::EnvFile { .. }
            | Self::EnvEdit { .. }
            | Self::EnvName(_)
            | Self::Config { .. }
            | Self::Clash(_)
            | Self::Export(_)
            | Self::GithubEnvMissing
            | Self::DangerousNames(_)
            | Self::NotForEnvironment(_)
            | Self::Needles(_)
            | Self::GitMissing
            | Self::NotARepository(_)
            | Self::Hook { .. }
            | Self::Git(_)
            | Self::NoRandomness => Class::Unchanged,
        }
    }

    /// Whether something was changed before this error.
    pub fn is_half_done(&self) -> bool {
        self.class() == Class::HalfDone
    }
}
