//! The only user of age: identities, recipients, sealing and opening.
//!
//! Everything here is X25519 and ASCII-armored, so that stock `age` opens what is sealed here.
//! Formats: <https://age-encryption.org/v1> (file, armor, `age1…`, `AGE-SECRET-KEY-1…`).
//!
//! Invariants: opening goes over a slice that lies in memory, with age's buffered parser; age's
//! error texts are never shown, since showing one loads its localisation.
//!
//! Limits: no plugins, no passphrases, no SSH keys. Plugin names in identities and recipients are
//! refused before anything could run.

use std::fmt;
use std::io::{self, Write};
use std::str::FromStr;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::ExposeSecret;
use age::{DecryptError, Decryptor, Encryptor};

pub use crate::model::seal_error::SealError;
use crate::model::secret::{SecretBuilder, SecretBytes, wipe_stack};

/// The longest header that is parsed. One recipient takes about 100 bytes.
const MAX_HEADER: usize = 8 << 10;
/// The most recipients that a header may have.
const MAX_STANZAS: usize = 20;
/// What begins a stanza, and what begins the last line of a header.
const STANZA: &[u8] = b"\n-> ";
const END_OF_HEADER: &[u8] = b"\n---";
const ARMOR_BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// The secret half of a key pair.
#[derive(Clone)]
pub struct Identity(age::x25519::Identity);

impl Identity {
    /// A new key pair from the operating system's randomness.
    pub fn generate() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// Reads one `AGE-SECRET-KEY-1…`.
    pub fn parse(text: &SecretBytes) -> Result<Self, SealError> {
        text.as_str()
            .and_then(|text| text.trim_ascii().parse().ok())
            .map(Self)
            .ok_or(SealError::IdentityLine(1))
    }

    /// `AGE-SECRET-KEY-1…`, 74 bytes of ASCII.
    pub fn to_secret(&self) -> SecretBytes {
        SecretBytes::from(self.0.to_string().expose_secret())
    }

    /// The public half.
    pub fn recipient(&self) -> Recipient {
        Recipient(self.0.to_public())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity([redacted])")
    }
}

/// The public half of a key pair.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(age::x25519::Recipient);

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipient({})", self.0)
    }
}

impl FromStr for Recipient {
    type Err = SealError;

    fn from_str(text: &str) -> Result<Self, SealError> {
        text.parse().map(Self).map_err(|_| SealError::Recipient)
    }
}

/// Reads an identity file as `age-keygen` writes it: comments, blank lines, identities.
pub fn parse_identity_file(file: &SecretBytes) -> Result<Vec<Identity>, SealError> {
    let mut identities = Vec::new();
    for (index, line) in file.expose().split(|&byte| byte == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        if line.starts_with(b"AGE-PLUGIN-") {
            return Err(SealError::Plugin(index + 1));
        }
        let identity = Identity::parse(&SecretBytes::copy_of(line))
            .map_err(|_| SealError::IdentityLine(index + 1))?;
        identities.push(identity);
    }
    if identities.is_empty() {
        return Err(SealError::NoIdentity);
    }
    Ok(identities)
}

/// The text of a new identity file: when it was made, its public half, its secret half.
pub fn identity_file(identity: &Identity, created: &str) -> SecretBytes {
    let mut file = SecretBuilder::with_capacity(256);
    file.push(format!("# created: {created}\n").as_bytes());
    file.push(format!("# public key: {}\n", identity.recipient()).as_bytes());
    file.push(identity.to_secret().expose());
    file.push(b"\n");
    file.finish()
}

/// Encrypts to one recipient. The result is armored ASCII that ends in a newline.
pub fn seal(plaintext: &SecretBytes, recipient: &Recipient) -> Result<Vec<u8>, SealError> {
    let sealed = seal_with_age(plaintext, recipient);
    // The cipher works on blocks of plaintext on the stack and leaves them there.
    wipe_stack::<{ 32 << 10 }>();
    sealed
}

