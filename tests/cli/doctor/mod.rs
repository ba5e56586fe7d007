//! `doctor`, `recovery` and `init --trust`, from the outside.
//!
//! The table breaks one thing a time, asks whether `doctor` says so, runs the command that it
//! names, and asks again. Every value and key here is a canary: none may turn up in any output but
//! that of `recovery add`.

mod broken;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use broken::BROKEN;

use crate::skipped::skipped;

const CANARY: &str = "canary-value-5d1f";
const STRIPE: &str = "project/consilio/stripe_api_key";

/// A home of its own, with a clear environment.
struct Sandbox {
    home: tempfile::TempDir,
}

impl Sandbox {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
        }
    }

    /// With a vault of two members, a linked project with one secret, and nothing to complain of.
    fn sound() -> Self {
        let sandbox = Self::new();
        sandbox.run("init --recovery --print").success();
        std::fs::create_dir(sandbox.path("app")).unwrap();
        sandbox.run("link consilio app").success();
        sandbox.set(STRIPE, CANARY);
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().canonicalize().unwrap().join(name)
    }

    fn vault(&self, name: &str) -> PathBuf {
        self.path(".local/share/secrets/vault").join(name)
    }

    fn identity(&self) -> PathBuf {
        self.path(".config/secrets/identity.txt")
    }

    fn config(&self) -> PathBuf {
        self.path(".config/secrets/config.toml")
    }

    fn env(&self) -> PathBuf {
        self.path("app/.env")
    }

    /// The directory of this machine's memory of the vault.
    fn memory(&self) -> PathBuf {
        let vaults = self.path(".local/state/secrets/vaults");
        let mut dirs = std::fs::read_dir(vaults).unwrap();
        dirs.next().unwrap().unwrap().path()
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let program_dir = Path::new(env!("CARGO_BIN_EXE_secrets")).parent().unwrap();
        let mut command = Command::new(program);
        command
            .current_dir(self.path(""))
            .env_clear()
            .env("HOME", self.path(""))
            .env("USER", "me")
            .env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", program_dir.display()),
            )
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .stdin(Stdio::null());
        command
    }

    fn finish(&self, mut command: Command, input: Option<&str>) -> Run {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if input.is_some() {
            command.stdin(Stdio::piped());
        }
        let mut child = command.spawn().unwrap();
        if let Some(input) = input {
            use std::io::Write as _;
            child
                .stdin
                .take()
                .unwrap()
                .write_all(input.as_bytes())
                .unwrap();
        }
        Run(child.wait_with_output().unwrap())
    }

    fn run(&self, arguments: &str) -> Run {
        self.run_with(arguments, None)
    }

    fn run_with(&self, arguments: &str, input: Option<&str>) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_secrets"));
        command.args(arguments.split_whitespace());
        self.finish(command, input)
    }

    /// Runs a command line in a shell, as a user would type it.
    fn shell(&self, line: &str) -> Run {
        let mut command = self.command("sh");
        command.args(["-c", line]);
        self.finish(command, None)
    }

    fn set(&self, key_path: &str, value: &str) {
        let mut command = self.command(env!("CARGO_BIN_EXE_secrets"));
        command.args(["set", key_path, "-d", "Signs what the customers pay for"]);
        self.finish(command, Some(value)).success();
    }

    fn doctor(&self) -> Doctor {
        let run = self.run("doctor --json");
        run.shows_nothing();
        Doctor::of(&run)
    }

    /// Puts the vault as it is now into a git repository of its own.
    fn keep_vault_in_git(&self) {
        let git = "cd .local/share/secrets/vault && git init -q . && git add . && \
                   git -c user.name=me -c user.email=me@here commit -qm all";
        self.shell(git).success();
    }

    /// Puts a new recovery member into the vault and gives its key.
    fn add_recovery(&self) -> String {
        let run = self.run("recovery add --print");
        run.success();
        run.out().trim_end().to_owned()
    }
}

struct Run(Output);

