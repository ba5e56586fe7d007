//! Properties of the parsers of files that others may have written. The test beside this file checks
//! them on the committed corpus and on random bytes, the fuzz targets on their own inputs.

use std::path::{Component, Path};
use std::time::Duration;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrets::model::entry::{Entry, MacKey};
use secrets::model::key_path::{KeyPath, KeyPrefix, OwnerName};
use secrets::model::secret::SecretBytes;
use secrets::storage::config::{self, Config};
use secrets::storage::seal::{self, Identity};
use sha2::Sha256;

const VAULT_IDENTITY: &str = "AGE-SECRET-KEY-1FUZZ";
/// An identity that opens only the fixture in `tests/fixtures`.
const IDENTITY_FILE: &str = include_str!("../../fixtures/vault-1/identity.txt");
const LIMIT: usize = 1 << 20;

/// Checks bytes as the plaintext of an entry: as they are, and after a valid MAC, as somebody with
/// the vault's key could write them.
pub fn entry(bytes: &[u8]) {
    let key = MacKey::derive(&SecretBytes::from(VAULT_IDENTITY));
    let raw = Entry::from_bytes(&SecretBytes::copy_of(bytes), &key);
    assert!(raw.is_err(), "an entry without the key");
    let signed = signed(bytes);
    match Entry::from_bytes(&SecretBytes::new(signed), &key) {
        Ok(read) => {
            assert_eq!(read.header.removed, read.content.is_tombstone());
            assert!(
                read.value()
                    .is_none_or(|value| bytes.ends_with(value.expose()))
            );
            // Writing it again gives the same.
            let again = read.to_bytes(&key).expect("it was read");
            let again = Entry::from_bytes(&again, &key).expect("it was written here");
            assert_eq!(again.header, read.header);
            assert!(again.content == read.content);
        }
        Err(fault) => assert_eq!(fault.code(), "entry_malformed"),
    }
}

/// Returns a body with its MAC line, computed as documented.
fn signed(body: &[u8]) -> Vec<u8> {
    let hmac = |key: &[u8], message: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    };
    let key = hmac(VAULT_IDENTITY.as_bytes(), b"secrets/1 entry mac");
    let mac: String = hmac(&key, body)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    [format!("secrets-entry/1 {mac}\n").as_bytes(), body].concat()
}

/// Checks text as a key path, as the beginning of one, and as the name of a project.
pub fn key_path(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let plain = |text: &str| assert!(!text.chars().any(char::is_control), "{text:?}");
    let good = |path: &KeyPath| assert_eq!(KeyPath::parse(&path.to_string()).as_ref(), Ok(path));
    match KeyPath::parse(text) {
        Ok(path) => {
            assert_eq!(path.to_string(), text);
            assert!(text.len() <= 200);
            // The path stays below the vault.
            let parts: Vec<_> = Path::new(text).components().collect();
            assert_eq!(parts.len(), 3);
            assert!(
                parts
                    .iter()
                    .all(|part| matches!(part, Component::Normal(_)))
            );
            if let Some(project) = path.project() {
                let back = KeyPath::from_env_name(project, &path.env_name());
                assert_eq!(back.as_ref(), Some(&path));
            }
            assert!(KeyPrefix::parse(text).is_ok_and(|prefix| prefix.matches(&path)));
        }
        Err(error) => {
            plain(&error.to_string());
            error.shown().into_iter().for_each(plain);
            error.nearest().into_iter().for_each(good);
        }
    }
    if let Err(error) = KeyPrefix::parse(text) {
        plain(&error.to_string());
        if let Some(nearest) = error.nearest() {
            assert!(KeyPrefix::parse(nearest.as_str()).is_ok());
        }
    }
    match text.parse::<OwnerName>() {
        Ok(project) => assert_eq!(project.as_str(), text),
        Err(error) => plain(&error.to_string()),
    }
    let project: OwnerName = "consilio".parse().expect("a good name");
    KeyPath::nearest_for_env_name(&project, text)
        .iter()
        .for_each(good);
}

/// Checks bytes as a configuration: reads and edits it in a directory of its own.
pub fn config(bytes: &[u8], dir: &Path) {
    let path = dir.join("config.toml");
    std::fs::write(&path, bytes).expect("a file of the test");
    let read = Config::load(&path);
    if let Ok(config) = &read {
        assert!(config.links().iter().all(|link| link.file.is_absolute()));
    }
    let (project, file) = (
        "consilio".parse().expect("a good name"),
        Path::new("/p/.env"),
    );
    match config::link(&path, &project, config::NewLink::to(file), Duration::ZERO) {
        Ok(before) => {
            let after = std::fs::read(&path).expect("it is there");
            if before.result.as_deref() == Some(file) {
                assert!(
                    after == bytes,
                    "an edit that changes nothing changed something"
                );
            }
            // A valid file stays valid and has the added link.
            if read.is_ok() {
                let config = Config::load(&path).expect("it could be read before the edit");
                assert_eq!(config.env_file(&project), Some(file));
            }
        }
        Err(error) => {
            assert_eq!(error.code(), "config");
            let after = std::fs::read(&path).expect("it is there");
            assert!(after == bytes, "an edit that failed changed something");
        }
    }
}

/// Checks bytes as a sealed file: as they are, and inside valid armor.
pub fn sealed(bytes: &[u8]) {
    let identities = identities();
    for sealed in [bytes.to_vec(), armored(bytes)] {
        match seal::open(&sealed, &identities, LIMIT) {
            Ok(opened) => assert!(opened.len() <= LIMIT),
            Err(error) => assert!(
                [
                    "age_armor",
                    "age_header",
                    "age_not_for_us",
                    "age_payload",
                    "age_too_large"
                ]
                .contains(&error.code()),
                "{error}"
            ),
        }
    }
    // The same bytes as an identity file.
    if let Err(error) = seal::parse_identity_file(&SecretBytes::copy_of(bytes)) {
        assert!(error.code().starts_with("identity_"), "{error}");
    }
}

fn identities() -> Vec<Identity> {
    seal::parse_identity_file(&SecretBytes::from(IDENTITY_FILE)).expect("the fixture's identity")
}

fn armored(binary: &[u8]) -> Vec<u8> {
    let mut text = b"-----BEGIN AGE ENCRYPTED FILE-----\n".to_vec();
    for line in BASE64.encode(binary).as_bytes().chunks(64) {
        text.extend(line);
        text.push(b'\n');
    }
    text.extend(b"-----END AGE ENCRYPTED FILE-----\n");
    text
}