#[inline(never)]
fn seal_with_age(plaintext: &SecretBytes, recipient: &Recipient) -> Result<Vec<u8>, SealError> {
    let encryptor =
        Encryptor::with_recipients(std::iter::once(&recipient.0 as &dyn age::Recipient))
            .map_err(|_| SealError::Seal)?;
    let write = || -> io::Result<Vec<u8>> {
        let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
        let mut writer = encryptor.wrap_output(armor)?;
        writer.write_all(plaintext.expose())?;
        let mut sealed = writer.finish()?.finish()?;
        if !sealed.ends_with(b"\n") {
            sealed.push(b'\n');
        }
        Ok(sealed)
    };
    write().map_err(|_| SealError::Seal)
}

/// Decrypts an armored age file with one of the identities; at most `limit` bytes come out.
pub fn open(
    sealed: &[u8],
    identities: &[Identity],
    limit: usize,
) -> Result<SecretBytes, SealError> {
    let opened = open_with_age(sealed, identities, limit);
    wipe_stack::<{ 32 << 10 }>();
    opened
}

#[inline(never)]
fn open_with_age(
    sealed: &[u8],
    identities: &[Identity],
    limit: usize,
) -> Result<SecretBytes, SealError> {
    check_header(sealed)?;
    let decryptor =
        Decryptor::new_buffered(ArmoredReader::new(sealed)).map_err(|error| match error {
            // An unreadable armor line reaches age's parser as an I/O error.
            DecryptError::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                SealError::Armor
            }
            _ => SealError::Header,
        })?;
    let reader = decryptor
        .decrypt(
            identities
                .iter()
                .map(|identity| &identity.0 as &dyn age::Identity),
        )
        .map_err(|error| match error {
            DecryptError::NoMatchingKeys | DecryptError::KeyDecryptionFailed => SealError::NotForUs,
            _ => SealError::Header,
        })?;
    // The plaintext is a little over half of the armored text; one block then holds it all.
    let expected = sealed.len() / 4 * 3;
    match SecretBytes::read_at_most(reader, limit, expected) {
        Ok(Some(plaintext)) => Ok(plaintext),
        Ok(None) => Err(SealError::TooLarge),
        Err(_) => Err(SealError::Payload),
    }
}

