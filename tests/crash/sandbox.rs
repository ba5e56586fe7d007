//! A place where the program runs: its own vault, identity, configuration, state and projects, and
//! an environment that holds nothing else.
//!
//! The memory of the program holds absolute paths, so each worker has one sandbox at one path, and
//! a state is put back there from memory as often as it is needed. It lies in `/dev/shm`: the rigs
//! look at what the program asks of the kernel, not at what a disk does with it.

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use crate::tree::Tree;

/// The directory that holds the sandboxes of one rig; it goes when the rig is done.
pub struct Base(tempfile::TempDir);

impl Base {
    pub fn new() -> Self {
        let shm = Path::new("/dev/shm");
        let mut builder = tempfile::Builder::new();
        builder.prefix("secrets-crash-");
        let dir = if shm.is_dir() {
            builder.tempdir_in(shm)
        } else {
            builder.tempdir()
        };
        Self(dir.unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// An empty sandbox. With a fault, the program in it has the planted fault.
    pub fn sandbox(&self, worker: usize, fault: Option<&'static str>) -> Sandbox {
        let sandbox = Sandbox {
            root: self.0.path().join(format!("w{worker}")),
            fault,
        };
        sandbox.put(&Tree::default());
        sandbox
    }
}

#[derive(Debug, Clone)]
pub struct Sandbox {
    pub root: PathBuf,
    pub fault: Option<&'static str>,
}

/// How a run of the program ended.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub signal: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ran {
    /// How it ended, for a finding.
    pub fn end(&self) -> String {
        let end = match (self.code, self.signal) {
            (Some(code), _) => format!("exit {code}"),
            (None, Some(signal)) => format!("signal {signal}"),
            _ => "no end".to_owned(),
        };
        format!("{end}, stderr: {}", self.stderr.trim().replace('\n', " | "))
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            signal: output.status.signal(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Sandbox {
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub fn at(&self, below: &str) -> PathBuf {
        self.root.join(below)
    }

    /// The path as an argument.
    pub fn arg(&self, below: &str) -> String {
        self.at(below).to_str().unwrap().to_owned()
    }

    pub fn write(&self, below: &str, text: &str) {
        let path = self.at(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn tree(&self) -> Tree {
        Tree::read(&self.root)
    }

    /// Puts a state back; nothing else stays.
    pub fn put(&self, tree: &Tree) {
        tree.write(&self.root);
        fs::create_dir_all(self.at("home")).unwrap();
    }

    /// A command in front of which others can be put.
    pub fn prefixed(&self, prefix: &[&str], args: &[String]) -> Command {
        let program = env!("CARGO_BIN_EXE_secrets");
        let mut words = prefix
            .iter()
            .copied()
            .chain([program])
            .chain(args.iter().map(String::as_str));
        let mut command = Command::new(words.next().unwrap());
        command
            .args(words)
            .current_dir(self.at("home"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
            .env("HOME", self.at("home"))
            .env("USER", "me")
            .env("SECRETS_VAULT", self.at("vault"))
            .env("SECRETS_IDENTITY_FILE", self.at("conf/identity.txt"))
            .env("SECRETS_CONFIG", self.at("conf/config.toml"))
            .env("SECRETS_STATE", self.at("state"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(fault) = self.fault {
            command.env("FAILPOINTS", format!("{fault}=return"));
        }
        command
    }

    pub fn run(&self, args: &[String], stdin: &str) -> Ran {
        self.run_prefixed(&[], args, stdin)
    }

    pub fn run_prefixed(&self, prefix: &[&str], args: &[String], stdin: &str) -> Ran {
        let mut child = self.prefixed(prefix, args).spawn().unwrap();
        feed(&mut child, stdin);
        child.wait_with_output().unwrap().into()
    }

    /// Runs what must succeed for the rig to make sense.
    pub fn must(&self, args: &[&str], stdin: &str) -> Ran {
        let ran = self.run(&words(args), stdin);
        assert_eq!(ran.code, Some(0), "secrets {args:?}: {}", ran.end());
        ran
    }

    /// The value of a version, or of the newest; the exit code if there is none.
    pub fn get(&self, key_path: &str, version: Option<u32>) -> Result<Vec<u8>, Ran> {
        let mut args = words(&["get", key_path]);
        if let Some(version) = version {
            args.extend(["--version".to_owned(), version.to_string()]);
        }
        let ran = self.run(&args, "");
        if ran.code == Some(0) {
            Ok(ran.stdout)
        } else {
            Err(ran)
        }
    }
}

pub fn words(args: &[&str]) -> Vec<String> {
    args.iter().map(|&arg| arg.to_owned()).collect()
}

/// Writes standard input and closes it; a program that does not read it is no error.
pub fn feed(child: &mut Child, stdin: &str) {
    if let Some(mut pipe) = child.stdin.take() {
        let _ = pipe.write_all(stdin.as_bytes());
    }
}
