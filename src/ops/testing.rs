//! A machine of its own for the tests of operations: vault, identity, configuration and state in
//! one temporary directory.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use super::{IdentitySource, Session, Settings, get, init, set};
use crate::error::Result;
use crate::model::key_path::KeyPath;
use crate::model::reach::Reach;
use crate::model::secret::SecretBytes;
use crate::storage::audit::Actor;
use crate::storage::state::State;

pub(super) struct Machine {
    dir: tempfile::TempDir,
}

impl Machine {
    pub(super) fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    pub(super) fn identity(&self) -> PathBuf {
        self.path("identity.txt")
    }

    pub(super) fn session(&self) -> Session<'static> {
        Session::new(Settings {
            vault_dir: self.vault(),
            identity: IdentitySource::File(self.identity()),
            config_file: self.path("config.toml"),
            state: State::new(self.path("state")),
            wait: Duration::from_secs(5),
            actor: Actor {
                user: "me".to_owned(),
                program: "test".to_owned(),
            },
            member: "me".to_owned(),
            may_create: true,
            reach: Reach::EVERYTHING,
            git: LazyLock::new(|| None),
            notice: &|_| {},
        })
    }

    pub(super) fn init(&self) {
        init::run(&self.session(), false).unwrap();
    }

    /// Stores a value in the vault only.
    pub(super) fn store(&self, key_path: &str, value: &str) {
        let request = set::Request {
            description: Some("Signs the webhooks of the payment provider".to_owned()),
            no_env: true,
            ..set::Request::new(KeyPath::parse(key_path).unwrap())
        };
        let session = self.session();
        let prepared = set::prepare(&session, request).unwrap();
        set::store(prepared, SecretBytes::from(value), false).unwrap();
    }

    pub(super) fn get(&self, key_path: &str) -> Result<SecretBytes> {
        let request = get::Request {
            key_path: KeyPath::parse(key_path).unwrap(),
            version: None,
        };
        Ok(get::run(&self.session(), request)?.value)
    }
}

pub(super) fn copy_dir(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_dir(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
