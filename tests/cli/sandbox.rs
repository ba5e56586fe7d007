//! A machine of its own for each test: a home, a cleared environment, and canaries.
//!
//! Every value that a test stores is, or holds, a canary: a random text that exists nowhere else.
//! After each command the sandbox looks for all of them (as they are, in pieces, and in base64, hex
//! and decimal) in what was printed and in every file below its root, names included. One may turn
//! up only in files that the test allowed (env files, inputs of its own) and in the output of a
//! command that was told to print it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use aho_corasick::AhoCorasick;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

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

    /// A new value, registered as a canary: 24 letters and digits, random.
    pub fn canary(&self) -> String {
        const LETTERS: &[u8; 64] =
            b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789Zz";
        let mut random = [0; 22];
        getrandom::fill(&mut random).unwrap();
        let random = random.map(|byte| char::from(LETTERS[usize::from(byte & 63)]));
        let canary = format!("Cn{}", random.iter().collect::<String>());
        self.canaries.borrow_mut().push(canary.clone());
        canary
    }

    /// A command of the program.
    pub fn secrets(&self, args: &[&str]) -> Run<'_> {
        Run {
            sandbox: self,
            through: Vec::new(),
            args: args.iter().map(OsString::from).collect(),
            vars: BTreeMap::from([
                ("HOME".into(), self.home().into()),
                ("PATH".into(), self.path("bin").into()),
                ("TMPDIR".into(), self.path("tmp").into()),
                ("USER".into(), "tester".into()),
            ]),
            stdin: Vec::new(),
            dir: self.work(),
            prints_value: false,
        }
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

    /// Fails if a canary is where none may be, or if a temporary file was left behind.
    pub fn check_files(&self) {
        let Some(trap) = self.trap() else {
            return;
        };
        let allowed = self.allowed.borrow();
        walk(self.root.path(), &mut |path, metadata| {
            let name = path.file_name().unwrap_or_default().as_encoded_bytes();
            assert!(
                !name.starts_with(b".secrets-tmp") && name != b".env.secrets-tmp",
                "left behind: {}",
                path.display()
            );
            assert!(
                !trap.is_match(name),
                "a canary in the name {}",
                path.display()
            );
            if metadata.is_file() && !allowed.contains(path) {
                let content = fs::read(path).unwrap();
                assert!(!trap.is_match(&content), "a canary in {}", path.display());
            }
        });
    }

    /// Fails if a canary is in the text.
    pub fn check_text(&self, what: &str, text: &[u8]) {
        if let Some(trap) = self.trap() {
            let text_shown = String::from_utf8_lossy(text);
            assert!(!trap.is_match(text), "a canary in {what}: {text_shown}");
        }
    }

    fn trap(&self) -> Option<AhoCorasick> {
        let canaries = self.canaries.borrow();
        if canaries.is_empty() {
            return None;
        }
        let forms: BTreeSet<Vec<u8>> = canaries
            .iter()
            .flat_map(|canary| forms(canary.as_bytes()))
            .collect();
        Some(AhoCorasick::new(forms).unwrap())
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

/// The forms in which a canary would be recognised: every piece of ten characters, and the whole
/// in base64 (both alphabets, each alignment), hex and lists of numbers.
fn forms(canary: &[u8]) -> Vec<Vec<u8>> {
    let mut forms: Vec<Vec<u8>> = canary.windows(10).map(<[u8]>::to_vec).collect();
    for shift in 0..3 {
        let shifted = [&vec![b'x'; shift], canary].concat();
        let whole = shifted.len() / 3 * 3;
        let text = base64(&shifted[..whole]);
        // The first four characters depend on what stands before the canary.
        let text = if shift == 0 { &text[..] } else { &text[4..] };
        forms.push(text.replace('+', "-").replace('/', "_").into_bytes());
        forms.push(text.as_bytes().to_vec());
    }
    let hex: String = canary.iter().map(|byte| format!("{byte:02x}")).collect();
    forms.push(hex.to_uppercase().into_bytes());
    forms.push(hex.into_bytes());
    let numbers: Vec<String> = canary.iter().take(8).map(u8::to_string).collect();
    forms.push(numbers.join(",").into_bytes());
    forms.push(numbers.join(", ").into_bytes());
    forms
}

/// Base64 of whole groups of three bytes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks_exact(3) {
        let bits = u32::from_be_bytes([0, group[0], group[1], group[2]]);
        for shift in [18, 12, 6, 0] {
            text.push(char::from(DIGITS[(bits >> shift & 63) as usize]));
        }
    }
    text
}

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

impl Run<'_> {
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

/// Permission bits.
pub fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

#[path = "../support/skipped.rs"]
mod support;
pub use support::skipped;

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

#[test]
fn the_sandbox_sees_a_canary_in_every_form() {
    let sandbox = Sandbox::new();
    let canary = sandbox.canary();
    let trap = sandbox.trap().unwrap();
    let hex: String = canary.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (form, text) in [
        ("whole", canary.clone()),
        ("a piece", canary[7..18].to_owned()),
        ("hex", hex),
        ("debug", format!("{:?}", canary.as_bytes())),
        ("base64", base64(canary.as_bytes())),
        (
            "base64 behind one byte",
            base64(format!("a{canary}bc").as_bytes()),
        ),
        (
            "base64 behind two bytes",
            base64(format!("ab{canary}b").as_bytes()),
        ),
    ] {
        assert!(trap.is_match(&text), "{form}");
    }
    assert!(!trap.is_match("nothing of it"));
    let seen = |path: &str| {
        sandbox.allowed.borrow_mut().clear();
        let file = sandbox.path(path);
        fs::write(&file, format!("x{canary}")).unwrap();
        let check = std::panic::AssertUnwindSafe(|| sandbox.check_files());
        assert!(std::panic::catch_unwind(check).is_err(), "{path}");
        fs::remove_file(file).unwrap();
    };
    seen("home/some file");
    seen("tmp/t");
    seen("work/.env.secrets-tmp");
}
