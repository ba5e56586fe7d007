//! An entry: the plaintext of one version of a secret, and its bytes.
//!
//! ```text
//! secrets-entry/1 <64 hex: HMAC-SHA256 over every byte after this line>
//! vault = "0123…"                    TOML: the header
//! key_path = "project/consilio/stripe_api_key"
//! version = 2
//! …
//! padding = "…"                      brings the whole to a multiple of 256 bytes
//! ---
//! <the value's bytes to the end>
//! ```
//!
//! Invariants: there is one way to write an entry and one way to read it. The MAC line has exactly
//! one form. The header holds nothing secret but the description; the value is never given to the
//! TOML parser, and the parser's messages are never passed on.
//!
//! Limits: age hides neither the size class of a value nor, over 64 KiB, its size. Fields of the
//! header that this version does not know are authenticated and ignored.

#[cfg(test)]
mod tests;

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::model::entry_fault::EntryFault;
use crate::model::secret::{self, SecretBuilder, SecretBytes};
use crate::model::value;
use crate::model::version::Version;

const MAGIC: &[u8] = b"secrets-entry/1 ";
const SEPARATOR: &[u8] = b"---\n";
const MAC_CONTEXT: &[u8] = b"secrets/1 entry mac";
/// No entry's body is this: a body begins with `vault = `.
const FINGERPRINT_CONTEXT: &[u8] = b"secrets/1 vault fingerprint";
const LOG_MAC_CONTEXT: &[u8] = b"secrets/1 log mac";
const HEX_MAC_LEN: usize = 64;
/// A day, in seconds.
const DAY: i64 = 86_400;
const VALUE_OR_TOMBSTONE: &str = "a version has a value or is a tombstone";

/// Plaintexts are padded to a multiple of this many bytes.
pub const SIZE_CLASS: usize = 256;
/// Values over this many bytes are not padded.
pub const MAX_PADDED: usize = 64 << 10;
/// The largest plaintext: a full value and a header that leaves room to grow.
pub const MAX_PLAINTEXT: usize = value::MAX_LEN + (64 << 10);

/// The key with which a vault's entries are authenticated.
///
/// `HMAC-SHA256(key = the vault identity's ASCII, message = "secrets/1 entry mac")`: whoever has
/// only the vault's public key can encrypt to it, but cannot make an entry.
#[derive(Clone)]
pub struct MacKey(SecretBytes);

impl MacKey {
    /// Derives the key from `AGE-SECRET-KEY-1…`.
    pub fn derive(vault_identity: &SecretBytes) -> Self {
        Self::from_parts(vault_identity.expose(), MAC_CONTEXT)
    }

    /// Derives the key of the audit trail, by another context.
    pub fn derive_for_log(vault_identity: &SecretBytes) -> Self {
        Self::from_parts(vault_identity.expose(), LOG_MAC_CONTEXT)
    }

    /// What only this key gives, and what says nothing about it.
    pub fn fingerprint(&self) -> String {
        hex(&self.mac(FINGERPRINT_CONTEXT))
    }

    fn from_parts(key: &[u8], context: &[u8]) -> Self {
        let mut key = mac_over(key, context);
        let derived = Self(SecretBytes::copy_of(&key));
        zeroize::Zeroize::zeroize(&mut key);
        derived
    }

    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        mac_over(self.0.expose(), message)
    }
}

fn mac_over(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mac = mac_of(key, message);
    // The hash keeps its last block, which ends in the value, on the stack and moves it about.
    secret::wipe_stack::<{ 8 << 10 }>();
    mac
}

#[inline(never)]
fn mac_of(key: &[u8], message: &[u8]) -> [u8; 32] {
    Hmac::<Sha256>::new_from_slice(key)
        .expect("HMAC takes a key of any length (RFC 2104)")
        .chain_update(message)
        .finalize()
        .into_bytes()
        .into()
}

impl fmt::Debug for MacKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MacKey([redacted])")
    }
}

/// The random name of a vault: 32 lower-case hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct VaultId(String);

impl VaultId {
    /// From 16 random bytes.
    pub fn new(random: [u8; 16]) -> Self {
        Self(hex(&random))
    }