impl Run {
    fn out(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn all(&self) -> String {
        format!("{}{}", self.out(), String::from_utf8_lossy(&self.0.stderr))
    }

    fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    #[track_caller]
    fn success(&self) -> &Self {
        assert_eq!(self.code(), 0, "{}", self.all());
        self
    }

    #[track_caller]
    fn shows_nothing(&self) {
        let all = self.all();
        for secret in [CANARY, "AGE-SECRET-KEY-1"] {
            // The form of a key may be named, a key not.
            let named = all.matches("AGE-SECRET-KEY-1…").count() * usize::from(secret != CANARY);
            assert_eq!(all.matches(secret).count(), named, "{all}");
        }
    }
}

struct Doctor {
    code: i32,
    report: serde_json::Value,
}

impl Doctor {
    fn of(run: &Run) -> Self {
        let report = serde_json::from_str(&run.out()).unwrap_or_else(|_| panic!("{}", run.all()));
        let doctor = Self {
            code: run.code(),
            report,
        };
        assert_eq!(doctor.report["ok"] == false, doctor.code == 1);
        doctor
    }

    fn checks(&self) -> impl Iterator<Item = &serde_json::Value> {
        self.report["checks"].as_array().unwrap().iter()
    }

    /// The checks of one id that are not good.
    fn faults(&self, id: &str) -> Vec<&serde_json::Value> {
        self.checks()
            .filter(|check| check["id"] == id && check["state"] != "good")
            .collect()
    }

