//! A home of its own for each test, with an environment that holds nothing else.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The value of `project/web/api_key`, whose variable is `API_KEY`.
pub(crate) const CANARY: &str = "canary-Kx7/4+vQ";

pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
}

impl Sandbox {
    /// With the project `web`, which has one secret.
    pub(crate) fn new() -> Self {
        let sandbox = Self::empty();
        sandbox.set("project/web/api_key", CANARY.as_bytes(), &[]);
        sandbox
    }

    pub(crate) fn empty() -> Self {
        let sandbox = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        std::fs::create_dir(sandbox.path("web")).unwrap();
        sandbox.ok(&["link", "web", sandbox.path("web").to_str().unwrap()]);
        sandbox
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_secrets"));
        command
            .args(arguments)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.path("home"))
            .env("SECRETS_VAULT", self.path("vault"))
            .env("SECRETS_IDENTITY_FILE", self.path("identity.txt"))
            .env("SECRETS_CONFIG", self.path("config.toml"))
            .env("SECRETS_STATE", self.path("state"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    pub(crate) fn ok(&self, arguments: &[&str]) -> Vec<u8> {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", stderr(&output));
        output.stdout
    }

    pub(crate) fn set(&self, key_path: &str, value: &[u8], flags: &[&str]) {
        let mut arguments = vec![
            "set",
            key_path,
            "--exact",
            "-d",
            "Canary that the tests look for",
        ];
        arguments.extend_from_slice(flags);
        let mut child = self
            .command(&arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(value).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", stderr(&output));
    }

    pub(crate) fn script(&self, name: &str, text: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Nothing in the state, the configuration or the vault holds the text.
    pub(crate) fn assert_nowhere(&self, canary: &[u8]) {
        fn look(dir: &Path, canary: &[u8]) {
            for entry in std::fs::read_dir(dir).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    look(&path, canary);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    let found = bytes.windows(canary.len()).any(|part| part == canary);
                    assert!(!found, "{}", path.display());
                }
            }
        }
        look(&self.path("vault"), canary);
        look(&self.path("state"), canary);
        look(&self.path("home"), canary);
    }
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// `arguments` behind `run --project web`.
pub(crate) fn web<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["run", "--project", "web"], arguments].concat()
}
