//! A machine of its own for each test: a home, a cleared environment, and canaries.
//!
//! Every value that a test stores is, or holds, a canary: a random text that exists nowhere else.
//! After each command the sandbox looks for all of them (as they are, in pieces, and in base64, hex
//! and decimal) in what was printed and in every file below its root, names included. One may turn
//! up only in files that the test allowed (env files, inputs of its own) and in the output of a
//! command that was told to print it.
#![allow(dead_code, unused_imports, reason = "no test binary uses all of it")]

mod canaries;
mod run;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

pub use self::run::{Failed, Run, json_of, keys};
pub use super::skipped::skipped;

/// The program under test.
pub const SECRETS: &str = env!("CARGO_BIN_EXE_secrets");
/// A description that is good for any key path used here.
pub const DESCRIPTION: &str = "Stripe account for payment processing";
/// The key path that most tests use.
pub const KEY: &str = "project/consilio/stripe_api_key";
/// The variable of [`KEY`].
pub const NAME: &str = "STRIPE_API_KEY";

/// A home, with nothing in it.
pub struct Sandbox {
    root: TempDir,
    canaries: RefCell<Vec<String>>,
    allowed: RefCell<BTreeSet<PathBuf>>,
}

impl Sandbox {
    /// A machine that has neither vault nor identity.
    ///
    /// It lies in memory where it can, because the program syncs a lot and waits for the disk.
    pub fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        Self::below(if memory.is_dir() {
            memory
        } else {
            std::env::temp_dir()
        })
    }

    /// The same on a disk, where programs can be run and files have attributes.
    pub fn on_disk() -> Self {
        Self::below(std::env::temp_dir())
    }

    fn below(dir: PathBuf) -> Self {
        let root = tempfile::Builder::new()
            .prefix("secrets-cli-")
            .tempdir_in(dir);
        let sandbox = Self {
            root: root.unwrap(),
            canaries: RefCell::default(),
            allowed: RefCell::default(),
        };
        for dir in ["home", "tmp", "bin", "work"] {
            fs::create_dir(sandbox.root.path().join(dir)).unwrap();
        }
        sandbox
    }

    /// A machine with a vault.
    pub fn with_vault() -> Self {
        Self::new().and_vault()
    }

    /// The same machine with a vault.
    pub fn and_vault(self) -> Self {
        self.secrets(&["init", "-q"]).run().success();
        self
    }

    /// A machine with a vault and the project `consilio` linked to an env file with this text.
    pub fn with_env(text: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::with_vault();
        sandbox.write_env(text);
        sandbox
            .secrets(&["link", "consilio", "-q"])
            .arg(sandbox.work())
            .run()
            .success();
        sandbox
    }

    pub fn path(&self, below: &str) -> PathBuf {
        self.root.path().join(below)
    }

    pub fn home(&self) -> PathBuf {
        self.path("home")
    }

    /// The directory of the project; commands run here.
    pub fn work(&self) -> PathBuf {
        self.path("work")
    }

    /// The env file of the project.
    pub fn env_file(&self) -> PathBuf {
        self.allow(self.work().join(".env"))
    }

    pub fn env(&self) -> String {
        String::from_utf8(self.env_bytes()).unwrap()
    }

    pub fn env_bytes(&self) -> Vec<u8> {
        fs::read(self.env_file()).unwrap()
    }

    pub fn write_env(&self, text: impl AsRef<[u8]>) {
        let path = self.env_file();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// A file of the test, in which canaries may be.
    pub fn file(&self, below: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.allow(self.path(below));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Adds lines to what is configured for the project.
    pub fn configure(&self, lines: &str) {
        let before = fs::read_to_string(self.config()).unwrap();
        fs::write(self.config(), format!("{before}{lines}")).unwrap();
    }

    /// A program on the search path of the commands.
    pub fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.file(&format!("bin/{name}"), text);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Canaries may be in this file.
    pub fn allow(&self, path: PathBuf) -> PathBuf {
        self.allowed.borrow_mut().insert(path.clone());
        path
    }

    pub fn vault(&self) -> PathBuf {
        self.path("home/.local/share/secrets/vault")
    }

    pub fn identity(&self) -> PathBuf {
        self.path("home/.config/secrets/identity.txt")
    }

    pub fn config(&self) -> PathBuf {
        self.path("home/.config/secrets/config.toml")
    }

    pub fn state(&self) -> PathBuf {
        self.path("home/.local/state/secrets")
    }

    /// The file of a version.
    pub fn entry(&self, key_path: &str, version: u32) -> PathBuf {
        self.vault()
            .join("entries")
            .join(key_path)
            .join(format!("{version:04}.age"))
    }

    /// How many versions a secret has.
    pub fn versions(&self, key_path: &str) -> usize {
        let dir = self.vault().join("entries").join(key_path);
        let Ok(entries) = fs::read_dir(dir) else {
            return 0;
        };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.ends_with(".age")).count()
    }

    /// A command of the program.
    pub fn secrets(&self, args: &[&str]) -> Run<'_> {
        Run::new(self, args)
    }

    /// `set` with a value on standard input, and a description.
    pub fn set(&self, key_path: &str, value: impl AsRef<[u8]>) -> Run<'_> {
        self.secrets(&["set", key_path, "-d", DESCRIPTION])
            .stdin(value)
    }

    /// `set --no-env` that succeeds.
    pub fn store(&self, key_path: &str, value: impl AsRef<[u8]>) {
        self.set(key_path, value)
            .args(&["--no-env", "--exact", "-q"])
            .run()
            .success();
    }

    /// Runs the system's git in the project's directory, with an empty configuration.
    pub fn git(&self, args: &[&str]) -> std::process::Output {
        let own = self.secrets(&[]).system_path().command();
        let mut command = std::process::Command::new("git");
        command.env_clear();
        for (name, value) in own.get_envs() {
            command.env(name, value.unwrap());
        }
        command
            .args(["-c", "user.name=me", "-c", "user.email=me@example.com"])
            .args(["-c", "init.defaultBranch=main"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .current_dir(self.work());
        command.output().unwrap()
    }

    /// What `get` prints.
    pub fn get(&self, key_path: &str) -> Vec<u8> {
        let got = self
            .secrets(&["get", key_path])
            .prints_value()
            .run()
            .success();
        got.get_output().stdout.clone()
    }

    /// What `get --version` prints.
    pub fn get_version(&self, key_path: &str, version: u32) -> Vec<u8> {
        let version = version.to_string();
        let got = self
            .secrets(&["get", key_path, "--version", &version])
            .prints_value();
        got.run().success().get_output().stdout.clone()
    }

    /// The kinds, levels and subjects of what `verify` finds.
    pub fn findings(&self, args: &[&str]) -> Vec<serde_json::Value> {
        let done = self.secrets(&["verify", "--json"]).args(args).run();
        let report = json_of(&done);
        let code = done.get_output().status.code();
        assert_eq!(code, Some(if report["ok"] == true { 0 } else { 1 }));
        report["findings"].as_array().unwrap().clone()
    }

    /// The kinds of what `verify` finds, sorted.
    pub fn finding_kinds(&self) -> Vec<String> {
        let findings = self.findings(&[]);
        let mut kinds: Vec<String> = findings
            .iter()
            .map(|finding| finding["kind"].as_str().unwrap().to_owned())
            .collect();
        kinds.sort();
        kinds
    }

    /// Everything below the root but the memory of the machine: names, modes, contents.
    pub fn snapshot(&self) -> Snapshot {
        let mut snapshot = Snapshot::new();
        let state = self.state();
        walk(self.root.path(), &mut |path, metadata| {
            if !path.starts_with(&state) {
                let content = if metadata.is_symlink() {
                    fs::read_link(path)
                        .unwrap()
                        .into_os_string()
                        .into_encoded_bytes()
                } else if metadata.is_file() {
                    fs::read(path).unwrap()
                } else {
                    Vec::new()
                };
                snapshot.insert(path.to_owned(), (metadata.mode(), content));
            }
        });
        // The memory may have been begun.
        snapshot.retain(|path, _| !state.starts_with(path));
        snapshot
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.check_files();
        }
    }
}

/// Paths, modes and contents.
pub type Snapshot = BTreeMap<PathBuf, (u32, Vec<u8>)>;

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path, &fs::Metadata)) {
    // A command that still runs may take files away meanwhile.
    let Ok(entries) = fs::read_dir(dir) else {
        return;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let Ok(metadata) = fs::symlink_metadata(&path) else {
            continue;
        };
        visit(&path, &metadata);
        if metadata.is_dir() {
            walk(&path, visit);
        }
    }
}

/// Permission bits.
pub fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

/// A program of the machine that runs the tests; says SKIPPED if there is none.
pub fn tool(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|dir| dir.join(name))
        .find(|file| file.is_file());
    if found.is_none() {
        skipped(&format!("there is no {name} on this machine"));
    }
    found
}
