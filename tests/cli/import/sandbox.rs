//! A project, a vault and a program that sees nothing of the machine's environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A real-looking file of forty lines. Every secret in it holds the word "canary".
pub(crate) const ENV_FILE: &str = r##"# ---------------------------------------------
# The shop
# ---------------------------------------------
NODE_ENV=production
PORT=3000
APP_NAME="Corner Shop"   # shown in mails
LOG_LEVEL = info

## --- Payments ---
# Payments of the shop's customers,
# live mode
STRIPE_API_KEY=sk_live_canary0001stripe
# STRIPE_API_KEY=sk_test_canary0099unused
export JWT_SECRET="canary0002 jwt, \"quoted\""

DATABASE_URL='postgres://shop:canary0003@db.internal:5432/shop'
DATABASE_POOL=10

# smtp
SMTP_HOST=smtp.example.com
SMTP_USER=shop@example.com
SMTP_PASSWORD='canary0004 smtp # pass'

mail.api-key=canary0005mailinglists
SENTRY_DSN=
SLACK_TOKEN=changeme
# Cache of the product pages
REDIS_PASSWORD=canary0006old
REDIS_PASSWORD=canary0006redis

# Web server
TLS_PRIVATE_KEY="-----BEGIN PRIVATE KEY-----
MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAcanary0007
-----END PRIVATE KEY-----
"
TLS_CERT_FILE=/etc/ssl/shop.pem
ADMIN_PASSWORD_HASH='$2b$10$canary0008canary0008canary0008canary0008canary0008ab'
FEATURE_FLAGS=search,reviews
TZ=Europe/Berlin
CACHE_TTL=3600
"##;

/// What of it is in the vault afterwards.
pub(crate) const VALUES: &[(&str, &str)] = &[
    ("project/shop/stripe_api_key", "sk_live_canary0001stripe"),
    ("project/shop/jwt_secret", "canary0002 jwt, \"quoted\""),
    (
        "project/shop/database_url",
        "postgres://shop:canary0003@db.internal:5432/shop",
    ),
    ("project/shop/smtp_password", "canary0004 smtp # pass"),
    ("project/shop/mail_api_key", "canary0005mailinglists"),
    ("project/shop/redis_password", "canary0006redis"),
    (
        "project/shop/tls_private_key",
        "-----BEGIN PRIVATE KEY-----\n\
         MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAcanary0007\n\
         -----END PRIVATE KEY-----\n",
    ),
    (
        "project/shop/admin_password_hash",
        "$2b$10$canary0008canary0008canary0008canary0008canary0008ab",
    ),
];

/// A directory with everything in it.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
}

/// What a run said.
pub(crate) struct Said {
    code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Said {
    /// Asserts the exit code, and that no value was said.
    #[track_caller]
    pub(crate) fn code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}{}", self.stdout, self.stderr);
        for text in [&self.stdout, &self.stderr] {
            assert!(!text.contains("canary"), "a value was shown: {text}");
        }
        self
    }
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("project")).unwrap();
        Self { dir }
    }

    /// A path in the project.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("project").join(name)
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.dir.path().join("vault")
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.dir.path().join("config/config.toml")
    }

    pub(crate) fn write_config(&self, text: &str) {
        std::fs::create_dir(self.dir.path().join("config")).unwrap();
        std::fs::write(self.config(), text).unwrap();
    }

    /// A private file in the project.
    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(&path, mode).unwrap();
        }
        path
    }

    fn clean(&self, mut command: Command) -> Command {
        let dir = self.dir.path();
        command
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", dir.join("home"))
            .env("USER", "tester")
            .env("SECRETS_VAULT", self.vault())
            .env("SECRETS_IDENTITY_FILE", dir.join("identity.txt"))
            .env("SECRETS_CONFIG", self.config())
            .env("SECRETS_STATE", dir.join("state"))
            .current_dir(self.path("."))
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.under(&[], arguments)
    }

    /// The program under another, which comes with its own arguments.
    pub(crate) fn under(&self, other: &[&str], arguments: &[&str]) -> Command {
        let program = env!("CARGO_BIN_EXE_secrets");
        let mut line = other.to_vec();
        if !arguments.is_empty() {
            line.push(program);
        }
        line.extend(arguments);
        let mut command = Command::new(line[0]);
        command.args(&line[1..]);
        self.clean(command)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        let output = self.command(arguments).output().unwrap();
        Said {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// `set` with the value on standard input.
    pub(crate) fn set(&self, arguments: &[&str], value: &str) {
        let mut command = self.command(&[&["set"], arguments].concat());
        let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        std::io::Write::write_all(&mut stdin, value.as_bytes()).unwrap();
        drop(stdin);
        assert!(child.wait().unwrap().success());
    }

    /// A value from the vault.
    #[track_caller]
    pub(crate) fn get(&self, key_path: &str) -> String {
        let output = self.command(&["get", key_path]).output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{stderr}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Takes vault and memory away; the identity stays.
    pub(crate) fn reset_vault(&self) {
        for name in ["vault", "state"] {
            std::fs::remove_dir_all(self.dir.path().join(name)).unwrap();
        }
        std::fs::remove_file(self.dir.path().join("identity.txt")).unwrap();
        let _ = std::fs::remove_file(self.config());
        self.run(&["init"]).code(0);
    }

    #[track_caller]
    pub(crate) fn assert_same(&self, file: &Path, text: &str) {
        let now = std::fs::read(file).unwrap();
        assert!(now == text.as_bytes(), "{} changed", file.display());
    }

    /// Every file, by path and content.
    pub(crate) fn tree(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut open = vec![self.dir.path().to_owned()];
        while let Some(dir) = open.pop() {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    files.push((path, bytes));
                }
            }
        }
        files.sort();
        files
    }

    /// No file but an env file holds a value, in the clear at least.
    #[track_caller]
    pub(crate) fn assert_no_value_outside_the_vault(&self) {
        for (path, bytes) in self.tree() {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name.starts_with(".env") {
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("canary"), "{} holds a value", path.display());
        }
    }
}