/// Refuses what is not armored, and a header over `MAX_HEADER` bytes or with more than
/// `MAX_STANZAS` stanzas: the time that age takes to parse a header grows with the square of its
/// length. Also refuses an end of input before the end of the header.
pub fn check_header(sealed: &[u8]) -> Result<(), SealError> {
    let body = sealed.strip_prefix(ARMOR_BEGIN).ok_or(SealError::Armor)?;
    let mut header = Vec::with_capacity(512);
    let mut lines = body
        .split(|&byte| byte == b'\n')
        .map(<[u8]>::trim_ascii_end);
    if lines.next().is_none_or(|rest| !rest.is_empty()) {
        return Err(SealError::Armor);
    }
    for line in lines {
        let from = header.len().saturating_sub(END_OF_HEADER.len());
        let decoded = data_encoding::BASE64.decode(line);
        header.extend(decoded.map_err(|_| SealError::Armor)?);
        let end = find(&header[from..], END_OF_HEADER).map(|at| from + at);
        let len = end.unwrap_or(header.len());
        let stanzas = header[..len]
            .windows(STANZA.len())
            .filter(|at| *at == STANZA);
        if len > MAX_HEADER || end.is_some() && stanzas.count() > MAX_STANZAS {
            return Err(SealError::HeaderTooLarge);
        }
        if end.is_some() {
            return Ok(());
        }
    }
    Err(SealError::Header)
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|at| at == what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Identity, Recipient) {
        let identity = Identity::generate();
        let recipient = identity.recipient();
        (identity, recipient)
    }

    #[test]
    fn what_is_sealed_opens_with_the_identity_and_with_no_other() {
        let (identity, recipient) = pair();
        for size in [0, 1, 255, 256, 65_535, 65_536, 65_537, 200_000] {
            let plaintext = SecretBytes::new((0..size).map(|i| i as u8).collect());
            let sealed = seal(&plaintext, &recipient).unwrap();
            assert!(sealed.is_ascii());
            let opened = open(&sealed, std::slice::from_ref(&identity), 1 << 20).unwrap();
            assert_eq!(opened, plaintext);
            let other = Identity::generate();
            assert_eq!(
                open(&sealed, &[other], 1 << 20).unwrap_err(),
                SealError::NotForUs
            );
        }
    }

    #[test]
    fn a_changed_byte_anywhere_is_an_error_of_its_own_and_never_a_panic() {
        let (identity, recipient) = pair();
        let sealed = seal(&SecretBytes::from("canary-seal"), &recipient).unwrap();
        for at in 0..sealed.len() {
            for with in [b'A', b'/', b'\n', b'\r', b' ', 0, 0xff, sealed[at] ^ 1] {
                if sealed[at] == with {
                    continue;
                }
                let mut changed = sealed.clone();
                changed[at] = with;
                // Only the trailing newline may be something else and still be read.
                if let Ok(opened) = open(&changed, std::slice::from_ref(&identity), 1 << 20) {
                    assert_eq!(opened.expose(), b"canary-seal", "byte {at}");
                }
            }
            assert!(
                open(&sealed[..at], std::slice::from_ref(&identity), 1 << 20).is_err()
                    || at + 1 >= sealed.len()
            );
        }
    }

    #[test]
    fn a_large_header_is_refused_before_it_is_parsed() {
        let (identity, recipient) = pair();
        let seal_to = |count: usize| {
            let recipients = vec![recipient.0.clone(); count];
            let recipients = recipients.iter().map(|one| one as &dyn age::Recipient);
            let encryptor = Encryptor::with_recipients(recipients).unwrap();
            let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).unwrap();
            let mut writer = encryptor.wrap_output(armor).unwrap();
            writer.write_all(b"canary-seal").unwrap();
            writer.finish().unwrap().finish().unwrap()
        };
        let identity = std::slice::from_ref(&identity);
        // age adds a stanza of its own.
        assert!(open(&seal_to(MAX_STANZAS - 1), identity, 100).is_ok());
        for count in [MAX_STANZAS + 1, 5000] {
            let error = open(&seal_to(count), identity, 100).unwrap_err();
            assert_eq!(error, SealError::HeaderTooLarge, "{count}");
        }
        // One stanza without an end.
        let long = data_encoding::BASE64.encode(&vec![b'a'; 1 << 20]);
        let mut armored = ARMOR_BEGIN.to_vec();
        for line in long.as_bytes().chunks(64) {
            armored.push(b'\n');
            armored.extend_from_slice(line);
        }
        assert_eq!(check_header(&armored), Err(SealError::HeaderTooLarge));
    }

    #[test]
    fn more_than_the_limit_is_refused() {
        let (identity, recipient) = pair();
        let sealed = seal(&SecretBytes::new(vec![1; 101]), &recipient).unwrap();
        assert_eq!(
            open(&sealed, std::slice::from_ref(&identity), 100).unwrap_err(),
            SealError::TooLarge
        );
        assert!(open(&sealed, &[identity], 101).is_ok());
    }

    #[test]
    fn an_identity_file_reads_back_and_errors_name_the_line_only() {
        let (identity, recipient) = pair();
        let file = identity_file(&identity, "2026-01-01T00:00:00Z");
        let read = parse_identity_file(&file).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(read[0].recipient(), recipient);
        let broken = SecretBytes::from("# note\n\nAGE-SECRET-KEY-1CANARY\n");
        let error = parse_identity_file(&broken).unwrap_err();
        assert_eq!(error, SealError::IdentityLine(3));
        assert!(!format!("{error} {error:?}").contains("CANARY"));
        let plugin = SecretBytes::from("AGE-PLUGIN-../../evil-1ABC\n");
        assert_eq!(
            parse_identity_file(&plugin).unwrap_err(),
            SealError::Plugin(1)
        );
        assert_eq!(
            parse_identity_file(&SecretBytes::from("# nothing\n")).unwrap_err(),
            SealError::NoIdentity
        );
    }
}