    fn all_good(&self) -> bool {
        self.checks().all(|check| check["state"] == "good")
    }
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn append(path: &Path, text: &str) {
    let mut all = std::fs::read_to_string(path).unwrap_or_default();
    all.push_str(text);
    std::fs::write(path, all).unwrap();
}

#[test]
fn a_sound_set_up_has_nothing_to_complain_of() {
    let sandbox = Sandbox::sound();
    let doctor = sandbox.doctor();
    assert!(doctor.all_good(), "{:#}", doctor.report);
    assert_eq!(doctor.code, 0);
    let run = sandbox.run("doctor");
    run.success().shows_nothing();
    assert!(run.out().ends_with("all is good\n"), "{}", run.out());
}

#[test]
fn each_fault_is_said_and_the_command_beside_it_mends_it() {
    // Takes out the line that the tests put in.
    let editor = "sed -i -e '/no TOML/d' \"$2\"\n";
    for (name, break_it, id, state) in BROKEN {
        let sandbox = Sandbox::sound();
        let editor_file = sandbox.path("editor");
        std::fs::write(&editor_file, format!("#!/bin/sh\n{editor}")).unwrap();
        chmod(&editor_file, 0o700);
        break_it(&sandbox);
        let doctor = sandbox.doctor();
        let faults = doctor.faults(id);
        assert!(!faults.is_empty(), "{name}: {:#}", doctor.report);
        assert_eq!(faults[0]["state"], *state, "{name}: {:#}", doctor.report);
        sandbox.run("doctor").shows_nothing();
        let mend = faults[0]["mend"]
            .as_str()
            .unwrap_or_else(|| panic!("{name}: {faults:#?}"));
        let typed = mend
            .replace("init --trust", "init --trust --yes")
            .replace("recovery add", "recovery add --print");
        let editor = editor_file.display();
        let run = sandbox.shell(&format!("EDITOR={editor}; {typed}"));
        assert_eq!(run.code(), 0, "{name}: {typed}: {}", run.all());
        let after = sandbox.doctor();
        assert!(
            after.faults(id).is_empty(),
            "{name}: {typed}: {:#}",
            after.report
        );
    }
}

#[test]
fn fix_mends_what_loses_nothing_and_nothing_else() {
    let sandbox = Sandbox::sound();
    std::fs::write(sandbox.path("app/.env.secrets-tmp"), CANARY).unwrap();
    append(&sandbox.memory().join("log.jsonl"), "{\"n\":99,\"ti");
    sandbox.run(&format!("rm {STRIPE}")).success();
    let hint = sandbox.vault("entries/project/consilio/stripe_api_key/0002.removed");
    std::fs::remove_file(&hint).unwrap();
    chmod(&sandbox.identity(), 0o640);
    let doctor = sandbox.doctor();
    assert!(
        !hint.exists(),
        "doctor changed something without being asked"
    );
    assert_eq!(doctor.code, 1);
    let run = sandbox.run("doctor --fix");
    run.shows_nothing();
    assert_eq!(run.code(), 1);
    assert!(hint.exists() && !sandbox.path("app/.env.secrets-tmp").exists());
    let left: Vec<_> = sandbox
        .doctor()
        .checks()
        .filter(|c| c["state"] != "good")
        .cloned()
        .collect();
    assert_eq!(left.len(), 1, "{left:#?}");
    assert_eq!(left[0]["id"], "identity_mode");
}

#[test]
fn nothing_at_all_is_a_check_that_says_init() {
    let sandbox = Sandbox::new();
    let doctor = sandbox.doctor();
    assert_eq!(doctor.code, 1);
    assert_eq!(doctor.faults("vault")[0]["mend"], "secrets init");
    assert_eq!(doctor.faults("identity")[0]["mend"], "secrets init");
    assert!(
        std::fs::read_dir(sandbox.path(""))
            .unwrap()
            .next()
            .is_none()
    );
    sandbox.shell("secrets init").success();
    let doctor = sandbox.doctor();
    assert_eq!(doctor.code, 0, "{:#}", doctor.report);
    let warning = doctor.faults("members")[0];
    assert_eq!(warning["state"], "warning");
    assert!(
        warning["what"]
            .as_str()
            .unwrap()
            .contains("ONLY ONE MEMBER")
    );
    assert_eq!(warning["mend"], "secrets recovery add");
}

#[test]
fn everything_broken_at_once_is_still_looked_at() {
    let sandbox = Sandbox::sound();
    std::fs::write(sandbox.identity(), "AGE-SECRET-KEY-1CANARY\n").unwrap();
    std::fs::write(sandbox.vault("entries/stray"), "").unwrap();
    append(
        &sandbox.config(),
        "\n[projects.other]\nenv_file = \"/dev/null\"\n",
    );
    chmod(&sandbox.env(), 0o644);
    chmod(&sandbox.vault(""), 0o777);
    let doctor = sandbox.doctor();
    for id in ["identity", "strays", "link", "env_mode", "vault_mode"] {
        assert!(!doctor.faults(id).is_empty(), "{id}: {:#}", doctor.report);
    }
    // The commands name the places that were given.
    let config = sandbox.path("empty.toml");
    let run = sandbox.run(&format!(
        "doctor --json --vault /nonexistent/v --config {}",
        config.display()
    ));
    let doctor = Doctor::of(&run);
    let mend = doctor.faults("vault")[0]["mend"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        mend.starts_with("secrets --vault /nonexistent/v --config "),
        "{mend}"
    );
}

#[test]
fn a_state_directory_that_cannot_be_made_is_said() {
    let sandbox = Sandbox::sound();
    std::fs::write(sandbox.path("file"), "").unwrap();
    let mut command = sandbox.command(env!("CARGO_BIN_EXE_secrets"));
    command
        .args(["doctor", "--json"])
        .env("SECRETS_STATE", sandbox.path("file/below"));
    let doctor = Doctor::of(&sandbox.finish(command, None));
    assert_eq!(doctor.faults("state")[0]["state"], "bad");
}

#[test]
fn a_recovery_key_opens_the_vault_on_a_machine_that_has_nothing_else() {
    let sandbox = Sandbox::sound();
    let key = sandbox.add_recovery();
    assert!(key.starts_with("AGE-SECRET-KEY-1") && key.len() == 74);
    let run = sandbox.run_with("recovery test", Some(&key));
    run.success().shows_nothing();
    assert!(run.out().contains("opens the vault"), "{}", run.out());

    let other = Sandbox::new();
    let copy = format!(
        "mkdir -p .local/share/secrets && cp -r {} .local/share/secrets/vault",
        sandbox.vault("").display()
    );
    other.shell(&copy).success();
    let run = other.run("recovery add --print");
    assert_eq!(run.code(), 2, "{}", run.all());
    let run = other.run_with("recovery use", Some(&key));
    run.success().shows_nothing();
    assert_eq!(other.run(&format!("get {STRIPE}")).success().out(), CANARY);
    let again = other.run_with("recovery use", Some(&key));
    assert_eq!(again.code(), 2);
    assert!(
        again.all().contains("opens the vault already"),
        "{}",
        again.all()
    );
    let members = other.run("recovery list --json").out();
    let members: Vec<serde_json::Value> = serde_json::from_str(&members).unwrap();
    assert_eq!(members.len(), 4);
    assert_eq!(members.iter().filter(|one| one["mine"] == true).count(), 1);
}

#[test]
fn a_key_that_opens_nothing_is_a_no_and_is_not_repeated() {
    let sandbox = Sandbox::sound();
    for key in ["AGE-SECRET-KEY-1CANARY", "", "\0\u{1b}[31m"] {
        let run = sandbox.run_with("recovery test", Some(key));
        assert_eq!(run.code(), 1, "{}", run.all());
        run.shows_nothing();
        assert!(!run.all().contains("CANARY"));
    }
    let run = sandbox.run_with("recovery test --json", Some("x"));
    assert_eq!(run.code(), 1);
    assert!(run.out().starts_with("{\"opens\":false,"), "{}", run.out());
}

#[test]
fn a_recovery_key_is_not_made_where_nobody_can_see_it() {
    let sandbox = Sandbox::sound();
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(sandbox.vault("keys"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let before = names();
    let run = sandbox.run("recovery add");
    assert_eq!(run.code(), 2);
    assert!(run.all().contains("--print"), "{}", run.all());
    assert_eq!(names(), before);
    // Nor where it could not be written to the end.
    let run = sandbox.shell("secrets recovery add --print > /dev/full");
    assert_eq!(run.code(), 2, "{}", run.all());
    run.shows_nothing();
    assert_eq!(names(), before);
    let fresh = Sandbox::new();
    assert_eq!(fresh.run("init --recovery").code(), 2);
    assert!(!fresh.vault("").exists());
}

#[test]
fn on_a_terminal_the_key_is_shown_as_text_and_as_a_code() {
    let sandbox = Sandbox::sound();
    let version = Command::new("script").arg("--version").output();
    if !version.is_ok_and(|version| String::from_utf8_lossy(&version.stdout).contains("util-linux"))
    {
        return skipped("there is no `script` of util-linux on this machine");
    }
    let run = sandbox.shell("script -qec 'secrets recovery add' /dev/null");
    let shown = run.success().out();
    assert_eq!(shown.matches("AGE-SECRET-KEY-1").count(), 1, "{shown}");
    assert!(
        shown.contains('▀') && shown.contains("\x1b[30;107m"),
        "{shown}"
    );
    assert!(shown.contains("shown only this once"));
    let key = shown
        .lines()
        .find(|line| line.starts_with("AGE-SECRET"))
        .unwrap();
    sandbox.run_with("recovery test", Some(key)).success();
}

#[test]
fn a_key_in_the_environment_of_a_shell_is_a_warning_and_one_in_a_script_is_not() {
    let sandbox = Sandbox::sound();
    let key = sandbox.add_recovery();
    let mut command = sandbox.command("secrets");
    command
        .args(["doctor", "--json"])
        .env("SECRETS_IDENTITY", &key);
    let run = sandbox.finish(command, None);
    run.shows_nothing();
    let doctor = Doctor::of(&run);
    assert!(doctor.all_good(), "{:#}", doctor.report);
    let mut command = sandbox.command("script");
    command
        .args(["-qec", "secrets doctor --json", "/dev/null"])
        .env("SECRETS_IDENTITY", &key);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(output) = command.output() else { return };
    let run = Run(output);
    run.shows_nothing();
    let doctor = Doctor::of(&run);
    assert_eq!(doctor.faults("environment").len(), 1, "{:#}", doctor.report);
}

#[test]
fn a_vault_that_went_back_is_accepted_only_on_purpose() {
    let sandbox = Sandbox::sound();
    sandbox
        .shell("cp -r .local/share/secrets/vault older")
        .success();
    sandbox.set(STRIPE, "canary-newer");
    let back = "rm -r .local/share/secrets/vault && mv older .local/share/secrets/vault";
    sandbox.shell(back).success();
    let run = sandbox.run(&format!("get {STRIPE}"));
    assert_eq!(run.code(), 2);
    assert!(run.all().contains("secrets init --trust"), "{}", run.all());
    sandbox.run("init").success();
    assert_eq!(sandbox.run(&format!("get {STRIPE}")).code(), 2);
    // Without a terminal it says what changed and changes nothing.
    let run = sandbox.run("init --trust");
    assert_eq!(run.code(), 2);
    assert!(
        run.all()
            .contains(&format!("{STRIPE}: version 2 before, now version 1"))
    );
    assert_eq!(sandbox.run(&format!("get {STRIPE}")).code(), 2);
    let run = sandbox.run("init --trust --yes --json");
    let report: serde_json::Value = serde_json::from_str(&run.success().out()).unwrap();
    assert_eq!(report["trusted"]["secrets"][0]["seen"], 2);
    assert_eq!(
        sandbox.run(&format!("get {STRIPE}")).success().out(),
        CANARY
    );
    let log = sandbox.run("log --verify").success().out();
    assert!(log.contains("trust"), "{log}");
    let run = sandbox.run("init --trust");
    run.success();
    assert!(
        run.all().contains("nothing is to be accepted"),
        "{}",
        run.all()
    );
}