    /// From text, if it is 32 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 32 && text.bytes().all(is_lower_hex)).then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What made a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A value that was given.
    Set,
    /// Random bytes by a recipe.
    Generate,
    /// A new version in the place of an old one.
    Rotate,
    /// Taken from an env file by `import`.
    Import,
    /// Found in the env file when it was about to be overwritten.
    Found,
    /// An old version's value again.
    Rollback,
    /// A tombstone.
    Remove,
    /// The value of another key path.
    Move,
    /// The same value with another description, rotation interval or variable.
    Edit,
    /// The layout of an env file as it was left.
    Layout,
    /// Something that this version of the program does not know.
    #[serde(other)]
    Other,
}

impl Origin {
    /// One word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Set => "set",
            Self::Generate => "generate",
            Self::Rotate => "rotate",
            Self::Import => "import",
            Self::Found => "found",
            Self::Rollback => "rollback",
            Self::Remove => "remove",
            Self::Move => "move",
            Self::Edit => "edit",
            Self::Layout => "layout",
            Self::Other => "other",
        }
    }

    /// The origin of this name.
    pub fn named(name: &str) -> Option<Self> {
        let origins = [
            Self::Set,
            Self::Generate,
            Self::Rotate,
            Self::Import,
            Self::Found,
            Self::Rollback,
            Self::Remove,
            Self::Move,
            Self::Edit,
            Self::Layout,
        ];
        origins.into_iter().find(|origin| origin.as_str() == name)
    }
}

/// What is known of a version besides its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The vault that it belongs to.
    pub vault: VaultId,
    /// The secret that it is a version of.
    pub key_path: String,
    /// 1, 2, 3 …
    pub version: Version,
    /// When it was written.
    pub created: Timestamp,
    /// Since when its value is in force; absent in an entry of version 0.1.0. See
    /// [`value_since`](Self::value_since).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// Who wrote it, and with what program.
    pub writer: String,
    /// What made it.
    pub origin: Origin,
    /// What the secret is for.
    pub description: String,
    /// The variable that holds it in env files; absent if none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub env_name: Option<String>,
    /// How it was generated, so that it can be generated again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<String>,
    /// After how many days it should be rotated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every_days: Option<u32>,
    /// The line in an audit trail that announced this version: `<trail id>:<mac>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Where the secret went, if a tombstone stands for a move.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<String>,
    /// Whether this is a tombstone. It has no value then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub removed: bool,
}

impl Header {
    /// Returns since when the value is in force: a version that only changes the description, or
    /// that another name has now, does not make its value younger.
    pub fn value_since(&self) -> Timestamp {
        self.since.unwrap_or(self.created)
    }

    /// Returns when the value is to be rotated; `None` without a rotation interval.
    pub fn due(&self) -> Option<Timestamp> {
        let days = self.every_days.filter(|_| !self.removed)?;
        let due = SignedDuration::from_secs(i64::from(days) * DAY);
        self.value_since().checked_add(due).ok()
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// The MAC of an entry, 64 lower-case hex digits: two entries are the same if their MACs are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryMac(String);

impl EntryMac {
    /// Reads 64 lower-case hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let is_mac = text.len() == HEX_MAC_LEN && text.bytes().all(is_lower_hex);
        is_mac.then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a version holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A value of at least one byte.
    Value(SecretBytes),
    /// Nothing: the version says that the secret was removed.
    Tombstone,
}

impl Content {
    /// Returns the value; `None` for a tombstone.
    pub fn value(&self) -> Option<&SecretBytes> {
        match self {
            Self::Value(value) => Some(value),
            Self::Tombstone => None,
        }
    }

    /// Returns whether this is a tombstone.
    pub fn is_tombstone(&self) -> bool {
        matches!(self, Self::Tombstone)
    }

    /// Returns the bytes that an entry ends in: none for a tombstone.
    fn bytes(&self) -> &[u8] {
        self.value().map_or(&[], SecretBytes::expose)
    }
}

/// One version of a secret: its header and its content.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What is known of it besides its content.
    pub header: Header,
    /// The value, or a tombstone.
    pub content: Content,
}

impl Entry {
    /// Returns the value; `None` for a tombstone.
    pub fn value(&self) -> Option<&SecretBytes> {
        self.content.value()
    }

