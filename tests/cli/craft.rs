//! Entries made without the program: the format as its documentation tells it, written a second
//! time, with age from its own crate and the MAC from `hmac` and `sha2`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::Path;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::ExposeSecret as _;
use age::x25519;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::sandbox::Sandbox;

/// Somebody who holds the vault's key, or (with [`Craft::stranger`]) only its public half.
pub struct Craft {
    pub id: String,
    pub recipient: x25519::Recipient,
    pub secret: String,
}

impl Craft {
    /// Opens the vault's key with the sandbox's identity.
    pub fn member(sandbox: &Sandbox) -> Self {
        let identity = fs::read_to_string(sandbox.identity()).unwrap();
        let identity = identity
            .lines()
            .find(|line| line.starts_with("AGE-SECRET-KEY-1"))
            .unwrap();
        let key_file = fs::read_dir(sandbox.vault().join("keys"))
            .unwrap()
            .next()
            .unwrap()
            .unwrap();
        let key = open(
            &fs::read(key_file.path()).unwrap(),
            &identity.parse().unwrap(),
        );
        let secret = String::from_utf8(key).unwrap().trim_end().to_owned();
        let manifest = fs::read_to_string(sandbox.vault().join("vault.toml")).unwrap();
        let id = manifest.split('"').nth(1).unwrap().to_owned();
        let recipient = secret.parse::<x25519::Identity>().unwrap().to_public();
        Self {
            id,
            recipient,
            secret,
        }
    }

    /// One who knows the public key and guesses the rest.
    pub fn stranger(sandbox: &Sandbox) -> Self {
        let member = Self::member(sandbox);
        let guess = x25519::Identity::generate()
            .to_string()
            .expose_secret()
            .to_owned();
        Self {
            secret: guess,
            ..member
        }
    }

    /// The header of an entry.
    pub fn header(&self, key_path: &str, version: u32) -> String {
        format!(
            "vault = \"{}\"\nkey_path = \"{key_path}\"\nversion = {version}\n\
             created = \"2024-02-29T12:00:00Z\"\nwriter = \"by hand\"\norigin = \"set\"\n\
             description = \"Made by hand from the documentation\"\n",
            self.id
        )
    }

    /// A plaintext with its MAC.
    pub fn plaintext(&self, header: &str, value: &[u8]) -> Vec<u8> {
        self.signed(&[header.as_bytes(), b"---\n", value].concat())
    }

    /// Any bytes with their MAC line before them.
    pub fn signed(&self, body: &[u8]) -> Vec<u8> {
        let mac = self.mac(body);
        [format!("secrets-entry/1 {mac}\n").as_bytes(), body].concat()
    }

    /// The MAC of a body, in hex.
    pub fn mac(&self, body: &[u8]) -> String {
        let key = hmac(self.secret.as_bytes(), b"secrets/1 entry mac");
        hmac(&key, body)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// Encrypted to the vault, armored.
    pub fn seal(&self, plaintext: &[u8]) -> Vec<u8> {
        seal(plaintext, &self.recipient)
    }

    /// Puts a plaintext into an entry's place.
    pub fn put(&self, path: &Path, plaintext: &[u8]) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, self.seal(plaintext)).unwrap();
    }

    /// The plaintext of an entry.
    pub fn open(&self, path: &Path) -> Vec<u8> {
        open(&fs::read(path).unwrap(), &self.secret.parse().unwrap())
    }
}

fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Encrypts, armored.
pub fn seal(plaintext: &[u8], recipient: &x25519::Recipient) -> Vec<u8> {
    let recipients = std::iter::once(recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients).unwrap();
    let armor = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor).unwrap();
    let mut writer = encryptor.wrap_output(armor).unwrap();
    writer.write_all(plaintext).unwrap();
    writer.finish().unwrap().finish().unwrap()
}

/// Decrypts, armored or not.
pub fn open(sealed: &[u8], identity: &x25519::Identity) -> Vec<u8> {
    let decryptor = age::Decryptor::new_buffered(ArmoredReader::new(sealed)).unwrap();
    let identities = std::iter::once(identity as &dyn age::Identity);
    let mut plaintext = Vec::new();
    decryptor
        .decrypt(identities)
        .unwrap()
        .read_to_end(&mut plaintext)
        .unwrap();
    plaintext
}
