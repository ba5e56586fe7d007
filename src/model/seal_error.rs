//! Errors of encryption and decryption.
//!
//! Invariant: no variant holds plaintext, a key or a part of one.

/// Why something cannot be encrypted or decrypted. No variant holds any content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// The text is not age armor.
    #[error("the armor is broken")]
    Armor,
    /// The age header is malformed or was changed.
    #[error("the age header is broken")]
    Header,
    /// A header that is too long, or has too many recipients, to be parsed.
    #[error("the age header is too large")]
    HeaderTooLarge,
    /// The file is encrypted to other recipients.
    #[error("it is not encrypted to this key")]
    NotForUs,
    /// The ciphertext was changed or truncated.
    #[error("the encrypted payload is broken")]
    Payload,
    /// The plaintext exceeds the limit.
    #[error("it is too large")]
    TooLarge,
    /// An identity file holds no identity.
    #[error("it holds no identity")]
    NoIdentity,
    /// This line of an identity file is not an X25519 identity.
    #[error("line {0} is not an age identity (AGE-SECRET-KEY-1…)")]
    IdentityLine(usize),
    /// This line is the identity of an age plugin.
    #[error("line {0} is an identity of an age plugin; plugins are not run")]
    Plugin(usize),
    /// The text is not an `age1…` recipient.
    #[error("it is not an age recipient (age1…)")]
    Recipient,
    /// age failed to encrypt.
    #[error("sealing failed")]
    Seal,
}

impl SealError {
    /// Returns the stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Armor => "age_armor",
            Self::Header => "age_header",
            Self::HeaderTooLarge => "age_header_too_large",
            Self::NotForUs => "age_not_for_us",
            Self::Payload => "age_payload",
            Self::TooLarge => "age_too_large",
            Self::NoIdentity => "identity_empty",
            Self::IdentityLine(_) => "identity_line",
            Self::Plugin(_) => "identity_plugin",
            Self::Recipient => "recipient",
            Self::Seal => "seal",
        }
    }
}