    /// Returns the plaintext: MAC line, header, separator, value.
    pub fn to_bytes(&self, key: &MacKey) -> Result<SecretBytes, EntryFault> {
        let value = self.content.bytes();
        if self.header.removed != value.is_empty()
            || self.header.removed != self.content.is_tombstone()
        {
            return Err(EntryFault::Malformed(VALUE_OR_TOMBSTONE));
        }
        let header = toml::to_string(&self.header)
            .map_err(|_| EntryFault::Malformed("the header cannot be written"))?;
        let padding = padding(header.len(), value.len());
        let mut body = SecretBuilder::with_capacity(
            header.len() + padding.len() + SEPARATOR.len() + value.len(),
        );
        body.push(header.as_bytes());
        body.push(padding.as_bytes());
        body.push(SEPARATOR);
        body.push(value);
        let body = body.finish();
        let mac = hex(&key.mac(body.expose()));

        let mut bytes = SecretBuilder::with_capacity(MAGIC.len() + HEX_MAC_LEN + 1 + body.len());
        bytes.push(MAGIC);
        bytes.push(mac.as_bytes());
        bytes.push(b"\n");
        bytes.push(body.expose());
        Ok(bytes.finish())
    }

    /// Reads a plaintext that age opened. The MAC comes before anything else.
    pub fn from_bytes(bytes: &SecretBytes, key: &MacKey) -> Result<Self, EntryFault> {
        Self::from_bytes_with_mac(bytes, key).map(|(entry, _)| entry)
    }

    /// Reads a plaintext like [`from_bytes`](Self::from_bytes), and also returns its MAC.
    pub fn from_bytes_with_mac(
        bytes: &SecretBytes,
        key: &MacKey,
    ) -> Result<(Self, EntryMac), EntryFault> {
        let malformed = EntryFault::Malformed;
        let rest = bytes
            .expose()
            .strip_prefix(MAGIC)
            .ok_or(malformed("the first line is not that of an entry"))?;
        let (mac, rest) = rest
            .split_at_checked(HEX_MAC_LEN)
            .ok_or(malformed("the first line is too short"))?;
        if !mac.iter().copied().all(is_lower_hex) {
            return Err(malformed("the MAC is not 64 lower-case hex digits"));
        }
        let body = rest
            .strip_prefix(b"\n")
            .ok_or(malformed("the first line does not end after the MAC"))?;
        let right = hex(&key.mac(body));
        if !equal_in_constant_time(right.as_bytes(), mac) {
            return Err(EntryFault::Forged);
        }

        // Everything from here on was written with the vault's key.
        let end = find_separator(body).ok_or(malformed("the header has no end"))?;
        let (header, value) = (&body[..end], &body[end + SEPARATOR.len()..]);
        let header: Header = std::str::from_utf8(header)
            .ok()
            .and_then(|header| toml::from_str(header).ok())
            .ok_or(malformed("the header cannot be understood"))?;
        let content = match (header.removed, value) {
            (true, []) => Content::Tombstone,
            (false, [_, ..]) => Content::Value(SecretBytes::copy_of(value)),
            _ => return Err(malformed(VALUE_OR_TOMBSTONE)),
        };
        Ok((Self { header, content }, EntryMac(right)))
    }
}

fn padding(header_len: usize, value_len: usize) -> String {
    if value_len > MAX_PADDED {
        return String::new();
    }
    const EMPTY: &str = "padding = \"\"\n";
    let bare =
        MAGIC.len() + HEX_MAC_LEN + 1 + header_len + EMPTY.len() + SEPARATOR.len() + value_len;
    let missing = bare.next_multiple_of(SIZE_CLASS) - bare;
    format!("padding = \"{}\"\n", ".".repeat(missing))
}

/// Where the line `---` begins. A header never holds such a line: each of its lines is
/// `name = …`, and a TOML string on one line holds no line break.
fn find_separator(body: &[u8]) -> Option<usize> {
    let mut start = 0;
    while let Some(len) = body[start..].iter().position(|&byte| byte == b'\n') {
        if &body[start..start + len + 1] == SEPARATOR {
            return Some(start);
        }
        start += len + 1;
    }
    None
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

fn equal_in_constant_time(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |acc, (a, b)| acc | (a ^ b)) == 0
}
