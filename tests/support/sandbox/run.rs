//! Running the program: what it is given, and what is checked of what it says.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

use assert_cmd::assert::Assert;

use super::{SECRETS, Sandbox};

/// A command that is about to run.
#[must_use]
pub struct Run<'s> {
    pub sandbox: &'s Sandbox,
    through: Vec<OsString>,
    args: Vec<OsString>,
    vars: BTreeMap<OsString, OsString>,
    stdin: Vec<u8>,
    dir: PathBuf,
    prints_value: bool,
}

impl<'s> Run<'s> {
    /// With a cleared environment but for where things are.
    pub(super) fn new(sandbox: &'s Sandbox, args: &[&str]) -> Self {
        Self {
            sandbox,
            through: Vec::new(),
            args: args.iter().map(OsString::from).collect(),
            vars: BTreeMap::from([
                ("HOME".into(), sandbox.home().into()),
                ("PATH".into(), sandbox.path("bin").into()),
                ("TMPDIR".into(), sandbox.path("tmp").into()),
                ("USER".into(), "tester".into()),
            ]),
            stdin: Vec::new(),
            dir: sandbox.work(),
            prints_value: false,
        }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    pub fn args(mut self, args: &[&str]) -> Self {
        self.args.extend(args.iter().map(OsString::from));
        self
    }

    pub fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    pub fn var(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.vars.insert(name.into(), value.as_ref().to_owned());
        self
    }

    pub fn no_var(mut self, name: &str) -> Self {
        self.vars.remove(OsStr::new(name));
        self
    }

    pub fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = dir.as_ref().to_owned();
        self
    }

    /// Lets the command find the system's own tools.
    pub fn system_path(self) -> Self {
        let path = format!(
            "{}:/usr/local/bin:/usr/bin:/bin",
            self.sandbox.path("bin").display()
        );
        self.var("PATH", path)
    }

    /// Runs the command through another: `sh -c '… exec "$@"' sh`.
    pub fn through(mut self, command: &[&str]) -> Self {
        self.through = command.iter().map(OsString::from).collect();
        self
    }

    /// Runs the command in a shell that prepares something first.
    pub fn after(self, shell: &str) -> Self {
        let script = format!("{shell}; exec \"$@\"");
        self.through(&["/bin/sh", "-c", &script, "sh"])
    }

    /// The output may hold values.
    pub fn prints_value(mut self) -> Self {
        self.prints_value = true;
        self
    }

    /// The command for `std`, for those who need more than its output.
    pub fn command(&self) -> std::process::Command {
        let mut words = self.through.clone();
        words.push(SECRETS.into());
        words.extend(self.args.iter().cloned());
        let mut command = std::process::Command::new(&words[0]);
        command
            .args(&words[1..])
            .env_clear()
            .envs(&self.vars)
            .current_dir(&self.dir);
        command
    }

    /// Runs it to its end and looks for canaries.
    pub fn run(self) -> Assert {
        let mut command = assert_cmd::Command::from_std(self.command());
        let output = command
            .write_stdin(self.stdin)
            .timeout(Duration::from_secs(60))
            .output();
        let output = output.unwrap();
        if !self.prints_value {
            self.sandbox.check_text("standard output", &output.stdout);
        }
        self.sandbox.check_text("standard error", &output.stderr);
        self.sandbox.check_files();
        Assert::new(output).append_context("arguments", format!("{:?}", self.args))
    }

    /// Runs it, and again with `--json`: both fail with this exit code, say the same, print nothing
    /// on standard output and change nothing but (with exit 3) the vault.
    pub fn fails(self, exit: i32, code: &str) -> Failed {
        let before = self.sandbox.snapshot();
        let again = Run {
            sandbox: self.sandbox,
            through: self.through.clone(),
            args: self.args.clone(),
            vars: self.vars.clone(),
            stdin: self.stdin.clone(),
            dir: self.dir.clone(),
            prints_value: self.prints_value,
        };
        let sandbox = self.sandbox;
        let plain = self.run().code(exit).stdout("");
        let failed = Failed::of(again.arg("--json").run().code(exit).stdout(""));
        assert_eq!(failed.code, code, "{failed:?}");
        if exit != 3 {
            assert_eq!(
                before,
                sandbox.snapshot(),
                "a command that failed changed something"
            );
        }
        let text = String::from_utf8(plain.get_output().stderr.clone()).unwrap();
        let said = |label: &str| -> Vec<String> {
            let lines = text.lines();
            lines
                .filter_map(|line| line.strip_prefix(label))
                .map(str::to_owned)
                .collect()
        };
        assert_eq!(said("secrets: hint: "), failed.hints, "{text}");
        let errors = said("secrets: error: ");
        assert_eq!(errors.len(), 1, "{text}");
        if exit != 3 {
            assert_eq!(errors[0], failed.message);
        }
        for line in [&errors[0], &failed.message] {
            assert!(!line.ends_with('.'), "a full stop: {line}");
            assert!(!line.starts_with(char::is_uppercase), "a capital: {line}");
        }
        for line in text.lines() {
            assert!(line.starts_with("secrets: "), "{text}");
        }
        failed
    }
}

/// What a command that failed said.
#[derive(Debug)]
pub struct Failed {
    pub code: String,
    pub message: String,
    pub hints: Vec<String>,
}

impl Failed {
    /// From the one line of JSON on standard error.
    pub fn of(done: Assert) -> Self {
        let text = String::from_utf8(done.get_output().stderr.clone()).unwrap();
        let line = text.lines().last().unwrap_or_default();
        let json: serde_json::Value = serde_json::from_str(line).expect(&text);
        assert_eq!(keys(&json), ["error"], "{text}");
        assert_eq!(keys(&json["error"]), ["code", "hints", "message"], "{text}");
        let text = |name: &str| json["error"][name].as_str().unwrap().to_owned();
        Self {
            code: text("code"),
            message: text("message"),
            hints: json["error"]["hints"]
                .as_array()
                .unwrap()
                .iter()
                .map(|hint| hint.as_str().unwrap().to_owned())
                .collect(),
        }
    }

    /// Says this in its message or in a hint.
    #[track_caller]
    pub fn says(&self, text: &str) -> &Self {
        let all = format!("{}\n{}", self.message, self.hints.join("\n"));
        assert!(all.contains(text), "{all:?} does not say {text:?}");
        self
    }
}

/// The one line of JSON on standard output.
pub fn json_of(done: &Assert) -> serde_json::Value {
    let output = done.get_output();
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(
        text.matches('\n').count(),
        1,
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&text).unwrap()
}

/// The names in a JSON object, sorted.
pub fn keys(json: &serde_json::Value) -> Vec<String> {
    let mut keys: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}
